/* intake.c -- the border of a nation towards its own sensors.
 *
 * Order of the checks: format, sensor, nature, plausibility, time, double, rate. The double is
 * looked for after the time, so that a wrong clock cannot mark a number as taken; the rate is
 * last, so that what is refused anyway does not use up a sensor's share.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sensors/intake.h"

#include "base/assert.h"
#include "earth/refraction.h"
#include "sensors/delay.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SENSORS_MAX = WLK_SITES_MAX + WLK_INFRARED_MAX, SLOTS = WLK_INTAKE_WINDOW };

_Static_assert((SLOTS & (SLOTS - 1)) == 0, "the slot of a number is a mask");

/* A radar may look a little below its mask, by noise and bias; ASSUMPTION: 5 sigma + this. */
static const double MASK_SLACK_RAD = 0.5 * WLK_DEG;
/* Wider than this an angle or a range says nothing of an object; ASSUMPTION. */
static const double ANGLE_SIGMA_RAD_MAX = 10 * WLK_DEG;
static const double RANGE_SIGMA_M_MAX = 20e3;
static const double RANGE_RATE_MPS_MAX = 15e3; /* beyond escape: no ballistic object */
static const double PLACE_SIGMA_M_MAX = 500e3, TIME_SIGMA_S_MAX = 120;
/* Air above a site this high bends less, by its share of the air at sea level: the scale
 * height of earth/refraction.h. */
static const double AIR_SCALE_M = 7e3;

struct sensor {
    wlk_name id;
    bool is_radar;
    struct wlk_site site; /* if is_radar */
    struct wlk_intake_counts counts;
    bool has_newest;
    uint64_t newest;      /* number */
    int64_t newest_ns;    /* latest time of a datagram taken */
    uint64_t slot[SLOTS]; /* number last taken with this remainder; 0 for none */
    int64_t second_ns;    /* the second of now in which count_in_second were taken */
    uint32_t count_in_second;
    struct wlk_registration registration; /* if it is a radar and there are references */
};

struct wlk_intake {
    wlk_name nation;
    enum wlk_nature nature;
    struct wlk_intake_counts counts;
    size_t count;
    struct sensor sensor[SENSORS_MAX];
    const struct wlk_references *references; /* NULL: none */
    struct wlk_reference_cache cache;
};

const char *wlk_intake_reason_words(enum wlk_intake_reason reason)
{
#define WORDS(name, words) words,
    static const char *const words[] = {WLK_INTAKE_LIST(WORDS)};
#undef WORDS
    _Static_assert(sizeof words / sizeof words[0] == WLK_INTAKE_REASON_COUNT, "each has words");
    return (unsigned)reason < WLK_INTAKE_REASON_COUNT ? words[reason] : "?";
}

wlk_status wlk_intake_open(wlk_name nation, enum wlk_nature nature,
                           const struct wlk_sites *sites, struct wlk_intake **out)
{
    struct wlk_intake *intake = calloc(1, sizeof *intake);
    if (!intake)
        return WLK_IO;
    intake->nation = nation;
    intake->nature = nature;
    for (size_t i = 0; i < sites->count; i++) {
        if (!wlk_name_equal(sites->site[i].owner, nation))
            continue;
        struct sensor *sensor = &intake->sensor[intake->count++];
        sensor->id = sites->site[i].id;
        sensor->is_radar = true;
        sensor->site = sites->site[i];
    }
    for (size_t i = 0; i < sites->infrared_count; i++)
        if (wlk_name_equal(sites->infrared[i].owner, nation))
            intake->sensor[intake->count++].id = sites->infrared[i].id;
    WLK_ASSERT(intake->count <= SENSORS_MAX);
    *out = intake;
    return WLK_OK;
}

void wlk_intake_register(struct wlk_intake *intake,
                         const struct wlk_references *references_view)
{
    intake->references = references_view;
    for (size_t i = 0; i < intake->count; i++) {
        const struct wlk_site *site = &intake->sensor[i].site;
        double range_m = WLK_REGISTRATION_RANGE_SIGMA_M;
        double angle_rad = WLK_REGISTRATION_ANGLE_SIGMA_RAD;
        if (site->range_bias_sigma_m > 0)
            range_m = site->range_bias_sigma_m;
        if (site->angle_bias_sigma_rad > 0)
            angle_rad = site->angle_bias_sigma_rad;
        wlk_registration_begin(range_m, angle_rad, &intake->sensor[i].registration);
    }
}

bool wlk_intake_registration(struct wlk_intake *intake, size_t index, wlk_name *sensor,
                             struct wlk_registration **out)
{
    for (size_t i = 0; intake->references && i < intake->count; i++) {
        if (!intake->sensor[i].is_radar || index-- > 0)
            continue;
        *sensor = intake->sensor[i].id;
        *out = &intake->sensor[i].registration;
        return true;
    }
    return false;
}

