/* node_config.c -- reads node.conf.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/node_config.h"

#include "base/assert.h"
#include "programs/share.h"
#include "record/warning.h"

#include <stdio.h>

struct reading {
    struct wlk_config file;
    struct wlk_node_config config;
};

static wlk_status complain(struct reading *reading, const char *rule)
{
    return wlk_config_refuse(&reading->file, rule);
}

static wlk_status take_nation(struct reading *reading)
{
    const struct wlk_words *words = &reading->file.words;
    if (reading->config.nation.text[0])
        return complain(reading, "one node serves one nation: a second one is named");
    if (words->count != 2 || wlk_name_parse(words->word[1], &reading->config.nation) != WLK_OK)
        return complain(reading, "expected: nation NAME");
    return WLK_OK;
}

static wlk_status take_nature(struct reading *reading)
{
    const struct wlk_words *words = &reading->file.words;
    struct wlk_node_config *config = &reading->config;
    if (config->nature)
        return complain(reading, "statement stands twice");
    if (words->count < 2 || words->count > 3 ||
        wlk_nature_parse(words->word[1], &config->nature) != WLK_OK)
        return complain(reading, "expected: nature exercise|real|test [ID]");
    if (words->count == 3) {
        if (config->nature == WLK_NATURE_REAL || strlen(words->word[2]) >= WLK_TEXT_SIZE)
            return complain(reading, "only an exercise or test has an id, up to 63 bytes");
        if (!wlk_warning_is_text(words->word[2], WLK_TEXT_SIZE))
            return complain(reading, "the id is not plain text");
        snprintf(config->exercise, sizeof config->exercise, "%s", words->word[2]);
    }
    return WLK_OK;
}

static wlk_status take_plots(struct reading *reading)
{
    static const char form[] = "expected: plots ADDRESS PORT";
    if (reading->config.plots_host[0])
        return complain(reading, "statement stands twice");
    if (reading->file.words.count != 3)
        return complain(reading, form);
    return wlk_config_address(&reading->file, 1, form, reading->config.plots_host,
                              reading->config.plots_port);
}

static wlk_status take_hub(struct reading *reading)
{
    static const char form[] = "expected: hub NAME ADDRESS PORT authority FILE certificate "
                               "FILE key FILE [pin HEX]";
    const struct wlk_words *words = &reading->file.words;
    if (reading->config.hub_count == WLK_HUBS_MAX)
        return complain(reading, "too many hubs");
    struct wlk_node_hub *hub = &reading->config.hub[reading->config.hub_count++];
    if (words->count < 2 || wlk_name_parse(words->word[1], &hub->name) != WLK_OK)
        return complain(reading, form);
    return wlk_config_endpoint(&reading->file, form, &hub->at);
}

static wlk_status take_display(struct reading *reading)
{
    static const char form[] = "expected: display ADDRESS PORT";
    if (reading->config.display_host[0])
        return complain(reading, "statement stands twice");
    if (reading->file.words.count != 3)
        return complain(reading, form);
    return wlk_config_address(&reading->file, 1, form, reading->config.display_host,
                              reading->config.display_port);
}

static wlk_status take_display_live(struct reading *reading)
{
    static const char form[] = "expected: display-live ADDRESS PORT, of this machine (127.x)";
    struct wlk_node_config *config = &reading->config;
    if (config->display_live_host[0])
        return complain(reading, "statement stands twice");
    if (reading->file.words.count != 3 ||
        strncmp(reading->file.words.word[1], "127.", 4) != 0)
        return complain(reading, form);
    return wlk_config_address(&reading->file, 1, form, config->display_live_host,
                              config->display_live_port);
}

static wlk_status take_display_name(struct reading *reading)
{
    const struct wlk_words *words = &reading->file.words;
    struct wlk_node_config *config = &reading->config;
    if (config->display_name[0])
        return complain(reading, "statement stands twice");
    if (words->count != 2 || strlen(words->word[1]) >= sizeof config->display_name)
        return complain(reading, "expected: display-name HOST");
    snprintf(config->display_name, sizeof config->display_name, "%s", words->word[1]);
    return WLK_OK;
}

static wlk_status take_operator_header(struct reading *reading)
{
    const struct wlk_words *words = &reading->file.words;
    struct wlk_node_config *config = &reading->config;
    const char *name = words->count == 2 ? words->word[1] : "";
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789-";
    if (config->display_operator_header[0])
        return complain(reading, "statement stands twice");
    if (!name[0] || strlen(name) >= sizeof config->display_operator_header ||
        name[strspn(name, letters)])
        return complain(reading, "expected: display-operator-header NAME");
    snprintf(config->display_operator_header, sizeof config->display_operator_header, "%s",
             name);
    return WLK_OK;
}

static wlk_status take_display_release(struct reading *reading)
{
    const struct wlk_words *words = &reading->file.words;
    struct wlk_node_config *config = &reading->config;
    bool is_named = words->count == 2 && strcmp(words->word[1], "named") == 0;
    if (config->has_display_release)
        return complain(reading, "statement stands twice");
    if (!is_named && (words->count != 2 || strcmp(words->word[1], "automatic") != 0))
        return complain(reading, "expected: display-release automatic|named");
    config->has_display_release = true;
    config->display_release = is_named;
    return WLK_OK;
}

static wlk_status take_file(struct reading *reading)
{
    struct wlk_node_config *config = &reading->config;
    const struct {
        const char *word;
        char *path;
    } file[] = {{"record-key", config->record_key},
                {"roots", config->roots},
                {"statements", config->statements},
                {"journal", config->journal},
                {"cap", config->cap},
                {"trace", config->trace},
                {"decoys", config->decoys},
                {"references", config->references},
                {"sites", config->sites},
                {"areas", config->areas},
                {"display-operators", config->display_operators},
                {"display-shown", config->display_shown}};
    for (size_t i = 0; i < sizeof file / sizeof file[0]; i++)
        if (strcmp(reading->file.words.word[0], file[i].word) == 0) {
            if (reading->file.words.count != 2)
                return complain(reading, "expected one path");
            return wlk_config_path(&reading->file, reading->file.words.word[1], file[i].path);
        }
    return complain(reading, "unknown statement");
}

static wlk_status take_statement(struct reading *reading)
{
    const char *word = reading->file.words.word[0];
    if (strcmp(word, "nation") == 0)
        return take_nation(reading);
    if (strcmp(word, "nature") == 0)
        return take_nature(reading);
    if (strcmp(word, "keep") == 0)
        return wlk_config_keep(&reading->file, &reading->config.kept_ns);
    if (strcmp(word, "clock") == 0)
        return wlk_config_clock(&reading->file, &reading->config.has_clock,
                                &reading->config.clock);
    if (strcmp(word, "plots") == 0)
        return take_plots(reading);
    if (strcmp(word, "hub") == 0)
        return take_hub(reading);
    if (strcmp(word, "display") == 0)
        return take_display(reading);
    if (strcmp(word, "display-live") == 0)
        return take_display_live(reading);
    if (strcmp(word, "display-name") == 0)
        return take_display_name(reading);
    if (strcmp(word, "display-operator-header") == 0)
        return take_operator_header(reading);
    if (strcmp(word, "display-release") == 0)
        return take_display_release(reading);
    return take_file(reading);
}

static wlk_status missing(struct reading *reading, const char *what)
{
    return wlk_config_refuse_all(&reading->file, "statement is missing", what);
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
    if (!config->display_host[0] &&
        (config->has_display_release || config->display_name[0] ||
         config->display_operators[0] || config->display_shown[0] ||
         config->display_operator_header[0] || config->display_live_host[0]))
        return missing(reading, "display");
    if (config->display_live_host[0] && config->nature == WLK_NATURE_REAL)
        return wlk_config_refuse_all(&reading->file, "a real node watches no other",
                                     "display-live is for exercises and tests");
    if (config->display_operator_header[0] && !config->display_operators[0])
        return missing(reading, "display-operators");
    if (config->has_clock && config->nature == WLK_NATURE_REAL)
        return wlk_config_refuse_all(&reading->file, "a real node has no clock statement",
                                     "it lives in real time");
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
