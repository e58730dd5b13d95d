/* gravity8.c -- EGM96 to degree and order 8 by Cunningham's recursion in Cartesian axes.
 *
 * Equations 3.29 to 3.33 of Montenbruck and Gill, Satellite Orbits, Springer 2000, with their
 * names V, W, C, S; no singularity at the poles. SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/gravity8.h"

#include "base/assert.h"

#include <math.h>

/* Constants that belong to the coefficients [EGM96]: m^3/s^2, m. */
#define GM 3.986004415e14
#define A  6378136.3

enum { TOP = WLK_GRAVITY8_DEGREE_MAX, SIDE = TOP + 2 };

/* Fully normalised coefficients, [degree][order]; tide free. Source: [EGM96] Lemoine et al.,
 * NASA/TP-1998-206861; also icgem.gfz-potsdam.de, EGM96.gfc. */
static const double C_NORMALISED[TOP + 1][TOP + 1] = {
    [0] = {1.0},
    [2] = {-0.000484165371736, -1.86987635955e-10, 2.43914352398e-06},
    [3] = {9.57254173792e-07, 2.02998882184e-06, 9.04627768605e-07, 7.21072657057e-07},
    [4] = {5.39873863789e-07, -5.36321616971e-07, 3.50694105785e-07, 9.90771803829e-07,
           -1.88560802735e-07},
    [5] = {6.8532347563e-08, -6.21012128528e-08, 6.52438297612e-07, -4.51955406071e-07,
           -2.95301647654e-07, 1.74971983203e-07},
    [6] = {-1.49957994714e-07, -7.60879384947e-08, 4.81732442832e-08, 5.71730990516e-08,
           -8.62142660109e-08, -2.6713332549e-07, 9.67616121092e-09},
    [7] = {9.0978937145e-08, 2.79872910488e-07, 3.29743816488e-07, 2.50398657706e-07,
           -2.75114355257e-07, 1.93765507243e-09, -3.58856860645e-07, 1.09185148045e-09},
    [8] = {4.96711667324e-08, 2.33422047893e-08, 8.02978722615e-08, -1.91877757009e-08,
           -2.44600105471e-07, -2.55352403037e-08, -6.57361610961e-08, 6.72811580072e-08,
           -1.24092493016e-07},
};
static const double S_NORMALISED[TOP + 1][TOP + 1] = {
    [2] = {0.0, 1.19528012031e-09, -1.40016683654e-06},
    [3] = {0.0, 2.48513158716e-07, -6.19025944205e-07, 1.41435626958e-06},
    [4] = {0.0, -4.73440265853e-07, 6.6267157254e-07, -2.00928369177e-07, 3.08853169333e-07},
    [5] = {0.0, -9.44226127525e-08, -3.23349612668e-07, -2.14847190624e-07, 4.96658876769e-08,
           -6.69384278219e-07},
    [6] = {0.0, 2.62890545501e-08, -3.73728201347e-07, 9.02694517163e-09, -4.71408154267e-07,
           -5.36488432483e-07, -2.37192006935e-07},
    [7] = {0.0, 9.54336911867e-08, 9.30667596042e-08, -2.17198608738e-07, -1.23800392323e-07,
           1.77377719872e-08, 1.51789817739e-07, 2.44415707993e-08},
    [8] = {0.0, 5.90060493411e-08, 6.54175425859e-08, -8.63454445021e-08, 7.00233016934e-08,
           8.91462164788e-08, 3.09238461807e-07, 7.47440473633e-08, 1.20533165603e-07},
};

/* sqrt((2 - [m = 0]) (2n + 1) (n - m)! / (n + m)!): a normalised coefficient times this is the
 * plain one that the recursion wants. Held by gravity8_test.c, which makes it afresh. */
