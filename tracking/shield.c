/* shield.c -- one isotropic plot for each slot, object and radar, and filters fed by these.
 *
 * The proof that this hides the place is in docs/leak.md; it needs that nothing of a plot is
 * used but through spoil() and the draws beside it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/shield.h"

#include "base/assert.h"
#include "tracking/declare.h"
#include "tracking/impact.h"
#include "tracking/isotropic.h"
#include "tracking/show.h"
#include "tracking/slots.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Without a used plot for this long an object has ended: one never told, one that boosted, one
 * that fell freely (as in book.c). */
static const double DEAD_NEW_S = 60, DEAD_BOOST_S = 120, DEAD_COAST_S = 5400;
static const double SHOWN_DEAD_S = 60;
static const double HORIZON_S = 5400, IMPACT_SIGMA_M = 500e3; /* as in show.c */
enum { PLOTS_MAX = 8192, SOME = 12, MANY = 30 /* used plots */ };

struct object {
    bool is_used;
    uint32_t number;
    struct wlk_moment moment;
    struct wlk_look early[WLK_LAUNCH_LOOKS_MAX];
    struct wlk_show show;
    bool has_part[WLK_DECOY_SETS_MAX], is_told;
    struct wlk_track told; /* as it is released */
    size_t fresh_count;    /* used plots of the slot that is being closed */
    struct wlk_look fresh[WLK_DECOY_SETS_MAX];
};

struct wlk_shield {
    uint8_t key[WLK_SHIELD_KEY_SIZE];
    size_t set_count;
    struct wlk_slots set[WLK_DECOY_SETS_MAX];
    uint32_t launches[WLK_DECOY_SETS_MAX];
    int64_t slot; /* the one closed last: [slot, slot + 1) x 6 s */
    struct object object[WLK_OBJECTS_MAX];
    struct wlk_book_plot plot[PLOTS_MAX]; /* of the slot that is being closed */
    size_t listed[WLK_OBJECTS_MAX], listed_count;
    struct wlk_shield_counts counts;
};

wlk_status wlk_shield_open(const struct wlk_shield_setup *setup, struct wlk_shield **out)
{
    struct wlk_shield *shield = calloc(1, sizeof *shield);
    wlk_status status = shield ? WLK_OK : WLK_FULL;
    for (size_t i = 0; status == WLK_OK && i < setup->decoys->count; i++)
        status = wlk_slots_make(&setup->decoys->set[i], &shield->set[i]);
    if (status != WLK_OK) {
        free(shield);
        return status;
    }
    shield->set_count = setup->decoys->count;
    memcpy(shield->key, setup->key, sizeof shield->key);
    *out = shield;
    return WLK_OK;
}

void wlk_shield_close(struct wlk_shield *shield)
{
    if (shield)
        memset(shield->key, 0, sizeof shield->key);
    free(shield);
}

static wlk_utc slot_end(const struct wlk_shield *shield)
{
    return (wlk_utc){(shield->slot + 1) * WLK_SLOT_NS};
}

wlk_utc wlk_shield_told_at(const struct wlk_shield *shield)
{
    return wlk_utc_add(slot_end(shield), WLK_SHIELD_LATE_S);
}

/* ---- plots of a slot ----------------------------------------------------------------- */

/* By object, then radar, then time: what belongs together stands together. */
static int compare_plots(const void *a_raw, const void *b_raw)
{
    const struct wlk_book_plot *a = a_raw, *b = b_raw;
    if (a->object != b->object)
        return a->object < b->object ? -1 : 1;
    int by_sensor = memcmp(&a->sensor, &b->sensor, sizeof a->sensor);
    if (by_sensor != 0)
        return by_sensor;
    return (a->look->time.ns > b->look->time.ns) - (a->look->time.ns < b->look->time.ns);
}

static bool find_set(const struct wlk_shield *shield, wlk_name sensor, size_t *out)
{
    for (size_t i = 0; i < shield->set_count; i++)
        if (wlk_name_equal(shield->set[i].set.site.id, sensor)) {
            *out = i;
            return true;
        }
    return false;
}

