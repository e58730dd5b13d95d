/* raid.c -- how well one nation's tracker keeps many objects apart, and counts them.
 *
 *     raid HISTORY              how many raids there are
 *     raid HISTORY ROW SEEDS    the row of docs/raids.md of one, from 1 (tools/raid.sh)
 *
 * One documented flight is flown once; every object of a raid is that flight turned about the
 * Earth's axis (its physics stays the same but for the tesseral terms of gravity) and started
 * later. Two radars look each two seconds, with a given chance of detection, and tell false
 * plots too; that a radar may not tell two apart is not modelled. The tracks are held against
 * the truth each two seconds by GOSPA. Counted: least and most of tracking/salvo half a minute
 * after the last was seen; right: least is the truth, with the interval of its rate [Wilson
 * 1927, 0.95].
 *
 * GOSPA: p 2, cut-off 5 km, alpha 2 [Rahmathullah, Garcia-Fernandez and Svensson 2017,
 * doi 10.23919/ICIF.2017.8009645].
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"
#include "rehearsal/solve.h"
#include "tracking/book.h"
#include "tracking/salvo.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OBJECTS_MAX = 300,
    COLUMNS_MAX = OBJECTS_MAX + WLK_OBJECTS_MAX,
    PLOTS_MAX = 400000,
    LATE_MAX = 16384,
    RADARS = 2
};

static const double CUT_OFF_M = 5000, REVISIT_S = 2, JUDGE_S = 2;
/* One object is in the picture from its third plot on, and until so long after its last. */
static const double GONE_S = 4;

struct plan {
    const char *words;
    const char *launch; /* row of the history */
    int objects;
    double spacing_m, stagger_s; /* between neighbours */
    double detection;            /* chance of a look, 0..1 */
    double clutter;              /* false plots of a radar each look, mean */
};

static const struct plan PLANS[] = {
    {"one", "2022-05-12a", 1, 0, 0, 0.9, 0},
    {"ten, 5 km apart, at once", "2022-05-12a", 10, 5000, 0, 0.9, 0},
    {"eighteen, 2 km, 3 s after each other", "2022-05-12a", 18, 2000, 3, 0.9, 0},
    {"eighteen, 500 m, 20 s", "2022-05-12a", 18, 500, 20, 0.9, 0},
    {"eighteen, 100 m, 20 s", "2022-05-12a", 18, 100, 20, 0.9, 0},
    {"ten, 1 km, at once", "2022-05-12a", 10, 1000, 0, 0.9, 0},
    {"ten, 300 m, at once", "2022-05-12a", 10, 300, 0, 0.9, 0},
    {"ten, 100 m, at once", "2022-05-12a", 10, 100, 0, 0.9, 0},
    {"eighteen, 5 km, at once", "2022-05-12a", 18, 5000, 0, 0.9, 0},
    {"eighteen, 1 km, at once", "2022-05-12a", 18, 1000, 0, 0.9, 0},
    {"eighteen, 2 km, 3 s, detection 0.7", "2022-05-12a", 18, 2000, 3, 0.7, 0},
    {"eighteen, 2 km, 3 s, detection 0.95", "2022-05-12a", 18, 2000, 3, 0.95, 0},
    {"eighteen, 2 km, 3 s, 5 false plots a look", "2022-05-12a", 18, 2000, 3, 0.9, 5},
    {"thirty, 2 km, 1 s", "2022-05-12a", 30, 2000, 1, 0.9, 0},
    {"thirty, 20 km, at once", "2022-05-12a", 30, 20000, 0, 0.9, 0},
    {"hundred, 2 km, 1 s", "2022-05-12a", 100, 2000, 1, 0.9, 0},
    {"three hundred, 2 km, 1 s", "2022-05-12a", 300, 2000, 1, 0.9, 0},
};

struct object {
    double turn_rad, launch_s;
    double seen_from_s, seen_to_s; /* third plot, last plot */
    int plots;
};

/* What one run tells. */
struct outcome {
    double gospa2, located2, missed, ghosts; /* sums over the judged moments */
    int moments, missed_count, ghost_count, pair_count;
    struct wlk_salvo_count counted; /* at the last moment when all are seen */
    int truth;
    bool is_counted;
    double worst_excess;
};

static struct wlk_history history;
static struct wlk_flight flight;
static struct wlk_plot plots[PLOTS_MAX];
static struct object object[OBJECTS_MAX];
static double cost[OBJECTS_MAX][COLUMNS_MAX];

static const double RADAR_DEG[RADARS][2] = {{36.5, 126.8}, {36.9, 127.9}};

/* ---- the truth and its plots ----------------------------------------------------------- */

