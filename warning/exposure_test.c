/* exposure_test.c -- are the areas found that a heading, a path or an impact touches?
 * SPDX-License-Identifier: Apache-2.0 */
#include "warning/assess.h"

#include "base/random.h"
#include "base/tap.h"
#include "earth/geodesic.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const wlk_utc T0 = {1503953880000000000};
static struct wlk_areas *jp;

static const struct wlk_warning_area *find(const struct wlk_exposure *exposure, size_t area)
{
    for (size_t i = 0; i < exposure->count; i++)
        if (exposure->area[i].area == area)
            return &exposure->area[i];
    return NULL;
}

/* Everything that a sampled heading within the sector flies over must be in the sector. */
static void sector_holds_headings(void)
{
    struct wlk_random random = wlk_random_seeded(21, 1);
    size_t missed = 0, idle = 0, all = 0;
    for (int run = 0; run < 60; run++) {
        struct wlk_sector sector = {
            .apex = {(37 + 5 * wlk_random_uniform(&random)) * WLK_DEG,
                     (124 + 8 * wlk_random_uniform(&random)) * WLK_DEG, 0},
            .at = T0,
            .heading_rad = (30 + 120 * wlk_random_uniform(&random)) * WLK_DEG,
            .half_width_rad = (2 + 8 * wlk_random_uniform(&random)) * WLK_DEG,
            .reach_m = 2500e3,
            .margin_m = 10e3,
            .speed_mps = 7000};
        struct wlk_exposure out;
        bool is_flown[WLK_AREAS_MAX] = {false};
        wlk_exposure_sector(jp, &sector, &out);
        for (int ray = -6; ray <= 6; ray++)
            for (double d = 20e3; d < 2400e3; d += 20e3) {
                wlk_geodetic at = wlk_geodesic_from(
                    sector.apex, sector.heading_rad + sector.half_width_rad * ray / 6.5, d);
                for (size_t i = 0; i < jp->count; i++) {
                    if (!wlk_area_contains(jp, i, at))
                        continue;
                    const struct wlk_warning_area *area = find(&out, i);
                    is_flown[i] = true;
                    missed +=
                        !area || wlk_utc_seconds(area->earliest, T0) > d / sector.speed_mps + 1;
                }
            }
        for (size_t k = 0; k < out.count; k++) {
            all++;
            idle += out.area[k].probability > 0.2 && !is_flown[out.area[k].area];
        }
    }
    wlk_check(missed == 0, "whatever a heading in the sector flies over is warned, in time");
    wlk_check(all > 200 && idle <= all / 50, "and hardly anything else is likely (%zu of %zu)",
              idle, all);
    struct wlk_sector behind = {.apex = {40 * WLK_DEG, 150 * WLK_DEG, 0},
                                .at = T0,
                                .heading_rad = 90 * WLK_DEG,
                                .half_width_rad = 5 * WLK_DEG,
                                .reach_m = 5000e3,
                                .margin_m = 10e3,
                                .speed_mps = 7000};
    struct wlk_exposure out;
    wlk_exposure_sector(jp, &behind, &out);
    bool has_far = out.count == 1 && strcmp(jp->area[out.area[0].area].en, "Tokyo") == 0;
    wlk_check(out.count == 0 || has_far, "what lies behind is not in it (%zu)", out.count);
}

static struct wlk_path straight(wlk_geodetic from, double azimuth_rad, double range_m)
{
    struct wlk_path path = {.count = 100};
    for (size_t i = 0; i < path.count; i++) {
        path.time[i] = wlk_utc_add(T0, 6 * (double)i);
        path.place[i] = wlk_geodesic_from(from, azimuth_rad, range_m * (double)i / 99);
    }
    return path;
}

