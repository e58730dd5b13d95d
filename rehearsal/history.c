/* history.c -- reads and lists the table of documented launches.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/history.h"

#include "base/assert.h"
#include "base/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Local dates of the table are UTC+9, as Japan and South Korea count; the DPRK's own clock was
 * half an hour behind that from 2015-08 to 2018-05. */
#define LOCAL_AHEAD_S (9.0 * 3600.0)

static const char *const KIND_WORDS[] = {"ballistic", "pull-up", "glide", "failed"};

/* A reading under way. The text is read twice: once to check it, with no table, and once to
 * fill the table, so that nothing is written unless all of it is good. */
struct reading {
    struct wlk_words words;
    struct wlk_fault *fault;
    struct wlk_history *table;  /* NULL in the first reading */
    struct wlk_history_row row; /* the one being read */
    size_t count;               /* rows begun, this one included */
    size_t row_line;            /* of its "launch" */
    bool has_kind;
};

static wlk_status copy_text(struct reading *reading, const char *word,
                            char out[WLK_HISTORY_TEXT_SIZE])
{
    if (out[0])
        return wlk_words_fault(&reading->words, reading->fault, "statement is there twice",
                               "%s", reading->words.word[0]);
    if (!word[0] || strlen(word) >= WLK_HISTORY_TEXT_SIZE)
        return wlk_words_fault(&reading->words, reading->fault, "text is empty or too long",
                               "%.40s", word);
    snprintf(out, WLK_HISTORY_TEXT_SIZE, "%s", word);
    return WLK_OK;
}

/* A figure in the unit of the table; scale takes it to SI. */
static wlk_status take_figure(struct reading *reading, const double range[2], double scale,
                              bool *has, double *out)
{
    double value;
    if (*has)
        return wlk_words_fault(&reading->words, reading->fault, "statement is there twice",
                               "%s", reading->words.word[0]);
    if (wlk_word_number(reading->words.word[1], range[0], range[1], &value) != WLK_OK)
        return wlk_words_fault(&reading->words, reading->fault, "number is out of range",
                               "%s %.40s, not %g to %g", reading->words.word[0],
                               reading->words.word[1], range[0], range[1]);
    *has = true;
    *out = value * scale;
    return WLK_OK;
}

static wlk_status take_place(struct reading *reading, struct wlk_history_row *row)
{
    double latitude_deg, longitude_deg;
    WLK_TRY(copy_text(reading, reading->words.word[3], row->place_name));
    if (wlk_word_number(reading->words.word[1], -90.0, 90.0, &latitude_deg) != WLK_OK ||
        wlk_word_number(reading->words.word[2], -180.0, 180.0, &longitude_deg) != WLK_OK)
        return wlk_words_fault(&reading->words, reading->fault, "place is not on the Earth",
                               "%.40s %.40s", reading->words.word[1], reading->words.word[2]);
    row->place = (wlk_geodetic){latitude_deg * WLK_DEG, longitude_deg * WLK_DEG, 0.0};
    return WLK_OK;
}

static wlk_status take_kind(struct reading *reading, struct wlk_history_row *row)
{
    if (reading->has_kind)
        return wlk_words_fault(&reading->words, reading->fault, "statement is there twice",
                               "kind");
    for (size_t i = 0; i < sizeof KIND_WORDS / sizeof KIND_WORDS[0]; i++)
        if (strcmp(reading->words.word[1], KIND_WORDS[i]) == 0) {
            row->kind = (enum wlk_history_kind)i;
            reading->has_kind = true;
            return WLK_OK;
        }
    return wlk_words_fault(&reading->words, reading->fault, "no such kind of flight", "%.40s",
                           reading->words.word[1]);
}

