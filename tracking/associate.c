/* associate.c -- gates and the assignment.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/associate.h"

#include "base/assert.h"
#include "earth/air.h"
#include "earth/gravity.h"
#include "earth/propagate.h"

#include <math.h>
#include <string.h>

/* Chi-square 0.9999 for 3 and 4 degrees of freedom. */
static const double GATE3 = 21.1, GATE4 = 23.5;
static const double BOX_SIGMAS = 6;
/* Explanations beside the believed one are asked for so long after the last look. */
static const double BESIDE_S = 10;
/* What a stage that lights, and drag, may do at most; m/s^2 (ASSUMPTION). */
static const double LIT_MPS2 = 60, DRAG_MPS2 = 60;

/* Those that rise beside each other differ so much in each axis, one sigma (ASSUMPTION). */
static const double ALIKE_MPS = 400, ALIKE_MPS2 = 30;

static double size3(const double a[3])
{
    return sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
}

void wlk_associate_reach(const struct wlk_phases *phases, struct wlk_reach *out)
{
    const struct wlk_state *state = wlk_phases_state(phases);
    double variance[3] = {0, 0, 0}, x[6], pull[3];
    memcpy(x, state->position_m, sizeof state->position_m);
    memcpy(x + 3, state->velocity_mps, sizeof state->velocity_mps);
    wlk_gravity_acceleration(x, pull, NULL);
    for (int i = 0; i < 3; i++) {
        out->at[i] = x[i];
        out->speed[i] = x[i + 3];
        out->half_pull[i] = 0.5 * pull[i];
        for (int k = 0; k < 3; k++)
            variance[k] += state->covariance[3 * k + i][3 * k + i];
    }
    out->epoch = state->epoch;
    out->is_low = wlk_propagate_height(x) < WLK_AIR_TOP_M;
    /* what thrust that begins or ends may do */
    double push = 2 * size3(state->thrust_mps2) + (phases->has_boost ? LIT_MPS2 : 0);
    out->apart[0] = BOX_SIGMAS * sqrt(variance[0]) + 1000;
    out->apart[1] = BOX_SIGMAS * sqrt(variance[1]);
    out->apart[2] = 0.5 * (BOX_SIGMAS * sqrt(variance[2]) + push);
    out->apart[3] = 10 * size3(out->speed) / WLK_WGS84_A; /* gravity turns and weakens */
}

void wlk_associate_spot(const struct wlk_look *look, struct wlk_spot *out)
{
    double unit2 = look->z[0] * look->z[0];
    out->apart_m =
        BOX_SIGMAS * sqrt(look->variance[0] + unit2 * (look->variance[1] + look->variance[2]));
    out->is_low = wlk_propagate_height(look->at) < WLK_AIR_TOP_M;
}

bool wlk_associate_is_near(const struct wlk_reach *reach, const struct wlk_spot *spot,
                           const struct wlk_look *look)
{
    double dt = wlk_utc_seconds(look->time, reach->epoch), t = fabs(dt), apart2 = 0;
    for (int i = 0; i < 3; i++) {
        double at =
            reach->at[i] + (reach->speed[i] + reach->half_pull[i] * dt) * dt - look->at[i];
        apart2 += at * at;
    }
    double drag = reach->is_low || spot->is_low ? 0.5 * DRAG_MPS2 : 0;
    double slack = reach->apart[0] + spot->apart_m +
                   t * (reach->apart[1] + t * (reach->apart[2] + drag + t * reach->apart[3]));
    return apart2 <= slack * slack;
}

double wlk_associate_ball(const struct wlk_reach *reach, wlk_utc from, double lasts_s,
                          double at[3])
{
    double half = 0.5 * lasts_s, dt = wlk_utc_seconds(from, reach->epoch) + half;
    double speed[3], t = fabs(dt) + half;
    for (int i = 0; i < 3; i++) {
        at[i] = reach->at[i] + (reach->speed[i] + reach->half_pull[i] * dt) * dt;
        speed[i] = reach->speed[i] + 2 * reach->half_pull[i] * dt;
    }
    double moves = half * (size3(speed) + half * size3(reach->half_pull));
    return moves + 1 + reach->apart[0] +
           t * (reach->apart[1] +
                t * (reach->apart[2] + 0.5 * DRAG_MPS2 + t * reach->apart[3]));
}

bool wlk_associate_carry(const struct wlk_phases *phases, wlk_utc from, double lasts_s,
                         double at[3], double *far_m)
{
    double half = 0.5 * lasts_s;
    struct wlk_look middle = {.time = wlk_utc_add(from, half), .size = 3};
    struct wlk_state state;
    if (!phases->is_coasting ||
        wlk_utc_seconds(from, wlk_phases_state(phases)->epoch) <= BESIDE_S ||
        wlk_phases_expect(phases, &middle, 0, &state) != WLK_OK)
        return false;
    double variance = 0;
    for (int i = 0; i < 3; i++)
        variance += state.covariance[i][i];
    memcpy(at, state.position_m, sizeof state.position_m);
    *far_m = 1000 + BOX_SIGMAS * sqrt(variance) + half * size3(state.velocity_mps);
    return true;
}

