/* pattern.c -- common offset and assignment together.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fusion/pattern.h"

#include "base/assert.h"
#include "fusion/combine.h"

#include <math.h>
#include <string.h>

enum { N = 6, MAX = WLK_PATTERN_MAX, ROUNDS = 4 };

static const double GATE = WLK_COMBINE_GATE; /* for tracks that may be a pair at all */

/* A pair this far apart is as good as two tracks without a mate: few objects of a salvo are
 * seen by one nation alone. (With the gate in its place, one salvo of 18 in seven was laid one
 * place aside: its sum of squares has a sigma of 21.) */
static const double APART = 40;

/* Where covariances say a bias too, they have room for a neighbour. So positions are first
 * taken to be good to what is left of a bias that is known; what the pairs of so many leave
 * then, the common offset taken away, says how good they are. */
enum { SHARPEN_FROM = 4, ROUNDS_OF_SHARPNESS = 2 };
static const double SHARPEN_ROOM = 1.5; /* times the variance: a median errs */
static const double CHI2_3_MEDIAN = 2.366;

static double sum_covariance(const struct wlk_state *one, const struct wlk_state *other, int i,
                             int j)
{
    return one->covariance[i][j] + other->covariance[i][j];
}

static bool make_link(const struct wlk_state *one, const struct wlk_state *other,
                      struct wlk_pattern_link *out)
{
    static const double ROOM2[2] = {WLK_PATTERN_OFFSET_M * WLK_PATTERN_OFFSET_M,
                                    WLK_PATTERN_OFFSET_MPS * WLK_PATTERN_OFFSET_MPS};
    double P[N][N], wide[N][N], W[N][N], square = 0;
    for (int i = 0; i < N; i++)
        out->d[i] = i < 3 ? other->position_m[i] - one->position_m[i]
                          : other->velocity_mps[i - 3] - one->velocity_mps[i - 3];
    for (int i = 0; i < N; i++) /* a box about the ellipsoid first: it is cheap */
        if (!(out->d[i] * out->d[i] <=
              GATE * (sum_covariance(one, other, i, i) + ROOM2[i / 3])))
            return false;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            P[i][j] = sum_covariance(one, other, i, j);
            wide[i][j] = P[i][j] + (i == j ? ROOM2[i / 3] : 0);
        }
    if (!wlk_combine_invert(wide, W) || !wlk_combine_invert(P, out->W))
        return false;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            square += out->d[i] * W[i][j] * out->d[j];
    return square <= GATE;
}

bool wlk_pattern_is_near(const struct wlk_state *one, const struct wlk_state *other)
{
    struct wlk_pattern_link link;
    return make_link(one, other, &link);
}

/* W, or d, is new. */
static void note_square(struct wlk_pattern_link *link)
{
    link->square = 0;
    for (int i = 0; i < N; i++) {
        link->Wd[i] = 0;
        for (int j = 0; j < N; j++)
            link->Wd[i] += link->W[i][j] * link->d[j];
        link->square += link->d[i] * link->Wd[i];
    }
}

/* (d - o)' W (d - o), with o the offset. */
static double cost_of(const struct wlk_pattern_link *link, const double o[3])
{
    double sum = link->square;
    for (int i = 0; i < 3; i++)
        sum += o[i] * (link->W[i][0] * o[0] + link->W[i][1] * o[1] + link->W[i][2] * o[2] -
                       2 * link->Wd[i]);
    return sum;
}

/* The Hungarian method by shortest paths: each row gets another column, the sum of gain (<= 0,
 * 0: not a pair) is least. Rows and columns from 1; column 0 is where a path begins. */
