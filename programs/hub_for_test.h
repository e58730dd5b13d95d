/* hub_for_test.h -- a hub as a child process, for tests of the processes around it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_HUB_FOR_TEST_H
#define WLK_PROGRAMS_HUB_FOR_TEST_H

#include "programs/mains.h"
#include "programs/setting.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* The keeper's number once it has said ready; *is_ready false: it did not. Standard error goes
 * to log (NULL: stays ours). */
static inline pid_t hub_start(const struct wlk_setting *setting, const char *log,
                              bool *is_ready)
{
    char path[WLK_PATH_SIZE + 16], line[16] = "";
    int pipes[2];
    snprintf(path, sizeof path, "%s/hub.conf", setting->hub_folder);
    *is_ready = false;
    if (pipe(pipes))
        return 0;
    fflush(stdout);
    pid_t hub = fork();
    if (hub == 0) {
        char name[] = "hub", option[] = "--config";
        char *arguments[] = {name, option, path, NULL};
        int said = log ? open(log, O_WRONLY | O_CREAT | O_APPEND, 0600) : STDERR_FILENO;
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nothing behind */
        dup2(pipes[1], STDOUT_FILENO);
        dup2(said, STDERR_FILENO);
        exit(wlk_hub_main(3, arguments));
    }
    close(pipes[1]);
    *is_ready = read(pipes[0], line, sizeof line - 1) > 0 && !strncmp(line, "ready", 5);
    close(pipes[0]);
    return hub;
}

/* The keeper's children in the order of their start: ports, then the guard. */
static inline size_t hub_children(pid_t hub, pid_t out[], size_t most)
{
    char path[64], text[256] = "", *at = text, *end;
    size_t count = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)hub, (int)hub);
    FILE *file = fopen(path, "r");
    if (file && !fgets(text, sizeof text, file))
        text[0] = 0;
    if (file)
        fclose(file);
    for (long number; count < most && (number = strtol(at, &end, 10)) > 0; at = end)
        out[count++] = (pid_t)number;
    return count;
}

#endif
