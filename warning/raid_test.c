/* raid_test.c -- are all objects of a raid warned of, though one call looks at a few?
 * SPDX-License-Identifier: Apache-2.0 */
#include "warning/flight_for_test.h"

#include "base/tap.h"

enum { OBJECTS = 7, TOLD_MAX = 64, CALLS_MAX = 2 * OBJECTS };

struct told {
    size_t firsts, taken_back, calls_max;
};

static void draw_raid(double s, struct wlk_random *random)
{
    draw(&OVER_JAPAN, s, random);
    for (uint32_t i = 1; i < OBJECTS && picture.count > 0; i++) {
        picture.object[i] = picture.object[0];
        picture.object[i].number = i + 1;
        path[i] = path[0];
        picture.count = i + 1;
    }
}

static void step(struct wlk_alerts *alerts, double s, struct told *told)
{
    static struct wlk_warning out[TOLD_MAX];
    size_t cursor = 0, calls = 0;
    do {
        size_t count = wlk_alert_step(alerts, &picture, path, &cursor, at(s), out, TOLD_MAX);
        for (size_t i = 0; i < count; i++) {
            told->firsts += out[i].replaces == 0;
            told->taken_back += out[i].kind == WLK_WARNING_CORRECTION;
        }
    } while (++calls < CALLS_MAX && cursor < picture.count);
    told->calls_max = calls > told->calls_max ? calls : told->calls_max;
}

int main(void)
{
    if (!wlk_check(open_areas(), "areas and places are read"))
        return wlk_tap_done();
    struct wlk_random random = wlk_random_seeded(1, 1);
    struct wlk_alerts *alerts = open_for(jp);
    struct told told = {0};
    for (double s = 0; s < 120; s += 1) {
        draw_raid(s, &random);
        step(alerts, s, &told);
    }
    wlk_alert_close(alerts);
    wlk_check(told.firsts == OBJECTS, "of %d objects %zu are warned of, each once", OBJECTS,
              told.firsts);
    wlk_check(told.taken_back == 0, "and %zu are taken back", told.taken_back);
    wlk_check(told.calls_max > 1 && told.calls_max < OBJECTS,
              "a call looks at a few of them (%zu calls)", told.calls_max);
    close_areas();
    return wlk_tap_done();
}
