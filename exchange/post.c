/* post.c -- opens a post on its journal, keeps its lanes, journals what is put.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/post_private.h"

#include "base/assert.h"

#include <stdlib.h>

const enum wlk_class wlk_post_classes[WLK_LINK_CLASSES] = {
    WLK_CLASS_WARN, WLK_CLASS_STATUS, WLK_CLASS_TRACK, WLK_CLASS_PLOT};

enum wlk_class wlk_post_link(enum wlk_class record_class)
{
    return record_class == WLK_CLASS_NOTICE ? WLK_CLASS_STATUS : record_class;
}

size_t wlk_post_link_index(enum wlk_class link)
{
    size_t index = 0;
    while (index < WLK_LINK_CLASSES && wlk_post_classes[index] != link)
        index++;
    WLK_ASSERT(index < WLK_LINK_CLASSES);
    return index;
}

static bool is_same_lane(const struct wlk_lane *a, const struct wlk_lane *b)
{
    return a->record_class == b->record_class && a->nature == b->nature &&
           a->generation == b->generation && wlk_name_equal(a->arrangement, b->arrangement);
}

bool wlk_post_is_in_force(const struct wlk_post *post, wlk_name arrangement)
{
    return wlk_force_named(wlk_standing_force(post->standing), arrangement, post->now.utc);
}

/* Reads a partner's lane back from its mark on: records and refused ranges, in the order of
 * seq. */
static void load_inlane(struct wlk_post *post, struct wlk_inlane *inlane)
{
    struct wlk_journal_row row;
    uint64_t mark = wlk_journal_mark_of(post->journal, inlane->id, &inlane->digest);
    uint64_t first, last, at = mark + 1;
    wlk_digest digest;
    if (mark)
        (void)wlk_seqs_note(&inlane->came, 1, mark);
    while (wlk_journal_refused(post->journal, inlane->id, at, &first, &last, &digest) ==
           WLK_OK) {
        wlk_seqs_note(&inlane->came, first, last);
        at = last + 1;
    }
    at = mark;
    while (wlk_journal_next(post->journal, inlane->id, at, &row) == WLK_OK) {
        wlk_seqs_note(&inlane->came, row.seq, row.seq);
        at = row.seq;
    }
    inlane->delivered = inlane->came.highest; /* what was held when it stopped is replayed */
    if (wlk_journal_get(post->journal, inlane->id, inlane->came.head, &row) == WLK_OK) {
        inlane->digest = row.digest;
        inlane->has_digest = true;
    } else if (wlk_journal_refused(post->journal, inlane->id, inlane->came.head, &first, &last,
                                   &digest) == WLK_OK && last == inlane->came.head) {
        inlane->digest = digest;
        inlane->has_digest = true;
    } else {
        inlane->has_digest = mark && inlane->came.head == mark;
    }
    inlane->candidate = inlane->came.head;
}

/* Room for one more lane of a partner: in place of its oldest generation once it has its
 * share. The journal keeps what the lane was. Not while deliveries wait, which name lanes. */
static struct wlk_inlane *make_room(struct wlk_post *post, wlk_name originator)
{
    struct wlk_inlane *oldest = NULL;
    size_t count = 0;
    for (size_t i = 0; i < post->inlane_count; i++) {
        struct wlk_inlane *inlane = &post->inlane[i];
        if (!wlk_name_equal(inlane->originator, originator))
            continue;
        count++;
        if (!oldest || inlane->lane.generation < oldest->lane.generation)
            oldest = inlane;
    }
    if (count >= WLK_LANES_EACH_MAX && post->queue_count == 0) {
        post->has_hot = false;
        return oldest;
    }
    return post->inlane_count < WLK_LANES_MAX ? &post->inlane[post->inlane_count++] : NULL;
}

struct wlk_inlane *wlk_post_find_inlane(struct wlk_post *post, wlk_name originator,
                                        const struct wlk_lane *lane)
{
    for (size_t i = post->inlane_count; i-- > 0;) /* newest lanes are the busy ones */
        if (is_same_lane(&post->inlane[i].lane, lane) &&
            wlk_name_equal(post->inlane[i].originator, originator))
            return &post->inlane[i];
    return NULL;
}

