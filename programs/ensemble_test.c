/* ensemble_test.c -- hub and nodes as real processes over real TLS, while they are killed, shut
 * out or run out of disk: nothing is lost or doubled, and warnings go on.
 *
 * This program is also the hub and the nodes: children.c starts "/proc/self/exe hub ...".
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/ensemble.h"

#include "base/tap.h"
#include "exchange/journal.h"
#include "programs/mains.h"
#include "programs/nation.h"
#include "programs/reckoning.h"
#include "programs/share.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NATIONS = WLK_SETTING_NATIONS, JP = 0, KR = 1, US = 2, HUB = NATIONS };
static const char LAUNCH[] = "2022-12-31a"; /* 350 km: five minutes of flight, all see it */
static const double RATE = 20;              /* times faster than life */
static const double LEAD_S = 1, SETTLE_S = 3; /* wall time before the launch, and at the end */

/* What was heard of one nation. */
struct heard {
    bool is_declared, is_warned, is_full;
    bool lost[NATIONS]; /* partners that it called lost */
    uint64_t doubled, bad_lines;
};

static struct wlk_ensemble ensemble;
static struct wlk_scenario *scenario;
static struct heard heard[NATIONS];
static struct wlk_fault fault;
static char folder[WLK_PATH_SIZE];

static const char *fault_text(void)
{
    static char line[512];
    wlk_fault_line(&fault, line, sizeof line);
    return line;
}

static void take_line(struct heard *of, const char *line)
{
    struct wlk_entry entry;
    if (wlk_entry_parse(line, &entry) != WLK_OK) {
        of->bad_lines++;
        return;
    }
    of->is_declared |= entry.kind == WLK_ENTRY_DECLARED;
    of->is_warned |= entry.kind == WLK_ENTRY_WARNING;
    for (size_t i = 0; i < NATIONS; i++)
        if (entry.kind == WLK_ENTRY_PARTNER_LOST &&
            strcmp(entry.names, ensemble.setting.nation[i].text) == 0)
            of->lost[i] = true;
    if (entry.kind != WLK_ENTRY_ALARM)
        return;
    of->is_full |= strstr(entry.names, "journal takes no more") != NULL;
    of->doubled +=
        strncmp(entry.names, WLK_DOUBLED_WORDS, sizeof WLK_DOUBLED_WORDS - 1) == 0;
}

static void read_lines(void)
{
    size_t nation;
    const char *line;
    while (wlk_ensemble_line(&ensemble, &nation, &line))
        take_line(&heard[nation], line);
}

static struct wlk_child *child_of(size_t who)
{
    return who == HUB ? &ensemble.hub : &ensemble.node[who];
}

static bool start_again(size_t who)
{
    struct wlk_child *child = child_of(who);
    char path[WLK_PATH_SIZE + 16];
    read_lines();
    if (child->output >= 0)
        close(child->output);
    if (who == HUB)
        snprintf(path, sizeof path, "%s/hub.conf", ensemble.setting.hub_folder);
    else
        snprintf(path, sizeof path, "%s/node.conf", ensemble.setting.folder[who]);
    if (who != HUB)
        ensemble.is_ready[who] = false;
    return wlk_child_start(child, who == HUB ? "hub" : "node", path, &fault) == WLK_OK;
}

static bool kill_and_restart(size_t who)
{
    struct wlk_child *child = child_of(who);
    if (!wlk_child_runs(child) || kill(child->process, SIGKILL) != 0)
        return false;
    while (wlk_child_runs(child))
        wlk_ensemble_pause(&ensemble);
    return start_again(who);
}

