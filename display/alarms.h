/* alarms.h -- what an operator must answer, few and grouped [EEMUA 191; IMO MSC.302(87)].
 *
 * An alarm stands from when it is raised until its cause is gone; it is unacknowledged until a
 * person has answered it. What launches within a minute and a half is one salvo and one alarm,
 * with a count; each new launch and each worse warning of an acknowledged salvo asks again.
 * Read by: programs/serve.c. No clock, no I/O. Held by: display_test.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_DISPLAY_ALARMS_H
#define WLK_DISPLAY_ALARMS_H

#include "base/limits.h"
#include "display/json.h"

enum {
    WLK_ALARMS_MAX = 64,           /* standing at once; the oldest answered one gives way */
    WLK_ALARM_OBJECTS_MAX = 64,    /* objects named in one salvo; more are counted */
    WLK_ALARM_WORDS_SIZE = 160,
    WLK_OPERATOR_SIZE = 48,        /* UTF-8 bytes of a person's name, with NUL */
};

enum wlk_alarm_kind {
    WLK_ALARM_LAUNCH = 1,    /* a salvo: words are areas or warnings */
    WLK_ALARM_CORRECTION,    /* what was told no longer holds */
    WLK_ALARM_PARTNER,       /* nothing is heard from a nation */
    WLK_ALARM_HUB,           /* no link to a hub */
    WLK_ALARM_RECEIPT,       /* a nation has not confirmed our warnings in time */
    WLK_ALARM_ARRANGEMENT,   /* one is no longer in force: own sensors only */
    WLK_ALARM_DISAGREE,      /* sources of an object contradict each other */
    WLK_ALARM_EXCHANGE,      /* records missing, refused, doubled, contradicted */
    WLK_ALARM_WAITING,       /* a warning waits for a person: the policy may not send it */
    WLK_ALARM_SYSTEM,        /* anything else a node must say */
    WLK_ALARM_KIND_END
};

struct wlk_alarm {
    uint32_t number;         /* from 1, never used twice */
    enum wlk_alarm_kind kind;
    char key[WLK_NAME_SIZE]; /* what it is about: a nation, a hub, an arrangement, an object */
    char words[WLK_ALARM_WORDS_SIZE];
    wlk_utc raised, changed;
    bool is_acknowledged;
    char by[WLK_OPERATOR_SIZE]; /* who acknowledged */
    wlk_utc acknowledged;
    bool is_gone;            /* its cause is; stays until acknowledged */
    uint32_t object_count;   /* launches in the salvo */
    uint32_t object[WLK_ALARM_OBJECTS_MAX];
};

struct wlk_alarms {
    size_t count;
    struct wlk_alarm alarm[WLK_ALARMS_MAX]; /* in the order they were raised */
    uint32_t last_number;
    uint64_t raised, dropped; /* asked for a person; given way unanswered */
    bool has_changed;         /* since wlk_alarms_show last cleared it */
};

/* All zeros is empty. Raises one, or changes the words of the one with this kind and key; one
 * that was acknowledged asks again if again is true or its cause had gone. */
void wlk_alarms_raise(struct wlk_alarms *alarms, enum wlk_alarm_kind kind, const char *key,
                      const char *words, bool again, wlk_utc now);

/* A launch: joins the salvo of the newest launch within 90 s, or opens one. */
void wlk_alarms_launch(struct wlk_alarms *alarms, uint32_t object, wlk_utc now);

/* A warning about an object changes the words of its salvo; is_worse: and asks again. */
void wlk_alarms_warning(struct wlk_alarms *alarms, uint32_t object, const char *words,
                        bool is_worse, wlk_utc now);

/* An object has ended; the salvo's cause is gone with its last one. */
void wlk_alarms_ended(struct wlk_alarms *alarms, uint32_t object, wlk_utc now);

/* The cause is gone: an acknowledged alarm leaves, another waits for a person. key NULL: of
 * that kind, all. */
void wlk_alarms_clear(struct wlk_alarms *alarms, enum wlk_alarm_kind kind, const char *key,
                      wlk_utc now);

/* A person has answered it. WLK_STALE there is no such alarm, or it has been answered. */
wlk_status wlk_alarms_acknowledge(struct wlk_alarms *alarms, uint32_t number, const char *by,
                                  wlk_utc now) WLK_MUST_USE;

/* The alarm of that number, or NULL. */
const struct wlk_alarm *wlk_alarms_find(const struct wlk_alarms *alarms, uint32_t number);

/* All of them as {"alarms":[...],"raised":n,"dropped":n}. */
void wlk_alarms_show(struct wlk_alarms *alarms, struct wlk_json *json);

#endif
