// sheet.ts -- one printed page for one launch.
// SPDX-License-Identifier: Apache-2.0
import { warningBox } from "./desk";
import { fill, h } from "./dom";
import { utc } from "./format";
import { historyRows, objectTable, type Moment } from "./panels";
import { sharingRows } from "./trust";
import { w } from "./words";

export function fillSheet(sheet: HTMLElement, m: Moment, nature: string): void {
    fill(sheet, [
        h(
            "h1",
            {},
            `${nature} · ${m.about?.nation ?? ""} · ${w("object")} ${m.selected}`,
            ` · ${utc(m.now, true)}`,
        ),
        h("table", {}, h("tbody", {}, ...objectTable(m))),
        h("h2", {}, w("warning")),
        h("div", {}, ...warningBox(m, false)),
        h("h2", {}, w("sharing")),
        h("table", {}, h("tbody", {}, ...sharingRows(m))),
        h("h2", {}, w("history")),
        h("ol", {}, ...historyRows(m).slice(0, 30)),
    ]);
}
