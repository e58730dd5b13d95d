/* statements.h -- the folder in which an operator puts signed arrangements and withdrawals; a
 * running node or hub takes up what appears there.
 *
 * FILE.bundle is an arrangement with its signatures, FILE.withdrawal a withdrawal,
 * FILE.keystatement a statement about a party's own keys.
 * Read by: programs/node.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_STATEMENTS_H
#define WLK_PROGRAMS_STATEMENTS_H

#include "exchange/standing.h"

enum { WLK_STATEMENT_FILES_MAX = 64, WLK_STATEMENT_PATH_SIZE = 768 };

/* What has been read; all zeros at first. */
struct wlk_statements {
    size_t count;
    struct {
        uint64_t file;      /* inode */
        int64_t changed_ns; /* a file that is written anew is new */
        bool is_there;
    } read[WLK_STATEMENT_FILES_MAX];
    bool is_full; /* more files than that: said once, and the others are not read */
};

struct wlk_statement {
    enum wlk_statement_kind kind;
    char path[WLK_STATEMENT_PATH_SIZE];
    uint8_t bytes[WLK_BUNDLE_SIZE_MAX];
    size_t size;
};

/* The next file of the folder that has not been read; false: none (or no such folder). */
bool wlk_statements_next(struct wlk_statements *statements, const char *folder,
                         struct wlk_statement *out);

/* One line on standard error where a statement was not taken; known or early ones pass. */
void wlk_statements_complain(const char *who, const struct wlk_statement *statement,
                             wlk_status status, const struct wlk_fault *fault);

#endif
