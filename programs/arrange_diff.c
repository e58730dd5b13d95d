/* arrange_diff.c -- "warnlink arrange diff": what changes for whom, in plain words.
 *
 * Sentences come from what passes, not from how clauses are written: two texts that let the
 * same through differ in no sentence about records.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/arrange.h"

#include "base/clock.h"
#include "release/terms.h"

#include <stdio.h>

struct side {
    const struct wlk_arrangement *a;
    struct wlk_rules rules;
};

static unsigned changes;

/* ---- who, when, what for ---- */

static void print_names(const char *words, const wlk_name *name, size_t count,
                        const wlk_name *other, size_t other_count)
{
    for (size_t i = 0; i < count; i++) {
        bool is_there = false;
        for (size_t k = 0; k < other_count; k++)
            is_there = is_there || wlk_name_equal(name[i], other[k]);
        if (!is_there) {
            printf("%s %s.\n", name[i].text, words);
            changes++;
        }
    }
}

static void print_term(const struct wlk_arrangement *before,
                       const struct wlk_arrangement *after)
{
    char from[32], until[32], old_from[32], old_until[32];
    if (before->effective.ns == after->effective.ns && before->until.ns == after->until.ns)
        return;
    wlk_utc_text(before->effective, 0, old_from);
    wlk_utc_text(before->until, 0, old_until);
    wlk_utc_text(after->effective, 0, from);
    wlk_utc_text(after->until, 0, until);
    printf("It holds from %s until %s (was: from %s until %s).\n", from, until, old_from,
           old_until);
    changes++;
}

static void print_head(const struct side *before, const struct side *after)
{
    const struct wlk_arrangement *b = before->a, *a = after->a;
    wlk_digest digest = wlk_arrangement_digest(b);
    printf("%s version %llu, compared with %s version %llu\n", a->name.text,
           (unsigned long long)a->version, b->name.text, (unsigned long long)b->version);
    if (a->has_replaces)
        printf("It replaces %s.\n", wlk_digest_equal(&a->replaces, &digest)
                                        ? "exactly the one it is compared with"
                                        : "ANOTHER arrangement than the one it is compared "
                                          "with");
    print_names("joins as a party", a->party, a->party_count, b->party, b->party_count);
    print_names("is no party any more", b->party, b->party_count, a->party, a->party_count);
    print_names("joins as a hub", a->hub, a->hub_count, b->hub, b->hub_count);
    print_names("is no hub any more", b->hub, b->hub_count, a->hub, a->hub_count);
    print_term(b, a);
    if (strcmp(a->purpose, b->purpose) != 0) {
        printf("Its purpose is: %s (was: %s)\n", a->purpose, b->purpose);
        changes++;
    }
}

/* ---- keys and certificates ---- */

static const struct wlk_arrangement_key *same_key(const struct wlk_arrangement *of,
                                                  const struct wlk_arrangement *in,
                                                  const struct wlk_arrangement_key *key)
{
    wlk_name owner = wlk_arrangement_owner_name(of, key->owner);
    for (size_t i = 0; i < in->key_count; i++) {
        const struct wlk_arrangement_key *other = &in->key[i];
        if (wlk_name_equal(wlk_arrangement_owner_name(in, other->owner), owner) &&
            memcmp(other->public_key.bytes, key->public_key.bytes, WLK_PUBLIC_KEY_SIZE) == 0)
            return other;
    }
    return NULL;
}

static void print_key(const char *words, const struct wlk_arrangement *a,
                      const struct wlk_arrangement_key *key)
{
    char until[32];
    wlk_utc_text(key->not_after, 0, until);
    printf("%s %s a key", wlk_arrangement_owner_name(a, key->owner).text, words);
    for (unsigned u = 1; u < WLK_KEY_USE_END; u++)
        if (key->use[u])
            printf(" %s", wlk_key_use_word((enum wlk_key_use)u));
    for (unsigned n = 1; n < WLK_NATURE_END; n++)
        if (key->nature[n])
            printf(" %s", wlk_nature_word((enum wlk_nature)n));
    printf(" (kid %02x%02x%02x%02x, until %s).\n", key->public_key.kid[0],
           key->public_key.kid[1], key->public_key.kid[2], key->public_key.kid[3], until);
    changes++;
}

