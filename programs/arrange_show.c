/* arrange_show.c -- "warnlink arrange": check, show, diff.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/arrange.h"

#include "base/assert.h"
#include "base/clock.h"
#include "base/words.h"
#include "release/hex.h"
#include "release/question.h"

#include <stdio.h>
#include <stdlib.h>

static void print_digest(const wlk_digest *digest)
{
    char hex[2 * WLK_DIGEST_SIZE + 1];
    wlk_hex_write(digest->bytes, WLK_DIGEST_SIZE, hex);
    printf("digest sha256:%s\n", hex);
}

/* Root keys to trust: from a file, or, to look only, those of the arrangement itself. */
static wlk_status take_roots(const char *path, const struct wlk_arrangement *arrangement,
                             struct wlk_roots *out, struct wlk_fault *fault)
{
    char *text = NULL;
    memset(out, 0, sizeof *out);
    if (path) {
        WLK_TRY(wlk_words_read_file(path, &text, fault));
        wlk_status status = wlk_roots_parse(path, text, out, fault);
        free(text);
        return status;
    }
    for (size_t p = 0; p < arrangement->party_count; p++) {
        const struct wlk_public_key *root = wlk_arrangement_root(arrangement, (uint8_t)p);
        if (root)
            out->root[out->count++] = (struct wlk_root){arrangement->party[p], *root};
    }
    return WLK_OK;
}

/* One line for each party. False: a signature is there and bad. */
static bool print_signatures(const struct wlk_sheet *sheet, const struct wlk_roots *roots,
                             bool *is_complete)
{
    static uint8_t bytes[WLK_BUNDLE_SIZE_MAX];
    static struct wlk_agreement agreement;
    bool is_good = true;
    *is_complete = true;
    for (int p = 0; p < (int)sheet->arrangement.party_count; p++) {
        struct wlk_fault fault = {.rule = "?"};
        size_t size = 0;
        const char *name = sheet->arrangement.party[p].text;
        if (!sheet->signature_size[p]) {
            printf("%-8s has not signed\n", name);
            *is_complete = false;
            continue;
        }
        wlk_status status = wlk_sheet_bundle(sheet, p, bytes, sizeof bytes, &size);
        if (status == WLK_OK)
            status = wlk_force_read(bytes, size, roots, &agreement, &fault);
        printf("%-8s %s%s%s\n", name, status == WLK_OK ? "has signed" : "SIGNATURE IS BAD: ",
               status == WLK_OK ? "" : fault.rule, status == WLK_OK ? "" : ".");
        is_good = is_good && status == WLK_OK;
        *is_complete = *is_complete && status == WLK_OK;
    }
    return is_good;
}

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

/* The groups of one type that may pass, as one phrase appended to line. */
static void add_type(char *line, size_t size, const struct wlk_rules *rules,
                     struct wlk_path_question path)
{
    size_t used = strlen(line);
    bool is_first = true;
    for (unsigned g = 1; g < WLK_GROUP_END && used < size; g++) {
        path.group = (enum wlk_group)g;
        if (!wlk_rules_may(rules, &path))
            continue;
        if (g == WLK_GROUP_BODY)
            snprintf(line + used, size - used, "%s%s", *line ? ", " : "",
                     wlk_type_word(path.type));
        else if (is_first)
            snprintf(line + used, size - used, "%s%s %s", *line ? ", " : "",
                     wlk_type_word(path.type), wlk_group_word((enum wlk_group)g));
        else
            snprintf(line + used, size - used, "+%s", wlk_group_word((enum wlk_group)g));
        is_first = false;
        used = strlen(line);
    }
}

/* Every path there is; what does not stand here is denied. */
static void print_paths(const struct wlk_arrangement *a, const struct wlk_rules *rules)
{
    printf("paths (at best: fresh, unclassified, event open; all others are denied)\n");
    for (unsigned nature = 1; nature < WLK_NATURE_END; nature++)
        for (unsigned n = 0; n < a->party_count * a->party_count; n++) {
            struct wlk_path_question path = {.from = (uint8_t)(n / a->party_count),
                                             .to = (uint8_t)(n % a->party_count),
                                             .nature = (enum wlk_nature)nature};
            char line[256] = "";
            if (path.from == path.to)
                continue;
            for (unsigned t = 1; t < WLK_TYPE_STATUS; t++) {
                path.type = (enum wlk_type)t;
                add_type(line, sizeof line, rules, path);
            }
            printf("  %-8s %s to %s: %s\n", wlk_nature_word(path.nature),
                   a->party[path.from].text, a->party[path.to].text, *line ? line : "nothing");
        }
}

static unsigned print_dead(const struct wlk_arrangement *a, const struct wlk_rules *rules)
{
    unsigned dead = 0;
    for (unsigned i = 0; i < a->clause_count; i++) {
        if (wlk_rules_is_alive(rules, i))
            continue;
        if (a->clause[i].is_forbid) {
            printf("forbid %s: nothing permits this anyway\n", a->clause[i].name);
            continue;
        }
        printf("permit %s: DEAD, forbids leave nothing of it\n", a->clause[i].name);
        dead++;
    }
    return dead;
}

