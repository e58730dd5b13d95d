/* draw.h -- seeded flights of four classes, and what radars see of them.
 *
 * The rockets are drawn, not solved: stages, thrust, steering and ballistic coefficient differ
 * from flight to flight, and none is of the tracker's own template. Flown by
 * rehearsal/truth.h. Looks have the noise, range, horizon and detection of sensors/sites.txt;
 * no bias and no refraction, which are other parts' business.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_STATISTICS_DRAW_H
#define WLK_PROGRAMS_STATISTICS_DRAW_H

#include "base/random.h"
#include "record/plot.h"
#include "record/site.h"
#include "rehearsal/truth.h"

#include <stdbool.h>

enum wlk_draw_class {
    WLK_DRAW_SHORT,    /* 250-900 km */
    WLK_DRAW_MEDIUM,   /* 900-5,000 km */
    WLK_DRAW_STANDARD, /* 5,000-13,000 km */
    WLK_DRAW_LOFTED,   /* 500-1,300 km at 3,000-6,500 km apogee */
    WLK_DRAW_LOW,      /* 150-700 km at 20-60 km apogee: flattened flights of short range */
    WLK_DRAW_CLASSES
};

/* "SRBM", "MRBM and IRBM", ... */
const char *wlk_draw_class_words(enum wlk_draw_class kind);

/* One flight and how it was made. */
struct wlk_drawn {
    enum wlk_draw_class kind;
    struct wlk_flight flight;
    struct wlk_rocket rocket;
    double beta;         /* kg/m^2, after burnout */
    bool has_gap;        /* it coasts between two stages */
    double gap_s, lit_s; /* from, to; seconds since launch */
};

enum {
    WLK_DRAW_SITES = 7,         /* of the set "default" */
    WLK_DRAW_LOOKS_MAX = 16384, /* of one flight */
    WLK_DRAW_SUBSETS = 7
};

/* The radars, and who has them. */
struct wlk_draw_sites {
    struct wlk_site site[WLK_DRAW_SITES];
};

/* Reads the set "default" of a file of sites. WLK_BAD_INPUT it has not seven. */
wlk_status wlk_draw_sites_read(const char *path, struct wlk_draw_sites *out) WLK_MUST_USE;

/* Launch of all flights, UTC. */
#define WLK_DRAW_EPOCH ((wlk_utc){1700000000000000000})

/* Flight number of a class. WLK_NO_SOLUTION 4,000 draws gave none of the class. */
wlk_status wlk_draw_flight(enum wlk_draw_class kind, uint64_t number,
                           struct wlk_drawn *out) WLK_MUST_USE;

/* One look of a site at what is at a position (ECEF, m) at t s since launch; NULL: nothing is.
 * Draws its random numbers in any case. False: nothing is seen. The plot has no number. */
bool wlk_draw_look(const struct wlk_site *site, const double position[3], double t,
                   struct wlk_random *random, struct wlk_plot *out);

/* A look: a plot, and which site made it. */
struct wlk_draw_look {
    struct wlk_plot plot;
    int site;
};

/* All looks of all sites at a flight, rising in time. Returns their count. sigma_told: what
 * the sigmas told are times the true ones; 1 but for tests of the tests. */
size_t wlk_draw_looks(const struct wlk_draw_sites *sites, const struct wlk_drawn *drawn,
                      uint64_t number, double sigma_told,
                      struct wlk_draw_look out[WLK_DRAW_LOOKS_MAX]);

/* Does a subset of nations ("KR", "KR+JP", "all") hold a site? And its name. */
bool wlk_draw_subset_has(int subset, const struct wlk_site *site);
const char *wlk_draw_subset_words(int subset);

/* Seconds since launch, and back. */
double wlk_draw_seconds(wlk_utc time);
wlk_utc wlk_draw_time(double seconds);

#endif