static bool start(const char *of)
{
    memset(heard, 0, sizeof heard);
    snprintf(folder, sizeof folder, "%s/warnlink-%s-XXXXXX",
             getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", of);
    wlk_status status = mkdtemp(folder) ? WLK_OK : WLK_IO;
    struct wlk_ensemble_order order = {.folder = folder, .rate = RATE};
    if (status == WLK_OK)
        status = wlk_ensemble_start(&ensemble, &order, &fault);
    return wlk_check(status == WLK_OK, "hub and three nodes start and find each other (%s)",
                     status == WLK_OK ? of : fault_text());
}

/* Goes on for so long, wall time, and reads what is said. */
static void pass(double wall_s)
{
    wlk_mono begin = wlk_clock_mono();
    while ((double)(wlk_clock_mono().ns - begin.ns) * 1e-9 < wall_s) {
        read_lines();
        wlk_ensemble_pause(&ensemble);
    }
}

/* Plays the launch; at_s (seconds from launch) rising: when whom[] is killed and restarted. */
static void play(const double at_s[], const size_t whom[], size_t count)
{
    struct wlk_player *player;
    wlk_utc launch = wlk_utc_add(wlk_ensemble_now(&ensemble), LEAD_S * RATE);
    if (!wlk_check(wlk_player_open(scenario, 1, launch, &player) == WLK_OK, "radars open"))
        return;
    size_t next = 0, restarted = 0;
    for (;;) {
        wlk_utc now = wlk_ensemble_now(&ensemble);
        double since_s = wlk_utc_seconds(now, launch);
        if (since_s > scenario->length_s)
            break;
        wlk_ensemble_play(&ensemble, player, now);
        read_lines();
        if (next < count && since_s >= at_s[next])
            restarted += kill_and_restart(whom[next++]);
        wlk_ensemble_pause(&ensemble);
    }
    wlk_player_close(player);
    pass(SETTLE_S);
    if (count)
        wlk_check(restarted == count, "each was running when it was killed (%zu of %zu)",
                  restarted, count);
}

/* Processes whose command line names the folder, other than this one. */
static size_t left_behind(void)
{
    size_t count = 0;
    DIR *all = opendir("/proc");
    struct dirent *one;
    while (all && (one = readdir(all))) {
        char path[300], text[1024];
        snprintf(path, sizeof path, "/proc/%s/cmdline", one->d_name);
        FILE *file = one->d_name[0] >= '0' && one->d_name[0] <= '9' ? fopen(path, "r") : NULL;
        if (!file)
            continue;
        size_t size = fread(text, 1, sizeof text, file);
        count += size && memmem(text, size, folder, strlen(folder)) != NULL;
        fclose(file);
    }
    if (all)
        closedir(all);
    return count;
}

/* Opens a journal and reads every row of every lane. */
static bool is_whole(const char *in, wlk_name owner)
{
    struct wlk_journal *journal;
    struct wlk_journal_row row;
    char path[WLK_PATH_SIZE + 16];
    snprintf(path, sizeof path, "%s/journal.db", in);
    if (wlk_journal_open(path, owner, &journal, &fault) != WLK_OK)
        return false;
    int64_t id;
    wlk_name originator;
    struct wlk_lane lane;
    bool whole = true;
    for (size_t i = 0; wlk_journal_lane_at(journal, i, &id, &originator, &lane); i++) {
        wlk_status status = WLK_OK;
        for (uint64_t seq = 0; status == WLK_OK; seq = row.seq)
            status = wlk_journal_next(journal, id, seq, &row);
        whole &= status == WLK_NOT_YET;
    }
    wlk_journal_close(journal);
    return whole;
}

static void check_end(bool all_whole)
{
    bool runs = left_behind() >= 2 * NATIONS + 1; /* nodes, ports, guard: the count counts */
    for (size_t i = 0; i <= NATIONS; i++)
        runs &= wlk_child_runs(child_of(i));
    wlk_check(runs, "hub, its ports and nodes ran to the end");
    wlk_ensemble_stop(&ensemble);
    read_lines();
    for (size_t i = 0; i <= NATIONS; i++)
        wlk_check(child_of(i)->code == 0, "%s stops when it is asked to (code %d)",
                  i == HUB ? "the hub" : ensemble.setting.nation[i].text, child_of(i)->code);
    wlk_check(left_behind() == 0, "no process is left behind");
    bool whole = is_whole(ensemble.setting.hub_folder, wlk_name_of("HON-A"));
    for (size_t i = 0; i < NATIONS; i++)
        if (all_whole || i != JP)
            whole &= is_whole(ensemble.setting.folder[i], ensemble.setting.nation[i]);
    wlk_check(whole, "the journals are whole");
    wlk_check(heard[0].bad_lines + heard[1].bad_lines + heard[2].bad_lines == 0,
              "each line that a node says is an entry");
}

static void check_kills(void)
{
    static const double at_s[] = {60, 100, 135, 170, 205};
    static const size_t whom[] = {HUB, KR, JP, US, HUB};
    if (start("kill"))
        play(at_s, whom, sizeof at_s / sizeof at_s[0]);
    for (size_t i = 0; i < NATIONS; i++) {
        wlk_check(ensemble.is_ready[i], "%s found the hub again",
                  ensemble.setting.nation[i].text);
        wlk_check(heard[i].is_declared && heard[i].is_warned, "%s declared and warned",
                  ensemble.setting.nation[i].text);
        wlk_check(heard[i].doubled == 0, "%s got nothing twice",
                  ensemble.setting.nation[i].text);
    }
    check_end(true);
    struct wlk_exchanged exchanged = {0};
    wlk_check(wlk_reckoning_files(&ensemble.setting, &exchanged, &fault) == WLK_OK,
              "the journals can be compared");
    wlk_note("%llu records x recipients: %llu passed, %llu trimmed, %llu refused, %llu lost",
             (unsigned long long)exchanged.records, (unsigned long long)exchanged.passed,
             (unsigned long long)exchanged.trimmed, (unsigned long long)exchanged.refused,
             (unsigned long long)exchanged.lost);
    wlk_check(exchanged.lost == 0, "nothing is lost");
    wlk_check(exchanged.passed + exchanged.trimmed > 500, "and there was something to lose");
    wlk_ensemble_clear(&ensemble);
    wlk_setting_remove(folder);
}

/* Replaces words in the configuration of a node. */
static bool rewrite(size_t nation, const char *old, const char *new)
{
    char path[WLK_PATH_SIZE + 16], text[4096];
    snprintf(path, sizeof path, "%s/node.conf", ensemble.setting.folder[nation]);
    FILE *file = fopen(path, "r+");
    if (!file)
        return false;
    size_t size = fread(text, 1, sizeof text - 1, file);
    text[size] = 0;
    char *at = strstr(text, old);
    rewind(file);
    bool written = at && fprintf(file, "%.*s%s%s", (int)(at - text), text, new,
                                 at + strlen(old)) > 0 &&
                   fflush(file) == 0 && ftruncate(fileno(file), ftell(file)) == 0;
    fclose(file);
    return written;
}

/* A disk of 192 KiB for the journal of a nation; false: this machine does not allow it. */
static bool make_small_disk(size_t nation, char path[WLK_PATH_SIZE + 16])
{
    snprintf(path, WLK_PATH_SIZE + 16, "%s/small", ensemble.setting.folder[nation]);
    return mkdir(path, 0700) == 0 && mount("tmpfs", path, "tmpfs", 0, "size=192k") == 0;
}

/* Japan's disk is full after a moment, South Korea shows Japan's certificate. */
static void check_bad_days(void)
{
    char disk[WLK_PATH_SIZE + 16];
    if (!start("disk"))
        return;
    wlk_child_stop(&ensemble.node[JP]);
    wlk_child_stop(&ensemble.node[KR]);
    bool is_small = make_small_disk(JP, disk);
    wlk_check((!is_small || rewrite(JP, "journal journal.db", "journal small/journal.db")) &&
                  rewrite(KR, "certificate node.crt key node.key",
                          "certificate ../JP/node.crt key ../JP/node.key") &&
                  start_again(JP) && start_again(KR),
              "two nodes start again with other files");
    play(NULL, NULL, 0);
    if (is_small)
        wlk_check(heard[JP].is_full, "a node whose disk is full says so");
    else
        wlk_skip("a full disk: no mount here (%s)", strerror(errno));
    wlk_check(heard[JP].is_declared && heard[JP].is_warned,
              "and it goes on to declare and to warn");
    wlk_check(heard[US].is_declared && heard[US].is_warned, "its partner does, too");
    wlk_check(heard[JP].lost[KR] && heard[US].lost[KR],
              "partners notice that a node with a foreign certificate is shut out");
    wlk_check(heard[KR].is_declared && heard[KR].is_warned,
              "and it warns its own people by its own radars");
    check_end(!is_small);
    wlk_ensemble_clear(&ensemble);
    if (is_small)
        umount2(disk, MNT_DETACH);
    wlk_setting_remove(folder);
}

int main(int argc, char *argv[])
{
    static struct wlk_history history;
    char path[1024];
    if (argc > 1 && strcmp(argv[1], "node") == 0)
        return wlk_node_main(argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "hub") == 0)
        return wlk_hub_main(argc - 1, argv + 1);
    wlk_status status = wlk_seal_init();
    if (status == WLK_OK)
        status = wlk_share_path("rehearsal/history.txt", path, sizeof path);
    if (status == WLK_OK)
        status = wlk_history_read(path, &history, &fault);
    if (status == WLK_OK)
        status = wlk_scenario_open(&history, LAUNCH, "default", &scenario, &fault);
    if (!wlk_check(status == WLK_OK, "the launch is read and solved"))
        return wlk_tap_done();
    check_kills();
    check_bad_days();
    wlk_scenario_close(scenario);
    return wlk_tap_done();
}
