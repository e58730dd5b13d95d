/* nature_test.c -- exercise, test and real never meet: every nature of node, hub, record, lane
 * and key with every other; what a CAP message then says; and whether a drill beside and before
 * a launch changes one byte of what people are told of it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/nation.h"

#include "base/assert.h"
#include "base/random.h"
#include "base/tap.h"
#include "exchange/frame.h"
#include "exchange/journal.h"
#include "programs/hub.h"
#include "programs/pact.h"
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

static const wlk_utc ORIGIN = {INT64_C(1795392000000000000)};

static struct wlk_scenario *scenario;
static struct wlk_pact *pact;
static wlk_name name[NATIONS];
static char areas[1024];
static struct wlk_agreement agreement; /* TMW-1 */

static void draw_salt(void *context, uint8_t salt[WLK_SALT_SIZE])
{
    struct wlk_random *random = context;
    uint64_t bits[2] = {wlk_random_bits(random), wlk_random_bits(random)};
    memcpy(salt, bits, WLK_SALT_SIZE);
}

static struct wlk_moment moment(double at_s)
{
    return (struct wlk_moment){wlk_utc_add(ORIGIN, at_s), {(int64_t)((at_s + 1000) * 1e9)}};
}

/* The exercise key signs tests too. */
static const struct wlk_secret_key *key_of(size_t nation, enum wlk_nature nature)
{
    const struct wlk_pact_owner *owner = wlk_pact_owner(pact, name[nation]);
    return nature == WLK_NATURE_REAL ? &owner->real : &owner->exercise;
}

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
                                         .key = key_of(JP, nature),
                                         .roots = &pact->roots,
                                         .salts = {draw_salt, salts},
                                         .now = moment(-60)};
    if (nature != WLK_NATURE_REAL)
        snprintf(options.exercise, sizeof options.exercise, "DRILL 27");
    WLK_TRY(wlk_nation_open(&options, out, &fault));
    for (size_t i = 0; i < pact->bundle_count; i++)
        (void)!wlk_nation_statement(*out, WLK_STATEMENT_BUNDLE, pact->bundle[i].bytes,
                                    pact->bundle[i].size, moment(-60), &fault);
    return WLK_OK;
}

/* ---- a record of KR: launch, of any nature, under any key ---- */

/* A lane as its originator keeps it. */
struct lane {
    uint64_t seq;
    wlk_digest prev;
};

static void fill(struct wlk_header *header, enum wlk_nature nature, const struct lane *lane,
                 double at_s)
{
    memset(header, 0, sizeof *header);
    header->originator = name[KR];
    header->lane = (struct wlk_lane){agreement.arrangement.name, WLK_CLASS_WARN, nature, 1};
    header->has_seq = true;
    header->seq = lane->seq + 1;
    header->prev = lane->prev;
    header->arrangement = agreement.digest;
    header->time = moment(at_s).utc;
    header->type = WLK_TYPE_LAUNCH;
    header->nature = nature;
    snprintf(header->label.policy, sizeof header->label.policy, "warnlink");
    header->label.releasable_count = 2;
    header->label.releasable[0] = name[JP];
    header->label.releasable[1] = name[US];
    header->has_event = header->has_object = header->has_region = true;
    header->region = WLK_REGION_DPRK;
    header->object = 1;
    header->event.bytes[0] = 0x27;
    header->valid_until = wlk_utc_add(header->time, 60);
    header->group_count = 1;
    header->group[0].group = WLK_GROUP_COARSE;
    header->group[0].classification = WLK_SECRET;
    header->sensor_nation_count = 1;
    header->sensor_nation[0] = name[KR];
}

