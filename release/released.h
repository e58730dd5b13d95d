/* released.h -- the cleared record: a type that only release/ can make.
 *
 * bytes -> claim (well formed) -> record (verified) -> released (cleared). The outbox takes
 * only const struct wlk_released *. The struct is completed in release/release.c alone.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RELEASE_RELEASED_H
#define WLK_RELEASE_RELEASED_H

#include "record/header.h"

struct wlk_released;

/* An empty place for one released record (about 70 KiB), or NULL without memory. For
 * start-up; an empty one has size 0. release/release.h fills it. */
struct wlk_released *wlk_released_open(void);
void wlk_released_close(struct wlk_released *released);

/* The bytes to send, and how many; 0 while empty. They stay until it is filled again. */
const uint8_t *wlk_released_bytes(const struct wlk_released *released);
size_t wlk_released_size(const struct wlk_released *released);

/* Its header, and SHA-256 of its sign1. */
const struct wlk_header *wlk_released_header(const struct wlk_released *released);
const wlk_digest *wlk_released_digest(const struct wlk_released *released);

/* Name of the arrangement it is cleared for. */
wlk_name wlk_released_arrangement(const struct wlk_released *released);

/* True at the hub: cleared for one recipient, *out. False at the node: for the lane. */
bool wlk_released_recipient(const struct wlk_released *released, wlk_name *out);

#endif
