/* release.h -- makes released records: the node seals for a lane, the hub passes for one
 * recipient. Nothing else makes them.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RELEASE_RELEASE_H
#define WLK_RELEASE_RELEASE_H

#include "record/seal.h"
#include "release/arrangement.h"
#include "release/decide.h"
#include "release/keyring.h"
#include "release/released.h"

/* The newest record of one own lane. The caller keeps it durably and starts a new generation
 * (seq 0, prev zeros) at each start. Class status uses only lane. */
struct wlk_lane_head {
    struct wlk_lane lane;
    uint64_t seq;    /* of the newest sealed record, 0 before the first */
    wlk_digest prev; /* of its sign1 */
};

/* Under what a node (or a hub, for its own records) seals. */
struct wlk_egress {
    const struct wlk_arrangement *arrangement;
    const wlk_digest *digest; /* of the arrangement */
    bool is_in_force;
    wlk_name originator;      /* this nation, or this hub */
    const struct wlk_secret_key *key;
    const struct wlk_keyring *keyring; /* keys that statements changed; NULL for none */
    wlk_utc now;
    uint64_t clock_error_ns;
    bool is_event_open;       /* of the draft's event */
    bool has_subject;         /* hub's notices: whose record it is about */
    wlk_name subject;
};

/* A record to be. Of header the caller fills: time, clock error, type, nature, label, event,
 * valid_until, region, group_count and group[].group and .classification, replaced,
 * sensor_nation, object, exercise. The rest (originator, lane, seq, prev, arrangement,
 * digests) is filled here. */
struct wlk_draft {
    struct wlk_header header;
    const union wlk_content *content;     /* one per group, in the order of header.group */
    const uint8_t (*salt)[WLK_SALT_SIZE]; /* one per group, fresh and unpredictable */
};

/* Asks the guard's own question for each party, and seals the record for the lane if each
 * group may reach at least one of them. On WLK_OK head has moved on and out holds the bytes.
 *
 * why  may be NULL; the verdict that allowed it, or the one that refused.
 *
 * WLK_NOT_RELEASABLE  nobody may have it, or one of its groups reaches nobody.
 * WLK_BAD_INPUT       header or content breaks the format, or the head is of another lane,
 *                     or the key is not one that may speak so under the arrangement.
 * On any status but WLK_OK head and out are as before. */
wlk_status wlk_release_seal(const struct wlk_egress *egress, const struct wlk_draft *draft,
                            struct wlk_lane_head *head, struct wlk_released *out,
                            struct wlk_verdict *why) WLK_MUST_USE;

/* At the hub: the record for one recipient, with the groups the verdict withholds replaced
 * by null. The bytes are otherwise as they came.
 * WLK_NOT_RELEASABLE  the verdict refuses, or the label does not name the recipient. */
wlk_status wlk_release_pass(const struct wlk_record *record, const struct wlk_verdict *verdict,
                            wlk_name recipient, struct wlk_released *out) WLK_MUST_USE;

/* At a node, after a restart: a record it sealed before, read back from its own journal, is
 * released again as it was. The signature must be its own.
 * WLK_NOT_RELEASABLE  record is not of this originator, or its arrangement is not in force
 *                     (class notice excepted). */
wlk_status wlk_release_again(const struct wlk_record *record, const struct wlk_egress *egress,
                             struct wlk_released *out) WLK_MUST_USE;

#endif
