/* registration_test.c -- biases are found from known objects, and a wrong object harms little.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sensors/registration.h"

#include "base/random.h"
#include "base/tap.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const wlk_geodetic SITE = {38.2 * WLK_DEG, 138.4 * WLK_DEG, 300};
static const wlk_utc START = {1700000000000000000};
static const double RANGE_SIGMA_M = 50, ANGLE_SIGMA_RAD = 0.05 * WLK_DEG, PLACE_SIGMA_M = 20;
static struct wlk_registration registration;

/* A satellite that crosses the sky in a straight line: the estimator does not care how it
 * flies. Its place is wrong by error (m, ECEF) throughout. */
struct pass {
    char id[WLK_NAME_SIZE];
    double from_s, lasts_s;
    double error[3], bias[3];
    double noise_told; /* sigmas told are so many times the true ones */
};

static wlk_ecef place_at(const struct pass *pass, double t)
{
    double part = (t - pass->from_s) / 600;
    wlk_geodetic at = {(33 + 8 * part) * WLK_DEG, (132 + 9 * part) * WLK_DEG, 700e3};
    return wlk_ecef_from_geodetic(at);
}

static enum wlk_registration_news play(const struct pass *pass, struct wlk_random *random)
{
    enum wlk_registration_news worst = WLK_REGISTRATION_NONE, news;
    for (double t = pass->from_s; t < pass->from_s + pass->lasts_s; t += 2) {
        wlk_ecef is = place_at(pass, t);
        struct wlk_plot plot = {.place = SITE,
                                .time = wlk_utc_add(START, t),
                                .seen = wlk_polar_from_ecef(SITE, is),
                                .range_sigma_m = RANGE_SIGMA_M,
                                .elevation_sigma_rad = ANGLE_SIGMA_RAD};
        struct wlk_known known = {
            .id = wlk_name_of(pass->id),
            .position = {is.x + pass->error[0], is.y + pass->error[1], is.z + pass->error[2]},
            .sigma_m = PLACE_SIGMA_M};
        plot.azimuth_sigma_rad = ANGLE_SIGMA_RAD / cos(plot.seen.elevation_rad);
        plot.seen.range_m += pass->bias[0] + plot.range_sigma_m * wlk_random_normal(random);
        plot.seen.azimuth_rad +=
            pass->bias[1] + plot.azimuth_sigma_rad * wlk_random_normal(random);
        plot.seen.elevation_rad +=
            pass->bias[2] + plot.elevation_sigma_rad * wlk_random_normal(random);
        plot.seen.azimuth_rad = fmod(plot.seen.azimuth_rad + 2 * WLK_PI, 2 * WLK_PI);
        plot.range_sigma_m *= pass->noise_told;
        plot.azimuth_sigma_rad *= pass->noise_told;
        plot.elevation_sigma_rad *= pass->noise_told;
        if (!wlk_registration_is_near(&plot, &known))
            continue;
        news = wlk_registration_take(&registration, &plot, &known);
        worst = news > worst ? news : worst;
    }
    news = wlk_registration_age(&registration,
                                wlk_utc_add(START, pass->from_s + pass->lasts_s + 100));
    return news > worst ? news : worst;
}

static void begin(void)
{
    wlk_registration_begin(WLK_REGISTRATION_RANGE_SIGMA_M, WLK_REGISTRATION_ANGLE_SIGMA_RAD,
                           &registration);
}

static struct pass draw(int number, const double bias[3], struct wlk_random *random)
{
    struct pass pass = {.from_s = 600.0 * number, .lasts_s = 170, .noise_told = 1};
    snprintf(pass.id, sizeof pass.id, "S-%d", number);
    for (int i = 0; i < 3; i++)
        pass.error[i] = PLACE_SIGMA_M * wlk_random_normal(random);
    memcpy(pass.bias, bias, sizeof pass.bias);
    return pass;
}

