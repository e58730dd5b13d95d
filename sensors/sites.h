/* sites.h -- the file of sites: which radars there are, where, and how well they measure.
 *
 * Plain words (base/words.h), one statement a line; distances and angles carry their unit:
 *
 *   class NAME                      opens a class of radar; then, until the next class or site:
 *     reference KM range KM         range of snr_reference on 1 m^2; instrumented range
 *     snr DB                        at the reference range, single look
 *     noise M DEG                   floors of range and of angle noise, one sigma
 *     resolution M DEG              in range, and beamwidth
 *     revisit S latency S mask DEG
 *   site ID of NATION at LAT LON height M m class NAME [facing DEG width DEG] [mask DEG]
 *     source "TEXT"                 where the position is from; every site must have one
 *   calibration ID range M azimuth DEG elevation DEG    known bias: what it reads too much
 *   bias ID range M angle DEG       residual bias, one sigma, of a rehearsed radar
 *   infrared ID of NATION           a source of infrared sightings
 *   set NAME = ID|SET [+] ID|SET ... a named choice of sites
 *
 * Names of classes and sets: 1-15 of a-z 0-9 -. Indents mean nothing.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_SENSORS_SITES_H
#define WLK_SENSORS_SITES_H

#include "record/site.h"

#include <stdbool.h>

enum {
    WLK_SITE_SETS_MAX = 16,
    WLK_SITE_CLASSES_MAX = 16,
    WLK_INFRARED_MAX = 8, /* sources of sightings */
};

struct wlk_infrared_source {
    wlk_name id, owner;
};

struct wlk_site_set {
    char name[WLK_NAME_SIZE];
    bool has[WLK_SITES_MAX]; /* by index of site */
};

struct wlk_sites {
    size_t count;
    struct wlk_site site[WLK_SITES_MAX]; /* in the order of the file; no id twice */
    size_t infrared_count;
    struct wlk_infrared_source infrared[WLK_INFRARED_MAX];
    size_t set_count;
    struct wlk_site_set set[WLK_SITE_SETS_MAX];
};

/* Reads the file at path. For start-up: it allocates the text while reading.
 *
 * WLK_OK         *out is complete.
 * WLK_IO         the file cannot be read (fault has the reason).
 * WLK_BAD_INPUT  fault has file, line and rule. */
wlk_status wlk_sites_read(const char *path, struct wlk_sites *out,
                          struct wlk_fault *fault) WLK_MUST_USE;

/* The same from a text in memory; name is for complaints. */
wlk_status wlk_sites_parse(const char *name, const char *text, struct wlk_sites *out,
                           struct wlk_fault *fault) WLK_MUST_USE;

/* Copies the sites of a set that belong to owner (all nations if owner is NULL), in file
 * order. set_name NULL: every site. WLK_BAD_INPUT no such set. */
wlk_status wlk_sites_pick(const struct wlk_sites *sites, const char *set_name,
                          const wlk_name *owner, struct wlk_site out[WLK_SITES_MAX],
                          size_t *count_out) WLK_MUST_USE;

/* The site of that name, or NULL. */
const struct wlk_site *wlk_sites_find(const struct wlk_sites *sites, wlk_name id);

#endif
