/* serve_show.c -- the nation's values as events: picture with sources and trail, entries,
 * warnings with their texts, health of the exchange, pedigree.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/serve_private.h"

#include "fusion/picture.h"
#include "programs/nation_private.h"

#include <inttypes.h>
#include <string.h>

static const double TRAIL_S = 1;        /* scenario time between points of an object's trail */
enum { PEDIGREE_ROWS_SHOWN = 48, RECORDS_SHOWN = 24 };

static struct wlk_json start(struct wlk_serve *serve)
{
    struct wlk_json json;
    wlk_json_start(&json, serve->json, sizeof serve->json);
    wlk_json_open(&json, NULL, '{');
    return json;
}

static void finish(struct wlk_serve *serve, enum wlk_feed_store store, const char *kind,
                   struct wlk_json *json)
{
    wlk_json_close(json, '}');
    wlk_serve_emit(serve, store, kind, json);
}

/* ---- the picture --------------------------------------------------------------------- */

static void gather_sources(struct wlk_serve *serve, const struct wlk_picture *picture)
{
    struct wlk_fusion_source source[WLK_FUSION_SOURCES_MAX];
    for (size_t i = 0; i < picture->count; i++) {
        struct wlk_shown_sources *out = &serve->sources[i];
        out->count = wlk_fusion_sources(serve->options.nation->fusion,
                                        picture->object[i].number, source);
        for (size_t k = 0; k < out->count; k++)
            out->source[k] = (struct wlk_shown_source){
                .nation = source[k].originator,
                .is_own = source[k].is_own,
                .is_satellite = source[k].is_satellite,
                .object = source[k].object,
                .is_measured = source[k].is_measured,
                .last_measurement = source[k].last_measurement,
                .heard = source[k].newest};
    }
}

static void show_trail(struct wlk_serve *serve, const struct wlk_picture_object *object,
                       const struct wlk_shown_sources *sources, wlk_utc at)
{
    const double *r = object->state.position_m;
    wlk_geodetic place = wlk_geodetic_from_ecef((wlk_ecef){r[0], r[1], r[2]});
    struct wlk_json json = start(serve);
    wlk_json_integer(&json, "object", object->number);
    wlk_json_time(&json, "t", at);
    wlk_json_number(&json, "lat", place.latitude_rad / WLK_DEG, 5);
    wlk_json_number(&json, "lon", place.longitude_rad / WLK_DEG, 5);
    wlk_json_number(&json, "h", place.height_m, 0);
    wlk_json_open(&json, "by", '[');
    for (size_t k = 0; k < sources->count; k++)
        if (sources->source[k].is_measured)
            wlk_json_text(&json, NULL, sources->source[k].nation.text);
    wlk_json_close(&json, ']');
    finish(serve, WLK_FEED_TRAIL, "trail", &json);
}

static void show_trails(struct wlk_serve *serve, const struct wlk_picture *picture)
{
    for (size_t i = 0; i < picture->count; i++) {
        const struct wlk_picture_object *object = &picture->object[i];
        struct wlk_serve_trail *trail = &serve->trail[object->number % WLK_OBJECTS_MAX];
        if (trail->number != object->number)
            *trail = (struct wlk_serve_trail){.number = object->number};
        if (!object->has_state || object->is_ended)
            continue;
        wlk_utc at = object->state.epoch;
        if (trail->at.ns && wlk_utc_seconds(at, trail->at) < TRAIL_S)
            continue;
        trail->at = at;
        show_trail(serve, object, &serve->sources[i], at);
    }
}

void wlk_serve_show_picture(struct wlk_serve *serve)
{
    const struct wlk_picture *picture = wlk_nation_picture(serve->options.nation);
    gather_sources(serve, picture);
    show_trails(serve, picture);
    struct wlk_snapshot snapshot = {.picture = picture,
                                    .own = wlk_nation_picture(serve->alone),
                                    .sources = serve->sources,
                                    .rate = serve->options.config->clock.rate};
    struct wlk_json json;
    wlk_json_start(&json, serve->json, sizeof serve->json);
    wlk_snapshot_picture(&snapshot, &json);
    wlk_serve_emit(serve, WLK_FEED_NEWEST, "picture", &json);
}

/* ---- what happened ------------------------------------------------------------------- */

void wlk_serve_show_entry(struct wlk_serve *serve, const struct wlk_entry *entry)
{
    struct wlk_json json = start(serve);
    wlk_json_time(&json, "t", entry->time);
    wlk_json_text(&json, "kind", wlk_entry_kind_word(entry->kind));
    wlk_json_integer(&json, "object", entry->object);
    wlk_json_time(&json, "at", entry->at);
    wlk_json_number(&json, "lat", entry->latitude_deg, 5);
    wlk_json_number(&json, "lon", entry->longitude_deg, 5);
    if (entry->kind == WLK_ENTRY_IMPACT) {
        wlk_json_number(&json, "ee", entry->ee_m2, 0);
        wlk_json_number(&json, "en", entry->en_m2, 0);
        wlk_json_number(&json, "nn", entry->nn_m2, 0);
    }
    if (entry->kind == WLK_ENTRY_HEADING) {
        wlk_json_number(&json, "az", entry->azimuth_deg, 1);
        wlk_json_number(&json, "saz", entry->azimuth_sigma_deg, 2);
    }
    if (entry->kind == WLK_ENTRY_WARNING)
        wlk_json_text(&json, "warning", wlk_warning_kind_word(entry->warning));
    wlk_json_text(&json, "names", entry->names);
    finish(serve, WLK_FEED_KEPT, "entry", &json);
}

