// panels.ts -- the lists and tables beside the maps, from the view at one moment.
// SPDX-License-Identifier: Apache-2.0
import { h, type Child } from "./dom";
import { age, km, latLon, local, seconds, span, utc } from "./format";
import { between, ellipseOf } from "./geo";
import {
    type About,
    type Act,
    type Area,
    type Entry,
    byHand,
    type Item,
    type View,
    type Warning,
} from "./log";
import type { Flight, Scene } from "./scene";
import type { Telling } from "./telling";
import { nationIndex } from "./theme";
import { language, w, wordOf, type Key } from "./words";

export interface Moment {
    view: View;
    scene: Scene;
    about: About | null;
    now: number;
    selected: number;
}

export const row = (name: string, ...value: Child[]) =>
    h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, ...value));

export const areaName = (area: Area) =>
    area.index < 0 ? area[language()] || w("sea") : area[language()];

export function nationMark(name: string): HTMLElement {
    return h("span", { class: `nation n${nationIndex(name)}` }, name);
}

// "Object 3"; "by persons 7": a warning without an object.
export const objectName = (number: number) =>
    byHand(number)
        ? `${w("warning")} ${byHand(number)} · ${w("byPerson")}`
        : `${w("object")} ${number}`;

export const upTo = (least: number, most: number) =>
    most > least ? `${least}–${most}` : String(least);

// Which of a salvo it is, by the name that all nations share; "": it is alone.
export function salvoName(item: Item): string {
    const { named_by, ordinal, launch } = item;
    if (!ordinal || !launch || launch.max < 2) return "";
    return w("salvoName", String(ordinal), upTo(launch.min, launch.max), named_by ?? "");
}

const LIST_MAX = 60; // rows about the chosen one; the rest is counted
const OWN_MAX = 2; // of what persons warn of: launches must be seen below them

// ---- launches ---------------------------------------------------------------------------

function countdown(flight: Flight, now: number): [string, string] {
    const { item } = flight;
    if (item.ended) return ["–", w("DOWN")];
    if (!item.impact) return ["–", w("noImpact")];
    const left = item.impact.t - now;
    return left >= 0 ? [span(left), w("impactIn")] : [span(left), w("impactWas")];
}

// So many rows about the chosen one, and how many there are.
function rowsAbout<T>(
    m: Moment,
    all: T[],
    numberOf: (one: T) => number,
    most: number,
    make: (one: T) => HTMLElement,
): HTMLElement[] {
    const at = all.findIndex((one) => numberOf(one) === m.selected);
    const first = Math.max(0, Math.min(at - (most >> 1), all.length - most));
    const rows = all.slice(first, first + most).map(make);
    if (rows.length === all.length) return rows;
    const words = `${first + 1}–${first + rows.length} ${w("of")} ${all.length}`;
    return [...rows, h("li", { class: "none more", role: "option" }, words)];
}

export function launchRows(m: Moment, asking: Set<number>): HTMLElement[] {
    const { own, flights } = m.scene;
    const rows = [
        ...rowsAbout(
            m,
            own,
            (one) => one.number,
            OWN_MAX,
            (one) => ownRow(m, one, asking),
        ),
        ...rowsAbout(
            m,
            flights,
            (flight) => flight.shared.number,
            LIST_MAX,
            (flight) => launchRow(m, flight, asking),
        ),
    ];
    if (!rows.length) {
        const what = h("b", {}, w("noLaunch"));
        rows.push(h("li", { class: "none", role: "option" }, what, h("br"), w("silence")));
    }
    return rows;
}

function option(m: Moment, number: number, classes: string, ...children: Child[]) {
    const isSelected = number === m.selected;
    return h(
        "li",
        {
            class: `launch ${classes}${isSelected ? " selected" : ""}`,
            "data-number": String(number),
            role: "option",
            tabindex: isSelected ? "0" : "-1",
            "aria-selected": String(isSelected),
        },
        ...children,
    );
}

function kindMarks(warning: Warning | undefined): Child[] {
    if (!warning) return [];
    const mark = h("span", { class: `kind ${warning.kind}` }, wordOf(warning.kind));
    return warning.state === "proposed"
        ? [mark, h("span", { class: "kind proposed" }, w("proposed"))]
        : [mark];
}

function areasLine(areas: Telling["areas"], most = 5): Child {
    const names = areas.map(({ area }) => (area.index < 0 ? w("sea") : areaName(area)));
    const more = names.length > most ? ` +${names.length - most}` : "";
    const land = areas.some(({ area }) => area.index >= 0);
    if (!names.length) return null;
    const words = names.slice(0, most).join("; ");
    return h("div", { class: land ? "areas land" : "areas" }, words, more);
}

// What persons warn of without an object.
function ownRow(m: Moment, own: Scene["own"][0], asking: Set<number>): HTMLElement {
    const { number, telling } = own;
    const worst = telling.inForce ?? telling.waiting[0];
    return option(
        m,
        number,
        asking.has(number) ? "own asking" : "own",
        h("div", { class: "what" }, h("strong", {}, objectName(number)), ...kindMarks(worst)),
        h("span", { class: "in" }, worst ? utc(worst.t) : ""),
        areasLine(telling.areas.length ? telling.areas : areasOfWaiting(worst), 3),
    );
}

