/* leak_world.h -- one radar somewhere in its nation, ten launches, and all that a partner gets
 * to see of them under each kind of release.
 *
 * The nation is the real one (nation.h), on a virtual clock, with three arrangements at once
 * that differ in their groups only; what it seals is read back from its journal.
 * Read by: programs/leak.c, leak_world_test.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_LEAK_WORLD_H
#define WLK_PROGRAMS_LEAK_WORLD_H

#include "base/random.h"
#include "exchange/journal.h"
#include "programs/player.h"
#include "record/decoys.h"

enum { WLK_LEAK_FLIGHTS = 24, WLK_LEAK_LAUNCHES_MAX = 10, WLK_LEAK_RADARS_MAX = 2 };

enum wlk_leak_profile { WLK_LEAK_FINE, WLK_LEAK_COARSE, WLK_LEAK_SHIELDED, WLK_LEAK_PROFILES };

/* "fine", "coarse", "shielded": the word of the group. */
const char *wlk_leak_profile_word(enum wlk_leak_profile profile);

/* Flights from random places in the north of the peninsula, eastward, of eight classes; drawn
 * once from a seed. About 8 MB. WLK_IO no memory; WLK_NO_SOLUTION one cannot be flown. */
struct wlk_leak_flights {
    struct wlk_flight *flight[WLK_LEAK_FLIGHTS];
};
wlk_status wlk_leak_flights_open(uint64_t seed, struct wlk_leak_flights *out) WLK_MUST_USE;
void wlk_leak_flights_close(struct wlk_leak_flights *flights);

/* A geometry: where the radars stand, their decoys, and which launches they see. Chosen from
 * its number alone; odd ones are Japanese (fps5), even ones South Korean (greenpine). */
struct wlk_leak_geometry {
    uint64_t number;
    wlk_name nation;
    size_t radar_count;
    struct wlk_decoys decoys; /* .site: the radar; its biases are drawn for the number */
    size_t launch_count;
    size_t flight[WLK_LEAK_LAUNCHES_MAX]; /* index */
    double launch_s[WLK_LEAK_LAUNCHES_MAX];
    double radius_m; /* of the decoys */
};

/* radius_m: of the decoys, [60 km, 240 km]. Statuses of wlk_areas_open, wlk_sites_read. */
wlk_status wlk_leak_geometry_make(uint64_t number, size_t radars, double radius_m,
                                  size_t launches, struct wlk_leak_geometry *out,
                                  struct wlk_fault *fault) WLK_MUST_USE;

/* Scenario second 0. */
wlk_utc wlk_leak_origin(void);

/* Plays all launches; *journal then holds what was sealed (is_own), the lane's arrangement
 * naming the profile (wlk_leak_profile_of). The caller closes it. Statuses of nation. */
wlk_status wlk_leak_play(const struct wlk_leak_geometry *geometry,
                         const struct wlk_leak_flights *flights, struct wlk_journal **journal,
                         struct wlk_fault *fault) WLK_MUST_USE;

/* The profile that a lane's arrangement stands for; false: none. */
bool wlk_leak_profile_of(wlk_name arrangement, enum wlk_leak_profile *out);

#endif
