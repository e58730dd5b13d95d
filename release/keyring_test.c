/* keyring_test.c -- keys that come, overlap and end by statements of the root.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/keyring.h"

#include "base/assert.h"
#include "base/tap.h"
#include "release/sample.h"

#include <string.h>

static const int64_t DAY_NS = INT64_C(86400000000000);
static struct wlk_arrangement tmw;
static struct wlk_roots roots;
static struct wlk_keyring ring;
static uint8_t bytes[WLK_KEY_STATEMENT_SIZE_MAX];
static size_t size;

/* Of JP, whose root is sample key 0: adds sample key number (none: 0), ends another (same). */
static struct wlk_key_statement statement_of(unsigned added, unsigned ended, int64_t since_ns)
{
    struct wlk_key_statement s;
    memset(&s, 0, sizeof s);
    s.party = wlk_name_of("JP");
    s.time = wlk_sample_now();
    if (added) {
        s.key_count = 1;
        s.key[0].public_key = wlk_sample_key(added)->public_key;
        s.key[0].use[WLK_KEY_RECORD] = s.key[0].use[WLK_KEY_RECEIPT] = 1;
        s.key[0].nature[WLK_NATURE_REAL] = 1;
        s.key[0].not_before = wlk_sample_now();
        s.key[0].not_after.ns = wlk_sample_now().ns + 90 * DAY_NS;
    }
    if (ended) {
        s.end_count = 1;
        memcpy(s.end[0].bytes, wlk_sample_key(ended)->public_key.bytes, WLK_PUBLIC_KEY_SIZE);
        s.end[0].suspect_since.ns = since_ns;
    }
    return s;
}

static wlk_status take(const struct wlk_key_statement *made, unsigned signer)
{
    struct wlk_key_statement read;
    WLK_TRY(wlk_key_statement_sign(made, wlk_sample_key(signer), bytes, sizeof bytes, &size));
    WLK_TRY(wlk_key_statement_read(bytes, size, &roots, &read, NULL));
    return wlk_keyring_put(&ring, &read);
}

static bool may(const char *originator, unsigned number, enum wlk_nature nature, int64_t ns)
{
    struct wlk_key_question question = {.originator = wlk_name_of(originator),
                                        .kid = wlk_sample_key(number)->public_key.kid,
                                        .use = WLK_KEY_RECORD,
                                        .nature = nature,
                                        .time = {ns}};
    return wlk_keyring_find(&ring, &tmw, &question) &&
           wlk_keyring_doubt(&ring, question.originator, question.kid, question.time) ==
               WLK_KEY_GOOD;
}

static void test_rotation(void)
{
    int64_t now = wlk_sample_now().ns;
    memset(&ring, 0, sizeof ring);
    struct wlk_key_statement s = statement_of(40, 0, 0);
    wlk_check(!may("JP", 40, WLK_NATURE_REAL, now), "a key nobody listed signs nothing");
    wlk_check(take(&s, 0) == WLK_OK && may("JP", 40, WLK_NATURE_REAL, now) &&
                  may("JP", 1, WLK_NATURE_REAL, now),
              "a key that the root adds may sign, and for a while the old one too");
    wlk_check(take(&s, 0) == WLK_KNOWN, "a second copy changes nothing");
    wlk_check(!may("JP", 40, WLK_NATURE_REAL, now - 1) &&
                  may("JP", 40, WLK_NATURE_REAL, now + 90 * DAY_NS - 1) &&
                  !may("JP", 40, WLK_NATURE_REAL, now + 90 * DAY_NS),
              "from the first instant of its term to before the last");
    wlk_check(!may("JP", 40, WLK_NATURE_EXERCISE, now), "for its nature only");
    wlk_check(!may("KR", 40, WLK_NATURE_REAL, now), "for its party only");
    struct wlk_key_question notice = {.originator = wlk_name_of("JP"),
                                      .kid = wlk_sample_key(40)->public_key.kid,
                                      .use = WLK_KEY_NOTICE,
                                      .nature = WLK_NATURE_REAL,
                                      .time = {now}};
    wlk_check(!wlk_keyring_find(&ring, &tmw, &notice), "for its use only");
}

static void test_end(void)
{
    int64_t now = wlk_sample_now().ns, since = now - 2 * DAY_NS;
    const uint8_t *kid = wlk_sample_key(1)->public_key.kid;
    memset(&ring, 0, sizeof ring);
    struct wlk_key_statement s = statement_of(40, 1, since);
    wlk_check(take(&s, 0) == WLK_OK && !may("JP", 1, WLK_NATURE_REAL, now) &&
                  !may("JP", 1, WLK_NATURE_REAL, since - 1),
              "an ended key signs nothing more, whatever time the record claims");
    wlk_check(may("JP", 40, WLK_NATURE_REAL, now), "the same statement brings the new one");
    wlk_name jp = wlk_name_of("JP");
    wlk_check(wlk_keyring_doubt(&ring, jp, kid, (wlk_utc){since}) == WLK_KEY_SUSPECT &&
                  wlk_keyring_doubt(&ring, jp, kid, (wlk_utc){since - 1}) == WLK_KEY_ENDED,
              "what it had signed since then is suspect, what was before is not");
    wlk_check(wlk_keyring_doubt(&ring, wlk_name_of("KR"), kid, (wlk_utc){now}) == WLK_KEY_GOOD,
              "JP's word ends no key of another nation");
    struct wlk_key_statement later = statement_of(0, 1, since + DAY_NS);
    wlk_check(take(&later, 0) == WLK_KNOWN, "it does not become less suspect");
    later = statement_of(0, 1, since - DAY_NS);
    wlk_check(take(&later, 0) == WLK_OK &&
                  wlk_keyring_doubt(&ring, jp, kid, (wlk_utc){since - 1}) == WLK_KEY_SUSPECT,
              "of two times the earlier stands");
    struct wlk_key_statement back = statement_of(1, 0, 0);
    wlk_check(take(&back, 0) == WLK_OK && !may("JP", 1, WLK_NATURE_REAL, now),
              "an addition does not bring an ended key back, in whatever order they come");
}

