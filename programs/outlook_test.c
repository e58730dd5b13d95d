/* outlook_test.c -- how often are pictures made after a burnout, and is an urgent look whole?
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/outlook.h"

#include "base/tap.h"
#include "earth/geodesic.h"
#include "programs/share.h"

#include <stdio.h>

enum { RAID = 9 };
static const wlk_utc T0 = {INT64_C(1503953880000000000)}; /* 2017-08-28T20:58:00Z */
static const double TURN_S = 0.05;

static struct wlk_areas *areas;
static struct wlk_places *places;
static struct wlk_alerts *alerts;
static struct wlk_fusion *fusion;
static struct wlk_outlook *outlook;

static wlk_utc at(double s)
{
    return wlk_utc_add(T0, s);
}

static bool open_all(void)
{
    char folder[1024], file[1100];
    if (wlk_share_path("areas", folder, sizeof folder) != WLK_OK)
        return false;
    snprintf(file, sizeof file, "%s/places.txt", folder);
    wlk_name self = wlk_name_of("JP");
    if (wlk_areas_open(self, folder, &areas, NULL) != WLK_OK ||
        wlk_places_open(file, &places, NULL) != WLK_OK)
        return false;
    struct wlk_alert_setup alert = {.nation = self,
                                    .nature = WLK_NATURE_EXERCISE,
                                    .areas_view = areas,
                                    .places_view = places,
                                    .policy = wlk_alert_policy_default()};
    if (wlk_fusion_open(self, &fusion) != WLK_OK || wlk_alert_open(&alert, &alerts) != WLK_OK)
        return false;
    struct wlk_outlook_setup setup = {self, fusion, alerts, areas};
    return wlk_outlook_open(&setup, &outlook) == WLK_OK;
}

static void close_all(void)
{
    wlk_outlook_close(outlook);
    wlk_alert_close(alerts);
    wlk_fusion_close(fusion);
    wlk_places_close(places);
    wlk_areas_close(areas);
}

/* The object as its tracker sees it: 150 km above the Sea of Japan, towards Japan. */
static void tell(uint32_t object, double s, bool is_boosting)
{
    wlk_geodetic place = {39.5 * WLK_DEG, (130 + 0.2 * object) * WLK_DEG, 150e3};
    wlk_ecef from = wlk_ecef_from_geodetic(place);
    double velocity[3];
    struct wlk_state state = {.epoch = T0, .phase = WLK_PHASE_COAST};
    wlk_ecef_from_enu(place, (wlk_enu){2200, 300, 1500}, velocity);
    const double position[3] = {from.x, from.y, from.z};
    for (int i = 0; i < 3; i++) {
        state.position_m[i] = position[i] + velocity[i] * s;
        state.velocity_mps[i] = velocity[i];
        state.covariance[i][i] = 1e4;
        state.covariance[i + 3][i + 3] = 1e2;
        state.covariance[i + 6][i + 6] = is_boosting ? 100 : 0;
    }
    state.epoch = at(s);
    state.phase = is_boosting ? WLK_PHASE_BOOST : WLK_PHASE_COAST;
    struct wlk_track track = {.object = object,
                              .revision = 1 + (uint32_t)(s / TURN_S + 0.5),
                              .state = state,
                              .first_plot = T0,
                              .last_measurement = at(s),
                              .plot_count = 100,
                              .is_confirmed = true,
                              .condition = WLK_CONDITION_MEASURED};
    wlk_fusion_own(fusion, &track, NULL);
    wlk_outlook_changed(outlook);
}

static void empty(void)
{
    static struct wlk_entry entry;
    static struct wlk_warning warning;
    while (wlk_outlook_entry(outlook, &entry) || wlk_outlook_warning(outlook, &warning))
        continue;
}

/* Pictures in the seconds from and until, of an object that burns out at 60 s. */
static int pictures(double from_s, double until_s)
{
    int made = 0;
    wlk_utc last = {0};
    if (!open_all())
        return -1;
    for (int turn = 0; turn * TURN_S < until_s; turn++) {
        double s = turn * TURN_S;
        tell(1, s, s < 60);
        while (wlk_outlook_step(outlook, at(s), false))
            continue;
        wlk_utc time = wlk_outlook_picture(outlook)->time;
        made += s >= from_s && time.ns != last.ns;
        last = time;
        empty();
    }
    close_all();
    return made;
}

static void pace(void)
{
    int burning = pictures(40, 44), young = pictures(60.5, 64.5), settled = pictures(80, 84);
    wlk_check(burning >= 15, "while it burns there are %d pictures in 4 s", burning);
    wlk_check(young >= 15, "and %d after its burnout, however long it burned", young);
    wlk_check(settled >= 4 && settled <= 5, "once a second when it has settled (%d)", settled);
}

/* A look that is urgent is through when it returns, with all its warnings. */
static void urgent(void)
{
    if (!wlk_check(open_all(), "areas and places are read"))
        return;
    for (uint32_t object = 1; object <= RAID; object++)
        tell(object, 1, false);
    (void)wlk_outlook_step(outlook, at(1), false);
    wlk_check(wlk_outlook_is_stepping(outlook), "of %d objects a look takes a few", RAID);
    bool goes_on = wlk_outlook_step(outlook, at(1.1), true);
    wlk_check(!goes_on && !wlk_outlook_is_stepping(outlook) &&
                  wlk_outlook_picture(outlook)->time.ns == at(1.1).ns,
              "an urgent one ends what was begun, and is through at once");
    close_all();
}

int main(void)
{
    pace();
    urgent();
    return wlk_tap_done();
}
