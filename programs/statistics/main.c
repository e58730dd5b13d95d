/* main.c -- seeded flights of every class through every subset of radars; what the estimators
 * did with them, and whether that is what they say of themselves.
 *
 * Each flight is flown once, each look drawn once; each subset of nations takes its own. The
 * tracker is called directly. Processes share the flights and add their sums at the end.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/statistics/follow.h"
#include "programs/statistics/report.h"

#include "base/assert.h"
#include "programs/options.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FLIGHTS, FIRST, JOBS, CLASS, SITES, WRITE, TOLD, VERBOSE, SUMS, OPTION_COUNT };

/* So many flights of each class are kept at a time. */
enum { BLOCK = 50 };

/* One flight in so many is also seen through three nations' eyes: that costs five times. */
enum { FUSE_EVERY = 3 };
/* And one in so many with radars that read too much. */
enum { BIAS_EVERY = 5 };
enum { SALVO_EVERY = 5 };

struct run {
    struct wlk_draw_sites sites;
    int flights, first, jobs;
    int only; /* class, or -1 */
    double told;
    bool verbose;
    const char *sums; /* file in which a run that is stopped is kept, or NULL */
};

/* What a file of sums begins with. */
struct kept {
    double size, first, only, told, done;
};

static struct wlk_drawn drawn;
static struct wlk_draw_look looks[WLK_DRAW_LOOKS_MAX], of_subset[WLK_DRAW_LOOKS_MAX];

static void one_subset(const struct run *run, size_t count, int subset, struct wlk_cell *cell)
{
    struct wlk_follow follow = {&drawn, of_subset, 0};
    for (size_t i = 0; i < count; i++)
        if (wlk_draw_subset_has(subset, &run->sites.site[looks[i].site]))
            of_subset[follow.count++] = looks[i];
    cell->flights++;
    if (follow.count < 3)
        return;
    cell->seen++;
    if (run->verbose)
        printf("%s by %s: range %.0f km, apogee %.0f km, beta %.0f, first seen at %.0f s\n",
               wlk_draw_class_words(drawn.kind), wlk_draw_subset_words(subset),
               drawn.flight.range_m / 1e3, drawn.flight.apogee_m / 1e3, drawn.beta,
               wlk_draw_seconds(of_subset[0].plot.time));
    wlk_follow_filter(&follow, cell);
    wlk_follow_track(&follow, run->verbose, cell);
}

/* The flights of one job: every jobs-th. */
static void work(const struct run *run, int job, struct wlk_report_table *table)
{
    for (int i = run->first + job; i < run->first + run->flights; i += run->jobs)
        if (i % SALVO_EVERY == 0)
            wlk_salvo_play((uint64_t)i, table->salvo);
    for (int kind = 0; kind < WLK_DRAW_CLASSES; kind++)
        for (int i = run->first + job; i < run->first + run->flights; i += run->jobs) {
            uint64_t number = (uint64_t)i;
            if ((run->only >= 0 && kind != run->only) ||
                wlk_draw_flight((enum wlk_draw_class)kind, number, &drawn) != WLK_OK)
                continue;
            size_t count = wlk_draw_looks(&run->sites, &drawn, number, run->told, looks);
            for (int s = 0; s < WLK_DRAW_SUBSETS; s++)
                one_subset(run, count, s, &table->cell[kind][s]);
            const struct wlk_follow all = {&drawn, looks, count};
            if (i % FUSE_EVERY == 0 && count >= 3)
                wlk_fuse_flight(&run->sites, &all, number, &table->fuse[kind]);
            if (i % BIAS_EVERY == 0 && count >= 3)
                wlk_bias_flight(&run->sites, &all, number, &table->bias[kind]);
        }
}

/* One block by all jobs, and their sums in the first table. WLK_IO one of them failed. */
static wlk_status run_block(const struct run *run, struct wlk_report_table *table)
{
    memset(table + 1, 0, (size_t)run->jobs * sizeof *table);
    for (int job = 0; job < run->jobs; job++) {
        pid_t child = fork();
        if (child < 0)
            return WLK_IO;
        if (child == 0) {
            work(run, job, &table[1 + job]);
            fflush(stdout);
            _exit(0);
        }
    }
    bool is_whole = true;
    int status;
    while (wait(&status) > 0)
        is_whole = is_whole && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    _Static_assert(sizeof *table % sizeof(double) == 0, "a table holds doubles only");
    for (int job = 1; is_whole && job <= run->jobs; job++)
        wlk_cell_add((const double *)&table[job], sizeof *table / sizeof(double),
                     (double *)&table[0]);
    return is_whole ? WLK_OK : WLK_IO;
}

static struct kept kept_of(const struct run *run, int done)
{
    return (struct kept){sizeof(struct wlk_report_table), run->first, run->only, run->told,
                         done};
}

