/* arrange.h -- the parts of "warnlink arrange": arrange_keys.c makes, replaces and ends keys;
 * arrange.c signs and withdraws; arrange_show.c shows; arrange_check.c proves and prints the
 * release table; arrange_diff.c compares.
 *
 * Beside FILE.txt stand FILE.PARTY.sig (one signature each), FILE.bundle (the arrangement with
 * the signatures so far; what nodes and hubs take) and FILE.PARTY.withdrawal.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_ARRANGE_H
#define WLK_PROGRAMS_ARRANGE_H

#include "programs/options.h"
#include "release/force.h"

enum { WLK_ARRANGE_PATH_SIZE = 512 };

/* One arrangement file with the signatures that lie beside it. Large: keep it static. */
struct wlk_sheet {
    char path[WLK_ARRANGE_PATH_SIZE];
    char stem[WLK_ARRANGE_PATH_SIZE]; /* path without ".txt" */
    struct wlk_arrangement arrangement;
    wlk_digest digest;
    bool is_canonical;
    size_t line; /* first line that differs from the canonical text */
    uint8_t signature[WLK_PARTIES_MAX][WLK_PARTY_SIGNATURE_MAX];
    size_t signature_size[WLK_PARTIES_MAX]; /* 0: none */
};

/* Reads FILE and what lies beside it. WLK_IO, WLK_BAD_INPUT: fault names file, line, rule. */
wlk_status wlk_sheet_read(const char *path, struct wlk_sheet *out,
                          struct wlk_fault *fault) WLK_MUST_USE;

/* The bundle of the sheet's signatures: all of them, or of one party alone. */
wlk_status wlk_sheet_bundle(const struct wlk_sheet *sheet, int only_party, uint8_t *bytes,
                            size_t size, size_t *size_out) WLK_MUST_USE;

/* Root keys to trust: from a file, or (path NULL) to look only, those of the arrangement. */
wlk_status wlk_sheet_roots(const char *path, const struct wlk_arrangement *arrangement,
                           struct wlk_roots *out, struct wlk_fault *fault) WLK_MUST_USE;

/* One line for each party. False: a signature is there and bad. */
bool wlk_sheet_print_signatures(const struct wlk_sheet *sheet, const struct wlk_roots *roots,
                                bool *is_complete);

/* "digest sha256:..." on a line. */
void wlk_sheet_print_digest(const wlk_digest *digest);

/* Makes or replaces a file that everybody may read; never through a link. WLK_IO. */
wlk_status wlk_arrange_write(const char *path, const uint8_t *bytes, size_t size,
                             struct wlk_fault *fault) WLK_MUST_USE;

/* Exit codes of the verbs; argv[0] is the verb. */
int wlk_arrange_keys(int argc, char *argv[]);
int wlk_arrange_rotate(int argc, char *argv[]);
int wlk_arrange_revoke(int argc, char *argv[]);
int wlk_arrange_check(int argc, char *argv[]);
int wlk_arrange_table(int argc, char *argv[]);
int wlk_arrange_show(int argc, char *argv[]);
int wlk_arrange_diff(int argc, char *argv[]);

#endif
