/* mutate.c -- makes the mutants of one C file, one small change each.
 *
 *     mutate FILE        lists them: number, tab, a key that survives a change of line numbers
 *     mutate FILE N      writes the whole file with change N
 *
 * Changes: relational and logical operators, + and -, a "!" dropped, numbers and named
 * constants one up and one down, true and false, a condition always or never true, a returned
 * value negated, a statement dropped. Comments, directives and static asserts stay.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 65536, TOKENS_MAX = 16384, CHANGE_MAX = 4096 };

struct token {
    size_t at, size;
};

static char text[TEXT_MAX];
static size_t text_size;
static struct token token[TOKENS_MAX];
static size_t token_count;
static long wanted = -1, number;

static bool is_token(size_t i, const char *word)
{
    return i < token_count && token[i].size == strlen(word) &&
           memcmp(text + token[i].at, word, token[i].size) == 0;
}

static bool is_one_of(size_t i, const char *const *words)
{
    for (; *words; words++)
        if (is_token(i, *words))
            return true;
    return false;
}

/* Where a comment or a directive that begins at at ends; at itself if none begins. */
static size_t pass_over(size_t at)
{
    const char *end = NULL;
    if (text[at] == '#')
        end = strchr(text + at, '\n');
    else if (strncmp(text + at, "//", 2) == 0)
        end = strchr(text + at, '\n');
    else if (strncmp(text + at, "/*", 2) == 0)
        end = strstr(text + at, "*/") + 2;
    return end ? (size_t)(end - text) : at;
}

static size_t token_size(size_t at)
{
    static const char *const pairs[] = {"<=", ">=", "==", "!=", "&&", "||", "->",
                                        "++", "--", "<<", ">>", "+=", "-=", NULL};
    size_t size = 1;
    if (isalnum((unsigned char)text[at]) || text[at] == '_') {
        while (isalnum((unsigned char)text[at + size]) || text[at + size] == '_')
            size++;
        return size;
    }
    if (text[at] == '"') {
        while (text[at + size] && text[at + size] != '"')
            size++;
        return size + 1;
    }
    for (const char *const *pair = pairs; *pair; pair++)
        if (strncmp(text + at, *pair, 2) == 0)
            return 2;
    return 1;
}

static void split(void)
{
    size_t at = 0;
    while (at < text_size) {
        size_t behind = pass_over(at);
        if (behind != at || isspace((unsigned char)text[at])) {
            at = behind != at ? behind : at + 1;
            continue;
        }
        WLK_ASSERT(token_count < TOKENS_MAX);
        token[token_count] = (struct token){at, token_size(at)};
        at += token[token_count++].size;
    }
}

/* The name of the function around a place: the last line above it that begins with a letter
 * and has a parenthesis. */
static void print_function(size_t at)
{
    size_t line = 0, found = 0;
    for (size_t i = 0; i < at; i++) {
        if (text[i] != '\n')
            continue;
        line = i + 1;
        if (islower((unsigned char)text[line]) &&
            strcspn(text + line, "(") < strcspn(text + line, "\n"))
            found = line;
    }
    size_t end = found + strcspn(text + found, "("), start = end;
    while (start > found && (isalnum((unsigned char)text[start - 1]) || text[start - 1] == '_'))
        start--;
    printf("%.*s", (int)(end - start), text + start);
}

static void print_key(size_t at, size_t size, const char *instead)
{
    size_t line = at;
    while (line > 0 && text[line - 1] != '\n')
        line--;
    size_t column = at - line;
    while (text[line] == ' ') {
        line++;
        column--;
    }
    printf("%ld\t", number);
    print_function(at);
    printf(" | %.*s | %zu: ", (int)strcspn(text + line, "\n"), text + line, column);
    for (size_t i = 0; i < size; i++)
        putchar(text[at + i] == '\n' ? ' ' : text[at + i]);
    printf(" -> %s\n", *instead ? instead : "nothing");
}

/* One mutant: the size bytes at at become instead. */
static void change(size_t at, size_t size, const char *instead)
{
    if (wanted < 0)
        print_key(at, size, instead);
    else if (number == wanted)
        printf("%.*s%s%s", (int)at, text, instead, text + at + size);
    number++;
}

static void change_token(size_t i, const char *instead)
{
    change(token[i].at, token[i].size, instead);
}

static void change_operator(size_t i)
{
    static const char *const swaps[][3] = {
        {"<", "<=", ">="},  {"<=", "<", ">"},        {">", ">=", "<="},
        {">=", ">", "<"},   {"==", "!=", NULL},      {"!=", "==", NULL},
        {"&&", "||", NULL}, {"||", "&&", NULL},      {"+", "-", NULL},
        {"-", "+", NULL},   {"true", "false", NULL}, {"false", "true", NULL},
        {"!", "", NULL},
    };
    for (size_t k = 0; k < sizeof swaps / sizeof swaps[0]; k++) {
        if (!is_token(i, swaps[k][0]))
            continue;
        change_token(i, swaps[k][1]);
        if (swaps[k][2])
            change_token(i, swaps[k][2]);
    }
}

