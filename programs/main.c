/* main.c -- warnlink SUBCOMMAND: one binary, like git. The table below is the list.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/mains.h"
#include "programs/options.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*main)(int argc, char *argv[]);
    const char *purpose;
} subcommand[] = {
    {"demo", wlk_demo_main, "play a documented launch: what sharing changes"},
    {"node", wlk_node_main, "run one nation's node"},
    {"rehearse", wlk_rehearse_main, "list documented launches; play one into running nodes"},
    {"hub", wlk_hub_main, "the release guard between the nations"},
    {"arrange", wlk_arrange_main,
     "make keys; sign, check, show, compare, withdraw an arrangement"},
    {"serve", wlk_serve_main, "show again, in a browser, what nodes have shown"},
    {"watch", wlk_watch_main, "ring for a node's alarms, without a browser"},
    {"audit", wlk_audit_main, "check journals against each other; who knew what when"},
    {"replay", wlk_replay_main, "decide or take again what a journal has; say any difference"},
    {"doctor", wlk_doctor_main, "say what is wrong with the folder of a nation or hub"},
    {"soak", wlk_soak_main, "the whole coalition on a virtual clock, with seeded faults"},
    {"decoys", wlk_decoys_main, "draw the places a radar might stand at (shielded releases)"},
    {"leak", wlk_leak_main, "write down what partners would see of many launches"},
};

enum { SUBCOMMAND_COUNT = sizeof subcommand / sizeof subcommand[0] };

static void print_help(FILE *out)
{
    fprintf(out, "warnlink %s -- a coalition missile-warning exchange (warning only)\n\n"
                 "usage: warnlink SUBCOMMAND [OPTIONS]\n",
            WLK_VERSION);
    for (size_t i = 0; i < SUBCOMMAND_COUNT; i++)
        fprintf(out, "  %-10s %s\n", subcommand[i].name, subcommand[i].purpose);
    fprintf(out, "\nwarnlink SUBCOMMAND --help says more; warnlink --version prints the "
                 "version.\n");
}

int main(int argc, char *argv[])
{
    static const struct wlk_options options = {.program = "warnlink"};
    if (argc < 2)
        return wlk_options_refuse(&options, "a subcommand is missing (see warnlink --help)");
    if (strcmp(argv[1], "--version") == 0) {
        printf("warnlink %s\n", WLK_VERSION);
        return 0;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return 0;
    }
    for (size_t i = 0; i < SUBCOMMAND_COUNT; i++)
        if (strcmp(argv[1], subcommand[i].name) == 0)
            return subcommand[i].main(argc - 1, argv + 1);
    return wlk_options_refuse(&options, "unknown %s: %.100s (see warnlink --help)",
                              argv[1][0] == '-' ? "option" : "subcommand", argv[1]);
}
