/* intake_test.c -- holds intake to one counter for each datagram, and to the geometry that is
 * left when calibration and the air of a ray trace have been taken off.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sensors/intake.h"

#include "base/tap.h"
#include "rehearsal/ray.h"
#include "sensors/delay.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const wlk_utc NOW = {1503953940000000000};

static struct wlk_sites sites;

static void make_sites(void)
{
    static const char text[] =
        "class c\nreference 1000 range 1500\nsnr 21\nnoise 50 0.05\nresolution 300 1\n"
        "revisit 3 latency 0.3 mask 2\n"
        "site JP-A of JP at 38 138 height 300 m class c\nsource \"test\"\n"
        "site JP-B of JP at 40 140 height 0 m class c facing 270 width 120\nsource \"test\"\n"
        "site KR-A of KR at 37 127 height 0 m class c\nsource \"test\"\n"
        "infrared JP-IR of JP\n"
        "calibration JP-A range 25 azimuth 0.1 elevation -0.2\n";
    struct wlk_fault fault;
    if (wlk_sites_parse("test", text, &sites, &fault) != WLK_OK)
        wlk_check(false, "the test's own sites are taken: %s", fault.rule);
}

static struct wlk_datagram plot_of(const char *sensor, uint64_t number)
{
    struct wlk_datagram datagram;
    memset(&datagram, 0, sizeof datagram);
    datagram.kind = WLK_DATAGRAM_PLOT;
    datagram.nature = WLK_NATURE_EXERCISE;
    datagram.sensor = wlk_name_of(sensor);
    datagram.number = number;
    datagram.plot = (struct wlk_datagram_plot){.time_ns = NOW.ns - 300000000,
                                               .range_mm = 900000000,
                                               .azimuth_nrad = 4700000000,
                                               .elevation_nrad = 100000000,
                                               .range_sigma_mm = 50000,
                                               .azimuth_sigma_nrad = 872665,
                                               .elevation_sigma_nrad = 872665};
    return datagram;
}

static struct wlk_datagram sighting_of(const char *sensor, uint64_t number)
{
    struct wlk_datagram datagram = plot_of(sensor, number);
    datagram.kind = WLK_DATAGRAM_SIGHTING;
    datagram.sighting = (struct wlk_datagram_sighting){.launch_time_ns = NOW.ns - 61000000000,
                                                       .told_at_ns = NOW.ns - 100000000,
                                                       .latitude_e7 = 392000000,
                                                       .longitude_e7 = 1257000000,
                                                       .place_sigma_mm = 5000000,
                                                       .time_sigma_us = 4000000};
    return datagram;
}

static struct wlk_intake *opened(void)
{
    struct wlk_intake *intake = NULL;
    if (wlk_intake_open(wlk_name_of("JP"), WLK_NATURE_EXERCISE, &sites, &intake) != WLK_OK)
        wlk_check(false, "intake opens");
    return intake;
}

static struct wlk_intake_result result;
static struct wlk_fault fault;

static wlk_status take_at(struct wlk_intake *intake, const struct wlk_datagram *datagram,
                          wlk_utc now)
{
    uint8_t bytes[WLK_PLOT_DATAGRAM_MAX];
    struct wlk_intake_input input = {bytes, 0, now, {42}};
    if (wlk_datagram_encode(datagram, bytes, sizeof bytes, &input.size) != WLK_OK)
        wlk_check(false, "the test's own datagram can be written");
    return wlk_intake_take(intake, &input, &result, &fault);
}

static wlk_status take(struct wlk_intake *intake, struct wlk_datagram datagram)
{
    return take_at(intake, &datagram, NOW);
}

/* True if the status is this one and exactly this counter rose by one. */
static bool refused(struct wlk_intake *intake, struct wlk_datagram datagram, wlk_status status,
                    enum wlk_intake_reason reason)
{
    struct wlk_intake_counts before = wlk_intake_counts_all(intake);
    static struct wlk_intake_result untouched;
    memset(&result, 0x5a, sizeof result);
    untouched = result;
    fault.rule = NULL;
    wlk_status got = take(intake, datagram);
    struct wlk_intake_counts after = wlk_intake_counts_all(intake);
    before.refused[reason]++;
    return got == status && memcmp(&before, &after, sizeof after) == 0 && fault.rule &&
           memcmp(&result, &untouched, sizeof result) == 0;
}

