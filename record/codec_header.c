/* codec_header.c -- the signed header: its bytes and its rules.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"
#include "record/codec.h"
#include "record/pass.h"

WLK_PASS_ENUM(pass_type, wlk_type, WLK_TYPE_END - 1)
WLK_PASS_ENUM(pass_group, wlk_group, WLK_GROUP_END - 1)
WLK_PASS_ENUM(pass_classification, wlk_classification, WLK_CLASSIFICATION_END - 1)
WLK_PASS_ENUM(pass_region, wlk_region, WLK_REGION_END - 1)

/*@ requires \valid_read(header); assigns \nothing; */
static bool is_lane_chained(const struct wlk_header *header)
{
    return header->lane.record_class != WLK_CLASS_STATUS;
}

/* Text as the format has it: closed within its room, not empty, clean. */
/*@ requires \valid_read(text + (0 .. room - 1)); assigns \nothing; */
static bool is_text(const char *text, size_t room)
{
    size_t size = strnlen(text, room);
    return size > 0 && size < room && wlk_cbor_is_clean_text((const uint8_t *)text, size);
}

/* Names strictly ascending by bytes: sorted, and none twice. */
/*@ requires \valid_read(name + (0 .. count - 1)); assigns \nothing; */
static bool is_ascending(const wlk_name *name, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (memcmp(name[i - 1].text, name[i].text, sizeof name[i].text) >= 0)
            return false;
    return true;
}

/*@ requires \valid_read(digest); assigns \nothing; */
static bool is_zero(const wlk_digest *digest)
{
    static const wlk_digest zero;
    return wlk_digest_equal(digest, &zero);
}

/*@ requires \valid_read(header); assigns \nothing; */
static const char *lane_fault(const struct wlk_header *header)
{
    if (wlk_type_class(header->type) != header->lane.record_class)
        return "class of the lane fits the type";
    if (header->nature != header->lane.nature)
        return "nature of the record is that of its lane";
    if (header->has_seq != is_lane_chained(header))
        return "seq and prev exactly outside class status";
    if (header->has_seq && (header->seq == 0 || header->seq > INT64_MAX))
        return "seq counts from 1";
    if (header->has_seq && (header->seq == 1) != is_zero(&header->prev))
        return "prev is zeros exactly for seq 1";
    return NULL;
}

/* coarse, fine, both, or shielded alone for estimates; body alone for all else. */
/*@ requires \valid_read(header); assigns \nothing;
    ensures \result == \null ==> 1 <= header->group_count <= WLK_GROUPS_MAX; */
static const char *groups_fault(const struct wlk_header *header)
{
    if (header->group_count < 1 || header->group_count > WLK_GROUPS_MAX)
        return "number of items out of range";
    bool is_estimate = header->type == WLK_TYPE_LAUNCH || header->type == WLK_TYPE_IMPACT ||
                       header->type == WLK_TYPE_TRACK;
    enum wlk_group first = header->group[0].group;
    if (is_estimate == (first == WLK_GROUP_BODY))
        return "groups fit the type";
    if (header->group_count == 1)
        return NULL;
    if (header->group[1].group <= first)
        return "groups ascending";
    if (first != WLK_GROUP_COARSE || header->group[1].group != WLK_GROUP_FINE)
        return "groups fit the type";
    return NULL;
}

/*@ requires \valid_read(label); assigns \nothing; */
static const char *label_fault(const struct wlk_label *label)
{
    if (!is_text(label->policy, sizeof label->policy))
        return "policy is a text";
    if (label->releasable_count < 1 || label->releasable_count > WLK_PARTIES_MAX ||
        label->caveat_count > WLK_CAVEATS_MAX)
        return "number of items out of range";
    if (!is_ascending(label->releasable, label->releasable_count))
        return "names ascending";
    /*@ loop invariant 0 <= i <= label->caveat_count;
        loop assigns i; loop variant label->caveat_count - i; */
    for (size_t i = 0; i < label->caveat_count; i++)
        if (!is_text(label->caveat[i], sizeof label->caveat[i]))
            return "caveats are texts";
    return NULL;
}

/* A hub has no sensors, so its notices may do without; an estimate never may. */
/*@ requires \valid_read(header); assigns \nothing; */
static const char *sensors_fault(const struct wlk_header *header)
{
    if (header->sensor_nation_count > WLK_PARTIES_MAX)
        return "number of items out of range";
    bool has = header->sensor_nation_count > 0;
    if (has && header->lane.record_class == WLK_CLASS_STATUS)
        return "no sensor nations in class status";
    if (!has && is_lane_chained(header) && header->lane.record_class != WLK_CLASS_NOTICE)
        return "sensor nations are named";
    if (!is_ascending(header->sensor_nation, header->sensor_nation_count))
        return "names ascending";
    return NULL;
}

