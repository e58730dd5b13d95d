// telling.ts -- what stands about an object: who is warned, by what, and what waits for a
// person.
// SPDX-License-Identifier: Apache-2.0
import type { Area, Impact, Warning, Word } from "./log";

// What stands about an object now. Each warning speaks of some areas and leaves the others as
// they were: an all clear for one area calms nobody in another. worst is what an operator must
// see: take cover before launch, and only when nothing is in force the newest of all.
export interface Telling {
    worst: Warning | undefined;
    areas: { area: Area; warning: Warning }[];
    newest: Warning | undefined; // of those that were told
    inForce: Warning | undefined; // told, and somebody stands warned by it: the weightiest
    waiting: Warning[]; // for a person, newest first
    impacts: Impact[]; // as they were told, each once
}

const WEIGHT: Record<Word, number> = { LAUNCH: 1, TAKE_COVER: 2, IMPACTED: 3 };

// The same for any object, sorted out once for all of them when it is first asked.
export function tellings(warnings: Warning[]): (object: number) => Telling {
    let byObject: Map<number, Warning[]> | null = null;
    const known = new Map<number, Telling>();
    return (object) => {
        if (!byObject) {
            byObject = new Map();
            for (const warning of warnings) {
                const list = byObject.get(warning.object);
                if (list) list.push(warning);
                else byObject.set(warning.object, [warning]);
            }
        }
        let telling = known.get(object);
        if (!telling)
            known.set(object, (telling = tellingOf(byObject.get(object) ?? [], object)));
        return telling;
    };
}

// How much a warning asks of people; 0: nothing.
export function weightOf(warning: Warning | undefined): number {
    return warning ? (WEIGHT[warning.kind] ?? 0) : 0;
}

// A correction by a person, or for a lost track, leaves those whom it names warned.
function warns(warning: Warning): boolean {
    const stays = ["LOST", "REVISED"].includes(warning.correction) && !warning.final;
    return WEIGHT[warning.kind] !== undefined || (warning.kind === "CORRECTION" && stays);
}

interface Standing {
    area: Area;
    warning: Warning;
}

function tell(told: Map<number, Standing>, warning: Warning): void {
    for (const area of warning.areas) told.set(area.index, { area, warning });
    if (warning.final) told.clear();
}

const heavier = (a: Warning, b: Warning) => (weightOf(b) >= weightOf(a) ? b : a);

export function tellingOf(warnings: Warning[], object: number): Telling {
    const told = new Map<number, Standing>();
    const waits = new Map<number, Warning>();
    const impacts: Impact[] = [];
    let newest: Warning | undefined;
    let isInHand = false; // of a person: the machine's proposals are only proposals then
    for (const warning of warnings) {
        if (warning.object !== object) continue;
        waits.delete(warning.number);
        if (warning.state === "proposed") waits.set(warning.number, warning);
        if (["proposed", "rejected", "superseded"].includes(warning.state)) continue;
        newest = warning;
        const { impact } = warning;
        if (impact && impact.at !== impacts[impacts.length - 1]?.at) impacts.push(impact);
        tell(told, warning);
        if (!warning.person || warning.ground) isInHand = Boolean(warning.ground);
    }
    const standing = [...told.values()].filter(({ warning }) => warns(warning));
    const inForce = standing.map((one) => one.warning);
    const shown = new Map(told);
    if (!isInHand)
        for (const warning of waits.values()) if (!warning.person) tell(shown, warning);
    const areas = [...shown.values()].filter(({ warning }) => WEIGHT[warning.kind]);
    const waiting = [...waits.values()].reverse();
    areas.sort(
        (a, b) =>
            WEIGHT[b.warning.kind]! - WEIGHT[a.warning.kind]! || b.area.index - a.area.index,
    );
    return {
        worst: areas.length
            ? areas.map((one) => one.warning).reduce(heavier)
            : (newest ?? waiting[0]),
        areas,
        newest,
        inForce: inForce.length ? inForce.reduce(heavier) : undefined,
        waiting,
        impacts,
    };
}

// For each area the first time that it was warned: launch or cover.
export function firstWarned(
    warnings: Warning[],
    object: number,
): Map<string, { t: number; area: Area }> {
    const first = new Map<string, { t: number; area: Area }>();
    for (const warning of warnings) {
        if (warning.object !== object) continue;
        if (warning.kind !== "LAUNCH" && warning.kind !== "TAKE_COVER") continue;
        for (const area of warning.areas) {
            const key = area.index < 0 ? "sea" : String(area.index);
            if (!first.has(key)) first.set(key, { t: warning.t, area });
        }
    }
    return first;
}
