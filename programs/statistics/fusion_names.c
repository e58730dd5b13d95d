/* fusion_names.c -- nations' tracks of a salvo into each other's pictures.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/statistics/fusion_names.h"

#include "base/random.h"
#include "earth/propagate.h"
#include "fusion/picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MISSILES = WLK_NAMES_MISSILES_MAX, NATIONS = WLK_NAMES_NATIONS_MAX, SECONDS = 100 };
enum { WRONG_NATION = 1, WRONG_BODY = 2 };
enum { BODIES = MISSILES + 1 }; /* what comes off the first is the last of them */
static const uint32_t FIRST_OBJECT = 11;

static const char *const NAMES[NATIONS] = {"KR", "JP", "US"};
static const double FIRST_S[NATIONS] = {0, 20, 12}; /* sees the first of them */
static const double SPREAD_S = 4;                   /* and the last of them so much later */
/* Error of a track half a minute after burnout, each axis; a bias of 0.05 deg at 1,000 km. */
static const double SIGMA_M = 150, SIGMA_MPS = 4;
static const double BIAS_M[WLK_NAMES_BIASES] = {0, 87, 870, 870};
static const double BIAS_MPS[WLK_NAMES_BIASES] = {0, 0.35, 3.5, 3.5};
static const double CLOCK_S = 0.01, TELL_S = 10, LOSS = 0.3, BESIDE_M = 20e3;
static const double SPLIT_S = 50, AWAY_MPS = 60;

/* What a nation has of a body. */
struct view {
    double off[6];          /* error of its own and the nation's bias */
    double from_s;          /* when it is first seen */
    uint32_t object;        /* its number there */
    bool is_heard[NATIONS]; /* by whom */
    wlk_name named_by;      /* in the nation's own picture, at the last look */
    uint32_t ordinal;
};

struct scene {
    const struct wlk_names_salvo *salvo;
    struct wlk_random random;
    struct wlk_fusion *fusion[NATIONS];
    double clock_s[NATIONS], phase_s[NATIONS];
    struct view view[NATIONS][BODIES];
    struct wlk_picture picture[NATIONS];
};

static struct scene scene; /* too large for a stack */

static wlk_utc at(double s)
{
    return (wlk_utc){1800000000000000000 + (int64_t)(s * 1e9)};
}

static int bodies(void)
{
    return scene.salvo->missiles + scene.salvo->is_split;
}

static bool truth_at(int body, double s, double x[6])
{
    static const wlk_geodetic PLACE = {39.5 * WLK_DEG, 132 * WLK_DEG, 300e3};
    wlk_ecef from = wlk_ecef_from_geodetic(PLACE);
    int place = body < scene.salvo->missiles ? body : 0;
    double beside_m = place * scene.salvo->spacing_m * sqrt(0.5), beside[3], away[3];
    wlk_ecef_from_enu(PLACE, (wlk_enu){beside_m, beside_m, 0}, beside);
    wlk_ecef_from_enu(PLACE, (wlk_enu){3900, 900, 1500}, x + 3);
    wlk_ecef_from_enu(PLACE, (wlk_enu){-0.8, 0, 0.6}, away);
    for (int i = 0; i < 3; i++)
        x[i] = (i == 0 ? from.x : i == 1 ? from.y : from.z) + beside[i];
    if (wlk_propagate(x, 1.0 / 4000, s, x, NULL) != WLK_OK)
        return false;
    for (int i = 0; i < 3 && body >= scene.salvo->missiles; i++) {
        x[i] += away[i] * AWAY_MPS * (s - SPLIT_S);
        x[i + 3] += away[i] * AWAY_MPS;
    }
    return true;
}

/* What the nation's tracker says. */
static bool track_at(int nation, int body, double s, struct wlk_state *out)
{
    const struct view *view = &scene.view[nation][body];
    enum wlk_names_bias bias = scene.salvo->bias;
    bool is_said = bias != WLK_NAMES_UNSAID;
    double x[6];
    if (!truth_at(body, s + scene.clock_s[nation], x))
        return false;
    *out = (struct wlk_state){
        .epoch = at(s), .phase = WLK_PHASE_COAST, .log_inverse_beta = log(1.0 / 4000)};
    for (int i = 0; i < 3; i++) {
        out->position_m[i] = x[i] + view->off[i];
        out->velocity_mps[i] = x[i + 3] + view->off[i + 3];
        out->covariance[i][i] = SIGMA_M * SIGMA_M + is_said * pow(BIAS_M[bias], 2);
        out->covariance[i + 3][i + 3] =
            SIGMA_MPS * SIGMA_MPS + is_said * pow(BIAS_MPS[bias], 2);
    }
    return true;
}

