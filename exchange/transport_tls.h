/* transport_tls.h -- the bearer over mutual TLS 1.3.
 *
 * Each enclave has a CA of its own; a context trusts exactly one CA, shows one certificate,
 * and may pin the key hashes of its peers. Everything is nonblocking; poll the descriptor.
 * transport_tls.c and certificates.c are the only files that see OpenSSL.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EXCHANGE_TRANSPORT_TLS_H
#define WLK_EXCHANGE_TRANSPORT_TLS_H

#include "exchange/transport.h"
#include "record/header.h"

enum {
    WLK_TLS_PINS_MAX = 4,
    WLK_TLS_SEND_SIZE = 4 * WLK_FRAME_SIZE_MAX /* bytes waiting in one connection */
};

struct wlk_tls;

struct wlk_tls_options {
    bool is_server;
    const char *authority_path;   /* the enclave's CA, PEM */
    const char *certificate_path; /* our own, PEM */
    const char *key_path;         /* its key, PEM; not readable by others */
    size_t pin_count;             /* 0: any certificate of that CA */
    wlk_digest pin[WLK_TLS_PINS_MAX]; /* SHA-256 of the peer's SubjectPublicKeyInfo */
    size_t connections_max;       /* memory for so many is taken now */
};

/* Reads keys and certificates. WLK_BAD_INPUT a file is malformed or does not fit the others,
 * or others can read the key; WLK_IO cannot be read, or no memory. fault names the file. */
wlk_status wlk_tls_open(const struct wlk_tls_options *options, struct wlk_tls **out,
                        struct wlk_fault *fault) WLK_MUST_USE;

/* Frees; every connection must have been closed. NULL is allowed. */
void wlk_tls_close(struct wlk_tls *tls);

/* Starts connecting; host a name or an address (a name may wait for the resolver).
 * WLK_FULL connections_max are in use; WLK_IO at once impossible. */
wlk_status wlk_tls_dial(struct wlk_tls *tls, const char *host, const char *port,
                        struct wlk_transport **out, struct wlk_fault *fault) WLK_MUST_USE;

/* A listening socket, nonblocking. WLK_IO: fault says it in one line (port in use). */
wlk_status wlk_tls_listen(const char *host, const char *port, int *descriptor,
                          struct wlk_fault *fault) WLK_MUST_USE;

/* Takes one waiting connection. WLK_NOT_YET none; WLK_FULL taken and closed at once;
 * WLK_IO. */
wlk_status wlk_tls_accept(struct wlk_tls *tls, int descriptor,
                          struct wlk_transport **out) WLK_MUST_USE;

/* What to poll for: descriptor and POLLIN/POLLOUT. */
int wlk_tls_descriptor(const struct wlk_transport *transport);
short wlk_tls_wanted(const struct wlk_transport *transport);

/* SHA-256 of the peer's SubjectPublicKeyInfo, for an arrangement to judge. Once it is open. */
void wlk_tls_peer_key(const struct wlk_transport *transport, wlk_digest *out);

/* Why it closed, in words; "" while open. */
const char *wlk_tls_reason(const struct wlk_transport *transport);

#endif
