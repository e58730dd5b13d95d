/* desk_test.c -- two persons are two, a cancelled warning stays cancelled until a person says
 * otherwise, and no message speaks of one that was never told.
 * SPDX-License-Identifier: Apache-2.0 */
#include "warning/desk.h"

#include "base/random.h"
#include "base/tap.h"
#include "warning/cap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct wlk_desk *desk;
static uint32_t numbers; /* the next one */
static double now_s;
static struct wlk_desk_change change;
static char text[WLK_CAP_SIZE_MAX];
static struct wlk_areas *jp;

static wlk_utc now(void)
{
    return wlk_utc_add((wlk_utc){INT64_C(1795392000000000000)}, now_s);
}

static void open_desk(enum wlk_nature nature, bool is_named)
{
    struct wlk_desk_setup setup = {nature, is_named};
    wlk_desk_close(desk);
    if (wlk_desk_open(&setup, &desk) != WLK_OK)
        exit(1);
    numbers = 1;
    now_s = 0;
}

/* The machine's next word of an object to areas 0 to count - 1. */
static struct wlk_warning word(uint32_t object, enum wlk_warning_kind kind, size_t count,
                               uint32_t replaces)
{
    struct wlk_warning warning = {.nation = wlk_name_of("JP"),
                                  .time = now(),
                                  .number = numbers++,
                                  .object = object,
                                  .kind = kind,
                                  .nature = WLK_NATURE_EXERCISE,
                                  .replaces = replaces,
                                  .replaces_time = replaces ? now() : (wlk_utc){0},
                                  .area_count = count};
    for (size_t i = 0; i < count; i++)
        warning.area[i] = (struct wlk_warning_area){(uint16_t)i, WLK_AREA_DIRECT, 0.5, now()};
    return warning;
}

static bool machine(uint32_t object, enum wlk_warning_kind kind, size_t count,
                    uint32_t replaces)
{
    struct wlk_warning warning = word(object, kind, count, replaces);
    now_s += 1;
    return wlk_desk_take(desk, &warning, now());
}

static enum wlk_desk_outcome revise(int64_t about, enum wlk_ground ground)
{
    now_s += 1;
    return wlk_desk_revise(desk, about, ground, "Sato", &numbers, now());
}

static enum wlk_desk_outcome propose(int64_t about, const char *en, const char *by,
                                     bool is_proved)
{
    const char *const said[WLK_SAID_LANGUAGES] = {en, "", ""};
    now_s += 1;
    return wlk_desk_propose(desk, about, said, by, is_proved, &numbers, now());
}

/* The next change is of this state; it stays in change. */
static bool comes(enum wlk_desk_state state)
{
    return wlk_desk_change(desk, &change) && change.state == state;
}

static bool is_quiet(void)
{
    return !wlk_desk_change(desk, &change);
}

static size_t in_cap(const char *what)
{
    size_t size, n = 0;
    if (wlk_cap_write(&change.warning, jp, text, sizeof text, &size) != WLK_OK)
        return 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at += strlen(what))
        n++;
    return n;
}

/* ---- the two persons -------------------------------------------------------------------- */

