/* journal.h -- everything that came and went at one place, kept through crash and power loss.
 *
 * SQLite in WAL mode; journal.c is the only file that sees it. A put is one write() into the
 * WAL and no fsync (synchronous=NORMAL); one thread beside the caller does fdatasync on the
 * WAL as group commit and checkpoints PASSIVE. A put has a mark; it is durable when
 * wlk_journal_durable reaches the mark. In ":memory:" there is no thread and everything is
 * durable at once (rehearsals, soak).
 *
 * Disk full or failing: records and log lines are kept in memory instead, found by reads,
 * counted (unjournalled) and never called durable, so that warnings go on.
 *
 * It grows until somebody prunes it (exchange/prune.h); a start reads marks and what came
 * after them, not all that is kept.
 *
 * One caller; the thread is inside. Held by: journal_test.c, prune_test.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EXCHANGE_JOURNAL_H
#define WLK_EXCHANGE_JOURNAL_H

#include "record/codec.h"

struct wlk_journal;
struct wlk_journal_row;

enum {
    WLK_VERDICT_SIZE_MAX = 2 * WLK_PARTIES_MAX, /* the hub's verdict on a record, its bytes */
    WLK_REFUSED_RUN_MAX = 256,                  /* numbers in one range that our hubs refuse */
    WLK_JOURNAL_VALUE_MAX = 256                 /* bytes of a key's value */
};

/* Opens or makes a journal. owner is the nation or hub it belongs to.
 * WLK_OK; WLK_BAD_INPUT not a database, another program's, broken, or another owner's;
 * WLK_IO it cannot be opened, or another process has it. fault says which in one line. */
wlk_status wlk_journal_open(const char *path, wlk_name owner, struct wlk_journal **out,
                            struct wlk_fault *fault) WLK_MUST_USE;

/* Opens a journal for reading only, whoever has it, and reads its pages through; *owner is
 * whose it says it is. Puts do not work. Statuses as wlk_journal_open. */
wlk_status wlk_journal_look(const char *path, struct wlk_journal **out, wlk_name *owner,
                            struct wlk_fault *fault) WLK_MUST_USE;

/* Sums over each table, which a journal in a file carries from its close to its next opening:
 * they show damage to what no signature covers (numbers of rows, notes, settings). Who can
 * write the file can make them anew; the signed parts he cannot.
 * WLK_OK all agree; WLK_NOT_YET there are none: it is open, or was not closed in order;
 * WLK_BAD_INPUT *table does not agree. */
wlk_status wlk_journal_sums(struct wlk_journal *journal, const char **table) WLK_MUST_USE;

/* Every record, refused range, log and note, one after the other: behind row (from 0); behind
 * (*lane, *last) (from 0, 0), moved; behind *arrangement (from ""), moved, with the number of
 * its last line; behind *row, moved. WLK_NOT_YET no more; WLK_BAD_INPUT a broken row. */
wlk_status wlk_journal_each(struct wlk_journal *journal, int64_t row,
                            struct wlk_journal_row *out) WLK_MUST_USE;
wlk_status wlk_journal_refused_each(struct wlk_journal *journal, int64_t *lane, uint64_t *last,
                                    uint64_t *first, wlk_digest *digest) WLK_MUST_USE;
wlk_status wlk_journal_log_name(struct wlk_journal *journal, wlk_name *arrangement,
                                uint64_t *count) WLK_MUST_USE;
wlk_status wlk_journal_note_next(struct wlk_journal *journal, int64_t *row, wlk_utc *time,
                                 const char **text) WLK_MUST_USE;

/* A checkpoint of a log: lines up to count were pruned, digest is that of line count. No line
 * was pruned: zeros. */
void wlk_journal_checkpoint(struct wlk_journal *journal, wlk_name arrangement, uint64_t *count,
                            wlk_digest *digest);

/* Waits for the last fdatasync, checkpoints and frees. NULL is allowed. */
void wlk_journal_close(struct wlk_journal *journal);

