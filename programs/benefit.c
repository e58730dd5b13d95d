/* benefit.c -- warnlink demo --benefit FILE: the table of docs/benefit.md, for every
 * documented ballistic launch, made by one command and by nothing else. The rows go to
 * FILE.part as they come; a run that was stopped goes on there, if it is the same build.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/benefit.h"

#include "base/assert.h"
#include "base/words.h"
#include "programs/columns.h"
#include "programs/demo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The three tables. */
static const struct variant {
    const char *set;
    bool is_infrared;
} VARIANTS[] = {{"default", false}, {"aegis", false}, {"default", true}};

static void cell(FILE *out, struct wlk_maybe value)
{
    if (value.has)
        fprintf(out, "%.*f", value.value < 10 ? 1 : 0, value.value);
    else
        fputc('-', out);
}

enum { HEADING_SIZE = 512 };

/* A table under way. */
struct benefit {
    const struct wlk_benefit_order *order;
    FILE *out;        /* FILE.part */
    const char *done; /* what was in it */
};

/* "137 / 130 / 74" */
static void three(FILE *out, struct wlk_maybe a, struct wlk_maybe b, struct wlk_maybe c)
{
    cell(out, a);
    fputs(" / ", out);
    cell(out, b);
    fputs(" / ", out);
    cell(out, c);
}

static struct wlk_maybe first_warning(const struct wlk_measures *measures)
{
    struct wlk_maybe first = {false, 0};
    for (size_t i = 0; i < measures->warning_count; i++)
        if (!first.has || measures->warning[i].at_s < first.value)
            first = (struct wlk_maybe){true, measures->warning[i].at_s};
    return first;
}

static void row(FILE *out, const struct wlk_summary *summary, size_t nation)
{
    const struct wlk_measures *of = summary->measures[nation];
    fprintf(out, "| %s | %s | ", nation ? "" : summary->launch, summary->nation[nation].text);
    three(out, of[0].launch_declared_s, of[1].launch_declared_s, of[2].launch_declared_s);
    fputs(" | ", out);
    three(out, of[0].heading_5deg_s, of[1].heading_5deg_s, of[2].heading_5deg_s);
    fputs(" | ", out);
    three(out, of[0].ellipse_20km_s, of[1].ellipse_20km_s, of[2].ellipse_20km_s);
    fputs(" | ", out);
    three(out, first_warning(&of[0]), first_warning(&of[1]), first_warning(&of[2]));
    fputs(" | ", out);
    three(out, of[0].impact_error_km, of[1].impact_error_km, of[2].impact_error_km);
    fputs(" | ", out);
    three(out, of[0].truth_inside_95, of[1].truth_inside_95, of[2].truth_inside_95);
    fputs(" |\n", out);
}

static wlk_status one_launch(const struct wlk_history *history,
                             const struct wlk_history_row *launch,
                             const struct variant *variant, uint64_t seeds, FILE *out)
{
    struct wlk_fault fault = {0};
    struct wlk_scenario *scenario;
    struct wlk_summary *summary = calloc(1, sizeof *summary);
    if (!summary)
        return WLK_IO;
    wlk_status status =
        wlk_scenario_open(history, launch->id, variant->set, &scenario, &fault);
    if (status == WLK_NO_SOLUTION) { /* said in docs/history.md, with the reason */
        free(summary);
        return WLK_OK;
    }
    if (status == WLK_OK) {
        scenario->is_infrared = variant->is_infrared;
        struct wlk_columns_order order = {.scenario = scenario,
                                          .seeds = seeds,
                                          .has_column = {true, true, true},
                                          .ends_early = true,
                                          .is_uncounted = true};
        wlk_columns_facts(scenario, summary);
        status = wlk_columns_run(&order, summary, &fault);
        wlk_scenario_close(scenario);
    }
    for (size_t n = 0; status == WLK_OK && n < summary->nation_count; n++)
        row(out, summary, n);
    free(summary);
    return status;
}

static void heading(const struct variant *variant, uint64_t seeds, char text[HEADING_SIZE])
{
    snprintf(text, HEADING_SIZE,
             "\n## Radars: set `%s`; infrared early-warning satellites %s\n\n"
             "Medians over %llu seed%s.\n\n"
             "| launch | nation | declared, s | heading to 5 deg, s | 20 km ellipse, s | first "
             "warning, s | impact error when judged, km | truth inside 95 %% |\n"
             "|---|---|---|---|---|---|---|---|\n",
             variant->set, variant->is_infrared ? "on, in every column" : "off",
             (unsigned long long)seeds, seeds == 1 ? "" : "s");
}

/* Has the text the launch's rows below this heading? */
static bool is_written(const char *text, const char *heading, const char *launch)
{
    char row[64];
    const char *at = strstr(text, heading), *end = at ? strstr(at + 1, "\n## ") : NULL;
    snprintf(row, sizeof row, "\n| %s | ", launch);
    const char *found = at ? strstr(at, row) : NULL;
    return found && (!end || found < end);
}

