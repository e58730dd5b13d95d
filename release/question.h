/* question.h -- makes the integers that release/decide.h decides on.
 *
 * All names, times and texts of a header become indexes and numbers here, so that the
 * decision itself needs no strings. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RELEASE_QUESTION_H
#define WLK_RELEASE_QUESTION_H

#include "release/arrangement.h"
#include "release/decide.h"

/* The clauses of an arrangement as rules; rule i is clause i. */
void wlk_rules_make(const struct wlk_arrangement *arrangement, struct wlk_rules *out);

/* What the decider knows beside the record. */
struct wlk_surroundings {
    const struct wlk_arrangement *arrangement; /* the one the header names by digest */
    bool is_in_force;          /* that one, here, now (release/force.h) */
    wlk_name recipient;
    bool has_subject;          /* class notice: originator of the record it speaks of */
    wlk_name subject;
    wlk_utc now;
    uint64_t clock_error_ns;   /* of the decider's own clock */
    bool is_event_open;        /* the header's event and nature (release/events.h) */
    uint8_t token[WLK_RULES_MAX]; /* from wlk_rate_look; all 1 where rates do not count */
};

/* The question for one recipient. is_shown[i]: the disclosure of header->group[i] is there.
 * Never fails: what is unknown becomes WLK_NO_PARTY and the like, which decide refuses. A
 * stated clock error counts up to 10 s (ASSUMPTION: more is no clock). */
void wlk_question_make(const struct wlk_header *header, const bool is_shown[WLK_GROUPS_MAX],
                       const struct wlk_surroundings *around, struct wlk_question *out);

/* Could a record of this type and nature with this group (any region, event open, lowest
 * classification, fresh) pass from originator to recipient? For choosing what to seal, and
 * for arrange check. Indexes of parties. */
struct wlk_path_question {
    uint8_t from, to;
    enum wlk_type type;
    enum wlk_nature nature;
    enum wlk_group group;
};
bool wlk_rules_may(const struct wlk_rules *rules, const struct wlk_path_question *path);

/* True when wlk_rules_may holds for at least one recipient. */
bool wlk_rules_may_any(const struct wlk_rules *rules, const struct wlk_path_question *path);

/* False for a clause that can never show: a permit that lets no record through because
 * forbids cover it (or because from and to leave no pair), a forbid that takes nothing away
 * from any permit. A forbid of what nothing permits is no fault: "never, whatever else". */
bool wlk_rules_is_alive(const struct wlk_rules *rules, unsigned rule);

/* "W1", "default", "label" ...: what a log and a notice name as the reason of a verdict. */
const char *wlk_verdict_name(const struct wlk_arrangement *arrangement,
                             const struct wlk_verdict *verdict);

#endif
