/* fuse.c -- three books, one more for all, and JP's picture.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/statistics/fuse.h"

#include "base/random.h"
#include "earth/propagate.h"
#include "fusion/picture.h"
#include "release/groups.h"
#include "tracking/book.h"

#include <math.h>
#include <string.h>

enum { JP, KR, US, NATIONS, ALL = NATIONS, BOOKS };
static const char *const NAMES[NATIONS] = {"JP", "KR", "US"};
static const double EPOCH_S[] = {60, 120, 180, 240}; /* after burnout */
/* One sigma of what registration leaves: the table of biases has it. */
static const double LEFT_SIGMA[3] = {12, 0.0064 * WLK_DEG, 0.0038 * WLK_DEG};
static const double BESIDE_M = 20e3;
static const double CLOCK_S = 0.01, LATE_MAX_S = 5, LOSS = 0.3, SLOW_S = 10;
static const double FREE_M = 120e3, CARRY_NOISE = 1e-6;
enum { EPOCHS = 4, WAITING_MAX = 128 };

/* A record on its way. */
struct message {
    bool is_waiting;
    double due_s;
    int nation; /* that it claims to come from */
    struct wlk_partner who;
    struct wlk_state state;
    enum wlk_track_condition condition;
};

struct scene {
    const struct wlk_draw_sites *sites;
    const struct wlk_follow *follow;
    enum wlk_fuse_way way;
    struct wlk_book *book[BOOKS];
    struct wlk_fusion *fusion;
    struct wlk_random random;
    double clock_s[NATIONS];
    double excess[WLK_DRAW_SITES][3]; /* m, rad, rad */
    struct wlk_coarse coarse[NATIONS];
    bool has_told[NATIONS];
    struct message waiting[WAITING_MAX];
    int refused;
    struct wlk_picture picture;
};

static struct scene scene; /* too large for a stack */

static const struct wlk_track *best_track(const struct wlk_book *book)
{
    const struct wlk_track *best = NULL;
    for (size_t i = 0; i < wlk_book_count(book); i++) {
        const struct wlk_track *track = wlk_book_track(book, i);
        if (track->is_confirmed && !track->is_ended &&
            (!best || track->plot_count > best->plot_count))
            best = track;
    }
    return best;
}

static int owner_of(const struct wlk_site *site)
{
    for (int n = 0; n < NATIONS; n++)
        if (strcmp(site->owner.text, NAMES[n]) == 0)
            return n;
    return JP;
}

static void hand_over(const struct message *message)
{
    /* stale ones, doubles, and own records that come back are refused: that is the point */
    if (wlk_fusion_partner_track(scene.fusion, &message->who, &message->state,
                                 message->condition) != WLK_OK)
        scene.refused++;
}

static void post(struct message message, double now_s)
{
    int copies = scene.way == WLK_FUSE_LOOPED ? 3 : 1;
    for (int i = 0, at = 0; i < copies && at < WAITING_MAX; at++) {
        if (scene.waiting[at].is_waiting)
            continue;
        message.is_waiting = true;
        message.due_s = now_s;
        if (scene.way == WLK_FUSE_LOOPED)
            message.due_s += LATE_MAX_S * wlk_random_uniform(&scene.random);
        scene.waiting[at] = message;
        if (scene.way == WLK_FUSE_LOOPED && i == 2) /* round the loop, under our own name */
            scene.waiting[at].who.originator = wlk_name_of(NAMES[JP]);
        i++;
    }
}

static void deliver(double now_s)
{
    for (int i = 0; i < WAITING_MAX; i++)
        if (scene.waiting[i].is_waiting && scene.waiting[i].due_s <= now_s) {
            hand_over(&scene.waiting[i]);
            scene.waiting[i].is_waiting = false;
        }
}

