/* launch.c -- maximum a posteriori fit of the boost template, Levenberg-Marquardt.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/launch.h"

#include "base/assert.h"
#include "earth/geodesic.h"
#include "earth/propagate.h"
#include "tracking/phase.h"
#include "tracking/template.h"

#include <math.h>
#include <string.h>

enum { N = WLK_TEMPLATE_UNKNOWNS, STEPS_MAX = 12, ROWS = 3 * WLK_LAUNCH_LOOKS_MAX + 1 };

/* What is known before any plot; mean and one sigma (ASSUMPTIONS: liquid and solid missiles of
 * 100 to 13,000 km range, flown normal or lofted). */
static const double PRIOR[N][2] = {
    [WLK_TEMPLATE_EAST] = {0, 1e6},      [WLK_TEMPLATE_NORTH] = {0, 1e6},
    [WLK_TEMPLATE_TIME] = {0, 600},      [WLK_TEMPLATE_AZIMUTH] = {0, 6},
    [WLK_TEMPLATE_LIFT] = {3.0, 0.35},   /* 20 m/s^2 */
    [WLK_TEMPLATE_GROWTH] = {5.14, 0.6}, /* 170 s */
    [WLK_TEMPLATE_PITCH] = {0.8, 0.45},  /* 46 deg */
    [WLK_TEMPLATE_BEND] = {4.1, 0.5},    /* 60 s */
    [WLK_TEMPLATE_BURN] = {4.7, 0.5}};   /* 110 s */

/* Steps of the numerical slope. */
static const double NUDGE[N] = {100, 100, 0.1, 1e-3, 1e-3, 1e-3, 1e-3, 1e-3, 1e-3};

/* The template is not the missile: it may miss each plot by so much, and its acceleration by so
 * much from the first plot on (ASSUMPTION), so that late plots count less. */
static const double MISFIT_M = 100, MISFIT_MPS2 = 1.5;
static const double PLACE_SIGMA_MIN_M = 100, TIME_SIGMA_MIN_S = 0.5;
/* How it flew before the first plot is not seen: real steering differs from the template's by
 * this part of the way over ground until then, along the azimuth, whatever the plots say; and
 * real staging by this part of the time until then where it was first seen at 100 km, less by
 * the root of the height (measured on drawn flights: docs/accuracy.md). First
 * seen in free flight the priors carry the doubt of the place; that of the time is more. */
static const double WAY_PART = 0.25, TIME_PART = 0.22, TIME_PART_COASTING = 0.4;
static const double HIGH_M = 100e3;
/* Plots later than this after the first tell of the template's faults, not of the launch. */
static const double LOOKS_S = 20;
static const double COST_MAX = 16; /* mean square of the residuals at which it is no fit */

struct search {
    const struct wlk_launch_case *seen;
    wlk_geodetic reference;
    wlk_utc zero;       /* reference time */
    int free_count;     /* unknowns in use: 8, or 9 with the burn time */
    double thrust_s;    /* from the first look to the end of thrust */
    double scale[ROWS]; /* 1 / sigma of each residual, with the misfit */
};

