/* config.c -- statements, paths, clocks and endpoints of a configuration file.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/config.h"

#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

wlk_status wlk_config_open(const char *path, struct wlk_config *out, struct wlk_fault *fault)
{
    char *text;
    WLK_TRY(wlk_words_read_file(path, &text, fault));
    memset(out, 0, sizeof *out);
    out->fault = fault;
    out->text = text;
    snprintf(out->folder, sizeof out->folder, "%s", path);
    char *slash = strrchr(out->folder, '/');
    if (slash)
        *slash = 0;
    else
        snprintf(out->folder, sizeof out->folder, ".");
    wlk_words_init(&out->words, path, text);
    return WLK_OK;
}

wlk_status wlk_config_next(struct wlk_config *config)
{
    return wlk_words_next(&config->words, config->fault);
}

void wlk_config_close(struct wlk_config *config)
{
    free(config->text);
    config->text = NULL;
}

wlk_status wlk_config_refuse(struct wlk_config *config, const char *rule)
{
    return wlk_words_fault(&config->words, config->fault, rule, "%.60s",
                           config->words.count ? config->words.word[0] : "end of file");
}

wlk_status wlk_config_refuse_all(struct wlk_config *config, const char *rule, const char *what)
{
    wlk_words_fault(&config->words, config->fault, rule, "%s", what);
    if (config->fault)
        config->fault->line = 0;
    return WLK_BAD_INPUT;
}

wlk_status wlk_config_path(struct wlk_config *config, const char *word, char out[WLK_PATH_SIZE])
{
    if (out[0])
        return wlk_config_refuse(config, "statement stands twice");
    int used = word[0] == '/' ? snprintf(out, WLK_PATH_SIZE, "%s", word)
                              : snprintf(out, WLK_PATH_SIZE, "%s/%s", config->folder, word);
    return used > 0 && used < WLK_PATH_SIZE ? WLK_OK
                                            : wlk_config_refuse(config, "path too long");
}

wlk_status wlk_config_clock(struct wlk_config *config, bool *has_clock, struct wlk_clock *out)
{
    const struct wlk_words *words = &config->words;
    if (*has_clock)
        return wlk_config_refuse(config, "statement stands twice");
    if (words->count != 4 ||
        wlk_word_integer(words->word[1], 0, INT64_MAX, &out->origin_wall.ns) != WLK_OK ||
        wlk_word_integer(words->word[2], 0, INT64_MAX, &out->origin_scenario.ns) != WLK_OK ||
        wlk_word_number(words->word[3], 0.01, 1000, &out->rate) != WLK_OK)
        return wlk_config_refuse(config, "expected: clock WALL_NS SCENARIO_NS RATE");
    *has_clock = true;
    return WLK_OK;
}

wlk_status wlk_config_address(struct wlk_config *config, size_t at, const char *rule,
                              char host[64], char port[8])
{
    const struct wlk_words *words = &config->words;
    int64_t number;
    if (words->count < at + 2 || strlen(words->word[at]) >= 64 ||
        wlk_word_integer(words->word[at + 1], 1, 65535, &number) != WLK_OK)
        return wlk_config_refuse(config, rule);
    snprintf(host, 64, "%s", words->word[at]);
    snprintf(port, 8, "%d", (int)number);
    return WLK_OK;
}

static wlk_status take_pin(struct wlk_config *config, const char *hex, struct wlk_endpoint *out)
{
    static const char digits[] = "0123456789abcdef";
    if (out->pin_count == WLK_PINS_MAX || strlen(hex) != 2 * WLK_DIGEST_SIZE ||
        strspn(hex, digits) != 2 * WLK_DIGEST_SIZE)
        return wlk_config_refuse(config, "a pin is 64 hexadecimal digits, up to 4 of them");
    wlk_digest *pin = &out->pin[out->pin_count++];
    for (size_t i = 0; i < WLK_DIGEST_SIZE; i++)
        pin->bytes[i] = (uint8_t)((strchr(digits, hex[2 * i]) - digits) << 4 |
                                  (strchr(digits, hex[2 * i + 1]) - digits));
    return WLK_OK;
}

wlk_status wlk_config_keep(struct wlk_config *config, int64_t *kept_ns)
{
    static const int64_t DAY_NS = INT64_C(86400000000000);
    int64_t days = 0;
    if (*kept_ns || config->words.count != 2 ||
        wlk_word_integer(config->words.word[1], 1, 36500, &days) != WLK_OK)
        return wlk_config_refuse(config, "expected, once: keep DAYS, 1 to 36500");
    *kept_ns = days * DAY_NS;
    return WLK_OK;
}

static wlk_status take_word(struct wlk_config *config, struct wlk_endpoint *out,
                            const char *key, const char *value)
{
    if (strcmp(key, "authority") == 0)
        return wlk_config_path(config, value, out->authority);
    if (strcmp(key, "certificate") == 0)
        return wlk_config_path(config, value, out->certificate);
    if (strcmp(key, "key") == 0)
        return wlk_config_path(config, value, out->key);
    if (strcmp(key, "pin") == 0)
        return take_pin(config, value, out);
    return wlk_config_refuse(config, "expected authority, certificate, key or pin");
}

wlk_status wlk_config_endpoint(struct wlk_config *config, const char *rule,
                               struct wlk_endpoint *out)
{
    const struct wlk_words *words = &config->words;
    if (words->count < 10 || words->count % 2)
        return wlk_config_refuse(config, rule);
    WLK_TRY(wlk_config_address(config, 2, rule, out->host, out->port));
    for (size_t i = 4; i + 1 < words->count; i += 2)
        WLK_TRY(take_word(config, out, words->word[i], words->word[i + 1]));
    if (!out->authority[0] || !out->certificate[0] || !out->key[0])
        return wlk_config_refuse(config, "a link needs authority, certificate and key");
    return WLK_OK;
}
