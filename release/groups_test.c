/* groups_test.c -- what goes out in coarse is never surer than what went in, and shows no axis.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/groups.h"

#include "base/random.h"
#include "base/tap.h"
#include "earth/frames.h"
#include "record/codec.h"
#include "release/enlarge.h"

#include <math.h>
#include <string.h>

static const wlk_utc NOW = {INT64_C(1795392000123456789)};

/* Square root of a positive definite matrix (Cholesky, rows of n); false: it is not. */
static bool factor(const double *a, int n, double *l)
{
    memset(l, 0, sizeof(double) * (size_t)(n * n));
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            double sum = a[i * n + j];
            for (int k = 0; k < j; k++)
                sum -= l[i * n + k] * l[j * n + k];
            if (i == j && !(sum > 0))
                return false;
            l[i * n + j] = i == j ? sqrt(sum) : sum / l[j * n + j];
        }
    return true;
}

/* Error' covariance^-1 error, n x n. */
static double distance2(const double *covariance, const double *error, int n)
{
    double l[36], y[6], sum = 0;
    if (!factor(covariance, n, l))
        return NAN;
    for (int i = 0; i < n; i++) {
        y[i] = error[i];
        for (int k = 0; k < i; k++)
            y[i] -= l[i * n + k] * y[k];
        y[i] /= l[i * n + i];
        sum += y[i] * y[i];
    }
    return sum;
}

static void six_of(const struct wlk_state *state, double c[36])
{
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            c[i * 6 + j] = state->covariance[i][j];
}

/* A track like one of a radar: strongly correlated, somewhere above Japan and its seas. */
static void random_track(struct wlk_random *random, enum wlk_phase phase, struct wlk_track *out)
{
    wlk_geodetic place = {(30 + 15 * wlk_random_uniform(random)) * WLK_DEG,
                          (120 + 30 * wlk_random_uniform(random)) * WLK_DEG,
                          2e5 + 5e5 * wlk_random_uniform(random)};
    wlk_ecef point = wlk_ecef_from_geodetic(place);
    double mix[6][6], scale = pow(10, 2 * wlk_random_uniform(random));
    memset(out, 0, sizeof *out);
    out->object = 1;
    out->condition = WLK_CONDITION_MEASURED;
    out->last_measurement.ns = NOW.ns - 300000000;
    out->state.epoch = out->last_measurement;
    out->state.phase = phase;
    out->state.log_inverse_beta = -8.3;
    out->state.position_m[0] = point.x;
    out->state.position_m[1] = point.y;
    out->state.position_m[2] = point.z;
    for (int i = 0; i < 3; i++)
        out->state.velocity_mps[i] = 3000 * wlk_random_normal(random);
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            mix[i][j] = wlk_random_normal(random) * (i < 3 ? 30 : 1) * scale;
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            for (int k = 0; k < 6; k++)
                out->state.covariance[i][j] += mix[i][k] * mix[j][k];
    for (int i = 0; i < wlk_state_size(&out->state); i++)
        out->state.covariance[i][i] += i < 6 ? 1 : 100;
}

/* Coarse covariance less the fine one (with the clock's share and the rounding) must be
 * positive semi-definite: no direction in which coarse is surer. */
static bool is_wider(const struct wlk_state *coarse, const struct wlk_state *fine,
                     double clock_error_s)
{
    double difference[36], l[36];
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            double q = i < 3 ? WLK_COARSE_POSITION_MM * 1e-3 : WLK_COARSE_VELOCITY_MMPS * 1e-3;
            double share = i < 3 && j < 3 ? fine->velocity_mps[i] * fine->velocity_mps[j] *
                                                clock_error_s * clock_error_s
                                          : 0;
            difference[i * 6 + j] = coarse->covariance[i][j] - fine->covariance[i][j] - share -
                                    (i == j ? q * q / 12 : 0);
        }
    /* a thousandth of the rounding variance as slack for the arithmetic */
    for (int i = 0; i < 6; i++)
        difference[i * 6 + i] += i < 3 ? 0.1 : 1e-4;
    return factor(difference, 6, l);
}

