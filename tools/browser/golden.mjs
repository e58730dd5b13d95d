// golden.mjs -- the pictures at fixed moments of a fixed log against those that were looked at
// once and kept as numbers: golden.txt, 48 by 27 cells of a picture, each the mean of its red,
// green and blue. With the browser and fonts that they were made with, hardly a cell may differ;
// with others, which draw letters otherwise, only the coarse picture is compared, and that is
// said: it still knows a wrong projection, or a ring that paints the rest of the world. TAP.
// usage: node golden.mjs [update]
// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { item, openFake, picture, T0, warning } from "./fake.mjs";
import { check, done, note, openBrowser, openPage, TOP, until } from "./tap.mjs";

const FILE = join(TOP, "tools/browser/golden.txt");
const [COLUMNS, ROWS] = [48, 27];
const STRICT = { mean: 0.01, far: 0.0003, off: 2 }; // of 255; share of the values further off
const COARSE = { mean: 3, far: 0.02, off: 40 };

const browser = await openBrowser();
const fake = await openFake();
fake.now = () => T0 + 900e3;
// A flight as the C carries it: state every 2 s from its own propagation is not needed, the
// page carries the state on. One object over the Sea of Japan, one lost; at 300 s the first has the
// ellipses of an early prediction, which are large enough to be seen.
const wide = { ee: 2.5e10, en: -9e9, nn: 9e9 };
for (const at of [120e3, 200e3, 300e3, 500e3]) {
    const flying = item(1);
    if (at === 300e3) flying.impact = { ...flying.impact, ...wide };
    const lost = item(2, { state: { ...item(2).state, condition: "LOST", r: [-3285883, 3971474, 4306240] } });
    fake.say("picture", picture(T0 + at, at < 150e3 ? [{ ...flying, impact: undefined }] : [flying, lost]));
    fake.say("health", { t: T0 + at, rate: 1, hubs: [], partners: [], arrangements: [], plots: 1, plot_at: T0 + at });
}
for (let s = 70; s <= 200; s += 2)
    fake.say("trail", { object: 1, t: T0 + s * 1000, lat: 39.2 + (s - 70) / 80, lon: 125.7 + (s - 70) / 18,
                        h: s * 1900, by: s < 90 ? ["KR"] : s < 110 ? [] : ["JP", "KR"] });
// Told twice: where the first word put the fall stays as a dotted line.
fake.say("warning", warning(1, 1, "TAKE_COVER", { impact: { ...item(1).impact, lat: 40, lon: 152, ee: 4e10, en: 0, nn: 2e10, at: T0 + 90e3 } }));
fake.say("warning", warning(2, 1, "TAKE_COVER", { impact: item(1).impact }));

// The mean colours of the cells of a canvas, drawn at this moment.
const cells = (page, id) => page.evaluate(([name, columns, rows]) => {
    const canvas = document.getElementById(name);
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const [sums, counts] = [new Float64Array(columns * rows * 3), new Float64Array(columns * rows)];
    for (let y = 0; y < canvas.height; y++)
        for (let x = 0; x < canvas.width; x++) {
            const cell = Math.floor(y * rows / canvas.height) * columns + Math.floor(x * columns / canvas.width);
            counts[cell]++;
            for (let k = 0; k < 3; k++) sums[cell * 3 + k] += data[(y * canvas.width + x) * 4 + k];
        }
    return Array.from(sums, (sum, i) => Math.round(sum / counts[Math.floor(i / 3)]));
}, [id, COLUMNS, ROWS]);

// What draws: the browser's version, and the shapes of letters.
const drawer = (page) => page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [400, 60];
    const context = canvas.getContext("2d");
    context.font = `20px ${getComputedStyle(document.body).fontFamily}`;
    context.fillText("EXERCISE 演習 훈련 0123456789 km", 4, 40);
    const { data } = context.getImageData(0, 0, 400, 60);
    const ink = data.reduce((sum, value, i) => (sum * 31 + value * (i % 251)) % 4294967291, 7);
    return `${navigator.userAgent.match(/Chrome\/(\S+)/)[1]} ${ink}`;
});

