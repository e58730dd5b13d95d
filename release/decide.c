/* decide.c -- the one decision of the guard.
 *
 * Kept fit for proof: integers and byte arrays, bounded loops, no calls but its own, no memory
 * but its arguments. Clauses of DESIGN.md 4 stand above the code that obeys them.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/decide.h"

_Static_assert(WLK_RULES_MAX < 255, "255 names no rule");
_Static_assert((int)WLK_PARTIES_MAX < (int)WLK_NO_PARTY, "255 names no party");

/* Times beyond this (year 2116) are refused, so that no sum below can overflow. */
static const int64_t TIME_NS_MAX = INT64_C(1) << 62;

static struct wlk_verdict refuse(enum wlk_verdict_reason reason, uint8_t rule)
{
    struct wlk_verdict verdict = {.kind = WLK_REFUSE, .reason = reason, .rule = rule};
    return verdict;
}

static uint8_t class_of_type(uint8_t type)
{
    switch (type) {
    case WLK_TYPE_LAUNCH:
    case WLK_TYPE_IMPACT:
    case WLK_TYPE_CANCEL:
        return WLK_CLASS_WARN;
    case WLK_TYPE_TRACK:
        return WLK_CLASS_TRACK;
    case WLK_TYPE_PLOT:
        return WLK_CLASS_PLOT;
    case WLK_TYPE_STATUS:
    case WLK_TYPE_RECEIPT:
        return WLK_CLASS_STATUS;
    case WLK_TYPE_REFUSED:
        return WLK_CLASS_NOTICE;
    default:
        return 0;
    }
}

/* An estimate has coarse, shielded and fine groups; everything else has a body. */
static bool is_estimate(uint8_t type)
{
    return type == WLK_TYPE_LAUNCH || type == WLK_TYPE_IMPACT || type == WLK_TYPE_TRACK;
}

static bool has_form_of_groups(const struct wlk_question *q)
{
    bool estimate = is_estimate(q->type);
    for (unsigned g = 0; g < WLK_GROUP_END; g++) {
        if (q->group[g] && !q->signed_group[g])
            return false;
        if (q->signed_group[g] && (g == 0 || (g == WLK_GROUP_BODY) == estimate))
            return false;
        if (q->signed_group[g] && (q->classification[g] < WLK_UNCLASSIFIED ||
                                   q->classification[g] >= WLK_CLASSIFICATION_END))
            return false;
    }
    /* "A record with shielded has no other group." */
    return !(q->signed_group[WLK_GROUP_SHIELDED] &&
             (q->signed_group[WLK_GROUP_COARSE] || q->signed_group[WLK_GROUP_FINE]));
}

static bool is_time(int64_t time_ns)
{
    return time_ns >= 0 && time_ns <= TIME_NS_MAX;
}

/* Numbers that belong together; all that follows may index with them. */
static bool has_form(const struct wlk_rules *rules, const struct wlk_question *q)
{
    if (rules->party_count < 2 || rules->party_count > WLK_PARTIES_MAX ||
        rules->rule_count > WLK_RULES_MAX)
        return false;
    if (class_of_type(q->type) == 0 || class_of_type(q->type) != q->record_class)
        return false;
    if (q->nature == 0 || q->nature >= WLK_NATURE_END || q->region >= WLK_REGION_END)
        return false;
    if (!is_time(q->time_ns) || !is_time(q->now_ns) || !is_time(q->valid_until_ns) ||
        !is_time(q->clock_errors_ns))
        return false;
    return q->valid_until_ns >= q->time_ns && has_form_of_groups(q);
}

static bool has_group_shown(const struct wlk_question *q)
{
    for (unsigned g = 0; g < WLK_GROUP_END; g++)
        if (q->group[g])
            return true;
    return false;
}

/* "launch, impact and track cross a border only when key 17 is exactly the originator." */
static bool is_own_only(const struct wlk_question *q)
{
    if (!is_estimate(q->type))
        return true;
    for (unsigned n = 0; n < WLK_PARTIES_MAX; n++)
        if ((q->lineage[n] != 0) != (n == q->originator))
            return false;
    return !q->has_other_lineage;
}

