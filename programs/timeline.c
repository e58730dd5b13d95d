/* timeline.c -- entries as text lines and back.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/timeline.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static const char *const KIND_WORDS[] = {
    "?",           "first-plot",   "declared",     "heading", "burnout",
    "impact",      "no-impact",    "ellipse",      "warning", "partner-lost",
    "partner-back", "hub-lost",    "hub-back",     "gap",     "refused",
    "ended",       "alarm"};
_Static_assert(sizeof KIND_WORDS / sizeof KIND_WORDS[0] == WLK_ENTRY_KIND_END, "a word each");

const char *wlk_entry_kind_word(enum wlk_entry_kind kind)
{
    return (unsigned)kind < WLK_ENTRY_KIND_END ? KIND_WORDS[kind] : KIND_WORDS[0];
}

void wlk_entry_line(const struct wlk_entry *entry, char line[WLK_ENTRY_LINE_SIZE])
{
    int used = snprintf(line, WLK_ENTRY_LINE_SIZE,
                        "entry %s %" PRId64 " %s %" PRIu32 " %" PRId64
                        " %.7f %.7f %.6e %.6e %.6e %.4f %.4f %d | ",
                        entry->nation.text, entry->time.ns, wlk_entry_kind_word(entry->kind),
                        entry->object, entry->at.ns, entry->latitude_deg, entry->longitude_deg,
                        entry->ee_m2, entry->en_m2, entry->nn_m2, entry->azimuth_deg,
                        entry->azimuth_sigma_deg, (int)entry->warning);
    if (used > 0 && used < WLK_ENTRY_LINE_SIZE)
        snprintf(line + used, (size_t)(WLK_ENTRY_LINE_SIZE - used), "%s", entry->names);
}

wlk_status wlk_entry_parse(const char *line, struct wlk_entry *out)
{
    struct wlk_entry entry = {0};
    char nation[WLK_NAME_SIZE], kind[16];
    int warning = 0, used = 0;
    int found = sscanf(line,
                       "entry %15s %" SCNd64 " %15s %" SCNu32 " %" SCNd64
                       " %lf %lf %lf %lf %lf %lf %lf %d |%n",
                       nation, &entry.time.ns, kind, &entry.object, &entry.at.ns,
                       &entry.latitude_deg, &entry.longitude_deg, &entry.ee_m2, &entry.en_m2,
                       &entry.nn_m2, &entry.azimuth_deg, &entry.azimuth_sigma_deg, &warning,
                       &used);
    if (found != 13 || used == 0 || wlk_name_parse(nation, &entry.nation) != WLK_OK)
        return WLK_BAD_INPUT;
    for (int i = 1; i < WLK_ENTRY_KIND_END; i++)
        if (strcmp(KIND_WORDS[i], kind) == 0)
            entry.kind = (enum wlk_entry_kind)i;
    if (!entry.kind || warning < 0 || warning >= WLK_WARNING_KIND_END)
        return WLK_BAD_INPUT;
    entry.warning = (enum wlk_warning_kind)warning;
    snprintf(entry.names, sizeof entry.names, "%s", line + used + (line[used] == ' '));
    *out = entry;
    return WLK_OK;
}
