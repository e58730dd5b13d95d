/* journal.c -- the journal in SQLite; the only file that sees it.
 *
 * The sync thread has a connection of its own for checkpoints and a descriptor of its own on
 * the WAL; it shares with the caller only the atomic marks and one condition variable. Over
 * 500 lines because SQLite must stay behind one file; it is a list of small statements.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/journal.h"

#include "base/assert.h"
#include "record/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    APPLICATION_ID = 0x574c4b4a, /* "WLKJ" */
    SCHEMA_VERSION = 3,
    SPARE_LANE = 1 << 30,       /* numbers of lanes that the disk refused start here */
    SYNC_PAUSE_NS = 20000000,   /* least time between two fdatasyncs: groups are made in it */
    CHECKPOINT_PAGES = 2048,    /* 8 MB of WAL; ASSUMPTION: small beside a day of records */
    CHECKPOINT_SYNCS = 32,      /* between two attempts, which have syncs of their own */
    CHECK_BYTES_MAX = 32 << 20, /* larger files are not read through at opening */
    MARK_EVERY = 64,            /* seqs of a lane that a start walks again at most, and more */
    BOOKMARK_EVERY = 512        /* rows between two bookmarks */
};

/* Tables in temp are in memory (temp_store=MEMORY): they take what the disk refuses. */
static const char schema[] =
    "CREATE TABLE IF NOT EXISTS lanes(id INTEGER PRIMARY KEY, originator TEXT, arrangement "
    "TEXT, class INT, nature INT, generation INT,"
    " UNIQUE(originator, arrangement, class, nature, generation));"
    "CREATE TABLE IF NOT EXISTS records(id INTEGER PRIMARY KEY, lane INT, seq INT, digest BLOB,"
    " type INT, object INT, time INT, own INT, bytes BLOB, verdict BLOB, at INT,"
    " UNIQUE(lane, seq));"
    "CREATE TABLE IF NOT EXISTS marks(lane INTEGER PRIMARY KEY, head INT, digest BLOB,"
    " past INT);"
    "CREATE TABLE IF NOT EXISTS bookmarks(row INTEGER PRIMARY KEY, newest INT);"
    "CREATE TABLE IF NOT EXISTS refusals(lane INT, first INT, last INT, digest BLOB,"
    " PRIMARY KEY(lane, last)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS log(arrangement TEXT, n INT, bytes BLOB,"
    " PRIMARY KEY(arrangement, n)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS checkpoints(arrangement TEXT PRIMARY KEY, n INT, digest BLOB)"
    " WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS statements(id INTEGER PRIMARY KEY, kind INT, bytes BLOB);"
    "CREATE TABLE IF NOT EXISTS settings(key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS notes(id INTEGER PRIMARY KEY, time INT, kind TEXT, text TEXT);"
    "CREATE TABLE IF NOT EXISTS heads(id INTEGER PRIMARY KEY, hub TEXT, arrangement TEXT,"
    " n INT, digest BLOB, bytes BLOB, at INT, UNIQUE(hub, arrangement, n, digest));"
    "CREATE TABLE IF NOT EXISTS evidence(id INTEGER PRIMARY KEY, bytes BLOB);"
    "CREATE TABLE IF NOT EXISTS acks(lane INT, peer TEXT, received INT, durable INT,"
    " PRIMARY KEY(lane, peer)) WITHOUT ROWID;";

static const char spare_schema[] =
    "CREATE TEMP TABLE spare_records(id INTEGER PRIMARY KEY, lane INT, seq INT, digest BLOB,"
    " type INT, object INT, time INT, own INT, bytes BLOB, verdict BLOB, at INT,"
    " UNIQUE(lane, seq));"
    "CREATE TEMP TABLE spare_refusals(lane INT, first INT, last INT, digest BLOB,"
    " PRIMARY KEY(lane, last)) WITHOUT ROWID;"
    "CREATE TEMP TABLE spare_log(arrangement TEXT, n INT, bytes BLOB,"
    " PRIMARY KEY(arrangement, n));"
    "CREATE TEMP TABLE spare_lanes(id INTEGER PRIMARY KEY, originator TEXT, arrangement TEXT,"
    " class INT, nature INT, generation INT);";

#define COLUMNS "id, lane, seq, digest, type, object, time, own, bytes, verdict, at"
#define VALUES  "(lane, seq, digest, type, object, time, own, bytes, verdict, at) "            \
                "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)"
#define LANE    "(originator, arrangement, class, nature, generation) VALUES(?1,?2,?3,?4,?5)"
#define SAME_LANE                                                                              \
    "originator=?1 AND arrangement=?2 AND class=?3 AND nature=?4 AND generation=?5"

