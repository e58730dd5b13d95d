/* withdraw_test.c -- one party withdraws: how soon does it hold at the hub and at the others,
 * and what becomes of records that were under way? A hub and three posts on a virtual clock,
 * wired frame by frame, so that each can be cut off and each queue be filled.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"
#include "base/tap.h"
#include "exchange/frame.h"
#include "exchange/journal.h"
#include "exchange/post.h"
#include "programs/hub.h"
#include "release/sample.h"

#include <stdio.h>
#include <string.h>

enum { JP, KR, US, NATIONS };
static const char *const NAMES[NATIONS] = {"JP", "KR", "US"};
static const int64_t STEP_NS = 50000000;

static struct wlk_arrangement tmw;
static wlk_digest digest;
static struct wlk_roots roots;
static uint8_t bundle[WLK_BUNDLE_SIZE_MAX], withdrawal[WLK_WITHDRAWAL_SIZE_MAX];
static size_t bundle_size, withdrawal_size;
static struct wlk_released *released;

static struct wlk_moment now;
static struct wlk_journal *hub_journal;
static struct wlk_hub *hub;
static bool is_bundle_late; /* begin without the arrangement */
static struct node {
    struct wlk_journal *journal;
    struct wlk_post *post;
    bool is_up[WLK_LINK_CLASSES];
    unsigned come, refused; /* deliveries: records, seqs covered by notices */
} node[NATIONS];

static void draw(void *context, uint8_t salt[WLK_SALT_SIZE])
{
    static uint64_t count;
    (void)context;
    memset(salt, 0, WLK_SALT_SIZE);
    count++;
    memcpy(salt, &count, sizeof count);
}

/* ---- the wires ---- */

static void link_up(unsigned n, unsigned c)
{
    wlk_post_connected(node[n].post, 0, wlk_post_classes[c], now);
    wlk_hub_connected(hub, wlk_name_of(NAMES[n]), wlk_post_classes[c], now);
    node[n].is_up[c] = true;
}

static void link_all(unsigned n)
{
    for (unsigned c = 0; c < WLK_LINK_CLASSES; c++)
        link_up(n, c);
}

static void cut_all(unsigned n)
{
    for (unsigned c = 0; c < WLK_LINK_CLASSES; c++)
        if (node[n].is_up[c]) {
            wlk_post_disconnected(node[n].post, 0, wlk_post_classes[c], now);
            wlk_hub_disconnected(hub, wlk_name_of(NAMES[n]), wlk_post_classes[c], now);
            node[n].is_up[c] = false;
        }
}

static void drain(unsigned n)
{
    struct wlk_delivery delivery;
    while (wlk_post_delivered(node[n].post, &delivery)) {
        node[n].come += delivery.kind == WLK_DELIVERY_RECORD;
        if (delivery.kind == WLK_DELIVERY_NOTICE)
            node[n].refused +=
                (unsigned)(delivery.refused->last_seq - delivery.refused->first_seq + 1);
    }
}

/* One frame each way on each wire that is up. True: something moved. */
static bool pump(unsigned n, unsigned c)
{
    static uint8_t copy[WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX];
    const uint8_t *bytes;
    size_t size;
    bool moved = false;
    wlk_name name = wlk_name_of(NAMES[n]);
    if (!node[n].is_up[c])
        return false;
    if (wlk_post_outgoing(node[n].post, 0, wlk_post_classes[c], &bytes, &size)) {
        memcpy(copy, bytes, size);
        wlk_status status = wlk_hub_frame(hub, name, wlk_post_classes[c],
                                          copy + WLK_FRAME_PREFIX, size - WLK_FRAME_PREFIX,
                                          now);
        WLK_ASSERT(status == WLK_OK);
        moved = true;
    }
    if (wlk_hub_outgoing(hub, name, wlk_post_classes[c], now, &bytes, &size)) {
        memcpy(copy, bytes, size);
        wlk_status status =
            wlk_post_frame(node[n].post, 0, wlk_post_classes[c], copy + WLK_FRAME_PREFIX,
                           size - WLK_FRAME_PREFIX, now);
        WLK_ASSERT(status == WLK_OK);
        drain(n);
        moved = true;
    }
    return moved;
}

