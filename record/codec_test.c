/* codec_test.c -- is there exactly one encoding of each record, and nothing else accepted?
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/codec.h"

#include "base/tap.h"
#include "record/cbor.h"
#include "record/sample.h"

#include <stdlib.h>

enum { SEED = 20261123, ROUND_TRIPS = 10000, ROOM = 16384 };

static struct wlk_secret_key key;
static struct wlk_sample sample;
static uint8_t record[ROOM], copy[ROOM], third[ROOM];

/* Seals the sample into record; the size, 0 if it was refused. */
static size_t seal_sample(void)
{
    struct wlk_sealing sealing = wlk_sample_sealing(&sample);
    struct wlk_sealed sealed = {0};
    return wlk_seal(&sealing, &key, record, sizeof record, &sealed) == WLK_OK ? sealed.size : 0;
}

/* A fresh record of a type with all its groups, as many as it may have. */
static size_t seal_type(struct wlk_random *random, enum wlk_type type)
{
    do
        wlk_sample_make(random, type, &sample);
    while (wlk_type_class(type) == WLK_CLASS_WARN && type != WLK_TYPE_CANCEL &&
           sample.header.group_count < 2);
    return seal_sample();
}

/* Decodes and verifies: what a receiver does. */
static bool is_accepted(const uint8_t *bytes, size_t size)
{
    struct wlk_claim claim;
    struct wlk_record verified;
    return wlk_claim_decode(bytes, size, &claim, NULL) == WLK_OK &&
           wlk_record_verify(&claim, &key.public_key, &verified) == WLK_OK;
}

/* The decoded header is the sample's, but for the digests that sealing fills. */
static bool is_same_header(const struct wlk_header *header)
{
    struct wlk_header expected = sample.header;
    for (size_t i = 0; i < expected.group_count; i++)
        expected.group[i].digest = header->group[i].digest;
    return memcmp(&expected, header, sizeof expected) == 0;
}

/* Header, contents and salts of the claim are the sample's. */
static bool is_same(const struct wlk_claim *claim)
{
    static union wlk_content content;
    bool is_equal = is_same_header(&claim->header);
    for (size_t i = 0; i < claim->header.group_count; i++) {
        memset(&content, 0, sizeof content);
        is_equal = is_equal &&
                   wlk_content_decode(&claim->disclosure[i], &content, NULL) == WLK_OK &&
                   memcmp(&content, &sample.content[i], sizeof content) == 0 &&
                   memcmp(claim->disclosure[i].salt, sample.salt[i], WLK_SALT_SIZE) == 0;
    }
    return is_equal;
}

static void test_round_trip(enum wlk_type type)
{
    struct wlk_random random = wlk_random_seeded(SEED, type);
    size_t wrong = 0, largest = 0;
    for (int i = 0; i < ROUND_TRIPS; i++) {
        struct wlk_claim claim;
        struct wlk_fault fault = {.rule = "none"};
        wlk_sample_make(&random, type, &sample);
        size_t size = seal_sample();
        bool is_read = size && wlk_claim_decode(record, size, &claim, &fault) == WLK_OK;
        bool is_right = is_read && is_same(&claim) && is_accepted(record, size);
        if (!is_right && wrong == 0)
            wlk_note("first at %d: %s", i, fault.rule);
        wrong += !is_right;
        largest = size > largest ? size : largest;
    }
    wlk_check(wrong == 0, "%d random %s records come back as they were (largest %zu bytes)",
              ROUND_TRIPS, wlk_type_word(type), largest);
}

