/* nation_test.c -- a nation by itself: from datagrams to a declared launch, warnings and sealed
 * records, unmoved by noise, the same each time, and silent without an arrangement.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/nation.h"

#include "base/assert.h"
#include "base/random.h"
#include "base/tap.h"
#include "exchange/journal.h"
#include "programs/pact.h"
#include "programs/player.h"
#include "programs/share.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const wlk_utc ORIGIN = {INT64_C(1795392000000000000)};
static const double TICK_S = 0.1;
enum { ENTRIES_MAX = 2000 };

/* How a flight is played. */
struct way {
    bool has_noise;        /* what no node should take */
    bool has_arrangement;
    double withdrawn_s;    /* 0: never */
    double ended_s;        /* its root ends its keys; 0: never */
};

/* What came of it. */
struct outcome {
    size_t entry_count, warnings;
    struct wlk_entry entry[ENTRIES_MAX];
    uint64_t noise, sealed_at_withdrawal;
    struct wlk_nation_counts counts;
};

static struct wlk_scenario *scenario;
static struct wlk_pact *pact;
static struct outcome quiet, noisy, other;
static wlk_name self;

static void draw_salt(void *context, uint8_t salt[WLK_SALT_SIZE])
{
    struct wlk_random *random = context;
    uint64_t bits[2] = {wlk_random_bits(random), wlk_random_bits(random)};
    memcpy(salt, bits, WLK_SALT_SIZE);
}

static struct wlk_moment moment(double at_s)
{
    return (struct wlk_moment){wlk_utc_add(ORIGIN, at_s),
                               {(int64_t)((at_s + 1000) * 1e9)}};
}

static wlk_status open_nation(struct wlk_journal *journal, struct wlk_random *salts,
                              struct wlk_nation **out)
{
    char areas[1024];
    struct wlk_fault fault = {0};
    WLK_TRY(wlk_share_path("areas", areas, sizeof areas));
    struct wlk_nation_options options = {.name = self,
                                         .nature = WLK_NATURE_EXERCISE,
                                         .exercise = "REHEARSAL",
                                         .sites = &scenario->sites,
                                         .areas_folder = areas,
                                         .hub_count = 1,
                                         .hub = {wlk_name_of("HON-A")},
                                         .journal = journal,
                                         .key = &wlk_pact_owner(pact, self)->exercise,
                                         .roots = &pact->roots,
                                         .salts = {draw_salt, salts},
                                         .now = moment(-60)};
    return wlk_nation_open(&options, out, &fault);
}

static void take_entries(struct wlk_nation *nation, struct outcome *out)
{
    static struct wlk_entry entry;
    static struct wlk_warning warning;
    while (wlk_nation_entry(nation, &entry))
        if (out->entry_count < ENTRIES_MAX)
            out->entry[out->entry_count++] = entry;
    while (wlk_nation_warning(nation, &warning))
        out->warnings++;
}

/* Bytes that are none, a plot of a foreign radar, a plot again, a plot cut. */
static void make_noise(struct wlk_nation *nation, struct wlk_random *random,
                       const struct wlk_played *played, double at_s, struct outcome *out)
{
    uint8_t bytes[WLK_PLOT_DATAGRAM_MAX + 1];
    size_t size = wlk_random_below(random, sizeof bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)wlk_random_bits(random);
    wlk_nation_datagram(nation, bytes, size, moment(at_s));
    wlk_nation_datagram(nation, played->bytes, played->size, moment(at_s));
    wlk_nation_datagram(nation, played->bytes, wlk_random_below(random, played->size),
                        moment(at_s));
    out->noise += 3;
}

static void give_bundles(struct wlk_nation *nation)
{
    struct wlk_fault fault;
    for (size_t i = 0; i < pact->bundle_count; i++) {
        wlk_status status =
            wlk_nation_statement(nation, WLK_STATEMENT_BUNDLE, pact->bundle[i].bytes,
                                 pact->bundle[i].size, moment(-60), &fault);
        (void)status; /* that of the others is not ours */
    }
}

