/* cap_test.c -- is every message CAP 1.2, and is no drill ever Actual?
 *
 * The judge is xmllint with the OASIS schema, where both are at hand.
 * SPDX-License-Identifier: Apache-2.0 */
#include "warning/cap.h"

#include "base/tap.h"
#include "warning/wording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const wlk_utc T0 = {1503953880123456789}; /* 2017-08-28T20:58:00.123Z */
static char text[WLK_CAP_SIZE_MAX];
static struct wlk_areas *jp;

static struct wlk_warning make(enum wlk_warning_kind kind, enum wlk_nature nature)
{
    struct wlk_warning warning = {
        .nation = wlk_name_of("JP"),
        .time = wlk_utc_add(T0, 100),
        .number = 3,
        .object = 1,
        .has_event = true,
        .kind = kind,
        .nature = nature,
        .exercise = "KEEN-EDGE 26",
        .replaces = kind == WLK_WARNING_LAUNCH ? 0 : 2,
        .replaces_time = wlk_utc_add(T0, 60),
        .area_count = 3,
        .area = {{0, WLK_AREA_OVERFLOWN, 0.9, wlk_utc_add(T0, 400)},
                 {1, WLK_AREA_ADJACENT, 0.2, wlk_utc_add(T0, 390)},
                 {WLK_AREA_SEA, WLK_AREA_DIRECT, 1, wlk_utc_add(T0, 850)}},
        .has_launch = true,
        .has_heading = true,
        .heading_rad = 73 * WLK_DEG,
        .has_impact = kind != WLK_WARNING_LAUNCH,
        .is_at_sea = true,
        .sea_en = "about 970 km east of Cape Nosappu",
        .sea_ja = "納沙布岬の東約970キロ",
        .sea_ko = "노삿푸곶 동쪽 약 970km",
        .track_s = 94,
        .lost_at_s = 154};
    warning.launch.time = T0;
    warning.impact.point.time = wlk_utc_add(T0, 850);
    warning.impact.point.place = (wlk_geodetic){42 * WLK_DEG, 157 * WLK_DEG, 0};
    for (int i = 0; i < 3; i++)
        warning.impact.point.covariance[i][i] = i < 2 ? 1e8 : 4;
    warning.is_final = kind == WLK_WARNING_ALL_CLEAR;
    warning.correction =
        kind == WLK_WARNING_CORRECTION ? WLK_CORRECTION_LOST : WLK_CORRECTION_NONE;
    warning.is_predicted = kind == WLK_WARNING_CORRECTION;
    return warning;
}

static bool write_cap(const struct wlk_warning *warning)
{
    size_t size = 0;
    return wlk_cap_write(warning, jp, text, sizeof text, &size) == WLK_OK &&
           strlen(text) == size;
}

static size_t count(const char *what)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at += strlen(what))
        n++;
    return n;
}

static bool put_file(const char *path)
{
    FILE *file = fopen(path, "w");
    bool is_put = file && fputs(text, file) >= 0;
    if (file)
        is_put = fclose(file) == 0 && is_put;
    return is_put;
}

/* Runs xmllint on a file; its exit status, or -1 where there is none. */
static int judge(const char *xsd, const char *path)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(127);
        execlp("xmllint", "xmllint", "--noout", "--schema", xsd, path, (char *)NULL);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) ||
        WEXITSTATUS(status) == 127)
        return -1;
    return WEXITSTATUS(status);
}

/* Every kind in every nature, before the judge. */
static void schema(void)
{
    const char *xsd = wlk_tap_data("cap/CAP-v1.2.xsd");
    char path[64];
    int refused = 0;
    snprintf(path, sizeof path, "/tmp/wlk-cap-%d.xml", (int)getpid());
    if (!xsd || judge(xsd, xsd) < 0) {
        wlk_skip("no schema or no xmllint here");
        return;
    }
    for (int kind = 1; kind < WLK_WARNING_KIND_END; kind++)
        for (int nature = 1; nature < WLK_NATURE_END; nature++) {
            struct wlk_warning warning =
                make((enum wlk_warning_kind)kind, (enum wlk_nature)nature);
            refused += !write_cap(&warning) || !put_file(path) || judge(xsd, path) != 0;
        }
    wlk_check(refused == 0, "the OASIS schema accepts every kind in every nature (%d refused)",
              refused);
    char *zone = strstr(text, "+00:00");
    if (zone)
        memmove(zone + 1, zone + 6, strlen(zone + 6) + 1);
    if (zone)
        *zone = 'Z';
    wlk_check(zone && put_file(path) && judge(xsd, path) > 0,
              "and refuses a time with Z, so it does look");
    unlink(path);
}

