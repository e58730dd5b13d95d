/* truth.h -- the flight of a rocket as it would really be: thrust by stages, coast, re-entry.
 *
 * SUNDIALS CVODE over 8x8 gravity, a rotating Earth and the US Standard Atmosphere 1976. It
 * shares no force model with tracking/ or earth/propagate.c: truth and estimate are two
 * implementations, or the rehearsals prove nothing. truth.c is the only file that sees CVODE.
 * Read by: rehearsal/solve.c, radar.c, infrared.c; programs.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_REHEARSAL_TRUTH_H
#define WLK_REHEARSAL_TRUTH_H

#include "base/status.h"
#include "earth/frames.h"

#include <stddef.h>

enum {
    WLK_FLIGHT_STAGES_MAX = 3,
    WLK_FLIGHT_NODES_MAX = 4096 /* 0.5 s in boost, 0.25 s below 150 km, else 5 s */
};

/* One stage at constant thrust; its mass counts from 1 at ignition. */
struct wlk_stage {
    double burn_s;           /* > 0 */
    double exhaust_mps;      /* effective exhaust speed, > 0 */
    double propellant_share; /* of the mass at ignition, (0, 1) */
    double beta_kgpm2;       /* ballistic coefficient at ignition; falls with the mass */
};

/* A rocket with its steering: rises vertically, then tilts smoothly until pitch_end_s and
 * holds that attitude, fixed to the Earth, until the last burnout. */
struct wlk_rocket {
    size_t stage_count; /* 1..WLK_FLIGHT_STAGES_MAX */
    struct wlk_stage stage[WLK_FLIGHT_STAGES_MAX];
    double vertical_s;  /* from launch, >= 0 */
    double pitch_end_s; /* > vertical_s */
    double tilt_rad;    /* of the thrust from the vertical of the launch place, at the end */
    double azimuth_rad; /* the way it tilts, clockwise from true north */
    double beta_coast_kgpm2; /* ballistic coefficient after the last burnout, > 0 */
    /* A body that pulls up or glides: from lift_from_s (s from launch, after the last burnout)
     * on the air lifts it by lift_to_drag (0..5) times its drag, in the vertical plane. */
    double lift_to_drag, lift_from_s;
};

struct wlk_flight_node {
    double t_s;                                                  /* from launch */
    double position_m[3], velocity_mps[3], acceleration_mps2[3]; /* ECEF */
};

/* A whole flight; about 330 kB, so keep it static or allocate it at start. */
struct wlk_flight {
    wlk_geodetic launch;
    wlk_geodetic impact; /* on the ellipsoid, height 0 */
    size_t stage_count;
    double stage_burnout_s[WLK_FLIGHT_STAGES_MAX]; /* from launch; ignition of the next */
    double burnout_s;                              /* the last one */
    double apogee_m;                               /* greatest height above the ellipsoid */
    double apogee_time_s;                          /* from launch */
    double range_m;                                /* geodesic from launch to impact */
    double bearing_rad;   /* of that geodesic at the launch place, [0, 2 pi) */
    double flight_time_s; /* from launch to impact */
    size_t node_count;
    struct wlk_flight_node node[WLK_FLIGHT_NODES_MAX]; /* t_s never falls; twice at a burnout */
};

/* Where the object is t_s seconds after launch; ECEF. Quintic between nodes: within 1 cm and
 * 1 cm/s of the integration.
 * WLK_OK       both outputs complete.
 * WLK_NOT_YET  before launch: it stands at flight->launch.
 * WLK_STALE    after impact, or no flight in it. */
wlk_status wlk_flight_at(const struct wlk_flight *flight, double t_s, double position_m[3],
                         double velocity_mps[3]) WLK_MUST_USE;

/* The figures of a flight without its table. */
struct wlk_trial {
    wlk_geodetic impact;
    double apogee_m, range_m, bearing_rad, flight_time_s;
};

/* Flies the rocket from the launch place to the ellipsoid. _try gives the figures only, to
 * within about 10 m, in a few milliseconds.
 *
 * launch  height 0..5000 m.
 *
 * WLK_OK           *out is complete.
 * WLK_NO_SOLUTION  it never rises, flies over 7,200 s, fills the nodes, or a number of the
 *                  rocket is out of range. _try leaves *out untouched; _fly leaves
 *                  out->node_count 0, since a table is too large to make aside.
 * No shared state; CVODE allocates and frees. */
wlk_status wlk_truth_try(const struct wlk_rocket *rocket, wlk_geodetic launch,
                         struct wlk_trial *out) WLK_MUST_USE;
wlk_status wlk_truth_fly(const struct wlk_rocket *rocket, wlk_geodetic launch,
                         struct wlk_flight *out) WLK_MUST_USE;

/* A free body, for checks of the forces against other people's orbits and falls. */
struct wlk_fall {
    double position_m[3], velocity_mps[3]; /* ECEF */
    double inverse_beta;                   /* m^2/kg; 0 without drag */
    int degree, order;                     /* of the gravity field, 0..8 */
};

/* Carries the body by duration_s in (0, 86400], through the ground if it must.
 * WLK_NO_SOLUTION the integrator gave up; *body is untouched. */
wlk_status wlk_truth_fall(struct wlk_fall *body, double duration_s) WLK_MUST_USE;

#endif
