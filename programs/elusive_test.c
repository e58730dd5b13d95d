/* elusive_test.c -- bodies that pull up (lift 1.2 times their drag) and glide (2.5 times), from
 * 20-60 km and from hundreds of km towards the radars of KR, where they skip out of the air and
 * out of sight: noticed, told with their doubt, never a firm point that is wrong; and what is
 * seen for a moment only. All figures are ASSUMPTIONS.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/statistics/draw.h"

#include "base/assert.h"
#include "base/tap.h"
#include "earth/geodesic.h"
#include "programs/share.h"
#include "tracking/book.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Of those from 20-60 km; and of those from some hundreds of km, half of which are not seen
 * once they lift. */
enum { LOW_FLIGHTS = 6, HIGH_FLIGHTS = 24 };

/* The air begins to matter: lift over this, m/s^2; and the tracker has so long to notice. */
static const double LIFT_MPS2 = 5, NOTICE_S = 10;
/* Towards the radars of KR, which see it down to some kilometres. */
static const double TOWARDS_RAD = 170 * WLK_DEG;
/* Squared sigmas, two degrees of freedom: once in 100,000. */
static const double WRONG = 23;
/* Between the plots before a silence: three to eight at once tell of no impact anyhow. */
static const double SPACING_S = 5;

/* Of two behind each other the first falls silent so long before the ground, in the air. */
static const double SILENT_BEFORE_S = 60;

static struct wlk_draw_sites sites;
static struct wlk_drawn drawn;
static struct wlk_draw_look looks[WLK_DRAW_LOOKS_MAX];

/* What came of one flight. */
struct outcome {
    bool is_seen;         /* by two looks after the lift began and the time to notice */
    double lift_s;        /* when the lift passed LIFT_MPS2, s from launch */
    double noticed_s;     /* after that; HUGE_VAL never */
    double firm_s;        /* firm and wrong, looked at twice since the time to notice */
    double silent_s;      /* the same, not looked at since: the record tells its age */
    double firm_before_s; /* and before: nobody can know what it will do */
};

/* Flies a drawn rocket again with a body that lifts from the top on. */
static wlk_status fly(enum wlk_draw_class kind, uint64_t number, double lift_to_drag)
{
    WLK_TRY(wlk_draw_flight(kind, number, &drawn));
    drawn.rocket.azimuth_rad = TOWARDS_RAD;
    drawn.rocket.lift_to_drag = lift_to_drag;
    drawn.rocket.lift_from_s = drawn.flight.apogee_time_s;
    wlk_geodetic from = drawn.flight.launch;
    return wlk_truth_fly(&drawn.rocket, from, &drawn.flight);
}

/* When the body's turn off free flight passes the bound: by the nodes' accelerations square to
 * the velocity, against those of the same heights on the way up. */
static double lift_begins(void)
{
    const struct wlk_flight *flight = &drawn.flight;
    for (size_t i = 0; i < flight->node_count; i++) {
        const struct wlk_flight_node *node = &flight->node[i];
        const double *x = node->position_m, *v = node->velocity_mps;
        double r = sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]), rise = 0, speed2 = 0, up = 0;
        for (int k = 0; k < 3; k++) {
            rise += x[k] / r * v[k];
            speed2 += v[k] * v[k];
        }
        double length = sqrt(1 - rise * rise / speed2);
        for (int k = 0; k < 3; k++)
            up += node->acceleration_mps2[k] * (x[k] / r - rise / speed2 * v[k]) / length;
        if (node->t_s > drawn.rocket.lift_from_s && up + 9.8 * length > LIFT_MPS2)
            return node->t_s;
    }
    return flight->flight_time_s;
}

/* Firm: no doubt, and of some use. Wrong: beyond what its ellipse says. */
static bool is_firm_and_wrong(const struct wlk_track *track)
{
    if (!track->has_impact || track->is_ended || track->condition == WLK_CONDITION_LOST ||
        track->impact.doubt != WLK_DOUBT_NONE)
        return false;
    const struct wlk_point *point = &track->impact.point;
    const double(*P)[3] = point->covariance;
    struct wlk_geodesic line = wlk_geodesic_between(point->place, drawn.flight.impact);
    double e = line.distance_m * sin(line.azimuth_rad);
    double n = line.distance_m * cos(line.azimuth_rad);
    double det = P[0][0] * P[1][1] - P[0][1] * P[0][1];
    return (P[1][1] * e * e - 2 * P[0][1] * e * n + P[0][0] * n * n) / det > WRONG;
}

static const struct wlk_track *main_track(const struct wlk_book *book)
{
    const struct wlk_track *best = NULL;
    for (size_t i = 0; i < wlk_book_count(book); i++) {
        const struct wlk_track *track = wlk_book_track(book, i);
        if (!best || track->last_measurement.ns > best->last_measurement.ns ||
            (track->last_measurement.ns == best->last_measurement.ns &&
             track->plot_count > best->plot_count))
            best = track;
    }
    return best;
}

