/* print.c -- the one canonical text of an arrangement.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/arrangement.h"

#include "release/hex.h"

#include <stdarg.h>
#include <stdio.h>

/* Text growing in a caller's buffer; once it does not fit, nothing more is written. */
struct page {
    char *text;
    size_t size, used;
    bool is_full;
};

__attribute__((format(printf, 2, 3))) static void add(struct page *page, const char *form, ...)
{
    va_list args;
    if (page->is_full)
        return;
    va_start(args, form);
    int length = vsnprintf(page->text + page->used, page->size - page->used, form, args);
    va_end(args);
    if (length < 0 || (size_t)length >= page->size - page->used)
        page->is_full = true;
    else
        page->used += (size_t)length;
}

enum kind { TYPES, REGIONS, NATURES, GROUPS, USES };

static const char *word_of(enum kind kind, unsigned number)
{
    switch (kind) {
    case TYPES:
        return wlk_type_word((enum wlk_type)number);
    case REGIONS:
        return wlk_region_word((enum wlk_region)number);
    case NATURES:
        return wlk_nature_word((enum wlk_nature)number);
    case GROUPS:
        return wlk_group_word((enum wlk_group)number);
    case USES:
        break;
    }
    return wlk_key_use_word((enum wlk_key_use)number);
}

struct set {
    const uint8_t *member;
    unsigned count;
    enum kind kind;
    const char *between;
};

/* The members of a set in the order of their numbers. */
static void add_set(struct page *page, struct set set)
{
    const char *before = "";
    for (unsigned i = 0; i < set.count; i++)
        if (set.member[i]) {
            add(page, "%s%s", before, word_of(set.kind, i));
            before = set.between;
        }
}

static void add_nations(struct page *page, const struct wlk_arrangement *a,
                        const uint8_t member[WLK_PARTIES_MAX])
{
    const char *before = "";
    for (unsigned i = 0; i < a->party_count; i++)
        if (member[i]) {
            add(page, "%s%s", before, a->party[i].text);
            before = ", ";
        }
}

static void add_digest(struct page *page, const wlk_digest *digest)
{
    char hex[2 * WLK_DIGEST_SIZE + 1];
    wlk_hex_write(digest->bytes, WLK_DIGEST_SIZE, hex);
    add(page, "sha256:%s", hex);
}

static void add_head(struct page *page, const struct wlk_arrangement *a)
{
    char from[32], until[32];
    add(page, "arrangement %s version %llu", a->name.text, (unsigned long long)a->version);
    if (a->has_replaces) {
        add(page, " replaces ");
        add_digest(page, &a->replaces);
    }
    add(page, "\nparties");
    for (size_t i = 0; i < a->party_count; i++)
        add(page, " %s", a->party[i].text);
    add(page, "   hubs");
    for (size_t i = 0; i < a->hub_count; i++)
        add(page, " %s", a->hub[i].text);
    wlk_utc_text(a->effective, 0, from);
    wlk_utc_text(a->until, 0, until);
    add(page, "\neffective %s until %s\npurpose \"%s\"\n", from, until, a->purpose);
}

static void add_key(struct page *page, const struct wlk_arrangement *a,
                    const struct wlk_arrangement_key *key)
{
    char hex[2 * WLK_PUBLIC_KEY_SIZE + 1], from[32], until[32];
    wlk_hex_write(key->public_key.bytes, WLK_PUBLIC_KEY_SIZE, hex);
    add(page, "key %s %s use ", wlk_arrangement_owner_name(a, key->owner).text, hex);
    add_set(page, (struct set){key->use, WLK_KEY_USE_END, USES, ", "});
    if (!key->use[WLK_KEY_ROOT]) {
        add(page, " nature ");
        add_set(page, (struct set){key->nature, WLK_NATURE_END, NATURES, " or "});
    }
    wlk_utc_text(key->not_before, 0, from);
    wlk_utc_text(key->not_after, 0, until);
    add(page, " from %s until %s\n", from, until);
}

/* Writes what stands between two conditions: " when " before the first. */
static void add_joint(struct page *page, bool *is_first)
{
    add(page, *is_first ? " when " : ", ");
    *is_first = false;
}

