// main.ts -- the page: state, keys, and the beat at which it is drawn.
// SPDX-License-Identifier: Apache-2.0
import { operator } from "./acts";
import { isAsking, standingAlarms, type Shown } from "./alarms";
import { fit, symbolsAreReady } from "./canvas";
import { liveNow, setAnchor } from "./clock";
import { warningBox } from "./desk";
import { byId, fill, h, mark, say } from "./dom";
import { download, linkTo, toCsv, toGeoJson } from "./export";
import { span, utc } from "./format";
import { natureWords, showHead, type Head } from "./head";
import { lifeChip, showLife, soundsOfLife } from "./life";
import { byHand, Log, type View } from "./log";
import { drawMap, newMapView } from "./map";
import { historyRows, launchRows, objectTable, type Moment } from "./panels";
import { doAct, onDeskClick, onDeskKey, warnByHand, whoActs, type Desk } from "./persons";
import { drawProfile } from "./profile";
import { moveScene, sceneOf, type Scene } from "./scene";
import { fillSheet } from "./sheet";
import { askForName, askForNote, dialogIsOpen } from "./signin";
import { drawBeside, showBeside } from "./beside";
import { armSound, disarmSound, sound, soundIsArmed } from "./sound";
import { listenToMap, panMap } from "./steer";
import { json, listen, read, type Stream } from "./stream";
import { palette } from "./theme";
import { drawTimeline, timeAt } from "./timeline";
import { pedigreeBox, sharingRows } from "./trust";
import { whoKnewRows } from "./whoknew";
import { LANGUAGES, language, speak, w, type Language } from "./words";
import { setAreas, setLand } from "./world";

const STALE_MS = 3000;
const JUMP_MS = 10_000;
const MARKING = ["picture", "alarms", "warning", "entry", "cut", "open", "act", "live"];
const CROWD = 40; // so many objects are shown anew when they are told of, once a second
const TOLD_MS = 250; // all is shown anew so often,
const TOLD_CROWD_MS = 1300; // in a crowd only where nothing comes

const logs = new Map<string, Log>(); // one live; in replay one for each nation
let log = new Log();
let stream: Stream | null = null;
let isReplay = false;
let moment = Infinity; // what is shown: Infinity is now
let playing = 0; // times life; 0: stands
let selected = 0;
let wasChosen = false; // by a person: then no newer launch takes the view away
let isOwnOnly = false;
let isBeside = false; // the nations' maps beside each other
let isLight = false;
let view: View = log.at(Infinity);
let scene: Scene = { flights: [], own: [], now: 0, isOwnOnly: false, key: "" };
let asking: Shown[] = [];
let isDirty = true;
let drawn = 0; // the moment that is on the screen
let dueAt = 0; // when what flies has moved so far that the map must be drawn anew
let wasTouched = false; // the map, by a person
const map = newMapView();

// ---- time --------------------------------------------------------------------------------

function now(): number {
    if (moment !== Infinity) return moment;
    return isReplay ? log.newest : liveNow();
}

function hasData(): boolean {
    return isReplay || (stream !== null && performance.now() - stream.heard < STALE_MS);
}

export function goTo(t: number): void {
    moment =
        !isReplay && t >= log.newest ? Infinity : Math.min(Math.max(t, log.first), log.newest);
    isDirty = true;
}

// ---- what is shown -------------------------------------------------------------------------

function update(): void {
    view = log.at(moment);
    scene = sceneOf(view, now(), isOwnOnly);
    const objects = view.picture?.objects ?? [];
    const numbers = chosenFrom();
    const first = numbers.find((number) => !byHand(number)) ?? objects[0]?.number;
    const isThere = numbers.concat(objects.map((item) => item.number)).includes(selected);
    if (!wasChosen || !isThere) selected = first ?? numbers[0] ?? 0;
    const isLive = !isReplay && moment === Infinity;
    const all = standingAlarms(
        log.at(isLive ? Infinity : moment),
        isLive,
        hasData(),
        soundIsArmed(),
    );
    asking = all.filter(isAsking);
    sound((isLive && asking.length > 0) || soundsOfLife(log, isReplay));
    showLife(log, isReplay);
    showHead(headNow(all, isLive));
    showPanels();
    for (const id of ["map", "profile", "timeline"]) fit(byId<HTMLCanvasElement>(id));
}

function headNow(all: Shown[], isLive: boolean): Head {
    const heard = performance.now() - (stream?.heard ?? 0);
    return {
        ...momentNow(),
        all,
        asking,
        isLive,
        isReplay: !isLive,
        isOwnOnly,
        hasData: hasData(),
        heard,
        chip: lifeChip(log, isReplay),
    };
}

