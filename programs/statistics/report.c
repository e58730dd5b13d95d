/* report.c -- docs/accuracy.md, every figure of it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/statistics/report_private.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

static const double RATIO_MAX = 1.05; /* of an error to its bound */
static const double NORMAL_9995 = 3.2905;
static const double LATE_S = 4; /* a burnout is to be told within this: the aim */
/* What is reached: 95 % so soon after the best test would tell 95 %. */
static const double BEHIND_S = 4.5;

struct page {
    FILE *out;
    struct wlk_report_verdict verdict;
};

static void claim(struct page *page, bool holds, const char *words, ...)
    __attribute__((format(printf, 3, 4)));

static void claim(struct page *page, bool holds, const char *words, ...)
{
    va_list list;
    va_start(list, words);
    wlk_report_claim_list(&page->verdict, holds, words, list);
    va_end(list);
}

/* The names of a row: class, subset. */
static void begin_row(struct page *page, int kind, int subset)
{
    fprintf(page->out, "| %s | %s |", wlk_draw_class_words((enum wlk_draw_class)kind),
            wlk_draw_subset_words(subset));
}

/* Root of the mean of squared errors, each over its flight's bound. */
static double ratio_of(double sum, double count)
{
    return sqrt(sum / count);
}

/* May it be one of at most RATIO_MAX? Half the error may lie along one axis or all of it. */
static bool is_at_bound(double sum, double count)
{
    return ratio_of(sum, count) <= RATIO_MAX * (1 + NORMAL_9995 / sqrt(2 * count));
}

/* One time of one cell: ratios and NEES. */
static void write_error(struct page *page, const struct wlk_cell_error *error)
{
    if (error->count < 1) {
        fprintf(page->out, " not seen |");
        return;
    }
    fprintf(page->out, " %.2f %.2f, %.1f |", ratio_of(error->position2, error->count),
            ratio_of(error->velocity2, error->count), error->nees / error->count);
}

static void judge_error(struct page *page, const struct wlk_cell_error *error,
                        const char *words, double at)
{
    double in[2];
    if (error->count < 2)
        return;
    double nees = error->nees / error->count;
    wlk_cell_interval(error->count, 6, in);
    claim(page, is_at_bound(error->position2, error->count),
          "%s, %.0f s: position %.3f times its bound", words, at,
          ratio_of(error->position2, error->count));
    claim(page, is_at_bound(error->velocity2, error->count),
          "%s, %.0f s: velocity %.3f times its bound", words, at,
          ratio_of(error->velocity2, error->count));
    claim(page, nees >= in[0] && nees <= in[1], "%s, %.0f s: NEES %.2f outside %.2f to %.2f",
          words, at, nees, in[0], in[1]);
}

static void name_cell(int kind, int subset, const char *what, char words[64])
{
    snprintf(words, 64, "%s, %s, %s", what, wlk_draw_class_words((enum wlk_draw_class)kind),
             wlk_draw_subset_words(subset));
}

static void write_heading(struct page *page, const char *const columns[], int count)
{
    fprintf(page->out, "\n| class | radars |");
    for (int i = 0; i < count; i++)
        fprintf(page->out, " %s |", columns[i]);
    fprintf(page->out, "\n|---|---|");
    for (int i = 0; i < count; i++)
        fprintf(page->out, "---|");
    fprintf(page->out, "\n");
}

static void write_coast(struct page *page, const struct wlk_report_table *table)
{
    static const char *const COLUMNS[] = {"10 s", "20 s", "40 s", "80 s", "160 s", "320 s"};
    fprintf(page->out,
            "\n## Free flight against the bound\n\n"
            "The filter from its first look in free flight on: error of position and of\n"
            "velocity in parts of the Cramer-Rao bound (at most 1.05), and NEES (6), so many\n"
            "seconds after that look.\n");
    write_heading(page, COLUMNS, WLK_CELL_COASTS);
    for (int k = 0; k < WLK_DRAW_CLASSES; k++)
        for (int s = 0; s < WLK_DRAW_SUBSETS; s++) {
            const struct wlk_cell *cell = &table->cell[k][s];
            char words[64];
            if (cell->flights < 1)
                continue;
            name_cell(k, s, "free flight", words);
            begin_row(page, k, s);
            for (int i = 0; i < WLK_CELL_COASTS; i++) {
                write_error(page, &cell->coast[i]);
                judge_error(page, &cell->coast[i], words, WLK_CELL_COAST_S[i]);
            }
            fprintf(page->out, "\n");
        }
}

