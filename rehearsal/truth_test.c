/* truth_test.c -- the integration against conserved quantities, an orbit and falls of others.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/truth.h"

#include "base/tap.h"
#include "rehearsal/gravity8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE 7.292115e-5    /* of the Earth, rad/s */
#define GM   3.986004415e14 /* of gravity8.c */

static struct wlk_flight flight; /* too large for a stack */

static const struct wlk_rocket ROCKET = {
    .stage_count = 2,
    .stage = {{60.0, 2500.0, 0.65, 25000.0}, {50.0, 2700.0, 0.6, 15000.0}},
    .vertical_s = 5.0,
    .pitch_end_s = 70.0,
    .tilt_rad = 0.7,
    .azimuth_rad = 80.0 * WLK_DEG,
    .beta_coast_kgpm2 = 4000.0};
static const wlk_geodetic PAD = {39.2 * WLK_DEG, 125.7 * WLK_DEG, 0.0};

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static double apart(const double a[3], const double b[3])
{
    double d[3] = {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
    return sqrt(dot(d, d));
}

/* Energy in the rotating axes: kept by any field that turns with the Earth. */
static double jacobi(const struct wlk_fall *body)
{
    const double *r = body->position_m;
    return 0.5 * dot(body->velocity_mps, body->velocity_mps) -
           wlk_gravity8_potential(r, body->degree, body->order) -
           0.5 * RATE * RATE * (r[0] * r[0] + r[1] * r[1]);
}

/* Spin about the axis in resting axes: kept by a field that is round about the axis. */
static double spin(const struct wlk_fall *body)
{
    const double *r = body->position_m, *v = body->velocity_mps;
    return r[0] * v[1] - r[1] * v[0] + RATE * (r[0] * r[0] + r[1] * r[1]);
}

static void check_conserved(void)
{
    struct wlk_fall body = {.position_m = {-3e6, 4.5e6, 4e6},
                            .velocity_mps = {-2000.0, 3000.0, 5500.0},
                            .degree = 8,
                            .order = 8};
    double before = jacobi(&body);
    wlk_status status = wlk_truth_fall(&body, 3000.0);
    wlk_check(status == WLK_OK, "a body flies for 3,000 s");
    wlk_check_near(jacobi(&body) / before, 1.0, 1e-9,
                   "the Jacobi integral of the 8x8 field is kept");
    struct wlk_fall round = {.position_m = {-3e6, 4.5e6, 4e6},
                             .velocity_mps = {-2000.0, 3000.0, 5500.0},
                             .degree = 8,
                             .order = 0};
    before = spin(&round);
    status = wlk_truth_fall(&round, 3000.0);
    wlk_check(status == WLK_OK, "the same over a field that is round about the axis");
    wlk_check_near(spin(&round) / before, 1.0, 1e-9, "the spin about the axis is kept");
    wlk_check(apart(body.position_m, round.position_m) > 10.0,
              "and the sectors of the field do move it");
}

/* After one period of a point mass the body is back where it was among the stars. */
static void check_kepler(void)
{
    struct wlk_fall body = {.position_m = {7.5e6, 0.0, 0.0},
                            .velocity_mps = {100.0, 4500.0, 5500.0}};
    double turned_mps = 4500.0 + RATE * 7.5e6; /* in resting axes */
    double square = 100.0 * 100.0 + turned_mps * turned_mps + 5500.0 * 5500.0;
    double axis_m = 1.0 / (2.0 / 7.5e6 - square / GM);
    double period_s = 2.0 * WLK_PI * sqrt(axis_m * axis_m * axis_m / GM);
    wlk_status status = wlk_truth_fall(&body, period_s);
    double angle = RATE * period_s;
    double expected[3] = {7.5e6 * cos(angle), -7.5e6 * sin(angle), 0.0};
    wlk_check(status == WLK_OK, "an orbit of %.0f s about a point mass", period_s);
    wlk_check_near(apart(body.position_m, expected), 0.0, 0.01,
                   "closes on itself within a centimetre");
}

/* The text after the nth comma of a line. */
static double column(const char *line, int n)
{
    for (int i = 0; i < n && line; i++) {
        line = strchr(line, ',');
        line = line ? line + 1 : NULL;
    }
    return line ? strtod(line, NULL) : nan("");
}

static int column_of(const char *heading, const char *name)
{
    int n = 0;
    size_t size = strlen(name);
    for (const char *at = heading; at; n++) {
        if (strncmp(at, name, size) == 0 && (at[size] == ',' || at[size] == '\n'))
            return n;
        at = strchr(at, ',');
        at = at ? at + 1 : NULL;
    }
    return -1;
}

/* Longitude and height that one simulator gives at 30 s. */
static bool read_simulator(const char *name, double *longitude_rad, double *height_m)
{
    const char *path = wlk_tap_data(name);
    FILE *file = path ? fopen(path, "r") : NULL;
    char line[1024];
    if (!file)
        return false;
    bool has_heading = fgets(line, sizeof line, file) != NULL;
    int longitude = has_heading ? column_of(line, "longitude_rad") : -1;
    int height = has_heading ? column_of(line, "altitudeMsl_m") : -1;
    *longitude_rad = *height_m = nan("");
    while (fgets(line, sizeof line, file))
        if (fabs(column(line, 0) - 30.0) < 1e-3) {
            *longitude_rad = column(line, longitude);
            *height_m = column(line, height);
        }
    fclose(file);
    return isfinite(*longitude_rad) && isfinite(*height_m);
}

/* NASA NESC 2015 check cases, five simulators: atmospheric 01 and 09. */
static void check_nesc(const char *pattern, struct wlk_fall body, double height_margin_m)
{
    static const char *const simulators[] = {"01", "02", "03", "04", "06"};
    double low_m = HUGE_VAL, high_m = -HUGE_VAL, west_rad = HUGE_VAL, east_rad = -HUGE_VAL;
    for (size_t i = 0; i < 5; i++) {
        char name[128];
        double longitude_rad, height_m;
        snprintf(name, sizeof name, "nesc/Atmos_%s_sim%s_si.csv", pattern, simulators[i]);
        if (!read_simulator(name, &longitude_rad, &height_m)) {
            wlk_skip("no %s among the reference files", name);
            return;
        }
        low_m = fmin(low_m, height_m);
        high_m = fmax(high_m, height_m);
        west_rad = fmin(west_rad, longitude_rad);
        east_rad = fmax(east_rad, longitude_rad);
    }
    wlk_status status = wlk_truth_fall(&body, 30.0);
    const double *r = body.position_m;
    wlk_geodetic place = wlk_geodetic_from_ecef((wlk_ecef){r[0], r[1], r[2]});
    wlk_check(status == WLK_OK, "NASA case %s is flown", pattern);
    wlk_check(place.height_m >= low_m - height_margin_m &&
                  place.height_m <= high_m + height_margin_m,
              "at 30 s its height %.4f m is among the five simulators' %.4f to %.4f",
              place.height_m, low_m, high_m);
    wlk_check(place.longitude_rad >= west_rad - 1e-9 && place.longitude_rad <= east_rad + 1e-9,
              "and its longitude %.4e rad among %.4e to %.4e", place.longitude_rad, west_rad,
              east_rad);
}

static bool read_three(const char *text, double out[3])
{
    char *end;
    for (int i = 0; i < 3; i++, text = end) {
        out[i] = strtod(text, &end);
        if (end == text)
            return false;
    }
    return true;
}

/* One position of the SP3 file in m and its velocity in m/s (the file has dm/s). */
static bool read_epoch(FILE *file, double r[3], double v[3])
{
    char line[128];
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, "PL56", 4) != 0)
            continue;
        if (!read_three(line + 4, r) || !fgets(line, sizeof line, file) ||
            !read_three(line + 4, v))
            return false;
        for (int i = 0; i < 3; i++) {
            r[i] *= 1e3;
            v[i] *= 0.1;
        }
        return true;
    }
    return false;
}

