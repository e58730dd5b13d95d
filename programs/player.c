/* player.c -- from documented launches to datagrams.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/player.h"

#include "base/assert.h"
#include "base/random.h"
#include "programs/share.h"
#include "rehearsal/infrared.h"
#include "rehearsal/radar.h"
#include "rehearsal/solve.h"
#include "sensors/datagram.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { PATH_SIZE = 1024 };
enum { STREAM_BETA = 3000 };
static const double BETA_MEDIAN_KGPM2 = 4000, BETA_SIGMA_LOG = 0.8;
static const double AFTER_IMPACT_S = 30;

struct wlk_player {
    const struct wlk_scenario *scenario;
    wlk_utc origin;
    size_t radar_count;
    struct wlk_radar *radar[WLK_PLAYER_RADARS_MAX];
    wlk_name owner[WLK_PLAYER_RADARS_MAX];
    size_t sighting_count, sighting_next;
    struct wlk_sighting sighting[WLK_SCRIPT_LAUNCHES_MAX];
    wlk_name sighting_owner;
};

static wlk_status add_flight(struct wlk_scenario *scenario, const struct wlk_history_row *row,
                             double launch_s, struct wlk_fault *fault)
{
    if (scenario->count == WLK_SCRIPT_LAUNCHES_MAX)
        return WLK_FULL;
    struct wlk_flight *flight = calloc(1, sizeof *flight);
    if (!flight)
        return WLK_IO;
    wlk_status status = wlk_history_flight(row, flight, fault);
    if (status != WLK_OK) {
        free(flight);
        return status;
    }
    scenario->row[scenario->count] = row;
    scenario->flight[scenario->count] = flight;
    scenario->launch_s[scenario->count++] = launch_s;
    scenario->length_s =
        fmax(scenario->length_s, launch_s + flight->flight_time_s + AFTER_IMPACT_S);
    return WLK_OK;
}

/* One row by its id, or every ballistic row of a day; the first of them at at_s. */
static wlk_status add_launches(struct wlk_scenario *scenario, const struct wlk_history *history,
                               const char *launch, double at_s, struct wlk_fault *fault)
{
    const struct wlk_history_row *rows[WLK_SCRIPT_LAUNCHES_MAX];
    const struct wlk_history_row *one = wlk_history_find(history, launch);
    size_t count = one ? 1 : wlk_history_event(history, launch, rows, WLK_SCRIPT_LAUNCHES_MAX);
    if (one)
        rows[0] = one;
    if (!count) {
        wlk_fault_set(fault, "no such launch; --list shows them", "%.60s", launch);
        return WLK_BAD_INPUT;
    }
    if (count > WLK_SCRIPT_LAUNCHES_MAX)
        count = WLK_SCRIPT_LAUNCHES_MAX;
    wlk_status last = WLK_OK;
    size_t had = scenario->count;
    double first_s = 0;
    for (size_t i = 0; i < count; i++) {
        double launch_s = wlk_utc_seconds(rows[i]->time, rows[0]->time);
        if (rows[i]->kind != WLK_HISTORY_BALLISTIC) {
            scenario->kept_count++;
            wlk_fault_set(fault, "not a ballistic flight", "%s is kept as %s", rows[i]->id,
                          wlk_history_kind_words(rows[i]->kind));
            last = WLK_NO_SOLUTION;
            continue;
        }
        if (scenario->count == had)
            first_s = launch_s;
        wlk_status status = add_flight(scenario, rows[i], at_s + launch_s - first_s, fault);
        if (status != WLK_OK)
            last = status;
    }
    return scenario->count > had ? WLK_OK : last;
}

