/* picture_test.c -- is the picture made of the newest words of each nation, and of nothing
 * twice?
 * SPDX-License-Identifier: Apache-2.0 */
#include "fusion/picture.h"

#include "base/random.h"
#include "base/tap.h"
#include "earth/propagate.h"
#include "fusion/combine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const wlk_utc T0 = {1503953880000000000}; /* 2017-08-28T20:58:00Z */
static struct wlk_picture picture;

static wlk_utc at(double s)
{
    return wlk_utc_add(T0, s);
}

static struct wlk_fusion *open_as(const char *nation)
{
    struct wlk_fusion *fusion = NULL;
    wlk_check(wlk_fusion_open(wlk_name_of(nation), &fusion) == WLK_OK, "%s opens", nation);
    return fusion;
}

/* The true flight number k at s seconds: each 40 km north of the other. */
static struct wlk_state truth(int k, double s)
{
    wlk_geodetic place = {(39.9 + 0.36 * k) * WLK_DEG, 132 * WLK_DEG, 300e3};
    wlk_ecef from = wlk_ecef_from_geodetic(place);
    double x[6] = {from.x, from.y, from.z};
    struct wlk_state state = {
        .epoch = at(s), .phase = WLK_PHASE_COAST, .log_inverse_beta = log(1.0 / 4000)};
    wlk_ecef_from_enu(place, (wlk_enu){3900, 900, 1500}, x + 3);
    if (wlk_propagate(x, 1.0 / 4000, s - 200, x, NULL) != WLK_OK)
        wlk_check(false, "flight %d can be flown to %g s", k, s);
    memcpy(state.position_m, x, sizeof state.position_m);
    memcpy(state.velocity_mps, x + 3, sizeof state.velocity_mps);
    return state;
}

/* An estimate of it with given sigmas and errors of that size. */
static struct wlk_state seen(int k, double s, double sigma_m, struct wlk_random *random)
{
    struct wlk_state state = truth(k, s);
    double sigma_mps = sigma_m / 50;
    for (int i = 0; i < 3; i++) {
        state.position_m[i] += random ? sigma_m * wlk_random_normal(random) : 0;
        state.velocity_mps[i] += random ? sigma_mps * wlk_random_normal(random) : 0;
        state.covariance[i][i] = sigma_m * sigma_m;
        state.covariance[i + 3][i + 3] = sigma_mps * sigma_mps;
    }
    return state;
}

static struct wlk_partner from(const char *nation, uint32_t object, double s, bool is_fine)
{
    return (struct wlk_partner){
        .originator = wlk_name_of(nation), .object = object, .is_fine = is_fine, .time = at(s)};
}

static struct wlk_track own_track(uint32_t object, struct wlk_state state)
{
    return (struct wlk_track){.object = object,
                              .revision = 1,
                              .state = state,
                              .first_plot = wlk_utc_add(state.epoch, -30),
                              .last_measurement = state.epoch,
                              .plot_count = 20,
                              .is_confirmed = true,
                              .condition = WLK_CONDITION_MEASURED};
}

static struct wlk_launch launch_at(double latitude_deg, double longitude_deg, double s)
{
    struct wlk_launch launch = {
        .point = {.place = {latitude_deg * WLK_DEG, longitude_deg * WLK_DEG, 0}, .time = at(s)},
        .status = WLK_LAUNCH_CONFIRMED,
        .has_azimuth = true,
        .azimuth_rad = 73 * WLK_DEG,
        .azimuth_sigma_rad = 2 * WLK_DEG,
        .object_count_min = 1,
        .object_count_max = 1};
    launch.point.covariance[0][0] = launch.point.covariance[1][1] = 4e6;
    launch.point.covariance[2][2] = 4;
    return launch;
}

static double trace(const struct wlk_state *state)
{
    return state->covariance[0][0] + state->covariance[1][1] + state->covariance[2][2];
}

static wlk_event event_of(uint8_t byte)
{
    wlk_event event;
    memset(event.bytes, byte, sizeof event.bytes);
    return event;
}

