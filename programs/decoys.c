/* decoys.c -- `warnlink decoys`: makes a nation's file of decoys.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/decoys.h"

#include "base/assert.h"
#include "programs/mains.h"
#include "programs/options.h"
#include "programs/share.h"
#include "record/seal.h"
#include "sensors/sites.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { DRAWS_MAX = 100, PLACES_MIN = 8 };
static const double NEAR_M = 30e3; /* of the radar itself: inside the set, not at its rim */

/* Metres east and north, flat around the middle. */
static double apart_m(wlk_geodetic a, wlk_geodetic b)
{
    double north = (b.latitude_rad - a.latitude_rad) * WLK_WGS84_A;
    double east = (b.longitude_rad - a.longitude_rad) * WLK_WGS84_A *
                  cos(0.5 * (a.latitude_rad + b.latitude_rad));
    return hypot(east, north);
}

static wlk_geodetic drawn_centre(const struct wlk_site *site, double radius_m,
                                 struct wlk_random *random)
{
    double off_m = radius_m * sqrt(wlk_random_uniform(random));
    double turn = 2 * WLK_PI * wlk_random_uniform(random);
    wlk_geodetic centre = site->place;
    centre.latitude_rad += off_m * cos(turn) / WLK_WGS84_A;
    centre.longitude_rad += off_m * sin(turn) / (WLK_WGS84_A * cos(site->place.latitude_rad));
    return centre;
}

/* All points of the grid on land around the centre. WLK_FULL: more than a set holds. */
static wlk_status fill(const struct wlk_areas *land, wlk_geodetic centre, double radius_m,
                       struct wlk_decoy_set *set)
{
    const double step = WLK_DECOY_GRID_M / WLK_WGS84_A, reach = radius_m / WLK_WGS84_A;
    set->count = 0;
    for (double row = ceil((centre.latitude_rad - reach) / step);
         row * step <= centre.latitude_rad + reach; row++) {
        double across = step / cos(row * step);
        double wide = reach / cos(row * step);
        for (double column = ceil((centre.longitude_rad - wide) / across);
             column * across <= centre.longitude_rad + wide; column++) {
            wlk_geodetic place = {row * step, column * across, set->site.place.height_m};
            if (apart_m(place, centre) > radius_m || wlk_areas_coast_m(land, place) > 0)
                continue;
            if (set->count == WLK_DECOYS_MAX)
                return WLK_FULL;
            set->place[set->count++] = place;
        }
    }
    return WLK_OK;
}

static bool hides(const struct wlk_decoy_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->count >= PLACES_MIN && apart_m(set->place[i], set->site.place) <= NEAR_M)
            return true;
    return false;
}

wlk_status wlk_decoys_draw(const struct wlk_areas *land, const struct wlk_site *site,
                           double radius_m, struct wlk_random *random,
                           struct wlk_decoy_set *out)
{
    struct wlk_decoy_set set = {.site = *site};
    for (int draw = 0; draw < DRAWS_MAX; draw++) {
        wlk_geodetic centre = drawn_centre(site, radius_m, random);
        if (fill(land, centre, radius_m, &set) != WLK_OK || !hides(&set))
            continue;
        *out = set;
        return WLK_OK;
    }
    return WLK_NO_SOLUTION;
}

static wlk_status draw_radars(const struct wlk_sites *sites, wlk_name owner,
                              const struct wlk_areas *land, double radius_m, uint64_t seed,
                              struct wlk_decoys *out)
{
    out->count = 0;
    for (size_t i = 0; i < sites->count; i++) {
        struct wlk_random random = wlk_random_seeded(seed, i);
        if (!wlk_name_equal(sites->site[i].owner, owner))
            continue;
        if (out->count == WLK_DECOY_SETS_MAX)
            return WLK_FULL;
        out->count += wlk_decoys_draw(land, &sites->site[i], radius_m, &random,
                                      &out->set[out->count]) == WLK_OK;
    }
    return WLK_OK;
}

