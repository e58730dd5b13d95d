/* lone.c -- a hub by itself. SPDX-License-Identifier: Apache-2.0 */
#include "programs/lone.h"

#include "base/assert.h"
#include "exchange/journal.h"
#include "programs/share.h"

#include <stdio.h>
#include <stdlib.h>

const wlk_utc WLK_LONE_ORIGIN = {INT64_C(1795392000000000000)};

struct wlk_moment wlk_lone_moment(double at_s)
{
    return (struct wlk_moment){wlk_utc_add(WLK_LONE_ORIGIN, at_s),
                               {(int64_t)((at_s + 1000) * 1e9)}};
}

static void draw_salt(void *context, uint8_t salt[WLK_SALT_SIZE])
{
    struct wlk_random *random = context;
    uint64_t bits[2] = {wlk_random_bits(random), wlk_random_bits(random)};
    memcpy(salt, bits, WLK_SALT_SIZE);
}

struct wlk_salts wlk_lone_salts(struct wlk_random *random)
{
    return (struct wlk_salts){draw_salt, random};
}

wlk_status wlk_lone_keys_open(struct wlk_lone *lone, struct wlk_fault *fault)
{
    const wlk_name nations[] = {wlk_name_of("JP"), wlk_name_of("KR"), wlk_name_of("US")};
    const uint64_t seed = 1;
    char folder[1024];
    memset(lone, 0, sizeof *lone);
    lone->salts = wlk_random_seeded(4, 0);
    lone->pact = calloc(1, sizeof *lone->pact);
    WLK_TRY(lone->pact ? wlk_seal_init() : WLK_IO);
    WLK_TRY(wlk_share_path("arrangements", folder, sizeof folder));
    wlk_pact_keys(nations, 3, wlk_name_of("HON-A"), &seed, lone->pact);
    WLK_TRY(wlk_pact_sign(lone->pact, folder, WLK_LONE_ORIGIN, NULL, fault));
    for (size_t i = 0; i < lone->pact->bundle_count; i++)
        if (!lone->pact->bundle[i].is_bilateral)
            WLK_TRY(wlk_force_read(lone->pact->bundle[i].bytes, lone->pact->bundle[i].size,
                                   &lone->pact->roots, &lone->agreement, fault));
    return WLK_OK;
}

void wlk_lone_keys_close(struct wlk_lone *lone)
{
    wlk_lone_close(lone);
    if (lone->pact)
        wlk_pact_clear(lone->pact);
    free(lone->pact);
}

wlk_status wlk_lone_open(struct wlk_lone *lone, const char *path, enum wlk_nature nature,
                         wlk_utc now, struct wlk_fault *fault)
{
    struct wlk_hub_options options = {.name = wlk_name_of("HON-A"),
                                      .key = wlk_lone_key(lone, "HON-A", nature),
                                      .key_nature = nature,
                                      .salts = wlk_lone_salts(&lone->salts),
                                      .roots = &lone->pact->roots,
                                      .now = {now, wlk_lone_moment(-60).mono}};
    WLK_TRY(wlk_journal_open(path, options.name, &lone->journal, fault));
    options.journal = lone->journal;
    wlk_status status = wlk_hub_open(&options, &lone->hub, fault);
    for (size_t i = 0; status == WLK_OK && i < lone->pact->bundle_count; i++) {
        status = wlk_hub_statement(lone->hub, WLK_STATEMENT_BUNDLE, lone->pact->bundle[i].bytes,
                                   lone->pact->bundle[i].size, options.now, fault);
        status = status == WLK_KNOWN ? WLK_OK : status; /* the journal had it */
    }
    return status;
}

void wlk_lone_close(struct wlk_lone *lone)
{
    wlk_hub_close(lone->hub);
    wlk_journal_close(lone->journal);
    lone->hub = NULL;
    lone->journal = NULL;
}

const struct wlk_secret_key *wlk_lone_key(const struct wlk_lone *lone, const char *owner,
                                          enum wlk_nature nature)
{
    const struct wlk_pact_owner *found = wlk_pact_owner(lone->pact, wlk_name_of(owner));
    return nature == WLK_NATURE_REAL ? &found->real : &found->exercise;
}

/* ---- warnings of KR ---- */

