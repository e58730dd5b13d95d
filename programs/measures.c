/* measures.c -- from timelines to figures.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/measures.h"

#include "base/assert.h"
#include "earth/geodesic.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

static const double BEFORE_IMPACT_S = 300, AFTER_BURNOUT_S = 60;
static const double QUANTILE_95 = 5.991464547107979; /* chi-square, 2 degrees of freedom */

double wlk_measure_moment_s(const struct wlk_measure_truth *truth)
{
    return fmax(truth->flight_time_s - BEFORE_IMPACT_S, truth->burnout_s + AFTER_BURNOUT_S);
}

static void set_first(struct wlk_maybe *maybe, double value)
{
    if (!maybe->has)
        *maybe = (struct wlk_maybe){true, value};
}

static void take_area(struct wlk_measures *measures, const char *area,
                      const struct wlk_entry *entry, double at_s)
{
    for (size_t i = 0; i < measures->warning_count; i++)
        if (measures->warning[i].kind == entry->warning &&
            strcmp(measures->warning[i].area, area) == 0)
            return;
    if (measures->warning_count == WLK_MEASURED_WARNINGS_MAX) {
        measures->warnings_dropped++;
        return;
    }
    struct wlk_measured_warning *slot = &measures->warning[measures->warning_count++];
    snprintf(slot->area, sizeof slot->area, "%s", area);
    slot->kind = entry->warning;
    slot->at_s = at_s;
}

/* names is "Hokkaido; Aomori; sea". */
static void take_warning(struct wlk_measures *measures, const struct wlk_entry *entry,
                         double at_s)
{
    const char *at = entry->names;
    while (*at) {
        size_t length = strcspn(at, ";");
        char area[64];
        snprintf(area, sizeof area, "%.*s", (int)length, at);
        take_area(measures, area, entry, at_s);
        at += length + (at[length] == ';');
        at += strspn(at, " ");
    }
}

void wlk_measures_take(struct wlk_measures *measures, const struct wlk_measure_truth *truth,
                       const struct wlk_entry *entry)
{
    double at_s = wlk_utc_seconds(entry->time, truth->launch);
    bool is_judged = at_s <= wlk_measure_moment_s(truth);
    switch (entry->kind) {
    case WLK_ENTRY_FIRST_PLOT:
        set_first(&measures->first_plot_s, at_s);
        break;
    case WLK_ENTRY_DECLARED:
        set_first(&measures->launch_declared_s, at_s);
        break;
    case WLK_ENTRY_HEADING:
        set_first(&measures->heading_5deg_s, at_s);
        break;
    case WLK_ENTRY_ELLIPSE:
        if (!measures->ellipse_20km_s.has)
            measures->ellipse_object = entry->object;
        set_first(&measures->ellipse_20km_s, at_s);
        break;
    case WLK_ENTRY_WARNING:
        take_warning(measures, entry, at_s);
        break;
    case WLK_ENTRY_IMPACT:
        /* The first object of the picture is the launch; later ones are stages or ghosts. */
        if (is_judged && (!measures->has_latest || entry->object <= measures->latest_object)) {
            measures->has_latest = true;
            measures->latest_object = entry->object;
            measures->latest = *entry;
        }
        break;
    case WLK_ENTRY_ENDED:
        if (entry->names[0])
            break; /* it is down: the last prediction stands */
        /* fall through */
    case WLK_ENTRY_NO_IMPACT:
        if (entry->object == measures->ellipse_object)
            measures->ellipse_20km_s.has = false; /* it was a stage's: not known after all */
        if (is_judged && measures->has_latest && entry->object == measures->latest_object)
            measures->has_latest = false;
        break;
    default:
        break;
    }
}

