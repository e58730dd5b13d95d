/* arrange_keys.c -- "warnlink arrange": keys, rotate, revoke.
 *
 * DIR/offline/ holds the root key and nothing a running node needs; DIR/ holds the rest. The
 * root signs arrangements, withdrawals and key statements, a few times a year.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/arrange.h"

#include "base/assert.h"
#include "base/clock.h"
#include "programs/keyfile.h"
#include "release/hex.h"
#include "release/keyring.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TERM_DAYS = 365, ROOT_TERM_DAYS = 3650, FILES_MAX = 999 };
static const double DAY_S = 86400;
static const char OFFLINE[] =
    "This folder belongs on a medium of its own that lies in a safe, not on a machine with a\n"
    "network. The root key in it signs arrangements, withdrawals and key statements, and\n"
    "whoever has it can speak for this nation. No running part of warnlink reads it.\n";

struct order {
    const char *folder;
    wlk_name owner;
    bool is_hub;
    wlk_utc from, until;
};

/* Joins a folder and a name made from parts; false: too long. */
static bool join(char path[WLK_ARRANGE_PATH_SIZE], const char *folder, const char *owner,
                 const char *end)
{
    int length = snprintf(path, WLK_ARRANGE_PATH_SIZE, "%s/%s%s", folder, owner, end);
    return length > 0 && length < WLK_ARRANGE_PATH_SIZE;
}

static wlk_status refuse(struct wlk_fault *fault, const char *path, const char *rule,
                         wlk_status status)
{
    wlk_fault_where(fault, path);
    wlk_fault_set(fault, rule, "%s", status == WLK_IO ? strerror(errno) : "");
    return status;
}

/* ---- keys ---- */

/* One key file, and its public key. kind: ".real.key" ... */
static wlk_status make_key(const struct order *order, const char *kind,
                           struct wlk_public_key *out, struct wlk_fault *fault)
{
    char path[WLK_ARRANGE_PATH_SIZE], name[WLK_NAME_SIZE + 16];
    uint8_t seed[WLK_SEED_SIZE];
    struct wlk_secret_key key;
    bool is_root = strcmp(kind, ".root.key") == 0;
    snprintf(name, sizeof name, "%s%s", is_root ? "offline/" : "", order->owner.text);
    if (!join(path, order->folder, name, kind))
        return refuse(fault, order->folder, "path is too long", WLK_BAD_INPUT);
    wlk_key_generate(seed, &key);
    wlk_status status = wlk_keyfile_write(path, seed, fault);
    explicit_bzero(seed, sizeof seed);
    *out = key.public_key;
    wlk_key_wipe(&key);
    if (status == WLK_OK)
        printf("made %s%s\n", path, is_root ? " (keep it offline)" : "");
    return status;
}

static void add_line(FILE *lines, const struct order *order, const struct wlk_public_key *key,
                     const char *uses, wlk_utc until)
{
    char hex[2 * WLK_PUBLIC_KEY_SIZE + 1], from[32], to[32];
    wlk_hex_write(key->bytes, sizeof key->bytes, hex);
    wlk_utc_text(order->from, 0, from);
    wlk_utc_text(until, 0, to);
    fprintf(lines, "key %s %s use %s from %s until %s\n", order->owner.text, hex, uses, from,
            to);
}

/* Nothing is made while one of the files is there already. */
static wlk_status check_free(const struct order *order, struct wlk_fault *fault)
{
    static const char *const KINDS[] = {".real.key", ".exercise.key", ".keys", ".roots"};
    char path[WLK_ARRANGE_PATH_SIZE], root[WLK_NAME_SIZE + 16];
    struct stat there;
    snprintf(root, sizeof root, "offline/%s", order->owner.text);
    for (size_t i = 0; i <= sizeof KINDS / sizeof KINDS[0]; i++) {
        bool is_root = i == sizeof KINDS / sizeof KINDS[0];
        bool fits = join(path, order->folder, is_root ? root : order->owner.text,
                         is_root ? ".root.key" : KINDS[i]);
        if (fits && lstat(path, &there) != 0 && errno == ENOENT)
            continue;
        wlk_fault_where(fault, path);
        wlk_fault_set(fault, "keys are never overwritten", "%s",
                      fits ? "this file is there already" : "path is too long");
        return WLK_IO;
    }
    return WLK_OK;
}

/* The root key, apart, with a note on what to do with it; and the line by which others trust
 * it. */
