/* snapshot.h -- a nation's picture and warnings as JSON for the page. Times are milliseconds
 * since 1970, places degrees, everything else SI; docs/display.md has the forms.
 *
 * Everything to show comes in as values: this file asks nobody. Bound: one pass, no
 * allocation. Read by: programs/serve*.c. Held by: display_test.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_DISPLAY_SNAPSHOT_H
#define WLK_DISPLAY_SNAPSHOT_H

#include "display/json.h"
#include "record/picture.h"
#include "record/warning.h"

enum { WLK_SHOWN_SOURCES_MAX = 2 * WLK_PARTIES_MAX };

/* What one nation's own sensors say of an object, as it is known here. */
struct wlk_shown_source {
    wlk_name nation;
    bool is_own, is_satellite;
    uint32_t object; /* its number there */
    bool is_measured; /* its sensors see it now, as far as has been heard */
    wlk_utc last_measurement;
    wlk_utc heard;   /* record time of the newest */
};

/* Who stands behind object i of the picture. */
struct wlk_shown_sources {
    size_t count;
    struct wlk_shown_source source[WLK_SHOWN_SOURCES_MAX];
};

/* Both as {"t":...,"objects":[...]}: the shared picture with sources (as many as the picture
 * has objects; NULL: none), and, as member "own", the one from own sensors only (NULL: no such
 * picture). */
struct wlk_snapshot {
    const struct wlk_picture *picture, *own;
    const struct wlk_shown_sources *sources;
    double rate; /* of scenario time, times faster than life */
};
void wlk_snapshot_picture(const struct wlk_snapshot *snapshot, struct wlk_json *json);

/* Names of the areas of a warning and its text, in English, Japanese and Korean. */
enum { WLK_SHOWN_LANGUAGES = 3 };
struct wlk_shown_text {
    const char *headline, *description, *instruction;
    char area[WLK_WARNING_AREAS_MAX][200];
};

/* A warning. state: "released", "proposed", "rejected", "superseded"; by: "policy",
 * or a person's name; empty: the machine, which proposes. */
void wlk_snapshot_warning(const struct wlk_warning *warning,
                          const struct wlk_shown_text text[WLK_SHOWN_LANGUAGES],
                          const char *state, const char *by, struct wlk_json *json);

#endif
