/* associate_test.c -- the assignment against trying all of them; the gate; the sweep.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/sweep.h"
#include "tracking/watch_for_test.h"

#include "base/tap.h"

static double cost[WLK_ASSIGN_MAX][WLK_ASSIGN_COLUMNS];

/* Least sum over all ways to give 4 rows columns of their own among 6. */
static double try_all(void)
{
    double best = HUGE_VAL;
    for (int code = 0; code < 6 * 6 * 6 * 6; code++) {
        int c[4] = {code % 6, code / 6 % 6, code / 36 % 6, code / 216};
        bool is_own = c[0] != c[1] && c[0] != c[2] && c[0] != c[3] && c[1] != c[2] &&
                      c[1] != c[3] && c[2] != c[3];
        double sum = cost[0][c[0]] + cost[1][c[1]] + cost[2][c[2]] + cost[3][c[3]];
        if (is_own && sum < best)
            best = sum;
    }
    return best;
}

static void check_assignment(void)
{
    struct wlk_random random = wlk_random_seeded(5, 1);
    double worst = 0;
    bool is_own = true;
    for (int run = 0; run < 300; run++) {
        int column[WLK_ASSIGN_MAX];
        double sum = 0;
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 6; j++)
                cost[i][j] = wlk_random_uniform(&random) < 0.3
                                 ? 1e6
                                 : 40 * wlk_random_uniform(&random) - 10;
        wlk_associate_assign(4, 6, cost, column);
        for (int i = 0; i < 4; i++) {
            sum += cost[i][column[i]];
            for (int k = 0; k < i; k++)
                is_own = is_own && column[i] != column[k];
        }
        worst = fmax(worst, fabs(sum - try_all()));
    }
    wlk_check(is_own, "no two rows share a column");
    wlk_check(worst < 1e-6, "the sum is the least there is (%.2g)", worst);
}

static void check_large(void)
{
    int column[WLK_ASSIGN_MAX];
    for (int i = 0; i < WLK_ASSIGN_MAX; i++)
        for (int j = 0; j < WLK_ASSIGN_COLUMNS; j++)
            cost[i][j] = (i - j) * (i - j);
    wlk_associate_assign(WLK_ASSIGN_MAX, WLK_ASSIGN_COLUMNS, cost, column);
    bool is_diagonal = true;
    for (int i = 0; i < WLK_ASSIGN_MAX; i++)
        is_diagonal = is_diagonal && column[i] == i;
    wlk_check(is_diagonal, "the largest assignment finds the diagonal");
}

/* A track after some plots: its next plot is inside, one 5 km beside it is not, and what the
 * box refuses the gate would too. */
static void check_gate(void)
{
    static struct flight flight;
    static struct wlk_plot plots[2000];
    struct flight_plan plan = test_plan(TEST_MEDIUM);
    struct wlk_phases phases;
    struct wlk_look look;
    test_fly(&plan, &flight);
    size_t count = watch(&flight, "KR,JP,US", 3, WATCH_ALL, 2000, plots), in = 0, out = 0;
    wlk_look_from_plot(&plots[0], &look);
    wlk_phases_begin(&look, &phases);
    for (size_t i = 1; i < count; i++) {
        wlk_look_from_plot(&plots[i], &look);
        in += isfinite(wlk_associate_cost(&phases, &look)) ? 1 : 0;
        if (i > 60) {
            struct wlk_plot beside = plots[i];
            struct wlk_look other;
            beside.seen.azimuth_rad +=
                5e3 / beside.seen.range_m / cos(beside.seen.elevation_rad);
            wlk_look_from_plot(&beside, &other);
            out += isfinite(wlk_associate_cost(&phases, &other)) ? 0 : 1;
        }
        if (wlk_phases_take(&phases, &look) != WLK_OK)
            break;
    }
    wlk_check(in + 2 >= count - 1, "%zu of %zu own plots are inside the gate", in, count - 1);
    wlk_check(out * 100 >= (count - 61) * 95, "%zu of %zu plots 5 km beside are outside", out,
              count - 61);
}

/* A track that has not been seen for long, carried to a scan: what the gate lets in, anywhere
 * in the scan, lies in the ball; and the ball is smaller than that of the parabola. */
