/* decide_test.c -- each rule by an example, and the whole against a second, independent model.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/decide.h"

#include "base/random.h"
#include "base/tap.h"
#include "release/decide_sample.h"

#include <string.h>

enum { JP = 0, KR = 1, US = 2 };

/* A permit for launch from KR to JP, real, coarse; the questions below vary from a launch
 * record that it lets through. */
static struct wlk_rules plain_rules(void)
{
    struct wlk_rules rules = {.party_count = 3, .rule_count = 1};
    struct wlk_rule *rule = &rules.rule[0];
    rule->type[WLK_TYPE_LAUNCH] = rule->type[WLK_TYPE_TRACK] = rule->type[WLK_TYPE_CANCEL] = 1;
    rule->from[KR] = rule->to[JP] = 1;
    rule->has_nature = rule->nature[WLK_NATURE_REAL] = 1;
    rule->has_group = rule->group[WLK_GROUP_COARSE] = 1;
    return rules;
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
    q.releasable[JP] = q.releasable[US] = 1;
    q.lineage[KR] = 1;
    q.signed_group[WLK_GROUP_COARSE] = q.group[WLK_GROUP_COARSE] = 1;
    q.classification[WLK_GROUP_COARSE] = WLK_SECRET;
    memset(q.token, 1, sizeof q.token);
    return q;
}

/* A body instead of the groups of an estimate. */
static void put_body(struct wlk_question *q)
{
    memset(q->signed_group, 0, sizeof q->signed_group);
    memset(q->group, 0, sizeof q->group);
    q->signed_group[WLK_GROUP_BODY] = q->group[WLK_GROUP_BODY] = 1;
    q->classification[WLK_GROUP_BODY] = WLK_UNCLASSIFIED;
}

static bool is_refused(const struct wlk_rules *rules, const struct wlk_question *q,
                       enum wlk_verdict_reason reason)
{
    struct wlk_verdict verdict = wlk_decide(rules, q);
    for (unsigned g = 0; g < WLK_GROUP_END; g++)
        if (verdict.group_pass[g])
            return false;
    for (unsigned i = 0; i < WLK_RULES_MAX; i++)
        if (verdict.used[i])
            return false;
    if (verdict.kind != WLK_REFUSE || verdict.reason != reason)
        wlk_note("kind %d, reason %s", (int)verdict.kind, wlk_verdict_word(verdict.reason));
    return verdict.kind == WLK_REFUSE && verdict.reason == reason;
}

static bool passes(const struct wlk_rules *rules, const struct wlk_question *q)
{
    struct wlk_verdict verdict = wlk_decide(rules, q);
    return verdict.kind == WLK_PASS && verdict.reason == WLK_BECAUSE_CLAUSE;
}

static void test_standing(void)
{
    struct wlk_rules rules = plain_rules();
    struct wlk_question q = plain_question();
    wlk_check(passes(&rules, &q) && wlk_decide(&rules, &q).rule == 0,
              "a launch that its permit covers passes, and the permit is named");
    q.is_in_force = 0;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_NOT_IN_FORCE),
              "nothing passes when the arrangement is not in force");
    q = plain_question();
    q.originator = WLK_NO_PARTY;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_ORIGINATOR), "a stranger's record stops");
    q.originator = 3;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_ORIGINATOR), "a fourth of three stops");
    q = plain_question();
    q.recipient = WLK_NO_PARTY;
    q.releasable[KR] = 1;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_RECIPIENT), "a stranger gets nothing");
    q.recipient = KR;
    rules.rule[0].to[KR] = 1;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_RECIPIENT),
              "a record does not go back to its originator");
    q = plain_question();
    q.releasable[JP] = 0;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_LABEL),
              "an exclusion by the originator prevails over a permit");
    q = plain_question();
    q.lineage[JP] = 1;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_LINEAGE),
              "an estimate that rests on two nations' sensors stops");
    q = plain_question();
    q.lineage[KR] = 0;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_LINEAGE),
              "an estimate that rests on nobody's sensors stops");
    q = plain_question();
    q.has_other_lineage = 1;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_LINEAGE),
              "an estimate that rests on an outsider's sensors stops");
    q = plain_question();
    q.group[WLK_GROUP_COARSE] = 0;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_NO_GROUP), "an empty record stops");
}

