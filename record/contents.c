/* contents.c -- what stands in the groups of each record type, in bytes and back.
 *
 * Each content is one schema for both directions (record/pass.h), in the order of its bytes;
 * docs/formats/record.cddl says the same for people and other programs.
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/contents.h"

#include "base/assert.h"
#include "record/codec.h"
#include "record/contents_private.h"

#define OBJECTS_MAX    1000000 /* in one launch; far above any raid, below any overflow */
#define SIGMA_LOG2_MAX 62      /* 2^62 still fits int64_t */

WLK_PASS_ENUM(pass_launch_status, wlk_launch_status, WLK_LAUNCH_REVISED)
WLK_PASS_ENUM(pass_condition, wlk_track_condition, WLK_CONDITION_LOST)
WLK_PASS_ENUM(pass_phase, wlk_phase, WLK_PHASE_REENTRY)

/* The lower triangle, row by row, of a covariance with this many rows. */
/*@ requires pass_reads(pass) && (rows == 3 || rows == 6) &&
             \valid(value + (0 .. rows * (rows + 1) / 2 - 1)) &&
             \separated(value + (0 .. rows * (rows + 1) / 2 - 1), pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns value[0 .. rows * (rows + 1) / 2 - 1], pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
static wlk_status pass_covariance(struct wlk_pass *pass, int64_t *value, size_t rows)
{
    WLK_TRY(wlk_pass_ints(pass, value, rows * (rows + 1) / 2, INT64_MAX));
    /*@ loop invariant 0 <= row <= rows; loop assigns row; loop variant rows - row; */
    for (size_t row = 0; row < rows; row++)
        if (value[row * (row + 3) / 2] < 0)
            return wlk_pass_broken(pass, "no negative variance");
    return WLK_OK;
}

/* point = [latitude, longitude, time, [6 covariance], quantum_mm, quantum_ns] */
/*@ requires pass_reads(pass) && \valid(point) &&
             \separated(point, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *point, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
static wlk_status pass_point(struct wlk_pass *pass, struct wlk_point_content *point)
{
    WLK_TRY(wlk_pass_array(pass, 6));
    WLK_TRY(wlk_pass_place(pass, &point->latitude_e7, &point->longitude_e7));
    WLK_TRY(wlk_pass_time(pass, &point->time_ns));
    WLK_TRY(pass_covariance(pass, point->covariance, 3));
    WLK_TRY(wlk_pass_amount(pass, &point->quantum_mm));
    return wlk_pass_amount(pass, &point->quantum_ns);
}

/* [azimuth, sigma] */
/*@ requires pass_reads(pass) && \valid(launch) &&
             \separated(launch, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *launch, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
static wlk_status pass_azimuth(struct wlk_pass *pass, struct wlk_launch_content *launch)
{
    WLK_TRY(wlk_pass_array(pass, 2));
    WLK_TRY(wlk_pass_int(pass, &launch->azimuth_e7, 0, WLK_TURN_E7 - 1));
    return wlk_pass_int(pass, &launch->azimuth_sigma_e7, 0, WLK_TURN_E7);
}

/* [min, max] */
/*@ requires pass_reads(pass) && \valid(launch) &&
             \separated(launch, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *launch, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
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
/*@ requires pass_reads(pass) && \valid(launch) &&
             \separated(launch, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *launch, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
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
/*@ requires pass_reads(pass) && \valid(impact) &&
             \separated(impact, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *impact, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
static wlk_status pass_impact(struct wlk_pass *pass, struct wlk_impact_content *impact)
{
    struct wlk_cbor_map map = {8};
    WLK_TRY(wlk_pass_map(pass, &map));
    WLK_TRY(wlk_pass_key(pass, &map, 1));
    WLK_TRY(pass_point(pass, &impact->point));
    WLK_TRY(wlk_pass_key(pass, &map, 2));
    WLK_TRY(wlk_pass_time(pass, &impact->computed_ns));
    WLK_TRY(wlk_pass_key(pass, &map, 3));
    WLK_TRY(wlk_pass_amount(pass, &impact->data_age_ns));
    WLK_TRY(wlk_pass_key(pass, &map, 4));
    WLK_TRY(pass_condition(pass, &impact->condition));
    WLK_TRY(wlk_pass_key(pass, &map, 5));
    WLK_TRY(wlk_pass_int(pass, &impact->apogee_mm, -WLK_POSITION_MM_MAX, WLK_POSITION_MM_MAX));
    WLK_TRY(wlk_pass_key(pass, &map, 6));
    WLK_TRY(wlk_pass_amount(pass, &impact->track_ns));
    WLK_TRY(wlk_pass_key(pass, &map, 7));
    WLK_TRY(wlk_pass_bool(pass, &impact->assumes_ballistic));
    WLK_TRY(wlk_pass_key(pass, &map, 8));
    WLK_TRY(wlk_pass_bool(pass, &impact->assumes_intact));
    return wlk_pass_end_map(pass, &map);
}

/* {1: reason} */
/*@ requires pass_reads(pass) && \valid(cancel) &&
             \separated(cancel, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *cancel, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
static wlk_status pass_cancel(struct wlk_pass *pass, struct wlk_cancel_content *cancel)
{
    struct wlk_cbor_map map = {1};
    WLK_TRY(wlk_pass_map(pass, &map));
    WLK_TRY(wlk_pass_key(pass, &map, 1));
    WLK_TRY(wlk_pass_text(pass, cancel->reason, sizeof cancel->reason));
    return wlk_pass_end_map(pass, &map);
}

/* [6 of k], each sigma is 2^k */
/*@ requires pass_reads(pass) && \valid(sigma_log2 + (0 .. 5)) &&
             \separated(sigma_log2 + (0 .. 5), pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns sigma_log2[0 .. 5], pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
static wlk_status pass_sigmas(struct wlk_pass *pass, uint8_t sigma_log2[6])
{
    WLK_TRY(wlk_pass_array(pass, 6));
    /*@ loop invariant 0 <= i <= 6 && pass_reads(pass) && pass_went{Pre,Here}(pass);
        loop assigns i, sigma_log2[0 .. 5], pass->reader.from.at, pass->reader.rule;
        loop variant 6 - i; */
    for (size_t i = 0; i < 6; i++) {
        uint64_t value = sigma_log2[i];
        WLK_TRY(wlk_pass_uint(pass, &value, 0, SIGMA_LOG2_MAX));
        sigma_log2[i] = (uint8_t)value;
    }
    return WLK_OK;
}