static void replaces(void)
{
    struct wlk_fusion *jp = open_as("JP");
    struct wlk_random random = wlk_random_seeded(5, 1);
    struct wlk_state one = seen(0, 200, 300, &random), two = seen(0, 201, 300, &random);
    struct wlk_track own = own_track(1, seen(0, 201, 300, &random));
    struct wlk_partner who = from("KR", 9, 200, false), next = from("KR", 9, 201, false);
    wlk_fusion_own(jp, &own, NULL);
    wlk_check(wlk_fusion_partner_track(jp, &who, &one, WLK_CONDITION_MEASURED) == WLK_OK,
              "a partner's track is kept");
    wlk_fusion_picture(jp, at(201), &picture);
    wlk_fusion_picture(jp, at(201), &picture);
    struct wlk_picture_object first = picture.object[0];
    wlk_check(picture.count == 1 && first.source_count == 2 && first.has_own,
              "it is found to be our object");
    wlk_check(trace(&first.state) < 0.6 * trace(&own.state), "and makes it surer");
    size_t again = 0;
    for (int i = 0; i < 100; i++)
        again += wlk_fusion_partner_track(jp, &who, &one, WLK_CONDITION_MEASURED) == WLK_STALE;
    wlk_fusion_picture(jp, at(201), &picture);
    wlk_check(again == 100 &&
                  memcmp(&picture.object[0].state, &first.state, sizeof first.state) == 0,
              "the same record a hundred times changes no bit");
    wlk_check(wlk_fusion_partner_track(jp, &next, &two, WLK_CONDITION_MEASURED) == WLK_OK,
              "a newer one replaces it");
    wlk_fusion_picture(jp, at(201), &picture);
    struct wlk_state newer = picture.object[0].state;
    wlk_check(trace(&newer) < trace(&first.state) && trace(&newer) > 0.8 * trace(&first.state),
              "and adds nothing to it: the covariance is of two estimates, not three");
    wlk_check(wlk_fusion_partner_track(jp, &who, &one, WLK_CONDITION_MEASURED) == WLK_STALE,
              "the older one that comes late is refused");
    wlk_fusion_picture(jp, at(201), &picture);
    wlk_check(memcmp(&picture.object[0].state, &newer, sizeof newer) == 0,
              "order does not matter");
    wlk_check(wlk_fusion_counts(jp).stale == 101, "each refusal is counted");
    who.originator = wlk_name_of("JP");
    wlk_check(wlk_fusion_partner_track(jp, &who, &one, WLK_CONDITION_MEASURED) ==
                      WLK_BAD_INPUT &&
                  wlk_fusion_counts(jp).own_returned == 1,
              "what claims to come from ourselves never comes in");
    wlk_fusion_close(jp);
}

static void two_lanes(void)
{
    struct wlk_fusion *us = open_as("US");
    struct wlk_state fine = seen(0, 200, 50, NULL), coarse = seen(0, 202, 2000, NULL);
    struct wlk_state late = seen(0, 204, 2000, NULL);
    struct wlk_partner a = from("JP", 1, 200, true), b = from("JP", 1, 202, false);
    struct wlk_partner c = from("JP", 1, 204, false);
    wlk_check(wlk_fusion_partner_track(us, &b, &coarse, WLK_CONDITION_MEASURED) == WLK_OK &&
                  wlk_fusion_partner_track(us, &a, &fine, WLK_CONDITION_MEASURED) == WLK_OK,
              "fine is taken although it is two seconds older");
    b.time = at(202.5);
    wlk_check(wlk_fusion_partner_track(us, &b, &coarse, WLK_CONDITION_MEASURED) == WLK_STALE,
              "and coarse does not take its place while it is near");
    wlk_fusion_picture(us, at(202), &picture);
    wlk_check(picture.count == 1 && picture.object[0].source_count == 1 &&
                  trace(&picture.object[0].state) < 5e4,
              "and only fine is used");
    wlk_check(wlk_fusion_partner_track(us, &c, &late, WLK_CONDITION_MEASURED) == WLK_OK,
              "coarse is taken once fine is more than three seconds behind");
    wlk_fusion_picture(us, at(204), &picture);
    wlk_check(trace(&picture.object[0].state) > 1e6, "and is used then");
    wlk_fusion_close(us);
}

