/* associate.c -- gates and the assignment.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/associate.h"

#include "base/assert.h"

#include <math.h>

/* Chi-square 0.9999 for 3 and 4 degrees of freedom. */
static const double GATE3 = 21.1, GATE4 = 23.5;
static const double BOX_SIGMAS = 6;

bool wlk_associate_is_near(const struct wlk_phases *phases, const struct wlk_look *look)
{
    const struct wlk_state *state = wlk_phases_state(phases);
    double dt = wlk_utc_seconds(look->time, state->epoch), t = fabs(dt), apart2 = 0;
    double variance[3] = {0, 0, 0}, thrust2 = 0;
    for (int i = 0; i < 3; i++) {
        double at = state->position_m[i] + state->velocity_mps[i] * dt - look->at[i];
        apart2 += at * at;
        for (int k = 0; k < 3; k++)
            variance[k] += state->covariance[3 * k + i][3 * k + i];
        thrust2 += state->thrust_mps2[i] * state->thrust_mps2[i];
    }
    double unit2 = look->z[0] * look->z[0];
    double own = sqrt(look->variance[0] + unit2 * (look->variance[1] + look->variance[2]));
    /* gravity, thrust, and up to 50 m/s^2 of anything else */
    double reach = 0.5 * t * t * (60 + 2 * sqrt(thrust2));
    double slack = BOX_SIGMAS * (sqrt(variance[0]) + t * sqrt(variance[1]) +
                                 0.5 * t * t * sqrt(variance[2]) + own) +
                   reach + 1000;
    return apart2 <= slack * slack;
}

static double cost_as(const struct wlk_phases *phases, const struct wlk_look *look, int which)
{
    struct wlk_state expected;
    struct wlk_fit fit;
    if (wlk_phases_expect(phases, look->time, which, &expected) != WLK_OK ||
        wlk_filter_compare(&expected, look, &fit) != WLK_OK)
        return (double)INFINITY;
    if (!(fit.distance <= (look->size == 4 ? GATE4 : GATE3)))
        return (double)INFINITY;
    return wlk_fit_cost(fit);
}

double wlk_associate_cost(const struct wlk_phases *phases, const struct wlk_look *look)
{
    if (!wlk_associate_is_near(phases, look))
        return (double)INFINITY;
    /* Where the believed one fails, thrust may have ended or begun since: what follows that
     * already has the say. */
    double cost = cost_as(phases, look, 0);
    for (int which = 1; !isfinite(cost) && which < wlk_phases_count(phases); which++)
        cost = cost_as(phases, look, which);
    return cost;
}

/* Grows the matching by one row along the cheapest alternating path.
 * u, v: prices; match: row of a column, -1 for none; all by column, the last is the root. */
struct assignment {
    int columns;
    double u[WLK_ASSIGN_MAX], v[2 * WLK_ASSIGN_MAX + 1];
    int match[2 * WLK_ASSIGN_MAX + 1], way[2 * WLK_ASSIGN_MAX + 1];
};

static void augment(struct assignment *a, int row,
                    double cost[WLK_ASSIGN_MAX][2 * WLK_ASSIGN_MAX])
{
    double least[2 * WLK_ASSIGN_MAX + 1];
    bool used[2 * WLK_ASSIGN_MAX + 1] = {false};
    int root = a->columns, at = root;
    a->match[root] = row;
    for (int j = 0; j <= root; j++)
        least[j] = INFINITY;
    while (a->match[at] >= 0) {
        int i = a->match[at], next = -1;
        double delta = INFINITY;
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
                          double cost[WLK_ASSIGN_MAX][2 * WLK_ASSIGN_MAX],
                          int column[WLK_ASSIGN_MAX])
{
    struct assignment a = {.columns = columns};
    WLK_ASSERT(rows <= columns);
    WLK_ASSERT(rows <= WLK_ASSIGN_MAX && columns <= 2 * WLK_ASSIGN_MAX);
    for (int j = 0; j <= columns; j++)
        a.match[j] = -1;
    for (int i = 0; i < rows; i++)
        augment(&a, i, cost);
    for (int j = 0; j < columns; j++)
        if (a.match[j] >= 0)
            column[a.match[j]] = j;
}