#define STATEMENTS(X)                                                                          \
    X(PUT, "INSERT INTO records" VALUES)                                                       \
    X(PUT_SPARE, "INSERT INTO spare_records" VALUES)                                           \
    X(GET, "SELECT " COLUMNS " FROM records WHERE lane=?1 AND seq=?2")                         \
    X(GET_SPARE, "SELECT " COLUMNS " FROM spare_records WHERE lane=?1 AND seq=?2")             \
    X(NEXT, "SELECT " COLUMNS " FROM records WHERE lane=?1 AND seq>?2 ORDER BY seq LIMIT 1")   \
    X(NEXT_SPARE,                                                                              \
      "SELECT " COLUMNS " FROM spare_records WHERE lane=?1 AND seq>?2 ORDER BY seq LIMIT 1")   \
    X(SINCE, "SELECT " COLUMNS " FROM records WHERE id>?1 AND time>=?2 AND own=0 "             \
             "ORDER BY id LIMIT 1")                                                            \
    X(MARK, "INSERT INTO marks VALUES(?1,?2,?3,0) ON CONFLICT(lane) DO UPDATE SET "            \
            "head=?2, digest=?3")                                                              \
    X(MARK_OF, "SELECT head, digest, past FROM marks WHERE lane=?1")                           \
    X(BEGIN_AT, "INSERT INTO marks VALUES(?1,?2,?3,?2) ON CONFLICT(lane) DO UPDATE SET "       \
                "digest=CASE WHEN head<?2 THEN ?3 ELSE digest END, head=max(head,?2), "        \
                "past=max(past,?2)")                                                           \
    X(BEHIND, "SELECT seq, time FROM records WHERE lane=?1 AND seq<=?2 ORDER BY seq DESC")     \
    X(BOOKMARK, "INSERT OR REPLACE INTO bookmarks VALUES(?1,?2)")                              \
    X(BOOKMARK_BEFORE, "SELECT max(row) FROM bookmarks WHERE newest<?1")                       \
    X(EACH, "SELECT " COLUMNS " FROM records WHERE id>?1 ORDER BY id LIMIT 1")                 \
    X(REFUSED_EACH, "SELECT lane, first, last, digest FROM refusals WHERE "                    \
                    "(lane,last)>(?1,?2) ORDER BY lane, last LIMIT 1")                         \
    X(LOG_NAMES, "SELECT arrangement, max(n) FROM log WHERE arrangement>?1 GROUP BY "          \
                 "arrangement ORDER BY arrangement LIMIT 1")                                   \
    X(NOTE_NEXT, "SELECT id, time, kind, text FROM notes WHERE id>?1 ORDER BY id LIMIT 1")     \
    X(NEWEST, "SELECT min(s) FROM (SELECT max(seq) AS s FROM records WHERE lane=?1 AND "       \
              "seq>?2 AND seq<=?3 GROUP BY object)")                                           \
    X(VERDICT, "UPDATE records SET verdict=?3 WHERE lane=?1 AND seq=?2")                       \
    X(VERDICT_SPARE, "UPDATE spare_records SET verdict=?3 WHERE lane=?1 AND seq=?2")           \
    X(ENRICH, "UPDATE records SET bytes=?3 WHERE lane=?1 AND seq=?2")                          \
    X(LANE_FIND, "SELECT id FROM lanes WHERE " SAME_LANE                                       \
                 " UNION ALL SELECT id FROM spare_lanes WHERE " SAME_LANE)                     \
    X(LANE_ADD, "INSERT INTO lanes" LANE)                                                      \
    X(LANE_ADD_SPARE, "INSERT INTO spare_lanes" LANE)                                          \
    X(LANE_AT, "SELECT id, originator, arrangement, class, nature, generation FROM lanes "     \
               "ORDER BY id LIMIT 1 OFFSET ?1")                                                \
    X(REFUSE, "INSERT INTO refusals VALUES(?1,?2,?3,?4) ON CONFLICT(lane, last) DO "           \
              "UPDATE SET first=min(first,?2)")                                                \
    X(HOLDS, "SELECT first, last, digest FROM refusals WHERE lane=?1 AND last>=?2 AND "        \
             "last<?2+256 AND first<=?2 ORDER BY last LIMIT 1")                                \
    X(REFUSED, "SELECT first, last, digest FROM refusals WHERE lane=?1 AND last>=?2 "          \
               "ORDER BY last LIMIT 1")                                                        \
    X(REFUSE_SPARE, "INSERT INTO spare_refusals VALUES(?1,?2,?3,?4) ON CONFLICT(lane, last) "  \
                    "DO UPDATE SET first=min(first,?2)")                                       \
    X(REFUSED_SPARE, "SELECT first, last, digest FROM spare_refusals WHERE lane=?1 AND "       \
                     "last>=?2 ORDER BY last LIMIT 1")                                         \
    X(HOLDS_SPARE, "SELECT first, last, digest FROM spare_refusals WHERE lane=?1 AND "         \
                   "last>=?2 AND last<?2+256 AND first<=?2 ORDER BY last LIMIT 1")             \
    X(LOG, "INSERT INTO log VALUES(?1,?2,?3)")                                                 \
    X(LOG_SPARE, "INSERT INTO spare_log VALUES(?1,?2,?3)")                                     \
    X(LOG_AT, "SELECT bytes FROM log WHERE arrangement=?1 AND n=?2 "                           \
              "UNION ALL SELECT bytes FROM spare_log WHERE arrangement=?1 AND n=?2")           \
    X(LOG_LAST, "SELECT n, bytes FROM log WHERE arrangement=?1 ORDER BY n DESC LIMIT 1")       \
    X(CHECKPOINT, "SELECT n, digest FROM checkpoints WHERE arrangement=?1")                    \
    X(STATEMENT, "INSERT INTO statements(kind, bytes) VALUES(?1,?2)")                          \
    X(STATEMENT_AT, "SELECT kind, bytes FROM statements ORDER BY id LIMIT 1 OFFSET ?1")        \
    X(SET, "INSERT OR REPLACE INTO settings VALUES(?1,?2)")                                    \
    X(VALUE, "SELECT value FROM settings WHERE key=?1")                                        \
    X(NOTE, "INSERT INTO notes(time, kind, text) VALUES(?1,?2,?3)")                            \
    X(HEAD, "INSERT OR IGNORE INTO heads(hub, arrangement, n, digest, bytes, at) "             \
            "VALUES(?1,?2,?3,?4,?5,?6)")                                                       \
    X(HEAD_AT, "SELECT digest, bytes FROM heads WHERE hub=?1 AND arrangement=?2 AND n=?3 "     \
               "ORDER BY id LIMIT 1")                                                          \
    X(HEAD_NEXT, "SELECT id, hub, arrangement, n, digest, bytes FROM heads WHERE id>?1 "       \
                 "ORDER BY id LIMIT 1")                                                        \
    X(EVIDENCE, "INSERT INTO evidence(bytes) VALUES(?1)")                                      \
    X(EVIDENCE_NEXT, "SELECT id, bytes FROM evidence WHERE id>?1 ORDER BY id LIMIT 1")         \
    X(ACK, "INSERT INTO acks VALUES(?1,?2,?3,?4) ON CONFLICT(lane, peer) DO UPDATE SET "       \
           "received=max(received,?3), durable=max(durable,?4)")                               \
    X(KEPT, "SELECT durable FROM acks WHERE lane=?1 AND peer=?2")                              \
    X(OPEN, "BEGIN")                                                                           \
    X(CLOSE, "COMMIT")                                                                         \
    X(FORGET, "DELETE FROM records WHERE lane=?1 AND seq<=?2")                                 \
    X(FORGET_REFUSED, "DELETE FROM refusals WHERE lane=?1 AND last<=?2")                       \
    X(FORGET_LINES, "DELETE FROM log WHERE arrangement=?1 AND n<=?2")                          \
    X(CHECKPOINT_AT, "INSERT OR REPLACE INTO checkpoints VALUES(?1,?2,?3)")                    \
    X(FORGET_NOTES, "DELETE FROM notes WHERE id IN (SELECT id FROM notes WHERE id<=(SELECT "   \
                    "min(id) FROM notes)+127) AND time<?1")                                    \
    X(FORGET_HEADS, "DELETE FROM heads WHERE id IN (SELECT id FROM heads WHERE id<coalesce("   \
                    "(SELECT id FROM heads WHERE at>=?1 ORDER BY id LIMIT 1),1<<62) AND "      \
                    "n<(SELECT max(n) FROM heads AS h WHERE h.hub=heads.hub AND "              \
                    "h.arrangement=heads.arrangement) ORDER BY id LIMIT 64)")                  \
    X(FORGET_BOOKMARKS, "DELETE FROM bookmarks WHERE row<(SELECT min(id) FROM records)")

#define STATEMENT_ENUM(name, sql) S_##name,
enum { STATEMENTS(STATEMENT_ENUM) S_COUNT };
#define STATEMENT_TEXT(name, sql) sql,
static const char *const statement_text[] = {STATEMENTS(STATEMENT_TEXT)};

struct wlk_journal {
    sqlite3 *db;
    sqlite3_stmt *statement[S_COUNT];
    sqlite3_stmt *held; /* read last: its row is what the caller's views point into */
    int lock_fd;        /* -1 in memory */
    struct wlk_journal_counts counts;
    int64_t newest_ns;       /* time of any record so far */
    unsigned since_bookmark; /* rows */
    uint64_t spare_from;     /* mark of the first write that went to memory instead */
    bool has_thread;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool is_stopping;  /* under mutex */
    atomic_bool is_idle;
    atomic_uint_fast64_t written, durable, syncs, sync_failures;
    atomic_int wal_pages;
    unsigned syncs_since; /* of the sync thread: since the WAL was long */
    int wal_fd;
    sqlite3 *checkpointer;
};

/* ---- statements: bind, step, let go ---- */

static sqlite3_stmt *use(struct wlk_journal *journal, int which)
{
    if (journal->held)
        sqlite3_reset(journal->held);
    journal->held = journal->statement[which];
    return journal->held;
}

static void bind_blob(sqlite3_stmt *statement, int at, const void *bytes, size_t size)
{
    sqlite3_bind_blob64(statement, at, bytes, size, SQLITE_STATIC);
}

static void bind_name(sqlite3_stmt *statement, int at, const wlk_name *name)
{
    sqlite3_bind_text(statement, at, name->text, -1, SQLITE_STATIC);
}

/* Runs the statement in use to its end. */
static wlk_status finish(struct wlk_journal *journal)
{
    int code = sqlite3_step(journal->held);
    sqlite3_reset(journal->held);
    sqlite3_clear_bindings(journal->held);
    journal->held = NULL;
    if (code == SQLITE_DONE && !sqlite3_get_autocommit(journal->db))
        return WLK_OK; /* counts when its transaction ends */
    if (code == SQLITE_DONE) {
        uint64_t now = atomic_fetch_add(&journal->written, 1) + 1;
        if (!journal->has_thread) {
            atomic_store(&journal->durable, now);
        } else if (atomic_load(&journal->is_idle)) {
            pthread_mutex_lock(&journal->mutex);
            pthread_cond_signal(&journal->wake);
            pthread_mutex_unlock(&journal->mutex);
        }
        return WLK_OK;
    }
    if (code == SQLITE_CONSTRAINT)
        return WLK_KNOWN;
    snprintf(journal->counts.last_error, sizeof journal->counts.last_error, "%s",
             sqlite3_errmsg(journal->db));
    return WLK_IO;
}

/* From here on nothing can be called durable: what is kept next may be in memory only. */
static void note_spare(struct wlk_journal *journal)
{
    if (journal->counts.unjournalled++ == 0)
        journal->spare_from = atomic_load(&journal->written);
}

static wlk_status begin(struct wlk_journal *journal)
{
    (void)use(journal, S_OPEN);
    return finish(journal);
}

