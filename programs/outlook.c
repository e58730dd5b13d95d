/* outlook.c -- picture to impacts, warnings and timeline.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/outlook.h"

#include "tracking/impact.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double STEP_S = 0.25;       /* seconds matter, centiseconds do not */
static const double STEP_IDLE_S = 1.0;   /* predictions age even without news */
enum { OBJECTS_A_TURN = 4 };             /* then frames and plots get their turn */
static const double OBJECTS_A_STEP = 8;  /* more objects, fewer pictures: bounded work */
static const double HORIZON_S = 7200;    /* the longest flight known took 71 min */
static const double HEADING_95 = 5 * WLK_DEG; /* "heading known", DESIGN.md and issue text */
static const double ELLIPSE_95_M = 20e3;      /* "a 20 km ellipse": 95 % semi-major axis */
static const double NEWS_S = 1.0;        /* an impact is noted, and once it has settled also
                                            predicted, at most once a second */
static const uint32_t SETTLED = 20;      /* predictions of one object */
static const double DOWN_MIN_S = 3;      /* a prediction that vanishes so near to the impact, or
                                            within 3 sigma of its time, ended with the flight */
static const double NEARLY_S = 30;       /* measured so shortly before the impact: seen to it */
static const double DOWN_STANDS_S = 10;  /* one that stays so long after the impact, too */

/* What has been said of one object. */
struct said {
    uint32_t number;         /* 0: free */
    bool is_declared, is_heading, is_burnout, is_ellipse, has_impact, is_ended;
    wlk_utc measured, impact_said, predicted;
    struct wlk_entry impact; /* the newest one noted */
    double time_sigma_s;     /* of its time */
    uint32_t predictions;    /* since it last burned */
    wlk_name named_by;       /* its name in its salvo, as noted; ordinal 0: none */
    uint32_t ordinal, least, most;
};

struct wlk_outlook {
    struct wlk_outlook_setup setup;
    struct wlk_picture picture;
    struct wlk_path path[WLK_OBJECTS_MAX];     /* as the objects of the picture stand */
    uint32_t path_number[WLK_OBJECTS_MAX];     /* whose path it is */
    struct said said[WLK_OBJECTS_MAX];
    bool is_changed, has_stepped, has_news, is_stepping;
    bool is_settled; /* every object has its prediction: once a second will do */
    size_t cursor, warned; /* next object of the picture to look at, to warn of */
    wlk_utc stepped, alerted;
    struct wlk_entry entry[WLK_OUTLOOK_ENTRIES_MAX];
    uint64_t entry_in, entry_out;
    struct wlk_warning warning[WLK_OUTLOOK_WARNINGS_MAX];
    uint64_t warning_in, warning_out;
    uint64_t dropped;
};

wlk_status wlk_outlook_open(const struct wlk_outlook_setup *setup, struct wlk_outlook **out)
{
    struct wlk_outlook *outlook = calloc(1, sizeof *outlook);
    if (!outlook)
        return WLK_IO;
    outlook->setup = *setup;
    *out = outlook;
    return WLK_OK;
}

void wlk_outlook_close(struct wlk_outlook *outlook)
{
    free(outlook);
}

void wlk_outlook_changed(struct wlk_outlook *outlook)
{
    outlook->is_changed = true;
}

bool wlk_outlook_is_stepping(const struct wlk_outlook *outlook)
{
    return outlook->is_stepping;
}

const struct wlk_picture *wlk_outlook_picture(const struct wlk_outlook *outlook)
{
    return &outlook->picture;
}

void wlk_outlook_note(struct wlk_outlook *outlook, const struct wlk_entry *entry)
{
    outlook->has_news |= entry->kind != WLK_ENTRY_IMPACT;
    if (outlook->entry_in - outlook->entry_out == WLK_OUTLOOK_ENTRIES_MAX) {
        outlook->entry_out++;
        outlook->dropped++;
    }
    outlook->entry[outlook->entry_in++ % WLK_OUTLOOK_ENTRIES_MAX] = *entry;
}

