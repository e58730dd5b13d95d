/* terminal.c -- prints the timeline.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/terminal.h"

#include "earth/geodesic.h"

#include <math.h>
#include <stdarg.h>

static const double MOVED_KM = 25;   /* an impact is printed anew when it moved so far */
static const double SHRUNK = 0.5;    /* or when its ellipse has halved, */
static const double FINE_KM = 5;     /* until this is enough for anybody on the ground */
static const double STANDS_S = 10;   /* so long must one stand that was withdrawn before */

/* A line that grows. */
struct text {
    char bytes[768];
    size_t used;
};

__attribute__((format(printf, 2, 3))) static void say(struct text *text, const char *words, ...)
{
    va_list arguments;
    size_t room = sizeof text->bytes - text->used;
    va_start(arguments, words);
    int wrote = vsnprintf(text->bytes + text->used, room, words, arguments);
    va_end(arguments);
    if (wrote > 0)
        text->used += (size_t)wrote < room ? (size_t)wrote : room - 1;
}

/* A colour per nation that keeps its place in greyscale: none is red, which means danger. */
static const char *colour(const char *nation)
{
    static const char *const codes[] = {"\033[36m", "\033[33m", "\033[35m", "\033[32m"};
    unsigned sum = 0;
    for (const char *c = nation; *c; c++)
        sum += (unsigned char)*c;
    return codes[sum % 4];
}

static void position(double latitude_deg, double longitude_deg, char text[32])
{
    snprintf(text, 32, "%.2f%c %.2f%c", fabs(latitude_deg), latitude_deg < 0 ? 'S' : 'N',
             fabs(longitude_deg), longitude_deg < 0 ? 'W' : 'E');
}

static struct wlk_terminal_object *object_of(struct wlk_terminal_memory *memory,
                                             uint32_t number)
{
    for (size_t i = 0; i < memory->count && i < WLK_TERMINAL_OBJECTS_MAX; i++)
        if (memory->object[i].object == number)
            return &memory->object[i];
    struct wlk_terminal_object *slot =
        &memory->object[memory->count++ % WLK_TERMINAL_OBJECTS_MAX];
    *slot = (struct wlk_terminal_object){.object = number};
    return slot;
}

static bool is_news(const struct wlk_entry *entry, double major_km,
                    struct wlk_terminal_object *object)
{
    wlk_geodetic before = {object->latitude_deg * WLK_DEG, object->longitude_deg * WLK_DEG, 0};
    wlk_geodetic now = {entry->latitude_deg * WLK_DEG, entry->longitude_deg * WLK_DEG, 0};
    bool is_smaller = major_km <= SHRUNK * object->major_km && major_km > FINE_KM;
    if (object->has_impact && !is_smaller &&
        wlk_geodesic_between(before, now).distance_m < fmax(MOVED_KM, major_km) * 1e3)
        return false;
    if (object->was_withdrawn && !object->is_back)
        object->back_since = entry->time;
    object->is_back = object->was_withdrawn;
    if (object->was_withdrawn && wlk_utc_seconds(entry->time, object->back_since) < STANDS_S)
        return false;
    object->has_impact = true;
    object->was_withdrawn = object->is_back = false;
    object->latitude_deg = entry->latitude_deg;
    object->longitude_deg = entry->longitude_deg;
    object->major_km = major_km;
    return true;
}

/* +0 for what rounds to nothing: nobody reads "T-0". */
static double whole(double seconds)
{
    return round(seconds) + 0.0;
}

/* A length that never reads as none. */
static void length(double metres, char text[16])
{
    if (metres < 950)
        snprintf(text, 16, "under 1");
    else
        snprintf(text, 16, "%.0f", metres / 1e3);
}

static bool describe_impact(const struct wlk_entry *entry, double at_s, const char *place,
                            struct wlk_terminal_object *object, struct text *text)
{
    struct wlk_ellipse ellipse =
        wlk_ellipse_from_covariance(entry->ee_m2, entry->en_m2, entry->nn_m2, 0.95);
    char major[16], minor[16];
    if (!is_news(entry, ellipse.major_m / 1e3, object))
        return false;
    length(ellipse.major_m, major);
    length(ellipse.minor_m, minor);
    say(text, "impact %s at T%+.0f s, 95 %% within %s x %s km%s%s%s", place, at_s, major, minor,
        entry->names[0] ? " (" : "", entry->names, entry->names[0] ? ")" : "");
    return true;
}

