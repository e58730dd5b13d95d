/* desk_own.c -- what persons warn of where the machine does not, and what persons wrote that
 * outlives the node. SPDX-License-Identifier: Apache-2.0 */
#include "warning/desk_private.h"

#include <stdio.h>
#include <string.h>

bool wlk_desk_is_own(uint32_t object)
{
    return object >= WLK_DESK_OWN_OBJECTS;
}

static size_t own_in_force(const struct wlk_desk *desk)
{
    size_t count = 0;
    for (size_t i = 0; i < WLK_OBJECTS_MAX; i++)
        count += wlk_desk_is_own(desk->told[i].object) && wlk_desk_is_in_force(&desk->told[i]);
    return count;
}

bool wlk_desk_own_stands(const struct wlk_desk *desk, const struct wlk_warning *warning)
{
    for (size_t i = 0; i < WLK_OBJECTS_MAX; i++) {
        const struct wlk_desk_told *told = &desk->told[i];
        for (size_t k = 0; wlk_desk_is_own(told->object) && k < warning->area_count; k++) {
            size_t area = warning->area[k].area;
            if (told->at[area < WLK_AREAS_MAX ? area : WLK_AREAS_MAX].is_in_force)
                return true;
        }
    }
    return false;
}

static bool is_text(const struct wlk_warning *warning)
{
    for (size_t i = 0; i < WLK_SAID_LANGUAGES; i++)
        if (!wlk_warning_is_text(warning->said[i], sizeof warning->said[i]))
            return false;
    return true;
}

enum wlk_desk_outcome wlk_desk_warn(struct wlk_desk *desk, const struct wlk_warning *draft,
                                    const char *by, bool is_proved, uint32_t *next_number,
                                    wlk_utc now)
{
    struct wlk_desk_item *item = wlk_desk_item_new(desk);
    bool is_kind =
        draft->kind == WLK_WARNING_LAUNCH || draft->kind == WLK_WARNING_TAKE_COVER;
    if (!is_kind || draft->area_count == 0 || draft->nature != desk->setup.nature)
        return wlk_desk_refuse(desk, WLK_DESK_NO_AREAS);
    if (!is_text(draft))
        return wlk_desk_refuse(desk, WLK_DESK_NO_WORDS);
    if (desk->setup.nature == WLK_NATURE_REAL && !is_proved)
        return wlk_desk_refuse(desk, WLK_DESK_NOT_PROVED);
    if (!item || wlk_desk_texts(desk) + own_in_force(desk) >= WLK_DESK_OWN_MAX)
        return wlk_desk_refuse(desk, WLK_DESK_CROWDED);
    *item =
        (struct wlk_desk_item){.is_text = true, .is_proved = is_proved, .warning = *draft};
    struct wlk_warning *made = &item->warning;
    made->number = (*next_number)++;
    made->object = (uint32_t)WLK_DESK_OWN_OBJECTS + made->number;
    made->time = made->said_at = now;
    made->is_by_person = made->is_predicted = true; /* no sensor of ours stands behind it */
    wlk_desk_wait(desk, item, by);
    return WLK_DESK_DONE;
}

/* ---- what outlives the node ------------------------------------------------------------ */

size_t wlk_desk_keep(const struct wlk_desk *desk, struct wlk_desk_kept out[])
{
    size_t count = 0;
    memset(out, 0, WLK_DESK_KEPT_MAX * sizeof out[0]);
    for (size_t i = 0; i < WLK_DESK_WAITING_MAX && count < WLK_DESK_KEPT_MAX; i++) {
        const struct wlk_desk_item *item = &desk->item[i];
        if (!item->is_used || !item->is_text)
            continue;
        struct wlk_desk_kept *kept = &out[count++];
        bool is_first = wlk_desk_is_own(item->warning.object) && !item->warning.replaces;
        kept->what = is_first ? WLK_DESK_KEPT_OWN : WLK_DESK_KEPT_TEXT;
        kept->is_proved = item->is_proved;
        kept->warning = item->warning;
        snprintf(kept->by, sizeof kept->by, "%s", item->by);
    }
    for (size_t i = 0; i < WLK_OBJECTS_MAX && count < WLK_DESK_KEPT_MAX; i++) {
        const struct wlk_desk_told *told = &desk->told[i];
        if (!wlk_desk_is_own(told->object) || !wlk_desk_is_head_in_force(told))
            continue;
        struct wlk_desk_kept *kept = &out[count++];
        kept->what = WLK_DESK_KEPT_TOLD;
        kept->warning = told->head;
        wlk_desk_list(told, 0, &kept->warning);
        snprintf(kept->by, sizeof kept->by, "%s", told->by);
    }
    return count;
}

