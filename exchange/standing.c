/* standing.c -- arrangements, withdrawals and keys of one place.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/standing.h"

#include "base/assert.h"
#include "exchange/journal.h"
#include "record/contents.h"

#include <stdlib.h>

struct wlk_standing {
    struct wlk_journal *journal;
    struct wlk_roots roots;
    size_t kept; /* statements in the journal */
    wlk_digest about[WLK_STATEMENTS_MAX]; /* what they are about */
    wlk_name keys_of[WLK_STATEMENTS_MAX]; /* or whose keys they change */
    wlk_digest reading_about;
    wlk_name reading_keys_of;
    size_t stand_in_count;
    struct wlk_stand_in stand_in[2 * WLK_OWNERS_MAX];
    struct wlk_agreement reading;
    struct wlk_force force;
    struct wlk_keyring ring;
    struct wlk_status_content heard; /* of a heartbeat under an unknown arrangement */
    struct wlk_record hearing;
};

void wlk_stand_in_make(wlk_name owner, uint64_t seed, uint64_t number,
                       const struct wlk_public_key *listed, struct wlk_secret_key *secret,
                       struct wlk_stand_in *out)
{
    wlk_key_rehearsal(seed, number, secret);
    out->owner = owner;
    out->key = secret->public_key;
    memcpy(out->key.kid, listed->kid, sizeof out->key.kid);
    memcpy(secret->public_key.kid, listed->kid, sizeof listed->kid);
    memcpy(secret->public_key.bytes, listed->bytes, sizeof listed->bytes);
}

static const char seen_key[] = "versions";

static wlk_status take_bundle(struct wlk_standing *standing, const uint8_t *bytes, size_t size,
                              wlk_name *arrangement, struct wlk_fault *fault)
{
    WLK_TRY(wlk_force_read(bytes, size, &standing->roots, &standing->reading, fault));
    *arrangement = standing->reading.arrangement.name;
    standing->reading_about = standing->reading.digest;
    return wlk_force_put(&standing->force, &standing->reading, fault);
}

static wlk_status take_withdrawal(struct wlk_standing *standing, const uint8_t *bytes,
                                  size_t size, wlk_name *arrangement, struct wlk_fault *fault)
{
    struct wlk_withdrawal withdrawal;
    WLK_TRY(wlk_force_put_withdrawal(&standing->force, bytes, size, &withdrawal, fault));
    standing->reading_about = withdrawal.arrangement;
    const struct wlk_agreement *dead =
        wlk_force_find(&standing->force, &withdrawal.arrangement);
    if (dead)
        *arrangement = dead->arrangement.name;
    return WLK_OK;
}

static wlk_status take_keys(struct wlk_standing *standing, const uint8_t *bytes, size_t size,
                            wlk_name *party, struct wlk_fault *fault)
{
    struct wlk_key_statement statement;
    WLK_TRY(wlk_key_statement_read(bytes, size, &standing->roots, &statement, fault));
    *party = standing->reading_keys_of = statement.party;
    return wlk_keyring_put(&standing->ring, &statement);
}

static wlk_status take(struct wlk_standing *standing, enum wlk_statement_kind kind,
                       const uint8_t *bytes, size_t size, wlk_name *arrangement,
                       struct wlk_fault *fault)
{
    memset(&standing->reading_about, 0, sizeof standing->reading_about);
    memset(&standing->reading_keys_of, 0, sizeof standing->reading_keys_of);
    if (kind == WLK_STATEMENT_KEYS)
        return take_keys(standing, bytes, size, arrangement, fault);
    if (kind == WLK_STATEMENT_BUNDLE)
        return take_bundle(standing, bytes, size, arrangement, fault);
    if (kind == WLK_STATEMENT_WITHDRAWAL)
        return take_withdrawal(standing, bytes, size, arrangement, fault);
    wlk_fault_set(fault, "unknown kind of statement", "%d", (int)kind);
    return WLK_BAD_INPUT;
}

/* Is this very statement kept? Early withdrawals are offered again and again. */
static bool is_kept(struct wlk_standing *standing, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < standing->kept; i++) {
        uint8_t kind;
        const uint8_t *old;
        size_t old_size;
        if (wlk_journal_statement_at(standing->journal, i, &kind, &old, &old_size) == WLK_OK &&
            old_size == size && !memcmp(old, bytes, size))
            return true;
    }
    return false;
}

static wlk_status keep(struct wlk_standing *standing, enum wlk_statement_kind kind,
                       const uint8_t *bytes, size_t size)
{
    if (standing->kept == WLK_STATEMENTS_MAX)
        return WLK_FULL;
    WLK_TRY(wlk_journal_statement(standing->journal, (uint8_t)kind, bytes, size));
    standing->keys_of[standing->kept] = standing->reading_keys_of;
    standing->about[standing->kept++] = standing->reading_about;
    return WLK_OK;
}

