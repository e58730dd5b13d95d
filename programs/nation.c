/* nation.c -- a nation: what happens to a plot, to a frame and when time passes.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/nation.h"

#include "base/assert.h"
#include "exchange/journal.h"
#include "fusion/picture.h"
#include "programs/outlook.h"
#include "programs/doubles.h"
#include "programs/publish.h"
#include "programs/receive.h"
#include "sensors/intake.h"
#include "tracking/book.h"
#include "warning/alert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const double TELL_AGAIN_S = 1;     /* tracks go out once a second (DESIGN.md 3) */
static const double REBUILD_S = 1800;     /* of partners' records, after a restart */
static const uint32_t OBJECTS_A_START = 1u << 16; /* numbers for one life of a node */
static const char STARTS_KEY[] = "starts";
enum { TRACES_MAX = 256, TRACKS_A_TURN = 4 };

/* What was last done about one own track. */
struct seen {
    uint32_t object; /* 0: free */
    wlk_utc measured, told;
    bool is_ended;
};

struct wlk_nation {
    struct wlk_nation_options options;
    struct wlk_intake *intake;
    struct wlk_book *book;
    struct wlk_fusion *fusion;
    struct wlk_areas *areas;
    size_t land_count;
    struct wlk_areas *land[WLK_PARTIES_MAX]; /* of other nations */
    struct wlk_places *places;
    struct wlk_alerts *alerts;
    struct wlk_outlook *outlook;
    struct wlk_publisher *publisher;
    struct wlk_post *post;
    struct seen seen[WLK_OBJECTS_MAX];
    wlk_digest joined[WLK_ARRANGEMENTS_MAX]; /* digests, in the order of joining */
    size_t joined_count;
    bool has_plot;
    wlk_utc swept; /* when notes and arrangements were last gone through */
    struct wlk_doubles doubles;
    struct wlk_trace trace[TRACES_MAX];
    uint64_t trace_in, trace_out;
    struct wlk_nation_counts counts;
};

static void note(struct wlk_nation *nation, enum wlk_entry_kind kind, wlk_utc now,
                 const char *names)
{
    struct wlk_entry entry = {
        .nation = nation->options.name, .time = now, .at = now, .kind = kind};
    snprintf(entry.names, sizeof entry.names, "%s", names);
    wlk_outlook_note(nation->outlook, &entry);
}

/* ---- opening and closing ------------------------------------------------------------- */

/* The land of other nations that have radars in the file of sites: it is not sea. */
static wlk_status open_lands(struct wlk_nation *nation, struct wlk_alert_setup *alert,
                             struct wlk_fault *fault)
{
    const struct wlk_sites *sites = nation->options.sites;
    for (size_t i = 0; i < sites->count; i++) {
        wlk_name owner = sites->site[i].owner;
        bool is_known = wlk_name_equal(owner, nation->options.name);
        for (size_t k = 0; k < nation->land_count; k++)
            is_known |= wlk_name_equal(owner, nation->land[k]->nation);
        if (is_known || nation->land_count == WLK_PARTIES_MAX)
            continue;
        WLK_TRY(wlk_areas_open(owner, nation->options.areas_folder,
                               &nation->land[nation->land_count], fault));
        alert->land_view[alert->land_count++] = nation->land[nation->land_count++];
    }
    return WLK_OK;
}

static wlk_status open_stages(struct wlk_nation *nation, struct wlk_fault *fault)
{
    const struct wlk_nation_options *options = &nation->options;
    WLK_TRY(wlk_intake_open(options->name, options->nature, options->sites, &nation->intake));
    WLK_TRY(wlk_book_open(&nation->book));
    WLK_TRY(wlk_fusion_open(options->name, &nation->fusion));
    WLK_TRY(wlk_areas_open(options->name, options->areas_folder, &nation->areas, fault));
    char places[1024];
    snprintf(places, sizeof places, "%s/places.txt", options->areas_folder);
    WLK_TRY(wlk_places_open(places, &nation->places, fault));
    struct wlk_alert_setup alert = {.nation = options->name,
                                    .nature = options->nature,
                                    .areas_view = nation->areas,
                                    .places_view = nation->places,
                                    .policy = wlk_alert_policy_default()};
    memcpy(alert.exercise, options->exercise, sizeof alert.exercise);
    WLK_TRY(open_lands(nation, &alert, fault));
    WLK_TRY(wlk_alert_open(&alert, &nation->alerts));
    struct wlk_outlook_setup outlook = {.nation = options->name,
                                      .fusion = nation->fusion,
                                      .alerts = nation->alerts,
                                      .areas_view = nation->areas};
    return wlk_outlook_open(&outlook, &nation->outlook);
}

