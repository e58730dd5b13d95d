/* tap.h -- the whole test framework: each check is a sentence, output is TAP.
 *
 * A test program includes this, calls wlk_check for each sentence and ends with
 * return wlk_tap_done(). SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_BASE_TAP_H
#define WLK_BASE_TAP_H

#include <stdbool.h>

/* Counts and prints one check; the sentence says what holds. Returns is_true. */
bool wlk_check(bool is_true, const char *sentence, ...) __attribute__((format(printf, 2, 3)));

/* |a - b| <= tolerance, printing both where it fails (NaN fails). */
bool wlk_check_near(double a, double b, double tolerance, const char *sentence, ...)
    __attribute__((format(printf, 4, 5)));

/* Says that a check was not made and why (input absent); counts as passed, shown as SKIP. */
void wlk_skip(const char *reason, ...) __attribute__((format(printf, 1, 2)));

/* Prints a comment line. */
void wlk_note(const char *text, ...) __attribute__((format(printf, 1, 2)));

/* Prints the plan; 0 if all held and at least one check ran. */
int wlk_tap_done(void);

/* The path of name under the shared reference data ($WARNLINK_DATA, else ../shared/data
 * beside the project), or NULL if that folder is absent. The text is static. */
const char *wlk_tap_data(const char *name);

#endif
