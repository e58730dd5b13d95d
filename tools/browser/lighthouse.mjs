// lighthouse.mjs -- Lighthouse over the page that a true node serves, while a rehearsal flies: in
// English, Japanese and Korean, on both grounds. At least 95 in each of performance,
// accessibility and best practices; else exit code 1. Packages: tools/browser/lighthouse.
// usage: node lighthouse.mjs WARNLINK FOLDER     (FOLDER: where its packages are installed)
// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { until } from "./tap.mjs";

const LEAST = 95;
const WANTED = ["performance", "accessibility", "best-practices"];
const [warnlink, packages] = process.argv.slice(2);
const require = createRequire(resolve(packages, "package.json"));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const { default: lighthouse, desktopConfig } = await load("lighthouse");
const { launch } = await load("chrome-launcher");

const folder = mkdtempSync(join(tmpdir(), "warnlink-lighthouse-"));
const demo = spawn(warnlink, ["demo", "--display", "--speed", "2"], { stdio: ["ignore", "pipe", "inherit"] });
let text = "";
demo.stdout.on("data", (part) => { text += part; });
const [, address] = await until(() => text.match(/Display of JP: (\S+)/), 60);
const chrome = await launch({
    chromePath: process.env.CHROMIUM ?? "/usr/bin/chromium", userDataDir: folder,
    chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
        "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
let failures = 0;
const end = async () => {
    await chrome.kill();
    demo.kill("SIGINT");
    await new Promise((ended) => demo.on("exit", ended));
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
};
for (const fault of ["unhandledRejection", "uncaughtException"]) process.on(fault, (error) => {
    console.error(error);
    void end().then(() => process.exit(1));
});
for (const [lang, theme] of [["en", "dark"], ["ja", "light"], ["ko", "dark"]]) {
    const url = `${address}#lang=${lang}&theme=${theme}`;
    const flags = { port: chrome.port, onlyCategories: WANTED, logLevel: "error" };
    const { lhr } = await lighthouse(url, flags, desktopConfig);
    const scores = WANTED.map((name) => [name, Math.round((lhr.categories[name].score ?? 0) * 100)]);
    failures += scores.filter(([, score]) => score < LEAST).length;
    console.log(JSON.stringify({ lighthouse: lhr.lighthouseVersion, node: process.version, lang, theme, load: loadavg()[0],
        ...Object.fromEntries(scores) }));
    const bad = Object.values(lhr.audits).filter((one) => one.score !== null && one.score < 0.9 && one.scoreDisplayMode !== "informative");
    for (const one of bad) console.log(`# ${one.id}: ${one.score} ${one.displayValue ?? ""}`);
    if (lhr.runtimeError || lhr.runWarnings.length) console.log(`# ${JSON.stringify([lhr.runtimeError, lhr.runWarnings])}`);
}
await end();
console.log(`${failures} of 9 below ${LEAST}`);
process.exitCode = failures ? 1 : 0;
