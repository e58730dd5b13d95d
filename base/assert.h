/* assert.h -- checks of our own mistakes; they stay on in release builds.
 *
 * Never for bytes, files, clocks, partners or operators: those are a status.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_BASE_ASSERT_H
#define WLK_BASE_ASSERT_H

#include "base/status.h"

/* Says what failed on stderr and aborts. (To the prover: never called.) */
/*@ requires \false; assigns \nothing; ensures \false; */
_Noreturn void wlk_assert_failed(const char *condition, const char *file, int line);

#define WLK_ASSERT(condition)                                                                  \
    ((condition) ? (void)0 : wlk_assert_failed(#condition, __FILE__, __LINE__))

/* Returns the status of call from the calling function if it is not WLK_OK. */
#define WLK_TRY(call)                                                                          \
    do {                                                                                       \
        wlk_status wlk_try_ = (call);                                                          \
        if (wlk_try_ != WLK_OK)                                                                \
            return wlk_try_;                                                                   \
    } while (0)

#endif
