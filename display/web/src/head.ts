// head.ts -- nature, clocks, links and the alarm line: what is seen whatever else one looks at.
// SPDX-License-Identifier: Apache-2.0
import { operator } from "./acts";
import { alarmWords, isAsking, type Shown } from "./alarms";
import { byId, fill, h, mark, say } from "./dom";
import { age, local, utc } from "./format";
import type { About } from "./log";
import { linkChips, type Moment } from "./panels";
import { soundIsArmed } from "./sound";
import { w } from "./words";

export interface Head extends Moment {
    all: Shown[];
    asking: Shown[];
    isLive: boolean; // the newest moment of a running node
    isReplay: boolean;
    isOwnOnly: boolean;
    hasData: boolean;
    heard: number; // milliseconds since the node was last heard
    chip: HTMLElement | null; // how the live node beside an exercise stands
}

// "EXERCISE", or "REPLAY · EXERCISE": a replay of life is never taken for life.
export function natureWords(about: About | null, isReplay: boolean): string {
    if (!about?.nature) return "";
    const word = w(about.nature as "LIVE");
    return isReplay ? `${w("REPLAY")} · ${word}` : word;
}

function showClocks(head: Head): void {
    const { about, view, now } = head;
    const root = document.documentElement;
    root.dataset.nature = head.isReplay ? "REPLAY" : (about?.nature ?? "");
    root.dataset.stale = String(head.isLive && !head.hasData);
    say(byId("who"), about ? `warnlink · ${about.nation}` : "warnlink");
    const drill = about?.exercise && head.isLive ? ` · ${about.exercise}` : "";
    say(byId("nature"), natureWords(about, head.isReplay) + drill);
    say(byId("utc"), now ? utc(now, true) : "");
    say(byId("local"), now && about ? local(now, about.nation) : "");
    const rate = view.health?.rate ?? 1;
    say(byId("rate"), rate !== 1 && head.isLive ? w("rate", String(rate)) : "");
    fill(byId("chips"), [...(head.chip ? [head.chip] : []), ...linkChips(head)]);
}

function showAlarms(head: Head): void {
    const { all, asking, view, now } = head;
    const top = all.find((one) => one.alarm.kind !== "SOUND") ?? all[0];
    const bar = byId("alarm");
    mark(bar, "asking", asking.length > 0);
    mark(bar, "standing", asking.length === 0 && top !== undefined);
    say(byId("alarm-count"), asking.length ? `${asking.length} ${w("unacknowledged")}` : "");
    say(byId("alarm-words"), top ? alarmWords(top.alarm, view, now) : w("noAlarm"));
    const isAnswered = top && !isAsking(top) && top.alarm.by;
    say(byId("alarm-by"), isAnswered ? `✓ ${top.alarm.by} ${utc(top.alarm.at ?? NaN)}` : "");
    byId<HTMLButtonElement>("acknowledge").disabled = asking.length === 0 || !head.isLive;
    fill(
        byId("alarms"),
        all
            .filter((one) => one !== top)
            .slice(0, 8)
            .map(({ alarm, isOwn }) =>
                h(
                    "li",
                    { class: isOwn || alarm.acknowledged ? "" : "asking" },
                    alarmWords(alarm, view, now),
                    alarm.acknowledged && alarm.by ? ` ✓ ${alarm.by}` : "",
                ),
            ),
    );
}

export function showHead(head: Head): void {
    showClocks(head);
    showAlarms(head);
    const { about } = head;
    mark(byId("sound"), "bad", head.isLive && !soundIsArmed());
    const off = `${w("soundOff")} · ${w("soundArm")}`;
    say(byId("sound"), soundIsArmed() ? `♪ ${w("soundOn")}` : off);
    const silence = `${w("noData")} · ${w("noDataWords", age(head.heard))}`;
    const notice =
        head.isLive && !head.hasData ? silence : head.isOwnOnly ? w("ownOnlyView") : "";
    say(byId("stale"), notice);
    const stated = about?.accounts ? "" : ` (${w("nameStated")})`;
    say(byId("operator"), operator() ? operator() + stated : w("signIn"));
    const count = head.asking.length ? `(${head.asking.length}) ▲ ` : "";
    const nature = natureWords(about, head.isReplay);
    document.title = `${count}${nature} · ${about?.nation ?? ""} · warnlink`;
}
