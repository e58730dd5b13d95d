/* correlate.c -- comparing what two sources say.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fusion/correlate.h"

#include "earth/geodesic.h"
#include "fusion/combine.h"

#include <math.h>
#include <string.h>

/* With one event between them, two tracks this near are one object even if their angle biases
 * (0.05 deg at 1,000 km is 0.9 km, more where the geometry is poor) break the gate. */
static const double EVENT_POSITION_M = 50e3;
static const double EVENT_VELOCITY_MPS = 500;
/* In a salvo one event says little: biases are given room for, neighbours are not. */
static const double SALVO_POSITION_M = 2e3;
static const double SALVO_VELOCITY_MPS = 50;

/* Faster than any ballistic missile: escape speed is above, orbital speed below. */
static const double SPEED_MAX_MPS = 8000;
static const double FLIGHT_MAX_S = 5400; /* the longest lofted flight took 4,200 s */
static const double SIGMAS = 4;          /* of the launch point, for the weak test */

static wlk_ecef ecef_of(const double xyz[3])
{
    return (wlk_ecef){xyz[0], xyz[1], xyz[2]};
}

static double apart(const double a[3], const double b[3])
{
    return hypot(hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2]);
}

static bool is_same_event(const struct wlk_source *one, const struct wlk_source *other)
{
    return one->has_event && other->has_event &&
           memcmp(one->event.bytes, other->event.bytes, WLK_EVENT_SIZE) == 0;
}

static bool is_salvo(const struct wlk_source *one, const struct wlk_source *other)
{
    return one->is_in_salvo || other->is_in_salvo;
}

/* A free state is carried back to a boosting one over so long at most: in between the motor
 * burnt, and nobody knows how. */
static const double BACK_INTO_BOOST_S = 5;

static bool carry_back(const struct wlk_source *free, wlk_utc boost, struct wlk_state *out)
{
    return free->has_carried &&
           wlk_utc_seconds(free->state.epoch, boost) <= BACK_INTO_BOOST_S &&
           wlk_state_carry(&free->state, boost, 0, out) == WLK_OK;
}

/* The two states at one time: both free ones were carried to the picture's time; with a
 * boosting one the other is carried to it. */
static bool same_time(const struct wlk_source *one, const struct wlk_source *other,
                      struct wlk_state *a, struct wlk_state *b)
{
    bool one_boosts = one->state.phase == WLK_PHASE_BOOST;
    bool other_boosts = other->state.phase == WLK_PHASE_BOOST;
    *a = one_boosts ? one->state : one->carried;
    *b = other_boosts ? other->state : other->carried;
    if (!one->state_said.is_there || !other->state_said.is_there)
        return false;
    if (!one_boosts && !other_boosts)
        return one->has_carried && other->has_carried;
    if (!one_boosts) /* one free, other boosting */
        return carry_back(one, b->epoch, a);
    if (!other_boosts)
        return carry_back(other, a->epoch, b);
    return wlk_combine_carry_boost(b, a->epoch, b) == WLK_OK;
}

static wlk_status state_cost(const struct wlk_source *one, const struct wlk_source *other,
                             const struct wlk_state *a, const struct wlk_state *b, double *cost)
{
    double square;
    if (wlk_combine_distance(a, b, &square) != WLK_OK)
        return WLK_STALE;
    bool is_many = is_salvo(one, other);
    double position_m = is_many ? SALVO_POSITION_M : EVENT_POSITION_M;
    double velocity_mps = is_many ? SALVO_VELOCITY_MPS : EVENT_VELOCITY_MPS;
    bool is_near = apart(a->position_m, b->position_m) <= position_m &&
                   apart(a->velocity_mps, b->velocity_mps) <= velocity_mps;
    if (square > WLK_COMBINE_GATE && !(is_same_event(one, other) && is_near))
        return WLK_STALE;
    *cost = fmin(square / WLK_COMBINE_GATE, 1);
    return WLK_OK;
}

