/* combine_test.c -- are joined estimates as good as one filter's, and never surer than that?
 * SPDX-License-Identifier: Apache-2.0 */
#include "fusion/combine.h"

#include "base/limits.h"
#include "base/random.h"
#include "base/tap.h"
#include "earth/propagate.h"

#include <math.h>
#include <string.h>

static const wlk_utc EPOCH = {1503953880000000000}; /* 2017-08-28T20:58:00Z */

/* A state over the Sea of Japan, 300 km up, as a long flight's would be. */
static struct wlk_state flying(void)
{
    wlk_geodetic place = {39.9 * WLK_DEG, 132 * WLK_DEG, 300e3};
    wlk_ecef at = wlk_ecef_from_geodetic(place);
    struct wlk_state state = {.epoch = EPOCH,
                              .phase = WLK_PHASE_COAST,
                              .position_m = {at.x, at.y, at.z},
                              .log_inverse_beta = log(1.0 / 4000)};
    wlk_ecef_from_enu(place, (wlk_enu){3900, 900, 1500}, state.velocity_mps);
    return state;
}

/* A covariance as a radar leaves it: good in one direction, poor across; and its root. */
static void make_covariance(struct wlk_random *random, double L[6][6], struct wlk_state *state)
{
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            double unit = i < 3 ? 300 : 5;
            L[i][j] = j > i ? 0
                            : unit * (i == j ? 0.3 + wlk_random_uniform(random)
                                             : 0.6 * wlk_random_normal(random));
        }
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            state->covariance[i][j] = 0;
            for (int k = 0; k < 6; k++)
                state->covariance[i][j] += L[i][k] * L[j][k];
        }
}

static void add_error(struct wlk_random *random, double L[6][6], struct wlk_state *state)
{
    double e[6];
    for (int k = 0; k < 6; k++)
        e[k] = wlk_random_normal(random);
    for (int i = 0; i < 6; i++)
        for (int k = 0; k <= i; k++)
            *(i < 3 ? &state->position_m[i] : &state->velocity_mps[i - 3]) += L[i][k] * e[k];
}

/* NEES of an estimate against a truth, by the distance with a truth of no uncertainty. */
static double nees(const struct wlk_state *estimate, const struct wlk_state *truth)
{
    struct wlk_state exact = *truth;
    double out = (double)NAN;
    memset(exact.covariance, 0, sizeof exact.covariance);
    for (int i = 0; i < 6; i++)
        exact.covariance[i][i] = 1e-9;
    exact.epoch = estimate->epoch;
    return wlk_combine_distance(estimate, &exact, &out) == WLK_OK ? out : (double)NAN;
}

/* A filter that starts from one estimate and takes the other as a measurement of all six. */
static void central(const struct wlk_state *a, const struct wlk_state *b, double x[6],
                    double P[6][6])
{
    double S[6][12], K[6][6] = {{0}};
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            S[i][j] = a->covariance[i][j] + b->covariance[i][j];
            S[i][j + 6] = i == j;
        }
    for (int p = 0; p < 6; p++) /* Gauss-Jordan */
        for (int i = 0; i < 6; i++) {
            double by = i == p ? 1 - 1 / S[p][p] : S[i][p] / S[p][p];
            for (int j = 0; j < 12; j++)
                S[i][j] -= by * S[p][j];
        }
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            for (int k = 0; k < 6; k++)
                K[i][j] += a->covariance[i][k] * S[k][j + 6];
    for (int i = 0; i < 6; i++) {
        x[i] = i < 3 ? a->position_m[i] : a->velocity_mps[i - 3];
        for (int j = 0; j < 6; j++) {
            double apart = j < 3 ? b->position_m[j] - a->position_m[j]
                                 : b->velocity_mps[j - 3] - a->velocity_mps[j - 3];
            x[i] += K[i][j] * apart;
            P[i][j] = a->covariance[i][j];
            for (int k = 0; k < 6; k++)
                P[i][j] -= K[i][k] * a->covariance[k][j];
        }
    }
}

static void equals_central(void)
{
    struct wlk_random random = wlk_random_seeded(1, 1);
    double worst_state = 0, worst_sigma = 0;
    for (int run = 0; run < 100; run++) {
        struct wlk_state a = flying(), b = flying();
        double L[6][6], x[6], P[6][6];
        struct wlk_combination made;
        make_covariance(&random, L, &a);
        add_error(&random, L, &a);
        make_covariance(&random, L, &b);
        add_error(&random, L, &b);
        const struct wlk_state *both[] = {&a, &b};
        if (wlk_combine(both, 2, &made) != WLK_OK || made.disagrees)
            continue;
        central(&a, &b, x, P);
        for (int i = 0; i < 6; i++) {
            double got = i < 3 ? made.state.position_m[i] : made.state.velocity_mps[i - 3];
            worst_state = fmax(worst_state, fabs(got - x[i]) / sqrt(P[i][i]));
            worst_sigma =
                fmax(worst_sigma, fabs(made.state.covariance[i][i] - P[i][i]) / P[i][i]);
        }
    }
    wlk_check_near(worst_state, 0, 1e-6, "a sum of information is the state of one filter");
    wlk_check_near(worst_sigma, 0, 1e-6, "and has its covariance");
}