void wlk_intake_close(struct wlk_intake *intake)
{
    free(intake);
}

/* Counts a refusal and says why; the rest of the fault is left to the caller. */
static wlk_status refuse(struct wlk_intake *intake, struct sensor *sensor,
                         enum wlk_intake_reason reason, struct wlk_fault *fault)
{
    static const wlk_status statuses[] = {
        [WLK_INTAKE_MALFORMED] = WLK_BAD_INPUT, [WLK_INTAKE_UNKNOWN] = WLK_BAD_INPUT,
        [WLK_INTAKE_NATURE] = WLK_BAD_INPUT,    [WLK_INTAKE_IMPLAUSIBLE] = WLK_BAD_INPUT,
        [WLK_INTAKE_FUTURE] = WLK_BAD_INPUT,    [WLK_INTAKE_OLD] = WLK_STALE,
        [WLK_INTAKE_DOUBLE] = WLK_KNOWN,        [WLK_INTAKE_TOO_FAST] = WLK_FULL,
    };
    _Static_assert(sizeof statuses / sizeof statuses[0] == WLK_INTAKE_REASON_COUNT,
                   "each has a status");
    intake->counts.refused[reason]++;
    if (sensor)
        sensor->counts.refused[reason]++;
    if (fault && reason != WLK_INTAKE_MALFORMED && reason != WLK_INTAKE_IMPLAUSIBLE) {
        memset(fault, 0, sizeof *fault);
        wlk_fault_set(fault, wlk_intake_reason_words(reason), "%s",
                      sensor ? sensor->id.text : "");
    }
    return statuses[reason];
}

static struct sensor *find(struct wlk_intake *intake, wlk_name id)
{
    for (size_t i = 0; i < intake->count; i++)
        if (wlk_name_equal(intake->sensor[i].id, id))
            return &intake->sensor[i];
    return NULL;
}

static bool implausible(struct wlk_fault *fault, const char *rule, double value)
{
    if (fault) {
        memset(fault, 0, sizeof *fault);
        wlk_fault_set(fault, rule, "%.6g", value);
    }
    return false;
}

static bool plot_is_plausible(const struct wlk_site *site, const struct wlk_datagram_plot *plot,
                              struct wlk_fault *fault)
{
    double range_m = (double)plot->range_mm * 1e-3;
    double range_sigma_m = plot->range_sigma_mm * 1e-3;
    double elevation = (double)plot->elevation_nrad * 1e-9;
    double elevation_sigma = plot->elevation_sigma_nrad * 1e-9;
    double azimuth_sigma = plot->azimuth_sigma_nrad * 1e-9 * cos(elevation);
    double off =
        remainder((double)plot->azimuth_nrad * 1e-9 - site->sector_centre_rad, 2 * WLK_PI);
    if (range_sigma_m > RANGE_SIGMA_M_MAX)
        return implausible(fault, "range sigma is too large", range_sigma_m);
    if (elevation_sigma > ANGLE_SIGMA_RAD_MAX)
        return implausible(fault, "elevation sigma is too large", elevation_sigma);
    if (azimuth_sigma > ANGLE_SIGMA_RAD_MAX)
        return implausible(fault, "azimuth sigma is too large", azimuth_sigma);
    if (range_m > site->range_max_m + fabs(site->range_bias_m) + 5 * range_sigma_m)
        return implausible(fault, "range is beyond that of the sensor", range_m);
    double slack = MASK_SLACK_RAD + fabs(site->elevation_bias_rad);
    if (elevation < site->mask_rad - slack - 5 * elevation_sigma)
        return implausible(fault, "elevation is below the mask of the sensor", elevation);
    /* Overhead, azimuth says nothing. */
    double across = (fabs(off) - site->sector_width_rad / 2) * cos(elevation);
    if (across > MASK_SLACK_RAD + fabs(site->azimuth_bias_rad) + 5 * azimuth_sigma)
        return implausible(fault, "azimuth is outside the sector of the sensor", off);
    if (plot->has_range_rate && fabs(plot->range_rate_mmps * 1e-3) > RANGE_RATE_MPS_MAX)
        return implausible(fault, "range rate is no ballistic object's",
                           plot->range_rate_mmps * 1e-3);
    return true;
}

