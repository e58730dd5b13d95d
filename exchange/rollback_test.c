/* rollback_test.c -- does an old arrangement come back with a restored copy of a node's state?
 * Also when the hub keeps the newer one from it: partners' heartbeats say that there is one.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/tap.h"
#include "exchange/frame.h"
#include "exchange/life.h"
#include "release/sample.h"

#include <string.h>

static const int64_t EARLY_S = 1800000000, LATE_S = 1800000600;
static struct wlk_arrangement second; /* TMW-1 version 2 */
static uint8_t second_bundle[WLK_BUNDLE_SIZE_MAX], withdrawal[WLK_WITHDRAWAL_SIZE_MAX];
static size_t second_size, withdrawal_size;

static enum wlk_force_state state_of(const struct wlk_life *life,
                                     const struct wlk_arrangement *arrangement)
{
    wlk_digest digest = wlk_arrangement_digest(arrangement);
    return wlk_arrangement_in_force(wlk_post_force(life->post), &digest, life->now.utc);
}

static bool can_sign(struct wlk_life *life)
{
    struct wlk_life_number number;
    return wlk_life_sign(life, &number);
}

/* What the hub hands over, on the link of heartbeats. */
static void hand(struct wlk_life *life, const struct wlk_frame *frame)
{
    static uint8_t bytes[WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX];
    struct wlk_writer out = {bytes, sizeof bytes, 0};
    struct wlk_delivery delivery;
    if (wlk_frame_encode(frame, NULL, &out) != WLK_OK ||
        wlk_post_frame(life->post, 0, WLK_CLASS_STATUS, bytes + WLK_FRAME_PREFIX,
                       out.at - WLK_FRAME_PREFIX, life->now) != WLK_OK)
        wlk_note("a frame was not taken");
    while (wlk_post_delivered(life->post, &delivery))
        ;
}

static void connect(struct wlk_life *life)
{
    struct wlk_frame hello = {.kind = WLK_FRAME_HELLO,
                              .sender = wlk_name_of("HON-A"),
                              .link = WLK_CLASS_STATUS};
    wlk_post_connected(life->post, 0, WLK_CLASS_STATUS, life->now);
    hand(life, &hello);
}

/* A heartbeat under version 2 that speaks of some version; damaged on the way. */
static void hear(struct wlk_life *life, const char *sender, unsigned key, uint64_t version,
                 bool is_damaged)
{
    static uint8_t bytes[WLK_RECORD_SIZE_MAX];
    static union wlk_content content;
    struct wlk_claim claim;
    memset(&content, 0, sizeof content);
    content.status.version = version;
    size_t size =
        wlk_life_heartbeat(&second, sender, key, life->now.utc, &content.status, bytes);
    if (is_damaged && wlk_claim_decode(bytes, size, &claim, NULL) == WLK_OK)
        bytes[claim.signature - bytes] ^= 1;
    struct wlk_frame frame = {.kind = WLK_FRAME_RECORD, .bytes = bytes, .size = size};
    hand(life, &frame);
}

static void hand_statement(struct wlk_life *life, enum wlk_statement_kind kind,
                           const uint8_t *bytes, size_t size)
{
    struct wlk_frame frame = {.kind = WLK_FRAME_STATEMENT,
                              .statement = (uint8_t)kind,
                              .bytes = bytes,
                              .size = size};
    hand(life, &frame);
}

/* Version 1 in force, backup, then version 2 in force; returns in the restored past. */
static bool live_and_restore(struct wlk_life *life)
{
    wlk_life_restore("nothing", "node");
    bool is_well = wlk_life_begin(life, EARLY_S) && can_sign(life);
    wlk_life_end(life);
    wlk_life_restore("node", "backup");
    is_well = is_well && wlk_life_begin(life, LATE_S) &&
              wlk_post_statement(life->post, WLK_STATEMENT_BUNDLE, second_bundle, second_size,
                                 life->now, NULL) == WLK_OK;
    wlk_check(is_well && state_of(life, &second) == WLK_FORCE_IN_FORCE &&
                  state_of(life, wlk_life_pact()) == WLK_FORCE_SUPERSEDED && !can_sign(life),
              "version 2 takes the place of version 1");
    wlk_life_end(life);
    is_well = wlk_life_begin(life, LATE_S - 600);
    wlk_check(is_well && state_of(life, wlk_life_pact()) == WLK_FORCE_SUPERSEDED,
              "after a restart too, and with the clock turned back");
    wlk_life_end(life);
    wlk_life_restore("backup", "node");
    is_well = wlk_life_begin(life, LATE_S + 60);
    return wlk_check(is_well && state_of(life, wlk_life_pact()) == WLK_FORCE_IN_FORCE &&
                         can_sign(life),
                     "a restored copy knows version 1 only: nothing on this machine tells it");
}

