// world.ts -- land, coasts and named areas, once read, for both maps.
// SPDX-License-Identifier: Apache-2.0
import {
    geoArea,
    geoGraticule10,
    geoPath,
    type GeoPermissibleObjects,
    type GeoProjection,
} from "d3-geo";
import type { NamedArea } from "./log";
import type { Palette } from "./theme";

type Ring = [number, number][];
let land: GeoPermissibleObjects | null = null;
let named: GeoPermissibleObjects[] = [];
const known = new WeakMap<NamedArea[], GeoPermissibleObjects[]>();
let version = 0; // rises when there is another land to draw

export function worldVersion(): number {
    return version;
}

// A ring the wrong way round is the whole world but the area: turned, if it is more than half.
export function outside(ring: Ring): Ring {
    const polygon = { type: "Polygon" as const, coordinates: [ring] };
    return geoArea(polygon) > 2 * Math.PI ? [...ring].reverse() : ring;
}

function unpack(numbers: number[]): Ring {
    const ring: Ring = [];
    let [x, y] = [0, 0];
    for (let i = 0; i + 1 < numbers.length; i += 2) {
        x += numbers[i]!;
        y += numbers[i + 1]!;
        ring.push([x / 100, y / 100]);
    }
    ring.push(ring[0]!);
    return ring;
}

export function setLand(polygons: number[][][]): void {
    const coordinates = polygons.map((rings) => {
        const [first, ...holes] = rings.map(unpack);
        return [outside(first!), ...holes];
    });
    land = { type: "MultiPolygon", coordinates };
    version++;
}

// Whose areas are drawn from now on.
export function setAreas(areas: NamedArea[]): void {
    named = known.get(areas) ?? shapesOf(areas);
    known.set(areas, named);
}

function shapesOf(areas: NamedArea[]): GeoPermissibleObjects[] {
    return areas.map((area) => {
        const coordinates = area.rings.map((flat) => {
            const ring: Ring = [];
            for (let i = 0; i + 1 < flat.length; i += 2) ring.push([flat[i]!, flat[i + 1]!]);
            ring.push(ring[0]!);
            return [outside(ring)];
        });
        return { type: "MultiPolygon" as const, coordinates };
    });
}

export function areaShape(index: number): GeoPermissibleObjects | undefined {
    return named[index];
}

export function drawWorld(
    context: CanvasRenderingContext2D,
    projection: GeoProjection,
    colours: Palette,
    hasSphere: boolean,
): void {
    const path = geoPath(projection, context);
    const fill = (shape: GeoPermissibleObjects, colour: string) => {
        context.beginPath();
        path(shape);
        context.fillStyle = colour;
        context.fill();
    };
    const stroke = (shape: GeoPermissibleObjects, colour: string, width: number) => {
        context.beginPath();
        path(shape);
        context.strokeStyle = colour;
        context.lineWidth = width;
        context.stroke();
    };
    if (hasSphere) fill({ type: "Sphere" }, colours.sea);
    stroke(geoGraticule10(), colours.grid, 1);
    if (!land) return;
    fill(land, colours.land);
    stroke(land, colours.coast, 0.7);
}
