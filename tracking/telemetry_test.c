/* telemetry_test.c -- a real rocket stage that coasted for four minutes to 119 km and back, as
 * its webcast showed it, against the tracker's dynamics.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/telemetry_for_test.h"

#include "earth/propagate.h"

#include <math.h>

static struct telemetry telemetry;

/* Speed to 0.3 m/s (1 km/h shown); height to 0.1 km below 100 km, cut off, and 1 km above. */
static const double SPEED_SIGMA_MPS = 0.2, HEIGHT_SIGMA_M = 60, HIGH_SIGMA_M = 400;
enum { EVERY = 6, ROWS_MAX = 2000 };

/* What a coast is fitted by: vertical and horizontal speed and height at its start. */
struct coast {
    int from, to; /* rows */
    double up_mps, along_mps, height_m;
};

static double shown_height(double height_m)
{
    double grid = height_m < 100e3 ? 100 : 1000;
    return (floor(height_m / grid) + 0.5) * grid; /* its middle, as the fit compares it */
}

static void begin(const struct coast *coast, double x[6])
{
    wlk_geodetic place = TELEMETRY_PAD;
    place.height_m = coast->height_m;
    wlk_ecef at = wlk_ecef_from_geodetic(place);
    wlk_enu v = {coast->along_mps * sin(TELEMETRY_AZIMUTH),
                 coast->along_mps * cos(TELEMETRY_AZIMUTH), coast->up_mps};
    x[0] = at.x;
    x[1] = at.y;
    x[2] = at.z;
    wlk_ecef_from_enu(place, v, x + 3);
}

static double speed_of(const double x[6])
{
    return sqrt(x[3] * x[3] + x[4] * x[4] + x[5] * x[5]);
}

/* Residuals in sigmas, speed and height by turns; their count. */
static int residuals(const struct coast *coast, double out[2 * ROWS_MAX])
{
    double x[6], t = telemetry.time_s[coast->from];
    int rows = 0;
    begin(coast, x);
    for (int i = coast->from; i < coast->to && rows < ROWS_MAX; i += EVERY, rows++) {
        if (wlk_propagate(x, 1.0 / 4000, telemetry.time_s[i] - t, x, NULL) != WLK_OK)
            return 0;
        t = telemetry.time_s[i];
        double height = wlk_propagate_height(x), shown = shown_height(telemetry.height_m[i]);
        out[2 * rows] = (telemetry.speed_mps[i] - speed_of(x)) / SPEED_SIGMA_MPS;
        out[2 * rows + 1] = (shown - height) / (shown < 100e3 ? HEIGHT_SIGMA_M : HIGH_SIGMA_M);
    }
    return 2 * rows;
}

/* Three by three, by Cramer's rule. */
static void solve3(double A[3][3], const double b[3], double x[3])
{
    double cross[3][3], whole = 0;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            int p = (i + 1) % 3, q = (i + 2) % 3, r = (j + 1) % 3, s = (j + 2) % 3;
            cross[i][j] = A[p][r] * A[q][s] - A[p][s] * A[q][r];
        }
    for (int j = 0; j < 3; j++)
        whole += A[0][j] * cross[0][j];
    for (int j = 0; j < 3; j++) {
        x[j] = 0;
        for (int i = 0; i < 3; i++)
            x[j] += b[i] * cross[i][j] / whole;
    }
}

/* Gauss-Newton. Returns the rms of the speed, m/s. */
static double fit(struct coast *coast)
{
    static double r[2 * ROWS_MAX], moved[3][2 * ROWS_MAX];
    static const double NUDGE[3] = {1, 1, 100};
    int count = 0;
    for (int step = 0; step < 6; step++) {
        double A[3][3] = {{0}}, b[3] = {0}, by[3];
        count = residuals(coast, r);
        for (int j = 0; j < 3; j++) {
            struct coast other = *coast;
            *(j == 0 ? &other.up_mps : j == 1 ? &other.along_mps : &other.height_m) += NUDGE[j];
            (void)residuals(&other, moved[j]);
            for (int i = 0; i < count; i++)
                moved[j][i] = (moved[j][i] - r[i]) / NUDGE[j];
        }
        for (int i = 0; i < count; i++)
            for (int j = 0; j < 3; j++) {
                b[j] -= moved[j][i] * r[i];
                for (int k = 0; k < 3; k++)
                    A[j][k] += moved[j][i] * moved[k][i];
            }
        solve3(A, b, by);
        coast->up_mps += by[0];
        coast->along_mps += by[1];
        coast->height_m += by[2];
    }
    double square = 0;
    count = residuals(coast, r);
    for (int i = 0; i < count; i += 2)
        square += r[i] * r[i];
    return count ? SPEED_SIGMA_MPS * sqrt(square / (count / 2)) : HUGE_VAL;
}

static struct coast start_at(double from_s, double to_s)
{
    int i = telemetry_at(&telemetry, from_s), k = telemetry_at(&telemetry, from_s + 10);
    double up = (telemetry.height_m[k] - telemetry.height_m[i]) / 10;
    double along = sqrt(fmax(0, pow(telemetry.speed_mps[i], 2) - up * up));
    return (struct coast){i, telemetry_at(&telemetry, to_s), up, along, telemetry.height_m[i]};
}

static double apogee_m(const struct coast *coast)
{
    double x[6], highest = 0;
    begin(coast, x);
    for (int i = 0; i < 200; i++) {
        highest = fmax(highest, wlk_propagate_height(x));
        if (wlk_propagate(x, 1.0 / 4000, 1, x, NULL) != WLK_OK)
            break;
    }
    return highest;
}

int main(void)
{
    if (!telemetry_read("telemetry/BulgariaSat-1_stage1_raw.json", &telemetry))
        return wlk_tap_done();
    /* engine cut-off at 158 s, entry burn at 390 s [its events file] */
    struct coast whole = start_at(200, 388);
    double rms = fit(&whole), highest = 0;
    wlk_check(rms <= 0.3, "188 s of real coast: speed within %.3f m/s rms", rms);
    for (int i = 0; i < telemetry.count; i++)
        highest = fmax(highest, telemetry.height_m[i]);
    struct coast early = start_at(165, 195);
    rms = fit(&early);
    double apogee = apogee_m(&early);
    wlk_check(rms <= 0.3, "its first 30 s: within %.3f m/s", rms);
    /* it showed whole kilometres: 119 is from 119 to 120 */
    wlk_check(fabs(apogee - highest - 500) <= 1500,
              "they predict the apogee, %.1f km for %.0f to %.0f", apogee / 1e3, highest / 1e3,
              highest / 1e3 + 1);
    return wlk_tap_done();
}