static void test_heartbeats(void)
{
    struct wlk_life life;
    if (!live_and_restore(&life))
        return;
    connect(&life);
    hear(&life, "KR", 4, 2, true);
    wlk_check(can_sign(&life) && wlk_post_count(life.post)->outdated == 0,
              "a heartbeat that is not signed by its sender changes nothing");
    hear(&life, "KR", 4, 1, false);
    wlk_check(can_sign(&life), "one that speaks of no higher version neither");
    hear(&life, "KR", 4, 2, false);
    wlk_check(!can_sign(&life) && wlk_post_count(life.post)->outdated == 1 &&
                  state_of(&life, wlk_life_pact()) == WLK_FORCE_SUPERSEDED,
              "KR's signed heartbeat speaks of version 2: version 1 is dead here at once");
    hand_statement(&life, WLK_STATEMENT_BUNDLE, second_bundle, second_size);
    wlk_check(state_of(&life, &second) == WLK_FORCE_IN_FORCE, "then version 2 comes and holds");
    wlk_life_end(&life);
    if (!live_and_restore(&life))
        return;
    connect(&life);
    hear(&life, "HON-A", 10, 2, false);
    wlk_check(!can_sign(&life), "a hub's heartbeat does the same");
    hear(&life, "KR", 4, INT32_MAX, false);
    wlk_life_end(&life);
    bool is_well = wlk_life_begin(&life, LATE_S + 120);
    wlk_check(is_well && wlk_post_statement(life.post, WLK_STATEMENT_BUNDLE, second_bundle,
                                            second_size, life.now, NULL) == WLK_OK &&
                  state_of(&life, &second) == WLK_FORCE_IN_FORCE,
              "what heartbeats claimed is forgotten at a restart: a stolen key ends nothing");
    wlk_life_end(&life);
}

static void test_withdrawal(void)
{
    struct wlk_life life;
    wlk_life_restore("nothing", "node");
    bool is_well = wlk_life_begin(&life, EARLY_S) && can_sign(&life);
    wlk_life_end(&life);
    wlk_life_restore("node", "backup");
    is_well = is_well && wlk_life_begin(&life, LATE_S) &&
              wlk_post_statement(life.post, WLK_STATEMENT_WITHDRAWAL, withdrawal,
                                 withdrawal_size, life.now, NULL) == WLK_OK;
    wlk_check(is_well && !can_sign(&life), "a withdrawal ends it");
    wlk_life_end(&life);
    wlk_check(wlk_life_begin(&life, LATE_S + 1) && !can_sign(&life), "also after a restart");
    wlk_life_end(&life);
    wlk_life_restore("backup", "node");
    wlk_check(wlk_life_begin(&life, LATE_S + 2) && can_sign(&life),
              "a restored copy does not know of it");
    connect(&life);
    hand_statement(&life, WLK_STATEMENT_WITHDRAWAL, withdrawal, withdrawal_size);
    wlk_check(!can_sign(&life) && state_of(&life, wlk_life_pact()) == WLK_FORCE_WITHDRAWN,
              "until the hub's statements come, which a link carries before any record");
    wlk_life_end(&life);
}

static bool set_up(void)
{
    if (!wlk_life_set_up())
        return false;
    second = *wlk_life_pact();
    second.version = 2;
    second.has_replaces = 1;
    second.replaces = wlk_arrangement_digest(wlk_life_pact());
    second.effective.ns = (EARLY_S + 300) * 1000000000;
    struct wlk_withdrawal word = {second.replaces, wlk_name_of("KR"), {EARLY_S * 1000000000}};
    return wlk_life_bundle(&second, second_bundle, sizeof second_bundle, &second_size) &&
           wlk_force_withdraw(&word, wlk_sample_key(3), withdrawal, sizeof withdrawal,
                              &withdrawal_size) == WLK_OK;
}

int main(void)
{
    if (!wlk_check(set_up(), "a node of JP and two versions can be set up"))
        return wlk_tap_done();
    test_heartbeats();
    test_withdrawal();
    wlk_life_clear();
    return wlk_tap_done();
}
