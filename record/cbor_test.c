/* cbor_test.c -- one encoding of each value, and a named rule for everything else.
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/cbor.h"

#include "base/limits.h"
#include "base/random.h"
#include "base/tap.h"

#include <stdio.h>
#include <string.h>

/* Bytes in hex that must be refused by wlk_cbor_check, each with the rule it breaks. */
struct refused {
    const char *hex;
    const char *rule;
    const char *what;
};

#define EARLY    "bytes end early"
#define SHORTEST "shortest form"
#define DEFINITE "definite lengths only"
#define NO_FLOAT "no floats, no simple values but false, true, null"
#define NO_TAG   "no tag but 18, and only where it belongs"
#define TEXT     "clean UTF-8 text"

static const struct refused REFUSED[] = {
    {"", EARLY, "nothing at all"},
    {"1800", SHORTEST, "0 in two bytes"},
    {"1817", SHORTEST, "23 in two bytes"},
    {"1900ff", SHORTEST, "255 in three bytes"},
    {"1a0000ffff", SHORTEST, "65535 in five bytes"},
    {"1b00000000ffffffff", SHORTEST, "2^32-1 in nine bytes"},
    {"3817", SHORTEST, "-24 in two bytes"},
    {"5800", SHORTEST, "a byte string with an overlong length"},
    {"780161", SHORTEST, "a text with an overlong length"},
    {"9800", SHORTEST, "an array with an overlong length"},
    {"b800", SHORTEST, "a map with an overlong length"},
    {"d81200", SHORTEST, "an overlong tag 18"},
    {"18", EARLY, "a number without its byte"},
    {"1b00000001000000", EARLY, "a number cut short"},
    {"1bffffffffffffffff", "number out of range", "2^64-1"},
    {"1b8000000000000000", "number out of range", "2^63"},
    {"3b8000000000000000", "number out of range", "-2^63-1"},
    {"1c", "reserved length", "reserved length 28"},
    {"1e", "reserved length", "reserved length 30"},
    {"5f4101ff", DEFINITE, "a byte string in chunks"},
    {"7f6161ff", DEFINITE, "a text in chunks"},
    {"9f01ff", DEFINITE, "an array with a break"},
    {"bf0101ff", DEFINITE, "a map with a break"},
    {"ff", NO_FLOAT, "a lone break"},
    {"4201", EARLY, "a byte string cut short"},
    {"5bffffffffffffffff00", EARLY, "a byte string of 2^64-1"},
    {"6261", EARLY, "a text cut short"},
    {"8101ff", "nothing behind the end", "a byte behind an array"},
    {"0000", "nothing behind the end", "two items"},
    {"82", EARLY, "an array without its items"},
    {"8201", EARLY, "an array with one of two"},
    {"9bffffffffffffffff00", EARLY, "an array of 2^64-1"},
    {"bb8000000000000000", EARLY, "a map of 2^63, twice which is 0"},
    {"a1", EARLY, "a map without entries"},
    {"a101", EARLY, "a key without a value"},
    {"a201000100", "no key twice", "the same key twice"},
    {"a202000100", "keys ascending", "keys in descending order"},
    {"a2181801170000", "keys ascending", "24 before 23"},
    {"a1616100", "keys are unsigned numbers", "a text as key"},
    {"a12000", "keys are unsigned numbers", "a negative key"},
    {"a18000", "keys are unsigned numbers", "an array as key"},
    {"a1f600", "keys are unsigned numbers", "null as key"},
    {"f93c00", NO_FLOAT, "half float"},
    {"fa3f800000", NO_FLOAT, "single float"},
    {"fb3ff0000000000000", NO_FLOAT, "double float"},
    {"f7", NO_FLOAT, "undefined"},
    {"e0", NO_FLOAT, "simple value 0"},
    {"f3", NO_FLOAT, "simple value 19"},
    {"f820", NO_FLOAT, "a simple value in two bytes"},
    {"f814", NO_FLOAT, "false in two bytes"},
    {"d200", NO_TAG, "tag 18 where it does not belong"},
    {"c000", NO_TAG, "tag 0"},
    {"d9d9f700", NO_TAG, "the tag that says: this is CBOR"},
    {"6100", TEXT, "a NUL in text"},
    {"610a", TEXT, "a line feed in text"},
    {"617f", TEXT, "DEL in text"},
    {"62c280", TEXT, "a C1 control in text"},
    {"62c29f", TEXT, "the last C1 control"},
    {"6180", TEXT, "a lone continuation byte"},
    {"62c080", TEXT, "overlong NUL"},
    {"62c1bf", TEXT, "an overlong letter"},
    {"61c3", TEXT, "a character cut short"},
    {"62c341", TEXT, "a character without its second byte"},
    {"63e08080", TEXT, "an overlong character of three bytes"},
    {"63eda080", TEXT, "a surrogate"},
    {"63e28241", TEXT, "a bad third byte"},
    {"64f0808080", TEXT, "an overlong character of four bytes"},
    {"64f4908080", TEXT, "beyond U+10FFFF"},
    {"64f5808080", TEXT, "a byte that never starts a character"},
    {"64f09f9a41", TEXT, "a bad fourth byte"},
    {"8181818181818100", "nesting too deep", "seven arrays deep"},
    {"a101a101a101a101a101a101a10100", "nesting too deep", "seven maps deep"},
    {"81818181818181818181818181818181", "nesting too deep", "a depth bomb"},
};

