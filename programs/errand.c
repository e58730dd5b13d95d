/* errand.c -- one record, sealed and handed to the post.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/errand.h"

#include "base/assert.h"

#include <stdio.h>

/* Which groups can reach anybody at all: asked once, for it takes longer than sealing. */
static void learn_what_may(const struct wlk_errands *errands, struct wlk_joined *joined)
{
    for (int type = 1; type < WLK_TYPE_END; type++)
        for (int group = 1; group < WLK_GROUP_END; group++) {
            struct wlk_path_question path = {.from = joined->self,
                                             .type = (enum wlk_type)type,
                                             .nature = errands->setup.nature,
                                             .group = (enum wlk_group)group};
            joined->may[type][group] = wlk_rules_may_any(&joined->rules, &path);
            joined->is_shielded |=
                group == WLK_GROUP_SHIELDED && joined->may[type][WLK_GROUP_SHIELDED];
        }
}

void wlk_errand_join(const struct wlk_errands *errands, const struct wlk_agreement *agreement,
                     uint8_t self, struct wlk_joined *out)
{
    memset(out, 0, sizeof *out);
    out->is_used = true;
    out->self = self;
    out->agreement = *agreement;
    wlk_rules_make(&agreement->arrangement, &out->rules);
    learn_what_may(errands, out);
}

void wlk_errand_add(struct wlk_errand *errand, enum wlk_group group,
                    const union wlk_content *content)
{
    WLK_ASSERT(errand->count < WLK_GROUPS_MAX);
    errand->group[errand->count] = group;
    errand->content[errand->count++] = *content;
}

/* The other parties, ascending, as the label's releasable-to. */
static void fill_label(const struct wlk_errands *errands, const struct wlk_joined *joined,
                       struct wlk_label *label)
{
    const struct wlk_arrangement *arrangement = &joined->agreement.arrangement;
    snprintf(label->policy, sizeof label->policy, "%s", arrangement->name.text);
    for (size_t i = 0; i < arrangement->party_count; i++)
        if (!wlk_name_equal(arrangement->party[i], errands->setup.nation))
            label->releasable[label->releasable_count++] = arrangement->party[i];
}

static void fill_header(const struct wlk_errands *errands, const struct wlk_joined *joined,
                        const struct wlk_errand *errand, struct wlk_header *header)
{
    header->time = errand->now.utc;
    header->has_clock_error = true;
    header->clock_error_ns = errands->setup.clock_error_ns;
    header->type = errand->type;
    header->nature = errands->setup.nature;
    fill_label(errands, joined, &header->label);
    header->has_event = true;
    header->event = errand->event;
    header->valid_until = errand->valid_until;
    header->has_region = true;
    header->region = errand->region;
    header->group_count = errand->count;
    for (size_t i = 0; i < errand->count; i++) {
        header->group[i].group = errand->group[i];
        header->group[i].classification =
            errand->group[i] == WLK_GROUP_FINE ? WLK_SECRET : WLK_CONFIDENTIAL;
    }
    header->has_replaced = errand->has_replaced;
    header->replaced_generation = errand->replaced_generation;
    header->replaced_seq = errand->replaced_seq;
    header->sensor_nation_count = 1;
    header->sensor_nation[0] = errands->setup.nation;
    header->has_object = true;
    header->object = errand->number;
    header->has_exercise = errands->setup.exercise[0] != 0;
    memcpy(header->exercise, errands->setup.exercise, sizeof header->exercise);
}

bool wlk_errand_held(struct wlk_errands *errands, const char *why)
{
    errands->counts.held++;
    errands->counts.held_why = why;
    return false;
}

static void trace(struct wlk_errands *errands, const struct wlk_errand *errand,
                  const struct wlk_lane_head *head)
{
    if (errand->type == WLK_TYPE_TRACK || !errand->is_news)
        return;
    if (errands->trace_in - errands->trace_out == WLK_ERRAND_TRACES_MAX)
        errands->trace_out++;
    errands->trace[errands->trace_in++ % WLK_ERRAND_TRACES_MAX] =
        (struct wlk_trace){.originator = errands->setup.nation,
                           .lane = head->lane,
                           .seq = head->seq,
                           .read_at = errand->read_at};
}

bool wlk_errand_send(struct wlk_errands *errands, struct wlk_joined *joined,
                     const struct wlk_errand *errand, struct wlk_lane_head *head)
{
    const struct wlk_arrangement *arrangement = &joined->agreement.arrangement;
    struct wlk_draft draft = {.content = errand->content};
    uint8_t salt[WLK_GROUPS_MAX][WLK_SALT_SIZE];
    for (size_t i = 0; i < errand->count; i++)
        errands->setup.salts.draw(errands->setup.salts.context, salt[i]);
    draft.salt = (const uint8_t(*)[WLK_SALT_SIZE])salt;
    fill_header(errands, joined, errand, &draft.header);
    struct wlk_egress egress = {
        .arrangement = arrangement,
        .digest = &joined->agreement.digest,
        .is_in_force = true,
        .originator = errands->setup.nation,
        .key = errands->setup.key,
        .keyring = wlk_post_keyring(errands->setup.post),
        .now = errand->now.utc,
        .clock_error_ns = errands->setup.clock_error_ns,
        .is_event_open = wlk_events_is_open(&joined->events, &draft.header, errand->now.utc)};
    if (wlk_post_lane(errands->setup.post, arrangement->name, wlk_type_class(errand->type),
                      errands->setup.nature, head) != WLK_OK)
        return wlk_errand_held(errands, "no lane for it");
    struct wlk_verdict verdict;
    wlk_status status = wlk_release_seal(&egress, &draft, head, errands->released, &verdict);
    if (status == WLK_NOT_RELEASABLE)
        return wlk_errand_held(errands, wlk_verdict_name(arrangement, &verdict));
    if (status != WLK_OK)
        return wlk_errand_held(errands, "it cannot be sealed");
    status = wlk_post_put(errands->setup.post, errands->released, errand->now);
    if (status != WLK_OK && status != WLK_IO) /* WLK_IO: sent, unjournalled, and counted */
        return wlk_errand_held(errands, "the post refused it");
    errands->counts.sealed++;
    trace(errands, errand, head);
    wlk_status noted = wlk_events_note(&joined->events, wlk_released_header(errands->released),
                                       errand->now.utc);
    (void)noted; /* WLK_FULL is counted in events.dropped */
    return true;
}