/* The tracker with all it knows: stated, not judged, against the bound of free flight alone. */
static void write_track(struct page *page, const struct wlk_report_table *table)
{
    static const char *const COLUMNS[] = {"10 s", "40 s", "160 s"};
    static const int AT[] = {0, 2, 4};
    fprintf(page->out,
            "\nThe tracker itself, which knows the boost too (so it may be below 1), so many\n"
            "seconds after its first look in free flight:\n");
    write_heading(page, COLUMNS, 3);
    for (int k = 0; k < WLK_DRAW_CLASSES; k++)
        for (int s = 0; s < WLK_DRAW_SUBSETS; s++) {
            if (table->cell[k][s].flights < 1)
                continue;
            begin_row(page, k, s);
            for (int i = 0; i < 3; i++)
                write_error(page, &table->cell[k][s].track[AT[i]]);
            fprintf(page->out, "\n");
        }
}

static void write_powered(struct page *page, const struct wlk_report_table *table)
{
    static const char *const COLUMNS[] = {"boost 5 s",   "boost 10 s",  "boost 20 s",
                                          "below 60 km", "below 40 km", "below 25 km"};
    fprintf(
        page->out,
        "\n## Boost and re-entry against their bounds\n\n"
        "The same, stated and not judged: the bound (PCRLB) is that of the tracker's own\n"
        "model (thrust that wanders; ln beta +- 0.8), which no real flight is. It knows how\n"
        "little a heavy body is slowed, where the filter reckons with the mean of all: hence\n"
        "the ratios of velocity below 60 km. After 20 s of boost some have changed stages,\n"
        "which the tracker knows and this filter alone does not.\n");
    write_heading(page, COLUMNS, 6);
    for (int k = 0; k < WLK_DRAW_CLASSES; k++)
        for (int s = 0; s < WLK_DRAW_SUBSETS; s++) {
            const struct wlk_cell *cell = &table->cell[k][s];
            if (cell->flights < 1)
                continue;
            begin_row(page, k, s);
            for (int i = 0; i < 3; i++)
                write_error(page, &cell->boost[i]);
            for (int i = 0; i < WLK_CELL_FALLS; i++)
                write_error(page, &cell->fall[i]);
            fprintf(page->out, "\n");
        }
}

static void write_innovations(struct page *page, const struct wlk_report_table *table)
{
    static const char *const COLUMNS[] = {"NIS (3), site by site",
                                          "correlation of one look's range with the next"};
    fprintf(page->out, "\n## Innovations\n\nIn free flight, of each site's own looks.\n");
    write_heading(page, COLUMNS, 2);
    for (int k = 0; k < WLK_DRAW_CLASSES; k++)
        for (int s = 0; s < WLK_DRAW_SUBSETS; s++) {
            const struct wlk_cell *cell = &table->cell[k][s];
            if (cell->flights < 1)
                continue;
            begin_row(page, k, s);
            for (int i = 0; i < WLK_DRAW_SITES; i++) {
                double in[2], nis = cell->nis[i] / cell->nis_count[i];
                if (cell->nis_count[i] < 2)
                    continue;
                fprintf(page->out, " %.2f", nis);
                wlk_cell_interval(cell->nis_count[i], 3, in);
                claim(page, nis >= in[0] && nis <= in[1], "NIS %.3f of site %d, class %d, %s",
                      nis, i, k, wlk_draw_subset_words(s));
            }
            fprintf(page->out, " |");
            for (int i = 0; i < WLK_DRAW_SITES; i++) {
                double n = cell->white_count[i], r = cell->white[i] / n;
                if (n < 2)
                    continue;
                fprintf(page->out, " %+.3f", r);
                claim(page, fabs(r) <= NORMAL_9995 / sqrt(n) * 1.1,
                      "innovations of site %d repeat (%.3f), class %d, %s", i, r, k,
                      wlk_draw_subset_words(s));
            }
            fprintf(page->out, " |\n");
        }
}

/* The delay that a part of the flights keeps, s; the last column is "more". */
static double delay_of(const double delay[WLK_CELL_DELAYS], double flights, double part)
{
    double sum = 0;
    for (int i = 0; i < WLK_CELL_DELAYS; i++) {
        sum += delay[i];
        if (sum >= part * flights)
            return 0.5 * (i + 1);
    }
    return 0.5 * WLK_CELL_DELAYS;
}

/* The same of sums of chances that each half second brings. */
static double bound_of(const double could[WLK_CELL_DELAYS], double flights, double part)
{
    int i = 0;
    while (i < WLK_CELL_DELAYS && could[i] < part * flights)
        i++;
    return 0.5 * (i + 1);
}