static void step(void)
{
    bool moved = true;
    now.utc.ns += STEP_NS;
    now.mono.ns += STEP_NS;
    wlk_hub_tick(hub, now);
    for (unsigned n = 0; n < NATIONS; n++) {
        wlk_post_tick(node[n].post, now);
        drain(n);
    }
    while (moved) {
        moved = false;
        for (unsigned n = 0; n < NATIONS; n++)
            for (unsigned c = 0; c < WLK_LINK_CLASSES; c++)
                moved = pump(n, c) || moved;
    }
}

static void pass(double seconds)
{
    for (int64_t left = (int64_t)(seconds * 1e9); left > 0; left -= STEP_NS)
        step();
}

/* ---- a coalition ---- */

static bool begin(void)
{
    now.utc = wlk_sample_now();
    now.mono.ns = 1;
    memset(node, 0, sizeof node);
    struct wlk_hub_options options = {.name = wlk_name_of("HON-A"),
                                      .key = wlk_sample_key(10),
                                      .key_nature = WLK_NATURE_REAL,
                                      .salts = {draw, NULL},
                                      .roots = &roots,
                                      .now = now};
    bool is_well = wlk_journal_open(":memory:", options.name, &hub_journal, NULL) == WLK_OK;
    options.journal = hub_journal;
    is_well = is_well && wlk_hub_open(&options, &hub, NULL) == WLK_OK;
    for (unsigned n = 0; is_well && n < NATIONS; n++) {
        struct wlk_post_options one = {.nation = wlk_name_of(NAMES[n]),
                                       .hub_count = 1,
                                       .hub = {wlk_name_of("HON-A")},
                                       .key = wlk_sample_key(3 * n + 1),
                                       .key_nature = WLK_NATURE_REAL,
                                       .salts = {draw, NULL},
                                       .roots = &roots,
                                       .now = now};
        is_well = wlk_journal_open(":memory:", one.nation, &node[n].journal, NULL) == WLK_OK;
        one.journal = node[n].journal;
        is_well = is_well && wlk_post_open(&one, &node[n].post, NULL) == WLK_OK;
        if (is_well && !is_bundle_late)
            is_well = wlk_post_statement(node[n].post, WLK_STATEMENT_BUNDLE, bundle,
                                         bundle_size, now, NULL) == WLK_OK;
        if (is_well)
            link_all(n);
    }
    if (is_well)
        pass(2);
    return is_well;
}

static void end(void)
{
    for (unsigned n = 0; n < NATIONS; n++) {
        wlk_post_close(node[n].post);
        wlk_journal_close(node[n].journal);
    }
    wlk_hub_close(hub);
    wlk_journal_close(hub_journal);
}

/* JP's next warning to both. False: it does not leave JP. */
static bool say(void)
{
    static union wlk_content content;
    uint8_t salt[1][WLK_SALT_SIZE];
    struct wlk_lane_head head;
    struct wlk_draft draft = {.content = &content,
                              .salt = (const uint8_t(*)[WLK_SALT_SIZE])salt};
    struct wlk_egress egress = {.arrangement = &tmw,
                                .digest = &digest,
                                .is_in_force = true, /* JP does not look */
                                .originator = wlk_name_of("JP"),
                                .key = wlk_sample_key(1),
                                .now = now.utc,
                                .is_event_open = true};
    struct wlk_header *header = &draft.header;
    memset(&content, 0, sizeof content);
    snprintf(content.cancel.reason, sizeof content.cancel.reason, "words");
    draw(NULL, salt[0]);
    header->time = now.utc;
    header->type = WLK_TYPE_CANCEL;
    header->nature = WLK_NATURE_REAL;
    snprintf(header->label.policy, sizeof header->label.policy, "warnlink");
    header->label.releasable_count = 2;
    header->label.releasable[0] = wlk_name_of("KR");
    header->label.releasable[1] = wlk_name_of("US");
    header->has_event = header->has_object = header->has_region = true;
    header->object = 1;
    header->region = WLK_REGION_DPRK;
    header->valid_until = wlk_utc_add(now.utc, 600);
    header->group_count = 1;
    header->group[0].group = WLK_GROUP_BODY;
    header->group[0].classification = WLK_SECRET;
    header->sensor_nation_count = 1;
    header->sensor_nation[0] = wlk_name_of("JP");
    header->has_replaced = true;
    header->replaced_generation = header->replaced_seq = 1;
    wlk_status status =
        wlk_post_lane(node[JP].post, tmw.name, WLK_CLASS_WARN, WLK_NATURE_REAL, &head);
    if (status == WLK_OK)
        status = wlk_release_seal(&egress, &draft, &head, released, NULL);
    if (status == WLK_OK)
        status = wlk_post_put(node[JP].post, released, now);
    return status == WLK_OK;
}