static void test_bit_flips(enum wlk_type type)
{
    struct wlk_random random = wlk_random_seeded(SEED, 100 + type);
    size_t size = seal_type(&random, type), accepted = 0;
    wlk_check(is_accepted(record, size), "a %s record of %zu bytes is accepted",
              wlk_type_word(type), size);
    for (size_t bit = 0; bit < size * 8; bit++) {
        record[bit / 8] ^= (uint8_t)(1u << bit % 8);
        accepted += is_accepted(record, size);
        record[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    wlk_check(accepted == 0, "of its %zu single-bit flips none is accepted", size * 8);
}

/* Each copy is as long as its allocation, so that a sanitizer sees a read beyond. */
static void test_truncations(enum wlk_type type)
{
    struct wlk_random random = wlk_random_seeded(SEED, 200 + type);
    size_t size = seal_type(&random, type), accepted = 0;
    for (size_t cut = 0; cut < size; cut++) {
        uint8_t *exact = malloc(cut ? cut : 1);
        memcpy(exact, record, cut);
        struct wlk_claim claim;
        accepted += wlk_claim_decode(exact, cut, &claim, NULL) == WLK_OK;
        free(exact);
    }
    record[size] = 0;
    struct wlk_claim claim = {.size = 12345};
    accepted += wlk_claim_decode(record, size + 1, &claim, NULL) == WLK_OK;
    wlk_check(accepted == 0 && claim.size == 12345,
              "a %s record cut anywhere, or with a byte behind, is refused",
              wlk_type_word(type));
}

static void test_refused_untouched(void)
{
    struct wlk_random random = wlk_random_seeded(SEED, 300);
    size_t size = seal_type(&random, WLK_TYPE_LAUNCH);
    struct wlk_claim claim, before;
    memset(&claim, 0x5a, sizeof claim);
    memset(&before, 0x5a, sizeof before);
    wlk_status status = wlk_claim_decode(record, size - 1, &claim, NULL);
    wlk_check(status == WLK_BAD_INPUT && memcmp(&claim, &before, sizeof claim) == 0,
              "a refused record leaves the claim untouched");
    struct wlk_sealing sealing = wlk_sample_sealing(&sample);
    struct wlk_sealed sealed = {.size = 7};
    memset(copy, 0x5a, sizeof copy);
    memset(third, 0x5a, sizeof third);
    size_t wrong = 0;
    for (size_t room = 0; room < size; room++)
        wrong += wlk_seal(&sealing, &key, copy, room, &sealed) != WLK_FULL;
    wlk_check(wrong == 0 && sealed.size == 7 && memcmp(copy, third, sizeof copy) == 0,
              "a room too small takes nothing");
    wlk_check(wlk_seal(&sealing, &key, copy, size, &sealed) == WLK_OK && sealed.size == size &&
                  memcmp(copy, record, size) == 0,
              "room for exactly the record is enough, and sealing again gives the same bytes");
}

static const uint8_t *find(const uint8_t *bytes, size_t size, const uint8_t *part,
                           size_t part_size)
{
    return memmem(bytes, size, part, part_size);
}

static void test_withhold(void)
{
    struct wlk_random random = wlk_random_seeded(SEED, 400);
    size_t size = seal_type(&random, WLK_TYPE_IMPACT), cut_size = 0;
    struct wlk_claim whole, cut;
    bool is_read = wlk_claim_decode(record, size, &whole, NULL) == WLK_OK;
    bool withheld[WLK_GROUPS_MAX] = {false, true};
    const struct wlk_disclosure *fine = &whole.disclosure[1];
    wlk_check(is_read && fine->group == WLK_GROUP_FINE &&
                  wlk_record_withhold(&whole, withheld, copy, sizeof copy, &cut_size) ==
                      WLK_OK &&
                  is_accepted(copy, cut_size),
              "with fine withheld the originator's signature still verifies");
    wlk_check(find(record, size, fine->salt, WLK_SALT_SIZE) &&
                  !find(copy, cut_size, fine->salt, WLK_SALT_SIZE) &&
                  !find(copy, cut_size, fine->content + 1, 16),
              "neither salt nor content of fine are in the copy");
    wlk_check(cut_size == size - fine->size - (fine->size < 256 ? 2 : 3) + 1 &&
                  memcmp(copy, record, cut_size - 1) == 0 && copy[cut_size - 1] == 0xf6,
              "nothing else has changed");
    struct wlk_impact_content content;
    wlk_check(wlk_claim_decode(copy, cut_size, &cut, NULL) == WLK_OK &&
                  cut.disclosure[1].is_withheld && !cut.disclosure[1].bytes &&
                  wlk_impact_content_decode(&cut.disclosure[1], &content, NULL) ==
                      WLK_NOT_RELEASABLE &&
                  wlk_impact_content_decode(&cut.disclosure[0], &content, NULL) == WLK_OK,
              "fine cannot be read, coarse can");
    wlk_check(wlk_digest_equal(&whole.digest, &cut.digest),
              "both copies are the same link of the chain");
    size_t again_size = 7;
    wlk_check(wlk_record_withhold(&whole, withheld, third, cut_size - 1, &again_size) ==
                      WLK_FULL &&
                  again_size == 7,
              "a room too small is refused");
    const bool nothing[WLK_GROUPS_MAX] = {false};
    wlk_check(wlk_record_withhold(&cut, nothing, third, sizeof third, &again_size) == WLK_OK &&
                  again_size == cut_size && memcmp(third, copy, cut_size) == 0,
              "what is withheld already stays withheld");
}

static void test_unite(void)
{
    struct wlk_random random = wlk_random_seeded(SEED, 500);
    size_t size = seal_type(&random, WLK_TYPE_LAUNCH), first_size, second_size, size_out = 7;
    struct wlk_claim whole, first, second;
    static uint8_t out[ROOM], other[ROOM];
    const bool hide_first[] = {true, false}, hide_second[] = {false, true};
    bool is_ready =
        wlk_claim_decode(record, size, &whole, NULL) == WLK_OK &&
        wlk_record_withhold(&whole, hide_first, copy, sizeof copy, &first_size) == WLK_OK &&
        wlk_record_withhold(&whole, hide_second, third, sizeof third, &second_size) == WLK_OK &&
        wlk_claim_decode(copy, first_size, &first, NULL) == WLK_OK &&
        wlk_claim_decode(third, second_size, &second, NULL) == WLK_OK;
    wlk_check(is_ready && is_accepted(copy, first_size) && is_accepted(third, second_size),
              "each half of a record verifies by itself");
    wlk_check(wlk_record_unite(&first, &second, out, sizeof out, &size_out) == WLK_OK &&
                  size_out == size && memcmp(out, record, size) == 0,
              "the union of two halves is the whole, byte by byte");
    wlk_check(wlk_record_unite(&second, &first, out, sizeof out, &size_out) == WLK_OK &&
                  size_out == size && memcmp(out, record, size) == 0,
              "in either order");
    wlk_check(wlk_record_unite(&first, &first, out, sizeof out, &size_out) == WLK_OK &&
                  size_out == first_size && memcmp(out, copy, first_size) == 0,
              "a copy united with itself stays as it is");
    memcpy(other, record, size);
    struct wlk_claim stranger;
    size_t other_size = seal_type(&random, WLK_TYPE_LAUNCH);
    size_out = 7;
    wlk_check(wlk_claim_decode(record, other_size, &stranger, NULL) == WLK_OK &&
                  wlk_record_unite(&first, &stranger, out, sizeof out, &size_out) ==
                      WLK_BAD_INPUT &&
                  size_out == 7,
              "copies of two records are not united");
}

/* Puts bytes of another disclosure of equal size in place, or swaps two. */
static void test_foreign_disclosures(void)
{
    struct wlk_random random = wlk_random_seeded(SEED, 600);
    size_t size = seal_type(&random, WLK_TYPE_LAUNCH);
    struct wlk_claim claim;
    struct wlk_fault fault = {.rule = "none"};
    bool is_read = wlk_claim_decode(record, size, &claim, NULL) == WLK_OK;
    size_t salt_at = (size_t)(claim.disclosure[0].salt - record);
    record[salt_at] ^= 1;
    wlk_check(is_read && wlk_claim_decode(record, size, &claim, &fault) == WLK_BAD_INPUT &&
                  !strcmp(fault.rule, "digest of the disclosure is the one in the header"),
              "another salt is another digest: %s", fault.rule);
    record[salt_at] ^= 1;
    struct wlk_writer to = {copy, sizeof copy, 0};
    const struct wlk_disclosure *d = claim.disclosure;
    size_t head = 1 + claim.sign1_size + 1;
    bool is_written = wlk_write_bytes(&to, record, head) == WLK_OK &&
                      wlk_cbor_write_bytes(&to, d[1].bytes, d[1].size) == WLK_OK &&
                      wlk_cbor_write_bytes(&to, d[0].bytes, d[0].size) == WLK_OK;
    wlk_check(is_written && to.at == size &&
                  wlk_claim_decode(copy, to.at, &claim, &fault) == WLK_BAD_INPUT,
              "two disclosures that changed places are refused: %s", fault.rule);
}

static void test_widest(void)
{
    struct wlk_random random = wlk_random_seeded(SEED, 700);
    wlk_sample_widest(&random, &sample);
    struct wlk_claim claim = {0};
    size_t size = seal_sample();
    wlk_check(size > 0 && wlk_claim_decode(record, size, &claim, NULL) == WLK_OK &&
                  is_same(&claim),
              "with all fields at their widest a record has %zu bytes", size);
    wlk_check(claim.header_size <= WLK_HEADER_SIZE_MAX &&
                  claim.disclosure[0].content_size <= 6144,
              "its header %zu, its content %zu: within their bounds", claim.header_size,
              claim.disclosure[0].content_size);
    struct wlk_writer to = {copy, 0, 0};
    size_t full = 0;
    for (to.size = 0; to.size < claim.header_size; to.size++)
        full += wlk_header_encode(&sample.header, &to) == WLK_FULL && to.at == 0;
    wlk_check(full == claim.header_size, "a header without room appends nothing");
    full = 0;
    for (to.size = 0; to.size < claim.disclosure[0].content_size; to.size++)
        full += wlk_content_encode(WLK_TYPE_STATUS, WLK_GROUP_BODY, sample.content, &to) ==
                    WLK_FULL &&
                to.at == 0;
    wlk_check(full == claim.disclosure[0].content_size, "nor does a content");
}

/* What stands wrong in a content must be refused when sealing. */
static void refuse_content(const char *what)
{
    wlk_check(seal_sample() == 0, "%s is not sealed", what);
}

static void test_content_ranges(void)
{
    struct wlk_random random = wlk_random_seeded(SEED, 800);
    struct wlk_launch_content *launch = &sample.content[0].launch;
#define REFUSE(type, change, what)                                                             \
    wlk_sample_make(&random, type, &sample);                                                   \
    change;                                                                                    \
    refuse_content(what)
    REFUSE(WLK_TYPE_LAUNCH, launch->point.latitude_e7 = 900000001, "a latitude beyond 90");
    REFUSE(WLK_TYPE_LAUNCH, launch->point.longitude_e7 = -1800000000, "longitude -180");
    REFUSE(WLK_TYPE_LAUNCH, launch->point.time_ns = -1, "a time before 1970");
    REFUSE(WLK_TYPE_LAUNCH, launch->point.covariance[5] = -1, "a negative variance");
    REFUSE(WLK_TYPE_LAUNCH, launch->point.covariance[2] = -1, "a negative variance of north");
    REFUSE(WLK_TYPE_LAUNCH, launch->point.covariance[1] = INT64_MIN, "a covariance of -2^63");
    REFUSE(WLK_TYPE_LAUNCH, launch->count_min = launch->count_max + 1, "min above max");
    REFUSE(WLK_TYPE_LAUNCH, launch->status = (enum wlk_launch_status)4, "launch status 4");
    REFUSE(WLK_TYPE_LAUNCH, launch->has_azimuth = true;
           launch->azimuth_e7 = 3600000000, "azimuth 360");
    REFUSE(WLK_TYPE_IMPACT, sample.content[0].impact.condition = (enum wlk_track_condition)0,
           "condition 0");
    REFUSE(WLK_TYPE_CANCEL, sample.content[0].cancel.reason[0] = 0, "an empty reason");
    REFUSE(WLK_TYPE_CANCEL, sample.content[0].cancel.reason[0] = '\n', "a line feed");
    REFUSE(WLK_TYPE_CANCEL, memset(sample.content[0].cancel.reason, 'x', WLK_REASON_SIZE),
           "a text without end");
    REFUSE(WLK_TYPE_TRACK, sample.content[0].track.is_coarse ^= true,
           "a track in the wrong group");
    REFUSE(WLK_TYPE_TRACK, sample.content[0].track.velocity_mmps[2] = 100000001,
           "more than 100 km/s");
    REFUSE(WLK_TYPE_STATUS, sample.content[0].status.head_count = WLK_HEADS_MAX + 1,
           "one head too many");
    REFUSE(WLK_TYPE_RECEIPT, sample.content[0].receipt.durable_seq = UINT64_MAX,
           "durable beyond received");
    REFUSE(WLK_TYPE_REFUSED, sample.content[0].refused.first_seq = 0, "a range from 0");
    REFUSE(WLK_TYPE_REFUSED, sample.content[0].refused.last_seq = 0, "a range to 0");
    REFUSE(WLK_TYPE_REFUSED, sample.content[0].refused.lane.generation = 0, "generation 0");
    REFUSE(WLK_TYPE_PLOT, sample.content[0].plot.sensor.text[0] = 'a', "a name in lower case");
    REFUSE(WLK_TYPE_PLOT, sample.content[0].plot.range_mm = -1, "a range below 0");
#undef REFUSE
}

/* One rule of the header broken: sealing refuses, and the rule has its name. */
static void refuse_header(const char *rule)
{
    const char *found = wlk_header_fault(&sample.header);
    wlk_check(seal_sample() == 0 && found && !strcmp(found, rule), "header rule: %s",
              found ? found : "none");
}

static void test_header_rules(void)
{
    struct wlk_random random = wlk_random_seeded(SEED, 900);
    struct wlk_header *h = &sample.header;
#define REFUSE(type, change, rule)                                                             \
    wlk_sample_make(&random, type, &sample);                                                   \
    change;                                                                                    \
    refuse_header(rule)
    REFUSE(WLK_TYPE_LAUNCH, h->lane.record_class = WLK_CLASS_TRACK,
           "class of the lane fits the type");
    REFUSE(WLK_TYPE_LAUNCH, h->nature = h->nature % 3 + 1,
           "nature of the record is that of its lane");
    REFUSE(WLK_TYPE_LAUNCH, h->has_seq = false, "seq and prev exactly outside class status");
    REFUSE(WLK_TYPE_STATUS, h->has_seq = true, "seq and prev exactly outside class status");
    REFUSE(WLK_TYPE_TRACK, h->seq = 0, "seq counts from 1");
    REFUSE(WLK_TYPE_TRACK, h->seq = UINT64_MAX, "seq counts from 1");
    REFUSE(WLK_TYPE_TRACK, h->seq = 1; h->prev.bytes[9] = 1, "prev is zeros exactly for seq 1");
    REFUSE(WLK_TYPE_TRACK, h->seq = 2;
           h->prev = (wlk_digest){{0}}, "prev is zeros exactly for seq 1");
    REFUSE(WLK_TYPE_TRACK, h->group_count = 0, "number of items out of range");
    REFUSE(WLK_TYPE_TRACK, h->group_count = 3, "number of items out of range");
    REFUSE(WLK_TYPE_TRACK, h->group[0].group = WLK_GROUP_BODY, "groups fit the type");
    REFUSE(WLK_TYPE_PLOT, h->group[0].group = WLK_GROUP_FINE, "groups fit the type");
    REFUSE(WLK_TYPE_TRACK, h->group_count = 2; h->group[0].group = WLK_GROUP_FINE;
           h->group[1].group = WLK_GROUP_COARSE, "groups ascending");
    REFUSE(WLK_TYPE_TRACK, h->group_count = 2; h->group[0].group = WLK_GROUP_COARSE;
           h->group[1].group = WLK_GROUP_SHIELDED, "groups fit the type");
    REFUSE(WLK_TYPE_TRACK, h->group_count = 2; h->group[0].group = WLK_GROUP_SHIELDED;
           h->group[1].group = WLK_GROUP_FINE, "groups fit the type");
    REFUSE(WLK_TYPE_STATUS, h->group_count = 2;
           h->group[1].group = WLK_GROUP_BODY, "groups ascending");
    REFUSE(WLK_TYPE_PLOT, h->label.policy[0] = 0, "policy is a text");
    REFUSE(WLK_TYPE_PLOT, h->label.releasable_count = 0, "number of items out of range");
    REFUSE(WLK_TYPE_PLOT, h->label.releasable_count = 2;
           h->label.releasable[1] = h->label.releasable[0], "names ascending");
    REFUSE(WLK_TYPE_PLOT, h->label.caveat_count = 5, "number of items out of range");
    REFUSE(WLK_TYPE_PLOT, h->label.caveat_count = 1;
           h->label.caveat[0][0] = 0, "caveats are texts");
    REFUSE(WLK_TYPE_LAUNCH, h->sensor_nation_count = 0, "sensor nations are named");
    REFUSE(WLK_TYPE_LAUNCH, h->sensor_nation_count = 9, "number of items out of range");
    REFUSE(WLK_TYPE_LAUNCH, h->sensor_nation_count = 2; h->sensor_nation[0] = wlk_name_of("US");
           h->sensor_nation[1] = wlk_name_of("KR"), "names ascending");
    REFUSE(WLK_TYPE_RECEIPT, h->sensor_nation_count = 1;
           h->sensor_nation[0] = wlk_name_of("US"), "no sensor nations in class status");
    REFUSE(WLK_TYPE_LAUNCH, h->time.ns = -1, "times not before 1970");
    REFUSE(WLK_TYPE_LAUNCH, h->valid_until.ns = -1, "times not before 1970");
    REFUSE(WLK_TYPE_CANCEL, h->has_replaced = false, "a cancel names what it cancels");
    REFUSE(WLK_TYPE_LAUNCH, h->nature = h->lane.nature = WLK_NATURE_REAL;
           h->has_exercise = true, "no exercise id on a real record");
    REFUSE(WLK_TYPE_LAUNCH, h->nature = h->lane.nature = WLK_NATURE_TEST;
           h->has_exercise = true; h->exercise[0] = 0, "exercise id is a text");
#undef REFUSE
    wlk_sample_make(&random, WLK_TYPE_LAUNCH, &sample);
    sample.header.has_object = true;
    sample.header.object = 0;
    wlk_check(seal_sample() == 0, "object 0 is not sealed");
    wlk_sample_make(&random, WLK_TYPE_LAUNCH, &sample);
    sample.header.originator.text[1] = '_';
    wlk_check(seal_sample() == 0, "a name with another letter is not sealed");
}

/* Damage of a good header that a signer could do on purpose: replaces the byte string old by
 * new_ at its first place in the encoded header. */
static void refuse_bytes(const uint8_t *header, size_t size, const char *old, const char *new_,
                         const char *rule)
{
    size_t old_size = strlen(old) / 2, new_size = strlen(new_) / 2;
    uint8_t from[32], to[32];
    for (size_t i = 0; i < old_size; i++)
        from[i] = (uint8_t)strtoul((char[3]){old[2 * i], old[2 * i + 1], 0}, NULL, 16);
    for (size_t i = 0; i < new_size; i++)
        to[i] = (uint8_t)strtoul((char[3]){new_[2 * i], new_[2 * i + 1], 0}, NULL, 16);
    const uint8_t *at = find(header, size, from, old_size);
    size_t before = at ? (size_t)(at - header) : 0;
    memcpy(copy, header, before);
    memcpy(copy + before, to, new_size);
    memcpy(copy + before + new_size, header + before + old_size, size - before - old_size);
    struct wlk_header out;
    struct wlk_fault fault = {.rule = "none"};
    wlk_status status = wlk_header_decode(copy, size - old_size + new_size, &out, &fault);
    wlk_check(at && status == WLK_BAD_INPUT && !strcmp(fault.rule, rule),
              "%s written as %s is refused: %s", old, new_, fault.rule);
}

static void test_hostile_headers(void)
{
    struct wlk_header h = {
        .originator = wlk_name_of("KR"),
        .lane = {wlk_name_of("TMW-1"), WLK_CLASS_TRACK, WLK_NATURE_TEST, 5},
        .has_seq = true,
        .seq = 1,
        .time = {1000},
        .type = WLK_TYPE_TRACK,
        .nature = WLK_NATURE_TEST,
        .label = {.policy = "P", .releasable_count = 2},
        .valid_until = {2000},
        .group_count = 1,
        .group = {{WLK_GROUP_COARSE, {{0}}, WLK_SECRET}},
        .sensor_nation_count = 1,
        .has_exercise = true,
        .exercise = "EX",
    };
    h.label.releasable[0] = wlk_name_of("JP");
    h.label.releasable[1] = wlk_name_of("US");
    h.sensor_nation[0] = wlk_name_of("KR");
    struct wlk_writer to = {third, sizeof third, 0};
    struct wlk_header back;
    bool is_good = wlk_header_encode(&h, &to) == WLK_OK &&
                   wlk_header_decode(third, to.at, &back, NULL) == WLK_OK;
    wlk_check(is_good, "a plain header is accepted (%zu bytes)", to.at);
    size_t size = to.at;
    refuse_bytes(third, size, "ae010102624b52", "ae010202624b52", "number out of range");
    refuse_bytes(third, size, "010102624b52", "01180102624b52", "shortest form");
    refuse_bytes(third, size, "010102624b52", "010101624b52", "no key twice");
    refuse_bytes(third, size, "ae010102624b52", "ad010102624b52", "nothing behind the end");
    refuse_bytes(third, size, "ae010102624b52", "af010102624b52", "bytes end early");
    refuse_bytes(third, size, "010102624b52", "02624b520101", "keys ascending");
    refuse_bytes(third, size, "ae010102624b52", "bf010102624b52", "definite lengths only");
    refuse_bytes(third, size, "02624b52", "02424b52", "wrong type of item");
    refuse_bytes(third, size, "02624b52", "02626b72", "names are 1-15 of A-Z 0-9 -");
    refuse_bytes(third, size, "02624b52", "0262c080", "clean UTF-8 text");
    refuse_bytes(third, size, "02624b52", "0260", "length out of range");
    refuse_bytes(third, size, "02624b52", "02704b524b524b524b524b524b524b524b52",
                 "length out of range");
    refuse_bytes(third, size, "061903e8", "061a000003e8", "shortest form");
    refuse_bytes(third, size, "061903e8", "061bffffffffffffffff", "number out of range");
    refuse_bytes(third, size, "061903e8", "063903e8", "number out of range");
    refuse_bytes(third, size, "061903e8", "06fb408f400000000000",
                 "no floats, no simple values but false, true, null");
    refuse_bytes(third, size, "061903e8", "06c11903e8",
                 "no tag but 18, and only where it belongs");
    refuse_bytes(third, size, "061903e8", "0681818181818100", "nesting too deep");
    refuse_bytes(third, size, "061903e8", "068181818100", "wrong type of item");
    refuse_bytes(third, size, "13624558", "14624558", "unknown key");
    refuse_bytes(third, size, "624a50625553", "625553624a50", "names ascending");
    refuse_bytes(third, size, "624a50625553", "624a50624a50", "names ascending");
    refuse_bytes(third, size, "0804", "0805", "class of the lane fits the type");
    refuse_bytes(third, size, "0804", "0809", "number out of range");
    refuse_bytes(third, size, "0903", "0902", "nature of the record is that of its lane");
    refuse_bytes(third, size, "0401", "0402", "prev is zeros exactly for seq 1");
    refuse_bytes(third, size, "0fa101", "0fa104", "groups fit the type");
}

int main(void)
{
    wlk_key_rehearsal(SEED, 1, &key);
    for (enum wlk_type type = WLK_TYPE_LAUNCH; type < WLK_TYPE_END; type++)
        test_round_trip(type);
    for (enum wlk_type type = WLK_TYPE_LAUNCH; type < WLK_TYPE_END; type++) {
        test_bit_flips(type);
        test_truncations(type);
    }
    test_refused_untouched();
    test_withhold();
    test_unite();
    test_foreign_disclosures();
    test_widest();
    test_content_ranges();
    test_header_rules();
    test_hostile_headers();
    return wlk_tap_done();
}
