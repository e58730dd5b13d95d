/* attacker.c -- how well a partner finds a radar from what is released, by maximum likelihood.
 *
 *   attacker FILE...          files of `warnlink leak`, or - for standard input
 *
 * Prints what each channel gains, alone and together, from 1, 3 and all launches, the price of
 * each kind of release, and a TAP line for each promise of docs/leak.md; exit 1 if one is not
 * kept. SPDX-License-Identifier: Apache-2.0 */
#include "tools/attacker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GEOMETRIES_MAX = 256, SPANS = 3, CASES = CHANNELS + 2, ALL = CHANNELS, TIMING };
static const size_t SPAN[SPANS] = {1, 3, LAUNCHES_MAX};
static const double AFTER_S[3] = {30, 70, 130};

/* Promises of docs/leak.md. */
static const double FOUND_KM = 60, GAIN_MEAN = 0.25, GAIN_MAX = 1.5, TIMING_MEAN = 0.01;
static const double NEES_LOW = 4.0, NEES_HIGH = 7.5; /* of 6 */

struct result {
    double miss_km, gain_bits;
};

static struct geometry geometry;
static struct places grid, decoys;
static struct result result[PROFILES][SPANS][CASES][GEOMETRIES_MAX];
static size_t geometry_count;
static double nees_sum[PROFILES], nees_count[PROFILES];
static double wait_s[PROFILES][GEOMETRIES_MAX * LAUNCHES_MAX];
static double ellipse_km[PROFILES][3][GEOMETRIES_MAX * LAUNCHES_MAX];
static size_t wait_count[PROFILES], told_count[PROFILES], launch_count,
    ellipse_count[PROFILES][3];
static uint64_t unread;

static double apart_m(wlk_geodetic a, wlk_geodetic b)
{
    wlk_ecef p = wlk_ecef_from_geodetic(a), q = wlk_ecef_from_geodetic(b);
    return sqrt(pow(p.x - q.x, 2) + pow(p.y - q.y, 2) + pow(p.z - q.z, 2));
}

static void add_place(struct places *places, wlk_geodetic place)
{
    size_t at = places->count++;
    wlk_ecef ecef = wlk_ecef_from_geodetic(place);
    places->place[at] = place;
    places->position_m[at][0] = ecef.x;
    places->position_m[at][1] = ecef.y;
    places->position_m[at][2] = ecef.z;
    wlk_enu_axes(place, places->axes[at]);
}

/* 31-46N 124-146E, 30 km apart. */
void places_grid(struct places *out)
{
    const double step = 30e3 / WLK_WGS84_A;
    out->count = 0;
    for (double north = 31 * WLK_DEG; north < 46 * WLK_DEG; north += step)
        for (double east = 124 * WLK_DEG; east < 146 * WLK_DEG; east += step / cos(north))
            if (out->count < PLACES_MAX)
                add_place(out, (wlk_geodetic){north, east, 200});
}

void places_decoys(const struct wlk_decoy_set *set, struct places *out)
{
    out->count = 0;
    for (size_t i = 0; i < set->count; i++)
        add_place(out, set->place[i]);
}

/* The likeliest place against the true one, and how much likelier the place nearest to the
 * truth has become. */
static struct result judge(const struct places *places, const double *score)
{
    size_t best = 0, nearest = 0;
    double sum = 0, near_m = HUGE_VAL;
    for (size_t i = 0; i < places->count; i++) {
        double off_m = apart_m(places->place[i], geometry.decoys.site.place);
        if (off_m < near_m) {
            near_m = off_m;
            nearest = i;
        }
        if (score[i] > score[best])
            best = i;
    }
    for (size_t i = 0; i < places->count; i++)
        sum += exp(score[i] - score[best]);
    double ln = score[nearest] - score[best] - log(sum) + log((double)places->count);
    return (struct result){apart_m(places->place[best], geometry.decoys.site.place) * 1e-3,
                           ln / log(2)};
}