void wlk_measures_end(struct wlk_measures *measures, const struct wlk_measure_truth *truth)
{
    if (!measures->has_latest)
        return;
    const struct wlk_entry *latest = &measures->latest;
    wlk_geodetic place = {latest->latitude_deg * WLK_DEG, latest->longitude_deg * WLK_DEG, 0};
    struct wlk_geodesic apart = wlk_geodesic_between(place, truth->impact);
    double east = apart.distance_m * sin(apart.azimuth_rad);
    double north = apart.distance_m * cos(apart.azimuth_rad);
    double ee = latest->ee_m2, en = latest->en_m2, nn = latest->nn_m2;
    double determinant = ee * nn - en * en;
    if (!(ee > 0 && nn > 0 && determinant > 0))
        return;
    double distance2 = (nn * east * east - 2 * en * east * north + ee * north * north) /
                       determinant;
    struct wlk_ellipse ellipse = wlk_ellipse_from_covariance(ee, en, nn, 0.95);
    measures->impact_error_km = (struct wlk_maybe){true, apart.distance_m / 1e3};
    measures->ellipse_major_km = (struct wlk_maybe){true, ellipse.major_m / 1e3};
    measures->ellipse_minor_km = (struct wlk_maybe){true, ellipse.minor_m / 1e3};
    measures->truth_inside_95 = (struct wlk_maybe){true, distance2 <= QUANTILE_95};
}

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static struct wlk_maybe median_of(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare_numbers);
    double middle = values[count / 2];
    if (!isfinite(middle))
        return (struct wlk_maybe){false, 0};
    return (struct wlk_maybe){true, middle};
}

/* The median of the member at this offset. */
static struct wlk_maybe median_member(const struct wlk_measures *each, size_t count,
                                      size_t offset)
{
    static double values[WLK_SEEDS_MAX];
    for (size_t i = 0; i < count; i++) {
        struct wlk_maybe maybe;
        memcpy(&maybe, (const char *)&each[i] + offset, sizeof maybe);
        values[i] = maybe.has ? maybe.value : (double)INFINITY;
    }
    return median_of(values, count);
}

static void median_warnings(const struct wlk_measures *each, size_t count,
                            struct wlk_measures *out)
{
    static double values[WLK_SEEDS_MAX];
    struct wlk_entry probe = {0};
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < each[i].warning_count; k++) {
            probe.warning = each[i].warning[k].kind;
            take_area(out, each[i].warning[k].area, &probe, 0);
        }
    size_t kept = 0;
    for (size_t w = 0; w < out->warning_count; w++) {
        struct wlk_measured_warning *wanted = &out->warning[w];
        for (size_t i = 0; i < count; i++) {
            values[i] = (double)INFINITY;
            for (size_t k = 0; k < each[i].warning_count; k++)
                if (each[i].warning[k].kind == wanted->kind &&
                    strcmp(each[i].warning[k].area, wanted->area) == 0)
                    values[i] = each[i].warning[k].at_s;
        }
        struct wlk_maybe median = median_of(values, count);
        wanted->at_s = median.value;
        if (median.has)
            out->warning[kept++] = *wanted;
    }
    out->warning_count = kept;
}

static int compare_warnings(const void *a, const void *b)
{
    const struct wlk_measured_warning *x = a, *y = b;
    int by_time = (x->at_s > y->at_s) - (x->at_s < y->at_s);
    return by_time ? by_time : strcmp(x->area, y->area);
}

void wlk_measures_median(const struct wlk_measures *each, size_t count,
                         struct wlk_measures *out)
{
    WLK_ASSERT(count >= 1 && count <= WLK_SEEDS_MAX);
    memset(out, 0, sizeof *out);
#define MEDIAN(member)                                                                         \
    out->member = median_member(each, count, offsetof(struct wlk_measures, member))
    MEDIAN(first_plot_s);
    MEDIAN(launch_declared_s);
    MEDIAN(heading_5deg_s);
    MEDIAN(ellipse_20km_s);
    MEDIAN(impact_error_km);
    MEDIAN(ellipse_major_km);
    MEDIAN(ellipse_minor_km);
#undef MEDIAN
    size_t judged = 0, inside = 0;
    for (size_t i = 0; i < count; i++) {
        judged += each[i].truth_inside_95.has;
        inside += each[i].truth_inside_95.has && each[i].truth_inside_95.value > 0;
    }
    if (judged)
        out->truth_inside_95 = (struct wlk_maybe){true, (double)inside / (double)judged};
    median_warnings(each, count, out);
    qsort(out->warning, out->warning_count, sizeof out->warning[0], compare_warnings);
}
