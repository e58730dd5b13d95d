/* prune_test.c -- does a journal forget only what is old and kept by all, and does what it
 * keeps stay whole: after a start, a power cut in the middle, and for a place that begins anew?
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/tap.h"
#include "exchange/journal.h"
#include "exchange/prune.h"
#include "record/seal.h"
#include "release/audit.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RECORDS = 1000, SECOND = 1000000000 };
static const int64_t HOUR_NS = WLK_PAST_NS;
static char folder[64] = "/tmp/wlk-prune-XXXXXX";

static const char *path_of(const char *name)
{
    static char path[4][128];
    static unsigned turn;
    char *out = path[turn++ % 4];
    snprintf(out, sizeof path[0], "%s/%s", folder, name);
    return out;
}

/* ---- the disk: what was on it at the last fsync (as in numbers_test.c) ---- */

static bool loses_power;

static void copy(const char *from, const char *to)
{
    char bytes[4096];
    size_t size;
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    while (in && out && (size = fread(bytes, 1, sizeof bytes, in)) > 0)
        (void)!fwrite(bytes, 1, size, out);
    if (in)
        fclose(in);
    if (out)
        fclose(out);
}

static int sync_and_save(int descriptor)
{
    static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
    char link[64], path[256] = "", saved[160];
    int result = (int)syscall(SYS_fdatasync, descriptor);
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const char *name = loses_power && readlink(link, path, sizeof path - 1) > 0
                           ? strrchr(path, '/') : NULL;
    if (!name || strncmp(name, "/cut.db", 7) != 0)
        return result;
    snprintf(saved, sizeof saved, "%s/saved-%s", folder, name + 1);
    pthread_mutex_lock(&one);
    copy(path, path_of("half"));
    if (rename(path_of("half"), saved))
        _exit(2);
    pthread_mutex_unlock(&one);
    return result;
}

int fdatasync(int descriptor)
{
    return sync_and_save(descriptor);
}

int fsync(int descriptor)
{
    return sync_and_save(descriptor);
}

/* ---- a hub's journal ---- */

static struct wlk_force force;
static const char *const PARTY[] = {"JP", "KR", "US"};

static void make_force(void)
{
    struct wlk_arrangement *arrangement = &force.agreement[0].arrangement;
    force.count = 1;
    arrangement->name = wlk_name_of("TMW-1");
    arrangement->party_count = 3;
    for (size_t p = 0; p < 3; p++)
        arrangement->party[p] = wlk_name_of(PARTY[p]);
}

static const struct wlk_lane lane = {.arrangement = {"TMW-1"}, .record_class = WLK_CLASS_WARN,
                                     .nature = WLK_NATURE_REAL, .generation = 5};

static struct wlk_journal *open_one(const char *name, const char *owner)
{
    struct wlk_journal *journal = NULL;
    return wlk_journal_open(path_of(name), wlk_name_of(owner), &journal, NULL) == WLK_OK
               ? journal : NULL;
}

static int64_t id_of(struct wlk_journal *journal)
{
    int64_t id = 0;
    (void)!wlk_journal_lane(journal, wlk_name_of("KR"), &lane, &id);
    return id;
}

static wlk_digest digest_of(uint64_t seq)
{
    wlk_digest digest;
    wlk_sha256((const uint8_t *)&seq, sizeof seq, &digest);
    return digest;
}

/* KR's record seq, a second after the one before, with the log's two lines about it. */
static void take(struct wlk_journal *journal, struct wlk_audit *audit, uint64_t seq)
{
    uint8_t line[WLK_AUDIT_FRAME_MAX], bytes[200];
    size_t size;
    int64_t time_ns = (int64_t)seq * SECOND;
    memset(bytes, (int)seq, sizeof bytes);
    for (size_t p = 0; p < 3; p += 2) {
        struct wlk_audit_entry entry = {.time = {time_ns}, .record = digest_of(seq),
                                        .originator = wlk_name_of("KR"), .lane = lane,
                                        .seq = seq, .recipient = wlk_name_of(PARTY[p]),
                                        .kind = WLK_PASS, .clause = "W1"};
        if (wlk_audit_append(audit, &entry, line, sizeof line, &size) == WLK_OK)
            (void)!wlk_journal_keep(
                journal,
                &(struct wlk_journal_lines){lane.arrangement, audit->count, 1, {{line, size}}},
                NULL);
    }
    struct wlk_journal_row row = {.lane = id_of(journal), .seq = seq,
                                  .digest = digest_of(seq), .type = WLK_TYPE_IMPACT,
                                  .time_ns = time_ns, .at_ns = time_ns, .bytes = bytes,
                                  .size = sizeof bytes};
    (void)!wlk_journal_put(journal, &row);
    wlk_journal_reached(journal, row.lane, seq, &row.digest);
}