static void hold_reasons(void)
{
    struct wlk_intake *intake = opened();
    wlk_check(take(intake, plot_of("JP-A", 1)) == WLK_OK && result.kind == WLK_DATAGRAM_PLOT &&
                  result.plot.read_at.ns == 42,
              "a plot of an own radar is taken, with the time it was read");
    wlk_check(take(intake, sighting_of("JP-IR", 1)) == WLK_OK &&
                  result.kind == WLK_DATAGRAM_SIGHTING,
              "a sighting is taken");
    wlk_check_near(result.sighting.place.longitude_rad, 125.7 * WLK_DEG, 1e-9,
                   "its place in radians");
    wlk_check(refused(intake, plot_of("KR-A", 2), WLK_BAD_INPUT, WLK_INTAKE_UNKNOWN),
              "a radar of another nation is refused");
    wlk_check(refused(intake, plot_of("JP-A2", 2), WLK_BAD_INPUT, WLK_INTAKE_UNKNOWN),
              "and an unknown one");
    struct wlk_datagram plot = plot_of("JP-A", 2);
    plot.nature = WLK_NATURE_REAL;
    wlk_check(refused(intake, plot, WLK_BAD_INPUT, WLK_INTAKE_NATURE),
              "a real plot does not get into an exercise");
    wlk_check(refused(intake, plot_of("JP-A", 1), WLK_KNOWN, WLK_INTAKE_DOUBLE),
              "a number that was taken is a double");
    wlk_check(refused(intake, sighting_of("JP-A", 2), WLK_BAD_INPUT, WLK_INTAKE_IMPLAUSIBLE) &&
                  refused(intake, plot_of("JP-IR", 2), WLK_BAD_INPUT, WLK_INTAKE_IMPLAUSIBLE),
              "a radar sends no sightings and a satellite no plots");
    plot = plot_of("JP-A", 2);
    plot.plot.time_ns = NOW.ns + 1000000001;
    wlk_check(refused(intake, plot, WLK_BAD_INPUT, WLK_INTAKE_FUTURE), "more than 1 s ahead");
    plot.plot.time_ns = NOW.ns - 120000000001;
    wlk_check(refused(intake, plot, WLK_STALE, WLK_INTAKE_OLD), "more than 120 s back");
    plot.plot.time_ns = 1;
    wlk_check(refused(intake, plot, WLK_STALE, WLK_INTAKE_OLD), "1970");
    plot.plot.time_ns = INT64_MAX;
    wlk_check(refused(intake, plot, WLK_BAD_INPUT, WLK_INTAKE_FUTURE), "the end of time");
    plot.plot.time_ns = NOW.ns + 1000000000;
    wlk_check(take(intake, plot) == WLK_OK, "1 s ahead is taken");
    plot.number = 3;
    plot.plot.time_ns = NOW.ns - 120000000000;
    wlk_check(take(intake, plot) == WLK_OK, "and 120 s back");
    wlk_intake_close(intake);
}

