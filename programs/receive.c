/* receive.c -- from a verified record to fusion.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/receive.h"

#include "base/assert.h"

#include "release/groups.h"

/* The finest disclosure shown; groups ascend from coarse to fine. NULL: all withheld. */
static const struct wlk_disclosure *finest(const struct wlk_claim *claim)
{
    for (size_t i = claim->header.group_count; i-- > 0;)
        if (!claim->disclosure[i].is_withheld)
            return &claim->disclosure[i];
    return NULL;
}

/* Own-only once more, at the last of the three places where it is asked: originator's egress,
 * hub, recipient. */
static bool rests_on_originator_alone(const struct wlk_header *header)
{
    return header->sensor_nation_count == 1 &&
           wlk_name_equal(header->sensor_nation[0], header->originator);
}

wlk_status wlk_receive_record(struct wlk_fusion *fusion, const struct wlk_record *record)
{
    const struct wlk_header *header = &record->claim.header;
    const struct wlk_disclosure *shown = finest(&record->claim);
    if (!shown || !header->has_object || !rests_on_originator_alone(header))
        return WLK_BAD_INPUT;
    struct wlk_partner who = {.originator = header->originator,
                              .object = header->object,
                              .event = header->event,
                              .has_event = header->has_event,
                              .is_fine = shown->group == WLK_GROUP_FINE,
                              .time = header->time};
    union wlk_content content;
    WLK_TRY(wlk_content_decode(shown, &content, NULL));
    switch (header->type) {
    case WLK_TYPE_LAUNCH: {
        struct wlk_launch launch;
        WLK_TRY(wlk_groups_launch_estimate(&content.launch, &launch));
        return wlk_fusion_partner_launch(fusion, &who, &launch);
    }
    case WLK_TYPE_IMPACT: {
        struct wlk_impact impact;
        WLK_TRY(wlk_groups_impact_estimate(&content.impact, &impact));
        return wlk_fusion_partner_impact(fusion, &who, &impact);
    }
    case WLK_TYPE_TRACK: {
        struct wlk_state state;
        WLK_TRY(wlk_groups_track_state(&content.track, &state));
        return wlk_fusion_partner_track(fusion, &who, &state, content.track.condition);
    }
    case WLK_TYPE_CANCEL:
        return wlk_fusion_partner_cancel(fusion, &who);
    default:
        return WLK_OK;
    }
}
