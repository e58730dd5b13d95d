/* hub_test.c -- does what one nation seals reach exactly whom the arrangements say, through
 * cuts, crashes and withdrawals? Posts and hubs as they run in life, over transport_loop.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/tap.h"
#include "programs/share.h"
#include "programs/soak_world.h"

#include <stdio.h>
#include <string.h>

enum { JP, KR, US };

static struct wlk_post_counts post_counts[WLK_SOAK_NATIONS];
static struct wlk_hub_counts hub_counts;

static struct wlk_soak_counts run(struct wlk_soak_options options)
{
    char folder[1024], line[512];
    struct wlk_soak_counts counts = {0};
    struct wlk_soak_world *world = NULL;
    struct wlk_fault fault = {0};
    wlk_status status = wlk_share_path("arrangements", folder, sizeof folder);
    options.folder = folder;
    if (status == WLK_OK)
        status = wlk_soak_open(&options, &world, &fault);
    wlk_fault_line(&fault, line, sizeof line);
    if (!wlk_check(status == WLK_OK, "a coalition of seed %d opens %s", (int)options.seed,
                   status == WLK_OK ? "" : line))
        return counts;
    wlk_soak_run(world);
    wlk_soak_judge(world, &counts);
    for (size_t n = 0; n < WLK_SOAK_NATIONS; n++)
        post_counts[n] = *wlk_soak_post_count(world, n);
    hub_counts = *wlk_soak_hub_count(world, 0);
    wlk_soak_close(world);
    wlk_note(
        "%llu records, owed %llu, delivered %llu, refused %llu, withdrawn %llu; %llu cuts, "
        "%llu crashes",
        (unsigned long long)counts.records, (unsigned long long)counts.owed,
        (unsigned long long)counts.delivered, (unsigned long long)counts.refused,
        (unsigned long long)counts.withdrawn, (unsigned long long)counts.cuts,
        (unsigned long long)counts.crashes);
    return counts;
}

static void check_whole(const struct wlk_soak_counts *counts)
{
    wlk_check(counts->delivered > 500, "records come through");
    wlk_check(counts->lost == 0, "nothing is lost: each is delivered or covered by a notice");
    wlk_check(counts->doubled == 0, "nothing is delivered twice");
    wlk_check(counts->forbidden == 0, "nothing comes that the arrangements forbid");
}

static void test_calm(void)
{
    struct wlk_soak_options options = {.seed = 1, .hub_count = 1, .duration_s = 60};
    struct wlk_soak_counts counts = run(options);
    check_whole(&counts);
    wlk_check(counts.passed[JP][KR] > 0 && counts.passed[KR][JP] > 0 &&
                  counts.passed[US][JP] > 0,
              "all directions flow");
    wlk_check(counts.refused > 0 && hub_counts.refused == counts.refused &&
                  hub_counts.noticed == counts.refused,
              "each refused record is in one notice");
    wlk_check(hub_counts.notices * 2 < hub_counts.noticed,
              "and a run of them in one: %llu notices of %llu",
              (unsigned long long)hub_counts.notices, (unsigned long long)hub_counts.noticed);
    wlk_check(hub_counts.passed + hub_counts.trimmed == counts.delivered,
              "the hub's verdicts are what arrived");
    uint64_t odd = hub_counts.malformed + hub_counts.bad_signature + hub_counts.impostor +
                   hub_counts.broken_chain + hub_counts.out_of_order + hub_counts.unsealed;
    for (size_t n = 0; n < WLK_SOAK_NATIONS; n++)
        odd += post_counts[n].malformed + post_counts[n].bad_signature +
               post_counts[n].spilled + post_counts[n].broken_chain + post_counts[n].diverged +
               post_counts[n].dropped + post_counts[n].gaps;
    wlk_check(odd == 0, "and in calm nothing odd is counted anywhere");
}

static void test_unsigned(void)
{
    wlk_name korea = wlk_name_of("KR");
    struct wlk_soak_options options = {.seed = 2, .hub_count = 1, .duration_s = 60,
                                       .without = &korea};
    struct wlk_soak_counts counts = run(options);
    wlk_check(counts.passed[JP][KR] == 0 && counts.passed[KR][JP] == 0,
              "with one signature missing 0 records pass between JP and KR");
    wlk_check(counts.passed[JP][US] > 0 && counts.passed[KR][US] > 0,
              "while both still reach the US under their own arrangements");
}

/* The nodes hold the arrangement for good and send; the hub is the only wall left. */
static void test_hub_alone(void)
{
    struct wlk_soak_options options = {.seed = 2, .hub_count = 1, .duration_s = 40,
                                       .is_hub_wary = true};
    struct wlk_soak_counts counts = run(options);
    wlk_check(counts.passed[JP][KR] == 0 && counts.passed[KR][JP] == 0 &&
                  counts.passed[KR][US] == 0,
              "a hub that does not trust a signature passes nothing under it");
    wlk_check(counts.passed[JP][US] + counts.passed[US][JP] > 0 && hub_counts.bad_signature > 0,
              "counts what it dropped, and goes on with the others");
}

static void test_withdrawal(void)
{
    struct wlk_soak_options options = {.seed = 3, .hub_count = 1, .duration_s = 80,
                                       .is_keyed_hash = true, .has_withdrawal = true};
    struct wlk_soak_counts counts = run(options);
    wlk_check(counts.passed[JP][KR] > 0 && counts.forbidden == 0,
              "after a withdrawal nothing is delivered that was not before");
    wlk_check(counts.lost == 0 && counts.doubled == 0, "and the rest is whole");
}

static void test_faults(void)
{
    for (uint64_t seed = 12; seed < 16; seed++) {
        struct wlk_soak_options options = {.seed = seed, .hub_count = 1 + seed % 2,
                                           .duration_s = 60, .is_keyed_hash = true,
                                           .has_faults = true, .has_withdrawal = seed == 15};
        struct wlk_soak_counts counts = run(options);
        check_whole(&counts);
    }
}

static void test_replay(void)
{
    struct wlk_soak_options options = {.seed = 21, .hub_count = 2, .duration_s = 40,
                                       .is_keyed_hash = true, .has_faults = true};
    struct wlk_soak_counts a = run(options), b = run(options);
    wlk_check(!memcmp(&a, &b, sizeof a), "the same seed gives the same run, bit for bit");
    options.is_keyed_hash = false;
    struct wlk_soak_counts c = run(options);
    wlk_check(a.records == c.records && a.delivered == c.delivered && a.refused == c.refused,
              "a keyed hash in the place of Ed25519 changes no count");
    options.seed = 22;
    b = run(options);
    wlk_check(memcmp(&a.digest, &b.digest, sizeof a.digest), "another seed gives another");
}

int main(void)
{
    test_calm();
    test_unsigned();
    test_hub_alone();
    test_withdrawal();
    test_faults();
    test_replay();
    return wlk_tap_done();
}
