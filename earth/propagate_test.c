/* propagate_test.c -- free flight keeps what nature keeps, and meets a published orbit.
 * SPDX-License-Identifier: Apache-2.0 */
#include "earth/air.h"
#include "earth/frames.h"
#include "earth/gravity.h"
#include "earth/propagate.h"

#include "base/random.h"
#include "base/tap.h"
#include "base/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double apart(const double a[3], const double b[3])
{
    return sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) +
                (a[2] - b[2]) * (a[2] - b[2]));
}

/* Jacobi's integral: what the energy becomes in a rotating frame; constant without drag. */
static double jacobi(const double x[6])
{
    double r2 = x[0] * x[0] + x[1] * x[1] + x[2] * x[2], r = sqrt(r2);
    double z2 = x[2] * x[2] / r2;
    double potential = -WLK_GRAVITY_GM / r *
                       (1 - WLK_GRAVITY_J2 * WLK_WGS84_A * WLK_WGS84_A / r2 * (1.5 * z2 - 0.5));
    double spin = WLK_GRAVITY_OMEGA * WLK_GRAVITY_OMEGA * (x[0] * x[0] + x[1] * x[1]) / 2;
    return (x[3] * x[3] + x[4] * x[4] + x[5] * x[5]) / 2 + potential - spin;
}

/* A state 60-400 km up anywhere, 2-7 km/s in any upward direction. */
static void any_state(struct wlk_random *random, double x[6])
{
    wlk_geodetic place = {(wlk_random_uniform(random) - 0.5) * WLK_PI,
                          (wlk_random_uniform(random) - 0.5) * 2 * WLK_PI,
                          60e3 + 340e3 * wlk_random_uniform(random)};
    wlk_ecef at = wlk_ecef_from_geodetic(place);
    double speed = 2000 + 5000 * wlk_random_uniform(random);
    double up = 0.1 + 1.4 * wlk_random_uniform(random);
    double way = 2 * WLK_PI * wlk_random_uniform(random);
    wlk_enu v = {speed * cos(up) * sin(way), speed * cos(up) * cos(way), speed * sin(up)};
    memcpy(x, &at, 3 * sizeof *x);
    wlk_ecef_from_enu(place, v, x + 3);
}

static void check_conserved(void)
{
    struct wlk_random random = wlk_random_seeded(1, 0);
    double worst = 0, worst_back = 0, worst_drag = 0;
    for (int run = 0; run < 100; run++) {
        double x[6], y[6], z[6];
        any_state(&random, x);
        double dt = 100 + 500 * wlk_random_uniform(&random);
        if (wlk_propagate(x, 0, dt, y, NULL) || wlk_propagate(y, 0, -dt, z, NULL))
            continue;
        worst = fmax(worst, fabs(jacobi(y) - jacobi(x)));
        worst_back = fmax(worst_back, apart(x, z));
        if (wlk_propagate(x, 1.0 / 4000, 60, y, NULL) ||
            wlk_propagate(y, 1.0 / 4000, -60, z, NULL))
            continue;
        worst_drag = fmax(worst_drag, apart(x, z));
    }
    wlk_check(worst < 0.05, "the energy in the rotating frame is kept (%.2g J/kg)", worst);
    wlk_check(worst_back < 0.02, "forward and back returns without drag (%.2g m)", worst_back);
    wlk_check(worst_drag < 0.5, "forward and back returns with drag (%.2g m)", worst_drag);
}

static void check_phi(void)
{
    struct wlk_random random = wlk_random_seeded(2, 0);
    double worst[2] = {0, 0};
    for (int run = 0; run < 60; run++) {
        double x[6], y[6], phi[6][6];
        double beta = run % 2 ? 1.0 / 1000 : 0;
        any_state(&random, x);
        if (run % 2) /* into the air */
            for (int i = 3; i < 6; i++)
                x[i] = -x[i];
        double dt = run % 2 ? 12 : 300;
        if (wlk_propagate(x, beta, dt, y, phi))
            continue;
        for (int j = 0; j < 6; j++) {
            double by = j < 3 ? 10 : 0.1, up[6], down[6];
            memcpy(up, x, sizeof up);
            memcpy(down, x, sizeof down);
            up[j] += by;
            down[j] -= by;
            if (wlk_propagate(up, beta, dt, up, NULL) ||
                wlk_propagate(down, beta, dt, down, NULL))
                continue;
            for (int i = 0; i < 6; i++) {
                double slope = (up[i] - down[i]) / (2 * by);
                double scale = (i < 3) == (j < 3) ? 1 : i < 3 ? dt : 1 / dt;
                worst[run % 2] = fmax(worst[run % 2], fabs(slope - phi[i][j]) / scale);
            }
        }
    }
    wlk_check(worst[0] < 1e-6, "phi is the slope of a free flight (%.2g)", worst[0]);
    /* the table's slope jumps at its rows, which a difference over 20 m sees */
    wlk_check(worst[1] < 6e-3, "phi is the slope of a flight with drag (%.2g)", worst[1]);
}

