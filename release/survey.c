/* survey.c -- every question that could matter, put to the decision.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/survey.h"

#include "base/assert.h"
#include "base/words.h"

#include <stdarg.h>
#include <stdio.h>

static const int64_t SECOND_NS = INT64_C(1000000000);

enum {
    AGES_MAX = 2 * WLK_ARRANGEMENT_CLAUSES_MAX + 1,
    GROUP_SETS = 5, /* coarse, shielded, fine, coarse with fine, body */
    TYPES = WLK_TYPE_PLOT,
    TOLD_MAX = 8 /* of one kind of hole; the rest is counted */
};

static const uint8_t GROUP_SET[GROUP_SETS][WLK_GROUP_END] = {
    {[WLK_GROUP_COARSE] = 1},
    {[WLK_GROUP_SHIELDED] = 1},
    {[WLK_GROUP_FINE] = 1},
    {[WLK_GROUP_COARSE] = 1, [WLK_GROUP_FINE] = 1},
    {[WLK_GROUP_BODY] = 1}};

struct walk {
    const struct wlk_arrangement *a;
    const struct wlk_never *never;
    size_t never_count;
    struct wlk_survey *out;
    struct wlk_rules rules, without; /* without: one forbid switched off */
    unsigned parties, labels, ages;
    int64_t age_ns[AGES_MAX];
    unsigned holes, told; /* told: different ones */
    uint64_t used[WLK_RULES_MAX], alone[WLK_RULES_MAX]; /* by permit */
    uint8_t cuts[WLK_RULES_MAX][WLK_RULES_MAX];         /* forbid, permit: takes from it */
};

void wlk_survey_note(struct wlk_survey *survey, bool is_fault, const char *form, ...)
{
    va_list args;
    survey->faults += is_fault;
    if (survey->count == WLK_SURVEY_FINDINGS_MAX) {
        survey->left_out++;
        return;
    }
    struct wlk_finding *finding = &survey->finding[survey->count++];
    finding->is_fault = is_fault;
    va_start(args, form);
    vsnprintf(finding->text, sizeof finding->text, form, args);
    va_end(args);
}

/* ---- paths that must not exist ---- */

static wlk_status read_nation(const struct wlk_arrangement *a, const char *word, uint8_t *out)
{
    wlk_name name;
    *out = WLK_SURVEY_ANY;
    if (strcmp(word, "any") == 0)
        return WLK_OK;
    WLK_TRY(wlk_name_parse(word, &name));
    return wlk_arrangement_party(a, name, out) ? WLK_OK : WLK_BAD_INPUT;
}

wlk_status wlk_never_parse(const struct wlk_arrangement *arrangement, const char *words,
                           struct wlk_never *out, struct wlk_fault *fault)
{
    struct wlk_words line;
    struct wlk_never never = {0};
    size_t at = 0;
    enum wlk_type type;
    enum wlk_group group;
    wlk_words_init(&line, "--never", words);
    if (wlk_words_next(&line, fault) == WLK_OK) {
        if (at < line.count && wlk_type_parse(line.word[at], &type) == WLK_OK) {
            never.type = (uint8_t)type;
            at++;
        }
        if (at < line.count && wlk_group_parse(line.word[at], &group) == WLK_OK) {
            never.group = (uint8_t)group;
            at++;
        }
        if (line.count == at + 4 && strcmp(line.word[at], "from") == 0 &&
            strcmp(line.word[at + 2], "to") == 0 &&
            read_nation(arrangement, line.word[at + 1], &never.from) == WLK_OK &&
            read_nation(arrangement, line.word[at + 3], &never.to) == WLK_OK) {
            *out = never;
            return WLK_OK;
        }
    }
    wlk_fault_set(fault, "[TYPE] [GROUP] from NATION to NATION (or any)", "\"%.60s\"", words);
    return WLK_BAD_INPUT;
}

/* ---- the questions ---- */

