/* radar_test.c -- holds the rehearsed radar to its model: what it sees, how often, how well,
 * and that the same seed sees the same. SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/radar.h"

#include "base/tap.h"
#include "rehearsal/infrared.h"
#include "rehearsal/ray.h"

#include <math.h>
#include <string.h>

static const wlk_utc ORIGIN = {1503953820000000000};
static const wlk_utc FAR = {INT64_MAX};

static struct wlk_site site_of(const char *id)
{
    struct wlk_site site = {.owner = wlk_name_of("JP"),
                            .place = {38 * WLK_DEG, 138 * WLK_DEG, 100},
                            .reference_range_m = 1e6,
                            .snr_reference = WLK_RADAR_SNR_REFERENCE,
                            .range_max_m = 2e6,
                            .mask_rad = 2 * WLK_DEG,
                            .range_sigma_m = 20,
                            .angle_sigma_rad = 0.01 * WLK_DEG,
                            .range_resolution_m = 300,
                            .beamwidth_rad = 1 * WLK_DEG,
                            .revisit_s = 2,
                            .latency_s = 0.3,
                            .sector_width_rad = 2 * WLK_PI};
    site.id = wlk_name_of(id);
    return site;
}

/* An object that moves along a straight ECEF line for duration_s, from where the site sees
 * from to where it sees to (geometric). */
static void make_flight(struct wlk_flight *flight, wlk_polar from, wlk_polar to,
                        double duration_s)
{
    wlk_geodetic place = site_of("A").place;
    wlk_ecef a = wlk_ecef_from_polar(place, from), b = wlk_ecef_from_polar(place, to);
    double start[3] = {a.x, a.y, a.z}, end[3] = {b.x, b.y, b.z};
    memset(flight, 0, sizeof *flight);
    flight->flight_time_s = duration_s;
    flight->node_count = 2;
    flight->node[1].t_s = duration_s;
    for (int i = 0; i < 3; i++) {
        flight->node[0].position_m[i] = start[i];
        flight->node[1].position_m[i] = end[i];
        for (int k = 0; k < 2; k++)
            flight->node[k].velocity_mps[i] = (end[i] - start[i]) / duration_s;
    }
}

static struct wlk_flight flight, other;

static struct wlk_radar *opened(const struct wlk_site *site, uint64_t seed)
{
    struct wlk_radar *radar = NULL;
    if (wlk_radar_open(site, seed, ORIGIN, &radar) != WLK_OK ||
        wlk_radar_add_flight(radar, &flight, 10, 1) != WLK_OK)
        wlk_check(false, "the radar opens");
    return radar;
}

enum { KEPT_MAX = 4000 };

static struct wlk_measurement kept[KEPT_MAX], again[KEPT_MAX];

static size_t take_all(struct wlk_radar *radar, struct wlk_measurement *out)
{
    size_t count = 0;
    while (count < KEPT_MAX && wlk_radar_next(radar, FAR, &out[count]))
        count++;
    wlk_radar_close(radar);
    return count;
}

static wlk_polar at(double range_km, double azimuth_deg, double elevation_deg)
{
    return (wlk_polar){range_km * 1e3, azimuth_deg * WLK_DEG, elevation_deg * WLK_DEG};
}

static void hold_detection(void)
{
    struct wlk_site site = site_of("A");
    wlk_check_near(wlk_radar_detection(&site, 1e6, 1), 0.9, 1e-4,
                   "at the reference range 1 m^2 is detected in 90 of 100 looks");
    wlk_check_near(wlk_radar_detection(&site, 1e6 * pow(0.1, 0.25), 0.1), 0.9, 1e-4,
                   "a tenth of the cross section at 0.56 of the range is the same");
    wlk_check(wlk_radar_detection(&site, 1e7, 1) < 1e-5,
              "ten times as far there is noise only");
    const double range_km[] = {700, 1000, 1400, 1900};
    for (int i = 0; i < 4; i++) {
        /* 4000 s of 2 s looks; stands still */
        make_flight(&flight, at(range_km[i], 30, 40), at(range_km[i], 30, 40), 4000);
        size_t count = take_all(opened(&site, 5), kept);
        double p = wlk_radar_detection(&site, range_km[i] * 1e3, 1);
        /* 5 sigma of a binomial of 2,000 */
        wlk_check_near((double)count / 2000, p, 5 * sqrt(p * (1 - p) / 2000),
                       "at %g km %.0f of 100 looks detect", range_km[i], 100 * p);
    }
}