/* Frame without prefix, for the one who gets it. */
static size_t make_record(enum wlk_nature nature, const struct wlk_secret_key *key,
                          struct lane *lane, double at_s, uint8_t *bytes, size_t room)
{
    static union wlk_content content;
    static uint8_t record[WLK_RECORD_SIZE_MAX];
    const uint8_t salt[1][WLK_SALT_SIZE] = {{(uint8_t)lane->seq, 7}};
    struct wlk_header header;
    struct wlk_sealed sealed;
    fill(&header, nature, lane, at_s);
    memset(&content, 0, sizeof content);
    content.launch.status = WLK_LAUNCH_CONFIRMED;
    content.launch.point.latitude_e7 = 392000000;
    content.launch.point.longitude_e7 = 1257000000;
    content.launch.point.covariance[0] = content.launch.point.covariance[2] = 1;
    content.launch.point.covariance[5] = 1;
    content.launch.count_min = content.launch.count_max = 1;
    struct wlk_sealing what = {&header, &content, salt};
    if (wlk_seal(&what, key, record, sizeof record, &sealed) != WLK_OK)
        abort();
    struct wlk_frame frame = {.kind = WLK_FRAME_RECORD, .bytes = record, .size = sealed.size};
    struct wlk_writer out = {bytes, room, 0};
    if (wlk_frame_encode(&frame, NULL, &out) != WLK_OK)
        abort();
    lane->seq++;
    lane->prev = sealed.sign1_digest;
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
                                         size - WLK_FRAME_PREFIX, moment(at_s));
    (void)status; /* what came of it is seen in the counters */
}

static void join(struct wlk_nation *nation)
{
    uint8_t bytes[256];
    wlk_nation_connected(nation, 0, WLK_CLASS_WARN, moment(-59));
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
    struct lane lane = {0};
    if (wlk_journal_open(":memory:", name[JP], &journal, &fault) != WLK_OK ||
        open_nation(node, journal, &salts, &nation) != WLK_OK)
        abort();
    join(nation);
    give(nation, bytes, make_record(record, key_of(KR, key), &lane, -1, bytes, sizeof bytes),
         0);
    wlk_nation_tick(nation, moment(1));
    struct wlk_nation_counts counts = wlk_nation_count(nation);
    bool is_counted = wlk_post_count(wlk_nation_post(nation))->other_nature == (node != record);
    wlk_nation_close(nation);
    wlk_journal_close(journal);
    return !is_counted || counts.records_taken || counts.records_unusable;
}

static bool hub_decides(enum wlk_nature own, enum wlk_nature record, enum wlk_nature key)
{
    static uint8_t bytes[WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX];
    struct wlk_random salts = wlk_random_seeded(9, 0);
    struct wlk_journal *journal;
    struct wlk_hub *hub;
    struct wlk_fault fault;
    struct lane lane = {0};
    const struct wlk_pact_owner *owner = wlk_pact_owner(pact, wlk_name_of("HON-A"));
    struct wlk_hub_options options = {.name = owner->name,
                                      .key = own == WLK_NATURE_REAL ? &owner->real
                                                                    : &owner->exercise,
                                      .key_nature = own,
                                      .salts = {draw_salt, &salts},
                                      .roots = &pact->roots,
                                      .now = moment(-60)};
    if (wlk_journal_open(":memory:", owner->name, &journal, &fault) != WLK_OK)
        abort();
    options.journal = journal;
    if (wlk_hub_open(&options, &hub, &fault) != WLK_OK)
        abort();
    for (size_t i = 0; i < pact->bundle_count; i++)
        (void)!wlk_hub_statement(hub, WLK_STATEMENT_BUNDLE, pact->bundle[i].bytes,
                                 pact->bundle[i].size, moment(-60), &fault);
    wlk_hub_connected(hub, name[KR], WLK_CLASS_WARN, moment(-59));
    size_t size = make_hello(name[KR], bytes, sizeof bytes);
    wlk_status status = wlk_hub_frame(hub, name[KR], WLK_CLASS_WARN, bytes + WLK_FRAME_PREFIX,
                                      size - WLK_FRAME_PREFIX, moment(-59));
    size = make_record(record, key_of(KR, key), &lane, -1, bytes, sizeof bytes);
    if (status == WLK_OK)
        status = wlk_hub_frame(hub, name[KR], WLK_CLASS_WARN, bytes + WLK_FRAME_PREFIX,
                               size - WLK_FRAME_PREFIX, moment(0));
    struct wlk_hub_counts counts = *wlk_hub_count(hub);
    wlk_hub_close(hub);
    wlk_journal_close(journal);
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
            struct lane lane = {0};
            fill(&header, natures[h], &lane, 0);
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
    double arrival_s = wlk_utc_seconds(played->arrival, ORIGIN);
    if (wlk_datagram_decode(played->bytes, played->size, &datagram, NULL) != WLK_OK)
        abort();
    datagram.nature = nature;
    if (is_drill && datagram.kind == WLK_DATAGRAM_PLOT)
        datagram.plot.azimuth_nrad = (datagram.plot.azimuth_nrad + 52359878) % 6283185307;
    if (wlk_datagram_encode(&datagram, bytes, sizeof bytes, &size) != WLK_OK)
        abort();
    wlk_nation_datagram(nation, bytes, size, moment(arrival_s));
}

