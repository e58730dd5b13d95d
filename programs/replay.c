/* replay.c -- `warnlink replay --roots FILE JOURNAL`: a hub's decisions made again, by the code
 * of today; what a nation took is in replay_nation.c.
 *
 * Each record of a hub's journal goes to a fresh hub at the time at which it came, under the
 * statements that the journal has; what the log says was decided first for each recipient is
 * compared with what is decided now. The journal is only read. A launch that a track connection
 * brought ahead of its turn is not in a journal: tracks between the two may differ, and are
 * said.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"
#include "exchange/frame.h"
#include "exchange/journal.h"
#include "programs/arrange.h"
#include "programs/audit.h"
#include "programs/hub.h"
#include "programs/mains.h"
#include "programs/options.h"
#include "programs/replay.h"
#include "release/audit.h"

#include <inttypes.h>

enum { VERDICT_BYTES = 2 /* as in hub_private.h */ };

struct replay {
    struct wlk_audit_case marks; /* (record, recipient) pairs whose first decision was seen */
    struct wlk_journal *then, *now;
    wlk_name owner;
    struct wlk_hub *hub;
    struct wlk_secret_key key; /* of nobody: what this hub seals goes nowhere */
    uint64_t same, different, late, gone;
    int64_t first_ns;
};

static void draw_nothing(void *context, uint8_t salt[WLK_SALT_SIZE])
{
    (void)context;
    memset(salt, 0, WLK_SALT_SIZE);
}

/* ---- the same for hub and nation ---- */

struct wlk_moment wlk_replay_moment(int64_t first_ns, int64_t at_ns)
{
    int64_t since_ns = at_ns > first_ns ? at_ns - first_ns : 0;
    return (struct wlk_moment){{at_ns}, {1000000000 + since_ns}};
}

bool wlk_replay_statement(struct wlk_journal *then, size_t *index, int64_t at_ns, bool is_start,
                          uint8_t *kind, const uint8_t **bytes, size_t *size)
{
    struct wlk_object_claim claim;
    struct wlk_withdrawal withdrawal;
    while (wlk_journal_statement_at(then, (*index)++, kind, bytes, size) == WLK_OK) {
        bool is_end = *kind == WLK_STATEMENT_WITHDRAWAL;
        if (is_end != is_start &&
            (!is_end || (wlk_object_decode(*bytes, *size, &claim, NULL) == WLK_OK &&
                         wlk_withdrawal_decode(&claim, &withdrawal, NULL) == WLK_OK &&
                         withdrawal.time.ns <= at_ns)))
            return true;
    }
    return false;
}

/* ---- the fresh hub ---- */

static void give_statements(struct replay *replay, int64_t at_ns, bool is_start)
{
    uint8_t kind;
    const uint8_t *bytes;
    size_t size, i = 0;
    while (wlk_replay_statement(replay->then, &i, at_ns, is_start, &kind, &bytes, &size))
        (void)!wlk_hub_statement(replay->hub, (enum wlk_statement_kind)kind, bytes, size,
                                 wlk_replay_moment(replay->first_ns, at_ns), NULL);
}

static wlk_status open_hub(struct replay *replay, const struct wlk_roots *roots,
                           struct wlk_fault *fault)
{
    struct wlk_journal_row first = {0};
    uint8_t nature = 0;
    size_t used;
    if (wlk_journal_value(replay->then, "nature", &nature, sizeof nature, &used) != WLK_OK ||
        wlk_journal_each(replay->then, 0, &first) != WLK_OK) {
        wlk_fault_set(fault, "a journal without records", "%s", replay->owner.text);
        return WLK_BAD_INPUT;
    }
    replay->first_ns = first.at_ns;
    wlk_key_rehearsal(1, 1, &replay->key);
    struct wlk_hub_options options = {.name = replay->owner,
                                      .key = &replay->key,
                                      .key_nature = (enum wlk_nature)nature,
                                      .salts = {draw_nothing, NULL},
                                      .roots = roots,
                                      .now = wlk_replay_moment(first.at_ns, first.at_ns)};
    WLK_TRY(wlk_journal_open(":memory:", replay->owner, &replay->now, fault));
    options.journal = replay->now;
    WLK_TRY(wlk_hub_open(&options, &replay->hub, fault));
    give_statements(replay, first.at_ns, true);
    return WLK_OK;
}