/* A step that failed is undone. */
static wlk_status commit(struct wlk_journal *journal, wlk_status status)
{
    if (status == WLK_OK) {
        (void)use(journal, S_CLOSE);
        status = finish(journal);
    }
    if (status != WLK_OK)
        sqlite3_exec(journal->db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

/* True: the statement in use has a row. */
static bool has_row(struct wlk_journal *journal)
{
    return sqlite3_step(journal->held) == SQLITE_ROW;
}

static size_t column_view(sqlite3_stmt *statement, int column, const uint8_t **bytes)
{
    *bytes = sqlite3_column_blob(statement, column);
    return (size_t)sqlite3_column_bytes(statement, column);
}

static void column_digest(sqlite3_stmt *statement, int column, wlk_digest *out)
{
    const uint8_t *bytes;
    memset(out, 0, sizeof *out);
    if (column_view(statement, column, &bytes) == sizeof out->bytes)
        memcpy(out->bytes, bytes, sizeof out->bytes);
}

/* ---- the sync thread ---- */

/* After each commit: how long the WAL is since it last began anew; its file does not shrink. */
static int note_pages(void *context, sqlite3 *db, const char *name, int pages)
{
    struct wlk_journal *journal = context;
    (void)db;
    (void)name;
    atomic_store(&journal->wal_pages, pages);
    return SQLITE_OK;
}

/* The WAL begins anew when all of it was moved; the second time moves the little that was
 * written during the first. */
static void maybe_checkpoint(struct wlk_journal *journal)
{
    if (atomic_load(&journal->wal_pages) < CHECKPOINT_PAGES ||
        ++journal->syncs_since % CHECKPOINT_SYNCS != 1)
        return;
    for (int i = 0; i < 2; i++)
        sqlite3_wal_checkpoint_v2(journal->checkpointer, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL,
                                  NULL);
}

static bool wait_for_work(struct wlk_journal *journal)
{
    pthread_mutex_lock(&journal->mutex);
    atomic_store(&journal->is_idle, true);
    while (!journal->is_stopping &&
           atomic_load(&journal->written) == atomic_load(&journal->durable))
        pthread_cond_wait(&journal->wake, &journal->mutex);
    atomic_store(&journal->is_idle, false);
    bool goes_on = !journal->is_stopping ||
                   atomic_load(&journal->written) != atomic_load(&journal->durable);
    pthread_mutex_unlock(&journal->mutex);
    return goes_on;
}

static void *sync_thread(void *argument)
{
    struct wlk_journal *journal = argument;
    while (wait_for_work(journal)) {
        uint64_t target = atomic_load(&journal->written);
        if (fdatasync(journal->wal_fd) == 0) {
            atomic_store(&journal->durable, target);
            atomic_fetch_add(&journal->syncs, 1);
            maybe_checkpoint(journal);
        } else {
            atomic_fetch_add(&journal->sync_failures, 1);
            pthread_mutex_lock(&journal->mutex);
            bool is_stopping = journal->is_stopping;
            pthread_mutex_unlock(&journal->mutex);
            if (is_stopping)
                break; /* the disk does not take it: nothing more can be done here */
        }
        nanosleep(&(struct timespec){0, SYNC_PAUSE_NS}, NULL);
    }
    return NULL;
}

static wlk_status start_thread(struct wlk_journal *journal, const char *path)
{
    char wal[4096];
    snprintf(wal, sizeof wal, "%s-wal", path);
    journal->wal_fd = open(wal, O_RDWR | O_CLOEXEC);
    if (journal->wal_fd < 0)
        return WLK_IO;
    if (sqlite3_open_v2(path, &journal->checkpointer, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        return WLK_IO;
    /* it must have read once: before, it knows of no WAL and a checkpoint does nothing */
    sqlite3_exec(journal->checkpointer,
                 "PRAGMA wal_autocheckpoint=0; SELECT count(*) FROM sqlite_master", NULL, NULL,
                 NULL);
    sigset_t all, before; /* signals belong to the caller's thread */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    journal->has_thread =
        pthread_create(&journal->thread, NULL, sync_thread, journal) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return journal->has_thread ? WLK_OK : WLK_IO;
}

static void write_sums(struct wlk_journal *journal);

/* ---- opening ---- */

static wlk_status complain(struct wlk_journal *journal, const char *path, wlk_status status,
                           const char *rule, struct wlk_fault *fault)
{
    int code = sqlite3_errcode(journal->db);
    const char *words = code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW
                            ? "" : sqlite3_errmsg(journal->db);
    wlk_fault_set(fault, rule, "%s", words);
    if (fault)
        snprintf(fault->where, sizeof fault->where, "%.95s", path);
    return status;
}

static int64_t number_of(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t value = -1;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

static bool is_whole(sqlite3 *db, const char *how)
{
    sqlite3_stmt *statement = NULL;
    bool whole = sqlite3_prepare_v2(db, how, -1, &statement, NULL) ==
                     SQLITE_OK &&
                 sqlite3_step(statement) == SQLITE_ROW &&
                 !strcmp((const char *)sqlite3_column_text(statement, 0), "ok");
    sqlite3_finalize(statement);
    return whole;
}

/* One process a journal: two would give one seq twice. */
static wlk_status take_lock(struct wlk_journal *journal, const char *path)
{
    char name[4096];
    snprintf(name, sizeof name, "%s-lock", path);
    journal->lock_fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (journal->lock_fd < 0 || flock(journal->lock_fd, LOCK_EX | LOCK_NB))
        return WLK_IO;
    return WLK_OK;
}

static wlk_status open_file(struct wlk_journal *journal, const char *path,
                            struct wlk_fault *fault)
{
    bool is_memory = !strcmp(path, ":memory:");
    if (!is_memory && take_lock(journal, path) != WLK_OK) {
        wlk_fault_set(fault, "journal cannot be locked: is another process using it?", "%s",
                      strerror(errno));
        if (fault)
            snprintf(fault->where, sizeof fault->where, "%.95s", path);
        return WLK_IO;
    }
    mode_t before = umask(0077); /* records are for this user only */
    int code = sqlite3_open_v2(path, &journal->db,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
                                   (is_memory ? SQLITE_OPEN_NOMUTEX : 0),
                               NULL);
    if (code == SQLITE_OK) /* the file is made at the first touch */
        code = sqlite3_exec(journal->db, "PRAGMA application_id", NULL, NULL, NULL);
    int64_t id = number_of(journal->db, "PRAGMA application_id");
    int64_t tables = number_of(journal->db, "SELECT count(*) FROM sqlite_master");
    if (code == SQLITE_OK && tables >= 0)
        sqlite3_exec(journal->db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);
    umask(before);
    if (code == SQLITE_CANTOPEN || code == SQLITE_PERM || code == SQLITE_READONLY)
        return complain(journal, path, WLK_IO, "journal cannot be opened", fault);
    if (code != SQLITE_OK || tables < 0)
        return complain(journal, path, WLK_BAD_INPUT, "not a journal", fault);
    if (tables > 0 && (id != APPLICATION_ID ||
                       number_of(journal->db, "PRAGMA user_version") != SCHEMA_VERSION))
        return complain(journal, path, WLK_BAD_INPUT,
                        "a database of another program or version, not a journal", fault);
    struct stat file;
    if (tables > 0 && !is_memory && !stat(path, &file) && file.st_size < CHECK_BYTES_MAX &&
        !is_whole(journal->db, "PRAGMA quick_check(1)"))
        return complain(journal, path, WLK_BAD_INPUT, "journal is damaged", fault);
    return WLK_OK;
}

static wlk_status prepare_all(struct wlk_journal *journal, const char *path,
                              struct wlk_fault *fault)
{
    for (int i = 0; i < S_COUNT; i++)
        if (sqlite3_prepare_v3(journal->db, statement_text[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &journal->statement[i], NULL) != SQLITE_OK)
            return complain(journal, path, WLK_BAD_INPUT, "journal has not the known form",
                            fault);
    return WLK_OK;
}

static wlk_status prepare(struct wlk_journal *journal, const char *path,
                          struct wlk_fault *fault)
{
    char pragmas[256];
    snprintf(pragmas, sizeof pragmas,
             "PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY;"
             "PRAGMA busy_timeout=1000; PRAGMA application_id=%d; PRAGMA user_version=%d;",
             APPLICATION_ID, SCHEMA_VERSION);
    if (sqlite3_exec(journal->db, pragmas, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(journal->db, schema, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(journal->db, spare_schema, NULL, NULL, NULL) != SQLITE_OK)
        return complain(journal, path, WLK_IO, "journal cannot be written", fault);
    sqlite3_wal_hook(journal->db, note_pages, journal);
    char first[80];
    snprintf(first, sizeof first, "INSERT INTO spare_lanes(id) VALUES(%d)", SPARE_LANE);
    sqlite3_exec(journal->db, first, NULL, NULL, NULL);
    return prepare_all(journal, path, fault);
}

static wlk_status claim_owner(struct wlk_journal *journal, const char *path, wlk_name owner,
                              struct wlk_fault *fault)
{
    wlk_name found;
    size_t used;
    if (wlk_journal_value(journal, "owner", &found, sizeof found, &used) == WLK_OK) {
        if (used == sizeof found && wlk_name_equal(found, owner))
            return WLK_OK;
        return complain(journal, path, WLK_BAD_INPUT, "journal belongs to another owner",
                        fault);
    }
    if (wlk_journal_set(journal, "owner", &owner, sizeof owner, false) != WLK_OK)
        return complain(journal, path, WLK_IO, "journal cannot be written", fault);
    return WLK_OK;
}

static struct wlk_journal *fresh_open(void)
{
    struct wlk_journal *journal = calloc(1, sizeof *journal);
    if (!journal)
        return NULL;
    journal->lock_fd = journal->wal_fd = -1;
    pthread_mutex_init(&journal->mutex, NULL);
    pthread_cond_init(&journal->wake, NULL);
    return journal;
}

/* The newest time so far, from the last bookmark on. */
static void load_bookmark(struct wlk_journal *journal)
{
    int64_t newest = number_of(journal->db, "SELECT max(newest) FROM bookmarks");
    int64_t since = number_of(journal->db,
                              "SELECT max(time) FROM records WHERE id>"
                              "coalesce((SELECT max(row) FROM bookmarks),0)");
    journal->newest_ns = newest > since ? newest : since;
    journal->since_bookmark = BOOKMARK_EVERY; /* the next put writes one */
}

/* Opens the file for reading only and reads it through. */
static wlk_status look_at(struct wlk_journal *journal, const char *path,
                          struct wlk_fault *fault)
{
    int code = sqlite3_open_v2(path, &journal->db, SQLITE_OPEN_READONLY, NULL);
    if (code != SQLITE_OK || sqlite3_exec(journal->db, "PRAGMA temp_store=MEMORY;"
                                          "PRAGMA busy_timeout=1000;",
                                          NULL, NULL, NULL) != SQLITE_OK)
        return complain(journal, path, WLK_IO, "journal cannot be opened", fault);
    if (number_of(journal->db, "PRAGMA application_id") != APPLICATION_ID ||
        number_of(journal->db, "PRAGMA user_version") != SCHEMA_VERSION)
        return complain(journal, path, WLK_BAD_INPUT,
                        "a database of another program or version, not a journal", fault);
    if (!is_whole(journal->db, "PRAGMA integrity_check(1)"))
        return complain(journal, path, WLK_BAD_INPUT, "journal is damaged", fault);
    if (sqlite3_exec(journal->db, spare_schema, NULL, NULL, NULL) != SQLITE_OK)
        return complain(journal, path, WLK_IO, "journal cannot be read", fault);
    return prepare_all(journal, path, fault);
}

wlk_status wlk_journal_look(const char *path, struct wlk_journal **out, wlk_name *owner,
                            struct wlk_fault *fault)
{
    struct wlk_journal *journal = fresh_open();
    size_t used = 0;
    if (!journal)
        return WLK_IO;
    wlk_status status = look_at(journal, path, fault);
    if (status == WLK_OK &&
        (wlk_journal_value(journal, "owner", owner, sizeof *owner, &used) != WLK_OK ||
         used != sizeof *owner || owner->text[sizeof owner->text - 1] != 0))
        status = complain(journal, path, WLK_BAD_INPUT, "journal has no owner", fault);
    if (status != WLK_OK) {
        wlk_journal_close(journal);
        return status;
    }
    *out = journal;
    return WLK_OK;
}

wlk_status wlk_journal_open(const char *path, wlk_name owner, struct wlk_journal **out,
                            struct wlk_fault *fault)
{
    struct wlk_journal *journal = fresh_open();
    if (!journal)
        return WLK_IO;
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is a status here, not death */
    wlk_status status = open_file(journal, path, fault);
    if (status == WLK_OK)
        status = prepare(journal, path, fault);
    if (status == WLK_OK)
        status = claim_owner(journal, path, owner, fault);
    if (status == WLK_OK)
        load_bookmark(journal);
    if (status == WLK_OK && journal->lock_fd >= 0) {
        int64_t starts = 0;
        size_t used;
        (void)!wlk_journal_value(journal, "starts", &starts, sizeof starts, &used);
        sqlite3_exec(journal->db, "DELETE FROM settings WHERE key LIKE 'sum:%'", NULL, NULL,
                     NULL);
        starts++; /* a write, so that the WAL exists before its descriptor is taken */
        status = wlk_journal_set(journal, "starts", &starts, sizeof starts, false);
        if (status == WLK_OK)
            status = start_thread(journal, path);
        if (status != WLK_OK)
            complain(journal, path, status, "journal cannot be written", fault);
    }
    if (status != WLK_OK) {
        wlk_journal_close(journal);
        return status;
    }
    *out = journal;
    return WLK_OK;
}

void wlk_journal_close(struct wlk_journal *journal)
{
    if (!journal)
        return;
    if (journal->has_thread) {
        pthread_mutex_lock(&journal->mutex);
        journal->is_stopping = true;
        pthread_cond_signal(&journal->wake);
        pthread_mutex_unlock(&journal->mutex);
        pthread_join(journal->thread, NULL);
    }
    if (journal->has_thread)
        write_sums(journal);
    for (int i = 0; i < S_COUNT; i++)
        sqlite3_finalize(journal->statement[i]);
    sqlite3_close(journal->checkpointer);
    sqlite3_close(journal->db);
    if (journal->wal_fd >= 0)
        close(journal->wal_fd);
    if (journal->lock_fd >= 0)
        close(journal->lock_fd);
    pthread_cond_destroy(&journal->wake);
    pthread_mutex_destroy(&journal->mutex);
    free(journal);
}

void wlk_journal_hold(struct wlk_journal *journal, bool is_held)
{
    /* the number of pages can never be set below what is used */
    sqlite3_exec(journal->db,
                 is_held ? "PRAGMA max_page_count=1" : "PRAGMA max_page_count=1073741823", NULL,
                 NULL, NULL);
}

uint64_t wlk_journal_mark(const struct wlk_journal *journal)
{
    return atomic_load(&journal->written);
}

uint64_t wlk_journal_durable(const struct wlk_journal *journal)
{
    uint64_t durable = atomic_load(&journal->durable);
    bool is_whole = !journal->counts.unjournalled || durable < journal->spare_from;
    return is_whole ? durable : journal->spare_from;
}

void wlk_journal_count(const struct wlk_journal *journal, struct wlk_journal_counts *out)
{
    *out = journal->counts;
    out->syncs = atomic_load(&journal->syncs);
    out->sync_failures = atomic_load(&journal->sync_failures);
}

/* ---- lanes ---- */

static void bind_lane(sqlite3_stmt *statement, const wlk_name *originator,
                      const struct wlk_lane *lane)
{
    bind_name(statement, 1, originator);
    bind_name(statement, 2, &lane->arrangement);
    sqlite3_bind_int(statement, 3, (int)lane->record_class);
    sqlite3_bind_int(statement, 4, (int)lane->nature);
    sqlite3_bind_int64(statement, 5, (int64_t)lane->generation);
}

wlk_status wlk_journal_lane_find(struct wlk_journal *journal, wlk_name originator,
                                 const struct wlk_lane *lane, int64_t *out)
{
    bind_lane(use(journal, S_LANE_FIND), &originator, lane);
    if (!has_row(journal))
        return WLK_NOT_YET;
    *out = sqlite3_column_int64(journal->held, 0);
    return WLK_OK;
}

wlk_status wlk_journal_lane(struct wlk_journal *journal, wlk_name originator,
                            const struct wlk_lane *lane, int64_t *out)
{
    if (wlk_journal_lane_find(journal, originator, lane, out) == WLK_OK)
        return *out < SPARE_LANE ? WLK_OK : WLK_IO;
    bind_lane(use(journal, S_LANE_ADD), &originator, lane);
    wlk_status status = finish(journal);
    if (status != WLK_OK) {
        bind_lane(use(journal, S_LANE_ADD_SPARE), &originator, lane);
        (void)!finish(journal);
    }
    *out = sqlite3_last_insert_rowid(journal->db);
    return status;
}

bool wlk_journal_lane_at(struct wlk_journal *journal, size_t index, int64_t *id,
                         wlk_name *originator, struct wlk_lane *lane)
{
    sqlite3_stmt *row = use(journal, S_LANE_AT);
    sqlite3_bind_int64(row, 1, (int64_t)index);
    if (!has_row(journal))
        return false;
    const uint8_t *text;
    size_t size = column_view(row, 1, &text);
    if (!text || wlk_name_from_bytes(text, size, originator) != WLK_OK)
        return false;
    size = column_view(row, 2, &text);
    if (!text || wlk_name_from_bytes(text, size, &lane->arrangement) != WLK_OK)
        return false;
    *id = sqlite3_column_int64(row, 0);
    lane->record_class = (enum wlk_class)sqlite3_column_int(row, 3);
    lane->nature = (enum wlk_nature)sqlite3_column_int(row, 4);
    lane->generation = (uint64_t)sqlite3_column_int64(row, 5);
    return true;
}

/* ---- records ---- */

static wlk_status put_into(struct wlk_journal *journal, int which,
                           const struct wlk_journal_row *row)
{
    sqlite3_stmt *put = use(journal, which);
    sqlite3_bind_int64(put, 1, row->lane);
    sqlite3_bind_int64(put, 2, (int64_t)row->seq);
    bind_blob(put, 3, row->digest.bytes, sizeof row->digest.bytes);
    sqlite3_bind_int(put, 4, (int)row->type);
    sqlite3_bind_int64(put, 5, row->object);
    sqlite3_bind_int64(put, 6, row->time_ns);
    sqlite3_bind_int(put, 7, row->is_own);
    bind_blob(put, 8, row->bytes, row->size);
    bind_blob(put, 9, row->verdict, row->verdict ? row->verdict_size : 0);
    sqlite3_bind_int64(put, 10, row->at_ns);
    return finish(journal);
}

/* No record up to this row has a later time: who looks for what came since then starts here. */
static void write_bookmark(struct wlk_journal *journal, int64_t time_ns)
{
    int64_t row = sqlite3_last_insert_rowid(journal->db);
    if (time_ns > journal->newest_ns)
        journal->newest_ns = time_ns;
    if (++journal->since_bookmark < BOOKMARK_EVERY)
        return;
    sqlite3_stmt *mark = use(journal, S_BOOKMARK);
    sqlite3_bind_int64(mark, 1, row);
    sqlite3_bind_int64(mark, 2, journal->newest_ns);
    if (finish(journal) == WLK_OK)
        journal->since_bookmark = 0;
}

wlk_status wlk_journal_put(struct wlk_journal *journal, const struct wlk_journal_row *row)
{
    WLK_ASSERT(row->verdict_size <= WLK_VERDICT_SIZE_MAX);
    journal->counts.puts++;
    wlk_status status = row->lane < SPARE_LANE ? put_into(journal, S_PUT, row) : WLK_IO;
    if (status == WLK_OK)
        write_bookmark(journal, row->time_ns);
    if (status != WLK_IO)
        return status;
    note_spare(journal);
    return put_into(journal, S_PUT_SPARE, row) == WLK_KNOWN ? WLK_KNOWN : WLK_IO;
}

static void read_row(sqlite3_stmt *from, struct wlk_journal_row *out)
{
    out->row = sqlite3_column_int64(from, 0);
    out->lane = sqlite3_column_int64(from, 1);
    out->seq = (uint64_t)sqlite3_column_int64(from, 2);
    column_digest(from, 3, &out->digest);
    out->type = (enum wlk_type)sqlite3_column_int(from, 4);
    out->object = (uint32_t)sqlite3_column_int64(from, 5);
    out->time_ns = sqlite3_column_int64(from, 6);
    out->is_own = sqlite3_column_int(from, 7) != 0;
    out->size = column_view(from, 8, &out->bytes);
    out->verdict_size = column_view(from, 9, &out->verdict);
    out->at_ns = sqlite3_column_int64(from, 10);
}

static wlk_status get_from(struct wlk_journal *journal, int which, int64_t lane, uint64_t seq,
                           struct wlk_journal_row *out)
{
    sqlite3_stmt *get = use(journal, which);
    sqlite3_bind_int64(get, 1, lane);
    sqlite3_bind_int64(get, 2, (int64_t)seq);
    if (!has_row(journal))
        return WLK_NOT_YET;
    read_row(get, out);
    return WLK_OK;
}

wlk_status wlk_journal_get(struct wlk_journal *journal, int64_t lane, uint64_t seq,
                           struct wlk_journal_row *out)
{
    if (get_from(journal, S_GET, lane, seq, out) == WLK_OK)
        return WLK_OK;
    if (!journal->counts.unjournalled)
        return WLK_NOT_YET;
    return get_from(journal, S_GET_SPARE, lane, seq, out);
}

wlk_status wlk_journal_next(struct wlk_journal *journal, int64_t lane, uint64_t above,
                            struct wlk_journal_row *out)
{
    uint64_t spare = UINT64_MAX;
    struct wlk_journal_row row;
    if (journal->counts.unjournalled &&
        get_from(journal, S_NEXT_SPARE, lane, above, &row) == WLK_OK)
        spare = row.seq;
    if (get_from(journal, S_NEXT, lane, above, &row) == WLK_OK && row.seq < spare) {
        *out = row;
        return WLK_OK;
    }
    if (spare == UINT64_MAX)
        return WLK_NOT_YET;
    return get_from(journal, S_GET_SPARE, lane, spare, out);
}

wlk_status wlk_journal_since(struct wlk_journal *journal, int64_t row, int64_t from_ns,
                             struct wlk_journal_row *out)
{
    if (row == 0) {
        sqlite3_bind_int64(use(journal, S_BOOKMARK_BEFORE), 1, from_ns);
        row = has_row(journal) ? sqlite3_column_int64(journal->held, 0) : 0;
    }
    sqlite3_stmt *since = use(journal, S_SINCE);
    sqlite3_bind_int64(since, 1, row);
    sqlite3_bind_int64(since, 2, from_ns);
    if (!has_row(journal))
        return WLK_NOT_YET;
    read_row(since, out);
    return WLK_OK;
}

/* ---- marks ---- */

static uint64_t mark_of(struct wlk_journal *journal, int64_t lane, wlk_digest *digest,
                        uint64_t *past)
{
    memset(digest, 0, sizeof *digest);
    *past = 0;
    sqlite3_bind_int64(use(journal, S_MARK_OF), 1, lane);
    if (!has_row(journal))
        return 0;
    column_digest(journal->held, 1, digest);
    *past = (uint64_t)sqlite3_column_int64(journal->held, 2);
    return (uint64_t)sqlite3_column_int64(journal->held, 0);
}

uint64_t wlk_journal_mark_of(struct wlk_journal *journal, int64_t lane, wlk_digest *digest)
{
    uint64_t past;
    return mark_of(journal, lane, digest, &past);
}

uint64_t wlk_journal_past(struct wlk_journal *journal, int64_t lane)
{
    wlk_digest digest;
    uint64_t past;
    (void)mark_of(journal, lane, &digest, &past);
    return past;
}

static bool write_mark(struct wlk_journal *journal, int64_t lane, uint64_t seq,
                       const wlk_digest *digest)
{
    if (journal->counts.unjournalled || lane >= SPARE_LANE)
        return false;
    sqlite3_stmt *mark = use(journal, S_MARK);
    sqlite3_bind_int64(mark, 1, lane);
    sqlite3_bind_int64(mark, 2, (int64_t)seq);
    bind_blob(mark, 3, digest->bytes, sizeof digest->bytes);
    return finish(journal) == WLK_OK;
}

void wlk_journal_reached(struct wlk_journal *journal, int64_t lane, uint64_t seq,
                         const wlk_digest *digest)
{
    wlk_digest before;
    if (seq >= wlk_journal_mark_of(journal, lane, &before) + MARK_EVERY)
        (void)write_mark(journal, lane, seq, digest); /* else the next start walks further */
}

uint64_t wlk_journal_settle(struct wlk_journal *journal, int64_t lane)
{
    wlk_digest digest;
    uint64_t seq, mark = wlk_journal_mark_of(journal, lane, &digest);
    wlk_journal_head_of(journal, lane, &seq, &digest);
    return seq > mark && write_mark(journal, lane, seq, &digest) ? seq : mark;
}

void wlk_journal_head_of(struct wlk_journal *journal, int64_t lane, uint64_t *seq,
                         wlk_digest *digest)
{
    struct wlk_journal_row row;
    uint64_t first, last;
    wlk_digest refused;
    *seq = wlk_journal_mark_of(journal, lane, digest);
    for (;;) {
        if (wlk_journal_get(journal, lane, *seq + 1, &row) == WLK_OK) {
            *seq = row.seq;
            *digest = row.digest;
        } else if (wlk_journal_refused(journal, lane, *seq + 1, &first, &last, &refused) ==
                       WLK_OK &&
                   first <= *seq + 1) {
            *seq = last;
            *digest = refused;
        } else {
            return;
        }
    }
}

wlk_status wlk_journal_begin(struct wlk_journal *journal, int64_t lane, uint64_t past,
                             const wlk_digest *digest)
{
    if (lane >= SPARE_LANE)
        return WLK_IO;
    sqlite3_stmt *begin = use(journal, S_BEGIN_AT);
    sqlite3_bind_int64(begin, 1, lane);
    sqlite3_bind_int64(begin, 2, (int64_t)past);
    bind_blob(begin, 3, digest->bytes, sizeof digest->bytes);
    return finish(journal);
}

uint64_t wlk_journal_behind(struct wlk_journal *journal, int64_t lane, uint64_t head,
                            int64_t from_ns)
{
    sqlite3_stmt *back = use(journal, S_BEHIND);
    sqlite3_bind_int64(back, 1, lane);
    sqlite3_bind_int64(back, 2, (int64_t)head);
    while (has_row(journal) && sqlite3_column_int64(back, 1) >= from_ns)
        head = (uint64_t)sqlite3_column_int64(back, 0) - 1;
    return head;
}

wlk_status wlk_journal_newest(struct wlk_journal *journal, int64_t lane, uint64_t above,
                              uint64_t last, uint64_t *seq)
{
    sqlite3_stmt *newest = use(journal, S_NEWEST);
    sqlite3_bind_int64(newest, 1, lane);
    sqlite3_bind_int64(newest, 2, (int64_t)above);
    sqlite3_bind_int64(newest, 3, (int64_t)last);
    if (!has_row(journal) || sqlite3_column_type(newest, 0) == SQLITE_NULL)
        return WLK_NOT_YET;
    *seq = (uint64_t)sqlite3_column_int64(newest, 0);
    return WLK_OK;
}

static wlk_status change(struct wlk_journal *journal, int which,
                         const struct wlk_journal_row *to)
{
    sqlite3_stmt *update = use(journal, which);
    sqlite3_bind_int64(update, 1, to->lane);
    sqlite3_bind_int64(update, 2, (int64_t)to->seq);
    bind_blob(update, 3, to->bytes, to->size);
    return finish(journal);
}

wlk_status wlk_journal_verdict(struct wlk_journal *journal, int64_t lane, uint64_t seq,
                               const uint8_t *verdict, size_t size)
{
    struct wlk_journal_row to = {.lane = lane, .seq = seq, .bytes = verdict, .size = size};
    if (journal->counts.unjournalled)
        WLK_TRY(change(journal, S_VERDICT_SPARE, &to));
    return change(journal, S_VERDICT, &to);
}

wlk_status wlk_journal_enrich(struct wlk_journal *journal, int64_t lane, uint64_t seq,
                              const uint8_t *bytes, size_t size)
{
    struct wlk_journal_row to = {.lane = lane, .seq = seq, .bytes = bytes, .size = size};
    return change(journal, S_ENRICH, &to);
}

struct refusal {
    uint64_t first, last;
    wlk_digest digest;
};

static wlk_status refuse_into(struct wlk_journal *journal, int which, int64_t lane,
                              const struct refusal *refusal)
{
    sqlite3_stmt *refuse = use(journal, which);
    sqlite3_bind_int64(refuse, 1, lane);
    sqlite3_bind_int64(refuse, 2, (int64_t)refusal->first);
    sqlite3_bind_int64(refuse, 3, (int64_t)refusal->last);
    bind_blob(refuse, 4, refusal->digest.bytes, sizeof refusal->digest.bytes);
    return finish(journal);
}

wlk_status wlk_journal_refuse(struct wlk_journal *journal, int64_t lane, uint64_t first,
                              uint64_t last, const wlk_digest *digest)
{
    struct refusal refusal = {first, last, *digest};
    wlk_status status =
        lane < SPARE_LANE ? refuse_into(journal, S_REFUSE, lane, &refusal) : WLK_IO;
    if (status != WLK_IO)
        return status;
    note_spare(journal);
    (void)!refuse_into(journal, S_REFUSE_SPARE, lane, &refusal);
    return WLK_IO;
}

static bool refused_from(struct wlk_journal *journal, int which, int64_t lane, uint64_t seq,
                         struct refusal *out)
{
    sqlite3_stmt *refused = use(journal, which);
    sqlite3_bind_int64(refused, 1, lane);
    sqlite3_bind_int64(refused, 2, (int64_t)seq);
    if (!has_row(journal))
        return false;
    out->first = (uint64_t)sqlite3_column_int64(refused, 0);
    out->last = (uint64_t)sqlite3_column_int64(refused, 1);
    column_digest(refused, 2, &out->digest);
    return true;
}

wlk_status wlk_journal_refused(struct wlk_journal *journal, int64_t lane, uint64_t seq,
                               uint64_t *first, uint64_t *last, wlk_digest *digest)
{
    struct refusal kept, spare;
    _Static_assert(WLK_REFUSED_RUN_MAX == 256, "S_HOLDS looks as far as a run goes");
    bool has_spare = journal->counts.unjournalled > 0;
    if (!refused_from(journal, S_HOLDS, lane, seq, &kept) &&
        !(has_spare && refused_from(journal, S_HOLDS_SPARE, lane, seq, &kept))) {
        bool is_kept = refused_from(journal, S_REFUSED, lane, seq, &kept);
        bool is_spare = has_spare && refused_from(journal, S_REFUSED_SPARE, lane, seq, &spare);
        if (!is_kept && !is_spare)
            return WLK_NOT_YET;
        if (!is_kept || (is_spare && spare.last < kept.last))
            kept = spare;
    }
    *first = kept.first;
    *last = kept.last;
    *digest = kept.digest;
    return WLK_OK;
}

/* ---- logs, statements, settings, notes ---- */

static wlk_status log_into(struct wlk_journal *journal, int which, const wlk_name *arrangement,
                           uint64_t n, const struct wlk_journal_line *line)
{
    sqlite3_stmt *add = use(journal, which);
    bind_name(add, 1, arrangement);
    sqlite3_bind_int64(add, 2, (int64_t)n);
    bind_blob(add, 3, line->bytes, line->size);
    return finish(journal);
}

static wlk_status keep_line(struct wlk_journal *journal, const wlk_name *arrangement,
                            uint64_t n, const struct wlk_journal_line *line)
{
    wlk_status status = log_into(journal, S_LOG, arrangement, n, line);
    if (status != WLK_IO)
        return status;
    note_spare(journal);
    (void)!log_into(journal, S_LOG_SPARE, arrangement, n, line);
    return WLK_IO;
}

/* In one transaction: a third of the writes of one for each. */
static wlk_status keep_at_once(struct wlk_journal *journal,
                               const struct wlk_journal_lines *lines,
                               const struct wlk_journal_row *row)
{
    wlk_status status = row && row->lane >= SPARE_LANE ? WLK_IO : begin(journal);
    if (status != WLK_OK)
        return status;
    for (size_t i = 0; i < lines->count && status == WLK_OK; i++)
        status = log_into(journal, S_LOG, &lines->arrangement, lines->first + i,
                          &lines->line[i]);
    if (status == WLK_OK && row)
        status = put_into(journal, S_PUT, row);
    return commit(journal, status);
}

wlk_status wlk_journal_keep(struct wlk_journal *journal, const struct wlk_journal_lines *lines,
                            const struct wlk_journal_row *row)
{
    wlk_status status = keep_at_once(journal, lines, row), kept;
    if (status == WLK_OK) {
        journal->counts.puts += row != NULL;
        if (row)
            write_bookmark(journal, row->time_ns);
        return WLK_OK;
    }
    status = WLK_OK; /* one by one, as far as the disk takes them */
    for (size_t i = 0; i < lines->count; i++)
        if (keep_line(journal, &lines->arrangement, lines->first + i, &lines->line[i]) ==
            WLK_IO)
            status = WLK_IO;
    kept = row ? wlk_journal_put(journal, row) : WLK_OK;
    return status == WLK_IO ? WLK_IO : kept;
}

wlk_status wlk_journal_log_at(struct wlk_journal *journal, wlk_name arrangement, uint64_t n,
                              const uint8_t **bytes, size_t *size)
{
    sqlite3_stmt *at = use(journal, S_LOG_AT);
    sqlite3_bind_text(at, 1, arrangement.text, -1, SQLITE_TRANSIENT);
    sqlite3_bind_int64(at, 2, (int64_t)n);
    if (!has_row(journal))
        return WLK_NOT_YET;
    *size = column_view(at, 0, bytes);
    return WLK_OK;
}

wlk_status wlk_journal_log_last(struct wlk_journal *journal, wlk_name arrangement, uint64_t *n,
                                const uint8_t **bytes, size_t *size)
{
    sqlite3_stmt *last = use(journal, S_LOG_LAST);
    sqlite3_bind_text(last, 1, arrangement.text, -1, SQLITE_TRANSIENT);
    if (!has_row(journal))
        return WLK_NOT_YET;
    *n = (uint64_t)sqlite3_column_int64(last, 0);
    *size = column_view(last, 1, bytes);
    return WLK_OK;
}

void wlk_journal_checkpoint(struct wlk_journal *journal, wlk_name arrangement, uint64_t *count,
                            wlk_digest *digest)
{
    *count = 0;
    memset(digest, 0, sizeof *digest);
    sqlite3_bind_text(use(journal, S_CHECKPOINT), 1, arrangement.text, -1, SQLITE_TRANSIENT);
    if (!has_row(journal))
        return;
    *count = (uint64_t)sqlite3_column_int64(journal->held, 0);
    column_digest(journal->held, 1, digest);
}

wlk_status wlk_journal_statement(struct wlk_journal *journal, uint8_t kind,
                                 const uint8_t *bytes, size_t size)
{
    sqlite3_stmt *add = use(journal, S_STATEMENT);
    sqlite3_bind_int(add, 1, kind);
    bind_blob(add, 2, bytes, size);
    return finish(journal);
}

wlk_status wlk_journal_statement_at(struct wlk_journal *journal, size_t index, uint8_t *kind,
                                    const uint8_t **bytes, size_t *size)
{
    sqlite3_stmt *at = use(journal, S_STATEMENT_AT);
    sqlite3_bind_int64(at, 1, (int64_t)index);
    if (!has_row(journal))
        return WLK_NOT_YET;
    *kind = (uint8_t)sqlite3_column_int(at, 0);
    *size = column_view(at, 1, bytes);
    return WLK_OK;
}

wlk_status wlk_journal_set(struct wlk_journal *journal, const char *key, const void *value,
                           size_t size, bool is_urgent)
{
    sqlite3_stmt *set = use(journal, S_SET);
    sqlite3_bind_text(set, 1, key, -1, SQLITE_STATIC);
    bind_blob(set, 2, value, size);
    WLK_TRY(finish(journal));
    if (is_urgent && journal->wal_fd >= 0 && fdatasync(journal->wal_fd))
        return WLK_IO;
    return WLK_OK;
}

wlk_status wlk_journal_value(struct wlk_journal *journal, const char *key, void *value,
                             size_t size, size_t *used)
{
    sqlite3_stmt *get = use(journal, S_VALUE);
    sqlite3_bind_text(get, 1, key, -1, SQLITE_TRANSIENT);
    if (!has_row(journal))
        return WLK_NOT_YET;
    const uint8_t *bytes;
    size_t found = column_view(get, 0, &bytes);
    *used = found < size ? found : size;
    if (*used)
        memcpy(value, bytes, *used);
    return WLK_OK;
}

static const char generation_key[] = "generation";

wlk_status wlk_journal_start(struct wlk_journal *journal, wlk_utc now, uint64_t above,
                             uint64_t *generation)
{
    uint64_t stored = 0, seconds = now.ns > 0 ? (uint64_t)(now.ns / 1000000000) : 0;
    size_t used;
    (void)!wlk_journal_value(journal, generation_key, &stored, sizeof stored, &used);
    uint64_t next = (stored > above ? stored : above) + 1;
    next = next > seconds ? next : seconds;
    WLK_TRY(wlk_journal_set(journal, generation_key, &next, sizeof next, true));
    *generation = next;
    return WLK_OK;
}

wlk_status wlk_journal_note(struct wlk_journal *journal, wlk_utc time, const char *kind,
                            const char *text)
{
    sqlite3_stmt *note = use(journal, S_NOTE);
    sqlite3_bind_int64(note, 1, time.ns);
    sqlite3_bind_text(note, 2, kind, -1, SQLITE_STATIC);
    sqlite3_bind_text(note, 3, text, -1, SQLITE_STATIC);
    return finish(journal);
}

/* ---- walking through, for audits ---- */

wlk_status wlk_journal_each(struct wlk_journal *journal, int64_t row,
                            struct wlk_journal_row *out)
{
    sqlite3_stmt *each = use(journal, S_EACH);
    sqlite3_bind_int64(each, 1, row);
    if (!has_row(journal))
        return WLK_NOT_YET;
    read_row(each, out);
    return WLK_OK;
}

wlk_status wlk_journal_refused_each(struct wlk_journal *journal, int64_t *lane, uint64_t *last,
                                    uint64_t *first, wlk_digest *digest)
{
    sqlite3_stmt *each = use(journal, S_REFUSED_EACH);
    sqlite3_bind_int64(each, 1, *lane);
    sqlite3_bind_int64(each, 2, (int64_t)*last);
    if (!has_row(journal))
        return WLK_NOT_YET;
    *lane = sqlite3_column_int64(each, 0);
    *first = (uint64_t)sqlite3_column_int64(each, 1);
    *last = (uint64_t)sqlite3_column_int64(each, 2);
    column_digest(each, 3, digest);
    return WLK_OK;
}

wlk_status wlk_journal_log_name(struct wlk_journal *journal, wlk_name *arrangement,
                                uint64_t *count)
{
    sqlite3_stmt *names = use(journal, S_LOG_NAMES);
    const uint8_t *text;
    sqlite3_bind_text(names, 1, arrangement->text, -1, SQLITE_TRANSIENT);
    if (!has_row(journal))
        return WLK_NOT_YET;
    size_t size = column_view(names, 0, &text);
    *count = (uint64_t)sqlite3_column_int64(names, 1);
    return text && wlk_name_from_bytes(text, size, arrangement) == WLK_OK ? WLK_OK
                                                                         : WLK_BAD_INPUT;
}

wlk_status wlk_journal_note_next(struct wlk_journal *journal, int64_t *row, wlk_utc *time,
                                 const char **text)
{
    sqlite3_stmt *next = use(journal, S_NOTE_NEXT);
    sqlite3_bind_int64(next, 1, *row);
    if (!has_row(journal))
        return WLK_NOT_YET;
    *row = sqlite3_column_int64(next, 0);
    time->ns = sqlite3_column_int64(next, 1);
    *text = (const char *)sqlite3_column_text(next, 3);
    return *text ? WLK_OK : WLK_BAD_INPUT;
}

/* ---- sums: what no signature covers ---- */

static const struct {
    const char *name, *sql;
} SUMS[] = {
    {"lanes", "SELECT * FROM lanes ORDER BY id"},
    {"records", "SELECT id, lane, seq, digest, type, object, time, own, verdict, at "
                "FROM records ORDER BY id"},
    {"marks", "SELECT * FROM marks ORDER BY lane"},
    {"bookmarks", "SELECT * FROM bookmarks ORDER BY row"},
    {"checkpoints", "SELECT * FROM checkpoints ORDER BY arrangement"},
    {"refusals", "SELECT * FROM refusals ORDER BY lane, last"},
    {"log", "SELECT arrangement, max(n), count(*) FROM log GROUP BY arrangement ORDER BY 1"},
    {"statements", "SELECT id, kind, bytes FROM statements ORDER BY id"},
    {"settings", "SELECT * FROM settings WHERE key NOT LIKE 'sum:%' ORDER BY key"},
    {"notes", "SELECT * FROM notes ORDER BY id"},
    {"heads", "SELECT * FROM heads ORDER BY id"},
    {"evidence", "SELECT * FROM evidence ORDER BY id"},
    {"acks", "SELECT * FROM acks ORDER BY lane, peer"},
};
enum { SUM_COUNT = sizeof SUMS / sizeof SUMS[0] };

static void add_column(struct wlk_sha256 *sum, sqlite3_stmt *from, int column)
{
    int64_t head[2] = {sqlite3_column_type(from, column), 0};
    const uint8_t *bytes = sqlite3_column_blob(from, column);
    head[1] = sqlite3_column_bytes(from, column); /* a number's is that of its digits */
    wlk_sha256_add(sum, (const uint8_t *)head, sizeof head);
    if (bytes)
        wlk_sha256_add(sum, bytes, (size_t)head[1]);
}

static wlk_status sum_of(struct wlk_journal *journal, size_t index, wlk_digest *out)
{
    sqlite3_stmt *each = NULL;
    struct wlk_sha256 sum;
    int code = sqlite3_prepare_v2(journal->db, SUMS[index].sql, -1, &each, NULL);
    wlk_sha256_init(&sum);
    while (code == SQLITE_OK && (code = sqlite3_step(each)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(each); i++)
            add_column(&sum, each, i);
        code = SQLITE_OK;
    }
    sqlite3_finalize(each);
    wlk_sha256_end(&sum, out);
    return code == SQLITE_DONE ? WLK_OK : WLK_IO;
}

static void sum_key(size_t index, char key[32])
{
    snprintf(key, 32, "sum:%s", SUMS[index].name);
}

/* Sums stand only while nobody has the journal open. */
static void write_sums(struct wlk_journal *journal)
{
    char key[32];
    wlk_digest sum;
    for (size_t i = 0; i < SUM_COUNT; i++) {
        sum_key(i, key);
        if (sum_of(journal, i, &sum) != WLK_OK ||
            wlk_journal_set(journal, key, &sum, sizeof sum, false) != WLK_OK)
            return;
    }
}

wlk_status wlk_journal_sums(struct wlk_journal *journal, const char **table)
{
    char key[32];
    wlk_digest sum, kept;
    size_t used, there = 0;
    *table = NULL;
    for (size_t i = 0; i < SUM_COUNT; i++) {
        sum_key(i, key);
        if (wlk_journal_value(journal, key, &kept, sizeof kept, &used) != WLK_OK)
            continue;
        there++;
        *table = SUMS[i].name;
        if (used != sizeof kept || sum_of(journal, i, &sum) != WLK_OK ||
            !wlk_digest_equal(&sum, &kept))
            return WLK_BAD_INPUT;
    }
    *table = there ? SUMS[SUM_COUNT - 1].name : NULL;
    return there == SUM_COUNT ? WLK_OK : there ? WLK_BAD_INPUT : WLK_NOT_YET;
}

/* ---- heads of the hubs' logs, and evidence ---- */

static void bind_head(sqlite3_stmt *statement, const struct wlk_journal_head *head)
{
    bind_name(statement, 1, &head->hub);
    bind_name(statement, 2, &head->arrangement);
    sqlite3_bind_int64(statement, 3, (int64_t)head->count);
}

wlk_status wlk_journal_head(struct wlk_journal *journal, const struct wlk_journal_head *head)
{
    sqlite3_stmt *put = use(journal, S_HEAD);
    bind_head(put, head);
    bind_blob(put, 4, head->digest.bytes, sizeof head->digest.bytes);
    bind_blob(put, 5, head->bytes, head->size);
    sqlite3_bind_int64(put, 6, head->at_ns);
    return finish(journal);
}

wlk_status wlk_journal_head_at(struct wlk_journal *journal, struct wlk_journal_head *head)
{
    sqlite3_stmt *at = use(journal, S_HEAD_AT);
    bind_head(at, head);
    if (!has_row(journal))
        return WLK_NOT_YET;
    column_digest(at, 0, &head->digest);
    head->size = column_view(at, 1, &head->bytes);
    return WLK_OK;
}

wlk_status wlk_journal_head_next(struct wlk_journal *journal, int64_t *row,
                                 struct wlk_journal_head *out)
{
    sqlite3_stmt *next = use(journal, S_HEAD_NEXT);
    const uint8_t *text;
    sqlite3_bind_int64(next, 1, *row);
    if (!has_row(journal))
        return WLK_NOT_YET;
    *row = sqlite3_column_int64(next, 0);
    memset(out, 0, sizeof *out);
    size_t size = column_view(next, 1, &text);
    if (!text || wlk_name_from_bytes(text, size, &out->hub) != WLK_OK)
        return WLK_BAD_INPUT;
    size = column_view(next, 2, &text);
    if (!text || wlk_name_from_bytes(text, size, &out->arrangement) != WLK_OK)
        return WLK_BAD_INPUT;
    out->count = (uint64_t)sqlite3_column_int64(next, 3);
    column_digest(next, 4, &out->digest);
    out->size = column_view(next, 5, &out->bytes);
    return WLK_OK;
}

wlk_status wlk_journal_evidence(struct wlk_journal *journal, const uint8_t *bytes, size_t size)
{
    bind_blob(use(journal, S_EVIDENCE), 1, bytes, size);
    return finish(journal);
}

wlk_status wlk_journal_evidence_next(struct wlk_journal *journal, int64_t *row,
                                     const uint8_t **bytes, size_t *size)
{
    sqlite3_stmt *next = use(journal, S_EVIDENCE_NEXT);
    sqlite3_bind_int64(next, 1, *row);
    if (!has_row(journal))
        return WLK_NOT_YET;
    *row = sqlite3_column_int64(next, 0);
    *size = column_view(next, 1, bytes);
    return WLK_OK;
}

wlk_status wlk_journal_acknowledged(struct wlk_journal *journal, int64_t lane, wlk_name peer,
                                    uint64_t received, uint64_t durable)
{
    sqlite3_stmt *ack = use(journal, S_ACK);
    sqlite3_bind_int64(ack, 1, lane);
    bind_name(ack, 2, &peer);
    sqlite3_bind_int64(ack, 3, (int64_t)received);
    sqlite3_bind_int64(ack, 4, (int64_t)durable);
    return finish(journal);
}

uint64_t wlk_journal_kept(struct wlk_journal *journal, int64_t lane, wlk_name peer)
{
    sqlite3_stmt *kept = use(journal, S_KEPT);
    sqlite3_bind_int64(kept, 1, lane);
    sqlite3_bind_text(kept, 2, peer.text, -1, SQLITE_TRANSIENT);
    return has_row(journal) ? (uint64_t)sqlite3_column_int64(kept, 0) : 0;
}

/* ---- forgetting ---- */

static wlk_status forget_up_to(struct wlk_journal *journal, int which, int64_t lane,
                               uint64_t seq)
{
    sqlite3_stmt *forget = use(journal, which);
    sqlite3_bind_int64(forget, 1, lane);
    sqlite3_bind_int64(forget, 2, (int64_t)seq);
    return finish(journal);
}

wlk_status wlk_journal_forget(struct wlk_journal *journal, int64_t lane, uint64_t seq,
                              uint64_t *rows)
{
    static const wlk_digest none; /* its mark is further on and stays */
    *rows = 0;
    WLK_TRY(begin(journal));
    wlk_status status = wlk_journal_begin(journal, lane, seq, &none);
    if (status == WLK_OK)
        status = forget_up_to(journal, S_FORGET, lane, seq);
    uint64_t gone = (uint64_t)sqlite3_changes(journal->db);
    if (status == WLK_OK)
        status = forget_up_to(journal, S_FORGET_REFUSED, lane, seq);
    status = commit(journal, status);
    *rows = status == WLK_OK ? gone : 0;
    return status;
}

wlk_status wlk_journal_forget_log(struct wlk_journal *journal, wlk_name arrangement,
                                  uint64_t count, const wlk_digest *digest)
{
    WLK_TRY(begin(journal));
    sqlite3_stmt *at = use(journal, S_CHECKPOINT_AT);
    bind_name(at, 1, &arrangement);
    sqlite3_bind_int64(at, 2, (int64_t)count);
    bind_blob(at, 3, digest->bytes, sizeof digest->bytes);
    wlk_status status = finish(journal);
    if (status == WLK_OK) {
        sqlite3_stmt *lines = use(journal, S_FORGET_LINES);
        bind_name(lines, 1, &arrangement);
        sqlite3_bind_int64(lines, 2, (int64_t)count);
        status = finish(journal);
    }
    return commit(journal, status);
}

void wlk_journal_forget_old(struct wlk_journal *journal, int64_t before_ns)
{
    static const int WHAT[] = {S_FORGET_NOTES, S_FORGET_HEADS};
    for (size_t i = 0; i < sizeof WHAT / sizeof WHAT[0]; i++) {
        sqlite3_bind_int64(use(journal, WHAT[i]), 1, before_ns);
        (void)!finish(journal);
    }
    (void)use(journal, S_FORGET_BOOKMARKS);
    (void)!finish(journal);
}
