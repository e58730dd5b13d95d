/* salvo_test.c -- what was launched together, and how many it was.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/salvo.h"

#include "base/random.h"
#include "base/tap.h"
#include "tracking/filter.h"

#include <string.h>

static const wlk_utc START = {1700000000000000000};

static struct wlk_point point_at(double latitude_deg, double at_s, double sigma_m)
{
    return (struct wlk_point){
        .place = {latitude_deg * WLK_DEG, 2.2, 0},
        .time = wlk_utc_add(START, at_s),
        .covariance = {{sigma_m * sigma_m, 0, 0}, {0, sigma_m * sigma_m, 0}, {0, 0, 4}}};
}

static void check_near(void)
{
    struct wlk_point one = point_at(39, 0, 1e3), beside = point_at(39.4, 60, 1e3);
    struct wlk_point far = point_at(40, 0, 1e3), blurred = point_at(40, 0, 40e3);
    struct wlk_point late = point_at(39, 200, 1e3);
    wlk_check(wlk_salvo_is_near(&one, &beside), "44 km and a minute apart: together");
    wlk_check(!wlk_salvo_is_near(&one, &far), "111 km apart: not");
    wlk_check(wlk_salvo_is_near(&one, &blurred), "unless one is known to 40 km only");
    wlk_check(!wlk_salvo_is_near(&one, &late), "200 s apart: not");
}

/* A track from first_s to last_s, on its way up. */
static struct wlk_track track_of(double first_s, double last_s, uint32_t plots)
{
    return (struct wlk_track){
        .first_plot = wlk_utc_add(START, first_s),
        .last_measurement = wlk_utc_add(START, last_s),
        .plot_count = plots,
        .is_confirmed = true,
        .state = {.position_m = {6.4e6, 0, 0}, .velocity_mps = {1000, 0, 0}}};
}

static struct wlk_salvo_count count_of(const struct wlk_track *all, size_t count, double now_s)
{
    const struct wlk_track *track[8];
    for (size_t i = 0; i < count; i++)
        track[i] = &all[i];
    return wlk_salvo_count(track, count, wlk_utc_add(START, now_s), NULL);
}

static void check_count(void)
{
    struct wlk_track alone = track_of(40, 44, 3);
    struct wlk_salvo_count count = count_of(&alone, 1, 46);
    wlk_check(count.least == 1 && count.most == 1, "one young track is one");
    struct wlk_track salvo[4] = {track_of(40, 80, 38), track_of(41, 80, 40),
                                 track_of(42, 46, 4), track_of(76, 80, 4)};
    count = count_of(salvo, 4, 81);
    wlk_check(count.least == 2 && count.most == 3,
              "one that starved is none, a young one may be one (%u to %u)", count.least,
              count.most);
    salvo[2].state.velocity_mps[0] = -1000;
    salvo[2] = track_of(42, 60, 18);
    salvo[2].state.velocity_mps[0] = -1000;
    count = count_of(salvo, 4, 81);
    wlk_check(count.least == 3, "one that fell silent on its way down was one (%u)",
              count.least);
    salvo[2].firsts = 5;
    count = count_of(salvo, 4, 81);
    wlk_check(count.least == 2, "but none if it was made of others' first plots (%u)",
              count.least);
    salvo[2] = track_of(42, 79, 12);
    count = count_of(salvo, 4, 81);
    wlk_check(count.least == 2, "one with less than half the plots of others is none (%u)",
              count.least);
    salvo[3] = track_of(76, 80, 4);
    salvo[3].is_confirmed = false;
    count = count_of(salvo, 4, 81);
    wlk_check(count.least == 2 && count.most == 4, "a suspected one may be one");
    struct wlk_track early[2] = {track_of(0, 55, 50), track_of(60, 100, 40)};
    early[0].first_plot = wlk_utc_add(START, 0);
    count = count_of(early, 2, 101);
    wlk_check(count.least == 2, "one that was gone before the next was seen counts");
    wlk_check(count_of(NULL, 0, 0).most == 0, "nothing is none");
}

/* Objects 1 to 6 looked at by two sensors each 2 s, with a chance of detection of 0.9. The
 * track of 6 died at 66 s, 7 goes on with it; 8 takes part of 5's plots. now is 80 s. */
