/* options_test.c -- a command line is read as written or refused in one line.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/options.h"
#include "programs/share.h"

#include "base/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FAST, OUT, LINK, SEEDS, SPEED, OPTION_COUNT };
enum { ARGUMENTS_MAX = 40 };

static struct wlk_option option[OPTION_COUNT];
static struct wlk_options options;
static char complaint[4096];

/* Reads a command line given as words split by blanks; "_" stands for an empty word.
 * What is written to stderr lands in complaint. */
static wlk_status read_line(const char *text)
{
    static char copy[1024];
    char *argv[ARGUMENTS_MAX + 1] = {NULL};
    int argc = 0;
    snprintf(copy, sizeof copy, "demo %s", text);
    for (char *c = copy, *rest = NULL; argc < ARGUMENTS_MAX; c = NULL) {
        char *word = strtok_r(c, " ", &rest);
        if (!word)
            break;
        argv[argc++] = strcmp(word, "_") == 0 ? word + 1 : word;
    }
    const struct wlk_option fresh[OPTION_COUNT] = {
        [FAST] = {"fast", WLK_OPTION_SWITCH, .meaning = "at once"},
        [OUT] = {.name = "out", .kind = WLK_OPTION_TEXT, .value = "DIR", .meaning = "place"},
        [LINK] = {.name = "link", .kind = WLK_OPTION_TEXTS, .value = "NAME", .meaning = "x"},
        [SEEDS] = {"seeds", WLK_OPTION_INTEGER, "N", "runs", .low = 1, .high = 1000,
                   .integer = 7},
        [SPEED] = {"speed", WLK_OPTION_NUMBER, "X", "rate", .low = -1.5, .high = 100},
    };
    memcpy(option, fresh, sizeof option);
    options = (struct wlk_options){.program = "warnlink demo", .purpose = "play",
                                   .operands = "[LAUNCH]", .operand_count_max = 1,
                                   .option = option, .option_count = OPTION_COUNT};
    fflush(stderr);
    int kept = dup(STDERR_FILENO);
    FILE *trap = tmpfile();
    if (!trap || kept < 0 || dup2(fileno(trap), STDERR_FILENO) < 0)
        abort();
    wlk_status status = wlk_options_read(&options, argc, argv);
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    rewind(trap);
    complaint[fread(complaint, 1, sizeof complaint - 1, trap)] = '\0';
    fclose(trap);
    return status;
}

static bool is_one_line(void)
{
    char *end = strchr(complaint, '\n');
    return end && end > complaint && end[1] == '\0';
}

static void check_reading(void)
{
    wlk_check(read_line("") == WLK_OK && option[SEEDS].integer == 7 && !option[SEEDS].is_given,
              "an empty line leaves the defaults");
    wlk_check(read_line("2017-08-29 --fast --out /x --seeds=20 --speed -1.5") == WLK_OK &&
                  option[FAST].is_given && strcmp(option[OUT].text, "/x") == 0 &&
                  option[SEEDS].integer == 20 && option[SPEED].number == -1.5 &&
                  options.operand_count == 1 && strcmp(options.operand[0], "2017-08-29") == 0,
              "both ways of giving a value are read, before and after the operand");
    wlk_check(read_line("--link a --link=b") == WLK_OK && option[LINK].text_count == 2 &&
                  strcmp(option[LINK].texts[1], "b") == 0,
              "a repeatable option keeps its values in order");
    wlk_check(read_line("-- --fast") == WLK_OK && !option[FAST].is_given &&
                  strcmp(options.operand[0], "--fast") == 0,
              "after -- everything is an operand");
    wlk_check(read_line("-") == WLK_OK && options.operand_count == 1,
              "a lone dash is an operand");
}

static void check_refusals(void)
{
    static const struct {
        const char *line, *because;
    } bad[] = {
        {"--fastt", "an unknown option"},
        {"--fas", "a shortened option"},
        {"-f", "a short option"},
        {"--=x", "an option without a name"},
        {"--fast --fast", "an option given twice"},
        {"--fast=yes", "a value for a switch"},
        {"--out", "a missing value at the end"},
        {"--out --fast", "a missing value before an option"},
        {"--out=", "an empty value"},
        {"--out _", "an empty word as value"},
        {"--seeds 0", "a number below the range"},
        {"--seeds 1001", "a number above the range"},
        {"--seeds 2x", "letters behind a number"},
        {"--seeds 99999999999999999999", "a number that overflows"},
        {"--speed nan", "not-a-number"},
        {"--speed 1e999", "an infinite number"},
        {"a b", "an operand too many"},
        {"--link 1 --link 2 --link 3 --link 4 --link 5 --link 6 --link 7 --link 8 --link 9 "
         "--link 10 --link 11 --link 12 --link 13 --link 14 --link 15 --link 16 --link 17",
         "a repeatable option given too often"},
        {"--\001\033[31m\n", "control bytes"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        wlk_status status = read_line(bad[i].line);
        wlk_check(status == WLK_BAD_INPUT && is_one_line() && wlk_options_exit(status) == 2,
                  "%s is refused in one line", bad[i].because);
    }
    wlk_check(read_line("--seeds x") == WLK_BAD_INPUT && option[SEEDS].integer == 7,
              "a refused number leaves the default untouched");
}

static void check_share(void)
{
    char path[64] = "before";
    setenv("WARNLINK_SHARE", "/top", 1);
    wlk_check(wlk_share_path("areas/x", path, sizeof path) == WLK_OK &&
                  strcmp(path, "/top/areas/x") == 0,
              "WARNLINK_SHARE moves the shipped files");
    wlk_check(wlk_share_path("areas/x", path, 12) == WLK_FULL &&
                  strcmp(path, "/top/areas/x") == 0,
              "a path that does not fit leaves the output untouched");
    setenv("WARNLINK_SHARE", "", 1);
    char file[512];
    wlk_check(wlk_share_path("layers.txt", file, sizeof file) == WLK_OK &&
                  access(file, R_OK) == 0,
              "without it the source folder is used");
}

int main(void)
{
    check_reading();
    check_refusals();
    check_share();
    return wlk_tap_done();
}
