/* flights_table.c -- writes docs/history.md: every launch of the table, as published and as
 * flown. usage: flights_table rehearsal/history.txt > docs/history.md
 * SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/solve.h"

#include <math.h>
#include <stdio.h>

static struct wlk_history history; /* too large for a stack */
static struct wlk_flight flight;

static const char HEAD[] =
    "# Documented launches and the flights made of them\n"
    "\n"
    "Made by `flights_table rehearsal/history.txt > docs/history.md`; do not edit. The table "
    "of "
    "facts,\nwith the sources of each row, is `rehearsal/history.txt`; most figures are those "
    "of "
    "the CNS North\nKorea Missile Test Database (James Martin Center for Nonproliferation "
    "Studies, published by NTI).\n"
    "\n"
    "How a flight is made: a rocket template of the class (`rehearsal/template.c`: stages, "
    "burn "
    "times,\nexhaust speeds, ballistic coefficients, all of them **assumptions** of the "
    "open-literature class), of\nwhich the ideal speed and the tilt of the thrust are solved "
    "so "
    "that apogee, range and bearing are the\npublished ones. Flight time is not solved for; "
    "how "
    "far it comes out from the published one is the check\non the template. Published figures "
    "are rounded (times to a minute) and differ between those who gave\nthem by a few per "
    "cent.\n"
    "\n"
    "| launch | missile | class | apogee km: published, flown | range km: published, flown | "
    "bearing deg | last burnout s | flight s: published, flown, difference | remark |\n"
    "|---|---|---|---|---|---|---|---|---|\n";

static void print_pair(bool has, double published, double flown)
{
    if (has)
        printf("%.0f, %.1f | ", published, flown);
    else
        printf("-, %.1f | ", flown);
}

static void print_flown(const struct wlk_history_row *row)
{
    print_pair(row->has_apogee, row->apogee_m / 1e3, flight.apogee_m / 1e3);
    print_pair(row->has_range, row->range_m / 1e3, flight.range_m / 1e3);
    printf("%.0f | %.0f | ", row->bearing_rad / WLK_DEG, flight.burnout_s);
    if (row->has_flight_time)
        printf("%.0f, %.0f, %+.0f | ", row->flight_time_s, flight.flight_time_s,
               flight.flight_time_s - row->flight_time_s);
    else
        printf("-, %.0f | ", flight.flight_time_s);
    printf("%s |\n", row->assumption[0] ? row->assumption : "");
}

static void print_number(bool has, double value)
{
    if (has)
        printf("%.0f | ", value);
    else
        printf("- | ");
}

static void print_row(const struct wlk_history_row *row)
{
    struct wlk_fault fault = {.rule = ""};
    printf("| %s | %s | %s | ", row->id, row->missile,
           row->class_name[0] ? row->class_name : wlk_history_kind_words(row->kind));
    if (wlk_history_flight(row, &flight, &fault) == WLK_OK) {
        print_flown(row);
        return;
    }
    print_number(row->has_apogee, row->apogee_m / 1e3);
    print_number(row->has_range, row->range_m / 1e3);
    print_number(row->has_bearing, row->bearing_rad / WLK_DEG);
    printf("- | ");
    print_number(row->has_flight_time, row->flight_time_s);
    printf("no flight: %s |\n", fault.rule);
}

int main(int count, char **words)
{
    struct wlk_fault fault;
    char line[320];
    if (count != 2) {
        fprintf(stderr, "usage: flights_table HISTORY\n");
        return 2;
    }
    if (wlk_history_read(words[1], &history, &fault) != WLK_OK) {
        wlk_fault_line(&fault, line, sizeof line);
        fprintf(stderr, "flights_table: %s\n", line);
        return 1;
    }
    fputs(HEAD, stdout);
    size_t flown = 0, timed = 0, near = 0;
    for (size_t i = 0; i < history.count; i++) {
        const struct wlk_history_row *row = &history.row[i];
        flight.node_count = 0;
        print_row(row);
        flown += flight.node_count > 0;
        if (flight.node_count > 0 && row->has_flight_time) {
            timed++;
            near += fabs(flight.flight_time_s - row->flight_time_s) <= 60.0;
        }
    }
    printf("\n%zu launches, %zu flown; %zu of %zu published flight times within 60 s.\n",
           history.count, flown, near, timed);
    return fflush(stdout) != 0;
}
