/* registration.c -- passes of known objects into three biases.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sensors/registration.h"

#include "base/assert.h"
#include "earth/refraction.h"

#include <math.h>
#include <string.h>

/* Biases wander: exponential forgetting, with a month as time constant (ASSUMPTION: mounts and
 * cables follow the weather). 0.0026 deg in the first hour for a prior of 0.05 deg. */
static const double WANDER_S = 30 * 86400.0;
/* What a bias may be, beyond which a plot is of something else. */
static const double NEAR_M = 1500, NEAR_RAD = 1.0 * WLK_DEG, NEAR_SIGMAS = 5;
static const double FIT_SIGMAS = 4;
/* A look so far from its pass, in sigmas, is of something else. */
static const double OUTLIER = 5;
enum { LOOKS_MIN = 10, SETTLED = 5 /* looks after which outliers are told */ };
/* Mean of squared sigmas about the mean beyond which a pass is not what its sigmas say. */
static const double SQUARE_MAX = 2;
/* A pass that is so many sigmas off does not agree. */
static const double DOUBT_SIGMAS = 5;
/* The part of the bending that its correction leaves (ASSUMPTION: another air than the mean).
 */
static const double BENDING_LEFT = 0.1;

static double square(double x)
{
    return x * x;
}

void wlk_registration_begin(double range_sigma_m, double angle_sigma_rad,
                            struct wlk_registration *out)
{
    WLK_ASSERT(range_sigma_m > 0);
    WLK_ASSERT(angle_sigma_rad > 0);
    memset(out, 0, sizeof *out);
    out->prior[0] = range_sigma_m;
    out->prior[1] = out->prior[2] = angle_sigma_rad;
    for (int k = 0; k < WLK_REGISTRATION_AXES; k++)
        out->variance[k] = square(out->prior[k]);
}

/* What the plot reads too much, the variance of its noise, and of the object's place. */
struct excess {
    double value[3], noise[3], place[3];
};

static void measure(const struct wlk_plot *plot, const struct wlk_known *known,
                    struct excess *out)
{
    wlk_polar is = wlk_polar_from_ecef(plot->place, known->position);
    double place2 = square(known->sigma_m / is.range_m);
    double flat2 = fmax(square(cos(is.elevation_rad)), 1e-6);
    out->value[0] = plot->seen.range_m - is.range_m;
    out->value[1] = remainder(plot->seen.azimuth_rad - is.azimuth_rad, 2 * WLK_PI);
    out->value[2] = plot->seen.elevation_rad - is.elevation_rad;
    out->noise[0] = square(plot->range_sigma_m);
    out->noise[1] = square(plot->azimuth_sigma_rad);
    out->noise[2] = square(plot->elevation_sigma_rad);
    out->place[0] = square(known->sigma_m);
    out->place[1] = place2 / flat2;
    out->place[2] =
        place2 + square(BENDING_LEFT * wlk_refraction_bending(is.elevation_rad, is.range_m));
}

bool wlk_registration_is_near(const struct wlk_plot *plot, const struct wlk_known *known)
{
    static const double REACH[3] = {NEAR_M, NEAR_RAD, NEAR_RAD};
    struct excess excess;
    measure(plot, known, &excess);
    double flat = cos(plot->seen.elevation_rad);
    for (int k = 0; k < WLK_REGISTRATION_AXES; k++) {
        double sigma = sqrt(excess.noise[k] + excess.place[k]);
        double scale = k == 1 ? flat : 1;
        if (!(fabs(excess.value[k]) * scale < REACH[k] + NEAR_SIGMAS * sigma * scale))
            return false;
    }
    return true;
}

bool wlk_registration_fits(const struct wlk_plot *plot, const struct wlk_known *known)
{
    struct excess excess;
    measure(plot, known, &excess);
    for (int k = 0; k < WLK_REGISTRATION_AXES; k++) {
        double variance = excess.noise[k] + excess.place[k] + square(plot->bias_sigma[k]);
        if (!(square(excess.value[k]) <= square(FIT_SIGMAS) * variance))
            return false;
    }
    return true;
}

void wlk_registration_at(const struct wlk_registration *registration, wlk_utc now,
                         double value[3], double sigma[3])
{
    double age_s = fmax(0, wlk_utc_seconds(now, registration->time));
    double keep = registration->time.ns == 0 ? 1 : exp(-age_s / WANDER_S);
    for (int k = 0; k < WLK_REGISTRATION_AXES; k++) {
        double prior2 = square(registration->prior[k]);
        value[k] = keep * registration->value[k];
        sigma[k] = sqrt(prior2 + (registration->variance[k] - prior2) * keep * keep);
    }
}

