/* leak.c -- `warnlink leak`: what partners would see, written down for tools/attacker.
 *
 * One line for each fact; times in ns since 1970, places in degrees and metres, states in
 * metres and m/s, ECEF:
 *
 *   geometry N NATION
 *   class REFERENCE_M RANGE_M SNR RANGE_SIGMA_M ANGLE_SIGMA_RAD RESOLUTION_M BEAMWIDTH_RAD
 *         REVISIT_S MASK_RAD RANGE_BIAS_M ANGLE_BIAS_RAD            of the radar
 *   decoy LAT LON HEIGHT                          prior knowledge of shielded releases
 *   site LAT LON HEIGHT                           the answer: for judging alone
 *   launch J AT_NS BURNOUT_S                      of the last stage, after the launch
 *   truth SECONDS X Y Z VX VY VZ                  of the launch above, once a second
 *   record PROFILE HEX                            all records, as sealed
 *   end
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/leak_world.h"

#include "base/assert.h"
#include "programs/mains.h"
#include "programs/options.h"

#include <inttypes.h>
#include <stdio.h>

enum { FIRST, COUNT, LAUNCHES, RADIUS, OPTION_COUNT };

static void print_place(const char *word, wlk_geodetic place)
{
    printf("%s %.5f %.5f %.0f\n", word, place.latitude_rad / WLK_DEG,
           place.longitude_rad / WLK_DEG, place.height_m);
}

static void print_head(const struct wlk_leak_geometry *geometry)
{
    const struct wlk_decoy_set *set = &geometry->decoys.set[0];
    const struct wlk_site *site = &set->site;
    printf("geometry %" PRIu64 " %s\n", geometry->number, geometry->nation.text);
    printf("class %.0f %.0f %.6g %.6g %.8g %.6g %.8g %.6g %.8g %.6g %.8g\n",
           site->reference_range_m, site->range_max_m, site->snr_reference, site->range_sigma_m,
           site->angle_sigma_rad, site->range_resolution_m, site->beamwidth_rad,
           site->revisit_s, site->mask_rad, site->range_bias_sigma_m,
           site->angle_bias_sigma_rad);
    for (size_t i = 0; i < set->count; i++)
        print_place("decoy", set->place[i]);
    print_place("site", site->place);
}

static void print_truth(const struct wlk_leak_geometry *geometry, size_t launch,
                        const struct wlk_flight *flight)
{
    wlk_utc at = wlk_utc_add(wlk_leak_origin(), geometry->launch_s[launch]);
    double x[3], v[3];
    printf("launch %zu %" PRId64 " %.1f\n", launch, at.ns, flight->burnout_s);
    for (double t = 0; wlk_flight_at(flight, t, x, v) == WLK_OK; t++)
        printf("truth %.0f %.1f %.1f %.1f %.3f %.3f %.3f\n", t, x[0], x[1], x[2], v[0], v[1],
               v[2]);
}

static void print_lane(struct wlk_journal *journal, int64_t lane, enum wlk_leak_profile profile)
{
    struct wlk_journal_row row = {0};
    for (uint64_t above = 0; wlk_journal_next(journal, lane, above, &row) == WLK_OK;
         above = row.seq) {
        if (!row.is_own)
            continue;
        printf("record %s ", wlk_leak_profile_word(profile));
        for (size_t i = 0; i < row.size; i++) {
            static const char DIGIT[] = "0123456789abcdef";
            putchar(DIGIT[row.bytes[i] >> 4]);
            putchar(DIGIT[row.bytes[i] & 15]);
        }
        putchar('\n');
    }
}

static void print_records(struct wlk_journal *journal)
{
    int64_t lane;
    wlk_name originator;
    struct wlk_lane name;
    enum wlk_leak_profile profile;
    for (size_t i = 0; wlk_journal_lane_at(journal, i, &lane, &originator, &name); i++)
        if (wlk_leak_profile_of(name.arrangement, &profile))
            print_lane(journal, lane, profile);
}

static wlk_status play(const struct wlk_option *option, const struct wlk_leak_flights *flights,
                       uint64_t number, struct wlk_fault *fault)
{
    static struct wlk_leak_geometry geometry;
    struct wlk_journal *journal;
    WLK_TRY(wlk_leak_geometry_make(number, 1, option[RADIUS].number * 1e3,
                                   (size_t)option[LAUNCHES].integer, &geometry, fault));
    WLK_TRY(wlk_leak_play(&geometry, flights, &journal, fault));
    print_head(&geometry);
    for (size_t i = 0; i < geometry.launch_count; i++)
        print_truth(&geometry, i, flights->flight[geometry.flight[i]]);
    print_records(journal);
    puts("end");
    wlk_journal_close(journal);
    return WLK_OK;
}

int wlk_leak_main(int argc, char *argv[])
{
    struct wlk_option option[OPTION_COUNT] = {
        [FIRST] = {.name = "first",
                   .kind = WLK_OPTION_INTEGER,
                   .value = "N",
                   .meaning = "number of the first geometry",
                   .low = 0,
                   .high = 1e9,
                   .integer = 0},
        [COUNT] = {.name = "geometries",
                   .kind = WLK_OPTION_INTEGER,
                   .value = "N",
                   .meaning = "how many",
                   .low = 1,
                   .high = 1000,
                   .integer = 24},
        [LAUNCHES] = {.name = "launches",
                      .kind = WLK_OPTION_INTEGER,
                      .value = "N",
                      .meaning = "seen by each radar",
                      .low = 1,
                      .high = WLK_LEAK_LAUNCHES_MAX,
                      .integer = WLK_LEAK_LAUNCHES_MAX},
        [RADIUS] = {.name = "radius",
                    .kind = WLK_OPTION_NUMBER,
                    .value = "KM",
                    .meaning = "of the decoys",
                    .low = 60,
                    .high = 240,
                    .number = 150}};
    struct wlk_options options = {
        .program = "warnlink leak",
        .purpose = "play launches to radars at random places, and write down what partners "
                   "would see of them",
        .option = option,
        .option_count = OPTION_COUNT};
    struct wlk_leak_flights flights;
    struct wlk_fault fault = {0};
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    status = wlk_leak_flights_open(1, &flights);
    for (int64_t i = 0; status == WLK_OK && i < option[COUNT].integer; i++)
        status = play(option, &flights, (uint64_t)(option[FIRST].integer + i), &fault);
    wlk_leak_flights_close(&flights);
    if (status == WLK_OK)
        return 0;
    fprintf(stderr, "warnlink leak: %s: %s\n", fault.rule ? fault.rule : "failed",
            fault.detail[0] ? fault.detail : wlk_status_words(status));
    return 1;
}