/* Each life of a node counts its objects in a range of its own. */
static wlk_status next_start(struct wlk_journal *journal, uint32_t *out)
{
    uint32_t starts = 0;
    size_t used;
    wlk_status status =
        wlk_journal_value(journal, STARTS_KEY, &starts, sizeof starts, &used);
    if (status != WLK_OK && status != WLK_NOT_YET)
        return status;
    uint32_t next = (starts + 1) % (0x40000000u / OBJECTS_A_START);
    *out = starts;
    return wlk_journal_set(journal, STARTS_KEY, &next, sizeof next, true);
}

static wlk_status open_exchange(struct wlk_nation *nation, struct wlk_fault *fault)
{
    const struct wlk_nation_options *options = &nation->options;
    uint32_t starts = 0;
    WLK_TRY(next_start(options->journal, &starts));
    struct wlk_post_options post = {.nation = options->name,
                                    .hub_count = options->hub_count,
                                    .journal = options->journal,
                                    .key = options->key,
                                    .key_nature = options->nature,
                                    .salts = options->salts,
                                    .roots = options->roots,
                                    .stand_in_count = options->stand_in_count,
                                    .stand_in = options->stand_in,
                                    .clock_error_ns = options->clock_error_ns,
                                    .now = options->now};
    memcpy(post.hub, options->hub, sizeof post.hub);
    WLK_TRY(wlk_post_open(&post, &nation->post, fault));
    struct wlk_publish_setup publish = {.nation = options->name,
                                        .nature = options->nature,
                                        .key = options->key,
                                        .salts = options->salts,
                                        .post = nation->post,
                                        .clock_error_ns = options->clock_error_ns,
                                        .object_base = starts * OBJECTS_A_START};
    memcpy(publish.exercise, options->exercise, sizeof publish.exercise);
    return wlk_publish_open(&publish, &nation->publisher);
}

static void free_nation(struct wlk_nation *nation)
{
    wlk_publish_close(nation->publisher);
    wlk_outlook_close(nation->outlook);
    wlk_alert_close(nation->alerts);
    wlk_places_close(nation->places);
    for (size_t i = 0; i < nation->land_count; i++)
        wlk_areas_close(nation->land[i]);
    wlk_areas_close(nation->areas);
    wlk_fusion_close(nation->fusion);
    wlk_book_close(nation->book);
    wlk_intake_close(nation->intake);
    free(nation);
}

void wlk_nation_close(struct wlk_nation *nation)
{
    if (!nation)
        return;
    wlk_post_close(nation->post);
    free_nation(nation);
}

void wlk_nation_abandon(struct wlk_nation *nation)
{
    if (!nation)
        return;
    wlk_post_abandon(nation->post);
    free_nation(nation);
}

/* ---- arrangements -------------------------------------------------------------------- */

static bool is_joined(const struct wlk_nation *nation, const wlk_digest *digest)
{
    for (size_t i = 0; i < nation->joined_count; i++)
        if (wlk_digest_equal(&nation->joined[i], digest))
            return true;
    return false;
}

/* Publishes under what is in force now, and no longer under what is not. */
static void follow_force(struct wlk_nation *nation, wlk_utc now)
{
    const struct wlk_force *force = wlk_post_force(nation->post);
    for (size_t i = 0; i < force->count; i++) {
        const struct wlk_agreement *agreement = &force->agreement[i];
        bool stands = wlk_arrangement_in_force(force, &agreement->digest, now) ==
                      WLK_FORCE_IN_FORCE;
        bool joined = is_joined(nation, &agreement->digest);
        if (stands && !joined && nation->joined_count < WLK_ARRANGEMENTS_MAX &&
            wlk_publish_join(nation->publisher, agreement) == WLK_OK)
            nation->joined[nation->joined_count++] = agreement->digest;
        if (stands || !joined)
            continue;
        if (!wlk_force_named(force, agreement->arrangement.name, now))
            wlk_publish_leave(nation->publisher, agreement->arrangement.name);
        for (size_t k = 0; k < nation->joined_count; k++)
            if (wlk_digest_equal(&nation->joined[k], &agreement->digest))
                nation->joined[k] = nation->joined[--nation->joined_count];
        char words[128];
        enum wlk_force_state state = wlk_arrangement_in_force(force, &agreement->digest, now);
        snprintf(words, sizeof words, "arrangement %s is no longer in force: %s",
                 agreement->arrangement.name.text, wlk_force_word(state));
        note(nation, WLK_ENTRY_ALARM, now, words);
    }
}

