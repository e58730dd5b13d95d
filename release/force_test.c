/* force_test.c -- in force only when all signed, in term, not rolled back, not withdrawn.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/force.h"

#include "base/tap.h"
#include "release/hex.h"
#include "release/sample.h"

#include <stdio.h>

static struct wlk_arrangement tmw;
static struct wlk_roots roots;
static uint8_t bundle[WLK_BUNDLE_SIZE_MAX];
static struct wlk_agreement agreement;
static struct wlk_force force;

/* Signs with the parties that are 1 in who. */
static size_t make_bundle(const struct wlk_arrangement *a, const uint8_t who[3])
{
    static uint8_t signature[3][WLK_PARTY_SIGNATURE_MAX];
    struct wlk_signature all[WLK_PARTIES_MAX] = {{0}};
    size_t size = 0;
    for (unsigned p = 0; p < 3; p++) {
        all[p].bytes = signature[p];
        if (who[p] && wlk_force_sign(a, a->party[p], wlk_sample_key(3 * p), signature[p],
                                     sizeof signature[p], &all[p].size) != WLK_OK)
            return 0;
    }
    return wlk_force_bundle(a, all, bundle, sizeof bundle, &size) == WLK_OK ? size : 0;
}

static const uint8_t ALL[3] = {1, 1, 1};

static void put(const struct wlk_arrangement *a, const uint8_t who[3])
{
    struct wlk_fault fault = {.rule = "none"};
    size_t size = make_bundle(a, who);
    wlk_status status = wlk_force_read(bundle, size, &roots, &agreement, &fault);
    if (status == WLK_OK)
        status = wlk_force_put(&force, &agreement, &fault);
    wlk_check(status == WLK_OK, "a bundle is taken in (%s)", fault.rule);
}

static enum wlk_force_state state_at(const struct wlk_arrangement *a, int64_t ns)
{
    wlk_digest digest = wlk_arrangement_digest(a);
    return wlk_arrangement_in_force(&force, &digest, (wlk_utc){ns});
}

/* Signatures that come one by one, in bundles of their own. */
static void test_one_by_one(void)
{
    int64_t now = wlk_sample_now().ns;
    memset(&force, 0, sizeof force);
    for (unsigned p = 0; p < 3; p++) {
        uint8_t one[3] = {0};
        one[p] = 1;
        wlk_check(state_at(&tmw, now) != WLK_FORCE_IN_FORCE, "with %u of 3 it is not in force",
                  p);
        put(&tmw, one);
    }
    wlk_check(state_at(&tmw, now) == WLK_FORCE_IN_FORCE, "with the third it is");
}

static void test_signatures(void)
{
    const uint8_t two[3] = {1, 0, 1}, third[3] = {0, 1, 0};
    int64_t now = wlk_sample_now().ns;
    memset(&force, 0, sizeof force);
    wlk_check(state_at(&tmw, now) == WLK_FORCE_UNKNOWN, "an arrangement never seen is unknown");
    put(&tmw, two);
    wlk_check(!agreement.is_complete && state_at(&tmw, now) == WLK_FORCE_DRAFT,
              "with one signature missing it is a draft and not in force");
    wlk_check(wlk_force_named(&force, tmw.name, wlk_sample_now()) == NULL,
              "and a name does not find it");
    put(&tmw, third);
    wlk_check(state_at(&tmw, now) == WLK_FORCE_IN_FORCE,
              "with the last signature, in whatever bundle, it is in force");
    wlk_check(wlk_force_put(&force, &agreement, NULL) == WLK_KNOWN,
              "the same bundle again changes nothing");
    wlk_check(state_at(&tmw, tmw.effective.ns) == WLK_FORCE_IN_FORCE &&
                  state_at(&tmw, tmw.effective.ns - 1) == WLK_FORCE_SIGNED,
              "it begins with its term");
    wlk_check(state_at(&tmw, tmw.until.ns - 1) == WLK_FORCE_IN_FORCE &&
                  state_at(&tmw, tmw.until.ns) == WLK_FORCE_EXPIRED,
              "it ends with its term");
}