/* Errors of every look over their sigma are standard normal, and reference values hold. */
static void hold_noise(void)
{
    struct wlk_site site = site_of("A");
    make_flight(&flight, at(1000, 30, 40), at(1000, 30, 40), 7900);
    size_t count = take_all(opened(&site, 6), kept);
    wlk_polar truth;
    if (wlk_ray_observe(site.place.height_m, at(1000, 30, 40), &truth) != WLK_OK)
        wlk_check(false, "the truth is seen");
    double sum[3] = {0}, square[3] = {0}, low_snr = 1e300;
    bool is_formula = true;
    for (size_t i = 0; i < count; i++) {
        const struct wlk_measurement *m = &kept[i];
        double off[3] = {(m->observed.range_m - truth.range_m) / m->range_sigma_m,
                         (m->observed.azimuth_rad - truth.azimuth_rad) / m->azimuth_sigma_rad,
                         (m->observed.elevation_rad - truth.elevation_rad) /
                             m->elevation_sigma_rad};
        for (int k = 0; k < 3; k++) {
            sum[k] += off[k];
            square[k] += off[k] * off[k];
        }
        low_snr = fmin(low_snr, m->snr);
        double root = sqrt(2 * m->snr);
        double angle = fmax(0.01 * WLK_DEG, WLK_DEG / (1.6 * root));
        is_formula = is_formula && fabs(m->range_sigma_m - fmax(20, 300 / root)) < 1e-9 &&
                     fabs(m->elevation_sigma_rad - angle) < 1e-12 &&
                     fabs(m->azimuth_sigma_rad * cos(truth.elevation_rad) - angle) < 1e-12;
    }
    const char *name[3] = {"range", "azimuth", "elevation"};
    for (int k = 0; k < 3; k++) {
        double n = (double)count;
        wlk_check_near(sum[k] / n, 0, 5 / sqrt(n), "%s errors have no mean", name[k]);
        wlk_check_near(square[k] / n, 1, 5 * sqrt(2 / n), "%s errors have their sigma",
                       name[k]);
    }
    wlk_check(is_formula, "sigmas follow the power of their look, with floors");
    wlk_check(low_snr > -log(WLK_RADAR_PFA) - 1 - 1e-9, "no look under the threshold is told");
}

static bool is_same_plot(const struct wlk_measurement *a, const struct wlk_measurement *b)
{
    return a->time.ns == b->time.ns && a->arrival.ns == b->arrival.ns &&
           memcmp(&a->observed, &b->observed, sizeof a->observed) == 0;
}

static void hold_seed(void)
{
    struct wlk_site site = site_of("A"), second = site_of("B");
    make_flight(&flight, at(1200, 300, 1), at(900, 30, 50), 600);
    make_flight(&other, at(1200, 300, 1), at(900, 30, 50), 600);
    size_t count = take_all(opened(&site, 7), kept);
    size_t same = take_all(opened(&site, 7), again);
    wlk_check(count > 100 && same == count && memcmp(kept, again, count * sizeof kept[0]) == 0,
              "the same seed gives the same plots");
    size_t differs = take_all(opened(&site, 8), again);
    wlk_check(differs > 100 && !is_same_plot(&kept[0], &again[0]), "another seed gives others");
    differs = take_all(opened(&second, 7), again);
    wlk_check(differs > 100 && !is_same_plot(&kept[0], &again[0]), "and so does another site");

    struct wlk_radar *radar = opened(&site, 7);
    wlk_check(wlk_radar_add_flight(radar, &other, 10, 1) == WLK_OK, "a second flight is added");
    size_t both = take_all(radar, again), found = 0, rising = 1;
    for (size_t i = 0; i < both; i++) {
        found += again[i].flight == 0 && found < count && is_same_plot(&kept[found], &again[i]);
        rising += i && again[i].number == again[i - 1].number + 1 &&
                  again[i].arrival.ns >= again[i - 1].arrival.ns;
    }
    wlk_check(found == count && both > count + 100, "it changes no plot of the first");
    wlk_check(rising == both && again[0].number == 1, "numbers rise by one, with arrival");

    radar = opened(&site, 7);
    wlk_check(wlk_radar_add_outage(radar, 200, 300) == WLK_OK, "an outage is added");
    size_t left = take_all(radar, again), inside = 0, kept_same = 0;
    for (size_t i = 0; i < count; i++) {
        double when = wlk_utc_seconds(kept[i].time, ORIGIN);
        bool is_down = when >= 200 && when < 300;
        inside += is_down;
        kept_same +=
            !is_down && i - inside < left && is_same_plot(&kept[i], &again[i - inside]);
    }
    wlk_check(inside > 20 && left == count - inside && kept_same == left,
              "an outage takes away its plots and changes no other");
}

