// nginx.mjs -- a true node's display behind a true nginx, by the very lines of docs/display.md:
// TLS 1.3, client certificates that name operators, and the stream through it. Needs Debian's
// nginx and openssl; says so and skips where they are not installed. TAP.
// usage: node nginx.mjs WARNLINK
// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check, done, note, openBrowser, openPage, TOP, until } from "./tap.mjs";

const NGINX = ["/usr/sbin/nginx", "/usr/local/sbin/nginx"].find(existsSync);
const missing = !NGINX ? "nginx" : spawnSync("openssl", ["version"]).error ? "openssl" : "";
if (missing) {
    console.log(`ok 1 - the display behind nginx # SKIP ${missing} is not installed\n1..1`);
    process.exit(0);
}
const warnlink = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), "warnlink-nginx-"));
const at = (name) => join(folder, name);
const children = [];
function start(program, ...args) {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    child.text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => { child.text += part; });
    child.ended = new Promise((resolve) => child.on("exit", resolve));
    children.push(child);
    return child;
}
async function stop(child) {
    child.kill("SIGTERM");
    await child.ended;
}

// ---- keys: two authorities, the console, two operators, a stranger, an outsider --------------
const openssl = (...args) => execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
const key = (name) => ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", at(`${name}.key`)];
function authority(name) {
    openssl("req", "-x509", ...key(name), "-out", at(`${name}.crt`), "-subj", `/CN=${name}`, "-days", "2");
}
function certificate(name, by, subject, more = []) {
    openssl("req", ...key(name), "-out", at(`${name}.csr`), "-utf8", "-subj", subject, ...more);
    openssl("x509", "-req", "-in", at(`${name}.csr`), "-CA", at(`${by}.crt`), "-CAkey", at(`${by}.key`), "-CAcreateserial",
            "-out", at(`${name}.crt`), "-days", "2", "-copy_extensions", "copy");
}
authority("operators-ca");
authority("other-ca");
certificate("console", "operators-ca", "/CN=console.example", ["-addext", "subjectAltName=DNS:console.example,DNS:localhost"]);
certificate("sato", "operators-ca", "/O=Floor/CN=佐藤 花子");
certificate("kato", "operators-ca", "/CN=Kato, Jiro/O=Floor");
certificate("stranger", "operators-ca", "/CN=Who Ever");
certificate("outsider", "other-ca", "/CN=佐藤 花子");

// ---- a node of the demo with operators, and nginx by the example -----------------------------
const demo = start(warnlink, "demo", "--display", "--speed", "10", "--out", folder);
const [, nodePort] = await until(() => demo.text.match(/Display of JP: http:\/\/127\.0\.0\.1:(\d+)/), 60);
demo.kill("SIGINT");
await demo.ended;
const config = at("live/JP/node.conf");
writeFileSync(at("operators"), `operator "佐藤 花子" certificate\noperator "Kato, Jiro" certificate\n`);
appendFileSync(config, `\ndisplay-operators ${at("operators")}\ndisplay-operator-header X-SSL-Client-S-DN-CN\n` +
                       "display-name console.example\n");
const node = start(warnlink, "node", "--config", config);

const isFree = (wanted) => new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(0)).listen(wanted, "127.0.0.1", () => {
        const { port: free } = server.address();
        server.close(() => resolve(free));
    });
});
const port = await isFree(0);
// A browser says the port with its origin unless it is 443, which not everybody may listen on.
const has443 = await isFree(443) === 443;
const example = readFileSync(join(TOP, "docs/display.md"), "utf8").split("## Serving it to others")[1].split("\n## ")[0]
    .split("\n").filter((line) => line.startsWith("    "));
const block = example.slice(0, example.findLastIndex((line) => line === "    }") + 1).join("\n");
const replaced = [["listen 443 ssl", `${has443 ? "listen 127.0.0.1:443 ssl http2; " : ""}listen 127.0.0.1:${port} ssl`], ["console.crt", at("console.crt")], ["console.key", at("console.key")],
                  ["operators-ca.crt", at("operators-ca.crt")], ["127.0.0.1:8080", `127.0.0.1:${nodePort}`]];
