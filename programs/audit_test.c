/* audit_test.c -- does an audit hold what is whole, and find every byte that is not?
 *
 * A small coalition runs on files with real signatures. Then bytes of its journals are flipped
 * and rows are cut, and each time the audit must say so and name the place. What is flipped in
 * parts of a page that hold nothing changes nothing, and is no finding.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"
#include "base/tap.h"
#include "programs/audit.h"
#include "programs/share.h"
#include "programs/soak_world.h"
#include "release/audit.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES = 5, PATH_ROOM = 128 };

static const char *const OWNER[FILES] = {"JP", "KR", "US", "HON-A", "HON-B"};
static char folder[64], path[FILES][PATH_ROOM];
static const char *paths[FILES];
static struct wlk_roots roots;

static uint64_t audit(char first[320])
{
    static struct wlk_audit_case all;
    memset(&all, 0, sizeof all);
    if (wlk_audit_open(&all, &roots, paths, FILES) != WLK_OK)
        return 0;
    wlk_audit_check(&all);
    uint64_t findings = all.findings;
    memcpy(first, all.first, sizeof all.first);
    wlk_audit_close(&all);
    return findings;
}

static bool make_coalition(double duration_s, double kept_s)
{
    char share[1024];
    struct wlk_soak_options options = {
        .seed = 7, .hub_count = 2, .duration_s = duration_s, .quiet = 12, .journals = folder,
        .folder = share, .kept_s = kept_s};
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

/* ---- a file as bytes ---- */

static uint8_t *read_whole(const char *from, size_t *size)
{
    struct stat file;
    FILE *in = fopen(from, "rb");
    if (!in || stat(from, &file))
        return NULL;
    uint8_t *bytes = malloc((size_t)file.st_size);
    *size = bytes ? fread(bytes, 1, (size_t)file.st_size, in) : 0;
    fclose(in);
    return bytes;
}

static bool write_whole(const char *to, const uint8_t *bytes, size_t size)
{
    FILE *out = fopen(to, "wb");
    if (!out)
        return false;
    bool is_written = fwrite(bytes, 1, size, out) == size;
    return fclose(out) == 0 && is_written;
}

/* All that the database says, as one digest; false: it cannot be read. */
static bool said(const char *file, wlk_digest *out)
{
    static const char *const TABLES[] = {"lanes", "records", "refusals", "log", "statements",
                                         "settings", "notes", "heads", "evidence", "acks",
                                         "marks", "bookmarks", "checkpoints"};
    sqlite3 *db = NULL;
    struct wlk_sha256 sum;
    bool is_read = sqlite3_open_v2(file, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK;
    wlk_sha256_init(&sum);
    for (size_t t = 0; is_read && t < sizeof TABLES / sizeof TABLES[0]; t++) {
        char sql[64];
        sqlite3_stmt *each = NULL;
        snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY 1, 2", TABLES[t]);
        int code = sqlite3_prepare_v2(db, sql, -1, &each, NULL);
        while (code == SQLITE_OK && (code = sqlite3_step(each)) == SQLITE_ROW) {
            for (int i = 0; i < sqlite3_column_count(each); i++) {
                const uint8_t *bytes = sqlite3_column_blob(each, i);
                if (bytes)
                    wlk_sha256_add(&sum, bytes, (size_t)sqlite3_column_bytes(each, i));
            }
            code = SQLITE_OK;
        }
        is_read = code == SQLITE_DONE;
        sqlite3_finalize(each);
    }
    sqlite3_close(db);
    wlk_sha256_end(&sum, out);
    return is_read;
}

/* Flips bits of one journal. What the database then says is either the same or a finding, and
 * the finding names that file, or another that contradicts it. */
static void test_flips(size_t file, int flips)
{
    struct wlk_random random = wlk_random_seeded(11, file);
    size_t size = 0, silent = 0, unfound = 0, misplaced = 0;
    uint8_t *bytes = read_whole(path[file], &size);
    wlk_digest whole, now;
    char first[320];
    if (!wlk_check(bytes && said(path[file], &whole), "the journal of %s is read",
                   OWNER[file]))
        return;
    for (int i = 0; i < flips; i++) {
        size_t at = wlk_random_below(&random, size);
        uint8_t bit = (uint8_t)(1u << wlk_random_below(&random, 8));
        bytes[at] ^= bit;
        bool is_written = write_whole(path[file], bytes, size);
        bool is_same = said(path[file], &now) && wlk_digest_equal(&now, &whole);
        uint64_t findings = audit(first);
        silent += is_same;
        if (!is_written || (!is_same && !findings)) {
            unfound++;
            wlk_note("byte %zu, bit %u of the journal of %s", at, (unsigned)bit, OWNER[file]);
        }
        misplaced += !is_same && findings && !strstr(first, OWNER[file]);
        bytes[at] ^= bit;
    }
    bool is_restored = write_whole(path[file], bytes, size);
    free(bytes);
    wlk_note("%d flips in %zu bytes; %zu of them in what says nothing", flips, size, silent);
    wlk_check(is_restored && unfound == 0, "each flip in what %s's journal says is found",
              OWNER[file]);
    wlk_check(misplaced == 0, "and its first finding names that journal");
}

/* ---- rows that are cut; the sums are taken off, as whoever cuts would do ---- */

static int64_t number(const char *file, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *one = NULL;
    int64_t value = -1;
    if (sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db, sql, -1, &one, NULL) == SQLITE_OK) {
        int code = sqlite3_step(one);
        value = code == SQLITE_ROW    ? sqlite3_column_int64(one, 0)
                : code == SQLITE_DONE ? 0 : -1;
    }
    sqlite3_finalize(one);
    sqlite3_close(db);
    return value;
}

