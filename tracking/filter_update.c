/* filter_update.c -- the iterated update of one state by one look.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/filter.h"

#include <math.h>
#include <string.h>

enum { ITERATIONS = 3, ROWS = 9 };
/* A step is the last where what it leaves is less, in sigmas of range: it, or the doubt about
 * the prediction, times it over how far away the object is. */
static const double NEAR_SIGMAS = 0.01;
/* Below this the tangent of half an angle makes it by a series, to 1e-16 of it. */
static const double SMALL = 0.1;

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* The state as one column, and back. */
static void to_column(const struct wlk_state *state, double x[ROWS])
{
    memcpy(x, state->position_m, sizeof state->position_m);
    memcpy(x + 3, state->velocity_mps, sizeof state->velocity_mps);
    memcpy(x + 6, state->thrust_mps2, sizeof state->thrust_mps2);
    if (state->phase == WLK_PHASE_REENTRY)
        x[6] = state->log_inverse_beta;
}

static void from_column(const double x[ROWS], struct wlk_state *state)
{
    memcpy(state->position_m, x, sizeof state->position_m);
    memcpy(state->velocity_mps, x + 3, sizeof state->velocity_mps);
    if (state->phase == WLK_PHASE_BOOST)
        memcpy(state->thrust_mps2, x + 6, sizeof state->thrust_mps2);
    if (state->phase == WLK_PHASE_REENTRY)
        state->log_inverse_beta = x[6];
}

/* Residual z - h(x), in units of m (angles times the measured range) and m/s, with the rows of
 * H: by position (3), and for range rate by velocity too. flat: distance over ground, m. */
struct model {
    double residual[4], flat;
    double by_position[4][3], by_velocity[3];
};

/* The angle whose half has this tangent. */
static inline double angle_of(double t)
{
    double u = t * t;
    if (!(fabs(t) < SMALL))
        return 2 * atan(t);
    double high = u * (1.0 / 9 - u * (1.0 / 11 - u * (1.0 / 13 - u * (1.0 / 15))));
    return 2 * t * (1 - u * (1.0 / 3 - u * (1.0 / 5 - u * (1.0 / 7 - high))));
}

static void look_model(const double x[6], const struct wlk_look *look, struct model *out)
{
    double apart[3], enu[3];
    for (int i = 0; i < 3; i++)
        apart[i] = x[i] - look->site[i];
    for (int i = 0; i < 3; i++)
        enu[i] = dot(look->axes[i], apart);
    double flat2 = fmax(enu[0] * enu[0] + enu[1] * enu[1], 1), flat = sqrt(flat2);
    double range = sqrt(flat2 + enu[2] * enu[2]), unit = look->z[0], level = look->level;
    double by_flat = 1 / flat, by_range = 1 / range;
    const double *to = look->toward;
    /* angles between the two lines of sight, by sine and cosine */
    double turn =
        (to[0] * enu[1] - to[1] * enu[0]) / (level * flat + (to[0] * enu[0] + to[1] * enu[1]));
    double rise = (to[2] * flat - level * enu[2]) / (range + (level * flat + to[2] * enu[2]));
    out->residual[0] = unit - range;
    out->residual[1] = angle_of(turn) * unit;
    out->residual[2] = angle_of(rise) * unit;
    out->flat = flat;
    double scale = unit * by_flat, slope = unit * by_range * by_range;
    double ke = enu[1] * by_flat * scale, kn = -enu[0] * by_flat * scale;
    double up = flat * slope, along = -enu[2] * by_flat * slope;
    for (int j = 0; j < 3; j++) {
        out->by_position[0][j] = apart[j] * by_range;
        out->by_position[1][j] = ke * look->axes[0][j] + kn * look->axes[1][j];
        out->by_position[2][j] =
            along * (enu[0] * look->axes[0][j] + enu[1] * look->axes[1][j]) +
            up * look->axes[2][j];
    }
    if (look->size == 3)
        return;
    double rate = dot(apart, x + 3) * by_range;
    out->residual[3] = look->z[3] - rate;
    for (int j = 0; j < 3; j++) {
        out->by_velocity[j] = apart[j] * by_range;
        out->by_position[3][j] = (x[3 + j] - rate * out->by_velocity[j]) * by_range;
    }
}

/* B = P H' (n x size), and S = H B + R = L D L' with ones on the diagonal of L. */
struct gain {
    double B[ROWS][4];
    double L[4][4], D[4], inverse[4]; /* 1 / D */
};

/* Returns false if S is not positive. Here and below n and size are constants where the update
 * is called: unrolled, it takes a third of the time. */
static inline bool gain_of(const struct wlk_state *state, int n, int size,
                           const struct wlk_look *look, const struct model *m, struct gain *out)
{
    double unit2 = look->z[0] * look->z[0], part[4] = {0};
    for (int i = 0; i < n; i++) {
        const double *row = state->covariance[i];
        for (int k = 0; k < size; k++)
            out->B[i][k] = dot(row, m->by_position[k]);
        if (size == 4)
            out->B[i][3] += dot(row + 3, m->by_velocity);
    }
    for (int k = 0; k < size; k++)
        for (int l = 0; l <= k; l++) {
            double s = 0;
            for (int j = 0; j < 3; j++)
                s += m->by_position[k][j] * out->B[j][l];
            if (k == 3)
                for (int j = 0; j < 3; j++)
                    s += m->by_velocity[j] * out->B[j + 3][l];
            if (k == l)
                s += look->variance[k] * (k == 1 || k == 2 ? unit2 : 1);
            for (int j = 0; j < l; j++)
                s -= part[j] * out->L[l][j];
            if (l < k) {
                part[l] = s; /* L times D */
                out->L[k][l] = s * out->inverse[l];
                continue;
            }
            if (!(s > 0))
                return false;
            out->D[k] = s;
            out->inverse[k] = 1 / s;
        }
    return true;
}

