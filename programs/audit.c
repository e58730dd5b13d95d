/* audit.c -- one journal by itself: pages, sums, statements, records, chains, notices, log,
 * heads, evidence.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/audit.h"

#include "base/assert.h"
#include "exchange/evidence.h"
#include "release/audit.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

/* ---- findings and marks ---- */

void wlk_audit_found(struct wlk_audit_case *all, const struct wlk_audit_file *file,
                     const char *rule, const char *place, ...)
{
    char line[320], where[128];
    va_list words;
    va_start(words, place);
    vsnprintf(where, sizeof where, place, words);
    va_end(words);
    snprintf(line, sizeof line, "%.120s: %s: %.60s", file->path, where, rule);
    if (all->findings++ == 0)
        memcpy(all->first, line, sizeof line);
    if (all->out && all->findings <= WLK_AUDIT_TOLD_MAX)
        fprintf(all->out, "%s\n", line);
}

static uint64_t hash_of(const void *a, size_t a_size, const void *b, size_t b_size)
{
    struct wlk_sha256 sum;
    wlk_digest digest;
    uint64_t hash;
    wlk_sha256_init(&sum);
    wlk_sha256_add(&sum, a, a_size);
    wlk_sha256_add(&sum, b, b_size);
    wlk_sha256_end(&sum, &digest);
    memcpy(&hash, digest.bytes, sizeof hash);
    return hash ? hash : 1;
}

static uint64_t *slot_of(const struct wlk_audit_case *all, uint64_t hash)
{
    uint64_t at = hash % WLK_AUDIT_MARKS_MAX;
    while (all->marks[at] && all->marks[at] != hash)
        at = (at + 1) % WLK_AUDIT_MARKS_MAX;
    return &all->marks[at];
}

bool wlk_audit_mark(struct wlk_audit_case *all, const void *a, size_t a_size, const void *b,
                    size_t b_size)
{
    uint64_t hash = hash_of(a, a_size, b, b_size), *slot = slot_of(all, hash);
    if (*slot)
        return true;
    if (all->marked < WLK_AUDIT_MARKS_MAX - 1) { /* one stays free: look-ups end */
        *slot = hash;
        all->marked++;
    }
    return false;
}

bool wlk_audit_is_marked(const struct wlk_audit_case *all, const void *a, size_t a_size,
                         const void *b, size_t b_size)
{
    return *slot_of(all, hash_of(a, a_size, b, b_size)) != 0 ||
           all->marked == WLK_AUDIT_MARKS_MAX - 1; /* too many to tell: not a finding */
}

/* ---- opening ---- */

static bool is_hub_of(const struct wlk_force *force, wlk_name name)
{
    for (size_t a = 0; a < force->count; a++)
        for (size_t h = 0; h < force->agreement[a].arrangement.hub_count; h++)
            if (wlk_name_equal(force->agreement[a].arrangement.hub[h], name))
                return true;
    return false;
}

static void open_file(struct wlk_audit_case *all, struct wlk_audit_file *file)
{
    struct wlk_fault fault = {0};
    if (wlk_journal_look(file->path, &file->journal, &file->owner, &fault) != WLK_OK) {
        wlk_audit_found(all, file, fault.rule ? fault.rule : "cannot be opened", "pages: %.80s",
                        fault.detail);
        return;
    }
    if (wlk_standing_open(file->journal, all->roots, &file->standing, &fault) != WLK_OK) {
        wlk_audit_found(all, file, "a statement does not verify under these roots",
                        "statements: %.60s", fault.rule ? fault.rule : "");
        wlk_journal_close(file->journal);
        file->journal = NULL;
        return;
    }
    file->is_hub = is_hub_of(wlk_standing_force(file->standing), file->owner);
}

wlk_status wlk_audit_open(struct wlk_audit_case *all, const struct wlk_roots *roots,
                          const char *const path[], size_t count)
{
    if (count > WLK_AUDIT_FILES_MAX)
        return WLK_FULL;
    all->roots = roots;
    all->marks = calloc(WLK_AUDIT_MARKS_MAX, sizeof *all->marks);
    if (!all->marks)
        return WLK_IO;
    for (size_t i = 0; i < count; i++) {
        struct wlk_audit_file *file = &all->file[all->file_count++];
        memset(file, 0, sizeof *file);
        file->path = path[i];
        open_file(all, file);
    }
    return WLK_OK;
}

