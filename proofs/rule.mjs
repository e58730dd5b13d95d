// rule.mjs -- the rule of release a second time, in another language, and a comparison of every
// verdict that tools/decide_cases.c writes to standard input. Written from DESIGN.md 4 and
// docs/formats/arrangement.md; shares no line with release/decide.c.
// usage: decide_cases RANDOM | node proofs/rule.mjs LEAST_CASES
// SPDX-License-Identifier: Apache-2.0
const STATUS = 4, NOTICE = 5;
const CLASS = [0, 1, 1, 1, 2, 3, STATUS, STATUS, NOTICE];
const ESTIMATES = [1, 2, 4], T_PLOT = 5, T_STATUS = 6;
const COARSE = 1, SHIELDED = 2, FINE = 3, BODY = 4, GROUPS = [COARSE, SHIELDED, FINE, BODY];
const LATEST = 2n ** 62n, SECOND = 1000000000n;
const WORDS = [...Array(16).keys()], PARTIES = [...Array(8).keys()];

// ---- reading: sets are bytes, one for each possible member ----
let bytes = Buffer.alloc(0), at = 0;
const byte = () => bytes[at++];
const set = size => { at += size; return bytes.subarray(at - size, at); };
const kept = size => Uint8Array.from(set(size));
const time = () => { at += 8; return bytes.readBigInt64BE(at - 8); };

function readClause() {
    return {
        forbid: byte(), types: kept(9), from: kept(8), to: kept(8),
        hasRegions: byte(), regions: kept(3), hasNatures: byte(), natures: kept(4),
        event: byte(), ceiling: byte(), exercise: byte(), hasCaveats: byte(), caveats: kept(16),
        hasGroups: byte(), groups: kept(5), hasAge: byte(), age: time(), rate: byte(),
    };
}

function readRules() {
    const rules = { parties: byte(), clauses: [] };
    for (let n = byte(); n > 0; n--) rules.clauses.push(readClause());
    return rules;
}

function readQuestion() {
    return {
        inForce: byte(), hub: byte(), originator: byte(), recipient: byte(), subject: byte(),
        type: byte(), class: byte(), nature: byte(), region: byte(), releasable: set(8),
        lineage: set(8), otherLineage: byte(), signed: set(5), shown: set(5), levels: set(5),
        exercise: byte(), caveats: set(16), otherCaveat: byte(), open: byte(), time: time(),
        now: time(), until: time(), errors: time(), tokens: set(8),
    };
}

// ---- the rule ----
const isTime = t => t >= 0n && t <= LATEST;

function isWellFormed(rules, q) {
    const estimate = ESTIMATES.includes(q.type);
    const proper = g => !q.signed[g] ||
        ((estimate ? g !== BODY : g === BODY) && q.levels[g] >= 1 && q.levels[g] <= 5);
    return rules.parties >= 2 && rules.parties <= 8 && rules.clauses.length <= 64 &&
        q.type >= 1 && q.type <= 8 && CLASS[q.type] === q.class &&
        q.nature >= 1 && q.nature <= 3 && q.region <= 2 &&
        isTime(q.time) && isTime(q.now) && isTime(q.until) && isTime(q.errors) &&
        q.until >= q.time && !q.signed[0] && !q.shown[0] &&
        GROUPS.every(g => proper(g) && (q.signed[g] || !q.shown[g])) &&
        !(q.signed[SHIELDED] && (q.signed[COARSE] || q.signed[FINE]));
}

function stands(rules, q) {
    if (!isWellFormed(rules, q) || q.recipient >= rules.parties) return false;
    const speaks = q.hub
        ? q.class === NOTICE || q.type === T_STATUS
        : q.class !== NOTICE && q.originator < rules.parties && q.originator !== q.recipient;
    const inForce = q.inForce || (q.class === NOTICE && q.subject === q.recipient);
    const own = !ESTIMATES.includes(q.type) || (!q.otherLineage &&
        PARTIES.every(n => Boolean(q.lineage[n]) === (n === q.originator)));
    return speaks && inForce && q.releasable[q.recipient] && own &&
        !(q.type === T_PLOT && rules.parties !== 2) && q.time <= q.now + SECOND + q.errors;
}

function isAbout(c, q) {
    return c.types[q.type] && c.from[q.originator] && c.to[q.recipient] &&
        (!c.hasNatures || c.natures[q.nature]) && (!c.exercise || c.exercise === q.exercise);
}

function permits(c, q, token, g) {
    return !c.forbid && isAbout(c, q) &&
        (!c.hasRegions || (q.region !== 0 && c.regions[q.region])) &&
        !q.otherCaveat && WORDS.every(w => !q.caveats[w] || (c.hasCaveats && c.caveats[w])) &&
        (!c.event || q.open) && (!c.hasAge || q.now - q.time <= c.age) &&
        (!c.rate || token) && (g === BODY || c.groups[g]) &&
        (!c.ceiling || q.levels[g] <= c.ceiling);
}

function forbids(c, q, g) {
    return c.forbid && isAbout(c, q) &&
        (!c.hasRegions || q.region === 0 || c.regions[q.region]) &&
        (!c.hasCaveats || WORDS.some(w => q.caveats[w] && c.caveats[w])) &&
        (!c.hasGroups || c.groups[g]);
}

function passes(rules, q, g) {
    return q.shown[g] && (q.class === STATUS || q.class === NOTICE ||
        (rules.clauses.some((c, i) => permits(c, q, q.tokens[i], g)) &&
         !rules.clauses.some(c => forbids(c, q, g))));
}

// ---- the comparison ----
const MESSAGE_MAX = 2 + 64 * 100;
const kinds = [0, 0, 0];
let rules = null, cases = 0, differ = 0;

function judge() {
    const q = readQuestion(), found = set(5), kind = byte(), may = stands(rules, q);
    let wrong = found[0] !== 0, passed = 0, shown = 0;
    for (const g of GROUPS) {
        const pass = Boolean(may && passes(rules, q, g));
        wrong = wrong || pass !== Boolean(found[g]);
        passed += pass;
        shown += q.shown[g] !== 0;
    }
    cases++;
    kinds[kind]++;
    if (!wrong && kind === (passed === 0 ? 0 : passed < shown ? 1 : 2)) return;
    if (differ++ < 3) console.log("differs:", q, rules, found, kind);
}

function take(more, isLast) {
    bytes = at < bytes.length ? Buffer.concat([bytes.subarray(at), more]) : more;
    at = 0;
    while (at + (isLast ? 0 : MESSAGE_MAX) < bytes.length) {
        const kind = byte();
        if (kind === 0x52) rules = readRules();
        else if (kind === 0x51) judge();
        else throw new Error(`no such message: ${kind} behind case ${cases}`);
    }
}

process.stdin.on("data", more => take(more, false));
process.stdin.on("end", () => {
    take(Buffer.alloc(0), true);
    const isWorth = kinds[1] > 10000 && kinds[2] > 10000 && cases >= Number(process.argv[2]);
    console.log(`${cases} cases: ${kinds[2]} pass, ${kinds[1]} trimmed, ${kinds[0]} refused`);
    console.log(`${differ ? "FAIL" : "ok  "} the two models differ in ${differ} verdicts`);
    console.log(differ || !isWorth ? "0 passed, 1 failed" : "1 passed, 0 failed");
    process.exitCode = differ || !isWorth ? 1 : 0;
});
