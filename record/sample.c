/* sample.c -- random valid records.
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/sample.h"

#include "base/assert.h"

static bool coin(struct wlk_random *random)
{
    return wlk_random_below(random, 2) == 0;
}

/* In [low, high]: an end, near zero, or anywhere. */
static int64_t number(struct wlk_random *random, int64_t low, int64_t high)
{
    uint64_t span = (uint64_t)high - (uint64_t)low;
    switch (wlk_random_below(random, 6)) {
    case 0:
        return low;
    case 1:
        return high;
    case 2:
        return low <= 0 && high >= 0 ? 0 : low;
    }
    /* Shift by a random width, so that every length of integer comes up. */
    uint64_t bits = wlk_random_bits(random) >> wlk_random_below(random, 64);
    uint64_t step = span == UINT64_MAX ? bits : bits % (span + 1);
    return (int64_t)((uint64_t)low + step);
}

static uint64_t amount(struct wlk_random *random)
{
    return (uint64_t)number(random, 0, INT64_MAX);
}

static void some_bytes(struct wlk_random *random, uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)wlk_random_bits(random);
}

static wlk_name some_name(struct wlk_random *random)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    wlk_name name = {{0}};
    size_t size = 1 + wlk_random_below(random, WLK_NAME_SIZE - 1);
    for (size_t i = 0; i < size; i++)
        name.text[i] = letters[wlk_random_below(random, sizeof letters - 1)];
    return name;
}

/* Count ascending names, none twice. */
static void some_names(wlk_name *name, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        memset(&name[i], 0, sizeof name[i]);
        memcpy(name[i].text, "NATION-00000000", WLK_NAME_SIZE);
        name[i].text[14] = (char)('0' + i);
    }
}

/* Clean UTF-8 of one to four bytes a character. */
static void some_text(struct wlk_random *random, char *text, size_t room)
{
    static const char *const character[] = {"a", "Z",  " ",  "\"",
                                            "é", "山", "발", "\xf0\x9f\x9a\x80"};
    size_t size = 1 + wlk_random_below(random, room - 1), at = 0;
    memset(text, 0, room);
    while (at < size) {
        const char *next = character[wlk_random_below(random, 8)];
        if (at + strlen(next) > size)
            next = "x";
        memcpy(text + at, next, strlen(next));
        at += strlen(next);
    }
}

static struct wlk_lane some_lane(struct wlk_random *random)
{
    return (struct wlk_lane){
        .arrangement = some_name(random),
        .record_class = (enum wlk_class)number(random, 1, WLK_CLASS_END - 1),
        .nature = (enum wlk_nature)number(random, 1, WLK_NATURE_END - 1),
        .generation = (uint64_t)number(random, 1, INT64_MAX),
    };
}

static void some_label(struct wlk_random *random, struct wlk_label *label)
{
    some_text(random, label->policy, sizeof label->policy);
    label->releasable_count = 1 + wlk_random_below(random, WLK_PARTIES_MAX);
    some_names(label->releasable, label->releasable_count);
    label->caveat_count = wlk_random_below(random, WLK_CAVEATS_MAX + 1);
    for (size_t i = 0; i < label->caveat_count; i++)
        some_text(random, label->caveat[i], sizeof label->caveat[i]);
}

static void some_groups(struct wlk_random *random, struct wlk_header *header)
{
    bool is_estimate = header->type == WLK_TYPE_LAUNCH || header->type == WLK_TYPE_IMPACT ||
                       header->type == WLK_TYPE_TRACK;
    header->group_count = 1;
    header->group[0].group = WLK_GROUP_BODY;
    if (is_estimate)
        header->group[0].group = (enum wlk_group)(1 + wlk_random_below(random, 3));
    if (header->group[0].group == WLK_GROUP_COARSE && wlk_random_below(random, 4) > 0) {
        header->group_count = 2;
        header->group[1].group = WLK_GROUP_FINE;
    }
    for (size_t i = 0; i < header->group_count; i++)
        header->group[i].classification =
            (enum wlk_classification)number(random, 1, WLK_CLASSIFICATION_END - 1);
}