static void withdraw(struct wlk_nation *nation, double at_s)
{
    static struct wlk_agreement agreement;
    struct wlk_fault fault;
    for (size_t i = 0; i < pact->bundle_count; i++) {
        uint8_t bytes[512];
        size_t size;
        if (wlk_force_read(pact->bundle[i].bytes, pact->bundle[i].size, &pact->roots,
                           &agreement, &fault) != WLK_OK)
            continue;
        struct wlk_withdrawal withdrawal = {agreement.digest, wlk_name_of("US"),
                                            moment(at_s).utc};
        wlk_status status = wlk_force_withdraw(
            &withdrawal, &wlk_pact_owner(pact, withdrawal.party)->root, bytes, sizeof bytes,
            &size);
        if (status == WLK_OK)
            status = wlk_nation_statement(nation, WLK_STATEMENT_WITHDRAWAL, bytes, size,
                                          moment(at_s), &fault);
        (void)status; /* seen by what is sealed after it */
    }
}

/* Its own root ends the keys it signs with. */
static void end_keys(struct wlk_nation *nation, double at_s)
{
    const struct wlk_pact_owner *owner = wlk_pact_owner(pact, self);
    const struct wlk_public_key *key[2] = {&owner->real.public_key,
                                           &owner->exercise.public_key};
    uint8_t bytes[WLK_KEY_STATEMENT_SIZE_MAX];
    struct wlk_key_statement statement;
    struct wlk_fault fault;
    size_t size = 0;
    memset(&statement, 0, sizeof statement);
    statement.party = self;
    statement.time = moment(at_s).utc;
    statement.end_count = 2;
    for (unsigned i = 0; i < 2; i++) {
        memcpy(statement.end[i].bytes, key[i]->bytes, WLK_PUBLIC_KEY_SIZE);
        statement.end[i].suspect_since.ns = statement.time.ns / 1000000000 * 1000000000;
    }
    wlk_status status =
        wlk_key_statement_sign(&statement, &owner->root, bytes, sizeof bytes, &size);
    if (status == WLK_OK)
        status = wlk_nation_statement(nation, WLK_STATEMENT_KEYS, bytes, size, moment(at_s),
                                      &fault);
    (void)status; /* seen by what is sealed after it */
}

/* One tick: what the radars saw until then, time, work. */
static void step(struct wlk_nation *nation, struct wlk_player *player, const struct way *way,
                 double at_s, struct wlk_random *random, struct outcome *out)
{
    struct wlk_played played;
    while (wlk_player_next(player, moment(at_s).utc, &played)) {
        double arrival_s = wlk_utc_seconds(played.arrival, ORIGIN);
        bool is_ours = wlk_name_equal(played.nation, self);
        if (!is_ours && !way->has_noise)
            continue;
        wlk_nation_datagram(nation, played.bytes, played.size, moment(arrival_s));
        out->noise += !is_ours;
        if (way->has_noise && is_ours)
            make_noise(nation, random, &played, arrival_s, out);
    }
    wlk_nation_tick(nation, moment(at_s));
    while (wlk_nation_work(nation, moment(at_s)))
        continue;
    take_entries(nation, out);
}

static void play(const struct way *way, struct outcome *out)
{
    struct wlk_random salts = wlk_random_seeded(7, 0), noise = wlk_random_seeded(8, 0);
    struct wlk_journal *journal;
    struct wlk_nation *nation;
    struct wlk_player *player;
    struct wlk_fault fault;
    memset(out, 0, sizeof *out);
    if (wlk_journal_open(":memory:", self, &journal, &fault) != WLK_OK ||
        open_nation(journal, &salts, &nation) != WLK_OK ||
        wlk_player_open(scenario, 1, ORIGIN, &player) != WLK_OK)
        abort();
    if (way->has_arrangement)
        give_bundles(nation);
    bool is_withdrawn = false;
    for (double t = 0; t < scenario->length_s; t += TICK_S) {
        if (way->ended_s > 0 && t >= way->ended_s && !is_withdrawn) {
            end_keys(nation, t);
            out->sealed_at_withdrawal = wlk_nation_count(nation).records_sealed;
            is_withdrawn = true;
        }
        if (way->withdrawn_s > 0 && t >= way->withdrawn_s && !is_withdrawn) {
            withdraw(nation, t);
            out->sealed_at_withdrawal = wlk_nation_count(nation).records_sealed;
            is_withdrawn = true;
        }
        step(nation, player, way, t, &noise, out);
    }
    out->counts = wlk_nation_count(nation);
    wlk_player_close(player);
    wlk_nation_close(nation);
    wlk_journal_close(journal);
}

