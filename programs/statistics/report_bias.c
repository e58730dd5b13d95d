/* report_bias.c -- the tables of registration, and of salvos under common biases.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/statistics/report_private.h"

#include "earth/frames.h"

#include <math.h>

static const char *const WORDS[WLK_BIAS_WAYS] = {"no bias",
                                                 "bias, not said",
                                                 "not registered",
                                                 "10 min of satellites",
                                                 "60 min of satellites",
                                                 "20 min of aircraft"};

/* What registration leaves, over all classes: the radars are the same. */
static void write_left(const struct wlk_report_table *table, FILE *out,
                       struct wlk_report_verdict *verdict)
{
    fprintf(out, "\n| | range | azimuth | elevation |\n|---|---|---|---|\n");
    for (int way = WLK_BIAS_PRIOR; way < WLK_BIAS_WAYS; way++) {
        double count = 0, left2[3] = {0}, sigma[3] = {0}, in[2];
        for (int k = 0; k < WLK_DRAW_CLASSES; k++) {
            count += table->bias[k].count[way];
            for (int i = 0; i < 3; i++) {
                left2[i] += table->bias[k].left2[way][i];
                sigma[i] += table->bias[k].sigma[way][i];
            }
        }
        if (count < 2)
            continue;
        fprintf(out, "| %s | %.1f m, %.2f | %.4f deg, %.2f | %.4f deg, %.2f |\n", WORDS[way],
                sigma[0] / count, left2[0] / count, sigma[1] / count / WLK_DEG,
                left2[1] / count, sigma[2] / count / WLK_DEG, left2[2] / count);
        wlk_cell_interval(count, 1, in);
        for (int i = 0; i < 3; i++)
            wlk_report_claim(verdict, left2[i] / count <= in[1],
                             "bias, %s: what is left of axis %d is %.2f of 1", WORDS[way], i,
                             left2[i] / count);
    }
}

static void write_cell(const struct wlk_cell_error *error, const struct wlk_cell_error *free,
                       FILE *out)
{
    if (error->count < 2) {
        fprintf(out, " not seen |");
        return;
    }
    fprintf(out, " %.2f %.2f, %.1f |",
            sqrt(error->position2 / error->count / (free->position2 / free->count)),
            sqrt(error->velocity2 / error->count / (free->velocity2 / free->count)),
            error->nees / error->count);
}

void wlk_report_bias(const struct wlk_report_table *table, FILE *out,
                     struct wlk_report_verdict *verdict)
{
    fprintf(
        out,
        "\n## Biases and registration\n\n"
        "Each radar reads too much by a bias drawn for each flight: 30 m, 0.05 deg in\n"
        "azimuth and in elevation, one sigma. Registered by satellites, one at a time for\n"
        "three minutes each, with an ephemeris good to 20 m; by aircraft 50 to 150 km away,\n"
        "eight at a time, whose broadcast places are good to 30 m (each axis; ASSUMPTIONS).\n"
        "What is left, one sigma, mean of all radars; and the square of the true rest in\n"
        "these sigmas (1; less by aircraft, which are low: a tenth of the bending is\n"
        "allowed for, and there is none here).\n");
    write_left(table, out, verdict);
    fprintf(
        out,
        "\nThe filter %.0f s after its first look in free flight: error of position and of\n"
        "velocity in parts of that without bias, and NEES (6). The bias that is not known\n"
        "is considered, but for *bias, not said*. One flight in five.\n\n| class | radars |",
        WLK_BIAS_AFTER_S);
    for (int way = 0; way < WLK_BIAS_WAYS; way++)
        fprintf(out, " %s |", WORDS[way]);
    fprintf(out, "\n|---|---|---|---|---|---|---|---|\n");
    for (int k = 0; k < WLK_DRAW_CLASSES; k++)
        for (int s = 0; s < WLK_DRAW_SUBSETS; s++) {
            const struct wlk_cell_error *error = table->bias[k].error[s];
            if (error[0].count < 2)
                continue;
            fprintf(out, "| %s | %s |", wlk_draw_class_words((enum wlk_draw_class)k),
                    wlk_draw_subset_words(s));
            for (int way = 0; way < WLK_BIAS_WAYS; way++) {
                double in[2], nees = error[way].nees / error[way].count;
                write_cell(&error[way], &error[0], out);
                wlk_cell_interval(error[way].count, 6, in);
                wlk_report_claim(verdict,
                                 way == WLK_BIAS_UNTOLD || (nees >= in[0] && nees <= in[1]),
                                 "bias, class %d, %s, %s: NEES %.2f outside %.2f to %.2f", k,
                                 wlk_draw_subset_words(s), WORDS[way], nees, in[0], in[1]);
            }
            fprintf(out, "\n");
        }
}

void wlk_report_salvo(const struct wlk_report_table *table, FILE *out,
                      struct wlk_report_verdict *verdict)
{
    static const char *const BIASES[WLK_SALVO_BIASES] = {"none", "registered, 0.005 deg",
                                                         "0.05 deg"};
    fprintf(out,
            "\nSix missiles side by side, told by three nations as one event, each nation's\n"
            "tracks off by one bias common to all of them (at 1,000 km), tracks by 150 m:\n"
            "pictures of six objects, and partners' tracks that stand with the own track of\n"
            "the same missile, in 100. Judged: apart by ten biases and more, 99.\n\n| bias |");
    for (int s = 0; s < WLK_SALVO_SPACINGS; s++)
        fprintf(out, " %.0f km apart |", WLK_SALVO_SPACING_M[s] / 1e3);
    fprintf(out, "\n|---|---|---|---|---|\n");
    for (int b = 0; b < WLK_SALVO_BIASES; b++) {
        fprintf(out, "| %s |", BIASES[b]);
        for (int s = 0; s < WLK_SALVO_SPACINGS; s++) {
            const struct wlk_salvo_cell *cell = &table->salvo[b][s];
            if (cell->salvos < 1) {
                fprintf(out, " none |");
                continue;
            }
            fprintf(out, " %.0f, %.0f |", 100 * cell->counted / cell->salvos,
                    100 * cell->right / cell->tracks);
            /* nearer, two nations' biases may be the spacing: they differ by 2.4 in the mean */
            bool is_apart = WLK_SALVO_SPACING_M[s] >= 10 * fmax(WLK_SALVO_BIAS_M[b], 150);
            wlk_report_claim(
                verdict, !is_apart || wlk_cell_is_rate(cell->right, cell->tracks, 0.99, 1),
                "salvo %.0f m apart, bias %.0f m: %.0f of %.0f tracks paired",
                WLK_SALVO_SPACING_M[s], WLK_SALVO_BIAS_M[b], cell->right, cell->tracks);
        }
        fprintf(out, "\n");
    }
}
