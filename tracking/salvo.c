/* salvo.c -- near in place and time; starved and counted.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/salvo.h"

#include "earth/geodesic.h"
#include "tracking/filter.h"

#include "base/limits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double NEAR_M = 50e3, NEAR_S = 120, SIGMAS = 2, SIGMA_MAX_M = 50e3;
/* Silent for so long while others are seen: three looks of a radar of 2 s. */
static const double SILENT_S = 6;
/* Launched at the same time, as far as the first plots tell. */
static const double TOGETHER_S = 5;
/* One that was followed for longer was an object. */
static const double FOLLOWED_S = 60;
/* Ghosts live so long before they starve (measured: tools/raid). */
static const double YOUNG_S = 8;
enum { MAYBE_PLOTS = 3, FEW_PLOTS = 8 /* of a track that has died: false ones */ };
/* A track of another's plots now and then: so small a part of what that one had meanwhile. */
static const double SPARSE = 0.45;

/* So many of its plots, and such a part of them, were others' first ones: it is made of these
 * (measured with tools/raid: of real objects' tracks next to none). */
enum { FIRSTS_MIN = 3 };
static const double FIRSTS = 0.25;

static double sigma_m(const struct wlk_point *point)
{
    return fmin(SIGMA_MAX_M, sqrt(fmax(point->covariance[0][0], point->covariance[1][1])));
}

bool wlk_salvo_is_near(const struct wlk_point *one, const struct wlk_point *other)
{
    double apart_m = wlk_geodesic_between(one->place, other->place).distance_m;
    double apart_s = fabs(wlk_utc_seconds(one->time, other->time));
    double slack_s = SIGMAS * sqrt(one->covariance[2][2] + other->covariance[2][2]);
    return apart_m <= NEAR_M + SIGMAS * hypot(sigma_m(one), sigma_m(other)) &&
           apart_s <= NEAR_S + fmin(slack_s, NEAR_S);
}

static bool is_rising(const struct wlk_track *track)
{
    const double *r = track->state.position_m, *v = track->state.velocity_mps;
    return r[0] * v[0] + r[1] * v[1] + r[2] * v[2] > 0;
}

static double rate_of(const struct wlk_track *track)
{
    double seen_s = wlk_utc_seconds(track->last_measurement, track->first_plot);
    return track->plot_count / fmax(seen_s, 1);
}

/* Is one a ghost beside the other, which has flown as long? */
static bool is_outlived(const struct wlk_track *one, const struct wlk_track *other)
{
    if (!other->is_confirmed ||
        wlk_utc_seconds(other->first_plot, one->first_plot) > TOGETHER_S)
        return false;
    double later_s = wlk_utc_seconds(other->last_measurement, one->last_measurement);
    return (later_s >= SILENT_S && is_rising(one)) ||
           (later_s >= -SILENT_S && rate_of(one) < SPARSE * rate_of(other));
}

static bool has_starved(const struct wlk_track *const track[], size_t count,
                        const struct wlk_track *one)
{
    bool has = one->firsts >= FIRSTS_MIN && one->firsts >= FIRSTS * one->plot_count;
    if (has || wlk_utc_seconds(one->last_measurement, one->first_plot) > FOLLOWED_S)
        return has;
    for (size_t i = 0; i < count; i++)
        has = has || is_outlived(one, track[i]);
    return has;
}

struct wlk_salvo_count wlk_salvo_count(const struct wlk_track *const track[], size_t count,
                                       wlk_utc now, bool sure[])
{
    struct wlk_salvo_count out = {0, 0};
    for (size_t i = 0; i < count; i++) {
        const struct wlk_track *one = track[i];
        double seen_s = wlk_utc_seconds(one->last_measurement, one->first_plot);
        bool has_gone = has_starved(track, count, one);
        bool is_young = seen_s < YOUNG_S || (one->is_ended && one->plot_count < FEW_PLOTS);
        bool is_sure = one->is_confirmed && !has_gone && (!is_young || count == 1);
        bool is_live =
            !one->is_ended && wlk_utc_seconds(now, one->last_measurement) <= SILENT_S;
        out.least += is_sure;
        if (sure)
            sure[i] = is_sure;
        out.most += is_sure || (is_live && one->plot_count >= MAYBE_PLOTS) ||
                    (one->is_confirmed && !has_gone);
    }
    if (out.least == 0 && out.most > 0)
        out.least = 1;
    return out;
}

