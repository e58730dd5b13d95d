/* area_test.c -- do the areas hold their capitals, and do distances and shares add up?
 * SPDX-License-Identifier: Apache-2.0 */
#include "warning/area.h"

#include "base/random.h"
#include "base/tap.h"
#include "earth/geodesic.h"
#include "warning/places.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct seat {
    const char *name;
    double latitude_deg, longitude_deg; /* of the seat of government, public maps */
};

static const struct seat SEATS_JP[] = {
    {"Hokkaido", 43.064, 141.347},
    {"Aomori", 40.824, 140.740},
    {"Iwate", 39.704, 141.153},
    {"Miyagi", 38.269, 140.872},
    {"Akita", 39.719, 140.102},
    {"Yamagata", 38.240, 140.364},
    {"Fukushima", 37.750, 140.468},
    {"Ibaraki", 36.342, 140.447},
    {"Tochigi", 36.566, 139.884},
    {"Gunma", 36.391, 139.061},
    {"Saitama", 35.857, 139.649},
    {"Chiba", 35.605, 140.123},
    {"Tokyo", 35.690, 139.692},
    {"Kanagawa", 35.448, 139.643},
    {"Niigata", 37.902, 139.023},
    {"Toyama", 36.695, 137.211},
    {"Ishikawa", 36.594, 136.626},
    {"Fukui", 36.065, 136.222},
    {"Yamanashi", 35.664, 138.568},
    {"Nagano", 36.651, 138.181},
    {"Gifu", 35.391, 136.722},
    {"Shizuoka", 34.977, 138.383},
    {"Aichi", 35.180, 136.907},
    {"Mie", 34.730, 136.509},
    {"Shiga", 35.004, 135.868},
    {"Kyoto", 35.021, 135.756},
    {"Osaka", 34.686, 135.520},
    {"Hyogo", 34.691, 135.183},
    {"Nara", 34.685, 135.833},
    {"Wakayama", 34.226, 135.168},
    {"Tottori", 35.504, 134.238},
    {"Shimane", 35.472, 133.051},
    {"Okayama", 34.662, 133.935},
    {"Hiroshima", 34.397, 132.460},
    {"Yamaguchi", 34.186, 131.471},
    {"Tokushima", 34.066, 134.559},
    {"Kagawa", 34.340, 134.043},
    {"Ehime", 33.842, 132.766},
    {"Kochi", 33.560, 133.531},
    {"Fukuoka", 33.607, 130.418},
    {"Saga", 33.249, 130.299},
    {"Nagasaki", 32.750, 129.868},
    {"Kumamoto", 32.790, 130.742},
    {"Oita", 33.238, 131.613},
    {"Miyazaki", 31.911, 131.424},
    {"Kagoshima", 31.591, 130.545},
    {"Okinawa", 26.212, 127.681},
    /* islands that the source gives to a neighbour */
    {"Kagoshima", 28.377, 129.494}, /* Amami */
    {"Tokyo", 34.750, 139.355},     /* Oshima */
    {"Nagasaki", 34.202, 129.288},  /* Tsushima */
};

static const struct seat SEATS_KR[] = {
    {"Seoul", 37.567, 126.978},
    {"Busan", 35.180, 129.075},
    {"Daegu", 35.871, 128.601},
    {"Incheon", 37.456, 126.705},
    {"Gwangju", 35.174, 126.912},
    {"Daejeon", 36.351, 127.385},
    {"Ulsan", 35.540, 129.311},
    {"Sejong", 36.480, 127.289},
    {"Gyeonggi", 37.289, 127.053},
    {"Gangwon", 37.885, 127.730},
    {"North Chungcheong", 36.636, 127.491},
    {"South Chungcheong", 36.659, 126.673},
    {"Jeonbuk", 35.820, 127.109},
    {"South Jeolla", 34.816, 126.463},
    {"North Gyeongsang", 36.576, 128.505},
    {"South Gyeongsang", 35.238, 128.692},
    {"Jeju", 33.489, 126.498},
    {"Incheon", 37.960, 124.690},          /* Baengnyeong */
    {"Incheon", 37.747, 126.488},          /* Ganghwa */
    {"North Gyeongsang", 37.500, 130.870}, /* Ulleung */
};

static wlk_geodetic place_of(double latitude_deg, double longitude_deg)
{
    return (wlk_geodetic){latitude_deg * WLK_DEG, longitude_deg * WLK_DEG, 0};
}

static const char *folder(void)
{
    static char path[512];
    const char *top = getenv("WARNLINK_SOURCE");
    snprintf(path, sizeof path, "%s/areas", top ? top : ".");
    return path;
}

