/* land.c -- opens, finds, closes. SPDX-License-Identifier: Apache-2.0 */
#include "programs/land.h"

#include "base/assert.h"

#include <stdio.h>
#include <string.h>

wlk_status wlk_land_open(const char *folder, struct wlk_land *out, struct wlk_fault *fault)
{
    wlk_name known[WLK_PARTIES_MAX];
    size_t count = 0;
    char places[1024];
    memset(out, 0, sizeof *out);
    snprintf(places, sizeof places, "%s/places.txt", folder);
    WLK_TRY(wlk_places_open(places, &out->places, fault));
    WLK_TRY(wlk_areas_nations(folder, WLK_PARTIES_MAX, known, &count, fault));
    for (; out->count < count; out->count++)
        WLK_TRY(wlk_areas_open(known[out->count], folder, &out->areas[out->count], fault));
    return WLK_OK;
}

void wlk_land_close(struct wlk_land *land)
{
    for (size_t i = 0; i < land->count; i++)
        wlk_areas_close(land->areas[i]);
    wlk_places_close(land->places);
    memset(land, 0, sizeof *land);
}

struct wlk_areas *wlk_land_of(const struct wlk_land *land, wlk_name nation)
{
    for (size_t i = 0; i < land->count; i++)
        if (wlk_name_equal(land->areas[i]->nation, nation))
            return land->areas[i];
    return NULL;
}