static void three_nations_nees(void)
{
    struct wlk_random random = wlk_random_seeded(6, 1);
    double sum = 0, single = 0;
    int runs = 200, good = 0;
    struct wlk_fusion *jp = open_as("JP");
    struct wlk_state there = truth(0, 260);
    for (int k = 0; k < 6; k++)
        there.covariance[k][k] = 1e-9;
    for (int run = 0; run < runs; run++) {
        struct wlk_partner kr = from("KR", (uint32_t)run + 1, 220, false);
        struct wlk_partner us = from("US", (uint32_t)run + 1, 250, false);
        struct wlk_state a = seen(0, 220, 400, &random), b = seen(0, 250, 300, &random);
        struct wlk_track own = own_track((uint32_t)run + 1, seen(0, 260, 300, &random));
        double nees = 0, alone = 0;
        struct wlk_fusion *fresh = NULL;
        if (wlk_fusion_open(wlk_name_of("JP"), &fresh) != WLK_OK)
            break;
        wlk_fusion_own(fresh, &own, NULL);
        wlk_status status = wlk_fusion_partner_track(fresh, &kr, &a, WLK_CONDITION_MEASURED);
        if (status == WLK_OK)
            status = wlk_fusion_partner_track(fresh, &us, &b, WLK_CONDITION_MEASURED);
        for (int k = 0; k < 3; k++)
            wlk_fusion_picture(fresh, at(260), &picture);
        if (status == WLK_OK && picture.count == 1 && picture.object[0].source_count == 3 &&
            wlk_combine_distance(&picture.object[0].state, &there, &nees) == WLK_OK &&
            wlk_combine_distance(&own.state, &there, &alone) == WLK_OK) {
            good++;
            sum += nees;
            single += trace(&picture.object[0].state) / trace(&own.state);
        }
        wlk_fusion_close(fresh);
    }
    wlk_check(good >= runs - 4, "three nations' tracks make one object (%d of %d)", good, runs);
    /* chi-square-6 mean of 200: 6 +- 0.245; those beyond the gate (1 in 300) were left out */
    wlk_check_near(sum / good, 6, 1.3, "of which the picture is as sure as it says (NEES %.2f)",
                   sum / good);
    wlk_check(single / good < 0.7, "and surer than alone (%.2f of the variance)",
              single / good);
    wlk_fusion_close(jp);
}

static void salvo(void)
{
    struct wlk_fusion *jp = open_as("JP");
    struct wlk_random random = wlk_random_seeded(7, 1);
    bool never_flips = true;
    uint32_t number[8] = {0};
    for (int s = 0; s < 30; s++) {
        for (int k = 0; k < 8; k++) {
            struct wlk_track own = own_track((uint32_t)k + 1, seen(k, 200 + s, 500, &random));
            struct wlk_partner who = from("KR", 20 - (uint32_t)k, 200 + s, false);
            struct wlk_state state = seen(k, 200 + s, 1500, &random);
            wlk_fusion_own(jp, &own, NULL);
            (void)!wlk_fusion_partner_track(jp, &who, &state, WLK_CONDITION_MEASURED);
        }
        wlk_fusion_picture(jp, at(200 + s), &picture);
        for (size_t i = 0; i < picture.count && s >= 12; i++) {
            const struct wlk_picture_object *object = &picture.object[i];
            uint32_t own = object->own_object;
            if (!object->has_own || own < 1 || own > 8 || object->source_count != 2)
                never_flips = false;
            else if (number[own - 1] == 0)
                number[own - 1] = object->number;
            else if (number[own - 1] != object->number)
                never_flips = false;
        }
    }
    wlk_check(picture.count == 8, "eight missiles 40 km apart are eight objects (%zu)",
              picture.count);
    wlk_check(never_flips, "each paired with its own, for good");
    bool rises = true;
    for (size_t i = 1; i < picture.count; i++)
        rises = rises && picture.object[i].number > picture.object[i - 1].number;
    wlk_check(rises, "in order of their numbers");
    wlk_fusion_close(jp);
}

