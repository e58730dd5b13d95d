/* coalition_test.c -- a whole coalition on the virtual clock: what a missing signature, a
 * withdrawal, and the kind of signature change; and that the same seed is the same run.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/tap.h"
#include "exchange/journal.h"
#include "programs/coalition.h"
#include "programs/columns.h"
#include "programs/scenario_judge.h"
#include "programs/share.h"
#include "release/audit.h"

#include <math.h>
#include <stdlib.h>

enum { JP, KR, US, NATIONS };
static const double LENGTH_S = 250; /* burnout is at 140 s, the 20 km ellipse at 160 s */
static const char LAUNCH[] = "2017-08-29", TRILATERAL[] = "TMW-1";
static const char *const NAMES[NATIONS] = {"JP", "KR", "US"};

static struct wlk_history *history;
static struct wlk_scenario *scenario;
static struct wlk_pact pact;
static char areas[1024];
static wlk_utc origin;

/* What is kept of one run. */
struct outcome {
    double declared_s[NATIONS];               /* HUGE_VAL: never */
    size_t came[NATIONS][NATIONS];            /* [recipient][originator], journalled */
    size_t came_late[NATIONS][NATIONS];       /* of these, of a time after the withdrawal's */
    size_t trilateral;                        /* records of that arrangement, anywhere */
    size_t trilateral_sealed;                 /* at their own originator */
    uint64_t refused_dead, passed_dead;       /* by the hub's log, the latter after 2 s */
    size_t entries;
    wlk_digest digest;                        /* over all entries, in order */
    struct wlk_exchanged exchanged;
    struct wlk_scrutiny site, arrangement; /* of what JP received */
};

struct run {
    enum wlk_column column;
    const wlk_name *without;
    bool is_signed;
    double withdraw_s; /* KR withdraws the trilateral arrangement; 0: it does not */
};

static struct wlk_coalition *open_run(const struct run *run)
{
    struct wlk_coalition *coalition = NULL;
    struct wlk_fault fault = {0};
    char line[300];
    wlk_status status = wlk_coalition_pact(origin, run->without, &pact, &fault);
    struct wlk_coalition_setup setup = {.scenario_view = scenario,
                                        .pact_view = &pact,
                                        .column = run->column,
                                        .seed = 1,
                                        .is_keyed_hash = !run->is_signed,
                                        .origin = origin,
                                        .areas_folder = areas};
    if (status == WLK_OK)
        status = wlk_coalition_open(&setup, &coalition, &fault);
    wlk_fault_line(&fault, line, sizeof line);
    wlk_check(status == WLK_OK, "the coalition opens%s%s", status == WLK_OK ? "" : ": ",
              status == WLK_OK ? "" : line);
    return coalition;
}

static void withdraw(struct wlk_coalition *coalition)
{
    static struct wlk_agreement agreement;
    uint8_t bytes[WLK_WITHDRAWAL_SIZE_MAX];
    size_t size = 0;
    wlk_status status = WLK_NOT_YET;
    wlk_name name = wlk_name_of(TRILATERAL);
    for (size_t i = 0; i < pact.bundle_count; i++)
        if (wlk_name_equal(pact.bundle[i].name, name))
            status = wlk_force_read(pact.bundle[i].bytes, pact.bundle[i].size, &pact.roots,
                                    &agreement, NULL);
    struct wlk_withdrawal withdrawal = {agreement.digest, wlk_name_of("KR"),
                                        wlk_coalition_now(coalition)};
    if (status == WLK_OK)
        status = wlk_force_withdraw(&withdrawal,
                                    &wlk_pact_owner(&pact, wlk_name_of("KR"))->root, bytes,
                                    sizeof bytes, &size);
    if (status == WLK_OK)
        status = wlk_nation_statement(wlk_coalition_nation(coalition, KR),
                                      WLK_STATEMENT_WITHDRAWAL, bytes, size,
                                      wlk_coalition_moment(coalition), NULL);
    wlk_check(status == WLK_OK, "KR withdraws in mid-flight");
}

