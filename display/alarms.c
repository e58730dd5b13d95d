/* alarms.c -- raises, groups, answers and clears alarms.
 * SPDX-License-Identifier: Apache-2.0 */
#include "display/alarms.h"

#include "base/assert.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const double SALVO_S = 90; /* ASSUMPTION: launches closer together are one act */

static struct wlk_alarm *find(struct wlk_alarms *alarms, enum wlk_alarm_kind kind,
                              const char *key)
{
    for (size_t i = alarms->count; i > 0; i--)
        if (alarms->alarm[i - 1].kind == kind && strcmp(alarms->alarm[i - 1].key, key) == 0)
            return &alarms->alarm[i - 1];
    return NULL;
}

static void take_out(struct wlk_alarms *alarms, size_t at)
{
    memmove(&alarms->alarm[at], &alarms->alarm[at + 1],
            (alarms->count - at - 1) * sizeof alarms->alarm[0]);
    alarms->count--;
}

/* A full list gives up the oldest answered alarm, else the oldest that is no launch. */
static void make_room(struct wlk_alarms *alarms)
{
    if (alarms->count < WLK_ALARMS_MAX)
        return;
    size_t at = 0;
    while (at < alarms->count && !alarms->alarm[at].is_acknowledged)
        at++;
    if (at == alarms->count) {
        alarms->dropped++;
        for (at = 0; at + 1 < alarms->count && alarms->alarm[at].kind == WLK_ALARM_LAUNCH;)
            at++;
    }
    take_out(alarms, at);
}

static struct wlk_alarm *add(struct wlk_alarms *alarms, enum wlk_alarm_kind kind,
                             const char *key, wlk_utc now)
{
    make_room(alarms);
    struct wlk_alarm *alarm = &alarms->alarm[alarms->count++];
    *alarm = (struct wlk_alarm){
        .number = ++alarms->last_number, .kind = kind, .raised = now, .changed = now};
    snprintf(alarm->key, sizeof alarm->key, "%s", key);
    alarms->raised++;
    return alarm;
}

/* Cuts at a whole character: what is cut must stay text. */
static void set_words(struct wlk_alarm *alarm, const char *words)
{
    size_t size = strlen(words);
    if (size >= sizeof alarm->words)
        size = sizeof alarm->words - 1;
    while (size > 0 && ((unsigned char)words[size] & 0xc0) == 0x80)
        size--;
    memcpy(alarm->words, words, size);
    alarm->words[size] = 0;
}

static void ask_again(struct wlk_alarms *alarms, struct wlk_alarm *alarm)
{
    if (!alarm->is_acknowledged)
        return;
    alarm->is_acknowledged = false;
    alarm->by[0] = 0;
    alarms->raised++;
}

void wlk_alarms_raise(struct wlk_alarms *alarms, enum wlk_alarm_kind kind, const char *key,
                      const char *words, bool again, wlk_utc now)
{
    struct wlk_alarm *alarm = find(alarms, kind, key);
    if (alarm && !again && !alarm->is_gone && strcmp(alarm->words, words) == 0)
        return;
    if (!alarm)
        alarm = add(alarms, kind, key, now);
    else if (again || alarm->is_gone)
        ask_again(alarms, alarm);
    alarm->is_gone = false;
    alarm->changed = now;
    set_words(alarm, words);
    alarms->has_changed = true;
}

void wlk_alarms_launch(struct wlk_alarms *alarms, uint32_t object, wlk_utc now)
{
    struct wlk_alarm *salvo = NULL;
    for (size_t i = alarms->count; i > 0 && !salvo; i--)
        if (alarms->alarm[i - 1].kind == WLK_ALARM_LAUNCH)
            salvo = &alarms->alarm[i - 1];
    if (!salvo || salvo->is_gone || wlk_utc_seconds(now, salvo->changed) > SALVO_S) {
        char key[WLK_NAME_SIZE];
        snprintf(key, sizeof key, "%" PRIu32, object);
        salvo = add(alarms, WLK_ALARM_LAUNCH, key, now);
    } else {
        ask_again(alarms, salvo);
    }
    if (salvo->object_count < WLK_ALARM_OBJECTS_MAX)
        salvo->object[salvo->object_count] = object;
    salvo->object_count++;
    salvo->changed = now;
    alarms->has_changed = true;
}

static struct wlk_alarm *salvo_of(struct wlk_alarms *alarms, uint32_t object)
{
    for (size_t i = alarms->count; i > 0; i--) {
        struct wlk_alarm *alarm = &alarms->alarm[i - 1];
        for (size_t k = 0; k < alarm->object_count && k < WLK_ALARM_OBJECTS_MAX; k++)
            if (alarm->object[k] == object)
                return alarm;
    }
    return NULL;
}