/* A number, or a name in capitals that is no macro's call and no member's designator. */
static void change_constant(size_t i)
{
    char instead[CHANGE_MAX];
    const char *word = text + token[i].at;
    bool is_number = isdigit((unsigned char)word[0]);
    bool is_name = isupper((unsigned char)word[0]) && !is_token(i + 1, "(");
    for (size_t k = 0; k < token[i].size; k++)
        is_name = is_name && !islower((unsigned char)word[k]);
    if (!is_number && !is_name)
        return;
    for (int step = -1; step <= 1; step += 2) {
        snprintf(instead, sizeof instead, "(%.*s %c 1)", (int)token[i].size, word,
                 step < 0 ? '-' : '+');
        change_token(i, instead);
    }
}

/* The token behind the parenthesis or bracket that opens at i. */
static size_t behind_pair(size_t i)
{
    int depth = 0;
    do {
        depth += is_token(i, "(") || is_token(i, "{") || is_token(i, "[");
        depth -= is_token(i, ")") || is_token(i, "}") || is_token(i, "]");
        i++;
    } while (depth > 0 && i < token_count);
    return i;
}

/* The ";" that ends the statement which begins at i. */
static size_t end_of_statement(size_t i)
{
    while (i < token_count && !is_token(i, ";"))
        i = is_token(i, "(") || is_token(i, "{") || is_token(i, "[") ? behind_pair(i) : i + 1;
    return i;
}

static void change_condition(size_t i)
{
    size_t from = token[i + 1].at, to = token[behind_pair(i + 1)].at;
    while (text[to - 1] != ')')
        to--;
    change(from, to - from, "(1)");
    change(from, to - from, "(0)");
}

static void change_statement(size_t i)
{
    static const char *const kept[] = {"struct",   "enum",    "const",   "static", "bool",
                                       "unsigned", "uint8_t", "int64_t", "for",    "else",
                                       "if",       "{",       "}",       ";",      NULL};
    size_t end = end_of_statement(i);
    if (is_token(i, "if"))
        change_condition(i);
    if (is_one_of(i, kept))
        return;
    size_t from = token[i].at;
    if (!is_token(i, "return")) {
        change(from, token[end].at - from, "");
        return;
    }
    char instead[CHANGE_MAX];
    size_t value = token[i + 1].at;
    snprintf(instead, sizeof instead, "!(%.*s)", (int)(token[end].at - value), text + value);
    change(value, token[end].at - value, instead);
}

/* Statements begin behind ; { } and behind the parentheses of if and for. */
static void change_body(size_t from, size_t to)
{
    bool is_start = false;
    for (size_t i = from; i < to; i++) {
        if (is_start)
            change_statement(i);
        is_start =
            is_token(i, ";") || is_token(i, "{") || is_token(i, "}") || is_token(i, "else");
        if (is_token(i, "if") || is_token(i, "for")) {
            size_t behind = behind_pair(i + 1);
            for (size_t k = i + 1; k < behind; k++) {
                change_operator(k);
                change_constant(k);
            }
            i = behind - 1;
            is_start = true;
            continue;
        }
        change_operator(i);
        change_constant(i);
    }
}

static void change_all(void)
{
    for (size_t i = 0; i < token_count; i++) {
        size_t end = i;
        if (is_token(i, "_Static_assert")) {
            i = end_of_statement(i);
            continue;
        }
        /* one declaration or function at the top: up to ";" or a body's "}" */
        while (end < token_count && !is_token(end, ";") &&
               !(is_token(end, "{") && is_token(end - 1, ")")))
            end = is_token(end, "(") || is_token(end, "{") || is_token(end, "[")
                      ? behind_pair(end)
                      : end + 1;
        if (is_token(end, "{")) {
            size_t behind = behind_pair(end);
            change_body(end, behind);
            i = behind - 1;
            continue;
        }
        for (; i < end; i++) {
            change_operator(i);
            change_constant(i);
        }
    }
}

int main(int count, char **words)
{
    FILE *file = count >= 2 ? fopen(words[1], "r") : NULL;
    if (!file) {
        fprintf(stderr, "mutate: usage: mutate FILE [NUMBER]\n");
        return 2;
    }
    text_size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    split();
    if (count > 2)
        wanted = strtol(words[2], NULL, 10);
    change_all();
    return 0;
}
