/* serve_acts.c -- what people do at a node's display: answer alarms, and at the desk release,
 * write, correct and cancel warnings. Each act is journalled with its name and shown on every
 * page. SPDX-License-Identifier: Apache-2.0 */
#include "programs/serve_private.h"

#include "base/assert.h"
#include "exchange/journal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((int)WLK_DESK_NAME_SIZE == WLK_OPERATOR_SIZE, "a name is a name");
_Static_assert((int)WLK_SERVER_COMMANDS_MAX < (int)WLK_SERVE_TOLD_MAX,
               "what one turn tells fits");

void wlk_serve_raise_once(struct wlk_serve *serve, enum wlk_alarm_kind kind, const char *key,
                          const char *words, wlk_utc now)
{
    wlk_alarms_raise(&serve->alarms, kind, key, words, false, now);
    wlk_alarms_clear(&serve->alarms, kind, key, now);
}

static void warn_for_alarms(struct wlk_serve *serve, const struct wlk_warning *warning)
{
    struct wlk_serve_trail own = {.number = warning->object};
    struct wlk_serve_trail *trail = warning->object >= WLK_DESK_OWN_OBJECTS
                                        ? &own /* no object of the picture */
                                        : &serve->trail[warning->object % WLK_OBJECTS_MAX];
    const char *word = wlk_warning_kind_word(warning->kind);
    if (trail->number != warning->object)
        *trail = (struct wlk_serve_trail){.number = warning->object};
    bool is_worse = (warning->kind == WLK_WARNING_TAKE_COVER && trail->told < warning->kind) ||
                    warning->kind == WLK_WARNING_IMPACTED;
    if (is_worse)
        trail->told = warning->kind;
    if (warning->kind == WLK_WARNING_CORRECTION) {
        char key[WLK_NAME_SIZE];
        snprintf(key, sizeof key, "%" PRIu32, warning->object);
        wlk_serve_raise_once(serve, WLK_ALARM_CORRECTION, key, word, warning->time);
    } else if (is_worse || warning->kind == WLK_WARNING_LAUNCH) {
        wlk_alarms_warning(&serve->alarms, warning->object, word, is_worse, warning->time);
    }
}

/* ---- the desk ------------------------------------------------------------------------ */

static const char *state_word(enum wlk_desk_state state)
{
    static const char *const words[] = {"?", "proposed", "released", "rejected", "superseded"};
    return (unsigned)state <= WLK_DESK_SUPERSEDED ? words[state] : words[0];
}

/* One alarm for each object about which something asks for a person. */
static void follow_asking(struct wlk_serve *serve, uint32_t renewed, wlk_utc now)
{
    uint32_t asking[WLK_DESK_WAITING_MAX];
    size_t count = wlk_desk_asking(serve->desk, asking, WLK_DESK_WAITING_MAX);
    struct wlk_alarms *alarms = &serve->alarms;
    for (size_t i = alarms->count; i > 0; i--) {
        const struct wlk_alarm *alarm = &alarms->alarm[i - 1];
        bool asks = false;
        for (size_t k = 0; k < count; k++)
            asks |= strtoul(alarm->key, NULL, 10) == asking[k];
        if (alarm->kind == WLK_ALARM_WAITING && !alarm->is_gone && !asks) {
            char key[WLK_NAME_SIZE];
            memcpy(key, alarm->key, sizeof key);
            wlk_alarms_clear(alarms, WLK_ALARM_WAITING, key, now);
        }
    }
    for (size_t k = 0; k < count; k++) {
        char key[WLK_NAME_SIZE];
        snprintf(key, sizeof key, "%" PRIu32, asking[k]);
        wlk_alarms_raise(alarms, WLK_ALARM_WAITING, key, "", asking[k] == renewed, now);
    }
}

void wlk_serve_follow_desk(struct wlk_serve *serve, wlk_utc now)
{
    struct wlk_desk_change *change = &serve->change;
    uint32_t renewed = 0;
    while (wlk_desk_change(serve->desk, change)) {
        wlk_serve_show_warning(serve, "warning", &change->warning,
                               wlk_nation_areas(serve->options.nation),
                               state_word(change->state), change->by);
        if (change->state == WLK_DESK_PROPOSED)
            renewed = change->warning.object;
        if (change->state != WLK_DESK_RELEASED)
            continue;
        if (change->warning.is_by_person)
            warn_for_alarms(serve, &change->warning);
        if (change->is_again)
            continue;
        if (serve->told_count < WLK_SERVE_TOLD_MAX)
            serve->told[serve->told_count++] = change->warning;
        else
            serve->missing++; /* cannot be: one turn obeys fewer commands than that */
    }
    follow_asking(serve, renewed, now);
    wlk_serve_keep(serve);
}

bool wlk_serve_warning(struct wlk_serve *serve, struct wlk_warning *warning)
{
    if (!serve)
        return true;
    warn_for_alarms(serve, warning);
    bool goes = wlk_desk_take(serve->desk, warning, warning->time);
    if (goes)
        wlk_serve_show_warning(serve, "warning", warning,
                               wlk_nation_areas(serve->options.nation), "released", "policy");
    wlk_serve_follow_desk(serve, warning->time);
    return goes;
}