/*@ requires \valid_read(header); assigns \nothing; */
static const char *rest_fault(const struct wlk_header *header)
{
    if (header->time.ns < 0 || header->valid_until.ns < 0)
        return "times not before 1970";
    if (header->type == WLK_TYPE_CANCEL && !header->has_replaced)
        return "a cancel names what it cancels";
    if (header->has_exercise && header->nature == WLK_NATURE_REAL)
        return "no exercise id on a real record";
    if (header->has_exercise && !is_text(header->exercise, sizeof header->exercise))
        return "exercise id is a text";
    return NULL;
}

const char *wlk_header_fault(const struct wlk_header *header)
{
    const char *rule = lane_fault(header);
    if (!rule)
        rule = groups_fault(header);
    if (!rule)
        rule = label_fault(&header->label);
    if (!rule)
        rule = sensors_fault(header);
    if (!rule)
        rule = rest_fault(header);
    return rule;
}

/*@ requires pass_reads(pass) && \valid(count) && \valid(name + (0 .. WLK_PARTIES_MAX - 1)) &&
             \separated(count, name + (0 .. WLK_PARTIES_MAX - 1), pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *count, name[0 .. WLK_PARTIES_MAX - 1], pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass) &&
            1 <= *count <= WLK_PARTIES_MAX; */
static wlk_status pass_names(struct wlk_pass *pass, wlk_name *name, size_t *count)
{
    WLK_TRY(wlk_pass_count(pass, count, 1, WLK_PARTIES_MAX));
    /*@ loop invariant 0 <= i <= *count && pass_reads(pass) && pass_went{Pre,Here}(pass);
        loop assigns i, name[0 .. WLK_PARTIES_MAX - 1], pass->reader.from.at,
                     pass->reader.rule;
        loop variant *count - i; */
    for (size_t i = 0; i < *count; i++)
        WLK_TRY(wlk_pass_name(pass, &name[i]));
    return WLK_OK;
}

/*@ requires pass_reads(pass) && \valid(label) &&
             \separated(label, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns label->caveat_count,
            label->caveat[0 .. WLK_CAVEATS_MAX - 1][0 .. WLK_TEXT_SIZE - 1],
            pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass) &&
            1 <= label->caveat_count <= WLK_CAVEATS_MAX; */
static wlk_status pass_caveats(struct wlk_pass *pass, struct wlk_label *label)
{
    WLK_TRY(wlk_pass_count(pass, &label->caveat_count, 1, WLK_CAVEATS_MAX));
    /*@ loop invariant 0 <= i <= label->caveat_count <= WLK_CAVEATS_MAX && pass_reads(pass) &&
                       pass_went{Pre,Here}(pass);
        loop assigns i, label->caveat[0 .. WLK_CAVEATS_MAX - 1][0 .. WLK_TEXT_SIZE - 1],
                     pass->reader.from.at, pass->reader.rule;
        loop variant label->caveat_count - i; */
    for (size_t i = 0; i < label->caveat_count; i++)
        WLK_TRY(wlk_pass_text(pass, label->caveat[i], sizeof label->caveat[i]));
    return WLK_OK;
}

/*@ requires pass_reads(pass) && \valid(label) &&
             \separated(label, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *label, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
static wlk_status pass_label(struct wlk_pass *pass, struct wlk_label *label)
{
    bool has_caveats = label->caveat_count > 0;
    struct wlk_cbor_map map = {has_caveats ? 3 : 2};
    WLK_TRY(wlk_pass_map(pass, &map));
    WLK_TRY(wlk_pass_key(pass, &map, 1));
    WLK_TRY(wlk_pass_text(pass, label->policy, sizeof label->policy));
    WLK_TRY(wlk_pass_key(pass, &map, 2));
    WLK_TRY(pass_names(pass, label->releasable, &label->releasable_count));
    WLK_TRY(wlk_pass_optional(pass, &map, 3, &has_caveats));
    if (has_caveats)
        WLK_TRY(pass_caveats(pass, label));
    return wlk_pass_end_map(pass, &map);
}

/* Key 15, {group: [digest, classification]}: the group is the key. */
/*@ requires pass_reads(pass) && \valid(header) &&
             \separated(header, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns header->group_count, header->group[0 .. WLK_GROUPS_MAX - 1], pass->reader.from.at,
            pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass) &&
            1 <= header->group_count <= WLK_GROUPS_MAX; */
