/* hub_config.h -- the configuration of a hub, as a person writes it.
 *
 *   hub HON-A
 *   nature exercise                       of all it passes; or: nature real, test
 *   clock WALL SCENARIO RATE              rehearsals only: ns since 1970, ns, times faster
 *   record-key record.key                 of its heartbeats and notices
 *   roots roots.txt                       root keys this hub trusts
 *   statements statements                 folder with *.bundle and *.withdrawal, read live
 *   journal journal.db
 *   keep 400                              days that it keeps; not there: for ever
 *   listen JP 127.0.0.1 9101 authority ca.crt certificate hub.crt key hub.key [pin HEX]
 *   network JP jp                         its port listens in that network (ip netns) only
 *   users 65600                           first user number of the ports; see wall.h
 *
 * Paths are relative to the folder of the file. Read by: programs/hub_main.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_HUB_CONFIG_H
#define WLK_PROGRAMS_HUB_CONFIG_H

#include "programs/config.h"

enum { WLK_HUB_LISTENS_MAX = WLK_PARTIES_MAX };

/* One nation's port. */
struct wlk_hub_listen {
    wlk_name nation;
    struct wlk_endpoint at;
    char network[64]; /* empty: the hub's own */
};

struct wlk_hub_config {
    wlk_name name;
    enum wlk_nature nature;
    bool has_clock;
    struct wlk_clock clock; /* wlk_clock_life() unless given */
    char folder[WLK_PATH_SIZE]; /* of the file */
    char record_key[WLK_PATH_SIZE], roots[WLK_PATH_SIZE];
    char statements[WLK_PATH_SIZE], journal[WLK_PATH_SIZE];
    int64_t kept_ns; /* 0: for ever */
    uint32_t users;
    size_t listen_count;
    struct wlk_hub_listen listen[WLK_HUB_LISTENS_MAX];
};

/* WLK_IO cannot be read; WLK_BAD_INPUT fault has file, line and rule: an unknown word, a
 * statement twice, two nations with one CA, one key or one address, something missing, a
 * clock at another rate than 1 beside a key for real records. */
wlk_status wlk_hub_config_read(const char *path, struct wlk_hub_config *out,
                               struct wlk_fault *fault) WLK_MUST_USE;

#endif
