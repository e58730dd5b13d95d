/* source.h -- the newest words of one source about one object: the own tracker, a partner,
 * or an infrared satellite. Newer replaces older; nothing is ever added up here.
 * Read by: fusion/correlate, fusion/view, fusion/picture.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_FUSION_SOURCE_H
#define WLK_FUSION_SOURCE_H

#include "fusion/picture.h"

/* When something was said, and by which lane. */
struct wlk_said {
    bool is_there;
    bool is_fine;
    wlk_utc time;   /* of the record that is kept */
    wlk_utc newest; /* of any record of this kind */
};

enum wlk_source_kind {
    WLK_SOURCE_NONE = 0,
    WLK_SOURCE_OWN,
    WLK_SOURCE_PARTNER,
    WLK_SOURCE_SIGHTING
};

/* What the pattern of a salvo says of a source and another nation's tracks (fusion/lineup). */
struct wlk_source_mate {
    wlk_name originator; /* the other nation */
    bool is_alone;       /* it has no track of this object */
    uint32_t object;     /* else: this one, at it */
    double cost;         /* of the pair, at the gate 1; the common offset taken away */
    bool is_sure;
};

struct wlk_source {
    enum wlk_source_kind kind;
    wlk_name originator; /* a sighting: the satellite */
    uint32_t object;     /* at the originator */
    uint32_t number;     /* in the picture */
    wlk_utc first_seen, newest;
    bool has_event;
    wlk_event event;
    wlk_utc event_time; /* when it was first named */
    uint32_t ordinal;   /* the how manieth its originator named under the event; 0: none */
    bool is_in_salvo;   /* its originator speaks of others under the same event */
    bool declares;      /* CONFIRMED, by its own rule */
    struct wlk_said state_said, launch_said, impact_said;
    struct wlk_state state;
    enum wlk_track_condition condition;
    wlk_utc first_measurement, last_measurement;
    struct wlk_launch launch;
    struct wlk_impact impact;
    bool has_heading;
    double heading_rad, heading_sigma_rad;
    bool has_burnout;
    wlk_utc burnout;
    bool has_carried; /* carried: the free state at the picture's time */
    struct wlk_state carried;
    wlk_utc apart_since; /* since when it has been far from its object; 0 ns: it is not */
    size_t mate_count;
    struct wlk_source_mate mate[WLK_PARTIES_MAX];
};

/* Takes what the own tracker says; now: when the event is told, if it is new. */
void wlk_source_own(struct wlk_source *source, const struct wlk_track *track,
                    const wlk_event *event, wlk_utc now);

/* Take one record of a partner. WLK_OK; WLK_STALE; WLK_BAD_INPUT not an estimate. */
wlk_status wlk_source_track(struct wlk_source *source, const struct wlk_partner *who,
                            const struct wlk_state *state,
                            enum wlk_track_condition condition) WLK_MUST_USE;
wlk_status wlk_source_launch(struct wlk_source *source, const struct wlk_partner *who,
                             const struct wlk_launch *launch) WLK_MUST_USE;
wlk_status wlk_source_impact(struct wlk_source *source, const struct wlk_partner *who,
                             const struct wlk_impact *impact) WLK_MUST_USE;

/* Carries a free state to now, if it is not too old (WLK_SOURCE_AGE_MAX_S). */
void wlk_source_carry(struct wlk_source *source, wlk_utc now);

/* How well it is measured now: what the source says, aged by what we have not heard since. */
enum wlk_track_condition wlk_source_condition(const struct wlk_source *source, wlk_utc now);

/* Has it anything left to say? */
bool wlk_source_is_alive(const struct wlk_source *source, wlk_utc now);

/* A free state says something for so long; after that unmodelled forces win (a partner that
 * has nothing newer for ten minutes has lost the object or its link). */
#define WLK_SOURCE_AGE_MAX_S 600.0
/* A boosting state is shown for so long, and joined with others within 5 s. */
#define WLK_SOURCE_BOOST_AGE_MAX_S 30.0

#endif
