// persons.ts -- what people do to alarms and warnings: by key, by button, each under a name.
// SPDX-License-Identifier: Apache-2.0
import { act, operator } from "./acts";
import type { Log } from "./log";
import type { Telling } from "./telling";
import { askForGround, askForName, askForText, askForWarning } from "./signin";

export interface Desk {
    log: Log;
    telling: Telling; // of the chosen object
    isLive: boolean; // the newest moment of a running node: else nothing can be done
}

const CORRECT = ["wrong-area", "wrong-time", "in-doubt"];
const CANCEL = ["mistake", "no-missile", "no-danger"];

export async function whoActs(log: Log): Promise<boolean> {
    return operator() !== "" || askForName(log.about);
}

export async function doAct(
    log: Log,
    name: string,
    number: number,
    words = "",
): Promise<boolean> {
    return (await whoActs(log)) && act(log.about?.nature ?? "", name, number, words);
}

// The number is of the warning that the person saw when the act began.
async function revise(desk: Desk, name: "correct" | "cancel", number: number): Promise<void> {
    if (!(await whoActs(desk.log))) return;
    const ground = await askForGround(name, name === "correct" ? CORRECT : CANCEL);
    if (ground) await doAct(desk.log, name, number, ground);
}

async function write(desk: Desk, number: number): Promise<void> {
    if (!(await whoActs(desk.log))) return;
    const said = await askForText();
    if (said) await act(desk.log.about?.nature ?? "", "text", number, "", said);
}

// Where the machine has no warning; number: the chosen object, 0: none.
export async function warnByHand(desk: Desk, number: number): Promise<void> {
    if (!desk.isLive || !(await whoActs(desk.log))) return;
    const made = await askForWarning(desk.log.areas);
    if (made) await act(desk.log.about?.nature ?? "", "warn", number, made.words, made.said);
}

// By key: of the chosen object what waits longest-newest first, or what stands.
export function onDeskKey(key: string, desk: Desk): boolean {
    const { waiting, inForce } = desk.telling;
    if (!["r", "c", "x", "e"].includes(key)) return false;
    if (!desk.isLive) return true;
    if (key === "r" && waiting[0]) void doAct(desk.log, "release", waiting[0].number);
    if (key === "c" && inForce) void revise(desk, "correct", inForce.number);
    if (key === "x" && inForce) void revise(desk, "cancel", inForce.number);
    if (key === "e" && inForce) void write(desk, inForce.number);
    return true;
}

export function onDeskClick(target: HTMLElement, desk: Desk): void {
    const { release, reject, correct, cancel, text } = target.closest("button")?.dataset ?? {};
    if (!desk.isLive) return;
    if (release) void doAct(desk.log, "release", Number(release));
    if (reject) void doAct(desk.log, "reject", Number(reject));
    if (correct) void revise(desk, "correct", Number(correct));
    if (cancel) void revise(desk, "cancel", Number(cancel));
    if (text) void write(desk, Number(text));
}
