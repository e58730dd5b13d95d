/* solve.c -- from published figures to a flight: a template per class, three unknowns, Newton.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/solve.h"

#include "base/assert.h"
#include "rehearsal/template.h"

#include <math.h>
#include <string.h>

#define EARTH_RADIUS_M 6371000.0 /* mean [IUGG]; for first guesses only */
#define GRAVITY_MPS2   9.8       /* for first guesses only */
#define CLOSE_ENOUGH   3e-5      /* relative residual where the iteration ends */
#define GOOD_ENOUGH    5e-4      /* what counts as solved; 0.1 % is promised */
#define SPEED_STEP_MAX 0.10      /* of the speed, in one Newton step */
#define TILT_STEP_MAX  0.10      /* rad, in one Newton step */
#define SPEED_PROBE    2e-3      /* of the speed, for differences: trials are good to 10 m */
#define TILT_PROBE     1e-3      /* rad */

enum { UNKNOWNS = 3, ITERATIONS_MAX = 25, HALVINGS_MAX = 6 };

/* Ideal speed (the sum of the stages), and where the thrust tilts to: components of the tilt
 * towards east and north, so that straight up is no special case. */
struct aim {
    double speed_mps, east_rad, north_rad;
};

/* What the flight must have; the impact as a vector at the launch place along the geodesic. */
struct target {
    const struct wlk_template *template;
    wlk_geodetic launch;
    double apogee_m, range_m, east_m, north_m;
    double beta_coast_kgpm2;
};

static struct wlk_rocket rocket_of(const struct target *target, struct aim aim)
{
    const struct wlk_template *template = target->template;
    struct wlk_rocket rocket = {.stage_count = template->stage_count,
                                .vertical_s = template->vertical_s,
                                .pitch_end_s = template->pitch_end_s,
                                .tilt_rad = hypot(aim.east_rad, aim.north_rad),
                                .azimuth_rad = atan2(aim.east_rad, aim.north_rad),
                                .beta_coast_kgpm2 = target->beta_coast_kgpm2};
    for (size_t i = 0; i < template->stage_count; i++) {
        const struct wlk_template_stage *stage = &template->stage[i];
        rocket.stage[i] = (struct wlk_stage){
            .burn_s = stage->burn_s,
            .exhaust_mps = stage->exhaust_mps,
            .propellant_share =
                1.0 - exp(-stage->speed_share * aim.speed_mps / stage->exhaust_mps),
            .beta_kgpm2 = stage->beta_kgpm2};
    }
    return rocket;
}

/* How far a trial is from the target, relative. WLK_NO_SOLUTION: that aim is no flight. */
static wlk_status residual_of(const struct target *target, struct aim aim, double out[UNKNOWNS])
{
    struct wlk_rocket rocket = rocket_of(target, aim);
    struct wlk_trial trial;
    WLK_TRY(wlk_truth_try(&rocket, target->launch, &trial));
    out[0] = trial.apogee_m / target->apogee_m - 1.0;
    out[1] = (trial.range_m * sin(trial.bearing_rad) - target->east_m) / target->range_m;
    out[2] = (trial.range_m * cos(trial.bearing_rad) - target->north_m) / target->range_m;
    return WLK_OK;
}

static double size_of(const double residual[UNKNOWNS])
{
    return sqrt(residual[0] * residual[0] + residual[1] * residual[1] +
                residual[2] * residual[2]);
}

static struct aim moved(struct aim aim, const double step[UNKNOWNS], double factor)
{
    aim.speed_mps *= 1.0 + factor * step[0];
    aim.east_rad += factor * step[1];
    aim.north_rad += factor * step[2];
    return aim;
}

