/* node_config.h -- the configuration of one nation's node, as a person writes it.
 *
 *   nation JP
 *   nature exercise "DRILL 27"            or: nature real
 *   clock WALL SCENARIO RATE              rehearsals only: ns since 1970, ns, times faster
 *   plots 127.0.0.1 9001                  where radars send their datagrams
 *   hub HON-A 127.0.0.1 9101 authority ca.crt certificate jp.crt key jp.key [pin HEX]
 *   record-key record.key                 seed of the key that signs records
 *   roots roots.txt                       root keys this nation trusts
 *   statements statements                 folder with *.bundle and *.withdrawal, read live
 *   journal journal.db
 *   cap cap                               folder for warnings as CAP files
 *   trace trace.txt                       times of launch and impact records, for measuring
 *   sites FILE / areas FOLDER             instead of the shipped ones
 *
 * Paths are relative to the folder of the file. Read by: programs/node.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_NODE_CONFIG_H
#define WLK_PROGRAMS_NODE_CONFIG_H

#include "programs/config.h"

struct wlk_node_hub {
    wlk_name name;
    struct wlk_endpoint at;
};

struct wlk_node_config {
    wlk_name nation;
    enum wlk_nature nature;
    char exercise[WLK_TEXT_SIZE]; /* empty unless an exercise */
    bool has_clock;
    struct wlk_clock clock;
    char plots_host[64], plots_port[8];
    size_t hub_count;
    struct wlk_node_hub hub[WLK_HUBS_MAX];
    char record_key[WLK_PATH_SIZE], roots[WLK_PATH_SIZE], statements[WLK_PATH_SIZE];
    char journal[WLK_PATH_SIZE];
    char cap[WLK_PATH_SIZE], trace[WLK_PATH_SIZE]; /* empty: none */
    char sites[WLK_PATH_SIZE], areas[WLK_PATH_SIZE];
};

/* WLK_IO cannot be read; WLK_BAD_INPUT fault has file, line and rule: an unknown word, a
 * statement twice, a second nation (one node serves one nation), something missing, a clock
 * that runs at another rate than 1 where the nature is real. */
wlk_status wlk_node_config_read(const char *path, struct wlk_node_config *out,
                                struct wlk_fault *fault) WLK_MUST_USE;

#endif
