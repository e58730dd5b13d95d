/* sample.c -- random valid arrangements for tests.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/sample.h"

#include "base/assert.h"
#include "base/words.h"

#include <stdio.h>
#include <stdlib.h>

static const int64_t SECOND_NS = INT64_C(1000000000);
static const int64_t DAY_S = 86400;

wlk_utc wlk_sample_now(void)
{
    wlk_utc now = {0};
    wlk_status status = wlk_utc_parse("2026-11-23T00:00:00Z", &now);
    WLK_ASSERT(status == WLK_OK);
    return now;
}

const struct wlk_secret_key *wlk_sample_key(unsigned number)
{
    static struct wlk_secret_key key[WLK_SAMPLE_KEYS];
    static bool is_made;
    if (!is_made) {
        wlk_status status = wlk_seal_init();
        WLK_ASSERT(status == WLK_OK);
        for (unsigned i = 0; i < WLK_SAMPLE_KEYS; i++) {
            uint8_t seed[WLK_SEED_SIZE] = {(uint8_t)i, 77};
            wlk_key_from_seed(seed, &key[i]);
        }
        is_made = true;
    }
    WLK_ASSERT(number < WLK_SAMPLE_KEYS);
    return &key[number];
}

static bool chance(struct wlk_random *random, unsigned in)
{
    return wlk_random_below(random, in) == 0;
}

static uint64_t below(struct wlk_random *random, uint64_t bound)
{
    return wlk_random_below(random, bound);
}

static void random_label(struct wlk_random *random, unsigned number, char text[WLK_TEXT_SIZE])
{
    memset(text, 0, WLK_TEXT_SIZE);
    switch (below(random, 5)) {
    case 0:
        snprintf(text, WLK_TEXT_SIZE, "FREEDOM-%u", number);
        return;
    case 1:
        snprintf(text, WLK_TEXT_SIZE, "ulchi guard %u", number);
        return;
    case 2:
        snprintf(text, WLK_TEXT_SIZE, "# %u:", number);
        return;
    case 3:
        snprintf(text, WLK_TEXT_SIZE, " %u  %039u", number, number);
        return;
    default:
        snprintf(text, WLK_TEXT_SIZE, "フリーダム %u", number);
    }
}

static wlk_utc random_day(struct wlk_random *random, int64_t low_day, int64_t high_day)
{
    int64_t day = low_day + (int64_t)below(random, (uint64_t)(high_day - low_day));
    wlk_utc time = {(day * DAY_S + (int64_t)below(random, 86400)) * SECOND_NS};
    return time;
}

static void random_head(struct wlk_random *random, struct wlk_arrangement *out)
{
    static const char *const NATIONS[] = {"AU", "CA", "GB", "JP", "KR", "NL", "PH", "US"};
    static const char *const PURPOSES[] = {"Early warning; civil protection.", "x",
                                           "日本と韓国, 早期警戒 # not a comment", "a,b;c:"};
    out->name = wlk_name_of(chance(random, 2) ? "TMW-1" : "A23456789012345");
    out->version = 1 + below(random, 4);
    out->has_replaces = out->version > 1;
    for (size_t i = 0; out->has_replaces && i < WLK_DIGEST_SIZE; i++)
        out->replaces.bytes[i] = (uint8_t)below(random, 256);
    size_t parties = 2 + below(random, WLK_PARTIES_MAX - 1);
    for (size_t i = 0; i < 8 && out->party_count < parties; i++)
        if (8 - i <= parties - out->party_count || chance(random, 2))
            out->party[out->party_count++] = wlk_name_of(NATIONS[i]);
    out->hub[out->hub_count++] = wlk_name_of("HON-A");
    if (chance(random, 2))
        out->hub[out->hub_count++] = wlk_name_of("HON-B");
    out->effective = random_day(random, 0, 20000);
    out->until = random_day(random, 20001, 80000);
    snprintf(out->purpose, sizeof out->purpose, "%s", PURPOSES[below(random, 4)]);
}

static uint8_t random_owner(struct wlk_random *random, const struct wlk_arrangement *a)
{
    uint64_t owner = below(random, a->party_count + a->hub_count);
    return (uint8_t)(owner < a->party_count ? owner : owner - a->party_count + WLK_PARTIES_MAX);
}

static void random_keys(struct wlk_random *random, struct wlk_arrangement *out)
{
    /* few, mostly: reading a key costs a tenth of a millisecond */
    size_t count = below(random, chance(random, 32) ? WLK_SAMPLE_KEYS + 1 : 6);
    bool has_root[WLK_OWNERS_MAX] = {false};
    for (size_t i = 0; i < count; i++) {
        struct wlk_arrangement_key *key = &out->key[out->key_count++];
        key->owner = random_owner(random, out);
        key->public_key = wlk_sample_key((unsigned)i)->public_key;
        key->not_before = random_day(random, 0, 20000);
        key->not_after = random_day(random, 20001, 80000);
        bool is_hub = key->owner >= WLK_PARTIES_MAX;
        if (!is_hub && !has_root[key->owner] && chance(random, 2)) {
            has_root[key->owner] = true;
            key->use[WLK_KEY_ROOT] = 1;
            continue;
        }
        key->use[is_hub ? WLK_KEY_NOTICE : WLK_KEY_RECEIPT] = chance(random, 2);
        key->use[WLK_KEY_RECORD] =
            !key->use[is_hub ? WLK_KEY_NOTICE : WLK_KEY_RECEIPT] || chance(random, 2);
        if (chance(random, 2)) {
            key->nature[WLK_NATURE_REAL] = 1;
        } else {
            key->nature[WLK_NATURE_EXERCISE] = 1;
            key->nature[WLK_NATURE_TEST] = chance(random, 2);
        }
    }
    size_t pins = below(random, 5);
    for (size_t i = 0; i < pins; i++) {
        out->pin[out->pin_count].owner = random_owner(random, out);
        out->pin[out->pin_count++].key_hash.bytes[0] = (uint8_t)i;
    }
}

