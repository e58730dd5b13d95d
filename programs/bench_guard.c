/* bench_guard.c -- how many records a second one core of a hub takes, with both verifications
 * (make bench). A record of KR comes in and goes out to JP and US: decoded, verified by two
 * libraries, decided, logged and journalled on a file, as the guard does it for each message.
 *
 *     bench_guard [SECONDS]
 *
 * What it consists of is measured in turn with the whole, in each round, so that a machine that
 * slows down slows all of them: ratios count more than figures. CPU time of the thread.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"
#include "exchange/frame.h"
#include "exchange/journal.h"
#include "programs/hub.h"
#include "programs/pact.h"
#include "programs/share.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 400, ROUNDS_MAX = 200, RECORD_ROOM = 2048, PARTS = 3 };
static const wlk_utc ORIGIN = {INT64_C(1795392000000000000)};
static const char *const PART[PARTS] = {"a record verified by two libraries",
                                        "the same, decoded before",
                                        "the whole guard: in, decided, kept, out to two"};

static struct wlk_pact *pact;
static struct wlk_agreement agreement; /* TMW-1 */
static struct wlk_journal *journal;
static struct wlk_hub *hub;
static struct wlk_random salts;
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

static void draw_salt(void *context, uint8_t salt[WLK_SALT_SIZE])
{
    struct wlk_random *random = context;
    uint64_t bits[2] = {wlk_random_bits(random), wlk_random_bits(random)};
    memcpy(salt, bits, WLK_SALT_SIZE);
}

static struct wlk_moment moment(double at_s)
{
    return (struct wlk_moment){wlk_utc_add(ORIGIN, at_s), {(int64_t)((at_s + 1000) * 1e9)}};
}

static const struct wlk_secret_key *key_of(const char *nation)
{
    return &wlk_pact_owner(pact, wlk_name_of(nation))->exercise;
}

/* ---- records ---- */

static void set_header(void)
{
    header.originator = wlk_name_of("KR");
    header.lane = (struct wlk_lane){agreement.arrangement.name, WLK_CLASS_WARN,
                                    WLK_NATURE_EXERCISE, 1};
    header.has_seq = true;
    header.arrangement = agreement.digest;
    header.type = WLK_TYPE_LAUNCH;
    header.nature = WLK_NATURE_EXERCISE;
    snprintf(header.label.policy, sizeof header.label.policy, "warnlink");
    header.label.releasable_count = 2;
    header.label.releasable[0] = wlk_name_of("JP");
    header.label.releasable[1] = wlk_name_of("US");
    header.has_event = header.has_object = header.has_region = true;
    header.region = WLK_REGION_DPRK;
    header.object = 1;
    header.event.bytes[0] = 0x27;
    header.group_count = 1;
    header.group[0].group = WLK_GROUP_COARSE;
    header.group[0].classification = WLK_SECRET;
    header.sensor_nation_count = 1;
    header.sensor_nation[0] = header.originator;
}

/* The next BATCH records of KR's lane of warnings. */
static void seal_batch(double at_s)
{
    static union wlk_content content;
    uint8_t salt[1][WLK_SALT_SIZE];
    struct wlk_sealed sealed;
    content.launch.status = WLK_LAUNCH_CONFIRMED;
    content.launch.point.latitude_e7 = 392000000;
    content.launch.point.longitude_e7 = 1257000000;
    content.launch.point.covariance[0] = content.launch.point.covariance[2] = 1;
    content.launch.point.covariance[5] = 1;
    content.launch.count_min = content.launch.count_max = 1;
    for (size_t i = 0; i < BATCH; i++) {
        struct wlk_sealing what = {&header, &content, (const uint8_t(*)[WLK_SALT_SIZE])salt};
        draw_salt(&salts, salt[0]);
        header.seq++;
        header.time = moment(at_s).utc;
        header.valid_until = wlk_utc_add(header.time, 60);
        must(wlk_seal(&what, key_of("KR"), record[i], RECORD_ROOM, &sealed) == WLK_OK,
             "a record is not sealed");
        size_of[i] = sealed.size;
        header.prev = sealed.sign1_digest;
    }
}

/* ---- what is measured, seconds for each record ---- */