static void check_crowd(void)
{
    enum { OBJECTS = 6, TRACKS = 8, PLOTS = 400 };
    static struct wlk_look look[PLOTS];
    static struct wlk_book_plot plot[PLOTS];
    int right = 0, plain_right = 0, within = 0, marked = 0;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct wlk_random random = wlk_random_seeded(seed, 9);
        struct wlk_track all[TRACKS];
        const struct wlk_track *track[TRACKS];
        bool sure[TRACKS];
        size_t count = 0;
        for (uint32_t k = 0; k < TRACKS; k++) {
            all[k] = track_of(k == 6 ? 67 : 42, k == 5 ? 66 : 79, 0);
            all[k].object = k + 1;
            track[k] = &all[k];
        }
        for (double at_s = 42; at_s < 80; at_s += 1)
            for (uint32_t k = 0; k < OBJECTS; k++) {
                uint32_t own = k == 5 && at_s > 66 ? 6 : k;
                if (k == 4 && wlk_random_uniform(&random) < 0.5)
                    own = 7;
                if (wlk_random_uniform(&random) > 0.9)
                    continue;
                all[own].plot_count++;
                if (at_s < 80 - WLK_SALVO_WINDOW_S)
                    continue;
                look[count].time = wlk_utc_add(START, at_s);
                plot[count] = (struct wlk_book_plot){
                    own + 1, wlk_name_of((int)at_s % 2 ? "A" : "B"), 2, &look[count]};
                count++;
            }
        wlk_utc now = wlk_utc_add(START, 80);
        struct wlk_salvo_count plain = wlk_salvo_count(track, TRACKS, now, NULL);
        struct wlk_salvo_count seen =
            wlk_salvo_count_seen(track, TRACKS, plot, count, now, sure);
        uint32_t are_sure = 0;
        for (int k = 0; k < TRACKS; k++)
            are_sure += sure[k];
        plain_right += plain.least == OBJECTS;
        right += seen.least == OBJECTS;
        within += seen.least <= OBJECTS && OBJECTS <= seen.most;
        marked += are_sure == seen.least;
        seen = wlk_salvo_count_seen(track, TRACKS, plot, 0, now, NULL);
        marked -= seen.least != plain.least || seen.most != plain.most;
    }
    wlk_check(right >= 48 && within >= 48, "a crowd of 6 is counted by what was seen: %d of 50",
              right);
    wlk_check(plain_right < 40, "which its tracks alone do not tell: %d", plain_right);
    wlk_check(marked == 50, "as many are sure; without plots it is as by the tracks");
}

/* Six that are seen at each look, and a track of three false plots in 20 s. */
static void check_false(void)
{
    enum { OBJECTS = 6, TRACKS = 7, PLOTS = 400 };
    static struct wlk_look look[PLOTS];
    static struct wlk_book_plot plot[PLOTS];
    struct wlk_track all[TRACKS];
    const struct wlk_track *track[TRACKS];
    size_t count = 0;
    for (uint32_t k = 0; k < TRACKS; k++) {
        all[k] = k < OBJECTS ? track_of(42, 79, 38) : track_of(52, 72, 3);
        all[k].object = k + 1;
        track[k] = &all[k];
    }
    for (int at_s = 57; at_s < 80; at_s++)
        for (uint32_t k = 0; k < TRACKS; k++) {
            if (k == OBJECTS && at_s % 10 != 2)
                continue;
            look[count].time = wlk_utc_add(START, at_s + 0.5);
            plot[count] = (struct wlk_book_plot){k + 1, wlk_name_of(at_s % 2 ? "A" : "B"), 2,
                                                 &look[count]};
            count++;
        }
    struct wlk_salvo_count seen = wlk_salvo_count_seen(track, TRACKS, plot, count,
                                                       wlk_utc_add(START, 80), NULL);
    wlk_check(seen.least == OBJECTS && seen.most <= OBJECTS + 1,
              "false plots were not seen at once with the six: %u to %u", seen.least,
              seen.most);
}

int main(void)
{
    check_crowd();
    check_false();
    check_near();
    check_count();
    return wlk_tap_done();
}