void wlk_lone_retime(struct wlk_header *header, double at_s)
{
    header->time = wlk_lone_moment(at_s).utc;
    header->valid_until = wlk_utc_add(header->time, 60);
}

void wlk_lone_header(const struct wlk_lone *lone, enum wlk_nature nature, double at_s,
                     struct wlk_header *out)
{
    memset(out, 0, sizeof *out);
    out->originator = wlk_name_of("KR");
    out->lane =
        (struct wlk_lane){lone->agreement.arrangement.name, WLK_CLASS_WARN, nature, 1};
    out->has_seq = true;
    out->seq = 1;
    out->arrangement = lone->agreement.digest;
    out->type = WLK_TYPE_LAUNCH;
    out->nature = nature;
    snprintf(out->label.policy, sizeof out->label.policy, "warnlink");
    out->label.releasable_count = 2;
    out->label.releasable[0] = wlk_name_of("JP");
    out->label.releasable[1] = wlk_name_of("US");
    out->has_event = out->has_object = out->has_region = true;
    out->region = WLK_REGION_DPRK;
    out->object = 1;
    out->event.bytes[0] = 0x27;
    out->group_count = 1;
    out->group[0].group = WLK_GROUP_COARSE;
    out->group[0].classification = WLK_SECRET;
    out->sensor_nation_count = 1;
    out->sensor_nation[0] = out->originator;
    wlk_lone_retime(out, at_s);
}

size_t wlk_lone_seal(struct wlk_header *header, const struct wlk_secret_key *key,
                     uint8_t *record, size_t room)
{
    const uint8_t salt[1][WLK_SALT_SIZE] = {{(uint8_t)header->seq, 7}};
    union wlk_content content;
    struct wlk_sealing what = {header, &content, salt};
    struct wlk_sealed sealed;
    memset(&content, 0, sizeof content);
    content.launch.status = WLK_LAUNCH_CONFIRMED;
    content.launch.point.latitude_e7 = 392000000;
    content.launch.point.longitude_e7 = 1257000000;
    content.launch.point.covariance[0] = content.launch.point.covariance[2] = 1;
    content.launch.point.covariance[5] = 1;
    content.launch.count_min = content.launch.count_max = 1;
    wlk_status status = wlk_seal(&what, key, record, room, &sealed);
    WLK_ASSERT(status == WLK_OK);
    header->seq++;
    header->prev = sealed.sign1_digest;
    return sealed.size;
}

/* ---- frames ---- */

wlk_status wlk_lone_give(struct wlk_lone *lone, const char *nation, enum wlk_class link,
                         const struct wlk_frame *frame, double at_s)
{
    static uint8_t bytes[WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX];
    struct wlk_writer out = {bytes, sizeof bytes, 0};
    WLK_TRY(wlk_frame_encode(frame, NULL, &out));
    return wlk_hub_frame(lone->hub, wlk_name_of(nation), link, bytes + WLK_FRAME_PREFIX,
                         out.at - WLK_FRAME_PREFIX, wlk_lone_moment(at_s));
}

void wlk_lone_join(struct wlk_lone *lone, const char *nation, enum wlk_class link, double at_s)
{
    const struct wlk_frame hello = {
        .kind = WLK_FRAME_HELLO, .sender = wlk_name_of(nation), .link = link};
    wlk_hub_connected(lone->hub, hello.sender, link, wlk_lone_moment(at_s));
    wlk_status status = wlk_lone_give(lone, nation, link, &hello, at_s);
    WLK_ASSERT(status == WLK_OK);
}

bool wlk_lone_next(struct wlk_lone *lone, const char *nation, enum wlk_class link, double at_s,
                   struct wlk_frame *out)
{
    const uint8_t *bytes;
    size_t size;
    while (wlk_hub_outgoing(lone->hub, wlk_name_of(nation), link, wlk_lone_moment(at_s), &bytes,
                            &size))
        if (wlk_frame_decode(bytes + WLK_FRAME_PREFIX, size - WLK_FRAME_PREFIX, out) ==
                WLK_OK &&
            out->kind == WLK_FRAME_RECORD)
            return true;
    return false;
}

unsigned wlk_lone_take(struct wlk_lone *lone, const char *nation, enum wlk_class link,
                       double at_s)
{
    struct wlk_frame frame;
    unsigned records = 0;
    while (wlk_lone_next(lone, nation, link, at_s, &frame))
        records++;
    return records;
}