static void attack(enum profile profile, size_t span)
{
    static double score[CHANNELS][PLACES_MAX], sum[PLACES_MAX], steps[PLACES_MAX];
    const struct places *places = profile == SHIELDED ? &decoys : &grid;
    size_t last = SPAN[span] < geometry.launch_count ? SPAN[span] : geometry.launch_count;
    struct evidence evidence = {&geometry, places, 0, last};
    for (int c = 0; c < CHANNELS; c++) {
        memset(score[c], 0, sizeof score[c]);
        bool is_same = c == STEPS && profile == COARSE && span == SPANS - 1;
        if (is_same)
            memcpy(score[c], steps, sizeof score[c]); /* they are of two launches only */
        else if (profile == SHIELDED)
            measure_shielded(&evidence, (enum channel)c, score[c]);
        else
            measure_open(&evidence, profile, (enum channel)c, score[c]);
        if (c == STEPS)
            memcpy(steps, score[c], sizeof steps);
        result[profile][span][c][geometry_count] = judge(places, score[c]);
    }
    memset(sum, 0, sizeof sum);
    for (int c = 0; c < CHANNELS; c++)
        for (size_t i = 0; i < places->count; i++)
            sum[i] += score[c][i];
    result[profile][span][ALL][geometry_count] = judge(places, sum);
    for (size_t i = 0; i < places->count; i++)
        sum[i] = score[FIRST][i] + score[LAST][i] + score[GAPS][i];
    result[profile][span][TIMING][geometry_count] = judge(places, sum);
}

/* ---- the price ------------------------------------------------------------------------ */

static void price_of(const struct launch *launch)
{
    const struct stream *fine = &launch->stream[FINE];
    launch_count++;
    for (int p = 0; p < PROFILES; p++) {
        const struct stream *stream = &launch->stream[p];
        told_count[p] += stream->has_any;
        if (stream->has_any && fine->has_any)
            wait_s[p][wait_count[p]++] = wlk_utc_seconds(stream->first, fine->first);
        for (int a = 0; a < 3; a++) {
            double major_m = HUGE_VAL; /* the newest by then */
            for (size_t i = 0; i < stream->impact_count; i++)
                if (fine->has_any &&
                    wlk_utc_seconds(stream->impact[i].sealed, fine->first) <= AFTER_S[a])
                    major_m = stream->impact[i].major_m;
            ellipse_km[p][a][ellipse_count[p][a]++] = major_m * 1e-3;
        }
    }
}

static int compare(const void *a_raw, const void *b_raw)
{
    double a = *(const double *)a_raw, b = *(const double *)b_raw;
    return (a > b) - (a < b);
}

static double quantile(double *values, size_t count, double part)
{
    if (count == 0)
        return HUGE_VAL;
    qsort(values, count, sizeof *values, compare);
    size_t at = (size_t)(part * (double)count);
    return values[at < count ? at : count - 1];
}

static void print_number(double value, const char *format)
{
    if (isfinite(value))
        printf(format, value);
    else
        printf(" none |");
}

static void print_price(void)
{
    printf(
        "\n| release | launches told | s after the first fine record, median / 90 %% "
        "| 95 %% ellipse 30 s after that record | 70 s | 130 s |\n|---|---|---|---|---|---|\n");
    for (int p = 0; p < PROFILES; p++) {
        printf("| `%s` | %zu of %zu |", PROFILE_WORD[p], told_count[p], launch_count);
        print_number(quantile(wait_s[p], wait_count[p], 0.5), " %.0f /");
        print_number(quantile(wait_s[p], wait_count[p], 0.9), " %.0f |");
        for (int a = 0; a < 3; a++)
            print_number(quantile(ellipse_km[p][a], ellipse_count[p][a], 0.5), " %.1f km |");
        printf("\n");
    }
}

/* ---- the report ----------------------------------------------------------------------- */

static double spread(enum profile profile, size_t span, int which, bool is_gain, double part)
{
    static double values[GEOMETRIES_MAX];
    for (size_t i = 0; i < geometry_count; i++) {
        const struct result *one = &result[profile][span][which][i];
        values[i] = is_gain ? one->gain_bits : one->miss_km;
    }
    return quantile(values, geometry_count, part);
}

static double mean_gain(enum profile profile, size_t span, int which)
{
    double sum = 0;
    for (size_t i = 0; i < geometry_count; i++)
        sum += result[profile][span][which][i].gain_bits;
    return sum / (double)geometry_count;
}

static void print_attacks(void)
{
    printf("\n| release | launches | channel | miss, median / least km | gain, mean / most "
           "bits |\n|---|---|---|---|---|\n");
    for (int p = 0; p < PROFILES; p++)
        for (size_t s = 0; s < SPANS; s++)
            for (int c = 0; c < CASES; c++)
                printf("| `%s` | %zu | %s | %.0f / %.0f | %.2f / %.2f |\n", PROFILE_WORD[p],
                       SPAN[s],
                       c == ALL      ? "all"
                       : c == TIMING ? "first, last, gaps"
                                     : CHANNEL_WORD[c],
                       spread((enum profile)p, s, c, false, 0.5),
                       spread((enum profile)p, s, c, false, 0),
                       mean_gain((enum profile)p, s, c),
                       spread((enum profile)p, s, c, true, 1));
}

