/* state_test.c -- a state, its rules, and where it is later.
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/state.h"

#include "base/random.h"
#include "base/tap.h"

#include <math.h>
#include <string.h>

static struct wlk_state coasting(void)
{
    struct wlk_state state = {.epoch = {1500000000000000000},
                              .phase = WLK_PHASE_COAST,
                              .position_m = {-3100e3, 4200e3, 4300e3},
                              .velocity_mps = {-2800, -1500, 2500}};
    for (int i = 0; i < 3; i++) {
        state.covariance[i][i] = 200 * 200;
        state.covariance[i + 3][i + 3] = 5 * 5;
    }
    state.covariance[0][3] = state.covariance[3][0] = 300;
    return state;
}

static void check_valid(void)
{
    struct wlk_state state = coasting();
    wlk_check(wlk_state_is_valid(&state), "a state is valid");
    state.covariance[2][1] = 5;
    wlk_check(!wlk_state_is_valid(&state), "not if it is lopsided");
    state = coasting();
    state.covariance[4][4] = 0;
    wlk_check(!wlk_state_is_valid(&state), "nor without a variance");
    state = coasting();
    state.covariance[0][1] = state.covariance[1][0] = 200 * 201;
    wlk_check(!wlk_state_is_valid(&state), "nor with a correlation over one");
    state = coasting();
    state.velocity_mps[1] = HUGE_VAL;
    wlk_check(!wlk_state_is_valid(&state), "nor where it is not finite");
    state = coasting();
    state.phase = WLK_PHASE_BOOST;
    wlk_check(wlk_state_size(&state) == 9 && !wlk_state_is_valid(&state),
              "in boost thrust needs its rows");
    state.phase = WLK_PHASE_REENTRY;
    wlk_check(wlk_state_size(&state) == 7 && !wlk_state_is_valid(&state),
              "in reentry beta needs its row");
}

static void check_carry(void)
{
    struct wlk_state from = coasting(), there, back, untouched;
    wlk_utc later = wlk_utc_add(from.epoch, 200);
    wlk_check(wlk_state_carry(&from, later, 0, &there) == WLK_OK && there.epoch.ns == later.ns,
              "a free body is carried");
    wlk_check(wlk_state_carry(&there, from.epoch, 0, &back) == WLK_OK, "and back");
    double worst = 0, worst_sigma = 0;
    for (int i = 0; i < 6; i++) {
        worst = fmax(worst, i < 3 ? fabs(back.position_m[i] - from.position_m[i])
                                  : fabs(back.velocity_mps[i - 3] - from.velocity_mps[i - 3]));
        worst_sigma =
            fmax(worst_sigma, fabs(back.covariance[i][i] / from.covariance[i][i] - 1));
    }
    wlk_check(worst < 0.01, "to where it was (%.1g m)", worst);
    wlk_check(worst_sigma < 1e-5, "as sure as it was (%.1g)", worst_sigma);
    wlk_check(there.covariance[0][0] > from.covariance[0][0], "less sure in between");
    wlk_check(wlk_state_carry(&from, later, 1e-2, &back) == WLK_OK &&
                  back.covariance[0][0] > there.covariance[0][0] + 1e-2 * 8e6 / 3 * 0.99,
              "noise adds to that");
    memset(&untouched, 0x55, sizeof untouched);
    back = untouched;
    from.phase = WLK_PHASE_BOOST;
    wlk_check(wlk_state_carry(&from, later, 0, &back) == WLK_NOT_YET,
              "while it thrusts it is not carried");
    from.phase = WLK_PHASE_COAST;
    wlk_check(wlk_state_carry(&from, wlk_utc_add(from.epoch, 7201), 0, &back) ==
                  WLK_NO_SOLUTION,
              "nor for over two hours");
    wlk_check(memcmp(&back, &untouched, sizeof back) == 0, "a refusal touches nothing");
}

/* Errors drawn from the covariance and carried one by one spread as the carried covariance. */
static void check_spread(void)
{
    enum { RUNS = 400 };
    struct wlk_state from = coasting(), middle;
    struct wlk_random random = wlk_random_seeded(4, 1);
    wlk_utc later = wlk_utc_add(from.epoch, 150);
    from.covariance[0][3] = from.covariance[3][0] = 0;
    if (wlk_state_carry(&from, later, 0, &middle) != WLK_OK)
        return;
    double sum[6] = {0};
    for (int run = 0; run < RUNS; run++) {
        struct wlk_state moved = from, there;
        for (int i = 0; i < 3; i++) {
            moved.position_m[i] += 200 * wlk_random_normal(&random);
            moved.velocity_mps[i] += 5 * wlk_random_normal(&random);
        }
        if (wlk_state_carry(&moved, later, 0, &there) != WLK_OK)
            continue;
        for (int i = 0; i < 3; i++) {
            sum[i] += pow(there.position_m[i] - middle.position_m[i], 2) / RUNS;
            sum[i + 3] += pow(there.velocity_mps[i] - middle.velocity_mps[i], 2) / RUNS;
        }
    }
    double worst = 0;
    for (int i = 0; i < 6; i++)
        worst = fmax(worst, fabs(sum[i] / middle.covariance[i][i] - 1));
    wlk_check(worst < 6 * sqrt(2.0 / RUNS), "errors spread as the covariance says (%.2f)",
              worst);
}

/* A clock that is wrong moves the state along its own path: the blur is that of a state carried
 * by the error, position and velocity together. */
static void check_blur(void)
{
    struct wlk_state state = coasting(), blurred = state, later;
    const double error_s = 0.01;
    double worst = 0;
    wlk_state_blur(&blurred, error_s);
    wlk_utc to = wlk_utc_add(state.epoch, error_s);
    if (!wlk_check(wlk_state_carry(&state, to, 0, &later) == WLK_OK, "carried by the error"))
        return;
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            double moved_i = i < 3 ? later.position_m[i] - state.position_m[i]
                                   : later.velocity_mps[i - 3] - state.velocity_mps[i - 3];
            double moved_j = j < 3 ? later.position_m[j] - state.position_m[j]
                                   : later.velocity_mps[j - 3] - state.velocity_mps[j - 3];
            double grown = blurred.covariance[i][j] - state.covariance[i][j];
            double unit = (i < 3 ? 70 : 0.1) * (j < 3 ? 70 : 0.1); /* 7 km/s, 10 m/s^2 */
            worst = fmax(worst, fabs(grown - moved_i * moved_j) / unit);
        }
    wlk_check(worst < 0.02, "a clock's error blurs along the path (%.2g)", worst);
}

int main(void)
{
    check_valid();
    check_carry();
    check_spread();
    check_blur();
    return wlk_tap_done();
}
