/* hub.c -- opens a hub on its journal; connections and frames of the nations.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/hub_private.h"

#include "base/assert.h"

#include <stdlib.h>

bool wlk_hub_nation_index(const struct wlk_hub *hub, wlk_name name, size_t *out)
{
    for (size_t i = 0; i < hub->nation_count; i++)
        if (wlk_name_equal(hub->nation[i].name, name)) {
            *out = i;
            return true;
        }
    return false;
}

static struct hub_nation *nation_of(struct wlk_hub *hub, wlk_name name)
{
    size_t index;
    if (wlk_hub_nation_index(hub, name, &index))
        return &hub->nation[index];
    if (hub->nation_count == NATIONS_MAX)
        return NULL;
    struct hub_nation *nation = &hub->nation[hub->nation_count++];
    memset(nation, 0, offsetof(struct hub_nation, status));
    nation->name = name;
    return nation;
}

/* A launch that was passed before the stop keeps its event open. */
static void load_event(struct wlk_hub *hub, const struct wlk_journal_row *row)
{
    struct wlk_claim claim;
    bool is_passed = false;
    for (size_t i = 0; i + 1 < row->verdict_size; i += VERDICT_BYTES)
        is_passed = is_passed || row->verdict[i] != WLK_REFUSE;
    if (!is_passed || row->time_ns + EVENT_SPAN_NS < hub->now.utc.ns ||
        wlk_claim_decode(row->bytes, row->size, &claim, NULL) != WLK_OK)
        return;
    const struct wlk_agreement *agreement =
        wlk_force_find(wlk_standing_force(hub->standing), &claim.header.arrangement);
    if (agreement)
        (void)!wlk_events_note(&wlk_hub_ward(hub, agreement)->events, &claim.header,
                               hub->now.utc);
}

/* What the journal has of a lane, without a gap. */
static void load_lane(struct wlk_hub *hub, struct hub_lane *lane)
{
    struct wlk_journal_row row;
    wlk_journal_head_of(hub->journal, lane->id, &lane->seq, &lane->digest);
    lane->candidate = lane->seq;
    if (lane->lane.record_class != WLK_CLASS_WARN)
        return;
    uint64_t at = wlk_journal_behind(hub->journal, lane->id, lane->seq,
                                     hub->now.utc.ns - EVENT_SPAN_NS);
    for (; wlk_journal_next(hub->journal, lane->id, at, &row) == WLK_OK; at = row.seq)
        load_event(hub, &row);
}

/* Room for one more lane of an originator: in place of its oldest generation, once it has its
 * share, so that a node which restarts without end crowds out itself only. The journal keeps
 * what the lane was; it comes back from there when somebody asks. */
static struct hub_lane *make_room(struct wlk_hub *hub, wlk_name originator)
{
    struct hub_lane *oldest = NULL;
    size_t count = 0;
    for (size_t i = 0; i < hub->lane_count; i++) {
        struct hub_lane *lane = &hub->lane[i];
        if (!wlk_name_equal(lane->originator, originator))
            continue;
        count++;
        if (!oldest || lane->lane.generation < oldest->lane.generation)
            oldest = lane;
    }
    if (count >= WLK_LANES_EACH_MAX) {
        hub->has_hot = false;
        return oldest;
    }
    return hub->lane_count < WLK_LANES_MAX ? &hub->lane[hub->lane_count++] : NULL;
}

static struct hub_lane *find_lane(struct wlk_hub *hub, wlk_name originator,
                                  const struct wlk_lane *lane)
{
    for (size_t i = hub->lane_count; i-- > 0;) {
        struct hub_lane *known = &hub->lane[i];
        if (known->lane.record_class == lane->record_class &&
            known->lane.nature == lane->nature &&
            known->lane.generation == lane->generation &&
            wlk_name_equal(known->lane.arrangement, lane->arrangement) &&
            wlk_name_equal(known->originator, originator))
            return known;
    }
    return NULL;
}

struct hub_lane *wlk_hub_lane(struct wlk_hub *hub, wlk_name originator,
                              const struct wlk_lane *lane)
{
    struct hub_lane *fresh = find_lane(hub, originator, lane);
    if (fresh)
        return fresh;
    fresh = make_room(hub, originator);
    if (!fresh)
        return NULL;
    memset(fresh, 0, sizeof *fresh);
    fresh->originator = originator;
    fresh->lane = *lane;
    if (wlk_journal_lane(hub->journal, originator, lane, &fresh->id) != WLK_OK)
        hub->counts.unjournalled++;
    load_lane(hub, fresh);
    return fresh;
}

/* The log's chain goes on where the journal's last line stops, whatever that line is worth:
 * wlk_audit_verify names a broken place. */
static void load_audit(struct wlk_hub *hub, struct ward *ward)
{
    const uint8_t *bytes;
    size_t size;
    if (wlk_journal_log_last(hub->journal, ward->name, &ward->audit.count, &bytes, &size) ==
        WLK_OK)
        wlk_audit_head(bytes, size, &ward->audit.head);
    ward->durable = ward->candidate = ward->audit; /* the start waited for the disk */
}

