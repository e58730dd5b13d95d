/* truth.c -- integrates a rocket from launch to impact; the only file that sees SUNDIALS.
 *
 * Rotating axes (ECEF): attraction, centrifugal and Coriolis terms, thrust, drag. The force
 * changes by a step at each burnout, so each stage is an integration of its own; apogee and
 * ground are roots. SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/truth.h"

#include "base/assert.h"
#include "earth/geodesic.h"
#include "rehearsal/gravity8.h"
#include "rehearsal/us76.h"

#include <cvode/cvode.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <stdbool.h>
#include <string.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>

#define EARTH_RATE_RADPS 7.292115e-5 /* WGS 84 [NIMA TR8350.2, table 3.1] */
#define HORIZON_S        7200.0      /* longer is an orbit */
#define LIFT_OFF_S       1.0         /* a root before it is rounding on the ground */
#define LIFT_OFF_MPS2    10.0        /* thrust that lifts it: over gravity anywhere */
#define NODE_BOOST_S     0.5
#define NODE_AIR_S       0.25
#define NODE_SPACE_S     5.0
#define NODE_AIR_TOP_M   150000.0

enum { STEPS_MAX = 200000, ROOT_GROUND = 0, ROOT_APOGEE = 1, ROOT_COUNT = 2 };

/* What acts on the body now. */
struct forces {
    int degree, order;               /* of the gravity field */
    double inverse_beta;             /* m^2/kg, where no stage burns */
    const struct wlk_stage *burning; /* NULL in coast */
    double ignition_s;               /* of the burning stage */
    const struct wlk_rocket *rocket;
    double axes[3][3]; /* east, north, up at the launch place */
};

struct engine {
    SUNContext context;
    N_Vector state;
    SUNNonlinearSolver solver;
    void *cvode;
};

/* A flight as it grows; flight is NULL for a trial. */
struct course {
    struct engine engine;
    struct forces forces;
    struct wlk_flight *flight;
    double t_s;
    double apogee_m, apogee_time_s;
    bool is_down;
};

static double height_of(const double x[6])
{
    return wlk_geodetic_from_ecef((wlk_ecef){x[0], x[1], x[2]}).height_m;
}

/* Unit vector of the thrust: vertical, then tilting without a jerk, then held. */
static void thrust_direction(const struct forces *forces, double t_s, double out[3])
{
    const struct wlk_rocket *rocket = forces->rocket;
    double s = (t_s - rocket->vertical_s) / (rocket->pitch_end_s - rocket->vertical_s);
    s = fmin(fmax(s, 0.0), 1.0);
    double tilt_rad = rocket->tilt_rad * s * s * (3.0 - 2.0 * s);
    double east = sin(tilt_rad) * sin(rocket->azimuth_rad);
    double north = sin(tilt_rad) * cos(rocket->azimuth_rad), up = cos(tilt_rad);
    for (int i = 0; i < 3; i++)
        out[i] =
            forces->axes[0][i] * east + forces->axes[1][i] * north + forces->axes[2][i] * up;
}

/* Lift: upwards, square to the velocity. */
static void add_lift(const double x[6], double lift_mps2, double out[3])
{
    double up[3], rising = 0, speed2 = 0, length = 0;
    for (int i = 0; i < 3; i++) {
        rising += x[i] * x[3 + i];
        speed2 += x[3 + i] * x[3 + i];
    }
    for (int i = 0; i < 3; i++) {
        up[i] = x[i] - rising / speed2 * x[3 + i];
        length += up[i] * up[i];
    }
    for (int i = 0; lift_mps2 > 0 && i < 3; i++)
        out[i] += lift_mps2 * up[i] / sqrt(length);
}

static void accelerate(const struct forces *forces, double t_s, const double x[6],
                       double out[3])
{
    const double w = EARTH_RATE_RADPS;
    wlk_gravity8(x, forces->degree, forces->order, out);
    out[0] += w * w * x[0] + 2.0 * w * x[4];
    out[1] += w * w * x[1] - 2.0 * w * x[3];
    double inverse_beta = forces->inverse_beta;
    if (forces->burning) {
        const struct wlk_stage *stage = forces->burning;
        double mass =
            1.0 - stage->propellant_share * (t_s - forces->ignition_s) / stage->burn_s;
        double thrust_mps2 =
            stage->exhaust_mps * stage->propellant_share / (stage->burn_s * mass);
        double direction[3];
        thrust_direction(forces, t_s, direction);
        for (int i = 0; i < 3; i++)
            out[i] += thrust_mps2 * direction[i];
        inverse_beta = 1.0 / (stage->beta_kgpm2 * mass);
    }
    double density = inverse_beta > 0.0 ? wlk_us76_density(height_of(x)) : 0.0;
    double speed_mps = sqrt(x[3] * x[3] + x[4] * x[4] + x[5] * x[5]);
    double slowing = 0.5 * density * inverse_beta * speed_mps;
    for (int i = 0; i < 3; i++) /* the air turns with the axes */
        out[i] -= slowing * x[3 + i];
    if (forces->rocket && !forces->burning && t_s > forces->rocket->lift_from_s)
        add_lift(x, forces->rocket->lift_to_drag * slowing * speed_mps, out);
}