static void hold_times(void)
{
    struct wlk_site site = site_of("A");
    make_flight(&flight, at(800, 300, 30), at(800, 30, 50), 600);
    size_t count = take_all(opened(&site, 9), kept);
    bool is_late = true, is_spaced = true;
    double phase = fmod(wlk_utc_seconds(kept[0].time, ORIGIN), 2);
    for (size_t i = 0; i < count; i++) {
        double late = wlk_utc_seconds(kept[i].arrival, kept[i].time);
        double turns = (wlk_utc_seconds(kept[i].time, ORIGIN) - phase) / 2;
        is_late = is_late && late >= 0.3 - 1e-9 && late <= 0.36 + 1e-9;
        is_spaced = is_spaced && fabs(turns - round(turns)) < 1e-6;
    }
    wlk_check(count > 250 && is_late, "each plot arrives 0.30 to 0.36 s after its look");
    wlk_check(is_spaced, "looks are a revisit apart");
    wlk_check(wlk_utc_seconds(kept[0].time, ORIGIN) >= 10 &&
                  wlk_utc_seconds(kept[count - 1].time, ORIGIN) <= 610,
              "all of them while the object flies, counted from its launch at 10 s");
    double sum = 0;
    for (uint64_t seed = 0; seed < 400; seed++) {
        struct wlk_radar *radar = opened(&site, seed);
        if (wlk_radar_next(radar, FAR, &again[0]))
            sum += fmod(wlk_utc_seconds(again[0].time, ORIGIN), 2);
        wlk_radar_close(radar);
    }
    wlk_check_near(sum / 400, 1, 5 * 2 / sqrt(12.0 * 400), "the phase of the looks is uniform");

    struct wlk_radar *radar = opened(&site, 9);
    wlk_utc next = {0};
    struct wlk_measurement out, before;
    memset(&out, 0x5a, sizeof out);
    before = out;
    wlk_check(wlk_radar_next_arrival(radar, &next) && next.ns == kept[0].arrival.ns,
              "the next arrival is told beforehand");
    wlk_check(!wlk_radar_next(radar, (wlk_utc){next.ns - 1}, &out) &&
                  memcmp(&out, &before, sizeof out) == 0,
              "a nanosecond earlier nothing has arrived, and the output is untouched");
    wlk_check(wlk_radar_next(radar, next, &out) && out.number == 1, "then it has");
    while (wlk_radar_next(radar, FAR, &out))
        ;
    wlk_check(!wlk_radar_next_arrival(radar, &next), "after the last there is none");
    wlk_radar_close(radar);
}

static void hold_view(void)
{
    struct wlk_site site = site_of("A");
    site.sector_centre_rad = 10 * WLK_DEG;
    site.sector_width_rad = 120 * WLK_DEG;
    make_flight(&flight, at(900, 200, 30), at(900, 20, 30), 4000);
    size_t count = take_all(opened(&site, 3), kept), outside = 0;
    for (size_t i = 0; i < count; i++)
        outside += fabs(remainder(kept[i].observed.azimuth_rad - 10 * WLK_DEG, 2 * WLK_PI)) >
                   60.3 * WLK_DEG;
    wlk_check(count > 100 && outside == 0, "across north, only the sector is seen");

    site = site_of("A");
    site.angle_sigma_rad = site.beamwidth_rad = 1e-6;
    make_flight(&flight, at(900, 30, -2), at(900, 30, 6), 4000);
    count = take_all(opened(&site, 3), kept);
    double lowest = 9;
    for (size_t i = 0; i < count; i++)
        lowest = fmin(lowest, kept[i].observed.elevation_rad / WLK_DEG);
    wlk_check_near(lowest, 2, 0.02, "rising, it is seen from the mask on, as observed");
    wlk_polar first;
    double since = wlk_utc_seconds(kept[0].time, ORIGIN) - 10;
    double position_m[3], velocity_mps[3];
    if (wlk_flight_at(&flight, since, position_m, velocity_mps) != WLK_OK)
        wlk_check(false, "the flight goes on");
    first = wlk_polar_from_ecef(site.place,
                                (wlk_ecef){position_m[0], position_m[1], position_m[2]});
    wlk_check_near(first.elevation_rad / WLK_DEG, 1.69, 0.06,
                   "while geometrically it is still 0.3 deg lower: refraction");

    make_flight(&flight, at(1500, 30, 30), at(2500, 30, 30), 2000);
    count = take_all(opened(&site, 3), kept);
    double farthest = 0;
    for (size_t i = 0; i < count; i++)
        farthest = fmax(farthest, kept[i].observed.range_m);
    wlk_check(count > 50 && farthest < 2.0003e6, "nothing beyond the instrumented range");
}

