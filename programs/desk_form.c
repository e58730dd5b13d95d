/* desk_form.c -- fields in one fixed order, each an item of CBOR; real numbers as the eight
 * bytes of IEEE 754, so that what is read is what was written.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/desk_form.h"

#include "record/cbor.h"

#include <math.h>
#include <string.h>

enum { REAL_SIZE = 8 };
enum { HANDS = 1, KEPT }; /* kinds of values */

/* A walk that writes, or reads; after the first failure it does nothing more. */
struct form {
    struct wlk_writer *out; /* NULL: it reads */
    struct wlk_cbor_reader in;
    const struct wlk_areas *areas;
    wlk_status status;
};

static void number(struct form *form, int64_t *value, int64_t low, int64_t high)
{
    if (form->status == WLK_OK)
        form->status = form->out ? wlk_cbor_write_int(form->out, *value)
                                 : wlk_cbor_read_int(&form->in, low, high, value);
}

/* A number in [0, high]: a count, an enumeration. */
static uint64_t upto(struct form *form, uint64_t value, uint64_t high)
{
    int64_t wide = (int64_t)value;
    number(form, &wide, 0, (int64_t)high);
    return (uint64_t)wide;
}

static void truth(struct form *form, bool *value)
{
    if (form->status == WLK_OK)
        form->status = form->out ? wlk_cbor_write_bool(form->out, *value)
                                 : wlk_cbor_read_bool(&form->in, value);
}

static void moment(struct form *form, wlk_utc *value)
{
    number(form, &value->ns, INT64_MIN, INT64_MAX);
}

static void bytes(struct form *form, uint8_t *value, size_t size)
{
    const uint8_t *from;
    if (form->status != WLK_OK)
        return;
    if (form->out) {
        form->status = wlk_cbor_write_bytes(form->out, value, size);
        return;
    }
    form->status = wlk_cbor_read_bytes(&form->in, size, size, &from, &size);
    if (form->status == WLK_OK)
        memcpy(value, from, size);
}

static void real(struct form *form, double *value)
{
    uint8_t byte[REAL_SIZE];
    uint64_t bits;
    memcpy(&bits, value, sizeof bits);
    for (int i = 0; i < REAL_SIZE; i++)
        byte[i] = (uint8_t)(bits >> (56 - 8 * i));
    bytes(form, byte, sizeof byte);
    bits = 0;
    for (int i = 0; i < REAL_SIZE; i++)
        bits = bits << 8 | byte[i];
    memcpy(value, &bits, sizeof bits);
    if (form->status == WLK_OK && !isfinite(*value))
        form->status = WLK_BAD_INPUT;
}

/* Null: empty. */
static void text(struct form *form, char *value, size_t room)
{
    if (form->status != WLK_OK)
        return;
    if (form->out)
        form->status =
            value[0] ? wlk_cbor_write_text(form->out, value) : wlk_cbor_write_null(form->out);
    else if (wlk_cbor_is_null(&form->in))
        form->status = wlk_cbor_read_null(&form->in);
    else
        form->status = wlk_cbor_read_text(&form->in, value, room);
}

/* The index of an area, by its key. */
static uint16_t area(struct form *form, uint16_t index)
{
    char key[WLK_NAME_SIZE] = "SEA";
    size_t at = 0;
    if (form->out && index < form->areas->count)
        memcpy(key, form->areas->area[index].key, sizeof key);
    else if (form->out && index != WLK_AREA_SEA)
        form->status = WLK_BAD_INPUT; /* the desk takes none that is not in the table */
    text(form, key, sizeof key);
    if (strcmp(key, "SEA") == 0)
        return WLK_AREA_SEA;
    while (at < form->areas->count && strcmp(form->areas->area[at].key, key) != 0)
        at++;
    return (uint16_t)at;
}

static void point(struct form *form, struct wlk_point *value)
{
    real(form, &value->place.latitude_rad);
    real(form, &value->place.longitude_rad);
    real(form, &value->place.height_m);
    moment(form, &value->time);
    for (int i = 0; i < 9; i++)
        real(form, &value->covariance[i / 3][i % 3]);
}

