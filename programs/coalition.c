/* coalition.c -- hub and nations on a virtual clock.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/coalition_private.h"

#include "base/assert.h"
#include "programs/decoys.h"
#include "programs/reckoning.h"
#include "programs/share.h"

#include <stdlib.h>

enum { STREAM_LINK = 1000, STREAM_SALT = 2000 };

static const int64_t TICK_NS = 100000000; /* what nation.h and hub.h ask for */
static const double DRAIN_S = 15;         /* after the scenario: the last records and notices */
static const double SETTLE_S = 60;        /* and then, at most, what is still on its way */
static const uint64_t CLOCK_ERROR_NS = 1000000; /* ASSUMPTION: 1 ms, disciplined clocks */
static const char HUB[] = "HON-A";

static const char *const NATIONS[NATIONS_MAX] = {"JP", "KR", "US"};

static void draw_salt(void *context, uint8_t salt[WLK_SALT_SIZE])
{
    struct wlk_random *random = context;
    for (int i = 0; i < WLK_SALT_SIZE; i += 8) {
        uint64_t bits = wlk_random_bits(random);
        memcpy(salt + i, &bits, 8);
    }
}

wlk_name wlk_coalition_hub(void)
{
    return wlk_name_of(HUB);
}

bool wlk_coalition_has_nation(wlk_name name)
{
    for (size_t i = 0; i < NATIONS_MAX; i++)
        if (!strcmp(NATIONS[i], name.text))
            return true;
    return false;
}

struct wlk_moment wlk_coalition_moment(const struct wlk_coalition *coalition)
{
    /* Any steady origin will do; a second keeps 0 for "never". */
    int64_t since = coalition->now.ns - coalition->setup.origin.ns;
    return (struct wlk_moment){coalition->now, {since + 1000000000}};
}

/* ---- opening ------------------------------------------------------------------------- */

static void choose_key(struct wlk_coalition *coalition, wlk_name owner, uint64_t number,
                       struct wlk_secret_key *key)
{
    *key = wlk_pact_owner(coalition->setup.pact_view, owner)->exercise;
    if (!coalition->setup.is_keyed_hash)
        return;
    struct wlk_public_key listed = key->public_key;
    wlk_stand_in_make(owner, coalition->setup.seed, number, &listed, key,
                      &coalition->stand_in[coalition->stand_in_count++]);
}

wlk_status wlk_coalition_open_hub(struct wlk_coalition *coalition, struct wlk_fault *fault)
{
    if (!coalition->hub_journal)
        WLK_TRY(wlk_journal_open(":memory:", wlk_name_of(HUB), &coalition->hub_journal, fault));
    struct wlk_hub_options options = {
        .name = wlk_name_of(HUB),
        .journal = coalition->hub_journal,
        .key = &coalition->hub_key,
        .key_nature = WLK_NATURE_EXERCISE,
        .salts = {draw_salt, &coalition->hub_salts},
        .roots = &coalition->setup.pact_view->roots,
        .stand_in_count = coalition->stand_in_count,
        .stand_in = coalition->stand_in,
        .now = wlk_coalition_moment(coalition)};
    return wlk_hub_open(&options, &coalition->hub, fault);
}

wlk_status wlk_coalition_open_nation(struct wlk_coalition *coalition, struct member *member,
                                     struct wlk_fault *fault)
{
    if (!member->journal)
        WLK_TRY(wlk_journal_open(":memory:", member->name, &member->journal, fault));
    struct wlk_nation_options options = {
        .name = member->name,
        .nature = WLK_NATURE_EXERCISE,
        .exercise = "REHEARSAL",
        .sites = &coalition->setup.scenario_view->sites,
        .decoys = &member->decoys,
        .known_view = coalition->setup.scenario_view->known,
        .areas_folder = coalition->setup.areas_folder,
        .land_view = coalition->setup.land_view,
        .hub_count = 1,
        .hub = {wlk_name_of(HUB)},
        .journal = member->journal,
        .key = &member->key,
        .roots = &coalition->setup.pact_view->roots,
        .stand_in_count = coalition->stand_in_count,
        .stand_in = coalition->stand_in,
        .salts = {draw_salt, &member->salts},
        .clock_error_ns = CLOCK_ERROR_NS,
        .now = wlk_coalition_moment(coalition)};
    return wlk_nation_open(&options, &member->nation, fault);
}

