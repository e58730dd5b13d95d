/* arrangement_test.c -- text, struct and CBOR map one to one, and bad texts are named.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/arrangement.h"

#include "base/tap.h"
#include "base/words.h"
#include "release/sample.h"

#include <stdio.h>
#include <stdlib.h>

static char text[WLK_ARRANGEMENT_TEXT_MAX], again[WLK_ARRANGEMENT_TEXT_MAX];
static uint8_t bytes[WLK_ARRANGEMENT_SIZE_MAX], other[WLK_ARRANGEMENT_SIZE_MAX];

static void test_shipped(const char *name)
{
    static struct wlk_arrangement arrangement;
    char path[512], *shipped = NULL;
    size_t line = 0;
    struct wlk_fault fault = {.rule = "none"};
    const char *source = getenv("WARNLINK_SOURCE");
    snprintf(path, sizeof path, "%s/arrangements/%s", source ? source : ".", name);
    if (!wlk_check(wlk_words_read_file(path, &shipped, &fault) == WLK_OK, "%s can be read",
                   name))
        return;
    wlk_check(wlk_arrangement_parse(name, shipped, &arrangement, &fault) == WLK_OK,
              "%s is an arrangement (%s: %s, line %zu)", name, fault.rule, fault.detail,
              fault.line);
    wlk_check(wlk_arrangement_is_canonical(&arrangement, shipped, &line),
              "%s prints as it is written (line %zu)", name, line);
    wlk_check(arrangement.require_count >= 6 && arrangement.key_count == 0,
              "%s is a template: requires, and no keys", name);
    free(shipped);
}

/* One random arrangement through every form. Returns the first thing that failed. */
static const char *round_trip(const struct wlk_arrangement *made)
{
    static struct wlk_arrangement read;
    size_t size = 0, second = 0;
    struct wlk_fault fault = {.rule = ""};
    if (wlk_arrangement_print(made, text, sizeof text) != WLK_OK)
        return "print";
    if (wlk_arrangement_parse("random", text, &read, &fault) != WLK_OK) {
        wlk_note("line %zu: %s: %s", fault.line, fault.rule, fault.detail);
        return "parse";
    }
    if (wlk_arrangement_print(&read, again, sizeof again) != WLK_OK || strcmp(text, again) != 0)
        return "print of parse";
    if (wlk_arrangement_encode(made, bytes, sizeof bytes, &size) != WLK_OK ||
        wlk_arrangement_encode(&read, other, sizeof other, &second) != WLK_OK ||
        size != second || memcmp(bytes, other, size) != 0)
        return "encode of parse";
    if (wlk_arrangement_decode(bytes, size, &read, &fault) != WLK_OK) {
        wlk_note("byte %zu: %s", fault.offset, fault.rule);
        return "decode";
    }
    if (wlk_arrangement_print(&read, again, sizeof again) != WLK_OK || strcmp(text, again) != 0)
        return "print of decode";
    return NULL;
}

static void test_random(void)
{
    static struct wlk_arrangement made;
    struct wlk_random random = wlk_random_seeded(2, 1);
    size_t largest = 0, longest = 0, clauses = 0;
    const char *broken = NULL;
    int i = 0;
    for (; i < 1000 && !broken; i++) {
        size_t size = 0;
        wlk_sample_arrangement(&random, &made);
        broken = round_trip(&made);
        if (!broken && wlk_arrangement_encode(&made, bytes, sizeof bytes, &size) == WLK_OK)
            largest = size > largest ? size : largest;
        longest = strlen(text) > longest ? strlen(text) : longest;
        clauses += made.clause_count;
    }
    wlk_check(!broken,
              "text, struct and CBOR are one to one for 1,000 random arrangements "
              "(number %d: %s)",
              i, broken ? broken : "-");
    wlk_note("largest CBOR %zu bytes, longest text %zu bytes, %zu clauses in all", largest,
             longest, clauses);
}

/* Whatever damaged bytes are accepted must encode to themselves: one encoding of each value. */
static void test_damage(void)
{
    static struct wlk_arrangement made, read;
    struct wlk_random random = wlk_random_seeded(3, 1);
    unsigned accepted = 0, wrong = 0, cut = 0;
    size_t size = 0, second = 0;
    for (int n = 0; n < 20; n++) {
        wlk_sample_arrangement(&random, &made);
        if (wlk_arrangement_encode(&made, bytes, sizeof bytes, &size) != WLK_OK)
            continue;
        for (int k = 0; k < 150; k++) {
            size_t bit = wlk_random_below(&random, 8 * size);
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
            if (wlk_arrangement_decode(bytes, size, &read, NULL) == WLK_OK) {
                accepted++;
                if (wlk_arrangement_encode(&read, other, sizeof other, &second) != WLK_OK ||
                    second != size || memcmp(bytes, other, size) != 0)
                    wrong++;
            }
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
            cut += wlk_arrangement_decode(bytes, wlk_random_below(&random, size), &read,
                                          NULL) == WLK_OK;
        }
    }
    wlk_check(wrong == 0 && accepted > 100,
              "bytes that are accepted are the encoding of what they say (%u of 3,000 flips "
              "accepted)",
              accepted);
    wlk_check(cut == 0, "no cut arrangement is accepted");
}