function nature(): string {
    return natureWords(log.about, isReplay || moment !== Infinity);
}

function momentNow(): Moment {
    return { view, scene, about: log.about, now: now(), selected };
}

function askingObjects(): Set<number> {
    return new Set(asking.flatMap(({ alarm }) => alarm.objects));
}

function showPanels(): void {
    const m = momentNow();
    fill(byId("launches"), launchRows(m, askingObjects()));
    fill(byId("object"), objectTable(m));
    fill(byId("warning"), warningBox(m, !isReplay && moment === Infinity));
    fill(
        byId("pedigree"),
        pedigreeBox(m, () => {
            isDirty = true;
        }),
    );
    fill(byId("sharing"), sharingRows(m));
    fill(byId("history"), historyRows(m));
    byId("whoknew-box").hidden = byId("compare").hidden = logs.size < 2;
    mark(byId("compare"), "on", isBeside);
    if (logs.size > 1) fill(byId("whoknew"), whoKnewRows(logs, moment));
    const t0 = scene.flights.find((one) => one.shared.number === selected)?.t0;
    say(byId("clock"), t0 !== undefined ? `T+${span(m.now - t0)}` : utc(m.now));
    say(
        byId("live"),
        moment === Infinity ? `● ${isReplay ? w("REPLAY") : w("live")}` : `▶| ${w("live")}`,
    );
    byId<HTMLButtonElement>("warn").disabled = isReplay || moment !== Infinity;
    say(byId("play"), playing ? `❚❚ ${w("pause")}` : `▶ ${w("play")}`);
    mark(byId("own"), "on", isOwnOnly);
    byId("own").setAttribute("aria-pressed", String(isOwnOnly));
    mark(byId("to-map"), "on", map.kind === "map");
    mark(byId("to-globe"), "on", map.kind === "globe");
}

// Words that never change but with the language.
function showWords(): void {
    document.documentElement.lang = language();
    for (const element of document.querySelectorAll<HTMLElement>("[data-w]"))
        say(element, w(element.dataset.w as "map"));
    for (const element of document.querySelectorAll<HTMLElement>("[data-label]"))
        element.setAttribute("aria-label", w(element.dataset.label as "map"));
    byId<HTMLSelectElement>("language").value = language();
    isDirty = true;
}

// The map alone: what is moved by flying, or by a person.
function drawMaps(time: number): void {
    const colours = palette(isLight);
    const isLife = log.about?.nature === "LIVE" && !isReplay && moment === Infinity;
    const options = {
        about: log.about,
        colours,
        selected,
        flashing: askingObjects(),
        watermark: isLife ? "" : nature(),
    };
    if (showBeside(logs, isBeside)) drawBeside(logs, now(), options);
    else {
        setAreas(log.areas);
        dueAt = time + drawMap(byId<HTMLCanvasElement>("map"), map, scene, options);
    }
    drawn = scene.now;
}

function drawAll(time: number): void {
    const colours = palette(isLight);
    drawMaps(time);
    drawProfile(byId<HTMLCanvasElement>("profile"), scene, selected, log.about, colours);
    drawTimeline(byId<HTMLCanvasElement>("timeline"), log, view, now(), selected, colours);
}

// ---- acts ----------------------------------------------------------------------------------

function desk(): Desk {
    const isLive = !isReplay && moment === Infinity;
    return { log, telling: view.telling(selected), isLive };
}

async function acknowledge(): Promise<void> {
    if (isReplay || moment !== Infinity || !asking.length) return;
    await doAct(log, "acknowledge", asking[0]!.alarm.number);
}

async function toggleSound(): Promise<void> {
    if (soundIsArmed()) await disarmSound();
    else await armSound();
    const name = soundIsArmed() ? "sound-on" : "sound-off";
    if (operator()) void doAct(log, name, 0); // without a name nobody can be noted
    isDirty = true;
}

async function note(): Promise<void> {
    if (!isReplay && (await whoActs(log))) {
        const words = await askForNote();
        if (words) await doAct(log, "note", selected, words);
    }
}

const chosenFrom = () => [
    ...scene.own.map((one) => one.number),
    ...scene.flights.map((flight) => flight.shared.number),
];

function choose(step: number): void {
    const numbers = chosenFrom();
    const at = numbers.indexOf(selected);
    if (!numbers.length) return;
    selected = numbers[Math.min(Math.max(at + step, 0), numbers.length - 1)]!;
    wasChosen = true;
    update();
    document.querySelector("#launches .selected")?.scrollIntoView({ block: "nearest" });
    isDirty = true;
}

