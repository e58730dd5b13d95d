// series.ts -- states as they came (pictures, health), of which a live page may forget: the
// newest two minutes whole, what is older ever further apart, by its age. So memory has an end,
// and an event of hours ago is still there.
// SPDX-License-Identifier: Apache-2.0

const FINE = 300; // of what is so old, one for each 300th part of its age,
const WHOLE_MS = 400; // less this: all that is younger than 300 times as much
const AGAIN = 240; // so many more, then it is thinned again

interface Timed {
    t?: number;
}

// Of a list in order of time the first, and from there on one for each step. (From the newest
// backwards, what is oldest would be left out again and again.)
function spaced<T extends Timed>(list: T[], fine: number): T[] {
    const newest = list[list.length - 1]?.t ?? 0;
    let last = -Infinity;
    return list.filter(({ t = 0 }) => {
        if (t - last < (newest - t) / fine - WHOLE_MS) return false;
        last = t;
        return true;
    });
}

export class Series<T extends Timed> {
    list: T[] = [];
    private weight = 0;
    private due = AGAIN; // length at which it is thinned

    // most: of all weights; Infinity: nothing is forgotten.
    constructor(
        private weightOf: (one: T) => number,
        private most: number,
    ) {}

    add(one: T): void {
        this.list.push(one);
        this.weight += this.weightOf(one);
        if (this.most === Infinity) return;
        if (this.weight <= this.most && this.list.length < this.due) return;
        // If that is still too heavy, then twice as far apart, and so on.
        for (let fine = FINE; fine >= 1; fine /= 2) {
            this.list = spaced(this.list, fine);
            this.weight = this.list.reduce((sum, kept) => sum + this.weightOf(kept), 0);
            if (this.weight <= this.most * 0.75) break;
        }
        this.due = this.list.length + AGAIN;
    }
}
