/* script.c -- reads a scenario.
 *
 * A statement is read by the words it must have, left to right. Expectations: script_expect.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/script_private.h"

#include "base/assert.h"

#include <stdlib.h>
#include <string.h>

wlk_status wlk_script_complain(struct wlk_script_reading *reading, const char *rule,
                               const char *detail)
{
    return wlk_words_fault(&reading->words, reading->fault, rule, "%s", detail);
}

/* The next word, or "" at the end of the statement. */
const char *wlk_script_next(const struct wlk_script_reading *reading)
{
    return reading->at < reading->words.count ? reading->words.word[reading->at] : "";
}

/* Moves past the next word if it is this one. */
bool wlk_script_passes(struct wlk_script_reading *reading, const char *word)
{
    if (strcmp(wlk_script_next(reading), word) != 0)
        return false;
    reading->at++;
    return true;
}

wlk_status wlk_script_word(struct wlk_script_reading *reading, const char *word)
{
    if (wlk_script_passes(reading, word))
        return WLK_OK;
    return wlk_words_fault(&reading->words, reading->fault, "another word was expected",
                           "%s, not \"%.40s\"", word, wlk_script_next(reading));
}

wlk_status wlk_script_number(struct wlk_script_reading *reading, double low, double high,
                             double *out)
{
    if (wlk_word_number(wlk_script_next(reading), low, high, out) != WLK_OK)
        return wlk_words_fault(&reading->words, reading->fault, "not a number in its limits",
                               "\"%.40s\" (%g to %g)", wlk_script_next(reading), low, high);
    reading->at++;
    return WLK_OK;
}

wlk_status wlk_script_seconds(struct wlk_script_reading *reading, double *out)
{
    return wlk_script_number(reading, 0, WLK_SCRIPT_SECONDS_MAX, out);
}

wlk_status wlk_script_name(struct wlk_script_reading *reading, wlk_name *out)
{
    if (wlk_name_parse(wlk_script_next(reading), out) != WLK_OK)
        return wlk_script_complain(reading, "not a name (1-15 of A-Z 0-9 -)",
                                   wlk_script_next(reading));
    reading->at++;
    return WLK_OK;
}

static bool is_nation(const char *word)
{
    return word[0] >= 'A' && word[0] <= 'Z' && word[1] >= 'A' && word[1] <= 'Z';
}

wlk_status wlk_script_nation(struct wlk_script_reading *reading, wlk_name *out)
{
    const char *word = wlk_script_next(reading);
    if (strlen(word) != 2 || !is_nation(word))
        return wlk_script_complain(reading, "not a nation (two letters)", word);
    return wlk_script_name(reading, out);
}

/* Copies a text that must fit with its NUL; letters may be NULL for any. */
wlk_status wlk_script_text(struct wlk_script_reading *reading, char *out, size_t size,
                           const char *letters)
{
    const char *word = wlk_script_next(reading);
    size_t length = strlen(word);
    if (length == 0 || length >= size || (letters && strspn(word, letters) != length))
        return wlk_script_complain(reading, "not a word that can stand here", word);
    memset(out, 0, size);
    memcpy(out, word, length);
    reading->at++;
    return WLK_OK;
}

wlk_status wlk_script_end(struct wlk_script_reading *reading)
{
    if (reading->at < reading->words.count)
        return wlk_script_complain(reading, "unknown word in this statement",
                                   wlk_script_next(reading));
    return WLK_OK;
}

/* from S to S */
static wlk_status take_span(struct wlk_script_reading *reading, double *from_s, double *to_s)
{
    WLK_TRY(wlk_script_word(reading, "from"));
    WLK_TRY(wlk_script_seconds(reading, from_s));
    WLK_TRY(wlk_script_word(reading, "to"));
    WLK_TRY(wlk_script_seconds(reading, to_s));
    if (*from_s >= *to_s)
        return wlk_script_complain(reading, "ends before it begins", "");
    return wlk_script_end(reading);
}

/* Each statement that may stand only once. */
static wlk_status take_once(struct wlk_script_reading *reading, bool *has)
{
    if (*has)
        return wlk_script_complain(reading, "stands twice", reading->words.word[0]);
    *has = true;
    return WLK_OK;
}