static wlk_status pass_groups(struct wlk_pass *pass, struct wlk_header *header)
{
    struct wlk_cbor_map map = {header->group_count};
    WLK_TRY(wlk_pass_map(pass, &map));
    if (map.left < 1 || map.left > WLK_GROUPS_MAX)
        return wlk_pass_broken(pass, "number of items out of range");
    header->group_count = (size_t)map.left;
    /*@ loop invariant 0 <= i <= header->group_count <= WLK_GROUPS_MAX && pass_reads(pass) &&
                       pass_went{Pre,Here}(pass);
        loop assigns i, header->group[0 .. WLK_GROUPS_MAX - 1], pass->reader.from.at,
                     pass->reader.rule;
        loop variant header->group_count - i; */
    for (size_t i = 0; i < header->group_count; i++) {
        struct wlk_group_digest *group = &header->group[i];
        WLK_TRY(pass_group(pass, &group->group));
        WLK_TRY(wlk_pass_array(pass, 2));
        WLK_TRY(wlk_pass_bytes(pass, group->digest.bytes, WLK_DIGEST_SIZE));
        WLK_TRY(pass_classification(pass, &group->classification));
    }
    return WLK_OK;
}

/* Keys 1-6: who says it, in which lane, where in the chain, when. */
/*@ requires pass_reads(pass) && \valid(map) && \valid(header) &&
             \separated(map, header, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns map->left, *header, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
static wlk_status pass_origin(struct wlk_pass *pass, struct wlk_cbor_map *map,
                              struct wlk_header *header)
{
    uint64_t version = WLK_RECORD_VERSION;
    WLK_TRY(wlk_pass_key(pass, map, 1));
    WLK_TRY(wlk_pass_uint(pass, &version, WLK_RECORD_VERSION, WLK_RECORD_VERSION));
    WLK_TRY(wlk_pass_key(pass, map, 2));
    WLK_TRY(wlk_pass_name(pass, &header->originator));
    WLK_TRY(wlk_pass_key(pass, map, 3));
    WLK_TRY(wlk_pass_lane(pass, &header->lane));
    WLK_TRY(wlk_pass_optional(pass, map, 4, &header->has_seq));
    if (header->has_seq) {
        WLK_TRY(wlk_pass_uint(pass, &header->seq, 1, INT64_MAX));
        WLK_TRY(wlk_pass_key(pass, map, 5));
        WLK_TRY(wlk_pass_bytes(pass, header->prev.bytes, WLK_DIGEST_SIZE));
    }
    WLK_TRY(wlk_pass_key(pass, map, 6));
    return wlk_pass_time(pass, &header->time.ns);
}

/* Keys 7-9: how well its time is known, what it is. */
/*@ requires pass_reads(pass) && \valid(map) && \valid(header) &&
             \separated(map, header, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns map->left, *header, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
static wlk_status pass_kind(struct wlk_pass *pass, struct wlk_cbor_map *map,
                            struct wlk_header *header)
{
    WLK_TRY(wlk_pass_optional(pass, map, 7, &header->has_clock_error));
    if (header->has_clock_error)
        WLK_TRY(wlk_pass_uint(pass, &header->clock_error_ns, 0, INT64_MAX));
    WLK_TRY(wlk_pass_key(pass, map, 8));
    WLK_TRY(pass_type(pass, &header->type));
    WLK_TRY(wlk_pass_key(pass, map, 9));
    return wlk_pass_nature(pass, &header->nature);
}

/* Keys 10-13: who may have it, how long it holds, under which arrangement. */
/*@ requires pass_reads(pass) && \valid(map) && \valid(header) &&
             \separated(map, header, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns map->left, *header, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
static wlk_status pass_terms(struct wlk_pass *pass, struct wlk_cbor_map *map,
                             struct wlk_header *header)
{
    WLK_TRY(wlk_pass_key(pass, map, 10));
    WLK_TRY(pass_label(pass, &header->label));
    WLK_TRY(wlk_pass_optional(pass, map, 11, &header->has_event));
    if (header->has_event)
        WLK_TRY(wlk_pass_bytes(pass, header->event.bytes, WLK_EVENT_SIZE));
    WLK_TRY(wlk_pass_key(pass, map, 12));
    WLK_TRY(wlk_pass_time(pass, &header->valid_until.ns));
    WLK_TRY(wlk_pass_key(pass, map, 13));
    return wlk_pass_bytes(pass, header->arrangement.bytes, WLK_DIGEST_SIZE);
}

/* Keys 16-17: what it replaces, whose sensors it rests on. */
/*@ requires pass_reads(pass) && \valid(map) && \valid(header) &&
             \separated(map, header, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns map->left, *header, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> header->group_count == \old(header->group_count); */