/* Hands each party, and the hub, the arrangements of this column. */
static wlk_status give_bundles(struct wlk_coalition *coalition, struct wlk_fault *fault)
{
    const struct wlk_pact *pact = coalition->setup.pact_view;
    for (size_t b = 0; b < pact->bundle_count; b++) {
        const struct wlk_pact_bundle *bundle = &pact->bundle[b];
        if (coalition->setup.column == WLK_COLUMN_ALONE ||
            (coalition->setup.column == WLK_COLUMN_BEFORE && !bundle->is_bilateral))
            continue;
        struct wlk_moment now = wlk_coalition_moment(coalition);
        WLK_TRY(wlk_hub_statement(coalition->hub, WLK_STATEMENT_BUNDLE, bundle->bytes,
                                  bundle->size, now, fault));
        for (size_t i = 0; i < coalition->count; i++) {
            struct wlk_agreement *agreement = calloc(1, sizeof *agreement);
            if (!agreement)
                return WLK_IO;
            uint8_t index;
            wlk_status status = wlk_force_read(bundle->bytes, bundle->size, &pact->roots,
                                               agreement, fault);
            if (status == WLK_OK &&
                wlk_arrangement_party(&agreement->arrangement, coalition->member[i].name,
                                      &index))
                status = wlk_nation_statement(coalition->member[i].nation,
                                              WLK_STATEMENT_BUNDLE, bundle->bytes,
                                              bundle->size, now, fault);
            free(agreement);
            WLK_TRY(status);
        }
    }
    return WLK_OK;
}

/* The links themselves come up in the first look at the script. */
static wlk_status open_loopback(struct wlk_coalition *coalition)
{
    struct wlk_loopback_options options = {.seed = coalition->setup.seed + STREAM_LINK,
                                           .connections_max = NATIONS_MAX * WLK_LINK_CLASSES};
    WLK_TRY(wlk_loopback_open(&options, &coalition->loopback));
    wlk_loopback_advance(coalition->loopback, wlk_coalition_moment(coalition).mono);
    return wlk_coalition_follow_script(coalition);
}

static wlk_status sign_pact(wlk_utc now, const char *trilateral, const wlk_name *without,
                            struct wlk_pact *out, struct wlk_fault *fault)
{
    static const uint64_t KEY_SEED = 1; /* rehearsal keys: the same each time */
    char folder[1024];
    wlk_name nation[NATIONS_MAX];
    for (size_t i = 0; i < NATIONS_MAX; i++)
        nation[i] = wlk_name_of(NATIONS[i]);
    WLK_TRY(wlk_share_path("arrangements", folder, sizeof folder));
    wlk_pact_keys(nation, NATIONS_MAX, wlk_name_of(HUB), &KEY_SEED, out);
    out->trilateral = trilateral;
    return wlk_pact_sign(out, folder, now, without, fault);
}

wlk_status wlk_coalition_pact(wlk_utc now, const wlk_name *without, struct wlk_pact *out,
                              struct wlk_fault *fault)
{
    return sign_pact(now, NULL, without, out, fault);
}

wlk_status wlk_coalition_pact_for(const struct wlk_scenario *scenario, wlk_utc now,
                                  struct wlk_pact *out, struct wlk_fault *fault)
{
    return sign_pact(now, scenario->is_shielded ? WLK_PACT_SHIELDED : NULL, NULL, out, fault);
}

/* Of the nation's radars, the same in each rehearsal. */
static wlk_status draw_decoys(struct wlk_coalition *coalition, struct member *member,
                              struct wlk_fault *fault)
{
    static const uint64_t DECOY_SEED = 1;
    struct wlk_areas *land;
    if (!coalition->setup.scenario_view->is_shielded)
        return WLK_OK;
    WLK_TRY(wlk_areas_open(member->name, coalition->setup.areas_folder, &land, fault));
    wlk_status status = wlk_decoys_draw_all(&coalition->setup.scenario_view->sites,
                                            member->name, land, DECOY_SEED, &member->decoys);
    wlk_areas_close(land);
    return status;
}

static wlk_status open_members(struct wlk_coalition *coalition, struct wlk_fault *fault)
{
    const struct wlk_coalition_setup *setup = &coalition->setup;
    for (size_t i = 0; i < NATIONS_MAX; i++) {
        struct member *member = &coalition->member[coalition->count++];
        member->name = wlk_name_of(NATIONS[i]);
        member->salts = wlk_random_seeded(setup->seed, STREAM_SALT + i);
        choose_key(coalition, member->name, i, &member->key);
        WLK_TRY(draw_decoys(coalition, member, fault));
    }
    coalition->hub_salts = wlk_random_seeded(setup->seed, STREAM_SALT + NATIONS_MAX);
    choose_key(coalition, wlk_name_of(HUB), NATIONS_MAX, &coalition->hub_key);
    WLK_TRY(wlk_coalition_open_hub(coalition, fault));
    for (size_t i = 0; i < coalition->count; i++)
        WLK_TRY(wlk_coalition_open_nation(coalition, &coalition->member[i], fault));
    return WLK_OK;
}