static bool place_of(const struct object *one, double at_s, double out[3])
{
    double position[3], velocity[3];
    if (wlk_flight_at(&flight, at_s - one->launch_s, position, velocity) != WLK_OK)
        return false;
    double c = cos(one->turn_rad), s = sin(one->turn_rad);
    out[0] = c * position[0] - s * position[1];
    out[1] = s * position[0] + c * position[1];
    out[2] = position[2];
    return true;
}

static wlk_utc utc_of(double at_s)
{
    return wlk_utc_add((wlk_utc){1652347740000000000}, at_s);
}

static struct wlk_plot plot_of(int radar, double at_s, uint64_t number)
{
    return (struct wlk_plot){
        .sensor = wlk_name_of(radar == 0 ? "KR-A" : "KR-B"),
        .place = {RADAR_DEG[radar][0] * WLK_DEG, RADAR_DEG[radar][1] * WLK_DEG, 100},
        .number = number,
        .time = utc_of(at_s),
        .revisit_s = REVISIT_S,
        .range_sigma_m = 40,
        .elevation_sigma_rad = 0.05 * WLK_DEG};
}

static bool look(struct object *one, double at_s, double detection, struct wlk_random *random,
                 struct wlk_plot *out)
{
    double position[3];
    bool is_detected = wlk_random_uniform(random) < detection;
    if (!place_of(one, at_s, position))
        return false;
    out->seen =
        wlk_polar_from_ecef(out->place, (wlk_ecef){position[0], position[1], position[2]});
    if (out->seen.elevation_rad < 2 * WLK_DEG || out->seen.range_m > 800e3 || !is_detected)
        return false;
    out->azimuth_sigma_rad =
        out->elevation_sigma_rad / fmax(cos(out->seen.elevation_rad), 0.05);
    out->seen.range_m += out->range_sigma_m * wlk_random_normal(random);
    out->seen.azimuth_rad += out->azimuth_sigma_rad * wlk_random_normal(random);
    out->seen.elevation_rad += out->elevation_sigma_rad * wlk_random_normal(random);
    one->plots++;
    if (one->plots <= 3)
        one->seen_from_s = at_s;
    one->seen_to_s = at_s;
    return true;
}

/* False plots: even over the sky that the raid crosses. */
static void false_plot(struct wlk_random *random, struct wlk_plot *out)
{
    out->seen.range_m = 150e3 + 450e3 * wlk_random_uniform(random);
    out->seen.azimuth_rad = (-30 + 110 * wlk_random_uniform(random)) * WLK_DEG;
    out->seen.elevation_rad = (2 + 20 * wlk_random_uniform(random)) * WLK_DEG;
    out->azimuth_sigma_rad = out->elevation_sigma_rad;
}

static int by_time(const void *a, const void *b)
{
    const struct wlk_plot *x = a, *y = b;
    if (x->time.ns != y->time.ns)
        return x->time.ns < y->time.ns ? -1 : 1;
    return memcmp(x->sensor.text, y->sensor.text, sizeof x->sensor.text);
}

static void add_false(const struct plan *plan, int radar, double at_s,
                      struct wlk_random *random, size_t *count)
{
    double left = plan->clutter; /* a Poisson number by its arrivals */
    for (left += log(1 - wlk_random_uniform(random)); left > 0 && *count < PLOTS_MAX;
         left += log(1 - wlk_random_uniform(random))) {
        plots[*count] = plot_of(radar, at_s, *count);
        false_plot(random, &plots[(*count)++]);
    }
}

static size_t draw(const struct plan *plan, uint64_t seed)
{
    struct wlk_random random = wlk_random_seeded(seed, 3);
    size_t count = 0;
    double end_s = flight.flight_time_s + plan->stagger_s * plan->objects;
    double along_m = 0;
    for (int k = 0; k < plan->objects; k++) {
        /* launchers stand as the roads do: gaps from half to one and a half of the mean */
        object[k] = (struct object){.turn_rad = along_m / (WLK_WGS84_A * cos(39 * WLK_DEG)),
                                    .launch_s = plan->stagger_s * k};
        along_m += plan->spacing_m * (0.5 + wlk_random_uniform(&random));
    }
    for (int radar = 0; radar < RADARS; radar++) {
        double phase_s = REVISIT_S * wlk_random_uniform(&random);
        for (double at_s = phase_s; at_s < end_s; at_s += REVISIT_S) {
            for (int k = 0; k < plan->objects && count < PLOTS_MAX; k++) {
                /* the beam comes to one after the other */
                double own_s = at_s + 0.2 * k / plan->objects;
                plots[count] = plot_of(radar, own_s, count);
                count += look(&object[k], own_s, plan->detection, &random, &plots[count]);
            }
            add_false(plan, radar, at_s, &random, &count);
        }
    }
    qsort(plots, count, sizeof plots[0], by_time);
    return count;
}

/* ---- the judge ------------------------------------------------------------------------- */

