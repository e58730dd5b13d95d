/* cap.h -- a warning as a CAP 1.2 message in English, Japanese and Korean.
 *
 * Common Alerting Protocol 1.2 (OASIS 2010); written by libxml2, which only cap.c sees.
 * First word of a chain is an Alert, what follows an Update, the last word a Cancel; each
 * refers to its predecessor. status is Actual only for nature real.
 * Held by: cap_test.c (schema, every kind x nature).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_WARNING_CAP_H
#define WLK_WARNING_CAP_H

#include "record/warning.h"
#include "warning/area.h"

enum { WLK_CAP_SIZE_MAX = 1 << 20 }; /* all areas of Japan in three languages fit */

/* Writes the message as UTF-8 with a NUL after it; *size is without the NUL.
 * areas may be NULL or empty where the warning names none but the sea.
 *
 * WLK_OK         complete.
 * WLK_BAD_INPUT  no such kind or nature, an area that is not in the table, a text that is
 *                not UTF-8 or holds control bytes, a number that is not finite.
 * WLK_FULL       room too small.
 * WLK_IO         libxml2 has no memory. */
wlk_status wlk_cap_write(const struct wlk_warning *warning, const struct wlk_areas *areas,
                         char *out, size_t room, size_t *size) WLK_MUST_USE;

/* File name for the message, "JP-0003-20170828T205940Z.xml"; text holds 64 bytes. */
void wlk_cap_file_name(const struct wlk_warning *warning, char text[64]);

#endif
