/* statements_test.c -- each statement in the folder is taken up once, and again when changed.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/statements.h"

#include "base/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char folder[] = "/tmp/warnlink-statements-XXXXXX";
static struct wlk_statements statements;
static struct wlk_statement got;

static const char *path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void put(const char *name, const char *text)
{
    FILE *file = fopen(path_of(name), "wb");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        abort();
}

static bool next(void)
{
    return wlk_statements_next(&statements, folder, &got);
}

/* Longer than the tick of the file system's clock. */
static void let_time_pass(void)
{
    struct timespec pause = {0, 12000000};
    nanosleep(&pause, NULL);
}

static void check_taking(void)
{
    wlk_check(!wlk_statements_next(&statements, "/nowhere/at/all", &got),
              "a folder that is not there holds nothing");
    wlk_check(!next(), "an empty folder holds nothing");
    put("one.bundle", "first");
    put("readme.txt", "no statement");
    put(".bundle", "no name");
    put("x.bundle.old", "no statement");
    wlk_check(next() && got.kind == WLK_STATEMENT_BUNDLE && got.size == 5 &&
                  memcmp(got.bytes, "first", 5) == 0 && strstr(got.path, "one.bundle"),
              "a bundle is taken up");
    wlk_check(!next(), "once, and nothing else is");
    put("two.withdrawal", "away");
    wlk_check(next() && got.kind == WLK_STATEMENT_WITHDRAWAL && got.size == 4 && !next(),
              "a withdrawal that appears is taken up, once");
    let_time_pass();
    put("one.bundle", "fresh");
    wlk_check(next() && memcmp(got.bytes, "fresh", 5) == 0 && !next(),
              "a file that was written anew is taken up again, once");
    let_time_pass();
    put("new", "third");
    wlk_check(!next(), "a file in the making is not");
    char from[128];
    snprintf(from, sizeof from, "%s", path_of("new"));
    wlk_check(rename(from, path_of("one.bundle")) == 0 && next() &&
                  memcmp(got.bytes, "third", 5) == 0 && !next(),
              "one that was put in its place whole is");
}

static void check_bounds(void)
{
    static char large[WLK_BUNDLE_SIZE_MAX + 2];
    memset(large, 'x', sizeof large - 1);
    put("large.bundle", large);
    wlk_check(!next() && !next(), "one that is too long is refused, and said once");
    large[WLK_BUNDLE_SIZE_MAX] = 0;
    let_time_pass();
    put("large.bundle", large);
    wlk_check(next() && got.size == WLK_BUNDLE_SIZE_MAX, "the longest is taken");
    remove(path_of("large.bundle"));
    char name[32];
    size_t taken = 0;
    for (int i = 0; i < 2 * WLK_STATEMENT_FILES_MAX; i++) {
        snprintf(name, sizeof name, "%d.bundle", i);
        put(name, "many");
    }
    while (taken < 1000 && next())
        taken++;
    wlk_check(taken <= WLK_STATEMENT_FILES_MAX && taken >= WLK_STATEMENT_FILES_MAX - 3,
              "more files than there is room for do not keep it busy for ever (%zu)", taken);
    for (int i = 0; i < 2 * WLK_STATEMENT_FILES_MAX; i++) {
        snprintf(name, sizeof name, "%d.bundle", i);
        remove(path_of(name));
    }
    taken = 0;
    for (int i = 0; i < 3 * WLK_STATEMENT_FILES_MAX; i++) {
        put("often.part", "again");
        char from[128];
        snprintf(from, sizeof from, "%s", path_of("often.part"));
        if (rename(from, path_of("often.bundle")) != 0)
            break;
        taken += next();
        let_time_pass();
    }
    wlk_check(taken == 3 * WLK_STATEMENT_FILES_MAX,
              "files that are gone make room for those that come (%zu)", taken);
}

int main(void)
{
    static const char *const made[] = {"one.bundle",   "readme.txt", ".bundle",
                                       "x.bundle.old", "two.withdrawal", "often.bundle"};
    if (!wlk_check(mkdtemp(folder) != NULL, "a folder to work in"))
        return wlk_tap_done();
    check_taking();
    check_bounds();
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
        remove(path_of(made[i]));
    wlk_check(rmdir(folder) == 0, "nothing else was made");
    return wlk_tap_done();
}
