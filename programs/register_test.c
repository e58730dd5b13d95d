/* register_test.c -- a nation finds the biases of its radars from satellites that pass, says
 * so, notices a jump, keeps them over a restart, and does not track what it knows.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/tap.h"
#include "exchange/journal.h"
#include "programs/known_file.h"
#include "programs/lone.h"
#include "programs/nation.h"
#include "programs/player.h"
#include "programs/share.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char SCRIPT[] = "launch 2017-08-29 at 4000\n"
                             "bias JP-FPS5-SAD range 40 azimuth -0.06 elevation 0.05\n"
                             "bias JP-FPS5-SAD range 0 azimuth 0 elevation 0.4 from 500\n"
                             "satellite S-1 over 38 137 at 60 height 700 course 20\n"
                             "satellite S-2 over 39 136 at 260 height 800 course 170\n"
                             "satellite S-3 over 38 139 at 650 height 750 course 340\n"
                             "satellite S-4 over 37 138 at 800 height 700 course 30\n";

static struct wlk_lone lone;
static struct wlk_scenario *scenario;
static struct wlk_script script;
static struct wlk_journal *journal;
static wlk_utc origin;
static unsigned biases, doubts, jumps, others;

static struct wlk_moment at(double s)
{
    return (struct wlk_moment){wlk_utc_add(origin, s), {(int64_t)(1e9 * (1000 + s))}};
}

static struct wlk_nation *opened(double s, const struct wlk_references *known)
{
    struct wlk_nation *nation = NULL;
    struct wlk_fault fault = {0};
    char areas[1024];
    if (wlk_share_path("areas", areas, sizeof areas) != WLK_OK)
        return NULL;
    struct wlk_nation_options options = {.name = wlk_name_of("JP"),
                                         .nature = WLK_NATURE_EXERCISE,
                                         .exercise = "REGISTER",
                                         .sites = &scenario->sites,
                                         .known_view = known,
                                         .areas_folder = areas,
                                         .journal = journal,
                                         .key = wlk_lone_key(&lone, "JP", WLK_NATURE_EXERCISE),
                                         .roots = &lone.pact->roots,
                                         .salts = wlk_lone_salts(&lone.salts),
                                         .now = at(s)};
    wlk_check(wlk_nation_open(&options, &nation, &fault) == WLK_OK, "the nation opens: %s",
              fault.rule ? fault.rule : "");
    return nation;
}

static void note(struct wlk_nation *nation)
{
    static struct wlk_entry entry;
    while (wlk_nation_entry(nation, &entry)) {
        bool is_alarm = entry.kind == WLK_ENTRY_ALARM;
        bool is_jump = is_alarm && strstr(entry.names, "bias of JP-FPS5-SAD has jumped");
        bool is_doubt = is_alarm && strstr(entry.names, "JP-FPS5-SAD reads S-");
        biases += entry.kind == WLK_ENTRY_BIAS && strstr(entry.names, "JP-FPS5-SAD");
        jumps += is_jump;
        doubts += is_doubt;
        others += is_alarm && !is_jump && !is_doubt;
        if (is_alarm)
            wlk_note("%s", entry.names);
    }
}

/* Hands the nation what its radars see until then. */
static void run(struct wlk_nation *nation, struct wlk_player *player, double from_s,
                double to_s)
{
    struct wlk_played played;
    for (double s = from_s; s < to_s; s++) {
        while (wlk_player_next(player, at(s).utc, &played))
            if (wlk_name_equal(played.nation, wlk_name_of("JP")))
                wlk_nation_datagram(nation, played.bytes, played.size, at(s));
        wlk_nation_tick(nation, at(s));
        (void)wlk_nation_work(nation, at(s));
        note(nation);
    }
}

static bool bias_of_sado(const struct wlk_nation *nation, double s, double value[3],
                         double sigma[3])
{
    const struct wlk_registration *registration;
    wlk_name radar;
    for (size_t i = 0; wlk_nation_registration(nation, i, &radar, &registration); i++)
        if (wlk_name_equal(radar, wlk_name_of("JP-FPS5-SAD"))) {
            wlk_registration_at(registration, at(s).utc, value, sigma);
            return true;
        }
    return false;
}

