/* numbers_test.c -- does a node ever sign one sequence number twice? It is killed, loses its
 * power, is restored from a backup, or loses its disk; each number that any of its lives signed
 * is written down, and none may stand there twice.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"
#include "base/random.h"
#include "base/tap.h"
#include "exchange/frame.h"
#include "exchange/life.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- the disk: what was on it at the last fsync ---- */

static bool has_slow_disk; /* only in the child that will lose its power */

/* Stands in for libc's, also inside SQLite: what it saves is all that a power loss leaves. */
static int sync_and_save(int descriptor)
{
    static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER; /* a copy is whole or not there */
    char link[64], path[256] = "", saved[256], half[256];
    int result = (int)syscall(SYS_fdatasync, descriptor);
    if (!has_slow_disk)
        return result;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    nanosleep(&(struct timespec){0, 20000000}, NULL);
    const char *name = readlink(link, path, sizeof path - 1) > 0 ? strrchr(path, '/') : NULL;
    if (name && strncmp(name, "/node.db", 8) == 0) {
        wlk_life_path(saved, "saved", name + 1);
        wlk_life_path(half, "saved", "half");
        pthread_mutex_lock(&one);
        wlk_life_copy(path, half);
        if (rename(half, saved))
            _exit(2);
        pthread_mutex_unlock(&one);
    }
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

/* ---- what was ever signed ---- */

enum { NUMBERS_MAX = 200000, RESTARTS = 140 };
static struct wlk_life_number signed_number[NUMBERS_MAX];
static size_t signed_count, twice;

static void write_down(const struct wlk_life_number *number)
{
    for (size_t i = signed_count; i-- > 0;)
        if (signed_number[i].generation == number->generation &&
            signed_number[i].seq == number->seq) {
            twice++;
            return;
        }
    if (signed_count < NUMBERS_MAX)
        signed_number[signed_count++] = *number;
}

static void start_over(void)
{
    wlk_life_restore("nothing", "node");
    signed_count = twice = 0;
}

static unsigned sign_some(struct wlk_life *life, unsigned count)
{
    struct wlk_life_number number;
    unsigned done = 0;
    while (done < count && wlk_life_sign(life, &number)) {
        write_down(&number);
        done++;
    }
    return done;
}

/* A child lives until it is killed; all that it signed is told before it goes anywhere. */
static void live_and_die(int64_t utc_s, bool loses_power, long wait_ns)
{
    int pipes[2];
    struct wlk_life_number number;
    if (pipe(pipes))
        return;
    pid_t child = fork();
    if (child == 0) {
        struct wlk_life life;
        has_slow_disk = loses_power;
        bool lives = wlk_life_begin(&life, utc_s);
        while (lives && wlk_life_sign(&life, &number))
            lives = write(pipes[1], &number, sizeof number) == (ssize_t)sizeof number;
        _exit(1);
    }
    close(pipes[1]);
    if (read(pipes[0], &number, sizeof number) == (ssize_t)sizeof number)
        write_down(&number);
    nanosleep(&(struct timespec){0, wait_ns}, NULL);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    while (read(pipes[0], &number, sizeof number) == (ssize_t)sizeof number)
        write_down(&number);
    close(pipes[0]);
    if (loses_power)
        wlk_life_restore("saved", "node");
}

static void test_deaths(bool loses_power, unsigned lives)
{
    struct wlk_random random = wlk_random_seeded(5, loses_power);
    start_over();
    for (unsigned i = 0; i < lives; i++) /* all in one second: the clock helps nobody */
        live_and_die(1800000000, loses_power, (long)wlk_random_below(&random, 6000000));
    wlk_check(signed_count >= lives && twice == 0,
              "%s %u times within one second: %zu numbers signed, none twice (%zu)",
              loses_power ? "power lost" : "killed", lives, signed_count, twice);
}

/* ---- backups ---- */

/* The hub's HELLO: it has this much of our lane. */
static void hear_hello(struct wlk_life *life, uint64_t generation, uint64_t seq)
{
    static uint8_t bytes[WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX];
    struct wlk_writer out = {bytes, sizeof bytes, 0};
    struct wlk_lane_mark mark = {
        wlk_name_of("JP"),
        {wlk_life_pact()->name, WLK_CLASS_WARN, WLK_NATURE_REAL, generation},
        seq};
    struct wlk_frame hello = {.kind = WLK_FRAME_HELLO,
                              .sender = wlk_name_of("HON-A"),
                              .link = WLK_CLASS_WARN,
                              .mark_count = 1};
    wlk_status status = wlk_frame_encode(&hello, &mark, &out);
    if (status == WLK_OK)
        status = wlk_post_frame(life->post, 0, WLK_CLASS_WARN, bytes + WLK_FRAME_PREFIX,
                                out.at - WLK_FRAME_PREFIX, life->now);
    WLK_ASSERT(status == WLK_OK);
}

/* A heartbeat of KR: this record has that number of ours. */
static void hear_head(struct wlk_life *life, const struct wlk_life_number *number)
{
    static uint8_t record[WLK_RECORD_SIZE_MAX], bytes[WLK_RECORD_SIZE_MAX];
    static struct wlk_status_content says;
    struct wlk_writer out = {bytes, sizeof bytes, 0};
    memset(&says, 0, sizeof says);
    life->now.utc.ns += 1000000000; /* each heartbeat is newer than the last */
    says.head_count = 1;
    says.head[0] = (struct wlk_head){
        wlk_name_of("JP"),
        {wlk_life_pact()->name, WLK_CLASS_WARN, WLK_NATURE_REAL, number->generation},
        number->seq,
        number->digest};
    struct wlk_frame frame = {.kind = WLK_FRAME_RECORD, .bytes = record};
    frame.size =
        wlk_life_heartbeat(wlk_life_pact(), "KR", 4, life->now.utc, &says, record);
    wlk_status status = wlk_frame_encode(&frame, NULL, &out);
    if (status == WLK_OK)
        status = wlk_post_frame(life->post, 0, WLK_CLASS_WARN, bytes + WLK_FRAME_PREFIX,
                                out.at - WLK_FRAME_PREFIX, life->now);
    WLK_ASSERT(status == WLK_OK);
}

/* How many records leave, and the lowest generation among them. */
static unsigned count_leaving(struct wlk_life *life, uint64_t *lowest)
{
    const uint8_t *bytes;
    size_t size;
    unsigned count = 0;
    *lowest = UINT64_MAX;
    while (wlk_post_outgoing(life->post, 0, WLK_CLASS_WARN, &bytes, &size)) {
        struct wlk_frame frame;
        struct wlk_claim claim;
        if (wlk_frame_decode(bytes + WLK_FRAME_PREFIX, size - WLK_FRAME_PREFIX, &frame) !=
                WLK_OK ||
            frame.kind != WLK_FRAME_RECORD ||
            wlk_claim_decode(frame.bytes, frame.size, &claim, NULL) != WLK_OK)
            continue;
        count++;
        if (claim.header.lane.generation < *lowest)
            *lowest = claim.header.lane.generation;
    }
    return count;
}

static void test_backup(void)
{
    struct wlk_life life;
    uint64_t lowest;
    start_over();
    bool is_well = wlk_life_begin(&life, 1800000000) && sign_some(&life, 20) == 20;
    wlk_life_end(&life);
    wlk_life_restore("node", "backup");
    is_well = is_well && wlk_life_begin(&life, 1800000000) && sign_some(&life, 20) == 20;
    wlk_life_end(&life);
    wlk_life_restore("backup", "node");
    is_well = is_well && wlk_life_begin(&life, 1800000060) && sign_some(&life, 20) == 20;
    wlk_check(is_well && twice == 0,
              "a backup of a clean stop, restored: a generation of its own, none signed twice");
    wlk_life_end(&life);
    wlk_life_restore("backup", "node");
    is_well = wlk_life_begin(&life, 1800000000) && sign_some(&life, 5) == 5;
    wlk_check(is_well && twice == 5,
              "restored, and the clock behind as well: its journal alone cannot know");
    wlk_post_connected(life.post, 0, WLK_CLASS_WARN, life.now);
    wlk_check(count_leaving(&life, &lowest) == 0, "but nothing leaves before the hub's HELLO");
    hear_hello(&life, 1800000001, 20);
    struct wlk_delivery delivery;
    bool is_told = false;
    while (wlk_post_delivered(life.post, &delivery))
        is_told = is_told || delivery.kind == WLK_DELIVERY_RENUMBERED;
    wlk_check(is_told && wlk_post_count(life.post)->renumbered == 1,
              "which says how far our numbers went: a new generation, and an alarm");
    twice = 0;
    wlk_check(sign_some(&life, 5) == 5 && twice == 0, "numbers go on above it");
    /* 20 old ones of the backup are owed to the hub; the five doubtful ones never leave */
    unsigned leaving = count_leaving(&life, &lowest);
    wlk_check(leaving == 25 && lowest == 1800000000,
              "and of the doubtful ones not one leaves (%u records leave)", leaving);
    wlk_life_end(&life);
}

/* Restored with the clock behind, and it has signed more than was signed then. */
static void test_more_than_then(void)
{
    struct wlk_life life;
    struct wlk_life_number then = {0};
    uint64_t lowest;
    start_over();
    bool is_well = wlk_life_begin(&life, 1800000000);
    wlk_life_end(&life);
    wlk_life_restore("node", "backup");
    is_well = is_well && wlk_life_begin(&life, 1800000000);
    for (int i = 0; i < 5; i++)
        is_well = is_well && wlk_life_sign(&life, &then);
    wlk_life_end(&life);
    wlk_life_restore("backup", "node");
    is_well = is_well && wlk_life_begin(&life, 1800000000) && sign_some(&life, 20) == 20;
    wlk_post_connected(life.post, 0, WLK_CLASS_WARN, life.now);
    hear_hello(&life, then.generation, then.seq);
    wlk_check(is_well && wlk_post_count(life.post)->renumbered == 0,
              "a HELLO that knows less than we have says nothing");
    hear_head(&life, &signed_number[4]);
    wlk_check(wlk_post_count(life.post)->renumbered == 0, "nor a heartbeat that agrees");
    hear_head(&life, &then);
    wlk_check(wlk_post_count(life.post)->renumbered == 1,
              "one that names another record under our number does");
    wlk_check(count_leaving(&life, &lowest) == 0, "and the doubtful ones stay here");
    wlk_life_end(&life);
}

static void test_lost_disk(void)
{
    struct wlk_life life;
    uint64_t lowest;
    start_over();
    bool is_well = wlk_life_begin(&life, 1800000000) && sign_some(&life, 20) == 20;
    wlk_life_end(&life);
    wlk_life_restore("nothing", "node");
    is_well = is_well && wlk_life_begin(&life, 1800000060) && sign_some(&life, 20) == 20;
    wlk_check(is_well && twice == 0, "with a new disk the numbers start above, by the clock");
    wlk_life_end(&life);
    wlk_life_restore("nothing", "node");
    is_well = wlk_life_begin(&life, 1800000000);
    wlk_post_connected(life.post, 0, WLK_CLASS_WARN, life.now);
    hear_hello(&life, 1800000060, 20);
    wlk_check(is_well && sign_some(&life, 5) == 5 && twice == 0,
              "with a new disk and a clock that is behind, by what the hub says");
    wlk_check(count_leaving(&life, &lowest) == 5 && lowest == 1800000061, "and these leave");
    wlk_life_end(&life);
}

/* A node that restarts for weeks: old generations do not fill it up. */
static void test_restarts(void)
{
    struct wlk_life life;
    unsigned starts = 0;
    start_over();
    for (bool is_well = true; is_well && starts < RESTARTS; starts += is_well) {
        is_well = wlk_life_begin(&life, 1800000000 + starts) && sign_some(&life, 1) == 1;
        if (is_well)
            wlk_life_end(&life);
    }
    wlk_check(starts == RESTARTS && twice == 0, "a node starts %u times",
              starts);
}

int main(void)
{
    if (!wlk_check(wlk_life_set_up(), "a node of JP with its arrangement can be set up"))
        return wlk_tap_done();
    test_deaths(false, 20);
    test_deaths(true, 20);
    test_backup();
    test_more_than_then();
    test_lost_disk();
    test_restarts();
    wlk_life_clear();
    return wlk_tap_done();
}
