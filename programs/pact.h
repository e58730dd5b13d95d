/* pact.h -- fresh keys for every party of the shipped arrangements, and fresh copies of these,
 * signed by all, with terms from yesterday to a year ahead: what a demo or a rehearsal starts
 * with. In life the parties do this themselves with warnlink arrange.
 * Read by: programs/coalition.c, demo_live.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_PACT_H
#define WLK_PROGRAMS_PACT_H

#include "record/seal.h"
#include "release/force.h"

enum { WLK_PACT_ARRANGEMENTS_MAX = 8 };

/* The trilateral arrangement under which KR and JP release shielded, US coarse. */
#define WLK_PACT_SHIELDED "tmw-shielded.txt"

struct wlk_pact_owner {
    wlk_name name;
    bool is_hub;
    struct wlk_secret_key root; /* of a nation */
    struct wlk_secret_key real, exercise;
    size_t pin_count;           /* set before wlk_pact_sign */
    wlk_digest pin[WLK_PARTIES_MAX];
};

struct wlk_pact_bundle {
    wlk_name name;
    bool is_bilateral;
    size_t size;
    uint8_t bytes[WLK_BUNDLE_SIZE_MAX];
};

/* About 0.4 MB, with secrets: allocate it, and wipe it with wlk_pact_clear. */
struct wlk_pact {
    size_t owner_count; /* nations, then hubs */
    struct wlk_pact_owner owner[WLK_OWNERS_MAX];
    struct wlk_roots roots;
    const char *trilateral;     /* file of the trilateral one; NULL: tmw.txt */
    size_t bundle_count;
    struct wlk_pact_bundle bundle[WLK_PACT_ARRANGEMENTS_MAX];
};

/* Draws keys for the nations and the hub. seed NULL: from the system's randomness; else the
 * same keys each time, for rehearsals only. */
void wlk_pact_keys(const wlk_name nation[], size_t nation_count, wlk_name hub,
                   const uint64_t *seed, struct wlk_pact *out);

/* Renews and signs the shipped arrangements (arrangements/ in folder). A nation named in
 * without signs the bilateral ones only (NULL: all sign all). Statuses of reading and
 * release/arrangement. */
wlk_status wlk_pact_sign(struct wlk_pact *pact, const char *folder, wlk_utc now,
                         const wlk_name *without, struct wlk_fault *fault) WLK_MUST_USE;

/* The owner of that name; asserts that it is one. */
struct wlk_pact_owner *wlk_pact_owner(struct wlk_pact *pact, wlk_name name);

/* Wipes the keys. */
void wlk_pact_clear(struct wlk_pact *pact);

#endif