static struct object *object_of(struct wlk_shield *shield, uint32_t number)
{
    struct object *empty = NULL;
    for (size_t i = 0; i < WLK_OBJECTS_MAX; i++) {
        struct object *object = &shield->object[i];
        if (object->is_used && object->number == number)
            return object;
        if (!object->is_used && !empty)
            empty = object;
    }
    if (empty) {
        memset(empty, 0, sizeof *empty);
        empty->is_used = true;
        empty->number = number;
        empty->moment.last_measurement = slot_end(shield);
    }
    return empty;
}

/* Where the release tracker believes the object at a time; false: it does not know it well
 * enough to plan by. */
static bool foresee(const struct wlk_shield *shield, const struct object *object, size_t set,
                    wlk_utc time, struct wlk_slot_case *out)
{
    if (object->moment.plot_count == 0)
        return false;
    struct wlk_state state = *wlk_phases_state(&object->moment.phases);
    if (wlk_filter_predict(&state, time) != WLK_OK)
        return false;
    memset(out, 0, sizeof *out);
    for (int i = 0; i < 3; i++) {
        out->position_m[i] = state.position_m[i];
        out->sigma_m = fmax(out->sigma_m, sqrt(fmax(state.covariance[i][i], 0)));
    }
    return out->sigma_m < shield->set[set].wide_m;
}

/* Plots of an object that is known well add little to what partners need, and as much as the
 * first to what the bias shows: their errors are made larger. */
static double coarser(const struct object *object)
{
    return object->moment.plot_count >= MANY ? 4 : object->moment.plot_count >= SOME ? 2 : 1;
}

/* The plan by what is foreseen: the object must stay in sight from the slot's begin to its
 * end. False: nothing is foreseen. */
static bool plan_ahead(const struct wlk_shield *shield, const struct object *object, size_t set,
                       struct wlk_slot_plan *plan)
{
    wlk_utc end = slot_end(shield), begin = wlk_utc_add(end, -WLK_SLOT_S);
    struct wlk_slot_case first, middle, last;
    struct wlk_slot_plan at_first, at_last;
    if (!foresee(shield, object, set, begin, &first) ||
        !foresee(shield, object, set, wlk_utc_add(end, -WLK_SLOT_S / 2), &middle) ||
        !foresee(shield, object, set, end, &last))
        return false;
    wlk_slots_plan(&shield->set[set], &first, &at_first);
    wlk_slots_plan(&shield->set[set], &last, &at_last);
    memset(plan, 0, sizeof *plan);
    if (!at_first.is_open || !at_last.is_open)
        return true;
    middle.error_m = fmax(at_first.error_m, at_last.error_m) * coarser(object);
    wlk_slots_plan(&shield->set[set], &middle, plan);
    return true;
}

/* The plots whose own errors fit error_m come first. Returns how many do. */
static size_t fitting(struct wlk_book_plot *plots, size_t count, double error_m)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (wlk_isotropic_fits(plots[i].look, error_m))
            plots[kept++] = plots[i];
    return kept;
}

/* Three normals by the key, for an object or (0) for all. */
static void draw_shift(const struct wlk_shield *shield, int64_t slot, uint32_t object,
                       struct wlk_isotropic_draw *out)
{
    struct wlk_isotropic_source source = {.key = shield->key, .slot = slot, .object = object};
    wlk_isotropic_draw(&source, out);
}

/* Moves a used plot by what all plots are moved by, and by what those of its object are. It
 * hides the biases of the radars, which no noise of single plots does. */
static void shift(const struct wlk_shield *shield, const struct object *object,
                  struct wlk_isotropic *used)
{
    struct wlk_isotropic_draw always, place; /* slots below 0 are never closed */
    draw_shift(shield, -1, 0, &always);
    draw_shift(shield, -2, object->number, &place);
    for (int i = 0; i < 3; i++)
        used->at[i] += round(WLK_SHIELD_ALWAYS_M * always.normal[i] +
                             WLK_SHIELD_SHIFT_M * place.normal[i]);
}

/* One of the plots that an object has from a radar in this slot becomes a used one, or none.
 * Where nothing is foreseen the plot itself is the only word on where the object is: then the
 * plan is made from the used one, which is spoilt already. */