/* At least one of each set; never from one nation to itself only. */
static void random_direction(struct wlk_random *random, const struct wlk_arrangement *a,
                             struct wlk_clause *clause)
{
    size_t from = below(random, a->party_count);
    size_t to = (from + 1 + below(random, a->party_count - 1)) % a->party_count;
    clause->from[from] = clause->to[to] = 1;
    for (size_t i = 0; i < a->party_count; i++) {
        clause->from[i] |= chance(random, 4);
        clause->to[i] |= chance(random, 4);
    }
}

static void random_conditions(struct wlk_random *random, struct wlk_clause *clause)
{
    if (chance(random, 2)) {
        clause->has_region = 1;
        clause->region[1 + below(random, 2)] = 1;
        clause->region[1 + below(random, 2)] = 1;
    }
    if (!clause->is_forbid || chance(random, 2)) {
        clause->has_nature = 1;
        clause->nature[1 + below(random, 3)] = 1;
        clause->nature[1 + below(random, 3)] = 1;
    }
    if (clause->is_forbid)
        return;
    clause->needs_event = chance(random, 3);
    clause->class_most = chance(random, 2) ? (uint8_t)(1 + below(random, 5)) : 0;
    clause->age_most_s = chance(random, 3) ? (uint32_t)(1 + below(random, 31536000)) : 0;
    clause->rate_most_per_s = chance(random, 3) ? (uint32_t)(1 + below(random, 100000)) : 0;
}

/* Labels by first use, as the rules ask. */
static void random_labels(struct wlk_random *random, struct wlk_arrangement *out,
                          struct wlk_clause *clause)
{
    if (chance(random, 3) && (clause->is_forbid || !clause->nature[WLK_NATURE_REAL])) {
        size_t i = below(random, out->exercise_count + 1);
        i = i < 8 ? i : 7;
        if (i == out->exercise_count)
            random_label(random, (unsigned)i, out->exercise[out->exercise_count++]);
        clause->exercise = (uint8_t)(i + 1);
    }
    for (unsigned n = 0; n < WLK_CAVEATS_MAX && chance(random, 3); n++) {
        size_t i = below(random, out->caveat_count + 1);
        i = i < 8 ? i : 7;
        if (i == out->caveat_count)
            random_label(random, (unsigned)(100 + i), out->caveat[out->caveat_count++]);
        clause->has_caveat = clause->caveat[i] = 1;
    }
}