static int right_side(realtype t, N_Vector state, N_Vector rate, void *user)
{
    const double *x = N_VGetArrayPointer(state);
    double *slope = N_VGetArrayPointer(rate);
    memcpy(slope, x + 3, 3 * sizeof *x);
    accelerate(user, t, x, slope + 3);
    return isfinite(slope[3] + slope[4] + slope[5]) ? 0 : 1;
}

/* Height above the ellipsoid, and its rate (the normal is its gradient). */
static int roots(realtype t, N_Vector state, realtype *out, void *user)
{
    (void)t;
    (void)user;
    const double *x = N_VGetArrayPointer(state);
    wlk_geodetic place = wlk_geodetic_from_ecef((wlk_ecef){x[0], x[1], x[2]});
    double level = cos(place.latitude_rad);
    out[ROOT_GROUND] = place.height_m;
    out[ROOT_APOGEE] = level * cos(place.longitude_rad) * x[3] +
                       level * sin(place.longitude_rad) * x[4] + sin(place.latitude_rad) * x[5];
    return 0;
}

static void engine_close(struct engine *engine)
{
    if (engine->cvode)
        CVodeFree(&engine->cvode);
    if (engine->solver)
        SUNNonlinSolFree(engine->solver);
    if (engine->state)
        N_VDestroy(engine->state);
    if (engine->context)
        SUNContext_Free(&engine->context);
}

/* Adams-Moulton of up to order 12 with fixed-point iteration: the equations are not stiff. */
static wlk_status engine_open(struct engine *engine, const double x[6], double tolerance,
                              struct forces *forces)
{
    memset(engine, 0, sizeof *engine);
    if (SUNContext_Create(NULL, &engine->context) != 0)
        return WLK_NO_SOLUTION;
    engine->state = N_VNew_Serial(6, engine->context);
    engine->cvode = CVodeCreate(CV_ADAMS, engine->context);
    N_Vector least = engine->state ? N_VClone(engine->state) : NULL;
    if (engine->state)
        engine->solver = SUNNonlinSol_FixedPoint(engine->state, 0, engine->context);
    bool is_open = engine->solver && engine->cvode && least;
    for (int i = 0; is_open && i < 6; i++) {
        N_VGetArrayPointer(engine->state)[i] = x[i];
        /* A metre and a mm/s at the tolerance: the Earth's radius and 7 km/s, roughly. */
        N_VGetArrayPointer(least)[i] = tolerance * (i < 3 ? 1e6 : 1e3);
    }
    is_open = is_open && CVodeInit(engine->cvode, right_side, 0.0, engine->state) == 0 &&
              CVodeSetErrFile(engine->cvode, NULL) == 0 &&
              CVodeSVtolerances(engine->cvode, tolerance, least) == 0 &&
              CVodeSetNonlinearSolver(engine->cvode, engine->solver) == 0 &&
              CVodeSetMaxNumSteps(engine->cvode, STEPS_MAX) == 0 &&
              CVodeSetUserData(engine->cvode, forces) == 0;
    if (least)
        N_VDestroy(least);
    if (!is_open)
        engine_close(engine);
    return is_open ? WLK_OK : WLK_NO_SOLUTION;
}

static wlk_status add_node(struct course *course)
{
    struct wlk_flight *flight = course->flight;
    if (!flight)
        return WLK_OK;
    if (flight->node_count == WLK_FLIGHT_NODES_MAX)
        return WLK_NO_SOLUTION;
    struct wlk_flight_node *node = &flight->node[flight->node_count++];
    const double *x = N_VGetArrayPointer(course->engine.state);
    node->t_s = course->t_s;
    memcpy(node->position_m, x, sizeof node->position_m);
    memcpy(node->velocity_mps, x + 3, sizeof node->velocity_mps);
    accelerate(&course->forces, course->t_s, x, node->acceleration_mps2);
    return WLK_OK;
}

