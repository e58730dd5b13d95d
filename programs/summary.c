/* summary.c -- figures of a rehearsal as JSON and as tables.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/summary.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

const char *wlk_column_word(enum wlk_column column)
{
    static const char *const words[] = {"alone", "before", "after"};
    return (unsigned)column < WLK_COLUMN_COUNT ? words[column] : "?";
}

/* Rounded, so that the last digits of a double do not pretend to be knowledge. */
static json_t *number(double value)
{
    char text[32];
    snprintf(text, sizeof text, "%.3f", value);
    return json_real(strtod(text, NULL));
}

static json_t *maybe(struct wlk_maybe value)
{
    return value.has ? number(value.value) : json_null();
}

static json_t *measures_json(const struct wlk_measures *measures)
{
    json_t *out = json_object();
    json_object_set_new(out, "first_plot_s", maybe(measures->first_plot_s));
    json_object_set_new(out, "launch_declared_s", maybe(measures->launch_declared_s));
    json_object_set_new(out, "heading_5deg_s", maybe(measures->heading_5deg_s));
    json_object_set_new(out, "ellipse_20km_s", maybe(measures->ellipse_20km_s));
    json_object_set_new(out, "impact_error_km", maybe(measures->impact_error_km));
    json_t *ellipse = json_array();
    json_array_append_new(ellipse, maybe(measures->ellipse_major_km));
    json_array_append_new(ellipse, maybe(measures->ellipse_minor_km));
    json_object_set_new(out, "ellipse_95_km", ellipse);
    json_object_set_new(out, "truth_inside_95", maybe(measures->truth_inside_95));
    json_t *warnings = json_array();
    for (size_t i = 0; i < measures->warning_count; i++) {
        const struct wlk_measured_warning *warning = &measures->warning[i];
        json_t *one = json_object();
        json_object_set_new(one, "area", json_string(warning->area));
        json_object_set_new(one, "kind", json_string(wlk_warning_kind_word(warning->kind)));
        json_object_set_new(one, "s", number(warning->at_s));
        json_array_append_new(warnings, one);
    }
    json_object_set_new(out, "warnings", warnings);
    return out;
}

static json_t *truth_json(const struct wlk_summary *summary)
{
    json_t *impact = json_object(), *out = json_object();
    char text[32];
    snprintf(text, sizeof text, "%.5f", summary->truth_impact_latitude_deg);
    json_object_set_new(impact, "lat_deg", json_real(strtod(text, NULL)));
    snprintf(text, sizeof text, "%.5f", summary->truth_impact_longitude_deg);
    json_object_set_new(impact, "lon_deg", json_real(strtod(text, NULL)));
    json_object_set_new(out, "range_km", number(summary->truth_range_km));
    json_object_set_new(out, "apogee_km", number(summary->truth_apogee_km));
    json_object_set_new(out, "flight_time_s", number(summary->truth_flight_time_s));
    json_object_set_new(out, "impact", impact);
    return out;
}

static json_t *exchange_json(const struct wlk_exchanged *exchanged)
{
    json_t *out = json_object();
    json_object_set_new(out, "records", json_integer((json_int_t)exchanged->records));
    json_object_set_new(out, "passed", json_integer((json_int_t)exchanged->passed));
    json_object_set_new(out, "trimmed", json_integer((json_int_t)exchanged->trimmed));
    json_object_set_new(out, "refused", json_integer((json_int_t)exchanged->refused));
    json_object_set_new(out, "lost", json_integer((json_int_t)exchanged->lost));
    json_object_set_new(out, "doubled", json_integer((json_int_t)exchanged->doubled));
    return out;
}

