/* template.c -- one template per class. All figures are assumptions (template.h); burn times
 * follow what open analyses say of the class (liquid Scud about a minute, Hwasong-12 above two,
 * two-stage ICBM near five; icbm-light is set so that the two flight times of the Hwasong-14
 * come out within a minute), exhaust speeds are usual ones of the propellant.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/template.h"

#include <string.h>

static const struct wlk_template TEMPLATES[] = {
    {"rocket",
     "solid, one stage, large-calibre rocket (KN-25)",
     1,
     {{45.0, 2350.0, 30000.0, 1.0}},
     2.0,
     25.0,
     8000.0},
    {"srbm",
     "one stage, short range (Scud class, KN-23 class)",
     1,
     {{70.0, 2300.0, 30000.0, 1.0}},
     4.0,
     50.0,
     6000.0},
    {"mrbm",
     "liquid, one stage, medium range (Scud-ER, Nodong)",
     1,
     {{95.0, 2300.0, 30000.0, 1.0}},
     5.0,
     70.0,
     4000.0},
    {"slbm",
     "solid, two stages (Pukguksong)",
     2,
     {{55.0, 2400.0, 20000.0, 0.5}, {50.0, 2550.0, 12000.0, 0.5}},
     5.0,
     70.0,
     4000.0},
    {"musudan",
     "liquid, one stage, intermediate range (Hwasong-10)",
     1,
     {{120.0, 2650.0, 25000.0, 1.0}},
     6.0,
     90.0,
     5000.0},
    {"irbm",
     "liquid, one stage, intermediate range (Hwasong-12)",
     1,
     {{140.0, 2700.0, 25000.0, 1.0}},
     8.0,
     110.0,
     5000.0},
    {"icbm-light",
     "liquid, two stages, small second one (Hwasong-14)",
     2,
     {{145.0, 2700.0, 30000.0, 0.5}, {215.0, 2850.0, 20000.0, 0.5}},
     10.0,
     200.0,
     6000.0},
    {"icbm",
     "liquid, two stages, intercontinental (Hwasong-15, -17)",
     2,
     {{130.0, 2700.0, 30000.0, 0.5}, {160.0, 2850.0, 20000.0, 0.5}},
     10.0,
     180.0,
     6000.0},
};

const struct wlk_template *wlk_template_find(const char *name)
{
    for (size_t i = 0; i < sizeof TEMPLATES / sizeof TEMPLATES[0]; i++)
        if (strcmp(TEMPLATES[i].name, name) == 0)
            return &TEMPLATES[i];
    return NULL;
}
