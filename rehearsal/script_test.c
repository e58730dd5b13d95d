/* script_test.c -- holds the scenario language to its grammar, its complaints and the shipped
 * files. SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/script.h"

#include "base/tap.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define L "launch 2017-08-29 at 0\n"

struct broken {
    const char *text;
    size_t line;
    const char *rule;
};

static const struct broken BROKEN[] = {
    {"", 0, "no launch in the scenario"},
    {"seed 3\n\n", 2, "no launch in the scenario"},
    {L "launches 2017 at 0\n", 2, "not a statement of a scenario"},
    {"launch at 0\n", 1, "another word was expected"},
    {"launch\n", 1, "not a word that can stand here"},
    {"launch 2017-08-29\n", 1, "another word was expected"},
    {"launch 2017-08-29 at noon\n", 1, "not a number in its limits"},
    {"launch 2017-08-29 at -1\n", 1, "not a number in its limits"},
    {"launch 2017-08-29 at 86401\n", 1, "not a number in its limits"},
    {"launch 2017-08-29 at 0 s\n", 1, "unknown word in this statement"},
    {"launch 2017-08-29-aaaaaaaa at 0\n", 1, "not a word that can stand here"},
    {"launch 2017/08 at 0\n", 1, "not a word that can stand here"},
    {L "radar JP-FPS5-SAD up from 0 to 1\n", 2, "another word was expected"},
    {L "radar sado down from 0 to 1\n", 2, "not a name (1-15 of A-Z 0-9 -)"},
    {L "radar JP-FPS5-SAD down from 70 to 70\n", 2, "ends before it begins"},
    {L "radar JP-FPS5-SAD down from 70\n", 2, "another word was expected"},
    {L "radar JP-FPS5-SAD down from 70 to 80 or so\n", 2, "unknown word in this statement"},
    {L "bias JP-A range 1 azimuth 0\n", 2, "another word was expected"},
    {L "bias JP-A range 1 azimuth 0 elevation 1.1\n", 2, "not a number in its limits"},
    {L "bias JP-A range 1 azimuth 0 elevation 0 until 3\n", 2,
     "unknown word in this statement"},
    {L "satellite S over 38 138 at 3 height 100 course 20\n", 2, "not a number in its limits"},
    {L "satellite S over 38 138 at 3 height 700 course 20 speed 3\n", 2,
     "unknown word in this statement"},
    {L "aircraft A over 38 138 at 3 height 10 course 20\n", 2, "another word was expected"},
    {L "aircraft A over 98 138 at 3 height 10 course 20 speed 200\n", 2,
     "not a number in its limits"},
    {L "satellite S over 38 138 at 3 height 700 course 20\n"
       "aircraft S over 38 138 at 3 height 10 course 20 speed 200\n",
     3, "stands twice"},
    {L "expect JP registers JP-A within 2 by 3\n", 2, "not a number in its limits"},
    {L "expect JP registers JP-A by 3\n", 2, "another word was expected"},
    {L "link KRHON cut from 0 to 1\n", 2, "not a link (NATION-HUB)"},
    {L "link KR- cut from 0 to 1\n", 2, "not a link (NATION-HUB)"},
    {L "link KR-hon cut from 0 to 1\n", 2, "not a link (NATION-HUB)"},
    {L "link\n", 2, "not a link (NATION-HUB)"},
    {L "link KR-HON torn from 0 to 1\n", 2, "not cut, loss or delay"},
    {L "link KR-HON cut\n", 2, "another word was expected"},
    {L "link KR-HON loss 101 %\n", 2, "not a number in its limits"},
    {L "link KR-HON loss 5\n", 2, "another word was expected"},
    {L "link KR-HON delay 5 s\n", 2, "another word was expected"},
    {L "link KR-HON delay 5 ms from 3 to 2\n", 2, "ends before it begins"},
    {L "link KR-HON delay 5 ms always\n", 2, "another word was expected"},
    {L "hub HON-A starts at 3\n", 2, "another word was expected"},
    {L "hub hon restart at 3\n", 2, "not a name (1-15 of A-Z 0-9 -)"},
    {L "node KOR restart at 3\n", 2, "not a nation (two letters)"},
    {L "node KR restart at\n", 2, "not a number in its limits"},
    {L "title \"a\"\ntitle \"b\"\n", 3, "stands twice"},
    {L "title \"\"\n", 2, "not a word that can stand here"},
    {L "seed -1\n", 2, "not a seed (a whole number)"},
    {L "seed 1.5\n", 2, "not a seed (a whole number)"},
    {L "seed 1\nseed 1\n", 3, "stands twice"},
    {L "infrared maybe\n", 2, "another word was expected"},
    {L "sites Default\n", 2, "not a word that can stand here"},
    {L "length 0\n", 2, "not a number in its limits"},
    {L "length 100\nexpect KR declares by 101\n", 3, "expected after the end of the scenario"},
    {L "expect\n", 2, "not a nation (two letters)"},
    {L "expect kr declares by 3\n", 2, "not a nation (two letters)"},
    {L "expect KR wins by 3\n", 2, "not an expectation"},
    {L "expect KR declares at 3\n", 2, "another word was expected"},
    {L "expect KR picture has 1.5 objects by 3\n", 2, "not a whole number"},
    {L "expect KR picture has 513 objects by 3\n", 2, "not a number in its limits"},
    {L "expect KR picture has 1 thing by 3\n", 2, "another word was expected"},
    {L "expect KR counts 1 object by 3\n", 2, "another word was expected"},
    {L "expect KR warning PANIC for Hokkaido by 3\n", 2, "no such kind of warning"},
    {L "expect KR warning LAUNCH by 3\n", 2, "another word was expected"},
    {L "expect KR warning LAUNCH for Hokkaido\n", 2, "another word was expected"},
    {L "expect KR receives a plot\n", 2, "another word was expected"},
    {L "expect KR receives no plot and no sensor\n", 2, "another word was expected"},
    {L "expect KR receives no plot and no sensor id of me\n", 2,
     "not a name (1-15 of A-Z 0-9 -)"},
    {L "expect nothing broken\n", 2, "another word was expected"},
    {L "title \"open\n", 2, "quote is not closed"},
    {L "title \"\xff\"\n", 2, "text is not UTF-8"},
};

static struct wlk_script script, before;

static void hold_complaints(void)
{
    memset(&script, 0x5a, sizeof script);
    before = script;
    for (size_t i = 0; i < sizeof BROKEN / sizeof BROKEN[0]; i++) {
        struct wlk_fault fault = {.rule = "taken"};
        wlk_status status = wlk_script_parse("bad.txt", BROKEN[i].text, &script, &fault);
        bool holds = status == WLK_BAD_INPUT && fault.line == BROKEN[i].line &&
                     strcmp(fault.rule, BROKEN[i].rule) == 0 &&
                     strcmp(fault.where, "bad.txt") == 0;
        wlk_check(holds, "line %zu: %s (broken text %zu)", BROKEN[i].line, BROKEN[i].rule, i);
        if (!holds)
            wlk_note("was line %zu: %s: %s", fault.line, fault.rule, fault.detail);
    }
    wlk_check(memcmp(&script, &before, sizeof script) == 0,
              "refusals leave the output untouched");
    struct wlk_fault fault = {.rule = NULL};
    wlk_check(wlk_script_read("/nonexistent.txt", &script, &fault) == WLK_IO && fault.rule,
              "a file that is not there is an I/O fault that says so");
}

/* One statement more than there is room for, of each kind. */
static void hold_full(void)
{
    static const struct {
        const char *statement, *rule;
        int room;
    } kinds[] = {
        {"launch 2017-08-29 at 0\n", "too many launches", WLK_SCRIPT_LAUNCHES_MAX - 1},
        {"radar A down from 0 to 1\n", "too many outages", WLK_SCRIPT_OUTAGES_MAX},
        {"link KR-A cut from 0 to 1\n", "too many link faults", WLK_SCRIPT_LINKS_MAX},
        {"node KR restart at 1\n", "too many restarts", WLK_SCRIPT_RESTARTS_MAX},
        {"expect nothing lost\n", "too many expectations", WLK_SCRIPT_EXPECTS_MAX},
    };
    static char text[16384];
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        int used = snprintf(text, sizeof text, L);
        for (int i = 0; i < kinds[k].room; i++)
            used += snprintf(text + used, sizeof text - (size_t)used, "%s", kinds[k].statement);
        struct wlk_fault fault = {.rule = "taken"};
        wlk_check(wlk_script_parse("t", text, &script, &fault) == WLK_OK,
                  "as many as there is room for are taken");
        snprintf(text + used, sizeof text - (size_t)used, "%s", kinds[k].statement);
        wlk_check(wlk_script_parse("t", text, &script, &fault) == WLK_BAD_INPUT &&
                      strcmp(fault.rule, kinds[k].rule) == 0 &&
                      fault.line == (size_t)kinds[k].room + 2,
                  "one more: %s", kinds[k].rule);
    }
}