static void print_keys(const struct wlk_arrangement *before,
                       const struct wlk_arrangement *after)
{
    for (size_t i = 0; i < after->key_count; i++) {
        const struct wlk_arrangement_key *key = &after->key[i];
        const struct wlk_arrangement_key *old = same_key(after, before, key);
        if (!old)
            print_key("brings", after, key);
        else if (old->not_before.ns != key->not_before.ns ||
                 old->not_after.ns != key->not_after.ns ||
                 memcmp(old->use, key->use, sizeof key->use) != 0 ||
                 memcmp(old->nature, key->nature, sizeof key->nature) != 0)
            print_key("changes use or term of", after, key);
    }
    for (size_t i = 0; i < before->key_count; i++)
        if (!same_key(before, after, &before->key[i]))
            print_key("takes back", before, &before->key[i]);
}

static void print_pins(const char *words, const struct wlk_arrangement *a,
                       const struct wlk_arrangement *other)
{
    for (size_t i = 0; i < a->pin_count; i++) {
        wlk_name owner = wlk_arrangement_owner_name(a, a->pin[i].owner);
        if (wlk_arrangement_has_pin(other, owner, &a->pin[i].key_hash))
            continue;
        printf("%s %s a certificate.\n", owner.text, words);
        changes++;
    }
}

/* ---- records ---- */

/* The terms of a path that another arrangement names; nothing where a party is missing. */
static void terms_in(const struct side *side, const struct wlk_arrangement *of,
                     const struct wlk_path_question *path, struct wlk_terms *terms,
                     char words[WLK_TERMS_TEXT_SIZE])
{
    struct wlk_path_question same = *path;
    memset(terms, 0, sizeof *terms);
    words[0] = 0;
    if (!wlk_arrangement_party(side->a, of->party[path->from], &same.from) ||
        !wlk_arrangement_party(side->a, of->party[path->to], &same.to))
        return;
    wlk_terms_find(side->a, &side->rules, &same, terms);
    if (terms->may)
        wlk_terms_words(side->a, terms, words);
}

static void print_subject(const struct wlk_arrangement *a, const struct wlk_path_question *path)
{
    printf("%s: %s%s%s from %s", a->party[path->to].text, wlk_type_word(path->type),
           path->group == WLK_GROUP_BODY ? "" : " ",
           path->group == WLK_GROUP_BODY ? "" : wlk_group_word(path->group),
           a->party[path->from].text);
    if (path->nature != WLK_NATURE_REAL)
        printf(" (%s)", wlk_nature_word(path->nature));
}

static unsigned print_path(const struct side *before, const struct side *after,
                           const struct wlk_arrangement *of,
                           const struct wlk_path_question *path)
{
    struct wlk_terms was, is;
    char was_words[WLK_TERMS_TEXT_SIZE], is_words[WLK_TERMS_TEXT_SIZE];
    terms_in(before, of, path, &was, was_words);
    terms_in(after, of, path, &is, is_words);
    if (!was.may && !is.may)
        return 0;
    if (was.may && is.may && strcmp(was_words, is_words) == 0)
        return 1;
    print_subject(of, path);
    if (!was.may)
        printf(" BEGINS%s%s\n", *is_words ? ", " : "", is_words);
    else if (!is.may)
        printf(" ENDS\n");
    else
        printf(" CHANGES: %s (was: %s)\n", *is_words ? is_words : "without condition",
               *was_words ? was_words : "without condition");
    changes++;
    return 0;
}

/* Every path between the parties of one side; recipients first, as each reads his own. Those
 * whose two parties are on the other side as well are left to it if is_rest. */
