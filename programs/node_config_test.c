/* node_config_test.c -- node.conf is read as it is written, or refused with file, line, rule.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/node_config.h"

#include "base/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/warnlink-node-config-XXXXXX";
static char path[128];
static struct wlk_node_config config, untouched;
static struct wlk_fault fault;

static const char HEX[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

static const char *const GOOD[] = {
    "nation JP",
    "nature exercise \"DRILL 27\"",
    "clock 1000 2000 10",
    "plots 127.0.0.1 9001",
    "hub HON-A 127.0.0.1 9101 authority ca.crt certificate jp.crt key /abs/jp.key pin %s",
    "hub HON-B ::1 9102 authority ca.crt certificate jp.crt key jp.key",
    "record-key record.key",
    "roots roots.txt",
    "statements statements",
    "journal journal.db",
    "cap cap # a remark",
    "trace trace.txt",
    "sites sites.txt",
    "areas areas",
    "display 127.0.0.1 8080",
    "display-name console.example",
    "display-operators operators.txt",
    "display-release named",
    "display-shown shown.txt",
    "display-operator-header X-SSL-Client-S-DN-CN",
    "keep 400",
    "display-live 127.0.0.1 8081",
    "references known.txt"};
enum { LINES = sizeof GOOD / sizeof GOOD[0] };

/* Writes the good file with line number replaced (0: none), more appended, and reads it. */
static wlk_status read_with(size_t number, const char *line, const char *more)
{
    FILE *file = fopen(path, "w");
    if (!file)
        abort();
    for (size_t i = 0; i < LINES; i++) {
        char text[256];
        snprintf(text, sizeof text, GOOD[i], HEX);
        fprintf(file, "%s\n", i + 1 == number ? line : text);
    }
    fprintf(file, "%s", more);
    fclose(file);
    memset(&fault, 0, sizeof fault);
    config = untouched;
    return wlk_node_config_read(path, &config, &fault);
}

static bool is_path(const char *text, const char *name)
{
    char wanted[256];
    snprintf(wanted, sizeof wanted, "%s/%s", folder, name);
    return strcmp(text, wanted) == 0;
}

static void check_good(void)
{
    wlk_check(read_with(0, "", "") == WLK_OK, "a whole file is read");
    wlk_check(strcmp(config.nation.text, "JP") == 0 && config.nature == WLK_NATURE_EXERCISE &&
                  strcmp(config.exercise, "DRILL 27") == 0,
              "nation, nature, exercise");
    wlk_check(config.has_clock && config.clock.origin_wall.ns == 1000 &&
                  config.clock.origin_scenario.ns == 2000 && config.clock.rate == 10,
              "the clock");
    wlk_check(config.hub_count == 2 && strcmp(config.hub[1].at.host, "::1") == 0 &&
                  strcmp(config.hub[0].at.port, "9101") == 0 &&
                  config.hub[0].at.pin_count == 1 && config.hub[0].at.pin[0].bytes[1] == 0x11 &&
                  config.hub[0].at.pin[0].bytes[31] == 0xff && !config.hub[1].at.pin_count,
              "two hubs, one of them pinned");
    wlk_check(
        is_path(config.hub[0].at.authority, "ca.crt") &&
            strcmp(config.hub[0].at.key, "/abs/jp.key") == 0 &&
            is_path(config.record_key, "record.key") && is_path(config.roots, "roots.txt") &&
            is_path(config.statements, "statements") &&
            config.kept_ns == INT64_C(400) * 86400 * 1000000000 &&
            is_path(config.journal, "journal.db") &&
            is_path(config.cap, "cap") && is_path(config.trace, "trace.txt") &&
            is_path(config.sites, "sites.txt") && is_path(config.areas, "areas"),
        "paths are relative to the file, unless they begin at the root");
    wlk_check(strcmp(config.plots_host, "127.0.0.1") == 0 &&
                  strcmp(config.plots_port, "9001") == 0,
              "where plots come in");
    wlk_check(strcmp(config.display_port, "8080") == 0 && config.display_release &&
                  strcmp(config.display_name, "console.example") == 0 &&
                  is_path(config.display_operators, "operators.txt") &&
                  is_path(config.display_shown, "shown.txt"),
              "where the display is served, and under what rules");
    wlk_check(strcmp(config.display_operator_header, "X-SSL-Client-S-DN-CN") == 0,
              "and whose header is believed");
    wlk_check(strcmp(config.display_live_host, "127.0.0.1") == 0 &&
                  strcmp(config.display_live_port, "8081") == 0,
              "and which live display is watched");
    wlk_check(read_with(2, "nature real", "") == WLK_BAD_INPUT &&
                  strstr(fault.rule, "watches no other"),
              "by no live node");
    wlk_check(read_with(17, "", "") == WLK_BAD_INPUT &&
                  strstr(fault.detail, "display-operators"),
              "a header that names operators of no file is refused");
    wlk_check(read_with(18, "", "") == WLK_OK && !config.display_release,
              "warnings go out by policy unless the file says otherwise");
    wlk_check(read_with(15, "", "") == WLK_BAD_INPUT && strstr(fault.detail, "display"),
              "rules for a display that is not there are refused");
    wlk_check(read_with(3, "", "") == WLK_OK && !config.has_clock && config.clock.rate == 1,
              "without a clock statement the node lives in real time");
    wlk_check(read_with(13, "", "") == WLK_OK && strstr(config.sites, "sensors/sites.txt"),
              "without sites it takes the shipped ones");
}

