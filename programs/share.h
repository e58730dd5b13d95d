/* share.h -- where the files that come with the program are found at run time.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_SHARE_H
#define WLK_PROGRAMS_SHARE_H

#include "base/status.h"

/* Writes the path of a shipped file ("rehearsal/history.txt", "sensors/sites.txt",
 * "areas/japan.topo.json", "arrangements/TMW-1.txt") into path, NUL-terminated.
 *
 * name  relative to the top of the project, not empty.
 * size  of path in bytes.
 *
 * $WARNLINK_SHARE names the top folder if it is set and not empty; otherwise it is the source
 * folder that the program was built from. Whether the file exists is for the reader to find.
 *
 * WLK_OK    *path is written.
 * WLK_FULL  the path does not fit. */
wlk_status wlk_share_path(const char *name, char *path, size_t size) WLK_MUST_USE;

#endif