/* ---- the end of a pass ------------------------------------------------------------------ */

/* One scalar update an axis. */
static void improve(struct wlk_registration *registration, wlk_utc time, const double mean[3],
                    const double variance[3])
{
    double value[3], sigma[3];
    wlk_registration_at(registration, time, value, sigma);
    for (int k = 0; k < WLK_REGISTRATION_AXES; k++) {
        double gain = square(sigma[k]) / (square(sigma[k]) + variance[k]);
        registration->value[k] = value[k] + gain * (mean[k] - value[k]);
        registration->variance[k] = (1 - gain) * square(sigma[k]);
    }
    registration->time = time;
}

static bool agree(const double a[3], const double a_variance[3], const double b[3],
                  const double b_variance[3])
{
    for (int k = 0; k < WLK_REGISTRATION_AXES; k++)
        if (!(square(a[k] - b[k]) <= square(DOUBT_SIGMAS) * (a_variance[k] + b_variance[k])))
            return false;
    return true;
}

/* A pass that does not agree: kept until another one decides. */
static enum wlk_registration_news doubt(struct wlk_registration *registration,
                                        const struct wlk_registration_pass *pass,
                                        const double variance[3])
{
    bool is_second =
        registration->is_doubted && !wlk_name_equal(pass->id, registration->doubt_id) &&
        agree(pass->mean, variance, registration->doubt, registration->doubt_variance);
    if (is_second) {
        for (int k = 0; k < WLK_REGISTRATION_AXES; k++) {
            registration->value[k] = 0;
            /* it may have jumped beyond the prior */
            registration->variance[k] =
                fmax(square(registration->prior[k]), square(pass->mean[k]));
        }
        improve(registration, pass->last, registration->doubt, registration->doubt_variance);
        improve(registration, pass->last, pass->mean, variance);
        registration->is_doubted = false;
        registration->jumps++;
        registration->passes += 2;
        return WLK_REGISTRATION_JUMP;
    }
    registration->is_doubted = true;
    registration->doubt_id = pass->id;
    memcpy(registration->doubt, pass->mean, sizeof registration->doubt);
    memcpy(registration->doubt_variance, variance, sizeof registration->doubt_variance);
    registration->doubts++;
    return WLK_REGISTRATION_DOUBT;
}

static enum wlk_registration_news end_pass(struct wlk_registration *registration,
                                           struct wlk_registration_pass *pass)
{
    double value[3], sigma[3], variance[3], now_variance[3];
    bool is_sound = pass->looks >= LOOKS_MIN && pass->outliers < pass->looks;
    pass->is_over = true;
    for (int k = 0; is_sound && k < WLK_REGISTRATION_AXES; k++) {
        is_sound = pass->square[k] <= SQUARE_MAX * (pass->looks - 1);
        variance[k] = 1 / pass->weight[k] + pass->place[k] / pass->looks;
    }
    if (!is_sound) {
        registration->refused++;
        return WLK_REGISTRATION_NONE;
    }
    wlk_registration_at(registration, pass->last, value, sigma);
    for (int k = 0; k < WLK_REGISTRATION_AXES; k++)
        now_variance[k] = square(sigma[k]);
    if (!agree(pass->mean, variance, value, now_variance))
        return doubt(registration, pass, variance);
    improve(registration, pass->last, pass->mean, variance);
    registration->is_doubted = false;
    registration->passes++;
    return WLK_REGISTRATION_TAKEN;
}

enum wlk_registration_news wlk_registration_age(struct wlk_registration *registration,
                                                wlk_utc now)
{
    enum wlk_registration_news worst = WLK_REGISTRATION_NONE;
    for (int i = 0; i < WLK_REGISTRATION_PASSES; i++) {
        struct wlk_registration_pass *pass = &registration->pass[i];
        if (!pass->is_used)
            continue;
        double long_s = wlk_utc_seconds(now, pass->first);
        double silent_s = wlk_utc_seconds(now, pass->last);
        if (!pass->is_over &&
            (long_s > WLK_REGISTRATION_PASS_S || silent_s > WLK_REGISTRATION_SILENT_S)) {
            enum wlk_registration_news news = end_pass(registration, pass);
            if (news > worst)
                worst = news;
        }
        if (pass->is_over && silent_s > WLK_REGISTRATION_REST_S)
            pass->is_used = false;
    }
    return worst;
}

