// bench.mjs -- how fast the page is: record to frame, sound, frames a second, ready, bytes; and
// what two hundred pages cost a true node. Medians of interleaved rounds; nothing is asserted.
// usage: node bench.mjs WARNLINK [ROUNDS]     (ROUNDS 0: the heap only)
// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { loadavg } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { alarm, alarms, health, item, openFake, picture, T0, warning } from "./fake.mjs";
import { openBrowser, openPage, TOP, until } from "./tap.mjs";

const warnlink = process.argv[2];
const rounds = Number(process.argv[3] ?? 5);
const wall = () => performance.timeOrigin + performance.now();
const round1 = (x) => Math.round(x * 10) / 10;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const quantile = (list, q) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(q * list.length))];

const browser = await openBrowser();

function objects(count) {
    return Array.from({ length: count }, (_, i) => item(i + 1, { state: { ...item(1).state,
        r: [-3485883 + i * 900, 3771474 - i * 700, 4406240] } }));
}

// The display's own feed and server, with so many pages beside the one that is measured.
async function openServer(readers) {
    const child = spawn(join(dirname(warnlink), "../tools/stream_say"), [join(TOP, "display/page"), String(readers)],
                        { stdio: ["pipe", "pipe", "inherit"] });
    const fake = await openFake();
    child.stdin.write(`${JSON.stringify(fake.about)}\n[]\n`);
    let port = "";
    child.stdout.on("data", (part) => { port += part; });
    await until(() => port.endsWith("\n"));
    fake.close();
    const say = (kind, event) => child.stdin.write(`${kind} ${JSON.stringify(event)}\n`);
    const beat = setInterval(() => say("health", health(T0 + 200e3)), 500);
    return { say, url: `http://127.0.0.1:${port.trim()}/`, close: () => { clearInterval(beat); child.stdin.end(); } };
}

