/* contents_body.c -- what stands in group body: plots, status, receipts, notices.
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/contents_private.h"

#include "base/assert.h"

wlk_status wlk_pass_amount(struct wlk_pass *pass, uint64_t *value)
{
    return wlk_pass_uint(pass, value, 0, INT64_MAX);
}

wlk_status wlk_pass_place(struct wlk_pass *pass, int64_t *latitude_e7, int64_t *longitude_e7)
{
    WLK_TRY(wlk_pass_int(pass, latitude_e7, -WLK_LATITUDE_E7_MAX, WLK_LATITUDE_E7_MAX));
    return wlk_pass_int(pass, longitude_e7, 1 - WLK_LONGITUDE_E7_MAX, WLK_LONGITUDE_E7_MAX);
}

/* [range, azimuth, elevation] and their sigmas */
/*@ requires pass_reads(pass) && \valid(map) && \valid(plot) &&
             \separated(map, plot, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns map->left, *plot, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
static wlk_status pass_polar(struct wlk_pass *pass, struct wlk_cbor_map *map,
                             struct wlk_plot_content *plot)
{
    WLK_TRY(wlk_pass_key(pass, map, 5));
    WLK_TRY(wlk_pass_array(pass, 3));
    WLK_TRY(wlk_pass_int(pass, &plot->range_mm, 0, WLK_POSITION_MM_MAX));
    WLK_TRY(wlk_pass_int(pass, &plot->azimuth_e7, 0, WLK_TURN_E7 - 1));
    WLK_TRY(wlk_pass_int(pass, &plot->elevation_e7, -WLK_LATITUDE_E7_MAX, WLK_LATITUDE_E7_MAX));
    WLK_TRY(wlk_pass_key(pass, map, 6));
    WLK_TRY(wlk_pass_array(pass, 3));
    WLK_TRY(wlk_pass_uint(pass, &plot->range_sigma_mm, 0, WLK_POSITION_MM_MAX));
    WLK_TRY(wlk_pass_uint(pass, &plot->azimuth_sigma_e9, 0, WLK_SIGMA_E9_MAX));
    return wlk_pass_uint(pass, &plot->elevation_sigma_e9, 0, WLK_SIGMA_E9_MAX);
}

/* [range rate, sigma] */
/*@ requires pass_reads(pass) && \valid(plot) &&
             \separated(plot, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *plot, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
static wlk_status pass_range_rate(struct wlk_pass *pass, struct wlk_plot_content *plot)
{
    WLK_TRY(wlk_pass_array(pass, 2));
    WLK_TRY(wlk_pass_int(pass, &plot->range_rate_mmps, -WLK_VELOCITY_MMPS_MAX,
                         WLK_VELOCITY_MMPS_MAX));
    return wlk_pass_uint(pass, &plot->range_rate_sigma_mmps, 0, WLK_VELOCITY_MMPS_MAX);
}

/* {1: sensor, 2: place of it, 3: number, 4: time, 5: polar, 6: sigmas, ?7: range rate} */
wlk_status wlk_pass_plot(struct wlk_pass *pass, struct wlk_plot_content *plot)
{
    struct wlk_cbor_map map = {plot->has_range_rate ? 7 : 6};
    WLK_TRY(wlk_pass_map(pass, &map));
    WLK_TRY(wlk_pass_key(pass, &map, 1));
    WLK_TRY(wlk_pass_name(pass, &plot->sensor));
    WLK_TRY(wlk_pass_key(pass, &map, 2));
    WLK_TRY(wlk_pass_array(pass, 3));
    WLK_TRY(wlk_pass_place(pass, &plot->latitude_e7, &plot->longitude_e7));
    WLK_TRY(wlk_pass_int(pass, &plot->height_mm, -WLK_POSITION_MM_MAX, WLK_POSITION_MM_MAX));
    WLK_TRY(wlk_pass_key(pass, &map, 3));
    WLK_TRY(wlk_pass_amount(pass, &plot->number));
    WLK_TRY(wlk_pass_key(pass, &map, 4));
    WLK_TRY(wlk_pass_time(pass, &plot->time_ns));
    WLK_TRY(pass_polar(pass, &map, plot));
    WLK_TRY(wlk_pass_optional(pass, &map, 7, &plot->has_range_rate));
    if (plot->has_range_rate)
        WLK_TRY(pass_range_rate(pass, plot));
    return wlk_pass_end_map(pass, &map);
}

/* [originator, lane, seq, digest] */
/*@ requires pass_reads(pass) && \valid(head) &&
             \separated(head, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *head, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
static wlk_status pass_head(struct wlk_pass *pass, struct wlk_head *head)
{
    WLK_TRY(wlk_pass_array(pass, 4));
    WLK_TRY(wlk_pass_name(pass, &head->originator));
    WLK_TRY(wlk_pass_lane(pass, &head->lane));
    WLK_TRY(wlk_pass_amount(pass, &head->seq));
    return wlk_pass_bytes(pass, head->digest.bytes, WLK_DIGEST_SIZE);
}

/* [count, digest] */
/*@ requires pass_reads(pass) && \valid(status) &&
             \separated(status, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *status, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
static wlk_status pass_log(struct wlk_pass *pass, struct wlk_status_content *status)
{
    WLK_TRY(wlk_pass_array(pass, 2));
    WLK_TRY(wlk_pass_amount(pass, &status->log_count));
    return wlk_pass_bytes(pass, status->log_digest.bytes, WLK_DIGEST_SIZE);
}

/* [* head] */
/*@ requires pass_reads(pass) && \valid(status) &&
             \separated(status, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *status, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
static wlk_status pass_heads(struct wlk_pass *pass, struct wlk_status_content *status)
{
    WLK_TRY(wlk_pass_count(pass, &status->head_count, 0, WLK_HEADS_MAX));
    /*@ loop invariant 0 <= i <= status->head_count <= WLK_HEADS_MAX && pass_reads(pass) &&
                       pass_went{Pre,Here}(pass);
        loop assigns i, status->head[0 .. WLK_HEADS_MAX - 1], pass->reader.from.at,
                     pass->reader.rule;
        loop variant status->head_count - i; */
    for (size_t i = 0; i < status->head_count; i++)
        WLK_TRY(pass_head(pass, &status->head[i]));
    return WLK_OK;
}

