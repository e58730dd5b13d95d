/* serve_about.c -- what a node tells its page once: who it is, its radars, its areas.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/serve_private.h"

const char *wlk_serve_nature_word(enum wlk_nature nature)
{
    return nature == WLK_NATURE_REAL       ? "LIVE"
           : nature == WLK_NATURE_EXERCISE ? "EXERCISE"
                                           : "TEST";
}

/* Own radars only: where a partner's stand is never known here. */
static void show_radars(struct wlk_serve *serve, struct wlk_json *json)
{
    const struct wlk_sites *sites = serve->options.sites;
    wlk_json_open(json, "radars", '[');
    for (size_t i = 0; i < sites->count; i++) {
        const struct wlk_site *site = &sites->site[i];
        if (!wlk_name_equal(site->owner, serve->options.config->nation))
            continue;
        wlk_json_open(json, NULL, '{');
        wlk_json_text(json, "id", site->id.text);
        wlk_json_number(json, "lat", site->place.latitude_rad / WLK_DEG, 4);
        wlk_json_number(json, "lon", site->place.longitude_rad / WLK_DEG, 4);
        wlk_json_number(json, "range", site->range_max_m, 0);
        wlk_json_number(json, "az", site->sector_centre_rad / WLK_DEG, 1);
        wlk_json_number(json, "width", site->sector_width_rad / WLK_DEG, 1);
        wlk_json_number(json, "mask", site->mask_rad / WLK_DEG, 1);
        wlk_json_close(json, '}');
    }
    wlk_json_close(json, ']');
}

wlk_status wlk_serve_about(struct wlk_serve *serve)
{
    const struct wlk_node_config *config = serve->options.config;
    struct wlk_json json;
    wlk_json_start(&json, serve->about, sizeof serve->about);
    wlk_json_open(&json, NULL, '{');
    wlk_json_text(&json, "nation", config->nation.text);
    wlk_json_text(&json, "nature", wlk_serve_nature_word(config->nature));
    wlk_json_text(&json, "exercise", config->exercise);
    wlk_json_number(&json, "rate", config->clock.rate, 3);
    wlk_json_bool(&json, "replay", false);
    wlk_json_bool(&json, "accounts", serve->operators.count > 0);
    wlk_json_bool(&json, "certificates", config->display_operator_header[0] != 0);
    wlk_json_bool(&json, "live_watch", config->display_live_host[0] != 0);
    wlk_json_text(&json, "release", config->display_release ? "named" : "automatic");
    wlk_json_open(&json, "hubs", '[');
    for (size_t i = 0; i < config->hub_count; i++)
        wlk_json_text(&json, NULL, config->hub[i].name.text);
    wlk_json_close(&json, ']');
    show_radars(serve, &json);
    wlk_json_close(&json, '}');
    return json.is_full ? WLK_FULL : WLK_OK;
}

static void show_ring(const struct wlk_areas *areas, const struct wlk_area_ring *ring,
                      struct wlk_json *json)
{
    wlk_json_open(json, NULL, '[');
    for (size_t i = 0; i < ring->count; i++) {
        wlk_geodetic point = areas->point[ring->first + i];
        wlk_json_number(json, NULL, point.longitude_rad / WLK_DEG, 3);
        wlk_json_number(json, NULL, point.latitude_rad / WLK_DEG, 3);
    }
    wlk_json_close(json, ']');
}

wlk_status wlk_serve_areas(struct wlk_serve *serve, const struct wlk_areas *areas)
{
    struct wlk_json json;
    wlk_json_start(&json, serve->areas, WLK_SERVE_AREAS_SIZE);
    wlk_json_open(&json, NULL, '[');
    for (size_t i = 0; i < areas->count; i++) {
        const struct wlk_area *area = &areas->area[i];
        wlk_json_open(&json, NULL, '{');
        wlk_json_text(&json, "key", area->key);
        wlk_json_text(&json, "en", area->en);
        wlk_json_text(&json, "ja", area->ja);
        wlk_json_text(&json, "ko", area->ko);
        wlk_json_open(&json, "rings", '[');
        for (size_t k = 0; k < area->ring_count; k++)
            show_ring(areas, &areas->ring[area->ring_first + k], &json);
        wlk_json_close(&json, ']');
        wlk_json_close(&json, '}');
    }
    wlk_json_close(&json, ']');
    serve->areas_size = json.used;
    return json.is_full ? WLK_FULL : WLK_OK;
}
