/* decide.c -- the one decision of the guard.
 *
 * Integers and byte arrays, bounded loops, no calls but its own, no memory but its arguments.
 * By the annotations a prover shows that a group passes exactly when passes() of decide_spec.h
 * holds (proofs/README.md). Clauses of DESIGN.md 4 stand above the code that obeys them.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/decide_spec.h"

_Static_assert(WLK_RULES_MAX < 255, "255 names no rule");
_Static_assert((int)WLK_PARTIES_MAX < (int)WLK_NO_PARTY, "255 names no party");

enum { NO_RULE = 255 };

/* Later times (year 2116) are refused, so that no sum below can overflow. */
static const int64_t TIME_NS_MAX = INT64_C(1) << 62;

static const uint8_t CLASS_OF[WLK_TYPE_END] = {
    [WLK_TYPE_LAUNCH] = WLK_CLASS_WARN,    [WLK_TYPE_IMPACT] = WLK_CLASS_WARN,
    [WLK_TYPE_CANCEL] = WLK_CLASS_WARN,    [WLK_TYPE_TRACK] = WLK_CLASS_TRACK,
    [WLK_TYPE_PLOT] = WLK_CLASS_PLOT,      [WLK_TYPE_STATUS] = WLK_CLASS_STATUS,
    [WLK_TYPE_RECEIPT] = WLK_CLASS_STATUS, [WLK_TYPE_REFUSED] = WLK_CLASS_NOTICE,
};

/* An estimate has coarse, shielded and fine groups; everything else has a body. */
/*@ assigns \nothing; ensures \result <==> estimate(type); */
static bool is_estimate(uint8_t type)
{
    return type == WLK_TYPE_LAUNCH || type == WLK_TYPE_IMPACT || type == WLK_TYPE_TRACK;
}

/*@ requires \valid_read(q) && g < WLK_GROUP_END;
    assigns \nothing; ensures \result <==> group_form(q, g); */
static bool has_form_of_group(const struct wlk_question *q, unsigned g)
{
    if (!q->signed_group[g])
        return !q->group[g];
    if (g == 0 || (g == WLK_GROUP_BODY) == is_estimate(q->type))
        return false;
    return q->classification[g] >= WLK_UNCLASSIFIED &&
           q->classification[g] < WLK_CLASSIFICATION_END;
}

/*@ requires \valid_read(q); assigns \nothing; ensures \result <==> groups_form(q); */
static bool has_form_of_groups(const struct wlk_question *q)
{
    /*@ loop invariant g <= WLK_GROUP_END && \forall integer k; 0 <= k < g ==> group_form(q, k);
        loop assigns g; loop variant WLK_GROUP_END - g; */
    for (unsigned g = 0; g < WLK_GROUP_END; g++)
        if (!has_form_of_group(q, g))
            return false;
    /* "A record with shielded has no other group." */
    return !(q->signed_group[WLK_GROUP_SHIELDED] &&
             (q->signed_group[WLK_GROUP_COARSE] || q->signed_group[WLK_GROUP_FINE]));
}

/*@ assigns \nothing; ensures \result <==> a_time(time_ns); */
static bool is_time(int64_t time_ns)
{
    return time_ns >= 0 && time_ns <= TIME_NS_MAX;
}

/* Numbers that belong together; all that follows may index with them. */
/*@ requires \valid_read(rules) && \valid_read(q);
    assigns \nothing; ensures \result <==> form(rules, q); */
static bool has_form(const struct wlk_rules *rules, const struct wlk_question *q)
{
    if (rules->party_count < 2 || rules->party_count > WLK_PARTIES_MAX ||
        rules->rule_count > WLK_RULES_MAX)
        return false;
    if (q->type == 0 || q->type >= WLK_TYPE_END || CLASS_OF[q->type] != q->record_class)
        return false;
    if (q->nature == 0 || q->nature >= WLK_NATURE_END || q->region >= WLK_REGION_END)
        return false;
    if (!is_time(q->time_ns) || !is_time(q->now_ns) || !is_time(q->valid_until_ns) ||
        !is_time(q->clock_errors_ns))
        return false;
    return q->valid_until_ns >= q->time_ns && has_form_of_groups(q);
}

