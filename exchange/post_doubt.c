/* post_doubt.c -- what a post does when a partner ends one of its keys: says so at once, and
 * marks what it had taken under that key since it became suspect, a few records a tick.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/post_private.h"

#include <stdio.h>

enum { MARKED_A_TICK = 256 };
static const uint8_t SUSPECT_MARK[1] = {'S'};

void wlk_post_note_statement(struct wlk_post *post, enum wlk_statement_kind kind,
                             const uint8_t *bytes, size_t size)
{
    struct wlk_key_statement statement;
    const struct wlk_keyring *ring = wlk_standing_keyring(post->standing);
    struct waiting suspect = {.kind = WLK_DELIVERY_SUSPECT};
    if (kind != WLK_STATEMENT_KEYS ||
        wlk_key_statement_peek(bytes, size, &statement, NULL) != WLK_OK ||
        statement.end_count == 0)
        return;
    for (size_t i = 0; i < statement.end_count; i++)
        if (!post->is_marking ||
            statement.end[i].suspect_since.ns < post->mark_from.ns) {
            post->mark_from = statement.end[i].suspect_since;
            post->is_marking = true;
        }
    post->mark_row = 0;
    while (suspect.at < ring->party_count &&
           !wlk_name_equal(ring->party[suspect.at].name, statement.party))
        suspect.at++;
    if (suspect.at < ring->party_count && !wlk_name_equal(statement.party, post->nation))
        wlk_post_push(post, &suspect);
}

void wlk_post_mark_suspect(struct wlk_post *post)
{
    struct wlk_journal_row row;
    struct wlk_claim claim;
    char text[64];
    for (unsigned i = 0; post->is_marking && i < MARKED_A_TICK; i++) {
        if (wlk_journal_since(post->journal, post->mark_row, post->mark_from.ns, &row) !=
            WLK_OK) {
            post->is_marking = false;
            snprintf(text, sizeof text, "%llu records of ended keys are not believed",
                     (unsigned long long)post->marked);
            (void)!wlk_journal_note(post->journal, post->now.utc, "suspect", text);
            return;
        }
        post->mark_row = row.row;
        if (wlk_claim_decode(row.bytes, row.size, &claim, NULL) != WLK_OK ||
            wlk_standing_doubt(post->standing, &claim) != WLK_KEY_SUSPECT)
            continue;
        post->marked++;
        post->counts.suspect++;
        (void)!wlk_journal_verdict(post->journal, row.lane, row.seq, SUSPECT_MARK,
                                   sizeof SUSPECT_MARK);
    }
}