static void use_one(struct wlk_shield *shield, struct object *object, size_t set,
                    struct wlk_book_plot *plots, size_t count)
{
    struct wlk_isotropic_draw draw;
    struct wlk_isotropic_source source = {.key = shield->key,
                                          .slot = shield->slot,
                                          .object = object->number,
                                          .sensor = plots[0].sensor};
    struct wlk_slot_plan plan;
    struct wlk_isotropic used;
    bool is_foreseen = plan_ahead(shield, object, set, &plan);
    double error_m = is_foreseen ? plan.error_m : shield->set[set].wide_m;
    if (is_foreseen && !plan.is_open) {
        shield->counts.closed++;
        return;
    }
    size_t good = fitting(plots, count, error_m);
    if (good == 0) {
        shield->counts.poor++;
        return;
    }
    wlk_isotropic_draw(&source, &draw);
    const struct wlk_look *look = plots[(size_t)(draw.which * (double)good)].look;
    wlk_isotropic_spoil(look, &draw, error_m, &used);
    shift(shield, object, &used);
    if (!is_foreseen) {
        struct wlk_slot_case seen = {.sigma_m = error_m, .error_m = error_m};
        memcpy(seen.position_m, used.at, sizeof seen.position_m);
        wlk_slots_plan(&shield->set[set], &seen, &plan);
    }
    if (!plan.is_open) {
        shield->counts.closed++;
    } else if (draw.use >= plan.use) {
        shield->counts.dropped++;
    } else {
        wlk_isotropic_look(&used, look->time, &object->fresh[object->fresh_count++]);
        object->has_part[set] = true;
        shield->counts.used++;
    }
}

static void use_plots(struct wlk_shield *shield, size_t count)
{
    qsort(shield->plot, count, sizeof shield->plot[0], compare_plots);
    for (size_t i = 0, next; i < count; i = next) {
        struct wlk_book_plot *plot = &shield->plot[i];
        for (next = i + 1; next < count && shield->plot[next].object == plot->object &&
                           wlk_name_equal(shield->plot[next].sensor, plot->sensor);)
            next++;
        size_t set;
        if (!find_set(shield, plot->sensor, &set))
            continue; /* a radar without a set is not in shielded releases */
        struct object *object = object_of(shield, plot->object);
        if (!object)
            shield->counts.full++;
        else
            use_one(shield, object, set, plot, next - i);
    }
}

/* ---- the filters --------------------------------------------------------------------- */

static void take_look(struct object *object, const struct wlk_look *look, wlk_utc end)
{
    struct wlk_moment *moment = &object->moment;
    struct wlk_phases next = moment->phases;
    if (moment->plot_count == 0) {
        wlk_phases_begin(look, &moment->phases);
        moment->first_plot = end;
    } else if (wlk_phases_take(&next, look) == WLK_OK) {
        moment->phases = next;
    } else {
        return;
    }
    moment->plot_count++;
    moment->last_measurement = end;
    if (moment->early_count < WLK_LAUNCH_LOOKS_MAX)
        object->early[moment->early_count++] = *look;
    moment->is_confirmed =
        moment->is_confirmed ||
        wlk_declare_is_missile(wlk_phases_state(&moment->phases), moment->plot_count);
}

static int compare_looks(const void *a_raw, const void *b_raw)
{
    const struct wlk_look *a = a_raw, *b = b_raw;
    return (a->time.ns > b->time.ns) - (a->time.ns < b->time.ns);
}

static void take_looks(struct object *object, wlk_utc end)
{
    qsort(object->fresh, object->fresh_count, sizeof object->fresh[0], compare_looks);
    for (size_t i = 0; i < object->fresh_count; i++)
        take_look(object, &object->fresh[i], end);
    if (object->fresh_count > 0)
        wlk_show_moment(&object->show, object->number, &object->moment, object->early);
    object->fresh_count = 0;
}

/* What is released of it: the state at the end of the last slot with a used plot, with the
 * allowance. Where it goes from there, partners work out as they do with any track. */
