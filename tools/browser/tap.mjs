// tap.mjs -- each check is a sentence; output is TAP. And the browser that tests look through.
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const TOP = fileURLToPath(new URL("../..", import.meta.url));
export const packages = createRequire(join(TOP, "build/web/package.json"));

let count = 0;
let failures = 0;

export function check(isTrue, sentence, detail) {
    count++;
    if (!isTrue) failures++;
    console.log(`${isTrue ? "ok" : "not ok"} ${count} - ${sentence}`);
    if (!isTrue && detail !== undefined)
        console.log(`# ${JSON.stringify(detail).slice(0, 2000)}`);
}

export function note(words) {
    console.log(`# ${words}`);
}

export function done() {
    console.log(`1..${count}`);
    process.exitCode = failures || !count ? 1 : 0;
}

// Waits until a question to the page is answered with truth; never asserts how long it took.
export async function until(question, seconds = 30) {
    const end = Date.now() + seconds * 1000;
    for (;;) {
        const answer = await question();
        if (answer || Date.now() > end) return answer;
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

// more: options of its context.
export async function openBrowser(more = {}) {
    const { chromium } = packages("playwright-core");
    const folder = mkdtempSync(join(tmpdir(), "warnlink-browser-"));
    const context = await chromium.launchPersistentContext(folder, {
        executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
        headless: true,
        viewport: { width: 1600, height: 900 },
        locale: "en-GB",
        args: [
            "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
        ],
        ...more,
    });
    return {
        context,
        async close() {
            await context.close();
            rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
        },
    };
}

// A page, and all that went wrong in it: errors, refusals of its policy, requests elsewhere.
export async function openPage(context, url) {
    const page = await context.newPage();
    const faults = [];
    page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
    page.on("console", (message) => {
        if (message.type() === "error") faults.push(message.text());
    });
    page.on("dialog", (dialog) => {
        faults.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
    });
    const origin = new URL(url).origin;
    page.on("request", (request) => {
        const to = request.url();
        if (!to.startsWith(origin) && !to.startsWith("data:") && !to.startsWith("blob:"))
            faults.push(`request: ${to}`);
    });
    await page.goto(url);
    await until(() => page.evaluate(() => document.documentElement.dataset.ready === "true"));
    return { page, faults };
}