static wlk_status pass_lineage(struct wlk_pass *pass, struct wlk_cbor_map *map,
                               struct wlk_header *header)
{
    WLK_TRY(wlk_pass_optional(pass, map, 16, &header->has_replaced));
    if (header->has_replaced) {
        WLK_TRY(wlk_pass_array(pass, 2));
        WLK_TRY(wlk_pass_uint(pass, &header->replaced_generation, 1, INT64_MAX));
        WLK_TRY(wlk_pass_uint(pass, &header->replaced_seq, 1, INT64_MAX));
    }
    bool has_sensors = header->sensor_nation_count > 0;
    WLK_TRY(wlk_pass_optional(pass, map, 17, &has_sensors));
    if (has_sensors)
        WLK_TRY(pass_names(pass, header->sensor_nation, &header->sensor_nation_count));
    return WLK_OK;
}

/* Keys 14-19. */
/*@ requires pass_reads(pass) && \valid(map) && \valid(header) &&
             \separated(map, header, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns map->left, *header, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass) &&
            1 <= header->group_count <= WLK_GROUPS_MAX; */
static wlk_status pass_subject(struct wlk_pass *pass, struct wlk_cbor_map *map,
                               struct wlk_header *header)
{
    WLK_TRY(wlk_pass_optional(pass, map, 14, &header->has_region));
    if (header->has_region)
        WLK_TRY(pass_region(pass, &header->region));
    WLK_TRY(wlk_pass_key(pass, map, 15));
    WLK_TRY(pass_groups(pass, header));
    WLK_TRY(pass_lineage(pass, map, header));
    WLK_TRY(wlk_pass_optional(pass, map, 18, &header->has_object));
    if (header->has_object) {
        uint64_t object = header->object;
        WLK_TRY(wlk_pass_uint(pass, &object, 1, UINT32_MAX));
        header->object = (uint32_t)object;
    }
    WLK_TRY(wlk_pass_optional(pass, map, 19, &header->has_exercise));
    if (header->has_exercise)
        WLK_TRY(wlk_pass_text(pass, header->exercise, sizeof header->exercise));
    return wlk_pass_end_map(pass, map);
}

/*@ requires \valid_read(header); assigns \nothing; */
static uint64_t entry_count(const struct wlk_header *header)
{
    /* Keys that are always there: 1 2 3 6 8 9 10 12 13 15. */
    return 10u + 2u * header->has_seq + header->has_clock_error + header->has_event +
           header->has_region + header->has_replaced + (header->sensor_nation_count > 0) +
           header->has_object + header->has_exercise;
}

/*@ requires pass_reads(pass) && \valid(header) &&
             \separated(header, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *header, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass) &&
            1 <= header->group_count <= WLK_GROUPS_MAX; */
static wlk_status pass_header(struct wlk_pass *pass, struct wlk_header *header)
{
    struct wlk_cbor_map map = {entry_count(header)};
    WLK_TRY(wlk_pass_map(pass, &map));
    WLK_TRY(pass_origin(pass, &map, header));
    WLK_TRY(pass_kind(pass, &map, header));
    WLK_TRY(pass_terms(pass, &map, header));
    return pass_subject(pass, &map, header);
}

wlk_status wlk_header_encode(const struct wlk_header *header, struct wlk_writer *out)
{
    if (wlk_header_fault(header))
        return WLK_BAD_INPUT;
    struct wlk_header copy = *header;
    struct wlk_writer ahead = *out;
    struct wlk_pass pass = {.to = &ahead};
    WLK_TRY(pass_header(&pass, &copy));
    *out = ahead;
    return WLK_OK;
}

/*@ requires pass_reads(pass) && \valid(header) &&
             \separated(header, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *header, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass) &&
            1 <= header->group_count <= WLK_GROUPS_MAX; */
static wlk_status read_header(struct wlk_pass *pass, struct wlk_header *header)
{
    WLK_TRY(pass_header(pass, header));
    WLK_TRY(wlk_cbor_end(&pass->reader));
    const char *rule = wlk_header_fault(header);
    return rule ? wlk_pass_broken(pass, rule) : WLK_OK;
}

wlk_status wlk_header_decode(const uint8_t *bytes, size_t size, struct wlk_header *out,
                             struct wlk_fault *fault)
{
    size_t items = WLK_RECORD_ITEMS_MAX;
    WLK_TRY(wlk_cbor_check(bytes, size, -1, &items, fault));
    *out = (struct wlk_header){0};
    struct wlk_pass pass = {.to = NULL};
    wlk_cbor_init(&pass.reader, bytes, size);
    wlk_status status = read_header(&pass, out);
    if (status == WLK_OK)
        return WLK_OK;
    wlk_fault_set(fault, pass.reader.rule, "%s", "");
    if (fault)
        fault->offset = pass.reader.from.at;
    return status;
}
