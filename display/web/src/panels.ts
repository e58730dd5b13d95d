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
    type Item,
    type View,
} from "./log";
import type { Flight, Scene } from "./scene";
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

const LIST_MAX = 60; // rows about the chosen one; the rest is counted

// ---- launches ---------------------------------------------------------------------------

function countdown(flight: Flight, now: number): [string, string] {
    const { item } = flight;
    if (item.ended) return ["–", w("DOWN")];
    if (!item.impact) return ["–", w("noImpact")];
    const left = item.impact.t - now;
    return left >= 0 ? [span(left), w("impactIn")] : [span(left), w("impactWas")];
}

export function launchRows(m: Moment, asking: Set<number>): HTMLElement[] {
    const all = m.scene.flights;
    const at = all.findIndex((flight) => flight.shared.number === m.selected);
    const first = Math.max(0, Math.min(at - LIST_MAX / 2, all.length - LIST_MAX));
    const rows = all
        .slice(first, first + LIST_MAX)
        .map((flight) => launchRow(m, flight, asking));
    if (rows.length < all.length) {
        const words = `${first + 1}–${first + rows.length} ${w("of")} ${all.length}`;
        rows.push(h("li", { class: "none", role: "option" }, words));
    }
    return rows;
}

function launchRow(m: Moment, flight: Flight, asking: Set<number>): HTMLElement {
    const { item, shared, telling } = flight;
    const warning = telling.worst;
    const [time, label] = countdown(flight, m.now);
    const names = telling.areas.map(({ area }) => (area.index < 0 ? w("sea") : areaName(area)));
    const land = telling.areas.some(({ area }) => area.index >= 0);
    const classes = [
        "launch",
        shared.number === m.selected ? "selected" : "",
        asking.has(shared.number) ? "asking" : "",
        flight.isPredicted ? "predicted" : "",
        item.ended ? "ended" : "",
    ];
    return h(
        "li",
        {
            class: classes.join(" "),
            "data-number": String(shared.number),
            role: "option",
            tabindex: shared.number === m.selected ? "0" : "-1",
            "aria-selected": String(shared.number === m.selected),
        },
        h("div", { class: "time" }, h("b", {}, time), h("small", {}, label)),
        h(
            "div",
            { class: "what" },
            h("strong", {}, `${w("object")} ${shared.number}`),
            warning ? h("span", { class: `kind ${warning.kind}` }, wordOf(warning.kind)) : null,
            warning?.state === "proposed"
                ? h("span", { class: "kind proposed" }, w("proposed"))
                : null,
        ),
        h(
            "div",
            { class: "state" },
            wordOf(flight.standing),
            item.disagrees ? h("b", { class: "bad" }, ` · ${w("disagree")}`) : null,
        ),
        names.length
            ? h(
                  "div",
                  { class: land ? "areas land" : "areas" },
                  names.slice(0, 5).join("; "),
                  names.length > 5 ? ` +${names.length - 5}` : "",
              )
            : null,
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
    if (!flight) return [];
    const { item } = flight;
    const { state } = item;
    const speed = state ? Math.hypot(...state.v) : 0;
    return [
        row(
            w("trackState"),
            h("b", { class: flight.isPredicted ? "late" : "" }, wordOf(flight.standing)),
            item.disagrees ? h("b", { class: "bad" }, ` ${w("disagree")}`) : null,
        ),
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
