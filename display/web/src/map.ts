// map.ts -- the flat regional map and the tilted globe: one scene, two projections.
// SPDX-License-Identifier: Apache-2.0
import { geoPath, type GeoProjection } from "d3-geo";
import { drawStill, drawWatermark, type Eye, type MapView } from "./backdrop";
import { fitLike, hatch, SMALL, symbol, text } from "./canvas";
import { span } from "./format";
import {
    EARTH_M,
    ellipseOf,
    ellipseRing,
    flatProjection,
    globeProjection,
    seenAt,
    DEG,
    type Camera,
    type Place,
} from "./geo";
import type { About, Point } from "./log";
import type { Telling } from "./telling";
import { ahead, type Flight, type Scene } from "./scene";
import type { Palette } from "./theme";
import { areaShape, worldVersion } from "./world";
import { w, wordOf } from "./words";

const CENTRE = { lat: 39, lon: 141 }; // the seas around Japan and Korea
const ROOM_M = 2.0e6; // from the centre to the nearer edge, at first
const TOLD_MS = 3000; // a node tells where an object is once a second

export { type MapView };
export function newMapView(): MapView {
    return { kind: "map", ...CENTRE, zoom: 1, wasMoved: false };
}

interface Drawing {
    context: CanvasRenderingContext2D;
    eye: Eye;
    projection: GeoProjection;
    colours: Palette;
    scene: Scene;
    width: number;
    height: number;
    rate: number; // of the node's clock, times life
}

const EARLIER_MAX = 5; // impacts that were told before
const LABELS_MAX = 30; // more would hide each other
const LABEL = { width: 130, height: 34, higher: 3 }; // px of room; so often raised

const STEP_PX = 0.25; // so far may what flies be from where it is drawn
const NEAR_DEPTH = 0.35; // of what flies highest from the camera of the globe, Earth radii

interface Layer {
    canvas: HTMLCanvasElement;
    key: string;
}
const tolds = new WeakMap<HTMLCanvasElement, Layer>();
const grounds = new WeakMap<HTMLCanvasElement, Layer>();

// The layer of a canvas, as large as it; isNew: it must be drawn under this key.
function layerOf(
    layers: WeakMap<HTMLCanvasElement, Layer>,
    canvas: HTMLCanvasElement,
    key: string,
): { layer: Layer; isNew: boolean } {
    const layer = layers.get(canvas) ?? { canvas: document.createElement("canvas"), key: "" };
    const isNew = layer.key !== key;
    if (isNew) fitLike(layer.canvas, canvas);
    layer.key = key;
    layers.set(canvas, layer);
    return { layer, isNew };
}

function copy(context: CanvasRenderingContext2D, from: HTMLCanvasElement): void {
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(from, 0, 0);
    context.restore();
}

function cameraOf(view: MapView, width: number, height: number): Camera {
    // The camera stands south of what it looks at, so that flights rise before it.
    return {
        lat: view.lat - 34,
        lon: view.lon - 6,
        distance: 1.75,
        tilt: 30,
        scale: Math.min(width, height) * 1.7 * view.zoom,
        width,
        height,
    };
}

function stroke(
    d: Drawing,
    points: ([number, number] | null)[],
    colour: string,
    width: number,
    dash: number[],
): void {
    const { context } = d;
    let isDown = false;
    context.beginPath();
    for (const point of points) {
        if (!point) {
            isDown = false;
            continue;
        }
        if (isDown) context.lineTo(point[0], point[1]);
        else context.moveTo(point[0], point[1]);
        isDown = true;
    }
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.setLineDash(dash);
    context.stroke();
    context.setLineDash([]);
}

// False: it would not be seen, or not whole.
function ellipsePath(d: Drawing, point: Point, probability: number): boolean {
    // One that is smaller than its mark would only be a blot.
    const { major } = ellipseOf(point.ee, point.en, point.nn, 0.9);
    if ((d.projection.scale() * major) / EARTH_M < 3) return false;
    const ring = ellipseRing(point, point.ee, point.en, point.nn, probability);
    const seen = ring.map(([lon, lat]) => d.eye({ lat, lon, h: 0 }));
    if (seen.some((at) => !at)) return false;
    d.context.beginPath();
    for (const at of seen) d.context.lineTo(at![0], at![1]);
    d.context.closePath();
    return true;
}

