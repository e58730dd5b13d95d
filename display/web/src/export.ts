// export.ts -- the picture for other programs: GeoJSON [RFC 7946] and CSV [RFC 4180].
// SPDX-License-Identifier: Apache-2.0
import { ellipseRing } from "./geo";
import type { Scene } from "./scene";

export function toGeoJson(scene: Scene): string {
    const features: object[] = [];
    const add = (geometry: object, properties: object) =>
        features.push({ type: "Feature", geometry, properties });
    for (const { item, shared, trail, path, now, standing, t0 } of scene.flights) {
        const { event, named_by, ordinal, launch } = shared;
        const salvo = { named_by, ordinal, least: launch?.min, most: launch?.max };
        const common = { object: item.number, event: event ?? null, ...salvo, standing };
        if (item.launch)
            add(
                { type: "Point", coordinates: [item.launch.lon, item.launch.lat] },
                { ...common, what: "launch", time: new Date(item.launch.t).toISOString() },
            );
        if (trail.length > 1)
            add(
                {
                    type: "LineString",
                    coordinates: trail.map((p) => [p.lon, p.lat, Math.round(p.h)]),
                },
                { ...common, what: "trail", from: new Date(t0).toISOString() },
            );
        if (path.length > 1)
            add(
                {
                    type: "LineString",
                    coordinates: path.map((p) => [
                        +p.lon.toFixed(5),
                        +p.lat.toFixed(5),
                        Math.round(p.h),
                    ]),
                },
                { ...common, what: "predicted path" },
            );
        if (now)
            add(
                {
                    type: "Point",
                    coordinates: [+now.lon.toFixed(5), +now.lat.toFixed(5), Math.round(now.h)],
                },
                { ...common, what: "now", time: new Date(scene.now).toISOString() },
            );
        if (!item.impact) continue;
        const { lat, lon, t, ee, en, nn } = item.impact;
        add(
            { type: "Point", coordinates: [lon, lat] },
            { ...common, what: "impact", time: new Date(t).toISOString() },
        );
        for (const probability of [0.5, 0.9]) // RFC 7946 wants the outside counter-clockwise
            add(
                {
                    type: "Polygon",
                    coordinates: [ellipseRing({ lat, lon }, ee, en, nn, probability).reverse()],
                },
                { ...common, what: "impact ellipse", probability },
            );
    }
    return JSON.stringify({ type: "FeatureCollection", features });
}

// A field that a spreadsheet would take for a formula is not one here.
function field(value: unknown): string {
    let text = value === undefined || value === null ? "" : String(value);
    if (/^[=+@\t\r]/.test(text) || (text.startsWith("-") && Number.isNaN(Number(text))))
        text = `'${text}`;
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function toCsv(scene: Scene): string {
    const iso = (t: number | undefined) => (t === undefined ? "" : new Date(t).toISOString());
    const rows: unknown[][] = [
        [
            "object",
            "event",
            "named_by",
            "ordinal",
            "least",
            "most",
            "standing",
            "nations",
            "declared",
            "launch_time",
            "launch_lat_deg",
            "launch_lon_deg",
            "now",
            "lat_deg",
            "lon_deg",
            "height_m",
            "impact_time",
            "impact_lat_deg",
            "impact_lon_deg",
            "impact_ee_m2",
            "impact_en_m2",
            "impact_nn_m2",
            "apogee_m",
        ],
    ];
    for (const { item, shared, now, standing } of scene.flights)
        rows.push([
            item.number,
            shared.event,
            shared.named_by,
            shared.ordinal,
            shared.launch?.min,
            shared.launch?.max,
            standing,
            item.in.join(" "),
            iso(item.declared_at),
            iso(item.launch?.t),
            item.launch?.lat,
            item.launch?.lon,
            iso(scene.now),
            now?.lat.toFixed(5),
            now?.lon.toFixed(5),
            now?.h.toFixed(0),
            iso(item.impact?.t),
            item.impact?.lat,
            item.impact?.lon,
            item.impact?.ee,
            item.impact?.en,
            item.impact?.nn,
            item.impact?.apogee,
        ]);
    return rows.map((row) => row.map(field).join(",")).join("\r\n") + "\r\n";
}

// A link to a moment of this node, ms, and an object of it.
export function linkTo(t: number, object: number, event: string, nation: string): string {
    const where = new URLSearchParams({ t: String(t), object: String(object), event, nation });
    return `${location.origin}/#${where}`;
}

export function download(name: string, type: string, text: string): void {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