/* Residuals of all looks, in sigmas. */
static void residuals(const struct search *s, const double unknown[N], double out[ROWS])
{
    struct wlk_template boost;
    struct wlk_template_flight flight;
    memcpy(boost.unknown, unknown, sizeof boost.unknown);
    double start = unknown[WLK_TEMPLATE_TIME];
    double first = wlk_utc_seconds(s->seen->look[0].time, s->zero) - start;
    boost.burn_s = HUGE_VAL;
    if (s->seen->thrust == WLK_LAUNCH_BURNOUT)
        boost.burn_s = wlk_utc_seconds(s->seen->burnout, s->zero) - start;
    else if (s->seen->thrust == WLK_LAUNCH_COASTING)
        boost.burn_s = fmin(exp(unknown[WLK_TEMPLATE_BURN]), first);
    wlk_template_begin(&boost, s->reference, &flight);
    for (size_t i = 0; i < s->seen->count; i++) {
        const struct wlk_look *look = &s->seen->look[i];
        double apart[3], enu[3];
        wlk_template_fly(&flight, wlk_utc_seconds(look->time, s->zero) - start);
        for (int k = 0; k < 3; k++)
            apart[k] = flight.x[k] - look->site[k];
        for (int k = 0; k < 3; k++)
            enu[k] = look->axes[k][0] * apart[0] + look->axes[k][1] * apart[1] +
                     look->axes[k][2] * apart[2];
        double flat = hypot(enu[0], enu[1]), turn = look->z[1] - atan2(enu[0], enu[1]);
        turn -= 2 * WLK_PI * rint(turn / (2 * WLK_PI));
        out[3 * i] = (look->z[0] - hypot(flat, enu[2])) * s->scale[3 * i];
        out[3 * i + 1] = turn * s->scale[3 * i + 1];
        out[3 * i + 2] = (look->z[2] - atan2(enu[2], flat)) * s->scale[3 * i + 2];
    }
    /* burns last about so long; one that still burns may not have lasted much longer */
    size_t last = s->seen->count - 1;
    double burn_s =
        fmin(boost.burn_s, wlk_utc_seconds(s->seen->look[last].time, s->zero) - start);
    double longer =
        (log(fmax(burn_s, 1)) - PRIOR[WLK_TEMPLATE_BURN][0]) / PRIOR[WLK_TEMPLATE_BURN][1];
    out[3 * last + 3] = s->seen->thrust == WLK_LAUNCH_BURNOUT     ? longer
                        : s->seen->thrust == WLK_LAUNCH_THRUSTING ? fmax(longer, 0)
                                                                  : 0;
}

static double cost_of(const struct search *s, const double unknown[N], const double r[ROWS],
                      const double prior[N])
{
    double cost = 0;
    for (size_t i = 0; i < 3 * s->seen->count + 1; i++)
        cost += r[i] * r[i];
    for (int j = 0; j < s->free_count; j++)
        cost += pow((unknown[j] - prior[j]) / PRIOR[j][1], 2);
    return cost;
}

/* L L' = A in the lower triangle. */
static bool factor(double A[N][N], int n)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            double sum = A[i][j];
            for (int k = 0; k < j; k++)
                sum -= A[i][k] * A[j][k];
            if (i == j && !(sum > 0))
                return false;
            A[i][j] = i == j ? sqrt(sum) : sum / A[j][j];
        }
    return true;
}

static void solve(double L[N][N], int n, double b[N])
{
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++)
            b[i] -= L[i][k] * b[k];
        b[i] /= L[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++)
            b[i] -= L[k][i] * b[k];
        b[i] /= L[i][i];
    }
}

/* Normal matrix and right side at a point with residuals r. */
static void normal(const struct search *s, const double unknown[N], const double r[ROWS],
                   const double prior[N], double A[N][N], double b[N])
{
    double slope[N][ROWS], near[N], moved[ROWS];
    size_t rows = 3 * s->seen->count + 1;
    for (int j = 0; j < s->free_count; j++) {
        memcpy(near, unknown, sizeof near);
        near[j] += NUDGE[j];
        residuals(s, near, moved);
        for (size_t i = 0; i < rows; i++)
            slope[j][i] = (moved[i] - r[i]) / NUDGE[j];
    }
    for (int j = 0; j < s->free_count; j++) {
        double weight = 1 / (PRIOR[j][1] * PRIOR[j][1]);
        b[j] = -weight * (unknown[j] - prior[j]);
        for (size_t i = 0; i < rows; i++)
            b[j] -= slope[j][i] * r[i];
        for (int k = 0; k <= j; k++) {
            A[j][k] = j == k ? weight : 0;
            for (size_t i = 0; i < rows; i++)
                A[j][k] += slope[j][i] * slope[k][i];
            A[k][j] = A[j][k];
        }
    }
}

