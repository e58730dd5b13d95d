/* certificates.h -- makes the X.509 certificates of one enclave: CA, node, hub listener.
 *
 * X.509 is for transport only. Ed25519 keys; key files 0600. For start-up tools.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EXCHANGE_CERTIFICATES_H
#define WLK_EXCHANGE_CERTIFICATES_H

#include "base/clock.h"
#include "record/header.h"

struct wlk_certificate_order {
    const char *directory; /* must exist; holds the enclave's ca.crt and ca.key */
    const char *name;      /* of the files: NAME.crt and NAME.key; "ca" makes the CA */
    const char *common_name;
    bool is_server;        /* a hub's listener; else a node */
    wlk_utc not_before, not_after; /* wall time */
};

/* Makes a key and a certificate, the CA's signed by itself, others by directory/ca.key.
 * *pin_out (may be NULL) is SHA-256 of its SubjectPublicKeyInfo, as an arrangement pins it.
 * WLK_IO a file cannot be read or written, or exists already; fault names it. */
wlk_status wlk_certificate_make(const struct wlk_certificate_order *order,
                                wlk_digest *pin_out, struct wlk_fault *fault) WLK_MUST_USE;

/* The pin of a certificate file. WLK_IO, WLK_BAD_INPUT. */
wlk_status wlk_certificate_pin(const char *path, wlk_digest *out,
                               struct wlk_fault *fault) WLK_MUST_USE;

/* When it runs out, wall time. Statuses as above. */
wlk_status wlk_certificate_until(const char *path, wlk_utc *out,
                                 struct wlk_fault *fault) WLK_MUST_USE;

#endif
