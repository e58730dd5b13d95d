/* store.h -- the fixed store behind the picture, shared by picture.c, pairing.c,
 * lineup.c and tally.c only.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_FUSION_STORE_H
#define WLK_FUSION_STORE_H

#include "fusion/pattern.h"
#include "fusion/view.h"

enum {
    WLK_STORE_SOURCES_MAX = 3 * WLK_OBJECTS_MAX, /* own, and two partners that see all of it */
    WLK_STORE_ENDED_MAX = 1024,                  /* keys that may not come back */
    WLK_STORE_PAIRS_MAX = 4096                   /* candidates weighed at one time */
};

struct wlk_store_object {
    uint32_t number;
    wlk_utc first_seen, declared_at, ended_at;
    bool is_declared, is_ended;
    bool has_impact; /* computed here from the fused state */
    struct wlk_impact impact;
    struct wlk_picture_object last; /* as it was last shown */
    struct wlk_view view;
};

struct wlk_store_ended {
    wlk_name originator;
    uint32_t object;
    wlk_utc at;
    wlk_event event; /* zeros: none */
    uint32_t ordinal;
};

struct wlk_store_pair {
    double cost;
    size_t a, b; /* objects, a < b */
};

/* Room for lining up two nations' tracks; side 0 and 1. */
struct wlk_store_lineup {
    wlk_utc at;       /* when it was last done */
    size_t free_last; /* free sources then */
    size_t count[2], chosen_count[2];
    uint16_t source[2][WLK_STORE_SOURCES_MAX], chosen[2][WLK_STORE_SOURCES_MAX];
    bool is_seen[2][WLK_STORE_SOURCES_MAX];
    struct wlk_pattern_table table;
    struct wlk_pattern pattern;
};

struct wlk_fusion {
    wlk_name nation;
    double clock_error_s; /* of this nation */
    struct wlk_fusion_counts counts;
    uint32_t next_number, next_sighting;
    wlk_utc now;
    bool is_new; /* something came that may join objects */
    struct wlk_source source[WLK_STORE_SOURCES_MAX];
    size_t source_end;                               /* sources at and above are free */
    struct wlk_store_object object[WLK_OBJECTS_MAX]; /* ascending numbers, no gaps */
    size_t object_count;
    struct wlk_store_ended ended[WLK_STORE_ENDED_MAX];
    size_t ended_next;
    struct wlk_store_pair pair[WLK_STORE_PAIRS_MAX];
    struct wlk_store_lineup lineup;
};

/* The object with this number, or NULL. */
struct wlk_store_object *wlk_store_find(struct wlk_fusion *fusion, uint32_t number);

/* A new object, or NULL where there is no room. */
struct wlk_store_object *wlk_store_object(struct wlk_fusion *fusion, wlk_utc first_seen);

#endif