static void send(struct replay *replay, wlk_name nation, enum wlk_class link,
                 const struct wlk_frame *frame, struct wlk_moment now)
{
    static uint8_t bytes[WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX];
    struct wlk_writer out = {bytes, sizeof bytes, 0};
    if (wlk_frame_encode(frame, NULL, &out) == WLK_OK)
        (void)!wlk_hub_frame(replay->hub, nation, link, bytes + WLK_FRAME_PREFIX,
                             out.at - WLK_FRAME_PREFIX, now);
}

static void play(struct replay *replay)
{
    struct wlk_journal_row row = {0};
    struct wlk_claim claim;
    static uint8_t copy[WLK_RECORD_SIZE_MAX];
    wlk_mono ticked = {0};
    while (wlk_journal_each(replay->then, row.row, &row) == WLK_OK) {
        struct wlk_moment now = wlk_replay_moment(replay->first_ns, row.at_ns);
        size_t size = row.size;
        if (row.is_own || size > sizeof copy)
            continue;
        memcpy(copy, row.bytes, size);
        if (wlk_claim_decode(copy, size, &claim, NULL) != WLK_OK)
            continue;
        const struct wlk_header *header = &claim.header;
        enum wlk_class link = wlk_post_link(header->lane.record_class);
        struct wlk_frame hello = {
            .kind = WLK_FRAME_HELLO, .sender = header->originator, .link = link};
        struct wlk_frame record = {.kind = WLK_FRAME_RECORD, .bytes = copy, .size = size};
        if (now.mono.ns - ticked.ns >= 1000000000) {
            give_statements(replay, row.at_ns, false);
            wlk_hub_tick(replay->hub, now);
            ticked = now.mono;
        }
        wlk_hub_connected(replay->hub, header->originator, link, now);
        send(replay, header->originator, link, &hello, now);
        send(replay, header->originator, link, &record, now);
    }
}

/* ---- then and now ---- */

static const char *word_of(unsigned kind)
{
    return kind == WLK_REFUSE ? "refused" : kind == WLK_TRIM ? "trimmed" : "passed";
}

static void say(struct replay *replay, const struct wlk_audit_entry *then, wlk_name arrangement,
                const char *now)
{
    char time[32];
    wlk_utc_text(then->time, 1, time);
    if (replay->different++ < WLK_REPLAY_TOLD_MAX)
        printf("%s  %s %s of %s, %" PRIu64 ", to %s: %s under %s then, %s now\n", time,
               arrangement.text, wlk_class_word(then->lane.record_class),
               then->originator.text, then->seq, then->recipient.text, word_of(then->kind),
               then->clause, now);
}

/* The bytes of this hub's verdict for that recipient (hub_guard.c); NULL: no such record. */
static const uint8_t *verdict_now(struct replay *replay, const struct wlk_audit_entry *then,
                                  const struct wlk_lane *lane, struct wlk_journal_row *row)
{
    struct wlk_claim claim;
    int64_t id;
    uint8_t party;
    if (wlk_journal_lane_find(replay->now, then->originator, lane, &id) != WLK_OK ||
        wlk_journal_get(replay->now, id, then->seq, row) != WLK_OK ||
        !wlk_digest_equal(&row->digest, &then->record) ||
        wlk_claim_decode(row->bytes, row->size, &claim, NULL) != WLK_OK)
        return NULL;
    const struct wlk_agreement *agreement =
        wlk_force_find(wlk_hub_force(replay->hub), &claim.header.arrangement);
    if (!agreement ||
        !wlk_arrangement_party(&agreement->arrangement, then->recipient, &party) ||
        (size_t)(party + 1) * VERDICT_BYTES > row->verdict_size)
        return NULL;
    return row->verdict + (size_t)party * VERDICT_BYTES;
}

