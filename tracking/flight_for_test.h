/* flight_for_test.h -- a small truth for the tests of this folder: a staged boost with a linear
 * pitch, then free fall; and radars that look at it. Written apart from what it tests: inertial
 * frame, RK4 at 0.05 s, its own gravity and air.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_FLIGHT_FOR_TEST_H
#define WLK_TRACKING_FLIGHT_FOR_TEST_H

#include "base/random.h"
#include "record/plot.h"
#include "record/state.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { FLIGHT_POINTS = 8000 }; /* half seconds */

struct stage {
    double start_s, burn_s; /* since launch */
    double lift_mps2;       /* thrust acceleration when it lights */
    double exhaust_mps;
};

struct flight_plan {
    wlk_geodetic launch;
    double azimuth_rad;
    double pitch_end_rad; /* elevation of thrust at the last burnout */
    int stage_count;
    struct stage stage[3];
    double beta; /* kg/m^2 */
};

struct flight {
    double x[FLIGHT_POINTS][6]; /* ECEF each half second */
    int count;
    double burnout_s, impact_s, apogee_m;
    wlk_geodetic impact;
};

static const double TEST_GM = 3.986004418e14, TEST_W = 7.292115e-5, TEST_A = 6378137.0;

static inline double test_thrust(const struct flight_plan *plan, double t)
{
    for (int i = 0; i < plan->stage_count; i++) {
        const struct stage *s = &plan->stage[i];
        if (t >= s->start_s && t < s->start_s + s->burn_s)
            return s->lift_mps2 / (1 - s->lift_mps2 / s->exhaust_mps * (t - s->start_s));
    }
    return 0;
}

static inline double test_burnout(const struct flight_plan *plan)
{
    const struct stage *s = &plan->stage[plan->stage_count - 1];
    return s->start_s + s->burn_s;
}

/* Turns inertial into Earth-fixed at t (the frames coincide at 0), and back with -t. */
static inline void test_turn(double t, const double in[3], double out[3])
{
    double c = cos(TEST_W * t), s = sin(TEST_W * t);
    double x = c * in[0] + s * in[1], y = -s * in[0] + c * in[1];
    out[0] = x;
    out[1] = y;
    out[2] = in[2];
}

static inline void test_slope(const struct flight_plan *plan, double t, const double x[6],
                              double out[6])
{
    double r2 = x[0] * x[0] + x[1] * x[1] + x[2] * x[2], r = sqrt(r2);
    double j = 1.5 * 1.08263e-3 * TEST_A * TEST_A / r2, s2 = x[2] * x[2] / r2;
    for (int i = 0; i < 3; i++) {
        out[i] = x[i + 3];
        out[i + 3] = -TEST_GM / (r2 * r) * x[i] * (1 + j * ((i == 2 ? 3 : 1) - 5 * s2));
    }
    double fixed[3];
    test_turn(t, x, fixed);
    wlk_geodetic place = wlk_geodetic_from_ecef((wlk_ecef){fixed[0], fixed[1], fixed[2]});
    double h = place.height_m; /* troposphere by its lapse rate, above it isothermal */
    double air = h < 11e3    ? 1.225 * pow(1 - 2.2558e-5 * h, 4.2559)
                 : h < 140e3 ? 0.3639 * exp((11e3 - h) / 6500)
                             : 0;
    const double wind[3] = {x[3] + TEST_W * x[1], x[4] - TEST_W * x[0], x[5]};
    double speed = sqrt(wind[0] * wind[0] + wind[1] * wind[1] + wind[2] * wind[2]);
    for (int i = 0; i < 3; i++)
        out[i + 3] -= 0.5 * air * speed * wind[i] / plan->beta;
    double a = test_thrust(plan, t);
    if (a <= 0)
        return;
    double part = fmax(0, (t - 8) / (test_burnout(plan) - 8));
    double pitch = WLK_PI / 2 - (WLK_PI / 2 - plan->pitch_end_rad) * part;
    wlk_enu way = {cos(pitch) * sin(plan->azimuth_rad), cos(pitch) * cos(plan->azimuth_rad),
                   sin(pitch)};
    double push[3];
    wlk_ecef_from_enu(plan->launch, way, push); /* axes of the launch, held inertially */
    for (int i = 0; i < 3; i++)
        out[i + 3] += a * push[i];
}

