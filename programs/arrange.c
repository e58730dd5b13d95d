/* arrange.c -- "warnlink arrange": sign, withdraw; the rest is in arrange_*.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/arrange.h"

#include "base/assert.h"
#include "base/clock.h"
#include "base/words.h"
#include "programs/keyfile.h"
#include "programs/mains.h"
#include "release/hex.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static wlk_status io_fault(struct wlk_fault *fault, const char *path, const char *rule)
{
    wlk_fault_where(fault, path);
    wlk_fault_set(fault, rule, "%s", strerror(errno));
    return WLK_IO;
}

wlk_status wlk_arrange_write(const char *path, const uint8_t *bytes, size_t size,
                             struct wlk_fault *fault)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (descriptor < 0)
        return io_fault(fault, path, "file cannot be made");
    ssize_t written = write(descriptor, bytes, size);
    bool is_whole = written >= 0 && (size_t)written == size && fsync(descriptor) == 0;
    if (close(descriptor) != 0 || !is_whole)
        return io_fault(fault, path, "file cannot be written");
    return WLK_OK;
}

/* Joins three parts into a path; false: too long. */
static bool join(char path[WLK_ARRANGE_PATH_SIZE], const char *stem, const char *middle,
                 const char *end)
{
    int length = snprintf(path, WLK_ARRANGE_PATH_SIZE, "%s%s%s", stem, middle, end);
    return length > 0 && length < WLK_ARRANGE_PATH_SIZE;
}

static wlk_status read_signature(struct wlk_sheet *sheet, size_t party, struct wlk_fault *fault)
{
    char path[WLK_ARRANGE_PATH_SIZE], end[WLK_NAME_SIZE + 8];
    snprintf(end, sizeof end, ".%s.sig", sheet->arrangement.party[party].text);
    if (!join(path, sheet->stem, end, ""))
        return WLK_OK;
    FILE *file = fopen(path, "rb");
    if (!file)
        return errno == ENOENT ? WLK_OK : io_fault(fault, path, "signature cannot be read");
    size_t size = fread(sheet->signature[party], 1, WLK_PARTY_SIGNATURE_MAX, file);
    bool has_more = fgetc(file) != EOF;
    fclose(file);
    sheet->signature_size[party] = size;
    if (size > 0 && !has_more)
        return WLK_OK;
    wlk_fault_where(fault, path);
    wlk_fault_set(fault, "not a signature", "%zu bytes%s", size, has_more ? " and more" : "");
    return WLK_BAD_INPUT;
}

wlk_status wlk_sheet_read(const char *path, struct wlk_sheet *out, struct wlk_fault *fault)
{
    char *text = NULL;
    size_t length = strlen(path);
    memset(out, 0, sizeof *out);
    if (!join(out->path, path, "", "") || length + WLK_NAME_SIZE + 16 > sizeof out->stem) {
        wlk_fault_where(fault, path);
        wlk_fault_set(fault, "path is too long", "%zu bytes", length);
        return WLK_BAD_INPUT;
    }
    bool has_ending = length > 4 && strcmp(path + length - 4, ".txt") == 0;
    memcpy(out->stem, path, has_ending ? length - 4 : length);
    WLK_TRY(wlk_words_read_file(path, &text, fault));
    wlk_status status = wlk_arrangement_parse(path, text, &out->arrangement, fault);
    if (status == WLK_OK)
        out->is_canonical = wlk_arrangement_is_canonical(&out->arrangement, text, &out->line);
    free(text);
    WLK_TRY(status);
    out->digest = wlk_arrangement_digest(&out->arrangement);
    for (size_t p = 0; p < out->arrangement.party_count; p++)
        WLK_TRY(read_signature(out, p, fault));
    return WLK_OK;
}

/* A bundle as it lies at a node: its arrangement, for whoever has no text any more. */
static wlk_status read_bundle(const char *path, struct wlk_sheet *out, struct wlk_fault *fault)
{
    static uint8_t bytes[WLK_BUNDLE_SIZE_MAX + 1];
    size_t length = strlen(path), ending = strlen(".bundle");
    memset(out, 0, sizeof *out);
    FILE *file = fopen(path, "rb");
    if (!file || length >= sizeof out->stem) {
        if (file)
            fclose(file);
        return io_fault(fault, path, "file cannot be read");
    }
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    memcpy(out->path, path, length);
    memcpy(out->stem, path, length - ending);
    wlk_fault_where(fault, path);
    WLK_TRY(wlk_force_peek(bytes, size, &out->arrangement, fault));
    out->digest = wlk_arrangement_digest(&out->arrangement);
    return WLK_OK;
}

