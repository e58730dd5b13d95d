/* warning.c -- words for warnings.
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/warning.h"

const char *wlk_warning_kind_word(enum wlk_warning_kind kind)
{
    static const char *const words[] = {"?",        "LAUNCH",       "TAKE_COVER", "PASSED",
                                        "IMPACTED", "FELL_OUTSIDE", "ALL_CLEAR",  "CORRECTION"};
    _Static_assert(sizeof words / sizeof words[0] == WLK_WARNING_KIND_END, "each has a word");
    return (unsigned)kind < WLK_WARNING_KIND_END ? words[kind] : words[0];
}
