/* words.h -- the one lexer for everything a person writes: sites, scenarios, arrangements,
 * configuration. One statement a line; "#" starts a comment; words are split by blanks; a
 * word in "double quotes" may hold blanks; a line that begins with blanks or ends in a comma
 * is NOT special. Each complaint names file and line.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_BASE_WORDS_H
#define WLK_BASE_WORDS_H

#include "base/clock.h"
#include "base/status.h"

enum {
    WLK_WORDS_MAX = 96,           /* words in one line */
    WLK_WORDS_LINE_SIZE = 1024,   /* bytes in one line, with NUL */
    WLK_WORDS_FILE_SIZE = 1 << 20 /* bytes in one file */
};

struct wlk_words {
    const char *text; /* NUL-terminated; not owned, not changed */
    size_t at;        /* next byte */
    char file[96];    /* name for complaints */
    size_t line;      /* of the statement in word[], from 1 */
    char buffer[WLK_WORDS_LINE_SIZE];
    const char *word[WLK_WORDS_MAX]; /* the words of the statement */
    size_t count;
};

/* Starts reading text, which must stay alive. file is for complaints only. */
void wlk_words_init(struct wlk_words *words, const char *file, const char *text);

/* Reads the next statement into word[0..count). Comments and blank lines are passed over.
 * WLK_OK one statement; WLK_NOT_YET the end; WLK_BAD_INPUT line too long, too many words,
 * an open quote, a control byte or invalid UTF-8 (fault filled, with file and line). */
wlk_status wlk_words_next(struct wlk_words *words, struct wlk_fault *fault) WLK_MUST_USE;

/* Fills fault with file and line of the current statement; returns WLK_BAD_INPUT, so that a
 * parser can write: return wlk_words_fault(&words, fault, "rule", "detail %s", x); */
wlk_status wlk_words_fault(const struct wlk_words *words, struct wlk_fault *fault,
                           const char *rule, const char *detail, ...)
    __attribute__((format(printf, 4, 5)));

/* Converts a whole word; nothing may follow the number; it must be finite and in
 * [low, high]. WLK_BAD_INPUT otherwise. */
wlk_status wlk_word_number(const char *word, double low, double high,
                           double *out) WLK_MUST_USE;
wlk_status wlk_word_integer(const char *word, int64_t low, int64_t high,
                            int64_t *out) WLK_MUST_USE;

/* Reads a whole file into a fresh NUL-terminated text that the caller frees.
 * WLK_IO cannot be read (fault has the reason); WLK_BAD_INPUT larger than
 * WLK_WORDS_FILE_SIZE, or holds a NUL. For start-up only: it allocates. */
wlk_status wlk_words_read_file(const char *path, char **out,
                               struct wlk_fault *fault) WLK_MUST_USE;

#endif