bool wlk_outlook_entry(struct wlk_outlook *outlook, struct wlk_entry *out)
{
    if (outlook->entry_in == outlook->entry_out)
        return false;
    *out = outlook->entry[outlook->entry_out++ % WLK_OUTLOOK_ENTRIES_MAX];
    return true;
}

bool wlk_outlook_warning(struct wlk_outlook *outlook, struct wlk_warning *out)
{
    if (outlook->warning_in == outlook->warning_out)
        return false;
    *out = outlook->warning[outlook->warning_out++ % WLK_OUTLOOK_WARNINGS_MAX];
    return true;
}

uint64_t wlk_outlook_dropped(const struct wlk_outlook *outlook)
{
    return outlook->dropped;
}

uint64_t wlk_outlook_warned(const struct wlk_outlook *outlook)
{
    return outlook->warning_in;
}

/* The notes on an object, made if new; NULL when the store is full (then nothing is said of
 * it, and that is counted). Notes on objects that left the picture are freed in sweep_said. */
static struct said *said_of(struct wlk_outlook *outlook, uint32_t number)
{
    struct said *empty = NULL;
    for (size_t i = 0; i < WLK_OBJECTS_MAX; i++) {
        if (outlook->said[i].number == number)
            return &outlook->said[i];
        if (!outlook->said[i].number && !empty)
            empty = &outlook->said[i];
    }
    if (!empty) {
        outlook->dropped++;
        return NULL;
    }
    memset(empty, 0, sizeof *empty);
    empty->number = number;
    return empty;
}

static void sweep_said(struct wlk_outlook *outlook)
{
    for (size_t i = 0; i < WLK_OBJECTS_MAX; i++) {
        bool is_there = false;
        for (size_t k = 0; k < outlook->picture.count; k++)
            is_there |= outlook->picture.object[k].number == outlook->said[i].number;
        if (!is_there)
            outlook->said[i].number = 0;
    }
}

static struct wlk_entry entry_of(const struct wlk_outlook *outlook,
                                 const struct wlk_picture_object *object,
                                 enum wlk_entry_kind kind)
{
    struct wlk_entry entry = {.nation = outlook->setup.nation,
                              .time = outlook->picture.time,
                              .at = outlook->picture.time,
                              .kind = kind,
                              .object = object->number};
    size_t used = 0;
    for (size_t i = 0; i < object->source_count; i++)
        used += (size_t)snprintf(entry.names + used, sizeof entry.names - used, "%s%s",
                                 i ? "; " : "", object->source[i].text);
    return entry;
}

/* Runs the predictor on a fused state and hands the impact back to fusion. */
static void predict(struct wlk_outlook *outlook, struct wlk_picture_object *object,
                    struct wlk_path *path, struct said *said)
{
    struct wlk_impact impact;
    if (!object->has_state || object->is_ended) {
        path->count = 0;
        return;
    }
    if (object->condition == WLK_CONDITION_MEASURED || said->measured.ns == 0)
        said->measured = outlook->picture.time;
    if (said->predictions >= SETTLED && object->has_impact && path->count &&
        wlk_utc_seconds(outlook->picture.time, said->predicted) < NEWS_S)
        return; /* the newest one stands, in fusion too */
    path->count = 0;
    if (object->state.phase == WLK_PHASE_BOOST ||
        wlk_impact_predict(&object->state, HORIZON_S, &impact, path) != WLK_OK) {
        path->count = 0;
        said->predictions = 0;
        object->has_impact = false;
        wlk_fusion_set_impact(outlook->setup.fusion, object->number, NULL);
        return;
    }
    said->predictions++;
    said->predicted = outlook->picture.time;
    impact.last_measurement = said->measured;
    impact.condition = object->condition;
    impact.track_s = wlk_utc_seconds(said->measured, object->first_seen);
    impact.doubt = object->doubt;
    object->has_impact = true;
    object->impact = impact;
    wlk_fusion_set_impact(outlook->setup.fusion, object->number, &impact);
}

