/* detect.c -- the distance of two hypotheses, look by look.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/statistics/detect.h"

#include "programs/statistics/bound.h"

#include <math.h>
#include <string.h>

static const double NORMAL_99 = 2.3263;      /* of the normal distribution: one false in 100 */
static const double EXHAUST_MPS = 2500;      /* thrust that went on would grow by a^2 / this */
static const double BEFORE_S = 10, AT_S = 4; /* it is seen */

bool wlk_detect_is_seen(const struct wlk_follow *follow, double at_s)
{
    bool before = false, at = false, after = false;
    for (size_t i = 0; i < follow->count; i++) {
        double by_s = wlk_draw_seconds(follow->look[i].plot.time) - at_s;
        before = before || by_s < -BEFORE_S;
        at = at || (by_s > -AT_S && by_s < 0);
        after = after || (by_s > 0 && by_s < AT_S);
    }
    return before && at && after;
}

/* The last stage's thrust, m/s^2: at its end, or when it lights. Its direction is that of the
 * step of the acceleration there. */
static void thrust_of(const struct wlk_drawn *drawn, double at_s, bool is_end, double out[3])
{
    const struct wlk_flight *flight = &drawn->flight;
    const struct wlk_stage *stage = &drawn->rocket.stage[drawn->rocket.stage_count - 1];
    double size = stage->exhaust_mps * stage->propellant_share / stage->burn_s, step2 = 0;
    double step[3] = {0};
    for (size_t i = 1; i < flight->node_count; i++) {
        const struct wlk_flight_node *b = &flight->node[i], *a = b - 1;
        if (b->t_s > a->t_s || fabs(b->t_s - at_s) > 1e-3)
            continue;
        for (int j = 0; j < 3; j++) {
            step[j] = b->acceleration_mps2[j] - a->acceleration_mps2[j];
            step2 += step[j] * step[j];
        }
    }
    if (is_end)
        size /= 1 - stage->propellant_share;
    for (int j = 0; j < 3; j++)
        out[j] = step2 > 0 ? size * step[j] / sqrt(step2) : 0;
}

/* What is known at at_s: the thrust before it, and the state by the looks before it. Returns
 * the index of the first look after, or the count if there was none before. */
static size_t know(const struct wlk_follow *follow, double at_s, struct wlk_bound *bound)
{
    double truth[6] = {0}, x[6];
    size_t i = 0;
    for (; i < follow->count; i++) {
        const struct wlk_plot *plot = &follow->look[i].plot;
        double t = wlk_draw_seconds(plot->time);
        if (t > at_s)
            break;
        if (wlk_flight_at(&follow->drawn->flight, t, x, x + 3) != WLK_OK)
            continue;
        if (i == 0) {
            wlk_bound_begin(plot, x, 9, bound);
        } else {
            wlk_bound_carry(bound, truth, 0, plot->time);
            wlk_bound_take(bound, plot, x);
        }
        memcpy(truth, x, sizeof truth);
    }
    if (i == 0)
        return follow->count;
    wlk_bound_carry(bound, truth, 0, wlk_draw_time(at_s));
    wlk_bound_know_thrust(bound);
    return i;
}

static double chance_of(double distance2)
{
    return distance2 > 0 ? 0.5 * erfc((NORMAL_99 - sqrt(distance2)) / sqrt(2)) : 0;
}

void wlk_detect_add(const struct wlk_follow *follow, double at_s, bool is_end,
                    double sum[WLK_CELL_DELAYS])
{
    struct wlk_bound bound;
    double thrust[3], truth[6], x[6], seems[6] = {0}, distance2 = 0, last_s = 0;
    int column = 0;
    size_t i = know(follow, at_s, &bound);
    thrust_of(follow->drawn, at_s, is_end, thrust);
    double size = sqrt(thrust[0] * thrust[0] + thrust[1] * thrust[1] + thrust[2] * thrust[2]);
    if (wlk_flight_at(&follow->drawn->flight, at_s, truth, truth + 3) != WLK_OK)
        return;
    for (; i < follow->count && column < WLK_CELL_DELAYS; i++) {
        const struct wlk_plot *plot = &follow->look[i].plot;
        double t = wlk_draw_seconds(plot->time) - at_s, apart[3];
        for (; column < WLK_CELL_DELAYS && 0.5 * (column + 1) <= t; column++)
            sum[column] += chance_of(distance2);
        if (wlk_flight_at(&follow->drawn->flight, at_s + t, x, x + 3) != WLK_OK)
            break;
        for (int j = 0; j < 3; j++) {
            apart[j] = thrust[j] * (t * t / 2 + size / EXHAUST_MPS * t * t * t / 6);
            seems[j] += seems[j + 3] * (t - last_s);
        }
        wlk_bound_carry(&bound, truth, 0, plot->time);
        distance2 += wlk_bound_tell(&bound, plot, x, apart, seems);
        memcpy(truth, x, sizeof truth);
        last_s = t;
    }
    for (; column < WLK_CELL_DELAYS; column++)
        sum[column] += chance_of(distance2);
}
