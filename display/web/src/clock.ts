// clock.ts -- scenario time between the events that tell it.
// SPDX-License-Identifier: Apache-2.0
import type { Log } from "./log";

let anchor = { t: 0, at: 0, rate: 1 }; // scenario time at a moment of the browser's clock

// The scenario time of this moment, ms; 0 until something was told.
export function liveNow(): number {
    return anchor.t + (performance.now() - anchor.at) * anchor.rate;
}

// Takes up the newest time. A late event must not turn the clock back; a clock that is behind
// is set at once, and so is one that has run away.
export function setAnchor(log: Log): void {
    const newest = log.healths[log.healths.length - 1] ?? log.pictures[log.pictures.length - 1];
    if (!newest) return;
    const at = performance.now();
    const expected = liveNow();
    const isOff = newest.t > expected || expected - newest.t > 1000 * newest.rate;
    anchor = { t: isOff ? newest.t : expected, at, rate: newest.rate };
}
