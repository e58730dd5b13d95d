/* datagram_test.c -- holds the plot datagram to its layout, its rules and one form for each
 * value. SPDX-License-Identifier: Apache-2.0 */
#include "sensors/datagram.h"

#include "base/random.h"
#include "base/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct wlk_datagram sample_plot(void)
{
    struct wlk_datagram datagram;
    memset(&datagram, 0, sizeof datagram);
    datagram.kind = WLK_DATAGRAM_PLOT;
    datagram.nature = WLK_NATURE_EXERCISE;
    datagram.sensor = wlk_name_of("JP-FPS5-SAD");
    datagram.number = 0x0102030405060708;
    datagram.plot = (struct wlk_datagram_plot){.time_ns = 1503953880123456789,
                                               .range_mm = 1234567890,
                                               .azimuth_nrad = 4712388980,
                                               .elevation_nrad = -34906585,
                                               .range_sigma_mm = 50000,
                                               .azimuth_sigma_nrad = 872665,
                                               .elevation_sigma_nrad = 872666,
                                               .has_range_rate = true,
                                               .range_rate_mmps = -3210987,
                                               .range_rate_sigma_mmps = 15000,
                                               .has_snr = true,
                                               .snr_cdb = -123};
    return datagram;
}

static struct wlk_datagram sample_sighting(void)
{
    struct wlk_datagram datagram;
    memset(&datagram, 0, sizeof datagram);
    datagram.kind = WLK_DATAGRAM_SIGHTING;
    datagram.nature = WLK_NATURE_TEST;
    datagram.sensor = wlk_name_of("US-IR");
    datagram.number = 7;
    datagram.sighting = (struct wlk_datagram_sighting){.launch_time_ns = 1503953880000000000,
                                                       .told_at_ns = 1503953941000000000,
                                                       .latitude_e7 = 392000000,
                                                       .longitude_e7 = -1257000000,
                                                       .place_sigma_mm = 5000000,
                                                       .time_sigma_us = 4000000};
    return datagram;
}

static size_t encoded(const struct wlk_datagram *datagram, uint8_t bytes[WLK_PLOT_DATAGRAM_MAX])
{
    size_t size = 0;
    if (wlk_datagram_encode(datagram, bytes, WLK_PLOT_DATAGRAM_MAX, &size) != WLK_OK)
        return 0;
    return size;
}

static bool is_same(const struct wlk_datagram *datagram)
{
    uint8_t bytes[WLK_PLOT_DATAGRAM_MAX];
    size_t size = encoded(datagram, bytes);
    struct wlk_datagram again;
    memset(&again, 0, sizeof again);
    if (wlk_datagram_decode(bytes, size, &again, NULL) != WLK_OK)
        return false;
    uint8_t twice[WLK_PLOT_DATAGRAM_MAX];
    return encoded(&again, twice) == size && memcmp(bytes, twice, size) == 0 &&
           again.kind == datagram->kind && again.number == datagram->number;
}

static void hold_round_trip(void)
{
    struct wlk_datagram plot = sample_plot(), sighting = sample_sighting(), back;
    uint8_t bytes[WLK_PLOT_DATAGRAM_MAX];
    size_t size = encoded(&plot, bytes);
    wlk_check(size == WLK_DATAGRAM_PLOT_SIZE, "a plot takes 100 bytes");
    wlk_check(wlk_datagram_decode(bytes, size, &back, NULL) == WLK_OK, "and is accepted");
    const struct wlk_datagram_plot *a = &plot.plot, *b = &back.plot;
    wlk_check(a->time_ns == b->time_ns && a->range_mm == b->range_mm &&
                  a->azimuth_nrad == b->azimuth_nrad && a->elevation_nrad == b->elevation_nrad,
              "time, range, azimuth and elevation come back");
    wlk_check(a->range_sigma_mm == b->range_sigma_mm &&
                  a->azimuth_sigma_nrad == b->azimuth_sigma_nrad &&
                  a->elevation_sigma_nrad == b->elevation_sigma_nrad,
              "the sigmas come back, each in its place");
    wlk_check(b->has_range_rate && a->range_rate_mmps == b->range_rate_mmps &&
                  a->range_rate_sigma_mmps == b->range_rate_sigma_mmps && b->has_snr &&
                  a->snr_cdb == b->snr_cdb,
              "range rate and snr come back with their signs");
    size = encoded(&sighting, bytes);
    wlk_check(size == WLK_DATAGRAM_SIGHTING_SIZE, "a sighting takes 76 bytes");
    wlk_check(wlk_datagram_decode(bytes, size, &back, NULL) == WLK_OK &&
                  back.sighting.longitude_e7 == -1257000000 &&
                  back.sighting.told_at_ns == 1503953941000000000 &&
                  back.nature == WLK_NATURE_TEST,
              "and comes back");
    struct wlk_random random = wlk_random_seeded(11, 0);
    bool holds = true;
    for (int i = 0; i < 2000 && holds; i++) {
        plot.number = 1 + wlk_random_below(&random, UINT64_MAX);
        plot.plot.range_mm = 1 + wlk_random_below(&random, 100000000000u);
        plot.plot.azimuth_nrad = wlk_random_below(&random, 6283185308u);
        plot.plot.elevation_nrad = (int64_t)wlk_random_below(&random, 3141592653u) - 1570796326;
        plot.plot.range_sigma_mm = 1 + (uint32_t)wlk_random_below(&random, UINT32_MAX);
        plot.plot.range_rate_mmps = (int32_t)wlk_random_bits(&random);
        holds = is_same(&plot);
    }
    wlk_check(holds, "2,000 random plots come back as the same bytes");
}

