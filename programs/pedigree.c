/* pedigree.c -- keeps where estimates come from.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/pedigree.h"

#include "release/question.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

wlk_status wlk_pedigree_open(struct wlk_pedigree **out)
{
    struct wlk_pedigree *pedigree = calloc(1, sizeof *pedigree);
    if (!pedigree)
        return WLK_IO;
    *out = pedigree;
    return WLK_OK;
}

void wlk_pedigree_close(struct wlk_pedigree *pedigree)
{
    free(pedigree);
}

const struct wlk_pedigree_row *wlk_pedigree_find(const struct wlk_pedigree *pedigree,
                                                 wlk_name originator, uint32_t object,
                                                 enum wlk_type type)
{
    for (size_t i = 0; i < WLK_PEDIGREE_ROWS; i++) {
        const struct wlk_pedigree_row *row = &pedigree->row[i];
        if (row->is_used && row->object == object && row->type == type &&
            wlk_name_equal(row->originator, originator))
            return row;
    }
    return NULL;
}

/* The row to write: that of the same object and type, a free one, or the oldest. */
static struct wlk_pedigree_row *slot_for(struct wlk_pedigree *pedigree,
                                         const struct wlk_header *header)
{
    struct wlk_pedigree_row *oldest = &pedigree->row[0];
    const struct wlk_pedigree_row *same =
        wlk_pedigree_find(pedigree, header->originator, header->object, header->type);
    if (same)
        return &pedigree->row[same - pedigree->row];
    for (size_t i = 0; i < WLK_PEDIGREE_ROWS; i++) {
        struct wlk_pedigree_row *row = &pedigree->row[i];
        if (!row->is_used)
            return row;
        if (row->received.ns < oldest->received.ns)
            oldest = row;
    }
    return oldest;
}

/* Asks the decision once more, as the recipient: which permits let these groups through? The
 * hub has already decided; here it is only named. */
static void name_clauses(const struct wlk_claim *claim,
                         const struct wlk_arrangement *arrangement, wlk_name recipient,
                         wlk_utc now, char out[WLK_TEXT_SIZE])
{
    static struct wlk_rules rules;
    struct wlk_question question;
    bool is_shown[WLK_GROUPS_MAX] = {false};
    struct wlk_surroundings around = {.arrangement = arrangement,
                                      .is_in_force = true,
                                      .recipient = recipient,
                                      .now = now,
                                      .is_event_open = true};
    size_t used = 0;
    memset(around.token, 1, sizeof around.token);
    for (size_t i = 0; i < claim->header.group_count; i++)
        is_shown[i] = !claim->disclosure[i].is_withheld;
    wlk_rules_make(arrangement, &rules);
    wlk_question_make(&claim->header, is_shown, &around, &question);
    struct wlk_verdict verdict = wlk_decide(&rules, &question);
    out[0] = 0;
    for (size_t i = 0; i < arrangement->clause_count && used < WLK_TEXT_SIZE; i++)
        if (verdict.used[i])
            used += (size_t)snprintf(out + used, WLK_TEXT_SIZE - used, "%s%s",
                                     used ? " " : "", arrangement->clause[i].name);
}

static bool is_of_an_object(const struct wlk_header *header)
{
    return header->has_object &&
           (header->type == WLK_TYPE_LAUNCH || header->type == WLK_TYPE_IMPACT ||
            header->type == WLK_TYPE_TRACK);
}

void wlk_pedigree_take(struct wlk_pedigree *pedigree, const struct wlk_delivery *delivery,
                       const struct wlk_force *force, wlk_name recipient, wlk_utc now)
{
    const struct wlk_claim *claim = &delivery->record->claim;
    const struct wlk_header *header = &claim->header;
    if (!is_of_an_object(header))
        return;
    struct wlk_pedigree_row *row = slot_for(pedigree, header);
    bool is_same = row->is_used && row->object == header->object && row->type == header->type &&
                   wlk_name_equal(row->originator, header->originator);
    if (is_same && row->time.ns > header->time.ns)
        return;
    *row = (struct wlk_pedigree_row){.is_used = true,
                                     .originator = header->originator,
                                     .object = header->object,
                                     .type = header->type,
                                     .lane = header->lane,
                                     .seq = header->seq,
                                     .time = header->time,
                                     .received = now,
                                     .group_count = header->group_count};
    for (size_t i = 0; i < header->group_count; i++) {
        row->group[i].group = header->group[i].group;
        row->group[i].classification = header->group[i].classification;
        row->group[i].is_shown = !claim->disclosure[i].is_withheld;
    }
    const struct wlk_agreement *agreement = wlk_force_find(force, &header->arrangement);
    if (agreement) {
        const struct wlk_public_key *key =
            wlk_arrangement_key_of(&agreement->arrangement, claim);
        row->version = agreement->arrangement.version;
        name_clauses(claim, &agreement->arrangement, recipient, now, row->clause);
        row->has_key = key && key->kind == WLK_KEY_ED25519;
        if (row->has_key)
            memcpy(row->key, key->bytes, sizeof row->key);
    }
    if (claim->size <= sizeof row->bytes) {
        row->size = claim->size;
        memcpy(row->bytes, claim->bytes, claim->size);
    }
    pedigree->changes++;
}
