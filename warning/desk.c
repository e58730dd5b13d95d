/* desk.c -- what waits for a person, and what a person does to it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "warning/desk_private.h"

#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

wlk_status wlk_desk_open(const struct wlk_desk_setup *setup, struct wlk_desk **out)
{
    struct wlk_desk *desk = calloc(1, sizeof *desk);
    if (!desk)
        return WLK_IO;
    desk->setup = *setup;
    *out = desk;
    return WLK_OK;
}

void wlk_desk_close(struct wlk_desk *desk)
{
    free(desk);
}

const char *wlk_desk_outcome_word(enum wlk_desk_outcome outcome)
{
    static const char *const words[] = {"done",       "nothing-waits", "same-person",
                                        "not-proved", "not-in-force",  "no-ground",
                                        "no-words",   "crowded",       "no-areas",
                                        "stands"};
    _Static_assert(sizeof words / sizeof words[0] == WLK_DESK_OUTCOME_END, "each has a word");
    return (unsigned)outcome < WLK_DESK_OUTCOME_END ? words[outcome] : "?";
}

/* ---- what waits ------------------------------------------------------------------------ */

static struct wlk_desk_item *item_find(struct wlk_desk *desk, int64_t number)
{
    for (size_t i = 0; number > 0 && i < WLK_DESK_WAITING_MAX; i++)
        if (desk->item[i].is_used && desk->item[i].warning.object &&
            desk->item[i].warning.number == number)
            return &desk->item[i];
    return NULL;
}

struct wlk_desk_item *wlk_desk_item_new(struct wlk_desk *desk)
{
    for (size_t i = 0; i < WLK_DESK_WAITING_MAX; i++)
        if (!desk->item[i].is_used)
            return &desk->item[i];
    return NULL;
}

size_t wlk_desk_texts(const struct wlk_desk *desk)
{
    size_t texts = 0;
    for (size_t i = 0; i < WLK_DESK_WAITING_MAX; i++)
        texts += desk->item[i].is_used && desk->item[i].is_text;
    return texts;
}

struct wlk_desk_change *wlk_desk_say(struct wlk_desk *desk, const struct wlk_warning *warning,
                                     enum wlk_desk_state state, const char *by)
{
    WLK_ASSERT(desk->change_count < WLK_DESK_CHANGES_MAX); /* pulled after each act */
    size_t at = (desk->change_first + desk->change_count++) % WLK_DESK_CHANGES_MAX;
    struct wlk_desk_change *change = &desk->change[at];
    change->warning = *warning;
    change->state = state;
    change->is_again = false;
    snprintf(change->by, sizeof change->by, "%s", by);
    return change;
}

static void leave(struct wlk_desk *desk, struct wlk_desk_item *item, enum wlk_desk_state state,
                  const char *by)
{
    wlk_desk_say(desk, &item->warning, state, by);
    item->is_used = false;
}

void wlk_desk_wait(struct wlk_desk *desk, struct wlk_desk_item *item, const char *by)
{
    item->is_used = true;
    snprintf(item->by, sizeof item->by, "%s", by);
    wlk_desk_say(desk, &item->warning, WLK_DESK_PROPOSED, by);
}

/* What a newer word of the machine leaves without a sense. */
static void supersede(struct wlk_desk *desk, const struct wlk_warning *warning)
{
    for (size_t i = 0; i < WLK_DESK_WAITING_MAX; i++) {
        struct wlk_desk_item *item = &desk->item[i];
        if (item->is_used && !item->is_text && item->warning.object == warning->object &&
            (item->is_last_word || warning->is_final ||
             item->warning.number == warning->replaces))
            leave(desk, item, WLK_DESK_SUPERSEDED, "");
    }
}