static double verify(bool is_decoded_before)
{
    static struct wlk_claim claim[BATCH];
    static struct wlk_record verified;
    const struct wlk_public_key *key = &key_of("KR")->public_key;
    bool is_good = true;
    for (size_t i = 0; i < BATCH; i++)
        is_good = wlk_claim_decode(record[i], size_of[i], &claim[i], NULL) == WLK_OK && is_good;
    double start = now_s();
    for (size_t i = 0; i < BATCH; i++) {
        if (!is_decoded_before)
            is_good = wlk_claim_decode(record[i], size_of[i], &claim[i], NULL) == WLK_OK &&
                      is_good;
        is_good = wlk_record_verify(&claim[i], key, &verified) == WLK_OK && is_good;
    }
    double took = now_s() - start;
    must(is_good, "a record does not verify");
    return took / BATCH;
}

static void give(const struct wlk_frame *frame, const char *nation, struct wlk_moment now)
{
    static uint8_t bytes[WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX];
    struct wlk_writer out = {bytes, sizeof bytes, 0};
    must(wlk_frame_encode(frame, NULL, &out) == WLK_OK &&
             wlk_hub_frame(hub, wlk_name_of(nation), WLK_CLASS_WARN, bytes + WLK_FRAME_PREFIX,
                           out.at - WLK_FRAME_PREFIX, now) == WLK_OK,
         "the hub refuses a frame");
}

static uint64_t take_out(const char *nation, struct wlk_moment now)
{
    const uint8_t *bytes;
    size_t size;
    uint64_t frames = 0;
    while (wlk_hub_outgoing(hub, wlk_name_of(nation), WLK_CLASS_WARN, now, &bytes, &size))
        frames++;
    return frames;
}

static double guard(double at_s)
{
    uint64_t before = wlk_hub_count(hub)->forwarded;
    struct wlk_moment now = moment(at_s);
    double start = now_s();
    for (size_t i = 0; i < BATCH; i++) {
        struct wlk_frame frame = {
            .kind = WLK_FRAME_RECORD, .bytes = record[i], .size = size_of[i]};
        give(&frame, "KR", now);
        (void)take_out("JP", now);
        (void)take_out("US", now);
        if (i % 50 == 49)
            wlk_hub_tick(hub, now);
    }
    double took = now_s() - start;
    must(wlk_hub_count(hub)->forwarded - before == 2 * BATCH, "not all was passed to both");
    return took / BATCH;
}

/* ---- the table ---- */

static void bench_open(const char *folder)
{
    char path[1024];
    struct wlk_fault fault = {0};
    const wlk_name nations[] = {wlk_name_of("JP"), wlk_name_of("KR"), wlk_name_of("US")};
    const uint64_t seed = 1;
    struct wlk_hub_options options = {.name = wlk_name_of("HON-A"),
                                      .key_nature = WLK_NATURE_EXERCISE,
                                      .salts = {draw_salt, &salts},
                                      .now = moment(-60)};
    salts = wlk_random_seeded(4, 0);
    pact = calloc(1, sizeof *pact);
    must(pact && wlk_seal_init() == WLK_OK &&
             wlk_share_path("arrangements", path, sizeof path) == WLK_OK,
         "the shipped arrangements are not there");
    wlk_pact_keys(nations, 3, options.name, &seed, pact);
    must(wlk_pact_sign(pact, path, ORIGIN, NULL, &fault) == WLK_OK, "nothing is signed");
    options.key = key_of("HON-A");
    options.roots = &pact->roots;
    snprintf(path, sizeof path, "%s/hub.db", folder);
    must(wlk_journal_open(path, options.name, &journal, &fault) == WLK_OK, "no journal");
    options.journal = journal;
    must(wlk_hub_open(&options, &hub, &fault) == WLK_OK, "no hub");
    for (size_t i = 0; i < pact->bundle_count; i++)
        (void)!wlk_hub_statement(hub, WLK_STATEMENT_BUNDLE, pact->bundle[i].bytes,
                                 pact->bundle[i].size, moment(-60), &fault);
    const struct wlk_agreement *found =
        wlk_force_named(wlk_hub_force(hub), wlk_name_of("TMW-1"), moment(0).utc);
    must(found != NULL, "TMW-1 is not in force");
    agreement = *found;
    for (size_t n = 0; n < 3; n++) {
        struct wlk_frame hello = {
            .kind = WLK_FRAME_HELLO, .sender = nations[n], .link = WLK_CLASS_WARN};
        wlk_hub_connected(hub, nations[n], WLK_CLASS_WARN, moment(-1));
        give(&hello, nations[n].text, moment(-1));
    }
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
    set_header();
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
    wlk_hub_close(hub);
    wlk_journal_close(journal);
    wlk_pact_clear(pact);
    free(pact);
    for (size_t i = 0; i < sizeof LEFT / sizeof LEFT[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, LEFT[i]);
        unlink(path);
    }
    return rmdir(folder) ? 1 : 0;
}