static const char WHOLE[] = "# a comment\n"
                            "title \"two launches\"\n"
                            "launch 2017-08-29 at 0\n"
                            "launch 2022-11-02c at 12.5 # later\n"
                            "sites aegis\ninfrared on\nseed 77\nlength 900\n"
                            "radar JP-FPS5-SAD down from 70 to 400\n"
                            "link KR-HON-A cut from 110 to 160\n"
                            "link KR-HON loss 30 %\n"
                            "link US-HON delay 150 ms from 5 to 6\n"
                            "hub HON-A restart at 150\n"
                            "node KR restart at 151\n"
                            "expect KR picture has 2 objects by 165\n"
                            "expect KR counts 5 objects in 1 event by 166\n"
                            "expect JP declares by 100\n"
                            "expect JP warning TAKE_COVER for \"North Gyeongsang\" by 240\n"
                            "expect KR receives no plot and no sensor id of JP-FPS5-SAD\n"
                            "expect US receives no plot\n"
                            "expect nothing lost\nexpect nothing doubled\n";

static void hold_plan(void)
{
    struct wlk_fault fault = {.rule = "taken"};
    wlk_status status = wlk_script_parse("t", WHOLE, &script, &fault);
    wlk_check(status == WLK_OK, "each statement is taken: %s", fault.rule);
    wlk_check(script.launch_count == 2 && strcmp(script.launch[1].id, "2022-11-02c") == 0 &&
                  fabs(script.launch[1].at_s - 12.5) < 1e-12 && script.launch[1].line == 4,
              "two launches, the second 12.5 s later, on line 4");
    wlk_check(strcmp(script.sites_set, "aegis") == 0 && script.is_infrared &&
                  script.seed == 77 && script.has_length && fabs(script.length_s - 900) < 1e-12,
              "sites, infrared, seed and length");
    wlk_check(script.outage_count == 1 && fabs(script.outage[0].from_s - 70) < 1e-12 &&
                  fabs(script.outage[0].to_s - 400) < 1e-12 &&
                  strcmp(script.outage[0].site.text, "JP-FPS5-SAD") == 0,
              "an outage");
    const struct wlk_script_link *link = script.link;
    wlk_check(script.link_count == 3 && link[0].kind == WLK_SCRIPT_CUT &&
                  strcmp(link[0].nation.text, "KR") == 0 &&
                  strcmp(link[0].hub.text, "HON-A") == 0 && fabs(link[0].to_s - 160) < 1e-12,
              "a cut, of KR to HON-A");
    wlk_check(link[1].kind == WLK_SCRIPT_LOSS && fabs(link[1].loss - 0.3) < 1e-12 &&
                  link[1].to_s > 86399 && fabs(link[1].from_s) < 1e-12,
              "a loss of 30 percent, all the time");
    wlk_check(link[2].kind == WLK_SCRIPT_DELAY && fabs(link[2].delay_s - 0.15) < 1e-12 &&
                  fabs(link[2].from_s - 5) < 1e-12,
              "a delay of 150 ms from 5 s");
    wlk_check(script.restart_count == 2 && script.restart[0].is_hub &&
                  !script.restart[1].is_hub && strcmp(script.restart[1].party.text, "KR") == 0,
              "two restarts");
}

