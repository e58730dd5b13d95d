/* desk_told.c -- what was told about each object, and who stands warned by what.
 * SPDX-License-Identifier: Apache-2.0 */
#include "warning/desk_private.h"

#include <math.h>
#include <string.h>

struct wlk_desk_told *wlk_desk_told_find(struct wlk_desk *desk, uint32_t object)
{
    for (size_t i = 0; object && i < WLK_OBJECTS_MAX; i++)
        if (desk->told[i].object == object)
            return &desk->told[i];
    return NULL;
}

bool wlk_desk_is_in_force(const struct wlk_desk_told *told)
{
    for (size_t i = 0; i <= WLK_AREAS_MAX; i++)
        if (told->at[i].is_in_force)
            return true;
    return false;
}

/* That of the object; where all slots are taken the oldest of which nothing stands gives way,
 * else the oldest. */
struct wlk_desk_told *wlk_desk_told_of(struct wlk_desk *desk, uint32_t object)
{
    struct wlk_desk_told *told = wlk_desk_told_find(desk, object);
    if (told)
        return told;
    for (size_t i = 0; i < WLK_OBJECTS_MAX && !told; i++) {
        struct wlk_desk_told *slot = &desk->told[(desk->oldest + i) % WLK_OBJECTS_MAX];
        if (!slot->object || (!slot->is_in_hand && !wlk_desk_is_in_force(slot)))
            told = slot;
    }
    if (!told)
        told = &desk->told[desk->oldest];
    desk->oldest = ((size_t)(told - desk->told) + 1) % WLK_OBJECTS_MAX;
    memset(told, 0, sizeof *told);
    told->object = object;
    return told;
}

static size_t slot_of(const struct wlk_warning_area *area)
{
    return area->area < WLK_AREAS_MAX ? area->area : WLK_AREAS_MAX;
}

/* Does it leave those whom it names warned? */
bool wlk_desk_warns(const struct wlk_warning *warning)
{
    switch (warning->kind) {
    case WLK_WARNING_LAUNCH:
    case WLK_WARNING_TAKE_COVER:
    case WLK_WARNING_IMPACTED:
        return true;
    case WLK_WARNING_CORRECTION:
        return !warning->is_final && (warning->correction == WLK_CORRECTION_LOST ||
                                      warning->correction == WLK_CORRECTION_REVISED);
    default:
        return false;
    }
}

bool wlk_desk_is_head_in_force(const struct wlk_desk_told *told)
{
    for (size_t i = 0; told->has_head && i <= WLK_AREAS_MAX; i++)
        if (told->at[i].is_in_force && told->at[i].told.number == told->head.number)
            return true;
    return false;
}

/* It goes out: who stands warned by it from now on? */
void wlk_desk_note_told(struct wlk_desk *desk, struct wlk_desk_told *told,
                        const struct wlk_warning *warning)
{
    bool is_warned = wlk_desk_warns(warning);
    for (size_t i = 0; i < warning->area_count; i++)
        told->at[slot_of(&warning->area[i])] = (struct wlk_desk_standing){
            is_warned, warning->area[i], {warning->number, warning->time}};
    if (warning->is_final)
        memset(told->at, 0, sizeof told->at);
    bool is_lesser = warning->kind == WLK_WARNING_LAUNCH && wlk_desk_is_head_in_force(told) &&
                     told->head.kind != WLK_WARNING_LAUNCH;
    if (is_warned && !is_lesser) {
        told->head = *warning;
        told->has_head = true;
    }
    desk->known[desk->known_next].number = warning->number;
    desk->known[desk->known_next].object = warning->object;
    desk->known_next = (desk->known_next + 1) % WLK_DESK_KNOWN_MAX;
    desk->counts.told++;
}

/* The object that a warning told before is about; NULL: no such number. */
struct wlk_desk_told *wlk_desk_told_by_number(struct wlk_desk *desk, int64_t number)
{
    for (size_t i = 0; number > 0 && i < WLK_DESK_KNOWN_MAX; i++)
        if (desk->known[i].number == number)
            return wlk_desk_told_find(desk, desk->known[i].object);
    return NULL;
}

/* Fills in the areas that are in force: all of them, or those of one number. */
void wlk_desk_list(const struct wlk_desk_told *told, uint32_t number, struct wlk_warning *out)
{
    out->area_count = 0;
    for (size_t i = 0; i <= WLK_AREAS_MAX && out->area_count < WLK_WARNING_AREAS_MAX; i++)
        if (told->at[i].is_in_force && (!number || told->at[i].told.number == number))
            out->area[out->area_count++] = told->at[i].area;
}

static bool was_told(const struct wlk_desk_told *told, uint32_t number)
{
    for (size_t i = 0; number && i <= WLK_AREAS_MAX; i++)
        if (told->at[i].told.number == number)
            return true;
    return false;
}

static bool is_referred(const struct wlk_warning *warning, uint32_t number)
{
    for (size_t i = 0; i < warning->also_count; i++)
        if (warning->also[i].number == number)
            return true;
    return warning->replaces == number;
}