/* The laser satellite Stella at 800 km, an ITRF orbit of the ILRS every 180 s. What is left
 * over is the field above degree 8: 1.7 m rms after 360 s; J2 alone leaves 8.4 m. */
static void check_stella(void)
{
    const char *path = wlk_tap_data("truth/stella.sp3");
    FILE *file = path ? fopen(path, "r") : NULL;
    if (!file) {
        wlk_skip("no orbit of Stella among the reference files");
        return;
    }
    static double r[100][3], v[100][3];
    size_t count = 0;
    while (count < 100 && read_epoch(file, r[count], v[count]))
        count++;
    fclose(file);
    double sum = 0.0, worst = 0.0;
    for (size_t i = 0; i + 2 < count; i++) {
        struct wlk_fall body = {.degree = 8, .order = 8};
        memcpy(body.position_m, r[i], sizeof r[i]);
        memcpy(body.velocity_mps, v[i], sizeof v[i]);
        if (wlk_truth_fall(&body, 360.0) != WLK_OK)
            worst = HUGE_VAL;
        double error_m = apart(body.position_m, r[i + 2]);
        sum += error_m * error_m;
        worst = fmax(worst, error_m);
    }
    double rms_m = sqrt(sum / (double)(count - 2));
    wlk_note("Stella over 360 s: rms %.2f m, worst %.2f m", rms_m, worst);
    wlk_check(count == 100 && rms_m <= 1.8,
              "Stella is where it was measured after 360 s, within 1.8 m rms");
    wlk_check(worst <= 4.5, "and nowhere worse than 4.5 m");
}

