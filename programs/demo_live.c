/* demo_live.c -- the launch played into a real hub and real nodes.
 *
 * This process is the radars: it sends the datagrams when they are due, reads what the nodes
 * say, and prints it. A child computes the other two columns on the virtual clock meanwhile.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/demo.h"

#include "base/assert.h"
#include "programs/columns.h"
#include "programs/ensemble.h"
#include "programs/nation.h"
#include "programs/reckoning.h"
#include "programs/terminal.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const double LEAD_S = 2;    /* wall time between "ready" and the launch */
static const double QUIET_S = 10;  /* wall time without a line, then a sign of life */
enum { NATIONS = WLK_SETTING_NATIONS };

struct live {
    const struct wlk_demo_order *order;
    struct wlk_ensemble ensemble;
    wlk_utc launch;                   /* scenario time of the launch */
    struct wlk_measure_truth truth;
    struct wlk_player *player;
    struct wlk_terminal_memory memory[NATIONS];
    struct wlk_summary *summary;
    pid_t columns;                    /* the child that computes, 0: none */
    int columns_output;
    wlk_mono spoken;
};

/* ---- the other two columns ------------------------------------------------------------ */

static wlk_status start_columns(struct live *live)
{
    int ends[2];
    if (pipe(ends) != 0)
        return WLK_IO;
    fflush(NULL);
    live->columns = fork();
    if (live->columns == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setpgid(0, 0);
        signal(SIGINT, SIG_DFL);
        signal(SIGTERM, SIG_DFL);
        if (nice(10) == -1)
            errno = 0; /* not nicer, then */
        struct wlk_columns_order order = {.scenario = live->order->scenario,
                                          .seeds = 1,
                                          .has_column = {true, true, false},
                                          .is_signed = true};
        struct wlk_fault fault = {0};
        wlk_status status = wlk_columns_run(&order, live->summary, &fault);
        FILE *out = fdopen(ends[1], "wb");
        bool written = status == WLK_OK && out &&
                       fwrite(live->summary, sizeof *live->summary, 1, out) == 1 &&
                       fclose(out) == 0;
        _exit(!written);
    }
    close(ends[1]);
    live->columns_output = ends[0];
    return live->columns < 0 ? WLK_IO : WLK_OK;
}

/* Waits for the child's result and puts the two columns into the summary. */
static wlk_status take_columns(struct live *live, struct wlk_fault *fault)
{
    struct wlk_summary *there = calloc(1, sizeof *there);
    FILE *in = fdopen(live->columns_output, "rb");
    bool taken = there && in && fread(there, sizeof *there, 1, in) == 1;
    if (in)
        fclose(in);
    int code = 1;
    if (waitpid(live->columns, &code, 0) < 0 || code != 0)
        taken = false;
    live->columns = 0;
    for (size_t n = 0; taken && n < NATIONS; n++)
        for (int c = 0; c < WLK_COLUMN_AFTER; c++)
            live->summary->measures[n][c] = there->measures[n][c];
    free(there);
    if (taken)
        return WLK_OK;
    wlk_fault_set(fault, "the other columns could not be computed", "exit code %d", code);
    return WLK_IO;
}

/* ---- playing -------------------------------------------------------------------------- */

static void take_line(struct live *live, size_t nation, const char *line)
{
    struct wlk_entry entry;
    if (wlk_entry_parse(line, &entry) != WLK_OK)
        return;
    if (entry.kind == WLK_ENTRY_ALARM &&
        strncmp(entry.names, WLK_DOUBLED_WORDS, sizeof WLK_DOUBLED_WORDS - 1) == 0)
        live->summary->exchanged.doubled++;
    wlk_measures_take(&live->summary->measures[nation][WLK_COLUMN_AFTER], &live->truth, &entry);
    if (live->launch.ns)
        wlk_terminal_entry(&entry, live->launch, live->order->is_coloured,
                           &live->memory[nation], stdout);
    live->spoken = wlk_clock_mono();
}

static void read_lines(struct live *live)
{
    size_t nation;
    const char *line;
    while (wlk_ensemble_line(&live->ensemble, &nation, &line))
        take_line(live, nation, line);
}

static void sign_of_life(struct live *live, wlk_utc now)
{
    double quiet_s = (double)(wlk_clock_mono().ns - live->spoken.ns) * 1e-9;
    if (quiet_s < QUIET_S)
        return;
    fprintf(stdout, "T%+8.1f s  ... in flight, %.0f s to go\n",
            wlk_utc_seconds(now, live->launch),
            live->order->scenario->length_s - wlk_utc_seconds(now, live->launch));
    fflush(stdout);
    live->spoken = wlk_clock_mono();
}

static wlk_status play(struct live *live, struct wlk_fault *fault)
{
    wlk_utc end = wlk_utc_add(live->launch, live->order->scenario->length_s);
    live->spoken = wlk_clock_mono();
    while (!wlk_demo_is_interrupted()) {
        wlk_utc now = wlk_ensemble_now(&live->ensemble);
        if (now.ns > end.ns)
            break;
        wlk_ensemble_play(&live->ensemble, live->player, now);
        read_lines(live);
        sign_of_life(live, now);
        WLK_TRY(wlk_ensemble_check(&live->ensemble, fault));
        wlk_ensemble_pause(&live->ensemble);
    }
    return WLK_OK;
}