/* Prices and matching of the assignment; columns beyond the last are the root of a search. */
static struct {
    double u[OBJECTS_MAX], v[COLUMNS_MAX + 1], least[COLUMNS_MAX + 1];
    int row_of[COLUMNS_MAX + 1], way[COLUMNS_MAX + 1];
    bool used[COLUMNS_MAX + 1];
} hand;

/* The unused column with the least reduced cost from this row, through what was found before.
 */
static int nearest_column(int at, int columns, double *delta)
{
    int row = hand.row_of[at], next = -1;
    *delta = HUGE_VAL;
    for (int j = 0; j < columns; j++) {
        if (hand.used[j])
            continue;
        double reduced = cost[row][j] - hand.u[row] - hand.v[j];
        if (reduced < hand.least[j]) {
            hand.least[j] = reduced;
            hand.way[j] = at;
        }
        if (hand.least[j] < *delta) {
            *delta = hand.least[j];
            next = j;
        }
    }
    return next;
}

static void place_row(int row, int columns)
{
    int at = columns;
    hand.row_of[columns] = row;
    for (int j = 0; j <= columns; j++) {
        hand.least[j] = HUGE_VAL;
        hand.used[j] = false;
    }
    while (hand.row_of[at] >= 0) {
        double delta;
        hand.used[at] = true;
        int next = nearest_column(at, columns, &delta);
        for (int j = 0; j <= columns; j++) {
            if (hand.used[j]) {
                hand.u[hand.row_of[j]] += delta;
                hand.v[j] -= delta;
            } else
                hand.least[j] -= delta;
        }
        at = next;
    }
    for (; at != columns; at = hand.way[at])
        hand.row_of[at] = hand.row_of[hand.way[at]];
}

/* Gives each row a column so that the sum of cost is least, rows <= columns (the Hungarian
 * method with prices [Kuhn 1955, Munkres 1957]; the tracker's own is not asked). hand.row_of:
 * the row of each column, -1 for none. */
static void assign(int rows, int columns)
{
    memset(&hand, 0, sizeof hand);
    for (int j = 0; j <= columns; j++)
        hand.row_of[j] = -1;
    for (int i = 0; i < rows; i++)
        place_row(i, columns);
}

/* Where a track says its object is now: straight on from its state, which is under 2 s old. */
static void carry(const struct wlk_state *state, wlk_utc now, double out[3])
{
    double dt = wlk_utc_seconds(now, state->epoch);
    for (int i = 0; i < 3; i++)
        out[i] = state->position_m[i] + dt * state->velocity_mps[i] -
                 0.5 * dt * dt * 9.0 * state->position_m[i] / WLK_WGS84_A;
}

static void judge(const struct wlk_book *book, const struct plan *plan, double at_s,
                  struct outcome *out)
{
    static double truth[OBJECTS_MAX][3], told[WLK_OBJECTS_MAX][3];
    int rows = 0, tracks = 0, pairs = 0;
    double located2 = 0;
    for (int k = 0; k < plan->objects; k++)
        if (object[k].plots >= 3 && at_s >= object[k].seen_from_s &&
            at_s <= object[k].seen_to_s + GONE_S && place_of(&object[k], at_s, truth[rows]))
            rows++;
    for (size_t i = 0; i < wlk_book_count(book); i++) {
        const struct wlk_track *track = wlk_book_track(book, i);
        if (track->is_confirmed && !track->is_ended &&
            wlk_utc_seconds(utc_of(at_s), track->last_measurement) <= 2 * GONE_S)
            carry(&track->state, utc_of(at_s), told[tracks++]);
    }
    if (rows == 0)
        return;
    int columns = tracks + rows; /* a column of its own: missed */
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++) {
            double apart2 = CUT_OFF_M * CUT_OFF_M;
            if (c < tracks) {
                apart2 = 0;
                for (int i = 0; i < 3; i++)
                    apart2 += pow(truth[r][i] - told[c][i], 2);
            }
            cost[r][c] = fmin(apart2, CUT_OFF_M * CUT_OFF_M);
        }
    assign(rows, columns);
    for (int c = 0; c < tracks; c++)
        if (hand.row_of[c] >= 0 && cost[hand.row_of[c]][c] < CUT_OFF_M * CUT_OFF_M) {
            pairs++;
            located2 += cost[hand.row_of[c]][c];
        }
    double half = CUT_OFF_M * CUT_OFF_M / 2;
    out->gospa2 += located2 + half * (rows - pairs) + half * (tracks - pairs);
    out->located2 += located2;
    out->missed += half * (rows - pairs);
    out->ghosts += half * (tracks - pairs);
    out->missed_count += rows - pairs;
    out->ghost_count += tracks - pairs;
    out->pair_count += pairs;
    out->moments++;
    out->worst_excess = fmax(out->worst_excess, tracks - rows);
}