/* The volume of a covariance that was only turned is the product of its variances: axes that
 * are not at right angles would change it. */
static bool is_only_turned(const struct wlk_track_content *content,
                           const struct wlk_state *state)
{
    double c[36], l[36], volume = 1;
    six_of(state, c);
    if (!factor(c, 6, l))
        return false;
    for (int i = 0; i < 6; i++)
        volume *= l[i * 6 + i] / ldexp(1e-3, content->sigma_log2[i]);
    return fabs(volume - 1) < 1e-6;
}

static void test_wider(void)
{
    struct wlk_random random = wlk_random_seeded(21, 1);
    unsigned narrow = 0, failed = 0, axes = 0, bent = 0;
    for (int n = 0; n < 2000; n++) {
        struct wlk_track track;
        struct wlk_coarse memory = {0};
        struct wlk_track_content content;
        struct wlk_state coarse, fine;
        double clock_error_s = n % 3 ? 0.001 * (n % 100) : 0;
        enum wlk_phase phase = n % 2 ? WLK_PHASE_BOOST : WLK_PHASE_COAST;
        random_track(&random, phase, &track);
        fine = track.state;
        wlk_utc whole = {NOW.ns / 1000000000 * 1000000000};
        if (phase == WLK_PHASE_COAST &&
            wlk_state_carry(&track.state, whole, 0, &fine) != WLK_OK)
            failed++;
        if (wlk_groups_track_coarse(&track, clock_error_s, NOW, &memory, &content) != WLK_OK ||
            wlk_groups_track_state(&content, &coarse) != WLK_OK) {
            failed++;
            continue;
        }
        narrow += !is_wider(&coarse, &fine, clock_error_s);
        bent += !is_only_turned(&content, &coarse);
        for (int i = 0; i < 3; i++)
            axes += content.position_mm[i] % WLK_COARSE_POSITION_MM != 0 ||
                    content.velocity_mmps[i] % WLK_COARSE_VELOCITY_MMPS != 0;
    }
    wlk_check(failed == 0, "2,000 tracks have a coarse form");
    wlk_check(narrow == 0, "coarse is in no direction surer than the estimate (%u are)",
              narrow);
    wlk_check(axes == 0, "coarse numbers stand on their grid");
    wlk_check(bent == 0, "and their axes stand at right angles (%u do not)", bent);
}

/* Errors drawn from the fine covariance: normalised by coarse they are smaller than by fine,
 * and coarse is not absurdly wide. */
static void test_consistent(void)
{
    struct wlk_random random = wlk_random_seeded(22, 1);
    double fine_sum = 0, coarse_sum = 0;
    int count = 0, larger = 0;
    for (int n = 0; n < 2000; n++) {
        struct wlk_track truth, track;
        struct wlk_coarse memory = {0};
        struct wlk_track_content content, exact;
        struct wlk_state coarse, fine;
        double l[36], c[36], draw[6], error[6];
        random_track(&random, WLK_PHASE_BOOST, &truth);
        track = truth;
        six_of(&truth.state, c);
        if (!factor(c, 6, l))
            continue;
        for (int i = 0; i < 6; i++)
            draw[i] = wlk_random_normal(&random);
        for (int i = 0; i < 6; i++)
            for (int k = 0; k <= i; k++)
                *(i < 3 ? &track.state.position_m[i] : &track.state.velocity_mps[i - 3]) +=
                    l[i * 6 + k] * draw[k];
        if (wlk_groups_track_coarse(&track, 0, NOW, &memory, &content) != WLK_OK ||
            wlk_groups_track_state(&content, &coarse) != WLK_OK ||
            wlk_groups_track_fine(&track, 0, &exact) != WLK_OK ||
            wlk_groups_track_state(&exact, &fine) != WLK_OK)
            continue;
        for (int i = 0; i < 6; i++)
            error[i] = i < 3 ? fine.position_m[i] - truth.state.position_m[i]
                             : fine.velocity_mps[i - 3] - truth.state.velocity_mps[i - 3];
        six_of(&fine, c);
        double by_fine = distance2(c, error, 6);
        for (int i = 0; i < 6; i++)
            error[i] = i < 3 ? coarse.position_m[i] - truth.state.position_m[i]
                             : coarse.velocity_mps[i - 3] - truth.state.velocity_mps[i - 3];
        six_of(&coarse, c);
        double by_coarse = distance2(c, error, 6);
        fine_sum += by_fine;
        coarse_sum += by_coarse;
        larger += by_coarse > 30;
        count++;
    }
    wlk_note("mean normalised squared error: fine %.2f, coarse %.2f of 6", fine_sum / count,
             coarse_sum / count);
    /* 2,000 draws of chi-squared(6): standard error of the mean 0.077; 6 sigma */
    wlk_check(count == 2000 && fabs(fine_sum / count - 6) < 0.5,
              "fine errors are as large as fine says");
    wlk_check(coarse_sum < fine_sum && coarse_sum / count > 0.2 && larger == 0,
              "coarse errors are smaller than coarse says, and not by a hundred times");
}

