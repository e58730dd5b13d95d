/* audit_show.c -- what the journals of a case say, for people: the fate of one nation's
 * records, and who knew what when.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/audit.h"

#include "programs/timeline.h"
#include "release/audit.h"

#include <inttypes.h>
#include <stdlib.h>

/* ---- fate ---- */

enum { RUNS_MAX = 256 };

/* Consecutive records of a lane with one verdict of one hub for one recipient. */
struct run {
    bool is_open;
    struct wlk_audit_entry first;
    wlk_utc until;
    uint64_t last, count, there;
};

struct fate {
    struct wlk_audit_case *all;
    FILE *out;
    wlk_name hub, arrangement;
    struct run run[RUNS_MAX];
};

static bool is_same_path(const struct wlk_audit_entry *a, const struct wlk_audit_entry *b)
{
    return a->lane.record_class == b->lane.record_class && a->lane.nature == b->lane.nature &&
           a->lane.generation == b->lane.generation &&
           wlk_name_equal(a->recipient, b->recipient);
}

static const char *verdict_word(enum wlk_verdict_kind kind)
{
    static const char *const WORDS[] = {
        [WLK_REFUSE] = "refused", [WLK_TRIM] = "trimmed", [WLK_PASS] = "passed"};
    return WORDS[kind];
}

static void print_run(const struct fate *fate, struct run *run)
{
    char from[32], until[32];
    if (!run->is_open)
        return;
    run->is_open = false;
    wlk_utc_text(run->first.time, 1, from);
    wlk_utc_text(run->until, 1, until);
    fprintf(fate->out, "  %-6s %-6s %6" PRIu64 "-%-6" PRIu64 " to %-3s %-8s under %-8s by %-6s"
            " %s .. %s", fate->arrangement.text, wlk_class_word(run->first.lane.record_class),
            run->first.seq, run->last, run->first.recipient.text,
            verdict_word(run->first.kind), run->first.clause, fate->hub.text, from, until);
    if (run->first.kind != WLK_REFUSE)
        fprintf(fate->out, "; %" PRIu64 " of %" PRIu64 " there", run->there, run->count);
    fputc('\n', fate->out);
}

static bool is_there(struct wlk_audit_case *all, const struct wlk_audit_entry *entry,
                     wlk_name arrangement)
{
    struct wlk_lane lane = entry->lane;
    struct wlk_journal_row row;
    int64_t id;
    lane.arrangement = arrangement;
    for (size_t i = 0; i < all->file_count; i++)
        if (all->file[i].journal && wlk_name_equal(all->file[i].owner, entry->recipient) &&
            wlk_journal_lane(all->file[i].journal, entry->originator, &lane, &id) == WLK_OK &&
            wlk_journal_get(all->file[i].journal, id, entry->seq, &row) == WLK_OK)
            return true;
    return false;
}

static void take_entry(struct fate *fate, const struct wlk_audit_entry *entry)
{
    struct run *run = NULL;
    bool there = entry->kind != WLK_REFUSE && is_there(fate->all, entry, fate->arrangement);
    for (size_t i = 0; i < RUNS_MAX && !run; i++)
        if (fate->run[i].is_open && is_same_path(&fate->run[i].first, entry))
            run = &fate->run[i];
    bool goes_on = run && entry->seq == run->last + 1 && entry->kind == run->first.kind &&
                   !strcmp(entry->clause, run->first.clause);
    if (!goes_on) {
        for (size_t i = 0; i < RUNS_MAX && !run; i++)
            if (!fate->run[i].is_open)
                run = &fate->run[i];
        run = run ? run : &fate->run[0];
        print_run(fate, run);
        *run = (struct run){.is_open = true, .first = *entry};
    }
    run->last = entry->seq;
    run->until = entry->time;
    run->count++;
    run->there += there;
}

static void read_log(struct fate *fate, struct wlk_journal *journal, uint64_t count,
                     wlk_name nation)
{
    struct wlk_audit audit = {0};
    struct wlk_audit_entry entry;
    uint8_t copy[WLK_AUDIT_FRAME_MAX];
    const uint8_t *bytes;
    size_t size;
    wlk_journal_checkpoint(journal, fate->arrangement, &audit.count, &audit.head);
    for (uint64_t n = audit.count + 1; n <= count; n++) {
        size_t offset = 0;
        if (wlk_journal_log_at(journal, fate->arrangement, n, &bytes, &size) != WLK_OK ||
            size > sizeof copy)
            return;
        memcpy(copy, bytes, size);
        if (wlk_audit_next(&audit, copy, size, &offset, &entry) != WLK_OK)
            return;
        if (entry.seq && wlk_name_equal(entry.originator, nation))
            take_entry(fate, &entry);
    }
}

void wlk_audit_fate(struct wlk_audit_case *all, wlk_name nation, FILE *out)
{
    static struct fate fate;
    uint64_t count;
    fprintf(out, "What became of the records of %s:\n", nation.text);
    for (size_t i = 0; i < all->file_count; i++) {
        const struct wlk_audit_file *hub = &all->file[i];
        if (!hub->journal || !hub->is_hub)
            continue;
        memset(&fate, 0, sizeof fate);
        fate.all = all;
        fate.out = out;
        fate.hub = hub->owner;
        while (wlk_journal_log_name(hub->journal, &fate.arrangement, &count) == WLK_OK) {
            read_log(&fate, hub->journal, count, nation);
            for (size_t k = 0; k < RUNS_MAX; k++)
                print_run(&fate, &fate.run[k]);
        }
    }
}