/* The journal may be of another build, or broken. */
static bool is_sound(const struct wlk_desk *desk, const struct wlk_desk_kept *kept,
                     size_t area_count)
{
    const struct wlk_warning *warning = &kept->warning;
    bool is_so = kept->what >= WLK_DESK_KEPT_TEXT && kept->what <= WLK_DESK_KEPT_TOLD &&
                 wlk_warning_is_text(kept->by, sizeof kept->by) &&
                 warning->kind >= WLK_WARNING_LAUNCH && warning->kind < WLK_WARNING_KIND_END &&
                 warning->nature == desk->setup.nature && is_text(warning) &&
                 warning->area_count <= WLK_WARNING_AREAS_MAX &&
                 warning->also_count <= WLK_REPLACES_MORE_MAX && warning->number > 0 &&
                 (kept->what == WLK_DESK_KEPT_TEXT || wlk_desk_is_own(warning->object));
    for (size_t i = 0; is_so && i < warning->area_count; i++)
        is_so = warning->area[i].area == WLK_AREA_SEA || warning->area[i].area < area_count;
    return is_so;
}

static void take_up_told(struct wlk_desk *desk, const struct wlk_desk_kept *kept)
{
    struct wlk_desk_told *told = wlk_desk_told_of(desk, kept->warning.object);
    told->is_touched = true;
    snprintf(told->by, sizeof told->by, "%s", kept->by);
    wlk_desk_note_told(desk, told, &kept->warning);
    desk->counts.told--; /* in an earlier life */
    wlk_desk_say(desk, &kept->warning, WLK_DESK_RELEASED, kept->by)->is_again = true;
}

void wlk_desk_take_up(struct wlk_desk *desk, const struct wlk_desk_kept kept[], size_t count,
                      size_t area_count, uint32_t *next_number, wlk_utc now)
{
    for (size_t i = 0; i < count && i < WLK_DESK_KEPT_MAX; i++) {
        const struct wlk_desk_kept *one = &kept[i];
        if (!is_sound(desk, one, area_count)) {
            desk->counts.refused++;
            continue;
        }
        if (one->warning.number >= *next_number)
            *next_number = one->warning.number + 1;
        if (one->what == WLK_DESK_KEPT_TOLD) {
            take_up_told(desk, one);
            continue;
        }
        struct wlk_desk_item *item = wlk_desk_item_new(desk);
        if (!item || !wlk_desk_is_fresh(one->warning.time, now))
            continue;
        *item = (struct wlk_desk_item){
            .is_text = true, .is_proved = one->is_proved, .warning = one->warning};
        if (one->what == WLK_DESK_KEPT_OWN || wlk_desk_is_own(one->warning.object)) {
            wlk_desk_wait(desk, item, one->by);
            continue;
        }
        item->is_used = true; /* unseen, until its object is there */
        item->warning.object = 0;
        snprintf(item->by, sizeof item->by, "%s", one->by);
    }
}

void wlk_desk_attach(struct wlk_desk *desk, const struct wlk_warning *warning)
{
    for (size_t i = 0; i < WLK_DESK_WAITING_MAX; i++) {
        struct wlk_desk_item *item = &desk->item[i];
        if (!item->is_used || item->warning.object ||
            !wlk_desk_is_same_flight(&item->warning, warning))
            continue;
        item->warning.object = warning->object;
        wlk_desk_say(desk, &item->warning, WLK_DESK_PROPOSED, item->by);
    }
}
