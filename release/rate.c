/* rate.c -- token buckets in whole nanoseconds.
 *
 * A bucket is a credit of time, at most one second; a token of a clause with rate r costs
 * ceil(1e9 / r) ns of it. So never more than r (and a burst of r) pass in a second.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/rate.h"

static const int64_t CREDIT_NS_MAX = INT64_C(1000000000);

static int64_t cost_ns(const struct wlk_clause *clause)
{
    return (CREDIT_NS_MAX + clause->rate_most_per_s - 1) / clause->rate_most_per_s;
}

/* The credit now. A clock that runs backwards earns nothing. */
static int64_t credit_ns(const struct wlk_bucket *bucket, int64_t now_ns)
{
    if (!bucket->is_used)
        return CREDIT_NS_MAX;
    int64_t earned_ns = now_ns > bucket->at_ns ? now_ns - bucket->at_ns : 0;
    int64_t room_ns = CREDIT_NS_MAX - bucket->credit_ns;
    return bucket->credit_ns + (earned_ns < room_ns ? earned_ns : room_ns);
}

static bool is_pair(const struct wlk_question *question)
{
    return question->originator < WLK_PARTIES_MAX && question->recipient < WLK_PARTIES_MAX;
}

void wlk_rate_look(const struct wlk_rate *rate, const struct wlk_arrangement *arrangement,
                   const struct wlk_question *question, uint8_t token[WLK_RULES_MAX])
{
    memset(token, 1, WLK_RULES_MAX);
    for (size_t i = 0; i < arrangement->clause_count && is_pair(question); i++) {
        const struct wlk_clause *clause = &arrangement->clause[i];
        const struct wlk_bucket *bucket =
            &rate->bucket[i][question->originator][question->recipient];
        if (clause->rate_most_per_s)
            token[i] = credit_ns(bucket, question->now_ns) >= cost_ns(clause);
    }
}

void wlk_rate_take(struct wlk_rate *rate, const struct wlk_arrangement *arrangement,
                   const struct wlk_question *question, const struct wlk_verdict *verdict)
{
    for (size_t i = 0; i < arrangement->clause_count && is_pair(question); i++) {
        const struct wlk_clause *clause = &arrangement->clause[i];
        struct wlk_bucket *bucket = &rate->bucket[i][question->originator][question->recipient];
        if (!clause->rate_most_per_s || !verdict->used[i])
            continue;
        int64_t left_ns = credit_ns(bucket, question->now_ns) - cost_ns(clause);
        bucket->credit_ns = left_ns > 0 ? left_ns : 0;
        if (!bucket->is_used || question->now_ns > bucket->at_ns)
            bucket->at_ns = question->now_ns;
        bucket->is_used = true;
    }
}
