/* warning.h -- what a nation tells its own people.
 *
 * Made by warning/alert; written out by warning/cap. Pure function of picture and areas: no
 * memory of drills. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RECORD_WARNING_H
#define WLK_RECORD_WARNING_H

#include "record/header.h"
#include "record/prediction.h"

enum wlk_warning_kind {
    WLK_WARNING_LAUNCH = 1,   /* launch detected, heading this way: take shelter, wait */
    WLK_WARNING_TAKE_COVER,   /* expected to fall in or near the area */
    WLK_WARNING_PASSED,       /* flew over and away, seen by track */
    WLK_WARNING_IMPACTED,     /* fell in the area */
    WLK_WARNING_FELL_OUTSIDE, /* fell elsewhere, seen by track */
    WLK_WARNING_ALL_CLEAR,
    WLK_WARNING_CORRECTION,   /* the earlier warning was wrong or can no longer be held */
    WLK_WARNING_KIND_END
};

/* Why a CORRECTION is made. */
enum wlk_correction {
    WLK_CORRECTION_NONE = 0,
    WLK_CORRECTION_CANCELLED, /* whoever declared the launch took it back */
    WLK_CORRECTION_LOST,      /* the track was lost: neither fall nor passage can be told */
    WLK_CORRECTION_DOUBLE,    /* the same object was warned of twice; the other one stands */
    WLK_CORRECTION_REVISED,   /* a person: what was said is not right; those warned stay so */
    WLK_CORRECTION_END
};

/* Why a person cancels (first three) or corrects (last three). */
enum wlk_ground {
    WLK_GROUND_NONE = 0,
    WLK_GROUND_MISTAKE,       /* sent by mistake */
    WLK_GROUND_NO_MISSILE,    /* there was none */
    WLK_GROUND_NO_DANGER,     /* there is one, but no danger to those warned */
    WLK_GROUND_WRONG_AREA,
    WLK_GROUND_WRONG_TIME,
    WLK_GROUND_IN_DOUBT,      /* what was said is being checked */
    WLK_GROUND_END
};

enum wlk_area_reason { WLK_AREA_DIRECT = 1, WLK_AREA_OVERFLOWN, WLK_AREA_ADJACENT };

struct wlk_warning_area {
    uint16_t area;             /* index in the nation's area table; WLK_AREA_SEA for the sea */
    enum wlk_area_reason reason;
    double probability;        /* that impact or overflight touches it */
    wlk_utc earliest;          /* earliest time of that */
};

enum {
    WLK_AREA_SEA = 0xffff,
    WLK_SAID_LANGUAGES = 3,    /* English, Japanese, Korean */
    WLK_SAID_SIZE = 400,       /* UTF-8 bytes of a person's words in one of them, with NUL */
    WLK_REPLACES_MORE_MAX = 3, /* predecessors beside the first */
};

/* A warning that another one speaks of. */
struct wlk_warning_reference {
    uint32_t number;
    wlk_utc time;
};

struct wlk_warning {
    wlk_name nation;           /* who warns */
    wlk_utc time;
    uint32_t number;           /* of the warning at this nation, from 1 */
    uint32_t object;           /* in the nation's picture */
    wlk_event event;
    bool has_event;
    enum wlk_warning_kind kind;
    enum wlk_correction correction; /* CORRECTION only */
    bool is_final;             /* nothing of the object's warnings stays in force */
    enum wlk_nature nature;    /* exercise and test never become status Actual */
    char exercise[WLK_TEXT_SIZE];
    uint32_t replaces;         /* number of the predecessor; 0 for none */
    wlk_utc replaces_time;
    size_t also_count;         /* further ones that it replaces */
    struct wlk_warning_reference also[WLK_REPLACES_MORE_MAX];
    bool is_by_person;         /* a person corrected, cancelled, or added words */
    enum wlk_ground ground;    /* CORRECTION by a person only */
    char said[WLK_SAID_LANGUAGES][WLK_SAID_SIZE]; /* a person's words; all empty: none */
    wlk_utc said_at;           /* when they were released */
    size_t area_count;
    struct wlk_warning_area area[WLK_WARNING_AREAS_MAX];
    bool has_launch;
    struct wlk_point launch;
    bool has_heading;
    double heading_rad;        /* over ground, when last seen */
    bool has_impact;
    struct wlk_impact impact;
    bool is_at_sea;            /* impact expected at sea: sea[] says where, in words */
    bool is_inside_200nm;      /* of this nation's coast */
    char sea_en[160], sea_ja[160], sea_ko[160]; /* "150 km west of Oshima peninsula" ... */
    bool is_predicted;         /* track coasted or lost: say so in the text */
    double track_s, lost_at_s; /* "predicted from N s of track, lost at T+x" */
};

/* "TAKE_COVER" and so on; "?" for no such kind. */
const char *wlk_warning_kind_word(enum wlk_warning_kind kind);

/* Can it be told and shown as it is: UTF-8 that ends within size bytes, without control
 * characters, signs that turn the direction of writing, or what XML 1.0 does not know? */
bool wlk_warning_is_text(const char *text, size_t size);

/* "mistake" and so on, as a command names them; "" for none. */
const char *wlk_ground_word(enum wlk_ground ground);

/* The ground of that word. WLK_BAD_INPUT there is no such one; out is untouched. */
wlk_status wlk_ground_parse(const char *word, enum wlk_ground *out) WLK_MUST_USE;

/* Is it a ground to cancel? Else to correct. */
bool wlk_ground_cancels(enum wlk_ground ground);

#endif
