/* node_config.c -- reads node.conf.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/node_config.h"

#include "base/assert.h"
#include "base/words.h"
#include "programs/share.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct reading {
    struct wlk_words words;
    struct wlk_node_config config;
    char folder[WLK_PATH_SIZE];
    struct wlk_fault *fault;
};

static wlk_status complain(struct reading *reading, const char *rule)
{
    return wlk_words_fault(&reading->words, reading->fault, rule, "%.60s",
                           reading->words.word[0]);
}

static wlk_status take_path(struct reading *reading, const char *word, char out[WLK_PATH_SIZE])
{
    if (out[0])
        return complain(reading, "statement stands twice");
    int used = word[0] == '/' ? snprintf(out, WLK_PATH_SIZE, "%s", word)
                              : snprintf(out, WLK_PATH_SIZE, "%s/%s", reading->folder, word);
    if (used < 0 || used >= WLK_PATH_SIZE)
        return complain(reading, "path too long");
    return WLK_OK;
}

static wlk_status take_nation(struct reading *reading)
{
    const struct wlk_words *words = &reading->words;
    if (reading->config.nation.text[0])
        return complain(reading, "one node serves one nation: a second one is named");
    if (words->count != 2 ||
        wlk_name_parse(words->word[1], &reading->config.nation) != WLK_OK)
        return complain(reading, "expected: nation NAME");
    return WLK_OK;
}

static wlk_status take_nature(struct reading *reading)
{
    const struct wlk_words *words = &reading->words;
    struct wlk_node_config *config = &reading->config;
    if (config->nature)
        return complain(reading, "statement stands twice");
    if (words->count < 2 || words->count > 3 ||
        wlk_nature_parse(words->word[1], &config->nature) != WLK_OK)
        return complain(reading, "expected: nature exercise|real|test [ID]");
    if (words->count == 3) {
        if (config->nature == WLK_NATURE_REAL || strlen(words->word[2]) >= WLK_TEXT_SIZE)
            return complain(reading, "only an exercise or test has an id, up to 63 bytes");
        snprintf(config->exercise, sizeof config->exercise, "%s", words->word[2]);
    }
    return WLK_OK;
}

static wlk_status take_clock(struct reading *reading)
{
    const struct wlk_words *words = &reading->words;
    struct wlk_clock *clock = &reading->config.clock;
    if (reading->config.has_clock)
        return complain(reading, "statement stands twice");
    if (words->count != 4 ||
        wlk_word_integer(words->word[1], 0, INT64_MAX, &clock->origin_wall.ns) != WLK_OK ||
        wlk_word_integer(words->word[2], 0, INT64_MAX, &clock->origin_scenario.ns) != WLK_OK ||
        wlk_word_number(words->word[3], 0.01, 1000, &clock->rate) != WLK_OK)
        return complain(reading, "expected: clock WALL_NS SCENARIO_NS RATE");
    reading->config.has_clock = true;
    return WLK_OK;
}

static bool is_port(const char *word)
{
    int64_t port;
    return wlk_word_integer(word, 1, 65535, &port) == WLK_OK && strlen(word) < 8;
}

static wlk_status take_plots(struct reading *reading)
{
    const struct wlk_words *words = &reading->words;
    if (reading->config.plots_host[0])
        return complain(reading, "statement stands twice");
    if (words->count != 3 || strlen(words->word[1]) >= sizeof reading->config.plots_host ||
        !is_port(words->word[2]))
        return complain(reading, "expected: plots ADDRESS PORT");
    snprintf(reading->config.plots_host, sizeof reading->config.plots_host, "%s",
             words->word[1]);
    snprintf(reading->config.plots_port, sizeof reading->config.plots_port, "%s",
             words->word[2]);
    return WLK_OK;
}

static wlk_status take_pin(struct reading *reading, const char *hex, wlk_digest *out)
{
    static const char digits[] = "0123456789abcdef";
    if (strlen(hex) != 2 * WLK_DIGEST_SIZE)
        return complain(reading, "a pin is 64 hexadecimal digits");
    for (size_t i = 0; i < WLK_DIGEST_SIZE; i++) {
        const char *high = strchr(digits, hex[2 * i]), *low = strchr(digits, hex[2 * i + 1]);
        if (!high || !low)
            return complain(reading, "a pin is 64 hexadecimal digits");
        out->bytes[i] = (uint8_t)((high - digits) << 4 | (low - digits));
    }
    return WLK_OK;
}

static wlk_status take_hub_word(struct reading *reading, struct wlk_node_hub *hub,
                                const char *key, const char *value)
{
    if (strcmp(key, "authority") == 0)
        return take_path(reading, value, hub->authority);
    if (strcmp(key, "certificate") == 0)
        return take_path(reading, value, hub->certificate);
    if (strcmp(key, "key") == 0)
        return take_path(reading, value, hub->key);
    if (strcmp(key, "pin") == 0) {
        hub->has_pin = true;
        return take_pin(reading, value, &hub->pin);
    }
    return complain(reading, "expected authority, certificate, key or pin in a hub statement");
}

static wlk_status take_hub(struct reading *reading)
{
    const struct wlk_words *words = &reading->words;
    if (reading->config.hub_count == WLK_HUBS_MAX)
        return complain(reading, "too many hubs");
    struct wlk_node_hub *hub = &reading->config.hub[reading->config.hub_count++];
    if (words->count < 10 || words->count % 2 ||
        wlk_name_parse(words->word[1], &hub->name) != WLK_OK ||
        strlen(words->word[2]) >= sizeof hub->host || !is_port(words->word[3]))
        return complain(reading, "expected: hub NAME ADDRESS PORT authority FILE certificate "
                                 "FILE key FILE [pin HEX]");
    snprintf(hub->host, sizeof hub->host, "%s", words->word[2]);
    snprintf(hub->port, sizeof hub->port, "%s", words->word[3]);
    for (size_t i = 4; i + 1 < words->count; i += 2)
        WLK_TRY(take_hub_word(reading, hub, words->word[i], words->word[i + 1]));
    if (!hub->authority[0] || !hub->certificate[0] || !hub->key[0])
        return complain(reading, "a hub needs authority, certificate and key");
    return WLK_OK;
}

static wlk_status take_file(struct reading *reading)
{
    struct wlk_node_config *config = &reading->config;
    const struct {
        const char *word;
        char *path;
    } file[] = {{"record-key", config->record_key}, {"roots", config->roots},
                {"statements", config->statements}, {"journal", config->journal},
                {"cap", config->cap},               {"trace", config->trace},
                {"sites", config->sites},           {"areas", config->areas}};
    for (size_t i = 0; i < sizeof file / sizeof file[0]; i++)
        if (strcmp(reading->words.word[0], file[i].word) == 0) {
            if (reading->words.count != 2)
                return complain(reading, "expected one path");
            return take_path(reading, reading->words.word[1], file[i].path);
        }
    return complain(reading, "unknown statement");
}

static wlk_status take_statement(struct reading *reading)
{
    const char *word = reading->words.word[0];
    if (strcmp(word, "nation") == 0)
        return take_nation(reading);
    if (strcmp(word, "nature") == 0)
        return take_nature(reading);
    if (strcmp(word, "clock") == 0)
        return take_clock(reading);
    if (strcmp(word, "plots") == 0)
        return take_plots(reading);
    if (strcmp(word, "hub") == 0)
        return take_hub(reading);
    return take_file(reading);
}

/* What is wrong with the file as a whole, and so has no line. */
static wlk_status refuse(struct reading *reading, const char *rule, const char *what)
{
    wlk_words_fault(&reading->words, reading->fault, rule, "%s", what);
    if (reading->fault)
        reading->fault->line = 0;
    return WLK_BAD_INPUT;
}