static void test_time(void)
{
    struct wlk_rules rules = plain_rules();
    struct wlk_question q = plain_question();
    q.clock_errors_ns = 5000;
    q.time_ns = q.now_ns + 1000005000;
    wlk_check(passes(&rules, &q), "1 s and the clock errors ahead is still now");
    q.time_ns++;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_AHEAD), "a nanosecond more is ahead");
    q = plain_question();
    rules.rule[0].has_age = 1;
    rules.rule[0].age_most_ns = 1000000000;
    wlk_check(passes(&rules, &q), "as old as its permit allows passes");
    q.now_ns++;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_AGE), "a nanosecond older stops");
    q.valid_until_ns = q.time_ns - 1;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_FORM), "valid until before its time: form");
    q = plain_question();
    q.time_ns = -1;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_FORM), "a time before 1970: form");
    q = plain_question();
    q.now_ns = INT64_MAX;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_FORM), "a time beyond 2116: form");
}

static void test_bounds(void)
{
    struct wlk_rules rules = plain_rules();
    struct wlk_question q = plain_question();
    int64_t *const times[] = {&q.time_ns, &q.now_ns, &q.valid_until_ns, &q.clock_errors_ns};
    const int64_t most = INT64_C(1) << 62;
    unsigned formless = 0;
    rules.party_count = 1;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_FORM), "one party is no arrangement");
    rules.party_count = WLK_PARTIES_MAX + 1;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_FORM), "nor are nine");
    rules.party_count = WLK_PARTIES_MAX;
    wlk_check(passes(&rules, &q), "eight are");
    rules.rule_count = 0;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_NO_CLAUSE), "a rule beyond the count is none");
    rules.rule[0].is_forbid = 1;
    rules.rule[1] = plain_rules().rule[0];
    rules.rule_count = 1;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_CLAUSE), "whatever it permits");
    rules = plain_rules();
    rules.party_count = WLK_PARTIES_MAX;
    rules.rule_count = WLK_RULES_MAX + 1;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_FORM), "65 rules are too many");
    rules.rule_count = WLK_RULES_MAX;
    rules.rule[WLK_RULES_MAX - 1] = rules.rule[0];
    memset(&rules.rule[0], 0, sizeof rules.rule[0]);
    wlk_check(passes(&rules, &q) && wlk_decide(&rules, &q).rule == WLK_RULES_MAX - 1,
              "the last of 64 rules counts");
    for (unsigned i = 0; i < 4; i++) {
        q = plain_question();
        *times[i] = -1;
        formless += wlk_decide(&rules, &q).reason == WLK_BECAUSE_FORM;
        q = plain_question();
        *times[i] = most + 1;
        formless += wlk_decide(&rules, &q).reason == WLK_BECAUSE_FORM;
    }
    wlk_check(formless == 8, "each time below 0 or above 2^62 is refused by itself (%u of 8)",
              formless);
    q = plain_question();
    q.time_ns = q.now_ns = q.valid_until_ns = q.clock_errors_ns = most;
    wlk_check(passes(&rules, &q), "2^62 itself is a time");
}

/* Which reason a refusal gives when forbids and missing permits meet. */
static void test_reasons(void)
{
    struct wlk_rules rules = plain_rules();
    struct wlk_question q = plain_question();
    rules.rule_count = 2;
    rules.rule[1] = rules.rule[0];
    rules.rule[1].is_forbid = 1;
    q.signed_group[WLK_GROUP_FINE] = q.group[WLK_GROUP_FINE] = 1;
    q.classification[WLK_GROUP_FINE] = WLK_SECRET;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_CLAUSE) && wlk_decide(&rules, &q).rule == 1,
              "the only permitted group is forbidden: the forbid is the reason");
    rules.rule[0].group[WLK_GROUP_COARSE] = 0;
    rules.rule[0].group[WLK_GROUP_SHIELDED] = 1;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_NO_CLAUSE),
              "one group forbidden, the other without permit: no clause is the reason");
    q.group[WLK_GROUP_FINE] = 0;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_CLAUSE) && wlk_decide(&rules, &q).rule == 1,
              "all that is there is forbidden, permitted or not: the forbid is the reason");
    rules = plain_rules();
    rules.rule_count = 3;
    rules.rule[1] = rules.rule[2] = rules.rule[0];
    rules.rule[0].needs_event = 1;
    rules.rule[1].has_age = 1;
    rules.rule[2].has_rate = 1;
    q = plain_question();
    q.token[2] = 0;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_EVENT),
              "of several near misses event is named before rate and age");
    rules.rule[0] = rules.rule[1];
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_RATE), "and rate before age");
}

