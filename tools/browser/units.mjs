// units.mjs -- the page's own arithmetic, without a browser: flights against the C, places,
// rings, words. TAP. usage: node units.mjs VECTORS
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { check, done, note, packages, TOP } from "./tap.mjs";

const { buildSync } = packages("esbuild");
const { geoArea } = await import(pathToFileURL(packages.resolve("d3-geo")).href);

// Bundles one module of the page for node.
async function module(name) {
    const outfile = join(TOP, `build/web/unit-${name}.mjs`);
    buildSync({
        absWorkingDir: join(TOP, "build/web"), entryPoints: [`src/${name}.ts`], outfile,
        bundle: true, format: "esm", platform: "node",
    });
    return import(pathToFileURL(outfile).href);
}

const flight = await module("flight");
const geo = await module("geo");
const world = await module("world");
const telling = await module("telling");
const { inOrder, Log } = await module("log");
const { palette, DASHES } = await module("theme");
const languages = ["en", "ja", "ko"];

function checkFlights(vectors) {
    let worst = { metres: 0, down: 0, seconds: 0, place: 0 };
    let [later, landed, wrong] = [0, 0, 0];
    const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
    for (const one of vectors) {
        const there = flight.propagate(one.x, one.inverse_beta, one.dt_s);
        wrong += Number(Boolean(there) !== Boolean(one.later));
        if (there && one.later) {
            later++;
            worst.metres = Math.max(worst.metres, apart(there, one.later));
        }
        const path = flight.fall(one.x, one.inverse_beta, 0);
        wrong += Number(Boolean(path.length) !== one.down_s >= 0);
        const end = path[path.length - 1];
        if (end && one.down_s >= 0) {
            landed++;
            worst.down = Math.max(worst.down, apart(geo.positionOf(end), one.down));
            worst.seconds = Math.max(worst.seconds, Math.abs(end.t / 1000 - one.down_s));
        }
        const place = geo.placeOf(one.x.slice(0, 3));
        worst.place = Math.max(worst.place, apart(geo.positionOf(place), one.x),
                               Math.abs(place.h - one.h));
    }
    note(`worst: ${JSON.stringify(worst)} of ${later} carried and ${landed} landed`);
    check(wrong === 0 && later > 30 && landed > 30, "the page finds the flights that the C finds");
    check(worst.metres < 1, "carried for minutes, within 1 m of the C");
    check(worst.down < 1, "it lands within 1 m of the C");
    check(worst.seconds < 1e-3, "and within 1 ms");
    check(worst.place < 1e-3, "places go to positions and back within 1 mm");
}

function checkRings() {
    let wrong = 0;
    for (let i = 0; i < 200; i++) {
        const centre = [-180 + (i * 137.5) % 360, -80 + (i * 61.8) % 160];
        const ring = [];
        const turn = i % 2 ? 1 : -1; // either way round
        for (let k = 0; k <= 8; k++) {
            const at = geo.towards({ lon: centre[0], lat: centre[1] }, turn * (k % 8) * 45, 2e5);
            ring.push([at.lon, at.lat]);
        }
        const area = geoArea({ type: "Polygon", coordinates: [world.outside(ring)] });
        const ellipse = geo.ellipseRing({ lon: centre[0], lat: centre[1] }, 4e8 + i, 1e8, 3e8, 0.9);
        wrong += Number(area > 0.1) +
                 Number(geoArea({ type: "Polygon", coordinates: [ellipse] }) > 0.1);
    }
    check(wrong === 0, "no polygon, whichever way round it came, paints the rest of the world");
}

function checkMap() {
    const projection = geo.flatProjection(39, 141, 1000, 800, 600);
    const centre = projection([141, 39]);
    let worst = 0;
    for (let bearing = 0; bearing < 360; bearing += 15)
        for (const metres of [5e5, 1e6, 2e6]) {
            const at = geo.towards({ lat: 39, lon: 141 }, bearing, metres);
            const [x, y] = projection([at.lon, at.lat]);
            const pixels = Math.hypot(x - centre[0], y - centre[1]);
            worst = Math.max(worst, Math.abs(pixels - (1000 * metres) / geo.EARTH_M));
        }
    check(worst < 1e-6, "range rings about the centre of the map are true");
    // What flies is drawn by other code than the globe below it: on the ground both agree.
    const camera = { lat: 5, lon: 135, distance: 1.75, tilt: 30, scale: 700, width: 900, height: 500 };
    const globe = geo.globeProjection(camera);
    worst = 0;
    for (let lon = 120; lon <= 150; lon += 5)
        for (let lat = 20; lat <= 45; lat += 5) {
            const [a, b] = [globe([lon, lat]), geo.seenAt(camera, { lat, lon, h: 0 })];
            worst = Math.max(worst, Math.hypot(a[0] - b[0], a[1] - b[1]));
        }
    check(worst < 1e-6, "the globe and what flies above it are one projection");
    check(geo.seenAt(camera, { lat: 0, lon: -45, h: 1e5 }) === null, "what is behind the Earth is not seen");
}