static void say_start(const struct live *live)
{
    char words[768];
    const struct wlk_history_row *row = live->order->scenario->row[0];
    snprintf(words, sizeof words,
             "%s, %s from %s: %.0f km, apogee %.0f km, %.0f s. Played %.0f times faster than "
             "life; hub and 3 nodes are processes, links are TLS 1.3, all is EXERCISE.",
             live->order->scenario->launch, row->missile, row->place_name,
             live->summary->truth_range_km, live->summary->truth_apogee_km,
             live->summary->truth_flight_time_s, live->order->speed);
    wlk_terminal_word(words, live->order->is_coloured, stdout);
    for (size_t i = 0; i < NATIONS; i++) {
        snprintf(words, sizeof words, "Display of %s: http://127.0.0.1:%s/",
                 live->ensemble.setting.nation[i].text,
                 live->ensemble.setting.display_port[i]);
        wlk_terminal_word(words, false, stdout);
    }
}

static wlk_status launch(struct live *live, struct wlk_fault *fault)
{
    live->launch =
        wlk_utc_add(wlk_ensemble_now(&live->ensemble), LEAD_S * live->order->speed);
    live->truth = wlk_columns_truth(live->order->scenario, live->launch);
    WLK_TRY(wlk_player_open(live->order->scenario, 1, live->launch, &live->player));
    say_start(live);
    return play(live, fault);
}

/* Hub and nodes go on, without plots, for whoever looks at the displays. */
static wlk_status keep(struct live *live, struct wlk_fault *fault)
{
    if (!live->order->keeps_display)
        return WLK_OK;
    wlk_terminal_word("The displays stay up; Ctrl-C ends them and prints the tables.",
                      live->order->is_coloured, stdout);
    while (!wlk_demo_is_interrupted()) {
        read_lines(live);
        WLK_TRY(wlk_ensemble_check(&live->ensemble, fault));
        wlk_ensemble_pause(&live->ensemble);
    }
    return WLK_OK;
}

/* After the last line: what the journals hold, what the other columns gave. */
static wlk_status finish(struct live *live, struct wlk_fault *fault)
{
    for (size_t i = 0; i < NATIONS; i++)
        wlk_measures_end(&live->summary->measures[i][WLK_COLUMN_AFTER], &live->truth);
    WLK_TRY(wlk_reckoning_files(&live->ensemble.setting, &live->summary->exchanged, fault));
    WLK_TRY(take_columns(live, fault));
    live->summary->seeds = 1;
    wlk_summary_print(live->summary, live->order->is_coloured, stdout);
    if (!live->order->folder)
        return WLK_OK;
    char path[WLK_PATH_SIZE + 16];
    snprintf(path, sizeof path, "%s/summary.json", live->order->folder);
    return wlk_summary_write(live->summary, path, fault);
}

static wlk_status run(struct live *live, const char *folder, struct wlk_fault *fault)
{
    wlk_columns_facts(live->order->scenario, live->summary);
    struct wlk_ensemble_order order = {.folder = folder,
                                       .rate = live->order->speed,
                                       .is_shielded = live->order->scenario->is_shielded};
    wlk_status status = start_columns(live);
    if (status == WLK_OK)
        status = wlk_ensemble_start(&live->ensemble, &order, fault);
    if (status == WLK_OK && !wlk_demo_is_interrupted())
        status = launch(live, fault);
    bool is_complete = status == WLK_OK && !wlk_demo_is_interrupted();
    if (is_complete)
        status = keep(live, fault);
    wlk_ensemble_stop(&live->ensemble);
    read_lines(live);
    if (status == WLK_OK && is_complete)
        status = finish(live, fault);
    wlk_ensemble_clear(&live->ensemble);
    if (live->columns > 0) {
        kill(live->columns, SIGKILL);
        waitpid(live->columns, NULL, 0);
    }
    wlk_player_close(live->player);
    if (wlk_demo_is_interrupted() && !is_complete)
        wlk_terminal_word("interrupted: hub and nodes have stopped", false, stderr);
    return status;
}

wlk_status wlk_demo_live(const struct wlk_demo_order *order, struct wlk_fault *fault)
{
    char folder[WLK_PATH_SIZE];
    struct live *live = calloc(1, sizeof *live);
    struct wlk_summary *summary = calloc(1, sizeof *summary);
    wlk_status status = live && summary ? WLK_OK : WLK_IO;
    if (status == WLK_OK)
        status = wlk_setting_folder(order->folder, folder, fault);
    if (status == WLK_OK) {
        live->order = order;
        live->summary = summary;
        status = run(live, folder, fault);
        if (!order->folder)
            wlk_setting_remove(folder);
    }
    free(summary);
    free(live);
    return status;
}
