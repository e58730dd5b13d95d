/* measures_test.c -- figures from timelines, and medians in which what never came is infinite.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/measures.h"

#include "base/random.h"
#include "base/tap.h"
#include "earth/geodesic.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const struct wlk_measure_truth TRUTH = {.launch = {1000000000},
                                               .burnout_s = 100,
                                               .flight_time_s = 800,
                                               .impact = {40 * WLK_DEG, 150 * WLK_DEG, 0}};
static struct wlk_measures measures, each[WLK_SEEDS_MAX], median;

static struct wlk_entry entry_at(double at_s, enum wlk_entry_kind kind)
{
    struct wlk_entry entry = {.nation = wlk_name_of("JP"), .kind = kind, .object = 1};
    entry.time = entry.at = wlk_utc_add(TRUTH.launch, at_s);
    return entry;
}

static void take(double at_s, enum wlk_entry_kind kind)
{
    struct wlk_entry entry = entry_at(at_s, kind);
    wlk_measures_take(&measures, &TRUTH, &entry);
}

/* An impact predicted so far from the truth, with one sigma east and north. */
static void take_impact(double at_s, uint32_t object, double distance_m, double azimuth_rad)
{
    struct wlk_entry entry = entry_at(at_s, WLK_ENTRY_IMPACT);
    wlk_geodetic place = wlk_geodesic_from(TRUTH.impact, azimuth_rad, distance_m);
    entry.object = object;
    entry.latitude_deg = place.latitude_rad / WLK_DEG;
    entry.longitude_deg = place.longitude_rad / WLK_DEG;
    entry.ee_m2 = 9e8; /* 30 km */
    entry.nn_m2 = 1e8; /* 10 km */
    wlk_measures_take(&measures, &TRUTH, &entry);
}

static void take_warning(double at_s, enum wlk_warning_kind kind, const char *names)
{
    struct wlk_entry entry = entry_at(at_s, WLK_ENTRY_WARNING);
    entry.warning = kind;
    snprintf(entry.names, sizeof entry.names, "%s", names);
    wlk_measures_take(&measures, &TRUTH, &entry);
}

static bool is(struct wlk_maybe maybe, double value)
{
    return maybe.has && fabs(maybe.value - value) < 1e-6;
}

static void check_firsts(void)
{
    memset(&measures, 0, sizeof measures);
    for (int i = 0; i < 2; i++) { /* the second round is no news */
        take(60 + 500 * i, WLK_ENTRY_FIRST_PLOT);
        take(70.5 + 500 * i, WLK_ENTRY_DECLARED);
        take(80 + 500 * i, WLK_ENTRY_HEADING);
        take(90 + 500 * i, WLK_ENTRY_ELLIPSE);
    }
    wlk_check(is(measures.first_plot_s, 60) && is(measures.launch_declared_s, 70.5) &&
                  is(measures.heading_5deg_s, 80) && is(measures.ellipse_20km_s, 90),
              "the first of each kind counts, in seconds from launch");
    struct wlk_measure_truth early = TRUTH;
    early.burnout_s = 600;
    wlk_check(wlk_measure_moment_s(&TRUTH) == 500 && wlk_measure_moment_s(&early) == 660,
              "judged five minutes before impact, or a minute after burnout if that is later");
}

static bool judged(double distance_m, double azimuth_rad)
{
    memset(&measures, 0, sizeof measures);
    take_impact(499, 1, distance_m, azimuth_rad);
    wlk_measures_end(&measures, &TRUTH);
    return measures.truth_inside_95.has && measures.truth_inside_95.value > 0;
}

static void check_impact(void)
{
    const double east = 90 * WLK_DEG, reach = sqrt(5.991464547107979);
    wlk_check(judged(0, 0) && is(measures.impact_error_km, 0) &&
                  fabs(measures.ellipse_major_km.value - 30 * reach) < 0.01 &&
                  fabs(measures.ellipse_minor_km.value - 10 * reach) < 0.01,
              "a perfect prediction has no error, and its ellipse is the 95 %% one");
    wlk_check(judged(0.99 * reach * 30e3, east) && judged(0.99 * reach * 10e3, 0) &&
                  !judged(1.01 * reach * 30e3, east) && !judged(1.01 * reach * 10e3, 0),
              "inside ends where the ellipse ends, along both axes");
    wlk_check(!judged(20e3 * reach, 0) && judged(20e3 * reach, -east),
              "and the axes are not taken for each other");
    judged(25e3, 1);
    wlk_check(fabs(measures.impact_error_km.value - 25) < 0.01, "the error is the distance");
    memset(&measures, 0, sizeof measures);
    take_impact(400, 1, 5e3, 0);
    take_impact(450, 1, 7e3, 0);
    take_impact(499, 2, 90e3, 0);
    take_impact(501, 1, 0, 0);
    wlk_measures_end(&measures, &TRUTH);
    wlk_check(fabs(measures.impact_error_km.value - 7) < 0.01,
              "the newest of the first object counts, and nothing said after the moment");
    memset(&measures, 0, sizeof measures);
    take_impact(400, 1, 5e3, 0);
    take(420, WLK_ENTRY_NO_IMPACT);
    wlk_measures_end(&measures, &TRUTH);
    wlk_check(!measures.impact_error_km.has, "a prediction that was withdrawn is none");
    memset(&measures, 0, sizeof measures);
    take_impact(400, 1, 5e3, 0);
    struct wlk_entry down = entry_at(450, WLK_ENTRY_ENDED);
    snprintf(down.names, sizeof down.names, "seen to the end");
    wlk_measures_take(&measures, &TRUTH, &down);
    wlk_measures_end(&measures, &TRUTH);
    wlk_check(measures.impact_error_km.has, "that of an object that came down stands");
}