struct wlk_inlane *wlk_post_inlane(struct wlk_post *post, wlk_name originator,
                                   const struct wlk_lane *lane)
{
    struct wlk_inlane *inlane = wlk_post_find_inlane(post, originator, lane);
    if (inlane)
        return inlane;
    inlane = make_room(post, originator);
    if (!inlane)
        return NULL;
    memset(inlane, 0, sizeof *inlane);
    inlane->originator = originator;
    inlane->lane = *lane;
    if (wlk_journal_lane(post->journal, originator, lane, &inlane->id) != WLK_OK)
        post->counts.unjournalled++;
    load_inlane(post, inlane);
    for (size_t h = 0; h < post->hub_count; h++)
        wlk_post_watch_fresh(post, h, inlane);
    return inlane;
}

static struct outlane *outlane_of(struct wlk_post *post, const struct wlk_lane *lane)
{
    for (size_t i = post->outlane_count; i-- > 0;)
        if (is_same_lane(&post->outlane[i].lane, lane))
            return &post->outlane[i];
    if (post->outlane_count == OUT_LANES_MAX)
        return NULL;
    struct outlane *outlane = &post->outlane[post->outlane_count];
    memset(outlane, 0, sizeof *outlane);
    outlane->lane = *lane;
    if (wlk_journal_lane(post->journal, post->nation, lane, &outlane->id) != WLK_OK)
        post->counts.unjournalled++;
    post->outlane_count++;
    return outlane;
}

/* ---- opening ---- */

/* Own warnings that may still have their event open, or be unconfirmed. */
static void load_warnings(struct wlk_post *post, size_t index, uint64_t at)
{
    struct wlk_journal_row row;
    struct wlk_claim claim;
    for (; wlk_journal_next(post->journal, post->outlane[index].id, at, &row) == WLK_OK;
         at = row.seq) {
        if (wlk_claim_decode(row.bytes, row.size, &claim, NULL) != WLK_OK)
            continue;
        if (row.type == WLK_TYPE_LAUNCH)
            wlk_post_note_launch(post, index, row.seq, &claim.header);
        wlk_post_confirm_put(post, index, row.seq, &claim.header);
    }
}

static void load_outlane(struct wlk_post *post, size_t index)
{
    struct outlane *outlane = &post->outlane[index];
    struct wlk_journal_row row;
    outlane->seq = wlk_journal_mark_of(post->journal, outlane->id, &outlane->digest);
    while (wlk_journal_next(post->journal, outlane->id, outlane->seq, &row) == WLK_OK) {
        outlane->seq = row.seq;
        outlane->digest = row.digest;
    }
    if (outlane->lane.record_class == WLK_CLASS_WARN)
        load_warnings(post, index,
                      wlk_journal_behind(post->journal, outlane->id, outlane->seq,
                                         post->now.utc.ns - EVENT_SPAN_NS));
}

/* Own lanes of earlier starts: the newest OUT_LANES_KEPT. */
static size_t count_own_lanes(const struct wlk_post *post)
{
    wlk_name originator;
    struct wlk_lane lane;
    int64_t id;
    size_t own = 0;
    for (size_t i = 0; wlk_journal_lane_at(post->journal, i, &id, &originator, &lane); i++)
        own += wlk_name_equal(originator, post->nation);
    return own;
}

static wlk_status load_lanes(struct wlk_post *post)
{
    wlk_name originator;
    struct wlk_lane lane;
    int64_t id;
    size_t own = count_own_lanes(post);
    size_t left_out = own > OUT_LANES_KEPT ? own - OUT_LANES_KEPT : 0;
    for (size_t i = 0; wlk_journal_lane_at(post->journal, i, &id, &originator, &lane); i++) {
        if (!wlk_name_equal(originator, post->nation)) {
            if (!wlk_post_inlane(post, originator, &lane))
                return WLK_FULL;
            continue;
        }
        if (left_out) {
            left_out--;
            continue;
        }
        struct outlane *outlane = outlane_of(post, &lane);
        if (!outlane)
            return WLK_FULL;
        load_outlane(post, (size_t)(outlane - post->outlane));
    }
    return WLK_OK;
}

