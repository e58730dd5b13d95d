/* plot.h -- one radar measurement with its errors, as the tracker takes it.
 *
 * Made by sensors/intake (refraction removed, calibrated). Read by tracking/.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RECORD_PLOT_H
#define WLK_RECORD_PLOT_H

#include "base/clock.h"
#include "earth/frames.h"
#include "record/name.h"

struct wlk_plot {
    wlk_name sensor;
    wlk_geodetic place;     /* of the sensor */
    uint64_t number;        /* of the plot at its sensor, rising */
    wlk_utc time;           /* of the measurement */
    wlk_polar seen;         /* geometric: refraction removed */
    double range_sigma_m, azimuth_sigma_rad, elevation_sigma_rad; /* one sigma, > 0 */
    /* One sigma of what is not known of its sensor's bias: m, rad, rad. Common to all plots of
     * the sensor, so it does not average away; 0: not modelled. */
    double bias_sigma[3];
    double revisit_s;       /* its sensor looks at one object no sooner again; 0: not known */
    bool has_range_rate;
    double range_rate_mps, range_rate_sigma_mps; /* positive: receding */
    wlk_mono read_at;       /* when its datagram was read; 0 on a virtual clock */
};

/* What an infrared early-warning satellite tells: launch time and rough place. */
struct wlk_sighting {
    wlk_name sensor;
    wlk_utc launch_time;
    double time_sigma_s; /* > 0 */
    wlk_geodetic place;  /* of the launch */
    double place_sigma_m;/* each axis, one sigma, > 0 */
    wlk_utc told_at;     /* about 60 s after launch */
};

#endif
