/* serve_desk.c -- persons warn at a node's display where the machine does not; and what they
 * hold, wrote and warned of outlives the node in its journal.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/serve_private.h"

#include "exchange/journal.h"
#include "programs/desk_form.h"

#include <string.h>

static const char HANDS_KEY[] = "hands", KEPT_KEY[] = "desk";

static const struct wlk_picture_object *find_object(const struct wlk_serve *serve,
                                                    int64_t number)
{
    const struct wlk_picture *picture = wlk_nation_picture(serve->options.nation);
    for (size_t i = 0; i < picture->count; i++)
        if (picture->object[i].number == number)
            return &picture->object[i];
    return NULL;
}

/* What is known of the flight that it is about. */
static void about_flight(const struct wlk_picture_object *object, struct wlk_warning *draft)
{
    draft->has_event = object->has_event;
    draft->event = object->event;
    draft->has_launch = object->has_launch;
    draft->launch = object->launch.point;
    draft->has_impact = object->has_impact && draft->kind != WLK_WARNING_LAUNCH;
    draft->impact = object->impact;
}

/* False: no such area, twice the same, or too many. */
static bool add_area(const struct wlk_areas *areas, const char *key, wlk_utc now,
                     struct wlk_warning *draft)
{
    size_t index = 0;
    while (index < areas->count && strcmp(areas->area[index].key, key) != 0)
        index++;
    if (strcmp(key, "SEA") == 0)
        index = WLK_AREA_SEA;
    else if (index == areas->count)
        return false;
    for (size_t i = 0; i < draft->area_count; i++)
        if (draft->area[i].area == index)
            return false;
    if (draft->area_count == WLK_WARNING_AREAS_MAX)
        return false;
    draft->area[draft->area_count++] =
        (struct wlk_warning_area){(uint16_t)index, WLK_AREA_DIRECT, 1, now};
    return true;
}

enum wlk_desk_outcome wlk_serve_warn(struct wlk_serve *serve, const struct wlk_command *command,
                                     wlk_utc now)
{
    const struct wlk_node_config *config = serve->options.config;
    const struct wlk_picture_object *object = find_object(serve, command->number);
    struct wlk_warning draft = {.nation = config->nation, .nature = config->nature};
    char words[sizeof command->words], *rest;
    memcpy(words, command->words, sizeof words);
    memcpy(draft.exercise, config->exercise, sizeof draft.exercise);
    memcpy(draft.said, command->said, sizeof draft.said);
    const char *word = strtok_r(words, " ", &rest);
    for (int kind = WLK_WARNING_LAUNCH; word && kind <= WLK_WARNING_TAKE_COVER; kind++)
        if (strcmp(word, wlk_warning_kind_word((enum wlk_warning_kind)kind)) == 0)
            draft.kind = (enum wlk_warning_kind)kind;
    if (object)
        about_flight(object, &draft);
    while (word && (word = strtok_r(NULL, " ", &rest)) != NULL)
        if (!add_area(wlk_nation_areas(serve->options.nation), word, now, &draft))
            draft.kind = WLK_WARNING_KIND_END; /* refused: not to others than were meant */
    return wlk_desk_warn(serve->desk, &draft, command->by, command->is_proved,
                         wlk_nation_number(serve->options.nation), now);
}

/* ---- what outlives the node ------------------------------------------------------------ */

/* The value stands in serve->form, if it could be made. */
static void keep_value(struct wlk_serve *serve, const char *key, wlk_status made, size_t size)
{
    if (made != WLK_OK ||
        wlk_journal_set(serve->options.journal, key, serve->form, size, true) != WLK_OK)
        wlk_serve_raise_once(serve, WLK_ALARM_SYSTEM, key,
                             "the journal does not keep what persons do: a restart forgets it",
                             wlk_nation_picture(serve->options.nation)->time);
}

void wlk_serve_keep(struct wlk_serve *serve)
{
    struct wlk_desk_hand hand[WLK_DESK_HANDS_MAX];
    size_t size, count = wlk_desk_hands(serve->desk, hand, WLK_DESK_HANDS_MAX);
    if (memcmp(hand, serve->hand, sizeof hand) != 0) {
        memcpy(serve->hand, hand, sizeof hand);
        wlk_status status = wlk_desk_form_write_hands(
            hand, count < WLK_DESK_HANDS_MAX ? count : WLK_DESK_HANDS_MAX, serve->form,
            sizeof serve->form, &size);
        keep_value(serve, HANDS_KEY, status, size);
    }
    count = wlk_desk_keep(serve->desk, serve->kept_now);
    if (memcmp(serve->kept_now, serve->kept, sizeof serve->kept) != 0) {
        memcpy(serve->kept, serve->kept_now, sizeof serve->kept);
        wlk_status status = wlk_desk_form_write_kept(
            serve->kept, count, wlk_nation_areas(serve->options.nation), serve->form,
            sizeof serve->form, &size);
        keep_value(serve, KEPT_KEY, status, size);
    }
}

/* False: nothing was kept under that key. */
static bool find_value(struct wlk_serve *serve, const char *key, size_t *size)
{
    return wlk_journal_value(serve->options.journal, key, serve->form, sizeof serve->form,
                             size) == WLK_OK;
}

/* What was kept and cannot be taken up is an alarm, and a line of the journal. */
static void tell_lost(struct wlk_serve *serve, const char *key, const char *words)
{
    wlk_utc now = serve->options.now.utc;
    wlk_serve_raise_once(serve, WLK_ALARM_SYSTEM, key, words, now);
    if (wlk_journal_note(serve->options.journal, now, "ALARM", words) != WLK_OK)
        serve->missing++;
}

void wlk_serve_restore(struct wlk_serve *serve)
{
    wlk_utc now = serve->options.now.utc;
    const struct wlk_areas *areas = wlk_nation_areas(serve->options.nation);
    struct wlk_fault fault = {0};
    size_t size, count = 0;
    const uint8_t *form = serve->form;
    if (find_value(serve, HANDS_KEY, &size) &&
        wlk_desk_form_read_hands(form, size, serve->hand, &fault) != WLK_OK)
        tell_lost(serve, HANDS_KEY,
                  "what persons held cannot be read: kept by another version, or damaged");
    wlk_desk_restore(serve->desk, serve->hand, WLK_DESK_HANDS_MAX, now);
    if (find_value(serve, KEPT_KEY, &size) &&
        wlk_desk_form_read_kept(form, size, areas, serve->kept, &count, &fault) != WLK_OK)
        tell_lost(serve, KEPT_KEY,
                  "what persons wrote cannot be read: kept by another version, or damaged");
    wlk_desk_take_up(serve->desk, serve->kept, count, areas->count,
                     wlk_nation_number(serve->options.nation), now);
    if (wlk_desk_count(serve->desk).refused > 0)
        tell_lost(serve, KEPT_KEY, "some of what persons wrote cannot be taken up");
    wlk_serve_follow_desk(serve, now);
}