/* {1: clock error, 2: [* head], ?3: log, 4: started, 5: version} */
wlk_status wlk_pass_status(struct wlk_pass *pass, struct wlk_status_content *status)
{
    struct wlk_cbor_map map = {status->has_log ? 5 : 4};
    WLK_TRY(wlk_pass_map(pass, &map));
    WLK_TRY(wlk_pass_key(pass, &map, 1));
    WLK_TRY(wlk_pass_amount(pass, &status->clock_error_ns));
    WLK_TRY(wlk_pass_key(pass, &map, 2));
    WLK_TRY(pass_heads(pass, status));
    WLK_TRY(wlk_pass_optional(pass, &map, 3, &status->has_log));
    if (status->has_log)
        WLK_TRY(pass_log(pass, status));
    WLK_TRY(wlk_pass_key(pass, &map, 4));
    WLK_TRY(wlk_pass_amount(pass, &status->started_ns));
    WLK_TRY(wlk_pass_key(pass, &map, 5));
    WLK_TRY(wlk_pass_amount(pass, &status->version));
    return wlk_pass_end_map(pass, &map);
}

/* {1: originator, 2: lane, 3: [received, durable, shown]} */
wlk_status wlk_pass_receipt(struct wlk_pass *pass, struct wlk_receipt_content *receipt)
{
    struct wlk_cbor_map map = {3};
    WLK_TRY(wlk_pass_map(pass, &map));
    WLK_TRY(wlk_pass_key(pass, &map, 1));
    WLK_TRY(wlk_pass_name(pass, &receipt->originator));
    WLK_TRY(wlk_pass_key(pass, &map, 2));
    WLK_TRY(wlk_pass_lane(pass, &receipt->lane));
    WLK_TRY(wlk_pass_key(pass, &map, 3));
    WLK_TRY(wlk_pass_array(pass, 3));
    WLK_TRY(wlk_pass_amount(pass, &receipt->received_seq));
    WLK_TRY(wlk_pass_amount(pass, &receipt->durable_seq));
    WLK_TRY(wlk_pass_amount(pass, &receipt->shown_seq));
    if (receipt->durable_seq > receipt->received_seq ||
        receipt->shown_seq > receipt->received_seq)
        return wlk_pass_broken(pass, "durable and shown at most received");
    return wlk_pass_end_map(pass, &map);
}

/* [first, last] and the digest of the last */
/*@ requires pass_reads(pass) && \valid(map) && \valid(refused) &&
             \separated(map, refused, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns map->left, *refused, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
static wlk_status pass_range(struct wlk_pass *pass, struct wlk_cbor_map *map,
                             struct wlk_refused_content *refused)
{
    WLK_TRY(wlk_pass_key(pass, map, 4));
    WLK_TRY(wlk_pass_array(pass, 2));
    WLK_TRY(wlk_pass_uint(pass, &refused->first_seq, 1, INT64_MAX));
    WLK_TRY(wlk_pass_uint(pass, &refused->last_seq, 1, INT64_MAX));
    if (refused->first_seq > refused->last_seq)
        return wlk_pass_broken(pass, "first seq at most last seq");
    WLK_TRY(wlk_pass_key(pass, map, 5));
    return wlk_pass_bytes(pass, refused->digest.bytes, WLK_DIGEST_SIZE);
}

/* {1: originator, 2: recipient, 3: lane, 4: [first, last], 5: digest, 6: clause, ?7: reason} */
wlk_status wlk_pass_refused(struct wlk_pass *pass, struct wlk_refused_content *refused)
{
    bool has_reason = refused->reason[0] != '\0';
    struct wlk_cbor_map map = {has_reason ? 7 : 6};
    WLK_TRY(wlk_pass_map(pass, &map));
    WLK_TRY(wlk_pass_key(pass, &map, 1));
    WLK_TRY(wlk_pass_name(pass, &refused->originator));
    WLK_TRY(wlk_pass_key(pass, &map, 2));
    WLK_TRY(wlk_pass_name(pass, &refused->recipient));
    WLK_TRY(wlk_pass_key(pass, &map, 3));
    WLK_TRY(wlk_pass_lane(pass, &refused->lane));
    WLK_TRY(pass_range(pass, &map, refused));
    WLK_TRY(wlk_pass_key(pass, &map, 6));
    WLK_TRY(wlk_pass_text(pass, refused->clause, sizeof refused->clause));
    WLK_TRY(wlk_pass_optional(pass, &map, 7, &has_reason));
    if (has_reason)
        WLK_TRY(wlk_pass_text(pass, refused->reason, sizeof refused->reason));
    return wlk_pass_end_map(pass, &map);
}
