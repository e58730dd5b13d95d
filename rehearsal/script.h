/* script.h -- the scenario language: what happens in a rehearsal, and what is expected of it.
 *
 * One statement a line (base/words.h); # starts a comment; times in seconds from the start.
 *
 *   title    "TEXT"
 *   launch   LAUNCH at S                        a row of rehearsal/history; again for a salvo
 *   sites    SET                                a set of the file of sites; else default
 *   infrared on|off                             else off
 *   shielded on|off                             KR and JP release shielded; else off
 *   seed     N                                  else 1
 *   length   S                                  else until the last impact
 *   radar    SITE down from S to S
 *   bias     SITE range M azimuth DEG elevation DEG [from S]   it reads so much too much
 *   satellite ID over LAT LON at S height KM course DEG      whose ephemeris all nations have
 *   aircraft ID over LAT LON at S height KM course DEG speed MPS   that broadcasts its place
 *   link     NATION-HUB cut from S to S
 *   link     NATION-HUB loss PERCENT % [from S to S]
 *   link     NATION-HUB delay MS ms [from S to S]
 *   hub      HUB restart at S
 *   node     NATION restart at S
 *   expect   NATION picture has N object[s] by S
 *   expect   NATION counts N object[s] in N event[s] by S
 *   expect   NATION declares by S
 *   expect   NATION warning KIND for AREA by S  KIND as in record/warning.h; AREA in quotes if
 *                                               it has blanks, in English; sea for the sea
 *   expect   NATION registers SITE within DEG by S    its angle biases are found to that
 *   expect   NATION receives no plot [and no sensor id of SITE]
 *   expect   nothing lost | nothing doubled
 *
 * NATION is two letters, so KR-HON-A is the link of KR to HON-A; KR-HON, where no hub has that
 * name, is its links to every hub whose name begins with HON-. A launch must be there. Which
 * launches, sites, areas and hubs exist is known to who plays the script, not to the parser.
 * Read by: programs/ (which plays it). SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_REHEARSAL_SCRIPT_H
#define WLK_REHEARSAL_SCRIPT_H

#include "earth/frames.h"
#include "record/name.h"
#include "record/warning.h"

enum {
    WLK_SCRIPT_LAUNCHES_MAX = 32,
    WLK_SCRIPT_OUTAGES_MAX = 64,
    WLK_SCRIPT_BIASES_MAX = 64,
    WLK_SCRIPT_PASSERS_MAX = 32, /* satellites and aircraft */
    WLK_SCRIPT_LINKS_MAX = 64,
    WLK_SCRIPT_RESTARTS_MAX = 64,
    WLK_SCRIPT_EXPECTS_MAX = 128,
    WLK_SCRIPT_SECONDS_MAX = 86400, /* one day */
};

struct wlk_script_launch {
    char id[WLK_NAME_SIZE]; /* "2017-08-29", "2022-11-02c" */
    double at_s;
    size_t line;            /* of the file, for complaints of who plays it */
};

struct wlk_script_outage {
    wlk_name site;
    double from_s, to_s;
    size_t line;
};

struct wlk_script_bias {
    wlk_name site;
    double excess[3]; /* range (m), azimuth, elevation (rad): what it reads too much */
    double from_s;
    size_t line;
};

struct wlk_script_passer {
    wlk_name id;
    bool is_satellite;
    wlk_geodetic place; /* where it is at that time */
    double at_s, course_rad, speed_mps; /* speed: of aircraft */
    size_t line;
};

enum wlk_script_link_kind { WLK_SCRIPT_CUT = 1, WLK_SCRIPT_LOSS, WLK_SCRIPT_DELAY };

struct wlk_script_link {
    enum wlk_script_link_kind kind;
    wlk_name nation, hub;
    double from_s, to_s;    /* 0 and WLK_SCRIPT_SECONDS_MAX where not given */
    double loss;            /* share of datagrams or frames, [0, 1] */
    double delay_s;         /* one way */
    size_t line;
};

struct wlk_script_restart {
    wlk_name party;         /* hub or nation */
    bool is_hub;
    double at_s;
    size_t line;
};

enum wlk_script_expect_kind {
    WLK_EXPECT_PICTURE = 1, /* nation, count, by_s */
    WLK_EXPECT_COUNTS,      /* nation, count, events, by_s */
    WLK_EXPECT_DECLARES,    /* nation, by_s */
    WLK_EXPECT_WARNING,     /* nation, warning, area, by_s */
    WLK_EXPECT_REGISTERS,    /* nation, site, within_rad, by_s */
    WLK_EXPECT_NO_PLOT,     /* nation; site if has_site */
    WLK_EXPECT_NONE_LOST,
    WLK_EXPECT_NONE_DOUBLED,
};

struct wlk_script_expect {
    enum wlk_script_expect_kind kind;
    wlk_name nation;
    uint32_t count, events;
    enum wlk_warning_kind warning;
    char area[WLK_TEXT_SIZE];
    bool has_site;
    wlk_name site;
    double within_rad;
    double by_s;
    size_t line;
};

struct wlk_script {
    char title[WLK_TEXT_SIZE];    /* may be empty */
    char sites_set[WLK_NAME_SIZE];/* "default" where not given */
    bool is_infrared, is_shielded;
    uint64_t seed;
    bool has_length;
    double length_s;
    size_t launch_count, outage_count, link_count, restart_count, expect_count;
    size_t bias_count, passer_count;
    struct wlk_script_launch launch[WLK_SCRIPT_LAUNCHES_MAX];
    struct wlk_script_outage outage[WLK_SCRIPT_OUTAGES_MAX];
    struct wlk_script_bias bias[WLK_SCRIPT_BIASES_MAX];
    struct wlk_script_passer passer[WLK_SCRIPT_PASSERS_MAX];
    struct wlk_script_link link[WLK_SCRIPT_LINKS_MAX];
    struct wlk_script_restart restart[WLK_SCRIPT_RESTARTS_MAX];
    struct wlk_script_expect expect[WLK_SCRIPT_EXPECTS_MAX];
};

/* Reads a scenario file. For start-up: it allocates the text while reading.
 * WLK_IO cannot be read; WLK_BAD_INPUT fault has file, line and rule; *out untouched. */
wlk_status wlk_script_read(const char *path, struct wlk_script *out,
                           struct wlk_fault *fault) WLK_MUST_USE;

/* The same from a text in memory; name is for complaints. */
wlk_status wlk_script_parse(const char *name, const char *text, struct wlk_script *out,
                            struct wlk_fault *fault) WLK_MUST_USE;

#endif