/* Cramer's rule: the step that takes the residual to zero if it were straight. */
static wlk_status newton_step(double slope[UNKNOWNS][UNKNOWNS], const double residual[UNKNOWNS],
                              double step[UNKNOWNS])
{
    double minor[3], whole;
    for (int i = 0; i < 3; i++) {
        int j = (i + 1) % 3, k = (i + 2) % 3;
        minor[i] = slope[1][j] * slope[2][k] - slope[1][k] * slope[2][j];
    }
    whole = slope[0][0] * minor[0] + slope[0][1] * minor[1] + slope[0][2] * minor[2];
    if (!(fabs(whole) > 1e-12))
        return WLK_NO_SOLUTION;
    for (int i = 0; i < 3; i++) { /* column i replaced by -residual */
        int j = (i + 1) % 3, k = (i + 2) % 3;
        double sum = 0.0;
        for (int row = 0; row < 3; row++) {
            int p = (row + 1) % 3, q = (row + 2) % 3;
            sum -= residual[row] * (slope[p][j] * slope[q][k] - slope[p][k] * slope[q][j]);
        }
        step[i] = sum / whole;
    }
    double over = fmax(fabs(step[0]) / SPEED_STEP_MAX,
                       fmax(fabs(step[1]), fabs(step[2])) / TILT_STEP_MAX);
    for (int i = 0; i < 3 && over > 1.0; i++)
        step[i] /= over;
    return WLK_OK;
}

static wlk_status slope_at(const struct target *target, struct aim aim,
                           const double residual[UNKNOWNS], double slope[UNKNOWNS][UNKNOWNS])
{
    static const double probe[UNKNOWNS] = {SPEED_PROBE, TILT_PROBE, TILT_PROBE};
    for (int i = 0; i < UNKNOWNS; i++) {
        double step[UNKNOWNS] = {0.0, 0.0, 0.0}, there[UNKNOWNS];
        step[i] = probe[i];
        WLK_TRY(residual_of(target, moved(aim, step, 1.0), there));
        for (int row = 0; row < UNKNOWNS; row++)
            slope[row][i] = (there[row] - residual[row]) / probe[i];
    }
    return WLK_OK;
}

/* One damped step; *residual and *aim move only if that is better. */
static wlk_status improve(const struct target *target, struct aim *aim,
                          double residual[UNKNOWNS])
{
    double slope[UNKNOWNS][UNKNOWNS], step[UNKNOWNS], there[UNKNOWNS], factor = 1.0;
    WLK_TRY(slope_at(target, *aim, residual, slope));
    WLK_TRY(newton_step(slope, residual, step));
    for (int i = 0; i <= HALVINGS_MAX; i++, factor *= 0.5) {
        struct aim trial = moved(*aim, step, factor);
        if (residual_of(target, trial, there) != WLK_OK || size_of(there) >= size_of(residual))
            continue;
        *aim = trial;
        memcpy(residual, there, sizeof there);
        return WLK_OK;
    }
    return WLK_NO_SOLUTION;
}

/* The vacuum parabola with the gravity loss of the burn, then the best of a coarse grid about
 * it: Newton starts where a flight exists. */
static wlk_status first_aim(const struct target *target, struct aim *aim,
                            double residual[UNKNOWNS])
{
    double shrink = EARTH_RADIUS_M / (EARTH_RADIUS_M + target->apogee_m);
    double up_mps = sqrt(2.0 * GRAVITY_MPS2 * target->apogee_m * shrink);
    double along_mps = target->range_m * GRAVITY_MPS2 * shrink / (2.0 * up_mps);
    double tilt_rad = atan2(along_mps, up_mps), burn_s = 0.0;
    for (size_t i = 0; i < target->template->stage_count; i++)
        burn_s += target->template->stage[i].burn_s;
    double speed_mps = hypot(up_mps, along_mps) + 0.7 * GRAVITY_MPS2 * burn_s * cos(tilt_rad);
    static const double SPEEDS[] = {0.75, 0.85, 0.95, 1.05, 1.15, 1.3};
    static const double TILTS[] = {0.3, 0.7, 0.9, 1.1, 1.4};
    double best = HUGE_VAL;
    for (size_t i = 0; i < sizeof SPEEDS / sizeof SPEEDS[0]; i++)
        for (size_t k = 0; k < sizeof TILTS / sizeof TILTS[0]; k++) {
            double tilt = fmin(TILTS[k] * tilt_rad, 1.4), there[UNKNOWNS];
            struct aim trial = {SPEEDS[i] * speed_mps, tilt * target->east_m / target->range_m,
                                tilt * target->north_m / target->range_m};
            if (residual_of(target, trial, there) != WLK_OK || size_of(there) >= best)
                continue;
            best = size_of(there);
            *aim = trial;
            memcpy(residual, there, sizeof there);
        }
    return isfinite(best) ? WLK_OK : WLK_NO_SOLUTION;
}

