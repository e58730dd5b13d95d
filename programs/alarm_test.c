/* alarm_test.c -- a signature about which the hub's two verifiers disagree: made by who has the
 * key, with a commitment of small order, which OpenSSL 3.0 takes and libsodium does not. The
 * hub must pass it to nobody, write it into its log, and count it for the alarm.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"
#include "base/tap.h"
#include "exchange/frame.h"
#include "exchange/journal.h"
#include "programs/hub.h"
#include "programs/pact.h"
#include "programs/share.h"
#include "record/envelope.h"
#include "release/audit.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

static const wlk_utc ORIGIN = {INT64_C(1795392000000000000)};
static struct wlk_pact *pact;
static struct wlk_agreement agreement; /* TMW-1 */
static struct wlk_journal *journal;
static struct wlk_hub *hub;
static struct wlk_random salts;
static uint8_t record[WLK_RECORD_SIZE_MAX];

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

/* KR's first warning, sealed as it should be; returns its size. */
static size_t make_record(void)
{
    static union wlk_content content;
    static struct wlk_header header;
    const uint8_t salt[1][WLK_SALT_SIZE] = {{7}};
    struct wlk_sealed sealed;
    header.originator = wlk_name_of("KR");
    header.lane = (struct wlk_lane){agreement.arrangement.name, WLK_CLASS_WARN,
                                    WLK_NATURE_EXERCISE, 1};
    header.has_seq = true;
    header.seq = 1;
    header.arrangement = agreement.digest;
    header.time = ORIGIN;
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
    header.valid_until = wlk_utc_add(header.time, 60);
    header.group_count = 1;
    header.group[0].group = WLK_GROUP_COARSE;
    header.group[0].classification = WLK_SECRET;
    header.sensor_nation_count = 1;
    header.sensor_nation[0] = header.originator;
    content.launch.status = WLK_LAUNCH_CONFIRMED;
    content.launch.point.latitude_e7 = 392000000;
    content.launch.point.longitude_e7 = 1257000000;
    content.launch.point.covariance[0] = content.launch.point.covariance[2] = 1;
    content.launch.point.covariance[5] = 1;
    content.launch.count_min = content.launch.count_max = 1;
    struct wlk_sealing what = {&header, &content, salt};
    if (wlk_seal(&what, key_of("KR"), record, sizeof record, &sealed) != WLK_OK)
        abort();
    return sealed.size;
}

/* R is the identity; S = k a: right by the equation, and no signature. */
static void forge(size_t size)
{
    static uint8_t message[WLK_RECORD_SIZE_MAX];
    struct wlk_claim claim;
    const struct wlk_secret_key *key = key_of("KR");
    uint8_t secret[64], challenge[64], product[32], signature[64] = {1};
    if (wlk_claim_decode(record, size, &claim, NULL) != WLK_OK)
        abort();
    struct wlk_envelope envelope = {
        .kid = claim.kid, .payload = claim.header_bytes, .payload_size = claim.header_size};
    struct wlk_writer out = {message, sizeof message, 0};
    if (wlk_envelope_write_signed(&envelope, WLK_RECORD_KIND, &out) != WLK_OK)
        abort();
    crypto_hash_sha512(secret, key->bytes, 32); /* the seed stands first */
    secret[0] &= 248;
    secret[31] = (uint8_t)((secret[31] & 127) | 64);
    uint8_t wide[64] = {0}, scalar[32];
    memcpy(wide, secret, 32);
    crypto_core_ed25519_scalar_reduce(scalar, wide);
    crypto_hash_sha512_state hash;
    crypto_hash_sha512_init(&hash);
    crypto_hash_sha512_update(&hash, signature, 32);
    crypto_hash_sha512_update(&hash, key->public_key.bytes, 32);
    crypto_hash_sha512_update(&hash, message, out.at);
    crypto_hash_sha512_final(&hash, challenge);
    crypto_core_ed25519_scalar_reduce(product, challenge);
    crypto_core_ed25519_scalar_mul(signature + 32, product, scalar);
    memcpy(record + (claim.signature - record), signature, sizeof signature);
}

static void give(const struct wlk_frame *frame, const char *nation)
{
    static uint8_t bytes[WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX];
    struct wlk_writer out = {bytes, sizeof bytes, 0};
    if (wlk_frame_encode(frame, NULL, &out) != WLK_OK ||
        wlk_hub_frame(hub, wlk_name_of(nation), WLK_CLASS_WARN, bytes + WLK_FRAME_PREFIX,
                      out.at - WLK_FRAME_PREFIX, moment(0)) != WLK_OK)
        abort();
}