/* Lets the file grow no further than it is now, or (false) as far as the disk lets it. What
 * does not fit is kept in memory, as on a full disk: for tests, and while space is made. */
void wlk_journal_hold(struct wlk_journal *journal, bool is_held);

/* Writes made so far, and how many of them are on the disk for certain. */
uint64_t wlk_journal_mark(const struct wlk_journal *journal);
uint64_t wlk_journal_durable(const struct wlk_journal *journal);

struct wlk_journal_counts {
    uint64_t puts, unjournalled, syncs, sync_failures;
    char last_error[128]; /* empty if none */
};
void wlk_journal_count(const struct wlk_journal *journal, struct wlk_journal_counts *out);

/* The number of a lane in this journal, given at first use. WLK_IO: kept in memory. *out is
 * set in both cases. */
wlk_status wlk_journal_lane(struct wlk_journal *journal, wlk_name originator,
                            const struct wlk_lane *lane, int64_t *out) WLK_MUST_USE;

/* The same for one that is there; WLK_NOT_YET it is not. */
wlk_status wlk_journal_lane_find(struct wlk_journal *journal, wlk_name originator,
                                 const struct wlk_lane *lane, int64_t *out) WLK_MUST_USE;

/* The index-th lane (from 0, in the order of first use). False: no more. */
bool wlk_journal_lane_at(struct wlk_journal *journal, size_t index, int64_t *id,
                         wlk_name *originator, struct wlk_lane *lane);

/* A record as it came or went. Views: into the caller's bytes for put, into the journal's own
 * until its next call for get. */
struct wlk_journal_row {
    int64_t row; /* rising in the order of putting; set by get */
    int64_t lane;
    uint64_t seq;
    wlk_digest digest; /* of the sign1 */
    enum wlk_type type;
    uint32_t object; /* 0 for none */
    int64_t time_ns; /* of the record */
    bool is_own;     /* sent, not received */
    const uint8_t *bytes;
    size_t size;
    const uint8_t *verdict; /* the hub's; may be NULL */
    size_t verdict_size;    /* at most WLK_VERDICT_SIZE_MAX */
    int64_t at_ns;          /* UTC when it was put; 0 not known */
};

/* WLK_OK kept; WLK_KNOWN lane and seq are there, nothing changed; WLK_IO kept in memory
 * only. */
wlk_status wlk_journal_put(struct wlk_journal *journal,
                           const struct wlk_journal_row *row) WLK_MUST_USE;

/* WLK_NOT_YET no such record. */
wlk_status wlk_journal_get(struct wlk_journal *journal, int64_t lane, uint64_t seq,
                           struct wlk_journal_row *out) WLK_MUST_USE;

/* The first record of a lane with a seq above. WLK_NOT_YET none. */
wlk_status wlk_journal_next(struct wlk_journal *journal, int64_t lane, uint64_t above,
                            struct wlk_journal_row *out) WLK_MUST_USE;

/* The next received record after row with a time of from or later, whatever its lane.
 * WLK_NOT_YET none. */
wlk_status wlk_journal_since(struct wlk_journal *journal, int64_t row, int64_t from_ns,
                             struct wlk_journal_row *out) WLK_MUST_USE;

/* ---- marks: how far a lane goes, so that a start need not walk it ---- */

/* All of a lane up to seq, which has that digest, came or was refused. Written now and then,
 * and not while anything is in memory only. */
void wlk_journal_reached(struct wlk_journal *journal, int64_t lane, uint64_t seq,
                         const wlk_digest *digest);

/* The mark written last, and its digest; 0 and zeros for none. */
uint64_t wlk_journal_mark_of(struct wlk_journal *journal, int64_t lane, wlk_digest *digest);

/* The last of a lane before which nothing is missing (refused is not missing): from its mark
 * on. settle writes the mark there and yields it. */
void wlk_journal_head_of(struct wlk_journal *journal, int64_t lane, uint64_t *seq,
                         wlk_digest *digest);
