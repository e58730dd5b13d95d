/* batch_lanes.c -- prediction and update of the filter in lanes; compiled once for each kind of
 * processor. The same sums in the same order as earth/propagate.c, tracking/filter.c and
 * tracking/filter_update.c, whose comments say what they are.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/batch_lanes.h"

#include "earth/air.h"
#include "earth/gravity.h"

enum { PARTS = WLK_LANES / WLK_LANES_WIDTH, ITERATIONS = 3 };
static const double NEAR_SIGMAS = 0.01, SMALL = 0.1, STEP_EXO_S = 10;
static const double ABOVE_ALL_M = WLK_WGS84_A + WLK_AIR_TOP_M;

/* A state, and a look at it. */
struct body {
    wlk_lanes x[6], P[6][6];
    wlk_lanes site[3], axes[3][3], z[3], toward[3], level, variance[3];
};

static wlk_lanes dot(const wlk_lanes a[3], const wlk_lanes b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* ---- prediction ---------------------------------------------------------------------- */

static void pull(const wlk_lanes x[6], wlk_lanes out[3], wlk_lanes G[3][3])
{
    static const double K = 1.5 * WLK_GRAVITY_J2 * WLK_WGS84_A * WLK_WGS84_A;
    static const double OMEGA2 = WLK_GRAVITY_OMEGA * WLK_GRAVITY_OMEGA;
    wlk_lanes r2 = x[0] * x[0] + x[1] * x[1] + x[2] * x[2];
    wlk_lanes i2 = 1 / r2, i3 = wlk_lanes_sqrt(r2) * i2 * i2, i5 = i3 * i2;
    wlk_lanes flat = K * i2, z2 = x[2] * x[2] * i2;
    wlk_lanes A = i3 * (1 + flat * (1 - 5 * z2)), B = A + 2 * flat * i3;
    out[0] = -WLK_GRAVITY_GM * A * x[0] + OMEGA2 * x[0] + 2 * WLK_GRAVITY_OMEGA * x[4];
    out[1] = -WLK_GRAVITY_GM * A * x[1] + OMEGA2 * x[1] - 2 * WLK_GRAVITY_OMEGA * x[3];
    out[2] = -WLK_GRAVITY_GM * B * x[2];
    wlk_lanes by = -i5 * (3 + flat * (5 - 35 * z2)), bz = by - 10 * flat * i5;
    wlk_lanes own = -10 * flat * i5 * x[2];
    wlk_lanes xx = A + by * x[0] * x[0], yy = A + by * x[1] * x[1], xy = by * x[0] * x[1];
    wlk_lanes xz = bz * x[0] * x[2], yz = bz * x[1] * x[2];
    wlk_lanes zz = B + (bz * x[2] + own) * x[2];
    G[0][0] = -WLK_GRAVITY_GM * xx + OMEGA2;
    G[1][1] = -WLK_GRAVITY_GM * yy + OMEGA2;
    G[2][2] = -WLK_GRAVITY_GM * zz;
    G[0][1] = G[1][0] = -WLK_GRAVITY_GM * xy;
    G[0][2] = G[2][0] = -WLK_GRAVITY_GM * xz;
    G[1][2] = G[2][1] = -WLK_GRAVITY_GM * yz;
}

/* As phi_of of earth/propagate.c. */
static void phi_of(wlk_lanes G[4][3][3], wlk_lanes h, wlk_lanes phi[6][6])
{
    const double turn = 2 * WLK_GRAVITY_OMEGA;
    wlk_lanes(*a)[3] = G[0], (*m)[3] = G[1], (*z)[3] = G[3];
    wlk_lanes h2 = h * h, h3 = h2 * h, to_1 = h / 6, to_2 = h2 / 6, to_3 = h3 / 60;
    wlk_lanes by_wg = h3 / 6, by_gg = h3 * h / 24;
    for (int j = 0; j < 3; j++) {
        const wlk_lanes wg[3] = {turn * m[1][j], -turn * m[0][j], wlk_lanes_all(0)};
        int from = j == 0 ? 1 : 0;
        double turned = j == 0 ? -turn : j == 1 ? turn : 0;
        for (int i = 0; i < 3; i++) {
            wlk_lanes twice = m[i][0] * m[0][j] + m[i][1] * m[1][j] + m[i][2] * m[2][j];
            wlk_lanes mixed = (wg[i] + turned * m[i][from]) * by_wg, squared = twice * by_gg;
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
    for (int i = 0; i < 2; i++) {
        double side = i ? -turn : turn;
        phi[i][4 - i] += side * 0.5 * h2;
        phi[i][i + 3] -= turn * turn * by_wg;
        phi[i + 3][4 - i] += side * h;
        phi[i + 3][i + 3] -= turn * turn * 0.5 * h2;
    }
}

/* As step_above there. */
static void step(wlk_lanes x[6], wlk_lanes h, wlk_lanes phi[6][6])
{
    static const double PLACE[4] = {0, 0.5, 0.5, 1};
    wlk_lanes at[6], v[4][3], a[4][3], G[4][3][3], h6 = h / 6;
    for (int i = 0; i < 6; i++)
        at[i] = x[i];
    for (int stage = 0; stage < 4; stage++) {
        for (int i = 0; stage > 0 && i < 3; i++) {
            at[i] = x[i] + PLACE[stage] * h * v[stage - 1][i];
            at[i + 3] = x[i + 3] + PLACE[stage] * h * a[stage - 1][i];
        }
        for (int i = 0; i < 3; i++)
            v[stage][i] = at[i + 3];
        pull(at, a[stage], G[stage]);
    }
    for (int i = 0; i < 3; i++) {
        x[i] = x[i] + h6 * (v[0][i] + 2 * (v[1][i] + v[2][i]) + v[3][i]);
        x[i + 3] = x[i + 3] + h6 * (a[0][i] + 2 * (a[1][i] + a[2][i]) + a[3][i]);
        for (int j = 0; j < 3; j++)
            G[1][i][j] = 0.5 * (G[1][i][j] + G[2][i][j]);
    }
    phi_of(G, h, phi);
}

static wlk_lanes coast_noise(const wlk_lanes x[6])
{
    static const double RADIUS2 = WLK_FILTER_COAST_RADIUS_M * WLK_FILTER_COAST_RADIUS_M;
    wlk_lanes part = RADIUS2 / dot(x, x);
    return WLK_FILTER_COAST_NOISE * part * part * part * part;
}

/* P = phi P phi', the lower half of it read and made, and the noise q of t seconds. */
static void map(wlk_lanes P[6][6], wlk_lanes phi[6][6], wlk_lanes q, wlk_lanes t)
{
    wlk_lanes half[6][6];
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            wlk_lanes sum = phi[i][0] * P[j][0];
            for (int k = 1; k < 6; k++)
                sum += phi[i][k] * (k > j ? P[k][j] : P[j][k]);
            half[i][j] = sum;
        }
    for (int i = 0; i < 6; i++)
        for (int j = 0; j <= i; j++) {
            wlk_lanes sum = half[i][0] * phi[j][0];
            for (int k = 1; k < 6; k++)
                sum += half[i][k] * phi[j][k];
            P[i][j] = sum;
        }
    for (int i = 0; i < 3; i++) {
        P[i][i] += q * t * t * t / 3;
        P[i + 3][i + 3] += q * t;
        P[i + 3][i] += q * t * t / 2;
    }
}

/* As wlk_state_is_valid, of the lower half. */
static wlk_lanes_mask is_valid(const struct body *body)
{
    wlk_lanes sum = body->x[0];
    for (int i = 1; i < 6; i++)
        sum += body->x[i];
    wlk_lanes_mask is_good = sum - sum == 0;
    for (int i = 0; i < 6; i++) {
        is_good &= (body->P[i][i] > 0) & (body->P[i][i] < HUGE_VAL);
        for (int j = 0; j < i; j++) {
            wlk_lanes member = body->P[i][j];
            is_good &= member * member <= body->P[i][i] * body->P[j][j] * (1 + 2e-9);
        }
    }
    return is_good;
}

/* ---- update -------------------------------------------------------------------------- */

struct model {
    wlk_lanes residual[3], by_position[3][3], flat;
};

static wlk_lanes angle_of(wlk_lanes t)
{
    wlk_lanes u = t * t;
    wlk_lanes high = u * (1.0 / 9 - u * (1.0 / 11 - u * (1.0 / 13 - u * (1.0 / 15))));
    wlk_lanes angle = 2 * t * (1 - u * (1.0 / 3 - u * (1.0 / 5 - u * (1.0 / 7 - high))));
    wlk_lanes_mask is_small = (t < SMALL) & (t > -SMALL);
    if (!wlk_lanes_any(~is_small))
        return angle;
    double each[WLK_LANES_WIDTH];
    wlk_lanes_store(t, each);
    for (int i = 0; i < WLK_LANES_WIDTH; i++)
        each[i] = 2 * atan(each[i]);
    return wlk_lanes_choose(is_small, angle, wlk_lanes_load(each));
}

static void look_model(const struct body *body, struct model *out)
{
    const wlk_lanes(*axes)[3] = (const wlk_lanes(*)[3])body->axes, *to = body->toward;
    wlk_lanes apart[3], enu[3], unit = body->z[0], level = body->level;
    for (int i = 0; i < 3; i++)
        apart[i] = body->x[i] - body->site[i];
    for (int i = 0; i < 3; i++)
        enu[i] = dot(axes[i], apart);
    wlk_lanes flat2 = wlk_lanes_max(enu[0] * enu[0] + enu[1] * enu[1], wlk_lanes_all(1));
    wlk_lanes flat = wlk_lanes_sqrt(flat2), range = wlk_lanes_sqrt(flat2 + enu[2] * enu[2]);
    wlk_lanes by_flat = 1 / flat, by_range = 1 / range;
    wlk_lanes turn =
        (to[0] * enu[1] - to[1] * enu[0]) / (level * flat + (to[0] * enu[0] + to[1] * enu[1]));
    wlk_lanes rise =
        (to[2] * flat - level * enu[2]) / (range + (level * flat + to[2] * enu[2]));
    out->residual[0] = unit - range;
    out->residual[1] = angle_of(turn) * unit;
    out->residual[2] = angle_of(rise) * unit;
    out->flat = flat;
    wlk_lanes scale = unit * by_flat, slope = unit * by_range * by_range;
    wlk_lanes ke = enu[1] * by_flat * scale, kn = -enu[0] * by_flat * scale;
    wlk_lanes up = flat * slope, along = -enu[2] * by_flat * slope;
    for (int j = 0; j < 3; j++) {
        out->by_position[0][j] = apart[j] * by_range;
        out->by_position[1][j] = ke * axes[0][j] + kn * axes[1][j];
        out->by_position[2][j] =
            along * (enu[0] * axes[0][j] + enu[1] * axes[1][j]) + up * axes[2][j];
    }
}

/* B = P H', S = H B + R = L D L' (L: [1][0], [2][0], [2][1]); is_good: S is positive. */
struct gain {
    wlk_lanes B[6][3], L[3], D[3], inverse[3];
    wlk_lanes_mask is_good;
};

static void gain_of(const struct body *body, const struct model *m, struct gain *out)
{
    wlk_lanes S[3][3], unit2 = body->z[0] * body->z[0];
    for (int i = 0; i < 6; i++) {
        const wlk_lanes row[3] = {body->P[i][0], i > 0 ? body->P[i][1] : body->P[1][0],
                                  i > 1 ? body->P[i][2] : body->P[2][i]};
        for (int k = 0; k < 3; k++)
            out->B[i][k] = dot(row, m->by_position[k]);
    }
    for (int k = 0; k < 3; k++)
        for (int l = 0; l <= k; l++) {
            S[k][l] = m->by_position[k][0] * out->B[0][l] +
                      m->by_position[k][1] * out->B[1][l] + m->by_position[k][2] * out->B[2][l];
            if (k == l)
                S[k][l] += k ? body->variance[k] * unit2 : body->variance[k];
        }
    wlk_lanes part;
    out->D[0] = S[0][0];
    out->inverse[0] = 1 / out->D[0];
    out->L[0] = S[1][0] * out->inverse[0];
    out->D[1] = S[1][1] - S[1][0] * out->L[0];
    out->inverse[1] = 1 / out->D[1];
    out->L[1] = S[2][0] * out->inverse[0];
    part = S[2][1] - S[2][0] * out->L[0];
    out->L[2] = part * out->inverse[1];
    out->D[2] = S[2][2] - S[2][0] * out->L[1] - part * out->L[2];
    out->inverse[2] = 1 / out->D[2];
    out->is_good = (out->D[0] > 0) & (out->D[1] > 0) & (out->D[2] > 0);
}

static void forward(const struct gain *g, wlk_lanes v[3])
{
    v[1] -= g->L[0] * v[0];
    v[2] = v[2] - g->L[1] * v[0] - g->L[2] * v[1];
}

static void backward(const struct gain *g, wlk_lanes v[3])
{
    v[2] *= g->inverse[2];
    v[1] = v[1] * g->inverse[1] - g->L[2] * v[2];
    v[0] = v[0] * g->inverse[0] - g->L[0] * v[1] - g->L[1] * v[2];
}

/* Where the mask is -1, a gain becomes another one. */
static void choose(wlk_lanes_mask mask, const struct gain *from, struct gain *out)
{
    for (int i = 0; i < 6; i++)
        for (int k = 0; k < 3; k++)
            out->B[i][k] = wlk_lanes_choose(mask, from->B[i][k], out->B[i][k]);
    for (int k = 0; k < 3; k++) {
        out->L[k] = wlk_lanes_choose(mask, from->L[k], out->L[k]);
        out->inverse[k] = wlk_lanes_choose(mask, from->inverse[k], out->inverse[k]);
    }
    out->is_good &= from->is_good | ~mask;
}

struct fit {
    wlk_lanes distance, det;
};

/* One step to the most likely x, from before; *going: the lanes that it moves, and after it,
 * those that need another. */
static struct fit iterate(struct body *body, const wlk_lanes before[6], wlk_lanes doubt2,
                          struct gain *g, wlk_lanes_mask *going)
{
    struct model m;
    wlk_lanes v[3], back[3], moved2 = wlk_lanes_all(0);
    look_model(body, &m);
    gain_of(body, &m, g);
    for (int j = 0; j < 3; j++)
        back[j] = before[j] - body->x[j];
    for (int k = 0; k < 3; k++)
        v[k] = m.residual[k] - dot(m.by_position[k], back);
    forward(g, v);
    struct fit fit = {.distance = v[0] * v[0] * g->inverse[0] + v[1] * v[1] * g->inverse[1] +
                                  v[2] * v[2] * g->inverse[2],
                      .det = g->D[0] * g->D[1] * g->D[2]};
    backward(g, v);
    for (int i = 0; i < 6; i++) {
        wlk_lanes to = before[i] + g->B[i][0] * v[0] + g->B[i][1] * v[1] + g->B[i][2] * v[2];
        if (i < 3)
            moved2 += (to - body->x[i]) * (to - body->x[i]);
        body->x[i] = wlk_lanes_choose(*going, to, body->x[i]);
    }
    wlk_lanes enough2 = NEAR_SIGMAS * NEAR_SIGMAS * body->variance[0];
    *going &= ~(moved2 * (moved2 + doubt2) < enough2 * m.flat * m.flat);
    return fit;
}

static void shrink(wlk_lanes P[6][6], struct gain *g)
{
    for (int i = 0; i < 6; i++)
        forward(g, g->B[i]);
    for (int i = 0; i < 6; i++) {
        wlk_lanes scaled[3];
        for (int k = 0; k < 3; k++)
            scaled[k] = g->B[i][k] * g->inverse[k];
        for (int j = 0; j <= i; j++)
            P[i][j] -= scaled[0] * g->B[j][0] + scaled[1] * g->B[j][1] + scaled[2] * g->B[j][2];
    }
}

/* Returns where it went well. */
static wlk_lanes_mask update(struct body *body, struct fit *fit)
{
    struct gain g, next;
    wlk_lanes before[6], doubt2 = body->P[0][0] + body->P[1][1] + body->P[2][2];
    wlk_lanes_mask going = doubt2 == doubt2;
    for (int i = 0; i < 6; i++)
        before[i] = body->x[i];
    *fit = iterate(body, before, doubt2, &g, &going);
    for (int more = 1; more < ITERATIONS && wlk_lanes_any(going); more++) {
        wlk_lanes_mask moved = going;
        (void)iterate(body, before, doubt2, &next, &going);
        choose(moved, &next, &g);
    }
    shrink(body->P, &g);
    return g.is_good;
}

/* ---- the whole ----------------------------------------------------------------------- */

static void load(const struct wlk_batch *batch, int lane, struct body *out)
{
    for (int i = 0, at = 0; i < 6; i++) {
        out->x[i] = wlk_lanes_load(&batch->x[i][lane]);
        for (int j = 0; j <= i; j++)
            out->P[i][j] = wlk_lanes_load(&batch->P[at++][lane]);
    }
    for (int i = 0; i < 3; i++) {
        out->site[i] = wlk_lanes_load(&batch->site[i][lane]);
        out->z[i] = wlk_lanes_load(&batch->z[i][lane]);
        out->toward[i] = wlk_lanes_load(&batch->toward[i][lane]);
        out->variance[i] = wlk_lanes_load(&batch->variance[i][lane]);
        for (int j = 0; j < 3; j++)
            out->axes[i][j] = wlk_lanes_load(&batch->axes[3 * i + j][lane]);
    }
    out->level = wlk_lanes_load(&batch->level[lane]);
}

/* What was not taken stays as it was. */
static void store(const struct body *body, wlk_lanes_mask is_good, int lane,
                  struct wlk_batch *batch)
{
    for (int i = 0, at = 0; i < 6; i++) {
        double *x = &batch->x[i][lane];
        wlk_lanes_store(wlk_lanes_choose(is_good, body->x[i], wlk_lanes_load(x)), x);
        for (int j = 0; j <= i; j++) {
            double *P = &batch->P[at++][lane];
            wlk_lanes_store(wlk_lanes_choose(is_good, body->P[i][j], wlk_lanes_load(P)), P);
        }
    }
    double *is_taken = &batch->is_taken[lane];
    wlk_lanes_store(wlk_lanes_choose(is_good, wlk_lanes_load(is_taken), wlk_lanes_all(0)),
                    is_taken);
}

void WLK_LANES_NAME(wlk_batch_)(struct wlk_batch *batch)
{
    for (int part = 0; part < PARTS; part++) {
        int lane = part * WLK_LANES_WIDTH;
        struct body body;
        struct fit fit;
        wlk_lanes phi[6][6], h = wlk_lanes_load(&batch->dt_s[lane]);
        load(batch, lane, &body);
        wlk_lanes radius = wlk_lanes_sqrt(dot(body.x, body.x));
        wlk_lanes speed = wlk_lanes_sqrt(dot(body.x + 3, body.x + 3));
        wlk_lanes_mask is_good = radius - ABOVE_ALL_M > STEP_EXO_S * speed;
        wlk_lanes q = coast_noise(body.x);
        step(body.x, h, phi);
        map(body.P, phi, q, wlk_lanes_max(h, -h));
        is_good &= is_valid(&body);
        is_good &= update(&body, &fit);
        is_good &= is_valid(&body);
        store(&body, is_good, lane, batch);
        wlk_lanes_store(fit.distance, &batch->distance[lane]);
        wlk_lanes_store(fit.det, &batch->det[lane]);
    }
}