void wlk_serve_show_warning(struct wlk_serve *serve, const char *kind,
                            const struct wlk_warning *warning, const struct wlk_areas *areas,
                            const char *state, const char *by)
{
    for (int k = 0; k < WLK_SHOWN_LANGUAGES; k++) {
        struct wlk_shown_text *text = &serve->text[k];
        wlk_wording_of(warning, areas, (enum wlk_language)k, &serve->wording[k]);
        text->headline = serve->wording[k].headline;
        text->description = serve->wording[k].description;
        text->instruction = serve->wording[k].instruction;
        for (size_t i = 0; i < warning->area_count; i++)
            wlk_wording_area(warning, areas, warning->area[i].area, (enum wlk_language)k,
                             text->area[i]);
    }
    struct wlk_json json;
    wlk_json_start(&json, serve->json, sizeof serve->json);
    wlk_snapshot_warning(warning, serve->text, state, by, &json);
    wlk_serve_emit(serve, WLK_FEED_KEPT, kind, &json);
}

void wlk_serve_show_act(struct wlk_serve *serve, const struct wlk_command *command, wlk_utc now,
                        const char *outcome)
{
    struct wlk_json json = start(serve);
    wlk_json_time(&json, "t", now);
    wlk_json_text(&json, "act", command->act);
    wlk_json_integer(&json, "number", command->number);
    wlk_json_text(&json, "words", command->words);
    wlk_json_text(&json, "by", command->by);
    wlk_json_bool(&json, "proved", command->is_proved);
    wlk_json_text(&json, "outcome", outcome);
    finish(serve, WLK_FEED_KEPT, "act", &json);
}

/* ---- how the exchange stands --------------------------------------------------------- */

static void show_partners(struct wlk_serve *serve, const struct wlk_force *force, wlk_utc now,
                          struct wlk_json *json)
{
    struct wlk_post *post = wlk_nation_post(serve->options.nation);
    wlk_json_open(json, "partners", '[');
    for (size_t i = 0; i < force->count; i++) {
        const struct wlk_arrangement *arrangement = &force->agreement[i].arrangement;
        if (wlk_arrangement_in_force(force, &force->agreement[i].digest, now) !=
            WLK_FORCE_IN_FORCE)
            continue;
        for (size_t k = 0; k < arrangement->party_count; k++) {
            if (wlk_name_equal(arrangement->party[k], serve->options.config->nation))
                continue;
            wlk_json_open(json, NULL, '{');
            wlk_json_text(json, "n", arrangement->party[k].text);
            wlk_json_text(json, "arrangement", arrangement->name.text);
            wlk_json_bool(json, "alive", wlk_post_partner_alive(post, arrangement->name,
                                                                arrangement->party[k]));
            wlk_json_close(json, '}');
        }
    }
    wlk_json_close(json, ']');
}

static void show_arrangements(const struct wlk_force *force, wlk_utc now, struct wlk_json *json)
{
    wlk_json_open(json, "arrangements", '[');
    for (size_t i = 0; i < force->count; i++) {
        const struct wlk_agreement *agreement = &force->agreement[i];
        enum wlk_force_state state = wlk_arrangement_in_force(force, &agreement->digest, now);
        wlk_json_open(json, NULL, '{');
        wlk_json_text(json, "name", agreement->arrangement.name.text);
        wlk_json_integer(json, "version", (int64_t)agreement->arrangement.version);
        wlk_json_text(json, "state", wlk_force_word(state));
        wlk_json_bool(json, "in_force", state == WLK_FORCE_IN_FORCE);
        wlk_json_time(json, "until", agreement->arrangement.until);
        wlk_json_close(json, '}');
    }
    wlk_json_close(json, ']');
}

static void show_hubs(struct wlk_serve *serve, struct wlk_json *json)
{
    const struct wlk_node_config *config = serve->options.config;
    struct wlk_post *post = wlk_nation_post(serve->options.nation);
    wlk_json_open(json, "hubs", '[');
    for (size_t h = 0; h < config->hub_count; h++) {
        wlk_json_open(json, NULL, '{');
        wlk_json_text(json, "n", config->hub[h].name.text);
        wlk_json_bool(json, "alive", wlk_post_hub_alive(post, h));
        wlk_json_integer(json, "backlog", (int64_t)wlk_post_backlog(post, h));
        wlk_json_close(json, '}');
    }
    wlk_json_close(json, ']');
}