static const char *const ACCEPTED[] = {
    "00",
    "17",
    "1818",
    "18ff",
    "190100",
    "1a00010000",
    "1b0000000100000000",
    "1b7fffffffffffffff",
    "20",
    "37",
    "3818",
    "3b7fffffffffffffff",
    "40",
    "4101",
    "60",
    "6161",
    "62c2a0",
    "63e29882",
    "63ed9fbf",
    "63ee8080",
    "64f09f9a80",
    "64f48fbfbf",
    "80",
    "820102",
    "a0",
    "a20100021863",
    "a217011818f6",
    "f4",
    "f5",
    "f6",
    "81818181818100",
};

static size_t from_hex(const char *hex, uint8_t *bytes)
{
    size_t size = 0;
    unsigned value;
    for (; hex[0] && sscanf(hex, "%2x", &value) == 1; hex += 2)
        bytes[size++] = (uint8_t)value;
    return size;
}

static void test_refused(void)
{
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
        uint8_t bytes[64];
        size_t size = from_hex(REFUSED[i].hex, bytes), items = 100;
        struct wlk_fault fault = {.rule = "none"};
        wlk_status status = wlk_cbor_check(bytes, size, -1, &items, &fault);
        wlk_check(status == WLK_BAD_INPUT && items == 100 &&
                      !strcmp(fault.rule, REFUSED[i].rule),
                  "%s is refused: %s", REFUSED[i].what, fault.rule);
    }
}

static void test_accepted(void)
{
    size_t accepted = 0, count = sizeof ACCEPTED / sizeof ACCEPTED[0];
    for (size_t i = 0; i < count; i++) {
        uint8_t bytes[64];
        size_t size = from_hex(ACCEPTED[i], bytes), items = 100;
        if (wlk_cbor_check(bytes, size, -1, &items, NULL) == WLK_OK)
            accepted++;
        else
            wlk_note("refused: %s", ACCEPTED[i]);
    }
    wlk_check(accepted == count, "%zu well-formed items are accepted", accepted);
    uint8_t bytes[64];
    size_t items = 100;
    wlk_check(wlk_cbor_check(bytes, from_hex("d200", bytes), 0, &items, NULL) == WLK_OK,
              "tag 18 is accepted where it was asked for");
    wlk_check(wlk_cbor_check(bytes, from_hex("81d200", bytes), 1, &items, NULL) == WLK_OK &&
                  wlk_cbor_check(bytes, from_hex("81d200", bytes), 0, &items, NULL) != WLK_OK,
              "and at no other depth");
    wlk_check(wlk_cbor_check(bytes, from_hex("d2d200", bytes), 0, &items, NULL) != WLK_OK,
              "never twice");
    wlk_check(wlk_cbor_check(bytes, from_hex("a1d20100", bytes), 1, &items, NULL) != WLK_OK,
              "never before a key");
    wlk_check(wlk_cbor_check(bytes, from_hex("d2", bytes), 0, &items, NULL) != WLK_OK,
              "never before nothing");
}

