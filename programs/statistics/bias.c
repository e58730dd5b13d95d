/* bias.c -- registration on drawn satellites and aircraft, then the filter on a drawn flight.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/statistics/bias.h"

#include "earth/geodesic.h"
#include "earth/gravity.h"
#include "earth/propagate.h"
#include "sensors/registration.h"
#include "tracking/consider.h"
#include "tracking/filter.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Orbits of known satellites, speed and height of airliners, what their places are good for:
 * ASSUMPTIONS (an ephemeris of a day; a position by satellite navigation, 0.1 s late). */
static const double ORBIT_M[2] = {450e3, 900e3}, ORBIT_SIGMA_M = 20;
static const double AIR_M[2] = {9e3, 12e3}, AIR_MPS = 240, AIR_SIGMA_M = 30;
static const double FREE_M = 100e3, FALL_M = 120e3;
enum { SOON_PASSES = 3, SATELLITES = 20, AIRCRAFT = 8, AIR_ROUNDS = 3, FLIGHT_S = 3600 };

/* What a radar reads too much, and is said to, for one way. */
struct told {
    double excess[3], sigma[3];
};

static struct told told[WLK_DRAW_SITES][WLK_BIAS_WAYS];

static double between(struct wlk_random *random, const double span[2])
{
    return span[0] + (span[1] - span[0]) * wlk_random_uniform(random);
}

/* Something that passes a site: ECEF position and velocity in the middle of the pass. */
struct passer {
    double x[6], from_s, error_m[3], sigma_m;
    bool is_aircraft;
};

/* A place so far from the site, in its sector, and a level course over it. */
static void begin_passer(const struct wlk_site *site, double away_m, double height_m,
                         double speed_mps, struct wlk_random *random, struct passer *out)
{
    double to =
        site->sector_centre_rad + site->sector_width_rad * (wlk_random_uniform(random) - 0.5);
    wlk_geodetic at = wlk_geodesic_from(site->place, to, away_m);
    double course = 2 * WLK_PI * wlk_random_uniform(random);
    at.height_m = height_m;
    wlk_ecef place = wlk_ecef_from_geodetic(at);
    out->x[0] = place.x;
    out->x[1] = place.y;
    out->x[2] = place.z;
    wlk_ecef_from_enu(at, (wlk_enu){speed_mps * sin(course), speed_mps * cos(course), 0},
                      out->x + 3);
    for (int i = 0; i < 3; i++)
        out->error_m[i] = out->sigma_m * wlk_random_normal(random);
}

static void draw_satellite(const struct wlk_site *site, double from_s,
                           struct wlk_random *random, struct passer *out)
{
    static const double AWAY_M[2] = {50e3, 700e3};
    double height_m = between(random, ORBIT_M);
    double speed = sqrt(WLK_GRAVITY_GM / (WLK_WGS84_A + height_m));
    *out = (struct passer){.from_s = from_s, .sigma_m = ORBIT_SIGMA_M};
    begin_passer(site, between(random, AWAY_M), height_m, speed, random, out);
    out->x[3] += WLK_GRAVITY_OMEGA * out->x[1]; /* speed was that in the inertial frame */
    out->x[4] -= WLK_GRAVITY_OMEGA * out->x[0];
}

static void draw_aircraft(const struct wlk_site *site, double from_s, struct wlk_random *random,
                          struct passer *out)
{
    static const double AWAY_M[2] = {50e3, 150e3};
    *out = (struct passer){.from_s = from_s, .sigma_m = AIR_SIGMA_M, .is_aircraft = true};
    begin_passer(site, between(random, AWAY_M), between(random, AIR_M), AIR_MPS, random, out);
}