static void test_forgeries(void)
{
    uint8_t signature[WLK_PARTY_SIGNATURE_MAX];
    struct wlk_roots few = roots;
    size_t size = 0, accepted = 0, full = make_bundle(&tmw, ALL);
    wlk_check(wlk_force_sign(&tmw, tmw.party[0], wlk_sample_key(3), signature, sizeof signature,
                             &size) == WLK_NOT_RELEASABLE,
              "another party's root key cannot sign for JP");
    wlk_check(wlk_force_sign(&tmw, tmw.party[0], wlk_sample_key(1), signature, sizeof signature,
                             &size) == WLK_NOT_RELEASABLE,
              "JP's operational key cannot sign for JP");
    memset(&agreement, 0x5a, sizeof agreement);
    for (size_t i = 0; i < full; i++) {
        bundle[i] ^= (uint8_t)(1u << i % 8);
        accepted += wlk_force_read(bundle, full, &roots, &agreement, NULL) == WLK_OK;
        bundle[i] ^= (uint8_t)(1u << i % 8);
    }
    wlk_check(accepted == 0,
              "no bundle with one flipped bit is accepted (%zu bytes, each once)", full);
    wlk_check(((uint8_t *)&agreement)[0] == 0x5a &&
                  ((uint8_t *)&agreement)[sizeof agreement - 1] == 0x5a,
              "a refused bundle leaves its output untouched");
    few.root[1].public_key = wlk_sample_key(40)->public_key;
    wlk_check(wlk_force_read(bundle, full, &few, &agreement, NULL) == WLK_BAD_SIGNATURE,
              "an arrangement with another root than the one trusted here is refused");
    few.count = 2;
    wlk_check(wlk_force_read(bundle, full, &few, &agreement, NULL) == WLK_BAD_SIGNATURE,
              "and one of a party whose root is not known here");
    wlk_check(wlk_force_read(bundle, full - 1, &roots, &agreement, NULL) == WLK_BAD_INPUT,
              "a cut bundle is refused");
    wlk_check(wlk_force_rehearsal(&tmw, &agreement) == WLK_BAD_SIGNATURE,
              "real keys never stand in for signatures");
}

static void test_withdrawal(void)
{
    uint8_t bytes[WLK_WITHDRAWAL_SIZE_MAX];
    size_t size = 0;
    int64_t now = wlk_sample_now().ns;
    struct wlk_withdrawal said, withdrawal = {.arrangement = wlk_arrangement_digest(&tmw),
                                              .party = tmw.party[1],
                                              .time = wlk_sample_now()};
    memset(&force, 0, sizeof force);
    wlk_check(wlk_force_withdraw(&withdrawal, wlk_sample_key(3), bytes, sizeof bytes, &size) ==
                  WLK_OK,
              "KR writes a withdrawal");
    wlk_check(wlk_force_put_withdrawal(&force, bytes, size, &said, NULL) == WLK_NOT_YET,
              "a withdrawal of something unknown waits");
    put(&tmw, ALL);
    bytes[size - 1] ^= 1;
    wlk_check(wlk_force_put_withdrawal(&force, bytes, size, &said, NULL) == WLK_BAD_SIGNATURE &&
                  state_at(&tmw, now) == WLK_FORCE_IN_FORCE,
              "a forged withdrawal changes nothing");
    bytes[size - 1] ^= 1;
    wlk_check(wlk_force_put_withdrawal(&force, bytes, size, &said, NULL) == WLK_OK &&
                  wlk_name_equal(said.party, tmw.party[1]),
              "any one party withdraws");
    wlk_check(state_at(&tmw, now) == WLK_FORCE_WITHDRAWN, "dead at once");
    wlk_check(wlk_force_put(&force, &agreement, NULL) == WLK_KNOWN &&
                  state_at(&tmw, now) == WLK_FORCE_WITHDRAWN,
              "for ever: the bundle does not bring it back");
    wlk_check(wlk_force_put_withdrawal(&force, bytes, size, &said, NULL) == WLK_KNOWN,
              "a second copy of the withdrawal is known");
    withdrawal.party = tmw.party[0];
    if (wlk_force_withdraw(&withdrawal, wlk_sample_key(3), bytes, sizeof bytes, &size) !=
        WLK_OK)
        size = 0;
    memset(&force, 0, sizeof force);
    put(&tmw, ALL);
    wlk_check(wlk_force_put_withdrawal(&force, bytes, size, &said, NULL) == WLK_BAD_SIGNATURE,
              "KR cannot withdraw in JP's name");
}