static void launch_first(void)
{
    struct wlk_fusion *jp = open_as("JP");
    struct wlk_partner who = from("KR", 3, 30, false);
    struct wlk_launch launch = launch_at(39.2, 125.67, 0);
    wlk_event theirs = event_of(7), ours = event_of(8);
    who.has_event = true;
    who.event = theirs;
    wlk_fusion_picture(jp, at(29), &picture);
    wlk_check(picture.count == 0, "the picture is empty before");
    wlk_check(wlk_fusion_partner_launch(jp, &who, &launch) == WLK_OK,
              "a launch record is kept");
    wlk_fusion_picture(jp, at(30.5), &picture);
    wlk_check(picture.count == 1 && picture.object[0].is_declared &&
                  picture.object[0].declared_at.ns == at(30.5).ns &&
                  picture.object[0].has_launch && picture.object[0].has_heading &&
                  !picture.object[0].has_state,
              "it is an object, declared, with launch point and heading");
    wlk_check_near(picture.object[0].heading_rad, 73 * WLK_DEG, 1e-9, "the partner's azimuth");
    struct wlk_track own = own_track(1, seen(0, 200, 500, NULL));
    wlk_fusion_own(jp, &own, &ours);
    wlk_fusion_picture(jp, at(200), &picture);
    wlk_fusion_picture(jp, at(200), &picture);
    wlk_check(picture.count == 1 && picture.object[0].has_own && picture.object[0].has_launch,
              "our own track from there joins it");
    wlk_check(memcmp(&picture.object[0].event, &theirs, sizeof theirs) == 0,
              "under the event that was named first");
    struct wlk_track behind = own_track(2, seen(0, 200, 500, NULL));
    wlk_geodetic elsewhere = {60 * WLK_DEG, -150 * WLK_DEG, 300e3};
    wlk_ecef there = wlk_ecef_from_geodetic(elsewhere);
    behind.state.position_m[0] = there.x;
    behind.state.position_m[1] = there.y;
    behind.state.position_m[2] = there.z;
    wlk_fusion_own(jp, &behind, NULL);
    wlk_fusion_picture(jp, at(201), &picture);
    wlk_check(picture.count == 2, "a track over Alaska is another object");
    wlk_fusion_close(jp);
}

static void cancelled(void)
{
    struct wlk_fusion *jp = open_as("JP");
    struct wlk_partner who = from("KR", 3, 30, false);
    struct wlk_launch launch = launch_at(39.2, 125.67, 0);
    wlk_check(wlk_fusion_partner_launch(jp, &who, &launch) == WLK_OK, "a launch is told");
    wlk_fusion_picture(jp, at(31), &picture);
    who.time = at(60);
    wlk_check(wlk_fusion_partner_cancel(jp, &who) == WLK_OK, "and taken back");
    wlk_fusion_picture(jp, at(61), &picture);
    wlk_check(picture.count == 1 && picture.object[0].is_ended &&
                  !picture.object[0].is_declared,
              "its object ends and is declared no more");
    wlk_check(wlk_fusion_partner_launch(jp, &who, &launch) == WLK_STALE,
              "and does not come back with a late copy");
    wlk_fusion_picture(jp, at(75), &picture);
    wlk_check(picture.count == 0, "and is gone in a while");
    wlk_fusion_close(jp);
}

static void agreement(void)
{
    struct wlk_fusion *jp = open_as("JP");
    struct wlk_partner kr = from("KR", 3, 30, false), us = from("US", 4, 31, false);
    struct wlk_launch a = launch_at(39.2, 125.67, 0), b = launch_at(39.205, 125.68, 1);
    wlk_check(wlk_fusion_partner_launch(jp, &kr, &a) == WLK_OK &&
                  wlk_fusion_partner_launch(jp, &us, &b) == WLK_OK,
              "two nations tell of one launch");
    wlk_fusion_picture(jp, at(32), &picture);
    wlk_check(picture.count == 1 && !picture.object[0].disagrees, "it is one object");
    wlk_check_near(picture.object[0].launch.point.covariance[0][0], 2e6, 1e3,
                   "its launch point rests on both");
    struct wlk_sighting sighting = {.sensor = wlk_name_of("US-IR-1"),
                                    .launch_time = at(2),
                                    .time_sigma_s = 2,
                                    .place = a.point.place,
                                    .place_sigma_m = 5000,
                                    .told_at = at(62)};
    for (int i = 0; i < 3; i++)
        wlk_fusion_sighting(jp, &sighting);
    wlk_fusion_picture(jp, at(62), &picture);
    wlk_check(picture.count == 1, "a sighting from space is of the same launch");
    struct wlk_launch c = launch_at(39.5, 125.67, 1);
    kr.time = at(63);
    wlk_check(wlk_fusion_partner_launch(jp, &kr, &c) == WLK_OK, "then one moves 33 km");
    wlk_fusion_picture(jp, at(64), &picture);
    wlk_check(picture.object[0].disagrees, "and the disagreement is marked, not averaged");
    double lat = picture.object[0].launch.point.place.latitude_rad / WLK_DEG;
    wlk_check(fabs(lat - 39.5) < 0.02 || fabs(lat - 39.2) < 0.02,
              "the launch point stays with one of them (%.3f)", lat);
    wlk_fusion_close(jp);
}

