/* soak.c -- `warnlink soak`: the coalition in one process, seed after seed.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/mains.h"
#include "programs/options.h"
#include "programs/share.h"
#include "programs/soak_world.h"

#include <stdio.h>
#include <string.h>

enum { SEEDS, FIRST, DURATION, HUBS, HUB, QUIET, SIGNED, VERBOSE, OPTION_COUNT };

static const char *const MISDEEDS[WLK_SOAK_MISDEED_END] = {"honest", "drop", "delay", "reorder",
                                                           "double", "two-faces"};

/* "Suppression shown" (the design, section 11): to who waits for it, to who sent it. */
static const double RECEIVER_S = 3, ORIGINATOR_S = 2;

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

static void print_misdeed(enum wlk_soak_misdeed misdeed, const struct wlk_soak_counts *counts)
{
    printf("  hub %s (%u): %s; alarm at receiver after %.2f s, at originator after %.2f s; "
           "%llu proofs against it, %llu against others, %llu that do not verify\n",
           MISDEEDS[misdeed], counts->variant, counts->has_done ? "done" : "had no occasion",
           counts->receiver_s, counts->originator_s, (unsigned long long)counts->proofs,
           (unsigned long long)counts->false_proofs, (unsigned long long)counts->bad_proofs);
}

/* Nothing that no one may do; and no honest hub or nation is accused. */
static bool is_violated(const struct wlk_soak_counts *counts)
{
    return counts->doubled || counts->forbidden || counts->false_proofs || counts->bad_proofs;
}

static bool is_escaped(const struct wlk_soak_counts *counts)
{
    if (!counts->has_done)
        return false;
    bool is_late_there = counts->is_receiver_wronged &&
                         (counts->receiver_s < 0 || counts->receiver_s > RECEIVER_S);
    bool is_late_here = counts->is_originator_wronged &&
                        (counts->originator_s < 0 || counts->originator_s > ORIGINATOR_S);
    return is_late_there || is_late_here || !counts->proofs;
}

struct totals {
    uint64_t seeds, failed, records, done, alarms, holes, full_disks, crashes, cuts;
    uint64_t tries; /* most */
    double hours, receiver_s, originator_s;
    uint64_t pruned, rotations;
};

static bool judge(struct totals *totals, const struct wlk_soak_options *options,
                  const struct wlk_soak_counts *counts)
{
    bool is_bad = is_violated(counts);
    if (options->misdeed == WLK_SOAK_HONEST)
        is_bad = is_bad || counts->lost || counts->accusations;
    else
        is_bad = is_bad || is_escaped(counts);
    totals->seeds++;
    totals->failed += is_bad;
    totals->records += counts->records;
    totals->done += counts->has_done;
    totals->alarms += counts->alarms;
    totals->tries = counts->tries > totals->tries ? counts->tries : totals->tries;
    totals->holes += counts->holes;
    totals->full_disks += counts->full_disks;
    totals->crashes += counts->crashes;
    totals->cuts += counts->cuts;
    totals->pruned += counts->pruned;
    totals->rotations += counts->rotations;
    totals->hours += options->duration_s / 3600;
    if (counts->is_receiver_wronged && counts->receiver_s > totals->receiver_s)
        totals->receiver_s = counts->receiver_s;
    if (counts->is_originator_wronged && counts->originator_s > totals->originator_s)
        totals->originator_s = counts->originator_s;
    return is_bad;
}

/* The command that runs this seed again, with a line for each piece of evidence. */
static void print_again(const struct wlk_soak_options *options)
{
    printf("again: warnlink soak --first %llu --seeds 1 --duration %g --verbose",
           (unsigned long long)options->seed, options->duration_s);
    if (options->misdeed)
        printf(" --hub %s", MISDEEDS[options->misdeed]);
    if (options->quiet)
        printf(" --quiet %u", options->quiet);
    printf("\n");
}