/* "A time more than 1 s plus clock errors ahead is refused." */
static bool is_ahead(const struct wlk_question *q)
{
    return q->time_ns - q->now_ns > WLK_AHEAD_NS_MAX + q->clock_errors_ns;
}

/* What refuses a record whatever the clauses say; WLK_BECAUSE_CLAUSE: nothing does. */
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
    if (!q->is_in_force && !(is_notice && q->recipient == q->subject))
        return WLK_BECAUSE_NOT_IN_FORCE;
    if (!q->releasable[q->recipient])
        return WLK_BECAUSE_LABEL;
    if (!is_own_only(q))
        return WLK_BECAUSE_LINEAGE;
    /* "plot: bilateral arrangements only." */
    if (q->type == WLK_TYPE_PLOT && rules->party_count > 2)
        return WLK_BECAUSE_PLOT;
    if (is_ahead(q))
        return WLK_BECAUSE_AHEAD;
    return has_group_shown(q) ? WLK_BECAUSE_CLAUSE : WLK_BECAUSE_NO_GROUP;
}

/* Type, direction, nature and exercise: what permits and forbids ask alike. */
static bool concerns(const struct wlk_rule *rule, const struct wlk_question *q)
{
    if (!rule->type[q->type] || !rule->from[q->originator] || !rule->to[q->recipient])
        return false;
    if (rule->has_nature && !rule->nature[q->nature])
        return false;
    return !rule->exercise || rule->exercise == q->exercise;
}

/* An unknown region and one caveat of several are enough for a forbid. */
static bool forbids(const struct wlk_rule *rule, const struct wlk_question *q)
{
    if (!rule->is_forbid || !concerns(rule, q))
        return false;
    if (rule->has_region && q->region != 0 && !rule->region[q->region])
        return false;
    if (!rule->has_caveat)
        return true;
    for (unsigned i = 0; i < WLK_RULE_WORDS_MAX; i++)
        if (q->caveat[i] && rule->caveat[i])
            return true;
    return false;
}

/* A caveat that the permit does not name keeps the record back. */
static bool bears_caveats(const struct wlk_rule *rule, const struct wlk_question *q)
{
    if (q->has_other_caveat)
        return false;
    for (unsigned i = 0; i < WLK_RULE_WORDS_MAX; i++)
        if (q->caveat[i] && !(rule->has_caveat && rule->caveat[i]))
            return false;
    return true;
}

/* WLK_BECAUSE_CLAUSE: rule i covers the record. Otherwise the condition that failed:
 * WLK_BECAUSE_NO_CLAUSE, or event, age or rate where only that is missing. */
static enum wlk_verdict_reason permits(const struct wlk_rules *rules, unsigned i,
                                       const struct wlk_question *q)
{
    const struct wlk_rule *rule = &rules->rule[i];
    if (rule->is_forbid || !concerns(rule, q) || !bears_caveats(rule, q))
        return WLK_BECAUSE_NO_CLAUSE;
    if (rule->has_region && (q->region == 0 || !rule->region[q->region]))
        return WLK_BECAUSE_NO_CLAUSE;
    if (rule->needs_event && !q->is_event_open)
        return WLK_BECAUSE_EVENT;
    if (rule->has_age && q->now_ns - q->time_ns > rule->age_most_ns)
        return WLK_BECAUSE_AGE;
    if (rule->has_rate && !q->token[i])
        return WLK_BECAUSE_RATE;
    return WLK_BECAUSE_CLAUSE;
}

/* "groups concerns coarse, shielded and fine; body goes with its record." */
static bool names_group(const struct wlk_rule *rule, unsigned g)
{
    return g == WLK_GROUP_BODY || rule->group[g] != 0;
}

/* What the clauses say, gathered without regard to their order. */
struct findings {
    uint8_t permitted[WLK_GROUP_END], forbidden[WLK_GROUP_END]; /* of the groups shown */
    uint8_t permitting[WLK_RULES_MAX];
    uint8_t first_forbid;           /* lowest that took a shown group; 255 none */
    enum wlk_verdict_reason missed; /* the nearest miss among the permits */
};

/* Of two misses the one nearer to a pass: the enum lists age, rate, event, classification
 * behind "no clause". */
static void note_miss(struct findings *found, enum wlk_verdict_reason missed)
{
    if (missed > found->missed)
        found->missed = missed;
}