/* Between two nodes of the coast the table is what an integration from the first one gives. */
static void check_table(void)
{
    double worst_m = 0.0, worst_mps = 0.0;
    for (size_t i = 0; i + 1 < flight.node_count; i += 3) {
        const struct wlk_flight_node *node = &flight.node[i];
        if (node->t_s < flight.burnout_s || node[1].t_s - node->t_s < 0.01)
            continue;
        struct wlk_fall body = {
            .inverse_beta = 1.0 / ROCKET.beta_coast_kgpm2, .degree = 8, .order = 8};
        memcpy(body.position_m, node->position_m, sizeof node->position_m);
        memcpy(body.velocity_mps, node->velocity_mps, sizeof node->velocity_mps);
        double middle_s = 0.5 * (node->t_s + node[1].t_s), r[3], v[3];
        if (wlk_truth_fall(&body, middle_s - node->t_s) != WLK_OK ||
            wlk_flight_at(&flight, middle_s, r, v) != WLK_OK)
            worst_m = HUGE_VAL;
        worst_m = fmax(worst_m, apart(r, body.position_m));
        worst_mps = fmax(worst_mps, apart(v, body.velocity_mps));
    }
    wlk_check(worst_m < 0.01, "the table is within 1 cm between its nodes (%.1e m)", worst_m);
    wlk_check(worst_mps < 0.01, "and within 1 cm/s (%.1e m/s)", worst_mps);
}

/* Position never jumps, and velocity is its slope, thrust or not. */
static void check_smooth(void)
{
    double worst_m = 0.0, r[3], v[3], r2[3], v2[3], h = 0.01;
    for (double t_s = 0.0; t_s + h < flight.flight_time_s; t_s += 0.037) {
        if (wlk_flight_at(&flight, t_s, r, v) != WLK_OK ||
            wlk_flight_at(&flight, t_s + h, r2, v2) != WLK_OK)
            worst_m = HUGE_VAL;
        double step[3];
        for (int i = 0; i < 3; i++)
            step[i] = r[i] + 0.5 * h * (v[i] + v2[i]);
        worst_m = fmax(worst_m, apart(step, r2));
    }
    wlk_check(worst_m < 1e-3, "position is the integral of velocity all along (%.1e m)",
              worst_m);
}

static void check_boost(void)
{
    const struct wlk_flight_node *node = flight.node;
    double up[3], axes[3][3];
    wlk_enu_axes(PAD, axes);
    memcpy(up, axes[2], sizeof up);
    wlk_check_near(dot(node->acceleration_mps2, up), 2500.0 * 0.65 / 60.0 - 9.80, 0.02,
                   "it leaves the ground with thrust less weight");
    wlk_check(flight.stage_count == 2 && flight.stage_burnout_s[0] == 60.0 &&
                  flight.stage_burnout_s[1] == 110.0 && flight.burnout_s == 110.0,
              "burnouts are where the stages say");
    size_t at = 0;
    while (at + 1 < flight.node_count && flight.node[at + 1].t_s <= 110.0)
        at++;
    node = &flight.node[at];
    double jump = apart(node->acceleration_mps2, node[-1].acceleration_mps2);
    wlk_check_near(jump, 2700.0 * 0.6 / (50.0 * 0.4), 1.0,
                   "at the last burnout the thrust of the lightest mass ends");
    double r[3], v[3];
    wlk_check(wlk_flight_at(&flight, 4.0, r, v) == WLK_OK && dot(v, up) > 0.0 &&
                  dot(v, up) / sqrt(dot(v, v)) > 0.9999,
              "until then it rises straight up");
}

