/* group_points.c -- launch and impact: a point in place and time as content, and back.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/groups.h"

#include "base/assert.h"
#include "release/enlarge.h"

#include <math.h>
#include <string.h>

/* Millimetres of latitude in 1e-7 degree: mean Earth radius 6,371,009 m [IUGG] x pi / 180. The
 * grid needs no better; the rounding error is bounded by half a cell in any case. */
static const double MM_PER_E7 = 11.11951;
static const double TURN_E7 = 3.6e9;
static const double COVARIANCE_MAX = 9.2e18;
static const double ROUNDING_VARIANCE = 2.0; /* 3 rows x 1/2; as in groups.c */
enum { AZIMUTH_STEP_E7 = 1000000 };          /* 0.1 deg, coarse azimuth and "has changed" */

/* Width of a cell in 1e-7 degree of longitude at a latitude; near a pole the whole turn. */
static double longitude_step(double step_e7, int64_t latitude_e7)
{
    double shrink = cos((double)latitude_e7 * 1e-7 * WLK_DEG);
    return shrink * TURN_E7 > step_e7 ? step_e7 / shrink : TURN_E7;
}

static int64_t limit(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

static void round_place(wlk_geodetic place, uint64_t quantum_mm, struct wlk_point_content *out)
{
    double step = quantum_mm > 0 ? (double)quantum_mm / MM_PER_E7 : 1;
    double latitude = place.latitude_rad / WLK_DEG * 1e7;
    double longitude = place.longitude_rad / WLK_DEG * 1e7;
    out->latitude_e7 = limit(llround(round(latitude / step) * step), -900000000, 900000000);
    double across = quantum_mm > 0 ? longitude_step(step, out->latitude_e7) : 1;
    int64_t rounded = llround(round(longitude / across) * across);
    if (rounded <= -1800000000)
        rounded += 3600000000;
    out->longitude_e7 = limit(rounded, -1799999999, 1800000000);
}

static bool is_place(wlk_geodetic place)
{
    return fabs(place.latitude_rad) <= WLK_PI / 2 &&
           fabs(place.longitude_rad) <= WLK_PI * 1.0000001;
}

/* The covariance in wire units (mm, mm, us), with what rounding adds. */
static void wire_covariance(const struct wlk_point *point, double clock_error_s,
                            const struct wlk_point_content *content, double c[3][3])
{
    const double unit[3] = {1e3, 1e3, 1e6};
    double q_mm = (double)content->quantum_mm, q_us = (double)content->quantum_ns * 1e-3;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            c[i][j] = point->covariance[i][j] * unit[i] * unit[j];
    c[0][0] += q_mm * q_mm / 12;
    c[1][1] += q_mm * q_mm / 12;
    c[2][2] += q_us * q_us / 12 + clock_error_s * clock_error_s * 1e12;
}

static bool write_covariance(double c[3][3], struct wlk_point_content *out)
{
    for (int i = 0, n = 0; i < 3; i++)
        for (int j = 0; j <= i; j++, n++) {
            double value = c[i][j] + (i == j ? ROUNDING_VARIANCE : 0);
            if (!(fabs(value) < COVARIANCE_MAX) || (i == j && value <= 0))
                return false;
            out->covariance[n] = llround(value);
        }
    return true;
}

static bool start_point(const struct wlk_point *point, uint64_t quantum_mm, int64_t quantum_ns,
                        struct wlk_point_content *out)
{
    if (!is_place(point->place) || point->time.ns < 0)
        return false;
    memset(out, 0, sizeof *out);
    out->quantum_mm = quantum_mm;
    out->quantum_ns = (uint64_t)quantum_ns;
    round_place(point->place, quantum_mm, out);
    out->time_ns = quantum_ns > 1 ? (point->time.ns + quantum_ns / 2) / quantum_ns * quantum_ns
                                  : point->time.ns;
    return true;
}

static bool start_launch(const struct wlk_launch *launch, struct wlk_launch_content *out)
{
    out->status = launch->status;
    out->has_azimuth = launch->has_azimuth;
    out->count_min = launch->object_count_min;
    out->count_max = launch->object_count_max;
    if (!launch->has_azimuth)
        return true;
    double azimuth_e7 = launch->azimuth_rad / WLK_DEG * 1e7;
    double sigma_e7 = launch->azimuth_sigma_rad / WLK_DEG * 1e7;
    if (!isfinite(azimuth_e7) || fabs(azimuth_e7) > 1e12 || !(sigma_e7 >= 0))
        return false;
    int64_t turn = (int64_t)TURN_E7;
    out->azimuth_e7 = ((llround(azimuth_e7) % turn) + turn) % turn;
    out->azimuth_sigma_e7 = sigma_e7 < TURN_E7 ? llround(ceil(sigma_e7)) : turn;
    return true;
}

wlk_status wlk_groups_launch_fine(const struct wlk_launch *launch, double clock_error_s,
                                  struct wlk_launch_content *out)
{
    struct wlk_launch_content content;
    double c[3][3];
    memset(&content, 0, sizeof content);
    if (!start_point(&launch->point, WLK_FINE_PLACE_MM, WLK_FINE_TIME_NS, &content.point) ||
        !start_launch(launch, &content))
        return WLK_NO_SOLUTION;
    wire_covariance(&launch->point, clock_error_s, &content.point, c);
    if (!write_covariance(c, &content.point))
        return WLK_NO_SOLUTION;
    *out = content;
    return WLK_OK;
}

/* On a grid of 0.1 deg, sigma up to the next power of two of 1e-7 deg. */
static bool coarsen_azimuth(struct wlk_launch_content *content)
{
    const int64_t step = AZIMUTH_STEP_E7, turn = (int64_t)TURN_E7;
    double sigma = (double)content->azimuth_sigma_e7;
    uint8_t log2 = 0;
    if (!content->has_azimuth)
        return true;
    content->azimuth_e7 = (content->azimuth_e7 + step / 2) / step * step % turn;
    if (!wlk_enlarge_log2(sigma * sigma + (double)step * (double)step / 12, false, 0, &log2))
        return false;
    content->azimuth_sigma_e7 = log2 < 31 ? INT64_C(1) << log2 : turn;
    return true;
}

wlk_status wlk_groups_launch_coarse(const struct wlk_launch *launch, double clock_error_s,
                                    struct wlk_coarse *memory, struct wlk_launch_content *out)
{
    struct wlk_launch_content content;
    double c[3][3], d[3], wide[3][3] = {{0}};
    uint8_t log2[3];
    memset(&content, 0, sizeof content);
    if (!start_point(&launch->point, WLK_COARSE_PLACE_MM, WLK_COARSE_TIME_NS, &content.point) ||
        !start_launch(launch, &content) || !coarsen_azimuth(&content))
        return WLK_NO_SOLUTION;
    wire_covariance(&launch->point, clock_error_s, &content.point, c);
    if (!wlk_enlarge_diagonal(&c[0][0], 3, d))
        return WLK_NO_SOLUTION;
    for (int i = 0; i < 3; i++) {
        if (!wlk_enlarge_log2(d[i], memory->has_launch, memory->launch_log2[i], &log2[i]) ||
            log2[i] > 31)
            return WLK_NO_SOLUTION;
        wide[i][i] = ldexp(1, 2 * log2[i]) - ROUNDING_VARIANCE;
    }
    if (!write_covariance(wide, &content.point))
        return WLK_NO_SOLUTION;
    memory->has_launch = true;
    memcpy(memory->launch_log2, log2, sizeof log2);
    *out = content;
    return WLK_OK;
}

static void read_point(const struct wlk_point_content *content, struct wlk_point *out)
{
    const double unit[3] = {1e-3, 1e-3, 1e-6};
    memset(out, 0, sizeof *out);
    out->place.latitude_rad = (double)content->latitude_e7 * 1e-7 * WLK_DEG;
    out->place.longitude_rad = (double)content->longitude_e7 * 1e-7 * WLK_DEG;
    out->time.ns = content->time_ns;
    for (int i = 0, n = 0; i < 3; i++)
        for (int j = 0; j <= i; j++, n++)
            out->covariance[i][j] = out->covariance[j][i] =
                (double)content->covariance[n] * unit[i] * unit[j];
}

/* Positive variances, correlations not above 1: what an ellipse can be made of. */
static bool is_covariance(const struct wlk_point *point)
{
    const double(*c)[3] = point->covariance;
    for (int i = 0; i < 3; i++) {
        if (!(c[i][i] > 0))
            return false;
        for (int j = 0; j < i; j++)
            if (!(c[i][j] * c[i][j] <= c[i][i] * c[j][j]))
                return false;
    }
    return c[0][0] * c[1][1] > c[1][0] * c[1][0];
}

wlk_status wlk_groups_launch_estimate(const struct wlk_launch_content *content,
                                      struct wlk_launch *out)
{
    struct wlk_launch launch;
    memset(&launch, 0, sizeof launch);
    read_point(&content->point, &launch.point);
    if (!is_covariance(&launch.point) || content->count_max > UINT32_MAX)
        return WLK_BAD_INPUT;
    launch.status = content->status;
    launch.has_azimuth = content->has_azimuth;
    if (content->has_azimuth) {
        launch.azimuth_rad = (double)content->azimuth_e7 * 1e-7 * WLK_DEG;
        launch.azimuth_sigma_rad = (double)content->azimuth_sigma_e7 * 1e-7 * WLK_DEG;
    }
    launch.object_count_min = (uint32_t)content->count_min;
    launch.object_count_max = (uint32_t)content->count_max;
    *out = launch;
    return WLK_OK;
}

/* Up to the next whole step, so that an age is never told shorter than it is. */
static int64_t up_to(int64_t value, int64_t step)
{
    return step > 1 ? (value + step - 1) / step * step : value;
}

wlk_status wlk_groups_impact(const struct wlk_impact *impact, uint64_t quantum_mm,
                             int64_t quantum_ns, struct wlk_impact_content *out)
{
    struct wlk_impact_content content;
    double c[3][3];
    int64_t age_ns = impact->computed_at.ns - impact->last_measurement.ns;
    memset(&content, 0, sizeof content);
    if (!start_point(&impact->point, quantum_mm, quantum_ns, &content.point) ||
        impact->computed_at.ns < 0 || !(fabs(impact->apogee_m) < 1e8) ||
        !(impact->track_s >= 0) || !(impact->track_s < 1e6))
        return WLK_NO_SOLUTION;
    wire_covariance(&impact->point, 0, &content.point, c);
    if (!write_covariance(c, &content.point))
        return WLK_NO_SOLUTION;
    content.computed_ns = up_to(impact->computed_at.ns, quantum_ns);
    age_ns = up_to(age_ns < 0 ? 0 : age_ns, quantum_ns);
    content.data_age_ns = (uint64_t)age_ns;
    content.condition = impact->condition;
    int64_t apogee_mm = llround(impact->apogee_m * 1e3), step = (int64_t)quantum_mm;
    content.apogee_mm = step > 1 ? apogee_mm / step * step : apogee_mm;
    content.track_ns = (uint64_t)up_to(llround(impact->track_s * 1e9), quantum_ns);
    content.assumes_ballistic = impact->doubt != WLK_DOUBT_MANOEUVRE;
    content.assumes_intact = impact->doubt != WLK_DOUBT_STAGING;
    *out = content;
    return WLK_OK;
}

wlk_status wlk_groups_impact_estimate(const struct wlk_impact_content *content,
                                      struct wlk_impact *out)
{
    struct wlk_impact impact;
    memset(&impact, 0, sizeof impact);
    read_point(&content->point, &impact.point);
    if (!is_covariance(&impact.point) || content->data_age_ns > (uint64_t)content->computed_ns)
        return WLK_BAD_INPUT;
    impact.computed_at.ns = content->computed_ns;
    impact.last_measurement.ns = content->computed_ns - (int64_t)content->data_age_ns;
    impact.condition = content->condition;
    impact.apogee_m = (double)content->apogee_mm * 1e-3;
    impact.track_s = (double)content->track_ns * 1e-9;
    impact.doubt = !content->assumes_ballistic ? WLK_DOUBT_MANOEUVRE
                   : !content->assumes_intact  ? WLK_DOUBT_STAGING
                                               : WLK_DOUBT_NONE;
    *out = impact;
    return WLK_OK;
}

/* More than doubled or less than halved: a variance whose change a reader would see. */
static bool is_resized(int64_t before, int64_t after)
{
    return before / 2 > after || after / 2 > before;
}

static bool has_point_moved(const struct wlk_point_content *before,
                            const struct wlk_point_content *after)
{
    double quantum_mm = (double)after->quantum_mm;
    double north_mm = (double)(after->latitude_e7 - before->latitude_e7) * MM_PER_E7;
    double turned_e7 = remainder((double)(after->longitude_e7 - before->longitude_e7), TURN_E7);
    double east_mm = turned_e7 * MM_PER_E7 * cos((double)after->latitude_e7 * 1e-7 * WLK_DEG);
    int64_t apart_ns = after->time_ns - before->time_ns;
    if (fabs(north_mm) > quantum_mm || fabs(east_mm) > quantum_mm)
        return true;
    if (apart_ns > (int64_t)after->quantum_ns || -apart_ns > (int64_t)after->quantum_ns)
        return true;
    return is_resized(before->covariance[0], after->covariance[0]) ||
           is_resized(before->covariance[2], after->covariance[2]) ||
           is_resized(before->covariance[5], after->covariance[5]);
}

bool wlk_groups_launch_changed(const struct wlk_launch_content *before,
                               const struct wlk_launch_content *after)
{
    if (before->status != after->status || before->has_azimuth != after->has_azimuth ||
        before->count_min != after->count_min || before->count_max != after->count_max)
        return true;
    double turned = remainder((double)(after->azimuth_e7 - before->azimuth_e7), TURN_E7);
    if (after->has_azimuth && (fabs(turned) > AZIMUTH_STEP_E7 ||
                               is_resized(before->azimuth_sigma_e7, after->azimuth_sigma_e7)))
        return true;
    return has_point_moved(&before->point, &after->point);
}

bool wlk_groups_impact_changed(const struct wlk_impact_content *before,
                               const struct wlk_impact_content *after)
{
    return before->condition != after->condition ||
           before->assumes_ballistic != after->assumes_ballistic ||
           before->assumes_intact != after->assumes_intact ||
           has_point_moved(&before->point, &after->point);
}
