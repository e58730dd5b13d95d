/* serve.c -- a node's display: fed by the loop, asked by pages, told by people.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/serve_private.h"

#include "base/assert.h"
#include "base/words.h"
#include "exchange/journal.h"
#include "programs/share.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const int64_t HEALTH_NS = 500000000;   /* a lost partner shows within 3 s, with room */
static const int64_t PEDIGREE_NS = 500000000;
static const double ALONE_TICK_S = 0.1;       /* scenario time, as nation.h asks */
static const uint64_t SHOWN_SIZE_MAX = UINT64_C(1) << 30; /* then no more, and that is said */
static const uint64_t CLOCK_ERROR_NS = 1000000;

/* ---- opening and closing ------------------------------------------------------------- */

static void draw_salt(void *context, uint8_t salt[WLK_SALT_SIZE])
{
    (void)context;
    wlk_random_secure(salt, WLK_SALT_SIZE);
}

/* The nation as it would be without any exchange. */
static wlk_status alone_open(struct wlk_serve *serve, struct wlk_fault *fault)
{
    const struct wlk_node_config *config = serve->options.config;
    WLK_TRY(
        wlk_journal_open(":memory:", config->nation, &serve->alone_journal, fault));
    struct wlk_nation_options options = {.name = config->nation,
                                         .nature = config->nature,
                                         .sites = serve->options.sites,
                                         .known_view = serve->options.known_view,
                                         .areas_folder = config->areas,
                                         .journal = serve->alone_journal,
                                         .key = serve->options.key,
                                         .roots = serve->options.roots,
                                         .salts = {draw_salt, NULL},
                                         .clock_error_ns = CLOCK_ERROR_NS,
                                         .now = serve->options.now};
    memcpy(options.exercise, config->exercise, sizeof options.exercise);
    return wlk_nation_open(&options, &serve->alone, fault);
}

static wlk_status operators_open(struct wlk_serve *serve, struct wlk_fault *fault)
{
    const char *path = serve->options.config->display_operators;
    char *text;
    if (!path[0])
        return WLK_OK;
    WLK_TRY(wlk_words_read_file(path, &text, fault));
    wlk_status status = wlk_operators_parse(path, text, &serve->operators, fault);
    free(text);
    return status;
}

static wlk_status server_open(struct wlk_serve *serve, struct wlk_fault *fault)
{
    const struct wlk_node_config *config = serve->options.config;
    char page[1024];
    WLK_TRY(wlk_share_path("display/page", page, sizeof page));
    struct wlk_server_options options = {
        .host = config->display_host,
        .port = config->display_port,
        .name = config->display_name[0] ? config->display_name : NULL,
        .page_folder = page,
        .feed = serve->feed,
        .operators = config->display_operators[0] ? &serve->operators : NULL,
        .operator_header = config->display_operator_header,
        .nature = wlk_serve_nature_word(config->nature)};
    WLK_TRY(wlk_server_open(&options, &serve->server, fault));
    WLK_TRY(wlk_server_offer(serve->server, "/about.json", "application/json", serve->about,
                             strlen(serve->about)));
    return wlk_server_offer(serve->server, "/areas.json", "application/json", serve->areas,
                            serve->areas_size);
}

static wlk_status shown_open(struct wlk_serve *serve, struct wlk_fault *fault)
{
    const char *path = serve->options.config->display_shown;
    if (!path[0])
        return WLK_OK;
    serve->shown = fopen(path, "a");
    if (serve->shown) {
        fprintf(serve->shown, "0 about %s\n0 areas %s\n", serve->about, serve->areas);
        return WLK_OK;
    }
    wlk_fault_where(fault, path);
    wlk_fault_set(fault, "what is shown cannot be written", "%s", strerror(errno));
    return WLK_IO;
}

