// page.mjs -- the page in a browser, before a fake node: what it does when links break, partners
// send poison, alarms flood, and a person has nothing but a keyboard. TAP.
// usage: node page.mjs [NAME...]     (names of checks, as they stand below; none: all)
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { alarm, alarms, health, item, openFake, picture, T0, warning } from "./fake.mjs";
import { check, done, note, openBrowser, openPage, packages, until } from "./tap.mjs";

const browser = await openBrowser();
const { context } = browser;
const BY_HAND = 0x20000000; // numbers of objects of warnings by persons
const text = (page, id) => page.evaluate((name) => document.getElementById(name).textContent, id);

// A node in the middle of a flight.
async function flying(change) {
    const fake = await openFake(change);
    fake.now = () => T0 + 200e3;
    fake.say("picture", picture(T0 + 200e3, [item(1)]));
    fake.say("warning", warning(1, 1, "TAKE_COVER"));
    for (let s = 70; s <= 200; s += 2)
        fake.say("trail", { object: 1, t: T0 + s * 1000, lat: 39.2 + (s - 70) / 80, lon: 125.7 + (s - 70) / 18,
                            h: s * 1900, by: s < 90 ? ["KR"] : s < 110 ? [] : ["JP", "KR"] });
    fake.say("entry", { t: T0 + 73e3, kind: "declared", object: 1, at: T0, lat: 39.2, lon: 125.7, names: "KR" });
    fake.say("alarms", alarms(alarm(1, "LAUNCH", { count: 1, objects: [1], words: "TAKE_COVER" })));
    return fake;
}

async function checkCut() {
    const fake = await flying();
    const { page, faults } = await openPage(context, fake.url);
    await until(() => page.evaluate(() => warnlink.log.entries.length === 1));
    const opened = await page.evaluate(() => warnlink.stream.opened);
    const last = fake.id;
    fake.cut();
    for (let i = 0; i < 25; i++)
        fake.say("entry", { t: T0 + 201e3 + i, kind: "alarm", object: 0, at: 0, lat: 0, lon: 0, names: `missed ${i}` });
    const started = Date.now();
    await until(() => page.evaluate((n) => warnlink.stream.opened > n, opened));
    note(`a page that was cut off was back after ${Date.now() - started} ms`);
    await until(() => page.evaluate(() => warnlink.log.entries.length >= 26));
    const names = await page.evaluate(() => warnlink.log.entries.slice(1).map((entry) => entry.names));
    check(names.length === 25 && names.every((name, i) => name === `missed ${i}`),
          "after a cut nothing is lost, nothing comes twice, and the order holds", names);
    check(fake.asked[fake.asked.length - 1] >= last - 2, "the page asked from where it stopped", fake.asked);
    fake.mute();
    await until(() => page.evaluate(() => document.documentElement.dataset.stale === "true"));
    const silences = [];
    for (let i = 0; i < 12; i++) { // longer than it takes to dial anew
        silences.push((await text(page, "stale")).includes("NO DATA"));
        await page.waitForTimeout(400);
    }
    check(silences.every((one) => one), "a node that falls silent is not taken for calm, however long", silences);
    fake.start();
    check(await until(() => page.evaluate(() => document.documentElement.dataset.stale === "false")),
          "and is believed again when it speaks");
    await page.close();
    fake.close();
    check(faults.filter((fault) => !/ERR_|Failed to load/.test(fault)).length === 0, "without an error", faults);
}

async function checkKeyboard() {
    const fake = await flying();
    fake.obey = (command) => {
        if (command.act === "acknowledge")
            fake.say("alarms", alarms(alarm(1, "LAUNCH", { count: 1, objects: [1], acknowledged: true, by: "佐藤 花子", at: T0 + 201e3 })));
    };
    const { page, faults } = await openPage(context, fake.url);
    await until(() => page.evaluate(() => warnlink.asking.length === 1));
    const lamp = () => page.evaluate(() => {
        const style = getComputedStyle(document.querySelector(".lamp"));
        return { name: style.animationName, hertz: 1 / parseFloat(style.animationDuration) };
    });
    const before = await lamp();
    check(before.name !== "none" && before.hertz <= 3.01 && before.hertz > 2.9,
          "an unanswered alarm flashes, three times a second and no faster", before);
    await page.focus("#theme"); // wherever the focus was left
    await page.keyboard.press("Space");
    await page.keyboard.type("佐藤 花子");
    await page.keyboard.press("Enter");
    check(await until(() => page.evaluate(() => warnlink.asking.length === 0)),
          "space, a name, enter: the alarm is answered, without a mouse");
    const given = fake.commands.find((command) => command.act === "acknowledge");
    check(given?.number === 1 && given.session.length === 32 && fake.sessions[0] === "佐藤 花子",
          "the node was told which alarm, and by whom", fake.commands);
    await until(async () => (await lamp()).name === "none");
    check((await lamp()).name === "none" && (await text(page, "alarm-by")).includes("佐藤 花子"),
          "an answered alarm stands still, with the name of who answered");
    fake.say("alarms", alarms(alarm(1, "LAUNCH", { count: 2, objects: [1], acknowledged: false }),
                              alarm(2, "PARTNER", {})));
    await until(() => page.evaluate(() => warnlink.asking.length === 2));
    const words = await text(page, "alarm-words");
    check(words.startsWith("2 launches"), "a launch is answered before a lost partner", words);
    await page.keyboard.press("2");
    check(await page.evaluate(() => document.getElementById("to-globe").classList.contains("on")) ||
          await until(() => page.evaluate(() => document.getElementById("to-globe").classList.contains("on"))),
          "views change by key");
    const reached = new Set();
    for (let i = 0; i < 40; i++) {
        await page.keyboard.press("Tab");
        reached.add(await page.evaluate(() => document.activeElement?.id || document.activeElement?.className));
    }
    const wanted = ["sound", "acknowledge", "to-map", "own", "play", "live", "note", "print", "language"];
    check(wanted.every((id) => reached.has(id)), "everything can be reached by the tab key", [...reached]);
    await page.close();
    fake.close();
    check(faults.length === 0, "without an error", faults);
}