function setTheme(light: boolean): void {
    isLight = light;
    document.documentElement.dataset.theme = light ? "light" : "dark";
    isDirty = true;
}

function nextLanguage(): void {
    speak(LANGUAGES[(LANGUAGES.indexOf(language()) + 1) % LANGUAGES.length]!);
    showWords();
}

function permalink(): string {
    const event = view.picture?.objects.find((item) => item.number === selected)?.event ?? "";
    return linkTo(Math.round(now()), selected, event, log.about?.nation ?? "");
}

function goLive(): void {
    goTo(Infinity);
    playing = 0;
}

const KEYS: Record<string, () => void> = {
    " ": () => void acknowledge(),
    j: () => choose(1),
    ArrowDown: () => choose(1),
    k: () => choose(-1),
    ArrowUp: () => choose(-1),
    1: () => void (map.kind = "map"),
    2: () => void (map.kind = "globe"),
    o: () => void (isOwnOnly = !isOwnOnly),
    w: () => void (isBeside = !isBeside),
    l: goLive,
    p: togglePlay,
    ArrowLeft: () => goTo(now() - JUMP_MS),
    ArrowRight: () => goTo(now() + JUMP_MS),
    n: () => void note(),
    m: () => void warnByHand(desk(), byHand(selected) ? 0 : selected),
    t: () => setTheme(!isLight),
    g: nextLanguage,
    s: () => void toggleSound(),
    "+": () => zoom(1.25),
    "-": () => zoom(0.8),
    0: () => Object.assign(map, newMapView(), { kind: map.kind }),
};

function zoom(by: number): void {
    map.zoom = Math.min(12, Math.max(0.2, map.zoom * by));
    map.wasMoved = true;
}

function togglePlay(): void {
    if (!playing && now() >= log.newest) goTo(log.first);
    if (!playing && moment === Infinity) goTo(log.first);
    playing = playing ? 0 : Number(byId<HTMLSelectElement>("speed").value);
}

function onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || dialogIsOpen()) return;
    if (target.matches("input, textarea, select")) return;
    // Space answers what asks, wherever the focus was left; only then does it press a button.
    const presses = event.key === " " && target.matches("button, summary");
    if (presses && !(asking.length && moment === Infinity && !isReplay)) return;
    const pans = event.shiftKey && event.key.startsWith("Arrow");
    const known = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
    const what = pans ? () => panMap(map, event.key) : known;
    if (!what && !onDeskKey(event.key.toLowerCase(), desk())) return;
    event.preventDefault();
    what?.();
    isDirty = true;
}

function listenToPerson(): void {
    document.addEventListener("keydown", onKey);
    const on = (id: string, what: () => void) =>
        byId(id).addEventListener("click", () => {
            what();
            isDirty = true;
        });
    on("acknowledge", () => void acknowledge());
    on("sound", () => void toggleSound());
    on("operator", () => void askForName(log.about));
    on("to-map", () => {
        map.kind = "map";
    });
    on("to-globe", () => {
        map.kind = "globe";
    });
    on("own", () => {
        isOwnOnly = !isOwnOnly;
    });
    on("compare", () => {
        isBeside = !isBeside;
    });
    on("theme", () => setTheme(!isLight));
    on("live", goLive);
    on("play", togglePlay);
    on("note", () => void note());
    on("warn", KEYS.m!);
    on("print", () => window.print());
    on("geojson", () => download("warnlink.geojson", "application/geo+json", toGeoJson(scene)));
    on("csv", () => download("warnlink.csv", "text/csv", toCsv(scene)));
    on("permalink", () => {
        history.replaceState(null, "", permalink());
        void navigator.clipboard?.writeText(permalink());
    });
    byId<HTMLSelectElement>("language").addEventListener("change", (event) => {
        speak((event.target as HTMLSelectElement).value as Language);
        showWords();
    });
    byId<HTMLSelectElement>("nation").addEventListener("change", (event) =>
        showNation((event.target as HTMLSelectElement).value),
    );
    byId("launches").addEventListener("click", (event) => {
        const li = (event.target as HTMLElement).closest<HTMLElement>("[data-number]");
        if (!li) return;
        [selected, wasChosen, isDirty] = [Number(li.dataset.number), true, true];
    });
    byId("warning").addEventListener("click", (event) =>
        onDeskClick(event.target as HTMLElement, desk()),
    );
    const timeline = byId<HTMLCanvasElement>("timeline");
    const scrub = (event: PointerEvent) => {
        if (event.buttons & 1) goTo(timeAt(timeline, event.offsetX, log));
    };
    timeline.addEventListener("pointerdown", scrub);
    timeline.addEventListener("pointermove", scrub);
    listenToMap(byId<HTMLCanvasElement>("map"), map, zoom, () => {
        wasTouched = true;
    });
    window.addEventListener("beforeprint", () =>
        fillSheet(byId("sheet"), momentNow(), nature()),
    );
}