static wlk_status parts_open(struct wlk_serve *serve, struct wlk_fault *fault)
{
    /* Numbers never repeat: each life of the node begins at its wall time in microseconds. */
    uint64_t first_id = (uint64_t)(wlk_clock_wall().ns / 1000);
    WLK_TRY(wlk_feed_open(first_id, &serve->feed));
    WLK_TRY(operators_open(serve, fault));
    WLK_TRY(wlk_serve_about(serve));
    WLK_TRY(wlk_serve_areas(serve, wlk_nation_areas(serve->options.nation)));
    WLK_TRY(shown_open(serve, fault));
    struct wlk_desk_setup desk = {serve->options.config->nature,
                                  serve->options.config->display_release};
    WLK_TRY(wlk_desk_open(&desk, &serve->desk));
    WLK_TRY(alone_open(serve, fault));
    wlk_serve_restore(serve);
    return server_open(serve, fault);
}

wlk_status wlk_serve_open(const struct wlk_serve_options *options, struct wlk_serve **out,
                          struct wlk_fault *fault)
{
    struct wlk_serve *serve = calloc(1, sizeof *serve);
    char *areas = malloc(WLK_SERVE_AREAS_SIZE);
    if (!serve || !areas) {
        free(areas);
        free(serve);
        return WLK_IO;
    }
    serve->options = *options;
    serve->areas = areas;
    wlk_live_watch_begin(&serve->live, options->config->display_live_host,
                         options->config->display_live_port, options->now.mono);
    wlk_status status = parts_open(serve, fault);
    if (status != WLK_OK) {
        wlk_serve_close(serve);
        return status;
    }
    if (options->config->display_live_host[0])
        wlk_serve_show_live(serve);
    *out = serve;
    return WLK_OK;
}

void wlk_serve_close(struct wlk_serve *serve)
{
    if (!serve)
        return;
    wlk_live_watch_end(&serve->live);
    wlk_server_close(serve->server);
    wlk_desk_close(serve->desk);
    wlk_nation_close(serve->alone);
    wlk_journal_close(serve->alone_journal);
    if (serve->shown)
        fclose(serve->shown);
    wlk_feed_close(serve->feed);
    free(serve->areas);
    free(serve);
}

int wlk_serve_descriptor(const struct wlk_serve *serve)
{
    return serve ? wlk_server_descriptor(serve->server) : -1;
}

int wlk_serve_port(const struct wlk_serve *serve)
{
    return serve ? wlk_server_port(serve->server) : 0;
}

/* ---- events -------------------------------------------------------------------------- */

void wlk_serve_emit(struct wlk_serve *serve, enum wlk_feed_store store, const char *kind,
                    const struct wlk_json *json)
{
    if (json->is_full || wlk_feed_add(serve->feed, store, kind, json->bytes) != WLK_OK) {
        serve->missing++;
        return;
    }
    if (!serve->shown || serve->is_shown_full)
        return;
    int wrote = fprintf(serve->shown, "%" PRIu64 " %s %s\n", wlk_feed_newest(serve->feed), kind,
                        json->bytes);
    serve->shown_size += wrote > 0 ? (uint64_t)wrote : 0;
    serve->is_shown_full = wrote < 0 || serve->shown_size > SHOWN_SIZE_MAX;
    if (serve->is_shown_full)
        wlk_alarms_raise(&serve->alarms, WLK_ALARM_SYSTEM, "shown",
                         "what is shown is no longer written to its file", true,
                         wlk_nation_picture(serve->options.nation)->time);
}

/* "arrangement TMW is no longer in force: withdrawn" is about TMW. */
static void raise_alarm(struct wlk_serve *serve, const struct wlk_entry *entry)
{
    static const char before[] = "arrangement ";
    if (strstr(entry->names, WLK_UNCONFIRMED_WORDS) ||
        strstr(entry->names, WLK_CONFIRMED_WORDS))
        return; /* watch_receipts: an alarm with an end */
    char name[WLK_NAME_SIZE];
    if (strncmp(entry->names, before, sizeof before - 1) != 0) {
        wlk_serve_raise_once(serve, WLK_ALARM_SYSTEM, "", entry->names, entry->time);
        return;
    }
    const char *from = entry->names + sizeof before - 1;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(from, " "), from);
    wlk_alarms_raise(&serve->alarms, WLK_ALARM_ARRANGEMENT, name, entry->names, true,
                     entry->time);
}

