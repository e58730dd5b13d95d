/* arrange_check.c -- "warnlink arrange": check and table.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/arrange.h"

#include "base/clock.h"
#include "release/survey.h"

#include <stdio.h>

static void print_state(const struct wlk_arrangement *a, bool is_complete, wlk_utc now)
{
    char text[32];
    wlk_utc_text(now, 0, text);
    printf("state at %s: %s\n", text,
           !is_complete               ? "draft, not in force: a signature is missing or bad"
           : now.ns < a->effective.ns ? "signed, its term has not begun"
           : now.ns >= a->until.ns    ? "expired"
                                      : "in force (unless withdrawn or superseded)");
}

/* ---- paths ---- */

/* The groups of one type that pass on the same terms, as one phrase: "launch coarse+fine". */
static void print_type(const struct wlk_arrangement *a, const struct wlk_rules *rules,
                       struct wlk_path_question path, bool *is_any)
{
    char told[WLK_TERMS_TEXT_SIZE] = "", words[WLK_TERMS_TEXT_SIZE];
    struct wlk_terms terms;
    bool is_open = false;
    for (unsigned g = 1; g < WLK_GROUP_END; g++) {
        path.group = (enum wlk_group)g;
        if (!wlk_terms_has_group(path.type, path.group))
            continue;
        wlk_terms_find(a, rules, &path, &terms);
        if (!terms.may)
            continue;
        wlk_terms_words(a, &terms, words);
        if (is_open && strcmp(words, told) == 0) {
            printf("+%s", wlk_group_word(path.group));
            continue;
        }
        if (is_open)
            printf("%s%s\n", *told ? ", " : "", told);
        printf("    %s%s%s", wlk_type_word(path.type), g == WLK_GROUP_BODY ? "" : " ",
               g == WLK_GROUP_BODY ? "" : wlk_group_word(path.group));
        memcpy(told, words, sizeof told);
        is_open = *is_any = true;
    }
    if (is_open)
        printf("%s%s\n", *told ? ": " : "", told);
}

/* Every path there is; what does not stand here is denied. */
static void print_paths(const struct wlk_arrangement *a, const struct wlk_rules *rules)
{
    printf("paths (what does not stand here is denied)\n");
    for (unsigned nature = 1; nature < WLK_NATURE_END; nature++)
        for (unsigned n = 0; n < a->party_count * a->party_count; n++) {
            struct wlk_path_question path = {.from = (uint8_t)(n / a->party_count),
                                             .to = (uint8_t)(n % a->party_count),
                                             .nature = (enum wlk_nature)nature};
            bool is_any = false;
            if (path.from == path.to)
                continue;
            printf("  %s, %s to %s\n", wlk_nature_word(path.nature), a->party[path.from].text,
                   a->party[path.to].text);
            for (unsigned t = 1; t <= WLK_TYPE_PLOT; t++) {
                path.type = (enum wlk_type)t;
                print_type(a, rules, path, &is_any);
            }
            if (!is_any)
                printf("    nothing\n");
        }
}

/* ---- check ---- */

static unsigned print_survey(const struct wlk_sheet *sheet, const struct wlk_never never[],
                             size_t never_count)
{
    static struct wlk_survey survey;
    wlk_survey_make(&sheet->arrangement, never, never_count, &survey);
    for (size_t i = 0; i < survey.count; i++)
        printf("%s %s\n", survey.finding[i].is_fault ? "FAULT " : "remark",
               survey.finding[i].text);
    if (survey.left_out)
        printf("and %u findings more\n", survey.left_out);
    printf("asked %llu questions: %llu pass, in %zu paths that must not exist and %zu that are "
           "required; %u faults\n",
           (unsigned long long)survey.asked, (unsigned long long)survey.passed, never_count,
           sheet->arrangement.require_count, survey.faults);
    return survey.faults;
}

enum { CHECK_ROOTS, CHECK_AT, CHECK_NEVER, CHECK_OPTIONS };

static int check_sheet(const struct wlk_sheet *sheet, const struct wlk_roots *roots,
                       wlk_utc now, const struct wlk_options *options)
{
    static struct wlk_rules rules;
    struct wlk_never never[WLK_SURVEY_NEVER_MAX];
    const struct wlk_option *asked = &options->option[CHECK_NEVER];
    const struct wlk_arrangement *a = &sheet->arrangement;
    struct wlk_fault fault = {.rule = NULL};
    bool is_complete = false;
    for (size_t i = 0; i < asked->text_count; i++)
        if (wlk_never_parse(a, asked->texts[i], &never[i], &fault) != WLK_OK)
            return wlk_options_fault(options, WLK_BAD_INPUT, &fault);
    wlk_rules_make(a, &rules);
    printf("%s version %llu, %zu clauses\n", a->name.text, (unsigned long long)a->version,
           a->clause_count);
    wlk_sheet_print_digest(&sheet->digest);
    unsigned faults = !wlk_sheet_print_signatures(sheet, roots, &is_complete);
    print_state(a, is_complete, now);
    print_paths(a, &rules);
    faults += print_survey(sheet, never, asked->text_count);
    if (!sheet->is_canonical) {
        printf("FAULT  text: line %zu differs from the canonical text, so it cannot be "
               "signed\n",
               sheet->line);
        faults++;
    }
    if (!faults)
        return 0;
    wlk_fault_where(&fault, sheet->path);
    wlk_fault_set(&fault, "the arrangement does not hold", "%u faults, see above", faults);
    fflush(stdout);
    return wlk_options_fault(options, WLK_BAD_INPUT, &fault);
}

_Static_assert((int)WLK_OPTION_TEXTS_MAX <= (int)WLK_SURVEY_NEVER_MAX, "each has a place");