void wlk_audit_close(struct wlk_audit_case *all)
{
    for (size_t i = 0; i < all->file_count; i++) {
        wlk_standing_close(all->file[i].standing);
        wlk_journal_close(all->file[i].journal);
    }
    free(all->marks);
    all->marks = NULL;
    all->file_count = 0;
}

/* ---- records and their chains ---- */

/* One lane while it is walked. */
struct walk {
    struct wlk_audit_case *all;
    struct wlk_audit_file *file;
    wlk_name originator;
    struct wlk_lane lane;
    int64_t id;
    uint64_t seq; /* of the record before */
    wlk_digest digest;
    bool has_digest;
    struct wlk_claim claim;
    uint8_t bytes[WLK_RECORD_SIZE_MAX];
};

static void found_row(struct walk *walk, const struct wlk_journal_row *row, const char *rule)
{
    wlk_audit_found(walk->all, walk->file, rule,
                    "records row %" PRId64 " (%s %s of %s, %" PRIu64 ")", row->row,
                    walk->lane.arrangement.text, wlk_class_word(walk->lane.record_class),
                    walk->originator.text, row->seq);
}

static bool is_lane(const struct wlk_lane *a, const struct wlk_lane *b)
{
    return a->record_class == b->record_class && a->nature == b->nature &&
           a->generation == b->generation && wlk_name_equal(a->arrangement, b->arrangement);
}

/* Do the columns say what the signed bytes say? */
static const char *column_fault(const struct walk *walk, const struct wlk_journal_row *row)
{
    const struct wlk_header *header = &walk->claim.header;
    if (!wlk_digest_equal(&walk->claim.digest, &row->digest))
        return "column digest is not the record's";
    if (!is_lane(&header->lane, &walk->lane) ||
        !wlk_name_equal(header->originator, walk->originator))
        return "the record is of another lane";
    if (!header->has_seq || header->seq != row->seq)
        return "column seq is not the record's";
    if (header->type != row->type || header->time.ns != row->time_ns ||
        (header->has_object ? header->object : 0) != row->object)
        return "columns type, time or object are not the record's";
    if (row->is_own != wlk_name_equal(header->originator, walk->file->owner))
        return "column own is wrong";
    return NULL;
}

/* A hole before this record: in one's own there is none; elsewhere a notice fills it. */
static void check_hole(struct walk *walk, const struct wlk_journal_row *row)
{
    bool may_be_refused = !walk->file->is_hub && !row->is_own;
    uint64_t at = walk->seq + 1, first, last;
    wlk_digest digest;
    while (at < row->seq) {
        if (!may_be_refused ||
            wlk_journal_refused(walk->file->journal, walk->id, at, &first, &last, &digest) !=
                WLK_OK ||
            first > at) {
            found_row(walk, row, "records before it are missing, and no notice refuses them");
            walk->has_digest = false;
            return;
        }
        at = last + 1;
        walk->digest = digest;
        walk->has_digest = last + 1 == row->seq;
    }
}

static void check_record(struct walk *walk, const struct wlk_journal_row *row)
{
    static struct wlk_record record;
    const struct wlk_agreement *agreement;
    struct wlk_fault fault = {0};
    walk->file->records++;
    if (row->size > sizeof walk->bytes) {
        found_row(walk, row, "larger than any record");
        return;
    }
    memcpy(walk->bytes, row->bytes, row->size);
    if (wlk_claim_decode(walk->bytes, row->size, &walk->claim, &fault) != WLK_OK) {
        found_row(walk, row, "the bytes are no record");
        return;
    }
    const char *rule = column_fault(walk, row);
    if (rule)
        found_row(walk, row, rule);
    if (wlk_standing_verify_kept(walk->file->standing, &walk->claim, walk->claim.header.time,
                                 &record, &agreement) == WLK_BAD_SIGNATURE)
        found_row(walk, row, "the signature fails");
}