static void test_conditions(void)
{
    struct wlk_rules rules = plain_rules();
    struct wlk_question q = plain_question();
    q.nature = WLK_NATURE_EXERCISE;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_NO_CLAUSE), "a permit for real is not one for "
                                                             "exercise");
    q = plain_question();
    rules.rule[0].has_region = rules.rule[0].region[WLK_REGION_DPRK] = 1;
    wlk_check(passes(&rules, &q), "the region that the permit names passes");
    q.region = WLK_REGION_OTHER;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_NO_CLAUSE), "another region stops");
    q.region = 0;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_NO_CLAUSE), "an unknown region stops");
    rules = plain_rules();
    q = plain_question();
    rules.rule[0].needs_event = 1;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_EVENT), "before its event nothing flows");
    q.is_event_open = 1;
    wlk_check(passes(&rules, &q), "while its event is open it flows");
    rules = plain_rules();
    rules.rule[0].class_most = WLK_CONFIDENTIAL;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_CLASSIFICATION), "SECRET does not pass under "
                                                                  "CONFIDENTIAL");
    q.classification[WLK_GROUP_COARSE] = WLK_CONFIDENTIAL;
    wlk_check(passes(&rules, &q), "CONFIDENTIAL does");
    rules = plain_rules();
    rules.rule[0].has_rate = 1;
    q.token[0] = 0;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_RATE), "without a token nothing flows");
    rules.rule[0].has_rate = 0;
    wlk_check(passes(&rules, &q), "tokens count only where there is a rate");
    rules.rule[0].exercise = 2;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_NO_CLAUSE), "another exercise stops");
    q.exercise = 2;
    wlk_check(passes(&rules, &q), "the exercise that the permit names passes");
}

static void test_caveats(void)
{
    struct wlk_rules rules = plain_rules();
    struct wlk_question q = plain_question();
    q.caveat[3] = 1;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_NO_CLAUSE),
              "a caveat that no permit names keeps the record back");
    rules.rule[0].has_caveat = rules.rule[0].caveat[3] = 1;
    wlk_check(passes(&rules, &q), "a caveat that the permit names passes");
    q.caveat[4] = 1;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_NO_CLAUSE), "each caveat must be named");
    q.caveat[4] = 0;
    q.has_other_caveat = 1;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_NO_CLAUSE),
              "a caveat unknown to the arrangement keeps the record back");
}

/* The last place of each set counts; the place for "none" does not; nor does what stands behind
 * the last rule. */
static void test_edges(void)
{
    struct wlk_rules rules = plain_rules();
    struct wlk_question q = plain_question();
    q.lineage[WLK_PARTIES_MAX - 1] = 1;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_LINEAGE), "the last nation of a set counts");
    q = plain_question();
    q.caveat[WLK_RULE_WORDS_MAX - 1] = 1;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_NO_CLAUSE), "the last caveat counts");
    rules.rule_count = 2;
    rules.rule[1] = rules.rule[0];
    rules.rule[0].has_caveat = rules.rule[0].caveat[WLK_RULE_WORDS_MAX - 1] = 1;
    rules.rule[1].has_caveat = rules.rule[1].caveat[WLK_RULE_WORDS_MAX - 1] = 1;
    rules.rule[1].is_forbid = 1;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_CLAUSE), "for a forbid too");
    rules = plain_rules();
    q = plain_question();
    rules.rule[1] = rules.rule[0];
    rules.rule[1].is_forbid = 1;
    wlk_check(passes(&rules, &q), "a forbid beyond the last rule is none");
    rules.rule[0].type[WLK_TYPE_LAUNCH] = 0;
    rules.rule[1].is_forbid = 0;
    rules.rule[1].has_age = 1;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_NO_CLAUSE), "nor is it a near miss");
    rules = plain_rules();
    rules.rule[0].has_region = rules.rule[0].region[0] = 1;
    q.region = 0;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_NO_CLAUSE), "no set holds the unknown region");
    q.type = 0;
    q.record_class = 0;
    put_body(&q);
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_FORM), "no type is no type of class none");
}

