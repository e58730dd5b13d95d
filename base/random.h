/* random.h -- a seeded generator for rehearsals, soak and tests; never for keys or salts.
 *
 * xoshiro256** (Blackman and Vigna, public domain description, prng.di.unimi.it), seeded by
 * splitmix64. Same seed, same numbers, on every machine.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_BASE_RANDOM_H
#define WLK_BASE_RANDOM_H

#include <stdint.h>

struct wlk_random {
    uint64_t state[4];
};

/* A generator for (seed, stream): different streams of one seed are independent. */
struct wlk_random wlk_random_seeded(uint64_t seed, uint64_t stream);

/* 64 independent even bits. */
uint64_t wlk_random_bits(struct wlk_random *random);

/* Uniform in [0, 1), and standard normal (Box-Muller, two draws each time). */
double wlk_random_uniform(struct wlk_random *random);
double wlk_random_normal(struct wlk_random *random);

/* Uniform in 0..bound-1, bound > 0. */
uint64_t wlk_random_below(struct wlk_random *random, uint64_t bound);

#endif
