/* release_test.c -- seal for a lane, pass for one recipient, and nothing else.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/release.h"

#include "base/tap.h"
#include "release/question.h"
#include "release/sample.h"

#include <stdio.h>
#include <stdlib.h>

static struct wlk_arrangement tmw, pair;
static wlk_digest digest, pair_digest;
static struct wlk_released *released, *passed;
static const uint8_t SALT[WLK_GROUPS_MAX][WLK_SALT_SIZE] = {{1}, {2}};
static union wlk_content content[WLK_GROUPS_MAX];

static void fill_launch(struct wlk_launch_content *launch)
{
    memset(launch, 0, sizeof *launch);
    launch->point.latitude_e7 = 392000000;
    launch->point.longitude_e7 = 1256700000;
    launch->point.time_ns = wlk_sample_now().ns;
    launch->point.covariance[0] = launch->point.covariance[2] = launch->point.covariance[5] =
        1000000;
    launch->status = WLK_LAUNCH_CONFIRMED;
    launch->count_min = launch->count_max = 1;
}

/* KR's draft of a real launch, coarse only, releasable to all three. */
static struct wlk_draft launch_draft(const struct wlk_arrangement *a)
{
    struct wlk_draft draft = {.content = content, .salt = SALT};
    struct wlk_header *header = &draft.header;
    fill_launch(&content[0].launch);
    fill_launch(&content[1].launch);
    header->time = wlk_sample_now();
    header->type = WLK_TYPE_LAUNCH;
    header->nature = WLK_NATURE_REAL;
    snprintf(header->label.policy, sizeof header->label.policy, "WARNLINK");
    header->label.releasable_count = a->party_count;
    memcpy(header->label.releasable, a->party, sizeof a->party);
    header->has_event = true;
    header->event.bytes[3] = 9;
    header->valid_until = wlk_utc_add(header->time, 900);
    header->has_region = true;
    header->region = WLK_REGION_DPRK;
    header->group_count = 1;
    header->group[0].group = WLK_GROUP_COARSE;
    header->group[0].classification = WLK_RESTRICTED;
    header->sensor_nation_count = 1;
    header->sensor_nation[0] = wlk_name_of("KR");
    return draft;
}

static struct wlk_egress egress_of(const struct wlk_arrangement *a, const wlk_digest *of)
{
    uint8_t index = 0;
    bool is_party = wlk_arrangement_party(a, wlk_name_of("KR"), &index);
    struct wlk_egress egress = {.arrangement = a,
                                .digest = of,
                                .is_in_force = is_party,
                                .originator = wlk_name_of("KR"),
                                .key = wlk_sample_key(3u * index + 1),
                                .now = wlk_sample_now()};
    return egress;
}

static struct wlk_lane_head head_of(const struct wlk_arrangement *a,
                                    enum wlk_class record_class)
{
    struct wlk_lane_head head = {.lane = {.arrangement = a->name,
                                          .record_class = record_class,
                                          .nature = WLK_NATURE_REAL,
                                          .generation = 1}};
    return head;
}

static void test_seal(void)
{
    struct wlk_egress egress = egress_of(&tmw, &digest);
    struct wlk_draft draft = launch_draft(&tmw);
    struct wlk_lane_head head = head_of(&tmw, WLK_CLASS_WARN);
    struct wlk_verdict why;
    wlk_name recipient;
    wlk_check(wlk_released_size(released) == 0, "a place for a record is empty at first");
    wlk_check(wlk_release_seal(&egress, &draft, &head, released, &why) == WLK_OK &&
                  head.seq == 1 && why.kind == WLK_PASS,
              "a launch is sealed, and the lane moves on");
    wlk_digest first = head.prev;
    wlk_check(wlk_digest_equal(wlk_released_digest(released), &first) &&
                  !wlk_released_recipient(released, &recipient) &&
                  wlk_name_equal(wlk_released_arrangement(released), tmw.name),
              "it is cleared for the lane of its arrangement");
    wlk_check(wlk_release_seal(&egress, &draft, &head, released, NULL) == WLK_OK &&
                  head.seq == 2 &&
                  wlk_digest_equal(&wlk_released_header(released)->prev, &first),
              "the next one names the one before");
}

/* Changes one thing and expects a refusal that leaves everything as it was. */
static void expect(wlk_status expected, struct wlk_egress egress, struct wlk_draft draft,
                   const char *sentence)
{
    struct wlk_lane_head head = head_of(egress.arrangement, wlk_type_class(draft.header.type));
    size_t size = wlk_released_size(released);
    wlk_digest before = *wlk_released_digest(released);
    wlk_status status = wlk_release_seal(&egress, &draft, &head, released, NULL);
    wlk_check(status == expected && head.seq == 0 && wlk_released_size(released) == size &&
                  wlk_digest_equal(&before, wlk_released_digest(released)),
              "%s (%s)", sentence, wlk_status_words(status));
}

