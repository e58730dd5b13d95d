/* pulse.c -- reads it from /proc.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/pulse.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

uint64_t wlk_pulse(pid_t process)
{
    static const char word[] = "\nvoluntary_ctxt_switches:";
    char path[64], text[4096];
    if (process <= 0)
        return 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)process);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    if (size <= 0)
        return 0;
    text[size] = 0;
    const char *at = strstr(text, word);
    return at ? strtoull(at + strlen(word), NULL, 10) : 0;
}