static void test_exact(void)
{
    struct wlk_random random = wlk_random_seeded(23, 1);
    struct wlk_track track;
    struct wlk_track_content content;
    struct wlk_state state;
    double worst_m = 0, worst = 0;
    for (int n = 0; n < 200; n++) {
        random_track(&random, n % 2 ? WLK_PHASE_COAST : WLK_PHASE_REENTRY, &track);
        if (wlk_groups_track_fine(&track, 0, &content) != WLK_OK ||
            wlk_groups_track_state(&content, &state) != WLK_OK)
            worst = INFINITY;
        for (int i = 0; i < 3; i++)
            worst_m = fmax(worst_m, fabs(state.position_m[i] - track.state.position_m[i]));
        for (int i = 0; i < 6; i++)
            worst =
                fmax(worst, fabs(state.covariance[i][i] / track.state.covariance[i][i] - 1));
    }
    wlk_check(worst_m <= 0.00051 && worst < 1e-4,
              "fine comes back to half a millimetre (%.5f m, "
              "%.1e)",
              worst_m, worst);
    wlk_check(state.phase == WLK_PHASE_COAST && wlk_state_is_valid(&state) &&
                  content.has_last_measurement,
              "with its phase and its last measurement");
    wlk_check(wlk_groups_track_fine(&track, 0.01, &content) == WLK_OK,
              "a clock error is taken");
    struct wlk_state wide;
    if (wlk_groups_track_state(&content, &wide) != WLK_OK)
        wide = state;
    double speed2 = 0, grown = 0;
    for (int i = 0; i < 3; i++) {
        speed2 += track.state.velocity_mps[i] * track.state.velocity_mps[i];
        grown += wide.covariance[i][i] - state.covariance[i][i];
    }
    wlk_check_near(grown, speed2 * 1e-4, speed2 * 1e-4 * 1e-3,
                   "own-only covariance includes (speed x clock error)^2");
    random_track(&random, WLK_PHASE_BOOST, &track);
    track.state.position_m[0] = INFINITY;
    wlk_check(wlk_groups_track_fine(&track, 0, &content) == WLK_NO_SOLUTION,
              "a state that is not finite is refused");
}

static void test_boost(void)
{
    struct wlk_random random = wlk_random_seeded(24, 1);
    struct wlk_track track;
    struct wlk_coarse memory = {0};
    struct wlk_track_content content;
    struct wlk_state state;
    random_track(&random, WLK_PHASE_BOOST, &track);
    wlk_check(wlk_groups_track_coarse(&track, 0, NOW, &memory, &content) == WLK_OK &&
                  wlk_groups_track_state(&content, &state) == WLK_OK &&
                  state.phase == WLK_PHASE_BOOST && state.epoch.ns == track.state.epoch.ns &&
                  state.covariance[6][6] == 1e4 && state.covariance[6][0] == 0,
              "a boosting track keeps its epoch, and its thrust is told unknown");
    random_track(&random, WLK_PHASE_COAST, &track);
    wlk_check(wlk_groups_track_coarse(&track, 0, NOW, &memory, &content) == WLK_OK &&
                  content.epoch_ns % 1000000000 == 0 && NOW.ns - content.epoch_ns < 1000000000,
              "a coasting track is told for the whole second");
    struct wlk_track vertical = track;
    for (int i = 0; i < 3; i++)
        vertical.state.velocity_mps[i] = vertical.state.position_m[i] * 1e-4;
    wlk_check(wlk_groups_track_coarse(&vertical, 0, NOW, &memory, &content) == WLK_OK &&
                  wlk_groups_track_state(&content, &state) == WLK_OK,
              "a vertical path has axes too");
}