async function checkPoison() {
    const poison = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>"'\`\${1}{{1}}\u202e`;
    const fake = await openFake({ exercise: poison, hubs: [poison] });
    fake.now = () => T0 + 200e3;
    fake.areas = [{ key: poison, en: poison, ja: poison, ko: poison, rings: [[140, 42, 144, 42, 144, 44, 140, 44]] }];
    const texts = { headline: poison, description: poison, instruction: poison, sea: poison };
    const bad = item(1, { event: poison, in: [poison], sources: [
        { n: poison, own: false, ir: false, object: 7, measured: true, last: T0, heard: T0 }],
        named_by: poison, ordinal: 2, launch: { ...item(1).launch, min: 2, max: 3 } });
    fake.say("picture", picture(T0 + 200e3, [bad]));
    fake.say("warning", warning(1, 1, poison, { correction: poison, state: poison, by: poison, en: texts, ja: texts,
        ko: texts, areas: [{ index: 0, en: poison, ja: poison, ko: poison, reason: poison, p: 1, earliest: T0 }] }));
    fake.say("warning", warning(2, 1, "TAKE_COVER", { en: texts, by: poison,
        areas: [{ index: 0, en: poison, ja: poison, ko: poison, reason: poison, p: 1, earliest: T0 }] }));
    fake.say("warning", warning(3, BY_HAND + 3, "LAUNCH", { state: "proposed", by: poison, person: true, en: texts, ja: texts, ko: texts,
        areas: [{ index: 0, en: poison, ja: poison, ko: poison, reason: poison, p: 1, earliest: T0 }] }));
    fake.say("entry", { t: T0, kind: "named", object: 1, at: T0, lat: 0, lon: 0, names: poison });
    fake.say("entry", { t: T0, kind: poison, object: 1, at: T0, lat: 0, lon: 0, names: poison });
    fake.say("entry", { t: T0, kind: "warning", object: 1, at: T0, lat: 0, lon: 0, names: poison, warning: poison });
    fake.say("act", { t: T0, act: poison, number: 1, words: poison, by: poison, proved: false, outcome: poison });
    fake.say("alarms", alarms(alarm(1, "SYSTEM", { words: poison, key: poison }), alarm(2, poison, { words: poison })));
    fake.say("pedigree", { rows: [{ number: 1, n: poison, type: poison, arrangement: poison, version: 1, clause: poison,
        seq: 1, time: T0, received: T0, groups: [{ group: poison, class: poison, shown: false }], key: "zz", record: "zz" }] });
    fake.say("health", health(T0 + 200e3, { hubs: [{ n: poison, alive: false, backlog: 99 }],
        partners: [{ n: poison, arrangement: poison, alive: false }],
        arrangements: [{ name: poison, version: 1, state: poison, in_force: false, until: T0 }] }));
    const { page, faults } = await openPage(context, fake.url);
    await until(() => page.evaluate(() => warnlink.view.warnings.length === 3));
    for (const key of ["g", "g", "g", "2", "o", "o", "k", "j"]) {
        await page.keyboard.press(key);
        await page.waitForTimeout(120);
    }
    const state = await page.evaluate(() => ({
        hacked: window.hacked, images: document.querySelectorAll("img, body script, iframe, a[href]").length,
        seen: document.body.textContent.includes("<img src=x onerror") }));
    check(state.hacked === undefined && state.images === 0, "what a partner writes never becomes markup or code", state);
    check(state.seen, "it is shown as the text that it is");
    const csv = await page.evaluate(() => document.getElementById("launches").textContent.length);
    check(csv > 0 && faults.length === 0, "and breaks nothing", faults);
    await page.close();
    fake.close();
}

// What leaves the page for other programs and for paper.
async function checkExports() {
    const fake = await flying();
    const evil = item(2, { event: "=cmd|' /C calc'!A0", in: ["-2+3", 'a"b'], named_by: "@SUM(1)", ordinal: 2, launch: { ...item(2).launch, min: 2, max: 3 } });
    fake.say("picture", picture(T0 + 201e3, [item(1), evil]));
    const { page, faults } = await openPage(context, `${fake.url}#theme=dark`);
    await until(() => page.evaluate(() => warnlink.scene.flights.length === 2));
    await page.evaluate(() => {
        window.saved = [];
        URL.createObjectURL = (blob) => { void blob.text().then((text) => window.saved.push(text)); return "about:blank#"; };
        HTMLAnchorElement.prototype.click = () => undefined;
    });
    await page.click("#geojson");
    await page.click("#csv");
    await until(() => page.evaluate(() => window.saved.length === 2));
    const [geo, csv] = await page.evaluate(() => window.saved);
    const { features } = JSON.parse(geo);
    const whats = new Set(features.map((one) => one.properties.what));
    check(["launch", "trail", "predicted path", "now", "impact", "impact ellipse"].every((what) => whats.has(what)),
          "GeoJSON has launch, trail, path, place, impact and ellipses", [...whats]);
    const turn = ([ring]) => ring.slice(1).reduce((sum, [x, y], i) => sum + (x - ring[i][0]) * (y + ring[i][1]), 0);
    const rings = features.filter((one) => one.geometry.type === "Polygon");
    check(rings.length === 4 && rings.every(({ geometry }) => turn(geometry.coordinates) < 0 && String(geometry.coordinates[0][0]) === String(geometry.coordinates[0].at(-1))),
          "its rings are closed and turn as RFC 7946 wants", rings.map(({ geometry }) => turn(geometry.coordinates)));
    const rows = csv.trimEnd().split("\r\n");
    check(rows.length === 3 && rows.every((row) => row.match(/(?:^|,)("(?:[^"]|"")*"|[^,]*)/g).length === rows[0].split(",").length), "CSV has a row for each object", rows);
    check(!/(^|,)"?[=+@]/m.test(csv) && csv.includes("'=cmd") && csv.includes("'@SUM(1)") && csv.includes('"\'-2+3 a""b"'),
          "a field that a spreadsheet would take for a formula is none", csv);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    check((pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g) ?? []).length === 1, "the sheet of an event is one page");
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    const sheet = await text(page, "sheet");
    check(sheet.includes("EXERCISE") && sheet.includes("Impact point") && sheet.includes("TAKE COVER") && sheet.includes("What sharing changed"),
          "with its nature, the object, its warning and what sharing changed", sheet);
    await page.close();
    fake.close();
    check(faults.length === 0, "without an error", faults);
}

