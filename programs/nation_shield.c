/* nation_shield.c -- a nation: what it tells under arrangements with shielded groups.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/nation_private.h"

#include "base/assert.h"
#include "exchange/journal.h"

#include <stdio.h>

static const char KEY[] = "shield-key";

/* Drawn once and kept: the noise of a slot is the same after a restart, and in a replay. */
static wlk_status take_key(struct wlk_nation *nation, uint8_t key[WLK_SHIELD_KEY_SIZE])
{
    const struct wlk_nation_options *options = &nation->options;
    size_t used;
    _Static_assert(WLK_SHIELD_KEY_SIZE == 2 * WLK_SALT_SIZE, "a key is two draws");
    wlk_status status =
        wlk_journal_value(options->journal, KEY, key, WLK_SHIELD_KEY_SIZE, &used);
    if (status == WLK_OK && used == WLK_SHIELD_KEY_SIZE)
        return WLK_OK;
    if (status != WLK_OK && status != WLK_NOT_YET)
        return status;
    options->salts.draw(options->salts.context, key);
    options->salts.draw(options->salts.context, key + WLK_SALT_SIZE);
    return wlk_journal_set(options->journal, KEY, key, WLK_SHIELD_KEY_SIZE, true);
}

static void count_key(wlk_name radar, char out[64])
{
    snprintf(out, 64, "shield-launches-%s", radar.text);
}

wlk_status wlk_nation_shield_open(struct wlk_nation *nation, struct wlk_fault *fault)
{
    const struct wlk_decoys *decoys = nation->options.decoys;
    struct wlk_shield_setup setup = {.decoys = decoys};
    if (!decoys || decoys->count == 0)
        return WLK_OK;
    WLK_TRY(take_key(nation, setup.key));
    wlk_status status = wlk_shield_open(&setup, &nation->shield);
    if (status == WLK_BAD_INPUT)
        wlk_fault_set(fault, "decoys do not hide a radar", "none within 60 km of its place");
    for (size_t i = 0; status == WLK_OK && i < decoys->count; i++) {
        char key[64];
        uint32_t count;
        size_t used;
        count_key(decoys->set[i].site.id, key);
        if (wlk_journal_value(nation->options.journal, key, &count, sizeof count, &used) ==
                WLK_OK &&
            used == sizeof count) {
            wlk_shield_start_launches(nation->shield, i, count);
            nation->shielded[i] = count;
        }
    }
    return status;
}

/* Keeps how many launches each radar has had a part in, and warns from the tenth on: its bias
 * shows a little more in each (docs/leak.md). */
static void count_launches(struct wlk_nation *nation, wlk_utc now)
{
    const struct wlk_decoys *decoys = nation->options.decoys;
    for (size_t i = 0; i < decoys->count; i++) {
        uint32_t count = wlk_shield_launches(nation->shield, i);
        char key[64], words[160];
        if (count == nation->shielded[i])
            continue;
        nation->shielded[i] = count;
        count_key(decoys->set[i].site.id, key);
        wlk_status status =
            wlk_journal_set(nation->options.journal, key, &count, sizeof count, true);
        if (status != WLK_OK)
            wlk_nation_note(nation, WLK_ENTRY_ALARM, now, "shielded launches are not counted");
        if (count < WLK_SHIELD_LAUNCHES_MAX)
            continue;
        snprintf(words, sizeof words,
                 "%s: %u launches released shielded; calibrate it anew before the next",
                 decoys->set[i].site.id.text, count);
        wlk_nation_note(nation, WLK_ENTRY_ALARM, now, words);
    }
}

void wlk_nation_shield_step(struct wlk_nation *nation, struct wlk_moment now)
{
    if (!nation->shield) {
        if (!nation->is_unshielded_told && wlk_publish_is_shielded(nation->publisher)) {
            nation->is_unshielded_told = true;
            wlk_nation_note(nation, WLK_ENTRY_ALARM, now.utc,
                            "an arrangement has shielded groups, and this node no decoys: "
                            "nothing is told under it");
        }
        return;
    }
    if (!wlk_shield_step(nation->shield, nation->book, now.utc))
        return;
    struct wlk_moment told = {wlk_shield_told_at(nation->shield), now.mono};
    for (size_t i = 0; i < wlk_shield_count(nation->shield); i++) {
        const struct wlk_track *track = wlk_shield_track(nation->shield, i);
        wlk_event event;
        if (track->is_ended) {
            bool is_over = wlk_publish_shielded_ended(nation->publisher, track, told);
            (void)is_over; /* if not, the next slot tries again */
            continue;
        }
        bool has_event = wlk_publish_event(nation->publisher, track->object, &event);
        wlk_publish_shielded(nation->publisher, track, has_event ? &event : NULL, told);
    }
    count_launches(nation, now.utc);
}