static void test_items(void)
{
    uint8_t bytes[8];
    size_t size = from_hex("83010203", bytes), items = 4;
    wlk_check(wlk_cbor_check(bytes, size, -1, &items, NULL) == WLK_OK && items == 0,
              "an array of three is four items");
    struct wlk_fault fault = {.rule = "none"};
    items = 3;
    wlk_check(wlk_cbor_check(bytes, size, -1, &items, &fault) == WLK_BAD_INPUT &&
                  !strcmp(fault.rule, "too many items") && fault.offset == 3 && items == 3,
              "the item too many is refused, with its offset");
}

/* Every integer near a change of length, both ways. */
static void test_numbers(void)
{
    size_t wrong = 0, made = 0;
    for (unsigned bit = 0; bit < 64; bit++)
        for (int64_t off = -2; off <= 2; off++) {
            int64_t value = (int64_t)((UINT64_C(1) << bit) + (uint64_t)off), back = 0;
            uint8_t bytes[9];
            struct wlk_writer to = {bytes, sizeof bytes, 0};
            struct wlk_cbor_reader from;
            size_t items = 1;
            wlk_status status = wlk_cbor_write_int(&to, value);
            wlk_cbor_init(&from, bytes, to.at);
            made++;
            wrong += status != WLK_OK ||
                     wlk_cbor_check(bytes, to.at, -1, &items, NULL) != WLK_OK ||
                     wlk_cbor_read_int(&from, INT64_MIN, INT64_MAX, &back) != WLK_OK ||
                     wlk_cbor_end(&from) != WLK_OK || back != value;
        }
    wlk_check(wrong == 0, "%zu integers at each change of length come back", made);
}

/* Reads of the wrong kind, or out of range: nothing moves, nothing is written. */
static void test_untouched(void)
{
    static const uint8_t bytes[] = {0x18, 0x64, 0x61, 'a', 0x42, 1, 2, 0x82, 0xf6, 0xf5};
    struct wlk_cbor_reader reader;
    uint64_t u = 7;
    int64_t s = 7;
    bool b = true;
    char text[4] = "old";
    const uint8_t *view = bytes;
    size_t size = 7;
    struct wlk_cbor_map map = {7};
    wlk_cbor_init(&reader, bytes, sizeof bytes);
    size_t refused = 0;
    refused += wlk_cbor_read_uint(&reader, 0, 99, &u) == WLK_BAD_INPUT;
    refused += wlk_cbor_read_uint(&reader, 101, 200, &u) == WLK_BAD_INPUT;
    refused += wlk_cbor_read_int(&reader, -5, 99, &s) == WLK_BAD_INPUT;
    refused += wlk_cbor_read_int(&reader, 101, 200, &s) == WLK_BAD_INPUT;
    refused += wlk_cbor_read_bool(&reader, &b) == WLK_BAD_INPUT;
    refused += wlk_cbor_read_null(&reader) == WLK_BAD_INPUT;
    refused += wlk_cbor_read_text(&reader, text, sizeof text) == WLK_BAD_INPUT;
    refused += wlk_cbor_read_bytes(&reader, 0, 9, &view, &size) == WLK_BAD_INPUT;
    refused += wlk_cbor_read_array(&reader, 0, 9, &u) == WLK_BAD_INPUT;
    refused += wlk_cbor_read_map(&reader, 0, 9, &map) == WLK_BAD_INPUT;
    refused += wlk_cbor_read_tag18(&reader) == WLK_BAD_INPUT;
    refused += wlk_cbor_end(&reader) == WLK_BAD_INPUT;
    refused += wlk_cbor_end_map(&reader, &map) == WLK_BAD_INPUT;
    refused += wlk_cbor_read_key(&reader, &map, 99) == WLK_BAD_INPUT;
    wlk_check(refused == 14 && reader.from.at == 0, "wrong reads are refused and move nothing");
    wlk_check(u == 7 && s == 7 && b && !strcmp(text, "old") && view == bytes && size == 7 &&
                  map.left == 7,
              "and write nothing");
    wlk_check(wlk_cbor_read_uint(&reader, 100, 100, &u) == WLK_OK && u == 100 &&
                  wlk_cbor_read_text(&reader, text, 2) == WLK_OK && !strcmp(text, "a") &&
                  wlk_cbor_read_bytes(&reader, 2, 2, &view, &size) == WLK_OK && view[1] == 2 &&
                  wlk_cbor_read_array(&reader, 2, 2, &u) == WLK_OK &&
                  wlk_cbor_read_null(&reader) == WLK_OK &&
                  wlk_cbor_read_bool(&reader, &b) == WLK_OK && b &&
                  wlk_cbor_end(&reader) == WLK_OK,
              "the right reads pass over each item");
}

