/* sites.c -- reads the file of sites.
 *
 * A statement may span several lines only by opening (class, site) and then adding to what is
 * open; what is missing is found when the next one opens or the file ends, and the complaint
 * names the line that opened it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sensors/sites.h"

#include "base/assert.h"
#include "base/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a class must say, one bit each. */
enum {
    SAID_REFERENCE = 1,
    SAID_SNR = 2,
    SAID_NOISE = 4,
    SAID_RESOLUTION = 8,
    SAID_REVISIT = 16,
    SAID_ALL = 31,
};

struct site_class {
    char name[WLK_NAME_SIZE];
    struct wlk_site pattern; /* id, owner and place empty */
    unsigned said;
    size_t line;
};

struct reading {
    struct wlk_words words;
    struct wlk_fault *fault;
    struct wlk_sites sites;
    struct site_class class[WLK_SITE_CLASSES_MAX];
    size_t class_count;
    bool is_class_open, is_site_open; /* at most one */
    bool has_source;                  /* of the open site */
    size_t site_line;                 /* of the open site */
};

static wlk_status complain(struct reading *reading, const char *rule, const char *detail)
{
    return wlk_words_fault(&reading->words, reading->fault, rule, "%s", detail);
}

/* A complaint about the line that opened something, not the one being read. */
static wlk_status complain_at(struct reading *reading, size_t line, const char *rule,
                              const char *detail)
{
    reading->words.line = line;
    return complain(reading, rule, detail);
}

static bool is_word(const struct reading *reading, size_t at, const char *word)
{
    return at < reading->words.count && strcmp(reading->words.word[at], word) == 0;
}

/* A number with its limits and the factor to SI. */
struct quantity {
    double low, high, unit;
};

static const struct quantity KILOMETRES = {1, 20000, 1e3};
static const struct quantity NOISE_M = {0.01, 100000, 1};
static const struct quantity NOISE_DEG = {0.0001, 20, WLK_DEG};
static const struct quantity SECONDS = {0.05, 120, 1};
static const struct quantity DELAY_S = {0, 60, 1};
static const struct quantity DECIBELS = {-20, 80, 1};
static const struct quantity MASK_DEG = {0, 45, WLK_DEG};
static const struct quantity BIAS_M = {-10000, 10000, 1};
static const struct quantity BIAS_DEG = {-5, 5, WLK_DEG};

static wlk_status take_number(struct reading *reading, size_t at, struct quantity quantity,
                              double *out)
{
    double value;
    if (at >= reading->words.count)
        return complain(reading, "a number is missing", reading->words.word[0]);
    if (wlk_word_number(reading->words.word[at], quantity.low, quantity.high, &value) != WLK_OK)
        return wlk_words_fault(&reading->words, reading->fault, "not a number in its limits",
                               "%.40s (%g to %g)", reading->words.word[at], quantity.low,
                               quantity.high);
    *out = value * quantity.unit;
    return WLK_OK;
}

static wlk_status take_name(struct reading *reading, size_t at, wlk_name *out)
{
    if (at >= reading->words.count)
        return complain(reading, "a name is missing", reading->words.word[0]);
    if (wlk_name_parse(reading->words.word[at], out) != WLK_OK)
        return complain(reading, "not a name (1-15 of A-Z 0-9 -)", reading->words.word[at]);
    return WLK_OK;
}

