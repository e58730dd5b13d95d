/* enlarge.h -- makes a covariance diagonal and larger, so that its axes say nothing.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RELEASE_ENLARGE_H
#define WLK_RELEASE_ENLARGE_H

#include <stdbool.h>
#include <stdint.h>

/* d[i] = C_ii sum_j |rho_ij| (DESIGN.md 3, "coarse"), C of n x n in rows of n, n in 1..6;
 * diag(d) - C is positive semi-definite because the scaled difference is diagonally dominant.
 * False: C has a variance that is not positive or not finite. */
bool wlk_enlarge_diagonal(const double *covariance, int n, double *d);

/* The exponent k, 0..62, with variance <= 4^k in the unit of the wire: rounded up, and kept
 * from one release to the next unless it must rise or may fall clear of the step (below 3/4
 * of the smaller one). before: the last one, or has_before false. False: above 4^62. */
bool wlk_enlarge_log2(double variance, bool has_before, uint8_t before, uint8_t *out);

#endif
