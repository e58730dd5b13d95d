/* datagram.c -- bytes of the plot datagram to integers and back.
 *
 * Both directions end in the same rules (check_values), so that nothing can be written that
 * would be refused, and what is accepted has exactly one form.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sensors/datagram.h"

#include "base/assert.h"

#include <string.h>

enum {
    AT_VERSION = 4,
    AT_KIND = 5,
    AT_LENGTH = 6,
    AT_SENSOR = 8,
    AT_NATURE = 24,
    AT_PRESENCE = 25,
    AT_RESERVED = 26,
    AT_NUMBER = 32,
    /* plot */
    AT_TIME = 40,
    AT_RANGE = 48,
    AT_AZIMUTH = 56,
    AT_ELEVATION = 64,
    AT_RANGE_SIGMA = 72,
    AT_AZIMUTH_SIGMA = 76,
    AT_ELEVATION_SIGMA = 80,
    AT_RANGE_RATE = 84,
    AT_RANGE_RATE_SIGMA = 88,
    AT_SNR = 92,
    /* sighting */
    AT_LAUNCH_TIME = 40,
    AT_TOLD = 48,
    AT_LATITUDE = 56,
    AT_LONGITUDE = 60,
    AT_PLACE_SIGMA = 64,
    AT_TIME_SIGMA = 68,
    CRC_SIZE = 4,
    HAS_RANGE_RATE = 1,
    HAS_SNR = 2,
};

_Static_assert(AT_SNR + 4 + CRC_SIZE == WLK_DATAGRAM_PLOT_SIZE, "a plot is whole");
_Static_assert(AT_TIME_SIGMA + 4 + CRC_SIZE == WLK_DATAGRAM_SIGHTING_SIZE, "a sighting too");

static const uint8_t MAGIC[4] = {'W', 'L', 'K', 'P'};

static const uint64_t RANGE_MM_MAX = 100000000000u; /* 100,000 km: beyond any radar */
static const uint64_t TURN_NRAD = 6283185307u;      /* 2 pi, rounded down */
static const int64_t QUARTER_NRAD = 1570796326;     /* pi / 2, rounded down */
static const int32_t SNR_CDB_MIN = -5000, SNR_CDB_MAX = 15000;
static const int32_t LATITUDE_E7_MAX = 900000000, LONGITUDE_E7_MAX = 1800000000;

uint32_t wlk_datagram_crc(const uint8_t *bytes, size_t size)
{
    /* Remainders of the sixteen values of half a byte. */
    static const uint32_t half[16] = {0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1,
                                      0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
                                      0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
                                      0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75};
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        crc = crc >> 4 ^ half[crc & 15];
        crc = crc >> 4 ^ half[crc & 15];
    }
    return ~crc;
}

static wlk_status refuse(struct wlk_fault *fault, size_t offset, const char *rule)
{
    if (fault) {
        memset(fault, 0, sizeof *fault);
        fault->offset = offset;
        wlk_fault_set(fault, rule, "in a plot datagram");
    }
    return WLK_BAD_INPUT;
}

struct rule {
    bool is_kept;
    size_t offset;
    const char *words;
};

static wlk_status check_rules(const struct rule *rule, size_t count, struct wlk_fault *fault)
{
    for (size_t i = 0; i < count; i++)
        if (!rule[i].is_kept)
            return refuse(fault, rule[i].offset, rule[i].words);
    return WLK_OK;
}

