// alarms.mjs -- true processes break under the page: a partner stands still and comes back, a
// partner dies, the hub dies, the arrangement is withdrawn. Each must be an alarm on the page.
//
// "Within 3 s" is counted in the node's own beats (it says "health" twice a second, by its own
// clock), so that a busy machine makes nothing late: what the node says between the deed and
// its alarm is at most seven beats. TAP.
// usage: node alarms.mjs WARNLINK
// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check, done, note, openBrowser, openPage, until } from "./tap.mjs";

const BEATS = 7; // 3 s at two a second, and the one that was on its way
const warnlink = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), "warnlink-alarms-"));
const browser = await openBrowser();
const demo = spawn(warnlink, ["demo", "--display", "--speed", "10", "--out", folder],
                   { stdio: ["ignore", "pipe", "inherit"] });
let text = "";
demo.stdout.on("data", (part) => { text += part; });
const ended = new Promise((resolve) => demo.on("exit", resolve));

// Only processes that this test started: descendants of the demo.
function descendants(pid) {
    let list = [];
    try {
        list = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
    } catch { /* gone meanwhile */ }
    return list.flatMap((child) => [child, ...descendants(child)]);
}
const named = (words) => descendants(demo.pid).filter((pid) => {
    try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(words);
    } catch {
        return false;
    }
});

const found = await until(() => text.match(/Display of JP: (\S+)/), 60);
const { page, faults } = await openPage(browser.context, found[1]);
const [, wall, scenario, rate] = readFileSync(join(folder, "live/JP/node.conf"), "utf8")
    .match(/^clock (\d+) (\d+) (\S+)$/m);
// The node's time of this moment, ms: its clock runs on this machine's.
const scenarioNow = () => Number(scenario) / 1e6 + (Date.now() - Number(wall) / 1e6) * Number(rate);

const alarmOf = (kind, key) => page.evaluate(([k, a]) => (warnlink.log.alarms.at(-1)?.alarms ?? [])
    .find((one) => one.kind === k && one.key === a), [kind, key]);
const beatsUpTo = (from, to) => page.evaluate(([a, b]) =>
    warnlink.log.healths.filter((one) => one.t > a && one.t <= b).length, [from, to]);

async function comes(kind, key, since, sentence) {
    const alarm = await until(() => alarmOf(kind, key), 60);
    const beats = alarm ? await beatsUpTo(since, alarm.raised) : Infinity;
    note(`${kind} ${key}: ${beats} beats`);
    check(Boolean(alarm) && !alarm.gone && beats <= BEATS, `${sentence} is an alarm within 3 s`, [alarm, beats]);
    const seen = () => page.evaluate(() => document.getElementById("alarm").textContent + document.getElementById("alarms").textContent);
    check(await until(async () => (await seen()).includes(key), 3), "and the page names it", await seen());
}

// ---- a partner stands still, and comes back ------------------------------------------------
await until(() => page.evaluate(() => (warnlink.view.health?.sealed ?? 0) > 0), 90);
const [korea] = named("/KR/node.conf");
let since = scenarioNow();
process.kill(korea, "SIGSTOP");
await comes("PARTNER", "KR", since, "a partner that stands still");
const owed = await until(() => alarmOf("RECEIPT", "KR"), 60);
check(owed && !owed.gone, "what it has not confirmed is an alarm", owed);
process.kill(korea, "SIGCONT");
check(await until(async () => (await alarmOf("RECEIPT", "KR"))?.gone, 60), "when its receipts come the alarm clears by itself");
check((await alarmOf("RECEIPT", "KR"))?.acknowledged === false, "and stays until a person has answered");
await page.keyboard.press("Space");
await page.keyboard.type("Sato");
await page.keyboard.press("Enter");
for (let i = 0; i < 20 && await page.evaluate(() => warnlink.asking.length > 0); i++) {
    await page.keyboard.press("Space");
    await page.waitForTimeout(300);
}
check(await until(async () => !(await alarmOf("RECEIPT", "KR"))), "answered, it leaves");

// ---- a partner, the hub, the arrangement end ------------------------------------------------
// The demo ends with the first of its processes; from here on hub and nodes are children of
// this test, from the same configuration. The page finds its node again.
demo.kill("SIGINT");
await ended;
const started = [];
function start(kind, place) {
    const config = join(folder, "live", place, `${kind}.conf`);
    const child = spawn(warnlink, [kind, "--config", config], { stdio: ["ignore", "ignore", "inherit"] });
    child.ended = new Promise((resolve) => child.on("exit", resolve));
    started.push(child);
    return child;
}
const hub = start("hub", "HON-A");
const nodes = Object.fromEntries(["JP", "KR", "US"].map((nation) => [nation, start("node", nation)]));
const health = () => page.evaluate(() => warnlink.view.health);
check(await until(async () => {
    const now = await health();
    return now && now.hubs.every((one) => one.alive) && now.partners.length > 1 && now.partners.every((one) => one.alive) &&
        await page.evaluate(() => document.documentElement.dataset.stale === "false");
}, 60), "a node that was started anew is found again, and its partners with it");
since = scenarioNow();
nodes.KR.kill("SIGKILL");
await comes("PARTNER", "KR", since, "a partner whose process is killed");
const processes = [...descendants(hub.pid), hub.pid];
since = scenarioNow();
for (const pid of processes) process.kill(pid, "SIGKILL");
await comes("HUB", "HON-A", since, "a hub whose processes are killed");
const home = join(folder, "live/JP");
execFileSync(warnlink, ["arrange", "withdraw", "--key", join(home, "offline/root.key"), join(home, "statements/TMW-1.bundle")]);
since = scenarioNow();
await comes("ARRANGEMENT", "TMW-1", since, "an arrangement that is withdrawn");
check(await until(() => page.evaluate(() => !warnlink.view.health.arrangements.find((one) => one.name === "TMW-1").in_force)),
      "and no longer in force");
check(faults.filter((fault) => !/ERR_|Failed to load/.test(fault)).length === 0, "no error in the page", faults);

for (const child of started) child.kill("SIGTERM");
await Promise.all(started.map((child) => child.ended));
await browser.close();
rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
done();