static void check_two_persons(void)
{
    static const char *const same[] = {"Sato", "sato", "SATO", " Sato ", "S ato"};
    open_desk(WLK_NATURE_EXERCISE, false);
    wlk_check(machine(1, WLK_WARNING_TAKE_COVER, 2, 0), "by policy, the machine's word goes");
    wlk_check(propose(1, "Use the east shelter.", "Sato", true) == WLK_DESK_DONE &&
                  comes(WLK_DESK_PROPOSED) && strcmp(change.by, "Sato") == 0 && is_quiet(),
              "words that a person writes are proposed, and told to nobody");
    uint32_t number = change.warning.number, asking[4] = {0};
    wlk_check(wlk_desk_asking(desk, asking, 4) == 1 && asking[0] == 1, "and ask for another");
    bool refused = true;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        refused = refused &&
                  wlk_desk_release(desk, number, same[i], true, now()) == WLK_DESK_SAME_PERSON;
    wlk_check(refused && is_quiet() && wlk_desk_count(desk).same_person == 5,
              "who proposed them may not release them, however the name is written; counted");
    wlk_check(wlk_desk_release(desk, number, "Kato", true, now()) == WLK_DESK_DONE &&
                  comes(WLK_DESK_RELEASED) && strcmp(change.by, "Kato") == 0 &&
                  change.warning.area_count == 2 && change.warning.replaces == 1,
              "a second person releases them, to all who stand warned");
    wlk_check(in_cap("Use the east shelter.") == 3 && in_cap("by persons") == 3 &&
                  in_cap("<msgType>Update</msgType>") == 1 && in_cap("Sato") == 0,
              "the message has them in each language, and no person's name");
    wlk_check(wlk_desk_release(desk, number, "Kato", true, now()) == WLK_DESK_NOTHING_WAITS,
              "once");
    struct wlk_warning next = word(1, WLK_WARNING_TAKE_COVER, 3, 1);
    wlk_check(wlk_desk_take(desk, &next, now()) &&
                  strcmp(next.said[0], "Use the east shelter.") == 0 && !next.is_by_person &&
                  next.replaces == number,
              "the next update keeps them, and refers to the message that had them");
    struct wlk_warning end = word(1, WLK_WARNING_IMPACTED, 3, next.number);
    wlk_check(wlk_desk_take(desk, &end, now()) && !end.said[0][0],
              "another kind of warning does not");
}

static void check_words(void)
{
    char long_words[WLK_SAID_SIZE + 1];
    static const char *const bad[] = {"",
                                      "   ",
                                      "a\nb",
                                      "\x1b[2J",
                                      "\xff",
                                      "\xed\xa0\x80",
                                      "\xe2\x80\xae reversed",
                                      "\xef\xbf\xbe"};
    open_desk(WLK_NATURE_EXERCISE, false);
    (void)machine(1, WLK_WARNING_LAUNCH, 1, 0);
    bool refused = true;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        refused = refused && propose(1, bad[i], "Sato", true) == WLK_DESK_NO_WORDS;
    memset(long_words, 'x', sizeof long_words - 1);
    long_words[sizeof long_words - 1] = 0;
    refused = refused && propose(1, long_words, "Sato", true) == WLK_DESK_NO_WORDS;
    wlk_check(refused && is_quiet(),
              "no words, control signs, broken UTF-8, turned or endless text are refused");
    wlk_check(propose(7, "x", "Sato", true) == WLK_DESK_NOT_IN_FORCE,
              "words about nothing, too");
    size_t taken = 0;
    for (int i = 0; i < 100; i++)
        taken += propose(1, "x", "Sato", true) == WLK_DESK_DONE;
    wlk_check(taken == WLK_DESK_TEXTS_MAX, "texts never fill the desk");
    open_desk(WLK_NATURE_REAL, false);
    struct wlk_warning warning = word(1, WLK_WARNING_LAUNCH, 1, 0);
    warning.nature = WLK_NATURE_REAL;
    bool taken_up = wlk_desk_take(desk, &warning, now());
    wlk_check(taken_up && propose(1, "x", "Sato", false) == WLK_DESK_NOT_PROVED &&
                  propose(1, "x", "Sato", true) == WLK_DESK_DONE &&
                  wlk_desk_release(desk, numbers - 1, "Kato", false, now()) ==
                      WLK_DESK_NOT_PROVED &&
                  wlk_desk_release(desk, numbers - 1, "Kato", true, now()) == WLK_DESK_DONE &&
                  wlk_desk_count(desk).not_proved == 2,
              "in life both names must be proved");
}

/* ---- correct and cancel -------------------------------------------------------------------
 */

