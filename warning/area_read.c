/* area_read.c -- areas from their two files. The only file of warning/ that sees jansson.
 *
 *   names.txt   area JP-01 "Hokkaido" "北海道" "홋카이도"
 *   JP.json     {"nation": "JP", "source": "...", "areas": {"JP-01": {
 *                   "rings": [[[latitude_deg, longitude_deg], ...], ...], "holes": [...]}}}
 * SPDX-License-Identifier: Apache-2.0 */
#include "warning/area.h"

#include "base/assert.h"
#include "base/words.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct reading {
    struct wlk_areas *areas;
    struct wlk_fault *fault;
    const char *file;
    char path[64]; /* "areas.JP-01.rings[3][17]" */
};

static wlk_status complain(struct reading *reading, const char *rule, const char *detail)
{
    if (reading->fault)
        snprintf(reading->fault->where, sizeof reading->fault->where, "%.90s", reading->file);
    wlk_fault_set(reading->fault, rule, "%s%s%s", reading->path, *detail ? ": " : "", detail);
    return WLK_BAD_INPUT;
}

static bool copy_name(const char *word, char out[WLK_AREA_NAME_SIZE])
{
    size_t size = strlen(word);
    if (size == 0 || size >= WLK_AREA_NAME_SIZE)
        return false;
    memcpy(out, word, size + 1);
    return true;
}

/* What is told of each statement of names.txt: the areas of one nation, or the nations. */
struct names {
    struct wlk_areas *areas; /* NULL: only the nations */
    wlk_name *nation;
    size_t nation_count, nation_room;
};

static wlk_status take_area(struct wlk_areas *areas, const struct wlk_area *area,
                            const struct wlk_words *words, struct wlk_fault *fault)
{
    for (size_t i = 0; i < areas->count; i++)
        if (strcmp(areas->area[i].key, area->key) == 0 ||
            strcmp(areas->area[i].en, area->en) == 0)
            return wlk_words_fault(words, fault, "an area is named once", "%s", area->key);
    if (areas->count == WLK_AREAS_MAX)
        return wlk_words_fault(words, fault, "too many areas", "%s", area->key);
    areas->area[areas->count++] = *area;
    return WLK_OK;
}

static wlk_status take_nation(struct names *names, wlk_name nation)
{
    for (size_t i = 0; i < names->nation_count; i++)
        if (wlk_name_equal(names->nation[i], nation))
            return WLK_OK;
    if (names->nation_count == names->nation_room)
        return WLK_FULL;
    names->nation[names->nation_count++] = nation;
    return WLK_OK;
}

/* One statement of names.txt; those of other nations are only checked. */
static wlk_status read_name(struct names *names, const struct wlk_words *words,
                            struct wlk_fault *fault)
{
    struct wlk_area area = {.ring_count = 0};
    wlk_name key, nation;
    char prefix[WLK_NAME_SIZE];
    if (words->count != 5 || strcmp(words->word[0], "area") != 0)
        return wlk_words_fault(words, fault, "a line is: area KEY en ja ko", "%s",
                               words->word[0]);
    if (wlk_name_parse(words->word[1], &key) != WLK_OK)
        return wlk_words_fault(words, fault, "a key is capitals, digits and -", "%s",
                               words->word[1]);
    memcpy(area.key, key.text, sizeof area.key);
    if (!copy_name(words->word[2], area.en) || !copy_name(words->word[3], area.ja) ||
        !copy_name(words->word[4], area.ko))
        return wlk_words_fault(words, fault, "a name has 1 to 63 bytes", "%s", key.text);
    snprintf(prefix, sizeof prefix, "%.*s", (int)strcspn(area.key, "-"), area.key);
    if (!strchr(area.key, '-') || wlk_name_parse(prefix, &nation) != WLK_OK)
        return wlk_words_fault(words, fault, "a key is the nation, - and a number", "%s",
                               area.key);
    if (!names->areas)
        return take_nation(names, nation);
    return wlk_name_equal(nation, names->areas->nation)
               ? take_area(names->areas, &area, words, fault)
               : WLK_OK;
}

static wlk_status read_names(struct names *names, const char *folder, struct wlk_fault *fault)
{
    char path[512];
    char *text = NULL;
    snprintf(path, sizeof path, "%s/names.txt", folder);
    static const size_t most = 4096; /* lines: bound of the loop */
    struct wlk_words words;
    wlk_status status = wlk_words_read_file(path, &text, fault);
    if (status == WLK_OK)
        wlk_words_init(&words, path, text);
    for (size_t i = 0; status == WLK_OK && i < most; i++) {
        status = wlk_words_next(&words, fault);
        if (status == WLK_OK)
            status = read_name(names, &words, fault);
    }
    free(text);
    return status == WLK_NOT_YET ? WLK_OK : status;
}

static bool read_degrees(const json_t *value, double limit, double *out)
{
    double degrees = json_number_value(value);
    if (!json_is_number(value) || !isfinite(degrees) || fabs(degrees) > limit)
        return false;
    *out = degrees * WLK_DEG;
    return true;
}

static void grow_box(struct wlk_area *area, const wlk_geodetic *point)
{
    area->south_rad = fmin(area->south_rad, point->latitude_rad);
    area->north_rad = fmax(area->north_rad, point->latitude_rad);
    area->west_rad = fmin(area->west_rad, point->longitude_rad);
    area->east_rad = fmax(area->east_rad, point->longitude_rad);
}

