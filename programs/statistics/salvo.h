/* salvo.h -- missiles flying side by side as three nations tell of them, each with its own bias
 * common to all its tracks: are the tracks of one missile found to be one?
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_STATISTICS_SALVO_H
#define WLK_PROGRAMS_STATISTICS_SALVO_H

#include <stdint.h>

enum { WLK_SALVO_SPACINGS = 4, WLK_SALVO_BIASES = 3 };

/* m between neighbours; m, one sigma, each axis, of a nation's common error. */
extern const double WLK_SALVO_SPACING_M[WLK_SALVO_SPACINGS], WLK_SALVO_BIAS_M[WLK_SALVO_BIASES];

/* Sums over salvos of six. */
struct wlk_salvo_cell {
    double salvos, counted; /* pictures of six objects */
    double tracks, right;   /* of partners; those that stand with our track of their missile */
};

/* One salvo of each spacing and bias, fifteen seconds of it. */
void wlk_salvo_play(uint64_t number,
                    struct wlk_salvo_cell cell[WLK_SALVO_BIASES][WLK_SALVO_SPACINGS]);

#endif
