/* nation_salvo.c -- a nation: which event an object belongs to, and how many there are.
 *
 * What was launched near each other in place and time is one event. The count that is told
 * rests on own tracks only; the picture has its own (fusion/tally.h).
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/nation_private.h"

#include <math.h>

/* Of one salvo, within the window: sixty objects seen by three radars at 1 s (newer ones are
 * left out where there are more). */
enum { PLOTS_MAX = 4320 };

static bool is_event(const wlk_event *one, const wlk_event *other)
{
    return memcmp(one->bytes, other->bytes, sizeof one->bytes) == 0;
}

bool wlk_nation_salvo_event(const struct wlk_nation *nation, const struct wlk_point *launch,
                            wlk_event *out)
{
    const struct wlk_picture *picture = wlk_outlook_picture(nation->outlook);
    double least_s = HUGE_VAL;
    for (size_t i = 0; i < picture->count; i++) {
        const struct wlk_picture_object *object = &picture->object[i];
        if (!object->has_event || !object->has_launch || !object->is_declared ||
            !wlk_salvo_is_near(&object->launch.point, launch))
            continue;
        double apart_s = fabs(wlk_utc_seconds(object->launch.point.time, launch->time));
        if (apart_s < least_s) {
            least_s = apart_s;
            *out = object->event;
        }
    }
    return least_s < HUGE_VAL;
}

static struct wlk_nation_salvo *find(struct wlk_nation *nation, const wlk_event *event)
{
    for (size_t i = 0; i < WLK_EVENTS_MAX; i++)
        if (nation->salvo[i].is_used && is_event(&nation->salvo[i].event, event))
            return &nation->salvo[i];
    return NULL;
}

/* The event's notes, in the place of the one that is longest over if need be. */
static struct wlk_nation_salvo *find_or_make(struct wlk_nation *nation, const wlk_event *event)
{
    struct wlk_nation_salvo *salvo = find(nation, event);
    if (salvo)
        return salvo;
    salvo = &nation->salvo[0];
    for (size_t i = 0; i < WLK_EVENTS_MAX; i++) {
        struct wlk_nation_salvo *one = &nation->salvo[i];
        if (salvo->is_used && (!one->is_used || one->newest.ns < salvo->newest.ns))
            salvo = one;
    }
    *salvo = (struct wlk_nation_salvo){.is_used = true, .event = *event};
    return salvo;
}

/* One salvo's own tracks: those published under the event, and what may yet be of it. */
static void count_one(struct wlk_nation *nation, struct wlk_nation_salvo *salvo,
                      const struct wlk_track *const own_of[], wlk_utc now)
{
    struct wlk_book_plot plot[PLOTS_MAX];
    const struct wlk_track *track[WLK_OBJECTS_MAX];
    struct wlk_nation_seen *seen[WLK_OBJECTS_MAX];
    bool sure[WLK_OBJECTS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < WLK_OBJECTS_MAX; i++) {
        struct wlk_nation_seen *one = &nation->seen[i];
        const struct wlk_track *own = own_of[i];
        bool is_member = one->has_event && is_event(&one->event, &salvo->event);
        bool may_be = !one->has_event && own && own->has_launch && !own->is_confirmed &&
                      wlk_salvo_is_near(&own->launch.point, &salvo->launch);
        if (!own || (!is_member && !may_be))
            continue;
        seen[count] = one;
        track[count++] = own;
    }
    size_t plot_count =
        count < 2 ? 0
                  : wlk_book_plots(nation->book, wlk_utc_add(now, -WLK_SALVO_WINDOW_S),
                                   wlk_utc_add(now, 1), plot, PLOTS_MAX);
    if (plot_count == PLOTS_MAX)
        plot_count = 0; /* the newest do not stand here */
    salvo->count = wlk_salvo_count_seen(track, count, plot, plot_count, now, sure);
    salvo->count.least += salvo->gone;
    salvo->count.most += salvo->gone;
    for (size_t i = 0; i < count; i++)
        seen[i]->is_sure = sure[i];
}

void wlk_nation_salvo_step(struct wlk_nation *nation, wlk_utc now)
{
    const struct wlk_track *own[WLK_OBJECTS_MAX]; /* of nation->seen[i] */
    for (size_t i = 0; i < WLK_OBJECTS_MAX; i++) {
        const struct wlk_nation_seen *seen = &nation->seen[i];
        own[i] = seen->object ? wlk_book_find(nation->book, seen->object) : NULL;
        if (!own[i] || !seen->has_event)
            continue;
        struct wlk_nation_salvo *salvo = find_or_make(nation, &seen->event);
        salvo->launch = own[i]->launch.point;
        salvo->newest = now;
    }
    for (size_t i = 0; i < WLK_EVENTS_MAX; i++)
        if (nation->salvo[i].is_used && nation->salvo[i].newest.ns == now.ns)
            count_one(nation, &nation->salvo[i], own, now);
}

void wlk_nation_salvo_size(const struct wlk_nation *nation, const wlk_event *event,
                           struct wlk_launch *launch)
{
    for (size_t i = 0; i < WLK_EVENTS_MAX; i++) {
        const struct wlk_nation_salvo *salvo = &nation->salvo[i];
        if (!salvo->is_used || !is_event(&salvo->event, event) || salvo->count.least == 0)
            continue;
        launch->object_count_min = salvo->count.least;
        launch->object_count_max = salvo->count.most;
    }
}

void wlk_nation_salvo_gone(struct wlk_nation *nation, const struct wlk_nation_seen *seen)
{
    struct wlk_nation_salvo *salvo = seen->has_event ? find(nation, &seen->event) : NULL;
    if (salvo && seen->is_sure)
        salvo->gone++;
}