async function checkWords() {
    const sets = {};
    for (const one of languages) sets[one] = (await module(`words_${one}`))[one.toUpperCase()];
    const keys = Object.keys(sets.en).sort().join();
    const same = languages.every((one) => Object.keys(sets[one]).sort().join() === keys);
    check(same, "the three languages have the same keys");
    const holes = (text) => (text.match(/%s/g) ?? []).length;
    const bad = Object.keys(sets.en).filter((key) => languages.some((one) =>
        !sets[one][key].trim() || holes(sets[one][key]) !== holes(sets.en[key])));
    check(bad.length === 0, "each says something, with the same places for values", bad);
    const latin = Object.keys(sets.en).filter((key) => /[a-z]{4,}/.test(sets.ja[key] + sets.ko[key]));
    check(latin.length === 0, "no Japanese or Korean word was left in English", latin);
}

// An all clear for one area must not calm another.
function checkTelling() {
    const area = (index) => ({ index, en: `A${index}`, ja: "", ko: "", reason: "DIRECT", p: 1, earliest: 0 });
    const warning = (number, kind, ...areas) =>
        ({ number, t: number, object: 1, kind, final: false, state: "released", correction: "", areas: areas.map(area) });
    const all = [warning(1, "LAUNCH", 0, 1), warning(2, "TAKE_COVER", 0), warning(3, "ALL_CLEAR", 1)];
    const stands = telling.tellingOf(all, 1);
    check(stands.worst.kind === "TAKE_COVER" && stands.areas.length === 1 && stands.areas[0].area.index === 0,
          "an all clear for one area leaves the warning of another as it was");
    all.push(warning(4, "PASSED", 0));
    check(telling.tellingOf(all, 1).areas.length === 0, "what has passed is in force nowhere");
    check(telling.tellingOf(all, 2).worst === undefined, "of another object nothing is said");
    // What persons do. A cancel by a person: what the machine proposes then warns nobody.
    const one = (number, kind, state, change = {}) => ({ ...warning(number, kind, 0), correction: "", state, ...change });
    const life = [one(1, "TAKE_COVER", "released")];
    check(telling.tellingOf(life, 1).inForce.number === 1, "what was told stands");
    life.push(one(2, "CORRECTION", "released", { correction: "REVISED", person: true, ground: "in-doubt" }));
    check(telling.tellingOf(life, 1).inForce.number === 2, "a correction leaves people warned: it can be cancelled");
    life.push(one(3, "CORRECTION", "released", { correction: "CANCELLED", person: true, ground: "mistake", final: true }),
              one(4, "TAKE_COVER", "proposed"));
    const after = telling.tellingOf(life, 1);
    check(after.inForce === undefined && after.areas.length === 0 && after.waiting[0].number === 4,
          "after a cancel a proposal only waits");
    life.push(one(4, "TAKE_COVER", "released"));
    check(telling.tellingOf(life, 1).areas.length === 1 && telling.tellingOf(life, 1).waiting.length === 0,
          "released, it warns again");
    const named = [one(1, "LAUNCH", "proposed"), one(1, "LAUNCH", "superseded"), one(2, "TAKE_COVER", "proposed")];
    const asked = telling.tellingOf(named, 1);
    check(asked.worst.number === 2 && asked.waiting.length === 1 && asked.inForce === undefined,
          "where persons release, a proposal is shown, and what it replaced is not");
}

// The list: own land before the sea, then what falls soonest, what has ended last.
function checkOrder() {
    const told = (index) => ({ areas: index === undefined ? [] : [{ area: { index } }] });
    const items = [[1, 900], [2, 300], [3, 700, 4], [4, 800, 4], [5, 100, 4, true], [6, 200, -1], [7, undefined]]
        .map(([number, t, index, ended]) => ({ number, impact: t === undefined ? undefined : { t }, first: 50, index, ended: Boolean(ended) }));
    const order = inOrder(items, (number) => told(items.find((one) => one.number === number).index)).map((one) => one.number);
    check(order.join() === "3,4,6,2,1,7,5", "own land first, then what falls soonest; what has ended is last", order);
}