void wlk_alarms_warning(struct wlk_alarms *alarms, uint32_t object, const char *words,
                        bool is_worse, wlk_utc now)
{
    struct wlk_alarm *salvo = salvo_of(alarms, object);
    if (!salvo) {
        wlk_alarms_launch(alarms, object, now);
        salvo = salvo_of(alarms, object);
    } else if (is_worse) {
        ask_again(alarms, salvo);
    }
    WLK_ASSERT(salvo);
    set_words(salvo, words);
    alarms->has_changed = true;
}

void wlk_alarms_ended(struct wlk_alarms *alarms, uint32_t object, wlk_utc now)
{
    struct wlk_alarm *salvo = salvo_of(alarms, object);
    if (!salvo)
        return;
    bool is_live = salvo->object_count > WLK_ALARM_OBJECTS_MAX; /* some are only counted */
    for (size_t k = 0; k < salvo->object_count && k < WLK_ALARM_OBJECTS_MAX; k++) {
        if (salvo->object[k] == object)
            salvo->object[k] = 0;
        is_live |= salvo->object[k] != 0;
    }
    if (!is_live)
        wlk_alarms_clear(alarms, WLK_ALARM_LAUNCH, salvo->key, now);
    alarms->has_changed = true;
}

void wlk_alarms_clear(struct wlk_alarms *alarms, enum wlk_alarm_kind kind, const char *key,
                      wlk_utc now)
{
    for (size_t i = alarms->count; i > 0; i--) {
        struct wlk_alarm *alarm = &alarms->alarm[i - 1];
        if (alarm->kind != kind || alarm->is_gone || (key && strcmp(alarm->key, key) != 0))
            continue;
        alarm->is_gone = true;
        alarm->changed = now;
        alarms->has_changed = true;
        if (alarm->is_acknowledged)
            take_out(alarms, i - 1);
    }
}

wlk_status wlk_alarms_acknowledge(struct wlk_alarms *alarms, uint32_t number, const char *by,
                                  wlk_utc now)
{
    for (size_t i = 0; i < alarms->count; i++) {
        struct wlk_alarm *alarm = &alarms->alarm[i];
        if (alarm->number != number || alarm->is_acknowledged)
            continue;
        alarm->is_acknowledged = true;
        alarm->acknowledged = now;
        snprintf(alarm->by, sizeof alarm->by, "%s", by);
        alarms->has_changed = true;
        if (alarm->is_gone)
            take_out(alarms, i);
        return WLK_OK;
    }
    return WLK_STALE;
}

const struct wlk_alarm *wlk_alarms_find(const struct wlk_alarms *alarms, uint32_t number)
{
    for (size_t i = 0; i < alarms->count; i++)
        if (alarms->alarm[i].number == number)
            return &alarms->alarm[i];
    return NULL;
}

static void show(const struct wlk_alarm *alarm, struct wlk_json *json)
{
    static const char *const kind[] = {"?",        "LAUNCH",  "CORRECTION",  "PARTNER",
                                       "HUB",      "RECEIPT", "ARRANGEMENT", "DISAGREE",
                                       "EXCHANGE", "WAITING", "SYSTEM"};
    _Static_assert(sizeof kind / sizeof kind[0] == WLK_ALARM_KIND_END, "one word each");
    wlk_json_open(json, NULL, '{');
    wlk_json_integer(json, "number", alarm->number);
    wlk_json_text(json, "kind", kind[alarm->kind]);
    wlk_json_text(json, "key", alarm->key);
    wlk_json_text(json, "words", alarm->words);
    wlk_json_time(json, "raised", alarm->raised);
    wlk_json_bool(json, "acknowledged", alarm->is_acknowledged);
    wlk_json_text(json, "by", alarm->by);
    if (alarm->is_acknowledged)
        wlk_json_time(json, "at", alarm->acknowledged);
    wlk_json_bool(json, "gone", alarm->is_gone);
    wlk_json_integer(json, "count", alarm->object_count);
    wlk_json_open(json, "objects", '[');
    for (size_t k = 0; k < alarm->object_count && k < WLK_ALARM_OBJECTS_MAX; k++)
        if (alarm->object[k])
            wlk_json_integer(json, NULL, alarm->object[k]);
    wlk_json_close(json, ']');
    wlk_json_close(json, '}');
}

void wlk_alarms_show(struct wlk_alarms *alarms, struct wlk_json *json)
{
    wlk_json_open(json, NULL, '{');
    wlk_json_open(json, "alarms", '[');
    for (size_t i = 0; i < alarms->count; i++)
        show(&alarms->alarm[i], json);
    wlk_json_close(json, ']');
    wlk_json_integer(json, "raised", (int64_t)alarms->raised);
    wlk_json_integer(json, "dropped", (int64_t)alarms->dropped);
    wlk_json_close(json, '}');
    alarms->has_changed = false;
}
