/* survey.h -- proves by enumeration what an arrangement can and cannot let through.
 *
 * Every question that could matter is put to release/decide: each direction, type, set of
 * groups, nature, classification, region (also none), event open or not, age at and beyond
 * each limit, each exercise id and caveat, named and unknown. What comes back is held against
 * a second reading of the clauses, and each pass is asked again with one thing wrong. So a
 * finding "no plot passes from JP to KR" is a statement about all questions, not about text.
 * Held by: survey_test.c. Read by: programs/arrange_check.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RELEASE_SURVEY_H
#define WLK_RELEASE_SURVEY_H

#include "release/terms.h"

enum {
    WLK_SURVEY_FINDINGS_MAX = 128,
    WLK_SURVEY_TEXT_SIZE = 200,
    WLK_SURVEY_NEVER_MAX = 16,
    WLK_SURVEY_ANY = 255
};

/* A path that must not exist. */
struct wlk_never {
    uint8_t type, group; /* 0: any */
    uint8_t from, to;    /* index of a party, or WLK_SURVEY_ANY */
};

/* Reads "[TYPE] [GROUP] from NATION to NATION"; "any" for every nation.
 * WLK_BAD_INPUT, fault says what. */
wlk_status wlk_never_parse(const struct wlk_arrangement *arrangement, const char *words,
                           struct wlk_never *out, struct wlk_fault *fault) WLK_MUST_USE;

struct wlk_finding {
    bool is_fault; /* else a remark */
    char text[WLK_SURVEY_TEXT_SIZE];
};

struct wlk_survey {
    uint64_t asked, passed; /* questions; of them let through, whole or in part */
    unsigned faults, left_out; /* left_out: findings beyond WLK_SURVEY_FINDINGS_MAX */
    size_t count;
    struct wlk_finding finding[WLK_SURVEY_FINDINGS_MAX];
};

/* Asks everything. Bound: about 15 million questions for the largest arrangement, 0.3 million
 * for three parties. */
void wlk_survey_make(const struct wlk_arrangement *arrangement, const struct wlk_never never[],
                     size_t never_count, struct wlk_survey *out);

/* The second half: what a require asks, at every instant of the term, keys included; mixing of
 * natures; keys that are missing. Adds to out. Between survey.c and survey_terms.c. */
void wlk_survey_terms(const struct wlk_arrangement *arrangement, const struct wlk_rules *rules,
                      struct wlk_survey *out);

/* Adds a finding. */
void wlk_survey_note(struct wlk_survey *survey, bool is_fault, const char *form, ...)
    __attribute__((format(printf, 3, 4)));

#endif
