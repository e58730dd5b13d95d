/* soak.c -- `warnlink soak`: the coalition in one process, seed after seed.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/mains.h"
#include "programs/options.h"
#include "programs/share.h"
#include "programs/soak_world.h"

#include <stdio.h>

enum { SEEDS, FIRST, DURATION, HUBS, SIGNED, VERBOSE, OPTION_COUNT };

static void print_digest(const wlk_digest *digest)
{
    for (size_t i = 0; i < 8; i++)
        printf("%02x", digest->bytes[i]);
}

static void print_counts(uint64_t seed, const struct wlk_soak_counts *counts)
{
    printf("seed %llu: %llu records, owed %llu: delivered %llu, refused %llu, withdrawn %llu, "
           "lost %llu, doubled %llu, forbidden %llu; %llu cuts, %llu crashes; ",
           (unsigned long long)seed, (unsigned long long)counts->records,
           (unsigned long long)counts->owed, (unsigned long long)counts->delivered,
           (unsigned long long)counts->refused, (unsigned long long)counts->withdrawn,
           (unsigned long long)counts->lost, (unsigned long long)counts->doubled,
           (unsigned long long)counts->forbidden, (unsigned long long)counts->cuts,
           (unsigned long long)counts->crashes);
    print_digest(&counts->digest);
    putchar('\n');
}

static wlk_status run_seed(const struct wlk_soak_options *options,
                           struct wlk_soak_counts *counts, struct wlk_fault *fault)
{
    struct wlk_soak_world *world;
    wlk_status status = wlk_soak_open(options, &world, fault);
    if (status != WLK_OK)
        return status;
    wlk_soak_run(world);
    wlk_soak_judge(world, counts);
    wlk_soak_close(world);
    return WLK_OK;
}

int wlk_soak_main(int argc, char *argv[])
{
    struct wlk_option option[OPTION_COUNT] = {
        [SEEDS] = {.name = "seeds", .kind = WLK_OPTION_INTEGER, .value = "N",
                   .meaning = "how many runs", .low = 1, .high = 1000000, .integer = 20},
        [FIRST] = {.name = "first", .kind = WLK_OPTION_INTEGER, .value = "S",
                   .meaning = "seed of the first run", .low = 0, .high = 1e15, .integer = 1},
        [DURATION] = {.name = "duration", .kind = WLK_OPTION_NUMBER, .value = "SECONDS",
                      .meaning = "of the virtual clock, each run", .low = 1, .high = 1e6,
                      .number = 60},
        [HUBS] = {.name = "hubs", .kind = WLK_OPTION_INTEGER, .value = "N",
                  .meaning = "1 or 2; else by the seed", .low = 1, .high = WLK_HUBS_MAX},
        [SIGNED] = {.name = "signed", .kind = WLK_OPTION_SWITCH,
                    .meaning = "Ed25519 instead of a keyed hash"},
        [VERBOSE] = {.name = "verbose", .kind = WLK_OPTION_SWITCH,
                     .meaning = "a line for each run"}};
    struct wlk_options options = {
        .program = "warnlink soak",
        .purpose = "run hubs and nations on a virtual clock, with seeded faults",
        .option = option,
        .option_count = OPTION_COUNT};
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    char folder[1024];
    struct wlk_fault fault = {0};
    uint64_t failed = 0, records = 0, first = (uint64_t)option[FIRST].integer;
    if (wlk_share_path("arrangements", folder, sizeof folder) != WLK_OK)
        return 1;
    for (uint64_t seed = first; seed < first + (uint64_t)option[SEEDS].integer; seed++) {
        struct wlk_soak_options run = {.seed = seed,
                                       .hub_count = 1 + seed % WLK_HUBS_MAX,
                                       .duration_s = option[DURATION].number,
                                       .is_keyed_hash = !option[SIGNED].is_given,
                                       .has_faults = true,
                                       .has_withdrawal = seed % 5 == 4,
                                       .folder = folder};
        struct wlk_soak_counts counts;
        if (option[HUBS].is_given)
            run.hub_count = (size_t)option[HUBS].integer;
        if (run_seed(&run, &counts, &fault) != WLK_OK) {
            char line[512];
            wlk_fault_line(&fault, line, sizeof line);
            fprintf(stderr, "warnlink soak: %s\n", line);
            return 1;
        }
        bool is_bad = counts.lost || counts.doubled || counts.forbidden;
        failed += is_bad;
        records += counts.records;
        if (is_bad || option[VERBOSE].is_given)
            print_counts(seed, &counts);
        if (is_bad)
            printf("again: warnlink soak --first %llu --seeds 1 --verbose\n",
                   (unsigned long long)seed);
        fflush(stdout);
    }
    printf("%lld seeds, %llu records, %llu failed\n", (long long)option[SEEDS].integer,
           (unsigned long long)records, (unsigned long long)failed);
    return failed ? 1 : 0;
}
