/* region.h -- in which region of the arrangement a launch point lies.
 *
 * Asked by the originator only, who states it in key 14; the guard computes no geometry.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RELEASE_REGION_H
#define WLK_RELEASE_REGION_H

#include "earth/frames.h"
#include "record/header.h"

/* DPRK: its land (a coarse outline, docs/release.md) and the waters within 100 km; towards
 * the land of other states the outline itself decides. Else OTHER. */
enum wlk_region wlk_region_of(wlk_geodetic place);

/* Distance in m to the outline, negative inside; for tests and displays. */
double wlk_region_dprk_distance_m(wlk_geodetic place);

#endif