/* The flight is over, as far as anybody can know: its expected time of impact has come. */
static bool is_down(const struct said *said, bool has_impact, wlk_utc now)
{
    double late_s = wlk_utc_seconds(now, said->impact.at);
    if (has_impact)
        return late_s > DOWN_STANDS_S;
    return late_s > -fmax(DOWN_MIN_S, 3 * said->time_sigma_s);
}

static void note_down(struct wlk_outlook *outlook, struct said *said)
{
    struct wlk_entry entry = said->impact;
    entry.time = outlook->picture.time;
    entry.kind = WLK_ENTRY_ENDED;
    double unseen_s = wlk_utc_seconds(said->impact.at, said->measured);
    if (unseen_s <= NEARLY_S)
        snprintf(entry.names, sizeof entry.names, "seen to the end");
    else
        snprintf(entry.names, sizeof entry.names, "by prediction; last seen %.0f s before",
                 unseen_s);
    wlk_outlook_note(outlook, &entry);
    said->has_impact = false;
    said->is_ended = true;
}

static void note_no_impact(struct wlk_outlook *outlook, const struct wlk_picture_object *object,
                           struct said *said)
{
    if (!said->has_impact)
        return;
    if (is_down(said, false, outlook->picture.time)) {
        note_down(outlook, said);
        return;
    }
    struct wlk_entry entry = entry_of(outlook, object, WLK_ENTRY_NO_IMPACT);
    wlk_outlook_note(outlook, &entry);
    said->has_impact = said->is_ellipse = false;
}

static void note_ellipse(struct wlk_outlook *outlook, struct said *said)
{
    struct wlk_entry entry = said->impact;
    struct wlk_ellipse ellipse =
        wlk_ellipse_from_covariance(entry.ee_m2, entry.en_m2, entry.nn_m2, 0.95);
    if (said->is_ellipse || ellipse.major_m > ELLIPSE_95_M)
        return;
    said->is_ellipse = true;
    entry.kind = WLK_ENTRY_ELLIPSE;
    wlk_outlook_note(outlook, &entry);
}

static void note_impact(struct wlk_outlook *outlook, const struct wlk_picture_object *object,
                        struct said *said)
{
    wlk_utc now = outlook->picture.time;
    const struct wlk_point *point = &object->impact.point;
    if (object->is_ended)
        return;
    if (!object->has_impact) {
        note_no_impact(outlook, object, said);
        return;
    }
    if (said->has_impact && is_down(said, true, now)) {
        note_down(outlook, said);
        return;
    }
    if (said->has_impact && wlk_utc_seconds(now, said->impact_said) < NEWS_S)
        return;
    if (said->is_ended && wlk_utc_seconds(point->time, now) < DOWN_STANDS_S)
        return; /* it is down: what is computed of it now is no news */
    struct wlk_entry entry = entry_of(outlook, object, WLK_ENTRY_IMPACT);
    entry.at = point->time;
    entry.latitude_deg = point->place.latitude_rad / WLK_DEG;
    entry.longitude_deg = point->place.longitude_rad / WLK_DEG;
    entry.ee_m2 = point->covariance[0][0];
    entry.en_m2 = point->covariance[0][1];
    entry.nn_m2 = point->covariance[1][1];
    wlk_outlook_note(outlook, &entry);
    said->has_impact = true;
    said->is_ended = false;
    said->impact_said = now;
    said->impact = entry;
    said->time_sigma_s = sqrt(fmax(0, point->covariance[2][2]));
    note_ellipse(outlook, said);
}

/* Is it the first of its event in the picture? That one tells of their number. */
static bool is_lead(const struct wlk_outlook *outlook, const struct wlk_picture_object *object)
{
    const struct wlk_picture_object *first = outlook->picture.object;
    while (first < object &&
           !(first->has_event && !first->is_ended &&
             memcmp(first->event.bytes, object->event.bytes, WLK_EVENT_SIZE) == 0))
        first++;
    return first == object;
}

