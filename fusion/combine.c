/* combine.c -- sums of information and inverse covariance intersection.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fusion/combine.h"

#include "base/assert.h"
#include "earth/gravity.h"

#include <math.h>
#include <string.h>

enum { N = 6 }; /* rows of position and velocity */

static const double BOOST_CARRY_MAX_S = 5.0;
static const double JERK_SIGMA = 5.0; /* m/s^3, see the header */

/* P = L L'. False: not positive definite. */
static bool factor(double P[N][N], double L[N][N])
{
    for (int i = 0; i < N; i++)
        for (int j = 0; j <= i; j++) {
            double sum = P[i][j];
            for (int k = 0; k < j; k++)
                sum -= L[i][k] * L[j][k];
            if (i != j)
                L[i][j] = sum / L[j][j];
            else if (sum > 1e-12 * P[i][i]) /* NaN fails too */
                L[i][i] = sqrt(sum);
            else
                return false;
        }
    return true;
}

static void solve(double L[N][N], const double b[N], double x[N])
{
    double y[N];
    for (int i = 0; i < N; i++) {
        y[i] = b[i];
        for (int k = 0; k < i; k++)
            y[i] -= L[i][k] * y[k];
        y[i] /= L[i][i];
    }
    for (int i = N - 1; i >= 0; i--) {
        x[i] = y[i];
        for (int k = i + 1; k < N; k++)
            x[i] -= L[k][i] * x[k];
        x[i] /= L[i][i];
    }
}

static bool invert(double P[N][N], double out[N][N], double *log_determinant)
{
    double L[N][N] = {{0}}, column[N];
    if (!factor(P, L))
        return false;
    *log_determinant = 0;
    for (int j = 0; j < N; j++) {
        double unit[N] = {0};
        unit[j] = 1;
        solve(L, unit, column);
        for (int i = 0; i < N; i++)
            out[i][j] = column[i];
        *log_determinant += 2 * log(L[j][j]);
    }
    for (int i = 0; i < N; i++)
        for (int j = 0; j < i; j++)
            out[i][j] = out[j][i] = (out[i][j] + out[j][i]) / 2;
    return true;
}

bool wlk_combine_invert(double P[N][N], double out[N][N])
{
    double unused;
    return invert(P, out, &unused);
}

static void take_rows(const struct wlk_state *state, double x[N], double P[N][N])
{
    for (int i = 0; i < 3; i++) {
        x[i] = state->position_m[i];
        x[i + 3] = state->velocity_mps[i];
    }
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            P[i][j] = state->covariance[i][j];
}

static void put_rows(const double x[N], double P[N][N], struct wlk_state *state)
{
    for (int i = 0; i < 3; i++) {
        state->position_m[i] = x[i];
        state->velocity_mps[i] = x[i + 3];
    }
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            state->covariance[i][j] = P[i][j];
}

wlk_status wlk_combine_distance(const struct wlk_state *one, const struct wlk_state *other,
                                double *out)
{
    double a[N], b[N], P[N][N], Q[N][N], L[N][N] = {{0}}, x[N], sum = 0;
    if (one->epoch.ns != other->epoch.ns || !wlk_state_is_valid(one) ||
        !wlk_state_is_valid(other))
        return WLK_BAD_INPUT;
    take_rows(one, a, P);
    take_rows(other, b, Q);
    for (int i = 0; i < N; i++) {
        a[i] -= b[i];
        for (int j = 0; j < N; j++)
            P[i][j] += Q[i][j];
    }
    if (!factor(P, L))
        return WLK_BAD_INPUT;
    solve(L, a, x);
    for (int i = 0; i < N; i++)
        sum += a[i] * x[i];
    if (!isfinite(sum) || sum < 0)
        return WLK_BAD_INPUT;
    *out = sum;
    return WLK_OK;
}

/* Covariance of (position, velocity, thrust) after dt_s with constant acceleration and an
 * unknown constant jerk. Gravity's gradient is left out: 1e-6 /s^2 over 5 s is nothing. */
static void carry_boost_covariance(const double before[9][9], double dt, double after[9][9])
{
    const double jerk[3] = {dt * dt * dt / 6, dt * dt / 2, dt};
    double F[9][9] = {{0}}, half[9][9] = {{0}};
    for (int i = 0; i < 9; i++)
        F[i][i] = 1;
    for (int i = 0; i < 3; i++) {
        F[i][i + 3] = F[i + 3][i + 6] = dt;
        F[i][i + 6] = dt * dt / 2;
    }
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 9; j++)
            for (int k = 0; k < 9; k++)
                half[i][j] += F[i][k] * before[k][j];
    for (int i = 0; i < 9; i++)
        for (int j = 0; j <= i; j++) {
            double sum = 0;
            for (int k = 0; k < 9; k++)
                sum += half[i][k] * F[j][k];
            if (i % 3 == j % 3)
                sum += JERK_SIGMA * JERK_SIGMA * jerk[i / 3] * jerk[j / 3];
            after[i][j] = after[j][i] = sum;
        }
}