/* What a drill sends: launches of KR, and plots of our own radars. */
static void drill(struct wlk_nation *nation, enum wlk_nature nature, struct lane lane[],
                  double at_s)
{
    static uint8_t bytes[WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX];
    for (size_t n = 0; n < NATURES; n++)
        if (natures[n] != nature)
            give(nation, bytes,
                 make_record(natures[n], key_of(KR, natures[n]), &lane[n], at_s, bytes,
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
    struct lane lane[NATURES] = {{0}};
    char *text = out->text;
    *out = (struct told){.text = text};
    if (wlk_journal_open(":memory:", name[JP], &journal, &fault) != WLK_OK ||
        open_nation(nature, journal, &salts, &nation) != WLK_OK ||
        wlk_player_open(scenario, 1, ORIGIN, &player) != WLK_OK)
        abort();
    join(nation);
    for (long tick = -500; (double)tick * TICK_S < scenario->length_s; tick++) {
        double at_s = (double)tick * TICK_S;
        if (has_drill && tick % 10 == 0)
            drill(nation, nature, lane, at_s);
        while (wlk_player_next(player, moment(at_s).utc, &played)) {
            if (!wlk_name_equal(played.nation, name[JP]))
                continue;
            for (size_t n = 0; has_drill && n < NATURES; n++)
                if (natures[n] != nature)
                    give_plot(nation, &played, natures[n], true);
            give_plot(nation, &played, nature, false);
        }
        wlk_nation_tick(nation, moment(at_s));
        while (wlk_nation_work(nation, moment(at_s)))
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
    const uint64_t seed = 1;
    pact = calloc(1, sizeof *pact);
    for (size_t i = 0; i < NATIONS; i++)
        name[i] = wlk_name_of(names[i]);
    WLK_TRY(pact ? wlk_seal_init() : WLK_IO);
    WLK_TRY(wlk_share_path("rehearsal/history.txt", path, sizeof path));
    WLK_TRY(wlk_history_read(path, &history, &fault));
    WLK_TRY(wlk_scenario_open(&history, "2017-08-29", "default", &scenario, &fault));
    WLK_TRY(wlk_share_path("areas", areas, sizeof areas));
    WLK_TRY(wlk_share_path("arrangements", path, sizeof path));
    wlk_pact_keys(name, NATIONS, wlk_name_of("HON-A"), &seed, pact);
    WLK_TRY(wlk_pact_sign(pact, path, ORIGIN, NULL, &fault));
    for (size_t i = 0; i < pact->bundle_count; i++)
        if (!pact->bundle[i].is_bilateral)
            WLK_TRY(wlk_force_read(pact->bundle[i].bytes, pact->bundle[i].size, &pact->roots,
                                   &agreement, &fault));
    return WLK_OK;
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
    wlk_pact_clear(pact);
    free(pact);
    return wlk_tap_done();
}
