/* contents.c -- what stands in the groups of each record type, in bytes and back.
 *
 * Each content is one schema for both directions (record/pass.h), in the order of its bytes;
 * docs/formats/record.cddl says the same for people and other programs.
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/contents.h"

#include "base/assert.h"
#include "record/codec.h"
#include "record/pass.h"

/* Bounds of the format, not of physics; ASSUMPTION: nothing a radar of this exchange sees is
 * farther out than 100,000 km or faster than 100 km/s. */
#define POSITION_MM_MAX   100000000000
#define VELOCITY_MMPS_MAX 100000000
#define LATITUDE_E7_MAX   900000000
#define LONGITUDE_E7_MAX  1800000000
#define TURN_E7           3600000000
#define SIGMA_E9_MAX      360000000000
#define OBJECTS_MAX       1000000 /* in one launch; far above any raid, below any overflow */
#define SIGMA_LOG2_MAX    62      /* 2^62 still fits int64_t */

WLK_PASS_ENUM(pass_launch_status, wlk_launch_status, WLK_LAUNCH_REVISED)
WLK_PASS_ENUM(pass_condition, wlk_track_condition, WLK_CONDITION_LOST)
WLK_PASS_ENUM(pass_phase, wlk_phase, WLK_PHASE_REENTRY)

/* A count, a duration, a sigma: not negative, fits int64_t. */
static wlk_status pass_amount(struct wlk_pass *pass, uint64_t *value)
{
    return wlk_pass_uint(pass, value, 0, INT64_MAX);
}

static wlk_status pass_place(struct wlk_pass *pass, int64_t *latitude_e7, int64_t *longitude_e7)
{
    WLK_TRY(wlk_pass_int(pass, latitude_e7, -LATITUDE_E7_MAX, LATITUDE_E7_MAX));
    return wlk_pass_int(pass, longitude_e7, 1 - LONGITUDE_E7_MAX, LONGITUDE_E7_MAX);
}

/* The lower triangle, row by row, of a covariance with this many rows. */
static wlk_status pass_covariance(struct wlk_pass *pass, int64_t *value, size_t rows)
{
    WLK_TRY(wlk_pass_ints(pass, value, rows * (rows + 1) / 2, INT64_MAX));
    for (size_t row = 0; row < rows; row++)
        if (value[row * (row + 3) / 2] < 0)
            return wlk_pass_broken(pass, "no negative variance");
    return WLK_OK;
}

/* point = [latitude, longitude, time, [6 covariance], quantum_mm, quantum_ns] */
static wlk_status pass_point(struct wlk_pass *pass, struct wlk_point_content *point)
{
    WLK_TRY(wlk_pass_array(pass, 6));
    WLK_TRY(pass_place(pass, &point->latitude_e7, &point->longitude_e7));
    WLK_TRY(wlk_pass_time(pass, &point->time_ns));
    WLK_TRY(pass_covariance(pass, point->covariance, 3));
    WLK_TRY(pass_amount(pass, &point->quantum_mm));
    return pass_amount(pass, &point->quantum_ns);
}

/* [azimuth, sigma] */
static wlk_status pass_azimuth(struct wlk_pass *pass, struct wlk_launch_content *launch)
{
    WLK_TRY(wlk_pass_array(pass, 2));
    WLK_TRY(wlk_pass_int(pass, &launch->azimuth_e7, 0, TURN_E7 - 1));
    return wlk_pass_int(pass, &launch->azimuth_sigma_e7, 0, TURN_E7);
}

/* [min, max] */
static wlk_status pass_object_count(struct wlk_pass *pass, struct wlk_launch_content *launch)
{
    WLK_TRY(wlk_pass_array(pass, 2));
    WLK_TRY(wlk_pass_uint(pass, &launch->count_min, 0, OBJECTS_MAX));
    WLK_TRY(wlk_pass_uint(pass, &launch->count_max, 1, OBJECTS_MAX));
    if (launch->count_min > launch->count_max)
        return wlk_pass_broken(pass, "count_min at most count_max");
    return WLK_OK;
}