static void test_versions(void)
{
    static struct wlk_arrangement second, third;
    int64_t now = wlk_sample_now().ns, day = INT64_C(86400000000000);
    memset(&force, 0, sizeof force);
    put(&tmw, ALL);
    wlk_check(wlk_force_advance(&force, wlk_sample_now()) && force.seen[0].version == 1 &&
                  !wlk_force_advance(&force, wlk_sample_now()),
              "the version in force is noted once");
    second = tmw;
    second.version = 2;
    second.has_replaces = 1;
    second.replaces = wlk_arrangement_digest(&tmw);
    second.effective.ns += 10 * day;
    put(&second, ALL);
    wlk_check(state_at(&tmw, now) == WLK_FORCE_IN_FORCE &&
                  state_at(&second, now) == WLK_FORCE_SIGNED,
              "until version 2 begins, version 1 stays in force: no gap");
    int64_t later = second.effective.ns;
    wlk_check(state_at(&tmw, later) == WLK_FORCE_SUPERSEDED &&
                  state_at(&second, later) == WLK_FORCE_IN_FORCE &&
                  wlk_force_named(&force, tmw.name, (wlk_utc){later})->arrangement.version == 2,
              "then version 2 alone is");
    wlk_check(wlk_force_advance(&force, (wlk_utc){later}), "which is noted");
    wlk_check(state_at(&tmw, now) == WLK_FORCE_SUPERSEDED,
              "a clock turned back does not bring version 1 back");
    third = second;
    third.version = 3;
    wlk_check(wlk_force_read(bundle, make_bundle(&third, ALL), &roots, &agreement, NULL) ==
                      WLK_OK &&
                  wlk_force_put(&force, &agreement, NULL) == WLK_BAD_INPUT,
              "a version that replaces another than the one here is refused");
    third.version = 2;
    third.until.ns -= day;
    wlk_check(wlk_force_read(bundle, make_bundle(&third, ALL), &roots, &agreement, NULL) ==
                      WLK_OK &&
                  wlk_force_put(&force, &agreement, NULL) == WLK_BAD_INPUT,
              "a second version 2 is refused");
    memset(&force, 0, sizeof force);
    wlk_check(wlk_force_note_seen(&force, tmw.name, 2) == WLK_OK, "after a restart");
    put(&tmw, ALL);
    wlk_check(state_at(&tmw, now) == WLK_FORCE_SUPERSEDED,
              "the version kept durably refuses a rollback");
}

static void test_roots(void)
{
    char text[512], hex[65];
    struct wlk_roots read;
    struct wlk_fault fault = {.rule = "none"};
    wlk_hex_write(wlk_sample_key(0)->public_key.bytes, 32, hex);
    snprintf(text, sizeof text, "# trusted here\nroot JP %s\n", hex);
    wlk_check(wlk_roots_parse("roots", text, &read, &fault) == WLK_OK && read.count == 1,
              "a roots file is read");
    hex[3] = 'X';
    snprintf(text, sizeof text, "root JP %s\n", hex);
    wlk_check(wlk_roots_parse("roots", text, &read, &fault) == WLK_BAD_INPUT && fault.line == 1,
              "a bad root names its line");
}

int main(void)
{
    if (wlk_seal_init() != WLK_OK || !wlk_sample_shipped("tmw.txt", &tmw))
        return 1;
    for (unsigned p = 0; p < 3; p++) {
        roots.root[p].party = tmw.party[p];
        roots.root[p].public_key = wlk_sample_key(3 * p)->public_key;
        roots.count++;
    }
    test_signatures();
    test_one_by_one();
    test_forgeries();
    test_withdrawal();
    test_versions();
    test_roots();
    return wlk_tap_done();
}