const areasOfWaiting = (warning: Warning | undefined): Telling["areas"] =>
    warning ? warning.areas.map((area) => ({ area, warning })) : [];

function launchRow(m: Moment, flight: Flight, asking: Set<number>): HTMLElement {
    const { item, shared, telling } = flight;
    const [time, label] = countdown(flight, m.now);
    const classes = [
        asking.has(shared.number) ? "asking" : "",
        flight.isPredicted ? "predicted" : "",
        item.ended ? "ended" : "",
    ];
    const salvo = salvoName(shared);
    return option(
        m,
        shared.number,
        classes.join(" "),
        h("div", { class: "time" }, h("b", {}, time), h("small", {}, label)),
        h(
            "div",
            { class: "what" },
            h("strong", {}, objectName(shared.number)),
            ...kindMarks(telling.worst),
        ),
        salvo ? h("div", { class: "salvo" }, salvo) : null,
        h(
            "div",
            { class: "state" },
            wordOf(flight.standing),
            item.disagrees ? h("b", { class: "bad" }, ` · ${w("disagree")}`) : null,
        ),
        areasLine(telling.areas),
        h(
            "div",
            { class: "in" },
            ...item.in.map(nationMark),
            flight.now ? `${km(flight.now.h)} km` : "",
        ),
    );
}

// ---- one object -------------------------------------------------------------------------

function ellipseText(
    point: { ee: number; en: number; nn: number },
    probability: number,
): string {
    const { major, minor } = ellipseOf(point.ee, point.en, point.nn, probability);
    return `${km(major)} × ${km(minor)} km`;
}

function launchTable(item: Item): HTMLElement[] {
    const { launch } = item;
    if (!launch) return [row(w("launchPoint"), w("notKnown"))];
    const error = ellipseOf(launch.ee, launch.en, launch.nn, 0.95);
    const out = [
        row(w("launchPoint"), `${latLon(launch)} · ±${km(error.major)} km (95 %)`),
        row(w("launchTime"), `${utc(launch.t)} ±${(1.96 * launch.st).toFixed(0)} s`),
    ];
    if (item.heading !== undefined)
        out.push(
            row(
                w("heading"),
                `${item.heading.toFixed(0)}° ±${(1.96 * (item.sheading ?? 0)).toFixed(1)}°`,
            ),
        );
    if (item.burnout) out.push(row(w("burnout"), `T+${seconds(item.burnout - launch.t)}`));
    return out;
}

function impactTable(item: Item, now: number, nation: string): HTMLElement[] {
    const { impact, launch } = item;
    if (!impact) return [row(w("impactPoint"), w("noImpact"))];
    const isOld = now - impact.last > 5000;
    return [
        row(w("impactPoint"), latLon(impact)),
        row(
            w("impactTime"),
            `${utc(impact.t)} ±${(1.96 * impact.st).toFixed(0)} s`,
            h("small", {}, ` ${local(impact.t, nation)}`),
        ),
        row(w("ellipse50"), ellipseText(impact, 0.5)),
        row(w("ellipse90"), ellipseText(impact, 0.9)),
        row(w("apogee"), `${km(impact.apogee)} km`),
        launch
            ? row(w("range"), `${km(between(launch, impact).metres)} km`)
            : row(w("range"), w("notKnown")),
        row(w("dataAge"), h("span", { class: isOld ? "late" : "" }, age(now - impact.last))),
    ];
}

export function objectTable(m: Moment): HTMLElement[] {
    const flight = m.scene.flights.find((one) => one.shared.number === m.selected);
    if (!flight) return byHand(m.selected) ? [row(w("object"), objectName(m.selected))] : [];
    const { item, shared } = flight;
    const { state } = item;
    const salvo = salvoName(shared);
    const speed = state ? Math.hypot(...state.v) : 0;
    return [
        row(
            w("trackState"),
            h("b", { class: flight.isPredicted ? "late" : "" }, wordOf(flight.standing)),
            item.disagrees ? h("b", { class: "bad" }, ` ${w("disagree")}`) : null,
        ),
        ...(salvo ? [row(w("salvo"), salvo)] : []),
        row(
            w("height"),
            flight.now ? `${km(flight.now.h)} km` : "–",
            state
                ? h(
                      "small",
                      {},
                      ` · ${(speed / 1000).toFixed(1)} km/s · ±${km(1.96 * state.sigma)} km`,
                  )
                : null,
        ),
        row(
            w("age"),
            state
                ? h(
                      "span",
                      { class: m.now - state.last > 5000 ? "late" : "" },
                      age(m.now - state.last),
                  )
                : "–",
        ),
        ...launchTable(item),
        ...impactTable(item, m.now, m.about?.nation ?? ""),
    ];
}

// ---- what happened, links ---------------------------------------------------------------

