/* timeline.c -- entries as text lines and back.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/timeline.h"

#include "record/cbor.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static const char *const KIND_WORDS[] = {
    "?",           "first-plot",   "declared",     "heading", "burnout",
    "impact",      "no-impact",    "ellipse",      "warning", "partner-lost",
    "partner-back", "hub-lost",    "hub-back",     "gap",     "refused",
    "ended",       "alarm",        "named",        "bias"};
_Static_assert(sizeof KIND_WORDS / sizeof KIND_WORDS[0] == WLK_ENTRY_KIND_END, "a word each");

const char *wlk_entry_kind_word(enum wlk_entry_kind kind)
{
    return (unsigned)kind < WLK_ENTRY_KIND_END ? KIND_WORDS[kind] : KIND_WORDS[0];
}

/* Copies what a line may hold: whole characters of UTF-8; a control character, which could end
 * the line or speak to a terminal, and what is no UTF-8 become "?". */
static void copy_clean(const char *names, char *out, size_t room)
{
    size_t used = 0, left = strlen(names), length;
    for (; left && used + 1 < room; names += length, left -= length) {
        const uint8_t *at = (const uint8_t *)names;
        for (length = 1; length < 4 && length < left && !wlk_cbor_is_clean_text(at, length);)
            length++;
        if (!wlk_cbor_is_clean_text(at, length)) {
            out[used++] = '?';
            length = 1;
            continue;
        }
        if (used + length >= room)
            break;
        memcpy(out + used, names, length);
        used += length;
    }
    out[used] = 0;
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
        copy_clean(entry->names, line + used, (size_t)(WLK_ENTRY_LINE_SIZE - used));
}

static bool is_finite(const struct wlk_entry *entry)
{
    return isfinite(entry->latitude_deg) && isfinite(entry->longitude_deg) &&
           isfinite(entry->ee_m2) && isfinite(entry->en_m2) && isfinite(entry->nn_m2) &&
           isfinite(entry->azimuth_deg) && isfinite(entry->azimuth_sigma_deg);
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
    if (!entry.kind || warning < 0 || warning >= WLK_WARNING_KIND_END || !is_finite(&entry))
        return WLK_BAD_INPUT;
    entry.warning = (enum wlk_warning_kind)warning;
    snprintf(entry.names, sizeof entry.names, "%s", line + used + (line[used] == ' '));
    *out = entry;
    return WLK_OK;
}