static void list_ages(struct walk *walk)
{
    walk->age_ns[walk->ages++] = 0;
    for (size_t i = 0; i < walk->a->clause_count; i++) {
        int64_t age_ns = (int64_t)walk->a->clause[i].age_most_s * SECOND_NS;
        bool is_there = false;
        for (unsigned k = 0; k < walk->ages; k++)
            is_there = is_there || walk->age_ns[k] == age_ns;
        if (is_there)
            continue;
        walk->age_ns[walk->ages++] = age_ns;
        walk->age_ns[walk->ages++] = age_ns + 1;
    }
}

/* Takes one digit of a number off. */
static unsigned digit(uint64_t *n, unsigned base)
{
    unsigned value = (unsigned)(*n % base);
    *n /= base;
    return value;
}

/* No label; each exercise id, then an unknown one; each caveat, then an unknown one. */
static void set_label(const struct walk *walk, unsigned label, struct wlk_question *q)
{
    unsigned exercises = (unsigned)walk->a->exercise_count;
    unsigned caveats = (unsigned)walk->a->caveat_count;
    if (label == 0)
        return;
    if (label <= exercises)
        q->exercise = (uint8_t)label;
    else if (label == exercises + 1)
        q->exercise = WLK_OTHER_EXERCISE;
    else if (label <= exercises + 1 + caveats)
        q->caveat[label - exercises - 2] = 1;
    else
        q->has_other_caveat = 1;
}

/* Question number n; false: type and groups do not belong together, or a nation asks itself. */
static bool make_question(const struct walk *walk, uint64_t n, struct wlk_question *q)
{
    struct wlk_path_question path = {.from = (uint8_t)digit(&n, walk->parties),
                                     .to = (uint8_t)digit(&n, walk->parties),
                                     .type = (enum wlk_type)(1 + digit(&n, TYPES))};
    const uint8_t *set = GROUP_SET[digit(&n, GROUP_SETS)];
    unsigned class = 1 + digit(&n, WLK_CLASSIFICATION_END - 1);
    path.nature = (enum wlk_nature)(1 + digit(&n, WLK_NATURE_END - 1));
    path.group = set[WLK_GROUP_BODY] ? WLK_GROUP_BODY : WLK_GROUP_COARSE;
    if (path.from == path.to || !wlk_terms_has_group(path.type, path.group))
        return false;
    wlk_terms_willing(&path, q);
    memcpy(q->group, set, sizeof q->group);
    memcpy(q->signed_group, set, sizeof q->signed_group);
    for (unsigned g = 0; g < WLK_GROUP_END; g++)
        q->classification[g] = set[g] ? (uint8_t)class : 0;
    q->region = (uint8_t)digit(&n, WLK_REGION_END);
    q->is_event_open = (uint8_t)digit(&n, 2);
    q->time_ns = q->now_ns - walk->age_ns[digit(&n, walk->ages)];
    set_label(walk, digit(&n, walk->labels), q);
    return true;
}

static uint64_t question_count(const struct walk *walk)
{
    return (uint64_t)walk->parties * walk->parties * TYPES * GROUP_SETS *
           (WLK_CLASSIFICATION_END - 1) * (WLK_NATURE_END - 1) * WLK_REGION_END * 2 *
           walk->ages * walk->labels;
}

/* ---- the second reading ---- */

static bool concerns(const struct wlk_clause *c, const struct wlk_question *q)
{
    return c->type[q->type] && c->from[q->originator] && c->to[q->recipient] &&
           (!c->has_nature || c->nature[q->nature]) &&
           (!c->exercise || c->exercise == q->exercise);
}

static bool takes(const struct wlk_clause *c, const struct wlk_question *q, unsigned group)
{
    bool has_caveat = !c->has_caveat;
    for (unsigned i = 0; i < WLK_ARRANGEMENT_WORDS_MAX; i++)
        has_caveat = has_caveat || (q->caveat[i] && c->caveat[i]);
    return c->is_forbid && concerns(c, q) && has_caveat &&
           (!c->has_region || q->region == 0 || c->region[q->region]) &&
           (!c->has_group || c->group[group]);
}

