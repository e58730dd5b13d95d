/* places.c -- a point at sea as a mariner is told it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "warning/places.h"

#include "base/words.h"
#include "earth/geodesic.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const TOWARDS_EN[8] = {"north", "northeast", "east", "southeast",
                                          "south", "southwest", "west", "northwest"};
static const char *const TOWARDS_JA[8] = {"北", "北東", "東", "南東",
                                          "南", "南西", "西", "北西"};
static const char *const TOWARDS_KO[8] = {"북쪽", "북동쪽", "동쪽", "남동쪽",
                                          "남쪽", "남서쪽", "서쪽", "북서쪽"};

/* Two bearings are told only if they cross at a useful angle. */
static const double CROSSING_MIN_RAD = 30 * WLK_DEG;

static wlk_status read_place(const struct wlk_words *words, struct wlk_places *places,
                             struct wlk_fault *fault)
{
    struct wlk_place place = {.at = {0, 0, 0}};
    double latitude_deg, longitude_deg;
    char *const names[3] = {place.en, place.ja, place.ko};
    if (words->count != 7 || strcmp(words->word[0], "place") != 0)
        return wlk_words_fault(words, fault,
                               "a line is: place NATION en ja ko latitude longitude", "%s",
                               words->word[0]);
    if (wlk_name_parse(words->word[1], &place.nation) != WLK_OK)
        return wlk_words_fault(words, fault, "a nation is capitals", "%s", words->word[1]);
    for (int i = 0; i < 3; i++) {
        size_t size = strlen(words->word[2 + i]);
        if (size == 0 || size >= WLK_AREA_NAME_SIZE)
            return wlk_words_fault(words, fault, "a name has 1 to 63 bytes", "%s",
                                   words->word[1]);
        memcpy(names[i], words->word[2 + i], size + 1);
    }
    if (wlk_word_number(words->word[5], -90, 90, &latitude_deg) != WLK_OK ||
        wlk_word_number(words->word[6], -180, 180, &longitude_deg) != WLK_OK)
        return wlk_words_fault(words, fault, "a position is latitude and longitude in degrees",
                               "%s %s", words->word[5], words->word[6]);
    if (places->count == WLK_PLACES_MAX)
        return wlk_words_fault(words, fault, "too many places", "%s", place.en);
    place.at.latitude_rad = latitude_deg * WLK_DEG;
    place.at.longitude_rad = longitude_deg * WLK_DEG;
    places->place[places->count++] = place;
    return WLK_OK;
}

static wlk_status read_all(const char *path, const char *text, struct wlk_places *places,
                           struct wlk_fault *fault)
{
    struct wlk_words words;
    wlk_status status = WLK_OK;
    wlk_words_init(&words, path, text);
    while (status == WLK_OK) { /* ends: each turn takes a line */
        status = wlk_words_next(&words, fault);
        if (status == WLK_OK)
            status = read_place(&words, places, fault);
    }
    if (status != WLK_NOT_YET)
        return status;
    if (places->count == 0)
        return wlk_words_fault(&words, fault, "a file has places", "none");
    return WLK_OK;
}

wlk_status wlk_places_open(const char *path, struct wlk_places **out, struct wlk_fault *fault)
{
    char *text = NULL;
    struct wlk_places *places = calloc(1, sizeof *places);
    wlk_status status = places ? wlk_words_read_file(path, &text, fault) : WLK_IO;
    if (status == WLK_OK)
        status = read_all(path, text, places, fault);
    free(text);
    if (status != WLK_OK) {
        free(places);
        return status;
    }
    *out = places;
    return WLK_OK;
}

void wlk_places_close(struct wlk_places *places)
{
    free(places);
}

struct sight {
    const struct wlk_place *place;
    struct wlk_geodesic line; /* from the place to the point */
};

static int rounded_km(double distance_m)
{
    double step_km = distance_m < 100e3 ? 5 : 10;
    return (int)(round(distance_m / 1000 / step_km) * step_km);
}

static void tell(const struct sight *sight, struct wlk_places_text *out, bool is_second)
{
    int eighth = (int)lround(sight->line.azimuth_rad / (WLK_PI / 4)) % 8;
    int km = rounded_km(sight->line.distance_m);
    size_t en = strlen(out->en), ja = strlen(out->ja), ko = strlen(out->ko);
    if (km == 0) {
        snprintf(out->en + en, sizeof out->en - en, "%snear %s", is_second ? "; " : "",
                 sight->place->en);
        snprintf(out->ja + ja, sizeof out->ja - ja, "%s%s付近", is_second ? "、" : "",
                 sight->place->ja);
        snprintf(out->ko + ko, sizeof out->ko - ko, "%s%s 부근", is_second ? ", " : "",
                 sight->place->ko);
        return;
    }
    snprintf(out->en + en, sizeof out->en - en, "%sabout %d km %s of %s", is_second ? "; " : "",
             km, TOWARDS_EN[eighth], sight->place->en);
    snprintf(out->ja + ja, sizeof out->ja - ja, "%s%sの%s約%dキロ", is_second ? "、" : "",
             sight->place->ja, TOWARDS_JA[eighth], km);
    snprintf(out->ko + ko, sizeof out->ko - ko, "%s%s %s 약 %dkm", is_second ? ", " : "",
             sight->place->ko, TOWARDS_KO[eighth], km);
}

static void cut_at_character(char *text)
{
    size_t size = strlen(text);
    while (size > 0 && ((unsigned char)text[size - 1] & 0xc0) == 0x80)
        size--; /* continuation bytes of the last character */
    if (size == 0)
        return;
    unsigned char lead = (unsigned char)text[size - 1];
    size_t need = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (strlen(text) - (size - 1) < need)
        text[size - 1] = 0;
}

void wlk_places_describe(const struct wlk_places *places, wlk_geodetic point,
                         struct wlk_places_text *out)
{
    struct sight near = {NULL, {HUGE_VAL, 0}}, second = {NULL, {HUGE_VAL, 0}};
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < places->count; i++) {
        struct wlk_geodesic line = wlk_geodesic_between(places->place[i].at, point);
        if (line.distance_m < near.line.distance_m)
            near = (struct sight){&places->place[i], line};
    }
    for (size_t i = 0; i < places->count; i++) {
        struct wlk_geodesic line = wlk_geodesic_between(places->place[i].at, point);
        double turn = remainder(line.azimuth_rad - near.line.azimuth_rad, 2 * WLK_PI);
        if (&places->place[i] != near.place && fabs(turn) >= CROSSING_MIN_RAD &&
            line.distance_m < second.line.distance_m)
            second = (struct sight){&places->place[i], line};
    }
    if (!near.place)
        return;
    tell(&near, out, false);
    if (second.place)
        tell(&second, out, true);
    cut_at_character(out->en);
    cut_at_character(out->ja);
    cut_at_character(out->ko);
}
