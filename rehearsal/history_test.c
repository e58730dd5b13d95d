/* history_test.c -- the shipped table, and what a broken one is told.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/history.h"

#include "base/tap.h"
#include "base/words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct wlk_history history, other; /* too large for a stack */

static const char GOOD[] = "launch 2017-08-29\n"
                           "time 2017-08-28T20:58:00Z\n"
                           "missile \"Hwasong-12\"\n"
                           "place 39.2 125.67 \"Sunan\"\n"
                           "kind ballistic\n"
                           "class irbm\n"
                           "apogee 550\n"
                           "range 2700\n"
                           "bearing 73\n"
                           "outcome \"over Hokkaido\"\n"
                           "source \"https://example.org/1\"\n";

static char *shipped_text(void)
{
    char path[512], *text = NULL;
    const char *top = getenv("WARNLINK_SOURCE");
    snprintf(path, sizeof path, "%s/rehearsal/history.txt", top ? top : ".");
    struct wlk_fault fault;
    return wlk_words_read_file(path, &text, &fault) == WLK_OK ? text : NULL;
}

static void check_shipped(const char *text)
{
    struct wlk_fault fault = {.rule = ""};
    wlk_status status = wlk_history_parse("history.txt", text, &history, &fault);
    wlk_check(status == WLK_OK, "the shipped table is well formed (line %zu: %s)", fault.line,
              fault.rule);
    size_t ballistic = 0, published = 0, warned = 0;
    for (size_t i = 0; i < history.count; i++) {
        ballistic += history.row[i].kind == WLK_HISTORY_BALLISTIC;
        published += history.row[i].has_apogee && history.row[i].has_range;
        warned += history.row[i].warning_count > 0;
    }
    wlk_note("%zu launches, %zu ballistic, %zu with apogee and range, %zu with warnings",
             history.count, ballistic, published, warned);
    wlk_check(ballistic >= 25, "it has at least 25 ballistic launches");
    static const char *const named[] = {
        "2016-06-22b", "2017-02-12",  "2017-03-06d", "2017-05-14",  "2017-07-04",
        "2017-07-28",  "2017-08-29",  "2017-09-15",  "2017-11-29",  "2019-08-24a",
        "2019-10-02",  "2020-03-02a", "2021-03-25a", "2022-01-30",  "2022-03-24",
        "2022-06-05h", "2022-10-04",  "2022-11-02e", "2022-11-03a", "2022-11-18"};
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        wlk_check(wlk_history_find(&history, named[i]) != NULL, "%s is there", named[i]);
    wlk_check(!wlk_history_find(&history, "2022-06-05"), "a day of several is no launch");
    const struct wlk_history_row *day[8];
    wlk_check(wlk_history_event(&history, "2022-06-05", day, 8) == 8 &&
                  strcmp(day[7]->id, "2022-06-05h") == 0 && day[7]->time.ns > day[0]->time.ns,
              "but an event of eight, in the order of time");
    wlk_check(wlk_history_event(&history, "2022-06-05", day, 2) == 8,
              "counted in full where there is room for two");
}

/* Rows the source has at a wrong hour or day. */
static void check_times(void)
{
    static const struct {
        const char *id, *utc;
    } known[] = {{"2017-05-14", "2017-05-13T20:28:00Z"},
                 {"2017-07-04", "2017-07-04T00:39:00Z"},
                 {"2017-07-28", "2017-07-28T14:42:00Z"},
                 {"2017-11-29", "2017-11-28T18:18:00Z"},
                 {"2022-10-04", "2022-10-03T22:22:00Z"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const struct wlk_history_row *row = wlk_history_find(&history, known[i].id);
        char text[32] = "";
        if (row)
            wlk_utc_text(row->time, 0, text);
        wlk_check(strcmp(text, known[i].utc) == 0, "%s rose at %s", known[i].id, known[i].utc);
    }
    const struct wlk_history_row *row = wlk_history_find(&history, "2017-08-29");
    wlk_check(row && row->warning_count == 2 && row->warning[0].after_s == 240.0 &&
                  wlk_name_equal(row->warning[0].nation, wlk_name_of("JP")),
              "J-Alert spoke four minutes after the launch of 2017-08-29");
    wlk_check(row && fabs(row->range_m - 2.7e6) < 1.0 && fabs(row->apogee_m - 5.5e5) < 1.0 &&
                  fabs(row->bearing_rad - 73.0 * WLK_DEG) < 1e-12 &&
                  row->flight_time_s == 840.0,
              "and its figures are 550 km, 2,700 km, 73 deg, 14 min");
}

static void check_lines(void)
{
    char heading[WLK_HISTORY_LINE_SIZE], line[WLK_HISTORY_LINE_SIZE];
    wlk_history_heading(heading);
    size_t kind_at = (size_t)(strstr(heading, "kind") - heading);
    size_t astray = 0;
    for (size_t i = 0; i < history.count; i++) {
        wlk_history_line(&history.row[i], line);
        const char *kind = wlk_history_kind_words(history.row[i].kind);
        astray += strlen(line) < kind_at || strcmp(line + kind_at, kind) != 0;
    }
    wlk_check(astray == 0, "each line of the list stands under the heading (%zu do not)",
              astray);
}

/* GOOD with one line replaced (or dropped), and what must be said of it. */
static void check_fault(const char *line, const char *by, size_t at, const char *rule)
{
    char text[2048];
    const char *found = strstr(GOOD, line);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(found - GOOD), GOOD, by,
             found + strlen(line));
    struct wlk_fault fault = {.rule = "", .line = 0};
    other.count = 77;
    wlk_status status = wlk_history_parse("x.txt", text, &other, &fault);
    wlk_check(status == WLK_BAD_INPUT && strcmp(fault.rule, rule) == 0 && fault.line == at &&
                  strcmp(fault.where, "x.txt") == 0 && other.count == 77,
              "line %zu: %s (told line %zu: %s)", at, rule, fault.line, fault.rule);
}

