/* forms_test.c -- the coarse form changes once a second and knows nothing that the coarse track
 * does not; the fine form follows each plot. SPDX-License-Identifier: Apache-2.0 */
#include "programs/forms.h"

#include "base/random.h"
#include "base/tap.h"
#include "record/codec.h"
#include "tracking/impact.h"

#include <math.h>

static const wlk_utc SECOND = {INT64_C(1795392000000000000)};

static wlk_utc later(double seconds)
{
    return wlk_utc_add(SECOND, seconds);
}

/* A missile over the Sea of Japan, coasting, with its launch and its own impact. */
static void make_track(struct wlk_track *out)
{
    wlk_ecef point = wlk_ecef_from_geodetic((wlk_geodetic){40 * WLK_DEG, 132 * WLK_DEG, 3e5});
    memset(out, 0, sizeof *out);
    out->object = 1;
    out->is_confirmed = out->has_launch = out->has_burnout = true;
    out->condition = WLK_CONDITION_MEASURED;
    out->last_measurement = out->state.epoch = SECOND;
    out->state.phase = WLK_PHASE_COAST;
    out->state.log_inverse_beta = -8.3;
    const double position[3] = {point.x, point.y, point.z};
    const double velocity[3] = {-3000, -2500, 700};
    memcpy(out->state.position_m, position, sizeof position);
    memcpy(out->state.velocity_mps, velocity, sizeof velocity);
    for (int i = 0; i < 6; i++)
        out->state.covariance[i][i] = i < 3 ? 1e6 : 1e3;
    out->launch.point.place = (wlk_geodetic){39 * WLK_DEG, 126 * WLK_DEG, 0};
    out->launch.point.time = later(-150);
    out->launch.status = WLK_LAUNCH_CONFIRMED;
    out->launch.object_count_min = out->launch.object_count_max = 1;
    for (int i = 0; i < 3; i++)
        out->launch.point.covariance[i][i] = i < 2 ? 4e6 : 4;
    out->has_impact =
        wlk_impact_predict(&out->state, 7200, &out->impact, NULL) == WLK_OK;
    out->impact.last_measurement = out->last_measurement;
    out->impact.condition = out->condition;
    out->impact.track_s = 60;
}

/* A new plot: the state a little elsewhere. */
static void disturb(struct wlk_random *random, struct wlk_track *track)
{
    for (int i = 0; i < 3; i++) {
        track->state.position_m[i] += 300 * wlk_random_normal(random);
        track->state.velocity_mps[i] += 20 * wlk_random_normal(random);
    }
    track->launch.point.place.latitude_rad += 0.01 * WLK_DEG * wlk_random_normal(random);
    struct wlk_impact impact;
    if (wlk_impact_predict(&track->state, 7200, &impact, NULL) == WLK_OK)
        track->impact.point = impact.point;
}

static bool coarse_is_same(const struct wlk_forms *a, const struct wlk_forms *b)
{
    return a->has_coarse_track == b->has_coarse_track &&
           a->has_coarse_launch == b->has_coarse_launch &&
           a->has_coarse_impact == b->has_coarse_impact &&
           memcmp(&a->coarse_track, &b->coarse_track, sizeof a->coarse_track) == 0 &&
           memcmp(&a->coarse_launch, &b->coarse_launch, sizeof a->coarse_launch) == 0 &&
           memcmp(&a->coarse_impact, &b->coarse_impact, sizeof a->coarse_impact) == 0;
}

static void check_cadence(void)
{
    struct wlk_random random = wlk_random_seeded(1, 0);
    struct wlk_forms_memory memory = {.has_last = false};
    struct wlk_forms first, next;
    struct wlk_track track;
    make_track(&track);
    wlk_forms_make(&track, 0, later(0.01), &memory, &first);
    wlk_check(first.has_launch && first.has_track && first.has_impact &&
                  first.has_coarse_launch && first.has_coarse_track && first.has_coarse_impact,
              "a track with all has all forms");
    bool still = true, follows = true;
    for (int i = 1; i < 10; i++) {
        disturb(&random, &track);
        wlk_forms_make(&track, 0, later(0.1 * i), &memory, &next);
        still &= coarse_is_same(&first, &next);
        follows &= memcmp(&first.track, &next.track, sizeof next.track) != 0 &&
                   memcmp(&first.impact, &next.impact, sizeof next.impact) != 0;
    }
    wlk_check(follows, "the fine form follows each plot");
    wlk_check(still,
              "the coarse form stands for the whole second, whatever the radar's cadence");
    wlk_forms_make(&track, 0, later(1.05), &memory, &next);
    wlk_check(!coarse_is_same(&first, &next), "then it changes");
    first = next;
    track.condition = WLK_CONDITION_COASTED;
    disturb(&random, &track);
    wlk_forms_make(&track, 0, later(1.2), &memory, &next);
    wlk_check(next.coarse_track.condition == WLK_CONDITION_COASTED &&
                  !coarse_is_same(&first, &next),
              "a track that is no longer measured is told at once");
    track.has_impact = false;
    wlk_forms_make(&track, 0, later(1.3), &memory, &next);
    wlk_check(!next.has_impact && !next.has_coarse_impact,
              "an impact that is gone is gone in both forms");
}

