/* replay_nation.c -- what a nation took, taken again by the code of today.
 *
 * Each record that came goes to a fresh nation at the time at which it came, under the
 * statements that the journal has: signature, keys, term, nature, chain and notices are judged
 * anew, and what is good goes into its picture. Own records are judged as a partner would.
 * Plots are in no journal: what picture and warnings owed to own sensors does not come again.
 * So the timeline made now is of partners' records alone; how much of it the journal has, in
 * the same words, is said and not judged.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/replay.h"

#include "base/assert.h"
#include "exchange/frame.h"
#include "exchange/journal.h"
#include "programs/audit.h"
#include "programs/nation.h"
#include "programs/share.h"

#include <inttypes.h>
#include <stdio.h>

static const int64_t TICK_NS = 100000000;              /* what nation.h asks for */
static const int64_t AFTER_NS = INT64_C(900000000000); /* ASSUMPTION: nothing flies longer */

struct taken {
    struct wlk_audit_case marks; /* entries of the timeline, as they were */
    struct wlk_journal *then, *now;
    struct wlk_nation *nation;
    struct wlk_secret_key key; /* of nobody: what this nation seals goes nowhere */
    wlk_name owner, hub;
    int64_t first_ns, ticked_ns;
    uint64_t same, own, different, entries, entries_same;
    size_t objects; /* most at a time */
};

static void draw_nothing(void *context, uint8_t salt[WLK_SALT_SIZE])
{
    (void)context;
    memset(salt, 0, WLK_SALT_SIZE);
}

/* ---- the fresh nation ---- */

static void give_statements(struct taken *taken, int64_t at_ns, bool is_start)
{
    uint8_t kind;
    const uint8_t *bytes;
    size_t size, i = 0;
    while (wlk_replay_statement(taken->then, &i, at_ns, is_start, &kind, &bytes, &size))
        (void)!wlk_nation_statement(taken->nation, (enum wlk_statement_kind)kind, bytes, size,
                                    wlk_replay_moment(taken->first_ns, at_ns), NULL);
}

static wlk_status open_nation(struct taken *taken, const struct wlk_roots *roots,
                              struct wlk_fault *fault)
{
    static const struct wlk_sites no_radars;
    struct wlk_journal_row first = {0};
    struct wlk_journal_head head = {.hub = wlk_name_of("HUB")};
    uint8_t nature = 0;
    int64_t at = 0;
    size_t used;
    char areas[1024];
    if (wlk_journal_value(taken->then, "nature", &nature, sizeof nature, &used) != WLK_OK ||
        wlk_journal_each(taken->then, 0, &first) != WLK_OK) {
        wlk_fault_set(fault, "a journal without records", "%s", taken->owner.text);
        return WLK_BAD_INPUT;
    }
    taken->first_ns = taken->ticked_ns = first.at_ns;
    (void)!wlk_journal_head_next(taken->then, &at, &head);
    taken->hub = head.hub; /* which of them brought a record is not kept */
    WLK_TRY(wlk_share_path("areas", areas, sizeof areas));
    WLK_TRY(wlk_journal_open(":memory:", taken->owner, &taken->now, fault));
    wlk_key_rehearsal(1, 1, &taken->key);
    struct wlk_nation_options options = {.name = taken->owner,
                                         .nature = (enum wlk_nature)nature,
                                         .exercise = "REPLAY",
                                         .sites = &no_radars,
                                         .areas_folder = areas,
                                         .hub_count = 1,
                                         .hub = {taken->hub},
                                         .journal = taken->now,
                                         .key = &taken->key,
                                         .roots = roots,
                                         .salts = {draw_nothing, NULL},
                                         .now = wlk_replay_moment(first.at_ns, first.at_ns)};
    WLK_TRY(wlk_nation_open(&options, &taken->nation, fault));
    give_statements(taken, first.at_ns, true);
    return WLK_OK;
}

