/* telemetry_for_test.h -- speed and height of real rocket stages, as their webcasts showed them
 * 30 times a second (shahar603/Telemetry-Data, public domain), for tests of this folder.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_TELEMETRY_FOR_TEST_H
#define WLK_TRACKING_TELEMETRY_FOR_TEST_H

#include "base/tap.h"
#include "base/words.h"
#include "earth/frames.h"

#include <stdlib.h>
#include <string.h>

enum { TELEMETRY_MAX = 20000 };

struct telemetry {
    int count;
    double time_s[TELEMETRY_MAX], speed_mps[TELEMETRY_MAX], height_m[TELEMETRY_MAX];
};

static inline int telemetry_row(const char *text, const char *name, double unit,
                                double out[TELEMETRY_MAX])
{
    const char *at = strstr(text, name);
    int count = 0;
    at = at ? strchr(at, '[') : NULL;
    while (at && *at != ']' && count < TELEMETRY_MAX) {
        char *end;
        double value = strtod(at + 1, &end);
        if (end == at + 1)
            break;
        out[count++] = value * unit;
        at = end;
    }
    return count;
}

/* False, with a skip said, where the file is absent. */
static inline bool telemetry_read(const char *name, struct telemetry *out)
{
    const char *path = wlk_tap_data(name);
    struct wlk_fault fault;
    char *text = NULL;
    if (!path || wlk_words_read_file(path, &text, &fault) != WLK_OK) {
        wlk_skip("no telemetry %s", name);
        return false;
    }
    out->count = telemetry_row(text, "\"time\"", 1, out->time_s);
    if (telemetry_row(text, "\"velocity\"", 1, out->speed_mps) != out->count ||
        telemetry_row(text, "\"altitude\"", 1000, out->height_m) != out->count)
        out->count = 0;
    free(text);
    return wlk_check(out->count > 1000, "%s has %d rows", name, out->count);
}

/* Index of the first row at or after t. */
static inline int telemetry_at(const struct telemetry *from, double t)
{
    int i = 0;
    while (i + 1 < from->count && from->time_s[i] < t)
        i++;
    return i;
}

/* Launch Complex 39A, and the way out of a launch to geostationary orbit; the telemetry tells
 * neither, and 10 deg of azimuth move its fit by 0.02 m/s. */
static const wlk_geodetic TELEMETRY_PAD = {28.608 * WLK_DEG, -80.604 * WLK_DEG, 0};
static const double TELEMETRY_AZIMUTH = 93 * WLK_DEG;

#endif
