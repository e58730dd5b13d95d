// flight.ts -- where a free body is later: the same forces and steps as earth/propagate.c, held
// to it within 1 m and 1 ms by test/flight.mjs.
// SPDX-License-Identifier: Apache-2.0
import { placeOf, type Place, type Vector } from "./geo";

const A = 6378137; // WGS 84 [NIMA TR8350.2, table 3.1]
const F = 1 / 298.257223563;
const GM = 3.986004418e14;
const J2 = 1.08262668e-3;
const OMEGA = 7.292115e-5;
const K = 1.5 * J2 * A * A;
const AIR_TOP_M = 130e3;

// [US76, tables I and VIII], as earth/air.c has it.
const HEIGHT = [
    0, 5e3, 10e3, 15e3, 20e3, 25e3, 30e3, 40e3, 50e3, 60e3, 70e3, 80e3, 90e3, 100e3, 110e3,
    120e3, 130e3,
];
const DENSITY = [
    1.225, 7.3643e-1, 4.1351e-1, 1.9476e-1, 8.891e-2, 4.0084e-2, 1.841e-2, 3.9957e-3, 1.0269e-3,
    3.0968e-4, 8.2829e-5, 1.8458e-5, 3.416e-6, 5.604e-7, 9.708e-8, 2.222e-8, 8.152e-9,
];

export type State = [number, number, number, number, number, number]; // ECEF, m and m/s

export function heightOf(x: ArrayLike<number>): number {
    const flat2 = x[0]! * x[0]! + x[1]! * x[1]!;
    const r2 = flat2 + x[2]! * x[2]!;
    const e2 = F * (2 - F);
    return Math.sqrt(r2) - (A * (1 - F)) / Math.sqrt(1 - (e2 * flat2) / r2);
}

function density(h: number): number {
    if (!(h > 0)) return DENSITY[0]!;
    if (h >= AIR_TOP_M) return 0;
    const row = h < 30e3 ? Math.floor(h / 5e3) : 3 + Math.floor(h / 10e3);
    const slope =
        Math.log(DENSITY[row]! / DENSITY[row + 1]!) / (HEIGHT[row + 1]! - HEIGHT[row]!);
    return DENSITY[row]! * Math.exp(-slope * (h - HEIGHT[row]!));
}

function slopeOf(x: State, inverseBeta: number, out: State): void {
    const r2 = x[0] * x[0] + x[1] * x[1] + x[2] * x[2];
    const i2 = 1 / r2;
    const i3 = i2 * Math.sqrt(i2);
    const flat = K * i2;
    const a = i3 * (1 + flat * (1 - 5 * x[2] * x[2] * i2));
    const b = a + 2 * flat * i3;
    out[0] = x[3];
    out[1] = x[4];
    out[2] = x[5];
    out[3] = -GM * a * x[0] + OMEGA * OMEGA * x[0] + 2 * OMEGA * x[4];
    out[4] = -GM * a * x[1] + OMEGA * OMEGA * x[1] - 2 * OMEGA * x[3];
    out[5] = -GM * b * x[2];
    if (!(inverseBeta > 0)) return;
    const h = heightOf(x);
    if (h >= AIR_TOP_M) return;
    const speed = Math.sqrt(x[3] * x[3] + x[4] * x[4] + x[5] * x[5]);
    const factor = -0.5 * inverseBeta * density(h) * speed;
    out[3] += factor * x[3];
    out[4] += factor * x[4];
    out[5] += factor * x[5];
}

const PLACE = [0, 0.5, 0.5, 1];
const WEIGHT = [1 / 6, 1 / 3, 1 / 3, 1 / 6];
const at: State = [0, 0, 0, 0, 0, 0];
const slope: State = [0, 0, 0, 0, 0, 0];

function rungeKutta(x: State, inverseBeta: number, h: number): State {
    const sum: State = [...x];
    slope.fill(0);
    for (let stage = 0; stage < 4; stage++) {
        for (let i = 0; i < 6; i++) at[i] = x[i]! + PLACE[stage]! * h * slope[i]!;
        slopeOf(at, inverseBeta, slope);
        for (let i = 0; i < 6; i++) sum[i]! += WEIGHT[stage]! * h * slope[i]!;
    }
    return sum;
}

// The longest step that is good at x, and whether all of it is above the air.
function stepBound(x: State, inverseBeta: number, limit: number): [number, boolean] {
    if (!(inverseBeta > 0)) return [10, true];
    const h = heightOf(x);
    if (h >= AIR_TOP_M) {
        const radius = Math.sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
        let down = (x[0] * x[3] + x[1] * x[4] + x[2] * x[5]) / radius;
        down = limit < 0 ? down : -down;
        const reach = down > 0 ? (h - AIR_TOP_M) / down : 10;
        return [Math.max(1, Math.min(10, reach)), reach > 1];
    }
    const speed = Math.sqrt(x[3] * x[3] + x[4] * x[4] + x[5] * x[5]);
    const decay = 0.5 * density(h) * speed * inverseBeta;
    const step = h >= 60e3 ? 1 : 0.5;
    return [Math.max(0.01, decay * step > 0.4 ? 0.4 / decay : step), false];
}

// One step of at most limit seconds; the seconds taken are put in taken[0].
export function step(x: State, inverseBeta: number, limit: number, taken: [number]): State {
    const [bound, isAbove] = stepBound(x, inverseBeta, limit);
    const h = Math.abs(limit) <= bound ? limit : Math.sign(limit) * bound;
    taken[0] = h;
    return rungeKutta(x, isAbove ? 0 : inverseBeta, h);
}

// The state so many seconds later (or earlier); null: no such flight.
export function propagate(x: State, inverseBeta: number, seconds: number): State | null {
    const taken: [number] = [0];
    let now: State = [...x];
    let left = seconds;
    if (!(Math.abs(seconds) <= 7200)) return null;
    for (let count = 0; left !== 0; count++) {
        if (count > 2000) return null;
        now = step(now, inverseBeta, left, taken);
        left -= taken[0];
        if (!now.every(Number.isFinite) || heightOf(now) < -100e3) return null;
    }
    return now;
}

export interface PathPoint extends Place {
    t: number;
} // milliseconds since 1970

// The predicted path from a state at time t (ms) to the ground; empty if it never comes down.
export function fall(x: State, inverseBeta: number, t: number, horizon = 7200): PathPoint[] {
    const taken: [number] = [0];
    let now: State = [...x];
    let seconds = 0;
    const path: PathPoint[] = [];
    const add = () =>
        path.push({ t: t + seconds * 1000, ...placeOf(now.slice(0, 3) as Vector) });
    add();
    for (let count = 0; count < 2000 && seconds < horizon; count++) {
        const next = step(now, inverseBeta, horizon - seconds, taken);
        if (!next.every(Number.isFinite)) return [];
        if (heightOf(next) < 0) {
            const [dt, landed] = land(now, inverseBeta, taken[0]);
            now = landed;
            seconds += dt;
            add();
            return path;
        }
        now = next;
        seconds += taken[0];
        const h = path[path.length - 1]!.h;
        if (h > 60e3 || count % 4 === 0) add();
    }
    return [];
}

// The step that ends on the ellipsoid, by halving: 30 times is 1e-8 s.
function land(x: State, inverseBeta: number, longest: number): [number, State] {
    let [low, high] = [0, longest];
    let end = x;
    for (let i = 0; i < 40; i++) {
        const middle = (low + high) / 2;
        end = rungeKutta(x, inverseBeta, middle);
        if (heightOf(end) > 0) low = middle;
        else high = middle;
    }
    return [(low + high) / 2, end];
}
