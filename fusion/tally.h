/* tally.h -- how many objects an event has, and the how manieth of them each is.
 *
 * An object's name under its event is that of whoever named it first and a number: "KR 2". A
 * number is given in the order in which an originator names its objects; everybody hears these
 * in one order, so all nations speak of the same object.
 * Read by: fusion/picture. Held by: tally_test.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_FUSION_TALLY_H
#define WLK_FUSION_TALLY_H

#include "fusion/store.h"

/* Gives the source its number under its event, unless it has one or no event, or no track: what
 * satellites have seen is numbered by who has a track of it. */
void wlk_tally_ordinal(struct wlk_fusion *fusion, struct wlk_source *source);

/* Writes into the objects of each event how many there are: at least what one originator is
 * sure of, at most as many as stand in the picture, or as one has told. */
void wlk_tally_events(struct wlk_fusion *fusion);

/* Keeps the name that the object was last shown by, unless who gave it has been found to mean
 * another; holds back a new one's first name while another nation's may be found for it. */
void wlk_tally_name(const struct wlk_fusion *fusion, const struct wlk_store_object *object,
                    struct wlk_picture_object *now);

#endif