static wlk_status check_plot(const struct wlk_datagram_plot *plot, struct wlk_fault *fault)
{
    const struct rule rules[] = {
        {plot->time_ns > 0, AT_TIME, "time is not after 1970"},
        {plot->range_mm >= 1 && plot->range_mm <= RANGE_MM_MAX, AT_RANGE,
         "range is not in 1 mm to 100,000 km"},
        {plot->azimuth_nrad <= TURN_NRAD, AT_AZIMUTH, "azimuth is not in one turn"},
        {plot->elevation_nrad >= -QUARTER_NRAD && plot->elevation_nrad <= QUARTER_NRAD,
         AT_ELEVATION, "elevation is not within a quarter turn"},
        {plot->range_sigma_mm > 0, AT_RANGE_SIGMA, "range sigma is zero"},
        {plot->azimuth_sigma_nrad > 0, AT_AZIMUTH_SIGMA, "azimuth sigma is zero"},
        {plot->elevation_sigma_nrad > 0, AT_ELEVATION_SIGMA, "elevation sigma is zero"},
        {plot->has_range_rate || plot->range_rate_mmps == 0, AT_RANGE_RATE,
         "absent range rate is not zero"},
        {plot->has_range_rate == (plot->range_rate_sigma_mmps > 0), AT_RANGE_RATE_SIGMA,
         "range rate sigma does not fit its presence"},
        {plot->has_snr || plot->snr_cdb == 0, AT_SNR, "absent snr is not zero"},
        {plot->snr_cdb >= SNR_CDB_MIN && plot->snr_cdb <= SNR_CDB_MAX, AT_SNR,
         "snr is not in -50 to 150 dB"},
    };
    return check_rules(rules, sizeof rules / sizeof rules[0], fault);
}

static wlk_status check_sighting(const struct wlk_datagram_sighting *sighting,
                                 struct wlk_fault *fault)
{
    const struct rule rules[] = {
        {sighting->launch_time_ns > 0, AT_LAUNCH_TIME, "time is not after 1970"},
        {sighting->told_at_ns > 0, AT_TOLD, "time told is not after 1970"},
        {sighting->latitude_e7 >= -LATITUDE_E7_MAX && sighting->latitude_e7 <= LATITUDE_E7_MAX,
         AT_LATITUDE, "latitude is not within 90 deg"},
        /* -180 is +180 written twice, and one place has one form. */
        {sighting->longitude_e7 > -LONGITUDE_E7_MAX &&
             sighting->longitude_e7 <= LONGITUDE_E7_MAX,
         AT_LONGITUDE, "longitude is not within 180 deg"},
        {sighting->place_sigma_mm > 0, AT_PLACE_SIGMA, "place sigma is zero"},
        {sighting->time_sigma_us > 0, AT_TIME_SIGMA, "time sigma is zero"},
    };
    return check_rules(rules, sizeof rules / sizeof rules[0], fault);
}

/* The rules on values; those on bytes (magic, length, CRC, zeros) are met by construction
 * when encoding. */
static wlk_status check_values(const struct wlk_datagram *datagram, struct wlk_fault *fault)
{
    wlk_name name;
    size_t length = strnlen(datagram->sensor.text, WLK_NAME_SIZE);
    if (wlk_name_from_bytes((const uint8_t *)datagram->sensor.text, length, &name) != WLK_OK ||
        !wlk_name_equal(name, datagram->sensor))
        return refuse(fault, AT_SENSOR, "sensor is not a name padded with zeros");
    if (datagram->nature < WLK_NATURE_EXERCISE || datagram->nature >= WLK_NATURE_END)
        return refuse(fault, AT_NATURE, "no such nature");
    if (datagram->number == 0)
        return refuse(fault, AT_NUMBER, "number is zero");
    if (datagram->kind == WLK_DATAGRAM_PLOT)
        return check_plot(&datagram->plot, fault);
    return check_sighting(&datagram->sighting, fault);
}

static uint64_t get(const uint8_t *bytes, size_t offset, unsigned width)
{
    struct wlk_reader reader = {bytes, offset + width, offset};
    uint64_t value = 0;
    wlk_status status = wlk_read_uint(&reader, width, &value);
    WLK_ASSERT(status == WLK_OK); /* the size was checked before */
    return value;
}

static int32_t get_signed(const uint8_t *bytes, size_t offset)
{
    return (int32_t)(uint32_t)get(bytes, offset, 4);
}