wlk_status wlk_combine_carry_boost(const struct wlk_state *from, wlk_utc to,
                                   struct wlk_state *out)
{
    double dt = wlk_utc_seconds(to, from->epoch), pull_mps2[3];
    if (from->phase != WLK_PHASE_BOOST || !wlk_state_is_valid(from))
        return WLK_BAD_INPUT;
    if (!(fabs(dt) <= BOOST_CARRY_MAX_S))
        return WLK_NO_SOLUTION;
    struct wlk_state later = *from;
    later.epoch = to;
    const double x[N] = {from->position_m[0],   from->position_m[1],   from->position_m[2],
                         from->velocity_mps[0], from->velocity_mps[1], from->velocity_mps[2]};
    if (hypot(hypot(x[0], x[1]), x[2]) < 6.0e6) /* metres: no flight is down there */
        return WLK_NO_SOLUTION;
    wlk_gravity_acceleration(x, pull_mps2, NULL);
    for (int i = 0; i < 3; i++) {
        double all_mps2 = pull_mps2[i] + from->thrust_mps2[i];
        later.position_m[i] += from->velocity_mps[i] * dt + all_mps2 * dt * dt / 2;
        later.velocity_mps[i] += all_mps2 * dt;
    }
    carry_boost_covariance(from->covariance, dt, later.covariance);
    if (!wlk_state_is_valid(&later))
        return WLK_NO_SOLUTION;
    *out = later;
    return WLK_OK;
}

/* Adds the information of one input about the offset from origin to Y and y. */
static bool add_information(const struct wlk_state *state, const double origin[N],
                            double Y[N][N], double y[N])
{
    double x[N], P[N][N], inverse[N][N], unused;
    take_rows(state, x, P);
    if (!invert(P, inverse, &unused))
        return false;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            Y[i][j] += inverse[i][j];
            y[i] += inverse[i][j] * (x[j] - origin[j]);
        }
    return true;
}

/* Y = sum Y_n [Chong, Mori, Chang 1990]. */
static wlk_status sum_information(const struct wlk_state *const states[], const bool used[],
                                  size_t count, struct wlk_state *out)
{
    double Y[N][N] = {{0}}, y[N] = {0}, origin[N], P[N][N], unused;
    bool has_origin = false;
    for (size_t n = 0; n < count; n++) {
        if (!used[n])
            continue;
        if (!has_origin)
            take_rows(states[n], origin, P);
        has_origin = true;
        if (!add_information(states[n], origin, Y, y))
            return WLK_NO_SOLUTION;
    }
    if (!has_origin || !invert(Y, P, &unused))
        return WLK_NO_SOLUTION;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            origin[i] += P[i][j] * y[j];
    put_rows(origin, P, out);
    return WLK_OK;
}

struct intersection {
    double a[N], A[N][N], A_inverse[N][N];
    double b[N], B[N][N], B_inverse[N][N];
};

/* The bound that two boost estimates have in common at weight w: (w A + (1-w) B)^-1. */
static bool common_part(const struct intersection *in, double w, double out[N][N])
{
    double mix[N][N], unused;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            mix[i][j] = w * in->A[i][j] + (1 - w) * in->B[i][j];
    return invert(mix, out, &unused);
}

/* ICI at weight w [Noack, Sijs, Reinhardt, Hanebeck 2017, eq. 7-9]. */
static bool intersect_at(const struct intersection *in, double w, double x[N], double P[N][N],
                         double *log_determinant)
{
    double common[N][N], Y[N][N], y[N] = {0};
    if (!common_part(in, w, common))
        return false;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            Y[i][j] = in->A_inverse[i][j] + in->B_inverse[i][j] - common[i][j];
            y[i] += (in->B_inverse[i][j] - (1 - w) * common[i][j]) * (in->b[j] - in->a[j]);
        }
    if (!invert(Y, P, log_determinant))
        return false;
    *log_determinant = -*log_determinant;
    for (int i = 0; i < N; i++) {
        x[i] = in->a[i];
        for (int j = 0; j < N; j++)
            x[i] += P[i][j] * y[j];
    }
    return true;
}

/* Joins other into sum; weight by least determinant over 21 steps (assumption: finer gains
 * nothing, the minimum is flat). */
