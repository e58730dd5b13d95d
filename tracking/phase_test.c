/* phase_test.c -- burnout is seen soon, not before, and taken back when a stage lights.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/phase.h"
#include "tracking/watch_for_test.h"

#include "base/tap.h"

static struct flight flight;
static struct wlk_plot plots[8000];

struct story {
    double declared_s;    /* after burnout; HUGE_VAL for never */
    double burnout_off_s; /* estimated less true */
    double early_s;       /* believed to coast while it thrusts, seconds in all */
    double firm_s;        /* of these without doubt */
    bool is_reentry;      /* at the end */
};

static struct story follow(const char *owners, uint64_t seed, const struct flight_plan *plan)
{
    struct story story = {.declared_s = HUGE_VAL};
    struct wlk_phases phases;
    struct wlk_look look;
    size_t count = watch(&flight, owners, seed, WATCH_ALL, 8000, plots);
    for (size_t i = 0; i < count; i++) {
        double t = watch_s(plots[i].time);
        wlk_look_from_plot(&plots[i], &look);
        if (i == 0)
            wlk_phases_begin(&look, &phases);
        else if (wlk_phases_take(&phases, &look) != WLK_OK)
            continue;
        double step_s = i > 0 && t < flight.burnout_s ? t - watch_s(plots[i - 1].time) : 0;
        if (phases.is_coasting && test_thrust(plan, t) > 0)
            story.early_s += step_s;
        if (phases.is_coasting && wlk_phases_doubt(&phases, plots[i].time) == WLK_DOUBT_NONE)
            story.firm_s += step_s;
        if (phases.is_coasting && t > flight.burnout_s && isinf(story.declared_s)) {
            story.declared_s = t - flight.burnout_s;
            story.burnout_off_s = watch_s(phases.burnout) - flight.burnout_s;
        }
        story.is_reentry = wlk_phases_state(&phases)->phase == WLK_PHASE_REENTRY;
    }
    return story;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void check_burnout(enum test_flight_kind kind, const char *owners, double within_s)
{
    enum { RUNS = 60 };
    double declared[RUNS], early = 0, off = 0, firm = 0;
    int reentries = 0;
    struct flight_plan plan = test_plan(kind);
    test_fly(&plan, &flight);
    for (int run = 0; run < RUNS; run++) {
        struct story story = follow(owners, (uint64_t)run + 1, &plan);
        declared[run] = story.declared_s;
        early += story.early_s / RUNS;
        firm = fmax(firm, story.firm_s);
        off = fmax(off, fabs(story.burnout_off_s));
        reentries += story.is_reentry;
    }
    qsort(declared, RUNS, sizeof *declared, by_size);
    wlk_check(declared[RUNS * 95 / 100] <= within_s,
              "flight %d, %s: burnout declared after %.1f s, 95 %% within %.1f s", kind, owners,
              declared[RUNS / 2], declared[RUNS * 95 / 100]);
    wlk_check(off <= 5, "its time is right within %.1f s", off);
    wlk_check(early <= (kind == TEST_LOFTED ? 9.5 : 3.5),
              "taken for coasting %.1f s while it thrusts (stages: until the next is sure)",
              early);
    wlk_check(firm <= 1, "but never without doubt: %.1f s", firm);
    wlk_check(kind == TEST_LOFTED || reentries == RUNS, "%d of %d end in reentry", reentries,
              (int)RUNS);
}

/* From the middle of free flight on: no burnout is claimed, but coasting is soon known. */
static void check_first_seen_late(void)
{
    struct flight_plan plan = test_plan(TEST_MEDIUM);
    const double span[2] = {300, 420};
    struct wlk_phases phases;
    struct wlk_look look;
    test_fly(&plan, &flight);
    size_t count = watch(&flight, "US", 4, span, 8000, plots);
    double known_s = HUGE_VAL;
    for (size_t i = 0; i < count; i++) {
        wlk_look_from_plot(&plots[i], &look);
        if (i == 0)
            wlk_phases_begin(&look, &phases);
        else if (wlk_phases_take(&phases, &look) != WLK_OK)
            continue;
        if (phases.is_coasting && isinf(known_s))
            known_s = watch_s(plots[i].time) - 300;
    }
    wlk_check(known_s < 25, "first seen in free flight: known after %.0f s", known_s);
    wlk_check(phases.is_coasting && !phases.has_burnout, "and no burnout is claimed");
}

int main(void)
{
    check_burnout(TEST_MEDIUM, "KR,JP,US", 3.6);
    check_burnout(TEST_MEDIUM, "US", 4.1);
    check_burnout(TEST_LOFTED, "KR,JP,US", 4);
    check_burnout(TEST_SHORT, "KR", 7.5);
    check_first_seen_late();
    return wlk_tap_done();
}
