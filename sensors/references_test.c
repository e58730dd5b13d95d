/* references_test.c -- the file of known objects: what is taken, what is refused and why, and
 * where the objects are.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sensors/references.h"

#include "base/tap.h"
#include "earth/gravity.h"
#include "earth/propagate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SATELLITE "satellite S within 20\n"
#define STATE     "at 2026-12-01T00:00:00Z 7178137 0 0 0 5000 5000\n"
#define AIRCRAFT  "aircraft A within 30\n"
#define PLACE     "at 2026-12-01T00:00:00Z 38 138 10000\n"

static struct wlk_references references, before;
static struct wlk_reference_cache cache;

static const struct {
    const char *text;
    size_t line;
    const char *rule;
} BROKEN[] = {
    {"satellite S\n", 1, "expected: satellite|aircraft ID within M (0.1 to 1000)"},
    {"satellite s within 20\n", 1, "expected: satellite|aircraft ID within M (0.1 to 1000)"},
    {"satellite S within 0\n", 1, "expected: satellite|aircraft ID within M (0.1 to 1000)"},
    {"satellite S within nan\n", 1, "expected: satellite|aircraft ID within M (0.1 to 1000)"},
    {STATE, 1, "a place before the first object"},
    {SATELLITE, 1, "the last object has no place"},
    {SATELLITE AIRCRAFT PLACE, 2, "the object before has no place"},
    {SATELLITE STATE SATELLITE, 3, "object stands twice"},
    {SATELLITE PLACE, 2, "expected: at TIME X Y Z VX VY VZ"},
    {SATELLITE "at 2026-12-01 7178137 0 0 0 5000 5000\n", 2,
     "expected: at TIME X Y Z VX VY VZ"},
    {SATELLITE "at 2026-12-01T00:00:00Z 7178137 0 0 0 5000 1e9\n", 2,
     "expected: at TIME X Y Z VX VY VZ"},
    {SATELLITE "at 2026-12-01T00:00:00Z 7178 0 0 0 5 5\n", 2,
     "expected: at TIME X Y Z VX VY VZ"}, /* kilometres */
    {SATELLITE "at 2026-12-01T00:00:00Z 7178137 0 0 0 5000 5000 m\n", 2,
     "expected: at TIME X Y Z VX VY VZ"},
    {SATELLITE STATE STATE, 3, "times of an object must rise"},
    {AIRCRAFT STATE, 2, "expected: at TIME LAT LON HEIGHT"},
    {AIRCRAFT "at 2026-12-01T00:00:00Z 38 238 10000\n", 2, "expected: at TIME LAT LON HEIGHT"},
    {AIRCRAFT "at 2026-12-01T00:00:00Z 38 138 33000\n", 2,
     "expected: at TIME LAT LON HEIGHT"}, /* feet */
    {AIRCRAFT PLACE "at 2026-12-01T00:00:10Z 39 138 10000\n", 3, "no aircraft is so fast"},
    {"ship S within 20\n", 1, "unknown statement"},
    {"satellite \"S within 20\n", 1, "quote is not closed"},
};

static wlk_utc at(double s)
{
    wlk_utc time = {0};
    if (wlk_utc_parse("2026-12-01T00:00:00Z", &time) != WLK_OK)
        return time;
    return wlk_utc_add(time, s);
}

static void check_broken(void)
{
    struct wlk_fault fault;
    for (size_t i = 0; i < sizeof BROKEN / sizeof BROKEN[0]; i++) {
        memset(&fault, 0, sizeof fault);
        before = references;
        wlk_status status = wlk_references_parse("f", BROKEN[i].text, &references, &fault);
        bool is_rule = fault.rule && strcmp(fault.rule, BROKEN[i].rule) == 0;
        wlk_check(status == WLK_BAD_INPUT && fault.line == BROKEN[i].line && is_rule &&
                      memcmp(&before, &references, sizeof before) == 0,
                  "refused in line %zu: %s (%s)", BROKEN[i].line, BROKEN[i].rule,
                  fault.rule ? fault.rule : "no rule");
    }
    wlk_check(wlk_references_read("/nonexistent/f", &references, &fault) == WLK_IO,
              "a file that is not there is told");
}

static void check_full(void)
{
    struct wlk_fault fault = {0};
    size_t room = 64 * (WLK_REFERENCE_POINTS_MAX + 2), used = 0;
    char *text = calloc(1, room);
    if (!text)
        return;
    used += (size_t)snprintf(text, room, "%s", SATELLITE);
    for (int i = 0; i <= WLK_REFERENCE_POINTS_MAX; i++) {
        char time[32];
        wlk_utc_text(at(i), 0, time);
        used += (size_t)snprintf(text + used, room - used, "at %s 7178137 0 0 0 5 5\n", time);
    }
    wlk_check(wlk_references_parse("f", text, &references, &fault) == WLK_BAD_INPUT &&
                  strcmp(fault.rule, "too many places") == 0 &&
                  fault.line == WLK_REFERENCE_POINTS_MAX + 2,
              "a place too many is told with its line");
    free(text);
}

