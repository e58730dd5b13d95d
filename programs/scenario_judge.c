/* scenario_judge.c -- settles expectations.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/scenario_judge.h"

#include "exchange/journal.h"
#include "warning/area.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static const char SEA[] = "sea";

/* ---- in words ------------------------------------------------------------------------ */

static void describe(const struct wlk_script_expect *expect, char text[WLK_FINDING_SIZE])
{
    const char *nation = expect->nation.text;
    switch (expect->kind) {
    case WLK_EXPECT_PICTURE:
        snprintf(text, WLK_FINDING_SIZE, "%s picture has %" PRIu32 " object%s by %g s", nation,
                 expect->count, expect->count == 1 ? "" : "s", expect->by_s);
        break;
    case WLK_EXPECT_COUNTS:
        snprintf(text, WLK_FINDING_SIZE,
                 "%s counts %" PRIu32 " object%s in %" PRIu32 " event%s by %g s", nation,
                 expect->count, expect->count == 1 ? "" : "s", expect->events,
                 expect->events == 1 ? "" : "s", expect->by_s);
        break;
    case WLK_EXPECT_DECLARES:
        snprintf(text, WLK_FINDING_SIZE, "%s declares by %g s", nation, expect->by_s);
        break;
    case WLK_EXPECT_WARNING:
        snprintf(text, WLK_FINDING_SIZE, "%s warning %s for %s by %g s", nation,
                 wlk_warning_kind_word(expect->warning), expect->area, expect->by_s);
        break;
    case WLK_EXPECT_REGISTERS:
        snprintf(text, WLK_FINDING_SIZE, "%s registers %s within %g deg by %g s", nation,
                 expect->site.text, expect->within_rad / WLK_DEG, expect->by_s);
        break;
    case WLK_EXPECT_NO_PLOT:
        snprintf(text, WLK_FINDING_SIZE, "%s receives no plot%s%s", nation,
                 expect->has_site ? " and no sensor id of " : "",
                 expect->has_site ? expect->site.text : "");
        break;
    case WLK_EXPECT_NONE_LOST:
        snprintf(text, WLK_FINDING_SIZE, "nothing lost");
        break;
    case WLK_EXPECT_NONE_DOUBLED:
        snprintf(text, WLK_FINDING_SIZE, "nothing doubled");
        break;
    }
}

static bool has_nation(const struct wlk_script_expect *expect)
{
    return expect->kind != WLK_EXPECT_NONE_LOST && expect->kind != WLK_EXPECT_NONE_DOUBLED;
}

/* ---- begin --------------------------------------------------------------------------- */

static bool find_nation(const struct wlk_coalition *coalition, wlk_name name, size_t *out)
{
    for (size_t i = 0; i < wlk_coalition_count(coalition); i++)
        if (wlk_name_equal(wlk_coalition_name(coalition, i), name)) {
            *out = i;
            return true;
        }
    return false;
}

static bool is_sensor(const struct wlk_sites *sites, wlk_name id)
{
    bool is_found = wlk_sites_find(sites, id) != NULL;
    for (size_t i = 0; i < sites->infrared_count; i++)
        is_found |= wlk_name_equal(sites->infrared[i].id, id);
    return is_found;
}

static wlk_status check_names(const struct wlk_script_expect *expect,
                              const struct wlk_sites *sites, struct wlk_coalition *coalition,
                              struct wlk_fault *fault)
{
    size_t nation, area;
    if (!has_nation(expect))
        return WLK_OK;
    if (!find_nation(coalition, expect->nation, &nation)) {
        wlk_fault_set(fault, "no such nation here", "%s", expect->nation.text);
        return WLK_BAD_INPUT;
    }
    if (((expect->kind == WLK_EXPECT_NO_PLOT && expect->has_site) ||
         expect->kind == WLK_EXPECT_REGISTERS) &&
        !is_sensor(sites, expect->site)) {
        wlk_fault_set(fault, "no such site", "%s", expect->site.text);
        return WLK_BAD_INPUT;
    }
    if (expect->kind == WLK_EXPECT_WARNING && strcmp(expect->area, SEA) != 0 &&
        wlk_area_find(wlk_nation_areas(wlk_coalition_nation(coalition, nation)), expect->area,
                      &area) != WLK_OK) {
        wlk_fault_set(fault, "the nation has no such area", "%s, %.60s", expect->nation.text,
                      expect->area);
        return WLK_BAD_INPUT;
    }
    return WLK_OK;
}

wlk_status wlk_judge_begin(struct wlk_judge *judge, const struct wlk_script *script,
                           const struct wlk_sites *sites, struct wlk_coalition *coalition,
                           wlk_utc origin, struct wlk_fault *fault)
{
    memset(judge, 0, sizeof *judge);
    judge->script = script;
    judge->origin = origin;
    for (size_t i = 0; i < script->expect_count; i++) {
        wlk_status status = check_names(&script->expect[i], sites, coalition, fault);
        if (status != WLK_OK) {
            if (fault)
                fault->line = script->expect[i].line;
            return status;
        }
        describe(&script->expect[i], judge->finding[i].what);
        snprintf(judge->finding[i].found, WLK_FINDING_SIZE, "never");
    }
    return WLK_OK;
}

