/* descent_lanes.c -- RK4 of eight bodies; compiled once for each kind of processor.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/descent_lanes.h"

#include "earth/pull_lanes.h"

enum { PARTS = WLK_LANES / WLK_LANES_WIDTH, STEPS_MAX = 2000 };

/* Steps, s: above the air, at the radius of the Earth (they grow with it, as gravity slackens);
 * in thin air; in the air below MIDDLE_M, and below LOW_M; no more of it than LAYER_M high; and
 * less where drag is harsh: STIFF over its rate. The mean errs by 7 m for it (descent_test.c),
 * where its dynamics leave out 10 m and more. */
static const double STEP_EXO_S = 25, STEP_THIN_S = 10, STEP_MIDDLE_S = 5, STEP_LOW_S = 4;
static const double MIDDLE_M = 80e3, LOW_M = 50e3, LAYER_M = 8e3, STIFF = 0.3,
                    STEP_MIN_S = 0.01;
static const double GROUND_M = 0.05; /* how near the ellipsoid is near enough */

static wlk_lanes all(double x)
{
    return wlk_lanes_all(x);
}

/* The step that is good, or that ends on the ground (backwards if it is below): 0 when there.
 */
static wlk_lanes step_of(const struct wlk_pull *pull, wlk_lanes rise, wlk_lanes left_s)
{
    wlk_lanes height = pull->height, soon = -1 / wlk_lanes_min(rise, all(-1e-3));
    wlk_lanes exo = STEP_EXO_S * (1.5 / WLK_WGS84_A * pull->radius - 0.5);
    wlk_lanes reach = wlk_lanes_max((height - WLK_AIR_TOP_M) * soon, all(STEP_THIN_S));
    wlk_lanes air = wlk_lanes_choose(height < MIDDLE_M, all(STEP_MIDDLE_S), all(STEP_THIN_S));
    air = wlk_lanes_choose(height < LOW_M, all(STEP_LOW_S), air);
    air = wlk_lanes_min(wlk_lanes_min(air, LAYER_M / wlk_lanes_max(rise, -rise)),
                        STIFF / pull->slowing);
    air = wlk_lanes_max(air, all(STEP_MIN_S));
    wlk_lanes step = wlk_lanes_choose(height < WLK_AIR_TOP_M, air, wlk_lanes_min(exo, reach));
    step = wlk_lanes_min(wlk_lanes_min(step, left_s), height * soon);
    return wlk_lanes_choose((height < GROUND_M) & (height > -GROUND_M), all(0), step);
}

/* The rest of the step: three more slopes, and their mean. */
static void rk4(struct wlk_pull *pull, wlk_lanes inverse_beta, wlk_lanes h, bool has_air)
{
    static const double PLACE[4] = {0, 0.5, 0.5, 1}, WEIGHT[4] = {1, 2, 2, 1};
    wlk_lanes from[6], sum[6];
    for (int i = 0; i < 3; i++) {
        from[i] = pull->at[i];
        from[i + 3] = pull->speed[i];
        sum[i] = pull->speed[i];
        sum[i + 3] = pull->by_mps2[i];
    }
    for (int stage = 1; stage < 4; stage++) {
        wlk_lanes by = PLACE[stage] * h;
        for (int i = 0; i < 3; i++) {
            pull->at[i] = from[i] + by * pull->speed[i];
            pull->speed[i] = from[i + 3] + by * pull->by_mps2[i];
        }
        wlk_pull_gravity(pull);
        if (has_air)
            wlk_pull_drag(pull, inverse_beta);
        for (int i = 0; i < 3; i++) {
            sum[i] += WEIGHT[stage] * pull->speed[i];
            sum[i + 3] += WEIGHT[stage] * pull->by_mps2[i];
        }
    }
    for (int i = 0; i < 3; i++) {
        pull->at[i] = from[i] + h / 6 * sum[i];
        pull->speed[i] = from[i + 3] + h / 6 * sum[i + 3];
    }
}

/* One step of all, and what is known at its start. */
struct moment {
    struct wlk_pull pull[PARTS];
    double height_m[WLK_LANES], rise_mps[WLK_LANES], step_s[WLK_LANES];
    bool has_air, is_moving;
};

static void load(const struct wlk_descent *descent, int part, struct wlk_pull *out)
{
    for (int i = 0; i < 3; i++) {
        out->at[i] = wlk_lanes_load(&descent->x[i][part * WLK_LANES_WIDTH]);
        out->speed[i] = wlk_lanes_load(&descent->x[i + 3][part * WLK_LANES_WIDTH]);
    }
}

