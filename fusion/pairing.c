/* pairing.c -- joins objects by rising cost, parts what has been far apart for some time.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fusion/pairing.h"

#include "fusion/correlate.h"
#include "fusion/lineup.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A pairing is given up when its two states were this far apart for so long: hysteresis, so
 * that crossing tracks do not swap partners. A pairing that merely disagrees (biases) stays
 * and is marked. */
static const double PART_AFTER_S = 5;
static const double PART_DISTANCE_M = 20e3;

/* With a rival this near in cost a young pair waits, at most so long. */
static const double DOUBT_COST = 0.2;
static const double DOUBT_FOR_S = 10;

static bool is_salvo(const struct wlk_source *one, const struct wlk_source *other)
{
    return one != other && other->has_event && one->number != other->number &&
           memcmp(one->event.bytes, other->event.bytes, sizeof one->event.bytes) == 0 &&
           wlk_lineup_are_two(one, other);
}

void wlk_pairing_mark(struct wlk_fusion *fusion)
{
    for (size_t i = 0; i < fusion->source_end; i++) {
        struct wlk_source *source = &fusion->source[i];
        source->is_in_salvo = false;
        if (source->kind == WLK_SOURCE_NONE || !source->has_event)
            continue;
        for (size_t k = 0; k < fusion->source_end && !source->is_in_salvo; k++)
            source->is_in_salvo = fusion->source[k].kind != WLK_SOURCE_NONE &&
                                  is_salvo(source, &fusion->source[k]);
    }
}

static bool shares_originator(const struct wlk_view *one, const struct wlk_view *other)
{
    for (size_t i = 0; i < one->count; i++)
        for (size_t j = 0; j < other->count; j++)
            if (wlk_lineup_are_two(one->source[i], other->source[j]))
                return true;
    return false;
}

/* What the patterns say of the two, the surest source first: WLK_OK they are one; WLK_STALE
 * they are not, or it is not sure yet; WLK_NOT_YET nothing. */
static wlk_status pattern_cost(const struct wlk_view *one, const struct wlk_view *other,
                               bool is_young, double *cost)
{
    for (size_t i = 0; i < one->count; i++)
        for (size_t j = 0; j < other->count; j++) {
            const struct wlk_source *a = one->source[i], *b = other->source[j];
            const struct wlk_source_mate *of_a = wlk_lineup_mate(a, b->originator),
                                         *of_b = wlk_lineup_mate(b, a->originator);
            if (!of_a && !of_b)
                continue;
            if (!of_a || !of_b || !wlk_lineup_is_mate(of_a, b) ||
                (is_young && !of_a->is_sure))
                return WLK_STALE;
            *cost = of_a->cost;
            return WLK_OK;
        }
    return WLK_NOT_YET;
}

/* Mean cost of all pairs that can be compared; WLK_STALE if any of them is too far apart. */
static wlk_status object_cost(const struct wlk_view *one, const struct wlk_view *other,
                              bool is_young, double *cost)
{
    double sum = 0, each;
    size_t count = 0;
    wlk_status by_pattern = pattern_cost(one, other, is_young, cost);
    if (by_pattern != WLK_NOT_YET)
        return by_pattern;
    for (size_t i = 0; i < one->count; i++)
        for (size_t j = 0; j < other->count; j++) {
            wlk_status status = wlk_correlate_cost(one->source[i], other->source[j], &each);
            if (status == WLK_STALE)
                return status;
            if (status == WLK_OK) {
                sum += each;
                count++;
            }
        }
    if (count == 0)
        return WLK_NOT_YET;
    *cost = sum / (double)count;
    return WLK_OK;
}

static int by_cost(const void *a, const void *b)
{
    const struct wlk_store_pair *one = a, *other = b;
    if (one->cost != other->cost)
        return one->cost < other->cost ? -1 : 1;
    if (one->a != other->a)
        return one->a < other->a ? -1 : 1;
    return one->b < other->b ? -1 : one->b > other->b;
}

static bool is_young(const struct wlk_fusion *fusion, const struct wlk_store_object *a,
                     const struct wlk_store_object *b)
{
    wlk_utc younger = a->first_seen.ns > b->first_seen.ns ? a->first_seen : b->first_seen;
    return wlk_utc_seconds(fusion->now, younger) <= DOUBT_FOR_S;
}

static size_t find_pairs(struct wlk_fusion *fusion)
{
    size_t count = 0;
    for (size_t a = 0; a < fusion->object_count; a++)
        for (size_t b = a + 1; b < fusion->object_count && count < WLK_STORE_PAIRS_MAX; b++) {
            const struct wlk_store_object *one = &fusion->object[a],
                                          *other = &fusion->object[b];
            double cost;
            if (one->is_ended || other->is_ended ||
                shares_originator(&one->view, &other->view) ||
                object_cost(&one->view, &other->view, is_young(fusion, one, other), &cost) !=
                    WLK_OK)
                continue;
            fusion->pair[count++] = (struct wlk_store_pair){cost, a, b};
        }
    qsort(fusion->pair, count, sizeof fusion->pair[0], by_cost);
    return count;
}