static void test_refusals(void)
{
    struct wlk_egress egress = egress_of(&tmw, &digest);
    struct wlk_draft draft = launch_draft(&tmw);
    egress.is_in_force = false;
    expect(WLK_NOT_RELEASABLE, egress, draft, "nothing is sealed when it is not in force");
    egress = egress_of(&tmw, &digest);
    draft.header.label.releasable_count = 1;
    draft.header.label.releasable[0] = wlk_name_of("KR");
    expect(WLK_NOT_RELEASABLE, egress, draft, "a label that names nobody else seals nothing");
    draft = launch_draft(&tmw);
    draft.header.sensor_nation[0] = wlk_name_of("JP");
    expect(WLK_NOT_RELEASABLE, egress, draft, "a fused estimate never leaves");
    draft = launch_draft(&tmw);
    draft.header.group_count = 2;
    draft.header.group[1].group = WLK_GROUP_FINE;
    draft.header.group[1].classification = WLK_RESTRICTED;
    expect(WLK_NOT_RELEASABLE, egress, draft, "a fine group that reaches nobody is not sealed");
    draft = launch_draft(&tmw);
    draft.header.region = WLK_REGION_OTHER;
    expect(WLK_NOT_RELEASABLE, egress, draft, "a launch from elsewhere is not covered");
    draft = launch_draft(&tmw);
    draft.header.nature = WLK_NATURE_EXERCISE;
    expect(WLK_BAD_INPUT, egress, draft, "an exercise record does not go into a real lane");
    draft = launch_draft(&tmw);
    egress.key = wlk_sample_key(5);
    expect(WLK_BAD_INPUT, egress, draft, "an exercise key does not sign a real record");
    egress.key = wlk_sample_key(1);
    expect(WLK_BAD_INPUT, egress, draft, "another nation's key does not sign KR's record");
    egress = egress_of(&tmw, &digest);
    draft.header.group_count = 0;
    expect(WLK_BAD_INPUT, egress, draft, "a record without groups is none");
}

/* Verified as the hub does: key from the arrangement. */
static bool verify_last(const struct wlk_arrangement *a, struct wlk_record *record,
                        struct wlk_claim *claim)
{
    if (wlk_claim_decode(wlk_released_bytes(released), wlk_released_size(released), claim,
                         NULL))
        return false;
    const struct wlk_public_key *key = wlk_arrangement_key_of(a, claim);
    return key && wlk_record_verify(claim, key, record) == WLK_OK;
}

static struct wlk_verdict ask(const struct wlk_arrangement *a, const struct wlk_header *header,
                              const char *recipient)
{
    const bool shown[WLK_GROUPS_MAX] = {true, true};
    struct wlk_surroundings around = {.arrangement = a,
                                      .is_in_force = true,
                                      .recipient = wlk_name_of(recipient),
                                      .now = wlk_sample_now()};
    struct wlk_rules rules;
    struct wlk_question question;
    memset(around.token, 1, sizeof around.token);
    wlk_rules_make(a, &rules);
    wlk_question_make(header, shown, &around, &question);
    return wlk_decide(&rules, &question);
}