static void look(const struct wlk_descent *descent, struct moment *out)
{
    out->has_air = out->is_moving = false;
    for (int part = 0; part < PARTS; part++) {
        struct wlk_pull *pull = &out->pull[part];
        int lane = part * WLK_LANES_WIDTH;
        load(descent, part, pull);
        wlk_pull_gravity(pull);
        wlk_lanes rise = (pull->at[0] * pull->speed[0] + pull->at[1] * pull->speed[1] +
                          pull->at[2] * pull->speed[2]) /
                         pull->radius;
        /* within a step in the air */
        wlk_lanes soon = pull->height + wlk_lanes_min(rise, all(0)) * STEP_THIN_S;
        if (wlk_lanes_any(soon < WLK_AIR_TOP_M)) {
            wlk_pull_drag(pull, wlk_lanes_load(&descent->inverse_beta[lane]));
            out->has_air = true;
        }
        wlk_lanes left_s =
            wlk_lanes_load(&descent->limit_s[lane]) - wlk_lanes_load(&descent->seconds[lane]);
        wlk_lanes_store(step_of(pull, rise, left_s), &out->step_s[lane]);
        wlk_lanes_store(pull->height, &out->height_m[lane]);
        wlk_lanes_store(rise, &out->rise_mps[lane]);
    }
    for (int lane = 1; lane < WLK_DESCENT_TOGETHER; lane++)
        out->step_s[lane] = out->step_s[0];
    for (int lane = 0; lane < WLK_LANES; lane++)
        out->is_moving |= out->step_s[lane] != 0;
}

static void take(struct moment *moment, struct wlk_descent *descent)
{
    for (int part = 0; part < PARTS; part++) {
        struct wlk_pull *pull = &moment->pull[part];
        int lane = part * WLK_LANES_WIDTH;
        wlk_lanes h = wlk_lanes_load(&moment->step_s[lane]);
        rk4(pull, wlk_lanes_load(&descent->inverse_beta[lane]), h, moment->has_air);
        for (int i = 0; i < 3; i++) {
            wlk_lanes_store(pull->at[i], &descent->x[i][lane]);
            wlk_lanes_store(pull->speed[i], &descent->x[i + 3][lane]);
        }
        wlk_lanes_store(wlk_lanes_load(&descent->seconds[lane]) + h, &descent->seconds[lane]);
    }
}

/* When the trail is full, every second point goes and points come half as often. */
static void note(const struct wlk_descent *descent, int step, struct wlk_descent_trail *trail)
{
    if (step % trail->every)
        return;
    if (trail->count == WLK_PATH_POINTS_MAX - 1) {
        size_t kept = 0;
        for (size_t i = 0; i < trail->count; i += 2, kept++) {
            memcpy(trail->at[kept], trail->at[i], sizeof trail->at[kept]);
            trail->seconds[kept] = trail->seconds[i];
        }
        trail->count = kept;
        trail->every *= 2;
    }
    for (int i = 0; i < 3; i++)
        trail->at[trail->count][i] = descent->x[i][0];
    trail->seconds[trail->count++] = descent->seconds[0];
}

/* The highest point of the first body; a parabola goes through the top. */
static void note_height(const struct moment *moment, double *last_rise, double *last_step,
                        double *apogee_m)
{
    double rise = moment->rise_mps[0], height_m = moment->height_m[0];
    if (*last_rise > 0 && rise <= 0)
        *apogee_m =
            fmax(*apogee_m, height_m + 0.5 * rise * rise * *last_step / (*last_rise - rise));
    *apogee_m = fmax(*apogee_m, height_m);
    *last_rise = rise;
    *last_step = moment->step_s[0];
}

wlk_status WLK_LANES_NAME(wlk_descent_)(struct wlk_descent *descent)
{
    struct moment moment;
    double last_rise = 0, last_step = 0;
    descent->apogee_m = -WLK_WGS84_A;
    for (int step = 0; step < STEPS_MAX; step++) {
        look(descent, &moment);
        if (!moment.is_moving)
            break;
        if (!(descent->seconds[0] < descent->limit_s[0]))
            return WLK_NO_SOLUTION;
        if (moment.step_s[0] != 0) {
            note_height(&moment, &last_rise, &last_step, &descent->apogee_m);
            if (descent->trail && moment.step_s[0] > 0)
                note(descent, step, descent->trail);
        }
        take(&moment, descent);
    }
    for (int lane = 0; lane < WLK_LANES; lane++)
        if (!(fabs(moment.height_m[lane]) <= GROUND_M ||
              (lane > 0 && lane < WLK_DESCENT_TOGETHER)))
            return WLK_NO_SOLUTION;
    return WLK_OK;
}