/* ---- the timeline ---- */

struct event {
    enum wlk_entry_kind kind;
    enum wlk_warning_kind warning;
    char names[sizeof((struct wlk_entry *)0)->names];
};

static struct event event_of(const struct wlk_entry *entry)
{
    struct event event;
    memset(&event, 0, sizeof event);
    event.kind = entry->kind;
    event.warning = entry->warning;
    snprintf(event.names, sizeof event.names, "%s", entry->names);
    return event;
}

static const char said[] = "said";

static void remember_notes(struct taken *taken)
{
    const char *line;
    wlk_utc time;
    int64_t row = 0;
    static struct wlk_entry entry;
    while (wlk_journal_note_next(taken->then, &row, &time, &line) == WLK_OK)
        if (wlk_entry_parse(line, &entry) == WLK_OK) {
            struct event event = event_of(&entry);
            (void)wlk_audit_mark(&taken->marks, said, sizeof said, &event, sizeof event);
        }
}

static void look_at_entries(struct taken *taken, struct wlk_moment now)
{
    static struct wlk_entry entry;
    while (wlk_nation_work(taken->nation, now))
        continue;
    size_t objects = wlk_nation_picture(taken->nation)->count;
    taken->objects = objects > taken->objects ? objects : taken->objects;
    while (wlk_nation_entry(taken->nation, &entry)) {
        struct event event = event_of(&entry);
        if (entry.kind != WLK_ENTRY_DECLARED && entry.kind != WLK_ENTRY_WARNING &&
            entry.kind != WLK_ENTRY_REFUSED)
            continue; /* of lines, hubs and own keys: there are none here */
        taken->entries++;
        taken->entries_same += wlk_audit_is_marked(&taken->marks, said, sizeof said, &event,
                                                   sizeof event);
    }
}

/* Time passes; where nothing comes for long, it is left out. */
static void pass_time(struct taken *taken, int64_t until_ns)
{
    int64_t end_ns = taken->ticked_ns + AFTER_NS;
    for (int64_t at_ns = taken->ticked_ns + TICK_NS; at_ns <= until_ns && at_ns <= end_ns;
         at_ns += TICK_NS) {
        struct wlk_moment now = wlk_replay_moment(taken->first_ns, at_ns);
        if (at_ns / 1000000000 != taken->ticked_ns / 1000000000)
            give_statements(taken, at_ns, false);
        taken->ticked_ns = at_ns;
        wlk_nation_tick(taken->nation, now);
        look_at_entries(taken, now);
    }
    if (taken->ticked_ns + TICK_NS <= until_ns)
        taken->ticked_ns = until_ns;
}

/* ---- records ---- */

static void say(struct taken *taken, const struct wlk_header *header, const char *words)
{
    char time[32];
    wlk_utc_text(header->time, 1, time);
    if (taken->different++ < WLK_REPLAY_TOLD_MAX)
        printf("%s  %s %s of %s, %" PRIu64 ": %s\n", time, header->lane.arrangement.text,
               wlk_class_word(header->lane.record_class), header->originator.text, header->seq,
               words);
}

/* Would a partner believe it? */
static void judge_own(struct taken *taken, const struct wlk_claim *claim)
{
    static struct wlk_record record;
    const struct wlk_header *header = &claim->header;
    const struct wlk_force *force = wlk_post_force(wlk_nation_post(taken->nation));
    const struct wlk_keyring *ring = wlk_post_keyring(wlk_nation_post(taken->nation));
    const struct wlk_agreement *agreement = wlk_force_find(force, &header->arrangement);
    struct wlk_key_question question = {.originator = header->originator,
                                        .kid = claim->kid,
                                        .use = wlk_key_use_of(header->type),
                                        .nature = header->nature,
                                        .time = header->time};
    const struct wlk_public_key *key =
        agreement ? wlk_keyring_find(ring, &agreement->arrangement, &question) : NULL;
    if (!wlk_name_equal(header->originator, taken->owner))
        say(taken, header, "kept as own, and another's");
    else if (!key || wlk_record_verify(claim, key, &record) != WLK_OK)
        say(taken, header, "own, and its signature holds no longer");
    else
        taken->own++;
}

