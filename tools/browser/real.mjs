// real.mjs -- true nodes: the launch of 2017-08-29 played into hub and nations, watched through
// the browser, answered by keyboard, and replayed from what was shown. TAP.
// usage: node real.mjs WARNLINK
// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check, done, note, openBrowser, openPage, until } from "./tap.mjs";

const warnlink = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), "warnlink-real-"));
const browser = await openBrowser();
const { context } = browser;

function start(...args) {
    const child = spawn(warnlink, args, { stdio: ["ignore", "pipe", "inherit"] });
    child.text = "";
    child.stdout.on("data", (part) => { child.text += part; });
    child.ended = new Promise((resolve) => child.on("exit", resolve));
    return child;
}

// ---- live -----------------------------------------------------------------------------------
const demo = start("demo", "--display", "--speed", "20", "--out", folder);
const found = await until(() => demo.text.match(/Display of JP: (\S+)/), 60);
const { page, faults } = await openPage(context, found[1]);
check(await until(() => page.evaluate(() => warnlink.asking.some(({ alarm }) => alarm.kind === "LAUNCH")), 90),
      "a launch that a partner saw asks for an answer");
await page.keyboard.press("Space");
await page.keyboard.type("佐藤 花子");
await page.keyboard.press("Enter");
check(await until(() => page.evaluate(() => warnlink.view.acts.some((act) => act.act === "acknowledge" && act.outcome === "done"))),
      "it is answered by keyboard, under a name");
const good = await until(() => page.evaluate(() => {
    const marks = [...document.querySelectorAll("#pedigree .records td.good")];
    return marks.length > 0 && document.querySelectorAll("#pedigree .records td.bad").length === 0;
}), 90);
check(good, "the browser itself verifies the signatures of partners' records");
const clauses = await page.evaluate(() => warnlink.view.pedigree.rows.map((row) => [row.n, row.clause, row.groups.length]));
check(clauses.length > 0 && clauses.every(([, clause, groups]) => clause && groups), "each under its clause", clauses);
check(await until(() => page.evaluate(() => {
    const own = warnlink.view.picture?.own?.objects[0];
    const shared = warnlink.view.picture?.objects[0];
    return own?.declared && shared?.declared && own.declared_at > shared.declared_at;
}), 90), "own radars alone would have declared it later, and the page knows by how much");
check(await until(() => page.evaluate(() => warnlink.view.picture?.objects[0]?.impact?.lon > 150), 90),
      "the impact is predicted in the Pacific");
// A person takes the warning back; from then on the machine only proposes.
await until(() => page.evaluate(() => {
    const { flights } = warnlink.scene;
    return flights.length > 0 && warnlink.view.telling(flights[0].shared.number).inForce?.kind === "TAKE_COVER";
}), 90);
await page.keyboard.press("x");
await page.keyboard.press("1");
const taken = await until(() => page.evaluate(() =>
    warnlink.view.warnings.find((one) => one.person && one.final && one.state === "released")), 30);
check(taken?.ground === "mistake" && taken.by === "佐藤 花子" && taken.areas.length > 0,
      "two keystrokes cancel what was told, under a name", taken);
const messages = () => readdirSync(join(folder, "live/JP/cap")).map((name) => readFileSync(join(folder, "live/JP/cap", name), "utf8"));
const cancel = await until(() => messages().find((one) => one.includes("<msgType>Cancel</msgType>") && one.includes("It was sent by mistake")));
check(cancel && cancel.includes(`<references>warnlink-JP,JP-`) && cancel.includes("誤って発信") && !cancel.includes("佐藤"),
      "the CAP message cancels what it refers to, in three languages, without the person's name");
await page.evaluate(() => { window.cutAt = warnlink.log.entries.length; });
await context.setOffline(true);
await page.waitForTimeout(600);
await context.setOffline(false);
check(await until(() => page.evaluate(() => warnlink.log.entries.length > window.cutAt + 2)), "a page that lost its network goes on");
const inOrder = await page.evaluate(() => {
    const t = warnlink.log.entries.map((entry) => entry.t);
    return t.every((one, i) => i === 0 || one >= t[i - 1]);
});
check(inOrder, "with everything in order");
await until(() => demo.text.includes("The displays stay up"), 180);
const since = await page.evaluate((number) => warnlink.log.warnings.slice(warnlink.log.warnings.findIndex((one) => one.number === number) + 1)
    .filter((one) => one.state === "released"), taken?.number);
check(since.length === 0, "of what a person cancelled the machine told nothing more", since);
const live = await page.evaluate(() => ({ warnings: warnlink.log.warnings.map((one) => [one.number, one.kind]),
                                          entries: warnlink.log.entries.length }));
check(faults.filter((fault) => !/ERR_|Failed to load/.test(fault)).length === 0, "no error, no refusal, no request elsewhere", faults);
await page.close();
demo.kill("SIGINT");
await demo.ended;

// The journal has who answered; node's own sqlite is new, so the bytes are searched.
const journal = ["journal.db", "journal.db-wal"].map((name) => join(folder, "live/JP", name))
    .filter(existsSync).map((path) => readFileSync(path)).reduce((a, b) => Buffer.concat([a, b]), Buffer.alloc(0));