static void check_refusals(void)
{
    const double x[6] = {7e6, 0, 0, 0, 7000, 0}, deep[6] = {6e6, 0, 0, 0, 0, 0};
    double out[6] = {1, 2, 3, 4, 5, 6}, phi[6][6] = {{42}};
    const double bad[6] = {7e6, 0, nan(""), 0, 7000, 0};
    wlk_check(wlk_propagate(x, 0, 7201, out, phi) == WLK_NO_SOLUTION, "too long is refused");
    wlk_check(wlk_propagate(x, 0, nan(""), out, phi) == WLK_NO_SOLUTION, "no time is refused");
    wlk_check(wlk_propagate(bad, 0, 1, out, phi) == WLK_NO_SOLUTION, "NaN is refused");
    wlk_check(wlk_propagate(deep, 0, 1, out, phi) == WLK_NO_SOLUTION, "deep is refused");
    wlk_check(out[0] == 1 && out[5] == 6 && phi[0][0] == 42, "a refusal touches no output");
    wlk_check(wlk_propagate(x, 0, 0, out, phi) == WLK_OK && out[4] == 7000 && phi[5][5] == 1,
              "zero seconds change nothing");
}

/* Reads an SP3 file: positions (km) on lines "P", velocities (dm/s) on lines "V". */
static int read_orbit(const char *text, double orbit[][6], int max)
{
    int count = 0;
    for (const char *line = text; line && count < max; line = strchr(line, '\n')) {
        line += *line == '\n';
        char *at = NULL;
        if ((*line != 'P' && *line != 'V') || strlen(line) < 46)
            continue;
        double *into = orbit[count] + (*line == 'V' ? 3 : 0);
        const char *from = line + 4;
        for (int i = 0; i < 3; i++, from = at)
            into[i] = strtod(from, &at) * (*line == 'V' ? 0.1 : 1000);
        count += *line == 'V';
    }
    return count;
}

static void check_stella(void)
{
    static double orbit[128][6];
    const char *path = wlk_tap_data("truth/stella.sp3");
    char *text = NULL;
    struct wlk_fault fault;
    if (!path || wlk_words_read_file(path, &text, &fault) != WLK_OK) {
        wlk_skip("no reference orbit truth/stella.sp3");
        return;
    }
    int count = read_orbit(text, orbit, 128);
    double sum3 = 0, sum6 = 0;
    for (int i = 0; i + 2 < count; i++) {
        double x3[6], x6[6];
        if (wlk_propagate(orbit[i], 0, 180, x3, NULL) ||
            wlk_propagate(orbit[i], 0, 360, x6, NULL))
            continue;
        sum3 += pow(apart(x3, orbit[i + 1]), 2);
        sum6 += pow(apart(x6, orbit[i + 2]), 2);
    }
    double rms3 = sqrt(sum3 / (count - 2)), rms6 = sqrt(sum6 / (count - 2));
    wlk_check(count == 100, "the published orbit of Stella has 100 points");
    wlk_check(rms3 <= 3, "J2 flight meets Stella after 180 s within 3 m rms (%.2f)", rms3);
    wlk_check(rms6 <= 10, "J2 flight meets Stella after 360 s within 10 m rms (%.2f)", rms6);
    free(text);
}

static void check_height(void)
{
    struct wlk_random random = wlk_random_seeded(3, 0);
    double worst = 0;
    for (int run = 0; run < 1000; run++) {
        wlk_geodetic place = {(wlk_random_uniform(&random) - 0.5) * WLK_PI,
                              (wlk_random_uniform(&random) - 0.5) * 2 * WLK_PI,
                              200e3 * wlk_random_uniform(&random)};
        wlk_ecef at = wlk_ecef_from_geodetic(place);
        const double r[3] = {at.x, at.y, at.z};
        worst = fmax(worst, fabs(wlk_propagate_height(r) - place.height_m));
    }
    wlk_check(worst < 1.2, "the quick height is within 1.2 m below 200 km (%.2f)", worst);
}

int main(void)
{
    check_conserved();
    check_phi();
    check_refusals();
    check_stella();
    check_height();
    return wlk_tap_done();
}