/* Refers to everything that its areas were told and that still stands, the newest first. */
void wlk_desk_refer(const struct wlk_desk_told *told, struct wlk_warning *warning)
{
    warning->replaces = 0;
    warning->replaces_time.ns = 0;
    warning->also_count = 0;
    for (;;) {
        struct wlk_warning_reference newest = {0, {0}};
        for (size_t i = 0; i < warning->area_count; i++) {
            const struct wlk_desk_standing *at = &told->at[slot_of(&warning->area[i])];
            if (at->is_in_force && at->told.number > newest.number &&
                !is_referred(warning, at->told.number))
                newest = at->told;
        }
        if (!newest.number || warning->also_count == WLK_REPLACES_MORE_MAX)
            return;
        if (warning->replaces) {
            warning->also[warning->also_count++] = newest;
        } else {
            warning->replaces = newest.number;
            warning->replaces_time = newest.time;
        }
    }
}

/* The machine refers to what it said; where that was never told, to what was. */
void wlk_desk_fit(const struct wlk_desk_told *told, struct wlk_warning *warning)
{
    if (!was_told(told, warning->replaces))
        wlk_desk_refer(told, warning);
}

/* A person's words stand until the warning changes its kind or ends. */
void wlk_desk_keep_words(const struct wlk_desk_told *told, struct wlk_warning *warning)
{
    if (!wlk_desk_is_head_in_force(told) || told->head.kind != warning->kind ||
        warning->is_final)
        return;
    memcpy(warning->said, told->head.said, sizeof warning->said);
    warning->said_at = told->head.said_at;
}

/* An end tells those who still stand warned, and nobody else. */
void wlk_desk_keep_warned(const struct wlk_desk_told *told, struct wlk_warning *warning)
{
    size_t kept = 0;
    for (size_t i = 0; i < warning->area_count; i++)
        if (told->at[slot_of(&warning->area[i])].is_in_force)
            warning->area[kept++] = warning->area[i];
    warning->area_count = kept;
}

static const double HAND_LASTS_S =
    7200; /* ASSUMPTION: longer than any flight and its all clear */
static const double SAME_LAUNCH_S = 60; /* ASSUMPTION: errors of two estimates of one launch */

bool wlk_desk_is_fresh(wlk_utc taken, wlk_utc now)
{
    return taken.ns && now.ns >= taken.ns && wlk_utc_seconds(now, taken) <= HAND_LASTS_S;
}

static struct wlk_desk_hand hand_of(const struct wlk_warning *warning)
{
    struct wlk_desk_hand hand;
    memset(&hand, 0, sizeof hand); /* compared and kept byte by byte */
    hand.has_event = warning->has_event;
    hand.event = warning->event;
    hand.launch_ns = warning->has_launch ? warning->launch.time.ns : 0;
    return hand;
}

static bool is_of(const struct wlk_desk_hand *hand, const struct wlk_warning *warning)
{
    if (hand->has_event && warning->has_event &&
        memcmp(&hand->event, &warning->event, sizeof hand->event) == 0)
        return true;
    return hand->launch_ns && warning->has_launch &&
           fabs(wlk_utc_seconds(warning->launch.time, (wlk_utc){hand->launch_ns})) <=
               SAME_LAUNCH_S;
}

bool wlk_desk_is_same_flight(const struct wlk_warning *one, const struct wlk_warning *other)
{
    struct wlk_desk_hand hand = hand_of(one);
    return is_of(&hand, other);
}

bool wlk_desk_was_in_hand(const struct wlk_desk *desk, const struct wlk_warning *warning,
                          wlk_utc *taken)
{
    for (size_t i = 0; i < desk->kept_count; i++)
        if (is_of(&desk->kept[i], warning)) {
            taken->ns = desk->kept[i].taken_ns;
            return true;
        }
    return false;
}

void wlk_desk_restore(struct wlk_desk *desk, const struct wlk_desk_hand hand[], size_t count,
                      wlk_utc now)
{
    desk->kept_count = 0;
    for (size_t i = 0; i < count && desk->kept_count < WLK_DESK_HANDS_MAX; i++)
        if (wlk_desk_is_fresh((wlk_utc){hand[i].taken_ns}, now))
            desk->kept[desk->kept_count++] = hand[i];
}

/* Newest first, each act once; full: the oldest gives way. */
static size_t put_hand(struct wlk_desk_hand out[], size_t room, size_t count,
                       const struct wlk_desk_hand *hand)
{
    for (size_t i = 0; i < count; i++)
        if (out[i].taken_ns == hand->taken_ns)
            return count;
    size_t at = count < room ? count++ : room;
    for (; at > 0 && out[at - 1].taken_ns < hand->taken_ns; at--)
        if (at < room)
            out[at] = out[at - 1];
    if (at < room)
        out[at] = *hand;
    return count;
}

size_t wlk_desk_hands(const struct wlk_desk *desk, struct wlk_desk_hand out[], size_t room)
{
    size_t count = 0;
    memset(out, 0, room * sizeof out[0]);
    for (size_t i = 0; i < desk->kept_count; i++) /* also of objects that have not come yet */
        count = put_hand(out, room, count, &desk->kept[i]);
    for (size_t i = 0; i < WLK_OBJECTS_MAX; i++) {
        const struct wlk_desk_told *told = &desk->told[i];
        struct wlk_desk_hand hand = hand_of(&told->head);
        hand.taken_ns = told->taken.ns;
        if (told->object && told->is_in_hand && !wlk_desk_is_own(told->object))
            count = put_hand(out, room, count, &hand);
    }
    return count;
}
