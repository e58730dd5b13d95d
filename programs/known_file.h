/* known_file.h -- a node's file of known objects, read again when it has changed.
 * Read by: programs/node.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_KNOWN_FILE_H
#define WLK_PROGRAMS_KNOWN_FILE_H

#include "sensors/references.h"

struct wlk_known_file {
    const char *path; /* empty: there is none */
    uint64_t file;    /* as last read: number, size, change */
    int64_t size, changed_ns;
    wlk_mono look_at;
    struct wlk_references references;
};

/* Reads it for the first time. path_view: empty for none; must outlive it. Statuses of
 * wlk_references_read. */
wlk_status wlk_known_file_open(const char *path_view, struct wlk_known_file *out,
                               struct wlk_fault *fault) WLK_MUST_USE;

/* For the options of a nation; NULL: there is no file. */
const struct wlk_references *wlk_known_file_references(const struct wlk_known_file *file);

/* Every ten seconds looks whether the file has changed, and reads it. One that cannot be taken
 * is complained of on standard error, once, and what was read before stands. True: it was
 * read. */
bool wlk_known_file_look(struct wlk_known_file *file, wlk_mono now);

#endif