static void acknowledge(struct wlk_journal *journal, const char *party, uint64_t seq)
{
    (void)!wlk_journal_acknowledged(journal, id_of(journal), wlk_name_of(party), seq, seq);
}

static struct wlk_prune hub_prune(void)
{
    return (struct wlk_prune){.kept_ns = HOUR_NS, .self = wlk_name_of("HON-A")};
}

static void prune(struct wlk_prune *state, struct wlk_journal *journal, int64_t now_s,
                  unsigned steps)
{
    while (steps-- > 0)
        wlk_prune_step(state, journal, &force, (wlk_utc){now_s * SECOND});
}

/* Is all that is there whole: records behind what is past without a gap, a mark that is one of
 * them, a log that follows its checkpoint? *past and *lines: what is gone of each. */
static bool is_whole(struct wlk_journal *journal, uint64_t last, uint64_t *past,
                     uint64_t *lines)
{
    struct wlk_journal_row row;
    struct wlk_audit audit = {0};
    struct wlk_audit_entry entry;
    const uint8_t *bytes;
    size_t size, offset = 0;
    wlk_digest digest, expected;
    uint64_t head, seq = *past = wlk_journal_past(journal, id_of(journal));
    bool is_ok = wlk_journal_get(journal, id_of(journal), seq, &row) == WLK_NOT_YET;
    while (wlk_journal_next(journal, id_of(journal), seq, &row) == WLK_OK) {
        expected = digest_of(row.seq);
        is_ok = is_ok && row.seq == seq + 1 && wlk_digest_equal(&row.digest, &expected);
        seq = row.seq;
    }
    wlk_journal_head_of(journal, id_of(journal), &head, &digest);
    expected = digest_of(head);
    is_ok = is_ok && (last == 0 || seq == last) && head == seq &&
            (!head || wlk_digest_equal(&digest, &expected));
    wlk_journal_checkpoint(journal, lane.arrangement, &audit.count, &audit.head);
    *lines = audit.count;
    uint64_t first_decided = 0, decided = 0;
    while (wlk_journal_log_at(journal, lane.arrangement, audit.count + 1, &bytes, &size) ==
               WLK_OK &&
           wlk_audit_next(&audit, bytes, size, &offset, &entry) == WLK_OK) {
        offset = 0;
        first_decided = first_decided ? first_decided : entry.seq;
        decided = entry.seq;
    }
    /* lines come before their record, and go after it */
    return is_ok && decided >= seq && first_decided <= *past + 1;
}