static bool is_bundle(const char *path)
{
    size_t length = strlen(path);
    return length > 7 && strcmp(path + length - 7, ".bundle") == 0;
}

wlk_status wlk_sheet_bundle(const struct wlk_sheet *sheet, int only_party, uint8_t *bytes,
                            size_t size, size_t *size_out)
{
    struct wlk_signature signature[WLK_PARTIES_MAX] = {{0}};
    for (int p = 0; p < (int)sheet->arrangement.party_count; p++)
        if (only_party < 0 || only_party == p)
            signature[p] =
                (struct wlk_signature){sheet->signature[p], sheet->signature_size[p]};
    return wlk_force_bundle(&sheet->arrangement, signature, bytes, size, size_out);
}

/* ---- sign, withdraw ---- */

/* The party whose root key this is, or -1. */
static int party_of(const struct wlk_arrangement *arrangement, const struct wlk_secret_key *key)
{
    for (size_t p = 0; p < arrangement->party_count; p++) {
        const struct wlk_public_key *root = wlk_arrangement_root(arrangement, (uint8_t)p);
        if (root && memcmp(root->bytes, key->public_key.bytes, sizeof root->bytes) == 0)
            return (int)p;
    }
    return -1;
}

/* Leaves out signatures that are of another text: the file was changed after they were made. */
static void drop_stale(struct wlk_sheet *sheet)
{
    static uint8_t bytes[WLK_BUNDLE_SIZE_MAX];
    static struct wlk_agreement agreement;
    struct wlk_roots roots = {.count = 1};
    for (size_t p = 0; p < sheet->arrangement.party_count; p++) {
        const struct wlk_public_key *root =
            wlk_arrangement_root(&sheet->arrangement, (uint8_t)p);
        size_t size = 0;
        if (!sheet->signature_size[p] || !root)
            continue;
        roots.root[0] = (struct wlk_root){sheet->arrangement.party[p], *root};
        if (wlk_sheet_bundle(sheet, (int)p, bytes, sizeof bytes, &size) == WLK_OK &&
            wlk_force_read(bytes, size, &roots, &agreement, NULL) == WLK_OK)
            continue;
        printf("left out: the signature of %s is not of this text\n",
               sheet->arrangement.party[p].text);
        sheet->signature_size[p] = 0;
    }
}

static wlk_status sign_sheet(struct wlk_sheet *sheet, const struct wlk_secret_key *key,
                             struct wlk_fault *fault)
{
    static uint8_t bundle[WLK_BUNDLE_SIZE_MAX];
    char path[WLK_ARRANGE_PATH_SIZE], end[WLK_NAME_SIZE + 8];
    size_t size = 0;
    int party = party_of(&sheet->arrangement, key);
    wlk_fault_where(fault, sheet->path);
    if (!sheet->is_canonical) {
        if (fault)
            fault->line = sheet->line;
        wlk_fault_set(fault, "only the canonical text is signed", "%s",
                      "warnlink arrange show --text prints it");
        return WLK_BAD_INPUT;
    }
    if (party < 0) {
        wlk_fault_set(fault, "this is no party's root key in the arrangement", "%s",
                      sheet->arrangement.name.text);
        return WLK_NOT_RELEASABLE;
    }
    WLK_TRY(wlk_force_sign(&sheet->arrangement, sheet->arrangement.party[party], key,
                           sheet->signature[party], WLK_PARTY_SIGNATURE_MAX,
                           &sheet->signature_size[party]));
    drop_stale(sheet);
    WLK_TRY(wlk_sheet_bundle(sheet, -1, bundle, sizeof bundle, &size));
    snprintf(end, sizeof end, ".%s.sig", sheet->arrangement.party[party].text);
    if (!join(path, sheet->stem, end, ""))
        return WLK_BAD_INPUT;
    WLK_TRY(wlk_arrange_write(path, sheet->signature[party], sheet->signature_size[party],
                              fault));
    printf("%s signed: %s\n", sheet->arrangement.party[party].text, path);
    if (!join(path, sheet->stem, ".bundle", ""))
        return WLK_BAD_INPUT;
    WLK_TRY(wlk_arrange_write(path, bundle, size, fault));
    printf("bundle: %s\n", path);
    return WLK_OK;
}