/* Which of a salvo it is. One that is alone is not named, unless it was another one before. */
static void note_name(struct wlk_outlook *outlook, const struct wlk_picture_object *object,
                      struct said *said)
{
    uint32_t least = object->launch.object_count_min, most = object->launch.object_count_max;
    if (!object->is_declared || !object->has_event || !object->has_launch || object->is_ended ||
        object->ordinal == 0)
        return;
    bool is_same = said->ordinal == object->ordinal &&
                   wlk_name_equal(said->named_by, object->named_by);
    bool is_renamed = said->ordinal && !is_same;
    bool is_counted =
        (said->least != least || said->most != most) && is_lead(outlook, object);
    if (is_renamed || (most > 1 && (!is_same || said->most < 2 || is_counted))) {
        struct wlk_entry entry = entry_of(outlook, object, WLK_ENTRY_NAMED);
        char before[32] = "", up_to[16] = "";
        if (is_renamed)
            snprintf(before, sizeof before, "; before: %s %u", said->named_by.text,
                     said->ordinal);
        if (most > least)
            snprintf(up_to, sizeof up_to, "-%u", most);
        snprintf(entry.names, sizeof entry.names, "%s %u of %u%s%s", object->named_by.text,
                 object->ordinal, least, up_to, before);
        wlk_outlook_note(outlook, &entry);
    }
    said->named_by = object->named_by;
    said->ordinal = object->ordinal;
    said->least = least;
    said->most = most;
}

static void note_object(struct wlk_outlook *outlook, const struct wlk_picture_object *object,
                        struct said *said)
{
    if (object->is_declared && !said->is_declared) {
        struct wlk_entry entry = entry_of(outlook, object, WLK_ENTRY_DECLARED);
        if (object->has_launch) {
            entry.at = object->launch.point.time;
            entry.latitude_deg = object->launch.point.place.latitude_rad / WLK_DEG;
            entry.longitude_deg = object->launch.point.place.longitude_rad / WLK_DEG;
        }
        wlk_outlook_note(outlook, &entry);
        said->is_declared = true;
    }
    if (object->is_declared && object->has_heading && !said->is_heading &&
        1.96 * object->heading_sigma_rad <= HEADING_95) {
        struct wlk_entry entry = entry_of(outlook, object, WLK_ENTRY_HEADING);
        entry.azimuth_deg = object->heading_rad / WLK_DEG;
        entry.azimuth_sigma_deg = object->heading_sigma_rad / WLK_DEG;
        wlk_outlook_note(outlook, &entry);
        said->is_heading = true;
    }
    if (object->has_burnout && !said->is_burnout) {
        struct wlk_entry entry = entry_of(outlook, object, WLK_ENTRY_BURNOUT);
        entry.at = object->burnout;
        wlk_outlook_note(outlook, &entry);
    }
    said->is_burnout = object->has_burnout;
    note_name(outlook, object, said);
    note_impact(outlook, object, said);
    if (object->is_ended && !said->is_ended) {
        struct wlk_entry entry = entry_of(outlook, object, WLK_ENTRY_ENDED);
        entry.names[0] = 0;
        wlk_outlook_note(outlook, &entry);
        said->is_ended = true;
    }
}

static void note_warning(struct wlk_outlook *outlook, const struct wlk_warning *warning)
{
    struct wlk_entry entry = {.nation = outlook->setup.nation,
                              .time = warning->time,
                              .at = warning->time,
                              .kind = WLK_ENTRY_WARNING,
                              .object = warning->object,
                              .warning = warning->kind};
    size_t used = 0;
    for (size_t i = 0; i < warning->area_count && used < sizeof entry.names; i++) {
        uint16_t area = warning->area[i].area;
        const char *name = "sea";
        if (area != WLK_AREA_SEA && area < outlook->setup.areas_view->count)
            name = outlook->setup.areas_view->area[area].en;
        int wrote = snprintf(entry.names + used, sizeof entry.names - used, "%s%s",
                             i ? "; " : "", name);
        used += wrote > 0 ? (size_t)wrote : 0;
    }
    wlk_outlook_note(outlook, &entry);
    if (outlook->warning_in - outlook->warning_out == WLK_OUTLOOK_WARNINGS_MAX) {
        outlook->warning_out++;
        outlook->dropped++;
    }
    outlook->warning[outlook->warning_in++ % WLK_OUTLOOK_WARNINGS_MAX] = *warning;
}