/* What no signature covers is held by the sums that a journal carries when it is closed. */
static void test_sums(void)
{
    char first[320] = "";
    size_t size = 0;
    uint8_t *bytes = read_whole(path[0], &size);
    bool is_changed = bytes && number(path[0], "UPDATE acks SET durable=durable+1") == 0;
    uint64_t findings = audit(first);
    bool is_restored = bytes && write_whole(path[0], bytes, size);
    free(bytes);
    wlk_check(is_changed && is_restored && findings > 0 && strstr(first, "acks"),
              "a number that no signature covers is changed: the table is named");
}

static bool is_cut_found(size_t file, const char *sql, const char *words)
{
    size_t size = 0;
    uint8_t *bytes = read_whole(path[file], &size);
    char first[320] = "";
    bool is_cut = bytes &&
                  number(path[file], "DELETE FROM settings WHERE key LIKE 'sum:%'") == 0 &&
                  number(path[file], sql) == 0;
    uint64_t findings = audit(first);
    bool is_restored = bytes && write_whole(path[file], bytes, size);
    free(bytes);
    bool is_found = findings > 0 && strstr(first, words) && strstr(first, OWNER[file]);
    if (!is_found)
        wlk_note("%s: %s: %s", OWNER[file], sql, first);
    return is_cut && is_restored && is_found;
}

static void test_cuts(void)
{
    char sql[160];
    bool all = true;
    int64_t rows = number(path[3], "SELECT count(*) FROM log WHERE arrangement='TMW-1'");
    wlk_check(rows > 5, "the log of HON-A has lines");
    for (int64_t n = 1; n <= rows; n += rows / 6) {
        snprintf(sql, sizeof sql, "DELETE FROM log WHERE arrangement='TMW-1' AND n=%lld",
                 (long long)n);
        all = is_cut_found(3, sql, "log TMW-1 line") && all;
    }
    snprintf(sql, sizeof sql, "DELETE FROM log WHERE arrangement='TMW-1' AND n>=%lld",
             (long long)rows);
    all = is_cut_found(3, sql, "log TMW-1 line") && all;
    wlk_check(all, "each line that is cut from a hub's log is missed, its tail too");
    rows = number(path[0], "SELECT count(*) FROM records");
    all = rows > 5;
    for (int64_t n = 0; n < rows; n += 1 + rows / 12) {
        snprintf(sql, sizeof sql,
                 "DELETE FROM records WHERE id=(SELECT id FROM records WHERE own=1 ORDER BY id "
                 "LIMIT 1 OFFSET %lld %% (SELECT count(*) FROM records WHERE own=1))",
                 (long long)n);
        all = is_cut_found(0, sql, "records") && all;
    }
    wlk_check(all, "each record that a nation cuts from its own is missed");
}

