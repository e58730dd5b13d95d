/* json.c -- JSON into a fixed buffer.
 * SPDX-License-Identifier: Apache-2.0 */
#include "display/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void wlk_json_start(struct wlk_json *json, char *bytes, size_t room)
{
    *json = (struct wlk_json){.bytes = bytes, .room = room};
    bytes[0] = 0;
}

__attribute__((format(printf, 2, 3))) static void put(struct wlk_json *json, const char *form,
                                                      ...)
{
    va_list arguments;
    size_t left = json->room - json->used;
    if (json->is_full)
        return;
    va_start(arguments, form);
    int wrote = vsnprintf(json->bytes + json->used, left, form, arguments);
    va_end(arguments);
    if (wrote < 0 || (size_t)wrote >= left) {
        json->is_full = true;
        json->bytes[json->used] = 0;
        return;
    }
    json->used += (size_t)wrote;
}

static void begin(struct wlk_json *json, const char *key)
{
    if (json->needs_comma)
        put(json, ",");
    if (key)
        put(json, "\"%s\":", key);
    json->needs_comma = true;
}

void wlk_json_open(struct wlk_json *json, const char *key, char bracket)
{
    begin(json, key);
    put(json, "%c", bracket);
    json->needs_comma = false;
}

void wlk_json_close(struct wlk_json *json, char bracket)
{
    put(json, "%c", bracket);
    json->needs_comma = true;
}

/* Bytes of the well-formed UTF-8 character at text [RFC 3629, 4]; 0: it is none. */
static size_t character(const unsigned char *text)
{
    static const struct {
        unsigned char first_low, first_high, second_low, second_high;
        size_t size;
    } form[] = {{0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
                {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3},
                {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
                {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4}};
    if (text[0] < 0x80)
        return 1;
    for (size_t i = 0; i < sizeof form / sizeof form[0]; i++) {
        if (text[0] < form[i].first_low || text[0] > form[i].first_high)
            continue;
        if (text[1] < form[i].second_low || text[1] > form[i].second_high)
            return 0;
        for (size_t k = 2; k < form[i].size; k++)
            if ((text[k] & 0xc0) != 0x80)
                return 0;
        return form[i].size;
    }
    return 0;
}

void wlk_json_text(struct wlk_json *json, const char *key, const char *text)
{
    begin(json, key);
    put(json, "\"");
    for (const unsigned char *at = (const unsigned char *)text; *at && !json->is_full;) {
        size_t size = character(at);
        if (size == 0) {
            put(json, "\\ufffd");
            at++;
        } else if (size == 1 && (*at < 0x20 || *at == 0x7f || strchr("\"\\<>&", *at))) {
            put(json, "\\u%04x", *at);
            at++;
        } else {
            put(json, "%.*s", (int)size, (const char *)at);
            at += size;
        }
    }
    put(json, "\"");
}

void wlk_json_number(struct wlk_json *json, const char *key, double value, int digits)
{
    begin(json, key);
    if (isfinite(value))
        put(json, "%.*f", digits, value);
    else
        put(json, "null");
}

void wlk_json_integer(struct wlk_json *json, const char *key, int64_t value)
{
    begin(json, key);
    put(json, "%" PRId64, value);
}

void wlk_json_bool(struct wlk_json *json, const char *key, bool value)
{
    begin(json, key);
    put(json, value ? "true" : "false");
}

void wlk_json_time(struct wlk_json *json, const char *key, wlk_utc time)
{
    int64_t us = time.ns / 1000;
    begin(json, key);
    if (us < 0)
        put(json, "null"); /* before 1970: no time of ours */
    else
        put(json, "%" PRId64 ".%03d", us / 1000, (int)(us % 1000));
}

void wlk_json_hex(struct wlk_json *json, const char *key, const uint8_t *bytes, size_t size)
{
    begin(json, key);
    put(json, "\"");
    for (size_t i = 0; i < size && !json->is_full; i++)
        put(json, "%02x", bytes[i]);
    put(json, "\"");
}
