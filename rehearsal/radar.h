/* radar.h -- what a radar site would measure of flights: horizon, range, noise, gaps, delay.
 *
 * Pulled on a virtual clock: "the next measurement that has arrived by t". Each look draws
 * its random numbers whether it sees anything or not, from a stream of (seed, site, flight):
 * so the same seed gives the same plots, an outage removes its plots and changes no other,
 * and one flight more changes none of the others' plots except their numbers.
 *
 * Model, all ASSUMPTIONS of the open-literature class (docs/radars.md):
 *   sees      observed elevation (with refraction) >= mask, inside sector and range;
 *   SNR       snr_reference (cross section / 1 m^2) (reference range / range)^4;
 *   detects   Swerling 1, one look: Pd = Pfa^(1/(1+SNR)), Pfa 1e-6;
 *   noise     sigma_r = max(floor, dR/sqrt(2 S)), sigma_e = max(floor, theta/(1.6 sqrt(2 S))),
 *             sigma_a = sigma_e / cos(elevation), with S the power of that look above noise;
 *             the sigmas told are the true ones;
 *   bias      calibration of the site (which the node removes) + a residual drawn once per
 *             (seed, site) from its bias sigmas, and what wlk_radar_add_bias says;
 *   delay     latency of the site and up to 20 % of it more, at random.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_REHEARSAL_RADAR_H
#define WLK_REHEARSAL_RADAR_H

#include "rehearsal/truth.h"
#include "record/site.h"

#include <stdbool.h>

enum {
    WLK_RADAR_FLIGHTS_MAX = 64, /* objects in one rehearsal */
    WLK_RADAR_BIASES_MAX = 8,   /* changes of the bias of one site in one rehearsal */
    WLK_RADAR_OUTAGES_MAX = 16, /* of one site in one rehearsal */
};

/* Cross section of a flight where the caller has no better: a missile with its last stage,
 * L to X band. ASSUMPTION (open literature: 0.1-1 m^2); 0.1 shortens each range by 0.56. */
#define WLK_RADAR_CROSS_SECTION_M2 1.0
#define WLK_RADAR_PFA              1e-6

/* snr_reference that gives Pd = 0.9 at the reference range on 1 m^2:
 * ln(Pfa) / ln(0.9) - 1 = 130.1 (21.1 dB). */
#define WLK_RADAR_SNR_REFERENCE 130.127

struct wlk_measurement {
    wlk_name sensor;
    uint64_t number;     /* of the plot at its sensor, from 1, rising with arrival */
    size_t flight;       /* as numbered by wlk_radar_add_flight: truth, for tests only */
    wlk_utc time;        /* of the look */
    wlk_utc arrival;     /* at the node */
    wlk_polar observed;  /* with noise, bias, refraction */
    double range_sigma_m, azimuth_sigma_rad, elevation_sigma_rad; /* one sigma, > 0 */
    double snr;          /* power ratio of this look */
};

struct wlk_radar;

/* Opens one site for one rehearsal. origin is the UTC of scenario second 0. The site is
 * copied. WLK_IO no memory. WLK_BAD_INPUT a number of the site is out of range, or its
 * latency varies by more than a revisit, so that plots could overtake each other. */
wlk_status wlk_radar_open(const struct wlk_site *site, uint64_t seed, wlk_utc origin,
                          struct wlk_radar **out) WLK_MUST_USE;

/* NULL is allowed. */
void wlk_radar_close(struct wlk_radar *radar);

/* Adds a flight that rises launch_s seconds after the origin. flight_view is kept and must
 * outlive the radar. Both adds come before the first wlk_radar_next, asserted.
 * WLK_FULL WLK_RADAR_FLIGHTS_MAX are there. */
wlk_status wlk_radar_add_flight(struct wlk_radar *radar, const struct wlk_flight *flight_view,
                                double launch_s, double cross_section_m2) WLK_MUST_USE;

/* The site makes no look in [from_s, to_s) after the origin. WLK_FULL too many. */
wlk_status wlk_radar_add_outage(struct wlk_radar *radar, double from_s,
                                double to_s) WLK_MUST_USE;

/* From from_s after the origin on the site reads so much more too much: range (m), azimuth,
 * elevation (rad). WLK_FULL too many. */
wlk_status wlk_radar_add_bias(struct wlk_radar *radar, double from_s,
                              const double excess[3]) WLK_MUST_USE;

/* When the next measurement arrives; false if there is none any more. */
bool wlk_radar_next_arrival(struct wlk_radar *radar, wlk_utc *out);

/* The next measurement in order of arrival, if it arrives at or before until; false and *out
 * untouched otherwise. Work: one look each until something is seen. */
bool wlk_radar_next(struct wlk_radar *radar, wlk_utc until, struct wlk_measurement *out);

/* Chance that one look at this range detects; for tests and tables. */
double wlk_radar_detection(const struct wlk_site *site, double range_m,
                           double cross_section_m2);

#endif
