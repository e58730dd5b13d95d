/* terms.c -- on what terms a path is open.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/terms.h"

#include "base/assert.h"

#include <stdarg.h>
#include <stdio.h>

static const int64_t SECOND_NS = INT64_C(1000000000);
/* An age of ten years: over any limit an arrangement may have (one year). */
static const int64_t OLD_NS = INT64_C(10) * 31536000 * INT64_C(1000000000);

bool wlk_terms_has_group(enum wlk_type type, enum wlk_group group)
{
    bool is_estimate =
        type == WLK_TYPE_LAUNCH || type == WLK_TYPE_IMPACT || type == WLK_TYPE_TRACK;
    return is_estimate ? group >= WLK_GROUP_COARSE && group <= WLK_GROUP_FINE
                       : group == WLK_GROUP_BODY;
}

void wlk_terms_willing(const struct wlk_path_question *path, struct wlk_question *out)
{
    memset(out, 0, sizeof *out);
    out->is_in_force = 1;
    out->originator = path->from;
    out->recipient = path->to;
    out->subject = WLK_NO_PARTY;
    out->type = (uint8_t)path->type;
    out->record_class = (uint8_t)wlk_type_class(path->type);
    out->nature = (uint8_t)path->nature;
    out->region = WLK_REGION_DPRK;
    out->releasable[path->to] = 1;
    out->lineage[path->from] = 1;
    out->signed_group[path->group] = out->group[path->group] = 1;
    out->classification[path->group] = WLK_UNCLASSIFIED;
    out->is_event_open = 1;
    out->time_ns = out->valid_until_ns = out->now_ns = OLD_NS;
    memset(out->token, 1, sizeof out->token);
}

bool wlk_terms_passes(const struct wlk_rules *rules, const struct wlk_question *question,
                      enum wlk_group group)
{
    struct wlk_verdict verdict = wlk_decide(rules, question);
    return verdict.kind != WLK_REFUSE && verdict.group_pass[group];
}

/* The most willing one that passes, over regions, exercise ids and single caveats. */
static bool find_one(const struct wlk_arrangement *a, const struct wlk_rules *rules,
                     const struct wlk_path_question *path, struct wlk_question *out)
{
    for (unsigned r = WLK_REGION_END; r-- > 0;)
        for (unsigned e = 0; e <= a->exercise_count; e++)
            for (unsigned c = 0; c <= a->caveat_count; c++) {
                wlk_terms_willing(path, out);
                out->region = (uint8_t)r;
                out->exercise = (uint8_t)e;
                if (c)
                    out->caveat[c - 1] = 1;
                if (wlk_terms_passes(rules, out, path->group))
                    return true;
            }
    return false;
}

static void find_age(const struct wlk_arrangement *a, const struct wlk_rules *rules,
                     struct wlk_question q, enum wlk_group group, struct wlk_terms *out)
{
    q.time_ns = 0;
    out->has_age = !wlk_terms_passes(rules, &q, group);
    for (size_t i = 0; out->has_age && i < a->clause_count; i++) {
        uint32_t age_s = a->clause[i].age_most_s;
        q.time_ns = q.now_ns - (int64_t)age_s * SECOND_NS;
        if (age_s > out->age_most_s && wlk_terms_passes(rules, &q, group))
            out->age_most_s = age_s;
    }
}

/* The rate counts where every permit that lets it through has one. */
static void find_rate(const struct wlk_arrangement *a, const struct wlk_rules *rules,
                      const struct wlk_question *q, enum wlk_group group,
                      struct wlk_terms *out)
{
    struct wlk_question dry = *q;
    memset(dry.token, 0, sizeof dry.token);
    if (wlk_terms_passes(rules, &dry, group))
        return;
    for (size_t i = 0; i < a->clause_count; i++) {
        memset(dry.token, 0, sizeof dry.token);
        dry.token[i] = 1;
        if (a->clause[i].rate_most_per_s > out->rate_most_per_s &&
            wlk_terms_passes(rules, &dry, group))
            out->rate_most_per_s = a->clause[i].rate_most_per_s;
    }
}

