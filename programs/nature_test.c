/* nature_test.c -- exercise, test and real never meet: every nature of node, hub, record, lane
 * and key with every other; what a CAP message then says; and whether a drill beside and before
 * a launch changes one byte of what people are told of it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/nation.h"

#include "base/assert.h"
#include "base/tap.h"
#include "exchange/journal.h"
#include "programs/lone.h"
#include "programs/player.h"
#include "programs/share.h"
#include "sensors/datagram.h"
#include "warning/cap.h"

#include <stdio.h>
#include <stdlib.h>

enum { JP, KR, US, NATIONS, TOLD_SIZE = 8 << 20 };
static const enum wlk_nature natures[] = {WLK_NATURE_EXERCISE, WLK_NATURE_REAL,
                                          WLK_NATURE_TEST};
enum { NATURES = 3 };
static const char *const status_words[WLK_NATURE_END] = {[WLK_NATURE_EXERCISE] = "Exercise",
                                                         [WLK_NATURE_REAL] = "Actual",
                                                         [WLK_NATURE_TEST] = "Test"};

static struct wlk_scenario *scenario;
static struct wlk_lone lone;
static wlk_name name[NATIONS];
static char areas[1024];

static wlk_status open_nation(enum wlk_nature nature, struct wlk_journal *journal,
                              struct wlk_random *salts, struct wlk_nation **out)
{
    struct wlk_fault fault = {0};
    struct wlk_nation_options options = {.name = name[JP],
                                         .nature = nature,
                                         .sites = &scenario->sites,
                                         .areas_folder = areas,
                                         .hub_count = 1,
                                         .hub = {wlk_name_of("HON-A")},
                                         .journal = journal,
                                         .key = wlk_lone_key(&lone, "JP", nature),
                                         .roots = &lone.pact->roots,
                                         .salts = wlk_lone_salts(salts),
                                         .now = wlk_lone_moment(-60)};
    if (nature != WLK_NATURE_REAL)
        snprintf(options.exercise, sizeof options.exercise, "DRILL 27");
    WLK_TRY(wlk_nation_open(&options, out, &fault));
    for (size_t i = 0; i < lone.pact->bundle_count; i++)
        (void)!wlk_nation_statement(*out, WLK_STATEMENT_BUNDLE, lone.pact->bundle[i].bytes,
                                    lone.pact->bundle[i].size, wlk_lone_moment(-60), &fault);
    return WLK_OK;
}

/* ---- a record of KR: launch, of any nature, under any key ---- */

/* Frame with prefix, for the one who gets it; lane moves on. */
static size_t make_record(const struct wlk_secret_key *key, struct wlk_header *lane,
                          double at_s, uint8_t *bytes, size_t room)
{
    static uint8_t record[WLK_RECORD_SIZE_MAX];
    wlk_lone_retime(lane, at_s);
    struct wlk_frame frame = {.kind = WLK_FRAME_RECORD, .bytes = record};
    frame.size = wlk_lone_seal(lane, key, record, sizeof record);
    struct wlk_writer out = {bytes, room, 0};
    if (wlk_frame_encode(&frame, NULL, &out) != WLK_OK)
        abort();
    return out.at;
}

static size_t make_hello(wlk_name sender, uint8_t *bytes, size_t room)
{
    struct wlk_frame frame = {
        .kind = WLK_FRAME_HELLO, .sender = sender, .link = WLK_CLASS_WARN};
    struct wlk_writer out = {bytes, room, 0};
    if (wlk_frame_encode(&frame, NULL, &out) != WLK_OK)
        abort();
    return out.at;
}

static void give(struct wlk_nation *nation, const uint8_t *bytes, size_t size, double at_s)
{
    wlk_status status = wlk_nation_frame(nation, 0, WLK_CLASS_WARN, bytes + WLK_FRAME_PREFIX,
                                         size - WLK_FRAME_PREFIX, wlk_lone_moment(at_s));
    (void)status; /* what came of it is seen in the counters */
}

static void join(struct wlk_nation *nation)
{
    uint8_t bytes[256];
    wlk_nation_connected(nation, 0, WLK_CLASS_WARN, wlk_lone_moment(-59));
    give(nation, bytes, make_hello(wlk_name_of("HON-A"), bytes, sizeof bytes), -59);
}