/* Magic, version, kind, length, zeros and CRC: everything that is about bytes. */
static wlk_status check_frame(const uint8_t *bytes, size_t size, struct wlk_fault *fault)
{
    if (size < AT_SENSOR)
        return refuse(fault, size, "shorter than a head");
    if (memcmp(bytes, MAGIC, sizeof MAGIC) != 0)
        return refuse(fault, 0, "does not begin with WLKP");
    if (bytes[AT_VERSION] != WLK_DATAGRAM_VERSION)
        return refuse(fault, AT_VERSION, "unknown version");
    uint8_t kind = bytes[AT_KIND];
    if (kind != WLK_DATAGRAM_PLOT && kind != WLK_DATAGRAM_SIGHTING)
        return refuse(fault, AT_KIND, "unknown kind");
    size_t length =
        kind == WLK_DATAGRAM_PLOT ? WLK_DATAGRAM_PLOT_SIZE : WLK_DATAGRAM_SIGHTING_SIZE;
    if (get(bytes, AT_LENGTH, 2) != length)
        return refuse(fault, AT_LENGTH, "length is not that of its kind");
    if (size != length)
        return refuse(fault, size < length ? size : length, "size is not its length");
    if (get(bytes, length - CRC_SIZE, CRC_SIZE) != wlk_datagram_crc(bytes, length - CRC_SIZE))
        return refuse(fault, length - CRC_SIZE, "CRC does not fit");
    unsigned known = kind == WLK_DATAGRAM_PLOT ? HAS_RANGE_RATE | HAS_SNR : 0u;
    if (bytes[AT_PRESENCE] & ~known)
        return refuse(fault, AT_PRESENCE, "unknown presence bit");
    for (size_t i = AT_RESERVED; i < AT_NUMBER; i++)
        if (bytes[i])
            return refuse(fault, i, "reserved byte is not zero");
    return WLK_OK;
}

static void get_plot(const uint8_t *bytes, struct wlk_datagram_plot *out)
{
    out->time_ns = (int64_t)get(bytes, AT_TIME, 8);
    out->range_mm = get(bytes, AT_RANGE, 8);
    out->azimuth_nrad = get(bytes, AT_AZIMUTH, 8);
    out->elevation_nrad = (int64_t)get(bytes, AT_ELEVATION, 8);
    out->range_sigma_mm = (uint32_t)get(bytes, AT_RANGE_SIGMA, 4);
    out->azimuth_sigma_nrad = (uint32_t)get(bytes, AT_AZIMUTH_SIGMA, 4);
    out->elevation_sigma_nrad = (uint32_t)get(bytes, AT_ELEVATION_SIGMA, 4);
    out->has_range_rate = bytes[AT_PRESENCE] & HAS_RANGE_RATE;
    out->range_rate_mmps = get_signed(bytes, AT_RANGE_RATE);
    out->range_rate_sigma_mmps = (uint32_t)get(bytes, AT_RANGE_RATE_SIGMA, 4);
    out->has_snr = bytes[AT_PRESENCE] & HAS_SNR;
    out->snr_cdb = get_signed(bytes, AT_SNR);
}

static void get_sighting(const uint8_t *bytes, struct wlk_datagram_sighting *out)
{
    out->launch_time_ns = (int64_t)get(bytes, AT_LAUNCH_TIME, 8);
    out->told_at_ns = (int64_t)get(bytes, AT_TOLD, 8);
    out->latitude_e7 = get_signed(bytes, AT_LATITUDE);
    out->longitude_e7 = get_signed(bytes, AT_LONGITUDE);
    out->place_sigma_mm = (uint32_t)get(bytes, AT_PLACE_SIGMA, 4);
    out->time_sigma_us = (uint32_t)get(bytes, AT_TIME_SIGMA, 4);
}

wlk_status wlk_datagram_decode(const uint8_t *bytes, size_t size, struct wlk_datagram *out,
                               struct wlk_fault *fault)
{
    WLK_TRY(check_frame(bytes, size, fault));
    struct wlk_datagram datagram;
    memset(&datagram, 0, sizeof datagram);
    datagram.kind = (enum wlk_datagram_kind)bytes[AT_KIND];
    datagram.nature = (enum wlk_nature)bytes[AT_NATURE];
    memcpy(datagram.sensor.text, bytes + AT_SENSOR, WLK_NAME_SIZE);
    datagram.number = get(bytes, AT_NUMBER, 8);
    if (datagram.kind == WLK_DATAGRAM_PLOT)
        get_plot(bytes, &datagram.plot);
    else
        get_sighting(bytes, &datagram.sighting);
    WLK_TRY(check_values(&datagram, fault));
    *out = datagram;
    return WLK_OK;
}

