/* bench_guard.c -- how many records a second one core of a hub takes, with both verifications
 * (make bench). A record of KR comes in and goes out to JP and US: decoded, verified by two
 * libraries, decided, logged and journalled on a file, as the guard does it for each message.
 *
 *     bench_guard [SECONDS]
 *
 * What it consists of is measured in turn with the whole, in each round, so that a machine that
 * slows down slows all of them: ratios count more than figures. CPU time of the thread.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/lone.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 400, ROUNDS_MAX = 200, RECORD_ROOM = 2048, PARTS = 3 };
static const char *const PART[PARTS] = {"a record verified by two libraries",
                                        "the same, decoded before",
                                        "the whole guard: in, decided, kept, out to two"};

static struct wlk_lone lone;
static const struct wlk_secret_key *key;
static struct wlk_header header;
static uint8_t record[BATCH][RECORD_ROOM];
static size_t size_of[BATCH];

static double now_s(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void must(bool is_so, const char *what)
{
    if (is_so)
        return;
    fprintf(stderr, "bench_guard: %s\n", what);
    exit(1);
}

/* The next BATCH records of KR's lane of warnings. */
static void seal_batch(double at_s)
{
    wlk_lone_retime(&header, at_s);
    for (size_t i = 0; i < BATCH; i++)
        size_of[i] = wlk_lone_seal(&header, key, record[i], RECORD_ROOM);
}

/* ---- what is measured, seconds for each record ---- */

static double verify(bool is_decoded_before)
{
    static struct wlk_claim claim[BATCH];
    static struct wlk_record verified;
    bool is_good = true;
    for (size_t i = 0; i < BATCH; i++)
        is_good = wlk_claim_decode(record[i], size_of[i], &claim[i], NULL) == WLK_OK && is_good;
    double start = now_s();
    for (size_t i = 0; i < BATCH; i++) {
        if (!is_decoded_before)
            is_good = wlk_claim_decode(record[i], size_of[i], &claim[i], NULL) == WLK_OK &&
                      is_good;
        is_good =
            wlk_record_verify(&claim[i], &key->public_key, &verified) == WLK_OK && is_good;
    }
    double took = now_s() - start;
    must(is_good, "a record does not verify");
    return took / BATCH;
}

static double guard(double at_s)
{
    uint64_t before = wlk_hub_count(lone.hub)->forwarded;
    bool is_good = true;
    double start = now_s();
    for (size_t i = 0; i < BATCH; i++) {
        struct wlk_frame frame = {
            .kind = WLK_FRAME_RECORD, .bytes = record[i], .size = size_of[i]};
        is_good = wlk_lone_give(&lone, "KR", WLK_CLASS_WARN, &frame, at_s) == WLK_OK && is_good;
        (void)wlk_lone_take(&lone, "JP", WLK_CLASS_WARN, at_s);
        (void)wlk_lone_take(&lone, "US", WLK_CLASS_WARN, at_s);
        if (i % 50 == 49)
            wlk_hub_tick(lone.hub, wlk_lone_moment(at_s));
    }
    double took = now_s() - start;
    must(is_good && wlk_hub_count(lone.hub)->forwarded - before == 2 * BATCH,
         "not all was passed to both");
    return took / BATCH;
}

/* ---- the table ---- */

static void bench_open(const char *folder)
{
    char path[1024];
    struct wlk_fault fault = {0};
    snprintf(path, sizeof path, "%s/hub.db", folder);
    must(wlk_lone_keys_open(&lone, &fault) == WLK_OK, "the shipped arrangements are not there");
    must(wlk_lone_open(&lone, path, WLK_NATURE_EXERCISE, wlk_lone_moment(-60).utc, &fault) ==
             WLK_OK,
         "no hub");
    key = wlk_lone_key(&lone, "KR", WLK_NATURE_EXERCISE);
    wlk_lone_join(&lone, "JP", WLK_CLASS_WARN, -1);
    wlk_lone_join(&lone, "KR", WLK_CLASS_WARN, -1);
    wlk_lone_join(&lone, "US", WLK_CLASS_WARN, -1);
    wlk_lone_header(&lone, WLK_NATURE_EXERCISE, 0, &header);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char *argv[])
{
    static double sample[PARTS][ROUNDS_MAX], ratio[ROUNDS_MAX];
    static const char *const LEFT[] = {"hub.db", "hub.db-wal", "hub.db-shm", "hub.db-lock"};
    char folder[] = "/tmp/wlk-bench-XXXXXX", path[64];
    double seconds = argc > 1 ? strtod(argv[1], NULL) : 5, start = now_s();
    must(mkdtemp(folder) != NULL, "no folder");
    bench_open(folder);
    size_t rounds = 0;
    for (; rounds < ROUNDS_MAX && (rounds < 5 || now_s() - start < seconds); rounds++) {
        double at_s = 2.0 * (double)rounds;
        seal_batch(at_s);
        sample[0][rounds] = verify(false);
        sample[1][rounds] = verify(true);
        sample[2][rounds] = guard(at_s);
        ratio[rounds] = sample[2][rounds] / sample[0][rounds];
    }
    printf("| what | median | middle half | unit |\n|---|---|---|---|\n");
    for (size_t i = 0; i < PARTS; i++) {
        qsort(sample[i], rounds, sizeof(double), by_size);
        printf("| %s | %.4g | %.4g - %.4g | records/s |\n", PART[i], 1 / sample[i][rounds / 2],
               1 / sample[i][rounds * 3 / 4], 1 / sample[i][rounds / 4]);
    }
    qsort(ratio, rounds, sizeof(double), by_size);
    printf("\n%zu rounds of %d. The whole takes %.2f times the two verifications "
           "(%.2f - %.2f); best round %.4g records/s.\n",
           rounds, BATCH, ratio[rounds / 2], ratio[rounds / 4], ratio[rounds * 3 / 4],
           1 / sample[PARTS - 1][0]);
    wlk_lone_keys_close(&lone);
    for (size_t i = 0; i < sizeof LEFT / sizeof LEFT[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, LEFT[i]);
        unlink(path);
    }
    return rmdir(folder) ? 1 : 0;
}
