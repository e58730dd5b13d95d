/* reading.h -- words of an arrangement's line, one by one; between language.c and reading.c.
 *
 * base/words splits at blanks; here commas, semicolons and a trailing colon become words of
 * their own, so that a clause reads like a sentence.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RELEASE_READING_H
#define WLK_RELEASE_READING_H

#include "base/assert.h"
#include "base/words.h"
#include "release/arrangement.h"

enum { WLK_TOKENS_MAX = 256, WLK_TOKEN_BYTES = 3 * WLK_WORDS_LINE_SIZE };

struct wlk_reading {
    struct wlk_words words;
    struct wlk_fault *fault;
    struct wlk_arrangement *out;
    bool has_parties, has_term, has_purpose;
    const char *token[WLK_TOKENS_MAX + 1]; /* ends in an empty word */
    size_t count, at;
    char room[WLK_TOKEN_BYTES];
    size_t used;
};

#define WLK_COMPLAIN(r, rule, ...) wlk_words_fault(&(r)->words, (r)->fault, rule, __VA_ARGS__)

/* Takes the words of the current statement apart. */
wlk_status wlk_reading_split(struct wlk_reading *r) WLK_MUST_USE;

/* The next word, "" at the end of the line. */
const char *wlk_reading_peek(const struct wlk_reading *r);
bool wlk_reading_is_end(const struct wlk_reading *r);

/* Passes over word if it is next. */
bool wlk_reading_accept(struct wlk_reading *r, const char *word);

/* The rest complain with file, line and rule when something else stands there. */
wlk_status wlk_reading_expect(struct wlk_reading *r, const char *word,
                              const char *rule) WLK_MUST_USE;
wlk_status wlk_reading_expect_end(struct wlk_reading *r) WLK_MUST_USE;
wlk_status wlk_reading_name(struct wlk_reading *r, wlk_name *out) WLK_MUST_USE;
wlk_status wlk_reading_number(struct wlk_reading *r, int64_t high, int64_t *out) WLK_MUST_USE;
wlk_status wlk_reading_time(struct wlk_reading *r, wlk_utc *out) WLK_MUST_USE;
wlk_status wlk_reading_digest(struct wlk_reading *r, wlk_digest *out) WLK_MUST_USE;
wlk_status wlk_reading_party(struct wlk_reading *r, uint8_t *out) WLK_MUST_USE;
wlk_status wlk_reading_owner(struct wlk_reading *r, uint8_t *out) WLK_MUST_USE;

#endif