static void hold_plausible(void)
{
    struct wlk_intake *intake = opened();
    struct wlk_datagram plot = plot_of("JP-A", 1);
    plot.plot.range_mm = 1600000000;
    wlk_check(refused(intake, plot, WLK_BAD_INPUT, WLK_INTAKE_IMPLAUSIBLE) &&
                  strcmp(fault.rule, "range is beyond that of the sensor") == 0,
              "beyond the instrumented range");
    plot = plot_of("JP-A", 1);
    plot.plot.elevation_nrad = 15000000;
    wlk_check(refused(intake, plot, WLK_BAD_INPUT, WLK_INTAKE_IMPLAUSIBLE) &&
                  strcmp(fault.rule, "elevation is below the mask of the sensor") == 0,
              "0.9 deg under a mask of 2 deg");
    plot.plot.elevation_nrad = 33000000;
    wlk_check(take(intake, plot) == WLK_OK, "just under the mask is noise");
    plot = plot_of("JP-B", 1);
    plot.plot.azimuth_nrad = 1570796327;
    wlk_check(refused(intake, plot, WLK_BAD_INPUT, WLK_INTAKE_IMPLAUSIBLE) &&
                  strcmp(fault.rule, "azimuth is outside the sector of the sensor") == 0,
              "behind the face");
    plot.plot.elevation_nrad = 1570000000;
    wlk_check(take(intake, plot) == WLK_OK, "but overhead there is no behind");
    plot = plot_of("JP-A", 2);
    plot.plot.elevation_sigma_nrad = 200000000;
    wlk_check(refused(intake, plot, WLK_BAD_INPUT, WLK_INTAKE_IMPLAUSIBLE),
              "an angle of 11 deg");
    plot = plot_of("JP-A", 2);
    plot.plot.azimuth_sigma_nrad = 200000000;
    wlk_check(refused(intake, plot, WLK_BAD_INPUT, WLK_INTAKE_IMPLAUSIBLE), "in azimuth too");
    plot = plot_of("JP-A", 2);
    plot.plot.range_sigma_mm = 30000000;
    wlk_check(refused(intake, plot, WLK_BAD_INPUT, WLK_INTAKE_IMPLAUSIBLE), "a range of 30 km");
    plot = plot_of("JP-A", 2);
    plot.plot.has_range_rate = true;
    plot.plot.range_rate_mmps = INT32_MIN;
    plot.plot.range_rate_sigma_mmps = 1000;
    wlk_check(refused(intake, plot, WLK_BAD_INPUT, WLK_INTAKE_IMPLAUSIBLE), "2,147 km/s");
    struct wlk_datagram sighting = sighting_of("JP-IR", 1);
    sighting.sighting.launch_time_ns = NOW.ns + 60000000000;
    wlk_check(refused(intake, sighting, WLK_BAD_INPUT, WLK_INTAKE_IMPLAUSIBLE),
              "a launch a minute after it was told");
    sighting = sighting_of("JP-IR", 1);
    sighting.sighting.place_sigma_mm = 900000000;
    wlk_check(refused(intake, sighting, WLK_BAD_INPUT, WLK_INTAKE_IMPLAUSIBLE),
              "a launch anywhere within 900 km");
    wlk_intake_close(intake);
}

static void hold_doubles(void)
{
    struct wlk_intake *intake = opened();
    size_t taken = 0;
    struct wlk_datagram plot = plot_of("JP-A", 0);
    for (uint64_t i = 0; i < 200; i++) {
        /* in blocks of four, last first */
        plot.number = 1 + (i / 4) * 4 + (3 - i % 4);
        plot.plot.time_ns = NOW.ns - 200000000 + (int64_t)plot.number * 1000000;
        taken += take(intake, plot) == WLK_OK;
    }
    wlk_check(taken == 200, "numbers out of order are taken");
    size_t doubles = 0;
    for (uint64_t i = 1; i <= 200; i++) {
        plot.number = i;
        plot.plot.time_ns = NOW.ns - 200000000 + (int64_t)i * 1000000;
        doubles += take(intake, plot) == WLK_KNOWN;
    }
    wlk_check(doubles == 200, "and each is a double the second time");
    wlk_check(take(intake, plot_of("JP-B", 5)) == WLK_OK, "each sensor counts by itself");
    plot.number = 1;
    plot.plot.time_ns = NOW.ns + 500000000;
    wlk_check(take(intake, plot) == WLK_OK, "a sensor that starts again at 1, later, is taken");
    wlk_check(refused(intake, plot, WLK_KNOWN, WLK_INTAKE_DOUBLE), "once");
    plot.number = 2;
    plot.plot.time_ns += 1000;
    wlk_check(take(intake, plot) == WLK_OK, "and counts on from there");
    plot.number = 1 + 4 * (uint64_t)WLK_INTAKE_WINDOW;
    plot.plot.time_ns += 1000;
    wlk_check(take(intake, plot) == WLK_OK, "a great leap ahead is taken");
    plot.number -= WLK_INTAKE_WINDOW;
    plot.plot.time_ns -= 500;
    wlk_check(refused(intake, plot, WLK_KNOWN, WLK_INTAKE_DOUBLE),
              "an older plot so far back that doubles cannot be told is one");
    wlk_intake_close(intake);
}