static void some_chain(struct wlk_random *random, struct wlk_header *header)
{
    header->has_seq = header->lane.record_class != WLK_CLASS_STATUS;
    if (!header->has_seq)
        return;
    header->seq = (uint64_t)number(random, 1, INT64_MAX);
    if (header->seq > 1)
        some_bytes(random, header->prev.bytes, sizeof header->prev.bytes);
    header->sensor_nation_count = 1 + wlk_random_below(random, WLK_PARTIES_MAX);
    if (header->lane.record_class == WLK_CLASS_NOTICE && coin(random))
        header->sensor_nation_count = 0;
    some_names(header->sensor_nation, header->sensor_nation_count);
}

static void some_options(struct wlk_random *random, struct wlk_header *header)
{
    header->has_clock_error = coin(random);
    if (header->has_clock_error)
        header->clock_error_ns = amount(random);
    header->has_event = coin(random);
    if (header->has_event)
        some_bytes(random, header->event.bytes, sizeof header->event.bytes);
    header->has_region = coin(random);
    if (header->has_region)
        header->region = (enum wlk_region)number(random, 1, WLK_REGION_END - 1);
    header->has_replaced = header->type == WLK_TYPE_CANCEL || coin(random);
    if (header->has_replaced) {
        header->replaced_generation = (uint64_t)number(random, 1, INT64_MAX);
        header->replaced_seq = (uint64_t)number(random, 1, INT64_MAX);
    }
    header->has_object = coin(random);
    if (header->has_object)
        header->object = (uint32_t)number(random, 1, UINT32_MAX);
    header->has_exercise = header->nature != WLK_NATURE_REAL && coin(random);
    if (header->has_exercise)
        some_text(random, header->exercise, sizeof header->exercise);
}

static void some_header(struct wlk_random *random, enum wlk_type type,
                        struct wlk_header *header)
{
    memset(header, 0, sizeof *header);
    header->type = type;
    header->originator = some_name(random);
    header->lane = some_lane(random);
    header->lane.record_class = wlk_type_class(type);
    header->nature = header->lane.nature;
    header->time.ns = number(random, 0, INT64_MAX);
    header->valid_until.ns = number(random, 0, INT64_MAX);
    some_bytes(random, header->arrangement.bytes, sizeof header->arrangement.bytes);
    some_label(random, &header->label);
    some_groups(random, header);
    some_chain(random, header);
    some_options(random, header);
}

static void some_covariance(struct wlk_random *random, int64_t *value, size_t rows)
{
    for (size_t row = 0; row < rows; row++)
        for (size_t i = 0; i <= row; i++)
            *value++ = number(random, i == row ? 0 : -INT64_MAX, INT64_MAX);
}

static void some_point(struct wlk_random *random, struct wlk_point_content *point)
{
    point->latitude_e7 = number(random, -900000000, 900000000);
    point->longitude_e7 = number(random, -1799999999, 1800000000);
    point->time_ns = number(random, 0, INT64_MAX);
    some_covariance(random, point->covariance, 3);
    point->quantum_mm = amount(random);
    point->quantum_ns = amount(random);
}

static void some_launch(struct wlk_random *random, struct wlk_launch_content *launch)
{
    some_point(random, &launch->point);
    launch->status = (enum wlk_launch_status)number(random, 1, 3);
    launch->has_azimuth = coin(random);
    if (launch->has_azimuth) {
        launch->azimuth_e7 = number(random, 0, 3599999999);
        launch->azimuth_sigma_e7 = number(random, 0, 3600000000);
    }
    launch->count_max = (uint64_t)number(random, 1, 1000000);
    launch->count_min = (uint64_t)number(random, 0, (int64_t)launch->count_max);
}

static void some_impact(struct wlk_random *random, struct wlk_impact_content *impact)
{
    some_point(random, &impact->point);
    impact->computed_ns = number(random, 0, INT64_MAX);
    impact->data_age_ns = amount(random);
    impact->condition = (enum wlk_track_condition)number(random, 1, 3);
    impact->apogee_mm = number(random, -100000000000, 100000000000);
    impact->track_ns = amount(random);
    impact->assumes_ballistic = coin(random);
    impact->assumes_intact = coin(random);
}