wlk_status wlk_nation_statement(struct wlk_nation *nation, enum wlk_statement_kind kind,
                                const uint8_t *bytes, size_t size, struct wlk_moment now,
                                struct wlk_fault *fault)
{
    wlk_status status = wlk_post_statement(nation->post, kind, bytes, size, now, fault);
    follow_force(nation, now.utc);
    return status;
}

/* ---- own tracks ---------------------------------------------------------------------- */

/* The notes on a track; NULL when the store is full: then it is told at each tick only. */
static struct seen *seen_of(struct wlk_nation *nation, uint32_t object)
{
    struct seen *empty = NULL;
    for (size_t i = 0; i < WLK_OBJECTS_MAX; i++) {
        if (nation->seen[i].object == object)
            return &nation->seen[i];
        if (!nation->seen[i].object && !empty)
            empty = &nation->seen[i];
    }
    if (empty)
        *empty = (struct seen){.object = object};
    return empty;
}

/* The launch that an own track belongs to in the picture; false: it is alone. */
static bool picture_event(const struct wlk_nation *nation, uint32_t own_object, wlk_event *out)
{
    const struct wlk_picture *picture = wlk_outlook_picture(nation->outlook);
    for (size_t i = 0; i < picture->count; i++)
        if (picture->object[i].has_own && picture->object[i].own_object == own_object &&
            picture->object[i].has_event) {
            *out = picture->object[i].event;
            return true;
        }
    return false;
}

static void tell_track(struct wlk_nation *nation, const struct wlk_track *track,
                       struct wlk_moment now)
{
    wlk_event event;
    bool has_event = wlk_publish_event(nation->publisher, track->object, &event);
    wlk_fusion_own(nation->fusion, track, has_event ? &event : NULL);
    if (!has_event && track->is_confirmed && track->has_launch) {
        /* Its first launch record: is it a launch that a partner has declared already? */
        (void)wlk_outlook_step(nation->outlook, now.utc, true);
        has_event = picture_event(nation, track->object, &event);
    }
    wlk_publish_track(nation->publisher, track, has_event ? &event : NULL, now);
    if (wlk_publish_event(nation->publisher, track->object, &event))
        wlk_fusion_own(nation->fusion, track, &event);
}

static void end_track(struct wlk_nation *nation, const struct wlk_track *track,
                      struct seen *seen, struct wlk_moment now)
{
    if (seen->is_ended)
        return;
    seen->is_ended = true;
    wlk_publish_ended(nation->publisher, track, now);
    wlk_fusion_own_ended(nation->fusion, track->object);
}

/* Notes on tracks that the book has forgotten are freed. */
static void sweep_seen(struct wlk_nation *nation)
{
    for (size_t i = 0; i < WLK_OBJECTS_MAX; i++)
        if (nation->seen[i].object && !wlk_book_find(nation->book, nation->seen[i].object))
            nation->seen[i].object = 0;
}

/* Tells partners, the picture: at once what a plot has changed, and every live track once a
 * second; of these a few at a time, so that a raid never holds up the next plot. */
static void tell_tracks(struct wlk_nation *nation, struct wlk_moment now)
{
    wlk_book_advance(nation->book, now.utc);
    size_t turns = TRACKS_A_TURN + wlk_book_count(nation->book) / TRACKS_A_TURN;
    for (size_t i = 0; i < wlk_book_count(nation->book); i++) {
        const struct wlk_track *track = wlk_book_track(nation->book, i);
        struct seen *seen = seen_of(nation, track->object);
        if (!seen)
            continue; /* no more than WLK_OBJECTS_MAX are told; the book has no more */
        if (track->is_ended) {
            end_track(nation, track, seen, now);
            continue;
        }
        bool is_new = seen->measured.ns != track->last_measurement.ns;
        bool is_due = wlk_utc_seconds(now.utc, seen->told) >= TELL_AGAIN_S;
        if (!is_new && (!is_due || turns == 0))
            continue;
        turns -= !is_new;
        seen->measured = track->last_measurement;
        seen->told = now.utc;
        tell_track(nation, track, now);
        wlk_outlook_changed(nation->outlook);
    }
}

/* ---- events -------------------------------------------------------------------------- */

