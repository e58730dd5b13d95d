/* template.h -- what a rocket of a class is like; the solver finds the rest.
 *
 * Every number of template.c is an ASSUMPTION of the open-literature class, not a measured
 * property of any missile; flight times against the published ones are the check on them.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_REHEARSAL_TEMPLATE_H
#define WLK_REHEARSAL_TEMPLATE_H

#include <stddef.h>

enum { WLK_TEMPLATE_STAGES_MAX = 3 };

struct wlk_template_stage {
    double burn_s, exhaust_mps;
    double beta_kgpm2;  /* ballistic coefficient of the whole stack at ignition */
    double speed_share; /* of the rocket's ideal speed; the stages add up to 1 */
};

struct wlk_template {
    const char *name; /* as the table of launches says it */
    const char *words;
    size_t stage_count;
    struct wlk_template_stage stage[WLK_TEMPLATE_STAGES_MAX];
    double vertical_s, pitch_end_s;
    double beta_coast_kgpm2; /* after the last burnout */
};

/* NULL if there is no such class. */
const struct wlk_template *wlk_template_find(const char *name);

#endif