static void take_for_alarms(struct wlk_serve *serve, const struct wlk_entry *entry)
{
    struct wlk_alarms *alarms = &serve->alarms;
    char name[WLK_NAME_SIZE];
    snprintf(name, sizeof name, "%.15s", entry->names);
    switch (entry->kind) {
    case WLK_ENTRY_DECLARED:
        wlk_alarms_launch(alarms, entry->object, entry->time);
        break;
    case WLK_ENTRY_ENDED:
        wlk_alarms_ended(alarms, entry->object, entry->time);
        break;
    case WLK_ENTRY_PARTNER_LOST:
        wlk_alarms_raise(alarms, WLK_ALARM_PARTNER, name, "", false, entry->time);
        break;
    case WLK_ENTRY_PARTNER_BACK:
        wlk_alarms_clear(alarms, WLK_ALARM_PARTNER, name, entry->time);
        break;
    case WLK_ENTRY_HUB_LOST:
        wlk_alarms_raise(alarms, WLK_ALARM_HUB, name, "", false, entry->time);
        break;
    case WLK_ENTRY_HUB_BACK:
        wlk_alarms_clear(alarms, WLK_ALARM_HUB, name, entry->time);
        break;
    case WLK_ENTRY_GAP:
    case WLK_ENTRY_REFUSED:
        wlk_serve_raise_once(serve, WLK_ALARM_EXCHANGE, wlk_entry_kind_word(entry->kind),
                             entry->names, entry->time);
        break;
    case WLK_ENTRY_ALARM:
        raise_alarm(serve, entry);
        break;
    default:
        break;
    }
}

void wlk_serve_entry(struct wlk_serve *serve, const struct wlk_entry *entry)
{
    if (!serve)
        return;
    take_for_alarms(serve, entry);
    wlk_serve_show_entry(serve, entry);
}

void wlk_serve_datagram(struct wlk_serve *serve, const uint8_t *bytes, size_t size,
                        struct wlk_moment now)
{
    if (serve)
        wlk_nation_datagram(serve->alone, bytes, size, now);
}

/* ---- the turn ------------------------------------------------------------------------ */

static void show_alarms(struct wlk_serve *serve)
{
    struct wlk_json json;
    if (!serve->alarms.has_changed)
        return;
    wlk_json_start(&json, serve->json, sizeof serve->json);
    wlk_alarms_show(&serve->alarms, &json);
    wlk_serve_emit(serve, WLK_FEED_NEWEST, "alarms", &json);
}

/* Raised once per object while its sources contradict each other. */
static void watch_disagreement(struct wlk_serve *serve, const struct wlk_picture *picture)
{
    for (size_t i = 0; i < picture->count; i++) {
        const struct wlk_picture_object *object = &picture->object[i];
        struct wlk_serve_trail *trail = &serve->trail[object->number % WLK_OBJECTS_MAX];
        bool disagrees = object->disagrees && !object->is_ended;
        if (trail->number != object->number || trail->disagrees == disagrees)
            continue;
        char key[WLK_NAME_SIZE];
        snprintf(key, sizeof key, "%" PRIu32, object->number);
        trail->disagrees = disagrees;
        if (disagrees)
            wlk_alarms_raise(&serve->alarms, WLK_ALARM_DISAGREE, key, "", false,
                             picture->time);
        else
            wlk_alarms_clear(&serve->alarms, WLK_ALARM_DISAGREE, key, picture->time);
    }
}

/* An arrangement that is in force (again) is no alarm. */
static void watch_arrangements(struct wlk_serve *serve, wlk_utc now)
{
    const struct wlk_force *force = wlk_post_force(wlk_nation_post(serve->options.nation));
    for (size_t i = 0; i < force->count; i++)
        if (wlk_arrangement_in_force(force, &force->agreement[i].digest, now) ==
            WLK_FORCE_IN_FORCE)
            wlk_alarms_clear(&serve->alarms, WLK_ALARM_ARRANGEMENT,
                             force->agreement[i].arrangement.name.text, now);
}

