/* decide.h -- passes, trims or refuses: the one decision of the guard, as a pure function.
 *
 * Integers and byte arrays only; no floating point, no allocation, no memory but its
 * arguments. Default deny; a forbid beats any permit; order does not matter. The same
 * function is asked at the originator (egress), at the hub, again when a queued record is
 * sent, and at the recipient.
 * The question is made from a record by release/question.h.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RELEASE_DECIDE_H
#define WLK_RELEASE_DECIDE_H

#include "base/limits.h"
#include "record/header.h"

#include <stdint.h>

enum {
    WLK_RULES_MAX = 64,          /* as WLK_ARRANGEMENT_CLAUSES_MAX */
    WLK_RULE_WORDS_MAX = 16,     /* as WLK_ARRANGEMENT_WORDS_MAX */
    WLK_AHEAD_NS_MAX = 1000000000 /* "A time more than 1 s plus clock errors ahead is
                                     refused" (DESIGN.md 4) */
};

enum wlk_verdict_kind { WLK_REFUSE = 0, WLK_TRIM = 1, WLK_PASS = 2 };

/* Why, where no clause is the reason. The number is what the log keeps. */
enum wlk_verdict_reason {
    WLK_BECAUSE_CLAUSE = 0,     /* the clause named: a permit, or the forbid that refused */
    WLK_BECAUSE_NO_CLAUSE,      /* default deny: no permit covers it */
    WLK_BECAUSE_STATUS,         /* class status between parties in force: needs no clause */
    WLK_BECAUSE_NOTICE,         /* class notice: needs no clause */
    WLK_BECAUSE_FORM,           /* type, class, group or number does not belong together */
    WLK_BECAUSE_NOT_IN_FORCE,
    WLK_BECAUSE_ORIGINATOR,     /* not a party */
    WLK_BECAUSE_RECIPIENT,      /* not a party, or the originator itself */
    WLK_BECAUSE_LABEL,          /* the label does not name the recipient */
    WLK_BECAUSE_LINEAGE,        /* rests on another nation's sensors */
    WLK_BECAUSE_PLOT,           /* plots only in bilateral arrangements */
    WLK_BECAUSE_AHEAD,          /* time is ahead of now */
    WLK_BECAUSE_AGE,            /* a permit would cover it, were it younger */
    WLK_BECAUSE_RATE,           /* ... were there a token left */
    WLK_BECAUSE_EVENT,          /* ... were its event open */
    WLK_BECAUSE_CLASSIFICATION, /* ... were its groups classified lower */
    WLK_BECAUSE_NO_GROUP,       /* no group is left of it */
    WLK_BECAUSE_VERIFIERS,      /* never decided: its two verifiers disagree (record/seal.h) */
    WLK_BECAUSE_END
};

/* Words for a log or a notice: "default", "label", "lineage" ... and a sentence. */
const char *wlk_verdict_word(enum wlk_verdict_reason reason);
const char *wlk_verdict_sentence(enum wlk_verdict_reason reason);

/* One clause, as numbers. Members as in struct wlk_clause.
 * A permit covers a record when everything it says holds: the region is known and in the set,
 * each caveat of the label is in the set (none without a set), the exercise id is the same.
 * A forbid covers more readily: also an unknown region, and one caveat in its set is enough. */
struct wlk_rule {
    uint8_t is_forbid;
    uint8_t type[WLK_TYPE_END];
    uint8_t from[WLK_PARTIES_MAX], to[WLK_PARTIES_MAX];
    uint8_t has_region, region[WLK_REGION_END];
    uint8_t has_nature, nature[WLK_NATURE_END];
    uint8_t needs_event;
    uint8_t class_most;
    uint8_t exercise; /* 0 none, else the question must have the same number */
    uint8_t has_caveat, caveat[WLK_RULE_WORDS_MAX];
    uint8_t has_group, group[WLK_GROUP_END];
    uint8_t has_age;
    int64_t age_most_ns;
    uint8_t has_rate;
};

struct wlk_rules {
    uint8_t party_count; /* 2..WLK_PARTIES_MAX */
    uint8_t rule_count;  /* 0..WLK_RULES_MAX */
    struct wlk_rule rule[WLK_RULES_MAX];
};

enum { WLK_NO_PARTY = 255 }; /* index of a nation that is not a party */
enum { WLK_OTHER_EXERCISE = 255 };

struct wlk_question {
    uint8_t is_in_force;     /* the arrangement, now, here */
    uint8_t is_from_hub;     /* originator is a hub of the arrangement, not a nation */
    uint8_t originator;      /* party index or WLK_NO_PARTY */
    uint8_t recipient;       /* same */
    uint8_t subject;         /* class notice: whose record it is about; else WLK_NO_PARTY */
    uint8_t type, record_class, nature;
    uint8_t region;          /* enum wlk_region, 0 unknown */
    uint8_t releasable[WLK_PARTIES_MAX]; /* the label's set, as far as they are parties */
    uint8_t lineage[WLK_PARTIES_MAX];    /* nations whose sensors it rests on */
    uint8_t has_other_lineage;           /* ... one of them not a party */
    uint8_t signed_group[WLK_GROUP_END]; /* groups the header names */
    uint8_t group[WLK_GROUP_END];        /* of these, groups whose disclosure is there */
    uint8_t classification[WLK_GROUP_END]; /* of the signed groups */
    uint8_t exercise;        /* 0 none; 1 + index in the arrangement; WLK_OTHER_EXERCISE */
    uint8_t caveat[WLK_RULE_WORDS_MAX];  /* the label's caveats known to the arrangement */
    uint8_t has_other_caveat;            /* ... one of them unknown to it */
    uint8_t is_event_open;   /* the record's event, in its nature, under this arrangement */
    int64_t time_ns, now_ns, valid_until_ns;
    int64_t clock_errors_ns; /* the originator's stated one and the decider's own */
    uint8_t token[WLK_RULES_MAX]; /* 1 where the rule has no rate or a token is left */
};

struct wlk_verdict {
    enum wlk_verdict_kind kind;
    uint8_t group_pass[WLK_GROUP_END]; /* groups to hand on; all 0 in a refusal */
    enum wlk_verdict_reason reason;
    uint8_t rule;                 /* reason WLK_BECAUSE_CLAUSE: index of the rule; else 255 */
    uint8_t used[WLK_RULES_MAX];  /* permits that let a group through: take a token of each */
};

/* Decides one record for one recipient. Total: every question has a verdict. */
struct wlk_verdict wlk_decide(const struct wlk_rules *rules,
                              const struct wlk_question *question);

#endif
