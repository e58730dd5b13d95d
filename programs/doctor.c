/* doctor.c -- `warnlink doctor FOLDER`: what is wrong with a nation's or hub's folder.
 *
 * Reads and changes nothing; it may be used while the node or hub runs.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/doctor.h"

#include "base/assert.h"
#include "exchange/certificates.h"
#include "exchange/journal.h"
#include "exchange/standing.h"
#include "programs/keyfile.h"
#include "programs/mains.h"
#include "programs/options.h"
#include "programs/statements.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

static const double SOON_S = 14 * 86400.0; /* as a node warns (nation_deliver.c) */

void wlk_doctor_say(struct wlk_patient *patient, enum wlk_finding how, const char *words, ...)
{
    static const char *const WORD[] = {"good ", "soon ", "WRONG"};
    va_list list;
    va_start(list, words);
    printf("%s  ", WORD[how]);
    vprintf(words, list);
    putchar('\n');
    va_end(list);
    patient->wrong += how == WLK_FINDING_WRONG;
    patient->soon += how == WLK_FINDING_SOON;
}

static void say_fault(struct wlk_patient *patient, const struct wlk_fault *fault)
{
    char line[512];
    wlk_fault_line(fault, line, sizeof line);
    wlk_doctor_say(patient, WLK_FINDING_WRONG, "%s", line);
}

/* ---- whose folder it is ---- */

static void take_hub(struct wlk_patient *patient)
{
    struct wlk_hub_config *config = &patient->hub;
    patient->is_hub = true;
    patient->name = config->name;
    patient->nature = config->nature;
    patient->clock = config->clock;
    patient->record_key = config->record_key;
    patient->roots = config->roots;
    patient->statements = config->statements;
    patient->journal = config->journal;
    for (size_t i = 0; i < config->listen_count; i++) {
        patient->end[i].peer = config->listen[i].nation;
        patient->end[patient->end_count++].at = &config->listen[i].at;
    }
}

static void take_node(struct wlk_patient *patient)
{
    struct wlk_node_config *config = &patient->node;
    patient->name = config->nation;
    patient->nature = config->nature;
    patient->clock = config->clock;
    patient->record_key = config->record_key;
    patient->roots = config->roots;
    patient->statements = config->statements;
    patient->journal = config->journal;
    for (size_t i = 0; i < config->hub_count; i++) {
        patient->end[i].peer = config->hub[i].name;
        patient->end[patient->end_count++].at = &config->hub[i].at;
    }
}

static wlk_status read_folder(struct wlk_patient *patient, const char *folder,
                              struct wlk_fault *fault)
{
    char path[WLK_PATH_SIZE];
    snprintf(path, sizeof path, "%s/hub.conf", folder);
    if (access(path, F_OK) == 0) {
        WLK_TRY(wlk_hub_config_read(path, &patient->hub, fault));
        take_hub(patient);
        return WLK_OK;
    }
    snprintf(path, sizeof path, "%s/node.conf", folder);
    if (access(path, F_OK) != 0) {
        wlk_fault_set(fault, "neither node.conf nor hub.conf is there", "%s", folder);
        return WLK_BAD_INPUT;
    }
    WLK_TRY(wlk_node_config_read(path, &patient->node, fault));
    take_node(patient);
    return WLK_OK;
}

/* ---- the journal, and what stands by it and by the folder of statements ---- */

static void take(struct wlk_patient *patient, struct wlk_standing *standing, uint8_t kind,
                 const uint8_t *bytes, size_t size, const char *from)
{
    struct wlk_fault fault = {0};
    wlk_name about;
    wlk_utc now = wlk_clock_scenario(&patient->clock, wlk_clock_wall());
    wlk_status status = wlk_standing_take(standing, (enum wlk_statement_kind)kind, bytes, size,
                                          now, &about, &fault);
    if (status == WLK_BAD_INPUT || status == WLK_BAD_SIGNATURE)
        wlk_doctor_say(patient, WLK_FINDING_WRONG, "%s: %s", from,
                       fault.rule ? fault.rule : "a signature does not verify");
}

