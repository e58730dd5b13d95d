/* demo_measure.c -- from reading a plot to the verified record at a partner, over the real
 * processes and real TLS.
 *
 * Thirty objects, joined in mid-flight so that every radar has work; the nodes note on one
 * steady clock when the plot that caused a launch or impact record was read, and when that
 * record had been verified elsewhere. SPDX-License-Identifier: Apache-2.0 */
#include "programs/demo.h"

#include "base/assert.h"
#include "programs/ensemble.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const double JOINED_S = 260;   /* after the first launch: the last one is past burnout */
static const double MEASURED_S = 100; /* wall time, of the 120 s that are allowed */
enum { NATIONS = WLK_SETTING_NATIONS, NOTES_MAX = 400000, RECORDS_MIN = 1000 };

/* One line of a trace file. */
struct trace_note {
    char originator[WLK_NAME_SIZE], arrangement[WLK_NAME_SIZE];
    uint64_t generation, seq;
    int64_t at_ns;
};

struct measuring {
    struct trace_note *left; /* sorted */
    size_t left_count;
    double *delay_ms;
    size_t delay_count;
};

static int compare_notes(const void *a, const void *b)
{
    const struct trace_note *x = a, *y = b;
    int by = strcmp(x->originator, y->originator);
    if (!by)
        by = strcmp(x->arrangement, y->arrangement);
    if (!by)
        by = (x->generation > y->generation) - (x->generation < y->generation);
    return by ? by : (x->seq > y->seq) - (x->seq < y->seq);
}

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void take_note(struct measuring *measuring, const char *kind,
                      const struct trace_note *seen, bool is_collecting)
{
    if (is_collecting) {
        if (strcmp(kind, "left") == 0 && measuring->left_count < NOTES_MAX)
            measuring->left[measuring->left_count++] = *seen;
        return;
    }
    if (strcmp(kind, "came") != 0 || measuring->delay_count == NOTES_MAX)
        return;
    const struct trace_note *left = bsearch(seen, measuring->left, measuring->left_count,
                                            sizeof *left, compare_notes);
    if (left)
        measuring->delay_ms[measuring->delay_count++] =
            (double)(seen->at_ns - left->at_ns) * 1e-6;
}

static wlk_status read_trace(struct measuring *measuring, const char *folder,
                             bool is_collecting, struct wlk_fault *fault)
{
    char path[WLK_PATH_SIZE + 16], kind[8];
    struct trace_note seen;
    snprintf(path, sizeof path, "%s/trace.txt", folder);
    FILE *file = fopen(path, "r");
    if (!file) {
        wlk_fault_where(fault, path);
        wlk_fault_set(fault, "trace cannot be read", "%s", strerror(errno));
        return WLK_IO;
    }
    while (fscanf(file, "%7s %15s %15s %" SCNu64 " %" SCNu64 " %" SCNd64, kind,
                  seen.originator, seen.arrangement, &seen.generation, &seen.seq,
                  &seen.at_ns) == 6)
        take_note(measuring, kind, &seen, is_collecting);
    fclose(file);
    return WLK_OK;
}

static wlk_status evaluate(struct measuring *measuring, const struct wlk_setting *setting,
                           struct wlk_fault *fault)
{
    for (size_t i = 0; i < NATIONS; i++)
        WLK_TRY(read_trace(measuring, setting->folder[i], true, fault));
    qsort(measuring->left, measuring->left_count, sizeof *measuring->left, compare_notes);
    for (size_t i = 0; i < NATIONS; i++)
        WLK_TRY(read_trace(measuring, setting->folder[i], false, fault));
    qsort(measuring->delay_ms, measuring->delay_count, sizeof(double), compare_numbers);
    if (measuring->left_count >= RECORDS_MIN)
        return WLK_OK;
    wlk_fault_set(fault, "too few launch and impact records to measure", "%zu, wanted %d",
                  measuring->left_count, RECORDS_MIN);
    return WLK_IO;
}

