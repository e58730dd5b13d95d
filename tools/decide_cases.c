/* decide_cases.c -- asks the decision every case of two cross products and random ones, and
 * writes question and verdict as bytes for the second model (proofs/rule.mjs).
 *
 *     decide_cases RANDOM    so many random cases behind the cross products
 *
 * Messages: 'R' and the rules, 'Q' and a question with its verdict; members in the order of
 * put_rules and put_question, times as big-endian 64-bit numbers.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/bytes.h"
#include "base/words.h"
#include "release/decide_sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KR = 1, JP = 0, US = 2, MESSAGE_MAX = 32768 };

static uint8_t message[MESSAGE_MAX];
static size_t at;

static void put(const uint8_t *bytes, size_t count)
{
    memcpy(message + at, bytes, count);
    at += count;
}

static void put_byte(uint8_t value)
{
    message[at++] = value;
}

static void put_time(int64_t value)
{
    for (int i = 56; i >= 0; i -= 8)
        put_byte((uint8_t)((uint64_t)value >> i));
}

static void flush(void)
{
    if (fwrite(message, 1, at, stdout) != at)
        exit(1);
    at = 0;
}

static void put_rules(const struct wlk_rules *rules)
{
    put_byte('R');
    put_byte(rules->party_count);
    put_byte(rules->rule_count);
    for (unsigned i = 0; i < rules->rule_count && i < WLK_RULES_MAX; i++) {
        const struct wlk_rule *x = &rules->rule[i];
        put_byte(x->is_forbid);
        put(x->type, sizeof x->type);
        put(x->from, sizeof x->from);
        put(x->to, sizeof x->to);
        put_byte(x->has_region);
        put(x->region, sizeof x->region);
        put_byte(x->has_nature);
        put(x->nature, sizeof x->nature);
        put_byte(x->needs_event);
        put_byte(x->class_most);
        put_byte(x->exercise);
        put_byte(x->has_caveat);
        put(x->caveat, sizeof x->caveat);
        put_byte(x->has_group);
        put(x->group, sizeof x->group);
        put_byte(x->has_age);
        put_time(x->age_most_ns);
        put_byte(x->has_rate);
    }
    flush();
}

static void ask(const struct wlk_rules *rules, const struct wlk_question *q)
{
    struct wlk_verdict verdict = wlk_decide(rules, q);
    const uint8_t head[] = {'Q',          q->is_in_force, q->is_from_hub, q->originator,
                            q->recipient, q->subject,     q->type,        q->record_class,
                            q->nature,    q->region};
    put(head, sizeof head);
    put(q->releasable, sizeof q->releasable);
    put(q->lineage, sizeof q->lineage);
    put_byte(q->has_other_lineage);
    put(q->signed_group, sizeof q->signed_group);
    put(q->group, sizeof q->group);
    put(q->classification, sizeof q->classification);
    put_byte(q->exercise);
    put(q->caveat, sizeof q->caveat);
    put_byte(q->has_other_caveat);
    put_byte(q->is_event_open);
    put_time(q->time_ns);
    put_time(q->now_ns);
    put_time(q->valid_until_ns);
    put_time(q->clock_errors_ns);
    put(q->token, 8); /* of the first rules; no case has more */
    put(verdict.group_pass, sizeof verdict.group_pass);
    put_byte((uint8_t)verdict.kind);
    if (at > MESSAGE_MAX / 2)
        flush();
}

/* The digit of a mixed number with this many values; the rest is left in n. */
static unsigned digit(unsigned *n, unsigned values)
{
    unsigned value = *n % values;
    *n /= values;
    return value;
}

static void put_groups(struct wlk_question *q, bool coarse, bool shielded, bool fine, bool body)
{
    const uint8_t shape[WLK_GROUP_END] = {0, coarse, shielded, fine, body};
    memcpy(q->signed_group, shape, sizeof shape);
    memcpy(q->group, shape, sizeof shape);
    memset(q->classification, WLK_SECRET, sizeof q->classification);
}

static struct wlk_question plain_question(void)
{
    struct wlk_question q = {.is_in_force = 1,
                             .originator = KR,
                             .recipient = JP,
                             .subject = WLK_NO_PARTY,
                             .type = WLK_TYPE_LAUNCH,
                             .record_class = WLK_CLASS_WARN,
                             .nature = WLK_NATURE_REAL,
                             .region = WLK_REGION_DPRK,
                             .time_ns = 1000000000000,
                             .now_ns = 1001000000000,
                             .valid_until_ns = 1100000000000};
    q.releasable[JP] = q.releasable[KR] = 1;
    q.lineage[KR] = 1;
    put_groups(&q, true, false, false, false);
    memset(q.token, 1, sizeof q.token);
    return q;
}

static void open_rule(struct wlk_rule *rule)
{
    memset(rule, 0, sizeof *rule);
    memset(rule->type, 1, sizeof rule->type);
    memset(rule->from, 1, sizeof rule->from);
    memset(rule->to, 1, sizeof rule->to);
    memset(rule->group, 1, sizeof rule->group);
}

/* Whatever the clauses say: force, parties, type, class, nature, label, lineage, time, groups.
 */