/* What is too far apart stays apart, and what is ambiguous waits. */
static void stays_apart(void)
{
    struct wlk_fusion *jp = open_as("JP");
    struct wlk_partner kr = from("KR", 3, 200, false);
    struct wlk_track own = own_track(1, seen(0, 200, 300, NULL));
    struct wlk_state other = seen(3, 200, 300, NULL); /* 120 km north */
    wlk_fusion_own(jp, &own, NULL);
    wlk_check(wlk_fusion_partner_track(jp, &kr, &other, WLK_CONDITION_MEASURED) == WLK_OK,
              "a partner sees one 120 km away");
    for (int s = 200; s < 230; s++)
        wlk_fusion_picture(jp, at(s), &picture);
    wlk_check(picture.count == 2 && picture.object[0].source_count == 1,
              "it is another object, and stays so");
    wlk_fusion_close(jp);

    jp = open_as("JP");
    struct wlk_launch launch = launch_at(-30, 20, 0); /* nothing flies from there to Japan */
    kr.time = at(30);
    wlk_fusion_own(jp, &own, NULL);
    wlk_check(wlk_fusion_partner_launch(jp, &kr, &launch) == WLK_OK,
              "a launch in Africa is told");
    wlk_fusion_picture(jp, at(201), &picture);
    wlk_check(picture.count == 2, "it is not where our track comes from");
    wlk_fusion_close(jp);
}

static void waits(void)
{
    struct wlk_fusion *jp = open_as("JP");
    struct wlk_partner kr = from("KR", 3, 199, false);
    struct wlk_launch launch = launch_at(39.2, 125.67, 0);
    struct wlk_track own = own_track(1, seen(0, 200, 300, NULL));
    own.first_plot = at(199);
    wlk_check(wlk_fusion_partner_launch(jp, &kr, &launch) == WLK_OK, "a launch is told");
    kr.object = 4;
    launch.point.time = at(5);
    wlk_check(wlk_fusion_partner_launch(jp, &kr, &launch) == WLK_OK, "and another of its kind");
    wlk_fusion_own(jp, &own, NULL);
    wlk_fusion_picture(jp, at(201), &picture);
    wlk_check(picture.count == 3, "our track may be of either, and waits");
    own = own_track(1, seen(0, 212, 300, NULL));
    wlk_fusion_own(jp, &own, NULL);
    wlk_fusion_picture(jp, at(212), &picture);
    wlk_check(picture.count == 2, "but not for ever");
    wlk_fusion_close(jp);
}

static void bad_records(void)
{
    struct wlk_fusion *jp = open_as("JP");
    struct wlk_partner who = from("KR", 3, 200, false);
    struct wlk_state state = seen(0, 200, 300, NULL);
    struct wlk_launch launch = launch_at(39.2, 125.67, 0);
    state.position_m[1] = (double)NAN;
    wlk_check(wlk_fusion_partner_track(jp, &who, &state, WLK_CONDITION_MEASURED) ==
                  WLK_BAD_INPUT,
              "NaN is refused");
    launch.point.covariance[0][1] = launch.point.covariance[1][0] = 1e9;
    wlk_check(wlk_fusion_partner_launch(jp, &who, &launch) == WLK_BAD_INPUT,
              "so is a covariance that is none");
    wlk_fusion_picture(jp, at(201), &picture);
    wlk_check(picture.count == 0 && wlk_fusion_counts(jp).bad == 2, "both counted, none shown");
    size_t kept = 0;
    for (uint32_t i = 1; i <= WLK_OBJECTS_MAX + 5; i++) {
        who.object = i;
        launch = launch_at(-80 + 0.3 * i, 10, 0);
        kept += wlk_fusion_partner_launch(jp, &who, &launch) == WLK_OK;
    }
    wlk_check(kept == WLK_OBJECTS_MAX && wlk_fusion_counts(jp).full == 5,
              "a full store refuses and counts");
    wlk_fusion_close(jp);
}

