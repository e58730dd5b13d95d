/* report.h -- the cells as a page of tables, and which of them are not as they should be.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_STATISTICS_REPORT_H
#define WLK_PROGRAMS_STATISTICS_REPORT_H

#include "programs/statistics/bias.h"
#include "programs/statistics/fuse.h"
#include "programs/statistics/salvo.h"

#include <stdio.h>

struct wlk_report_table {
    struct wlk_cell cell[WLK_DRAW_CLASSES][WLK_DRAW_SUBSETS];
    struct wlk_fuse_cell fuse[WLK_DRAW_CLASSES];
    struct wlk_bias_cell bias[WLK_DRAW_CLASSES];
    struct wlk_salvo_cell salvo[WLK_SALVO_BIASES][WLK_SALVO_SPACINGS];
};

enum { WLK_REPORT_FAULTS_MAX = 40, WLK_REPORT_WORDS = 120 };

/* How many claims hold and fail, and the words of the first that fail. */
struct wlk_report_verdict {
    int passed, failed, told;
    char fault[WLK_REPORT_FAULTS_MAX][WLK_REPORT_WORDS];
};

/* Writes the page. flights: of each class. */
struct wlk_report_verdict wlk_report_write(const struct wlk_report_table *table, int flights,
                                           FILE *out);

#endif