// ---- the beat ------------------------------------------------------------------------------

let beaten = 0;
let told = 0;

function beat(time: number): void {
    requestAnimationFrame(beat);
    if (playing) goTo(Math.min(now() + (time - beaten) * playing, log.newest));
    if (playing && now() >= log.newest) playing = 0;
    beaten = time;
    const isRunning = moment === Infinity ? !isReplay : playing > 0;
    const isMoving = scene.flights.length > 0 && hasData() && isRunning;
    if (isDirty || time - told > (scene.flights.length > CROWD ? TOLD_CROWD_MS : TOLD_MS)) {
        isDirty = false;
        told = time;
        update();
        drawAll(time);
    } else if (wasTouched || (isMoving && time >= dueAt)) {
        wasTouched = false;
        moveScene(scene, now());
        drawMaps(time);
    }
}

// A tab in the background gets no frames, but must sound and say so in its title.
setInterval(() => {
    if (document.hidden) update();
}, 500);

// ---- start ---------------------------------------------------------------------------------

function showNation(nation: string): void {
    const chosen = logs.get(nation);
    if (!chosen) return;
    log = chosen;
    byId<HTMLSelectElement>("nation").value = nation;
    isDirty = true;
}

async function startReplay(names: string[]): Promise<void> {
    isReplay = true;
    for (const name of names) {
        const one = new Log(true);
        read(one, await (await fetch(`/log/${name}`)).text());
        logs.set(one.about?.nation ?? name, one);
    }
    const picker = byId<HTMLSelectElement>("nation");
    fill(
        picker,
        [...logs.keys()].map((name) => h("option", { value: name }, name)),
    );
    picker.hidden = logs.size < 2;
    const asked = new URLSearchParams(location.hash.slice(1));
    showNation(asked.get("nation") ?? [...logs.keys()][0]!);
    const first = log.entries.find((entry) => entry.kind === "declared")?.t ?? log.first;
    goTo(Number(asked.get("t")) || first);
    if (asked.get("object")) [selected, wasChosen] = [Number(asked.get("object")), true];
}

async function start(): Promise<void> {
    isLight = matchMedia("(prefers-color-scheme: light)").matches;
    const asked = new URLSearchParams(location.hash.slice(1));
    if (asked.get("lang")) speak(asked.get("lang") as Language);
    else speak(LANGUAGES.find((one) => navigator.language.startsWith(one)) ?? "en");
    setTheme(asked.get("theme") ? asked.get("theme") === "light" : isLight);
    if (asked.get("view") === "globe") map.kind = "globe";
    showWords();
    listenToPerson();
    const about = await json<NonNullable<Log["about"]>>("/about.json");
    if (about.replay) {
        await startReplay(about.logs ?? []);
    } else {
        log.about = about;
        let wanted = Number(asked.get("t")); // a moment that a link names
        stream = listen(log, (kind) => {
            if (kind === "health" || kind === "picture") setAnchor(log);
            if (kind === "health" && wanted) goTo(wanted);
            if (kind === "health") wanted = 0; // by then the past has come
            if (MARKING.includes(kind)) isDirty = true;
        });
    }
    requestAnimationFrame(beat);
    setLand(await json<number[][][]>("/map.json"));
    if (!about.replay) {
        log.areas = await json<Log["areas"]>("/areas.json");
    }
    isDirty = true;
    document.documentElement.dataset.ready = "true";
}

// For tests: what the page knows, and no way to change anything at the node.
Object.assign(window, {
    warnlink: {
        get log() {
            return log;
        },
        get logs() {
            return logs;
        },
        get view() {
            return view;
        },
        get scene() {
            return scene;
        },
        get stream() {
            return stream;
        },
        get asking() {
            return asking;
        },
        goTo,
        now,
        symbolsAreReady,
        get drawn() {
            return isDirty ? NaN : drawn;
        },
    },
});

start().catch((error: unknown) => {
    document.documentElement.dataset.stale = "true";
    say(byId("stale"), `${w("noData")} · ${String(error)}`);
    setTimeout(() => location.reload(), 2000);
});
