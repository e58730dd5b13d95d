/* summary_test.c -- summary.json has the form that docs/formats/summary.md gives, the table
 * says the same to people. SPDX-License-Identifier: Apache-2.0 */
#include "programs/summary.h"

#include "base/tap.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct wlk_summary summary;
static char path[] = "/tmp/warnlink-summary-XXXXXX";

static struct wlk_maybe some(double value)
{
    return (struct wlk_maybe){true, value};
}

static void fill(void)
{
    snprintf(summary.launch, sizeof summary.launch, "2017-08-29");
    summary.seeds = 200;
    summary.published_range_km = some(2700);
    summary.published_apogee_km = some(550);
    summary.truth_range_km = 2701.23456;
    summary.truth_apogee_km = 550.5;
    summary.truth_flight_time_s = 931;
    summary.truth_burnout_s = 144;
    summary.truth_impact_latitude_deg = 42.034567;
    summary.truth_impact_longitude_deg = -157.5;
    summary.nation_count = 2;
    summary.nation[0] = wlk_name_of("JP");
    summary.nation[1] = wlk_name_of("KR");
    struct wlk_measures *jp = summary.measures[0];
    jp[WLK_COLUMN_BEFORE].launch_declared_s = some(130.25);
    jp[WLK_COLUMN_AFTER].launch_declared_s = some(73.75);
    jp[WLK_COLUMN_AFTER].heading_5deg_s = some(88);
    jp[WLK_COLUMN_AFTER].ellipse_major_km = some(5.25);
    jp[WLK_COLUMN_AFTER].ellipse_minor_km = some(1.5);
    jp[WLK_COLUMN_AFTER].truth_inside_95 = some(0.96);
    jp[WLK_COLUMN_AFTER].warning_count = 2;
    jp[WLK_COLUMN_AFTER].warning[0] =
        (struct wlk_measured_warning){"Hokkaido", WLK_WARNING_LAUNCH, 84.5};
    jp[WLK_COLUMN_AFTER].warning[1] =
        (struct wlk_measured_warning){"Hokkaido", WLK_WARNING_PASSED, 637};
    summary.exchanged = (struct wlk_exchanged){10, 6, 2, 1, 1, 0};
}

static json_t *at(json_t *value, const char *key)
{
    return json_object_get(value, key);
}

static bool is_number(json_t *value, double wanted)
{
    return json_is_number(value) && fabs(json_number_value(value) - wanted) < 1e-9;
}

static void check_json(void)
{
    struct wlk_fault fault = {0};
    wlk_check(wlk_summary_write(&summary, path, &fault) == WLK_OK, "it is written");
    json_t *top = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
    if (!wlk_check(json_is_object(top) && json_object_size(top) == 6, "it is JSON"))
        return;
    wlk_check(strcmp(json_string_value(at(top, "launch")), "2017-08-29") == 0 &&
                  json_integer_value(at(top, "seeds")) == 200,
              "launch and seeds");
    json_t *published = at(top, "published"), *truth = at(top, "truth");
    wlk_check(is_number(at(published, "range_km"), 2700) &&
                  is_number(at(published, "apogee_km"), 550) &&
                  json_is_null(at(published, "first_public_warning_s")) &&
                  json_object_size(published) == 3,
              "what was published; null where nothing was");
    wlk_check(is_number(at(truth, "range_km"), 2701.235) &&
                  is_number(at(truth, "flight_time_s"), 931) &&
                  is_number(at(at(truth, "impact"), "lat_deg"), 42.03457) &&
                  is_number(at(at(truth, "impact"), "lon_deg"), -157.5),
              "the truth, rounded to what is known");
    json_t *after = at(at(at(top, "nations"), "JP"), "after");
    wlk_check(is_number(at(after, "launch_declared_s"), 73.75) &&
                  json_is_null(at(after, "first_plot_s")) &&
                  is_number(json_array_get(at(after, "ellipse_95_km"), 0), 5.25) &&
                  is_number(json_array_get(at(after, "ellipse_95_km"), 1), 1.5) &&
                  is_number(at(after, "truth_inside_95"), 0.96) && json_object_size(after) == 8,
              "the figures of a column; null for what never came");
    json_t *warning = json_array_get(at(after, "warnings"), 1);
    wlk_check(json_array_size(at(after, "warnings")) == 2 &&
                  strcmp(json_string_value(at(warning, "area")), "Hokkaido") == 0 &&
                  strcmp(json_string_value(at(warning, "kind")), "PASSED") == 0 &&
                  is_number(at(warning, "s"), 637),
              "its warnings");
    json_t *before = at(at(at(top, "nations"), "KR"), "before");
    wlk_check(json_is_null(json_array_get(at(before, "ellipse_95_km"), 0)) &&
                  json_array_size(at(before, "warnings")) == 0,
              "a column without anything has nulls and no warnings");
    json_t *exchange = at(top, "exchange");
    static const char *const words[] = {"records", "passed", "trimmed",
                                        "refused", "lost",   "doubled"};
    static const int wanted[] = {10, 6, 2, 1, 1, 0};
    bool right = json_object_size(exchange) == 6;
    for (size_t i = 0; i < 6; i++)
        right &= json_integer_value(at(exchange, words[i])) == wanted[i];
    wlk_check(right, "what became of the records");
    json_decref(top);
}

static void check_table(void)
{
    char text[8192];
    FILE *out = tmpfile();
    if (!out)
        return;
    wlk_summary_print(&summary, false, out);
    rewind(out);
    text[fread(text, 1, sizeof text - 1, out)] = 0;
    fclose(out);
    wlk_check(!strchr(text, '\033'), "without colour there is no escape sequence");
    wlk_check(strstr(text, "56 s sooner") && strstr(text, "only now"),
              "the table says what sharing changed");
    wlk_check(strstr(text, "T+631 s") && strstr(text, "machine times"),
              "when the impact was judged, and whose times these are");
    wlk_check(strstr(text, "no public warning is documented"),
              "and what the public record has");
    wlk_check(strstr(text, "1 lost, 0 doubled"), "and what the exchange did");
}

int main(void)
{
    struct wlk_fault fault = {0};
    int made = mkstemp(path);
    if (!wlk_check(made >= 0, "a file to write to"))
        return wlk_tap_done();
    close(made);
    fill();
    check_json();
    check_table();
    wlk_check(wlk_summary_write(&summary, "/nowhere/summary.json", &fault) == WLK_IO &&
                  strstr(fault.where, "/nowhere/summary.json"),
              "a file that cannot be written is named");
    remove(path);
    return wlk_tap_done();
}
