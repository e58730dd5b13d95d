/* fusion_main.c -- docs/salvos.md: seeded salvos through the pictures of several nations, and
 * what became of the names.
 *
 * A test with few salvos judges the same claims: their intervals grow.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/statistics/cell.h"
#include "programs/statistics/fusion_names.h"

#include "programs/options.h"

#include <math.h>
#include <stdio.h>

enum { SIZES = 4, SPACINGS = 4 };
static const int MISSILES[SIZES] = {2, 5, 10, 18};
static const double SPACING_M[SPACINGS] = {1e3, 2e3, 5e3, 20e3};
static const char *const BIAS[WLK_NAMES_BIASES] = {"none", "registered, 0.005 deg",
                                                   "0.05 deg, said", "0.05 deg, not said"};

/* What is claimed of each missile's name, of three nations: the part that is one for two
 * operators. Nearer than the biases nobody can promise as much. */
static const double SAME_FAR = 0.99, SAME_NEAR = 0.9, CONFUSED_MOST = 0.01;

struct page {
    FILE *out;
    int passed, failed;
};

static void claim(struct page *page, bool holds, const char *what, const char *bias,
                  int missiles, double spacing_m)
{
    page->passed += holds;
    page->failed += !holds;
    if (!holds)
        printf("FAIL %s: bias %s, %d missiles, %.0f m apart\n", what, bias, missiles,
               spacing_m);
}

/* Names within one salvo go wrong together: a rate of salvos has the interval, and each
 * missile's is not far from it. */
static bool is_at_least(double hits, double of, double salvos, double least)
{
    return wlk_cell_is_rate(hits / of * salvos, salvos, least, 1);
}

static void write_cell(struct page *page, const struct wlk_names_salvo *salvo,
                       const struct wlk_names_cell *cell)
{
    bool is_far = salvo->spacing_m > 2e3;
    fprintf(page->out, " %.1f, %.1f; %.1f; %.2f |", 100 * cell->same / cell->pairs,
            100 * cell->confused / cell->pairs, 100 * cell->right / cell->partners,
            cell->switches / cell->objects);
    claim(page,
          is_at_least(cell->same, cell->pairs, cell->salvos, is_far ? SAME_FAR : SAME_NEAR),
          "one name", BIAS[salvo->bias], salvo->missiles, salvo->spacing_m);
    claim(page,
          !is_far || is_at_least(cell->pairs - cell->confused, cell->pairs, cell->salvos,
                                 1 - CONFUSED_MOST),
          "no name of two", BIAS[salvo->bias], salvo->missiles, salvo->spacing_m);
}

static void write_names(struct page *page, int salvos)
{
    fprintf(page->out, "\n| bias | missiles |");
    for (int s = 0; s < SPACINGS; s++)
        fprintf(page->out, " %.0f km apart |", SPACING_M[s] / 1e3);
    fprintf(page->out, "\n|---|---|---|---|---|---|\n");
    for (int bias = 0; bias < WLK_NAMES_BIASES; bias++)
        for (int m = 0; m < SIZES; m++) {
            fprintf(page->out, "| %s | %d |", BIAS[bias], MISSILES[m]);
            for (int s = 0; s < SPACINGS; s++) {
                struct wlk_names_cell cell = {0};
                struct wlk_names_salvo salvo = {.missiles = MISSILES[m],
                                                .nations = 3,
                                                .spacing_m = SPACING_M[s],
                                                .bias = (enum wlk_names_bias)bias};
                for (int i = 0; i < salvos; i++)
                    wlk_fusion_names_play(&salvo, (uint64_t)i, &cell);
                write_cell(page, &salvo, &cell);
            }
            fprintf(page->out, "\n");
        }
}

static void write_split(struct page *page, int salvos)
{
    struct wlk_names_cell cell = {0};
    const struct wlk_names_salvo salvo = {.missiles = 5,
                                          .nations = 3,
                                          .spacing_m = 5e3,
                                          .bias = WLK_NAMES_REGISTERED,
                                          .is_split = true};
    for (int i = 0; i < salvos; i++)
        wlk_fusion_names_play(&salvo, (uint64_t)i, &cell);
    fprintf(
        page->out,
        "\nA body comes off one of five (5 km apart, registered biases, 60 m/s): at the end\n"
        "%.1f of 100 pairs of operators have one name for each of the six, %.0f of %.0f\n"
        "pictures have six objects. Objects found to be one: %.0f where %.0f are; given up\n"
        "again: %.0f.\n",
        100 * cell.same / cell.pairs, cell.counted, cell.pictures, cell.joined, cell.to_join,
        cell.parted);
    claim(page, is_at_least(cell.same, cell.pairs, cell.salvos, SAME_NEAR), "split: one name",
          BIAS[salvo.bias], salvo.missiles, salvo.spacing_m);
}