/* The first entry of a kind; NULL: none. */
static const struct wlk_entry *first_of(const struct outcome *outcome, enum wlk_entry_kind kind)
{
    for (size_t i = 0; i < outcome->entry_count; i++)
        if (outcome->entry[i].kind == kind)
            return &outcome->entry[i];
    return NULL;
}

static size_t count_of(const struct outcome *outcome, enum wlk_entry_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < outcome->entry_count; i++)
        count += outcome->entry[i].kind == kind;
    return count;
}

static void check_flight(void)
{
    static const enum wlk_entry_kind order[] = {
        WLK_ENTRY_FIRST_PLOT, WLK_ENTRY_DECLARED, WLK_ENTRY_WARNING, WLK_ENTRY_BURNOUT,
        WLK_ENTRY_IMPACT, WLK_ENTRY_ELLIPSE, WLK_ENTRY_ENDED};
    bool in_order = true, rising = true;
    for (size_t i = 0; i + 1 < sizeof order / sizeof order[0]; i++) {
        const struct wlk_entry *one = first_of(&quiet, order[i]);
        const struct wlk_entry *next = first_of(&quiet, order[i + 1]);
        in_order &= one && next && one->time.ns <= next->time.ns;
    }
    for (size_t i = 1; i < quiet.entry_count; i++)
        rising &= quiet.entry[i].time.ns >= quiet.entry[i - 1].time.ns;
    wlk_check(in_order, "first plot, launch, warning, burnout, impact, 20 km, end");
    wlk_check(rising, "entries come in the order of time");
    const struct wlk_entry *down = first_of(&quiet, WLK_ENTRY_ENDED);
    wlk_check(down && count_of(&quiet, WLK_ENTRY_ENDED) == 1 && down->names[0] &&
                  fabs(wlk_utc_seconds(down->time, ORIGIN) -
                       scenario->flight[0]->flight_time_s) < 20,
              "the flight ends once, as a fall, about when it falls");
    size_t after = 0;
    for (size_t i = 0; down && i < quiet.entry_count; i++)
        after += quiet.entry[i].time.ns > down->time.ns &&
                 (quiet.entry[i].kind == WLK_ENTRY_IMPACT ||
                  quiet.entry[i].kind == WLK_ENTRY_NO_IMPACT);
    wlk_check(after == 0, "and nothing is predicted of it after that");
    wlk_check(quiet.warnings == quiet.counts.warnings && quiet.warnings >= 2 &&
                  quiet.counts.dropped == 0,
              "each warning can be taken");
    wlk_check(quiet.counts.plots_refused == 0 && quiet.counts.plots > 100,
              "each plot of its radars is taken");
}

/* Is it about the sky, and not about links, where nobody is there to confirm a warning? */
static bool is_of_sky(const struct wlk_entry *entry)
{
    return entry->kind != WLK_ENTRY_PARTNER_LOST &&
           !(entry->kind == WLK_ENTRY_ALARM && strstr(entry->names, "has not confirmed"));
}

/* The index-th entry that is about the sky; NULL: no more. */
static const struct wlk_entry *seen_at(const struct outcome *outcome, size_t index)
{
    for (size_t i = 0; i < outcome->entry_count; i++)
        if (is_of_sky(&outcome->entry[i]) && index-- == 0)
            return &outcome->entry[i];
    return NULL;
}

