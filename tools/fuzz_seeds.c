/* fuzz_seeds.c -- writes valid inputs for the fuzz targets, so that fuzzing and its replay
 * begin behind the first checks. Made at build time from the encoders: no binary lies in the
 * tree.
 *
 * usage: fuzz_seeds FOLDER STAMP: FOLDER/<target>/<n>; STAMP is written when all is there.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"
#include "base/random.h"
#include "exchange/frame.h"
#include "record/sample.h"
#include "release/audit.h"
#include "release/keyring.h"
#include "release/sample.h"
#include "sensors/datagram.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SEEDS_EACH = 24 };

static const char *top;

static void write_seed(const char *target, int number, const uint8_t *bytes, size_t size)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", top, target);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/%s/%d", top, target, number);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

static struct wlk_datagram_plot some_plot(struct wlk_random *random)
{
    struct wlk_datagram_plot plot = {
        .time_ns = (int64_t)wlk_random_bits(random) >> 8,
        .range_mm = 1 + wlk_random_below(random, 100000000000),
        .azimuth_nrad = wlk_random_below(random, 6283185307),
        .elevation_nrad = (int64_t)wlk_random_below(random, 1570796326),
        .range_sigma_mm = 1 + (uint32_t)wlk_random_below(random, 100000),
        .azimuth_sigma_nrad = 1 + (uint32_t)wlk_random_below(random, 10000000),
        .elevation_sigma_nrad = 1 + (uint32_t)wlk_random_below(random, 10000000),
        .has_range_rate = wlk_random_below(random, 2) == 1,
        .has_snr = wlk_random_below(random, 2) == 1,
    };
    if (plot.time_ns <= 0)
        plot.time_ns = 1 - plot.time_ns;
    if (plot.has_range_rate) {
        plot.range_rate_mmps = (int32_t)wlk_random_below(random, 7000000);
        plot.range_rate_sigma_mmps = 1 + (uint32_t)wlk_random_below(random, 100000);
    }
    if (plot.has_snr)
        plot.snr_cdb = (int32_t)wlk_random_below(random, 15000);
    return plot;
}

static void write_datagrams(struct wlk_random *random)
{
    for (int i = 0; i < SEEDS_EACH; i++) {
        struct wlk_datagram datagram = {
            .kind = i % 2 ? WLK_DATAGRAM_SIGHTING : WLK_DATAGRAM_PLOT,
            .nature = WLK_NATURE_EXERCISE,
            .sensor = wlk_name_of("JP-FPS5-SHI"),
            .number = 1 + wlk_random_below(random, 1000000),
        };
        if (datagram.kind == WLK_DATAGRAM_PLOT)
            datagram.plot = some_plot(random);
        else
            datagram.sighting = (struct wlk_datagram_sighting){
                .launch_time_ns = 1503954000000000000,
                .told_at_ns = 1503954060000000000,
                .latitude_e7 = 392000000,
                .longitude_e7 = 1257000000,
                .place_sigma_mm = 5000000,
                .time_sigma_us = 1 + (uint32_t)wlk_random_below(random, 5000000),
            };
        uint8_t bytes[WLK_PLOT_DATAGRAM_MAX];
        size_t size = 0;
        wlk_status status = wlk_datagram_encode(&datagram, bytes, sizeof bytes, &size);
        WLK_ASSERT(status == WLK_OK);
        write_seed("datagram", i, bytes, size);
    }
}

/* Appends bytes behind two bytes of their length, as record/codec_fuzz.c reads them. */
static void add_part(struct wlk_writer *to, const uint8_t *bytes, size_t size)
{
    wlk_status status = wlk_write_uint(to, 2, size);
    WLK_ASSERT(status == WLK_OK);
    status = wlk_write_bytes(to, bytes, size);
    WLK_ASSERT(status == WLK_OK);
}