struct ward *wlk_hub_ward(struct wlk_hub *hub, const struct wlk_agreement *agreement)
{
    struct ward *ward = NULL;
    for (size_t i = 0; i < hub->ward_count && !ward; i++)
        if (wlk_name_equal(hub->ward[i].name, agreement->arrangement.name))
            ward = &hub->ward[i];
    if (!ward) {
        /* force holds at most as many arrangements as there are wards */
        WLK_ASSERT(hub->ward_count < WLK_ARRANGEMENTS_MAX);
        ward = &hub->ward[hub->ward_count++];
        ward->name = agreement->arrangement.name;
        load_audit(hub, ward);
    }
    if (!wlk_digest_equal(&ward->digest, &agreement->digest)) {
        ward->digest = agreement->digest;
        wlk_rules_make(&agreement->arrangement, &ward->rules);
    }
    return ward;
}

/* ---- opening ---- */

static wlk_status load_lanes(struct wlk_hub *hub)
{
    wlk_name originator;
    struct wlk_lane lane;
    int64_t id;
    for (size_t i = 0; wlk_journal_lane_at(hub->journal, i, &id, &originator, &lane); i++)
        if (!wlk_hub_lane(hub, originator, &lane))
            return WLK_FULL;
    return WLK_OK;
}

static wlk_status load(struct wlk_hub *hub, const struct wlk_hub_options *options,
                       struct wlk_fault *fault)
{
    WLK_TRY(wlk_standing_nature(hub->journal, options->key_nature, fault));
    WLK_TRY(wlk_standing_open(hub->journal, options->roots, &hub->standing, fault));
    for (size_t i = 0; i < options->stand_in_count; i++)
        WLK_TRY(wlk_standing_stand_in(hub->standing, &options->stand_in[i]));
    wlk_standing_tick(hub->standing, options->now.utc);
    wlk_refusals_open(&hub->refusals, hub->journal);
    wlk_status status = wlk_journal_start(hub->journal, options->now.utc, 0, &hub->generation);
    if (status != WLK_OK)
        wlk_fault_set(fault, "journal cannot be written", "%s", options->name.text);
    else if ((status = load_lanes(hub)) != WLK_OK)
        wlk_fault_set(fault, "journal has more lanes than fit", "%d", WLK_LANES_MAX);
    return status == WLK_FULL ? WLK_BAD_INPUT : status;
}

wlk_status wlk_hub_open(const struct wlk_hub_options *options, struct wlk_hub **out,
                        struct wlk_fault *fault)
{
    struct wlk_hub *hub = calloc(1, sizeof *hub);
    if (!hub)
        return WLK_IO;
    hub->name = options->name;
    hub->journal = options->journal;
    hub->key = *options->key;
    hub->key_nature = options->key_nature;
    hub->salts = options->salts;
    hub->now = options->now;
    hub->prune = (struct wlk_prune){.kept_ns = options->kept_ns, .self = options->name};
    hub->started = options->now.utc;
    hub->passed = wlk_released_open();
    hub->sealed = wlk_released_open();
    wlk_status status = hub->passed && hub->sealed ? load(hub, options, fault) : WLK_IO;
    if (status != WLK_OK) {
        wlk_hub_close(hub);
        return status;
    }
    *out = hub;
    return WLK_OK;
}

void wlk_hub_close(struct wlk_hub *hub)
{
    if (!hub)
        return;
    wlk_standing_close(hub->standing);
    wlk_released_close(hub->passed);
    wlk_released_close(hub->sealed);
    wlk_key_wipe(&hub->key);
    free(hub);
}

/* ---- connections ---- */

void wlk_hub_connected(struct wlk_hub *hub, wlk_name name, enum wlk_class link_class,
                       struct wlk_moment now)
{
    struct hub_nation *nation = nation_of(hub, name);
    hub->now = now;
    if (!nation)
        return;
    struct hub_link *link = &nation->link[wlk_post_link_index(link_class)];
    memset(link, 0, sizeof *link);
    link->is_up = link->hello_due = true;
    if (link_class == WLK_CLASS_STATUS)
        nation->status_at = nation->status_end = 0;
    for (size_t i = 0; i < hub->lane_count; i++)
        if (wlk_name_equal(hub->lane[i].originator, name) &&
            wlk_post_link(hub->lane[i].lane.record_class) == link_class)
            hub->lane[i].acked_durable = 0;
}

void wlk_hub_disconnected(struct wlk_hub *hub, wlk_name name, enum wlk_class link_class,
                          struct wlk_moment now)
{
    size_t index;
    hub->now = now;
    if (wlk_hub_nation_index(hub, name, &index))
        hub->nation[index].link[wlk_post_link_index(link_class)].is_up = false;
}

/* Sending goes on behind seq; a long tail of tracks begins with a snapshot. */
static void go_back(struct wlk_hub *hub, struct hub_lane *lane, size_t nation, uint64_t seq)
{
    uint64_t sent = wlk_prune_from(hub->journal, lane->id, seq), tail = lane->seq - sent;
    bool is_long = lane->lane.record_class == WLK_CLASS_TRACK && tail > SNAPSHOT_ABOVE;
    lane->sent[nation] = sent;
    lane->snapshot_at[nation] = tail > SNAPSHOT_DEPTH ? lane->seq - SNAPSHOT_DEPTH : sent;
    lane->snapshot_end[nation] = is_long ? lane->seq : 0;
    wlk_hub_notice_past(hub, lane, nation, seq);
}