static void hold_rate(void)
{
    struct wlk_intake *intake = opened();
    size_t taken = 0, full = 0;
    for (uint64_t i = 1; i <= WLK_INTAKE_RATE + 100; i++) {
        wlk_status status = take(intake, plot_of("JP-A", i));
        taken += status == WLK_OK;
        full += status == WLK_FULL;
    }
    wlk_check(taken == WLK_INTAKE_RATE && full == 100,
              "in one second a sensor gets its rate in, and the rest is counted");
    wlk_check(take(intake, plot_of("JP-B", 1)) == WLK_OK,
              "another sensor is not held up by it");
    struct wlk_datagram later = plot_of("JP-A", WLK_INTAKE_RATE + 101);
    wlk_check(take_at(intake, &later, wlk_utc_add(NOW, 1)) == WLK_OK,
              "a second later it is heard again");
    struct wlk_intake_counts all = wlk_intake_counts_all(intake), one;
    wlk_check(all.taken == WLK_INTAKE_RATE + 2 && all.refused[WLK_INTAKE_TOO_FAST] == 100,
              "the counts add up");
    wlk_check(wlk_intake_counts_of(intake, wlk_name_of("JP-A"), &one) == WLK_OK &&
                  one.taken == WLK_INTAKE_RATE + 1 && one.refused[WLK_INTAKE_TOO_FAST] == 100,
              "by sensor too");
    wlk_check(wlk_intake_counts_of(intake, wlk_name_of("KR-A"), &one) == WLK_BAD_INPUT,
              "and there are none of another nation's");
    uint8_t noise[10] = {0};
    struct wlk_intake_input input = {noise, sizeof noise, NOW, {0}};
    wlk_check(wlk_intake_take(intake, &input, &result, NULL) == WLK_BAD_INPUT &&
                  wlk_intake_counts_all(intake).refused[WLK_INTAKE_MALFORMED] == 1,
              "noise is counted as malformed");
    wlk_intake_close(intake);
}

/* Bends a geometric direction by the ray trace, adds the calibration bias, sends it, and
 * compares what comes out. */
static void hold_geometry(void)
{
    struct wlk_intake *intake = opened();
    const struct wlk_site *site = &sites.site[0];
    double worst_deg = 0, worst_m = 0, worst_azimuth = 0;
    uint64_t number = 0;
    for (double elevation = 1.8; elevation < 88; elevation *= 1.25)
        for (double range = 150e3; range < 1.4e6; range *= 1.6) {
            wlk_polar seen = {range, 359.95 * WLK_DEG, elevation * WLK_DEG}, bent;
            if (wlk_ray_observe(site->place.height_m, seen, &bent) != WLK_OK)
                continue;
            struct wlk_datagram plot = plot_of("JP-A", ++number);
            double azimuth = fmod(seen.azimuth_rad + site->azimuth_bias_rad, 2 * WLK_PI);
            plot.plot.range_mm = (uint64_t)llround((bent.range_m + site->range_bias_m) * 1e3);
            plot.plot.azimuth_nrad = (uint64_t)llround(azimuth * 1e9);
            plot.plot.elevation_nrad =
                llround((bent.elevation_rad + site->elevation_bias_rad) * 1e9);
            if (take(intake, plot) != WLK_OK) {
                wlk_check(false, "taken at %g deg: %s", elevation, fault.rule);
                continue;
            }
            const wlk_polar *got = &result.plot.seen;
            worst_deg =
                fmax(worst_deg, fabs(got->elevation_rad - seen.elevation_rad) / WLK_DEG);
            worst_m = fmax(worst_m, fabs(got->range_m - seen.range_m));
            worst_azimuth = fmax(worst_azimuth, fabs(got->azimuth_rad - seen.azimuth_rad));
        }
    wlk_note("%u plots; left: elevation %.5f deg, range %.2f m", (unsigned)number, worst_deg,
             worst_m);
    wlk_check(number > 80 && worst_deg < 0.005,
              "refraction and calibration come off to a tenth of the angle noise");
    wlk_check(worst_m < 2, "the delay of the air and the bias come off the range");
    wlk_check(worst_azimuth < 2e-9, "azimuth is put right across north");
    wlk_check_near(wlk_delay_range(0, WLK_PI / 2, 1e6), 313e-6 * 7e3, 1e-6,
                   "overhead the delay is N0 H");
    wlk_check(isfinite(wlk_delay_range(0, -0.1, 1e8)), "the delay is finite below the horizon");
    wlk_intake_close(intake);
}