/* Integrates to the given time or to a root; says at the top and on the ground what it met. */
static wlk_status advance(struct course *course, double to_s)
{
    struct engine *engine = &course->engine;
    while (course->t_s < to_s && !course->is_down) {
        int answer = CVode(engine->cvode, to_s, engine->state, &course->t_s, CV_NORMAL);
        if (answer < 0)
            return WLK_NO_SOLUTION;
        int met[ROOT_COUNT] = {0, 0};
        if (answer == CV_ROOT_RETURN && CVodeGetRootInfo(engine->cvode, met) != 0)
            return WLK_NO_SOLUTION;
        if (course->t_s < LIFT_OFF_S)
            continue;
        course->is_down = met[ROOT_GROUND] != 0;
        double height_m =
            met[ROOT_APOGEE] ? height_of(N_VGetArrayPointer(engine->state)) : -1.0;
        if (height_m > course->apogee_m) {
            course->apogee_m = height_m;
            course->apogee_time_s = course->t_s;
        }
    }
    return WLK_OK;
}

/* One span of smooth forces, until the given time or the ground. */
static wlk_status span(struct course *course, double until_s)
{
    struct engine *engine = &course->engine;
    if (CVodeReInit(engine->cvode, course->t_s, engine->state) != 0 ||
        CVodeSetStopTime(engine->cvode, until_s) != 0)
        return WLK_NO_SOLUTION;
    WLK_TRY(add_node(course));
    while (course->t_s < until_s && !course->is_down) {
        double step_s = until_s;
        if (course->flight && course->forces.burning)
            step_s = NODE_BOOST_S;
        else if (course->flight)
            step_s = height_of(N_VGetArrayPointer(engine->state)) < NODE_AIR_TOP_M
                         ? NODE_AIR_S
                         : NODE_SPACE_S;
        WLK_TRY(advance(course, fmin(course->t_s + step_s, until_s)));
        WLK_TRY(add_node(course));
    }
    return WLK_OK;
}

static bool is_flyable(const struct wlk_rocket *rocket, wlk_geodetic launch)
{
    bool is_good = rocket->stage_count >= 1 && rocket->stage_count <= WLK_FLIGHT_STAGES_MAX &&
                   rocket->vertical_s >= 0.0 && rocket->pitch_end_s > rocket->vertical_s &&
                   rocket->beta_coast_kgpm2 > 0.0 && isfinite(rocket->tilt_rad) &&
                   rocket->lift_to_drag >= 0.0 && rocket->lift_to_drag <= 5.0 &&
                   isfinite(rocket->lift_from_s) &&
                   isfinite(rocket->azimuth_rad) && isfinite(rocket->pitch_end_s) &&
                   launch.height_m >= 0.0 && launch.height_m <= 5000.0 &&
                   fabs(launch.latitude_rad) <= WLK_PI / 2.0 && isfinite(launch.longitude_rad);
    for (size_t i = 0; is_good && i < rocket->stage_count; i++) {
        const struct wlk_stage *stage = &rocket->stage[i];
        is_good = stage->burn_s > 0.0 && stage->burn_s < HORIZON_S &&
                  stage->exhaust_mps > 0.0 && isfinite(stage->exhaust_mps) &&
                  stage->propellant_share > 0.0 && stage->propellant_share < 1.0 &&
                  stage->beta_kgpm2 > 0.0;
    }
    /* It must leave the ground at once: a root of the height comes only from above. */
    return is_good && rocket->stage[0].exhaust_mps * rocket->stage[0].propellant_share >
                          LIFT_OFF_MPS2 * rocket->stage[0].burn_s;
}

/* All stages, then the coast to the ground. burnout_s has room for every stage. */
static wlk_status fly_spans(struct course *course, double burnout_s[])
{
    struct forces *forces = &course->forces;
    for (size_t i = 0; i < forces->rocket->stage_count; i++) {
        forces->burning = &forces->rocket->stage[i];
        forces->ignition_s = course->t_s;
        burnout_s[i] = course->t_s + forces->burning->burn_s;
        WLK_TRY(span(course, burnout_s[i]));
        if (course->is_down) /* fell back under thrust */
            return WLK_NO_SOLUTION;
    }
    forces->burning = NULL;
    WLK_TRY(span(course, HORIZON_S));
    return course->is_down ? WLK_OK : WLK_NO_SOLUTION;
}