static void random_clause(struct wlk_random *random, struct wlk_arrangement *out)
{
    struct wlk_clause *clause = &out->clause[out->clause_count];
    static const uint8_t estimate[WLK_TYPE_END] = {
        [WLK_TYPE_LAUNCH] = 1, [WLK_TYPE_IMPACT] = 1, [WLK_TYPE_TRACK] = 1};
    bool has_estimate = false, is_all_estimate = true;
    snprintf(clause->name, sizeof clause->name, "%c%u", "WTXN"[below(random, 4)],
             (unsigned)out -> clause_count);
    clause->is_forbid = chance(random, 4);
    unsigned types = out->party_count == 2 || clause->is_forbid ? 5 : 4;
    for (unsigned n = 0; n < 3; n++)
        clause->type[1 + below(random, types)] = 1;
    for (unsigned t = 0; t < WLK_TYPE_END; t++) {
        has_estimate = has_estimate || (clause->type[t] && estimate[t]);
        is_all_estimate = is_all_estimate && (!clause->type[t] || estimate[t]);
    }
    random_direction(random, out, clause);
    random_conditions(random, clause);
    random_labels(random, out, clause);
    clause->has_group = clause->is_forbid ? is_all_estimate && chance(random, 2) : has_estimate;
    for (unsigned n = 0; clause->has_group && n < 2; n++)
        clause->group[1 + below(random, 3)] = 1;
    out->clause_count++;
}

void wlk_sample_arrangement(struct wlk_random *random, struct wlk_arrangement *out)
{
    memset(out, 0, sizeof *out);
    random_head(random, out);
    random_keys(random, out);
    size_t clauses = below(random, WLK_ARRANGEMENT_CLAUSES_MAX + 1);
    for (size_t i = 0; i < clauses; i++)
        random_clause(random, out);
    size_t requires = below(random, 6);
    for (size_t i = 0; i < requires; i++) {
        struct wlk_require *require = &out->require[out->require_count++];
        snprintf(require->name, sizeof require->name, "R%u", (unsigned)i % 100);
        require->type = chance(random, 4) ? WLK_TYPE_CANCEL : WLK_TYPE_LAUNCH;
        require->group = require->type == WLK_TYPE_CANCEL ? WLK_GROUP_BODY : WLK_GROUP_FINE;
        require->from = (uint8_t)below(random, out->party_count);
        require->to = (uint8_t)((require->from + 1) % out->party_count);
    }
    WLK_ASSERT(wlk_arrangement_fault(out) == NULL);
}

bool wlk_sample_shipped(const char *file, struct wlk_arrangement *out)
{
    const char *source = getenv("WARNLINK_SOURCE");
    char path[512], *text = NULL;
    struct wlk_owner_keys owner[WLK_OWNERS_MAX];
    struct wlk_arrangement shipped;
    wlk_utc now = wlk_sample_now();
    struct wlk_renewal renewal = {.effective = {now.ns - DAY_S * SECOND_NS},
                                  .until = {now.ns + 365 * DAY_S * SECOND_NS},
                                  .owner = owner};
    snprintf(path, sizeof path, "%s/arrangements/%s", source ? source : ".", file);
    if (wlk_words_read_file(path, &text, NULL) != WLK_OK)
        return false;
    wlk_status status = wlk_arrangement_parse(path, text, &shipped, NULL);
    free(text);
    if (status != WLK_OK)
        return false;
    for (unsigned i = 0; i < shipped.party_count + shipped.hub_count; i++) {
        bool is_party = i < shipped.party_count;
        owner[i] = (struct wlk_owner_keys){
            .owner = is_party ? shipped.party[i] : shipped.hub[i - shipped.party_count],
            .has_root = is_party,
            .root = wlk_sample_key(3 * i)->public_key,
            .real = wlk_sample_key(3 * i + 1)->public_key,
            .exercise = wlk_sample_key(3 * i + 2)->public_key,
            .pin_count = 1};
        memset(&owner[i].pin[0], (int)i + 1, sizeof owner[i].pin[0]);
        renewal.count++;
    }
    return wlk_arrangement_renew(&shipped, &renewal, out, NULL) == WLK_OK;
}
