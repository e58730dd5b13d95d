/* guard_test.c -- what stands round the decision: questions, events, rates, regions, log.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"
#include "base/tap.h"
#include "release/audit.h"
#include "release/events.h"
#include "release/question.h"
#include "release/rate.h"
#include "release/region.h"
#include "release/sample.h"

#include <stdio.h>

static const int64_t S = INT64_C(1000000000);

static struct wlk_header launch_header(uint64_t seq, int64_t time_ns, int64_t valid_ns)
{
    struct wlk_header header = {.originator = wlk_name_of("KR"),
                                .lane = {.arrangement = wlk_name_of("TMW-1"),
                                         .record_class = WLK_CLASS_WARN,
                                         .nature = WLK_NATURE_REAL,
                                         .generation = 1},
                                .has_seq = true,
                                .seq = seq,
                                .time = {time_ns},
                                .type = WLK_TYPE_LAUNCH,
                                .nature = WLK_NATURE_REAL,
                                .has_event = true,
                                .valid_until = {time_ns + valid_ns},
                                .has_region = true,
                                .region = WLK_REGION_DPRK,
                                .group_count = 1};
    header.event.bytes[0] = 7;
    header.label.releasable_count = 1;
    header.label.releasable[0] = wlk_name_of("JP");
    header.sensor_nation_count = 1;
    header.sensor_nation[0] = wlk_name_of("KR");
    header.group[0].group = WLK_GROUP_COARSE;
    header.group[0].classification = WLK_SECRET;
    return header;
}

static bool note(struct wlk_events *events, const struct wlk_header *header, int64_t now_ns)
{
    return wlk_events_note(events, header, (wlk_utc){now_ns}) == WLK_OK;
}

static bool is_open(const struct wlk_events *events, int64_t now_ns)
{
    struct wlk_header track = launch_header(1, now_ns, 0);
    track.type = WLK_TYPE_TRACK;
    return wlk_events_is_open(events, &track, (wlk_utc){now_ns});
}

static void test_events(void)
{
    static struct wlk_events events;
    struct wlk_header launch = launch_header(1, 100 * S, 900 * S), other;
    wlk_check(!is_open(&events, 100 * S), "nothing is open before a launch");
    wlk_check(note(&events, &launch, 100 * S) && is_open(&events, 101 * S),
              "a launch opens its event");
    wlk_check(is_open(&events, 1300 * S - 1) && !is_open(&events, 1300 * S),
              "it stays open until valid_until and 300 s");
    other = launch;
    other.type = WLK_TYPE_IMPACT;
    other.seq = 2;
    other.valid_until.ns = 2000 * S;
    wlk_check(note(&events, &other, 101 * S) && is_open(&events, 2300 * S - 1),
              "an impact record of the event extends it");
    other.time.ns = 200 * S;
    other.valid_until.ns = 99999 * S;
    wlk_check(note(&events, &other, 101 * S) && is_open(&events, 7700 * S - 1) &&
                  !is_open(&events, 7700 * S),
              "but never beyond its time + 7,200 s + 300 s");
    other = launch;
    other.nature = other.lane.nature = WLK_NATURE_EXERCISE;
    wlk_check(!wlk_events_is_open(&events, &other, (wlk_utc){101 * S}),
              "a real launch opens nothing for an exercise");
    struct wlk_header drill = other;
    drill.time.ns = 300 * S;
    drill.valid_until.ns = 8000 * S;
    wlk_check(note(&events, &drill, 300 * S) &&
                  wlk_events_is_open(&events, &drill, (wlk_utc){7800 * S - 1}) &&
                  !wlk_events_is_open(&events, &drill, (wlk_utc){7800 * S}) &&
                  !is_open(&events, 7700 * S),
              "an exercise launch opens an event of its own and extends no real one");
    other = launch;
    other.event.bytes[0] = 8;
    wlk_check(!wlk_events_is_open(&events, &other, (wlk_utc){101 * S}),
              "another event is not open");
    other = launch;
    other.has_event = false;
    wlk_check(!wlk_events_is_open(&events, &other, (wlk_utc){101 * S}),
              "a record without an event has none open");
}

static void test_cancel(void)
{
    static struct wlk_events events;
    struct wlk_header launch = launch_header(1, 100 * S, 900 * S), cancel, second;
    cancel = launch_header(9, 110 * S, 900 * S);
    cancel.type = WLK_TYPE_CANCEL;
    cancel.has_replaced = true;
    cancel.replaced_generation = 1;
    cancel.replaced_seq = 1;
    second = launch;
    second.originator = wlk_name_of("JP");
    wlk_check(note(&events, &launch, 100 * S) && note(&events, &second, 100 * S) &&
                  note(&events, &cancel, 110 * S) && is_open(&events, 111 * S),
              "an event that two nations declared stays open when one cancels");
    cancel.originator = wlk_name_of("US");
    note(&events, &cancel, 112 * S);
    wlk_check(is_open(&events, 113 * S), "a third nation's cancel closes nothing");
    cancel.originator = wlk_name_of("JP");
    note(&events, &cancel, 114 * S);
    wlk_check(!is_open(&events, 115 * S), "it closes with the last uncancelled launch");
    note(&events, &launch, 116 * S);
    wlk_check(!is_open(&events, 117 * S), "a double of a cancelled launch opens nothing");
    launch.seq = 12;
    note(&events, &launch, 118 * S);
    wlk_check(is_open(&events, 119 * S), "a newer launch opens it again");
    cancel.originator = wlk_name_of("KR");
    note(&events, &cancel, 120 * S);
    wlk_check(is_open(&events, 121 * S), "a cancel of a launch replaced since closes nothing");
    memset(&events, 0, sizeof events);
    unsigned full = 0;
    for (unsigned i = 0; i <= WLK_EVENTS_MAX; i++) {
        launch.event.bytes[1] = (uint8_t)i;
        full += !note(&events, &launch, 100 * S);
    }
    wlk_check(full == 1 && events.dropped == 1 &&
                  wlk_events_count(&events, (wlk_utc){100 * S}) == WLK_EVENTS_MAX,
              "one event too many is refused and counted");
    wlk_check(note(&events, &launch, 99999 * S), "events that are over make room");
}

static void test_question(const struct wlk_arrangement *tmw)
{
    struct wlk_rules rules;
    struct wlk_question q;
    struct wlk_header header = launch_header(1, 100 * S, 900 * S);
    const bool shown[WLK_GROUPS_MAX] = {true, true};
    struct wlk_surroundings around = {.arrangement = tmw,
                                      .is_in_force = true,
                                      .recipient = wlk_name_of("JP"),
                                      .now = {101 * S}};
    memset(around.token, 1, sizeof around.token);
    wlk_rules_make(tmw, &rules);
    wlk_question_make(&header, shown, &around, &q);
    struct wlk_verdict verdict = wlk_decide(&rules, &q);
    wlk_check(verdict.kind == WLK_PASS && strcmp(wlk_verdict_name(tmw, &verdict), "W3") == 0,
              "a launch from KR reaches JP by W3 of the shipped arrangement");
    around.recipient = wlk_name_of("US");
    wlk_question_make(&header, shown, &around, &q);
    verdict = wlk_decide(&rules, &q);
    wlk_check(strcmp(wlk_verdict_name(tmw, &verdict), "label") == 0,
              "the label keeps it from US");
    header.label.caveat_count = 1;
    snprintf(header.label.caveat[0], WLK_TEXT_SIZE, "EYES");
    around.recipient = wlk_name_of("JP");
    wlk_question_make(&header, shown, &around, &q);
    wlk_check(q.has_other_caveat && wlk_decide(&rules, &q).kind == WLK_REFUSE,
              "a caveat that the arrangement does not know stops it");
    header.label.caveat_count = 0;
    header.sensor_nation_count = 2;
    header.sensor_nation[0] = wlk_name_of("CN");
    header.sensor_nation[1] = wlk_name_of("KR");
    wlk_question_make(&header, shown, &around, &q);
    wlk_check(q.has_other_lineage && wlk_decide(&rules, &q).kind == WLK_REFUSE,
              "and sensors of a nation that is no party");
    header.sensor_nation_count = 1;
    header.sensor_nation[0] = wlk_name_of("KR");
    header.has_clock_error = true;
    header.clock_error_ns = UINT64_MAX;
    around.clock_error_ns = 5;
    wlk_question_make(&header, shown, &around, &q);
    wlk_check(q.clock_errors_ns == 10 * S + 5, "a stated clock error counts up to 10 s");
    header.lane.nature = WLK_NATURE_TEST;
    wlk_question_make(&header, shown, &around, &q);
    wlk_check(wlk_decide(&rules, &q).reason == WLK_BECAUSE_FORM, "two natures are none");
}

/* Every path that the shipped trilateral arrangement opens, counted. */
static void test_paths(const struct wlk_arrangement *tmw)
{
    struct wlk_rules rules;
    unsigned open = 0, coarse = 0, plots = 0;
    wlk_rules_make(tmw, &rules);
    for (unsigned i = 0; i < 3 * 3 * 5 * 3 * 4; i++) {
        struct wlk_path_question path = {
            (uint8_t)(i % 3), (uint8_t)(i / 3 % 3), (enum wlk_type)(1 + i / 9 % 5),
            (enum wlk_nature)(1 + i / 45 % 3), (enum wlk_group)(1 + i / 135)};
        bool may = wlk_rules_may(&rules, &path);
        open += may;
        coarse += may && path.group == WLK_GROUP_COARSE;
        plots += may && path.type == WLK_TYPE_PLOT;
    }
    wlk_check(open == 48 && coarse == 36 && plots == 0,
              "the trilateral arrangement opens 36 coarse paths and 12 of cancels, no other "
              "(%u, %u, %u)",
              open, coarse, plots);
}