wlk_status wlk_coalition_open(const struct wlk_coalition_setup *setup,
                              struct wlk_coalition **out, struct wlk_fault *fault)
{
    struct wlk_coalition *coalition = calloc(1, sizeof *coalition);
    if (!coalition)
        return WLK_IO;
    coalition->setup = *setup;
    coalition->now = coalition->tick = setup->origin;
    coalition->end = wlk_utc_add(setup->origin, setup->scenario_view->length_s);
    wlk_status status = open_members(coalition, fault);
    if (status == WLK_OK)
        status = give_bundles(coalition, fault);
    if (status == WLK_OK && setup->column != WLK_COLUMN_ALONE)
        status = open_loopback(coalition);
    if (status == WLK_OK)
        status = wlk_player_open(setup->scenario_view, setup->seed, setup->origin,
                                 &coalition->player);
    if (status != WLK_OK) {
        wlk_coalition_close(coalition);
        return status;
    }
    *out = coalition;
    return WLK_OK;
}

void wlk_coalition_close(struct wlk_coalition *coalition)
{
    if (!coalition)
        return;
    for (size_t i = 0; i < coalition->count; i++) {
        struct member *member = &coalition->member[i];
        for (size_t k = 0; member->is_linked && k < WLK_LINK_CLASSES; k++) {
            wlk_transport_close(member->near[k]);
            wlk_transport_close(member->far[k]);
        }
        wlk_nation_close(member->nation);
        wlk_journal_close(member->journal);
        wlk_key_wipe(&member->key);
    }
    wlk_hub_close(coalition->hub);
    wlk_journal_close(coalition->hub_journal);
    wlk_key_wipe(&coalition->hub_key);
    wlk_loopback_close(coalition->loopback);
    wlk_player_close(coalition->player);
    free(coalition);
}

/* ---- stepping ------------------------------------------------------------------------ */

static void pump_near(struct member *member, size_t k)
{
    const uint8_t *bytes;
    size_t size;
    while (wlk_transport_has_room(member->near[k]) &&
           wlk_nation_outgoing(member->nation, 0, wlk_post_classes[k], &bytes, &size)) {
        wlk_status status = wlk_transport_send(member->near[k], bytes, size);
        WLK_ASSERT(status == WLK_OK);
    }
}

/* Sends what the hub has for one connection; true: there was not room for all. */
static bool pump_far(struct wlk_coalition *coalition, struct member *member, size_t k)
{
    const uint8_t *bytes;
    size_t size;
    struct wlk_moment now = wlk_coalition_moment(coalition);
    while (wlk_transport_has_room(member->far[k])) {
        if (!wlk_hub_outgoing(coalition->hub, member->name, wlk_post_classes[k], now, &bytes,
                              &size))
            return false;
        wlk_status status = wlk_transport_send(member->far[k], bytes, size);
        WLK_ASSERT(status == WLK_OK);
    }
    return true;
}

/* Whatever the machines want to send now. A hub to which nothing has happened is not asked. */
static void pump_out(struct wlk_coalition *coalition)
{
    bool is_held = false;
    for (size_t i = 0; i < coalition->count; i++) {
        struct member *member = &coalition->member[i];
        for (size_t k = 0; member->is_linked && k < WLK_LINK_CLASSES; k++) {
            pump_near(member, k);
            if (coalition->is_hub_stirred)
                is_held |= pump_far(coalition, member, k);
        }
    }
    coalition->is_hub_stirred = is_held;
}

/* Whatever has arrived by now. Between our own machines no frame is malformed. */
static void pump_in(struct wlk_coalition *coalition)
{
    const uint8_t *bytes;
    size_t size;
    struct wlk_moment now = wlk_coalition_moment(coalition);
    for (size_t i = 0; i < coalition->count; i++) {
        struct member *member = &coalition->member[i];
        for (size_t k = 0; member->is_linked && k < WLK_LINK_CLASSES; k++) {
            enum wlk_class link = wlk_post_classes[k];
            while (wlk_transport_receive(member->far[k], &bytes, &size) == WLK_OK) {
                wlk_status status =
                    wlk_hub_frame(coalition->hub, member->name, link, bytes, size, now);
                WLK_ASSERT(status == WLK_OK);
                coalition->is_hub_stirred = true;
            }
            while (wlk_transport_receive(member->near[k], &bytes, &size) == WLK_OK) {
                wlk_status status =
                    wlk_nation_frame(member->nation, 0, link, bytes, size, now);
                WLK_ASSERT(status == WLK_OK);
            }
        }
    }
}