/* ---- the decision log, byte by byte ---- */

static void test_log_bytes(void)
{
    static uint8_t log[1 << 16];
    struct wlk_journal *journal;
    wlk_name owner, name = wlk_name_of("TMW-1");
    struct wlk_fault fault = {0};
    struct wlk_audit head = {0}, out;
    const uint8_t *bytes;
    size_t size, used = 0, unfound = 0;
    if (!wlk_check(wlk_journal_look(path[3], &journal, &owner, &fault) == WLK_OK,
                   "the journal of HON-A is opened for reading"))
        return;
    for (uint64_t n = 1;
         n <= 24 && wlk_journal_log_at(journal, name, n, &bytes, &size) == WLK_OK; n++) {
        memcpy(log + used, bytes, size);
        used += size;
    }
    wlk_journal_close(journal);
    wlk_check(used > 500 && wlk_audit_verify(log, used, NULL, &head, NULL) == WLK_OK,
              "its log holds together");
    for (size_t at = 0; at < used; at++)
        for (unsigned bit = 1; bit < 256; bit <<= 1) {
            log[at] ^= (uint8_t)bit;
            unfound += wlk_audit_verify(log, used, &head, &out, &fault) == WLK_OK;
            log[at] ^= (uint8_t)bit;
        }
    wlk_check(unfound == 0, "every one of %zu flipped bits of a log is found", used * 8);
    for (size_t cut = 0; cut < used; cut++)
        unfound += wlk_audit_verify(log, cut, &head, &out, &fault) == WLK_OK;
    wlk_check(unfound == 0, "and a cut at each of its %zu bytes", used);
}

/* A coalition whose journals have forgotten the first half of it. */
static void test_pruned(void)
{
    char first[320] = "";
    for (size_t i = 0; i < FILES; i++)
        unlink(path[i]);
    if (!wlk_check(make_coalition(12, 24), "a coalition prunes its journals on the way"))
        return;
    uint64_t findings = audit(first);
    wlk_note("%s", first);
    wlk_check(number(path[0], "SELECT count(*) FROM marks WHERE past>1") > 0 &&
                  number(path[3], "SELECT count(*) FROM marks WHERE past>1") > 0 &&
                  number(path[3], "SELECT n FROM checkpoints WHERE arrangement='TMW-1'") > 1 &&
                  number(path[3], "SELECT count(*) FROM records") > 5,
              "records and lines of the log are gone, and others are there");
    wlk_check(findings == 0, "an audit of what is left finds nothing");
    bool all = is_cut_found(3, "UPDATE checkpoints SET digest=zeroblob(32)", "log ");
    all = is_cut_found(3, "UPDATE checkpoints SET n=n-1", "log ") && all;
    wlk_check(all, "a checkpoint that is not the log's is found");
    all = is_cut_found(3, "UPDATE marks SET past=past+1 WHERE past>1", "records") && all;
    all = is_cut_found(0, "UPDATE marks SET past=past-1 WHERE past>1", "records") && all;
    wlk_check(all, "so is a lane that says more or less is past than is");
}

int main(int argc, char *argv[])
{
    char first[320] = "";
    (void)argv;
    int flips = argc > 1 ? 150 : 8; /* with any argument: many */
    snprintf(folder, sizeof folder, "/tmp/wlk-audit-XXXXXX");
    if (wlk_seal_init() != WLK_OK || !mkdtemp(folder))
        return 1;
    for (size_t i = 0; i < FILES; i++) {
        snprintf(path[i], sizeof path[i], "%s/%s.db", folder, OWNER[i]);
        paths[i] = path[i];
    }
    if (wlk_check(make_coalition(6, 0), "a coalition runs on files and stops")) {
        uint64_t findings = audit(first);
        wlk_note("%s", first);
        wlk_check(findings == 0, "an audit of its five journals finds nothing");
        test_log_bytes();
        test_sums();
        test_cuts();
        for (size_t i = 0; i < FILES; i += 3) /* a nation and a hub */
            test_flips(i, flips);
    }
    test_pruned();
    char clean[128];
    snprintf(clean, sizeof clean, "rm -rf %s", folder);
    wlk_check(system(clean) == 0, "the files are removed");
    return wlk_tap_done();
}
