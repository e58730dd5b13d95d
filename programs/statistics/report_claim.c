/* report_claim.c -- the claims of the page, counted.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/statistics/report_private.h"

void wlk_report_claim_list(struct wlk_report_verdict *verdict, bool holds, const char *words,
                           va_list list)
{
    if (holds) {
        verdict->passed++;
        return;
    }
    verdict->failed++;
    if (verdict->told < WLK_REPORT_FAULTS_MAX)
        vsnprintf(verdict->fault[verdict->told++], WLK_REPORT_WORDS, words, list);
}

void wlk_report_claim(struct wlk_report_verdict *verdict, bool holds, const char *words, ...)
{
    va_list list;
    va_start(list, words);
    wlk_report_claim_list(verdict, holds, words, list);
    va_end(list);
}