static wlk_status solve(const struct target *target, struct aim *aim)
{
    double residual[UNKNOWNS];
    WLK_TRY(first_aim(target, aim, residual));
    for (int i = 0; i < ITERATIONS_MAX && size_of(residual) > CLOSE_ENOUGH; i++)
        if (improve(target, aim, residual) != WLK_OK)
            break; /* as near as trials can tell, or stuck: the size says which */
    return size_of(residual) <= GOOD_ENOUGH ? WLK_OK : WLK_NO_SOLUTION;
}

double wlk_solve_least_energy_apogee(double range_m)
{
    double quarter = range_m / (4.0 * EARTH_RADIUS_M);
    /* The ellipse of least energy between two points of a sphere, its second focus on their
     * chord: apogee = R (sin 2q + cos 2q - 1) / 2; R q for small ranges. */
    return 0.5 * EARTH_RADIUS_M * (sin(2.0 * quarter) + cos(2.0 * quarter) - 1.0);
}

static wlk_status refuse(const struct wlk_history_row *row, struct wlk_fault *fault,
                         const char *rule)
{
    wlk_fault_set(fault, rule, "%s", row->id);
    return WLK_NO_SOLUTION;
}

wlk_status wlk_history_flight(const struct wlk_history_row *row, struct wlk_flight *out,
                              struct wlk_fault *fault)
{
    return wlk_history_flight_of(row, 0, out, fault);
}

wlk_status wlk_history_flight_of(const struct wlk_history_row *row, double beta_kgpm2,
                                 struct wlk_flight *out, struct wlk_fault *fault)
{
    if (row->kind == WLK_HISTORY_PULL_UP)
        return refuse(row, fault, "not ballistic: it pulls up on the way down");
    if (row->kind == WLK_HISTORY_GLIDE)
        return refuse(row, fault, "not ballistic: it glides");
    if (row->kind == WLK_HISTORY_FAILED)
        return refuse(row, fault, "it failed: no whole flight is known");
    if (!row->has_range)
        return refuse(row, fault, "no range was published");
    if (!row->has_bearing)
        return refuse(row, fault, "no bearing was published");
    if (!row->has_apogee && !row->assumption[0])
        return refuse(row, fault, "no apogee was published and none is assumed");
    struct target target = {.template = wlk_template_find(row->class_name),
                            .launch = row->place,
                            .apogee_m = row->has_apogee
                                            ? row->apogee_m
                                            : wlk_solve_least_energy_apogee(row->range_m),
                            .range_m = row->range_m,
                            .east_m = row->range_m * sin(row->bearing_rad),
                            .north_m = row->range_m * cos(row->bearing_rad)};
    if (!target.template)
        return refuse(row, fault, "no rocket template of that class");
    target.beta_coast_kgpm2 =
        beta_kgpm2 > 0 ? beta_kgpm2 : target.template->beta_coast_kgpm2;
    struct aim aim;
    if (solve(&target, &aim) != WLK_OK)
        return refuse(row, fault, "no thrust and tilt of the class give these figures");
    struct wlk_rocket rocket = rocket_of(&target, aim);
    if (wlk_truth_fly(&rocket, row->place, out) != WLK_OK)
        return refuse(row, fault, "the solved flight does not reach the ground");
    return WLK_OK;
}