/* What concerns one object; false: nothing a reader needs. */
static bool describe_object(const struct wlk_entry *entry, wlk_utc launch,
                            struct wlk_terminal_memory *memory, struct text *text)
{
    struct wlk_terminal_object *object = object_of(memory, entry->object);
    double at_s = whole(wlk_utc_seconds(entry->at, launch));
    char place[32];
    position(entry->latitude_deg, entry->longitude_deg, place);
    if (entry->object > 1)
        say(text, "object %u: ", (unsigned)entry->object);
    switch (entry->kind) {
    case WLK_ENTRY_DECLARED:
        say(text, "LAUNCH DECLARED, %s%s; launch point ",
            entry->names[0] ? "tracks of " : "no track yet", entry->names);
        if (entry->latitude_deg == 0 && entry->longitude_deg == 0)
            say(text, "not known yet"); /* an entry without a place, not a place at sea */
        else
            say(text, "%s at T%+.0f s", place, at_s);
        return true;
    case WLK_ENTRY_HEADING:
        say(text, "heading %.0f deg, known to +-%.1f deg", entry->azimuth_deg,
            1.96 * entry->azimuth_sigma_deg);
        return true;
    case WLK_ENTRY_BURNOUT:
        say(text, "burnout was at T%+.0f s", at_s);
        return true;
    case WLK_ENTRY_IMPACT:
        return describe_impact(entry, at_s, place, object, text);
    case WLK_ENTRY_ELLIPSE:
        say(text, "impact known to 20 km (95 %%): %s", place);
        return true;
    case WLK_ENTRY_NO_IMPACT:
        object->is_back = false;
        if (!object->has_impact)
            return false;
        object->has_impact = false;
        object->was_withdrawn = true;
        say(text, "impact prediction withdrawn: it flies on otherwise");
        return true;
    case WLK_ENTRY_ENDED:
        if (entry->names[0])
            say(text, "it is down near %s, T%+.0f s, %s", place, at_s, entry->names);
        else
            say(text, "it is gone from the picture");
        return true;
    default:
        return false;
    }
}

/* A partner that is lost under two arrangements is lost once. */
static bool is_told(const struct wlk_entry *entry, struct wlk_terminal_memory *memory)
{
    if (entry->kind < WLK_ENTRY_PARTNER_LOST || entry->kind > WLK_ENTRY_HUB_BACK)
        return false;
    size_t i = 0;
    while (i < memory->peer_count &&
           strncmp(memory->peer[i].name, entry->names, WLK_NAME_SIZE - 1) != 0)
        i++;
    if (i == WLK_TERMINAL_PEERS_MAX)
        return false;
    if (i == memory->peer_count)
        snprintf(memory->peer[memory->peer_count++].name, WLK_NAME_SIZE, "%.15s",
                 entry->names);
    bool is_known = memory->peer[i].said == entry->kind;
    memory->peer[i].said = entry->kind;
    return is_known;
}

static bool describe(const struct wlk_entry *entry, wlk_utc launch,
                     struct wlk_terminal_memory *memory, struct text *text)
{
    const char *more = "";
    switch (entry->kind) {
    case WLK_ENTRY_FIRST_PLOT:
        say(text, "first plot of own radars, by %s", entry->names);
        return true;
    case WLK_ENTRY_WARNING:
        if (entry->warning == WLK_WARNING_CORRECTION)
            more = " (what was said before no longer holds)";
        say(text, "WARNING %s: %s%s", wlk_warning_kind_word(entry->warning), entry->names,
            more);
        return true;
    case WLK_ENTRY_PARTNER_LOST:
        say(text, "nothing heard from %s: silence is not calm", entry->names);
        return true;
    case WLK_ENTRY_PARTNER_BACK:
        say(text, "%s is heard again", entry->names);
        return true;
    case WLK_ENTRY_HUB_LOST:
        say(text, "no link to hub %s", entry->names);
        return true;
    case WLK_ENTRY_HUB_BACK:
        say(text, "link to hub %s is up again", entry->names);
        return true;
    case WLK_ENTRY_GAP:
        say(text, "records missing: %s", entry->names);
        return true;
    case WLK_ENTRY_REFUSED:
        say(text, "hub refused %s", entry->names);
        return true;
    case WLK_ENTRY_NAMED:
        say(text, "it is %s", entry->names);
        return true;
    case WLK_ENTRY_BIAS:
        say(text, "biases of %s", entry->names);
        return true;
    case WLK_ENTRY_ALARM:
        say(text, "ALARM: %s", entry->names);
        return true;
    default:
        return describe_object(entry, launch, memory, text);
    }
}

void wlk_terminal_entry(const struct wlk_entry *entry, wlk_utc launch, bool is_coloured,
                        struct wlk_terminal_memory *memory, FILE *out)
{
    struct text text = {.used = 0};
    if (is_told(entry, memory) || !describe(entry, launch, memory, &text))
        return;
    bool is_loud = entry->kind == WLK_ENTRY_WARNING || entry->kind == WLK_ENTRY_DECLARED;
    fprintf(out, "%sT%+8.1f s  %-3s%s %s%s%s\n", is_coloured ? colour(entry->nation.text) : "",
            wlk_utc_seconds(entry->time, launch), entry->nation.text,
            is_coloured ? "\033[0m" : "", is_coloured && is_loud ? "\033[1m" : "", text.bytes,
            is_coloured && is_loud ? "\033[0m" : "");
    fflush(out);
}

void wlk_terminal_word(const char *words, bool is_coloured, FILE *out)
{
    fprintf(out, "%s%s%s\n", is_coloured ? "\033[2m" : "", words, is_coloured ? "\033[0m" : "");
    fflush(out);
}
