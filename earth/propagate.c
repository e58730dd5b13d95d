/* propagate.c -- RK4 over the forces; phi by the variational equations in the air, above it by
 * the series of what the gradient does along the step.
 * SPDX-License-Identifier: Apache-2.0 */
#include "earth/propagate.h"

#include "earth/air.h"
#include "earth/frames.h"
#include "earth/gravity.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Error of RK4 after 600 s of coast at 10 s steps: 3 mm; at 30 s: 0.2 m (measured). */
static const double STEP_EXO_S = 10, STEP_AIR_S = 1, STEP_LOW_S = 0.5;
static const double LOW_M = 60e3;
static const double ABOVE_ALL_M = WLK_WGS84_A + WLK_AIR_TOP_M; /* air ends below, anywhere */
static const double STIFF = 0.4; /* step x rate of decay by drag: RK4 is stable to 2.7 */
static const double STEP_MIN_S = 0.01;
static const double DT_MAX_S = 7200, DEPTH_MAX_M = 100e3;
enum { STEPS_MAX = 2000 };

/* The partial derivatives of the acceleration. */
struct gradient {
    double r[3][3], v[3][3];
};

double wlk_propagate_height(const double position_m[3])
{
    double flat2 = position_m[0] * position_m[0] + position_m[1] * position_m[1];
    double r2 = flat2 + position_m[2] * position_m[2];
    /* the radius of the ellipsoid is b / sqrt(1 - u); the series is left off at 0.02 mm */
    const double e2 = WLK_WGS84_F * (2 - WLK_WGS84_F);
    double u = e2 * flat2 / r2;
    double rest = u * (1.0 / 2 + u * (3.0 / 8 + u * (5.0 / 16 + u * (35.0 / 128))));
    return sqrt(r2) - WLK_WGS84_A * (1 - WLK_WGS84_F) * (1 + rest);
}

/* Adds drag: -rho |v| v / (2 beta), v against the air that turns with the Earth. */
static void add_drag(const double x[6], double inverse_beta, double out[3], struct gradient *by)
{
    double height_m = wlk_propagate_height(x), slope;
    if (height_m >= WLK_AIR_TOP_M)
        return;
    const double *v = x + 3;
    double speed = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    double factor = -0.5 * inverse_beta * wlk_air_density(height_m, &slope);
    for (int i = 0; i < 3; i++)
        out[i] += factor * speed * v[i];
    if (!by || speed <= 0)
        return;
    double radius = sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
            by->r[i][j] += factor * speed * v[i] * slope * x[j] / radius;
            by->v[i][j] += factor * v[i] * v[j] / speed;
        }
        by->v[i][i] += factor * speed;
    }
}

/* Acceleration and its gradient. */
static void pull_of(const double x[6], double inverse_beta, double out[3], struct gradient *by)
{
    wlk_gravity_acceleration(x, out, by->r);
    memset(by->v, 0, sizeof by->v);
    by->v[0][1] = 2 * WLK_GRAVITY_OMEGA;
    by->v[1][0] = -2 * WLK_GRAVITY_OMEGA;
    if (inverse_beta > 0)
        add_drag(x, inverse_beta, out, by);
}

/* The lower half of phi' = F phi with F = [0 I; by.r by.v]; the upper half is phi's lower. */
static void phi_slope(const struct gradient *by, double place[3][6], double speed[3][6],
                      double out[3][6])
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 6; j++)
            out[i][j] = by->r[i][0] * place[0][j] + by->r[i][1] * place[1][j] +
                        by->r[i][2] * place[2][j] + by->v[i][0] * speed[0][j] +
                        by->v[i][1] * speed[1][j] + by->v[i][2] * speed[2][j];
}

/* Classical RK4: places of the four slopes. */
static const double PLACE[4] = {0, 0.5, 0.5, 1};

/* v[stage] and a[stage] are velocity and acceleration at the four stages; places and speeds are
 * kept apart, which compilers turn into quicker code than one row of six. */
static void step_mean(const double x[6], double inverse_beta, double h, double out[6])
{
    double at[6], v[4][3], a[4][3], h6 = h / 6;
    memcpy(at, x, sizeof at);
    for (int stage = 0; stage < 4; stage++) {
        for (int i = 0; stage > 0 && i < 3; i++) {
            at[i] = x[i] + PLACE[stage] * h * v[stage - 1][i];
            at[i + 3] = x[i + 3] + PLACE[stage] * h * a[stage - 1][i];
        }
        memcpy(v[stage], at + 3, sizeof v[stage]);
        wlk_gravity_acceleration(at, a[stage], NULL);
        if (inverse_beta > 0)
            add_drag(at, inverse_beta, a[stage], NULL);
    }
    for (int i = 0; i < 3; i++) {
        out[i] = x[i] + h6 * (v[0][i] + 2 * (v[1][i] + v[2][i]) + v[3][i]);
        out[i + 3] = x[i + 3] + h6 * (a[0][i] + 2 * (a[1][i] + a[2][i]) + a[3][i]);
    }
}