static void test_rate(void)
{
    static struct wlk_arrangement a;
    static struct wlk_rate rate;
    struct wlk_question q = {.originator = 1, .recipient = 0, .now_ns = 5 * S};
    struct wlk_verdict verdict = {.used = {1}};
    uint8_t token[WLK_RULES_MAX];
    unsigned passed = 0, later = 0;
    a.clause_count = 2;
    a.clause[0].rate_most_per_s = 50;
    for (int i = 0; i < 100; i++) {
        wlk_rate_look(&rate, &a, &q, token);
        passed += token[0];
        if (token[0])
            wlk_rate_take(&rate, &a, &q, &verdict);
    }
    wlk_check(passed == 50 && token[1], "a burst of one second's worth, then nothing");
    q.recipient = 2;
    wlk_rate_take(&rate, &a, &q, &verdict);
    q.now_ns -= 100 * S;
    wlk_rate_look(&rate, &a, &q, token);
    q.now_ns += 100 * S;
    wlk_check(token[0], "a clock that runs backwards costs nothing");
    wlk_rate_look(&rate, &a, &q, token);
    wlk_check(token[0], "another recipient has a bucket of its own");
    q.recipient = 0;
    for (int i = 0; i < 10000; i++) {
        q.now_ns += S / 1000;
        wlk_rate_look(&rate, &a, &q, token);
        later += token[0];
        if (token[0])
            wlk_rate_take(&rate, &a, &q, &verdict);
    }
    wlk_check(later >= 499 && later <= 500, "then 50 in each second (%u in 10 s)", later);
    q.now_ns -= 100 * S;
    wlk_rate_look(&rate, &a, &q, token);
    passed = token[0];
    wlk_rate_take(&rate, &a, &q, &verdict);
    q.now_ns += 1;
    wlk_rate_look(&rate, &a, &q, token);
    wlk_check(!token[0], "a clock that runs backwards earns nothing");
}

