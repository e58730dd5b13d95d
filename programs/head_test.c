/* head_test.c -- what a hub says of what it has: the head of its log only once that is on the
 * disk (what it had shown and then lost with its power would look like a log that was
 * rewritten); and, to a nation that asks for it, that a range was pruned. And what a nation
 * holds a hub to: not to what the nation itself has forgotten.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/tap.h"
#include "exchange/journal.h"
#include "programs/lone.h"
#include "record/contents.h"
#include "release/audit.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct wlk_lone lone;
static struct wlk_header header;
static double at_s;
static char folder[] = "/tmp/wlk-head-XXXXXX";
static atomic_bool is_held; /* the disk takes nothing for certain */

/* Stands in for libc's, also inside SQLite. */
int fdatasync(int descriptor)
{
    errno = EIO;
    return atomic_load(&is_held) ? -1 : (int)syscall(SYS_fdatasync, descriptor);
}

/* KR's next warning comes in; how many of it JP gets. */
static unsigned pass_one(void)
{
    static uint8_t record[WLK_RECORD_SIZE_MAX];
    struct wlk_frame frame = {.kind = WLK_FRAME_RECORD, .bytes = record};
    wlk_lone_retime(&header, at_s);
    frame.size = wlk_lone_seal(&header, wlk_lone_key(&lone, "KR", WLK_NATURE_EXERCISE), record,
                               sizeof record);
    if (wlk_lone_give(&lone, "KR", WLK_CLASS_WARN, &frame, at_s) != WLK_OK)
        return 0;
    return wlk_lone_take(&lone, "JP", WLK_CLASS_WARN, at_s);
}

/* A second passes: the head of the log in the heartbeat that JP then gets. */
static struct wlk_audit next_head(void)
{
    static union wlk_content content;
    struct wlk_claim claim;
    struct wlk_frame frame;
    struct wlk_audit head = {.count = UINT64_MAX};
    at_s += 1;
    wlk_hub_tick(lone.hub, wlk_lone_moment(at_s));
    while (wlk_lone_next(&lone, "JP", WLK_CLASS_STATUS, at_s, &frame))
        if (wlk_claim_decode(frame.bytes, frame.size, &claim, NULL) == WLK_OK &&
            wlk_digest_equal(&claim.header.arrangement, &lone.agreement.digest) &&
            wlk_content_decode(&claim.disclosure[0], &content, NULL) == WLK_OK)
            head = (struct wlk_audit){content.status.log_count, content.status.log_digest};
    return head;
}

/* Lets the disk work until that many lines are shown; the head then. */
static struct wlk_audit wait_for(uint64_t count)
{
    struct wlk_audit head = next_head();
    for (int i = 0; i < 2000 && head.count != count; i++, head = next_head())
        nanosleep(&(struct timespec){0, 5000000}, NULL);
    return head;
}

static void join_all(void)
{
    wlk_lone_join(&lone, "KR", WLK_CLASS_WARN, at_s);
    wlk_lone_join(&lone, "JP", WLK_CLASS_WARN, at_s);
    wlk_lone_join(&lone, "JP", WLK_CLASS_STATUS, at_s);
    (void)wlk_lone_take(&lone, "JP", WLK_CLASS_STATUS, at_s); /* HELLO, statements */
}

static void test_head(const char *path)
{
    struct wlk_fault fault = {0};
    if (!wlk_check(wlk_lone_open(&lone, path, WLK_NATURE_EXERCISE, wlk_lone_moment(-60).utc,
                                 &fault) == WLK_OK,
                   "a hub on a journal: %s", path))
        return;
    join_all();
    wlk_lone_header(&lone, WLK_NATURE_EXERCISE, at_s, &header);
    unsigned passed = pass_one();
    struct wlk_audit first = wait_for(2), later;
    wlk_check(passed == 1 && first.count == 2, "two decisions are shown, once on the disk");
    atomic_store(&is_held, true);
    bool is_same = true;
    passed = 0;
    for (int i = 0; i < 5; i++) {
        passed += pass_one();
        later = next_head();
        is_same = is_same && later.count == first.count &&
                  wlk_digest_equal(&later.head, &first.head);
    }
    wlk_check(passed == 5, "while the disk takes nothing warnings pass all the same");
    wlk_check(is_same, "but no heartbeat shows a decision that a power cut could take back");
    atomic_store(&is_held, false);
    later = wait_for(12);
    wlk_check(later.count == 12, "then all are shown");
    wlk_lone_close(&lone);
    if (wlk_lone_open(&lone, path, WLK_NATURE_EXERCISE, wlk_lone_moment(at_s).utc, &fault) !=
        WLK_OK)
        return;
    join_all();
    first = next_head();
    wlk_check(first.count == 12 && wlk_digest_equal(&first.head, &later.head),
              "and after a start the first heartbeat shows as much");
    wlk_lone_close(&lone);
}