static void test_groups(void)
{
    struct wlk_rules rules = plain_rules();
    struct wlk_question q = plain_question();
    q.signed_group[WLK_GROUP_FINE] = q.group[WLK_GROUP_FINE] = 1;
    q.classification[WLK_GROUP_FINE] = WLK_SECRET;
    struct wlk_verdict verdict = wlk_decide(&rules, &q);
    wlk_check(verdict.kind == WLK_TRIM && verdict.group_pass[WLK_GROUP_COARSE] &&
                  !verdict.group_pass[WLK_GROUP_FINE] && verdict.used[0],
              "a group without permit is trimmed, the rest passes");
    q.group[WLK_GROUP_COARSE] = 0;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_NO_CLAUSE),
              "a record left without any group is refused");
    q = plain_question();
    q.signed_group[WLK_GROUP_SHIELDED] = 1;
    q.classification[WLK_GROUP_SHIELDED] = WLK_SECRET;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_FORM),
              "a record with shielded has no other group");
    q = plain_question();
    q.signed_group[WLK_GROUP_BODY] = q.group[WLK_GROUP_BODY] = 1;
    q.classification[WLK_GROUP_BODY] = WLK_SECRET;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_FORM), "an estimate has no body");
    q = plain_question();
    q.group[WLK_GROUP_FINE] = 1;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_FORM), "a group that was not signed: form");
    q = plain_question();
    q.classification[WLK_GROUP_COARSE] = 0;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_FORM), "a group without classification: form");
    q = plain_question();
    q.record_class = WLK_CLASS_TRACK;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_FORM), "a launch is not of class track");
}

static void test_forbids(void)
{
    struct wlk_rules rules = plain_rules();
    struct wlk_question q = plain_question();
    rules.rule_count = 2;
    rules.rule[1] = rules.rule[0];
    rules.rule[1].is_forbid = 1;
    rules.rule[1].has_group = 0;
    memset(rules.rule[1].group, 0, sizeof rules.rule[1].group);
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_CLAUSE) && wlk_decide(&rules, &q).rule == 1,
              "a forbid beats any permit, and is named");
    struct wlk_rule first = rules.rule[0];
    rules.rule[0] = rules.rule[1];
    rules.rule[1] = first;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_CLAUSE) && wlk_decide(&rules, &q).rule == 0,
              "order does not matter");
    rules.rule[0].has_group = rules.rule[0].group[WLK_GROUP_FINE] = 1;
    wlk_check(passes(&rules, &q), "a forbid of fine leaves coarse alone");
    rules.rule[0].has_group = 0;
    rules.rule[0].has_region = rules.rule[0].region[WLK_REGION_OTHER] = 1;
    wlk_check(passes(&rules, &q), "a forbid of another region leaves it alone");
    q.region = 0;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_CLAUSE),
              "a forbid of a region also stops an unknown one");
}

static void test_without_clause(void)
{
    struct wlk_rules rules = {.party_count = 3};
    struct wlk_question q = plain_question();
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_NO_CLAUSE), "default deny");
    q.type = WLK_TYPE_STATUS;
    q.record_class = WLK_CLASS_STATUS;
    put_body(&q);
    wlk_check(wlk_decide(&rules, &q).kind == WLK_PASS &&
                  wlk_decide(&rules, &q).group_pass[WLK_GROUP_BODY] == 1 &&
                  wlk_decide(&rules, &q).reason == WLK_BECAUSE_STATUS,
              "class status needs no clause");
    q.is_from_hub = 1;
    q.originator = WLK_NO_PARTY;
    wlk_check(wlk_decide(&rules, &q).kind == WLK_PASS, "the hub's heartbeat passes");
    q.type = WLK_TYPE_RECEIPT;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_ORIGINATOR), "a hub gives no receipts");
    q.type = WLK_TYPE_REFUSED;
    q.record_class = WLK_CLASS_NOTICE;
    q.subject = JP;
    q.is_in_force = 0;
    wlk_check(wlk_decide(&rules, &q).reason == WLK_BECAUSE_NOTICE,
              "a notice reaches the originator even after the arrangement has ended");
    q.subject = KR;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_NOT_IN_FORCE), "but then nobody else");
    q.is_from_hub = 0;
    q.originator = KR;
    q.is_in_force = 1;
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_ORIGINATOR), "a nation gives no notices");
    q = plain_question();
    rules = plain_rules();
    rules.rule[0].type[WLK_TYPE_PLOT] = 1;
    q.type = WLK_TYPE_PLOT;
    q.record_class = WLK_CLASS_PLOT;
    put_body(&q);
    wlk_check(is_refused(&rules, &q, WLK_BECAUSE_PLOT), "no plots among three");
    rules.party_count = 2;
    wlk_check(passes(&rules, &q), "plots between two, where a permit says so");
}