static void assign(double gain[MAX][MAX], size_t rows, size_t columns, int mate[MAX])
{
    double u[MAX + 1] = {0}, v[MAX + 1] = {0};
    size_t row_of[MAX + 1] = {0}, before[MAX + 1] = {0};
    for (size_t row = 1; row <= rows; row++) {
        double least[MAX + 1];
        bool is_done[MAX + 1] = {false};
        size_t at = 0;
        row_of[0] = row;
        for (size_t j = 0; j <= columns; j++)
            least[j] = HUGE_VAL;
        do {
            double step = HUGE_VAL;
            size_t next = 0, i = row_of[at];
            is_done[at] = true;
            for (size_t j = 1; j <= columns; j++) {
                double reduced = gain[i - 1][j - 1] - u[i] - v[j];
                if (is_done[j])
                    continue;
                if (reduced < least[j]) {
                    least[j] = reduced;
                    before[j] = at;
                }
                if (least[j] < step) {
                    step = least[j];
                    next = j;
                }
            }
            for (size_t j = 0; j <= columns; j++) {
                if (is_done[j]) {
                    u[row_of[j]] += step;
                    v[j] -= step;
                } else {
                    least[j] -= step;
                }
            }
            at = next;
        } while (row_of[at] != 0);
        for (; at != 0; at = before[at])
            row_of[at] = row_of[before[at]];
    }
    for (size_t i = 0; i < rows; i++)
        mate[i] = -1;
    for (size_t j = 1; j <= columns; j++)
        if (row_of[j] != 0 && gain[row_of[j] - 1][j - 1] < 0)
            mate[row_of[j] - 1] = (int)j - 1;
}

/* An offset is small, or else there is a bias that nobody has told: minus twice the logarithm
 * of a mixture of two normal distributions, its greater part. */
static double offset_cost(const struct wlk_pattern_table *table, const double offset_m[3],
                          double *variance)
{
    double square = 0;
    for (int i = 0; i < 3; i++)
        square += offset_m[i] * offset_m[i];
    double known = square / table->known2;
    double unknown = square / table->unknown2 + table->unknown_cost;
    *variance = known <= unknown ? table->known2 : table->unknown2;
    return fmin(known, unknown);
}

/* The best assignment to the offset of lay, and its score. */
static void lay_at(const struct wlk_pattern_table *table, struct wlk_pattern_try *lay)
{
    double gain[MAX][MAX] = {{0}};
    for (size_t i = 0; i < table->rows; i++)
        for (size_t j = 0; j < table->columns; j++)
            if (table->link[i][j].is_there)
                gain[i][j] = fmin(0, cost_of(&table->link[i][j], lay->offset_m) - APART);
    assign(gain, table->rows, table->columns, lay->mate);
    double unused;
    lay->score = offset_cost(table, lay->offset_m, &unused);
    for (size_t i = 0; i < table->rows; i++)
        if (lay->mate[i] >= 0) {
            lay->score += gain[i][lay->mate[i]];
            lay->cost[i] = gain[i][lay->mate[i]] + APART;
        }
}

/* The likeliest offset for the assignment: of pairs, and of what offsets may be. */
static void move(const struct wlk_pattern_table *table, struct wlk_pattern_try *lay)
{
    double Y[N][N] = {{0}}, P[N][N], y[N] = {0}, variance;
    (void)offset_cost(table, lay->offset_m, &variance);
    for (int i = 0; i < N; i++) /* the lower three rows only make the matrix whole */
        Y[i][i] = 1 / variance;
    for (size_t row = 0; row < table->rows; row++) {
        const struct wlk_pattern_link *link = &table->link[row][0];
        if (lay->mate[row] < 0)
            continue;
        link += lay->mate[row];
        for (int i = 0; i < 3; i++) {
            y[i] += link->Wd[i];
            for (int j = 0; j < 3; j++)
                Y[i][j] += link->W[i][j];
        }
    }
    if (!wlk_combine_invert(Y, P))
        return;
    for (int i = 0; i < 3; i++) {
        lay->offset_m[i] = 0;
        for (int j = 0; j < 3; j++)
            lay->offset_m[i] += P[i][j] * y[j];
    }
}

/* An earlier try that came to this assignment, from an offset as likely of a bias: what follows
 * is known. NULL: none. */
