/* attacker.h -- a partner that wants to know where a radar stands.
 *
 * It reads released records only (as `warnlink leak` writes them down), and knows besides the
 * exact flight, the class, noise and biases of the radar, the rules of this software, and a
 * set of places where it may stand: for shielded releases the decoys themselves.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TOOLS_ATTACKER_H
#define WLK_TOOLS_ATTACKER_H

#include "record/decoys.h"
#include "record/prediction.h"
#include "record/state.h"

#include <stdio.h>

enum {
    PLACES_MAX = 4096,
    LAUNCHES_MAX = 10,
    TRUTH_MAX = 4096,
    TRACKS_MAX = 4096,
    IMPACTS_MAX = 4096
};
enum profile { FINE, COARSE, SHIELDED, PROFILES };
extern const char *const PROFILE_WORD[PROFILES];

/* One released track. */
struct seen {
    wlk_utc sealed;
    uint32_t object;
    struct wlk_state state;
    enum wlk_track_condition condition;
    uint8_t sigma_log2[6]; /* coarse */
};

struct seen_impact {
    wlk_utc sealed;
    double major_m; /* of the 95 % ellipse */
};

/* All that was released of one launch under one profile. */
struct stream {
    bool has_any;
    wlk_utc first; /* record of any type */
    size_t count, impact_count;
    struct seen track[TRACKS_MAX];
    struct seen_impact impact[IMPACTS_MAX];
};

struct launch {
    wlk_utc at;
    double burnout_s;
    size_t truth_count;
    double truth[TRUTH_MAX][6]; /* once a second from at */
    struct stream stream[PROFILES];
};

struct geometry {
    uint64_t number;
    char nation[WLK_NAME_SIZE];
    struct wlk_decoy_set decoys; /* site: class figures; place: the answer, for judging alone */
    size_t launch_count;
    struct launch launch[LAUNCHES_MAX];
    uint64_t unread; /* records that could not be used */
};

/* The next geometry of a file. False: there is none, or the file is broken (*is_broken). */
bool read_geometry(FILE *file, struct geometry *out, bool *is_broken);

/* The true state at a time; false: not in flight. */
bool truth_at(const struct launch *launch, wlk_utc time, double x[6]);

/* Places where the radar might stand, and how likely the records are from each. */
struct places {
    size_t count;
    wlk_geodetic place[PLACES_MAX];
    double position_m[PLACES_MAX][3], axes[PLACES_MAX][3][3];
};
void places_grid(struct places *out);
void places_decoys(const struct wlk_decoy_set *set, struct places *out);

/* What an observer at a place sees of a point: range, azimuth, elevation and the directions of
 * the line of sight, azimuth and elevation in ECEF. */
struct view {
    double range_m, azimuth_rad, elevation_rad, along[3], across[3], upward[3];
};
void view_from(const struct places *places, size_t place, const double x[3], struct view *out);

/* Channels: each gives ln likelihoods (but for a constant) of all launches from first to last,
 * added to score[places->count]. */
enum channel { FIRST, LAST, GAPS, STEPS, ERRORS, AXES, CHANNELS };
extern const char *const CHANNEL_WORD[CHANNELS];

struct evidence {
    const struct geometry *geometry;
    const struct places *places;
    size_t first, last; /* launches, [first, last) */
};
void measure_open(const struct evidence *evidence, enum profile profile, enum channel channel,
                  double *score);
void measure_shielded(const struct evidence *evidence, enum channel channel, double *score);

/* Inverse of the position and velocity rows of a covariance; false: it is not positive. */
bool information(const struct wlk_state *state, double out[6][6]);

/* Squared normalised errors of released states in free flight: sum over six components and
 * count. */
void consistency(const struct launch *launch, enum profile profile, double *sum, double *count);

#endif