/* Biases drawn from the prior, so many passes: squared errors in sigmas, 1 each. */
static void check_consistent(int passes, double angle_most_rad)
{
    enum { RUNS = 300 };
    double square[3] = {0}, value[3], sigma[3] = {0};
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        struct wlk_random random = wlk_random_seeded(seed, 1);
        double bias[3];
        begin();
        for (int k = 0; k < 3; k++)
            bias[k] = registration.prior[k] * wlk_random_normal(&random);
        for (int i = 0; i < passes; i++) {
            struct pass pass = draw(i, bias, &random);
            (void)play(&pass, &random);
        }
        wlk_registration_at(&registration, wlk_utc_add(START, 600 * passes - 400), value,
                            sigma);
        for (int k = 0; k < 3; k++)
            square[k] += pow((value[k] - bias[k]) / sigma[k], 2) / RUNS;
    }
    double wide = 4 * sqrt(2.0 / RUNS);
    for (int k = 0; k < 3; k++)
        wlk_check_near(square[k], 1, wide, "after %d passes the error of axis %d is as told",
                       passes, k);
    wlk_check(sigma[2] < angle_most_rad, "after %d passes elevation is known to %.4f deg",
              passes, sigma[2] / WLK_DEG);
}

static void check_jump(void)
{
    const double before[3] = {10, 0.02 * WLK_DEG, -0.03 * WLK_DEG};
    const double after[3] = {10, 0.02 * WLK_DEG, 0.3 * WLK_DEG};
    struct wlk_random random = wlk_random_seeded(9, 2);
    double value[3], sigma[3], kept[3];
    begin();
    for (int i = 0; i < 4; i++) {
        struct pass pass = draw(i, before, &random);
        wlk_check(play(&pass, &random) == WLK_REGISTRATION_TAKEN, "pass %d is taken", i);
    }
    memcpy(kept, registration.value, sizeof kept);
    struct pass first = draw(4, after, &random), same = first, second = draw(6, after, &random);
    wlk_check(play(&first, &random) == WLK_REGISTRATION_DOUBT &&
                  memcmp(kept, registration.value, sizeof kept) == 0,
              "a pass that does not agree is doubted and changes nothing");
    same.from_s += 600;
    wlk_check(play(&same, &random) == WLK_REGISTRATION_DOUBT && registration.jumps == 0,
              "the same object again decides nothing: its ephemeris may be wrong");
    wlk_check(play(&second, &random) == WLK_REGISTRATION_JUMP && registration.jumps == 1,
              "another object that agrees with it is a jump");
    wlk_registration_at(&registration, second.from_s > 0 ? registration.time : START, value,
                        sigma);
    wlk_check_near(value[2], after[2], 4 * sigma[2], "and the new bias stands");
    struct pass next = draw(8, after, &random);
    wlk_check(play(&next, &random) == WLK_REGISTRATION_TAKEN, "and is believed from then on");
}

static void check_refused(void)
{
    const double none[3] = {0};
    struct wlk_random random = wlk_random_seeded(3, 3);
    begin();
    struct pass brief = draw(0, none, &random);
    brief.lasts_s = 17;
    wlk_check(play(&brief, &random) == WLK_REGISTRATION_NONE && registration.refused == 1 &&
                  registration.value[2] == 0,
              "nine looks are no pass");
    struct pass loud = draw(1, none, &random);
    loud.noise_told = 0.4;
    wlk_check(play(&loud, &random) == WLK_REGISTRATION_NONE && registration.refused == 2,
              "a pass unlike its sigmas is not taken");
    struct pass good = draw(2, none, &random);
    (void)play(&good, &random);
    wlk_check(registration.passes == 1, "a good one is");
    double value[3], sigma[3], later[3];
    wlk_registration_at(&registration, registration.time, value, sigma);
    wlk_registration_at(&registration, wlk_utc_add(registration.time, 365.0 * 86400), value,
                        later);
    wlk_check(sigma[2] < 0.2 * later[2] &&
                  later[2] > 0.999 * WLK_REGISTRATION_ANGLE_SIGMA_RAD &&
                  fabs(value[2]) < 0.01 * sigma[2],
              "after a year nothing of it is left but the prior");
}

