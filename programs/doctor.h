/* doctor.h -- the examination of a nation's or hub's folder; for programs/doctor*.c only.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_DOCTOR_H
#define WLK_PROGRAMS_DOCTOR_H

#include "programs/hub_config.h"
#include "programs/node_config.h"

#include <stdio.h>

/* How bad a finding is: good, to be looked at, or wrong (exit code 1). */
enum wlk_finding { WLK_FINDING_GOOD, WLK_FINDING_SOON, WLK_FINDING_WRONG };

/* What is examined: what node.conf and hub.conf have in common, and either of them. */
struct wlk_patient {
    bool is_hub;
    wlk_name name;
    enum wlk_nature nature;
    struct wlk_clock clock;
    const char *record_key, *roots, *statements, *journal;
    size_t end_count;
    struct {
        wlk_name peer; /* the hub, or the nation whose port it is */
        const struct wlk_endpoint *at;
    } end[WLK_PARTIES_MAX];
    struct wlk_node_config node;
    struct wlk_hub_config hub;
    bool is_running; /* somebody has the journal open */
    unsigned wrong, soon;
};

/* One line: "good", "soon" or "WRONG", then the words. */
void wlk_doctor_say(struct wlk_patient *patient, enum wlk_finding how, const char *words, ...)
    __attribute__((format(printf, 3, 4)));

/* doctor_known.c: the file of known objects, and the biases of the radars. */
void wlk_doctor_known(struct wlk_patient *patient);

/* doctor_place.c: disk, clock, ports, modes of files. */
void wlk_doctor_place(struct wlk_patient *patient);

#endif