static wlk_status read_ring(struct reading *reading, const json_t *line, struct wlk_area *area,
                            bool is_hole)
{
    struct wlk_areas *areas = reading->areas;
    size_t count = json_array_size(line);
    if (!json_is_array(line) || count < 3)
        return complain(reading, "a ring is three or more points", "");
    if (areas->ring_count == WLK_AREA_RINGS_MAX ||
        count > WLK_AREA_POINTS_MAX - areas->point_count)
        return complain(reading, "too many points or rings", "");
    areas->ring[areas->ring_count++] =
        (struct wlk_area_ring){areas->point_count, count, is_hole};
    area->ring_count++;
    for (size_t i = 0; i < count; i++) {
        const json_t *pair = json_array_get(line, i);
        double *unit = areas->unit[areas->point_count];
        wlk_geodetic *point = &areas->point[areas->point_count++];
        *point = (wlk_geodetic){0, 0, 0};
        if (json_array_size(pair) != 2 ||
            !read_degrees(json_array_get(pair, 0), 90, &point->latitude_rad) ||
            !read_degrees(json_array_get(pair, 1), 180, &point->longitude_rad)) {
            char which[32];
            snprintf(which, sizeof which, "point %zu", i);
            return complain(reading, "a point is [latitude, longitude] in degrees", which);
        }
        grow_box(area, point);
        unit[0] = cos(point->latitude_rad) * cos(point->longitude_rad);
        unit[1] = cos(point->latitude_rad) * sin(point->longitude_rad);
        unit[2] = sin(point->latitude_rad);
    }
    return WLK_OK;
}

static wlk_status read_rings(struct reading *reading, const json_t *shape, const char *member,
                             struct wlk_area *area)
{
    const json_t *list = json_object_get(shape, member);
    bool is_hole = strcmp(member, "holes") == 0;
    if (is_hole && !list)
        return WLK_OK;
    snprintf(reading->path, sizeof reading->path, "areas.%.15s.%.8s", area->key, member);
    if (!json_is_array(list) || (!is_hole && json_array_size(list) == 0))
        return complain(reading, "an area has a list of rings", "");
    for (size_t i = 0; i < json_array_size(list); i++) {
        snprintf(reading->path, sizeof reading->path, "areas.%.15s.%.8s[%zu]", area->key,
                 member, i);
        WLK_TRY(read_ring(reading, json_array_get(list, i), area, is_hole));
    }
    return WLK_OK;
}

static wlk_status read_shapes(struct reading *reading, const json_t *root)
{
    struct wlk_areas *areas = reading->areas;
    const json_t *shapes = json_object_get(root, "areas");
    const char *nation = json_string_value(json_object_get(root, "nation"));
    if (!json_is_object(shapes) || !nation)
        return complain(reading, "the file has \"nation\" and \"areas\"", "");
    if (strcmp(nation, areas->nation.text) != 0)
        return complain(reading, "the file is of another nation", nation);
    if (json_object_size(shapes) != areas->count)
        return complain(reading, "shapes and names must be of the same areas", "");
    for (size_t i = 0; i < areas->count; i++) {
        struct wlk_area *area = &areas->area[i];
        const json_t *shape = json_object_get(shapes, area->key);
        snprintf(reading->path, sizeof reading->path, "areas.%.15s", area->key);
        if (!json_is_object(shape))
            return complain(reading, "a named area has no shape", "");
        area->ring_first = areas->ring_count;
        area->south_rad = area->west_rad = HUGE_VAL;
        area->north_rad = area->east_rad = -HUGE_VAL;
        WLK_TRY(read_rings(reading, shape, "rings", area));
        WLK_TRY(read_rings(reading, shape, "holes", area));
    }
    return WLK_OK;
}

static wlk_status read_file(struct wlk_areas *areas, const char *path, struct wlk_fault *fault)
{
    json_error_t error;
    struct reading reading = {.areas = areas, .fault = fault, .file = path};
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        wlk_status status =
            complain(&reading, "not JSON, or a member stands twice", error.text);
        if (fault && error.line > 0)
            fault->line = (size_t)error.line;
        return status;
    }
    wlk_status status = read_shapes(&reading, root);
    json_decref(root);
    return status;
}

wlk_status wlk_areas_open(wlk_name nation, const char *folder, struct wlk_areas **out,
                          struct wlk_fault *fault)
{
    char path[512];
    wlk_status status = WLK_OK;
    struct wlk_areas *areas = calloc(1, sizeof *areas);
    if (!areas)
        return WLK_IO;
    if (fault)
        memset(fault, 0, sizeof *fault);
    areas->nation = nation;
    snprintf(path, sizeof path, "%s/%s.json", folder, nation.text);
    bool has_shapes = access(path, F_OK) == 0;
    if (has_shapes)
        status = read_names(&(struct names){.areas = areas}, folder, fault);
    if (has_shapes && status == WLK_OK)
        status = read_file(areas, path, fault);
    if (status != WLK_OK) {
        free(areas);
        return status;
    }
    *out = areas;
    return WLK_OK;
}

wlk_status wlk_areas_nations(const char *folder, size_t room, wlk_name name[], size_t *count,
                             struct wlk_fault *fault)
{
    wlk_name found[WLK_AREAS_MAX];
    struct names names = {.nation = found,
                          .nation_room = room < WLK_AREAS_MAX ? room : WLK_AREAS_MAX};
    WLK_TRY(read_names(&names, folder, fault));
    memcpy(name, found, names.nation_count * sizeof name[0]);
    *count = names.nation_count;
    return WLK_OK;
}

void wlk_areas_close(struct wlk_areas *areas)
{
    free(areas);
}
