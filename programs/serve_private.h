/* serve_private.h -- what the files of a node's display share: serve.c is fed and takes
 * commands, serve_show.c turns values into events, serve_about.c tells once what does not
 * change. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_SERVE_PRIVATE_H
#define WLK_PROGRAMS_SERVE_PRIVATE_H

#include "display/server.h"
#include "display/snapshot.h"
#include "programs/desk_form.h"
#include "programs/live_watch.h"
#include "programs/serve.h"
#include "warning/desk.h"
#include "warning/wording.h"

#include <stdio.h>

enum {
    WLK_SERVE_AREAS_SIZE = 1 << 19, /* bytes of areas.json: Japan's take 0.14 MB */
    WLK_SERVE_TOLD_MAX = 64,        /* warnings that persons released, not yet pulled */
};

/* When an object's trail was last written, and how it stood. */
struct wlk_serve_trail {
    uint32_t number;
    wlk_utc at;
    bool disagrees;
    enum wlk_warning_kind told; /* worst warning so far */
};

struct wlk_serve {
    struct wlk_serve_options options;
    struct wlk_feed *feed;
    struct wlk_server *server;
    struct wlk_operators operators;
    struct wlk_alarms alarms;
    struct wlk_nation *alone;
    struct wlk_journal *alone_journal;
    FILE *shown;             /* NULL: none */
    uint64_t shown_size;
    bool is_shown_full;
    wlk_utc pictured, alone_pictured;
    wlk_mono health_at, pedigree_at, alone_tick_at;
    uint64_t pedigree_seen, plots_seen;
    wlk_utc plot_at;         /* when the newest plot was taken */
    uint64_t missing;        /* events too long to be shown */
    struct wlk_serve_trail trail[WLK_OBJECTS_MAX];
    struct wlk_live_watch live;
    struct wlk_desk *desk;
    struct wlk_desk_change change; /* scratch of one */
    struct wlk_desk_hand hand[WLK_DESK_HANDS_MAX]; /* as they were kept last */
    struct wlk_desk_kept kept[WLK_DESK_KEPT_MAX], kept_now[WLK_DESK_KEPT_MAX];
    uint8_t form[WLK_DESK_FORM_SIZE]; /* scratch: hands or kept, as the journal has them */
    size_t told_count;
    struct wlk_warning told[WLK_SERVE_TOLD_MAX];
    struct wlk_shown_sources sources[WLK_OBJECTS_MAX];
    struct wlk_shown_text text[WLK_SHOWN_LANGUAGES];
    struct wlk_wording wording[WLK_SHOWN_LANGUAGES];
    char json[WLK_FEED_TEXT_MAX]; /* of the event being made */
    char about[16384];
    char *areas;
    size_t areas_size;
};

/* Adds the event made in serve->json to the feed and to the file of what was shown. */
void wlk_serve_emit(struct wlk_serve *serve, enum wlk_feed_store store, const char *kind,
                    const struct wlk_json *json);

/* The documents that do not change: who this node is, its radars, its areas. WLK_FULL they do
 * not fit. */
wlk_status wlk_serve_about(struct wlk_serve *serve) WLK_MUST_USE;
wlk_status wlk_serve_areas(struct wlk_serve *serve, const struct wlk_areas *areas) WLK_MUST_USE;

/* "LIVE", "EXERCISE" or "TEST", as pages show it. */
const char *wlk_serve_nature_word(enum wlk_nature nature);

/* Something to answer that has no end of its own: it leaves when it is answered. */
void wlk_serve_raise_once(struct wlk_serve *serve, enum wlk_alarm_kind kind, const char *key,
                          const char *words, wlk_utc now);

/* What persons took in hand, wrote and warned of in an earlier life of this node. */
void wlk_serve_restore(struct wlk_serve *serve);

/* Shows what the desk has changed, and keeps what is to be sent. */
void wlk_serve_follow_desk(struct wlk_serve *serve, wlk_utc now);

/* Keeps it in the journal, where it has changed. */
void wlk_serve_keep(struct wlk_serve *serve);

/* A person warns where the machine does not. command: number of an object of the picture, or 0;
 * words: "TAKE_COVER JP-01 SEA", kind and keys of areas. */
enum wlk_desk_outcome wlk_serve_warn(struct wlk_serve *serve, const struct wlk_command *command,
                                     wlk_utc now);

/* Does what a person asked for, journals and shows it. */
void wlk_serve_obey(struct wlk_serve *serve, const struct wlk_command *command, wlk_utc now);

/* Make and emit one event each. */
void wlk_serve_show_picture(struct wlk_serve *serve);
void wlk_serve_show_entry(struct wlk_serve *serve, const struct wlk_entry *entry);
void wlk_serve_show_warning(struct wlk_serve *serve, const char *kind,
                            const struct wlk_warning *warning, const struct wlk_areas *areas,
                            const char *state, const char *by);
void wlk_serve_show_health(struct wlk_serve *serve, struct wlk_moment now);
void wlk_serve_show_live(struct wlk_serve *serve);
void wlk_serve_show_pedigree(struct wlk_serve *serve);
void wlk_serve_show_act(struct wlk_serve *serve, const struct wlk_command *command, wlk_utc now,
                        const char *outcome);

#endif
