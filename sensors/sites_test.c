/* sites_test.c -- holds the reader of sites to the shipped file and to its complaints.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sensors/sites.h"

#include "base/tap.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Line 1-7; each broken text below begins with it, so its own lines start at 8. */
#define CLASS                                                                                  \
    "class c\nreference 1000 range 1500\nsnr 21\nnoise 50 0.05\nresolution 300 1\n"            \
    "revisit 3 latency 0.3 mask 2\n\n"
#define SITE "site A-1 of JP at 38 138 height 10 m class c\nsource \"here\"\n"

struct broken {
    const char *text;
    size_t line;
    const char *rule;
};

static const struct broken BROKEN[] = {
    {"", 0, "no site in the file"},
    {"# only a comment\n", 1, "no site in the file"},
    {"radar X\n", 1, "not a statement of a file of sites"},
    {"class Big\n", 1, "not a name of a class or set (1-15 of a-z 0-9 -)"},
    {"class c d\n", 1, "unknown word in this statement"},
    {"class c\nsnr 21\n" SITE, 1,
     "class lacks one of: reference, snr, noise, resolution, revisit"},
    {CLASS "class c\n", 8, "class is there already"},
    {"class c\ncolour 3\n", 2, "not a statement of a class"},
    {"class c\nsnr\n", 2, "a number is missing"},
    {"class c\nsnr 21dB\n", 2, "not a number in its limits"},
    {"class c\nsnr 21 dB\n", 2, "unknown word in this statement"},
    {"class c\nsnr nan\n", 2, "not a number in its limits"},
    {"class c\nnoise 0 0.05\n", 2, "not a number in its limits"},
    {"class c\nreference 1000 range 1e9\n", 2, "not a number in its limits"},
    {"class c\nrevisit 3 latency 0.3 mask 46\n", 2, "not a number in its limits"},
    {CLASS "class d\nreference 1000 range 400\nsnr 21\nnoise 50 0.05\nresolution 300 1\n"
           "revisit 3 latency 0.3 mask 2\n" SITE,
     8, "range is under half the reference range"},
    {CLASS "site A-1 of JP at 38 138 height 10 m class c\n" SITE, 8, "site without a source"},
    {CLASS "site A-1 of JP at 38 138 height 10 m class c\n", 8, "site without a source"},
    {CLASS "site A-1 of JP at 38 138 height 10 class c\n", 8,
     "not: site ID of NATION at LAT LON height M m class NAME"},
    {CLASS "site a-1 of JP at 38 138 height 10 m class c\n", 8,
     "not a name (1-15 of A-Z 0-9 -)"},
    {CLASS "site A-1 of JP at 91 138 height 10 m class c\n", 8, "not a number in its limits"},
    {CLASS "site A-1 of JP at 38 181 height 10 m class c\n", 8, "not a number in its limits"},
    {CLASS "site A-1 of JP at 38 138 height 10 m class d\n", 8, "no such class above"},
    {CLASS "site A-1 of JP at 38 138 height 10 m class c facing 10\n", 8,
     "unknown word in this statement"},
    {CLASS "site A-1 of JP at 38 138 height 10 m class c facing 361 width 120\n", 8,
     "not a number in its limits"},
    {CLASS SITE SITE, 10, "sensor is there already"},
    {CLASS SITE "infrared A-1 of US\n", 10, "sensor is there already"},
    {CLASS SITE "infrared US-IR for US\n", 10, "not: infrared ID of NATION"},
    {CLASS "source \"x\"\n", 8, "source belongs below a site"},
    {CLASS "site A-1 of JP at 38 138 height 10 m class c\nsource \"\"\n", 9, "source is empty"},
    {CLASS SITE "set big = A-2\n", 10, "neither a site nor a set above"},
    {CLASS SITE "set big A-1\n", 10, "not: set NAME = ID ..."},
    {CLASS SITE "set big = A-1\nset big = A-1\n", 11, "set is there already"},
    {CLASS SITE "calibration A-2 range 1 azimuth 0 elevation 0\n", 10, "no such site above"},
    {CLASS SITE "calibration A-1 range 1\n", 10,
     "not: calibration ID range M azimuth DEG elevation DEG"},
    {CLASS SITE "bias A-1 range -1 angle 0\n", 10, "not a number in its limits"},
    {CLASS SITE "bias A-1 angle 0\n", 10, "not: bias ID range M angle DEG"},
    {"class \"c\n", 1, "quote is not closed"},
    {"class c\nsnr \x01\n", 2, "control byte in text"},
};

