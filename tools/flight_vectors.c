/* flight_vectors.c -- what earth/propagate.c says of some flights, as JSON, for the page's own
 * propagation to be held against (tools/browser/units.mjs).
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"
#include "earth/frames.h"
#include "earth/propagate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FLIGHTS = 60, STEPS_MAX = 4000, HALVINGS = 60 };

static double between(struct wlk_random *random, double low, double high)
{
    return low + (high - low) * wlk_random_uniform(random);
}

/* A body at 20 to 600 km over the region, at 1 to 7 km/s in any direction. */
static void draw(struct wlk_random *random, double x[6])
{
    wlk_geodetic place = {between(random, 30, 45) * WLK_DEG,
                          between(random, 120, 160) * WLK_DEG, between(random, 20e3, 600e3)};
    wlk_ecef at = wlk_ecef_from_geodetic(place);
    double speed = between(random, 1000, 7000), azimuth = between(random, 0, 2 * WLK_PI);
    double climb = between(random, -0.5, 0.5) * WLK_PI;
    wlk_enu local = {speed * cos(climb) * sin(azimuth), speed * cos(climb) * cos(azimuth),
                     speed * sin(climb)};
    x[0] = at.x;
    x[1] = at.y;
    x[2] = at.z;
    wlk_ecef_from_enu(place, local, x + 3);
}

/* To the ellipsoid in the steps of the filters; -1: it does not come down. */
static double land(const double from[6], double inverse_beta, double out[6])
{
    double x[6], next[6], seconds = 0;
    memcpy(x, from, sizeof x);
    for (int count = 0; count < STEPS_MAX && seconds < 7200; count++) {
        struct wlk_step by = {inverse_beta, 7200 - seconds};
        double low = 0, high = wlk_propagate_step(x, &by, next, NULL);
        if (wlk_propagate_height(next) >= 0) {
            memcpy(x, next, sizeof x);
            seconds += high;
            continue;
        }
        for (int i = 0; i < HALVINGS && high - low > 1e-9; i++) {
            by.limit_s = (low + high) / 2;
            wlk_propagate_step(x, &by, out, NULL);
            if (wlk_propagate_height(out) > 0)
                low = by.limit_s;
            else
                high = by.limit_s;
        }
        return seconds + (low + high) / 2;
    }
    return -1;
}

static void print_vector(const char *name, const double x[6])
{
    printf("\"%s\":[%.17g,%.17g,%.17g,%.17g,%.17g,%.17g],", name, x[0], x[1], x[2], x[3], x[4],
           x[5]);
}

int main(void)
{
    struct wlk_random random = wlk_random_seeded(20170829, 1);
    printf("[");
    for (int i = 0; i < FLIGHTS; i++) {
        double x[6], later[6], down[6] = {0};
        double inverse_beta = 1 / between(&random, 1000, 12000);
        double dt_s = between(&random, -60, 300);
        draw(&random, x);
        bool is_there = wlk_propagate(x, inverse_beta, dt_s, later, NULL) == WLK_OK;
        double down_s = land(x, inverse_beta, down);
        wlk_geodetic place = wlk_geodetic_from_ecef((wlk_ecef){x[0], x[1], x[2]});
        printf("%s{", i ? ",\n" : "");
        print_vector("x", x);
        if (is_there)
            print_vector("later", later);
        if (down_s >= 0)
            print_vector("down", down);
        printf("\"inverse_beta\":%.17g,\"dt_s\":%.17g,\"down_s\":%.17g,\"lat\":%.17g,"
               "\"lon\":%.17g,\"h\":%.17g}",
               inverse_beta, dt_s, down_s, place.latitude_rad / WLK_DEG,
               place.longitude_rad / WLK_DEG, place.height_m);
    }
    printf("]\n");
    return 0;
}
