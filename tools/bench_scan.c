/* bench_scan.c -- what a scan of many objects costs, and how that grows.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tools/bench_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    PLOTS_MAX = 4096,
    BOOKS = 2,      /* of each number of objects: young ones and old ones */
    SIZES_MAX = 16, /* of books that are kept */
    ROUNDS_MAX = 64,
    GROWTH = 8
};
static const double TURN_RAD = 10e3 / 6378137.0;
/* After burnout (140 s): candidates stand beside a coast for a minute. Two radars look, the
 * second so much later that no impact point is due then. */
static const double YOUNG_S = 154, OLD_S = 230, LOOKS_S = 30, EVERY_S = 2, SECOND_S = 0.5;
/* Before it is fast two nearer ones do: or one would be taken for its neighbour. */
static const double FROM_S = 100, NEAR_S = 150, APART_S = 110;

double bench_now_s(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

void bench_must(wlk_status status, const char *what)
{
    if (status == WLK_OK)
        return;
    fprintf(stderr, "bench: %s: %s\n", what, wlk_status_words(status));
    exit(1);
}

int bench_by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

bool bench_look(const struct flight *flight, int k, int radar, double t,
                struct wlk_random *random, struct wlk_plot *out)
{
    if (!test_look(flight, &TEST_RADARS[radar], t, random, out))
        return false;
    out->number = out->number * 10000 + (uint64_t)k;
    out->place.longitude_rad = remainder(out->place.longitude_rad + TURN_RAD * k, 2 * WLK_PI);
    return true;
}

/* A book that follows so many objects. */
struct crowd {
    int objects;
    double t;
    struct wlk_book *book;
    struct wlk_random random;
};

/* is_apart: each plot in a scan of its own, which is how the tracks are brought up. */
static double scan(struct crowd *crowd, const struct flight *flight, int radar, bool is_apart)
{
    static struct wlk_plot plot[PLOTS_MAX];
    char name[WLK_NAME_SIZE];
    int count = 0;
    for (int k = 0; k < crowd->objects; k++) {
        snprintf(name, sizeof name, "R%d-%04d", radar, is_apart ? k : 0);
        bool is_seen = bench_look(flight, k, radar, crowd->t, &crowd->random, &plot[count]);
        plot[count].sensor = wlk_name_of(name);
        count += is_seen;
    }
    double start = bench_now_s();
    for (int i = 0; i < count; i++)
        (void)wlk_book_take(crowd->book, &plot[i]); /* for ghosts there may be no room */
    return bench_now_s() - start;
}

/* Both radars look; what the first look takes goes to *first. */
static double look_twice(struct crowd *crowd, const struct flight *flight, bool is_apart,
                         double *first)
{
    bool is_near = crowd->t < NEAR_S;
    *first = scan(crowd, flight, is_near ? 3 : 6, is_apart);
    wlk_book_advance(crowd->book, wlk_utc_add(TEST_LAUNCH, crowd->t + 0.3));
    crowd->t += SECOND_S;
    double second = scan(crowd, flight, is_near ? 4 : 5, is_apart);
    wlk_book_advance(crowd->book, wlk_utc_add(TEST_LAUNCH, crowd->t + 0.3));
    crowd->t += EVERY_S - SECOND_S;
    return second;
}

static struct crowd *crowd_of(int objects, bool is_old)
{
    static struct crowd crowd[SIZES_MAX][BOOKS];
    for (int i = 0; i < SIZES_MAX; i++) {
        if (crowd[i][0].objects == 0) {
            for (int k = 0; k < BOOKS; k++)
                crowd[i][k].objects = objects;
        }
        if (crowd[i][0].objects == objects)
            return &crowd[i][is_old];
    }
    bench_must(WLK_FULL, "so many books");
    return NULL;
}

double bench_scan(const struct flight *flight, int objects, enum bench_scan what)
{
    bool is_old = what != BENCH_SCAN_YOUNG;
    struct crowd *crowd = crowd_of(objects, is_old);
    double first, begin_s = is_old ? OLD_S : YOUNG_S;
    if (!crowd->book || crowd->t > begin_s + LOOKS_S) {
        wlk_book_close(crowd->book);
        bench_must(wlk_book_sized_open(2 * (size_t)objects + 8, &crowd->book), "book");
        wlk_book_warm(crowd->book); /* as a node does */
        crowd->random = wlk_random_seeded(3, 1);
        crowd->t = FROM_S;
        while (crowd->t < begin_s)
            (void)look_twice(crowd, flight, crowd->t < APART_S, &first);
        int followed = 0;
        for (size_t i = 0; i < wlk_book_count(crowd->book); i++)
            followed += wlk_book_track(crowd->book, i)->is_confirmed &&
                        !wlk_book_track(crowd->book, i)->is_ended;
        if (abs(followed - objects) > objects / 100) {
            fprintf(stderr, "bench: %d tracks for %d objects\n", followed, objects);
            exit(1);
        }
    }
    double second = look_twice(crowd, flight, false, &first);
    return what == BENCH_SCAN_IMPACT ? first : second;
}

/* ---- how it grows ---------------------------------------------------------------------- */

static const int GROWTH_AT[GROWTH] = {1, 3, 10, 30, 100, 300, 1000, 3000};
struct line {
    const char *words, *colour;
    enum bench_scan what;
    double low[GROWTH], middle[GROWTH], high[GROWTH]; /* us */
};

/* A drawing of 640 x 400, both axes logarithmic: 1 to 3,000 objects, 1 us to 1 s. */
static double across(double objects)
{
    return 70 + 540 * log10(objects) / log10(3000);
}

static double down(double us)
{
    return 350 - 320 * log10(fmax(us, 1)) / 6;
}

static void draw_axes(FILE *out)
{
    static const char *const WORDS[] = {"1 us",  "10 us",  "100 us", "1 ms",
                                        "10 ms", "100 ms", "1 s"};
    fprintf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 400\" "
                 "font-family=\"sans-serif\" font-size=\"12\">\n"
                 "<title>CPU time of a scan by the number of objects</title>\n"
                 "<rect width=\"640\" height=\"400\" fill=\"#fff\"/>\n");
    for (int i = 0; i < 7; i++)
        fprintf(out,
                "<path d=\"M70 %.1fH610\" stroke=\"#ddd\"/><text x=\"64\" y=\"%.1f\" "
                "text-anchor=\"end\">%s</text>\n",
                down(pow(10, i)), down(pow(10, i)) + 4, WORDS[i]);
    for (int i = 0; i < GROWTH; i++)
        fprintf(out,
                "<path d=\"M%.1f 30V350\" stroke=\"#eee\"/><text x=\"%.1f\" y=\"368\" "
                "text-anchor=\"middle\">%d</text>\n",
                across(GROWTH_AT[i]), across(GROWTH_AT[i]), GROWTH_AT[i]);
    fprintf(out, "<text x=\"340\" y=\"390\" text-anchor=\"middle\">objects</text>\n"
                 "<text x=\"70\" y=\"20\">CPU time of a scan, one core</text>\n");
}

