/* status.h -- the one result type of the project and the words for each value.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_BASE_STATUS_H
#define WLK_BASE_STATUS_H

#include <stddef.h>

/* A value exists only if some caller acts differently on it. */
#define WLK_STATUS_LIST(X)                                                                     \
    X(OK, "done")                                                                              \
    X(NOT_YET, "not enough data yet; call again with more")                                    \
    X(FULL, "a fixed store is full; nothing was changed")                                      \
    X(KNOWN, "already here; nothing was changed")                                              \
    X(BAD_INPUT, "bytes from outside break the format")                                        \
    X(BAD_SIGNATURE, "signature does not verify under the named key")                          \
    X(NOT_RELEASABLE, "label or arrangement forbids this record here")                         \
    X(STALE, "time of validity is outside the accepted window")                                \
    X(NO_SOLUTION, "the estimator did not converge within its bound")                          \
    X(IO, "the operating system refused; errno is kept")

#define WLK_STATUS_ENUM(name, words) WLK_##name,
typedef enum { WLK_STATUS_LIST(WLK_STATUS_ENUM) WLK_STATUS_COUNT } wlk_status;
#undef WLK_STATUS_ENUM

#define WLK_MUST_USE __attribute__((warn_unused_result))

/* Says in one line what was wrong with something that came from outside. All members are
 * for a person, except rule, which tests match. */
struct wlk_fault {
    char where[96];   /* file, connection or field; may be empty */
    size_t line;      /* of a text file, from 1; 0 where it does not apply */
    size_t offset;    /* of a byte string, from 0 */
    const char *rule; /* a constant string: the rule that was broken */
    char detail[128]; /* what stood there instead; may be empty */
};

/* The words for a status; "?" never happens for a value of the enum. */
const char *wlk_status_words(wlk_status status);

/* Fills a fault; fault may be NULL. detail is a printf format. */
/*@ requires fault == \null || \valid(fault); assigns *fault; */
void wlk_fault_set(struct wlk_fault *fault, const char *rule, const char *detail, ...)
    __attribute__((format(printf, 3, 4)));

/* Names the file, connection or field concerned; a long name loses its beginning. fault may be
 * NULL. */
void wlk_fault_where(struct wlk_fault *fault, const char *where);

/* Writes the fault as one line ("where:line: rule: detail") into text, cut at size - 1. */
void wlk_fault_line(const struct wlk_fault *fault, char *text, size_t size);

#endif