static bool is_plausible(const struct sensor *sensor, const struct wlk_datagram *datagram,
                         struct wlk_fault *fault)
{
    if (sensor->is_radar != (datagram->kind == WLK_DATAGRAM_PLOT))
        return implausible(fault, "sensor does not send this kind", datagram->kind);
    if (sensor->is_radar)
        return plot_is_plausible(&sensor->site, &datagram->plot, fault);
    const struct wlk_datagram_sighting *sighting = &datagram->sighting;
    if (sighting->place_sigma_mm * 1e-3 > PLACE_SIGMA_M_MAX)
        return implausible(fault, "place sigma is too large", sighting->place_sigma_mm * 1e-3);
    if (sighting->time_sigma_us * 1e-6 > TIME_SIGMA_S_MAX)
        return implausible(fault, "time sigma is too large", sighting->time_sigma_us * 1e-6);
    /* The estimate of the launch may lie a little after it was told, by its own error. */
    double before_s = ((double)sighting->launch_time_ns - (double)sighting->told_at_ns) * 1e-9;
    if (before_s > 5 * (sighting->time_sigma_us * 1e-6))
        return implausible(fault, "launch lies after it was told", before_s);
    return true;
}

/* The time that must be about now: of the measurement, or when the sighting was told. */
static int64_t time_of(const struct wlk_datagram *datagram)
{
    return datagram->kind == WLK_DATAGRAM_PLOT ? datagram->plot.time_ns
                                               : datagram->sighting.told_at_ns;
}

/* Whether this number was taken before; see WLK_KNOWN in the header. */
static bool is_double(struct sensor *sensor, uint64_t number, int64_t time_ns)
{
    if (!sensor->has_newest || number > sensor->newest)
        return false;
    bool is_near = sensor->newest - number < SLOTS;
    if (is_near && sensor->slot[number & (SLOTS - 1)] != number)
        return false;
    if (time_ns <= sensor->newest_ns)
        return true;
    /* A sensor that has started again counts from 1, and its time is new. */
    if (is_near && sensor->newest - number < sensor->newest / 2)
        return true;
    memset(sensor->slot, 0, sizeof sensor->slot);
    sensor->has_newest = false;
    return false;
}

static void note_taken(struct sensor *sensor, uint64_t number, int64_t time_ns)
{
    sensor->slot[number & (SLOTS - 1)] = number;
    if (!sensor->has_newest || number > sensor->newest)
        sensor->newest = number;
    if (!sensor->has_newest || time_ns > sensor->newest_ns)
        sensor->newest_ns = time_ns;
    sensor->has_newest = true;
}

static bool is_over_rate(struct sensor *sensor, wlk_utc now)
{
    int64_t second = now.ns / 1000000000;
    if (second != sensor->second_ns) {
        sensor->second_ns = second;
        sensor->count_in_second = 0;
    }
    if (sensor->count_in_second >= WLK_INTAKE_RATE)
        return true;
    sensor->count_in_second++;
    return false;
}

/* Calibration first (the beam that was really steered), then the air of that beam. */
static void make_plot(const struct wlk_site *site, const struct wlk_datagram *datagram,
                      wlk_mono read_at, struct wlk_plot *out)
{
    const struct wlk_datagram_plot *plot = &datagram->plot;
    double range_m = fmax((double)plot->range_mm * 1e-3 - site->range_bias_m, 1);
    double azimuth = (double)plot->azimuth_nrad * 1e-9 - site->azimuth_bias_rad;
    double elevation = (double)plot->elevation_nrad * 1e-9 - site->elevation_bias_rad;
    double air = exp(-site->place.height_m / AIR_SCALE_M);
    memset(out, 0, sizeof *out);
    out->sensor = datagram->sensor;
    out->place = site->place;
    out->number = datagram->number;
    out->time.ns = plot->time_ns;
    double delay_m = wlk_delay_range(site->place.height_m, fmax(elevation, -0.1), range_m);
    out->seen.range_m = fmax(range_m - delay_m, 1);
    out->seen.azimuth_rad = azimuth - 2 * WLK_PI * floor(azimuth / (2 * WLK_PI));
    out->seen.elevation_rad = elevation - air * wlk_refraction_bending(elevation, range_m);
    out->range_sigma_m = plot->range_sigma_mm * 1e-3;
    out->azimuth_sigma_rad = plot->azimuth_sigma_nrad * 1e-9;
    out->elevation_sigma_rad = plot->elevation_sigma_nrad * 1e-9;
    out->revisit_s = site->revisit_s;
    out->has_range_rate = plot->has_range_rate;
    out->range_rate_mps = plot->range_rate_mmps * 1e-3;
    out->range_rate_sigma_mps = plot->range_rate_sigma_mmps * 1e-3;
    out->read_at = read_at;
}

/* Its biases: found from this plot if it is of a known object, and taken from it. True: it is
 * of one. */