static wlk_status make_root(const struct order *order, FILE *lines, struct wlk_fault *fault)
{
    char path[WLK_ARRANGE_PATH_SIZE], hex[2 * WLK_PUBLIC_KEY_SIZE + 1], line[128];
    struct wlk_public_key root;
    if (!join(path, order->folder, "offline", ""))
        return refuse(fault, order->folder, "path is too long", WLK_BAD_INPUT);
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return refuse(fault, path, "folder cannot be made", WLK_IO);
    if (!join(path, order->folder, "offline/", "READ-THIS"))
        return refuse(fault, order->folder, "path is too long", WLK_BAD_INPUT);
    WLK_TRY(wlk_arrange_write(path, (const uint8_t *)OFFLINE, sizeof OFFLINE - 1, fault));
    WLK_TRY(make_key(order, ".root.key", &root, fault));
    add_line(lines, order, &root, "root", wlk_utc_add(order->from, ROOT_TERM_DAYS * DAY_S));
    wlk_hex_write(root.bytes, sizeof root.bytes, hex);
    int length = snprintf(line, sizeof line, "root %s %s\n", order->owner.text, hex);
    if (!join(path, order->folder, order->owner.text, ".roots"))
        return refuse(fault, order->folder, "path is too long", WLK_BAD_INPUT);
    WLK_TRY(wlk_arrange_write(path, (const uint8_t *)line, (size_t)length, fault));
    printf("made %s: by this line the others' nodes and hubs trust it\n", path);
    return WLK_OK;
}

static wlk_status make_all(const struct order *order, FILE *lines, struct wlk_fault *fault)
{
    struct wlk_public_key key;
    if (!order->is_hub)
        WLK_TRY(make_root(order, lines, fault));
    WLK_TRY(make_key(order, ".real.key", &key, fault));
    add_line(lines, order, &key,
             order->is_hub ? "record, notice nature real" : "record, receipt nature real",
             order->until);
    WLK_TRY(make_key(order, ".exercise.key", &key, fault));
    add_line(lines, order, &key,
             order->is_hub ? "record, notice nature exercise or test"
                           : "record, receipt nature exercise or test",
             order->until);
    return WLK_OK;
}

static wlk_status make_keys(const struct order *order, struct wlk_fault *fault)
{
    char path[WLK_ARRANGE_PATH_SIZE];
    if (mkdir(order->folder, 0700) != 0 && errno != EEXIST)
        return refuse(fault, order->folder, "folder cannot be made", WLK_IO);
    WLK_TRY(check_free(order, fault));
    FILE *lines = join(path, order->folder, order->owner.text, ".keys") ? fopen(path, "wx")
                                                                        : NULL;
    if (!lines)
        return refuse(fault, path, "file cannot be made", WLK_IO);
    wlk_status status = make_all(order, lines, fault);
    if (fclose(lines) != 0 && status == WLK_OK)
        status = refuse(fault, path, "file cannot be written", WLK_IO);
    if (status == WLK_OK)
        printf("made %s: put these lines into the arrangement, above its clauses\n", path);
    return status;
}

/* ---- options that keys and rotate share ---- */

enum { DIR, PARTY, FROM, UNTIL, LAST, OPTIONS };

/* WLK_OK and order filled, or the exit code in *code. */
static bool read_order(struct wlk_options *options, int argc, char *argv[],
                       struct order *order, int *code)
{
    struct wlk_option *option = options->option;
    wlk_status status = wlk_options_read(options, argc, argv);
    *code = wlk_options_exit(status);
    if (status != WLK_OK)
        return false;
    *code = 2;
    order->folder = option[DIR].text;
    if (!order->folder || !option[PARTY].text) {
        wlk_options_refuse(options, "--dir and --party are needed");
        return false;
    }
    if (wlk_name_parse(option[PARTY].text, &order->owner) != WLK_OK) {
        wlk_options_refuse(options, "a name is 1-15 of A-Z 0-9 -: %.40s", option[PARTY].text);
        return false;
    }
    order->from.ns = wlk_clock_wall().ns / 1000000000 * 1000000000;
    for (int i = FROM; i <= UNTIL; i++) {
        wlk_utc *time = i == FROM ? &order->from : &order->until;
        if (i == UNTIL)
            *time = wlk_utc_add(order->from, TERM_DAYS * DAY_S);
        if (option[i].text && wlk_utc_parse(option[i].text, time) != WLK_OK) {
            wlk_options_refuse(options, "a time is written 2026-12-01T00:00:00Z: %.40s",
                               option[i].text);
            return false;
        }
    }
    if (order->until.ns <= order->from.ns) {
        wlk_options_refuse(options, "the term ends before it begins");
        return false;
    }
    return true;
}

