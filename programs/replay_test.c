/* replay_test.c -- is what a nation took then taken again now, and is it said when not?
 *
 * A small coalition runs on files with real signatures; the journal of a nation is replayed,
 * whole and with damage that no reader of the database would see.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/replay.h"

#include "base/tap.h"
#include "exchange/journal.h"
#include "programs/share.h"
#include "programs/soak_world.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64], path[128];
static struct wlk_roots roots;

static bool make_coalition(void)
{
    char share[1024];
    struct wlk_soak_options options = {
        .seed = 7, .hub_count = 2, .duration_s = 6, .quiet = 12, .journals = folder,
        .folder = share};
    struct wlk_soak_world *world;
    struct wlk_fault fault = {0};
    if (wlk_share_path("arrangements", share, sizeof share) != WLK_OK ||
        wlk_soak_open(&options, &world, &fault) != WLK_OK)
        return false;
    wlk_soak_run(world);
    roots = *wlk_soak_roots(world);
    wlk_soak_close(world);
    return true;
}

/* Another signature: 64 bytes behind the first head of a string that long. */
static void forge(sqlite3_context *context, int count, sqlite3_value **value)
{
    int size = sqlite3_value_bytes(value[0]);
    uint8_t *bytes = malloc((size_t)size + 1);
    (void)count;
    if (!bytes || !size)
        return;
    memcpy(bytes, sqlite3_value_blob(value[0]), (size_t)size);
    uint8_t *head = memmem(bytes, (size_t)size, "\x58\x40", 2);
    if (head)
        head[2] ^= 1;
    sqlite3_result_blob(context, bytes, size, free);
}

/* Changes a copy of the journal and replays that. */
static wlk_status replay(const char *sql, bool *is_same)
{
    char command[320], copy[160];
    sqlite3 *db = NULL;
    struct wlk_journal *then = NULL;
    wlk_name owner;
    struct wlk_fault fault = {0};
    snprintf(copy, sizeof copy, "%s/copy.db", folder);
    snprintf(command, sizeof command, "cp %s %s", path, copy);
    bool is_made = system(command) == 0 && sqlite3_open(copy, &db) == SQLITE_OK &&
                   sqlite3_create_function(db, "forge", 1, SQLITE_UTF8, NULL, forge, NULL,
                                           NULL) == SQLITE_OK &&
                   sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
    sqlite3_close(db);
    if (!is_made || wlk_journal_look(copy, &then, &owner, &fault) != WLK_OK)
        return WLK_IO;
    wlk_status status = wlk_replay_nation(then, owner, &roots, is_same, &fault);
    wlk_journal_close(then);
    return status;
}

static void check_differs(const char *sql, const char *words)
{
    bool is_same = true;
    wlk_status status = replay(sql, &is_same);
    wlk_check(status == WLK_OK && !is_same, "%s", words);
}

int main(void)
{
    bool is_same = false;
    snprintf(folder, sizeof folder, "/tmp/wlk-replay-XXXXXX");
    if (wlk_seal_init() != WLK_OK || !mkdtemp(folder))
        return 1;
    snprintf(path, sizeof path, "%s/JP.db", folder);
    if (wlk_check(make_coalition(), "a coalition runs on files and stops")) {
        wlk_status status = replay("", &is_same);
        wlk_check(status == WLK_OK && is_same, "what JP took is taken again, own ones hold");
        check_differs("UPDATE records SET bytes=forge(bytes) WHERE id=(SELECT max(id) FROM "
                      "records WHERE own=0)",
                      "a partner's record with another signature is not taken");
        check_differs("UPDATE records SET bytes=forge(bytes) WHERE id=(SELECT max(id) FROM "
                      "records WHERE own=1)",
                      "an own record with another signature does not hold");
        check_differs("UPDATE records SET own=1 WHERE id=(SELECT max(id) FROM records WHERE "
                      "own=0)",
                      "a partner's record is not an own one");
        check_differs("UPDATE records SET at=0 WHERE id=(SELECT max(id) FROM records WHERE "
                      "own=0)",
                      "a record that came before its time is not taken");
        check_differs("DELETE FROM statements", "without arrangements nothing is taken");
        status = replay("DELETE FROM records", &is_same);
        wlk_check(status == WLK_BAD_INPUT, "a journal without records is none to replay");
    }
    char clean[128];
    snprintf(clean, sizeof clean, "rm -rf %s", folder);
    wlk_check(system(clean) == 0, "the files are removed");
    return wlk_tap_done();
}