static void take_entries(struct wlk_coalition *coalition, struct outcome *out)
{
    static struct wlk_entry entry;
    static struct {
        wlk_digest so_far;
        char line[WLK_ENTRY_LINE_SIZE];
    } chain;
    for (size_t i = 0; i < NATIONS; i++)
        while (wlk_nation_entry(wlk_coalition_nation(coalition, i), &entry)) {
            memset(&chain, 0, sizeof chain);
            chain.so_far = out->digest;
            wlk_entry_line(&entry, chain.line);
            wlk_sha256((const uint8_t *)&chain, sizeof chain, &out->digest);
            out->entries++;
            double at_s = wlk_utc_seconds(entry.time, origin);
            if (entry.kind == WLK_ENTRY_DECLARED && at_s < out->declared_s[i])
                out->declared_s[i] = at_s;
        }
}

static void count_lane(struct wlk_journal *journal, int64_t lane, size_t counts[2],
                       wlk_utc dead)
{
    struct wlk_journal_row row;
    uint64_t seq = 0;
    while (wlk_journal_next(journal, lane, seq, &row) == WLK_OK) {
        seq = row.seq;
        counts[0]++;
        counts[1] += row.time_ns > dead.ns;
    }
}

static void count_records(struct wlk_coalition *coalition, wlk_utc dead, struct outcome *out)
{
    for (size_t i = 0; i < NATIONS; i++) {
        struct wlk_journal *journal = wlk_coalition_journal(coalition, i);
        int64_t id;
        wlk_name originator;
        struct wlk_lane lane;
        for (size_t n = 0; wlk_journal_lane_at(journal, n, &id, &originator, &lane); n++) {
            size_t counts[2] = {0, 0};
            bool is_trilateral = !strcmp(lane.arrangement.text, TRILATERAL);
            count_lane(journal, id, counts, dead);
            for (size_t k = 0; k < NATIONS; k++)
                if (!strcmp(originator.text, NAMES[k])) {
                    out->came[i][k] += counts[0];
                    out->came_late[i][k] += is_trilateral ? counts[1] : 0;
                    out->trilateral += is_trilateral && k != i ? counts[0] : 0;
                    out->trilateral_sealed += is_trilateral && k == i ? counts[0] : 0;
                }
        }
    }
}

/* The hub's decisions about the trilateral arrangement after it was withdrawn. */
static void read_log(struct wlk_coalition *coalition, wlk_utc dead, struct outcome *out)
{
    struct wlk_journal *journal = wlk_coalition_hub_journal(coalition);
    struct wlk_audit audit = {0};
    struct wlk_audit_entry entry;
    const uint8_t *bytes;
    size_t size, offset;
    for (uint64_t n = 1; wlk_journal_log_at(journal, wlk_name_of(TRILATERAL), n, &bytes,
                                            &size) == WLK_OK;
         n++) {
        offset = 0;
        if (wlk_audit_next(&audit, bytes, size, &offset, &entry) != WLK_OK) {
            wlk_check(false, "line %d of the decision log is whole", (int)n);
            return;
        }
        bool is_dead = entry.time.ns > dead.ns;
        out->passed_dead += is_dead && entry.kind != WLK_REFUSE;
        if (entry.kind == WLK_REFUSE && !strcmp(entry.clause, "not-in-force"))
            out->refused_dead++;
    }
}

