/* decoys.h -- the places a radar might stand at, as far as its releases are concerned.
 *
 * A shielded release (docs/leak.md) looks the same wherever in this set the radar stands. The
 * set comes from a national configuration file and never leaves the nation; that partners know
 * it is allowed for, that they know the own place is not.
 * Made by sensors/decoys. Read by tracking/slots, tracking/shield.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RECORD_DECOYS_H
#define WLK_RECORD_DECOYS_H

#include "record/site.h"

enum {
    WLK_DECOYS_MAX = 256,    /* a grid of 30 km over 480 km; more cost time and hide no more */
    WLK_DECOY_SETS_MAX = 16, /* radars of one nation whose releases are shielded */
};

struct wlk_decoy_set {
    struct wlk_site site; /* the radar: class figures, and its own place */
    size_t count;         /* 1..WLK_DECOYS_MAX */
    wlk_geodetic place[WLK_DECOYS_MAX];
};

struct wlk_decoys {
    size_t count;
    struct wlk_decoy_set set[WLK_DECOY_SETS_MAX]; /* no radar twice */
};

#endif