/* The same for phi: place and speed are its upper and lower halves at a stage. */
static void step_both(const double x[6], double inverse_beta, double h, double out[6],
                      double phi[6][6])
{
    double at[6], v[4][3], a[4][3], h6 = h / 6;
    double place[3][6] = {{0}}, speed[4][3][6] = {{{0}}}, slope[4][3][6];
    struct gradient by;
    memcpy(at, x, sizeof at);
    for (int stage = 0; stage < 4; stage++) {
        double by_h = PLACE[stage] * h;
        for (int i = 0; i < 3; i++) {
            for (int j = 0; stage > 0 && j < 6; j++) {
                place[i][j] = by_h * speed[stage - 1][i][j];
                speed[stage][i][j] = by_h * slope[stage - 1][i][j];
            }
            place[i][i] += 1;
            speed[stage][i][i + 3] += 1;
            if (stage > 0) {
                at[i] = x[i] + by_h * v[stage - 1][i];
                at[i + 3] = x[i + 3] + by_h * a[stage - 1][i];
            }
        }
        memcpy(v[stage], at + 3, sizeof v[stage]);
        pull_of(at, inverse_beta, a[stage], &by);
        phi_slope(&by, place, speed[stage], slope[stage]);
    }
    for (int i = 0; i < 3; i++) {
        out[i] = x[i] + h6 * (v[0][i] + 2 * (v[1][i] + v[2][i]) + v[3][i]);
        out[i + 3] = x[i + 3] + h6 * (a[0][i] + 2 * (a[1][i] + a[2][i]) + a[3][i]);
        for (int j = 0; j < 6; j++) {
            phi[i][j] =
                h6 * (speed[0][i][j] + 2 * (speed[1][i][j] + speed[2][i][j]) + speed[3][i][j]);
            phi[i + 3][j] =
                h6 * (slope[0][i][j] + 2 * (slope[1][i][j] + slope[2][i][j]) + slope[3][i][j]);
        }
        phi[i][i] += 1;
        phi[i + 3][i + 3] += 1;
    }
}

/* phi of a step above the air. There v' = G r + W v for small errors, with W the constant
 * Coriolis term and G(t) as the parabola through its values at the start (a), middle (m) and
 * end (z) of the step, integrated term by term up to G^2. */
static void phi_of(double a[3][3], double m[3][3], double z[3][3], double h, double phi[6][6])
{
    const double turn = 2 * WLK_GRAVITY_OMEGA, h2 = h * h, h3 = h2 * h;
    const double to_1 = h / 6, to_2 = h2 / 6, to_3 = h3 / 60;
    const double by_wg = h3 / 6, by_gg = h3 * h / 24;
    for (int j = 0; j < 3; j++) {
        const double wg[3] = {turn * m[1][j], -turn * m[0][j], 0};
        int from = j == 0 ? 1 : 0; /* the only row of W's column j that is not 0 */
        double turned = j == 0 ? -turn : j == 1 ? turn : 0;
        for (int i = 0; i < 3; i++) {
            double twice = m[i][0] * m[0][j] + m[i][1] * m[1][j] + m[i][2] * m[2][j];
            double mixed = (wg[i] + turned * m[i][from]) * by_wg, squared = twice * by_gg;
            phi[i][j] = (a[i][j] + 2 * m[i][j] + wg[i] * h) * to_2 + squared;
            phi[i][j + 3] = (a[i][j] + 8 * m[i][j] + z[i][j]) * to_3 + 0.25 * h * mixed;
            phi[i + 3][j] =
                (a[i][j] + 4 * m[i][j] + z[i][j]) * to_1 + (wg[i] * 0.5 * h2 + twice * by_wg);
            phi[i + 3][j + 3] = (2 * m[i][j] + z[i][j]) * to_2 + mixed + squared;
        }
        phi[j][j] += 1;
        phi[j][j + 3] += h;
        phi[j + 3][j + 3] += 1;
    }
    for (int i = 0; i < 2; i++) { /* the frame's turning by itself: exp(W h) */
        double side = i ? -turn : turn;
        phi[i][4 - i] += side * 0.5 * h2;
        phi[i][i + 3] -= turn * turn * by_wg;
        phi[i + 3][4 - i] += side * h;
        phi[i + 3][i + 3] -= turn * turn * 0.5 * h2;
    }
}

