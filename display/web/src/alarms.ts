// alarms.ts -- which alarms stand, in what order, in what words. Those of the node, and two of
// the page itself: no data, no sound.
// SPDX-License-Identifier: Apache-2.0
import { span } from "./format";
import { byHand, type Alarm, type Item, type View, type Warning } from "./log";
import { upTo } from "./panels";
import { weightOf } from "./telling";
import { language, w, wordOf, type Key } from "./words";

const ORDER = [
    "LAUNCH",
    "WAITING",
    "CORRECTION",
    "DATA",
    "ARRANGEMENT",
    "PARTNER",
    "HUB",
    "RECEIPT",
    "DISAGREE",
    "EXCHANGE",
    "SYSTEM",
    "SOUND",
];

export interface Shown {
    alarm: Alarm;
    isOwn: boolean;
} // isOwn: of this page, not of the node

function own(kind: string): Shown {
    return {
        isOwn: true,
        alarm: {
            number: 0,
            kind,
            key: "",
            words: "",
            raised: 0,
            acknowledged: true,
            by: "",
            gone: false,
            count: 0,
            objects: [],
        },
    };
}

// Unanswered first, then by weight, then the oldest.
export function standingAlarms(
    view: View,
    isLive: boolean,
    hasData: boolean,
    hasSound: boolean,
): Shown[] {
    const shown: Shown[] = (view.alarms?.alarms ?? []).map((alarm) => ({
        alarm,
        isOwn: false,
    }));
    if (isLive && !hasData) shown.push(own("DATA"));
    if (isLive && !hasSound) shown.push(own("SOUND"));
    return shown.sort(
        (a, b) =>
            Number(a.alarm.acknowledged) - Number(b.alarm.acknowledged) ||
            ORDER.indexOf(a.alarm.kind) - ORDER.indexOf(b.alarm.kind) ||
            a.alarm.raised - b.alarm.raised,
    );
}

export function isAsking(shown: Shown): boolean {
    return !shown.isOwn && !shown.alarm.acknowledged;
}

// How many missiles there are in the events of these objects, at least and at most; "": one.
function salvoCount(items: Item[]): string {
    let [least, most] = [0, 0];
    const seen = new Set<string>();
    for (const { event, launch } of items) {
        if (!event || !launch || seen.has(event)) continue;
        seen.add(event);
        least += launch.min;
        most += launch.max;
    }
    return most > 1 ? w("salvoCount", upTo(least, most)) : "";
}

// "3 launches · TAKE COVER · Hokkaido; Aomori · impact in 04:12"
function launchWords(alarm: Alarm, view: View, now: number): string {
    const parts = [alarm.count > 1 ? `${alarm.count} ${w("alarmSalvo")}` : w("alarmLAUNCH")];
    const objects = view.picture?.objects ?? [];
    const items = objects.filter((one) => alarm.objects.includes(one.number));
    const count = salvoCount(items);
    if (count) parts.push(count);
    const names = new Set<string>();
    let soonest = Infinity;
    let worst: Warning | undefined;
    for (const object of alarm.objects) {
        const telling = view.telling(object);
        if (telling.worst && weightOf(telling.worst) > weightOf(worst)) worst = telling.worst;
        for (const { area } of telling.areas)
            names.add(area.index < 0 ? w("sea") : area[language()]);
        const item = items.find((one) => one.number === object);
        if (item?.impact && item.impact.t > now) soonest = Math.min(soonest, item.impact.t);
    }
    if (worst) parts.push(wordOf(worst.kind));
    if (names.size)
        parts.push([...names].slice(0, 6).join("; ") + (names.size > 6 ? " …" : ""));
    if (soonest < Infinity) parts.push(`${w("impactIn")} ${span(soonest - now)}`);
    return parts.join(" · ");
}

export function alarmWords(alarm: Alarm, view: View, now: number): string {
    const key = `alarm${alarm.kind}` as Key;
    let words: string;
    if (alarm.kind === "LAUNCH") words = launchWords(alarm, view, now);
    else if (["EXCHANGE", "SYSTEM"].includes(alarm.kind)) words = `${w(key)}: ${alarm.words}`;
    else if (!ORDER.includes(alarm.kind)) words = `${alarm.kind} ${alarm.words}`;
    else if (alarm.kind === "WAITING" && byHand(Number(alarm.key))) words = w("alarmSecond");
    else words = w(key, alarm.key);
    return alarm.gone ? `${words} (${w("gone")})` : words;
}
