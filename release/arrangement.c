/* arrangement.c -- who is who in an arrangement, and the rules it must obey.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/arrangement.h"

#include "base/assert.h"
#include "record/cbor.h"

/* Terms and key times: whole seconds, 1970 to 2200, as wlk_utc_text writes them. */
static const int64_t SECOND_NS = INT64_C(1000000000);
static const int64_t TERM_NS_MAX = INT64_C(7258118400) * INT64_C(1000000000);
enum {
    AGE_S_MAX = 31536000, /* a year: more would be no limit */
    RATE_PER_S_MAX = 100000
};

static bool is_name(const char *text)
{
    wlk_name name;
    return wlk_name_parse(text, &name) == WLK_OK;
}

static size_t members(const uint8_t *set, size_t count)
{
    size_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += set[i] != 0;
    return sum;
}

/* Every byte 0 or 1, and number 0 of an enum never in it. */
static bool is_set(const uint8_t *set, size_t count, bool has_zero)
{
    for (size_t i = 0; i < count; i++)
        if (set[i] > 1)
            return false;
    return has_zero || !set[0];
}

static const char *sets_fault(const struct wlk_clause *clause)
{
    if (!is_set(clause->type, WLK_TYPE_END, false) || clause->type[WLK_TYPE_STATUS] ||
        clause->type[WLK_TYPE_RECEIPT] || clause->type[WLK_TYPE_REFUSED])
        return "a clause names launch, impact, cancel, track or plot";
    if (!is_set(clause->from, WLK_PARTIES_MAX, true) ||
        !is_set(clause->to, WLK_PARTIES_MAX, true) ||
        !is_set(clause->region, WLK_REGION_END, false) ||
        !is_set(clause->nature, WLK_NATURE_END, false) ||
        !is_set(clause->group, WLK_GROUP_END, false) || clause->group[WLK_GROUP_BODY] ||
        !is_set(clause->caveat, WLK_ARRANGEMENT_WORDS_MAX, true))
        return "a set holds something else";
    if (!members(clause->type, WLK_TYPE_END) || !members(clause->from, WLK_PARTIES_MAX) ||
        !members(clause->to, WLK_PARTIES_MAX))
        return "a clause names types, from and to";
    if (members(clause->from, WLK_PARTIES_MAX) == 1 &&
        memcmp(clause->from, clause->to, sizeof clause->to) == 0)
        return "from and to are the same nation";
    if ((members(clause->region, WLK_REGION_END) != 0) != (clause->has_region == 1) ||
        (members(clause->nature, WLK_NATURE_END) != 0) != (clause->has_nature == 1) ||
        (members(clause->group, WLK_GROUP_END) != 0) != (clause->has_group == 1) ||
        (members(clause->caveat, WLK_ARRANGEMENT_WORDS_MAX) != 0) != (clause->has_caveat == 1))
        return "a condition names nothing";
    if (members(clause->caveat, WLK_ARRANGEMENT_WORDS_MAX) > WLK_CAVEATS_MAX)
        return "a clause names at most 4 caveats";
    return NULL;
}

static size_t estimates(const struct wlk_clause *clause)
{
    return (size_t)clause->type[WLK_TYPE_LAUNCH] + clause->type[WLK_TYPE_IMPACT] +
           clause->type[WLK_TYPE_TRACK];
}

static const char *forbid_fault(const struct wlk_clause *clause)
{
    if (clause->needs_event || clause->class_most || clause->age_most_s ||
        clause->rate_most_per_s)
        return "a forbid has no event, class, age or rate";
    if (clause->has_group && estimates(clause) != members(clause->type, WLK_TYPE_END))
        return "groups concern launch, impact and track only";
    return NULL;
}

static const char *permit_fault(const struct wlk_clause *clause)
{
    if (!clause->has_nature)
        return "a permit says which nature";
    if (clause->exercise && clause->nature[WLK_NATURE_REAL])
        return "an exercise id does not go with nature real";
    if (estimates(clause) && !clause->has_group)
        return "a permit of launch, impact or track says which groups";
    if (!estimates(clause) && clause->has_group)
        return "groups concern launch, impact and track only";
    if (clause->needs_event > 1 || clause->class_most >= WLK_CLASSIFICATION_END ||
        clause->age_most_s > AGE_S_MAX || clause->rate_most_per_s > RATE_PER_S_MAX)
        return "a limit is out of range";
    return NULL;
}

const char *wlk_clause_fault(const struct wlk_clause *clause)
{
    const char *fault = sets_fault(clause);
    if (!is_name(clause->name))
        return "a clause name is 1-15 of A-Z 0-9 -";
    if (clause->is_forbid > 1 || clause->exercise > WLK_ARRANGEMENT_WORDS_MAX)
        return "a number is out of range";
    if (fault)
        return fault;
    return clause->is_forbid ? forbid_fault(clause) : permit_fault(clause);
}

static bool is_term(wlk_utc from, wlk_utc until)
{
    return from.ns >= 0 && until.ns < TERM_NS_MAX && from.ns < until.ns &&
           from.ns % SECOND_NS == 0 && until.ns % SECOND_NS == 0;
}