static void check_faults(void)
{
    struct wlk_fault fault = {.rule = ""};
    wlk_check(wlk_history_parse("x.txt", GOOD, &other, &fault) == WLK_OK && other.count == 1,
              "a table of one launch is read");
    check_fault("range 2700", "rnage 2700", 8, "unknown statement");
    check_fault("range 2700", "range 2700 km", 8, "wrong number of words");
    check_fault("range 2700", "range -5", 8, "number is out of range");
    check_fault("range 2700", "range nan", 8, "number is out of range");
    check_fault("range 2700", "apogee 3", 8, "statement is there twice");
    check_fault("range 2700", "kind glide", 8, "statement is there twice");
    check_fault("range 2700", "warned JP 5 \"a\"", 8, "wrong number of words");
    check_fault("range 2700", "warned jp 5 \"a\" \"b\"", 8, "not a name of a nation");
    check_fault("range 2700", "outcome \"open", 8, "quote is not closed");
    check_fault("launch 2017-08-29", "launch 2017-8-29", 1, "not a name of a launch");
    check_fault("launch 2017-08-29", "launch 2017-08-29b", 1, "launch is not in order");
    check_fault("launch 2017-08-29\n", "", 1, "statement before the first launch");
    check_fault("launch 2017-08-29", "launch 2017-08-28", 2,
                "name of the launch is not its date at UTC+9");
    check_fault("20:58:00Z", "20:58Z", 2, "not a time");
    check_fault("place 39.2", "place 99.2", 4, "place is not on the Earth");
    check_fault("kind ballistic", "kind orbital", 5, "no such kind of flight");
    check_fault("class irbm\n", "", 1, "statement is missing");
    check_fault("source \"https://example.org/1\"\n", "", 1, "statement is missing");
    check_fault("https://example.org/1", "a book", 11, "source is not an address");
    check_fault("time 2017-08-28T20:58:00Z\n", "", 1, "statement is missing");
    wlk_check(wlk_history_read("/nowhere/history.txt", &other, &fault) == WLK_IO &&
                  strcmp(fault.where, "/nowhere/history.txt") == 0,
              "a file that is not there is named");
}

/* A cut anywhere yields a status, never a crash; what is read is a whole number of rows. */
static void check_cuts(char *text)
{
    size_t size = strlen(text), odd = 0, whole = 0;
    for (size_t cut = size - 1; cut > 0; cut -= cut < 211 ? cut : 211) {
        text[cut] = 0;
        wlk_status status = wlk_history_parse("cut", text, &other, NULL);
        odd += status != WLK_OK && status != WLK_BAD_INPUT;
        whole += status == WLK_OK;
    }
    wlk_check(odd == 0, "a table cut anywhere is refused or read (%zu were read)", whole);
}

static void check_full(void)
{
    size_t room = 60000, at = 0;
    char *text = calloc(1, room);
    for (int i = 0; text && i <= WLK_HISTORY_ROWS_MAX; i++)
        at += (size_t)snprintf(text + at, room - at,
                               "launch %04d-01-01\ntime %04d-01-01T00:00:00Z\nmissile a\n"
                               "place 1 1 a\nkind glide\noutcome a\nsource http://a\n",
                               1990 + i, 1990 + i);
    struct wlk_fault fault = {.rule = ""};
    wlk_status status = text ? wlk_history_parse("full", text, &other, &fault) : WLK_IO;
    wlk_check(status == WLK_FULL && strcmp(fault.rule, "too many launches") == 0,
              "one launch too many is refused");
    free(text);
}

int main(void)
{
    char *text = shipped_text();
    if (!wlk_check(text != NULL, "rehearsal/history.txt can be read"))
        return wlk_tap_done();
    check_shipped(text);
    check_times();
    check_lines();
    check_faults();
    check_full();
    check_cuts(text);
    free(text);
    return wlk_tap_done();
}
