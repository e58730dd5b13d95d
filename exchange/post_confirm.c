/* post_confirm.c -- own warnings: who of those entitled has not confirmed them within 2 s.
 *
 * Entitled is a party whom label and arrangement let have it. A receipt confirms, a hub's
 * signed notice explains; neither within the time is an alarm, said once for each party and
 * run of warnings, and taken back when the receipt comes after all.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/post_private.h"

#include "release/question.h"

/* A restart owes again what was sealed so shortly before. */
static const int64_t AGAIN_NS = INT64_C(60000000000);

static const struct wlk_agreement *agreement_of(const struct wlk_post *post, wlk_name name)
{
    return wlk_force_named(wlk_standing_force(post->standing), name, post->now.utc);
}

static bool is_entitled(struct wlk_post *post, const struct wlk_header *header,
                        const struct wlk_agreement *agreement, size_t party)
{
    wlk_name name = agreement->arrangement.party[party];
    struct wlk_surroundings around = {.arrangement = &agreement->arrangement,
                                      .is_in_force = true,
                                      .recipient = name,
                                      .now = header->time,
                                      .is_event_open = true};
    bool is_shown[WLK_GROUPS_MAX] = {false};
    struct wlk_question question;
    memset(around.token, 1, sizeof around.token);
    for (size_t i = 0; i < header->group_count; i++)
        is_shown[i] = true;
    wlk_question_make(header, is_shown, &around, &question);
    return !wlk_name_equal(name, post->nation) &&
           wlk_decide(wlk_post_rules(post, agreement), &question).kind != WLK_REFUSE;
}

void wlk_post_confirm_put(struct wlk_post *post, size_t outlane, uint64_t seq,
                          const struct wlk_header *header)
{
    const struct wlk_agreement *agreement = agreement_of(post, header->lane.arrangement);
    if (header->lane.record_class != WLK_CLASS_WARN || !agreement ||
        header->time.ns + AGAIN_NS < post->now.utc.ns)
        return;
    if (post->pending_count == PENDING_MAX) /* the oldest has long been told */
        memmove(post->pending, post->pending + 1,
                --post->pending_count * sizeof post->pending[0]);
    struct pending *pending = &post->pending[post->pending_count++];
    *pending = (struct pending){.outlane = (uint32_t)outlane, .seq = seq, .at = post->now.mono};
    for (size_t p = 0; p < agreement->arrangement.party_count; p++)
        pending->owed[p] = is_entitled(post, header, agreement, p);
    wlk_post_hurry(post, header->lane.arrangement);
}

static void tell(struct wlk_post *post, enum wlk_delivery_kind kind, size_t outlane,
                 const struct accused *range)
{
    struct waiting waiting = {.kind = kind,
                              .at = (uint32_t)outlane,
                              .hub = (uint16_t)(post->accused_count % ACCUSED_MAX),
                              .first = range->first,
                              .last = range->last};
    post->accused[post->accused_count++ % ACCUSED_MAX] = *range; /* accused: the party */
    wlk_post_push(post, &waiting);
}

/* Settles first..last of an own lane for one party; entries that nobody is owed go. */
static void settle(struct wlk_post *post, size_t outlane, size_t party,
                   const struct accused *range)
{
    size_t kept = 0;
    bool was_told = false;
    for (size_t i = 0; i < post->pending_count; i++) {
        struct pending pending = post->pending[i];
        bool is_owed = false;
        if (pending.outlane == outlane && pending.seq >= range->first &&
            pending.seq <= range->last) {
            was_told = was_told || pending.told[party];
            pending.owed[party] = pending.told[party] = 0;
        }
        for (size_t p = 0; p < WLK_PARTIES_MAX; p++)
            is_owed = is_owed || pending.owed[p];
        if (is_owed)
            post->pending[kept++] = pending;
    }
    post->pending_count = kept;
    if (was_told)
        tell(post, WLK_DELIVERY_CONFIRMED, outlane, range);
}

void wlk_post_confirm_settle(struct wlk_post *post, wlk_name party, const struct wlk_lane *lane,
                             uint64_t first, uint64_t last)
{
    const struct wlk_agreement *agreement = agreement_of(post, lane->arrangement);
    struct accused range = {.accused = party, .lane = *lane, .first = first, .last = last};
    uint8_t index;
    if (lane->record_class != WLK_CLASS_WARN || !agreement || first > last ||
        !wlk_arrangement_party(&agreement->arrangement, party, &index))
        return;
    for (size_t i = 0; i < post->outlane_count; i++) {
        const struct wlk_lane *own = &post->outlane[i].lane;
        if (own->generation == lane->generation && own->nature == lane->nature &&
            own->record_class == lane->record_class &&
            wlk_name_equal(own->arrangement, lane->arrangement))
            settle(post, i, index, &range);
    }
}

/* All that one lane owes one party for too long, as one alarm. */
static void look(struct wlk_post *post, const struct pending *oldest, size_t party,
                 const struct wlk_agreement *agreement)
{
    struct accused range = {.accused = agreement->arrangement.party[party],
                            .originator = post->nation,
                            .lane = post->outlane[oldest->outlane].lane,
                            .first = oldest->seq,
                            .last = oldest->seq};
    for (size_t i = 0; i < post->pending_count; i++) {
        struct pending *pending = &post->pending[i];
        if (pending->outlane != oldest->outlane || !pending->owed[party] ||
            post->now.mono.ns - pending->at.ns < CONFIRM_NS)
            continue;
        pending->told[party] = 1;
        range.last = pending->seq > range.last ? pending->seq : range.last;
    }
    post->counts.unconfirmed++;
    tell(post, WLK_DELIVERY_UNCONFIRMED, oldest->outlane, &range);
}

void wlk_post_confirm_tick(struct wlk_post *post)
{
    size_t kept = 0;
    for (size_t i = 0; i < post->pending_count; i++) {
        const struct outlane *outlane = &post->outlane[post->pending[i].outlane];
        if (agreement_of(post, outlane->lane.arrangement))
            post->pending[kept++] = post->pending[i]; /* else nobody is owed any more */
    }
    post->pending_count = kept;
    for (size_t i = 0; i < post->pending_count; i++) {
        const struct pending *pending = &post->pending[i];
        const struct wlk_agreement *agreement =
            agreement_of(post, post->outlane[pending->outlane].lane.arrangement);
        if (post->now.mono.ns - pending->at.ns < CONFIRM_NS)
            continue;
        for (size_t p = 0; p < WLK_PARTIES_MAX; p++)
            if (pending->owed[p] && !pending->told[p])
                look(post, pending, p, agreement);
    }
}

size_t wlk_post_owing(const struct wlk_post *post, struct wlk_owing out[], size_t room)
{
    size_t count = 0;
    for (size_t i = 0; i < post->pending_count; i++) {
        const struct pending *pending = &post->pending[i];
        const struct wlk_agreement *agreement =
            agreement_of(post, post->outlane[pending->outlane].lane.arrangement);
        for (size_t p = 0; agreement && p < agreement->arrangement.party_count; p++) {
            struct wlk_owing one = {agreement->arrangement.party[p],
                                    agreement->arrangement.name};
            bool is_new = pending->owed[p] && pending->told[p];
            for (size_t k = 0; is_new && k < count && k < room; k++)
                is_new = !wlk_name_equal(out[k].nation, one.nation) ||
                         !wlk_name_equal(out[k].arrangement, one.arrangement);
            if (is_new && count++ < room)
                out[count - 1] = one;
        }
    }
    return count;
}
