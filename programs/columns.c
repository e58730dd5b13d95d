/* columns.c -- one scenario, three columns, many seeds.
 *
 * Seeds are shared out over child processes, one for each core; a child hands its results
 * back through a pipe. SPDX-License-Identifier: Apache-2.0 */
#include "programs/columns.h"

#include "base/assert.h"
#include "programs/coalition.h"
#include "programs/land.h"
#include "programs/share.h"
#include "warning/cap.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const double EARLY_S = 60;
enum { NATIONS = 3, WORKERS_MAX = 8 };
static const char *const NATION_NAMES[NATIONS] = {"JP", "KR", "US"};

/* Results of one seed: [nation][column]. */
struct one_seed {
    struct wlk_measures measures[NATIONS][WLK_COLUMN_COUNT];
    struct wlk_exchanged exchanged;
};

struct batch {
    const struct wlk_columns_order *order;
    struct wlk_pact *pact;
    char areas[1024];
    struct wlk_land land;
};

void wlk_columns_facts(const struct wlk_scenario *scenario, struct wlk_summary *out)
{
    const struct wlk_history_row *row = scenario->row[0];
    const struct wlk_flight *flight = scenario->flight[0];
    snprintf(out->launch, sizeof out->launch, "%s", scenario->launch);
    out->published_range_km = (struct wlk_maybe){row->has_range, row->range_m / 1e3};
    out->published_apogee_km = (struct wlk_maybe){row->has_apogee, row->apogee_m / 1e3};
    if (row->warning_count) {
        out->published_warning_s = (struct wlk_maybe){true, row->warning[0].after_s};
        snprintf(out->published_warning_by, sizeof out->published_warning_by, "%s, %.40s",
                 row->warning[0].nation.text, row->warning[0].text);
    }
    out->truth_range_km = flight->range_m / 1e3;
    out->truth_apogee_km = flight->apogee_m / 1e3;
    out->truth_flight_time_s = flight->flight_time_s;
    out->truth_burnout_s = flight->burnout_s;
    out->truth_impact_latitude_deg = flight->impact.latitude_rad / WLK_DEG;
    out->truth_impact_longitude_deg = flight->impact.longitude_rad / WLK_DEG;
    out->nation_count = NATIONS;
    for (size_t i = 0; i < NATIONS; i++)
        out->nation[i] = wlk_name_of(NATION_NAMES[i]);
}

struct wlk_measure_truth wlk_columns_truth(const struct wlk_scenario *scenario, wlk_utc origin)
{
    return (struct wlk_measure_truth){
        .launch = wlk_utc_add(origin, scenario->launch_s[0]),
        .burnout_s = scenario->flight[0]->burnout_s,
        .flight_time_s = scenario->flight[0]->flight_time_s,
        .impact = scenario->flight[0]->impact};
}

wlk_status wlk_columns_write_cap(const char *folder, const struct wlk_warning *warning,
                                 const struct wlk_areas *areas, struct wlk_fault *fault)
{
    static char text[WLK_CAP_SIZE_MAX];
    char name[64], path[1200];
    size_t size;
    WLK_TRY(wlk_cap_write(warning, areas, text, sizeof text, &size));
    wlk_cap_file_name(warning, name);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(text, 1, size, file) == size;
    if (file && fclose(file) != 0)
        written = false;
    if (written)
        return WLK_OK;
    wlk_fault_set(fault, "CAP file cannot be written", "%s", strerror(errno));
    return WLK_IO;
}

/* Pulls what the nations have to say. */
static wlk_status take_entries(struct wlk_coalition *coalition,
                               const struct wlk_measure_truth *truth, const char *cap_folder,
                               struct wlk_measures *measures[NATIONS], struct wlk_fault *fault)
{
    static struct wlk_entry entry;
    static struct wlk_warning warning;
    for (size_t i = 0; i < wlk_coalition_count(coalition); i++) {
        struct wlk_nation *nation = wlk_coalition_nation(coalition, i);
        while (wlk_nation_entry(nation, &entry))
            wlk_measures_take(measures[i], truth, &entry);
        while (wlk_nation_warning(nation, &warning))
            if (cap_folder)
                WLK_TRY(wlk_columns_write_cap(cap_folder, &warning, wlk_nation_areas(nation),
                                              fault));
    }
    return WLK_OK;
}

