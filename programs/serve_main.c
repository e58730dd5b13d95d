/* serve_main.c -- warnlink serve: shows again what nodes have shown, from their files.
 *
 * The page is the same as in life, marked REPLAY; with the files of several nations it sets
 * what they knew side by side on one clock. SPDX-License-Identifier: Apache-2.0 */
#include "display/server.h"

#include "base/assert.h"
#include "programs/mains.h"
#include "programs/options.h"
#include "programs/share.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_MAX = 8 };

/* Maps a file; it is never written. WLK_IO it cannot be read, or is empty. */
static wlk_status map_file(const char *path, const void **out, size_t *size,
                           struct wlk_fault *fault)
{
    struct stat found;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    void *bytes = MAP_FAILED;
    if (file >= 0 && fstat(file, &found) == 0 && found.st_size > 0)
        bytes = mmap(NULL, (size_t)found.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (file >= 0)
        close(file);
    if (bytes == MAP_FAILED) {
        wlk_fault_where(fault, path);
        wlk_fault_set(fault, "file of what was shown cannot be read", "%s",
                      file < 0 ? strerror(errno) : "empty?");
        return WLK_IO;
    }
    *out = bytes;
    *size = (size_t)found.st_size;
    return WLK_OK;
}

static wlk_status offer_files(struct wlk_server *server, const struct wlk_options *options,
                              struct wlk_fault *fault)
{
    static char about[256];
    static const char start[] =
        "{\"nation\":\"\",\"nature\":\"\",\"replay\":true,\"logs\":[";
    size_t used = (size_t)snprintf(about, sizeof about, "%s", start);
    for (size_t i = 0; i < options->operand_count; i++) {
        const void *bytes;
        size_t size;
        char name[32];
        WLK_TRY(map_file(options->operand[i], &bytes, &size, fault));
        snprintf(name, sizeof name, "/log/%zu", i + 1);
        WLK_TRY(wlk_server_offer(server, name, "text/plain; charset=utf-8", bytes, size));
        used += (size_t)snprintf(about + used, sizeof about - used, "%s\"%zu\"", i ? "," : "",
                                 i + 1);
    }
    snprintf(about + used, sizeof about - used, "]}");
    return wlk_server_offer(server, "/about.json", "application/json", about, strlen(about));
}

static int catch_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

static wlk_status run(const struct wlk_options *options, const char *port,
                      struct wlk_fault *fault)
{
    char page[1024];
    struct wlk_server *server;
    WLK_TRY(wlk_share_path("display/page", page, sizeof page));
    struct wlk_server_options serve = {
        .host = "127.0.0.1", .port = port, .page_folder = page, .nature = "REPLAY"};
    WLK_TRY(wlk_server_open(&serve, &server, fault));
    wlk_status status = offer_files(server, options, fault);
    int signals = catch_signals();
    if (status == WLK_OK) {
        printf("http://127.0.0.1:%d/ (Ctrl-C ends)\n", wlk_server_port(server));
        fflush(stdout);
    }
    bool has_work = false;
    while (status == WLK_OK) {
        struct pollfd waiting[] = {{wlk_server_descriptor(server), POLLIN, 0},
                                   {signals, POLLIN, 0}};
        poll(waiting, 2, has_work ? 0 : 1000);
        if (waiting[1].revents)
            break;
        has_work = wlk_server_turn(server, wlk_clock_mono());
    }
    close(signals);
    wlk_server_close(server);
    return status;
}

int wlk_serve_main(int argc, char *argv[])
{
    enum { PORT, OPTION_COUNT };
    char port[16];
    struct wlk_option option[OPTION_COUNT] = {
        [PORT] = {"port", WLK_OPTION_INTEGER, "N", "listen on 127.0.0.1 port N (any)",
                  .low = 0, .high = 65535}};
    struct wlk_options options = {.program = "warnlink serve",
                                  .purpose = "show again what nodes have shown",
                                  .operands = "FILE...",
                                  .operand_count_max = FILES_MAX,
                                  .option = option,
                                  .option_count = OPTION_COUNT};
    struct wlk_fault fault = {0};
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    if (options.operand_count == 0)
        return wlk_options_refuse(&options, "a file of what was shown is needed");
    snprintf(port, sizeof port, "%d", (int)option[PORT].integer);
    status = run(&options, port, &fault);
    return status == WLK_OK ? 0 : wlk_options_fault(&options, status, &fault);
}
