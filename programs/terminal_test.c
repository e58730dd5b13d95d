/* terminal_test.c -- a person is told what is new, once, and nothing else.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/terminal.h"

#include "base/tap.h"

#include <math.h>
#include <string.h>

static const wlk_utc LAUNCH = {INT64_C(1000000000000)};
static struct wlk_terminal_memory memory;
static char text[4096]; /* what was printed last */

static struct wlk_entry entry_at(double at_s, enum wlk_entry_kind kind)
{
    struct wlk_entry entry = {.nation = wlk_name_of("JP"), .kind = kind, .object = 1};
    entry.time = entry.at = wlk_utc_add(LAUNCH, at_s);
    return entry;
}

/* Number of lines that an entry gives. */
static size_t print(const struct wlk_entry *entry, bool is_coloured)
{
    FILE *out = tmpfile();
    size_t lines = 0;
    if (!out)
        return 99;
    wlk_terminal_entry(entry, LAUNCH, is_coloured, &memory, out);
    rewind(out);
    text[fread(text, 1, sizeof text - 1, out)] = 0;
    fclose(out);
    for (const char *c = text; *c; c++)
        lines += *c == '\n';
    return lines;
}

static size_t impact(double at_s, uint32_t object, double latitude_deg, double major_km)
{
    struct wlk_entry entry = entry_at(at_s, WLK_ENTRY_IMPACT);
    entry.object = object;
    entry.latitude_deg = latitude_deg;
    entry.longitude_deg = 150;
    entry.ee_m2 = entry.nn_m2 = major_km * major_km * 1e6 / 5.991464547;
    return print(&entry, false);
}

static size_t say(double at_s, enum wlk_entry_kind kind, const char *names)
{
    struct wlk_entry entry = entry_at(at_s, kind);
    snprintf(entry.names, sizeof entry.names, "%s", names);
    return print(&entry, false);
}

static void check_impacts(void)
{
    memset(&memory, 0, sizeof memory);
    size_t lines = impact(150, 1, 40, 100);
    wlk_check(lines == 1 && strstr(text, "T  +150.0 s  JP ") && strstr(text, "100 x 100 km"),
              "the first impact is told");
    lines = impact(151, 1, 40, 90) + impact(152, 1, 40.5, 60);
    wlk_check(lines == 0, "one that hardly moved is not");
    wlk_check(impact(153, 1, 41.5, 60) == 1, "one that moved further than its ellipse is");
    wlk_check(impact(154, 1, 41.5, 29) == 1, "one whose ellipse has halved is");
    lines = 0;
    double major_km = 29;
    for (int i = 0; i < 200; i++)
        lines += impact(155 + i, 1, 41.5, major_km *= 0.96);
    wlk_check(lines == 2, "under 5 km nobody wants to hear of halves (%zu lines)", lines);
    wlk_check(impact(400, 1, 41.8, 0.1) == 1, "but of 33 km off");
    wlk_check(strstr(text, "under 1 x under 1 km"), "and no length is printed as none");
    lines = 0;
    for (int i = 0; i < 50; i++)
        lines += impact(401 + i, 1 + (uint32_t)i % 5, 41.8 - i % 5, 20);
    wlk_check(lines == 4, "several objects do not make each other news (%zu lines)", lines);
    wlk_check(impact(460, 2, 30, 20) == 1 && strstr(text, "object 2: impact"),
              "an object other than the first has its number");
}

static void check_flapping(void)
{
    memset(&memory, 0, sizeof memory);
    size_t lines = impact(136, 1, 40, 30);
    for (int i = 0; i < 20; i++) {
        lines += say(140 + 2 * i, WLK_ENTRY_NO_IMPACT, "");
        lines += impact(141 + 2 * i, 1, 40, 30);
    }
    wlk_check(lines == 2, "a prediction that comes and goes is withdrawn once (%zu)", lines);
    lines = 0;
    for (int i = 0; i < 60; i++)
        lines += impact(181 + i, 1, 40, 30);
    wlk_check(lines == 1, "and told again once it stands (%zu)", lines);
    wlk_check(say(300, WLK_ENTRY_NO_IMPACT, "") == 1, "then it can be withdrawn again");
}

static void check_words(void)
{
    memset(&memory, 0, sizeof memory);
    struct wlk_entry declared = entry_at(73.6, WLK_ENTRY_DECLARED);
    wlk_check(print(&declared, false) == 1 && strstr(text, "not known yet"),
              "no launch point is printed where there is none");
    declared.at = wlk_utc_add(LAUNCH, -0.3);
    declared.latitude_deg = 39.2;
    declared.longitude_deg = 125.7;
    wlk_check(print(&declared, false) == 1 && strstr(text, "T+0 s") && strstr(text, "no track"),
              "a launch point at T-0.3 s is at T+0");
    wlk_check(print(&declared, true) == 1 && strchr(text, '\033'), "colour is colour");
    struct wlk_entry down = entry_at(935, WLK_ENTRY_ENDED);
    snprintf(down.names, sizeof down.names, "seen to the end");
    wlk_check(print(&down, false) == 1 && strstr(text, "is down") && strstr(text, "seen to"),
              "an end that was seen is told as such");
    wlk_check(say(935, WLK_ENTRY_ENDED, "") == 1 && strstr(text, "gone"),
              "one that was not, not");
    size_t lines = say(950, WLK_ENTRY_PARTNER_LOST, "KR") +
                   say(950, WLK_ENTRY_PARTNER_LOST, "US") +
                   say(951, WLK_ENTRY_PARTNER_LOST, "KR");
    wlk_check(lines == 2, "a partner that is lost under two arrangements is lost once");
    lines = say(960, WLK_ENTRY_PARTNER_BACK, "KR") + say(961, WLK_ENTRY_PARTNER_LOST, "KR");
    wlk_check(lines == 2, "but back and lost again is news");
    lines = 0;
    for (int kind = 1; kind < WLK_ENTRY_KIND_END; kind++) {
        struct wlk_entry any = entry_at(1000 + 20 * kind, (enum wlk_entry_kind)kind);
        any.ee_m2 = any.nn_m2 = 1e8;
        memset(any.names, 'x', sizeof any.names - 1);
        lines += print(&any, false);
    }
    wlk_check(lines == WLK_ENTRY_KIND_END - 1, "each kind has words, one line each");
}

int main(void)
{
    check_impacts();
    check_flapping();
    check_words();
    return wlk_tap_done();
}