/* The coarse impact can be made from the coarse track alone, by anybody. */
static void check_origin(void)
{
    struct wlk_random random = wlk_random_seeded(2, 0);
    uint64_t wrong = 0, made = 0;
    for (int i = 0; i < 50; i++) {
        struct wlk_forms_memory memory = {.has_last = false};
        struct wlk_forms forms;
        struct wlk_track track;
        struct wlk_state state;
        struct wlk_impact impact;
        struct wlk_impact_content content;
        make_track(&track);
        disturb(&random, &track);
        wlk_forms_make(&track, 0, later(i), &memory, &forms);
        if (!forms.has_coarse_impact ||
            wlk_groups_track_state(&forms.coarse_track, &state) != WLK_OK ||
            wlk_impact_predict(&state, 7200, &impact, NULL) != WLK_OK)
            continue;
        wlk_utc epoch = {forms.coarse_track.epoch_ns};
        impact.last_measurement = wlk_utc_add(epoch, -6);
        impact.condition = forms.coarse_track.condition;
        impact.track_s = 0;
        made++;
        wrong += wlk_groups_impact(&impact, WLK_COARSE_PLACE_MM, WLK_COARSE_TIME_NS,
                                   &content) != WLK_OK ||
                 memcmp(&content, &forms.coarse_impact, sizeof content) != 0;
    }
    wlk_check(made == 50 && wrong == 0, "the coarse impact comes from the coarse track alone");
}

/* Seconds of a track that is measured, then coasted: ages by coarse tracks, never too young. */
static void check_ages(void)
{
    struct wlk_forms_memory memory = {.has_last = false};
    struct wlk_forms forms;
    struct wlk_track track;
    make_track(&track);
    wlk_forms_make(&track, 0, later(0), &memory, &forms);
    wlk_forms_make(&track, 0, later(10), &memory, &forms);
    uint64_t before_ns = forms.coarse_impact.data_age_ns;
    track.condition = WLK_CONDITION_COASTED;
    track.last_measurement = later(3); /* whatever it is: coarse says nothing of it */
    wlk_forms_make(&track, 0, later(15), &memory, &forms);
    wlk_check(before_ns == 6000000000 && forms.coarse_impact.data_age_ns == 11000000000 &&
                  forms.coarse_impact.condition == WLK_CONDITION_COASTED &&
                  forms.coarse_impact.track_ns == 10000000000,
              "ages of a coarse impact are those of coarse tracks: %.1f s, then %.1f s",
              (double)before_ns * 1e-9, (double)forms.coarse_impact.data_age_ns * 1e-9);
}

/* What cannot be said is absent, and nothing of an earlier object stays. */
static void check_absent(void)
{
    struct wlk_forms_memory memory = {.has_last = false};
    struct wlk_forms forms;
    struct wlk_track track;
    make_track(&track);
    track.has_impact = false;
    wlk_forms_make(&track, 0, later(0), &memory, &forms);
    wlk_check(!forms.has_impact && !forms.has_coarse_impact && forms.has_coarse_track,
              "without a prediction there is none in any form");
    memset(&memory, 0, sizeof memory);
    track.state.position_m[0] = NAN;
    wlk_forms_make(&track, 0, later(5), &memory, &forms);
    wlk_check(!forms.has_track && !forms.has_coarse_track && forms.has_launch,
              "a state that does not fit the wire is absent, the launch still goes");
    make_track(&track);
    memory.is_fine_only = true;
    wlk_forms_make(&track, 0, later(5.1), &memory, &forms);
    wlk_check(forms.has_track && forms.has_impact && !forms.has_coarse_track &&
                  !forms.has_coarse_launch && !forms.has_coarse_impact,
              "where nobody may have a coarse form, none is made");
    memory.is_fine_only = false;
    wlk_forms_make(&track, 0, later(5.2), &memory, &forms);
    wlk_check(forms.has_coarse_track && forms.has_coarse_impact,
              "once somebody may, it is made at once");
}

int main(void)
{
    check_cadence();
    check_origin();
    check_ages();
    check_absent();
    return wlk_tap_done();
}
