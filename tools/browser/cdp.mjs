// cdp.mjs -- a browser by its debugging pipe [Chrome DevTools Protocol], without any package:
// for ./check, which installs none. Only what short.mjs asks of it.
// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export async function openPipe(path) {
    const folder = mkdtempSync(join(tmpdir(), "warnlink-short-"));
    const child = spawn(path, ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
        "--window-size=1600,900", `--user-data-dir=${folder}`, "--remote-debugging-pipe", "about:blank"],
        { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"], detached: true });
    const ended = new Promise((resolve) => child.on("exit", resolve));
    const waiting = new Map();
    const pipe = { faults: [], ended };
    let [count, rest] = [0, ""];
    child.stdio[4].setEncoding("utf8");
    child.stdio[4].on("data", (part) => {
        const messages = (rest + part).split("\0");
        rest = messages.pop();
        for (const message of messages) take(pipe, waiting, JSON.parse(message));
    });
    child.stdio[3].on("error", () => { /* it has ended: who waits is told below */ });
    void ended.then(() => {
        for (const { reject } of waiting.values()) reject(new Error("the browser has ended"));
    });
    pipe.ask = (method, params = {}, sessionId = undefined) => new Promise((resolve, reject) => {
        waiting.set(++count, { resolve, reject });
        child.stdio[3].write(JSON.stringify({ id: count, method, params, sessionId }) + "\0");
    });
    pipe.close = async () => {
        // With its helpers, which are of its group: one that lives on still writes into the folder.
        try { process.kill(-child.pid, "SIGKILL"); } catch { /* it has ended */ }
        await ended;
        rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    };
    return pipe;
}

function take(pipe, waiting, message) {
    const one = waiting.get(message.id);
    if (one) {
        waiting.delete(message.id);
        if (message.error) one.reject(new Error(message.error.message));
        else one.resolve(message.result);
        return;
    }
    const { method, params } = message;
    if (method === "Runtime.exceptionThrown") pipe.faults.push(params.exceptionDetails.text);
    if (method === "Log.entryAdded" && params.entry.level === "error") pipe.faults.push(params.entry.text);
}

const CODES = { Enter: ["Enter", 13, "\r"], Escape: ["Escape", 27, ""], Tab: ["Tab", 9, ""], " ": ["Space", 32, " "] };

// A page: see it through a function, press keys, write text.
export async function openTab(pipe, url) {
    const { targetId } = await pipe.ask("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await pipe.ask("Target.attachToTarget", { targetId, flatten: true });
    const ask = (method, params) => pipe.ask(method, params, sessionId);
    for (const domain of ["Runtime", "Log", "Page"]) await ask(`${domain}.enable`);
    await ask("Page.navigate", { url });
    return {
        async see(question, ...values) {
            const expression = `(${question})(...${JSON.stringify(values)})`;
            const answer = await ask("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
            return answer.exceptionDetails ? undefined : answer.result.value;
        },
        async press(key) {
            const [code, number, text] = CODES[key] ?? [`Key${key.toUpperCase()}`, key.toUpperCase().charCodeAt(0), key];
            const what = { key, code, windowsVirtualKeyCode: number };
            await ask("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", text, ...what });
            await ask("Input.dispatchKeyEvent", { type: "keyUp", ...what });
        },
        type: (text) => ask("Input.insertText", { text }),
    };
}
