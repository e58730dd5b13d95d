/* forms.c -- coarse and fine.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/forms.h"

#include "tracking/impact.h"

static const double HORIZON_S = 7200;
/* A track is measured as long as its last plot is no older (tracking/show.c). */
static const double MEASURED_S = 6;

/* What coarse tracks have shown of when the object was measured. */
static void note_measured(const struct wlk_track_content *coarse,
                          struct wlk_forms_memory *memory)
{
    wlk_utc epoch = {coarse->epoch_ns};
    if (memory->coarse_first.ns == 0)
        memory->coarse_first = epoch;
    if (coarse->condition == WLK_CONDITION_MEASURED || memory->coarse_measured.ns == 0)
        memory->coarse_measured = epoch;
}

/* Ages, too, as the coarse track shows them: never younger than they are. */
static void make_coarse_impact(const struct wlk_track *track,
                               const struct wlk_forms_memory *memory, struct wlk_forms *out)
{
    struct wlk_state state;
    struct wlk_impact impact;
    if (!out->has_coarse_track ||
        wlk_groups_track_state(&out->coarse_track, &state) != WLK_OK ||
        wlk_impact_predict(&state, HORIZON_S, &impact, NULL) != WLK_OK)
        return;
    impact.last_measurement = wlk_utc_add(memory->coarse_measured, -MEASURED_S);
    impact.condition = out->coarse_track.condition;
    impact.track_s = wlk_utc_seconds(memory->coarse_measured, memory->coarse_first);
    impact.doubt = track->impact.doubt;
    out->has_coarse_impact = wlk_groups_impact(&impact, WLK_COARSE_PLACE_MM, WLK_COARSE_TIME_NS,
                                               &out->coarse_impact) == WLK_OK;
}

static void make_coarse(const struct wlk_track *track, double clock_error_s, wlk_utc now,
                        struct wlk_forms_memory *memory, struct wlk_forms *out)
{
    struct wlk_coarse *coarse = &memory->coarse;
    out->has_coarse_launch = wlk_groups_launch_coarse(&track->launch, clock_error_s, coarse,
                                                      &out->coarse_launch) == WLK_OK;
    out->has_coarse_track = wlk_groups_track_coarse(track, clock_error_s, now, coarse,
                                                    &out->coarse_track) == WLK_OK;
    if (out->has_coarse_track)
        note_measured(&out->coarse_track, memory);
    if (track->has_impact)
        make_coarse_impact(track, memory, out);
}

static void make_fine(const struct wlk_track *track, double clock_error_s,
                      struct wlk_forms *out)
{
    out->has_launch =
        wlk_groups_launch_fine(&track->launch, clock_error_s, &out->launch) == WLK_OK;
    out->has_track = wlk_groups_track_fine(track, clock_error_s, &out->track) == WLK_OK;
    out->has_impact =
        track->has_impact && wlk_groups_impact(&track->impact, WLK_FINE_PLACE_MM,
                                               WLK_FINE_TIME_NS, &out->impact) == WLK_OK;
}

void wlk_forms_make(const struct wlk_track *track, double clock_error_s, wlk_utc now,
                    struct wlk_forms_memory *memory, struct wlk_forms *out)
{
    int64_t second = now.ns / 1000000000;
    bool stands = !memory->is_fine_only && memory->has_last && memory->second == second &&
                  memory->condition == track->condition &&
                  memory->had_impact == track->has_impact;
    if (stands) {
        *out = memory->last;
    } else {
        memset(out, 0, sizeof *out);
        if (!memory->is_fine_only)
            make_coarse(track, clock_error_s, now, memory, out);
    }
    make_fine(track, clock_error_s, out);
    memory->has_last = !memory->is_fine_only;
    memory->second = second;
    memory->condition = track->condition;
    memory->had_impact = track->has_impact;
    memory->last = *out;
}

void wlk_forms_shielded(const struct wlk_track *track, double clock_error_s,
                        struct wlk_forms *out)
{
    memset(out, 0, sizeof *out);
    make_fine(track, clock_error_s, out);
}