static bool gives(const struct wlk_clause *c, const struct wlk_question *q, unsigned group)
{
    for (unsigned i = 0; i < WLK_ARRANGEMENT_WORDS_MAX; i++)
        if (q->caveat[i] && !c->caveat[i])
            return false;
    return !c->is_forbid && concerns(c, q) && !q->has_other_caveat &&
           (!c->has_region || (q->region && c->region[q->region])) &&
           (!c->needs_event || q->is_event_open) &&
           (!c->class_most || q->classification[group] <= c->class_most) &&
           (!c->age_most_s ||
            q->now_ns - q->time_ns <= (int64_t)c->age_most_s * SECOND_NS) &&
           (group == WLK_GROUP_BODY || c->group[group]);
}

/* Each sentence once, and not too many of them; all are counted. */
static void hole(struct walk *walk, const struct wlk_question *q, const char *words)
{
    char text[WLK_SURVEY_TEXT_SIZE];
    snprintf(text, sizeof text, "HOLE: %s from %s to %s (%s): %s",
             wlk_type_word((enum wlk_type)q->type), walk->a->party[q->originator].text,
             walk->a->party[q->recipient].text,
             wlk_nature_word((enum wlk_nature)q->nature), words);
    walk->holes++;
    for (size_t i = 0; i < walk->out->count; i++)
        if (strcmp(walk->out->finding[i].text, text) == 0)
            return;
    if (walk->told++ < TOLD_MAX)
        wlk_survey_note(walk->out, true, "%s", text);
}

/* The same with one thing wrong must be refused. */
static void ask_spoiled(struct walk *walk, const struct wlk_question *q)
{
    static const char *const WORDS[] = {
        "passes although the arrangement is not in force",
        "passes although the label does not name the recipient",
        "passes although it rests on another nation's sensors",
        "passes with a caveat that nobody named", "passes from the future"};
    for (unsigned i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        struct wlk_question spoiled = *q;
        if (i == 0)
            spoiled.is_in_force = 0;
        if (i == 1)
            spoiled.releasable[q->recipient] = 0;
        if (i == 2)
            spoiled.has_other_lineage = 1;
        if (i == 3)
            spoiled.has_other_caveat = 1;
        if (i == 4)
            spoiled.time_ns = spoiled.valid_until_ns = q->now_ns + WLK_AHEAD_NS_MAX + 1;
        bool is_estimate = wlk_terms_has_group((enum wlk_type)q->type, WLK_GROUP_COARSE);
        if ((i != 2 || is_estimate) && wlk_decide(&walk->rules, &spoiled).kind != WLK_REFUSE)
            hole(walk, q, WORDS[i]);
    }
}

static bool is_never(const struct wlk_never *never, const struct wlk_question *q, unsigned g)
{
    return (!never->type || never->type == q->type) && (!never->group || never->group == g) &&
           (never->from == WLK_SURVEY_ANY || never->from == q->originator) &&
           (never->to == WLK_SURVEY_ANY || never->to == q->recipient);
}

/* Each group: does the verdict say what the clauses say? */
static void compare_groups(struct walk *walk, const struct wlk_question *q,
                           const struct wlk_verdict *verdict)
{
    for (unsigned g = 1; g < WLK_GROUP_END; g++) {
        bool is_given = false, is_taken = false;
        for (size_t i = 0; q->group[g] && i < walk->a->clause_count; i++) {
            is_given = is_given || gives(&walk->a->clause[i], q, g);
            is_taken = is_taken || takes(&walk->a->clause[i], q, g);
        }
        if ((verdict->group_pass[g] != 0) != (is_given && !is_taken))
            hole(walk, q, is_taken ? "passes although a clause forbids it"
                          : is_given ? "a clause permits it, and it does not pass"
                                     : "passes although no clause permits it");
        for (size_t i = 0; verdict->group_pass[g] && i < walk->never_count; i++)
            if (is_never(&walk->never[i], q, g))
                hole(walk, q, "this path must not exist");
    }
}

