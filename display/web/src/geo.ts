// geo.ts -- places on the Earth: WGS 84, the flat map around a centre, the tilted globe.
// SPDX-License-Identifier: Apache-2.0
import {
    geoAzimuthalEquidistant,
    geoClipCircle,
    geoProjection,
    type GeoProjection,
} from "d3-geo";

export type Vector = [number, number, number];
export interface Place {
    lat: number;
    lon: number;
    h: number;
} // degrees, metres

const A = 6378137; // WGS 84 [NIMA TR8350.2, table 3.1], m
const F = 1 / 298.257223563;
const E2 = F * (2 - F);
export const DEG = Math.PI / 180;
export const EARTH_M = 6371008.8; // mean radius [Moritz 2000], for distances on the map
export const NM_M = 1852;

// Geodetic place of an Earth-fixed position. Bowring's start, then Newton-like steps until
// nothing moves: below 1 mm from the ground to 10,000 km.
export function placeOf([x, y, z]: Vector): Place {
    const p = Math.hypot(x, y);
    let lat = Math.atan2(z, p * (1 - E2));
    let n = A;
    for (let i = 0; i < 8; i++) {
        n = A / Math.sqrt(1 - E2 * Math.sin(lat) ** 2);
        const next = Math.atan2(z + E2 * n * Math.sin(lat), p);
        const moved = Math.abs(next - lat);
        lat = next;
        if (moved < 1e-13) break;
    }
    n = A / Math.sqrt(1 - E2 * Math.sin(lat) ** 2);
    const h = p * Math.cos(lat) + z * Math.sin(lat) - (A * A) / n;
    return { lat: lat / DEG, lon: Math.atan2(y, x) / DEG, h };
}

export function positionOf({ lat, lon, h }: Place): Vector {
    const [sin, cos] = [Math.sin(lat * DEG), Math.cos(lat * DEG)];
    const n = A / Math.sqrt(1 - E2 * sin * sin);
    return [
        (n + h) * cos * Math.cos(lon * DEG),
        (n + h) * cos * Math.sin(lon * DEG),
        (n * (1 - E2) + h) * sin,
    ];
}

// Great-circle distance in metres and bearing in degrees, on a sphere: within 0.5 %.
export function between(a: { lat: number; lon: number }, b: { lat: number; lon: number }) {
    const [p, q] = [a.lat * DEG, b.lat * DEG];
    const d = (b.lon - a.lon) * DEG;
    const east = Math.cos(q) * Math.sin(d);
    const north = Math.cos(p) * Math.sin(q) - Math.sin(p) * Math.cos(q) * Math.cos(d);
    const up = Math.sin(p) * Math.sin(q) + Math.cos(p) * Math.cos(q) * Math.cos(d);
    const bearing = Math.atan2(east, north) / DEG;
    return {
        metres: EARTH_M * Math.atan2(Math.hypot(east, north), up),
        bearing: (bearing + 360) % 360,
    };
}

// Where one gets from a place by going so far that way.
export function towards(from: { lat: number; lon: number }, bearing: number, metres: number) {
    const [p, b, d] = [from.lat * DEG, bearing * DEG, metres / EARTH_M];
    const sin = Math.sin(p) * Math.cos(d) + Math.cos(p) * Math.sin(d) * Math.cos(b);
    const lon =
        from.lon +
        Math.atan2(Math.sin(b) * Math.sin(d) * Math.cos(p), Math.cos(d) - Math.sin(p) * sin) /
            DEG;
    return { lat: Math.asin(sin) / DEG, lon: ((lon + 540) % 360) - 180 };
}

// The ellipse that holds a two-dimensional normal error with a probability:
// semi-axes in metres, azimuth of the longer one in degrees (record/prediction.h).
export function ellipseOf(ee: number, en: number, nn: number, probability: number) {
    const k = -2 * Math.log(1 - probability);
    const mean = (ee + nn) / 2;
    const half = Math.hypot((ee - nn) / 2, en);
    const azimuth = (0.5 * Math.atan2(2 * en, nn - ee)) / DEG;
    return {
        major: Math.sqrt(k * (mean + half)),
        minor: Math.sqrt(k * Math.max(mean - half, 0)),
        azimuth: (azimuth + 180) % 180,
    };
}