static unsigned say_many(unsigned count)
{
    unsigned said = 0;
    while (said < count && say())
        said++;
    return said;
}

static void us_withdraws(void)
{
    wlk_status status = wlk_post_statement(node[US].post, WLK_STATEMENT_WITHDRAWAL, withdrawal,
                                           withdrawal_size, now, NULL);
    WLK_ASSERT(status == WLK_OK);
}

static bool is_dead_at(const struct wlk_force *force)
{
    return wlk_arrangement_in_force(force, &digest, now.utc) == WLK_FORCE_WITHDRAWN;
}

/* Seconds of the virtual clock until it is dead there; 9 and more: never. */
static void measure(double *hub_s, double node_s[NATIONS])
{
    *hub_s = 9;
    for (unsigned n = 0; n < NATIONS; n++)
        node_s[n] = 9;
    for (double t = 0; t < 5; t += (double)STEP_NS * 1e-9) {
        if (is_dead_at(wlk_hub_force(hub)) && t < *hub_s)
            *hub_s = t;
        for (unsigned n = 0; n < NATIONS; n++)
            if (is_dead_at(wlk_post_force(node[n].post)) && t < node_s[n])
                node_s[n] = t;
        step();
    }
}

/* ---- the tests ---- */

static void test_in_time(void)
{
    double hub_s, node_s[NATIONS];
    bool is_well = begin() && say_many(20) == 20;
    pass(1);
    wlk_check(is_well && node[KR].come == 20 && node[US].come == 20,
              "before it, warnings of JP reach both");
    us_withdraws();
    measure(&hub_s, node_s);
    wlk_check(hub_s <= 1, "the hub holds it dead within 1 s (%.2f s)", hub_s);
    wlk_check(node_s[JP] <= 2 && node_s[KR] <= 2 && node_s[US] <= 2,
              "each nation within 2 s (%.2f, %.2f, %.2f s)", node_s[JP], node_s[KR],
              node_s[US]);
    wlk_check(say_many(5) == 0, "JP can put nothing more");
    pass(3);
    wlk_check(node[KR].come == 20 && node[US].come == 20, "and 0 records pass");
    end();
}

/* KR is cut off; what JP says waits for it at the hub. */
static void test_queued_at_the_hub(void)
{
    bool is_well = begin();
    cut_all(KR);
    is_well = is_well && say_many(30) == 30;
    pass(1);
    wlk_check(is_well && node[US].come == 30 && node[KR].come == 0,
              "30 warnings wait at the hub for KR, which is cut off");
    us_withdraws();
    pass(1);
    wlk_check(!is_dead_at(wlk_post_force(node[KR].post)), "KR does not know of the withdrawal");
    link_up(KR, 0); /* warnings only: no statement can come */
    pass(2);
    wlk_check(node[KR].come == 0, "it comes back on the line of warnings: 0 of them pass");
    link_up(KR, 1);
    pass(2);
    wlk_check(is_dead_at(wlk_post_force(node[KR].post)) && node[KR].come == 0,
              "then on that of statements: it learns why");
    wlk_check(node[JP].refused == 30, "JP gets a notice for each (%u)", node[JP].refused);
    end();
}

