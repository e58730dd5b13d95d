/* keyfile.h -- a secret key in a file: one line, readable by its owner only.
 *
 *     warnlink-key 1 <64 hexadecimal digits: the seed>
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_KEYFILE_H
#define WLK_PROGRAMS_KEYFILE_H

#include "record/seal.h"
#include "release/force.h"

/* WLK_IO cannot be read; WLK_BAD_INPUT others can read it, a link, or not that form. */
wlk_status wlk_keyfile_read(const char *path, struct wlk_secret_key *out,
                            struct wlk_fault *fault) WLK_MUST_USE;

/* Root keys that are trusted: lines "root NAME HEX". Statuses of wlk_roots_parse, WLK_IO. */
wlk_status wlk_keyfile_roots(const char *path, struct wlk_roots *out,
                             struct wlk_fault *fault) WLK_MUST_USE;

/* Makes the file, mode 0600. WLK_IO it exists already, or cannot be written. */
wlk_status wlk_keyfile_write(const char *path, const uint8_t seed[WLK_SEED_SIZE],
                             struct wlk_fault *fault) WLK_MUST_USE;

#endif