static void add_caveats(struct page *page, const struct wlk_arrangement *a,
                        const struct wlk_clause *clause)
{
    const char *before = "caveats ";
    for (size_t i = 0; i < a->caveat_count; i++)
        if (clause->caveat[i]) {
            add(page, "%s\"%s\"", before, a->caveat[i]);
            before = " or ";
        }
}

static void add_conditions(struct page *page, const struct wlk_arrangement *a,
                           const struct wlk_clause *clause)
{
    bool is_first = true;
    if (clause->needs_event) {
        add_joint(page, &is_first);
        add(page, "event open");
    }
    if (clause->has_region) {
        add_joint(page, &is_first);
        add(page, "region ");
        add_set(page, (struct set){clause->region, WLK_REGION_END, REGIONS, " or "});
    }
    if (clause->has_nature) {
        add_joint(page, &is_first);
        add(page, "nature ");
        add_set(page, (struct set){clause->nature, WLK_NATURE_END, NATURES, " or "});
    }
    if (clause->class_most) {
        add_joint(page, &is_first);
        add(page, "class at most %s",
            wlk_classification_word((enum wlk_classification)clause->class_most));
    }
    if (clause->exercise) {
        add_joint(page, &is_first);
        add(page, "exercise id \"%s\"", a->exercise[clause->exercise - 1]);
    }
    if (clause->has_caveat) {
        add_joint(page, &is_first);
        add_caveats(page, a, clause);
    }
}

static void add_clause(struct page *page, const struct wlk_arrangement *a,
                       const struct wlk_clause *clause)
{
    add(page, "%s %s: ", clause->is_forbid ? "forbid" : "permit", clause->name);
    add_set(page, (struct set){clause->type, WLK_TYPE_END, TYPES, ", "});
    add(page, " from ");
    add_nations(page, a, clause->from);
    add(page, " to ");
    add_nations(page, a, clause->to);
    add_conditions(page, a, clause);
    if (clause->has_group) {
        add(page, "; groups ");
        add_set(page, (struct set){clause->group, WLK_GROUP_END, GROUPS, ", "});
    }
    if (clause->age_most_s)
        add(page, "; age at most %u s", (unsigned)clause->age_most_s);
    if (clause->rate_most_per_s)
        add(page, "; rate at most %u/s", (unsigned)clause->rate_most_per_s);
    add(page, "\n");
}

wlk_status wlk_arrangement_print(const struct wlk_arrangement *arrangement, char *text,
                                 size_t size)
{
    /* Written aside first: on WLK_FULL the caller's text stays as it was. */
    char aside[WLK_ARRANGEMENT_TEXT_MAX];
    struct page page = {.text = aside, .size = sizeof aside};
    add_head(&page, arrangement);
    for (size_t i = 0; i < arrangement->key_count; i++)
        add_key(&page, arrangement, &arrangement->key[i]);
    for (size_t i = 0; i < arrangement->pin_count; i++) {
        add(&page, "certificate %s ",
            wlk_arrangement_owner_name(arrangement, arrangement->pin[i].owner).text);
        add_digest(&page, &arrangement->pin[i].key_hash);
        add(&page, "\n");
    }
    for (size_t i = 0; i < arrangement->clause_count; i++)
        add_clause(&page, arrangement, &arrangement->clause[i]);
    for (size_t i = 0; i < arrangement->require_count; i++) {
        const struct wlk_require *require = &arrangement->require[i];
        add(&page, "require %s: %s %s from %s reaches %s\n", require->name,
            wlk_type_word(require->type), wlk_group_word(require->group),
            arrangement->party[require->from].text, arrangement->party[require->to].text);
    }
    if (page.is_full || page.used >= size)
        return WLK_FULL;
    memcpy(text, aside, page.used + 1);
    return WLK_OK;
}

bool wlk_arrangement_is_canonical(const struct wlk_arrangement *arrangement, const char *text,
                                  size_t *line_out)
{
    char canonical[WLK_ARRANGEMENT_TEXT_MAX];
    size_t i = 0, line = 1;
    if (wlk_arrangement_print(arrangement, canonical, sizeof canonical) != WLK_OK) {
        *line_out = 1;
        return false;
    }
    for (; canonical[i] == text[i]; i++) {
        if (!text[i])
            return true;
        line += text[i] == '\n';
    }
    *line_out = line;
    return false;
}