/* All that an exercise beside this node may know of it. */
static void show_pulse(struct wlk_serve *serve)
{
    const struct wlk_picture *picture = wlk_nation_picture(serve->options.nation);
    unsigned launches = 0, asking = 0;
    char text[128];
    for (size_t i = 0; i < picture->count; i++)
        launches += picture->object[i].is_declared && !picture->object[i].is_ended;
    for (size_t i = 0; i < serve->alarms.count; i++)
        asking += serve->alarms.alarm[i].kind == WLK_ALARM_LAUNCH &&
                  !serve->alarms.alarm[i].is_acknowledged;
    snprintf(text, sizeof text,
             "{\"nature\":\"%s\",\"nation\":\"%s\",\"launches\":%u,\"asking\":%u}",
             wlk_serve_nature_word(serve->options.config->nature),
             serve->options.config->nation.text, launches, asking);
    wlk_server_pulse(serve->server, text);
}

/* One alarm for each nation that owes a receipt; it clears by itself when none is owed. */
static void watch_receipts(struct wlk_serve *serve, wlk_utc now)
{
    struct wlk_owing owing[WLK_ARRANGEMENTS_MAX * WLK_PARTIES_MAX];
    struct wlk_alarms *alarms = &serve->alarms;
    size_t count = wlk_post_owing(wlk_nation_post(serve->options.nation), owing,
                                  sizeof owing / sizeof owing[0]);
    for (size_t i = alarms->count; i > 0; i--) {
        const struct wlk_alarm *alarm = &alarms->alarm[i - 1];
        bool is_owing = false;
        for (size_t k = 0; k < count; k++)
            is_owing |= strcmp(alarm->key, owing[k].nation.text) == 0;
        if (alarm->kind == WLK_ALARM_RECEIPT && !alarm->is_gone && !is_owing) {
            wlk_name nation = {""};
            snprintf(nation.text, sizeof nation.text, "%s", alarm->key);
            wlk_alarms_clear(alarms, WLK_ALARM_RECEIPT, nation.text, now);
        }
    }
    for (size_t k = 0; k < count; k++)
        wlk_alarms_raise(alarms, WLK_ALARM_RECEIPT, owing[k].nation.text, "", false, now);
}

static void run_alone(struct wlk_serve *serve, struct wlk_moment now)
{
    struct wlk_entry entry;
    struct wlk_warning warning;
    double rate = serve->options.config->clock.rate;
    if (now.mono.ns >= serve->alone_tick_at.ns) {
        wlk_nation_tick(serve->alone, now);
        serve->alone_tick_at.ns = now.mono.ns + (int64_t)(ALONE_TICK_S * 1e9 / rate);
    }
    (void)wlk_nation_work(serve->alone, now);
    while (wlk_nation_entry(serve->alone, &entry))
        continue; /* the page compares pictures and warnings */
    while (wlk_nation_warning(serve->alone, &warning))
        wlk_serve_show_warning(serve, "alone", &warning, wlk_nation_areas(serve->alone), "none",
                               "");
}

bool wlk_serve_turn(struct wlk_serve *serve, struct wlk_moment now)
{
    struct wlk_command command;
    if (!serve)
        return false;
    run_alone(serve, now);
    while (wlk_server_command(serve->server, &command))
        wlk_serve_obey(serve, &command, now.utc);
    const struct wlk_picture *picture = wlk_nation_picture(serve->options.nation);
    if (picture->time.ns != serve->pictured.ns &&
        !wlk_nation_is_working(serve->options.nation)) {
        serve->pictured = picture->time;
        wlk_serve_show_picture(serve);
        watch_disagreement(serve, picture);
    }
    if (now.mono.ns >= serve->health_at.ns) {
        serve->health_at.ns = now.mono.ns + HEALTH_NS;
        watch_arrangements(serve, now.utc);
        watch_receipts(serve, now.utc);
        show_pulse(serve);
        wlk_serve_show_health(serve, now);
        if (serve->shown)
            fflush(serve->shown);
    }
    if (serve->options.pedigree->changes != serve->pedigree_seen &&
        now.mono.ns >= serve->pedigree_at.ns) {
        serve->pedigree_seen = serve->options.pedigree->changes;
        serve->pedigree_at.ns = now.mono.ns + PEDIGREE_NS;
        wlk_serve_show_pedigree(serve);
    }
    if (wlk_live_watch_turn(&serve->live, now.mono))
        wlk_serve_show_live(serve);
    show_alarms(serve);
    return wlk_server_turn(serve->server, now.mono);
}