static void statuses(void)
{
    bool holds = true;
    for (int kind = 1; kind < WLK_WARNING_KIND_END; kind++)
        for (int nature = 1; nature < WLK_NATURE_END; nature++) {
            struct wlk_warning warning =
                make((enum wlk_warning_kind)kind, (enum wlk_nature)nature);
            const char *want = nature == WLK_NATURE_REAL   ? "<status>Actual</status>"
                               : nature == WLK_NATURE_TEST ? "<status>Test</status>"
                                                           : "<status>Exercise</status>";
            bool is_drill = nature != WLK_NATURE_REAL;
            holds = holds && write_cap(&warning) && count("<status>") == 1 &&
                    count(want) == 1 && count("Actual") == (is_drill ? 0u : 1u) &&
                    count("<info>") == 3 && count("<language>ja-JP</language>") == 1 &&
                    (count("【訓練】") > 0) == (nature == WLK_NATURE_EXERCISE) &&
                    (count("KEEN-EDGE") > 0) == is_drill;
        }
    wlk_check(holds, "an exercise is never Actual, a drill says so in every language");
}

static void life(void)
{
    struct wlk_warning warning = make(WLK_WARNING_LAUNCH, WLK_NATURE_EXERCISE);
    wlk_check(write_cap(&warning) && count("<msgType>Alert</msgType>") == 1 &&
                  count("<references>") == 0,
              "the first word is an Alert");
    wlk_check(count("<sent>2017-08-28T20:59:40+00:00</sent>") == 1,
              "sent in whole seconds with +00:00");
    warning = make(WLK_WARNING_TAKE_COVER, WLK_NATURE_EXERCISE);
    wlk_check(write_cap(&warning) && count("<msgType>Update</msgType>") == 1 &&
                  count("<references>warnlink-JP,JP-0002-20170828T205900Z,"
                        "2017-08-28T20:59:00+00:00</references>") == 1,
              "the next an Update that refers to it");
    warning = make(WLK_WARNING_ALL_CLEAR, WLK_NATURE_EXERCISE);
    wlk_check(write_cap(&warning) && count("<msgType>Cancel</msgType>") == 1 &&
                  count("<responseType>AllClear</responseType>") == 3,
              "the all-clear cancels");
    warning.is_final = false;
    wlk_check(write_cap(&warning) && count("<msgType>Update</msgType>") == 1,
              "an all-clear for some areas does not cancel for the others");
    warning = make(WLK_WARNING_CORRECTION, WLK_NATURE_EXERCISE);
    wlk_check(write_cap(&warning) && count("<msgType>Update</msgType>") == 1 &&
                  count("predicted from 94 s of track, lost at T+154 s") == 1 &&
                  count("will fall") == 0 && count("passed") == 0,
              "a lost track is told as lost, and nothing is foretold");
    warning.correction = WLK_CORRECTION_CANCELLED;
    warning.is_final = true;
    wlk_check(write_cap(&warning) && count("<msgType>Cancel</msgType>") == 1 &&
                  count("取り消されました") >= 1,
              "a withdrawn launch is cancelled");
}

