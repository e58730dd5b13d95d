/* decoys.c -- reads the file of decoys.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sensors/decoys.h"

#include "base/assert.h"
#include "base/words.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    struct wlk_words words;
    struct wlk_fault *fault;
    const struct wlk_sites *sites;
    wlk_name owner;
    struct wlk_decoys decoys;
};

static wlk_status complain(const struct reading *reading, const char *rule)
{
    return wlk_words_fault(&reading->words, reading->fault, rule, "%.60s",
                           reading->words.count > 1 ? reading->words.word[1]
                                                    : reading->words.word[0]);
}

static wlk_status take_radar(struct reading *reading)
{
    const struct wlk_words *words = &reading->words;
    struct wlk_decoys *decoys = &reading->decoys;
    wlk_name id;
    if (words->count != 2 || wlk_name_parse(words->word[1], &id) != WLK_OK)
        return complain(reading, "expected: decoys RADAR");
    const struct wlk_site *site = wlk_sites_find(reading->sites, id);
    if (!site || !wlk_name_equal(site->owner, reading->owner))
        return complain(reading, "not a radar of this nation");
    for (size_t i = 0; i < decoys->count; i++)
        if (wlk_name_equal(decoys->set[i].site.id, id))
            return complain(reading, "radar stands twice");
    if (decoys->count > 0 && decoys->set[decoys->count - 1].count == 0)
        return complain(reading, "the radar before has no place");
    if (decoys->count == WLK_DECOY_SETS_MAX)
        return complain(reading, "too many radars");
    decoys->set[decoys->count++].site = *site;
    return WLK_OK;
}

static wlk_status take_place(struct reading *reading)
{
    const struct wlk_words *words = &reading->words;
    struct wlk_decoys *decoys = &reading->decoys;
    struct wlk_decoy_set *set = decoys->count ? &decoys->set[decoys->count - 1] : NULL;
    double latitude, longitude, height;
    if (!set)
        return complain(reading, "a place before the first radar");
    if (words->count != 5 || strcmp(words->word[3], "height") != 0 ||
        wlk_word_number(words->word[1], -90, 90, &latitude) != WLK_OK ||
        wlk_word_number(words->word[2], -180, 180, &longitude) != WLK_OK ||
        wlk_word_number(words->word[4], -500, 9000, &height) != WLK_OK)
        return complain(reading, "expected: at LAT LON height M");
    if (set->count == WLK_DECOYS_MAX)
        return complain(reading, "too many places of one radar");
    set->place[set->count++] = (wlk_geodetic){latitude * WLK_DEG, longitude * WLK_DEG, height};
    return WLK_OK;
}

static wlk_status take_statement(struct reading *reading)
{
    if (strcmp(reading->words.word[0], "decoys") == 0)
        return take_radar(reading);
    if (strcmp(reading->words.word[0], "at") == 0)
        return take_place(reading);
    return complain(reading, "unknown statement");
}

wlk_status wlk_decoys_parse(const char *name, const char *text, const struct wlk_sites *sites,
                            wlk_name owner, struct wlk_decoys *out, struct wlk_fault *fault)
{
    static struct reading opened; /* too large for the stack */
    struct reading *reading = &opened;
    wlk_status status;
    memset(reading, 0, sizeof *reading);
    reading->fault = fault;
    reading->sites = sites;
    reading->owner = owner;
    wlk_words_init(&reading->words, name, text);
    while ((status = wlk_words_next(&reading->words, fault)) == WLK_OK)
        if ((status = take_statement(reading)) != WLK_OK)
            break;
    const struct wlk_decoys *decoys = &reading->decoys;
    bool is_last_empty = decoys->count == 0 || decoys->set[decoys->count - 1].count == 0;
    if (status == WLK_NOT_YET) {
        status = WLK_OK;
        if (is_last_empty)
            status = wlk_words_fault(&reading->words, fault, "no place of a radar", "%s",
                                     "end of file");
    }
    if (status == WLK_OK)
        *out = *decoys;
    return status;
}

wlk_status wlk_decoys_read(const char *path, const struct wlk_sites *sites, wlk_name owner,
                           struct wlk_decoys *out, struct wlk_fault *fault)
{
    char *text;
    WLK_TRY(wlk_words_read_file(path, &text, fault));
    wlk_status status = wlk_decoys_parse(path, text, sites, owner, out, fault);
    free(text);
    return status;
}
