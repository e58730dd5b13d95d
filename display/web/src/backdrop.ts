// backdrop.ts -- what stands still on a map: world, range rings, own radars, watermark.
// SPDX-License-Identifier: Apache-2.0
import { geoCircle, geoPath, type GeoProjection } from "d3-geo";
import { SMALL, text } from "./canvas";
import { DEG, EARTH_M, type Place } from "./geo";
import type { About } from "./log";
import { DASHES, nationIndex, type Palette } from "./theme";
import { drawWorld } from "./world";

const RINGS_M = [500e3, 1000e3, 1500e3, 2000e3, 2500e3, 3000e3];

export interface MapView {
    kind: "map" | "globe";
    lat: number;
    lon: number;
    zoom: number;
    wasMoved: boolean;
}

export type Eye = (place: Place) => [number, number] | null;

// The part that does not move, for each map on the page.
const stills = new WeakMap<HTMLCanvasElement, { canvas: HTMLCanvasElement; key: string }>();

function drawRadars(
    context: CanvasRenderingContext2D,
    projection: GeoProjection,
    eye: Eye,
    about: About,
    colours: Palette,
): void {
    const index = nationIndex(about.nation);
    const path = geoPath(projection, context);
    for (const radar of about.radars) {
        const at = eye({ lat: radar.lat, lon: radar.lon, h: 0 });
        const colour = colours.nations[index]!;
        context.strokeStyle = colour;
        context.globalAlpha = 0.45;
        context.lineWidth = 1;
        context.setLineDash(DASHES[index]!);
        context.beginPath();
        if (radar.width >= 360) {
            path(
                geoCircle()
                    .center([radar.lon, radar.lat])
                    .radius(radar.range / EARTH_M / DEG)(),
            );
        } else {
            const ring: [number, number][] = [[radar.lon, radar.lat]];
            const circle = geoCircle()
                .center([radar.lon, radar.lat])
                .radius(radar.range / EARTH_M / DEG)
                .precision(2)().coordinates[0] as [number, number][];
            for (const point of circle) {
                const bearing =
                    Math.atan2(
                        Math.sin((point[0] - radar.lon) * DEG) * Math.cos(point[1] * DEG),
                        Math.cos(radar.lat * DEG) * Math.sin(point[1] * DEG) -
                            Math.sin(radar.lat * DEG) *
                                Math.cos(point[1] * DEG) *
                                Math.cos((point[0] - radar.lon) * DEG),
                    ) / DEG;
                if (Math.abs(((bearing - radar.az + 540) % 360) - 180) <= radar.width / 2)
                    ring.push(point);
            }
            path({ type: "LineString", coordinates: ring });
        }
        context.stroke();
        context.setLineDash([]);
        context.globalAlpha = 1;
        if (at) {
            context.fillStyle = colour;
            context.fillRect(at[0] - 3, at[1] - 3, 6, 6);
        }
    }
}

// The world, rings and radars: drawn anew only when size, place, colours or words change.
export function drawStill(
    canvas: HTMLCanvasElement,
    view: MapView,
    projection: GeoProjection,
    eye: Eye,
    about: About | null,
    colours: Palette,
    key: string,
): HTMLCanvasElement {
    const known = stills.get(canvas);
    if (known?.key === key) return known.canvas;
    const still = known?.canvas ?? document.createElement("canvas");
    stills.set(canvas, { canvas: still, key });
    [still.width, still.height] = [canvas.width, canvas.height];
    const ratio = window.devicePixelRatio || 1;
    const context = still.getContext("2d")!;
    context.fillStyle = view.kind === "globe" ? "#02050a" : colours.sea;
    context.fillRect(0, 0, still.width, still.height);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawWorld(context, projection, colours, view.kind === "globe");
    if (view.kind === "map") {
        const centre = eye({ lat: view.lat, lon: view.lon, h: 0 })!;
        for (const ring of RINGS_M) {
            const radius = (projection.scale() * ring) / EARTH_M;
            context.beginPath();
            context.arc(centre[0], centre[1], radius, 0, 7);
            context.strokeStyle = colours.ring;
            context.lineWidth = 0.8;
            context.setLineDash([1, 4]);
            context.stroke();
            context.setLineDash([]);
            text(
                context,
                colours,
                `${ring / 1000} km`,
                centre[0] + 4,
                centre[1] + radius - 4,
                colours.faint,
                SMALL,
            );
        }
    }
    if (about) drawRadars(context, projection, eye, about, colours);
    return still;
}

export function drawWatermark(
    context: CanvasRenderingContext2D,
    words: string,
    width: number,
    height: number,
    colours: Palette,
): void {
    if (!words) return;
    context.save();
    context.translate(width / 2, height / 2);
    context.rotate(-0.35);
    context.globalAlpha = 0.09;
    context.fillStyle = colours.text;
    context.font = `700 ${Math.min(120, width / (words.length * 0.7))}px system-ui, sans-serif`;
    context.textAlign = "center";
    for (const shift of [-0.5, 0.5]) context.fillText(words, 0, shift * height);
    context.restore();
}