static void check_cancel(void)
{
    open_desk(WLK_NATURE_EXERCISE, false);
    (void)machine(1, WLK_WARNING_LAUNCH, 3, 0);     /* 1: areas 0, 1, 2 */
    (void)machine(1, WLK_WARNING_TAKE_COVER, 1, 1); /* 2: area 0; 1 and 2 stay with 1 */
    wlk_check(revise(1, WLK_GROUND_NO_MISSILE) == WLK_DESK_DONE && comes(WLK_DESK_RELEASED) &&
                  change.warning.kind == WLK_WARNING_CORRECTION && change.warning.is_final &&
                  change.warning.area_count == 3 && strcmp(change.by, "Sato") == 0,
              "a cancel goes to all who stand warned, also by an older number");
    wlk_check(in_cap("<msgType>Cancel</msgType>") == 1 && in_cap("JP-0002-") == 1 &&
                  in_cap("JP-0001-") == 1,
              "as a CAP Cancel that refers to each message it takes back");
    wlk_check(in_cap("There was no missile.") == 1 && in_cap("発射はありませんでした") == 1 &&
                  in_cap("발사는 없었습니다") == 1 && in_cap("<responseType>AllClear") == 3 &&
                  in_cap("was launched") == 0,
              "with its reason in three languages");
    uint32_t asking[4];
    wlk_check(comes(WLK_DESK_PROPOSED) && change.warning.kind == WLK_WARNING_TAKE_COVER &&
                  is_quiet() && wlk_desk_asking(desk, asking, 4) == 0,
              "the machine's last word waits, and does not ask");
    uint32_t last_word = change.warning.number;
    wlk_check(revise(2, WLK_GROUND_MISTAKE) == WLK_DESK_NOT_IN_FORCE,
              "what is cancelled cannot be cancelled again");
    wlk_check(!machine(1, WLK_WARNING_TAKE_COVER, 2, 2) && comes(WLK_DESK_SUPERSEDED) &&
                  change.warning.number == last_word && comes(WLK_DESK_PROPOSED) &&
                  is_quiet() && wlk_desk_asking(desk, asking, 4) == 1 && asking[0] == 1,
              "what the machine says next is not told by itself: it waits, and asks");
    uint32_t waiting = change.warning.number;
    wlk_check(!machine(1, WLK_WARNING_PASSED, 2, waiting) && comes(WLK_DESK_SUPERSEDED) &&
                  is_quiet() && wlk_desk_count(desk).moot == 1,
              "an end is told to nobody where nobody stands warned");
    wlk_check(!machine(1, WLK_WARNING_LAUNCH, 2, 0) && comes(WLK_DESK_PROPOSED) &&
                  wlk_desk_release(desk, change.warning.number, "Sato", true, now()) ==
                      WLK_DESK_DONE &&
                  comes(WLK_DESK_RELEASED) && change.warning.replaces == 0 &&
                  in_cap("<msgType>Alert</msgType>") == 1,
              "a person has it told, as a new Alert: a Cancel has no successor");
    wlk_check(machine(1, WLK_WARNING_TAKE_COVER, 2, change.warning.number),
              "and the policy has the object again");
}

