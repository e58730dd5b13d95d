/* scenario_play.c -- plays a scenario file on the virtual clock.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/scenario_play.h"

#include "base/assert.h"
#include "programs/share.h"
#include "programs/terminal.h"

#include <inttypes.h>
#include <stdlib.h>

enum { NATIONS_MAX = 8, PATH_SIZE = 1024 };

/* One rehearsal while it is played. */
struct play {
    const struct wlk_play_order *order;
    struct wlk_play_result *result;
    struct wlk_scenario *scenario;
    struct wlk_pact *pact;
    struct wlk_coalition *coalition;
    wlk_utc origin;
    char areas[PATH_SIZE];
    double told_s; /* the script's faults up to here have been told */
    struct wlk_terminal_memory memory[NATIONS_MAX];
};

/* ---- what only the coalition knows --------------------------------------------------- */

static wlk_status refuse(struct wlk_fault *fault, size_t line, const char *rule,
                         const char *detail)
{
    wlk_fault_set(fault, rule, "%s", detail);
    if (fault)
        fault->line = line;
    return WLK_BAD_INPUT;
}

static wlk_status check_links(const struct wlk_script *script, struct wlk_fault *fault)
{
    for (size_t i = 0; i < script->link_count; i++) {
        const struct wlk_script_link *link = &script->link[i];
        char name[2 * WLK_NAME_SIZE + 1];
        snprintf(name, sizeof name, "%s-%s", link->nation.text, link->hub.text);
        if (!wlk_coalition_has_link(link))
            return refuse(fault, link->line, "no such link here", name);
        if (link->loss >= 1)
            return refuse(fault, link->line, "a link that loses all is a cut", name);
    }
    for (size_t i = 0; i < script->restart_count; i++) {
        const struct wlk_script_restart *restart = &script->restart[i];
        bool is_here = restart->is_hub ? wlk_name_equal(restart->party, wlk_coalition_hub())
                                       : wlk_coalition_has_nation(restart->party);
        if (!is_here)
            return refuse(fault, restart->line, "no such hub or nation here",
                          restart->party.text);
    }
    return WLK_OK;
}

static wlk_status check_radar(const struct wlk_scenario *scenario, wlk_name radar, size_t line,
                              struct wlk_fault *fault)
{
    struct wlk_site site[WLK_SITES_MAX];
    size_t count;
    WLK_TRY(wlk_sites_pick(&scenario->sites, scenario->set, NULL, site, &count));
    for (size_t k = 0; k < count; k++)
        if (wlk_name_equal(site[k].id, radar))
            return WLK_OK;
    return refuse(fault, line, "no such radar in these sites", radar.text);
}

static wlk_status check_radars(const struct wlk_scenario *scenario, struct wlk_fault *fault)
{
    for (size_t i = 0; i < scenario->outage_count; i++)
        WLK_TRY(check_radar(scenario, scenario->outage[i].site, scenario->outage[i].line,
                            fault));
    for (size_t i = 0; i < scenario->bias_count; i++)
        WLK_TRY(check_radar(scenario, scenario->bias[i].site, scenario->bias[i].line, fault));
    return WLK_OK;
}

/* ---- opening and closing ------------------------------------------------------------- */

static wlk_status play_open(struct play *play, struct wlk_fault *fault)
{
    const struct wlk_script *script = &play->result->script;
    WLK_TRY(check_links(script, fault));
    WLK_TRY(wlk_scenario_script(play->order->history, script, &play->scenario, fault));
    WLK_TRY(check_radars(play->scenario, fault));
    WLK_TRY(wlk_scenario_draw(play->scenario, play->result->seed));
    WLK_TRY(wlk_share_path("areas", play->areas, sizeof play->areas));
    play->origin = wlk_utc_add(play->scenario->row[0]->time, -play->scenario->launch_s[0]);
    WLK_TRY(wlk_scenario_pass(play->scenario, script, play->origin, play->result->seed, fault));
    play->pact = malloc(sizeof *play->pact);
    if (!play->pact)
        return WLK_IO;
    WLK_TRY(wlk_coalition_pact_for(play->scenario, play->origin, play->pact, fault));
    struct wlk_coalition_setup setup = {.scenario_view = play->scenario,
                                        .pact_view = play->pact,
                                        .column = WLK_COLUMN_AFTER,
                                        .seed = play->result->seed,
                                        .is_keyed_hash = play->order->is_keyed_hash,
                                        .origin = play->origin,
                                        .areas_folder = play->areas,
                                        .script_view = script};
    WLK_TRY(wlk_coalition_open(&setup, &play->coalition, fault));
    return wlk_judge_begin(&play->result->judge, script, &play->scenario->sites,
                           play->coalition, play->origin, fault);
}

static void play_close(struct play *play)
{
    wlk_coalition_close(play->coalition);
    wlk_scenario_close(play->scenario);
    if (play->pact)
        wlk_pact_clear(play->pact);
    free(play->pact);
}

/* ---- the timeline -------------------------------------------------------------------- */

static void tell(const struct play *play, double at_s, const char *words)
{
    char line[160];
    snprintf(line, sizeof line, "T%+8.1f s  --  %s", at_s, words);
    wlk_terminal_word(line, play->order->is_coloured, play->order->out);
}