/* ---- by what was seen of late --------------------------------------------------------- */

enum { CROWD = 4 /* fewer tell each other's share too badly */ };
/* Had so much of what the middle one had: an object. Two that share one have half each. */
static const double WHOLE = 0.6;
/* One that got plots so much more seldom than the middle one is made of false ones; two of a
 * crowd that share an object have half each. */
static const double FALSE_RATE = 0.25;
/* ln of the odds against each object more or less than the shares of tracks make. */
static const double APART_EACH = 0.35;
/* ln of the odds at which a number is no more among those that may be. */
static const double UNLIKELY = 1.5;
enum { LOOKS_MAX = 256 }; /* of all sensors, each at all objects, within the window */

/* A track of the crowd: confirmed, seen lately, and not followed for long. */
struct member {
    size_t index;
    uint32_t object, had; /* plots of late */
    bool is_silent, is_whole;
};

struct crowd {
    size_t count;
    struct member member[WLK_OBJECTS_MAX]; /* by object, then most plots first */
    int looks;
    uint32_t seen[LOOKS_MAX]; /* objects at each look */
    double shares;            /* objects by the tracks' shares */
};

static int by_had(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    if (x->had != y->had)
        return x->had < y->had ? 1 : -1;
    return (x->index > y->index) - (x->index < y->index);
}

static int by_object(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    return (x->object > y->object) - (x->object < y->object);
}

/* NULL: none of the crowd. While it stands in the order of objects. */
static struct member *member_of(struct crowd *crowd, uint32_t object)
{
    struct member key = {.object = object};
    return bsearch(&key, crowd->member, crowd->count, sizeof key, by_object);
}

static void gather(const struct wlk_track *const track[], size_t count,
                   const struct wlk_book_plot plot[], size_t plot_count, wlk_utc now,
                   struct crowd *out)
{
    out->count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct wlk_track *one = track[i];
        double silent_s = wlk_utc_seconds(now, one->last_measurement);
        bool is_followed = wlk_utc_seconds(one->last_measurement, one->first_plot) > FOLLOWED_S;
        if (one->is_confirmed && !is_followed && silent_s <= WLK_SALVO_WINDOW_S)
            out->member[out->count++] =
                (struct member){i, one->object, 0, silent_s > SILENT_S, false};
    }
    qsort(out->member, out->count, sizeof out->member[0], by_object);
    for (size_t i = 0; i < plot_count; i++) {
        struct member *one = member_of(out, plot[i].object);
        if (one)
            one->had++;
    }
}

