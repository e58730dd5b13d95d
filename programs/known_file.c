/* known_file.c -- watches the file of known objects.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/known_file.h"

#include <stdio.h>
#include <sys/stat.h>

static const int64_t EVERY_NS = 10000000000;

/* Is it another one than was last read? Then it is remembered. */
static bool has_changed(struct wlk_known_file *file)
{
    struct stat now;
    if (stat(file->path, &now) != 0)
        return false;
    int64_t changed_ns = (int64_t)now.st_ctim.tv_sec * 1000000000 + now.st_ctim.tv_nsec;
    bool is_same = file->file == (uint64_t)now.st_ino && file->size == (int64_t)now.st_size &&
                   file->changed_ns == changed_ns;
    file->file = (uint64_t)now.st_ino;
    file->size = (int64_t)now.st_size;
    file->changed_ns = changed_ns;
    return !is_same;
}

wlk_status wlk_known_file_open(const char *path_view, struct wlk_known_file *out,
                               struct wlk_fault *fault)
{
    out->path = path_view;
    if (!path_view[0])
        return WLK_OK;
    (void)has_changed(out);
    return wlk_references_read(path_view, &out->references, fault);
}

const struct wlk_references *wlk_known_file_references(const struct wlk_known_file *file)
{
    return file->path[0] ? &file->references : NULL;
}

bool wlk_known_file_look(struct wlk_known_file *file, wlk_mono now)
{
    struct wlk_fault fault = {0};
    char line[256];
    if (!file->path[0] || now.ns < file->look_at.ns)
        return false;
    file->look_at.ns = now.ns + EVERY_NS;
    if (!has_changed(file))
        return false;
    if (wlk_references_read(file->path, &file->references, &fault) == WLK_OK)
        return true;
    wlk_fault_line(&fault, line, sizeof line);
    fprintf(stderr, "warnlink node: %s; what was read before stands\n", line);
    return false;
}