static const struct wlk_pattern_try *same_as(const struct wlk_pattern_table *table,
                                             const struct wlk_pattern_try *lay)
{
    double variance, other;
    (void)offset_cost(table, lay->offset_m, &variance);
    for (const struct wlk_pattern_try *at = table->tried; at < lay; at++) {
        (void)offset_cost(table, at->offset_m, &other);
        if (variance == other &&
            memcmp(at->mate, lay->mate, table->rows * sizeof lay->mate[0]) == 0)
            return at;
    }
    return NULL;
}

/* Assignment and offset by turns, until the assignment stays. */
static void settle(const struct wlk_pattern_table *table, struct wlk_pattern_try *lay)
{
    struct wlk_pattern_try before;
    lay_at(table, lay);
    for (int round = 1; round < ROUNDS; round++) {
        const struct wlk_pattern_try *same = same_as(table, lay);
        if (same) {
            *lay = *same;
            return;
        }
        before = *lay;
        move(table, lay);
        lay_at(table, lay);
        if (memcmp(before.mate, lay->mate, table->rows * sizeof lay->mate[0]) == 0)
            return;
    }
}

static void try_offset(struct wlk_pattern_table *table, const double offset_m[3])
{
    struct wlk_pattern_try *lay = &table->tried[table->tries++];
    memcpy(lay->offset_m, offset_m, sizeof lay->offset_m);
    settle(table, lay);
}

/* No offset, and all that bring an anchor onto a possible mate; returns the likeliest. */
static struct wlk_pattern_try *try_all(struct wlk_pattern_table *table)
{
    static const double NONE[3];
    size_t anchors =
        table->rows < WLK_PATTERN_ANCHORS ? table->rows : (size_t)WLK_PATTERN_ANCHORS;
    table->tries = 0;
    try_offset(table, NONE);
    for (size_t k = 0; k < anchors; k++) {
        size_t row = k * table->rows / anchors;
        for (size_t j = 0; j < table->columns; j++)
            if (table->link[row][j].is_there)
                try_offset(table, table->link[row][j].d);
    }
    struct wlk_pattern_try *best = &table->tried[0];
    for (size_t i = 1; i < table->tries; i++)
        if (table->tried[i].score < best->score)
            best = &table->tried[i];
    return best;
}

static double median_of(double a[], size_t count)
{
    for (size_t i = 1; i < count; i++) /* few: by insertion */
        for (size_t k = i; k > 0 && a[k - 1] > a[k]; k--) {
            double swap = a[k];
            a[k] = a[k - 1];
            a[k - 1] = swap;
        }
    return a[count / 2];
}

/* Part of the position variance in W that the pairs leave without the common offset; HUGE_VAL:
 * too few to say. By the median: some pairs may be wrong yet. */
static double own_part(const struct wlk_pattern_table *table, const struct wlk_pattern_try *lay)
{
    double left2[MAX], W[N][N], P[N][N], said2 = 0;
    size_t count = 0;
    for (size_t i = 0; i < table->rows; i++) {
        const struct wlk_pattern_link *link = &table->link[i][0];
        if (lay->mate[i] < 0)
            continue;
        link += lay->mate[i];
        memcpy(W, link->W, sizeof W);
        if (!wlk_combine_invert(W, P))
            return HUGE_VAL;
        left2[count] = 0;
        for (int k = 0; k < 3; k++) {
            left2[count] += pow(link->d[k] - lay->offset_m[k], 2);
            said2 += P[k][k] / 3;
        }
        count++;
    }
    if (count < SHARPEN_FROM)
        return HUGE_VAL;
    double variance = median_of(left2, count) / CHI2_3_MEDIAN;
    return SHARPEN_ROOM * variance / (said2 / (double)count);
}

