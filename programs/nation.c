/* nation.c -- a nation: what happens to a plot, to a frame and when time passes.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/nation_private.h"

#include "base/assert.h"
#include "exchange/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const double TELL_AGAIN_S = 1;     /* tracks go out once a second (DESIGN.md 3) */
static const double REBUILD_S = 1800;     /* of partners' records, after a restart */
static const uint32_t OBJECTS_A_START = 1u << 16; /* numbers for one life of a node */
static const char STARTS_KEY[] = "starts";
enum { TRACKS_A_TURN = 1, TICKS_A_SECOND = 10 };

/* ---- opening and closing ------------------------------------------------------------- */

/* Its own areas, and the land of the others, whether they share or not: that is not sea. */
static wlk_status open_map(struct wlk_nation *nation, struct wlk_alert_setup *alert,
                           struct wlk_fault *fault)
{
    const struct wlk_nation_options *options = &nation->options;
    const struct wlk_land *land = options->land_view;
    if (!land) {
        WLK_TRY(wlk_land_open(options->areas_folder, &nation->land_own, fault));
        land = &nation->land_own;
    }
    nation->areas = wlk_land_of(land, options->name);
    if (!nation->areas) {
        WLK_TRY(wlk_areas_open(options->name, options->areas_folder, &nation->areas_own,
                               fault));
        nation->areas = nation->areas_own;
    }
    alert->areas_view = nation->areas;
    alert->places_view = land->places;
    for (size_t i = 0; i < land->count; i++)
        if (land->areas[i] != nation->areas)
            alert->land_view[alert->land_count++] = land->areas[i];
    return WLK_OK;
}

static wlk_status open_stages(struct wlk_nation *nation, struct wlk_fault *fault)
{
    const struct wlk_nation_options *options = &nation->options;
    WLK_TRY(wlk_intake_open(options->name, options->nature, options->sites, &nation->intake));
    WLK_TRY(wlk_book_open(&nation->book));
    if (options->is_warm)
        wlk_book_warm(nation->book);
    WLK_TRY(wlk_fusion_open(options->name, &nation->fusion));
    wlk_fusion_clock(nation->fusion, (double)options->clock_error_ns * 1e-9);
    struct wlk_alert_setup alert = {.nation = options->name,
                                    .nature = options->nature,
                                    .policy = wlk_alert_policy_default()};
    memcpy(alert.exercise, options->exercise, sizeof alert.exercise);
    WLK_TRY(open_map(nation, &alert, fault));
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
                                    .kept_ns = options->kept_ns,
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
    WLK_TRY(wlk_publish_open(&publish, &nation->publisher));
    return wlk_nation_shield_open(nation, fault);
}

