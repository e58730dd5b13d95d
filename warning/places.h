/* places.h -- named places on the coasts, and a point at sea told by them.
 *
 * areas/places.txt: place NATION "english" "japanese" "korean" latitude longitude.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_WARNING_PLACES_H
#define WLK_WARNING_PLACES_H

#include "warning/area.h"

enum { WLK_PLACES_MAX = 256, WLK_PLACES_TEXT_SIZE = 160 };

struct wlk_place {
    wlk_name nation;
    char en[WLK_AREA_NAME_SIZE], ja[WLK_AREA_NAME_SIZE], ko[WLK_AREA_NAME_SIZE];
    wlk_geodetic at; /* height 0 */
};

struct wlk_places {
    size_t count;
    struct wlk_place place[WLK_PLACES_MAX];
};

/* A point at sea in words. */
struct wlk_places_text {
    char en[WLK_PLACES_TEXT_SIZE], ja[WLK_PLACES_TEXT_SIZE], ko[WLK_PLACES_TEXT_SIZE];
};

/* Reads a file of places. WLK_BAD_INPUT malformed or empty, fault has file, line and rule;
 * WLK_IO cannot be read. */
wlk_status wlk_places_open(const char *path, struct wlk_places **out,
                           struct wlk_fault *fault) WLK_MUST_USE;
void wlk_places_close(struct wlk_places *places);

/* "about 150 km west of Cape A; 320 km north of Cape B": the two nearest places that see the
 * point in directions at least 30 degrees apart, else the nearest. Distances are rounded to
 * 10 km (5 km below 100). Empty texts where there are no places. */
void wlk_places_describe(const struct wlk_places *places, wlk_geodetic point,
                         struct wlk_places_text *out);

#endif