wlk_status wlk_summary_write(const struct wlk_summary *summary, const char *path,
                             struct wlk_fault *fault)
{
    json_t *out = json_object(), *published = json_object(), *nations = json_object();
    json_object_set_new(out, "launch", json_string(summary->launch));
    json_object_set_new(out, "seeds", json_integer((json_int_t)summary->seeds));
    json_object_set_new(published, "range_km", maybe(summary->published_range_km));
    json_object_set_new(published, "apogee_km", maybe(summary->published_apogee_km));
    json_object_set_new(published, "first_public_warning_s",
                        maybe(summary->published_warning_s));
    json_object_set_new(out, "published", published);
    json_object_set_new(out, "truth", truth_json(summary));
    for (size_t i = 0; i < summary->nation_count; i++) {
        json_t *nation = json_object();
        for (int c = 0; c < WLK_COLUMN_COUNT; c++)
            json_object_set_new(nation, wlk_column_word((enum wlk_column)c),
                                measures_json(&summary->measures[i][c]));
        json_object_set_new(nations, summary->nation[i].text, nation);
    }
    json_object_set_new(out, "nations", nations);
    json_object_set_new(out, "exchange", exchange_json(&summary->exchanged));
    errno = 0;
    int failed = json_dump_file(out, path, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    json_decref(out);
    if (!failed)
        return WLK_OK;
    wlk_fault_where(fault, path);
    wlk_fault_set(fault, "summary cannot be written", "%s", strerror(errno));
    return WLK_IO;
}

static void cell(FILE *out, struct wlk_maybe value, const char *unit)
{
    char text[32] = "-";
    if (value.has)
        snprintf(text, sizeof text, "%.*f %s", value.value < 10 ? 1 : 0, value.value, unit);
    fprintf(out, "%12s", text);
}

static void row(FILE *out, const char *title, const struct wlk_maybe value[WLK_COLUMN_COUNT],
                const char *unit)
{
    fprintf(out, "  %-40s", title);
    for (int c = 0; c < WLK_COLUMN_COUNT; c++)
        cell(out, value[c], unit);
    struct wlk_maybe before = value[WLK_COLUMN_BEFORE], after = value[WLK_COLUMN_AFTER];
    if (before.has && after.has && before.value - after.value >= 1)
        fprintf(out, "   %.0f %s %s", before.value - after.value, unit,
                strcmp(unit, "s") == 0 ? "sooner" : "less");
    else if (!before.has && after.has)
        fprintf(out, "   only now");
    fprintf(out, "\n");
}

/* First warning of the launch or to take cover, for one area; not there: has is false. */
static struct wlk_maybe first_warning(const struct wlk_measures *measures, const char *area)
{
    struct wlk_maybe first = {false, 0};
    for (size_t i = 0; i < measures->warning_count; i++) {
        const struct wlk_measured_warning *warning = &measures->warning[i];
        if ((warning->kind == WLK_WARNING_LAUNCH || warning->kind == WLK_WARNING_TAKE_COVER) &&
            strcmp(warning->area, area) == 0 && (!first.has || warning->at_s < first.value))
            first = (struct wlk_maybe){true, warning->at_s};
    }
    return first;
}

/* One line for each area that was warned in any column, in the order of column after. */
static void warning_rows(FILE *out, const struct wlk_measures column[WLK_COLUMN_COUNT])
{
    enum { ROWS_MAX = 60 };
    char area[ROWS_MAX][64];
    size_t count = 0;
    for (int c = WLK_COLUMN_COUNT - 1; c >= 0; c--)
        for (size_t i = 0; i < column[c].warning_count; i++) {
            const char *name = column[c].warning[i].area;
            bool is_new = first_warning(&column[c], name).has && count < ROWS_MAX;
            for (size_t k = 0; k < count; k++)
                is_new &= strcmp(area[k], name) != 0;
            if (is_new)
                snprintf(area[count++], sizeof area[0], "%s", name);
        }
    for (size_t k = 0; k < count; k++) {
        struct wlk_maybe value[WLK_COLUMN_COUNT];
        char title[96];
        for (int c = 0; c < WLK_COLUMN_COUNT; c++)
            value[c] = first_warning(&column[c], area[k]);
        snprintf(title, sizeof title, "first warning: %s", area[k]);
        row(out, title, value, "s");
    }
    if (!count)
        fprintf(out, "  %-40s%12s%12s%12s\n", "first warning", "none", "none", "none");
}

void wlk_summary_print(const struct wlk_summary *summary, bool is_coloured, FILE *out)
{
    const char *bold = is_coloured ? "\033[1m" : "", *plain = is_coloured ? "\033[0m" : "";
    fprintf(
        out,
        "\n%sWhat sharing changed%s: launch %s, %llu seed%s; times are seconds from launch;\n"
        "alone: own radars only; before: bilateral arrangements with the US; after: all "
        "three.\n",
        bold, plain, summary->launch, (unsigned long long)summary->seeds,
        summary->seeds == 1 ? "" : "s, medians");
    for (size_t n = 0; n < summary->nation_count; n++) {
        const struct wlk_measures *column = summary->measures[n];
        fprintf(out, "\n%s%-42s%12s%12s%12s%s\n", bold, summary->nation[n].text, "alone",
                "before", "after", plain);
#define ROW(title, member, unit)                                                               \
    do {                                                                                       \
        struct wlk_maybe value[WLK_COLUMN_COUNT] = {column[0].member, column[1].member,        \
                                                    column[2].member};                         \
        row(out, title, value, unit);                                                          \
    } while (0)
        ROW("first plot of own radars", first_plot_s, "s");
        ROW("launch declared", launch_declared_s, "s");
        ROW("heading known to 5 deg (95 %)", heading_5deg_s, "s");
        ROW("20 km impact ellipse (95 %)", ellipse_20km_s, "s");
        ROW("impact error when judged (*)", impact_error_km, "km");
        ROW("95 % ellipse then, semi-major", ellipse_major_km, "km");
#undef ROW
        warning_rows(out, column);
    }
    double moment_s = summary->truth_flight_time_s - 300;
    if (moment_s < summary->truth_burnout_s + 60)
        moment_s = summary->truth_burnout_s + 60;
    fprintf(out,
            "\n(*) at T+%.0f s: five minutes before impact, or one minute after burnout.\n",
            moment_s);
    if (summary->published_warning_s.has)
        fprintf(out, "Public record of that day: first public warning at T+%.0f s (%s).\n",
                summary->published_warning_s.value, summary->published_warning_by);
    else
        fprintf(out, "Public record of that day: no public warning is documented.\n");
    fprintf(out, "That time includes people deciding; ours are machine times. Radar noise and "
                 "ranges are assumptions.\n");
    const struct wlk_exchanged *exchanged = &summary->exchanged;
    fprintf(out,
            "Exchange (after): %llu records x recipients; %llu passed whole, %llu trimmed, "
            "%llu refused, %llu lost, %llu doubled.\n",
            (unsigned long long)exchanged->records, (unsigned long long)exchanged->passed,
            (unsigned long long)exchanged->trimmed, (unsigned long long)exchanged->refused,
            (unsigned long long)exchanged->lost, (unsigned long long)exchanged->doubled);
}