static void preface(FILE *out)
{
    fprintf(
        out,
        "# What sharing brings, launch by launch\n\n"
        "Made by `make benefit`; nothing here is written by hand. Each cell is alone / before "
        "/ after: own radars only; the bilateral arrangements with the US; these and the "
        "trilateral one; seconds from launch. A value that did not come in a seed counts as "
        "infinite; - where the median did not come. Judged at five "
        "minutes before impact or one minute after burnout, whichever is later; inside 95 %% "
        "is the fraction of seeds with a prediction.\n\n"
        "Radar noise, ranges and revisit times are assumptions (docs/radars.md): read the "
        "differences between columns, not the absolute values. Ballistic coefficients are "
        "drawn for each seed. The link takes 60-70 ms one way. In reality the infrared "
        "satellites give a first cue, so that the gain in the first table is an upper "
        "bound.\n");
}

static wlk_status table(const struct wlk_history *history, const struct variant *variant,
                        const struct benefit *benefit)
{
    const struct wlk_benefit_order *order = benefit->order;
    wlk_status status = WLK_OK;
    char head[HEADING_SIZE];
    heading(variant, order->seeds, head);
    if (!strstr(benefit->done, head))
        fputs(head, benefit->out);
    for (size_t i = 0; status == WLK_OK && i < history->count; i++) {
        const char *id = history->row[i].id;
        if (history->row[i].kind != WLK_HISTORY_BALLISTIC ||
            (order->launch && strcmp(order->launch, id) != 0) ||
            is_written(benefit->done, head, id))
            continue;
        if (wlk_demo_is_interrupted())
            return WLK_NOT_YET;
        status = one_launch(history, &history->row[i], variant, order->seeds, benefit->out);
        fflush(benefit->out);
        if (status == WLK_OK)
            fprintf(stderr, "%s%s %s\n", variant->set,
                    variant->is_infrared ? " infrared" : "", id);
    }
    return status;
}

static wlk_status tables(const struct wlk_history *history, const struct benefit *benefit)
{
    const struct wlk_benefit_order *order = benefit->order;
    if (order->is_one_table) {
        struct variant one = {order->set, order->is_infrared};
        return table(history, &one, benefit);
    }
    wlk_status status = WLK_OK;
    if (!strstr(benefit->done, "\n# "))
        preface(benefit->out);
    for (size_t v = 0; status == WLK_OK && v < sizeof VARIANTS / sizeof VARIANTS[0]; v++)
        status = table(history, &VARIANTS[v], benefit);
    return status;
}

/* First line of FILE.part: rows of another build, or of other seeds, are not taken over. */
static void stamp(const struct wlk_benefit_order *order, char line[128])
{
    struct stat self = {0};
    (void)stat("/proc/self/exe", &self);
    snprintf(line, 128, "build %lld %lld, %llu seeds\n", (long long)self.st_size,
             (long long)self.st_mtime, (unsigned long long)order->seeds);
}

static wlk_status cannot(const char *path, struct wlk_fault *fault)
{
    wlk_fault_where(fault, path);
    wlk_fault_set(fault, "table cannot be written", "%s", strerror(errno));
    return WLK_IO;
}

/* The finished text without its first line, to the file asked for. */
static wlk_status finish(const char *part, const char *path, struct wlk_fault *fault)
{
    char *text = NULL;
    WLK_TRY(wlk_words_read_file(part, &text, fault));
    FILE *out = fopen(path, "w");
    bool is_good = out && fputs(strchr(text, '\n') + 1, out) >= 0;
    is_good = out && fclose(out) == 0 && is_good;
    free(text);
    if (!is_good)
        return cannot(path, fault);
    return unlink(part) == 0 ? WLK_OK : cannot(part, fault);
}

wlk_status wlk_benefit(const struct wlk_history *history, const struct wlk_benefit_order *order,
                       struct wlk_fault *fault)
{
    char part[1100], first[128], *done = NULL;
    snprintf(part, sizeof part, "%s.part", order->path);
    stamp(order, first);
    if (wlk_words_read_file(part, &done, NULL) != WLK_OK ||
        strncmp(done, first, strlen(first)) != 0) {
        free(done);
        done = calloc(1, 1);
    }
    bool is_new = done && !*done;
    FILE *out = done ? fopen(part, is_new ? "w" : "a") : NULL;
    if (!out) {
        free(done);
        return cannot(part, fault);
    }
    if (is_new)
        fputs(first, out);
    struct benefit benefit = {.order = order, .out = out, .done = done};
    wlk_status status = tables(history, &benefit);
    free(done);
    if (fclose(out) != 0 && status == WLK_OK)
        status = cannot(part, fault);
    return status == WLK_OK ? finish(part, order->path, fault) : status;
}
