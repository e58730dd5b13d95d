/* codec.h -- the one canonical encoding of records: bytes to claim and back.
 *
 * First rung of the trust ladder: bytes -> claim (well formed; nobody vouches for it) ->
 * record (record/seal.h, signature verified) -> released (release/). Format:
 * docs/formats/record.md. Received bytes are kept as they came: a claim is a view into them
 * and the bytes must stay alive and unchanged as long as the claim is used.
 * No recursion, no allocation, no floating point.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RECORD_CODEC_H
#define WLK_RECORD_CODEC_H

#include "base/bytes.h"
#include "record/contents.h"
#include "record/header.h"

enum {
    WLK_KID_SIZE = 8,          /* first bytes of SHA-256 of the public key */
    WLK_SIGNATURE_SIZE = 64,   /* Ed25519 [RFC 8032] */
    WLK_HEADER_SIZE_MAX = 2048 /* bytes of an encoded header; all fields full take 1,129 */
};

/* One group as it stands in the record: shown, or replaced by null. */
struct wlk_disclosure {
    bool is_withheld;
    enum wlk_type type; /* of the record */
    enum wlk_group group;
    const uint8_t *bytes;   /* of [salt, group, content], which key 15 has the digest of */
    size_t size;            /* NULL and 0, here and below, if withheld */
    const uint8_t *salt;    /* WLK_SALT_SIZE bytes */
    const uint8_t *content; /* CBOR of the content */
    size_t content_size;
};

struct wlk_claim {
    const uint8_t *bytes; /* the whole record, not copied */
    size_t size;
    const uint8_t *sign1; /* the COSE_Sign1 in it */
    size_t sign1_size;
    wlk_digest digest; /* SHA-256 of sign1: what the lane's next record has as prev, and what
                          names this record in heads, notices and logs; the same for every
                          copy, whatever is withheld in it */
    const uint8_t *header_bytes; /* the payload of sign1 */
    size_t header_size;
    const uint8_t *signature; /* WLK_SIGNATURE_SIZE bytes */
    uint8_t kid[WLK_KID_SIZE];
    struct wlk_header header;
    struct wlk_disclosure disclosure[WLK_GROUPS_MAX]; /* header.group_count of them */
};

/* Reads a record. Accepts exactly one encoding of each value: what is accepted and encoded
 * again gives the same bytes. The envelope is compared byte by byte, each shown disclosure has
 * the digest its header names, and each content has the form of its type and group.
 *
 * bytes  kept as a view by *out.
 * out    written only on WLK_OK.
 * fault  may be NULL; rule, offset in bytes.
 *
 * WLK_BAD_INPUT  anything else. Bound: size <= WLK_RECORD_SIZE_MAX, one pass, one SHA-256 per
 * disclosure and one more. Held by codec_test.c, codec_fuzz.c. */
/*@ requires \valid_read(bytes + (0 .. size - 1)) && \valid(out) &&
             (fault == \null || \valid(fault)) &&
             \separated(out, fault, bytes + (0 .. size - 1));
    assigns *out, *fault; ensures \result == WLK_OK || \result == WLK_BAD_INPUT; */
wlk_status wlk_claim_decode(const uint8_t *bytes, size_t size, struct wlk_claim *out,
                            struct wlk_fault *fault) WLK_MUST_USE;

/* Copies the record with each group i for which withheld[i] replaced by null (groups already
 * withheld stay so); nothing else changes. withheld has header.group_count members.
 * WLK_FULL *size is more than room; nothing was written. out must not overlap the record. */
wlk_status wlk_record_withhold(const struct wlk_claim *claim,
                               const bool withheld[WLK_GROUPS_MAX], uint8_t *out, size_t room,
                               size_t *size) WLK_MUST_USE;

/* Copies the record with every group that a or b shows.
 * WLK_BAD_INPUT not the same sign1; WLK_FULL as above. */
wlk_status wlk_record_unite(const struct wlk_claim *a, const struct wlk_claim *b, uint8_t *out,
                            size_t room, size_t *size) WLK_MUST_USE;

/* Appends a header as CBOR. Digests must be filled.
 * WLK_BAD_INPUT the header breaks a rule of wlk_header_fault; WLK_FULL no room. */
wlk_status wlk_header_encode(const struct wlk_header *header,
                             struct wlk_writer *out) WLK_MUST_USE;

