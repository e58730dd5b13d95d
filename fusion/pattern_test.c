/* pattern_test.c -- are two nations' tracks of a salvo laid on each other rightly?
 * SPDX-License-Identifier: Apache-2.0 */
#include "fusion/pattern.h"

#include "base/random.h"
#include "base/tap.h"

#include <math.h>

enum { MANY = 18, TRIES = 100 };
static const double SIGMA_M = 150, SIGMA_MPS = 4;
static struct wlk_pattern_table table;
static struct wlk_pattern pattern;

/* Row of tracks, each along a line, spacing apart, off by offset and by its own error. */
static void draw_row(struct wlk_random *random, size_t count, double spacing_m,
                     const double offset_m[3], double said_m, struct wlk_state out[MANY])
{
    static const double ALONG[3] = {0.3, -0.8, 0.5};
    for (size_t n = 0; n < count; n++) {
        out[n] =
            (struct wlk_state){.phase = WLK_PHASE_COAST, .log_inverse_beta = log(1.0 / 4000)};
        for (int i = 0; i < 3; i++) {
            out[n].position_m[i] = 3.9e6 + (double)n * spacing_m * ALONG[i] + offset_m[i] +
                                   SIGMA_M * wlk_random_normal(random);
            out[n].velocity_mps[i] = 2.4e3 + SIGMA_MPS * wlk_random_normal(random);
            out[n].covariance[i][i] = SIGMA_M * SIGMA_M + said_m * said_m;
            out[n].covariance[i + 3][i + 3] = SIGMA_MPS * SIGMA_MPS;
        }
    }
}

static void match(const struct wlk_state one[], size_t count, const struct wlk_state other[],
                  size_t other_count)
{
    const struct wlk_state *a[MANY], *b[MANY];
    for (size_t i = 0; i < count; i++)
        a[i] = &one[i];
    for (size_t i = 0; i < other_count; i++)
        b[i] = &other[i];
    wlk_pattern_match(a, count, b, other_count, &table, &pattern);
}

/* How many of 100 salvos are laid rightly, the second nation's off by offset and without its
 * first tracks. */
static int count_right(size_t count, size_t missing, double spacing_m, const double offset_m[3],
                       double said_m)
{
    static const double NONE[3];
    struct wlk_random random = wlk_random_seeded(17, count);
    struct wlk_state one[MANY], other[MANY];
    int right = 0;
    for (int t = 0; t < TRIES; t++) {
        draw_row(&random, count, spacing_m, NONE, said_m, one);
        draw_row(&random, count, spacing_m, offset_m, said_m, other);
        match(one, count, other + missing, count - missing);
        bool is_right = true;
        for (size_t i = 0; i < count; i++)
            is_right = is_right && pattern.mate[i] == (int)i - (int)missing;
        right += is_right;
    }
    return right;
}

static void finds_mates(void)
{
    static const double NONE[3], FAR[3] = {500, -900, 600}; /* 1.2 km, and 0.8 sigmas of it */
    int right = count_right(5, 0, 2000, FAR, 0);
    wlk_check(right >= 98, "5 tracks 2 km apart, off by 1.2 km: right in %d of 100", right);
    right = count_right(5, 0, 1000, FAR, 0);
    wlk_check(right >= 95, "5 tracks 1 km apart, off by more than that: %d", right);
    right = count_right(MANY, 0, 1000, FAR, 0);
    wlk_check(right >= 80, "18 tracks 1 km apart, off by one place: %d", right);
    right = count_right(MANY, 0, 1000, FAR, 870);
    wlk_check(right >= 90, "where the covariance says the bias, neighbours are not swapped: %d",
              right);
    right = count_right(5, 1, 2000, NONE, 0);
    wlk_check(right >= 98, "one that only one nation sees is alone where biases are small: %d",
              right);
}

static void knows_when_it_is_not_sure(void)
{
    static const double NONE[3], FAR[3] = {300, -800, 500};
    struct wlk_random random = wlk_random_seeded(18, 0);
    struct wlk_state one[MANY], other[MANY];
    int sure = 0, whole = 0;
    for (int t = 0; t < TRIES; t++) {
        draw_row(&random, 5, 1000, NONE, 870, one);
        draw_row(&random, 5, 1000, FAR, 870, other);
        match(one, 5, other, 5);
        whole += pattern.lead[2] >= WLK_PATTERN_SURE;
        match(one, 5, other + 1, 4);
        sure += pattern.lead[2] >= WLK_PATTERN_SURE_OF_PART && pattern.mate[2] != 1;
    }
    wlk_check(whole >= 90, "a whole pattern is sure in %d of 100", whole);
    wlk_check(sure <= 2, "one with an end missing may lie a place aside: sure of it in %d",
              sure);
}

static void is_symmetric(void)
{
    static const double NONE[3], FAR[3] = {500, -900, 600};
    struct wlk_random random = wlk_random_seeded(19, 0);
    struct wlk_state one[MANY], other[MANY];
    struct wlk_pattern there;
    bool is_same = true;
    for (int t = 0; t < 20; t++) {
        draw_row(&random, 6, 3000, NONE, 0, one);
        draw_row(&random, 5, 3000, FAR, 0, other);
        match(one, 6, other, 5);
        there = pattern;
        match(other, 5, one, 6);
        for (int i = 0; i < 5; i++)
            is_same = is_same && pattern.mate[i] >= 0 && there.mate[pattern.mate[i]] == i;
        for (int k = 0; k < 3; k++)
            is_same = is_same && fabs(pattern.offset_m[k] + there.offset_m[k]) < 1;
    }
    wlk_check(is_same, "from either side it is the same, the offset with the other sign");
}

static void one_far(void)
{
    static const double NONE[3];
    struct wlk_random random = wlk_random_seeded(20, 0);
    struct wlk_state one[MANY], other[MANY];
    draw_row(&random, 6, 5000, NONE, 0, one);
    draw_row(&random, 6, 5000, NONE, 0, other);
    other[2].position_m[0] += 3000;
    match(one, 6, other, 6);
    bool is_right = pattern.mate[2] == -1;
    for (int i = 0; i < 6; i++)
        is_right = is_right && (i == 2 || pattern.mate[i] == i);
    wlk_check(is_right, "one that is 3 km beside is nobody's mate, and moves no other");
    wlk_check(!wlk_pattern_is_near(&one[0], &one[4]) && wlk_pattern_is_near(&one[0], &other[0]),
              "20 km is far for any bias");
}

int main(void)
{
    finds_mates();
    knows_when_it_is_not_sure();
    is_symmetric();
    one_far();
    return wlk_tap_done();
}
