/* assert.c -- what happens when one of our own assumptions is wrong: say it and stop; the
 * restart from the journal is quick and tested.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

void wlk_assert_failed(const char *condition, const char *file, int line)
{
    fprintf(stderr, "warnlink: %s:%d: assertion failed: %s\n", file, line, condition);
    abort();
}