static double cost_as(const struct wlk_phases *phases, const struct wlk_look *look, int which,
                      bool is_turned)
{
    struct wlk_state expected;
    struct wlk_fit fit;
    if (wlk_phases_expect(phases, look, which, &expected) != WLK_OK ||
        (is_turned && !wlk_phases_turn(phases, look, &expected)) ||
        wlk_filter_compare(&expected, look, &fit) != WLK_OK)
        return HUGE_VAL;
    if (!(fit.distance <= (look->size == 4 ? GATE4 : GATE3)))
        return HUGE_VAL;
    return wlk_fit_cost(fit);
}

double wlk_associate_cost(const struct wlk_phases *phases, const struct wlk_look *look)
{
    /* Where the believed one fails, thrust may have ended or begun since: what follows that
     * already has the say. */
    double cost = cost_as(phases, look, 0, false);
    int count = wlk_phases_count(phases);
    if (fabs(wlk_utc_seconds(look->time, wlk_phases_state(phases)->epoch)) > BESIDE_S)
        count = 1;
    for (int which = 1; !isfinite(cost) && which < count; which++)
        cost = cost_as(phases, look, which, false);
    /* A wide gate at once would let a falling track take the plots of its neighbours. */
    return isfinite(cost) ? cost : cost_as(phases, look, 0, true);
}

double wlk_associate_cost_alike(const struct wlk_phases *phases, const struct wlk_look *look,
                                const double velocity[3])
{
    struct wlk_state at = *wlk_phases_state(phases);
    struct wlk_fit fit;
    double dt = wlk_utc_seconds(look->time, at.epoch), apart2 = 0, variance = 0;
    for (int i = 0; i < 3; i++) {
        double apart = at.position_m[i] + dt * velocity[i] - look->at[i];
        apart2 += apart * apart;
        variance += at.covariance[i][i];
        memset(at.covariance[i + 3], 0, sizeof at.covariance[i + 3]);
        memset(at.covariance[i + 6], 0, sizeof at.covariance[i + 6]);
        for (int k = 0; k < 3; k++)
            at.covariance[k][i + 3] = at.covariance[k][i + 6] = 0;
        at.velocity_mps[i] = velocity[i];
        at.thrust_mps2[i] = 0;
        at.covariance[i + 3][i + 3] = ALIKE_MPS * ALIKE_MPS;
        at.covariance[i + 6][i + 6] = ALIKE_MPS2 * ALIKE_MPS2;
    }
    double far = BOX_SIGMAS * (sqrt(variance) + ALIKE_MPS * fabs(dt)) + 100;
    if (apart2 > 4 * far * far || wlk_filter_expect(&at, look) != WLK_OK ||
        wlk_filter_compare(&at, look, &fit) != WLK_OK ||
        !(fit.distance <= (look->size == 4 ? GATE4 : GATE3)))
        return HUGE_VAL;
    return wlk_fit_cost(fit);
}

/* Grows the matching by one row along the cheapest alternating path.
 * u, v: prices; match: row of a column, -1 for none; all by column, the last is the root. */
struct assignment {
    int columns;
    double u[WLK_ASSIGN_MAX], v[WLK_ASSIGN_COLUMNS + 1];
    int match[WLK_ASSIGN_COLUMNS + 1], way[WLK_ASSIGN_COLUMNS + 1];
};

static void augment(struct assignment *a, int row,
                    double cost[WLK_ASSIGN_MAX][WLK_ASSIGN_COLUMNS])
{
    double least[WLK_ASSIGN_COLUMNS + 1];
    bool used[WLK_ASSIGN_COLUMNS + 1] = {false};
    int root = a->columns, at = root;
    a->match[root] = row;
    for (int j = 0; j <= root; j++)
        least[j] = HUGE_VAL;
    while (a->match[at] >= 0) {
        int i = a->match[at], next = -1;
        double delta = HUGE_VAL;
        used[at] = true;
        for (int j = 0; j < root; j++) {
            if (used[j])
                continue;
            double reduced = cost[i][j] - a->u[i] - a->v[j];
            if (reduced < least[j]) {
                least[j] = reduced;
                a->way[j] = at;
            }
            if (least[j] < delta) {
                delta = least[j];
                next = j;
            }
        }
        WLK_ASSERT(next >= 0);
        for (int j = 0; j <= root; j++) {
            if (used[j]) {
                a->u[a->match[j]] += delta;
                a->v[j] -= delta;
            } else {
                least[j] -= delta;
            }
        }
        at = next;
    }
    while (at != root) {
        a->match[at] = a->match[a->way[at]];
        at = a->way[at];
    }
}

void wlk_associate_assign(int rows, int columns,
                          double cost[WLK_ASSIGN_MAX][WLK_ASSIGN_COLUMNS],
                          int column[WLK_ASSIGN_MAX])
{
    struct assignment a = {.columns = columns};
    WLK_ASSERT(rows <= columns);
    WLK_ASSERT(rows <= WLK_ASSIGN_MAX && columns <= WLK_ASSIGN_COLUMNS);
    for (int j = 0; j <= columns; j++)
        a.match[j] = -1;
    for (int i = 0; i < rows; i++)
        augment(&a, i, cost);
    for (int j = 0; j < columns; j++)
        if (a.match[j] >= 0)
            column[a.match[j]] = j;
}