static void write_stages(struct page *page, const struct wlk_cell *cell)
{
    if (cell->stages < 1) {
        fprintf(page->out, " |\n");
        return;
    }
    fprintf(page->out, " %.1f s (%.1f s) |\n", delay_of(cell->known, cell->stages, 0.95),
            bound_of(cell->knowable, cell->stages, 0.95));
}

static void write_burnout(struct page *page, const struct wlk_cell *cell, int kind, int subset)
{
    double soon = 0, n = cell->burnouts, early = cell->early + cell->staged;
    int columns = (int)(2 * LATE_S);
    if (n < 1) {
        fprintf(page->out, " never seen | | | | | |\n");
        return;
    }
    for (int i = 0; i < columns; i++)
        soon += cell->delay[i];
    double possible = cell->could[columns - 1] / n;
    fprintf(page->out,
            " %.0f | %.1f s | %.1f s (%.1f s) | %.0f %% (%.0f %%) | %.1f %% | %.1f %% |", n,
            delay_of(cell->delay, n, 0.5), delay_of(cell->delay, n, 0.95),
            bound_of(cell->could, n, 0.95), 100 * soon / n, 100 * possible, 100 * early / n,
            100 * cell->ended / n);
    write_stages(page, cell);
    double allowed_s = bound_of(cell->could, n, 0.95) + BEHIND_S;
    for (int i = columns; i < WLK_CELL_DELAYS && i < (int)(2 * allowed_s); i++)
        soon += cell->delay[i];
    claim(page, wlk_cell_is_rate(soon, n, 0.95, 1),
          "burnout of class %d, %s: %.0f of %.0f told within %.1f s", kind,
          wlk_draw_subset_words(subset), soon, n, allowed_s);
    claim(page, wlk_cell_is_rate(early, n, 0, 0.01),
          "%.0f of %.0f flights of class %d firm too early, %s", early, n, kind,
          wlk_draw_subset_words(subset));
    claim(page, wlk_cell_is_rate(cell->ended, n, 0, 0.01),
          "%.0f of %.0f flights of class %d told to end when they did not, %s", cell->ended, n,
          kind, wlk_draw_subset_words(subset));
}

static void write_burnouts(struct page *page, const struct wlk_report_table *table)
{
    static const char *const COLUMNS[] = {"flights",    "told after",     "95 % within",
                                          "within 4 s", "firm too early", "false end",
                                          "next stage"};
    fprintf(
        page->out,
        "\n## Burnout\n\n"
        "Flights whose last burnout was seen. In brackets the bound: what a test could reach\n"
        "that knows the thrust and the moment at which it ends, if it ends, and errs once in\n"
        "100 (`programs/statistics/detect.h`). *Within 4 s* is the aim (95 %%), which is not\n"
        "reached in each cell where the bound allows it; judged is what is reached: 95 %%\n"
        "told at most 4.5 s after the bound. *Firm too early*: an impact without the doubt\n"
        "that thrust may go on was told while a burn was still to come; half of the flights\n"
        "of two stages coast for 2 to 12 s between them. *False end*: an end of thrust was\n"
        "told that was no stage's (more than 5 s before it, or 15 s after the next lit).\n"
        "*Next stage*: so long after it lit 95 %% are known to burn, and its bound, which\n"
        "knows that stage's thrust.\n");
    write_heading(page, COLUMNS, 7);
    for (int k = 0; k < WLK_DRAW_CLASSES; k++)
        for (int s = 0; s < WLK_DRAW_SUBSETS; s++) {
            if (table->cell[k][s].flights < 1)
                continue;
            begin_row(page, k, s);
            write_burnout(page, &table->cell[k][s], k, s);
        }
}

static void write_cover(struct page *page, const struct wlk_cell_cover *cover)
{
    double n = cover->count;
    if (n < 1) {
        fprintf(page->out, " none |");
        return;
    }
    fprintf(page->out, " %.0f %.0f %.0f, %.0f; %.1f of %.1f |", 100 * cover->in50 / n,
            100 * cover->in90 / n, 100 * cover->in95 / n, 100 * cover->in_time95 / n,
            cover->error_m / n / 1e3, cover->major_m / n / 1e3);
}