static void areas(void)
{
    struct wlk_warning warning = make(WLK_WARNING_TAKE_COVER, WLK_NATURE_TEST);
    wlk_check(write_cap(&warning) && count("<area>") == 9 &&
                  count("<circle>42.0000,157.0000 "
                        "24.5</circle>") == 3 &&
                  count("<value>JP-01</value>") == 3,
              "areas have codes, the sea a circle of the 95 %% ellipse");
    const char *ring = strstr(text, "<polygon>");
    char first[40] = "", last[40] = "";
    if (ring) {
        const char *end = strstr(ring, "</polygon>");
        sscanf(ring, "<polygon>%39[^ ]", first);
        const char *blank = end;
        while (blank && blank > ring && *blank != ' ')
            blank--;
        sscanf(blank, " %39[^<]", last);
    }
    wlk_check(first[0] && strcmp(first, last) == 0, "polygons are closed (%s)", first);
    wlk_check(count("北海道") >= 1 && count("홋카이도") >= 1 && count("東北東") >= 1,
              "in the words of each language");
    warning.area_count = 47;
    for (size_t i = 0; i < 47; i++)
        warning.area[i] = (struct wlk_warning_area){(uint16_t)i, WLK_AREA_DIRECT, 1, T0};
    wlk_check(write_cap(&warning), "all of Japan fits (%zu bytes)", strlen(text));
    size_t size = 7;
    char small[512];
    memset(small, 0x5a, sizeof small);
    wlk_check(wlk_cap_write(&warning, jp, small, sizeof small, &size) == WLK_FULL &&
                  size == 7 && small[0] == 0x5a,
              "a room too small is left untouched");
}

static void hostile(void)
{
    struct wlk_warning warning = make(WLK_WARNING_TAKE_COVER, WLK_NATURE_EXERCISE);
    static const char evil[] = "</note><status>Actual</status>&\"'<!--";
    memcpy(warning.exercise, evil, sizeof evil);
    memcpy(warning.sea_en, "<script>", 9);
    wlk_check(write_cap(&warning) && count("<status>Actual") == 0 && count("<script>") == 0 &&
                  count("&lt;/note&gt;&lt;status&gt;Actual") == 1,
              "what people write is escaped");
    static const struct {
        const char *bytes, *why;
    } cases[] = {{"a\x01", "a control byte"}, {"a\nb", "a line break"},
                 {"\xff\xfe", "no UTF-8"},    {"\xed\xa0\x80", "a surrogate"},
                 {"\xef\xbf\xbf", "U+FFFF"},  {"\xc3", "half a character"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        warning = make(WLK_WARNING_TAKE_COVER, WLK_NATURE_EXERCISE);
        snprintf(warning.exercise, sizeof warning.exercise, "%s", cases[i].bytes);
        wlk_check(!write_cap(&warning), "refused: %s", cases[i].why);
    }
    warning = make(WLK_WARNING_TAKE_COVER, WLK_NATURE_EXERCISE);
    memset(warning.sea_ja, 'x', sizeof warning.sea_ja);
    wlk_check(!write_cap(&warning), "refused: a text without end");
    warning = make(WLK_WARNING_TAKE_COVER, WLK_NATURE_EXERCISE);
    warning.area[0].area = 47;
    wlk_check(!write_cap(&warning), "refused: an area that is not there");
    warning = make((enum wlk_warning_kind)0, WLK_NATURE_EXERCISE);
    wlk_check(!write_cap(&warning), "refused: no kind");
    warning = make(WLK_WARNING_LAUNCH, (enum wlk_nature)0);
    wlk_check(!write_cap(&warning), "refused: no nature");
}

int main(void)
{
    const char *top = getenv("WARNLINK_SOURCE");
    char folder[512];
    snprintf(folder, sizeof folder, "%s/areas", top ? top : ".");
    if (!wlk_check(wlk_areas_open(wlk_name_of("JP"), folder, &jp, NULL) == WLK_OK,
                   "areas can be read"))
        return wlk_tap_done();
    schema();
    statuses();
    life();
    areas();
    hostile();
    for (int kind = 1; kind < WLK_WARNING_KIND_END; kind++)
        for (int language = 0; language < WLK_LANGUAGE_END; language++) {
            struct wlk_warning warning = make((enum wlk_warning_kind)kind, WLK_NATURE_EXERCISE);
            struct wlk_wording words;
            wlk_wording_of(&warning, jp, (enum wlk_language)language, &words);
            wlk_note("%s | %s | %s", words.headline, words.description, words.instruction);
        }
    wlk_areas_close(jp);
    return wlk_tap_done();
}