#define HEAD                                                                                   \
    "arrangement T version 1\nparties JP KR US hubs HON-A\n"                                   \
    "effective 2026-12-01T00:00:00Z until 2027-11-30T00:00:00Z\npurpose \"p\"\n"

/* Each bad text, the rule it breaks (beginning of it) and the line. */
static const struct {
    const char *text, *rule;
    size_t line;
} BAD[] = {
    {"parties JP KR hubs H\n", "the first line is", 1},
    {"arrangement T version 0\n", "a whole number from 1", 1},
    {"arrangement t version 1\n", "a name is", 1},
    {"arrangement T version 1 replaces sha256:00\n", "a digest is", 1},
    {"arrangement T version 1\narrangement T version 1\n", "one arrangement", 2},
    {"arrangement T version 1\npurpose \"p\" x\n", "a purpose is", 2},
    {"arrangement T version 1\npermit W1: launch from A to B\n", "the parties line", 2},
    {"arrangement T version 1\nparties JP KR hubs H\n", "arrangement, parties, effective", 2},
    {HEAD "parties JP KR hubs H\n", "one parties line", 5},
    {HEAD "permit W1 launch from JP to KR when nature real; groups fine\n", "a clause begins",
     5},
    {HEAD "permit W1: status from JP to KR when nature real\n", "a clause names launch", 5},
    {HEAD "permit W1: launch from JP to CN when nature real; groups fine\n", "a nation of", 5},
    {HEAD "permit W1: launch from JP to JP when nature real; groups fine\n", "from and to are",
     5},
    {HEAD "permit W1: launch from JP to KR; groups fine\n", "a permit says which nature", 5},
    {HEAD "permit W1: launch from JP to KR when nature real\n", "a permit of launch", 5},
    {HEAD "permit W1: cancel from JP to KR when nature real; groups fine\n", "groups concern",
     5},
    {HEAD "permit W1: launch from JP to KR when nature real; groups body\n",
     "a set holds something else", 5},
    {HEAD "permit W1: launch from JP to KR when nature real or real; groups fine\n",
     "a nature is", 5},
    {HEAD "permit W1: launch from JP to KR when nature real, exercise id \"X\"; groups fine\n",
     "an exercise id does not", 5},
    {HEAD "permit W1: launch from JP to KR when nature real; groups fine; groups fine\n",
     "groups, age at most", 5},
    {HEAD "permit W1: launch from JP to KR when nature real; groups fine; age at most 600\n",
     "age at most N s", 5},
    {HEAD "permit W1: launch from JP to KR when nature real; groups fine; rate at most 0/s\n",
     "rate at most N/s", 5},
    {HEAD "permit W1: launch from JP to KR when nature real; groups fine please\n",
     "nothing may follow", 5},
    {HEAD "permit W1: plot from JP to KR when nature real\n", "plots pass only", 5},
    {HEAD "forbid N1: launch from JP to KR when event open\n", "a forbid has no", 5},
    {HEAD "forbid N1: plot from JP to KR\nforbid N1: plot from KR to JP\n", "two clauses", 6},
    {HEAD "require R1: launch body from JP reaches KR\n", "a require names a group", 5},
    {HEAD "require R1: launch coarse from JP reaches JP\n", "a require goes", 5},
    {HEAD "allow W1: launch from JP to KR\n", "a line begins with", 5},
    {HEAD "key JP 00 use root from 2026-01-01T00:00:00Z until 2027-01-01T00:00:00Z\n",
     "a public key is", 5},
    {HEAD "key JP 0000000000000000000000000000000000000000000000000000000000000000 use root "
          "from 2026-01-01T00:00:00Z until 2027-01-01T00:00:00Z\n",
     "not a public key", 5},
    {HEAD "certificate CN sha256:"
          "0000000000000000000000000000000000000000000000000000000000000000\n",
     "a nation or hub", 5},
    {"arrangement T version 1\nparties KR JP hubs H\neffective 2026-12-01T00:00:00Z until "
     "2027-11-30T00:00:00Z\npurpose \"p\"\n",
     "parties and hubs are names in ascending order", 4},
    {"arrangement T version 1\nparties JP KR hubs JP\neffective 2026-12-01T00:00:00Z until "
     "2027-11-30T00:00:00Z\npurpose \"p\"\n",
     "a hub has a name", 4},
    {"arrangement T version 2\nparties JP KR hubs H\neffective 2026-12-01T00:00:00Z until "
     "2027-11-30T00:00:00Z\npurpose \"p\"\n",
     "version 1 replaces nothing", 4},
    {"arrangement T version 1\nparties JP KR hubs H\neffective 2026-12-01T00:00:00Z until "
     "2025-11-30T00:00:00Z\npurpose \"p\"\n",
     "the term is", 4},
};

