/* terms.h -- on what terms one kind of record passes from one party to another, found by
 * asking the decision itself and not by reading clauses.
 *
 * For people: arrange check, diff and table speak in these words. All numbers are found by
 * enumeration over every value that some clause names and one beyond.
 * Held by: survey_test.c, the tables in corpus/release. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RELEASE_TERMS_H
#define WLK_RELEASE_TERMS_H

#include "release/question.h"

enum { WLK_TERMS_TEXT_SIZE = 512 };

/* All else at its most willing, what is still let through. All zeros: nothing. */
struct wlk_terms {
    bool may;
    uint8_t class_most;              /* highest classification that passes */
    uint8_t region[WLK_REGION_END];  /* 1 passes; index 0: no region stated */
    bool needs_event;                /* only while an event is open */
    bool has_age;
    uint32_t age_most_s;             /* oldest that passes, where there is a limit */
    uint32_t rate_most_per_s;        /* highest rate of the permits; 0: no limit */
    bool needs_exercise;             /* passes under named exercise ids only */
    uint8_t exercise[WLK_ARRANGEMENT_WORDS_MAX];
    uint8_t caveat[WLK_ARRANGEMENT_WORDS_MAX]; /* that a label may bear */
};

/* Finds them. arrangement is the one the rules were made of. */
void wlk_terms_find(const struct wlk_arrangement *arrangement, const struct wlk_rules *rules,
                    const struct wlk_path_question *path, struct wlk_terms *out);

/* "up to SECRET, launches in DPRK, no older than 600 s, at most 50/s, while an event is open";
 * "" for no condition at all. */
void wlk_terms_words(const struct wlk_arrangement *arrangement, const struct wlk_terms *terms,
                     char text[WLK_TERMS_TEXT_SIZE]);

/* The most willing record of a path: fresh, open, unclassified, in force, region DPRK, no
 * caveat, no exercise id. */
void wlk_terms_willing(const struct wlk_path_question *path, struct wlk_question *out);

/* True when this group of this question passes. */
bool wlk_terms_passes(const struct wlk_rules *rules, const struct wlk_question *question,
                      enum wlk_group group);

/* Which groups a type can have: coarse, shielded and fine, or a body. */
bool wlk_terms_has_group(enum wlk_type type, enum wlk_group group);

#endif