bool wlk_desk_take(struct wlk_desk *desk, struct wlk_warning *warning, wlk_utc now)
{
    (void)now;
    if (warning->nature != desk->setup.nature) {
        desk->counts.other_nature++;
        return false;
    }
    bool is_new = !wlk_desk_told_find(desk, warning->object);
    struct wlk_desk_told *told = wlk_desk_told_of(desk, warning->object);
    if (is_new && wlk_desk_was_in_hand(desk, warning, &told->taken)) {
        told->is_in_hand = told->is_touched = true;
        told->head.has_event = warning->has_event; /* for whoever keeps it on */
        told->head.event = warning->event;
        told->head.has_launch = warning->has_launch;
        told->head.launch = warning->launch;
    }
    wlk_desk_attach(desk, warning);
    supersede(desk, warning);
    bool is_held = !wlk_desk_warns(warning) && wlk_desk_own_stands(desk, warning);
    if (!desk->setup.is_named && !told->is_in_hand && !is_held) {
        if (told->is_touched)
            wlk_desk_fit(told, warning);
        wlk_desk_keep_words(told, warning);
        wlk_desk_note_told(desk, told, warning);
        return true;
    }
    if (!wlk_desk_warns(warning))
        wlk_desk_keep_warned(told, warning);
    if (!wlk_desk_warns(warning) && warning->area_count == 0) {
        desk->counts.moot++;
        return false;
    }
    struct wlk_desk_item *item = wlk_desk_item_new(desk);
    if (!item && is_held) {
        desk->counts.withheld++;
        return false;
    }
    if (!item) { /* rather told without a person's word than not told at all */
        wlk_desk_fit(told, warning);
        wlk_desk_note_told(desk, told, warning);
        desk->counts.unheld++;
        return true;
    }
    *item = (struct wlk_desk_item){.is_held = is_held, .warning = *warning};
    wlk_desk_wait(desk, item, "");
    return false;
}

/* ---- acts ------------------------------------------------------------------------------ */

enum wlk_desk_outcome wlk_desk_refuse(struct wlk_desk *desk, enum wlk_desk_outcome outcome)
{
    uint64_t *count = outcome == WLK_DESK_SAME_PERSON  ? &desk->counts.same_person
                      : outcome == WLK_DESK_NOT_PROVED ? &desk->counts.not_proved
                                                       : &desk->counts.refused;
    ++*count;
    return outcome;
}

/* The same letters, whatever their case and the blanks between them: who writes a name
 * differently is not somebody else. */
static bool is_same_name(const char *a, const char *b)
{
    for (;;) {
        a += strspn(a, " ");
        b += strspn(b, " ");
        char x = *a >= 'A' && *a <= 'Z' ? (char)(*a + 'a' - 'A') : *a;
        char y = *b >= 'A' && *b <= 'Z' ? (char)(*b + 'a' - 'A') : *b;
        if (x != y)
            return false;
        if (!x)
            return true;
        a++;
        b++;
    }
}

/* A person's words beside the head of what is in force, to those who were told it. */
static bool make_text(const struct wlk_desk_told *told, const struct wlk_warning *words,
                      wlk_utc now, struct wlk_warning *out)
{
    if (!wlk_desk_is_head_in_force(told))
        return false;
    struct wlk_warning made = told->head;
    memcpy(made.said, words->said, sizeof made.said);
    made.number = words->number;
    made.time = made.said_at = now;
    made.is_by_person = true;
    wlk_desk_list(told, told->head.number, &made);
    wlk_desk_refer(told, &made);
    *out = made;
    return true;
}

static enum wlk_desk_outcome release_text(struct wlk_desk *desk, struct wlk_desk_item *item,
                                          const char *by, bool is_proved, wlk_utc now)
{
    struct wlk_desk_told *told = wlk_desk_told_find(desk, item->warning.object);
    if (is_same_name(item->by, by))
        return wlk_desk_refuse(desk, WLK_DESK_SAME_PERSON);
    if (desk->setup.nature == WLK_NATURE_REAL && !(is_proved && item->is_proved))
        return wlk_desk_refuse(desk, WLK_DESK_NOT_PROVED);
    if (!told && wlk_desk_is_own(item->warning.object)) {
        told = wlk_desk_told_of(desk, item->warning.object);
        item->warning.time = item->warning.said_at = now;
    } else if (!told || !make_text(told, &item->warning, now, &item->warning)) {
        leave(desk, item, WLK_DESK_SUPERSEDED, "");
        return wlk_desk_refuse(desk, WLK_DESK_NOT_IN_FORCE);
    }
    told->is_touched = true;
    snprintf(told->by, sizeof told->by, "%s", by);
    wlk_desk_note_told(desk, told, &item->warning);
    leave(desk, item, WLK_DESK_RELEASED, by);
    return WLK_DESK_DONE;
}

