/* tally_test.c -- do all nations count a salvo alike, and speak of the same object?
 * SPDX-License-Identifier: Apache-2.0 */
#include "fusion/picture.h"

#include "base/tap.h"
#include "earth/propagate.h"

#include <math.h>
#include <string.h>

static const wlk_utc T0 = {1503953880000000000}; /* 2017-08-28T20:58:00Z */
static struct wlk_picture picture;

/* Flight number k of a salvo at s seconds, each 8 km north of the other, known to 200 m and
 * shifted by a radar's error. */
static struct wlk_state seen(int k, double s, double shift_m)
{
    wlk_geodetic place = {(39.9 + 0.072 * k) * WLK_DEG, 132 * WLK_DEG, 300e3};
    wlk_ecef from = wlk_ecef_from_geodetic(place);
    double x[6] = {from.x, from.y, from.z};
    struct wlk_state state = {.epoch = wlk_utc_add(T0, s),
                              .phase = WLK_PHASE_COAST,
                              .log_inverse_beta = log(1.0 / 4000)};
    wlk_ecef_from_enu(place, (wlk_enu){3900, 900, 1500}, x + 3);
    if (wlk_propagate(x, 1.0 / 4000, s - 200, x, NULL) != WLK_OK)
        wlk_check(false, "flight %d can be flown to %g s", k, s);
    memcpy(state.position_m, x, sizeof state.position_m);
    memcpy(state.velocity_mps, x + 3, sizeof state.velocity_mps);
    state.position_m[2] += shift_m;
    for (int i = 0; i < 3; i++) {
        state.covariance[i][i] = 200 * 200;
        state.covariance[i + 3][i + 3] = 16;
    }
    return state;
}

static const wlk_event SALVO = {{7, 7, 7}}, OTHER = {{9, 9, 9}};

static struct wlk_launch launch_of(int k, uint32_t least, uint32_t most)
{
    struct wlk_launch launch = {
        .point = {.place = {(39 + 0.072 * k) * WLK_DEG, 125.7 * WLK_DEG, 0}, .time = T0},
        .status = WLK_LAUNCH_CONFIRMED,
        .object_count_min = least,
        .object_count_max = most};
    launch.point.covariance[0][0] = launch.point.covariance[1][1] = 4e6;
    launch.point.covariance[2][2] = 4;
    return launch;
}

/* KR's object of flight k, as it tells it at s. */
static void tell(struct wlk_fusion *fusion, uint32_t object, int k, double s, uint32_t least,
                 uint32_t most)
{
    struct wlk_partner who = {.originator = wlk_name_of("KR"),
                              .object = object,
                              .event = SALVO,
                              .has_event = true,
                              .time = wlk_utc_add(T0, s)};
    struct wlk_launch launch = launch_of(k, least, most);
    struct wlk_state state = seen(k, s, 0);
    wlk_check(wlk_fusion_partner_launch(fusion, &who, &launch) == WLK_OK &&
                  wlk_fusion_partner_track(fusion, &who, &state, WLK_CONDITION_MEASURED) ==
                      WLK_OK,
              "KR tells of its object %u", object);
}

/* An own track of flight k. */
static void see(struct wlk_fusion *fusion, uint32_t object, int k, double s, double shift_m,
                const wlk_event *event)
{
    struct wlk_track track = {.object = object,
                              .revision = 1,
                              .state = seen(k, s, shift_m),
                              .first_plot = wlk_utc_add(T0, s - 30),
                              .last_measurement = wlk_utc_add(T0, s),
                              .plot_count = 20,
                              .is_confirmed = true,
                              .condition = WLK_CONDITION_MEASURED,
                              .has_launch = true,
                              .launch = launch_of(k, 1, 1)};
    wlk_fusion_own(fusion, &track, event);
}

/* The object of the picture near to flight k; NULL: none. */
static const struct wlk_picture_object *object_at(int k, double s)
{
    struct wlk_state state = seen(k, s, 0);
    for (size_t i = 0; i < picture.count; i++) {
        double apart2 = 0;
        for (int j = 0; j < 3; j++)
            apart2 += pow(picture.object[i].state.position_m[j] - state.position_m[j], 2);
        if (picture.object[i].has_state && !picture.object[i].is_ended && apart2 < 4e3 * 4e3)
            return &picture.object[i];
    }
    return NULL;
}

static bool is_named(const struct wlk_picture_object *object, const char *nation, uint32_t n)
{
    return object && object->ordinal == n &&
           wlk_name_equal(object->named_by, wlk_name_of(nation));
}

static void counts(struct wlk_fusion *jp)
{
    tell(jp, 12, 0, 201, 1, 1);
    tell(jp, 15, 1, 202, 2, 3);
    wlk_fusion_picture(jp, wlk_utc_add(T0, 203), &picture);
    const struct wlk_picture_object *one = object_at(0, 203), *two = object_at(1, 203);
    wlk_check(picture.count == 2 && one && two, "two objects of a partner's salvo");
    wlk_check(one && one->launch.object_count_min == 2 && one->launch.object_count_max == 3 &&
                  two && two->launch.object_count_min == 2,
              "both say what it has last told of the count");
    wlk_check(is_named(one, "KR", 1) && is_named(two, "KR", 2), "they are KR 1 and KR 2");
}

static void joins(struct wlk_fusion *jp)
{
    see(jp, 1, 1, 204, 1500, &SALVO);
    see(jp, 2, 2, 204, 1500, &SALVO);
    for (int s = 205; s < 218; s++) {
        tell(jp, 12, 0, s, 2, 2);
        tell(jp, 15, 1, s, 2, 2);
        see(jp, 1, 1, s, 1500, &SALVO);
        see(jp, 2, 2, s, 1500, &SALVO);
        wlk_fusion_picture(jp, wlk_utc_add(T0, s), &picture);
    }
    const struct wlk_picture_object *two = object_at(1, 217), *three = object_at(2, 217);
    wlk_check(picture.count == 3, "two own tracks, one of them of an object of the partner's: "
                                  "three objects (%zu)", picture.count);
    wlk_check(two && two->has_own && is_named(two, "KR", 2),
              "the one both see keeps the name that the first gave it, though a radar is off");
    wlk_check(three && three->has_own && is_named(three, "JP", 2),
              "the one that only we see has a name of ours, and is no leftover of theirs");
    wlk_check(three && three->launch.object_count_min == 2 &&
                  three->launch.object_count_max == 3,
              "sure of two, three may be");
}

static void ended(struct wlk_fusion *jp)
{
    wlk_fusion_own_ended(jp, 2);
    see(jp, 3, 4, 219, 0, &SALVO);
    see(jp, 4, 6, 219, 0, &OTHER);
    wlk_fusion_picture(jp, wlk_utc_add(T0, 219), &picture);
    wlk_check(is_named(object_at(4, 219), "JP", 3), "a number is not given twice");
    wlk_check(is_named(object_at(6, 219), "JP", 1) &&
                  object_at(6, 219)->launch.object_count_max == 1,
              "another event counts by itself");
}

int main(void)
{
    struct wlk_fusion *jp = NULL;
    if (!wlk_check(wlk_fusion_open(wlk_name_of("JP"), &jp) == WLK_OK, "JP opens"))
        return wlk_tap_done();
    counts(jp);
    joins(jp);
    ended(jp);
    wlk_fusion_close(jp);
    return wlk_tap_done();
}