static void ends(void)
{
    struct wlk_fusion *jp = open_as("JP");
    struct wlk_track own = own_track(1, seen(0, 200, 300, NULL));
    struct wlk_impact impact = {.point = {.time = at(900)}, .track_s = 100};
    wlk_fusion_own(jp, &own, NULL);
    wlk_fusion_picture(jp, at(200), &picture);
    for (int i = 0; i < 3; i++)
        impact.point.covariance[i][i] = 1e6;
    wlk_fusion_set_impact(jp, picture.object[0].number, &impact);
    wlk_fusion_picture(jp, at(205), &picture);
    wlk_check(picture.object[0].has_impact &&
                  picture.object[0].condition == WLK_CONDITION_MEASURED,
              "the impact handed back is shown");
    wlk_fusion_picture(jp, at(225), &picture);
    wlk_check(picture.object[0].condition == WLK_CONDITION_COASTED, "silence is coasting");
    wlk_fusion_picture(jp, at(260), &picture);
    wlk_check(picture.object[0].condition == WLK_CONDITION_LOST, "and then loss");
    wlk_fusion_picture(jp, at(955), &picture);
    wlk_check(picture.count == 1 && !picture.object[0].is_ended, "it stays past its impact");
    wlk_fusion_picture(jp, at(961), &picture);
    wlk_check(picture.count == 1 && picture.object[0].is_ended, "for a minute");
    wlk_fusion_own(jp, &own, NULL);
    wlk_fusion_picture(jp, at(975), &picture);
    wlk_check(picture.count == 0, "and does not come back");
    wlk_fusion_close(jp);
}

/* A partner that has burnt out leads one that still thinks it burns. */
static void phases(void)
{
    struct wlk_fusion *jp = open_as("JP");
    struct wlk_track own = own_track(1, seen(0, 200, 300, NULL));
    struct wlk_partner who = from("KR", 3, 200, false);
    struct wlk_state state = seen(0, 200, 300, NULL);
    own.state.phase = WLK_PHASE_BOOST;
    for (int i = 6; i < 9; i++)
        own.state.covariance[i][i] = 100;
    wlk_fusion_own(jp, &own, NULL);
    wlk_fusion_picture(jp, at(200), &picture);
    wlk_check(picture.object[0].state.phase == WLK_PHASE_BOOST, "alone it boosts");
    wlk_check(wlk_fusion_partner_track(jp, &who, &state, WLK_CONDITION_MEASURED) == WLK_OK,
              "a partner says it coasts");
    wlk_fusion_picture(jp, at(201), &picture);
    wlk_check(picture.count == 1 && picture.object[0].state.phase == WLK_PHASE_COAST,
              "who has seen the burnout has the word");
    for (int s = 202; s < 212; s++) {
        struct wlk_track later = own_track(1, seen(0, s, 300, NULL));
        later.state.phase = WLK_PHASE_BOOST;
        for (int i = 6; i < 9; i++)
            later.state.covariance[i][i] = 100;
        wlk_fusion_own(jp, &later, NULL);
    }
    wlk_fusion_picture(jp, at(211), &picture);
    wlk_check(picture.object[0].state.phase == WLK_PHASE_BOOST,
              "unless it has been silent while ours burns on");
    wlk_fusion_close(jp);
}

int main(void)
{
    replaces();
    two_lanes();
    three_nations_nees();
    salvo();
    launch_first();
    cancelled();
    agreement();
    stays_apart();
    waits();
    bad_records();
    ends();
    phases();
    return wlk_tap_done();
}