static void step_above(const double x[6], double h, double out[6], double phi[6][6])
{
    double at[6], v[4][3], a[4][3], G[4][3][3], h6 = h / 6;
    memcpy(at, x, sizeof at);
    for (int stage = 0; stage < 4; stage++) {
        for (int i = 0; stage > 0 && i < 3; i++) {
            at[i] = x[i] + PLACE[stage] * h * v[stage - 1][i];
            at[i + 3] = x[i + 3] + PLACE[stage] * h * a[stage - 1][i];
        }
        memcpy(v[stage], at + 3, sizeof v[stage]);
        wlk_gravity_acceleration(at, a[stage], G[stage]);
    }
    for (int i = 0; i < 3; i++) {
        out[i] = x[i] + h6 * (v[0][i] + 2 * (v[1][i] + v[2][i]) + v[3][i]);
        out[i + 3] = x[i + 3] + h6 * (a[0][i] + 2 * (a[1][i] + a[2][i]) + a[3][i]);
        /* the two stages in the middle lie to either side of the path */
        for (int j = 0; j < 3; j++)
            G[1][i][j] = 0.5 * (G[1][i][j] + G[2][i][j]);
    }
    phi_of(G[0], G[1], G[3], h, phi);
}

/* The longest step that is good at x, seconds > 0. *is_above: all of it is above the air. */
static double step_bound(const double x[6], const struct wlk_step *by, bool *is_above)
{
    double radius = sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
    double speed = sqrt(x[3] * x[3] + x[4] * x[4] + x[5] * x[5]);
    *is_above = !(by->inverse_beta > 0) || radius - ABOVE_ALL_M > STEP_EXO_S * speed;
    if (*is_above) /* whatever way it goes */
        return STEP_EXO_S;
    double height_m = wlk_propagate_height(x);
    if (height_m >= WLK_AIR_TOP_M) {
        double down = x[0] * x[3] + x[1] * x[4] + x[2] * x[5];
        down = (by->limit_s < 0 ? down : -down) / radius;
        double reach_s = down > 0 ? (height_m - WLK_AIR_TOP_M) / down : STEP_EXO_S;
        *is_above = reach_s > STEP_AIR_S;
        return fmax(STEP_AIR_S, fmin(STEP_EXO_S, reach_s));
    }
    double decay = 0.5 * wlk_air_density(height_m, NULL) * speed * by->inverse_beta;
    double step = height_m >= LOW_M ? STEP_AIR_S : STEP_LOW_S;
    return fmax(STEP_MIN_S, decay * step > STIFF ? STIFF / decay : step);
}

double wlk_propagate_step(const double x[6], const struct wlk_step *by, double out[6],
                          double phi[6][6])
{
    bool is_above;
    double bound = step_bound(x, by, &is_above);
    double h = fabs(by->limit_s) <= bound ? by->limit_s : copysign(bound, by->limit_s);
    double inverse_beta = is_above ? 0 : by->inverse_beta;
    if (phi && is_above)
        step_above(x, h, out, phi);
    else if (phi)
        step_both(x, inverse_beta, h, out, phi);
    else
        step_mean(x, inverse_beta, h, out);
    return h;
}

/* total = step total */
static void chain(double step[6][6], double total[6][6])
{
    double product[6][6];
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            double sum = 0;
            for (int k = 0; k < 6; k++)
                sum += step[i][k] * total[k][j];
            product[i][j] = sum;
        }
    memcpy(total, product, sizeof product);
}

static bool is_sound(const double x[6])
{
    double r2 = x[0] * x[0] + x[1] * x[1] + x[2] * x[2], v = x[3] + x[4] + x[5];
    if (!isfinite(r2) || !isfinite(v))
        return false;
    return r2 > WLK_WGS84_A * WLK_WGS84_A || wlk_propagate_height(x) > -DEPTH_MAX_M;
}

wlk_status wlk_propagate(const double x[6], double inverse_beta, double dt_s, double out[6],
                         double phi[6][6])
{
    double at[6], step[6][6], total[6][6];
    int count = 0;
    if (!(fabs(dt_s) <= DT_MAX_S) || !(inverse_beta >= 0) || !is_sound(x))
        return WLK_NO_SOLUTION;
    memcpy(at, x, sizeof at);
    for (int i = 0; phi && dt_s == 0 && i < 6; i++)
        for (int j = 0; j < 6; j++)
            total[i][j] = i == j;
    for (double left = dt_s; left != 0; count++) {
        if (count >= STEPS_MAX)
            return WLK_NO_SOLUTION;
        struct wlk_step by = {inverse_beta, left};
        left -= wlk_propagate_step(at, &by, at, !phi ? NULL : count ? step : total);
        if (!is_sound(at))
            return WLK_NO_SOLUTION;
        if (phi && count > 0)
            chain(step, total);
    }
    memcpy(out, at, sizeof at);
    if (phi)
        memcpy(phi, total, sizeof total);
    return WLK_OK;
}
