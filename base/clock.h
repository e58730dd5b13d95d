/* clock.h -- the only reader of clocks. Logic takes its time as an argument.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_BASE_CLOCK_H
#define WLK_BASE_CLOCK_H

#include "base/status.h"

#include <stdint.h>

/* UTC, nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX). */
typedef struct {
    int64_t ns;
} wlk_utc;

/* CLOCK_MONOTONIC, nanoseconds; for timeouts and measured delays only. */
typedef struct {
    int64_t ns;
} wlk_mono;

/* Scenario time: origin_scenario at wall time origin_wall, running rate times as fast.
 * In life origin_scenario == origin_wall and rate == 1. */
struct wlk_clock {
    wlk_utc origin_wall;
    wlk_utc origin_scenario;
    double rate; /* (0, 1000] */
};

/* The time of day, and a time that never jumps, as the system has them. */
wlk_utc wlk_clock_wall(void);
wlk_mono wlk_clock_mono(void);

/* The clock of real life: scenario time is wall time. */
struct wlk_clock wlk_clock_life(void);

/* The scenario time at a wall time, and the wall time at a scenario time. */
wlk_utc wlk_clock_scenario(const struct wlk_clock *clock, wlk_utc wall);
wlk_utc wlk_clock_wall_at(const struct wlk_clock *clock, wlk_utc scenario);

/* later - earlier in seconds, and time + seconds (rounded to a nanosecond). */
double wlk_utc_seconds(wlk_utc later, wlk_utc earlier);
wlk_utc wlk_utc_add(wlk_utc time, double seconds);

/* Writes "2026-12-01T00:00:00Z" (whole seconds, cut) or, with fraction, "...00.123Z".
 * text must hold 32 bytes. Years 1970-2200. */
void wlk_utc_text(wlk_utc time, int with_fraction, char text[32]);

/* Reads the form above without fraction. WLK_BAD_INPUT not that form, or no such date. */
wlk_status wlk_utc_parse(const char *text, wlk_utc *out) WLK_MUST_USE;

#endif