static const struct {
    size_t line;
    const char *text, *rule;
} BAD[] = {{1, "nation", "nation NAME"},
           {1, "nation jp", "nation NAME"},
           {1, "nation JP KR", "nation NAME"},
           {1, "nation TOO-LONG-A-NAME-IT-IS", "nation NAME"},
           {2, "nature drill", "exercise|real|test"},
           {2, "nature exercise a b", "exercise|real|test"},
           {2, "nature real \"DRILL\"", "has an id"},
           {2, "nature exercise \"\xe2\x80\xae\"", "plain text"},
           {22, "display-live 127.0.0.1", "display-live ADDRESS"},
           {22, "display-live 192.0.2.1 8081", "of this machine"},
           {22, "display-live localhost 8081", "of this machine"},
           {20, "display-operator-header", "display-operator-header NAME"},
           {20, "display-operator-header X-A:", "display-operator-header NAME"},
           {20, "display-operator-header X A", "display-operator-header NAME"},
           {3, "clock 1 2", "clock WALL_NS"},
           {3, "clock 1 2 0", "clock WALL_NS"},
           {3, "clock 1 2 nan", "clock WALL_NS"},
           {3, "clock -1 2 1", "clock WALL_NS"},
           {3, "clock 1 2 1001", "clock WALL_NS"},
           {4, "plots 127.0.0.1", "plots ADDRESS PORT"},
           {4, "plots 127.0.0.1 9 9", "plots ADDRESS PORT"},
           {4, "plots 127.0.0.1 0", "plots ADDRESS PORT"},
           {4, "plots 127.0.0.1 65536", "plots ADDRESS PORT"},
           {4, "plots 127.0.0.1 ssh", "plots ADDRESS PORT"},
           {5, "hub HON-A", "hub NAME ADDRESS"},
           {5, "hub HON-A h 9 authority a certificate b key", "hub NAME ADDRESS"},
           {5, "hub HON-A h 9 authority a certificate b pin c", "a pin is 64"},
           {5, "hub HON-A h 9 authority a certificate b colour c", "expected authority"},
           {5, "hub HON-A h 9 authority a authority b key c", "twice"},
           {5, "hub HON-A h 9 authority a certificate b key c pin 12", "a pin is 64"},
           {7, "record-key a b", "one path"},
           {7, "record-key", "one path"},
           {8, "rots roots.txt", "unknown statement"},
           {15, "display 127.0.0.1", "display ADDRESS PORT"},
           {15, "display 127.0.0.1 http", "display ADDRESS PORT"},
           {16, "display-name", "display-name HOST"},
           {18, "display-release soon", "automatic|named"},
           {21, "keep", "keep DAYS"},
           {21, "keep 0", "keep DAYS"},
           {21, "keep 1.5", "keep DAYS"},
           {21, "keep 99999", "keep DAYS"},
           {10, "journal \"open", "quot"},
           {10, "journal \xff", "UTF-8"}};

static void check_lines(void)
{
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        bool refused = read_with(BAD[i].line, BAD[i].text, "") == WLK_BAD_INPUT;
        wlk_check(refused && fault.line == BAD[i].line && strstr(fault.where, "node.conf") &&
                      fault.rule && strstr(fault.rule, BAD[i].rule) &&
                      memcmp(&config, &untouched, sizeof config) == 0,
                  "refused with line and rule: %s", BAD[i].text);
    }
    static const char *const again[] = {
        "nation KR\n",   "nature exercise\n",  "clock 1 2 3\n",   "plots 127.0.0.1 9\n",
        "roots other\n", "record-key other\n", "journal other\n", "statements other\n"};
    for (size_t i = 0; i < sizeof again / sizeof again[0]; i++)
        wlk_check(read_with(0, "", again[i]) == WLK_BAD_INPUT && fault.line == LINES + 1,
                  "a statement that stands twice is refused: %.*s", (int)strcspn(again[i], " "),
                  again[i]);
}

static void check_missing(void)
{
    static const struct {
        size_t line;
        const char *word;
    } needed[] = {{1, "nation"},     {2, "nature"}, {4, "plots"},
                  {7, "record-key"}, {8, "roots"},  {10, "journal"}};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        wlk_check(read_with(needed[i].line, "", "") == WLK_BAD_INPUT && fault.line == 0 &&
                      strcmp(fault.rule, "statement is missing") == 0 &&
                      strcmp(fault.detail, needed[i].word) == 0,
                  "a file without %s is refused", needed[i].word);
    wlk_check(read_with(2, "nature real", "") == WLK_BAD_INPUT &&
                  strstr(fault.rule, "real node"),
              "real life has no clock statement");
    config = untouched;
    wlk_check(wlk_node_config_read("/nowhere/node.conf", &config, &fault) == WLK_IO &&
                  strstr(fault.where, "node.conf") &&
                  memcmp(&config, &untouched, sizeof config) == 0,
              "a file that is not there is named");
}

int main(void)
{
    memset(&untouched, 0x5a, sizeof untouched);
    if (!wlk_check(mkdtemp(folder) != NULL, "a folder to work in"))
        return wlk_tap_done();
    snprintf(path, sizeof path, "%s/node.conf", folder);
    check_good();
    check_lines();
    check_missing();
    remove(path);
    rmdir(folder);
    return wlk_tap_done();
}
