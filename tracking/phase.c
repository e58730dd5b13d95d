/* phase.c -- likelihood ratios between thrust and free flight.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/phase.h"

#include "base/assert.h"
#include "earth/propagate.h"

#include <math.h>
#include <string.h>

static const double BELIEVE = 7;     /* ln of 1,100: odds at which burnout is declared */
static const double RESUME = 12;     /* ln of 160,000: odds at which it is withdrawn */
static const double HOPELESS = -12;  /* candidates below are dropped */
static const double BESIDE_S = 120;  /* the boost filter stays beside the coast */
static const double SPACING_S = 0.7; /* between candidates */
/* Burnout falls between two candidates: one sigma of its time. */
static const double BURNOUT_SIGMA_S = 0.5;
/* Chi-square 0.999 for 3 degrees of freedom; and how far thrust may jump (ASSUMPTION). */
static const double JUMP_DISTANCE = 16.3, JUMP_MPS2 = 30;
/* Squared sigmas of a candidate's looks: 3 each are expected; 4.5 each and 8 more is beyond
 * 0.999 for any number of looks. */
static const double FIT_EACH = 4.5, FIT_MORE = 8;
static const double REENTRY_M = 120e3;
static const double THRUST_MIN_MPS2 = 5; /* a resumed burn is stronger than drag's error */

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

void wlk_phases_begin(const struct wlk_look *look, struct wlk_phases *out)
{
    memset(out, 0, sizeof *out);
    out->has_boost = true;
    wlk_filter_begin(look, WLK_PHASE_BOOST, &out->boost);
    out->candidate_count = 1;
    out->candidate[0].is_from_birth = true;
    out->candidate[0].since = look->time;
    wlk_filter_begin(look, WLK_PHASE_COAST, &out->candidate[0].state);
}

const struct wlk_state *wlk_phases_state(const struct wlk_phases *phases)
{
    return phases->is_coasting ? &phases->coast : &phases->boost;
}

/* A body that comes back into the air gets ln(1/beta) as a state. */
static void enter_air(struct wlk_state *state)
{
    if (state->phase != WLK_PHASE_COAST || dot(state->position_m, state->velocity_mps) >= 0 ||
        wlk_propagate_height(state->position_m) >= REENTRY_M)
        return;
    state->phase = WLK_PHASE_REENTRY;
    state->log_inverse_beta = WLK_FILTER_LOG_INVERSE_BETA;
    memset(state->covariance[6], 0, sizeof state->covariance[6]);
    for (int i = 0; i < 6; i++)
        state->covariance[i][6] = 0;
    state->covariance[6][6] =
        WLK_FILTER_LOG_INVERSE_BETA_SIGMA * WLK_FILTER_LOG_INVERSE_BETA_SIGMA;
}

/* Thrust has jumped (a stage, a throttle): what is known of it is put aside, or the filter
 * would take seconds of wrong velocity to believe it. */
static wlk_status advance_boost(struct wlk_state *state, const struct wlk_look *look,
                                double *log_likelihood)
{
    struct wlk_state at = *state;
    struct wlk_fit fit;
    WLK_TRY(wlk_filter_predict(&at, look->time));
    WLK_TRY(wlk_filter_compare(&at, look, &fit));
    if (fit.distance > JUMP_DISTANCE) {
        at = *state;
        for (int i = 0; i < 3; i++)
            at.covariance[i + 6][i + 6] += JUMP_MPS2 * JUMP_MPS2;
        WLK_TRY(wlk_filter_predict(&at, look->time));
    }
    WLK_TRY(wlk_filter_update(&at, look, NULL));
    *state = at;
    *log_likelihood = -0.5 * wlk_fit_cost(fit);
    return WLK_OK;
}

static wlk_status advance(struct wlk_state *state, const struct wlk_look *look,
                          struct wlk_fit *fit)
{
    struct wlk_state at = *state;
    enter_air(&at);
    WLK_TRY(wlk_filter_predict(&at, look->time));
    WLK_TRY(wlk_filter_update(&at, look, fit));
    *state = at;
    return WLK_OK;
}

/* The boost state with its thrust ended now. */
static void add_candidate(struct wlk_phases *phases)
{
    const struct wlk_state *boost = &phases->boost;
    int at = phases->candidate_count;
    for (int i = 0; i < phases->candidate_count; i++)
        if (fabs(wlk_utc_seconds(boost->epoch, phases->candidate[i].since)) < SPACING_S)
            return;
    if (at == WLK_CANDIDATES_MAX) {
        at = 0;
        for (int i = 1; i < phases->candidate_count; i++)
            if (phases->candidate[i].score < phases->candidate[at].score)
                at = i;
    } else {
        phases->candidate_count++;
    }
    struct wlk_candidate *candidate = &phases->candidate[at];
    memset(candidate, 0, sizeof *candidate);
    candidate->since = boost->epoch;
    candidate->state = *boost;
    candidate->state.phase = WLK_PHASE_COAST;
    candidate->state.log_inverse_beta = WLK_FILTER_LOG_INVERSE_BETA;
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 9; j++)
            if (i >= 6 || j >= 6)
                candidate->state.covariance[i][j] = 0;
    for (int i = 0; i < 3; i++) {
        candidate->state.thrust_mps2[i] = 0;
        for (int j = 0; j < 3; j++)
            candidate->state.covariance[i + 3][j + 3] += boost->thrust_mps2[i] *
                                                         boost->thrust_mps2[j] *
                                                         BURNOUT_SIGMA_S * BURNOUT_SIGMA_S;
    }
}