static void path_over(void)
{
    size_t hokkaido = 0, okinawa = 0;
    wlk_geodetic from = {39.2 * WLK_DEG, 125.67 * WLK_DEG, 0};
    struct wlk_path path = straight(from, 73 * WLK_DEG, 2700e3);
    struct wlk_impact impact = {.point = {.place = path.place[99], .time = path.time[99]}};
    struct wlk_exposure out;
    impact.point.covariance[0][0] = impact.point.covariance[1][1] = 25e6;
    wlk_exposure_path(jp, &path, &impact, 10e3, &out);
    bool is_named = wlk_area_find(jp, "Hokkaido", &hokkaido) == WLK_OK &&
                    wlk_area_find(jp, "Okinawa", &okinawa) == WLK_OK;
    const struct wlk_warning_area *over = is_named ? find(&out, hokkaido) : NULL;
    wlk_check(over && over->probability > 0.99 && !find(&out, okinawa) && out.count <= 3,
              "the path of 2017-08-29 is over Hokkaido (%zu areas)", out.count);
    wlk_check(over && wlk_utc_seconds(over->earliest, T0) > 200 &&
                  wlk_utc_seconds(over->earliest, T0) < 320,
              "from the time it comes there");
    for (double sigma_km = 20; sigma_km <= 320; sigma_km *= 4) {
        size_t before = out.count;
        impact.point.covariance[0][0] = impact.point.covariance[1][1] =
            sigma_km * sigma_km * 1e6;
        wlk_exposure_path(jp, &path, &impact, 10e3, &out);
        wlk_check(out.count >= before, "%g km less sure touches no fewer areas (%zu)", sigma_km,
                  out.count);
    }
    path.count = 1;
    wlk_exposure_path(jp, &path, &impact, 10e3, &out);
    wlk_check(out.count == 0, "no path touches nothing");
}

static void impacts(void)
{
    struct wlk_impact impact = {
        .point = {.place = {39.7 * WLK_DEG, 140.5 * WLK_DEG, 0}, .time = T0}};
    struct wlk_exposure out;
    size_t akita = 0;
    impact.point.covariance[0][0] = impact.point.covariance[1][1] = 9e8;
    impact.point.covariance[2][2] = 4;
    wlk_exposure_impact(jp, &impact, 0.01, &out);
    bool is_named = wlk_area_find(jp, "Akita", &akita) == WLK_OK;
    const struct wlk_warning_area *area = is_named ? find(&out, akita) : NULL;
    wlk_check(area && area->probability > 0.5 && area->reason == WLK_AREA_DIRECT &&
                  area->earliest.ns == wlk_utc_add(T0, -6).ns,
              "a fall in Akita is told to Akita, three sigmas early");
    size_t before = out.count;
    wlk_exposure_adjacent(jp, 1000, &out);
    bool rises = out.count > before;
    for (size_t i = 1; i < out.count; i++)
        rises = rises && out.area[i].area > out.area[i - 1].area;
    wlk_check(rises, "with its neighbours, each once, in order (%zu, %zu)", before, out.count);
}

/* In the last seconds a body may be carried below the ground, where no impact can be computed:
 * nobody is told to take cover because of where it was heading. */
static void below_ground(void)
{
    static bool near[WLK_AREAS_MAX][WLK_AREAS_MAX];
    struct wlk_alert_setup setup = {.areas_view = jp, .policy = wlk_alert_policy_default()};
    struct wlk_assessment out[2];
    for (int i = 0; i < 2; i++) {
        wlk_ecef x = wlk_ecef_from_geodetic(
            (wlk_geodetic){40.4 * WLK_DEG, 128.7 * WLK_DEG, i ? -1e3 : 1e3});
        struct wlk_picture_object object = {.is_declared = true,
                                            .has_state = true,
                                            .state = {.phase = WLK_PHASE_REENTRY,
                                                      .position_m = {x.x, x.y, x.z}},
                                            .has_heading = true,
                                            .heading_rad = 80 * WLK_DEG,
                                            .heading_sigma_rad = WLK_DEG};
        wlk_assess(&setup, near, &object, NULL, &out[i]);
    }
    wlk_check(out[0].is_told && out[0].wanted.count > 0 && !out[1].is_told &&
                  out[1].wanted.count == 0,
              "a heading warns while the body is above the ground, and not below it");
}

int main(void)
{
    const char *top = getenv("WARNLINK_SOURCE");
    char folder[512];
    snprintf(folder, sizeof folder, "%s/areas", top ? top : ".");
    if (!wlk_check(wlk_areas_open(wlk_name_of("JP"), folder, &jp, NULL) == WLK_OK,
                   "areas can be read"))
        return wlk_tap_done();
    sector_holds_headings();
    path_over();
    impacts();
    below_ground();
    wlk_areas_close(jp);
    return wlk_tap_done();
}
