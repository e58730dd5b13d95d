// log.ts -- all that the page was told, and the view of it at one moment. The view is a pure
// function of the log and the moment: so live, rehearsal and replay are one code path, and the
// same log gives the same picture.
// SPDX-License-Identifier: Apache-2.0
import type { Vector } from "./geo";
import { Series } from "./series";
import { tellings, type Telling } from "./telling";

export type Word = string;
export interface Point {
    lat: number;
    lon: number;
    t: number;
    ee: number;
    en: number;
    nn: number;
    st: number;
}
export interface Launch extends Point {
    status: Word;
    az?: number;
    saz?: number;
    min: number;
    max: number;
}
export interface Impact extends Point {
    at: number;
    last: number;
    condition: Word;
    apogee: number;
    track_s: number;
}
export interface FlightState {
    phase: Word;
    t: number;
    r: Vector;
    v: Vector;
    lnib: number;
    sigma: number;
    condition: Word;
    last: number;
    track_s: number;
}
export interface Source {
    n: string;
    own: boolean;
    ir: boolean;
    object: number;
    measured: boolean;
    last: number | null;
    heard: number | null;
}
export interface Item {
    // one object of a picture
    number: number;
    event?: string;
    named_by?: string; // whoever named it first under its event,
    ordinal?: number; // and as the how manieth
    first: number;
    own_object?: number;
    in: string[];
    state?: FlightState;
    declared: boolean;
    declared_at?: number;
    launch?: Launch;
    heading?: number;
    sheading?: number;
    burnout?: number;
    impact?: Impact;
    disagrees: boolean;
    ended: boolean;
    sources?: Source[];
}
export interface Picture {
    t: number;
    rate: number;
    objects: Item[];
    own?: { t: number; objects: Item[] };
}
export interface Entry {
    t: number;
    kind: Word;
    object: number;
    at: number;
    lat: number;
    lon: number;
    names: string;
    warning?: Word;
    az?: number;
    saz?: number;
}
export interface Texts {
    headline: string;
    description: string;
    instruction: string;
    sea?: string;
    said?: string; // a person's words
}
export interface Area {
    index: number;
    en: string;
    ja: string;
    ko: string;
    reason: Word;
    p: number;
    earliest: number;
}
export interface Warning {
    number: number;
    t: number;
    object: number;
    kind: Word;
    correction: Word;
    final: boolean;
    state: Word;
    by: string;
    replaces: number;
    also?: number[]; // further ones that it replaces
    person?: boolean;
    ground?: Word;
    areas: Area[];
    launch?: Point;
    impact?: Impact;
    at_sea: boolean;
    inside_200nm: boolean;
    predicted: boolean;
    track_s: number;
    lost_at_s: number;
    en: Texts;
    ja: Texts;
    ko: Texts;
}
export interface Alarm {
    number: number;
    kind: Word;
    key: string;
    words: string;
    raised: number;
    acknowledged: boolean;
    by: string;
    at?: number;
    gone: boolean;
    count: number;
    objects: number[];
}
export interface Alarms {
    alarms: Alarm[];
    raised: number;
    dropped: number;
    t?: number;
}
export interface Health {
    t: number;
    rate: number;
    hubs: { n: string; alive: boolean; backlog: number }[];
    partners: { n: string; arrangement: string; alive: boolean }[];
    arrangements: {
        name: string;
        version: number;
        state: string;
        in_force: boolean;
        until: number;
    }[];
    plot_at?: number;
    plots: number;
    plots_refused: number;
    sealed: number;
    taken: number;
    held: number;
    unusable: number;
    dropped: number;
    pages: number;
}
export interface PedigreeRow {
    number: number;
    n: string;
    type: Word;
    arrangement: string;
    version: number;
    clause: string;
    seq: number;
    time: number;
    received: number;
    groups: { group: string; class: string; shown: boolean }[];
    key?: string;
    record?: string;
}
export interface Pedigree {
    rows: PedigreeRow[];
    t?: number;
}
export interface Act {
    t: number;
    act: string;
    number: number;
    words: string;
    by: string;
    proved: boolean;
    outcome: string;
}
export interface Live {
    // what an exercise hears of the live node beside it
    heard: boolean;
    nation: string;
    launches: number;
    asking: number;
}
export interface Trail {
    object: number;
    t: number;
    lat: number;
    lon: number;
    h: number;
    by: string[];
}
export interface About {
    nation: string;
    nature: Word;
    exercise: string;
    rate: number;
    replay: boolean;
    accounts: boolean;
    certificates?: boolean;
    live_watch?: boolean;
    release: Word;
    hubs: string[];
    logs?: string[];
    radars: {
        id: string;
        lat: number;
        lon: number;
        range: number;
        az: number;
        width: number;
        mask: number;
    }[];
}
export interface NamedArea {
    key: string;
    en: string;
    ja: string;
    ko: string;
    rings: number[][];
}