/* A scenario with its sites and nothing that flies. */
static wlk_status open_empty(const char *launch, const char *set, struct wlk_scenario **out,
                             struct wlk_fault *fault)
{
    struct wlk_scenario *scenario = calloc(1, sizeof *scenario);
    char path[PATH_SIZE];
    struct wlk_site picked[WLK_SITES_MAX];
    size_t picked_count;
    if (!scenario)
        return WLK_IO;
    snprintf(scenario->launch, sizeof scenario->launch, "%s", launch);
    snprintf(scenario->set, sizeof scenario->set, "%s", set);
    wlk_status status = wlk_share_path("sensors/sites.txt", path, sizeof path);
    if (status == WLK_OK)
        status = wlk_sites_read(path, &scenario->sites, fault);
    if (status == WLK_OK) {
        status = wlk_sites_pick(&scenario->sites, scenario->set, NULL, picked, &picked_count);
        if (status != WLK_OK)
            wlk_fault_set(fault, "no such set of sites", "%.60s", set);
    }
    if (status != WLK_OK) {
        wlk_scenario_close(scenario);
        return status;
    }
    *out = scenario;
    return WLK_OK;
}

wlk_status wlk_scenario_open(const struct wlk_history *history, const char *launch,
                             const char *set, struct wlk_scenario **out,
                             struct wlk_fault *fault)
{
    struct wlk_scenario *scenario;
    WLK_TRY(open_empty(launch, set, &scenario, fault));
    wlk_status status = add_launches(scenario, history, launch, 0, fault);
    if (status != WLK_OK) {
        wlk_scenario_close(scenario);
        return status;
    }
    *out = scenario;
    return WLK_OK;
}

wlk_status wlk_scenario_script(const struct wlk_history *history,
                               const struct wlk_script *script, struct wlk_scenario **out,
                               struct wlk_fault *fault)
{
    struct wlk_scenario *scenario;
    WLK_ASSERT(script->launch_count >= 1 && script->outage_count <= WLK_SCRIPT_OUTAGES_MAX);
    WLK_TRY(open_empty(script->launch[0].id, script->sites_set, &scenario, fault));
    wlk_status status = WLK_OK;
    for (size_t i = 0; status == WLK_OK && i < script->launch_count; i++) {
        status = add_launches(scenario, history, script->launch[i].id, script->launch[i].at_s,
                              fault);
        if (status != WLK_OK && fault)
            fault->line = script->launch[i].line;
    }
    if (status != WLK_OK) {
        wlk_scenario_close(scenario);
        return status;
    }
    scenario->is_infrared = script->is_infrared;
    scenario->is_shielded = script->is_shielded;
    scenario->outage_count = script->outage_count;
    memcpy(scenario->outage, script->outage, sizeof scenario->outage);
    scenario->bias_count = script->bias_count;
    memcpy(scenario->bias, script->bias, sizeof scenario->bias);
    if (script->has_length)
        scenario->length_s = script->length_s;
    *out = scenario;
    return WLK_OK;
}

wlk_status wlk_scenario_draw(struct wlk_scenario *scenario, uint64_t seed)
{
    struct wlk_flight *fresh = calloc(1, sizeof *fresh);
    struct wlk_random random = wlk_random_seeded(seed, STREAM_BETA);
    if (!fresh)
        return WLK_IO;
    for (size_t i = 0; i < scenario->count; i++) {
        double beta = BETA_MEDIAN_KGPM2 * exp(BETA_SIGMA_LOG * wlk_random_normal(&random));
        if (wlk_history_flight_of(scenario->row[i], beta, fresh, NULL) == WLK_OK)
            *scenario->flight[i] = *fresh;
    }
    free(fresh);
    return WLK_OK;
}

wlk_status wlk_scenario_multiply(struct wlk_scenario *scenario, size_t count, double apart_s)
{
    WLK_ASSERT(scenario->count >= 1);
    size_t had = scenario->count;
    if (count > WLK_SCRIPT_LAUNCHES_MAX)
        return WLK_FULL;
    for (size_t i = had; i < count; i++) {
        struct wlk_flight *flight = calloc(1, sizeof *flight);
        if (!flight)
            return WLK_IO;
        *flight = *scenario->flight[i % had];
        scenario->row[i] = scenario->row[i % had];
        scenario->flight[i] = flight;
        scenario->launch_s[i] = apart_s * (double)i;
        scenario->count++;
        scenario->length_s = fmax(scenario->length_s, scenario->launch_s[i] +
                                                          flight->flight_time_s +
                                                          AFTER_IMPACT_S);
    }
    return WLK_OK;
}