/* {1: point, 2: status, ?3: azimuth, 4: object count} */
static wlk_status pass_launch(struct wlk_pass *pass, struct wlk_launch_content *launch)
{
    struct wlk_cbor_map map = {launch->has_azimuth ? 4 : 3};
    WLK_TRY(wlk_pass_map(pass, &map));
    WLK_TRY(wlk_pass_key(pass, &map, 1));
    WLK_TRY(pass_point(pass, &launch->point));
    WLK_TRY(wlk_pass_key(pass, &map, 2));
    WLK_TRY(pass_launch_status(pass, &launch->status));
    WLK_TRY(wlk_pass_optional(pass, &map, 3, &launch->has_azimuth));
    if (launch->has_azimuth)
        WLK_TRY(pass_azimuth(pass, launch));
    WLK_TRY(wlk_pass_key(pass, &map, 4));
    WLK_TRY(pass_object_count(pass, launch));
    return wlk_pass_end_map(pass, &map);
}

/* {1: point, 2: computed, 3: data age, 4: condition, 5: apogee, 6: track, 7: ballistic?,
 *  8: intact?} */
static wlk_status pass_impact(struct wlk_pass *pass, struct wlk_impact_content *impact)
{
    struct wlk_cbor_map map = {8};
    WLK_TRY(wlk_pass_map(pass, &map));
    WLK_TRY(wlk_pass_key(pass, &map, 1));
    WLK_TRY(pass_point(pass, &impact->point));
    WLK_TRY(wlk_pass_key(pass, &map, 2));
    WLK_TRY(wlk_pass_time(pass, &impact->computed_ns));
    WLK_TRY(wlk_pass_key(pass, &map, 3));
    WLK_TRY(pass_amount(pass, &impact->data_age_ns));
    WLK_TRY(wlk_pass_key(pass, &map, 4));
    WLK_TRY(pass_condition(pass, &impact->condition));
    WLK_TRY(wlk_pass_key(pass, &map, 5));
    WLK_TRY(wlk_pass_int(pass, &impact->apogee_mm, -POSITION_MM_MAX, POSITION_MM_MAX));
    WLK_TRY(wlk_pass_key(pass, &map, 6));
    WLK_TRY(pass_amount(pass, &impact->track_ns));
    WLK_TRY(wlk_pass_key(pass, &map, 7));
    WLK_TRY(wlk_pass_bool(pass, &impact->assumes_ballistic));
    WLK_TRY(wlk_pass_key(pass, &map, 8));
    WLK_TRY(wlk_pass_bool(pass, &impact->assumes_intact));
    return wlk_pass_end_map(pass, &map);
}

/* {1: reason} */
static wlk_status pass_cancel(struct wlk_pass *pass, struct wlk_cancel_content *cancel)
{
    struct wlk_cbor_map map = {1};
    WLK_TRY(wlk_pass_map(pass, &map));
    WLK_TRY(wlk_pass_key(pass, &map, 1));
    WLK_TRY(wlk_pass_text(pass, cancel->reason, sizeof cancel->reason));
    return wlk_pass_end_map(pass, &map);
}

/* [6 of k], each sigma is 2^k */
static wlk_status pass_sigmas(struct wlk_pass *pass, uint8_t sigma_log2[6])
{
    WLK_TRY(wlk_pass_array(pass, 6));
    for (size_t i = 0; i < 6; i++) {
        uint64_t value = sigma_log2[i];
        WLK_TRY(wlk_pass_uint(pass, &value, 0, SIGMA_LOG2_MAX));
        sigma_log2[i] = (uint8_t)value;
    }
    return WLK_OK;
}

/* Which track a group holds: coarse has key 6; the others key 5 and perhaps key 9. */
static wlk_status pass_spread(struct wlk_pass *pass, struct wlk_cbor_map *map,
                              struct wlk_track_content *track)
{
    if (track->is_coarse) {
        WLK_TRY(wlk_pass_key(pass, map, 6));
        return pass_sigmas(pass, track->sigma_log2);
    }
    WLK_TRY(wlk_pass_key(pass, map, 5));
    return pass_covariance(pass, track->covariance, 6);
}

static wlk_status pass_last_measurement(struct wlk_pass *pass, struct wlk_cbor_map *map,
                                        struct wlk_track_content *track)
{
    if (track->is_coarse) {
        if (wlk_pass_is_writing(pass) && track->has_last_measurement)
            return wlk_pass_broken(pass, "a coarse track tells no last measurement");
        return WLK_OK;
    }
    WLK_TRY(wlk_pass_optional(pass, map, 9, &track->has_last_measurement));
    if (track->has_last_measurement)
        WLK_TRY(wlk_pass_time(pass, &track->last_measurement_ns));
    return WLK_OK;
}

/* {1: phase, 2: epoch, 3: position, 4: velocity, 5: covariance / 6: sigmas, 7: quanta,
 *  8: condition, ?9: last measurement} */