static void tell_if(const struct play *play, double at_s, double now_s, const char *words)
{
    if (at_s > play->told_s && at_s <= now_s)
        tell(play, at_s, words);
}

static void tell_link(const struct play *play, const struct wlk_script_link *link, double now_s)
{
    char words[128];
    int used = snprintf(words, sizeof words, "link %s-%s", link->nation.text, link->hub.text);
    char *rest = words + used;
    size_t room = sizeof words - (size_t)used;
    if (link->kind == WLK_SCRIPT_CUT)
        snprintf(rest, room, " is cut");
    else if (link->kind == WLK_SCRIPT_LOSS)
        snprintf(rest, room, " loses %g %% of frames at first", 100 * link->loss);
    else
        snprintf(rest, room, " takes %g ms one way", 1000 * link->delay_s);
    tell_if(play, link->from_s, now_s, words);
    snprintf(rest, room, " is as before");
    tell_if(play, link->to_s, now_s, words);
}

/* What the script does to the coalition, as it comes. */
static void tell_faults(struct play *play, double now_s)
{
    const struct wlk_script *script = &play->result->script;
    char words[128];
    for (size_t i = 0; i < script->link_count; i++)
        tell_link(play, &script->link[i], now_s);
    for (size_t i = 0; i < script->restart_count; i++) {
        snprintf(words, sizeof words, "%s is killed; back after %g s",
                 script->restart[i].party.text, WLK_COALITION_DOWN_S);
        tell_if(play, script->restart[i].at_s, now_s, words);
    }
    for (size_t i = 0; i < script->outage_count; i++) {
        snprintf(words, sizeof words, "radar %s goes down", script->outage[i].site.text);
        tell_if(play, script->outage[i].from_s, now_s, words);
        snprintf(words, sizeof words, "radar %s is back", script->outage[i].site.text);
        tell_if(play, script->outage[i].to_s, now_s, words);
    }
    for (size_t i = 0; i < script->bias_count; i++) {
        snprintf(words, sizeof words, "radar %s reads otherwise", script->bias[i].site.text);
        tell_if(play, script->bias[i].from_s, now_s, words);
    }
    for (size_t i = 0; i < script->passer_count; i++) {
        snprintf(words, sizeof words, "%s passes", script->passer[i].id.text);
        tell_if(play, script->passer[i].at_s, now_s, words);
    }
    for (size_t i = 0; i < play->scenario->count; i++) {
        snprintf(words, sizeof words, "launch %s", play->scenario->row[i]->id);
        tell_if(play, play->scenario->launch_s[i], now_s, words);
    }
    play->told_s = now_s;
}

/* ---- playing ------------------------------------------------------------------------- */

static void take(struct play *play)
{
    static struct wlk_entry entry;
    static struct wlk_warning warning;
    struct wlk_judge *judge = &play->result->judge;
    for (size_t i = 0; i < wlk_coalition_count(play->coalition); i++) {
        struct wlk_nation *nation = wlk_coalition_nation(play->coalition, i);
        while (nation && wlk_nation_entry(nation, &entry)) {
            wlk_judge_entry(judge, &entry);
            if (play->order->out)
                wlk_terminal_entry(&entry, play->origin, play->order->is_coloured,
                                   &play->memory[i], play->order->out);
        }
        while (nation && wlk_nation_warning(nation, &warning))
            wlk_judge_warning(judge, &warning, wlk_nation_areas(nation));
    }
}

static void run(struct play *play)
{
    play->told_s = -1;
    while (wlk_coalition_step(play->coalition)) {
        if (play->order->out)
            tell_faults(play,
                        wlk_utc_seconds(wlk_coalition_now(play->coalition), play->origin));
        take(play);
        wlk_judge_step(&play->result->judge, play->coalition);
    }
    wlk_judge_end(&play->result->judge, play->coalition, &play->result->exchanged);
    for (size_t i = 0; i < play->result->script.expect_count; i++)
        play->result->met += play->result->judge.finding[i].is_met;
}

wlk_status wlk_scenario_play(const struct wlk_play_order *order, struct wlk_play_result *result,
                             struct wlk_fault *fault)
{
    struct play play = {.order = order, .result = result};
    WLK_TRY(wlk_script_read(order->path, &result->script, fault));
    result->seed = order->has_seed ? order->seed : result->script.seed;
    result->met = 0;
    wlk_status status = play_open(&play, fault);
    if (status == WLK_OK)
        run(&play);
    else if (fault && !fault->where[0])
        wlk_fault_where(fault, order->path);
    play_close(&play);
    return status;
}

void wlk_scenario_print(const struct wlk_play_result *result, FILE *out)
{
    size_t count = result->script.expect_count;
    for (size_t i = 0; i < count; i++) {
        const struct wlk_finding *finding = &result->judge.finding[i];
        fprintf(out, "%-8s line %zu: %s: %s\n", finding->is_met ? "ok" : "NOT MET",
                result->script.expect[i].line, finding->what, finding->found);
    }
    fprintf(out, "%zu of %zu expectations met, seed %" PRIu64 "\n", result->met, count,
            result->seed);
}
