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
/* From here on the unknowns are of the rocket and have a prior in common. */
enum { ROCKET = WLK_TEMPLATE_LIFT, R = N - ROCKET, ANSWERS_MAX = 3 };

/* What is known before any plot of place, time and azimuth: nothing. Sigmas about the start. */
static const double VAGUE[ROCKET] = {1e6, 1e6, 600, 6};

/* And of the rocket; mean, one sigma, correlations (ASSUMPTIONS: templates fitted to drawn
 * flights of missiles of 150 to 13,000 km range, low, normal and lofted; correlations a tenth
 * smaller). What burns for long is heavy, rises slowly and turns late. */
static const double ROCKET_MEAN[R] = {3.0, 5.0, 0.6, 4.55, 4.95};
static const double ROCKET_SIGMA[R] = {0.3, 0.4, 0.6, 0.6, 0.65};
static const double ROCKET_TIES[R][R] = {{1, -0.25, -0.2, -0.6, -0.7},
                                         {-0.25, 1, 0.15, 0.45, 0.55},
                                         {-0.2, 0.15, 1, 0.05, 0.3},
                                         {-0.6, 0.45, 0.05, 1, 0.8},
                                         {-0.7, 0.55, 0.3, 0.8, 1}};

/* Steps of the numerical slope. */
static const double NUDGE[N] = {100, 100, 0.1, 1e-3, 1e-3, 1e-3, 1e-3, 1e-3, 1e-3};

/* The template is not the missile: it may miss each plot by so much, and its acceleration by so
 * much from the first plot on (ASSUMPTION), so that late plots count less. */
static const double MISFIT_M = 100, MISFIT_MPS2 = 0.7;
static const double PLACE_SIGMA_MIN_M = 100, TIME_SIGMA_MIN_S = 0.5;
/* How it flew before the first plot is not seen: real steering differs from the template's by
 * this part of the way over ground until then, along the azimuth, whatever the plots say; and
 * real staging by this part of the time until then where it was first seen at 100 km, less by
 * the root of the height. First seen in free flight it is more (set on drawn flights, by
 * docs/accuracy.md). */
static const double WAY_PART = 0.06, WAY_PART_COASTING = 0.08;
static const double TIME_PART = 0.17, TIME_PART_COASTING = 0.35;
static const double HIGH_M = 100e3;
/* Plots later than this after the first tell of the template's faults, not of the launch. */
static const double LOOKS_S = 20;
static const double BURN_SIGMA = 0.05; /* of ln of the burn time, where it was seen */
static const double COST_MAX = 16; /* mean square of the residuals at which it is no fit */

/* What is held of the thrust in a search. */
enum burning {
    BURNS = 1, /* through all looks */
    BURNT,     /* ended at the burnout that was seen */
    WAS_BURNT, /* ended before the first look */
    BURNS_EVER /* may have ended at any time */
};

struct search {
    const struct wlk_launch_case *seen;
    wlk_geodetic reference;
    wlk_utc zero;       /* reference time */
    enum burning burning;
    double known[R][R]; /* inverse covariance of the rocket's prior */
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
    double burn = unknown[WLK_TEMPLATE_BURN];
    boost.burn_s = s->burning == BURNS ? HUGE_VAL : exp(burn);
    if (s->burning == BURNT)
        boost.burn_s = wlk_utc_seconds(s->seen->burnout, s->zero) - start;
    else if (s->burning == WAS_BURNT)
        boost.burn_s = fmin(exp(burn), first);
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
    /* the burn time of the prior is that of the flight, or on the right side of the looks */
    size_t last = s->seen->count - 1;
    double last_s = wlk_utc_seconds(s->seen->look[last].time, s->zero) - start;
    double off = 0;
    if (s->burning == BURNS)
        off = fmax(0, log(fmax(last_s, 1)) - burn);
    else if (s->burning == BURNT)
        off = log(fmax(boost.burn_s, 1)) - burn;
    else if (s->burning == WAS_BURNT)
        off = fmax(0, burn - log(fmax(first, 1)));
    out[3 * last + 3] = off / BURN_SIGMA;
}