/* A person gave the object back: it is in no hand of an earlier life either. */
static void forget_hand(struct wlk_desk *desk, const struct wlk_warning *warning)
{
    wlk_utc taken;
    while (!wlk_desk_is_own(warning->object) && wlk_desk_was_in_hand(desk, warning, &taken))
        for (size_t i = 0; i < desk->kept_count; i++)
            if (desk->kept[i].taken_ns == taken.ns)
                desk->kept[i--] = desk->kept[--desk->kept_count];
}

enum wlk_desk_outcome wlk_desk_release(struct wlk_desk *desk, int64_t number, const char *by,
                                       bool is_proved, wlk_utc now)
{
    struct wlk_desk_item *item = item_find(desk, number);
    if (!item)
        return wlk_desk_refuse(desk, WLK_DESK_NOTHING_WAITS);
    if (item->is_text)
        return release_text(desk, item, by, is_proved, now);
    struct wlk_desk_told *told = wlk_desk_told_of(desk, item->warning.object);
    struct wlk_warning *warning = &item->warning;
    if (!wlk_desk_warns(warning) && wlk_desk_own_stands(desk, warning))
        return wlk_desk_refuse(desk, WLK_DESK_STANDS);
    if (!wlk_desk_warns(warning))
        wlk_desk_keep_warned(told, warning);
    if (!wlk_desk_warns(warning) && warning->area_count == 0) {
        leave(desk, item, WLK_DESK_SUPERSEDED, "");
        return wlk_desk_refuse(desk, WLK_DESK_NOT_IN_FORCE);
    }
    warning->time = now;
    wlk_desk_fit(told, warning);
    wlk_desk_keep_words(told, warning);
    told->is_in_hand = false;
    forget_hand(desk, warning);
    wlk_desk_note_told(desk, told, warning);
    leave(desk, item, WLK_DESK_RELEASED, by);
    return WLK_DESK_DONE;
}

enum wlk_desk_outcome wlk_desk_reject(struct wlk_desk *desk, int64_t number, const char *by,
                                      wlk_utc now)
{
    struct wlk_desk_item *item = item_find(desk, number);
    if (!item)
        return wlk_desk_refuse(desk, WLK_DESK_NOTHING_WAITS);
    item->warning.time = now;
    leave(desk, item, WLK_DESK_REJECTED, by);
    return WLK_DESK_DONE;
}

static bool take_words(const char *const said[WLK_SAID_LANGUAGES], struct wlk_warning *out)
{
    bool has_words = false;
    for (size_t i = 0; i < WLK_SAID_LANGUAGES; i++) {
        if (!wlk_warning_is_text(said[i], WLK_SAID_SIZE))
            return false;
        snprintf(out->said[i], WLK_SAID_SIZE, "%s", said[i]);
        has_words = has_words || said[i][strspn(said[i], " ")];
    }
    return has_words;
}

enum wlk_desk_outcome wlk_desk_propose(struct wlk_desk *desk, int64_t about,
                                       const char *const said[WLK_SAID_LANGUAGES],
                                       const char *by, bool is_proved, uint32_t *next_number,
                                       wlk_utc now)
{
    struct wlk_desk_told *told = wlk_desk_told_by_number(desk, about);
    struct wlk_desk_item *item = wlk_desk_item_new(desk);
    struct wlk_warning words = {.number = *next_number};
    if (!take_words(said, &words))
        return wlk_desk_refuse(desk, WLK_DESK_NO_WORDS);
    if (desk->setup.nature == WLK_NATURE_REAL && !is_proved)
        return wlk_desk_refuse(desk, WLK_DESK_NOT_PROVED);
    if (!item || wlk_desk_texts(desk) >= WLK_DESK_TEXTS_MAX)
        return wlk_desk_refuse(desk, WLK_DESK_CROWDED);
    if (!told || !make_text(told, &words, now, &words))
        return wlk_desk_refuse(desk, WLK_DESK_NOT_IN_FORCE);
    ++*next_number;
    *item = (struct wlk_desk_item){.is_text = true, .is_proved = is_proved, .warning = words};
    wlk_desk_wait(desk, item, by);
    return WLK_DESK_DONE;
}