static wlk_status missing(struct reading *reading, const char *what)
{
    return refuse(reading, "statement is missing", what);
}

static wlk_status complete(struct reading *reading)
{
    struct wlk_node_config *config = &reading->config;
    if (!config->nation.text[0])
        return missing(reading, "nation");
    if (!config->nature)
        return missing(reading, "nature");
    if (!config->plots_host[0])
        return missing(reading, "plots");
    if (!config->record_key[0])
        return missing(reading, "record-key");
    if (!config->roots[0])
        return missing(reading, "roots");
    if (!config->journal[0])
        return missing(reading, "journal");
    if (config->has_clock && config->nature == WLK_NATURE_REAL)
        return refuse(reading, "a real node has no clock statement", "it lives in real time");
    if (!config->has_clock)
        config->clock = wlk_clock_life();
    if (!config->sites[0])
        WLK_TRY(wlk_share_path("sensors/sites.txt", config->sites, sizeof config->sites));
    if (!config->areas[0])
        WLK_TRY(wlk_share_path("areas", config->areas, sizeof config->areas));
    return WLK_OK;
}

wlk_status wlk_node_config_read(const char *path, struct wlk_node_config *out,
                                struct wlk_fault *fault)
{
    char *text;
    WLK_TRY(wlk_words_read_file(path, &text, fault));
    static struct reading reading;
    memset(&reading, 0, sizeof reading);
    reading.fault = fault;
    snprintf(reading.folder, sizeof reading.folder, "%s", path);
    char *slash = strrchr(reading.folder, '/');
    if (slash)
        *slash = 0;
    else
        snprintf(reading.folder, sizeof reading.folder, ".");
    wlk_words_init(&reading.words, path, text);
    wlk_status status;
    while ((status = wlk_words_next(&reading.words, fault)) == WLK_OK)
        if ((status = take_statement(&reading)) != WLK_OK)
            break;
    if (status == WLK_NOT_YET)
        status = complete(&reading);
    free(text);
    if (status == WLK_OK)
        *out = reading.config;
    return status;
}
