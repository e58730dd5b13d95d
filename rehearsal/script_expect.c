/* script_expect.c -- reads what is expected of a scenario.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/script_private.h"

#include "base/assert.h"

#include <string.h>

static wlk_status take_by(struct wlk_script_reading *reading, struct wlk_script_expect *expect)
{
    WLK_TRY(wlk_script_word(reading, "by"));
    WLK_TRY(wlk_script_seconds(reading, &expect->by_s));
    return wlk_script_end(reading);
}

/* A number and what it counts, in the singular or the plural. */
static wlk_status take_count(struct wlk_script_reading *reading, const char *one,
                             const char *many, uint32_t *out)
{
    double count;
    WLK_TRY(wlk_script_number(reading, 0, WLK_OBJECTS_MAX, &count));
    *out = (uint32_t)count;
    if (*out < count)
        return wlk_script_complain(reading, "not a whole number", "");
    if (!wlk_script_passes(reading, one))
        WLK_TRY(wlk_script_word(reading, many));
    return WLK_OK;
}

static wlk_status take_picture(struct wlk_script_reading *reading,
                               struct wlk_script_expect *expect)
{
    expect->kind = WLK_EXPECT_PICTURE;
    WLK_TRY(wlk_script_word(reading, "has"));
    WLK_TRY(take_count(reading, "object", "objects", &expect->count));
    return take_by(reading, expect);
}

static wlk_status take_counts(struct wlk_script_reading *reading,
                              struct wlk_script_expect *expect)
{
    expect->kind = WLK_EXPECT_COUNTS;
    WLK_TRY(take_count(reading, "object", "objects", &expect->count));
    WLK_TRY(wlk_script_word(reading, "in"));
    WLK_TRY(take_count(reading, "event", "events", &expect->events));
    return take_by(reading, expect);
}

static wlk_status take_warning(struct wlk_script_reading *reading,
                               struct wlk_script_expect *expect)
{
    expect->kind = WLK_EXPECT_WARNING;
    for (int kind = WLK_WARNING_LAUNCH; kind < WLK_WARNING_KIND_END; kind++)
        if (strcmp(wlk_script_next(reading),
                   wlk_warning_kind_word((enum wlk_warning_kind)kind)) == 0)
            expect->warning = (enum wlk_warning_kind)kind;
    if (!expect->warning)
        return wlk_script_complain(reading, "no such kind of warning",
                                   wlk_script_next(reading));
    reading->at++;
    WLK_TRY(wlk_script_word(reading, "for"));
    WLK_TRY(wlk_script_text(reading, expect->area, sizeof expect->area, NULL));
    return take_by(reading, expect);
}

static wlk_status take_registers(struct wlk_script_reading *reading,
                                 struct wlk_script_expect *expect)
{
    expect->kind = WLK_EXPECT_REGISTERS;
    WLK_TRY(wlk_script_name(reading, &expect->site));
    WLK_TRY(wlk_script_word(reading, "within"));
    WLK_TRY(wlk_script_number(reading, 1e-4, 1, &expect->within_rad));
    expect->within_rad *= WLK_DEG;
    return take_by(reading, expect);
}

static wlk_status take_no_plot(struct wlk_script_reading *reading,
                               struct wlk_script_expect *expect)
{
    static const char *const words[] = {"and", "no", "sensor", "id", "of"};
    expect->kind = WLK_EXPECT_NO_PLOT;
    WLK_TRY(wlk_script_word(reading, "no"));
    WLK_TRY(wlk_script_word(reading, "plot"));
    if (reading->at == reading->words.count)
        return WLK_OK;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        WLK_TRY(wlk_script_word(reading, words[i]));
    expect->has_site = true;
    WLK_TRY(wlk_script_name(reading, &expect->site));
    return wlk_script_end(reading);
}

static wlk_status take_nothing(struct wlk_script_reading *reading,
                               struct wlk_script_expect *expect)
{
    expect->kind = WLK_EXPECT_NONE_LOST;
    if (!wlk_script_passes(reading, "lost")) {
        expect->kind = WLK_EXPECT_NONE_DOUBLED;
        WLK_TRY(wlk_script_word(reading, "doubled"));
    }
    return wlk_script_end(reading);
}

wlk_status wlk_script_expectation(struct wlk_script_reading *reading,
                                  struct wlk_script_expect *expect)
{
    if (wlk_script_passes(reading, "nothing"))
        return take_nothing(reading, expect);
    WLK_TRY(wlk_script_nation(reading, &expect->nation));
    if (wlk_script_passes(reading, "picture"))
        return take_picture(reading, expect);
    if (wlk_script_passes(reading, "counts"))
        return take_counts(reading, expect);
    if (wlk_script_passes(reading, "warning"))
        return take_warning(reading, expect);
    if (wlk_script_passes(reading, "registers"))
        return take_registers(reading, expect);
    if (wlk_script_passes(reading, "receives"))
        return take_no_plot(reading, expect);
    if (!wlk_script_passes(reading, "declares"))
        return wlk_script_complain(reading, "not an expectation", wlk_script_next(reading));
    expect->kind = WLK_EXPECT_DECLARES;
    return take_by(reading, expect);
}
