/* radar.c -- looks, detection, noise and delay of one site.
 *
 * Each flight has a cursor: its next look, and the measurement that waits to arrive. The one
 * that arrives first is handed out, so numbers rise with arrival. The time from look to
 * arrival varies by less than a revisit, so one flight's measurements keep their order.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/radar.h"

#include "base/assert.h"
#include "base/random.h"
#include "rehearsal/ray.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double JITTER = 0.2;         /* of the latency, see the header */
static const double LOOK_DOWN_RAD = 0.03; /* bending never exceeds it from a mask >= 0 */

struct cursor {
    const struct wlk_flight *flight;
    double launch_s, phase_s; /* after the origin; of the looks */
    double cross_section_m2;
    struct wlk_random random;
    uint64_t look; /* next one */
    bool is_over, has_waiting;
    struct wlk_measurement waiting;
};

struct outage {
    double from_s, to_s;
};

struct excess {
    double from_s, by[3];
};

struct wlk_radar {
    struct wlk_site site;
    uint64_t seed, stream;
    wlk_utc origin;
    bool is_running;
    double range_bias_m, azimuth_bias_rad, elevation_bias_rad;
    size_t flight_count, outage_count, excess_count;
    struct cursor cursor[WLK_RADAR_FLIGHTS_MAX];
    struct outage outage[WLK_RADAR_OUTAGES_MAX];
    struct excess excess[WLK_RADAR_BIASES_MAX];
    uint64_t number;
};