check(replaced.every(([words]) => block.split(words).length === 2), "the example of docs/display.md is what is tested");
const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${at(name)};`).join(" ");
writeFileSync(at("nginx.conf"), `daemon off; pid ${at("nginx.pid")}; error_log stderr;\n${process.getuid() === 0 ? "user root;" : ""}
events {} http { access_log off; ${temporary}\n${replaced.reduce((text, [words, by]) => text.replace(words, by), block)}\n}\n`);
const startNginx = () => start(NGINX, "-c", at("nginx.conf"), "-e", "stderr", "-p", folder);
let nginx = startNginx();
const opens = (to) => new Promise((resolve) => {
    const line = connect(to, "127.0.0.1", () => { line.destroy(); resolve(true); }).on("error", () => resolve(false));
});
check(await until(() => opens(port)) && await until(() => opens(nodePort)), "nginx and the node come up with it", [nginx.text, node.text]);

// ---- asking ------------------------------------------------------------------------------------
const file = (name) => readFileSync(at(name));
const as = (who) => (who ? { cert: file(`${who}.crt`), key: file(`${who}.key`) } : {});
function ask(who, method, path, { body, headers = {}, tls = {}, stream = null } = {}) {
    return new Promise((resolve) => {
        const call = request({ host: "127.0.0.1", port, method, path, servername: "console.example", ca: file("operators-ca.crt"), agent: false,
            headers: { Host: "console.example", ...(body ? { "Content-Type": "application/json" } : {}), ...headers }, ...as(who), ...tls },
        (answer) => {
            const said = { code: answer.statusCode, protocol: answer.socket.getProtocol(), headers: answer.headers, text: "", close: () => call.destroy() };
            answer.setEncoding("utf8");
            answer.on("data", (part) => { said.text += part; });
            answer.on("error", () => { /* cut by us */ });
            if (stream) resolve(said);
            else answer.on("end", () => resolve(said));
        });
        call.on("error", (error) => resolve({ code: 0, text: String(error) }));
        call.end(body ? JSON.stringify(body) : undefined);
    });
}
const session = async (who, more = {}) => {
    const answer = await ask(who, "POST", "/session", { body: {}, ...more });
    return { ...answer, ...(answer.code === 200 ? JSON.parse(answer.text) : {}) };
};
const about = await until(async () => {
    const answer = await ask("sato", "GET", "/about.json");
    return answer.code === 200 ? answer : null;
});
check(about?.protocol === "TLSv1.3" && JSON.parse(about.text).certificates === true, "an operator's certificate opens it, by TLS 1.3", about);
const page = await ask("sato", "GET", "/page.js", { headers: { "Accept-Encoding": "gzip" } });
check(page.code === 200 && page.headers["content-encoding"] === "gzip" && page.headers["content-security-policy"]?.includes("default-src 'none'"),
      "the page comes compressed, under its policy", page.headers);
check((await ask("", "GET", "/about.json")).code === 400, "without a certificate nobody gets in");
check((await ask("outsider", "GET", "/about.json")).code === 400, "nor with one of another authority, whatever its name");
const old = await ask("sato", "GET", "/about.json", { tls: { maxVersion: "TLSv1.2" } });
check(old.code === 0, "nor by TLS 1.2", old);

// ---- who acts --------------------------------------------------------------------------------
const sato = await session("sato");
const kato = await session("kato");
check(sato.code === 200 && sato.name === "佐藤 花子", "the name in the certificate is the operator, without a password", sato);
check(kato.code === 200 && kato.name === "Kato, Jiro", "also where nginx writes it with escapes", kato);
const forged = await session("sato", { headers: { "X-SSL-Client-S-DN-CN": "Kato, Jiro" } });
check(forged.name === "佐藤 花子", "a header that a client writes itself is not passed on", forged);
check((await session("stranger")).code === 403, "a certificate whose name is not in the accounts is refused");
const nature = JSON.parse(about.text).nature;
const command = (who, by, act) => ask(who, "POST", "/command", { body: { act, nature, number: 0, words: "hello" }, headers: { "X-Warnlink-Session": by } });
check((await command("kato", sato.session, "note")).code === 403, "a session serves only the certificate that opened it");
const stream = await ask("sato", "GET", "/events", { stream: true });
check(await until(() => stream.text.includes("event: health")), "events come through as they are told");
check((await command("sato", sato.session, "note")).code === 202, "an act is taken");
const acted = await until(() => stream.text.split("\n\n").find((frame) => frame.includes("event: act") && frame.includes('"note"')));
const act = JSON.parse(acted?.split("data: ")[1] ?? "{}");
check(act.by === "佐藤 花子" && act.proved === true && act.outcome === "done", "and stands under the name of the certificate, as proved", act);

// ---- nginx is cut and comes back: nothing is lost ------------------------------------------------
const numbers = (said) => [...said.text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
const last = Number(acted?.match(/^id: (\d+)$/m)?.[1]);
await stop(nginx);
nginx = startNginx();
await until(() => opens(port));
const again = await until(async () => {
    const answer = await ask("sato", "GET", "/events", { stream: true, headers: { "Last-Event-ID": String(last) } });
    return answer.code === 200 ? answer : null;
});
check(await until(() => again.text.includes("event: health")) && !again.text.includes("event: reset") &&
      numbers(again).every((id) => id > last) && !again.text.includes("event: act"),
      "after a restart of nginx the stream goes on behind the last number", numbers(again).slice(0, 5));
const third = await session("sato");
check(third.code === 200, "and people sign in again");
stream.close();
again.close();

// ---- an officer's browser, with a certificate ----------------------------------------------------
// The name by which it asks is one that every machine knows.
async function checkBrowser() {
    const [sato443, officer] = [{ origin: "https://localhost", cert: file("sato.crt"), key: file("sato.key") }, "佐藤 花子"];
    await stop(node);
    writeFileSync(config, readFileSync(config, "utf8").replace("display-name console.example", "display-name localhost"));
    start(warnlink, "node", "--config", config);
    await until(() => opens(nodePort));
    const browser = await openBrowser({ clientCertificates: [sato443], ignoreHTTPSErrors: true });
    const { page: opened, faults } = await openPage(browser.context, "https://localhost/");
    const seen = (id) => opened.evaluate((name) => document.getElementById(name).textContent, id);
    await opened.keyboard.press("n"); // a note needs a name: the certificate has it
    check(await until(async () => (await seen("operator")).includes(officer)), "a browser with a certificate is named, and asked for nothing", await seen("operator"));
    await until(() => opened.evaluate(() => document.getElementById("note-dialog").open));
    await opened.keyboard.type("by browser");
    await opened.keyboard.press("Enter");
    const is = await until(() => opened.evaluate(() => warnlink.log.acts.find((one) => one.words === "by browser")));
    check(is?.by === officer && is.proved && is.outcome === "done", "acts under it, as proved", is);
    await until(() => opened.evaluate(() => warnlink.asking.length > 0));
    const count = await opened.evaluate(() => warnlink.asking.length);
    await opened.keyboard.press("Space");
    check(count > 0 && await until(() => opened.evaluate((name) => warnlink.log.acts.some((one) => one.act === "acknowledge" && one.by === name && one.proved), officer)),
          "and answers an alarm", [count, await opened.evaluate(() => warnlink.log.acts)]);
    check(faults.length === 0, "without an error", faults);
    await opened.close();
    await browser.close();
    const none = await openBrowser({ ignoreHTTPSErrors: true });
    const stranger = await none.context.newPage();
    const answer = await stranger.goto("https://localhost/");
    check(answer.status() === 400, "a browser without one gets nothing", answer.status());
    await none.close();
}
if (has443) await checkBrowser();
else note("port 443 is taken or not ours to take: no browser looks through nginx");
note(`nginx ${spawnSync(NGINX, ["-v"]).stderr.toString().trim()}, node ${process.version}`);

for (const child of children.filter((one) => one.exitCode === null && one.signalCode === null)) await stop(child);
rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
done();