/* Withdrawals that came before their arrangement may fit now. */
static void offer_again(struct wlk_standing *standing, bool is_live)
{
    size_t count = standing->kept;
    for (size_t i = 0; i < count; i++) {
        uint8_t early[WLK_WITHDRAWAL_SIZE_MAX];
        enum wlk_statement_kind kind;
        const uint8_t *bytes;
        size_t size;
        wlk_name name;
        if (!wlk_standing_statement(standing, i, &kind, &bytes, &size) ||
            kind != WLK_STATEMENT_WITHDRAWAL || size > sizeof early)
            continue;
        memcpy(early, bytes, size);
        if (take_withdrawal(standing, early, size, &name, NULL) != WLK_OK)
            continue;
        standing->about[i] = standing->reading_about;
        if (is_live) /* links have passed over it: a copy at the end reaches all of them */
            (void)!keep(standing, kind, early, size);
    }
}

wlk_status wlk_standing_take(struct wlk_standing *standing, enum wlk_statement_kind kind,
                             const uint8_t *bytes, size_t size, wlk_utc now,
                             wlk_name *arrangement, struct wlk_fault *fault)
{
    wlk_name name = {{0}};
    wlk_status status = take(standing, kind, bytes, size, &name, fault);
    if (status == WLK_NOT_YET && is_kept(standing, bytes, size))
        status = WLK_KNOWN;
    if (status != WLK_OK && status != WLK_NOT_YET)
        return status;
    wlk_status kept = keep(standing, kind, bytes, size);
    if (kind == WLK_STATEMENT_BUNDLE)
        offer_again(standing, true);
    wlk_standing_tick(standing, now);
    *arrangement = name;
    return kept == WLK_OK ? status : kept;
}

void wlk_standing_tick(struct wlk_standing *standing, wlk_utc now)
{
    if (wlk_force_advance(&standing->force, now))
        (void)!wlk_journal_set(standing->journal, seen_key, standing->force.seen,
                               standing->force.seen_count * sizeof standing->force.seen[0],
                               true);
}

wlk_status wlk_standing_nature(struct wlk_journal *journal, enum wlk_nature nature,
                               struct wlk_fault *fault)
{
    uint8_t kept, own = (uint8_t)nature;
    size_t used;
    if (wlk_journal_value(journal, "nature", &kept, sizeof kept, &used) != WLK_OK)
        return wlk_journal_set(journal, "nature", &own, sizeof own, false);
    if (used == sizeof kept && kept == own)
        return WLK_OK;
    wlk_fault_set(fault, "journal is of another nature", "%s, not %s",
                  wlk_nature_word((enum wlk_nature)kept), wlk_nature_word(nature));
    return WLK_BAD_INPUT;
}

wlk_status wlk_standing_open(struct wlk_journal *journal, const struct wlk_roots *roots,
                             struct wlk_standing **out, struct wlk_fault *fault)
{
    struct wlk_standing *standing = calloc(1, sizeof *standing);
    if (!standing)
        return WLK_IO;
    standing->journal = journal;
    standing->roots = *roots;
    size_t used = 0;
    if (wlk_journal_value(journal, seen_key, standing->force.seen,
                          sizeof standing->force.seen, &used) == WLK_OK)
        standing->force.seen_count = used / sizeof standing->force.seen[0];
    uint8_t kind;
    const uint8_t *bytes;
    size_t size;
    while (wlk_journal_statement_at(journal, standing->kept, &kind, &bytes, &size) == WLK_OK) {
        wlk_name name;
        wlk_status status = take(standing, (enum wlk_statement_kind)kind, bytes, size, &name,
                                 fault);
        if (status == WLK_BAD_INPUT || status == WLK_BAD_SIGNATURE) {
            free(standing);
            return WLK_BAD_INPUT;
        }
        if (standing->kept == WLK_STATEMENTS_MAX)
            break;
        standing->keys_of[standing->kept] = standing->reading_keys_of;
        standing->about[standing->kept++] = standing->reading_about;
    }
    offer_again(standing, false);
    *out = standing;
    return WLK_OK;
}

void wlk_standing_close(struct wlk_standing *standing)
{
    free(standing);
}

wlk_status wlk_standing_stand_in(struct wlk_standing *standing,
                                 const struct wlk_stand_in *stand_in)
{
    if (standing->stand_in_count ==
        sizeof standing->stand_in / sizeof standing->stand_in[0])
        return WLK_FULL;
    standing->stand_in[standing->stand_in_count++] = *stand_in;
    return WLK_OK;
}

const struct wlk_force *wlk_standing_force(const struct wlk_standing *standing)
{
    return &standing->force;
}

bool wlk_standing_statement(struct wlk_standing *standing, size_t index,
                            enum wlk_statement_kind *kind, const uint8_t **bytes, size_t *size)
{
    uint8_t number;
    if (index >= standing->kept) /* asked at each turn of the loop: the disk is not */
        return false;
    if (wlk_journal_statement_at(standing->journal, index, &number, bytes, size) != WLK_OK)
        return false;
    *kind = (enum wlk_statement_kind)number;
    return true;
}

