/* leak_world.c -- a nation with one radar and three arrangements.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/leak_world.h"

#include "base/assert.h"
#include "programs/decoys.h"
#include "programs/nation.h"
#include "programs/pact.h"
#include "programs/share.h"
#include "rehearsal/solve.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { STREAM_FLIGHTS = 1, STREAM_PLACE = 100, STREAM_SALT = 200 };

static const int64_t TICK_NS = 100000000;
static const double APART_S = 7200, BEFORE_S = 8, AFTER_S = 40;
static const double DAY_S = 86400;
/* Residual biases after calibration, one sigma (ASSUMPTION: notes on radars of the class). */
static const double BIAS_M = 30, BIAS_RAD = 0.02 * WLK_DEG;
static const char HUB[] = "HON-A";
static const char PARTNER[] = "US";

static const char *const WORD[WLK_LEAK_PROFILES] = {"fine", "coarse", "shielded"};
static const char *const ARRANGEMENT[WLK_LEAK_PROFILES] = {"LEAK-F", "LEAK-C", "LEAK-S"};

const char *wlk_leak_profile_word(enum wlk_leak_profile profile)
{
    return WORD[profile];
}

bool wlk_leak_profile_of(wlk_name arrangement, enum wlk_leak_profile *out)
{
    for (int i = 0; i < WLK_LEAK_PROFILES; i++)
        if (strcmp(arrangement.text, ARRANGEMENT[i]) == 0) {
            *out = (enum wlk_leak_profile)i;
            return true;
        }
    return false;
}

wlk_utc wlk_leak_origin(void)
{
    return (wlk_utc){INT64_C(1800000000) * 1000000000}; /* 2027-01-15T08:00:00Z */
}

/* ---- flights ------------------------------------------------------------------------- */

/* Class, range and apogee in km: figures as of documented launches (rehearsal/history.txt). */
static const struct {
    const char *name;
    double range_km, apogee_km;
} KIND[8] = {{"srbm", 450, 120},  {"mrbm", 1000, 250}, {"mrbm", 800, 200},  {"mrbm", 1200, 350},
             {"irbm", 2700, 550}, {"irbm", 3700, 770}, {"irbm", 790, 2000}, {"mrbm", 600, 650}};

static wlk_status fly_one(size_t index, struct wlk_random *random, struct wlk_flight *out)
{
    struct wlk_history_row row;
    memset(&row, 0, sizeof row);
    snprintf(row.id, sizeof row.id, "leak-%zu", index);
    row.kind = WLK_HISTORY_BALLISTIC;
    row.time = wlk_leak_origin();
    row.place.latitude_rad = (38.6 + 2.6 * wlk_random_uniform(random)) * WLK_DEG;
    row.place.longitude_rad = (125.2 + 3.6 * wlk_random_uniform(random)) * WLK_DEG;
    snprintf(row.class_name, sizeof row.class_name, "%s", KIND[index % 8].name);
    row.has_apogee = row.has_range = row.has_bearing = true;
    row.apogee_m = KIND[index % 8].apogee_km * 1e3;
    row.range_m = KIND[index % 8].range_km * 1e3;
    row.bearing_rad = (60 + 55 * wlk_random_uniform(random)) * WLK_DEG;
    return wlk_history_flight(&row, out, NULL);
}

wlk_status wlk_leak_flights_open(uint64_t seed, struct wlk_leak_flights *out)
{
    struct wlk_random random = wlk_random_seeded(seed, STREAM_FLIGHTS);
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < WLK_LEAK_FLIGHTS; i++) {
        wlk_status status = WLK_NO_SOLUTION;
        out->flight[i] = calloc(1, sizeof *out->flight[i]);
        for (int draw = 0; out->flight[i] && status != WLK_OK && draw < 10; draw++)
            status = fly_one(i, &random, out->flight[i]);
        if (status != WLK_OK) {
            status = out->flight[i] ? WLK_NO_SOLUTION : WLK_IO;
            wlk_leak_flights_close(out);
            return status;
        }
    }
    return WLK_OK;
}