void wlk_scenario_close(struct wlk_scenario *scenario)
{
    if (!scenario)
        return;
    for (size_t i = 0; i < scenario->count; i++)
        free(scenario->flight[i]);
    for (size_t i = 0; i < scenario->passer_count; i++)
        free(scenario->passer[i]);
    free(scenario->known);
    free(scenario);
}

static wlk_status open_radar(struct wlk_player *player, const struct wlk_site *site,
                             uint64_t seed)
{
    const struct wlk_scenario *scenario = player->scenario;
    struct wlk_radar *radar;
    WLK_TRY(wlk_radar_open(site, seed, player->origin, &radar));
    player->owner[player->radar_count] = site->owner;
    player->radar[player->radar_count++] = radar;
    for (size_t i = 0; i < scenario->count; i++)
        WLK_TRY(wlk_radar_add_flight(radar, scenario->flight[i], scenario->launch_s[i],
                                     WLK_RADAR_CROSS_SECTION_M2));
    for (size_t i = 0; i < scenario->passer_count; i++)
        WLK_TRY(wlk_radar_add_flight(radar, scenario->passer[i], scenario->passer_s[i],
                                     WLK_RADAR_CROSS_SECTION_M2));
    for (size_t i = 0; i < scenario->bias_count; i++)
        if (wlk_name_equal(scenario->bias[i].site, site->id))
            WLK_TRY(wlk_radar_add_bias(radar, scenario->bias[i].from_s,
                                       scenario->bias[i].excess));
    for (size_t i = 0; i < scenario->outage_count; i++)
        if (wlk_name_equal(scenario->outage[i].site, site->id))
            WLK_TRY(wlk_radar_add_outage(radar, scenario->outage[i].from_s,
                                         scenario->outage[i].to_s));
    return WLK_OK;
}

static void add_sightings(struct wlk_player *player, uint64_t seed)
{
    const struct wlk_scenario *scenario = player->scenario;
    if (!scenario->is_infrared || !scenario->sites.infrared_count)
        return;
    player->sighting_owner = scenario->sites.infrared[0].owner;
    for (size_t i = 0; i < scenario->count; i++)
        player->sighting[player->sighting_count++] = wlk_infrared_sight(
            scenario->sites.infrared[0].id, seed, i,
            wlk_utc_add(player->origin, scenario->launch_s[i]), scenario->flight[i]->launch);
}

wlk_status wlk_player_open(const struct wlk_scenario *scenario, uint64_t seed, wlk_utc origin,
                           struct wlk_player **out)
{
    struct wlk_player *player = calloc(1, sizeof *player);
    struct wlk_site site[WLK_SITES_MAX];
    size_t count;
    if (!player)
        return WLK_IO;
    player->scenario = scenario;
    player->origin = origin;
    wlk_status status = wlk_sites_pick(&scenario->sites, scenario->set, NULL, site, &count);
    for (size_t i = 0; status == WLK_OK && i < count; i++) {
        if (scenario->is_bias_free)
            site[i].range_bias_sigma_m = site[i].angle_bias_sigma_rad = 0;
        status = open_radar(player, &site[i], seed);
    }
    if (status != WLK_OK) {
        wlk_player_close(player);
        return status;
    }
    add_sightings(player, seed);
    *out = player;
    return WLK_OK;
}

void wlk_player_close(struct wlk_player *player)
{
    if (!player)
        return;
    for (size_t i = 0; i < player->radar_count; i++)
        wlk_radar_close(player->radar[i]);
    free(player);
}

/* The radar whose next measurement arrives first; radar_count if none has any. */
static size_t earliest_radar(struct wlk_player *player, wlk_utc *out)
{
    size_t earliest = player->radar_count;
    for (size_t i = 0; i < player->radar_count; i++) {
        wlk_utc arrival;
        if (wlk_radar_next_arrival(player->radar[i], &arrival) &&
            (earliest == player->radar_count || arrival.ns < out->ns)) {
            earliest = i;
            *out = arrival;
        }
    }
    return earliest;
}

