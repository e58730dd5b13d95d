/* bench.c -- how fast the parts are: medians with spread, interleaved (make bench).
 *
 *     bench [SECONDS [DRAWING]]
 *
 * SECONDS for the parts, and as many for how a scan grows, which is drawn into DRAWING (SVG).
 * Every measure is taken once a round, all in turn, so that a machine that slows down slows all
 * of them; CPU time of the thread, so that other processes count little. A table on standard
 * output. SPDX-License-Identifier: Apache-2.0 */
#include "base/lanes.h"
#include "base/random.h"
#include "record/sample.h"
#include "release/question.h"
#include "release/sample.h"
#include "tools/bench_scan.h"
#include "tracking/batch.h"
#include "tracking/descent.h"
#include "tracking/history.h"
#include "tracking/impact.h"
#include "tracking/launch.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS_MAX = 1000, TAKES_MAX = 60000, RAID = 30, LOOKS = WLK_LAUNCH_LOOKS_MAX };
static const double FROM_S = 240, RAID_S = 60, LATE_S = 0.15;

static struct flight medium, lofted;

/* ---- the filter ---------------------------------------------------------------------- */

enum { PLOTS = 256 };
static struct wlk_look look[PLOTS];
static int look_count;
static struct wlk_phases coasting;

static void prepare_looks(void)
{
    struct wlk_random random = wlk_random_seeded(1, 1);
    const struct test_radar *radar = &TEST_RADARS[5];
    struct wlk_plot plot;
    for (double t = FROM_S; look_count < PLOTS && t < medium.impact_s; t += 1)
        if (test_look(&medium, radar, t, &random, &plot))
            wlk_look_from_plot(&plot, &look[look_count++]);
    wlk_phases_begin(&look[0], &coasting);
    for (int i = 1; i < 30; i++)
        bench_must(wlk_phases_take(&coasting, &look[i]), "filter");
    if (!coasting.is_coasting)
        bench_must(WLK_NO_SOLUTION, "no coast to measure on");
}

/* Seconds a plot: prediction by 1 s and update of a coast state, six rows. */
static double filter_plot(void)
{
    double start = bench_now_s();
    int count = 0;
    for (int again = 0; again < 200; again++) {
        struct wlk_state state = coasting.coast;
        for (int i = 30; i < 60 && i < look_count; i++, count++) {
            bench_must(wlk_filter_predict(&state, look[i].time), "predict");
            bench_must(wlk_filter_update(&state, &look[i], NULL), "update");
        }
    }
    return (bench_now_s() - start) / count;
}

/* The same with the boost filter and the tests that stand beside a young coast. */
static double phases_plot(void)
{
    double start = bench_now_s();
    int count = 0;
    for (int again = 0; again < 100; again++) {
        struct wlk_phases phases = coasting;
        for (int i = 30; i < 60 && i < look_count; i++, count++)
            bench_must(wlk_phases_take(&phases, &look[i]), "phases");
    }
    return (bench_now_s() - start) / count;
}

/* The same plots in lanes, eight tracks at once; the states stay in them. */
static double filter_batch(enum wlk_lanes_kind kind)
{
    enum { STEPS = 30 };
    static struct wlk_batch at[STEPS], work;
    struct wlk_state state = coasting.coast;
    for (int i = 0; i < STEPS; i++) {
        for (int lane = 0; lane < WLK_LANES; lane++)
            if (!wlk_batch_put(&at[i], lane, &state, &look[30 + i]))
                bench_must(WLK_NO_SOLUTION, "batch");
        bench_must(wlk_filter_predict(&state, look[30 + i].time), "predict");
        bench_must(wlk_filter_update(&state, &look[30 + i], NULL), "update");
    }
    double start = bench_now_s();
    int taken = 0;
    for (int again = 0; again < 100; again++)
        for (int i = 0; i < STEPS; i++) {
            work = at[i];
            wlk_batch_take(&work, kind);
            taken += work.is_taken[0] == 1 ? WLK_LANES : 0;
        }
    double took = bench_now_s() - start;
    if (taken != 100 * STEPS * WLK_LANES)
        bench_must(WLK_NO_SOLUTION, "batch");
    return took / taken;
}

static double filter_plain(void)
{
    return filter_batch(WLK_LANES_PLAIN);
}

static double filter_avx2(void)
{
    return filter_batch(WLK_LANES_AVX2);
}

