/* sample.h -- random valid arrangements and fixed keys, for tests and fuzz seeds only.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RELEASE_SAMPLE_H
#define WLK_RELEASE_SAMPLE_H

#include "base/random.h"
#include "release/arrangement.h"

/* Sixty-four Ed25519 keys; the same ones in every run. */
enum { WLK_SAMPLE_KEYS = 64 };
const struct wlk_secret_key *wlk_sample_key(unsigned number);

/* A random arrangement that obeys every rule; each optional part comes and goes. */
void wlk_sample_arrangement(struct wlk_random *random, struct wlk_arrangement *out);

/* A shipped template ("tmw.txt") with keys: party i has root key 3i, real 3i + 1, exercise
 * 3i + 2; hubs follow the parties, with real 3i + 1 and exercise 3i + 2. In force from
 * 2026-11-22 for a year. False: the file cannot be read. */
bool wlk_sample_shipped(const char *file, struct wlk_arrangement *out);

/* 2026-11-23T00:00:00Z, inside that term. */
wlk_utc wlk_sample_now(void);

#endif