static void test_conditions(void)
{
    struct wlk_journal *journal = open_one("hub.db", "HON-A");
    struct wlk_prune state = hub_prune();
    struct wlk_audit audit = {0};
    struct wlk_journal_row row;
    uint64_t past, lines;
    for (uint64_t seq = 1; seq <= RECORDS; seq++)
        take(journal, &audit, seq);
    prune(&state, journal, 100000, 50);
    wlk_check(is_whole(journal, RECORDS, &past, &lines) && past == 0 && lines == 0,
              "nobody has acknowledged: nothing goes");
    acknowledge(journal, "JP", RECORDS);
    prune(&state, journal, 100000, 50);
    wlk_check(is_whole(journal, RECORDS, &past, &lines) && past == 0,
              "one of two parties has it: nothing goes");
    acknowledge(journal, "US", 500);
    prune(&state, journal, 3600 + 300, 50);
    bool is_right = is_whole(journal, RECORDS, &past, &lines);
    wlk_check(is_right && past == 298 && lines > 500,
              "kept by all up to 500, old below 300: 298 records go (%llu), and %llu lines; "
              "299 stays to show its age", (unsigned long long)past,
              (unsigned long long)lines);
    prune(&state, journal, 100000, 50);
    is_right = is_whole(journal, RECORDS, &past, &lines);
    wlk_check(is_right && past == 499,
              "all are old: those that all have go (%llu)", (unsigned long long)past);
    acknowledge(journal, "US", 20); /* an acknowledgement of long ago, or a lie */
    wlk_check(wlk_journal_kept(journal, id_of(journal), wlk_name_of("US")) == 500,
              "what was acknowledged stays so");
    wlk_check(wlk_prune_from(journal, id_of(journal), 3) == 499 &&
                  wlk_prune_from(journal, id_of(journal), 700) == 700,
              "who asks for what is past is sent what is left");
    wlk_journal_close(journal);
    journal = open_one("hub.db", "HON-A");
    wlk_check(is_whole(journal, RECORDS, &past, &lines) && past == 499,
              "and after a start it is the same");
    acknowledge(journal, "US", RECORDS);
    state = hub_prune();
    prune(&state, journal, 100000, 50);
    is_right = is_whole(journal, RECORDS, &past, &lines);
    wlk_check(is_right && past > RECORDS - 70 &&
                  wlk_journal_next(journal, id_of(journal), 0, &row) == WLK_OK,
              "all have all: the newest marked record stays (%llu past)",
              (unsigned long long)past);
    uint64_t before = wlk_journal_mark(journal);
    prune(&state, journal, 100000, 2);
    wlk_check(wlk_journal_mark(journal) - before <= 4, "then a step writes nothing of a lane");
    wlk_journal_close(journal);
}

static void test_never(void)
{
    struct wlk_journal *journal = open_one("never.db", "HON-A");
    struct wlk_prune state = {.self = wlk_name_of("HON-A")};
    struct wlk_audit audit = {0};
    uint64_t past, lines;
    for (uint64_t seq = 1; seq <= 200; seq++)
        take(journal, &audit, seq);
    acknowledge(journal, "JP", 200);
    acknowledge(journal, "US", 200);
    prune(&state, journal, 1000000, 20);
    wlk_check(is_whole(journal, 200, &past, &lines) && !past && !lines,
              "without a kept span nothing is forgotten");
    wlk_journal_close(journal);
}

/* A nation waits for its hubs with its own, and for nobody with what came. */
static void test_nation(bool is_own)
{
    struct wlk_journal *journal = open_one(is_own ? "own.db" : "came.db", is_own ? "KR" : "JP");
    struct wlk_prune state = {.kept_ns = HOUR_NS,
                              .self = wlk_name_of(is_own ? "KR" : "JP"),
                              .hub_count = 2,
                              .hub = {wlk_name_of("HON-A"), wlk_name_of("HON-B")}};
    struct wlk_audit audit = {0};
    uint64_t past, lines;
    for (uint64_t seq = 1; seq <= 200; seq++)
        take(journal, &audit, seq);
    acknowledge(journal, "HON-A", 200);
    prune(&state, journal, 100000, 20);
    bool is_right = is_whole(journal, 200, &past, &lines) && (is_own ? past == 0 : past > 100);
    acknowledge(journal, "HON-B", 150);
    prune(&state, journal, 100000, 20);
    is_right = is_right && is_whole(journal, 200, &past, &lines) &&
               (is_own ? past == 149 : past > 100);
    wlk_check(is_right, is_own ? "a nation's own records wait for both hubs"
                               : "what came to a nation goes by its age");
    wlk_journal_close(journal);
}

