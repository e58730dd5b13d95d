// trust.ts -- whose word an estimate is, under which clause, and what sharing it has changed.
// SPDX-License-Identifier: Apache-2.0
import { h, type Child } from "./dom";
import { age, km, span } from "./format";
import { ellipseOf } from "./geo";
import { aloneOf, type Area, type Item, type PedigreeRow } from "./log";
import { firstWarned } from "./telling";
import { areaName, nationMark, type Moment } from "./panels";
import { verdictOf } from "./verify";
import { w, wordOf, type Key } from "./words";

// ---- pedigree ---------------------------------------------------------------------------

const RECORD: Record<string, Key> = {
    launch: "launchRecord",
    impact: "impactRecord",
    track: "trackRecord",
};

function recordRow(one: PedigreeRow, now: number, changed: () => void): HTMLElement {
    const verdict = verdictOf(one, changed);
    return h(
        "tr",
        {},
        h("td", {}, w(RECORD[one.type] ?? "trackRecord")),
        h("td", {}, `${one.arrangement} v${one.version} · ${one.clause || "–"}`),
        h(
            "td",
            {},
            ...one.groups.map((group) =>
                h(
                    "span",
                    { class: group.shown ? "group" : "group withheld" },
                    `${wordOf(group.group)}: ${group.shown ? w("shown") : w("withheld")} `,
                ),
            ),
        ),
        h("td", { class: "num" }, age(now - one.time)),
        h("td", { class: "num" }, `${Math.max(0, Math.round(one.received - one.time))} ms`),
        h(
            "td",
            {
                class:
                    verdict === "badSignature"
                        ? "bad"
                        : verdict === "verified"
                          ? "good"
                          : "faint",
                title: w(verdict),
            },
            verdict === "verified"
                ? "✓"
                : verdict === "badSignature"
                  ? w("badSignature")
                  : verdict === "checking"
                    ? "…"
                    : "(✓)",
        ),
    );
}

export function pedigreeBox(m: Moment, changed: () => void): HTMLElement[] {
    const item = m.view.picture?.objects.find((one) => one.number === m.selected);
    const rows = m.view.pedigree?.rows.filter((one) => one.number === m.selected) ?? [];
    return (item?.sources ?? []).map((source) =>
        h(
            "section",
            { class: "source" },
            h(
                "p",
                {},
                nationMark(source.n),
                " ",
                source.own
                    ? w("own")
                    : source.ir
                      ? w("satellite")
                      : `${w("object")} ${source.object}`,
                " · ",
                h(
                    "b",
                    { class: source.measured ? "good" : "late" },
                    source.measured ? w("measuring") : w("notMeasuring"),
                ),
                source.last ? ` · ${age(m.now - source.last)}` : "",
            ),
            source.own || source.ir
                ? null
                : h(
                      "table",
                      { class: "records" },
                      h(
                          "thead",
                          {},
                          h(
                              "tr",
                              {},
                              h("td"),
                              h("th", {}, w("clause")),
                              h("td"),
                              h("th", {}, w("age")),
                              h("th", {}, w("delay")),
                              h("th", {}, "✓"),
                          ),
                      ),
                      h(
                          "tbody",
                          {},
                          ...rows
                              .filter((one) => one.n === source.n)
                              .map((one) => recordRow(one, m.now, changed)),
                      ),
                  ),
        ),
    );
}

// ---- what sharing changed ---------------------------------------------------------------

function difference(own: number | undefined, shared: number | undefined): Child {
    if (shared === undefined) return own === undefined ? w("never") : w("onlyOwn");
    if (own === undefined) return h("b", { class: "good" }, w("onlyShared"));
    const ms = own - shared;
    return Math.abs(ms) < 1000
        ? "="
        : h(
              "b",
              { class: ms > 0 ? "good" : "late" },
              `${span(Math.abs(ms))} ${ms > 0 ? w("sooner") : ""}`,
          );
}

export function sharingRows(m: Moment): HTMLElement[] {
    const item = m.view.picture?.objects.find((one) => one.number === m.selected);
    if (!item) return [];
    const alone = aloneOf(m.view.picture, item);
    const t0 = item.launch?.t ?? item.first;
    const at = (t: number | undefined) => (t === undefined ? w("never") : `T+${span(t - t0)}`);
    const line = (name: string, own: Child, shared: Child, gain: Child) =>
        h(
            "tr",
            {},
            h("th", { scope: "row" }, name),
            h("td", {}, own),
            h("td", {}, shared),
            h("td", {}, gain),
        );
    const major = (one: Item | undefined) =>
        one?.impact
            ? ellipseOf(one.impact.ee, one.impact.en, one.impact.nn, 0.9).major
            : undefined;
    const [a, b] = [major(alone), major(item)];
    const out = [
        h("tr", {}, h("td"), h("th", {}, w("ownOnly")), h("th", {}, w("shared")), h("td")),
        line(
            w("declared"),
            at(alone?.declared_at),
            at(item.declared_at),
            difference(alone?.declared_at, item.declared_at),
        ),
        line(
            w("ellipse90Now"),
            a === undefined ? w("never") : `${km(a)} km`,
            b === undefined ? w("never") : `${km(b)} km`,
            a && b && b < a * 0.95
                ? h(
                      "b",
                      { class: "good" },
                      `${Math.round((1 - b / a) * 100)} % ${w("smaller")}`,
                  )
                : b !== undefined && a === undefined
                  ? h("b", { class: "good" }, w("onlyShared"))
                  : "",
        ),
    ];
    const shared = firstWarned(m.view.warnings, item.number);
    const own = alone
        ? firstWarned(m.view.alone, alone.number)
        : new Map<string, { t: number; area: Area }>();
    for (const key of new Set([...shared.keys(), ...own.keys()])) {
        const [x, y] = [own.get(key), shared.get(key)];
        out.push(
            line(
                `${w("warned")}: ${key === "sea" ? w("sea") : areaName((y ?? x)!.area)}`,
                at(x?.t),
                at(y?.t),
                difference(x?.t, y?.t),
            ),
        );
    }
    return out.slice(0, 14);
}
