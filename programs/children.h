/* children.h -- processes that the demo starts: this same program with another subcommand, its
 * standard output read line by line. None outlives its parent.
 * Read by: programs/demo_live.c, demo_measure.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_CHILDREN_H
#define WLK_PROGRAMS_CHILDREN_H

#include "base/status.h"

#include <stdbool.h>
#include <sys/types.h>

enum { WLK_CHILD_LINE_SIZE = 4096 };

struct wlk_child {
    pid_t process;    /* 0: not running */
    int output;       /* nonblocking; -1 closed */
    char line[WLK_CHILD_LINE_SIZE];
    size_t used, taken; /* bytes in line; of these, given out */
    int code;         /* exit code, once it has ended */
};

/* Starts "warnlink subcommand --config path"; its stderr stays ours. WLK_IO fault filled. */
wlk_status wlk_child_start(struct wlk_child *child, const char *subcommand, const char *path,
                           struct wlk_fault *fault) WLK_MUST_USE;

/* The next whole line of output without newline; the text lives until the next call.
 * False: none now. */
bool wlk_child_line(struct wlk_child *child, const char **line);

/* True while it runs; notes the exit code when it has ended. */
bool wlk_child_runs(struct wlk_child *child);

/* Asks it to stop (SIGTERM), waits up to 5 s, then kills. Its last lines can still be read. */
void wlk_child_stop(struct wlk_child *child);

#endif