/* JP is cut off, and its own queue is full; it does not know either. */
static void test_queued_at_the_originator(void)
{
    bool is_well = begin();
    cut_all(JP);
    is_well = is_well && say_many(30) == 30;
    us_withdraws();
    pass(1);
    wlk_check(is_well && !is_dead_at(wlk_post_force(node[JP].post)),
              "30 warnings wait at JP, which is cut off and knows of no withdrawal");
    link_up(JP, 0);
    pass(2);
    wlk_check(node[KR].come == 0 && node[US].come == 0 && wlk_hub_count(hub)->refused >= 30,
              "the hub takes them and passes 0");
    end();
}

/* The withdrawal is at the hub before the arrangement is: KR still hears of it. */
static void test_early(void)
{
    double hub_s, node_s[NATIONS];
    is_bundle_late = true;
    bool is_well = begin();
    is_bundle_late = false;
    wlk_status status = wlk_post_statement(node[US].post, WLK_STATEMENT_WITHDRAWAL, withdrawal,
                                           withdrawal_size, now, NULL);
    pass(1);
    is_well = is_well && status == WLK_NOT_YET &&
              wlk_post_statement(node[JP].post, WLK_STATEMENT_BUNDLE, bundle, bundle_size, now,
                                 NULL) == WLK_OK;
    measure(&hub_s, node_s);
    wlk_check(is_well && hub_s <= 1 && node_s[JP] <= 2 && node_s[KR] <= 2 && node_s[US] <= 2,
              "a withdrawal that came before its arrangement holds everywhere as soon "
              "(%.2f; %.2f, %.2f, %.2f s)",
              hub_s, node_s[JP], node_s[KR], node_s[US]);
    end();
}

/* A hub that does not obey: the recipient knows, and refuses by itself. */
static void test_hub_that_forwards(void)
{
    bool is_well = begin();
    cut_all(US);
    us_withdraws(); /* the hub does not hear of it */
    wlk_status status = wlk_post_statement(node[KR].post, WLK_STATEMENT_WITHDRAWAL, withdrawal,
                                           withdrawal_size, now, NULL);
    cut_all(KR);
    link_up(KR, 0); /* its statements do not reach the hub either */
    is_well = is_well && status == WLK_OK && say_many(10) == 10;
    pass(2);
    wlk_check(is_well && !is_dead_at(wlk_hub_force(hub)) && wlk_hub_count(hub)->passed >= 10,
              "a hub that knows nothing of it passes 10 warnings");
    wlk_check(node[KR].come == 0 && wlk_post_count(node[KR].post)->not_in_force >= 10,
              "KR, which does, takes 0 of them");
    end();
}

static bool set_up(void)
{
    static uint8_t made[NATIONS][WLK_PARTY_SIGNATURE_MAX];
    struct wlk_signature signature[WLK_PARTIES_MAX] = {{0}};
    released = wlk_released_open();
    if (wlk_seal_init() != WLK_OK || !released || !wlk_sample_shipped("tmw.txt", &tmw))
        return false;
    digest = wlk_arrangement_digest(&tmw);
    for (unsigned p = 0; p < NATIONS; p++) {
        roots.root[roots.count++] =
            (struct wlk_root){tmw.party[p], wlk_sample_key(3 * p)->public_key};
        signature[p].bytes = made[p];
        if (wlk_force_sign(&tmw, tmw.party[p], wlk_sample_key(3 * p), made[p], sizeof made[p],
                           &signature[p].size) != WLK_OK)
            return false;
    }
    struct wlk_withdrawal word = {digest, wlk_name_of("US"), wlk_sample_now()};
    return wlk_force_bundle(&tmw, signature, bundle, sizeof bundle, &bundle_size) == WLK_OK &&
           wlk_force_withdraw(&word, wlk_sample_key(6), withdrawal, sizeof withdrawal,
                              &withdrawal_size) == WLK_OK;
}

int main(void)
{
    if (!wlk_check(set_up(), "keys and an arrangement"))
        return wlk_tap_done();
    test_in_time();
    test_queued_at_the_hub();
    test_queued_at_the_originator();
    test_early();
    test_hub_that_forwards();
    return wlk_tap_done();
}
