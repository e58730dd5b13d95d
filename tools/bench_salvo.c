/* bench_salvo.c -- what keeping a salvo apart costs: looking back, laying patterns, misfit.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fusion/pattern.h"
#include "tools/bench_scan.h"
#include "tracking/launch_model.h"

#include <math.h>
#include <stdio.h>

enum { SALVO = 18, LOOKS = 14, TIMES = 20 };
static const double FROM_S = 100, UNTIL_S = 130, APART_S = 0.03, SILENT_S = 9;
static const double SIGMA_M = 1000, SIGMA_MPS = 3, SPACING_M = 2000;

double bench_look_back(const struct flight *flight)
{
    struct wlk_random random = wlk_random_seeded(6, 1);
    struct wlk_book *book;
    struct wlk_plot plot;
    char name[WLK_NAME_SIZE];
    bench_must(wlk_book_sized_open(2 * SALVO, &book), "book");
    wlk_book_warm(book);
    for (double t = FROM_S; t < UNTIL_S; t += 1) {
        for (int k = 0; k < SALVO; k++) {
            int radar = 3 + (int)t % 2;
            snprintf(name, sizeof name, "R%d-%02d", radar, k);
            if (!bench_look(flight, k, radar, t + APART_S * k, &random, &plot))
                continue;
            plot.sensor = wlk_name_of(name);
            bench_must(wlk_book_take(book, &plot), "plot");
        }
        wlk_book_advance(book, wlk_utc_add(TEST_LAUNCH, t + 1));
    }
    double start = bench_now_s();
    wlk_book_advance(book, wlk_utc_add(TEST_LAUNCH, UNTIL_S + SILENT_S));
    double took = bench_now_s() - start;
    wlk_book_close(book);
    return took;
}

double bench_pattern(void)
{
    static struct wlk_state state[2][SALVO];
    static struct wlk_pattern_table table;
    struct wlk_pattern pattern;
    struct wlk_random random = wlk_random_seeded(7, 1);
    const struct wlk_state *side[2][SALVO];
    for (int s = 0; s < 2; s++)
        for (int i = 0; i < SALVO; i++) {
            struct wlk_state *at = &state[s][i];
            *at = (struct wlk_state){.phase = WLK_PHASE_COAST,
                                     .position_m = {6.5e6, SPACING_M * i, 0},
                                     .velocity_mps = {1500, 300, 0}};
            for (int k = 0; k < 3; k++) {
                at->position_m[k] += SIGMA_M * wlk_random_normal(&random);
                at->velocity_mps[k] += SIGMA_MPS * wlk_random_normal(&random);
                at->covariance[k][k] = SIGMA_M * SIGMA_M;
                at->covariance[k + 3][k + 3] = SIGMA_MPS * SIGMA_MPS;
            }
            side[s][i] = at;
        }
    double start = bench_now_s();
    wlk_pattern_match(side[0], SALVO, side[1], SALVO, &table, &pattern);
    return bench_now_s() - start;
}

double bench_misfit(const struct flight *flight)
{
    struct wlk_look look[LOOKS];
    struct wlk_random random = wlk_random_seeded(8, 1);
    struct wlk_plot plot;
    struct wlk_state state = {.phase = WLK_PHASE_BOOST};
    double x[6], t = 40;
    size_t count = 0;
    for (; count < LOOKS; t += 2)
        if (test_look(flight, &TEST_RADARS[3], t, &random, &plot))
            wlk_look_from_plot(&plot, &look[count++]);
    if (!test_state(flight, t, x))
        bench_must(WLK_NO_SOLUTION, "no state");
    for (int i = 0; i < 3; i++) {
        state.position_m[i] = x[i];
        state.velocity_mps[i] = x[i + 3];
    }
    struct wlk_launch_case seen = {
        .look = look, .count = count, .thrust = WLK_LAUNCH_THRUSTING};
    struct wlk_launch_model model = {
        .seen = &seen, .reference = plot.place, .zero = look[0].time};
    double start = bench_now_s(), part = 0;
    for (int i = 0; i < TIMES; i++)
        part = wlk_launch_weigh(&model, &state, HUGE_VAL);
    if (part < 0)
        bench_must(WLK_NO_SOLUTION, "misfit");
    return (bench_now_s() - start) / TIMES;
}