/* The next notice for JP in *out, a record in frame. */
static bool next_notice(struct wlk_refused_content *out, struct wlk_frame *frame)
{
    struct wlk_claim claim;
    at_s += 0.1;
    wlk_hub_tick(lone.hub, wlk_lone_moment(at_s));
    while (wlk_lone_next(&lone, "JP", WLK_CLASS_STATUS, at_s, frame))
        if (wlk_claim_decode(frame->bytes, frame->size, &claim, NULL) == WLK_OK &&
            claim.header.type == WLK_TYPE_REFUSED &&
            wlk_refused_content_decode(&claim.disclosure[0], out, NULL) == WLK_OK)
            return true;
    return false;
}

static void ask(uint64_t seq, double after_s)
{
    struct wlk_frame frame = {.kind = WLK_FRAME_ASK,
                              .mark = {header.originator, header.lane, seq},
                              .last = INT64_MAX};
    at_s += after_s;
    wlk_status status = wlk_lone_give(&lone, "JP", WLK_CLASS_WARN, &frame, at_s);
    wlk_check(status == WLK_OK, "JP asks for %llu and all behind it", (unsigned long long)seq);
}

/* JP's side, with nothing of the past: its post, under the same arrangements. */
static struct wlk_post *open_post(struct wlk_journal **journal)
{
    static struct wlk_random salts;
    struct wlk_post *post = NULL;
    salts = wlk_random_seeded(3, 3);
    struct wlk_post_options options = {
        .nation = wlk_name_of("JP"),
        .key = wlk_lone_key(&lone, "JP", WLK_NATURE_EXERCISE),
        .key_nature = WLK_NATURE_EXERCISE,
        .salts = wlk_lone_salts(&salts),
        .roots = &lone.pact->roots,
        .hub_count = 1,
        .hub = {wlk_name_of("HON-A")},
        .now = wlk_lone_moment(at_s)};
    if (wlk_journal_open(":memory:", options.nation, journal, NULL) != WLK_OK)
        return NULL;
    options.journal = *journal;
    bool is_open = wlk_post_open(&options, &post, NULL) == WLK_OK;
    for (size_t i = 0; is_open && i < lone.pact->bundle_count; i++)
        is_open = wlk_post_statement(post, WLK_STATEMENT_BUNDLE, lone.pact->bundle[i].bytes,
                                     lone.pact->bundle[i].size, options.now, NULL) == WLK_OK;
    return post;
}

static bool give(struct wlk_post *post, enum wlk_class link, const struct wlk_frame *frame)
{
    static uint8_t bytes[WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX];
    struct wlk_writer out = {bytes, sizeof bytes, 0};
    return wlk_frame_encode(frame, NULL, &out) == WLK_OK &&
           wlk_post_frame(post, 0, link, bytes + WLK_FRAME_PREFIX, out.at - WLK_FRAME_PREFIX,
                          wlk_lone_moment(at_s)) == WLK_OK;
}

static bool bring(struct wlk_post *post, const struct wlk_frame *frame)
{
    return give(post, WLK_CLASS_STATUS, frame);
}

/* The hub and it meet, maybe again. */
static bool meet(struct wlk_post *post)
{
    const struct wlk_frame hello = {
        .kind = WLK_FRAME_HELLO, .sender = wlk_name_of("HON-A"), .link = WLK_CLASS_STATUS};
    wlk_post_connected(post, 0, WLK_CLASS_STATUS, wlk_lone_moment(at_s));
    return bring(post, &hello);
}

/* A post that came from a backup hears of it. */
static void hear(const struct wlk_frame *notice, uint64_t first, uint64_t last)
{
    struct wlk_journal *journal = NULL;
    struct wlk_post *post = open_post(&journal);
    struct wlk_delivery delivery;
    uint64_t from = 0, to = 0;
    bool is_heard = post && meet(post) && bring(post, notice);
    while (post && wlk_post_delivered(post, &delivery))
        if (delivery.kind == WLK_DELIVERY_NOTICE) {
            from = delivery.refused->first_seq;
            to = delivery.refused->last_seq;
        }
    wlk_check(is_heard && from == first && to == last &&
                  wlk_post_count(post)->refused_notices == last - first + 1,
              "and a nation that hears it knows why it never gets them");
    wlk_post_close(post);
    wlk_journal_close(journal);
}