async function checkFlood() {
    const fake = await openFake();
    fake.now = () => T0 + 200e3;
    const all = Array.from({ length: 30 }, (_, i) => item(i + 1));
    fake.say("picture", picture(T0 + 200e3, all));
    for (const one of all) fake.say("warning", warning(one.number, one.number, "TAKE_COVER"));
    fake.say("alarms", alarms(alarm(1, "LAUNCH", { count: 30, objects: all.map((one) => one.number) })));
    const { page, faults } = await openPage(context, fake.url);
    await until(() => page.evaluate(() => warnlink.asking.length === 1));
    const words = await text(page, "alarm-words");
    check(words.startsWith("30 launches") && words.includes("Hokkaido"), "thirty launches are one alarm, with their areas", words);
    const many = Array.from({ length: 500 }, (_, i) => item(i + 1, { state: { ...item(1).state,
        r: [-3485883 + i * 900, 3771474 - i * 700, 4406240] } }));
    fake.say("picture", picture(T0 + 201e3, many));
    await until(() => page.evaluate(() => warnlink.scene.flights.length === 500));
    const rate = await page.evaluate(() => new Promise((resolve) => {
        let frames = 0;
        const from = performance.now();
        const count = () => {
            frames++;
            if (performance.now() - from < 2000) requestAnimationFrame(count);
            else resolve(frames / 2);
        };
        requestAnimationFrame(count);
    }));
    note(`with 500 objects: ${rate.toFixed(0)} frames a second on this machine`);
    check((await text(page, "launches")).includes("of 500") && faults.length === 0,
          "of five hundred objects the list shows the most urgent and says how many there are", faults);
    await page.close();
    fake.close();
}

async function checkNature() {
    const seen = new Map();
    for (const nature of ["LIVE", "EXERCISE", "TEST"]) {
        const fake = await flying({ nature, exercise: "" });
        const { page } = await openPage(context, fake.url);
        await until(() => page.evaluate(() => warnlink.asking.length === 1));
        seen.set(nature, await page.evaluate(() => {
            const frame = getComputedStyle(document.getElementById("frame"));
            const word = document.getElementById("nature");
            return [word.textContent, getComputedStyle(word).backgroundColor, frame.borderTopStyle, document.title];
        }));
        if (nature === "LIVE") {
            fake.now = () => T0 + 260e3; // so that ten seconds ago an alarm asked already
            await until(() => page.evaluate((t) => warnlink.log.newest === t, T0 + 260e3));
            await page.keyboard.press("ArrowLeft");
            await until(() => page.evaluate(() => document.documentElement.dataset.nature === "REPLAY"));
            seen.set("REPLAY", await page.evaluate(() => {
                const frame = getComputedStyle(document.getElementById("frame"));
                const word = document.getElementById("nature");
                return [word.textContent, getComputedStyle(word).backgroundColor, frame.borderTopStyle, document.title];
            }));
            const link = await page.evaluate(() => {
                document.getElementById("permalink").click();
                return location.href;
            });
            fake.events = fake.events.filter(({ frame }) => !frame.includes("event: health")); // of states the newest, as a node
            const there = await openPage(context, link);
            check(await until(() => there.page.evaluate(() => document.documentElement.dataset.nature === "REPLAY" &&
                Math.abs(warnlink.now() - Number(new URLSearchParams(location.hash.slice(1)).get("t"))) < 1)),
                  "a link to a moment leads there, and says that it is the past");
            await there.page.close();
            check(await page.evaluate(() => warnlink.asking.length === 1 && document.getElementById("acknowledge").disabled),
                  "in the past nothing can be acknowledged, though an alarm asked");
            await page.keyboard.press("l");
            check(await until(() => page.evaluate(() => document.documentElement.dataset.nature === "LIVE")),
                  "one key leads back to life");
        }
        await page.close();
        fake.close();
    }
    const rows = [...seen.values()];
    const differ = (i) => new Set(rows.map((row) => row[i])).size === rows.length;
    check(rows.length === 4 && differ(0) && differ(1) && differ(2) && differ(3),
          "life, exercise, test and replay differ by word, colour, frame and title", rows);
}

async function checkLanguages() {
    const axe = readFileSync(packages.resolve("axe-core/axe.min.js"), "utf8");
    const fake = await flying();
    fake.say("pedigree", { rows: [{ number: 1, n: "KR", type: "track", arrangement: "TMW-1", version: 1, clause: "T1",
        seq: 1, time: T0, received: T0 + 20, groups: [{ group: "coarse", class: "SECRET", shown: true },
                                                      { group: "fine", class: "SECRET", shown: false }] }] });
    const said = { headline: "h", description: "d", instruction: "i", said: "Go east 東へ" };
    fake.say("warning", warning(5, 1, "TAKE_COVER", { state: "proposed", by: "Sato", person: true, en: said, ja: said, ko: said }));
    fake.say("act", { t: T0, act: "cancel", number: 1, words: "no-missile", by: "Sato", proved: true, outcome: "not-in-force" });
    fake.say("live", { heard: true, nation: "JP", launches: 0, asking: 0 });
    const [overflowing, violations, english] = [[], [], []];
    for (const lang of ["en", "ja", "ko"])
        for (const theme of ["dark", "light"]) {
            const { page } = await openPage(context, `${fake.url}#lang=${lang}&theme=${theme}`);
            await until(() => page.evaluate(() => warnlink.asking.length === 1 && warnlink.symbolsAreReady()));
            await page.waitForTimeout(400);
            const wide = await page.evaluate(() => [...document.querySelectorAll("button, header *, #alarm *, h2, th, .chip, #launches *, footer *")]
                .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline" && one.clientWidth > 0)
                .map((one) => one.id || one.className || one.tagName));
            const page_ = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight);
            if (wide.length || page_) overflowing.push([lang, theme, wide, page_]);
            // axe is put in by the debugger, past the policy; it changes nothing.
            await page.evaluate(axe);
            const found = await page.evaluate(() => axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] }));
            for (const one of found.violations)
                violations.push([lang, theme, one.id, one.nodes.slice(0, 3).map((node) => node.target.join(" "))]);
            if (lang !== "en" && /[a-z]{5,}/.test(await text(page, "object"))) english.push(await text(page, "object"));
            await page.close();
        }
    check(overflowing.length === 0, "in three languages and two themes no word runs out of its box", overflowing);
    check(violations.length === 0, "axe finds nothing against WCAG 2.2 AA in any of them", violations);
    check(english.length === 0, "no English is left in Japanese or Korean tables", english);
    const { page } = await openPage(context, fake.url);
    const tofu = await page.evaluate(() => {
        const ink = (sign) => {
            const canvas = document.createElement("canvas");
            canvas.width = canvas.height = 40;
            const context = canvas.getContext("2d");
            context.font = "30px system-ui, 'Noto Sans CJK JP', 'Noto Sans CJK KR', sans-serif";
            context.fillText(sign, 3, 32);
            return canvas.toDataURL();
        };
        const none = ink("\u{10fffd}");
        return [..."避難海域警報대피해상경보▲●✓◐▶♪·±°"].filter((sign) => ink(sign) === none || ink(sign) === ink(" "));
    });
    check(tofu.length === 0, "every sign that the page uses has a shape", tofu);
    await page.close();
    fake.close();
}

