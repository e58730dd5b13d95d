/* flight.c -- reads the table of a flight; made by truth.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/truth.h"

/* The last node not after t; node[0].t_s <= t < node[count - 1].t_s. Of two nodes at one time
 * (a burnout) the second. */
static size_t node_before(const struct wlk_flight *flight, double t_s)
{
    size_t low = 0, high = flight->node_count - 1;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (flight->node[middle].t_s <= t_s)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* One axis of the quintic that has position, velocity and acceleration of both nodes:
 * p + v s h + a s^2 h^2 / 2 + c3 s^3 + c4 s^4 + c5 s^5 with s in [0, 1]. */
static void quintic(const struct wlk_flight_node *from, int i, double s, double *position_m,
                    double *velocity_mps)
{
    const struct wlk_flight_node *to = from + 1;
    double h = to->t_s - from->t_s;
    double v = from->velocity_mps[i] * h, a = from->acceleration_mps2[i] * h * h;
    /* What the end asks for beyond the parabola of the start. */
    double dp = to->position_m[i] - from->position_m[i] - v - 0.5 * a;
    double dv = to->velocity_mps[i] * h - v - a;
    double da = to->acceleration_mps2[i] * h * h - a;
    double c3 = 10.0 * dp - 4.0 * dv + 0.5 * da;
    double c4 = -15.0 * dp + 7.0 * dv - da;
    double c5 = 6.0 * dp - 3.0 * dv + 0.5 * da;
    *position_m = from->position_m[i] + s * (v + s * (0.5 * a + s * (c3 + s * (c4 + s * c5))));
    *velocity_mps = (v + s * (a + s * (3.0 * c3 + s * (4.0 * c4 + s * 5.0 * c5)))) / h;
}

wlk_status wlk_flight_at(const struct wlk_flight *flight, double t_s, double position_m[3],
                         double velocity_mps[3])
{
    if (flight->node_count < 2 || !(t_s <= flight->flight_time_s))
        return WLK_STALE;
    if (t_s < flight->node[0].t_s)
        return WLK_NOT_YET;
    const struct wlk_flight_node *from = &flight->node[node_before(flight, t_s)];
    double h = from[1].t_s - from->t_s;
    double s = h > 0.0 ? (t_s - from->t_s) / h : 1.0;
    for (int i = 0; i < 3; i++) {
        if (h > 0.0) {
            quintic(from, i, s, &position_m[i], &velocity_mps[i]);
        } else {
            position_m[i] = from[1].position_m[i];
            velocity_mps[i] = from[1].velocity_mps[i];
        }
    }
    return WLK_OK;
}
