/* share.c -- where the files that come with the program are found at run time.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/share.h"

#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

wlk_status wlk_share_path(const char *name, char *path, size_t size)
{
    WLK_ASSERT(name && name[0]);
    const char *top = getenv("WARNLINK_SHARE");
    if (!top || !top[0])
        top = WLK_SHARE; /* set by meson.build: the source folder */
    int length = snprintf(NULL, 0, "%s/%s", top, name);
    if (length < 0 || (size_t)length >= size)
        return WLK_FULL;
    snprintf(path, size, "%s/%s", top, name);
    return WLK_OK;
}