static void hold_expectations(void)
{
    const struct wlk_script_expect *expect = script.expect;
    wlk_check(script.expect_count == 8 && expect[0].kind == WLK_EXPECT_PICTURE &&
                  expect[0].count == 2 && fabs(expect[0].by_s - 165) < 1e-12,
              "a picture with two objects by 165 s");
    wlk_check(expect[1].kind == WLK_EXPECT_COUNTS && expect[1].count == 5 &&
                  expect[1].events == 1,
              "and how many objects in how many events it counts");
    wlk_check(expect[2].kind == WLK_EXPECT_DECLARES && strcmp(expect[2].nation.text, "JP") == 0,
              "a declaration");
    wlk_check(expect[3].kind == WLK_EXPECT_WARNING &&
                  expect[3].warning == WLK_WARNING_TAKE_COVER &&
                  strcmp(expect[3].area, "North Gyeongsang") == 0,
              "a warning for an area of two words");
    wlk_check(expect[4].kind == WLK_EXPECT_NO_PLOT && expect[4].has_site &&
                  strcmp(expect[4].site.text, "JP-FPS5-SAD") == 0 &&
                  expect[5].kind == WLK_EXPECT_NO_PLOT && !expect[5].has_site,
              "nothing of a sensor, by name or at all");
    wlk_check(expect[6].kind == WLK_EXPECT_NONE_LOST &&
                  expect[7].kind == WLK_EXPECT_NONE_DOUBLED,
              "nothing lost, nothing doubled");
    struct wlk_fault fault;
    wlk_status status = wlk_script_parse("t", L, &script, &fault);
    wlk_check(status == WLK_OK && strcmp(script.sites_set, "default") == 0 &&
                  script.seed == 1 && !script.is_infrared && !script.has_length,
              "a launch alone has the default sites, seed 1, no infrared");
}

static void hold_shipped(void)
{
    static const char *const names[] = {"2017-08-29", "cut", "outage", "restart", "salvo"};
    const char *top = getenv("WARNLINK_SOURCE");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[512];
        struct wlk_fault fault = {.rule = "none", .line = 0};
        snprintf(path, sizeof path, "%s/scenarios/%s.txt", top ? top : ".", names[i]);
        wlk_check(wlk_script_read(path, &script, &fault) == WLK_OK,
                  "the shipped %s.txt is taken (fault: %s, line %zu)", names[i], fault.rule,
                  fault.line);
    }
}

int main(void)
{
    hold_complaints();
    hold_full();
    hold_plan();
    hold_expectations();
    hold_shipped();
    return wlk_tap_done();
}