void wlk_leak_flights_close(struct wlk_leak_flights *flights)
{
    for (size_t i = 0; i < WLK_LEAK_FLIGHTS; i++)
        free(flights->flight[i]);
    memset(flights, 0, sizeof *flights);
}

/* ---- geometry ------------------------------------------------------------------------ */

/* A radar of the class of a shipped one, at a random place on land. Japanese ones from Kyushu
 * north: the islands of the south see none of these flights. */
static wlk_status place_radar(const struct wlk_sites *sites, const struct wlk_areas *land,
                              bool is_japanese, size_t index, struct wlk_random *random,
                              struct wlk_site *out)
{
    const char *like = is_japanese ? "JP-FPS5-SAD" : "KR-GP-CB";
    const struct wlk_site *pattern = wlk_sites_find(sites, wlk_name_of(like));
    if (!pattern)
        return WLK_NO_SOLUTION;
    *out = *pattern;
    static const char *const ID[WLK_LEAK_RADARS_MAX] = {"RADAR-1", "RADAR-2"};
    out->id = wlk_name_of(ID[index]);
    out->owner = wlk_name_of(is_japanese ? "JP" : "KR");
    out->range_bias_sigma_m = BIAS_M;
    out->angle_bias_sigma_rad = BIAS_RAD;
    for (int draw = 0; draw < 100000; draw++) {
        double north = wlk_random_uniform(random), east = wlk_random_uniform(random);
        out->place.latitude_rad =
            (is_japanese ? 33.5 + 12 * north : 34.3 + 4 * north) * WLK_DEG;
        out->place.longitude_rad =
            (is_japanese ? 130 + 15.5 * east : 126.2 + 3.3 * east) * WLK_DEG;
        if (wlk_areas_coast_m(land, out->place) <= 0)
            return WLK_OK;
    }
    return WLK_NO_SOLUTION;
}

static wlk_status fill_geometry(const struct wlk_sites *sites, const struct wlk_areas *land,
                                size_t launches, struct wlk_leak_geometry *out)
{
    struct wlk_random random = wlk_random_seeded(out->number, STREAM_PLACE);
    bool is_japanese = out->number % 2 == 1;
    for (size_t i = 0; i < out->radar_count; i++) {
        struct wlk_site site;
        WLK_TRY(place_radar(sites, land, is_japanese, i, &random, &site));
        WLK_TRY(wlk_decoys_draw(land, &site, out->radius_m, &random, &out->decoys.set[i]));
    }
    out->decoys.count = out->radar_count;
    size_t first = (size_t)wlk_random_below(&random, WLK_LEAK_FLIGHTS);
    for (size_t i = 0; i < launches; i++) {
        out->flight[i] = (first + 5 * i) % WLK_LEAK_FLIGHTS; /* 5 and 24: each once */
        out->launch_s[i] = APART_S * (double)i + 600 * wlk_random_uniform(&random) + 60;
    }
    out->launch_count = launches;
    return WLK_OK;
}

wlk_status wlk_leak_geometry_make(uint64_t number, size_t radars, double radius_m,
                                  size_t launches, struct wlk_leak_geometry *out,
                                  struct wlk_fault *fault)
{
    WLK_ASSERT(radars >= 1 && radars <= WLK_LEAK_RADARS_MAX);
    WLK_ASSERT(launches >= 1 && launches <= WLK_LEAK_LAUNCHES_MAX);
    char path[1024];
    struct wlk_areas *land;
    static struct wlk_sites sites;
    memset(out, 0, sizeof *out);
    out->number = number;
    out->radar_count = radars;
    out->radius_m = radius_m;
    out->nation = wlk_name_of(number % 2 == 1 ? "JP" : "KR");
    wlk_status status = wlk_share_path("sensors/sites.txt", path, sizeof path);
    if (status == WLK_OK)
        status = wlk_sites_read(path, &sites, fault);
    if (status == WLK_OK)
        status = wlk_share_path("areas", path, sizeof path);
    if (status == WLK_OK)
        status = wlk_areas_open(out->nation, path, &land, fault);
    if (status == WLK_OK) {
        status = fill_geometry(&sites, land, launches, out);
        wlk_areas_close(land);
        if (status != WLK_OK)
            wlk_fault_set(fault, "no place for a radar and its decoys", "geometry %llu",
                          (unsigned long long)number);
    }
    return status;
}