static void put(uint8_t *bytes, size_t offset, unsigned width, uint64_t value)
{
    struct wlk_writer writer = {bytes, offset + width, offset};
    wlk_status status = wlk_write_uint(&writer, width, value);
    WLK_ASSERT(status == WLK_OK);
}

static void put_plot(const struct wlk_datagram_plot *plot, uint8_t *bytes)
{
    bytes[AT_PRESENCE] =
        (uint8_t)((plot->has_range_rate ? HAS_RANGE_RATE : 0) | (plot->has_snr ? HAS_SNR : 0));
    put(bytes, AT_TIME, 8, (uint64_t)plot->time_ns);
    put(bytes, AT_RANGE, 8, plot->range_mm);
    put(bytes, AT_AZIMUTH, 8, plot->azimuth_nrad);
    put(bytes, AT_ELEVATION, 8, (uint64_t)plot->elevation_nrad);
    put(bytes, AT_RANGE_SIGMA, 4, plot->range_sigma_mm);
    put(bytes, AT_AZIMUTH_SIGMA, 4, plot->azimuth_sigma_nrad);
    put(bytes, AT_ELEVATION_SIGMA, 4, plot->elevation_sigma_nrad);
    put(bytes, AT_RANGE_RATE, 4, (uint32_t)plot->range_rate_mmps);
    put(bytes, AT_RANGE_RATE_SIGMA, 4, plot->range_rate_sigma_mmps);
    put(bytes, AT_SNR, 4, (uint32_t)plot->snr_cdb);
}

static void put_sighting(const struct wlk_datagram_sighting *sighting, uint8_t *bytes)
{
    put(bytes, AT_LAUNCH_TIME, 8, (uint64_t)sighting->launch_time_ns);
    put(bytes, AT_TOLD, 8, (uint64_t)sighting->told_at_ns);
    put(bytes, AT_LATITUDE, 4, (uint32_t)sighting->latitude_e7);
    put(bytes, AT_LONGITUDE, 4, (uint32_t)sighting->longitude_e7);
    put(bytes, AT_PLACE_SIGMA, 4, sighting->place_sigma_mm);
    put(bytes, AT_TIME_SIGMA, 4, sighting->time_sigma_us);
}

wlk_status wlk_datagram_encode(const struct wlk_datagram *datagram, uint8_t *bytes, size_t room,
                               size_t *size_out)
{
    if (datagram->kind != WLK_DATAGRAM_PLOT && datagram->kind != WLK_DATAGRAM_SIGHTING)
        return WLK_BAD_INPUT;
    WLK_TRY(check_values(datagram, NULL));
    bool is_plot = datagram->kind == WLK_DATAGRAM_PLOT;
    size_t length = is_plot ? WLK_DATAGRAM_PLOT_SIZE : WLK_DATAGRAM_SIGHTING_SIZE;
    if (room < length)
        return WLK_FULL;
    memset(bytes, 0, length);
    memcpy(bytes, MAGIC, sizeof MAGIC);
    bytes[AT_VERSION] = WLK_DATAGRAM_VERSION;
    bytes[AT_KIND] = (uint8_t)datagram->kind;
    put(bytes, AT_LENGTH, 2, length);
    memcpy(bytes + AT_SENSOR, datagram->sensor.text, WLK_NAME_SIZE);
    bytes[AT_NATURE] = (uint8_t)datagram->nature;
    put(bytes, AT_NUMBER, 8, datagram->number);
    if (is_plot)
        put_plot(&datagram->plot, bytes);
    else
        put_sighting(&datagram->sighting, bytes);
    put(bytes, length - CRC_SIZE, CRC_SIZE, wlk_datagram_crc(bytes, length - CRC_SIZE));
    *size_out = length;
    return WLK_OK;
}