/* What a nation tells of its track now. */
static void tell(int nation, double now_s)
{
    const struct wlk_track *track = best_track(scene.book[nation]);
    struct wlk_track_content content;
    struct message message = {.nation = nation};
    double clock_s = scene.way == WLK_FUSE_CLOCK ? CLOCK_S : 0;
    if (!track || track->condition == WLK_CONDITION_LOST)
        return;
    if (scene.way == WLK_FUSE_LOSSY &&
        (fmod(now_s, SLOW_S) >= 1 || wlk_random_uniform(&scene.random) < LOSS))
        return;
    wlk_status status = scene.way == WLK_FUSE_COARSE
                            ? wlk_groups_track_coarse(track, clock_s, wlk_draw_time(now_s),
                                                      &scene.coarse[nation], &content)
                            : wlk_groups_track_fine(track, clock_s, &content);
    if (status != WLK_OK || wlk_groups_track_state(&content, &message.state) != WLK_OK)
        return;
    for (int i = 0; i < 3 && scene.way == WLK_FUSE_WRONG && nation == US; i++)
        message.state.position_m[i] += BESIDE_M / sqrt(3.0);
    message.condition = track->condition;
    message.who.originator = wlk_name_of(NAMES[nation]);
    message.who.object = track->object;
    message.who.is_fine = scene.way != WLK_FUSE_COARSE;
    message.who.time = wlk_draw_time(now_s);
    scene.has_told[nation] = true;
    post(message, now_s);
}

static const struct wlk_picture_object *main_object(void)
{
    const struct wlk_picture_object *best = NULL;
    for (size_t i = 0; i < scene.picture.count; i++) {
        const struct wlk_picture_object *object = &scene.picture.object[i];
        if (object->has_state && (!best || object->source_count > best->source_count))
            best = object;
    }
    return best;
}

/* The states that there are, at the picture's time, against the truth. */
static void judge(double now_s, struct wlk_fuse_cell *cell)
{
    const struct wlk_picture_object *object = main_object();
    const struct wlk_track *central = best_track(scene.book[ALL]);
    const struct wlk_track *own = best_track(scene.book[JP]);
    struct wlk_state whole, alone;
    double x[6];
    if (!object || !central || object->source_count < 2 ||
        object->state.phase == WLK_PHASE_BOOST ||
        wlk_flight_at(&scene.follow->drawn->flight, now_s, x, x + 3) != WLK_OK ||
        wlk_propagate_height(x) < FREE_M ||
        wlk_state_carry(&central->state, object->state.epoch, CARRY_NOISE, &whole) != WLK_OK)
        return;
    wlk_cell_take_error(&cell->fused[scene.way], &object->state, x, whole.covariance);
    if (scene.way == WLK_FUSE_BIASED)
        wlk_cell_take_error(&cell->central_biased, &whole, x, whole.covariance);
    if (scene.way == WLK_FUSE_WRONG && scene.has_told[US]) {
        cell->wrong++;
        cell->wrong_shown += object->disagrees || scene.picture.count > 1;
    }
    if (scene.way != WLK_FUSE_PLAIN)
        return;
    cell->pictures++;
    cell->disagreeing += object->disagrees;
    wlk_cell_take_error(&cell->central, &whole, x, whole.covariance);
    if (own && wlk_state_carry(&own->state, object->state.epoch, CARRY_NOISE, &alone) == WLK_OK)
        wlk_cell_take_error(&cell->own, &alone, x, whole.covariance);
}

/* In boost the newest epoch is the picture's. */
static void judge_boost(struct wlk_fuse_cell *cell)
{
    const struct wlk_picture_object *object = main_object();
    const struct wlk_track *own = best_track(scene.book[JP]);
    double x[6], t;
    if (!object || !own || object->source_count < 2 || object->state.phase != WLK_PHASE_BOOST ||
        own->state.phase != WLK_PHASE_BOOST)
        return;
    struct wlk_state alone = own->state;
    t = wlk_draw_seconds(object->state.epoch);
    if (wlk_flight_at(&scene.follow->drawn->flight, t, x, x + 3) == WLK_OK)
        wlk_cell_take_error(&cell->boost, &object->state, x, alone.covariance);
    t = wlk_draw_seconds(alone.epoch);
    if (wlk_flight_at(&scene.follow->drawn->flight, t, x, x + 3) == WLK_OK)
        wlk_cell_take_error(&cell->boost_own, &alone, x, alone.covariance);
}