static wlk_geodetic at(double latitude_deg, double longitude_deg)
{
    return (wlk_geodetic){latitude_deg * WLK_DEG, longitude_deg * WLK_DEG, 0};
}

static void test_region(void)
{
    static const struct {
        const char *name;
        double latitude_deg, longitude_deg;
        enum wlk_region region;
    } PLACES[] = {
        {"Pyongyang Sunan", 39.20, 125.67, WLK_REGION_DPRK},
        {"Tonghae", 40.86, 129.67, WLK_REGION_DPRK},
        {"Sohae", 39.66, 124.71, WLK_REGION_DPRK},
        {"the sea off Sinpo", 39.9, 128.6, WLK_REGION_DPRK},
        {"Hodo", 39.39, 127.55, WLK_REGION_DPRK},
        {"90 km off Wonsan at sea", 39.2, 128.9, WLK_REGION_DPRK},
        {"Seoul", 37.57, 126.98, WLK_REGION_OTHER},
        {"Sokcho", 38.20, 128.55, WLK_REGION_OTHER},
        {"Dandong", 40.2, 124.35, WLK_REGION_OTHER},
        {"Shenyang", 41.8, 123.4, WLK_REGION_OTHER},
        {"Vladivostok", 43.1, 131.9, WLK_REGION_OTHER},
        {"the sea 300 km east", 39.5, 132.0, WLK_REGION_OTHER},
        {"Tokyo", 35.7, 139.7, WLK_REGION_OTHER},
    };
    for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++) {
        wlk_geodetic place = at(PLACES[i].latitude_deg, PLACES[i].longitude_deg);
        wlk_check(wlk_region_of(place) == PLACES[i].region, "%s is %s (%.0f km)",
                  PLACES[i].name, wlk_region_word(PLACES[i].region),
                  wlk_region_dprk_distance_m(place) / 1000);
    }
}

