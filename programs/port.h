/* port.h -- the port of one nation on the hub: a process of its own that owns the listener,
 * the TLS and the framing, and speaks only to the guard, over pipes.
 *
 * One SOCK_SEQPACKET pair per class, so that a warning never waits behind tracks. Messages:
 *     port -> guard   READY; FAILED words; UP session(4); DOWN; FRAME frame
 *     guard -> port   FRAME session(4) frame with prefix; CUT session(4)
 * A session numbers the connections of a class, so that no frame meant for an earlier one
 * goes out on the next. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_PORT_H
#define WLK_PROGRAMS_PORT_H

#include "exchange/frame.h"
#include "exchange/post.h"
#include "programs/hub_config.h"

enum wlk_port_message {
    WLK_PORT_READY = 1,
    WLK_PORT_FAILED,
    WLK_PORT_UP,
    WLK_PORT_DOWN,
    WLK_PORT_FRAME,
    WLK_PORT_CUT
};

enum { WLK_PORT_MESSAGE_MAX = 8 + WLK_FRAME_PREFIX + WLK_FRAME_SIZE_MAX };

/* Runs until the guard closes its ends; returns the exit code. pipe[i] is the end for class
 * wlk_post_classes[i]. Never returns to the caller's other work: call it in the child. */
int wlk_port_run(const struct wlk_hub_listen *listen, const int pipe[WLK_LINK_CLASSES]);

#endif
