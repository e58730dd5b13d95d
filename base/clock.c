/* clock.c -- wall, monotonic and scenario clocks, and UTC as text.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include "base/assert.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { NS_PER_S = 1000000000 };

static int64_t read_clock(clockid_t id)
{
    struct timespec time;
    int failed = clock_gettime(id, &time);
    WLK_ASSERT(!failed);
    return (int64_t)time.tv_sec * NS_PER_S + time.tv_nsec;
}

wlk_utc wlk_clock_wall(void)
{
    return (wlk_utc){read_clock(CLOCK_REALTIME)};
}

wlk_mono wlk_clock_mono(void)
{
    return (wlk_mono){read_clock(CLOCK_MONOTONIC)};
}

struct wlk_clock wlk_clock_life(void)
{
    wlk_utc now = wlk_clock_wall();
    return (struct wlk_clock){.origin_wall = now, .origin_scenario = now, .rate = 1.0};
}

wlk_utc wlk_clock_scenario(const struct wlk_clock *clock, wlk_utc wall)
{
    int64_t passed = wall.ns - clock->origin_wall.ns;
    return (wlk_utc){clock->origin_scenario.ns + llround((double)passed * clock->rate)};
}

wlk_utc wlk_clock_wall_at(const struct wlk_clock *clock, wlk_utc scenario)
{
    int64_t passed = scenario.ns - clock->origin_scenario.ns;
    return (wlk_utc){clock->origin_wall.ns + llround((double)passed / clock->rate)};
}

double wlk_utc_seconds(wlk_utc later, wlk_utc earlier)
{
    return (double)(later.ns - earlier.ns) * 1e-9;
}

wlk_utc wlk_utc_add(wlk_utc time, double seconds)
{
    return (wlk_utc){time.ns + llround(seconds * 1e9)};
}

void wlk_utc_text(wlk_utc time, int with_fraction, char text[32])
{
    time_t seconds = (time_t)(time.ns / NS_PER_S);
    long left = (long)(time.ns % NS_PER_S);
    if (left < 0) {
        left += NS_PER_S;
        seconds--;
    }
    struct tm parts;
    gmtime_r(&seconds, &parts);
    size_t used = strftime(text, 32, "%Y-%m-%dT%H:%M:%S", &parts);
    if (with_fraction)
        snprintf(text + used, 32 - used, ".%03ldZ", left / 1000000);
    else
        snprintf(text + used, 32 - used, "Z");
}

wlk_status wlk_utc_parse(const char *text, wlk_utc *out)
{
    struct tm parts = {0};
    const char *end = strlen(text) == 20 ? strptime(text, "%Y-%m-%dT%H:%M:%SZ", &parts) : NULL;
    if (!end || *end)
        return WLK_BAD_INPUT;
    time_t seconds = timegm(&parts);
    wlk_utc time = {(int64_t)seconds * NS_PER_S};
    char again[32];
    if (seconds < 0 || seconds > 7258118400) /* 2200-01-01 */
        return WLK_BAD_INPUT;
    wlk_utc_text(time, 0, again);
    if (strcmp(again, text) != 0) /* 31 February, or digits missing */
        return WLK_BAD_INPUT;
    *out = time;
    return WLK_OK;
}
