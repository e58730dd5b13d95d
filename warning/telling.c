/* telling.c -- puts what a chain has to say into words for the queue.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"
#include "warning/chain.h"

#include <math.h>
#include <string.h>

static bool is_chosen(const struct wlk_ward *ward, enum wlk_chain_choice choice)
{
    switch (choice) {
    case WLK_CHAIN_WARNED:
        return ward->is_warned && !ward->is_aside;
    case WLK_CHAIN_ASIDE:
        return ward->is_warned && ward->is_aside;
    case WLK_CHAIN_IN_FORCE:
        return ward->is_warned;
    case WLK_CHAIN_EVER:
        return ward->was_warned;
    case WLK_CHAIN_FLOWN_OVER:
        return ward->is_warned && ward->is_flown_over;
    case WLK_CHAIN_DROPPED:
        return ward->was_warned && !ward->is_warned;
    }
    return false;
}

static void list_areas(const struct wlk_chain *chain, enum wlk_chain_choice choice,
                       struct wlk_warning *warning)
{
    for (size_t i = 0; i <= WLK_AREAS_MAX; i++)
        if (is_chosen(&chain->ward[i], choice) && warning->area_count < WLK_WARNING_AREAS_MAX)
            warning->area[warning->area_count++] = chain->ward[i].newest;
}

static void describe_sea(const struct wlk_alerts *alerts, struct wlk_warning *warning)
{
    struct wlk_places_text text = {.en = ""};
    if (alerts->setup.places_view)
        wlk_places_describe(alerts->setup.places_view, warning->impact.point.place, &text);
    memcpy(warning->sea_en, text.en, sizeof warning->sea_en);
    memcpy(warning->sea_ja, text.ja, sizeof warning->sea_ja);
    memcpy(warning->sea_ko, text.ko, sizeof warning->sea_ko);
}

_Static_assert(sizeof(struct wlk_places_text) == sizeof((struct wlk_warning *)0)->sea_en +
                                                     sizeof((struct wlk_warning *)0)->sea_ja +
                                                     sizeof((struct wlk_warning *)0)->sea_ko,
               "a place in words fits a warning");

struct wlk_warning *wlk_chain_tell(struct wlk_alerts *alerts, struct wlk_chain *chain,
                                   enum wlk_warning_kind kind, enum wlk_chain_choice choice,
                                   wlk_utc now)
{
    WLK_ASSERT(alerts->queue_count < WLK_CHAIN_QUEUE_MAX);
    size_t at = (alerts->queue_first + alerts->queue_count++) % WLK_CHAIN_QUEUE_MAX;
    struct wlk_warning *warning = &alerts->queue[at];
    const struct wlk_warning *before = &chain->current;
    *warning =
        (struct wlk_warning){.nation = alerts->setup.nation,
                             .time = now,
                             .number = alerts->next_number++,
                             .object = chain->object,
                             .event = before->event,
                             .has_event = before->has_event,
                             .kind = kind,
                             .nature = alerts->setup.nature,
                             .replaces = before->number,
                             .replaces_time = before->time,
                             .has_launch = before->has_launch,
                             .launch = before->launch,
                             .has_heading = before->has_heading,
                             .heading_rad = before->heading_rad,
                             .has_impact = chain->has_impact && kind != WLK_WARNING_LAUNCH,
                             .is_predicted = before->is_predicted,
                             .track_s = before->track_s,
                             .lost_at_s = before->lost_at_s};
    memcpy(warning->exercise, alerts->setup.exercise, sizeof warning->exercise);
    if (warning->has_impact) {
        warning->impact = chain->impact;
        warning->is_at_sea = chain->is_at_sea;
        warning->is_inside_200nm = chain->is_inside_200nm;
        if (chain->is_at_sea)
            describe_sea(alerts, warning);
    }
    list_areas(chain, choice, warning);
    return warning;
}

struct wlk_warning *wlk_chain_tell_next(struct wlk_alerts *alerts, struct wlk_chain *chain,
                                        enum wlk_warning_kind kind,
                                        enum wlk_chain_choice choice, wlk_utc now)
{
    struct wlk_warning *warning = wlk_chain_tell(alerts, chain, kind, choice, now);
    chain->current = *warning;
    return warning;
}

void wlk_chain_tell_last(struct wlk_alerts *alerts, struct wlk_chain *chain,
                         enum wlk_warning_kind kind, enum wlk_correction correction,
                         wlk_utc now)
{
    struct wlk_warning *warning = wlk_chain_tell(alerts, chain, kind, WLK_CHAIN_EVER, now);
    uint32_t object = chain->object;
    warning->correction = correction;
    warning->is_final = true;
    memset(chain, 0, sizeof *chain);
    chain->object = object;
    chain->stage =
        WLK_CHAIN_DONE; /* until the object leaves the picture: it is not warned of again */
}

