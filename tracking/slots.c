/* slots.c -- elevation, range, detection and noise from each site of a set.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/slots.h"

#include "earth/propagate.h"

#include <math.h>
#include <string.h>

/* Rungs of the error of a used plot: 250 m to 16 km. */
static const double FIRST_RUNG_M = 250;
enum { RUNGS = 13 };
static const double HALF = 0.5;      /* every site must have a good plot half of the time */
static const double SURE_SIGMAS = 2; /* the object may be so much lower or farther away */
static const double NEAR_M = 60e3;
/* Of the class, as in the file of sites: Swerling 1, Pfa 1e-6 on 1 m^2 (ASSUMPTIONS). */
static const double PFA = 1e-6;

static double rung_m(int rung)
{
    return FIRST_RUNG_M * pow(2, 0.5 * rung);
}

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void take_place(struct wlk_slots *slots, size_t index, wlk_geodetic place)
{
    wlk_ecef ecef = wlk_ecef_from_geodetic(place);
    slots->place_m[index][0] = ecef.x;
    slots->place_m[index][1] = ecef.y;
    slots->place_m[index][2] = ecef.z;
    wlk_enu_axes(place, slots->axes[index]);
}

static double apart_m(const struct wlk_slots *slots, size_t a, size_t b)
{
    double apart[3];
    for (int i = 0; i < 3; i++)
        apart[i] = slots->place_m[a][i] - slots->place_m[b][i];
    return sqrt(dot(apart, apart));
}

wlk_status wlk_slots_make(const struct wlk_decoy_set *set, struct wlk_slots *out)
{
    const struct wlk_site *site = &set->site;
    bool is_sound = set->count >= 1 && set->count <= WLK_DECOYS_MAX &&
                    site->reference_range_m > 0 && site->snr_reference > 0 &&
                    site->range_max_m > 0 && site->range_sigma_m > 0 &&
                    site->angle_sigma_rad > 0 && site->range_resolution_m > 0 &&
                    site->beamwidth_rad > 0 && site->revisit_s > 0;
    if (!is_sound)
        return WLK_BAD_INPUT;
    memset(out, 0, sizeof *out);
    out->set = *set;
    double nearest_m = HUGE_VAL;
    take_place(out, set->count, site->place);
    for (size_t i = 0; i < set->count; i++) {
        take_place(out, i, set->place[i]);
        nearest_m = fmin(nearest_m, apart_m(out, i, set->count));
    }
    if (nearest_m > NEAR_M)
        return WLK_BAD_INPUT;
    double floor_m = fmax(site->range_sigma_m, site->angle_sigma_rad * site->range_max_m);
    int rung = 0;
    while (rung < RUNGS - 1 && rung_m(rung) < floor_m)
        rung++;
    out->wide_m = rung_m(rung);
    out->looks = (int)fmax(1, floor(WLK_SLOT_S / site->revisit_s));
    return WLK_OK;
}

/* Can the site see the object, and at which range? As low and as far as it may be. Refraction
 * only helps. */
static bool sees(const struct wlk_slots *slots, size_t at, const struct wlk_slot_case *seen,
                 double *range_m)
{
    const struct wlk_site *site = &slots->set.site;
    double apart[3], enu[3];
    for (int i = 0; i < 3; i++)
        apart[i] = seen->position_m[i] - slots->place_m[at][i];
    for (int i = 0; i < 3; i++)
        enu[i] = dot(slots->axes[at][i], apart);
    double flat = hypot(enu[0], enu[1]), doubt_m = SURE_SIGMAS * seen->sigma_m;
    *range_m = hypot(flat, enu[2]);
    if (*range_m + doubt_m > site->range_max_m ||
        atan2(enu[2] - doubt_m, flat) < site->mask_rad)
        return false;
    if (site->sector_width_rad >= 2 * WLK_PI)
        return true;
    double off = remainder(atan2(enu[0], enu[1]) - site->sector_centre_rad, 2 * WLK_PI);
    return fabs(off) + doubt_m / fmax(flat, 1) <= site->sector_width_rad / 2;
}

/* Chance that a slot has a plot from here with an error of at most error_m each way; *each:
 * that of one look. A look of power S above noise has sigmas that go
 * with 1 / sqrt(2 S) (rehearsal/radar.h), so that a bound on the error is one on S. */
static double chance(const struct wlk_slots *slots, double range_m, double error_m,
                     double *each)
{
    const struct wlk_site *site = &slots->set.site;
    double ratio = site->reference_range_m / range_m, threshold = -log(PFA);
    double snr = site->snr_reference * ratio * ratio * ratio * ratio;
    double size = fmax(site->beamwidth_rad * range_m / 1.6, site->range_resolution_m) / error_m;
    double good = exp(-fmax(threshold, 1 + 0.5 * size * size) / (1 + snr));
    bool is_within = fmax(site->range_sigma_m, site->angle_sigma_rad * range_m) <= error_m;
    *each = is_within ? good : 0;
    return is_within ? 1 - pow(1 - good, slots->looks) : 0;
}

/* The least over the set; false: some site does not see it, or not well enough. */
static bool least_chance(const struct wlk_slots *slots, const double *range_m, double error_m,
                         double *least)
{
    *least = 1;
    for (size_t i = 0; i < slots->set.count; i++) {
        double each, slot = chance(slots, range_m[i], error_m, &each);
        if (each < HALF)
            return false;
        *least = fmin(*least, slot);
    }
    return true;
}

void wlk_slots_plan(const struct wlk_slots *slots, const struct wlk_slot_case *seen,
                    struct wlk_slot_plan *out)
{
    double range_m[WLK_DECOYS_MAX + 1], least = 0, each, own_range_m;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < slots->set.count; i++)
        if (!sees(slots, i, seen, &range_m[i]))
            return;
    for (int rung = 0; rung < RUNGS && !out->is_open; rung++) {
        out->error_m = seen->error_m > 0 ? seen->error_m : rung_m(rung);
        out->is_open = least_chance(slots, range_m, out->error_m, &least);
    }
    if (!out->is_open)
        return;
    (void)sees(slots, slots->set.count, seen, &own_range_m);
    double own = chance(slots, own_range_m, out->error_m, &each);
    out->use = own > least ? least / own : 1;
}