/* Two nations measured the same flight at different times; carried to a third and summed. */
static void holds_truth(void)
{
    struct wlk_random random = wlk_random_seeded(2, 1);
    double sum = 0, before = 0;
    int runs = 600, made_count = 0, agreed = 0;
    for (int run = 0; run < runs; run++) {
        struct wlk_state truth = flying(), one, other, later, a, b;
        double L[6][6], x[6];
        struct wlk_combination made;
        memcpy(x, truth.position_m, sizeof truth.position_m);
        memcpy(x + 3, truth.velocity_mps, sizeof truth.velocity_mps);
        one = other = later = truth;
        if (wlk_propagate(x, 1.0 / 4000, 40, x, NULL) != WLK_OK)
            break;
        memcpy(other.position_m, x, sizeof other.position_m);
        memcpy(other.velocity_mps, x + 3, sizeof other.velocity_mps);
        other.epoch = wlk_utc_add(EPOCH, 40);
        if (wlk_propagate(x, 1.0 / 4000, 60, x, NULL) != WLK_OK)
            break;
        memcpy(later.position_m, x, sizeof later.position_m);
        memcpy(later.velocity_mps, x + 3, sizeof later.velocity_mps);
        make_covariance(&random, L, &one);
        add_error(&random, L, &one);
        make_covariance(&random, L, &other);
        add_error(&random, L, &other);
        const struct wlk_state *both[] = {&a, &b};
        if (wlk_state_carry(&one, wlk_utc_add(EPOCH, 100), 0, &a) != WLK_OK ||
            wlk_state_carry(&other, wlk_utc_add(EPOCH, 100), 0, &b) != WLK_OK ||
            wlk_combine(both, 2, &made) != WLK_OK)
            continue;
        made_count++;
        agreed += !made.disagrees;
        before += nees(&a, &later);
        sum += nees(&made.state, &later);
    }
    /* mean of 600 chi-square-6 values: 6 +- 0.141 one sigma; five of them */
    wlk_check(made_count == runs, "every pair of coasting estimates can be joined");
    wlk_check_near(before / runs, 6, 0.75, "a carried estimate is as sure as it says");
    wlk_check_near(sum / runs, 6, 0.75, "and so is the joined one (NEES %.2f)", sum / runs);
    wlk_check(agreed >= runs - 6,
              "honest estimates disagree about once in a thousand (%d of %d)", runs - agreed,
              runs);
}

/* Boost: two estimates with a common error must not make the sum sure of it. */
static void never_over_sure(void)
{
    struct wlk_random random = wlk_random_seeded(3, 1);
    double sum = 0, summed_as_coast = 0;
    int runs = 400, made_count = 0;
    for (int run = 0; run < runs; run++) {
        struct wlk_state truth = flying(), a, b;
        double common[6][6], own[6][6];
        struct wlk_combination made;
        struct wlk_state shared = truth;
        make_covariance(&random, common, &shared);
        add_error(&random, common, &shared);
        a = b = shared;
        make_covariance(&random, own, &a);
        add_error(&random, own, &a);
        make_covariance(&random, own, &b);
        add_error(&random, own, &b);
        for (int i = 0; i < 6; i++)
            for (int j = 0; j < 6; j++) {
                a.covariance[i][j] += shared.covariance[i][j];
                b.covariance[i][j] += shared.covariance[i][j];
            }
        const struct wlk_state *both[] = {&a, &b};
        if (wlk_combine(both, 2, &made) == WLK_OK)
            summed_as_coast += nees(&made.state, &truth);
        a.phase = b.phase = WLK_PHASE_BOOST;
        for (int i = 6; i < 9; i++)
            a.covariance[i][i] = b.covariance[i][i] = 100;
        if (wlk_combine(both, 2, &made) != WLK_OK)
            continue;
        made_count++;
        sum += nees(&made.state, &truth);
    }
    wlk_check(made_count == runs, "every pair of boost estimates can be joined");
    wlk_check(summed_as_coast / runs > 6.9, "plain summing would be over-sure here (NEES %.2f)",
              summed_as_coast / runs);
    wlk_check(sum / runs < 6.75 && sum / runs > 3,
              "inverse covariance intersection is not (NEES %.2f)", sum / runs);
}