/* Names of classes and sets are small letters, so that no one takes them for a site. */
static wlk_status take_small_name(struct reading *reading, size_t at, char out[WLK_NAME_SIZE])
{
    const char *word = at < reading->words.count ? reading->words.word[at] : "";
    size_t size = strlen(word);
    if (size == 0 || size >= WLK_NAME_SIZE ||
        strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-") != size)
        return complain(reading, "not a name of a class or set (1-15 of a-z 0-9 -)", word);
    memset(out, 0, WLK_NAME_SIZE);
    memcpy(out, word, size);
    return WLK_OK;
}

static wlk_status take_end(struct reading *reading, size_t at)
{
    if (at < reading->words.count)
        return complain(reading, "unknown word in this statement", reading->words.word[at]);
    return WLK_OK;
}

static struct wlk_site *find_site(struct wlk_sites *sites, wlk_name id)
{
    for (size_t i = 0; i < sites->count; i++)
        if (wlk_name_equal(sites->site[i].id, id))
            return &sites->site[i];
    return NULL;
}

const struct wlk_site *wlk_sites_find(const struct wlk_sites *sites, wlk_name id)
{
    for (size_t i = 0; i < sites->count; i++)
        if (wlk_name_equal(sites->site[i].id, id))
            return &sites->site[i];
    return NULL;
}

static struct wlk_site_set *find_set(struct wlk_sites *sites, const char *name)
{
    for (size_t i = 0; i < sites->set_count; i++)
        if (strcmp(sites->set[i].name, name) == 0)
            return &sites->set[i];
    return NULL;
}

/* Sees that what is open is whole, and closes it. */
static wlk_status close_open(struct reading *reading)
{
    if (reading->is_class_open) {
        struct site_class *open = &reading->class[reading->class_count - 1];
        if (open->said != SAID_ALL)
            return complain_at(reading, open->line,
                               "class lacks one of: reference, snr, noise, resolution, revisit",
                               open->name);
        if (open->pattern.range_max_m < open->pattern.reference_range_m / 2)
            return complain_at(reading, open->line, "range is under half the reference range",
                               open->name);
    }
    if (reading->is_site_open && !reading->has_source)
        return complain_at(reading, reading->site_line, "site without a source",
                           reading->sites.site[reading->sites.count - 1].id.text);
    reading->is_class_open = reading->is_site_open = false;
    return WLK_OK;
}

static wlk_status read_class(struct reading *reading)
{
    struct site_class fresh;
    memset(&fresh, 0, sizeof fresh);
    WLK_TRY(take_small_name(reading, 1, fresh.name));
    WLK_TRY(take_end(reading, 2));
    for (size_t i = 0; i < reading->class_count; i++)
        if (strcmp(reading->class[i].name, fresh.name) == 0)
            return complain(reading, "class is there already", fresh.name);
    if (reading->class_count == WLK_SITE_CLASSES_MAX)
        return complain(reading, "too many classes", fresh.name);
    fresh.line = reading->words.line;
    reading->class[reading->class_count++] = fresh;
    reading->is_class_open = true;
    return WLK_OK;
}

/* Two or three words of a statement inside a class: word, number [, word, number]... */
static wlk_status read_class_line(struct reading *reading, struct site_class *open)
{
    struct wlk_site *pattern = &open->pattern;
    if (is_word(reading, 0, "reference") && is_word(reading, 2, "range")) {
        WLK_TRY(take_number(reading, 1, KILOMETRES, &pattern->reference_range_m));
        WLK_TRY(take_number(reading, 3, KILOMETRES, &pattern->range_max_m));
        open->said |= SAID_REFERENCE;
        return take_end(reading, 4);
    }
    if (is_word(reading, 0, "snr")) {
        double decibels = 0;
        WLK_TRY(take_number(reading, 1, DECIBELS, &decibels));
        pattern->snr_reference = pow(10, decibels / 10);
        open->said |= SAID_SNR;
        return take_end(reading, 2);
    }
    if (is_word(reading, 0, "noise")) {
        WLK_TRY(take_number(reading, 1, NOISE_M, &pattern->range_sigma_m));
        WLK_TRY(take_number(reading, 2, NOISE_DEG, &pattern->angle_sigma_rad));
        open->said |= SAID_NOISE;
        return take_end(reading, 3);
    }
    if (is_word(reading, 0, "resolution")) {
        WLK_TRY(take_number(reading, 1, NOISE_M, &pattern->range_resolution_m));
        WLK_TRY(take_number(reading, 2, NOISE_DEG, &pattern->beamwidth_rad));
        open->said |= SAID_RESOLUTION;
        return take_end(reading, 3);
    }
    if (is_word(reading, 0, "revisit") && is_word(reading, 2, "latency") &&
        is_word(reading, 4, "mask")) {
        WLK_TRY(take_number(reading, 1, SECONDS, &pattern->revisit_s));
        WLK_TRY(take_number(reading, 3, DELAY_S, &pattern->latency_s));
        WLK_TRY(take_number(reading, 5, MASK_DEG, &pattern->mask_rad));
        open->said |= SAID_REVISIT;
        return take_end(reading, 6);
    }
    return complain(reading, "not a statement of a class", reading->words.word[0]);
}

static wlk_status take_class(struct reading *reading, size_t at, struct wlk_site *out)
{
    char name[WLK_NAME_SIZE];
    WLK_TRY(take_small_name(reading, at, name));
    for (size_t i = 0; i < reading->class_count; i++) {
        if (strcmp(reading->class[i].name, name) != 0)
            continue;
        *out = reading->class[i].pattern;
        return WLK_OK;
    }
    return complain(reading, "no such class above", name);
}

/* [facing DEG width DEG] [mask DEG] */
static wlk_status take_view(struct reading *reading, size_t at, struct wlk_site *site)
{
    static const struct quantity facing = {0, 360, WLK_DEG}, width = {1, 360, WLK_DEG};
    site->sector_width_rad = 2 * WLK_PI;
    if (is_word(reading, at, "facing") && is_word(reading, at + 2, "width")) {
        WLK_TRY(take_number(reading, at + 1, facing, &site->sector_centre_rad));
        WLK_TRY(take_number(reading, at + 3, width, &site->sector_width_rad));
        at += 4;
    }
    if (is_word(reading, at, "mask")) {
        WLK_TRY(take_number(reading, at + 1, MASK_DEG, &site->mask_rad));
        at += 2;
    }
    return take_end(reading, at);
}

static wlk_status take_fresh_id(struct reading *reading, size_t at, wlk_name *out)
{
    wlk_name id;
    WLK_TRY(take_name(reading, at, &id));
    if (find_site(&reading->sites, id))
        return complain(reading, "sensor is there already", id.text);
    for (size_t i = 0; i < reading->sites.infrared_count; i++)
        if (wlk_name_equal(reading->sites.infrared[i].id, id))
            return complain(reading, "sensor is there already", id.text);
    *out = id;
    return WLK_OK;
}

static wlk_status read_site(struct reading *reading)
{
    static const struct quantity latitude = {-90, 90, WLK_DEG},
                                 longitude = {-180, 180, WLK_DEG}, height = {-400, 6000, 1};
    if (!is_word(reading, 2, "of") || !is_word(reading, 4, "at") ||
        !is_word(reading, 7, "height") || !is_word(reading, 9, "m") ||
        !is_word(reading, 10, "class"))
        return complain(reading, "not: site ID of NATION at LAT LON height M m class NAME", "");
    wlk_name id, owner;
    wlk_geodetic place;
    struct wlk_site site;
    WLK_TRY(take_fresh_id(reading, 1, &id));
    WLK_TRY(take_name(reading, 3, &owner));
    WLK_TRY(take_number(reading, 5, latitude, &place.latitude_rad));
    WLK_TRY(take_number(reading, 6, longitude, &place.longitude_rad));
    WLK_TRY(take_number(reading, 8, height, &place.height_m));
    WLK_TRY(take_class(reading, 11, &site));
    site.id = id;
    site.owner = owner;
    site.place = place;
    WLK_TRY(take_view(reading, 12, &site));
    if (reading->sites.count == WLK_SITES_MAX)
        return complain(reading, "too many sites", id.text);
    reading->sites.site[reading->sites.count++] = site;
    reading->is_site_open = true;
    reading->has_source = false;
    reading->site_line = reading->words.line;
    return WLK_OK;
}

static wlk_status read_source(struct reading *reading)
{
    if (!reading->is_site_open)
        return complain(reading, "source belongs below a site", "");
    if (reading->words.count < 2 || !reading->words.word[1][0])
        return complain(reading, "source is empty", "");
    reading->has_source = true;
    return take_end(reading, 2);
}

static wlk_status take_site(struct reading *reading, size_t at, struct wlk_site **out)
{
    wlk_name id;
    WLK_TRY(take_name(reading, at, &id));
    *out = find_site(&reading->sites, id);
    return *out ? WLK_OK : complain(reading, "no such site above", id.text);
}

static wlk_status read_calibration(struct reading *reading)
{
    struct wlk_site *site;
    if (!is_word(reading, 2, "range") || !is_word(reading, 4, "azimuth") ||
        !is_word(reading, 6, "elevation"))
        return complain(reading, "not: calibration ID range M azimuth DEG elevation DEG", "");
    WLK_TRY(take_site(reading, 1, &site));
    WLK_TRY(take_number(reading, 3, BIAS_M, &site->range_bias_m));
    WLK_TRY(take_number(reading, 5, BIAS_DEG, &site->azimuth_bias_rad));
    WLK_TRY(take_number(reading, 7, BIAS_DEG, &site->elevation_bias_rad));
    return take_end(reading, 8);
}

static wlk_status read_bias(struct reading *reading)
{
    static const struct quantity sigma_m = {0, 10000, 1}, sigma_deg = {0, 5, WLK_DEG};
    struct wlk_site *site;
    if (!is_word(reading, 2, "range") || !is_word(reading, 4, "angle"))
        return complain(reading, "not: bias ID range M angle DEG", "");
    WLK_TRY(take_site(reading, 1, &site));
    WLK_TRY(take_number(reading, 3, sigma_m, &site->range_bias_sigma_m));
    WLK_TRY(take_number(reading, 5, sigma_deg, &site->angle_bias_sigma_rad));
    return take_end(reading, 6);
}

static wlk_status read_infrared(struct reading *reading)
{
    struct wlk_infrared_source source;
    if (!is_word(reading, 2, "of"))
        return complain(reading, "not: infrared ID of NATION", "");
    WLK_TRY(take_fresh_id(reading, 1, &source.id));
    WLK_TRY(take_name(reading, 3, &source.owner));
    WLK_TRY(take_end(reading, 4));
    if (reading->sites.infrared_count == WLK_INFRARED_MAX)
        return complain(reading, "too many infrared sources", source.id.text);
    reading->sites.infrared[reading->sites.infrared_count++] = source;
    return WLK_OK;
}

static wlk_status add_to_set(struct reading *reading, struct wlk_site_set *set,
                             const char *word)
{
    wlk_name id;
    const struct wlk_site_set *other = find_set(&reading->sites, word);
    if (other) {
        for (size_t i = 0; i < reading->sites.count; i++)
            set->has[i] = set->has[i] || other->has[i];
        return WLK_OK;
    }
    const struct wlk_site *site = NULL;
    if (wlk_name_parse(word, &id) == WLK_OK)
        site = wlk_sites_find(&reading->sites, id);
    if (!site)
        return complain(reading, "neither a site nor a set above", word);
    set->has[site - reading->sites.site] = true;
    return WLK_OK;
}

static wlk_status read_set(struct reading *reading)
{
    struct wlk_site_set set;
    memset(&set, 0, sizeof set);
    WLK_TRY(take_small_name(reading, 1, set.name));
    if (!is_word(reading, 2, "=") || reading->words.count < 4)
        return complain(reading, "not: set NAME = ID ...", set.name);
    if (find_set(&reading->sites, set.name))
        return complain(reading, "set is there already", set.name);
    for (size_t i = 3; i < reading->words.count; i++)
        if (strcmp(reading->words.word[i], "+") != 0)
            WLK_TRY(add_to_set(reading, &set, reading->words.word[i]));
    if (reading->sites.set_count == WLK_SITE_SETS_MAX)
        return complain(reading, "too many sets", set.name);
    reading->sites.set[reading->sites.set_count++] = set;
    return WLK_OK;
}

static wlk_status read_statement(struct reading *reading)
{
    const char *word = reading->words.word[0];
    if (strcmp(word, "source") == 0)
        return read_source(reading);
    bool opens = strcmp(word, "class") == 0 || strcmp(word, "site") == 0 ||
                 strcmp(word, "set") == 0 || strcmp(word, "infrared") == 0 ||
                 strcmp(word, "calibration") == 0 || strcmp(word, "bias") == 0;
    if (!opens && reading->is_class_open)
        return read_class_line(reading, &reading->class[reading->class_count - 1]);
    if (!opens)
        return complain(reading, "not a statement of a file of sites", word);
    size_t line = reading->words.line;
    WLK_TRY(close_open(reading));
    reading->words.line = line;
    if (strcmp(word, "class") == 0)
        return read_class(reading);
    if (strcmp(word, "site") == 0)
        return read_site(reading);
    if (strcmp(word, "set") == 0)
        return read_set(reading);
    if (strcmp(word, "infrared") == 0)
        return read_infrared(reading);
    return strcmp(word, "bias") == 0 ? read_bias(reading) : read_calibration(reading);
}

static wlk_status read_all(struct reading *reading)
{
    wlk_status status = wlk_words_next(&reading->words, reading->fault);
    while (status == WLK_OK) {
        WLK_TRY(read_statement(reading));
        status = wlk_words_next(&reading->words, reading->fault);
    }
    if (status != WLK_NOT_YET)
        return status;
    WLK_TRY(close_open(reading));
    if (reading->sites.count == 0 && reading->sites.infrared_count == 0)
        return complain(reading, "no site in the file", "");
    return WLK_OK;
}

wlk_status wlk_sites_parse(const char *name, const char *text, struct wlk_sites *out,
                           struct wlk_fault *fault)
{
    struct reading reading; /* some 40 kB, at start only */
    memset(&reading, 0, sizeof reading);
    wlk_words_init(&reading.words, name, text);
    reading.fault = fault;
    wlk_status status = read_all(&reading);
    if (status == WLK_OK)
        *out = reading.sites;
    return status;
}

wlk_status wlk_sites_read(const char *path, struct wlk_sites *out, struct wlk_fault *fault)
{
    char *text;
    WLK_TRY(wlk_words_read_file(path, &text, fault));
    wlk_status status = wlk_sites_parse(path, text, out, fault);
    free(text);
    return status;
}

wlk_status wlk_sites_pick(const struct wlk_sites *sites, const char *set_name,
                          const wlk_name *owner, struct wlk_site out[WLK_SITES_MAX],
                          size_t *count_out)
{
    const struct wlk_site_set *set = NULL;
    for (size_t i = 0; set_name && i < sites->set_count; i++)
        if (strcmp(sites->set[i].name, set_name) == 0)
            set = &sites->set[i];
    if (set_name && !set)
        return WLK_BAD_INPUT;
    size_t count = 0;
    for (size_t i = 0; i < sites->count; i++) {
        bool is_picked =
            (!set || set->has[i]) && (!owner || wlk_name_equal(*owner, sites->site[i].owner));
        if (is_picked)
            out[count++] = sites->site[i];
    }
    WLK_ASSERT(count <= WLK_SITES_MAX);
    *count_out = count;
    return WLK_OK;
}
