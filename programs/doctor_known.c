/* doctor_known.c -- what a nation's radars are held against, and what has been found.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/doctor.h"

#include "exchange/journal.h"
#include "sensors/references.h"
#include "sensors/sites.h"

static const double OLD_S = 600, FADED_S = 7 * 86400.0;

static void look_at_file(struct wlk_patient *patient, wlk_utc now)
{
    static struct wlk_references references;
    struct wlk_fault fault = {0};
    char line[256], until[32];
    wlk_utc from, to;
    if (wlk_references_read(patient->node.references, &references, &fault) != WLK_OK) {
        wlk_fault_line(&fault, line, sizeof line);
        wlk_doctor_say(patient, WLK_FINDING_WRONG, "%s", line);
        return;
    }
    if (!wlk_references_span(&references, &from, &to)) {
        wlk_doctor_say(patient, WLK_FINDING_SOON, "%s has no object", patient->node.references);
        return;
    }
    wlk_utc_text(to, 0, until);
    bool is_old = wlk_utc_seconds(now, to) > OLD_S;
    wlk_doctor_say(patient, is_old ? WLK_FINDING_SOON : WLK_FINDING_GOOD,
                   "%s: %zu objects, until %s%s", patient->node.references, references.count,
                   until, is_old ? ": no biases are found from it" : "");
}

/* The biases of one radar as they were last kept. */
static void look_at_radar(struct wlk_patient *patient, struct wlk_journal *journal,
                          const struct wlk_site *site, wlk_utc now)
{
    struct wlk_registration registration;
    struct wlk_registration_kept kept;
    char key[64];
    size_t used;
    double value[3], sigma[3];
    snprintf(key, sizeof key, WLK_REGISTRATION_KEY, site->id.text);
    wlk_registration_begin(WLK_REGISTRATION_RANGE_SIGMA_M, WLK_REGISTRATION_ANGLE_SIGMA_RAD,
                           &registration);
    if (wlk_journal_value(journal, key, &kept, sizeof kept, &used) != WLK_OK ||
        used != sizeof kept || wlk_registration_restore(&registration, &kept, now) != WLK_OK) {
        wlk_doctor_say(patient, WLK_FINDING_SOON,
                       "%s is not registered: its biases are taken "
                       "for 0 and doubted",
                       site->id.text);
        return;
    }
    double age_s = wlk_utc_seconds(now, registration.time);
    wlk_registration_at(&registration, now, value, sigma);
    wlk_doctor_say(patient, age_s > FADED_S ? WLK_FINDING_SOON : WLK_FINDING_GOOD,
                   "%s reads too much: range %+.0f +- %.0f m, azimuth %+.4f +- %.4f, elevation "
                   "%+.4f +- %.4f deg; newest pass %.1f h old",
                   site->id.text, value[0], sigma[0], value[1] / WLK_DEG, sigma[1] / WLK_DEG,
                   value[2] / WLK_DEG, sigma[2] / WLK_DEG, age_s / 3600);
}

void wlk_doctor_known(struct wlk_patient *patient)
{
    static struct wlk_sites sites;
    struct wlk_journal *journal;
    struct wlk_fault fault = {0};
    wlk_name owner;
    wlk_utc now = wlk_clock_scenario(&patient->clock, wlk_clock_wall());
    if (patient->is_hub || !patient->node.references[0])
        return;
    look_at_file(patient, now);
    if (wlk_sites_read(patient->node.sites, &sites, &fault) != WLK_OK ||
        wlk_journal_look(patient->journal, &journal, &owner, &fault) != WLK_OK)
        return; /* said elsewhere */
    for (size_t i = 0; i < sites.count; i++)
        if (wlk_name_equal(sites.site[i].owner, patient->name))
            look_at_radar(patient, journal, &sites.site[i], now);
    wlk_journal_close(journal);
}