/* ---- every nature with every other ---- */

static bool node_takes(enum wlk_nature node, enum wlk_nature record, enum wlk_nature key)
{
    static uint8_t bytes[WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX];
    struct wlk_random salts = wlk_random_seeded(7, 0);
    struct wlk_journal *journal;
    struct wlk_nation *nation;
    struct wlk_fault fault;
    struct wlk_header lane;
    wlk_lone_header(&lone, record, 0, &lane);
    if (wlk_journal_open(":memory:", name[JP], &journal, &fault) != WLK_OK ||
        open_nation(node, journal, &salts, &nation) != WLK_OK)
        abort();
    join(nation);
    size_t size =
        make_record(wlk_lone_key(&lone, "KR", key), &lane, -1, bytes, sizeof bytes);
    give(nation, bytes, size, 0);
    wlk_nation_tick(nation, wlk_lone_moment(1));
    struct wlk_nation_counts counts = wlk_nation_count(nation);
    bool is_counted = wlk_post_count(wlk_nation_post(nation))->other_nature == (node != record);
    wlk_nation_close(nation);
    wlk_journal_close(journal);
    return !is_counted || counts.records_taken || counts.records_unusable;
}

static bool hub_decides(enum wlk_nature own, enum wlk_nature record, enum wlk_nature key)
{
    static uint8_t bytes[WLK_RECORD_SIZE_MAX];
    struct wlk_fault fault;
    struct wlk_header lane;
    struct wlk_frame frame = {.kind = WLK_FRAME_RECORD, .bytes = bytes};
    if (wlk_lone_open(&lone, ":memory:", own, wlk_lone_moment(-60).utc, &fault) != WLK_OK)
        abort();
    wlk_lone_join(&lone, "KR", WLK_CLASS_WARN, -59);
    wlk_lone_header(&lone, record, -1, &lane);
    frame.size = wlk_lone_seal(&lane, wlk_lone_key(&lone, "KR", key), bytes, sizeof bytes);
    wlk_status status = wlk_lone_give(&lone, "KR", WLK_CLASS_WARN, &frame, 0);
    struct wlk_hub_counts counts = *wlk_hub_count(lone.hub);
    wlk_lone_close(&lone);
    return status != WLK_OK || counts.passed || counts.trimmed || counts.refused;
}

static void test_matrix(void)
{
    for (size_t o = 0; o < NATURES; o++)
        for (size_t r = 0; r < NATURES; r++)
            for (size_t k = 0; k < 2; k++) { /* the key of exercises and tests, that of life */
                enum wlk_nature own = natures[o], record = natures[r], key = natures[k];
                bool fits = (key == WLK_NATURE_REAL) == (record == WLK_NATURE_REAL);
                bool is_due = own == record && fits;
                /* the shipped arrangement has no clause for tests: the hub refuses them with
                 * a notice, and a node that gets one all the same finds a spill */
                bool is_taken = is_due && record != WLK_NATURE_TEST;
                const char *signer = k ? "the real" : "the exercise";
                wlk_check(node_takes(own, record, key) == is_taken,
                          "a %s node %s a %s record under %s key", wlk_nature_word(own),
                          is_taken ? "takes" : "does not take", wlk_nature_word(record),
                          signer);
                wlk_check(hub_decides(own, record, key) == is_due,
                          "a %s hub %s a %s record under %s key", wlk_nature_word(own),
                          is_due ? "decides on" : "does not look at", wlk_nature_word(record),
                          signer);
            }
}