const VIEWS = [["map", "dark", "map", [120, 200, 300, 500]], ["map", "light", "map", [200, 300]],
               ["globe", "dark", "map", [120, 200, 300, 500]], ["map", "dark", "profile", [120, 200, 500]]];
let drawnBy = "";
const made = new Map();
for (const [view, theme, canvas, moments] of VIEWS) {
    const { page } = await openPage(browser.context, `${fake.url}#lang=en&theme=${theme}&view=${view}`);
    await until(() => page.evaluate(() => warnlink.symbolsAreReady() && warnlink.log.trails.size > 0));
    drawnBy = await drawer(page);
    for (const at of moments.map((s) => s * 1000)) {
        await page.evaluate((t) => warnlink.goTo(t), T0 + at);
        await until(() => page.evaluate((t) => warnlink.drawn === t, T0 + at));
        if (process.env.SHOTS && canvas === "map")
            await page.locator("#map").screenshot({ path: `${process.env.SHOTS}/golden-${view}-${theme}-${at / 1000}.png` });
        made.set(`${canvas} ${view} ${theme} ${at / 1000}`, await cells(page, canvas));
    }
    await page.close();
}
fake.close();
await browser.close();

const hex = (cell) => cell.map((value) => value.toString(16).padStart(2, "0")).join("");
if (process.argv[2] === "update") {
    const lines = ["# golden.txt -- made by golden.mjs update, after the pictures were looked at.", `browser ${drawnBy}`];
    for (const [name, list] of made) {
        lines.push(`picture ${name}`);
        for (let y = 0; y < ROWS; y++) lines.push(hex(list.slice(y * COLUMNS * 3, (y + 1) * COLUMNS * 3)));
    }
    writeFileSync(FILE, lines.join("\n") + "\n");
    process.exit(0);
}

const kept = new Map();
let keptBy = "";
for (const line of readFileSync(FILE, "utf8").split("\n")) {
    if (line.startsWith("browser ")) keptBy = line.slice(8);
    else if (line.startsWith("picture ")) kept.set(line.slice(8), []);
    else if (line && !line.startsWith("#"))
        [...kept.values()].at(-1).push(...line.match(/../g).map((two) => parseInt(two, 16)));
}
const bound = keptBy === drawnBy ? STRICT : COARSE;
if (bound === COARSE) note(`made with ${keptBy}, drawn with ${drawnBy}: only the coarse pictures are compared`);
function apart(one, other, off) {
    const each = one.map((value, i) => Math.abs(value - (other[i] ?? Infinity)));
    const mean = each.reduce((a, c) => a + c, 0) / each.length;
    return { mean, far: each.filter((value) => value > off).length / each.length };
}
const isSame = (one, other, { mean, far, off }) => {
    const is = apart(one, other, off);
    return is.mean <= mean && is.far <= far;
};
check([...kept.keys()].join() === [...made.keys()].join(), "each picture is kept", [[...kept.keys()], [...made.keys()]]);
for (const [name, list] of made) {
    const is = apart(list, kept.get(name) ?? [], bound.off);
    check(isSame(list, kept.get(name) ?? [], bound),
          `${name} s: the picture that was looked at (${is.mean.toFixed(2)}, ${(is.far * 100).toFixed(2)} %)`, is);
}
// It can fail: strictly, no picture passes for that of another moment; coarsely, not for another
// view or on another ground.
const names = [...kept.keys()];
const passing = (limits, differ) => names.flatMap((a) => names.filter((b) => a < b && differ(a.split(" "), b.split(" ")) &&
    isSame(kept.get(a), kept.get(b), limits)).map((b) => [a, b]));
check(passing(STRICT, () => true).length === 0, "no picture passes for another one", passing(STRICT, () => true));
const coarse = passing(COARSE, (a, b) => a.slice(0, 3).join() !== b.slice(0, 3).join());
check(coarse.length === 0, "coarsely, none for another view or ground", coarse);
done();
