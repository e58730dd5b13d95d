/* scenario_judge.h -- holds a rehearsal to what its scenario expects of it.
 *
 * Looks only at what a nation shows (entries, warnings, picture) and at what the journals
 * hold, never at the stages inside. Meaning of each expect line: docs/scenarios.md.
 * Read by: programs/scenario_play.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_SCENARIO_JUDGE_H
#define WLK_PROGRAMS_SCENARIO_JUDGE_H

#include "programs/coalition.h"

enum { WLK_FINDING_SIZE = 192 };

/* What became of one expect line. */
struct wlk_finding {
    bool is_met, is_settled;      /* settled: nothing later changes it */
    char what[WLK_FINDING_SIZE];  /* the expectation in words */
    char found[WLK_FINDING_SIZE]; /* what was seen instead, or when it came */
};

/* The events of a nation's picture, and how many objects each has at least, as last seen. */
struct wlk_judge_events {
    size_t count;
    wlk_event event[WLK_EVENTS_MAX];
    uint32_t least[WLK_EVENTS_MAX];
};

struct wlk_judge {
    const struct wlk_script *script;
    wlk_utc origin;
    struct wlk_finding finding[WLK_SCRIPT_EXPECTS_MAX]; /* of script->expect[i] */
    struct wlk_judge_events events[WLK_SCRIPT_EXPECTS_MAX];
};

/* Begins; script_view must outlive the judge. WLK_BAD_INPUT an expect line names a nation,
 * site or area that is not there: fault has line and rule. */
wlk_status wlk_judge_begin(struct wlk_judge *judge, const struct wlk_script *script_view,
                           const struct wlk_sites *sites, struct wlk_coalition *coalition,
                           wlk_utc origin, struct wlk_fault *fault) WLK_MUST_USE;

/* After each step of the coalition; and with each entry and warning a nation gives. */
void wlk_judge_step(struct wlk_judge *judge, struct wlk_coalition *coalition);
void wlk_judge_entry(struct wlk_judge *judge, const struct wlk_entry *entry);
void wlk_judge_warning(struct wlk_judge *judge, const struct wlk_warning *warning,
                       const struct wlk_areas *areas);

/* After the last step: reads the journals and settles the rest. *exchanged is filled. */
void wlk_judge_end(struct wlk_judge *judge, struct wlk_coalition *coalition,
                   struct wlk_exchanged *exchanged);

/* Records in a nation's journal that came from others, of these: how many are of type plot,
 * and how many have the text in their bytes (or do not decode). */
struct wlk_scrutiny {
    uint64_t records, plots, named;
};
void wlk_journal_scrutinise(struct wlk_journal *journal, wlk_name nation, const char *text,
                            struct wlk_scrutiny *out);

#endif