static void free_nation(struct wlk_nation *nation)
{
    wlk_publish_close(nation->publisher);
    wlk_outlook_close(nation->outlook);
    wlk_alert_close(nation->alerts);
    wlk_areas_close(nation->areas_own);
    wlk_land_close(&nation->land_own);
    wlk_fusion_close(nation->fusion);
    wlk_shield_close(nation->shield);
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

/* ---- own tracks ---------------------------------------------------------------------- */

/* The notes on a track; NULL when the store is full: then it is told at each tick only. */
static struct wlk_nation_seen *seen_of(struct wlk_nation *nation, uint32_t object)
{
    struct wlk_nation_seen *empty = NULL;
    for (size_t i = 0; i < WLK_OBJECTS_MAX; i++) {
        if (nation->seen[i].object == object)
            return &nation->seen[i];
        if (!nation->seen[i].object && !empty)
            empty = &nation->seen[i];
    }
    if (empty)
        *empty = (struct wlk_nation_seen){.object = object};
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
                       struct wlk_nation_seen *seen, struct wlk_moment now)
{
    wlk_event event;
    struct wlk_track told = *track;
    bool has_event = wlk_publish_event(nation->publisher, track->object, &event);
    if (has_event)
        wlk_nation_salvo_size(nation, &event, &told.launch);
    wlk_fusion_own(nation->fusion, &told, has_event ? &event : NULL);
    if (!has_event && track->is_confirmed && track->has_launch) {
        /* Its first launch record: is it a launch that a partner has declared already, or one
         * of a salvo? */
        (void)wlk_outlook_step(nation->outlook, now.utc, true);
        has_event = picture_event(nation, track->object, &event) ||
                    wlk_nation_salvo_event(nation, &track->launch.point, &event);
    }
    wlk_publish_track(nation->publisher, &told, has_event ? &event : NULL, now);
    seen->has_event = wlk_publish_event(nation->publisher, track->object, &seen->event);
    if (seen->has_event)
        wlk_fusion_own(nation->fusion, &told, &seen->event);
}

static void end_track(struct wlk_nation *nation, const struct wlk_track *track,
                      struct wlk_nation_seen *seen, struct wlk_moment now)
{
    if (seen->is_ended)
        return;
    wlk_fusion_own_ended(nation->fusion, track->object);
    seen->is_ended = wlk_publish_ended(nation->publisher, track, now);
}

/* Notes on tracks that the book has forgotten are freed. */
static void sweep_seen(struct wlk_nation *nation)
{
    for (size_t i = 0; i < WLK_OBJECTS_MAX; i++)
        if (nation->seen[i].object && !wlk_book_find(nation->book, nation->seen[i].object)) {
            wlk_nation_salvo_gone(nation, &nation->seen[i]);
            nation->seen[i].object = 0;
        }
}

/* Tells partners, the picture: at once what a plot has changed, and every live track once a
 * second; of these a few at a time, so that a raid never holds up the next plot. */
static void tell_tracks(struct wlk_nation *nation, struct wlk_moment now)
{
    size_t turns = TRACKS_A_TURN + wlk_book_count(nation->book) / TICKS_A_SECOND;
    for (size_t i = 0; i < wlk_book_count(nation->book); i++) {
        const struct wlk_track *track = wlk_book_track(nation->book, i);
        struct wlk_nation_seen *seen = seen_of(nation, track->object);
        if (!seen)
            continue; /* no more than WLK_OBJECTS_MAX are told; the book has no more */
        if (track->is_ended) {
            end_track(nation, track, seen, now);
            continue;
        }
        bool is_new = seen->plot_count != track->plot_count;
        bool is_due = wlk_utc_seconds(now.utc, seen->told) >= TELL_AGAIN_S;
        if (!is_new && (!is_due || turns == 0))
            continue;
        turns -= !is_new;
        if (!is_new)
            seen->told = now.utc;
        seen->plot_count = track->plot_count;
        tell_track(nation, track, seen, now);
        wlk_outlook_changed(nation->outlook);
    }
}

/* ---- events -------------------------------------------------------------------------- */

static void take_sighting(struct wlk_nation *nation, const struct wlk_sighting *sighting,
                          struct wlk_moment now)
{
    nation->counts.sightings++;
    wlk_fusion_sighting(nation->fusion, sighting);
    struct wlk_point launch = {.place = sighting->place, .time = sighting->launch_time};
    wlk_event event;
    bool has_event = wlk_nation_salvo_event(nation, &launch, &event);
    wlk_publish_sighting(nation->publisher, sighting, has_event ? &event : NULL, now);
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
    if (result.is_known) {
        nation->counts.plots_known++;
        return;
    }
    if (wlk_book_take(nation->book, &result.plot) != WLK_OK) {
        nation->counts.plots_refused++;
        return;
    }
    nation->counts.plots++;
    if (!nation->has_plot)
        wlk_nation_note(nation, WLK_ENTRY_FIRST_PLOT, now.utc, result.plot.sensor.text);
    nation->has_plot = true;
    tell_tracks(nation, now);
}

void wlk_nation_connected(struct wlk_nation *nation, size_t hub, enum wlk_class link,
                          struct wlk_moment now)
{
    wlk_post_connected(nation->post, hub, link, now);
    wlk_nation_take_deliveries(nation, now.utc);
}

void wlk_nation_disconnected(struct wlk_nation *nation, size_t hub, enum wlk_class link,
                             struct wlk_moment now)
{
    wlk_post_disconnected(nation->post, hub, link, now);
    wlk_nation_take_deliveries(nation, now.utc);
}

wlk_status wlk_nation_frame(struct wlk_nation *nation, size_t hub, enum wlk_class link,
                            const uint8_t *bytes, size_t size, struct wlk_moment now)
{
    wlk_status status = wlk_post_frame(nation->post, hub, link, bytes, size, now);
    wlk_nation_take_deliveries(nation, now.utc);
    return status;
}

/* An exercise in life, or life in an exercise: nothing of it is taken, but somebody should
 * know. Once a minute while it lasts. */
static void tell_other_nature(struct wlk_nation *nation, wlk_utc now)
{
    static const double AGAIN_S = 60;
    uint64_t count = wlk_post_count(nation->post)->other_nature;
    char words[128];
    if (count == nation->other_told ||
        (nation->other_told && wlk_utc_seconds(now, nation->other_told_at) < AGAIN_S))
        return;
    nation->other_told = count;
    nation->other_told_at = now;
    snprintf(words, sizeof words,
             "records that are not %s come in; none is taken, %" PRIu64 " so far",
             wlk_nature_word(nation->options.nature), count);
    wlk_nation_note(nation, WLK_ENTRY_ALARM, now, words);
}

void wlk_nation_tick(struct wlk_nation *nation, struct wlk_moment now)
{
    wlk_post_tick(nation->post, now);
    wlk_nation_take_deliveries(nation, now.utc);
    wlk_book_advance(nation->book, now.utc);
    tell_tracks(nation, now);
    wlk_nation_shield_step(nation, now);
    if (wlk_utc_seconds(now.utc, nation->swept) >= TELL_AGAIN_S) {
        nation->swept = now.utc;
        wlk_nation_follow_force(nation, now.utc);
        tell_other_nature(nation, now.utc);
        sweep_seen(nation);
        wlk_nation_salvo_step(nation, now.utc);
        wlk_nation_register_step(nation, now.utc);
    }
}

bool wlk_nation_is_working(const struct wlk_nation *nation)
{
    return wlk_outlook_is_stepping(nation->outlook);
}

bool wlk_nation_work(struct wlk_nation *nation, struct wlk_moment now)
{
    return wlk_outlook_step(nation->outlook, now.utc, false);
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

uint32_t *wlk_nation_number(struct wlk_nation *nation)
{
    return wlk_alert_number(nation->alerts);
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
    wlk_nation_register_open(nation);
    wlk_nation_follow_force(nation, options->now.utc);
    wlk_post_replay(nation->post, wlk_utc_add(options->now.utc, -REBUILD_S));
    wlk_nation_take_deliveries(nation, options->now.utc);
    *out = nation;
    return WLK_OK;
}
