/* lineup.c -- two nations at a time: their free tracks in groups that hang together, and the
 * pattern of each.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fusion/lineup.h"

#include "fusion/combine.h"

#include <math.h>
#include <string.h>

static const double EACH_S = 1;

/* An originator that speaks of two objects at one time has two. One that has fallen silent
 * about the first may have given it another number: its node was started again (it numbers in
 * another block then), or its satellites told of the launch before its radars saw it: live
 * tracks are told each second. Within one block a silence is more likely the link's. */
enum { BLOCK_BITS = 16 }; /* programs/nation.c: numbers for one life of a node */
static const double RENUMBERED_AFTER_S = 5, FORGOTTEN_AFTER_S = 30;

bool wlk_lineup_are_two(const struct wlk_source *one, const struct wlk_source *other)
{
    if (!wlk_name_equal(one->originator, other->originator))
        return false;
    bool is_one_life = one->object >> BLOCK_BITS == other->object >> BLOCK_BITS;
    if (one->kind != WLK_SOURCE_PARTNER || other->kind != WLK_SOURCE_PARTNER ||
        fabs(wlk_utc_seconds(one->newest, other->newest)) <=
            (is_one_life ? FORGOTTEN_AFTER_S : RENUMBERED_AFTER_S))
        return true;
    return one->newest.ns > other->first_seen.ns && other->newest.ns > one->first_seen.ns;
}

const struct wlk_source_mate *wlk_lineup_mate(const struct wlk_source *source,
                                              wlk_name originator)
{
    for (size_t i = 0; i < source->mate_count; i++)
        if (wlk_name_equal(source->mate[i].originator, originator))
            return &source->mate[i];
    return NULL;
}

bool wlk_lineup_is_mate(const struct wlk_source_mate *mate, const struct wlk_source *other)
{
    return !mate->is_alone && mate->object == other->object;
}

static bool is_free(const struct wlk_source *source)
{
    return (source->kind == WLK_SOURCE_OWN || source->kind == WLK_SOURCE_PARTNER) &&
           source->has_carried;
}

static void take_side(struct wlk_fusion *fusion, int side, wlk_name originator)
{
    struct wlk_store_lineup *lineup = &fusion->lineup;
    lineup->count[side] = 0;
    for (size_t i = 0; i < fusion->source_end; i++) {
        const struct wlk_source *source = &fusion->source[i];
        if (!is_free(source) || !wlk_name_equal(source->originator, originator))
            continue;
        lineup->is_seen[side][lineup->count[side]] = false;
        lineup->source[side][lineup->count[side]++] = (uint16_t)i;
    }
}

/* Takes what of the other side is near to this one. */
static void take_near(struct wlk_fusion *fusion, const struct wlk_source *source, int other)
{
    struct wlk_store_lineup *lineup = &fusion->lineup;
    for (size_t k = 0; k < lineup->count[other]; k++) {
        uint16_t at = lineup->source[other][k];
        if (lineup->is_seen[other][k] ||
            !wlk_pattern_is_near(&source->carried, &fusion->source[at].carried))
            continue;
        lineup->is_seen[other][k] = true;
        lineup->chosen[other][lineup->chosen_count[other]++] = at;
    }
}

/* All that hangs together with the first's k-th track. */
static void choose_group(struct wlk_fusion *fusion, size_t k)
{
    struct wlk_store_lineup *lineup = &fusion->lineup;
    size_t done[2] = {0, 0};
    lineup->is_seen[0][k] = true;
    lineup->chosen[0][0] = lineup->source[0][k];
    lineup->chosen_count[0] = 1;
    lineup->chosen_count[1] = 0;
    while (done[0] < lineup->chosen_count[0] || done[1] < lineup->chosen_count[1]) {
        int side = done[0] < lineup->chosen_count[0] ? 0 : 1;
        uint16_t at = lineup->chosen[side][done[side]++];
        take_near(fusion, &fusion->source[at], 1 - side);
    }
}

/* Of an object with two numbers the newer one stands. */
static void drop_renumbered(struct wlk_fusion *fusion, int side)
{
    struct wlk_store_lineup *lineup = &fusion->lineup;
    size_t kept = 0;
    for (size_t i = 0; i < lineup->chosen_count[side]; i++) {
        const struct wlk_source *one = &fusion->source[lineup->chosen[side][i]];
        bool is_old = false;
        for (size_t k = 0; k < lineup->chosen_count[side] && !is_old; k++) {
            const struct wlk_source *other = &fusion->source[lineup->chosen[side][k]];
            is_old =
                i != k && !wlk_lineup_are_two(one, other) && one->newest.ns < other->newest.ns;
        }
        if (!is_old)
            lineup->chosen[side][kept++] = lineup->chosen[side][i];
    }
    lineup->chosen_count[side] = kept;
}

static struct wlk_source_mate *note(struct wlk_source *source, wlk_name originator)
{
    if (source->mate_count == WLK_PARTIES_MAX)
        source->mate_count--;
    struct wlk_source_mate *mate = &source->mate[source->mate_count++];
    *mate = (struct wlk_source_mate){.originator = originator, .is_alone = true};
    return mate;
}