uint64_t wlk_journal_settle(struct wlk_journal *journal, int64_t lane);

/* Up to here a lane is past: pruned, or never here because it was past when this journal
 * began. 0 for none. begin: all up to seq, which has that digest, is past; WLK_IO. */
uint64_t wlk_journal_past(struct wlk_journal *journal, int64_t lane);
wlk_status wlk_journal_begin(struct wlk_journal *journal, int64_t lane, uint64_t seq,
                             const wlk_digest *digest) WLK_MUST_USE;

/* Back from head as long as records have a time of from or later: the seq before them. */
uint64_t wlk_journal_behind(struct wlk_journal *journal, int64_t lane, uint64_t head,
                            int64_t from_ns);

/* Seqs of the newest record of each object in a lane, ascending: the first above, and not
 * beyond last. WLK_NOT_YET none. */
wlk_status wlk_journal_newest(struct wlk_journal *journal, int64_t lane, uint64_t above,
                              uint64_t last, uint64_t *seq) WLK_MUST_USE;

/* Changes the verdict kept with a record; or its bytes, for a copy that shows more. */
wlk_status wlk_journal_verdict(struct wlk_journal *journal, int64_t lane, uint64_t seq,
                               const uint8_t *verdict, size_t size) WLK_MUST_USE;
wlk_status wlk_journal_enrich(struct wlk_journal *journal, int64_t lane, uint64_t seq,
                              const uint8_t *bytes, size_t size) WLK_MUST_USE;

/* A range of a lane that a hub refused to this nation (its notice is a record of its own). */
wlk_status wlk_journal_refuse(struct wlk_journal *journal, int64_t lane, uint64_t first,
                              uint64_t last, const wlk_digest *digest) WLK_MUST_USE;

/* A refused range that holds seq (ranges of two hubs may overlap), or else the first that ends
 * above it. WLK_NOT_YET none. */
wlk_status wlk_journal_refused(struct wlk_journal *journal, int64_t lane, uint64_t seq,
                               uint64_t *first, uint64_t *last,
                               wlk_digest *digest) WLK_MUST_USE;

/* Lines of a chained log (by arrangement), numbers first and on; views. */
struct wlk_journal_lines {
    wlk_name arrangement;
    uint64_t first; /* from 1 */
    size_t count;
    struct wlk_journal_line {
        const uint8_t *bytes;
        size_t size;
    } line[WLK_PARTIES_MAX];
};

/* Keeps lines and, with them, the record that they decide about (NULL: none): a crash leaves
 * all or nothing. WLK_IO some in memory only; WLK_KNOWN the record is there, the lines are
 * kept. */
wlk_status wlk_journal_keep(struct wlk_journal *journal, const struct wlk_journal_lines *lines,
                            const struct wlk_journal_row *row) WLK_MUST_USE;

/* Line n of a log. WLK_NOT_YET no such line; bytes live until the next call. */
wlk_status wlk_journal_log_at(struct wlk_journal *journal, wlk_name arrangement, uint64_t n,
                              const uint8_t **bytes, size_t *size) WLK_MUST_USE;

/* The last line on the disk, and its number. WLK_NOT_YET none. */
wlk_status wlk_journal_log_last(struct wlk_journal *journal, wlk_name arrangement, uint64_t *n,
                                const uint8_t **bytes, size_t *size) WLK_MUST_USE;

/* Statements in the order they came, index from 0. */
wlk_status wlk_journal_statement(struct wlk_journal *journal, uint8_t kind,
                                 const uint8_t *bytes, size_t size) WLK_MUST_USE;
wlk_status wlk_journal_statement_at(struct wlk_journal *journal, size_t index, uint8_t *kind,
                                    const uint8_t **bytes, size_t *size) WLK_MUST_USE;

/* Small values by key; set is followed by fdatasync when is_urgent (waits for the disk).
 * get: WLK_NOT_YET no such key; at most size bytes are written, *used has how many. */
