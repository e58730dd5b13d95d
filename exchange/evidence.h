/* evidence.h -- what shows that a hub, or an originator, broke its word: signed objects that
 * contradict each other, put together and signed by the nation that saw it.
 *
 * A lossy line loses, delays and cuts; it never makes two signed words contradict. Evidence is
 * made only where an honest hub on any line could not have behaved so (post_watch.c).
 * CBOR, signed as an object of kind "warnlink/evidence/1":
 *   [ 1, kind, time_ns, witness, accused, arrangement, originator, class, nature, generation,
 *     first seq, last seq, [ * bstr object ] ]
 * Each object is a whole record as it came. Kept in the journal; docs/formats/audit.md.
 * Held by: evidence_test.c, programs/soak.c --hub. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EXCHANGE_EVIDENCE_H
#define WLK_EXCHANGE_EVIDENCE_H

#include "exchange/standing.h"

#define WLK_EVIDENCE_KIND "warnlink/evidence/1"

enum {
    WLK_EVIDENCE_OBJECTS_MAX = 2,
    WLK_EVIDENCE_SIZE_MAX = WLK_RECORD_SIZE_MAX /* objects that do not fit are left out */
};

/* Numbers in the format. Objects in their order; "rests on" says what the witness alone
 * vouches for. */
enum wlk_evidence_kind {
    WLK_EVIDENCE_WITHHELD = 1, /* heartbeat of the hub that says it has the record; rests on:
                                  it came not, nor a notice, while the connection answered */
    WLK_EVIDENCE_DENIED,       /* the record; a heartbeat 2 s and more later that says the hub
                                  has it not; rests on: it was sent, and pings answered */
    WLK_EVIDENCE_REORDERED,    /* the later record, the earlier one; rests on: they came so */
    WLK_EVIDENCE_DOUBLED,      /* the record; rests on: it came twice, unasked */
    WLK_EVIDENCE_TWO_FACES,    /* two signed words: one number, two digests; rests on nothing */
    WLK_EVIDENCE_LOG_BEHIND,   /* a partner's heartbeat that saw a longer log; the hub's own,
                                  later; rests on: their order */
    WLK_EVIDENCE_VERDICTS,     /* the record; the hub's notice that it was refused */
    WLK_EVIDENCE_SIGNED_TWICE, /* two records of one lane and seq; rests on nothing */
    WLK_EVIDENCE_BROKEN_CHAIN, /* a record, and its successor that names another */
    WLK_EVIDENCE_END
};

struct wlk_evidence {
    enum wlk_evidence_kind kind;
    wlk_utc time;
    wlk_name witness, accused;
    wlk_name originator; /* of the lane it is about */
    struct wlk_lane lane;
    uint64_t first, last; /* seqs, or the count of the log */
    size_t object_count;
    const uint8_t *object[WLK_EVIDENCE_OBJECTS_MAX]; /* views */
    size_t size[WLK_EVIDENCE_OBJECTS_MAX];
};

/* "withheld" and so on; and one sentence for people. "?" for no such kind. */
const char *wlk_evidence_word(enum wlk_evidence_kind kind);
const char *wlk_evidence_sentence(enum wlk_evidence_kind kind);

/* Writes and signs. WLK_FULL it does not fit; WLK_BAD_INPUT a member is out of range. */
wlk_status wlk_evidence_sign(const struct wlk_evidence *evidence,
                             const struct wlk_secret_key *key, uint8_t *out, size_t room,
                             size_t *size) WLK_MUST_USE;

/* Reads; nobody vouches for it yet. Views into bytes. WLK_BAD_INPUT anything else. */
wlk_status wlk_evidence_decode(const uint8_t *bytes, size_t size, struct wlk_evidence *out,
                               struct wlk_fault *fault) WLK_MUST_USE;

/* Checks the witness's signature, each object's, and that they do show what kind says, under
 * the arrangement that the objects name. now is only for the clock of standing.
 * WLK_OK it stands. WLK_BAD_SIGNATURE a signature fails or an arrangement is not known here;
 * WLK_BAD_INPUT malformed, or the objects do not show it; fault says which. */
wlk_status wlk_evidence_check(const uint8_t *bytes, size_t size, struct wlk_standing *standing,
                              struct wlk_evidence *out, struct wlk_fault *fault) WLK_MUST_USE;

#endif
