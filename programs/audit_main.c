/* audit_main.c -- `warnlink audit`: checks journals against each other and shows what they say.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/arrange.h"
#include "programs/audit.h"
#include "programs/mains.h"
#include "programs/options.h"

#include <inttypes.h>

enum { ROOTS, FATE, TIMELINE, OPTION_COUNT };

static void print_summary(const struct wlk_audit_case *all)
{
    for (size_t i = 0; i < all->file_count; i++) {
        const struct wlk_audit_file *file = &all->file[i];
        if (file->journal)
            printf("%s: %s %s: %" PRIu64 " records, %" PRIu64 " pruned, %" PRIu64
                   " lines of the log, %" PRIu64 " heads of hubs' logs, %" PRIu64
                   " pieces of evidence\n", file->path, file->is_hub ? "hub" : "nation",
                   file->owner.text, file->records, file->past, file->log_lines, file->heads,
                   file->evidence);
    }
    if (all->unsummed)
        printf("%" PRIu64 " of %zu journals carry no sums (open, or not closed in order): "
               "their notes and settings stand unchecked\n",
               all->unsummed, all->file_count);
    if (all->findings)
        printf("%" PRIu64 " findings; what is named above does not hold\n", all->findings);
    else
        printf("all of it holds together\n");
}

int wlk_audit_main(int argc, char *argv[])
{
    struct wlk_option option[OPTION_COUNT] = {
        [ROOTS] = {.name = "roots", .kind = WLK_OPTION_TEXT, .value = "FILE",
                   .meaning = "root keys of the parties, as you trust them"},
        [FATE] = {.name = "fate", .kind = WLK_OPTION_TEXT, .value = "NATION",
                  .meaning = "what became of its records, under which clause"},
        [TIMELINE] = {.name = "timeline", .kind = WLK_OPTION_SWITCH,
                      .meaning = "who knew what when"}};
    struct wlk_options options = {
        .program = "warnlink audit",
        .purpose = "check journals of nations and hubs against each other, trusting none",
        .operands = "JOURNAL...",
        .operand_count_min = 1,
        .operand_count_max = WLK_AUDIT_FILES_MAX,
        .option = option,
        .option_count = OPTION_COUNT};
    static struct wlk_audit_case all;
    static struct wlk_roots roots;
    struct wlk_fault fault = {0};
    wlk_name nation = {{0}};
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    if (!option[ROOTS].is_given)
        return wlk_options_refuse(&options, "--roots FILE is needed: nothing else is trusted");
    if (option[FATE].is_given && wlk_name_parse(option[FATE].text, &nation) != WLK_OK)
        return wlk_options_refuse(&options, "--fate: no name of a nation: %.40s",
                                  option[FATE].text);
    status = wlk_seal_init();
    if (status == WLK_OK)
        status = wlk_sheet_roots(option[ROOTS].text, NULL, &roots, &fault);
    if (status != WLK_OK)
        return wlk_options_fault(&options, status, &fault);
    all.out = stdout;
    status = wlk_audit_open(&all, &roots, options.operand, options.operand_count);
    if (status != WLK_OK)
        return wlk_options_fault(&options, status, &fault);
    wlk_audit_check(&all);
    print_summary(&all);
    if (option[FATE].is_given)
        wlk_audit_fate(&all, nation, stdout);
    if (option[TIMELINE].is_given)
        wlk_audit_timeline(&all, stdout);
    bool is_bad = all.findings > 0;
    wlk_audit_close(&all);
    return is_bad ? 1 : 0;
}