/* ---- as it goes ---------------------------------------------------------------------- */

/* It came at that time: in time or not, that settles it. */
static void settle_at(struct wlk_judge *judge, size_t index, wlk_utc time)
{
    struct wlk_finding *finding = &judge->finding[index];
    double at_s = wlk_utc_seconds(time, judge->origin);
    finding->is_settled = true;
    finding->is_met = at_s <= judge->script->expect[index].by_s;
    snprintf(finding->found, sizeof finding->found, "at %.1f s", at_s);
}

static bool is_open(const struct wlk_judge *judge, size_t index,
                    enum wlk_script_expect_kind kind, wlk_name nation)
{
    const struct wlk_script_expect *expect = &judge->script->expect[index];
    return expect->kind == kind && !judge->finding[index].is_settled &&
           wlk_name_equal(expect->nation, nation);
}

/* The picture as it is at that time, when the nation's step of that time is done. */
static void look(struct wlk_finding *finding, const struct wlk_script_expect *expect,
                 struct wlk_nation *nation)
{
    finding->is_settled = true;
    if (!nation) {
        snprintf(finding->found, sizeof finding->found, "its node is down");
        return;
    }
    const struct wlk_picture *picture = wlk_nation_picture(nation);
    uint32_t live = 0;
    for (size_t i = 0; i < picture->count; i++)
        live += !picture->object[i].is_ended;
    finding->is_met = live == expect->count;
    snprintf(finding->found, sizeof finding->found, "%" PRIu32 " then", live);
}

/* What the radar reads too much then, by the script: m, rad, rad. */
static void true_bias(const struct wlk_script *script, const struct wlk_script_expect *expect,
                      double out[3])
{
    for (int k = 0; k < 3; k++)
        out[k] = 0;
    for (size_t i = 0; i < script->bias_count; i++)
        for (int k = 0; k < 3; k++)
            if (wlk_name_equal(script->bias[i].site, expect->site) &&
                script->bias[i].from_s <= expect->by_s)
                out[k] += script->bias[i].excess[k];
}

/* Its biases as the nation has found them, against the script. */
static void weigh(struct wlk_finding *finding, const struct wlk_script *script,
                  const struct wlk_script_expect *expect, const struct wlk_nation *nation,
                  wlk_utc now)
{
    const struct wlk_registration *registration = NULL;
    double is[3], found[3], sigma[3];
    wlk_name radar;
    size_t at = 0;
    bool is_there = false;
    finding->is_settled = true;
    snprintf(finding->found, sizeof finding->found, "not registered");
    while (nation && !is_there &&
           wlk_nation_registration(nation, at++, &radar, &registration))
        is_there = wlk_name_equal(radar, expect->site);
    if (!is_there)
        return;
    true_bias(script, expect, is);
    wlk_registration_at(registration, now, found, sigma);
    double azimuth = found[1] - is[1], elevation = found[2] - is[2];
    finding->is_met = fmax(sigma[1], sigma[2]) <= expect->within_rad &&
                      fmax(fabs(azimuth), fabs(elevation)) <= expect->within_rad;
    snprintf(finding->found, sizeof finding->found,
             "off by %+.0f m, %+.4f and %+.4f deg, said to be %.0f, %.4f and %.4f",
             found[0] - is[0], azimuth / WLK_DEG, elevation / WLK_DEG, sigma[0],
             sigma[1] / WLK_DEG, sigma[2] / WLK_DEG);
}

static void note_events(struct wlk_judge_events *events, const struct wlk_picture *picture)
{
    for (size_t i = 0; i < picture->count; i++) {
        const struct wlk_picture_object *object = &picture->object[i];
        size_t at = 0;
        if (!object->has_event || !object->has_launch || object->is_ended)
            continue;
        while (at < events->count &&
               memcmp(events->event[at].bytes, object->event.bytes, WLK_EVENT_SIZE) != 0)
            at++;
        if (at == WLK_EVENTS_MAX)
            continue; /* then there are too many to be right */
        events->count += at == events->count;
        events->event[at] = object->event;
        events->least[at] = object->launch.object_count_min;
    }
}

static void count(struct wlk_finding *finding, const struct wlk_script_expect *expect,
                  const struct wlk_judge_events *events)
{
    uint32_t least = 0;
    for (size_t i = 0; i < events->count; i++)
        least += events->least[i];
    finding->is_settled = true;
    finding->is_met = least == expect->count && events->count == expect->events;
    snprintf(finding->found, sizeof finding->found, "%" PRIu32 " in %zu then", least,
             events->count);
}