static bool is_ascending(const wlk_name *name, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!is_name(name[i].text) ||
            (i && memcmp(name[i - 1].text, name[i].text, WLK_NAME_SIZE) >= 0))
            return false;
    return true;
}

static const char *head_fault(const struct wlk_arrangement *a)
{
    if (!is_name(a->name.text))
        return "an arrangement name is 1-15 of A-Z 0-9 -";
    if (a->version < 1 || a->version > INT32_MAX)
        return "a version is 1 or more";
    if (a->has_replaces != (a->version > 1))
        return "version 1 replaces nothing, every later one does";
    if (a->party_count < 2 || a->party_count > WLK_PARTIES_MAX || a->hub_count < 1 ||
        a->hub_count > WLK_HUBS_MAX)
        return "2-8 parties and 1-2 hubs";
    if (!is_ascending(a->party, a->party_count) || !is_ascending(a->hub, a->hub_count))
        return "parties and hubs are names in ascending order, none twice";
    for (size_t i = 0; i < a->hub_count; i++)
        for (size_t k = 0; k < a->party_count; k++)
            if (wlk_name_equal(a->hub[i], a->party[k]))
                return "a hub has a name of its own";
    if (!is_term(a->effective, a->until))
        return "the term is whole seconds and ends after it begins";
    size_t length = strnlen(a->purpose, sizeof a->purpose);
    if (length == 0 || length == sizeof a->purpose || strchr(a->purpose, '"') ||
        !wlk_cbor_is_clean_text((const uint8_t *)a->purpose, length))
        return "a purpose is 1-255 bytes of text without quotes";
    return NULL;
}

static bool is_owner(const struct wlk_arrangement *a, uint8_t owner)
{
    return owner < a->party_count ||
           (owner >= WLK_PARTIES_MAX && owner - WLK_PARTIES_MAX < (int)a->hub_count);
}

static const char *key_fault(const struct wlk_arrangement *a, size_t i)
{
    const struct wlk_arrangement_key *key = &a->key[i];
    size_t uses = members(key->use, WLK_KEY_USE_END);
    size_t natures = members(key->nature, WLK_NATURE_END);
    bool is_hub = key->owner >= WLK_PARTIES_MAX;
    if (!is_owner(a, key->owner))
        return "a key belongs to a party or a hub";
    if (!is_set(key->use, WLK_KEY_USE_END, false) || !uses ||
        !is_set(key->nature, WLK_NATURE_END, false))
        return "a key says what it may sign";
    if (key->use[WLK_KEY_ROOT] && (uses > 1 || natures || is_hub))
        return "a root key is a party's, has no other use and no nature";
    if (!key->use[WLK_KEY_ROOT] && !natures)
        return "a key says which nature it may sign";
    if (key->nature[WLK_NATURE_REAL] && natures > 1)
        return "a key for real records signs no other nature";
    if (is_hub ? key->use[WLK_KEY_RECEIPT] : key->use[WLK_KEY_NOTICE])
        return "hubs sign notices, parties sign receipts";
    if (!is_term(key->not_before, key->not_after))
        return "a key's term is whole seconds and ends after it begins";
    for (size_t k = 0; k < i; k++) {
        if (memcmp(a->key[k].public_key.bytes, key->public_key.bytes, WLK_PUBLIC_KEY_SIZE) ==
                0 ||
            memcmp(a->key[k].public_key.kid, key->public_key.kid, WLK_KID_SIZE) == 0)
            return "a key stands twice";
        if (a->key[k].owner == key->owner && a->key[k].use[WLK_KEY_ROOT] &&
            key->use[WLK_KEY_ROOT])
            return "a party has one root key";
    }
    return NULL;
}

static const char *pin_fault(const struct wlk_arrangement *a, size_t i)
{
    if (!is_owner(a, a->pin[i].owner))
        return "a certificate belongs to a party or a hub";
    for (size_t k = 0; k < i; k++)
        if (wlk_digest_equal(&a->pin[k].key_hash, &a->pin[i].key_hash))
            return "a certificate stands twice";
    return NULL;
}

/* Exercise ids and caveats are quoted in the text and stand between commas. */
static bool is_label(const char *text)
{
    size_t length = strnlen(text, WLK_TEXT_SIZE);
    return length > 0 && length < WLK_TEXT_SIZE && !strpbrk(text, "\",;") &&
           wlk_cbor_is_clean_text((const uint8_t *)text, length);
}

static bool are_labels(const char table[][WLK_TEXT_SIZE], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!is_label(table[i]))
            return false;
        for (size_t k = 0; k < i; k++)
            if (strcmp(table[k], table[i]) == 0)
                return false;
    }
    return true;
}

/* The tables hold what the clauses name, by first use: so that text, CBOR and struct are one
 * to one. */