/* ---- the nation ---------------------------------------------------------------------- */

struct world {
    const struct wlk_leak_geometry *geometry;
    struct wlk_scenario scenario;
    struct wlk_pact pact;
    struct wlk_secret_key key;
    struct wlk_stand_in stand_in;
    struct wlk_random salts;
    struct wlk_arrangement arrangement, fresh;
    struct wlk_pact_bundle bundle;
    struct wlk_player *player;
    struct wlk_nation *nation;
    wlk_utc now;
};

static void draw_salt(void *context, uint8_t salt[WLK_SALT_SIZE])
{
    for (int i = 0; i < WLK_SALT_SIZE; i += 8) {
        uint64_t bits = wlk_random_bits(context);
        memcpy(salt + i, &bits, 8);
    }
}

static struct wlk_moment moment(const struct world *world)
{
    return (struct wlk_moment){world->now, {world->now.ns - wlk_leak_origin().ns + 1000000000}};
}

static wlk_status sign_profile(struct world *world, enum wlk_leak_profile profile,
                               struct wlk_fault *fault)
{
    char text[1024];
    const char *nation = world->geometry->nation.text;
    snprintf(text, sizeof text,
             "arrangement %s version 1\nparties %s %s   hubs %s\n"
             "effective 2027-01-01T00:00:00Z until 2027-12-31T00:00:00Z\n"
             "purpose \"What a partner sees.\"\n"
             "permit X1: launch, impact, cancel, track from %s to %s when nature exercise; "
             "groups %s\n",
             ARRANGEMENT[profile], nation, PARTNER, HUB, nation, PARTNER, WORD[profile]);
    WLK_TRY(wlk_arrangement_parse("leak", text, &world->arrangement, fault));
    struct wlk_owner_keys keys[3];
    for (size_t i = 0; i < world->pact.owner_count; i++) {
        const struct wlk_pact_owner *owner = &world->pact.owner[i];
        keys[i] = (struct wlk_owner_keys){.owner = owner->name,
                                          .has_root = !owner->is_hub,
                                          .root = owner->root.public_key,
                                          .real = owner->real.public_key,
                                          .exercise = owner->exercise.public_key};
    }
    struct wlk_renewal renewal = {.effective = wlk_utc_add(wlk_leak_origin(), -DAY_S),
                                  .until = wlk_utc_add(wlk_leak_origin(), 365 * DAY_S),
                                  .count = world->pact.owner_count,
                                  .owner = keys};
    WLK_TRY(wlk_arrangement_renew(&world->arrangement, &renewal, &world->fresh, fault));
    uint8_t bytes[WLK_PARTIES_MAX][256];
    struct wlk_signature signature[WLK_PARTIES_MAX] = {{0}};
    for (size_t i = 0; i < world->fresh.party_count; i++) {
        signature[i].bytes = bytes[i];
        WLK_TRY(wlk_force_sign(&world->fresh, world->fresh.party[i],
                               &wlk_pact_owner(&world->pact, world->fresh.party[i])->root,
                               bytes[i], sizeof bytes[i], &signature[i].size));
    }
    WLK_TRY(wlk_force_bundle(&world->fresh, signature, world->bundle.bytes,
                             sizeof world->bundle.bytes, &world->bundle.size));
    return wlk_nation_statement(world->nation, WLK_STATEMENT_BUNDLE, world->bundle.bytes,
                                world->bundle.size, moment(world), fault);
}

static void fill_scenario(struct world *world, const struct wlk_leak_flights *flights)
{
    const struct wlk_leak_geometry *geometry = world->geometry;
    struct wlk_scenario *scenario = &world->scenario;
    snprintf(scenario->set, sizeof scenario->set, "leak");
    scenario->count = geometry->launch_count;
    for (size_t i = 0; i < geometry->launch_count; i++) {
        scenario->flight[i] = flights->flight[geometry->flight[i]];
        scenario->launch_s[i] = geometry->launch_s[i];
    }
    scenario->sites.count = geometry->radar_count;
    scenario->sites.set_count = 1;
    snprintf(scenario->sites.set[0].name, sizeof scenario->sites.set[0].name, "leak");
    for (size_t i = 0; i < geometry->radar_count; i++) {
        scenario->sites.site[i] = geometry->decoys.set[i].site;
        scenario->sites.set[0].has[i] = true;
    }
}