static void give(struct taken *taken, enum wlk_class link, const struct wlk_frame *frame,
                 struct wlk_moment now)
{
    static uint8_t bytes[WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX];
    struct wlk_writer out = {bytes, sizeof bytes, 0};
    if (wlk_frame_encode(frame, NULL, &out) == WLK_OK)
        (void)!wlk_nation_frame(taken->nation, 0, link, bytes + WLK_FRAME_PREFIX,
                                out.at - WLK_FRAME_PREFIX, now);
}

static void take(struct taken *taken, const struct wlk_claim *claim, int64_t at_ns)
{
    const struct wlk_header *header = &claim->header;
    enum wlk_class link = wlk_post_link(header->lane.record_class);
    struct wlk_moment now = wlk_replay_moment(taken->first_ns, at_ns);
    struct wlk_frame hello = {
        .kind = WLK_FRAME_HELLO, .sender = taken->hub, .link = link};
    struct wlk_frame frame = {
        .kind = WLK_FRAME_RECORD, .bytes = claim->bytes, .size = claim->size};
    struct wlk_journal_row row;
    int64_t lane;
    pass_time(taken, at_ns);
    /* anew for each: in which order one hub brought them is not kept */
    wlk_nation_connected(taken->nation, 0, link, now);
    give(taken, link, &hello, now);
    give(taken, link, &frame, now);
    if (wlk_journal_lane_find(taken->now, header->originator, &header->lane, &lane) != WLK_OK ||
        wlk_journal_get(taken->now, lane, header->seq, &row) != WLK_OK ||
        !wlk_digest_equal(&row.digest, &claim->digest))
        say(taken, header, "taken then, not now");
    else
        taken->same++;
}

static void play(struct taken *taken)
{
    struct wlk_journal_row row = {0};
    struct wlk_claim claim;
    static uint8_t copy[WLK_RECORD_SIZE_MAX];
    while (wlk_journal_each(taken->then, row.row, &row) == WLK_OK) {
        size_t size = row.size < sizeof copy ? row.size : sizeof copy;
        memcpy(copy, row.bytes, size);
        if (wlk_claim_decode(copy, size, &claim, NULL) != WLK_OK)
            taken->different++; /* warnlink audit names the place */
        else if (row.is_own)
            judge_own(taken, &claim);
        else
            take(taken, &claim, row.at_ns);
    }
    pass_time(taken, taken->ticked_ns + AFTER_NS);
}

wlk_status wlk_replay_nation(struct wlk_journal *then, wlk_name owner,
                             const struct wlk_roots *roots, bool *is_same,
                             struct wlk_fault *fault)
{
    static struct taken taken;
    memset(&taken, 0, sizeof taken);
    taken.then = then;
    taken.owner = owner;
    wlk_status status = wlk_audit_open(&taken.marks, roots, NULL, 0);
    if (status == WLK_OK)
        status = open_nation(&taken, roots, fault);
    if (status == WLK_OK) {
        remember_notes(&taken);
        play(&taken);
        printf("nation %s: %" PRIu64 " records taken again as then, %" PRIu64
               " own ones hold, %" PRIu64 " otherwise; up to %zu objects in its picture; "
               "partners' records alone tell %" PRIu64 " launches, warnings and refusals, "
               "%" PRIu64 " of them in the words of then\n",
               owner.text, taken.same, taken.own, taken.different,
               taken.objects, taken.entries, taken.entries_same);
        *is_same = taken.different == 0;
    }
    wlk_nation_close(taken.nation);
    wlk_journal_close(taken.now);
    wlk_audit_close(&taken.marks);
    return status;
}
