/* timeline_test.c -- an entry comes back from its line as it went in, whatever its text.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/timeline.h"

#include "base/random.h"
#include "base/tap.h"
#include "record/cbor.h"

#include <math.h>
#include <stdio.h>

enum { ENTRIES = 20000 };

/* Text that a hostile partner might choose, or a person in any script. */
static void random_names(struct wlk_random *random, char names[512])
{
    static const char *const pieces[] = {"Hokkaido; ",
                                         "北海道",
                                         "강원도",
                                         "\n",
                                         "\r",
                                         "\033[2J",
                                         "|",
                                         " ",
                                         "\x80",
                                         "\xc3",
                                         "é",
                                         "\xf0\x9f\x9a\x80",
                                         "\xed\xa0\x80",
                                         "\xc0\xaf",
                                         "\x7f",
                                         "\xc2\x85",
                                         "entry KR 1 ",
                                         "%s%n",
                                         "\t",
                                         "\x01",
                                         "\xf4\x90\x80\x80"};
    size_t used = 0;
    names[0] = 0;
    for (size_t i = wlk_random_below(random, 60); i > 0; i--) {
        const char *piece =
            pieces[wlk_random_below(random, sizeof pieces / sizeof pieces[0])];
        used += (size_t)snprintf(names + used, 512 - used, "%s", piece);
        used = used > 511 ? 511 : used;
    }
}

static void random_entry(struct wlk_random *random, struct wlk_entry *out)
{
    static const char *const nations[] = {"JP", "KR", "US", "A-B-C-D-E-F-G-9"};
    memset(out, 0, sizeof *out);
    out->nation = wlk_name_of(nations[wlk_random_below(random, 4)]);
    out->kind = (enum wlk_entry_kind)(1 + wlk_random_below(random, WLK_ENTRY_KIND_END - 1));
    out->time.ns = (int64_t)(wlk_random_bits(random) >> 1);
    out->at.ns = (int64_t)(wlk_random_bits(random) >> 1);
    out->object = (uint32_t)wlk_random_bits(random);
    out->latitude_deg = 180 * wlk_random_uniform(random) - 90;
    out->longitude_deg = 360 * wlk_random_uniform(random) - 180;
    double scale = pow(10, 14 * wlk_random_uniform(random));
    out->ee_m2 = scale * wlk_random_uniform(random);
    out->nn_m2 = scale * wlk_random_uniform(random);
    out->en_m2 = scale * (wlk_random_uniform(random) - 0.5);
    out->azimuth_deg = 360 * wlk_random_uniform(random);
    out->azimuth_sigma_deg = 180 * wlk_random_uniform(random);
    out->warning = (enum wlk_warning_kind)wlk_random_below(random, WLK_WARNING_KIND_END);
    random_names(random, out->names);
}

static bool is_near(double a, double b, double relative, double absolute)
{
    return fabs(a - b) <= fmax(relative * fabs(a), absolute);
}

static bool is_same(const struct wlk_entry *a, const struct wlk_entry *b)
{
    return wlk_name_equal(a->nation, b->nation) && a->kind == b->kind &&
           a->time.ns == b->time.ns && a->at.ns == b->at.ns && a->object == b->object &&
           a->warning == b->warning && is_near(a->latitude_deg, b->latitude_deg, 0, 5.1e-8) &&
           is_near(a->longitude_deg, b->longitude_deg, 0, 5.1e-8) &&
           is_near(a->ee_m2, b->ee_m2, 5.1e-7, 0) && is_near(a->en_m2, b->en_m2, 5.1e-7, 0) &&
           is_near(a->nn_m2, b->nn_m2, 5.1e-7, 0) &&
           is_near(a->azimuth_deg, b->azimuth_deg, 0, 5.1e-5) &&
           is_near(a->azimuth_sigma_deg, b->azimuth_sigma_deg, 0, 5.1e-5);
}

static bool is_clean(const char *text)
{
    return wlk_cbor_is_clean_text((const uint8_t *)text, strlen(text));
}