static wlk_status run_seed(const struct wlk_soak_options *options, struct totals *totals)
{
    struct wlk_soak_world *world;
    struct wlk_soak_counts counts;
    struct wlk_fault fault = {0};
    wlk_status status = wlk_soak_open(options, &world, &fault);
    if (status != WLK_OK) {
        char line[512];
        wlk_fault_line(&fault, line, sizeof line);
        fprintf(stderr, "warnlink soak: %s\n", line);
        return status;
    }
    wlk_soak_run(world);
    wlk_soak_judge(world, &counts);
    wlk_soak_close(world);
    bool is_bad = judge(totals, options, &counts);
    if (is_bad || options->is_talkative) {
        print_counts(options->seed, &counts);
        if (options->misdeed)
            print_misdeed(options->misdeed, &counts);
        else if (counts.accusations)
            printf("  %llu accusations, and nobody did wrong\n",
                   (unsigned long long)counts.accusations);
    }
    if (is_bad)
        print_again(options);
    fflush(stdout);
    return WLK_OK;
}

static void print_totals(const struct totals *totals, enum wlk_soak_misdeed misdeed)
{
    if (misdeed)
        printf("hub %s: %llu of %llu seeds had occasion; slowest alarm %.2f s at a receiver, "
               "%.2f s at an originator, at most %llu tries\n",
               MISDEEDS[misdeed], (unsigned long long)totals->done,
               (unsigned long long)totals->seeds, totals->receiver_s, totals->originator_s,
               (unsigned long long)totals->tries);
    else
        printf("%.1f simulated hours; %llu cuts, %llu one-way holes, %llu crashes, %llu full "
               "disks; %llu changes of keys; %llu records pruned; %llu alarms\n",
               totals->hours, (unsigned long long)totals->cuts,
               (unsigned long long)totals->holes, (unsigned long long)totals->crashes,
               (unsigned long long)totals->full_disks,
               (unsigned long long)totals->rotations, (unsigned long long)totals->pruned,
               (unsigned long long)totals->alarms);
    printf("%llu seeds, %llu records, %llu failed\n", (unsigned long long)totals->seeds,
           (unsigned long long)totals->records, (unsigned long long)totals->failed);
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
        [HUB] = {.name = "hub", .kind = WLK_OPTION_TEXT, .value = "HOW",
                 .meaning = "one hub does drop, delay, reorder, double or two-faces; each is "
                            "caught or the seed fails"},
        [QUIET] = {.name = "quiet", .kind = WLK_OPTION_INTEGER, .value = "N",
                   .meaning = "one made-up launch in N chances", .low = 1, .high = 1000000,
                   .integer = 150},
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
    struct totals totals = {0};
    struct wlk_soak_options run = {.duration_s = option[DURATION].number,
                                   .is_keyed_hash = !option[SIGNED].is_given,
                                   .quiet = (unsigned)option[QUIET].integer,
                                   .is_talkative = option[VERBOSE].is_given,
                                   .folder = folder};
    if (option[HUB].is_given)
        while (strcmp(option[HUB].text, MISDEEDS[run.misdeed]) != 0)
            if (++run.misdeed == WLK_SOAK_MISDEED_END)
                return wlk_options_refuse(&options, "--hub: no such misdeed: %.40s",
                                          option[HUB].text);
    if (wlk_share_path("arrangements", folder, sizeof folder) != WLK_OK)
        return 1;
    for (int64_t i = 0; i < option[SEEDS].integer; i++) {
        run.seed = (uint64_t)(option[FIRST].integer + i);
        run.hub_count = option[HUBS].is_given ? (size_t)option[HUBS].integer
                                              : 1 + run.seed % WLK_HUBS_MAX;
        run.has_faults = run.misdeed == WLK_SOAK_HONEST;
        run.has_rotation = !run.misdeed && run.seed % 4 == 1;
        run.kept_s = run.misdeed || run.seed % 3 ? 0 : 30; /* longer than any line stalls */
        run.has_withdrawal = !run.misdeed && run.seed % 5 == 4;
        if (run_seed(&run, &totals) != WLK_OK)
            return 1;
    }
    print_totals(&totals, run.misdeed);
    return totals.failed ? 1 : 0;
}