/* ---- a look ----------------------------------------------------------------------------- */

/* The pass of this object; a new one; NULL: no room. */
static struct wlk_registration_pass *pass_of(struct wlk_registration *registration, wlk_name id,
                                             wlk_utc time)
{
    struct wlk_registration_pass *unused = NULL;
    for (int i = 0; i < WLK_REGISTRATION_PASSES; i++) {
        struct wlk_registration_pass *pass = &registration->pass[i];
        if (pass->is_used && wlk_name_equal(pass->id, id))
            return pass;
        if (!pass->is_used)
            unused = pass;
    }
    if (!unused)
        return NULL;
    memset(unused, 0, sizeof *unused);
    unused->is_used = true;
    unused->id = id;
    unused->first = unused->last = time;
    return unused;
}

static bool is_outlier(const struct wlk_registration_pass *pass, const struct excess *excess)
{
    for (int k = 0; pass->looks >= SETTLED && k < WLK_REGISTRATION_AXES; k++) {
        double variance = excess->noise[k] + 1 / pass->weight[k];
        if (square(excess->value[k] - pass->mean[k]) > square(OUTLIER) * variance)
            return true;
    }
    return false;
}

enum wlk_registration_news wlk_registration_take(struct wlk_registration *registration,
                                                 const struct wlk_plot *plot,
                                                 const struct wlk_known *known)
{
    enum wlk_registration_news news = wlk_registration_age(registration, plot->time);
    struct wlk_registration_pass *pass = pass_of(registration, known->id, plot->time);
    struct excess excess;
    if (!pass || pass->is_over)
        return news;
    measure(plot, known, &excess);
    if (is_outlier(pass, &excess)) {
        pass->outliers++;
        registration->outliers++;
        return news;
    }
    for (int k = 0; k < WLK_REGISTRATION_AXES; k++) {
        double weight = 1 / excess.noise[k], off = excess.value[k] - pass->mean[k];
        pass->square[k] += off * off * weight * pass->weight[k] / (pass->weight[k] + weight);
        pass->weight[k] += weight;
        pass->mean[k] += off * weight / pass->weight[k];
        pass->place[k] += excess.place[k];
    }
    pass->looks++;
    registration->looks++;
    if (plot->time.ns > pass->last.ns)
        pass->last = plot->time;
    return news;
}

void wlk_registration_correct(const struct wlk_registration *registration,
                              struct wlk_plot *plot)
{
    double value[3];
    wlk_registration_at(registration, plot->time, value, plot->bias_sigma);
    double azimuth = plot->seen.azimuth_rad - value[1];
    plot->seen.range_m = fmax(plot->seen.range_m - value[0], 1);
    plot->seen.azimuth_rad = azimuth - 2 * WLK_PI * floor(azimuth / (2 * WLK_PI));
    plot->seen.elevation_rad =
        fmax(-WLK_PI / 2, fmin(plot->seen.elevation_rad - value[2], WLK_PI / 2));
}

void wlk_registration_keep(const struct wlk_registration *registration,
                           struct wlk_registration_kept *out)
{
    memset(out, 0, sizeof *out);
    memcpy(out->value, registration->value, sizeof out->value);
    memcpy(out->variance, registration->variance, sizeof out->variance);
    out->time_ns = registration->time.ns;
}

wlk_status wlk_registration_restore(struct wlk_registration *registration,
                                    const struct wlk_registration_kept *kept, wlk_utc now)
{
    static const double MOST[3] = {NEAR_M, NEAR_RAD, NEAR_RAD};
    if (kept->time_ns <= 0 || kept->time_ns > now.ns)
        return WLK_BAD_INPUT;
    for (int k = 0; k < WLK_REGISTRATION_AXES; k++)
        if (!(fabs(kept->value[k]) <= 2 * MOST[k]) || !(kept->variance[k] > 0) ||
            !(kept->variance[k] <= square(2 * MOST[k])))
            return WLK_BAD_INPUT;
    memcpy(registration->value, kept->value, sizeof registration->value);
    memcpy(registration->variance, kept->variance, sizeof registration->variance);
    registration->time.ns = kept->time_ns;
    return WLK_OK;
}
