/* template.c -- flight of the generic boost, RK4.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/template.h"

#include "earth/air.h"
#include "earth/gravity.h"
#include "earth/propagate.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* It rises straight for so long, and so much of the bend: bends begin gently (ASSUMPTION). */
static const double VERTICAL_S = 3, VERTICAL_PART = 0.1;
static const double BURNT_MAX = 0.88; /* part of the mass at most that burns */
static const double STEP_BOOST_S = 4, STEP_COAST_S = 60;
/* Ballistic coefficient of the whole rocket, and of what is left of it, kg/m^2 (ASSUMPTIONS);
 * above this height neither matters. */
static const double BETA_BOOST = 20000, BETA_COAST = 4000, AIR_M = 70e3;
enum { STEPS_MAX = 1000 };

void wlk_template_begin(const struct wlk_template *boost, wlk_geodetic reference,
                        struct wlk_template_flight *out)
{
    const double *u = boost->unknown;
    double axes[3][3], s = sin(u[WLK_TEMPLATE_AZIMUTH]), c = cos(u[WLK_TEMPLATE_AZIMUTH]);
    /* a sphere is good enough for an offset; the ellipsoid comes back below */
    wlk_geodetic place = {reference.latitude_rad + u[WLK_TEMPLATE_NORTH] / WLK_WGS84_A,
                          reference.longitude_rad + u[WLK_TEMPLATE_EAST] / WLK_WGS84_A /
                                                        fmax(cos(reference.latitude_rad), 0.01),
                          0};
    place.latitude_rad = fmin(fmax(place.latitude_rad, -WLK_PI / 2), WLK_PI / 2);
    wlk_ecef at = wlk_ecef_from_geodetic(place);
    wlk_enu_axes(place, axes);
    memset(out, 0, sizeof *out);
    memcpy(out->x, &at, sizeof at);
    for (int i = 0; i < 3; i++) {
        out->east[i] = axes[0][i];
        out->north[i] = axes[1][i];
        out->up[i] = axes[2][i];
        out->ahead[i] = s * axes[0][i] + c * axes[1][i];
    }
    out->lift = exp(u[WLK_TEMPLATE_LIFT]);
    out->growth_s = exp(u[WLK_TEMPLATE_GROWTH]);
    out->pitch = u[WLK_TEMPLATE_PITCH];
    out->bend_s = exp(u[WLK_TEMPLATE_BEND]);
    out->rise_s = VERTICAL_S + VERTICAL_PART * out->bend_s;
    out->burn_s = boost->burn_s;
}

/* What the motor gives at t, m/s^2. */
static void thrust_at(const struct wlk_template_flight *f, double t, double out[3])
{
    double burnt = fmin(t / f->growth_s, BURNT_MAX), a = f->lift / (1 - burnt);
    double pitch = WLK_PI / 2;
    if (t > f->rise_s)
        pitch += (f->pitch - WLK_PI / 2) * fmin(1, (t - f->rise_s) / f->bend_s);
    double s = a * sin(pitch), c = a * cos(pitch);
    for (int i = 0; i < 3; i++)
        out[i] = s * f->up[i] + c * f->ahead[i];
}

/* What the air takes from a velocity, 1/s. */
static double drag_at(const double x[6], double beta)
{
    double height_m = wlk_propagate_height(x);
    if (height_m > AIR_M)
        return 0;
    double speed = sqrt(x[3] * x[3] + x[4] * x[4] + x[5] * x[5]);
    return 0.5 * wlk_air_density(height_m, NULL) * speed / beta;
}

static void step(struct wlk_template_flight *f, double h, bool is_thrusting)
{
    double k[4][6], at[6], thrust[3][3] = {{0}};
    double drag = drag_at(f->x, is_thrusting ? BETA_BOOST : BETA_COAST);
    static const double PLACE[4] = {0, 0.5, 0.5, 1};
    static const int WHEN[4] = {0, 1, 1, 2}; /* start, middle, end */
    for (int when = 0; is_thrusting && when < 3; when++)
        thrust_at(f, f->seconds + 0.5 * when * h, thrust[when]);
    for (int stage = 0; stage < 4; stage++) {
        for (int i = 0; i < 6; i++)
            at[i] = f->x[i] + (stage ? PLACE[stage] * h * k[stage - 1][i] : 0);
        memcpy(k[stage], at + 3, 3 * sizeof(double));
        wlk_gravity_acceleration(at, k[stage] + 3, NULL);
        for (int i = 0; i < 3; i++)
            k[stage][3 + i] += thrust[WHEN[stage]][i] - drag * at[3 + i];
    }
    for (int i = 0; i < 6; i++)
        f->x[i] += h / 6 * (k[0][i] + 2 * k[1][i] + 2 * k[2][i] + k[3][i]);
    f->seconds += h;
}

void wlk_template_fly(struct wlk_template_flight *flight, double seconds)
{
    for (int count = 0; count < STEPS_MAX && flight->seconds < seconds; count++) {
        double left = seconds - flight->seconds;
        bool is_thrusting = flight->seconds < flight->burn_s;
        double longest =
            is_thrusting ? fmin(STEP_BOOST_S, flight->burn_s - flight->seconds) : STEP_COAST_S;
        if (flight->seconds < flight->rise_s)
            longest = fmin(longest, flight->rise_s - flight->seconds);
        step(flight, left <= longest ? left : longest, is_thrusting);
        if (left <= longest)
            flight->seconds = seconds;
    }
}
