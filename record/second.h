/* second.h -- a second verifier of Ed25519 signatures, of another make: OpenSSL.
 *
 * second.c is the only file that sees OpenSSL's signatures. record/seal.c asks both libraries
 * about every signature; where they differ, neither is believed.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RECORD_SECOND_H
#define WLK_RECORD_SECOND_H

#include "base/bytes.h"

#include <stdbool.h>

/* Loads what OpenSSL loads at first use, so that nothing is opened behind the walls of the
 * guard, and asks it about the first signature of RFC 8032 7.1 and about that one damaged.
 * WLK_IO it does not know them apart. */
wlk_status wlk_second_init(void) WLK_MUST_USE;

/* True: by OpenSSL, signature (64 bytes) is over message (from its first byte to its size)
 * under key (32 bytes). Takes and frees memory of OpenSSL's; false where there is none. Keeps
 * what it makes of the last keys. One thread. */
bool wlk_second_is_signed(const struct wlk_reader *message, const uint8_t *key,
                          const uint8_t *signature);

#endif