static void join(const char *nation)
{
    struct wlk_frame hello = {
        .kind = WLK_FRAME_HELLO, .sender = wlk_name_of(nation), .link = WLK_CLASS_WARN};
    wlk_hub_connected(hub, wlk_name_of(nation), WLK_CLASS_WARN, moment(-1));
    give(&hello, nation);
}

/* Records that the hub has for a nation. */
static unsigned sent_to(const char *nation)
{
    const uint8_t *bytes;
    size_t size;
    struct wlk_frame frame;
    unsigned records = 0;
    while (wlk_hub_outgoing(hub, wlk_name_of(nation), WLK_CLASS_WARN, moment(0), &bytes, &size))
        records += wlk_frame_decode(bytes + WLK_FRAME_PREFIX, size - WLK_FRAME_PREFIX,
                                    &frame) == WLK_OK &&
                   frame.kind == WLK_FRAME_RECORD;
    return records;
}

/* Lines of the log with this clause that refuse. */
static unsigned refused_under(const char *clause)
{
    struct wlk_audit audit = {0};
    struct wlk_audit_entry entry;
    const uint8_t *bytes;
    size_t size, offset = 0;
    unsigned lines = 0;
    while (wlk_journal_log_at(journal, agreement.arrangement.name, audit.count + 1, &bytes,
                              &size) == WLK_OK &&
           wlk_audit_next(&audit, bytes, size, &offset, &entry) == WLK_OK) {
        lines += entry.kind == WLK_REFUSE && !strcmp(entry.clause, clause);
        offset = 0;
    }
    return lines;
}

static bool set_up(void)
{
    char folder[1024];
    struct wlk_fault fault = {0};
    struct wlk_hub_options options = {.name = wlk_name_of("HON-A"),
                                      .key_nature = WLK_NATURE_EXERCISE,
                                      .salts = {draw_salt, &salts},
                                      .now = moment(-60)};
    salts = wlk_random_seeded(4, 0);
    const wlk_name nations[] = {wlk_name_of("JP"), wlk_name_of("KR"), wlk_name_of("US")};
    const uint64_t seed = 1;
    pact = calloc(1, sizeof *pact);
    if (!pact || wlk_seal_init() != WLK_OK ||
        wlk_share_path("arrangements", folder, sizeof folder) != WLK_OK)
        return false;
    wlk_pact_keys(nations, 3, options.name, &seed, pact);
    if (wlk_pact_sign(pact, folder, ORIGIN, NULL, &fault) != WLK_OK)
        return false;
    options.key = key_of("HON-A");
    options.roots = &pact->roots;
    if (wlk_journal_open(":memory:", options.name, &journal, &fault) != WLK_OK)
        return false;
    options.journal = journal;
    if (wlk_hub_open(&options, &hub, &fault) != WLK_OK)
        return false;
    for (size_t i = 0; i < pact->bundle_count; i++)
        (void)!wlk_hub_statement(hub, WLK_STATEMENT_BUNDLE, pact->bundle[i].bytes,
                                 pact->bundle[i].size, moment(-60), &fault);
    const struct wlk_agreement *found =
        wlk_force_named(wlk_hub_force(hub), wlk_name_of("TMW-1"), moment(0).utc);
    if (found)
        agreement = *found;
    return found != NULL;
}

int main(void)
{
    if (!wlk_check(set_up(), "a hub under TMW-1"))
        return wlk_tap_done();
    join("KR");
    join("JP");
    size_t size = make_record();
    struct wlk_frame frame = {.kind = WLK_FRAME_RECORD, .bytes = record, .size = size};
    forge(size);
    uint64_t before = wlk_seal_disagreements();
    give(&frame, "KR");
    const struct wlk_hub_counts *counts = wlk_hub_count(hub);
    wlk_check(wlk_seal_disagreements() == before + 1,
              "one verifier takes the signature and the other does not");
    wlk_check(counts->disagreed == 1, "the hub counts it, for its alarm");
    wlk_check(counts->passed + counts->trimmed == 0 && counts->received == 0 &&
                  sent_to("JP") == 0,
              "and passes it to nobody");
    wlk_check(refused_under("verifiers") == 2, "its log says so for each other party");
    (void)make_record();
    give(&frame, "KR");
    wlk_check(counts->disagreed == 1 && counts->passed == 2 && sent_to("JP") == 1,
              "the record as it was signed passes then");
    wlk_hub_close(hub);
    wlk_journal_close(journal);
    wlk_pact_clear(pact);
    free(pact);
    return wlk_tap_done();
}