// What two nations were shown of one flight, replayed.
async function twoNations() {
    const log = (nation) => [["about", { nation, nature: "EXERCISE", exercise: "DRILL 27", rate: 1, replay: false, accounts: false,
                                         release: "automatic", hubs: [], radars: [] }], ["areas", []],
                             ["health", health(T0 + 100e3)], ["picture", picture(T0 + 200e3, [item(1)])],
                             ["entry", { t: T0 + 200e3, kind: "declared", object: 1, at: T0, lat: 39.2, lon: 125.7, names: nation }],
                             ["warning", warning(1, 1, "TAKE_COVER")], ["health", health(T0 + 300e3)]]
        .map(([kind, event], i) => `${i} ${kind} ${JSON.stringify(event)}`).join("\n");
    const fake = await openFake({ replay: true, logs: ["JP", "KR"] });
    for (const nation of ["JP", "KR"]) fake.logs[`/log/${nation}`] = log(nation);
    return fake;
}

// axe in other states that the page may be in: two of them; with WARNLINK_AXE=all each of them in
// each language and on both grounds, which takes three minutes (and is given no more than twenty).
async function checkStates() {
    const axe = readFileSync(packages.resolve("axe-core/axe.min.js"), "utf8");
    const key = (...keys) => async (page) => { for (const one of keys) await page.keyboard.press(one); };
    const opens = (id, ...keys) => async (page) => {
        await page.click("#operator");
        await page.keyboard.type("Sato");
        await page.keyboard.press("Enter");
        await until(() => page.evaluate(() => !document.querySelector("dialog[open]")));
        await key(...keys)(page);
        await until(() => page.evaluate((name) => document.getElementById(name).open, id));
    };
    const own = (state) => warning(7, BY_HAND + 7, "LAUNCH", { state, by: "Sato", person: true, at_sea: false });
    const states = {
        "nothing in the picture": { fake: () => openFake() },
        "the globe": { act: key("2", "o") },
        "the past": { act: key("ArrowLeft"), is: () => document.documentElement.dataset.nature === "REPLAY" },
        "a sign-in": { act: (page) => page.click("#operator"), is: () => document.getElementById("signin").open },
        "a reason": { act: opens("ground-dialog", "x") },
        "a text": { act: opens("text-dialog", "e") },
        "a warning by hand": { act: opens("warn-dialog", "m") },
        "a note": { act: opens("note-dialog", "n") },
        "what persons warned of": { say: (fake) => { fake.say("warning", own("released")); fake.say("warning", { ...own("proposed"), number: 8, object: BY_HAND + 8 }); },
                                    act: key("k"), is: () => warnlink.scene.own.length === 2 },
        "life that breaks through": { change: { live_watch: true }, say: (fake) => fake.say("live", { heard: true, nation: "JP", launches: 1, asking: 1 }),
                                      is: () => !document.getElementById("breaks").hidden },
        "a lost track, no arrangement, no partner": { say: (fake) => {
            fake.say("picture", picture(T0 + 201e3, [item(1, { disagrees: true, state: { ...item(1).state, condition: "LOST" } })]));
            fake.health = { hubs: [{ n: "HON-A", alive: false, backlog: 99 }], partners: [{ n: "KR", arrangement: "TMW-1", alive: false }],
                            arrangements: [{ name: "TMW-1", version: 1, state: "withdrawn", in_force: false, until: T0 }] };
        }, is: () => document.getElementById("launches").textContent.length > 0 && document.querySelector("#chips .bad") },
        "a cancelled warning, and what waits": { say: (fake) => {
            fake.say("warning", warning(6, 1, "CORRECTION", { correction: "CANCELLED", final: true, person: true, ground: "no-missile",
                                                              by: "Sato", replaces: 1, also: [2] }));
            fake.say("warning", warning(7, 1, "TAKE_COVER", { state: "proposed", by: "" }));
        }, act: (page) => page.evaluate(() => { for (const one of document.querySelectorAll("details")) one.open = true; }),
           is: () => document.querySelectorAll("#warning .waiting").length === 1 },
        "five hundred objects": { say: (fake) => fake.say("picture", picture(T0 + 201e3, Array.from({ length: 500 }, (_, i) => item(i + 1)))),
                                  is: () => warnlink.scene.flights.length === 500 },
        "acknowledged": { say: (fake) => fake.say("alarms", alarms(alarm(1, "LAUNCH", { count: 1, objects: [1], acknowledged: true, by: "Sato", at: T0 + 201e3 }))),
                          is: () => warnlink.asking.length === 0 },
        "life": { change: { nature: "LIVE", exercise: "", accounts: true }, is: () => document.documentElement.dataset.nature === "LIVE" },
        "a test": { change: { nature: "TEST", exercise: "" }, is: () => document.documentElement.dataset.nature === "TEST" },
        "the nations beside each other": { fake: twoNations, act: key("w"), is: () => !document.getElementById("beside").hidden },
        "on paper": { act: async (page) => {
            await page.emulateMedia({ media: "print" });
            await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
        } },
        "a silent node": { act: (page, fake) => fake.mute(), is: () => document.documentElement.dataset.stale === "true" },
    };
    const grounds = [["en", "dark"], ["ja", "light"], ["ko", "dark"], ["en", "light"], ["ja", "dark"], ["ko", "light"]];
    const violations = [];
    const end = Date.now() + 1200e3;
    const isAll = process.env.WARNLINK_AXE === "all";
    const names = isAll ? Object.keys(states) : ["nothing in the picture", "a warning by hand"];
    let looked = 0;
    for (const [name, state] of names.map((one) => [one, states[one]])) {
        const began = Date.now();
        for (const [lang, theme] of isAll ? grounds : [grounds[looked]]) {
            if (Date.now() > end) break;
            const fake = await (state.fake?.() ?? flying(state.change));
            state.say?.(fake);
            const { page } = await openPage(context, `${fake.url}#lang=${lang}&theme=${theme}`);
            await until(() => page.evaluate(() => warnlink.view.health));
            await state.act?.(page, fake);
            if (state.is && !await until(() => page.evaluate(state.is), 20)) violations.push([name, "was not reached"]);
            await page.waitForTimeout(300);
            await page.evaluate(axe);
            const found = await page.evaluate(() => axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] }));
            looked++;
            for (const one of found.violations)
                violations.push([name, lang, theme, one.id, one.nodes.slice(0, 3).map((node) => node.target.join(" "))]);
            await page.close();
            fake.close();
        }
        if (isAll) note(`${name}: ${((Date.now() - began) / 1000).toFixed(0)} s`);
    }
    check(looked === names.length * (isAll ? grounds.length : 1) && violations.length === 0, `nor in ${names.length} other states (${looked} looked at)`, violations);
}