static void look_at_journal(struct wlk_patient *patient, struct wlk_standing *standing)
{
    struct wlk_journal *journal;
    struct wlk_fault fault = {0};
    wlk_name owner;
    const char *table = NULL;
    uint8_t kind;
    const uint8_t *bytes;
    size_t size;
    if (access(patient->journal, F_OK) != 0) {
        wlk_doctor_say(patient, WLK_FINDING_GOOD, "%s: none yet", patient->journal);
        return;
    }
    if (wlk_journal_look(patient->journal, &journal, &owner, &fault) != WLK_OK) {
        say_fault(patient, &fault);
        return;
    }
    wlk_status sums = wlk_journal_sums(journal, &table);
    if (!wlk_name_equal(owner, patient->name))
        wlk_doctor_say(patient, WLK_FINDING_WRONG, "%s belongs to %s", patient->journal,
                       owner.text);
    else if (sums == WLK_BAD_INPUT)
        wlk_doctor_say(patient, WLK_FINDING_WRONG,
                       "%s: table %s was changed since it was closed", patient->journal,
                       table ? table : "settings");
    else
        wlk_doctor_say(patient, WLK_FINDING_GOOD, "%s is whole%s", patient->journal,
                       sums == WLK_OK ? "" : " (its sums come when it is closed)");
    for (size_t i = 0; wlk_journal_statement_at(journal, i, &kind, &bytes, &size) == WLK_OK;
         i++)
        take(patient, standing, kind, bytes, size, patient->journal);
    wlk_journal_close(journal);
}

static void look_at_statements(struct wlk_patient *patient, struct wlk_standing *standing)
{
    static struct wlk_statements read;
    static struct wlk_statement statement;
    if (patient->statements[0])
        while (wlk_statements_next(&read, patient->statements, &statement))
            take(patient, standing, (uint8_t)statement.kind, statement.bytes, statement.size,
                 statement.path);
}

/* ---- keys and terms ---- */

static bool may_sign(const struct wlk_patient *patient, const struct wlk_standing *standing,
                     const struct wlk_arrangement *a, const uint8_t kid[WLK_KID_SIZE],
                     wlk_utc time)
{
    const struct wlk_keyring *ring = wlk_standing_keyring(standing);
    struct wlk_key_question question = {.originator = patient->name,
                                        .kid = kid,
                                        .use = WLK_KEY_RECORD,
                                        .nature = patient->nature,
                                        .time = time};
    return wlk_keyring_find(ring, a, &question) &&
           wlk_keyring_doubt(ring, patient->name, kid, time) == WLK_KEY_GOOD;
}

static void look_at_agreement(struct wlk_patient *patient, const struct wlk_standing *standing,
                              const struct wlk_arrangement *a,
                              const struct wlk_secret_key *key, wlk_utc now)
{
    char until[32];
    wlk_utc soon = wlk_utc_add(now, SOON_S);
    wlk_utc_text(a->until, 0, until);
    wlk_doctor_say(patient, soon.ns < a->until.ns ? WLK_FINDING_GOOD : WLK_FINDING_SOON,
                   "%s version %u is in force until %s%s", a->name.text, (unsigned)a->version,
                   until, soon.ns < a->until.ns ? "" : ": renew it");
    if (!may_sign(patient, standing, a, key->public_key.kid, now))
        wlk_doctor_say(patient, WLK_FINDING_WRONG,
                       "own key signs nothing under %s: not listed, not in its term, or ended",
                       a->name.text);
    else if (soon.ns < a->until.ns &&
             !may_sign(patient, standing, a, key->public_key.kid, soon))
        wlk_doctor_say(patient, WLK_FINDING_SOON,
                       "own key ends within 14 days under %s: rotate it (warnlink arrange "
                       "rotate)", a->name.text);
    else
        wlk_doctor_say(patient, WLK_FINDING_GOOD, "own key signs under %s", a->name.text);
}