static wlk_status load(struct wlk_post *post, const struct wlk_post_options *options,
                       struct wlk_fault *fault)
{
    WLK_TRY(wlk_standing_nature(post->journal, options->key_nature, fault));
    WLK_TRY(wlk_standing_open(post->journal, options->roots, &post->standing, fault));
    for (size_t i = 0; i < options->stand_in_count; i++)
        WLK_TRY(wlk_standing_stand_in(post->standing, &options->stand_in[i]));
    wlk_standing_tick(post->standing, options->now.utc);
    wlk_status status =
        wlk_journal_start(post->journal, options->now.utc, 0, &post->generation);
    if (status != WLK_OK)
        wlk_fault_set(fault, "journal cannot be written", "%s", options->nation.text);
    else if ((status = load_lanes(post)) != WLK_OK)
        wlk_fault_set(fault, "journal has more lanes than fit", "%d", WLK_LANES_MAX);
    return status == WLK_FULL ? WLK_BAD_INPUT : status;
}

wlk_status wlk_post_open(const struct wlk_post_options *options, struct wlk_post **out,
                         struct wlk_fault *fault)
{
    WLK_ASSERT(options->hub_count <= WLK_HUBS_MAX);
    struct wlk_post *post = calloc(1, sizeof *post);
    if (!post)
        return WLK_IO;
    post->released = wlk_released_open();
    post->nation = options->nation;
    post->hub_count = options->hub_count;
    memcpy(post->hub, options->hub, sizeof post->hub);
    post->journal = options->journal;
    post->key = *options->key;
    post->key_nature = options->key_nature;
    post->salts = options->salts;
    post->clock_error_ns = options->clock_error_ns;
    post->prune = (struct wlk_prune){.kept_ns = options->kept_ns,
                                     .self = options->nation,
                                     .hub_count = options->hub_count};
    memcpy(post->prune.hub, options->hub, sizeof post->prune.hub);
    post->now = options->now;
    post->opened = options->now;
    for (size_t h = 0; h < post->hub_count; h++)
        post->hub_heard[h] = options->now.mono;
    wlk_status status = post->released ? load(post, options, fault) : WLK_IO;
    if (status != WLK_OK) {
        wlk_post_abandon(post);
        return status;
    }
    *out = post;
    return WLK_OK;
}

void wlk_post_abandon(struct wlk_post *post)
{
    if (!post)
        return;
    wlk_standing_close(post->standing);
    wlk_released_close(post->released);
    wlk_key_wipe(&post->key);
    free(post);
}

void wlk_post_close(struct wlk_post *post)
{
    if (!post)
        return;
    for (size_t i = 0; i < post->outlane_count; i++)
        for (size_t h = 0; h < post->hub_count; h++)
            (void)!wlk_journal_acknowledged(post->journal, post->outlane[i].id, post->hub[h],
                                            post->outlane[i].received[h],
                                            post->outlane[i].durable[h]);
    wlk_post_abandon(post);
}

/* ---- own records ---- */

wlk_status wlk_post_lane(struct wlk_post *post, wlk_name arrangement,
                         enum wlk_class record_class, enum wlk_nature nature,
                         struct wlk_lane_head *out)
{
    struct wlk_lane lane = {arrangement, record_class, nature, post->generation};
    struct wlk_lane_head head = {.lane = lane};
    if (record_class != WLK_CLASS_STATUS) {
        struct outlane *outlane = outlane_of(post, &lane);
        if (!outlane)
            return WLK_FULL;
        head.seq = outlane->seq;
        head.prev = outlane->digest;
    }
    *out = head;
    return WLK_OK;
}

static bool is_live_launch(const struct wlk_post *post, const struct launch *launch)
{
    return launch->is_used && launch->until.ns + EVENT_TAIL_NS > post->now.utc.ns;
}