/* Above the equator, flying north: along is z, across is y, up is x. */
static void test_axes(void)
{
    struct wlk_track track = {.condition = WLK_CONDITION_MEASURED, .last_measurement = NOW};
    const double sigma_m[3] = {10, 300, 5000}, sigma_mps[3] = {3, 40, 500};
    struct wlk_coarse memory = {0};
    struct wlk_track_content content;
    struct wlk_state state;
    bool is_diagonal = true, is_near = true;
    track.state.epoch = NOW;
    track.state.phase = WLK_PHASE_BOOST;
    track.state.position_m[0] = 6.8e6;
    track.state.velocity_mps[2] = 3000;
    for (int i = 0; i < 3; i++) {
        track.state.covariance[i][i] = sigma_m[i] * sigma_m[i];
        track.state.covariance[3 + i][3 + i] = sigma_mps[i] * sigma_mps[i];
        track.state.covariance[6 + i][6 + i] = 1;
    }
    wlk_check(wlk_groups_track_coarse(&track, 0, NOW, &memory, &content) == WLK_OK &&
                  wlk_groups_track_state(&content, &state) == WLK_OK,
              "a track north over the equator has a coarse form");
    const uint8_t expected[6] = {23, 19, 15, 19, 16, 12}; /* mm and mm/s, rounded up */
    wlk_check(memcmp(content.sigma_log2, expected, sizeof expected) == 0,
              "sigmas stand along, across, up");
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            double scale = sqrt(state.covariance[i][i] * state.covariance[j][j]);
            double ratio = state.covariance[i][i] / track.state.covariance[i][i];
            is_diagonal =
                is_diagonal && (i == j || fabs(state.covariance[i][j]) < 1e-9 * scale);
            is_near = is_near && ratio >= 1 && ratio < 12;
        }
    wlk_check(is_diagonal && is_near, "and come back to the axes they were taken from");
}

static void test_steps(void)
{
    uint8_t k = 0, before = 0;
    unsigned changes = 0;
    struct wlk_random random = wlk_random_seeded(25, 1);
    wlk_check(wlk_enlarge_log2(4096.0 * 4096.0, false, 0, &k) && k == 12 &&
                  wlk_enlarge_log2(4097.0 * 4097.0, false, 0, &k) && k == 13,
              "a sigma is rounded up to a power of two");
    wlk_check(wlk_enlarge_log2(4000.0 * 4000.0, true, 13, &k) && k == 13,
              "just below the step it stays");
    wlk_check(wlk_enlarge_log2(3000.0 * 3000.0, true, 13, &k) && k == 12,
              "clear of it, it falls");
    wlk_check(!wlk_enlarge_log2(ldexp(1, 126), false, 0, &k) &&
                  !wlk_enlarge_log2(NAN, false, 0, &k),
              "what does not fit is refused");
    for (int i = 0; i < 1000; i++) {
        double sigma = 4096 * (0.9 + 0.2 * wlk_random_uniform(&random));
        if (!wlk_enlarge_log2(sigma * sigma, i > 0, before, &k) || ldexp(1, k) < sigma)
            changes += 1000;
        changes += i > 0 && k != before;
        before = k;
    }
    wlk_check(changes <= 1, "a sigma that wavers by a tenth does not flicker");
}

