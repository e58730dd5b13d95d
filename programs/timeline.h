/* timeline.h -- what happened at a nation, entry by entry: for the terminal, for the measures
 * of a rehearsal, and as one text line each between a node and whoever started it.
 *
 * Made by programs/nation.c. Read by programs/demo*.c, measures.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_TIMELINE_H
#define WLK_PROGRAMS_TIMELINE_H

#include "record/prediction.h"
#include "record/warning.h"

enum wlk_entry_kind {
    WLK_ENTRY_FIRST_PLOT = 1, /* own sensors see an object for the first time */
    WLK_ENTRY_DECLARED,       /* launch CONFIRMED in the picture; names = by whom */
    WLK_ENTRY_HEADING,        /* 95 % half-width reached 5 deg; azimuth, sigma */
    WLK_ENTRY_BURNOUT,        /* time = when it is known; at = when it was */
    WLK_ENTRY_IMPACT,         /* impact predicted anew: point */
    WLK_ENTRY_NO_IMPACT,      /* prediction withdrawn */
    WLK_ENTRY_ELLIPSE,        /* 95 % semi-major axis is 20 km or less for the first time */
    WLK_ENTRY_WARNING,        /* kind, area names */
    WLK_ENTRY_PARTNER_LOST,   /* names = the partner */
    WLK_ENTRY_PARTNER_BACK,
    WLK_ENTRY_HUB_LOST,
    WLK_ENTRY_HUB_BACK,
    WLK_ENTRY_GAP,            /* records missing in a partner's lane; names = lane */
    WLK_ENTRY_REFUSED,        /* the hub refused a record of ours; names = clause and reason */
    WLK_ENTRY_ENDED,          /* the object is down (position; at = expected impact; names =
                                 how it is known), or gone from the picture (names empty) */
    WLK_ENTRY_ALARM,          /* something an operator must know; names = the text */
    WLK_ENTRY_NAMED,          /* which of a salvo the object is, and of how many; once more when
                                 that changes: objects found to be one, or two */
    WLK_ENTRY_BIAS,           /* what an own radar reads too much; names = the radar and that */
    WLK_ENTRY_KIND_END
};

struct wlk_entry {
    wlk_name nation;
    wlk_utc time;        /* scenario time */
    enum wlk_entry_kind kind;
    uint32_t object;     /* in this nation's picture; 0 where it does not apply */
    wlk_utc at;          /* BURNOUT: when; IMPACT: expected time; else time */
    double latitude_deg, longitude_deg;   /* IMPACT, DECLARED (launch point) */
    double ee_m2, en_m2, nn_m2;           /* IMPACT: covariance east, north */
    double azimuth_deg, azimuth_sigma_deg; /* HEADING */
    enum wlk_warning_kind warning;        /* WARNING */
    char names[512];     /* areas joined by "; ", sources, texts; UTF-8, no newline */
};

/* The word of a kind as it stands in a line; "?" for no such kind. */
const char *wlk_entry_kind_word(enum wlk_entry_kind kind);

enum { WLK_ENTRY_LINE_SIZE = 1024 };

/* One line without newline, exact enough to be parsed back (positions to 1e-7 deg). Control
 * characters and broken UTF-8 in names become "?": no text can end the line. */
void wlk_entry_line(const struct wlk_entry *entry, char line[WLK_ENTRY_LINE_SIZE]);

/* WLK_BAD_INPUT not such a line, or a number in it that is none. */
wlk_status wlk_entry_parse(const char *line, struct wlk_entry *out) WLK_MUST_USE;

#endif