static bool is_due(const struct wlk_outlook *outlook, wlk_utc now)
{
    if (!outlook->has_stepped)
        return true;
    double crowd = (double)outlook->picture.count / OBJECTS_A_STEP;
    bool is_lively = outlook->is_changed && !outlook->is_settled;
    double step_s = is_lively ? STEP_S * fmax(1, crowd) : STEP_IDLE_S;
    return wlk_utc_seconds(now, outlook->stepped) >= fmin(step_s, STEP_IDLE_S);
}

/* At once when something came up or an object still burns (its heading sharpens by the second);
 * a settled prediction once a second. */
static bool alerts_are_due(const struct wlk_outlook *outlook)
{
    bool is_young = outlook->has_news || !outlook->has_stepped || !outlook->is_settled;
    return is_young ||
           wlk_utc_seconds(outlook->picture.time, outlook->alerted) >= STEP_IDLE_S;
}

static void begin(struct wlk_outlook *outlook, wlk_utc now)
{
    if (outlook->has_stepped && now.ns < outlook->stepped.ns)
        now = outlook->stepped; /* the picture's time never goes back */
    wlk_fusion_picture(outlook->setup.fusion, now, &outlook->picture);
    sweep_said(outlook);
    outlook->is_stepping = outlook->is_settled = true;
    outlook->is_changed = false;
    outlook->cursor = outlook->warned = 0;
}

static void look_at(struct wlk_outlook *outlook, size_t i)
{
    struct wlk_picture_object *object = &outlook->picture.object[i];
    struct said *said = said_of(outlook, object->number);
    if (outlook->path_number[i] != object->number)
        outlook->path[i].count = 0;
    outlook->path_number[i] = object->number;
    if (!said)
        return;
    outlook->is_settled &=
        object->is_ended || (object->has_impact && said->predictions >= SETTLED);
    predict(outlook, object, &outlook->path[i], said);
    note_object(outlook, object, said);
}

/* Warns of what a few objects bring. */
static void warn(struct wlk_outlook *outlook)
{
    struct wlk_warning made[16];
    size_t count = wlk_alert_step(outlook->setup.alerts, &outlook->picture, outlook->path,
                                  &outlook->warned, outlook->picture.time, made,
                                  sizeof made / sizeof made[0]);
    for (size_t i = 0; i < count; i++)
        note_warning(outlook, &made[i]);
    if (outlook->warned < outlook->picture.count)
        return;
    outlook->alerted = outlook->picture.time;
    outlook->has_news = false;
}

/* Looks at a few objects more, then warns of a few more; true: it is not through. */
static bool go_on(struct wlk_outlook *outlook, bool is_urgent)
{
    size_t most = is_urgent ? WLK_OBJECTS_MAX : OBJECTS_A_TURN, n = 0;
    for (; n < most && outlook->cursor < outlook->picture.count; n++)
        look_at(outlook, outlook->cursor++);
    if (outlook->cursor < outlook->picture.count || (n > 0 && !is_urgent))
        return true;
    if (outlook->warned > 0 || alerts_are_due(outlook)) {
        do
            warn(outlook);
        while (is_urgent && outlook->warned < outlook->picture.count);
        if (outlook->warned < outlook->picture.count)
            return true;
    }
    outlook->has_stepped = true;
    outlook->is_stepping = false;
    outlook->stepped = outlook->picture.time;
    return false;
}

bool wlk_outlook_step(struct wlk_outlook *outlook, wlk_utc now, bool is_urgent)
{
    if (is_urgent && outlook->is_stepping)
        (void)go_on(outlook, true); /* what was begun is brought to its end first */
    if (!outlook->is_stepping) {
        if (!is_urgent && !is_due(outlook, now))
            return false;
        begin(outlook, now);
    }
    return go_on(outlook, is_urgent);
}