static wlk_status run_column(const struct batch *batch, uint64_t seed, enum wlk_column column,
                             struct one_seed *out, struct wlk_fault *fault)
{
    const struct wlk_columns_order *order = batch->order;
    struct wlk_coalition_setup setup = {.scenario_view = order->scenario,
                                        .pact_view = batch->pact,
                                        .column = column,
                                        .seed = seed,
                                        .is_keyed_hash = seed > 1 || !order->is_signed,
                                        .origin = order->scenario->row[0]->time,
                                        .areas_folder = batch->areas,
                                        .land_view = &batch->land};
    struct wlk_measure_truth truth = wlk_columns_truth(order->scenario, setup.origin);
    bool writes_cap = seed == 1 && column == WLK_COLUMN_AFTER;
    struct wlk_measures *measures[NATIONS];
    struct wlk_coalition *coalition;
    WLK_TRY(wlk_coalition_open(&setup, &coalition, fault));
    wlk_status status = WLK_OK;
    for (size_t i = 0; i < NATIONS; i++)
        measures[i] = &out->measures[i][column];
    wlk_utc enough = wlk_utc_add(truth.launch, wlk_measure_moment_s(&truth) + EARLY_S);
    while (status == WLK_OK && wlk_coalition_step(coalition) &&
           !(order->ends_early && wlk_coalition_now(coalition).ns > enough.ns))
        status = take_entries(coalition, &truth, writes_cap ? order->cap_folder : NULL,
                              measures, fault);
    for (size_t i = 0; i < NATIONS; i++)
        wlk_measures_end(measures[i], &truth);
    if (column == WLK_COLUMN_AFTER && !order->is_uncounted)
        wlk_coalition_exchanged(coalition, &out->exchanged);
    wlk_coalition_close(coalition);
    return status;
}

static wlk_status run_seed(const struct batch *batch, uint64_t seed, struct one_seed *out,
                           struct wlk_fault *fault)
{
    memset(out, 0, sizeof *out);
    WLK_TRY(wlk_scenario_draw(batch->order->scenario, seed));
    for (int column = 0; column < WLK_COLUMN_COUNT; column++)
        if (batch->order->has_column[column])
            WLK_TRY(run_column(batch, seed, (enum wlk_column)column, out, fault));
    return WLK_OK;
}

static bool write_all(int descriptor, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size) {
        ssize_t wrote = write(descriptor, at, size);
        if (wrote <= 0)
            return false;
        at += wrote;
        size -= (size_t)wrote;
    }
    return true;
}

static bool read_all(int descriptor, void *bytes, size_t size)
{
    char *at = bytes;
    while (size) {
        ssize_t got = read(descriptor, at, size);
        if (got <= 0)
            return false;
        at += got;
        size -= (size_t)got;
    }
    return true;
}

/* A child: every step-th seed from first on. A failed one is told on stderr, exit code 1. */
static _Noreturn void work(const struct batch *batch, uint64_t first, uint64_t step,
                           int descriptor)
{
    struct one_seed *result = malloc(sizeof *result);
    struct wlk_fault fault = {0};
    wlk_status status = result ? WLK_OK : WLK_IO;
    for (uint64_t seed = first; status == WLK_OK && seed <= batch->order->seeds; seed += step) {
        status = run_seed(batch, seed, result, &fault);
        if (status == WLK_OK && !write_all(descriptor, result, sizeof *result))
            status = WLK_IO;
    }
    if (status != WLK_OK) {
        char line[256];
        wlk_fault_line(&fault, line, sizeof line);
        fprintf(stderr, "warnlink demo: %s (%s)\n", wlk_status_words(status), line);
    }
    _exit(status != WLK_OK);
}

