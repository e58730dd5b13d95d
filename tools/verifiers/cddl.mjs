// cddl.mjs -- does an item have the form that docs/formats/record.cddl gives it? Reads as much
// of CDDL [RFC 8610] as that file uses.
// SPDX-License-Identifier: Apache-2.0

const TOKEN =
    /"[^"]*"|#6\.\d+|=>|\.\.|\.[a-z]+|[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*|-?\d+|[?*:{}[\]()/,=&]/g;

// The rules by name: each a function (tokens are read once, names are looked up when asked).
export function rules(text) {
    const tokens = text.replace(/;.*/g, "").match(TOKEN);
    const rule = new Map();
    let at = 0;
    const next = () => tokens[at++];
    const peek = (ahead = 0) => tokens[at + ahead];
    const eat = token => peek() === token && ++at > 0;
    const need = token => { if (!eat(token)) throw new Error(`cddl: ${token}, not ${peek()}`); };

    function type() {
        const choice = [suffixed()];
        while (eat("/")) choice.push(suffixed());
        return choice.length === 1 ? choice[0] : { kind: "choice", choice };
    }
    function suffixed() {
        const base = plain();
        if (eat("..")) return { kind: "range", from: base, to: plain() };
        for (const control of [".size", ".cbor", ".regexp"])
            if (eat(control)) return { kind: control, base, by: plain() };
        return base;
    }
    function plain() {
        const token = next();
        if (token === "{" || token === "[") {
            const kind = token === "{" ? "map" : "array", group = entries(token);
            return { kind, group };
        }
        if (token === "&") {
            need("(");
            return { kind: "choice", choice: entries("(").map(entry => entry.type) };
        }
        if (token.startsWith("#6.")) {
            need("(");
            const inner = type();
            need(")");
            return inner; // the tag itself is compared by who calls
        }
        if (token === "(") { // a group, or a type in brackets
            const group = entries("(");
            return group.length === 1 && group[0].key === undefined && group[0].least === 1 &&
                group[0].most === 1 ? group[0].type : { kind: "group", group };
        }
        if (token[0] === '"') return { kind: "text", text: token.slice(1, -1) };
        if (/^-?\d+$/.test(token)) return { kind: "number", number: BigInt(token) };
        return { kind: "name", name: token };
    }
    function entries(open) {
        const close = { "{": "}", "[": "]", "(": ")" }[open], group = [];
        while (!eat(close)) {
            const entry = { least: 1, most: 1 };
            if (eat("?")) entry.least = 0;
            else if (peek() === "*" || peek(1) === "*") {
                entry.least = peek() === "*" ? 0 : Number(next());
                need("*");
                entry.most = /^\d+$/.test(peek()) && peek(1) !== ":" ? Number(next()) : Infinity;
            }
            if (peek(1) === ":") {
                const key = next();
                need(":");
                if (/^-?\d+$/.test(key)) entry.key = { kind: "number", number: BigInt(key) };
                entry.type = type();
            } else {
                entry.type = type();
                if (eat("=>")) {
                    entry.key = entry.type;
                    entry.type = type();
                }
            }
            eat(",");
            group.push(entry);
        }
        return group;
    }
    while (at < tokens.length) {
        const name = next();
        need("=");
        rule.set(name, type());
    }
    return rule;
}

const isNumber = value => typeof value === "bigint" || Number.isSafeInteger(value);

// read: bytes to an item, for what is wrapped in byte strings.
export function fits(rule, name, item, read) {
    const named = type => {
        while (type.kind === "name" && rule.has(type.name)) type = rule.get(type.name);
        return type;
    };
    const number = type => named(type).number;
    const bounds = type => {
        const found = named(type);
        return found.kind === "range" ? [number(found.from), number(found.to)]
            : [found.number, found.number];
    };
    const within = (value, [least, most]) => BigInt(value) >= least && BigInt(value) <= most;

    function matches(raw, value) {
        const type = named(raw);
        switch (type.kind) {
        case "choice": return type.choice.some(one => matches(one, value));
        case "number": return isNumber(value) && BigInt(value) === type.number;
        case "range": return isNumber(value) && within(value, bounds(type));
        case ".size":
            return matches(type.base, value) &&
                within(Buffer.byteLength(value), bounds(type.by));
        case ".cbor": return matches(type.base, value) && matches(type.by, read(value));
        case ".regexp":
            return matches(type.base, value) && new RegExp(`^(?:${type.by.text})$`).test(value);
        case "array": {
            const end = Array.isArray(value) ? sequence(type.group, value, 0) : -1;
            return end >= 0 && end === value.length;
        }
        case "map": return value instanceof Map && mapping(type.group, value);
        case "name":
            switch (type.name) {
            case "null": return value === null;
            case "bool": return typeof value === "boolean";
            case "tstr": return typeof value === "string";
            case "bstr": return value instanceof Uint8Array;
            default: throw new Error(`cddl: no rule ${type.name}`);
            }
        default: throw new Error(`cddl: no type ${type.kind}`);
        }
    }
    // Where the group ends that begins at, or -1.
    function sequence(group, values, at) {
        for (const entry of group) {
            let count = 0;
            for (; count < entry.most && at < values.length; count++) {
                const type = named(entry.type);
                const end = type.kind === "group" ? sequence(type.group, values, at)
                    : matches(type, values[at]) ? at + 1 : -1;
                if (end < 0) break;
                at = end;
            }
            if (count < entry.least) return -1;
        }
        return at;
    }
    // The members of a map that a group takes; every one must be taken.
    function mapping(group, map) {
        const left = new Map([...map].map(([key, value]) => [BigInt(key), value]));
        const take = entries => entries.every(entry => {
            const type = named(entry.type);
            if (!entry.key && type.kind === "group")
                return (entry.least === 0 && !left.has(type.group[0].key.number)) ||
                    take(type.group);
            let count = 0;
            for (const [key, value] of [...left])
                if (count < entry.most && matches(entry.key, key)) {
                    if (!matches(type, value)) return false;
                    left.delete(key);
                    count++;
                }
            return count >= entry.least;
        });
        return take(group) && left.size === 0;
    }
    return matches({ kind: "name", name }, item);
}
