/* wall.h -- what a process of the hub may still see and do once it has started.
 *
 * Three walls, each enough by itself for most of what a port that was taken over would try
 * (wall_test.c tries each with the others down):
 *   view   root only: a user of its own, no capability, an empty network, and for a port an
 *          empty folder as its root, for the guard the hub's own folder
 *   limits few descriptors, no further process, no core file (keys are in memory)
 *   calls  a list of system calls; a few that libraries try are refused, any other ends the
 *          process with SIGSYS, which hub_main.c says and answers with a new process
 * Once up, none comes down. Read by: programs/hub_main.c. Held by: wall_test.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_WALL_H
#define WLK_PROGRAMS_WALL_H

#include "base/status.h"

#include <stdint.h>
#include <sys/types.h>

enum {
    /* ports are users 65600, 65601, ...: a range no distribution gives out by itself
       (https://systemd.io/UIDS-GIDS/) */
    WLK_WALL_USERS = 65600,
    WLK_WALL_GUARD_USER = 65599, /* of the guard in a rehearsal; in life, its folder's owner */
    WLK_WALL_DESCRIPTORS = 64
};

enum wlk_wall_kind {
    WLK_WALL_PORT = 1, /* sockets it has, its pipes; no file */
    WLK_WALL_GUARD     /* files below its root, its pipes; no socket */
};

/* Goes into the named network ("" stays) before a port listens. Root only. WLK_IO. */
wlk_status wlk_wall_network(const char *name, struct wlk_fault *fault) WLK_MUST_USE;

/* Takes view and limits of everything that a port does not need, or, for the guard, of all
 * but folder, in which it stands then and which becomes "/". Where the process is not root,
 * limits only. Clears the signal that comes when the parent dies: ask for it after this.
 * WLK_IO. */
wlk_status wlk_wall_view(enum wlk_wall_kind kind, const char *folder, uid_t user,
                         struct wlk_fault *fault) WLK_MUST_USE;

/* Allows the calls of that kind from now on, for every thread. WLK_IO. */
wlk_status wlk_wall_calls(enum wlk_wall_kind kind, struct wlk_fault *fault) WLK_MUST_USE;

#endif
