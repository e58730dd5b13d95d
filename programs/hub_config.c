/* hub_config.c -- reads hub.conf.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/hub_config.h"

#include "base/assert.h"
#include "base/words.h"

#include <stdio.h>
#include <stdlib.h>

struct reading {
    struct wlk_words words;
    struct wlk_hub_config config;
    char folder[WLK_HUB_PATH_SIZE];
    struct wlk_fault *fault;
};

static wlk_status complain(struct reading *reading, const char *rule)
{
    const struct wlk_words *words = &reading->words;
    return wlk_words_fault(words, reading->fault, rule, "%.60s",
                           words->count ? words->word[0] : "end of file");
}

static wlk_status take_path(struct reading *reading, const char *word,
                            char out[WLK_HUB_PATH_SIZE])
{
    if (out[0])
        return complain(reading, "statement stands twice");
    int used = word[0] == '/'
                   ? snprintf(out, WLK_HUB_PATH_SIZE, "%s", word)
                   : snprintf(out, WLK_HUB_PATH_SIZE, "%s/%s", reading->folder, word);
    return used > 0 && used < WLK_HUB_PATH_SIZE ? WLK_OK : complain(reading, "path too long");
}

static wlk_status take_name(struct reading *reading)
{
    const struct wlk_words *words = &reading->words;
    if (reading->config.name.text[0])
        return complain(reading, "statement stands twice");
    if (words->count != 2 || wlk_name_parse(words->word[1], &reading->config.name) != WLK_OK)
        return complain(reading, "expected: hub NAME");
    return WLK_OK;
}

static wlk_status take_nature(struct reading *reading)
{
    const struct wlk_words *words = &reading->words;
    if (reading->config.nature)
        return complain(reading, "statement stands twice");
    if (words->count != 2 ||
        wlk_nature_parse(words->word[1], &reading->config.nature) != WLK_OK)
        return complain(reading, "expected: nature exercise|real|test");
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

static wlk_status take_key(struct reading *reading)
{
    const struct wlk_words *words = &reading->words;
    enum wlk_nature nature;
    if (words->count != 3 || wlk_nature_parse(words->word[1], &nature) != WLK_OK)
        return complain(reading, "expected: record-key exercise|real FILE");
    return take_path(reading, words->word[2], reading->config.record_key[nature]);
}

static wlk_status take_pin(struct reading *reading, const char *hex,
                           struct wlk_hub_listen *listen)
{
    static const char digits[] = "0123456789abcdef";
    if (listen->pin_count == WLK_HUB_PINS_MAX || strlen(hex) != 2 * WLK_DIGEST_SIZE ||
        strspn(hex, digits) != 2 * WLK_DIGEST_SIZE)
        return complain(reading, "a pin is 64 hexadecimal digits, up to 4 of them");
    wlk_digest *pin = &listen->pin[listen->pin_count++];
    for (size_t i = 0; i < WLK_DIGEST_SIZE; i++)
        pin->bytes[i] = (uint8_t)((strchr(digits, hex[2 * i]) - digits) << 4 |
                                  (strchr(digits, hex[2 * i + 1]) - digits));
    return WLK_OK;
}

static wlk_status take_listen_word(struct reading *reading, struct wlk_hub_listen *listen,
                                   const char *key, const char *value)
{
    if (strcmp(key, "authority") == 0)
        return take_path(reading, value, listen->authority);
    if (strcmp(key, "certificate") == 0)
        return take_path(reading, value, listen->certificate);
    if (strcmp(key, "key") == 0)
        return take_path(reading, value, listen->key);
    if (strcmp(key, "pin") == 0)
        return take_pin(reading, value, listen);
    return complain(reading, "expected authority, certificate, key or pin in a listen line");
}

/* "one mutual-TLS 1.3 listener per nation with its own CA" */
static wlk_status check_apart(struct reading *reading, const struct wlk_hub_listen *listen)
{
    for (size_t i = 0; i + 1 < reading->config.listen_count; i++) {
        const struct wlk_hub_listen *other = &reading->config.listen[i];
        if (wlk_name_equal(other->nation, listen->nation))
            return complain(reading, "one nation has one listener");
        if (!strcmp(other->authority, listen->authority))
            return complain(reading, "two nations never share a CA");
        if (!strcmp(other->host, listen->host) && !strcmp(other->port, listen->port))
            return complain(reading, "two nations never share an address");
    }
    return WLK_OK;
}

