/* draw.c -- rockets by lot.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/statistics/draw.h"

#include "base/assert.h"
#include "base/random.h"
#include "rehearsal/radar.h"
#include "sensors/sites.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES_MAX = 4000 };

/* From, to. */
struct span {
    double low, high;
};

/* What a class is drawn from, and what it must reach (ASSUMPTIONS of the open-literature
 * class; rehearsal/template.c has the same burn times and exhaust speeds). */
struct kind {
    const char *words;
    int stages_min, stages_max;
    struct span burn_s;    /* all stages together */
    struct span speed_mps; /* ideal, all stages together */
    struct span tilt_rad, azimuth_deg, range_m, apogee_m;
};

static const struct kind KINDS[WLK_DRAW_CLASSES] = {{"SRBM",
                                                     1,
                                                     1,
                                                     {50, 90},
                                                     {2200, 3600},
                                                     {0.5, 1.15},
                                                     {60, 110},
                                                     {250e3, 900e3},
                                                     {50e3, 400e3}},
                                                    {"MRBM and IRBM",
                                                     1,
                                                     2,
                                                     {85, 150},
                                                     {3300, 6300},
                                                     {0.45, 1.25},
                                                     {60, 110},
                                                     {900e3, 5000e3},
                                                     {150e3, 1600e3}},
                                                    {"ICBM",
                                                     2,
                                                     2,
                                                     {170, 320},
                                                     {7600, 9200},
                                                     {1.0, 1.4},
                                                     {30, 100},
                                                     {5000e3, 13000e3},
                                                     {300e3, 2500e3}},
                                                    {"ICBM, lofted",
                                                     2,
                                                     2,
                                                     {200, 320},
                                                     {7600, 9400},
                                                     {0.05, 0.3},
                                                     {60, 100},
                                                     {500e3, 1300e3},
                                                     {3000e3, 6500e3}},
                                                    {"SRBM, low",
                                                     1,
                                                     1,
                                                     {40, 80},
                                                     {1500, 3000},
                                                     {0.8, 1.35},
                                                     {60, 110},
                                                     {150e3, 700e3},
                                                     {20e3, 60e3}}};

static const char *const SUBSETS[WLK_DRAW_SUBSETS] = {"KR",    "JP",    "US", "KR+JP",
                                                      "KR+US", "JP+US", "all"};

const char *wlk_draw_class_words(enum wlk_draw_class kind)
{
    return KINDS[kind].words;
}

const char *wlk_draw_subset_words(int subset)
{
    return SUBSETS[subset];
}

bool wlk_draw_subset_has(int subset, const struct wlk_site *site)
{
    return strcmp(SUBSETS[subset], "all") == 0 || strstr(SUBSETS[subset], site->owner.text);
}

double wlk_draw_seconds(wlk_utc time)
{
    return wlk_utc_seconds(time, WLK_DRAW_EPOCH);
}

wlk_utc wlk_draw_time(double seconds)
{
    return wlk_utc_add(WLK_DRAW_EPOCH, seconds);
}

wlk_status wlk_draw_sites_read(const char *path, struct wlk_draw_sites *out)
{
    static struct wlk_sites sites;
    static struct wlk_site picked[WLK_SITES_MAX];
    struct wlk_fault fault;
    size_t count;
    WLK_TRY(wlk_sites_read(path, &sites, &fault));
    WLK_TRY(wlk_sites_pick(&sites, "default", NULL, picked, &count));
    if (count != WLK_DRAW_SITES)
        return WLK_BAD_INPUT;
    memcpy(out->site, picked, sizeof out->site);
    return WLK_OK;
}

static double within(struct wlk_random *random, struct span span)
{
    return span.low + (span.high - span.low) * wlk_random_uniform(random);
}

static bool is_within(double x, struct span span)
{
    return x >= span.low && x <= span.high;
}

static void add_stage(struct wlk_rocket *rocket, double burn_s, double exhaust_mps,
                      double speed_mps)
{
    struct wlk_stage *stage = &rocket->stage[rocket->stage_count++];
    *stage = (struct wlk_stage){.burn_s = burn_s,
                                .exhaust_mps = exhaust_mps,
                                .propellant_share = 1 - exp(-speed_mps / exhaust_mps),
                                .beta_kgpm2 = 25000};
}

/* A coast between stages is a stage of nearly no thrust (3 mm/s^2). */
static void add_gap(struct wlk_rocket *rocket, double gap_s)
{
    add_stage(rocket, gap_s, 2500, 0.003 * gap_s);
}

static void draw_rocket(const struct kind *kind, struct wlk_random *random,
                        struct wlk_drawn *out)
{
    struct wlk_rocket *rocket = &out->rocket;
    double burn_s = within(random, kind->burn_s);
    double speed_mps = within(random, kind->speed_mps);
    int stages = kind->stages_min + (wlk_random_uniform(random) < 0.5 ? 0 : 1);
    double part = within(random, (struct span){0.4, 0.6}), gap_s = 0;
    memset(rocket, 0, sizeof *rocket);
    if (stages > kind->stages_max)
        stages = kind->stages_max;
    if (wlk_random_uniform(random) < 0.5)
        gap_s = within(random, (struct span){2, 12});
    double first = stages == 1 ? 1 : part;
    add_stage(rocket, first * burn_s, within(random, (struct span){2250, 2700}),
              first * speed_mps);
    out->has_gap = stages > 1 && gap_s > 0;
    out->gap_s = first * burn_s;
    out->lit_s = out->gap_s + gap_s;
    if (out->has_gap)
        add_gap(rocket, gap_s);
    if (stages > 1)
        add_stage(rocket, (1 - first) * burn_s, within(random, (struct span){2400, 2900}),
                  (1 - first) * speed_mps);
    rocket->vertical_s = within(random, (struct span){2, 10});
    rocket->pitch_end_s = within(random, (struct span){0.5, 0.95}) * burn_s;
    rocket->tilt_rad = within(random, kind->tilt_rad);
    rocket->azimuth_rad = within(random, kind->azimuth_deg) * WLK_DEG;
    /* as the tracker assumes of a body it knows nothing of; a fifth of the mass is a body */
    rocket->beta_coast_kgpm2 = 4000 * exp(0.8 * wlk_random_normal(random));
    out->beta = rocket->beta_coast_kgpm2;
}