static void play(struct wlk_coalition *coalition)
{
    struct wlk_played played;
    while (wlk_player_next(coalition->player, coalition->now, &played))
        for (size_t i = 0; i < coalition->count; i++)
            if (coalition->member[i].nation &&
                wlk_name_equal(coalition->member[i].name, played.nation))
                wlk_nation_datagram(coalition->member[i].nation, played.bytes, played.size,
                                    wlk_coalition_moment(coalition));
}

static void tick_all(struct wlk_coalition *coalition)
{
    struct wlk_moment now = wlk_coalition_moment(coalition);
    if (coalition->hub)
        wlk_hub_tick(coalition->hub, now);
    coalition->is_hub_stirred = true;
    for (size_t i = 0; i < coalition->count; i++)
        if (coalition->member[i].nation)
            wlk_nation_tick(coalition->member[i].nation, now);
    coalition->tick = (wlk_utc){coalition->now.ns + TICK_NS};
}

/* The time of the next thing that is due. */
static wlk_utc next_due(struct wlk_coalition *coalition)
{
    wlk_utc due = coalition->tick, arrival;
    wlk_mono frame;
    if (wlk_player_arrival(coalition->player, &arrival) && arrival.ns < due.ns)
        due = arrival;
    if (coalition->loopback && wlk_loopback_next(coalition->loopback, &frame)) {
        int64_t at = frame.ns - 1000000000 + coalition->setup.origin.ns;
        if (at < due.ns)
            due.ns = at;
    }
    return due.ns > coalition->now.ns ? due : coalition->now;
}

/* After the end nothing new is said, and what is on its way arrives: a run that ends in
 * mid-flight loses nothing. False: it has. */
static bool settle(struct wlk_coalition *coalition)
{
    wlk_mono frame;
    if (!coalition->loopback || !wlk_loopback_next(coalition->loopback, &frame))
        return false;
    int64_t at = frame.ns - 1000000000 + coalition->setup.origin.ns;
    if (at > coalition->now.ns)
        coalition->now.ns = at;
    wlk_loopback_advance(coalition->loopback, wlk_coalition_moment(coalition).mono);
    pump_in(coalition);
    pump_out(coalition);
    return wlk_utc_seconds(coalition->now, coalition->end) <= DRAIN_S + SETTLE_S;
}

bool wlk_coalition_step(struct wlk_coalition *coalition)
{
    wlk_utc due = next_due(coalition);
    if (wlk_utc_seconds(due, coalition->end) > DRAIN_S)
        return settle(coalition);
    coalition->now = due;
    if (coalition->loopback)
        wlk_loopback_advance(coalition->loopback, wlk_coalition_moment(coalition).mono);
    wlk_status status = wlk_coalition_follow_script(coalition);
    WLK_ASSERT(status == WLK_OK); /* what was opened once on a journal in memory opens again */
    pump_in(coalition);
    play(coalition);
    if (due.ns >= coalition->tick.ns)
        tick_all(coalition);
    pump_out(coalition);
    for (size_t i = 0; i < coalition->count; i++)
        if (coalition->member[i].nation)
            while (wlk_nation_work(coalition->member[i].nation,
                                   wlk_coalition_moment(coalition)))
                continue;
    return true;
}

wlk_utc wlk_coalition_now(const struct wlk_coalition *coalition)
{
    return coalition->now;
}

size_t wlk_coalition_count(const struct wlk_coalition *coalition)
{
    return coalition->count;
}

struct wlk_nation *wlk_coalition_nation(struct wlk_coalition *coalition, size_t index)
{
    return coalition->member[index].nation;
}

wlk_name wlk_coalition_name(const struct wlk_coalition *coalition, size_t index)
{
    return coalition->member[index].name;
}

void wlk_coalition_exchanged(struct wlk_coalition *coalition, struct wlk_exchanged *out)
{
    struct wlk_reckoned nations[NATIONS_MAX];
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < coalition->count; i++) {
        nations[i].nation = coalition->member[i].name;
        nations[i].journal = coalition->member[i].journal;
        out->doubled += coalition->member[i].doubled;
        if (coalition->member[i].nation)
            out->doubled += wlk_nation_count(coalition->member[i].nation).records_doubled;
    }
    wlk_reckoning_journals(nations, coalition->count, out);
}

struct wlk_journal *wlk_coalition_journal(struct wlk_coalition *coalition, size_t index)
{
    return coalition->member[index].journal;
}

struct wlk_journal *wlk_coalition_hub_journal(struct wlk_coalition *coalition)
{
    return coalition->hub_journal;
}