static void take_looks(size_t *next, double to_s)
{
    const struct wlk_follow *follow = scene.follow;
    for (; *next < follow->count && wlk_draw_seconds(follow->look[*next].plot.time) <= to_s;
         (*next)++) {
        struct wlk_plot plot = follow->look[*next].plot;
        int site = follow->look[*next].site, owner = owner_of(&scene.sites->site[site]);
        plot.seen.range_m += scene.excess[site][0];
        plot.seen.azimuth_rad += scene.excess[site][1];
        plot.seen.elevation_rad =
            fmin(plot.seen.elevation_rad + scene.excess[site][2], WLK_PI / 2);
        if (scene.way == WLK_FUSE_BIASED)
            memcpy(plot.bias_sigma, LEFT_SIGMA, sizeof plot.bias_sigma);
        (void)wlk_book_take(scene.book[ALL], &plot);
        plot.time = wlk_utc_add(plot.time, scene.clock_s[owner]);
        (void)wlk_book_take(scene.book[owner], &plot);
    }
}

static void play(struct wlk_fuse_cell *cell)
{
    const struct wlk_flight *flight = &scene.follow->drawn->flight;
    double now_s = wlk_draw_seconds(scene.follow->look[0].plot.time);
    size_t next = 0;
    bool is_boost_judged = false;
    for (; now_s < fmin(flight->burnout_s + EPOCH_S[EPOCHS - 1] + 1, flight->flight_time_s);
         now_s++) {
        take_looks(&next, now_s);
        for (int i = 0; i < BOOKS; i++)
            wlk_book_advance(scene.book[i], wlk_draw_time(now_s));
        for (size_t i = 0; i < wlk_book_count(scene.book[JP]); i++)
            wlk_fusion_own(scene.fusion, wlk_book_track(scene.book[JP], i), NULL);
        tell(KR, now_s);
        tell(US, now_s);
        deliver(now_s);
        wlk_fusion_picture(scene.fusion, wlk_draw_time(now_s), &scene.picture);
        if (scene.way == WLK_FUSE_PLAIN && !is_boost_judged && now_s > flight->burnout_s - 5 &&
            now_s < flight->burnout_s) {
            judge_boost(cell);
            is_boost_judged = true;
        }
        for (int k = 0; k < EPOCHS; k++)
            if (now_s - 1 < flight->burnout_s + EPOCH_S[k] &&
                now_s >= flight->burnout_s + EPOCH_S[k])
                judge(now_s, cell);
    }
}

void wlk_fuse_flight(const struct wlk_draw_sites *sites, const struct wlk_follow *follow,
                     uint64_t number, struct wlk_fuse_cell *cell)
{
    for (int way = 0; way < WLK_FUSE_WAYS; way++) {
        bool is_open = true;
        memset(&scene, 0, sizeof scene);
        scene.sites = sites;
        scene.follow = follow;
        scene.way = (enum wlk_fuse_way)way;
        scene.random = wlk_random_seeded(number, 5000 + (uint64_t)way);
        for (int n = 0; n < NATIONS; n++)
            scene.clock_s[n] =
                way == WLK_FUSE_CLOCK ? CLOCK_S * wlk_random_normal(&scene.random) : 0;
        for (int s = 0; s < WLK_DRAW_SITES && way == WLK_FUSE_BIASED; s++)
            for (int k = 0; k < 3; k++)
                scene.excess[s][k] = LEFT_SIGMA[k] * wlk_random_normal(&scene.random);
        for (int i = 0; i < BOOKS; i++)
            is_open = is_open && wlk_book_open(&scene.book[i]) == WLK_OK;
        is_open = is_open && wlk_fusion_open(wlk_name_of(NAMES[JP]), &scene.fusion) == WLK_OK;
        if (is_open && way == WLK_FUSE_CLOCK)
            wlk_fusion_clock(scene.fusion, CLOCK_S);
        if (is_open)
            play(cell);
        for (int i = 0; i < BOOKS; i++)
            wlk_book_close(scene.book[i]);
        wlk_fusion_close(scene.fusion);
    }
}