/* Solves the 3 x 3 system c x = d by Cramer's rule; HUGE_VAL where c is singular. */
static double normalised(double c[3][3], const double d[3])
{
    double inverse[3][3], sum = 0;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            int r = (j + 1) % 3, s = (j + 2) % 3, p = (i + 1) % 3, q = (i + 2) % 3;
            inverse[i][j] = c[r][p] * c[s][q] - c[r][q] * c[s][p];
        }
    double determinant =
        c[0][0] * inverse[0][0] + c[0][1] * inverse[1][0] + c[0][2] * inverse[2][0];
    if (!(determinant > 0))
        return HUGE_VAL;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            sum += d[i] * inverse[i][j] * d[j] / determinant;
    return sum >= 0 ? sum : HUGE_VAL;
}

double wlk_correlate_launches(const struct wlk_point *one, const struct wlk_point *other)
{
    struct wlk_geodesic line = wlk_geodesic_between(one->place, other->place);
    double d[3] = {line.distance_m * sin(line.azimuth_rad),
                   line.distance_m * cos(line.azimuth_rad),
                   wlk_utc_seconds(other->time, one->time)};
    double c[3][3];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            c[i][j] = one->covariance[i][j] + other->covariance[i][j];
    return normalised(c, d);
}

/* Can the moving one have come from the launch? Its first measurement must be after it, and
 * it may not be further away than anything flies, nor in another direction. */
static bool can_come_from(const struct wlk_source *moving, const struct wlk_launch *launch)
{
    const struct wlk_point *from = &launch->point;
    double time_sigma_s = sqrt(from->covariance[2][2]);
    double place_sigma_m = sqrt(fmax(from->covariance[0][0], from->covariance[1][1]));
    double flown_s = wlk_utc_seconds(moving->state.epoch, from->time);
    double first_s = wlk_utc_seconds(moving->first_measurement, from->time);
    if (first_s < -SIGMAS * time_sigma_s || flown_s > FLIGHT_MAX_S)
        return false;
    wlk_geodetic below = wlk_geodetic_from_ecef(ecef_of(moving->state.position_m));
    struct wlk_geodesic line = wlk_geodesic_between(from->place, below);
    double slack_m = SIGMAS * (place_sigma_m + sqrt(moving->state.covariance[0][0] +
                                                    moving->state.covariance[1][1] +
                                                    moving->state.covariance[2][2]));
    if (line.distance_m > SPEED_MAX_MPS * fmax(flown_s, 0) + slack_m)
        return false;
    if (!launch->has_azimuth || line.distance_m < 2 * slack_m)
        return true;
    double off_rad = remainder(line.azimuth_rad - launch->azimuth_rad, 2 * WLK_PI);
    return fabs(off_rad) <= SIGMAS * launch->azimuth_sigma_rad + slack_m / line.distance_m;
}

wlk_status wlk_correlate_cost(const struct wlk_source *one, const struct wlk_source *other,
                              double *cost)
{
    struct wlk_state a, b;
    bool same_event = is_same_event(one, other) && !is_salvo(one, other);
    if (same_time(one, other, &a, &b))
        return state_cost(one, other, &a, &b, cost);
    if (one->launch_said.is_there && other->launch_said.is_there) {
        double square = wlk_correlate_launches(&one->launch.point, &other->launch.point);
        if (square > WLK_CORRELATE_LAUNCH_GATE && !same_event)
            return WLK_STALE;
        *cost = fmin(square / WLK_CORRELATE_LAUNCH_GATE, 1);
        return WLK_OK;
    }
    bool one_rose = one->launch_said.is_there && other->state_said.is_there;
    bool other_rose = other->launch_said.is_there && one->state_said.is_there;
    if (!one_rose && !other_rose)
        return WLK_NOT_YET;
    if (!can_come_from(one_rose ? other : one, one_rose ? &one->launch : &other->launch))
        return WLK_STALE;
    *cost = same_event ? 0.9 : 0.95;
    return WLK_OK;
}