static void take_sighting(struct wlk_nation *nation, const struct wlk_sighting *sighting,
                          struct wlk_moment now)
{
    nation->counts.sightings++;
    wlk_fusion_sighting(nation->fusion, sighting);
    wlk_publish_sighting(nation->publisher, sighting, now);
    (void)wlk_outlook_step(nation->outlook, now.utc, true);
}

void wlk_nation_datagram(struct wlk_nation *nation, const uint8_t *bytes, size_t size,
                         struct wlk_moment now)
{
    struct wlk_intake_input input = {
        .bytes = bytes, .size = size, .now = now.utc, .read_at = now.mono};
    struct wlk_intake_result result;
    if (wlk_intake_take(nation->intake, &input, &result, NULL) != WLK_OK) {
        nation->counts.plots_refused++; /* which rule: the intake's own counters */
        return;
    }
    if (result.kind == WLK_DATAGRAM_SIGHTING) {
        take_sighting(nation, &result.sighting, now);
        return;
    }
    if (wlk_book_take(nation->book, &result.plot) != WLK_OK) {
        nation->counts.plots_refused++;
        return;
    }
    nation->counts.plots++;
    if (!nation->has_plot)
        note(nation, WLK_ENTRY_FIRST_PLOT, now.utc, result.plot.sensor.text);
    nation->has_plot = true;
    tell_tracks(nation, now);
}

static void trace(struct wlk_nation *nation, const struct wlk_header *header)
{
    if (nation->trace_in - nation->trace_out == TRACES_MAX || header->type == WLK_TYPE_TRACK)
        return;
    struct wlk_trace *slot = &nation->trace[nation->trace_in++ % TRACES_MAX];
    *slot = (struct wlk_trace){
        .originator = header->originator, .lane = header->lane, .seq = header->seq};
}

static void check_double(struct wlk_nation *nation, const struct wlk_delivery *delivery,
                         wlk_utc now)
{
    const struct wlk_header *header = &delivery->record->claim.header;
    if (!wlk_doubles_note(&nation->doubles, header) || delivery->is_replayed)
        return;
    char words[128];
    nation->counts.records_doubled++;
    snprintf(words, sizeof words, WLK_DOUBLED_WORDS " %s %s %" PRIu64, header->originator.text,
             wlk_class_word(header->lane.record_class), header->seq);
    note(nation, WLK_ENTRY_ALARM, now, words);
}

static void take_delivery(struct wlk_nation *nation, const struct wlk_delivery *delivery,
                          wlk_utc now)
{
    char words[256];
    switch (delivery->kind) {
    case WLK_DELIVERY_RECORD:
        wlk_publish_heard(nation->publisher, &delivery->record->claim.header, now);
        trace(nation, &delivery->record->claim.header);
        check_double(nation, delivery, now);
        if (wlk_receive_record(nation->fusion, delivery->record) == WLK_OK) {
            nation->counts.records_taken++;
            wlk_outlook_changed(nation->outlook);
        } else {
            nation->counts.records_unusable++;
        }
        break;
    case WLK_DELIVERY_NOTICE:
        snprintf(words, sizeof words, "%s to %s, %s %" PRIu64 "-%" PRIu64 ": %s, %s",
                 delivery->refused->originator.text, delivery->refused->recipient.text,
                 wlk_class_word(delivery->refused->lane.record_class),
                 delivery->refused->first_seq, delivery->refused->last_seq,
                 delivery->refused->clause, delivery->refused->reason);
        note(nation, WLK_ENTRY_REFUSED, now, words);
        break;
    case WLK_DELIVERY_PARTNER_LOST:
        note(nation, WLK_ENTRY_PARTNER_LOST, now, delivery->nation.text);
        break;
    case WLK_DELIVERY_PARTNER_BACK:
        note(nation, WLK_ENTRY_PARTNER_BACK, now, delivery->nation.text);
        break;
    case WLK_DELIVERY_HUB_LOST:
        note(nation, WLK_ENTRY_HUB_LOST, now, nation->options.hub[delivery->hub].text);
        break;
    case WLK_DELIVERY_HUB_BACK:
        note(nation, WLK_ENTRY_HUB_BACK, now, nation->options.hub[delivery->hub].text);
        break;
    case WLK_DELIVERY_GAP:
        snprintf(words, sizeof words, "%s %s %" PRIu64 "-%" PRIu64, delivery->nation.text,
                 wlk_class_word(delivery->lane.record_class), delivery->first_seq,
                 delivery->last_seq);
        note(nation, WLK_ENTRY_GAP, now, words);
        break;
    case WLK_DELIVERY_DIVERGED:
        snprintf(words, sizeof words, "%s contradicts itself under %s", delivery->nation.text,
                 delivery->arrangement.text);
        note(nation, WLK_ENTRY_ALARM, now, words);
        break;
    case WLK_DELIVERY_STATEMENT:
        follow_force(nation, now);
        break;
    case WLK_DELIVERY_RECEIPT:
        break;
    }
}

