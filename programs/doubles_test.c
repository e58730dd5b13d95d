/* doubles_test.c -- what was delivered before is known, what was not is not.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/doubles.h"

#include "base/random.h"
#include "base/tap.h"

#include <stdio.h>

enum { SEQS = 40000, ROUNDS = 60000 };

static struct wlk_doubles doubles;
static bool seen[SEQS]; /* the plain model */

static struct wlk_header header_of(uint64_t seq)
{
    struct wlk_header header = {.originator = wlk_name_of("KR"), .has_seq = true, .seq = seq};
    header.lane.arrangement = wlk_name_of("TMW-1");
    header.lane.record_class = WLK_CLASS_WARN;
    header.lane.nature = WLK_NATURE_EXERCISE;
    header.lane.generation = 7;
    return header;
}

/* Seqs that wander forward, with leaps and returns, against an array of all. */
static void check_model(void)
{
    struct wlk_random random = wlk_random_seeded(5, 0);
    uint64_t newest = 0, wrong = 0, doubled = 0;
    for (int i = 0; i < ROUNDS; i++) {
        uint64_t seq = 1 + newest - wlk_random_below(&random, newest < 200 ? newest + 1 : 200);
        if (wlk_random_below(&random, 4) == 0)
            seq = newest + 1 + wlk_random_below(&random, 3);
        if (wlk_random_below(&random, 10000) == 0)
            seq = newest + WLK_DOUBLES_WINDOW - 1 + wlk_random_below(&random, 3);
        if (seq < 1 || seq >= SEQS)
            break;
        struct wlk_header header = header_of(seq);
        wrong += wlk_doubles_note(&doubles, &header) != seen[seq];
        doubled += seen[seq];
        seen[seq] = true;
        newest = seq > newest ? seq : newest;
    }
    wlk_check(wrong == 0 && doubled > 1000, "every double is known, and nothing else is");
}

static void check_window(void)
{
    struct wlk_header old = header_of(100), new = header_of(100 + WLK_DOUBLES_WINDOW - 1);
    memset(&doubles, 0, sizeof doubles);
    (void)wlk_doubles_note(&doubles, &old);
    (void)wlk_doubles_note(&doubles, &new);
    wlk_check(wlk_doubles_note(&doubles, &old), "the last seq of the window is judged");
    new.seq++;
    (void)wlk_doubles_note(&doubles, &new);
    wlk_check(!wlk_doubles_note(&doubles, &old), "the one before it is not");
    struct wlk_header far = header_of(UINT64_MAX);
    wlk_check(!wlk_doubles_note(&doubles, &far), "the largest seq does no harm");
}

static void check_lanes(void)
{
    struct wlk_header here = header_of(5);
    memset(&doubles, 0, sizeof doubles);
    (void)wlk_doubles_note(&doubles, &here);
    struct wlk_header other[6];
    for (size_t i = 0; i < 6; i++)
        other[i] = here;
    other[0].originator = wlk_name_of("US");
    other[1].lane.arrangement = wlk_name_of("JP-US");
    other[2].lane.record_class = WLK_CLASS_TRACK;
    other[3].lane.nature = WLK_NATURE_TEST;
    other[4].lane.generation = 8;
    other[5].has_seq = false;
    bool any = false;
    for (size_t i = 0; i < 6; i++)
        any |= wlk_doubles_note(&doubles, &other[i]);
    any |= wlk_doubles_note(&doubles, &other[5]);
    wlk_check(!any, "the same seq elsewhere, or without one, is no double");
    wlk_check(wlk_doubles_note(&doubles, &here), "here it is");
    for (uint64_t i = 0; i < 2 * WLK_DOUBLES_LANES_MAX; i++) {
        struct wlk_header more = here;
        more.lane.generation = 100 + i;
        any |= wlk_doubles_note(&doubles, &more);
        any |= !wlk_doubles_note(&doubles, &more);
    }
    wlk_check(!any && doubles.count == WLK_DOUBLES_LANES_MAX,
              "with more lanes than room the newest are judged");
}

int main(void)
{
    check_model();
    check_window();
    check_lanes();
    return wlk_tap_done();
}