/* An estimate that is poorer in every direction adds nothing in boost: all of it may be common.
 */
static void poorer_adds_nothing(void)
{
    struct wlk_random random = wlk_random_seeded(8, 1);
    struct wlk_state a = flying(), b;
    double L[6][6];
    struct wlk_combination made;
    make_covariance(&random, L, &a);
    for (int i = 6; i < 9; i++)
        a.covariance[i][i] = 100;
    a.phase = WLK_PHASE_BOOST;
    b = a;
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 9; j++)
            b.covariance[i][j] *= 100;
    add_error(&random, L, &b);
    const struct wlk_state *both[] = {&a, &b};
    bool is_made = wlk_combine(both, 2, &made) == WLK_OK && !made.disagrees;
    double moved = is_made ? fabs(made.state.position_m[0] - a.position_m[0]) : HUGE_VAL;
    wlk_check(moved < 1e-3 * sqrt(a.covariance[0][0]),
              "a boost estimate that is poorer throughout moves nothing (%.3g m)", moved);
}

static void bad_inputs(void)
{
    struct wlk_random random = wlk_random_seeded(4, 1);
    struct wlk_state a = flying(), b, c;
    double L[6][6];
    struct wlk_combination made, before;
    make_covariance(&random, L, &a);
    b = c = a;
    const struct wlk_state *three[] = {&a, &b, &c};
    c.position_m[0] += 50e3;
    wlk_check(wlk_combine(three, 3, &made) == WLK_OK && made.disagrees && made.is_used[0] &&
                  made.is_used[1] && !made.is_used[2],
              "one that is 50 km off is left out and marked");
    wlk_check_near(made.state.position_m[0], a.position_m[0], 1e-3, "and moves nothing");
    a.position_m[0] += 50e3;
    b = flying();
    make_covariance(&random, L, &b);
    wlk_check(wlk_combine(three, 3, &made) == WLK_OK && made.disagrees && made.is_used[0] &&
                  made.is_used[2] && !made.is_used[1],
              "the majority wins, whoever comes first");
    b.velocity_mps[1] = (double)NAN;
    c.covariance[0][1] = c.covariance[1][0] = 0.99 * c.covariance[0][0];
    c.covariance[1][1] = c.covariance[0][0] * 0.5; /* not positive definite */
    wlk_check(wlk_combine(three, 3, &made) == WLK_OK && made.bad_count == 2 && !made.disagrees,
              "NaN and a covariance that is none are counted and left out");
    memset(&made, 0x5a, sizeof made);
    before = made;
    wlk_check(wlk_combine(three + 1, 2, &made) == WLK_BAD_INPUT &&
                  memcmp(&made, &before, sizeof made) == 0,
              "nothing usable is a status, and the output untouched");
    b = a;
    b.epoch.ns++;
    wlk_check(wlk_combine(three, 2, &made) == WLK_BAD_INPUT, "two epochs are refused");
    wlk_check(wlk_combine(three, 0, &made) == WLK_BAD_INPUT, "no input is refused");
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            a.covariance[i][j] = i == j ? (i < 3 ? 1e20 : 1e-8) : 0;
    wlk_check(wlk_combine(three, 1, &made) == WLK_OK, "a lopsided covariance is no trouble");
}

static void carried_boost(void)
{
    struct wlk_state a = flying(), b;
    a.phase = WLK_PHASE_BOOST;
    for (int i = 0; i < 9; i++)
        a.covariance[i][i] = i < 3 ? 1e4 : i < 6 ? 25 : 100;
    a.thrust_mps2[0] = 30;
    wlk_check(wlk_combine_carry_boost(&a, wlk_utc_add(a.epoch, 3), &b) == WLK_OK &&
                  b.covariance[0][0] > 1.2 * a.covariance[0][0],
              "a boosting state is less sure three seconds on");
    wlk_check(wlk_combine_carry_boost(&b, a.epoch, &b) == WLK_OK, "and comes back");
    wlk_check_near(b.position_m[0], a.position_m[0], 40, "to where it was");
    wlk_check_near(b.velocity_mps[0], a.velocity_mps[0], 2, "as fast as it was");
    wlk_check(wlk_combine_carry_boost(&a, wlk_utc_add(a.epoch, 6), &b) == WLK_NO_SOLUTION,
              "nobody knows thrust six seconds on");
}

int main(void)
{
    equals_central();
    holds_truth();
    never_over_sure();
    poorer_adds_nothing();
    bad_inputs();
    carried_boost();
    return wlk_tap_done();
}