static struct outcome play(struct run run)
{
    static struct outcome out;
    memset(&out, 0, sizeof out);
    for (size_t i = 0; i < NATIONS; i++)
        out.declared_s[i] = HUGE_VAL;
    struct wlk_coalition *coalition = open_run(&run);
    bool has_withdrawn = run.withdraw_s <= 0;
    if (!coalition)
        return out;
    while (wlk_coalition_step(coalition)) {
        take_entries(coalition, &out);
        if (!has_withdrawn &&
            wlk_utc_seconds(wlk_coalition_now(coalition), origin) >= run.withdraw_s) {
            withdraw(coalition);
            has_withdrawn = true;
        }
    }
    wlk_utc dead = wlk_utc_add(origin, run.withdraw_s + 2);
    count_records(coalition, dead, &out);
    if (run.withdraw_s > 0)
        read_log(coalition, dead, &out);
    wlk_coalition_exchanged(coalition, &out.exchanged);
    wlk_journal_scrutinise(wlk_coalition_journal(coalition, JP), wlk_name_of(NAMES[JP]),
                           "KR-GP-CN", &out.site);
    wlk_journal_scrutinise(wlk_coalition_journal(coalition, JP), wlk_name_of(NAMES[JP]),
                           TRILATERAL, &out.arrangement);
    wlk_coalition_close(coalition);
    wlk_pact_clear(&pact);
    return out;
}

static void signed_by_two(const struct outcome *after)
{
    wlk_name korea = wlk_name_of("KR");
    struct outcome before = play((struct run){.column = WLK_COLUMN_BEFORE});
    struct outcome without = play((struct run){.column = WLK_COLUMN_AFTER, .without = &korea});
    wlk_check(after->trilateral > 0 && after->came[JP][KR] > 0 && after->came[KR][JP] > 0,
              "signed by all three, the trilateral arrangement carries records");
    wlk_check(after->declared_s[JP] < before.declared_s[JP] - 30,
              "and JP declares much sooner: %.1f s instead of %.1f s", after->declared_s[JP],
              before.declared_s[JP]);
    wlk_check(without.trilateral == 0, "without KR's signature 0 records of it reach anybody");
    wlk_check(without.came[JP][KR] == 0 && without.came[KR][JP] == 0,
              "JP gets nothing of KR and KR nothing of JP");
    wlk_check(without.came[JP][US] > 0 && without.came[US][KR] > 0,
              "while the bilateral arrangements carry on");
    for (size_t i = 0; i < NATIONS; i++)
        wlk_check_near(without.declared_s[i], before.declared_s[i], 1e-9,
                       "%s declares when it did before", NAMES[i]);
    wlk_check(without.exchanged.lost == 0 && without.exchanged.doubled == 0,
              "nothing is lost or doubled");
}

static void withdrawn(const struct outcome *after)
{
    /* just before the second, at which tracks are told: so some are under way */
    struct outcome out = play((struct run){.column = WLK_COLUMN_AFTER, .withdraw_s = 149.9});
    wlk_check(out.came[JP][KR] > 50 && out.came[KR][JP] > 0 &&
                  out.came[JP][KR] < after->came[JP][KR],
              "until then records passed between JP and KR");
    wlk_check(out.came_late[JP][KR] == 0 && out.came_late[KR][JP] == 0,
              "from 2 s after the withdrawal 0 records pass between JP and KR");
    wlk_check(out.came_late[JP][US] == 0 && out.came_late[US][JP] == 0,
              "and under it none between anybody");
    wlk_check(after->came_late[JP][KR] > 0, "where without one they do");
    wlk_check(out.passed_dead == 0, "the hub's log has no pass after it");
    wlk_check(out.refused_dead > 0, "and says of those that were under way: not in force (%d)",
              (int)out.refused_dead);
    wlk_check(out.exchanged.doubled == 0, "nothing is doubled");
}

