/* assess.c -- from an object of the picture to areas in danger.
 * SPDX-License-Identifier: Apache-2.0 */
#include "warning/assess.h"

#include "earth/geodesic.h"

#include <math.h>
#include <string.h>

static const double SEA_ZONE_M = 200 * 1852.0; /* 200 nautical miles [UNCLOS, article 57] */

struct wlk_alert_policy wlk_alert_policy_default(void)
{
    return (struct wlk_alert_policy){
        /* A sector 20 degrees wide covers half of Honshu at 1,000 km: with more doubt than
         * that a warning would name everyone, and the heading is better seconds later. */
        .heading_half_width_rad = 10 * WLK_DEG,
        /* The 2017-08-29 warning named 12 prefectures, 4 degrees each side of the path at the
         * coast; staging and manoeuvre in the rest of the burn turn the heading by as much. */
        .sector_half_width_min_rad = 4 * WLK_DEG,
        .reach_m = 6e6,     /* longer ones pass Japan and Korea high above; nothing is lost */
        .speed_mps = 7000,  /* intercontinental; slower ones come later than told */
        .margin_m = 30e3,   /* debris, stages and the drawing of the coast (assumption) */
        .adjacent_m = 1000, /* those that share a border (2022-10-04: neighbours were missed) */
        /* A false warning costs minutes in a shelter, a missing one lives: one in a hundred
         * (assumption; the raise and keep values a factor three apart against flapping). */
        .direct_on = 0.01,
        .direct_off = 0.003,
        .over_on = 0.05,
        .over_off = 0.01,
        /* 2023-04-13: a few plots, then a firm "will fall" that was withdrawn 21 min later. */
        .track_min_s = 15,
        .second_s = 5, /* two revisits of any radar: till then doubles have been joined */
        .settle_s = 20, /* rehearsed 2017-11-29: between stages it pointed at Tokyo for 18 s */
        .hurry_s = 300, /* shelter takes minutes; a short flight is not waited for */
        .recent_s = 150, /* a radar 1,500 km away loses the last 150 s under its horizon */
        .firm_major_m = 100e3,
        .drop_after_s = 15,
        .update_after_s = 15,
        .move_m = 50e3,
        .move_s = 60,       /* what a ship or a shelter would act on */
        .passed_m = 100e3,  /* half a minute of flight: past the margin and going */
        .lost_after_s = 60, /* several scans of every radar, and the exchange's 3 s alarm */
        .clear_after_s = 60,
        .lost_clear_after_s = 600,
        .sea_reach_m = 2e7, /* everywhere: ships sail everywhere */
    };
}

void wlk_assess_neighbours(const struct wlk_alert_setup *setup, bool near[][WLK_AREAS_MAX])
{
    const struct wlk_areas *areas = setup->areas_view;
    for (size_t i = 0; i < areas->count && setup->policy.adjacent_m >= 0; i++) {
        struct wlk_exposure alone = {.count = 1, .area = {{.area = (uint16_t)i}}};
        wlk_exposure_adjacent(areas, setup->policy.adjacent_m, &alone);
        for (size_t k = 0; k < alone.count; k++)
            near[i][alone.area[k].area] = true;
    }
}

bool wlk_assess_raises(const struct wlk_alert_policy *policy,
                       const struct wlk_warning_area *area)
{
    bool is_over = area->reason == WLK_AREA_OVERFLOWN;
    return area->probability >= (is_over ? policy->over_on : policy->direct_on);
}

bool wlk_assess_keeps(const struct wlk_alert_policy *policy,
                      const struct wlk_warning_area *area)
{
    bool is_over = area->reason == WLK_AREA_OVERFLOWN;
    return area->probability >= (is_over ? policy->over_off : policy->direct_off);
}

static struct wlk_warning_area *find(struct wlk_exposure *exposure, size_t area)
{
    for (size_t i = 0; i < exposure->count; i++)
        if (exposure->area[i].area == area)
            return &exposure->area[i];
    return NULL;
}

/* Adds to sum what is not in it yet; what both have stays with its first reason. */
static void merge(struct wlk_exposure *sum, const struct wlk_exposure *more)
{
    for (size_t i = 0; i < more->count; i++) {
        struct wlk_warning_area *old = find(sum, more->area[i].area);
        if (!old && sum->count < WLK_AREAS_MAX)
            sum->area[sum->count++] = more->area[i];
        else if (old && more->area[i].earliest.ns < old->earliest.ns)
            old->earliest = more->area[i].earliest;
    }
}

