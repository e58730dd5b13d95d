/* json.h -- writes JSON into a fixed buffer: what does not fit is told, nothing is allocated.
 *
 * Text may come from a partner, so it is made harmless here, once: broken UTF-8 becomes
 * U+FFFD, control characters and <, >, & are escaped, and no text ends a line.
 * Read by: display/snapshot.c, display/alarms.c, programs/serve*.c. Held by: display_test.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_DISPLAY_JSON_H
#define WLK_DISPLAY_JSON_H

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wlk_json {
    char *bytes;       /* not owned; always ends in NUL once something was written */
    size_t room, used; /* used without the NUL */
    bool is_full;      /* something did not fit: the text is useless */
    bool needs_comma;
};

/* Starts a text in bytes[room], room > 0. */
void wlk_json_start(struct wlk_json *json, char *bytes, size_t room);

/* '{' or '[' and their ends. key NULL: a member of an array, or the outermost value. */
void wlk_json_open(struct wlk_json *json, const char *key, char bracket);
void wlk_json_close(struct wlk_json *json, char bracket);

/* One value. key: as above, one of ours: never escaped. digits: after the decimal point; a
 * number that is not finite is written as null. */
void wlk_json_text(struct wlk_json *json, const char *key, const char *text);
void wlk_json_number(struct wlk_json *json, const char *key, double value, int digits);
void wlk_json_integer(struct wlk_json *json, const char *key, int64_t value);
void wlk_json_bool(struct wlk_json *json, const char *key, bool value);

/* Milliseconds since 1970 with three digits behind: exact to a microsecond in a browser. */
void wlk_json_time(struct wlk_json *json, const char *key, wlk_utc time);

/* Bytes as lower-case hexadecimal digits. */
void wlk_json_hex(struct wlk_json *json, const char *key, const uint8_t *bytes, size_t size);

#endif