static const double NORM[TOP + 1][TOP + 1] = {
    [0] = {1.0},
    [2] = {2.23606797749979, 1.2909944487358056, 0.6454972243679028},
    [3] = {2.6457513110645907, 1.0801234497346435, 0.3415650255319866, 0.13944333775567927},
    [4] = {3.0, 0.9486832980505138, 0.22360679774997896, 0.05976143046671968,
           0.021128856368212913},
    [5] = {3.3166247903554, 0.8563488385776752, 0.1618347187425374, 0.033034373632170495,
           0.007786276535852612, 0.0024622368345219954},
    [6] = {3.605551275463989, 0.7867957924694432, 0.12440333788202983, 0.02073388964700497,
           0.003785473021495816, 0.000807065559927745, 0.00023297975913897983},
    [7] = {3.872983346207417, 0.7319250547113999, 0.09960238411119947, 0.014085904245475277,
           0.00212352996432344, 0.0003539216607205733, 6.940974824220647e-05,
           1.8550535516040817e-05},
    [8] = {4.123105625617661, 0.6871842709362768, 0.08213423005076352, 0.010110024837387998,
           0.0013051985941649022, 0.0001809984790740411, 2.7928671659168134e-05,
           5.099054489627207e-06, 1.2747636224068018e-06},
};

double wlk_gravity8_norm(int n, int m)
{
    WLK_ASSERT(n >= 0 && n <= TOP && m >= 0 && m <= n);
    return NORM[n][m];
}

/* V and W of equation 3.29 and 3.30 up to degree top, order up to degree. */
static void harmonics(const double r[3], int top, double V[SIDE][SIDE], double W[SIDE][SIDE])
{
    double rr = r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
    double x = r[0] * A / rr, y = r[1] * A / rr, z = r[2] * A / rr, q = A * A / rr;
    V[0][0] = A / sqrt(rr);
    W[0][0] = 0.0;
    for (int m = 0; m <= top; m++) {
        if (m > 0) {
            V[m][m] = (2 * m - 1) * (x * V[m - 1][m - 1] - y * W[m - 1][m - 1]);
            W[m][m] = (2 * m - 1) * (x * W[m - 1][m - 1] + y * V[m - 1][m - 1]);
        }
        for (int n = m + 1; n <= top; n++) {
            double first = (2 * n - 1) * z / (n - m);
            double second = n - 2 >= m ? (n + m - 1) * q / (n - m) : 0.0;
            V[n][m] = first * V[n - 1][m] - (second != 0.0 ? second * V[n - 2][m] : 0.0);
            W[n][m] = first * W[n - 1][m] - (second != 0.0 ? second * W[n - 2][m] : 0.0);
        }
    }
}

void wlk_gravity8(const double r[3], int degree, int order, double out[3])
{
    WLK_ASSERT(degree >= 0 && degree <= TOP && order >= 0 && order <= degree);
    double V[SIDE][SIDE], W[SIDE][SIDE], a[3] = {0.0, 0.0, 0.0};
    harmonics(r, degree + 1, V, W);
    for (int n = degree; n >= 0; n--) { /* the small terms first */
        double C = C_NORMALISED[n][0] * NORM[n][0];
        a[0] -= C * V[n + 1][1];
        a[1] -= C * W[n + 1][1];
        a[2] -= (n + 1) * C * V[n + 1][0];
        for (int m = 1; m <= n && m <= order; m++) {
            double Cm = C_NORMALISED[n][m] * NORM[n][m], Sm = S_NORMALISED[n][m] * NORM[n][m];
            double k = (n - m + 2) * (n - m + 1);
            a[0] += 0.5 * (k * (Cm * V[n + 1][m - 1] + Sm * W[n + 1][m - 1]) -
                           Cm * V[n + 1][m + 1] - Sm * W[n + 1][m + 1]);
            a[1] += 0.5 * (k * (Sm * V[n + 1][m - 1] - Cm * W[n + 1][m - 1]) -
                           Cm * W[n + 1][m + 1] + Sm * V[n + 1][m + 1]);
            a[2] -= (n - m + 1) * (Cm * V[n + 1][m] + Sm * W[n + 1][m]);
        }
    }
    for (int i = 0; i < 3; i++)
        out[i] = a[i] * (GM / (A * A));
}

double wlk_gravity8_potential(const double r[3], int degree, int order)
{
    WLK_ASSERT(degree >= 0 && degree <= TOP && order >= 0 && order <= degree);
    double V[SIDE][SIDE], W[SIDE][SIDE], sum = 0.0;
    harmonics(r, degree, V, W);
    for (int n = degree; n >= 0; n--)
        for (int m = 0; m <= n && m <= order; m++)
            sum += NORM[n][m] * (C_NORMALISED[n][m] * V[n][m] + S_NORMALISED[n][m] * W[n][m]);
    return sum * (GM / A);
}