static struct wlk_trial figures_of(const struct course *course, wlk_geodetic launch)
{
    const double *x = N_VGetArrayPointer(course->engine.state);
    struct wlk_trial figures = {.apogee_m = course->apogee_m, .flight_time_s = course->t_s};
    figures.impact = wlk_geodetic_from_ecef((wlk_ecef){x[0], x[1], x[2]});
    struct wlk_geodesic line = wlk_geodesic_between(launch, figures.impact);
    figures.range_m = line.distance_m;
    figures.bearing_rad = line.azimuth_rad;
    return figures;
}

/* A trial's tolerance is 1e-8 a step, the truth's 1e-11. */
static wlk_status fly(struct course *course, wlk_geodetic launch, double burnout_s[],
                      struct wlk_trial *figures)
{
    wlk_ecef from = wlk_ecef_from_geodetic(launch);
    double x[6] = {from.x, from.y, from.z, 0.0, 0.0, 0.0};
    wlk_enu_axes(launch, course->forces.axes);
    WLK_TRY(engine_open(&course->engine, x, course->flight ? 1e-11 : 1e-8, &course->forces));
    int falling[ROOT_COUNT] = {-1, -1};
    wlk_status status = WLK_NO_SOLUTION;
    if (CVodeRootInit(course->engine.cvode, ROOT_COUNT, roots) == 0 &&
        CVodeSetRootDirection(course->engine.cvode, falling) == 0)
        status = fly_spans(course, burnout_s);
    if (status == WLK_OK)
        *figures = figures_of(course, launch);
    engine_close(&course->engine);
    return status;
}

wlk_status wlk_truth_try(const struct wlk_rocket *rocket, wlk_geodetic launch,
                         struct wlk_trial *out)
{
    double burnout_s[WLK_FLIGHT_STAGES_MAX];
    if (!is_flyable(rocket, launch))
        return WLK_NO_SOLUTION;
    struct course course = {.forces = {.degree = WLK_GRAVITY8_DEGREE_MAX,
                                       .order = WLK_GRAVITY8_DEGREE_MAX,
                                       .inverse_beta = 1.0 / rocket->beta_coast_kgpm2,
                                       .rocket = rocket}};
    return fly(&course, launch, burnout_s, out);
}

wlk_status wlk_truth_fly(const struct wlk_rocket *rocket, wlk_geodetic launch,
                         struct wlk_flight *out)
{
    out->node_count = 0;
    if (!is_flyable(rocket, launch))
        return WLK_NO_SOLUTION;
    struct course course = {.forces = {.degree = WLK_GRAVITY8_DEGREE_MAX,
                                       .order = WLK_GRAVITY8_DEGREE_MAX,
                                       .inverse_beta = 1.0 / rocket->beta_coast_kgpm2,
                                       .rocket = rocket},
                            .flight = out};
    struct wlk_trial figures;
    wlk_status status = fly(&course, launch, out->stage_burnout_s, &figures);
    if (status != WLK_OK) {
        out->node_count = 0;
        return status;
    }
    out->launch = launch;
    out->impact = figures.impact;
    out->stage_count = rocket->stage_count;
    out->burnout_s = out->stage_burnout_s[rocket->stage_count - 1];
    out->apogee_m = figures.apogee_m;
    out->apogee_time_s = course.apogee_time_s;
    out->range_m = figures.range_m;
    out->bearing_rad = figures.bearing_rad;
    out->flight_time_s = figures.flight_time_s;
    return WLK_OK;
}

wlk_status wlk_truth_fall(struct wlk_fall *body, double duration_s)
{
    struct forces forces = {
        .degree = body->degree, .order = body->order, .inverse_beta = body->inverse_beta};
    double x[6], t_s = 0.0;
    memcpy(x, body->position_m, sizeof body->position_m);
    memcpy(x + 3, body->velocity_mps, sizeof body->velocity_mps);
    if (!(duration_s > 0.0 && duration_s <= 86400.0))
        return WLK_NO_SOLUTION;
    struct engine engine;
    WLK_TRY(engine_open(&engine, x, 1e-12, &forces));
    bool is_there = CVodeSetStopTime(engine.cvode, duration_s) == 0 &&
                    CVode(engine.cvode, duration_s, engine.state, &t_s, CV_NORMAL) >= 0;
    if (is_there) {
        const double *end = N_VGetArrayPointer(engine.state);
        memcpy(body->position_m, end, sizeof body->position_m);
        memcpy(body->velocity_mps, end + 3, sizeof body->velocity_mps);
    }
    engine_close(&engine);
    return is_there ? WLK_OK : WLK_NO_SOLUTION;
}
