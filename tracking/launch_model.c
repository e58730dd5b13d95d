/* launch_model.c -- flights of the template, and what they do not explain.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/launch_model.h"

#include <math.h>
#include <string.h>

enum { N = WLK_TEMPLATE_UNKNOWNS, ROWS = WLK_LAUNCH_ROWS };

/* Steps of the numerical slope. */
static const double NUDGE[N] = {100, 100, 0.1, 1e-3, 1e-3, 1e-3, 1e-3, 1e-3, 1e-3};

/* The template is not the missile: in the plane of flight it may miss each plot by so much, and
 * its acceleration by so much from the first plot on, so that late plots count less; across the
 * plane by little, for rockets fly in one (ASSUMPTIONS, set on drawn flights). */
static const double MISFIT_M = 200, MISFIT_MPS2 = 4, MISFIT_ACROSS_M = 30;
static const double BURN_SIGMA = 0.05; /* of ln of the burn time, where it was seen */

/* L L' = A in the lower triangle. */
bool wlk_launch_factor(double A[N][N], int n)
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

void wlk_launch_solve(double L[N][N], int n, double b[N])
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

/* Across the plane of flight: a unit vector, ECEF, and which part (squared) of what lies in the
 * plane may lie across it, for the plane is not well known either. */
static double plane_of(const struct wlk_state *state, double across[3])
{
    const double *x = state->position_m, *v = state->velocity_mps;
    double size2 = 0, up2 = 0, spread = 0;
    for (int k = 0; k < 3; k++) {
        int p = (k + 1) % 3, q = (k + 2) % 3;
        across[k] = x[p] * v[q] - x[q] * v[p];
        size2 += across[k] * across[k];
        up2 += x[k] * x[k];
        spread += state->covariance[k + 3][k + 3] / 3;
    }
    for (int k = 0; k < 3; k++)
        across[k] /= sqrt(fmax(size2, 1));
    return fmin(1, spread * up2 / fmax(size2, 1));
}

/* The inverse root of each look's covariance: its noise, and the misfit in the plane. Returns
 * which part of that may lie across it. */
double wlk_launch_weigh(struct wlk_launch_model *s, const struct wlk_state *state, double end_s)
{
    double across[3], part = plane_of(state, across);
    for (size_t i = 0; i < s->seen->count; i++) {
        const struct wlk_look *look = &s->seen->look[i];
        double since_s = wlk_utc_seconds(look->time, s->zero);
        double thrust_s = fmin(since_s, end_s), free_s = since_s - thrust_s;
        double misfit = hypot(MISFIT_M, MISFIT_MPS2 * thrust_s * (0.5 * thrust_s + free_s));
        double in_plane = misfit * misfit;
        double beside = in_plane * (1 - part) - MISFIT_ACROSS_M * MISFIT_ACROSS_M;
        double az = look->z[1], el = look->z[2],
               r[3] = {1, look->z[0] * fmax(cos(el), 0.02), look->z[0]};
        const double rows[3][3] = {{cos(el) * sin(az), cos(el) * cos(az), sin(el)},
                                   {cos(az), -sin(az), 0},
                                   {-sin(el) * sin(az), -sin(el) * cos(az), cos(el)}};
        double c[3], L[N][N] = {{0}};
        for (int k = 0; k < 3; k++) {
            c[k] = 0;
            for (int j = 0; j < 3; j++)
                for (int m = 0; m < 3; m++)
                    c[k] += rows[k][j] * look->axes[j][m] * across[m] / r[k];
        }
        for (int k = 0; k < 3; k++) {
            for (int j = 0; j < 3; j++)
                L[k][j] = -beside * c[k] * c[j];
            L[k][k] += look->variance[k] + in_plane / (r[k] * r[k]);
        }
        if (!wlk_launch_factor(L, 3))
            return -1;
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 3; k++) {
                double sum = k == j;
                for (int m = j; m < k; m++)
                    sum -= L[k][m] * s->whiten[i][m][j];
                s->whiten[i][k][j] = k < j ? 0 : sum / L[k][k];
            }
    }
    return part;
}

/* From the launch to the first look, s. */
static double first_of(const struct wlk_launch_model *s, const double unknown[N])
{
    return wlk_utc_seconds(s->seen->look[0].time, s->zero) - unknown[WLK_TEMPLATE_TIME];
}

/* Does its end of thrust hang on when it rose? */
static bool is_end_tied(const struct wlk_launch_model *s, const double unknown[N])
{
    return s->burning == WLK_LAUNCH_BURNT ||
           (s->burning == WLK_LAUNCH_WAS_BURNT &&
            exp(unknown[WLK_TEMPLATE_BURN]) > first_of(s, unknown));
}

void wlk_launch_fly(const struct wlk_launch_model *s, const double unknown[N],
                    struct wlk_launch_journey *out)
{
    struct wlk_template boost;
    struct wlk_template_flight flight;
    double start = unknown[WLK_TEMPLATE_TIME];
    memcpy(boost.unknown, unknown, sizeof boost.unknown);
    boost.burn_s = s->burning == WLK_LAUNCH_BURNS ? HUGE_VAL : exp(unknown[WLK_TEMPLATE_BURN]);
    if (is_end_tied(s, unknown))
        boost.burn_s = s->burning == WLK_LAUNCH_BURNT
                           ? wlk_utc_seconds(s->seen->burnout, s->zero) - start
                           : first_of(s, unknown);
    wlk_template_begin(&boost, s->reference, &flight);
    out->start = flight;
    for (size_t i = 0; i < s->seen->count; i++) {
        wlk_template_fly(&flight, wlk_utc_seconds(s->seen->look[i].time, s->zero) - start);
        memcpy(out->at[i], flight.x, sizeof flight.x);
    }
}