async function checkHonesty() {
    const fake = await openFake();
    fake.now = () => T0 + 400e3;
    const lost = item(1, { disagrees: true, state: { ...item(1).state, condition: "LOST" } });
    const boost = item(2, { state: { ...item(1).state, phase: "BOOST", t: T0 + 340e3 }, impact: undefined });
    delete boost.impact;
    fake.say("picture", picture(T0 + 400e3, [lost, boost]));
    fake.say("health", health(T0 + 400e3, { arrangements: [{ name: "TMW-1", version: 1, state: "withdrawn", in_force: false, until: T0 }] }));
    fake.say("alarms", alarms(alarm(1, "ARRANGEMENT", { key: "TMW-1" }), alarm(2, "PARTNER", { key: "KR" }), alarm(3, "DISAGREE", { key: "1" })));
    fake.mute();
    const { page } = await openPage(context, fake.url);
    await until(() => page.evaluate(() => warnlink.scene.flights.length === 2));
    const words = await text(page, "launches");
    check(words.includes("ASSESS") && !words.toLowerCase().includes("passed"), "a lost track asks for a judgement and never says passed", words);
    const old = await page.evaluate(() => warnlink.scene.flights.find((one) => one.item.number === 2));
    check(old.isOld && old.path.length === 0, "under thrust nothing is carried on: an old place is shown as old");
    check((await text(page, "chips")).includes("NO ARRANGEMENT"), "without an arrangement the page says so");
    check((await text(page, "alarm-words")).includes("TMW-1") && (await text(page, "alarm-words")).includes("own sensors"),
          "a withdrawn arrangement is an alarm, and own sensors go on");
    check((await text(page, "alarms")).includes("KR: silence is not calm"), "so is a lost partner");
    check(words.includes("SOURCES DISAGREE") && (await text(page, "alarms")).includes("sources of object 1 disagree"),
          "and sources that contradict each other", words);
    check((await text(page, "sound")).includes("SOUND OFF") &&
          await page.evaluate(() => document.getElementById("alarms").textContent.includes("sound is off")),
          "sound that is off is itself an alarm");
    await page.close();
    fake.close();
}