static void draw(const struct line line[], int lines, const char *drawing)
{
    FILE *out = fopen(drawing, "w");
    if (!out)
        bench_must(WLK_IO, drawing);
    draw_axes(out);
    for (int k = 0; k < lines; k++) {
        fprintf(out, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"2\" d=\"",
                line[k].colour);
        for (int i = 0; i < GROWTH; i++)
            fprintf(out, "%c%.1f %.1f", i ? 'L' : 'M', across(GROWTH_AT[i]),
                    down(line[k].middle[i]));
        fprintf(out, "\"/>\n");
        for (int i = 0; i < GROWTH; i++)
            fprintf(out, "<path stroke=\"%s\" d=\"M%.1f %.1fV%.1f\"/>\n", line[k].colour,
                    across(GROWTH_AT[i]), down(line[k].low[i]), down(line[k].high[i]));
        fprintf(out, "<text x=\"84\" y=\"%d\" fill=\"%s\">%s</text>\n", 48 + 18 * k,
                line[k].colour, line[k].words);
    }
    fprintf(out, "</svg>\n");
    if (fclose(out) != 0)
        bench_must(WLK_IO, drawing);
}

void bench_growth(const struct flight *flight, double seconds, const char *drawing)
{
    static double sample[3][GROWTH][ROUNDS_MAX];
    static struct line line[3] = {
        {.words = "thrust ended less than a minute ago",
         .colour = "#b5520b",
         .what = BENCH_SCAN_YOUNG},
        {.words = "free flight", .colour = "#1f5fa8", .what = BENCH_SCAN_COAST},
        {.words = "free flight, impact points made anew",
         .colour = "#3d7a2e",
         .what = BENCH_SCAN_IMPACT}};
    int rounds = 0;
    double start = bench_now_s();
    for (; rounds < ROUNDS_MAX && (rounds < 3 || bench_now_s() - start < seconds); rounds++)
        for (int i = 0; i < GROWTH; i++)
            for (int k = 0; k < 3; k++)
                sample[k][i][rounds] = 1e6 * bench_scan(flight, GROWTH_AT[i], line[k].what);
    printf("\n| objects | just after thrust, us | free flight, us | and impact points, us |\n"
           "|---|---|---|---|\n");
    for (int i = 0; i < GROWTH; i++) {
        printf("| %d |", GROWTH_AT[i]);
        for (int k = 0; k < 3; k++) {
            double *s = sample[k][i];
            qsort(s, (size_t)rounds, sizeof *s, bench_by_size);
            line[k].low[i] = s[rounds / 4];
            line[k].middle[i] = s[rounds / 2];
            line[k].high[i] = s[rounds * 3 / 4];
            printf(" %.4g (%.4g - %.4g) |", line[k].middle[i], line[k].low[i], line[k].high[i]);
        }
        printf("\n");
    }
    printf("\n%d rounds.\n", rounds);
    if (drawing)
        draw(line, 3, drawing);
}