static void look_at_force(struct wlk_patient *patient, const struct wlk_standing *standing)
{
    struct wlk_secret_key key;
    struct wlk_fault fault = {0};
    const struct wlk_force *force = wlk_standing_force(standing);
    wlk_utc now = wlk_clock_scenario(&patient->clock, wlk_clock_wall());
    size_t standing_count = 0;
    if (wlk_keyfile_read(patient->record_key, &key, &fault) != WLK_OK) {
        say_fault(patient, &fault);
        return;
    }
    for (size_t i = 0; i < force->count; i++) {
        const struct wlk_arrangement *a = &force->agreement[i].arrangement;
        uint8_t owner;
        if (wlk_force_named(force, a->name, now) != &force->agreement[i] ||
            !wlk_arrangement_owner(a, patient->name, &owner))
            continue;
        standing_count++;
        look_at_agreement(patient, standing, a, &key, now);
    }
    if (standing_count == 0)
        wlk_doctor_say(patient, WLK_FINDING_WRONG,
                       "no arrangement with %s is in force: nothing flows", patient->name.text);
    wlk_key_wipe(&key);
}

static void look_at_certificate(struct wlk_patient *patient,
                                const struct wlk_standing *standing, size_t i)
{
    const char *path = patient->end[i].at->certificate;
    struct wlk_fault fault = {0};
    wlk_digest pin;
    wlk_utc until, wall = wlk_clock_wall();
    char text[32];
    if (wlk_certificate_pin(path, &pin, &fault) != WLK_OK ||
        wlk_certificate_until(path, &until, &fault) != WLK_OK) {
        say_fault(patient, &fault);
        return;
    }
    wlk_utc_text(until, 0, text);
    enum wlk_finding how = until.ns <= wall.ns ? WLK_FINDING_WRONG
                           : until.ns <= wlk_utc_add(wall, SOON_S).ns ? WLK_FINDING_SOON
                                                                       : WLK_FINDING_GOOD;
    wlk_doctor_say(patient, how, "%s %s %s", path, until.ns <= wall.ns ? "ran out" : "runs out",
                   text);
    if (!wlk_force_admits(wlk_standing_force(standing), patient->name, &pin,
                          wlk_clock_scenario(&patient->clock, wall)))
        wlk_doctor_say(patient, WLK_FINDING_WRONG,
                       "%s: no arrangement in force pins its key: %s will refuse it", path,
                       patient->end[i].peer.text);
}

static wlk_status examine(struct wlk_patient *patient, struct wlk_fault *fault)
{
    static struct wlk_roots roots;
    struct wlk_journal *aside = NULL;
    struct wlk_standing *standing = NULL;
    wlk_status status = wlk_keyfile_roots(patient->roots, &roots, fault);
    if (status == WLK_OK)
        status = wlk_journal_open(":memory:", patient->name, &aside, fault);
    if (status == WLK_OK)
        status = wlk_standing_open(aside, &roots, &standing, fault);
    if (status == WLK_OK) {
        look_at_journal(patient, standing);
        look_at_statements(patient, standing);
        look_at_force(patient, standing);
        for (size_t i = 0; i < patient->end_count; i++)
            look_at_certificate(patient, standing, i);
        wlk_doctor_known(patient);
        wlk_doctor_place(patient);
    }
    wlk_standing_close(standing);
    wlk_journal_close(aside);
    return status;
}

int wlk_doctor_main(int argc, char *argv[])
{
    struct wlk_options options = {
        .program = "warnlink doctor",
        .purpose = "say what is wrong with the folder of a nation or hub; it changes nothing",
        .operands = "FOLDER",
        .operand_count_min = 1,
        .operand_count_max = 1};
    static struct wlk_patient patient;
    struct wlk_fault fault = {0};
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    status = wlk_seal_init();
    if (status == WLK_OK)
        status = read_folder(&patient, options.operand[0], &fault);
    if (status == WLK_OK)
        status = examine(&patient, &fault);
    if (status != WLK_OK)
        return wlk_options_fault(&options, status, &fault);
    printf("%s %s: %u wrong, %u to be looked at\n", patient.is_hub ? "hub" : "nation",
           patient.name.text, patient.wrong, patient.soon);
    return patient.wrong ? 1 : 0;
}
