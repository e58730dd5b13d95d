/* audit.h -- the hash-chained log of decisions, one chain per arrangement.
 *
 * Each entry is one frame: 4 bytes of length (big-endian), then deterministic CBOR
 *   [ number, time_ns, previous entry's digest, record digest, originator, class, nature,
 *     generation, seq, recipient, verdict kind, reason word, [groups passed] ]
 * The digest of an entry is SHA-256 of its CBOR. docs/formats/arrangement.md.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RELEASE_AUDIT_H
#define WLK_RELEASE_AUDIT_H

#include "release/decide.h"

enum { WLK_AUDIT_FRAME_MAX = 512 };

/* Head of a chain; all zeros before the first entry. Goes into the hub's heartbeat. */
struct wlk_audit {
    uint64_t count;
    wlk_digest head;
};

struct wlk_audit_entry {
    uint64_t number; /* from 1; set by append */
    wlk_utc time;
    wlk_digest prev; /* set by append */
    wlk_digest record; /* SHA-256 of its sign1 */
    wlk_name originator;
    struct wlk_lane lane; /* arrangement is the chain's and not repeated in the entry */
    uint64_t seq;         /* 0 in class status */
    wlk_name recipient;
    enum wlk_verdict_kind kind;
    char clause[WLK_TEXT_SIZE]; /* wlk_verdict_name */
    uint8_t group_pass[WLK_GROUP_END];
};

/* Makes the next frame; the caller writes it to the log of the arrangement and, only when
 * that is done, keeps the moved *audit. WLK_FULL room too small; WLK_BAD_INPUT a member is
 * out of range; audit and outputs untouched. */
wlk_status wlk_audit_append(struct wlk_audit *audit, const struct wlk_audit_entry *entry,
                            uint8_t *frame, size_t room, size_t *size_out) WLK_MUST_USE;

/* Reads the frame at *offset of a log, checks it against *audit, moves both.
 * WLK_NOT_YET the end; WLK_BAD_INPUT cut, malformed, or not the successor: fault has the
 * offset of the entry; nothing moved. */
wlk_status wlk_audit_next(struct wlk_audit *audit, const uint8_t *log, size_t size,
                          size_t *offset, struct wlk_audit_entry *out) WLK_MUST_USE;

/* The head of a chain whose last frame this is: its digest. */
void wlk_audit_head(const uint8_t *frame, size_t size, wlk_digest *out);

/* Checks a whole log. expected may be NULL; otherwise the head a heartbeat showed must be
 * one of the log's. WLK_BAD_INPUT: fault has the offset of the first bad entry. */
wlk_status wlk_audit_verify(const uint8_t *log, size_t size, const struct wlk_audit *expected,
                            struct wlk_audit *out, struct wlk_fault *fault) WLK_MUST_USE;

#endif