static void follow(const char *subset, size_t count, struct outcome *out)
{
    struct wlk_book *book;
    size_t next = 0;
    int after = 0;
    *out = (struct outcome){.lift_s = lift_begins(), .noticed_s = HUGE_VAL};
    if (wlk_book_open(&book) != WLK_OK)
        return;
    for (double now = 0; now < drawn.flight.flight_time_s; now++) {
        for (; next < count && wlk_draw_seconds(looks[next].plot.time) <= now + 1; next++) {
            if (!strstr(subset, sites.site[looks[next].site].owner.text))
                continue;
            after += now > out->lift_s + NOTICE_S;
            (void)wlk_book_take(book, &looks[next].plot);
        }
        wlk_book_advance(book, wlk_draw_time(now + 1));
        const struct wlk_track *track = main_track(book);
        if (!track)
            continue;
        bool doubts = track->has_impact && track->impact.doubt == WLK_DOUBT_MANOEUVRE;
        if (now > out->lift_s && doubts && isinf(out->noticed_s))
            out->noticed_s = now - out->lift_s;
        bool wrong = is_firm_and_wrong(track);
        if (after >= 2)
            out->firm_s += wrong;
        else if (now > out->lift_s + NOTICE_S)
            out->silent_s += wrong;
        else
            out->firm_before_s += wrong;
    }
    out->is_seen = after >= 2;
    wlk_book_close(book);
}

/* silent_max_s  firm and wrong, out of sight: 0, or what is known and not yet better. */
static void check(const char *words, enum wlk_draw_class kind, int flights,
                  double lift_to_drag, double silent_max_s)
{
    int seen = 0, noticed = 0;
    double firm_s = 0, silent_s = 0;
    for (int i = 1; i <= flights; i++) {
        struct outcome outcome;
        if (fly(kind, (uint64_t)i, lift_to_drag) != WLK_OK)
            continue;
        size_t count = wlk_draw_looks(&sites, &drawn, (uint64_t)i, 1, looks);
        follow("KR JP US", count, &outcome);
        seen += outcome.is_seen;
        noticed += outcome.is_seen && outcome.noticed_s < HUGE_VAL;
        firm_s += outcome.firm_s;
        silent_s += outcome.silent_s;
        printf("# %s %d: lift from %.0f of %.0f s, range %.0f km, noticed after %.0f s; firm "
               "and wrong for %.0f s before, %.0f s after, %.0f s out of sight\n",
               words, i, outcome.lift_s, drawn.flight.flight_time_s,
               drawn.flight.range_m / 1e3, outcome.noticed_s, outcome.firm_before_s,
               outcome.firm_s, outcome.silent_s);
    }
    wlk_check(seen >= flights / 2, "%s: %d of %d flights are seen to do it", words, seen,
              flights);
    wlk_check(noticed == seen, "all %d are told with the doubt MANOEUVRE", noticed);
    wlk_check(firm_s == 0 && silent_s <= silent_max_s,
              "no firm point is wrong after %.0f s to notice (%.0f s; out of sight %.0f s)",
              NOTICE_S, firm_s, silent_s);
}

static bool has_same(const struct wlk_book *book, const struct wlk_track *track)
{
    for (size_t i = 0; i < wlk_book_count(book); i++) {
        const struct wlk_track *other = wlk_book_track(book, i);
        if (other->plot_count == track->plot_count && other->has_impact == track->has_impact &&
            other->impact.doubt == track->impact.doubt &&
            memcmp(&other->state, &track->state, sizeof other->state) == 0)
            return true;
    }
    return false;
}

/* The plots of its fall into the air come after those of its new track, which then learns what
 * it goes on: as if all had come in order. */
static void check_late(void)
{
    const double held_s[2] = {-40, 20}, end_s = 75; /* after the lift began */
    struct wlk_book *straight, *late;
    size_t same = 0, doubted = 0;
    if (fly(WLK_DRAW_MEDIUM, 4, 2.5) != WLK_OK || wlk_book_open(&straight) != WLK_OK)
        return;
    if (wlk_book_open(&late) != WLK_OK) {
        wlk_book_close(straight);
        return;
    }
    size_t count = wlk_draw_looks(&sites, &drawn, 4, 1, looks);
    for (int is_held = 0; is_held < 2; is_held++)
        for (size_t i = 0; i < count; i++) {
            double t = wlk_draw_seconds(looks[i].plot.time) - lift_begins();
            if (t > end_s)
                break;
            if (is_held == (t > held_s[0] && t < held_s[1]))
                (void)wlk_book_take(late, &looks[i].plot);
            if (!is_held)
                (void)wlk_book_take(straight, &looks[i].plot);
        }
    wlk_utc now = wlk_draw_time(lift_begins() + end_s);
    wlk_book_advance(straight, now);
    wlk_book_advance(late, now);
    for (size_t i = 0; i < wlk_book_count(straight); i++) {
        const struct wlk_track *track = wlk_book_track(straight, i);
        same += has_same(late, track);
        doubted += track->has_impact && track->impact.doubt == WLK_DOUBT_MANOEUVRE;
    }
    wlk_check(same == wlk_book_count(straight) && same == wlk_book_count(late) && doubted == 1,
              "its fall told late: the same %zu tracks to the bit, %zu doubted", same, doubted);
    wlk_book_close(straight);
    wlk_book_close(late);
}