static const char LAUNCH_LETTERS[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

static wlk_status read_launch(struct wlk_script_reading *reading)
{
    struct wlk_script_launch launch = {.line = reading->words.line};
    WLK_TRY(wlk_script_text(reading, launch.id, sizeof launch.id, LAUNCH_LETTERS));
    WLK_TRY(wlk_script_word(reading, "at"));
    WLK_TRY(wlk_script_seconds(reading, &launch.at_s));
    WLK_TRY(wlk_script_end(reading));
    if (reading->script.launch_count == WLK_SCRIPT_LAUNCHES_MAX)
        return wlk_script_complain(reading, "too many launches", launch.id);
    reading->script.launch[reading->script.launch_count++] = launch;
    return WLK_OK;
}

static wlk_status read_radar(struct wlk_script_reading *reading)
{
    struct wlk_script_outage outage = {.line = reading->words.line};
    WLK_TRY(wlk_script_name(reading, &outage.site));
    WLK_TRY(wlk_script_word(reading, "down"));
    WLK_TRY(take_span(reading, &outage.from_s, &outage.to_s));
    if (reading->script.outage_count == WLK_SCRIPT_OUTAGES_MAX)
        return wlk_script_complain(reading, "too many outages", outage.site.text);
    reading->script.outage[reading->script.outage_count++] = outage;
    return WLK_OK;
}

static wlk_status read_bias(struct wlk_script_reading *reading)
{
    static const char *const words[] = {"range", "azimuth", "elevation"};
    struct wlk_script_bias bias = {.line = reading->words.line};
    WLK_TRY(wlk_script_name(reading, &bias.site));
    for (int k = 0; k < 3; k++) {
        double most = k == 0 ? 1000 : 1; /* m, deg: beyond it a radar is broken */
        WLK_TRY(wlk_script_word(reading, words[k]));
        WLK_TRY(wlk_script_number(reading, -most, most, &bias.excess[k]));
        bias.excess[k] *= k == 0 ? 1 : WLK_DEG;
    }
    if (wlk_script_passes(reading, "from"))
        WLK_TRY(wlk_script_seconds(reading, &bias.from_s));
    WLK_TRY(wlk_script_end(reading));
    if (reading->script.bias_count == WLK_SCRIPT_BIASES_MAX)
        return wlk_script_complain(reading, "too many biases", bias.site.text);
    reading->script.bias[reading->script.bias_count++] = bias;
    return WLK_OK;
}

static wlk_status read_passer(struct wlk_script_reading *reading, bool is_satellite)
{
    struct wlk_script_passer passer = {.is_satellite = is_satellite,
                                       .line = reading->words.line};
    double latitude, longitude, height, course;
    WLK_TRY(wlk_script_name(reading, &passer.id));
    WLK_TRY(wlk_script_word(reading, "over"));
    WLK_TRY(wlk_script_number(reading, -90, 90, &latitude));
    WLK_TRY(wlk_script_number(reading, -180, 180, &longitude));
    WLK_TRY(wlk_script_word(reading, "at"));
    WLK_TRY(wlk_script_seconds(reading, &passer.at_s));
    WLK_TRY(wlk_script_word(reading, "height"));
    WLK_TRY(
        wlk_script_number(reading, is_satellite ? 250 : 1, is_satellite ? 2000 : 20, &height));
    WLK_TRY(wlk_script_word(reading, "course"));
    WLK_TRY(wlk_script_number(reading, 0, 360, &course));
    if (!is_satellite) {
        WLK_TRY(wlk_script_word(reading, "speed"));
        WLK_TRY(wlk_script_number(reading, 50, 700, &passer.speed_mps));
    }
    WLK_TRY(wlk_script_end(reading));
    passer.place = (wlk_geodetic){latitude * WLK_DEG, longitude * WLK_DEG, height * 1e3};
    passer.course_rad = course * WLK_DEG;
    for (size_t i = 0; i < reading->script.passer_count; i++)
        if (wlk_name_equal(reading->script.passer[i].id, passer.id))
            return wlk_script_complain(reading, "stands twice", passer.id.text);
    if (reading->script.passer_count == WLK_SCRIPT_PASSERS_MAX)
        return wlk_script_complain(reading, "too many satellites and aircraft", passer.id.text);
    reading->script.passer[reading->script.passer_count++] = passer;
    return WLK_OK;
}

/* KR-HON-A: KR and HON-A */
static wlk_status take_link(struct wlk_script_reading *reading, struct wlk_script_link *link)
{
    const char *word = wlk_script_next(reading);
    char nation[3] = {0};
    if (strlen(word) < 4 || !is_nation(word) || word[2] != '-' ||
        wlk_name_parse(word + 3, &link->hub) != WLK_OK)
        return wlk_script_complain(reading, "not a link (NATION-HUB)", word);
    memcpy(nation, word, 2);
    reading->at++;
    return wlk_name_parse(nation, &link->nation);
}

static wlk_status take_link_fault(struct wlk_script_reading *reading,
                                  struct wlk_script_link *link)
{
    if (wlk_script_passes(reading, "cut")) {
        link->kind = WLK_SCRIPT_CUT;
        return take_span(reading, &link->from_s, &link->to_s);
    }
    if (wlk_script_passes(reading, "loss")) {
        double percent;
        link->kind = WLK_SCRIPT_LOSS;
        WLK_TRY(wlk_script_number(reading, 0, 100, &percent));
        WLK_TRY(wlk_script_word(reading, "%"));
        link->loss = percent / 100;
    } else if (wlk_script_passes(reading, "delay")) {
        double ms;
        link->kind = WLK_SCRIPT_DELAY;
        WLK_TRY(wlk_script_number(reading, 0, 60000, &ms));
        WLK_TRY(wlk_script_word(reading, "ms"));
        link->delay_s = ms / 1000;
    } else {
        return wlk_script_complain(reading, "not cut, loss or delay", wlk_script_next(reading));
    }
    link->to_s = WLK_SCRIPT_SECONDS_MAX;
    if (reading->at == reading->words.count)
        return WLK_OK;
    return take_span(reading, &link->from_s, &link->to_s);
}

static wlk_status read_link(struct wlk_script_reading *reading)
{
    struct wlk_script_link link = {.line = reading->words.line};
    WLK_TRY(take_link(reading, &link));
    WLK_TRY(take_link_fault(reading, &link));
    if (reading->script.link_count == WLK_SCRIPT_LINKS_MAX)
        return wlk_script_complain(reading, "too many link faults", "");
    reading->script.link[reading->script.link_count++] = link;
    return WLK_OK;
}

static wlk_status read_restart(struct wlk_script_reading *reading, bool is_hub)
{
    struct wlk_script_restart restart = {.is_hub = is_hub, .line = reading->words.line};
    if (is_hub)
        WLK_TRY(wlk_script_name(reading, &restart.party));
    else
        WLK_TRY(wlk_script_nation(reading, &restart.party));
    WLK_TRY(wlk_script_word(reading, "restart"));
    WLK_TRY(wlk_script_word(reading, "at"));
    WLK_TRY(wlk_script_seconds(reading, &restart.at_s));
    WLK_TRY(wlk_script_end(reading));
    if (reading->script.restart_count == WLK_SCRIPT_RESTARTS_MAX)
        return wlk_script_complain(reading, "too many restarts", "");
    reading->script.restart[reading->script.restart_count++] = restart;
    return WLK_OK;
}

static wlk_status read_expect(struct wlk_script_reading *reading)
{
    struct wlk_script_expect expect = {.line = reading->words.line};
    WLK_TRY(wlk_script_expectation(reading, &expect));
    if (reading->script.expect_count == WLK_SCRIPT_EXPECTS_MAX)
        return wlk_script_complain(reading, "too many expectations", "");
    reading->script.expect[reading->script.expect_count++] = expect;
    return WLK_OK;
}

static wlk_status read_title(struct wlk_script_reading *reading)
{
    WLK_TRY(take_once(reading, &reading->has_title));
    WLK_TRY(
        wlk_script_text(reading, reading->script.title, sizeof reading->script.title, NULL));
    return wlk_script_end(reading);
}

static wlk_status read_sites(struct wlk_script_reading *reading)
{
    WLK_TRY(take_once(reading, &reading->has_sites));
    WLK_TRY(wlk_script_text(reading, reading->script.sites_set,
                            sizeof reading->script.sites_set, LAUNCH_LETTERS));
    return wlk_script_end(reading);
}

static wlk_status read_infrared(struct wlk_script_reading *reading)
{
    WLK_TRY(take_once(reading, &reading->has_infrared));
    reading->script.is_infrared = wlk_script_passes(reading, "on");
    if (!reading->script.is_infrared)
        WLK_TRY(wlk_script_word(reading, "off"));
    return wlk_script_end(reading);
}

static wlk_status read_shielded(struct wlk_script_reading *reading)
{
    WLK_TRY(take_once(reading, &reading->has_shielded));
    reading->script.is_shielded = wlk_script_passes(reading, "on");
    if (!reading->script.is_shielded)
        WLK_TRY(wlk_script_word(reading, "off"));
    return wlk_script_end(reading);
}

static wlk_status read_seed(struct wlk_script_reading *reading)
{
    int64_t seed;
    WLK_TRY(take_once(reading, &reading->has_seed));
    if (wlk_word_integer(wlk_script_next(reading), 0, INT64_MAX, &seed) != WLK_OK)
        return wlk_script_complain(reading, "not a seed (a whole number)",
                                   wlk_script_next(reading));
    reading->at++;
    reading->script.seed = (uint64_t)seed;
    return wlk_script_end(reading);
}

static wlk_status read_length(struct wlk_script_reading *reading)
{
    WLK_TRY(take_once(reading, &reading->script.has_length));
    WLK_TRY(wlk_script_number(reading, 1, WLK_SCRIPT_SECONDS_MAX, &reading->script.length_s));
    return wlk_script_end(reading);
}

static wlk_status read_statement(struct wlk_script_reading *reading)
{
    reading->at = 0;
    if (wlk_script_passes(reading, "launch"))
        return read_launch(reading);
    if (wlk_script_passes(reading, "expect"))
        return read_expect(reading);
    if (wlk_script_passes(reading, "radar"))
        return read_radar(reading);
    if (wlk_script_passes(reading, "bias"))
        return read_bias(reading);
    if (wlk_script_passes(reading, "satellite"))
        return read_passer(reading, true);
    if (wlk_script_passes(reading, "aircraft"))
        return read_passer(reading, false);
    if (wlk_script_passes(reading, "link"))
        return read_link(reading);
    if (wlk_script_passes(reading, "hub"))
        return read_restart(reading, true);
    if (wlk_script_passes(reading, "node"))
        return read_restart(reading, false);
    if (wlk_script_passes(reading, "title"))
        return read_title(reading);
    if (wlk_script_passes(reading, "sites"))
        return read_sites(reading);
    if (wlk_script_passes(reading, "infrared"))
        return read_infrared(reading);
    if (wlk_script_passes(reading, "shielded"))
        return read_shielded(reading);
    if (wlk_script_passes(reading, "seed"))
        return read_seed(reading);
    if (wlk_script_passes(reading, "length"))
        return read_length(reading);
    return wlk_script_complain(reading, "not a statement of a scenario",
                               wlk_script_next(reading));
}

/* What can only be seen when all has been read; the complaint names the line it is about. */
static wlk_status check_whole(struct wlk_script_reading *reading)
{
    const struct wlk_script *script = &reading->script;
    if (script->launch_count == 0)
        return wlk_script_complain(reading, "no launch in the scenario", "");
    for (size_t i = 0; script->has_length && i < script->expect_count; i++) {
        if (script->expect[i].by_s <= script->length_s)
            continue;
        reading->words.line = script->expect[i].line;
        return wlk_script_complain(reading, "expected after the end of the scenario", "");
    }
    return WLK_OK;
}

static wlk_status read_all(struct wlk_script_reading *reading)
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
    struct wlk_script_reading reading; /* some 40 kB, at start only */
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