/* A record as it is, its header alone, its parts without a signature, and each content. */
static void write_record(const uint8_t *bytes, size_t size, int *number)
{
    static uint8_t form[WLK_RECORD_SIZE_MAX];
    struct wlk_claim claim;
    wlk_status status = wlk_claim_decode(bytes, size, &claim, NULL);
    WLK_ASSERT(status == WLK_OK);
    write_seed("codec", (*number)++, bytes, size);
    write_seed("codec", (*number)++, claim.header_bytes, claim.header_size);
    struct wlk_writer parts = {form, sizeof form, 1};
    form[0] = 0;
    add_part(&parts, claim.header_bytes, claim.header_size);
    for (size_t i = 0; i < claim.header.group_count; i++)
        add_part(&parts, claim.disclosure[i].bytes, claim.disclosure[i].size);
    write_seed("codec", (*number)++, form, parts.at);
    for (size_t i = 0; i < claim.header.group_count; i++) {
        const struct wlk_disclosure *shown = &claim.disclosure[i];
        form[0] = (uint8_t)(1 + 5 * ((int)shown->type - 1) + (int)shown->group);
        memcpy(form + 1, shown->content, shown->content_size);
        write_seed("codec", (*number)++, form, 1 + shown->content_size);
    }
}

static void write_records(struct wlk_random *random)
{
    static uint8_t bytes[WLK_RECORD_SIZE_MAX];
    struct wlk_secret_key key;
    int number = 0;
    wlk_key_rehearsal(1, 1, &key);
    for (int i = 0; i < 3 * (WLK_TYPE_END - 1); i++) {
        struct wlk_sample sample;
        struct wlk_sealed sealed;
        wlk_sample_make(random, (enum wlk_type)(1 + i % (WLK_TYPE_END - 1)), &sample);
        struct wlk_sealing what = wlk_sample_sealing(&sample);
        wlk_status status = wlk_seal(&what, &key, bytes, sizeof bytes, &sealed);
        WLK_ASSERT(status == WLK_OK);
        write_record(bytes, sealed.size, &number);
    }
}

/* Each kind of frame, alone (without its length prefix) and in a stream of two. */
static void write_frames(void)
{
    static uint8_t bytes[1 + 2 * (WLK_FRAME_PREFIX + 512)];
    const struct wlk_lane_mark mark[2] = {
        {wlk_name_of("JP"), {wlk_name_of("TMW-1"), WLK_CLASS_WARN, WLK_NATURE_REAL, 7}, 42},
        {wlk_name_of("KR"), {wlk_name_of("JP-US"), WLK_CLASS_TRACK, WLK_NATURE_EXERCISE, 1}, 0},
    };
    const uint8_t body[] = "not a record, which a frame does not look into";
    const struct wlk_frame frame[] = {
        {.kind = WLK_FRAME_HELLO, .sender = wlk_name_of("HON-A"), .link = WLK_CLASS_WARN,
         .mark_count = 2},
        {.kind = WLK_FRAME_HELLO, .sender = wlk_name_of("US"), .link = WLK_CLASS_STATUS},
        {.kind = WLK_FRAME_RECORD, .bytes = body, .size = sizeof body},
        {.kind = WLK_FRAME_ACK, .mark = mark[0], .stage = WLK_ACK_DURABLE},
        {.kind = WLK_FRAME_ASK, .mark = mark[0], .last = 99},
        {.kind = WLK_FRAME_STATEMENT, .statement = 2, .bytes = body, .size = sizeof body},
        {.kind = WLK_FRAME_PING, .token = 1},
        {.kind = WLK_FRAME_PONG, .token = UINT64_MAX},
    };
    for (int i = 0; i < (int)(sizeof frame / sizeof frame[0]); i++) {
        struct wlk_writer to = {bytes, sizeof bytes, 1};
        bytes[0] = 1;
        wlk_status status = wlk_frame_encode(&frame[i], mark, &to);
        WLK_ASSERT(status == WLK_OK);
        size_t end = to.at;
        status = wlk_frame_encode(&frame[i], mark, &to);
        WLK_ASSERT(status == WLK_OK);
        write_seed("frame", 2 * i, bytes, to.at);
        bytes[WLK_FRAME_PREFIX] = 0;
        write_seed("frame", 2 * i + 1, bytes + WLK_FRAME_PREFIX, end - WLK_FRAME_PREFIX);
    }
}

