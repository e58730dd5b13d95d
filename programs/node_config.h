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
 *   keep 400                              days that it keeps; not there: for ever
 *   cap cap                               folder for warnings as CAP files
 *   trace trace.txt                       times of launch and impact records, for measuring
 *   decoys decoys.txt                     shielded releases: where its radars might stand
 *   references known.txt                  satellites and aircraft whose place is known, read
 *                                         live (sensors/references.h): biases of its radars
 *   sites FILE / areas FOLDER             instead of the shipped ones
 *   display 127.0.0.1 8080                where the page is served; not there: no display
 *   display-name NAME                     host name under which a proxy asks for it
 *   display-operators operators.txt       who may act at it; not there: the name is not proved
 *   display-live 127.0.0.1 8080           exercises, tests: the live display on this machine
 *   display-operator-header NAME          in which a proxy on this machine names the operator
 *                                         whose client certificate it has checked
 *   display-release automatic|named       warnings go out at once (default), or by a person
 *   display-shown shown.txt               what the page was told, line by line
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
    int64_t kept_ns; /* 0: for ever */
    char cap[WLK_PATH_SIZE], trace[WLK_PATH_SIZE]; /* empty: none */
    char decoys[WLK_PATH_SIZE], references[WLK_PATH_SIZE]; /* empty: none */
    char sites[WLK_PATH_SIZE], areas[WLK_PATH_SIZE];
    char display_host[64], display_port[8]; /* empty: no display */
    char display_live_host[64], display_live_port[8]; /* empty: none is watched */
    char display_name[128];
    char display_operator_header[64]; /* empty: none is believed */
    char display_operators[WLK_PATH_SIZE], display_shown[WLK_PATH_SIZE]; /* empty: none */
    bool has_display_release, display_release; /* a named person releases each warning */
};

/* WLK_IO cannot be read; WLK_BAD_INPUT fault has file, line and rule: an unknown word, a
 * statement twice, a second nation (one node serves one nation), something missing, a clock
 * that runs at another rate than 1 where the nature is real. */
wlk_status wlk_node_config_read(const char *path, struct wlk_node_config *out,
                                struct wlk_fault *fault) WLK_MUST_USE;

#endif