bool wlk_serve_released(struct wlk_serve *serve, struct wlk_warning *out)
{
    if (!serve || serve->told_count == 0)
        return false;
    *out = serve->told[0];
    memmove(serve->told, serve->told + 1, --serve->told_count * sizeof serve->told[0]);
    return true;
}

static enum wlk_desk_outcome propose(struct wlk_serve *serve, const struct wlk_command *command,
                                     wlk_utc now)
{
    const char *const said[WLK_SAID_LANGUAGES] = {command->said[0], command->said[1],
                                                  command->said[2]};
    uint32_t *number = wlk_nation_number(serve->options.nation);
    return wlk_desk_propose(serve->desk, command->number, said, command->by, command->is_proved,
                            number, now);
}

/* "correct" and "cancel" with a ground of the other are refused: who reads the journal must
 * not find that a person cancelled who meant to correct. */
static enum wlk_desk_outcome revise(struct wlk_serve *serve, const struct wlk_command *command,
                                    bool cancels, wlk_utc now)
{
    enum wlk_ground ground;
    if (wlk_ground_parse(command->words, &ground) != WLK_OK ||
        wlk_ground_cancels(ground) != cancels)
        ground = WLK_GROUND_NONE;
    uint32_t *number = wlk_nation_number(serve->options.nation);
    return wlk_desk_revise(serve->desk, command->number, ground, command->by, number, now);
}

/* Partners learn that a person has seen what they sent about these objects. */
static void say_seen(struct wlk_serve *serve, const struct wlk_alarm *alarm)
{
    static const enum wlk_type types[] = {WLK_TYPE_LAUNCH, WLK_TYPE_IMPACT};
    const struct wlk_picture *picture = wlk_nation_picture(serve->options.nation);
    for (size_t i = 0; i < picture->count; i++)
        for (size_t k = 0; k < alarm->object_count && k < WLK_ALARM_OBJECTS_MAX; k++) {
            if (alarm->object[k] != picture->object[i].number)
                continue;
            for (size_t s = 0; s < serve->sources[i].count; s++)
                for (size_t t = 0; t < 2; t++) {
                    const struct wlk_pedigree_row *row = wlk_pedigree_find(
                        serve->options.pedigree, serve->sources[i].source[s].nation,
                        serve->sources[i].source[s].object, types[t]);
                    if (row)
                        wlk_post_shown(wlk_nation_post(serve->options.nation), row->originator,
                                       &row->lane, row->seq);
                }
        }
}

static const char *acknowledge(struct wlk_serve *serve, const struct wlk_command *command,
                               wlk_utc now)
{
    uint32_t number =
        command->number > 0 && command->number <= UINT32_MAX ? (uint32_t)command->number : 0;
    const struct wlk_alarm *alarm = wlk_alarms_find(&serve->alarms, number);
    if (alarm && alarm->kind == WLK_ALARM_LAUNCH)
        say_seen(serve, alarm);
    return wlk_alarms_acknowledge(&serve->alarms, number, command->by, now) == WLK_OK
               ? "done"
               : "nothing-waits";
}

/* NULL: it is no act on a warning. */
static const char *act_on_warning(struct wlk_serve *serve, const struct wlk_command *command,
                                  wlk_utc now)
{
    enum wlk_desk_outcome outcome;
    if (strcmp(command->act, "release") == 0)
        outcome = wlk_desk_release(serve->desk, command->number, command->by,
                                   command->is_proved, now);
    else if (strcmp(command->act, "reject") == 0)
        outcome = wlk_desk_reject(serve->desk, command->number, command->by, now);
    else if (strcmp(command->act, "text") == 0)
        outcome = propose(serve, command, now);
    else if (strcmp(command->act, "warn") == 0)
        outcome = wlk_serve_warn(serve, command, now);
    else if (strcmp(command->act, "correct") == 0)
        outcome = revise(serve, command, false, now);
    else if (strcmp(command->act, "cancel") == 0)
        outcome = revise(serve, command, true, now);
    else
        return NULL;
    return wlk_desk_outcome_word(outcome);
}

void wlk_serve_obey(struct wlk_serve *serve, const struct wlk_command *command, wlk_utc now)
{
    static const char *const plain[] = {"note", "sound-off", "sound-on", "sign-in"};
    char line[WLK_COMMAND_WORDS_SIZE + sizeof command->said + 256];
    const char *outcome = act_on_warning(serve, command, now);
    if (!outcome && strcmp(command->act, "acknowledge") == 0)
        outcome = acknowledge(serve, command, now);
    for (size_t i = 0; !outcome && i < sizeof plain / sizeof plain[0]; i++)
        if (strcmp(command->act, plain[i]) == 0)
            outcome = "done";
    if (!outcome)
        outcome = "no-such-act";
    snprintf(line, sizeof line, "%s %" PRId64 " by %s (%s): %s; %s%s%s%s%s%s", command->act,
             command->number, command->by, command->is_proved ? "proved" : "name stated",
             outcome, command->words, command->said[0], command->said[1][0] ? " / " : "",
             command->said[1], command->said[2][0] ? " / " : "", command->said[2]);
    if (wlk_journal_note(serve->options.journal, now, "OPERATOR", line) != WLK_OK)
        serve->missing++; /* shown and in the file of what was shown all the same */
    wlk_serve_show_act(serve, command, now, outcome);
    wlk_serve_follow_desk(serve, now);
}
