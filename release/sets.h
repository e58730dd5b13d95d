/* sets.h -- small pieces that the CBOR forms of arrangement and key statement share: sets as
 * ascending arrays of numbers, whole seconds, strings of a known size. Inside release/ only.
 *
 * Statuses are those of record/cbor.h. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RELEASE_SETS_H
#define WLK_RELEASE_SETS_H

#include "record/cbor.h"
#include "release/arrangement.h"

/* The members of set[0..count) (1 for a member), ascending. */
wlk_status wlk_sets_write(struct wlk_writer *out, const uint8_t *set,
                          unsigned count) WLK_MUST_USE;

/* Ascending numbers below count, none twice; at least low of them. */
wlk_status wlk_sets_read(struct wlk_cbor_reader *in, uint64_t low, uint8_t *set,
                         unsigned count) WLK_MUST_USE;

/* A time as whole seconds since 1970, up to the year 2200. */
wlk_status wlk_sets_write_time(struct wlk_writer *out, wlk_utc time) WLK_MUST_USE;
wlk_status wlk_sets_read_time(struct wlk_cbor_reader *in, wlk_utc *out) WLK_MUST_USE;

/* Exactly size bytes, copied. */
wlk_status wlk_sets_read_exact(struct wlk_cbor_reader *in, uint8_t *bytes,
                               size_t size) WLK_MUST_USE;

/* [bstr key, [uses], [natures], not before, not after] without the array head; the key must be
 * one that can be trusted (wlk_public_key_read). */
wlk_status wlk_sets_write_key(struct wlk_writer *out,
                              const struct wlk_arrangement_key *key) WLK_MUST_USE;
wlk_status wlk_sets_read_key(struct wlk_cbor_reader *in,
                             struct wlk_arrangement_key *key) WLK_MUST_USE;

#endif