/* The machine's last word waits, so that one act undoes what a person should not have done. */
static void keep_last_word(struct wlk_desk *desk, const struct wlk_desk_told *told,
                           uint32_t *next_number, wlk_utc now)
{
    struct wlk_desk_item *item = wlk_desk_item_new(desk);
    bool is_machines =
        wlk_desk_is_head_in_force(told) && told->head.kind != WLK_WARNING_CORRECTION;
    if (!item || !is_machines)
        return;
    *item = (struct wlk_desk_item){.is_last_word = true, .warning = told->head};
    struct wlk_warning *word = &item->warning;
    wlk_desk_list(told, told->head.number, word);
    if (!wlk_desk_is_own(told->object)) {
        memset(word->said, 0, sizeof word->said);
        word->is_by_person = false;
    }
    word->number = (*next_number)++;
    word->time = now;
    wlk_desk_wait(desk, item, "");
}

enum wlk_desk_outcome wlk_desk_revise(struct wlk_desk *desk, int64_t about,
                                      enum wlk_ground ground, const char *by,
                                      uint32_t *next_number, wlk_utc now)
{
    struct wlk_desk_told *told = wlk_desk_told_by_number(desk, about);
    if (ground <= WLK_GROUND_NONE || ground >= WLK_GROUND_END)
        return wlk_desk_refuse(desk, WLK_DESK_NO_GROUND);
    if (!told || !told->has_head || !wlk_desk_is_in_force(told))
        return wlk_desk_refuse(desk, WLK_DESK_NOT_IN_FORCE);
    for (size_t i = 0; i < WLK_DESK_WAITING_MAX; i++)
        if (desk->item[i].is_used && desk->item[i].warning.object == told->object &&
            (desk->item[i].is_text || desk->item[i].is_last_word))
            leave(desk, &desk->item[i], WLK_DESK_SUPERSEDED, "");
    struct wlk_warning made = told->head;
    made.kind = WLK_WARNING_CORRECTION;
    made.is_final = wlk_ground_cancels(ground);
    made.correction = made.is_final ? WLK_CORRECTION_CANCELLED : WLK_CORRECTION_REVISED;
    made.ground = ground;
    made.is_by_person = true;
    made.number = (*next_number)++;
    made.time = now;
    memset(made.said, 0, sizeof made.said);
    wlk_desk_list(told, 0, &made);
    wlk_desk_refer(told, &made);
    struct wlk_desk_told before = *told;
    told->is_in_hand = told->is_touched = true;
    told->taken = now;
    wlk_desk_note_told(desk, told, &made);
    wlk_desk_say(desk, &made, WLK_DESK_RELEASED, by);
    keep_last_word(desk, &before, next_number, now);
    return WLK_DESK_DONE;
}

/* ---- what comes out -------------------------------------------------------------------- */

bool wlk_desk_change(struct wlk_desk *desk, struct wlk_desk_change *out)
{
    if (desk->change_count == 0)
        return false;
    *out = desk->change[desk->change_first];
    desk->change_first = (desk->change_first + 1) % WLK_DESK_CHANGES_MAX;
    desk->change_count--;
    return true;
}

bool wlk_desk_is_in_hand(const struct wlk_desk *desk, uint32_t object)
{
    for (size_t i = 0; object && i < WLK_OBJECTS_MAX; i++)
        if (desk->told[i].object == object)
            return desk->told[i].is_in_hand;
    return false;
}

size_t wlk_desk_asking(const struct wlk_desk *desk, uint32_t out[], size_t room)
{
    size_t count = 0;
    for (size_t i = 0; i < WLK_DESK_WAITING_MAX; i++) {
        const struct wlk_desk_item *item = &desk->item[i];
        uint32_t object = item->warning.object;
        bool asks = item->is_used && !item->is_last_word &&
                    (item->is_text || item->is_held || wlk_desk_is_in_hand(desk, object)) &&
                    object;
        for (size_t k = 0; asks && k < count && k < room; k++)
            asks = out[k] != object;
        if (asks && count++ < room)
            out[count - 1] = object;
    }
    return count;
}

struct wlk_desk_counts wlk_desk_count(const struct wlk_desk *desk)
{
    return desk->counts;
}