static void impact(struct form *form, struct wlk_impact *value)
{
    point(form, &value->point);
    moment(form, &value->computed_at);
    moment(form, &value->last_measurement);
    value->condition =
        (enum wlk_track_condition)upto(form, value->condition, WLK_CONDITION_LOST);
    real(form, &value->apogee_m);
    real(form, &value->track_s);
    value->doubt = (enum wlk_doubt)upto(form, value->doubt, WLK_DOUBT_MANOEUVRE);
}

/* What is known of the flight. */
static void about_flight(struct form *form, struct wlk_warning *value)
{
    truth(form, &value->has_event);
    if (value->has_event)
        bytes(form, value->event.bytes, sizeof value->event.bytes);
    truth(form, &value->has_launch);
    if (value->has_launch)
        point(form, &value->launch);
    truth(form, &value->has_heading);
    if (value->has_heading)
        real(form, &value->heading_rad);
    truth(form, &value->has_impact);
    if (value->has_impact)
        impact(form, &value->impact);
    truth(form, &value->is_at_sea);
    truth(form, &value->is_inside_200nm);
    text(form, value->sea_en, sizeof value->sea_en);
    text(form, value->sea_ja, sizeof value->sea_ja);
    text(form, value->sea_ko, sizeof value->sea_ko);
    truth(form, &value->is_predicted);
    real(form, &value->track_s);
    real(form, &value->lost_at_s);
}

static void warning(struct form *form, struct wlk_warning *value)
{
    text(form, value->nation.text, sizeof value->nation.text);
    moment(form, &value->time);
    value->number = (uint32_t)upto(form, value->number, UINT32_MAX);
    value->object = (uint32_t)upto(form, value->object, UINT32_MAX);
    value->kind = (enum wlk_warning_kind)upto(form, value->kind, WLK_WARNING_KIND_END - 1);
    value->correction =
        (enum wlk_correction)upto(form, value->correction, WLK_CORRECTION_END - 1);
    truth(form, &value->is_final);
    value->nature = (enum wlk_nature)upto(form, value->nature, UINT8_MAX);
    text(form, value->exercise, sizeof value->exercise);
    value->replaces = (uint32_t)upto(form, value->replaces, UINT32_MAX);
    moment(form, &value->replaces_time);
    value->also_count = upto(form, value->also_count, WLK_REPLACES_MORE_MAX);
    for (size_t i = 0; form->status == WLK_OK && i < value->also_count; i++) {
        value->also[i].number = (uint32_t)upto(form, value->also[i].number, UINT32_MAX);
        moment(form, &value->also[i].time);
    }
    truth(form, &value->is_by_person);
    value->ground = (enum wlk_ground)upto(form, value->ground, WLK_GROUND_END - 1);
    for (int k = 0; k < WLK_SAID_LANGUAGES; k++)
        text(form, value->said[k], sizeof value->said[k]);
    moment(form, &value->said_at);
    value->area_count = upto(form, value->area_count, WLK_WARNING_AREAS_MAX);
    for (size_t i = 0; form->status == WLK_OK && i < value->area_count; i++) {
        struct wlk_warning_area *one = &value->area[i];
        one->area = area(form, one->area);
        one->reason = (enum wlk_area_reason)upto(form, one->reason, WLK_AREA_ADJACENT);
        real(form, &one->probability);
        moment(form, &one->earliest);
    }
    about_flight(form, value);
}

static void one_kept(struct form *form, struct wlk_desk_kept *value)
{
    int64_t what = value->what;
    number(form, &what, WLK_DESK_KEPT_TEXT, WLK_DESK_KEPT_TOLD);
    value->what = (unsigned)what;
    truth(form, &value->is_proved);
    text(form, value->by, sizeof value->by);
    warning(form, &value->warning);
}

