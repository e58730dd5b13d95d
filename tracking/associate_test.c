/* associate_test.c -- the assignment against trying all of them; the gate.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/associate.h"
#include "tracking/watch_for_test.h"

#include "base/tap.h"

static double cost[WLK_ASSIGN_MAX][2 * WLK_ASSIGN_MAX];

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
        for (int j = 0; j < 2 * WLK_ASSIGN_MAX; j++)
            cost[i][j] = (i - j) * (i - j);
    wlk_associate_assign(WLK_ASSIGN_MAX, 2 * WLK_ASSIGN_MAX, cost, column);
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

int main(void)
{
    check_assignment();
    check_large();
    check_gate();
    return wlk_tap_done();
}
