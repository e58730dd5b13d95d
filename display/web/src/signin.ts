// signin.ts -- two small dialogs: who sits here, and a note.
// SPDX-License-Identifier: Apache-2.0
import { signIn } from "./acts";
import { byId, say } from "./dom";
import { w } from "./words";

let waiting: Promise<boolean> | null = null;

export function dialogIsOpen(): boolean {
    return document.querySelector("dialog[open]") !== null;
}

// True: somebody is signed in now.
export function askForName(hasAccounts: boolean): Promise<boolean> {
    waiting ??= ask(hasAccounts).finally(() => {
        waiting = null;
    });
    return waiting;
}

function ask(hasAccounts: boolean): Promise<boolean> {
    const dialog = byId<HTMLDialogElement>("signin");
    const [name, password] = [
        byId<HTMLInputElement>("name"),
        byId<HTMLInputElement>("password"),
    ];
    byId("password-row").hidden = !hasAccounts;
    say(byId("signin-fault"), "");
    return new Promise((resolve) => {
        const done = new AbortController();
        const enter = async () => {
            if (!name.value.trim()) return;
            const isIn = await signIn(
                name.value.trim(),
                hasAccounts ? password.value : "",
            ).catch(() => false);
            password.value = "";
            if (isIn) {
                dialog.close();
                resolve(true);
            } else say(byId("signin-fault"), w("wrong"));
        };
        byId("enter").addEventListener("click", () => void enter(), done);
        dialog.addEventListener(
            "keydown",
            (event) => {
                if (event.key === "Enter") {
                    event.preventDefault();
                    void enter();
                }
            },
            done,
        );
        dialog.addEventListener(
            "close",
            () => {
                done.abort();
                resolve(false);
            },
            { once: true },
        );
        dialog.showModal();
        name.focus();
    });
}

// The words of a note; empty: none.
export function askForNote(): Promise<string> {
    const dialog = byId<HTMLDialogElement>("note-dialog");
    const words = byId<HTMLInputElement>("note-words");
    words.value = "";
    return new Promise((resolve) => {
        const done = new AbortController();
        const enter = () => {
            const text = words.value.trim();
            dialog.close();
            resolve(text);
        };
        byId("note-enter").addEventListener("click", enter, done);
        dialog.addEventListener(
            "keydown",
            (event) => {
                if (event.key === "Enter") {
                    event.preventDefault();
                    enter();
                }
            },
            done,
        );
        dialog.addEventListener(
            "close",
            () => {
                done.abort();
                resolve("");
            },
            { once: true },
        );
        dialog.showModal();
        words.focus();
    });
}
