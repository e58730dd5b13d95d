/* journal_test.c -- does the journal keep what it was given, through kill, damage and a full
 * disk? SPDX-License-Identifier: Apache-2.0 */
#include "base/tap.h"
#include "exchange/journal.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char folder[64] = "/tmp/wlk-journal-XXXXXX";

static const char *path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static struct wlk_journal *open_one(const char *path, const char *owner)
{
    struct wlk_journal *journal = NULL;
    struct wlk_fault fault = {0};
    if (wlk_journal_open(path, wlk_name_of(owner), &journal, &fault) != WLK_OK) {
        char line[300];
        wlk_fault_line(&fault, line, sizeof line);
        wlk_note("%s", line);
        return NULL;
    }
    return journal;
}

static int64_t lane_of(struct wlk_journal *journal, const char *originator)
{
    struct wlk_lane lane = {wlk_name_of("TMW-1"), WLK_CLASS_WARN, WLK_NATURE_REAL, 5};
    int64_t id = 0;
    (void)!wlk_journal_lane(journal, wlk_name_of(originator), &lane, &id);
    return id;
}

static wlk_status put(struct wlk_journal *journal, int64_t lane, uint64_t seq, size_t size)
{
    static uint8_t bytes[60000];
    memset(bytes, (int)(seq & 0xff), sizeof bytes);
    struct wlk_journal_row row = {.lane = lane, .seq = seq, .type = WLK_TYPE_IMPACT,
                                  .object = (uint32_t)(seq % 3 + 1),
                                  .time_ns = (int64_t)seq * 1000, .bytes = bytes,
                                  .size = size};
    row.digest.bytes[0] = (uint8_t)seq;
    return wlk_journal_put(journal, &row);
}

/* The same with the line of the log that decided about it. */
static wlk_status keep(struct wlk_journal *journal, int64_t lane, uint64_t seq, size_t size)
{
    static uint8_t bytes[60000];
    memset(bytes, (int)(seq & 0xff), sizeof bytes);
    struct wlk_journal_row row = {
        .lane = lane, .seq = seq, .type = WLK_TYPE_IMPACT, .bytes = bytes, .size = size};
    struct wlk_journal_lines lines = {wlk_name_of("TMW-1"), seq, 1, {{bytes, 200}}};
    return wlk_journal_keep(journal, &lines, &row);
}

/* How many of lines 1..n of the log are there. */
static uint64_t count_lines(struct wlk_journal *journal)
{
    const uint8_t *bytes;
    size_t size;
    uint64_t n = 0;
    while (wlk_journal_log_at(journal, wlk_name_of("TMW-1"), n + 1, &bytes, &size) == WLK_OK &&
           size == 200 && bytes[0] == ((n + 1) & 0xff))
        n++;
    return n;
}

/* How many of seqs 1..n are there, whole. */
static uint64_t count_whole(struct wlk_journal *journal, int64_t lane)
{
    struct wlk_journal_row row;
    uint64_t seq = 0;
    while (wlk_journal_get(journal, lane, seq + 1, &row) == WLK_OK && row.size > 0 &&
           row.bytes[0] == ((seq + 1) & 0xff) && row.bytes[row.size - 1] == ((seq + 1) & 0xff))
        seq++;
    return seq;
}

static void test_keeping(const char *path)
{
    struct wlk_journal *journal = open_one(path, "JP");
    struct wlk_journal_row row;
    uint64_t seq = 0, first, last;
    wlk_digest digest = {{9}};
    if (!wlk_check(journal != NULL, "a journal opens: %s", path))
        return;
    int64_t lane = lane_of(journal, "KR");
    wlk_check(lane == lane_of(journal, "KR") && lane != lane_of(journal, "US"),
              "a lane has one number, two lanes have two");
    for (uint64_t s = 1; s <= 9; s++)
        (void)!put(journal, lane, s, 100);
    wlk_check(count_whole(journal, lane) == 9, "records come back whole");
    wlk_check(put(journal, lane, 4, 50) == WLK_KNOWN && count_whole(journal, lane) == 9,
              "a seq that is there stays as it is");
    wlk_check(wlk_journal_next(journal, lane, 4, &row) == WLK_OK && row.seq == 5 &&
                  wlk_journal_next(journal, lane, 9, &row) == WLK_NOT_YET,
              "the next record of a lane is found");
    wlk_check(wlk_journal_newest(journal, lane, 0, 9, &seq) == WLK_OK && seq == 7 &&
                  wlk_journal_newest(journal, lane, 7, 9, &seq) == WLK_OK && seq == 8 &&
                  wlk_journal_newest(journal, lane, 9, 9, &seq) == WLK_NOT_YET,
              "a snapshot names the newest record of each object");
    wlk_check(wlk_journal_since(journal, 0, 8000, &row) == WLK_OK && row.seq == 8,
              "records since a time are found");
    (void)!wlk_journal_refuse(journal, lane, 11, 13, &digest);
    wlk_check(wlk_journal_refused(journal, lane, 12, &first, &last, &digest) == WLK_OK &&
                  first == 11 && last == 13 && digest.bytes[0] == 9 &&
                  wlk_journal_refused(journal, lane, 14, &first, &last, &digest) == WLK_NOT_YET,
              "refused ranges are found");
    uint64_t generation = 0, again = 0;
    (void)!wlk_journal_start(journal, (wlk_utc){7000000000}, 0, &generation);
    (void)!wlk_journal_start(journal, (wlk_utc){7000000000}, 0, &again);
    wlk_check(generation == 7 && again == 8,
              "each start takes a generation of its own, also in the same second");
    (void)!wlk_journal_start(journal, (wlk_utc){7000000000}, 40, &again);
    wlk_check(again == 41, "and one above what somebody else knows of");
    (void)!wlk_journal_start(journal, (wlk_utc){99000000000}, 0, &again);
    wlk_check(again == 99, "in seconds of UTC where that is more");
    wlk_journal_close(journal);
}