/* "launch, impact and track cross a border only when key 17 is exactly the originator." */
/*@ requires \valid_read(q); assigns \nothing; ensures \result <==> own_only(q); */
static bool is_own_only(const struct wlk_question *q)
{
    if (!is_estimate(q->type))
        return true;
    /*@ loop invariant 0 <= n <= WLK_PARTIES_MAX && \forall integer k; 0 <= k < n ==>
          (q->lineage[k] != 0 <==> k == q->originator);
        loop assigns n; loop variant WLK_PARTIES_MAX - n; */
    for (unsigned n = 0; n < WLK_PARTIES_MAX; n++)
        if ((q->lineage[n] != 0) != (n == q->originator))
            return false;
    return !q->has_other_lineage;
}

/*@ requires \valid_read(q); assigns \nothing; ensures \result <==> shown(q); */
static bool has_group_shown(const struct wlk_question *q)
{
    /*@ loop invariant g <= WLK_GROUP_END && \forall integer k; 0 <= k < g ==> q->group[k] == 0;
        loop assigns g; loop variant WLK_GROUP_END - g; */
    for (unsigned g = 0; g < WLK_GROUP_END; g++)
        if (q->group[g])
            return true;
    return false;
}

/* What refuses a record whatever the clauses say; WLK_BECAUSE_CLAUSE: nothing does. */
/*@ requires \valid_read(rules) && \valid_read(q); assigns \nothing;
    ensures \result == WLK_BECAUSE_CLAUSE <==> standing(rules, q) && shown(q); */
static enum wlk_verdict_reason standing_refusal(const struct wlk_rules *rules,
                                                const struct wlk_question *q)
{
    bool is_notice = q->record_class == WLK_CLASS_NOTICE;
    if (!has_form(rules, q))
        return WLK_BECAUSE_FORM;
    if (q->recipient >= rules->party_count)
        return WLK_BECAUSE_RECIPIENT;
    if (q->is_from_hub ? !is_notice && q->type != WLK_TYPE_STATUS
                       : is_notice || q->originator >= rules->party_count)
        return WLK_BECAUSE_ORIGINATOR;
    if (!q->is_from_hub && q->recipient == q->originator)
        return WLK_BECAUSE_RECIPIENT;
    /* "Class notice ... to the originator even after the arrangement has ended." */
    if (!q->is_in_force && (!is_notice || q->recipient != q->subject))
        return WLK_BECAUSE_NOT_IN_FORCE;
    if (!q->releasable[q->recipient])
        return WLK_BECAUSE_LABEL;
    if (!is_own_only(q))
        return WLK_BECAUSE_LINEAGE;
    /* "plot: bilateral arrangements only." */
    if (q->type == WLK_TYPE_PLOT && rules->party_count > 2)
        return WLK_BECAUSE_PLOT;
    /* "A time more than 1 s plus clock errors ahead is refused." */
    if (q->time_ns - q->now_ns > WLK_AHEAD_NS_MAX + q->clock_errors_ns)
        return WLK_BECAUSE_AHEAD;
    return has_group_shown(q) ? WLK_BECAUSE_CLAUSE : WLK_BECAUSE_NO_GROUP;
}

/* Type, direction, nature and exercise: what permits and forbids ask alike. */
/*@ requires \valid_read(rule) && \valid_read(q) && indexable(q);
    assigns \nothing; ensures \result <==> concerned(rule, q); */
static bool concerns(const struct wlk_rule *rule, const struct wlk_question *q)
{
    if (!rule->type[q->type] || !rule->from[q->originator] || !rule->to[q->recipient])
        return false;
    if (rule->has_nature && !rule->nature[q->nature])
        return false;
    return !rule->exercise || rule->exercise == q->exercise;
}

/* One caveat of several is enough for a forbid. */
/*@ requires \valid_read(rule) && \valid_read(q);
    assigns \nothing; ensures \result <==> a_caveat_named(rule, q); */
static bool names_a_caveat(const struct wlk_rule *rule, const struct wlk_question *q)
{
    if (!rule->has_caveat)
        return true;
    /*@ loop invariant 0 <= i <= WLK_RULE_WORDS_MAX && \forall integer k; 0 <= k < i ==>
          q->caveat[k] == 0 || rule->caveat[k] == 0;
        loop assigns i; loop variant WLK_RULE_WORDS_MAX - i; */
    for (unsigned i = 0; i < WLK_RULE_WORDS_MAX; i++)
        if (q->caveat[i] && rule->caveat[i])
            return true;
    return false;
}

/* A caveat that the permit does not name keeps the record back. */
/*@ requires \valid_read(rule) && \valid_read(q);
    assigns \nothing; ensures \result <==> caveats_named(rule, q); */
