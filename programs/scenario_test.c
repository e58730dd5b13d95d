/* scenario_test.c -- does every shipped scenario hold, and does one that cannot be played say
 * why? Records carry a keyed hash here; coalition_test.c shows that signatures change nothing.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/tap.h"
#include "programs/scenario_play.h"
#include "programs/share.h"

#include <glob.h>
#include <stdlib.h>
#include <unistd.h>

enum { RECORDS_MIN = 1000 }; /* fewer: something is not running at all */

static struct wlk_history *history;
static struct wlk_play_result result;

static wlk_status play(const char *path, struct wlk_fault *fault)
{
    struct wlk_play_order order = {.path = path, .history = history, .is_keyed_hash = true};
    return wlk_scenario_play(&order, &result, fault);
}

static void plays(const char *path)
{
    struct wlk_fault fault = {0};
    char line[300];
    const char *name = strrchr(path, '/') + 1;
    wlk_status status = play(path, &fault);
    wlk_fault_line(&fault, line, sizeof line);
    if (!wlk_check(status == WLK_OK, "%s can be played %s", name,
                   status == WLK_OK ? "" : line))
        return;
    for (size_t i = 0; i < result.script.expect_count; i++)
        wlk_check(result.judge.finding[i].is_met, "%s: %s (%s)", name,
                  result.judge.finding[i].what, result.judge.finding[i].found);
    wlk_check(result.script.expect_count > 0 && result.met == result.script.expect_count,
              "%s: it expects something, and all of it is met", name);
    wlk_check(result.exchanged.records > RECORDS_MIN && result.exchanged.lost == 0 &&
                  result.exchanged.doubled == 0,
              "%s: whatever it expects, nothing of much is lost or doubled", name);
}

static void plays_all(void)
{
    char pattern[1024];
    glob_t found;
    if (wlk_share_path("scenarios/*.txt", pattern, sizeof pattern) != WLK_OK ||
        glob(pattern, 0, NULL, &found) != 0) {
        wlk_check(false, "there are scenarios");
        return;
    }
    for (size_t i = 0; i < found.gl_pathc; i++)
        plays(found.gl_pathv[i]);
    globfree(&found);
}

/* Writes text into a file and plays it. */
static wlk_status play_text(const char *text, struct wlk_fault *fault)
{
    char path[] = "/tmp/wlk-scenario-XXXXXX";
    int descriptor = mkstemp(path);
    if (descriptor < 0)
        return WLK_IO;
    bool is_written = write(descriptor, text, strlen(text)) == (ssize_t)strlen(text);
    close(descriptor);
    wlk_status status = is_written ? play(path, fault) : WLK_IO;
    unlink(path);
    return status;
}

static void refuses(const char *text, size_t line, const char *rule)
{
    struct wlk_fault fault = {0};
    wlk_status status = play_text(text, &fault);
    wlk_check((status == WLK_BAD_INPUT || status == WLK_NO_SOLUTION) && fault.line == line &&
                  fault.where[0] && fault.rule && !strcmp(fault.rule, rule),
              "refused with file and line %zu: %s%s%s", line, rule,
              fault.rule && strcmp(fault.rule, rule) ? ", not: " : "",
              fault.rule && strcmp(fault.rule, rule) ? fault.rule : "");
}

