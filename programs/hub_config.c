/* hub_config.c -- reads hub.conf.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/hub_config.h"

#include "base/assert.h"
#include "programs/wall.h"

#include <stdio.h>

struct reading {
    struct wlk_config file;
    struct wlk_hub_config config;
};

static wlk_status complain(struct reading *reading, const char *rule)
{
    return wlk_config_refuse(&reading->file, rule);
}

static wlk_status take_name(struct reading *reading)
{
    const struct wlk_words *words = &reading->file.words;
    if (reading->config.name.text[0])
        return complain(reading, "statement stands twice");
    if (words->count != 2 || wlk_name_parse(words->word[1], &reading->config.name) != WLK_OK)
        return complain(reading, "expected: hub NAME");
    return WLK_OK;
}

static wlk_status take_nature(struct reading *reading)
{
    const struct wlk_words *words = &reading->file.words;
    if (reading->config.nature)
        return complain(reading, "statement stands twice");
    if (words->count != 2 ||
        wlk_nature_parse(words->word[1], &reading->config.nature) != WLK_OK)
        return complain(reading, "expected: nature exercise|real|test");
    return WLK_OK;
}

/* "one mutual-TLS 1.3 listener per nation with its own CA" */
static wlk_status check_apart(struct reading *reading, const struct wlk_hub_listen *listen)
{
    for (size_t i = 0; i + 1 < reading->config.listen_count; i++) {
        const struct wlk_hub_listen *other = &reading->config.listen[i];
        if (wlk_name_equal(other->nation, listen->nation))
            return complain(reading, "one nation has one listener");
        if (!strcmp(other->at.authority, listen->at.authority))
            return complain(reading, "two nations never share a CA");
        if (!strcmp(other->at.key, listen->at.key))
            return complain(reading, "two nations never share a key");
        if (!strcmp(other->at.host, listen->at.host) &&
            !strcmp(other->at.port, listen->at.port))
            return complain(reading, "two nations never share an address");
    }
    return WLK_OK;
}

static wlk_status take_listen(struct reading *reading)
{
    static const char form[] = "expected: listen NATION ADDRESS PORT authority FILE "
                               "certificate FILE key FILE [pin HEX]";
    const struct wlk_words *words = &reading->file.words;
    if (reading->config.listen_count == WLK_HUB_LISTENS_MAX)
        return complain(reading, "too many listeners");
    struct wlk_hub_listen *listen = &reading->config.listen[reading->config.listen_count++];
    if (words->count < 2 || wlk_name_parse(words->word[1], &listen->nation) != WLK_OK)
        return complain(reading, form);
    WLK_TRY(wlk_config_endpoint(&reading->file, form, &listen->at));
    return check_apart(reading, listen);
}

static wlk_status take_network(struct reading *reading)
{
    const struct wlk_words *words = &reading->file.words;
    struct wlk_hub_listen *listen = NULL;
    for (size_t i = 0; words->count == 3 && i < reading->config.listen_count; i++)
        if (!strcmp(reading->config.listen[i].nation.text, words->word[1]))
            listen = &reading->config.listen[i];
    if (!listen || strchr(words->word[2], '/') || strlen(words->word[2]) >= 64)
        return complain(reading, "expected, behind its listen line: network NATION NAME");
    for (size_t i = 0; i < reading->config.listen_count; i++)
        if (!strcmp(reading->config.listen[i].network, words->word[2]))
            return complain(reading, "two nations never share a network");
    snprintf(listen->network, sizeof listen->network, "%s", words->word[2]);
    return WLK_OK;
}

static wlk_status take_users(struct reading *reading)
{
    const struct wlk_words *words = &reading->file.words;
    int64_t first;
    if (words->count != 2 || wlk_word_integer(words->word[1], 1, INT32_MAX, &first) != WLK_OK)
        return complain(reading, "expected: users FIRST_NUMBER");
    reading->config.users = (uint32_t)first;
    return WLK_OK;
}

static wlk_status take_statement(struct reading *reading)
{
    const struct wlk_words *words = &reading->file.words;
    struct wlk_hub_config *config = &reading->config;
    const char *word = words->word[0];
    if (strcmp(word, "hub") == 0)
        return take_name(reading);
    if (strcmp(word, "nature") == 0)
        return take_nature(reading);
    if (strcmp(word, "clock") == 0)
        return wlk_config_clock(&reading->file, &config->has_clock, &config->clock);
    if (strcmp(word, "keep") == 0)
        return wlk_config_keep(&reading->file, &config->kept_ns);
    if (strcmp(word, "listen") == 0)
        return take_listen(reading);
    if (strcmp(word, "network") == 0)
        return take_network(reading);
    if (strcmp(word, "users") == 0)
        return take_users(reading);
    if (words->count == 2 && strcmp(word, "record-key") == 0)
        return wlk_config_path(&reading->file, words->word[1], config->record_key);
    if (words->count == 2 && strcmp(word, "roots") == 0)
        return wlk_config_path(&reading->file, words->word[1], config->roots);
    if (words->count == 2 && strcmp(word, "statements") == 0)
        return wlk_config_path(&reading->file, words->word[1], config->statements);
    if (words->count == 2 && strcmp(word, "journal") == 0)
        return wlk_config_path(&reading->file, words->word[1], config->journal);
    return complain(reading, "unknown statement, or not its form");
}

/* What the guard reads lies below its folder: that is all it sees of the machine. */
static wlk_status check_below(struct reading *reading)
{
    const struct wlk_hub_config *config = &reading->config;
    const char *const path[] = {config->record_key, config->roots, config->statements,
                                config->journal};
    size_t length = strlen(config->folder);
    for (size_t i = 0; i < sizeof path / sizeof path[0]; i++)
        if (path[i][0] && (strncmp(path[i], config->folder, length) != 0 ||
                           path[i][length] != '/' || strstr(path[i] + length, "/../")))
            return wlk_config_refuse_all(&reading->file, "not below the folder of hub.conf",
                                         path[i]);
    return WLK_OK;
}

static wlk_status complete(struct reading *reading)
{
    struct wlk_hub_config *config = &reading->config;
    if (!config->name.text[0] || !config->nature || !config->roots[0] || !config->journal[0] ||
        !config->listen_count)
        return complain(reading, "hub, nature, roots, journal or listen is missing");
    if (!config->record_key[0])
        return complain(reading, "record-key is missing");
    if (!config->has_clock)
        config->clock = wlk_clock_life();
    if (!config->users)
        config->users = WLK_WALL_USERS;
    memcpy(config->folder, reading->file.folder, sizeof config->folder);
    /* "a rate other than 1 is refused unless only exercise keys are loaded" (DESIGN.md 5) */
    bool is_life = config->clock.rate >= 1.0 && config->clock.rate <= 1.0;
    if (!is_life && config->nature == WLK_NATURE_REAL)
        return complain(reading, "a real hub lives in real time");
    return check_below(reading);
}

wlk_status wlk_hub_config_read(const char *path, struct wlk_hub_config *out,
                               struct wlk_fault *fault)
{
    static struct reading reading; /* large; one configuration is read at start */
    memset(&reading.config, 0, sizeof reading.config);
    WLK_TRY(wlk_config_open(path, &reading.file, fault));
    wlk_status status;
    while ((status = wlk_config_next(&reading.file)) == WLK_OK)
        if ((status = take_statement(&reading)) != WLK_OK)
            break;
    if (status == WLK_NOT_YET)
        status = complete(&reading);
    wlk_config_close(&reading.file);
    if (status == WLK_OK)
        *out = reading.config;
    return status;
}