/* ---- The model: the agreement in set language, written without a look at decide.c. For one
 * group of one record it says yes or no; the rest follows. ---- */

static bool model_standing(const struct wlk_rules *r, const struct wlk_question *q)
{
    static const uint8_t CLASS[WLK_TYPE_END] = {0, 1, 1, 1, 2, 3, 4, 4, 5};
    const int64_t most = INT64_C(4611686018427387904);
    bool notice = q->record_class == 5, estimate = q->type == 1 || q->type == 2 || q->type == 4;
    bool ok = r->party_count >= 2 && r->party_count <= 8 && r->rule_count <= 64;
    ok = ok && q->type >= 1 && q->type <= 8 && CLASS[q->type] == q->record_class;
    ok = ok && q->nature >= 1 && q->nature <= 3 && q->region <= 2;
    int64_t times[4] = {q->time_ns, q->now_ns, q->valid_until_ns, q->clock_errors_ns};
    for (int i = 0; i < 4; i++)
        ok = ok && times[i] >= 0 && times[i] <= most;
    ok = ok && q->valid_until_ns >= q->time_ns && !q->signed_group[0] && !q->group[0];
    for (int g = 1; g <= 4; g++) {
        ok = ok && (!q->group[g] || q->signed_group[g]);
        ok = ok && (!q->signed_group[g] || (estimate ? g != 4 : g == 4));
        ok = ok && (!q->signed_group[g] || (q->classification[g] - 1u) < 5u);
    }
    ok = ok && !(q->signed_group[2] && (q->signed_group[1] || q->signed_group[3]));
    ok = ok && q->recipient < r->party_count;
    if (!ok)
        return false;
    if (q->is_from_hub)
        ok = q->type == 6 || q->type == 8;
    else
        ok = q->originator < r->party_count && q->originator != q->recipient && !notice;
    ok = ok && (q->is_in_force || (notice && q->subject == q->recipient));
    ok = ok && q->releasable[q->recipient];
    for (int n = 0; estimate && n < 8; n++)
        ok = ok && !q->lineage[n] == (n != q->originator);
    ok = ok && !(estimate && q->has_other_lineage) && !(q->type == 5 && r->party_count > 2);
    __extension__ typedef __int128 wide;
    return ok && (wide)q->time_ns <= (wide)q->now_ns + 1000000000 + q->clock_errors_ns;
}

static bool model_matches(const struct wlk_rule *x, const struct wlk_question *q, bool token)
{
    bool match = x->type[q->type] && x->from[q->originator] && x->to[q->recipient] &&
                 (x->has_nature ? x->nature[q->nature] : 1) &&
                 (x->exercise == 0 || x->exercise == q->exercise);
    int shared = 0, unnamed = q->has_other_caveat;
    for (int i = 0; i < 16; i++) {
        shared += q->caveat[i] && x->caveat[i];
        unnamed += q->caveat[i] && !(x->has_caveat && x->caveat[i]);
    }
    if (x->is_forbid)
        return match && (!x->has_region || !q->region || x->region[q->region]) &&
               (!x->has_caveat || shared);
    return match && (!x->has_region || (q->region && x->region[q->region])) && !unnamed &&
           (!x->needs_event || q->is_event_open) &&
           (!x->has_age || q->now_ns <= q->time_ns ||
            q->now_ns - q->time_ns <= x->age_most_ns) &&
           (!x->has_rate || token);
}

static bool model_group(const struct wlk_rules *r, const struct wlk_question *q, int g)
{
    bool permitted = false;
    if (!q->group[g] || !model_standing(r, q))
        return false;
    if (q->record_class >= 4)
        return true;
    for (int i = 0; i < r->rule_count; i++) {
        const struct wlk_rule *x = &r->rule[i];
        if (!model_matches(x, q, q->token[i]))
            continue;
        if (x->is_forbid && (!x->has_group || x->group[g]))
            return false;
        if (!x->is_forbid && (g == 4 || x->group[g]) &&
            (!x->class_most || q->classification[g] <= x->class_most))
            permitted = true;
    }
    return permitted;
}

