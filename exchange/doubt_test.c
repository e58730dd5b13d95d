/* doubt_test.c -- what becomes of a partner's records when it ends the key that signed them?
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/tap.h"
#include "exchange/frame.h"
#include "exchange/life.h"
#include "release/sample.h"

#include <stdio.h>
#include <string.h>

static const int64_t NOW_S = 1800000000;
static struct wlk_released *released;
static struct wlk_lane_head head; /* of KR's lane of warnings */
static unsigned come, suspects;   /* deliveries: records, words about an ended key */

static void hand(struct wlk_life *life, enum wlk_class link, const struct wlk_frame *frame)
{
    static uint8_t bytes[WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX];
    struct wlk_writer out = {bytes, sizeof bytes, 0};
    struct wlk_delivery delivery;
    if (wlk_frame_encode(frame, NULL, &out) != WLK_OK ||
        wlk_post_frame(life->post, 0, link, bytes + WLK_FRAME_PREFIX,
                       out.at - WLK_FRAME_PREFIX, life->now) != WLK_OK)
        wlk_note("a frame was not taken");
    while (wlk_post_delivered(life->post, &delivery)) {
        come += delivery.kind == WLK_DELIVERY_RECORD;
        suspects += delivery.kind == WLK_DELIVERY_SUSPECT &&
                    wlk_name_equal(delivery.nation, wlk_name_of("KR"));
    }
}

static bool begin(struct wlk_life *life)
{
    static const enum wlk_class LINKS[] = {WLK_CLASS_WARN, WLK_CLASS_STATUS};
    bool is_well = wlk_life_begin(life, NOW_S);
    for (unsigned i = 0; is_well && i < 2; i++) {
        struct wlk_frame hello = {
            .kind = WLK_FRAME_HELLO, .sender = wlk_name_of("HON-A"), .link = LINKS[i]};
        wlk_post_connected(life->post, 0, LINKS[i], life->now);
        hand(life, LINKS[i], &hello);
    }
    return is_well;
}

/* KR's next warning, of a time in seconds before now, under a sample key. */
static void say_as(struct wlk_life *life, const struct wlk_keyring *ring, unsigned key,
                   int64_t ago_s)
{
    const uint8_t salt[1][WLK_SALT_SIZE] = {{1}};
    static union wlk_content content;
    const struct wlk_arrangement *pact = wlk_life_pact();
    wlk_digest digest = wlk_arrangement_digest(pact);
    struct wlk_draft draft = {.content = &content, .salt = salt};
    struct wlk_header *header = &draft.header;
    struct wlk_egress egress = {.arrangement = pact,
                                .digest = &digest,
                                .is_in_force = true,
                                .originator = wlk_name_of("KR"),
                                .key = wlk_sample_key(key),
                                .keyring = ring,
                                .now = life->now.utc,
                                .is_event_open = true};
    memset(&content, 0, sizeof content);
    snprintf(content.cancel.reason, sizeof content.cancel.reason, "words");
    header->time = wlk_utc_add(life->now.utc, (double)-ago_s);
    header->type = WLK_TYPE_CANCEL;
    header->nature = WLK_NATURE_REAL;
    snprintf(header->label.policy, sizeof header->label.policy, "warnlink");
    header->label.releasable_count = 1;
    header->label.releasable[0] = wlk_name_of("JP");
    header->has_event = header->has_object = header->has_region = true;
    header->object = 1;
    header->region = WLK_REGION_DPRK;
    header->valid_until = wlk_utc_add(header->time, 900);
    header->group_count = 1;
    header->group[0].group = WLK_GROUP_BODY;
    header->group[0].classification = WLK_SECRET;
    header->sensor_nation_count = 1;
    header->sensor_nation[0] = wlk_name_of("KR");
    header->has_replaced = true;
    header->replaced_generation = header->replaced_seq = 1;
    if (wlk_release_seal(&egress, &draft, &head, released, NULL) != WLK_OK) {
        wlk_note("a record was not sealed");
        return;
    }
    struct wlk_frame frame = {.kind = WLK_FRAME_RECORD,
                              .bytes = wlk_released_bytes(released),
                              .size = wlk_released_size(released)};
    hand(life, WLK_CLASS_WARN, &frame);
}

static void say(struct wlk_life *life, unsigned key, int64_t ago_s)
{
    say_as(life, wlk_post_keyring(life->post), key, ago_s);
}