/* A few fields, byte by byte. */
static void hold_layout(void)
{
    static const uint8_t head[40] = {'W', 'L', 'K', 'P', 1,   1,   0,   100, 'J', 'P',
                                     '-', 'F', 'P', 'S', '5', '-', 'S', 'A', 'D', 0,
                                     0,   0,   0,   0,   1,   3,   0,   0,   0,   0,
                                     0,   0,   1,   2,   3,   4,   5,   6,   7,   8};
    struct wlk_datagram plot = sample_plot();
    uint8_t bytes[WLK_PLOT_DATAGRAM_MAX];
    encoded(&plot, bytes);
    wlk_check(memcmp(bytes, head, sizeof head) == 0, "the head lies as documented");
    static const uint8_t elevation[8] = {0xff, 0xff, 0xff, 0xff, 0xfd, 0xeb, 0x5e, 0x27};
    wlk_check(memcmp(bytes + 64, elevation, 8) == 0,
              "elevation is a big-endian two's complement number at 64");
    wlk_check(wlk_datagram_crc((const uint8_t *)"123456789", 9) == 0xe3069283u,
              "the CRC is CRC-32C by its published check value");
    uint32_t crc = wlk_datagram_crc(bytes, 96);
    wlk_check(bytes[96] == crc >> 24 && bytes[99] == (crc & 255), "and stands big-endian last");
}

/* The bytes of the first example in the document are those of sample_plot. */
static void hold_document(void)
{
    char path[512], line[256];
    const char *top = getenv("WARNLINK_SOURCE");
    snprintf(path, sizeof path, "%s/docs/formats/plot-datagram.md", top ? top : ".");
    FILE *file = fopen(path, "r");
    uint8_t bytes[WLK_PLOT_DATAGRAM_MAX], shown[WLK_PLOT_DATAGRAM_MAX];
    struct wlk_datagram plot = sample_plot();
    size_t size = encoded(&plot, bytes), count = 0;
    while (file && fgets(line, sizeof line, file)) {
        char *at = line, *end;
        if (strspn(line + strspn(line, " "), "0123456789") != 4)
            continue;
        for (strtoul(at, &at, 10); count < sizeof shown; at = end) {
            unsigned long value = strtoul(at, &end, 16);
            if (end == at)
                break;
            shown[count++] = (uint8_t)value;
        }
    }
    if (file)
        fclose(file);
    wlk_check(count == size && memcmp(bytes, shown, size) == 0,
              "the document shows the bytes of this plot");
}

