/* serve_test.c -- a node's display fed by a nation on the virtual clock: what the page is told
 * of a launch, that all of it is JSON in one order, and that a warning waits for a person where
 * a person is to release it. SPDX-License-Identifier: Apache-2.0 */
#include "programs/serve_for_test.h"

static void check_launch(void)
{
    open_all(false);
    play(LENGTH_S);
    close_all();
    read_shown();
    wlk_check(bad == 0 && disordered == 0 && raw == 0,
              "every line of what was shown is a number, a kind and JSON without markup");
    wlk_check(count[0] == 1 && count[1] == 1, "it begins with who the node is, and its areas");
    wlk_check(count[2] > 100 && with_sources > 50 && with_own > 50,
              "pictures have their sources, and beside them the one of own radars alone");
    wlk_check(count[3] > 5 && count[8] > 50 && count[7] > 100,
              "entries, trail and health are told");
    wlk_check(count[4] > 0 && direct > 0 && released == 0,
              "by policy, warnings go out at once, and are shown");
    wlk_check(count[5] > 0 && alarm_peak >= 1 && alarm_peak <= 3,
              "a launch is an alarm, and there are few of them (%zu at most)", alarm_peak);
}

static void check_release(void)
{
    char sato[64];
    open_all(true);
    play(LENGTH_S);
    wlk_check(direct == 0 && released == 0,
              "where a person releases, no warning goes by itself");
    sign_in("Sato", sato);
    read_shown();
    uint32_t number = waiting;
    wlk_check(is(act(sato, "release", number, ""), "done") && released == 1 &&
                  told.number == number && told.replaces == 0,
              "one that a person releases goes, and speaks of none that was not told");
    wlk_check(is(act(sato, "release", number, ""), "nothing-waits") && released == 1, "once");
    must(is(act(sato, "acknowledge", 1, ""), "done"));
    wlk_check(is(act(sato, "launch", 0, ",\"words\":\"x\""), "no-such-act") && count[9] == 4 &&
                  strstr(last_act, "Sato"),
              "every act is shown with its name, also one that there is not");
    close_all();
}

static void check_persons(void)
{
    static const char text[] = ",\"said\":{\"en\":\"Go east\",\"ja\":\"東へ\"}";
    char sato[64], kato[64], answer[BODY_SIZE];
    open_all(false);
    play(250);
    sign_in("Sato", sato);
    sign_in("Kato", kato);
    size_t before = direct;
    wlk_check(is(act(sato, "text", 1, text), "done") && released == 0 && asking == 1,
              "a text waits for a second person, and asks");
    uint32_t number = waiting;
    wlk_check(is(act(sato, "release", number, ""), "same-person") && released == 0,
              "the same person is none");
    wlk_check(is(act(kato, "release", number, ""), "done") && released == 1 &&
                  strcmp(told.said[1], "東へ") == 0 && told.is_by_person,
              "another releases it");
    wlk_check(is(act(sato, "cancel", 1, ",\"words\":\"wrong-area\""), "no-ground") &&
                  is(act(sato, "correct", 1, ",\"words\":\"no-missile\""), "no-ground") &&
                  is(act(sato, "cancel", 1, ""), "no-ground") && released == 1,
              "a reason of the other act is none");
    must(post("/command", sato,
              "{\"act\":\"cancel\",\"nature\":\"LIVE\",\"number\":1,"
              "\"words\":\"no-missile\"}",
              answer) == 409);
    wlk_check(released == 1, "an act from a page of another nature is none");
    wlk_check(is(act(sato, "cancel", 1, ",\"words\":\"no-missile\""), "done") &&
                  released == 2 && told.is_final && told.kind == WLK_WARNING_CORRECTION &&
                  told.ground == WLK_GROUND_NO_MISSILE,
              "one person cancels what was told, by any of its numbers");
    number = waiting;
    wlk_check(number > 0 && asking == 0 && told.number + 1 == number,
              "the machine's last word waits, and does not ask; no number is left out");
    wlk_check(is(act(kato, "release", number, ""), "done") && released == 3 &&
                  told.replaces == 0 && told.kind == WLK_WARNING_TAKE_COVER,
              "one act has it told again, as a new warning");
    must(is(act(sato, "cancel", number, ",\"words\":\"mistake\""), "done"));
    play(700);
    wlk_check(direct == before && released == 4,
              "while it flies on and passes, the machine tells nothing more by itself");
    close_all();
}

static void check_restart(void)
{
    char sato[64];
    open_all(false);
    play(200);
    sign_in("Sato", sato);
    must(is(act(sato, "cancel", 1, ",\"words\":\"mistake\""), "done"));
    close_node();
    must(truncate(shown, 0) == 0);
    open_node(false, now_s);
    play(300);
    turn(now_s += 0.6);
    read_shown();
    wlk_check(
        direct == 0 && released == 0 && waiting > 0 && asking == 1,
        "a node that starts anew does not tell by itself what a person cancelled: it asks");
    close_all();
}

/* The US takes itself out of all arrangements that it has signed. */
static void withdraw(void)
{
    static struct wlk_agreement agreement;
    struct wlk_fault fault;
    for (size_t i = 0; i < pact->bundle_count; i++) {
        uint8_t bytes[512];
        size_t size;
        if (wlk_force_read(pact->bundle[i].bytes, pact->bundle[i].size, &pact->roots,
                           &agreement, &fault) != WLK_OK)
            continue;
        struct wlk_withdrawal withdrawal = {agreement.digest, wlk_name_of("US"),
                                            moment(now_s).utc};
        if (wlk_force_withdraw(&withdrawal, &wlk_pact_owner(pact, withdrawal.party)->root,
                               bytes, sizeof bytes, &size) == WLK_OK)
            (void)!wlk_nation_statement(nation, WLK_STATEMENT_WITHDRAWAL, bytes, size,
                                        moment(now_s), &fault);
    }
}

static void check_receipts(void)
{
    char sato[64];
    struct wlk_fault fault;
    open_all(false);
    for (size_t i = 0; i < pact->bundle_count; i++)
        (void)!wlk_nation_statement(nation, WLK_STATEMENT_BUNDLE, pact->bundle[i].bytes,
                                    pact->bundle[i].size, moment(-60), &fault);
    play(200);
    read_shown();
    wlk_check(owing == 2 && paid == 0 && declared_s > 0 && owing_s - declared_s <= 3,
              "partners that do not confirm our warnings are an alarm each, within 3 s (%.1f)",
              owing_s - declared_s);
    withdraw();
    play(202);
    read_shown();
    wlk_check(owing == 0 && paid == 2,
              "when nothing is owed any more they clear, and stay until they are answered");
    sign_in("Sato", sato);
    must(is(act(sato, "acknowledge", owed_alarm, ""), "done"));
    wlk_check(owing == 0 && paid == 1, "answered, one leaves");
    close_all();
}

int main(void)
{
    world_open();
    check_launch();
    check_release();
    check_persons();
    check_restart();
    check_receipts();
    return end();
}