/* A circular orbit's state each five minutes, as another integration has it. */
static void write_orbit(char *text, size_t room)
{
    double x[6] = {7178137, 0, 0, 0, 3000, 6400};
    size_t used = (size_t)snprintf(text, room, "%s", SATELLITE);
    for (int i = 0; i < 4; i++) {
        char time[32];
        wlk_utc_text(at(300 * i), 0, time);
        used +=
            (size_t)snprintf(text + used, room - used, "at %s %.3f %.3f %.3f %.6f %.6f %.6f\n",
                             time, x[0], x[1], x[2], x[3], x[4], x[5]);
        if (wlk_propagate(x, 0, 300, x, NULL) != WLK_OK)
            return;
    }
    snprintf(text + used, room - used,
             AIRCRAFT PLACE "at 2026-12-01T00:00:10Z 38.02 138 10000\n"
                            "at 2026-12-01T00:02:00Z 38.2 138 10000\n");
}

static void check_where(void)
{
    static char text[4096];
    double x[6], y[6] = {7178137, 0, 0, 0, 3000, 6400}, sigma_m = 0;
    struct wlk_fault fault = {0};
    wlk_utc from, to;
    write_orbit(text, sizeof text);
    uint64_t version = references.version;
    wlk_check(wlk_references_parse("f", text, &references, &fault) == WLK_OK &&
                  references.count == 2 && references.version == version + 1,
              "a satellite and an aircraft are read");
    wlk_check(wlk_references_span(&references, &from, &to) && from.ns == at(0).ns &&
                  to.ns == at(900).ns,
              "the span of the file is that of its places");
    wlk_check(wlk_propagate(y, 0, 430, y, NULL) == WLK_OK &&
                  wlk_references_at(&references, 0, at(430), x, &sigma_m),
              "a satellite is known between its states");
    wlk_check_near(hypot(hypot(x[0] - y[0], x[1] - y[1]), x[2] - y[2]), 0, 0.1,
                   "where it is by its orbit");
    wlk_check(sigma_m > 20 && sigma_m < 21, "little worse than its states: %.2f m", sigma_m);
    wlk_check(wlk_references_at(&references, 0, at(1400), x, &sigma_m) && sigma_m > 23,
              "beyond the last state it is worse: %.1f m", sigma_m);
    wlk_check(!wlk_references_at(&references, 0, at(1501), x, &sigma_m) &&
                  !wlk_references_at(&references, 0, at(-601), x, &sigma_m),
              "more than ten minutes beyond it is not known");
    wlk_check(wlk_references_at(&references, 1, at(4), x, &sigma_m) && sigma_m < 40,
              "an aircraft is known between two places near each other");
    wlk_geodetic place = wlk_geodetic_from_ecef((wlk_ecef){x[0], x[1], x[2]});
    wlk_check_near(place.latitude_rad / WLK_DEG, 38.008, 1e-5, "on the line between them");
    wlk_check(!wlk_references_at(&references, 1, at(60), x, &sigma_m),
              "not where they are two minutes apart");
    wlk_check(!wlk_references_at(&references, 1, at(-11), x, &sigma_m),
              "nor more than ten seconds before the first");
}

/* A plot of what is at a place, as a radar there would make it. */
static struct wlk_plot plot_of(const double x[6], wlk_utc time)
{
    struct wlk_plot plot = {.place = {0.02, 0.02, 100},
                            .time = time,
                            .range_sigma_m = 50,
                            .azimuth_sigma_rad = 1e-3,
                            .elevation_sigma_rad = 1e-3};
    plot.seen = wlk_polar_from_ecef(plot.place, (wlk_ecef){x[0], x[1], x[2]});
    return plot;
}

static void check_find(void)
{
    double x[6], sigma_m;
    struct wlk_known known = {0};
    static char text[8192], twin[4096];
    struct wlk_fault fault = {0};
    for (double s = 0; s < 30; s += 3) {
        (void)wlk_references_at(&references, 0, at(s), x, &sigma_m);
        struct wlk_plot plot = plot_of(x, at(s));
        if (!wlk_check(wlk_references_find(&references, &cache, &plot, &known) &&
                           strcmp(known.id.text, "S") == 0,
                       "the object of a plot is found at %g s", s))
            break;
        plot.seen.elevation_rad -= 2 * WLK_DEG;
        if (!wlk_check(!wlk_references_find(&references, &cache, &plot, &known),
                       "and not of one two degrees beside it"))
            break;
    }
    write_orbit(text, sizeof text);
    write_orbit(twin, sizeof twin);
    memcpy(twin, "satellite T", 11);
    *strstr(twin, AIRCRAFT) = 0;
    snprintf(text + strlen(text), sizeof text - strlen(text), "%s", twin);
    struct wlk_plot plot = plot_of(x, at(27));
    wlk_check(wlk_references_parse("f", text, &references, &fault) == WLK_OK &&
                  !wlk_references_find(&references, &cache, &plot, &known),
              "of two that it may be it is neither");
}

int main(void)
{
    check_broken();
    check_full();
    check_where();
    check_find();
    return wlk_tap_done();
}
