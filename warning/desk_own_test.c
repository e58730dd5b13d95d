/* desk_own_test.c -- persons warn where the machine does not: two of them, theirs to end, and a
 * restart of the node loses neither what was told nor what waits.
 * SPDX-License-Identifier: Apache-2.0 */
#include "warning/desk.h"

#include "base/tap.h"

#include <stdlib.h>
#include <string.h>

static struct wlk_desk *desk;
static uint32_t numbers;
static double now_s;
static struct wlk_desk_change change;
static struct wlk_desk_kept kept[WLK_DESK_KEPT_MAX];
enum { AREAS = 8 };

static wlk_utc now(void)
{
    return wlk_utc_add((wlk_utc){INT64_C(1795392000000000000)}, now_s);
}

static void open_desk(enum wlk_nature nature)
{
    struct wlk_desk_setup setup = {nature, false};
    wlk_desk_close(desk);
    if (wlk_desk_open(&setup, &desk) != WLK_OK)
        exit(1);
    numbers = 1;
}

/* To areas 0 to count - 1. */
static struct wlk_warning word(uint32_t object, enum wlk_warning_kind kind, size_t count)
{
    struct wlk_warning warning = {.nation = wlk_name_of("JP"),
                                  .time = now(),
                                  .object = object,
                                  .kind = kind,
                                  .nature = WLK_NATURE_EXERCISE,
                                  .area_count = count};
    for (size_t i = 0; i < count; i++)
        warning.area[i] = (struct wlk_warning_area){(uint16_t)i, WLK_AREA_DIRECT, 1, now()};
    return warning;
}

static bool machine(uint32_t object, enum wlk_warning_kind kind, size_t count, uint8_t event)
{
    struct wlk_warning warning = word(object, kind, count);
    warning.number = numbers++;
    warning.has_event = event != 0;
    warning.event.bytes[0] = event;
    now_s += 1;
    return wlk_desk_take(desk, &warning, now());
}

static enum wlk_desk_outcome warn(enum wlk_warning_kind kind, size_t count, const char *en,
                                  const char *by)
{
    struct wlk_warning draft = word(0, kind, count);
    memcpy(draft.said[0], en, strlen(en) + 1);
    now_s += 1;
    return wlk_desk_warn(desk, &draft, by, true, &numbers, now());
}

static enum wlk_desk_outcome release(uint32_t number, const char *by)
{
    return wlk_desk_release(desk, number, by, true, now());
}

static bool comes(enum wlk_desk_state state)
{
    return wlk_desk_change(desk, &change) && change.state == state;
}

static void check_two(void)
{
    uint32_t asking[4];
    open_desk(WLK_NATURE_EXERCISE);
    wlk_check(warn(WLK_WARNING_TAKE_COVER, 2, "By telephone.", "Sato") == WLK_DESK_DONE &&
                  comes(WLK_DESK_PROPOSED) && wlk_desk_asking(desk, asking, 4) == 1 &&
                  asking[0] == change.warning.object && asking[0] > WLK_DESK_OWN_OBJECTS,
              "where the machine has no warning a person writes one: it waits, and asks");
    uint32_t number = change.warning.number;
    wlk_check(release(number, " SATO") == WLK_DESK_SAME_PERSON && !comes(WLK_DESK_RELEASED),
              "the same person does not release it");
    now_s += 7;
    wlk_check(release(number, "Kato") == WLK_DESK_DONE && comes(WLK_DESK_RELEASED) &&
                  change.warning.area_count == 2 && change.warning.is_by_person &&
                  change.warning.time.ns == now().ns && change.warning.replaces == 0 &&
                  !change.is_again && wlk_desk_asking(desk, asking, 4) == 0,
              "a second person does, and its time is that of the release");
    wlk_check(warn(WLK_WARNING_ALL_CLEAR, 2, "", "Sato") == WLK_DESK_NO_AREAS &&
                  warn(WLK_WARNING_LAUNCH, 0, "", "Sato") == WLK_DESK_NO_AREAS &&
                  warn(WLK_WARNING_LAUNCH, 1, "a\nb", "Sato") == WLK_DESK_NO_WORDS,
              "an end, no area and bad text are refused");
    size_t taken = 0;
    for (int i = 0; i < 40; i++)
        taken += warn(WLK_WARNING_LAUNCH, 1, "", "Sato") == WLK_DESK_DONE;
    wlk_check(taken == WLK_DESK_OWN_MAX - 1, "there is a bound on them");
    open_desk(WLK_NATURE_REAL);
    struct wlk_warning draft = word(0, WLK_WARNING_LAUNCH, 1);
    wlk_check(wlk_desk_warn(desk, &draft, "Sato", true, &numbers, now()) == WLK_DESK_NO_AREAS,
              "life takes none of an exercise");
    draft.nature = WLK_NATURE_REAL;
    wlk_check(wlk_desk_warn(desk, &draft, "Sato", false, &numbers, now()) ==
                      WLK_DESK_NOT_PROVED &&
                  wlk_desk_warn(desk, &draft, "Sato", true, &numbers, now()) == WLK_DESK_DONE &&
                  wlk_desk_release(desk, 1, "Kato", false, now()) == WLK_DESK_NOT_PROVED,
              "in life both names must be proved");
}