check(journal.includes("acknowledge 1 by 佐藤 花子"), "the journal has who answered");
check(journal.includes("by 佐藤 花子 (name stated): done; mistake"), "and who cancelled, and why");

// ---- replay ---------------------------------------------------------------------------------
const files = ["JP", "KR", "US"].map((nation) => join(folder, "live", nation, "shown.txt"));
const serve = start("serve", ...files);
const address = (await until(() => serve.text.match(/http:\S+/)))[0];
const replay = await openPage(context, `${address}#lang=en&theme=dark&nation=JP`);
const read = await replay.page.evaluate(() => ({ warnings: warnlink.log.warnings.map((one) => [one.number, one.kind]),
                                                 names: [...warnlink.logs.keys()], entries: warnlink.log.entries.length }));
check(JSON.stringify(read.warnings) === JSON.stringify(live.warnings) && read.entries >= live.entries,
      "what was shown can be shown again, all of it", [read, live]);
check(read.names.join() === "JP,KR,US" && await replay.page.evaluate(() => document.getElementById("whoknew").textContent.includes("T+")),
      "the three nations stand side by side: who knew what when");
await replay.page.keyboard.press("w");
check(await until(() => replay.page.evaluate(() => {
    const maps = [...document.querySelectorAll("#beside canvas")];
    return maps.length === 3 && new Set(maps.map((one) => one.toDataURL())).size === 3;
})), "and their maps beside each other, each its own");
await replay.page.keyboard.press("w");
check(await replay.page.evaluate(() => document.documentElement.dataset.nature === "REPLAY"), "a replay is marked as one");
await until(() => replay.page.evaluate(() => warnlink.symbolsAreReady()));

// The same moment, come to by different ways, gives the same pixels.
async function pixels(page, t) {
    await page.evaluate((to) => warnlink.goTo(to), t);
    await until(() => page.evaluate((to) => warnlink.drawn === to, t));
    return page.evaluate(() => ["map", "profile"].map((id) => document.getElementById(id).toDataURL()));
}

// How many pixels of two pictures differ; the rasterizer's own rounding makes two or three.
function differing(page, one, other) {
    return page.evaluate(async (pair) => {
        const points = await Promise.all(pair.map(async (url) => {
            const image = new Image();
            image.src = url;
            await image.decode();
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [image.width, image.height];
            const context = canvas.getContext("2d");
            context.drawImage(image, 0, 0);
            return new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
        }));
        if (points[0].length !== points[1].length) return Infinity;
        return points[0].reduce((sum, value, i) => sum + Number(value !== points[1][i]), 0);
    }, [one, other]);
}
async function worst(page, some, others) {
    let most = 0;
    for (let i = 0; i < some.length; i++)
        for (let k = 0; k < 2; k++) most = Math.max(most, await differing(page, some[i][k], others[i][k]));
    return most;
}
const FEW = 20; // of 400,000
const first = await replay.page.evaluate(() => warnlink.log.entries.find((entry) => entry.kind === "declared").t);
const moments = [first + 20e3, first + 120e3, first + 400e3, first + 800e3];
const once = [];
for (const t of moments) once.push(await pixels(replay.page, t));
const again = [];
for (const t of [...moments].reverse()) again.unshift(await pixels(replay.page, t));
const other = await openPage(context, `${address}#lang=en&theme=dark&nation=JP`);
await until(() => other.page.evaluate(() => warnlink.symbolsAreReady()));
const fresh = [];
for (const t of moments) fresh.push(await pixels(other.page, t));
check(new Set(once.map(String)).size === moments.length && await differing(replay.page, once[1][0], once[2][0]) > 1000, "four moments are four pictures");
const [back, beside] = [await worst(replay.page, once, again), await worst(replay.page, once, fresh)];
note(`pixels that differ: ${back} backwards, ${beside} in another window`);
check(back <= FEW, "the same moment is the same picture, forwards and backwards", back);
check(beside <= FEW, "and in another window", beside);
if (process.env.SHOTS) // for the documents
    for (const [i, t] of moments.entries()) {
        await other.page.evaluate((to) => warnlink.goTo(to), t);
        await other.page.waitForTimeout(700);
        await other.page.screenshot({ path: join(process.env.SHOTS, `moment-${i}.png`) });
    }
const forged = await other.page.evaluate(() => {
    const rows = warnlink.log.pedigrees.flatMap((one) => one.rows).filter((row) => row.record);
    for (const row of rows) { // one bit of each signed payload
        const at = row.record.length >> 2;
        const digit = (parseInt(row.record[at], 16) ^ 1).toString(16);
        row.record = row.record.slice(0, at) + digit + row.record.slice(at + 1);
        row.seq += 0;
    }
    return rows.length;
});
await other.page.evaluate((to) => warnlink.goTo(to), first + 300e3);
check(forged > 0 && await until(() => other.page.evaluate(() => document.querySelectorAll("#pedigree .records td.bad").length > 0)),
      "a record with one bit changed fails here, whatever the node says");
check(replay.faults.length === 0 && other.faults.length === 0, "no error in replay", [replay.faults, other.faults]);
note(`files of what was shown: ${files.map((path) => readFileSync(path).length)} bytes`);
serve.kill("SIGINT");
await serve.ended;
await browser.close();
rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
done();
