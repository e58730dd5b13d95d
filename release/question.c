/* question.c -- names, times and texts of a header as the integers of decide.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/question.h"

_Static_assert((int)WLK_RULES_MAX == (int)WLK_ARRANGEMENT_CLAUSES_MAX, "rule i is clause i");
_Static_assert((int)WLK_RULE_WORDS_MAX == (int)WLK_ARRANGEMENT_WORDS_MAX, "same indexes");

/* ASSUMPTION: a node whose clock is off by more has none to speak of. */
static const int64_t CLOCK_ERROR_NS_MAX = INT64_C(10000000000);
static const int64_t SECOND_NS = INT64_C(1000000000);

static void make_rule(const struct wlk_clause *clause, struct wlk_rule *rule)
{
    rule->is_forbid = clause->is_forbid;
    memcpy(rule->type, clause->type, sizeof rule->type);
    memcpy(rule->from, clause->from, sizeof rule->from);
    memcpy(rule->to, clause->to, sizeof rule->to);
    rule->has_region = clause->has_region;
    memcpy(rule->region, clause->region, sizeof rule->region);
    rule->has_nature = clause->has_nature;
    memcpy(rule->nature, clause->nature, sizeof rule->nature);
    rule->needs_event = clause->needs_event;
    rule->class_most = clause->class_most;
    rule->exercise = clause->exercise;
    rule->has_caveat = clause->has_caveat;
    memcpy(rule->caveat, clause->caveat, sizeof rule->caveat);
    rule->has_group = clause->has_group;
    memcpy(rule->group, clause->group, sizeof rule->group);
    rule->has_age = clause->age_most_s != 0;
    rule->age_most_ns = (int64_t)clause->age_most_s * SECOND_NS;
    rule->has_rate = clause->rate_most_per_s != 0;
}

void wlk_rules_make(const struct wlk_arrangement *arrangement, struct wlk_rules *out)
{
    memset(out, 0, sizeof *out);
    out->party_count = (uint8_t)arrangement->party_count;
    out->rule_count = (uint8_t)arrangement->clause_count;
    for (size_t i = 0; i < arrangement->clause_count; i++)
        make_rule(&arrangement->clause[i], &out->rule[i]);
}

static uint8_t party_or_none(const struct wlk_arrangement *arrangement, wlk_name name)
{
    uint8_t index = WLK_NO_PARTY;
    (void)wlk_arrangement_party(arrangement, name, &index);
    return index;
}

static void take_groups(const struct wlk_header *header, const bool is_shown[WLK_GROUPS_MAX],
                        struct wlk_question *out)
{
    for (size_t i = 0; i < header->group_count; i++) {
        unsigned g = (unsigned)header->group[i].group;
        if (g >= WLK_GROUP_END) {
            out->signed_group[0] = 1; /* no such group: decide refuses the form */
            continue;
        }
        out->signed_group[g] = 1;
        out->group[g] = is_shown[i];
        out->classification[g] = (uint8_t)header->group[i].classification;
    }
}

static void take_label(const struct wlk_header *header,
                       const struct wlk_arrangement *arrangement, struct wlk_question *out)
{
    for (size_t i = 0; i < header->label.releasable_count; i++) {
        uint8_t party = party_or_none(arrangement, header->label.releasable[i]);
        if (party != WLK_NO_PARTY)
            out->releasable[party] = 1;
    }
    for (size_t i = 0; i < header->label.caveat_count; i++) {
        bool is_known = false;
        for (size_t k = 0; k < arrangement->caveat_count; k++)
            if (strcmp(header->label.caveat[i], arrangement->caveat[k]) == 0) {
                out->caveat[k] = 1;
                is_known = true;
            }
        if (!is_known)
            out->has_other_caveat = 1;
    }
}

static uint8_t exercise_number(const struct wlk_header *header,
                               const struct wlk_arrangement *arrangement)
{
    if (!header->has_exercise)
        return 0;
    for (size_t k = 0; k < arrangement->exercise_count; k++)
        if (strcmp(header->exercise, arrangement->exercise[k]) == 0)
            return (uint8_t)(k + 1);
    return WLK_OTHER_EXERCISE;
}

static int64_t bounded_ns(uint64_t clock_error_ns)
{
    return clock_error_ns < (uint64_t)CLOCK_ERROR_NS_MAX ? (int64_t)clock_error_ns
                                                         : CLOCK_ERROR_NS_MAX;
}

void wlk_question_make(const struct wlk_header *header, const bool is_shown[WLK_GROUPS_MAX],
                       const struct wlk_surroundings *around, struct wlk_question *out)
{
    const struct wlk_arrangement *arrangement = around->arrangement;
    uint8_t owner = 0;
    memset(out, 0, sizeof *out);
    out->is_in_force = around->is_in_force;
    out->originator = party_or_none(arrangement, header->originator);
    out->is_from_hub = out->originator == WLK_NO_PARTY &&
                       wlk_arrangement_owner(arrangement, header->originator, &owner);
    out->recipient = party_or_none(arrangement, around->recipient);
    out->subject =
        around->has_subject ? party_or_none(arrangement, around->subject) : WLK_NO_PARTY;
    out->type = (uint8_t)header->type;
    out->record_class = (uint8_t)header->lane.record_class;
    /* a record that names two natures has none */
    out->nature = header->nature == header->lane.nature ? (uint8_t)header->nature : 0;
    out->region = header->has_region ? (uint8_t)header->region : 0;
    out->exercise = exercise_number(header, arrangement);
    for (size_t i = 0; i < header->sensor_nation_count; i++) {
        uint8_t nation = party_or_none(arrangement, header->sensor_nation[i]);
        if (nation == WLK_NO_PARTY)
            out->has_other_lineage = 1;
        else
            out->lineage[nation] = 1;
    }
    take_groups(header, is_shown, out);
    take_label(header, arrangement, out);
    out->is_event_open = around->is_event_open;
    out->time_ns = header->time.ns;
    out->now_ns = around->now.ns;
    out->valid_until_ns = header->valid_until.ns;
    out->clock_errors_ns = bounded_ns(around->clock_error_ns) +
                           (header->has_clock_error ? bounded_ns(header->clock_error_ns) : 0);
    memcpy(out->token, around->token, sizeof out->token);
}