static struct wlk_launch random_launch(struct wlk_random *random)
{
    struct wlk_launch launch = {.status = WLK_LAUNCH_CONFIRMED,
                                .has_azimuth = true,
                                .object_count_min = 1,
                                .object_count_max = 2};
    double mix[3][3];
    launch.point.place.latitude_rad = (wlk_random_uniform(random) * 170 - 85) * WLK_DEG;
    launch.point.place.longitude_rad = (wlk_random_uniform(random) * 360 - 180) * WLK_DEG;
    launch.point.time = NOW;
    launch.azimuth_rad = wlk_random_uniform(random) * 2 * WLK_PI;
    launch.azimuth_sigma_rad = 0.02;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            mix[i][j] = wlk_random_normal(random) * (i < 2 ? 3000 : 2);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 3; k++)
                launch.point.covariance[i][j] += mix[i][k] * mix[j][k];
    for (int i = 0; i < 3; i++)
        launch.point.covariance[i][i] += 1;
    return launch;
}

static void test_launch(void)
{
    struct wlk_random random = wlk_random_seeded(26, 1);
    unsigned failed = 0, far = 0, narrow = 0, correlated = 0, odd = 0;
    for (int n = 0; n < 2000; n++) {
        struct wlk_launch launch = random_launch(&random), back;
        struct wlk_launch_content content;
        struct wlk_coarse memory = {0};
        double difference[9], l[9];
        if (wlk_groups_launch_coarse(&launch, 0.01, &memory, &content) != WLK_OK ||
            wlk_groups_launch_estimate(&content, &back) != WLK_OK) {
            failed++;
            continue;
        }
        double north_m =
            (back.point.place.latitude_rad - launch.point.place.latitude_rad) * 6371e3;
        double turn = remainder(
            back.point.place.longitude_rad - launch.point.place.longitude_rad, 2 * WLK_PI);
        double east_m = turn * 6371e3 * cos(back.point.place.latitude_rad);
        far += fabs(north_m) > 501 || fabs(east_m) > 501;
        for (int i = 0; i < 9; i++)
            difference[i] =
                back.point.covariance[i / 3][i % 3] - launch.point.covariance[i / 3][i % 3];
        difference[0] -= 1e6 / 12 - 1e-3;
        difference[4] -= 1e6 / 12 - 1e-3;
        difference[8] -= 1.0 / 12 + 1e-4 - 1e-9;
        narrow += !factor(difference, 3, l);
        correlated += back.point.covariance[1][0] != 0 || back.point.covariance[2][0] != 0 ||
                      back.point.covariance[2][1] != 0;
        odd += content.azimuth_e7 % 1000000 != 0 || content.point.time_ns % 1000000000 != 0;
    }
    wlk_check(failed == 0 && far == 0,
              "coarse launch points lie within half a grid step (%u "
              "failed, %u far)",
              failed, far);
    wlk_check(narrow == 0, "and are in no direction surer than the estimate (%u are)", narrow);
    wlk_check(correlated == 0 && odd == 0, "without correlations, and on their grids");
    struct wlk_launch launch = random_launch(&random), back;
    struct wlk_launch_content fine, again;
    wlk_check(wlk_groups_launch_fine(&launch, 0, &fine) == WLK_OK &&
                  wlk_groups_launch_estimate(&fine, &back) == WLK_OK &&
                  fabs(back.azimuth_rad - launch.azimuth_rad) < 1e-8,
              "a fine launch comes back");
    again = fine;
    wlk_check(!wlk_groups_launch_changed(&fine, &again), "the same launch has not changed");
    again.point.time_ns += (int64_t)again.point.quantum_ns;
    wlk_check(!wlk_groups_launch_changed(&fine, &again), "nor one that moved by its grid");
    again.point.time_ns += 1;
    wlk_check(wlk_groups_launch_changed(&fine, &again), "one that moved by more has");
    again = fine;
    again.status = WLK_LAUNCH_REVISED;
    wlk_check(wlk_groups_launch_changed(&fine, &again), "and one of another status");
    again = fine;
    again.azimuth_e7 += 1000001;
    wlk_check(wlk_groups_launch_changed(&fine, &again), "and one of another azimuth");
}