/* Gradient of half the prior's cost; returns the cost. */
static double prior_slope(const struct search *s, const double unknown[N],
                          const double start[ROCKET], double out[N])
{
    double cost = 0;
    for (int j = 0; j < N; j++) {
        out[j] = 0;
        if (j < ROCKET)
            out[j] = (unknown[j] - start[j]) / (VAGUE[j] * VAGUE[j]);
        for (int k = ROCKET; j >= ROCKET && k < N; k++)
            out[j] += s->known[j - ROCKET][k - ROCKET] * (unknown[k] - ROCKET_MEAN[k - ROCKET]);
        cost += out[j] * (unknown[j] - (j < ROCKET ? start[j] : ROCKET_MEAN[j - ROCKET]));
    }
    return cost;
}

static double cost_of(const struct search *s, const double unknown[N], const double r[ROWS],
                      const double start[ROCKET])
{
    double slope[N], cost = prior_slope(s, unknown, start, slope);
    for (size_t i = 0; i < 3 * s->seen->count + 1; i++)
        cost += r[i] * r[i];
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
                   const double start[ROCKET], double A[N][N], double b[N])
{
    double slope[N][ROWS], near[N], moved[ROWS];
    size_t rows = 3 * s->seen->count + 1;
    for (int j = 0; j < N; j++) {
        memcpy(near, unknown, sizeof near);
        near[j] += NUDGE[j];
        residuals(s, near, moved);
        for (size_t i = 0; i < rows; i++)
            slope[j][i] = (moved[i] - r[i]) / NUDGE[j];
    }
    (void)prior_slope(s, unknown, start, b);
    for (int j = 0; j < N; j++) {
        b[j] = -b[j];
        for (size_t i = 0; i < rows; i++)
            b[j] -= slope[j][i] * r[i];
        for (int k = 0; k <= j; k++) {
            A[j][k] = k >= ROCKET ? s->known[j - ROCKET][k - ROCKET] : 0;
            if (j == k && j < ROCKET)
                A[j][k] = 1 / (VAGUE[j] * VAGUE[j]);
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
    double r[ROWS], b[N], start[ROCKET], damping = 1e-2;
    memcpy(start, unknown, sizeof start);
    residuals(s, unknown, r);
    double cost = cost_of(s, unknown, r, start);
    for (int count = 0; count < STEPS_MAX && isfinite(cost); count++) {
        double damped[N][N], step[N], next[N], r_next[ROWS], next_cost = HUGE_VAL;
        normal(s, unknown, r, start, A, b);
        for (int attempt = 0; attempt < 5; attempt++, damping *= 10) {
            memcpy(damped, A, sizeof damped);
            memcpy(step, b, sizeof step);
            for (int j = 0; j < N; j++)
                damped[j][j] *= 1 + damping;
            if (!factor(damped, N))
                continue;
            solve(damped, N, step);
            for (int j = 0; j < N; j++)
                next[j] = unknown[j] + step[j];
            residuals(s, next, r_next);
            next_cost = cost_of(s, next, r_next, start);
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
    normal(s, unknown, r, start, A, b);
    return cost;
}

/* The state after the looks, by the filter; where a search starts. thrusts: it pushes now. */
static wlk_status first_state(const struct wlk_launch_case *seen, struct wlk_state *out,
                              bool *thrusts)
{
    struct wlk_phases phases;
    wlk_phases_begin(&seen->look[0], &phases);
    for (size_t i = 1; i < seen->count; i++)
        if (wlk_phases_take(&phases, &seen->look[i]) != WLK_OK)
            return WLK_NO_SOLUTION;
    *out = *wlk_phases_state(&phases);
    *thrusts = wlk_phases_thrusts(&phases);
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
    /* the rocket that burns about so long */
    for (int j = 0; j < R; j++)
        unknown[ROCKET + j] = ROCKET_MEAN[j] + ROCKET_TIES[j][R - 1] * ROCKET_SIGMA[j] *
                                                   (log(flight_s) - ROCKET_MEAN[R - 1]) /
                                                   ROCKET_SIGMA[R - 1];
    double north = (place.latitude_rad - s->reference.latitude_rad) * WLK_WGS84_A;
    double east = (place.longitude_rad - s->reference.longitude_rad) * WLK_WGS84_A *
                  cos(place.latitude_rad);
    unknown[WLK_TEMPLATE_EAST] = east - v.east * flight_s / 3;
    unknown[WLK_TEMPLATE_NORTH] = north - v.north * flight_s / 3;
    unknown[WLK_TEMPLATE_TIME] = seconds - flight_s;
    unknown[WLK_TEMPLATE_AZIMUTH] = atan2(v.east, v.north);
    double steep = atan2(v.up, hypot(v.east, v.north));
    unknown[WLK_TEMPLATE_PITCH] = fmin(fmax(steep, 0.3), 1.45);
}

/* One minimum: east, north (m), time (s) of the launch, and how much it explains. */
struct answer {
    double place[3], covariance[3][3];
    double azimuth_rad, azimuth_variance;
    double log_weight;
};

/* Adds what the template's faults do to place and time. */
static void add_faults(const struct search *s, double azimuth, double time_s,
                       wlk_geodetic launch, double P[3][3])
{
    const double *at = s->seen->look[0].at;
    wlk_geodetic first = wlk_geodetic_from_ecef((wlk_ecef){at[0], at[1], at[2]});
    bool is_coasting = s->seen->thrust == WLK_LAUNCH_COASTING;
    double way_m = (is_coasting ? WAY_PART_COASTING : WAY_PART) *
                   wlk_geodesic_between(launch, first).distance_m;
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

static wlk_geodetic place_of(const struct search *s, const double unknown[N])
{
    struct wlk_template boost = {.burn_s = HUGE_VAL};
    struct wlk_template_flight flight;
    memcpy(boost.unknown, unknown, sizeof boost.unknown);
    wlk_template_begin(&boost, s->reference, &flight);
    wlk_geodetic place =
        wlk_geodetic_from_ecef((wlk_ecef){flight.x[0], flight.x[1], flight.x[2]});
    place.height_m = 0;
    return place;
}

/* Inverse of the normal matrix, with the template's faults added; the weight is the evidence
 * by Laplace, prior and likelihood integrated over the unknowns. */
static wlk_status conclude(const struct search *s, const double unknown[N], double A[N][N],
                           double cost, struct answer *out)
{
    double C[N][N], mean = cost / (double)(3 * s->seen->count), worse = fmax(1, mean);
    if (!(mean < COST_MAX) || !factor(A, N))
        return WLK_NO_SOLUTION;
    out->log_weight = -0.5 * cost;
    for (int j = 0; j < N; j++) {
        memset(C[j], 0, sizeof C[j]);
        C[j][j] = 1;
        solve(A, N, C[j]);
        out->log_weight -= log(A[j][j]);
    }
    for (int i = 0; i < 3; i++) {
        out->place[i] = unknown[i];
        for (int j = 0; j < 3; j++)
            out->covariance[i][j] = worse * C[i][j];
    }
    double azimuth = unknown[WLK_TEMPLATE_AZIMUTH];
    if (unknown[WLK_TEMPLATE_PITCH] > WLK_PI / 2) /* over the vertical is the other way */
        azimuth += WLK_PI;
    add_faults(s, azimuth, unknown[WLK_TEMPLATE_TIME], place_of(s, unknown), out->covariance);
    out->azimuth_rad = azimuth;
    out->azimuth_variance = 4 * worse * C[3][3] + 0.01 * 0.01;
    double flat = out->covariance[0][0] + out->covariance[1][1];
    return flat < 1e12 && isfinite(out->covariance[2][2]) ? WLK_OK : WLK_NO_SOLUTION;
}

/* The mixture's mean and covariance. */
static void merge(const struct search *s, const struct answer *answer, int count,
                  struct wlk_launch *out)
{
    double weight[ANSWERS_MAX], sum = 0, mean[N] = {0}, turn[ANSWERS_MAX], turned = 0;
    int best = 0;
    for (int k = 1; k < count; k++)
        best = answer[k].log_weight > answer[best].log_weight ? k : best;
    for (int k = 0; k < count; k++)
        sum += weight[k] = exp(answer[k].log_weight - answer[best].log_weight);
    for (int k = 0; k < count; k++) {
        weight[k] /= sum;
        for (int i = 0; i < 3; i++)
            mean[i] += weight[k] * answer[k].place[i];
        turn[k] = remainder(answer[k].azimuth_rad - answer[best].azimuth_rad, 2 * WLK_PI);
        turned += weight[k] * turn[k];
    }
    struct wlk_launch launch = {.status = WLK_LAUNCH_SUSPECTED,
                                .has_azimuth = true,
                                .object_count_min = 1,
                                .object_count_max = 1};
    double variance = 0;
    for (int k = 0; k < count; k++) {
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                launch.point.covariance[i][j] +=
                    weight[k] *
                    (answer[k].covariance[i][j] + (answer[k].place[i] - mean[i]) *
                                                      (answer[k].place[j] - mean[j]));
        variance += weight[k] * (answer[k].azimuth_variance + pow(turn[k] - turned, 2));
    }
    launch.point.place = place_of(s, mean);
    launch.point.time = wlk_utc_add(s->zero, mean[WLK_TEMPLATE_TIME]);
    double azimuth = fmod(answer[best].azimuth_rad + turned, 2 * WLK_PI);
    launch.azimuth_rad = azimuth < 0 ? azimuth + 2 * WLK_PI : azimuth;
    launch.azimuth_sigma_rad = fmin(sqrt(variance), WLK_PI / sqrt(3.0));
    *out = launch;
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

/* The prior's inverse covariance. */
static void know(double out[R][R])
{
    double L[N][N] = {{0}};
    for (int i = 0; i < R; i++)
        for (int j = 0; j < R; j++)
            L[i][j] = ROCKET_TIES[i][j] * ROCKET_SIGMA[i] * ROCKET_SIGMA[j];
    bool is_positive = factor(L, R);
    WLK_ASSERT(is_positive);
    for (int i = 0; i < R; i++) {
        double row[N] = {0};
        row[i] = 1;
        solve(L, R, row);
        memcpy(out[i], row, R * sizeof *row);
    }
}

/* Which minima are looked for: what is held of the thrust, and the burn time to start from. */
struct attempt {
    enum burning burning;
    double burn_s; /* 0: up to the first look */
};

static int attempts_of(enum wlk_launch_thrust thrust, bool thrusts,
                       struct attempt out[ANSWERS_MAX])
{
    static const double BURNS_S[ANSWERS_MAX] = {70, 120, 220};
    if (thrust == WLK_LAUNCH_BURNOUT || thrust == WLK_LAUNCH_THRUSTING) {
        out[0] = (struct attempt){thrust == WLK_LAUNCH_BURNOUT ? BURNT : BURNS, 0};
        out[1] = (struct attempt){BURNS_EVER, BURNS_S[0]};
        return thrust == WLK_LAUNCH_THRUSTING && !thrusts ? 2 : 1;
    }
    for (int k = 0; k < ANSWERS_MAX; k++)
        out[k] = (struct attempt){WAS_BURNT, BURNS_S[k]};
    return ANSWERS_MAX;
}

wlk_status wlk_launch_fit(const struct wlk_launch_case *given, struct wlk_launch *out)
{
    struct wlk_state state;
    const struct wlk_launch_case early = early_of(given), *seen = &early;
    struct search s = {.seen = seen, .zero = seen->look[0].time};
    struct attempt attempt[ANSWERS_MAX];
    struct answer answer[ANSWERS_MAX];
    bool thrusts;
    int answers = 0;
    if (seen->count < 3)
        return WLK_NOT_YET;
    WLK_ASSERT(seen->count <= WLK_LAUNCH_LOOKS_MAX);
    WLK_TRY(first_state(seen, &state, &thrusts));
    double x[6];
    memcpy(x, state.position_m, sizeof state.position_m);
    memcpy(x + 3, state.velocity_mps, sizeof state.velocity_mps);
    s.reference = wlk_geodetic_from_ecef((wlk_ecef){x[0], x[1], x[2]});
    s.thrust_s = seen->thrust == WLK_LAUNCH_THRUSTING ? HUGE_VAL
                 : seen->thrust == WLK_LAUNCH_COASTING
                     ? 0
                     : fmax(0, wlk_utc_seconds(seen->burnout, s.zero));
    know(s.known);
    scale_rows(&s);
    int attempts = attempts_of(seen->thrust, thrusts, attempt);
    for (int k = 0; k < attempts; k++) {
        double unknown[N], A[N][N] = {{0}};
        s.burning = attempt[k].burning;
        start_from(&s, x, wlk_utc_seconds(state.epoch, s.zero), attempt[k].burn_s, unknown);
        double cost = descend(&s, unknown, A);
        answers += isfinite(cost) && conclude(&s, unknown, A, cost, &answer[answers]) == WLK_OK;
    }
    if (answers == 0)
        return WLK_NO_SOLUTION;
    merge(&s, answer, answers, out);
    return WLK_OK;
}
