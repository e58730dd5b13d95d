/* picture.h -- all objects as one nation sees them now, with who said what.
 *
 * A node keeps the newest own-only estimate of each nation for each object: it replaces,
 * never accumulates, and what it makes of them never comes back in. So the same record a
 * hundred times, late, doubled or out of order changes nothing.
 * Reads: record/. Read by: programs/nation.c. No clock, no I/O; memory is taken at open.
 * Held by: picture_test.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_FUSION_PICTURE_H
#define WLK_FUSION_PICTURE_H

#include "record/picture.h"
#include "record/plot.h"

struct wlk_fusion; /* opaque */

/* Whose verified own-only record it is. The key is (originator, object). Of two lanes that
 * carry the same object (fine and coarse) the finest within 3 s of the newest is kept. */
struct wlk_partner {
    wlk_name originator; /* never this nation: such a record is refused */
    uint32_t object;     /* at the originator */
    wlk_event event;
    bool has_event;
    bool is_fine;
    wlk_utc time; /* of the record (header key 6) */
};

/* What was left out, and why; all since open. */
struct wlk_fusion_counts {
    uint64_t accepted;
    uint64_t stale;        /* older than what is there, or a coarse double of a fine one */
    uint64_t bad;          /* not an estimate: NaN, not positive definite, out of range */
    uint64_t own_returned; /* a record that claims to come from this nation */
    uint64_t full;         /* no room for another source or object */
    uint64_t disagreed;    /* pictures in which an object's sources disagreed */
    uint64_t joined;       /* objects found to be one */
    uint64_t parted;       /* pairings given up */
    size_t sources_max, objects_max; /* high-water marks */
};

/* WLK_OK; WLK_IO out of memory. */
wlk_status wlk_fusion_open(wlk_name nation, struct wlk_fusion **out) WLK_MUST_USE;
void wlk_fusion_close(struct wlk_fusion *fusion); /* NULL is allowed */

/* How wrong this nation's own clock may be against UTC, one sigma, s; 0 until told. Own states
 * are joined with partners' that much less sure. */
void wlk_fusion_clock(struct wlk_fusion *fusion, double clock_error_s);

/* The own tracker's view of one object; call at each revision. event: the launch it is
 * reported under, or NULL while there is none. */
void wlk_fusion_own(struct wlk_fusion *fusion, const struct wlk_track *track,
                    const wlk_event *event);

/* The own tracker has dropped the object (fallen or lost for good). */
void wlk_fusion_own_ended(struct wlk_fusion *fusion, uint32_t own_object);

/* A partner's verified own-only record.
 *
 * WLK_OK          kept.
 * WLK_STALE       not newer than what is kept; nothing changed.
 * WLK_BAD_INPUT   not an estimate, or it claims to come from this nation; counted.
 * WLK_FULL        no room; counted. */
wlk_status wlk_fusion_partner_track(struct wlk_fusion *fusion, const struct wlk_partner *who,
                                    const struct wlk_state *state,
                                    enum wlk_track_condition condition) WLK_MUST_USE;
wlk_status wlk_fusion_partner_launch(struct wlk_fusion *fusion, const struct wlk_partner *who,
                                     const struct wlk_launch *launch) WLK_MUST_USE;
wlk_status wlk_fusion_partner_impact(struct wlk_fusion *fusion, const struct wlk_partner *who,
                                     const struct wlk_impact *impact) WLK_MUST_USE;

/* The partner takes back all it said of the object. */
wlk_status wlk_fusion_partner_cancel(struct wlk_fusion *fusion,
                                     const struct wlk_partner *who) WLK_MUST_USE;

/* Nothing that this partner has said so far counts any more (a key of it was ended); what it
 * says from now on does. Returns how many objects it had spoken of. */
size_t wlk_fusion_forget(struct wlk_fusion *fusion, wlk_name originator);

/* The infrared satellites saw a launch: declares it, with launch time and rough place. */
void wlk_fusion_sighting(struct wlk_fusion *fusion, const struct wlk_sighting *sighting);

/* Builds the picture at now, objects in order of number. now must not go back.
 * The impact of a fused state is computed elsewhere (programs/nation.c runs the predictor on
 * object.state while object.state.phase is not boost) and handed back by
 * wlk_fusion_set_impact; until then a partner's impact stands in. An ended object stays in
 * the picture, marked, for 10 s. Bound: sources x 1 propagation + new pairs. */
void wlk_fusion_picture(struct wlk_fusion *fusion, wlk_utc now, struct wlk_picture *out);

/* One nation's own-only words behind an object, for people who ask whom it rests on. */
struct wlk_fusion_source {
    wlk_name originator;      /* a sighting: the satellite */
    uint32_t object;          /* its number there */
    bool is_own, is_satellite;
    bool is_measured;         /* its sensors see it, as far as has been heard by now */
    wlk_utc last_measurement; /* 0 ns: no track of it */
    wlk_utc newest;           /* record time of the newest word */
};
enum { WLK_FUSION_SOURCES_MAX = 2 * WLK_PARTIES_MAX };

/* The sources of the object with this number, as of the newest picture; how many. */
size_t wlk_fusion_sources(const struct wlk_fusion *fusion, uint32_t number,
                          struct wlk_fusion_source out[WLK_FUSION_SOURCES_MAX]);

/* NULL: the predictor has no solution now. A number that is gone is ignored. */
void wlk_fusion_set_impact(struct wlk_fusion *fusion, uint32_t number,
                           const struct wlk_impact *impact);

/* The counters since open. */
struct wlk_fusion_counts wlk_fusion_counts(const struct wlk_fusion *fusion);

#endif
