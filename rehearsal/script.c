/* script.c -- reads a scenario.
 *
 * A statement is read by the words it must have, left to right: take_* move the cursor on
 * and complain with file and line.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/script.h"

#include "base/assert.h"
#include "base/words.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    struct wlk_words words;
    struct wlk_fault *fault;
    size_t at; /* next word of the statement */
    struct wlk_script script;
    bool has_title, has_sites, has_infrared, has_shielded, has_seed;
};

static wlk_status complain(struct reading *reading, const char *rule, const char *detail)
{
    return wlk_words_fault(&reading->words, reading->fault, rule, "%s", detail);
}

/* The next word, or "" at the end of the statement. */
static const char *next_word(const struct reading *reading)
{
    return reading->at < reading->words.count ? reading->words.word[reading->at] : "";
}

/* Moves past the next word if it is this one. */
static bool passes(struct reading *reading, const char *word)
{
    if (strcmp(next_word(reading), word) != 0)
        return false;
    reading->at++;
    return true;
}

static wlk_status take_word(struct reading *reading, const char *word)
{
    if (passes(reading, word))
        return WLK_OK;
    return wlk_words_fault(&reading->words, reading->fault, "another word was expected",
                           "%s, not \"%.40s\"", word, next_word(reading));
}

static wlk_status take_number(struct reading *reading, double low, double high, double *out)
{
    if (wlk_word_number(next_word(reading), low, high, out) != WLK_OK)
        return wlk_words_fault(&reading->words, reading->fault, "not a number in its limits",
                               "\"%.40s\" (%g to %g)", next_word(reading), low, high);
    reading->at++;
    return WLK_OK;
}

static wlk_status take_seconds(struct reading *reading, double *out)
{
    return take_number(reading, 0, WLK_SCRIPT_SECONDS_MAX, out);
}

static wlk_status take_name(struct reading *reading, wlk_name *out)
{
    if (wlk_name_parse(next_word(reading), out) != WLK_OK)
        return complain(reading, "not a name (1-15 of A-Z 0-9 -)", next_word(reading));
    reading->at++;
    return WLK_OK;
}

static bool is_nation(const char *word)
{
    return word[0] >= 'A' && word[0] <= 'Z' && word[1] >= 'A' && word[1] <= 'Z';
}

static wlk_status take_nation(struct reading *reading, wlk_name *out)
{
    const char *word = next_word(reading);
    if (strlen(word) != 2 || !is_nation(word))
        return complain(reading, "not a nation (two letters)", word);
    return take_name(reading, out);
}

/* Copies a text that must fit with its NUL; letters may be NULL for any. */
static wlk_status take_text(struct reading *reading, char *out, size_t size,
                            const char *letters)
{
    const char *word = next_word(reading);
    size_t length = strlen(word);
    if (length == 0 || length >= size || (letters && strspn(word, letters) != length))
        return complain(reading, "not a word that can stand here", word);
    memset(out, 0, size);
    memcpy(out, word, length);
    reading->at++;
    return WLK_OK;
}

static wlk_status take_end(struct reading *reading)
{
    if (reading->at < reading->words.count)
        return complain(reading, "unknown word in this statement", next_word(reading));
    return WLK_OK;
}

/* from S to S */
static wlk_status take_span(struct reading *reading, double *from_s, double *to_s)
{
    WLK_TRY(take_word(reading, "from"));
    WLK_TRY(take_seconds(reading, from_s));
    WLK_TRY(take_word(reading, "to"));
    WLK_TRY(take_seconds(reading, to_s));
    if (*from_s >= *to_s)
        return complain(reading, "ends before it begins", "");
    return take_end(reading);
}

/* Each statement that may stand only once. */
static wlk_status take_once(struct reading *reading, bool *has)
{
    if (*has)
        return complain(reading, "stands twice", reading->words.word[0]);
    *has = true;
    return WLK_OK;
}

