/* envelope.h -- the fixed bytes of a COSE_Sign1 around a payload [RFC 9052 4.2].
 *
 * One form only: tag 18, protected {1: -8, 4: kid}, unprotected empty, payload attached or
 * null, 64-byte signature. Inside record/ only (codec.c, seal.c).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RECORD_ENVELOPE_H
#define WLK_RECORD_ENVELOPE_H

#include "record/cbor.h"
#include "record/codec.h"

enum { WLK_PROTECTED_SIZE = 13 /* a2 01 27 04 48 kid[8] */ };

struct wlk_envelope {
    const uint8_t *kid;     /* WLK_KID_SIZE bytes */
    const uint8_t *payload; /* NULL if detached */
    size_t payload_size;
    const uint8_t *signature; /* WLK_SIGNATURE_SIZE bytes */
};

/* Where the parts of an envelope lie, for the prover: within the bytes it was read from. */
/*@ predicate envelope_within(struct wlk_envelope *e, uint8_t *bytes, integer from,
            integer to) =
      \exists integer k, p, s;
        from <= k <= to - 8 && e->kid == bytes + k &&
        from <= s <= to - 64 && e->signature == bytes + s &&
        (e->payload == \null ||
         from <= p <= to - e->payload_size && e->payload == bytes + p);
*/

/* Reads one; views. The fixed bytes are compared, not interpreted: a library-built verifier
 * accepted flips in the tag and in the unprotected map (measured; DESIGN.md 3).
 * WLK_BAD_INPUT reader->rule says why. */
/*@ requires cbor_holds(reader) && \valid(out) &&
             \separated(out, reader, reader->from.bytes + (0 .. reader->from.size - 1));
    assigns *out, reader->from.at, reader->rule;
    ensures cbor_judged(\result) && reader->from.at <= reader->from.size &&
            \old(reader->from.at) <= reader->from.at;
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(reader) &&
            envelope_within(out, reader->from.bytes, \old(reader->from.at), reader->from.at) &&
            (out->payload != \null ==> 1 <= out->payload_size <= payload_size_max);
    ensures \result != WLK_OK ==> *out == \old(*out); */
wlk_status wlk_envelope_read(struct wlk_cbor_reader *reader, size_t payload_size_max,
                             struct wlk_envelope *out) WLK_MUST_USE;

/* Writes one. WLK_FULL no room; nothing appended. */
wlk_status wlk_envelope_write(const struct wlk_envelope *envelope,
                              struct wlk_writer *out) WLK_MUST_USE;

/* Writes Sig_structure, what is really signed [RFC 9052 4.4]:
 * ["Signature1", protected, external_aad, payload]. */
wlk_status wlk_envelope_write_signed(const struct wlk_envelope *envelope, const char *aad,
                                     struct wlk_writer *out) WLK_MUST_USE;

#endif
