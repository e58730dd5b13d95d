/* config.h -- what hub.conf and node.conf have in common: a file of statements, one a line,
 * with paths relative to its folder.
 *
 *     clock WALL SCENARIO RATE                 ns since 1970, ns, times faster
 *     keep DAYS                                what is older, and kept by all it was for, goes
 *     ... ADDRESS PORT authority FILE certificate FILE key FILE [pin HEX]...
 *
 * Read by: programs/hub_config.c, node_config.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_CONFIG_H
#define WLK_PROGRAMS_CONFIG_H

#include "base/clock.h"
#include "base/words.h"
#include "record/header.h"

enum { WLK_PATH_SIZE = 512, WLK_PINS_MAX = 4 };

/* One end of a TLS link. */
struct wlk_endpoint {
    char host[64], port[8];
    char authority[WLK_PATH_SIZE], certificate[WLK_PATH_SIZE], key[WLK_PATH_SIZE];
    size_t pin_count; /* 0: any certificate of that CA */
    wlk_digest pin[WLK_PINS_MAX];
};

struct wlk_config {
    struct wlk_words words; /* the statement under the cursor */
    char folder[WLK_PATH_SIZE];
    char *text;
    struct wlk_fault *fault;
};

/* Reads the file; close it. Statuses of wlk_words_read_file. Next: as wlk_words_next. */
wlk_status wlk_config_open(const char *path, struct wlk_config *out,
                           struct wlk_fault *fault) WLK_MUST_USE;
wlk_status wlk_config_next(struct wlk_config *config) WLK_MUST_USE;
void wlk_config_close(struct wlk_config *config);

/* The statement breaks a rule: WLK_BAD_INPUT, with file, line and first word. */
wlk_status wlk_config_refuse(struct wlk_config *config, const char *rule);

/* What is wrong with the file as a whole, and so has no line. WLK_BAD_INPUT. */
wlk_status wlk_config_refuse_all(struct wlk_config *config, const char *rule,
                                 const char *what);

/* Each of these takes something once, or refuses with the rule. */
wlk_status wlk_config_path(struct wlk_config *config, const char *word,
                           char out[WLK_PATH_SIZE]) WLK_MUST_USE;
wlk_status wlk_config_clock(struct wlk_config *config, bool *has_clock,
                            struct wlk_clock *out) WLK_MUST_USE;
wlk_status wlk_config_keep(struct wlk_config *config, int64_t *kept_ns) WLK_MUST_USE;
wlk_status wlk_config_address(struct wlk_config *config, size_t at, const char *rule,
                              char host[64], char port[8]) WLK_MUST_USE;

/* ADDRESS PORT at word 2, then the files; rule says the whole form. */
wlk_status wlk_config_endpoint(struct wlk_config *config, const char *rule,
                               struct wlk_endpoint *out) WLK_MUST_USE;

#endif
