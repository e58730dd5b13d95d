/* decide_sample.c -- random rules and questions for the judges of the decision.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/decide_sample.h"

#include <string.h>

/* Mostly likely values, so that many questions pass; sometimes any. */
static uint8_t pick(struct wlk_random *random, uint8_t likely, uint64_t any)
{
    return wlk_random_below(random, 25) ? likely : (uint8_t)wlk_random_below(random, any);
}

static bool coin(struct wlk_random *random, uint64_t in)
{
    return wlk_random_below(random, in) == 0;
}

void wlk_decide_sample_rules(struct wlk_random *random, struct wlk_rules *rules)
{
    memset(rules, 0, sizeof *rules);
    rules->party_count = coin(random, 3) ? 2 : 3;
    rules->rule_count = (uint8_t)wlk_random_below(random, 9);
    for (unsigned i = 0; i < rules->rule_count; i++) {
        struct wlk_rule *x = &rules->rule[i];
        x->is_forbid = coin(random, 6);
        for (unsigned t = 1; t <= 5; t++)
            x->type[t] = !coin(random, 3);
        for (unsigned p = 0; p < rules->party_count; p++) {
            x->from[p] = !coin(random, 4);
            x->to[p] = !coin(random, 4);
        }
        x->has_region = coin(random, 3);
        x->region[1 + wlk_random_below(random, 2)] = x->has_region;
        x->has_nature = !x->is_forbid || coin(random, 2);
        x->nature[1 + wlk_random_below(random, 3)] = x->has_nature;
        x->nature[WLK_NATURE_REAL] |= x->has_nature && coin(random, 2);
        x->needs_event = !x->is_forbid && coin(random, 4);
        x->class_most = x->is_forbid ? 0 : pick(random, 0, 6);
        x->exercise = pick(random, 0, 3);
        x->has_caveat = coin(random, 4);
        x->caveat[wlk_random_below(random, 3)] = x->has_caveat;
        x->has_group = !x->is_forbid || coin(random, 2);
        for (unsigned g = 1; g <= 3; g++)
            x->group[g] = x->has_group && coin(random, 2);
        x->has_age = !x->is_forbid && coin(random, 4);
        x->age_most_ns = (int64_t)wlk_random_below(random, 5);
        x->has_rate = !x->is_forbid && coin(random, 4);
    }
}

void wlk_decide_sample_question(struct wlk_random *random, const struct wlk_rules *rules,
                                struct wlk_question *q)
{
    static const uint8_t CLASS[9] = {0, 1, 1, 1, 2, 3, 4, 4, 5};
    memset(q, 0, sizeof *q);
    q->is_in_force = !coin(random, 20);
    q->is_from_hub = coin(random, 40);
    q->type = pick(random, (uint8_t)(1 + wlk_random_below(random, 4)), 10);
    q->record_class = pick(random, q->type < 9 ? CLASS[q->type] : 1, 7);
    q->originator = pick(random, (uint8_t)wlk_random_below(random, rules->party_count), 4);
    q->recipient = pick(random, (uint8_t)((q->originator + 1u) % rules->party_count), 4);
    q->originator = coin(random, 50) ? 255 : q->originator;
    q->subject = pick(random, q->recipient, 4);
    q->nature = pick(random, WLK_NATURE_REAL, 5);
    q->region = pick(random, WLK_REGION_DPRK, 4);
    for (unsigned p = 0; p < 4; p++) {
        q->releasable[p] = !coin(random, 20);
        q->lineage[p] = pick(random, p == q->originator, 2);
    }
    q->has_other_lineage = coin(random, 40);
    bool estimate = q->type == 1 || q->type == 2 || q->type == 4;
    for (unsigned g = 0; g < WLK_GROUP_END; g++) {
        q->signed_group[g] = estimate ? g == 1 || (g == 3 && coin(random, 2)) : g == 4;
        if (coin(random, 40))
            q->signed_group[g] ^= 1;
        q->group[g] = q->signed_group[g] && !coin(random, 5);
        if (coin(random, 80))
            q->group[g] ^= 1;
        q->classification[g] = pick(random, (uint8_t)(1 + wlk_random_below(random, 5)), 7);
    }
    q->exercise = pick(random, 0, 3);
    q->caveat[wlk_random_below(random, 3)] = coin(random, 12);
    q->has_other_caveat = coin(random, 20);
    q->is_event_open = coin(random, 2);
    q->now_ns = 3000000000 + (int64_t)wlk_random_below(random, 3);
    q->clock_errors_ns = (int64_t)wlk_random_below(random, 3);
    q->time_ns = q->now_ns + (int64_t)wlk_random_below(random, 7) - 5;
    if (coin(random, 16))
        q->time_ns = q->now_ns + 999999998 + (int64_t)wlk_random_below(random, 6);
    q->valid_until_ns = q->time_ns + (int64_t)wlk_random_below(random, 4) - coin(random, 20);
    for (unsigned i = 0; i < WLK_RULES_MAX; i++)
        q->token[i] = coin(random, 2);
}