static void test_bad_texts(void)
{
    static struct wlk_arrangement out, untouched;
    memset(&untouched, 0x5a, sizeof untouched);
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        struct wlk_fault fault = {.rule = "none"};
        memset(&out, 0x5a, sizeof out);
        wlk_status status = wlk_arrangement_parse("bad.txt", BAD[i].text, &out, &fault);
        bool is_named = status == WLK_BAD_INPUT && strcmp(fault.where, "bad.txt") == 0 &&
                        strncmp(fault.rule, BAD[i].rule, strlen(BAD[i].rule)) == 0 &&
                        fault.line == BAD[i].line;
        wlk_check(is_named && memcmp(&out, &untouched, sizeof out) == 0,
                  "refused by name and line: %s (%s, line %zu)", BAD[i].rule, fault.rule,
                  fault.line);
    }
}

static void test_canonical(void)
{
    static struct wlk_arrangement a;
    size_t line = 0;
    const char *sloppy =
        HEAD "# a remark that nobody would sign\npermit W1: impact, launch from "
             "KR , JP to US when nature real , event open;groups fine\n";
    wlk_check(wlk_arrangement_parse("x", sloppy, &a, NULL) == WLK_OK &&
                  !wlk_arrangement_is_canonical(&a, sloppy, &line) && line == 2,
              "a text with remarks or other spacing is read, but is not the signed text");
    wlk_check(wlk_arrangement_print(&a, text, sizeof text) == WLK_OK &&
                  strstr(text, "permit W1: launch, impact from JP, KR to US when event open, "
                               "nature real; groups fine\n"),
              "it prints in the one order");
    wlk_check(wlk_arrangement_print(&a, text, strlen(text)) == WLK_FULL,
              "a page that is one byte short is refused");
}

static void test_keys(void)
{
    static struct wlk_arrangement a;
    if (!wlk_check(wlk_sample_shipped("tmw.txt", &a), "a template takes keys and a term"))
        return;
    struct wlk_key_question q = {.originator = wlk_name_of("JP"),
                                 .kid = wlk_sample_key(1)->public_key.kid,
                                 .use = WLK_KEY_RECORD,
                                 .nature = WLK_NATURE_REAL,
                                 .time = wlk_sample_now()};
    wlk_check(wlk_arrangement_key(&a, &q) != NULL, "JP's key signs JP's real records");
    q.nature = WLK_NATURE_EXERCISE;
    wlk_check(!wlk_arrangement_key(&a, &q), "a real key signs no exercise");
    q.kid = wlk_sample_key(2)->public_key.kid;
    wlk_check(wlk_arrangement_key(&a, &q) != NULL, "an exercise key signs exercises");
    q.nature = WLK_NATURE_REAL;
    wlk_check(!wlk_arrangement_key(&a, &q), "an exercise key signs no real record");
    q.kid = wlk_sample_key(0)->public_key.kid;
    wlk_check(!wlk_arrangement_key(&a, &q), "a root key signs no record");
    q.kid = wlk_sample_key(4)->public_key.kid;
    wlk_check(!wlk_arrangement_key(&a, &q), "KR's key does not speak for JP");
    q.originator = wlk_name_of("KR");
    wlk_check(wlk_arrangement_key(&a, &q) != NULL, "KR's key speaks for KR");
    q.use = WLK_KEY_NOTICE;
    wlk_check(!wlk_arrangement_key(&a, &q), "a nation's key signs no notice");
    q.use = WLK_KEY_RECORD;
    q.time = a.until;
    wlk_check(!wlk_arrangement_key(&a, &q), "a key ends with its term");
    q.time.ns = a.effective.ns - 1;
    wlk_check(!wlk_arrangement_key(&a, &q), "a key begins with its term");
    wlk_digest pin;
    memset(&pin, 1, sizeof pin);
    wlk_check(wlk_arrangement_has_pin(&a, wlk_name_of("JP"), &pin) &&
                  !wlk_arrangement_has_pin(&a, wlk_name_of("KR"), &pin),
              "a certificate is pinned to its owner");
}

int main(void)
{
    if (wlk_seal_init() != WLK_OK)
        return 1;
    test_shipped("tmw.txt");
    test_shipped("jp-us.txt");
    test_shipped("kr-us.txt");
    test_canonical();
    test_random();
    test_damage();
    test_bad_texts();
    test_keys();
    return wlk_tap_done();
}