/* FNV-1a [draft-eastlake-fnv]: the stream of a site is the same in every rehearsal. */
static uint64_t stream_of(wlk_name name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < sizeof name.text; i++)
        hash = (hash ^ (uint8_t)name.text[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static bool site_is_valid(const struct wlk_site *site)
{
    return site->reference_range_m > 0 && site->snr_reference > 0 && site->range_max_m > 0 &&
           site->mask_rad >= 0 && site->mask_rad <= WLK_PI / 4 && site->range_sigma_m > 0 &&
           site->angle_sigma_rad > 0 && site->range_resolution_m > 0 &&
           site->beamwidth_rad > 0 && site->revisit_s >= 0.05 && site->latency_s >= 0 &&
           JITTER * site->latency_s < site->revisit_s && site->sector_width_rad > 0 &&
           site->range_bias_sigma_m >= 0 && site->angle_bias_sigma_rad >= 0;
}

wlk_status wlk_radar_open(const struct wlk_site *site, uint64_t seed, wlk_utc origin,
                          struct wlk_radar **out)
{
    if (!site_is_valid(site))
        return WLK_BAD_INPUT;
    struct wlk_radar *radar = calloc(1, sizeof *radar);
    if (!radar)
        return WLK_IO;
    radar->site = *site;
    radar->seed = seed;
    radar->stream = stream_of(site->id);
    radar->origin = origin;
    struct wlk_random random = wlk_random_seeded(seed, radar->stream);
    radar->range_bias_m =
        site->range_bias_m + site->range_bias_sigma_m * wlk_random_normal(&random);
    radar->azimuth_bias_rad =
        site->azimuth_bias_rad + site->angle_bias_sigma_rad * wlk_random_normal(&random);
    radar->elevation_bias_rad =
        site->elevation_bias_rad + site->angle_bias_sigma_rad * wlk_random_normal(&random);
    *out = radar;
    return WLK_OK;
}

void wlk_radar_close(struct wlk_radar *radar)
{
    free(radar);
}

wlk_status wlk_radar_add_flight(struct wlk_radar *radar, const struct wlk_flight *flight_view,
                                double launch_s, double cross_section_m2)
{
    WLK_ASSERT(!radar->is_running);
    WLK_ASSERT(cross_section_m2 > 0);
    if (radar->flight_count == WLK_RADAR_FLIGHTS_MAX)
        return WLK_FULL;
    struct cursor *cursor = &radar->cursor[radar->flight_count];
    memset(cursor, 0, sizeof *cursor);
    cursor->flight = flight_view;
    cursor->launch_s = launch_s;
    cursor->cross_section_m2 = cross_section_m2;
    cursor->random = wlk_random_seeded(radar->seed, radar->stream + 1 + radar->flight_count);
    cursor->phase_s = radar->site.revisit_s * wlk_random_uniform(&cursor->random);
    radar->flight_count++;
    return WLK_OK;
}

wlk_status wlk_radar_add_outage(struct wlk_radar *radar, double from_s, double to_s)
{
    WLK_ASSERT(!radar->is_running);
    if (radar->outage_count == WLK_RADAR_OUTAGES_MAX)
        return WLK_FULL;
    radar->outage[radar->outage_count++] = (struct outage){from_s, to_s};
    return WLK_OK;
}

wlk_status wlk_radar_add_bias(struct wlk_radar *radar, double from_s, const double excess[3])
{
    WLK_ASSERT(!radar->is_running);
    if (radar->excess_count == WLK_RADAR_BIASES_MAX)
        return WLK_FULL;
    struct excess *added = &radar->excess[radar->excess_count++];
    added->from_s = from_s;
    memcpy(added->by, excess, sizeof added->by);
    return WLK_OK;
}

static double snr_at(const struct wlk_site *site, double range_m, double cross_section_m2)
{
    double ratio = site->reference_range_m / range_m;
    return site->snr_reference * cross_section_m2 * ratio * ratio * ratio * ratio;
}

double wlk_radar_detection(const struct wlk_site *site, double range_m, double cross_section_m2)
{
    return pow(WLK_RADAR_PFA, 1 / (1 + snr_at(site, range_m, cross_section_m2)));
}

/* The draws of one look, made whether the look sees anything or not. */
struct draws {
    double power, range, azimuth, elevation, delay;
};

static struct draws draw(struct wlk_random *random)
{
    struct draws draws;
    draws.power = -log(1 - wlk_random_uniform(random)); /* exponential, mean 1 */
    draws.range = wlk_random_normal(random);
    draws.azimuth = wlk_random_normal(random);
    draws.elevation = wlk_random_normal(random);
    draws.delay = wlk_random_uniform(random);
    return draws;
}

static bool is_down(const struct wlk_radar *radar, double at_s)
{
    for (size_t i = 0; i < radar->outage_count; i++)
        if (at_s >= radar->outage[i].from_s && at_s < radar->outage[i].to_s)
            return true;
    return false;
}

static bool is_in_sector(const struct wlk_site *site, double azimuth_rad)
{
    double off = remainder(azimuth_rad - site->sector_centre_rad, 2 * WLK_PI);
    return fabs(off) <= site->sector_width_rad / 2;
}

/* Where the site observes a point, before noise; false if it cannot. */
static bool observe(const struct wlk_site *site, const double position_m[3], wlk_polar *out)
{
    wlk_ecef point = {position_m[0], position_m[1], position_m[2]};
    wlk_polar seen = wlk_polar_from_ecef(site->place, point), observed;
    if (seen.elevation_rad < site->mask_rad - LOOK_DOWN_RAD ||
        seen.range_m > site->range_max_m || !is_in_sector(site, seen.azimuth_rad))
        return false;
    if (wlk_ray_observe(site->place.height_m, seen, &observed) != WLK_OK ||
        observed.elevation_rad < site->mask_rad)
        return false;
    *out = observed;
    return true;
}

/* Adds bias and noise, and folds the angles back into their limits. */
static void spoil(const struct wlk_radar *radar, const struct draws *draws,
                  struct wlk_measurement *measured)
{
    const struct wlk_site *site = &radar->site;
    double root = sqrt(2 * measured->snr);
    measured->range_sigma_m = fmax(site->range_sigma_m, site->range_resolution_m / root);
    double angle_sigma_rad = fmax(site->angle_sigma_rad, site->beamwidth_rad / (1.6 * root));
    measured->elevation_sigma_rad = angle_sigma_rad;
    /* A beam is as wide across at any elevation; azimuth counts it along the circle. */
    measured->azimuth_sigma_rad =
        fmin(angle_sigma_rad / cos(measured->observed.elevation_rad), WLK_PI);
    wlk_polar *seen = &measured->observed;
    double at_s = wlk_utc_seconds(measured->time, radar->origin);
    for (size_t i = 0; i < radar->excess_count; i++) {
        const struct excess *excess = &radar->excess[i];
        bool is_on = at_s >= excess->from_s;
        seen->range_m += is_on ? excess->by[0] : 0;
        seen->azimuth_rad += is_on ? excess->by[1] : 0;
        seen->elevation_rad += is_on ? excess->by[2] : 0;
    }
    seen->range_m += radar->range_bias_m + measured->range_sigma_m * draws->range;
    seen->range_m = fmax(seen->range_m, 1);
    seen->azimuth_rad += radar->azimuth_bias_rad + measured->azimuth_sigma_rad * draws->azimuth;
    seen->elevation_rad +=
        radar->elevation_bias_rad + measured->elevation_sigma_rad * draws->elevation;
    if (seen->elevation_rad > WLK_PI / 2) {
        seen->elevation_rad = WLK_PI - seen->elevation_rad;
        seen->azimuth_rad += WLK_PI;
    }
    seen->azimuth_rad = fmod(seen->azimuth_rad, 2 * WLK_PI);
    if (seen->azimuth_rad < 0)
        seen->azimuth_rad += 2 * WLK_PI;
}

/* One look; fills cursor->waiting if it sees the flight. */
static void look(const struct wlk_radar *radar, struct cursor *cursor)
{
    const struct wlk_site *site = &radar->site;
    struct draws draws = draw(&cursor->random);
    double after_s = cursor->phase_s + (double)cursor->look++ * site->revisit_s;
    double at_s = cursor->launch_s + after_s, position_m[3], velocity_mps[3];
    wlk_status status = wlk_flight_at(cursor->flight, after_s, position_m, velocity_mps);
    cursor->is_over = status == WLK_STALE;
    wlk_polar observed;
    if (status != WLK_OK || is_down(radar, at_s) || !observe(site, position_m, &observed))
        return;
    /* Swerling 1: signal and noise together have exponential power of mean 1 + SNR. */
    double power = (1 + snr_at(site, observed.range_m, cursor->cross_section_m2)) * draws.power;
    if (power <= -log(WLK_RADAR_PFA))
        return;
    struct wlk_measurement *measured = &cursor->waiting;
    memset(measured, 0, sizeof *measured);
    measured->sensor = site->id;
    measured->flight = (size_t)(cursor - radar->cursor);
    measured->time = wlk_utc_add(radar->origin, at_s);
    measured->arrival =
        wlk_utc_add(measured->time, site->latency_s * (1 + JITTER * draws.delay));
    measured->observed = observed;
    measured->snr = power - 1;
    spoil(radar, &draws, measured);
    cursor->has_waiting = true;
}

/* The cursor whose measurement arrives first, or NULL. Looks on until each has one waiting:
 * bounded by the length of the flights. */
static struct cursor *first_to_arrive(struct wlk_radar *radar)
{
    struct cursor *first = NULL;
    radar->is_running = true;
    for (size_t i = 0; i < radar->flight_count; i++) {
        struct cursor *cursor = &radar->cursor[i];
        while (!cursor->has_waiting && !cursor->is_over)
            look(radar, cursor);
        if (cursor->has_waiting &&
            (!first || cursor->waiting.arrival.ns < first->waiting.arrival.ns))
            first = cursor;
    }
    return first;
}

bool wlk_radar_next_arrival(struct wlk_radar *radar, wlk_utc *out)
{
    struct cursor *first = first_to_arrive(radar);
    if (first)
        *out = first->waiting.arrival;
    return first != NULL;
}

bool wlk_radar_next(struct wlk_radar *radar, wlk_utc until, struct wlk_measurement *out)
{
    struct cursor *first = first_to_arrive(radar);
    if (!first || first->waiting.arrival.ns > until.ns)
        return false;
    first->waiting.number = ++radar->number;
    first->has_waiting = false;
    *out = first->waiting;
    return true;
}