static wlk_status take_warning(struct reading *reading, struct wlk_history_row *row)
{
    const char *const *word = reading->words.word;
    if (row->warning_count == WLK_HISTORY_WARNINGS_MAX)
        return wlk_words_fault(&reading->words, reading->fault, "too many warnings", "over %d",
                               WLK_HISTORY_WARNINGS_MAX);
    struct wlk_history_warning warning = {.after_s = 0.0};
    if (wlk_name_parse(word[1], &warning.nation) != WLK_OK)
        return wlk_words_fault(&reading->words, reading->fault, "not a name of a nation",
                               "%.40s", word[1]);
    if (wlk_word_number(word[2], 0.0, 86400.0, &warning.after_s) != WLK_OK)
        return wlk_words_fault(&reading->words, reading->fault, "number is out of range",
                               "%.40s seconds after launch", word[2]);
    WLK_TRY(copy_text(reading, word[3], warning.text));
    WLK_TRY(copy_text(reading, word[4], warning.source));
    if (row->warning_count && row->warning[row->warning_count - 1].after_s > warning.after_s)
        return wlk_words_fault(&reading->words, reading->fault, "warning is not in order",
                               "%.40s s", word[2]);
    row->warning[row->warning_count++] = warning;
    return WLK_OK;
}

static wlk_status take_source(struct reading *reading, struct wlk_history_row *row)
{
    if (row->source_count == WLK_HISTORY_SOURCES_MAX)
        return wlk_words_fault(&reading->words, reading->fault, "too many sources", "over %d",
                               WLK_HISTORY_SOURCES_MAX);
    if (strncmp(reading->words.word[1], "http", 4) != 0)
        return wlk_words_fault(&reading->words, reading->fault, "source is not an address",
                               "%.40s", reading->words.word[1]);
    WLK_TRY(copy_text(reading, reading->words.word[1], row->source[row->source_count]));
    row->source_count++;
    return WLK_OK;
}

static wlk_status take_class(struct reading *reading, struct wlk_history_row *row)
{
    const char *word = reading->words.word[1];
    if (row->class_name[0])
        return wlk_words_fault(&reading->words, reading->fault, "statement is there twice",
                               "class");
    if (!word[0] || strlen(word) >= sizeof row->class_name)
        return wlk_words_fault(&reading->words, reading->fault, "text is empty or too long",
                               "%.40s", word);
    snprintf(row->class_name, sizeof row->class_name, "%s", word);
    return WLK_OK;
}

static wlk_status take_time(struct reading *reading, struct wlk_history_row *row)
{
    if (row->time.ns)
        return wlk_words_fault(&reading->words, reading->fault, "statement is there twice",
                               "time");
    if (wlk_utc_parse(reading->words.word[1], &row->time) != WLK_OK)
        return wlk_words_fault(&reading->words, reading->fault, "not a time",
                               "%.40s, wanted 2017-08-28T20:58:00Z", reading->words.word[1]);
    char local[32];
    wlk_utc_text(wlk_utc_add(row->time, LOCAL_AHEAD_S), 0, local);
    if (strncmp(local, row->id, 10) != 0)
        return wlk_words_fault(&reading->words, reading->fault,
                               "name of the launch is not its date at UTC+9", "%s at %.10s",
                               row->id, local);
    return WLK_OK;
}

static bool is_id(const char *id)
{
    static const char form[] = "dddd-dd-dd";
    size_t length = strlen(id);
    if (length != 10 && length != 11)
        return false;
    for (size_t i = 0; i < 10; i++)
        if (form[i] == 'd' ? id[i] < '0' || id[i] > '9' : id[i] != form[i])
            return false;
    return length == 10 || (id[10] >= 'a' && id[10] <= 'z');
}

/* Checks the row that ends here and keeps it. */
static wlk_status finish_row(struct reading *reading)
{
    const struct wlk_history_row *row = &reading->row;
    if (!reading->count)
        return WLK_OK;
    bool wants_class = row->kind == WLK_HISTORY_BALLISTIC;
    const char *missing = !row->time.ns                        ? "time"
                          : !row->missile[0]                   ? "missile"
                          : !row->place_name[0]                ? "place"
                          : !reading->has_kind                 ? "kind"
                          : !row->outcome[0]                   ? "outcome"
                          : !row->source_count                 ? "source"
                          : wants_class && !row->class_name[0] ? "class"
                                                               : NULL;
    if (missing) {
        reading->words.line = reading->row_line;
        return wlk_words_fault(&reading->words, reading->fault, "statement is missing",
                               "%s of %s", missing, row->id);
    }
    if (reading->table)
        reading->table->row[reading->count - 1] = *row;
    return WLK_OK;
}