static void test_impact(void)
{
    struct wlk_random random = wlk_random_seeded(27, 1);
    struct wlk_impact impact = {.point = random_launch(&random).point,
                                .computed_at = NOW,
                                .last_measurement = {NOW.ns - 2500000000},
                                .condition = WLK_CONDITION_COASTED,
                                .apogee_m = 551234.5,
                                .track_s = 61.2};
    struct wlk_impact back;
    struct wlk_impact_content fine, coarse;
    wlk_check(wlk_groups_impact(&impact, WLK_FINE_PLACE_MM, WLK_FINE_TIME_NS, &fine) ==
                      WLK_OK &&
                  wlk_groups_impact_estimate(&fine, &back) == WLK_OK &&
                  fabs(wlk_utc_seconds(back.computed_at, back.last_measurement) - 2.5) < 0.01,
              "a fine impact comes back with its data age");
    wlk_check(wlk_groups_impact(&impact, WLK_COARSE_PLACE_MM, WLK_COARSE_TIME_NS, &coarse) ==
                      WLK_OK &&
                  wlk_groups_impact_estimate(&coarse, &back) == WLK_OK &&
                  coarse.data_age_ns == 3000000000 && coarse.track_ns == 62000000000 &&
                  coarse.computed_ns % 1000000000 == 0,
              "a coarse one tells ages in whole seconds, never shorter");
    wlk_check(back.point.covariance[0][0] >= impact.point.covariance[0][0] + 1e6 / 12 &&
                  back.point.covariance[2][2] >= impact.point.covariance[2][2] + 1.0 / 12,
              "and its covariance holds the rounding");
    struct wlk_impact_content moved = coarse;
    moved.point.latitude_e7 += 89000;
    wlk_check(!wlk_groups_impact_changed(&coarse, &moved), "moved by less than its grid: no");
    moved.point.latitude_e7 += 2000;
    wlk_check(wlk_groups_impact_changed(&coarse, &moved), "moved by more than its grid: yes");
    moved = coarse;
    moved.condition = WLK_CONDITION_LOST;
    wlk_check(wlk_groups_impact_changed(&coarse, &moved), "another condition: yes");
    moved = coarse;
    moved.data_age_ns += 5000000000;
    wlk_check(!wlk_groups_impact_changed(&coarse, &moved), "only older: no");
    impact.last_measurement.ns = NOW.ns + 1;
    wlk_check(wlk_groups_impact(&impact, 0, 0, &fine) == WLK_OK && fine.data_age_ns == 0,
              "an age is never negative");
}

/* What groups make, the codec takes. */
static void test_wire(void)
{
    struct wlk_random random = wlk_random_seeded(28, 1);
    struct wlk_track track;
    struct wlk_coarse memory = {0};
    union wlk_content content;
    uint8_t bytes[2048];
    unsigned refused = 0;
    for (int n = 0; n < 200; n++) {
        struct wlk_writer out = {bytes, sizeof bytes, 0};
        struct wlk_launch launch = random_launch(&random);
        random_track(&random, n % 2 ? WLK_PHASE_BOOST : WLK_PHASE_COAST, &track);
        memset(&content, 0, sizeof content);
        refused +=
            wlk_groups_track_coarse(&track, 0, NOW, &memory, &content.track) != WLK_OK ||
            wlk_content_encode(WLK_TYPE_TRACK, WLK_GROUP_COARSE, &content, &out) != WLK_OK;
        refused += wlk_groups_track_fine(&track, 0, &content.track) != WLK_OK ||
                   wlk_content_encode(WLK_TYPE_TRACK, WLK_GROUP_FINE, &content, &out) != WLK_OK;
        memset(&content, 0, sizeof content);
        memory.has_launch = false;
        refused +=
            wlk_groups_launch_coarse(&launch, 0, &memory, &content.launch) != WLK_OK ||
            wlk_content_encode(WLK_TYPE_LAUNCH, WLK_GROUP_COARSE, &content, &out) != WLK_OK;
    }
    wlk_check(refused == 0, "what groups make, the codec takes (%u refused)", refused);
}

int main(void)
{
    test_wider();
    test_consistent();
    test_exact();
    test_boost();
    test_axes();
    test_steps();
    test_launch();
    test_impact();
    test_wire();
    return wlk_tap_done();
}
