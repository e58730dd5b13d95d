/* desk_form_test.c -- what persons did comes back as it was kept; another version, the layout
 * of earlier builds, and damage are refused; areas are found again in a table of another order.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/desk_form.h"

#include "base/random.h"
#include "base/tap.h"
#include "record/header.h"

#include <stdio.h>
#include <string.h>

enum { KEPT = 3, HANDS = 2 };

static struct wlk_areas areas, turned;
static struct wlk_desk_kept kept[WLK_DESK_KEPT_MAX], read_back[WLK_DESK_KEPT_MAX];
static struct wlk_desk_hand hand[WLK_DESK_HANDS_MAX], hand_back[WLK_DESK_HANDS_MAX];
static uint8_t form[WLK_DESK_FORM_SIZE], again[WLK_DESK_FORM_SIZE];

static void fill_point(struct wlk_point *point)
{
    point->place = (wlk_geodetic){0.7, 2.5, 0};
    point->time.ns = 1795392000123456789;
    for (int i = 0; i < 9; i++)
        point->covariance[i / 3][i % 3] = 1e6 / (i + 3.0);
}

/* Each field with a value of its own. */
static void fill(struct wlk_desk_kept *out, int n)
{
    struct wlk_warning *w = &out->warning;
    out->what = n == 0 ? WLK_DESK_KEPT_OWN : n == 1 ? WLK_DESK_KEPT_TOLD : WLK_DESK_KEPT_TEXT;
    out->is_proved = n == 0;
    snprintf(out->by, sizeof out->by, "%s", "佐藤 花子");
    w->nation = wlk_name_of("JP");
    w->time.ns = 1795392000000000001 + n;
    w->number = 7 + (unsigned)n;
    w->object = WLK_DESK_OWN_OBJECTS + 7 + (unsigned)n;
    memset(w->event.bytes, 0xa0 + n, sizeof w->event.bytes);
    w->has_event = w->has_launch = w->has_impact = w->has_heading = n != 1;
    if (!w->has_event)
        memset(&w->event, 0, sizeof w->event);
    w->kind = WLK_WARNING_TAKE_COVER;
    w->correction = WLK_CORRECTION_REVISED;
    w->is_final = n == 1;
    w->nature = WLK_NATURE_EXERCISE;
    snprintf(w->exercise, sizeof w->exercise, "%s", "DRILL 27");
    w->replaces = 3;
    w->replaces_time.ns = -1;
    w->also_count = 2;
    w->also[0] = (struct wlk_warning_reference){4, {5}};
    w->also[1] = (struct wlk_warning_reference){6, {7}};
    w->is_by_person = w->is_predicted = w->is_at_sea = w->is_inside_200nm = true;
    w->ground = WLK_GROUND_WRONG_TIME;
    snprintf(w->said[0], sizeof w->said[0], "%s", "Go east");
    snprintf(w->said[1], sizeof w->said[1], "%s", "東へ");
    w->said_at.ns = 99;
    w->area_count = 3;
    for (int i = 0; i < 3; i++) {
        struct wlk_warning_area *one = &w->area[i];
        one->area = (uint16_t)(i < 2 ? i + n % 2 : WLK_AREA_SEA);
        one->reason = WLK_AREA_OVERFLOWN;
        one->probability = 0.1 * (i + 1);
        one->earliest.ns = 1000 + i;
    }
    if (w->has_launch) {
        fill_point(&w->launch);
        fill_point(&w->impact.point);
        w->impact.computed_at.ns = 11;
        w->impact.last_measurement.ns = 12;
        w->impact.condition = WLK_CONDITION_COASTED;
        w->impact.apogee_m = 550e3;
        w->impact.track_s = 99.5;
        w->impact.doubt = WLK_DOUBT_STAGING;
        w->heading_rad = 1.25;
    }
    snprintf(w->sea_en, sizeof w->sea_en, "%s", "150 km west of Oshima");
    snprintf(w->sea_ja, sizeof w->sea_ja, "%s", "渡島の西150km");
    snprintf(w->sea_ko, sizeof w->sea_ko, "%s", "오시마 서쪽 150km");
    w->track_s = 31.5;
    w->lost_at_s = 200.25;
}

static void open_all(void)
{
    static const char *const KEY[] = {"JP-01", "JP-02", "JP-47"};
    areas.count = turned.count = 3;
    for (size_t i = 0; i < 3; i++) {
        snprintf(areas.area[i].key, sizeof areas.area[i].key, "%s", KEY[i]);
        snprintf(turned.area[i].key, sizeof turned.area[i].key, "%s", KEY[2 - i]);
    }
    for (int i = 0; i < KEPT; i++)
        fill(&kept[i], i);
    for (int i = 0; i < HANDS; i++) {
        memset(hand[i].event.bytes, 0x30 + i, sizeof hand[i].event.bytes);
        hand[i].launch_ns = -5 + i;
        hand[i].taken_ns = 1795392000000000000 + i;
        hand[i].has_event = i == 0;
    }
}