wlk_status wlk_journal_set(struct wlk_journal *journal, const char *key, const void *value,
                           size_t size, bool is_urgent) WLK_MUST_USE;
wlk_status wlk_journal_value(struct wlk_journal *journal, const char *key, void *value,
                             size_t size, size_t *used) WLK_MUST_USE;

/* The generation of its lanes that this start may use: max(stored, above) + 1, or UTC seconds
 * that is more. It is durable before it returns: one fsync reserves all numbers of a
 * generation, and no two starts share one, also after a clean stop: the journal may be a
 * restored copy of an older one (DESIGN.md 3, Keys). above: a generation that somebody else
 * knows of, 0 for none. WLK_IO the journal cannot be written. */
wlk_status wlk_journal_start(struct wlk_journal *journal, wlk_utc now, uint64_t above,
                             uint64_t *generation) WLK_MUST_USE;

/* A line for a person who asks later who knew what when (events, warnings, alarms). */
wlk_status wlk_journal_note(struct wlk_journal *journal, wlk_utc time, const char *kind,
                            const char *text) WLK_MUST_USE;

/* A head of a hub's decision log, in the signed heartbeat that showed it. */
struct wlk_journal_head {
    wlk_name hub, arrangement;
    uint64_t count;
    wlk_digest digest;
    const uint8_t *bytes; /* of the heartbeat; a view, as in a row */
    size_t size;
    int64_t at_ns; /* UTC when it was kept; set by the caller of wlk_journal_head only */
};

/* Keeps a head; one that is there already is not kept twice. */
wlk_status wlk_journal_head(struct wlk_journal *journal,
                            const struct wlk_journal_head *head) WLK_MUST_USE;

/* The head kept first for head's hub, arrangement and count: fills the rest.
 * WLK_NOT_YET none. */
wlk_status wlk_journal_head_at(struct wlk_journal *journal,
                               struct wlk_journal_head *head) WLK_MUST_USE;

/* The first head behind *row (from 0), in the order of keeping; moves *row.
 * WLK_NOT_YET none; WLK_BAD_INPUT a broken name in that row (*row has moved). */
wlk_status wlk_journal_head_next(struct wlk_journal *journal, int64_t *row,
                                 struct wlk_journal_head *out) WLK_MUST_USE;

/* Keeps evidence (exchange/evidence.h); and the next behind *row, as above. */
wlk_status wlk_journal_evidence(struct wlk_journal *journal, const uint8_t *bytes,
                                size_t size) WLK_MUST_USE;
wlk_status wlk_journal_evidence_next(struct wlk_journal *journal, int64_t *row,
                                     const uint8_t **bytes, size_t *size) WLK_MUST_USE;

/* How far a peer has acknowledged a lane: for audits, and for pruning. Never less than before.
 * kept: up to where it said durable, 0 if it never did. */
wlk_status wlk_journal_acknowledged(struct wlk_journal *journal, int64_t lane, wlk_name peer,
                                    uint64_t received, uint64_t durable) WLK_MUST_USE;
uint64_t wlk_journal_kept(struct wlk_journal *journal, int64_t lane, wlk_name peer);

/* ---- forgetting; only exchange/prune.c does it. Each is one transaction: done or not ---- */

/* Records and refused ranges of a lane up to seq, which is from then on past; the lane's mark
 * is there or further on. *rows: how many records. */
wlk_status wlk_journal_forget(struct wlk_journal *journal, int64_t lane, uint64_t seq,
                              uint64_t *rows) WLK_MUST_USE;

/* Lines of a log up to count; digest is the last one's. */
wlk_status wlk_journal_forget_log(struct wlk_journal *journal, wlk_name arrangement,
                                  uint64_t count, const wlk_digest *digest) WLK_MUST_USE;

/* Some of the notes and heads from before a time, but no hub's newest head of a log. */
void wlk_journal_forget_old(struct wlk_journal *journal, int64_t before_ns);

#endif
