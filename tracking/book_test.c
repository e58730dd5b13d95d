/* book_test.c -- whole flights through the book: one, two, thirty; late plots; things that are
 * no missiles. SPDX-License-Identifier: Apache-2.0 */
#include "tracking/book.h"
#include "tracking/watch_for_test.h"

#include "base/tap.h"
#include "earth/geodesic.h"

#include <stdio.h>

static struct flight flight, second, raid[30];
static struct wlk_plot plots[40000];

static struct wlk_book *open_book(void)
{
    struct wlk_book *book = NULL;
    if (wlk_book_open(&book) != WLK_OK)
        exit(1);
    return book;
}

static void feed(struct wlk_book *book, const struct wlk_plot *plot, size_t count)
{
    for (size_t i = 0; i < count; i++)
        (void)wlk_book_take(book, &plot[i]);
}

static bool is_inside(const struct wlk_point *point, wlk_geodetic truth)
{
    struct wlk_geodesic line = wlk_geodesic_between(point->place, truth);
    double e = line.distance_m * sin(line.azimuth_rad),
           n = line.distance_m * cos(line.azimuth_rad);
    const double(*P)[3] = point->covariance;
    double det = P[0][0] * P[1][1] - P[0][1] * P[0][1];
    return (P[1][1] * e * e - 2 * P[0][1] * e * n + P[0][0] * n * n) / det < 5.991;
}

/* The acceptance: ellipse and error at burnout + 60 s or 5 min before impact. */
static void check_flights(enum test_flight_kind kind, const char *owners, double error_max_m)
{
    enum { RUNS = 16 };
    double error[RUNS], when;
    int inside = 0, seen = 0, ghosts = 0, confirmed = 0;
    struct flight_plan plan = test_plan(kind);
    test_fly(&plan, &flight);
    when = fmax(flight.burnout_s + 60, flight.impact_s - 300);
    for (int run = 0; run < RUNS; run++) {
        const double span[2] = {0, when};
        struct wlk_book *book = open_book();
        size_t count = watch(&flight, owners, (uint64_t)run + 100, span, 40000, plots);
        feed(book, plots, count);
        wlk_book_advance(book, wlk_utc_add(TEST_LAUNCH, when));
        for (size_t i = 0; i < wlk_book_count(book); i++) {
            const struct wlk_track *track = wlk_book_track(book, i);
            confirmed += track->is_confirmed;
            ghosts += !track->is_confirmed && !track->is_ended;
            if (!track->is_confirmed || !track->has_impact)
                continue;
            error[seen++] =
                wlk_geodesic_between(track->impact.point.place, flight.impact).distance_m;
            inside += is_inside(&track->impact.point, flight.impact);
        }
        wlk_book_close(book);
    }
    double sum = 0;
    for (int i = 0; i < seen; i++)
        sum += error[i] / seen;
    wlk_check(confirmed == RUNS && seen == RUNS && ghosts == 0,
              "flight %d, %s: one track each (%d confirmed, %d with impact, %d ghosts)", kind,
              owners, confirmed, seen, ghosts);
    wlk_check(sum < error_max_m, "mean impact error %.2f km %.0f s after launch", sum / 1e3,
              when);
    wlk_check(inside >= RUNS * 34 / 40, "%d of %d inside the 95 %% ellipse", inside, (int)RUNS);
}

/* All that plots decide. */
static bool is_same_flight(const struct wlk_track *a, const struct wlk_track *b)
{
    return memcmp(&a->state, &b->state, sizeof a->state) == 0 &&
           a->first_plot.ns == b->first_plot.ns && a->plot_count == b->plot_count &&
           a->last_measurement.ns == b->last_measurement.ns &&
           a->is_confirmed == b->is_confirmed && a->has_burnout == b->has_burnout &&
           a->burnout.ns == b->burnout.ns;
}

/* And the launch point: all that is shown but the numbering. */
static bool is_same(const struct wlk_track *a, const struct wlk_track *b)
{
    return is_same_flight(a, b) && a->has_launch == b->has_launch &&
           memcmp(&a->launch.point, &b->launch.point, sizeof a->launch.point) == 0;
}

