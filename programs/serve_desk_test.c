/* serve_desk_test.c -- two persons at a node's display warn where the machine does not, and a
 * restart of the node loses neither that nor what waits.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/serve_for_test.h"

static void begin_again(void)
{
    close_node();
    must(truncate(shown, 0) == 0);
    open_node(false, now_s);
    turn(now_s += 0.1);
    turn(now_s += 0.6); /* what was shown is written out */
    read_shown();
}

static void check_warn(void)
{
    static const char words[] =
        ",\"words\":\"TAKE_COVER JP-47 SEA\",\"said\":{\"en\":\"By telephone\"}";
    char sato[64], kato[64];
    open_all(false);
    turn(now_s += 0.1);
    sign_in("Sato", sato);
    sign_in("Kato", kato);
    wlk_check(is(act(sato, "warn", 0, ",\"words\":\"TAKE_COVER JP-99\""), "no-areas") &&
                  is(act(sato, "warn", 0, ",\"words\":\"LAUNCH SEA SEA\""), "no-areas") &&
                  is(act(sato, "warn", 0, ",\"words\":\"ALL_CLEAR SEA\""), "no-areas") &&
                  is(act(sato, "warn", 0, ",\"words\":\"LAUNCH\""), "no-areas"),
              "no such area, the same twice, an end, or no area: refused");
    wlk_check(is(act(sato, "warn", 0, words), "done") && released == 0 && asking == 1,
              "with no launch in the picture a person writes a warning: it waits, and asks");
    uint32_t number = waiting;
    wlk_check(is(act(sato, "release", number, ""), "same-person") && released == 0,
              "the same person does not release it");
    begin_again();
    wlk_check(waiting == number && asking == 1, "a node that starts anew asks again");
    sign_in("sato", sato);
    wlk_check(is(act(sato, "release", number, ""), "same-person"), "and knows who wrote it");
    sign_in("Kato", kato);
    wlk_check(is(act(kato, "release", number, ""), "done") && released == 1 &&
                  told.kind == WLK_WARNING_TAKE_COVER && told.area_count == 2 &&
                  told.area[1].area == WLK_AREA_SEA && told.is_by_person &&
                  strcmp(told.said[0], "By telephone") == 0,
              "a second person releases it, with its words, to its areas");
    begin_again();
    wlk_check(waiting == 0 && released == 0 && alarm_peak >= 1,
              "started anew once more it is shown as told, is an alarm, and is not sent again");
    sign_in("Sato", sato);
    wlk_check(is(act(sato, "cancel", number, ",\"words\":\"no-danger\""), "done") &&
                  released == 1 && told.is_final && told.replaces == number,
              "and can be cancelled by its number");
    begin_again();
    wlk_check(is(act((sign_in("Sato", sato), sato), "cancel", number,
                     ",\"words\":\"no-danger\""),
                 "not-in-force"),
              "what was ended is not taken up");
    close_all();
}

static bool has_shown(const char *words)
{
    char *line = NULL;
    size_t room = 0, found = 0;
    FILE *in = fopen(shown, "r");
    must(in != NULL);
    while (getline(&line, &room, in) > 0)
        found += strstr(line, words) != NULL;
    free(line);
    fclose(in);
    return found > 0;
}

/* What a build before desk_form.h kept, or one after it. */
static void check_other_version(void)
{
    static const uint8_t zeros[4096];
    static const char words[] = ",\"words\":\"TAKE_COVER SEA\"";
    char sato[64];
    open_all(false);
    turn(now_s += 0.1);
    sign_in("Sato", sato);
    must(is(act(sato, "warn", 0, words), "done"));
    begin_again();
    wlk_check(waiting > 0 && !has_shown("cannot be read"), "what this version kept is read");
    must(wlk_journal_set(journal, "desk", zeros, sizeof zeros, false) == WLK_OK);
    must(wlk_journal_set(journal, "hands", zeros, sizeof zeros, false) == WLK_OK);
    begin_again();
    wlk_check(waiting == 0 && has_shown("what persons wrote cannot be read") &&
                  has_shown("what persons held cannot be read"),
              "what another version kept is not taken up, and an alarm says so");
    close_all();
}

static void check_text(void)
{
    char sato[64], kato[64];
    open_all(false);
    play(200);
    sign_in("Sato", sato);
    must(is(act(sato, "text", 1, ",\"said\":{\"en\":\"Go east\"}"), "done"));
    uint32_t number = waiting;
    close_node();
    must(truncate(shown, 0) == 0);
    open_node(false, now_s);
    play(300);
    turn(now_s += 0.6);
    read_shown();
    wlk_check(direct > 0 && waiting == number && asking == 1,
              "a text that waited at a restart asks when its flight is warned of again");
    sign_in("Kato", kato);
    wlk_check(is(act(kato, "release", number, ""), "done") && released == 1 &&
                  strcmp(told.said[0], "Go east") == 0 && told.replaces > number,
              "and goes out beside the new warning");
    close_all();
}

int main(void)
{
    world_open();
    check_warn();
    check_text();
    check_other_version();
    return end();
}