// Numbers of objects from here on are warnings by persons, without an object of the picture.
const BY_HAND = 0x20000000;

// The number of such a warning; 0: an object of the picture.
export const byHand = (object: number) => (object >= BY_HAND ? object - BY_HAND : 0);

// Kept by a live page, of what it is told again and again:
const HEALTHS_MAX = 3000; // weight 1 each, about 0.5 kB
const OBJECTS_MAX = 24_000; // of all pictures: about 1 kB each
const RECORDS_MAX = 4_000_000; // characters of the records in all pedigrees
const KEPT_MAX = 6000; // of what happened: entries, warnings, acts
const TRAIL_MAX = 4000; // points of one object
const TRAILS_MAX = 600; // objects: more than are in a picture at once

export class Log {
    about: About | null = null;
    areas: NamedArea[] = [];
    newest = 0; // scenario time of the newest event, ms
    first = 0;
    alarms: Alarms[] = [];
    entries: Entry[] = [];
    warnings: Warning[] = [];
    alone: Warning[] = []; // what own radars alone would have warned
    acts: Act[] = [];
    live: Live | null = null; // newest only: it is no part of what is replayed
    trails = new Map<number, Trail[]>();
    private picture: Series<Picture>;
    private health: Series<Health>;
    private pedigree: Series<Pedigree>;

    // isWhole: a file that is replayed, of which nothing is left out.
    constructor(private isWhole = false) {
        this.picture = new Series(weightOf, this.most(OBJECTS_MAX));
        this.health = new Series(() => 1, this.most(HEALTHS_MAX));
        this.pedigree = new Series(sizeOf, this.most(RECORDS_MAX));
    }

    get pictures(): Picture[] {
        return this.picture.list;
    }
    get healths(): Health[] {
        return this.health.list;
    }
    get pedigrees(): Pedigree[] {
        return this.pedigree.list;
    }

    // Begins anew, but for what does not change.
    reset(): void {
        const { about, areas } = this;
        Object.assign(this, new Log(this.isWhole), { about, areas });
    }

    // One event; kinds of a newer node are passed over.
    take(kind: string, event: unknown): void {
        const timed = event as { t?: number };
        if (kind !== "trail" && typeof timed.t === "number") {
            this.newest = Math.max(this.newest, timed.t);
            this.first = Math.min(this.first || timed.t, timed.t);
        }
        switch (kind) {
            case "about":
                this.about = event as About;
                break;
            case "areas":
                this.areas = event as NamedArea[];
                break;
            case "picture":
                this.picture.add(event as Picture);
                break;
            case "health":
                this.health.add(event as Health);
                break;
            case "alarms":
                keep(this.alarms, this.stamped(event as Alarms), this.most(KEPT_MAX));
                break;
            case "pedigree":
                this.pedigree.add(this.stamped(event as Pedigree));
                break;
            case "entry":
                keep(this.entries, event as Entry, this.most(KEPT_MAX));
                break;
            case "warning":
                keep(this.warnings, event as Warning, this.most(KEPT_MAX));
                break;
            case "alone":
                keep(this.alone, event as Warning, this.most(KEPT_MAX));
                break;
            case "act":
                keep(this.acts, event as Act, this.most(KEPT_MAX));
                break;
            case "live":
                this.live = event as Live;
                break;
            case "trail":
                this.takeTrail(event as Trail);
                break;
        }
    }

    private stamped<T>(event: T): T & { t: number } {
        return { ...event, t: this.newest };
    }