// Two keystrokes correct or cancel; a text has two persons; what waits is released by key.
async function checkPersons() {
    const fake = await flying();
    const { page, faults } = await openPage(context, fake.url);
    await until(() => page.evaluate(() => warnlink.asking.length === 1));
    const acts = () => fake.commands.filter((one) => !["sign-in"].includes(one.act));
    const signIn = async (name) => {
        await page.click("#operator");
        await page.fill("#name", name);
        await page.keyboard.press("Enter");
        await until(() => page.evaluate(() => !document.querySelector("dialog[open]")));
    };
    await signIn("Sato");
    await page.keyboard.press("x");
    await until(() => page.evaluate(() => document.getElementById("ground-dialog").open));
    await page.keyboard.press("2");
    check(await until(() => acts().length === 1) && acts()[0].act === "cancel" && acts()[0].number === 1 &&
          acts()[0].words === "no-missile" && acts()[0].nature === "EXERCISE",
          "X and a digit: two keystrokes cancel the chosen warning, with the reason and the page's nature", acts());
    await page.keyboard.press("c");
    await page.keyboard.press("1");
    check(await until(() => acts().length === 2) && acts()[1].act === "correct" && acts()[1].words === "wrong-area",
          "C and a digit correct it", acts());
    await page.keyboard.press("x");
    await page.keyboard.press("Escape");
    check(await until(() => page.evaluate(() => !document.querySelector("dialog[open]"))) && acts().length === 2,
          "Escape does nothing");
    await page.keyboard.press("e");
    await until(() => page.evaluate(() => document.getElementById("text-dialog").open));
    await page.keyboard.type("Go east");
    await page.keyboard.press("Tab");
    await page.keyboard.type("東へ");
    await page.keyboard.press("Enter");
    check(await until(() => acts().length === 3) && acts()[2].act === "text" && acts()[2].said.en === "Go east" &&
          acts()[2].said.ja === "東へ" && acts()[2].said.ko === "", "E: a text in its languages is proposed", acts());
    const said = (words, more = {}) => ({ headline: "h", description: "d", instruction: "i", said: words, ...more });
    const texts = { en: said("Go east <b>"), ja: said("東へ"), ko: said(undefined) };
    fake.say("warning", warning(5, 1, "TAKE_COVER", { state: "proposed", by: "Sato", person: true, replaces: 1, ...texts }));
    await until(() => page.evaluate(() => document.querySelectorAll("#warning .waiting").length === 1));
    const box = await text(page, "warning");
    check(box.includes("Go east <b>") && box.includes("東へ") && box.includes("Sato") && box.includes("second person"),
          "a text that waits is shown with who wrote it, in all its languages", box);
    await page.keyboard.press("r");
    check(await until(() => acts().length === 4) && acts()[3].act === "release" && acts()[3].number === 5, "R releases what waits");
    fake.say("act", { t: T0 + 201e3, act: "release", number: 5, words: "", by: "Sato", proved: false, outcome: "same-person" });
    for (const [lang, words] of [["en", "the same person"], ["ja", "同じ担当者"], ["ko", "같은 담당자"]]) {
        await page.selectOption("#language", lang);
        check(await until(async () => (await text(page, "history")).includes(words)), `a refusal is told: ${words}`);
    }
    await page.selectOption("#language", "en");
    fake.say("warning", warning(5, 1, "TAKE_COVER", { state: "superseded", by: "", person: true, replaces: 1, ...texts }));
    fake.say("warning", warning(6, 1, "CORRECTION", { correction: "CANCELLED", final: true, person: true, ground: "no-missile",
                                                      by: "Sato", replaces: 1, also: [2] }));
    fake.say("warning", warning(7, 1, "TAKE_COVER", { state: "proposed", by: "" }));
    fake.say("alarms", alarms(alarm(2, "WAITING", { key: "1" })));
    check(await until(async () => (await text(page, "warning")).includes("The machine would warn again")),
          "after a cancel, what the machine would say waits, and says so", await text(page, "warning"));
    check((await text(page, "warning")).includes("there was no missile") && (await text(page, "warning")).includes("#1 #2"),
          "the life of the warnings has the reason, and all that was cancelled", await text(page, "warning"));
    check((await text(page, "alarm-words")).includes("waits for a person"), "and an alarm asks");
    check(await page.evaluate(() => warnlink.view.telling(1).areas.length === 0), "the map shows nobody warned");
    await page.keyboard.press("x");
    await page.waitForTimeout(200);
    check(await page.evaluate(() => !document.querySelector("dialog[open]")), "what is not in force cannot be cancelled");
    await page.keyboard.press("ArrowLeft");
    await until(() => page.evaluate(() => document.documentElement.dataset.nature === "REPLAY"));
    await page.keyboard.press("r");
    await page.waitForTimeout(200);
    check(acts().length === 4 && await page.evaluate(() => document.querySelectorAll("#warning button").length === 0),
          "in the past nothing can be released, corrected or cancelled");
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/persons.png` });
    await page.close();
    fake.close();
    check(faults.length === 0, "without an error", faults);
}

// Two persons warn where the machine does not; which of a salvo an object is.
async function checkByHand() {
    const fake = await openFake();
    fake.now = () => T0 + 200e3;
    fake.areas = [["JP-01", "Hokkaido", "北海道", "홋카이도"], ["JP-47", "Okinawa", "沖縄県", "오키나와"]]
        .map(([key, en, ja, ko]) => ({ key, en, ja, ko, rings: [[140, 42, 140, 44, 144, 44, 144, 42]] }));
    const { page, faults } = await openPage(context, fake.url);
    const acts = () => fake.commands.filter((one) => one.act !== "sign-in");
    await page.keyboard.press("m");
    await until(() => page.evaluate(() => document.getElementById("signin").open));
    await page.keyboard.type("Sato");
    await page.keyboard.press("Enter");
    await until(() => page.evaluate(() => document.getElementById("warn-dialog").open));
    await page.keyboard.press("Enter");
    check(await until(() => text(page, "warn-fault")) && acts().length === 0, "a warning by hand without an area is none");
    for (const key of ["Tab", "Home", "Control+ArrowDown", "Control+Space"]) await page.keyboard.press(key);
    await page.keyboard.press("Tab");
    await page.keyboard.type("By telephone");
    await page.keyboard.press("Enter");
    check(await until(() => acts().length === 1) && acts()[0].act === "warn" && acts()[0].number === 0 && acts()[0].nature === "EXERCISE" &&
          acts()[0].words === "TAKE_COVER JP-01 JP-47" && acts()[0].said.en === "By telephone",
          "by keyboard, with nothing in the picture: kind, areas and words are proposed", acts());
    const said = { headline: "h", description: "d", instruction: "i", said: "By telephone" };
    const own = (state, by) => warning(7, BY_HAND + 7, "TAKE_COVER", { state, by, person: true, en: said, ja: said, ko: said, at_sea: false });
    fake.say("warning", own("proposed", "Sato"));
    fake.say("alarms", alarms(alarm(3, "WAITING", { key: String(BY_HAND + 7) })));
    check(await until(async () => (await text(page, "alarm-words")).includes("second person")), "it asks for a second person");
    check((await text(page, "launches")).includes("Warning 7 · by persons") && (await text(page, "warning")).includes("By telephone"),
          "it is in the list, with its words", await text(page, "launches"));
    check(await page.evaluate(() => warnlink.scene.own[0].telling.areas.length === 0), "while it waits nobody is shown as warned");
    await page.keyboard.press("r");
    check(await until(() => acts().length === 2) && acts()[1].act === "release" && acts()[1].number === 7, "R releases it");
    fake.say("warning", own("released", "Kato"));
    check(await until(() => page.evaluate(() => warnlink.scene.own[0]?.telling.areas.length === 1)), "released, its areas are warned");
    await page.keyboard.press("x");
    await until(() => page.evaluate(() => document.getElementById("ground-dialog").open));
    await page.keyboard.press("3");
    check(await until(() => acts().length === 3) && acts()[2].act === "cancel" && acts()[2].number === 7, "X and a digit end it");
    fake.say("warning", warning(8, BY_HAND + 7, "CORRECTION", { person: true, correction: "CANCELLED", final: true, replaces: 7 }));
    check(await until(() => page.evaluate(() => warnlink.scene.own.length === 0)), "ended, it leaves the list");
    const salvo = (number, by) => item(number, { event: "e".repeat(32), named_by: by, ordinal: number,
                                                 launch: { ...item(1).launch, min: 4, max: 5 } });
    fake.say("picture", picture(T0 + 200e3, [salvo(1, "KR"), salvo(2, "JP")]));
    fake.say("entry", { t: T0 + 90e3, kind: "named", object: 2, at: T0, lat: 0, lon: 0, names: "JP 2 of 4-5; before: KR 1" });
    fake.say("alarms", alarms(alarm(4, "LAUNCH", { count: 2, objects: [1, 2] })));
    for (const [lang, name, count, before] of [["en", "missile 2 of 4–5 (named by JP)", "4–5 missiles", "before: KR 1"],
                                               ["ja", "2発目(全4–5発、命名:JP)", "ミサイル4–5発", "以前:KR 1"],
                                               ["ko", "2번째 (총 4–5발, 명명: JP)", "미사일 4–5발", "이전: KR 1"]]) {
        await page.selectOption("#language", lang);
        check(await until(async () => (await text(page, "launches")).includes(name) && (await text(page, "alarm-words")).includes(count) &&
            (await text(page, "history")).includes(name) && (await text(page, "history")).includes(before)),
              `${lang}: which of a salvo an object is, and of how many, in list, alarm and history`, await text(page, "launches"));
    }
    await page.keyboard.press("j");
    check(await until(async () => (await text(page, "object")).includes("2번째 (총 4–5발, 명명: JP)")), "and in the table of the object");
    await page.close();
    fake.close();
    check(faults.length === 0, "without an error", faults);
}

// Persons' warnings and alarms leave room: two launches are seen whole, on a small screen, too.
async function checkRoom() {
    const fake = await openFake();
    fake.now = () => T0 + 200e3;
    fake.say("picture", picture(T0 + 200e3, [1, 2, 3].map((n) => item(n, { event: "e".repeat(32), named_by: "KR", ordinal: n,
        launch: { ...item(n).launch, min: 3, max: 4 } }))));
    for (let n = 11; n <= 18; n++)
        fake.say("warning", warning(n, BY_HAND + n, "LAUNCH", { state: n === 13 ? "proposed" : "released", by: "Sato", person: true, at_sea: false }));
    fake.say("alarms", alarms(alarm(1, "LAUNCH", { count: 3, objects: [1, 2, 3] }), alarm(2, "PARTNER", {}),
                              alarm(3, "WAITING", { key: String(BY_HAND + 13) }), alarm(4, "HUB", { key: "HON-A" })));
    const hidden = [];
    for (const lang of ["en", "ja", "ko"]) {
        const { page } = await openPage(context, `${fake.url}#lang=${lang}`);
        await until(() => page.evaluate(() => warnlink.scene.own.length === 8 && warnlink.asking.length === 4));
        for (const [width, height] of [[1600, 900], [1280, 720]]) {
            await page.setViewportSize({ width, height });
            const seen = () => page.evaluate(() => {
                const list = document.getElementById("launches").getBoundingClientRect();
                return [1, 2].every((n) => {
                    const row = document.querySelector(`#launches [data-number="${n}"]`)?.getBoundingClientRect();
                    return row && row.top >= list.top - 1 && row.bottom <= list.bottom + 1;
                });
            });
            if (!await until(seen, 3)) hidden.push([lang, width]);
        }
        if (lang === "en") {
            check((await text(page, "launches")).startsWith(`Warning 13`), "of what persons warned of, what waits comes first", await text(page, "launches"));
            for (let i = 0; i < 20; i++) await page.keyboard.press("j");
            const last = await page.evaluate(() => {
                const list = document.getElementById("launches").getBoundingClientRect();
                const row = document.querySelector("#launches .selected").getBoundingClientRect();
                return [document.querySelector("#launches .selected").dataset.number, row.top >= list.top - 1 && row.bottom <= list.bottom + 1];
            });
            check(last[0] === "3" && last[1], "what is chosen by key comes into view", last);
        }
        await page.close();
    }
    check(hidden.length === 0, "eight warnings by persons and five alarms leave two launches in view", hidden);
    fake.close();
}