/* Letters count up within a day, from a; a day without letters has one row; days rise. */
static bool follows(const char *before, const char *id)
{
    int day = strncmp(id, before, 10);
    if (day == 0)
        return before[10] && id[10] == before[10] + 1;
    return day > 0 && (!id[10] || id[10] == 'a');
}

static wlk_status start_row(struct reading *reading)
{
    const char *id = reading->words.word[1];
    size_t line = reading->words.line;
    WLK_TRY(finish_row(reading));
    if (!is_id(id))
        return wlk_words_fault(&reading->words, reading->fault, "not a name of a launch",
                               "%.40s, wanted 2017-08-29 or 2022-06-05a", id);
    if (!follows(reading->count ? reading->row.id : "0000-00-00", id))
        return wlk_words_fault(&reading->words, reading->fault, "launch is not in order", "%s",
                               id);
    if (reading->count == WLK_HISTORY_ROWS_MAX) {
        wlk_words_fault(&reading->words, reading->fault, "too many launches", "over %d",
                        WLK_HISTORY_ROWS_MAX);
        return WLK_FULL;
    }
    memset(&reading->row, 0, sizeof reading->row);
    snprintf(reading->row.id, sizeof reading->row.id, "%s", id);
    reading->count++;
    reading->row_line = line;
    reading->has_kind = false;
    return WLK_OK;
}

enum statement {
    LAUNCH,
    TIME,
    MISSILE,
    PLACE,
    KIND,
    CLASS,
    APOGEE,
    RANGE,
    BEARING,
    FLIGHT,
    ASSUME,
    WARNED,
    OUTCOME,
    SOURCE,
    STATEMENT_COUNT
};
static const struct {
    const char *word;
    size_t count; /* words in all */
} STATEMENTS[STATEMENT_COUNT] = {
    [LAUNCH] = {"launch", 2},   [TIME] = {"time", 2},     [MISSILE] = {"missile", 2},
    [PLACE] = {"place", 4},     [KIND] = {"kind", 2},     [CLASS] = {"class", 2},
    [APOGEE] = {"apogee", 2},   [RANGE] = {"range", 2},   [BEARING] = {"bearing", 2},
    [FLIGHT] = {"flight", 2},   [ASSUME] = {"assume", 2}, [WARNED] = {"warned", 5},
    [OUTCOME] = {"outcome", 2}, [SOURCE] = {"source", 2},
};

static wlk_status take_statement(struct reading *reading, enum statement which)
{
    static const double KM[2] = {1.0, 20000.0}, DEGREES[2] = {0.0, 360.0},
                        MINUTES[2] = {0.5, 120.0};
    const char *text = reading->words.word[1];
    if (which == LAUNCH)
        return start_row(reading);
    if (!reading->count)
        return wlk_words_fault(&reading->words, reading->fault,
                               "statement before the first launch", "%s",
                               reading->words.word[0]);
    struct wlk_history_row *row = &reading->row;
    switch (which) {
    case TIME:
        return take_time(reading, row);
    case MISSILE:
        return copy_text(reading, text, row->missile);
    case PLACE:
        return take_place(reading, row);
    case KIND:
        return take_kind(reading, row);
    case CLASS:
        return take_class(reading, row);
    case APOGEE:
        return take_figure(reading, KM, 1e3, &row->has_apogee, &row->apogee_m);
    case RANGE:
        return take_figure(reading, KM, 1e3, &row->has_range, &row->range_m);
    case BEARING:
        return take_figure(reading, DEGREES, WLK_DEG, &row->has_bearing, &row->bearing_rad);
    case FLIGHT:
        return take_figure(reading, MINUTES, 60.0, &row->has_flight_time, &row->flight_time_s);
    case ASSUME:
        return copy_text(reading, text, row->assumption);
    case WARNED:
        return take_warning(reading, row);
    case OUTCOME:
        return copy_text(reading, text, row->outcome);
    case SOURCE:
        return take_source(reading, row);
    case LAUNCH:
    case STATEMENT_COUNT:
    default:
        WLK_ASSERT(which < STATEMENT_COUNT && which > LAUNCH);
        return WLK_BAD_INPUT;
    }
}