/* The positions' variances to part of what was said, within what makes sense. */
static void sharpen(struct wlk_pattern_table *table, double part)
{
    part = fmin(fmax(part, WLK_PATTERN_KNOWN_M * WLK_PATTERN_KNOWN_M / table->said2), 1);
    double by = sqrt(table->part / part);
    table->part = part;
    for (size_t row = 0; row < table->rows; row++)
        for (size_t column = 0; column < table->columns; column++) {
            struct wlk_pattern_link *link = &table->link[row][column];
            if (!link->is_there)
                continue;
            for (int i = 0; i < N; i++)
                for (int j = 0; j < N; j++)
                    link->W[i][j] *= (i < 3 ? by : 1) * (j < 3 ? by : 1);
            note_square(link);
        }
}

/* Where covariances are wide, offsets may be: they say biases too. */
static void fill_table(const struct wlk_state *const one[],
                       const struct wlk_state *const other[], struct wlk_pattern_table *table)
{
    double variance = 0, links = 0;
    for (size_t i = 0; i < table->rows; i++)
        for (size_t j = 0; j < table->columns; j++) {
            table->link[i][j].is_there = make_link(one[i], other[j], &table->link[i][j]);
            if (!table->link[i][j].is_there)
                continue;
            links += 3;
            for (int k = 0; k < 3; k++)
                variance += sum_covariance(one[i], other[j], k, k);
        }
    table->part = 1;
    table->said2 = links > 0 ? variance / links : WLK_PATTERN_KNOWN_M * WLK_PATTERN_KNOWN_M;
    table->known2 = WLK_PATTERN_KNOWN_M * WLK_PATTERN_KNOWN_M + table->said2;
    table->unknown2 = WLK_PATTERN_OFFSET_M * WLK_PATTERN_OFFSET_M + table->said2;
    table->unknown_cost = 3 * log(table->unknown2 / table->known2) +
                          2 * log(WLK_PATTERN_KNOWN_RATE / (1 - WLK_PATTERN_KNOWN_RATE));
}

/* The mates of the one side, however the table stands. */
static void mates_of(const struct wlk_pattern_table *table, const struct wlk_pattern_try *lay,
                     bool is_swapped, size_t count, int mate[MAX])
{
    for (size_t i = 0; i < count; i++)
        mate[i] = is_swapped ? -1 : lay->mate[i];
    for (size_t row = 0; is_swapped && row < table->rows; row++)
        if (lay->mate[row] >= 0)
            mate[lay->mate[row]] = (int)row;
}

static void find_leads(const struct wlk_pattern_table *table,
                       const struct wlk_pattern_try *best, bool is_swapped, size_t count,
                       struct wlk_pattern *out)
{
    int other[MAX];
    for (size_t i = 0; i < count; i++)
        out->lead[i] = HUGE_VAL;
    for (size_t k = 0; k < table->tries; k++) {
        mates_of(table, &table->tried[k], is_swapped, count, other);
        for (size_t i = 0; i < count; i++)
            if (other[i] != out->mate[i])
                out->lead[i] = fmin(out->lead[i], table->tried[k].score - best->score);
    }
}

void wlk_pattern_match(const struct wlk_state *const one[], size_t count,
                       const struct wlk_state *const other[], size_t other_count,
                       struct wlk_pattern_table *table, struct wlk_pattern *out)
{
    WLK_ASSERT(count > 0 && count <= MAX && other_count > 0 && other_count <= MAX);
    bool is_swapped = count > other_count;
    table->rows = is_swapped ? other_count : count;
    table->columns = is_swapped ? count : other_count;
    fill_table(is_swapped ? other : one, is_swapped ? one : other, table);
    sharpen(table, 0);
    struct wlk_pattern_try *best = try_all(table);
    for (int round = 0; round < ROUNDS_OF_SHARPNESS; round++) {
        sharpen(table, table->part * own_part(table, best));
        best = try_all(table);
    }
    mates_of(table, best, is_swapped, count, out->mate);
    find_leads(table, best, is_swapped, count, out);
    for (int k = 0; k < 3; k++)
        out->offset_m[k] = is_swapped ? -best->offset_m[k] : best->offset_m[k];
    for (size_t i = 0; i < count; i++)
        if (out->mate[i] >= 0)
            out->cost[i] = best->cost[is_swapped ? (size_t)out->mate[i] : i];
}