static double filter_avx512(void)
{
    return filter_batch(WLK_LANES_AVX512);
}

/* ---- predictions --------------------------------------------------------------------- */

static double impact_of(const struct flight *flight)
{
    struct wlk_state state = coasting.coast;
    struct wlk_impact impact;
    double x[6];
    if (!test_state(flight, FROM_S + 60, x))
        bench_must(WLK_NO_SOLUTION, "no state");
    memcpy(state.position_m, x, sizeof state.position_m);
    memcpy(state.velocity_mps, x + 3, sizeof state.velocity_mps);
    double start = bench_now_s();
    for (int i = 0; i < 100; i++)
        bench_must(wlk_impact_predict(&state, 7200, &impact, NULL), "impact");
    return (bench_now_s() - start) / 100;
}

static double impact_medium(void)
{
    return impact_of(&medium);
}

static double impact_lofted(void)
{
    return impact_of(&lofted);
}

/* The eight trajectories that an impact point is made of, where impact_of begins. */
static double descent_of(enum wlk_lanes_kind kind)
{
    struct wlk_descent start = {.trail = NULL}, descent;
    double x[6];
    if (!test_state(&medium, FROM_S + 60, x))
        bench_must(WLK_NO_SOLUTION, "no state");
    for (int lane = 0; lane < WLK_LANES; lane++) {
        for (int i = 0; i < 6; i++)
            start.x[i][lane] = x[i];
        start.inverse_beta[lane] = (lane == 6 ? 0.2 : lane == 7 ? 4.8 : 1) / 4000;
        start.limit_s[lane] = 7200;
    }
    double from = bench_now_s();
    for (int i = 0; i < 100; i++) {
        descent = start;
        bench_must(wlk_descent_fly(&descent, kind), "descent");
    }
    return (bench_now_s() - from) / 100;
}

static double descent_plain(void)
{
    return descent_of(WLK_LANES_PLAIN);
}

static double descent_avx2(void)
{
    return descent_of(WLK_LANES_AVX2);
}

static double descent_avx512(void)
{
    return descent_of(WLK_LANES_AVX512);
}

static double launch_of(size_t count, double from_s, enum wlk_launch_thrust thrust)
{
    static struct wlk_look early[LOOKS];
    struct wlk_random random = wlk_random_seeded(2, 1);
    struct wlk_plot plot;
    struct wlk_launch launch;
    size_t seen = 0;
    for (double t = from_s; seen < count; t += 2)
        if (test_look(&medium, &TEST_RADARS[thrust == WLK_LAUNCH_COASTING ? 6 : 3], t, &random,
                      &plot))
            wlk_look_from_plot(&plot, &early[seen++]);
    struct wlk_launch_case rising = {.look = early, .count = count, .thrust = thrust};
    double start = bench_now_s();
    for (int i = 0; i < 4; i++)
        bench_must(wlk_launch_fit(&rising, &launch), "launch fit");
    return (bench_now_s() - start) / 4;
}

static double launch_few(void)
{
    return launch_of(6, 40, WLK_LAUNCH_THRUSTING);
}

static double launch_many(void)
{
    return launch_of(14, 40, WLK_LAUNCH_THRUSTING);
}

static double launch_late(void)
{
    return launch_of(14, FROM_S, WLK_LAUNCH_COASTING);
}

/* ---- scans --------------------------------------------------------------------------- */

static double scan_young(void)
{
    return bench_scan(&medium, 100, BENCH_SCAN_YOUNG);
}

static double scan_coast(void)
{
    return bench_scan(&medium, 100, BENCH_SCAN_COAST);
}

static double scan_impact(void)
{
    return bench_scan(&medium, 100, BENCH_SCAN_IMPACT);
}

static double scan_thousand(void)
{
    return bench_scan(&medium, 1000, BENCH_SCAN_COAST);
}

static double look_back(void)
{
    return bench_look_back(&medium);
}

static double misfit(void)
{
    return bench_misfit(&medium);
}

/* ---- the decision -------------------------------------------------------------------- */