void wlk_judge_step(struct wlk_judge *judge, struct wlk_coalition *coalition)
{
    double now_s = wlk_utc_seconds(wlk_coalition_now(coalition), judge->origin);
    for (size_t i = 0; i < judge->script->expect_count; i++) {
        const struct wlk_script_expect *expect = &judge->script->expect[i];
        size_t nation;
        if (!judge->finding[i].is_settled && expect->kind == WLK_EXPECT_PICTURE &&
            now_s >= expect->by_s && find_nation(coalition, expect->nation, &nation))
            look(&judge->finding[i], expect, wlk_coalition_nation(coalition, nation));
        if (!judge->finding[i].is_settled && expect->kind == WLK_EXPECT_REGISTERS &&
            now_s >= expect->by_s && find_nation(coalition, expect->nation, &nation))
            weigh(&judge->finding[i], judge->script, expect,
                  wlk_coalition_nation(coalition, nation), wlk_coalition_now(coalition));
        if (judge->finding[i].is_settled || expect->kind != WLK_EXPECT_COUNTS ||
            !find_nation(coalition, expect->nation, &nation))
            continue;
        const struct wlk_nation *seen = wlk_coalition_nation(coalition, nation);
        if (seen)
            note_events(&judge->events[i], wlk_nation_picture(seen));
        if (now_s >= expect->by_s)
            count(&judge->finding[i], expect, &judge->events[i]);
    }
}

void wlk_judge_entry(struct wlk_judge *judge, const struct wlk_entry *entry)
{
    for (size_t i = 0; i < judge->script->expect_count; i++)
        if (entry->kind == WLK_ENTRY_DECLARED &&
            is_open(judge, i, WLK_EXPECT_DECLARES, entry->nation))
            settle_at(judge, i, entry->time);
}

static bool speaks_of(const struct wlk_warning *warning, const struct wlk_areas *areas,
                      const char *name)
{
    size_t index = WLK_AREA_SEA;
    if (strcmp(name, SEA) != 0 && wlk_area_find(areas, name, &index) != WLK_OK)
        return false;
    for (size_t i = 0; i < warning->area_count; i++)
        if (warning->area[i].area == index)
            return true;
    return false;
}

void wlk_judge_warning(struct wlk_judge *judge, const struct wlk_warning *warning,
                       const struct wlk_areas *areas)
{
    for (size_t i = 0; i < judge->script->expect_count; i++) {
        const struct wlk_script_expect *expect = &judge->script->expect[i];
        if (is_open(judge, i, WLK_EXPECT_WARNING, warning->nation) &&
            warning->kind == expect->warning && speaks_of(warning, areas, expect->area))
            settle_at(judge, i, warning->time);
    }
}

/* ---- end ----------------------------------------------------------------------------- */

static void scrutinise_lane(struct wlk_journal *journal, int64_t lane, const char *text,
                            struct wlk_scrutiny *out)
{
    struct wlk_journal_row row;
    uint64_t seq = 0;
    while (wlk_journal_next(journal, lane, seq, &row) == WLK_OK) {
        static struct wlk_claim claim;
        seq = row.seq;
        out->records++;
        bool is_read = wlk_claim_decode(row.bytes, row.size, &claim, NULL) == WLK_OK;
        out->plots += !is_read || claim.header.type == WLK_TYPE_PLOT;
        out->named += !is_read || memmem(row.bytes, row.size, text, strlen(text)) != NULL;
    }
}

void wlk_journal_scrutinise(struct wlk_journal *journal, wlk_name nation, const char *text,
                            struct wlk_scrutiny *out)
{
    int64_t id;
    wlk_name originator;
    struct wlk_lane lane;
    memset(out, 0, sizeof *out);
    for (size_t n = 0; wlk_journal_lane_at(journal, n, &id, &originator, &lane); n++)
        if (!wlk_name_equal(originator, nation))
            scrutinise_lane(journal, id, text, out);
}

static void settle_no_plot(struct wlk_finding *finding, const struct wlk_script_expect *expect,
                           struct wlk_coalition *coalition)
{
    struct wlk_scrutiny seen;
    size_t nation;
    if (!find_nation(coalition, expect->nation, &nation))
        return;
    wlk_journal_scrutinise(wlk_coalition_journal(coalition, nation), expect->nation,
                           expect->has_site ? expect->site.text : "\xff no site \xff", &seen);
    finding->is_met = !seen.plots && !seen.named;
    snprintf(finding->found, sizeof finding->found,
             "%" PRIu64 " records came, %" PRIu64 " plots, the id in %" PRIu64, seen.records,
             seen.plots, seen.named);
}

void wlk_judge_end(struct wlk_judge *judge, struct wlk_coalition *coalition,
                   struct wlk_exchanged *exchanged)
{
    wlk_coalition_exchanged(coalition, exchanged);
    for (size_t i = 0; i < judge->script->expect_count; i++) {
        const struct wlk_script_expect *expect = &judge->script->expect[i];
        struct wlk_finding *finding = &judge->finding[i];
        bool is_lost = expect->kind == WLK_EXPECT_NONE_LOST;
        uint64_t bad = is_lost ? exchanged->lost : exchanged->doubled;
        if (expect->kind == WLK_EXPECT_NO_PLOT) {
            settle_no_plot(finding, expect, coalition);
        } else if (!has_nation(expect)) {
            finding->is_met = !bad;
            snprintf(finding->found, sizeof finding->found,
                     "%" PRIu64 " of %" PRIu64 " records x recipients", bad,
                     exchanged->records);
        }
        finding->is_settled = true;
    }
}