static const struct wlk_option ORDER_OPTIONS[LAST] = {
    [DIR] = {.name = "dir",
             .kind = WLK_OPTION_TEXT,
             .value = "DIR",
             .meaning = "folder for the key files (made if missing)"},
    [PARTY] = {.name = "party",
               .kind = WLK_OPTION_TEXT,
               .value = "NAME",
               .meaning = "whose keys: a nation, or a hub"},
    [FROM] = {.name = "from",
              .kind = WLK_OPTION_TEXT,
              .value = "TIME",
              .meaning = "begin of the keys' term (default: now)"},
    [UNTIL] = {.name = "until",
               .kind = WLK_OPTION_TEXT,
               .value = "TIME",
               .meaning = "its end (default: a year later; a root: ten years)"}};

int wlk_arrange_keys(int argc, char *argv[])
{
    struct wlk_option option[OPTIONS] = {[LAST] = {.name = "hub",
                                                   .kind = WLK_OPTION_SWITCH,
                                                   .meaning = "keys of a hub: no root key"}};
    struct wlk_options options = {.program = "warnlink arrange keys",
                                  .purpose = "make a root key, kept apart, and operational "
                                             "keys for real and for exercise",
                                  .option = option,
                                  .option_count = OPTIONS};
    struct wlk_fault fault = {.rule = NULL};
    struct order order;
    int code;
    memcpy(option, ORDER_OPTIONS, sizeof ORDER_OPTIONS);
    memset(&order, 0, sizeof order);
    if (!read_order(&options, argc, argv, &order, &code))
        return code;
    order.is_hub = option[LAST].is_given;
    wlk_status status = make_keys(&order, &fault);
    return status == WLK_OK ? 0 : wlk_options_fault(&options, status, &fault);
}

/* ---- rotate, revoke ---- */

static wlk_status sign_statement(const struct wlk_key_statement *statement, const char *root,
                                 const char *path, struct wlk_fault *fault)
{
    uint8_t bytes[WLK_KEY_STATEMENT_SIZE_MAX];
    char text[WLK_KEY_STATEMENT_TEXT_MAX];
    struct wlk_secret_key key;
    struct stat there;
    size_t size = 0;
    if (lstat(path, &there) == 0)
        return refuse(fault, path, "a statement is never overwritten", WLK_BAD_INPUT);
    const char *rule = wlk_key_statement_fault(statement);
    if (rule)
        return refuse(fault, path, rule, WLK_BAD_INPUT);
    WLK_TRY(wlk_keyfile_read(root, &key, fault));
    wlk_status status = wlk_key_statement_sign(statement, &key, bytes, sizeof bytes, &size);
    wlk_key_wipe(&key);
    if (status == WLK_OK)
        status = wlk_arrange_write(path, bytes, size, fault);
    if (status == WLK_OK)
        status = wlk_key_statement_print(statement, text, sizeof text);
    if (status == WLK_OK)
        printf("%smade %s: put it into the statements folder of your node\n", text, path);
    return status;
}

/* The first n for which neither key nor statement is there; 0: none. */
static unsigned next_number(const struct order *order)
{
    char path[WLK_ARRANGE_PATH_SIZE], end[32];
    struct stat there;
    for (unsigned n = 2; n <= FILES_MAX; n++) {
        snprintf(end, sizeof end, ".real.%u.key", n);
        if (!join(path, order->folder, order->owner.text, end))
            return 0;
        bool is_free = lstat(path, &there) != 0;
        snprintf(end, sizeof end, ".%u.keystatement", n);
        if (is_free && join(path, order->folder, order->owner.text, end) &&
            lstat(path, &there) != 0)
            return n;
    }
    return 0;
}

static wlk_status rotate(const struct order *order, const char *root, struct wlk_fault *fault)
{
    struct wlk_key_statement statement;
    char path[WLK_ARRANGE_PATH_SIZE], end[32];
    unsigned n = next_number(order);
    if (!n)
        return refuse(fault, order->folder, "no number is left for another key", WLK_BAD_INPUT);
    memset(&statement, 0, sizeof statement);
    statement.party = order->owner;
    statement.time = wlk_clock_wall();
    statement.key_count = 2;
    for (unsigned i = 0; i < 2; i++) {
        struct wlk_arrangement_key *key = &statement.key[i];
        snprintf(end, sizeof end, ".%s.%u.key", i ? "exercise" : "real", n);
        WLK_TRY(make_key(order, end, &key->public_key, fault));
        key->use[WLK_KEY_RECORD] = key->use[WLK_KEY_RECEIPT] = 1;
        key->nature[WLK_NATURE_REAL] = !i;
        key->nature[WLK_NATURE_EXERCISE] = key->nature[WLK_NATURE_TEST] = (uint8_t)i;
        key->not_before = order->from;
        key->not_after = order->until;
    }
    snprintf(end, sizeof end, ".%u.keystatement", n);
    if (!join(path, order->folder, order->owner.text, end))
        return refuse(fault, order->folder, "path is too long", WLK_BAD_INPUT);
    return sign_statement(&statement, root, path, fault);
}