static const char LAUNCH_LETTERS[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

static wlk_status read_launch(struct reading *reading)
{
    struct wlk_script_launch launch = {.line = reading->words.line};
    WLK_TRY(take_text(reading, launch.id, sizeof launch.id, LAUNCH_LETTERS));
    WLK_TRY(take_word(reading, "at"));
    WLK_TRY(take_seconds(reading, &launch.at_s));
    WLK_TRY(take_end(reading));
    if (reading->script.launch_count == WLK_SCRIPT_LAUNCHES_MAX)
        return complain(reading, "too many launches", launch.id);
    reading->script.launch[reading->script.launch_count++] = launch;
    return WLK_OK;
}

static wlk_status read_radar(struct reading *reading)
{
    struct wlk_script_outage outage = {.line = reading->words.line};
    WLK_TRY(take_name(reading, &outage.site));
    WLK_TRY(take_word(reading, "down"));
    WLK_TRY(take_span(reading, &outage.from_s, &outage.to_s));
    if (reading->script.outage_count == WLK_SCRIPT_OUTAGES_MAX)
        return complain(reading, "too many outages", outage.site.text);
    reading->script.outage[reading->script.outage_count++] = outage;
    return WLK_OK;
}

/* KR-HON-A: KR and HON-A */
static wlk_status take_link(struct reading *reading, struct wlk_script_link *link)
{
    const char *word = next_word(reading);
    char nation[3] = {0};
    if (strlen(word) < 4 || !is_nation(word) || word[2] != '-' ||
        wlk_name_parse(word + 3, &link->hub) != WLK_OK)
        return complain(reading, "not a link (NATION-HUB)", word);
    memcpy(nation, word, 2);
    reading->at++;
    return wlk_name_parse(nation, &link->nation);
}

static wlk_status take_link_fault(struct reading *reading, struct wlk_script_link *link)
{
    if (passes(reading, "cut")) {
        link->kind = WLK_SCRIPT_CUT;
        return take_span(reading, &link->from_s, &link->to_s);
    }
    if (passes(reading, "loss")) {
        double percent;
        link->kind = WLK_SCRIPT_LOSS;
        WLK_TRY(take_number(reading, 0, 100, &percent));
        WLK_TRY(take_word(reading, "%"));
        link->loss = percent / 100;
    } else if (passes(reading, "delay")) {
        double ms;
        link->kind = WLK_SCRIPT_DELAY;
        WLK_TRY(take_number(reading, 0, 60000, &ms));
        WLK_TRY(take_word(reading, "ms"));
        link->delay_s = ms / 1000;
    } else {
        return complain(reading, "not cut, loss or delay", next_word(reading));
    }
    link->to_s = WLK_SCRIPT_SECONDS_MAX;
    if (reading->at == reading->words.count)
        return WLK_OK;
    return take_span(reading, &link->from_s, &link->to_s);
}

static wlk_status read_link(struct reading *reading)
{
    struct wlk_script_link link = {.line = reading->words.line};
    WLK_TRY(take_link(reading, &link));
    WLK_TRY(take_link_fault(reading, &link));
    if (reading->script.link_count == WLK_SCRIPT_LINKS_MAX)
        return complain(reading, "too many link faults", "");
    reading->script.link[reading->script.link_count++] = link;
    return WLK_OK;
}

static wlk_status read_restart(struct reading *reading, bool is_hub)
{
    struct wlk_script_restart restart = {.is_hub = is_hub, .line = reading->words.line};
    if (is_hub)
        WLK_TRY(take_name(reading, &restart.party));
    else
        WLK_TRY(take_nation(reading, &restart.party));
    WLK_TRY(take_word(reading, "restart"));
    WLK_TRY(take_word(reading, "at"));
    WLK_TRY(take_seconds(reading, &restart.at_s));
    WLK_TRY(take_end(reading));
    if (reading->script.restart_count == WLK_SCRIPT_RESTARTS_MAX)
        return complain(reading, "too many restarts", "");
    reading->script.restart[reading->script.restart_count++] = restart;
    return WLK_OK;
}

static wlk_status take_by(struct reading *reading, struct wlk_script_expect *expect)
{
    WLK_TRY(take_word(reading, "by"));
    WLK_TRY(take_seconds(reading, &expect->by_s));
    return take_end(reading);
}

/* A number and what it counts, in the singular or the plural. */
static wlk_status take_count(struct reading *reading, const char *one, const char *many,
                             uint32_t *out)
{
    double count;
    WLK_TRY(take_number(reading, 0, WLK_OBJECTS_MAX, &count));
    *out = (uint32_t)count;
    if (*out < count)
        return complain(reading, "not a whole number", "");
    if (!passes(reading, one))
        WLK_TRY(take_word(reading, many));
    return WLK_OK;
}

static wlk_status take_picture(struct reading *reading, struct wlk_script_expect *expect)
{
    expect->kind = WLK_EXPECT_PICTURE;
    WLK_TRY(take_word(reading, "has"));
    WLK_TRY(take_count(reading, "object", "objects", &expect->count));
    return take_by(reading, expect);
}

static wlk_status take_counts(struct reading *reading, struct wlk_script_expect *expect)
{
    expect->kind = WLK_EXPECT_COUNTS;
    WLK_TRY(take_count(reading, "object", "objects", &expect->count));
    WLK_TRY(take_word(reading, "in"));
    WLK_TRY(take_count(reading, "event", "events", &expect->events));
    return take_by(reading, expect);
}

static wlk_status take_warning(struct reading *reading, struct wlk_script_expect *expect)
{
    expect->kind = WLK_EXPECT_WARNING;
    for (int kind = WLK_WARNING_LAUNCH; kind < WLK_WARNING_KIND_END; kind++)
        if (strcmp(next_word(reading), wlk_warning_kind_word((enum wlk_warning_kind)kind)) == 0)
            expect->warning = (enum wlk_warning_kind)kind;
    if (!expect->warning)
        return complain(reading, "no such kind of warning", next_word(reading));
    reading->at++;
    WLK_TRY(take_word(reading, "for"));
    WLK_TRY(take_text(reading, expect->area, sizeof expect->area, NULL));
    return take_by(reading, expect);
}

static wlk_status take_no_plot(struct reading *reading, struct wlk_script_expect *expect)
{
    static const char *const words[] = {"and", "no", "sensor", "id", "of"};
    expect->kind = WLK_EXPECT_NO_PLOT;
    WLK_TRY(take_word(reading, "no"));
    WLK_TRY(take_word(reading, "plot"));
    if (reading->at == reading->words.count)
        return WLK_OK;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        WLK_TRY(take_word(reading, words[i]));
    expect->has_site = true;
    WLK_TRY(take_name(reading, &expect->site));
    return take_end(reading);
}

static wlk_status take_nothing(struct reading *reading, struct wlk_script_expect *expect)
{
    expect->kind = WLK_EXPECT_NONE_LOST;
    if (!passes(reading, "lost")) {
        expect->kind = WLK_EXPECT_NONE_DOUBLED;
        WLK_TRY(take_word(reading, "doubled"));
    }
    return take_end(reading);
}

static wlk_status take_expectation(struct reading *reading, struct wlk_script_expect *expect)
{
    if (passes(reading, "nothing"))
        return take_nothing(reading, expect);
    WLK_TRY(take_nation(reading, &expect->nation));
    if (passes(reading, "picture"))
        return take_picture(reading, expect);
    if (passes(reading, "counts"))
        return take_counts(reading, expect);
    if (passes(reading, "warning"))
        return take_warning(reading, expect);
    if (passes(reading, "receives"))
        return take_no_plot(reading, expect);
    if (!passes(reading, "declares"))
        return complain(reading, "not an expectation", next_word(reading));
    expect->kind = WLK_EXPECT_DECLARES;
    return take_by(reading, expect);
}

static wlk_status read_expect(struct reading *reading)
{
    struct wlk_script_expect expect = {.line = reading->words.line};
    WLK_TRY(take_expectation(reading, &expect));
    if (reading->script.expect_count == WLK_SCRIPT_EXPECTS_MAX)
        return complain(reading, "too many expectations", "");
    reading->script.expect[reading->script.expect_count++] = expect;
    return WLK_OK;
}

static wlk_status read_title(struct reading *reading)
{
    WLK_TRY(take_once(reading, &reading->has_title));
    WLK_TRY(take_text(reading, reading->script.title, sizeof reading->script.title, NULL));
    return take_end(reading);
}

static wlk_status read_sites(struct reading *reading)
{
    WLK_TRY(take_once(reading, &reading->has_sites));
    WLK_TRY(take_text(reading, reading->script.sites_set, sizeof reading->script.sites_set,
                      LAUNCH_LETTERS));
    return take_end(reading);
}

static wlk_status read_infrared(struct reading *reading)
{
    WLK_TRY(take_once(reading, &reading->has_infrared));
    reading->script.is_infrared = passes(reading, "on");
    if (!reading->script.is_infrared)
        WLK_TRY(take_word(reading, "off"));
    return take_end(reading);
}

static wlk_status read_shielded(struct reading *reading)
{
    WLK_TRY(take_once(reading, &reading->has_shielded));
    reading->script.is_shielded = passes(reading, "on");
    if (!reading->script.is_shielded)
        WLK_TRY(take_word(reading, "off"));
    return take_end(reading);
}

static wlk_status read_seed(struct reading *reading)
{
    int64_t seed;
    WLK_TRY(take_once(reading, &reading->has_seed));
    if (wlk_word_integer(next_word(reading), 0, INT64_MAX, &seed) != WLK_OK)
        return complain(reading, "not a seed (a whole number)", next_word(reading));
    reading->at++;
    reading->script.seed = (uint64_t)seed;
    return take_end(reading);
}

static wlk_status read_length(struct reading *reading)
{
    WLK_TRY(take_once(reading, &reading->script.has_length));
    WLK_TRY(take_number(reading, 1, WLK_SCRIPT_SECONDS_MAX, &reading->script.length_s));
    return take_end(reading);
}

static wlk_status read_statement(struct reading *reading)
{
    reading->at = 0;
    if (passes(reading, "launch"))
        return read_launch(reading);
    if (passes(reading, "expect"))
        return read_expect(reading);
    if (passes(reading, "radar"))
        return read_radar(reading);
    if (passes(reading, "link"))
        return read_link(reading);
    if (passes(reading, "hub"))
        return read_restart(reading, true);
    if (passes(reading, "node"))
        return read_restart(reading, false);
    if (passes(reading, "title"))
        return read_title(reading);
    if (passes(reading, "sites"))
        return read_sites(reading);
    if (passes(reading, "infrared"))
        return read_infrared(reading);
    if (passes(reading, "shielded"))
        return read_shielded(reading);
    if (passes(reading, "seed"))
        return read_seed(reading);
    if (passes(reading, "length"))
        return read_length(reading);
    return complain(reading, "not a statement of a scenario", next_word(reading));
}

/* What can only be seen when all has been read; the complaint names the line it is about. */
static wlk_status check_whole(struct reading *reading)
{
    const struct wlk_script *script = &reading->script;
    if (script->launch_count == 0)
        return complain(reading, "no launch in the scenario", "");
    for (size_t i = 0; script->has_length && i < script->expect_count; i++) {
        if (script->expect[i].by_s <= script->length_s)
            continue;
        reading->words.line = script->expect[i].line;
        return complain(reading, "expected after the end of the scenario", "");
    }
    return WLK_OK;
}

static wlk_status read_all(struct reading *reading)
{
    memcpy(reading->script.sites_set, "default", sizeof "default");
    reading->script.seed = 1;
    wlk_status status = wlk_words_next(&reading->words, reading->fault);
    while (status == WLK_OK) {
        WLK_TRY(read_statement(reading));
        status = wlk_words_next(&reading->words, reading->fault);
    }
    return status == WLK_NOT_YET ? check_whole(reading) : status;
}

wlk_status wlk_script_parse(const char *name, const char *text, struct wlk_script *out,
                            struct wlk_fault *fault)
{
    struct reading reading; /* some 40 kB, at start only */
    memset(&reading, 0, sizeof reading);
    wlk_words_init(&reading.words, name, text);
    reading.fault = fault;
    wlk_status status = read_all(&reading);
    if (status == WLK_OK)
        *out = reading.script;
    return status;
}

wlk_status wlk_script_read(const char *path, struct wlk_script *out, struct wlk_fault *fault)
{
    char *text;
    WLK_TRY(wlk_words_read_file(path, &text, fault));
    wlk_status status = wlk_script_parse(path, text, out, fault);
    free(text);
    return status;
}
