/* limits.h -- each bound of the system with its reason.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_BASE_LIMITS_H
#define WLK_BASE_LIMITS_H

enum {
    WLK_NAME_SIZE = 16,            /* names of nations, hubs, sensors, arrangements, with NUL */
    WLK_TEXT_SIZE = 64,            /* short labels: exercise id, policy, caveat, with NUL */
    WLK_PARTIES_MAX = 8,           /* nations in one arrangement; sets are byte arrays of it */
    WLK_HUBS_MAX = 2,              /* two sites run at once (DESIGN.md 4) */
    WLK_ARRANGEMENTS_MAX = 16,     /* in force at one node or hub */
    WLK_SITES_MAX = 64,            /* radars of one nation in one scenario */
    WLK_OBJECTS_MAX = 512,         /* live tracks of one nation */
    WLK_EVENTS_MAX = 64,           /* open events under one arrangement */
    WLK_GROUPS_MAX = 2,            /* coarse + fine, or shielded, or body */
    WLK_CAVEATS_MAX = 4,           /* caveats in one label */
    WLK_RECORD_SIZE_MAX = 65536,   /* bytes of one record (DESIGN.md 3) */
    WLK_RECORD_DEPTH_MAX = 6,      /* nesting of its CBOR */
    WLK_RECORD_ITEMS_MAX = 4096,   /* CBOR items in it */
    WLK_FRAME_SIZE_MAX = 66560,    /* a record and 1 KiB of framing */
    WLK_PLOT_DATAGRAM_MAX = 256,   /* bytes of one plot datagram */
    WLK_PATH_POINTS_MAX = 256,     /* points of a predicted ground path */
    WLK_AREAS_MAX = 128,           /* named areas of one nation */
    WLK_WARNING_AREAS_MAX = 64,    /* named areas in one warning */
};

_Static_assert(WLK_FRAME_SIZE_MAX > WLK_RECORD_SIZE_MAX, "a record fits a frame");
_Static_assert(WLK_PLOT_DATAGRAM_MAX <= 1232, "a plot never fragments, IPv6 minimum MTU");

#endif
