/* descent_test.c -- eight bodies at once against one by one in small steps, and each kind of
 * lanes against the plain one.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/descent.h"
#include "tracking/flight_for_test.h"
#include "tracking/watch_for_test.h"

#include "base/tap.h"
#include "earth/propagate.h"

static struct flight flight;

/* The truth at t, five that are a little off, a heavy body and a light one. */
static bool prepare(double t, double beta, struct wlk_descent *out)
{
    double x[6];
    if (!test_state(&flight, t, x))
        return false;
    memset(out, 0, sizeof *out);
    for (int k = 0; k < WLK_LANES; k++) {
        for (int i = 0; i < 6; i++)
            out->x[i][k] = x[i] + (i == k ? (i < 3 ? 1 : 1e-3) : 0);
        out->inverse_beta[k] = 1 / beta;
        out->limit_s[k] = 7200;
    }
    out->inverse_beta[6] *= 0.2;
    out->inverse_beta[7] *= 5;
    return true;
}

/* One body to the ground in small steps; seconds, -1 if it does not come down. */
static double fall(double x[6], double inverse_beta)
{
    double seconds = 0, next[6];
    for (int count = 0; count < 100000 && seconds < 7200; count++) {
        struct wlk_step by = {inverse_beta, 0.5};
        double high = wlk_propagate_step(x, &by, next, NULL), low = 0;
        if (wlk_propagate_height(next) < 0) {
            for (int i = 0; i < 40; i++) {
                by.limit_s = (low + high) / 2;
                wlk_propagate_step(x, &by, next, NULL);
                *(wlk_propagate_height(next) > 0 ? &low : &high) = by.limit_s;
            }
            memcpy(x, next, sizeof next);
            return seconds + low;
        }
        memcpy(x, next, sizeof next);
        seconds += high;
    }
    return -1;
}

/* How far off a body is that arrives by its own steps, m; HUGE_VAL: it does not. */
static double error_of(const struct wlk_descent *start, const struct wlk_descent *down, int k)
{
    double x[6], speed2 = 0, off2 = 0;
    for (int j = 0; j < 6; j++)
        x[j] = start->x[j][k];
    double seconds = fall(x, start->inverse_beta[k]);
    for (int j = 0; j < 3; j++) {
        off2 += pow(down->x[j][k] - x[j], 2);
        speed2 += x[j + 3] * x[j + 3];
    }
    off2 += pow(down->seconds[k] - seconds, 2) * speed2;
    return seconds < 0 ? HUGE_VAL : sqrt(off2);
}

/* What the differences of the start become, m, against those of bodies on their own. */
static double difference_error(const struct wlk_descent *start, const struct wlk_descent *down)
{
    double mean[6], worst = 0;
    for (int k = 0; k < WLK_DESCENT_TOGETHER; k++) {
        double x[6], sum = 0, apart = 0, inverse_beta = start->inverse_beta[k];
        for (int j = 0; j < 6; j++)
            x[j] = start->x[j][k];
        for (double left = down->seconds[0]; left != 0;) {
            struct wlk_step by = {inverse_beta, fmin(left, 0.5)};
            left -= wlk_propagate_step(x, &by, x, NULL);
        }
        if (k == 0)
            memcpy(mean, x, sizeof mean);
        for (int j = 0; j < 3; j++) {
            double expected = x[j] - mean[j], got = down->x[j][k] - down->x[j][0];
            sum += expected * expected;
            apart += (got - expected) * (got - expected);
        }
        worst = k ? fmax(worst, sqrt(apart / sum)) : worst;
    }
    return worst;
}

static void check_flight(enum test_flight_kind kind, double part, double beta)
{
    struct flight_plan plan = test_plan(kind);
    struct wlk_descent start, plain, other;
    test_fly(&plan, &flight);
    double t = flight.burnout_s + 1 + part * (flight.impact_s - flight.burnout_s - 1);
    if (!wlk_check(prepare(t, beta, &start), "flight %d at %.0f s", kind, t))
        return;
    plain = start;
    if (!wlk_check(wlk_descent_fly(&plain, WLK_LANES_PLAIN) == WLK_OK, "it comes down"))
        return;
    double error_m = error_of(&start, &plain, 0), difference = difference_error(&start, &plain);
    wlk_check(error_m < 8, "beta %.0f: within %.2g m of small steps", beta, error_m);
    error_m = fmax(error_of(&start, &plain, 6), error_of(&start, &plain, 7));
    wlk_check(error_m < 50, "five times heavier and lighter: within %.2g m", error_m);
    wlk_check(difference < 0.04, "what small differences become is right to %.1g", difference);
    for (int kind_of = 1; kind_of < WLK_LANES_KINDS; kind_of++) {
        const char *words = wlk_lanes_words((enum wlk_lanes_kind)kind_of);
        if (!wlk_lanes_can((enum wlk_lanes_kind)kind_of)) {
            wlk_skip("no %s here", words);
            continue;
        }
        other = start;
        wlk_status status = wlk_descent_fly(&other, (enum wlk_lanes_kind)kind_of);
        wlk_check(status == WLK_OK && memcmp(&other, &plain, sizeof plain) == 0,
                  "%s gives the same bits", words);
    }
}

static void check_refusals(void)
{
    struct wlk_descent start, descent;
    if (!wlk_check(prepare(flight.burnout_s + 1, 4000, &start), "a start"))
        return;
    descent = start;
    descent.limit_s[0] = 30;
    wlk_check(wlk_descent_fly(&descent, wlk_lanes_best()) == WLK_NO_SOLUTION,
              "the ground is beyond the limit of the first");
    descent = start;
    descent.limit_s[7] = 30;
    wlk_check(wlk_descent_fly(&descent, wlk_lanes_best()) == WLK_NO_SOLUTION, "or of another");
    descent = start;
    for (int i = 0; i < 3; i++)
        descent.x[i + 3][0] *= 20;
    wlk_check(wlk_descent_fly(&descent, wlk_lanes_best()) == WLK_NO_SOLUTION,
              "what leaves the Earth does not come down");
    descent = start;
    descent.x[4][6] = nan("");
    wlk_check(wlk_descent_fly(&descent, wlk_lanes_best()) == WLK_NO_SOLUTION,
              "nor does what is no number");
}

int main(void)
{
    for (int kind = 0; kind < TEST_KINDS; kind++) {
        check_flight((enum test_flight_kind)kind, 0, 4000);
        check_flight((enum test_flight_kind)kind, 0.8, 2000);
        check_flight((enum test_flight_kind)kind, 0.95, 8000);
    }
    check_flight(TEST_MEDIUM, 0.3, 500);
    check_refusals();
    return wlk_tap_done();
}