static void refuses_what_is_not_there(void)
{
    refuses("launch 2017-08-29 at 0\nlength 5\nradar JP-NONE down from 1 to 2\n", 3,
            "no such radar in these sites");
    refuses("launch 2017-08-29 at 0\nbias JP-NONE range 1 azimuth 0 elevation 0\n", 2,
            "no such radar in these sites");
    refuses("launch 2017-08-29 at 0\nexpect JP registers JP-X within 0.01 by 3\n", 2,
            "no such site");
    refuses("launch 1999-01-01 at 0\n", 1, "no such launch; --list shows them");
    refuses("launch 2017-08-29 at 0\n\nlink KR-GUAM cut from 1 to 2\n", 3,
            "no such link here");
    refuses("launch 2017-08-29 at 0\nlink FR-HON cut from 1 to 2\n", 2, "no such link here");
    refuses("launch 2017-08-29 at 0\nlink KR-HON loss 100 %\n", 2,
            "a link that loses all is a cut");
    refuses("launch 2017-08-29 at 0\nnode FR restart at 3\n", 2,
            "no such hub or nation here");
    refuses("launch 2017-08-29 at 0\nhub HON-B restart at 3\n", 2,
            "no such hub or nation here");
    refuses("launch 2017-08-29 at 0\nexpect FR declares by 3\n", 2, "no such nation here");
    refuses("launch 2017-08-29 at 0\nexpect JP warning LAUNCH for Gondor by 3\n", 2,
            "the nation has no such area");
    refuses("launch 2017-08-29 at 0\nexpect JP receives no plot and no sensor id of KR-X\n", 2,
            "no such site");
}

/* Plays text and looks which of its expectations are met: "1" for those that must be, "0" for
 * those that cannot. */
static void judges(const char *text, const char *met)
{
    struct wlk_fault fault = {0};
    wlk_status status = play_text(text, &fault);
    if (!wlk_check(status == WLK_OK && result.script.expect_count == strlen(met),
                   "a scenario with false expectations is played"))
        return;
    for (size_t i = 0; i < result.script.expect_count; i++)
        wlk_check(result.judge.finding[i].is_met == (met[i] == '1'), "%s: %s, %s",
                  met[i] == '1' ? "ok" : "not met", result.judge.finding[i].what,
                  result.judge.finding[i].found);
}

/* A judge that says ok to everything, and faults that never happen, would pass plays_all. */
static void sees_what_fails(void)
{
    judges("launch 2017-08-29 at 0\nlength 120\nseed 1\n"
           "link JP-HON cut from 0 to 100\n"
           "expect KR declares by 60\n"
           "expect JP declares by 90\n"
           "expect JP declares by 110\n"
           "expect KR picture has 2 objects by 100\n"
           "expect JP picture has 1 object by 90\n"
           "expect JP warning TAKE_COVER for Hokkaido by 120\n"
           "expect JP warning LAUNCH for Hokkaido by 105\n"
           "expect KR picture has 1 object by 100\n"
           "expect nothing lost\n",
           "001000111");
    /* KR seals its launch at 74 s: the hub is down until 75 s, and each frame takes 3 s. */
    judges("launch 2017-08-29 at 0\nlength 110\nseed 1\n"
           "link KR-HON-A delay 3000 ms\nhub HON-A restart at 73\nnode KR restart at 100\n"
           "radar KR-GP-CN down from 0 to 110\n"
           "expect JP declares by 79\n"
           "expect JP declares by 95\n"
           "expect KR picture has 1 object by 99\n"
           "expect KR picture has 1 object by 101\n"
           "expect nothing lost\n"
           "expect nothing doubled\n",
           "011011");
    /* Nothing passes, so nothing is registered; a launch is there to be played. */
    judges("launch 2017-08-29 at 0\nlength 90\nseed 1\n"
           "bias JP-FPS5-SAD range 0 azimuth 0.05 elevation 0\n"
           "expect JP registers JP-FPS5-SAD within 0.1 by 80\nexpect JP declares by 80\n",
           "01");
    /* Nearly every frame waits to be sent again; without that JP declares at 74.0 s. */
    judges("launch 2017-08-29 at 0\nlength 90\nseed 1\n"
           "link KR-HON loss 99 %\nlink JP-HON loss 99 %\n"
           "expect JP declares by 74.1\nexpect JP declares by 80\n",
           "01");
}

int main(void)
{
    char path[1024];
    struct wlk_fault fault = {0};
    history = malloc(sizeof *history);
    if (!history || wlk_share_path("rehearsal/history.txt", path, sizeof path) != WLK_OK ||
        wlk_history_read(path, history, &fault) != WLK_OK)
        return 1;
    refuses_what_is_not_there();
    sees_what_fails();
    plays_all();
    free(history);
    return wlk_tap_done();
}
