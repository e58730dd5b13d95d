/* doctor_place.c -- the machine around a node or hub: files, disk, clock, addresses.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

static const uint64_t LOW_BYTES = UINT64_C(1) << 30, FULL_BYTES = UINT64_C(1) << 26;
enum { ANSWER_MS = 1000 };

static void look_at_mode(struct wlk_patient *patient, const char *path)
{
    struct stat file;
    if (stat(path, &file))
        wlk_doctor_say(patient, WLK_FINDING_WRONG, "%s: %s", path, strerror(errno));
    else if (file.st_mode & (S_IRWXG | S_IRWXO))
        wlk_doctor_say(patient, WLK_FINDING_WRONG,
                       "%s may be read or written by others (mode %03o): chmod 600", path,
                       (unsigned)file.st_mode & 0777);
    else
        wlk_doctor_say(patient, WLK_FINDING_GOOD, "%s is its owner's only", path);
}

/* A lock that somebody holds says that node or hub runs. */
static void look_at_lock(struct wlk_patient *patient)
{
    char path[WLK_PATH_SIZE + 8];
    snprintf(path, sizeof path, "%s-lock", patient->journal);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    patient->is_running = flock(fd, LOCK_SH | LOCK_NB) != 0;
    close(fd);
}

static void look_at_disk(struct wlk_patient *patient)
{
    char folder[WLK_PATH_SIZE];
    struct statvfs disk;
    snprintf(folder, sizeof folder, "%s", patient->journal);
    char *slash = strrchr(folder, '/');
    if (slash)
        *slash = 0;
    if (statvfs(slash ? folder : ".", &disk)) {
        wlk_doctor_say(patient, WLK_FINDING_WRONG, "%s: %s", folder, strerror(errno));
        return;
    }
    uint64_t bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
    enum wlk_finding how = bytes < FULL_BYTES  ? WLK_FINDING_WRONG
                           : bytes < LOW_BYTES ? WLK_FINDING_SOON : WLK_FINDING_GOOD;
    wlk_doctor_say(patient, how, "disk of the journal: %.1f GB free", (double)bytes * 1e-9);
}

static void look_at_clock(struct wlk_patient *patient)
{
    struct timex kernel = {0};
    bool is_life = patient->clock.rate >= 1.0 && patient->clock.rate <= 1.0;
    int state = adjtimex(&kernel);
    if (!is_life)
        wlk_doctor_say(patient, WLK_FINDING_GOOD, "clock: scenario time, at %.0f times life",
                       patient->clock.rate);
    if (state < 0 || state == TIME_ERROR || kernel.status & STA_UNSYNC)
        wlk_doctor_say(patient, WLK_FINDING_SOON, "clock: nothing keeps it (the kernel says "
                       "unsynchronised): run chrony");
    else
        wlk_doctor_say(patient, WLK_FINDING_GOOD, "clock: kept, error at most %.1f ms",
                       (double)kernel.maxerror * 1e-3);
}

/* Can this address be listened at? errno says why not. */
static bool can_bind(const char *host, const char *port, int type)
{
    struct addrinfo hints = {.ai_socktype = type, .ai_flags = AI_NUMERICSERV}, *found = NULL;
    const int yes = 1;
    if (getaddrinfo(host, port, &hints, &found)) {
        errno = EADDRNOTAVAIL;
        return false;
    }
    int fd = socket(found->ai_family, type | SOCK_CLOEXEC, 0);
    if (fd >= 0 && type == SOCK_STREAM)
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    bool can = fd >= 0 && bind(fd, found->ai_addr, found->ai_addrlen) == 0;
    if (can && type == SOCK_STREAM)
        can = listen(fd, 1) == 0;
    int error = errno;
    if (fd >= 0)
        close(fd);
    freeaddrinfo(found);
    errno = error;
    return can;
}

static void look_at_listener(struct wlk_patient *patient, const char *what, const char *host,
                             const char *port, int type)
{
    if (can_bind(host, port, type))
        wlk_doctor_say(patient, WLK_FINDING_GOOD, "%s %s port %s: free", what, host, port);
    else if (errno == EADDRINUSE && patient->is_running)
        wlk_doctor_say(patient, WLK_FINDING_GOOD, "%s %s port %s: taken, and it runs", what,
                       host, port);
    else
        wlk_doctor_say(patient, WLK_FINDING_WRONG, "%s %s port %s: %s", what, host, port,
                       strerror(errno));
}

/* Does anybody answer there? */
static void look_at_hub(struct wlk_patient *patient, const char *name,
                        const struct wlk_endpoint *at)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    int error = EADDRNOTAVAIL;
    socklen_t size = sizeof error;
    if (getaddrinfo(at->host, at->port, &hints, &found) == 0) {
        int fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        error = fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen) ? errno : 0;
        struct pollfd wait = {fd, POLLOUT, 0};
        if (error == EINPROGRESS &&
            (poll(&wait, 1, ANSWER_MS) != 1 ||
             getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size)))
            error = ETIMEDOUT;
        if (fd >= 0)
            close(fd);
        freeaddrinfo(found);
    }
    wlk_doctor_say(patient, error ? WLK_FINDING_SOON : WLK_FINDING_GOOD, "%s at %s port %s: %s",
                   name, at->host, at->port, error ? strerror(error) : "answers");
}

void wlk_doctor_place(struct wlk_patient *patient)
{
    look_at_mode(patient, patient->record_key);
    for (size_t i = 0; i < patient->end_count; i++)
        look_at_mode(patient, patient->end[i].at->key);
    look_at_lock(patient);
    look_at_disk(patient);
    look_at_clock(patient);
    if (!patient->is_hub)
        look_at_listener(patient, "plots at", patient->node.plots_host,
                         patient->node.plots_port, SOCK_DGRAM);
    if (patient->node.display_host[0])
        look_at_listener(patient, "display at", patient->node.display_host,
                         patient->node.display_port, SOCK_STREAM);
    for (size_t i = 0; i < patient->end_count; i++) {
        const struct wlk_endpoint *at = patient->end[i].at;
        if (!patient->is_hub)
            look_at_hub(patient, patient->end[i].peer.text, at);
        else if (!patient->hub.listen[i].network[0]) /* another namespace: not from here */
            look_at_listener(patient, patient->end[i].peer.text, at->host, at->port,
                             SOCK_STREAM);
    }
}