static inline void test_step(const struct flight_plan *plan, double t, double h, double x[6])
{
    double k1[6], k2[6], k3[6], k4[6], at[6];
    test_slope(plan, t, x, k1);
    for (int i = 0; i < 6; i++)
        at[i] = x[i] + h / 2 * k1[i];
    test_slope(plan, t + h / 2, at, k2);
    for (int i = 0; i < 6; i++)
        at[i] = x[i] + h / 2 * k2[i];
    test_slope(plan, t + h / 2, at, k3);
    for (int i = 0; i < 6; i++)
        at[i] = x[i] + h * k3[i];
    test_slope(plan, t + h, at, k4);
    for (int i = 0; i < 6; i++)
        x[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
}

/* Flies the plan to the ground. */
static inline void test_fly(const struct flight_plan *plan, struct flight *out)
{
    wlk_ecef start = wlk_ecef_from_geodetic(plan->launch);
    double x[6] = {start.x, start.y, start.z, -TEST_W * start.y, TEST_W * start.x, 0};
    out->count = 0;
    out->apogee_m = 0;
    out->burnout_s = test_burnout(plan);
    for (int half = 0; half < FLIGHT_POINTS; half++) {
        double t = 0.5 * half, *fixed = out->x[half];
        test_turn(t, x, fixed);
        test_turn(t, x + 3, fixed + 3);
        fixed[3] += TEST_W * fixed[1];
        fixed[4] -= TEST_W * fixed[0];
        wlk_geodetic place = wlk_geodetic_from_ecef((wlk_ecef){fixed[0], fixed[1], fixed[2]});
        out->count = half + 1;
        out->apogee_m = fmax(out->apogee_m, place.height_m);
        if (half > 20 && place.height_m < 0) {
            out->impact = place;
            out->impact_s = t;
            break;
        }
        int parts = t < out->burnout_s || place.height_m < 140e3 ? 10 : 1;
        for (int i = 0; i < parts; i++)
            test_step(plan, t + 0.5 * i / parts, 0.5 / parts, x);
    }
    if (out->count < 2)
        return;
    /* the last half second is nearly straight */
    const double *b = out->x[out->count - 1], *a = out->x[out->count - 2];
    double low = out->impact.height_m;
    double high = wlk_geodetic_from_ecef((wlk_ecef){a[0], a[1], a[2]}).height_m,
           back = low / (low - high);
    out->impact_s -= 0.5 * back;
    out->impact = wlk_geodetic_from_ecef((wlk_ecef){
        b[0] + back * (a[0] - b[0]), b[1] + back * (a[1] - b[1]), b[2] + back * (a[2] - b[2])});
}

/* State at t by cubic Hermite between the points; false beyond the ends. */
static inline bool test_state(const struct flight *flight, double t, double x[6])
{
    int i = (int)floor(t * 2);
    if (t < 0 || i + 1 >= flight->count)
        return false;
    double h = 0.5, s = (t - 0.5 * i) / h;
    const double *a = flight->x[i], *b = flight->x[i + 1];
    for (int k = 0; k < 3; k++) {
        double m0 = a[k + 3] * h, m1 = b[k + 3] * h, d = b[k] - a[k];
        double c2 = 3 * d - 2 * m0 - m1, c3 = m0 + m1 - 2 * d;
        x[k] = a[k] + s * (m0 + s * (c2 + s * c3));
        x[k + 3] = (m0 + s * (2 * c2 + 3 * s * c3)) / h;
    }
    return true;
}

struct test_radar {
    const char *name;
    double latitude_deg, longitude_deg, range_max_m, revisit_s, range_sigma_m, angle_sigma_deg;
};

/* The radars of the acceptance, noise of the open-literature class (ASSUMPTION). */
static const struct test_radar TEST_RADARS[7] = {
    {"JP-FPS5-SHI", 31.7, 129.7, 1500e3, 3, 50, 0.05},
    {"JP-FPS5-SAD", 38.2, 138.4, 1500e3, 3, 50, 0.05},
    {"JP-FPS5-OMI", 41.3, 141.1, 1500e3, 3, 50, 0.05},
    {"KR-GP-CN", 36.5, 126.8, 800e3, 2, 40, 0.05},
    {"KR-GP-CB", 36.9, 127.9, 800e3, 2, 40, 0.05},
    {"US-TPY2-SHA", 40.9, 140.3, 1300e3, 1, 30, 0.03},
    {"US-TPY2-KYO", 35.8, 135.2, 1300e3, 1, 30, 0.03}};

static const wlk_utc TEST_LAUNCH = {1503953880000000000}; /* 2017-08-28T20:58:00Z */

/* The look of a radar at t; false if the object is below 2 deg, too far, or gone. */
static inline bool test_look(const struct flight *flight, const struct test_radar *radar,
                             double t, struct wlk_random *random, struct wlk_plot *out)
{
    double x[6];
    if (!test_state(flight, t, x))
        return false;
    struct wlk_plot plot = {
        .sensor = wlk_name_of(radar->name),
        .place = {radar->latitude_deg * WLK_DEG, radar->longitude_deg * WLK_DEG, 100},
        .number = (uint64_t)llround(t * 1000),
        .time = wlk_utc_add(TEST_LAUNCH, t),
        .range_sigma_m = radar->range_sigma_m,
        .elevation_sigma_rad = radar->angle_sigma_deg * WLK_DEG};
    plot.seen = wlk_polar_from_ecef(plot.place, (wlk_ecef){x[0], x[1], x[2]});
    if (plot.seen.elevation_rad < 2 * WLK_DEG || plot.seen.range_m > radar->range_max_m)
        return false;
    plot.azimuth_sigma_rad =
        plot.elevation_sigma_rad / fmax(cos(plot.seen.elevation_rad), 0.05);
    plot.seen.range_m += plot.range_sigma_m * wlk_random_normal(random);
    plot.seen.azimuth_rad += plot.azimuth_sigma_rad * wlk_random_normal(random);
    plot.seen.elevation_rad += plot.elevation_sigma_rad * wlk_random_normal(random);
    if (plot.seen.elevation_rad > WLK_PI / 2)
        plot.seen.elevation_rad = WLK_PI / 2;
    *out = plot;
    return true;
}

/* Documented kinds of flights: 2,700 km at 550 km apogee; lofted to 4,470 km; 430 km at 100
 * km; 400 km at 45 km. */
enum test_flight_kind { TEST_MEDIUM, TEST_LOFTED, TEST_SHORT, TEST_LOW, TEST_KINDS };

static inline struct flight_plan test_plan(enum test_flight_kind kind)
{
    struct flight_plan plan = {.launch = {39.2 * WLK_DEG, 125.7 * WLK_DEG, 0},
                               .azimuth_rad = 72 * WLK_DEG,
                               .stage_count = 1,
                               .beta = 3500};
    switch (kind) {
    case TEST_LOFTED:
        plan.pitch_end_rad = 79 * WLK_DEG;
        plan.stage_count = 2;
        plan.stage[0] = (struct stage){0, 125, 16.4, 2600};
        plan.stage[1] = (struct stage){127, 165, 14, 2900};
        break;
    case TEST_SHORT:
        plan.pitch_end_rad = 28 * WLK_DEG;
        plan.stage[0] = (struct stage){0, 75, 22.6, 2300};
        plan.azimuth_rad = 90 * WLK_DEG;
        break;
    case TEST_LOW:
        plan.pitch_end_rad = 5 * WLK_DEG;
        plan.stage[0] = (struct stage){0, 50, 34, 2400};
        plan.azimuth_rad = 90 * WLK_DEG;
        break;
    case TEST_MEDIUM:
    case TEST_KINDS:
        plan.pitch_end_rad = 17 * WLK_DEG;
        plan.stage_count = 2; /* one motor, throttled */
        plan.stage[0] = (struct stage){0, 100, 19.2, 2700};
        plan.stage[1] = (struct stage){100, 40, 41, 2700};
        break;
    }
    return plan;
}

#endif