static unsigned print_requires(const struct wlk_arrangement *a, const struct wlk_rules *rules)
{
    unsigned broken = 0;
    for (size_t i = 0; i < a->require_count; i++) {
        const struct wlk_require *require = &a->require[i];
        struct wlk_path_question path = {require->from, require->to, require->type,
                                         WLK_NATURE_REAL, require->group};
        if (wlk_rules_may(rules, &path))
            continue;
        printf("require %s: CANNOT HOLD, no clause lets it through for real\n", require->name);
        broken++;
    }
    printf("requires: %zu, of which %u cannot hold\n", a->require_count, broken);
    return broken;
}

/* Keys that the exchange will ask for: a root and a record key of each party for each nature
 * that some permit has. */
static unsigned print_missing_keys(const struct wlk_arrangement *a)
{
    unsigned missing = 0;
    if (!a->key_count) {
        printf("keys: none; this is a template and cannot be signed\n");
        return 0;
    }
    for (uint8_t p = 0; p < a->party_count; p++) {
        uint8_t has[WLK_NATURE_END] = {0};
        for (size_t k = 0; k < a->key_count; k++)
            for (unsigned n = 0; n < WLK_NATURE_END; n++)
                has[n] |= a->key[k].owner == p && a->key[k].use[WLK_KEY_RECORD] &&
                          a->key[k].nature[n];
        for (unsigned n = 1; n < WLK_NATURE_TEST; n++)
            if (!has[n]) {
                printf("keys: %s has no key for %s records\n", a->party[p].text,
                       wlk_nature_word((enum wlk_nature)n));
                missing++;
            }
        if (!wlk_arrangement_root(a, p)) {
            printf("keys: %s has no root key and cannot sign\n", a->party[p].text);
            missing++;
        }
    }
    return missing;
}

enum { CHECK_ROOTS, CHECK_AT, CHECK_OPTIONS };

static int check_sheet(const struct wlk_sheet *sheet, const struct wlk_roots *roots,
                       wlk_utc now, const struct wlk_options *options)
{
    static struct wlk_rules rules;
    const struct wlk_arrangement *a = &sheet->arrangement;
    bool is_complete = false;
    wlk_rules_make(a, &rules);
    printf("%s version %llu, %zu clauses\n", a->name.text, (unsigned long long)a->version,
           a->clause_count);
    print_digest(&sheet->digest);
    unsigned faults = print_missing_keys(a);
    faults += !print_signatures(sheet, roots, &is_complete);
    print_state(a, is_complete, now);
    print_paths(a, &rules);
    faults += print_dead(a, &rules);
    faults += print_requires(a, &rules);
    if (!sheet->is_canonical) {
        printf("text: line %zu differs from the canonical text, so it cannot be signed\n",
               sheet->line);
        faults++;
    }
    if (!faults)
        return 0;
    struct wlk_fault fault = {.rule = "the arrangement does not hold"};
    wlk_fault_where(&fault, sheet->path);
    wlk_fault_set(&fault, "the arrangement does not hold", "%u faults, see above", faults);
    fflush(stdout);
    return wlk_options_fault(options, WLK_BAD_INPUT, &fault);
}

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
                      .meaning = "instead of now"}};
    struct wlk_options options = {.program = "warnlink arrange check",
                                  .purpose = "say what an arrangement lets through, and if "
                                             "it holds",
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
        status = take_roots(option[CHECK_ROOTS].text, &sheet.arrangement, &roots, &fault);
    if (status != WLK_OK)
        return wlk_options_fault(&options, status, &fault);
    if (!option[CHECK_ROOTS].text && sheet.arrangement.key_count)
        printf("root keys are taken from the file itself; --roots compares them with yours\n");
    return check_sheet(&sheet, &roots, now, &options);
}

int wlk_arrange_show(int argc, char *argv[])
{
    static struct wlk_sheet sheet;
    static char text[WLK_ARRANGEMENT_TEXT_MAX];
    struct wlk_option option[1] = {{.name = "text",
                                    .kind = WLK_OPTION_SWITCH,
                                    .meaning = "only the text, as it can be signed"}};
    struct wlk_options options = {.program = "warnlink arrange show",
                                  .option = option,
                                  .option_count = 1,
                                  .purpose = "print the canonical text, its digest and who "
                                             "signed it",
                                  .operands = "FILE",
                                  .operand_count_min = 1,
                                  .operand_count_max = 1};
    struct wlk_fault fault = {.rule = NULL};
    struct wlk_roots roots;
    bool is_complete = false;
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    status = wlk_sheet_read(options.operand[0], &sheet, &fault);
    if (status == WLK_OK)
        status = wlk_arrangement_print(&sheet.arrangement, text, sizeof text);
    if (status == WLK_OK)
        status = take_roots(NULL, &sheet.arrangement, &roots, &fault);
    if (status != WLK_OK)
        return wlk_options_fault(&options, status, &fault);
    if (option[0].is_given) {
        printf("%s", text);
        return 0;
    }
    printf("%s\n", text);
    print_digest(&sheet.digest);
    return print_signatures(&sheet, &roots, &is_complete) ? 0 : 1;
}