static void check_carry(enum test_flight_kind kind, double gap_s)
{
    static struct flight flight;
    static struct wlk_plot plots[2000];
    struct flight_plan plan = test_plan(kind);
    struct wlk_random random = wlk_random_seeded(7, (uint64_t)gap_s);
    struct wlk_phases phases;
    struct wlk_reach reach;
    struct wlk_look look;
    double at[3], wide[3], far_m = 0;
    test_fly(&plan, &flight);
    size_t count = watch(&flight, "KR,JP,US", 3, WATCH_ALL, 2000, plots), in = 0, lost = 0;
    wlk_look_from_plot(&plots[0], &look);
    wlk_phases_begin(&look, &phases);
    for (size_t i = 1; i < count && look.time.ns < plots[count / 2].time.ns; i++) {
        wlk_look_from_plot(&plots[i], &look);
        if (wlk_phases_take(&phases, &look) != WLK_OK)
            break;
    }
    wlk_utc from = wlk_utc_add(look.time, gap_s);
    wlk_check(!wlk_associate_carry(&phases, wlk_utc_add(look.time, 9), 0.25, at, &far_m),
              "a fresh track is not carried");
    if (!wlk_check(wlk_associate_carry(&phases, from, 0.25, at, &far_m),
                   "one that was not "
                   "seen for %.0f s is",
                   gap_s))
        return;
    wlk_associate_reach(&phases, &reach);
    double wide_m = wlk_associate_ball(&reach, from, 0.25, wide);
    for (int n = 0; n < 3000; n++) {
        struct wlk_plot plot = plots[count / 2];
        struct wlk_spot spot;
        plot.time = wlk_utc_add(from, 0.25 * wlk_random_uniform(&random));
        double reach_m = (0.2 + 2 * wlk_random_uniform(&random)) * far_m, apart2 = 0, way[3];
        for (int i = 0; i < 3; i++)
            way[i] = at[i] + reach_m * wlk_random_normal(&random) / 2;
        plot.seen = wlk_polar_from_ecef(plot.place, (wlk_ecef){way[0], way[1], way[2]});
        wlk_look_from_plot(&plot, &look);
        wlk_associate_spot(&look, &spot);
        for (int i = 0; i < 3; i++)
            apart2 += pow(look.at[i] - at[i], 2);
        bool is_in = isfinite(wlk_associate_cost(&phases, &look));
        in += is_in;
        lost += is_in && apart2 > pow(far_m + spot.apart_m, 2);
    }
    wlk_check(lost == 0 && in > 20, "%zu looks in the gate, none out of the ball", in);
    wlk_check(far_m < 0.5 * wide_m, "which is %.1f km wide, not %.0f", far_m / 1e3,
              wide_m / 1e3);
}

enum { TRACKS = 300, ASKED = 1000 };

/* Tracks of a second to a minute ago, known well or hardly, strewn over 100 km or 2,000; looks
 * near them. A look anywhere in the quarter of a second must find all that it is near. */
static void check_sweep(double strewn_m)
{
    static struct wlk_reach reach[TRACKS];
    struct wlk_random random = wlk_random_seeded(6, (uint64_t)strewn_m);
    struct wlk_sweep sweep;
    uint16_t found[TRACKS];
    size_t lost = 0, near = 0, asked = 0;
    bool is_rising = true;
    if (wlk_sweep_open(TRACKS, &sweep) != WLK_OK)
        exit(1);
    for (int k = 0; k < TRACKS; k++) {
        double ago_s = 1 + 59 * pow(wlk_random_uniform(&random), 2);
        reach[k] = (struct wlk_reach){
            .epoch = wlk_utc_add(TEST_LAUNCH, -ago_s),
            .apart = {1000 + 4000 * wlk_random_uniform(&random), k % 10 ? 20 : 24000, 40, 0.01},
            .is_low = k % 2};
        for (int i = 0; i < 3; i++) {
            reach[k].at[i] = 5e6 + strewn_m * wlk_random_uniform(&random);
            reach[k].speed[i] = 3000 * wlk_random_normal(&random);
            reach[k].half_pull[i] = 3 * wlk_random_normal(&random);
        }
        wlk_sweep_add(&sweep, &reach[k], TEST_LAUNCH, 0.25, (uint16_t)k);
    }
    wlk_sweep_sort(&sweep);
    for (int n = 0; n < ASKED; n++) {
        const struct wlk_reach *about = &reach[n % TRACKS];
        double late_s = 0.25 * wlk_random_uniform(&random);
        struct wlk_look look = {.time = wlk_utc_add(TEST_LAUNCH, late_s)};
        struct wlk_spot spot = {.apart_m = 3000 * wlk_random_uniform(&random)};
        double t = wlk_utc_seconds(look.time, about->epoch);
        for (int i = 0; i < 3; i++)
            look.at[i] = about->at[i] + about->speed[i] * t +
                         about->apart[0] * wlk_random_normal(&random);
        size_t count = wlk_sweep_near(&sweep, &spot, &look, found), at = 0;
        for (int k = 0; k < TRACKS; k++) {
            bool is_found = at < count && found[at] == k;
            at += is_found;
            near += wlk_associate_is_near(&reach[k], &spot, &look);
            lost += wlk_associate_is_near(&reach[k], &spot, &look) && !is_found;
        }
        is_rising = is_rising && at == count;
        asked += count;
    }
    wlk_check(lost == 0 && near > ASKED / 2,
              "strewn over %.0f km: none of %zu near is left out", strewn_m / 1e3, near);
    wlk_check(is_rising, "and slots come in their order");
    wlk_check(asked < near + near / 2, "and few in vain (%zu)", asked - near);
    wlk_sweep_close(&sweep);
}

int main(void)
{
    check_sweep(100e3);
    check_sweep(2000e3);
    check_assignment();
    check_large();
    check_gate();
    check_carry(TEST_MEDIUM, 15);
    check_carry(TEST_MEDIUM, 110);
    check_carry(TEST_LOFTED, 300);
    return wlk_tap_done();
}