static const struct seat SEATS_KP[] = {
    {"Pyongyang", 39.020, 125.750},      {"South Pyongan", 39.246, 125.872},
    {"North Pyongan", 40.090, 124.410},  {"Chagang", 40.970, 126.600},
    {"South Hwanghae", 38.045, 125.715}, {"North Hwanghae", 38.507, 125.756},
    {"Kangwon", 39.150, 127.430},        {"South Hamgyong", 39.918, 127.536},
    {"North Hamgyong", 41.795, 129.770}, {"Ryanggang", 41.390, 128.170},
    {"Rason", 42.255, 130.300},
};

static struct wlk_areas *open_areas(const char *nation)
{
    struct wlk_areas *areas = NULL;
    struct wlk_fault fault = {.line = 0};
    char line[256] = "";
    wlk_status status = wlk_areas_open(wlk_name_of(nation), folder(), &areas, &fault);
    if (status != WLK_OK)
        wlk_fault_line(&fault, line, sizeof line);
    if (!wlk_check(status == WLK_OK, "the areas of %s can be read %s", nation, line))
        exit(wlk_tap_done());
    return areas;
}

static void holds_seats(const struct wlk_areas *areas, const struct seat *seats, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        wlk_geodetic place = place_of(seats[i].latitude_deg, seats[i].longitude_deg);
        size_t holders = 0, index = 0;
        bool is_known = wlk_area_find(areas, seats[i].name, &index) == WLK_OK;
        bool is_inside = is_known && wlk_area_contains(areas, index, place);
        for (size_t k = 0; k < areas->count; k++)
            holders += wlk_area_contains(areas, k, place);
        wlk_check(is_inside && holders == 1, "the seat of %s lies in it and in no other",
                  seats[i].name);
    }
}

/* A place is in at most one area, has distance 0 exactly there, and keeps the triangle. */
static void properties(const struct wlk_areas *areas)
{
    struct wlk_random random = wlk_random_seeded(11, 1);
    size_t twice = 0, odd = 0, triangle = 0, within = 0;
    for (int i = 0; i < 3000; i++) {
        wlk_geodetic place = place_of(33 + 9 * wlk_random_uniform(&random),
                                      126 + 16 * wlk_random_uniform(&random));
        size_t area = (size_t)wlk_random_below(&random, areas->count), holders = 0;
        wlk_geodetic other =
            wlk_geodesic_from(place, 2 * WLK_PI * wlk_random_uniform(&random), 50e3);
        for (size_t k = 0; k < areas->count; k++)
            holders += wlk_area_contains(areas, k, place);
        twice += holders > 1;
        double near = wlk_area_distance_m(areas, area, place);
        odd += (near == 0) != wlk_area_contains(areas, area, place);
        triangle += near < 500e3 &&
                    fabs(near - wlk_area_distance_m(areas, area, other)) > 50e3 * 1.02 + 500;
        within += wlk_area_is_within(areas, area, place, near * 1.0001 + 1) &&
                  (near < 1 || !wlk_area_is_within(areas, area, place, near * 0.999 - 0.1));
    }
    wlk_check(twice == 0, "no place is in two areas (%zu of 3000 are)", twice);
    wlk_check(odd == 0, "the distance is 0 just inside");
    wlk_check(triangle == 0, "walking 50 km changes no distance by more (%zu)", triangle);
    wlk_check(within == 3000, "nearer-than agrees with the distance (%zu of 3000)", within);
}

static void distances(const struct wlk_areas *jp)
{
    size_t hokkaido;
    if (wlk_area_find(jp, "JP-01", &hokkaido) != WLK_OK)
        return;
    wlk_geodetic erimo = place_of(41.92, 143.25);
    for (double km = 200; km <= 1600; km *= 2) {
        wlk_geodetic at = wlk_geodesic_from(erimo, 135 * WLK_DEG, km * 1000);
        double best = HUGE_VAL;
        const struct wlk_area *area = &jp->area[hokkaido];
        for (size_t r = area->ring_first; r < area->ring_first + area->ring_count; r++)
            for (size_t i = 0; i < 20 * jp->ring[r].count; i++) {
                const wlk_geodetic *point = jp->point + jp->ring[r].first;
                const wlk_geodetic *a = &point[i / 20];
                const wlk_geodetic *b = &point[(i / 20 + 1) % jp->ring[r].count];
                double along = (double)(i % 20) / 20;
                wlk_geodetic on = {
                    a->latitude_rad + along * (b->latitude_rad - a->latitude_rad),
                    a->longitude_rad + along * (b->longitude_rad - a->longitude_rad), 0};
                best = fmin(best, wlk_geodesic_between(at, on).distance_m);
            }
        wlk_check_near(wlk_area_distance_m(jp, hokkaido, at) / best, 1, km < 500 ? 0.005 : 0.03,
                       "%g km off Erimo is measured right", km);
    }
}

