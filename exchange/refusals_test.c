/* refusals_test.c -- is every refused number in one notice, and in one only, whatever comes in
 * between, and through a crash?
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"
#include "base/tap.h"
#include "exchange/refusals.h"
#include "record/seal.h"

#include <stdio.h>

enum { LANES = 40, CLAUSES = 3, SEQS = 600, STEPS = 40000 };
static const char *const CLAUSE[CLAUSES] = {"rate", "event", "N1"};

/* By lane (two recipients of twenty generations): what was refused, and what was told. */
static uint8_t refused[LANES][SEQS + 1], told[LANES][SEQS + 1];
static uint64_t notices, numbers, wrong;

static struct wlk_run one_of(size_t l, uint64_t seq, size_t clause)
{
    struct wlk_run run = {.agreement = {{1}}};
    struct wlk_refused_content *out = &run.refused;
    out->originator = wlk_name_of("KR");
    out->recipient = wlk_name_of(l % 2 ? "JP" : "US");
    out->lane = (struct wlk_lane){wlk_name_of("TMW-1"), WLK_CLASS_TRACK, WLK_NATURE_REAL,
                                  l / 2};
    out->first_seq = out->last_seq = seq;
    out->digest.bytes[0] = (uint8_t)seq;
    snprintf(out->clause, sizeof out->clause, "%s", CLAUSE[clause]);
    return run;
}

/* The notice: its numbers are those refused under its clause, and not told before. */
static void tell(struct wlk_refusals *refusals, const struct wlk_run *run)
{
    const struct wlk_refused_content *says = &run->refused;
    size_t l = (size_t)says->lane.generation * 2 + wlk_name_equal(says->recipient,
                                                                  wlk_name_of("JP"));
    notices++;
    wrong += says->digest.bytes[0] != (uint8_t)says->last_seq ||
             says->last_seq - says->first_seq >= WLK_REFUSED_RUN_MAX;
    for (uint64_t seq = says->first_seq; seq <= says->last_seq; seq++) {
        size_t clause = refused[l][seq];
        wrong += !clause || strcmp(CLAUSE[clause - 1], says->clause) != 0;
        told[l][seq]++;
        numbers++;
    }
    wlk_refusals_done(refusals, run);
}

static void refuse(struct wlk_refusals *refusals, size_t l, uint64_t seq, size_t clause)
{
    struct wlk_run one = one_of(l, seq, clause);
    const struct wlk_run *due;
    refused[l][seq] = (uint8_t)(clause + 1);
    while ((due = wlk_refusals_add(refusals, &one)) != NULL)
        tell(refusals, due);
}

static void tell_all(struct wlk_refusals *refusals)
{
    const struct wlk_run *due;
    while ((due = wlk_refusals_next(refusals)) != NULL)
        tell(refusals, due);
}

static void test_all_once(struct wlk_journal *journal)
{
    static struct wlk_refusals refusals;
    struct wlk_random random = wlk_random_seeded(9, 1);
    uint64_t seq[LANES] = {0}, crashes = 0, missing = 0, doubled = 0, count = 0;
    size_t clause = 0;
    wlk_refusals_open(&refusals, journal);
    for (unsigned i = 0; i < STEPS; i++) {
        size_t l = wlk_random_below(&random, LANES);
        if (wlk_random_below(&random, 50) == 0)
            clause = wlk_random_below(&random, CLAUSES);
        for (uint64_t run = wlk_random_below(&random, 8); run > 0 && seq[l] < SEQS; run--)
            refuse(&refusals, l, ++seq[l], clause);
        if (seq[l] < SEQS && wlk_random_below(&random, 3) == 0)
            seq[l]++; /* one that passes */
        if (wlk_random_below(&random, 60) == 0)
            tell_all(&refusals);
        if (wlk_random_below(&random, 100) == 0) {
            wlk_refusals_open(&refusals, journal); /* a crash: memory is gone */
            crashes++;
        }
    }
    tell_all(&refusals);
    for (size_t l = 0; l < LANES; l++)
        for (uint64_t s = 1; s <= SEQS; s++) {
            count += refused[l][s] != 0;
            missing += refused[l][s] && !told[l][s];
            doubled += told[l][s] > 1;
        }
    wlk_check(count > 10000 && missing == 0 && doubled == 0 && wrong == 0 && numbers == count,
              "%llu refused numbers, %llu crashes: each is told once, under its clause "
              "(%llu missing, %llu doubled, %llu wrong)", (unsigned long long)count,
              (unsigned long long)crashes, (unsigned long long)missing,
              (unsigned long long)doubled, (unsigned long long)wrong);
    wlk_check(notices * 2 < numbers, "by %llu notices", (unsigned long long)notices);
}

