/* port.h -- the port of one nation on the hub: a process of its own that owns the listener,
 * the TLS and the framing, and speaks only to the guard, over pipes.
 *
 * One SOCK_SEQPACKET pair per class, so that a warning never waits behind tracks. Messages:
 *     port -> guard   READY; FAILED words; REFUSED words; UP session(4) peer's key(32); DOWN;
 *                     FRAME frame
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
    WLK_PORT_CUT,
    WLK_PORT_REFUSED /* a stranger: said at most once a second, with how many so far */
};

/* A session in a message: big-endian, behind the first byte. */
static inline void wlk_port_put_session(uint8_t *message, uint32_t session)
{
    for (int i = 0; i < 4; i++)
        message[1 + i] = (uint8_t)(session >> (24 - 8 * i));
}

/* The session in such a message. */
static inline uint32_t wlk_port_session(const uint8_t *message)
{
    return (uint32_t)message[1] << 24 | (uint32_t)message[2] << 16 |
           (uint32_t)message[3] << 8 | message[4];
}

enum { WLK_PORT_MESSAGE_MAX = 8 + WLK_FRAME_PREFIX + WLK_FRAME_SIZE_MAX };

struct wlk_port;

/* Reads keys and certificates and listens. pipe[i] is the end for class wlk_post_classes[i];
 * sessions are numbered from first_session. One port a process; *out lives as long as it.
 * Statuses of exchange/transport_tls.h. */
wlk_status wlk_port_open(const struct wlk_hub_listen *listen, const int pipe[WLK_LINK_CLASSES],
                         uint32_t first_session, struct wlk_port **out,
                         struct wlk_fault *fault) WLK_MUST_USE;

/* Tells whoever holds the other ends that it listens, or (fault) why not. */
void wlk_port_say(struct wlk_port *port, const struct wlk_fault *fault);

/* Works until the guard closes its ends; returns the exit code. */
int wlk_port_run(struct wlk_port *port);

#endif