// What sharing changed: the difference between the nation as it is and one on own radars alone.
async function checkSharing() {
    const fake = await openFake();
    fake.now = () => T0 + 400e3;
    const alone = item(1, { declared_at: T0 + 100e3, impact: { ...item(1).impact, ee: 4 * 7.4e6, en: 0, nn: 4 * 1e5 } });
    const shared = item(1, { impact: { ...item(1).impact, en: 0 } });
    fake.say("picture", { ...picture(T0 + 400e3, [shared]), own: { t: T0 + 400e3, objects: [alone] } });
    const area = (index, en) => ({ index, en, ja: en, ko: en, reason: "DIRECT", p: 1, earliest: T0 + 500e3 });
    fake.say("warning", warning(1, 1, "LAUNCH", { t: T0 + 90e3, areas: [area(0, "Hokkaido"), area(1, "Aomori")] }));
    fake.say("alone", warning(1, 1, "LAUNCH", { t: T0 + 120e3, areas: [area(0, "Hokkaido"), area(2, "Akita")] }));
    const { page, faults } = await openPage(context, `${fake.url}#lang=en`);
    await until(() => page.evaluate(() => document.querySelectorAll("#sharing tr").length === 6));
    const rows = await page.evaluate(() => [...document.querySelectorAll("#sharing tr")].slice(1).map((row) =>
        [...row.children].map((cell) => cell.textContent).join("|")));
    check(rows[0] === "Launch declared|T+01:40|T+01:10|00:30 sooner", "seconds gained", rows);
    check(rows[1] === "90 % ellipse now|12 km|5.8 km|50 % smaller", "the ellipse that shrank", rows);
    check(rows.slice(2).sort().join() === ["Warned: Akita|T+02:00|not so far|only by own radars", "Warned: Aomori|not so far|T+01:30|only by sharing",
        "Warned: Hokkaido|T+02:00|T+01:30|00:30 sooner"].join(), "areas warned later, not at all, or wrongly without it", rows);
    await page.keyboard.press("o");
    check(await until(() => page.evaluate(() => warnlink.scene.isOwnOnly && warnlink.scene.flights[0].item.declared_at - warnlink.log.pictures[0].t === -300e3)),
          "O shows the picture of own radars");
    await page.close();
    fake.close();
    check(faults.length === 0, "without an error", faults);
}