static bool names_caveats(const struct wlk_rule *rule, const struct wlk_question *q)
{
    if (q->has_other_caveat)
        return false;
    /*@ loop invariant 0 <= i <= WLK_RULE_WORDS_MAX && \forall integer k; 0 <= k < i ==>
          (q->caveat[k] != 0 ==> rule->has_caveat != 0 && rule->caveat[k] != 0);
        loop assigns i; loop variant WLK_RULE_WORDS_MAX - i; */
    for (unsigned i = 0; i < WLK_RULE_WORDS_MAX; i++)
        if (q->caveat[i] && (!rule->has_caveat || !rule->caveat[i]))
            return false;
    return true;
}

/* An unknown region is enough for a forbid. */
/*@ requires \valid_read(rule) && \valid_read(q) && indexable(q) && g < WLK_GROUP_END;
    assigns \nothing; ensures \result <==> forbids(rule, q, g); */
static bool forbids_group(const struct wlk_rule *rule, const struct wlk_question *q, unsigned g)
{
    if (!rule->is_forbid || !concerns(rule, q) || !names_a_caveat(rule, q))
        return false;
    if (rule->has_region && q->region != 0 && !rule->region[q->region])
        return false;
    return !rule->has_group || rule->group[g];
}

/* WLK_BECAUSE_CLAUSE: the rule permits group g. Otherwise the condition that failed:
 * WLK_BECAUSE_NO_CLAUSE, or event, age, rate or classification where all before it holds. */
/*@ requires \valid_read(rule) && \valid_read(q) && indexable(q) && g < WLK_GROUP_END;
    assigns \nothing; ensures \result == WLK_BECAUSE_CLAUSE <==> permits(rule, q, token, g); */
static enum wlk_verdict_reason permit_miss(const struct wlk_rule *rule,
                                           const struct wlk_question *q, uint8_t token,
                                           unsigned g)
{
    if (rule->is_forbid || !concerns(rule, q) || !names_caveats(rule, q))
        return WLK_BECAUSE_NO_CLAUSE;
    if (rule->has_region && (q->region == 0 || !rule->region[q->region]))
        return WLK_BECAUSE_NO_CLAUSE;
    /* "groups concerns coarse, shielded and fine; body goes with its record." */
    if (g != WLK_GROUP_BODY && !rule->group[g])
        return WLK_BECAUSE_NO_CLAUSE;
    if (rule->needs_event && !q->is_event_open)
        return WLK_BECAUSE_EVENT;
    if (rule->has_age && q->now_ns - q->time_ns > rule->age_most_ns)
        return WLK_BECAUSE_AGE;
    if (rule->has_rate && !token)
        return WLK_BECAUSE_RATE;
    /* "class at most": the originator's classification of each group counts. */
    if (rule->class_most && q->classification[g] > rule->class_most)
        return WLK_BECAUSE_CLASSIFICATION;
    return WLK_BECAUSE_CLAUSE;
}

/* The lowest rule that permits group g; NO_RULE if none does. */
/*@ requires answerable(rules, q) && g < WLK_GROUP_END; assigns \nothing;
    ensures \result == NO_RULE <==> !permitted(rules, q, g);
    ensures \result != NO_RULE ==> \result < rules->rule_count &&
            permits(&rules->rule[\result], q, q->token[\result], g); */
static uint8_t first_permit(const struct wlk_rules *rules, const struct wlk_question *q,
                            unsigned g)
{
    /*@ loop invariant 0 <= i <= rules->rule_count && \forall integer k; 0 <= k < i ==>
          !permits(&rules->rule[k], q, q->token[k], g);
        loop assigns i; loop variant rules->rule_count - i; */
    for (unsigned i = 0; i < rules->rule_count; i++)
        if (permit_miss(&rules->rule[i], q, q->token[i], g) == WLK_BECAUSE_CLAUSE)
            return (uint8_t)i;
    return NO_RULE;
}

/* The lowest rule that forbids group g; NO_RULE if none does. */
/*@ requires answerable(rules, q) && g < WLK_GROUP_END; assigns \nothing;
    ensures \result == NO_RULE <==> !forbidden(rules, q, g);
    ensures \result != NO_RULE ==> \result < rules->rule_count &&
            forbids(&rules->rule[\result], q, g); */
static uint8_t first_forbid(const struct wlk_rules *rules, const struct wlk_question *q,
                            unsigned g)
{
    /*@ loop invariant 0 <= i <= rules->rule_count && \forall integer k; 0 <= k < i ==>
          !forbids(&rules->rule[k], q, g);
        loop assigns i; loop variant rules->rule_count - i; */
    for (unsigned i = 0; i < rules->rule_count; i++)
        if (forbids_group(&rules->rule[i], q, g))
            return (uint8_t)i;
    return NO_RULE;
}