void wlk_serve_show_health(struct wlk_serve *serve, struct wlk_moment now)
{
    const struct wlk_force *force = wlk_post_force(wlk_nation_post(serve->options.nation));
    struct wlk_nation_counts counts = wlk_nation_count(serve->options.nation);
    struct wlk_server_counts pages = wlk_server_count(serve->server);
    if (counts.plots != serve->plots_seen)
        serve->plot_at = now.utc;
    serve->plots_seen = counts.plots;
    struct wlk_json json = start(serve);
    wlk_json_time(&json, "t", now.utc);
    wlk_json_number(&json, "rate", serve->options.config->clock.rate, 3);
    show_hubs(serve, &json);
    show_partners(serve, force, now.utc, &json);
    show_arrangements(force, now.utc, &json);
    if (serve->plot_at.ns)
        wlk_json_time(&json, "plot_at", serve->plot_at);
    wlk_json_integer(&json, "plots", (int64_t)counts.plots);
    wlk_json_integer(&json, "plots_refused", (int64_t)counts.plots_refused);
    wlk_json_integer(&json, "sealed", (int64_t)counts.records_sealed);
    wlk_json_integer(&json, "taken", (int64_t)counts.records_taken);
    wlk_json_integer(&json, "held", (int64_t)counts.records_held);
    wlk_json_integer(&json, "unusable", (int64_t)counts.records_unusable);
    wlk_json_integer(&json, "dropped", (int64_t)(counts.dropped + serve->missing));
    wlk_json_integer(&json, "pages", (int64_t)pages.clients);
    wlk_json_integer(&json, "strangers", (int64_t)pages.strangers);
    wlk_json_integer(&json, "other_nature", (int64_t)pages.other_nature);
    wlk_json_integer(&json, "same_person",
                     (int64_t)wlk_desk_count(serve->desk).same_person);
    finish(serve, WLK_FEED_NEWEST, "health", &json);
}

/* What the live node beside this exercise says. Its own address is shown to nobody else. */
void wlk_serve_show_live(struct wlk_serve *serve)
{
    const struct wlk_live_watch *live = &serve->live;
    struct wlk_json json = start(serve);
    wlk_json_bool(&json, "heard", live->is_heard);
    wlk_json_text(&json, "nation", live->pulse.nation);
    wlk_json_integer(&json, "launches", live->pulse.launches);
    wlk_json_integer(&json, "asking", live->pulse.asking);
    finish(serve, WLK_FEED_NEWEST, "live", &json);
}

/* ---- pedigree ------------------------------------------------------------------------ */

static void show_row(const struct wlk_pedigree_row *row, uint32_t number, bool has_bytes,
                     struct wlk_json *json)
{
    wlk_json_open(json, NULL, '{');
    wlk_json_integer(json, "number", number);
    wlk_json_text(json, "n", row->originator.text);
    wlk_json_text(json, "type", wlk_type_word(row->type));
    wlk_json_text(json, "arrangement", row->lane.arrangement.text);
    wlk_json_integer(json, "version", (int64_t)row->version);
    wlk_json_text(json, "clause", row->clause);
    wlk_json_integer(json, "seq", (int64_t)row->seq);
    wlk_json_time(json, "time", row->time);
    wlk_json_time(json, "received", row->received);
    wlk_json_open(json, "groups", '[');
    for (size_t i = 0; i < row->group_count; i++) {
        wlk_json_open(json, NULL, '{');
        wlk_json_text(json, "group", wlk_group_word(row->group[i].group));
        wlk_json_text(json, "class", wlk_classification_word(row->group[i].classification));
        wlk_json_bool(json, "shown", row->group[i].is_shown);
        wlk_json_close(json, '}');
    }
    wlk_json_close(json, ']');
    if (row->has_key)
        wlk_json_hex(json, "key", row->key, sizeof row->key);
    if (has_bytes && row->size)
        wlk_json_hex(json, "record", row->bytes, row->size);
    wlk_json_close(json, '}');
}

void wlk_serve_show_pedigree(struct wlk_serve *serve)
{
    static const enum wlk_type types[] = {WLK_TYPE_LAUNCH, WLK_TYPE_IMPACT, WLK_TYPE_TRACK};
    const struct wlk_picture *picture = wlk_nation_picture(serve->options.nation);
    struct wlk_fusion_source source[WLK_FUSION_SOURCES_MAX];
    size_t shown = 0;
    struct wlk_json json = start(serve);
    wlk_json_open(&json, "rows", '[');
    for (size_t i = 0; i < picture->count && shown < PEDIGREE_ROWS_SHOWN; i++) {
        uint32_t number = picture->object[i].number;
        size_t count =
            wlk_fusion_sources(serve->options.nation->fusion, number, source);
        for (size_t k = 0; k < count * 3; k++) {
            const struct wlk_fusion_source *one = &source[k / 3];
            const struct wlk_pedigree_row *row =
                wlk_pedigree_find(serve->options.pedigree, one->originator, one->object,
                                  types[k % 3]);
            if (row)
                show_row(row, number, shown++ < RECORDS_SHOWN, &json);
        }
    }
    wlk_json_close(&json, ']');
    finish(serve, WLK_FEED_NEWEST, "pedigree", &json);
}
