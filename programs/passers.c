/* passers.c -- the satellites and aircraft of a scenario, and what is said of their places: in
 * the words of the file that a nation reads, read as that is.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/player.h"

#include "base/words.h"
#include "rehearsal/passer.h"

#include <stdlib.h>

static wlk_status fly_one(struct wlk_scenario *scenario, const struct wlk_script_passer *passer)
{
    struct wlk_flight *flight = calloc(1, sizeof *flight);
    if (!flight)
        return WLK_IO;
    scenario->passer[scenario->passer_count] = flight;
    return wlk_passer_fly(passer, flight, &scenario->passer_s[scenario->passer_count++]);
}

static wlk_status write_all(struct wlk_scenario *scenario, const struct wlk_script *script,
                            wlk_utc origin, uint64_t seed, struct wlk_fault *fault)
{
    char *text = calloc(1, WLK_WORDS_FILE_SIZE + 1);
    size_t used = 0;
    if (!text)
        return WLK_IO;
    for (size_t i = 0; i < scenario->passer_count; i++)
        used += wlk_passer_write(&script->passer[i], scenario->passer[i],
                                 wlk_utc_add(origin, scenario->passer_s[i]), seed,
                                 WLK_WORDS_FILE_SIZE - used, text + used);
    wlk_status status = wlk_references_parse("known objects", text, scenario->known, fault);
    free(text);
    return status;
}

wlk_status wlk_scenario_pass(struct wlk_scenario *scenario, const struct wlk_script *script,
                             wlk_utc origin, uint64_t seed, struct wlk_fault *fault)
{
    if (script->passer_count == 0)
        return WLK_OK;
    scenario->known = calloc(1, sizeof *scenario->known);
    if (!scenario->known)
        return WLK_IO;
    for (size_t i = 0; i < script->passer_count; i++) {
        wlk_status status = fly_one(scenario, &script->passer[i]);
        if (status == WLK_OK)
            continue;
        wlk_fault_set(fault, "it cannot pass", "%s", script->passer[i].id.text);
        if (fault)
            fault->line = script->passer[i].line;
        return status;
    }
    return write_all(scenario, script, origin, seed, fault);
}