    private most(most: number): number {
        return this.isWhole ? Infinity : most;
    }

    private takeTrail(point: Trail): void {
        const trail = this.trails.get(point.object) ?? [];
        const last = trail[trail.length - 1];
        if (!last || point.t > last.t) keep(trail, point, this.most(TRAIL_MAX));
        this.trails.set(point.object, trail);
        const [oldest] = this.trails.keys();
        if (this.trails.size > this.most(TRAILS_MAX)) this.trails.delete(oldest!);
    }

    // The view at a moment (ms); Infinity: the newest.
    at(t: number): View {
        const warnings = upTo(this.warnings, t);
        const alone = upTo(this.alone, t);
        return {
            t: Math.min(t, this.newest),
            picture: newestAt(this.pictures, t),
            alarms: newestAt(this.alarms, t),
            health: newestAt(this.healths, t),
            pedigree: newestAt(this.pedigrees, t),
            entries: upTo(this.entries, t),
            warnings,
            alone,
            acts: upTo(this.acts, t),
            telling: tellings(warnings),
            aloneTelling: tellings(alone),
            trail: (object) => upTo(this.trails.get(object) ?? [], t),
        };
    }
}

export interface View {
    t: number;
    picture: Picture | undefined;
    alarms: Alarms | undefined;
    health: Health | undefined;
    pedigree: Pedigree | undefined;
    entries: Entry[];
    warnings: Warning[];
    alone: Warning[];
    acts: Act[];
    trail: (object: number) => Trail[];
    telling: (object: number) => Telling; // what stands about an object
    aloneTelling: (object: number) => Telling; // what would stand by own radars only
}

const weightOf = ({ objects, own }: Picture) =>
    1 + objects.length + (own?.objects.length ?? 0);

const sizeOf = ({ rows }: Pedigree) =>
    rows.reduce((sum, row) => sum + 300 + (row.record?.length ?? 0), 100);

function keep<T>(list: T[], one: T, most: number): void {
    list.push(one);
    if (list.length > most) list.splice(0, most >> 2); // seldom: a quarter at a time
}

// How many events lie at or before t; events are in order of time.
function count(list: readonly { t?: number }[], t: number): number {
    let [low, high] = [0, list.length];
    if (t === Infinity) return high;
    while (low < high) {
        const middle = (low + high) >> 1;
        if ((list[middle]!.t ?? 0) <= t) low = middle + 1;
        else high = middle;
    }
    return low;
}

function newestAt<T extends { t?: number }>(list: T[], t: number): T | undefined {
    return list[count(list, t) - 1];
}

function upTo<T extends { t?: number }>(list: T[], t: number): T[] {
    return t === Infinity ? list : list.slice(0, count(list, t));
}

// ---- questions that several views ask ------------------------------------------------------

// The object of the own-only picture that is the same flight; undefined: own radars have none.
export function aloneOf(picture: Picture | undefined, item: Item): Item | undefined {
    if (item.own_object === undefined) return undefined;
    return picture?.own?.objects.find((one) => one.own_object === item.own_object);
}

// How far an object is from being told: what to say of it in one word.
export function standing(item: Item, telling: Telling, now: number): Word {
    if (telling.newest?.kind === "CORRECTION" && !telling.areas.length) return "CORRECTION";
    if (item.ended || (item.impact && now > item.impact.t + 10e3)) return "DOWN";
    if (!item.state) return item.declared ? "DECLARED" : "SEEN";
    if (item.state.condition === "LOST") return "ASSESS";
    if (item.state.phase === "BOOST") return "BOOST";
    if (item.state.condition === "COASTED") return "PREDICTED";
    return item.state.phase === "REENTRY" ? "REENTRY" : "FLIGHT";
}

// Own land first, then what falls soonest, then what was declared first.
export function inOrder(items: Item[], telling: (object: number) => Telling): Item[] {
    const rank = (item: Item): [number, number] => {
        const land = telling(item.number).areas.some(({ area }) => area.index >= 0);
        return [item.ended ? 2 : land ? 0 : 1, item.impact?.t ?? item.first + 1e9];
    };
    const ranked = items.map((item) => ({ item, rank: rank(item) }));
    ranked.sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1]);
    return ranked.map((one) => one.item);
}
