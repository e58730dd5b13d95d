/* cap.c -- CAP 1.2 by libxml2's writer, which escapes what people or partners wrote. The only
 * file that sees libxml2.
 * SPDX-License-Identifier: Apache-2.0 */
#include "warning/cap.h"

#include "warning/wording.h"

#include <libxml/xmlwriter.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const LANGUAGE[WLK_LANGUAGE_END] = {"en-US", "ja-JP", "ko-KR"};

/* What CAP wants to know of each kind [CAP 1.2, 3.2.2]. */
static const struct {
    const char *urgency, *severity, *certainty, *response;
    double valid_s; /* beyond sent, or beyond the impact where there is one */
} SHAPE[WLK_WARNING_KIND_END] = {
    [WLK_WARNING_LAUNCH] = {"Immediate", "Extreme", "Possible", "Shelter", 1800},
    [WLK_WARNING_TAKE_COVER] = {"Immediate", "Extreme", "Likely", "Shelter", 900},
    [WLK_WARNING_PASSED] = {"Past", "Minor", "Observed", "Monitor", 1800},
    [WLK_WARNING_IMPACTED] = {"Immediate", "Extreme", "Likely", "Avoid", 3600},
    [WLK_WARNING_FELL_OUTSIDE] = {"Past", "Minor", "Likely", "Monitor", 1800},
    [WLK_WARNING_ALL_CLEAR] = {"Past", "Minor", "Observed", "AllClear", 1800},
    [WLK_WARNING_CORRECTION] = {"Unknown", "Unknown", "Unknown", "Monitor", 3600},
};

struct message {
    const struct wlk_warning *warning;
    const struct wlk_areas *areas;
    xmlTextWriterPtr writer;
    bool is_broken; /* libxml2 refused something */
};

static void note(struct message *message, int written)
{
    message->is_broken = message->is_broken || written < 0;
}

static void start(struct message *message, const char *name)
{
    note(message, xmlTextWriterStartElement(message->writer, BAD_CAST name));
}

static void end(struct message *message)
{
    note(message, xmlTextWriterEndElement(message->writer));
}

static void put(struct message *message, const char *name, const char *text)
{
    note(message, xmlTextWriterWriteElement(message->writer, BAD_CAST name, BAD_CAST text));
}

/* "2017-08-28T20:58:00+00:00": the schema takes neither Z nor fractions. */
static void time_text(wlk_utc time, char text[40])
{
    char plain[32];
    wlk_utc_text(time, 0, plain);
    snprintf(text, 40, "%.19s+00:00", plain);
}

static void put_time(struct message *message, const char *name, wlk_utc time)
{
    char text[40];
    time_text(time, text);
    put(message, name, text);
}

static void sender(const struct wlk_warning *warning, char text[40])
{
    snprintf(text, 40, "warnlink-%s", warning->nation.text);
}

/* Unique and rebuilt from number and time, so that a reference needs no memory. */
static void identifier(const struct wlk_warning *warning, uint32_t number, wlk_utc time,
                       char text[64])
{
    char plain[32], packed[32];
    size_t at = 0;
    wlk_utc_text(time, 0, plain);
    for (size_t i = 0; plain[i] && at + 1 < sizeof packed; i++)
        if (plain[i] != '-' && plain[i] != ':')
            packed[at++] = plain[i];
    packed[at] = 0;
    snprintf(text, 64, "%s-%04u-%s", warning->nation.text, number, packed);
}

void wlk_cap_file_name(const struct wlk_warning *warning, char text[64])
{
    identifier(warning, warning->number, warning->time, text);
    size_t size = strlen(text);
    snprintf(text + size, 64 - size, ".xml");
}

static bool is_place(const struct wlk_point *point)
{
    return isfinite(point->covariance[0][0]) && isfinite(point->covariance[0][1]) &&
           isfinite(point->covariance[1][1]) && point->covariance[0][0] >= 0 &&
           point->covariance[1][1] >= 0 && fabs(point->place.latitude_rad) <= WLK_PI / 2 &&
           fabs(point->place.longitude_rad) <= WLK_PI;
}

static bool is_sound(const struct wlk_warning *warning, const struct wlk_areas *areas)
{
    if (warning->kind < WLK_WARNING_LAUNCH || warning->kind >= WLK_WARNING_KIND_END ||
        warning->nature < WLK_NATURE_EXERCISE || warning->nature >= WLK_NATURE_END ||
        warning->area_count > WLK_WARNING_AREAS_MAX ||
        warning->also_count > WLK_REPLACES_MORE_MAX)
        return false;
    for (size_t i = 0; i < warning->area_count; i++) {
        size_t area = warning->area[i].area;
        if (area != WLK_AREA_SEA && (!areas || area >= areas->count))
            return false;
        if (!isfinite(warning->area[i].probability))
            return false;
    }
    if ((warning->has_impact && !is_place(&warning->impact.point)) ||
        (warning->has_launch && !is_place(&warning->launch)) ||
        (warning->has_heading && !isfinite(warning->heading_rad)) ||
        !isfinite(warning->track_s) || !isfinite(warning->lost_at_s))
        return false;
    for (size_t i = 0; i < WLK_SAID_LANGUAGES; i++)
        if (!wlk_warning_is_text(warning->said[i], sizeof warning->said[i]))
            return false;
    return wlk_warning_is_text(warning->exercise, sizeof warning->exercise) &&
           wlk_warning_is_text(warning->sea_en, sizeof warning->sea_en) &&
           wlk_warning_is_text(warning->sea_ja, sizeof warning->sea_ja) &&
           wlk_warning_is_text(warning->sea_ko, sizeof warning->sea_ko) &&
           *warning->nation.text;
}