static bool are_tables_in_order(const struct wlk_arrangement *a)
{
    size_t exercises = 0, caveats = 0;
    for (size_t i = 0; i < a->clause_count; i++) {
        if (a->clause[i].exercise > exercises + 1)
            return false;
        if (a->clause[i].exercise == exercises + 1)
            exercises++;
        for (size_t k = 0; k < WLK_ARRANGEMENT_WORDS_MAX; k++) {
            if (a->clause[i].caveat[k] && k > caveats)
                return false;
            if (a->clause[i].caveat[k] && k == caveats)
                caveats++;
        }
    }
    return exercises == a->exercise_count && caveats == a->caveat_count;
}

static bool is_name_free(const struct wlk_arrangement *a, size_t clauses, size_t requires,
                         const char *name)
{
    for (size_t k = 0; k < clauses; k++)
        if (strcmp(a->clause[k].name, name) == 0)
            return false;
    for (size_t k = 0; k < requires; k++)
        if (strcmp(a->require[k].name, name) == 0)
            return false;
    return true;
}

static const char *clauses_fault(const struct wlk_arrangement *a)
{
    for (size_t i = 0; i < a->clause_count; i++) {
        const struct wlk_clause *clause = &a->clause[i];
        const char *fault = wlk_clause_fault(clause);
        if (fault)
            return fault;
        for (size_t k = a->party_count; k < WLK_PARTIES_MAX; k++)
            if (clause->from[k] || clause->to[k])
                return "a clause names a nation that is no party";
        if (!is_name_free(a, i, 0, clause->name))
            return "two clauses have one name";
        if (!clause->is_forbid && clause->type[WLK_TYPE_PLOT] && a->party_count > 2)
            return "plots pass only between two parties";
    }
    return NULL;
}

static const char *require_fault(const struct wlk_arrangement *a, size_t i)
{
    const struct wlk_require *require = &a->require[i];
    bool is_estimate = require->type == WLK_TYPE_LAUNCH || require->type == WLK_TYPE_IMPACT ||
                       require->type == WLK_TYPE_TRACK;
    if (!is_name(require->name))
        return "a clause name is 1-15 of A-Z 0-9 -";
    if (!is_name_free(a, a->clause_count, i, require->name))
        return "two clauses have one name";
    if (!is_estimate && require->type != WLK_TYPE_CANCEL && require->type != WLK_TYPE_PLOT)
        return "a clause names launch, impact, cancel, track or plot";
    if (require->group < WLK_GROUP_COARSE || require->group >= WLK_GROUP_END ||
        is_estimate != (require->group != WLK_GROUP_BODY))
        return "a require names a group that its type has";
    if (require->from >= a->party_count || require->to >= a->party_count ||
        require->from == require->to)
        return "a require goes from one party to another";
    return NULL;
}

const char *wlk_arrangement_fault(const struct wlk_arrangement *a)
{
    const char *fault = head_fault(a);
    if (fault)
        return fault;
    if (a->key_count > WLK_ARRANGEMENT_KEYS_MAX || a->pin_count > WLK_ARRANGEMENT_PINS_MAX ||
        a->clause_count > WLK_ARRANGEMENT_CLAUSES_MAX ||
        a->require_count > WLK_ARRANGEMENT_REQUIRES_MAX ||
        a->exercise_count > WLK_ARRANGEMENT_WORDS_MAX ||
        a->caveat_count > WLK_ARRANGEMENT_WORDS_MAX)
        return "too many lines of one kind";
    for (size_t i = 0; i < a->key_count && !fault; i++)
        fault = key_fault(a, i);
    for (size_t i = 0; i < a->pin_count && !fault; i++)
        fault = pin_fault(a, i);
    if (!fault)
        fault = clauses_fault(a);
    for (size_t i = 0; i < a->require_count && !fault; i++)
        fault = require_fault(a, i);
    if (!fault && (!are_labels(a->exercise, a->exercise_count) ||
                   !are_labels(a->caveat, a->caveat_count) || !are_tables_in_order(a)))
        fault = "exercise ids and caveats are 1-63 bytes of text without , ; or quotes";
    return fault;
}

bool wlk_arrangement_party(const struct wlk_arrangement *arrangement, wlk_name name,
                           uint8_t *index_out)
{
    for (size_t i = 0; i < arrangement->party_count; i++)
        if (wlk_name_equal(arrangement->party[i], name)) {
            *index_out = (uint8_t)i;
            return true;
        }
    return false;
}

bool wlk_arrangement_owner(const struct wlk_arrangement *arrangement, wlk_name name,
                           uint8_t *owner_out)
{
    if (wlk_arrangement_party(arrangement, name, owner_out))
        return true;
    for (size_t i = 0; i < arrangement->hub_count; i++)
        if (wlk_name_equal(arrangement->hub[i], name)) {
            *owner_out = (uint8_t)(WLK_PARTIES_MAX + i);
            return true;
        }
    return false;
}

wlk_name wlk_arrangement_owner_name(const struct wlk_arrangement *arrangement, uint8_t owner)
{
    WLK_ASSERT(is_owner(arrangement, owner));
    return owner < WLK_PARTIES_MAX ? arrangement->party[owner]
                                   : arrangement->hub[owner - WLK_PARTIES_MAX];
}