/* Acceleration of thrust at the end of a stage, m/s^2: structures bear less than 100
 * (ASSUMPTION); and at lift-off it must rise. */
static bool is_sound(const struct wlk_rocket *rocket)
{
    for (size_t i = 0; i < rocket->stage_count; i++) {
        const struct wlk_stage *stage = &rocket->stage[i];
        double lift = stage->exhaust_mps * stage->propellant_share / stage->burn_s;
        if (lift / (1 - stage->propellant_share) > 100 || (i == 0 && lift < 13))
            return false;
    }
    return true;
}

wlk_status wlk_draw_flight(enum wlk_draw_class kind, uint64_t number, struct wlk_drawn *out)
{
    const struct kind *of = &KINDS[kind];
    struct wlk_random random = wlk_random_seeded(number, 100 + (uint64_t)kind);
    for (int i = 0; i < TRIES_MAX; i++) {
        struct wlk_trial trial;
        draw_rocket(of, &random, out);
        wlk_geodetic place = {within(&random, (struct span){38.5, 41}) * WLK_DEG,
                              within(&random, (struct span){125, 129}) * WLK_DEG, 0};
        if (!is_sound(&out->rocket) || wlk_truth_try(&out->rocket, place, &trial) != WLK_OK ||
            !is_within(trial.range_m, of->range_m) || !is_within(trial.apogee_m, of->apogee_m))
            continue;
        out->kind = kind;
        if (wlk_truth_fly(&out->rocket, place, &out->flight) == WLK_OK)
            return WLK_OK;
    }
    return WLK_NO_SOLUTION;
}

bool wlk_draw_look(const struct wlk_site *site, const double position[3], double t,
                   struct wlk_random *random, struct wlk_plot *out)
{
    double noise[3];
    double power = -log(1 - wlk_random_uniform(random));
    for (int i = 0; i < 3; i++)
        noise[i] = wlk_random_normal(random);
    if (!position)
        return false;
    wlk_polar seen =
        wlk_polar_from_ecef(site->place, (wlk_ecef){position[0], position[1], position[2]});
    double off = remainder(seen.azimuth_rad - site->sector_centre_rad, 2 * WLK_PI);
    if (seen.elevation_rad < site->mask_rad || seen.range_m > site->range_max_m ||
        fabs(off) > site->sector_width_rad / 2)
        return false;
    double snr = site->snr_reference * pow(site->reference_range_m / seen.range_m, 4);
    power *= 1 + snr; /* Swerling 1 */
    if (power <= -log(WLK_RADAR_PFA))
        return false;
    double root = sqrt(2 * (power - 1));
    double angle = fmax(site->angle_sigma_rad, site->beamwidth_rad / (1.6 * root));
    *out = (struct wlk_plot){.sensor = site->id,
                             .place = site->place,
                             .time = wlk_draw_time(t),
                             .seen = seen,
                             .range_sigma_m =
                                 fmax(site->range_sigma_m, site->range_resolution_m / root),
                             .elevation_sigma_rad = angle,
                             .azimuth_sigma_rad = fmin(angle / cos(seen.elevation_rad), 0.5)};
    out->seen.range_m += out->range_sigma_m * noise[0];
    out->seen.azimuth_rad += out->azimuth_sigma_rad * noise[1];
    out->seen.elevation_rad += out->elevation_sigma_rad * noise[2];
    return out->seen.elevation_rad <= WLK_PI / 2;
}

static int by_time(const void *a, const void *b)
{
    const struct wlk_draw_look *x = a, *y = b;
    if (x->plot.time.ns != y->plot.time.ns)
        return x->plot.time.ns < y->plot.time.ns ? -1 : 1;
    return x->site - y->site;
}

size_t wlk_draw_looks(const struct wlk_draw_sites *sites, const struct wlk_drawn *drawn,
                      uint64_t number, double sigma_told,
                      struct wlk_draw_look out[WLK_DRAW_LOOKS_MAX])
{
    size_t count = 0;
    for (int s = 0; s < WLK_DRAW_SITES; s++) {
        const struct wlk_site *site = &sites->site[s];
        struct wlk_random random =
            wlk_random_seeded(number, 1000 + 10 * (uint64_t)s + (uint64_t)drawn->kind);
        uint64_t plots = 0;
        double t = site->revisit_s * wlk_random_uniform(&random);
        for (; t < drawn->flight.flight_time_s; t += site->revisit_s) {
            struct wlk_plot *plot = &out[count].plot;
            double position[3], velocity[3];
            bool is_there = wlk_flight_at(&drawn->flight, t, position, velocity) == WLK_OK;
            if (count == WLK_DRAW_LOOKS_MAX ||
                !wlk_draw_look(site, is_there ? position : NULL, t, &random, plot))
                continue;
            plot->number = ++plots;
            plot->range_sigma_m *= sigma_told;
            plot->azimuth_sigma_rad *= sigma_told;
            plot->elevation_sigma_rad *= sigma_told;
            out[count++].site = s;
        }
    }
    qsort(out, count, sizeof *out, by_time);
    return count;
}