static void check_flow(struct wlk_player *player)
{
    double value[3], sigma[3], kept[3];
    struct wlk_nation *nation = opened(0, scenario->known);
    if (!nation)
        return;
    run(nation, player, 0, 480);
    wlk_check(bias_of_sado(nation, 480, value, sigma) && biases == 1 && doubts + jumps == 0,
              "the operator is told once what a radar reads too much");
    wlk_check(fabs(value[0] - 40) < 60 && fabs(value[1] / WLK_DEG + 0.06) < 0.02 &&
                  fabs(value[2] / WLK_DEG - 0.05) < 0.02 && sigma[2] < 0.006 * WLK_DEG,
              "and it is right: %+.0f m, %+.4f, %+.4f +- %.4f deg", value[0],
              value[1] / WLK_DEG, value[2] / WLK_DEG, sigma[2] / WLK_DEG);
    struct wlk_nation_counts counts = wlk_nation_count(nation);
    wlk_check(counts.plots_known > 300 && wlk_nation_picture(nation)->count == 0,
              "%llu plots of known objects are in no picture",
              (unsigned long long)counts.plots_known);
    run(nation, player, 480, 1000);
    wlk_check(doubts == 1 && jumps == 1 && others == 0,
              "a jump is doubted at first and told when another satellite has seen it");
    wlk_check(bias_of_sado(nation, 1000, value, sigma) &&
                  fabs(value[2] / WLK_DEG - 0.45) < 0.02,
              "the new bias is known: %+.4f deg", value[2] / WLK_DEG);
    memcpy(kept, value, sizeof kept);
    wlk_nation_close(nation);
    nation = opened(1000, scenario->known);
    wlk_check(nation && bias_of_sado(nation, 1000, value, sigma) &&
                  memcmp(kept, value, sizeof kept) == 0,
              "after a restart it is still known");
    if (nation)
        run(nation, player, 1000, 2000);
    wlk_check(others == 1, "a file that has ended is told, once");
    wlk_nation_close(nation);
    nation = opened(2000, NULL);
    wlk_check(nation && !bias_of_sado(nation, 2000, value, sigma),
              "without a file no radar is registered");
    wlk_nation_close(nation);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    if (file) {
        fputs(text, file);
        fclose(file);
    }
}

/* A file that changes while a node runs. */
static void check_file(void)
{
    static struct wlk_known_file file;
    struct wlk_fault fault = {0};
    char path[] = "/tmp/wlk-known-XXXXXX";
    int descriptor = mkstemp(path);
    if (descriptor < 0)
        return;
    close(descriptor);
    write_file(path,
               "satellite A within 20\nat 2026-12-01T00:00:00Z 7178137 0 0 0 5000 5000\n");
    wlk_check(wlk_known_file_open(path, &file, &fault) == WLK_OK &&
                  wlk_known_file_references(&file)->count == 1,
              "a node reads its file of known objects");
    wlk_check(!wlk_known_file_look(&file, (wlk_mono){1}), "not again while it is the same");
    write_file(path,
               "satellite A within 20\nat 2026-12-01T00:00:00Z 7178137 0 0 0 5000 5000\n"
               "satellite B within 20\nat 2026-12-01T00:00:00Z 7178137 0 0 0 5000 5000\n");
    wlk_check(!wlk_known_file_look(&file, (wlk_mono){2}), "nor within ten seconds");
    wlk_check(wlk_known_file_look(&file, (wlk_mono){20000000000}) &&
                  wlk_known_file_references(&file)->count == 2,
              "then it is read anew");
    write_file(path, "satellite A within\n");
    wlk_check(!wlk_known_file_look(&file, (wlk_mono){40000000000}) &&
                  wlk_known_file_references(&file)->count == 2,
              "one that is broken changes nothing");
    unlink(path);
    static struct wlk_known_file none;
    wlk_check(wlk_known_file_open("", &none, &fault) == WLK_OK &&
                  !wlk_known_file_references(&none) &&
                  !wlk_known_file_look(&none, (wlk_mono){20000000000}),
              "a node without one has none");
}

int main(void)
{
    static struct wlk_history history;
    struct wlk_player *player = NULL;
    struct wlk_fault fault = {0};
    char path[1024];
    check_file();
    wlk_status status = wlk_share_path("rehearsal/history.txt", path, sizeof path);
    if (status == WLK_OK)
        status = wlk_history_read(path, &history, &fault);
    if (status == WLK_OK)
        status = wlk_script_parse("test", SCRIPT, &script, &fault);
    if (status == WLK_OK)
        status = wlk_scenario_script(&history, &script, &scenario, &fault);
    if (status == WLK_OK) {
        origin = wlk_utc_add(scenario->row[0]->time, -scenario->launch_s[0]);
        status = wlk_scenario_pass(scenario, &script, origin, 1, &fault);
    }
    if (status == WLK_OK)
        status = wlk_player_open(scenario, 1, origin, &player);
    if (status == WLK_OK)
        status = wlk_lone_keys_open(&lone, &fault);
    if (status == WLK_OK)
        status = wlk_journal_open(":memory:", wlk_name_of("JP"), &journal, &fault);
    if (wlk_check(status == WLK_OK, "what the test is made of is there: %s",
                  fault.rule ? fault.rule : ""))
        check_flow(player);
    wlk_journal_close(journal);
    wlk_player_close(player);
    wlk_scenario_close(scenario);
    wlk_lone_keys_close(&lone);
    return wlk_tap_done();
}