wlk_status wlk_decoys_draw_all(const struct wlk_sites *sites, wlk_name owner,
                               const struct wlk_areas *land, uint64_t seed,
                               struct wlk_decoys *out)
{
    return draw_radars(sites, owner, land, WLK_DECOY_RADIUS_M, seed, out);
}

void wlk_decoys_write(FILE *out, const struct wlk_decoys *decoys)
{
    fprintf(out, "# Decoys: national, to be read by its own node alone (docs/leak.md).\n");
    for (size_t i = 0; i < decoys->count; i++) {
        const struct wlk_decoy_set *set = &decoys->set[i];
        fprintf(out, "\ndecoys %s\n", set->site.id.text);
        for (size_t k = 0; k < set->count; k++)
            fprintf(out, "at %.4f %.4f height %.0f\n", set->place[k].latitude_rad / WLK_DEG,
                    set->place[k].longitude_rad / WLK_DEG, set->place[k].height_m);
    }
}

/* ---- the command ---------------------------------------------------------------------- */

enum { NATION, RADIUS, SEED, SITES, OPTION_COUNT };

static wlk_status open_all(const struct wlk_option *option, wlk_name *nation,
                           struct wlk_sites *sites, struct wlk_areas **land,
                           struct wlk_fault *fault)
{
    char path[1024];
    if (wlk_name_parse(option[NATION].text, nation) != WLK_OK) {
        wlk_fault_set(fault, "not the name of a nation", "%.60s", option[NATION].text);
        return WLK_BAD_INPUT;
    }
    WLK_TRY(wlk_share_path("sensors/sites.txt", path, sizeof path));
    WLK_TRY(wlk_sites_read(option[SITES].is_given ? option[SITES].text : path, sites, fault));
    WLK_TRY(wlk_share_path("areas", path, sizeof path));
    return wlk_areas_open(*nation, path, land, fault);
}

int wlk_decoys_main(int argc, char *argv[])
{
    struct wlk_option option[OPTION_COUNT] = {
        [NATION] = {.name = "nation",
                    .kind = WLK_OPTION_TEXT,
                    .value = "NAME",
                    .meaning = "whose radars"},
        [RADIUS] = {.name = "radius",
                    .kind = WLK_OPTION_NUMBER,
                    .value = "KM",
                    .meaning = "how far around (150)",
                    .low = 60,
                    .high = 240,
                    .number = 150},
        [SEED] = {.name = "seed",
                  .kind = WLK_OPTION_INTEGER,
                  .value = "N",
                  .meaning = "for rehearsals; else from the system's randomness",
                  .low = 0,
                  .high = 1e15},
        [SITES] = {.name = "sites",
                   .kind = WLK_OPTION_TEXT,
                   .value = "FILE",
                   .meaning = "file of sites (the shipped one)"}};
    struct wlk_options options = {
        .program = "warnlink decoys",
        .purpose = "draw the places that a nation's radars might stand at, for shielded "
                   "releases; keep the result, and keep it at home",
        .option = option,
        .option_count = OPTION_COUNT};
    static struct wlk_sites sites;
    static struct wlk_decoys decoys;
    struct wlk_areas *land = NULL;
    struct wlk_fault fault = {0};
    wlk_name nation;
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    if (!option[NATION].is_given)
        return wlk_options_refuse(&options, "--nation is needed");
    uint64_t seed = (uint64_t)option[SEED].integer;
    if (!option[SEED].is_given)
        wlk_random_secure((uint8_t *)&seed, sizeof seed);
    status = open_all(option, &nation, &sites, &land, &fault);
    if (status != WLK_OK) {
        fprintf(stderr, "warnlink decoys: %s: %s\n", fault.rule, fault.detail);
        return 1;
    }
    status = draw_radars(&sites, nation, land, option[RADIUS].number * 1e3, seed, &decoys);
    wlk_decoys_write(stdout, &decoys);
    wlk_areas_close(land);
    if (status == WLK_OK && decoys.count > 0)
        return 0;
    fprintf(stderr, "warnlink decoys: no radar of %s on its land, or too many\n", nation.text);
    return 1;
}
