/* phase.c -- likelihood ratios between thrust and free flight.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/phase.h"

#include "base/assert.h"
#include "earth/air.h"
#include "earth/propagate.h"

#include <math.h>
#include <string.h>

/* ln of the odds at which burnout is believed, for looks once a second: that it comes within a
 * look's time is odds of that to some 100 s before, so 4 to 1 after. */
static const double BELIEVE = 6;
static const double NEVER_LIT = 7;  /* and at which it was never seen to thrust */
static const double LEAD = -1;      /* and ln of those against thrust of another strength */
static const double SWITCH = 10;    /* odds at which that strength is believed */
static const double LIT_MAYBE = 3;  /* ln of 20: odds at which it is a doubt */
static const double LIGHT = 7;      /* ln of 1,100: odds at which thrust in coast is believed */
static const double HOPELESS = -12; /* candidates below are dropped */
static const double BESIDE_S = 60;  /* so long after a burnout thrust may light */
static const double SPACING_S = 0.7; /* between candidates */
/* Burnout falls between two candidates: one sigma of its time. */
static const double BURNOUT_SIGMA_S = 0.5;
/* Chi-square for 3 degrees of freedom, once in 65,000 looks; and how far thrust may jump
 * (ASSUMPTION). */
static const double JUMP_DISTANCE = 25, JUMP_MPS2 = 30;
/* Another strength: half of what it was, one sigma a third of that and this, each way. Thrust
 * that lights in coast: so much along the path, its sigma, and that across (ASSUMPTIONS: a
 * stage begins with 10 to 40 m/s^2). */
static const double RIVAL_PART = 0.33, RIVAL_MPS2 = 8;
static const double LIT_MPS2 = 20, LIT_SIGMA_MPS2 = 12, LIT_ACROSS_MPS2 = 6;
/* It lit some seconds before its candidate, whose velocity makes up for that and whose thrust
 * is too great: so much each way when it is believed, or its end is soon believed too. */
static const double RELIT_MPS2 = 15;
/* Squared sigmas of a candidate's looks: 3 each are expected; real flights shake, and looks are
 * worse than told. */
static const double FIT_EACH = 6, FIT_MORE = 10;
static const double REENTRY_M = 120e3;
static const double THRUST_MIN_MPS2 = 5; /* a resumed burn is stronger than drag's error */
/* Squared sigmas: 3 (4 with range rate) are expected of a look in free flight, with half as
 * many more forgiven; a sum beyond this comes once in some thousand flights by chance. */
static const double FORGIVEN = 1.5, SURPRISE_MAX = 50;
/* What a manoeuvre may do, m/s^2 each way (ASSUMPTION), how long one look of it counts, and how
 * long it is a doubt: a manoeuvre that goes on is seen again by then. */
static const double MANOEUVRE_MPS2 = 30, MANOEUVRE_S = 30, MANOEUVRE_DOUBT_S = 60;
static const double TURN_MAX_S = 6; /* after a longer gap it may be another body */
/* A surprise over this (once in 80 looks by chance) has been growing for so long. */
static const double SURPRISE_SOME = 15, TURNING_S = 4;
static const double LIFT_TO_DRAG = 3, BETA_KGPM2 = 4000; /* of what glides (ASSUMPTION) */
/* Stages light within this of each other (ASSUMPTION: documented ones within 10 s). */
static const double STAGING_S = 20;
/* And for so long after it was believed, where few looks made that slow. */
static const double DECLARED_S = 15;
/* And for so long, while thrust that lit so long after it explains no worse than free flight: a
 * stage awaited needs less to be doubted than one out of the blue. */
static const double YOUNG_S = 30, AWAITED_S[2] = {1, 17}, LIT_AWAITED = 0;

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

/* Forgets what ties the rows from 6 on to the others, and what they are. */
static void forget_thrust(struct wlk_state *state)
{
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 9; j++)
            if (i >= 6 || j >= 6)
                state->covariance[i][j] = 0;
    memset(state->thrust_mps2, 0, sizeof state->thrust_mps2);
}

