/* release.c -- the only file that makes released records.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/release.h"

#include "base/assert.h"
#include "release/question.h"

#include <stdlib.h>

struct wlk_released {
    size_t size; /* 0: empty */
    bool has_recipient;
    wlk_name recipient;
    struct wlk_header header;
    wlk_digest digest;
    uint8_t bytes[WLK_RECORD_SIZE_MAX];
    uint8_t aside[WLK_RECORD_SIZE_MAX]; /* the next record while it is made: a failure must
                                           leave the last one as it was */
};

struct wlk_released *wlk_released_open(void)
{
    return calloc(1, sizeof(struct wlk_released));
}

void wlk_released_close(struct wlk_released *released)
{
    free(released);
}

const uint8_t *wlk_released_bytes(const struct wlk_released *released)
{
    return released->bytes;
}

size_t wlk_released_size(const struct wlk_released *released)
{
    return released->size;
}

const struct wlk_header *wlk_released_header(const struct wlk_released *released)
{
    return &released->header;
}

const wlk_digest *wlk_released_digest(const struct wlk_released *released)
{
    return &released->digest;
}

wlk_name wlk_released_arrangement(const struct wlk_released *released)
{
    return released->header.lane.arrangement;
}

bool wlk_released_recipient(const struct wlk_released *released, wlk_name *out)
{
    if (released->has_recipient)
        *out = released->recipient;
    return released->has_recipient;
}

static wlk_status fill_header(const struct wlk_egress *egress, const struct wlk_draft *draft,
                              const struct wlk_lane_head *head, struct wlk_header *out)
{
    *out = draft->header;
    out->originator = egress->originator;
    out->lane = head->lane;
    out->has_seq = head->lane.record_class != WLK_CLASS_STATUS;
    out->seq = out->has_seq ? head->seq + 1 : 0;
    memset(&out->prev, 0, sizeof out->prev);
    if (out->has_seq)
        out->prev = head->prev;
    out->arrangement = *egress->digest;
    if (!wlk_name_equal(head->lane.arrangement, egress->arrangement->name) ||
        head->lane.record_class != wlk_type_class(out->type) ||
        head->lane.nature != out->nature || out->group_count < 1 ||
        out->group_count > WLK_GROUPS_MAX)
        return WLK_BAD_INPUT;
    return WLK_OK;
}

/* The key must be one that the arrangement lets speak so; an own mistake is found here and not
 * at the partner. */
static bool is_own_key(const struct wlk_egress *egress, const struct wlk_header *header)
{
    struct wlk_key_question question = {.originator = egress->originator,
                                        .kid = egress->key->public_key.kid,
                                        .use = wlk_key_use_of(header->type),
                                        .nature = header->nature,
                                        .time = header->time};
    static const struct wlk_keyring none;
    const struct wlk_keyring *ring = egress->keyring ? egress->keyring : &none;
    const struct wlk_public_key *key = wlk_keyring_find(ring, egress->arrangement, &question);
    if (wlk_keyring_doubt(ring, question.originator, question.kid, question.time) !=
        WLK_KEY_GOOD)
        return false;
    return key && memcmp(key->bytes, egress->key->public_key.bytes, sizeof key->bytes) == 0;
}

/* Asks the guard's question for each party; the groups that reach somebody come back in
 * reached. The verdict is the first that passes something, else the first refusal. */
static struct wlk_verdict ask_for_all(const struct wlk_egress *egress,
                                      const struct wlk_header *header,
                                      uint8_t reached[WLK_GROUP_END])
{
    const struct wlk_arrangement *arrangement = egress->arrangement;
    const bool is_shown[WLK_GROUPS_MAX] = {true, true};
    struct wlk_surroundings around = {.arrangement = arrangement,
                                      .is_in_force = egress->is_in_force,
                                      .has_subject = egress->has_subject,
                                      .subject = egress->subject,
                                      .now = egress->now,
                                      .clock_error_ns = egress->clock_error_ns,
                                      .is_event_open = egress->is_event_open};
    struct wlk_verdict answer = {.reason = WLK_BECAUSE_RECIPIENT, .rule = 255};
    struct wlk_question question;
    struct wlk_rules rules;
    bool is_asked = false;
    memset(around.token, 1, sizeof around.token);
    memset(reached, 0, WLK_GROUP_END);
    wlk_rules_make(arrangement, &rules);
    for (size_t p = 0; p < arrangement->party_count; p++) {
        if (wlk_name_equal(arrangement->party[p], egress->originator))
            continue;
        around.recipient = arrangement->party[p];
        wlk_question_make(header, is_shown, &around, &question);
        struct wlk_verdict verdict = wlk_decide(&rules, &question);
        if (!is_asked || (answer.kind == WLK_REFUSE && verdict.kind != WLK_REFUSE))
            answer = verdict;
        is_asked = true;
        for (unsigned g = 0; g < WLK_GROUP_END; g++)
            reached[g] = reached[g] || verdict.group_pass[g];
    }
    return answer;
}