static void check_correct(void)
{
    open_desk(WLK_NATURE_EXERCISE, false);
    (void)machine(1, WLK_WARNING_TAKE_COVER, 2, 0);
    (void)machine(2, WLK_WARNING_TAKE_COVER, 2, 0);
    wlk_check(revise(1, WLK_GROUND_WRONG_AREA) == WLK_DESK_DONE && comes(WLK_DESK_RELEASED) &&
                  !change.warning.is_final && in_cap("<msgType>Update</msgType>") == 1 &&
                  in_cap("<references>warnlink-JP,JP-0001-") == 1 &&
                  in_cap("The areas named in it were not right.") == 1 &&
                  in_cap("Stay sheltered and wait") == 1,
              "a correction is an Update, says what was wrong, and leaves people sheltered");
    uint32_t correction = change.warning.number;
    wlk_check(comes(WLK_DESK_PROPOSED) && wlk_desk_is_in_hand(desk, 1) &&
                  !wlk_desk_is_in_hand(desk, 2),
              "the object is in a person's hand, another is not");
    wlk_check(machine(2, WLK_WARNING_IMPACTED, 2, 2), "of which the machine speaks on");
    wlk_check(!machine(1, WLK_WARNING_ALL_CLEAR, 2, 1) && comes(WLK_DESK_SUPERSEDED) &&
                  comes(WLK_DESK_PROPOSED),
              "here even an all clear waits: people were told to wait for the next message");
    wlk_check(wlk_desk_release(desk, change.warning.number, "Kato", true, now()) ==
                      WLK_DESK_DONE &&
                  comes(WLK_DESK_RELEASED) && change.warning.replaces == correction,
              "released, it refers to the correction");
    open_desk(WLK_NATURE_EXERCISE, false);
    (void)machine(1, WLK_WARNING_TAKE_COVER, 2, 0);
    (void)revise(1, WLK_GROUND_IN_DOUBT);
    wlk_check(comes(WLK_DESK_RELEASED) && comes(WLK_DESK_PROPOSED) &&
                  wlk_desk_reject(desk, change.warning.number, "Kato", now()) ==
                      WLK_DESK_DONE &&
                  comes(WLK_DESK_REJECTED) && wlk_desk_is_in_hand(desk, 1),
              "what is rejected was never told, and the object stays in hand");
    wlk_check(revise(1, WLK_GROUND_NONE) == WLK_DESK_NO_GROUND &&
                  revise(1, WLK_GROUND_END) == WLK_DESK_NO_GROUND &&
                  revise(-1, WLK_GROUND_MISTAKE) == WLK_DESK_NOT_IN_FORCE &&
                  revise(INT64_MAX, WLK_GROUND_MISTAKE) == WLK_DESK_NOT_IN_FORCE &&
                  is_quiet() && wlk_desk_count(desk).refused == 4,
              "no reason, or no such warning: refused and counted");
    wlk_check(numbers == 4, "what is refused uses no number: numbers have no gap");
}

/* ---- where a person releases everything ----------------------------------------------------
 */

static void check_named(void)
{
    open_desk(WLK_NATURE_EXERCISE, true);
    wlk_check(!machine(1, WLK_WARNING_LAUNCH, 2, 0) && comes(WLK_DESK_PROPOSED),
              "where persons release, each word waits");
    wlk_check(!machine(1, WLK_WARNING_TAKE_COVER, 2, 1) && comes(WLK_DESK_SUPERSEDED) &&
                  comes(WLK_DESK_PROPOSED) &&
                  wlk_desk_release(desk, 2, "Sato", true, now()) == WLK_DESK_DONE &&
                  comes(WLK_DESK_RELEASED) && change.warning.replaces == 0 &&
                  in_cap("<msgType>Alert</msgType>") == 1,
              "what was never told has no successor: the first that goes out is an Alert");
    wlk_check(change.warning.time.ns == now().ns, "its time is that of its release");
    wlk_check(wlk_desk_release(desk, 1, "Sato", true, now()) == WLK_DESK_NOTHING_WAITS,
              "and what it replaced cannot go out any more");
}

