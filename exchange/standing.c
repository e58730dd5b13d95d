/* standing.c -- arrangements, withdrawals and keys of one place.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/standing.h"

#include "base/assert.h"
#include "exchange/journal.h"

#include <stdlib.h>

struct wlk_standing {
    struct wlk_journal *journal;
    struct wlk_roots roots;
    size_t kept; /* statements in the journal */
    wlk_digest about[WLK_STATEMENTS_MAX]; /* what they are about */
    wlk_digest reading_about;
    size_t stand_in_count;
    struct wlk_stand_in stand_in[2 * WLK_OWNERS_MAX];
    struct wlk_agreement reading;
    struct wlk_force force;
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
    memset(&standing->reading_about, 0, sizeof standing->reading_about);
    WLK_TRY(wlk_force_put_withdrawal(&standing->force, bytes, size, &withdrawal, fault));
    standing->reading_about = withdrawal.arrangement;
    const struct wlk_agreement *dead =
        wlk_force_find(&standing->force, &withdrawal.arrangement);
    if (dead)
        *arrangement = dead->arrangement.name;
    return WLK_OK;
}

static wlk_status take(struct wlk_standing *standing, enum wlk_statement_kind kind,
                       const uint8_t *bytes, size_t size, wlk_name *arrangement,
                       struct wlk_fault *fault)
{
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
    standing->about[standing->kept++] = standing->reading_about;
    return WLK_OK;
}

/* Withdrawals that came before their arrangement may fit now. */
static void offer_again(struct wlk_standing *standing)
{
    for (size_t i = 0; i < standing->kept; i++) {
        enum wlk_statement_kind kind;
        const uint8_t *bytes;
        size_t size;
        wlk_name name;
        if (wlk_standing_statement(standing, i, &kind, &bytes, &size) &&
            kind == WLK_STATEMENT_WITHDRAWAL &&
            take_withdrawal(standing, bytes, size, &name, NULL) == WLK_OK)
            standing->about[i] = standing->reading_about;
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
        offer_again(standing);
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
        standing->about[standing->kept++] = standing->reading_about;
    }
    offer_again(standing);
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
    if (wlk_journal_statement_at(standing->journal, index, &number, bytes, size) != WLK_OK)
        return false;
    *kind = (enum wlk_statement_kind)number;
    return true;
}

const struct wlk_agreement *wlk_standing_about(const struct wlk_standing *standing,
                                               size_t index)
{
    return index < standing->kept
               ? wlk_force_find(&standing->force, &standing->about[index]) : NULL;
}

size_t wlk_standing_count(const struct wlk_standing *standing)
{
    return standing->kept;
}

/* The key to verify with: the arrangement's, or what stands in for it. */
static const struct wlk_public_key *find_key(const struct wlk_standing *standing,
                                             const struct wlk_agreement *agreement,
                                             const struct wlk_claim *claim)
{
    const struct wlk_public_key *key = wlk_arrangement_key_of(&agreement->arrangement, claim);
    for (size_t i = 0; key && i < standing->stand_in_count; i++)
        if (wlk_name_equal(standing->stand_in[i].owner, claim->header.originator) &&
            !memcmp(standing->stand_in[i].key.kid, claim->kid, WLK_KID_SIZE))
            return &standing->stand_in[i].key;
    return key;
}

wlk_status wlk_standing_verify(struct wlk_standing *standing, const struct wlk_claim *claim,
                               wlk_utc now, struct wlk_record *out,
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
