/* base_test.c -- does the floor keep its word?
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/bytes.h"
#include "base/clock.h"
#include "base/lanes.h"
#include "base/random.h"
#include "base/tap.h"
#include "base/words.h"

#include <math.h>
#include <string.h>

static void test_bytes(void)
{
    uint8_t room[10];
    struct wlk_writer out = {room, sizeof room, 0};
    for (unsigned width = 1; width <= 4; width++) {
        wlk_status status = wlk_write_uint(&out, width, 0x0102030405060708u);
        wlk_check(status == WLK_OK, "a number of %u bytes is written", width);
    }
    wlk_check(wlk_write_uint(&out, 1, 0) == WLK_FULL && out.at == 10,
              "a full writer refuses and does not move");
    struct wlk_reader in = {room, sizeof room, 0};
    uint64_t value = 99;
    wlk_check(wlk_read_uint(&in, 1, &value) == WLK_OK && value == 8, "low byte comes back");
    in.at = 7;
    value = 99;
    wlk_check(wlk_read_uint(&in, 4, &value) == WLK_BAD_INPUT && value == 99 && in.at == 7,
              "a short reader refuses, moves nothing and writes nothing");
}

static void test_clock(void)
{
    wlk_utc time;
    char text[32];
    wlk_check(wlk_utc_parse("2017-08-28T20:58:00Z", &time) == WLK_OK &&
                  time.ns == 1503953880000000000,
              "UTC text is read");
    wlk_utc_text(time, 0, text);
    wlk_check(!strcmp(text, "2017-08-28T20:58:00Z"), "and printed back");
    wlk_check(wlk_utc_parse("2017-02-30T00:00:00Z", &time) == WLK_BAD_INPUT,
              "30 February is refused");
    wlk_check(wlk_utc_parse("2017-2-3T00:00:00Z00", &time) == WLK_BAD_INPUT,
              "loose digits are refused");
    struct wlk_clock clock = {{1000000000}, {5000000000}, 10.0};
    wlk_utc scenario = wlk_clock_scenario(&clock, (wlk_utc){1100000000});
    wlk_check(scenario.ns == 6000000000, "scenario time runs ten times faster");
    wlk_check(wlk_clock_wall_at(&clock, scenario).ns == 1100000000, "and maps back");
}

static void test_random(void)
{
    struct wlk_random a = wlk_random_seeded(7, 0), b = wlk_random_seeded(7, 1);
    struct wlk_random c = wlk_random_seeded(7, 0);
    wlk_check(wlk_random_bits(&a) == wlk_random_bits(&c), "same seed, same numbers");
    double sum = 0, square = 0, cross = 0;
    enum { N = 100000 };
    for (int i = 0; i < N; i++) {
        double x = wlk_random_normal(&a), y = wlk_random_normal(&b);
        sum += x;
        square += x * x;
        cross += x * y;
    }
    wlk_check_near(sum / N, 0, 4 / sqrt(N), "normal draws have mean 0");
    wlk_check_near(square / N, 1, 4 * sqrt(2.0 / N), "and variance 1");
    wlk_check_near(cross / N, 0, 4 / sqrt(N), "streams are uncorrelated");
}

static void test_words(void)
{
    struct wlk_words words;
    struct wlk_fault fault = {0};
    wlk_words_init(&words, "x.txt", "# head\n\none two  \"three four\" # tail\nbad \"open\n");
    wlk_check(wlk_words_next(&words, &fault) == WLK_OK && words.count == 3 && words.line == 3 &&
                  !strcmp(words.word[2], "three four"),
              "a statement is split into words, comments fall away");
    wlk_check(wlk_words_next(&words, &fault) == WLK_BAD_INPUT && fault.line == 4,
              "an open quote is refused with its line");
    char line[200];
    wlk_fault_line(&fault, line, sizeof line);
    wlk_check(!strncmp(line, "x.txt:4: quote", 14), "the complaint names file and line");
    wlk_words_init(&words, "x", "a\xc0\xaf\n");
    wlk_check(wlk_words_next(&words, &fault) == WLK_BAD_INPUT, "overlong UTF-8 is refused");
    wlk_words_init(&words, "x", "a\x01\n");
    wlk_check(wlk_words_next(&words, &fault) == WLK_BAD_INPUT, "a control byte is refused");
    double value;
    wlk_check(wlk_word_number("1.5x", 0, 9, &value) == WLK_BAD_INPUT &&
                  wlk_word_number("nan", -9, 9, &value) == WLK_BAD_INPUT &&
                  wlk_word_number("10", 0, 9, &value) == WLK_BAD_INPUT &&
                  wlk_word_number("-1.5", -9, 9, &value) == WLK_OK,
              "numbers are whole words, finite and in range");
}

static void test_lanes(void)
{
    double worst = 0;
    for (double at = -699; at < 699; at += 0.0371) {
        double x[WLK_LANES_WIDTH], out[WLK_LANES_WIDTH];
        for (int i = 0; i < WLK_LANES_WIDTH; i++)
            x[i] = at / (1 + 30 * i);
        wlk_lanes_store(wlk_lanes_exp(wlk_lanes_load(x)), out);
        for (int i = 0; i < WLK_LANES_WIDTH; i++)
            worst = fmax(worst, fabs(out[i] / exp(x[i]) - 1));
    }
    wlk_check(worst < 1e-14, "exp of lanes is that of libm to %.1g of it", worst);
    wlk_check(wlk_lanes_can(WLK_LANES_PLAIN) && wlk_lanes_can(wlk_lanes_best()),
              "this machine can do what is said to be its best: %s",
              wlk_lanes_words(wlk_lanes_best()));
}

int main(void)
{
    test_bytes();
    test_clock();
    test_random();
    test_lanes();
    test_words();
    return wlk_tap_done();
}
