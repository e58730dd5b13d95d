// signin.ts -- small dialogs: who sits here, a note, a reason, a text in three languages.
// SPDX-License-Identifier: Apache-2.0
import { signIn, type Said } from "./acts";
import { byId, fill, h, say } from "./dom";
import type { About, NamedArea } from "./log";
import { language, w, wordOf } from "./words";

let waiting: Promise<boolean> | null = null;

export function dialogIsOpen(): boolean {
    return document.querySelector("dialog[open]") !== null;
}

// True: somebody is signed in now.
export function askForName(about: About | null): Promise<boolean> {
    waiting ??= certified(about)
        .then((isIn) => isIn || ask(about))
        .finally(() => {
            waiting = null;
        });
    return waiting;
}

// Where a proxy passes on the name of a client certificate, nobody is asked.
async function certified(about: About | null): Promise<boolean> {
    return Boolean(about?.certificates) && signIn(about?.nature ?? "").catch(() => false);
}

// Opens a dialog; what enter gives ends it. Closed without that it is undefined.
function open<T>(
    dialog: HTMLDialogElement,
    button: HTMLElement | null,
    enter: () => T | undefined | Promise<T | undefined>,
    key?: (pressed: string) => T | undefined,
): Promise<T | undefined> {
    return new Promise((resolve) => {
        const done = new AbortController();
        const end = (value: T | undefined) => {
            if (value === undefined) return;
            resolve(value);
            dialog.close();
        };
        const go = async () => end(await enter());
        button?.addEventListener("click", () => void go(), done);
        dialog.addEventListener(
            "keydown",
            (event) => {
                if (event.isComposing) return; // Enter ends the choice of a character first
                const given = key?.(event.key);
                if (given === undefined && event.key !== "Enter") return;
                if (given === undefined && event.target instanceof HTMLButtonElement) return;
                event.preventDefault();
                if (given !== undefined) end(given);
                else void go();
            },
            done,
        );
        dialog.addEventListener(
            "close",
            () => {
                done.abort();
                resolve(undefined);
            },
            { once: true },
        );
        dialog.showModal();
    });
}

async function ask(about: About | null): Promise<boolean> {
    const [name, password] = [
        byId<HTMLInputElement>("name"),
        byId<HTMLInputElement>("password"),
    ];
    byId("password-row").hidden = !about?.accounts;
    say(byId("signin-fault"), "");
    const enter = async () => {
        const given = name.value.trim();
        if (!given) return undefined;
        const secret = about?.accounts ? password.value : "";
        const isIn = await signIn(about?.nature ?? "", given, secret).catch(() => false);
        password.value = "";
        if (!isIn) say(byId("signin-fault"), w("wrong"));
        return isIn || undefined;
    };
    const opened = open(byId<HTMLDialogElement>("signin"), byId("enter"), enter);
    name.focus();
    return (await opened) ?? false;
}

// The words of a note; empty: none.
export async function askForNote(): Promise<string> {
    const words = byId<HTMLInputElement>("note-words");
    words.value = "";
    const opened = open(byId<HTMLDialogElement>("note-dialog"), byId("note-enter"), () =>
        words.value.trim(),
    );
    words.focus();
    return (await opened) ?? "";
}

// One of a few reasons, by its digit or a click: the second of the two keystrokes.
export async function askForGround(
    what: "correct" | "cancel",
    grounds: string[],
): Promise<string> {
    const dialog = byId<HTMLDialogElement>("ground-dialog");
    say(byId("ground-title"), w(what === "correct" ? "correctTitle" : "cancelTitle"));
    let clicked: (ground: string) => void = () => undefined;
    const chosen = new Promise<string>((resolve) => {
        clicked = resolve;
    });
    const buttons = grounds.map((ground, i) => {
        const button = h("button", {}, `${i + 1} · ${wordOf(`ground-${ground}`)}`);
        button.addEventListener("click", () => clicked(ground));
        return button;
    });
    byId("grounds").replaceChildren();
    fill(byId("grounds"), buttons);
    const opened = open<string>(
        dialog,
        null,
        () => undefined,
        (pressed) => grounds[Number(pressed) - 1],
    );
    buttons[0]?.focus();
    const ground = (await Promise.race([opened, chosen])) ?? "";
    dialog.close();
    return ground;
}

// Kind and keys of areas as the node reads them, and a text; undefined: nothing.
export async function askForWarning(
    areas: NamedArea[],
): Promise<{ words: string; said: Said } | undefined> {
    const [kind, list] = ["warn-kind", "warn-areas"].map((id) => byId<HTMLSelectElement>(id));
    const [en, ja, ko] = ["en", "ja", "ko"].map((one) => byId<HTMLInputElement>(`warn-${one}`));
    kind!.value = "TAKE_COVER";
    fill(list!, [
        ...areas.map((area) => h("option", { value: area.key }, area[language()])),
        h("option", { value: "SEA" }, w("sea")),
    ]);
    for (const one of list!.options) one.selected = false;
    for (const input of [en, ja, ko]) input!.value = "";
    const opened = open(byId<HTMLDialogElement>("warn-dialog"), byId("warn-enter"), () => {
        const keys = [...list!.selectedOptions].map((one) => one.value);
        const said = { en: en!.value.trim(), ja: ja!.value.trim(), ko: ko!.value.trim() };
        say(byId("warn-fault"), keys.length ? "" : w("noAreas"));
        return keys.length ? { words: [kind!.value, ...keys].join(" "), said } : undefined;
    });
    kind!.focus();
    return opened;
}

// undefined: nothing was written.
export async function askForText(): Promise<Said | undefined> {
    const inputs = ["en", "ja", "ko"].map((one) => byId<HTMLInputElement>(`said-${one}`));
    for (const input of inputs) input.value = "";
    const enter = () => {
        const [en, ja, ko] = inputs.map((input) => input.value.trim()) as [
            string,
            string,
            string,
        ];
        return en || ja || ko ? { en, ja, ko } : undefined;
    };
    const opened = open(byId<HTMLDialogElement>("text-dialog"), byId("text-enter"), enter);
    inputs[0]!.focus();
    return opened;
}