static wlk_status pass_track(struct wlk_pass *pass, struct wlk_track_content *track)
{
    struct wlk_cbor_map map = {track->has_last_measurement && !track->is_coarse ? 8 : 7};
    WLK_TRY(wlk_pass_map(pass, &map));
    WLK_TRY(wlk_pass_key(pass, &map, 1));
    WLK_TRY(pass_phase(pass, &track->phase));
    WLK_TRY(wlk_pass_key(pass, &map, 2));
    WLK_TRY(wlk_pass_time(pass, &track->epoch_ns));
    WLK_TRY(wlk_pass_key(pass, &map, 3));
    WLK_TRY(wlk_pass_ints(pass, track->position_mm, 3, POSITION_MM_MAX));
    WLK_TRY(wlk_pass_key(pass, &map, 4));
    WLK_TRY(wlk_pass_ints(pass, track->velocity_mmps, 3, VELOCITY_MMPS_MAX));
    WLK_TRY(pass_spread(pass, &map, track));
    WLK_TRY(wlk_pass_key(pass, &map, 7));
    WLK_TRY(wlk_pass_array(pass, 2));
    WLK_TRY(pass_amount(pass, &track->quantum_mm));
    WLK_TRY(pass_amount(pass, &track->quantum_mmps));
    WLK_TRY(wlk_pass_key(pass, &map, 8));
    WLK_TRY(pass_condition(pass, &track->condition));
    WLK_TRY(pass_last_measurement(pass, &map, track));
    return wlk_pass_end_map(pass, &map);
}

/* [range, azimuth, elevation] and their sigmas */
static wlk_status pass_polar(struct wlk_pass *pass, struct wlk_cbor_map *map,
                             struct wlk_plot_content *plot)
{
    WLK_TRY(wlk_pass_key(pass, map, 5));
    WLK_TRY(wlk_pass_array(pass, 3));
    WLK_TRY(wlk_pass_int(pass, &plot->range_mm, 0, POSITION_MM_MAX));
    WLK_TRY(wlk_pass_int(pass, &plot->azimuth_e7, 0, TURN_E7 - 1));
    WLK_TRY(wlk_pass_int(pass, &plot->elevation_e7, -LATITUDE_E7_MAX, LATITUDE_E7_MAX));
    WLK_TRY(wlk_pass_key(pass, map, 6));
    WLK_TRY(wlk_pass_array(pass, 3));
    WLK_TRY(wlk_pass_uint(pass, &plot->range_sigma_mm, 0, POSITION_MM_MAX));
    WLK_TRY(wlk_pass_uint(pass, &plot->azimuth_sigma_e9, 0, SIGMA_E9_MAX));
    return wlk_pass_uint(pass, &plot->elevation_sigma_e9, 0, SIGMA_E9_MAX);
}

/* [range rate, sigma] */
static wlk_status pass_range_rate(struct wlk_pass *pass, struct wlk_plot_content *plot)
{
    WLK_TRY(wlk_pass_array(pass, 2));
    WLK_TRY(wlk_pass_int(pass, &plot->range_rate_mmps, -VELOCITY_MMPS_MAX, VELOCITY_MMPS_MAX));
    return wlk_pass_uint(pass, &plot->range_rate_sigma_mmps, 0, VELOCITY_MMPS_MAX);
}

/* {1: sensor, 2: place of it, 3: number, 4: time, 5: polar, 6: sigmas, ?7: range rate} */
static wlk_status pass_plot(struct wlk_pass *pass, struct wlk_plot_content *plot)
{
    struct wlk_cbor_map map = {plot->has_range_rate ? 7 : 6};
    WLK_TRY(wlk_pass_map(pass, &map));
    WLK_TRY(wlk_pass_key(pass, &map, 1));
    WLK_TRY(wlk_pass_name(pass, &plot->sensor));
    WLK_TRY(wlk_pass_key(pass, &map, 2));
    WLK_TRY(wlk_pass_array(pass, 3));
    WLK_TRY(pass_place(pass, &plot->latitude_e7, &plot->longitude_e7));
    WLK_TRY(wlk_pass_int(pass, &plot->height_mm, -POSITION_MM_MAX, POSITION_MM_MAX));
    WLK_TRY(wlk_pass_key(pass, &map, 3));
    WLK_TRY(pass_amount(pass, &plot->number));
    WLK_TRY(wlk_pass_key(pass, &map, 4));
    WLK_TRY(wlk_pass_time(pass, &plot->time_ns));
    WLK_TRY(pass_polar(pass, &map, plot));
    WLK_TRY(wlk_pass_optional(pass, &map, 7, &plot->has_range_rate));
    if (plot->has_range_rate)
        WLK_TRY(pass_range_rate(pass, plot));
    return wlk_pass_end_map(pass, &map);
}

