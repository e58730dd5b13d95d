/* references.c -- reads the file of known objects, and finds the one that a plot is of.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sensors/references.h"

#include "base/words.h"
#include "earth/propagate.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

/* How far a satellite is carried; and what J2 alone leaves: 8.4 m after 360 s on Stella, as the
 * square of the time (earth/propagate_test.c). */
static const double CARRY_S = 600, CARRY_M = 8.4, CARRY_AFTER_S = 360;
/* Aircraft: how far apart two places may be, how far beyond the last; a turn of 2 m/s^2. */
static const double GAP_S = 60, BEYOND_S = 10, TURN_MPS2 = 2;
/* No orbit is nearer to the centre or farther from it; no aircraft is faster. */
static const double ORBIT_MIN_M = 6.4e6, ORBIT_MAX_M = 5e7, ORBIT_MPS = 12e3, AIR_MPS = 1200;
static const double AIR_MAX_M = 30e3, WITHIN_MIN_M = 0.1, WITHIN_MAX_M = 1000;
/* What was worked out for one time holds so long, by its velocity; and a plot that is farther
 * off than this is not of the object (gates of registration.c: 1 deg at 4,000 km). */
static const double CACHE_S = 5, FAR_M = 90e3;

struct reading {
    struct wlk_words words;
    struct wlk_fault *fault;
    struct wlk_references *references;
};

/* A file is read again while a node runs: nothing is allocated for it. */
static struct wlk_references scratch;
static char file_text[WLK_WORDS_FILE_SIZE + 1];

static wlk_status complain(const struct reading *reading, const char *rule)
{
    const struct wlk_words *words = &reading->words;
    return wlk_words_fault(words, reading->fault, rule, "%.60s",
                           words->count > 1 ? words->word[1] : words->word[0]);
}

/* The last object must have a place. */
static bool is_last_empty(const struct wlk_references *references)
{
    return references->count > 0 && references->object[references->count - 1].count == 0;
}

static wlk_status take_object(struct reading *reading, bool is_satellite)
{
    const struct wlk_words *words = &reading->words;
    struct wlk_references *references = reading->references;
    struct wlk_reference object = {.is_satellite = is_satellite,
                                   .first = references->point_count};
    if (words->count != 4 || strcmp(words->word[2], "within") != 0 ||
        wlk_name_parse(words->word[1], &object.id) != WLK_OK ||
        wlk_word_number(words->word[3], WITHIN_MIN_M, WITHIN_MAX_M, &object.within_m) != WLK_OK)
        return complain(reading, "expected: satellite|aircraft ID within M (0.1 to 1000)");
    if (is_last_empty(references))
        return complain(reading, "the object before has no place");
    for (size_t i = 0; i < references->count; i++)
        if (wlk_name_equal(references->object[i].id, object.id))
            return complain(reading, "object stands twice");
    if (references->count == WLK_REFERENCES_MAX)
        return complain(reading, "too many objects");
    references->object[references->count++] = object;
    return WLK_OK;
}

static double length(const double a[3])
{
    return sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
}

static bool take_state(const struct wlk_words *words, double x[6])
{
    if (words->count != 8)
        return false;
    for (int i = 0; i < 6; i++) {
        double most = i < 3 ? ORBIT_MAX_M : ORBIT_MPS;
        if (wlk_word_number(words->word[2 + i], -most, most, &x[i]) != WLK_OK)
            return false;
    }
    return length(x) > ORBIT_MIN_M;
}

static bool take_place(const struct wlk_words *words, double x[6])
{
    double latitude, longitude, height;
    if (words->count != 5 || wlk_word_number(words->word[2], -90, 90, &latitude) != WLK_OK ||
        wlk_word_number(words->word[3], -180, 180, &longitude) != WLK_OK ||
        wlk_word_number(words->word[4], -500, AIR_MAX_M, &height) != WLK_OK)
        return false;
    wlk_ecef place =
        wlk_ecef_from_geodetic((wlk_geodetic){latitude * WLK_DEG, longitude * WLK_DEG, height});
    x[0] = place.x;
    x[1] = place.y;
    x[2] = place.z;
    return true;
}