static void test_pruned(void)
{
    enum { RECORDS = 300, PAST = 290 };
    static struct wlk_refused_content refused;
    struct wlk_fault fault = {0};
    struct wlk_frame frame = {0};
    wlk_digest last = {{0}};
    int64_t lane;
    uint64_t rows = 0;
    at_s = 100;
    if (!wlk_check(wlk_lone_open(&lone, ":memory:", WLK_NATURE_EXERCISE,
                                 wlk_lone_moment(-60).utc, &fault) == WLK_OK,
                   "another hub"))
        return;
    join_all();
    wlk_lone_header(&lone, WLK_NATURE_EXERCISE, at_s, &header);
    for (int i = 0; i < RECORDS; i++) {
        (void)pass_one();
        if (i + 1 == PAST)
            last = header.prev;
    }
    (void)!wlk_journal_lane_find(lone.journal, header.originator, &header.lane, &lane);
    wlk_check(wlk_journal_forget(lone.journal, lane, PAST, &rows) == WLK_OK && rows == PAST,
              "a hub forgets the first %d of %d records", PAST, RECORDS);
    ask(3, 0.1);
    wlk_check(next_notice(&refused, &frame) && refused.first_seq == 3 &&
                  refused.last_seq == PAST && !strcmp(refused.clause, "pruned") &&
                  wlk_name_equal(refused.recipient, wlk_name_of("JP")) &&
                  wlk_digest_equal(&refused.digest, &last),
              "one signed notice names the whole range, and the digest of its last");
    hear(&frame, 3, PAST);
    wlk_check(wlk_lone_take(&lone, "JP", WLK_CLASS_WARN, at_s) == RECORDS - PAST,
              "what is still there comes");
    ask(3, 0.1);
    wlk_check(!next_notice(&refused, &frame), "asked again at once it does not say so again");
    ask(3, 1);
    wlk_check(next_notice(&refused, &frame), "but after a second");
    ask(PAST + 1, 1);
    wlk_check(!next_notice(&refused, &frame), "and not where nothing is past");
    wlk_lone_close(&lone);
}

/* A second passes, and JP gets what waits for it: the hub's notices only if they are let
 * through. How many gaps it is told of. */
static unsigned pass_second(struct wlk_post *post, bool with_notices)
{
    struct wlk_frame frame;
    struct wlk_claim claim;
    struct wlk_delivery delivery;
    unsigned gaps = 0;
    at_s += 1;
    wlk_hub_tick(lone.hub, wlk_lone_moment(at_s));
    while (wlk_lone_next(&lone, "JP", WLK_CLASS_STATUS, at_s, &frame))
        if (with_notices ||
            (wlk_claim_decode(frame.bytes, frame.size, &claim, NULL) == WLK_OK &&
             claim.header.type != WLK_TYPE_REFUSED))
            (void)!bring(post, &frame);
    wlk_post_tick(post, wlk_lone_moment(at_s));
    while (wlk_post_delivered(post, &delivery))
        gaps += delivery.kind == WLK_DELIVERY_GAP;
    return gaps;
}

/* A hub tells of a notice that is not yet on its disk, and loses its power. */
static void test_power(const char *path)
{
    char command[256];
    struct wlk_journal *journal = NULL;
    struct wlk_fault fault = {0};
    unsigned before = 0, after = 0;
    at_s = 100;
    if (wlk_lone_open(&lone, path, WLK_NATURE_EXERCISE, wlk_lone_moment(-60).utc, &fault) !=
        WLK_OK)
        return;
    struct wlk_post *post = open_post(&journal);
    join_all();
    wlk_lone_header(&lone, WLK_NATURE_EXERCISE, at_s, &header);
    header.label.releasable_count = 1; /* not for JP, which gets a notice of each */
    header.label.releasable[0] = wlk_name_of("US");
    bool is_met = post && meet(post);
    (void)pass_one();
    before += pass_second(post, true);
    snprintf(command, sizeof command,
             "cd '%.60s' && for f in cut.db cut.db-wal; do cp $f $f.old; done", folder);
    bool is_cut = system(command) == 0;
    (void)pass_one();
    before += pass_second(post, false);
    wlk_check(is_met && wlk_post_count(post)->refused_notices == 1 && !before,
              "JP hears that there are two notices, and gets one");
    wlk_lone_close(&lone);
    snprintf(command, sizeof command,
             "cd '%.60s' && rm -f cut.db-shm && "
             "for f in cut.db cut.db-wal; do mv $f.old $f; done", folder);
    is_cut = is_cut && system(command) == 0;
    is_cut = is_cut && wlk_lone_open(&lone, path, WLK_NATURE_EXERCISE,
                                     wlk_lone_moment(at_s).utc, &fault) == WLK_OK;
    wlk_check(is_cut, "the hub comes back without the second");
    wlk_post_disconnected(post, 0, WLK_CLASS_STATUS, wlk_lone_moment(at_s));
    join_all();
    is_met = meet(post);
    for (int i = 0; i < 8; i++)
        after += pass_second(post, true);
    wlk_check(is_met && after == 0, "and nobody misses what its power took: %u gaps told",
              after);
    wlk_lone_close(&lone);
    wlk_post_close(post);
    wlk_journal_close(journal);
}