/* A notice to this nation is remembered, for the ranges that it explains. */
static void note_notice(struct walk *walk)
{
    struct wlk_refused_content refused;
    if (walk->claim.header.type != WLK_TYPE_REFUSED ||
        wlk_refused_content_decode(&walk->claim.disclosure[0], &refused, NULL) != WLK_OK ||
        !wlk_name_equal(refused.recipient, walk->file->owner))
        return;
    uint64_t range[2] = {refused.first_seq, refused.last_seq};
    (void)wlk_audit_mark(walk->all, &refused.digest, sizeof refused.digest, range,
                         sizeof range);
}

static void walk_lane(struct walk *walk)
{
    struct wlk_journal_row row;
    walk->seq = wlk_journal_past(walk->file->journal, walk->id);
    walk->has_digest = walk->seq == 0; /* else the first record's header says what it was */
    walk->file->past += walk->seq;
    walk->file->has_past_notices = walk->file->has_past_notices ||
                                   (walk->seq && walk->lane.record_class == WLK_CLASS_NOTICE);
    memset(&walk->digest, 0, sizeof walk->digest);
    while (wlk_journal_next(walk->file->journal, walk->id, walk->seq, &row) == WLK_OK) {
        struct wlk_journal_row here = row;
        memset(&walk->claim, 0, sizeof walk->claim);
        check_record(walk, &row);
        if (here.seq > walk->seq + 1)
            check_hole(walk, &here);
        if (walk->has_digest && walk->claim.size &&
            !wlk_digest_equal(&walk->claim.header.prev, &walk->digest))
            found_row(walk, &here, "it does not follow the record before it");
        if (walk->claim.size)
            note_notice(walk);
        walk->seq = here.seq;
        walk->digest = here.digest;
        walk->has_digest = true;
    }
}

static void check_records(struct wlk_audit_case *all, struct wlk_audit_file *file)
{
    static struct walk walk;
    struct wlk_journal_row row = {0};
    uint64_t rows = 0;
    walk.all = all;
    walk.file = file;
    size_t lanes = 0;
    while (wlk_journal_lane_at(file->journal, lanes, &walk.id, &walk.originator, &walk.lane)) {
        walk_lane(&walk);
        lanes++;
    }
    while (wlk_journal_each(file->journal, row.row, &row) == WLK_OK)
        rows++;
    if (rows != file->records)
        wlk_audit_found(all, file, "rows of no lane, or lanes that cannot be read",
                        "lanes and records: %" PRIu64 " of %" PRIu64 " rows", file->records,
                        rows);
}

static void check_refusals(struct wlk_audit_case *all, struct wlk_audit_file *file)
{
    int64_t lane = 0;
    uint64_t range[2] = {0, 0};
    wlk_digest digest;
    while (wlk_journal_refused_each(file->journal, &lane, &range[1], &range[0], &digest) ==
           WLK_OK)
        if (!file->has_past_notices &&
            !wlk_audit_is_marked(all, &digest, sizeof digest, range, sizeof range))
            wlk_audit_found(all, file, "no notice of a hub says so",
                            "refusals lane %" PRId64 " %" PRIu64 "-%" PRIu64, lane, range[0],
                            range[1]);
}

/* ---- log, heads, evidence, notes ---- */

static void check_log(struct wlk_audit_case *all, struct wlk_audit_file *file,
                      wlk_name arrangement, uint64_t count)
{
    struct wlk_audit audit = {0};
    struct wlk_audit_entry entry;
    const uint8_t *bytes;
    size_t size;
    wlk_journal_checkpoint(file->journal, arrangement, &audit.count, &audit.head);
    for (uint64_t n = audit.count + 1; n <= count; n++) {
        size_t offset = 0;
        if (wlk_journal_log_at(file->journal, arrangement, n, &bytes, &size) != WLK_OK) {
            wlk_audit_found(all, file, "the line is missing", "log %s line %" PRIu64,
                            arrangement.text, n);
            return;
        }
        if (wlk_audit_next(&audit, bytes, size, &offset, &entry) != WLK_OK || offset != size) {
            wlk_audit_found(all, file, "it is not the successor of the line before",
                            "log %s line %" PRIu64, arrangement.text, n);
            return;
        }
        file->log_lines++;
    }
}