/* The node stops and starts anew: objects have other numbers, one of them another event. */
static void check_restart(void)
{
    struct wlk_desk_hand kept[4], again[4];
    open_desk(WLK_NATURE_EXERCISE, false);
    for (uint32_t object = 1; object <= 3; object++) {
        struct wlk_warning warning = word(object, WLK_WARNING_TAKE_COVER, 2, 0);
        warning.has_event = warning.has_launch = true;
        warning.event.bytes[0] = (uint8_t)object;
        warning.launch.time = wlk_utc_add(now(), -200.0 * object);
        (void)wlk_desk_take(desk, &warning, now());
    }
    wlk_utc launched = wlk_utc_add(now(), -400);
    (void)revise(1, WLK_GROUND_NO_MISSILE);
    (void)revise(2, WLK_GROUND_MISTAKE);
    wlk_check(wlk_desk_hands(desk, kept, 4) == 2 && kept[0].event.bytes[0] == 2 &&
                  kept[1].event.bytes[0] == 1 && kept[2].taken_ns == 0 &&
                  wlk_desk_hands(desk, again, 1) == 1 && again[0].event.bytes[0] == 2,
              "what is in hand is kept, the newest first");
    double at_s = now_s;
    open_desk(WLK_NATURE_EXERCISE, false);
    now_s = at_s + 5;
    wlk_desk_restore(desk, kept, 4, now());
    struct wlk_warning warning = word(21, WLK_WARNING_LAUNCH, 2, 0);
    warning.has_event = true;
    warning.event.bytes[0] = 1;
    wlk_check(!wlk_desk_take(desk, &warning, now()) && comes(WLK_DESK_PROPOSED) &&
                  wlk_desk_is_in_hand(desk, 21),
              "after a restart an event in hand is not told by itself");
    warning = word(22, WLK_WARNING_LAUNCH, 2, 0);
    warning.has_event = warning.has_launch = true;
    warning.event.bytes[0] = 77;
    warning.launch.time = wlk_utc_add(launched, 20);
    wlk_check(!wlk_desk_take(desk, &warning, now()) && comes(WLK_DESK_PROPOSED),
              "nor the same launch under another event");
    warning = word(23, WLK_WARNING_LAUNCH, 2, 0);
    warning.has_event = warning.has_launch = true;
    warning.event.bytes[0] = 3;
    warning.launch.time = wlk_utc_add(launched, -200);
    wlk_check(wlk_desk_take(desk, &warning, now()), "another launch is");
    wlk_check(wlk_desk_hands(desk, again, 4) == 2 && !memcmp(again, kept, sizeof kept),
              "and it is kept on, for the next restart");
    uint32_t waiting = warning.number - 2;
    wlk_check(wlk_desk_release(desk, waiting, "Sato", true, now()) == WLK_DESK_DONE &&
                  wlk_desk_hands(desk, again, 4) == 1 && again[0].event.bytes[0] == 2,
              "released by a person, it is in no hand any more");
    open_desk(WLK_NATURE_EXERCISE, false);
    now_s = at_s + 7300;
    wlk_desk_restore(desk, kept, 4, now());
    wlk_check(wlk_desk_hands(desk, again, 4) == 0, "an act of hours ago holds nothing");
}

static void check_nature(void)
{
    open_desk(WLK_NATURE_REAL, false);
    wlk_check(!machine(1, WLK_WARNING_TAKE_COVER, 2, 0) && is_quiet() &&
                  wlk_desk_count(desk).other_nature == 1 &&
                  revise(1, WLK_GROUND_MISTAKE) == WLK_DESK_NOT_IN_FORCE,
              "a desk of life takes nothing of an exercise, and nothing can be done to it");
}

/* ---- whatever happens ----------------------------------------------------------------------
 */

struct tally {
    bool was_told[4096];
    uint32_t own[5]; /* areas that persons warn: by which object */
    size_t dangling, silent, alone, told, calmed, owned;
};

/* It is told: are people calmed whom persons keep warned? */
static void note_areas(struct tally *tally, const struct wlk_warning *warning)
{
    bool is_own = warning->object >= WLK_DESK_OWN_OBJECTS, is_end;
    bool warns = warning->kind <= WLK_WARNING_TAKE_COVER ||
                 warning->kind == WLK_WARNING_IMPACTED ||
                 (warning->kind == WLK_WARNING_CORRECTION && !warning->is_final);
    is_end = !is_own && !warns && !warning->is_by_person;
    tally->owned += is_own;
    for (size_t i = 0; i < warning->area_count; i++) {
        uint32_t *own = &tally->own[warning->area[i].area];
        tally->calmed += is_end && *own;
        if (is_own && !*own && !warning->is_final)
            *own = warning->object;
    }
    for (size_t i = 0; is_own && warning->is_final && i < 5; i++)
        if (tally->own[i] == warning->object)
            tally->own[i] = 0;
}

static void take_changes(struct tally *tally)
{
    while (wlk_desk_change(desk, &change)) {
        const struct wlk_warning *warning = &change.warning;
        if (change.state != WLK_DESK_RELEASED)
            continue;
        tally->told++;
        tally->dangling += warning->replaces && !tally->was_told[warning->replaces];
        for (size_t i = 0; i < warning->also_count; i++)
            tally->dangling += !tally->was_told[warning->also[i].number];
        tally->alone += !change.by[0];
        tally->was_told[warning->number] = true;
        note_areas(tally, warning);
    }
}