static void check_warnings(void)
{
    memset(&measures, 0, sizeof measures);
    take_warning(90, WLK_WARNING_LAUNCH, "Hokkaido; North Gyeongsang; sea");
    take_warning(95, WLK_WARNING_LAUNCH, "Hokkaido; Aomori");
    take_warning(99, WLK_WARNING_TAKE_COVER, "Hokkaido");
    bool right = measures.warning_count == 5 && measures.warning[0].at_s == 90 &&
                 strcmp(measures.warning[1].area, "North Gyeongsang") == 0 &&
                 strcmp(measures.warning[2].area, "sea") == 0 &&
                 measures.warning[3].at_s == 95 &&
                 measures.warning[4].kind == WLK_WARNING_TAKE_COVER;
    wlk_check(right, "each area has its first time, for each kind of warning");
    for (int i = 0; i < WLK_MEASURED_WARNINGS_MAX; i++) {
        char name[32];
        snprintf(name, sizeof name, "area %d", i);
        take_warning(100, WLK_WARNING_LAUNCH, name);
    }
    wlk_check(measures.warning_count == WLK_MEASURED_WARNINGS_MAX &&
                  measures.warnings_dropped == 5,
              "what has no room is counted");
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void check_medians(void)
{
    struct wlk_random random = wlk_random_seeded(3, 0);
    uint64_t wrong = 0, absent = 0;
    for (int round = 0; round < 500; round++) {
        size_t count = 1 + wlk_random_below(&random, 30);
        double plain[30], chance = wlk_random_uniform(&random);
        memset(each, 0, sizeof each[0] * 30);
        for (size_t i = 0; i < count; i++) {
            bool has = wlk_random_uniform(&random) < chance;
            plain[i] = has ? 1000 * wlk_random_uniform(&random) : (double)INFINITY;
            each[i].heading_5deg_s = (struct wlk_maybe){has, has ? plain[i] : -1};
        }
        wlk_measures_median(each, count, &median);
        qsort(plain, count, sizeof plain[0], compare);
        double middle = plain[count / 2];
        wrong += isfinite(middle) ? !is(median.heading_5deg_s, middle)
                                  : median.heading_5deg_s.has;
        absent += !median.heading_5deg_s.has;
    }
    wlk_check(wrong == 0 && absent > 50 && absent < 450,
              "what never came counts as infinite, also where it is the median");
    memset(each, 0, sizeof each[0] * 4);
    each[0].truth_inside_95 = each[1].truth_inside_95 = (struct wlk_maybe){true, 1};
    each[2].truth_inside_95 = (struct wlk_maybe){true, 0};
    wlk_measures_median(each, 4, &median);
    wlk_check(is(median.truth_inside_95, 2.0 / 3),
              "truth inside is the share of those that predicted at all");
    wlk_measures_median(each + 3, 1, &median);
    wlk_check(!median.truth_inside_95.has, "and nothing where none did");
}

static void warn(struct wlk_measures *one, const char *area, double at_s)
{
    struct wlk_measured_warning *slot = &one->warning[one->warning_count++];
    snprintf(slot->area, sizeof slot->area, "%s", area);
    slot->kind = WLK_WARNING_LAUNCH;
    slot->at_s = at_s;
}

static void check_median_warnings(void)
{
    memset(each, 0, sizeof each[0] * 3);
    warn(&each[0], "Aomori", 120);
    warn(&each[0], "Hokkaido", 90);
    warn(&each[1], "Hokkaido", 80);
    warn(&each[2], "Hokkaido", 100);
    warn(&each[2], "Akita", 10);
    warn(&each[1], "Aomori", 60);
    wlk_measures_median(each, 3, &median);
    wlk_check(median.warning_count == 2 && strcmp(median.warning[0].area, "Hokkaido") == 0 &&
                  median.warning[0].at_s == 90 && median.warning[1].at_s == 120,
              "a warning that fewer than half gave is none; the others come in order of time");
}

int main(void)
{
    check_firsts();
    check_impact();
    check_warnings();
    check_medians();
    check_median_warnings();
    return wlk_tap_done();
}