static void shares(const struct wlk_areas *jp)
{
    size_t hokkaido, tottori;
    if (wlk_area_find(jp, "Hokkaido", &hokkaido) != WLK_OK ||
        wlk_area_find(jp, "Tottori", &tottori) != WLK_OK)
        return;
    const double small[3] = {1e6, 0, 1e6}, wide[3] = {2.5e9, 1e9, 1.6e9};
    wlk_check_near(wlk_area_probability(jp, hokkaido, place_of(43.5, 142.8), small), 1, 0,
                   "an impact in the middle of Hokkaido is in Hokkaido");
    wlk_check_near(wlk_area_probability(jp, hokkaido, place_of(35, 142.8), small), 0, 0,
                   "one far away is not");
    struct wlk_random random = wlk_random_seeded(12, 1);
    wlk_geodetic middle = place_of(41.9, 143.3);
    double a = sqrt(wide[0]), b = wide[1] / a, c = sqrt(wide[2] - b * b);
    int inside = 0, draws = 20000;
    for (int i = 0; i < draws; i++) {
        double u = wlk_random_normal(&random), v = wlk_random_normal(&random);
        double east = a * u, north = b * u + c * v;
        wlk_geodetic at = wlk_geodesic_from(middle, atan2(east, north), hypot(east, north));
        inside += wlk_area_contains(jp, hokkaido, at);
    }
    wlk_check_near(wlk_area_probability(jp, hokkaido, middle, wide), inside / (double)draws,
                   0.03, "a wide error off Cape Erimo has the share that draws have (%.3f)",
                   inside / (double)draws);
    double all = 0;
    const double most[3] = {4e8, 0, 4e8};
    for (size_t i = 0; i < jp->count; i++)
        all += wlk_area_probability(jp, i, place_of(36.2, 138.3), most);
    wlk_check_near(all, 1, 0.02, "inland, the shares of all areas add up to one (%.3f)", all);
}

static void neighbours_differ(const struct wlk_areas *areas, size_t names)
{
    wlk_check(areas->count == names, "%zu areas", areas->count);
    bool has_names = true;
    for (size_t i = 0; i < areas->count; i++)
        for (size_t k = 0; k < i; k++)
            has_names = has_names && strcmp(areas->area[i].ja, areas->area[k].ja) != 0 &&
                        strcmp(areas->area[i].ko, areas->area[k].ko) != 0;
    wlk_check(has_names, "no two have one name in any language");
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    if (file) {
        fputs(text, file);
        fclose(file);
    }
}

/* Each broken pair of files names its rule and where. */
static void malformed(void)
{
    static const char good[] = "area XX-1 \"One\" \"一\" \"일\"\n";
    static const struct {
        const char *names, *shapes, *rule;
        size_t line;
    } cases[] = {
        {"area XX-1 \"One\"\n", "{}", "a line is", 1},
        {"\narea xx-1 a b c\n", "{}", "a key is", 2},
        {"area XX-1 a b c\narea XX-1 d e f\n", "{}", "named once", 2},
        {good, "{\"nation\": \"XX\",\n \"nation\": \"XX\"}", "not JSON", 2},
        {good, "{\"nation\": \"XX\", \"areas\": {", "not JSON", 1},
        {good, "[]", "has \"nation\"", 0},
        {good, "{\"nation\": \"YY\", \"areas\": {}}", "another nation", 0},
        {good, "{\"nation\": \"XX\", \"areas\": {}}", "same areas", 0},
        {good, "{\"nation\": \"XX\", \"areas\": {\"XX-2\": {}}}", "no shape", 0},
        {good, "{\"nation\": \"XX\", \"areas\": {\"XX-1\": {\"rings\": []}}}", "list of rings",
         0},
        {good, "{\"nation\": \"XX\", \"areas\": {\"XX-1\": {\"rings\": [[[1,2],[3,4]]]}}}",
         "three or more", 0},
        {good,
         "{\"nation\": \"XX\", \"areas\": {\"XX-1\": {\"rings\": [[[1,2],[3,4],[5,181]]]}}}",
         "a point is", 0},
        {good, "{\"nation\": \"XX\", \"areas\": {\"XX-1\": {\"rings\": [[[1,2],[3,4],[5]]]}}}",
         "a point is", 0},
    };
    char dir[64], names[96], shapes[96], line[300];
    snprintf(dir, sizeof dir, "/tmp/wlk-areas-%d", (int)getpid());
    if (mkdir(dir, 0700) != 0) {
        wlk_skip("no folder for broken files");
        return;
    }
    snprintf(names, sizeof names, "%s/names.txt", dir);
    snprintf(shapes, sizeof shapes, "%s/XX.json", dir);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct wlk_areas *areas = NULL;
        struct wlk_fault fault = {.line = 0};
        write_file(names, cases[i].names);
        write_file(shapes, cases[i].shapes);
        wlk_status status = wlk_areas_open(wlk_name_of("XX"), dir, &areas, &fault);
        wlk_fault_line(&fault, line, sizeof line);
        wlk_check(status == WLK_BAD_INPUT && !areas && fault.rule &&
                      strstr(fault.rule, cases[i].rule) && fault.line == cases[i].line &&
                      strstr(fault.where, dir),
                  "refused: %s", line);
    }
    unlink(names);
    unlink(shapes);
    rmdir(dir);
}