static void test_full(void)
{
    size_t wrong = 0;
    static const uint8_t four[4] = {1, 2, 3, 4};
    for (size_t room = 0; room < 5; room++) {
        uint8_t bytes[8];
        struct wlk_writer to = {bytes, room, 0};
        wrong += wlk_cbor_write_bytes(&to, four, sizeof four) != WLK_FULL || to.at != 0;
        wrong += wlk_cbor_write_text(&to, "four") != WLK_FULL || to.at != 0;
        wrong += wlk_cbor_write_uint(&to, 65536) != WLK_FULL || to.at != 0;
        wrong += wlk_cbor_write_int(&to, -65537) != WLK_FULL || to.at != 0;
    }
    wlk_check(wrong == 0, "a writer without room appends nothing");
}

/* The check and a reader of integers agree on every string of up to three bytes. */
static void test_exhaustive(void)
{
    size_t accepted = 0, wrong = 0;
    for (uint32_t value = 0; value < 0x1000000; value++) {
        uint8_t bytes[3] = {(uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value};
        size_t items = 10;
        int64_t number = 0;
        struct wlk_cbor_reader reader;
        wlk_cbor_init(&reader, bytes, sizeof bytes);
        bool is_item = wlk_cbor_check(bytes, sizeof bytes, -1, &items, NULL) == WLK_OK;
        bool is_number = wlk_cbor_read_int(&reader, INT64_MIN, INT64_MAX, &number) == WLK_OK &&
                         wlk_cbor_end(&reader) == WLK_OK;
        accepted += is_item;
        wrong += is_number && !is_item;
        if (!is_number)
            continue;
        uint8_t again[9];
        struct wlk_writer to = {again, sizeof again, 0};
        wrong += wlk_cbor_write_int(&to, number) != WLK_OK || to.at != 3 ||
                 memcmp(again, bytes, 3) != 0;
    }
    wlk_check(wrong == 0, "of all strings of three bytes %zu are items, numbers come back",
              accepted);
}

/* What stands behind a map is no entry of it: {} 0 and {0: 1} 2. */
static void test_behind_map(void)
{
    static const uint8_t EMPTY[] = {0xa0, 0x00}, ONE[] = {0xa1, 0x00, 0x01, 0x02};
    struct wlk_cbor_reader reader;
    struct wlk_cbor_map map;
    uint64_t value = 0;
    wlk_cbor_init(&reader, EMPTY, sizeof EMPTY);
    bool opened = wlk_cbor_read_map(&reader, 0, 1, &map) == WLK_OK;
    wlk_check(opened && !wlk_cbor_has_key(&reader, &map, 0) && map.left == 0 &&
                  reader.from.at == 1,
              "a number behind an empty map is no key of it");
    wlk_cbor_init(&reader, ONE, sizeof ONE);
    opened = wlk_cbor_read_map(&reader, 0, 1, &map) == WLK_OK &&
             wlk_cbor_has_key(&reader, &map, 0) &&
             wlk_cbor_read_uint(&reader, 1, 1, &value) == WLK_OK;
    wlk_check(opened && !wlk_cbor_has_key(&reader, &map, 2) && map.left == 0 &&
                  reader.from.at == 3,
              "nor is one behind the last entry");
}

int main(void)
{
    test_refused();
    test_behind_map();
    test_accepted();
    test_items();
    test_numbers();
    test_untouched();
    test_full();
    test_exhaustive();
    return wlk_tap_done();
}