/* How many flights of each class a stopped run has done; their sums into the table. */
static int resume(const struct run *run, struct wlk_report_table *table)
{
    struct kept kept, want = kept_of(run, 0);
    FILE *in = run->sums ? fopen(run->sums, "rb") : NULL;
    if (!in)
        return 0;
    bool is_good = fread(&kept, sizeof kept, 1, in) == 1 && kept.done <= run->flights;
    want.done = kept.done;
    is_good = is_good && memcmp(&kept, &want, sizeof kept) == 0 &&
              fread(table, sizeof *table, 1, in) == 1;
    fclose(in);
    if (!is_good)
        memset(table, 0, sizeof *table);
    return is_good ? (int)kept.done : 0;
}

/* Beside, then in the place of the old one: a stop leaves one of the two. */
static wlk_status keep(const struct run *run, const struct wlk_report_table *table, int done)
{
    char beside[4096];
    const struct kept kept = kept_of(run, done);
    if (!run->sums)
        return WLK_OK;
    if (snprintf(beside, sizeof beside, "%s.new", run->sums) >= (int)sizeof beside)
        return WLK_IO;
    FILE *out = fopen(beside, "wb");
    if (!out)
        return WLK_IO;
    bool is_good = fwrite(&kept, sizeof kept, 1, out) == 1 &&
                   fwrite(table, sizeof *table, 1, out) == 1;
    is_good = fclose(out) == 0 && is_good;
    return is_good && rename(beside, run->sums) == 0 ? WLK_OK : WLK_IO;
}

/* All flights, block by block, from where a stopped run was. */
static wlk_status run_all(const struct run *run, struct wlk_report_table *table)
{
    int done = resume(run, table);
    while (done < run->flights) {
        struct run block = *run;
        block.first = run->first + done;
        block.flights = run->flights - done < BLOCK ? run->flights - done : BLOCK;
        WLK_TRY(run_block(&block, table));
        done += block.flights;
        WLK_TRY(keep(run, table, done));
    }
    return WLK_OK;
}

static int report(const struct run *run, const struct wlk_report_table *table, const char *path)
{
    FILE *out = path ? fopen(path, "w") : stdout;
    if (!out) {
        fprintf(stderr, "statistics: cannot write %s\n", path);
        return 1;
    }
    struct wlk_report_verdict verdict = wlk_report_write(table, run->flights, out);
    if (path && fclose(out) != 0)
        return 1;
    for (int i = 0; i < verdict.told; i++)
        printf("FAIL %s\n", verdict.fault[i]);
    printf("%d passed, %d failed\n", verdict.passed, verdict.failed);
    return verdict.failed != 0;
}

int main(int argc, char **argv)
{
    struct wlk_option option[OPTION_COUNT] = {
        [FLIGHTS] = {"flights", WLK_OPTION_INTEGER, "N", "of each class", 1, 100000,
                     .integer = 40},
        [FIRST] = {"first", WLK_OPTION_INTEGER, "N", "number of the first", 0, 1e9},
        [JOBS] = {"jobs", WLK_OPTION_INTEGER, "N", "processes", 1, 64, .integer = 2},
        [CLASS] = {"class", WLK_OPTION_INTEGER, "N", "only this one, 0 to 4", 0,
                   WLK_DRAW_CLASSES - 1},
        [SITES] = {"sites", WLK_OPTION_TEXT, "FILE", "of sites", .text = "sensors/sites.txt"},
        [WRITE] = {"write", WLK_OPTION_TEXT, "FILE", "write the page there"},
        [TOLD] = {"told", WLK_OPTION_NUMBER, "X",
                  "sigmas told are X times the true ones: the statistics must see it", 0.1, 10,
                  .number = 1},
        [SUMS] = {"sums", WLK_OPTION_TEXT, "FILE", "go on where a run with it was stopped"},
        [VERBOSE] = {"verbose", WLK_OPTION_SWITCH, NULL, "say what the tracker says"}};
    struct wlk_options options = {.program = "statistics",
                                  .purpose = "judge the estimators on seeded flights",
                                  .option = option,
                                  .option_count = OPTION_COUNT};
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    struct run run = {.flights = (int)option[FLIGHTS].integer,
                      .first = (int)option[FIRST].integer,
                      .jobs = option[VERBOSE].is_given ? 1 : (int)option[JOBS].integer,
                      .only = option[CLASS].is_given ? (int)option[CLASS].integer : -1,
                      .told = option[TOLD].number,
                      .verbose = option[VERBOSE].is_given,
                      .sums = option[SUMS].text};
    size_t size = (size_t)(run.jobs + 1) * sizeof(struct wlk_report_table);
    struct wlk_report_table *table =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (table == MAP_FAILED || wlk_draw_sites_read(option[SITES].text, &run.sites) != WLK_OK ||
        run_all(&run, table) != WLK_OK) {
        printf("0 passed, 1 failed\n");
        return 1;
    }
    return report(&run, &table[0], option[WRITE].text);
}
