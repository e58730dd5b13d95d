// scene.ts -- what the three views draw, from the view of the log at one moment: measured
// trails, predicted paths, positions now. Nothing is carried beyond what it is good for.
// SPDX-License-Identifier: Apache-2.0
import { fall, propagate, type PathPoint, type State } from "./flight";
import { placeOf, type Place, type Vector } from "./geo";
import {
    aloneOf,
    byHand,
    inOrder,
    standing,
    type FlightState,
    type Item,
    type Trail,
    type View,
    type Word,
} from "./log";
import { type Telling } from "./telling";

const BOOST_STANDS_MS = 5000; // thrust cannot be predicted: then the last place is shown as old
const PATHS_MAX = 60; // flights whose paths are drawn; all are in the list

export interface Flight {
    item: Item; // as shown: from the shared picture, or from own radars only
    shared: Item;
    telling: Telling;
    standing: Word;
    t0: number; // launch, or when it was first seen
    trail: Trail[];
    path: PathPoint[]; // predicted, from the newest state on; empty: none
    now: Place | null;
    isPredicted: boolean; // nobody measures it now, as far as is known
    isOld: boolean; // shown where it was last, not where it is
}

export interface Scene {
    flights: Flight[];
    own: { number: number; telling: Telling }[]; // what persons warn of, or would
    now: number;
    isOwnOnly: boolean;
    key: string; // changes when something was told, or a second has passed
}

const paths = new WeakMap<FlightState, PathPoint[]>();

function pathOf(item: Item): PathPoint[] {
    const state = item.state;
    if (!state || state.phase === "BOOST" || item.ended) return [];
    let path = paths.get(state);
    if (!path) {
        path = fall([...state.r, ...state.v] as State, Math.exp(state.lnib), state.t);
        paths.set(state, path);
    }
    return path;
}

function placeNow(
    item: Item,
    path: PathPoint[],
    now: number,
): { at: Place | null; old: boolean } {
    const state = item.state;
    if (!state || item.ended) return { at: null, old: false };
    const seconds = (now - state.t) / 1000;
    const last = placeOf(state.r as Vector);
    if (state.phase === "BOOST") {
        if (seconds * 1000 > BOOST_STANDS_MS) return { at: last, old: true };
        const r = state.r.map((x, i) => x + state.v[i]! * seconds) as Vector;
        return { at: placeOf(r), old: false };
    }
    const end = path[path.length - 1];
    if (end && now >= end.t) return { at: null, old: false }; // down, by prediction
    const moved = propagate([...state.r, ...state.v] as State, Math.exp(state.lnib), seconds);
    return moved
        ? { at: placeOf(moved.slice(0, 3) as Vector), old: false }
        : { at: last, old: true };
}

function flightOf(
    shared: Item,
    view: View,
    now: number,
    isOwnOnly: boolean,
    hasPath: boolean,
): Flight | null {
    const item = isOwnOnly ? aloneOf(view.picture, shared) : shared;
    if (!item) return null;
    const telling = isOwnOnly ? view.aloneTelling(item.number) : view.telling(item.number);
    const own = shared.sources?.find((source) => source.own)?.n;
    const path = hasPath ? pathOf(item) : [];
    const { at, old } = placeNow(item, path, now);
    return {
        item,
        shared,
        telling,
        standing: standing(item, telling, now),
        t0: shared.launch?.t ?? item.first,
        trail: isOwnOnly
            ? view.trail(shared.number).filter((point) => point.by.some((name) => name === own))
            : view.trail(shared.number),
        path,
        now: at,
        isOld: old,
        isPredicted: item.state?.condition !== "MEASURED",
    };
}

// Those in force or waiting; first what waits, then the newest.
function ownWarnings(view: View): Scene["own"] {
    const numbers = new Set(view.warnings.map((one) => one.object).filter(byHand));
    return [...numbers]
        .map((number) => ({ number, telling: view.telling(number) }))
        .filter(({ telling }) => telling.inForce || telling.waiting.length)
        .reverse()
        .sort((a, b) => Number(!a.telling.waiting.length) - Number(!b.telling.waiting.length));
}

export function sceneOf(view: View, now: number, isOwnOnly: boolean): Scene {
    const items = inOrder(view.picture?.objects ?? [], view.telling);
    const flights: Flight[] = [];
    for (const item of items) {
        const flight = flightOf(item, view, now, isOwnOnly, flights.length < PATHS_MAX);
        if (flight) flights.push(flight);
    }
    const told = [view.picture?.t, view.warnings.length, view.alone.length, isOwnOnly];
    const key = [...told, Math.floor(now / 1000), flights.length].join();
    return { flights, own: ownWarnings(view), now, isOwnOnly, key };
}

// Moves the scene on to a moment shortly after it was made: only what flies has moved.
export function moveScene(scene: Scene, now: number): void {
    scene.now = now;
    for (const flight of scene.flights) {
        const { at, old } = placeNow(flight.item, flight.path, now);
        flight.now = at;
        flight.isOld = old;
    }
}

// The part of the path that is still to come.
export function ahead(flight: Flight, now: number): PathPoint[] {
    const rest = flight.path.filter((point) => point.t > now);
    return flight.now && rest.length ? [{ t: now, ...flight.now }, ...rest] : rest;
}

// Can a radar on the ground see that place? Horizon by its lowest elevation, then range.
export function sees(
    radar: { lat: number; lon: number; range: number; az: number; width: number; mask: number },
    place: Place,
    position: (p: Place) => Vector,
): boolean {
    const from = position({ lat: radar.lat, lon: radar.lon, h: 0 });
    const to = position(place);
    const d = to.map((x, i) => x - from[i]!) as Vector;
    const metres = Math.hypot(...d);
    if (metres > radar.range) return false;
    const [p, l] = [(radar.lat * Math.PI) / 180, (radar.lon * Math.PI) / 180];
    const up = [Math.cos(p) * Math.cos(l), Math.cos(p) * Math.sin(l), Math.sin(p)];
    const east = [-Math.sin(l), Math.cos(l), 0];
    const north = [-Math.sin(p) * Math.cos(l), -Math.sin(p) * Math.sin(l), Math.cos(p)];
    const dot = (a: number[]) => a[0]! * d[0] + a[1]! * d[1] + a[2]! * d[2];
    const elevation = (Math.asin(dot(up) / metres) * 180) / Math.PI;
    if (elevation < radar.mask) return false;
    const azimuth = (Math.atan2(dot(east), dot(north)) * 180) / Math.PI;
    const off = Math.abs(((azimuth - radar.az + 540) % 360) - 180);
    return radar.width >= 360 || off <= radar.width / 2;
}
