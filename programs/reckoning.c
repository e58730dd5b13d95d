/* reckoning.c -- compares journals.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/reckoning.h"

#include "record/codec.h"

#include <stdio.h>

static bool is_whole(const struct wlk_journal_row *row)
{
    struct wlk_claim claim;
    if (wlk_claim_decode(row->bytes, row->size, &claim, NULL) != WLK_OK)
        return false;
    for (size_t i = 0; i < claim.header.group_count; i++)
        if (claim.disclosure[i].is_withheld)
            return false;
    return true;
}

static bool is_refused(struct wlk_journal *journal, wlk_name originator,
                       const struct wlk_lane *lane, uint64_t seq)
{
    int64_t id;
    uint64_t first, last;
    wlk_digest digest;
    return wlk_journal_lane(journal, originator, lane, &id) == WLK_OK &&
           wlk_journal_refused(journal, id, seq, &first, &last, &digest) == WLK_OK &&
           first <= seq;
}

/* One record at one recipient. */
static void reckon(const struct wlk_header *header, const struct wlk_reckoned *from,
                   const struct wlk_reckoned *to, struct wlk_exchanged *out)
{
    struct wlk_journal_row there;
    int64_t lane;
    out->records++;
    if (wlk_journal_lane(to->journal, header->originator, &header->lane, &lane) == WLK_OK &&
        wlk_journal_get(to->journal, lane, header->seq, &there) == WLK_OK) {
        if (is_whole(&there))
            out->passed++;
        else
            out->trimmed++;
    } else if (is_refused(to->journal, header->originator, &header->lane, header->seq) ||
               is_refused(from->journal, header->originator, &header->lane, header->seq)) {
        out->refused++;
    } else {
        out->lost++;
    }
}

static void reckon_lane(const struct wlk_reckoned *nations, size_t count, size_t from,
                        int64_t lane, struct wlk_exchanged *out)
{
    struct wlk_journal_row row;
    uint64_t seq = 0;
    while (wlk_journal_next(nations[from].journal, lane, seq, &row) == WLK_OK) {
        struct wlk_claim claim;
        seq = row.seq;
        if (wlk_claim_decode(row.bytes, row.size, &claim, NULL) != WLK_OK) {
            out->lost++; /* our own journal is broken there */
            continue;
        }
        for (size_t r = 0; r < claim.header.label.releasable_count; r++)
            for (size_t k = 0; k < count; k++)
                if (k != from &&
                    wlk_name_equal(claim.header.label.releasable[r], nations[k].nation))
                    reckon(&claim.header, &nations[from], &nations[k], out);
    }
}

void wlk_reckoning_journals(const struct wlk_reckoned *nations, size_t count,
                            struct wlk_exchanged *out)
{
    int64_t id;
    wlk_name originator;
    struct wlk_lane lane;
    for (size_t i = 0; i < count; i++)
        for (size_t n = 0;
             wlk_journal_lane_at(nations[i].journal, n, &id, &originator, &lane); n++)
            if (wlk_name_equal(originator, nations[i].nation) &&
                lane.record_class != WLK_CLASS_STATUS)
                reckon_lane(nations, count, i, id, out);
}

wlk_status wlk_reckoning_files(const struct wlk_setting *setting, struct wlk_exchanged *out,
                               struct wlk_fault *fault)
{
    struct wlk_reckoned nations[WLK_SETTING_NATIONS] = {{{{0}}, NULL}};
    wlk_status status = WLK_OK;
    size_t opened = 0;
    for (; status == WLK_OK && opened < WLK_SETTING_NATIONS; opened++) {
        char path[WLK_PATH_SIZE + 16];
        snprintf(path, sizeof path, "%s/journal.db", setting->folder[opened]);
        nations[opened].nation = setting->nation[opened];
        status = wlk_journal_open(path, nations[opened].nation, &nations[opened].journal,
                                  fault);
    }
    if (status == WLK_OK)
        wlk_reckoning_journals(nations, opened, out);
    for (size_t i = 0; i < WLK_SETTING_NATIONS; i++)
        wlk_journal_close(nations[i].journal);
    return status;
}