static void test_lanes(void)
{
    static uint8_t bytes[WLK_HEADER_SIZE_MAX];
    for (size_t h = 0; h < NATURES; h++)
        for (size_t l = 0; l < NATURES; l++) {
            struct wlk_header header, back;
            wlk_lone_header(&lone, natures[h], 0, &header);
            header.lane.nature = natures[l];
            struct wlk_writer out = {bytes, sizeof bytes, 0};
            bool is_written = wlk_header_encode(&header, &out) == WLK_OK;
            wlk_check(is_written == (h == l) && (!wlk_header_fault(&header)) == (h == l),
                      "%s record, %s lane: %s", wlk_nature_word(natures[h]),
                      wlk_nature_word(natures[l]), h == l ? "a record" : "no record");
            if (h != l)
                continue;
            /* the same from outside: each byte that could be the nature, changed to another */
            size_t accepted = 0;
            for (size_t at = 0; at < out.at; at++)
                for (size_t n = 0; n < NATURES; n++) {
                    uint8_t was = bytes[at];
                    bytes[at] = (uint8_t)natures[n];
                    if (was == natures[h] && was != natures[n] &&
                        wlk_header_decode(bytes, out.at, &back, NULL) == WLK_OK)
                        accepted += back.nature != back.lane.nature;
                    bytes[at] = was;
                }
            wlk_check(accepted == 0, "and no byte of it makes nature and lane differ");
        }
}

static void test_store(void)
{
    for (size_t first = 0; first < NATURES; first++)
        for (size_t then = 0; then < NATURES; then++) {
            struct wlk_random salts = wlk_random_seeded(7, 0);
            struct wlk_journal *journal;
            struct wlk_nation *nation = NULL;
            struct wlk_fault fault;
            if (wlk_journal_open(":memory:", name[JP], &journal, &fault) != WLK_OK ||
                open_nation(natures[first], journal, &salts, &nation) != WLK_OK)
                abort();
            wlk_nation_close(nation);
            nation = NULL;
            wlk_status status = open_nation(natures[then], journal, &salts, &nation);
            wlk_check((status == WLK_OK) == (first == then) &&
                          (first == then || status == WLK_BAD_INPUT),
                      "the store of a %s node %s a %s node", wlk_nature_word(natures[first]),
                      first == then ? "opens for" : "does not open for",
                      wlk_nature_word(natures[then]));
            wlk_nation_close(nation);
            wlk_journal_close(journal);
        }
}

/* ---- a launch, with and without a drill beside it ---- */

struct told {
    size_t warnings, size, wrong_status;
    char *text; /* CAP messages, one behind the other */
};

static void take_warnings(struct wlk_nation *nation, enum wlk_nature nature, struct told *out)
{
    static struct wlk_warning warning;
    static struct wlk_entry entry;
    char status[64];
    snprintf(status, sizeof status, "<status>%s</status>", status_words[nature]);
    while (wlk_nation_entry(nation, &entry))
        continue;
    while (wlk_nation_warning(nation, &warning)) {
        size_t size = 0;
        if (wlk_cap_write(&warning, wlk_nation_areas(nation), out->text + out->size,
                          TOLD_SIZE - out->size, &size) != WLK_OK)
            abort();
        out->wrong_status += !strstr(out->text + out->size, status);
        out->size += size;
        out->warnings++;
    }
}

/* A plot that says of itself what nature it is; the drill's is 3 deg to the right. */
static void give_plot(struct wlk_nation *nation, const struct wlk_played *played,
                      enum wlk_nature nature, bool is_drill)
{
    uint8_t bytes[WLK_PLOT_DATAGRAM_MAX];
    struct wlk_datagram datagram;
    size_t size;
    double arrival_s = wlk_utc_seconds(played->arrival, WLK_LONE_ORIGIN);
    if (wlk_datagram_decode(played->bytes, played->size, &datagram, NULL) != WLK_OK)
        abort();
    datagram.nature = nature;
    if (is_drill && datagram.kind == WLK_DATAGRAM_PLOT)
        datagram.plot.azimuth_nrad = (datagram.plot.azimuth_nrad + 52359878) % 6283185307;
    if (wlk_datagram_encode(&datagram, bytes, sizeof bytes, &size) != WLK_OK)
        abort();
    wlk_nation_datagram(nation, bytes, size, wlk_lone_moment(arrival_s));
}

/* What a drill sends: launches of KR, and plots of our own radars. */
static void drill(struct wlk_nation *nation, enum wlk_nature nature, struct wlk_header lane[],
                  double at_s)
{
    static uint8_t bytes[WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX];
    for (size_t n = 0; n < NATURES; n++)
        if (natures[n] != nature)
            give(nation, bytes,
                 make_record(wlk_lone_key(&lone, "KR", natures[n]), &lane[n], at_s, bytes,
                             sizeof bytes),
                 at_s);
}