static wlk_status open_world(struct world *world, struct wlk_journal *journal,
                             struct wlk_fault *fault)
{
    static const uint64_t KEY_SEED = 1;
    static char areas[1024];
    const struct wlk_leak_geometry *geometry = world->geometry;
    const wlk_name party[2] = {geometry->nation, wlk_name_of(PARTNER)};
    WLK_TRY(wlk_seal_init());
    WLK_TRY(wlk_share_path("areas", areas, sizeof areas));
    wlk_pact_keys(party, 2, wlk_name_of(HUB), &KEY_SEED, &world->pact);
    struct wlk_public_key listed =
        wlk_pact_owner(&world->pact, geometry->nation)->exercise.public_key;
    wlk_stand_in_make(geometry->nation, geometry->number, 0, &listed, &world->key,
                      &world->stand_in);
    world->salts = wlk_random_seeded(geometry->number, STREAM_SALT);
    struct wlk_nation_options options = {.name = geometry->nation,
                                         .nature = WLK_NATURE_EXERCISE,
                                         .exercise = "LEAK",
                                         .sites = &world->scenario.sites,
                                         .decoys = &geometry->decoys,
                                         .areas_folder = areas,
                                         .hub_count = 1,
                                         .hub = {wlk_name_of(HUB)},
                                         .journal = journal,
                                         .key = &world->key,
                                         .roots = &world->pact.roots,
                                         .stand_in_count = 1,
                                         .stand_in = &world->stand_in,
                                         .salts = {draw_salt, &world->salts},
                                         .now = moment(world)};
    WLK_TRY(wlk_nation_open(&options, &world->nation, fault));
    for (int i = 0; i < WLK_LEAK_PROFILES; i++)
        WLK_TRY(sign_profile(world, (enum wlk_leak_profile)i, fault));
    return wlk_player_open(&world->scenario, geometry->number, wlk_leak_origin(),
                           &world->player);
}

/* One launch, from shortly before it rises to shortly after it fell; plots in between come
 * when they come. */
static void play_launch(struct world *world, size_t index)
{
    const struct wlk_scenario *scenario = &world->scenario;
    double from_s = scenario->launch_s[index] - BEFORE_S;
    double until_s =
        scenario->launch_s[index] + scenario->flight[index]->flight_time_s + AFTER_S;
    wlk_utc tick = wlk_utc_add(wlk_leak_origin(), from_s);
    wlk_utc end = wlk_utc_add(wlk_leak_origin(), until_s);
    struct wlk_played played;
    for (; tick.ns < end.ns; tick.ns += TICK_NS) {
        while (wlk_player_next(world->player, tick, &played)) {
            world->now = played.arrival;
            wlk_nation_datagram(world->nation, played.bytes, played.size, moment(world));
        }
        world->now = tick;
        wlk_nation_tick(world->nation, moment(world));
    }
}

wlk_status wlk_leak_play(const struct wlk_leak_geometry *geometry,
                         const struct wlk_leak_flights *flights, struct wlk_journal **journal,
                         struct wlk_fault *fault)
{
    static struct world played; /* one at a time: too large for the stack */
    struct world *world = &played;
    memset(world, 0, sizeof *world);
    *journal = NULL;
    world->geometry = geometry;
    world->now = wlk_leak_origin();
    fill_scenario(world, flights);
    wlk_status status = wlk_journal_open(":memory:", geometry->nation, journal, fault);
    if (status == WLK_OK)
        status = open_world(world, *journal, fault);
    for (size_t i = 0; status == WLK_OK && i < geometry->launch_count; i++)
        play_launch(world, i);
    wlk_nation_close(world->nation);
    wlk_player_close(world->player);
    wlk_pact_clear(&world->pact);
    wlk_key_wipe(&world->key);
    if (status != WLK_OK) {
        wlk_journal_close(*journal);
        *journal = NULL;
    }
    return status;
}