void wlk_chain_tell_lost(struct wlk_alerts *alerts, struct wlk_chain *chain, wlk_utc now)
{
    const struct wlk_alert_policy *policy = &alerts->setup.policy;
    chain->stage = WLK_CHAIN_LOST;
    chain->current.is_predicted = true;
    struct wlk_warning *warning =
        wlk_chain_tell_next(alerts, chain, WLK_WARNING_CORRECTION, WLK_CHAIN_IN_FORCE, now);
    for (size_t i = 0; i <= WLK_AREAS_MAX; i++)
        chain->ward[i].is_aside = false;
    warning->correction = chain->current.correction = WLK_CORRECTION_LOST;
    wlk_utc latest = now;
    if (chain->has_impact) {
        wlk_utc end =
            wlk_utc_add(chain->impact.point.time,
                        WLK_CHAIN_LATE_SIGMAS * sqrt(chain->impact.point.covariance[2][2]));
        latest = end.ns > now.ns ? end : now;
    }
    chain->clear_at = wlk_utc_add(latest, policy->lost_clear_after_s);
}

void wlk_chain_tell_aside(struct wlk_alerts *alerts, struct wlk_chain *chain, uint32_t replaces,
                          wlk_utc replaces_time, wlk_utc now)
{
    struct wlk_warning *warning =
        wlk_chain_tell(alerts, chain, WLK_WARNING_LAUNCH, WLK_CHAIN_ASIDE, now);
    warning->replaces = replaces;
    warning->replaces_time = replaces_time;
    chain->aside_number = warning->number;
    chain->aside_time = now;
}

void wlk_chain_tell_dropped(struct wlk_alerts *alerts, struct wlk_chain *chain,
                            uint32_t replaces, wlk_utc replaces_time, wlk_utc now)
{
    struct wlk_warning *warning =
        wlk_chain_tell(alerts, chain, WLK_WARNING_ALL_CLEAR, WLK_CHAIN_DROPPED, now);
    warning->replaces = replaces;
    warning->replaces_time = replaces_time;
    for (size_t i = 0; i <= WLK_AREAS_MAX; i++)
        if (chain->ward[i].was_warned && !chain->ward[i].is_warned)
            chain->ward[i].was_warned = false;
}

void wlk_chain_tell_passed(struct wlk_alerts *alerts, struct wlk_chain *chain, wlk_utc now)
{
    wlk_chain_tell_next(alerts, chain, WLK_WARNING_PASSED, WLK_CHAIN_FLOWN_OVER, now);
    for (size_t i = 0; i < WLK_AREAS_MAX; i++)
        if (!chain->ward[i].is_aside)
            chain->ward[i].is_warned =
                false; /* was_warned: they hear the end and the all-clear */
}

size_t wlk_chain_take(struct wlk_alerts *alerts, struct wlk_warning out[], size_t room)
{
    size_t count = 0;
    while (count < room && alerts->queue_count > 0) {
        out[count++] = alerts->queue[alerts->queue_first];
        alerts->queue_first = (alerts->queue_first + 1) % WLK_CHAIN_QUEUE_MAX;
        alerts->queue_count--;
    }
    return count;
}