/* The most willing record of its kind: fresh, open, lowest classification, no caveat. */
static void willing(const struct wlk_path_question *path, struct wlk_question *q)
{
    memset(q, 0, sizeof *q);
    q->is_in_force = 1;
    q->originator = path->from;
    q->recipient = path->to;
    q->subject = WLK_NO_PARTY;
    q->type = (uint8_t)path->type;
    q->record_class = (uint8_t)wlk_type_class(path->type);
    q->nature = (uint8_t)path->nature;
    q->releasable[path->to] = 1;
    q->lineage[path->from] = 1;
    q->signed_group[path->group] = q->group[path->group] = 1;
    q->classification[path->group] = WLK_UNCLASSIFIED;
    q->is_event_open = 1;
    memset(q->token, 1, sizeof q->token);
}

/* Some region and some exercise id with which it passes; rule: one that must have let it
 * through, or WLK_RULES_MAX for any. */
static bool finds_way(const struct wlk_rules *rules, const struct wlk_path_question *path,
                      unsigned rule)
{
    struct wlk_question q;
    willing(path, &q);
    if (rule < WLK_RULES_MAX)
        memcpy(q.caveat, rules->rule[rule].caveat, sizeof q.caveat);
    for (unsigned region = 0; region < WLK_REGION_END; region++)
        for (unsigned exercise = 0; exercise <= WLK_RULE_WORDS_MAX; exercise++) {
            q.region = (uint8_t)region;
            q.exercise = (uint8_t)exercise;
            struct wlk_verdict verdict = wlk_decide(rules, &q);
            if (verdict.kind != WLK_REFUSE && (rule == WLK_RULES_MAX || verdict.used[rule]))
                return true;
        }
    return false;
}

bool wlk_rules_may(const struct wlk_rules *rules, const struct wlk_path_question *path)
{
    if (path->from >= WLK_PARTIES_MAX || path->to >= WLK_PARTIES_MAX ||
        (unsigned)path->group >= WLK_GROUP_END || (unsigned)path->type >= WLK_TYPE_END)
        return false;
    return finds_way(rules, path, WLK_RULES_MAX);
}

/* Path number n of all that a clause could speak of. */
enum {
    PATHS = WLK_PARTIES_MAX * WLK_PARTIES_MAX * (WLK_TYPE_END - 1) * (WLK_NATURE_END - 1) *
            (WLK_GROUP_END - 1)
};

static struct wlk_path_question path_number(unsigned n)
{
    struct wlk_path_question path;
    path.from = (uint8_t)(n % WLK_PARTIES_MAX);
    n /= WLK_PARTIES_MAX;
    path.to = (uint8_t)(n % WLK_PARTIES_MAX);
    n /= WLK_PARTIES_MAX;
    path.type = (enum wlk_type)(1 + n % (WLK_TYPE_END - 1));
    n /= WLK_TYPE_END - 1;
    path.nature = (enum wlk_nature)(1 + n % (WLK_NATURE_END - 1));
    n /= WLK_NATURE_END - 1;
    path.group = (enum wlk_group)(1 + n);
    return path;
}

bool wlk_rules_is_alive(const struct wlk_rules *rules, unsigned rule)
{
    const struct wlk_rule *it = &rules->rule[rule];
    struct wlk_rules without = *rules;
    without.rule[rule].is_forbid = 0;
    memset(without.rule[rule].type, 0, sizeof without.rule[rule].type);
    for (unsigned n = 0; n < PATHS; n++) {
        struct wlk_path_question path = path_number(n);
        if (!it->from[path.from] || !it->to[path.to] || !it->type[path.type])
            continue;
        if (it->is_forbid ? finds_way(&without, &path, WLK_RULES_MAX) &&
                                !finds_way(rules, &path, WLK_RULES_MAX)
                          : finds_way(rules, &path, rule))
            return true;
    }
    return false;
}

bool wlk_rules_may_any(const struct wlk_rules *rules, const struct wlk_path_question *path)
{
    struct wlk_path_question one = *path;
    for (uint8_t to = 0; to < rules->party_count && to < WLK_PARTIES_MAX; to++) {
        one.to = to;
        if (wlk_rules_may(rules, &one))
            return true;
    }
    return false;
}

const char *wlk_verdict_name(const struct wlk_arrangement *arrangement,
                             const struct wlk_verdict *verdict)
{
    if (verdict->reason == WLK_BECAUSE_CLAUSE && verdict->rule < arrangement->clause_count)
        return arrangement->clause[verdict->rule].name;
    return wlk_verdict_word(verdict->reason);
}
