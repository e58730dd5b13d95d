/* arrange.h -- the parts of "warnlink arrange": arrange.c makes keys, signs and withdraws;
 * arrange_show.c checks, shows and compares.
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

/* Exit codes of the verbs; argv[0] is the verb. */
int wlk_arrange_check(int argc, char *argv[]);
int wlk_arrange_show(int argc, char *argv[]);
int wlk_arrange_diff(int argc, char *argv[]);

#endif