/* Reads a header that fills bytes exactly.
 * WLK_BAD_INPUT as wlk_claim_decode; out is spent. */
/*@ requires \valid_read(bytes + (0 .. size - 1)) && \valid(out) &&
             (fault == \null || \valid(fault)) &&
             \separated(out, fault, bytes + (0 .. size - 1));
    assigns *out, *fault; ensures \result == WLK_OK || \result == WLK_BAD_INPUT;
    ensures \result == WLK_OK ==> 1 <= out->group_count <= WLK_GROUPS_MAX; */
wlk_status wlk_header_decode(const uint8_t *bytes, size_t size, struct wlk_header *out,
                             struct wlk_fault *fault) WLK_MUST_USE;

/* The rule of the format that this header breaks, NULL if none: class fits type, nature fits
 * lane, seq and prev exactly outside class status, groups fit type, names ascending, times not
 * before 1970, no exercise id on a real record, cancel names what it cancels ... */
/*@ requires \valid_read(header); assigns \nothing;
    ensures \result == \null ==> 1 <= header->group_count <= WLK_GROUPS_MAX; */
const char *wlk_header_fault(const struct wlk_header *header);

/* What stands in one group; header.type (and for track the group) says which member. */
union wlk_content {
    struct wlk_launch_content launch;
    struct wlk_impact_content impact;
    struct wlk_cancel_content cancel;
    struct wlk_track_content track;
    struct wlk_plot_content plot;
    struct wlk_status_content status;
    struct wlk_receipt_content receipt;
    struct wlk_refused_content refused;
};

/* Appends the content of one group as CBOR.
 * WLK_BAD_INPUT a value is out of its range, or track.is_coarse does not fit the group;
 * WLK_FULL no room. */
wlk_status wlk_content_encode(enum wlk_type type, enum wlk_group group,
                              const union wlk_content *content,
                              struct wlk_writer *out) WLK_MUST_USE;

/* Reads the content of a disclosure of any type into the member of its type.
 * WLK_NOT_RELEASABLE the group is withheld here; WLK_BAD_INPUT fault filled (may be NULL). */
/*@ requires \valid_read(from) && \valid(out) && (fault == \null || \valid(fault)) &&
             (!from->is_withheld ==>
              \valid_read(from->content + (0 .. from->content_size - 1))) &&
             \separated(out, fault, from, from->content + (0 .. from->content_size - 1));
    assigns *out, *fault; */
wlk_status wlk_content_decode(const struct wlk_disclosure *from, union wlk_content *out,
                              struct wlk_fault *fault) WLK_MUST_USE;

/* The same for a known type; a disclosure of another type is WLK_BAD_INPUT. */
wlk_status wlk_launch_content_decode(const struct wlk_disclosure *from,
                                     struct wlk_launch_content *out,
                                     struct wlk_fault *fault) WLK_MUST_USE;
wlk_status wlk_impact_content_decode(const struct wlk_disclosure *from,
                                     struct wlk_impact_content *out,
                                     struct wlk_fault *fault) WLK_MUST_USE;
wlk_status wlk_cancel_content_decode(const struct wlk_disclosure *from,
                                     struct wlk_cancel_content *out,
                                     struct wlk_fault *fault) WLK_MUST_USE;
wlk_status wlk_track_content_decode(const struct wlk_disclosure *from,
                                    struct wlk_track_content *out,
                                    struct wlk_fault *fault) WLK_MUST_USE;
wlk_status wlk_plot_content_decode(const struct wlk_disclosure *from,
                                   struct wlk_plot_content *out,
                                   struct wlk_fault *fault) WLK_MUST_USE;
wlk_status wlk_status_content_decode(const struct wlk_disclosure *from,
                                     struct wlk_status_content *out,
                                     struct wlk_fault *fault) WLK_MUST_USE;
wlk_status wlk_receipt_content_decode(const struct wlk_disclosure *from,
                                      struct wlk_receipt_content *out,
                                      struct wlk_fault *fault) WLK_MUST_USE;
wlk_status wlk_refused_content_decode(const struct wlk_disclosure *from,
                                      struct wlk_refused_content *out,
                                      struct wlk_fault *fault) WLK_MUST_USE;

/* Digests are public: no need to hide where they differ. */
/*@ requires \valid_read(a) && \valid_read(b); assigns \nothing; */
static inline bool wlk_digest_equal(const wlk_digest *a, const wlk_digest *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

#endif
