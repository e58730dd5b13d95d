/* decoys_test.c -- the reader of decoys takes what it should and says what it does not.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sensors/decoys.h"

#include "base/tap.h"

#include <math.h>
#include <string.h>

#define CLASS                                                                                  \
    "class c\nreference 1000 range 1500\nsnr 21\nnoise 50 0.05\nresolution 300 1\n"            \
    "revisit 3 latency 0.3 mask 2\n\n"
#define SITES                                                                                  \
    CLASS "site A-1 of JP at 38 138 height 10 m class c\nsource \"here\"\n"                    \
          "site A-2 of JP at 39 139 height 10 m class c\nsource \"here\"\n"                    \
          "site B-1 of KR at 36 127 height 10 m class c\nsource \"here\"\n"

static struct wlk_sites sites;
static struct wlk_decoys decoys;

static const struct {
    const char *text;
    size_t line;
    const char *rule;
} BROKEN[] = {
    {"", 0, "no place of a radar"},
    {"decoys A-1\n", 0, "no place of a radar"},
    {"at 38 138 height 10\n", 1, "a place before the first radar"},
    {"decoys B-1\nat 38 138 height 10\n", 1, "not a radar of this nation"},
    {"decoys X-1\nat 38 138 height 10\n", 1, "not a radar of this nation"},
    {"decoys A-1\nat 38 138 height 10\ndecoys A-1\n", 3, "radar stands twice"},
    {"decoys A-1\ndecoys A-2\n", 2, "the radar before has no place"},
    {"decoys A-1\nat 38 138\n", 2, "expected: at LAT LON height M"},
    {"decoys A-1\nat 98 138 height 10\n", 2, "expected: at LAT LON height M"},
    {"decoys A-1 A-2\n", 1, "expected: decoys RADAR"},
    {"radar A-1\n", 1, "unknown statement"},
};

int main(void)
{
    struct wlk_fault fault = {0};
    const wlk_name jp = wlk_name_of("JP");
    wlk_status status = wlk_sites_parse("sites", SITES, &sites, &fault);
    wlk_check(status == WLK_OK, "the sites of this test are read");
    status = wlk_decoys_parse("decoys",
                              "# national\ndecoys A-1\nat 38 138 height 10\n"
                              "at 38.5 138.25 height 20\ndecoys A-2\n"
                              "at 39 139 height 0\n",
                              &sites, jp, &decoys, &fault);
    wlk_check(status == WLK_OK && decoys.count == 2 && decoys.set[0].count == 2 &&
                  decoys.set[1].count == 1,
              "two radars with their places are read");
    wlk_check_near(decoys.set[0].place[1].longitude_rad / WLK_DEG, 138.25, 1e-9,
                   "a place is where the file says");
    wlk_check(wlk_name_equal(decoys.set[1].site.id, wlk_name_of("A-2")) &&
                  decoys.set[1].site.reference_range_m == 1000e3,
              "a set has the figures of its radar");
    for (size_t i = 0; i < sizeof BROKEN / sizeof BROKEN[0]; i++) {
        struct wlk_decoys before = decoys;
        memset(&fault, 0, sizeof fault);
        status = wlk_decoys_parse("decoys", BROKEN[i].text, &sites, jp, &decoys, &fault);
        wlk_check(status == WLK_BAD_INPUT && fault.rule &&
                      !strcmp(fault.rule, BROKEN[i].rule) &&
                      (BROKEN[i].line == 0 || fault.line == BROKEN[i].line) &&
                      memcmp(&before, &decoys, sizeof decoys) == 0,
                  "refused: %s (line %zu: %s)", BROKEN[i].rule, fault.line,
                  fault.rule ? fault.rule : "no fault");
    }
    return wlk_tap_done();
}
