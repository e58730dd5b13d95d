// profile.ts -- height over time of one flight, and below it a bar for each nation: when its
// radars measured the object. Where none did, that is said.
// SPDX-License-Identifier: Apache-2.0
import { hatch, SMALL, text } from "./canvas";
import { span } from "./format";
import { positionOf } from "./geo";
import type { About } from "./log";
import { ahead, sees, type Flight, type Scene } from "./scene";
import { DASHES, nationIndex, type Palette } from "./theme";
import { w } from "./words";

const LEFT = 56;
const RIGHT = 14;
const LANE = 15;
const GAP_MS = 4000; // points further apart are not one measurement run

interface Axes {
    x: (t: number) => number;
    y: (h: number) => number;
    bottom: number;
    width: number;
}

function nationsOf(flight: Flight, about: About | null, isOwnOnly: boolean): string[] {
    const names = new Set<string>(about ? [about.nation] : []);
    if (isOwnOnly) return [...names];
    for (const source of flight.shared.sources ?? []) names.add(source.n);
    for (const point of flight.trail) for (const name of point.by) names.add(name);
    return [...names].slice(0, 6);
}

// Runs of time in which a nation measured it (null: nobody did).
export function runs(flight: Flight, nation: string | null): [number, number][] {
    const out: [number, number][] = [];
    const { trail } = flight;
    for (let i = 0; i < trail.length; i++) {
        const point = trail[i]!;
        const is = nation === null ? point.by.length === 0 : point.by.includes(nation);
        if (!is) continue;
        const next = trail[i + 1]?.t ?? point.t + 1000;
        const last = out[out.length - 1];
        if (last && point.t - last[1] < GAP_MS)
            last[1] = Math.max(last[1], Math.min(next, point.t + GAP_MS));
        else out.push([point.t, Math.min(next, point.t + GAP_MS)]);
    }
    return out;
}

function drawAxes(
    context: CanvasRenderingContext2D,
    axes: Axes,
    top: number,
    t0: number,
    t1: number,
    colours: Palette,
): void {
    for (let i = 0; i <= 4; i++) {
        const y = axes.y((top * i) / 4);
        context.fillStyle = colours.grid;
        context.fillRect(LEFT, y, axes.width - LEFT - RIGHT, 1);
        text(
            context,
            colours,
            `${Math.round((top * i) / 4 / 1000)}`,
            8,
            y + 4,
            colours.faint,
            SMALL,
        );
    }
    const every = [60, 120, 300, 600, 1200].find((s) => (t1 - t0) / 1000 / s <= 14) ?? 1800;
    for (let t = t0; t <= t1; t += every * 1000) {
        context.fillStyle = colours.grid;
        context.fillRect(axes.x(t), 14, 1, axes.bottom - 14);
        text(
            context,
            colours,
            `+${Math.round((t - t0) / 60e3)}`,
            axes.x(t) - 8,
            axes.bottom + 13,
            colours.faint,
            SMALL,
        );
    }
}

function drawLanes(
    context: CanvasRenderingContext2D,
    axes: Axes,
    flight: Flight,
    names: string[],
    about: About | null,
    now: number,
    colours: Palette,
): void {
    const rest = ahead(flight, now);
    names.forEach((name, i) => {
        const y = axes.bottom + 18 + i * LANE;
        const index = nationIndex(name);
        const colour = colours.nations[index]!;
        text(context, colours, name, 8, y + 10, colour, SMALL);
        context.fillStyle = colours.grid;
        context.fillRect(LEFT, y + 5, axes.width - LEFT - RIGHT, 1);
        for (const [from, to] of runs(flight, name)) {
            context.fillStyle = colour;
            context.fillRect(axes.x(from), y, Math.max(2, axes.x(to) - axes.x(from)), 10);
        }
        if (name !== about?.nation) return;
        // Own radars: where the prediction rises over their horizon. Nobody knows partners'.
        context.strokeStyle = colour;
        context.setLineDash(DASHES[3]!);
        let from: number | null = null;
        for (let k = 0; k <= rest.length; k++) {
            const point = rest[k];
            const seen = point && about.radars.some((radar) => sees(radar, point, positionOf));
            if (seen && from === null) from = point.t;
            if (seen || from === null) continue;
            const to = rest[k - 1]!.t;
            context.strokeRect(
                axes.x(from),
                y + 1.5,
                Math.max(2, axes.x(to) - axes.x(from)),
                7,
            );
            from = null;
        }
        context.setLineDash([]);
    });
    const y = axes.bottom + 18 + names.length * LANE;
    text(context, colours, w("noSensor"), 8, y + 10, colours.predicted, SMALL);
    for (const [from, to] of runs(flight, null)) {
        context.fillStyle = hatch(context, colours.predicted);
        context.fillRect(axes.x(from), y, Math.max(2, axes.x(to) - axes.x(from)), 10);
        context.strokeStyle = colours.predicted;
        context.strokeRect(
            axes.x(from) + 0.5,
            y + 0.5,
            Math.max(2, axes.x(to) - axes.x(from)),
            9,
        );
    }
}