/* From a start to the nearest minimum. Returns the cost, HUGE_VAL if it failed; A: the normal
 * matrix there. */
static double descend(const struct search *s, double unknown[N], double A[N][N])
{
    double r[ROWS], b[N], prior[N], damping = 1e-2;
    for (int j = 0; j < N; j++)
        prior[j] = j < WLK_TEMPLATE_LIFT ? unknown[j] : PRIOR[j][0];
    residuals(s, unknown, r);
    double cost = cost_of(s, unknown, r, prior);
    for (int count = 0; count < STEPS_MAX && isfinite(cost); count++) {
        double damped[N][N], step[N], next[N], r_next[ROWS], next_cost = HUGE_VAL;
        normal(s, unknown, r, prior, A, b);
        for (int attempt = 0; attempt < 5; attempt++, damping *= 10) {
            memcpy(damped, A, sizeof damped);
            memcpy(step, b, sizeof step);
            for (int j = 0; j < s->free_count; j++)
                damped[j][j] *= 1 + damping;
            if (!factor(damped, s->free_count))
                continue;
            solve(damped, s->free_count, step);
            memcpy(next, unknown, sizeof next);
            for (int j = 0; j < s->free_count; j++)
                next[j] += step[j];
            residuals(s, next, r_next);
            next_cost = cost_of(s, next, r_next, prior);
            if (next_cost < cost)
                break;
        }
        if (!(next_cost < cost))
            break;
        damping = fmax(damping * 0.1, 1e-7);
        double gain = cost - next_cost;
        memcpy(unknown, next, sizeof next);
        memcpy(r, r_next, sizeof r);
        cost = next_cost;
        if (gain < 1e-2 + 1e-4 * cost)
            break;
    }
    normal(s, unknown, r, prior, A, b);
    return cost;
}

/* The state after the looks, by the filter; where a search starts. */
static wlk_status first_state(const struct wlk_launch_case *seen, struct wlk_state *out)
{
    struct wlk_phases phases;
    wlk_phases_begin(&seen->look[0], &phases);
    for (size_t i = 1; i < seen->count; i++)
        if (wlk_phases_take(&phases, &seen->look[i]) != WLK_OK)
            return WLK_NO_SOLUTION;
    *out = *wlk_phases_state(&phases);
    return WLK_OK;
}

/* A start: what a smooth boost of burn_s (0: still burning) must have been to come to x at
 * seconds (since s->zero). Height and path grow about as t^2.3 and t^3 in a boost. */
static void start_from(const struct search *s, const double x_seen[6], double seconds,
                       double burn_s, double unknown[N])
{
    double x[6];
    memcpy(x, x_seen, sizeof x);
    wlk_geodetic place = wlk_geodetic_from_ecef((wlk_ecef){x[0], x[1], x[2]});
    wlk_enu v = wlk_enu_from_ecef(place, x + 3);
    for (int count = 0; burn_s > 0 && count < 400; count++) {
        if (v.up > 0 && place.height_m <= v.up * burn_s / 2.3)
            break;
        double back[6];
        if (wlk_propagate(x, 0, -5, back, NULL) != WLK_OK)
            break;
        memcpy(x, back, sizeof x);
        seconds -= 5;
        place = wlk_geodetic_from_ecef((wlk_ecef){x[0], x[1], x[2]});
        v = wlk_enu_from_ecef(place, x + 3);
        if (place.height_m < 10e3)
            break;
    }
    double flight_s = burn_s > 0 ? burn_s : 2.3 * place.height_m / fmax(v.up, 150);
    flight_s = fmin(fmax(flight_s, 15), 400);
    for (int j = 0; j < N; j++)
        unknown[j] = PRIOR[j][0];
    double north = (place.latitude_rad - s->reference.latitude_rad) * WLK_WGS84_A;
    double east = (place.longitude_rad - s->reference.longitude_rad) * WLK_WGS84_A *
                  cos(place.latitude_rad);
    unknown[WLK_TEMPLATE_EAST] = east - v.east * flight_s / 3;
    unknown[WLK_TEMPLATE_NORTH] = north - v.north * flight_s / 3;
    unknown[WLK_TEMPLATE_TIME] = seconds - flight_s;
    unknown[WLK_TEMPLATE_AZIMUTH] = atan2(v.east, v.north);
    unknown[WLK_TEMPLATE_BURN] = log(flight_s);
    double steep = atan2(v.up, hypot(v.east, v.north));
    unknown[WLK_TEMPLATE_PITCH] = fmin(fmax(steep, 0.3), 1.45);
}

