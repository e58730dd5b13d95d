// desk.ts -- the warning of the chosen object: what stands, what waits for a person, and its
// life. SPDX-License-Identifier: Apache-2.0
import { h } from "./dom";
import { span, utc } from "./format";
import type { Warning } from "./log";
import { areaName, type Moment } from "./panels";
import { language, w, wordOf } from "./words";

const WAITING_MAX = 4; // shown; the newest first
const LIFE_MAX = 30;
const AREAS_MAX = 12;

function byWhom(warning: Warning): string {
    const { state, by } = warning;
    if (state === "proposed") return by ? `${w("proposed")} ${by}` : w("proposed");
    const what = ["rejected", "superseded"].includes(state) ? `${wordOf(state)} ` : "";
    return what + (by === "policy" ? w("byPolicy") : by);
}

const kindMark = (warning: Warning) =>
    h("span", { class: `kind ${warning.kind}` }, wordOf(warning.kind));

const groundWords = (warning: Warning) =>
    warning.ground ? ` · ${wordOf(`ground-${warning.ground}`)}` : "";

// What a person must decide: the machine's words, or those of another person.
function waitingBox(warning: Warning, canAct: boolean, wasTold: boolean): HTMLElement {
    const { said } = warning[language()];
    const number = String(warning.number);
    const why = warning.person ? w("secondPerson") : wasTold ? w("machineAgain") : "";
    return h(
        "div",
        { class: "waiting" },
        h("p", {}, kindMark(warning), " ", h("b", { class: "bad" }, byWhom(warning))),
        h("p", { class: "headline" }, warning[language()].headline),
        said ? h("p", { class: "said" }, `“${said}”`) : null,
        ...(["en", "ja", "ko"] as const)
            .filter((one) => one !== language() && warning[one].said)
            .map((one) => h("p", { class: "said", lang: one }, `“${warning[one].said}”`)),
        why ? h("p", { class: "late" }, why) : null,
        canAct && h("button", { class: "main", "data-release": number }, w("release"), " (R)"),
        canAct && h("button", { "data-reject": number }, w("reject")),
    );
}

// What one may do to what was told.
function actsOn(warning: Warning): HTMLElement {
    const number = String(warning.number);
    return h(
        "p",
        { class: "acts" },
        h("button", { "data-correct": number }, w("correct"), " (C)"),
        h("button", { "data-cancel": number }, w("cancelWarning"), " (X)"),
        h("button", { "data-text": number }, w("addText"), " (E)"),
    );
}

function areaTable(m: Moment): HTMLElement {
    const { areas } = m.view.telling(m.selected);
    const rows = areas.slice(0, AREAS_MAX).map(({ area, warning }) => {
        const left = area.earliest - m.now;
        return h(
            "tr",
            {},
            h("td", {}, areaName(area), " ", kindMark(warning)),
            h("td", {}, `${Math.round(area.p * 100)} %`),
            h("td", {}, left > 0 ? span(left) : utc(area.earliest)),
        );
    });
    return h("table", { class: "areas" }, h("tbody", {}, ...rows));
}

export function warningBox(m: Moment, canAct: boolean): HTMLElement[] {
    const { worst: warning, areas, waiting, inForce, newest } = m.view.telling(m.selected);
    if (!warning) return [h("p", { class: "faint" }, w("notWarned"))];
    const texts = warning[language()];
    const isOnlyProposed = warning.state === "proposed";
    const out = waiting
        .slice(0, WAITING_MAX)
        .map((one) => waitingBox(one, canAct, newest !== undefined));
    if (!isOnlyProposed)
        out.push(
            h(
                "p",
                {},
                kindMark(warning),
                ` ${w("released")} ${utc(warning.t)} · ${byWhom(warning)}`,
                groundWords(warning),
            ),
            h("p", { class: "headline" }, texts.headline),
        );
    if (texts.said && !isOnlyProposed) out.push(h("p", { class: "said" }, `“${texts.said}”`));
    if (inForce && canAct) out.push(actsOn(inForce));
    if (warning.at_sea && texts.sea) {
        const where = w(warning.inside_200nm ? "inside200" : "outside200");
        out.push(h("p", { class: "sea" }, `${w("atSea")}: ${texts.sea} · `, h("b", {}, where)));
    }
    if (areas.length) out.push(areaTable(m));
    if (warning.predicted && warning.track_s > 0) {
        const [track, lost] = [warning.track_s, warning.lost_at_s].map(Math.round);
        out.push(h("p", { class: "late" }, w("predictedFrom", `${track} s`, `${lost} s`)));
    }
    out.push(h("details", {}, h("summary", {}, w("warningLife")), lifeOf(m)));
    return out;
}

// Every revision with its reason, newest first.
function lifeOf(m: Moment): HTMLElement {
    const all = m.view.warnings.filter((one) => one.object === m.selected).reverse();
    const words = (one: Warning) => {
        const before = [one.replaces, ...(one.also ?? [])].filter((number) => number);
        const replaced = before.map((number) => `#${number}`).join(" ");
        return [
            `${utc(one.t)} #${one.number} ${wordOf(one.kind)}`,
            one.correction ? ` (${wordOf(one.correction)})` : "",
            groundWords(one),
            replaced ? ` ${w("replaces")} ${replaced}` : "",
            `: ${one.areas.map(areaName).join("; ") || "–"} · ${byWhom(one)}`,
        ];
    };
    return h(
        "ol",
        { class: "life" },
        ...all.slice(0, LIFE_MAX).map((one) => h("li", {}, ...words(one))),
    );
}
