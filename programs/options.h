/* options.h -- the one reader of command lines, strict, shared by all subcommands.
 *
 * Long options only: --name VALUE, --name=VALUE, or --name alone for a switch. "--" ends the
 * options; what does not begin with "-" is an operand. An unknown option, a missing, surplus
 * or repeated value, a number out of range: one line on stderr, exit code 2. --help is
 * understood everywhere.
 *
 *     enum { FAST, SEEDS, OPTION_COUNT };
 *     struct wlk_option option[OPTION_COUNT] = {
 *         [FAST] = {.name = "fast", .kind = WLK_OPTION_SWITCH,
 *                   .meaning = "all columns on the virtual clock"},
 *         [SEEDS] = {.name = "seeds", .kind = WLK_OPTION_INTEGER, .value = "N",
 *                    .meaning = "runs", .low = 1, .high = 1000, .integer = 1},
 *     };
 *     struct wlk_options options = {.program = "warnlink demo", .purpose = "play one launch",
 *                                   .operands = "[LAUNCH]", .operand_count_max = 1,
 *                                   .option = option, .option_count = OPTION_COUNT};
 *     wlk_status status = wlk_options_read(&options, argc, argv);
 *     if (status != WLK_OK)
 *         return wlk_options_exit(status);
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_OPTIONS_H
#define WLK_PROGRAMS_OPTIONS_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    WLK_OPTIONS_OPERANDS_MAX = 32, /* operands of one command line */
    WLK_OPTION_TEXTS_MAX = 16      /* values of one repeatable option */
};

enum wlk_option_kind {
    WLK_OPTION_SWITCH,  /* no value */
    WLK_OPTION_TEXT,    /* one value, not empty, in text */
    WLK_OPTION_TEXTS,   /* may be repeated; values in texts[0..text_count) */
    WLK_OPTION_INTEGER, /* one whole number in [low, high], in integer */
    WLK_OPTION_NUMBER   /* one finite number in [low, high], in number */
};

/* One option: the first members say what it is, the others what was given. A value that is
 * preset in text, integer or number stays if the option is absent: it is the default. */
struct wlk_option {
    const char *name; /* without the dashes */
    enum wlk_option_kind kind;
    const char *value;   /* word for the value in --help: "DIR", "N"; unused for a switch */
    const char *meaning; /* one line of --help */
    double low, high;    /* of a number, both ends allowed */

    bool is_given;
    const char *text; /* points into argv */
    const char *texts[WLK_OPTION_TEXTS_MAX];
    size_t text_count;
    int64_t integer;
    double number;
};

struct wlk_options {
    const char *program;  /* for complaints: "warnlink demo" */
    const char *purpose;  /* one line of --help */
    const char *operands; /* one line of --help: "LAUNCH [FILE...]"; may be NULL */
    size_t operand_count_min, operand_count_max; /* at most WLK_OPTIONS_OPERANDS_MAX */
    struct wlk_option *option;
    size_t option_count;

    const char *operand[WLK_OPTIONS_OPERANDS_MAX]; /* as given; points into argv */
    size_t operand_count;
};

/* Reads argv[1..argc) into options; argv[0] is the subcommand and is not looked at.
 * WLK_OK all read; WLK_KNOWN --help was asked for and printed on stdout; WLK_BAD_INPUT one
 * line is on stderr. The description of the options is left untouched. */
wlk_status wlk_options_read(struct wlk_options *options, int argc,
                            char *const argv[]) WLK_MUST_USE;

/* The exit code for a status of wlk_options_read: 0 for WLK_OK and WLK_KNOWN, else 2. */
int wlk_options_exit(wlk_status status);

/* Writes "PROGRAM: words" as one line on stderr and returns exit code 2: for what only the
 * subcommand can judge ("--fast and --measure exclude each other"). Line breaks and control
 * bytes in the text become "?". */
int wlk_options_refuse(const struct wlk_options *options, const char *words, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes "PROGRAM: fault" as one line on stderr and returns exit code 1: for a file, port or
 * peer that does not let the command do its work. */
int wlk_options_fault(const struct wlk_options *options, wlk_status status,
                      const struct wlk_fault *fault);

#endif
