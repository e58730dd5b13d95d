/* report_private.h -- what the files of the report share: report.c has the page, report_bias.c
 * the tables of registration.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_STATISTICS_REPORT_PRIVATE_H
#define WLK_PROGRAMS_STATISTICS_REPORT_PRIVATE_H

#include "programs/statistics/report.h"

#include <stdarg.h>

/* Counts a claim; the words are kept of one that fails. */
void wlk_report_claim(struct wlk_report_verdict *verdict, bool holds, const char *words, ...)
    __attribute__((format(printf, 3, 4)));
void wlk_report_claim_list(struct wlk_report_verdict *verdict, bool holds, const char *words,
                           va_list list) __attribute__((format(printf, 3, 0)));

/* Writes what becomes of salvos in a picture of three nations. */
void wlk_report_salvo(const struct wlk_report_table *table, FILE *out,
                      struct wlk_report_verdict *verdict);

/* Writes the section of registration. */
void wlk_report_bias(const struct wlk_report_table *table, FILE *out,
                     struct wlk_report_verdict *verdict);

#endif