static void test_reopening(void)
{
    struct wlk_journal *journal = open_one(path_of("a.db"), "JP");
    if (!wlk_check(journal != NULL, "a journal opens again"))
        return;
    wlk_check(count_whole(journal, lane_of(journal, "KR")) == 9, "and has its records");
    struct wlk_journal *second = NULL;
    struct wlk_fault fault = {0};
    wlk_check(wlk_journal_open(path_of("a.db"), wlk_name_of("JP"), &second, &fault) == WLK_IO &&
                  strstr(fault.rule, "another process"),
              "a journal in use is refused in words");
    wlk_journal_close(journal);
    wlk_check(wlk_journal_open(path_of("a.db"), wlk_name_of("KR"), &second, &fault) ==
                      WLK_BAD_INPUT && strstr(fault.rule, "another owner"),
              "another nation's journal is refused");
}

/* A child writes and tells each durable mark; it is killed; what it told must be there. */
static void test_kill(int run)
{
    char name[16];
    int pipes[2];
    uint64_t told = 0, seq = 0;
    snprintf(name, sizeof name, "k%d.db", run);
    if (pipe(pipes))
        return;
    pid_t child = fork();
    if (child == 0) {
        struct wlk_journal *journal = open_one(path_of(name), "JP");
        int64_t lane = journal ? lane_of(journal, "KR") : 0;
        for (seq = 1; journal; seq++) {
            (void)!put(journal, lane, seq, 500);
            if (write(pipes[1], &seq, sizeof seq) != (ssize_t)sizeof seq)
                break;
        }
        _exit(0);
    }
    close(pipes[1]);
    if (read(pipes[0], &seq, sizeof seq) == (ssize_t)sizeof seq) /* it has begun */
        told = seq;
    nanosleep(&(struct timespec){0, 40000000 + 9000000 * run}, NULL);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    while (read(pipes[0], &seq, sizeof seq) == (ssize_t)sizeof seq)
        told = seq;
    close(pipes[0]);
    struct wlk_journal *journal = open_one(path_of(name), "JP");
    uint64_t found = journal ? count_whole(journal, lane_of(journal, "KR")) : 0;
    wlk_check(journal && told > 0 && found >= told,
              "kill -9 after %llu records: all are there", (unsigned long long)told);
    wlk_journal_close(journal);
}

static void test_durable(void)
{
    struct wlk_journal *journal = open_one(path_of("d.db"), "JP");
    if (!journal)
        return;
    int64_t lane = lane_of(journal, "KR");
    for (uint64_t s = 1; s <= 50; s++)
        (void)!put(journal, lane, s, 200);
    uint64_t mark = wlk_journal_mark(journal);
    for (int i = 0; i < 500 && wlk_journal_durable(journal) < mark; i++)
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    struct wlk_journal_counts counts;
    wlk_journal_count(journal, &counts);
    wlk_check(wlk_journal_durable(journal) >= mark, "the durable mark reaches the last put");
    wlk_check(counts.syncs >= 1 && counts.syncs < 50, "by group commit, not by one each");
    wlk_journal_close(journal);
}

static void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (file) {
        fwrite(bytes, 1, size, file);
        fclose(file);
    }
}

static void refuse(const char *name, wlk_status expected, const char *words)
{
    struct wlk_journal *journal = NULL;
    struct wlk_fault fault = {0};
    wlk_status status = wlk_journal_open(path_of(name), wlk_name_of("JP"), &journal, &fault);
    char line[300];
    wlk_fault_line(&fault, line, sizeof line);
    wlk_check(status == expected && fault.rule && strstr(line, words) && !strchr(line, '\n'),
              "%s is refused in one line: %s", name, line);
    wlk_journal_close(journal);
}