/* v = L^-1 v. */
static inline void forward(const struct gain *g, int size, double v[4])
{
    for (int k = 1; k < size; k++)
        for (int j = 0; j < k; j++)
            v[k] -= g->L[k][j] * v[j];
}

/* v = L^-T D^-1 v. */
static inline void backward(const struct gain *g, int size, double v[4])
{
    for (int k = size - 1; k >= 0; k--) {
        v[k] *= g->inverse[k];
        for (int j = k + 1; j < size; j++)
            v[k] -= g->L[j][k] * v[j];
    }
}

static inline struct wlk_fit fit_of(const struct gain *g, int size, const double residual[4])
{
    struct wlk_fit fit = {0, 0};
    double w[4], det = 1;
    memcpy(w, residual, sizeof w);
    forward(g, size, w);
    for (int k = 0; k < size; k++) {
        fit.distance += w[k] * w[k] * g->inverse[k];
        det *= g->D[k];
    }
    fit.log_det = log(det);
    return fit;
}

wlk_status wlk_filter_compare(const struct wlk_state *state, const struct wlk_look *look,
                              struct wlk_fit *out)
{
    struct model m;
    struct gain g;
    double x[ROWS];
    to_column(state, x);
    look_model(x, look, &m);
    bool is_good = look->size == 3 ? gain_of(state, 3, 3, look, &m, &g)
                                   : gain_of(state, 6, 4, look, &m, &g);
    if (!is_good)
        return WLK_NO_SOLUTION;
    struct wlk_fit fit = fit_of(&g, look->size, m.residual);
    if (!isfinite(fit.distance))
        return WLK_NO_SOLUTION;
    *out = fit;
    return WLK_OK;
}

/* The residual at x as seen from the prediction, which the filter corrects. */
static inline void correction(const struct model *m, int size, const double before[ROWS],
                              const double x[ROWS], double v[4])
{
    double back[6];
    for (int j = 0; j < 6; j++)
        back[j] = before[j] - x[j];
    for (int k = 0; k < size; k++)
        v[k] = m->residual[k] - dot(m->by_position[k], back);
    if (size == 4)
        v[3] -= dot(m->by_velocity, back + 3);
}

/* The steps to the most likely x. Stops where a step is far below the noise. */
static inline bool iterate(const struct wlk_state *state, int n, int size,
                           const struct wlk_look *look, double x[ROWS], struct gain *g,
                           struct wlk_fit *first)
{
    double before[ROWS], v[4], enough2 = NEAR_SIGMAS * NEAR_SIGMAS * look->variance[0];
    double doubt2 = state->covariance[0][0] + state->covariance[1][1] + state->covariance[2][2];
    struct model m;
    memcpy(before, x, sizeof before);
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
        double moved2 = 0;
        look_model(x, look, &m);
        if (!gain_of(state, n, size, look, &m, g))
            return false;
        correction(&m, size, before, x, v);
        if (iteration == 0)
            *first = fit_of(g, size, v);
        forward(g, size, v);
        backward(g, size, v);
        for (int i = 0; i < n; i++) {
            double next = before[i];
            for (int k = 0; k < size; k++)
                next += g->B[i][k] * v[k];
            moved2 += i < 3 ? (next - x[i]) * (next - x[i]) : 0;
            x[i] = next;
        }
        if (moved2 * (moved2 + doubt2) < enough2 * m.flat * m.flat)
            break;
    }
    return true;
}

/* P less K S K' = W D^-1 W' with W = B L^-T. */
static inline void shrink(double P[ROWS][ROWS], int n, int size, struct gain *g)
{
    for (int i = 0; i < n; i++)
        forward(g, size, g->B[i]);
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            double less = 0;
            for (int k = 0; k < size; k++)
                less += g->B[i][k] * g->inverse[k] * g->B[j][k];
            P[i][j] = P[j][i] = P[i][j] - less;
        }
}

/* Where it returns false the state is as before. */
static inline bool improve(struct wlk_state *state, int n, int size,
                           const struct wlk_look *look, struct wlk_fit *first)
{
    double x[ROWS], before[ROWS], P[ROWS][ROWS];
    struct gain g;
    to_column(state, x);
    memcpy(before, x, sizeof before);
    memcpy(P, state->covariance, (size_t)n * sizeof P[0]);
    if (!iterate(state, n, size, look, x, &g, first))
        return false;
    from_column(x, state);
    shrink(state->covariance, n, size, &g);
    if (wlk_state_is_valid(state))
        return true;
    from_column(before, state);
    memcpy(state->covariance, P, (size_t)n * sizeof P[0]);
    return false;
}

wlk_status wlk_filter_update(struct wlk_state *state, const struct wlk_look *look,
                             struct wlk_fit *fit)
{
    struct wlk_fit first = {0, 0};
    int n = wlk_state_size(state);
    bool is_good, is_three = look->size == 3;
    if (n == 6)
        is_good =
            is_three ? improve(state, 6, 3, look, &first) : improve(state, 6, 4, look, &first);
    else if (n == 7)
        is_good =
            is_three ? improve(state, 7, 3, look, &first) : improve(state, 7, 4, look, &first);
    else
        is_good =
            is_three ? improve(state, 9, 3, look, &first) : improve(state, 9, 4, look, &first);
    if (!is_good)
        return WLK_NO_SOLUTION;
    if (fit)
        *fit = first;
    return WLK_OK;
}