static void test_bounds(void)
{
    struct wlk_key_statement s;
    wlk_status status = WLK_OK;
    unsigned taken = 0;
    memset(&ring, 0, sizeof ring);
    for (unsigned i = 0; i < WLK_KEYRING_ENDS_MAX + 8 && status == WLK_OK; i++) {
        s = statement_of(0, 1, i + 1);
        s.end[0].suspect_since.ns = 0;
        s.end[0].bytes[0] = (uint8_t)i;
        status = wlk_keyring_put(&ring, &s);
        taken += status == WLK_OK;
    }
    wlk_check(taken == WLK_KEYRING_ENDS_MAX && status == WLK_FULL,
              "a party ends no more keys than there is room for (%u), and is told", taken);
    struct wlk_key_statement kr = statement_of(0, 4, 0);
    kr.party = wlk_name_of("KR");
    wlk_check(take(&kr, 3) == WLK_OK, "which leaves the others their room");
}

static void test_forgeries(void)
{
    struct wlk_key_statement out, s = statement_of(40, 1, wlk_sample_now().ns);
    size_t accepted = 0;
    memset(&ring, 0, sizeof ring);
    wlk_check(take(&s, 3) == WLK_BAD_SIGNATURE, "KR's root changes no key of JP");
    wlk_check(take(&s, 1) == WLK_BAD_SIGNATURE, "an operational key changes no keys");
    wlk_check(take(&s, 0) == WLK_OK, "JP's root does");
    for (size_t bit = 0; bit < 8 * size; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        accepted += wlk_key_statement_read(bytes, size, &roots, &out, NULL) == WLK_OK;
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    wlk_check(accepted == 0, "no flipped bit of a statement is accepted (all %zu bits)",
              8 * size);
    uint8_t other[256];
    size_t other_size = 0;
    struct wlk_withdrawal withdrawal = {wlk_arrangement_digest(&tmw), tmw.party[0],
                                        wlk_sample_now()};
    wlk_check(wlk_force_withdraw(&withdrawal, wlk_sample_key(0), other, sizeof other,
                                 &other_size) == WLK_OK &&
                  wlk_key_statement_read(other, other_size, &roots, &out, NULL) ==
                      WLK_BAD_INPUT,
              "a withdrawal is no key statement");
}

static void test_rules(void)
{
    struct wlk_key_statement s = statement_of(40, 0, 0);
    s.key_count = 0;
    wlk_check(take(&s, 0) == WLK_BAD_INPUT, "a statement says something");
    s = statement_of(40, 0, 0);
    s.key[0].use[WLK_KEY_ROOT] = 1;
    wlk_check(take(&s, 0) == WLK_BAD_INPUT, "a statement makes no root");
    s = statement_of(40, 0, 0);
    s.key[0].nature[WLK_NATURE_EXERCISE] = 1;
    wlk_check(take(&s, 0) == WLK_BAD_INPUT, "a key for real records signs no exercise");
    s = statement_of(40, 0, 0);
    s.key[0].not_after = s.key[0].not_before;
    wlk_check(take(&s, 0) == WLK_BAD_INPUT, "a term is not empty");
    s = statement_of(40, 40, 0);
    wlk_check(take(&s, 0) == WLK_BAD_INPUT, "no key is added and ended in one breath");
}

static void test_text(void)
{
    char text[WLK_KEY_STATEMENT_TEXT_MAX], small[20];
    struct wlk_key_statement s = statement_of(40, 1, wlk_sample_now().ns);
    wlk_check(wlk_key_statement_print(&s, text, sizeof text) == WLK_OK &&
                  strstr(text, "key statement of JP at 2026-11-23T00:00:00Z\nadds key ") &&
                  strstr(text, " use record, receipt nature real from 2026-11-23T00:00:00Z "
                               "until 2027-02-21T00:00:00Z\nends key ") &&
                  strstr(text, " for ever, suspect since 2026-11-23T00:00:00Z\n"),
              "a statement reads as what it does");
    wlk_check(wlk_key_statement_print(&s, small, sizeof small) == WLK_FULL,
              "a page that is too small is refused");
}

int main(void)
{
    if (wlk_seal_init() != WLK_OK || !wlk_sample_shipped("tmw.txt", &tmw))
        return 1;
    for (unsigned p = 0; p < 3; p++)
        roots.root[roots.count++] =
            (struct wlk_root){tmw.party[p], wlk_sample_key(3 * p)->public_key};
    test_rotation();
    test_end();
    test_bounds();
    test_forgeries();
    test_rules();
    test_text();
    return wlk_tap_done();
}