static void gather_permit(const struct wlk_rules *rules, unsigned i,
                          const struct wlk_question *q, struct findings *found)
{
    const struct wlk_rule *rule = &rules->rule[i];
    enum wlk_verdict_reason covered = permits(rules, i, q);
    for (unsigned g = 1; g < WLK_GROUP_END; g++) {
        if (!q->group[g] || !names_group(rule, g))
            continue;
        /* "class at most": the originator's classification of each group counts. */
        if (covered == WLK_BECAUSE_CLAUSE && rule->class_most &&
            q->classification[g] > rule->class_most) {
            note_miss(found, WLK_BECAUSE_CLASSIFICATION);
        } else if (covered == WLK_BECAUSE_CLAUSE) {
            found->permitted[g] = 1;
            found->permitting[i] = 1;
        } else {
            note_miss(found, covered);
        }
    }
}

static void gather_forbid(const struct wlk_rules *rules, unsigned i,
                          const struct wlk_question *q, struct findings *found)
{
    const struct wlk_rule *rule = &rules->rule[i];
    if (!forbids(rule, q))
        return;
    for (unsigned g = 1; g < WLK_GROUP_END; g++) {
        if (!q->group[g] || (rule->has_group && !rule->group[g]))
            continue;
        found->forbidden[g] = 1;
        if (i < found->first_forbid)
            found->first_forbid = (uint8_t)i;
    }
}

/* Takes a token only of permits that let a passing group through. */
static bool is_used(const struct wlk_rule *rule, const struct wlk_question *q,
                    const struct wlk_verdict *verdict)
{
    for (unsigned g = 1; g < WLK_GROUP_END; g++)
        if (verdict->group_pass[g] && names_group(rule, g) &&
            (!rule->class_most || q->classification[g] <= rule->class_most))
            return true;
    return false;
}

static struct wlk_verdict conclude(const struct wlk_rules *rules, const struct wlk_question *q,
                                   const struct findings *found)
{
    struct wlk_verdict verdict = {.kind = WLK_PASS, .reason = WLK_BECAUSE_CLAUSE, .rule = 255};
    bool is_any = false, is_taken = false, is_left_over = false;
    for (unsigned g = 1; g < WLK_GROUP_END; g++) {
        if (!q->group[g])
            continue;
        verdict.group_pass[g] = found->permitted[g] && !found->forbidden[g];
        is_any = is_any || verdict.group_pass[g];
        is_taken = is_taken || (found->permitted[g] && found->forbidden[g]);
        is_left_over = is_left_over || !found->forbidden[g];
        if (!verdict.group_pass[g])
            verdict.kind = WLK_TRIM;
    }
    /* "A record left without any group is refused." */
    if (!is_any && (is_taken || !is_left_over))
        return refuse(WLK_BECAUSE_CLAUSE, found->first_forbid);
    if (!is_any)
        return refuse(found->missed, 255);
    for (unsigned i = 0; i < rules->rule_count; i++) {
        verdict.used[i] = found->permitting[i] && is_used(&rules->rule[i], q, &verdict);
        if (verdict.used[i] && verdict.rule == 255)
            verdict.rule = (uint8_t)i;
    }
    return verdict;
}

struct wlk_verdict wlk_decide(const struct wlk_rules *rules,
                              const struct wlk_question *question)
{
    enum wlk_verdict_reason standing = standing_refusal(rules, question);
    if (standing != WLK_BECAUSE_CLAUSE)
        return refuse(standing, 255);
    if (question->record_class == WLK_CLASS_STATUS ||
        question->record_class == WLK_CLASS_NOTICE) {
        struct wlk_verdict verdict = {.kind = WLK_PASS, .rule = 255};
        verdict.group_pass[WLK_GROUP_BODY] = 1;
        verdict.reason = question->record_class == WLK_CLASS_STATUS ? WLK_BECAUSE_STATUS
                                                                    : WLK_BECAUSE_NOTICE;
        return verdict;
    }
    struct findings found = {.first_forbid = 255, .missed = WLK_BECAUSE_NO_CLAUSE};
    for (unsigned i = 0; i < rules->rule_count; i++) {
        gather_permit(rules, i, question, &found);
        gather_forbid(rules, i, question, &found);
    }
    return conclude(rules, question, &found);
}