function drawEllipses(d: Drawing, point: Point, colour: string): void {
    for (const probability of [0.9, 0.5]) {
        if (!ellipsePath(d, point, probability)) return;
        d.context.strokeStyle = colour;
        d.context.lineWidth = probability === 0.5 ? 2 : 1.2;
        d.context.fillStyle = hatch(d.context, colour);
        if (probability === 0.9) d.context.fill();
        d.context.stroke();
    }
}

// Where earlier warnings said that it would fall: 90 %, dotted.
function drawEarlier(d: Drawing, telling: Telling): void {
    for (const point of telling.impacts.slice(-1 - EARLIER_MAX, -1)) {
        if (!ellipsePath(d, point, 0.9)) continue;
        d.context.strokeStyle = d.colours.faint;
        d.context.lineWidth = 1.4;
        d.context.setLineDash([1.5, 3]);
        d.context.stroke();
        d.context.setLineDash([]);
    }
}

function drawAreas(d: Drawing, telling: Telling): void {
    const path = geoPath(d.projection, d.context);
    for (const { area, warning } of telling.areas) {
        const colour = warning.kind === "LAUNCH" ? d.colours.warned : d.colours.cover;
        const line = warning.kind === "LAUNCH" ? d.colours.predicted : d.colours.threat;
        const shape = areaShape(area.index);
        if (!shape) continue;
        d.context.beginPath();
        path(shape);
        d.context.fillStyle = colour;
        d.context.fill();
        d.context.strokeStyle = line;
        d.context.lineWidth = 1;
        d.context.stroke();
    }
}

// Heading known, no impact yet: a sector as wide as its 95 % error, never an ellipse.
function drawHeading(d: Drawing, flight: Flight): void {
    const { item } = flight;
    if (item.impact || item.heading === undefined || !flight.now || item.ended) return;
    const half = Math.min(1.96 * (item.sheading ?? 0), 60);
    for (const turn of [-half, half, 0]) {
        const points: ([number, number] | null)[] = [];
        for (let km = 0; km <= 800; km += 50) {
            const far = (km * 1000) / EARTH_M;
            const [p, b] = [flight.now.lat * DEG, (item.heading + turn) * DEG];
            const lat = Math.asin(
                Math.sin(p) * Math.cos(far) + Math.cos(p) * Math.sin(far) * Math.cos(b),
            );
            const lon =
                flight.now.lon * DEG +
                Math.atan2(
                    Math.sin(b) * Math.sin(far) * Math.cos(p),
                    Math.cos(far) - Math.sin(p) * Math.sin(lat),
                );
            points.push(d.eye({ lat: lat / DEG, lon: lon / DEG, h: 0 }));
        }
        stroke(
            d,
            points,
            d.colours.predicted,
            turn === 0 ? 1 : 1.6,
            turn === 0 ? [2, 5] : [6, 4],
        );
    }
}

function drawDrops(d: Drawing, points: Place[], colour: string): void {
    const every = Math.max(1, Math.floor(points.length / 24));
    for (let i = 0; i < points.length; i += every) {
        const ground = d.eye({ ...points[i]!, h: 0 });
        const top = d.eye(points[i]!);
        if (ground && top) stroke(d, [ground, top], colour, 0.6, []);
    }
}

function drawFlight(d: Drawing, flight: Flight, isGlobe: boolean, isSelected: boolean): void {
    const { colours, eye } = d;
    const width = isSelected ? 3 : 2;
    const rest = ahead(flight, d.scene.now);
    if (isGlobe) {
        drawDrops(d, [...flight.trail, ...rest], colours.ring);
        stroke(
            d,
            rest.map((point) => eye({ ...point, h: 0 })),
            colours.predicted,
            1,
            [2, 4],
        );
    }
    // Measured parts solid; parts of the trail that nobody measured are predictions too.
    let run: ([number, number] | null)[] = [];
    let isMeasured = true;
    const flush = () => {
        if (run.length > 1)
            stroke(
                d,
                run,
                isMeasured ? colours.threat : colours.predicted,
                width,
                isMeasured ? [] : [7, 5],
            );
    };
    for (const point of flight.trail) {
        const measured = point.by.length > 0;
        const at = eye(point);
        if (measured !== isMeasured && run.length) {
            run.push(at);
            flush();
            run = [];
        }
        isMeasured = measured;
        run.push(at);
    }
    // What the node has not told of for a while is a prediction, however it was seen before.
    const told = flight.trail[flight.trail.length - 1]?.t ?? d.scene.now;
    const fresh = TOLD_MS * Math.max(1, d.rate);
    if (isMeasured && run.length && d.scene.now - told > fresh) {
        flush();
        run = run.slice(-1);
        isMeasured = false;
    }
    if (flight.now && !flight.item.ended) run.push(eye(flight.now));
    flush();
    stroke(d, rest.map(eye), colours.predicted, width, [7, 5]);
    if (!isGlobe && isSelected) drawMinutes(d, flight, rest);
    if (flight.item.launch) {
        const at = eye({ ...flight.item.launch, h: 0 });
        if (at) symbol(d.context, "launch", at[0], at[1], 0.8);
    }
    drawHeading(d, flight);
}