/* Each nation numbers in the order in which it sees them. */
static void draw_nation(int nation)
{
    struct view *view = scene.view[nation];
    double bias[6], each = SPREAD_S / scene.salvo->missiles;
    int order[BODIES], count = scene.salvo->missiles;
    for (int i = 0; i < 6; i++)
        bias[i] =
            (i < 3 ? BIAS_M : BIAS_MPS)[scene.salvo->bias] * wlk_random_normal(&scene.random);
    scene.clock_s[nation] = CLOCK_S * wlk_random_normal(&scene.random);
    scene.phase_s[nation] = floor(TELL_S * wlk_random_uniform(&scene.random));
    for (int m = 0; m < count; m++)
        order[m] = m;
    for (int m = count - 1; m > 0; m--) {
        int other = (int)((m + 1) * wlk_random_uniform(&scene.random)), swap = order[m];
        order[m] = order[other];
        order[other] = swap;
    }
    order[count] = count; /* what comes off */
    for (int m = 0; m < bodies(); m++) {
        struct view *of = &view[order[m]];
        *of = (struct view){.object = FIRST_OBJECT + (uint32_t)m,
                            .from_s = m < count
                                          ? FIRST_S[nation] + each * m
                                          : SPLIT_S + 10 * wlk_random_uniform(&scene.random)};
        for (int i = 0; i < 6; i++)
            of->off[i] =
                bias[i] + (i < 3 ? SIGMA_M : SIGMA_MPS) * wlk_random_normal(&scene.random);
    }
}

static const wlk_event EVENT = {{7}};

static void tell_own(int nation, int body, double s)
{
    const struct view *view = &scene.view[nation][body];
    struct wlk_track own = {.object = view->object,
                            .revision = (uint32_t)(1 + s),
                            .first_plot = at(view->from_s - 5),
                            .last_measurement = at(s),
                            .plot_count = 30,
                            .is_confirmed = true,
                            .condition = WLK_CONDITION_MEASURED};
    if (s >= view->from_s && track_at(nation, body, s, &own.state))
        wlk_fusion_own(scene.fusion[nation], &own, &EVENT);
}

/* In the order in which its tracker numbers them, as to the others. */
static void tell_own_all(int nation, double s)
{
    for (uint32_t object = FIRST_OBJECT; object < FIRST_OBJECT + BODIES; object++)
        for (int m = 0; m < bodies(); m++)
            if (scene.view[nation][m].object == object)
                tell_own(nation, m, s);
}

/* False: it is lost on the way. */
static bool tell_partner(int from, int to, int body, double s)
{
    struct view *view = &scene.view[from][body];
    struct wlk_partner who = {.originator = wlk_name_of(NAMES[from]),
                              .object = view->object,
                              .event = EVENT,
                              .has_event = true,
                              .is_fine = true,
                              .time = at(s)};
    struct wlk_state state;
    if (wlk_random_uniform(&scene.random) < LOSS)
        return false;
    if (!view->is_heard[to]) /* the journal sends again what was sealed then */
        who.time = at(s = ceil(view->from_s));
    if (!track_at(from, body, s, &state))
        return true;
    wlk_state_blur(&state, CLOCK_S);
    for (int i = 0;
         i < 3 && scene.salvo->is_one_wrong && from == WRONG_NATION && body == WRONG_BODY; i++)
        state.position_m[i] += BESIDE_M / sqrt(3.0);
    (void)!wlk_fusion_partner_track(scene.fusion[to], &who, &state, WLK_CONDITION_MEASURED);
    view->is_heard[to] = true;
    return true;
}

/* A new track is told until it is heard, and none after it before; the others every 10 s. */
static void tell(int from, int to, double s)
{
    bool is_stuck = false, is_turn = fmod(s + scene.phase_s[from], TELL_S) < 1;
    for (uint32_t object = FIRST_OBJECT; object < FIRST_OBJECT + BODIES; object++)
        for (int m = 0; m < bodies(); m++) {
            const struct view *view = &scene.view[from][m];
            if (view->object != object || s < view->from_s)
                continue;
            if (view->is_heard[to] && is_turn)
                (void)tell_partner(from, to, m, s);
            else if (!view->is_heard[to] && !is_stuck)
                is_stuck = !tell_partner(from, to, m, s);
        }
}

/* The object in a nation's picture that has its own track of the body; NULL: none. */
static const struct wlk_picture_object *own_object(int nation, int body)
{
    const struct wlk_picture *picture = &scene.picture[nation];
    for (size_t i = 0; i < picture->count; i++)
        if (picture->object[i].has_own && !picture->object[i].is_ended &&
            picture->object[i].own_object == scene.view[nation][body].object)
            return &picture->object[i];
    return NULL;
}

static bool is_one_name(const struct wlk_picture_object *a, const struct wlk_picture_object *b)
{
    return a->ordinal && a->ordinal == b->ordinal && wlk_name_equal(a->named_by, b->named_by);
}