static void put_polygons(struct message *message, const struct wlk_area *area)
{
    char text[32];
    for (size_t r = area->ring_first; r < area->ring_first + area->ring_count; r++) {
        const struct wlk_area_ring *ring = &message->areas->ring[r];
        if (ring->is_hole)
            continue; /* CAP has none; what lies in it is named by itself if it is warned */
        start(message, "polygon");
        for (size_t i = 0; i <= ring->count; i++) { /* closed: the first again */
            const wlk_geodetic *point = &message->areas->point[ring->first + i % ring->count];
            snprintf(text, sizeof text, "%s%.4f,%.4f", i ? " " : "",
                     point->latitude_rad / WLK_DEG, point->longitude_rad / WLK_DEG);
            note(message, xmlTextWriterWriteString(message->writer, BAD_CAST text));
        }
        end(message);
    }
}

/* The 95 % ellipse's semi-major axis around the impact, at least 10 km. */
static void put_circle(struct message *message)
{
    const struct wlk_warning *warning = message->warning;
    const double(*c)[3] = warning->impact.point.covariance;
    char text[64];
    double radius_m = 10e3;
    if (!warning->has_impact || !warning->is_at_sea)
        return;
    if (c[0][0] > 0 && c[1][1] > 0)
        radius_m = fmax(radius_m,
                        wlk_ellipse_from_covariance(c[0][0], c[0][1], c[1][1], 0.95).major_m);
    snprintf(text, sizeof text, "%.4f,%.4f %.1f",
             warning->impact.point.place.latitude_rad / WLK_DEG,
             warning->impact.point.place.longitude_rad / WLK_DEG, radius_m / 1000);
    put(message, "circle", text);
}

static void put_area(struct message *message, size_t area, enum wlk_language language)
{
    char name[WLK_WORDING_AREA_SIZE];
    wlk_wording_area(message->warning, message->areas, area, language, name);
    start(message, "area");
    put(message, "areaDesc", name);
    if (area == WLK_AREA_SEA) {
        put_circle(message);
    } else {
        put_polygons(message, &message->areas->area[area]);
        start(message, "geocode");
        put(message, "valueName", "ISO 3166-2");
        put(message, "value", message->areas->area[area].key);
        end(message);
    }
    end(message);
}

static void put_parameter(struct message *message, const char *name, const char *value)
{
    start(message, "parameter");
    put(message, "valueName", name);
    put(message, "value", value);
    end(message);
}

static void put_parameters(struct message *message)
{
    const struct wlk_warning *warning = message->warning;
    char text[64];
    put_parameter(message, "warnlink:kind", wlk_warning_kind_word(warning->kind));
    put_parameter(message, "warnlink:nature", wlk_nature_word(warning->nature));
    snprintf(text, sizeof text, "%u", warning->object);
    put_parameter(message, "warnlink:object", text);
    snprintf(text, sizeof text, "%.0f", warning->track_s);
    put_parameter(message, "warnlink:track-s", text);
    put_parameter(message, "warnlink:measured", warning->is_predicted ? "no" : "yes");
}

static bool is_withdrawn(const struct wlk_warning *warning)
{
    return warning->kind == WLK_WARNING_CORRECTION &&
           warning->correction != WLK_CORRECTION_LOST &&
           warning->correction != WLK_CORRECTION_REVISED;
}

static void put_times(struct message *message)
{
    const struct wlk_warning *warning = message->warning;
    wlk_utc onset = {INT64_MAX}, from = warning->time;
    bool is_ahead =
        warning->kind == WLK_WARNING_LAUNCH || warning->kind == WLK_WARNING_TAKE_COVER;
    for (size_t i = 0; i < warning->area_count; i++)
        if (warning->area[i].earliest.ns < onset.ns)
            onset = warning->area[i].earliest;
    if (warning->has_impact && warning->impact.point.time.ns > from.ns)
        from = warning->impact.point.time;
    put_time(message, "effective", warning->time);
    if (is_ahead && warning->area_count > 0)
        put_time(message, "onset", onset);
    put_time(message, "expires", wlk_utc_add(from, SHAPE[warning->kind].valid_s));
}