static wlk_status take_listen(struct reading *reading)
{
    const struct wlk_words *words = &reading->words;
    int64_t port;
    if (reading->config.listen_count == WLK_HUB_LISTENS_MAX)
        return complain(reading, "too many listeners");
    struct wlk_hub_listen *listen = &reading->config.listen[reading->config.listen_count++];
    if (words->count < 10 || words->count % 2 ||
        wlk_name_parse(words->word[1], &listen->nation) != WLK_OK ||
        strlen(words->word[2]) >= sizeof listen->host ||
        wlk_word_integer(words->word[3], 1, 65535, &port) != WLK_OK)
        return complain(reading, "expected: listen NATION ADDRESS PORT authority FILE "
                                 "certificate FILE key FILE [pin HEX]");
    snprintf(listen->host, sizeof listen->host, "%s", words->word[2]);
    snprintf(listen->port, sizeof listen->port, "%d", (int)port);
    for (size_t i = 4; i + 1 < words->count; i += 2)
        WLK_TRY(take_listen_word(reading, listen, words->word[i], words->word[i + 1]));
    if (!listen->authority[0] || !listen->certificate[0] || !listen->key[0])
        return complain(reading, "a listener needs authority, certificate and key");
    return check_apart(reading, listen);
}

static wlk_status take_statement(struct reading *reading)
{
    const struct wlk_words *words = &reading->words;
    struct wlk_hub_config *config = &reading->config;
    const char *word = words->word[0];
    if (strcmp(word, "hub") == 0)
        return take_name(reading);
    if (strcmp(word, "nature") == 0)
        return take_nature(reading);
    if (strcmp(word, "clock") == 0)
        return take_clock(reading);
    if (strcmp(word, "record-key") == 0)
        return take_key(reading);
    if (strcmp(word, "listen") == 0)
        return take_listen(reading);
    if (words->count == 2 && strcmp(word, "roots") == 0)
        return take_path(reading, words->word[1], config->roots);
    if (words->count == 2 && strcmp(word, "statements") == 0)
        return take_path(reading, words->word[1], config->statements);
    if (words->count == 2 && strcmp(word, "journal") == 0)
        return take_path(reading, words->word[1], config->journal);
    return complain(reading, "unknown statement, or not its form");
}

static wlk_status complete(struct reading *reading)
{
    struct wlk_hub_config *config = &reading->config;
    if (!config->name.text[0] || !config->nature || !config->roots[0] || !config->journal[0] ||
        !config->listen_count)
        return complain(reading, "hub, nature, roots, journal or listen is missing");
    if (!config->record_key[config->nature][0])
        return complain(reading, "record-key for the hub's nature is missing");
    if (!config->has_clock)
        config->clock = wlk_clock_life();
    /* "a rate other than 1 is refused unless only exercise keys are loaded" (DESIGN.md 5) */
    bool is_life = config->clock.rate >= 1.0 && config->clock.rate <= 1.0;
    if (!is_life && config->record_key[WLK_NATURE_REAL][0])
        return complain(reading, "a clock of another rate than 1 beside a key for real use");
    return WLK_OK;
}

wlk_status wlk_hub_config_read(const char *path, struct wlk_hub_config *out,
                               struct wlk_fault *fault)
{
    static struct reading reading; /* large; one configuration is read at start */
    char *text;
    WLK_TRY(wlk_words_read_file(path, &text, fault));
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
