// words.ts -- every word of the page in three languages. A key that one of them lacks does not
// compile. SPDX-License-Identifier: Apache-2.0

import { EN, type Key } from "./words_en";
import { JA } from "./words_ja";
import { KO } from "./words_ko";

export type { Key };
export type Language = "en" | "ja" | "ko";
export const LANGUAGES: Language[] = ["en", "ja", "ko"];

const ALL: Record<Language, Record<Key, string>> = { en: EN, ja: JA, ko: KO };
let current: Language = "en";

export function speak(language: Language): void {
    current = language;
}
export function language(): Language {
    return current;
}

// The words of a key; %s are filled in order.
export function w(key: Key, ...values: string[]): string {
    let text = ALL[current][key];
    for (const value of values) text = text.replace("%s", () => value);
    return text;
}

// A word that came with an event, if there is one for it; else the event's own.
export function wordOf(key: string): string {
    return key in EN ? ALL[current][key as Key] : key;
}