static void test_pass(void)
{
    struct wlk_egress egress = egress_of(&pair, &pair_digest);
    struct wlk_draft draft = launch_draft(&pair);
    struct wlk_lane_head head = head_of(&pair, WLK_CLASS_WARN);
    struct wlk_record record;
    struct wlk_claim claim, arrived;
    wlk_name recipient;
    draft.header.group_count = 2;
    draft.header.group[1].group = WLK_GROUP_FINE;
    draft.header.group[1].classification = WLK_SECRET;
    wlk_status status = wlk_release_seal(&egress, &draft, &head, released, NULL);
    if (!wlk_check(status == WLK_OK && verify_last(&pair, &record, &claim),
                   "a launch with coarse and fine verifies at the hub (%s)",
                   wlk_status_words(status)))
        return;
    struct wlk_verdict verdict = ask(&pair, &claim.header, "US");
    wlk_check(verdict.kind == WLK_PASS &&
                  wlk_release_pass(&record, &verdict, wlk_name_of("US"), passed) == WLK_OK &&
                  wlk_released_size(passed) == wlk_released_size(released) &&
                  memcmp(wlk_released_bytes(passed), wlk_released_bytes(released),
                         wlk_released_size(passed)) == 0,
              "what passes whole is forwarded byte for byte");
    wlk_check(wlk_released_recipient(passed, &recipient) && strcmp(recipient.text, "US") == 0,
              "it is cleared for one recipient");
    verdict.kind = WLK_TRIM;
    verdict.group_pass[WLK_GROUP_FINE] = 0;
    wlk_check(wlk_release_pass(&record, &verdict, wlk_name_of("US"), passed) == WLK_OK &&
                  wlk_claim_decode(wlk_released_bytes(passed), wlk_released_size(passed),
                                   &arrived, NULL) == WLK_OK &&
                  arrived.disclosure[1].is_withheld && !arrived.disclosure[0].is_withheld &&
                  wlk_record_verify(&arrived, wlk_arrangement_key_of(&pair, &arrived),
                                    &record) == WLK_OK,
              "what is trimmed lacks the group, and the originator's signature still holds");
    wlk_check(wlk_release_pass(&record, &verdict, wlk_name_of("JP"), passed) ==
                  WLK_NOT_RELEASABLE,
              "no verdict clears it for a nation that the label does not name");
    wlk_check(wlk_release_pass(&record, &verdict, wlk_name_of("KR"), passed) ==
                  WLK_NOT_RELEASABLE,
              "nor back to its originator");
    verdict.group_pass[WLK_GROUP_COARSE] = 0;
    wlk_check(wlk_release_pass(&record, &verdict, wlk_name_of("US"), passed) ==
                  WLK_NOT_RELEASABLE,
              "nor with no group left");
    verdict = (struct wlk_verdict){.kind = WLK_REFUSE};
    verdict.group_pass[WLK_GROUP_COARSE] = 1;
    wlk_check(wlk_release_pass(&record, &verdict, wlk_name_of("US"), passed) ==
                  WLK_NOT_RELEASABLE,
              "a refusal clears nothing");
}

static void test_again(void)
{
    struct wlk_egress egress = egress_of(&tmw, &digest);
    struct wlk_draft draft = launch_draft(&tmw);
    struct wlk_lane_head head = head_of(&tmw, WLK_CLASS_WARN);
    struct wlk_record record;
    struct wlk_claim claim;
    if (!wlk_check(wlk_release_seal(&egress, &draft, &head, released, NULL) == WLK_OK &&
                       verify_last(&tmw, &record, &claim),
                   "a record goes to the journal and comes back"))
        return;
    wlk_check(wlk_release_again(&record, &egress, passed) == WLK_OK &&
                  wlk_digest_equal(wlk_released_digest(passed), wlk_released_digest(released)),
              "its own record is released again as it was");
    egress.is_in_force = false;
    wlk_check(wlk_release_again(&record, &egress, passed) == WLK_NOT_RELEASABLE,
              "but not when the arrangement has ended");
    egress.is_in_force = true;
    egress.originator = wlk_name_of("JP");
    wlk_check(wlk_release_again(&record, &egress, passed) == WLK_NOT_RELEASABLE,
              "and not another nation's");
}

static void test_status(void)
{
    struct wlk_egress egress = egress_of(&tmw, &digest);
    struct wlk_draft draft = launch_draft(&tmw);
    struct wlk_lane_head head = head_of(&tmw, WLK_CLASS_STATUS);
    memset(content, 0, sizeof content);
    content[0].status.started_ns = 1;
    draft.header.type = WLK_TYPE_STATUS;
    draft.header.has_event = draft.header.has_region = false;
    draft.header.sensor_nation_count = 0;
    draft.header.group[0].group = WLK_GROUP_BODY;
    wlk_status status = wlk_release_seal(&egress, &draft, &head, released, NULL);
    wlk_check(status == WLK_OK && head.seq == 0 && !wlk_released_header(released)->has_seq,
              "a heartbeat is sealed without a number (%s)", wlk_status_words(status));
    egress.originator = wlk_name_of("HON-A");
    egress.key = wlk_sample_key(10);
    status = wlk_release_seal(&egress, &draft, &head, released, NULL);
    wlk_check(status == WLK_OK, "and so is the hub's (%s)", wlk_status_words(status));
}

int main(void)
{
    released = wlk_released_open();
    passed = wlk_released_open();
    if (wlk_seal_init() != WLK_OK || !wlk_sample_shipped("tmw.txt", &tmw) ||
        !wlk_sample_shipped("kr-us.txt", &pair) || !released || !passed)
        return 1;
    digest = wlk_arrangement_digest(&tmw);
    pair_digest = wlk_arrangement_digest(&pair);
    test_seal();
    test_refusals();
    test_pass();
    test_again();
    test_status();
    wlk_released_close(released);
    wlk_released_close(passed);
    return wlk_tap_done();
}
