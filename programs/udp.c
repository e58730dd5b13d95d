/* udp.c -- datagram sockets.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/udp.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RECEIVE_BYTES = 4 << 20 }; /* a burst of 20,000 plots while the node is busy */

static wlk_status refuse(struct wlk_fault *fault, const char *rule, const char *host,
                         const char *port)
{
    wlk_fault_set(fault, rule, "%s port %s: %s", host, port, strerror(errno));
    return WLK_IO;
}

static wlk_status open_socket(const char *host, const char *port, int is_bound, int *out,
                              struct wlk_fault *fault)
{
    struct addrinfo wanted = {.ai_socktype = SOCK_DGRAM,
                              .ai_flags = is_bound ? AI_PASSIVE : 0};
    struct addrinfo *found;
    int failed = getaddrinfo(host, port, &wanted, &found);
    if (failed) {
        wlk_fault_set(fault, "no such address", "%s port %s: %s", host, port,
                      gai_strerror(failed));
        return WLK_IO;
    }
    int descriptor = socket(found->ai_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int size = RECEIVE_BYTES;
    if (descriptor >= 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (descriptor >= 0)
        failed = is_bound ? bind(descriptor, found->ai_addr, found->ai_addrlen)
                          : connect(descriptor, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    if (descriptor < 0 || failed) {
        wlk_status status = refuse(fault, is_bound ? "cannot listen for plots"
                                                   : "cannot send plots", host, port);
        if (descriptor >= 0)
            close(descriptor);
        return status;
    }
    *out = descriptor;
    return WLK_OK;
}

wlk_status wlk_udp_open(const char *host, const char *port, int *descriptor,
                        struct wlk_fault *fault)
{
    return open_socket(host, port, 1, descriptor, fault);
}

wlk_status wlk_udp_dial(const char *host, const char *port, int *descriptor,
                        struct wlk_fault *fault)
{
    return open_socket(host, port, 0, descriptor, fault);
}
