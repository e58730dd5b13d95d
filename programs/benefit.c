/* benefit.c -- warnlink demo --benefit FILE: the table of docs/benefit.md, for every
 * documented ballistic launch, made by one command and by nothing else.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/benefit.h"

#include "base/assert.h"
#include "programs/columns.h"
#include "programs/demo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
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

static void heading(FILE *out, const struct variant *variant, uint64_t seeds)
{
    fprintf(out,
            "\n## Radars: set `%s`; infrared early-warning satellites %s\n\n"
            "Medians over %llu seed%s.\n\n"
            "| launch | nation | declared, s | heading to 5 deg, s | 20 km ellipse, s | first "
            "warning, s | impact error when judged, km | truth inside 95 %% |\n"
            "|---|---|---|---|---|---|---|---|\n",
            variant->set, variant->is_infrared ? "on, in every column" : "off",
            (unsigned long long)seeds, seeds == 1 ? "" : "s");
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
                        const struct wlk_benefit_order *order, FILE *out)
{
    wlk_status status = WLK_OK;
    uint64_t seeds = order->seeds;
    heading(out, variant, seeds);
    for (size_t i = 0; status == WLK_OK && i < history->count; i++) {
        if (history->row[i].kind != WLK_HISTORY_BALLISTIC ||
            (order->launch && strcmp(order->launch, history->row[i].id) != 0))
            continue;
        if (wlk_demo_is_interrupted())
            return WLK_NOT_YET;
        status = one_launch(history, &history->row[i], variant, seeds, out);
        fflush(out);
        fprintf(stderr, "%s%s %s\n", variant->set, variant->is_infrared ? " infrared" : "",
                history->row[i].id);
    }
    return status;
}

wlk_status wlk_benefit(const struct wlk_history *history, const struct wlk_benefit_order *order,
                       struct wlk_fault *fault)
{
    FILE *out = fopen(order->path, "w");
    if (!out) {
        wlk_fault_where(fault, order->path);
        wlk_fault_set(fault, "table cannot be written", "%s", strerror(errno));
        return WLK_IO;
    }
    wlk_status status = WLK_OK;
    if (order->is_one_table) {
        struct variant one = {order->set, order->is_infrared};
        status = table(history, &one, order, out);
    } else {
        preface(out);
        for (size_t v = 0; status == WLK_OK && v < sizeof VARIANTS / sizeof VARIANTS[0]; v++)
            status = table(history, &VARIANTS[v], order, out);
    }
    if (fclose(out) != 0 && status == WLK_OK)
        status = WLK_IO;
    return status;
}