static void find_labels(const struct wlk_arrangement *a, const struct wlk_rules *rules,
                        const struct wlk_question *q, enum wlk_group group,
                        struct wlk_terms *out)
{
    struct wlk_question other = *q;
    other.exercise = 0;
    out->needs_exercise = !wlk_terms_passes(rules, &other, group);
    for (size_t e = 0; e < a->exercise_count; e++) {
        other.exercise = (uint8_t)(e + 1);
        out->exercise[e] = wlk_terms_passes(rules, &other, group);
    }
    other = *q;
    for (size_t c = 0; c < a->caveat_count; c++) {
        memset(other.caveat, 0, sizeof other.caveat);
        other.caveat[c] = 1;
        out->caveat[c] = wlk_terms_passes(rules, &other, group);
    }
}

void wlk_terms_find(const struct wlk_arrangement *arrangement, const struct wlk_rules *rules,
                    const struct wlk_path_question *path, struct wlk_terms *out)
{
    struct wlk_question q, other;
    memset(out, 0, sizeof *out);
    out->may = find_one(arrangement, rules, path, &q);
    if (!out->may)
        return;
    other = q;
    for (unsigned class = WLK_UNCLASSIFIED; class < WLK_CLASSIFICATION_END; class++) {
        other.classification[path->group] = (uint8_t)class;
        if (wlk_terms_passes(rules, &other, path->group))
            out->class_most = (uint8_t)class;
    }
    other = q;
    for (unsigned region = 0; region < WLK_REGION_END; region++) {
        other.region = (uint8_t)region;
        out->region[region] = wlk_terms_passes(rules, &other, path->group);
    }
    other = q;
    other.is_event_open = 0;
    out->needs_event = !wlk_terms_passes(rules, &other, path->group);
    find_age(arrangement, rules, q, path->group, out);
    find_rate(arrangement, rules, &q, path->group, out);
    find_labels(arrangement, rules, &q, path->group, out);
}

__attribute__((format(printf, 2, 3))) static void add(char text[WLK_TERMS_TEXT_SIZE],
                                                      const char *form, ...)
{
    size_t used = strlen(text);
    va_list args;
    if (used)
        used += (size_t)snprintf(text + used, WLK_TERMS_TEXT_SIZE - used, ", ");
    if (used >= WLK_TERMS_TEXT_SIZE)
        return;
    va_start(args, form);
    vsnprintf(text + used, WLK_TERMS_TEXT_SIZE - used, form, args);
    va_end(args);
}

static void add_regions(const struct wlk_terms *terms, char text[WLK_TERMS_TEXT_SIZE])
{
    bool is_dprk = terms->region[WLK_REGION_DPRK], is_other = terms->region[WLK_REGION_OTHER];
    if (is_dprk && is_other && terms->region[0])
        return;
    add(text, "launches in %s%s", is_dprk && is_other ? "any stated region"
                                  : is_dprk           ? "region DPRK"
                                  : is_other          ? "region OTHER"
                                                      : "no stated region",
        terms->region[0] && (is_dprk || is_other) ? " or not stated" : "");
}

void wlk_terms_words(const struct wlk_arrangement *arrangement, const struct wlk_terms *terms,
                     char text[WLK_TERMS_TEXT_SIZE])
{
    text[0] = 0;
    if (terms->class_most < WLK_CLASSIFICATION_END - 1)
        add(text, "up to %s",
            wlk_classification_word((enum wlk_classification)terms->class_most));
    add_regions(terms, text);
    if (terms->needs_event)
        add(text, "while an event is open");
    if (terms->has_age)
        add(text, "no older than %u s", (unsigned)terms->age_most_s);
    if (terms->rate_most_per_s)
        add(text, "at most %u/s", (unsigned)terms->rate_most_per_s);
    for (size_t e = 0; terms->needs_exercise && e < arrangement->exercise_count; e++)
        if (terms->exercise[e])
            add(text, "in exercise \"%s\"", arrangement->exercise[e]);
    for (size_t c = 0; c < arrangement->caveat_count; c++)
        if (terms->caveat[c])
            add(text, "also with caveat \"%s\"", arrangement->caveat[c]);
}
