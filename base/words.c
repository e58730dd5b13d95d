/* words.c -- lexer for what people write.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/words.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void wlk_words_init(struct wlk_words *words, const char *file, const char *text)
{
    memset(words, 0, sizeof *words);
    words->text = text;
    snprintf(words->file, sizeof words->file, "%s", file);
}

wlk_status wlk_words_fault(const struct wlk_words *words, struct wlk_fault *fault,
                           const char *rule, const char *detail, ...)
{
    if (!fault)
        return WLK_BAD_INPUT;
    memset(fault, 0, sizeof *fault);
    snprintf(fault->where, sizeof fault->where, "%s", words->file);
    fault->line = words->line;
    fault->rule = rule;
    va_list args;
    va_start(args, detail);
    vsnprintf(fault->detail, sizeof fault->detail, detail, args);
    va_end(args);
    return WLK_BAD_INPUT;
}

/* Length of the UTF-8 sequence at text, 0 if it is not one (overlong, surrogate, > 10FFFF). */
static size_t utf8_length(const unsigned char *text)
{
    unsigned char c = text[0];
    size_t length = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : (c & 0xf0) == 0xe0 ? 3
                    : c >= 0xf0 && c < 0xf5 ? 4 : 0;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    if ((c == 0xe0 && text[1] < 0xa0) || (c == 0xed && text[1] > 0x9f) ||
        (c == 0xf0 && text[1] < 0x90) || (c == 0xf4 && text[1] > 0x8f))
        return 0;
    return length;
}

/* Copies one line, checked, into buffer. */
static wlk_status take_line(struct wlk_words *words, struct wlk_fault *fault)
{
    size_t used = 0;
    words->line++;
    while (words->text[words->at] && words->text[words->at] != '\n') {
        const unsigned char *here = (const unsigned char *)words->text + words->at;
        size_t length = utf8_length(here);
        if (!length)
            return wlk_words_fault(words, fault, "text is not UTF-8", "byte 0x%02x", here[0]);
        if ((here[0] < 0x20 && here[0] != '\t' && here[0] != '\r') || here[0] == 0x7f)
            return wlk_words_fault(words, fault, "control byte in text", "0x%02x", here[0]);
        if (used + length >= sizeof words->buffer)
            return wlk_words_fault(words, fault, "line too long", "over %zu bytes",
                                   sizeof words->buffer - 1);
        memcpy(words->buffer + used, here, length);
        used += length;
        words->at += length;
    }
    if (words->text[words->at] == '\n')
        words->at++;
    if (used && words->buffer[used - 1] == '\r')
        used--;
    words->buffer[used] = 0;
    return WLK_OK;
}

static wlk_status split_line(struct wlk_words *words, struct wlk_fault *fault)
{
    char *at = words->buffer;
    words->count = 0;
    for (;;) {
        at += strspn(at, " \t");
        if (!*at || *at == '#')
            return WLK_OK;
        if (words->count == WLK_WORDS_MAX)
            return wlk_words_fault(words, fault, "too many words in a line", "over %d",
                                   WLK_WORDS_MAX);
        char *end;
        if (*at == '"') {
            end = strchr(++at, '"');
            if (!end)
                return wlk_words_fault(words, fault, "quote is not closed", "\"%.40s", at);
        } else {
            end = at + strcspn(at, " \t");
        }
        words->word[words->count++] = at;
        at = *end ? end + 1 : end;
        *end = 0;
    }
}

wlk_status wlk_words_next(struct wlk_words *words, struct wlk_fault *fault)
{
    while (words->text[words->at]) {
        wlk_status status = take_line(words, fault);
        if (status == WLK_OK)
            status = split_line(words, fault);
        if (status != WLK_OK || words->count)
            return status;
    }
    words->count = 0;
    return WLK_NOT_YET;
}

wlk_status wlk_word_number(const char *word, double low, double high, double *out)
{
    char *end;
    double value = strtod(word, &end);
    if (end == word || *end || !isfinite(value) || value < low || value > high)
        return WLK_BAD_INPUT;
    *out = value;
    return WLK_OK;
}

wlk_status wlk_word_integer(const char *word, int64_t low, int64_t high, int64_t *out)
{
    char *end;
    errno = 0;
    long long value = strtoll(word, &end, 10);
    if (end == word || *end || errno || value < low || value > high || word[0] == ' ' ||
        word[0] == '\t')
        return WLK_BAD_INPUT;
    *out = value;
    return WLK_OK;
}

wlk_status wlk_words_read_file(const char *path, char **out, struct wlk_fault *fault)
{
    struct wlk_words name;
    wlk_words_init(&name, path, "");
    FILE *file = fopen(path, "rb");
    char *text = file ? malloc(WLK_WORDS_FILE_SIZE + 1) : NULL;
    size_t size = text ? fread(text, 1, WLK_WORDS_FILE_SIZE + 1, file) : 0;
    int failed = !text || ferror(file);
    int saved = errno;
    if (file)
        fclose(file);
    if (failed) {
        free(text);
        wlk_words_fault(&name, fault, "file cannot be read", "%s", strerror(saved));
        errno = saved;
        return WLK_IO;
    }
    if (size > WLK_WORDS_FILE_SIZE || memchr(text, 0, size)) {
        free(text);
        return wlk_words_fault(&name, fault, "not a text file", "NUL byte, or over 1 MiB");
    }
    text[size] = 0;
    *out = text;
    return WLK_OK;
}
