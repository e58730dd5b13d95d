/* laser_test.c -- ranges that lasers measured to LAGEOS-2 against where it was predicted to be:
 * geodesy, the turn of the Earth and light time, judged by measurement.
 *
 * Normal points of the ILRS (CRD) and a predicted ephemeris (CPF): no orbit is fitted here, so
 * what is left in a pass is the error of the prediction (a metre or two along the track, which
 * laser stations know as its time bias) and ours. Stations as in the settings file beside them.
 * SPDX-License-Identifier: Apache-2.0 */
#include "earth/frames.h"

#include "base/tap.h"
#include "base/words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double LIGHT_MPS = 299792458, TURN_RADPS = 7.292115e-5;
static const double CENTRE_M = 0.251; /* reflectors to centre of mass [ILRS, LAGEOS-2] */
enum { POINTS_MAX = 400, ORDER = 10, DAY_S = 86400 };

struct station {
    int id;
    double latitude_deg, longitude_deg, height_m;
};

/* [od_test_Lageos2.in: SLRF positions] */
static const struct station STATIONS[] = {{7090, -29.046495, 115.346744, 245.088103},
                                          {7825, -35.316140, 149.009881, 804.975},
                                          {7119, 20.706489, -156.256923, 3056.971459},
                                          {7941, 40.648672, 16.704613, 536.98049}};

static double orbit_s[POINTS_MAX], orbit[POINTS_MAX][3];
static int orbit_count;

struct weather {
    double pressure_mb, temperature_k, humidity;
};

enum { RANGES_MAX = 60, PASSES_MAX = 12 };

/* Residuals of one pass, and what a millisecond later in the orbit would change in them, m. */
struct pass {
    int count;
    double residual[RANGES_MAX], by_ms[RANGES_MAX];
};

static struct pass passes[PASSES_MAX];
static int pass_count;

/* Seconds from 2016-02-13 to a day of February 2016. */
static double day_s(int day)
{
    return (day - 13) * (double)DAY_S;
}

static void read_orbit(const char *text)
{
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        int day, leap;
        double seconds, *at = orbit[orbit_count];
        if (orbit_count < POINTS_MAX && sscanf(line, "10 0 %d %lf %d %lf %lf %lf", &day,
                                               &seconds, &leap, at, at + 1, at + 2) == 6)
            orbit_s[orbit_count++] = (day - 57431) * (double)DAY_S + seconds;
    }
}

/* Lagrange over ten points about t. False outside the table. */
static bool satellite_at(double t, double out[3])
{
    int first = (int)floor((t - orbit_s[0]) / (orbit_s[1] - orbit_s[0])) - ORDER / 2 + 1;
    if (t < orbit_s[0] || t > orbit_s[orbit_count - 1])
        return false;
    if (first < 0)
        first = 0;
    if (first > orbit_count - ORDER)
        first = orbit_count - ORDER;
    memset(out, 0, 3 * sizeof *out);
    for (int i = first; i < first + ORDER; i++) {
        double weight = 1;
        for (int j = first; j < first + ORDER; j++)
            if (j != i)
                weight *= (t - orbit_s[j]) / (orbit_s[i] - orbit_s[j]);
        for (int k = 0; k < 3; k++)
            out[k] += weight * orbit[i][k];
    }
    return true;
}

/* Distance from where the station was, or will be, dt_s before or after the axes of now. */
static double distance(const double satellite[3], wlk_ecef station, double dt_s)
{
    double c = cos(TURN_RADPS * dt_s), s = sin(TURN_RADPS * dt_s);
    double x = c * station.x - s * station.y, y = s * station.x + c * station.y;
    return hypot(hypot(satellite[0] - x, satellite[1] - y), satellite[2] - station.z);
}

/* Delay of 532 nm light in the air, one way, m [Marini and Murray 1973, NASA X-591-73-351]. */
static double air_delay(const struct weather *w, wlk_geodetic place, double elevation_rad)
{
    double micron2 = 0.532 * 0.532, t = w->temperature_k, p = w->pressure_mb;
    double twice = cos(2 * place.latitude_rad);
    double e = w->humidity / 100 * 6.11 * pow(10, 7.5 * (t - 273.15) / (237.3 + t - 273.15));
    double k = 1.163 - 0.00968 * twice - 0.00104 * t + 0.00001435 * p;
    double a = 0.002357 * p + 0.000141 * e;
    double b = 1.084e-8 * p * t * k + 4.734e-8 * p * p / t * 2 / (3 - 1 / k);
    double colour = 0.9650 + 0.0164 / micron2 + 0.000228 / (micron2 * micron2);
    double gravity = 1 - 0.0026 * twice - 0.00031 * place.height_m / 1e3;
    double s = sin(elevation_rad);
    return colour / gravity * (a + b) / (s + b / (a + b) / (s + 0.01));
}

/* Measured less computed one-way range of a flight of light that left at t; the orbit is taken
 * late_s later. */