static double apart_m(const double a[3], const double b[3])
{
    const double d[3] = {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
    return length(d);
}

static wlk_status take_point(struct reading *reading)
{
    const struct wlk_words *words = &reading->words;
    struct wlk_references *references = reading->references;
    struct wlk_reference *object =
        references->count ? &references->object[references->count - 1] : NULL;
    struct wlk_reference_point point = {{0}, {0}};
    if (!object)
        return complain(reading, "a place before the first object");
    if (words->count < 2 || wlk_utc_parse(words->word[1], &point.time) != WLK_OK ||
        !(object->is_satellite ? take_state(words, point.x) : take_place(words, point.x)))
        return complain(reading, object->is_satellite ? "expected: at TIME X Y Z VX VY VZ"
                                                      : "expected: at TIME LAT LON HEIGHT");
    if (references->point_count == WLK_REFERENCE_POINTS_MAX)
        return complain(reading, "too many places");
    if (object->count > 0) {
        const struct wlk_reference_point *last =
            &references->point[references->point_count - 1];
        double after_s = wlk_utc_seconds(point.time, last->time);
        if (!(after_s > 0))
            return complain(reading, "times of an object must rise");
        if (!object->is_satellite && apart_m(point.x, last->x) > AIR_MPS * after_s)
            return complain(reading, "no aircraft is so fast");
    }
    references->point[references->point_count++] = point;
    object->count++;
    return WLK_OK;
}

static wlk_status take_statement(struct reading *reading)
{
    const char *word = reading->words.word[0];
    if (strcmp(word, "satellite") == 0)
        return take_object(reading, true);
    if (strcmp(word, "aircraft") == 0)
        return take_object(reading, false);
    if (strcmp(word, "at") == 0)
        return take_point(reading);
    return complain(reading, "unknown statement");
}

wlk_status wlk_references_parse(const char *name, const char *text, struct wlk_references *out,
                                struct wlk_fault *fault)
{
    struct reading reading = {.fault = fault, .references = &scratch};
    memset(&scratch, 0, sizeof scratch);
    wlk_words_init(&reading.words, name, text);
    wlk_status status = wlk_words_next(&reading.words, fault);
    while (status == WLK_OK && (status = take_statement(&reading)) == WLK_OK)
        status = wlk_words_next(&reading.words, fault);
    if (status != WLK_NOT_YET)
        return status;
    if (is_last_empty(&scratch))
        return wlk_words_fault(&reading.words, fault, "the last object has no place", "%s",
                               "end of file");
    scratch.version = out->version + 1;
    *out = scratch;
    return WLK_OK;
}

/* The bytes of a file into file_text; -1: it cannot be read, and errno says why. */
static ssize_t read_bytes(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t size = 0;
    ssize_t got = fd < 0 ? -1 : 1;
    while (got > 0 && size < sizeof file_text) {
        got = read(fd, file_text + size, sizeof file_text - size);
        size += got > 0 ? (size_t)got : 0;
    }
    int saved = errno;
    if (fd >= 0)
        close(fd);
    errno = saved;
    return got < 0 ? -1 : (ssize_t)size;
}

wlk_status wlk_references_read(const char *path, struct wlk_references *out,
                               struct wlk_fault *fault)
{
    struct wlk_words name;
    ssize_t size = read_bytes(path);
    wlk_words_init(&name, path, "");
    if (size < 0) {
        wlk_words_fault(&name, fault, "file cannot be read", "%s", strerror(errno));
        return WLK_IO;
    }
    if (size > WLK_WORDS_FILE_SIZE || memchr(file_text, 0, (size_t)size))
        return wlk_words_fault(&name, fault, "not a text file", "NUL byte, or over 1 MiB");
    file_text[size] = 0;
    return wlk_references_parse(path, file_text, out, fault);
}

/* ---- where they are -----------------------------------------------------------------------
 */

/* The first point of an object that is not before a time; count if all are. */
static size_t point_after(const struct wlk_reference_point *point, size_t count, wlk_utc time)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (point[middle].time.ns < time.ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool satellite_at(const struct wlk_reference_point *point, size_t count, wlk_utc time,
                         double x[6], double *left_m)
{
    size_t at = point_after(point, count, time);
    if (at == count ||
        (at > 0 && time.ns - point[at - 1].time.ns < point[at].time.ns - time.ns))
        at--;
    double by_s = wlk_utc_seconds(time, point[at].time);
    *left_m = CARRY_M * (by_s / CARRY_AFTER_S) * (by_s / CARRY_AFTER_S);
    return fabs(by_s) <= CARRY_S && wlk_propagate(point[at].x, 0, by_s, x, NULL) == WLK_OK;
}

static bool aircraft_at(const struct wlk_reference_point *point, size_t count, wlk_utc time,
                        double x[6], double *left_m)
{
    size_t at = point_after(point, count, time);
    if (count < 2)
        return false;
    at = at == 0 ? 1 : at == count ? count - 1 : at;
    const struct wlk_reference_point *a = &point[at - 1], *b = a + 1;
    double gap_s = wlk_utc_seconds(b->time, a->time);
    double from_s = wlk_utc_seconds(time, a->time), to_s = wlk_utc_seconds(b->time, time);
    if (gap_s > GAP_S || from_s < -BEYOND_S || to_s < -BEYOND_S)
        return false;
    for (int i = 0; i < 3; i++) {
        x[i + 3] = (b->x[i] - a->x[i]) / gap_s;
        x[i] = a->x[i] + x[i + 3] * from_s;
    }
    /* the chord of an arc: half the acceleration by what is to either side */
    *left_m = 0.5 * TURN_MPS2 * fabs(from_s * to_s);
    return true;
}

bool wlk_references_at(const struct wlk_references *references, size_t object, wlk_utc time,
                       double x[6], double *sigma_m)
{
    const struct wlk_reference *of = &references->object[object];
    const struct wlk_reference_point *point = &references->point[of->first];
    double left_m = 0;
    bool is_known = of->is_satellite ? satellite_at(point, of->count, time, x, &left_m)
                                     : aircraft_at(point, of->count, time, x, &left_m);
    *sigma_m = hypot(of->within_m, left_m);
    return is_known && *sigma_m <= WITHIN_MAX_M;
}

bool wlk_references_span(const struct wlk_references *references, wlk_utc *from, wlk_utc *to)
{
    for (size_t i = 0; i < references->point_count; i++) {
        wlk_utc time = references->point[i].time;
        if (i == 0 || time.ns < from->ns)
            *from = time;
        if (i == 0 || time.ns > to->ns)
            *to = time;
    }
    return references->point_count > 0;
}

/* How far an object is about from a place at a time; HUGE_VAL: it is not known. */
static double about_m(const struct wlk_references *references,
                      struct wlk_reference_cache *cache, size_t object, wlk_utc time,
                      const double place[3])
{
    double by_s = wlk_utc_seconds(time, cache->at[object].time), sigma_m, x[3];
    if (fabs(by_s) > CACHE_S) {
        cache->at[object].time = time;
        cache->at[object].is_known =
            wlk_references_at(references, object, time, cache->at[object].x, &sigma_m);
        by_s = 0;
    }
    if (!cache->at[object].is_known)
        return HUGE_VAL;
    for (int i = 0; i < 3; i++)
        x[i] = cache->at[object].x[i] + cache->at[object].x[i + 3] * by_s;
    return apart_m(x, place);
}

bool wlk_references_find(const struct wlk_references *references,
                         struct wlk_reference_cache *cache, const struct wlk_plot *plot,
                         struct wlk_known *out)
{
    struct wlk_known known;
    int found = 0;
    if (references->count == 0)
        return false;
    if (cache->version != references->version) {
        memset(cache, 0, sizeof *cache);
        cache->version = references->version;
    }
    wlk_ecef seen = wlk_ecef_from_polar(plot->place, plot->seen);
    const double place[3] = {seen.x, seen.y, seen.z};
    for (size_t i = 0; i < references->count; i++) {
        double x[6], sigma_m;
        if (about_m(references, cache, i, plot->time, place) > FAR_M ||
            !wlk_references_at(references, i, plot->time, x, &sigma_m))
            continue;
        known.id = references->object[i].id;
        known.position = (wlk_ecef){x[0], x[1], x[2]};
        known.sigma_m = sigma_m;
        if (!wlk_registration_is_near(plot, &known))
            continue;
        found++;
        *out = known;
    }
    return found == 1;
}