static wlk_status withdraw_sheet(const struct wlk_sheet *sheet,
                                 const struct wlk_secret_key *key, struct wlk_fault *fault)
{
    uint8_t bytes[WLK_WITHDRAWAL_SIZE_MAX];
    char path[WLK_ARRANGE_PATH_SIZE], end[WLK_NAME_SIZE + 16];
    size_t size = 0;
    int party = party_of(&sheet->arrangement, key);
    if (party < 0) {
        wlk_fault_where(fault, sheet->path);
        wlk_fault_set(fault, "this is no party's root key in the arrangement", "%s",
                      sheet->arrangement.name.text);
        return WLK_NOT_RELEASABLE;
    }
    struct wlk_withdrawal withdrawal = {.arrangement = sheet->digest,
                                        .party = sheet->arrangement.party[party],
                                        .time = wlk_clock_wall()};
    WLK_TRY(wlk_force_withdraw(&withdrawal, key, bytes, sizeof bytes, &size));
    snprintf(end, sizeof end, ".%s.withdrawal", withdrawal.party.text);
    if (!join(path, sheet->stem, end, ""))
        return WLK_BAD_INPUT;
    WLK_TRY(wlk_arrange_write(path, bytes, size, fault));
    printf("%s withdraws %s version %llu: %s\n", withdrawal.party.text,
           sheet->arrangement.name.text, (unsigned long long)sheet->arrangement.version, path);
    return WLK_OK;
}

/* sign and withdraw: a file and a root key. */
static int act_main(int argc, char *argv[], bool is_withdrawal)
{
    static struct wlk_sheet sheet;
    struct wlk_option option[1] = {{.name = "key",
                                    .kind = WLK_OPTION_TEXT,
                                    .value = "KEYFILE",
                                    .meaning = "root key of the party that acts"}};
    struct wlk_options options = {
        .program = is_withdrawal ? "warnlink arrange withdraw" : "warnlink arrange sign",
        .purpose = is_withdrawal ? "end an arrangement at once and for ever"
                                 : "sign an arrangement as one party",
        .operands = is_withdrawal ? "FILE (its text, or its .bundle)" : "FILE",
        .operand_count_min = 1,
        .operand_count_max = 1,
        .option = option,
        .option_count = 1};
    struct wlk_fault fault = {.rule = NULL};
    struct wlk_secret_key key;
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    if (!option[0].text)
        return wlk_options_refuse(&options, "--key is needed");
    status = is_withdrawal && is_bundle(options.operand[0])
                 ? read_bundle(options.operand[0], &sheet, &fault)
                 : wlk_sheet_read(options.operand[0], &sheet, &fault);
    if (status == WLK_OK)
        status = wlk_keyfile_read(option[0].text, &key, &fault);
    if (status == WLK_OK) {
        status = is_withdrawal ? withdraw_sheet(&sheet, &key, &fault)
                               : sign_sheet(&sheet, &key, &fault);
        wlk_key_wipe(&key);
    }
    return status == WLK_OK ? 0 : wlk_options_fault(&options, status, &fault);
}

int wlk_arrange_main(int argc, char *argv[])
{
    static const struct wlk_options options = {.program = "warnlink arrange"};
    const char *verb = argc > 1 ? argv[1] : "";
    if (wlk_seal_init() != WLK_OK)
        return wlk_options_fault(&options, WLK_IO, NULL);
    if (strcmp(verb, "keys") == 0)
        return wlk_arrange_keys(argc - 1, argv + 1);
    if (strcmp(verb, "rotate") == 0)
        return wlk_arrange_rotate(argc - 1, argv + 1);
    if (strcmp(verb, "revoke") == 0)
        return wlk_arrange_revoke(argc - 1, argv + 1);
    if (strcmp(verb, "sign") == 0)
        return act_main(argc - 1, argv + 1, false);
    if (strcmp(verb, "withdraw") == 0)
        return act_main(argc - 1, argv + 1, true);
    if (strcmp(verb, "check") == 0)
        return wlk_arrange_check(argc - 1, argv + 1);
    if (strcmp(verb, "table") == 0)
        return wlk_arrange_table(argc - 1, argv + 1);
    if (strcmp(verb, "show") == 0)
        return wlk_arrange_show(argc - 1, argv + 1);
    if (strcmp(verb, "diff") == 0)
        return wlk_arrange_diff(argc - 1, argv + 1);
    if (strcmp(verb, "--help") == 0) {
        printf("warnlink arrange keys|rotate|revoke|sign|withdraw|check|table|show|diff "
               "[OPTIONS] FILE\n"
               "Makes, replaces and ends keys; signs, checks, shows, compares and withdraws\n"
               "an arrangement. Each verb has its --help.\n");
        return 0;
    }
    return wlk_options_refuse(&options, "%s%.40s (see warnlink arrange --help)",
                              *verb ? "unknown verb: " : "a verb is missing", verb);
}
