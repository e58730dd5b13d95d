/* udp.h -- the socket on which radars' datagrams arrive, and the one they leave from.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_UDP_H
#define WLK_PROGRAMS_UDP_H

#include "base/status.h"

/* A nonblocking UDP socket bound to host and port (numbers, or a name).
 * WLK_IO fault says it in one line (port in use). */
wlk_status wlk_udp_open(const char *host, const char *port, int *descriptor,
                        struct wlk_fault *fault) WLK_MUST_USE;

/* A UDP socket that sends to host and port. WLK_IO as above. */
wlk_status wlk_udp_dial(const char *host, const char *port, int *descriptor,
                        struct wlk_fault *fault) WLK_MUST_USE;

#endif
