/* desk_private.h -- what the files of the desk share: desk_told.c knows who stands warned by
 * what, desk.c what waits and what people do, desk_own.c what persons warn of themselves, and
 * what outlives the node.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_WARNING_DESK_PRIVATE_H
#define WLK_WARNING_DESK_PRIVATE_H

#include "warning/desk.h"

enum { WLK_DESK_KNOWN_MAX = 4096 }; /* numbers told last: a person may be a little behind */

/* What one area was told last of one object. */
struct wlk_desk_standing {
    bool is_in_force;
    struct wlk_warning_area area;
    struct wlk_warning_reference told;
};

struct wlk_desk_told {
    uint32_t object;             /* 0: free */
    bool is_in_hand, is_touched; /* in a person's hand; ever was */
    wlk_utc taken; /* when a person took it */
    bool has_head;
    struct wlk_warning head; /* the weightiest that is in force, or the newest of equals */
    char by[WLK_DESK_NAME_SIZE]; /* who released it: persons' warnings only */
    struct wlk_desk_standing at[WLK_AREAS_MAX + 1]; /* the last is the sea */
};

struct wlk_desk_item {
    bool is_used, is_text, is_last_word, is_proved;
    bool is_held; /* an end of the machine's, because of a warning by persons */
    char by[WLK_DESK_NAME_SIZE];
    struct wlk_warning warning;
};

struct wlk_desk {
    struct wlk_desk_setup setup;
    size_t oldest; /* slot of told[] that gives way next */
    struct wlk_desk_told told[WLK_OBJECTS_MAX];
    struct wlk_desk_item item[WLK_DESK_WAITING_MAX];
    struct {
        uint32_t number, object;
    } known[WLK_DESK_KNOWN_MAX];
    size_t known_next;
    struct wlk_desk_change change[WLK_DESK_CHANGES_MAX]; /* ring */
    size_t change_first, change_count;
    size_t kept_count;
    struct wlk_desk_hand kept[WLK_DESK_HANDS_MAX]; /* of an earlier life of the node */
    struct wlk_desk_counts counts;
};

/* What is known of an object: NULL if nothing; or a fresh slot, for which the oldest of which
 * nothing stands gives way, else the oldest. */
struct wlk_desk_told *wlk_desk_told_find(struct wlk_desk *desk, uint32_t object);
struct wlk_desk_told *wlk_desk_told_of(struct wlk_desk *desk, uint32_t object);

/* Counts, and is the outcome. */
enum wlk_desk_outcome wlk_desk_refuse(struct wlk_desk *desk, enum wlk_desk_outcome outcome);

/* A free place to wait in; NULL: none. How many texts wait. */
struct wlk_desk_item *wlk_desk_item_new(struct wlk_desk *desk);
size_t wlk_desk_texts(const struct wlk_desk *desk);

/* The item waits from now on, and that is a change. by: who wrote it; empty: the machine. */
void wlk_desk_wait(struct wlk_desk *desk, struct wlk_desk_item *item, const char *by);

/* A change of this state; the caller may add to it. */
struct wlk_desk_change *wlk_desk_say(struct wlk_desk *desk, const struct wlk_warning *warning,
                                     enum wlk_desk_state state, const char *by);

/* Is it an object of a warning that persons gave? */
bool wlk_desk_is_own(uint32_t object);

/* Does a warning by persons stand in any of its areas? */
bool wlk_desk_own_stands(const struct wlk_desk *desk, const struct wlk_warning *warning);

/* A text of an earlier life that was about this event: it waits again, for the object that the
 * event is now. */
void wlk_desk_attach(struct wlk_desk *desk, const struct wlk_warning *warning);

/* The same event, or launches within a minute of each other? */
bool wlk_desk_is_same_flight(const struct wlk_warning *one, const struct wlk_warning *other);

/* May what persons hold be that old? */
bool wlk_desk_is_fresh(wlk_utc taken, wlk_utc now);

/* Was the object of this warning in a person's hand in an earlier life of the node? */
bool wlk_desk_was_in_hand(const struct wlk_desk *desk, const struct wlk_warning *warning,
                          wlk_utc *taken);

/* The object that a warning told before is about; NULL: no such number. */
struct wlk_desk_told *wlk_desk_told_by_number(struct wlk_desk *desk, int64_t number);

/* Does anything stand? Does something of its head? */
bool wlk_desk_is_in_force(const struct wlk_desk_told *told);
bool wlk_desk_is_head_in_force(const struct wlk_desk_told *told);

/* Does it leave those whom it names warned? */
bool wlk_desk_warns(const struct wlk_warning *warning);

/* It goes out: who stands warned by it from now on? */
void wlk_desk_note_told(struct wlk_desk *desk, struct wlk_desk_told *told,
                        const struct wlk_warning *warning);

/* Fills in the areas that are in force: all of them (number 0), or those of one number. */
void wlk_desk_list(const struct wlk_desk_told *told, uint32_t number, struct wlk_warning *out);

/* Refers to everything that its areas were told and that still stands, the newest first. */
void wlk_desk_refer(const struct wlk_desk_told *told, struct wlk_warning *warning);

/* The machine refers to what it said; where that was never told, to what was. */
void wlk_desk_fit(const struct wlk_desk_told *told, struct wlk_warning *warning);

/* A person's words stand until the warning changes its kind or ends. */
void wlk_desk_keep_words(const struct wlk_desk_told *told, struct wlk_warning *warning);

/* An end tells those who still stand warned, and nobody else. */
void wlk_desk_keep_warned(const struct wlk_desk_told *told, struct wlk_warning *warning);

#endif
