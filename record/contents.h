/* contents.h -- what stands in the groups of each record type, as integers.
 *
 * Made by release/groups (from estimates), read at the partner by release/groups (back into
 * estimates). Encoded by record/codec. Scaled: 1e-7 deg, mm, mm/s, ns, and us where a
 * variance of time must fit 64 bits. Lower triangles are row-major.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RECORD_CONTENTS_H
#define WLK_RECORD_CONTENTS_H

#include "record/header.h"
#include "record/prediction.h"
#include "record/state.h"

enum { WLK_HEADS_MAX = 64, WLK_REASON_SIZE = 128 };

/* A point in place and time. covariance: east, north (mm), time (us). */
struct wlk_point_content {
    int64_t latitude_e7, longitude_e7; /* [-90e7, 90e7], (-180e7, 180e7] */
    int64_t time_ns;
    int64_t covariance[6];
    uint64_t quantum_mm;    /* grid the place was rounded to; 0 for none */
    uint64_t quantum_ns;    /* grid the time was rounded to; 0 for none */
};

struct wlk_launch_content {
    struct wlk_point_content point;
    enum wlk_launch_status status;
    bool has_azimuth;
    int64_t azimuth_e7, azimuth_sigma_e7; /* 1e-7 deg: [0, 360e7), and one sigma */
    uint64_t count_min, count_max; /* count_min <= count_max, count_max >= 1 */
};

struct wlk_impact_content {
    struct wlk_point_content point;
    int64_t computed_ns;
    uint64_t data_age_ns;
    enum wlk_track_condition condition;
    int64_t apogee_mm;
    uint64_t track_ns;      /* of track it rests on */
    bool assumes_ballistic; /* false: it does not fly as a free body, though predicted as one */
    bool assumes_intact;    /* false: thrust has just ended, it may have been that of a stage */
};

/* fine, shielded: covariance of ECEF position (mm) and velocity (mm/s), lower triangle.
 * coarse: sigma_log2[6], one sigma is 2^k mm or mm/s, k in 0..62, in the velocity frame
 * (along velocity, across in the horizontal, completing up), no correlations. */
struct wlk_track_content {
    enum wlk_phase phase;
    int64_t epoch_ns;
    int64_t position_mm[3], velocity_mmps[3];
    bool is_coarse;
    int64_t covariance[21];
    uint8_t sigma_log2[6];
    uint64_t quantum_mm, quantum_mmps;
    bool has_last_measurement; /* never in coarse */
    int64_t last_measurement_ns;
    enum wlk_track_condition condition;
};

/* One measurement, geometric; bilateral arrangements only. */
struct wlk_plot_content {
    wlk_name sensor;
    int64_t latitude_e7, longitude_e7, height_mm; /* of the sensor */
    uint64_t number;    /* of the plot at its sensor */
    int64_t time_ns;
    int64_t range_mm, azimuth_e7, elevation_e7; /* azimuth in [0, 360e7) */
    uint64_t range_sigma_mm, azimuth_sigma_e9, elevation_sigma_e9; /* one sigma; 1e-9 deg */
    bool has_range_rate;
    int64_t range_rate_mmps; /* positive: receding */
    uint64_t range_rate_sigma_mmps;
};

struct wlk_cancel_content {
    char reason[WLK_REASON_SIZE]; /* UTF-8, 1..127 bytes, no control bytes */
};

struct wlk_head {
    wlk_name originator;
    struct wlk_lane lane;
    uint64_t seq;
    wlk_digest digest; /* of the sign1 with that seq */
};

/* Heartbeat: heads of this arrangement's lanes as the sender has them. */
struct wlk_status_content {
    uint64_t clock_error_ns;
    size_t head_count;
    struct wlk_head head[WLK_HEADS_MAX];
    bool has_log; /* hub only: head of its decision log for this arrangement */
    uint64_t log_count;
    wlk_digest log_digest;
    uint64_t started_ns; /* when the sender started */
    uint64_t version;    /* highest of this arrangement that was in force at the sender */
};

enum wlk_receipt_stage { WLK_RECEIVED = 1, WLK_DURABLE = 2, WLK_SHOWN = 3 };

/* Cumulative, one lane: seq up to which each stage is reached, 0 for none. */
struct wlk_receipt_content {
    wlk_name originator;
    struct wlk_lane lane;
    uint64_t received_seq, durable_seq, shown_seq;
};

struct wlk_refused_content {
    wlk_name originator, recipient;
    struct wlk_lane lane;
    uint64_t first_seq, last_seq;
    wlk_digest digest;            /* of the last sign1 in the range */
    char clause[WLK_TEXT_SIZE];   /* "N1", "default", "label" ... */
    char reason[WLK_REASON_SIZE];
};

#endif
