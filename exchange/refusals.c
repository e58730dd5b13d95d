/* refusals.c -- runs of refused records, each under a key of its own in the journal's settings.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/refusals.h"

#include <stdio.h>

static void key_of(size_t slot, char key[16])
{
    snprintf(key, 16, "run:%zu", slot);
}

static void keep(struct wlk_refusals *refusals, size_t slot)
{
    char key[16];
    key_of(slot, key);
    refusals->unjournalled +=
        wlk_journal_set(refusals->journal, key, &refusals->run[slot],
                        refusals->is_used[slot] ? sizeof refusals->run[slot] : 0,
                        false) != WLK_OK;
}

void wlk_refusals_open(struct wlk_refusals *refusals, struct wlk_journal *journal)
{
    char key[16];
    size_t used;
    memset(refusals, 0, sizeof *refusals);
    refusals->journal = journal;
    for (size_t i = 0; i < WLK_RUNS_MAX; i++) {
        key_of(i, key);
        refusals->is_used[i] = wlk_journal_value(journal, key, &refusals->run[i],
                                                 sizeof refusals->run[i], &used) == WLK_OK &&
                               used == sizeof refusals->run[i];
    }
}

static bool is_same_path(const struct wlk_refused_content *a,
                         const struct wlk_refused_content *b)
{
    return wlk_name_equal(a->originator, b->originator) &&
           wlk_name_equal(a->recipient, b->recipient) &&
           wlk_name_equal(a->lane.arrangement, b->lane.arrangement) &&
           a->lane.record_class == b->lane.record_class && a->lane.nature == b->lane.nature &&
           a->lane.generation == b->lane.generation;
}

static bool goes_on(const struct wlk_run *run, const struct wlk_run *one)
{
    return one->refused.first_seq == run->refused.last_seq + 1 &&
           one->refused.last_seq - run->refused.first_seq < WLK_REFUSED_RUN_MAX &&
           wlk_digest_equal(&run->agreement, &one->agreement) &&
           !strcmp(run->refused.clause, one->refused.clause) &&
           !strcmp(run->refused.reason, one->refused.reason);
}

const struct wlk_run *wlk_refusals_add(struct wlk_refusals *refusals,
                                       const struct wlk_run *one)
{
    size_t room = WLK_RUNS_MAX;
    for (size_t i = 0; i < WLK_RUNS_MAX; i++) {
        struct wlk_run *run = &refusals->run[i];
        if (!refusals->is_used[i]) {
            room = i;
            continue;
        }
        if (!is_same_path(&run->refused, &one->refused))
            continue;
        if (!goes_on(run, one))
            return run;
        run->refused.last_seq = one->refused.last_seq;
        run->refused.digest = one->refused.digest;
        keep(refusals, i);
        return NULL;
    }
    if (room == WLK_RUNS_MAX)
        return &refusals->run[refusals->turn++ % WLK_RUNS_MAX];
    refusals->run[room] = *one;
    refusals->is_used[room] = true;
    keep(refusals, room);
    return NULL;
}

const struct wlk_run *wlk_refusals_next(const struct wlk_refusals *refusals)
{
    for (size_t i = 0; i < WLK_RUNS_MAX; i++)
        if (refusals->is_used[i])
            return &refusals->run[i];
    return NULL;
}

void wlk_refusals_done(struct wlk_refusals *refusals, const struct wlk_run *run)
{
    size_t slot = (size_t)(run - refusals->run);
    refusals->is_used[slot] = false;
    keep(refusals, slot);
}