/* Of two that fall freely behind each other the first is silent, and the second is first seen
 * 6 s behind it, where what broke would be: it falls, so it inherits nothing. */
static void check_follower(void)
{
    const int64_t behind_ns = 6 * (int64_t)1000000000;
    int firm = 0, doubted = 0;
    for (uint64_t i = 1; i <= LOW_FLIGHTS; i++) {
        struct wlk_book *book;
        if (fly(WLK_DRAW_SHORT, i, 0) != WLK_OK || wlk_book_open(&book) != WLK_OK)
            return;
        size_t count = wlk_draw_looks(&sites, &drawn, i, 1, looks);
        double silent_s = drawn.flight.flight_time_s - SILENT_BEFORE_S;
        for (size_t k = 0; k < count; k++) {
            struct wlk_plot plot = looks[k].plot;
            if (wlk_draw_seconds(plot.time) > silent_s)
                plot.time.ns += behind_ns;
            (void)wlk_book_take(book, &plot);
            wlk_book_advance(book, plot.time);
            const struct wlk_track *track = main_track(book);
            if (!track || wlk_draw_seconds(track->first_plot) < silent_s || !track->has_impact)
                continue;
            firm += track->impact.doubt == WLK_DOUBT_NONE;
            doubted += track->impact.doubt == WLK_DOUBT_MANOEUVRE;
        }
        wlk_book_close(book);
    }
    wlk_check(firm > 0 && doubted == 0,
              "who falls behind one that fell silent is firm (%d looks), not doubted (%d)",
              firm, doubted);
}

/* So many plots from well after burnout, then silence: is a firm point told while it is silent,
 * when is it LOST, and does each impact say how old its data are? */
static void check_silence(size_t plots)
{
    struct wlk_book *book;
    size_t taken = 0;
    int firm = 0, wrong_age = 0;
    double lost_s = HUGE_VAL, last_s = 0;
    if (wlk_draw_flight(WLK_DRAW_SHORT, 3, &drawn) != WLK_OK || wlk_book_open(&book) != WLK_OK)
        return;
    size_t count = wlk_draw_looks(&sites, &drawn, 3, 1, looks);
    for (size_t i = 0; i < count && taken < plots; i++) {
        double t = wlk_draw_seconds(looks[i].plot.time);
        if (t < drawn.flight.burnout_s + 40 || (taken > 0 && t < last_s + SPACING_S))
            continue;
        taken += wlk_book_take(book, &looks[i].plot) == WLK_OK;
        last_s = t;
    }
    for (double by = 1; by < 120; by++) {
        wlk_book_advance(book, wlk_draw_time(last_s + by));
        for (size_t i = 0; i < wlk_book_count(book); i++) {
            const struct wlk_track *track = wlk_book_track(book, i);
            firm += track->has_impact && track->condition != WLK_CONDITION_MEASURED;
            wrong_age += track->has_impact &&
                         track->impact.last_measurement.ns != wlk_draw_time(last_s).ns;
            if (track->condition == WLK_CONDITION_LOST)
                lost_s = fmin(lost_s, by);
        }
    }
    wlk_check(taken == plots && (firm == 0) == (plots <= 8) && wrong_age == 0,
              "%zu plots and silence: a point stands for %d s, none hides its age (%d)", plots,
              firm, wrong_age);
    wlk_check(lost_s > 29 && lost_s < 33, "LOST after %.0f s", lost_s);
    wlk_book_close(book);
}

int main(void)
{
    char folder[1024], file[1100];
    bool is_found = wlk_share_path("sensors", folder, sizeof folder) == WLK_OK;
    snprintf(file, sizeof file, "%s/sites.txt", is_found ? folder : ".");
    if (!wlk_check(wlk_draw_sites_read(file, &sites) == WLK_OK, "the sites can be read"))
        return wlk_tap_done();
    check("pulls up", WLK_DRAW_LOW, LOW_FLIGHTS, 1.2, 0);
    check("glides", WLK_DRAW_LOW, LOW_FLIGHTS, 2.5, 0);
    check("skips", WLK_DRAW_MEDIUM, HIGH_FLIGHTS, 2.5, 160);
    check_late();
    check_follower();
    for (size_t plots = 3; plots <= 9; plots++)
        check_silence(plots);
    return wlk_tap_done();
}