static wlk_status intersect(struct wlk_state *sum, const struct wlk_state *other)
{
    struct intersection in;
    double unused, best = HUGE_VAL, x[N], P[N][N], at;
    take_rows(sum, in.a, in.A);
    take_rows(other, in.b, in.B);
    if (!invert(in.A, in.A_inverse, &unused) || !invert(in.B, in.B_inverse, &unused))
        return WLK_NO_SOLUTION;
    for (int step = 0; step <= 20; step++)
        if (intersect_at(&in, step / 20.0, x, P, &at) && at < best) {
            best = at;
            put_rows(x, P, sum);
        }
    return best < HUGE_VAL ? WLK_OK : WLK_NO_SOLUTION;
}

static double thrust_variance(const struct wlk_state *state)
{
    return state->covariance[6][6] + state->covariance[7][7] + state->covariance[8][8];
}

static void take_surest_thrust(const struct wlk_state *state, struct wlk_state *sum)
{
    memcpy(sum->thrust_mps2, state->thrust_mps2, sizeof sum->thrust_mps2);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 9; j++) {
            double value = j >= 6 ? state->covariance[i + 6][j] : 0;
            sum->covariance[i + 6][j] = sum->covariance[j][i + 6] = value;
        }
}

static wlk_status join_boost(const struct wlk_state *const states[], const bool used[],
                             size_t count, struct wlk_state *out)
{
    const struct wlk_state *surest = NULL;
    struct wlk_state sum;
    size_t joined = 0;
    for (size_t n = 0; n < count; n++) {
        if (!used[n])
            continue;
        if (!surest || thrust_variance(states[n]) < thrust_variance(surest))
            surest = states[n];
        if (joined++ == 0)
            sum = *states[n];
        else
            WLK_TRY(intersect(&sum, states[n]));
    }
    WLK_ASSERT(surest);
    if (joined > 1) /* one alone keeps its correlations */
        take_surest_thrust(surest, &sum);
    *out = sum;
    return WLK_OK;
}

static bool is_estimate(const struct wlk_state *state)
{
    double x[N], P[N][N], L[N][N] = {{0}};
    if (!wlk_state_is_valid(state))
        return false;
    take_rows(state, x, P);
    return factor(P, L);
}

/* Marks the largest set that agrees with one of its members. Returns how many that is. */
static size_t choose(const struct wlk_state *const states[], const bool good[], size_t count,
                     bool used[])
{
    size_t best = 0;
    for (size_t pivot = 0; pivot < count; pivot++) {
        bool agrees[WLK_PARTIES_MAX] = {false};
        size_t agreeing = 0;
        double apart;
        for (size_t n = 0; good[pivot] && n < count; n++) {
            agrees[n] =
                n == pivot ||
                (good[n] && wlk_combine_distance(states[pivot], states[n], &apart) == WLK_OK &&
                 apart <= WLK_COMBINE_GATE);
            agreeing += agrees[n];
        }
        if (agreeing > best) {
            best = agreeing;
            memcpy(used, agrees, sizeof agrees);
        }
    }
    return best;
}

wlk_status wlk_combine(const struct wlk_state *const states[], size_t count,
                       struct wlk_combination *out)
{
    bool good[WLK_PARTIES_MAX] = {false};
    const struct wlk_state *first = NULL;
    struct wlk_combination made = {.bad_count = 0};
    size_t good_count = 0;
    if (count == 0 || count > WLK_PARTIES_MAX)
        return WLK_BAD_INPUT;
    for (size_t n = 0; n < count; n++) {
        good[n] = is_estimate(states[n]);
        good_count += good[n];
        if (good[n] && !first)
            first = states[n];
    }
    if (!first)
        return WLK_BAD_INPUT;
    bool is_boost = first->phase == WLK_PHASE_BOOST;
    for (size_t n = 0; n < count; n++)
        if (good[n] && (states[n]->epoch.ns != first->epoch.ns ||
                        (states[n]->phase == WLK_PHASE_BOOST) != is_boost))
            return WLK_BAD_INPUT;
    made.bad_count = count - good_count;
    made.disagrees = choose(states, good, count, made.is_used) < good_count;
    made.state = *first;
    if (is_boost) {
        WLK_TRY(join_boost(states, made.is_used, count, &made.state));
    } else {
        memset(made.state.covariance, 0, sizeof made.state.covariance);
        made.state.phase = WLK_PHASE_COAST;
        WLK_TRY(sum_information(states, made.is_used, count, &made.state));
    }
    if (!wlk_state_is_valid(&made.state))
        return WLK_NO_SOLUTION;
    *out = made;
    return WLK_OK;
}