static bool sighting_is_next(struct wlk_player *player, size_t radar, wlk_utc arrival)
{
    return player->sighting_next < player->sighting_count &&
           (radar == player->radar_count ||
            player->sighting[player->sighting_next].told_at.ns <= arrival.ns);
}

bool wlk_player_arrival(struct wlk_player *player, wlk_utc *out)
{
    wlk_utc arrival = {0};
    size_t radar = earliest_radar(player, &arrival);
    if (sighting_is_next(player, radar, arrival)) {
        *out = player->sighting[player->sighting_next].told_at;
        return true;
    }
    if (radar == player->radar_count)
        return false;
    *out = arrival;
    return true;
}

static void encode(const struct wlk_datagram *datagram, struct wlk_played *out)
{
    wlk_status status =
        wlk_datagram_encode(datagram, out->bytes, sizeof out->bytes, &out->size);
    WLK_ASSERT(status == WLK_OK); /* the simulated radar keeps the format's bounds */
}

static void play_sighting(struct wlk_player *player, struct wlk_played *out)
{
    const struct wlk_sighting *sighting = &player->sighting[player->sighting_next++];
    struct wlk_datagram datagram = {
        .kind = WLK_DATAGRAM_SIGHTING,
        .nature = WLK_NATURE_EXERCISE,
        .sensor = sighting->sensor,
        .number = player->sighting_next,
        .sighting = {
            .launch_time_ns = sighting->launch_time.ns,
            .told_at_ns = sighting->told_at.ns,
            .latitude_e7 = (int32_t)lround(sighting->place.latitude_rad / WLK_DEG * 1e7),
            .longitude_e7 = (int32_t)lround(sighting->place.longitude_rad / WLK_DEG * 1e7),
            .place_sigma_mm = (uint32_t)lround(sighting->place_sigma_m * 1e3),
            .time_sigma_us = (uint32_t)lround(sighting->time_sigma_s * 1e6)}};
    out->nation = player->sighting_owner;
    out->arrival = sighting->told_at;
    encode(&datagram, out);
}

static void play_measurement(const struct wlk_measurement *seen, wlk_name owner,
                             struct wlk_played *out)
{
    static const double CIRCLE_NRAD = 6283185307.0; /* the largest azimuth below 2 pi */
    struct wlk_datagram datagram = {
        .kind = WLK_DATAGRAM_PLOT,
        .nature = WLK_NATURE_EXERCISE,
        .sensor = seen->sensor,
        .number = seen->number,
        .plot = {
            .time_ns = seen->time.ns,
            .range_mm = (uint64_t)llround(seen->observed.range_m * 1e3),
            .azimuth_nrad =
                (uint64_t)fmin(round(seen->observed.azimuth_rad * 1e9), CIRCLE_NRAD),
            .elevation_nrad = llround(seen->observed.elevation_rad * 1e9),
            .range_sigma_mm = (uint32_t)lround(seen->range_sigma_m * 1e3),
            .azimuth_sigma_nrad = (uint32_t)lround(seen->azimuth_sigma_rad * 1e9),
            .elevation_sigma_nrad = (uint32_t)lround(seen->elevation_sigma_rad * 1e9),
            .has_snr = true,
            .snr_cdb = (int32_t)lround(fmin(fmax(1000 * log10(seen->snr), -5000), 15000))}};
    out->nation = owner;
    out->arrival = seen->arrival;
    encode(&datagram, out);
}

bool wlk_player_next(struct wlk_player *player, wlk_utc until, struct wlk_played *out)
{
    wlk_utc arrival = {0};
    struct wlk_measurement seen;
    size_t radar = earliest_radar(player, &arrival);
    if (sighting_is_next(player, radar, arrival)) {
        if (player->sighting[player->sighting_next].told_at.ns > until.ns)
            return false;
        play_sighting(player, out);
        return true;
    }
    if (radar == player->radar_count || !wlk_radar_next(player->radar[radar], until, &seen))
        return false;
    play_measurement(&seen, player->owner[radar], out);
    return true;
}
