/* status.c -- words for each status and the one-line form of a fault.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *wlk_status_words(wlk_status status)
{
#define WLK_STATUS_WORDS(name, words) words,
    static const char *const words[] = {WLK_STATUS_LIST(WLK_STATUS_WORDS)};
#undef WLK_STATUS_WORDS
    _Static_assert(sizeof words / sizeof words[0] == WLK_STATUS_COUNT, "each status has words");
    if ((unsigned)status >= WLK_STATUS_COUNT)
        return "?";
    return words[status];
}

void wlk_fault_set(struct wlk_fault *fault, const char *rule, const char *detail, ...)
{
    if (!fault)
        return;
    fault->rule = rule;
    va_list args;
    va_start(args, detail);
    vsnprintf(fault->detail, sizeof fault->detail, detail, args);
    va_end(args);
}

void wlk_fault_where(struct wlk_fault *fault, const char *where)
{
    if (!fault)
        return;
    size_t length = strlen(where), room = sizeof fault->where - 1;
    const char *from = length > room ? where + (length - room) : where;
    memcpy(fault->where, from, strlen(from) + 1);
}

void wlk_fault_line(const struct wlk_fault *fault, char *text, size_t size)
{
    char place[128] = "";
    if (fault->line && fault->where[0])
        snprintf(place, sizeof place, "%s:%zu: ", fault->where, fault->line);
    else if (fault->line)
        snprintf(place, sizeof place, "line %zu: ", fault->line);
    else if (fault->where[0])
        snprintf(place, sizeof place, "%s: ", fault->where);
    else if (fault->offset)
        snprintf(place, sizeof place, "offset %zu: ", fault->offset);
    snprintf(text, size, "%s%s%s%s", place, fault->rule ? fault->rule : "unknown fault",
             fault->detail[0] ? ": " : "", fault->detail);
}