/* One look in four is of something else that is near. */
static void check_outliers(void)
{
    const double bias[3] = {40, 0.05 * WLK_DEG, 0.05 * WLK_DEG};
    struct wlk_random random = wlk_random_seeded(5, 4);
    double value[3], sigma[3];
    begin();
    struct pass pass = draw(0, bias, &random);
    for (double t = 0; t < 170; t += 2) {
        wlk_ecef is = place_at(&pass, t);
        bool is_other = t > 20 && fmod(t, 8) == 0;
        struct wlk_plot plot = {.place = SITE,
                                .time = wlk_utc_add(START, t),
                                .seen = wlk_polar_from_ecef(SITE, is),
                                .range_sigma_m = RANGE_SIGMA_M,
                                .azimuth_sigma_rad = ANGLE_SIGMA_RAD,
                                .elevation_sigma_rad = ANGLE_SIGMA_RAD};
        struct wlk_known known = {wlk_name_of("S"), is, PLACE_SIGMA_M};
        plot.seen.range_m += bias[0] + 50 * wlk_random_normal(&random) + 1000 * is_other;
        plot.seen.azimuth_rad += bias[1] + ANGLE_SIGMA_RAD * wlk_random_normal(&random);
        plot.seen.elevation_rad += bias[2] + ANGLE_SIGMA_RAD * wlk_random_normal(&random);
        (void)wlk_registration_take(&registration, &plot, &known);
    }
    (void)wlk_registration_age(&registration, wlk_utc_add(START, 300));
    wlk_registration_at(&registration, registration.time, value, sigma);
    wlk_check(registration.outliers >= 15 && registration.passes == 1,
              "looks at something else are told and left out: %llu",
              (unsigned long long)registration.outliers);
    wlk_check_near(value[0], bias[0], 4 * sigma[0], "the range bias is right");
    struct wlk_plot plot = {.place = SITE,
                            .time = registration.time,
                            .seen = {1e6, 0.01 * WLK_DEG, 0.5},
                            .range_sigma_m = 50};
    wlk_registration_correct(&registration, &plot);
    wlk_check_near(plot.seen.range_m, 1e6 - value[0], 1e-6, "it is taken from a plot");
    wlk_check(plot.seen.azimuth_rad > 6.2 && plot.seen.azimuth_rad < 2 * WLK_PI &&
                  plot.bias_sigma[2] == sigma[2],
              "azimuth stays in its circle, and the plot says what is left");
}

static void check_kept(void)
{
    const double bias[3] = {20, 0.03 * WLK_DEG, -0.04 * WLK_DEG};
    struct wlk_random random = wlk_random_seeded(6, 5);
    struct wlk_registration_kept kept, broken;
    double value[3], sigma[3], again[3], again_sigma[3];
    begin();
    for (int i = 0; i < 3; i++) {
        struct pass pass = draw(i, bias, &random);
        (void)play(&pass, &random);
    }
    wlk_utc now = wlk_utc_add(registration.time, 3600);
    wlk_registration_at(&registration, now, value, sigma);
    wlk_registration_keep(&registration, &kept);
    begin();
    wlk_check(wlk_registration_restore(&registration, &kept, now) == WLK_OK,
              "what was kept is taken up");
    wlk_registration_at(&registration, now, again, again_sigma);
    wlk_check(memcmp(value, again, sizeof value) == 0 &&
                  memcmp(sigma, again_sigma, sizeof sigma) == 0,
              "and is what it was, an hour older");
    broken = kept;
    broken.value[1] = NAN;
    wlk_check(wlk_registration_restore(&registration, &broken, now) == WLK_BAD_INPUT,
              "no number is not taken up");
    broken = kept;
    broken.variance[2] = 0;
    wlk_check(wlk_registration_restore(&registration, &broken, now) == WLK_BAD_INPUT,
              "nor what is more certain than anything");
    wlk_check(wlk_registration_restore(&registration, &kept,
                                       wlk_utc_add(now, -7200)) == WLK_BAD_INPUT,
              "nor what is from after now");
}

int main(void)
{
    check_kept();
    check_consistent(1, 0.008 * WLK_DEG);
    check_consistent(6, 0.0045 * WLK_DEG);
    check_jump();
    check_refused();
    check_outliers();
    return wlk_tap_done();
}
