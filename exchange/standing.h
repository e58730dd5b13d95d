/* standing.h -- which arrangements stand at this place, kept durably, and whose key may speak.
 *
 * Joins release/force.h (what is in force) with the journal (what must survive a restart) and
 * with the keys of the parties, read once. Used by the post and by the hub.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EXCHANGE_STANDING_H
#define WLK_EXCHANGE_STANDING_H

#include "record/seal.h"
#include "release/keyring.h"

struct wlk_journal;

enum { WLK_STATEMENTS_MAX = 256 }; /* kept at one place: versions, signatures, withdrawals */

/* Two clocks of one instant: records, ages, terms and events are judged by scenario time,
 * heartbeats and timeouts by steady time. In life utc is the wall clock. */
struct wlk_moment {
    wlk_utc utc;   /* scenario time */
    wlk_mono mono; /* steady time, never rescaled */
};

/* Numbers on the wire. */
enum wlk_statement_kind {
    WLK_STATEMENT_BUNDLE = 1,     /* release/force.h: arrangement with its signatures */
    WLK_STATEMENT_WITHDRAWAL = 2,
    WLK_STATEMENT_KEYS = 3, /* release/keyring.h: a party adds or ends its own keys */
    WLK_STATEMENT_END = 4
};

/* In soak and rehearsals on the virtual clock a keyed hash stands in for the signature. The
 * arrangement lists Ed25519 keys as ever; key (from wlk_key_rehearsal) has been given the kid
 * of one of them and verifies what its owner signs. Never between machines. */
struct wlk_stand_in {
    wlk_name owner;
    struct wlk_public_key key;
};

/* A keyed-hash key of (seed, number) that seals in the place of the Ed25519 key listed, and
 * the stand-in that verifies it. */
void wlk_stand_in_make(wlk_name owner, uint64_t seed, uint64_t number,
                       const struct wlk_public_key *listed, struct wlk_secret_key *secret,
                       struct wlk_stand_in *out);

struct wlk_standing;

/* A store serves one nature for good: exercise, test and real records never meet in one.
 * WLK_BAD_INPUT it is another nature's; WLK_IO. */
wlk_status wlk_standing_nature(struct wlk_journal *journal, enum wlk_nature nature,
                               struct wlk_fault *fault) WLK_MUST_USE;

/* Loads what the journal holds. roots and stand-ins are copied.
 * WLK_IO journal or memory; WLK_BAD_INPUT a kept statement no longer verifies. */
wlk_status wlk_standing_open(struct wlk_journal *journal, const struct wlk_roots *roots,
                             struct wlk_standing **out, struct wlk_fault *fault) WLK_MUST_USE;
void wlk_standing_close(struct wlk_standing *standing);

/* WLK_FULL more than 2 * WLK_OWNERS_MAX. */
wlk_status wlk_standing_stand_in(struct wlk_standing *standing,
                                 const struct wlk_stand_in *stand_in) WLK_MUST_USE;

/* Verifies a statement and takes it up, durably first. *arrangement is the name it concerns
 * (a party's, for keys).
 * WLK_OK taken; WLK_KNOWN nothing new; WLK_NOT_YET a withdrawal of an arrangement unknown
 * here, kept for later; WLK_STALE version too low; WLK_BAD_INPUT, WLK_BAD_SIGNATURE refused;
 * WLK_FULL too many arrangements; WLK_IO the journal refused: taken up all the same (a
 * withdrawal must work on a full disk). */
wlk_status wlk_standing_take(struct wlk_standing *standing, enum wlk_statement_kind kind,
                             const uint8_t *bytes, size_t size, wlk_utc now,
                             wlk_name *arrangement, struct wlk_fault *fault) WLK_MUST_USE;

/* Notes which versions came into force; once a second. */
void wlk_standing_tick(struct wlk_standing *standing, wlk_utc now);

/* What is in force; alive as long as standing. */
const struct wlk_force *wlk_standing_force(const struct wlk_standing *standing);

/* The kept statements in the order they came, for sending on: index from 0.
 * False when there are no more. bytes live until the next call. */
bool wlk_standing_statement(struct wlk_standing *standing, size_t index,
                            enum wlk_statement_kind *kind, const uint8_t **bytes,
                            size_t *size);
/* True: a kept statement concerns this nation. An arrangement or withdrawal concerns its
 * parties (none while its arrangement is unknown), keys all who share one with their party. */
bool wlk_standing_is_for(const struct wlk_standing *standing, size_t index, wlk_name nation);
size_t wlk_standing_count(const struct wlk_standing *standing);

/* Keys that statements added or ended; alive as long as standing. */
const struct wlk_keyring *wlk_standing_keyring(const struct wlk_standing *standing);

/* The key that a question asks for, of whatever nature, or what stands in for it; for signed
 * objects that are no records. NULL: none. */
const struct wlk_public_key *wlk_standing_key(const struct wlk_standing *standing,
                                              const struct wlk_agreement *agreement,
                                              const struct wlk_key_question *question);

/* Second rung for a claim under the arrangement its header names: that arrangement's key (or
 * one a statement added) for this originator, kid, use, nature and time, and the signature.
 * *agreement is set on WLK_OK and WLK_NOT_RELEASABLE.
 * WLK_OK verified and in force. WLK_NOT_RELEASABLE verified, but not in force now.
 * WLK_BAD_SIGNATURE no such arrangement or key, the key was ended, or the signature fails. */
wlk_status wlk_standing_verify(struct wlk_standing *standing, const struct wlk_claim *claim,
                               wlk_utc now, struct wlk_record *out,
                               const struct wlk_agreement **agreement) WLK_MUST_USE;

/* The same for a record that this place verified before and kept: also under a key that has
 * been ended since. Ask wlk_standing_doubt what to think of it. */
wlk_status wlk_standing_verify_kept(struct wlk_standing *standing,
                                    const struct wlk_claim *claim, wlk_utc now,
                                    struct wlk_record *out,
                                    const struct wlk_agreement **agreement) WLK_MUST_USE;
enum wlk_key_doubt wlk_standing_doubt(const struct wlk_standing *standing,
                                      const struct wlk_claim *claim);

/* A heartbeat under an arrangement that is unknown here, by a party or hub of an arrangement of
 * that name: this place may have been restored from a backup. If it speaks, signed, of a
 * higher version than any known here, no lower one is in force here until that one has come
 * (release/force.h, heard). True: it did. */
bool wlk_standing_hear(struct wlk_standing *standing, const struct wlk_claim *claim);

#endif
