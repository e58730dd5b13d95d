/* guard.h -- the guard process of a hub: the pipes to its ports around hub.h.
 *
 * Only the guard has the journal, the decision logs and the keys.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_GUARD_H
#define WLK_PROGRAMS_GUARD_H

#include "programs/hub_config.h"
#include "programs/port.h"

/* The guard's side of one port process. */
struct wlk_guard_port {
    int pipe[WLK_LINK_CLASSES];
};

struct wlk_guard;

/* Opens journal, keys and hub. Statuses of these; fault filled. */
wlk_status wlk_guard_open(const struct wlk_hub_config *config,
                          const struct wlk_guard_port port[WLK_HUB_LISTENS_MAX],
                          struct wlk_guard **out, struct wlk_fault *fault) WLK_MUST_USE;

/* Works until SIGTERM or SIGINT arrives on signals (a signalfd). */
void wlk_guard_run(struct wlk_guard *guard, int signals);

/* Closes journal and hub; the pipes stay the caller's. */
void wlk_guard_close(struct wlk_guard *guard);

#endif