static void check_measures(const struct wlk_measures *a, const struct wlk_measures *b,
                           const char *nation)
{
    const struct wlk_maybe *one[] = {&a->first_plot_s,    &a->launch_declared_s,
                                     &a->heading_5deg_s,  &a->ellipse_20km_s,
                                     &a->impact_error_km, &a->ellipse_major_km,
                                     &a->ellipse_minor_km};
    const struct wlk_maybe *other[] = {&b->first_plot_s,    &b->launch_declared_s,
                                       &b->heading_5deg_s,  &b->ellipse_20km_s,
                                       &b->impact_error_km, &b->ellipse_major_km,
                                       &b->ellipse_minor_km};
    bool is_same = a->warning_count == b->warning_count;
    for (size_t i = 0; i < sizeof one / sizeof one[0]; i++)
        is_same = is_same && one[i]->has == other[i]->has &&
                  (!one[i]->has || one[i]->value == other[i]->value);
    for (size_t i = 0; is_same && i < a->warning_count; i++)
        is_same = !strcmp(a->warning[i].area, b->warning[i].area) &&
                  a->warning[i].kind == b->warning[i].kind &&
                  a->warning[i].at_s == b->warning[i].at_s;
    wlk_check(a->launch_declared_s.has && a->warning_count > 0, "%s declares and warns",
              nation);
    wlk_check(is_same, "signed or with a keyed hash, %s measures the same", nation);
}

static void signed_and_keyed(void)
{
    static struct wlk_summary of[2];
    for (int is_signed = 0; is_signed < 2; is_signed++) {
        struct wlk_columns_order order = {.scenario = scenario,
                                          .seeds = 1,
                                          .has_column = {[WLK_COLUMN_AFTER] = true},
                                          .is_signed = is_signed};
        struct wlk_fault fault = {0};
        wlk_check(wlk_columns_run(&order, &of[is_signed], &fault) == WLK_OK,
                  "the column after is run, %s", is_signed ? "signed" : "with a keyed hash");
    }
    for (size_t i = 0; i < NATIONS; i++)
        check_measures(&of[0].measures[i][WLK_COLUMN_AFTER],
                       &of[1].measures[i][WLK_COLUMN_AFTER], NAMES[i]);
    wlk_check(of[0].exchanged.records > 0 && !memcmp(&of[0].exchanged, &of[1].exchanged,
                                                     sizeof of[0].exchanged),
              "and the exchange counts the same");
}

static wlk_status open_all(struct wlk_fault *fault)
{
    char path[1024];
    history = malloc(sizeof *history);
    if (!history)
        return WLK_IO;
    wlk_status status = wlk_share_path("rehearsal/history.txt", path, sizeof path);
    if (status == WLK_OK)
        status = wlk_share_path("areas", areas, sizeof areas);
    if (status == WLK_OK)
        status = wlk_history_read(path, history, fault);
    if (status == WLK_OK)
        status = wlk_scenario_open(history, LAUNCH, "default", &scenario, fault);
    return status;
}

int main(void)
{
    struct wlk_fault fault = {0};
    char line[300];
    wlk_status status = open_all(&fault);
    wlk_fault_line(&fault, line, sizeof line);
    if (!wlk_check(status == WLK_OK, "the launch can be flown %s",
                   status == WLK_OK ? "" : line))
        return wlk_tap_done();
    scenario->length_s = LENGTH_S;
    origin = scenario->row[0]->time;
    struct outcome after = play((struct run){.column = WLK_COLUMN_AFTER});
    struct outcome again = play((struct run){.column = WLK_COLUMN_AFTER});
    wlk_check(after.entries > 20 && !memcmp(&after, &again, sizeof after),
              "the same seed twice gives identical entries (%d) and counts",
              (int)after.entries);
    wlk_check(after.exchanged.lost == 0 && after.exchanged.doubled == 0,
              "nothing is lost or doubled");
    wlk_check(after.arrangement.named > 0 && after.arrangement.records == after.site.records,
              "JP's records name the arrangement they came under (%d of %d)",
              (int)after.arrangement.named, (int)after.arrangement.records);
    wlk_check(after.site.named == 0 && after.site.plots == 0,
              "but none has a sensor id of KR in its bytes, and none is a plot");
    signed_by_two(&after);
    withdrawn(&after);
    signed_and_keyed();
    wlk_scenario_close(scenario);
    free(history);
    return wlk_tap_done();
}
