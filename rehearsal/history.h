/* history.h -- documented launches as facts, each with its public source.
 *
 * The table is rehearsal/history.txt, plain words read by base/words:
 *
 *     launch  2017-08-29                     # date there (UTC+9), a letter if the day has
 * several time    2017-08-28T20:58:00Z missile "Hwasong-12" place   39.2002 125.6733
 * "Pyongyang, Sunan airport"      # latitude, longitude, deg kind    ballistic # ballistic,
 * pull-up, glide, failed class   irbm                           # rocket template of
 * rehearsal/solve.c apogee  550                            # km; absent where nothing was
 * published range   2700                           # km bearing 73 # deg at the launch place
 *     flight  14                             # min
 *     assume  "why a figure that is used is not a published one"
 *     warned  JP 240 "J-Alert: take shelter" "https://..."     # s after launch
 *     outcome "over Hokkaido, fell 1,180 km east of Cape Erimo"
 *     source  "https://..."                  # one to four
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_REHEARSAL_HISTORY_H
#define WLK_REHEARSAL_HISTORY_H

#include "base/clock.h"
#include "base/status.h"
#include "earth/frames.h"
#include "record/name.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    WLK_HISTORY_ROWS_MAX = 160,
    WLK_HISTORY_ID_SIZE = 16,     /* "2022-06-05h" with NUL */
    WLK_HISTORY_WARNINGS_MAX = 4, /* per row */
    WLK_HISTORY_SOURCES_MAX = 4,  /* per row */
    WLK_HISTORY_TEXT_SIZE = 160,  /* any text of a row, with NUL */
    WLK_HISTORY_LINE_SIZE = 192   /* a line of the list, with NUL */
};

enum wlk_history_kind {
    WLK_HISTORY_BALLISTIC, /* becomes a flight */
    WLK_HISTORY_PULL_UP,   /* lifts on the way down: kept, no flight */
    WLK_HISTORY_GLIDE,     /* kept, no flight */
    WLK_HISTORY_FAILED     /* broke up or too little is known of it: kept, no flight */
};

/* A message to the public about this launch. */
struct wlk_history_warning {
    wlk_name nation;
    double after_s; /* from launch */
    char text[WLK_HISTORY_TEXT_SIZE];
    char source[WLK_HISTORY_TEXT_SIZE];
};

struct wlk_history_row {
    char id[WLK_HISTORY_ID_SIZE];
    wlk_utc time; /* of launch, to the minute */
    char missile[WLK_HISTORY_TEXT_SIZE];
    wlk_geodetic place; /* height 0 */
    char place_name[WLK_HISTORY_TEXT_SIZE];
    enum wlk_history_kind kind;
    char class_name[WLK_NAME_SIZE]; /* rocket template; empty if not ballistic */
    bool has_apogee, has_range, has_bearing, has_flight_time;
    double apogee_m, range_m, bearing_rad, flight_time_s; /* as published */
    char assumption[WLK_HISTORY_TEXT_SIZE];               /* empty if none */
    char outcome[WLK_HISTORY_TEXT_SIZE];
    size_t warning_count; /* in the order of after_s */
    struct wlk_history_warning warning[WLK_HISTORY_WARNINGS_MAX];
    size_t source_count;
    char source[WLK_HISTORY_SOURCES_MAX][WLK_HISTORY_TEXT_SIZE];
};

/* About 450 kB: keep it static or allocate it at start. */
struct wlk_history {
    size_t count; /* rows, in the order of time */
    struct wlk_history_row row[WLK_HISTORY_ROWS_MAX];
};

/* Reads the table; file is for complaints only.
 * WLK_BAD_INPUT  a line that is malformed, twice, missing or out of order; fault has the line.
 * WLK_FULL       more than WLK_HISTORY_ROWS_MAX rows (fault filled).
 * *out is written only on WLK_OK. _parse reads the text twice and allocates nothing; _read
 * allocates and frees the text: for start-up.
 * _read also yields WLK_IO. */
wlk_status wlk_history_parse(const char *file, const char *text, struct wlk_history *out,
                             struct wlk_fault *fault) WLK_MUST_USE;
wlk_status wlk_history_read(const char *path, struct wlk_history *out,
                            struct wlk_fault *fault) WLK_MUST_USE;

/* The row of exactly that id ("2017-08-29", "2022-06-05a"), or NULL. */
const struct wlk_history_row *wlk_history_find(const struct wlk_history *history,
                                               const char *id);

/* The rows of one day ("2022-06-05": a salvo), in the order of time: writes at most room
 * pointers, returns how many there are. Each starts at its own row->time. */
size_t wlk_history_event(const struct wlk_history *history, const char *day,
                         const struct wlk_history_row *rows[], size_t room);

/* "ballistic", "pull-up", "glide" or "failed". */
const char *wlk_history_kind_words(enum wlk_history_kind kind);

/* One aligned line without newline for a list: id, UTC, missile, apogee, range, bearing,
 * flight time, first public warning, kind; "-" where nothing was published. _heading writes
 * the line above them. */
void wlk_history_heading(char text[WLK_HISTORY_LINE_SIZE]);
void wlk_history_line(const struct wlk_history_row *row, char text[WLK_HISTORY_LINE_SIZE]);

#endif