static void test_bounds(struct wlk_journal *journal)
{
    static struct wlk_refusals refusals;
    memset(refused, 0, sizeof refused);
    memset(told, 0, sizeof told);
    notices = numbers = wrong = 0;
    wlk_refusals_open(&refusals, journal);
    wlk_check(!wlk_refusals_next(&refusals), "what was told is not begun again");
    for (uint64_t seq = 1; seq <= SEQS; seq++)
        refuse(&refusals, 0, seq, 0);
    tell_all(&refusals);
    wlk_check(notices == (SEQS + WLK_REFUSED_RUN_MAX - 1) / WLK_REFUSED_RUN_MAX && !wrong,
              "a run of %d takes %llu notices", SEQS, (unsigned long long)notices);
    for (uint64_t i = 0; i < WLK_RUNS_MAX + 10; i++) {
        struct wlk_run one = one_of(0, 1, 0);
        const struct wlk_run *due;
        one.refused.lane.generation = 100 + i;
        while ((due = wlk_refusals_add(&refusals, &one)) != NULL) {
            notices++;
            wlk_refusals_done(&refusals, due);
        }
    }
    size_t left = 0;
    for (const struct wlk_run *due; (due = wlk_refusals_next(&refusals)) != NULL; left++)
        wlk_refusals_done(&refusals, due);
    wlk_check(left == WLK_RUNS_MAX, "more lanes than places: the oldest are told at once");
}

static void test_covered(struct wlk_journal *journal)
{
    struct wlk_lane lane = {wlk_name_of("TMW-1"), WLK_CLASS_WARN, WLK_NATURE_REAL, 1};
    wlk_digest digest = {{0}};
    uint64_t first, last;
    int64_t id;
    bool is_right = wlk_journal_lane(journal, wlk_name_of("KR"), &lane, &id) == WLK_OK;
    is_right = is_right && wlk_journal_refuse(journal, id, 5, 8, &digest) == WLK_OK &&
               wlk_journal_refuse(journal, id, 6, 6, &digest) == WLK_OK &&
               wlk_journal_refuse(journal, id, 7, 8, &digest) == WLK_OK &&
               wlk_journal_refuse(journal, id, 7, 9, &digest) == WLK_OK;
    for (uint64_t seq = 5; seq <= 9; seq++)
        is_right = is_right &&
                   wlk_journal_refused(journal, id, seq, &first, &last, &digest) == WLK_OK &&
                   first <= seq && seq <= last;
    is_right = is_right &&
               wlk_journal_refused(journal, id, 1, &first, &last, &digest) == WLK_OK;
    wlk_check(is_right && last == 6, "ranges of two hubs that overlap: each number is found");
}

int main(void)
{
    struct wlk_journal *journal;
    if (wlk_seal_init() != WLK_OK ||
        wlk_journal_open(":memory:", wlk_name_of("HON-A"), &journal, NULL) != WLK_OK)
        return 1;
    test_all_once(journal);
    test_bounds(journal);
    test_covered(journal);
    wlk_journal_close(journal);
    return wlk_tap_done();
}