/* Adds what the template's faults do to place and time. */
static void add_faults(const struct search *s, const double unknown[N], wlk_geodetic launch,
                       double P[3][3])
{
    double azimuth = unknown[WLK_TEMPLATE_AZIMUTH], time_s = unknown[WLK_TEMPLATE_TIME];
    const double *at = s->seen->look[0].at;
    wlk_geodetic first = wlk_geodetic_from_ecef((wlk_ecef){at[0], at[1], at[2]});
    bool is_coasting = s->seen->thrust == WLK_LAUNCH_COASTING;
    double way_m = is_coasting ? 0 : WAY_PART * wlk_geodesic_between(launch, first).distance_m;
    double part =
        is_coasting ? TIME_PART_COASTING : TIME_PART * sqrt(fmax(first.height_m, 0) / HIGH_M);
    const double along[2] = {way_m * sin(azimuth), way_m * cos(azimuth)};
    for (int i = 0; i < 2; i++) {
        P[i][i] += PLACE_SIGMA_MIN_M * PLACE_SIGMA_MIN_M;
        for (int j = 0; j < 2; j++)
            P[i][j] += along[i] * along[j];
    }
    P[2][2] += TIME_SIGMA_MIN_S * TIME_SIGMA_MIN_S;
    P[2][2] += pow(part * time_s, 2);
}

/* Inverse of the normal matrix, with the template's faults added. */
static wlk_status conclude(const struct search *s, const double unknown[N], double A[N][N],
                           double cost, struct wlk_launch *out)
{
    double C[N][N], mean = cost / (double)(3 * s->seen->count);
    if (!(mean < COST_MAX) || !factor(A, s->free_count))
        return WLK_NO_SOLUTION;
    for (int j = 0; j < s->free_count; j++) {
        memset(C[j], 0, sizeof C[j]);
        C[j][j] = 1;
        solve(A, s->free_count, C[j]);
    }
    double worse = fmax(1, mean);
    struct wlk_launch launch = {.status = WLK_LAUNCH_SUSPECTED,
                                .has_azimuth = true,
                                .object_count_min = 1,
                                .object_count_max = 1};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            launch.point.covariance[i][j] = worse * C[i][j];
    struct wlk_template boost = {.burn_s = HUGE_VAL};
    struct wlk_template_flight flight;
    memcpy(boost.unknown, unknown, sizeof boost.unknown);
    wlk_template_begin(&boost, s->reference, &flight);
    launch.point.place =
        wlk_geodetic_from_ecef((wlk_ecef){flight.x[0], flight.x[1], flight.x[2]});
    launch.point.place.height_m = 0;
    launch.point.time = wlk_utc_add(s->zero, unknown[WLK_TEMPLATE_TIME]);
    add_faults(s, unknown, launch.point.place, launch.point.covariance);
    double azimuth = unknown[WLK_TEMPLATE_AZIMUTH];
    if (unknown[WLK_TEMPLATE_PITCH] > WLK_PI / 2) /* over the vertical is the other way */
        azimuth += WLK_PI;
    azimuth = fmod(azimuth, 2 * WLK_PI);
    launch.azimuth_rad = azimuth < 0 ? azimuth + 2 * WLK_PI : azimuth;
    launch.azimuth_sigma_rad =
        fmin(sqrt(4 * worse * C[3][3] + 0.01 * 0.01), WLK_PI / sqrt(3.0));
    if (!(launch.point.covariance[0][0] + launch.point.covariance[1][1] < 1e12) ||
        !isfinite(launch.point.covariance[2][2]))
        return WLK_NO_SOLUTION;
    *out = launch;
    return WLK_OK;
}

