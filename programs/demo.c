/* demo.c -- warnlink demo: options, the virtual clock, and which way to go.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/demo.h"

#include "base/assert.h"
#include "programs/benefit.h"
#include "programs/columns.h"
#include "programs/mains.h"
#include "programs/options.h"
#include "programs/share.h"
#include "record/seal.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;

enum option_index {
    SPEED, LIST, FAST, OUT, SEEDS, SITES, INFRARED,
    SHIELDED, MEASURE, BENEFIT, DISPLAY,
    OPTION_COUNT
};

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

void wlk_demo_catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool wlk_demo_is_interrupted(void)
{
    return interrupted != 0;
}

static wlk_status make_folder(const char *path, struct wlk_fault *fault)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return WLK_OK;
    wlk_fault_where(fault, path);
    wlk_fault_set(fault, "folder cannot be made", "%s", strerror(errno));
    return WLK_IO;
}

static wlk_status read_history(struct wlk_history **out, struct wlk_fault *fault)
{
    char path[1024];
    struct wlk_history *history = malloc(sizeof *history);
    wlk_status status = history ? WLK_OK : WLK_IO;
    if (status == WLK_OK)
        status = wlk_share_path("rehearsal/history.txt", path, sizeof path);
    if (status == WLK_OK)
        status = wlk_history_read(path, history, fault);
    if (status != WLK_OK) {
        free(history);
        return status;
    }
    *out = history;
    return WLK_OK;
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

static wlk_status run_fast(struct wlk_scenario *scenario,
                           const struct wlk_option *option, struct wlk_fault *fault)
{
    char path[1024], cap[1024];
    const char *folder = option[OUT].text;
    struct wlk_columns_order order = {.scenario = scenario,
                                      .seeds = (uint64_t)option[SEEDS].integer,
                                      .has_column = {true, true, true},
                                      .is_signed = true,
                                      .shows_progress = isatty(STDERR_FILENO) == 1};
    if (folder) {
        snprintf(cap, sizeof cap, "%s/cap", folder);
        WLK_TRY(make_folder(folder, fault));
        WLK_TRY(make_folder(cap, fault));
        order.cap_folder = cap;
    }
    struct wlk_summary *summary = calloc(1, sizeof *summary);
    if (!summary)
        return WLK_IO;
    wlk_columns_facts(scenario, summary);
    wlk_status status = wlk_columns_run(&order, summary, fault);
    if (status == WLK_OK && folder) {
        snprintf(path, sizeof path, "%s/summary.json", folder);
        status = wlk_summary_write(summary, path, fault);
    }
    if (status == WLK_OK)
        wlk_summary_print(summary, isatty(STDOUT_FILENO) == 1, stdout);
    free(summary);
    return status;
}

static wlk_status run(const struct wlk_options *options, const struct wlk_history *history,
                      struct wlk_fault *fault)
{
    enum { MEASURE_OBJECTS = 30 };
    const struct wlk_option *option = options->option;
    const char *launch = options->operand_count ? options->operand[0] : "2017-08-29";
    struct wlk_scenario *scenario;
    WLK_TRY(wlk_seal_init());
    WLK_TRY(wlk_scenario_open(history, launch, option[SITES].text, &scenario, fault));
    scenario->is_infrared = option[INFRARED].is_given;
    scenario->is_shielded = option[SHIELDED].is_given;
    struct wlk_demo_order order = {.scenario = scenario,
                                   .speed = option[SPEED].number,
                                   .folder = option[OUT].text,
                                   .keeps_display = option[DISPLAY].is_given,
                                   .is_coloured = isatty(STDOUT_FILENO) == 1};
    wlk_status status = WLK_OK;
    if (order.folder)
        status = make_folder(order.folder, fault);
    wlk_demo_catch_signals();
    if (status == WLK_OK)
        status = wlk_scenario_draw(scenario, 1);
    if (status == WLK_OK && option[FAST].is_given)
        status = run_fast(scenario, option, fault);
    else if (status == WLK_OK && option[MEASURE].is_given) {
        status = wlk_scenario_multiply(scenario, MEASURE_OBJECTS, 4.0);
        if (status == WLK_OK)
            status = wlk_demo_measure(&order, fault);
    } else if (status == WLK_OK) {
        status = wlk_demo_live(&order, fault);
    }
    wlk_scenario_close(scenario);
    return status;
}

static wlk_status benefit(const struct wlk_history *history, const struct wlk_options *options,
                          struct wlk_fault *fault)
{
    const struct wlk_option *option = options->option;
    WLK_TRY(wlk_seal_init());
    wlk_demo_catch_signals();
    struct wlk_benefit_order order = {
        .path = option[BENEFIT].text,
        .seeds = (uint64_t)option[SEEDS].integer,
        .is_one_table = option[SITES].is_given || option[INFRARED].is_given,
        .set = option[SITES].text,
        .is_infrared = option[INFRARED].is_given,
        .launch = options->operand_count ? options->operand[0] : NULL};
    return wlk_benefit(history, &order, fault);
}

int wlk_demo_main(int argc, char *argv[])
{
    struct wlk_option option[OPTION_COUNT] = {
        [SPEED] = {"speed", WLK_OPTION_NUMBER, "X", "times faster than life (10)", .low = 0.1,
                   .high = 100, .number = 10},
        [LIST] = {"list", WLK_OPTION_SWITCH, .meaning = "show the documented launches"},
        [FAST] = {"fast", WLK_OPTION_SWITCH, .meaning = "all columns on the virtual clock"},
        [OUT] = {"out", WLK_OPTION_TEXT, "DIR", "write summary.json and CAP files there"},
        [SEEDS] = {"seeds", WLK_OPTION_INTEGER, "N", "with --fast: runs (1)", .low = 1,
                   .high = WLK_SEEDS_MAX, .integer = 1},
        [SITES] = {"sites", WLK_OPTION_TEXT, "SET", "radars: a set of sites.txt (default)",
                   .text = "default"},
        [INFRARED] = {"infrared", WLK_OPTION_SWITCH,
                      .meaning = "US infrared satellites tell of the launch"},
        [SHIELDED] = {"shielded", WLK_OPTION_SWITCH,
                      .meaning = "KR and JP release shielded (docs/leak.md)"},
        [MEASURE] = {"measure", WLK_OPTION_SWITCH,
                     .meaning = "measure plot to partner over the real processes"},
        [DISPLAY] = {"display", WLK_OPTION_SWITCH,
                     .meaning = "keep the nations' displays up until Ctrl-C"},
        [BENEFIT] = {"benefit", WLK_OPTION_TEXT, "FILE",
                     "write the tables of all launches (long) or of one; with --seeds, "
                     "and --sites or --infrared for one table"}};
    struct wlk_options options = {.program = "warnlink demo",
                                  .purpose = "play a documented launch: what sharing changes",
                                  .operands = "[LAUNCH]",
                                  .operand_count_max = 1,
                                  .option = option,
                                  .option_count = OPTION_COUNT};
    struct wlk_fault fault = {0};
    struct wlk_history *history = NULL;
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    if (option[FAST].is_given && option[MEASURE].is_given)
        return wlk_options_refuse(&options, "--fast and --measure exclude each other");
    if (option[DISPLAY].is_given && (option[FAST].is_given || option[MEASURE].is_given))
        return wlk_options_refuse(&options, "--display goes with neither --fast nor --measure");
    if (option[SEEDS].is_given && !option[FAST].is_given && !option[BENEFIT].is_given)
        return wlk_options_refuse(&options, "--seeds needs --fast or --benefit");
    status = read_history(&history, &fault);
    if (status == WLK_OK && option[LIST].is_given)
        list(history);
    else if (status == WLK_OK && option[BENEFIT].is_given)
        status = benefit(history, &options, &fault);
    else if (status == WLK_OK)
        status = run(&options, history, &fault);
    free(history);
    if (interrupted)
        return 130; /* as a shell reports Ctrl-C */
    return status == WLK_OK ? 0 : wlk_options_fault(&options, status, &fault);
}
