/* arrange_show.c -- "warnlink arrange": show, and what check shares with it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/arrange.h"

#include "base/assert.h"
#include "base/words.h"
#include "release/hex.h"
#include "release/keyring.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

void wlk_sheet_print_digest(const wlk_digest *digest)
{
    char hex[2 * WLK_DIGEST_SIZE + 1];
    wlk_hex_write(digest->bytes, WLK_DIGEST_SIZE, hex);
    printf("digest sha256:%s\n", hex);
}

wlk_status wlk_sheet_roots(const char *path, const struct wlk_arrangement *arrangement,
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

bool wlk_sheet_print_signatures(const struct wlk_sheet *sheet, const struct wlk_roots *roots,
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

/* A key statement: its text, and nothing about who signed it. */
static wlk_status show_statement(const char *path, struct wlk_fault *fault)
{
    uint8_t bytes[WLK_KEY_STATEMENT_SIZE_MAX];
    char text[WLK_KEY_STATEMENT_TEXT_MAX];
    struct wlk_key_statement statement;
    FILE *file = fopen(path, "rb");
    wlk_fault_where(fault, path);
    if (!file) {
        wlk_fault_set(fault, "file cannot be read", "%s", strerror(errno));
        return WLK_IO;
    }
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    WLK_TRY(wlk_key_statement_peek(bytes, size, &statement, fault));
    WLK_TRY(wlk_key_statement_print(&statement, text, sizeof text));
    printf("%s", text);
    return WLK_OK;
}

static bool is_statement(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && strcmp(dot, ".keystatement") == 0;
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
    if (is_statement(options.operand[0])) {
        status = show_statement(options.operand[0], &fault);
        return status == WLK_OK ? 0 : wlk_options_fault(&options, status, &fault);
    }
    status = wlk_sheet_read(options.operand[0], &sheet, &fault);
    if (status == WLK_OK)
        status = wlk_arrangement_print(&sheet.arrangement, text, sizeof text);
    if (status == WLK_OK)
        status = wlk_sheet_roots(NULL, &sheet.arrangement, &roots, &fault);
    if (status != WLK_OK)
        return wlk_options_fault(&options, status, &fault);
    if (option[0].is_given) {
        printf("%s", text);
        return 0;
    }
    printf("%s\n", text);
    wlk_sheet_print_digest(&sheet.digest);
    return wlk_sheet_print_signatures(&sheet, &roots, &is_complete) ? 0 : 1;
}