static void scale_rows(struct search *s)
{
    for (size_t i = 0; i < s->seen->count; i++) {
        const struct wlk_look *look = &s->seen->look[i];
        double since_s = wlk_utc_seconds(look->time, s->zero);
        double thrust_s = fmin(since_s, s->thrust_s), free_s = since_s - thrust_s;
        double misfit = hypot(MISFIT_M, MISFIT_MPS2 * thrust_s * (0.5 * thrust_s + free_s));
        double angle = misfit / look->z[0], flat = angle / fmax(cos(look->z[2]), 0.02);
        s->scale[3 * i] = 1 / sqrt(look->variance[0] + misfit * misfit);
        s->scale[3 * i + 1] = 1 / sqrt(look->variance[1] + flat * flat);
        s->scale[3 * i + 2] = 1 / sqrt(look->variance[2] + angle * angle);
    }
}

/* The plots that tell of the launch. */
static struct wlk_launch_case early_of(const struct wlk_launch_case *seen)
{
    struct wlk_launch_case early = *seen;
    while (early.count > 3 && seen->thrust != WLK_LAUNCH_COASTING &&
           wlk_utc_seconds(early.look[early.count - 1].time, early.look[0].time) > LOOKS_S)
        early.count--;
    return early;
}

wlk_status wlk_launch_fit(const struct wlk_launch_case *given, struct wlk_launch *out)
{
    static const double BURNS[3] = {70, 120, 220};
    struct wlk_state state;
    const struct wlk_launch_case early = early_of(given), *seen = &early;
    struct search s = {.seen = seen, .zero = seen->look[0].time};
    if (seen->count < 3)
        return WLK_NOT_YET;
    WLK_ASSERT(seen->count <= WLK_LAUNCH_LOOKS_MAX);
    WLK_TRY(first_state(seen, &state));
    double x[6], best_cost = HUGE_VAL, best[N], best_A[N][N];
    memcpy(x, state.position_m, sizeof state.position_m);
    memcpy(x + 3, state.velocity_mps, sizeof state.velocity_mps);
    s.reference = wlk_geodetic_from_ecef((wlk_ecef){x[0], x[1], x[2]});
    s.free_count = seen->thrust == WLK_LAUNCH_COASTING ? N : N - 1;
    s.thrust_s = seen->thrust == WLK_LAUNCH_THRUSTING ? HUGE_VAL
                 : seen->thrust == WLK_LAUNCH_COASTING
                     ? 0
                     : fmax(0, wlk_utc_seconds(seen->burnout, s.zero));
    scale_rows(&s);
    double seconds = wlk_utc_seconds(state.epoch, s.zero);
    for (int k = 0; k < (seen->thrust == WLK_LAUNCH_COASTING ? 3 : 1); k++) {
        double unknown[N], A[N][N] = {{0}}, burn_s = BURNS[k];
        if (seen->thrust != WLK_LAUNCH_COASTING)
            burn_s = 0;
        start_from(&s, x, seconds, burn_s, unknown);
        double cost = descend(&s, unknown, A);
        if (cost < best_cost) {
            best_cost = cost;
            memcpy(best, unknown, sizeof best);
            memcpy(best_A, A, sizeof best_A);
        }
    }
    if (!isfinite(best_cost))
        return WLK_NO_SOLUTION;
    return conclude(&s, best, best_A, best_cost, out);
}
