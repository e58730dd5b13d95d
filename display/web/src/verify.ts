// verify.ts -- checks a partner's record in the browser itself: its signature under the key
// that the arrangement lists, the digests of its groups, and that it is what the row says
// [RFC 9052 4.4, RFC 8032]. So the page does not merely repeat what the node asserts.
// SPDX-License-Identifier: Apache-2.0
import type { PedigreeRow } from "./log";

type Value =
    | number
    | bigint
    | string
    | Uint8Array
    | null
    | boolean
    | Value[]
    | Map<Value, Value>
    | { tag: number; value: Value };

// A reader of the definite-length CBOR that records are made of [RFC 8949].
class Reader {
    at = 0;
    constructor(readonly bytes: Uint8Array) {}

    private head(): [number, number] {
        const first = this.bytes[this.at++]!;
        const [major, low] = [first >> 5, first & 31];
        if (low < 24) return [major, low];
        const size = 1 << (low - 24);
        if (low > 27 || this.at + size > this.bytes.length) throw new Error("CBOR");
        let value = 0;
        for (let i = 0; i < size; i++) value = value * 256 + this.bytes[this.at++]!;
        return [major, value];
    }

    private slice(size: number): Uint8Array {
        if (this.at + size > this.bytes.length) throw new Error("CBOR");
        this.at += size;
        return this.bytes.subarray(this.at - size, this.at);
    }

    value(depth = 0): Value {
        if (depth > 8) throw new Error("CBOR");
        const [major, n] = this.head();
        switch (major) {
            case 0:
                return n;
            case 1:
                return -1 - n;
            case 2:
                return this.slice(n);
            case 3:
                return new TextDecoder("utf-8", { fatal: true }).decode(this.slice(n));
            case 4:
                return Array.from({ length: n }, () => this.value(depth + 1));
            case 5: {
                const map = new Map<Value, Value>();
                for (let i = 0; i < n; i++)
                    map.set(this.value(depth + 1), this.value(depth + 1));
                return map;
            }
            case 6:
                return { tag: n, value: this.value(depth + 1) };
            default:
                return n === 22 ? null : n === 21;
        }
    }
}

function bytesOf(hex: string): Uint8Array {
    const out = new Uint8Array(hex.length >> 1);
    for (let i = 0; i < out.length; i++) out[i] = parseInt(hex.slice(2 * i, 2 * i + 2), 16);
    return out;
}

function head(major: number, n: number): number[] {
    if (n < 24) return [(major << 5) | n];
    return n < 256 ? [(major << 5) | 24, n] : [(major << 5) | 25, n >> 8, n & 255];
}

function bstr(bytes: Uint8Array): number[] {
    return [...head(2, bytes.length), ...bytes];
}

const text = new TextEncoder();

// Sig_structure: ["Signature1", protected, external_aad, payload].
function signedBytes(protectedBytes: Uint8Array, payload: Uint8Array): Uint8Array<ArrayBuffer> {
    return new Uint8Array([
        0x84,
        ...head(3, 10),
        ...text.encode("Signature1"),
        ...bstr(protectedBytes),
        ...bstr(text.encode("warnlink/record/1")),
        ...bstr(payload),
    ]);
}

const same = (a: Uint8Array, b: Uint8Array) =>
    a.length === b.length && a.every((x, i) => x === b[i]);
const TYPES = ["", "launch", "impact", "cancel", "track"];

async function check(row: PedigreeRow): Promise<boolean> {
    const record = new Reader(bytesOf(row.record!)).value() as Value[];
    const sign1 = record[0] as { tag: number; value: Value[] };
    const [protectedBytes, , payload, signature] = sign1.value as [
        Uint8Array,
        Value,
        Uint8Array,
        Uint8Array,
    ];
    const key = await crypto.subtle.importKey(
        "raw",
        new Uint8Array(bytesOf(row.key!)),
        "Ed25519",
        false,
        ["verify"],
    );
    if (
        sign1.tag !== 18 ||
        !(await crypto.subtle.verify(
            "Ed25519",
            key,
            new Uint8Array(signature),
            signedBytes(protectedBytes, payload),
        ))
    )
        return false;
    const header = new Reader(payload).value() as Map<Value, Value>;
    if (
        header.get(2) !== row.n ||
        header.get(4) !== row.seq ||
        TYPES[header.get(8) as number] !== row.type
    )
        return false;
    const digests = [...(header.get(15) as Map<Value, Value>).values()] as Value[][];
    const disclosures = record[1] as (Uint8Array | null)[];
    for (const [i, disclosure] of disclosures.entries()) {
        if (!disclosure) continue; // withheld: its digest stands in the header all the same
        const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(disclosure));
        if (!same(new Uint8Array(digest), digests[i]![0] as Uint8Array)) return false;
    }
    return disclosures.length === digests.length;
}

export type Verdict = "verified" | "badSignature" | "unverified" | "checking";
const verdicts = new Map<string, Verdict>();
let cannot = false; // this browser knows no Ed25519, or the page is not in a secure context

// The verdict on a row, "checking" until it is there; changed() is called then.
export function verdictOf(row: PedigreeRow, changed: () => void): Verdict {
    if (!row.record || !row.key || cannot || !globalThis.crypto?.subtle) return "unverified";
    const name = [row.n, row.key, row.type, row.arrangement, row.seq, row.time].join();
    const known = verdicts.get(name);
    if (known) return known;
    if (verdicts.size > 500) verdicts.clear();
    verdicts.set(name, "checking");
    check(row)
        .then(
            (good) => verdicts.set(name, good ? "verified" : "badSignature"),
            (error: unknown) => {
                cannot ||= error instanceof DOMException && error.name === "NotSupportedError";
                verdicts.set(name, cannot ? "unverified" : "badSignature");
            },
        )
        .finally(changed);
    return "checking";
}
