/* decoys.h -- the file of decoys: for each radar whose releases are shielded, the places
 * it might stand at (record/decoys.h, docs/leak.md).
 *
 * National: it never leaves the nation, and is read by its node alone. Plain words
 * (base/words.h), one statement a line, made by "warnlink decoys":
 *
 *   decoys RADAR            a radar of the file of sites
 *   at LAT LON height M     then one line for each place
 *
 * Read by: programs/node.c, decoys.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_SENSORS_DECOYS_H
#define WLK_SENSORS_DECOYS_H

#include "record/decoys.h"
#include "sensors/sites.h"

/* Reads the file at path. sites: where the radars stand and what they measure; owner: of all
 * of them.
 *
 * WLK_OK         *out is complete.
 * WLK_IO         it cannot be read.
 * WLK_BAD_INPUT  fault has file, line and rule: a radar that is unknown, another nation's or
 *                there twice; no place, or too many. */
wlk_status wlk_decoys_read(const char *path, const struct wlk_sites *sites, wlk_name owner,
                           struct wlk_decoys *out, struct wlk_fault *fault) WLK_MUST_USE;

/* The same from a text in memory; name is for complaints. */
wlk_status wlk_decoys_parse(const char *name, const char *text, const struct wlk_sites *sites,
                            wlk_name owner, struct wlk_decoys *out,
                            struct wlk_fault *fault) WLK_MUST_USE;

#endif