/* The nation says how far it has its partners' lanes: sending resumes behind that. */
static wlk_status take_hello(struct wlk_hub *hub, size_t nation, enum wlk_class link_class,
                             const struct wlk_frame *hello)
{
    struct hub_link *link = &hub->nation[nation].link[wlk_post_link_index(link_class)];
    struct wlk_lane_mark mark;
    size_t cursor = 0;
    if (hello->link != link_class || link->has_hello ||
        !wlk_name_equal(hello->sender, hub->nation[nation].name))
        return WLK_BAD_INPUT;
    for (size_t i = 0; i < hub->lane_count; i++)
        if (wlk_post_link(hub->lane[i].lane.record_class) == link_class)
            go_back(hub, &hub->lane[i], nation, 0);
    while (wlk_frame_mark(hello, &cursor, &mark) == WLK_OK) {
        struct hub_lane *lane = find_lane(hub, mark.originator, &mark.lane);
        if (lane && wlk_post_link(lane->lane.record_class) == link_class)
            go_back(hub, lane, nation, mark.seq < lane->seq ? mark.seq : lane->seq);
    }
    link->has_hello = true;
    return WLK_OK;
}

/* A nation may have it from the other hub: then it counts once it is here, too. */
static wlk_status take_ack(struct wlk_hub *hub, size_t nation, const struct wlk_frame *ack)
{
    int64_t lane;
    if (ack->stage == WLK_ACK_DURABLE &&
        wlk_journal_lane_find(hub->journal, ack->mark.originator, &ack->mark.lane, &lane) ==
            WLK_OK &&
        wlk_journal_acknowledged(hub->journal, lane, hub->nation[nation].name, ack->mark.seq,
                                 ack->mark.seq) != WLK_OK)
        hub->counts.unjournalled++;
    return WLK_OK;
}

static wlk_status take_ask(struct wlk_hub *hub, size_t nation, const struct wlk_frame *ask)
{
    struct hub_lane *lane = find_lane(hub, ask->mark.originator, &ask->mark.lane);
    hub->counts.asks++;
    if (!lane || ask->mark.seq > lane->sent[nation])
        return WLK_OK;
    lane->sent[nation] = wlk_prune_from(hub->journal, lane->id, ask->mark.seq - 1);
    wlk_hub_notice_past(hub, lane, nation, ask->mark.seq - 1);
    return WLK_OK;
}

wlk_status wlk_hub_statement(struct wlk_hub *hub, enum wlk_statement_kind kind,
                             const uint8_t *bytes, size_t size, struct wlk_moment now,
                             struct wlk_fault *fault)
{
    wlk_name name;
    hub->now = now;
    return wlk_standing_take(hub->standing, kind, bytes, size, now.utc, &name, fault);
}

wlk_status wlk_hub_frame(struct wlk_hub *hub, wlk_name name, enum wlk_class link_class,
                         const uint8_t *bytes, size_t size, struct wlk_moment now)
{
    struct wlk_frame frame;
    size_t nation;
    hub->now = now;
    if (!wlk_hub_nation_index(hub, name, &nation))
        return WLK_BAD_INPUT;
    struct hub_link *link = &hub->nation[nation].link[wlk_post_link_index(link_class)];
    if (!link->is_up || wlk_frame_decode(bytes, size, &frame) != WLK_OK ||
        (frame.kind != WLK_FRAME_HELLO && !link->has_hello)) {
        hub->counts.malformed++;
        return WLK_BAD_INPUT;
    }
    switch (frame.kind) {
    case WLK_FRAME_HELLO:
        return take_hello(hub, nation, link_class, &frame);
    case WLK_FRAME_RECORD:
        wlk_hub_take_record(hub, nation, link_class, frame.bytes, frame.size);
        return WLK_OK;
    case WLK_FRAME_ACK:
        return take_ack(hub, nation, &frame);
    case WLK_FRAME_ASK:
        return take_ask(hub, nation, &frame);
    case WLK_FRAME_STATEMENT:
        if (wlk_hub_statement(hub, (enum wlk_statement_kind)frame.statement, frame.bytes,
                              frame.size, now, NULL) == WLK_BAD_SIGNATURE)
            hub->counts.bad_signature++;
        return WLK_OK;
    case WLK_FRAME_PING:
        link->pong_due = true;
        link->pong_token = frame.token;
        return WLK_OK;
    case WLK_FRAME_PONG:
    case WLK_FRAME_END:
        break;
    }
    return WLK_OK;
}

const struct wlk_force *wlk_hub_force(const struct wlk_hub *hub)
{
    return wlk_standing_force(hub->standing);
}

const struct wlk_hub_counts *wlk_hub_count(const struct wlk_hub *hub)
{
    return &hub->counts;
}