/* What an operator is told when the last has been seen for a while: all tracks that have been
 * confirmed or may be are one salvo. */
static struct wlk_salvo_count count_of(const struct wlk_book *book, wlk_utc now)
{
    static const struct wlk_track *track[WLK_OBJECTS_MAX];
    static struct wlk_book_plot late[LATE_MAX];
    size_t count = 0, plot_count = wlk_book_plots(book, wlk_utc_add(now, -WLK_SALVO_WINDOW_S),
                                                  now, late, LATE_MAX);
    for (size_t i = 0; i < wlk_book_count(book); i++)
        track[count++] = wlk_book_track(book, i);
    return wlk_salvo_count_seen(track, count, late, plot_count, now, NULL);
}

static void run(const struct plan *plan, uint64_t seed, struct outcome *out)
{
    struct wlk_book *book = NULL;
    size_t count = draw(plan, seed);
    double next_s = 0, last_rise_s = 0, counted_s;
    if (wlk_book_open(&book) != WLK_OK)
        exit(1);
    for (int k = 0; k < plan->objects; k++)
        last_rise_s = fmax(last_rise_s, object[k].seen_from_s);
    counted_s = last_rise_s + 30; /* when an operator would be asked how many */
    out->truth = plan->objects;
    for (size_t i = 0; i < count; i++) {
        double at_s = wlk_utc_seconds(plots[i].time, utc_of(0));
        while (next_s <= at_s) {
            wlk_book_advance(book, utc_of(next_s));
            judge(book, plan, next_s, out);
            if (!out->is_counted && next_s >= counted_s) {
                out->is_counted = true;
                out->counted = count_of(book, utc_of(next_s));
            }
            next_s += JUDGE_S;
        }
        (void)wlk_book_take(book, &plots[i]);
    }
    wlk_book_close(book);
}

/* ---- the table ------------------------------------------------------------------------- */

/* The rate's interval of 0.95 goes to ends, parts of one. */
static void interval(int hits, int of, double ends[2])
{
    const double z2 = 1.96 * 1.96, n = of, p = hits / n;
    double middle = p + z2 / (2 * n), half = sqrt(z2 * (p * (1 - p) / n + z2 / (4 * n * n)));
    ends[0] = (middle - half) / (1 + z2 / n);
    ends[1] = (middle + half) / (1 + z2 / n);
}

static void tell(const struct plan *plan, int seeds)
{
    double gospa = 0, located2 = 0, missed = 0, ghosts = 0, pairs = 0, ends[2];
    int right = 0, within = 0, low = OBJECTS_MAX, high = 0;
    for (int seed = 1; seed <= seeds; seed++) {
        struct outcome out = {.moments = 0};
        run(plan, (uint64_t)seed, &out);
        gospa += sqrt(out.gospa2 / out.moments);
        located2 += out.located2;
        pairs += out.pair_count;
        missed += (double)out.missed_count / out.moments;
        ghosts += (double)out.ghost_count / out.moments;
        int least = (int)out.counted.least, most = (int)out.counted.most;
        right += least == out.truth;
        within += least <= out.truth && out.truth <= most;
        low = least < low ? least : low;
        high = most > high ? most : high;
    }
    interval(right, seeds, ends);
    printf("| %s | %d | %.0f | %.0f | %.2f | %.2f | %d-%d | %d of %d (%.2f-%.2f) | %d |\n",
           plan->words, plan->objects, gospa / seeds, sqrt(located2 / fmax(pairs, 1)),
           missed / seeds, ghosts / seeds, low, high, right, seeds, ends[0], ends[1], within);
}

int main(int argc, char **argv)
{
    struct wlk_fault fault = {.line = 0};
    const int plans = sizeof PLANS / sizeof PLANS[0];
    long at = argc == 4 ? strtol(argv[2], NULL, 10) : 1;
    long seeds = argc == 4 ? strtol(argv[3], NULL, 10) : 1;
    if ((argc != 2 && argc != 4) || at < 1 || at > plans || seeds < 1 || seeds > 10000) {
        fprintf(stderr, "usage: raid HISTORY [ROW SEEDS]\n");
        return 2;
    }
    if (wlk_history_read(argv[1], &history, &fault) != WLK_OK) {
        char line[300];
        wlk_fault_line(&fault, line, sizeof line);
        fprintf(stderr, "raid: %s\n", line);
        return 1;
    }
    if (argc == 2) {
        printf("%d\n", plans);
        return 0;
    }
    const struct plan *plan = &PLANS[at - 1];
    const struct wlk_history_row *row = wlk_history_find(&history, plan->launch);
    if (!row || wlk_history_flight(row, &flight, &fault) != WLK_OK) {
        fprintf(stderr, "raid: no flight of %s\n", plan->launch);
        return 1;
    }
    tell(plan, (int)seeds);
    return 0;
}
