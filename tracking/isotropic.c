/* isotropic.c -- noise along and across the line of sight.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/isotropic.h"

#include "base/assert.h"
#include "record/seal.h"

#include <math.h>
#include <string.h>

enum { WORDS = 8 }; /* 64-bit numbers of one draw: 2 uniform, 3 normal of two each */

static void put_number(uint8_t *bytes, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
}

static double uniform(uint64_t bits)
{
    return (double)(bits >> 11) * 0x1p-53;
}

static double normal(uint64_t radius, uint64_t turn)
{
    return sqrt(-2 * log(1 - uniform(radius))) * cos(2 * WLK_PI * uniform(turn));
}

void wlk_isotropic_draw(const struct wlk_isotropic_source *source,
                        struct wlk_isotropic_draw *out)
{
    uint8_t bytes[32 + 8 + 8 + WLK_NAME_SIZE + 8];
    uint64_t word[WORDS];
    memcpy(bytes, source->key, 32);
    put_number(bytes + 32, (uint64_t)source->slot);
    put_number(bytes + 40, source->object);
    memcpy(bytes + 48, source->sensor.text, WLK_NAME_SIZE);
    for (int i = 0; i < WORDS; i += 4) {
        wlk_digest digest;
        put_number(bytes + 48 + WLK_NAME_SIZE, (uint64_t)i);
        wlk_sha256(bytes, sizeof bytes, &digest);
        for (int k = 0; k < 4; k++) {
            word[i + k] = 0;
            for (int b = 0; b < 8; b++)
                word[i + k] |= (uint64_t)digest.bytes[8 * k + b] << (8 * b);
        }
    }
    out->which = uniform(word[0]);
    out->use = uniform(word[1]);
    for (int i = 0; i < 3; i++)
        out->normal[i] = normal(word[2 + 2 * i], word[3 + 2 * i]);
}

/* Along the line of sight, across it in azimuth and in elevation: directions in ECEF, and
 * variances of the plot along them, m^2. */
struct frame {
    double axis[3][3], variance[3];
};

static void frame_of(const struct wlk_look *look, struct frame *out)
{
    double ce = cos(look->z[2]), se = sin(look->z[2]), ca = cos(look->z[1]),
           sa = sin(look->z[1]), range = look->z[0];
    const double enu[3][3] = {{sa * ce, ca * ce, se}, {ca, -sa, 0}, {-sa * se, -ca * se, ce}};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            out->axis[i][j] = enu[i][0] * look->axes[0][j] + enu[i][1] * look->axes[1][j] +
                              enu[i][2] * look->axes[2][j];
    out->variance[0] = look->variance[0];
    out->variance[1] = look->variance[1] * range * ce * range * ce;
    out->variance[2] = look->variance[2] * range * range;
}

bool wlk_isotropic_fits(const struct wlk_look *look, double error_m)
{
    struct frame frame;
    frame_of(look, &frame);
    for (int i = 0; i < 3; i++)
        if (!(frame.variance[i] < error_m * error_m))
            return false;
    return true;
}

void wlk_isotropic_spoil(const struct wlk_look *look, const struct wlk_isotropic_draw *draw,
                         double error_m, struct wlk_isotropic *out)
{
    struct frame frame;
    WLK_ASSERT(wlk_isotropic_fits(look, error_m));
    frame_of(look, &frame);
    memcpy(out->at, look->at, sizeof out->at);
    for (int i = 0; i < 3; i++) { /* the symmetric root of e^2 I - R, times the normals */
        const double *axis = frame.axis[i];
        double along =
            axis[0] * draw->normal[0] + axis[1] * draw->normal[1] + axis[2] * draw->normal[2];
        along *= sqrt(error_m * error_m - frame.variance[i]);
        for (int j = 0; j < 3; j++)
            out->at[j] += along * axis[j];
    }
    for (int j = 0; j < 3; j++)
        out->at[j] = round(out->at[j]); /* to the metre: no bit below tells of a frame */
    out->error_m = error_m;
}

void wlk_isotropic_look(const struct wlk_isotropic *from, wlk_utc time, struct wlk_look *out)
{
    double range = 0, flat = hypot(from->at[0], from->at[1]);
    memset(out, 0, sizeof *out);
    for (int i = 0; i < 3; i++)
        range += from->at[i] * from->at[i];
    range = sqrt(range);
    out->time = time;
    out->size = 3;
    out->z[0] = range; /* azimuth and elevation 0: "north" of these axes is up */
    out->toward[1] = out->level = 1;
    out->variance[0] = from->error_m * from->error_m;
    out->variance[1] = out->variance[2] = out->variance[0] / (range * range);
    memcpy(out->at, from->at, sizeof out->at);
    for (int i = 0; i < 3; i++)
        out->axes[1][i] = from->at[i] / range;
    out->axes[0][0] = flat > 0 ? -from->at[1] / flat : 1;
    out->axes[0][1] = flat > 0 ? from->at[0] / flat : 0;
    const double *e = out->axes[0], *n = out->axes[1];
    out->axes[2][0] = e[1] * n[2] - e[2] * n[1];
    out->axes[2][1] = e[2] * n[0] - e[0] * n[2];
    out->axes[2][2] = e[0] * n[1] - e[1] * n[0];
}
