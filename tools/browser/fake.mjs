// fake.mjs -- a node as the page sees it, that says whatever a test wants: for what a true node
// never says. Same files, same headers as display/server.c; the headers are read from there.
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { TOP } from "./tap.mjs";

const source = readFileSync(join(TOP, "display/server.c"), "utf8");
const POLICY = [...source.match(/POLICY\[\] =\s*((?:"[^"]*"\s*)+);/)[1].matchAll(/"([^"]*)"/g)]
    .map((part) => part[1]).join("");
const FILES = { "/": ["index.html", "text/html; charset=utf-8"], "/page.js": ["page.js", "text/javascript"],
                "/page.css": ["page.css", "text/css"], "/map.json": ["map.json", "application/json"] };

export const T0 = Date.UTC(2026, 10, 26, 3, 0, 0);

export async function openFake(change = {}) {
    const about = { nation: "JP", nature: "EXERCISE", exercise: "DRILL 27", rate: 1, replay: false,
                    accounts: false, release: "automatic", hubs: ["HON-A"], radars: [
                        { id: "JP-1", lat: 38, lon: 138, range: 2e6, az: 300, width: 120, mask: 2 }], ...change };
    const fake = { about, events: [], commands: [], sessions: [], streams: new Set(), asked: [],
                   logs: {}, id: 1000, beat: null };
    fake.say = (kind, event) => {
        const frame = `id: ${++fake.id}\nevent: ${kind}\ndata: ${JSON.stringify(event)}\n\n`;
        fake.events.push({ id: fake.id, frame });
        for (const stream of fake.streams) stream.write(frame);
    };
    fake.cut = () => { for (const stream of fake.streams) stream.destroy(); };
    const server = createServer((request, response) => answer(fake, request, response));
    await new Promise((resolve) => server.listen(fake.port ?? 0, "127.0.0.1", resolve));
    fake.url = `http://127.0.0.1:${server.address().port}/`;
    fake.start = () => { fake.beat ??= setInterval(() => fake.say("health", health(fake.now?.() ?? T0, fake.health)), 500); };
    fake.start();
    fake.mute = () => { clearInterval(fake.beat); fake.beat = null; };
    fake.close = () => { fake.mute(); fake.cut(); server.closeAllConnections(); server.close(); };
    return fake;
}

function answer(fake, request, response) {
    const { pathname, searchParams } = new URL(request.url, fake.url);
    const headers = { "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff",
                      "Cache-Control": "no-store" };
    const json = (code, value) => {
        response.writeHead(code, { ...headers, "Content-Type": "application/json" });
        response.end(JSON.stringify(value));
    };
    if (request.method === "POST") {
        let body = "";
        request.on("data", (part) => { body += part; });
        request.on("end", () => {
            const read = JSON.parse(body);
            if (pathname === "/session") {
                fake.sessions.push(read.name);
                return json(200, { session: "s".repeat(32) });
            }
            fake.commands.push({ ...read, session: request.headers["x-warnlink-session"] });
            fake.obey?.(read);
            return json(202, {});
        });
        return;
    }
    if (pathname === "/events") {
        const after = Number(request.headers["last-event-id"] ?? searchParams.get("after") ?? 0);
        fake.asked.push(after);
        response.writeHead(200, { ...headers, "Content-Type": "text/event-stream" });
        response.write(after ? "retry: 500\n\n" : "retry: 500\nevent: reset\ndata: {}\n\n");
        for (const event of fake.events) if (event.id > after) response.write(event.frame);
        fake.streams.add(response);
        response.on("close", () => fake.streams.delete(response));
        return;
    }
    if (pathname === "/about.json") return json(200, fake.about);
    if (pathname === "/areas.json") return json(200, fake.areas ?? [
        { key: "JP-01", en: "Hokkaido", ja: "北海道", ko: "홋카이도", rings: [[140, 42, 140, 44, 144, 44, 144, 42]] }]);
    if (fake.logs[pathname]) {
        response.writeHead(200, { ...headers, "Content-Type": "text/plain; charset=utf-8" });
        return response.end(fake.logs[pathname]);
    }
    const file = FILES[pathname];
    if (!file) return json(404, {});
    response.writeHead(200, { ...headers, "Content-Type": file[1] });
    response.end(readFileSync(join(TOP, "display/page", file[0])));
}

// ---- things to say ------------------------------------------------------------------------

export function health(t, change = {}) {
    return { t, rate: 1, hubs: [{ n: "HON-A", alive: true, backlog: 0 }],
             partners: [{ n: "KR", arrangement: "TMW-1", alive: true }],
             arrangements: [{ name: "TMW-1", version: 1, state: "in force", in_force: true, until: t + 1e9 }],
             plot_at: t, plots: 10, plots_refused: 0, sealed: 1, taken: 1, held: 0, unusable: 0, dropped: 0,
             pages: 1, ...change };
}

// A body over the Sea of Japan, rising eastward.
export function item(number, change = {}) {
    return { number, event: String(number).padStart(32, "0"), first: T0, own_object: number, in: ["JP", "KR"],
             state: { phase: "COAST", t: T0 + 200e3, r: [-3485883, 3771474, 4406240], v: [-2837, -1921, 1539],
                      lnib: -8.294, sigma: 90, condition: "MEASURED", last: T0 + 200e3, track_s: 100 },
             declared: true, declared_at: T0 + 70e3,
             launch: { lat: 39.2, lon: 125.7, t: T0, ee: 1e7, en: 0, nn: 2e7, st: 3, status: "CONFIRMED", min: 1, max: 1 },
             heading: 72, sheading: 0.5,
             impact: { lat: 42, lon: 157.5, t: T0 + 930e3, ee: 7.4e6, en: -8e5, nn: 1e5, st: 5, at: T0 + 200e3,
                       last: T0 + 200e3, condition: "MEASURED", apogee: 550e3, track_s: 100 },
             disagrees: false, ended: false,
             sources: [{ n: "JP", own: true, ir: false, object: number, measured: true, last: T0 + 200e3, heard: T0 + 200e3 },
                       { n: "KR", own: false, ir: false, object: 7, measured: true, last: T0 + 199e3, heard: T0 + 199e3 }],
             ...change };
}

export function picture(t, objects) {
    return { rate: 1, t, objects, own: { t, objects: [] } };
}

export function warning(number, object, kind, change = {}) {
    const texts = { headline: `EXERCISE - ${kind}`, description: "d", instruction: "i", sea: "far out" };
    return { number, t: T0 + 100e3 + number, object, kind, correction: "", final: false, state: "released",
             by: "policy", replaces: 0, at_sea: true, inside_200nm: false, predicted: false, track_s: 100,
             lost_at_s: 0, areas: [{ index: 0, en: "Hokkaido", ja: "北海道", ko: "홋카이도", reason: "OVERFLOWN",
                                     p: 0.9, earliest: T0 + 400e3 }], en: texts, ja: texts, ko: texts, ...change };
}

export function alarm(number, kind, change = {}) {
    return { number, kind, key: "KR", words: "", raised: T0 + number, acknowledged: false, by: "", gone: false,
             count: 0, objects: [], ...change };
}

export const alarms = (...list) => ({ alarms: list, raised: list.length, dropped: 0 });