static void write_wrong(struct page *page, int salvos)
{
    struct wlk_names_cell cell = {0};
    const struct wlk_names_salvo salvo = {.missiles = 5,
                                          .nations = 3,
                                          .spacing_m = 5e3,
                                          .bias = WLK_NAMES_REGISTERED,
                                          .is_one_wrong = true};
    for (int i = 0; i < salvos; i++)
        wlk_fusion_names_play(&salvo, (uint64_t)i, &cell);
    fprintf(
        page->out,
        "\nA nation tells one of five 20 km beside where it is (5 km apart, registered\n"
        "biases): the others show it as disagreeing or as one more in %.0f of %.0f pictures,\n"
        "have it 2 km beside the truth in %.0f; a disagreement about one of the four\n"
        "others in %.0f of %.0f.\n",
        cell.wrong_shown, cell.wrong, cell.wrong_averaged, cell.beside, cell.others);
    claim(page, wlk_cell_is_rate(cell.wrong_shown, cell.wrong, 0.99, 1), "wrong is shown",
          BIAS[salvo.bias], salvo.missiles, salvo.spacing_m);
    claim(page, wlk_cell_is_rate(cell.wrong_averaged, cell.wrong, 0, 0.01), "wrong is averaged",
          BIAS[salvo.bias], salvo.missiles, salvo.spacing_m);
    claim(page, wlk_cell_is_rate(cell.beside, cell.others, 0, 0.02), "others disagree",
          BIAS[salvo.bias], salvo.missiles, salvo.spacing_m);
}

static void write_page(struct page *page, int salvos)
{
    fprintf(
        page->out,
        "# Salvos in the pictures of three nations\n\n"
        "Made by `make statistics` (`programs/statistics/fusion_names.h`); nothing here is\n"
        "written by hand. %d salvos in each cell: missiles side by side in free flight, "
        "tracks\n"
        "by three nations, each off by 150 m and 4 m/s of its own, by a bias common to all\n"
        "tracks of the nation (at 1,000 km, each axis), and by a clock that is 10 ms wrong. "
        "Each\n"
        "nation numbers them in its own order. A new track is told until it is heard, then\n"
        "every 10 s, and 3 in 10 of these are lost. Each nation's picture is the real one. "
        "After\n"
        "100 s, in 100: pairs of operators that have one name for a missile, that have one "
        "name\n"
        "for two; partners' tracks that stand with the own one of their missile; changes of "
        "the\n"
        "name of an own object. Judged, with intervals of 999 in 1,000 over salvos: 99 have "
        "one\n"
        "name and 1 is confused from 5 km on, 90 have one name nearer than that.\n",
        salvos);
    write_names(page, salvos);
    write_split(page, salvos);
    write_wrong(page, salvos);
    fprintf(page->out, "\n%d claims hold, %d do not.\n", page->passed, page->failed);
}

enum { SALVOS, WRITE, OPTION_COUNT };

int main(int argc, char **argv)
{
    struct wlk_option option[OPTION_COUNT] = {
        [SALVOS] = {"salvos", WLK_OPTION_INTEGER, "N", "in each cell", 1, 10000, .integer = 2},
        [WRITE] = {"write", WLK_OPTION_TEXT, "FILE", "write the page there"}};
    struct wlk_options options = {.program = "salvos",
                                  .purpose = "judge the names of objects in seeded salvos",
                                  .option = option,
                                  .option_count = OPTION_COUNT};
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    struct page page = {.out = stdout};
    if (option[WRITE].text)
        page.out = fopen(option[WRITE].text, "w");
    if (!page.out) {
        fprintf(stderr, "salvos: cannot write %s\n", option[WRITE].text);
        return 1;
    }
    write_page(&page, (int)option[SALVOS].integer);
    if (option[WRITE].text && fclose(page.out) != 0)
        return 1;
    printf("%d passed, %d failed\n", page.passed, page.failed);
    return page.failed != 0;
}