static struct wlk_audit_entry random_entry(struct wlk_random *random)
{
    struct wlk_audit_entry entry = {
        .time = {(int64_t)wlk_random_below(random, 1u << 30)},
        .originator = wlk_name_of("KR"),
        .lane = {.record_class = WLK_CLASS_WARN, .nature = WLK_NATURE_REAL, .generation = 1},
        .seq = wlk_random_below(random, 1000),
        .recipient = wlk_name_of("JP"),
        .kind = (enum wlk_verdict_kind)wlk_random_below(random, 3)};
    snprintf(entry.clause, sizeof entry.clause, "W%u", (unsigned)wlk_random_below(random, 9));
    entry.group_pass[WLK_GROUP_COARSE] = entry.kind != WLK_REFUSE;
    return entry;
}

static void test_audit(void)
{
    enum { ENTRIES = 40 };
    static uint8_t log[ENTRIES * WLK_AUDIT_FRAME_MAX];
    struct wlk_random random = wlk_random_seeded(5, 1);
    struct wlk_audit audit = {0}, middle = {0}, end = {0}, read;
    struct wlk_fault fault = {.rule = "none"};
    size_t size = 0, starts[ENTRIES], found = 0, missed = 0;
    for (int i = 0; i < ENTRIES; i++) {
        struct wlk_audit_entry entry = random_entry(&random);
        size_t frame = 0;
        starts[i] = size;
        wlk_status status =
            wlk_audit_append(&audit, &entry, log + size, sizeof log - size, &frame);
        size += status == WLK_OK ? frame : 0;
        if (i == 20)
            middle = audit;
    }
    end = audit;
    wlk_check(wlk_audit_verify(log, size, &end, &read, &fault) == WLK_OK &&
                  read.count == ENTRIES,
              "a log of 40 decisions holds (%zu bytes)", size);
    wlk_check(wlk_audit_verify(log, size, &middle, &read, &fault) == WLK_OK,
              "and has the head that an earlier heartbeat showed");
    middle.head.bytes[0] ^= 1;
    wlk_check(wlk_audit_verify(log, size, &middle, &read, &fault) == WLK_BAD_INPUT,
              "a head that is not in it is missed: the log was rewritten");
    for (size_t i = 0; i < starts[ENTRIES - 1]; i++) {
        log[i] ^= 4;
        size_t entry = 0;
        while (entry + 1 < ENTRIES && starts[entry + 1] <= i)
            entry++;
        if (wlk_audit_verify(log, size, NULL, &read, &fault) == WLK_OK)
            missed++;
        else
            found += fault.offset == starts[entry] || fault.offset == starts[entry + 1];
        log[i] ^= 4;
    }
    wlk_check(missed == 0 && found == starts[ENTRIES - 1],
              "a changed byte is found, and its entry or the one behind it named");
    wlk_check(wlk_audit_verify(log, size - 1, NULL, &read, &fault) == WLK_BAD_INPUT &&
                  fault.offset == starts[ENTRIES - 1],
              "a cut log is found");
    wlk_check(wlk_audit_verify(log, starts[30], &end, &read, &fault) == WLK_BAD_INPUT,
              "a log without its end misses the head that was shown");
    memmove(log + starts[5], log + starts[6], size - starts[6]);
    wlk_check(wlk_audit_verify(log, size - (starts[6] - starts[5]), NULL, &read, &fault) ==
                      WLK_BAD_INPUT &&
                  fault.offset == starts[5],
              "an entry taken out is found");
}

int main(void)
{
    static struct wlk_arrangement tmw;
    if (wlk_seal_init() != WLK_OK || !wlk_sample_shipped("tmw.txt", &tmw))
        return 1;
    test_events();
    test_cancel();
    test_question(&tmw);
    test_paths(&tmw);
    test_rate();
    test_region();
    test_audit();
    return wlk_tap_done();
}
