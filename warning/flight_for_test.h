/* flight_for_test.h -- the pictures that a documented flight would give, for alert_test.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_WARNING_FLIGHT_FOR_TEST_H
#define WLK_WARNING_FLIGHT_FOR_TEST_H

#include "base/random.h"
#include "earth/geodesic.h"
#include "record/picture.h"
#include "warning/alert.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const wlk_utc T0 = {1503953880000000000}; /* 2017-08-28T20:58:00Z */

static struct wlk_picture picture;
static struct wlk_path path[8];
static struct wlk_areas *jp, *kr, *kp;
static struct wlk_places *places;

/* A flight drawn on the map: constant speed over ground. Enough for warnings. */
struct flight {
    double latitude_deg, longitude_deg, azimuth_deg, range_m, burnout_s, impact_s;
    double seen_from_s, seen_until_s; /* measured between these */
    double impact_sigma_m;
    bool is_noisy;
};

/* As published: 2017-08-29, Hwasong-12, 2,700 km, 550 km high, 14 minutes. */
static const struct flight OVER_JAPAN = {39.2, 125.673, 73,  2700e3, 150,
                                         850,  60,      760, 5e3,    false};
/* Into the Sea of Japan. */
static const struct flight SHORT = {38.99, 127.62, 75, 450e3, 80, 320, 50, 280, 3e3, false};

static wlk_utc at(double s)
{
    return wlk_utc_add(T0, s);
}

static wlk_geodetic ground_at(const struct flight *flight, double s)
{
    wlk_geodetic start = {flight->latitude_deg * WLK_DEG, flight->longitude_deg * WLK_DEG, 0};
    double share = fmax(0, (s - 60) / (flight->impact_s - 60));
    return wlk_geodesic_from(start, flight->azimuth_deg * WLK_DEG, flight->range_m * share);
}

static void put_state(const struct flight *flight, double s, struct wlk_picture_object *object)
{
    wlk_geodetic below = ground_at(flight, s);
    below.height_m = 200e3;
    wlk_ecef place = wlk_ecef_from_geodetic(below);
    object->has_state = true;
    object->state.epoch = at(s);
    object->state.phase = s > flight->burnout_s + 4 ? WLK_PHASE_COAST : WLK_PHASE_BOOST;
    object->state.position_m[0] = place.x;
    object->state.position_m[1] = place.y;
    object->state.position_m[2] = place.z;
}

static void put_impact(const struct flight *flight, double s, struct wlk_random *random,
                       struct wlk_picture_object *object)
{
    double sigma = flight->impact_sigma_m;
    object->has_impact = true;
    object->impact = (struct wlk_impact){
        .point = {.place = ground_at(flight, flight->impact_s), .time = at(flight->impact_s)},
        .computed_at = at(s),
        .last_measurement = object->last_measurement,
        .condition = object->condition,
        .apogee_m = 550e3,
        .track_s = object->track_s};
    if (flight->is_noisy)
        object->impact.point.place = wlk_geodesic_from(object->impact.point.place,
                                                       2 * WLK_PI * wlk_random_uniform(random),
                                                       sigma * fabs(wlk_random_normal(random)));
    object->impact.point.covariance[0][0] = object->impact.point.covariance[1][1] =
        sigma * sigma;
    object->impact.point.covariance[2][2] = 4;
    path[0].count = 64;
    for (size_t i = 0; i < path[0].count; i++) {
        double when = s + (flight->impact_s - s) * (double)i / 63;
        path[0].time[i] = at(when);
        path[0].place[i] = ground_at(flight, when);
    }
}

/* What a picture would say of the flight at s seconds. */
static void draw(const struct flight *flight, double s, struct wlk_random *random)
{
    struct wlk_picture_object *object = &picture.object[0];
    picture.time = at(s);
    picture.count = s >= 45 ? 1 : 0;
    *object = (struct wlk_picture_object){
        .number = 1, .first_seen = at(45), .condition = WLK_CONDITION_LOST};
    object->is_declared = s >= 50;
    object->declared_at = at(50);
    object->has_launch = true;
    object->launch.point = (struct wlk_point){.place = ground_at(flight, 0), .time = at(0)};
    object->has_heading = true;
    object->heading_rad = wlk_geodesic_between(ground_at(flight, fmax(s, 60)),
                                               ground_at(flight, flight->impact_s))
                              .azimuth_rad;
    object->heading_sigma_rad = (s < 55 ? 10 : s < 70 ? 2.5 : 0.5) * WLK_DEG;
    if (flight->is_noisy)
        object->heading_rad += object->heading_sigma_rad * wlk_random_normal(random);
    path[0].count = 0;
    if (s < flight->seen_from_s)
        return;
    double last_s = fmin(s, flight->seen_until_s);
    object->last_measurement = at(last_s);
    object->track_s = last_s - flight->seen_from_s;
    object->condition = s - last_s > 30   ? WLK_CONDITION_LOST
                        : s - last_s > 10 ? WLK_CONDITION_COASTED
                                          : WLK_CONDITION_MEASURED;
    if (s < flight->impact_s)
        put_state(flight, s, object);
    if (last_s > flight->burnout_s + 4)
        put_impact(flight, s, random, object);
    object->is_ended = s > flight->impact_s + 60;
    if (s > flight->impact_s + 70)
        picture.count = 0;
}

static struct wlk_alerts *open_for(const struct wlk_areas *areas)
{
    struct wlk_alerts *alerts = NULL;
    struct wlk_alert_setup setup = {.nation = areas->nation,
                                    .nature = WLK_NATURE_EXERCISE,
                                    .exercise = "EX-1",
                                    .areas_view = areas,
                                    .places_view = places,
                                    .policy = wlk_alert_policy_default()};
    if (areas != jp)
        setup.land_view[setup.land_count++] = jp;
    if (areas != kr)
        setup.land_view[setup.land_count++] = kr;
    setup.land_view[setup.land_count++] = kp;
    if (wlk_alert_open(&setup, &alerts) != WLK_OK)
        exit(1);
    return alerts;
}

/* Areas of JP, KR and KP, and places; false: one cannot be read. */
static bool open_areas(void)
{
    const char *top = getenv("WARNLINK_SOURCE");
    char folder[512], file[600];
    snprintf(folder, sizeof folder, "%s/areas", top ? top : ".");
    snprintf(file, sizeof file, "%s/places.txt", folder);
    return wlk_areas_open(wlk_name_of("JP"), folder, &jp, NULL) == WLK_OK &&
           wlk_areas_open(wlk_name_of("KR"), folder, &kr, NULL) == WLK_OK &&
           wlk_areas_open(wlk_name_of("KP"), folder, &kp, NULL) == WLK_OK &&
           wlk_places_open(file, &places, NULL) == WLK_OK;
}

static void close_areas(void)
{
    wlk_areas_close(jp);
    wlk_areas_close(kr);
    wlk_areas_close(kp);
    wlk_places_close(places);
}

#endif