/* Which track a group holds: coarse has key 6; the others key 5 and perhaps key 9. */
/*@ requires pass_reads(pass) && \valid(map) && \valid(track) &&
             \separated(map, track, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns map->left, *track, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
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

/*@ requires pass_reads(pass) && \valid(map) && \valid(track) &&
             \separated(map, track, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns map->left, *track, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass); */
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
/*@ requires pass_reads(pass) && \valid(track) &&
             \separated(track, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *track, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
static wlk_status pass_track(struct wlk_pass *pass, struct wlk_track_content *track)
{
    struct wlk_cbor_map map = {track->has_last_measurement && !track->is_coarse ? 8 : 7};
    WLK_TRY(wlk_pass_map(pass, &map));
    WLK_TRY(wlk_pass_key(pass, &map, 1));
    WLK_TRY(pass_phase(pass, &track->phase));
    WLK_TRY(wlk_pass_key(pass, &map, 2));
    WLK_TRY(wlk_pass_time(pass, &track->epoch_ns));
    WLK_TRY(wlk_pass_key(pass, &map, 3));
    WLK_TRY(wlk_pass_ints(pass, track->position_mm, 3, WLK_POSITION_MM_MAX));
    WLK_TRY(wlk_pass_key(pass, &map, 4));
    WLK_TRY(wlk_pass_ints(pass, track->velocity_mmps, 3, WLK_VELOCITY_MMPS_MAX));
    WLK_TRY(pass_spread(pass, &map, track));
    WLK_TRY(wlk_pass_key(pass, &map, 7));
    WLK_TRY(wlk_pass_array(pass, 2));
    WLK_TRY(wlk_pass_amount(pass, &track->quantum_mm));
    WLK_TRY(wlk_pass_amount(pass, &track->quantum_mmps));
    WLK_TRY(wlk_pass_key(pass, &map, 8));
    WLK_TRY(pass_condition(pass, &track->condition));
    WLK_TRY(pass_last_measurement(pass, &map, track));
    return wlk_pass_end_map(pass, &map);
}

/*@ requires pass_reads(pass) && \valid(content) &&
             \separated(content, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *content, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass); */
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
        return wlk_pass_plot(pass, &content->plot);
    case WLK_TYPE_STATUS:
        return wlk_pass_status(pass, &content->status);
    case WLK_TYPE_RECEIPT:
        return wlk_pass_receipt(pass, &content->receipt);
    case WLK_TYPE_REFUSED:
        return wlk_pass_refused(pass, &content->refused);
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

/*@ requires pass_reads(pass) && \valid(content) &&
             \separated(content, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *content, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass); */
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