const NEWS: Record<string, Key> = {
    "first-plot": "firstPlot",
    declared: "declared",
    heading: "heading",
    burnout: "burnout",
    "no-impact": "impactWithdrawn",
    ellipse: "ellipseNews",
    warning: "warning",
    "partner-lost": "alarmPARTNER",
    "partner-back": "partnerBack",
    "hub-lost": "alarmHUB",
    "hub-back": "hubBack",
    gap: "gap",
    refused: "refused",
    ended: "ended",
    named: "salvo",
    alarm: "alarmSYSTEM",
};

// The areas of a warning in the reader's language; as the node names them if they are unknown.
function areasOf(m: Moment, entry: Entry): string {
    const same = m.view.warnings.find(
        (one) => one.t === entry.t && one.object === entry.object && one.kind === entry.warning,
    );
    const short = (area: Area) => (area.index < 0 ? w("sea") : areaName(area));
    return same ? same.areas.map(short).join("; ") : entry.names;
}

// A word that the node used, in the reader's language; as it came where there is none.
function said(kind: string, word: string): string {
    const key = `${kind}-${word}`;
    const words = wordOf(key);
    return words === key ? word : words;
}

// "KR 2 of 5-6; before: KR 1" in the reader's language; as it came where it is not that.
function namedWords(names: string): string {
    const is = /^(\S+) (\d+) of (\d+)(?:-(\d+))?(?:; before: (\S+ \d+))?$/.exec(names);
    if (!is) return names;
    const [, by, ordinal, least, most, before] = is;
    const count = upTo(Number(least), Number(most ?? least));
    const was = before ? ` (${w("wasNamed", before)})` : "";
    return w("salvoName", ordinal!, count, by!) + was;
}

function actWords(act: Act): string {
    const number = act.number ? ` ${act.number}` : "";
    const words = act.words ? ` “${said("ground", act.words)}”` : "";
    const outcome = act.outcome === "done" ? "" : ` (${said("out", act.outcome)})`;
    return `${act.by}: ${said("act", act.act)}${number}${words}${outcome}`;
}

export function historyRows(m: Moment): HTMLElement[] {
    const t0 = m.scene.flights.find((one) => one.shared.number === m.selected)?.t0;
    const told = m.view.entries.filter((entry) => entry.kind !== "impact").slice(-60);
    const lines = told.map((entry) => {
        const key = NEWS[entry.kind];
        let words = key ? w(key, entry.names) : entry.kind;
        if (entry.kind === "warning")
            words = `${w("warning")} ${wordOf(entry.warning ?? "")}: ${areasOf(m, entry)}`;
        else if (entry.kind === "named") words += ` · ${namedWords(entry.names)}`;
        else if (entry.kind === "heading") words += ` ${entry.az}°`;
        else if (!key?.startsWith("alarm") || entry.kind === "alarm")
            words += entry.names ? ` · ${entry.names}` : "";
        return { t: entry.t, words, object: entry.object, isAct: false };
    });
    for (const act of m.view.acts.slice(-30))
        lines.push({
            t: act.t,
            object: 0,
            isAct: true,
            words: actWords(act),
        });
    lines.sort((x, y) => y.t - x.t);
    return lines
        .slice(0, 60)
        .map((one) =>
            h(
                "li",
                { class: one.isAct ? "act" : "" },
                h(
                    "time",
                    {},
                    t0 !== undefined && one.t >= t0 - 1e4
                        ? `T+${span(one.t - t0)}`
                        : utc(one.t),
                ),
                one.object > 1 ? `${w("object")} ${one.object}: ` : "",
                one.words,
            ),
        );
}

const upOrLost = (alive: boolean) => (alive ? w("up") : w("lost"));

export function linkChips(m: Moment): HTMLElement[] {
    const health = m.view.health;
    const chip = (good: boolean, words: string) =>
        h("span", { class: good ? "chip" : "chip bad" }, good ? "● " : "▲ ", words);
    if (!health) return [chip(false, w("noData"))];
    const out = health.hubs.map((hub) =>
        chip(
            hub.alive,
            `${w("hub")} ${hub.n} ${upOrLost(hub.alive)}` +
                (hub.backlog > 20 ? ` · ${w("backlog")} ${hub.backlog}` : ""),
        ),
    );
    const names = [...new Set(health.partners.map((one) => one.n))];
    for (const name of names) {
        const under = health.partners.filter((one) => one.n === name);
        const alive = under.some((one) => one.alive);
        out.push(
            chip(
                alive,
                `${name} ${upOrLost(alive)} · ${under.map((one) => one.arrangement).join(" ")}`,
            ),
        );
    }
    out.push(
        chip(
            health.plot_at !== undefined || health.plots === 0,
            health.plot_at
                ? `${w("radars")}: ${w("plotAge")} ${age(m.now - health.plot_at)}`
                : w("noPlots"),
        ),
    );
    const inForce = health.arrangements.some((one) => one.in_force);
    if (!inForce) out.unshift(chip(false, w("noArrangement")));
    return out;
}
