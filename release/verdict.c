/* verdict.c -- words for the reasons of the guard.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/decide.h"

static const struct {
    const char *word, *sentence;
} REASONS[] = {
    {"clause", "a clause of the arrangement"},
    {"default", "no permit of the arrangement covers it"},
    {"status", "class status needs no clause"},
    {"notice", "class notice needs no clause"},
    {"form", "its type, class, groups or numbers do not belong together"},
    {"not-in-force", "the arrangement is not in force"},
    {"originator", "its originator may not speak so under the arrangement"},
    {"recipient", "the recipient is no party, or the originator itself"},
    {"label", "its label does not name the recipient"},
    {"lineage", "it rests on the sensors of another nation than its originator"},
    {"plot", "plots pass only under bilateral arrangements"},
    {"ahead", "its time is ahead of now"},
    {"age", "it is older than its permit allows"},
    {"rate", "the rate of its permit is used up"},
    {"event", "its event is not open"},
    {"classification", "it is classified higher than its permit allows"},
    {"no-group", "no group of it is left"},
    {"verifiers", "two verifiers disagree about its signature"},
};

_Static_assert(sizeof REASONS / sizeof REASONS[0] == WLK_BECAUSE_END, "each reason has words");

const char *wlk_verdict_word(enum wlk_verdict_reason reason)
{
    return (unsigned)reason < WLK_BECAUSE_END ? REASONS[reason].word : "?";
}

const char *wlk_verdict_sentence(enum wlk_verdict_reason reason)
{
    return (unsigned)reason < WLK_BECAUSE_END ? REASONS[reason].sentence : "?";
}