static double decision(void)
{
    static struct wlk_arrangement arrangement;
    static struct wlk_rules rules;
    static struct wlk_question question;
    static struct wlk_sample sample;
    struct wlk_random random = wlk_random_seeded(4, 1);
    if (!rules.rule_count) {
        if (!wlk_sample_shipped("tmw.txt", &arrangement))
            bench_must(WLK_IO, "tmw.txt");
        wlk_rules_make(&arrangement, &rules);
        wlk_sample_make(&random, WLK_TYPE_IMPACT, &sample);
        struct wlk_header header = sample.header;
        header.originator = header.sensor_nation[0] = arrangement.party[1];
        header.sensor_nation_count = header.group_count = header.label.releasable_count = 1;
        header.label.releasable[0] = arrangement.party[0];
        header.label.caveat_count = 0;
        header.nature = header.lane.nature = WLK_NATURE_EXERCISE;
        header.group[0].group = WLK_GROUP_COARSE;
        header.group[0].classification = WLK_CONFIDENTIAL;
        bool is_shown[WLK_GROUPS_MAX] = {true, true};
        struct wlk_surroundings around = {.arrangement = &arrangement,
                                          .is_in_force = true,
                                          .recipient = arrangement.party[0],
                                          .now = header.time,
                                          .is_event_open = true};
        memset(around.token, 1, sizeof around.token);
        wlk_question_make(&header, is_shown, &around, &question);
    }
    unsigned sum = 0;
    double start = bench_now_s();
    for (int i = 0; i < 20000; i++)
        sum += (unsigned)wlk_decide(&rules, &question).kind;
    double took = bench_now_s() - start;
    if (sum != 20000 * WLK_PASS)
        bench_must(WLK_NOT_RELEASABLE, "decide() is to pass it");
    return took / 20000;
}

/* ---- the table ----------------------------------------------------------------------- */

static const struct measure {
    const char *what, *unit;
    double scale; /* of seconds; 0: shown as so many a second */
    double (*take)(void);
    enum wlk_lanes_kind needs; /* without it there is no such row */
} MEASURES[] = {{"filter: predict 1 s and update, coast", "plots/s", 0, filter_plot, 0},
                {"the same, eight tracks at once, plain", "plots/s", 0, filter_plain, 0},
                {"the same, AVX2", "plots/s", 0, filter_avx2, WLK_LANES_AVX2},
                {"the same, AVX-512", "plots/s", 0, filter_avx512, WLK_LANES_AVX512},
                {"filter beside a boost filter (young coast)", "plots/s", 0, phases_plot, 0},
                {"impact and ellipse, 2,700 km", "us", 1e6, impact_medium, 0},
                {"impact and ellipse, lofted to 4,470 km", "us", 1e6, impact_lofted, 0},
                {"of it eight trajectories, 2,700 km, plain", "us", 1e6, descent_plain, 0},
                {"the same, AVX2", "us", 1e6, descent_avx2, WLK_LANES_AVX2},
                {"the same, AVX-512", "us", 1e6, descent_avx512, WLK_LANES_AVX512},
                {"launch fit, 6 plots", "ms", 1e3, launch_few, 0},
                {"launch fit, 14 plots", "ms", 1e3, launch_many, 0},
                {"launch fit, 14 plots, first seen after burnout", "ms", 1e3, launch_late, 0},
                {"scan of 100 objects in free flight", "us", 1e6, scan_coast, 0},
                {"the same, and the impact point of each", "us", 1e6, scan_impact, 0},
                {"the same just after thrust, without impact points", "us", 1e6, scan_young, 0},
                {"scan of 1,000 objects in free flight", "us", 1e6, scan_thousand, 0},
                {"18 tracks fall silent and are looked back at", "us", 1e6, look_back, 0},
                {"misfit of a launch, 14 plots (part of the fit)", "us", 1e6, misfit, 0},
                {"patterns of two nations' 18 tracks, 1 km, 2 km apart", "ms", 1e3,
                 bench_pattern, 0},
                {"decide()", "decisions/s", 0, decision, 0}};
enum { MEASURE_COUNT = sizeof MEASURES / sizeof MEASURES[0] };

static void row(const char *what, const char *unit, double scale, double *sample, int count)
{
    for (int i = 0; i < count; i++)
        sample[i] = scale > 0 ? sample[i] * scale : 1 / sample[i];
    qsort(sample, (size_t)count, sizeof *sample, bench_by_size);
    printf("| %s | %.4g | %.4g - %.4g | %s |\n", what, sample[count / 2], sample[count / 4],
           sample[count * 3 / 4], unit);
}

/* A raid seen by seven radars whose plots come up to LATE_S late: seconds of each take. */
struct late_plot {
    double comes_s;
    struct wlk_plot plot;
};