void wlk_post_note_launch(struct wlk_post *post, size_t outlane, uint64_t seq,
                          const struct wlk_header *header)
{
    struct launch *free_slot = NULL;
    if (!header->has_event)
        return;
    for (size_t i = 0; i < LAUNCHES_MAX; i++) {
        struct launch *launch = &post->launch[i];
        bool is_same = launch->is_used &&
                       wlk_name_equal(post->outlane[launch->outlane].lane.arrangement,
                                      header->lane.arrangement) &&
                       !memcmp(&launch->event, &header->event, sizeof launch->event);
        if (is_same) {
            free_slot = launch;
            break;
        }
        if (!free_slot && !is_live_launch(post, launch))
            free_slot = launch;
    }
    if (!free_slot)
        return; /* its tracks still follow it on the warn connection, in most cases */
    if (free_slot->is_used && free_slot->until.ns > header->valid_until.ns &&
        is_live_launch(post, free_slot) && free_slot->seq > seq)
        return;
    *free_slot = (struct launch){true, outlane, header->event, seq, header->valid_until};
    for (size_t h = 0; h < post->hub_count; h++)
        post->link[h][wlk_post_link_index(WLK_CLASS_TRACK)]
            .launch_sent[free_slot - post->launch] = 0;
}

wlk_status wlk_post_put(struct wlk_post *post, const struct wlk_released *released,
                        struct wlk_moment now)
{
    const struct wlk_header *header = wlk_released_header(released);
    post->now = now;
    if (!wlk_name_equal(header->originator, post->nation) || !header->has_seq ||
        header->lane.generation != post->generation)
        return WLK_BAD_INPUT;
    if (wlk_arrangement_in_force(wlk_standing_force(post->standing), &header->arrangement,
                                 now.utc) != WLK_FORCE_IN_FORCE)
        return WLK_NOT_RELEASABLE;
    struct outlane *outlane = outlane_of(post, &header->lane);
    if (!outlane || header->seq != outlane->seq + 1 ||
        !wlk_digest_equal(&header->prev, &outlane->digest))
        return WLK_BAD_INPUT;
    struct wlk_journal_row row = {.lane = outlane->id,
                                  .seq = header->seq,
                                  .digest = *wlk_released_digest(released),
                                  .type = header->type,
                                  .object = header->has_object ? header->object : 0,
                                  .time_ns = header->time.ns,
                                  .is_own = true,
                                  .at_ns = now.utc.ns,
                                  .bytes = wlk_released_bytes(released),
                                  .size = wlk_released_size(released)};
    wlk_status status = wlk_journal_put(post->journal, &row);
    if (status == WLK_KNOWN)
        return WLK_BAD_INPUT; /* a seq is never given twice */
    outlane->seq = header->seq;
    outlane->digest = row.digest;
    post->counts.put++;
    post->counts.unjournalled += status != WLK_OK;
    if (header->type == WLK_TYPE_LAUNCH)
        wlk_post_note_launch(post, (size_t)(outlane - post->outlane), header->seq, header);
    wlk_post_confirm_put(post, (size_t)(outlane - post->outlane), header->seq, header);
    return status;
}

wlk_status wlk_post_statement(struct wlk_post *post, enum wlk_statement_kind kind,
                              const uint8_t *bytes, size_t size, struct wlk_moment now,
                              struct wlk_fault *fault)
{
    wlk_name name;
    post->now = now;
    wlk_status status =
        wlk_standing_take(post->standing, kind, bytes, size, now.utc, &name, fault);
    if (status == WLK_OK || status == WLK_IO)
        wlk_post_note_statement(post, kind, bytes, size);
    return status;
}

const struct wlk_keyring *wlk_post_keyring(const struct wlk_post *post)
{
    return wlk_standing_keyring(post->standing);
}

const struct wlk_force *wlk_post_force(const struct wlk_post *post)
{
    return wlk_standing_force(post->standing);
}

const struct wlk_post_counts *wlk_post_count(const struct wlk_post *post)
{
    return &post->counts;
}

uint64_t wlk_post_backlog(const struct wlk_post *post, size_t hub)
{
    uint64_t backlog = 0;
    for (size_t i = 0; i < post->outlane_count; i++)
        if (post->outlane[i].durable[hub] < post->outlane[i].seq)
            backlog += post->outlane[i].seq - post->outlane[i].durable[hub];
    return backlog;
}
