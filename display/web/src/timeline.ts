// timeline.ts -- the bar at the foot: all of the log, with marks for what happened.
// SPDX-License-Identifier: Apache-2.0
import { SMALL, text } from "./canvas";
import { span } from "./format";
import type { Log, View } from "./log";
import type { Palette } from "./theme";

const MARKS: Record<string, string> = {
    declared: "▲",
    warning: "!",
    ended: "■",
    "partner-lost": "×",
    "hub-lost": "×",
    alarm: "×",
};
const SIDE = 8;

export function timeAt(canvas: HTMLCanvasElement, x: number, log: Log): number {
    const f = (x - SIDE) / Math.max(1, canvas.clientWidth - 2 * SIDE);
    return log.first + Math.min(1, Math.max(0, f)) * (log.newest - log.first);
}

export function drawTimeline(
    canvas: HTMLCanvasElement,
    log: Log,
    view: View,
    now: number,
    selected: number,
    colours: Palette,
): void {
    const context = canvas.getContext("2d")!;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    context.clearRect(0, 0, width, height);
    const long = Math.max(1, log.newest - log.first);
    const x = (t: number) =>
        SIDE + (width - 2 * SIDE) * Math.min(1, Math.max(0, (t - log.first) / long));
    context.fillStyle = colours.grid;
    context.fillRect(SIDE, height - 10, width - 2 * SIDE, 4);
    context.fillStyle = colours.faint;
    context.fillRect(SIDE, height - 10, x(now) - SIDE, 4);
    const fits = (s: number) => x(log.first + s * 1000) - SIDE > 64;
    const every = ([60, 120, 300, 600, 1800, 3600].find(fits) ?? 7200) * 1000;
    const t0 = view.picture?.objects.find((item) => item.number === selected)?.launch?.t;
    if (t0 !== undefined)
        for (let t = t0; t < log.newest; t += every)
            if (t >= log.first)
                text(context, colours, `T+${span(t - t0)}`, x(t), 10, colours.faint, SMALL);
    let last = -20;
    for (const entry of log.entries) {
        const sign = MARKS[entry.kind];
        const at = x(entry.t);
        if (!sign || at - last < 7) continue;
        last = at;
        text(
            context,
            colours,
            sign,
            at - 3,
            height - 13,
            entry.kind === "warning" ? colours.predicted : colours.threat,
            SMALL,
        );
    }
    context.fillStyle = colours.text;
    context.fillRect(x(now) - 1, height - 16, 2, 14);
}