static bool is_same(const struct outcome *a, const struct outcome *b)
{
    char one[WLK_ENTRY_LINE_SIZE], two[WLK_ENTRY_LINE_SIZE];
    for (size_t i = 0;; i++) {
        const struct wlk_entry *x = seen_at(a, i), *y = seen_at(b, i);
        if (!x || !y)
            return !x && !y;
        wlk_entry_line(x, one);
        wlk_entry_line(y, two);
        if (strcmp(one, two) != 0)
            return false;
    }
}

static void check_arrangements(void)
{
    wlk_check(quiet.counts.records_sealed == 0 && quiet.counts.records_held == 0,
              "without an arrangement nothing is sealed at all");
    play(&(struct way){.has_arrangement = true}, &other);
    wlk_check(other.counts.records_sealed > 100 && other.counts.records_held == 0,
              "with three of them launch, impact and track are");
    wlk_check(is_same(&quiet, &other), "and the nation's own picture is no other");
    uint64_t whole = other.counts.records_sealed;
    play(&(struct way){.has_arrangement = true, .withdrawn_s = 150}, &other);
    wlk_note("%llu of %llu records were sealed before the withdrawal",
             (unsigned long long)other.sealed_at_withdrawal, (unsigned long long)whole);
    wlk_check(other.sealed_at_withdrawal > 10 && other.sealed_at_withdrawal < whole &&
                  other.counts.records_sealed == other.sealed_at_withdrawal,
              "once a party has withdrawn, not one more");
    wlk_check(count_of(&other, WLK_ENTRY_ALARM) >= 2, "and the operator is told");
    play(&(struct way){.has_arrangement = true, .ended_s = 150}, &other);
    wlk_check(other.sealed_at_withdrawal > 10 &&
                  other.counts.records_sealed == other.sealed_at_withdrawal,
              "once its root has ended its keys, not one more");
    size_t told = 0;
    for (size_t i = 0; i < other.entry_count; i++)
        told += other.entry[i].kind == WLK_ENTRY_ALARM &&
                strncmp(other.entry[i].names, "own key signs nothing", 21) == 0;
    wlk_check(told == 1, "and the operator is told once");
}

int main(void)
{
    static struct wlk_history history;
    static const char *const names[] = {"JP", "KR", "US"};
    wlk_name nation[3];
    char path[1024], arrangements[1024];
    struct wlk_fault fault = {0};
    const uint64_t seed = 1;
    pact = calloc(1, sizeof *pact);
    wlk_status status = pact ? wlk_seal_init() : WLK_IO;
    if (status == WLK_OK)
        status = wlk_share_path("rehearsal/history.txt", path, sizeof path);
    if (status == WLK_OK)
        status = wlk_share_path("arrangements", arrangements, sizeof arrangements);
    if (status == WLK_OK)
        status = wlk_history_read(path, &history, &fault);
    if (status == WLK_OK)
        status = wlk_scenario_open(&history, "2017-05-29", "default", &scenario, &fault);
    for (size_t i = 0; i < 3; i++)
        nation[i] = wlk_name_of(names[i]);
    self = nation[1];
    if (status == WLK_OK) {
        wlk_pact_keys(nation, 3, wlk_name_of("HON-A"), &seed, pact);
        status = wlk_pact_sign(pact, arrangements, ORIGIN, NULL, &fault);
    }
    if (!wlk_check(status == WLK_OK, "a launch, keys and arrangements"))
        return wlk_tap_done();
    play(&(struct way){.has_arrangement = false}, &quiet);
    check_flight();
    play(&(struct way){.has_noise = true}, &noisy);
    wlk_check(noisy.counts.plots_refused == noisy.noise && noisy.noise > 500,
              "noise, doubles, halves and foreign plots are counted");
    wlk_check(is_same(&quiet, &noisy), "and change nothing");
    check_arrangements();
    wlk_scenario_close(scenario);
    wlk_pact_clear(pact);
    free(pact);
    return wlk_tap_done();
}
