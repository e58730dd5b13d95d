// life.ts -- life breaks through an exercise: a banner over everything, dialogs too, as long as
// the live node beside this one has a launch or somebody there must answer one.
// SPDX-License-Identifier: Apache-2.0
import { byId, fill, h } from "./dom";
import type { Live, Log } from "./log";
import { w } from "./words";

let over: Element | null = null; // the dialog that the banner was put above

export function breaks(live: Live | null): boolean {
    return live !== null && (live.launches > 0 || live.asking > 0);
}

export function soundsOfLife(log: Log, isReplay: boolean): boolean {
    return !isReplay && breaks(log.live) && log.live!.asking > 0;
}

// A modal dialog goes to the top of the page; what is shown after it lies above it.
function show(banner: HTMLElement, on: boolean): void {
    const dialog = document.querySelector("dialog[open]");
    const isShown = !banner.hidden;
    if (on && isShown && dialog === over) return;
    banner.hidden = !on;
    over = dialog;
    if (!("showPopover" in banner)) return;
    if (banner.matches(":popover-open")) banner.hidePopover();
    if (on) banner.showPopover();
}

export function showLife(log: Log, isReplay: boolean): void {
    const { live } = log;
    const banner = byId("breaks");
    const on = !isReplay && breaks(live);
    if (on)
        fill(banner, [
            h("strong", {}, w("liveBreaks")),
            h("span", {}, `${live!.nation} · ${live!.launches} ${w("alarmSalvo")}`),
            h("span", {}, w("liveLook", live!.nation)),
        ]);
    show(banner, on);
}

// Silence of the live node is not calm.
export function lifeChip(log: Log, isReplay: boolean): HTMLElement | null {
    if (isReplay || !log.about?.live_watch) return null;
    const isHeard = log.live?.heard ?? false;
    const words = isHeard ? w(breaks(log.live) ? "liveBreaks" : "liveCalm") : w("liveSilent");
    const good = isHeard && !breaks(log.live);
    return h("span", { class: good ? "chip" : "chip bad" }, good ? "● " : "▲ ", words);
}
