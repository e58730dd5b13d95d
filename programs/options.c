/* options.c -- the one reader of command lines.
 *
 * Bytes of the command line come from outside: they are quoted in complaints with control
 * bytes replaced, so that a complaint is always one line.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/options.h"

#include "base/assert.h"
#include "base/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { COMPLAINT_SIZE = 512 };

static void line_out(const char *program, const char *words)
{
    char line[COMPLAINT_SIZE];
    snprintf(line, sizeof line, "%s: %s", program, words);
    for (char *c = line; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
    fprintf(stderr, "%s\n", line);
}

int wlk_options_refuse(const struct wlk_options *options, const char *words, ...)
{
    char text[COMPLAINT_SIZE];
    va_list args;
    va_start(args, words);
    vsnprintf(text, sizeof text, words, args);
    va_end(args);
    line_out(options->program, text);
    return 2;
}

int wlk_options_fault(const struct wlk_options *options, wlk_status status,
                      const struct wlk_fault *fault)
{
    char text[COMPLAINT_SIZE];
    if (fault && fault->rule)
        wlk_fault_line(fault, text, sizeof text);
    else
        snprintf(text, sizeof text, "%s", wlk_status_words(status));
    line_out(options->program, text);
    return 1;
}

int wlk_options_exit(wlk_status status)
{
    return status == WLK_OK || status == WLK_KNOWN ? 0 : 2;
}

static wlk_status refused(const struct wlk_options *options, const char *words,
                          const char *subject)
{
    wlk_options_refuse(options, "%s: %.200s (see %s --help)", words, subject,
                       options->program);
    return WLK_BAD_INPUT;
}

static void print_help(const struct wlk_options *options)
{
    printf("%s -- %s\n\nusage: %s%s%s%s\n", options->program, options->purpose,
           options->program, options->option_count ? " [OPTIONS]" : "",
           options->operands ? " " : "", options->operands ? options->operands : "");
    for (size_t i = 0; i < options->option_count; i++) {
        const struct wlk_option *option = &options->option[i];
        bool is_switch = option->kind == WLK_OPTION_SWITCH;
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", option->name, is_switch ? "" : " ",
                 is_switch ? "" : option->value);
        printf("  %-24s %s\n", left, option->meaning);
    }
    printf("  %-24s %s\n", "--help", "print this");
}

/* Finds the option that argument "--name" or "--name=value" names, or NULL. */
static struct wlk_option *find_option(struct wlk_options *options, const char *argument)
{
    size_t size = strcspn(argument + 2, "=");
    for (size_t i = 0; i < options->option_count; i++)
        if (strlen(options->option[i].name) == size &&
            memcmp(options->option[i].name, argument + 2, size) == 0)
            return &options->option[i];
    return NULL;
}

static wlk_status out_of_range(const struct wlk_options *options,
                               const struct wlk_option *option, const char *value)
{
    wlk_options_refuse(options, "--%s wants a %s from %.10g to %.10g, not \"%.100s\"",
                       option->name,
                       option->kind == WLK_OPTION_INTEGER ? "whole number" : "number",
                       option->low, option->high, value);
    return WLK_BAD_INPUT;
}

static wlk_status take_value(const struct wlk_options *options, struct wlk_option *option,
                             const char *value)
{
    switch (option->kind) {
    case WLK_OPTION_SWITCH:
        break;
    case WLK_OPTION_TEXT:
        option->text = value;
        break;
    case WLK_OPTION_TEXTS:
        if (option->text_count == WLK_OPTION_TEXTS_MAX)
            return refused(options, "option repeated too often", option->name);
        option->texts[option->text_count++] = value;
        break;
    case WLK_OPTION_INTEGER:
        if (wlk_word_integer(value, (int64_t)option->low, (int64_t)option->high,
                             &option->integer) != WLK_OK)
            return out_of_range(options, option, value);
        break;
    case WLK_OPTION_NUMBER:
        if (wlk_word_number(value, option->low, option->high, &option->number) != WLK_OK)
            return out_of_range(options, option, value);
        break;
    }
    option->is_given = true;
    return WLK_OK;
}

/* Reads the option at argv[*at] and its value; *at ends on the last argument used. */
static wlk_status read_option(struct wlk_options *options, int argc, char *const argv[],
                              int *at)
{
    const char *argument = argv[*at];
    struct wlk_option *option =
        strncmp(argument, "--", 2) == 0 ? find_option(options, argument) : NULL;
    if (!option)
        return refused(options, "unknown option", argument);
    if (option->is_given && option->kind != WLK_OPTION_TEXTS)
        return refused(options, "option given twice", argument);
    const char *value = strchr(argument, '=');
    if (value)
        value++;
    if (option->kind == WLK_OPTION_SWITCH && value)
        return refused(options, "option takes no value", argument);
    if (option->kind != WLK_OPTION_SWITCH && !value && *at + 1 < argc)
        if (strncmp(argv[*at + 1], "--", 2) != 0)
            value = argv[++*at];
    if (option->kind != WLK_OPTION_SWITCH && (!value || !value[0]))
        return refused(options, "option wants a value", argument);
    return take_value(options, option, value);
}

wlk_status wlk_options_read(struct wlk_options *options, int argc, char *const argv[])
{
    WLK_ASSERT(options->operand_count_max <= WLK_OPTIONS_OPERANDS_MAX);
    WLK_ASSERT(options->operand_count_min <= options->operand_count_max);
    bool is_operand = false;
    for (int at = 1; at < argc; at++) {
        const char *argument = argv[at];
        if (!is_operand && strcmp(argument, "--") == 0) {
            is_operand = true;
        } else if (!is_operand && strcmp(argument, "--help") == 0) {
            print_help(options);
            return WLK_KNOWN;
        } else if (!is_operand && argument[0] == '-' && argument[1]) {
            WLK_TRY(read_option(options, argc, argv, &at));
        } else {
            if (options->operand_count == options->operand_count_max)
                return refused(options, "one argument too many", argument);
            options->operand[options->operand_count++] = argument;
        }
    }
    if (options->operand_count < options->operand_count_min)
        return refused(options, "an argument is missing",
                       options->operands ? options->operands : "?");
    return WLK_OK;
}