static bool is_where(const struct passer *passer, double t, double position[3])
{
    double x[6], by_s = t - passer->from_s - WLK_REGISTRATION_PASS_S / 2.0;
    if (!passer->is_aircraft) {
        bool is_up = wlk_propagate(passer->x, 0, by_s, x, NULL) == WLK_OK;
        memcpy(position, x, 3 * sizeof *position);
        return is_up;
    }
    for (int i = 0; i < 3; i++)
        position[i] = passer->x[i] + passer->x[i + 3] * by_s;
    return true;
}

static void spoil(struct wlk_plot *plot, const double excess[3])
{
    plot->seen.range_m += excess[0];
    plot->seen.azimuth_rad += excess[1];
    plot->seen.elevation_rad = fmin(plot->seen.elevation_rad + excess[2], WLK_PI / 2);
}

/* One pass into the registration. */
static void play(const struct wlk_site *site, const struct passer *passer, int number,
                 const double bias[3], struct wlk_random *random,
                 struct wlk_registration *registration)
{
    char id[WLK_NAME_SIZE];
    struct wlk_plot plot;
    double p[3];
    snprintf(id, sizeof id, "P-%d", number);
    struct wlk_known known = {.id = wlk_name_of(id), .sigma_m = passer->sigma_m};
    for (double t = passer->from_s; t < passer->from_s + WLK_REGISTRATION_PASS_S;
         t += site->revisit_s) {
        if (!is_where(passer, t, p) || !wlk_draw_look(site, p, t, random, &plot))
            continue;
        known.position = (wlk_ecef){p[0] + passer->error_m[0], p[1] + passer->error_m[1],
                                    p[2] + passer->error_m[2]};
        spoil(&plot, bias);
        if (wlk_registration_is_near(&plot, &known))
            (void)wlk_registration_take(registration, &plot, &known);
    }
}

static void note(const struct wlk_registration *registration, double t, const double bias[3],
                 struct told *out)
{
    double value[3];
    wlk_registration_at(registration, wlk_draw_time(t), value, out->sigma);
    for (int k = 0; k < 3; k++)
        out->excess[k] = bias[k] - value[k];
}

/* Registers one radar by each way. */
static void register_site(const struct wlk_site *site, struct wlk_random *random,
                          struct told out[WLK_BIAS_WAYS])
{
    struct wlk_registration by_satellites, by_aircraft;
    struct passer passer;
    double t = 0;
    struct told *prior = &out[WLK_BIAS_PRIOR];
    wlk_registration_begin(WLK_REGISTRATION_RANGE_SIGMA_M, WLK_REGISTRATION_ANGLE_SIGMA_RAD,
                           &by_satellites);
    by_aircraft = by_satellites;
    memset(out, 0, WLK_BIAS_WAYS * sizeof *out);
    for (int k = 0; k < 3; k++) {
        prior->sigma[k] = by_satellites.prior[k];
        prior->excess[k] = prior->sigma[k] * wlk_random_normal(random);
        out[WLK_BIAS_UNTOLD].excess[k] = prior->excess[k];
    }
    for (int i = 0; i < SATELLITES; i++, t += WLK_REGISTRATION_PASS_S) {
        draw_satellite(site, t, random, &passer);
        play(site, &passer, i, prior->excess, random, &by_satellites);
        (void)wlk_registration_age(&by_satellites,
                                   wlk_draw_time(t + WLK_REGISTRATION_PASS_S + 1));
        if (i == SOON_PASSES - 1)
            note(&by_satellites, t + WLK_REGISTRATION_PASS_S, prior->excess,
                 &out[WLK_BIAS_SOON]);
    }
    note(&by_satellites, t, prior->excess, &out[WLK_BIAS_SATELLITES]);
    t = 0;
    for (int i = 0; i < AIR_ROUNDS * AIRCRAFT; i++) {
        t = i / AIRCRAFT * 2 * WLK_REGISTRATION_PASS_S; /* they rest between */
        draw_aircraft(site, t, random, &passer);
        play(site, &passer, i, prior->excess, random, &by_aircraft);
    }
    t += 2 * WLK_REGISTRATION_PASS_S;
    (void)wlk_registration_age(&by_aircraft, wlk_draw_time(t));
    note(&by_aircraft, t, prior->excess, &out[WLK_BIAS_AIRCRAFT]);
}

