/* attacker_shielded.c -- what shielded releases say about the place of a radar.
 *
 * In free flight two released states tell the plot that came between them: the difference of
 * their inverse covariances is its information, that of their information vectors its error.
 * So the attack sees the release tracker's plots themselves. Against the hypothesis that a
 * release is as the rules say stands, for each place, that timing, sizes and shapes follow the
 * radar there, with a chance of 0.1 beforehand: so a leak is found, and its absence misleads
 * little. The bias of the radar is integrated out over all launches.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tools/attacker.h"

#include "earth/propagate.h"
#include "tracking/filter.h"
#include "tracking/shield.h"
#include "tracking/slots.h"

#include <math.h>
#include <string.h>

enum { PLOTS_MAX = 1024, ALWAYS = 6 }; /* three biases, and the offset of all launches */
static const double PFA = 1e-6, BENDING_RAD = 0.006;
static const double SHAPE_SIGMA = 0.1;
static const double UNUSED_M = 30e3; /* less than this cannot be told from rounding */
static const double LEAKY = 0.1;     /* that it is as the place of the radar has it */
static const double LOW_M = 150e3;   /* below it, falling, a free body is one no longer */
static const double SLIP = 0.02;     /* chance of what a hypothesis forbids */
static const double NEVER = -200;

/* What a slot added. */
struct between {
    wlk_utc end;
    struct wlk_state before; /* predicted to end */
    bool is_used;
    double error_m, inverse[3][3], error[3]; /* of the plot */
};

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

bool information(const struct wlk_state *state, double out[6][6])
{
    const double(*C)[9] = state->covariance;
    double L[6][6] = {{0}}, X[6][6] = {{0}};
    for (int i = 0; i < 6; i++)
        for (int j = 0; j <= i; j++) {
            double sum = C[i][j];
            for (int k = 0; k < j; k++)
                sum -= L[i][k] * L[j][k];
            if (i == j && !(sum > 0))
                return false;
            L[i][j] = i == j ? sqrt(sum) : sum / L[j][j];
        }
    for (int c = 0; c < 6; c++)
        for (int i = c; i < 6; i++) {
            double sum = i == c;
            for (int k = c; k < i; k++)
                sum -= L[i][k] * X[k][c];
            X[i][c] = sum / L[i][i];
        }
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            out[i][j] = 0;
            for (int k = 0; k < 6; k++)
                out[i][j] += X[k][i] * X[k][j];
        }
    return true;
}

/* The allowance for biases is public: off it goes. */
static struct wlk_state bare(const struct wlk_state *released)
{
    struct wlk_state state = *released;
    for (int i = 0; i < 3; i++) {
        state.covariance[i][i] -= WLK_SHIELD_ALLOWANCE_M * WLK_SHIELD_ALLOWANCE_M;
        state.covariance[i + 3][i + 3] -= WLK_SHIELD_ALLOWANCE_MPS * WLK_SHIELD_ALLOWANCE_MPS;
    }
    return state;
}

static bool is_falling_low(const struct wlk_state *state)
{
    return wlk_propagate_height(state->position_m) < LOW_M &&
           dot(state->position_m, state->velocity_mps) < 0;
}

static bool compare(const struct launch *launch, const struct seen *a, const struct seen *b,
                    struct between *out)
{
    double before[6][6], after[6][6], x[6], r[3] = {0};
    struct wlk_state now = bare(&b->state);
    out->before = bare(&a->state);
    out->end = wlk_utc_add(b->sealed, -WLK_SHIELD_LATE_S);
    if (is_falling_low(&b->state) || a->state.phase != WLK_PHASE_COAST ||
        b->state.phase != WLK_PHASE_COAST || !truth_at(launch, out->end, x) ||
        wlk_filter_predict(&out->before, out->end) != WLK_OK ||
        !information(&out->before, before) || !information(&now, after))
        return false;
    if (b->state.epoch.ns == a->state.epoch.ns) { /* told again: nothing was used */
        out->is_used = false;
        return true;
    }
    double trace = 0;
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++)
            out->inverse[i][j] = after[i][j] - before[i][j];
        for (int j = 0; j < 3; j++)
            r[i] += after[i][j] * (now.position_m[j] - x[j]) +
                    after[i][j + 3] * (now.velocity_mps[j] - x[j + 3]) -
                    before[i][j] * (out->before.position_m[j] - x[j]) -
                    before[i][j + 3] * (out->before.velocity_mps[j] - x[j + 3]);
        trace += out->inverse[i][i] / 3;
    }
    out->is_used = true;
    out->error_m = 1 / sqrt(trace);
    for (int i = 0; i < 3; i++)
        out->error[i] = r[i] / trace;
    return trace > 1 / (UNUSED_M * UNUSED_M);
}

