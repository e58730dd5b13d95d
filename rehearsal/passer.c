/* passer.c -- nodes along an orbit or a course.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/passer.h"

#include "base/assert.h"
#include "base/random.h"
#include "earth/geodesic.h"
#include "earth/gravity.h"
#include "earth/propagate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double NODE_S = 5, STATE_S = 300, PLACE_S = 10;
enum { STREAM = 9000 };

/* Level flight over the place: a circular orbit in the inertial frame. */
static void orbit_over(const struct wlk_script_passer *passer, double x[6])
{
    wlk_ecef place = wlk_ecef_from_geodetic(passer->place);
    double radius = sqrt(place.x * place.x + place.y * place.y + place.z * place.z);
    double speed = sqrt(WLK_GRAVITY_GM / radius);
    x[0] = place.x;
    x[1] = place.y;
    x[2] = place.z;
    wlk_ecef_from_enu(
        passer->place,
        (wlk_enu){speed * sin(passer->course_rad), speed * cos(passer->course_rad), 0}, x + 3);
    x[3] += WLK_GRAVITY_OMEGA * x[1];
    x[4] -= WLK_GRAVITY_OMEGA * x[0];
}

/* A node; the acceleration is that of J2, 1e-4 m/s^2 off: nothing in five seconds. */
static void add_node(struct wlk_flight *flight, double t, const double x[6], const double a[3])
{
    struct wlk_flight_node *node = &flight->node[flight->node_count++];
    node->t_s = t;
    memcpy(node->position_m, x, sizeof node->position_m);
    memcpy(node->velocity_mps, x + 3, sizeof node->velocity_mps);
    memcpy(node->acceleration_mps2, a, sizeof node->acceleration_mps2);
}

static wlk_status fly_satellite(const struct wlk_script_passer *passer, double from_s,
                                struct wlk_flight *out)
{
    struct wlk_fall body = {.degree = 8, .order = 8};
    double x[6], a[3];
    orbit_over(passer, x);
    /* back to the beginning by J2 alone, forward by the whole field */
    WLK_TRY(wlk_propagate(x, 0, from_s - passer->at_s, x, NULL));
    memcpy(body.position_m, x, sizeof body.position_m);
    memcpy(body.velocity_mps, x + 3, sizeof body.velocity_mps);
    for (double t = 0; t <= out->flight_time_s; t += NODE_S) {
        memcpy(x, body.position_m, sizeof body.position_m);
        memcpy(x + 3, body.velocity_mps, sizeof body.velocity_mps);
        wlk_gravity_acceleration(x, a, NULL);
        add_node(out, t, x, a);
        WLK_TRY(wlk_truth_fall(&body, NODE_S));
    }
    return WLK_OK;
}

static void course_at(const struct wlk_script_passer *passer, double after_s, double out[3])
{
    wlk_geodetic at =
        wlk_geodesic_from(passer->place, passer->course_rad + WLK_PI * (after_s < 0),
                          fabs(after_s) * passer->speed_mps);
    at.height_m = passer->place.height_m;
    wlk_ecef place = wlk_ecef_from_geodetic(at);
    out[0] = place.x;
    out[1] = place.y;
    out[2] = place.z;
}

static void fly_aircraft(const struct wlk_script_passer *passer, double from_s,
                         struct wlk_flight *out)
{
    for (double t = 0; t <= out->flight_time_s; t += NODE_S) {
        double after_s = from_s + t - passer->at_s, x[6], a[3], before[3], after[3];
        course_at(passer, after_s, x);
        course_at(passer, after_s - 1, before);
        course_at(passer, after_s + 1, after);
        for (int i = 0; i < 3; i++) {
            x[i + 3] = (after[i] - before[i]) / 2;
            a[i] = after[i] + before[i] - 2 * x[i];
        }
        add_node(out, t, x, a);
    }
}

wlk_status wlk_passer_fly(const struct wlk_script_passer *passer, struct wlk_flight *out,
                          double *from_s)
{
    double half_s = passer->is_satellite ? WLK_PASSER_SATELLITE_S : WLK_PASSER_AIRCRAFT_S;
    double begin_s = fmax(0, ceil(passer->at_s - half_s));
    memset(out, 0, sizeof *out);
    out->flight_time_s = NODE_S * floor((passer->at_s + half_s - begin_s) / NODE_S);
    if (!(out->flight_time_s > 0))
        return WLK_NO_SOLUTION;
    *from_s = begin_s;
    if (passer->is_satellite)
        return fly_satellite(passer, begin_s, out);
    fly_aircraft(passer, begin_s, out);
    return WLK_OK;
}

/* FNV-1a: the error of one is the same whatever else passes. */
static uint64_t stream_of(wlk_name name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < sizeof name.text; i++)
        hash = (hash ^ (uint8_t)name.text[i]) * UINT64_C(0x100000001b3);
    return hash + STREAM;
}

static int write_place(const struct wlk_script_passer *passer, const char *time,
                       const double x[6], size_t room, char *out)
{
    if (passer->is_satellite)
        return snprintf(out, room, "at %s %.3f %.3f %.3f %.6f %.6f %.6f\n", time, x[0], x[1],
                        x[2], x[3], x[4], x[5]);
    wlk_geodetic place = wlk_geodetic_from_ecef((wlk_ecef){x[0], x[1], x[2]});
    return snprintf(out, room, "at %s %.7f %.7f %.2f\n", time, place.latitude_rad / WLK_DEG,
                    place.longitude_rad / WLK_DEG, place.height_m);
}

size_t wlk_passer_write(const struct wlk_script_passer *passer, const struct wlk_flight *flight,
                        wlk_utc begins, uint64_t seed, size_t room, char *out)
{
    struct wlk_random random = wlk_random_seeded(seed, stream_of(passer->id));
    double sigma_m =
        passer->is_satellite ? WLK_PASSER_SATELLITE_SIGMA_M : WLK_PASSER_AIRCRAFT_SIGMA_M;
    double every_s = passer->is_satellite ? STATE_S : PLACE_S, error[3], x[6];
    for (int i = 0; i < 3; i++)
        error[i] = sigma_m * wlk_random_normal(&random);
    int used =
        snprintf(out, room, "%s %s within %g\n",
                 passer->is_satellite ? "satellite" : "aircraft", passer->id.text, sigma_m);
    for (double t = 0; t <= flight->flight_time_s - 1; t += every_s) {
        char time[32];
        if (used < 0 || (size_t)used >= room || wlk_flight_at(flight, t, x, x + 3) != WLK_OK)
            return 0;
        wlk_utc_text(wlk_utc_add(begins, t), 0, time);
        for (int i = 0; i < 3; i++)
            x[i] += error[i];
        used += write_place(passer, time, x, room - (size_t)used, out + used);
    }
    return used < 0 || (size_t)used >= room ? 0 : (size_t)used;
}