/* Residual biases over many seeds have their sigma; calibration is added as it is. */
static void hold_bias(void)
{
    struct wlk_site site = site_of("A");
    site.range_sigma_m = site.range_resolution_m = 1e-3;
    site.angle_sigma_rad = site.beamwidth_rad = 1e-9;
    site.range_bias_sigma_m = 30;
    site.angle_bias_sigma_rad = 0.05 * WLK_DEG;
    site.range_bias_m = 500;
    make_flight(&flight, at(300, 30, 40), at(300, 30, 40), 60);
    wlk_polar truth;
    if (wlk_ray_observe(site.place.height_m, at(300, 30, 40), &truth) != WLK_OK)
        wlk_check(false, "the truth is seen");
    double sum = 0, square = 0, angle = 0;
    bool is_fixed = true;
    for (uint64_t seed = 0; seed < 1000; seed++) {
        size_t count = take_all(opened(&site, seed), kept);
        double off = kept[0].observed.range_m - truth.range_m;
        double tilt = kept[0].observed.elevation_rad - truth.elevation_rad;
        is_fixed = is_fixed && count > 2 &&
                   fabs(kept[count - 1].observed.range_m - truth.range_m - off) < 0.05;
        sum += off;
        square += (off - 500) * (off - 500);
        angle += tilt * tilt;
    }
    wlk_check(is_fixed, "the bias of a rehearsal is fixed");
    wlk_check_near(sum / 1000, 500, 5 * 30 / sqrt(1000), "its mean is the calibration");
    wlk_check_near(sqrt(square / 1000), 30, 5 * 30 / sqrt(2000),
                   "its range sigma is the site's");
    wlk_check_near(sqrt(angle / 1000) / WLK_DEG, 0.05, 5 * 0.05 / sqrt(2000),
                   "its angle's too");
}

static void hold_bounds(void)
{
    struct wlk_site site = site_of("A");
    struct wlk_radar *radar = opened(&site, 1);
    wlk_status status = WLK_OK;
    int added = 1;
    while ((status = wlk_radar_add_flight(radar, &flight, 0, 1)) == WLK_OK)
        added++;
    wlk_check(status == WLK_FULL && added == WLK_RADAR_FLIGHTS_MAX, "64 flights and no more");
    for (added = 0; (status = wlk_radar_add_outage(radar, 0, 1)) == WLK_OK; added++)
        ;
    wlk_check(status == WLK_FULL && added == WLK_RADAR_OUTAGES_MAX, "16 outages and no more");
    wlk_radar_close(radar);
    wlk_radar_close(NULL);
    site.revisit_s = 0;
    wlk_check(wlk_radar_open(&site, 1, ORIGIN, &radar) == WLK_BAD_INPUT,
              "a site without revisit is refused");
    site = site_of("A");
    site.latency_s = 11;
    wlk_check(wlk_radar_open(&site, 1, ORIGIN, &radar) == WLK_BAD_INPUT,
              "and one whose plots could overtake each other");
}

static void hold_infrared(void)
{
    wlk_name name = wlk_name_of("US-IR");
    wlk_geodetic place = {39.2 * WLK_DEG, 125.7 * WLK_DEG, 0};
    double time2 = 0, north2 = 0, east2 = 0;
    bool is_told = true;
    for (uint64_t seed = 0; seed < 2000; seed++) {
        struct wlk_sighting s = wlk_infrared_sight(name, seed, 1, ORIGIN, place);
        double late = wlk_utc_seconds(s.launch_time, ORIGIN);
        double told = wlk_utc_seconds(s.told_at, ORIGIN);
        double north = (s.place.latitude_rad - place.latitude_rad) * 6.361e6;
        double east =
            (s.place.longitude_rad - place.longitude_rad) * 6.387e6 * cos(place.latitude_rad);
        is_told = is_told && told >= 60 && told <= 66;
        time2 += late * late / 2000;
        north2 += north * north / 2000;
        east2 += east * east / 2000;
    }
    wlk_check_near(sqrt(time2), 4, 5 * 4 / sqrt(4000), "a launch time is known to 4 s");
    wlk_check_near(sqrt(north2), 5000, 5 * 5000 / sqrt(4000), "its place to 5 km northward");
    wlk_check_near(sqrt(east2), 5000, 5 * 5000 / sqrt(4000), "and eastward");
    wlk_check(is_told, "it is told about a minute after launch");
    struct wlk_sighting a = wlk_infrared_sight(name, 3, 1, ORIGIN, place);
    struct wlk_sighting b = wlk_infrared_sight(name, 3, 1, ORIGIN, place);
    struct wlk_sighting c = wlk_infrared_sight(name, 3, 2, ORIGIN, place);
    wlk_check(a.launch_time.ns == b.launch_time.ns && a.told_at.ns == b.told_at.ns &&
                  a.launch_time.ns != c.launch_time.ns,
              "the same seed tells the same; another launch has errors of its own");
}

int main(void)
{
    hold_detection();
    hold_noise();
    hold_seed();
    hold_times();
    hold_view();
    hold_bias();
    hold_bounds();
    hold_infrared();
    return wlk_tap_done();
}