static void test_begin(void)
{
    struct wlk_journal *journal = open_one("fresh.db", "HON-A");
    struct wlk_header header = {.seq = 400, .time = {400 * (int64_t)SECOND}};
    uint64_t seq = 0;
    wlk_digest digest = {{0}}, prev = digest_of(399);
    header.prev = prev;
    bool is_recent = wlk_prune_begin(journal, id_of(journal), &header,
                                     wlk_utc_add(header.time, 100), &seq, &digest);
    wlk_check(!is_recent && seq == 0, "a record of this hour does not excuse what is missing");
    bool is_old = wlk_prune_begin(journal, id_of(journal), &header,
                                  (wlk_utc){header.time.ns + HOUR_NS + 1}, &seq, &digest);
    wlk_check(is_old && seq == 399 && wlk_digest_equal(&digest, &prev),
              "a lane of which nothing is here begins with a record of the past");
    header.seq = 600;
    wlk_check(!wlk_prune_begin(journal, id_of(journal), &header,
                               (wlk_utc){header.time.ns + 2 * HOUR_NS}, &seq, &digest),
              "one that has begun does not begin again");
    wlk_journal_close(journal);
    journal = open_one("fresh.db", "HON-A");
    wlk_journal_head_of(journal, id_of(journal), &seq, &digest);
    wlk_check(seq == 399 && wlk_digest_equal(&digest, &prev), "and a start knows it");
    wlk_journal_close(journal);
}

/* Takes, acknowledges and forgets until it is killed; counts in memory that the parent sees. */
static void live(atomic_uint *taken)
{
    struct wlk_journal *journal = open_one("cut.db", "HON-A");
    struct wlk_prune state = hub_prune();
    struct wlk_audit audit = {0};
    const uint8_t *bytes;
    size_t size;
    uint64_t seq;
    wlk_digest digest;
    if (!journal)
        _exit(3);
    wlk_journal_head_of(journal, id_of(journal), &seq, &digest);
    if (wlk_journal_log_last(journal, lane.arrangement, &audit.count, &bytes, &size) == WLK_OK)
        wlk_audit_head(bytes, size, &audit.head);
    for (;;) {
        take(journal, &audit, ++seq);
        acknowledge(journal, "JP", seq);
        acknowledge(journal, "US", seq);
        prune(&state, journal, (int64_t)seq + 3600 - 100, 1);
        atomic_fetch_add(taken, 1);
    }
}

static void test_deaths(bool is_power, unsigned lives)
{
    unsigned broken = 0;
    uint64_t past = 0, lines = 0, most = 0;
    atomic_uint *taken = mmap(NULL, sizeof *taken, PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (taken == MAP_FAILED)
        return;
    for (unsigned i = 0; i < lives; i++) {
        atomic_store(taken, 0);
        pid_t child = fork();
        if (child == 0) {
            loses_power = is_power;
            live(taken);
        }
        /* it works first, also on a machine that has much else to do */
        for (int n = 0; n < 5000 && atomic_load(taken) < 30; n++)
            nanosleep(&(struct timespec){0, 2000000}, NULL);
        nanosleep(&(struct timespec){0, 40000000 + (long)(i * 7919 % 40) * 1000000}, NULL);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        if (is_power && access(path_of("saved-cut.db-wal"), F_OK) == 0) {
            unlink(path_of("cut.db-shm"));
            copy(path_of("saved-cut.db-wal"), path_of("cut.db-wal"));
            if (access(path_of("saved-cut.db"), F_OK) == 0)
                copy(path_of("saved-cut.db"), path_of("cut.db"));
        }
        struct wlk_journal *journal = open_one("cut.db", "HON-A");
        broken += !journal || !is_whole(journal, 0, &past, &lines) || past < most;
        most = past;
        wlk_journal_close(journal);
        unlink(path_of("saved-cut.db"));
        unlink(path_of("saved-cut.db-wal"));
    }
    wlk_check(broken == 0 && past > 0 && lines > 0,
              "%s %u times while it forgets: what is left is whole each time (%llu records "
              "and %llu lines gone)", is_power ? "power lost" : "killed", lives,
              (unsigned long long)past, (unsigned long long)lines);
    munmap(taken, sizeof *taken);
}

int main(void)
{
    char command[96];
    if (!mkdtemp(folder) || wlk_seal_init() != WLK_OK)
        return 1;
    make_force();
    test_conditions();
    test_never();
    test_nation(true);
    test_nation(false);
    test_begin();
    test_deaths(false, 12);
    test_deaths(true, 25);
    snprintf(command, sizeof command, "rm -r %s", folder);
    (void)!system(command);
    return wlk_tap_done();
}