/* Of several misses the nearest to a pass: the enum lists age, rate, event, classification
 * behind "no clause". */
/*@ requires answerable(rules, q) && g < WLK_GROUP_END && nearest != WLK_BECAUSE_CLAUSE;
    assigns \nothing; ensures \result != WLK_BECAUSE_CLAUSE; */
static enum wlk_verdict_reason nearest_miss(const struct wlk_rules *rules,
                                            const struct wlk_question *q, unsigned g,
                                            enum wlk_verdict_reason nearest)
{
    /*@ loop invariant 0 <= i <= rules->rule_count && nearest != WLK_BECAUSE_CLAUSE;
        loop assigns i, nearest; loop variant rules->rule_count - i; */
    for (unsigned i = 0; i < rules->rule_count; i++) {
        enum wlk_verdict_reason miss = permit_miss(&rules->rule[i], q, q->token[i], g);
        nearest = miss > nearest ? miss : nearest;
    }
    return nearest;
}

/* Refuses a record of which no group passes. A forbid is the reason where it took all that is
 * shown, or a group that a permit covers; else the nearest miss of the groups it left. */
/*@ requires answerable(rules, q) && shown(q) && q->group[0] == 0;
    assigns \nothing; ensures \result.kind == WLK_REFUSE;
    ensures named(rules, \result.kind, \result.reason, \result.rule);
    ensures \forall integer g; 0 <= g < WLK_GROUP_END ==> \result.group_pass[g] == 0;
    ensures \forall integer i; 0 <= i < WLK_RULES_MAX ==> \result.used[i] == 0; */
static struct wlk_verdict refuse_by_clauses(const struct wlk_rules *rules,
                                            const struct wlk_question *q)
{
    struct wlk_verdict verdict = {.kind = WLK_REFUSE};
    enum wlk_verdict_reason miss = WLK_BECAUSE_NO_CLAUSE;
    bool is_taken = false, is_left_over = false;
    uint8_t forbid = NO_RULE;
    /*@ loop invariant 1 <= g <= WLK_GROUP_END && miss != WLK_BECAUSE_CLAUSE;
        loop invariant forbid != NO_RULE ==>
          forbid < rules->rule_count && rules->rule[forbid].is_forbid != 0;
        loop invariant is_taken ==> forbid != NO_RULE;
        loop invariant (\exists integer k; 0 <= k < g && q->group[k] != 0) ==>
          is_left_over || forbid != NO_RULE;
        loop assigns g, miss, is_taken, is_left_over, forbid; loop variant WLK_GROUP_END - g; */
    for (unsigned g = 1; g < WLK_GROUP_END; g++) {
        if (!q->group[g])
            continue;
        uint8_t first = first_forbid(rules, q, g);
        if (first == NO_RULE) {
            is_left_over = true;
            miss = nearest_miss(rules, q, g, miss);
        } else {
            is_taken = is_taken || first_permit(rules, q, g) != NO_RULE;
            forbid = first < forbid ? first : forbid;
        }
    }
    bool is_forbid = is_taken || !is_left_over;
    verdict.reason = is_forbid ? WLK_BECAUSE_CLAUSE : miss;
    verdict.rule = is_forbid ? forbid : NO_RULE;
    return verdict;
}

/* Does the rule let a group through that passes? A token is taken only of such permits. */
/*@ requires \valid_read(rule) && \valid_read(q) && \valid_read(verdict) && indexable(q);
    assigns \nothing; ensures \result <==> \exists integer g; 1 <= g < WLK_GROUP_END &&
            verdict->group_pass[g] != 0 && permits(rule, q, token, g); */
static bool is_used(const struct wlk_rule *rule, const struct wlk_question *q, uint8_t token,
                    const struct wlk_verdict *verdict)
{
    /*@ loop invariant 1 <= g <= WLK_GROUP_END && \forall integer k; 1 <= k < g ==>
          verdict->group_pass[k] == 0 || !permits(rule, q, token, k);
        loop assigns g; loop variant WLK_GROUP_END - g; */
    for (unsigned g = 1; g < WLK_GROUP_END; g++)
        if (verdict->group_pass[g] && permit_miss(rule, q, token, g) == WLK_BECAUSE_CLAUSE)
            return true;
    return false;
}