/* The boost state with its thrust ended now, or of another strength. */
static void begin_ended(const struct wlk_state *boost, struct wlk_candidate *out)
{
    const double *a = boost->thrust_mps2;
    out->state = *boost;
    out->state.phase = WLK_PHASE_COAST;
    out->state.log_inverse_beta = WLK_FILTER_LOG_INVERSE_BETA;
    forget_thrust(&out->state);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            out->state.covariance[i + 3][j + 3] +=
                a[i] * a[j] * BURNOUT_SIGMA_S * BURNOUT_SIGMA_S;
    out->rival = out->state;
    out->rival.phase = WLK_PHASE_BOOST;
    for (int i = 0; i < 3; i++) {
        out->rival.thrust_mps2[i] = 0.5 * a[i];
        for (int j = 0; j < 3; j++)
            out->rival.covariance[i + 6][j + 6] = a[i] * a[j] * RIVAL_PART * RIVAL_PART;
        out->rival.covariance[i + 6][i + 6] += RIVAL_MPS2 * RIVAL_MPS2;
    }
}

/* The free state with thrust along its path lit now. */
static void begin_lit(const struct wlk_state *coast, struct wlk_candidate *out)
{
    const double *v = coast->velocity_mps, speed2 = fmax(dot(v, v), 1);
    out->state = *coast;
    out->state.phase = WLK_PHASE_BOOST;
    forget_thrust(&out->state);
    for (int i = 0; i < 3; i++) {
        out->state.thrust_mps2[i] = LIT_MPS2 * v[i] / sqrt(speed2);
        for (int j = 0; j < 3; j++)
            out->state.covariance[i + 6][j + 6] =
                LIT_SIGMA_MPS2 * LIT_SIGMA_MPS2 * v[i] * v[j] / speed2;
        out->state.covariance[i + 6][i + 6] += LIT_ACROSS_MPS2 * LIT_ACROSS_MPS2;
    }
}

/* A candidate from what is believed now, in the place of the worst if need be. */
static void add_candidate(struct wlk_phases *phases)
{
    const struct wlk_state *believed = wlk_phases_state(phases);
    int at = phases->candidate_count;
    for (int i = 0; i < phases->candidate_count; i++)
        if (fabs(wlk_utc_seconds(believed->epoch, phases->candidate[i].since)) < SPACING_S)
            return;
    if (at == WLK_CANDIDATES_MAX) {
        at = phases->candidate[0].is_rival;
        for (int i = at + 1; i < phases->candidate_count; i++)
            if (phases->candidate[i].score < phases->candidate[at].score)
                at = i;
    } else {
        phases->candidate_count++;
    }
    struct wlk_candidate *candidate = &phases->candidate[at];
    memset(candidate, 0, sizeof *candidate);
    candidate->since = believed->epoch;
    if (phases->is_coasting)
        begin_lit(believed, candidate);
    else
        begin_ended(believed, candidate);
}

/* Better than a filter that is lost is not enough: it must fit by itself. */
static bool is_fitting(const struct wlk_candidate *candidate)
{
    return candidate->distance <= FIT_EACH * candidate->looks + FIT_MORE;
}

/* One candidate to the look. False: it cannot be. */
static bool advance_candidate(struct wlk_candidate *candidate, const struct wlk_look *look,
                              double believed)
{
    struct wlk_fit fit, other;
    if (advance(&candidate->state, look, &fit) != WLK_OK)
        return false;
    bool has_rival = candidate->rival.phase == WLK_PHASE_BOOST;
    if (has_rival && advance(&candidate->rival, look, &other) != WLK_OK)
        return false;
    double better = -0.5 * wlk_fit_cost(fit) - believed;
    candidate->score += better;
    candidate->lead += has_rival ? -0.5 * (wlk_fit_cost(fit) - wlk_fit_cost(other)) : better;
    candidate->distance += fit.distance;
    candidate->looks++;
    return candidate->score > HOPELESS || (has_rival && candidate->lead > HOPELESS);
}

/* Brings each candidate to the look; returns the index of the best that fits, -1 for none. */
static int advance_candidates(struct wlk_phases *phases, const struct wlk_look *look,
                              double believed)
{
    int kept = 0, best = -1;
    for (int i = 0; i < phases->candidate_count; i++) {
        if (!advance_candidate(&phases->candidate[i], look, believed))
            continue;
        if (kept != i)
            phases->candidate[kept] = phases->candidate[i];
        const struct wlk_candidate *candidate = &phases->candidate[kept];
        if (is_fitting(candidate) &&
            (best < 0 || candidate->score > phases->candidate[best].score))
            best = kept;
        kept++;
    }
    phases->candidate_count = kept;
    return best;
}

