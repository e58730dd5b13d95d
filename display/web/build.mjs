// build.mjs -- makes the page: one script, one style sheet, one map, no reference elsewhere.
// usage: node build.mjs [FOLDER]     (default: ../page)
// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { feature } from "topojson-client";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "../page");
const require = createRequire(import.meta.url);
mkdirSync(out, { recursive: true });

// ---- the map: fine around the seas where missiles fall, coarse elsewhere ------------------
const REGION = { west: 100, east: 175, south: 15, north: 60 };
const FAR_DEG = 1.5; // distance between points outside

const isInside = ([lon, lat]) =>
    lon >= REGION.west && lon <= REGION.east && lat >= REGION.south && lat <= REGION.north;

// Steps of 0.01 degrees (1 km): [lon, lat, dlon, dlat, ...]. null: nothing of it is left.
function pack(ring) {
    const kept = [];
    for (const point of ring.slice(0, -1)) {
        const last = kept[kept.length - 1];
        const far = last ? Math.hypot(point[0] - last[0], point[1] - last[1]) : Infinity;
        if (isInside(point) ? far >= 0.01 : far >= FAR_DEG) kept.push(point);
    }
    if (kept.length < 4) return null;
    const numbers = [];
    let x = 0;
    let y = 0;
    for (const [lon, lat] of kept) {
        const [u, v] = [Math.round(lon * 100), Math.round(lat * 100)];
        numbers.push(u - x, v - y);
        [x, y] = [u, v];
    }
    return numbers;
}

function makeMap() {
    const atlas = JSON.parse(readFileSync(require.resolve("world-atlas/countries-50m.json")));
    const countries = feature(atlas, atlas.objects.countries).features;
    const polygons = [];
    for (const country of countries) {
        const shape = country.geometry;
        if (!shape) continue;
        const parts = shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates;
        for (const part of parts) {
            const rings = part.map(pack).filter((ring) => ring);
            if (rings.length && part[0] && pack(part[0])) polygons.push(rings);
        }
    }
    writeFileSync(join(out, "map.json"), JSON.stringify(polygons) + "\n");
}

// ---- symbols: drawn here once [MIL-STD-2525E, APP-6E], so that milsymbol is not shipped -----
async function makeSymbols() {
    const ms = (await import("milsymbol")).default;
    const wanted = {
        track: "13050600001100000103", // suspect ballistic missile, measured
        predicted: "13050610001100000103", // the same, anticipated: dashed frame
        launch: "13062500001313010000",
        impact: "13062500002109000000",
    };
    const made = {};
    for (const [name, sidc] of Object.entries(wanted)) {
        const mono = name === "launch" || name === "impact";
        const options = { size: 24, outlineWidth: 3, outlineColor: "rgba(255,255,255,0.9)" };
        const symbol = new ms.Symbol(
            sidc,
            mono ? { ...options, monoColor: "#b3261e" } : options,
        );
        if (!symbol.isValid()) throw new Error(`no such symbol: ${name}`);
        const { width, height } = symbol.getSize();
        const { x, y } = symbol.getAnchor();
        made[name] = { svg: symbol.asSVG(), width, height, x, y };
    }
    writeFileSync(
        join(here, "src/symbols.ts"),
        "// symbols.ts -- made by build.mjs from milsymbol; do not edit.\n" +
            "// SPDX-License-Identifier: Apache-2.0\n" +
            "export const SYMBOLS = " +
            JSON.stringify(made, null, 1) +
            " as const;\n",
    );
}

function digestOfSources() {
    const names = ["build.mjs", "index.html", "page.css", "package-lock.json", "tsconfig.json"];
    for (const name of readdirSync(join(here, "src"))) names.push(`src/${name}`);
    return names
        .sort()
        .map((name) => {
            const digest = createHash("sha256").update(readFileSync(join(here, name)));
            return `${digest.digest("hex")}  display/web/${name}\n`;
        })
        .join("");
}

makeMap();
await makeSymbols();
await build({
    absWorkingDir: here,
    entryPoints: ["src/main.ts"],
    outfile: join(out, "page.js"),
    bundle: true,
    minify: true,
    format: "iife",
    target: "chrome110",
    charset: "utf8",
    legalComments: "none",
    banner: {
        js:
            "/* warnlink's page, built from display/web. Apache-2.0. With d3-geo and " +
            "d3-array (ISC, Mike Bostock), internmap (ISC). */",
    },
});
writeFileSync(join(out, "page.css"), readFileSync(join(here, "page.css")));
writeFileSync(join(out, "index.html"), readFileSync(join(here, "index.html")));
writeFileSync(join(out, "made_from.txt"), digestOfSources());