static bool residual(const struct station *at, const struct weather *weather,
                     const double flight[2], double late_s, double *out)
{
    double t = flight[0] + late_s, flight_s = flight[1];
    wlk_geodetic place = {at->latitude_deg * WLK_DEG, at->longitude_deg * WLK_DEG,
                          at->height_m};
    wlk_ecef station = wlk_ecef_from_geodetic(place);
    double satellite[3], up_s = flight_s / 2, up = 0;
    for (int i = 0; i < 4; i++) {
        if (!satellite_at(t + up_s, satellite))
            return false;
        up = distance(satellite, station, -up_s);
        up_s = up / LIGHT_MPS;
    }
    double down = distance(satellite, station, up_s);
    wlk_polar seen =
        wlk_polar_from_ecef(place, (wlk_ecef){satellite[0], satellite[1], satellite[2]});
    *out = flight_s * LIGHT_MPS / 2 + CENTRE_M - (up + down) / 2 -
           air_delay(weather, place, seen.elevation_rad);
    return true;
}

static const struct station *find_station(int id)
{
    for (size_t i = 0; i < sizeof STATIONS / sizeof STATIONS[0]; i++)
        if (STATIONS[i].id == id)
            return &STATIONS[i];
    return NULL;
}

static void take(const struct station *at, const struct weather *weather,
                 const double flight[2])
{
    struct pass *pass = &passes[pass_count - 1];
    double later, *now = &pass->residual[pass->count];
    if (pass->count == RANGES_MAX || !residual(at, weather, flight, 0, now) ||
        !residual(at, weather, flight, 1e-3, &later))
        return;
    pass->by_ms[pass->count++] = later - *now;
}

static void read_ranges(const char *text)
{
    const struct station *at = NULL;
    struct weather weather = {0, 0, 0};
    int id, day = 0;
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        double s, flight[2];
        char name[16];
        if (sscanf(line, "%*1[hH]2 %15s %d", name, &id) == 2)
            at = find_station(id);
        if (sscanf(line, "%*1[hH]4 1 2016 %*d %d", &day) == 1 && pass_count < PASSES_MAX)
            pass_count++;
        (void)sscanf(line, "20 %lf %lf %lf %lf", &s, &weather.pressure_mb,
                     &weather.temperature_k, &weather.humidity);
        if (sscanf(line, "11 %lf %lf", flight, flight + 1) != 2 || !at || pass_count == 0)
            continue;
        flight[0] += day_s(day);
        take(at, &weather, flight);
    }
}

/* Sums of squares about the mean of a pass, and about its best range and time bias. */
static double judge_pass(const struct pass *pass, double *left, double *late_ms)
{
    double n = pass->count, r = 0, d = 0, rr = 0, rd = 0, dd = 0;
    for (int i = 0; i < pass->count; i++) {
        r += pass->residual[i] / n;
        d += pass->by_ms[i] / n;
    }
    for (int i = 0; i < pass->count; i++) {
        double a = pass->residual[i] - r, b = pass->by_ms[i] - d;
        rr += a * a;
        rd += a * b;
        dd += b * b;
    }
    *late_ms = -rd / dd;
    *left = rr - rd * rd / dd;
    return rr;
}

static void judge(void)
{
    int count = 0, used = 0;
    double about_mean = 0, about_line = 0, sum = 0, latest_ms = 0;
    for (int i = 0; i < pass_count; i++) {
        double left, late_ms;
        if (passes[i].count < 3)
            continue;
        about_mean += judge_pass(&passes[i], &left, &late_ms);
        about_line += left;
        latest_ms = fmax(latest_ms, fabs(late_ms));
        used++;
        count += passes[i].count;
        for (int k = 0; k < passes[i].count; k++)
            sum += passes[i].residual[k];
    }
    wlk_check(count == 53 && used == 6, "%d laser ranges of %d passes", count, used);
    double sd = sqrt(about_mean / (count - used));
    wlk_check(sd <= 0.5, "about the mean of its pass a range scatters by %.3f m", sd);
    double mean = sum / count;
    wlk_check(fabs(mean) <= 1, "all are off by %.3f m in the mean", mean);
    double rest = sqrt(about_line / (count - 2 * used));
    wlk_check(rest <= 0.1, "less the time bias of the prediction %.3f m are left", rest);
    wlk_check(latest_ms <= 1, "and that is at most %.3f ms", latest_ms);
}

int main(void)
{
    const char *path = wlk_tap_data("truth/lageos2_cpf_160213_5441.sgf");
    char *text = NULL;
    struct wlk_fault fault;
    if (!path || wlk_words_read_file(path, &text, &fault) != WLK_OK) {
        wlk_skip("no predicted ephemeris truth/lageos2_cpf_160213_5441.sgf");
        return wlk_tap_done();
    }
    read_orbit(text);
    free(text);
    path = wlk_tap_data("truth/lageos2_20160214.npt");
    if (!path || wlk_words_read_file(path, &text, &fault) != WLK_OK) {
        wlk_skip("no laser ranges truth/lageos2_20160214.npt");
        return wlk_tap_done();
    }
    read_ranges(text);
    free(text);
    judge();
    return wlk_tap_done();
}