static void put_block(struct message *message, enum wlk_language language)
{
    const struct wlk_warning *warning = message->warning;
    struct wlk_wording words;
    bool withdrawn = is_withdrawn(warning);
    wlk_wording_of(warning, message->areas, language, &words);
    start(message, "info");
    put(message, "language", LANGUAGE[language]);
    put(message, "category", "Security");
    put(message, "category", "Safety");
    put(message, "event", words.event);
    put(message, "responseType", withdrawn ? "AllClear" : SHAPE[warning->kind].response);
    put(message, "urgency", withdrawn ? "Past" : SHAPE[warning->kind].urgency);
    put(message, "severity", withdrawn ? "Minor" : SHAPE[warning->kind].severity);
    put(message, "certainty", withdrawn ? "Unlikely" : SHAPE[warning->kind].certainty);
    put_times(message);
    put(message, "senderName",
        warning->is_by_person ? "warnlink (message by persons)" : "warnlink (machine message)");
    put(message, "headline", words.headline);
    put(message, "description", words.description);
    put(message, "instruction", words.instruction);
    put_parameters(message);
    for (size_t i = 0; i < warning->area_count; i++)
        put_area(message, warning->area[i].area, language);
    end(message);
}

static const char *status_word(enum wlk_nature nature)
{
    switch (nature) {
    case WLK_NATURE_REAL:
        return "Actual";
    case WLK_NATURE_TEST:
        return "Test";
    case WLK_NATURE_EXERCISE:
    case WLK_NATURE_END:
        break;
    }
    return "Exercise";
}

static void put_incident(struct message *message)
{
    char text[2 * WLK_EVENT_SIZE + 1];
    for (size_t i = 0; i < WLK_EVENT_SIZE; i++)
        snprintf(text + 2 * i, 3, "%02x", message->warning->event.bytes[i]);
    put(message, "incidents", text);
}

/* "sender,identifier,sent" of each predecessor, blanks between [CAP 1.2, 3.2.1]. */
static void put_references(struct message *message)
{
    const struct wlk_warning *warning = message->warning;
    char from[40], name[64], sent[40], text[(WLK_REPLACES_MORE_MAX + 1) * 160];
    size_t at = 0;
    sender(warning, from);
    for (size_t i = 0; i <= warning->also_count; i++) {
        uint32_t number = i ? warning->also[i - 1].number : warning->replaces;
        wlk_utc time = i ? warning->also[i - 1].time : warning->replaces_time;
        identifier(warning, number, time, name);
        time_text(time, sent);
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%s,%s,%s", i ? " " : "", from,
                               name, sent);
    }
    put(message, "references", text);
}

static void put_alert(struct message *message)
{
    const struct wlk_warning *warning = message->warning;
    char name[64], from[40];
    bool is_update = warning->replaces != 0;
    note(message, xmlTextWriterStartDocument(message->writer, NULL, "UTF-8", NULL));
    note(message, xmlTextWriterStartElementNS(message->writer, NULL, BAD_CAST "alert",
                                              BAD_CAST "urn:oasis:names:tc:emergency:cap:1.2"));
    identifier(warning, warning->number, warning->time, name);
    sender(warning, from);
    put(message, "identifier", name);
    put(message, "sender", from);
    put_time(message, "sent", warning->time);
    put(message, "status", status_word(warning->nature));
    put(message, "msgType", !is_update ? "Alert" : warning->is_final ? "Cancel" : "Update");
    put(message, "scope", "Public");
    if (*warning->exercise && warning->nature != WLK_NATURE_REAL)
        put(message, "note", warning->exercise);
    if (is_update)
        put_references(message);
    if (warning->has_event)
        put_incident(message);
    for (int language = 0; language < WLK_LANGUAGE_END; language++)
        put_block(message, (enum wlk_language)language);
    end(message);
    note(message, xmlTextWriterEndDocument(message->writer));
}

wlk_status wlk_cap_write(const struct wlk_warning *warning, const struct wlk_areas *areas,
                         char *out, size_t room, size_t *size)
{
    struct message message = {.warning = warning, .areas = areas};
    if (!is_sound(warning, areas))
        return WLK_BAD_INPUT;
    xmlBufferPtr buffer = xmlBufferCreate();
    message.writer = buffer ? xmlNewTextWriterMemory(buffer, 0) : NULL;
    if (!message.writer) {
        xmlBufferFree(buffer);
        return WLK_IO;
    }
    (void)!xmlTextWriterSetIndent(message.writer, 1);
    put_alert(&message);
    xmlFreeTextWriter(message.writer); /* writes out what it holds */
    wlk_status status = message.is_broken ? WLK_IO : WLK_OK;
    size_t length = (size_t)xmlBufferLength(buffer);
    if (status == WLK_OK && length >= room)
        status = WLK_FULL;
    if (status == WLK_OK) {
        memcpy(out, xmlBufferContent(buffer), length);
        out[length] = 0;
        *size = length;
    }
    xmlBufferFree(buffer);
    return status;
}