/* [originator, lane, seq, digest] */
static wlk_status pass_head(struct wlk_pass *pass, struct wlk_head *head)
{
    WLK_TRY(wlk_pass_array(pass, 4));
    WLK_TRY(wlk_pass_name(pass, &head->originator));
    WLK_TRY(wlk_pass_lane(pass, &head->lane));
    WLK_TRY(pass_amount(pass, &head->seq));
    return wlk_pass_bytes(pass, head->digest.bytes, WLK_DIGEST_SIZE);
}

/* [count, digest] */
static wlk_status pass_log(struct wlk_pass *pass, struct wlk_status_content *status)
{
    WLK_TRY(wlk_pass_array(pass, 2));
    WLK_TRY(pass_amount(pass, &status->log_count));
    return wlk_pass_bytes(pass, status->log_digest.bytes, WLK_DIGEST_SIZE);
}

/* {1: clock error, 2: [* head], ?3: log, 4: started, 5: version} */
static wlk_status pass_status(struct wlk_pass *pass, struct wlk_status_content *status)
{
    struct wlk_cbor_map map = {status->has_log ? 5 : 4};
    WLK_TRY(wlk_pass_map(pass, &map));
    WLK_TRY(wlk_pass_key(pass, &map, 1));
    WLK_TRY(pass_amount(pass, &status->clock_error_ns));
    WLK_TRY(wlk_pass_key(pass, &map, 2));
    WLK_TRY(wlk_pass_count(pass, &status->head_count, 0, WLK_HEADS_MAX));
    for (size_t i = 0; i < status->head_count; i++)
        WLK_TRY(pass_head(pass, &status->head[i]));
    WLK_TRY(wlk_pass_optional(pass, &map, 3, &status->has_log));
    if (status->has_log)
        WLK_TRY(pass_log(pass, status));
    WLK_TRY(wlk_pass_key(pass, &map, 4));
    WLK_TRY(pass_amount(pass, &status->started_ns));
    WLK_TRY(wlk_pass_key(pass, &map, 5));
    WLK_TRY(pass_amount(pass, &status->version));
    return wlk_pass_end_map(pass, &map);
}

/* {1: originator, 2: lane, 3: [received, durable, shown]} */
static wlk_status pass_receipt(struct wlk_pass *pass, struct wlk_receipt_content *receipt)
{
    struct wlk_cbor_map map = {3};
    WLK_TRY(wlk_pass_map(pass, &map));
    WLK_TRY(wlk_pass_key(pass, &map, 1));
    WLK_TRY(wlk_pass_name(pass, &receipt->originator));
    WLK_TRY(wlk_pass_key(pass, &map, 2));
    WLK_TRY(wlk_pass_lane(pass, &receipt->lane));
    WLK_TRY(wlk_pass_key(pass, &map, 3));
    WLK_TRY(wlk_pass_array(pass, 3));
    WLK_TRY(pass_amount(pass, &receipt->received_seq));
    WLK_TRY(pass_amount(pass, &receipt->durable_seq));
    WLK_TRY(pass_amount(pass, &receipt->shown_seq));
    if (receipt->durable_seq > receipt->received_seq ||
        receipt->shown_seq > receipt->received_seq)
        return wlk_pass_broken(pass, "durable and shown at most received");
    return wlk_pass_end_map(pass, &map);
}

/* [first, last] and the digest of the last */
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
static wlk_status pass_refused(struct wlk_pass *pass, struct wlk_refused_content *refused)
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

static wlk_status pass_content(struct wlk_pass *pass, enum wlk_type type,
                               union wlk_content *content)
{
    switch (type) {
    case WLK_TYPE_LAUNCH:
        return pass_launch(pass, &content->launch);
    case WLK_TYPE_IMPACT:
        return pass_impact(pass, &content->impact);
    case WLK_TYPE_CANCEL:
        return pass_cancel(pass, &content->cancel);
    case WLK_TYPE_TRACK:
        return pass_track(pass, &content->track);
    case WLK_TYPE_PLOT:
        return pass_plot(pass, &content->plot);
    case WLK_TYPE_STATUS:
        return pass_status(pass, &content->status);
    case WLK_TYPE_RECEIPT:
        return pass_receipt(pass, &content->receipt);
    case WLK_TYPE_REFUSED:
        return pass_refused(pass, &content->refused);
    case WLK_TYPE_END:
        break;
    }
    return wlk_pass_broken(pass, "no such type");
}

