/* liars_test.c -- a hub that breaks its word is proved to, and nobody else is. Each misdeed
 * once; all of it: programs/soak_*, make soak. And an honest hub is not accused.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/tap.h"
#include "programs/share.h"
#include "programs/soak_world.h"

/* Seed 480 of make soak-long accused an honest hub. */
static bool is_honest_accused(const char *folder)
{
    struct wlk_soak_options options = {.seed = 480, .hub_count = 1, .duration_s = 250,
                                       .quiet = 20000, .kept_s = 30, .has_faults = true,
                                       .is_keyed_hash = true, .folder = folder};
    struct wlk_soak_counts counts = {.accusations = 1};
    struct wlk_soak_world *world;
    if (wlk_soak_open(&options, &world, NULL) != WLK_OK)
        return true;
    wlk_soak_run(world);
    wlk_soak_judge(world, &counts);
    wlk_soak_close(world);
    return counts.accusations > 0 || counts.records == 0 || counts.pruned == 0;
}

int main(void)
{
    char folder[1024];
    if (wlk_share_path("arrangements", folder, sizeof folder) != WLK_OK)
        return 1;
    static const char *const WHAT[WLK_SOAK_MISDEED_END] = {
        [WLK_SOAK_DROP] = "keeps warnings back", [WLK_SOAK_DELAY] = "delays them",
        [WLK_SOAK_REORDER] = "swaps them", [WLK_SOAK_DOUBLE] = "sends them twice",
        [WLK_SOAK_TWO_FACES] = "shows two faces"};
    for (int misdeed = WLK_SOAK_DROP; misdeed < WLK_SOAK_MISDEED_END; misdeed++) {
        struct wlk_soak_options options = {.seed = 2, .hub_count = 2, .duration_s = 60,
                                           .is_keyed_hash = true,
                                           .misdeed = (enum wlk_soak_misdeed)misdeed,
                                           .folder = folder};
        struct wlk_soak_counts counts;
        struct wlk_soak_world *world;
        if (wlk_soak_open(&options, &world, NULL) != WLK_OK)
            return 1;
        wlk_soak_run(world);
        wlk_soak_judge(world, &counts);
        wlk_soak_close(world);
        wlk_check(counts.has_done && counts.proofs > 0 && counts.false_proofs == 0 &&
                      counts.bad_proofs == 0,
                  "a hub that %s: there is proof, and against nobody else", WHAT[misdeed]);
    }
    wlk_check(!is_honest_accused(folder),
              "an honest hub is not accused of what its notices explained and this pruned");
    return wlk_tap_done();
}
