// short.mjs -- the short look through a browser for ./check: the page comes up under its
// policy, an alarm is answered by keyboard, two keystrokes cancel, poison stays text, life
// breaks through, silence shows. No package is needed. TAP. The rest: make browser.
// usage: node short.mjs CHROMIUM
// SPDX-License-Identifier: Apache-2.0
import { alarm, alarms, item, openFake, picture, T0, warning } from "./fake.mjs";
import { openPipe, openTab } from "./cdp.mjs";
import { check, done, until } from "./tap.mjs";

const pipe = await openPipe(process.argv[2]);
const fake = await openFake({ live_watch: true });
const poison = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`;
fake.now = () => T0 + 200e3;
fake.say("picture", picture(T0 + 200e3, [item(1)]));
fake.say("warning", warning(1, 1, "TAKE_COVER"));
fake.say("entry", { t: T0, kind: "alarm", object: 0, at: T0, lat: 0, lon: 0, names: poison });
fake.say("alarms", alarms(alarm(1, "LAUNCH", { count: 1, objects: [1] })));
fake.obey = (command) => {
    if (command.act === "acknowledge")
        fake.say("alarms", alarms(alarm(1, "LAUNCH", { count: 1, objects: [1], acknowledged: true, by: "Sato", at: T0 })));
};
const tab = await openTab(pipe, fake.url);
const text = (id) => tab.see((name) => document.getElementById(name)?.textContent ?? "", id);
const acts = () => fake.commands.filter((one) => one.act !== "sign-in");

check(await until(() => tab.see(() => document.documentElement.dataset.ready === "true" && warnlink.asking.length === 1)),
      "the page comes up under its policy, and its alarm asks", pipe.faults);
check((await text("alarm-words")).includes("Hokkaido"), "it names the area");
await tab.press(" ");
await until(() => tab.see(() => document.getElementById("signin").open));
await tab.type("Sato");
await tab.press("Enter");
check(await until(() => tab.see(() => warnlink.asking.length === 0)) && acts()[0]?.number === 1,
      "space, a name, enter: it is answered", fake.commands);
await tab.press("x");
await until(() => tab.see(() => document.getElementById("ground-dialog").open));
await tab.press("2");
check(await until(() => acts()[1]) && acts()[1].act === "cancel" && acts()[1].words === "no-missile" &&
      acts()[1].nature === "EXERCISE", "two keystrokes cancel a warning", acts());
const hacked = await tab.see(() => [window.hacked, document.querySelectorAll("img").length]);
check((await text("history")).includes("<img src=x") && hacked.every((one) => !one), "what a partner writes stays text", hacked);
fake.say("live", { heard: true, nation: "JP", launches: 1, asking: 1 });
check(await until(async () => (await text("breaks")).includes("NO EXERCISE")), "life breaks through the exercise");
fake.mute();
check(await until(() => tab.see(() => document.documentElement.dataset.stale === "true")), "a node that falls silent is told");
check(pipe.faults.length === 0, "no error, and nothing against the policy", pipe.faults);
await pipe.close();
fake.close();
done();
