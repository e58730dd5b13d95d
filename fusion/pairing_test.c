/* pairing_test.c -- does an object that its originator has numbered anew stay one object?
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/tap.h"
#include "earth/propagate.h"
#include "fusion/picture.h"

#include <math.h>
#include <string.h>

static const wlk_utc T0 = {1503953880000000000}; /* 2017-08-28T20:58:00Z */
static const double SIGMA_M = 300, SIGMA_MPS = 6;
static struct wlk_picture picture;

static wlk_utc at(double s)
{
    return wlk_utc_add(T0, s);
}

/* Flight k at s seconds, k times 40 km north: where it is, and how sure one is. */
static struct wlk_state seen(int k, double s)
{
    wlk_geodetic place = {(39.9 + 0.36 * k) * WLK_DEG, 132 * WLK_DEG, 300e3};
    wlk_ecef from = wlk_ecef_from_geodetic(place);
    double x[6] = {from.x, from.y, from.z};
    struct wlk_state state = {
        .epoch = at(s), .phase = WLK_PHASE_COAST, .log_inverse_beta = log(1.0 / 4000)};
    wlk_ecef_from_enu(place, (wlk_enu){3900, 900, 1500}, x + 3);
    if (wlk_propagate(x, 1.0 / 4000, s - 200, x, NULL) != WLK_OK)
        wlk_check(false, "flight %d can be flown to %g s", k, s);
    memcpy(state.position_m, x, sizeof state.position_m);
    memcpy(state.velocity_mps, x + 3, sizeof state.velocity_mps);
    for (int i = 0; i < 3; i++) {
        state.covariance[i][i] = SIGMA_M * SIGMA_M;
        state.covariance[i + 3][i + 3] = SIGMA_MPS * SIGMA_MPS;
    }
    return state;
}

static void tell(struct wlk_fusion *fusion, const char *nation, uint32_t object, int k,
                 double s)
{
    struct wlk_partner who = {
        .originator = wlk_name_of(nation), .object = object, .time = at(s)};
    struct wlk_state state = seen(k, s);
    wlk_status status =
        wlk_fusion_partner_track(fusion, &who, &state, WLK_CONDITION_MEASURED);
    if (status != WLK_OK)
        wlk_check(false, "%s's track of %g s is taken", nation, s);
}

static void declare(struct wlk_fusion *fusion, const char *nation, uint32_t object, double s)
{
    struct wlk_partner who = {
        .originator = wlk_name_of(nation), .object = object, .time = at(s)};
    struct wlk_launch launch = {
        .point = {.place = {39.2 * WLK_DEG, 125.7 * WLK_DEG, 0}, .time = at(0)},
        .status = WLK_LAUNCH_CONFIRMED,
        .object_count_min = 1,
        .object_count_max = 1};
    launch.point.covariance[0][0] = launch.point.covariance[1][1] = 4e6;
    launch.point.covariance[2][2] = 4;
    if (wlk_fusion_partner_launch(fusion, &who, &launch) != WLK_OK)
        wlk_check(false, "%s's launch is taken", nation);
}

static size_t shown(struct wlk_fusion *fusion, double s)
{
    for (int i = 0; i < 4; i++) /* a joined object may join a third in the next picture */
        wlk_fusion_picture(fusion, at(s), &picture);
    return picture.count;
}

static struct wlk_fusion *open_jp(void)
{
    struct wlk_fusion *fusion = NULL;
    if (wlk_fusion_open(wlk_name_of("JP"), &fusion) != WLK_OK)
        wlk_check(false, "JP opens");
    return fusion;
}

static void starts_again(void)
{
    struct wlk_fusion *jp = open_jp();
    tell(jp, "KR", 1, 0, 200);
    tell(jp, "US", 1, 0, 200);
    wlk_check(shown(jp, 200) == 1, "KR and US see one object");
    double alone_m2 = picture.object[0].state.covariance[0][0];
    tell(jp, "KR", 65536, 0, 203);
    wlk_check(shown(jp, 203) == 2,
              "a second number of KR within seconds of the first is a second object");
    tell(jp, "KR", 65536, 0, 206);
    tell(jp, "US", 1, 0, 205);
    wlk_check(shown(jp, 206) == 1,
              "when KR has been silent about the first for a while, it is the same");
    const struct wlk_picture_object *object = &picture.object[0];
    wlk_check(object->source_count == 2, "and it rests on two nations, not three");
    wlk_check(object->state.covariance[0][0] > 0.8 * alone_m2,
              "with one state of each: what KR said before its restart is not added");
    wlk_check(wlk_utc_seconds(object->last_measurement, at(206)) == 0,
              "and what KR said last counts");
    wlk_fusion_close(jp);
}

static void two_missiles(void)
{
    struct wlk_fusion *jp = open_jp();
    tell(jp, "KR", 1, 0, 200);
    tell(jp, "KR", 2, 1, 220);
    tell(jp, "KR", 2, 1, 221);
    wlk_check(shown(jp, 221) == 2, "another object 40 km away stays another");
    for (int s = 222; s < 240; s++) {
        tell(jp, "KR", 2, 0, s);
        tell(jp, "KR", 1, 0, s);
    }
    wlk_check(shown(jp, 240) == 2, "two that are told together never become one");
    wlk_fusion_close(jp);
}

