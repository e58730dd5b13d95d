/* contents_private.h -- what contents.c and contents_body.c share: bounds, and the parts of a
 * schema. Contracts as in record/pass.h. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RECORD_CONTENTS_PRIVATE_H
#define WLK_RECORD_CONTENTS_PRIVATE_H

#include "record/contents.h"
#include "record/pass.h"

/* Bounds of the format, not of physics; ASSUMPTION: nothing a radar of this exchange sees is
 * farther out than 100,000 km or faster than 100 km/s. */
#define WLK_POSITION_MM_MAX   100000000000
#define WLK_VELOCITY_MMPS_MAX 100000000
#define WLK_LATITUDE_E7_MAX   900000000
#define WLK_LONGITUDE_E7_MAX  1800000000
#define WLK_TURN_E7           3600000000
#define WLK_SIGMA_E9_MAX      360000000000

/* A count, a duration, a sigma: not negative, fits int64_t. */
/*@ requires pass_reads(pass) && \valid(value) &&
             \separated(value, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *value, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass) && *value <= INT64_MAX; */
wlk_status wlk_pass_amount(struct wlk_pass *pass, uint64_t *value) WLK_MUST_USE;

/* Latitude and longitude, 1e-7 deg; longitude above -180. */
/*@ requires pass_reads(pass) && \valid(latitude_e7) && \valid(longitude_e7) &&
             \separated(latitude_e7, longitude_e7, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *latitude_e7, *longitude_e7, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
wlk_status wlk_pass_place(struct wlk_pass *pass, int64_t *latitude_e7,
                          int64_t *longitude_e7) WLK_MUST_USE;

/* What stands in group body, by type. */
/*@ requires pass_reads(pass) && \valid(plot) &&
             \separated(plot, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *plot, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
wlk_status wlk_pass_plot(struct wlk_pass *pass, struct wlk_plot_content *plot) WLK_MUST_USE;
/*@ requires pass_reads(pass) && \valid(status) &&
             \separated(status, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *status, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
wlk_status wlk_pass_status(struct wlk_pass *pass,
                           struct wlk_status_content *status) WLK_MUST_USE;
/*@ requires pass_reads(pass) && \valid(receipt) &&
             \separated(receipt, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *receipt, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
wlk_status wlk_pass_receipt(struct wlk_pass *pass,
                            struct wlk_receipt_content *receipt) WLK_MUST_USE;
/*@ requires pass_reads(pass) && \valid(refused) &&
             \separated(refused, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *refused, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
wlk_status wlk_pass_refused(struct wlk_pass *pass,
                            struct wlk_refused_content *refused) WLK_MUST_USE;

#endif