/* The permits used are those that match and let a passing group through; the lowest of them is
 * the one named. */
static bool has_used_right(const struct wlk_rules *r, const struct wlk_question *q,
                           const struct wlk_verdict *verdict)
{
    int lowest = 255;
    for (int i = 63; i >= 0; i--) {
        const struct wlk_rule *x = &r->rule[i];
        bool used = false;
        for (int g = 1; g <= 4 && i < r->rule_count && !x->is_forbid; g++)
            used = used || (verdict->group_pass[g] && model_matches(x, q, q->token[i]) &&
                            (g == 4 || x->group[g]) &&
                            (!x->class_most || q->classification[g] <= x->class_most));
        if (verdict->used[i] != used)
            return false;
        lowest = used ? i : lowest;
    }
    return lowest == verdict->rule;
}

/* True where decide and the model agree in every group and in the kind. */
static bool agrees(const struct wlk_rules *rules, const struct wlk_question *q,
                   unsigned count[3])
{
    struct wlk_verdict verdict = wlk_decide(rules, q);
    unsigned passed = 0, shown = 0;
    for (int g = 0; g < WLK_GROUP_END; g++) {
        bool expected = g > 0 && model_group(rules, q, g);
        if (verdict.group_pass[g] != expected)
            return false;
        passed += expected;
        shown += q->group[g] != 0;
    }
    enum wlk_verdict_kind kind = !passed ? WLK_REFUSE : passed < shown ? WLK_TRIM : WLK_PASS;
    count[kind]++;
    if (kind != WLK_REFUSE && q->record_class < 4 && !has_used_right(rules, q, &verdict))
        return false;
    if (verdict.kind != kind || (verdict.reason == WLK_BECAUSE_CLAUSE) != (verdict.rule != 255))
        return false;
    return verdict.reason != WLK_BECAUSE_CLAUSE ||
           (rules->rule[verdict.rule].is_forbid != 0) == (kind == WLK_REFUSE);
}

/* The same question with the rules in another order has the same verdict. */
static bool is_order_free(struct wlk_random *random, const struct wlk_rules *rules,
                          const struct wlk_question *q)
{
    struct wlk_rules turned = *rules;
    struct wlk_question again = *q;
    if (rules->rule_count < 2)
        return true;
    unsigned i = (unsigned)wlk_random_below(random, rules->rule_count);
    unsigned k = (unsigned)wlk_random_below(random, rules->rule_count);
    turned.rule[i] = rules->rule[k];
    turned.rule[k] = rules->rule[i];
    again.token[i] = q->token[k];
    again.token[k] = q->token[i];
    struct wlk_verdict a = wlk_decide(rules, q), b = wlk_decide(&turned, &again);
    return a.kind == b.kind && a.reason == b.reason &&
           memcmp(a.group_pass, b.group_pass, sizeof a.group_pass) == 0;
}

static void test_against_model(void)
{
    struct wlk_random random = wlk_random_seeded(11, 1);
    static struct wlk_rules rules;
    struct wlk_question q;
    unsigned count[3] = {0}, wrong = 0, ordered = 0;
    for (int i = 0; i < 1000000 && wrong < 100; i++) {
        if (i % 16 == 0)
            wlk_decide_sample_rules(&random, &rules);
        wlk_decide_sample_question(&random, &rules, &q);
        wrong += !agrees(&rules, &q, count);
        ordered += i % 8 == 0 && !is_order_free(&random, &rules, &q);
    }
    wlk_check(wrong == 0,
              "decide and an independent model agree on 1,000,000 questions (%u "
              "differ)",
              wrong);
    wlk_check(ordered == 0, "the order of the clauses does not matter (%u of 125,000 differ)",
              ordered);
    wlk_check(count[WLK_PASS] > 50000 && count[WLK_TRIM] > 8000,
              "the questions are worth asking: %u passed, %u trimmed, %u refused",
              count[WLK_PASS], count[WLK_TRIM], count[WLK_REFUSE]);
}

/* "examples": without the million of questions (tools/mutate.sh asks them last). */
int main(int count, char **words)
{
    test_standing();
    test_time();
    test_bounds();
    test_reasons();
    test_conditions();
    test_caveats();
    test_edges();
    test_groups();
    test_forbids();
    test_without_clause();
    if (count < 2 || strcmp(words[1], "examples") != 0)
        test_against_model();
    return wlk_tap_done();
}
