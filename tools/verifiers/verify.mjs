// verify.mjs -- two verifiers of other makes judge what tools/record_cases.c writes to standard
// input: cbor-x with @noble/ed25519 (strict), and @auth0/cose. Both must say what ours said. And
// what ours accepts has the form that record.cddl gives it.
// usage: node verify.mjs LEAST_CASES PART PARTS <CASES, every PARTS-th case from number PART
// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Decoder } from "cbor-x";
import * as ed from "@noble/ed25519";
import { fits, rules } from "./cddl.mjs";
import { Sign1, importJWK } from "./cose.mjs";

ed.etc.sha512Sync = (...parts) =>
    Uint8Array.from(createHash("sha512").update(ed.etc.concatBytes(...parts)).digest());
const sha256 = bytes => createHash("sha256").update(bytes).digest();
const decoder = new Decoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false });
const AAD = Buffer.from("warnlink/record/1");

// ---- one encoding only: what was read, written again by these lines, gives the same bytes ----
function head(major, value) {
    const n = BigInt(value);
    if (n < 24n) return Buffer.from([major * 32 + Number(n)]);
    const width = n < 256n ? 1 : n < 65536n ? 2 : n < 4294967296n ? 4 : 8;
    const out = Buffer.alloc(1 + width);
    out[0] = major * 32 + { 1: 24, 2: 25, 4: 26, 8: 27 }[width];
    for (let i = 0; i < width; i++) out[width - i] = Number((n >> BigInt(8 * i)) & 255n);
    return out;
}

function encode(value) {
    if (typeof value === "bigint" || Number.isSafeInteger(value))
        return value < 0 ? head(1, -1n - BigInt(value)) : head(0, value);
    if (typeof value === "string") {
        const bytes = Buffer.from(value);
        return Buffer.concat([head(3, bytes.length), bytes]);
    }
    if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
    if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(encode)]);
    if (value instanceof Map) {
        const keys = [...value.keys()].sort((a, b) => a - b);
        return Buffer.concat([head(5, keys.length),
            ...keys.map(k => Buffer.concat([encode(k), encode(value.get(k))]))]);
    }
    if (value === null) return Buffer.from([0xf6]);
    if (value === true || value === false) return Buffer.from([value ? 0xf5 : 0xf4]);
    throw new Error("no such item in a record");
}

const same = (a, b) => Buffer.compare(a, b) === 0;
const is = (holds, words) => { if (!holds) throw new Error(words); };

function read(bytes, words) {
    const value = decoder.decode(bytes);
    is(same(encode(value), bytes), words);
    return value;
}

// The parts of a record, or an error: envelope, header, and the digest of each group shown.
function take(bytes, publicKey) {
    // [ 18([ ...: the tag stands in one place; what is around it is read without it
    is(bytes.length > 2 && bytes.length <= 65536 && bytes[0] === 0x82 && bytes[1] === 0xd2, "tag");
    const [sign1, shown] = read(Buffer.concat([bytes.subarray(0, 1), bytes.subarray(2)]), "form");
    is(Array.isArray(sign1) && sign1.length === 4 && Array.isArray(shown), "arrays");
    const [protect, bare, payload, signature] = sign1;
    is(bare instanceof Map && bare.size === 0 && signature.length === 64, "envelope");
    const protectedMap = read(protect, "protected");
    is(protectedMap instanceof Map && protectedMap.size === 2 && protectedMap.get(1) === -8 &&
       same(protectedMap.get(4), sha256(publicKey).subarray(0, 8)), "key id");
    const header = read(payload, "header");
    is(header instanceof Map && header.get(1) === 1, "version");
    const groups = [...header.get(15).entries()].sort((a, b) => a[0] - b[0]);
    is(shown.length === groups.length, "as many disclosures as groups");
    shown.forEach((disclosure, i) => {
        if (disclosure === null) return;
        const [group, [digest]] = groups[i];
        is(same(sha256(disclosure), digest), "digest");
        is(read(disclosure, "disclosure")[1] === group, "group");
    });
    return { protect, payload, signature, size: encode(sign1).length };
}

function byNoble(bytes, publicKey) {
    const { protect, payload, signature } = take(bytes, publicKey);
    const signed = encode(["Signature1", protect, AAD, payload]);
    return ed.verify(signature, signed, publicKey, { zip215: false });
}

const keys = new Map();
async function byCose(bytes, publicKey) {
    const { size } = take(bytes, publicKey);
    const name = Buffer.from(publicKey).toString("base64url");
    if (!keys.has(name))
        keys.set(name, await importJWK({ kty: "OKP", crv: "Ed25519", x: name, alg: "EdDSA" }));
    const sign1 = Sign1.decode(bytes.subarray(1, 2 + size)); // with its tag
    await sign1.verify(keys.get(name), { externalAAD: AAD });
    return true;
}

// ---- the written form ----
const rule = rules(readFileSync(new URL("record.cddl", import.meta.url), "utf8"));
const types = new Set();

// As written, and no more once a key is added that the form does not know.
function hasForm(bytes) {
    const record = read(Buffer.concat([bytes.subarray(0, 1), bytes.subarray(2)]), "form");
    const header = read(record[0][2], "header");
    types.add(header.get(8));
    if (!fits(rule, "record", record, bytes => read(bytes, "inside"))) return false;
    header.set(20, 1);
    return !fits(rule, "header", header, null);
}

// ---- the comparison ----
const counts = { cases: 0, accepted: 0, noble: 0, cose: 0, form: 0 };

async function judge(bytes, publicKey, isOurs) {
    const answer = { noble: false, cose: false };
    try { answer.noble = byNoble(bytes, publicKey); } catch { /* refused */ }
    try { answer.cose = await byCose(bytes, publicKey); } catch { /* refused */ }
    counts.cases++;
    counts.accepted += isOurs;
    if (isOurs && !hasForm(bytes) && counts.form++ < 3)
        console.log("not by record.cddl:", bytes.toString("hex"));
    for (const who of ["noble", "cose"]) {
        if (answer[who] === isOurs) continue;
        if (counts[who]++ < 3) console.log(`${who} says ${answer[who]}:`, bytes.toString("hex"));
    }
}

async function main(least, part, parts) {
    let rest = Buffer.alloc(0), number = 0;
    for await (const more of process.stdin) {
        rest = rest.length ? Buffer.concat([rest, more]) : more;
        let at = 0;
        while (rest.length - at >= 37) {
            const size = rest.readUInt32BE(at + 33);
            if (rest.length - at < 37 + size) break;
            if (number++ % parts === part)
                await judge(rest.subarray(at + 37, at + 37 + size),
                    Uint8Array.from(rest.subarray(at + 1, at + 33)), rest[at] === 1);
            at += 37 + size;
        }
        rest = rest.subarray(at);
    }
    let failed = 0;
    const check = (holds, words) => {
        failed += !holds;
        console.log(`${holds ? "ok  " : "FAIL"} ${words}`);
    };
    console.log(`${counts.cases} records, ${counts.accepted} of them accepted by ours`);
    check(rest.length === 0 && counts.cases >= least && counts.accepted > 0,
        `at least ${least} records were judged`);
    check(counts.noble === 0, `cbor-x and @noble/ed25519 differ in ${counts.noble}`);
    check(counts.cose === 0, `@auth0/cose differs in ${counts.cose}`);
    check(counts.form === 0 && types.size === 8, `by record.cddl ${counts.form} of them have ` +
        `another form (types ${[...types].sort()})`);
    console.log(`${4 - failed} passed, ${failed} failed`);
    process.exitCode = failed ? 1 : 0;
}

await main(...process.argv.slice(2, 5).map(Number));
