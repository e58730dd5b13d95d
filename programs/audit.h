/* audit.h -- checks journals and decision logs against each other, trusting none of them.
 *
 * A case is a set of journals, of nations and hubs, opened for reading only, and the root keys
 * of the parties as the auditor has them. Everything else stands on signatures under
 * statements those roots signed, on chains, and on what one party's journal says of another's.
 * Each thing that does not hold is a finding: file, table and row, rule. docs/formats/audit.md.
 * Read by: audit_main.c, audit_test.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_AUDIT_H
#define WLK_PROGRAMS_AUDIT_H

#include "exchange/journal.h"
#include "exchange/standing.h"

#include <stdio.h>

enum {
    WLK_AUDIT_FILES_MAX = 16,
    WLK_AUDIT_MARKS_MAX = 1 << 21, /* notices and decisions remembered, by hash; 16 MB */
    WLK_AUDIT_TOLD_MAX = 200       /* findings printed; the rest is counted */
};

struct wlk_audit_file {
    const char *path;
    struct wlk_journal *journal; /* NULL: could not be opened; that is a finding */
    wlk_name owner;
    bool is_hub;                 /* by an arrangement in it */
    struct wlk_standing *standing;
    uint64_t records, log_lines, heads, evidence, notes;
    uint64_t past;         /* records that it has pruned */
    bool has_past_notices; /* so refused ranges may stand without theirs */
};

struct wlk_audit_case {
    const struct wlk_roots *roots;
    FILE *out;               /* findings, as they are found; NULL: only counted */
    size_t file_count;
    struct wlk_audit_file file[WLK_AUDIT_FILES_MAX];
    uint64_t findings, unsummed; /* unsummed: journals without sums (open, or not closed) */
    char first[320];         /* the first finding */
    uint64_t *marks;         /* open addressing; 0 free */
    uint64_t marked;
};

/* Opens the journals. What cannot be opened is a finding. WLK_IO no memory; WLK_FULL more than
 * WLK_AUDIT_FILES_MAX. */
wlk_status wlk_audit_open(struct wlk_audit_case *all, const struct wlk_roots *roots,
                          const char *const path[], size_t count) WLK_MUST_USE;
void wlk_audit_close(struct wlk_audit_case *all);

/* Checks all: each journal by itself, then against the others. Findings are in *all. */
void wlk_audit_check(struct wlk_audit_case *all);

/* One finding: "FILE: place: rule". For audit*.c only. */
void wlk_audit_found(struct wlk_audit_case *all, const struct wlk_audit_file *file,
                     const char *rule, const char *place, ...)
    __attribute__((format(printf, 4, 5)));

/* Remembers a hash of two strings of bytes; true: it was there. For audit*.c only. */
bool wlk_audit_mark(struct wlk_audit_case *all, const void *a, size_t a_size, const void *b,
                    size_t b_size);
bool wlk_audit_is_marked(const struct wlk_audit_case *all, const void *a, size_t a_size,
                         const void *b, size_t b_size);

/* The second part of check: journals against each other (audit_cross.c). */
void wlk_audit_cross(struct wlk_audit_case *all);

/* What became of the records of one nation: by lane, recipient and verdict, with clause, hub
 * and time, and how many of them its recipient's journal has. */
void wlk_audit_fate(struct wlk_audit_case *all, wlk_name nation, FILE *out);

/* Who knew what when: launches, impacts and cancels as sealed, decided and received, and the
 * notes of the nations, in the order of time. */
void wlk_audit_timeline(struct wlk_audit_case *all, FILE *out);

#endif