static unsigned print_paths(const struct side *before, const struct side *after,
                            const struct wlk_arrangement *of, bool is_rest)
{
    const struct wlk_arrangement *other = of == before->a ? after->a : before->a;
    unsigned unchanged = 0, groups = WLK_GROUP_END - 1, natures = WLK_NATURE_END - 1;
    unsigned parties = (unsigned)of->party_count;
    for (unsigned n = 0; n < parties * parties * natures * WLK_TYPE_PLOT * groups; n++) {
        unsigned rest = n / groups / WLK_TYPE_PLOT / natures;
        struct wlk_path_question path = {
            .from = (uint8_t)(rest % parties),
            .to = (uint8_t)(rest / parties),
            .type = (enum wlk_type)(1 + n / groups % WLK_TYPE_PLOT),
            .nature = (enum wlk_nature)(1 + n / groups / WLK_TYPE_PLOT % natures),
            .group = (enum wlk_group)(1 + n % groups)};
        uint8_t index;
        bool is_common = wlk_arrangement_party(other, of->party[path.from], &index) &&
                         wlk_arrangement_party(other, of->party[path.to], &index);
        if (path.from != path.to && wlk_terms_has_group(path.type, path.group) &&
            !(is_rest && is_common))
            unchanged += print_path(before, after, of, &path);
    }
    return unchanged;
}

/* ---- requires ---- */

static void print_requires(const char *words, const struct wlk_arrangement *a,
                           const struct wlk_arrangement *other)
{
    for (size_t i = 0; i < a->require_count; i++) {
        const struct wlk_require *one = &a->require[i];
        bool is_there = false;
        for (size_t k = 0; k < other->require_count; k++) {
            const struct wlk_require *two = &other->require[k];
            is_there = is_there ||
                       (one->type == two->type && one->group == two->group &&
                        wlk_name_equal(a->party[one->from], other->party[two->from]) &&
                        wlk_name_equal(a->party[one->to], other->party[two->to]));
        }
        if (is_there)
            continue;
        printf("%s: that %s %s from %s reaches %s.\n", words, wlk_type_word(one->type),
               wlk_group_word(one->group), a->party[one->from].text, a->party[one->to].text);
        changes++;
    }
}

static int compare(const struct wlk_sheet *old, const struct wlk_sheet *new)
{
    static struct side before, after;
    changes = 0;
    before.a = &old->arrangement;
    after.a = &new->arrangement;
    wlk_rules_make(before.a, &before.rules);
    wlk_rules_make(after.a, &after.rules);
    print_head(&before, &after);
    print_keys(before.a, after.a);
    print_pins("brings", after.a, before.a);
    print_pins("takes back", before.a, after.a);
    unsigned unchanged = print_paths(&before, &after, after.a, false);
    (void)print_paths(&before, &after, before.a, true);
    print_requires("Required from now on", after.a, before.a);
    print_requires("No longer required", before.a, after.a);
    if (changes)
        printf("%u changes; %u paths stay as they are.\n", changes, unchanged);
    else if (wlk_digest_equal(&old->digest, &new->digest))
        printf("They are the same, to the last byte.\n");
    else
        printf("Nothing changes for anybody; only names or order of lines, or the version.\n");
    return 0;
}

int wlk_arrange_diff(int argc, char *argv[])
{
    static struct wlk_sheet before, after;
    struct wlk_options options = {.program = "warnlink arrange diff",
                                  .purpose = "say in plain words how two arrangements differ",
                                  .operands = "BEFORE AFTER",
                                  .operand_count_min = 2,
                                  .operand_count_max = 2};
    struct wlk_fault fault = {.rule = NULL};
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    status = wlk_sheet_read(options.operand[0], &before, &fault);
    if (status == WLK_OK)
        status = wlk_sheet_read(options.operand[1], &after, &fault);
    if (status != WLK_OK)
        return wlk_options_fault(&options, status, &fault);
    return compare(&before, &after);
}
