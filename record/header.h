/* header.h -- the signed header of a record (DESIGN.md section 3), decoded.
 *
 * Numbers of the enums are the numbers on the wire.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RECORD_HEADER_H
#define WLK_RECORD_HEADER_H

#include "base/clock.h"
#include "record/name.h"

enum { WLK_RECORD_VERSION = 1, WLK_DIGEST_SIZE = 32, WLK_EVENT_SIZE = 16, WLK_SALT_SIZE = 16 };

enum wlk_class {
    WLK_CLASS_WARN = 1,
    WLK_CLASS_TRACK = 2,
    WLK_CLASS_PLOT = 3,
    WLK_CLASS_STATUS = 4, /* newest only: no seq, no chain, not journalled for resending */
    WLK_CLASS_NOTICE = 5,
    WLK_CLASS_END = 6
};

enum wlk_type {
    WLK_TYPE_LAUNCH = 1,
    WLK_TYPE_IMPACT = 2,
    WLK_TYPE_CANCEL = 3,
    WLK_TYPE_TRACK = 4,
    WLK_TYPE_PLOT = 5,
    WLK_TYPE_STATUS = 6,
    WLK_TYPE_RECEIPT = 7,
    WLK_TYPE_REFUSED = 8,
    WLK_TYPE_END = 9
};

enum wlk_nature { WLK_NATURE_EXERCISE = 1, WLK_NATURE_REAL = 2, WLK_NATURE_TEST = 3,
                  WLK_NATURE_END = 4 };

enum wlk_group { WLK_GROUP_COARSE = 1, WLK_GROUP_SHIELDED = 2, WLK_GROUP_FINE = 3,
                 WLK_GROUP_BODY = 4, WLK_GROUP_END = 5 };

enum wlk_classification { WLK_UNCLASSIFIED = 1, WLK_RESTRICTED = 2, WLK_CONFIDENTIAL = 3,
                          WLK_SECRET = 4, WLK_TOP_SECRET = 5, WLK_CLASSIFICATION_END = 6 };

enum wlk_region { WLK_REGION_DPRK = 1, WLK_REGION_OTHER = 2, WLK_REGION_END = 3 };

typedef struct {
    uint8_t bytes[WLK_DIGEST_SIZE];
} wlk_digest;

typedef struct {
    uint8_t bytes[WLK_EVENT_SIZE];
} wlk_event;

/* A lane: one originator's gapless sequence under one arrangement. */
struct wlk_lane {
    wlk_name arrangement;
    enum wlk_class record_class;
    enum wlk_nature nature;
    uint64_t generation; /* 1 or more; a new one after an unclean stop */
};

struct wlk_label {
    char policy[WLK_TEXT_SIZE];
    size_t releasable_count; /* 1..WLK_PARTIES_MAX, names ascending, none twice */
    wlk_name releasable[WLK_PARTIES_MAX];
    size_t caveat_count;
    char caveat[WLK_CAVEATS_MAX][WLK_TEXT_SIZE];
};

struct wlk_group_digest {
    enum wlk_group group;
    wlk_digest digest; /* SHA-256 of the disclosure bytes */
    enum wlk_classification classification;
};

struct wlk_header {
    wlk_name originator;
    struct wlk_lane lane;
    bool has_seq;       /* false exactly in class status; then seq and prev are absent */
    uint64_t seq;       /* from 1, no gap */
    wlk_digest prev;    /* SHA-256 of this lane's previous sign1; zeros for seq 1 */
    wlk_utc time;
    bool has_clock_error;
    uint64_t clock_error_ns;
    enum wlk_type type;
    enum wlk_nature nature; /* equals lane.nature */
    struct wlk_label label;
    bool has_event;
    wlk_event event;
    wlk_utc valid_until;
    wlk_digest arrangement; /* of the arrangement's CBOR */
    bool has_region;
    enum wlk_region region; /* of the launch */
    size_t group_count;     /* 1..WLK_GROUPS_MAX, groups ascending */
    struct wlk_group_digest group[WLK_GROUPS_MAX];
    bool has_replaced;      /* what it cancels or replaces */
    uint64_t replaced_generation, replaced_seq;
    size_t sensor_nation_count; /* nations whose sensors it rests on; 0 only in class status */
    wlk_name sensor_nation[WLK_PARTIES_MAX];
    bool has_object;
    uint32_t object;
    bool has_exercise;
    char exercise[WLK_TEXT_SIZE];
};

/* The class a type travels in. */
enum wlk_class wlk_type_class(enum wlk_type type);

/* Words as people write them ("launch", "SECRET", "coarse"); "?" for no such number. */
const char *wlk_class_word(enum wlk_class value);
const char *wlk_type_word(enum wlk_type value);
const char *wlk_nature_word(enum wlk_nature value);
const char *wlk_group_word(enum wlk_group value);
const char *wlk_classification_word(enum wlk_classification value);
const char *wlk_region_word(enum wlk_region value);

/* And back. WLK_BAD_INPUT no such word. */
wlk_status wlk_class_parse(const char *word, enum wlk_class *out) WLK_MUST_USE;
wlk_status wlk_type_parse(const char *word, enum wlk_type *out) WLK_MUST_USE;
wlk_status wlk_nature_parse(const char *word, enum wlk_nature *out) WLK_MUST_USE;
wlk_status wlk_group_parse(const char *word, enum wlk_group *out) WLK_MUST_USE;
wlk_status wlk_classification_parse(const char *word,
                                    enum wlk_classification *out) WLK_MUST_USE;
wlk_status wlk_region_parse(const char *word, enum wlk_region *out) WLK_MUST_USE;

#endif