/* Each plot late by up to late_s, some told twice. */
static void check_late(double late_s, double to_s)
{
    static double key[40000];
    static size_t order[40000];
    struct flight_plan plan = test_plan(TEST_SHORT);
    const double span[2] = {0, to_s};
    struct wlk_random random = wlk_random_seeded(8, 8);
    test_fly(&plan, &flight);
    size_t count = watch(&flight, "KR,JP,US", 9, span, 40000, plots);
    for (size_t i = 0; i < count; i++) {
        key[i] = watch_s(plots[i].time) + late_s * wlk_random_uniform(&random);
        size_t at = i;
        for (; at > 0 && key[order[at - 1]] > key[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    struct wlk_book *straight = open_book(), *late = open_book();
    uint32_t number = 0;
    bool keeps_number = true;
    for (size_t i = 0; i < count; i++) {
        (void)wlk_book_take(straight, &plots[i]);
        wlk_status first = wlk_book_take(late, &plots[order[i]]);
        wlk_status again = wlk_book_take(late, &plots[order[i]]);
        keeps_number = keeps_number && first == WLK_OK && again == WLK_KNOWN;
        if (wlk_book_count(late) == 1) {
            uint32_t own = wlk_book_track(late, 0)->object;
            keeps_number = keeps_number && (number == 0 || number == own);
            number = own;
        }
    }
    const struct wlk_book_counters *counters = wlk_book_counters(late);
    wlk_book_advance(straight, wlk_utc_add(plots[count - 1].time, 3));
    wlk_book_advance(late, wlk_utc_add(plots[count - 1].time, 3));
    wlk_check(wlk_book_count(straight) == 1 && wlk_book_count(late) == 1,
              "late by up to %g s: one object", late_s);
    wlk_check(is_same(wlk_book_track(straight, 0), wlk_book_track(late, 0)),
              "and the same track to the bit (%zu plots, %zu late)", count,
              (size_t)counters->late);
    wlk_check(counters->doubled == count, "each doubled plot is known and counted");
    if (late_s < 1) /* else pieces of it may have been two objects for a while */
        wlk_check(keeps_number, "and the object keeps its number");
    wlk_book_close(straight);
    wlk_book_close(late);
}

/* The same for a raid of ten, 3 km and 2 s apart: what a late plot changes is done again, and
 * nothing else needs to be. (A ghost whose launch cannot be fitted keeps the point of the last
 * fit that could: that depends on what came first.) */
static bool is_among(const struct wlk_track *track, const struct wlk_book *book)
{
    for (size_t i = 0; i < wlk_book_count(book); i++)
        if (is_same_flight(track, wlk_book_track(book, i)))
            return true;
    return false;
}

static void check_late_raid(double late_s)
{
    enum { OBJECTS = 10 };
    static double key[40000];
    static size_t order[40000];
    struct flight_plan plan = test_plan(TEST_SHORT);
    struct wlk_random random = wlk_random_seeded(8, 9);
    wlk_geodetic home = plan.launch;
    const double span[2] = {0, 130};
    size_t count = 0, same = 0;
    for (int k = 0; k < OBJECTS; k++) {
        plan.launch = wlk_geodesic_from(home, 0.3, 3e3 * k);
        test_fly(&plan, &flight);
        size_t own = watch(&flight, "KR", (uint64_t)k + 1, span, 40000 - count, plots + count);
        for (size_t i = count; i < count + own; i++) {
            plots[i].time = wlk_utc_add(plots[i].time, 2.0 * k);
            plots[i].number += (uint64_t)k * 1000000;
        }
        count += own;
    }
    qsort(plots, count, sizeof *plots, watch_by_time);
    for (size_t i = 0; i < count; i++) {
        key[i] = watch_s(plots[i].time) + late_s * wlk_random_uniform(&random);
        size_t at = i;
        for (; at > 0 && key[order[at - 1]] > key[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    struct wlk_book *straight = open_book(), *late = open_book();
    for (size_t i = 0; i < count; i++) {
        (void)wlk_book_take(straight, &plots[i]);
        (void)wlk_book_take(late, &plots[order[i]]);
    }
    for (size_t i = 0; i < wlk_book_count(straight); i++)
        same += is_among(wlk_book_track(straight, i), late);
    const struct wlk_book_counters *counters = wlk_book_counters(late);
    wlk_check(same == wlk_book_count(straight) && same == wlk_book_count(late) &&
                  same >= OBJECTS,
              "raid, late by up to %g s: the same %zu tracks to the bit (%zu and %zu)", late_s,
              same, wlk_book_count(straight), wlk_book_count(late));
    wlk_check(counters->late > count / 4,
              "%zu of %zu plots were late, %zu done again for them", (size_t)counters->late,
              count, (size_t)counters->replayed);
    wlk_book_close(straight);
    wlk_book_close(late);
}

static void check_stale(void)
{
    struct wlk_book *book = open_book();
    struct wlk_plot bad = plots[0];
    wlk_check(wlk_book_take(book, &plots[200]) == WLK_OK, "a plot is taken");
    bad = plots[200];
    bad.time = wlk_utc_add(bad.time, -121);
    wlk_check(wlk_book_take(book, &bad) == WLK_STALE, "one 121 s older is stale");
    bad.time = plots[200].time;
    bad.seen.range_m = nan("");
    wlk_check(wlk_book_take(book, &bad) == WLK_BAD_INPUT, "NaN is refused");
    bad.seen.range_m = 1e5;
    bad.range_sigma_m = 0;
    wlk_check(wlk_book_take(book, &bad) == WLK_BAD_INPUT, "a sigma of nothing is refused");
    const struct wlk_book_counters *counters = wlk_book_counters(book);
    wlk_check(counters->stale == 1 && counters->unsound == 2 && counters->taken == 1,
              "and all are counted");
    wlk_book_close(book);
}

/* Two rise 5 km apart at the same time. */
static void check_two(void)
{
    int good = 0;
    enum { RUNS = 10 };
    struct flight_plan plan = test_plan(TEST_SHORT);
    test_fly(&plan, &flight);
    plan.launch = wlk_geodesic_from(plan.launch, 0, 5e3);
    test_fly(&plan, &second);
    for (int run = 0; run < RUNS; run++) {
        const double span[2] = {0, 200};
        size_t count = watch(&flight, "KR", (uint64_t)run + 1, span, 20000, plots);
        size_t more = watch(&second, "KR", (uint64_t)run + 1, span, 20000, plots + count);
        for (size_t i = count; i < count + more; i++)
            plots[i].number += 1000000;
        count += more;
        qsort(plots, count, sizeof *plots, watch_by_time);
        struct wlk_book *book = open_book();
        feed(book, plots, count);
        int found[2] = {0, 0}, confirmed = 0;
        for (size_t i = 0; i < wlk_book_count(book); i++) {
            const struct wlk_track *track = wlk_book_track(book, i);
            confirmed += track->is_confirmed;
            for (int k = 0; k < 2; k++) {
                double x[6], apart = 0;
                if (!test_state(k ? &second : &flight, watch_s(track->state.epoch), x))
                    continue;
                for (int j = 0; j < 3; j++)
                    apart += pow(x[j] - track->state.position_m[j], 2);
                found[k] += track->is_confirmed && apart < 1000.0 * 1000;
            }
        }
        good += confirmed == 2 && found[0] == 1 && found[1] == 1;
        wlk_book_close(book);
    }
    wlk_check(good >= RUNS - 1, "two objects 5 km apart stay two in %d of %d runs", good,
              (int)RUNS);
}

/* Thirty from places 2-20 km apart, some seconds after each other. */
static void check_raid(void)
{
    struct wlk_random random = wlk_random_seeded(21, 1);
    size_t count = 0;
    struct flight_plan plan = test_plan(TEST_SHORT);
    wlk_geodetic home = plan.launch;
    double delay[30];
    for (int k = 0; k < 30; k++) {
        plan.launch = wlk_geodesic_from(home, (k % 6) * WLK_PI / 3, 2e3 + 600.0 * k);
        plan.azimuth_rad = (85 + 10 * wlk_random_uniform(&random)) * WLK_DEG;
        test_fly(&plan, &raid[k]);
        delay[k] = floor(30 * wlk_random_uniform(&random));
        const double span[2] = {0, 170};
        size_t own = watch(&raid[k], "KR", 1, span, 40000 - count, plots + count);
        for (size_t i = count; i < count + own; i++) {
            plots[i].time = wlk_utc_add(plots[i].time, delay[k]);
            plots[i].number += (uint64_t)k * 1000000;
        }
        count += own;
    }
    qsort(plots, count, sizeof *plots, watch_by_time);
    struct wlk_book *book = open_book();
    feed(book, plots, count);
    int confirmed = 0, alone = 0;
    wlk_book_advance(book, plots[count - 1].time);
    for (size_t i = 0; i < wlk_book_count(book); i++) {
        const struct wlk_track *track = wlk_book_track(book, i);
        confirmed += track->is_confirmed && !track->is_ended;
    }
    for (int k = 0; k < 30; k++) {
        int own = 0;
        for (size_t i = 0; i < wlk_book_count(book); i++) {
            const struct wlk_track *track = wlk_book_track(book, i);
            double x[6], apart = 0;
            if (!test_state(&raid[k], watch_s(track->state.epoch) - delay[k], x))
                continue;
            for (int j = 0; j < 3; j++)
                apart += pow(x[j] - track->state.position_m[j], 2);
            own += track->is_confirmed && track->plot_count > 40 && apart < 500.0 * 500;
        }
        alone += own == 1;
    }
    wlk_check(alone >= 29, "raid of 30: %d have one good track (%d confirmed, %zu plots)",
              alone, confirmed, count);
    wlk_check(confirmed == 30, "and there are as many tracks as objects");
    wlk_book_close(book);
}

/* Plots of something that moves in a straight line over the ground, or stays in orbit. */
static size_t fake(const double start[6], bool is_orbit, uint64_t seed, struct wlk_plot *out)
{
    struct wlk_random random = wlk_random_seeded(seed, 2);
    const struct test_radar *radar = &TEST_RADARS[1];
    static struct flight path;
    path.count = 600;
    path.impact_s = 299;
    for (int i = 0; i < 600; i++) {
        double t = 0.5 * i;
        memcpy(path.x[i], start, sizeof path.x[i]);
        if (is_orbit) { /* a circle in the inertial frame, seen from the turning Earth */
            double w = sqrt(TEST_GM) / pow(hypot(hypot(start[0], start[1]), start[2]), 1.5);
            double r[3], v[3];
            for (int k = 0; k < 3; k++) {
                r[k] = start[k] * cos(w * t) + start[k + 3] / w * sin(w * t);
                v[k] = -start[k] * w * sin(w * t) + start[k + 3] * cos(w * t);
            }
            test_turn(t, r, path.x[i]);
            test_turn(t, v, path.x[i] + 3);
            path.x[i][3] += TEST_W * path.x[i][1];
            path.x[i][4] -= TEST_W * path.x[i][0];
        } else {
            for (int k = 0; k < 3; k++)
                path.x[i][k] += start[k + 3] * t;
        }
    }
    size_t count = 0;
    for (double t = 0; t < 299; t += 3)
        count += test_look(&path, radar, t, &random, &out[count]);
    return count;
}

static int confirmed_in(const struct wlk_plot *plot, size_t count)
{
    struct wlk_book *book = open_book();
    int confirmed = 0;
    feed(book, plot, count);
    for (size_t i = 0; i < wlk_book_count(book); i++)
        confirmed += wlk_book_track(book, i)->is_confirmed;
    wlk_book_close(book);
    return confirmed;
}

static void check_others(void)
{
    int aircraft = 0, satellites = 0;
    size_t plots_seen = 0;
    wlk_geodetic near = {39 * WLK_DEG, 139.5 * WLK_DEG, 12e3};
    for (uint64_t seed = 1; seed <= 20; seed++) {
        double x[6], r = 6378e3 + 500e3;
        wlk_ecef at = wlk_ecef_from_geodetic(near);
        memcpy(x, &at, sizeof at);
        wlk_ecef_from_enu(near, (wlk_enu){250, 50, 5}, x + 3);
        size_t count = fake(x, false, seed, plots);
        aircraft += confirmed_in(plots, count);
        plots_seen += count;
        double lat = 36 * WLK_DEG, lon = 135 * WLK_DEG, v = sqrt(TEST_GM / r);
        const double orbit[6] = {
            r * cos(lat) * cos(lon),  r * cos(lat) * sin(lon),  r * sin(lat),
            -v * sin(lat) * cos(lon), -v * sin(lat) * sin(lon), v * cos(lat)};
        count = fake(orbit, true, seed, plots);
        satellites += confirmed_in(plots, count);
        plots_seen += count;
    }
    wlk_check(plots_seen > 2000, "aircraft and satellites are seen (%zu plots)", plots_seen);
    wlk_check(aircraft == 0, "%d of 20 aircraft declared", aircraft);
    wlk_check(satellites == 0, "%d of 20 satellites declared", satellites);
}

/* Plots at random in the radar's volume, two a second for five minutes. */
static void check_clutter(void)
{
    struct wlk_random random = wlk_random_seeded(31, 1);
    size_t count = 0;
    for (double t = 0; t < 300; t += 0.5) {
        struct wlk_plot plot = {.sensor = wlk_name_of("JP-FPS5-SAD"),
                                .place = {38.2 * WLK_DEG, 138.4 * WLK_DEG, 100},
                                .number = count,
                                .time = wlk_utc_add(TEST_LAUNCH, t),
                                .range_sigma_m = 50,
                                .azimuth_sigma_rad = 0.05 * WLK_DEG,
                                .elevation_sigma_rad = 0.05 * WLK_DEG};
        plot.seen.range_m = 1e5 + 14e5 * wlk_random_uniform(&random);
        plot.seen.azimuth_rad = 2 * WLK_PI * wlk_random_uniform(&random);
        plot.seen.elevation_rad = (2 + 40 * wlk_random_uniform(&random)) * WLK_DEG;
        plots[count++] = plot;
    }
    struct wlk_book *book = open_book();
    feed(book, plots, count);
    wlk_book_advance(book, wlk_utc_add(TEST_LAUNCH, 330));
    int confirmed = 0;
    for (size_t i = 0; i < wlk_book_count(book); i++)
        confirmed += wlk_book_track(book, i)->is_confirmed;
    const struct wlk_book_counters *counters = wlk_book_counters(book);
    wlk_check(confirmed == 0, "%zu plots of clutter declare nothing", count);
    wlk_check(counters->full == 0 && counters->ended > 0, "and leave room (%zu births)",
              (size_t)counters->births);
    wlk_book_close(book);
}

/* The life of one track: suspected, confirmed, burnout, impact, coasted, ended. */
static void check_life(void)
{
    struct flight_plan plan = test_plan(TEST_SHORT);
    test_fly(&plan, &flight);
    const double span[2] = {0, 150};
    size_t count = watch(&flight, "KR", 2, span, 40000, plots);
    struct wlk_book *book = open_book();
    uint32_t revision = 0;
    bool is_rising = true, was_suspected = false, is_early = false;
    for (size_t i = 0; i < count; i++) {
        (void)wlk_book_take(book, &plots[i]);
        if (wlk_book_count(book) == 0)
            continue;
        const struct wlk_track *track = wlk_book_track(book, 0);
        is_rising = is_rising && track->revision > revision;
        revision = track->revision;
        was_suspected = was_suspected || (track->has_launch && !track->is_confirmed &&
                                          track->launch.status == WLK_LAUNCH_SUSPECTED);
        is_early = is_early || (track->has_impact && track->state.phase == WLK_PHASE_BOOST);
        wlk_book_advance(book, plots[i].time); /* makes what taking has put off */
    }
    const struct wlk_track *track = wlk_book_track(book, 0);
    wlk_check(is_rising, "the revision rises with each plot");
    wlk_check(was_suspected, "a launch is suspected before it is confirmed");
    wlk_check(!is_early, "there is no impact point while it thrusts");
    wlk_check(track->is_confirmed && track->launch.status != WLK_LAUNCH_SUSPECTED,
              "then the launch is confirmed");
    wlk_check_near(watch_s(track->burnout), flight.burnout_s, 3, "burnout is known");
    double heading = remainder(track->heading_rad - plan.azimuth_rad, 2 * WLK_PI);
    wlk_check(track->has_heading && fabs(heading) < 2 * WLK_DEG, "the heading is right");
    wlk_check(track->impact.track_s > 60 && track->condition == WLK_CONDITION_MEASURED,
              "the impact rests on %.0f s of track", track->impact.track_s);
    wlk_book_advance(book, wlk_utc_add(TEST_LAUNCH, 160));
    wlk_check(track->condition == WLK_CONDITION_COASTED, "10 s without a plot: coasted");
    wlk_book_advance(book, wlk_utc_add(TEST_LAUNCH, 190));
    wlk_check(track->condition == WLK_CONDITION_LOST &&
                  track->impact.condition == WLK_CONDITION_LOST,
              "40 s: lost, and the impact says so");
    wlk_check(!track->is_ended, "but it has not ended");
    wlk_book_advance(book, wlk_utc_add(TEST_LAUNCH, flight.impact_s + 40));
    wlk_check(track->is_ended, "after the impact it has ended");
    wlk_book_advance(book, wlk_utc_add(TEST_LAUNCH, flight.impact_s + 200));
    wlk_check(wlk_book_count(book) == 0, "and is gone in time");
    wlk_book_close(book);
}

int main(void)
{
    check_flights(TEST_MEDIUM, "JP", 20e3);
    check_flights(TEST_MEDIUM, "KR,JP,US", 5e3);
    check_flights(TEST_LOFTED, "JP", 20e3);
    check_flights(TEST_SHORT, "KR", 5e3);
    check_flights(TEST_LOW, "KR", 8e3);
    check_late(0.4, 400);
    check_late(20, 160);
    check_late_raid(0.4);
    check_late_raid(2);
    check_stale();
    check_life();
    check_two();
    check_raid();
    check_others();
    check_clutter();
    return wlk_tap_done();
}
