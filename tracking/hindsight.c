/* hindsight.c -- what was made of the first plots of others.
 *
 * Where objects come over the horizon one after the other, a track may go from one's first
 * plots to the next one's: each plot fits as well as a new object would, and only the tracks
 * that the others get by their next plots tell. docs/derivations/raid.md.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/book_private.h"

#include <math.h>

/* It is asked so long after the last plot: by then the others' tracks are long enough; and no
 * more so long after it. */
static const double ASK_S = 8, ASKED_S = 60;
/* A track begins so long after its object's first plot at most: three looks of 2 s. */
static const double FIRST_S = 6;
/* Its first plots of so long are a line, from which an object in boost departs by half of this
 * times the squared time; and so many sigmas of a plot (across the line of sight). */
static const double LINE_S = 6, BENDS_MPS2 = 40, SIGMAS = 4;
enum { LINE_MIN = 4, LINE_MAX = 8, OTHERS_MAX = 64 };

/* A line through a track's first plots: where and how fast it was at a time. */
struct line {
    wlk_utc first; /* plot of the track */
    double middle_s, at[3], speed[3];
};

/* Least squares. False: too few plots, or all at once. */
static bool line_of(const struct wlk_look early[], uint32_t count, struct line *out)
{
    double t[LINE_MAX], sum = 0, spread = 0;
    int n = 0;
    while (n < LINE_MAX && (uint32_t)n < count) {
        t[n] = wlk_utc_seconds(early[n].time, early[0].time);
        if (t[n] > LINE_S)
            break;
        sum += t[n++];
    }
    if (n < LINE_MIN)
        return false;
    *out = (struct line){.first = early[0].time, .middle_s = sum / n};
    for (int i = 0; i < n; i++)
        spread += (t[i] - out->middle_s) * (t[i] - out->middle_s);
    if (spread < 1)
        return false;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < 3; k++) {
            out->at[k] += early[i].at[k] / n;
            out->speed[k] += (t[i] - out->middle_s) / spread * early[i].at[k];
        }
    return true;
}

/* Does the object of the line come from this look? */
static bool is_before(const struct line *line, const struct wlk_look *look)
{
    double dt_s = wlk_utc_seconds(look->time, line->first), apart2 = 0;
    if (dt_s >= 0 || dt_s < -FIRST_S)
        return false;
    double t = dt_s - line->middle_s;
    for (int k = 0; k < 3; k++) {
        double apart = line->at[k] + t * line->speed[k] - look->at[k];
        apart2 += apart * apart;
    }
    double across = look->z[0] * sqrt(look->variance[1] * look->level * look->level +
                                      look->variance[2]);
    double slack = SIGMAS * across + 0.5 * BENDS_MPS2 * t * t;
    return apart2 <= slack * slack;
}

/* How many plots of the object in a slot were the first of others. */
static uint32_t count_firsts(const struct wlk_book *book, const struct wlk_slot *slot)
{
    struct line line[OTHERS_MAX];
    size_t lines = 0;
    uint32_t firsts = 0;
    for (size_t i = 0; i < book->used_end && lines < OTHERS_MAX; i++) {
        const struct wlk_slot *other = &book->slot[i];
        const struct wlk_moment *moment =
            other->is_used ? wlk_history_newest(&book->pool, &other->history) : NULL;
        if (other == slot || !moment || !moment->is_confirmed ||
            wlk_utc_seconds(moment->last_measurement, moment->first_plot) < ASK_S ||
            moment->first_plot.ns <= slot->show.track.first_plot.ns)
            continue;
        lines += line_of(other->early, moment->early_count, &line[lines]);
    }
    for (size_t i = 0; lines > 0 && i < book->ring.count; i++) {
        const struct wlk_ring_plot *plot = wlk_ring_at(&book->ring, i);
        bool is_first = false;
        if (plot->object != slot->number)
            continue;
        for (size_t k = 0; k < lines && !is_first; k++)
            is_first = is_before(&line[k], &plot->look);
        firsts += is_first;
    }
    return firsts;
}

void wlk_book_look_back(struct wlk_book *book, struct wlk_slot *slot, wlk_utc now)
{
    struct wlk_track *track = &slot->show.track;
    double silent_s = wlk_utc_seconds(now, track->last_measurement);
    if (slot->number == 0 || !track->is_confirmed || silent_s < ASK_S || silent_s > ASKED_S ||
        slot->looked_back.ns == track->last_measurement.ns)
        return;
    slot->looked_back = track->last_measurement;
    track->firsts = count_firsts(book, slot);
}
