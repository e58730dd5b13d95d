/* seqs_test.c -- does the bookkeeping of a lane agree with a plain list of seqs?
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"
#include "base/tap.h"
#include "exchange/seqs.h"

#include <string.h>

enum { SEQS = 3000 };

static uint64_t head_of(const bool *has)
{
    uint64_t head = 0;
    while (head + 1 < SEQS && has[head + 1])
        head++;
    return head;
}

static bool agrees(const struct wlk_seqs *seqs, const bool *has)
{
    uint64_t first, last, highest = 0;
    for (uint64_t s = 1; s < SEQS; s++) {
        highest = has[s] ? s : highest;
        if (wlk_seqs_has(seqs, s) != has[s])
            return false;
    }
    uint64_t head = head_of(has);
    bool is_missing = wlk_seqs_missing(seqs, 0, &first, &last);
    if (seqs->head != head || is_missing != (highest > head))
        return false;
    return !is_missing || (first == head + 1 && !has[last] && has[last + 1]);
}

static void test_against_list(void)
{
    struct wlk_random random = wlk_random_seeded(3, 0);
    bool all = true;
    for (int run = 0; run < 20; run++) {
        static struct wlk_seqs seqs;
        static bool has[SEQS + 1];
        memset(&seqs, 0, sizeof seqs);
        memset(has, 0, sizeof has);
        for (int i = 0; i < 40; i++) {
            uint64_t first = 1 + wlk_random_below(&random, SEQS - 200);
            uint64_t last = first + wlk_random_below(&random, run % 2 ? 150 : 3);
            if (wlk_random_below(&random, 3) == 0)
                first = seqs.head + 1 <= last ? seqs.head + 1 : first;
            for (uint64_t s = first; s <= last; s++)
                has[s] = true;
            all = wlk_seqs_note(&seqs, first, last) == 0 && agrees(&seqs, has) && all;
        }
    }
    wlk_check(all, "head, window and gaps agree with a plain list over 20 random runs");
}

static void test_limits(void)
{
    static struct wlk_seqs seqs;
    memset(&seqs, 0, sizeof seqs);
    wlk_check(wlk_seqs_note(&seqs, 5, 5) == 0 && seqs.head == 0 && seqs.highest == 5,
              "a seq behind a gap is remembered");
    uint64_t given_up = wlk_seqs_note(&seqs, 6000, 6000);
    wlk_check(seqs.head == 6000 - WLK_SEQS_WINDOW && given_up == seqs.head - 1,
              "beyond the window the oldest gaps are given up, and counted");
    wlk_check(!wlk_seqs_has(&seqs, 5999) && wlk_seqs_has(&seqs, 6000) &&
                  wlk_seqs_has(&seqs, 5),
              "what is inside the window stays exact");
    given_up = wlk_seqs_note(&seqs, UINT64_C(1) << 60, UINT64_C(1) << 60);
    wlk_check(seqs.highest == UINT64_C(1) << 60 && given_up > 0,
              "a leap by 2^60 ends in bounded time");
    given_up = wlk_seqs_note(&seqs, 1, UINT64_C(1) << 61);
    wlk_check(seqs.head == UINT64_C(1) << 61 && given_up == 0,
              "a range from the start closes every gap");
    memset(&seqs, 0, sizeof seqs);
    uint64_t first, last;
    wlk_check(wlk_seqs_missing(&seqs, 3, &first, &last) && first == 1 && last == 3,
              "what a heartbeat claims is missing though nothing came behind it");
}

int main(void)
{
    test_against_list();
    test_limits();
    return wlk_tap_done();
}