// Where it will be at each whole minute of flight.
function drawMinutes(d: Drawing, flight: Flight, rest: Place[]): void {
    const points = rest as { t: number; lat: number; lon: number; h: number }[];
    for (let i = 1; i < points.length; i++) {
        const [a, b] = [points[i - 1]!, points[i]!];
        const minute = Math.floor((b.t - flight.t0) / 60e3);
        const at = flight.t0 + minute * 60e3;
        if (at <= a.t || at > b.t || minute < 1) continue;
        const f = (at - a.t) / (b.t - a.t);
        const mid = d.eye({
            lat: a.lat + f * (b.lat - a.lat),
            lon: a.lon + f * (b.lon - a.lon),
            h: 0,
        });
        if (!mid) continue;
        d.context.beginPath();
        d.context.arc(mid[0], mid[1], 2.2, 0, 7);
        d.context.fillStyle = d.colours.text;
        d.context.fill();
        if (minute % 2 === 0)
            text(
                d.context,
                d.colours,
                `+${minute}`,
                mid[0] - 8,
                mid[1] + 17,
                d.colours.faint,
                SMALL,
            );
    }
}

function drawMark(d: Drawing, flight: Flight, isSelected: boolean, isFlashing: boolean): void {
    const { context, colours } = d;
    const at = flight.now && d.eye(flight.now);
    if (!at) return;
    context.globalAlpha = flight.isOld ? 0.5 : 1;
    symbol(
        context,
        flight.isPredicted ? "predicted" : "track",
        at[0],
        at[1],
        isSelected ? 1 : 0.75,
    );
    context.globalAlpha = 1;
    if (isFlashing) {
        context.beginPath();
        context.arc(at[0], at[1], 24, 0, 7);
        context.strokeStyle = colours.threat;
        context.lineWidth = 4;
        context.stroke();
    }
}

// Above its mark, or higher where another one stands (taken: their places); in a crowd none.
function drawLabel(d: Drawing, flight: Flight, taken: [number, number][]): void {
    const { context, colours } = d;
    const { item } = flight;
    const mark = flight.now && d.eye(flight.now);
    if (!mark) return;
    const at: [number, number] = [mark[0], mark[1]];
    const { width: w0, height: h0 } = LABEL;
    const hides = ([x, y]: [number, number]) =>
        Math.abs(x - at[0]) < w0 && Math.abs(y - at[1]) < h0;
    for (let other = taken.find(hides); other; other = taken.find(hides)) {
        at[1] = other[1] - h0;
        if (mark[1] - at[1] > LABEL.higher * h0) return;
    }
    taken.push(at);
    const { ordinal, launch } = flight.shared;
    const which = ordinal && launch && launch.max > 1 ? ` (${ordinal}/${launch.min})` : "";
    const left = item.impact ? span(item.impact.t - d.scene.now) : wordOf(flight.standing);
    text(
        context,
        colours,
        `${item.number}${which} · ${Math.round(flight.now!.h / 1000)} km`,
        at[0] - 10,
        at[1] - 42,
    );
    text(
        context,
        colours,
        flight.isPredicted ? `${left} · ${w("noSensor")}` : left,
        at[0] - 10,
        at[1] - 26,
        flight.isPredicted ? colours.predicted : colours.threat,
    );
}

// Shows all of what flies, unless a person has chosen where to look.
function follow(view: MapView, scene: Scene, width: number, height: number): void {
    if (view.wasMoved || view.kind !== "map") return;
    let zoom = 1;
    const wide = flatProjection(view.lat, view.lon, 1, 0, 0);
    const room = Math.min(width, height) / 2 / (ROOM_M / EARTH_M);
    for (const flight of scene.flights.slice(0, 20)) {
        const { impact, launch } = flight.item;
        for (const point of [impact, launch]) {
            const at = point && wide([point.lon, point.lat]);
            if (!at) continue;
            const fitX = (width / 2 - 60) / Math.abs(at[0]) / room;
            const fitY = (height / 2 - 40) / Math.abs(at[1]) / room;
            zoom = Math.min(zoom, fitX, fitY);
        }
    }
    view.zoom = Math.max(0.25, zoom < 1 ? Math.floor(zoom * 8) / 8 : 1);
}