int wlk_arrange_rotate(int argc, char *argv[])
{
    struct wlk_option option[OPTIONS] = {[LAST] = {.name = "root",
                                                   .kind = WLK_OPTION_TEXT,
                                                   .value = "KEYFILE",
                                                   .meaning = "root key of the nation"}};
    struct wlk_options options = {.program = "warnlink arrange rotate",
                                  .purpose = "make the next operational keys, and the root's "
                                             "statement that adds them",
                                  .option = option,
                                  .option_count = OPTIONS};
    struct wlk_fault fault = {.rule = NULL};
    struct order order;
    int code;
    memcpy(option, ORDER_OPTIONS, sizeof ORDER_OPTIONS);
    memset(&order, 0, sizeof order);
    if (!read_order(&options, argc, argv, &order, &code))
        return code;
    if (!option[LAST].text)
        return wlk_options_refuse(&options, "--root is needed");
    wlk_status status = rotate(&order, option[LAST].text, &fault);
    return status == WLK_OK ? 0 : wlk_options_fault(&options, status, &fault);
}

/* A public key as 64 digits, or the public half of a key file. */
static wlk_status take_key(const char *word, uint8_t bytes[WLK_PUBLIC_KEY_SIZE],
                           struct wlk_fault *fault)
{
    struct wlk_secret_key key;
    if (wlk_hex_read(word, bytes, WLK_PUBLIC_KEY_SIZE) == WLK_OK)
        return WLK_OK;
    WLK_TRY(wlk_keyfile_read(word, &key, fault));
    memcpy(bytes, key.public_key.bytes, WLK_PUBLIC_KEY_SIZE);
    wlk_key_wipe(&key);
    return WLK_OK;
}

enum { REVOKE_PARTY, REVOKE_ROOT, REVOKE_SINCE, REVOKE_OUT, REVOKE_OPTIONS };

static wlk_status end_keys(const struct wlk_options *options,
                           struct wlk_key_statement *statement, struct wlk_fault *fault)
{
    statement->time = wlk_clock_wall();
    for (size_t i = 0; i < options->operand_count; i++) {
        WLK_TRY(take_key(options->operand[i], statement->end[i].bytes, fault));
        statement->end[i].suspect_since = statement->end[0].suspect_since;
        statement->end_count++;
    }
    return sign_statement(statement, options->option[REVOKE_ROOT].text,
                          options->option[REVOKE_OUT].text, fault);
}

int wlk_arrange_revoke(int argc, char *argv[])
{
    struct wlk_option option[REVOKE_OPTIONS] = {
        [REVOKE_PARTY] = {.name = "party",
                          .kind = WLK_OPTION_TEXT,
                          .value = "NAME",
                          .meaning = "nation whose keys they are"},
        [REVOKE_ROOT] = {.name = "root",
                         .kind = WLK_OPTION_TEXT,
                         .value = "KEYFILE",
                         .meaning = "its root key"},
        [REVOKE_SINCE] = {.name = "since",
                          .kind = WLK_OPTION_TEXT,
                          .value = "TIME",
                          .meaning = "suspect since: what they signed from then on is not "
                                     "believed"},
        [REVOKE_OUT] = {.name = "out",
                        .kind = WLK_OPTION_TEXT,
                        .value = "FILE",
                        .meaning = "statement to make; its name ends in .keystatement"}};
    struct wlk_options options = {.program = "warnlink arrange revoke",
                                  .purpose = "end operational keys at once and for ever",
                                  .operands = "KEY...",
                                  .operand_count_min = 1,
                                  .operand_count_max = WLK_KEY_STATEMENT_LINES_MAX,
                                  .option = option,
                                  .option_count = REVOKE_OPTIONS};
    struct wlk_key_statement statement;
    struct wlk_fault fault = {.rule = NULL};
    memset(&statement, 0, sizeof statement);
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    for (int i = 0; i < REVOKE_OPTIONS; i++)
        if (!option[i].text)
            return wlk_options_refuse(&options, "--%s is needed", option[i].name);
    if (wlk_name_parse(option[REVOKE_PARTY].text, &statement.party) != WLK_OK)
        return wlk_options_refuse(&options, "a name is 1-15 of A-Z 0-9 -: %.40s",
                                  option[REVOKE_PARTY].text);
    if (wlk_utc_parse(option[REVOKE_SINCE].text, &statement.end[0].suspect_since) != WLK_OK)
        return wlk_options_refuse(&options, "a time is written 2026-12-01T00:00:00Z: %.40s",
                                  option[REVOKE_SINCE].text);
    status = end_keys(&options, &statement, &fault);
    return status == WLK_OK ? 0 : wlk_options_fault(&options, status, &fault);
}