// In a browser that is zoomed out, too, each drawing begins on a clean ground.
async function checkZoom() {
    const zoomed = await openBrowser({ deviceScaleFactor: 0.8 });
    const fake = await flying();
    const { page } = await openPage(zoomed.context, fake.url);
    await until(() => page.evaluate(() => warnlink.symbolsAreReady() && warnlink.log.trails.size > 0));
    const looks = [];
    for (const at of [150, 160, 150, 170, 150].map((s) => T0 + s * 1000)) {
        await page.evaluate((t) => warnlink.goTo(t), at);
        await until(() => page.evaluate((t) => warnlink.drawn === t, at));
        looks.push(await page.evaluate(() => {
            const canvas = document.getElementById("map");
            const { data } = canvas.getContext("2d").getImageData(canvas.width * 0.7, canvas.height * 0.7, canvas.width * 0.3, canvas.height * 0.3);
            return Math.round(data.reduce((sum, value) => sum + value, 0) / 1000);
        }));
    }
    check(looks[0] === looks[2] && looks[0] === looks[4], "zoomed out, the same moment is the same picture", looks);
    await page.close();
    fake.close();
    await zoomed.close();
}

// Life beside an exercise: heard, broken through, silent.
async function checkLife() {
    const fake = await openFake({ live_watch: true });
    fake.now = () => T0 + 200e3;
    const { page, faults } = await openPage(context, fake.url);
    const chips = () => text(page, "chips");
    check(await until(async () => (await chips()).includes("live node not heard")),
          "a live node that is not heard is told, not taken for calm", await chips());
    fake.say("live", { heard: true, nation: "JP", launches: 0, asking: 0 });
    check(await until(async () => (await chips()).includes("live node: no launch")), "one that is quiet, too");
    check(await page.evaluate(() => document.getElementById("breaks").hidden), "then nothing breaks through");
    await page.click("#operator"); // a dialog is open
    fake.say("live", { heard: true, nation: "JP", launches: 2, asking: 1 });
    check(await until(() => page.evaluate(() => {
        const banner = document.getElementById("breaks");
        const box = banner.getBoundingClientRect();
        const dialog = document.querySelector("dialog[open]").getBoundingClientRect();
        return box.width === innerWidth && box.top === 0 && dialog.width > 0 && banner.matches(":popover-open");
    })), "a launch in life lies across the whole width, over a dialog too");
    const banner = await text(page, "breaks");
    check(banner.includes("THIS IS NO EXERCISE") && banner.includes("JP") && banner.includes("2 launches"), "it says so", banner);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/life-dialog.png` });
    await page.keyboard.press("Escape");
    for (const [lang, words] of [["ja", "訓練ではない"], ["ko", "훈련이 아님"], ["en", "NO EXERCISE"]]) {
        await page.selectOption("#language", lang);
        check(await until(async () => (await text(page, "breaks")).includes(words)), `in ${lang}`);
    }
    await page.keyboard.press("ArrowLeft");
    await page.waitForTimeout(500);
    check(await page.evaluate(() => !document.getElementById("breaks").hidden), "also while the past of the exercise is looked at");
    check(!fake.commands.some((one) => one.act !== "sign-in"), "nothing can be done about it here");
    await page.keyboard.press("l");
    fake.say("live", { heard: true, nation: "JP", launches: 0, asking: 0 });
    check(await until(() => page.evaluate(() => document.getElementById("breaks").hidden)), "it leaves when life is quiet again");
    await page.close();
    fake.close();
    check(faults.length === 0, "without an error", faults);
}

// A tab in the background gets no frames and slow timers; an alarm must sound there, and its
// title must say so. Frames are withheld here for certain, whatever this browser does.
async function checkHidden() {
    const fake = await openFake();
    fake.now = () => T0 + 200e3;
    const page = await context.newPage();
    await page.addInitScript(() => {
        window.tones = 0;
        const make = AudioContext.prototype.createOscillator;
        AudioContext.prototype.createOscillator = function () {
            window.tones++;
            return make.call(this);
        };
        const frame = window.requestAnimationFrame.bind(window);
        window.hide = () => {
            window.requestAnimationFrame = () => 0;
            Object.defineProperty(document, "hidden", { get: () => true });
        };
        window.unhide = () => {
            window.requestAnimationFrame = frame;
            delete document.hidden;
        };
    });
    await page.goto(fake.url);
    await until(() => page.evaluate(() => document.documentElement.dataset.ready === "true"));
    await page.click("#sound");
    await until(() => page.evaluate(() => window.tones > 0));
    await page.evaluate(() => { window.hide(); });
    await page.waitForTimeout(300); // the frame that was on its way
    const tones = await page.evaluate(() => window.tones);
    const before = await page.evaluate(() => warnlink.log.healths.length);
    fake.say("alarms", alarms(alarm(1, "LAUNCH", { count: 1, objects: [1] })));
    check(await until(() => page.evaluate((n) => window.tones > n, tones)), "in a hidden tab an alarm sounds");
    const beats = await page.evaluate((n) => warnlink.log.healths.length - n, before);
    check(beats <= 6, "within 3 s, by the node's beats", beats);
    check(await until(async () => (await page.title()).startsWith("(1)")), "and the title of the tab says so");
    await page.close();
    fake.close();
}

const CHECKS = { cut: checkCut, hidden: checkHidden, persons: checkPersons, hand: checkByHand, room: checkRoom, sharing: checkSharing, zoom: checkZoom, life: checkLife,
                 keyboard: checkKeyboard, poison: checkPoison, exports: checkExports, flood: checkFlood, nature: checkNature,
                 languages: checkLanguages, states: checkStates, honesty: checkHonesty };
const only = process.argv.slice(2); // all, if none is named
for (const [name, one] of Object.entries(CHECKS)) if (!only.length || only.includes(name)) await one();
await browser.close();
done();