static size_t plots_of(const struct launch *launch, struct between out[PLOTS_MAX])
{
    const struct stream *stream = &launch->stream[SHIELDED];
    size_t count = 0;
    for (size_t i = 0; i + 1 < stream->count && count < PLOTS_MAX; i++)
        count += compare(launch, &stream->track[i], &stream->track[i + 1], &out[count]);
    return count;
}

/* ---- hypotheses ---------------------------------------------------------------------- */

/* Chance that a slot has a plot seen from a place, and one of at most error_m. */
static double chance(const struct evidence *evidence, size_t place, const double x[3],
                     double error_m)
{
    const struct wlk_site *site = &evidence->geometry->decoys.site;
    struct view view;
    view_from(evidence->places, place, x, &view);
    if (view.elevation_rad < site->mask_rad - BENDING_RAD || view.range_m > site->range_max_m)
        return 0;
    double ratio = site->reference_range_m / view.range_m, threshold = -log(PFA);
    double snr = site->snr_reference * ratio * ratio * ratio * ratio;
    double size =
        fmax(site->beamwidth_rad * view.range_m / 1.6, site->range_resolution_m) / error_m;
    double good = exp(-fmax(threshold, 1 + 0.5 * size * size) / (1 + snr));
    return 1 - pow(1 - good, floor(WLK_SLOT_S / site->revisit_s));
}

static double least_chance(const struct evidence *evidence, const double x[3], double error_m)
{
    double least = 1;
    for (size_t i = 0; i < evidence->places->count; i++)
        least = fmin(least, chance(evidence, i, x, error_m));
    return least;
}

/* By the public rule: is the slot open, and with which error? */
static bool plan_of(const struct wlk_slots *slots, const struct between *between,
                    struct wlk_slot_plan *plan)
{
    double error_m = 0;
    for (int i = 0; i < 3; i++) { /* end, begin, middle */
        struct wlk_state state = between->before;
        struct wlk_slot_case seen = {.error_m = i == 2 ? error_m : 0};
        const double back_s[3] = {0, WLK_SLOT_S, WLK_SLOT_S / 2};
        if (wlk_filter_predict(&state, wlk_utc_add(between->end, -back_s[i])) != WLK_OK)
            return false;
        for (int k = 0; k < 3; k++) {
            seen.position_m[k] = state.position_m[k];
            seen.sigma_m = fmax(seen.sigma_m, sqrt(state.covariance[k][k]));
        }
        wlk_slots_plan(slots, &seen, plan);
        if (seen.sigma_m >= slots->wide_m || !plan->is_open)
            return false;
        error_m = fmax(error_m, plan->error_m);
    }
    return true;
}

/* Only where it is does the rule say beforehand what will be used. */
static bool is_foreseen(const struct wlk_slots *slots, const struct wlk_state *state)
{
    for (int i = 0; i < 3; i++)
        if (!(sqrt(state->covariance[i][i]) < 0.8 * slots->wide_m))
            return false;
    return true;
}

static double ln_of(bool is_used, double chance_of_use)
{
    double p = fmin(fmax(chance_of_use, SLIP), 1 - SLIP);
    return log(is_used ? p : 1 - p);
}

static void add_gaps(const struct evidence *evidence, const struct wlk_slots *slots,
                     const struct launch *launch, double *ratio)
{
    static struct between between[PLOTS_MAX];
    size_t count = plots_of(launch, between);
    double coarser = 1; /* as the last used plot was */
    for (size_t k = 0; k < count; k++) {
        struct wlk_slot_plan plan;
        const double *x = between[k].before.position_m;
        if (!is_foreseen(slots, &between[k].before))
            continue;
        bool is_open = plan_of(slots, &between[k], &plan);
        if (is_open && between[k].is_used)
            coarser = exp2(rint(log2(fmax(between[k].error_m / plan.error_m, 1))));
        double error_m = is_open ? plan.error_m * coarser : slots->wide_m;
        double rule = is_open ? least_chance(evidence, x, error_m) : 0;
        for (size_t i = 0; i < evidence->places->count; i++)
            ratio[i] += ln_of(between[k].is_used, chance(evidence, i, x, error_m)) -
                        ln_of(between[k].is_used, rule);
    }
}