static void check_logs(struct wlk_audit_case *all, struct wlk_audit_file *file)
{
    wlk_name arrangement = {{0}};
    uint64_t count;
    wlk_status status;
    while ((status = wlk_journal_log_name(file->journal, &arrangement, &count)) == WLK_OK)
        check_log(all, file, arrangement, count);
    if (status == WLK_BAD_INPUT)
        wlk_audit_found(all, file, "the name of an arrangement is broken", "log");
}

static const char *head_fault(struct wlk_audit_file *file, const struct wlk_journal_head *head)
{
    static uint8_t copy[WLK_RECORD_SIZE_MAX];
    static struct wlk_status_content status;
    static struct wlk_record record;
    struct wlk_claim claim;
    const struct wlk_agreement *agreement;
    if (head->size > sizeof copy)
        return "larger than any heartbeat";
    if (head->size)
        memcpy(copy, head->bytes, head->size);
    if (wlk_claim_decode(copy, head->size, &claim, NULL) != WLK_OK ||
        wlk_status_content_decode(&claim.disclosure[0], &status, NULL) != WLK_OK)
        return "the bytes are no heartbeat";
    if (wlk_standing_verify_kept(file->standing, &claim, claim.header.time, &record,
                                 &agreement) == WLK_BAD_SIGNATURE)
        return "the hub's signature fails";
    if (!status.has_log || status.log_count != head->count ||
        !wlk_digest_equal(&status.log_digest, &head->digest) ||
        !wlk_name_equal(claim.header.originator, head->hub) ||
        !wlk_name_equal(claim.header.lane.arrangement, head->arrangement))
        return "columns are not what the heartbeat says";
    return NULL;
}

static void check_heads(struct wlk_audit_case *all, struct wlk_audit_file *file)
{
    struct wlk_journal_head head;
    int64_t row = 0;
    wlk_status status;
    while ((status = wlk_journal_head_next(file->journal, &row, &head)) != WLK_NOT_YET) {
        const char *rule =
            status == WLK_OK ? head_fault(file, &head) : "a name in it is broken";
        file->heads++;
        if (rule)
            wlk_audit_found(all, file, rule, "heads row %" PRId64, row);
    }
}

static void check_evidence(struct wlk_audit_case *all, struct wlk_audit_file *file)
{
    static uint8_t copy[WLK_EVIDENCE_SIZE_MAX + 256];
    static struct wlk_evidence evidence;
    const uint8_t *bytes;
    size_t size;
    int64_t row = 0;
    while (wlk_journal_evidence_next(file->journal, &row, &bytes, &size) == WLK_OK) {
        struct wlk_fault fault = {0};
        file->evidence++;
        if (size <= sizeof copy)
            memcpy(copy, bytes, size);
        if (size > sizeof copy ||
            wlk_evidence_check(copy, size, file->standing, &evidence, &fault) != WLK_OK)
            wlk_audit_found(all, file, fault.rule ? fault.rule : "too large",
                            "evidence row %" PRId64, row);
        else if (all->out)
            fprintf(all->out,
                    "%s: evidence row %" PRId64 ": %s %s (%s of %s %" PRIu64 "-%" PRIu64
                    "), says %s\n",
                    file->path, row, evidence.accused.text,
                    wlk_evidence_sentence(evidence.kind),
                    wlk_class_word(evidence.lane.record_class), evidence.originator.text,
                    evidence.first, evidence.last, evidence.witness.text);
    }
}

static void check_sums(struct wlk_audit_case *all, struct wlk_audit_file *file)
{
    const char *table = NULL;
    wlk_status status = wlk_journal_sums(file->journal, &table);
    all->unsummed += status == WLK_NOT_YET;
    if (status == WLK_BAD_INPUT)
        wlk_audit_found(all, file, "the table is not what it was when the journal was closed",
                        "%s", table ? table : "settings");
}

void wlk_audit_check(struct wlk_audit_case *all)
{
    for (size_t i = 0; i < all->file_count; i++) {
        struct wlk_audit_file *file = &all->file[i];
        if (!file->journal)
            continue;
        check_records(all, file);
        check_refusals(all, file);
        check_logs(all, file);
        check_heads(all, file);
        check_evidence(all, file);
        check_sums(all, file); /* last: the others name the row */
    }
    wlk_audit_cross(all);
}