static void check_ends(void)
{
    double r[3] = {1.0, 2.0, 3.0}, v[3] = {4.0, 5.0, 6.0};
    wlk_check(wlk_flight_at(&flight, -0.1, r, v) == WLK_NOT_YET, "before launch is not yet");
    wlk_check(wlk_flight_at(&flight, flight.flight_time_s + 0.1, r, v) == WLK_STALE,
              "after impact is over");
    wlk_check(wlk_flight_at(&flight, nan(""), r, v) == WLK_STALE, "and so is no time at all");
    wlk_check(r[0] == 1.0 && v[2] == 6.0, "and neither touches the outputs");
    wlk_check(wlk_flight_at(&flight, flight.flight_time_s, r, v) == WLK_OK,
              "the impact itself is part of the flight");
    wlk_geodetic end = wlk_geodetic_from_ecef((wlk_ecef){r[0], r[1], r[2]});
    wlk_check_near(end.height_m, 0.0, 1e-3, "and lies on the ellipsoid");
    double highest_m = 0.0;
    for (size_t i = 0; i < flight.node_count; i++) {
        const double *p = flight.node[i].position_m;
        highest_m =
            fmax(highest_m, wlk_geodetic_from_ecef((wlk_ecef){p[0], p[1], p[2]}).height_m);
    }
    wlk_check(highest_m <= flight.apogee_m + 1e-3 && highest_m > flight.apogee_m - 50.0,
              "no node is above the apogee of %.0f m", flight.apogee_m);
}

static void check_refusals(void)
{
    struct wlk_trial trial = {.apogee_m = -1.0};
    struct wlk_rocket weak = ROCKET, orbital = ROCKET, odd = ROCKET;
    weak.stage[0].propellant_share = 0.2;
    wlk_check(wlk_truth_try(&weak, PAD, &trial) == WLK_NO_SOLUTION,
              "a rocket that cannot lift itself does not fly");
    orbital.stage[0].exhaust_mps = orbital.stage[1].exhaust_mps = 9000.0;
    orbital.tilt_rad = 1.4;
    wlk_check(wlk_truth_try(&orbital, PAD, &trial) == WLK_NO_SOLUTION,
              "one that does not come down within two hours is refused");
    odd.stage[1].propellant_share = 1.0;
    wlk_check(wlk_truth_try(&odd, PAD, &trial) == WLK_NO_SOLUTION,
              "nor one that is all propellant");
    odd = ROCKET;
    odd.stage_count = 4;
    wlk_check(wlk_truth_try(&odd, PAD, &trial) == WLK_NO_SOLUTION, "nor one of four stages");
    odd = ROCKET;
    odd.tilt_rad = nan("");
    wlk_check(wlk_truth_try(&odd, PAD, &trial) == WLK_NO_SOLUTION, "nor one without a tilt");
    wlk_check(trial.apogee_m == -1.0, "and the figures stay untouched");
}

/* A throw straight up falls west of its place, a body dropped falls east: Coriolis. */
static void check_west(void)
{
    struct wlk_rocket straight = ROCKET;
    straight.tilt_rad = 0.0;
    struct wlk_trial trial;
    wlk_geodetic equator = {0.0, 0.0, 0.0};
    wlk_status status = wlk_truth_try(&straight, equator, &trial);
    wlk_check(status == WLK_OK && trial.impact.longitude_rad < -0.001,
              "a rocket straight up at the equator falls %.0f km to the west",
              trial.range_m / 1e3);
}

int main(void)
{
    check_conserved();
    check_kepler();
    wlk_ecef high = wlk_ecef_from_geodetic((wlk_geodetic){0.0, 0.0, 9144.0});
    check_nesc("01_DroppedSphere",
               (struct wlk_fall){.position_m = {high.x, 0.0, 0.0}, .degree = 2}, 2e-3);
    check_nesc("09_EastwardCannonball",
               (struct wlk_fall){.position_m = {WLK_WGS84_A, 0.0, 0.0},
                                 .velocity_mps = {304.8, 304.8, 0.0},
                                 .inverse_beta = 0.1 * 0.01824146545248 / 14.5939029372,
                                 .degree = 2},
               0.05);
    check_stella();
    struct wlk_trial trial;
    wlk_check(wlk_truth_fly(&ROCKET, PAD, &flight) == WLK_OK, "a rocket of two stages flies");
    wlk_note("%.1f km high, %.1f km far, %.1f s, %zu nodes", flight.apogee_m / 1e3,
             flight.range_m / 1e3, flight.flight_time_s, flight.node_count);
    wlk_check(wlk_truth_try(&ROCKET, PAD, &trial) == WLK_OK &&
                  fabs(trial.range_m - flight.range_m) < 10.0 &&
                  fabs(trial.apogee_m - flight.apogee_m) < 10.0,
              "and a trial of it agrees within 10 m");
    check_table();
    check_smooth();
    check_boost();
    check_ends();
    check_refusals();
    check_west();
    return wlk_tap_done();
}