static int by_rate(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Tracks of false plots are none of the crowd: what a sensor saw at once is held to be as many
 * objects. */
static void drop_false(const struct wlk_track *const track[], struct crowd *crowd)
{
    double rate[WLK_OBJECTS_MAX];
    size_t kept = 0;
    for (size_t i = 0; i < crowd->count; i++)
        rate[i] = rate_of(track[crowd->member[i].index]);
    qsort(rate, crowd->count, sizeof rate[0], by_rate);
    for (size_t i = 0; i < crowd->count; i++)
        if (rate_of(track[crowd->member[i].index]) >= FALSE_RATE * rate[crowd->count / 2])
            crowd->member[kept++] = crowd->member[i];
    crowd->count = kept;
}

/* How many plots of the crowd each sensor had in each of its revisit times. */
static void count_looks(const struct wlk_book_plot plot[], size_t plot_count, wlk_utc now,
                        struct crowd *out)
{
    out->looks = 0;
    for (size_t first = 0; first < plot_count; first++) {
        double revisit_s = plot[first].revisit_s;
        bool is_known = !(revisit_s > 0);
        for (size_t i = 0; i < first && !is_known; i++)
            is_known = wlk_name_equal(plot[i].sensor, plot[first].sensor);
        int periods = is_known ? 0 : (int)(WLK_SALVO_WINDOW_S / revisit_s);
        if (is_known || out->looks + periods > LOOKS_MAX)
            continue;
        uint32_t *seen = &out->seen[out->looks];
        memset(seen, 0, (size_t)periods * sizeof *seen);
        for (size_t i = first; i < plot_count; i++) {
            double ago_s = wlk_utc_seconds(now, plot[i].look->time);
            int period = (int)(ago_s / revisit_s);
            if (wlk_name_equal(plot[i].sensor, plot[first].sensor) && ago_s >= 0 &&
                period < periods && member_of(out, plot[i].object))
                seen[period]++;
        }
        out->looks += periods;
    }
}

/* ln of the chance of what was seen of so many objects. */
static double likelihood(const struct crowd *crowd, uint32_t objects)
{
    double sum = 0, all = 0;
    for (int i = 0; i < crowd->looks; i++)
        all += crowd->seen[i];
    double chance = fmin(all / (crowd->looks * (double)objects), 1 - 1e-6);
    for (int i = 0; i < crowd->looks; i++) {
        double n = crowd->seen[i], left = objects - n;
        sum += lgamma(objects + 1.0) - lgamma(n + 1) - lgamma(left + 1) + n * log(chance) +
               left * log(1 - chance);
    }
    return sum;
}

/* The likeliest number, and those not much less likely. */
static struct wlk_salvo_count likeliest(const struct crowd *crowd)
{
    uint32_t low = 1, likely = 0;
    double best = -HUGE_VAL;
    for (int i = 0; i < crowd->looks; i++)
        low = crowd->seen[i] > low ? crowd->seen[i] : low;
    uint32_t high = low + low / 2 + 2;
    struct wlk_salvo_count out = {low, low};
    for (int turn = 0; turn < 2; turn++)
        for (uint32_t objects = low; objects <= high; objects++) {
            double score = (crowd->looks > 0 ? likelihood(crowd, objects) : 0) -
                           APART_EACH * fabs(objects - crowd->shares);
            if (turn == 0 && score > best) {
                best = score;
                likely = objects;
            }
            if (turn == 1 && score > best - UNLIKELY)
                out.most = objects;
        }
    out.least = likely;
    return out;
}

/* By the tracks' shares. False: there is no crowd, or no doubt about it. */
static bool share(const struct wlk_track *const track[], const bool is_sure[],
                  struct crowd *crowd)
{
    size_t confirmed = 0;
    double rest = 0, full = 0, whole = 0;
    bool is_doubtful = false;
    qsort(crowd->member, crowd->count, sizeof crowd->member[0], by_had);
    for (size_t i = 0; i < crowd->count; i++)
        confirmed += track[crowd->member[i].index]->is_confirmed;
    if (confirmed < CROWD || crowd->member[0].had == 0)
        return false;
    double enough = WHOLE * crowd->member[confirmed / 2].had;
    for (size_t i = 0; i < crowd->count; i++) {
        struct member *one = &crowd->member[i];
        one->is_whole =
            track[one->index]->is_confirmed && !one->is_silent && one->had >= enough;
        whole += one->is_whole;
        full += one->is_whole ? one->had : 0;
        rest += one->is_whole ? 0 : one->had;
        is_doubtful =
            is_doubtful || (!one->is_whole && (one->is_silent || is_sure[one->index]));
    }
    crowd->shares = whole > 0 ? whole + rest * whole / full : 0;
    return is_doubtful && whole > 0;
}

struct wlk_salvo_count wlk_salvo_count_seen(const struct wlk_track *const track[], size_t count,
                                            const struct wlk_book_plot plot[],
                                            size_t plot_count, wlk_utc now, bool sure[])
{
    struct crowd crowd;
    bool is_sure[WLK_OBJECTS_MAX];
    if (count > WLK_OBJECTS_MAX)
        return wlk_salvo_count(track, count, now, sure);
    struct wlk_salvo_count out = wlk_salvo_count(track, count, now, is_sure);
    gather(track, count, plot, plot_count, now, &crowd);
    drop_false(track, &crowd);
    count_looks(plot, plot_count, now, &crowd);
    if (share(track, is_sure, &crowd)) {
        struct wlk_salvo_count likely = likeliest(&crowd);
        /* those outside of the crowd as before; of the crowd, those that had most */
        out = (struct wlk_salvo_count){0, 0};
        for (size_t i = 0; i < crowd.count; i++)
            is_sure[crowd.member[i].index] = false;
        for (size_t i = 0; i < count; i++)
            out.least += is_sure[i];
        for (size_t i = 0; i < crowd.count && i < likely.least; i++)
            is_sure[crowd.member[i].index] = true;
        out.most = out.least + likely.most;
        out.least += likely.least;
    }
    if (sure)
        memcpy(sure, is_sure, count * sizeof *sure);
    return out;
}