static bool take_biases(struct wlk_intake *intake, struct sensor *sensor, struct wlk_plot *plot)
{
    struct wlk_known known;
    if (!intake->references) {
        plot->bias_sigma[0] = sensor->site.range_bias_sigma_m;
        plot->bias_sigma[1] = plot->bias_sigma[2] = sensor->site.angle_bias_sigma_rad;
        return false;
    }
    bool is_near = wlk_references_find(intake->references, &intake->cache, plot, &known);
    if (is_near)
        (void)wlk_registration_take(&sensor->registration, plot, &known);
    wlk_registration_correct(&sensor->registration, plot);
    return is_near && wlk_registration_fits(plot, &known);
}

static void make_sighting(const struct wlk_datagram *datagram, struct wlk_sighting *out)
{
    const struct wlk_datagram_sighting *sighting = &datagram->sighting;
    memset(out, 0, sizeof *out);
    out->sensor = datagram->sensor;
    out->launch_time.ns = sighting->launch_time_ns;
    out->time_sigma_s = sighting->time_sigma_us * 1e-6;
    out->place.latitude_rad = sighting->latitude_e7 * 1e-7 * WLK_DEG;
    out->place.longitude_rad = sighting->longitude_e7 * 1e-7 * WLK_DEG;
    out->place_sigma_m = sighting->place_sigma_mm * 1e-3;
    out->told_at.ns = sighting->told_at_ns;
}

/* Everything after the format: WLK_INTAKE_REASON_COUNT if there is nothing against it. */
static enum wlk_intake_reason judge(const struct wlk_intake *intake, struct sensor *sensor,
                                    const struct wlk_datagram *datagram, wlk_utc now,
                                    struct wlk_fault *fault)
{
    int64_t time_ns = time_of(datagram);
    /* Unsigned differences, so that no time from outside can overflow. */
    bool is_ahead = time_ns > now.ns;
    uint64_t off_ns =
        is_ahead ? (uint64_t)time_ns - (uint64_t)now.ns : (uint64_t)now.ns - (uint64_t)time_ns;
    if (datagram->nature != intake->nature)
        return WLK_INTAKE_NATURE;
    if (!is_plausible(sensor, datagram, fault))
        return WLK_INTAKE_IMPLAUSIBLE;
    if (is_ahead && off_ns > WLK_INTAKE_AHEAD_S * UINT64_C(1000000000))
        return WLK_INTAKE_FUTURE;
    if (!is_ahead && off_ns > WLK_INTAKE_BACK_S * UINT64_C(1000000000))
        return WLK_INTAKE_OLD;
    if (is_double(sensor, datagram->number, time_ns))
        return WLK_INTAKE_DOUBLE;
    return is_over_rate(sensor, now) ? WLK_INTAKE_TOO_FAST : WLK_INTAKE_REASON_COUNT;
}

wlk_status wlk_intake_take(struct wlk_intake *intake, const struct wlk_intake_input *input,
                           struct wlk_intake_result *out, struct wlk_fault *fault)
{
    struct wlk_datagram datagram;
    if (wlk_datagram_decode(input->bytes, input->size, &datagram, fault) != WLK_OK)
        return refuse(intake, NULL, WLK_INTAKE_MALFORMED, fault);
    struct sensor *sensor = find(intake, datagram.sensor);
    if (!sensor)
        return refuse(intake, NULL, WLK_INTAKE_UNKNOWN, fault);
    enum wlk_intake_reason reason = judge(intake, sensor, &datagram, input->now, fault);
    if (reason != WLK_INTAKE_REASON_COUNT)
        return refuse(intake, sensor, reason, fault);
    note_taken(sensor, datagram.number, time_of(&datagram));
    intake->counts.taken++;
    sensor->counts.taken++;
    out->kind = datagram.kind;
    out->is_known = false;
    if (datagram.kind == WLK_DATAGRAM_SIGHTING) {
        make_sighting(&datagram, &out->sighting);
        return WLK_OK;
    }
    make_plot(&sensor->site, &datagram, input->read_at, &out->plot);
    out->is_known = take_biases(intake, sensor, &out->plot);
    return WLK_OK;
}

struct wlk_intake_counts wlk_intake_counts_all(const struct wlk_intake *intake)
{
    return intake->counts;
}

wlk_status wlk_intake_counts_of(const struct wlk_intake *intake, wlk_name sensor,
                                struct wlk_intake_counts *out)
{
    for (size_t i = 0; i < intake->count; i++) {
        if (!wlk_name_equal(intake->sensor[i].id, sensor))
            continue;
        *out = intake->sensor[i].counts;
        return WLK_OK;
    }
    return WLK_BAD_INPUT;
}