/* A satellite's plots as a radar with a bias sends them. */
static void hold_biases(void)
{
    static struct wlk_references references;
    struct wlk_registration *registration = NULL;
    wlk_name radar;
    double value[3], sigma[3], x[6] = {0}, sigma_m;
    int known = 0;
    char text[256], time[32];
    struct wlk_intake *intake = opened();
    const struct wlk_site *site = &sites.site[0];
    const double bias[3] = {30, 0.05 * WLK_DEG, -0.06 * WLK_DEG};
    wlk_ecef over =
        wlk_ecef_from_geodetic((wlk_geodetic){38.5 * WLK_DEG, 137 * WLK_DEG, 700e3});
    wlk_utc_text(NOW, 0, time);
    snprintf(text, sizeof text,
             "satellite S within 20\nat %s %.1f %.1f %.1f -4000 -4000 4500\n", time, over.x,
             over.y, over.z);
    wlk_check(wlk_references_parse("test", text, &references, &fault) == WLK_OK &&
                  !wlk_intake_registration(intake, 0, &radar, &registration),
              "without known objects no radar is registered");
    wlk_intake_register(intake, &references);
    for (int i = 0; i < 100; i++) {
        wlk_utc when = wlk_utc_add(NOW, 2.0 * (i - 50));
        wlk_polar bent;
        if (!wlk_references_at(&references, 0, when, x, &sigma_m) ||
            wlk_ray_observe(site->place.height_m,
                            wlk_polar_from_ecef(site->place, (wlk_ecef){x[0], x[1], x[2]}),
                            &bent) != WLK_OK)
            break;
        struct wlk_datagram plot = plot_of("JP-A", 1 + (uint64_t)i);
        plot.plot.time_ns = when.ns;
        plot.plot.range_mm =
            (uint64_t)llround((bent.range_m + site->range_bias_m + bias[0]) * 1e3);
        plot.plot.azimuth_nrad =
            (uint64_t)llround((bent.azimuth_rad + site->azimuth_bias_rad + bias[1]) * 1e9);
        plot.plot.elevation_nrad =
            llround((bent.elevation_rad + site->elevation_bias_rad + bias[2]) * 1e9);
        if (take_at(intake, &plot, wlk_utc_add(when, 0.3)) != WLK_OK)
            wlk_check(false, "a plot of a satellite is taken: %s", fault.rule);
        known += result.is_known;
    }
    wlk_check(known == 100, "plots of a known object are told: %d", known);
    wlk_check(wlk_intake_registration(intake, 0, &radar, &registration) &&
                  wlk_name_equal(radar, wlk_name_of("JP-A")) && registration->passes == 1,
              "a pass is taken");
    wlk_registration_at(registration, wlk_utc_add(NOW, 100), value, sigma);
    for (int k = 0; k < 3; k++)
        wlk_check_near(value[k], bias[k], 2 * sigma[k], "the bias of axis %d is found", k);
    wlk_check_near(result.plot.seen.elevation_rad,
                   wlk_polar_from_ecef(site->place, (wlk_ecef){x[0], x[1], x[2]}).elevation_rad,
                   0.01 * WLK_DEG, "and taken from the plots after it");
    wlk_check(result.plot.bias_sigma[2] > 0 && result.plot.bias_sigma[2] < 0.01 * WLK_DEG,
              "which say what is left");
    struct wlk_datagram other = plot_of("JP-A", 200);
    other.plot.time_ns = wlk_utc_add(NOW, 99).ns;
    wlk_check(take_at(intake, &other, wlk_utc_add(NOW, 99.1)) == WLK_OK && !result.is_known,
              "a plot of anything else goes on");
    wlk_intake_close(intake);
}

int main(void)
{
    make_sites();
    hold_biases();
    hold_reasons();
    hold_plausible();
    hold_doubles();
    hold_rate();
    hold_geometry();
    wlk_check(strcmp(wlk_intake_reason_words(WLK_INTAKE_DOUBLE), "number was taken before") ==
                  0,
              "reasons have words");
    wlk_intake_close(NULL);
    return wlk_tap_done();
}
