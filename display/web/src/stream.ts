// stream.ts -- the events of a node as they come, or a file of them for replay.
// SPDX-License-Identifier: Apache-2.0
import type { Log } from "./log";

const KINDS = [
    "picture",
    "health",
    "alarms",
    "pedigree",
    "entry",
    "warning",
    "alone",
    "act",
    "trail",
    "live",
];
const SILENT_MS = 3000; // the node speaks twice a second
const AGAIN_MS = 500;

export interface Stream {
    heard: number;
    isOpen: boolean;
    opened: number;
    close(): void;
}

// Listens; after a cut the browser says the last number it had, and the node goes on there.
// A connection that is open but silent is cut here: a dead link looks just so.
export function listen(log: Log, changed: (kind: string) => void): Stream {
    let source: EventSource | null = null;
    let last = "";
    let tried = 0; // when it was last dialled: that is not being heard
    const stream: Stream = {
        heard: performance.now(),
        isOpen: false,
        opened: 0,
        close: () => {
            stop();
            clearInterval(timer);
        },
    };
    const stop = () => {
        source?.close();
        source = null;
        stream.isOpen = false;
    };
    const start = () => {
        source = new EventSource(last ? `/events?after=${last}` : "/events");
        tried = performance.now();
        source.onopen = () => {
            stream.isOpen = true;
            stream.opened++;
            changed("open");
        };
        source.onerror = () => {
            stream.isOpen = false;
            changed("cut");
        };
        source.addEventListener("reset", () => {
            log.reset();
        });
        for (const kind of KINDS)
            source.addEventListener(kind, (message) => {
                stream.heard = performance.now();
                last = message.lastEventId || last;
                log.take(kind, JSON.parse(message.data));
                changed(kind);
            });
    };
    const timer = setInterval(() => {
        const isSilent = performance.now() - Math.max(stream.heard, tried) > SILENT_MS;
        if (source && source.readyState !== EventSource.CLOSED && !isSilent) return;
        stop();
        start();
    }, AGAIN_MS);
    start();
    return stream;
}

// A file of what was shown: "NUMBER KIND JSON" a line.
export function read(log: Log, text: string): void {
    for (const line of text.split("\n")) {
        const kind = line.indexOf(" ") + 1;
        const json = line.indexOf(" ", kind) + 1;
        if (kind > 0 && json > kind)
            log.take(line.slice(kind, json - 1), JSON.parse(line.slice(json)));
    }
}

// A document of the node.
export async function json<T>(path: string): Promise<T> {
    const answer = await fetch(path, { credentials: "omit" });
    if (!answer.ok) throw new Error(path);
    return (await answer.json()) as T;
}
