/* ensemble.c -- starts, plays to and stops a coalition of processes.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/ensemble.h"

#include "base/assert.h"
#include "programs/demo.h"
#include "programs/udp.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static const double READY_S = 20; /* wall time that hub and nodes have to find each other */
enum { NATIONS = WLK_SETTING_NATIONS, PAUSE_MS = 2 };

wlk_utc wlk_ensemble_now(const struct wlk_ensemble *ensemble)
{
    return wlk_clock_scenario(&ensemble->clock, wlk_clock_wall());
}

static wlk_status start_all(struct wlk_ensemble *ensemble, struct wlk_fault *fault)
{
    char path[WLK_PATH_SIZE + 16];
    snprintf(path, sizeof path, "%s/hub.conf", ensemble->setting.hub_folder);
    WLK_TRY(wlk_child_start(&ensemble->hub, "hub", path, fault));
    for (size_t i = 0; i < NATIONS; i++) {
        snprintf(path, sizeof path, "%s/node.conf", ensemble->setting.folder[i]);
        WLK_TRY(wlk_child_start(&ensemble->node[i], "node", path, fault));
        WLK_TRY(wlk_udp_dial("127.0.0.1", ensemble->setting.plots_port[i],
                             &ensemble->radar[i], fault));
    }
    return WLK_OK;
}

bool wlk_ensemble_line(struct wlk_ensemble *ensemble, size_t *nation, const char **line)
{
    while (wlk_child_line(&ensemble->hub, line))
        continue; /* the hub's lines are for its operator */
    for (size_t i = 0; i < NATIONS; i++)
        while (wlk_child_line(&ensemble->node[i], line)) {
            if (strcmp(*line, "ready") == 0) {
                ensemble->is_ready[i] = true;
                continue;
            }
            *nation = i;
            return true;
        }
    return false;
}

wlk_status wlk_ensemble_check(struct wlk_ensemble *ensemble, struct wlk_fault *fault)
{
    bool runs = wlk_child_runs(&ensemble->hub);
    for (size_t i = 0; i < NATIONS; i++)
        runs = wlk_child_runs(&ensemble->node[i]) && runs;
    if (runs)
        return WLK_OK;
    wlk_fault_set(fault, "hub or a node has stopped", "see its own message above");
    return WLK_IO;
}

void wlk_ensemble_pause(const struct wlk_ensemble *ensemble)
{
    struct pollfd waiting[NATIONS];
    for (size_t i = 0; i < NATIONS; i++)
        waiting[i] = (struct pollfd){ensemble->node[i].output, POLLIN, 0};
    poll(waiting, NATIONS, PAUSE_MS);
}

static wlk_status wait_ready(struct wlk_ensemble *ensemble, struct wlk_fault *fault)
{
    wlk_mono start = wlk_clock_mono();
    while (!wlk_demo_is_interrupted()) {
        bool ready = true;
        size_t nation;
        const char *line;
        while (wlk_ensemble_line(ensemble, &nation, &line))
            continue; /* nothing has been launched yet */
        for (size_t i = 0; i < NATIONS; i++)
            ready &= ensemble->is_ready[i];
        if (ready)
            return WLK_OK;
        WLK_TRY(wlk_ensemble_check(ensemble, fault));
        if ((double)(wlk_clock_mono().ns - start.ns) * 1e-9 > READY_S) {
            wlk_fault_set(fault, "hub and nodes did not connect", "within %.0f s", READY_S);
            return WLK_IO;
        }
        wlk_ensemble_pause(ensemble);
    }
    return WLK_OK;
}

wlk_status wlk_ensemble_start(struct wlk_ensemble *ensemble,
                              const struct wlk_ensemble_order *wanted,
                              struct wlk_fault *fault)
{
    wlk_utc wall = wlk_clock_wall();
    memset(ensemble, 0, sizeof *ensemble);
    ensemble->hub.output = -1;
    for (size_t i = 0; i < NATIONS; i++)
        ensemble->radar[i] = ensemble->node[i].output = -1;
    ensemble->clock = (struct wlk_clock){wall, wall, wanted->rate};
    struct wlk_setting_order order = {
        .folder = wanted->folder, .clock = ensemble->clock, .has_trace = wanted->has_trace,
        .is_shielded = wanted->is_shielded,
        .has_display = !wanted->has_trace}; /* what is measured is measured without */
    WLK_TRY(wlk_setting_make(&order, &ensemble->setting, fault));
    WLK_TRY(start_all(ensemble, fault));
    return wait_ready(ensemble, fault);
}

void wlk_ensemble_play(struct wlk_ensemble *ensemble, struct wlk_player *player, wlk_utc now)
{
    struct wlk_played played;
    while (wlk_player_next(player, now, &played))
        for (size_t i = 0; i < NATIONS; i++)
            if (wlk_name_equal(ensemble->setting.nation[i], played.nation) &&
                send(ensemble->radar[i], played.bytes, played.size, 0) < 0)
                ensemble->plots_unsent++;
}

void wlk_ensemble_stop(struct wlk_ensemble *ensemble)
{
    for (size_t i = 0; i < NATIONS; i++)
        wlk_child_stop(&ensemble->node[i]);
    wlk_child_stop(&ensemble->hub);
    if (ensemble->plots_unsent)
        fprintf(stderr, "warnlink demo: %llu plots could not be sent\n",
                (unsigned long long)ensemble->plots_unsent);
    ensemble->plots_unsent = 0;
}

void wlk_ensemble_clear(struct wlk_ensemble *ensemble)
{
    for (size_t i = 0; i < NATIONS; i++) {
        if (ensemble->radar[i] >= 0)
            close(ensemble->radar[i]);
        if (ensemble->node[i].output >= 0)
            close(ensemble->node[i].output);
    }
    if (ensemble->hub.output >= 0)
        close(ensemble->hub.output);
}