static bool is_believed(const struct wlk_candidate *candidate, wlk_utc now)
{
    if (candidate->is_from_birth)
        return candidate->score > NEVER_LIT;
    double each_s = wlk_utc_seconds(now, candidate->since) / candidate->looks;
    return candidate->score > BELIEVE - log(each_s) && candidate->lead > LEAD;
}

/* The rival of what is now believed goes on beside it: if it is right that is soon seen. */
static void keep_rival(struct wlk_phases *phases, const struct wlk_candidate *candidate)
{
    const struct wlk_candidate rival = {.state = candidate->rival,
                                        .since = candidate->since,
                                        .is_rival = true,
                                        .score = -candidate->lead,
                                        .looks = candidate->looks};
    phases->candidate_count = 0;
    if (rival.state.phase == WLK_PHASE_BOOST)
        phases->candidate[phases->candidate_count++] = rival;
}

static void believe(struct wlk_phases *phases, const struct wlk_candidate *candidate,
                    wlk_utc now)
{
    phases->coast = candidate->state;
    phases->is_coasting = true;
    phases->has_burnout = !candidate->is_from_birth;
    phases->has_boost = true;
    phases->burnout = candidate->since;
    phases->declared = now;
    phases->surprise = 0;
    keep_rival(phases, candidate);
}

