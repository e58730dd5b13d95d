/* coalition_private.h -- the inside of a coalition; for programs/coalition*.c only.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_COALITION_PRIVATE_H
#define WLK_PROGRAMS_COALITION_PRIVATE_H

#include "base/random.h"
#include "exchange/journal.h"
#include "exchange/transport_loop.h"
#include "programs/coalition.h"
#include "programs/hub.h"

enum { NATIONS_MAX = 3 };

struct member {
    wlk_name name;
    struct wlk_nation *nation; /* NULL while it is down */
    struct wlk_journal *journal;
    struct wlk_secret_key key;
    struct wlk_random salts;
    struct wlk_decoys decoys; /* none unless the scenario is shielded */
    bool is_linked;
    struct wlk_transport *near[WLK_LINK_CLASSES]; /* the nation's ends, while linked */
    struct wlk_transport *far[WLK_LINK_CLASSES];  /* the hub's ends */
    struct wlk_loopback_path path;                /* how its connections carry now */
    wlk_utc up_at, dial_at;
    uint64_t doubled;          /* counted in its earlier lives */
};

struct wlk_coalition {
    struct wlk_coalition_setup setup;
    struct wlk_player *player;
    struct wlk_loopback *loopback; /* NULL in the column alone */
    struct wlk_hub *hub;           /* NULL while it is down */
    bool is_hub_stirred;           /* something has happened to it: it may have frames */
    struct wlk_journal *hub_journal;
    struct wlk_secret_key hub_key;
    struct wlk_random hub_salts;
    wlk_utc hub_up_at;
    size_t count;
    struct member member[NATIONS_MAX];
    size_t stand_in_count;
    struct wlk_stand_in stand_in[NATIONS_MAX + 1];
    bool is_restarted[WLK_SCRIPT_RESTARTS_MAX]; /* those of the script that have been */
    wlk_utc now, end, tick;
};

/* Opens the hub, or a nation, on its journal: at first and after a crash. */
wlk_status wlk_coalition_open_hub(struct wlk_coalition *coalition,
                                  struct wlk_fault *fault) WLK_MUST_USE;
wlk_status wlk_coalition_open_nation(struct wlk_coalition *coalition, struct member *member,
                                     struct wlk_fault *fault) WLK_MUST_USE;

/* coalition_faults.c: connects what may be connected, cuts, kills and starts again what the
 * script says is due by now. Once at the start, then each step before frames move.
 * WLK_FULL more connections than the loopback has room for: our own mistake. */
wlk_status wlk_coalition_follow_script(struct wlk_coalition *coalition) WLK_MUST_USE;

#endif