/* Errors are those of the plan, or twice or four times as large: how far from these, in
 * powers of two. */
static double off_rung(double ratio)
{
    double power = log2(ratio);
    return fabs(power - fmin(fmax(rint(power), 0), 2));
}

/* The size of used plots: as the rule has it, or as this place alone would need. */
static void add_sizes(const struct evidence *evidence, const struct wlk_slots *slots,
                      const struct launch *launch, double *ratio)
{
    const struct wlk_site *site = &evidence->geometry->decoys.site;
    static struct between between[PLOTS_MAX];
    size_t count = plots_of(launch, between);
    for (size_t k = 0; k < count; k++) {
        struct wlk_slot_plan plan;
        if (!between[k].is_used || !plan_of(slots, &between[k], &plan))
            continue;
        double rule = off_rung(between[k].error_m / plan.error_m) < 0.2;
        for (size_t i = 0; i < evidence->places->count; i++) {
            struct view view;
            view_from(evidence->places, i, between[k].before.position_m, &view);
            double need_m = fmax(site->range_sigma_m, site->angle_sigma_rad * view.range_m);
            double rung_m = 250 * pow(2, 0.5 * ceil(2 * log2(fmax(need_m, 250) / 250)));
            double here = off_rung(between[k].error_m / rung_m) < 0.2;
            ratio[i] += log(here > 0 ? 1 - SLIP : SLIP) - log(rule > 0 ? 1 - SLIP : SLIP);
        }
    }
}

/* The shape of the information: a ball, or flat across the line of sight from this place. */
static void add_shapes(const struct evidence *evidence, const struct launch *launch,
                       double *ratio)
{
    const struct wlk_site *site = &evidence->geometry->decoys.site;
    static struct between between[PLOTS_MAX];
    size_t count = plots_of(launch, between);
    for (size_t k = 0; k < count; k++) {
        const struct between *b = &between[k];
        double ball = 0;
        if (!b->is_used)
            continue;
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                ball += pow(b->inverse[i][j] * b->error_m * b->error_m - (i == j), 2);
        for (size_t p = 0; p < evidence->places->count; p++) {
            struct view view;
            double flat = 0, scale = 0, M[3][3];
            view_from(evidence->places, p, b->before.position_m, &view);
            double along = 1 / pow(site->range_sigma_m, 2);
            double across = 1 / pow(site->angle_sigma_rad * view.range_m, 2);
            for (int i = 0; i < 3; i++)
                for (int j = 0; j < 3; j++) {
                    M[i][j] = along * view.along[i] * view.along[j] +
                              across * (view.across[i] * view.across[j] +
                                        view.upward[i] * view.upward[j]);
                    scale += i == j ? M[i][j] / 3 : 0;
                }
            for (int i = 0; i < 3; i++)
                for (int j = 0; j < 3; j++)
                    flat +=
                        pow(b->inverse[i][j] * b->error_m * b->error_m - M[i][j] / scale, 2);
            ratio[p] += 0.5 * (fmin(ball, 2) - fmin(flat, 2)) / (SHAPE_SIGMA * SHAPE_SIGMA);
        }
    }
}

/* Seconds after launch at which the third, and the last, slot is usable: from one place, or by
 * the rule from all. */
static bool usable(const struct wlk_slots *slots, const struct launch *launch, double *third_s,
                   double *last_s)
{
    int count = 0;
    int64_t slot = launch->at.ns / WLK_SLOT_NS;
    for (double x[6];; slot++) {
        wlk_utc end = {(slot + 1) * WLK_SLOT_NS};
        if (!truth_at(launch, end, x)) {
            if (wlk_utc_seconds(end, launch->at) > WLK_SLOT_S)
                break;
            continue;
        }
        struct wlk_slot_case seen = {.sigma_m = count < 2 ? slots->wide_m : 500};
        struct wlk_slot_plan plan;
        memcpy(seen.position_m, x, sizeof seen.position_m);
        wlk_slots_plan(slots, &seen, &plan);
        count += plan.is_open;
        if (plan.is_open && count == 3)
            *third_s = wlk_utc_seconds(end, launch->at) + WLK_SHIELD_LATE_S;
        if (plan.is_open)
            *last_s = wlk_utc_seconds(end, launch->at) + WLK_SHIELD_LATE_S;
    }
    return count >= 3;
}