static void happen(struct wlk_random *random, struct tally *tally, uint32_t last[4])
{
    uint32_t object = 1 + (uint32_t)(wlk_random_uniform(random) * 3), about;
    double dice = wlk_random_uniform(random);
    about = numbers - (uint32_t)wlk_random_below(random, numbers < 12 ? numbers + 1 : 12);
    if (dice < 0.6) {
        int kind = 1 + (int)(wlk_random_uniform(random) * (WLK_WARNING_KIND_END - 1));
        struct wlk_warning warning =
            word(object, (enum wlk_warning_kind)kind,
                 1 + (size_t)(wlk_random_uniform(random) * 5), last[object]);
        warning.is_final = kind == WLK_WARNING_ALL_CLEAR && wlk_random_uniform(random) < 0.5;
        if (kind == WLK_WARNING_CORRECTION)
            warning.correction = WLK_CORRECTION_LOST;
        last[object] = warning.is_final ? 0 : warning.number;
        bool in_hand = wlk_desk_is_in_hand(desk, object);
        if (wlk_desk_take(desk, &warning, now())) {
            tally->silent += in_hand && !wlk_desk_count(desk).unheld;
            tally->dangling += warning.replaces && !tally->was_told[warning.replaces];
            tally->was_told[warning.number] = true;
            note_areas(tally, &warning);
        }
    } else if (dice < 0.75) {
        (void)revise(about, (enum wlk_ground)(wlk_random_uniform(random) * WLK_GROUND_END));
    } else if (dice < 0.77) {
        struct wlk_warning draft = word(0, WLK_WARNING_TAKE_COVER, 1 + about % 5, 0);
        numbers--; /* the desk draws it */
        (void)!wlk_desk_warn(desk, &draft, "Sato", true, &numbers, now());
    } else if (dice < 0.85) {
        (void)propose(about, "words", dice < 0.8 ? "Sato" : "Kato", true);
    } else if (dice < 0.97) {
        (void)!wlk_desk_release(desk, about, dice < 0.91 ? "Sato" : "Kato", true, now());
    } else {
        (void)!wlk_desk_reject(desk, about, "Sato", now());
    }
    now_s += 1;
    take_changes(tally);
}

static void check_always(void)
{
    static struct tally tally;
    struct tally all = {.told = 0};
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct wlk_random random = wlk_random_seeded(seed, 1);
        uint32_t last[4] = {0};
        memset(&tally, 0, sizeof tally);
        open_desk(WLK_NATURE_EXERCISE, seed % 2 == 0);
        while (numbers < 1000)
            happen(&random, &tally, last);
        all.dangling += tally.dangling;
        all.silent += tally.silent;
        all.alone += tally.alone;
        all.told += tally.told;
        all.calmed += tally.calmed;
        all.owned += tally.owned;
    }
    wlk_check(all.told > 1000 && all.dangling == 0,
              "whatever the machine and people do, no message speaks of one that was not told "
              "(%zu released)",
              all.told);
    wlk_check(all.silent == 0 && all.alone == 0,
              "and of what is in a person's hand nothing is told without a person");
    wlk_check(all.owned > 50 && all.calmed == 0,
              "and nobody whom persons keep warned is told an end of the machine's (%zu)",
              all.owned);
}

int main(void)
{
    const char *top = getenv("WARNLINK_SOURCE");
    char folder[512];
    snprintf(folder, sizeof folder, "%s/areas", top ? top : ".");
    if (!wlk_check(wlk_areas_open(wlk_name_of("JP"), folder, &jp, NULL) == WLK_OK,
                   "areas can be read"))
        return wlk_tap_done();
    check_two_persons();
    check_words();
    check_cancel();
    check_correct();
    check_named();
    check_restart();
    check_nature();
    check_always();
    wlk_desk_close(desk);
    wlk_areas_close(jp);
    return wlk_tap_done();
}