/* A random arrangement as text, as CBOR, and as a bundle that nobody has signed. */
static void write_arrangement(struct wlk_random *random, int *number)
{
    static struct wlk_arrangement arrangement;
    static const struct wlk_signature nobody[WLK_PARTIES_MAX];
    static char text[WLK_ARRANGEMENT_TEXT_MAX];
    static uint8_t form[WLK_BUNDLE_SIZE_MAX];
    size_t size = 0;
    wlk_sample_arrangement(random, &arrangement);
    wlk_status status = wlk_arrangement_print(&arrangement, text, sizeof text);
    WLK_ASSERT(status == WLK_OK);
    write_seed("arrangement", (*number)++, (const uint8_t *)text, strlen(text));
    status = wlk_arrangement_encode(&arrangement, form, sizeof form, &size);
    WLK_ASSERT(status == WLK_OK);
    write_seed("arrangement", (*number)++, form, size);
    status = wlk_force_bundle(&arrangement, nobody, form, sizeof form, &size);
    WLK_ASSERT(status == WLK_OK);
    write_seed("arrangement", (*number)++, form, size);
}

/* A decision log of three entries. */
static void write_log(int *number)
{
    uint8_t log[3 * WLK_AUDIT_FRAME_MAX];
    size_t used = 0;
    struct wlk_audit audit = {0};
    for (uint64_t seq = 1; seq <= 3; seq++) {
        struct wlk_audit_entry entry = {
            .time = {1503954000000000000},
            .originator = wlk_name_of("KR"),
            .recipient = wlk_name_of("JP"),
            .lane = {wlk_name_of("TMW-1"), WLK_CLASS_WARN, WLK_NATURE_EXERCISE, 1},
            .seq = seq,
            .kind = WLK_PASS,
            .clause = "X1",
        };
        size_t size = 0;
        wlk_status status =
            wlk_audit_append(&audit, &entry, log + used, sizeof log - used, &size);
        WLK_ASSERT(status == WLK_OK);
        used += size;
    }
    write_seed("arrangement", (*number)++, log, used);
}

/* A key that is added, one that is ended, and both. */
static void write_key_statements(int *number)
{
    for (unsigned what = 1; what < 4; what++) {
        uint8_t bytes[WLK_KEY_STATEMENT_SIZE_MAX];
        struct wlk_key_statement s;
        size_t size = 0;
        memset(&s, 0, sizeof s);
        s.party = wlk_name_of("JP");
        s.time = wlk_sample_now();
        s.key_count = what & 1;
        s.key[0].public_key = wlk_sample_key(40)->public_key;
        s.key[0].use[WLK_KEY_RECORD] = s.key[0].nature[WLK_NATURE_REAL] = 1;
        s.key[0].not_before = wlk_sample_now();
        s.key[0].not_after.ns = wlk_sample_now().ns + 1000000000;
        s.end_count = what >> 1;
        memcpy(s.end[0].bytes, wlk_sample_key(1)->public_key.bytes, WLK_PUBLIC_KEY_SIZE);
        s.end[0].suspect_since = wlk_sample_now();
        wlk_status status =
            wlk_key_statement_sign(&s, wlk_sample_key(0), bytes, sizeof bytes, &size);
        WLK_ASSERT(status == WLK_OK);
        write_seed("arrangement", (*number)++, bytes, size);
    }
}

static void write_arrangements(struct wlk_random *random)
{
    int number = 0;
    for (int i = 0; i < 8; i++)
        write_arrangement(random, &number);
    write_log(&number);
    write_key_statements(&number);
}

int main(int argc, char *argv[])
{
    if (argc != 3 || wlk_seal_init() != WLK_OK)
        return 2;
    top = argv[1];
    mkdir(top, 0777);
    struct wlk_random random = wlk_random_seeded(1, 0);
    write_datagrams(&random);
    write_records(&random);
    write_frames();
    write_arrangements(&random);
    FILE *stamp = fopen(argv[2], "w");
    return !stamp || fclose(stamp) != 0;
}