static bool is_each_reached(const struct wlk_header *header,
                            const uint8_t reached[WLK_GROUP_END])
{
    for (size_t i = 0; i < header->group_count; i++)
        if ((unsigned)header->group[i].group >= WLK_GROUP_END ||
            !reached[header->group[i].group])
            return false;
    return true;
}

static void keep(struct wlk_released *out, size_t size, const struct wlk_header *header,
                 const wlk_digest *digest)
{
    WLK_ASSERT(size > 0 && size <= sizeof out->bytes);
    memcpy(out->bytes, out->aside, size);
    out->size = size;
    out->header = *header;
    out->digest = *digest;
    out->has_recipient = false;
}

wlk_status wlk_release_seal(const struct wlk_egress *egress, const struct wlk_draft *draft,
                            struct wlk_lane_head *head, struct wlk_released *out,
                            struct wlk_verdict *why)
{
    struct wlk_header header;
    struct wlk_sealed sealed;
    struct wlk_claim claim;
    uint8_t reached[WLK_GROUP_END];
    WLK_TRY(fill_header(egress, draft, head, &header));
    if (!is_own_key(egress, &header))
        return WLK_BAD_INPUT;
    struct wlk_verdict verdict = ask_for_all(egress, &header, reached);
    bool is_allowed = verdict.kind != WLK_REFUSE && is_each_reached(&header, reached);
    if (why) {
        *why = verdict;
        if (!is_allowed && verdict.kind != WLK_REFUSE)
            *why = (struct wlk_verdict){.reason = WLK_BECAUSE_NO_CLAUSE, .rule = 255};
    }
    if (!is_allowed)
        return WLK_NOT_RELEASABLE;
    struct wlk_sealing sealing = {&header, draft->content, draft->salt};
    WLK_TRY(wlk_seal(&sealing, egress->key, out->aside, sizeof out->aside, &sealed));
    /* Read back what was written: what cannot be read must never be sent. */
    WLK_TRY(wlk_claim_decode(out->aside, sealed.size, &claim, NULL));
    keep(out, sealed.size, &claim.header, &sealed.sign1_digest);
    if (header.has_seq) {
        head->seq = header.seq;
        head->prev = sealed.sign1_digest;
    }
    return WLK_OK;
}

static bool is_named(const struct wlk_header *header, wlk_name recipient)
{
    for (size_t i = 0; i < header->label.releasable_count; i++)
        if (wlk_name_equal(header->label.releasable[i], recipient))
            return true;
    return false;
}

wlk_status wlk_release_pass(const struct wlk_record *record, const struct wlk_verdict *verdict,
                            wlk_name recipient, struct wlk_released *out)
{
    const struct wlk_claim *claim = &record->claim;
    bool withheld[WLK_GROUPS_MAX] = {false}, is_any = false;
    size_t size = 0;
    for (size_t i = 0; i < claim->header.group_count; i++) {
        withheld[i] = !verdict->group_pass[claim->header.group[i].group];
        is_any = is_any || (!withheld[i] && !claim->disclosure[i].is_withheld);
    }
    if (verdict->kind == WLK_REFUSE || !is_any || !is_named(&claim->header, recipient) ||
        wlk_name_equal(claim->header.originator, recipient))
        return WLK_NOT_RELEASABLE;
    WLK_TRY(wlk_record_withhold(claim, withheld, out->aside, sizeof out->aside, &size));
    keep(out, size, &claim->header, &claim->digest);
    out->has_recipient = true;
    out->recipient = recipient;
    return WLK_OK;
}

wlk_status wlk_release_again(const struct wlk_record *record, const struct wlk_egress *egress,
                             struct wlk_released *out)
{
    const struct wlk_claim *claim = &record->claim;
    bool is_notice = claim->header.lane.record_class == WLK_CLASS_NOTICE;
    if (!wlk_name_equal(claim->header.originator, egress->originator) ||
        !wlk_digest_equal(&claim->header.arrangement, egress->digest) ||
        !(egress->is_in_force || is_notice))
        return WLK_NOT_RELEASABLE;
    memcpy(out->aside, claim->bytes, claim->size);
    keep(out, claim->size, &claim->header, &claim->digest);
    return WLK_OK;
}