static void play(enum wlk_nature nature, bool has_drill, struct told *out)
{
    static const double TICK_S = 0.1;
    struct wlk_random salts = wlk_random_seeded(7, 0);
    struct wlk_journal *journal;
    struct wlk_nation *nation;
    struct wlk_player *player;
    struct wlk_played played;
    struct wlk_fault fault;
    struct wlk_header lane[NATURES];
    for (size_t n = 0; n < NATURES; n++)
        wlk_lone_header(&lone, natures[n], 0, &lane[n]);
    char *text = out->text;
    *out = (struct told){.text = text};
    if (wlk_journal_open(":memory:", name[JP], &journal, &fault) != WLK_OK ||
        open_nation(nature, journal, &salts, &nation) != WLK_OK ||
        wlk_player_open(scenario, 1, WLK_LONE_ORIGIN, &player) != WLK_OK)
        abort();
    join(nation);
    for (long tick = -500; (double)tick * TICK_S < scenario->length_s; tick++) {
        double at_s = (double)tick * TICK_S;
        if (has_drill && tick % 10 == 0)
            drill(nation, nature, lane, at_s);
        while (wlk_player_next(player, wlk_lone_moment(at_s).utc, &played)) {
            if (!wlk_name_equal(played.nation, name[JP]))
                continue;
            for (size_t n = 0; has_drill && n < NATURES; n++)
                if (natures[n] != nature)
                    give_plot(nation, &played, natures[n], true);
            give_plot(nation, &played, nature, false);
        }
        wlk_nation_tick(nation, wlk_lone_moment(at_s));
        while (wlk_nation_work(nation, wlk_lone_moment(at_s)))
            continue;
        take_warnings(nation, nature, out);
    }
    wlk_check(!has_drill || wlk_post_count(wlk_nation_post(nation))->other_nature >
                                (uint64_t)scenario->length_s,
              "the drill came in, and was counted");
    wlk_player_close(player);
    wlk_nation_close(nation);
    wlk_journal_close(journal);
}

static void test_drill(void)
{
    struct told fresh = {.text = malloc(TOLD_SIZE)}, drilled = {.text = malloc(TOLD_SIZE)};
    WLK_ASSERT(fresh.text && drilled.text);
    for (size_t n = 0; n < NATURES; n++) {
        const char *word = wlk_nature_word(natures[n]);
        play(natures[n], false, &fresh);
        wlk_check(fresh.warnings > 3 && fresh.wrong_status == 0,
                  "%s: %zu CAP messages, each of status %s", word, fresh.warnings,
                  status_words[natures[n]]);
        play(natures[n], true, &drilled);
        wlk_check(drilled.size == fresh.size && !memcmp(drilled.text, fresh.text, fresh.size),
                  "%s: beside and after a drill the same %zu bytes", word, fresh.size);
    }
    free(fresh.text);
    free(drilled.text);
}

static wlk_status set_up(void)
{
    static struct wlk_history history;
    static const char *const names[] = {"JP", "KR", "US"};
    char path[1024];
    struct wlk_fault fault = {0};
    for (size_t i = 0; i < NATIONS; i++)
        name[i] = wlk_name_of(names[i]);
    WLK_TRY(wlk_share_path("rehearsal/history.txt", path, sizeof path));
    WLK_TRY(wlk_history_read(path, &history, &fault));
    WLK_TRY(wlk_scenario_open(&history, "2017-08-29", "default", &scenario, &fault));
    WLK_TRY(wlk_share_path("areas", areas, sizeof areas));
    return wlk_lone_keys_open(&lone, &fault);
}

int main(void)
{
    if (!wlk_check(set_up() == WLK_OK, "a launch, keys and arrangements"))
        return wlk_tap_done();
    test_lanes();
    test_store();
    test_matrix();
    test_drill();
    wlk_scenario_close(scenario);
    wlk_lone_keys_close(&lone);
    return wlk_tap_done();
}