/* Which permits it needed, and what each forbid that concerns it takes away. */
static void note_clauses(struct walk *walk, const struct wlk_question *q,
                         const struct wlk_verdict *verdict)
{
    const struct wlk_arrangement *a = walk->a;
    unsigned used = 0, last = 0;
    for (unsigned i = 0; i < a->clause_count; i++)
        if (verdict->used[i]) {
            walk->used[i]++;
            used++;
            last = i;
        }
    if (used == 1)
        walk->alone[last]++;
    for (unsigned f = 0; f < a->clause_count; f++) {
        bool is_it = false;
        for (unsigned g = 1; g < WLK_GROUP_END; g++)
            is_it = is_it || (q->group[g] && takes(&a->clause[f], q, g));
        if (!is_it)
            continue;
        walk->without.rule[f].is_forbid = 0; /* switched off: no type */
        memset(walk->without.rule[f].type, 0, sizeof walk->without.rule[f].type);
        struct wlk_verdict freed = wlk_decide(&walk->without, q);
        walk->without.rule[f] = walk->rules.rule[f];
        for (unsigned i = 0; i < a->clause_count; i++)
            walk->cuts[f][i] |= freed.used[i] && !verdict->used[i];
    }
}

static void tell_clauses(const struct walk *walk)
{
    const struct wlk_arrangement *a = walk->a;
    for (unsigned i = 0; i < a->clause_count; i++) {
        const char *name = a->clause[i].name;
        bool is_any = false;
        if (a->clause[i].is_forbid) {
            for (unsigned k = 0; k < a->clause_count; k++)
                is_any = is_any || walk->cuts[i][k];
            if (!is_any)
                wlk_survey_note(walk->out, false,
                                "forbid %s: nothing permits this anyway; it says \"never\"",
                                name);
            continue;
        }
        for (unsigned f = 0; f < a->clause_count; f++)
            if (walk->cuts[f][i])
                wlk_survey_note(walk->out, false, "forbid %s takes %s of permit %s",
                                a->clause[f].name, walk->used[i] ? "part" : "all", name);
        if (!walk->used[i])
            wlk_survey_note(walk->out, true, "permit %s: DEAD, no record ever passes by it",
                            name);
        else if (!walk->alone[i])
            wlk_survey_note(walk->out, false,
                            "permit %s: nothing needs it, other permits say the same", name);
    }
}

void wlk_survey_make(const struct wlk_arrangement *arrangement, const struct wlk_never never[],
                     size_t never_count, struct wlk_survey *out)
{
    static struct walk walk; /* 6 kB: too much for a stack that is also the caller's */
    struct wlk_question q;
    memset(out, 0, sizeof *out);
    memset(&walk, 0, sizeof walk);
    walk.a = arrangement;
    walk.never = never;
    walk.never_count = never_count;
    walk.out = out;
    walk.parties = (unsigned)arrangement->party_count;
    walk.labels = (unsigned)(arrangement->exercise_count + arrangement->caveat_count + 3);
    list_ages(&walk);
    wlk_rules_make(arrangement, &walk.rules);
    walk.without = walk.rules;
    uint64_t count = question_count(&walk);
    for (uint64_t n = 0; n < count; n++) {
        if (!make_question(&walk, n, &q))
            continue;
        struct wlk_verdict verdict = wlk_decide(&walk.rules, &q);
        out->asked++;
        compare_groups(&walk, &q, &verdict);
        note_clauses(&walk, &q, &verdict);
        if (verdict.kind == WLK_REFUSE)
            continue;
        out->passed++;
        ask_spoiled(&walk, &q);
    }
    if (walk.holes)
        wlk_survey_note(out, false, "HOLE: %u questions in all", walk.holes);
    tell_clauses(&walk);
    wlk_survey_terms(arrangement, &walk.rules, out);
}