/* Collects what the children send; seed s comes from child (s - 1) mod count. */
static wlk_status collect(const struct wlk_columns_order *order, const int pipes[],
                          size_t count, struct one_seed *results)
{
    for (uint64_t seed = 1; seed <= order->seeds; seed++) {
        if (!read_all(pipes[(seed - 1) % count], &results[seed - 1], sizeof *results))
            return WLK_IO;
        if (order->shows_progress)
            fprintf(stderr, "\r  virtual clock: seed %llu of %llu\033[K",
                    (unsigned long long)seed, (unsigned long long)order->seeds);
    }
    if (order->shows_progress)
        fprintf(stderr, "\r\033[K");
    return WLK_OK;
}

static wlk_status run_parallel(const struct batch *batch, struct one_seed *results)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t count = cores < 1 ? 1 : cores > WORKERS_MAX ? WORKERS_MAX : (size_t)cores;
    int pipes[WORKERS_MAX];
    pid_t child[WORKERS_MAX];
    size_t started = 0;
    wlk_status status = WLK_OK;
    fflush(NULL);
    for (; started < count && status == WLK_OK; started++) {
        int ends[2];
        if (pipe(ends) != 0)
            return WLK_IO;
        child[started] = fork();
        if (child[started] == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL); /* nothing outlives the demo */
            close(ends[0]);
            work(batch, started + 1, count, ends[1]);
        }
        close(ends[1]);
        pipes[started] = ends[0];
        if (child[started] < 0)
            status = WLK_IO;
    }
    if (status == WLK_OK)
        status = collect(batch->order, pipes, count, results);
    for (size_t i = 0; i < started; i++) {
        int code = 0;
        close(pipes[i]);
        if (status != WLK_OK && child[i] > 0)
            kill(child[i], SIGKILL); /* interrupted: it may wait for a reader that is gone */
        if (child[i] > 0 && (waitpid(child[i], &code, 0) < 0 || code != 0))
            status = WLK_IO;
    }
    return status;
}

static void summarise(const struct wlk_columns_order *order, const struct one_seed *results,
                      struct wlk_measures *each, struct wlk_summary *out)
{
    for (size_t n = 0; n < NATIONS; n++)
        for (int c = 0; c < WLK_COLUMN_COUNT; c++) {
            if (!order->has_column[c])
                continue;
            for (uint64_t s = 0; s < order->seeds; s++)
                each[s] = results[s].measures[n][c];
            wlk_measures_median(each, (size_t)order->seeds, &out->measures[n][c]);
        }
    for (uint64_t s = 0; order->has_column[WLK_COLUMN_AFTER] && s < order->seeds; s++) {
        const struct wlk_exchanged *one = &results[s].exchanged;
        out->exchanged.records += one->records;
        out->exchanged.passed += one->passed;
        out->exchanged.trimmed += one->trimmed;
        out->exchanged.refused += one->refused;
        out->exchanged.lost += one->lost;
        out->exchanged.doubled += one->doubled;
    }
    out->seeds = order->seeds;
}

static wlk_status prepare(struct batch *batch, struct wlk_fault *fault)
{
    WLK_TRY(wlk_share_path("areas", batch->areas, sizeof batch->areas));
    WLK_TRY(wlk_land_open(batch->areas, &batch->land, fault));
    const struct wlk_scenario *scenario = batch->order->scenario;
    return wlk_coalition_pact_for(scenario, scenario->row[0]->time, batch->pact, fault);
}

wlk_status wlk_columns_run(const struct wlk_columns_order *order, struct wlk_summary *out,
                           struct wlk_fault *fault)
{
    WLK_ASSERT(order->seeds >= 1 && order->seeds <= WLK_SEEDS_MAX);
    struct batch batch = {.order = order, .pact = calloc(1, sizeof(struct wlk_pact))};
    struct one_seed *results = calloc((size_t)order->seeds, sizeof *results);
    struct wlk_measures *each = calloc((size_t)order->seeds, sizeof *each);
    wlk_status status = batch.pact && results && each ? prepare(&batch, fault) : WLK_IO;
    if (status == WLK_OK)
        status = order->seeds == 1 ? run_seed(&batch, 1, results, fault)
                                   : run_parallel(&batch, results);
    if (status == WLK_OK)
        summarise(order, results, each, out);
    if (batch.pact)
        wlk_pact_clear(batch.pact);
    wlk_land_close(&batch.land);
    free(batch.pact);
    free(results);
    free(each);
    return status;
}
