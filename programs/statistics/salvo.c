/* salvo.c -- three nations' tracks of six missiles, into JP's picture.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/statistics/salvo.h"

#include "base/random.h"
#include "earth/propagate.h"
#include "fusion/picture.h"
#include "programs/statistics/draw.h"

#include <math.h>
#include <string.h>

/* 0.05 deg at 1,000 km, and what registration leaves of it: 0.005 deg. */
const double WLK_SALVO_BIAS_M[] = {0, 90, 870};
const double WLK_SALVO_SPACING_M[] = {1e3, 2e3, 5e3, 20e3};

enum { JP, KR, US, NATIONS, MISSILES = 6, SECONDS = 15 };
static const char *const NAMES[NATIONS] = {"JP", "KR", "US"};
/* Error of a track half a minute after burnout, each axis. */
static const double SIGMA_M = 150, SIGMA_MPS = 4;

static struct wlk_picture picture; /* too large for a stack */

/* What a nation has of a missile: off by the nation's bias and by its own error. */
struct view {
    double off[6];
};

static bool state_at(double spacing_m, int missile, double s, const struct view *view,
                     double bias_m, struct wlk_state *out)
{
    wlk_geodetic place = {39.5 * WLK_DEG, 132 * WLK_DEG, 300e3};
    wlk_ecef from = wlk_ecef_from_geodetic(place);
    double x[6] = {from.x, from.y, from.z}, beside[3];
    /* side by side: along a line at 45 deg to the course */
    wlk_ecef_from_enu(
        place, (wlk_enu){missile * spacing_m * sqrt(0.5), missile * spacing_m * sqrt(0.5), 0},
        beside);
    wlk_ecef_from_enu(place, (wlk_enu){3900, 900, 1500}, x + 3);
    for (int i = 0; i < 3; i++)
        x[i] += beside[i];
    memset(out, 0, sizeof *out);
    out->epoch = wlk_draw_time(200 + s);
    out->phase = WLK_PHASE_COAST;
    out->log_inverse_beta = log(1.0 / 4000);
    if (wlk_propagate(x, 1.0 / 4000, s, x, NULL) != WLK_OK)
        return false;
    for (int i = 0; i < 3; i++) {
        out->position_m[i] = x[i] + view->off[i];
        out->velocity_mps[i] = x[i + 3] + view->off[i + 3];
        out->covariance[i][i] = SIGMA_M * SIGMA_M + bias_m * bias_m;
        out->covariance[i + 3][i + 3] = SIGMA_MPS * SIGMA_MPS;
    }
    return true;
}

static void draw_views(struct wlk_random *random, double bias_m,
                       struct view view[NATIONS][MISSILES])
{
    for (int n = 0; n < NATIONS; n++) {
        double bias[3];
        for (int i = 0; i < 3; i++)
            bias[i] = bias_m * wlk_random_normal(random);
        for (int m = 0; m < MISSILES; m++)
            for (int i = 0; i < 6; i++)
                view[n][m].off[i] = (i < 3 ? SIGMA_M : SIGMA_MPS) * wlk_random_normal(random) +
                                    (i < 3 ? bias[i] : 0);
    }
}

static void tell(struct wlk_fusion *fusion, int nation, int missile,
                 const struct wlk_state *state)
{
    static const wlk_event event = {{7}};
    struct wlk_partner who = {.originator = wlk_name_of(NAMES[nation]),
                              .object = (uint32_t)(1 + missile),
                              .event = event,
                              .has_event = true,
                              .is_fine = true,
                              .time = state->epoch};
    struct wlk_track own = {.object = who.object,
                            .revision = (uint32_t)(1 + wlk_draw_seconds(state->epoch)),
                            .state = *state,
                            .first_plot = wlk_draw_time(150),
                            .last_measurement = state->epoch,
                            .plot_count = 30,
                            .is_confirmed = true,
                            .condition = WLK_CONDITION_MEASURED};
    if (nation == JP)
        wlk_fusion_own(fusion, &own, &event);
    else
        (void)!wlk_fusion_partner_track(fusion, &who, state, WLK_CONDITION_MEASURED);
}

/* How many partners' tracks stand with our track of the same missile. */
static void judge(const struct wlk_fusion *fusion, struct wlk_salvo_cell *cell)
{
    struct wlk_fusion_source source[WLK_FUSION_SOURCES_MAX];
    cell->salvos++;
    cell->counted += picture.count == MISSILES;
    cell->tracks += (NATIONS - 1) * MISSILES;
    for (size_t i = 0; i < picture.count; i++) {
        const struct wlk_picture_object *object = &picture.object[i];
        size_t count = wlk_fusion_sources(fusion, object->number, source);
        for (size_t k = 0; k < count && object->has_own; k++)
            cell->right += !source[k].is_own && source[k].object == object->own_object;
    }
}

static void play(double spacing_m, double bias_m, struct wlk_random *random,
                 struct wlk_salvo_cell *cell)
{
    struct wlk_fusion *fusion = NULL;
    struct view view[NATIONS][MISSILES];
    struct wlk_state state;
    draw_views(random, bias_m, view);
    if (wlk_fusion_open(wlk_name_of(NAMES[JP]), &fusion) != WLK_OK)
        return;
    for (int s = 0; s < SECONDS; s++) {
        for (int n = 0; n < NATIONS; n++)
            for (int m = 0; m < MISSILES; m++)
                if (state_at(spacing_m, m, s, &view[n][m], bias_m, &state))
                    tell(fusion, n, m, &state);
        wlk_fusion_picture(fusion, wlk_draw_time(200 + s), &picture);
    }
    judge(fusion, cell);
    wlk_fusion_close(fusion);
}

void wlk_salvo_play(uint64_t number,
                    struct wlk_salvo_cell cell[WLK_SALVO_BIASES][WLK_SALVO_SPACINGS])
{
    struct wlk_random random = wlk_random_seeded(number, 8000);
    for (int b = 0; b < WLK_SALVO_BIASES; b++)
        for (int s = 0; s < WLK_SALVO_SPACINGS; s++)
            play(WLK_SALVO_SPACING_M[s], WLK_SALVO_BIAS_M[b], &random, &cell[b][s]);
}