static wlk_status read_table(struct reading *reading)
{
    for (;;) {
        wlk_status status = wlk_words_next(&reading->words, reading->fault);
        if (status == WLK_NOT_YET)
            return finish_row(reading);
        if (status != WLK_OK)
            return status;
        size_t which = 0;
        while (which < STATEMENT_COUNT &&
               strcmp(reading->words.word[0], STATEMENTS[which].word) != 0)
            which++;
        if (which == STATEMENT_COUNT)
            return wlk_words_fault(&reading->words, reading->fault, "unknown statement",
                                   "%.40s", reading->words.word[0]);
        if (reading->words.count != STATEMENTS[which].count)
            return wlk_words_fault(&reading->words, reading->fault, "wrong number of words",
                                   "%s wants %zu", STATEMENTS[which].word,
                                   STATEMENTS[which].count - 1);
        WLK_TRY(take_statement(reading, (enum statement)which));
    }
}

wlk_status wlk_history_parse(const char *file, const char *text, struct wlk_history *out,
                             struct wlk_fault *fault)
{
    struct reading check = {.fault = fault}, fill = {.fault = fault, .table = out};
    wlk_words_init(&check.words, file, text);
    WLK_TRY(read_table(&check));
    wlk_words_init(&fill.words, file, text);
    WLK_TRY(read_table(&fill)); /* the same text: it cannot fail now */
    out->count = fill.count;
    return WLK_OK;
}

wlk_status wlk_history_read(const char *path, struct wlk_history *out, struct wlk_fault *fault)
{
    char *text;
    WLK_TRY(wlk_words_read_file(path, &text, fault));
    wlk_status status = wlk_history_parse(path, text, out, fault);
    free(text);
    return status;
}

const struct wlk_history_row *wlk_history_find(const struct wlk_history *history,
                                               const char *id)
{
    for (size_t i = 0; i < history->count; i++)
        if (strcmp(history->row[i].id, id) == 0)
            return &history->row[i];
    return NULL;
}

size_t wlk_history_event(const struct wlk_history *history, const char *day,
                         const struct wlk_history_row *rows[], size_t room)
{
    size_t count = 0;
    for (size_t i = 0; i < history->count && strlen(day) == 10; i++) {
        if (strncmp(history->row[i].id, day, 10) != 0)
            continue;
        if (count < room)
            rows[count] = &history->row[i];
        count++;
    }
    return count;
}

const char *wlk_history_kind_words(enum wlk_history_kind kind)
{
    WLK_ASSERT((size_t)kind < sizeof KIND_WORDS / sizeof KIND_WORDS[0]);
    return KIND_WORDS[kind];
}

void wlk_history_heading(char text[WLK_HISTORY_LINE_SIZE])
{
    snprintf(text, WLK_HISTORY_LINE_SIZE, "%-11s  %-17s  %-22s %7s %7s %7s %6s  %-10s %s",
             "launch", "UTC", "missile", "apogee", "range", "bearing", "flight", "warned",
             "kind");
}

/* Six characters: the figure with its unit, or "-". */
static void figure_text(bool has, double value, const char *unit, char out[16])
{
    if (has)
        snprintf(out, 16, "%.0f%s", value, unit);
    else
        snprintf(out, 16, "-");
}

void wlk_history_line(const struct wlk_history_row *row, char text[WLK_HISTORY_LINE_SIZE])
{
    char time[32], apogee[16], range[16], bearing[16], flight[16], warned[32] = "-";
    wlk_utc_text(row->time, 0, time);
    time[10] = ' ';
    figure_text(row->has_apogee, row->apogee_m / 1e3, " km", apogee);
    figure_text(row->has_range, row->range_m / 1e3, " km", range);
    figure_text(row->has_bearing, row->bearing_rad / WLK_DEG, " deg", bearing);
    figure_text(row->has_flight_time, row->flight_time_s / 60.0, " min", flight);
    if (row->warning_count)
        snprintf(warned, sizeof warned, "%.4s +%.0f s", row->warning[0].nation.text,
                 row->warning[0].after_s);
    snprintf(text, WLK_HISTORY_LINE_SIZE, "%-11s  %.16sZ  %-22.22s %7s %7s %7s %6s  %-10s %s",
             row->id, time, row->missile, apogee, range, bearing, flight, warned,
             wlk_history_kind_words(row->kind));
}