static void write_launches(struct page *page, const struct wlk_report_table *table)
{
    static const char *const COLUMNS[] = {"5 s", "10 s", "20 s", "first seen after burnout"};
    fprintf(
        page->out,
        "\n## Launch point\n\n"
        "So many seconds after the first look: how many of 100 ellipses said to hold 50, 90\n"
        "and 95 %% hold the launch place, and 95 %% intervals its time; mean miss of mean\n"
        "95 %% semi-major axis, km. Judged: the 95 %% ellipse holds at least 93 %%, the\n"
        "interval of the time 90 %%.\n");
    write_heading(page, COLUMNS, 4);
    for (int k = 0; k < WLK_DRAW_CLASSES; k++)
        for (int s = 0; s < WLK_DRAW_SUBSETS; s++) {
            const struct wlk_cell *cell = &table->cell[k][s];
            if (cell->flights < 1)
                continue;
            begin_row(page, k, s);
            for (int i = 0; i < 3; i++) {
                const struct wlk_cell_cover *at = &cell->launch[i];
                write_cover(page, at);
                claim(page, wlk_cell_is_rate(at->in95, at->count, 0.93, 1),
                      "launch of class %d, %s, %.0f s: %.0f of %.0f in the 95 %% ellipse", k,
                      wlk_draw_subset_words(s), WLK_CELL_LAUNCH_S[i], at->in95, at->count);
                claim(page, wlk_cell_is_rate(at->in_time95, at->count, 0.9, 1),
                      "launch of class %d, %s, %.0f s: %.0f of %.0f in the time's interval", k,
                      wlk_draw_subset_words(s), WLK_CELL_LAUNCH_S[i], at->in_time95, at->count);
            }
            write_cover(page, &cell->launch_late);
            fprintf(page->out, "\n");
        }
}

static void write_impacts(struct page *page, const struct wlk_report_table *table)
{
    static const char *const COLUMNS[] = {
        "burnout + 20 s", "+ 40 s", "+ 80 s", "+ 320 s", "60 s before impact", "10 s before"};
    static const int AT[] = {2, 3, 4, 6, 9, 11};
    fprintf(page->out,
            "\n## Impact point\n\n"
            "The same of the impact, of predictions told without doubt. Judged: the 95 %%\n"
            "ellipse holds 93 to 97 %%.\n");
    write_heading(page, COLUMNS, 6);
    for (int k = 0; k < WLK_DRAW_CLASSES; k++)
        for (int s = 0; s < WLK_DRAW_SUBSETS; s++) {
            const struct wlk_cell *cell = &table->cell[k][s];
            if (cell->flights < 1)
                continue;
            begin_row(page, k, s);
            for (int i = 0; i < 6; i++) {
                const struct wlk_cell_cover *at = &cell->impact[AT[i]];
                write_cover(page, at);
                claim(page, wlk_cell_is_rate(at->in95, at->count, 0.93, 0.97),
                      "impact of class %d, %s, column %d: %.0f of %.0f in the 95 %% ellipse", k,
                      wlk_draw_subset_words(s), i, at->in95, at->count);
            }
            fprintf(page->out, "\n");
        }
}

/* Fused over central, position and velocity; the errors are nearly the same ones. */
static void judge_fused(struct page *page, const struct wlk_fuse_cell *cell, int kind, int way)
{
    static const double MOST[WLK_FUSE_WAYS] = {1.02,     1.3,      1.05,    HUGE_VAL,
                                              HUGE_VAL, HUGE_VAL, HUGE_VAL};
    const struct wlk_cell_error *fused = &cell->fused[way];
    double in[2], nees = fused->nees / fused->count;
    const struct wlk_cell_error *central =
        way == WLK_FUSE_BIASED ? &cell->central_biased : &cell->central;
    double position = ratio_of(fused->position2, fused->count) /
                      ratio_of(central->position2, central->count);
    double velocity = ratio_of(fused->velocity2, fused->count) /
                      ratio_of(central->velocity2, central->count);
    double chance = 1.5 / sqrt(fused->count);
    wlk_cell_interval(fused->count, 6, in);
    fprintf(page->out, " %.2f %.2f, %.1f |", position, velocity, nees);
    claim(page, fmax(position, velocity) <= MOST[way] + chance,
          "fused, class %d, way %d: %.3f and %.3f of the central filter", kind, way, position,
          velocity);
    /* coarse groups are meant to say less than they know */
    claim(page, nees <= in[1] && (nees >= in[0] || way == WLK_FUSE_COARSE),
          "fused, class %d, way %d: NEES %.2f outside %.2f to %.2f", kind, way, nees, in[0],
          in[1]);
}

