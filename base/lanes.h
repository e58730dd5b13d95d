/* lanes.h -- one formula on several numbers at once, in the compiler's vector types.
 *
 * A file of lanes is compiled once for each kind of processor, with WLK_LANES_WIDTH numbers in
 * a vector and WLK_LANES_NAME as what its functions are called then (tracking/meson.build); it
 * does its eight numbers in 8 / WLK_LANES_WIDTH parts. All that is used is correctly rounded
 * (+ - * / sqrt) and contracts nothing: every kind gives the same bits.
 * Read by: the files of lanes; others ask only for wlk_lanes_kind.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_BASE_LANES_H
#define WLK_BASE_LANES_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { WLK_LANES = 8 };

/* What a processor may have. */
enum wlk_lanes_kind { WLK_LANES_PLAIN, WLK_LANES_AVX2, WLK_LANES_AVX512 };
enum { WLK_LANES_KINDS = 3 };

/* Is this one compiled in, and does the machine have it? PLAIN always is. */
bool wlk_lanes_can(enum wlk_lanes_kind kind);

/* The widest that it has. */
enum wlk_lanes_kind wlk_lanes_best(void);

/* "AVX-512" and the like. */
const char *wlk_lanes_words(enum wlk_lanes_kind kind);

#ifndef WLK_LANES_WIDTH
#define WLK_LANES_WIDTH 2
#endif

typedef double wlk_lanes __attribute__((vector_size(8 * WLK_LANES_WIDTH)));
typedef int64_t wlk_lanes_mask __attribute__((vector_size(8 * WLK_LANES_WIDTH)));
typedef uint64_t wlk_lanes_bits __attribute__((vector_size(8 * WLK_LANES_WIDTH)));

/* From memory of any alignment. */
static inline wlk_lanes wlk_lanes_load(const double from[])
{
    wlk_lanes out;
    memcpy(&out, from, sizeof out);
    return out;
}

/* And to it. */
static inline void wlk_lanes_store(wlk_lanes from, double out[])
{
    memcpy(out, &from, sizeof from);
}

/* The same number in all. */
static inline wlk_lanes wlk_lanes_all(double x)
{
    return x - (wlk_lanes){0};
}

/* Where the mask is -1, a, where it is 0, b. */
static inline wlk_lanes wlk_lanes_choose(wlk_lanes_mask mask, wlk_lanes a, wlk_lanes b)
{
    return (wlk_lanes)(((wlk_lanes_mask)a & mask) | ((wlk_lanes_mask)b & ~mask));
}

/* The lesser; b if one is no number. */
static inline wlk_lanes wlk_lanes_min(wlk_lanes a, wlk_lanes b)
{
    return wlk_lanes_choose(a < b, a, b);
}

/* The greater; b if one is no number. */
static inline wlk_lanes wlk_lanes_max(wlk_lanes a, wlk_lanes b)
{
    return wlk_lanes_choose(a > b, a, b);
}

/* Is one of it -1? */
static inline bool wlk_lanes_any(wlk_lanes_mask mask)
{
    int64_t each[WLK_LANES_WIDTH], sum = 0;
    memcpy(each, &mask, sizeof each);
    for (int i = 0; i < WLK_LANES_WIDTH; i++)
        sum |= each[i];
    return sum != 0;
}

/* As sqrt() of each. */
static inline wlk_lanes wlk_lanes_sqrt(wlk_lanes x)
{
    double each[WLK_LANES_WIDTH];
    memcpy(each, &x, sizeof each);
    for (int i = 0; i < WLK_LANES_WIDTH; i++)
        each[i] = sqrt(each[i]);
    memcpy(&x, each, sizeof each);
    return x;
}

/* exp(x) for |x| < 700, to 1e-15 of it: 2^n times a series to the 11th power, |r| < 0.35.
 * Held by: lanes_test.c, against libm. */
static inline wlk_lanes wlk_lanes_exp(wlk_lanes x)
{
    const double round = 0x1.8p52; /* added, the nearest integer stands in the lowest bits */
    wlk_lanes moved = x * 0x1.71547652b82fep0 + round, n = moved - round;
    wlk_lanes r = (x - n * 0x1.62e42fefa3800p-1) - n * 0x1.ef35793c76730p-45; /* ln 2, in two */
    wlk_lanes r2 = r * r, r4 = r2 * r2;
    wlk_lanes low = (1 + r) + r2 * (1.0 / 2 + r * (1.0 / 6));
    wlk_lanes middle = (1.0 / 24 + r * (1.0 / 120)) + r2 * (1.0 / 720 + r * (1.0 / 5040));
    wlk_lanes high =
        (1.0 / 40320 + r * (1.0 / 362880)) + r2 * (1.0 / 3628800 + r * (1.0 / 39916800));
    wlk_lanes series = low + r4 * (middle + r4 * high);
    return (wlk_lanes)((wlk_lanes_bits)series + ((wlk_lanes_bits)moved << 52));
}

#endif