function line(
    context: CanvasRenderingContext2D,
    axes: Axes,
    points: { t: number; h: number }[],
    colour: string,
    dash: number[],
): void {
    context.beginPath();
    points.forEach((point, i) => {
        if (i) context.lineTo(axes.x(point.t), axes.y(point.h));
        else context.moveTo(axes.x(point.t), axes.y(point.h));
    });
    context.strokeStyle = colour;
    context.lineWidth = 2.5;
    context.setLineDash(dash);
    context.stroke();
    context.setLineDash([]);
}

export function drawProfile(
    canvas: HTMLCanvasElement,
    scene: Scene,
    selected: number,
    about: About | null,
    colours: Palette,
): void {
    const context = canvas.getContext("2d")!;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    context.clearRect(0, 0, width, height);
    const flight = scene.flights.find((one) => one.shared.number === selected);
    if (!flight) return;
    const { now } = scene;
    const names = nationsOf(flight, about, scene.isOwnOnly);
    const bottom = height - 24 - (names.length + 1) * LANE;
    const end =
        flight.item.impact?.t ??
        flight.path[flight.path.length - 1]?.t ??
        Math.max(now, flight.trail[flight.trail.length - 1]?.t ?? now) + 120e3;
    const t0 = flight.t0;
    const t1 = Math.max(end, t0 + 60e3);
    const peaks = [...flight.trail, ...flight.path].map((point) => point.h);
    const peak = Math.max(flight.item.impact?.apogee ?? 0, 50e3, ...peaks);
    const top = Math.ceil(peak / 100e3) * 100e3;
    const axes: Axes = {
        x: (t) =>
            LEFT + (width - LEFT - RIGHT) * Math.min(1, Math.max(0, (t - t0) / (t1 - t0))),
        y: (h) => bottom - ((bottom - 22) * h) / top,
        bottom,
        width,
    };
    drawAxes(context, axes, top, t0, t1, colours);
    text(context, colours, "km", 8, 14, colours.faint, SMALL);
    const rest = ahead(flight, now);
    line(context, axes, rest, colours.predicted, [7, 5]);
    const measured: { t: number; h: number }[][] = [[]];
    for (const point of flight.trail) {
        if (point.by.length === 0) {
            if (measured[measured.length - 1]!.length) measured.push([]);
        } else measured[measured.length - 1]!.push(point);
    }
    line(context, axes, flight.trail, colours.predicted, [3, 3]);
    for (const run of measured) line(context, axes, run, colours.threat, []);
    drawLanes(context, axes, flight, names, about, now, colours);
    if (now < t0 || now > t1) return;
    context.fillStyle = colours.text;
    context.fillRect(axes.x(now) - 0.75, 8, 1.5, height - 12);
    const h = flight.now ? ` · ${Math.round(flight.now.h / 1000)} km` : "";
    const label = `T+${span(now - t0)}${h}`;
    const x = Math.min(axes.x(now) + 6, width - 120);
    text(context, colours, label, x, 18);
    if (flight.now) {
        context.beginPath();
        context.arc(axes.x(now), axes.y(flight.now.h), 5, 0, 7);
        context.fillStyle = flight.isPredicted ? colours.predicted : colours.threat;
        context.fill();
    }
}
