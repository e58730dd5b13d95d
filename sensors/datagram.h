/* datagram.h -- the plot datagram: one UDP datagram is one plot or one infrared sighting.
 *
 * The layout, byte by byte, is docs/formats/plot-datagram.md; big-endian, fixed size. Values
 * stay as integers here, exactly as on the wire, so that what is accepted encodes to the same
 * bytes again. The CRC finds damage, not forgery: a radar's datagrams stay inside the network
 * of its nation. Read by: sensors/intake.c; programs/ (a rehearsed radar sends them).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_SENSORS_DATAGRAM_H
#define WLK_SENSORS_DATAGRAM_H

#include "base/bytes.h"
#include "record/header.h"

#include <stdbool.h>

enum {
    WLK_DATAGRAM_VERSION = 1,
    WLK_DATAGRAM_PLOT_SIZE = 100,
    WLK_DATAGRAM_SIGHTING_SIZE = 76,
};

_Static_assert((int)WLK_DATAGRAM_PLOT_SIZE <= (int)WLK_PLOT_DATAGRAM_MAX, "a plot fits");
_Static_assert((int)WLK_DATAGRAM_SIGHTING_SIZE <= (int)WLK_PLOT_DATAGRAM_MAX, "and a sighting");

enum wlk_datagram_kind { WLK_DATAGRAM_PLOT = 1, WLK_DATAGRAM_SIGHTING = 2 };

/* As observed: refraction and calibration are NOT removed; azimuth clockwise from true
 * north. Angles in units of 1e-9 rad ("nrad"). */
struct wlk_datagram_plot {
    int64_t time_ns;              /* of the measurement, UTC since 1970; > 0 */
    uint64_t range_mm;            /* 1 .. 1e11 (100,000 km) */
    uint64_t azimuth_nrad;        /* [0, 2 pi) */
    int64_t elevation_nrad;       /* [-pi/2, pi/2] */
    uint32_t range_sigma_mm;      /* one sigma, > 0 */
    uint32_t azimuth_sigma_nrad;  /* one sigma, > 0 */
    uint32_t elevation_sigma_nrad; /* one sigma, > 0 */
    bool has_range_rate;
    int32_t range_rate_mmps;      /* positive: receding; 0 if absent */
    uint32_t range_rate_sigma_mmps; /* > 0; 0 if absent */
    bool has_snr;
    int32_t snr_cdb;              /* 0.01 dB, [-5000, 15000]; 0 if absent */
};

struct wlk_datagram_sighting {
    int64_t launch_time_ns;       /* UTC since 1970; > 0 */
    int64_t told_at_ns;           /* when the satellite's ground station told it; > 0 */
    int32_t latitude_e7, longitude_e7; /* 1e-7 deg, of the launch, WGS-84 */
    uint32_t place_sigma_mm;      /* each axis, one sigma, > 0 */
    uint32_t time_sigma_us;       /* one sigma, > 0 */
};

struct wlk_datagram {
    enum wlk_datagram_kind kind;
    enum wlk_nature nature;       /* a rehearsed radar says exercise */
    wlk_name sensor;
    uint64_t number;              /* of the datagram at its sensor, from 1, rising */
    union {
        struct wlk_datagram_plot plot;
        struct wlk_datagram_sighting sighting;
    };
};

/* Reads one datagram; size is that of the datagram as it came.
 *
 * WLK_OK         *out is complete.
 * WLK_BAD_INPUT  a rule is broken: fault (may be NULL) has the offset and the rule.
 * Bound: WLK_PLOT_DATAGRAM_MAX bytes; no allocation. Held by: datagram_test.c,
 * datagram_fuzz.c (what is accepted encodes to the same bytes). */
wlk_status wlk_datagram_decode(const uint8_t *bytes, size_t size, struct wlk_datagram *out,
                               struct wlk_fault *fault) WLK_MUST_USE;

/* Writes datagram into bytes; *size_out is the count written.
 *
 * WLK_FULL       fewer than the needed bytes of room.
 * WLK_BAD_INPUT  a value breaks a rule that decode would refuse. */
wlk_status wlk_datagram_encode(const struct wlk_datagram *datagram, uint8_t *bytes,
                               size_t room, size_t *size_out) WLK_MUST_USE;

/* CRC-32C (Castagnoli): reflected polynomial 0x82f63b78, start and final xor all ones
 * [RFC 3720, B.4; "123456789" gives 0xe3069283]. */
uint32_t wlk_datagram_crc(const uint8_t *bytes, size_t size);

#endif
