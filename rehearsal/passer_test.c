/* passer_test.c -- satellites and aircraft pass where they are told to, and what is said of
 * them is where they are. SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/passer.h"

#include "base/tap.h"
#include "earth/geodesic.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const wlk_utc BEGINS = {1700000000000000000};
static struct wlk_flight flight;
static char text[65536];

static double apart_m(const double a[3], const double b[3])
{
    return hypot(hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2]);
}

/* Where the passer is when it is over its place. */
static void check_place(const struct wlk_script_passer *passer, double near_m)
{
    double from_s = -1, x[6];
    wlk_check(wlk_passer_fly(passer, &flight, &from_s) == WLK_OK && from_s >= 0,
              "%s passes, from %g s on", passer->id.text, from_s);
    wlk_ecef place = wlk_ecef_from_geodetic(passer->place);
    const double is[3] = {place.x, place.y, place.z};
    wlk_check(wlk_flight_at(&flight, passer->at_s - from_s, x, x + 3) == WLK_OK &&
                  apart_m(x, is) < near_m,
              "it is over its place at its time: %.1f m", apart_m(x, is));
}

/* The places that are written, against the flight: one error for all. */
static void check_written(const struct wlk_script_passer *passer, double sigma_m)
{
    double first[3] = {0}, spread_m = 0, error_m = 0;
    size_t count = 0, size = wlk_passer_write(passer, &flight, BEGINS, 7, sizeof text, text);
    wlk_check(size > 0 && size == strlen(text), "%s is written down", passer->id.text);
    for (const char *line = strchr(text, '\n'); line && line[1];
         line = strchr(line + 1, '\n')) {
        char time[32];
        wlk_utc at;
        double said[6], is[6], error[3];
        if (sscanf(line + 1, "at %31s %lf %lf %lf %lf %lf %lf", time, &said[0], &said[1],
                   &said[2], &said[3], &said[4], &said[5]) < 4 ||
            wlk_utc_parse(time, &at) != WLK_OK ||
            wlk_flight_at(&flight, wlk_utc_seconds(at, BEGINS), is, is + 3) != WLK_OK) {
            wlk_check(false, "a line is a place: %.60s", line + 1);
            return;
        }
        if (!passer->is_satellite) {
            wlk_ecef place = wlk_ecef_from_geodetic(
                (wlk_geodetic){said[0] * WLK_DEG, said[1] * WLK_DEG, said[2]});
            said[0] = place.x;
            said[1] = place.y;
            said[2] = place.z;
        }
        for (int i = 0; i < 3; i++)
            error[i] = said[i] - is[i];
        if (count++ == 0)
            memcpy(first, error, sizeof first);
        spread_m = fmax(spread_m, apart_m(error, first));
        error_m = apart_m(first, (double[3]){0});
    }
    wlk_check(count >= 3 && spread_m < 0.1 && error_m > 0.1 * sigma_m && error_m < 5 * sigma_m,
              "its %zu places are off by one error, %.0f m", count, error_m);
    wlk_check(wlk_passer_write(passer, &flight, BEGINS, 7, 40, text) == 0,
              "too little room is told");
}

int main(void)
{
    struct wlk_script_passer satellite = {.id = wlk_name_of("SAT"),
                                          .is_satellite = true,
                                          .place = {38 * WLK_DEG, 138 * WLK_DEG, 700e3},
                                          .at_s = 600,
                                          .course_rad = 20 * WLK_DEG};
    struct wlk_script_passer aircraft = {.id = wlk_name_of("AIR"),
                                         .place = {38 * WLK_DEG, 138 * WLK_DEG, 10e3},
                                         .at_s = 300,
                                         .course_rad = 250 * WLK_DEG,
                                         .speed_mps = 240};
    double x[6], y[6], from_s;
    check_place(&satellite, 30);
    wlk_check(wlk_flight_at(&flight, 100, x, x + 3) == WLK_OK &&
                  wlk_flight_at(&flight, 103, y, y + 3) == WLK_OK,
              "it is there for a while");
    wlk_check_near(apart_m(x, y) / 3, 7200, 500, "at the speed of an orbit");
    check_written(&satellite, WLK_PASSER_SATELLITE_SIGMA_M);
    check_place(&aircraft, 0.1);
    wlk_check(wlk_flight_at(&flight, 101, x, x + 3) == WLK_OK &&
                  wlk_flight_at(&flight, 108, y, y + 3) == WLK_OK,
              "and so is an aircraft");
    wlk_check_near(apart_m(x, y) / 7, 240, 1, "at its speed");
    check_written(&aircraft, WLK_PASSER_AIRCRAFT_SIGMA_M);
    satellite.at_s = 0;
    wlk_check(wlk_passer_fly(&satellite, &flight, &from_s) == WLK_OK && from_s < 0.5,
              "what is over its place at the start begins there");
    return wlk_tap_done();
}