// Its outline on the Earth, closed; clockwise as d3-geo wants the outside of a polygon
// (a ring the other way round would paint the whole world).
export function ellipseRing(
    at: { lat: number; lon: number },
    ee: number,
    en: number,
    nn: number,
    probability: number,
): [number, number][] {
    const { major, minor, azimuth } = ellipseOf(ee, en, nn, probability);
    const ring: [number, number][] = [];
    for (let i = 0; i <= 72; i++) {
        const angle = (i % 72) * 5 * DEG;
        const [u, v] = [major * Math.cos(angle), minor * Math.sin(angle)];
        const bearing = azimuth + Math.atan2(v, u) / DEG;
        const point = towards(at, bearing, Math.hypot(u, v));
        ring.push([point.lon, point.lat]);
    }
    return ring;
}

// ---- projections ------------------------------------------------------------------------

// Flat map: distances from the centre are true, so range rings about it are circles.
export function flatProjection(
    lat: number,
    lon: number,
    scale: number,
    width: number,
    height: number,
): GeoProjection {
    return geoAzimuthalEquidistant()
        .rotate([-lon, -lat])
        .scale(scale)
        .translate([width / 2, height / 2])
        .clipAngle(90)
        .precision(0.3);
}

// A camera above (lat, lon) at so many Earth radii from the centre, tilted up by so many
// degrees; the globe and what flies above it go through the same formula.
export interface Camera {
    lat: number;
    lon: number;
    distance: number;
    tilt: number;
    scale: number;
    width: number;
    height: number;
}

function seen(camera: Camera, x: number, y: number, z: number): [number, number] {
    const [s, c] = [Math.sin(camera.tilt * DEG), Math.cos(camera.tilt * DEG)];
    const back = camera.distance - z;
    const depth = Math.max(back * c + y * s, 1e-6);
    return [x / depth, (y * c - back * s) / depth];
}

// Unit axes: x east, y north, z towards the camera, at the place below it.
function turned(camera: Camera, place: { lat: number; lon: number }, radius: number): Vector {
    const [p, l] = [place.lat * DEG, (place.lon - camera.lon) * DEG];
    const x = Math.cos(p) * Math.sin(l);
    const [y, z] = [Math.sin(p), Math.cos(p) * Math.cos(l)];
    const q = camera.lat * DEG;
    return [
        radius * x,
        radius * (y * Math.cos(q) - z * Math.sin(q)),
        radius * (y * Math.sin(q) + z * Math.cos(q)),
    ];
}

// Where a place at a height is on the screen; null: behind the Earth.
export function seenAt(camera: Camera, place: Place): [number, number] | null {
    const [x, y, z] = turned(camera, place, 1 + place.h / EARTH_M);
    // The line from the camera to the point hits the sphere before the point?
    const [dx, dy, dz] = [x, y, z - camera.distance];
    const a = dx * dx + dy * dy + dz * dz;
    const b = 2 * camera.distance * dz;
    const root = b * b - 4 * a * (camera.distance ** 2 - 1);
    if (root > 0 && (-b - Math.sqrt(root)) / (2 * a) < 1 - 1e-6) return null;
    const [u, v] = seen(camera, x, y, z);
    return [camera.width / 2 + camera.scale * u, camera.height / 2 - camera.scale * v];
}

export function globeProjection(camera: Camera): GeoProjection {
    const raw = (lambda: number, phi: number): [number, number] =>
        seen(
            camera,
            Math.cos(phi) * Math.sin(lambda),
            Math.sin(phi),
            Math.cos(phi) * Math.cos(lambda),
        );
    const [u, v] = raw(0, 0); // d3-geo puts this point, not the axis of the camera, there
    return geoProjection(raw)
        .rotate([-camera.lon, -camera.lat])
        .scale(camera.scale)
        .translate([camera.width / 2 + camera.scale * u, camera.height / 2 - camera.scale * v])
        .preclip(geoClipCircle(Math.acos(1 / camera.distance) - 1e-3))
        .precision(0.5);
}