/* Does the name of a nation's objects stay? */
static void watch_names(int nation, struct wlk_names_cell *cell)
{
    for (int m = 0; m < bodies(); m++) {
        struct view *view = &scene.view[nation][m];
        const struct wlk_picture_object *object = own_object(nation, m);
        if (!object || !object->ordinal)
            continue;
        cell->switches += view->ordinal && (view->ordinal != object->ordinal ||
                                            !wlk_name_equal(view->named_by, object->named_by));
        view->ordinal = object->ordinal;
        view->named_by = object->named_by;
    }
}

/* Of the one that the second nation tells beside: is it shown, is it averaged in, are the
 * others let alone? */
static void judge_wrong(int nation, struct wlk_names_cell *cell)
{
    const struct wlk_picture *picture = &scene.picture[nation];
    for (int m = 0; m < scene.salvo->missiles && scene.salvo->is_one_wrong; m++) {
        const struct wlk_picture_object *object = own_object(nation, m);
        double x[6], apart_m = 0;
        if (!object || !object->has_state || nation == WRONG_NATION ||
            !truth_at(m, SECONDS - 1, x))
            continue;
        for (int i = 0; i < 3; i++)
            apart_m = hypot(apart_m, object->state.position_m[i] - x[i]);
        if (m != WRONG_BODY) {
            cell->others++;
            cell->beside += object->disagrees;
            continue;
        }
        cell->wrong++;
        cell->wrong_shown +=
            object->disagrees || picture->count > (size_t)scene.salvo->missiles;
        cell->wrong_averaged += apart_m > 0.1 * BESIDE_M;
    }
}

static void judge_names(struct wlk_names_cell *cell)
{
    bool is_all_same = true;
    for (int a = 0; a < scene.salvo->nations; a++)
        for (int b = a + 1; b < scene.salvo->nations; b++)
            for (int m = 0; m < bodies(); m++) {
                const struct wlk_picture_object *one = own_object(a, m), *other;
                bool is_same = false, is_confused = false;
                for (int k = 0; one && k < bodies(); k++) {
                    other = own_object(b, k);
                    is_same = is_same || (k == m && other && is_one_name(one, other));
                    is_confused = is_confused || (k != m && other && is_one_name(one, other));
                }
                cell->pairs++;
                cell->same += is_same;
                cell->confused += is_confused;
                is_all_same = is_all_same && is_same;
            }
    cell->salvos_same += is_all_same;
}

static void judge_pairs(int nation, struct wlk_names_cell *cell)
{
    struct wlk_fusion_source source[WLK_FUSION_SOURCES_MAX];
    size_t live = 0;
    for (size_t i = 0; i < scene.picture[nation].count; i++)
        live += !scene.picture[nation].object[i].is_ended;
    cell->pictures++;
    cell->counted += live == (size_t)bodies();
    cell->partners += (scene.salvo->nations - 1) * bodies();
    cell->objects += bodies();
    for (int m = 0; m < bodies(); m++) {
        const struct wlk_picture_object *object = own_object(nation, m);
        size_t count =
            object ? wlk_fusion_sources(scene.fusion[nation], object->number, source) : 0;
        for (size_t k = 0; k < count; k++)
            for (int from = 0; from < scene.salvo->nations; from++)
                cell->right += from != nation &&
                               wlk_name_equal(source[k].originator, wlk_name_of(NAMES[from])) &&
                               source[k].object == scene.view[from][m].object;
    }
}

void wlk_fusion_names_play(const struct wlk_names_salvo *salvo, uint64_t number,
                           struct wlk_names_cell *cell)
{
    memset(&scene, 0, sizeof scene);
    scene.salvo = salvo;
    scene.random = wlk_random_seeded(number, 8100);
    for (int n = 0; n < salvo->nations; n++) {
        draw_nation(n);
        if (wlk_fusion_open(wlk_name_of(NAMES[n]), &scene.fusion[n]) != WLK_OK)
            abort();
        wlk_fusion_clock(scene.fusion[n], CLOCK_S);
    }
    for (int s = 0; s < SECONDS; s++) {
        for (int n = 0; n < salvo->nations; n++)
            tell_own_all(n, s);
        for (int from = 0; from < salvo->nations; from++)
            for (int to = 0; to < salvo->nations; to++)
                if (from != to)
                    tell(from, to, s);
        for (int n = 0; n < salvo->nations; n++) {
            wlk_fusion_picture(scene.fusion[n], at(s), &scene.picture[n]);
            watch_names(n, cell);
        }
    }
    cell->salvos++;
    judge_names(cell);
    for (int n = 0; n < salvo->nations; n++) {
        judge_pairs(n, cell);
        judge_wrong(n, cell);
        const struct wlk_fusion_counts counts = wlk_fusion_counts(scene.fusion[n]);
        cell->joined += (double)counts.joined;
        cell->parted += (double)counts.parted;
        cell->to_join += (salvo->nations - 1) * bodies();
        wlk_fusion_close(scene.fusion[n]);
    }
}