/* Bytes of the member of a type, so that only that much is copied. */
static size_t member_size(enum wlk_type type)
{
    static const size_t size[] = {
        [WLK_TYPE_LAUNCH] = sizeof(struct wlk_launch_content),
        [WLK_TYPE_IMPACT] = sizeof(struct wlk_impact_content),
        [WLK_TYPE_CANCEL] = sizeof(struct wlk_cancel_content),
        [WLK_TYPE_TRACK] = sizeof(struct wlk_track_content),
        [WLK_TYPE_PLOT] = sizeof(struct wlk_plot_content),
        [WLK_TYPE_STATUS] = sizeof(struct wlk_status_content),
        [WLK_TYPE_RECEIPT] = sizeof(struct wlk_receipt_content),
        [WLK_TYPE_REFUSED] = sizeof(struct wlk_refused_content),
    };
    _Static_assert(sizeof size / sizeof size[0] == WLK_TYPE_END, "each type has a size");
    return (unsigned)type < WLK_TYPE_END ? size[type] : 0;
}

wlk_status wlk_content_encode(enum wlk_type type, enum wlk_group group,
                              const union wlk_content *content, struct wlk_writer *out)
{
    if (type == WLK_TYPE_TRACK && content->track.is_coarse != (group == WLK_GROUP_COARSE))
        return WLK_BAD_INPUT;
    union wlk_content copy;
    memcpy(&copy, content, member_size(type));
    struct wlk_writer ahead = *out;
    struct wlk_pass pass = {.to = &ahead};
    WLK_TRY(pass_content(&pass, type, &copy));
    *out = ahead;
    return WLK_OK;
}

static wlk_status read_content(struct wlk_pass *pass, enum wlk_type type,
                               union wlk_content *content)
{
    WLK_TRY(pass_content(pass, type, content));
    return wlk_cbor_end(&pass->reader);
}

wlk_status wlk_content_decode(const struct wlk_disclosure *from, union wlk_content *out,
                              struct wlk_fault *fault)
{
    if (from->is_withheld) {
        wlk_fault_set(fault, "the group is withheld", "%s", wlk_group_word(from->group));
        return WLK_NOT_RELEASABLE;
    }
    union wlk_content content;
    memset(&content, 0, member_size(from->type));
    if (from->type == WLK_TYPE_TRACK)
        content.track.is_coarse = from->group == WLK_GROUP_COARSE;
    struct wlk_pass pass = {.to = NULL};
    wlk_cbor_init(&pass.reader, from->content, from->content_size);
    wlk_status status = read_content(&pass, from->type, &content);
    if (status == WLK_OK) {
        memcpy(out, &content, member_size(from->type));
        return WLK_OK;
    }
    wlk_fault_set(fault, pass.reader.rule, "content of %s", wlk_type_word(from->type));
    if (fault)
        fault->offset = pass.reader.from.at;
    return status;
}

#define DECODE_FUNCTION(kind, number)                                                          \
    wlk_status wlk_##kind##_content_decode(const struct wlk_disclosure *from,                  \
                                           struct wlk_##kind##_content *out,                   \
                                           struct wlk_fault *fault)                            \
    {                                                                                          \
        if (from->type != (number)) {                                                          \
            wlk_fault_set(fault, "another type of record", "%s", wlk_type_word(from->type));   \
            return WLK_BAD_INPUT;                                                              \
        }                                                                                      \
        union wlk_content content;                                                             \
        WLK_TRY(wlk_content_decode(from, &content, fault));                                    \
        *out = content.kind;                                                                   \
        return WLK_OK;                                                                         \
    }

DECODE_FUNCTION(launch, WLK_TYPE_LAUNCH)
DECODE_FUNCTION(impact, WLK_TYPE_IMPACT)
DECODE_FUNCTION(cancel, WLK_TYPE_CANCEL)
DECODE_FUNCTION(track, WLK_TYPE_TRACK)
DECODE_FUNCTION(plot, WLK_TYPE_PLOT)
DECODE_FUNCTION(status, WLK_TYPE_STATUS)
DECODE_FUNCTION(receipt, WLK_TYPE_RECEIPT)
DECODE_FUNCTION(refused, WLK_TYPE_REFUSED)