static int checks, failures;

static void promise(bool is_kept, const char *words, double value, double bound)
{
    checks++;
    failures += !is_kept;
    printf("%sok %d - %s: %.3g, bound %.3g\n", is_kept ? "" : "not ", checks, words, value,
           bound);
}

static void check_promises(void)
{
    double fine = spread(FINE, SPANS - 1, ALL, false, 0.5);
    double coarse = spread(COARSE, SPANS - 1, ALL, false, 0.5);
    double mean = mean_gain(SHIELDED, SPANS - 1, ALL);
    double most = spread(SHIELDED, SPANS - 1, ALL, true, 1);
    double timing = mean_gain(SHIELDED, SPANS - 1, TIMING);
    double nees = nees_sum[SHIELDED] / fmax(nees_count[SHIELDED], 1);
    promise(unread == 0, "every record could be read", (double)unread, 0);
    promise(fine < FOUND_KM, "the attack works: it finds the radar by fine records, km", fine,
            FOUND_KM);
    promise(coarse < FOUND_KM, "and by coarse ones, km", coarse, FOUND_KM);
    promise(2 * told_count[SHIELDED] > launch_count, "most launches are told shielded",
            (double)told_count[SHIELDED] / (double)launch_count, 0.5);
    promise(mean <= GAIN_MEAN, "shielded records tell of the place, bits in the mean", mean,
            GAIN_MEAN);
    promise(most <= GAIN_MAX, "and at most", most, GAIN_MAX);
    promise(timing <= TIMING_MEAN, "start, end and gaps tell, bits in the mean", timing,
            TIMING_MEAN);
    promise(nees > NEES_LOW && nees < NEES_HIGH,
            "shielded states are as good as they say, mean squared error of 6", nees,
            NEES_HIGH);
    printf("1..%d\n", checks);
}

static int read_file(FILE *file)
{
    bool is_broken;
    while (geometry_count < GEOMETRIES_MAX && read_geometry(file, &geometry, &is_broken)) {
        places_decoys(&geometry.decoys, &decoys);
        unread += geometry.unread;
        for (int p = 0; p < PROFILES; p++) {
            for (size_t s = 0; s < SPANS; s++)
                attack((enum profile)p, s);
            for (size_t i = 0; i < geometry.launch_count; i++)
                consistency(&geometry.launch[i], (enum profile)p, &nees_sum[p], &nees_count[p]);
        }
        for (size_t i = 0; i < geometry.launch_count; i++)
            price_of(&geometry.launch[i]);
        printf("# geometry %lu %s: %zu decoys, %zu launches, shielded gain %.2f bits, miss "
               "fine %.0f coarse %.0f shielded %.0f km\n",
               (unsigned long)geometry.number, geometry.nation, geometry.decoys.count,
               geometry.launch_count,
               result[SHIELDED][SPANS - 1][ALL][geometry_count].gain_bits,
               result[FINE][SPANS - 1][ALL][geometry_count].miss_km,
               result[COARSE][SPANS - 1][ALL][geometry_count].miss_km,
               result[SHIELDED][SPANS - 1][ALL][geometry_count].miss_km);
        fflush(stdout);
        geometry_count++;
    }
    return is_broken ? 1 : 0;
}

int main(int argc, char *argv[])
{
    places_grid(&grid);
    for (int i = 1; i < argc; i++) {
        FILE *file = strcmp(argv[i], "-") == 0 ? stdin : fopen(argv[i], "r");
        if (!file || read_file(file) != 0) {
            fprintf(stderr, "attacker: %s cannot be read to its end\n", argv[i]);
            return 2;
        }
        if (file != stdin)
            fclose(file);
    }
    if (geometry_count == 0) {
        fprintf(stderr, "attacker: no geometry\n");
        return 2;
    }
    print_attacks();
    print_price();
    printf("\nNEES of 6: fine %.2f, coarse %.2f, shielded %.2f\n\n",
           nees_sum[FINE] / fmax(nees_count[FINE], 1),
           nees_sum[COARSE] / fmax(nees_count[COARSE], 1),
           nees_sum[SHIELDED] / fmax(nees_count[SHIELDED], 1));
    check_promises();
    return failures > 0;
}
