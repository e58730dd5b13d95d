/* player.h -- a scenario as a stream of datagrams: documented launches become flights, radars
 * measure them, each measurement becomes the datagram its nation's node would read.
 *
 * Pulled by time, so that the virtual clock and a live rehearsal play the same bytes.
 * Read by: programs/coalition.c, rehearse.c, demo*.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_PLAYER_H
#define WLK_PROGRAMS_PLAYER_H

#include "rehearsal/history.h"
#include "rehearsal/script.h"
#include "rehearsal/truth.h"
#include "sensors/references.h"
#include "sensors/sites.h"

/* What is played. Large: keep it static or allocate it at start. */
struct wlk_scenario {
    char launch[WLK_TEXT_SIZE]; /* the id it was asked for by */
    size_t count;
    const struct wlk_history_row *row[WLK_SCRIPT_LAUNCHES_MAX]; /* ballistic ones, solved */
    struct wlk_flight *flight[WLK_SCRIPT_LAUNCHES_MAX];
    double launch_s[WLK_SCRIPT_LAUNCHES_MAX];  /* after the origin */
    size_t kept_count;          /* rows of that day that are no ballistic flights */
    struct wlk_sites sites;
    char set[WLK_NAME_SIZE];    /* of sites */
    bool is_infrared, is_bias_free;
    bool is_shielded;           /* KR and JP release shielded (docs/leak.md) */
    size_t outage_count;
    struct wlk_script_outage outage[WLK_SCRIPT_OUTAGES_MAX];
    size_t bias_count;
    struct wlk_script_bias bias[WLK_SCRIPT_BIASES_MAX];
    size_t passer_count;        /* satellites and aircraft, made by wlk_scenario_pass */
    struct wlk_flight *passer[WLK_SCRIPT_PASSERS_MAX];
    double passer_s[WLK_SCRIPT_PASSERS_MAX];   /* when they begin, after the origin */
    struct wlk_references *known; /* what is said of their places; NULL: nothing passes */
    double length_s;            /* from the origin, to 30 s after the last impact */
};

/* Launches by id ("2017-08-29", or a day with several: all of them, at their own times).
 * history and sites are read from the shared files. set: of sites ("default").
 * WLK_BAD_INPUT no such launch or set, or a malformed file; WLK_NO_SOLUTION it is not a
 * ballistic flight or cannot be solved; WLK_IO. fault says why in one line. */
wlk_status wlk_scenario_open(const struct wlk_history *history, const char *launch,
                             const char *set, struct wlk_scenario **out,
                             struct wlk_fault *fault) WLK_MUST_USE;

/* The launches, sites, infrared, outages and length of a script. Statuses as above; fault has
 * the line of the launch concerned, and the caller knows the file. */
wlk_status wlk_scenario_script(const struct wlk_history *history,
                               const struct wlk_script *script, struct wlk_scenario **out,
                               struct wlk_fault *fault) WLK_MUST_USE;

/* Lets the satellites and aircraft of a script pass, and makes what is said of their places.
 * origin: UTC of second 0. Once, before the player. WLK_NO_SOLUTION one cannot fly; WLK_IO. */
wlk_status wlk_scenario_pass(struct wlk_scenario *scenario, const struct wlk_script *script,
                             wlk_utc origin, uint64_t seed,
                             struct wlk_fault *fault) WLK_MUST_USE;

/* Flies the launches anew with ballistic coefficients drawn for this seed: nobody knows them,
 * and an estimate must not be judged by a truth that happens to be its own assumption.
 * ASSUMPTION: ln(beta / (kg/m^2)) normal, mean ln 4000, sigma 0.8 (a factor of 2.2). The
 * published figures are met for each. A draw that cannot be flown keeps the flight it had. */
wlk_status wlk_scenario_draw(struct wlk_scenario *scenario, uint64_t seed) WLK_MUST_USE;

/* Copies of the flights until there are count of them, apart_s after one another: a load, not
 * a history. WLK_FULL over WLK_SCRIPT_LAUNCHES_MAX; WLK_IO no memory. */
wlk_status wlk_scenario_multiply(struct wlk_scenario *scenario, size_t count,
                                 double apart_s) WLK_MUST_USE;

void wlk_scenario_close(struct wlk_scenario *scenario); /* NULL is allowed */

enum { WLK_PLAYER_RADARS_MAX = WLK_SITES_MAX };

struct wlk_player;

/* Opens the radars of a scenario for one seed, launch time 0 at origin. scenario_view must
 * outlive the player. */
wlk_status wlk_player_open(const struct wlk_scenario *scenario_view, uint64_t seed,
                           wlk_utc origin, struct wlk_player **out) WLK_MUST_USE;
void wlk_player_close(struct wlk_player *player); /* NULL is allowed */

struct wlk_played {
    wlk_name nation;  /* whose node reads it */
    wlk_utc arrival;
    uint8_t bytes[WLK_PLOT_DATAGRAM_MAX];
    size_t size;
};

/* When the next datagram arrives; false: none any more. */
bool wlk_player_arrival(struct wlk_player *player, wlk_utc *out);

/* The next datagram if it arrives at or before until. */
bool wlk_player_next(struct wlk_player *player, wlk_utc until, struct wlk_played *out);

#endif