/* ---- timeline ---- */

enum { MOMENTS_MAX = 20000 };

struct moment {
    int64_t ns;
    uint32_t order;
    char words[200];
};

static int by_time(const void *a, const void *b)
{
    const struct moment *x = a, *y = b;
    if (x->ns != y->ns)
        return x->ns < y->ns ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

struct story {
    size_t count, left_out;
    struct moment moment[MOMENTS_MAX];
};

static struct moment *next_moment(struct story *story, int64_t ns)
{
    if (story->count == MOMENTS_MAX) {
        story->left_out++;
        return NULL;
    }
    struct moment *moment = &story->moment[story->count];
    moment->ns = ns;
    moment->order = (uint32_t)story->count++;
    return moment;
}

/* Warnings as a nation sealed or got them, and as a hub took them. */
static void add_records(struct story *story, const struct wlk_audit_file *file)
{
    struct wlk_journal_row row = {0};
    struct wlk_claim claim;
    while (wlk_journal_each(file->journal, row.row, &row) == WLK_OK) {
        if (wlk_claim_decode(row.bytes, row.size, &claim, NULL) != WLK_OK ||
            claim.header.lane.record_class != WLK_CLASS_WARN)
            continue;
        struct moment *moment = next_moment(story, row.at_ns ? row.at_ns : row.time_ns);
        if (moment)
            snprintf(moment->words, sizeof moment->words, "%-6s %s %s %" PRIu64
                     " of %s, object %u, under %s", file->owner.text,
                     row.is_own ? "seals" : file->is_hub ? "takes" : "has",
                     wlk_type_word(row.type), row.seq, claim.header.originator.text,
                     (unsigned)row.object, claim.header.lane.arrangement.text);
    }
}

static void add_decisions(struct story *story, const struct wlk_audit_file *hub)
{
    wlk_name arrangement = {{0}};
    uint64_t count;
    while (wlk_journal_log_name(hub->journal, &arrangement, &count) == WLK_OK) {
        struct wlk_audit audit = {0};
        struct wlk_audit_entry entry;
        const uint8_t *bytes;
        size_t size, offset = 0;
        wlk_journal_checkpoint(hub->journal, arrangement, &audit.count, &audit.head);
        for (uint64_t n = audit.count + 1; n <= count; n++, offset = 0) {
            if (wlk_journal_log_at(hub->journal, arrangement, n, &bytes, &size) != WLK_OK ||
                wlk_audit_next(&audit, bytes, size, &offset, &entry) != WLK_OK)
                break;
            if (entry.lane.record_class != WLK_CLASS_WARN)
                continue;
            struct moment *moment = next_moment(story, entry.time.ns);
            if (moment)
                snprintf(moment->words, sizeof moment->words, "%-6s %s warn %" PRIu64
                         " of %s to %s under %s: %s", hub->owner.text,
                         entry.kind == WLK_REFUSE ? "refuses"
                         : entry.kind == WLK_TRIM ? "trims" : "passes",
                         entry.seq, entry.originator.text, entry.recipient.text,
                         arrangement.text, entry.clause);
        }
    }
}

static void add_notes(struct story *story, const struct wlk_audit_file *file)
{
    int64_t row = 0;
    wlk_utc time;
    const char *text;
    static struct wlk_entry entry;
    while (wlk_journal_note_next(file->journal, &row, &time, &text) == WLK_OK) {
        struct moment *moment = next_moment(story, time.ns);
        if (moment && wlk_entry_parse(text, &entry) == WLK_OK)
            snprintf(moment->words, sizeof moment->words, "%-6s notes %s%s%.150s",
                     file->owner.text, wlk_entry_kind_word(entry.kind),
                     entry.names[0] ? ": " : "", entry.names);
        else if (moment)
            snprintf(moment->words, sizeof moment->words, "%-6s notes: %.180s",
                     file->owner.text, text);
    }
}

void wlk_audit_timeline(struct wlk_audit_case *all, FILE *out)
{
    static struct story story;
    story.count = story.left_out = 0;
    for (size_t i = 0; i < all->file_count; i++) {
        const struct wlk_audit_file *file = &all->file[i];
        if (!file->journal)
            continue;
        add_records(&story, file);
        add_notes(&story, file);
        if (file->is_hub)
            add_decisions(&story, file);
    }
    qsort(story.moment, story.count, sizeof story.moment[0], by_time);
    fprintf(out, "Who knew what when (UTC; times are those of each one's own clock):\n");
    for (size_t i = 0; i < story.count; i++) {
        char text[32];
        wlk_utc_text((wlk_utc){story.moment[i].ns}, 1, text);
        fprintf(out, "  %s  %s\n", text, story.moment[i].words);
    }
    if (story.left_out)
        fprintf(out, "  ... %zu more that do not fit here\n", story.left_out);
}
