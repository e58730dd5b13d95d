/* survey_terms.c -- requires at every instant of the term, keys, and exercise beside real.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/survey.h"

#include <stdio.h>

/* An owner's key for a use and nature: the first instant at or after time without one, in
 * the term. False: there is none. */
static bool find_gap(const struct wlk_arrangement *a, uint8_t owner, enum wlk_key_use use,
                     enum wlk_nature nature, wlk_utc *time)
{
    bool is_moved = true;
    while (is_moved && time->ns < a->until.ns) {
        is_moved = false;
        for (size_t i = 0; i < a->key_count; i++) {
            const struct wlk_arrangement_key *key = &a->key[i];
            if (key->owner == owner && key->use[use] &&
                (use == WLK_KEY_ROOT || key->nature[nature]) &&
                key->not_before.ns <= time->ns && time->ns < key->not_after.ns) {
                *time = key->not_after;
                is_moved = true;
            }
        }
    }
    return time->ns < a->until.ns;
}

static bool tell_gap(const struct wlk_arrangement *a, const char *why, uint8_t owner,
                     enum wlk_key_use use, enum wlk_nature nature, struct wlk_survey *out)
{
    char text[32];
    wlk_utc time = a->effective;
    if (!find_gap(a, owner, use, nature, &time))
        return false;
    wlk_utc_text(time, 0, text);
    wlk_survey_note(out, true, "%s: %s has no %s key for nature %s at %s", why,
                    wlk_arrangement_owner_name(a, owner).text, wlk_key_use_word(use),
                    wlk_nature_word(nature), text);
    return true;
}

/* A hub that can carry nature real at every instant: notices and heartbeats need its keys. */
static void check_hubs(const struct wlk_arrangement *a, const char *why, struct wlk_survey *out)
{
    for (uint8_t h = 0; h < a->hub_count; h++) {
        wlk_utc notice = a->effective, record = a->effective;
        uint8_t owner = (uint8_t)(WLK_PARTIES_MAX + h);
        if (!find_gap(a, owner, WLK_KEY_NOTICE, WLK_NATURE_REAL, &notice) &&
            !find_gap(a, owner, WLK_KEY_RECORD, WLK_NATURE_REAL, &record))
            return;
    }
    wlk_survey_note(out, true, "%s: no hub has keys for the whole term", why);
}

static bool can_event_open(const struct wlk_arrangement *a, const struct wlk_rules *rules)
{
    for (unsigned n = 0; n < a->party_count * a->party_count; n++)
        for (unsigned g = WLK_GROUP_COARSE; g <= WLK_GROUP_FINE; g++) {
            struct wlk_path_question path = {(uint8_t)(n / a->party_count),
                                             (uint8_t)(n % a->party_count), WLK_TYPE_LAUNCH,
                                             WLK_NATURE_REAL, (enum wlk_group)g};
            struct wlk_terms terms;
            if (path.from == path.to)
                continue;
            wlk_terms_find(a, rules, &path, &terms);
            if (terms.may && !terms.needs_event)
                return true;
        }
    return false;
}

static void check_require(const struct wlk_arrangement *a, const struct wlk_rules *rules,
                          const struct wlk_require *require, struct wlk_survey *out)
{
    struct wlk_path_question path = {require->from, require->to, require->type,
                                     WLK_NATURE_REAL, require->group};
    struct wlk_terms terms;
    char why[64];
    snprintf(why, sizeof why, "require %s: CANNOT HOLD", require->name);
    wlk_terms_find(a, rules, &path, &terms);
    if (!terms.may) {
        wlk_survey_note(out, true, "%s, no clause lets %s %s from %s reach %s for real", why,
                        wlk_type_word(require->type), wlk_group_word(require->group),
                        a->party[require->from].text, a->party[require->to].text);
        return;
    }
    if (terms.needs_event && !can_event_open(a, rules))
        wlk_survey_note(out, true, "%s, it needs an open event and no launch can open one",
                        why);
    if (!a->key_count)
        return;
    (void)tell_gap(a, why, require->from, WLK_KEY_RECORD, WLK_NATURE_REAL, out);
    (void)tell_gap(a, why, require->to, WLK_KEY_RECEIPT, WLK_NATURE_REAL, out);
    check_hubs(a, why, out);
}

/* Keys that the exchange will ask for, whatever is required. */
static void check_keys(const struct wlk_arrangement *a, struct wlk_survey *out)
{
    if (!a->key_count) {
        wlk_survey_note(out, false, "keys: none; this is a template and cannot be signed");
        return;
    }
    for (uint8_t p = 0; p < a->party_count; p++) {
        if (!wlk_arrangement_root(a, p))
            wlk_survey_note(out, true, "keys: %s has no root key and cannot sign",
                            a->party[p].text);
        for (unsigned n = 1; n < WLK_NATURE_TEST; n++)
            (void)tell_gap(a, "keys", p, WLK_KEY_RECORD, (enum wlk_nature)n, out);
    }
}

/* One clause for real and exercise is one slip away from a false alarm; and what an exercise
 * gives away of a radar is given away. */
static void check_mixing(const struct wlk_arrangement *a, const struct wlk_rules *rules,
                         struct wlk_survey *out)
{
    for (size_t i = 0; i < a->clause_count; i++)
        if (!a->clause[i].is_forbid && a->clause[i].nature[WLK_NATURE_REAL] &&
            (a->clause[i].nature[WLK_NATURE_EXERCISE] || a->clause[i].nature[WLK_NATURE_TEST]))
            wlk_survey_note(out, true, "permit %s: MIXED, one clause for real and for exercise",
                            a->clause[i].name);
    for (unsigned n = 0; n < a->party_count * a->party_count; n++)
        for (unsigned t = 1; t <= WLK_TYPE_PLOT; t++)
            for (unsigned g = 1; g < WLK_GROUP_END; g++) {
                struct wlk_path_question path = {(uint8_t)(n / a->party_count),
                                                 (uint8_t)(n % a->party_count),
                                                 (enum wlk_type)t, WLK_NATURE_REAL,
                                                 (enum wlk_group)g};
                if (path.from == path.to || !wlk_terms_has_group(path.type, path.group) ||
                    wlk_rules_may(rules, &path))
                    continue;
                for (unsigned k = 0; k < 2; k++) {
                    path.nature = k ? WLK_NATURE_TEST : WLK_NATURE_EXERCISE;
                    if (wlk_rules_may(rules, &path))
                        wlk_survey_note(out, false,
                                        "%s gives more than real: %s %s from %s to %s",
                                        wlk_nature_word(path.nature), wlk_type_word(path.type),
                                        wlk_group_word(path.group), a->party[path.from].text,
                                        a->party[path.to].text);
                }
            }
}

void wlk_survey_terms(const struct wlk_arrangement *arrangement, const struct wlk_rules *rules,
                      struct wlk_survey *out)
{
    check_keys(arrangement, out);
    check_mixing(arrangement, rules, out);
    for (size_t i = 0; i < arrangement->require_count; i++)
        check_require(arrangement, rules, &arrangement->require[i], out);
}
