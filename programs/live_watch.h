/* live_watch.h -- an exercise looks at life: does the live node beside it have a launch?
 *
 * Asks the live display on this machine once a second for its pulse (GET /pulse: nature,
 * launches, how many ask for a person), and for nothing else. Nothing is ever sent there but
 * that question, and nothing of a record comes back. A live node that is not heard for 3 s is
 * told as not heard: silence is not calm.
 * Read by: programs/serve.c. Never blocks. Held by: live_watch_test.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_LIVE_WATCH_H
#define WLK_PROGRAMS_LIVE_WATCH_H

#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum { WLK_LIVE_ANSWER_MAX = 4096 }; /* bytes of an answer with its headers */

struct wlk_live_pulse {
    char nation[WLK_NAME_SIZE];
    uint32_t launches; /* in the picture, not ended */
    uint32_t asking;   /* launch alarms that nobody has answered */
};

/* Reads an answer of a live node. WLK_BAD_INPUT: no 200, no JSON, another nature than LIVE, a
 * number out of range; out is untouched. */
wlk_status wlk_live_pulse_read(const char *answer, size_t size,
                              struct wlk_live_pulse *out) WLK_MUST_USE;

struct wlk_live_watch {
    char host[64], port[8]; /* of the live display; empty: nobody is watched */
    int line;               /* -1: none */
    bool is_sent;           /* the question is */
    bool is_heard;
    struct wlk_live_pulse pulse; /* newest that was heard */
    wlk_mono asked, heard, begun;
    uint64_t unusable; /* answers that were none */
    size_t used;
    char bytes[WLK_LIVE_ANSWER_MAX];
};

/* Begins; host is an address of this machine. */
void wlk_live_watch_begin(struct wlk_live_watch *watch, const char *host, const char *port,
                          wlk_mono now);
void wlk_live_watch_end(struct wlk_live_watch *watch);

/* One turn. True: what is known has changed. */
bool wlk_live_watch_turn(struct wlk_live_watch *watch, wlk_mono now);

#endif