/* Thrust of another strength explains so much better that it is believed. */
static void change_thrust(struct wlk_phases *phases)
{
    int best = -1;
    double most = SWITCH;
    for (int i = 0; i < phases->candidate_count; i++) {
        const struct wlk_candidate *candidate = &phases->candidate[i];
        double rival = candidate->score - candidate->lead;
        if (candidate->rival.phase == WLK_PHASE_BOOST && rival > most &&
            candidate->lead < LEAD) {
            most = rival;
            best = i;
        }
    }
    if (best < 0)
        return;
    phases->boost = phases->candidate[best].rival;
    phases->candidate[0] = phases->candidate[best];
    phases->candidate[0].score = phases->candidate[0].lead;
    phases->candidate_count = 1;
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

bool wlk_phases_thrusts(const struct wlk_phases *phases)
{
    return !phases->is_coasting && is_thrusting(&phases->boost);
}

/* A sum of surprises: small ones are forgiven, many or great ones are not. */
static void watch_for_manoeuvre(struct wlk_phases *phases, const struct wlk_look *look,
                                double distance)
{
    phases->surprise = fmax(0, phases->surprise + distance - look->size - FORGIVEN);
    if (phases->surprise <= SURPRISE_MAX)
        return;
    phases->is_manoeuvring = true;
    phases->is_lifted |= phases->coast.phase == WLK_PHASE_REENTRY;
    phases->manoeuvred = look->time;
    phases->surprise = 0;
}

/* What a manoeuvre may do here: in the air its lift may be some times the drag. */
static double manoeuvre_of(const struct wlk_state *state)
{
    double density = wlk_air_density(wlk_propagate_height(state->position_m), NULL);
    double pressure = 0.5 * density * dot(state->velocity_mps, state->velocity_mps);
    return MANOEUVRE_MPS2 + LIFT_TO_DRAG * pressure / BETA_KGPM2;
}

/* A body that manoeuvres is known less well with each second. */
static void loosen(struct wlk_state *state, wlk_utc to)
{
    double t = fabs(wlk_utc_seconds(to, state->epoch)), v = manoeuvre_of(state) * t;
    double p = v * t / 2;
    for (int i = 0; i < 3; i++) {
        state->covariance[i][i] += p * p;
        state->covariance[i + 3][i + 3] += v * v;
        state->covariance[i][i + 3] += p * v * 0.9;
        state->covariance[i + 3][i] += p * v * 0.9;
    }
}

/* Coasting: is it still? */
static wlk_status take_coasting(struct wlk_phases *phases, const struct wlk_look *look)
{
    struct wlk_fit fit;
    if (phases->is_manoeuvring &&
        wlk_utc_seconds(look->time, phases->manoeuvred) < MANOEUVRE_S) {
        struct wlk_state at = phases->coast;
        loosen(&at, look->time);
        WLK_TRY(advance(&at, look, &fit));
        phases->coast = at;
    } else {
        WLK_TRY(advance(&phases->coast, look, &fit));
    }
    watch_for_manoeuvre(phases, look, fit.distance);
    if (!phases->has_boost)
        return WLK_OK;
    if (wlk_utc_seconds(look->time, phases->declared) > BESIDE_S ||
        phases->coast.phase == WLK_PHASE_REENTRY) {
        phases->has_boost = false;
        phases->candidate_count = 0;
        return WLK_OK;
    }
    int best = advance_candidates(phases, look, -0.5 * wlk_fit_cost(fit));
    if (best >= 0 && phases->candidate[best].score > LIGHT &&
        is_thrusting(&phases->candidate[best].state)) {
        phases->boost = phases->candidate[best].state;
        for (int i = 6; i < 9; i++)
            phases->boost.covariance[i][i] += RELIT_MPS2 * RELIT_MPS2;
        phases->is_coasting = phases->has_burnout = phases->is_manoeuvring = false;
        phases->candidate_count = 0;
        return WLK_OK;
    }
    add_candidate(phases);
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
    if (best >= 0 && is_believed(&phases->candidate[best], look->time)) {
        believe(phases, &phases->candidate[best], look->time);
        return WLK_OK;
    }
    change_thrust(phases);
    add_candidate(phases);
    return WLK_OK;
}

enum wlk_doubt wlk_phases_doubt(const struct wlk_phases *phases, wlk_utc now)
{
    if (!phases->is_coasting)
        return WLK_DOUBT_NONE;
    if (phases->is_manoeuvring &&
        (phases->is_lifted || wlk_utc_seconds(now, phases->manoeuvred) < MANOEUVRE_DOUBT_S))
        return WLK_DOUBT_MANOEUVRE;
    /* never seen to thrust: burnout is its first look, and it may have been between stages */
    if (wlk_utc_seconds(now, phases->burnout) < STAGING_S ||
        wlk_utc_seconds(now, phases->declared) < DECLARED_S)
        return WLK_DOUBT_STAGING;
    bool is_young = wlk_utc_seconds(now, phases->burnout) < YOUNG_S;
    for (int i = 0; i < phases->candidate_count; i++) {
        double lit_s = wlk_utc_seconds(phases->candidate[i].since, phases->burnout);
        bool is_awaited = is_young && lit_s > AWAITED_S[0] && lit_s < AWAITED_S[1];
        if (phases->candidate[i].score > (is_awaited ? LIT_AWAITED : LIT_MAYBE))
            return WLK_DOUBT_STAGING;
    }
    return WLK_DOUBT_NONE;
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
    return 1 + phases->candidate_count;
}

wlk_status wlk_phases_expect(const struct wlk_phases *phases, const struct wlk_look *look,
                             int which, struct wlk_state *out)
{
    WLK_ASSERT(which >= 0 && which < wlk_phases_count(phases));
    *out = which == 0 ? *wlk_phases_state(phases) : phases->candidate[which - 1].state;
    double dt_s = wlk_utc_seconds(look->time, out->epoch), reach = 0.5 * dt_s * dt_s;
    bool is_thrusting_now = out->phase == WLK_PHASE_BOOST;
    WLK_TRY(wlk_filter_expect(out, look));
    if (is_thrusting_now)
        widen(out, out->thrust_mps2, sqrt(dot(out->thrust_mps2, out->thrust_mps2)) * reach);
    return WLK_OK;
}

bool wlk_phases_turn(const struct wlk_phases *phases, const struct wlk_look *look,
                     struct wlk_state *expected)
{
    const struct wlk_state *at = wlk_phases_state(phases);
    double dt_s = wlk_utc_seconds(look->time, at->epoch);
    double turned_s = fabs(dt_s) + (phases->surprise > SURPRISE_SOME ? TURNING_S : 0);
    double turn = manoeuvre_of(at) * 0.5 * turned_s * turned_s;
    if (at->phase != WLK_PHASE_REENTRY || fabs(dt_s) > TURN_MAX_S)
        return false;
    for (int i = 0; i < 3; i++)
        expected->covariance[i][i] += turn * turn;
    return true;
}