static void test_damage(void)
{
    static uint8_t junk[8192];
    memset(junk, 'x', sizeof junk);
    write_file(path_of("text.db"), junk, sizeof junk);
    refuse("text.db", WLK_BAD_INPUT, "not a journal");
    sqlite3 *db = NULL;
    sqlite3_open(path_of("foreign.db"), &db);
    sqlite3_exec(db, "CREATE TABLE t(x)", NULL, NULL, NULL);
    sqlite3_close(db);
    refuse("foreign.db", WLK_BAD_INPUT, "another program");
    struct wlk_journal *journal = open_one(path_of("torn.db"), "JP");
    int64_t lane = journal ? lane_of(journal, "KR") : 0;
    for (uint64_t s = 1; journal && s <= 400; s++)
        (void)!put(journal, lane, s, 500);
    wlk_journal_close(journal); /* the last close moves the WAL into the file */
    int fd = open(path_of("torn.db"), O_WRONLY);
    bool is_torn = fd >= 0 && pwrite(fd, junk, 8192, 40960) == 8192;
    if (fd >= 0)
        close(fd);
    wlk_check(is_torn, "two pages of a journal are overwritten");
    refuse("torn.db", WLK_BAD_INPUT, "damaged");
    refuse("no/such/place.db", WLK_IO, "cannot be locked");
}

static void test_full_disk(void)
{
    pid_t child = fork();
    if (child == 0) {
        struct wlk_journal *journal = open_one(path_of("full.db"), "JP");
        int64_t lane = journal ? lane_of(journal, "KR") : 0;
        struct rlimit limit = {400000, 400000};
        uint64_t seq = 0, refused = 0;
        struct wlk_journal_counts counts;
        setrlimit(RLIMIT_FSIZE, &limit);
        while (journal && seq < 200) {
            seq++;
            refused += keep(journal, lane, seq, 5000) == WLK_IO;
        }
        bool is_fine = journal && refused > 0 && count_whole(journal, lane) == 200 &&
                       count_lines(journal) == 200;
        if (journal)
            wlk_journal_count(journal, &counts);
        is_fine = is_fine && counts.unjournalled >= refused && counts.last_error[0];
        wlk_journal_close(journal);
        _exit(is_fine ? 0 : 1);
    }
    int result = 1;
    waitpid(child, &result, 0);
    wlk_check(WIFEXITED(result) && WEXITSTATUS(result) == 0,
              "on a full disk records and log are kept in memory, found by reads, and counted");
    struct wlk_journal *journal = open_one(path_of("full.db"), "JP");
    uint64_t whole = journal ? count_whole(journal, lane_of(journal, "KR")) : 0;
    wlk_check(whole > 10 && count_lines(journal) >= whole,
              "and the journal is whole up to there, no record without its line");
    wlk_journal_close(journal);
    journal = open_one(":memory:", "JP");
    if (!journal)
        return;
    int64_t lane = lane_of(journal, "KR");
    (void)!keep(journal, lane, 1, 100);
    uint64_t before = wlk_journal_mark(journal);
    wlk_journal_hold(journal, true);
    for (uint64_t seq = 2; seq < 40; seq++)
        (void)!keep(journal, lane, seq, 5000);
    wlk_journal_hold(journal, false);
    (void)!keep(journal, lane, 40, 100);
    wlk_check(wlk_journal_durable(journal) >= before &&
                  wlk_journal_durable(journal) < wlk_journal_mark(journal) &&
                  count_whole(journal, lane) == 40,
              "what is in memory only is never called durable, nor what comes after it");
    wlk_journal_close(journal);
}

static long long size_of(const char *name)
{
    struct stat file;
    return stat(path_of(name), &file) ? -1 : (long long)file.st_size;
}

/* What the WAL has goes into the file on the way, or the WAL would grow for as long as a node
 * lives. */
static void test_checkpoint(void)
{
    enum { RECORDS = 240, BYTES = 50000, ENOUGH = 4 << 20 };
    struct wlk_journal *journal = open_one(path_of("long.db"), "JP");
    int64_t lane = journal ? lane_of(journal, "KR") : 0;
    uint64_t seq = 0;
    while (journal && seq < RECORDS)
        (void)!put(journal, lane, ++seq, BYTES);
    for (int i = 0; journal && i < 2000 && size_of("long.db") < ENOUGH; i++) {
        if (i % 100 == 99)
            (void)!put(journal, lane, ++seq, 100); /* it is looked at after each sync */
        nanosleep(&(struct timespec){0, 5000000}, NULL);
    }
    wlk_check(size_of("long.db") >= ENOUGH,
              "what the WAL has is moved into the file: %lld bytes", size_of("long.db"));
    wlk_journal_close(journal);
}

int main(void)
{
    if (!mkdtemp(folder)) {
        wlk_check(false, "a folder for the journals");
        return wlk_tap_done();
    }
    test_keeping(":memory:");
    test_keeping(path_of("a.db"));
    test_reopening();
    test_durable();
    for (int run = 0; run < 3; run++)
        test_kill(run);
    test_damage();
    test_full_disk();
    test_checkpoint();
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) ? 1 : wlk_tap_done();
}