/* Of one look, in sigmas, were the object at x. */
static void residual(const struct wlk_launch_model *s, size_t i, const double x[3],
                     double out[3])
{
    const struct wlk_look *look = &s->seen->look[i];
    double apart[3], enu[3];
    for (int k = 0; k < 3; k++)
        apart[k] = x[k] - look->site[k];
    for (int k = 0; k < 3; k++)
        enu[k] = look->axes[k][0] * apart[0] + look->axes[k][1] * apart[1] +
                 look->axes[k][2] * apart[2];
    double flat = hypot(enu[0], enu[1]), turn = look->z[1] - atan2(enu[0], enu[1]);
    turn -= 2 * WLK_PI * rint(turn / (2 * WLK_PI));
    const double off[3] = {look->z[0] - hypot(flat, enu[2]), turn,
                           look->z[2] - atan2(enu[2], flat)};
    for (int k = 0; k < 3; k++) {
        out[k] = 0;
        for (int j = 0; j <= k; j++)
            out[k] += s->whiten[i][k][j] * off[j];
    }
}

/* The burn time of the prior is that of the flight, or on the right side of the looks. */
static double burn_residual(const struct wlk_launch_model *s, const double unknown[N])
{
    size_t last = s->seen->count - 1;
    double start = unknown[WLK_TEMPLATE_TIME], burn = unknown[WLK_TEMPLATE_BURN], off = 0;
    double last_s = wlk_utc_seconds(s->seen->look[last].time, s->zero) - start;
    if (s->burning == WLK_LAUNCH_BURNS)
        off = fmax(0, log(fmax(last_s, 1)) - burn);
    else if (s->burning == WLK_LAUNCH_BURNT)
        off = log(fmax(wlk_utc_seconds(s->seen->burnout, s->zero) - start, 1)) - burn;
    else if (s->burning == WLK_LAUNCH_WAS_BURNT)
        off = fmax(0, burn - log(fmax(first_of(s, unknown), 1)));
    return off / BURN_SIGMA;
}

/* Residuals of all looks, in sigmas. */
void wlk_launch_residuals(const struct wlk_launch_model *s, const double unknown[N],
                          const struct wlk_launch_journey *journey, double out[ROWS])
{
    for (size_t i = 0; i < s->seen->count; i++)
        residual(s, i, journey->at[i], &out[3 * i]);
    out[3 * s->seen->count] = burn_residual(s, unknown);
}

/* What a unit of an unknown does to a place on the way, where that is known without a flight:
 * a launch elsewhere or another way turns the whole journey about the Earth's centre, its axis
 * or the launch, and a later one puts it off. (The Earth's turning and flattening make a
 * hundredth of a difference, to a slope.) False: it must be flown. */
static bool is_known(const struct wlk_launch_model *s, const double unknown[N], int j)
{
    return j == WLK_TEMPLATE_EAST || j == WLK_TEMPLATE_NORTH || j == WLK_TEMPLATE_AZIMUTH ||
           (j == WLK_TEMPLATE_TIME && !is_end_tied(s, unknown)) ||
           (j == WLK_TEMPLATE_BURN &&
            (s->burning == WLK_LAUNCH_BURNS || is_end_tied(s, unknown)));
}

static void known_move(const struct wlk_launch_model *s,
                       const struct wlk_launch_journey *journey, size_t i, int j, double out[3])
{
    const struct wlk_template_flight *start = &journey->start;
    const double *x = journey->at[i];
    double turn[3] = {0}, from[3] = {0}; /* rad about the axes of the Earth, about a place */
    memset(out, 0, 3 * sizeof *out);
    if (j == WLK_TEMPLATE_EAST)
        turn[2] = 1 / (WLK_WGS84_A * fmax(cos(s->reference.latitude_rad), 0.01));
    for (int k = 0; k < 3; k++) {
        if (j == WLK_TEMPLATE_NORTH)
            turn[k] = -start->east[k] / WLK_WGS84_A;
        if (j == WLK_TEMPLATE_AZIMUTH) {
            turn[k] = -start->up[k];
            from[k] = start->x[k];
        }
        if (j == WLK_TEMPLATE_TIME)
            out[k] = -x[3 + k];
    }
    for (int k = 0; k < 3; k++) {
        int p = (k + 1) % 3, q = (k + 2) % 3;
        out[k] += turn[p] * (x[q] - from[q]) - turn[q] * (x[p] - from[p]);
    }
}

/* Column j of the slopes of the residuals r. */
static void slope_of(const struct wlk_launch_model *s, const double unknown[N],
                     const struct wlk_launch_journey *journey, const double r[ROWS], int j,
                     double out[ROWS])
{
    struct wlk_launch_journey other;
    double near[N], moved[ROWS];
    memcpy(near, unknown, sizeof near);
    near[j] += NUDGE[j];
    if (is_known(s, unknown, j))
        for (size_t i = 0; i < s->seen->count; i++) {
            known_move(s, journey, i, j, other.at[i]);
            for (int k = 0; k < 3; k++)
                other.at[i][k] = journey->at[i][k] + NUDGE[j] * other.at[i][k];
        }
    else
        wlk_launch_fly(s, near, &other);
    wlk_launch_residuals(s, near, &other, moved);
    for (size_t i = 0; i < 3 * s->seen->count + 1; i++)
        out[i] = (moved[i] - r[i]) / NUDGE[j];
}

void wlk_launch_slopes(const struct wlk_launch_model *s, const double unknown[N],
                       const struct wlk_launch_journey *journey, const double r[ROWS],
                       double out[N][ROWS])
{
    for (int j = 0; j < N; j++)
        slope_of(s, unknown, journey, r, j, out[j]);
}
