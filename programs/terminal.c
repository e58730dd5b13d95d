/* terminal.c -- prints the timeline.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/terminal.h"

#include "earth/geodesic.h"

#include <math.h>

static const double MOVED_KM = 25;   /* an impact is printed anew when it moved so far */
static const double SHRUNK = 0.5;    /* or when its ellipse has halved */

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

static bool is_news(const struct wlk_entry *entry, double major_km,
                    struct wlk_terminal_memory *memory)
{
    wlk_geodetic before = {memory->latitude_deg * WLK_DEG, memory->longitude_deg * WLK_DEG, 0};
    wlk_geodetic now = {entry->latitude_deg * WLK_DEG, entry->longitude_deg * WLK_DEG, 0};
    if (memory->has_impact && memory->object == entry->object &&
        major_km > SHRUNK * memory->major_km &&
        wlk_geodesic_between(before, now).distance_m < fmax(MOVED_KM, major_km) * 1e3)
        return false;
    *memory = (struct wlk_terminal_memory){true, entry->latitude_deg, entry->longitude_deg,
                                           major_km, entry->object};
    return true;
}

/* The words of an entry; false: nothing a reader needs. */
static bool describe(const struct wlk_entry *entry, wlk_utc launch,
                     struct wlk_terminal_memory *memory, char *text, size_t size)
{
    char place[32];
    position(entry->latitude_deg, entry->longitude_deg, place);
    double at_s = wlk_utc_seconds(entry->at, launch);
    struct wlk_ellipse ellipse = {0};
    if (entry->kind == WLK_ENTRY_IMPACT || entry->kind == WLK_ENTRY_ELLIPSE)
        ellipse = wlk_ellipse_from_covariance(entry->ee_m2, entry->en_m2, entry->nn_m2, 0.95);
    switch (entry->kind) {
    case WLK_ENTRY_FIRST_PLOT:
        snprintf(text, size, "first plot of own radars, by %s", entry->names);
        return true;
    case WLK_ENTRY_DECLARED:
        snprintf(text, size, "LAUNCH DECLARED%s%s; launch point %s at T%+.0f s",
                 entry->names[0] ? ", tracks of " : "", entry->names, place, at_s);
        return true;
    case WLK_ENTRY_HEADING:
        snprintf(text, size, "heading %.0f deg, known to +-%.1f deg", entry->azimuth_deg,
                 1.96 * entry->azimuth_sigma_deg);
        return true;
    case WLK_ENTRY_BURNOUT:
        snprintf(text, size, "burnout was at T+%.0f s", at_s);
        return true;
    case WLK_ENTRY_IMPACT:
        if (!is_news(entry, ellipse.major_m / 1e3, memory))
            return false;
        snprintf(text, size, "impact %s at T+%.0f s, 95 %% within %.0f x %.0f km (%s)", place,
                 at_s, ellipse.major_m / 1e3, ellipse.minor_m / 1e3, entry->names);
        return true;
    case WLK_ENTRY_ELLIPSE:
        snprintf(text, size, "impact known to 20 km: %s", place);
        return true;
    case WLK_ENTRY_NO_IMPACT:
        memory->has_impact = false;
        snprintf(text, size, "impact prediction withdrawn");
        return true;
    case WLK_ENTRY_WARNING:
        snprintf(text, size, "WARNING %s: %s", wlk_warning_kind_word(entry->warning),
                 entry->names);
        return true;
    case WLK_ENTRY_ENDED:
        snprintf(text, size, "object %u is down or gone", (unsigned)entry->object);
        return true;
    case WLK_ENTRY_PARTNER_LOST:
    case WLK_ENTRY_PARTNER_BACK:
    case WLK_ENTRY_HUB_LOST:
    case WLK_ENTRY_HUB_BACK:
    case WLK_ENTRY_GAP:
    case WLK_ENTRY_REFUSED:
    case WLK_ENTRY_ALARM:
        snprintf(text, size, "%s: %s", wlk_entry_kind_word(entry->kind), entry->names);
        return true;
    case WLK_ENTRY_KIND_END:
        break;
    }
    return false;
}

void wlk_terminal_entry(const struct wlk_entry *entry, wlk_utc launch, bool is_coloured,
                        struct wlk_terminal_memory *memory, FILE *out)
{
    char text[640];
    if (!describe(entry, launch, memory, text, sizeof text))
        return;
    bool is_loud = entry->kind == WLK_ENTRY_WARNING || entry->kind == WLK_ENTRY_DECLARED;
    fprintf(out, "%sT%+8.1f s  %-3s%s %s%s%s\n", is_coloured ? colour(entry->nation.text) : "",
            wlk_utc_seconds(entry->time, launch), entry->nation.text,
            is_coloured ? "\033[0m" : "", is_coloured && is_loud ? "\033[1m" : "", text,
            is_coloured && is_loud ? "\033[0m" : "");
    fflush(out);
}

void wlk_terminal_word(const char *words, bool is_coloured, FILE *out)
{
    fprintf(out, "%s%s%s\n", is_coloured ? "\033[2m" : "", words, is_coloured ? "\033[0m" : "");
    fflush(out);
}