/* ---- diff ---- */

/* True when text has a whole line equal to line[0..length). */
static bool has_line(const char *text, const char *line, size_t length)
{
    while (*text) {
        size_t here = strcspn(text, "\n");
        if (here == length && memcmp(text, line, length) == 0)
            return true;
        text += here + (text[here] == '\n');
    }
    return false;
}

static unsigned print_lines_only_in(const char *mark, const char *text, const char *other)
{
    unsigned count = 0;
    while (*text) {
        size_t length = strcspn(text, "\n");
        if (!has_line(other, text, length)) {
            printf("%s %.*s\n", mark, (int)length, text);
            count++;
        }
        text += length + (text[length] == '\n');
    }
    return count;
}

/* Does a path of one arrangement exist in another, where indexes may differ? */
static bool may_in(const struct wlk_arrangement *a, const struct wlk_rules *rules,
                   const struct wlk_path_question *path, const struct wlk_arrangement *of)
{
    struct wlk_path_question same = *path;
    return wlk_arrangement_party(a, of->party[path->from], &same.from) &&
           wlk_arrangement_party(a, of->party[path->to], &same.to) &&
           wlk_rules_may(rules, &same);
}

/* Paths of a that b has not, in plain words. */
static unsigned print_paths_only_in(const char *words, const struct wlk_arrangement *a,
                                    const struct wlk_arrangement *b, unsigned *common)
{
    static struct wlk_rules in_a, in_b;
    unsigned count = 0, pairs = (unsigned)(a->party_count * a->party_count);
    wlk_rules_make(a, &in_a);
    wlk_rules_make(b, &in_b);
    *common = 0;
    for (unsigned n = 0; n < pairs * (WLK_TYPE_STATUS - 1) * (WLK_NATURE_END - 1) * 4; n++) {
        unsigned rest = n / pairs;
        struct wlk_path_question path = {
            .from = (uint8_t)(n % pairs / a->party_count),
            .to = (uint8_t)(n % pairs % a->party_count),
            .type = (enum wlk_type)(1 + rest % (WLK_TYPE_STATUS - 1)),
            .nature =
                (enum wlk_nature)(1 + rest / (WLK_TYPE_STATUS - 1) % (WLK_NATURE_END - 1)),
            .group = (enum wlk_group)(1 + rest / (WLK_TYPE_STATUS - 1) / (WLK_NATURE_END - 1))};
        if (!wlk_rules_may(&in_a, &path))
            continue;
        if (may_in(b, &in_b, &path, a)) {
            (*common)++;
            continue;
        }
        printf("%s: %s %s %s %s from %s (%s)\n", words, a->party[path.to].text,
               strcmp(words, "NEW") == 0 ? "will receive" : "no longer receives",
               wlk_type_word(path.type),
               path.group == WLK_GROUP_BODY ? "records" : wlk_group_word(path.group),
               a->party[path.from].text, wlk_nature_word(path.nature));
        count++;
    }
    return count;
}

int wlk_arrange_diff(int argc, char *argv[])
{
    static struct wlk_sheet before, after;
    static char old_text[WLK_ARRANGEMENT_TEXT_MAX], new_text[WLK_ARRANGEMENT_TEXT_MAX];
    struct wlk_options options = {.program = "warnlink arrange diff",
                                  .purpose = "say in plain words how two arrangements differ",
                                  .operands = "BEFORE AFTER",
                                  .operand_count_min = 2,
                                  .operand_count_max = 2};
    struct wlk_fault fault = {.rule = NULL};
    unsigned common = 0;
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    status = wlk_sheet_read(options.operand[0], &before, &fault);
    if (status == WLK_OK)
        status = wlk_sheet_read(options.operand[1], &after, &fault);
    if (status == WLK_OK)
        status = wlk_arrangement_print(&before.arrangement, old_text, sizeof old_text);
    if (status == WLK_OK)
        status = wlk_arrangement_print(&after.arrangement, new_text, sizeof new_text);
    if (status != WLK_OK)
        return wlk_options_fault(&options, status, &fault);
    unsigned lines = print_lines_only_in("-", old_text, new_text);
    lines += print_lines_only_in("+", new_text, old_text);
    unsigned ends =
        print_paths_only_in("ENDS", &before.arrangement, &after.arrangement, &common);
    unsigned begins =
        print_paths_only_in("NEW", &after.arrangement, &before.arrangement, &common);
    printf("UNCHANGED: %u paths; %u begin, %u end, %u lines differ\n", common, begins, ends,
           lines);
    return 0;
}