int wlk_arrange_check(int argc, char *argv[])
{
    static struct wlk_sheet sheet;
    struct wlk_option option[CHECK_OPTIONS] = {
        [CHECK_ROOTS] = {.name = "roots",
                         .kind = WLK_OPTION_TEXT,
                         .value = "FILE",
                         .meaning = "root keys to trust (lines: root JP HEX)"},
        [CHECK_AT] = {.name = "at",
                      .kind = WLK_OPTION_TEXT,
                      .value = "TIME",
                      .meaning = "instead of now"},
        [CHECK_NEVER] = {.name = "never",
                         .kind = WLK_OPTION_TEXTS,
                         .value = "PATH",
                         .meaning = "path that must not exist: \"plot from JP to KR\", "
                                    "\"fine from any to any\"; may be repeated"}};
    struct wlk_options options = {.program = "warnlink arrange check",
                                  .purpose = "prove what an arrangement lets through, and "
                                             "that it holds",
                                  .operands = "FILE",
                                  .operand_count_min = 1,
                                  .operand_count_max = 1,
                                  .option = option,
                                  .option_count = CHECK_OPTIONS};
    struct wlk_fault fault = {.rule = NULL};
    struct wlk_roots roots;
    wlk_utc now = wlk_clock_wall();
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    if (option[CHECK_AT].text && wlk_utc_parse(option[CHECK_AT].text, &now) != WLK_OK)
        return wlk_options_refuse(&options, "a time is written 2026-12-01T00:00:00Z: %.40s",
                                  option[CHECK_AT].text);
    status = wlk_sheet_read(options.operand[0], &sheet, &fault);
    if (status == WLK_OK)
        status = wlk_sheet_roots(option[CHECK_ROOTS].text, &sheet.arrangement, &roots, &fault);
    if (status != WLK_OK)
        return wlk_options_fault(&options, status, &fault);
    if (!option[CHECK_ROOTS].text && sheet.arrangement.key_count)
        printf("root keys are taken from the file itself; --roots compares them with yours\n");
    return check_sheet(&sheet, &roots, now, &options);
}

/* ---- table ---- */

/* The groups that pass one question asked group by group: "c-f-" for coarse and fine. */
static void print_cell(const struct wlk_rules *rules, const struct wlk_question *q,
                       enum wlk_type type)
{
    static const char LETTERS[WLK_GROUP_END] = {'-', 'c', 's', 'f', 'b'};
    char cell[5] = "----";
    for (unsigned g = 1; g < WLK_GROUP_END; g++) {
        struct wlk_question one = *q;
        if (!wlk_terms_has_group(type, (enum wlk_group)g))
            continue;
        memset(one.group, 0, sizeof one.group);
        memset(one.signed_group, 0, sizeof one.signed_group);
        one.group[g] = one.signed_group[g] = 1;
        memset(one.classification, q->classification[0], sizeof one.classification);
        if (wlk_terms_passes(rules, &one, (enum wlk_group)g))
            cell[g - 1] = LETTERS[g];
    }
    printf("  %s", cell);
}

static void print_row(const struct wlk_arrangement *a, const struct wlk_rules *rules,
                      const struct wlk_path_question *path, unsigned class)
{
    struct wlk_question q;
    printf("%-8s %-6s %-3s %-3s %-12s", wlk_nature_word(path->nature),
           wlk_type_word(path->type), a->party[path->from].text, a->party[path->to].text,
           wlk_classification_word((enum wlk_classification)class));
    for (unsigned open = 2; open-- > 0;)
        for (unsigned r = 0; r < WLK_REGION_END; r++) {
            wlk_terms_willing(path, &q);
            q.classification[0] = (uint8_t)class;
            q.is_event_open = (uint8_t)open;
            q.region = (uint8_t)((r + 1) % WLK_REGION_END);
            print_cell(rules, &q, path->type);
        }
    printf("\n");
}

static void print_table(const struct wlk_arrangement *a, const struct wlk_rules *rules)
{
    printf("# The release table of %s version %llu: which groups of a fresh record pass.\n"
           "# c coarse, s shielded, f fine, b body, - kept. No caveat, no exercise id, the\n"
           "# recipient named in the label (without that nothing passes). Columns: event\n"
           "# open and region DPRK, OTHER, none; no event open and the same.\n"
           "# nature type   from to label         open: DPRK OTHER none closed: ...\n",
           a->name.text, (unsigned long long)a->version);
    for (unsigned nature = 1; nature < WLK_NATURE_END; nature++)
        for (unsigned type = 1; type <= WLK_TYPE_PLOT; type++)
            for (unsigned n = 0; n < a->party_count * a->party_count; n++)
                for (unsigned class = 1; class < WLK_CLASSIFICATION_END; class++) {
                    struct wlk_path_question path = {
                        .from = (uint8_t)(n / a->party_count),
                        .to = (uint8_t)(n % a->party_count),
                        .type = (enum wlk_type)type,
                        .nature = (enum wlk_nature)nature};
                    if (path.from != path.to)
                        print_row(a, rules, &path, class);
                }
}

int wlk_arrange_table(int argc, char *argv[])
{
    static struct wlk_sheet sheet;
    static struct wlk_rules rules;
    struct wlk_options options = {.program = "warnlink arrange table",
                                  .purpose = "print what passes for every nature, type, "
                                             "originator, recipient and label",
                                  .operands = "FILE",
                                  .operand_count_min = 1,
                                  .operand_count_max = 1};
    struct wlk_fault fault = {.rule = NULL};
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    status = wlk_sheet_read(options.operand[0], &sheet, &fault);
    if (status != WLK_OK)
        return wlk_options_fault(&options, status, &fault);
    wlk_rules_make(&sheet.arrangement, &rules);
    print_table(&sheet.arrangement, &rules);
    return 0;
}
