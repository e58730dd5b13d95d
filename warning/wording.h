/* wording.h -- what a warning says to people, in three languages.
 *
 * Japanese after the Cabinet Secretariat's J-Alert texts, Korean after the rule of 2023-08-04:
 * a message names launch time, direction, area, reason and what to do.
 * Read by: warning/cap. Held by: cap_test.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_WARNING_WORDING_H
#define WLK_WARNING_WORDING_H

#include "record/warning.h"
#include "warning/area.h"

enum wlk_language { WLK_ENGLISH = 0, WLK_JAPANESE, WLK_KOREAN, WLK_LANGUAGE_END };
enum { WLK_WORDING_SIZE = 6144 };

struct wlk_wording {
    char event[128];
    char headline[512];
    char description[WLK_WORDING_SIZE];
    char instruction[1024];
};

/* Fills out. Areas of the warning must be in the table (or the sea). Longer text is cut at a
 * whole character. */
void wlk_wording_of(const struct wlk_warning *warning, const struct wlk_areas *areas,
                    enum wlk_language language, struct wlk_wording *out);

/* The name of an area, or of the sea around the impact, in a language. text holds
 * WLK_WORDING_AREA_SIZE bytes. */
enum { WLK_WORDING_AREA_SIZE = 200 };
void wlk_wording_area(const struct wlk_warning *warning, const struct wlk_areas *areas,
                      size_t area, enum wlk_language language, char *text);

#endif
