/* references.h -- the file of objects whose place is known: satellites with an ephemeris, and
 * aircraft with what they broadcast. A nation's radars are held against them (registration.h).
 *
 * Plain words (base/words.h), one statement a line; docs/formats/references.md:
 *
 *   satellite ID within M            place good to M metres, each axis, one sigma
 *   at TIME X Y Z VX VY VZ           its states: ECEF (ITRF), m, m/s; TIME 2026-12-01T00:00:00Z
 *   aircraft ID within M
 *   at TIME LAT LON HEIGHT           deg, m above the ellipsoid
 *
 * Times of one object rise. A satellite is carried from its nearest state, up to ten minutes;
 * an aircraft is between two places not more than a minute apart, or ten seconds beyond them.
 * Read by: sensors/intake.c, programs/. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_SENSORS_REFERENCES_H
#define WLK_SENSORS_REFERENCES_H

#include "sensors/registration.h"

enum {
    WLK_REFERENCES_MAX = 128,        /* objects */
    WLK_REFERENCE_POINTS_MAX = 8192, /* of all together */
};

struct wlk_reference_point {
    wlk_utc time;
    double x[6]; /* ECEF, m, m/s; of aircraft the place only */
};

struct wlk_reference {
    wlk_name id;
    bool is_satellite;
    double within_m;
    size_t first, count; /* of its points */
};

struct wlk_references {
    uint64_t version; /* rises where another file is taken; 0: none yet */
    size_t count, point_count;
    struct wlk_reference object[WLK_REFERENCES_MAX];
    struct wlk_reference_point point[WLK_REFERENCE_POINTS_MAX];
};

/* Reads the file at path in the place of what *out has, and raises its version.
 *
 * WLK_OK         *out is complete.
 * WLK_IO         it cannot be read.
 * WLK_BAD_INPUT  fault has file, line and rule; *out is as before.
 * No allocation: a node reads it again when it has changed. One thread. */
wlk_status wlk_references_read(const char *path, struct wlk_references *out,
                               struct wlk_fault *fault) WLK_MUST_USE;

/* The same from a text in memory; name is for complaints. */
wlk_status wlk_references_parse(const char *name, const char *text, struct wlk_references *out,
                                struct wlk_fault *fault) WLK_MUST_USE;

/* Where an object is at a time; x: place (m) and velocity (m/s), ECEF. sigma_m: each axis, with
 * what carrying adds. False: it is not known then. */
bool wlk_references_at(const struct wlk_references *references, size_t object, wlk_utc time,
                       double x[6], double *sigma_m);

/* The span of times the file has a place for; false: it has none. */
bool wlk_references_span(const struct wlk_references *references, wlk_utc *from, wlk_utc *to);

/* Where each object was when it was last asked for: what makes a plot cheap. */
struct wlk_reference_cache {
    uint64_t version;
    struct {
        wlk_utc time;
        bool is_known;
        double x[6];
    } at[WLK_REFERENCES_MAX];
};

/* The one known object that a plot may be of. False: none, or more than one. */
bool wlk_references_find(const struct wlk_references *references,
                         struct wlk_reference_cache *cache, const struct wlk_plot *plot,
                         struct wlk_known *out);

#endif