static void some_track(struct wlk_random *random, enum wlk_group group,
                       struct wlk_track_content *track)
{
    track->phase = (enum wlk_phase)number(random, 1, 3);
    track->epoch_ns = number(random, 0, INT64_MAX);
    for (int i = 0; i < 3; i++) {
        track->position_mm[i] = number(random, -100000000000, 100000000000);
        track->velocity_mmps[i] = number(random, -100000000, 100000000);
    }
    track->is_coarse = group == WLK_GROUP_COARSE;
    if (track->is_coarse) {
        for (int i = 0; i < 6; i++)
            track->sigma_log2[i] = (uint8_t)number(random, 0, 62);
    } else {
        some_covariance(random, track->covariance, 6);
        track->has_last_measurement = coin(random);
    }
    if (track->has_last_measurement)
        track->last_measurement_ns = number(random, 0, INT64_MAX);
    track->quantum_mm = amount(random);
    track->quantum_mmps = amount(random);
    track->condition = (enum wlk_track_condition)number(random, 1, 3);
}

static void some_plot(struct wlk_random *random, struct wlk_plot_content *plot)
{
    plot->sensor = some_name(random);
    plot->latitude_e7 = number(random, -900000000, 900000000);
    plot->longitude_e7 = number(random, -1799999999, 1800000000);
    plot->height_mm = number(random, -100000000000, 100000000000);
    plot->number = amount(random);
    plot->time_ns = number(random, 0, INT64_MAX);
    plot->range_mm = number(random, 0, 100000000000);
    plot->azimuth_e7 = number(random, 0, 3599999999);
    plot->elevation_e7 = number(random, -900000000, 900000000);
    plot->range_sigma_mm = (uint64_t)number(random, 0, 100000000000);
    plot->azimuth_sigma_e9 = (uint64_t)number(random, 0, 360000000000);
    plot->elevation_sigma_e9 = (uint64_t)number(random, 0, 360000000000);
    plot->has_range_rate = coin(random);
    if (plot->has_range_rate) {
        plot->range_rate_mmps = number(random, -100000000, 100000000);
        plot->range_rate_sigma_mmps = (uint64_t)number(random, 0, 100000000);
    }
}

static void some_status(struct wlk_random *random, size_t head_count,
                        struct wlk_status_content *status)
{
    status->clock_error_ns = amount(random);
    status->head_count = head_count;
    for (size_t i = 0; i < head_count; i++) {
        struct wlk_head *head = &status->head[i];
        head->originator = some_name(random);
        head->lane = some_lane(random);
        head->seq = amount(random);
        some_bytes(random, head->digest.bytes, sizeof head->digest.bytes);
    }
    status->has_log = coin(random);
    if (status->has_log) {
        status->log_count = amount(random);
        some_bytes(random, status->log_digest.bytes, sizeof status->log_digest.bytes);
    }
    status->started_ns = amount(random);
    status->version = amount(random);
}

static void some_receipt(struct wlk_random *random, struct wlk_receipt_content *receipt)
{
    receipt->originator = some_name(random);
    receipt->lane = some_lane(random);
    receipt->received_seq = amount(random);
    receipt->durable_seq = (uint64_t)number(random, 0, (int64_t)receipt->received_seq);
    receipt->shown_seq = (uint64_t)number(random, 0, (int64_t)receipt->received_seq);
}

static void some_refused(struct wlk_random *random, struct wlk_refused_content *refused)
{
    refused->originator = some_name(random);
    refused->recipient = some_name(random);
    refused->lane = some_lane(random);
    refused->first_seq = (uint64_t)number(random, 1, INT64_MAX);
    refused->last_seq = (uint64_t)number(random, (int64_t)refused->first_seq, INT64_MAX);
    some_bytes(random, refused->digest.bytes, sizeof refused->digest.bytes);
    some_text(random, refused->clause, sizeof refused->clause);
    if (coin(random))
        some_text(random, refused->reason, sizeof refused->reason);
}