static void note_group(struct wlk_fusion *fusion, wlk_name one_name, wlk_name other_name)
{
    struct wlk_store_lineup *lineup = &fusion->lineup;
    const struct wlk_pattern *pattern = &lineup->pattern;
    bool is_whole = lineup->chosen_count[0] == lineup->chosen_count[1];
    double least = HUGE_VAL, sure = is_whole ? WLK_PATTERN_SURE : WLK_PATTERN_SURE_OF_PART;
    struct wlk_source_mate *mate_of[WLK_PATTERN_MAX];
    for (size_t i = 0; i < lineup->chosen_count[0]; i++)
        least = fmin(least, pattern->lead[i]);
    for (size_t k = 0; k < lineup->chosen_count[1]; k++) {
        mate_of[k] = note(&fusion->source[lineup->chosen[1][k]], one_name);
        mate_of[k]->is_sure = least >= sure;
    }
    for (size_t i = 0; i < lineup->chosen_count[0]; i++) {
        struct wlk_source *one = &fusion->source[lineup->chosen[0][i]];
        struct wlk_source_mate *mate = note(one, other_name);
        int k = pattern->mate[i];
        mate->is_sure = pattern->lead[i] >= sure;
        if (k < 0)
            continue;
        mate->is_alone = mate_of[k]->is_alone = false;
        mate->object = fusion->source[lineup->chosen[1][k]].object;
        mate_of[k]->object = one->object;
        mate->cost = mate_of[k]->cost = fmin(pattern->cost[i] / WLK_COMBINE_GATE, 1);
        mate_of[k]->is_sure = mate->is_sure;
    }
}

/* One track of each and nothing near: what their errors do not allow, a bias that nobody has
 * told may, if they are told of one event; after a while, as more may come. */
static void note_single(struct wlk_fusion *fusion, wlk_name one_name, wlk_name other_name)
{
    struct wlk_source *one = &fusion->source[fusion->lineup.chosen[0][0]];
    struct wlk_source *other = &fusion->source[fusion->lineup.chosen[1][0]];
    double square;
    if (!one->has_event || !other->has_event ||
        memcmp(one->event.bytes, other->event.bytes, WLK_EVENT_SIZE) != 0 ||
        wlk_combine_distance(&one->carried, &other->carried, &square) != WLK_OK ||
        square <= WLK_COMBINE_GATE)
        return;
    struct wlk_source_mate *of_one = note(one, other_name), *of_other = note(other, one_name);
    of_one->is_alone = of_other->is_alone = false;
    of_one->cost = of_other->cost = 1;
    of_one->object = other->object;
    of_other->object = one->object;
}

static void line_up_two(struct wlk_fusion *fusion, wlk_name one, wlk_name other)
{
    struct wlk_store_lineup *lineup = &fusion->lineup;
    const struct wlk_state *state[2][WLK_PATTERN_MAX];
    take_side(fusion, 0, one);
    take_side(fusion, 1, other);
    for (size_t k = 0; k < lineup->count[0]; k++) {
        if (lineup->is_seen[0][k])
            continue;
        choose_group(fusion, k);
        drop_renumbered(fusion, 0);
        drop_renumbered(fusion, 1);
        size_t ones = lineup->chosen_count[0], others = lineup->chosen_count[1];
        if (others == 0 || ones > WLK_PATTERN_MAX || others > WLK_PATTERN_MAX)
            continue;
        if (ones + others == 2) {
            note_single(fusion, one, other);
            continue;
        }
        for (int side = 0; side < 2; side++)
            for (size_t i = 0; i < lineup->chosen_count[side]; i++)
                state[side][i] = &fusion->source[lineup->chosen[side][i]].carried;
        wlk_pattern_match(state[0], ones, state[1], others, &lineup->table, &lineup->pattern);
        note_group(fusion, one, other);
    }
}

static size_t list_nations(const struct wlk_fusion *fusion, wlk_name nation[WLK_PARTIES_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < fusion->source_end; i++) {
        size_t k = 0;
        if (!is_free(&fusion->source[i]))
            continue;
        while (k < count && !wlk_name_equal(nation[k], fusion->source[i].originator))
            k++;
        if (k == count && count < WLK_PARTIES_MAX)
            nation[count++] = fusion->source[i].originator;
    }
    return count;
}

void wlk_lineup(struct wlk_fusion *fusion)
{
    wlk_name nation[WLK_PARTIES_MAX];
    size_t free_now = 0;
    for (size_t i = 0; i < fusion->source_end; i++)
        free_now += is_free(&fusion->source[i]);
    if (free_now == fusion->lineup.free_last &&
        fabs(wlk_utc_seconds(fusion->now, fusion->lineup.at)) < EACH_S)
        return;
    fusion->lineup.free_last = free_now;
    fusion->lineup.at = fusion->now;
    for (size_t i = 0; i < fusion->source_end; i++)
        fusion->source[i].mate_count = 0;
    size_t count = list_nations(fusion, nation);
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++)
            line_up_two(fusion, nation[i], nation[k]);
}
