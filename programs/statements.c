/* statements.c -- reads the folder of statements.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/statements.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

static bool kind_of(const char *name, enum wlk_statement_kind *out)
{
    const char *dot = strrchr(name, '.');
    if (!dot || dot == name)
        return false;
    if (strcmp(dot, ".bundle") == 0)
        *out = WLK_STATEMENT_BUNDLE;
    else if (strcmp(dot, ".withdrawal") == 0)
        *out = WLK_STATEMENT_WITHDRAWAL;
    else
        return false;
    return true;
}

/* True when the file is new; it is remembered. A full memory forgets the oldest: read again,
 * a statement is KNOWN. */
static bool is_new(struct wlk_statements *statements, const struct stat *file)
{
    uint64_t number = (uint64_t)file->st_ino;
    int64_t changed_ns = (int64_t)file->st_mtim.tv_sec * 1000000000 + file->st_mtim.tv_nsec;
    size_t known = statements->count < WLK_STATEMENT_FILES_MAX ? statements->count
                                                               : WLK_STATEMENT_FILES_MAX;
    for (size_t i = 0; i < known; i++)
        if (statements->read[i].file == number &&
            statements->read[i].changed_ns == changed_ns)
            return false;
    size_t slot = statements->count++ % WLK_STATEMENT_FILES_MAX;
    statements->read[slot].file = number;
    statements->read[slot].changed_ns = changed_ns;
    return true;
}

static bool read_file(const char *path, struct wlk_statement *out)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    out->size = fread(out->bytes, 1, sizeof out->bytes, file);
    bool fits = fgetc(file) == EOF && !ferror(file);
    fclose(file);
    return fits;
}

bool wlk_statements_next(struct wlk_statements *statements, const char *folder,
                         struct wlk_statement *out)
{
    DIR *open = opendir(folder);
    bool found = false;
    struct dirent *name;
    while (open && !found && (name = readdir(open))) {
        struct stat file;
        if (!kind_of(name->d_name, &out->kind))
            continue;
        int used = snprintf(out->path, sizeof out->path, "%s/%s", folder, name->d_name);
        if (used < 0 || (size_t)used >= sizeof out->path || stat(out->path, &file) != 0 ||
            !is_new(statements, &file))
            continue;
        found = read_file(out->path, out);
        if (!found)
            fprintf(stderr, "warnlink: %s: statement cannot be read, or is too long\n",
                    out->path);
    }
    if (open)
        closedir(open);
    return found;
}
