/* batch_test.c -- eight at once give what the filter gives, to the bit, on each kind of lanes.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/batch.h"
#include "tracking/watch_for_test.h"

#include "base/tap.h"

static struct flight flight;
static struct wlk_plot plots[4000];

struct count {
    int taken, same, refused, kept, wrong;
};

/* What the filter makes of a state and a look is what the batch has made of it. */
static bool is_same(const struct wlk_batch *batch, int lane, const struct wlk_state *before,
                    const struct wlk_look *look)
{
    struct wlk_state one = *before, eight = *before;
    struct wlk_fit fit;
    if (wlk_filter_predict(&one, look->time) != WLK_OK ||
        wlk_filter_update(&one, look, &fit) != WLK_OK)
        return batch->is_taken[lane] == 0;
    return wlk_batch_get(batch, lane, look, &eight) &&
           memcmp(eight.position_m, one.position_m, sizeof one.position_m) == 0 &&
           memcmp(eight.velocity_mps, one.velocity_mps, sizeof one.velocity_mps) == 0 &&
           memcmp(eight.covariance, one.covariance, sizeof one.covariance) == 0 &&
           eight.epoch.ns == one.epoch.ns && batch->distance[lane] == fit.distance &&
           log(batch->det[lane]) == fit.log_det;
}

/* Eight states into a batch, of which some may be for the filter. */
static void check_eight(const struct wlk_state state[WLK_LANES],
                        const struct wlk_look look[WLK_LANES], struct count *count)
{
    struct wlk_batch start, done;
    memset(&start, 0, sizeof start);
    for (int lane = 0; lane < WLK_LANES; lane++)
        if (!wlk_batch_put(&start, lane, &state[lane], &look[lane]))
            count->refused++;
    for (int kind = 0; kind < WLK_LANES_KINDS; kind++) {
        if (!wlk_lanes_can((enum wlk_lanes_kind)kind))
            continue;
        done = start;
        wlk_batch_take(&done, (enum wlk_lanes_kind)kind);
        for (int lane = 0; lane < WLK_LANES; lane++) {
            struct wlk_state untouched = state[lane];
            if (done.is_taken[lane] == 0) {
                count->kept += !wlk_batch_get(&done, lane, &look[lane], &untouched) &&
                               memcmp(&untouched, &state[lane], sizeof untouched) == 0 &&
                               done.x[0][lane] == start.x[0][lane] &&
                               done.P[20][lane] == start.P[20][lane];
                count->wrong += start.is_taken[lane] == 1 && kind == 0;
                continue;
            }
            count->taken++;
            count->same += is_same(&done, lane, &state[lane], &look[lane]);
        }
    }
}

/* Tracks from their first plot on, of eight seeds side by side: newborn ones need all steps of
 * the update, and angles that are not small. */
static void check_flight(enum test_flight_kind kind, double widen)
{
    struct flight_plan plan = test_plan(kind);
    struct wlk_state state[WLK_LANES];
    struct wlk_look look[WLK_LANES];
    struct count count = {0};
    size_t each[WLK_LANES], least = 4000 / WLK_LANES;
    test_fly(&plan, &flight);
    const double span[2] = {flight.burnout_s + 60, flight.burnout_s + 160};
    for (int k = 0; k < WLK_LANES; k++) {
        struct wlk_plot *own = plots + k * 500;
        each[k] = watch(&flight, "KR,JP,US", (uint64_t)k + 1, span, 500, own);
        least = each[k] < least ? each[k] : least;
        wlk_look_from_plot(own, &look[k]);
        wlk_filter_begin(&look[k], WLK_PHASE_COAST, &state[k]);
        for (int i = 0; i < 3; i++) { /* as a coarse cue would begin it */
            state[k].covariance[i][i] += widen * widen;
            state[k].position_m[i] += widen * (k - 3.5) / 4;
        }
    }
    for (size_t i = 1; i < least; i++) {
        for (int k = 0; k < WLK_LANES; k++)
            wlk_look_from_plot(&plots[k * 500 + (int)i], &look[k]);
        check_eight(state, look, &count);
        for (int k = 0; k < WLK_LANES; k++)
            if (wlk_filter_predict(&state[k], look[k].time) != WLK_OK ||
                wlk_filter_update(&state[k], &look[k], NULL) != WLK_OK)
                wlk_check(false, "the filter takes plot %zu", i);
    }
    wlk_check(count.taken > 300 && count.same == count.taken,
              "flight %d, begun within %.0f km: %d of %d are the same to the bit", kind,
              widen / 1e3, count.same, count.taken);
    wlk_check(count.wrong == 0, "and none is left out (%d)", count.wrong);
}

/* What is not the common case stays as it was. */
static void check_refusals(void)
{
    struct wlk_state state[WLK_LANES];
    struct wlk_look look[WLK_LANES];
    struct count count = {0};
    const double span[2] = {flight.burnout_s + 60, flight.burnout_s + 90};
    size_t seen = watch(&flight, "KR,JP,US", 1, span, 4000, plots);
    for (int k = 0; k < WLK_LANES; k++) {
        wlk_look_from_plot(&plots[0], &look[k]);
        wlk_filter_begin(&look[k], WLK_PHASE_COAST, &state[k]);
        wlk_look_from_plot(&plots[seen - 1], &look[k]);
        look[k].time = wlk_utc_add(state[k].epoch, 1);
    }
    state[0].phase = WLK_PHASE_BOOST;
    look[1].size = 4;
    look[2].time = state[2].epoch;
    look[3].time = wlk_utc_add(state[3].epoch, 11);
    for (int i = 0; i < 3; i++)
        state[4].position_m[i] *= 6440e3 / 8e6; /* in the air, or below it */
    state[5].covariance[1][1] = -1;
    state[6].velocity_mps[0] = nan("");
    check_eight(state, look, &count);
    wlk_check(count.refused == 4, "boost, range rate, no step and a long one are refused");
    int kinds = 0;
    for (int kind = 0; kind < WLK_LANES_KINDS; kind++)
        kinds += wlk_lanes_can((enum wlk_lanes_kind)kind);
    wlk_check(count.kept == 7 * kinds && count.taken == kinds && count.same == kinds,
              "what is in the air or not sound is as before; its neighbour is taken");
}

int main(void)
{
    check_flight(TEST_MEDIUM, 0);
    check_flight(TEST_MEDIUM, 100e3);
    check_flight(TEST_LOFTED, 0);
    check_flight(TEST_LOFTED, 20e3);
    check_refusals();
    return wlk_tap_done();
}
