/* telemetry_test.c -- a real rocket stage that coasted for four minutes to 119 km and back, as
 * its webcast showed it, against the tracker's dynamics; and one that turned back after 17 s of
 * it, seen by a radar that is not there.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/telemetry_for_test.h"

#include "base/random.h"
#include "earth/propagate.h"
#include "tracking/phase.h"

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

/* A path with the speed and height shown: heights made smooth over two seconds tell how much of
 * the speed is upwards, the rest goes along the azimuth. */
struct path {
    int row;
    double along_m; /* over ground */
};

static double smooth_height(double t)
{
    double sum = 0;
    int from = telemetry_at(&telemetry, t - 2), to = telemetry_at(&telemetry, t + 2);
    for (int i = from; i < to; i++)
        sum += telemetry.height_m[i] / (to - from);
    return sum;
}

static wlk_ecef go_on(struct path *path, double t)
{
    int to = telemetry_at(&telemetry, t);
    for (; path->row < to; path->row++) {
        double step_s = telemetry.time_s[path->row + 1] - telemetry.time_s[path->row];
        double at = telemetry.time_s[path->row], speed = telemetry.speed_mps[path->row];
        double up = (smooth_height(at + 1) - smooth_height(at - 1)) / 2;
        path->along_m += step_s * sqrt(fmax(speed * speed - up * up, 0));
    }
    double turn = path->along_m / WLK_WGS84_A;
    wlk_geodetic place = TELEMETRY_PAD;
    place.latitude_rad += turn * cos(TELEMETRY_AZIMUTH);
    place.longitude_rad += turn * sin(TELEMETRY_AZIMUTH) / cos(place.latitude_rad);
    place.height_m = smooth_height(t);
    return wlk_ecef_from_geodetic(place);
}

/* Engine cut-off at 140 s, boostback from 157 s on [its events file]: the thrust is against the
 * path, so it is no next stage. */
static void check_boostback(void)
{
    struct wlk_random random = wlk_random_seeded(76, 1);
    struct path path = {.row = telemetry_at(&telemetry, 60)};
    struct wlk_phases phases;
    double told_s = HUGE_VAL, firm_s = 0;
    bool is_coasting_before = false;
    wlk_geodetic site = {29.5 * WLK_DEG, -78.5 * WLK_DEG, 0};
    for (double t = 60; t < 185; t += 1) {
        struct wlk_plot plot = {.place = site,
                                .time = {llround(t * 1e9)},
                                .range_sigma_m = 40,
                                .azimuth_sigma_rad = 0.03 * WLK_DEG,
                                .elevation_sigma_rad = 0.03 * WLK_DEG};
        struct wlk_look look;
        plot.seen = wlk_polar_from_ecef(site, go_on(&path, t));
        plot.seen.range_m += 40 * wlk_random_normal(&random);
        plot.seen.azimuth_rad += plot.azimuth_sigma_rad * wlk_random_normal(&random);
        plot.seen.elevation_rad += plot.elevation_sigma_rad * wlk_random_normal(&random);
        wlk_look_from_plot(&plot, &look);
        if (t == 60)
            wlk_phases_begin(&look, &phases);
        else if (wlk_phases_take(&phases, &look) != WLK_OK)
            continue;
        enum wlk_doubt doubt = wlk_phases_doubt(&phases, plot.time);
        is_coasting_before = is_coasting_before || (t < 157 && phases.is_coasting);
        if (t > 157 && doubt == WLK_DOUBT_MANOEUVRE)
            told_s = fmin(told_s, t - 157);
        firm_s += t > 172 && phases.is_coasting && doubt == WLK_DOUBT_NONE;
    }
    wlk_check(is_coasting_before, "engine cut-off is seen");
    wlk_check(told_s <= 15, "boostback is told as a manoeuvre after %.0f s", told_s);
    wlk_check(firm_s == 0, "and from then on nothing is predicted without that doubt");
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
    if (telemetry_read("telemetry/NROL-76_stage1_raw.json", &telemetry))
        check_boostback();
    return wlk_tap_done();
}