static void take_deliveries(struct wlk_nation *nation, wlk_utc now)
{
    struct wlk_delivery delivery;
    while (wlk_post_delivered(nation->post, &delivery))
        take_delivery(nation, &delivery, now);
}

void wlk_nation_connected(struct wlk_nation *nation, size_t hub, enum wlk_class link,
                          struct wlk_moment now)
{
    wlk_post_connected(nation->post, hub, link, now);
    take_deliveries(nation, now.utc);
}

void wlk_nation_disconnected(struct wlk_nation *nation, size_t hub, enum wlk_class link,
                             struct wlk_moment now)
{
    wlk_post_disconnected(nation->post, hub, link, now);
    take_deliveries(nation, now.utc);
}

wlk_status wlk_nation_frame(struct wlk_nation *nation, size_t hub, enum wlk_class link,
                            const uint8_t *bytes, size_t size, struct wlk_moment now)
{
    wlk_status status = wlk_post_frame(nation->post, hub, link, bytes, size, now);
    take_deliveries(nation, now.utc);
    return status;
}

void wlk_nation_tick(struct wlk_nation *nation, struct wlk_moment now)
{
    wlk_post_tick(nation->post, now);
    take_deliveries(nation, now.utc);
    tell_tracks(nation, now);
    if (wlk_utc_seconds(now.utc, nation->swept) >= TELL_AGAIN_S) {
        nation->swept = now.utc;
        follow_force(nation, now.utc);
        sweep_seen(nation);
    }
}

bool wlk_nation_work(struct wlk_nation *nation, struct wlk_moment now)
{
    return wlk_outlook_step(nation->outlook, now.utc, false);
}

bool wlk_nation_trace(struct wlk_nation *nation, struct wlk_trace *out)
{
    if (wlk_publish_trace(nation->publisher, out))
        return true;
    if (nation->trace_in == nation->trace_out)
        return false;
    *out = nation->trace[nation->trace_out++ % TRACES_MAX];
    return true;
}

/* ---- what comes out ------------------------------------------------------------------ */

bool wlk_nation_outgoing(struct wlk_nation *nation, size_t hub, enum wlk_class link,
                         const uint8_t **bytes, size_t *size)
{
    return wlk_post_outgoing(nation->post, hub, link, bytes, size);
}

bool wlk_nation_entry(struct wlk_nation *nation, struct wlk_entry *out)
{
    return wlk_outlook_entry(nation->outlook, out);
}

bool wlk_nation_warning(struct wlk_nation *nation, struct wlk_warning *out)
{
    return wlk_outlook_warning(nation->outlook, out);
}

const struct wlk_areas *wlk_nation_areas(const struct wlk_nation *nation)
{
    return nation->areas;
}

const struct wlk_picture *wlk_nation_picture(const struct wlk_nation *nation)
{
    return wlk_outlook_picture(nation->outlook);
}

struct wlk_post *wlk_nation_post(struct wlk_nation *nation)
{
    return nation->post;
}

struct wlk_nation_counts wlk_nation_count(const struct wlk_nation *nation)
{
    struct wlk_nation_counts counts = nation->counts;
    counts.records_sealed = wlk_publish_count(nation->publisher)->sealed;
    counts.records_held = wlk_publish_count(nation->publisher)->held;
    counts.warnings = wlk_outlook_warned(nation->outlook);
    counts.dropped = wlk_outlook_dropped(nation->outlook);
    return counts;
}

wlk_status wlk_nation_open(const struct wlk_nation_options *options, struct wlk_nation **out,
                           struct wlk_fault *fault)
{
    struct wlk_nation *nation = calloc(1, sizeof *nation);
    if (!nation)
        return WLK_IO;
    nation->options = *options;
    wlk_status status = open_stages(nation, fault);
    if (status == WLK_OK)
        status = open_exchange(nation, fault);
    if (status != WLK_OK) {
        wlk_post_abandon(nation->post);
        free_nation(nation);
        return status;
    }
    follow_force(nation, options->now.utc);
    wlk_post_replay(nation->post, wlk_utc_add(options->now.utc, -REBUILD_S));
    take_deliveries(nation, options->now.utc);
    *out = nation;
    return WLK_OK;
}