// From the moment a node says a picture to the end of the frame that shows it.
async function recordToFrame(count, hertz, readers) {
    const fake = await openServer(readers);
    fake.say("picture", picture(T0 + 200e3, objects(count)));
    fake.say("warning", warning(1, 1, "TAKE_COVER"));
    const { page } = await openPage(browser.context, fake.url);
    await until(() => page.evaluate((n) => warnlink.scene.flights.length === n, count));
    await page.evaluate(() => {
        window.delays = [];
        let last = 0;
        const look = () => {
            const sent = warnlink.view.picture?.sent;
            if (sent && sent !== last && !Number.isNaN(warnlink.drawn)) {
                last = sent;
                window.delays.push(performance.timeOrigin + performance.now() - sent);
            }
            requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
    });
    for (let i = 0; i < 20; i++) {
        await sleep(1000 / hertz + (i % 7) * 3);
        fake.say("picture", { ...picture(T0 + 201e3 + i * 1000 / hertz, objects(count)), sent: wall() });
    }
    await sleep(1500);
    const frames = await page.evaluate(() => new Promise((resolve) => {
        let n = 0;
        const from = performance.now();
        const tick = () => { n++; if (performance.now() - from < 3000) requestAnimationFrame(tick); else resolve(n / 3); };
        requestAnimationFrame(tick);
    }));
    const delays = await page.evaluate(() => window.delays);
    await page.close();
    fake.close();
    return { delays, frames };
}

async function readyAndSound() {
    const fake = await openFake();
    fake.now = () => T0 + 200e3;
    const page = await browser.context.newPage();
    await page.goto(fake.url);
    await until(() => page.evaluate(() => document.documentElement.dataset.ready === "true"));
    const ready = await page.evaluate(() => performance.getEntriesByType("resource").reduce((most, one) => Math.max(most, one.responseEnd), 0));
    await page.evaluate(() => {
        const make = AudioContext.prototype.createOscillator;
        AudioContext.prototype.createOscillator = function () {
            window.sounded ??= performance.timeOrigin + performance.now();
            return make.call(this);
        };
    });
    await page.click("#sound");
    await sleep(500);
    await page.evaluate(() => { window.sounded = undefined; });
    const sent = wall();
    fake.say("alarms", alarms(alarm(1, "LAUNCH", { count: 1 })));
    await until(() => page.evaluate(() => window.sounded));
    const sound = await page.evaluate(() => window.sounded) - sent;
    await page.close();
    fake.close();
    return { ready, sound };
}

const ticks = (pid) => {
    const part = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    return Number(part[11]) + Number(part[12]); // hundredths of a second
};

async function fanOut(clients) {
    const demo = spawn(warnlink, ["demo", "--display", "--speed", "1"], { stdio: ["ignore", "pipe", "ignore"] });
    let text = "";
    demo.stdout.on("data", (part) => { text += part; });
    const found = await until(() => text.match(/Display of JP: http:\/\/127\.0\.0\.1:(\d+)/), 60);
    const children = readFileSync(`/proc/${demo.pid}/task/${demo.pid}/children`, "utf8").trim().split(" ").map(Number);
    const node = children.find((pid) => {
        const files = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        return files.includes("/JP/node.conf");
    });
    const share = async (seconds) => {
        const before = ticks(node);
        await sleep(seconds * 1000);
        return (ticks(node) - before) / seconds;
    };
    await sleep(2000);
    const idle = await share(8);
    let bytes = 0;
    const lines = Array.from({ length: clients }, () => {
        const line = connect(Number(found[1]), "127.0.0.1");
        line.write(`GET /events HTTP/1.1\r\nHost: 127.0.0.1:${found[1]}\r\n\r\n`);
        line.on("data", (part) => { bytes += part.length; });
        return line;
    });
    await sleep(3000);
    bytes = 0;
    const busy = await share(8);
    for (const line of lines) line.destroy();
    demo.kill("SIGINT");
    await new Promise((resolve) => demo.on("exit", resolve));
    return { idle_percent: idle, with_clients_percent: busy, kB_per_s: Math.round(bytes / 8e3) };
}

// What the page holds in the course of hours of a flight with so many objects: all events of that time,
// said as fast as the page takes them. MB after a collection of garbage; nothing is run for hours.
async function heap(count, minutes) {
    const fake = await openFake();
    const { page } = await openPage(browser.context, fake.url);
    const cdp = await browser.context.newCDPSession(page);
    await cdp.send("Performance.enable");
    const held = {};
    const rows = (t) => Array.from({ length: Math.min(count * 3, 24) }, (_, i) => ({ number: 1 + (i % count), n: "KR", type: "track",
        arrangement: "TMW-1", version: 1, clause: "T1", seq: t, time: t, received: t, key: "ab".repeat(32),
        groups: [{ group: "coarse", class: "SECRET", shown: true }], record: `${t}${i}`.padEnd(1200, "ab") }));
    fake.mute();
    for (let s = 1; s <= minutes * 60; s++) {
        const t = T0 + s * 1000;
        fake.say("picture", picture(t, objects(count)));
        for (let i = 1; i <= count; i++)
            fake.say("trail", { object: i, t, lat: 40 + s / 1e4, lon: 130 + i / 100, h: 3e5, by: ["JP", "KR"] });
        for (const half of [0, 500]) {
            fake.say("health", { ...health(t + half), hubs: [], partners: [] });
            fake.say("pedigree", { rows: rows(t + half) });
        }
        fake.events.length = 0; // the page is here: nobody asks for them again
        if (s % 20 === 0) await until(() => page.evaluate((n) => warnlink.log.newest >= n, t));
        if (s % 900) continue;
        await cdp.send("HeapProfiler.collectGarbage");
        const { metrics } = await cdp.send("Performance.getMetrics");
        held[`${s / 60} min`] = round1(metrics.find((one) => one.name === "JSHeapUsedSize").value / 1e6);
    }
    await page.close();
    fake.close();
    return held;
}

if (rounds === 0) {
    console.log(JSON.stringify({ heap_MB_of_3_objects: await heap(3, 180), heap_MB_of_50_objects: await heap(50, 120) }, null, 1));
    await browser.close();
    process.exit(0);
}
const [three, many, ready, sound, frames] = [[], [], [], [], []];
for (let round = 0; round < rounds; round++) {
    three.push(...(await recordToFrame(3, 4, 0)).delays);
    const crowd = await recordToFrame(500, 1, 50);
    many.push(...crowd.delays);
    frames.push(crowd.frames);
    const one = await readyAndSound();
    ready.push(one.ready);
    sound.push(one.sound);
}
const pages = ["index.html", "page.js", "page.css", "map.json"].map((name) =>
    gzipSync(readFileSync(join(TOP, "display/page", name)), { level: 9 }).length);
console.log(JSON.stringify({
    load_average: loadavg().map(round1),
    record_to_frame_3_ms: { p50: round1(quantile(three, 0.5)), p99: round1(quantile(three, 0.99)), n: three.length },
    record_to_frame_500_ms: { p50: round1(quantile(many, 0.5)), p99: round1(quantile(many, 0.99)), n: many.length },
    frames_per_s_500: round1(quantile(frames, 0.5)),
    ready_ms: round1(quantile(ready, 0.5)),
    alarm_to_sound_ms: round1(quantile(sound, 0.5)),
    page_bytes_compressed: pages.reduce((a, b) => a + b),
    node_with_200_pages: await fanOut(200),
}, null, 1));
await browser.close();