/* Satellites of a partner tell of a launch that its radars see later. */
static void sighted_first(void)
{
    struct wlk_fusion *jp = open_jp();
    declare(jp, "US", 0x40000001, 60);
    declare(jp, "KR", 1, 75);
    wlk_check(shown(jp, 75) == 1, "a launch told by US and KR is one");
    declare(jp, "US", 7, 130);
    tell(jp, "US", 7, 0, 200);
    tell(jp, "KR", 1, 0, 200);
    wlk_check(shown(jp, 200) == 1 && picture.object[0].source_count == 2,
              "and the track that US has of it later belongs to it");
    wlk_fusion_close(jp);
}

/* A node is killed while the motor burns and comes back after it. */
static void burnt_before(void)
{
    struct wlk_fusion *jp = open_jp();
    struct wlk_partner who = {.originator = wlk_name_of("KR"), .object = 1, .time = at(120)};
    struct wlk_state burning = seen(0, 200);
    burning.epoch = at(120);
    burning.phase = WLK_PHASE_BOOST;
    declare(jp, "KR", 1, 119);
    wlk_check(wlk_fusion_partner_track(jp, &who, &burning, WLK_CONDITION_MEASURED) == WLK_OK,
              "a boosting track is taken");
    declare(jp, "KR", 65536, 190);
    tell(jp, "KR", 65536, 0, 190);
    wlk_check(shown(jp, 190) == 1,
              "a free state is not flown back through the burn: the launch point tells");
    wlk_fusion_close(jp);
}

/* A link on which much is lost: a number that was not heard for a while is no old one. */
static void lossy_link(void)
{
    struct wlk_fusion *jp = open_jp();
    tell(jp, "KR", 1, 0, 200);
    tell(jp, "KR", 2, 0, 203);
    tell(jp, "KR", 2, 0, 212);
    wlk_check(shown(jp, 212) == 2,
              "within one life of a node, twelve seconds of silence make no object another's");
    wlk_fusion_close(jp);
}

/* ---- salvos ------------------------------------------------------------------------------ */

enum { SALVO = 5 };
static const wlk_event EVENT = {{5}};

/* Missile k at s seconds, each 2 km north of the other, as a nation that is off by so much has
 * it. */
static struct wlk_state beside(int k, double s, double off_m)
{
    struct wlk_state state = seen(0, s);
    double north[3];
    wlk_ecef_from_enu((wlk_geodetic){39.9 * WLK_DEG, 132 * WLK_DEG, 300e3},
                      (wlk_enu){off_m / 2, k * 2000.0 + off_m, 0}, north);
    for (int i = 0; i < 3; i++)
        state.position_m[i] += north[i] + 40 * ((k * 7 + i * 3) % 5 - 2);
    return state;
}

static void tell_salvo(struct wlk_fusion *jp, int own_first, int own_count, double s)
{
    for (int k = 0; k < SALVO; k++) { /* KR numbers from north to south */
        struct wlk_partner who = {.originator = wlk_name_of("KR"),
                                  .object = (uint32_t)(20 - k),
                                  .event = EVENT,
                                  .has_event = true,
                                  .time = at(s)};
        struct wlk_state state = beside(k, s, 1800);
        if (wlk_fusion_partner_track(jp, &who, &state, WLK_CONDITION_MEASURED) != WLK_OK)
            wlk_check(false, "KR's track of %g s is taken", s);
    }
    for (int k = own_first; k < own_first + own_count; k++) {
        struct wlk_track own = {.object = (uint32_t)(1 + k),
                                .revision = 1,
                                .state = beside(k, s, 0),
                                .first_plot = at(s - 1),
                                .last_measurement = at(s),
                                .is_confirmed = true,
                                .condition = WLK_CONDITION_MEASURED};
        wlk_fusion_own(jp, &own, &EVENT);
    }
    wlk_fusion_picture(jp, at(s), &picture);
}

/* Own objects that stand with KR's track of the same missile, and are named after it. */
static int count_right(const struct wlk_fusion *jp)
{
    struct wlk_fusion_source source[WLK_FUSION_SOURCES_MAX];
    int right = 0;
    for (size_t i = 0; i < picture.count; i++) {
        const struct wlk_picture_object *object = &picture.object[i];
        size_t count = wlk_fusion_sources(jp, object->number, source);
        for (size_t k = 0; k < count && object->has_own; k++)
            right += !source[k].is_own && source[k].object == 21 - object->own_object &&
                     object->ordinal == object->own_object &&
                     wlk_name_equal(object->named_by, wlk_name_of("KR"));
    }
    return right;
}

static void off_by_a_place(void)
{
    struct wlk_fusion *jp = open_jp();
    for (int s = 0; s < 5; s++)
        tell_salvo(jp, 0, 0, 200 + s);
    for (int s = 5; s < 8; s++)
        tell_salvo(jp, 0, SALVO, 200 + s);
    wlk_check(picture.count == SALVO && count_right(jp) == SALVO,
              "KR's five are off by the distance of neighbours: each stands with ours (%d)",
              count_right(jp));
    wlk_fusion_close(jp);
    jp = open_jp();
    for (int s = 0; s < 5; s++)
        tell_salvo(jp, 0, 0, 200 + s);
    for (int s = 5; s < 30; s++)
        tell_salvo(jp, 2, 2, 200 + s); /* two of them: it may be any two */
    for (int s = 30; s < 50; s++)
        tell_salvo(jp, 0, SALVO, 200 + s);
    wlk_check(picture.count == SALVO && count_right(jp) == SALVO,
              "what was taken for a neighbour is put right when the whole salvo is seen (%d)",
              count_right(jp));
    wlk_fusion_close(jp);
}

int main(void)
{
    starts_again();
    two_missiles();
    sighted_first();
    burnt_before();
    lossy_link();
    off_by_a_place();
    return wlk_tap_done();
}