static void hold_complaints(void)
{
    static struct wlk_sites out, before;
    memset(&out, 0x5a, sizeof out);
    before = out;
    for (size_t i = 0; i < sizeof BROKEN / sizeof BROKEN[0]; i++) {
        struct wlk_fault fault = {.rule = "taken"};
        wlk_status status = wlk_sites_parse("bad.txt", BROKEN[i].text, &out, &fault);
        bool holds = status == WLK_BAD_INPUT && strcmp(fault.rule, BROKEN[i].rule) == 0 &&
                     fault.line == BROKEN[i].line && strcmp(fault.where, "bad.txt") == 0;
        wlk_check(holds, "line %zu: %s", BROKEN[i].line, BROKEN[i].rule);
        if (!holds)
            wlk_note("was line %zu: %s: %s", fault.line, fault.rule, fault.detail);
    }
    wlk_check(memcmp(&out, &before, sizeof out) == 0, "refusals leave the output untouched");
    struct wlk_fault fault = {.rule = NULL};
    wlk_check(wlk_sites_read("/nonexistent/sites.txt", &out, &fault) == WLK_IO && fault.rule,
              "a file that is not there is an I/O fault that says so");
}

static void hold_full(void)
{
    static char text[65536];
    static struct wlk_sites out;
    int used = snprintf(text, sizeof text, CLASS);
    for (int i = 0; i <= WLK_SITES_MAX; i++)
        used += snprintf(text + used, sizeof text - (size_t)used,
                         "site A-%d of JP at 38 138 height 10 m class c\nsource \"x\"\n", i);
    struct wlk_fault fault = {.rule = "taken"};
    wlk_check(wlk_sites_parse("t", text, &out, &fault) == WLK_BAD_INPUT &&
                  strcmp(fault.rule, "too many sites") == 0,
              "one site more than there is room for is refused");
}

static void hold_shipped(void)
{
    static struct wlk_sites sites;
    char path[512];
    const char *top = getenv("WARNLINK_SOURCE");
    struct wlk_fault fault = {.rule = ""};
    snprintf(path, sizeof path, "%s/sensors/sites.txt", top ? top : ".");
    wlk_status status = wlk_sites_read(path, &sites, &fault);
    if (!wlk_check(status == WLK_OK, "the shipped file is taken %s %s", fault.rule,
                   fault.detail))
        return;
    wlk_check(sites.count == 14 && sites.infrared_count == 1, "it has 14 radars, 1 infrared");
    static struct wlk_site picked[WLK_SITES_MAX];
    size_t count = 99;
    wlk_check(wlk_sites_pick(&sites, "default", NULL, picked, &count) == WLK_OK && count == 7,
              "seven radars are the default");
    wlk_name japan = wlk_name_of("JP");
    wlk_check(wlk_sites_pick(&sites, "aegis", &japan, picked, &count) == WLK_OK && count == 4,
              "with the ships Japan has four of ten");
    wlk_check(wlk_sites_pick(&sites, NULL, NULL, picked, &count) == WLK_OK && count == 14,
              "no name picks all");
    count = 99;
    wlk_check(wlk_sites_pick(&sites, "none", NULL, picked, &count) == WLK_BAD_INPUT &&
                  count == 99,
              "an unknown set is refused and changes nothing");
    const struct wlk_site *sado = wlk_sites_find(&sites, wlk_name_of("JP-FPS5-SAD"));
    wlk_check(sado && wlk_name_equal(sado->owner, japan), "Sado is there and Japan's");
    wlk_check(sado && fabs(sado->mask_rad / WLK_DEG - 2) < 1e-12 &&
                  fabs(sado->range_max_m - 2.2e6) < 1e-6 &&
                  fabs(sado->angle_sigma_rad / WLK_DEG - 0.05) < 1e-12 &&
                  fabs(sado->sector_width_rad - 2 * WLK_PI) < 1e-12 &&
                  fabs(sado->snr_reference - 130) < 0.1,
              "degrees, kilometres and decibels have become SI");
    wlk_check(!wlk_sites_find(&sites, wlk_name_of("JP-FPS5")), "half a name is no site");
}

static void hold_values(void)
{
    static struct wlk_sites sites;
    struct wlk_fault fault;
    wlk_status status = wlk_sites_parse(
        "t",
        CLASS "site A-1 of JP at -38 -138.5 height 10 m class c facing 90 width 60 mask 3\n"
              "source \"x\"\ncalibration A-1 range -12 azimuth 0.1 elevation -0.2\n"
              "bias A-1 range 30 angle 0.05\n",
        &sites, &fault);
    const struct wlk_site *site = &sites.site[0];
    wlk_check(status == WLK_OK && sites.count == 1, "a site of one's own is taken");
    wlk_check_near(site->place.longitude_rad, -138.5 * WLK_DEG, 1e-12, "west is negative");
    wlk_check_near(site->sector_width_rad, 60 * WLK_DEG, 1e-12, "the sector is read");
    wlk_check_near(site->mask_rad, 3 * WLK_DEG, 1e-12, "its own mask beats that of the class");
    wlk_check_near(site->elevation_bias_rad, -0.2 * WLK_DEG, 1e-12, "calibration is read");
    wlk_check_near(site->range_bias_m, -12, 1e-12, "in metres");
    wlk_check_near(site->angle_bias_sigma_rad, 0.05 * WLK_DEG, 1e-12, "residual bias is read");
}

int main(void)
{
    hold_complaints();
    hold_full();
    hold_shipped();
    hold_values();
    return wlk_tap_done();
}
