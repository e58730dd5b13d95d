/* rehearse.c -- warnlink rehearse: lists the documented launches, plays one into running nodes
 * as their radars would, or plays a scenario file on the virtual clock and judges it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/demo.h"
#include "programs/mains.h"
#include "programs/node_config.h"
#include "programs/options.h"
#include "programs/scenario_play.h"
#include "programs/share.h"
#include "programs/udp.h"

#include "base/assert.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum option_index { LIST, SCRIPT, NODE, SEED, SITES, INFRARED, OPTION_COUNT };
enum { PAUSE_NS = 1000000 };
static const double LEAD_S = 2; /* scenario time until the launch */

/* A node that hears us: its configuration says its nation, port and clock. */
struct heard_by {
    struct wlk_node_config config;
    int descriptor;
};

static wlk_status read_history(struct wlk_history *history, struct wlk_fault *fault)
{
    char path[1024];
    WLK_TRY(wlk_share_path("rehearsal/history.txt", path, sizeof path));
    return wlk_history_read(path, history, fault);
}

static void list(const struct wlk_history *history)
{
    char line[WLK_HISTORY_LINE_SIZE];
    wlk_history_heading(line);
    puts(line);
    for (size_t i = 0; i < history->count; i++) {
        wlk_history_line(&history->row[i], line);
        puts(line);
    }
}

static wlk_status open_nodes(const struct wlk_option *option, struct heard_by *nodes,
                             struct wlk_fault *fault)
{
    for (size_t i = 0; i < option->text_count; i++) {
        WLK_TRY(wlk_node_config_read(option->texts[i], &nodes[i].config, fault));
        if (nodes[i].config.nature == WLK_NATURE_REAL) {
            wlk_fault_where(fault, option->texts[i]);
            wlk_fault_set(fault, "a real node takes no rehearsal", "%s",
                          nodes[i].config.nation.text);
            return WLK_BAD_INPUT;
        }
        WLK_TRY(wlk_udp_dial(nodes[i].config.plots_host, nodes[i].config.plots_port,
                             &nodes[i].descriptor, fault));
    }
    return WLK_OK;
}

static void play(struct wlk_player *player, const struct heard_by *nodes, size_t count,
                 wlk_utc end)
{
    struct wlk_played played;
    uint64_t sent = 0, unsent = 0;
    while (!wlk_demo_is_interrupted()) {
        wlk_utc now = wlk_clock_scenario(&nodes[0].config.clock, wlk_clock_wall());
        if (now.ns > end.ns)
            break;
        while (wlk_player_next(player, now, &played))
            for (size_t i = 0; i < count; i++) {
                if (!wlk_name_equal(nodes[i].config.nation, played.nation))
                    continue;
                bool went = send(nodes[i].descriptor, played.bytes, played.size, 0) >= 0;
                sent += went;
                unsent += !went;
            }
        struct timespec pause = {0, PAUSE_NS};
        nanosleep(&pause, NULL);
    }
    printf("%llu plots sent, %llu could not be sent\n", (unsigned long long)sent,
           (unsigned long long)unsent);
}

static wlk_status run(const struct wlk_options *options, const struct wlk_history *history,
                      struct heard_by *nodes, struct wlk_fault *fault)
{
    const struct wlk_option *option = options->option;
    struct wlk_scenario *scenario;
    struct wlk_player *player;
    WLK_TRY(open_nodes(&option[NODE], nodes, fault));
    WLK_TRY(wlk_scenario_open(history, options->operand[0], option[SITES].text, &scenario,
                              fault));
    scenario->is_infrared = option[INFRARED].is_given;
    wlk_utc now = wlk_clock_scenario(&nodes[0].config.clock, wlk_clock_wall());
    wlk_utc launch = wlk_utc_add(now, LEAD_S);
    wlk_status status =
        wlk_player_open(scenario, (uint64_t)option[SEED].integer, launch, &player);
    if (status == WLK_OK) {
        wlk_demo_catch_signals();
        play(player, nodes, option[NODE].text_count,
             wlk_utc_add(launch, scenario->length_s));
        wlk_player_close(player);
    }
    wlk_scenario_close(scenario);
    return status;
}

/* Hub and nations in this process; *code is 1 if an expectation is not met. */
static wlk_status run_script(const struct wlk_option *option, const struct wlk_history *history,
                             int *code, struct wlk_fault *fault)
{
    static struct wlk_play_result result;
    struct wlk_play_order order = {.path = option[SCRIPT].text,
                                   .history = history,
                                   .has_seed = option[SEED].is_given,
                                   .seed = (uint64_t)option[SEED].integer,
                                   .out = stdout,
                                   .is_coloured = isatty(STDOUT_FILENO)};
    WLK_TRY(wlk_scenario_play(&order, &result, fault));
    wlk_scenario_print(&result, stdout);
    *code = result.met == result.script.expect_count ? 0 : 1;
    return WLK_OK;
}

/* What goes with what; NULL: all is well. */
static const char *misuse(const struct wlk_options *options)
{
    const struct wlk_option *option = options->option;
    bool plays = options->operand_count && option[NODE].is_given;
    int ways = option[LIST].is_given + option[SCRIPT].is_given + plays;
    if (ways != 1)
        return "--list, --script FILE, or a LAUNCH and --node FILE, is needed";
    if (option[SCRIPT].is_given && (options->operand_count || option[NODE].is_given ||
                                    option[SITES].is_given || option[INFRARED].is_given))
        return "--script FILE goes with --seed only: the file says the rest";
    return NULL;
}

int wlk_rehearse_main(int argc, char *argv[])
{
    struct wlk_option option[OPTION_COUNT] = {
        [LIST] = {"list", WLK_OPTION_SWITCH, .meaning = "show the documented launches"},
        [SCRIPT] = {"script", WLK_OPTION_TEXT, "FILE",
                    "play a scenario on the virtual clock and judge it"},
        [NODE] = {"node", WLK_OPTION_TEXTS, "FILE",
                  "node.conf of a running node that is to see it; repeat"},
        [SEED] = {"seed", WLK_OPTION_INTEGER, "N", "of the radars' noise (1, or the file's)",
                  .low = 1, .high = 1e9, .integer = 1},
        [SITES] = {"sites", WLK_OPTION_TEXT, "SET", "radars: a set of sites.txt (default)",
                   .text = "default"},
        [INFRARED] = {"infrared", WLK_OPTION_SWITCH,
                      .meaning = "US infrared satellites tell of the launch"}};
    struct wlk_options options = {.program = "warnlink rehearse",
                                  .purpose = "play a documented launch or a scenario",
                                  .operands = "[LAUNCH]",
                                  .operand_count_max = 1,
                                  .option = option,
                                  .option_count = OPTION_COUNT};
    static struct heard_by nodes[WLK_OPTION_TEXTS_MAX];
    struct wlk_fault fault = {0};
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    const char *wrong = misuse(&options);
    if (wrong)
        return wlk_options_refuse(&options, "%s", wrong);
    int code = 0;
    struct wlk_history *history = malloc(sizeof *history);
    status = history ? read_history(history, &fault) : WLK_IO;
    if (status == WLK_OK && option[LIST].is_given)
        list(history);
    else if (status == WLK_OK && option[SCRIPT].is_given)
        status = run_script(option, history, &code, &fault);
    else if (status == WLK_OK)
        status = run(&options, history, nodes, &fault);
    for (size_t i = 0; i < option[NODE].text_count; i++)
        if (nodes[i].descriptor > 0)
            close(nodes[i].descriptor);
    free(history);
    return status == WLK_OK ? code : wlk_options_fault(&options, status, &fault);
}
