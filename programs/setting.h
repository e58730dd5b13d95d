/* setting.h -- a coalition on one machine, as real processes: folders, keys, certificates,
 * signed arrangements and configuration files for one hub and three nodes on loopback.
 * Read by: programs/demo_live.c, demo_measure.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_SETTING_H
#define WLK_PROGRAMS_SETTING_H

#include "programs/node_config.h"

enum { WLK_SETTING_NATIONS = 3 };

struct wlk_setting_order {
    const char *folder;     /* exists and is empty */
    struct wlk_clock clock; /* of hub and nodes */
    bool has_trace;         /* nodes write trace.txt */
    bool is_shielded;       /* KR and JP release shielded: nodes have decoys */
    bool has_display;       /* nodes serve their displays */
    const wlk_name *without;/* a nation that does not sign (NULL: all do) */
};

struct wlk_setting {
    wlk_name nation[WLK_SETTING_NATIONS];
    char folder[WLK_SETTING_NATIONS][WLK_PATH_SIZE]; /* of each node: node.conf, cap/, ... */
    char plots_port[WLK_SETTING_NATIONS][8];         /* on 127.0.0.1 */
    char link_port[WLK_SETTING_NATIONS][8];          /* of the hub, on 127.0.0.1 */
    char display_port[WLK_SETTING_NATIONS][8];       /* the same; empty: no displays */
    char hub_folder[WLK_PATH_SIZE];                  /* hub.conf */
};

/* The folder to work in: DIR/live of a kept folder, or a fresh one under the system's folder
 * for temporary files (kept NULL). WLK_IO. */
wlk_status wlk_setting_folder(const char *kept, char out[WLK_PATH_SIZE],
                              struct wlk_fault *fault) WLK_MUST_USE;

/* Removes a folder that wlk_setting_folder made, and all in it. */
void wlk_setting_remove(const char *folder);

/* Makes it all. WLK_IO, WLK_BAD_INPUT: fault says what. */
wlk_status wlk_setting_make(const struct wlk_setting_order *order, struct wlk_setting *out,
                            struct wlk_fault *fault) WLK_MUST_USE;

#endif