/* Another pair wants one of the two nearly as much, and they are young: time will tell. */
static bool is_doubtful(const struct wlk_fusion *fusion, size_t at, size_t count)
{
    const struct wlk_store_pair *pair = &fusion->pair[at];
    const struct wlk_store_object *a = &fusion->object[pair->a], *b = &fusion->object[pair->b];
    if (!is_young(fusion, a, b))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct wlk_store_pair *rival = &fusion->pair[i];
        bool takes_a = rival->a == pair->a || rival->b == pair->a;
        bool takes_b = rival->a == pair->b || rival->b == pair->b;
        if (i == at || takes_a == takes_b || rival->cost > pair->cost + DOUBT_COST)
            continue;
        size_t left = takes_a ? pair->b : pair->a;
        size_t right = takes_a ? (rival->a == pair->a ? rival->b : rival->a)
                               : (rival->a == pair->b ? rival->b : rival->a);
        if (shares_originator(&fusion->object[left].view, &fusion->object[right].view))
            return true;
    }
    return false;
}

/* All of the object with the higher number goes to the one with the lower. */
static void join(struct wlk_fusion *fusion, struct wlk_store_object *stays,
                 struct wlk_store_object *goes)
{
    for (size_t i = 0; i < fusion->source_end; i++)
        if (fusion->source[i].number == goes->number)
            fusion->source[i].number = stays->number;
    if (goes->first_seen.ns < stays->first_seen.ns)
        stays->first_seen = goes->first_seen;
    if (goes->is_declared &&
        (!stays->is_declared || goes->declared_at.ns < stays->declared_at.ns)) {
        stays->is_declared = true;
        stays->declared_at = goes->declared_at;
    }
    goes->number = 0;
    fusion->counts.joined++;
}

/* Greedy by rising cost: the same as the best assignment wherever objects are further apart
 * than their errors. An object joins at most once in a picture. */
bool wlk_pairing_join(struct wlk_fusion *fusion)
{
    size_t count = find_pairs(fusion);
    bool has_joined = false;
    for (size_t i = 0; i < count; i++) {
        struct wlk_store_object *a = &fusion->object[fusion->pair[i].a];
        struct wlk_store_object *b = &fusion->object[fusion->pair[i].b];
        if (a->number == 0 || b->number == 0 || is_doubtful(fusion, i, count) ||
            shares_originator(&a->view, &b->view))
            continue;
        join(fusion, a, b);
        for (size_t k = 0; k < b->view.count; k++) /* so that a's next rivals see it */
            if (a->view.count < WLK_VIEW_SOURCES_MAX)
                a->view.source[a->view.count++] = b->view.source[k];
        has_joined = true;
    }
    return has_joined;
}

/* Is the source surely another object's: by the pattern, or as its originator tells of two? */
static bool is_strange(const struct wlk_source *source, const struct wlk_view *view)
{
    const struct wlk_source *first = view->source[0];
    const struct wlk_source_mate *mate = wlk_lineup_mate(source, first->originator);
    if (mate && mate->is_sure && !mate->is_alone && mate->object != first->object)
        return true;
    for (size_t i = 0; i < view->count; i++) /* the one that was there first stays */
        if (view->source[i] != source && wlk_lineup_are_two(view->source[i], source) &&
            view->source[i]->first_seen.ns <= source->first_seen.ns)
            return true;
    return false;
}

/* Are source and the object's first further apart than any error? */
static bool is_far(const struct wlk_source *source, const struct wlk_source *first)
{
    double cost;
    return first->has_carried && source->has_carried &&
           wlk_correlate_cost(first, source, &cost) == WLK_STALE &&
           hypot(hypot(first->carried.position_m[0] - source->carried.position_m[0],
                       first->carried.position_m[1] - source->carried.position_m[1]),
                 first->carried.position_m[2] - source->carried.position_m[2]) >
               PART_DISTANCE_M;
}

/* Gives up a pairing that has been wrong for some time: the source that is not the object's
 * first makes an object of its own. */
static void part(struct wlk_fusion *fusion, struct wlk_source *source,
                 struct wlk_store_object *object)
{
    const struct wlk_source *first = object->view.source[0];
    bool is_apart =
        first != source && (is_strange(source, &object->view) || is_far(source, first));
    if (!is_apart)
        source->apart_since.ns = 0;
    else if (source->apart_since.ns == 0)
        source->apart_since = fusion->now;
    if (!is_apart || wlk_utc_seconds(fusion->now, source->apart_since) < PART_AFTER_S)
        return;
    struct wlk_store_object *fresh = wlk_store_object(fusion, fusion->now);
    if (!fresh) {
        fusion->counts.full++;
        return;
    }
    source->number = fresh->number;
    source->apart_since.ns = 0;
    fusion->counts.parted++;
}

void wlk_pairing_part(struct wlk_fusion *fusion)
{
    size_t count = fusion->object_count; /* not those that are made here */
    for (size_t i = 0; i < fusion->source_end; i++) {
        struct wlk_source *source = &fusion->source[i];
        struct wlk_store_object *object =
            source->kind == WLK_SOURCE_NONE ? NULL : wlk_store_find(fusion, source->number);
        if (object && object < fusion->object + count && object->view.count > 1)
            part(fusion, source, object);
    }
}