static wlk_status report(const struct measuring *measuring, const char *folder,
                         struct wlk_fault *fault)
{
    size_t count = measuring->delay_count;
    double p50 = measuring->delay_ms[count / 2];
    double p99 = measuring->delay_ms[count * 99 / 100];
    printf(
        "plot -> verified record at a partner, %zu launch and impact records, %zu arrivals:\n"
        "  p50 %.3f ms, p99 %.3f ms, greatest %.3f ms\n",
        measuring->left_count, count, p50, p99, measuring->delay_ms[count - 1]);
    if (!folder)
        return WLK_OK;
    char path[WLK_PATH_SIZE + 16];
    snprintf(path, sizeof path, "%s/measure.json", folder);
    FILE *file = fopen(path, "w");
    bool written = file && fprintf(file,
                                   "{\"plot_to_partner_ms\":{\"p50\":%.3f,\"p99\":%.3f},"
                                   "\"records\":%zu,\"arrivals\":%zu}\n",
                                   p50, p99, measuring->left_count, count) > 0;
    if (file && fclose(file) != 0)
        written = false;
    if (written)
        return WLK_OK;
    wlk_fault_where(fault, path);
    wlk_fault_set(fault, "result cannot be written", "%s", strerror(errno));
    return WLK_IO;
}

static wlk_status play(struct wlk_ensemble *ensemble, const struct wlk_scenario *scenario,
                       struct wlk_fault *fault)
{
    struct wlk_player *player;
    struct wlk_played skipped;
    size_t nation;
    const char *line;
    wlk_utc start = wlk_ensemble_now(ensemble);
    WLK_TRY(wlk_player_open(scenario, 1, wlk_utc_add(start, -JOINED_S), &player));
    while (wlk_player_next(player, start, &skipped))
        continue;
    wlk_status status = WLK_OK;
    while (status == WLK_OK && !wlk_demo_is_interrupted()) {
        wlk_utc now = wlk_ensemble_now(ensemble);
        if (wlk_utc_seconds(now, start) > MEASURED_S)
            break;
        wlk_ensemble_play(ensemble, player, now);
        while (wlk_ensemble_line(ensemble, &nation, &line))
            continue;
        status = wlk_ensemble_check(ensemble, fault);
        wlk_ensemble_pause(ensemble);
    }
    wlk_player_close(player);
    return status;
}

wlk_status wlk_demo_measure(const struct wlk_demo_order *order, struct wlk_fault *fault)
{
    char folder[WLK_PATH_SIZE];
    struct wlk_ensemble *ensemble = calloc(1, sizeof *ensemble);
    struct measuring measuring = {.left = calloc(NOTES_MAX, sizeof(struct trace_note)),
                                  .delay_ms = calloc(NOTES_MAX, sizeof(double))};
    wlk_status status = ensemble && measuring.left && measuring.delay_ms ? WLK_OK : WLK_IO;
    if (status == WLK_OK)
        status = wlk_setting_folder(order->folder, folder, fault);
    if (status == WLK_OK) {
        struct wlk_ensemble_order wanted = {
            .folder = folder, .rate = 1.0, .has_trace = true,
            .is_shielded = order->scenario->is_shielded};
        status = wlk_ensemble_start(ensemble, &wanted, fault);
        if (status == WLK_OK)
            status = play(ensemble, order->scenario, fault);
        wlk_ensemble_stop(ensemble);
        if (status == WLK_OK && !wlk_demo_is_interrupted())
            status = evaluate(&measuring, &ensemble->setting, fault);
        if (status == WLK_OK && measuring.delay_count)
            status = report(&measuring, order->folder, fault);
        wlk_ensemble_clear(ensemble);
        if (!order->folder)
            wlk_setting_remove(folder);
    }
    free(measuring.left);
    free(measuring.delay_ms);
    free(ensemble);
    return status;
}