/* Every nation with names has shapes; a file of names that is broken says so. */
static void nations(void)
{
    wlk_name name[4] = {{{0}}};
    size_t count = 0;
    struct wlk_fault fault = {.line = 0};
    wlk_status status = wlk_areas_nations(folder(), 4, name, &count, &fault);
    wlk_check(status == WLK_OK && count == 3 && wlk_name_equal(name[0], wlk_name_of("JP")) &&
                  wlk_name_equal(name[1], wlk_name_of("KR")) &&
                  wlk_name_equal(name[2], wlk_name_of("KP")),
              "the nations with areas are JP, KR and KP");
    count = 77;
    wlk_check(wlk_areas_nations(folder(), 2, name, &count, &fault) == WLK_FULL && count == 77,
              "more nations than there is room for are refused");
    wlk_check(wlk_areas_nations("/nowhere", 4, name, &count, &fault) == WLK_IO && count == 77,
              "a folder without names cannot be read");
}

static void in_words(void)
{
    struct wlk_places *places = NULL;
    struct wlk_places_text text;
    char path[600];
    struct wlk_fault fault = {.line = 0};
    snprintf(path, sizeof path, "%s/places.txt", folder());
    if (!wlk_check(wlk_places_open(path, &places, &fault) == WLK_OK && places->count >= 40,
                   "there are named places"))
        return;
    wlk_geodetic at = wlk_geodesic_from(place_of(42.17, 139.46), 270 * WLK_DEG, 148e3);
    wlk_places_describe(places, at, &text);
    wlk_note("%s", text.en);
    wlk_note("%s", text.ja);
    wlk_note("%s", text.ko);
    wlk_check(strstr(text.en, "about 150 km west of Okushiri Island") == text.en,
              "a point off Okushiri is told by it");
    wlk_check(strstr(text.ja, "奥尻島の西約150キロ") == text.ja, "in Japanese too");
    wlk_check(strstr(text.ko, "오쿠시리섬 서쪽 약 150km") == text.ko, "and in Korean");
    wlk_places_describe(places, places->place[3].at, &text);
    wlk_check(strstr(text.en, "near ") == text.en, "a point at a place is near it");
    size_t bad = 0;
    for (int i = 0; i < 360; i++) {
        wlk_places_describe(places, place_of(-85 + i * 0.47, -180 + i), &text);
        bad += text.en[0] == 0 || text.ja[0] == 0 || text.ko[0] == 0;
    }
    wlk_check(bad == 0, "every point on the globe can be told");
    wlk_places_close(places);
}

int main(void)
{
    struct wlk_areas *jp = open_areas("JP"), *kr = open_areas("KR"), *us = open_areas("US");
    struct wlk_areas *kp = open_areas("KP");
    neighbours_differ(kp, 11);
    neighbours_differ(jp, 47);
    neighbours_differ(kr, 17);
    wlk_check(us->count == 0 && wlk_areas_coast_m(us, place_of(0, 0)) > 1e12,
              "a nation without a file has no areas");
    holds_seats(jp, SEATS_JP, sizeof SEATS_JP / sizeof SEATS_JP[0]);
    holds_seats(kr, SEATS_KR, sizeof SEATS_KR / sizeof SEATS_KR[0]);
    holds_seats(kp, SEATS_KP, sizeof SEATS_KP / sizeof SEATS_KP[0]);
    nations();
    properties(jp);
    distances(jp);
    shares(jp);
    malformed();
    in_words();
    wlk_areas_close(jp);
    wlk_areas_close(kr);
    wlk_areas_close(us);
    wlk_areas_close(kp);
    return wlk_tap_done();
}