static void check_end(void)
{
    uint32_t asking[4];
    open_desk(WLK_NATURE_EXERCISE);
    (void)warn(WLK_WARNING_TAKE_COVER, 2, "", "Sato");
    (void)!release(1, "Kato");
    while (wlk_desk_change(desk, &change))
        continue;
    wlk_check(machine(5, WLK_WARNING_TAKE_COVER, 3, 9),
              "the machine warns beside them by itself");
    wlk_check(!machine(5, WLK_WARNING_PASSED, 3, 9) && comes(WLK_DESK_PROPOSED) &&
                  wlk_desk_asking(desk, asking, 4) == 1 && asking[0] == 5,
              "its end, where persons warned, waits and asks");
    uint32_t end = change.warning.number;
    wlk_check(release(end, "Sato") == WLK_DESK_STANDS && !comes(WLK_DESK_RELEASED),
              "and is not released before theirs has ended");
    wlk_check(wlk_desk_revise(desk, 1, WLK_GROUND_NO_DANGER, "Sato", &numbers, now()) ==
                      WLK_DESK_DONE &&
                  comes(WLK_DESK_RELEASED) && change.warning.is_final &&
                  change.warning.area_count == 2 && change.warning.replaces == 1,
              "persons end it as any other, by a cancel to all whom they warned");
    wlk_check(comes(WLK_DESK_PROPOSED) && change.warning.is_by_person,
              "one act undoes that, too");
    wlk_check(release(end, "Sato") == WLK_DESK_DONE && comes(WLK_DESK_RELEASED) &&
                  change.warning.area_count == 3 &&
                  machine(6, WLK_WARNING_TAKE_COVER, 1, 8) &&
                  machine(6, WLK_WARNING_PASSED, 1, 8),
              "then the machine's end goes out, and those after it by themselves");
}

static void check_restart(void)
{
    uint32_t asking[4];
    const char *const said[WLK_SAID_LANGUAGES] = {"East", "", ""};
    open_desk(WLK_NATURE_EXERCISE);
    (void)machine(3, WLK_WARNING_TAKE_COVER, 2, 77);                 /* 1 */
    (void)!wlk_desk_propose(desk, 1, said, "Sato", true, &numbers, now()); /* 2 */
    (void)warn(WLK_WARNING_LAUNCH, 3, "North", "Kato");              /* 3 */
    (void)warn(WLK_WARNING_TAKE_COVER, 1, "South", "Sato");          /* 4 */
    (void)!release(4, "Kato");
    wlk_check(wlk_desk_keep(desk, kept) == 3, "what persons wrote or warned of is kept");
    open_desk(WLK_NATURE_EXERCISE);
    now_s += 60;
    kept[3] = kept[0];
    kept[3].warning.area[0].area = AREAS;
    kept[4] = kept[0];
    memset(kept[4].warning.said, 'x', sizeof kept[4].warning.said);
    wlk_desk_take_up(desk, kept, 5, AREAS, &numbers, now());
    wlk_check(numbers == 5 && wlk_desk_count(desk).refused == 2,
              "after a restart numbers go on behind them; what is broken is left out");
    wlk_check(comes(WLK_DESK_PROPOSED) && change.warning.number == 3 &&
                  strcmp(change.by, "Kato") == 0 && comes(WLK_DESK_RELEASED) &&
                  change.is_again && change.warning.number == 4 &&
                  wlk_desk_asking(desk, asking, 4) == 1,
              "a warning waits on, one that was told is shown and not sent again");
    wlk_check(release(3, "kato") == WLK_DESK_SAME_PERSON && release(3, "Sato") == WLK_DESK_DONE,
              "it is still known who wrote it");
    wlk_check(release(2, "Kato") == WLK_DESK_NOTHING_WAITS,
              "a text waits unseen while nothing is told of its flight");
    while (wlk_desk_change(desk, &change))
        continue;
    wlk_check(machine(1, WLK_WARNING_TAKE_COVER, 2, 78) && !comes(WLK_DESK_PROPOSED) &&
                  machine(2, WLK_WARNING_TAKE_COVER, 2, 77) && comes(WLK_DESK_PROPOSED) &&
                  change.warning.object == 2 && strcmp(change.by, "Sato") == 0,
              "and asks when the machine tells of that flight, by its new number");
    wlk_check(release(2, "Kato") == WLK_DESK_DONE && comes(WLK_DESK_RELEASED) &&
                  change.warning.replaces == numbers - 1 &&
                  strcmp(change.warning.said[0], "East") == 0,
              "released, it refers to what this life has told");
    wlk_check(wlk_desk_revise(desk, 4, WLK_GROUND_MISTAKE, "Sato", &numbers, now()) ==
                      WLK_DESK_DONE &&
                  comes(WLK_DESK_RELEASED) && change.warning.is_final &&
                  change.warning.replaces == 4,
              "what an earlier life told can be cancelled, by its number of then");
    open_desk(WLK_NATURE_EXERCISE);
    now_s += 7300;
    wlk_desk_take_up(desk, kept, 3, AREAS, &numbers, now());
    wlk_check(comes(WLK_DESK_RELEASED) && !wlk_desk_change(desk, &change),
              "hours later no text waits any more, but who stands warned is known");
}

int main(void)
{
    check_two();
    check_end();
    check_restart();
    wlk_desk_close(desk);
    return wlk_tap_done();
}