static void one_hand(struct form *form, struct wlk_desk_hand *value)
{
    bytes(form, value->event.bytes, sizeof value->event.bytes);
    number(form, &value->launch_ns, INT64_MIN, INT64_MAX);
    number(form, &value->taken_ns, INT64_MIN, INT64_MAX);
    truth(form, &value->has_event);
}

/* Version, kind, count; the fields follow, a sequence of items [RFC 8742]. */
static size_t head(struct form *form, uint64_t kind, size_t count, size_t most)
{
    int64_t version = WLK_DESK_FORM_VERSION, is_kind = (int64_t)kind;
    number(form, &version, WLK_DESK_FORM_VERSION, WLK_DESK_FORM_VERSION);
    number(form, &is_kind, (int64_t)kind, (int64_t)kind);
    return upto(form, count, most);
}

static void begin_reading(struct form *form, const uint8_t *from, size_t size)
{
    wlk_cbor_init(&form->in, from, size);
    form->in.rule = "another version or damage";
}

static wlk_status end_reading(struct form *form, struct wlk_fault *fault)
{
    if (form->status == WLK_OK)
        form->status = wlk_cbor_end(&form->in);
    if (form->status != WLK_OK)
        wlk_fault_set(fault, "what was kept is of another version, or damaged", "%s, byte %zu",
                      form->in.rule ? form->in.rule : "", form->in.from.at);
    return form->status;
}

wlk_status wlk_desk_form_write_hands(const struct wlk_desk_hand hand[], size_t count,
                                     uint8_t *to, size_t room, size_t *size)
{
    struct wlk_writer out = {to, room, 0};
    struct form form = {.out = &out};
    head(&form, HANDS, count, WLK_DESK_HANDS_MAX);
    for (size_t i = 0; i < count; i++) {
        struct wlk_desk_hand one = hand[i];
        one_hand(&form, &one);
    }
    *size = out.at;
    return form.status;
}

wlk_status wlk_desk_form_read_hands(const uint8_t *from, size_t size,
                                    struct wlk_desk_hand out[], struct wlk_fault *fault)
{
    struct form form = {0};
    memset(out, 0, WLK_DESK_HANDS_MAX * sizeof out[0]);
    begin_reading(&form, from, size);
    size_t count = head(&form, HANDS, 0, WLK_DESK_HANDS_MAX);
    for (size_t i = 0; form.status == WLK_OK && i < count; i++)
        one_hand(&form, &out[i]);
    wlk_status status = end_reading(&form, fault);
    if (status != WLK_OK)
        memset(out, 0, WLK_DESK_HANDS_MAX * sizeof out[0]);
    return status;
}

wlk_status wlk_desk_form_write_kept(const struct wlk_desk_kept kept[], size_t count,
                                    const struct wlk_areas *areas, uint8_t *to, size_t room,
                                    size_t *size)
{
    struct wlk_writer out = {to, room, 0};
    struct form form = {.out = &out, .areas = areas};
    head(&form, KEPT, count, WLK_DESK_KEPT_MAX);
    for (size_t i = 0; i < count; i++) {
        struct wlk_desk_kept one = kept[i];
        one_kept(&form, &one);
    }
    *size = out.at;
    return form.status;
}

wlk_status wlk_desk_form_read_kept(const uint8_t *from, size_t size,
                                   const struct wlk_areas *areas, struct wlk_desk_kept out[],
                                   size_t *count, struct wlk_fault *fault)
{
    struct form form = {.areas = areas};
    memset(out, 0, WLK_DESK_KEPT_MAX * sizeof out[0]);
    begin_reading(&form, from, size);
    *count = head(&form, KEPT, 0, WLK_DESK_KEPT_MAX);
    for (size_t i = 0; form.status == WLK_OK && i < *count; i++)
        one_kept(&form, &out[i]);
    wlk_status status = end_reading(&form, fault);
    if (status != WLK_OK) {
        memset(out, 0, WLK_DESK_KEPT_MAX * sizeof out[0]);
        *count = 0;
    }
    return status;
}