static void make_told(struct object *object)
{
    wlk_utc end = object->moment.last_measurement;
    struct wlk_track *told = &object->told;
    struct wlk_impact impact;
    *told = object->show.track;
    told->has_impact = false;
    if (wlk_filter_predict(&told->state, end) != WLK_OK)
        return; /* it stays where it was */
    for (int i = 0; i < 3; i++) {
        told->state.covariance[i][i] += WLK_SHIELD_ALLOWANCE_M * WLK_SHIELD_ALLOWANCE_M;
        told->state.covariance[i + 3][i + 3] +=
            WLK_SHIELD_ALLOWANCE_MPS * WLK_SHIELD_ALLOWANCE_MPS;
    }
    for (int i = 0; i < 2; i++)
        told->launch.point.covariance[i][i] += WLK_SHIELD_ALLOWANCE_M * WLK_SHIELD_ALLOWANCE_M;
    if (told->state.phase == WLK_PHASE_BOOST || !told->is_confirmed ||
        wlk_impact_predict(&told->state, HORIZON_S, &impact, NULL) != WLK_OK)
        return;
    double spread = impact.point.covariance[0][0] + impact.point.covariance[1][1];
    impact.last_measurement = told->last_measurement;
    impact.condition = told->condition;
    impact.track_s = wlk_utc_seconds(told->last_measurement, told->first_plot);
    impact.apogee_m = fmax(impact.apogee_m, object->show.track.impact.apogee_m);
    told->impact = impact;
    told->has_impact = spread < IMPACT_SIGMA_M * IMPACT_SIGMA_M;
}

static void age(struct wlk_shield *shield, struct object *object)
{
    wlk_utc end = slot_end(shield);
    double silent_s = wlk_utc_seconds(end, object->moment.last_measurement);
    if (object->moment.plot_count == 0) {
        object->is_used = silent_s <= DEAD_NEW_S;
        return;
    }
    double most_s = !object->is_told                    ? DEAD_NEW_S
                    : object->moment.phases.is_coasting ? DEAD_COAST_S
                                                        : DEAD_BOOST_S;
    wlk_show_age(&object->show, &object->moment, silent_s > most_s, end, object->early);
    const struct wlk_track *track = &object->show.track;
    bool is_tellable = track->is_confirmed && track->has_launch &&
                       object->moment.plot_count >= WLK_SHIELD_USED_MIN;
    if (is_tellable && !object->is_told && !track->is_ended) {
        object->is_told = true;
        for (size_t i = 0; i < shield->set_count; i++)
            shield->launches[i] += object->has_part[i];
    }
    if (track->is_ended &&
        (!object->is_told || wlk_utc_seconds(end, object->show.ended_at) > SHOWN_DEAD_S))
        object->is_used = false;
    else if (object->is_told)
        make_told(object);
}

bool wlk_shield_step(struct wlk_shield *shield, const struct wlk_book *book, wlk_utc now)
{
    int64_t late_ns = (int64_t)(WLK_SHIELD_LATE_S * 1e9);
    int64_t slot = (now.ns - late_ns) / WLK_SLOT_NS - 1;
    if (slot <= shield->slot)
        return false;
    bool is_first = shield->slot == 0;
    shield->slot = slot;
    if (is_first)
        return false;
    wlk_utc end = slot_end(shield);
    size_t count =
        wlk_book_plots(book, wlk_utc_add(end, -WLK_SLOT_S), end, shield->plot, PLOTS_MAX);
    shield->counts.full += count == PLOTS_MAX;
    use_plots(shield, count);
    shield->listed_count = 0;
    for (size_t i = 0; i < WLK_OBJECTS_MAX; i++) {
        struct object *object = &shield->object[i];
        if (!object->is_used)
            continue;
        take_looks(object, end);
        age(shield, object);
        if (object->is_used && object->is_told)
            shield->listed[shield->listed_count++] = i;
    }
    return true;
}

/* ---- what is read -------------------------------------------------------------------- */

size_t wlk_shield_count(const struct wlk_shield *shield)
{
    return shield->listed_count;
}

const struct wlk_track *wlk_shield_track(const struct wlk_shield *shield, size_t index)
{
    WLK_ASSERT(index < shield->listed_count);
    return &shield->object[shield->listed[index]].told;
}

struct wlk_shield_counts wlk_shield_count_of(const struct wlk_shield *shield)
{
    return shield->counts;
}

uint32_t wlk_shield_launches(const struct wlk_shield *shield, size_t set)
{
    WLK_ASSERT(set < shield->set_count);
    return shield->launches[set];
}

void wlk_shield_start_launches(struct wlk_shield *shield, size_t set, uint32_t start)
{
    WLK_ASSERT(set < shield->set_count);
    shield->launches[set] = start;
}