export interface MapOptions {
    about: About | null;
    colours: Palette;
    selected: number;
    flashing: Set<number>;
    watermark: string;
}

// How long the drawing stands, ms: until the fastest may have moved by STEP_PX, at 1.5 times
// the scale, by which the flat map stretches what is far from its centre.
function standsFor(d: Drawing, isGlobe: boolean, scale: number): number {
    let fastest = 0;
    for (const { item, now, isOld } of d.scene.flights)
        if (item.state && now && !isOld)
            fastest = Math.max(fastest, Math.hypot(...item.state.v));
    const pixels = (fastest * d.rate * scale * (isGlobe ? 1 / NEAR_DEPTH : 1.5)) / EARTH_M;
    return pixels > 0 ? (1000 * STEP_PX) / pixels : Infinity;
}

// Draws the map; returns for how many milliseconds nothing on it moves by more than STEP_PX.
export function drawMap(
    canvas: HTMLCanvasElement,
    view: MapView,
    scene: Scene,
    options: MapOptions,
): number {
    const context = canvas.getContext("2d")!;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    follow(view, scene, width, height);
    const { colours } = options;
    const camera = cameraOf(view, width, height);
    const scale = (Math.min(width, height) / 2 / (ROOM_M / EARTH_M)) * view.zoom;
    const projection =
        view.kind === "map"
            ? flatProjection(view.lat, view.lon, scale, width, height)
            : globeProjection(camera);
    const eye: Eye =
        view.kind === "map"
            ? (place) => projection([place.lon, place.lat])
            : (place) => seenAt(camera, place);
    const key = [
        view.kind,
        view.lat,
        view.lon,
        view.zoom,
        canvas.width,
        canvas.height,
        colours.sea,
        options.about?.nation,
        worldVersion(),
    ].join();
    const rate = options.about?.rate ?? 1;
    const d: Drawing = { context, eye, projection, colours, scene, width, height, rate };
    const isGlobe = view.kind === "globe";
    const wanted = [key, scene.key, options.selected, options.watermark].join();
    const { layer: ground, isNew } = layerOf(grounds, canvas, wanted);
    if (isNew) {
        const under = ground.canvas.getContext("2d")!;
        copy(under, drawStill(canvas, view, projection, eye, options.about, colours, key));
        drawWatermark(under, options.watermark, width, height, colours);
        copy(under, drawTold(d, canvas, options.selected, isGlobe, key));
    }
    copy(context, ground.canvas);
    const isChosen = (flight: Flight) => flight.shared.number === options.selected;
    for (const flight of scene.flights)
        drawMark(d, flight, isChosen(flight), options.flashing.has(flight.shared.number));
    const taken: [number, number][] = [];
    for (const flight of scene.flights.filter(isChosen)) drawLabel(d, flight, taken);
    for (const flight of scene.flights.slice(0, LABELS_MAX))
        if (!isChosen(flight)) drawLabel(d, flight, taken);
    return standsFor(d, isGlobe, isGlobe ? camera.scale : scale);
}

// Areas, ellipses, trails and predictions: drawn anew when something was told, not each frame.
function drawTold(
    d: Drawing,
    canvas: HTMLCanvasElement,
    selected: number,
    isGlobe: boolean,
    key: string,
): HTMLCanvasElement {
    const wanted = [key, d.scene.key, selected].join();
    const { layer: told, isNew } = layerOf(tolds, canvas, wanted);
    if (!isNew) return told.canvas;
    const on: Drawing = { ...d, context: told.canvas.getContext("2d")! };
    on.context.clearRect(0, 0, d.width, d.height);
    for (const { telling } of [...d.scene.own, ...d.scene.flights]) drawAreas(on, telling);
    for (const flight of d.scene.flights) {
        const { impact } = flight.item;
        const colour = flight.isPredicted ? d.colours.predicted : d.colours.threat;
        if (flight.shared.number === selected) drawEarlier(on, flight.telling);
        if (impact) drawEllipses(on, impact, colour);
    }
    for (const flight of d.scene.flights)
        drawFlight(on, flight, isGlobe, flight.shared.number === selected);
    for (const { item } of d.scene.flights) {
        const end = item.impact && d.eye({ ...item.impact, h: 0 });
        if (end) symbol(on.context, "impact", end[0], end[1], 0.8);
    }
    return told.canvas;
}