/* Chance to begin so much later, or to end so much earlier, than the first or last usable
 * slot: plots may be missed. */
static double usable_score(bool has_any, bool is_usable, double off_s)
{
    static const double OFF_BY[4] = {0.7, 0.2, 0.06, 0.02}, ELSE = 0.004;
    double off = rint(off_s / WLK_SLOT_S);
    if (!has_any || !is_usable)
        return log(has_any == is_usable ? 1 - ELSE : ELSE);
    return log(off >= 0 && off < 4 ? OFF_BY[(int)off] : ELSE);
}

static void add_times(const struct evidence *evidence, const struct wlk_slots *slots,
                      const struct launch *launch, bool is_first, double *ratio)
{
    const struct stream *stream = &launch->stream[SHIELDED];
    double seen_s = 0, third_s = 0, last_s = 0;
    bool has_any = stream->has_any && stream->count > 0;
    if (has_any && is_first)
        seen_s = wlk_utc_seconds(stream->first, launch->at);
    for (size_t i = 0; !is_first && i < stream->count; i++)
        if (stream->track[i].condition == WLK_CONDITION_MEASURED)
            seen_s = wlk_utc_seconds(stream->track[i].sealed, launch->at) - WLK_SLOT_S;
    bool is_usable = usable(slots, launch, &third_s, &last_s);
    double rule =
        usable_score(has_any, is_usable, is_first ? seen_s - third_s : last_s - seen_s);
    static struct wlk_slots alone;
    struct wlk_decoy_set one = evidence->geometry->decoys;
    for (size_t i = 0; i < evidence->places->count; i++) {
        one.count = 1;
        one.place[0] = one.site.place = evidence->places->place[i];
        if (wlk_slots_make(&one, &alone) != WLK_OK)
            continue;
        bool is_here = usable(&alone, launch, &third_s, &last_s);
        ratio[i] +=
            usable_score(has_any, is_here, is_first ? seen_s - third_s : last_s - seen_s) -
            rule;
    }
}

/* ---- the bias ------------------------------------------------------------------------- */

/* Sums over the plots of one launch, in units of their errors: B is the error by bias (in
 * sigmas of it) and by the offset of all launches, e the error. */
struct sums {
    double BB[ALWAYS][ALWAYS], Be[ALWAYS];
    double B[ALWAYS][3], e[3], weight;
};

static void add_plot(const struct wlk_site *site, const struct view *view,
                     const struct between *plot, struct sums *sums)
{
    double weight = 1 / (plot->error_m * plot->error_m), B[ALWAYS][3] = {{0}};
    double angle_m = site->angle_bias_sigma_rad * view->range_m;
    for (int i = 0; i < 3; i++) {
        B[0][i] = view->along[i] * site->range_bias_sigma_m;
        B[1][i] = view->across[i] * angle_m * cos(view->elevation_rad);
        B[2][i] = view->upward[i] * angle_m;
        B[3 + i][i] = WLK_SHIELD_ALWAYS_M;
        sums->e[i] += weight * plot->error[i];
    }
    sums->weight += weight;
    for (int a = 0; a < ALWAYS; a++) {
        sums->Be[a] += weight * dot(B[a], plot->error);
        for (int b = 0; b < ALWAYS; b++)
            sums->BB[a][b] += weight * dot(B[a], B[b]);
        for (int i = 0; i < 3; i++)
            sums->B[a][i] += weight * B[a][i];
    }
}

/* Integrates the launch's own offset out of its sums, and adds them to those of all. */
static void reduce(const struct sums *sums, double A[ALWAYS][ALWAYS], double v[ALWAYS])
{
    double known = 1 / (sums->weight + 1 / (WLK_SHIELD_SHIFT_M * WLK_SHIELD_SHIFT_M));
    for (int a = 0; a < ALWAYS; a++) {
        v[a] += sums->Be[a] - known * dot(sums->B[a], sums->e);
        for (int b = 0; b < ALWAYS; b++)
            A[a][b] += sums->BB[a][b] - known * dot(sums->B[a], sums->B[b]);
    }
}