static void write_fused(struct page *page, const struct wlk_report_table *table)
{
    fprintf(
        page->out,
        "\n## Fusion\n\n"
        "JP's picture from its own track and those of KR and US, in free flight, against one\n"
        "tracker with all plots: position, velocity in parts of its error; NEES (6). "
        "*Looped*:\n"
        "each record three times, late by up to 5 s, out of order, some under JP's own name.\n"
        "*Clocks*: wrong by 10 ms, one sigma, and said to be. *Biased*: each radar by what 10\n"
        "min of satellites leave, and said. *Wrong*: US tells its track 20 km beside where it\n"
        "is: never averaged in, and shown so in so many of the pictures. Boost (inverse\n"
        "covariance intersection, just before burnout): error in parts of JP's own, and NEES.\n"
        "One flight in three.\n\n"
        "| class | once a second | every 10 s, 30 %% lost | looped | clocks | coarse only | "
        "biased | wrong | shown | JP alone | boost |\n|---|---|---|---|---|---|---|---|---|---|"
        "---|\n");
    for (int k = 0; k < WLK_DRAW_CLASSES; k++) {
        const struct wlk_fuse_cell *cell = &table->fuse[k];
        if (cell->central.count < 2)
            continue;
        fprintf(page->out, "| %s |", wlk_draw_class_words((enum wlk_draw_class)k));
        for (int way = 0; way < WLK_FUSE_WAYS; way++)
            judge_fused(page, cell, k, way);
        fprintf(page->out, " %.0f of %.0f |", cell->wrong_shown, cell->wrong);
        claim(page, cell->wrong_shown >= 0.99 * cell->wrong - 1,
              "class %d: %.0f of %.0f wrong tracks of a partner are shown", k,
              cell->wrong_shown, cell->wrong);
        fprintf(page->out, " %.1f %.1f |",
                ratio_of(cell->own.position2, cell->own.count) /
                    ratio_of(cell->central.position2, cell->central.count),
                ratio_of(cell->own.velocity2, cell->own.count) /
                    ratio_of(cell->central.velocity2, cell->central.count));
        double in[2];
        wlk_cell_interval(cell->boost.count, 6, in);
        claim(page, cell->boost.count < 2 || cell->boost.nees / cell->boost.count <= in[1],
              "boost fused, class %d: NEES %.2f over %.2f", k,
              cell->boost.nees / cell->boost.count, in[1]);
        if (cell->boost.count < 2)
            fprintf(page->out, " not seen by two |\n");
        else
            fprintf(page->out, " %.2f %.2f, %.1f |\n",
                    sqrt(cell->boost.position2 / cell->boost_own.position2),
                    sqrt(cell->boost.velocity2 / cell->boost_own.velocity2),
                    cell->boost.nees / cell->boost.count);
        claim(page, cell->disagreeing <= 0.01 * cell->pictures + 3,
              "class %d: %.0f of %.0f pictures disagree with themselves", k, cell->disagreeing,
              cell->pictures);
    }
}

struct wlk_report_verdict wlk_report_write(const struct wlk_report_table *table, int flights,
                                           FILE *out)
{
    struct page page = {.out = out};
    fprintf(
        out,
        "# How good the estimates are\n\n"
        "Made by `make statistics`; nothing here is written by hand. %d flights of each\n"
        "class, drawn and flown by the rehearsal's integrator (8x8 gravity, another\n"
        "atmosphere, other thrust and steering than the tracker's), as the radars of\n"
        "`sensors/sites.txt` would see them: their noise, horizon, detection. No\n"
        "refraction, and no bias but in the last section. Radar figures are assumptions, so\n"
        "these are figures of a model.\n\n"
        "A claim is judged with intervals that a perfect estimator keeps in 999 of 1,000\n"
        "cells. Real measurements judge too: `earth/laser_test.c`, `earth/propagate_test.c`,\n"
        "`tracking/telemetry_test.c`, `rehearsal/truth_test.c`.\n",
        flights);
    write_coast(&page, table);
    write_track(&page, table);
    write_innovations(&page, table);
    write_powered(&page, table);
    write_burnouts(&page, table);
    write_launches(&page, table);
    write_impacts(&page, table);
    write_fused(&page, table);
    wlk_report_salvo(table, out, &page.verdict);
    wlk_report_bias(table, out, &page.verdict);
    fprintf(out, "\n%d claims hold, %d do not", page.verdict.passed, page.verdict.failed);
    for (int i = 0; i < page.verdict.told; i++)
        fprintf(out, "%s %s", i ? ";\n" : ":\n\n", page.verdict.fault[i]);
    fprintf(out, ".\n");
    return page.verdict;
}