static void check_round_trip(void)
{
    struct wlk_random random = wlk_random_seeded(11, 0);
    static struct wlk_entry entry, back;
    static char line[WLK_ENTRY_LINE_SIZE], again[WLK_ENTRY_LINE_SIZE];
    uint64_t torn = 0, unread = 0, changed = 0, text_changed = 0, restless = 0, clean = 0;
    for (int i = 0; i < ENTRIES; i++) {
        random_entry(&random, &entry);
        wlk_entry_line(&entry, line);
        torn += !is_clean(line);
        if (wlk_entry_parse(line, &back) != WLK_OK) {
            unread++;
            continue;
        }
        changed += !is_same(&entry, &back);
        if (is_clean(entry.names)) {
            clean++;
            text_changed += strcmp(entry.names, back.names) != 0;
        }
        wlk_entry_line(&back, again);
        restless += strcmp(line, again) != 0;
    }
    wlk_check(torn == 0, "no text breaks a line or speaks to a terminal");
    wlk_check(unread == 0, "each line is read back");
    wlk_check(changed == 0, "with its numbers, to 1e-7 deg and a nanosecond");
    wlk_check(clean > 100 && text_changed == 0, "and with its text, if that was clean");
    wlk_check(restless == 0, "a line that is read and written again is the same");
}

static void check_clean(void)
{
    struct wlk_entry entry = {.nation = wlk_name_of("JP"), .kind = WLK_ENTRY_ALARM}, back;
    char line[WLK_ENTRY_LINE_SIZE];
    snprintf(entry.names, sizeof entry.names, "a\nentry KR 1 alarm\x80 青森");
    wlk_entry_line(&entry, line);
    wlk_check(wlk_entry_parse(line, &back) == WLK_OK &&
                  strcmp(back.names, "a?entry KR 1 alarm? 青森") == 0,
              "what may not stand in a line becomes a question mark, the rest stays");
    memset(entry.names, 'x', sizeof entry.names - 1);
    memcpy(entry.names + sizeof entry.names - 3, "\xe9\x9d", 2); /* a character cut in two */
    wlk_entry_line(&entry, line);
    wlk_check(is_clean(line) && wlk_entry_parse(line, &back) == WLK_OK &&
                  strlen(back.names) == sizeof entry.names - 1,
              "the longest text fits, and half a character at its end does no harm");
}

static void check_refusals(void)
{
    static const char *const bad[] = {
        "",
        "ready",
        "entry",
        "entry jp 1 alarm 0 1 0 0 1 0 1 0 0 0 | lower case",
        "entry JP x alarm 0 1 0 0 1 0 1 0 0 0 | no time",
        "entry JP 1 nonsense 0 1 0 0 1 0 1 0 0 0 | no such kind",
        "entry JP 1 ? 0 1 0 0 1 0 1 0 0 0 | kind 0",
        "entry JP 1 alarm 0 1 0 0 1 0 1 0 0 | a number short",
        "entry JP 1 alarm 0 1 nan 0 1 0 1 0 0 0 | nan",
        "entry JP 1 alarm 0 1 0 0 inf 0 1 0 0 0 | infinite",
        "entry JP 1 alarm 0 1 0 0 1 0 1 0 0 99 | no such warning",
        "entry JP 1 alarm 0 1 0 0 1 0 1 0 0 -1 | no such warning",
        "entry JP 1 alarm 0 1 0 0 1 0 1 0 0 0 no bar"};
    struct wlk_entry untouched, entry;
    memset(&untouched, 0x5a, sizeof untouched);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        entry = untouched;
        wlk_check(wlk_entry_parse(bad[i], &entry) == WLK_BAD_INPUT &&
                      memcmp(&entry, &untouched, sizeof entry) == 0,
                  "refused: \"%s\"", bad[i]);
    }
    bool told = true;
    for (int a = 1; a < WLK_ENTRY_KIND_END; a++)
        for (int b = 0; b < a; b++)
            told &= strcmp(wlk_entry_kind_word((enum wlk_entry_kind)a),
                           wlk_entry_kind_word((enum wlk_entry_kind)b)) != 0;
    wlk_check(told && strcmp(wlk_entry_kind_word(WLK_ENTRY_KIND_END), "?") == 0,
              "each kind has a word of its own");
}

int main(void)
{
    check_round_trip();
    check_clean();
    check_refusals();
    return wlk_tap_done();
}