bool wlk_standing_is_for(const struct wlk_standing *standing, size_t index, wlk_name nation)
{
    const struct wlk_force *force = &standing->force;
    uint8_t party;
    if (index >= standing->kept)
        return false;
    if (!standing->keys_of[index].text[0]) {
        const struct wlk_agreement *about = wlk_force_find(force, &standing->about[index]);
        return about && wlk_arrangement_party(&about->arrangement, nation, &party);
    }
    for (size_t i = 0; i < force->count; i++)
        if (wlk_arrangement_party(&force->agreement[i].arrangement, nation, &party) &&
            wlk_arrangement_party(&force->agreement[i].arrangement, standing->keys_of[index],
                                  &party))
            return true;
    return false;
}

const struct wlk_keyring *wlk_standing_keyring(const struct wlk_standing *standing)
{
    return &standing->ring;
}

size_t wlk_standing_count(const struct wlk_standing *standing)
{
    return standing->kept;
}

/* The key to verify with: the arrangement's or a statement's, or what stands in for it. */
static const struct wlk_public_key *find_key(const struct wlk_standing *standing,
                                             const struct wlk_agreement *agreement,
                                             const struct wlk_claim *claim)
{
    struct wlk_key_question question = {.originator = claim->header.originator,
                                        .kid = claim->kid,
                                        .use = wlk_key_use_of(claim->header.type),
                                        .nature = claim->header.nature,
                                        .time = claim->header.time};
    const struct wlk_public_key *key =
        wlk_keyring_find(&standing->ring, &agreement->arrangement, &question);
    for (size_t i = 0; key && i < standing->stand_in_count; i++)
        if (wlk_name_equal(standing->stand_in[i].owner, claim->header.originator) &&
            !memcmp(standing->stand_in[i].key.kid, claim->kid, WLK_KID_SIZE))
            return &standing->stand_in[i].key;
    return key;
}

const struct wlk_public_key *wlk_standing_key(const struct wlk_standing *standing,
                                              const struct wlk_agreement *agreement,
                                              const struct wlk_key_question *of)
{
    struct wlk_key_question question = *of;
    const struct wlk_public_key *key = NULL;
    for (question.nature = WLK_NATURE_EXERCISE; !key && question.nature < WLK_NATURE_END;
         question.nature++)
        key = wlk_keyring_find(&standing->ring, &agreement->arrangement, &question);
    for (size_t i = 0; key && i < standing->stand_in_count; i++)
        if (wlk_name_equal(standing->stand_in[i].owner, of->originator) &&
            !memcmp(standing->stand_in[i].key.kid, of->kid, WLK_KID_SIZE))
            return &standing->stand_in[i].key;
    return key;
}

enum wlk_key_doubt wlk_standing_doubt(const struct wlk_standing *standing,
                                      const struct wlk_claim *claim)
{
    return wlk_keyring_doubt(&standing->ring, claim->header.originator, claim->kid,
                             claim->header.time);
}

wlk_status wlk_standing_verify_kept(struct wlk_standing *standing,
                                    const struct wlk_claim *claim, wlk_utc now,
                                    struct wlk_record *out,
                                    const struct wlk_agreement **agreement)
{
    const struct wlk_header *header = &claim->header;
    const struct wlk_agreement *found = wlk_force_find(&standing->force, &header->arrangement);
    if (!found || !wlk_name_equal(found->arrangement.name, header->lane.arrangement))
        return WLK_BAD_SIGNATURE;
    const struct wlk_public_key *key = find_key(standing, found, claim);
    if (!key)
        return WLK_BAD_SIGNATURE;
    WLK_TRY(wlk_record_verify(claim, key, out));
    *agreement = found;
    return wlk_arrangement_in_force(&standing->force, &header->arrangement, now) ==
                   WLK_FORCE_IN_FORCE ? WLK_OK : WLK_NOT_RELEASABLE;
}

wlk_status wlk_standing_verify(struct wlk_standing *standing, const struct wlk_claim *claim,
                               wlk_utc now, struct wlk_record *out,
                               const struct wlk_agreement **agreement)
{
    if (wlk_standing_doubt(standing, claim) != WLK_KEY_GOOD)
        return WLK_BAD_SIGNATURE;
    return wlk_standing_verify_kept(standing, claim, now, out, agreement);
}

bool wlk_standing_hear(struct wlk_standing *standing, const struct wlk_claim *claim)
{
    const struct wlk_header *header = &claim->header;
    const struct wlk_force *force = &standing->force;
    if (header->type != WLK_TYPE_STATUS || wlk_force_find(force, &header->arrangement) ||
        wlk_standing_doubt(standing, claim) != WLK_KEY_GOOD ||
        wlk_status_content_decode(&claim->disclosure[0], &standing->heard, NULL) != WLK_OK)
        return false;
    for (size_t i = 0; i < force->count; i++) {
        const struct wlk_agreement *known = &force->agreement[i];
        if (!wlk_name_equal(known->arrangement.name, header->lane.arrangement) ||
            standing->heard.version <= known->arrangement.version)
            continue;
        const struct wlk_public_key *key = find_key(standing, known, claim);
        if (key && wlk_record_verify(claim, key, &standing->hearing) == WLK_OK)
            return wlk_force_hear(&standing->force, header->lane.arrangement,
                                  standing->heard.version);
    }
    return false;
}
