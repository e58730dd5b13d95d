/* fuzz_seeds.c -- writes valid inputs for the fuzz targets, so that fuzzing and its replay begin
 * behind the first checks. Made at build time from the encoders: no binary lies in the tree.
 *
 * usage: fuzz_seeds FOLDER STAMP: FOLDER/<target>/<n>; STAMP is written when all is there.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"
#include "base/random.h"
#include "sensors/datagram.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { SEEDS_EACH = 24 };

static const char *top;

static void write_seed(const char *target, int number, const uint8_t *bytes, size_t size)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", top, target);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/%s/%d", top, target, number);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

static struct wlk_datagram_plot some_plot(struct wlk_random *random)
{
    struct wlk_datagram_plot plot = {
        .time_ns = (int64_t)wlk_random_bits(random) >> 8,
        .range_mm = 1 + wlk_random_below(random, 100000000000),
        .azimuth_nrad = wlk_random_below(random, 6283185307),
        .elevation_nrad = (int64_t)wlk_random_below(random, 1570796326),
        .range_sigma_mm = 1 + (uint32_t)wlk_random_below(random, 100000),
        .azimuth_sigma_nrad = 1 + (uint32_t)wlk_random_below(random, 10000000),
        .elevation_sigma_nrad = 1 + (uint32_t)wlk_random_below(random, 10000000),
        .has_range_rate = wlk_random_below(random, 2) == 1,
        .has_snr = wlk_random_below(random, 2) == 1,
    };
    if (plot.time_ns <= 0)
        plot.time_ns = 1 - plot.time_ns;
    if (plot.has_range_rate) {
        plot.range_rate_mmps = (int32_t)wlk_random_below(random, 7000000);
        plot.range_rate_sigma_mmps = 1 + (uint32_t)wlk_random_below(random, 100000);
    }
    if (plot.has_snr)
        plot.snr_cdb = (int32_t)wlk_random_below(random, 15000);
    return plot;
}

static void write_datagrams(struct wlk_random *random)
{
    for (int i = 0; i < SEEDS_EACH; i++) {
        struct wlk_datagram datagram = {
            .kind = i % 2 ? WLK_DATAGRAM_SIGHTING : WLK_DATAGRAM_PLOT,
            .nature = WLK_NATURE_EXERCISE,
            .sensor = wlk_name_of("JP-FPS5-SHI"),
            .number = 1 + wlk_random_below(random, 1000000),
        };
        if (datagram.kind == WLK_DATAGRAM_PLOT)
            datagram.plot = some_plot(random);
        else
            datagram.sighting = (struct wlk_datagram_sighting){
                .launch_time_ns = 1503954000000000000,
                .told_at_ns = 1503954060000000000,
                .latitude_e7 = 392000000,
                .longitude_e7 = 1257000000,
                .place_sigma_mm = 5000000,
                .time_sigma_us = 1 + (uint32_t)wlk_random_below(random, 5000000),
            };
        uint8_t bytes[WLK_PLOT_DATAGRAM_MAX];
        size_t size = 0;
        wlk_status status = wlk_datagram_encode(&datagram, bytes, sizeof bytes, &size);
        WLK_ASSERT(status == WLK_OK);
        write_seed("datagram", i, bytes, size);
    }
}

int main(int argc, char *argv[])
{
    if (argc != 3)
        return 2;
    top = argv[1];
    mkdir(top, 0777);
    struct wlk_random random = wlk_random_seeded(1, 0);
    write_datagrams(&random);
    FILE *stamp = fopen(argv[2], "w");
    return !stamp || fclose(stamp) != 0;
}