/* KR's root adds sample key 40 and ends sample key 4, suspect since some seconds before now. */
static void end_key(struct wlk_life *life, bool ends, int64_t since_ago_s)
{
    uint8_t bytes[WLK_KEY_STATEMENT_SIZE_MAX];
    size_t size = 0;
    struct wlk_key_statement s;
    memset(&s, 0, sizeof s);
    s.party = wlk_name_of("KR");
    s.time = life->now.utc;
    s.key_count = !ends;
    s.key[0].public_key = wlk_sample_key(40)->public_key;
    s.key[0].use[WLK_KEY_RECORD] = s.key[0].nature[WLK_NATURE_REAL] = 1;
    s.key[0].not_before.ns = (NOW_S - 86400) * 1000000000;
    s.key[0].not_after.ns = (NOW_S + 86400) * 1000000000;
    s.end_count = ends;
    memcpy(s.end[0].bytes, wlk_sample_key(4)->public_key.bytes, WLK_PUBLIC_KEY_SIZE);
    s.end[0].suspect_since.ns = (NOW_S - since_ago_s) * 1000000000;
    if (wlk_key_statement_sign(&s, wlk_sample_key(3), bytes, sizeof bytes, &size) != WLK_OK)
        wlk_note("a statement was not signed");
    struct wlk_frame frame = {.kind = WLK_FRAME_STATEMENT,
                              .statement = WLK_STATEMENT_KEYS,
                              .bytes = bytes,
                              .size = size};
    hand(life, WLK_CLASS_STATUS, &frame);
}

/* How many kept records bear the mark, and which is the lowest seq that does. */
static unsigned count_marked(struct wlk_life *life, uint64_t *lowest)
{
    struct wlk_journal_row row;
    int64_t at = 0;
    unsigned marked = 0;
    *lowest = 0;
    while (wlk_journal_since(life->journal, at, 0, &row) == WLK_OK) {
        at = row.row;
        if (row.verdict_size != 1 || row.verdict[0] != 'S')
            continue;
        marked++;
        if (!*lowest || row.seq < *lowest)
            *lowest = row.seq;
    }
    return marked;
}

static unsigned count_replayed(struct wlk_life *life)
{
    struct wlk_delivery delivery;
    unsigned replayed = 0;
    wlk_post_replay(life->post, (wlk_utc){0});
    while (wlk_post_delivered(life->post, &delivery))
        replayed += delivery.kind == WLK_DELIVERY_RECORD && delivery.is_replayed;
    return replayed;
}

static void test_end(struct wlk_life *life)
{
    uint64_t lowest;
    for (int i = 0; i < 10; i++) /* 500 s ago ... 50 s ago */
        say(life, 4, 500 - 50 * i);
    wlk_check(come == 10, "ten warnings of KR come");
    end_key(life, false, 0);
    say(life, 40, 5);
    wlk_check(come == 11, "rotated: under a key that its root added since, the lane goes on");
    say(life, 4, 4);
    wlk_check(come == 12, "and in the overlap under the old one");
    end_key(life, true, 200);
    wlk_check(suspects == 1, "KR ends the old key: the nation is told at once to forget");
    wlk_post_tick(life->post, life->now);
    unsigned marked = count_marked(life, &lowest);
    wlk_check(marked == 5 && lowest == 7 && wlk_post_count(life->post)->suspect == 5,
              "what it signed since it was suspect is marked in the journal, nothing else "
              "(%u, from seq %d)",
              marked, (int)lowest);
    wlk_check(count_replayed(life) == 7, "and is not replayed");
    end_key(life, true, 200);
    wlk_check(suspects == 1, "the same word again says nothing new");
    say(life, 40, 3);
    wlk_check(come == 13, "under the new key it goes on");
}

/* Its owner stops; a thief, who obeys no statement, does not. */
static void test_thief(struct wlk_life *life)
{
    unsigned before = come;
    uint64_t bad = wlk_post_count(life->post)->bad_signature;
    say(life, 4, 2);
    wlk_check(come == before && wlk_post_count(life->post)->bad_signature == bad,
              "its owner seals nothing under an ended key");
    say_as(life, NULL, 4, 2);
    wlk_check(come == before && wlk_post_count(life->post)->bad_signature == bad + 1,
              "what somebody else seals under it is refused");
    say_as(life, NULL, 4, 450);
    wlk_check(come == before && wlk_post_count(life->post)->bad_signature == bad + 2,
              "also if it claims to be older than the suspicion");
}

int main(void)
{
    struct wlk_life life;
    released = wlk_released_open();
    if (!wlk_check(released && wlk_life_set_up() && begin(&life), "a node of JP can be set up"))
        return wlk_tap_done();
    head.lane = (struct wlk_lane){wlk_life_pact()->name, WLK_CLASS_WARN, WLK_NATURE_REAL, 5};
    test_end(&life);
    test_thief(&life);
    wlk_life_end(&life);
    wlk_check(begin(&life) && count_replayed(&life) == 8,
              "after a restart what is suspect is not replayed either");
    wlk_life_end(&life);
    wlk_life_clear();
    return wlk_tap_done();
}
