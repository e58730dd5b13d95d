/* us76.c -- US Standard Atmosphere 1976.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/us76.h"

#include <math.h>
#include <stddef.h>

/* Constants of the standard [US76, table 2]; sources of this file are in us76.h. */
#define EARTH_RADIUS_M 6356766.0  /* r0 of the geopotential height */
#define GRAVITY_MPS2   9.80665    /* g0 */
#define MOLAR_KGPMOL   28.9644e-3 /* M0, sea level to 80 km */
#define GAS_JPMOLK     8.31432    /* R*, the standard's own value */

/* Layers by geopotential height [US76, table 4]; pressure follows from the layer below. */
static const struct layer {
    double height_m, temperature_k, lapse_kpm, pressure_pa;
} LAYERS[] = {
    {0.0, 288.15, -0.0065, 101325.0},    {11000.0, 216.65, 0.0, 22632.06},
    {20000.0, 216.65, 0.001, 5474.889},  {32000.0, 228.65, 0.0028, 868.0187},
    {47000.0, 270.65, 0.0, 110.9063},    {51000.0, 270.65, -0.0028, 66.93887},
    {71000.0, 214.65, -0.002, 3.956420},
};

/* Density by geometric height [US76, table I]. */
static const struct point {
    double height_m, density_kgpm3;
} POINTS[] = {
    {86e3, 6.958e-6},   {90e3, 3.416e-6},   {100e3, 5.604e-7},   {110e3, 9.708e-8},
    {115e3, 4.289e-8},  {120e3, 2.222e-8},  {130e3, 8.152e-9},   {140e3, 3.831e-9},
    {150e3, 2.076e-9},  {160e3, 1.233e-9},  {180e3, 5.194e-10},  {200e3, 2.541e-10},
    {250e3, 6.073e-11}, {300e3, 1.916e-11}, {350e3, 7.014e-12},  {400e3, 2.803e-12},
    {450e3, 1.184e-12}, {500e3, 5.215e-13}, {600e3, 1.137e-13},  {700e3, 3.070e-14},
    {800e3, 1.136e-14}, {900e3, 5.759e-15}, {1000e3, 3.561e-15},
};

enum {
    LAYER_COUNT = sizeof LAYERS / sizeof LAYERS[0],
    POINT_COUNT = sizeof POINTS / sizeof POINTS[0]
};

static double below_86_km(double height_m)
{
    double geopotential_m = EARTH_RADIUS_M * height_m / (EARTH_RADIUS_M + height_m);
    size_t i = LAYER_COUNT - 1;
    while (i > 0 && geopotential_m < LAYERS[i].height_m)
        i--;
    const struct layer *layer = &LAYERS[i];
    double rise_m = geopotential_m - layer->height_m;
    double temperature_k = layer->temperature_k + layer->lapse_kpm * rise_m;
    double scale = GRAVITY_MPS2 * MOLAR_KGPMOL / GAS_JPMOLK; /* K/m */
    double pressure_pa = layer->lapse_kpm != 0.0
                             ? layer->pressure_pa * pow(layer->temperature_k / temperature_k,
                                                        scale / layer->lapse_kpm)
                             : layer->pressure_pa * exp(-scale * rise_m / layer->temperature_k);
    return pressure_pa * MOLAR_KGPMOL / (GAS_JPMOLK * temperature_k);
}

double wlk_us76_density(double height_m)
{
    if (!(height_m < POINTS[POINT_COUNT - 1].height_m))
        return 0.0;
    if (height_m < POINTS[0].height_m)
        return below_86_km(fmax(height_m, -5000.0));
    size_t i = 0;
    while (height_m >= POINTS[i + 1].height_m)
        i++;
    double along =
        (height_m - POINTS[i].height_m) / (POINTS[i + 1].height_m - POINTS[i].height_m);
    return POINTS[i].density_kgpm3 *
           pow(POINTS[i + 1].density_kgpm3 / POINTS[i].density_kgpm3, along);
}