static void some_content(struct wlk_random *random, enum wlk_type type, enum wlk_group group,
                         union wlk_content *content)
{
    switch (type) {
    case WLK_TYPE_LAUNCH:
        some_launch(random, &content->launch);
        break;
    case WLK_TYPE_IMPACT:
        some_impact(random, &content->impact);
        break;
    case WLK_TYPE_CANCEL:
        some_text(random, content->cancel.reason, sizeof content->cancel.reason);
        break;
    case WLK_TYPE_TRACK:
        some_track(random, group, &content->track);
        break;
    case WLK_TYPE_PLOT:
        some_plot(random, &content->plot);
        break;
    case WLK_TYPE_STATUS:
        some_status(random, wlk_random_below(random, 10), &content->status);
        break;
    case WLK_TYPE_RECEIPT:
        some_receipt(random, &content->receipt);
        break;
    case WLK_TYPE_REFUSED:
        some_refused(random, &content->refused);
        break;
    case WLK_TYPE_END:
        WLK_ASSERT(type != WLK_TYPE_END);
    }
}

void wlk_sample_make(struct wlk_random *random, enum wlk_type type, struct wlk_sample *out)
{
    memset(out, 0, sizeof *out);
    some_header(random, type, &out->header);
    for (size_t i = 0; i < out->header.group_count; i++) {
        some_content(random, type, out->header.group[i].group, &out->content[i]);
        some_bytes(random, out->salt[i], WLK_SALT_SIZE);
    }
}

/* room - 1 times the same letter. */
static void full_text(char *text, size_t room)
{
    memset(text, 'X', room - 1);
    text[room - 1] = '\0';
}

static struct wlk_lane full_lane(enum wlk_class record_class)
{
    struct wlk_lane lane = {
        .record_class = record_class, .nature = WLK_NATURE_EXERCISE, .generation = INT64_MAX};
    full_text(lane.arrangement.text, WLK_NAME_SIZE);
    return lane;
}

static void full_header(struct wlk_random *random, struct wlk_header *header)
{
    full_text(header->originator.text, WLK_NAME_SIZE);
    header->lane = full_lane(WLK_CLASS_STATUS);
    header->type = WLK_TYPE_STATUS;
    header->nature = WLK_NATURE_EXERCISE;
    header->time.ns = header->valid_until.ns = INT64_MAX;
    full_text(header->label.policy, WLK_TEXT_SIZE);
    header->label.releasable_count = WLK_PARTIES_MAX;
    some_names(header->label.releasable, WLK_PARTIES_MAX);
    header->label.caveat_count = WLK_CAVEATS_MAX;
    for (size_t i = 0; i < WLK_CAVEATS_MAX; i++)
        full_text(header->label.caveat[i], WLK_TEXT_SIZE);
    header->has_clock_error = header->has_event = header->has_region = true;
    header->has_replaced = header->has_object = header->has_exercise = true;
    header->clock_error_ns = header->replaced_seq = header->replaced_generation = INT64_MAX;
    header->region = WLK_REGION_OTHER;
    header->object = UINT32_MAX;
    full_text(header->exercise, WLK_TEXT_SIZE);
    header->group_count = 1;
    header->group[0].group = WLK_GROUP_BODY;
    header->group[0].classification = WLK_SECRET;
    some_bytes(random, header->arrangement.bytes, sizeof header->arrangement.bytes);
}

void wlk_sample_widest(struct wlk_random *random, struct wlk_sample *out)
{
    memset(out, 0, sizeof *out);
    full_header(random, &out->header);
    struct wlk_status_content *status = &out->content[0].status;
    some_status(random, WLK_HEADS_MAX, status);
    for (size_t i = 0; i < WLK_HEADS_MAX; i++) {
        full_text(status->head[i].originator.text, WLK_NAME_SIZE);
        status->head[i].lane = full_lane(WLK_CLASS_WARN);
        status->head[i].seq = INT64_MAX;
    }
    status->has_log = true;
    status->clock_error_ns = status->log_count = status->started_ns = INT64_MAX;
}

struct wlk_sealing wlk_sample_sealing(const struct wlk_sample *sample)
{
    return (struct wlk_sealing){&sample->header, sample->content, sample->salt};
}
