/* post_accuse.c -- an accusation: what shows it is signed and kept, and the nation is told.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/post_private.h"

/* When evidence of this kind against this one was kept last; NULL: too many names. */
static wlk_mono *kept_at(struct wlk_post *post, wlk_name accused, enum wlk_evidence_kind kind)
{
    static const wlk_name nobody = {{0}};
    size_t count = sizeof post->kept_of / sizeof post->kept_of[0];
    for (size_t i = 0; i < count; i++) {
        if (wlk_name_equal(post->kept_of[i], nobody))
            post->kept_of[i] = accused;
        if (wlk_name_equal(post->kept_of[i], accused))
            return &post->kept_at[i][kind];
    }
    return NULL;
}

static void keep(struct wlk_post *post, const struct accused *what, const struct proof *proof,
                 size_t count)
{
    size_t size;
    struct wlk_evidence evidence = {.kind = what->kind,
                                    .time = post->now.utc,
                                    .witness = post->nation,
                                    .accused = what->accused,
                                    .originator = what->originator,
                                    .lane = what->lane,
                                    .first = what->first,
                                    .last = what->last,
                                    .object_count = count};
    for (size_t i = 0; i < count; i++) {
        evidence.object[i] = proof[i].bytes;
        evidence.size[i] = proof[i].size;
    }
    if (wlk_evidence_sign(&evidence, &post->key, post->evidence, sizeof post->evidence,
                          &size) != WLK_OK ||
        wlk_journal_evidence(post->journal, post->evidence, size) != WLK_OK) {
        post->counts.unproved++;
        return;
    }
    post->counts.evidence++;
}

void wlk_post_accuse(struct wlk_post *post, const struct accused *what,
                     const struct proof *proof, size_t count)
{
    post->counts.accused[what->kind]++;
    wlk_mono *at = kept_at(post, what->accused, what->kind);
    if (at && at->ns && post->now.mono.ns - at->ns < ACCUSE_NS)
        return;
    if (at)
        *at = post->now.mono;
    keep(post, what, proof, count);
    struct waiting waiting = {.kind = WLK_DELIVERY_ACCUSED,
                              .at = (uint32_t)(post->accused_count % ACCUSED_MAX),
                              .first = what->first,
                              .last = what->last};
    post->accused[post->accused_count++ % ACCUSED_MAX] = *what;
    wlk_post_push(post, &waiting);
}
