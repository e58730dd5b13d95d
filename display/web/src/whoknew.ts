// whoknew.ts -- who knew what when: the nations' logs side by side on one clock.
// SPDX-License-Identifier: Apache-2.0
import { h } from "./dom";
import { span } from "./format";
import type { Entry, Log } from "./log";
import { w, type Key } from "./words";

const STEPS: [string, Key][] = [
    ["first-plot", "firstPlot"],
    ["declared", "declared"],
    ["heading", "heading"],
    ["burnout", "burnout"],
    ["ellipse", "ellipseNews"],
    ["warning", "warned"],
    ["ended", "ended"],
];

export function whoKnewRows(logs: Map<string, Log>, moment: number): HTMLElement[] {
    const all = [...logs.values()];
    const t0 = Math.min(
        ...all.map(
            (log) => log.entries.find((entry) => entry.kind === "declared")?.at ?? Infinity,
        ),
    );
    const cell = (entry: Entry | undefined) => {
        if (!entry || entry.t > moment) return h("td", { class: "faint" }, w("never"));
        const first = Math.min(
            ...all.map(
                (log) => log.entries.find((one) => one.kind === entry.kind)?.t ?? Infinity,
            ),
        );
        return h("td", { class: entry.t === first ? "good" : "" }, `T+${span(entry.t - t0)}`);
    };
    return [
        h(
            "tr",
            {},
            h("td"),
            ...[...logs.keys()].map((name) => h("th", { scope: "col" }, name)),
        ),
        ...STEPS.map(([kind, key]) =>
            h(
                "tr",
                {},
                h("th", { scope: "row" }, w(key)),
                ...all.map((log) => cell(log.entries.find((entry) => entry.kind === kind))),
            ),
        ),
    ];
}