static void sum_left(struct wlk_bias_cell *cell)
{
    for (int way = WLK_BIAS_PRIOR; way < WLK_BIAS_WAYS; way++)
        for (int s = 0; s < WLK_DRAW_SITES; s++) {
            const struct told *of = &told[s][way];
            cell->count[way]++;
            for (int k = 0; k < 3; k++) {
                cell->left2[way][k] += pow(of->excess[k] / of->sigma[k], 2);
                cell->sigma[way][k] += of->sigma[k];
            }
        }
}

/* ---- the filter ------------------------------------------------------------------------- */

/* A look in free flight of a subset; false: it is none. */
static bool is_free(const struct wlk_follow *follow, const struct wlk_plot *plot, double x[6])
{
    double t = wlk_draw_seconds(plot->time);
    bool is_rising = t < follow->drawn->flight.apogee_time_s;
    return t >= follow->drawn->flight.burnout_s + 0.1 &&
           wlk_flight_at(&follow->drawn->flight, t, x, x + 3) == WLK_OK &&
           wlk_propagate_height(x) >= (is_rising ? FREE_M : FALL_M);
}

/* Follows it one way until it is judged; P: the covariance without bias, made by that way. */
static void follow_way(const struct wlk_draw_sites *sites, const struct wlk_follow *follow,
                       int subset, int way, double P[9][9], struct wlk_bias_cell *cell)
{
    struct wlk_state state;
    struct wlk_consider consider = {0};
    struct wlk_look look;
    bool has_begun = false;
    wlk_utc since = {0};
    double x[6];
    for (size_t i = 0; i < follow->count; i++) {
        struct wlk_plot plot = follow->look[i].plot;
        int site = follow->look[i].site;
        if (!wlk_draw_subset_has(subset, &sites->site[site]) || !is_free(follow, &plot, x))
            continue;
        spoil(&plot, told[site][way].excess);
        memcpy(plot.bias_sigma, told[site][way].sigma, sizeof plot.bias_sigma);
        wlk_look_from_plot(&plot, &look);
        if (!has_begun) {
            wlk_filter_begin(&look, WLK_PHASE_COAST, &state);
            since = plot.time;
        } else if (wlk_filter_predict(&state, plot.time) != WLK_OK ||
                   wlk_filter_update(&state, &look, NULL) != WLK_OK) {
            return;
        }
        has_begun = true;
        wlk_consider_take(&consider, &plot, &look, &state);
        double after_s = wlk_utc_seconds(plot.time, since);
        if (after_s < WLK_BIAS_AFTER_S)
            continue;
        if (after_s > WLK_BIAS_AFTER_S + 10)
            return;
        if (way == WLK_BIAS_NONE)
            memcpy(P, state.covariance, sizeof state.covariance);
        wlk_consider_widen(&consider, &state);
        if (P[0][0] > 0)
            wlk_cell_take_error(&cell->error[subset][way], &state, x, P);
        return;
    }
}

void wlk_bias_flight(const struct wlk_draw_sites *sites, const struct wlk_follow *follow,
                     uint64_t number, struct wlk_bias_cell *cell)
{
    struct wlk_random random = wlk_random_seeded(number, 7000 + (uint64_t)follow->drawn->kind);
    for (int s = 0; s < WLK_DRAW_SITES; s++)
        register_site(&sites->site[s], &random, told[s]);
    sum_left(cell);
    for (int subset = 0; subset < WLK_DRAW_SUBSETS; subset++) {
        double P[9][9] = {{0}};
        for (int way = 0; way < WLK_BIAS_WAYS; way++)
            follow_way(sites, follow, subset, way, P, cell);
    }
}
