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
    else if (strcmp(dot, ".keystatement") == 0)
        *out = WLK_STATEMENT_KEYS;
    else
        return false;
    return true;
}

/* The notes on a file, or count where there are none. */
static size_t slot_of(const struct wlk_statements *statements, const struct stat *file)
{
    size_t slot = 0;
    while (slot < statements->count && statements->read[slot].file != (uint64_t)file->st_ino)
        slot++;
    return slot;
}

/* Forgets the files that are no longer in the folder. */
static void forget_gone(struct wlk_statements *statements, DIR *folder)
{
    struct dirent *name;
    struct stat file;
    size_t kept = 0;
    for (size_t i = 0; i < statements->count; i++)
        statements->read[i].is_there = false;
    while ((name = readdir(folder))) {
        if (fstatat(dirfd(folder), name->d_name, &file, 0) != 0)
            continue;
        size_t slot = slot_of(statements, &file);
        if (slot < statements->count)
            statements->read[slot].is_there = true;
    }
    for (size_t i = 0; i < statements->count; i++)
        if (statements->read[i].is_there)
            statements->read[kept++] = statements->read[i];
    statements->count = kept;
    rewinddir(folder);
}

/* True when the file is new or was changed; it is remembered. */
static bool is_new(struct wlk_statements *statements, const struct stat *file)
{
    int64_t changed_ns = (int64_t)file->st_ctim.tv_sec * 1000000000 + file->st_ctim.tv_nsec;
    size_t slot = slot_of(statements, file);
    if (slot < statements->count && statements->read[slot].changed_ns == changed_ns)
        return false;
    if (slot == WLK_STATEMENT_FILES_MAX) {
        if (!statements->is_full)
            fprintf(stderr, "warnlink: more than %d statements in the folder: "
                            "the others are not read\n", WLK_STATEMENT_FILES_MAX);
        statements->is_full = true;
        return false;
    }
    if (slot == statements->count)
        statements->count++;
    statements->read[slot].file = (uint64_t)file->st_ino;
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
    if (open && statements->count == WLK_STATEMENT_FILES_MAX)
        forget_gone(statements, open);
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

void wlk_statements_complain(const char *who, const struct wlk_statement *statement,
                             wlk_status status, const struct wlk_fault *fault)
{
    char line[512];
    if (status == WLK_OK || status == WLK_KNOWN || status == WLK_NOT_YET)
        return;
    wlk_fault_line(fault, line, sizeof line);
    fprintf(stderr, "warnlink %s: %s: %s (%s)\n", who, statement->path,
            wlk_status_words(status), line);
}
