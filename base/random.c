/* random.c -- seeded generator.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"

#include "base/assert.h"

#include <math.h>

__extension__ typedef unsigned __int128 wide;

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

struct wlk_random wlk_random_seeded(uint64_t seed, uint64_t stream)
{
    uint64_t mixed = seed;
    mixed = splitmix(&mixed) ^ (stream * 0xd1342543de82ef95u);
    struct wlk_random random;
    for (int i = 0; i < 4; i++)
        random.state[i] = splitmix(&mixed);
    return random;
}

static uint64_t rotate(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

uint64_t wlk_random_bits(struct wlk_random *random)
{
    uint64_t *s = random->state;
    uint64_t result = rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

double wlk_random_uniform(struct wlk_random *random)
{
    return (double)(wlk_random_bits(random) >> 11) * 0x1p-53;
}

double wlk_random_normal(struct wlk_random *random)
{
    double u = 1.0 - wlk_random_uniform(random);
    double v = wlk_random_uniform(random);
    return sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v);
}

uint64_t wlk_random_below(struct wlk_random *random, uint64_t bound)
{
    WLK_ASSERT(bound > 0);
    return (uint64_t)(((wide)wlk_random_bits(random) * bound) >> 64);
}
