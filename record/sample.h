/* sample.h -- random valid records of every type, for tests and fuzz seeds only.
 *
 * Values lean to the ends of their ranges, optional fields come and go.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RECORD_SAMPLE_H
#define WLK_RECORD_SAMPLE_H

#include "base/random.h"
#include "record/seal.h"

struct wlk_sample {
    struct wlk_header header; /* digests not filled */
    union wlk_content content[WLK_GROUPS_MAX];
    uint8_t salt[WLK_GROUPS_MAX][WLK_SALT_SIZE];
};

/* A valid header, contents and salts of a record of this type. Unused bytes are zero, so that
 * what is decoded can be compared by memory. */
void wlk_sample_make(struct wlk_random *random, enum wlk_type type, struct wlk_sample *out);

/* Every field of the header and of a status present and at its widest. */
void wlk_sample_widest(struct wlk_random *random, struct wlk_sample *out);

/* Views of a sample for wlk_seal. */
struct wlk_sealing wlk_sample_sealing(const struct wlk_sample *sample);

#endif