/* All pings of a connection are answered. */
static void answer(struct wlk_post *post, enum wlk_class link)
{
    const uint8_t *bytes;
    size_t size;
    struct wlk_frame frame;
    while (wlk_post_outgoing(post, 0, link, &bytes, &size))
        if (wlk_frame_decode(bytes + WLK_FRAME_PREFIX, size - WLK_FRAME_PREFIX, &frame) ==
                WLK_OK &&
            frame.kind == WLK_FRAME_PING) {
            frame.kind = WLK_FRAME_PONG;
            (void)!give(post, link, &frame);
        }
}

/* A hub says that it has three warnings and brings none of them. Accused, once proved: how
 * often. Not if they are past here: what explained them was forgotten with them. */
static unsigned accuse(bool is_past)
{
    struct wlk_journal *journal = NULL;
    struct wlk_fault fault = {0};
    struct wlk_frame frame;
    struct wlk_delivery delivery;
    unsigned accused = 0;
    int64_t lane;
    uint64_t rows;
    at_s = 100;
    if (wlk_lone_open(&lone, ":memory:", WLK_NATURE_EXERCISE, wlk_lone_moment(-60).utc,
                      &fault) != WLK_OK)
        return 99;
    struct wlk_post *post = open_post(&journal);
    join_all();
    wlk_lone_header(&lone, WLK_NATURE_EXERCISE, at_s, &header);
    struct wlk_frame hello = {
        .kind = WLK_FRAME_HELLO, .sender = wlk_name_of("HON-A"), .link = WLK_CLASS_WARN};
    wlk_post_connected(post, 0, WLK_CLASS_WARN, wlk_lone_moment(at_s));
    bool is_met = meet(post) && give(post, WLK_CLASS_WARN, &hello);
    for (int i = 0; i < 3; i++)
        (void)pass_one(); /* to JP's connection, and no further */
    if (wlk_journal_lane(journal, header.originator, &header.lane, &lane) != WLK_OK)
        return 99;
    for (int i = 0; is_met && i < 10; i++) {
        at_s += 1;
        wlk_hub_tick(lone.hub, wlk_lone_moment(at_s));
        while (wlk_lone_next(&lone, "JP", WLK_CLASS_STATUS, at_s, &frame))
            (void)!bring(post, &frame);
        if (is_past && wlk_journal_forget(journal, lane, 3, &rows) != WLK_OK)
            return 99;
        wlk_post_tick(post, wlk_lone_moment(at_s));
        answer(post, WLK_CLASS_WARN);
        answer(post, WLK_CLASS_STATUS);
        while (wlk_post_delivered(post, &delivery))
            accused += delivery.kind == WLK_DELIVERY_ACCUSED;
    }
    wlk_lone_close(&lone);
    wlk_post_close(post);
    wlk_journal_close(journal);
    return is_met ? accused : 99;
}

static void test_past(void)
{
    unsigned withheld = accuse(false), past = accuse(true);
    wlk_check(withheld == 1, "a hub that brings nothing of what it says it has is accused (%u)",
              withheld);
    wlk_check(past == 0, "not of what is past here (%u)", past);
}

int main(void)
{
    char path[64], command[64];
    struct wlk_fault fault = {0};
    if (!wlk_check(mkdtemp(folder) && wlk_lone_keys_open(&lone, &fault) == WLK_OK,
                   "keys and arrangements"))
        return wlk_tap_done();
    snprintf(path, sizeof path, "%s/hub.db", folder);
    test_head(path);
    test_pruned();
    snprintf(path, sizeof path, "%s/cut.db", folder);
    test_power(path);
    test_past();
    wlk_lone_keys_close(&lone);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) ? 1 : wlk_tap_done();
}