static int by_coming(const void *a, const void *b)
{
    return bench_by_size(&((const struct late_plot *)a)->comes_s,
                         &((const struct late_plot *)b)->comes_s);
}

static void raid(void)
{
    static struct late_plot plot[TAKES_MAX];
    static double took[TAKES_MAX];
    struct wlk_random random = wlk_random_seeded(5, 1);
    struct wlk_book *book;
    size_t count = 0;
    for (int r = 0; r < 7; r++)
        for (int k = 0; k < RAID; k++)
            for (double t = FROM_S + 0.03 * k; t < FROM_S + RAID_S && count < TAKES_MAX;
                 t += TEST_RADARS[r].revisit_s)
                if (bench_look(&medium, k, r, t, &random, &plot[count].plot))
                    plot[count++].comes_s = t + LATE_S * wlk_random_uniform(&random);
    qsort(plot, count, sizeof plot[0], by_coming);
    bench_must(wlk_book_open(&book), "book");
    wlk_book_warm(book);
    for (size_t i = 0; i < count; i++) {
        double start = bench_now_s();
        bench_must(wlk_book_take(book, &plot[i].plot), "book");
        took[i] = (bench_now_s() - start) * 1e6;
    }
    qsort(took, count, sizeof *took, bench_by_size);
    printf("\nRaid of %d, 7 radars, plots up to %.2f s late: a plot takes %.3g us (median), "
           "%.3g (90 %%), %.3g (99 %%), %.3g (most); %zu plots, %.3g redone for each.\n",
           RAID, LATE_S, took[count / 2], took[count * 9 / 10], took[count * 99 / 100],
           took[count - 1], count, (double)wlk_book_counters(book)->replayed / (double)count);
    wlk_book_close(book);
}

/* What the figures were measured on. */
static void machine(void)
{
    char line[256];
    FILE *in = fopen("/proc/cpuinfo", "r");
    while (in && fgets(line, sizeof line, in))
        if (strncmp(line, "model name", 10) == 0 && strchr(line, ':')) {
            line[strcspn(line, "\n")] = 0;
            printf("Measured on: %s, which has", strchr(line, ':') + 2);
            for (int kind = 1; kind < WLK_LANES_KINDS; kind++)
                if (wlk_lanes_can((enum wlk_lanes_kind)kind))
                    printf(" %s", wlk_lanes_words((enum wlk_lanes_kind)kind));
            printf("%s lanes.\n", wlk_lanes_best() == WLK_LANES_PLAIN ? " no wide" : "");
            break;
        }
    if (in)
        fclose(in);
}

int main(int argc, char *argv[])
{
    static double sample[MEASURE_COUNT][ROUNDS_MAX];
    double seconds = argc > 1 ? strtod(argv[1], NULL) : 10, start = bench_now_s();
    struct flight_plan plan = test_plan(TEST_MEDIUM);
    test_fly(&plan, &medium);
    plan = test_plan(TEST_LOFTED);
    test_fly(&plan, &lofted);
    prepare_looks();
    int rounds = 0;
    for (; rounds < ROUNDS_MAX && (rounds < 3 || bench_now_s() - start < seconds); rounds++)
        for (int i = 0; i < MEASURE_COUNT; i++)
            if (wlk_lanes_can(MEASURES[i].needs))
                sample[i][rounds] = MEASURES[i].take();
    machine();
    printf("\n| what | median | middle half | unit |\n|---|---|---|---|\n");
    for (int i = 0; i < MEASURE_COUNT; i++)
        if (wlk_lanes_can(MEASURES[i].needs))
            row(MEASURES[i].what, MEASURES[i].unit, MEASURES[i].scale, sample[i], rounds);
    printf("\n%d rounds, all measures in turn.\n", rounds);
    size_t book = wlk_book_memory(WLK_OBJECTS_MAX), more = wlk_book_memory(2 * WLK_OBJECTS_MAX);
    printf(
        "\nMemory: %zu bytes of a book for %d tracks, of which %zu for each track; all taken "
        "when it opens. A moment of a track, of which its past is made: %zu.\n",
        book, (int)WLK_OBJECTS_MAX, (more - book) / WLK_OBJECTS_MAX, sizeof(struct wlk_moment));
    raid();
    bench_growth(&medium, seconds, argc > 2 ? argv[2] : NULL);
    return 0;
}
