/* nation_register.c -- the biases of the own radars: kept over a restart, and what of them an
 * operator should know.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/nation_private.h"

#include "exchange/journal.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static const double TELL_AGAIN_S = 3600;
/* The file of known objects has nothing of now. */
static const double FILE_OLD_S = 600;

static void key_of(wlk_name radar, char out[64])
{
    snprintf(out, 64, WLK_REGISTRATION_KEY, radar.text);
}

void wlk_nation_register_open(struct wlk_nation *nation)
{
    const struct wlk_nation_options *options = &nation->options;
    struct wlk_registration *registration;
    wlk_name radar;
    if (!options->known_view)
        return;
    wlk_intake_register(nation->intake, options->known_view);
    for (size_t i = 0; wlk_intake_registration(nation->intake, i, &radar, &registration); i++) {
        struct wlk_registration_kept kept;
        char key[64];
        size_t used;
        key_of(radar, key);
        if (wlk_journal_value(options->journal, key, &kept, sizeof kept, &used) == WLK_OK &&
            (used != sizeof kept ||
             wlk_registration_restore(registration, &kept, options->now.utc) != WLK_OK))
            wlk_nation_note(nation, WLK_ENTRY_ALARM, options->now.utc,
                            "what was kept of the biases of a radar is not sound");
    }
}

void wlk_nation_bias_words(const struct wlk_registration *registration, wlk_utc now, char *out,
                           size_t room)
{
    double value[3], sigma[3];
    wlk_registration_at(registration, now, value, sigma);
    int used = snprintf(out, room,
                        "range %+.0f +- %.0f m, azimuth %+.4f +- %.4f, elevation %+.4f +- "
                        "%.4f deg, by %" PRIu64 " passes",
                        value[0], sigma[0], value[1] / WLK_DEG, sigma[1] / WLK_DEG,
                        value[2] / WLK_DEG, sigma[2] / WLK_DEG, registration->passes);
    if (registration->time.ns && used > 0 && (size_t)used < room)
        snprintf(out + used, room - (size_t)used, ", the newest %.0f min old",
                 wlk_utc_seconds(now, registration->time) / 60);
}

/* Jumps and doubts at once; what is known, first and then once an hour. */
static void tell(struct wlk_nation *nation, struct wlk_nation_registered *told, wlk_name radar,
                 const struct wlk_registration *registration, wlk_utc now)
{
    char bias[256], words[320];
    wlk_nation_bias_words(registration, now, bias, sizeof bias);
    if (registration->jumps != told->jumps) {
        snprintf(words, sizeof words, "the bias of %s has jumped: %s", radar.text, bias);
        wlk_nation_note(nation, WLK_ENTRY_ALARM, now, words);
    } else if (registration->doubts != told->doubts) {
        snprintf(words, sizeof words,
                 "%s reads %s otherwise than its biases say; another object will decide",
                 radar.text, registration->doubt_id.text);
        wlk_nation_note(nation, WLK_ENTRY_ALARM, now, words);
    } else if (registration->passes != told->passes &&
               (told->passes == 0 || wlk_utc_seconds(now, told->time) >= TELL_AGAIN_S)) {
        snprintf(words, sizeof words, "%s: %s", radar.text, bias);
        wlk_nation_note(nation, WLK_ENTRY_BIAS, now, words);
    } else {
        return;
    }
    told->jumps = registration->jumps;
    told->doubts = registration->doubts;
    told->passes = registration->passes;
    told->time = now;
}

static void keep(struct wlk_nation *nation, wlk_name radar,
                 const struct wlk_registration *registration, wlk_utc now)
{
    struct wlk_registration_kept kept;
    char key[64];
    key_of(radar, key);
    wlk_registration_keep(registration, &kept);
    if (wlk_journal_set(nation->options.journal, key, &kept, sizeof kept, false) != WLK_OK)
        wlk_nation_note(nation, WLK_ENTRY_ALARM, now, "the biases of a radar are not kept");
}

/* A file that ends before now finds nothing: said once an hour. */
static void watch_file(struct wlk_nation *nation, wlk_utc now)
{
    wlk_utc from, to;
    bool has_any = wlk_references_span(nation->options.known_view, &from, &to);
    double old_s = has_any ? wlk_utc_seconds(now, to) : 0;
    char words[128], time[32];
    if ((has_any && old_s < FILE_OLD_S) ||
        (nation->references_told.ns &&
         wlk_utc_seconds(now, nation->references_told) < TELL_AGAIN_S))
        return;
    nation->references_told = now;
    wlk_utc_text(to, 0, time);
    if (has_any)
        snprintf(words, sizeof words,
                 "the file of known objects ends at %s: no biases are found from it", time);
    else
        snprintf(words, sizeof words, "the file of known objects is empty");
    wlk_nation_note(nation, WLK_ENTRY_ALARM, now, words);
}

void wlk_nation_register_step(struct wlk_nation *nation, wlk_utc now)
{
    struct wlk_registration *registration;
    wlk_name radar;
    if (!nation->options.known_view)
        return;
    for (size_t i = 0; wlk_intake_registration(nation->intake, i, &radar, &registration); i++) {
        (void)wlk_registration_age(registration, now);
        if (registration->passes != nation->registered[i].kept)
            keep(nation, radar, registration, now);
        nation->registered[i].kept = registration->passes;
        tell(nation, &nation->registered[i], radar, registration, now);
    }
    watch_file(nation, now);
}

bool wlk_nation_registration(const struct wlk_nation *nation, size_t index, wlk_name *radar,
                             const struct wlk_registration **out)
{
    struct wlk_registration *registration;
    if (!wlk_intake_registration(nation->intake, index, radar, &registration))
        return false;
    *out = registration;
    return true;
}