static void compare(struct replay *replay, const struct wlk_audit_entry *then,
                    wlk_name arrangement)
{
    struct wlk_lane lane = then->lane;
    struct wlk_journal_row row;
    unsigned groups = 0;
    int64_t id;
    lane.arrangement = arrangement;
    if (!then->seq)
        return; /* class status is not kept */
    if (wlk_audit_mark(&replay->marks, &then->record, sizeof then->record, &then->recipient,
                       sizeof then->recipient)) {
        replay->late++; /* decided again, when it was sent */
        return;
    }
    if (wlk_journal_lane_find(replay->then, then->originator, &lane, &id) != WLK_OK ||
        wlk_journal_get(replay->then, id, then->seq, &row) != WLK_OK) {
        replay->gone++;
        return;
    }
    const uint8_t *now = verdict_now(replay, then, &lane, &row);
    for (unsigned g = 0; g < WLK_GROUP_END; g++)
        groups |= then->group_pass[g] ? 1u << g : 0;
    if (!now)
        say(replay, then, arrangement, "not taken");
    else if (now[0] != (unsigned)then->kind)
        say(replay, then, arrangement, word_of(now[0]));
    else if (now[1] != groups)
        say(replay, then, arrangement, "with other groups");
    else
        replay->same++;
}

static void compare_all(struct replay *replay)
{
    wlk_name arrangement = {{0}};
    uint64_t count;
    while (wlk_journal_log_name(replay->then, &arrangement, &count) == WLK_OK) {
        struct wlk_audit audit = {0};
        struct wlk_audit_entry entry;
        const uint8_t *bytes;
        uint8_t copy[WLK_AUDIT_FRAME_MAX];
        size_t size, offset = 0;
        wlk_journal_checkpoint(replay->then, arrangement, &audit.count, &audit.head);
        for (uint64_t n = audit.count + 1; n <= count; n++, offset = 0) {
            if (wlk_journal_log_at(replay->then, arrangement, n, &bytes, &size) != WLK_OK ||
                size > sizeof copy)
                break;
            memcpy(copy, bytes, size);
            if (wlk_audit_next(&audit, copy, size, &offset, &entry) != WLK_OK)
                break; /* warnlink audit names the place */
            compare(replay, &entry, arrangement);
        }
    }
}

/* Decides again what the hub of that journal decided. *is_same: nothing differs. */
static wlk_status run_hub(struct replay *replay, const struct wlk_roots *roots, bool *is_same,
                          struct wlk_fault *fault)
{
    wlk_status status = wlk_audit_open(&replay->marks, roots, NULL, 0);
    if (status == WLK_OK)
        status = open_hub(replay, roots, fault);
    if (status == WLK_OK) {
        play(replay);
        compare_all(replay);
        printf("hub %s: %" PRIu64 " decisions made again as then, %" PRIu64
               " otherwise; %" PRIu64 " more were made at sending, %" PRIu64
               " are of records that are gone\n",
               replay->owner.text, replay->same, replay->different, replay->late, replay->gone);
        *is_same = replay->different == 0;
    }
    wlk_hub_close(replay->hub);
    wlk_journal_close(replay->now);
    wlk_audit_close(&replay->marks);
    return status;
}

static wlk_status run(struct replay *replay, const char *path, const struct wlk_roots *roots,
                      bool *is_same, struct wlk_fault *fault)
{
    wlk_name arrangement = {{0}};
    uint64_t lines;
    WLK_TRY(wlk_journal_look(path, &replay->then, &replay->owner, fault));
    bool is_hub = wlk_journal_log_name(replay->then, &arrangement, &lines) == WLK_OK;
    wlk_status status =
        is_hub ? run_hub(replay, roots, is_same, fault)
               : wlk_replay_nation(replay->then, replay->owner, roots, is_same, fault);
    wlk_journal_close(replay->then);
    return status;
}

int wlk_replay_main(int argc, char *argv[])
{
    struct wlk_option option[] = {{.name = "roots", .kind = WLK_OPTION_TEXT, .value = "FILE",
                                   .meaning = "root keys of the parties, as you trust them"}};
    struct wlk_options options = {
        .program = "warnlink replay",
        .purpose = "decide or take again what a journal has; say any difference",
        .operands = "JOURNAL",
        .operand_count_min = 1,
        .operand_count_max = 1,
        .option = option,
        .option_count = 1};
    static struct replay replay;
    static struct wlk_roots roots;
    struct wlk_fault fault = {0};
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    if (!option[0].is_given)
        return wlk_options_refuse(&options, "--roots FILE is needed: nothing else is trusted");
    status = wlk_seal_init();
    if (status == WLK_OK)
        status = wlk_sheet_roots(option[0].text, NULL, &roots, &fault);
    bool is_same = false;
    if (status == WLK_OK)
        status = run(&replay, options.operand[0], &roots, &is_same, &fault);
    if (status != WLK_OK)
        return wlk_options_fault(&options, status, &fault);
    return is_same ? 0 : 1;
}