/* What the clauses say of a record that nothing else refuses. */
/*@ requires answerable(rules, q) && shown(q) && q->group[0] == 0 && !without_clause(q);
    assigns \nothing; ensures \forall integer g; 0 <= g < WLK_GROUP_END ==>
            (\result.group_pass[g] != 0 <==> allowed(rules, q, g));
    ensures kind_of(rules, q, \result.kind);
    ensures \forall integer i; 0 <= i < WLK_RULES_MAX ==>
            (\result.used[i] != 0 <==> spent(rules, q, i));
    ensures named(rules, \result.kind, \result.reason, \result.rule); */
static struct wlk_verdict decide_by_clauses(const struct wlk_rules *rules,
                                            const struct wlk_question *q)
{
    struct wlk_verdict verdict = {.kind = WLK_PASS, .rule = NO_RULE};
    /*@ loop invariant 1 <= g <= WLK_GROUP_END && \forall integer k; 0 <= k < g ==>
          (verdict.group_pass[k] != 0 <==> allowed(rules, q, k));
        loop invariant \forall integer k; g <= k < WLK_GROUP_END ==> verdict.group_pass[k] == 0;
        loop invariant verdict.kind == WLK_PASS || verdict.kind == WLK_TRIM;
        loop invariant verdict.kind == WLK_PASS <==> \forall integer k; 0 <= k < g ==>
          (q->group[k] != 0 ==> allowed(rules, q, k));
        loop invariant verdict.rule == NO_RULE <==> \forall integer k; 0 <= k < g ==>
          !allowed(rules, q, k);
        loop invariant verdict.rule != NO_RULE ==>
          verdict.rule < rules->rule_count && rules->rule[verdict.rule].is_forbid == 0;
        loop assigns g, verdict.kind, verdict.rule, verdict.group_pass[0 .. WLK_GROUP_END - 1];
        loop variant WLK_GROUP_END - g; */
    for (unsigned g = 1; g < WLK_GROUP_END; g++) {
        if (!q->group[g])
            continue;
        uint8_t permit = first_permit(rules, q, g);
        if (permit != NO_RULE && first_forbid(rules, q, g) == NO_RULE) {
            verdict.group_pass[g] = 1;
            verdict.rule = permit < verdict.rule ? permit : verdict.rule;
        } else {
            verdict.kind = WLK_TRIM;
        }
    }
    /* "A record left without any group is refused." */
    if (verdict.rule == NO_RULE)
        return refuse_by_clauses(rules, q);
    /*@ loop invariant 0 <= i <= rules->rule_count && \forall integer k; 0 <= k < i ==>
          (verdict.used[k] != 0 <==> spent(rules, q, k));
        loop invariant \forall integer k; i <= k < WLK_RULES_MAX ==> verdict.used[k] == 0;
        loop assigns i, verdict.used[0 .. WLK_RULES_MAX - 1];
        loop variant rules->rule_count - i; */
    for (unsigned i = 0; i < rules->rule_count; i++)
        verdict.used[i] = is_used(&rules->rule[i], q, q->token[i], &verdict);
    return verdict;
}

/*@ requires \valid_read(rules) && \valid_read(question);
    assigns \nothing; ensures exact: \forall integer g; 0 <= g < WLK_GROUP_END ==>
            (\result.group_pass[g] != 0 <==> passes(rules, question, g));
    ensures kind: standing(rules, question) ? kind_of(rules, question, \result.kind)
                                            : \result.kind == WLK_REFUSE;
    ensures tokens: \forall integer i; 0 <= i < WLK_RULES_MAX ==>
            (\result.used[i] != 0 <==> standing(rules, question) && spent(rules, question, i));
    ensures named: named(rules, \result.kind, \result.reason, \result.rule); */
struct wlk_verdict wlk_decide(const struct wlk_rules *rules,
                              const struct wlk_question *question)
{
    struct wlk_verdict verdict = {.kind = WLK_REFUSE, .rule = NO_RULE};
    verdict.reason = standing_refusal(rules, question);
    if (verdict.reason != WLK_BECAUSE_CLAUSE)
        return verdict;
    if (question->record_class != WLK_CLASS_STATUS &&
        question->record_class != WLK_CLASS_NOTICE)
        return decide_by_clauses(rules, question);
    /*@ assert \forall integer g; 0 <= g < WLK_GROUP_END ==>
          (question->group[g] != 0 <==> g == WLK_GROUP_BODY); */
    verdict.kind = WLK_PASS;
    verdict.group_pass[WLK_GROUP_BODY] = 1;
    verdict.reason = question->record_class == WLK_CLASS_STATUS ? WLK_BECAUSE_STATUS
                                                                : WLK_BECAUSE_NOTICE;
    return verdict;
}
