/* script_private.h -- what the files of the scenario's reader share: script.c has the
 * statements, script_expect.c the expectations. Each of these moves past words of the statement
 * that is read, or complains with file and line. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_REHEARSAL_SCRIPT_PRIVATE_H
#define WLK_REHEARSAL_SCRIPT_PRIVATE_H

#include "base/words.h"
#include "rehearsal/script.h"

#include <stdbool.h>

struct wlk_script_reading {
    struct wlk_words words;
    struct wlk_fault *fault;
    size_t at; /* next word of the statement */
    struct wlk_script script;
    bool has_title, has_sites, has_infrared, has_shielded, has_seed;
};

/* WLK_BAD_INPUT, with file, line, rule and detail. */
wlk_status wlk_script_complain(struct wlk_script_reading *reading, const char *rule,
                               const char *detail);

/* The next word, or "" at the end of the statement. */
const char *wlk_script_next(const struct wlk_script_reading *reading);

/* Moves past the next word if it is this one. */
bool wlk_script_passes(struct wlk_script_reading *reading, const char *word);

/* This word; a number within its limits; seconds since the start; a name; two letters; a text
 * that fits into size with its NUL, of these letters (NULL: any); the end of the statement. */
wlk_status wlk_script_word(struct wlk_script_reading *reading, const char *word) WLK_MUST_USE;
wlk_status wlk_script_number(struct wlk_script_reading *reading, double low, double high,
                             double *out) WLK_MUST_USE;
wlk_status wlk_script_seconds(struct wlk_script_reading *reading, double *out) WLK_MUST_USE;
wlk_status wlk_script_name(struct wlk_script_reading *reading, wlk_name *out) WLK_MUST_USE;
wlk_status wlk_script_nation(struct wlk_script_reading *reading, wlk_name *out) WLK_MUST_USE;
wlk_status wlk_script_text(struct wlk_script_reading *reading, char *out, size_t size,
                           const char *letters) WLK_MUST_USE;
wlk_status wlk_script_end(struct wlk_script_reading *reading) WLK_MUST_USE;

/* All after the word expect. */
wlk_status wlk_script_expectation(struct wlk_script_reading *reading,
                                  struct wlk_script_expect *expect) WLK_MUST_USE;

#endif