/* v'A^-1 v / 2 - ln det A / 2: the bias integrated out. */
static double marginal(double A[ALWAYS][ALWAYS], const double v[ALWAYS])
{
    double L[ALWAYS][ALWAYS] = {{0}}, w[ALWAYS], sum = 0;
    for (int i = 0; i < ALWAYS; i++) {
        w[i] = v[i];
        for (int j = 0; j <= i; j++) {
            double rest = A[i][j];
            for (int k = 0; k < j; k++)
                rest -= L[i][k] * L[j][k];
            L[i][j] = i == j ? sqrt(rest) : rest / L[j][j];
            w[i] -= j < i ? L[i][j] * w[j] : 0;
        }
        w[i] /= L[i][i];
        sum += 0.5 * w[i] * w[i] - log(L[i][i]);
    }
    return sum;
}

static void add_errors(const struct evidence *evidence, double *score)
{
    const struct wlk_site *site = &evidence->geometry->decoys.site;
    static struct between between[PLOTS_MAX];
    static double A[PLACES_MAX][ALWAYS][ALWAYS], v[PLACES_MAX][ALWAYS];
    memset(A, 0, sizeof A);
    memset(v, 0, sizeof v);
    for (size_t p = 0; p < evidence->places->count; p++)
        for (int i = 0; i < ALWAYS; i++)
            A[p][i][i] = 1;
    for (size_t j = evidence->first; j < evidence->last; j++) {
        size_t count = plots_of(&evidence->geometry->launch[j], between);
        for (size_t p = 0; p < evidence->places->count; p++) {
            static struct sums sums;
            memset(&sums, 0, sizeof sums);
            for (size_t k = 0; k < count; k++) {
                struct view view;
                if (!between[k].is_used)
                    continue;
                view_from(evidence->places, p, between[k].before.position_m, &view);
                add_plot(site, &view, &between[k], &sums);
            }
            reduce(&sums, A[p], v[p]);
        }
    }
    for (size_t p = 0; p < evidence->places->count; p++)
        score[p] += marginal(A[p], v[p]);
}

void measure_shielded(const struct evidence *evidence, enum channel channel, double *score)
{
    static struct wlk_slots slots;
    static double ratio[PLACES_MAX];
    struct wlk_decoy_set set = evidence->geometry->decoys;
    set.site.place = set.place[0]; /* the attacker does not know it */
    if (wlk_slots_make(&set, &slots) != WLK_OK)
        return;
    if (channel == ERRORS) {
        add_errors(evidence, score);
        return;
    }
    memset(ratio, 0, sizeof ratio);
    for (size_t j = evidence->first; j < evidence->last; j++) {
        const struct launch *launch = &evidence->geometry->launch[j];
        if (channel == FIRST || channel == LAST)
            add_times(evidence, &slots, launch, channel == FIRST, ratio);
        else if (channel == GAPS)
            add_gaps(evidence, &slots, launch, ratio);
        else if (channel == STEPS)
            add_sizes(evidence, &slots, launch, ratio);
        else
            add_shapes(evidence, launch, ratio);
    }
    for (size_t i = 0; i < evidence->places->count; i++)
        score[i] += log(1 - LEAKY + LEAKY * exp(fmin(fmax(ratio[i], NEVER), -NEVER)));
}

void consistency(const struct launch *launch, enum profile profile, double *sum, double *count)
{
    const struct stream *stream = &launch->stream[profile];
    for (size_t k = 0; k < stream->count; k++) {
        const struct wlk_state *state = &stream->track[k].state;
        double x[6], J[6][6], e[6];
        if (k > 0 && state->epoch.ns == stream->track[k - 1].state.epoch.ns)
            continue;
        if (state->phase != WLK_PHASE_COAST || is_falling_low(state) ||
            !truth_at(launch, state->epoch, x) || !information(state, J))
            continue;
        for (int i = 0; i < 3; i++) {
            e[i] = state->position_m[i] - x[i];
            e[i + 3] = state->velocity_mps[i] - x[i + 3];
        }
        for (int i = 0; i < 6; i++)
            for (int j = 0; j < 6; j++)
                *sum += e[i] * J[i][j] * e[j];
        *count += 1;
    }
}