static size_t write_kept(const struct wlk_desk_kept list[], size_t count, uint8_t *to)
{
    size_t size = 0;
    wlk_status status =
        wlk_desk_form_write_kept(list, count, &areas, to, WLK_DESK_FORM_SIZE, &size);
    return status == WLK_OK ? size : 0;
}

static wlk_status read_kept(const uint8_t *from, size_t size, size_t *count)
{
    struct wlk_fault fault = {0};
    return wlk_desk_form_read_kept(from, size, &areas, read_back, count, &fault);
}

static void check_both_ways(size_t size)
{
    size_t count = 0, hands = 0;
    struct wlk_fault fault = {0};
    wlk_check(size > 0 && read_kept(form, size, &count) == WLK_OK && count == KEPT &&
                  memcmp(kept, read_back, sizeof kept) == 0,
              "each field of what persons wrote and warned of comes back");
    wlk_check(wlk_desk_form_write_hands(hand, HANDS, again, sizeof again, &hands) == WLK_OK &&
                  wlk_desk_form_read_hands(again, hands, hand_back, &fault) == WLK_OK &&
                  memcmp(hand, hand_back, sizeof hand) == 0,
              "and of what they hold");
    wlk_check(read_kept(again, hands, &count) == WLK_BAD_INPUT &&
                  wlk_desk_form_read_hands(form, size, hand_back, &fault) == WLK_BAD_INPUT,
              "one is not taken for the other");
    for (int i = 0; i < WLK_DESK_KEPT_MAX; i++)
        kept[i] = kept[0];
    size_t most = write_kept(kept, WLK_DESK_KEPT_MAX, again);
    wlk_check(most > 0 && 4 * most < WLK_DESK_FORM_SIZE, "there is room for the most of them");
#ifdef __x86_64__ /* whoever adds a field to them adds it to desk_form.c, and raises VERSION   \
                   */
    wlk_check(sizeof(struct wlk_warning) == 3752 && sizeof(struct wlk_desk_kept) == 3808 &&
                  sizeof(struct wlk_desk_hand) == 40,
              "no field was added that is not kept");
#endif
}

static void check_areas(size_t size)
{
    size_t count;
    struct wlk_fault fault = {0};
    const struct wlk_warning_area *area = read_back[0].warning.area;
    wlk_status status = wlk_desk_form_read_kept(form, size, &turned, read_back, &count, &fault);
    wlk_check(status == WLK_OK && area[0].area == 2 && area[1].area == 1 &&
                  area[2].area == WLK_AREA_SEA,
              "in a table of another order an area is found by its key");
    snprintf(turned.area[2].key, sizeof turned.area[2].key, "%s", "JP-99");
    status = wlk_desk_form_read_kept(form, size, &turned, read_back, &count, &fault);
    wlk_check(status == WLK_OK && area[0].area == turned.count,
              "one that is no longer there is told from all others");
}

/* What is accepted is what would be written; all else is refused and leaves nothing. */
static void check_damage(size_t size)
{
    static uint8_t bad[WLK_DESK_FORM_SIZE];
    size_t count, taken = 0, differ = 0, left = 0;
    struct wlk_random random = wlk_random_seeded(11, 0);
    for (size_t cut = 0; cut < size; cut++) {
        taken += read_kept(form, cut, &count) == WLK_OK;
        left += count > 0 || read_back[0].what != 0;
    }
    memcpy(bad, form, size);
    bad[size] = 0;
    taken += read_kept(bad, size + 1, &count) == WLK_OK;
    wlk_check(taken == 0 && left == 0,
              "cut anywhere, or longer, it is refused and leaves nothing");
    memcpy(bad, form, size);
    bad[0]++; /* the version */
    taken += read_kept(bad, size, &count) == WLK_OK;
    wlk_check(taken == 0, "another version is refused");
    taken += read_kept((const uint8_t *)kept, sizeof kept, &count) == WLK_OK;
    taken += read_kept(bad, 0, &count) == WLK_OK;
    memset(bad, 0, sizeof kept);
    taken += read_kept(bad, sizeof kept, &count) == WLK_OK;
    wlk_check(taken == 0, "so is the layout of earlier builds, and nothing at all");
    for (int i = 0; i < 20000; i++) {
        memcpy(bad, form, size);
        bad[wlk_random_below(&random, size)] ^= (uint8_t)(1u << wlk_random_below(&random, 8));
        if (read_kept(bad, size, &count) != WLK_OK)
            continue;
        taken++;
        size_t made = write_kept(read_back, count, again); /* 0: an area that is not there */
        differ += made != 0 && (made != size || memcmp(again, bad, size) != 0);
    }
    wlk_check(taken > 100 && differ == 0,
              "with a bit turned, it is refused or is what it says");
}

int main(void)
{
    open_all();
    size_t size = write_kept(kept, KEPT, form);
    check_areas(size);
    check_damage(size);
    check_both_ways(size);
    return wlk_tap_done();
}
