/* intake.h -- datagram to plot: what a nation believes of what its sensors send.
 *
 * Decodes, checks that the sensor is one of this nation, that the values are plausible and
 * the time is now; drops doubles; removes calibration bias and refraction. Nothing is dropped
 * without a counter. Reads: record/site.h, earth/refraction.h. Read by: programs/nation.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_SENSORS_INTAKE_H
#define WLK_SENSORS_INTAKE_H

#include "record/plot.h"
#include "sensors/datagram.h"
#include "sensors/references.h"
#include "sensors/sites.h"

/* Each reason for which a datagram is not taken, with its words. */
#define WLK_INTAKE_LIST(X)                                                                     \
    X(MALFORMED, "datagram breaks the format")                                                 \
    X(UNKNOWN, "sensor is not one of this nation")                                             \
    X(NATURE, "nature is not the one of this node")                                            \
    X(IMPLAUSIBLE, "outside what the sensor can measure")                                      \
    X(FUTURE, "time lies ahead of now")                                                        \
    X(OLD, "time lies too far back")                                                           \
    X(DOUBLE, "number was taken before")                                                       \
    X(TOO_FAST, "sensor sends faster than its limit")

#define WLK_INTAKE_ENUM(name, words) WLK_INTAKE_##name,
enum wlk_intake_reason { WLK_INTAKE_LIST(WLK_INTAKE_ENUM) WLK_INTAKE_REASON_COUNT };
#undef WLK_INTAKE_ENUM

/* The words of a reason. */
const char *wlk_intake_reason_words(enum wlk_intake_reason reason);

enum {
    WLK_INTAKE_AHEAD_S = 1,    /* DESIGN.md 4: the same bound as for records */
    WLK_INTAKE_BACK_S = 120,   /* the tracker replays late plots for 120 s (DESIGN.md 6) */
    WLK_INTAKE_RATE = 2000,    /* datagrams a second (scenario time) of one sensor; ASSUMPTION:
                                  512 objects at 1 s revisit, and fourfold margin */
    WLK_INTAKE_WINDOW = 8192,  /* numbers behind the newest that are told from doubles */
};

struct wlk_intake_result {
    enum wlk_datagram_kind kind;
    bool is_known; /* a plot of an object whose place is known: nothing to be tracked */
    union {
        struct wlk_plot plot;         /* kind WLK_DATAGRAM_PLOT */
        struct wlk_sighting sighting; /* kind WLK_DATAGRAM_SIGHTING */
    };
};

struct wlk_intake_counts {
    uint64_t taken;
    uint64_t refused[WLK_INTAKE_REASON_COUNT];
};

struct wlk_intake; /* all its memory is taken at open */

/* Opens the intake of nation over the sites and infrared sources that it owns; sites is not
 * kept. nature: of this node; datagrams of another are refused. WLK_IO no memory. */
wlk_status wlk_intake_open(wlk_name nation, enum wlk_nature nature,
                           const struct wlk_sites *sites,
                           struct wlk_intake **out) WLK_MUST_USE;

/* From now on the biases of its radars are found from objects whose place is known, taken from
 * plots, and what is not known of them is said in each plot; without, a plot says what the file
 * of sites does (record/site.h, residual bias). The prior is that too, or where there is none
 * the one of registration.h. references_view must outlive the intake; it may change, with its
 * version. */
void wlk_intake_register(struct wlk_intake *intake,
                         const struct wlk_references *references_view);

/* The biases of its radar number index, of those that are registered; false: there is none. */
bool wlk_intake_registration(struct wlk_intake *intake, size_t index, wlk_name *sensor,
                             struct wlk_registration **out);

/* NULL is allowed. */
void wlk_intake_close(struct wlk_intake *intake);

/* One datagram as it came from the socket; times of arrival are arguments. */
struct wlk_intake_input {
    const uint8_t *bytes;
    size_t size;
    wlk_utc now;      /* scenario time */
    wlk_mono read_at; /* when it was read; handed on in the plot */
};

/* Takes one datagram.
 *
 * WLK_OK         *out is a plot or a sighting for the tracker.
 * WLK_BAD_INPUT  malformed, not ours, other nature, implausible or ahead of now; counted.
 * WLK_STALE      older than WLK_INTAKE_BACK_S; counted.
 * WLK_KNOWN      a double; counted. A number that is more than WLK_INTAKE_WINDOW behind the
 *                newest is taken for one, unless its time is newer than the newest: then the
 *                sensor has restarted its numbers, and they are learned anew.
 * WLK_FULL       over the rate of its sensor; counted.
 * fault (may be NULL) has the rule, and the offset where it is about bytes.
 * Bound: about 2 us; no allocation, no clock, no I/O. */
wlk_status wlk_intake_take(struct wlk_intake *intake, const struct wlk_intake_input *input,
                           struct wlk_intake_result *out,
                           struct wlk_fault *fault) WLK_MUST_USE;

/* Counts of all sensors together, and of one; the sum of refused and taken is the number of
 * datagrams ever given. Malformed and unknown ones belong to no sensor.
 * wlk_intake_counts_of: WLK_BAD_INPUT not a sensor of this nation. */
struct wlk_intake_counts wlk_intake_counts_all(const struct wlk_intake *intake);
wlk_status wlk_intake_counts_of(const struct wlk_intake *intake, wlk_name sensor,
                                struct wlk_intake_counts *out) WLK_MUST_USE;

#endif
