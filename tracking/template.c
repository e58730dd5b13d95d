/* template.c -- flight of the generic boost, RK4.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/template.h"

#include "earth/gravity.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static const double VERTICAL_S = 5;   /* rises straight so long (ASSUMPTION) */
static const double BURNT_MAX = 0.88; /* part of the mass at most that burns */
static const double STEP_BOOST_S = 4, STEP_COAST_S = 20;
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
    out->burn_s = boost->burn_s;
}

/* What the motor gives at t, m/s^2. */
static void thrust_at(const struct wlk_template_flight *f, double t, double out[3])
{
    double burnt = fmin(t / f->growth_s, BURNT_MAX), a = f->lift / (1 - burnt);
    double pitch = WLK_PI / 2;
    if (t > VERTICAL_S)
        pitch = f->pitch + (WLK_PI / 2 - f->pitch) * exp((VERTICAL_S - t) / f->bend_s);
    double s = a * sin(pitch), c = a * cos(pitch);
    for (int i = 0; i < 3; i++)
        out[i] = s * f->up[i] + c * f->ahead[i];
}

static void step(struct wlk_template_flight *f, double h, bool is_thrusting)
{
    double k[4][6], at[6], thrust[3][3] = {{0}};
    static const double PLACE[4] = {0, 0.5, 0.5, 1};
    static const int WHEN[4] = {0, 1, 1, 2}; /* start, middle, end */
    for (int when = 0; is_thrusting && when < 3; when++)
        thrust_at(f, f->seconds + 0.5 * when * h, thrust[when]);
    for (int stage = 0; stage < 4; stage++) {
        for (int i = 0; i < 6; i++)
            at[i] = f->x[i] + (stage ? PLACE[stage] * h * k[stage - 1][i] : 0);
        memcpy(k[stage], at + 3, 3 * sizeof(double));
        wlk_gravity_acceleration(at, k[stage] + 3, NULL);
        for (int i = 0; is_thrusting && i < 3; i++)
            k[stage][3 + i] += thrust[WHEN[stage]][i];
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
        if (flight->seconds < VERTICAL_S)
            longest = fmin(longest, VERTICAL_S - flight->seconds);
        step(flight, left <= longest ? left : longest, is_thrusting);
        if (left <= longest)
            flight->seconds = seconds;
    }
}