/* Neighbours of areas where it may fall; not of those it flies over, which have a margin. */
static void add_neighbours(const struct wlk_alert_setup *setup, bool near[][WLK_AREAS_MAX],
                           struct wlk_exposure *wanted)
{
    size_t direct_count = wanted->count;
    for (size_t i = 0; i < direct_count; i++) {
        struct wlk_warning_area area = wanted->area[i];
        for (size_t k = 0; k < setup->areas_view->count; k++) {
            struct wlk_warning_area *old = find(wanted, k);
            if (!near[area.area][k] || wanted->count == WLK_AREAS_MAX)
                continue;
            if (!old)
                wanted->area[wanted->count++] = (struct wlk_warning_area){
                    (uint16_t)k, WLK_AREA_ADJACENT, area.probability, area.earliest};
            else if (old->reason == WLK_AREA_ADJACENT && old->probability < area.probability)
                old->probability = area.probability;
        }
    }
}

static bool is_land(const struct wlk_areas *areas, wlk_geodetic place)
{
    for (size_t i = 0; i < areas->count; i++)
        if (wlk_area_contains(areas, i, place))
            return true;
    return false;
}

static bool is_sea(const struct wlk_alert_setup *setup, wlk_geodetic place)
{
    if (is_land(setup->areas_view, place))
        return false;
    for (size_t i = 0; i < setup->land_count; i++)
        if (is_land(setup->land_view[i], place))
            return false;
    return true;
}

static void assess_impact(const struct wlk_alert_setup *setup, bool near[][WLK_AREAS_MAX],
                          const struct wlk_picture_object *object, const struct wlk_path *path,
                          struct wlk_assessment *out)
{
    const struct wlk_alert_policy *policy = &setup->policy;
    const struct wlk_impact *impact = &object->impact;
    const double(*c)[3] = impact->point.covariance;
    struct wlk_exposure over;
    double coast_m = wlk_areas_coast_m(setup->areas_view, impact->point.place);
    out->is_told = out->has_impact = true;
    out->is_at_sea = is_sea(setup, impact->point.place);
    out->is_inside_200nm = coast_m <= SEA_ZONE_M;
    out->warns_sea =
        out->is_at_sea && (setup->areas_view->count == 0 || coast_m <= policy->sea_reach_m);
    out->is_firm = wlk_ellipse_from_covariance(c[0][0], c[0][1], c[1][1], 0.95).major_m <=
                   policy->firm_major_m;
    wlk_exposure_impact(setup->areas_view, impact, policy->direct_off, &out->wanted);
    add_neighbours(setup, near, &out->wanted);
    if (path && path->count >= 2) {
        wlk_exposure_path(setup->areas_view, path, impact, policy->margin_m, &over);
        merge(&out->wanted, &over);
    }
}

static void assess_heading(const struct wlk_alert_setup *setup,
                           const struct wlk_picture_object *object, struct wlk_assessment *out)
{
    const struct wlk_alert_policy *policy = &setup->policy;
    double half_width = 1.96 * object->heading_sigma_rad;
    if (!object->has_heading || half_width > policy->heading_half_width_rad ||
        (!out->has_ground && !object->has_launch))
        return;
    struct wlk_sector sector = {
        .apex = out->has_ground ? out->ground : object->launch.point.place,
        .at = out->has_ground ? object->state.epoch : object->launch.point.time,
        .heading_rad = object->heading_rad,
        .half_width_rad = fmax(half_width, policy->sector_half_width_min_rad),
        .reach_m = policy->reach_m,
        .margin_m = policy->margin_m,
        .speed_mps = policy->speed_mps};
    out->is_told = out->warns_sea = true;
    wlk_exposure_sector(setup->areas_view, &sector, &out->wanted);
}

/* Is the predicted impact one that people may be told of? Not from a few plots; and not at once
 * after a burnout that may have been the end of a stage, unless there is no time to wait. */
static bool is_believed(const struct wlk_alert_policy *policy,
                        const struct wlk_picture_object *object)
{
    const struct wlk_impact *impact = &object->impact;
    if (!object->has_impact || impact->track_s < policy->track_min_s)
        return false;
    bool is_fresh = object->has_burnout && wlk_utc_seconds(impact->computed_at,
                                                           object->burnout) < policy->settle_s;
    return !is_fresh ||
           wlk_utc_seconds(impact->point.time, impact->computed_at) < policy->hurry_s;
}

void wlk_assess(const struct wlk_alert_setup *setup, bool near[][WLK_AREAS_MAX],
                const struct wlk_picture_object *object, const struct wlk_path *path,
                struct wlk_assessment *out)
{
    bool is_down = false; /* where it was heading matters no more */
    *out = (struct wlk_assessment){.is_told = false};
    out->is_measured = object->condition == WLK_CONDITION_MEASURED && !object->is_ended;
    if (object->has_state) {
        const double *x = object->state.position_m;
        out->has_ground = true;
        out->ground = wlk_geodetic_from_ecef((wlk_ecef){x[0], x[1], x[2]});
        is_down = out->ground.height_m < 0;
        out->ground.height_m = 0;
    }
    if (is_believed(&setup->policy, object))
        assess_impact(setup, near, object, path, out);
    else if (!is_down)
        assess_heading(setup, object, out);
}
