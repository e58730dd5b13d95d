/* isotropic.h -- a plot with so much noise added that its error looks the same from anywhere.
 *
 * A plot has the error R (small along the line of sight, large across), which points at its
 * radar. With noise of covariance e^2 I - R added, its error is e^2 I, to the bit of its
 * distribution that of a sensor without a place.
 * Read by: tracking/shield. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_ISOTROPIC_H
#define WLK_TRACKING_ISOTROPIC_H

#include "record/name.h"
#include "tracking/filter.h"

/* What the random numbers of a slot are made from: SHA-256 of key (32 bytes) and the rest. */
struct wlk_isotropic_source {
    const uint8_t *key;
    int64_t slot;
    uint32_t object;
    wlk_name sensor;
};

struct wlk_isotropic_draw {
    double which, use; /* uniform, [0, 1) */
    double normal[3];  /* standard normal */
};

/* The same source, the same numbers. Bound: two hashes. */
void wlk_isotropic_draw(const struct wlk_isotropic_source *source,
                        struct wlk_isotropic_draw *out);

/* A place with an error of error_m, one sigma, on each axis; ECEF. */
struct wlk_isotropic {
    double at[3], error_m;
};

/* Is its own error smaller than error_m in each direction? */
bool wlk_isotropic_fits(const struct wlk_look *look, double error_m);

/* The plot with noise by draw->normal, to the metre. It must fit. The same plot without errors
 * becomes the same place, whichever radar made it. */
void wlk_isotropic_spoil(const struct wlk_look *look, const struct wlk_isotropic_draw *draw,
                         double error_m, struct wlk_isotropic *out);

/* As a look for the filters: from the centre of the Earth, where an error of error_m in range
 * and of error_m over the range in both angles is isotropic. */
void wlk_isotropic_look(const struct wlk_isotropic *from, wlk_utc time, struct wlk_look *out);

#endif