static void hold_flips(void)
{
    struct wlk_datagram samples[2] = {sample_plot(), sample_sighting()}, out, before;
    memset(&out, 0x5a, sizeof out);
    before = out;
    for (int k = 0; k < 2; k++) {
        uint8_t bytes[WLK_PLOT_DATAGRAM_MAX];
        size_t size = encoded(&samples[k], bytes), taken = 0, silent = 0;
        for (size_t bit = 0; bit < size * 8; bit++) {
            struct wlk_fault fault = {.rule = NULL};
            bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
            taken += wlk_datagram_decode(bytes, size, &out, &fault) == WLK_OK;
            silent += fault.rule == NULL;
            bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        wlk_check(taken == 0 && silent == 0,
                  "each single flipped bit of a %s is refused by rule",
                  k ? "sighting" : "plot");
        size_t cut_taken = 0;
        for (size_t cut = 0; cut < size; cut++)
            cut_taken += wlk_datagram_decode(bytes, cut, &out, NULL) == WLK_OK;
        cut_taken += wlk_datagram_decode(bytes, size + 1, &out, NULL) == WLK_OK;
        wlk_check(cut_taken == 0, "and each other size");
    }
    wlk_check(memcmp(&out, &before, sizeof out) == 0, "refusals leave the output untouched");
}

/* Changes one byte, mends the CRC, and expects this rule at this offset. */
struct planted {
    int kind;
    size_t offset;
    uint8_t value[8];
    size_t width;
    size_t told;
    const char *rule;
};

static const struct planted PLANTED[] = {
    {1, 0, {'X'}, 1, 0, "does not begin with WLKP"},
    {1, 4, {2}, 1, 4, "unknown version"},
    {1, 5, {3}, 1, 5, "unknown kind"},
    {1, 5, {2}, 1, 6, "length is not that of its kind"},
    {1, 7, {101}, 1, 6, "length is not that of its kind"},
    {1, 8, {'j'}, 1, 8, "sensor is not a name padded with zeros"},
    {1, 8, {0}, 1, 8, "sensor is not a name padded with zeros"},
    {1, 23, {'A'}, 1, 8, "sensor is not a name padded with zeros"},
    {1, 24, {0}, 1, 24, "no such nature"},
    {1, 24, {4}, 1, 24, "no such nature"},
    {1, 25, {7}, 1, 25, "unknown presence bit"},
    {2, 25, {1}, 1, 25, "unknown presence bit"},
    {1, 26, {1}, 1, 26, "reserved byte is not zero"},
    {1, 31, {1}, 1, 31, "reserved byte is not zero"},
    {1, 32, {0}, 8, 32, "number is zero"},
    {1, 40, {0}, 8, 40, "time is not after 1970"},
    {1, 40, {0x80}, 1, 40, "time is not after 1970"},
    {1, 48, {0}, 8, 48, "range is not in 1 mm to 100,000 km"},
    {1, 48, {1}, 1, 48, "range is not in 1 mm to 100,000 km"},
    {1, 56, {0, 0, 0, 1, 0x76, 0x81, 0xcc, 0x9c}, 8, 56, "azimuth is not in one turn"},
    {1, 64, {0x40}, 1, 64, "elevation is not within a quarter turn"},
    {1, 72, {0}, 4, 72, "range sigma is zero"},
    {1, 76, {0}, 4, 76, "azimuth sigma is zero"},
    {1, 80, {0}, 4, 80, "elevation sigma is zero"},
    {1, 25, {2}, 1, 84, "absent range rate is not zero"},
    {1, 88, {0}, 4, 88, "range rate sigma does not fit its presence"},
    {1, 25, {1}, 1, 92, "absent snr is not zero"},
    {1, 92, {0x7f}, 1, 92, "snr is not in -50 to 150 dB"},
    {2, 40, {0}, 8, 40, "time is not after 1970"},
    {2, 48, {0}, 8, 48, "time told is not after 1970"},
    {2, 56, {0x7f}, 1, 56, "latitude is not within 90 deg"},
    {2, 60, {0x7f}, 1, 60, "longitude is not within 180 deg"},
    {2, 64, {0}, 4, 64, "place sigma is zero"},
    {2, 68, {0}, 4, 68, "time sigma is zero"},
};

static void hold_rules(void)
{
    for (size_t i = 0; i < sizeof PLANTED / sizeof PLANTED[0]; i++) {
        const struct planted *planted = &PLANTED[i];
        struct wlk_datagram sample = planted->kind == 1 ? sample_plot() : sample_sighting(),
                            out;
        uint8_t bytes[WLK_PLOT_DATAGRAM_MAX];
        size_t size = encoded(&sample, bytes);
        memcpy(bytes + planted->offset, planted->value, planted->width);
        uint32_t crc = wlk_datagram_crc(bytes, size - 4);
        for (unsigned k = 0; k < 4; k++)
            bytes[size - 4 + k] = (uint8_t)(crc >> (24 - 8 * k));
        struct wlk_fault fault = {.rule = "taken"};
        wlk_status status = wlk_datagram_decode(bytes, size, &out, &fault);
        wlk_check(status == WLK_BAD_INPUT && strcmp(fault.rule, planted->rule) == 0 &&
                      fault.offset == planted->told,
                  "refused at %zu: %s%s%s", planted->told, planted->rule,
                  strcmp(fault.rule, planted->rule) ? ", but was: " : "",
                  strcmp(fault.rule, planted->rule) ? fault.rule : "");
    }
}

static void hold_encoder(void)
{
    struct wlk_datagram plot = sample_plot();
    uint8_t bytes[WLK_PLOT_DATAGRAM_MAX] = {0x5a};
    size_t size = 12345;
    wlk_check(wlk_datagram_encode(&plot, bytes, 99, &size) == WLK_FULL && size == 12345 &&
                  bytes[0] == 0x5a,
              "99 bytes of room are too few and stay untouched");
    plot.plot.range_sigma_mm = 0;
    wlk_check(wlk_datagram_encode(&plot, bytes, sizeof bytes, &size) == WLK_BAD_INPUT &&
                  size == 12345,
              "what would be refused cannot be written");
    plot = sample_plot();
    plot.kind = (enum wlk_datagram_kind)3;
    wlk_check(wlk_datagram_encode(&plot, bytes, sizeof bytes, &size) == WLK_BAD_INPUT,
              "nor can an unknown kind");
}

int main(void)
{
    hold_round_trip();
    hold_layout();
    hold_document();
    hold_flips();
    hold_rules();
    hold_encoder();
    return wlk_tap_done();
}