static unsigned standing_cases(void)
{
    static const uint8_t class_of[] = {0, 1, 1, 1, 2, 3, 4, 4, 5, 1};
    static const uint8_t parties[] = {JP, KR, US, WLK_NO_PARTY};
    static const int64_t ahead[] = {-1000000000, 1000000005, 1000000006};
    const unsigned total = 2 * 2 * 4 * 4 * 10 * 2 * 5 * 2 * 5 * 3 * 2 * 5;
    struct wlk_rules rules = {.rule_count = 1};
    open_rule(&rules.rule[0]);
    for (unsigned count = 2; count <= 3; count++) {
        rules.party_count = (uint8_t)count;
        put_rules(&rules);
        for (unsigned number = 0; number < total; number++) {
            unsigned n = number;
            struct wlk_question q = plain_question();
            q.is_in_force = (uint8_t)digit(&n, 2);
            q.is_from_hub = (uint8_t)digit(&n, 2);
            q.originator = parties[digit(&n, 4)];
            q.recipient = parties[digit(&n, 4)];
            q.type = (uint8_t)digit(&n, 10);
            q.record_class = (uint8_t)(class_of[q.type] + digit(&n, 2));
            q.nature = (uint8_t)digit(&n, 5);
            memset(q.releasable, (int)digit(&n, 2), sizeof q.releasable);
            unsigned lineage = digit(&n, 5);
            q.lineage[KR] = lineage != 0;
            q.lineage[JP] = lineage == 2;
            q.lineage[7] = lineage == 3;
            q.has_other_lineage = lineage == 4;
            q.clock_errors_ns = 5;
            q.time_ns = q.now_ns + ahead[digit(&n, 3)];
            q.subject = digit(&n, 2) ? q.recipient : US;
            unsigned shape = digit(&n, 5);
            put_groups(&q, shape == 1 || shape == 4, shape == 2, shape == 1, shape == 3);
            q.group[WLK_GROUP_COARSE] = shape == 1;
            ask(&rules, &q);
        }
    }
    return 2 * total;
}

/* One clause with each of its conditions: a permit alone and beside a forbid of exercises, a
 * forbid beside a permit of everything and of exercises. */
static void clause_rule(unsigned n, struct wlk_rules *rules)
{
    struct wlk_rule *x = &rules->rule[0];
    open_rule(x);
    x->is_forbid = (uint8_t)digit(&n, 2);
    x->region[WLK_REGION_DPRK] = x->has_region = (uint8_t)digit(&n, 2);
    x->nature[WLK_NATURE_REAL] = x->has_nature = (uint8_t)digit(&n, 2);
    x->needs_event = (uint8_t)digit(&n, 2);
    x->class_most = digit(&n, 2) ? WLK_CONFIDENTIAL : 0;
    x->exercise = (uint8_t)digit(&n, 2);
    x->caveat[3] = x->has_caveat = (uint8_t)digit(&n, 2);
    x->has_group = (uint8_t)digit(&n, 2);
    x->group[WLK_GROUP_COARSE] = (uint8_t)digit(&n, 2);
    x->has_age = (uint8_t)digit(&n, 2);
    x->age_most_ns = 1000000000;
    x->has_rate = (uint8_t)digit(&n, 2);
    bool is_beside = digit(&n, 2);
    rules->party_count = 3;
    rules->rule_count = is_beside || x->is_forbid ? 2 : 1;
    open_rule(&rules->rule[1]);
    rules->rule[1].is_forbid = is_beside && !x->is_forbid;
    rules->rule[1].nature[WLK_NATURE_EXERCISE] = rules->rule[1].has_nature = is_beside;
}

static unsigned clause_cases(void)
{
    const unsigned clauses = 2048 * 2, questions = 3 * 2 * 2 * 3 * 5 * 2 * 2 * 2;
    struct wlk_rules rules = {0};
    for (unsigned clause = 0; clause < clauses; clause++) {
        clause_rule(clause, &rules);
        put_rules(&rules);
        for (unsigned number = 0; number < questions; number++) {
            unsigned n = number;
            struct wlk_question q = plain_question();
            q.region = (uint8_t)digit(&n, 3);
            q.is_event_open = (uint8_t)digit(&n, 2);
            put_groups(&q, true, false, true, false);
            q.classification[WLK_GROUP_COARSE] = (uint8_t)(WLK_CONFIDENTIAL + digit(&n, 2));
            q.exercise = (uint8_t)digit(&n, 3);
            unsigned caveat = digit(&n, 5);
            q.caveat[3] = caveat == 1 || caveat == 3;
            q.caveat[4] = caveat == 2 || caveat == 3;
            q.has_other_caveat = caveat == 4;
            q.time_ns = q.now_ns - 1000000000 - (int64_t)digit(&n, 2);
            q.token[0] = (uint8_t)digit(&n, 2);
            q.nature = digit(&n, 2) ? WLK_NATURE_EXERCISE : WLK_NATURE_REAL;
            ask(&rules, &q);
        }
    }
    return clauses * questions;
}

static void random_cases(int64_t count)
{
    struct wlk_random random = wlk_random_seeded(12, 1);
    struct wlk_rules rules;
    struct wlk_question q;
    for (int64_t i = 0; i < count; i++) {
        if (i % 16 == 0) {
            wlk_decide_sample_rules(&random, &rules);
            put_rules(&rules);
        }
        wlk_decide_sample_question(&random, &rules, &q);
        ask(&rules, &q);
    }
}

int main(int count, char **words)
{
    int64_t wanted = 0;
    if (count != 2 || wlk_word_integer(words[1], 0, 1000000000, &wanted) != WLK_OK) {
        fprintf(stderr, "decide_cases: usage: decide_cases RANDOM\n");
        return 2;
    }
    unsigned standing = standing_cases(), clauses = clause_cases();
    random_cases(wanted);
    flush();
    fprintf(stderr, "%u standing, %u clause, %lld random cases\n", standing, clauses,
            (long long)wanted);
    return 0;
}