// An hour with fifty objects, ten minutes with five hundred, a day of three and of none: memory has an
// end, the last minutes are whole, and what is older is further apart by its age.
function checkMemory() {
    const feed = (log, objects, seconds) => {
        const list = Array.from({ length: objects }, (_, i) => ({ number: i + 1 }));
        const rows = list.slice(0, 24).map(() => ({ record: "7".repeat(1500) }));
        for (let s = 1; s <= seconds; s++) {
            log.take("picture", { t: s * 1000, rate: 1, objects: list, own: { t: 0, objects: list } });
            log.take("health", { t: s * 1000 });
            log.take("pedigree", { rows });
        }
        return log;
    };
    const weight = (log) => log.pictures.reduce((sum, one) => sum + 1 + one.objects.length + one.own.objects.length, 0);
    const records = (log) => log.pedigrees.reduce((sum, one) => sum + one.rows.reduce((all, row) => all + row.record.length, 0), 0);
    const [fifty, crowd, three, none] = [feed(new Log(), 50, 3600), feed(new Log(), 500, 600), feed(new Log(), 3, 86400), feed(new Log(), 0, 86400)];
    const all = [fifty, crowd, three, none];
    const sizes = all.map((log) => [weight(log), log.pictures.length, log.healths.length, records(log)]);
    check(sizes.every(([objects, pictures, healths, bytes]) => objects <= 24000 && pictures <= 2400 && healths <= 2400 && bytes <= 4e6),
          "a live page keeps no more than a number of objects, states and records in all", sizes);
    const last = (list, newest) => list.filter((one) => one.t > newest - 120e3).length;
    check([three, none].every((log) => last(log.pictures, log.newest) === 120 && last(log.healths, log.newest) === 120) &&
          crowd.pictures.at(-1).t === 600e3, "the last two minutes whole, if there is room", all.map((log) => last(log.pictures, log.newest)));
    const gaps = ({ pictures, newest }) => pictures.slice(1).map((one, i) => (one.t - pictures[i].t - 1000) / (newest - pictures[i].t));
    check([three, none].every((log) => log.pictures[0].t === 1000 && gaps(log).every((gap) => gap <= 1 / 100)),
          "from the first on, no gap is larger than a hundredth of its age", [three, none].map((log) => Math.max(...gaps(log))));
    check(fifty.pictures[0].t === 1000 && gaps(fifty).every((gap) => gap <= 1 / 10), "with fifty objects, than a tenth", Math.max(...gaps(fifty)));
    check(feed(new Log(true), 50, 3600).pictures.length === 3600, "of a file that is replayed nothing is left out");
}

// As they look in grey and with each kind of colour blindness [Machado, Oliveira, Fernandes 2009,
// severity 1]: contrast to the ground [WCAG 2.2, 1.4.11], and nations differ by dashes too.
function checkColours() {
    const kinds = {
        all: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        grey: [[0.2126, 0.7152, 0.0722], [0.2126, 0.7152, 0.0722], [0.2126, 0.7152, 0.0722]],
        protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
        tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]] };
    const linear = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
        .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    const light = (hex, m) => {
        const rgb = m.map((row) => Math.min(1, Math.max(0, row.reduce((sum, k, i) => sum + k * linear(hex)[i], 0))));
        return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
    };
    const bad = [];
    for (const isLight of [false, true]) {
        const colours = palette(isLight);
        for (const [kind, m] of Object.entries(kinds))
            for (const [name, least, ...list] of [["text", 4.5, colours.text, colours.faint], ["line", 3, colours.threat, colours.predicted],
                                                  ["nation", 3, ...colours.nations]])
                for (const one of list)
                    for (const ground of [colours.sea, colours.land]) {
                        const [a, b] = [light(one, m), light(ground, m)].sort((x, y) => y - x);
                        const ratio = (a + 0.05) / (b + 0.05);
                        if (ratio < least) bad.push([isLight ? "light" : "dark", kind, name, one, ground, +ratio.toFixed(2)]);
                    }
    }
    check(bad.length === 0, "in grey and with each kind of colour blindness, lines and words stand out from sea and land", bad);
    check(new Set(DASHES.map(String)).size === DASHES.length, "nations differ by their dashes, too");
}

checkFlights(JSON.parse(readFileSync(process.argv[2], "utf8")));
checkRings();
checkMap();
await checkWords();
checkTelling();
checkOrder();
checkMemory();
checkColours();
done();