/* Brings each candidate to the look; returns the index of the best, -1 for none. */
static int advance_candidates(struct wlk_phases *phases, const struct wlk_look *look,
                              double boost_likelihood)
{
    int kept = 0, best = -1;
    for (int i = 0; i < phases->candidate_count; i++) {
        struct wlk_candidate *candidate = &phases->candidate[i];
        struct wlk_fit fit;
        if (advance(&candidate->state, look, &fit) != WLK_OK)
            continue;
        candidate->score += -0.5 * wlk_fit_cost(fit) - boost_likelihood;
        candidate->distance += fit.distance;
        candidate->looks++;
        if (!(candidate->score > HOPELESS))
            continue;
        if (kept != i)
            phases->candidate[kept] = *candidate;
        /* better than a boost filter that is lost is not enough: it must fit by itself */
        if (candidate->distance > FIT_EACH * candidate->looks + FIT_MORE) {
            kept++;
            continue;
        }
        if (best < 0 || phases->candidate[kept].score > phases->candidate[best].score)
            best = kept;
        kept++;
    }
    phases->candidate_count = kept;
    return best;
}

static void believe(struct wlk_phases *phases, const struct wlk_candidate *candidate,
                    wlk_utc now)
{
    phases->coast = candidate->state;
    phases->is_coasting = true;
    phases->has_burnout = !candidate->is_from_birth;
    phases->burnout = candidate->since;
    phases->declared = now;
    phases->resume_score = 0;
    phases->candidate_count = 0;
}

/* Thrust along the velocity that cannot be an error. */
static bool is_thrusting(const struct wlk_state *boost)
{
    double speed = sqrt(dot(boost->velocity_mps, boost->velocity_mps)), along = 0, variance = 0;
    if (!(speed > 0))
        return false;
    for (int i = 0; i < 3; i++) {
        along += boost->thrust_mps2[i] * boost->velocity_mps[i] / speed;
        for (int j = 0; j < 3; j++)
            variance += boost->velocity_mps[i] * boost->covariance[i + 6][j + 6] *
                        boost->velocity_mps[j] / (speed * speed);
    }
    return along > THRUST_MIN_MPS2 && along * along > 4 * variance;
}

/* Coasting: is it still, or does the boost filter beside it know better? */
static wlk_status take_coasting(struct wlk_phases *phases, const struct wlk_look *look)
{
    struct wlk_fit fit;
    double other;
    WLK_TRY(advance(&phases->coast, look, &fit));
    if (!phases->has_boost)
        return WLK_OK;
    if (wlk_utc_seconds(look->time, phases->declared) > BESIDE_S ||
        phases->coast.phase == WLK_PHASE_REENTRY ||
        advance_boost(&phases->boost, look, &other) != WLK_OK) {
        phases->has_boost = false;
        return WLK_OK;
    }
    phases->resume_score = fmax(0, phases->resume_score + other + 0.5 * wlk_fit_cost(fit));
    if (phases->resume_score > RESUME && is_thrusting(&phases->boost)) {
        phases->is_coasting = false;
        phases->has_burnout = false;
        phases->candidate_count = 0;
    }
    return WLK_OK;
}

wlk_status wlk_phases_take(struct wlk_phases *phases, const struct wlk_look *look)
{
    double likelihood;
    if (phases->is_coasting)
        return take_coasting(phases, look);
    WLK_ASSERT(phases->has_boost);
    WLK_TRY(advance_boost(&phases->boost, look, &likelihood));
    int best = advance_candidates(phases, look, likelihood);
    if (best >= 0 && phases->candidate[best].score > BELIEVE) {
        believe(phases, &phases->candidate[best], look->time);
        return WLK_OK;
    }
    add_candidate(phases);
    return WLK_OK;
}

/* Adds size^2 along a direction to the covariance of the position. */
static void widen(struct wlk_state *state, const double direction[3], double size_m)
{
    double length2 = dot(direction, direction);
    for (int i = 0; length2 > 0 && i < 3; i++)
        for (int j = 0; j < 3; j++)
            state->covariance[i][j] += direction[i] * direction[j] * size_m * size_m / length2;
}

int wlk_phases_count(const struct wlk_phases *phases)
{
    return phases->is_coasting ? 1 + phases->has_boost : 1 + phases->candidate_count;
}

wlk_status wlk_phases_expect(const struct wlk_phases *phases, wlk_utc time, int which,
                             struct wlk_state *out)
{
    WLK_ASSERT(which >= 0 && which < wlk_phases_count(phases));
    bool is_thrusting = which == (phases->is_coasting ? 1 : 0);
    struct wlk_state at = is_thrusting          ? phases->boost
                          : phases->is_coasting ? phases->coast
                                                : phases->candidate[which - 1].state;
    double dt_s = wlk_utc_seconds(time, at.epoch), reach = 0.5 * dt_s * dt_s;
    WLK_TRY(wlk_filter_predict(&at, time));
    if (is_thrusting)
        widen(&at, at.thrust_mps2, sqrt(dot(at.thrust_mps2, at.thrust_mps2)) * reach);
    *out = at;
    return WLK_OK;
}
