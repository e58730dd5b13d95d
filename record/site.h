/* site.h -- where a radar stands, what it measures, how well, and what it can see.
 *
 * Positions are public, city level. Noise, revisit and latency values are ASSUMPTIONS of the
 * open-literature class; every table that prints them says so.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RECORD_SITE_H
#define WLK_RECORD_SITE_H

#include "base/clock.h"
#include "earth/frames.h"
#include "record/name.h"

struct wlk_site {
    wlk_name id;    /* "JP-FPS5-SAD" */
    wlk_name owner; /* nation */
    wlk_geodetic place;
    double reference_range_m; /* range at which a 1 m^2 target gives snr_reference */
    double snr_reference;     /* power ratio at reference_range_m, single look */
    double range_max_m;       /* instrumented range */
    double mask_rad;          /* lowest elevation, [0, pi/4] */
    double range_sigma_m;     /* floor of the range noise, one sigma */
    double angle_sigma_rad;   /* floor of the azimuth and elevation noise, one sigma */
    double range_resolution_m;/* for sigma_r = dR / sqrt(2 SNR) */
    double beamwidth_rad;     /* for sigma_angle = theta / (1.6 sqrt(2 SNR)) */
    double revisit_s;         /* time between looks at one object */
    double latency_s;         /* from look to datagram */
    double sector_centre_rad, sector_width_rad; /* azimuth coverage; width 2 pi is all round */
    /* Residual bias after the nation's calibration, one sigma; 0 where not modelled. */
    double range_bias_sigma_m, angle_bias_sigma_rad;
    /* Known bias, from the nation's calibration: what the radar reads too much. intake
     * subtracts it; a rehearsed radar adds it. */
    double range_bias_m, azimuth_bias_rad, elevation_bias_rad;
};

#endif
