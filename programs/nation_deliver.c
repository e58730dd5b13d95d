/* nation_deliver.c -- a nation: what the exchange brings, and under what it publishes.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/nation_private.h"

#include "programs/pedigree.h"
#include "programs/receive.h"

#include <inttypes.h>
#include <stdio.h>

void wlk_nation_note(struct wlk_nation *nation, enum wlk_entry_kind kind, wlk_utc now,
                     const char *names)
{
    struct wlk_entry entry = {
        .nation = nation->options.name, .time = now, .at = now, .kind = kind};
    snprintf(entry.names, sizeof entry.names, "%s", names);
    wlk_outlook_note(nation->outlook, &entry);
}

/* ---- arrangements -------------------------------------------------------------------- */

static bool is_joined(const struct wlk_nation *nation, const wlk_digest *digest)
{
    for (size_t i = 0; i < nation->joined_count; i++)
        if (wlk_digest_equal(&nation->joined[i], digest))
            return true;
    return false;
}

/* ---- the own key ---------------------------------------------------------------------- */

enum key_state { KEY_IS_GOOD = 0, KEY_ENDS_SOON, KEY_IS_NONE };
static const double SOON_S = 14 * 86400.0; /* ASSUMPTION: time enough to fetch the root */

static bool may_sign(const struct wlk_nation *nation, const struct wlk_arrangement *a,
                     wlk_utc time)
{
    const struct wlk_keyring *ring = wlk_post_keyring(nation->post);
    struct wlk_key_question question = {.originator = nation->options.name,
                                        .kid = nation->options.key->public_key.kid,
                                        .use = WLK_KEY_RECORD,
                                        .nature = nation->options.nature,
                                        .time = time};
    return wlk_keyring_find(ring, a, &question) &&
           wlk_keyring_doubt(ring, question.originator, question.kid, time) == WLK_KEY_GOOD;
}

/* A key that is not listed, not in its term or was ended signs nothing that anybody believes:
 * said at once, and two weeks before its term is over. */
static void watch_key(struct wlk_nation *nation, wlk_utc now)
{
    int worst = KEY_IS_GOOD;
    char words[128] = "";
    for (size_t i = 0; i < nation->joined_count; i++) {
        const struct wlk_agreement *agreement =
            wlk_force_find(wlk_post_force(nation->post), &nation->joined[i]);
        wlk_utc soon = wlk_utc_add(now, SOON_S);
        int state = KEY_IS_GOOD;
        if (!agreement)
            continue;
        const struct wlk_arrangement *a = &agreement->arrangement;
        if (soon.ns < a->until.ns && !may_sign(nation, a, soon))
            state = KEY_ENDS_SOON;
        if (!may_sign(nation, a, now))
            state = KEY_IS_NONE;
        if (state <= worst)
            continue;
        worst = state;
        snprintf(words, sizeof words,
                 state == KEY_IS_NONE ? "own key signs nothing under %s: not listed, not in "
                                        "its term, or ended"
                                      : "own key ends within 14 days under %s: rotate it",
                 a->name.text);
    }
    if (worst > nation->key_told)
        wlk_nation_note(nation, WLK_ENTRY_ALARM, now, words);
    nation->key_told = worst;
}

/* ---- and what stands ------------------------------------------------------------------ */

void wlk_nation_follow_force(struct wlk_nation *nation, wlk_utc now)
{
    const struct wlk_force *force = wlk_post_force(nation->post);
    for (size_t i = 0; i < force->count; i++) {
        const struct wlk_agreement *agreement = &force->agreement[i];
        bool stands = wlk_arrangement_in_force(force, &agreement->digest, now) ==
                      WLK_FORCE_IN_FORCE;
        bool joined = is_joined(nation, &agreement->digest);
        if (stands && !joined && nation->joined_count < WLK_ARRANGEMENTS_MAX &&
            wlk_publish_join(nation->publisher, agreement) == WLK_OK)
            nation->joined[nation->joined_count++] = agreement->digest;
        if (stands || !joined)
            continue;
        if (!wlk_force_named(force, agreement->arrangement.name, now))
            wlk_publish_leave(nation->publisher, agreement->arrangement.name);
        for (size_t k = 0; k < nation->joined_count; k++)
            if (wlk_digest_equal(&nation->joined[k], &agreement->digest))
                nation->joined[k] = nation->joined[--nation->joined_count];
        char words[128];
        enum wlk_force_state state = wlk_arrangement_in_force(force, &agreement->digest, now);
        snprintf(words, sizeof words, "arrangement %s is no longer in force: %s",
                 agreement->arrangement.name.text, wlk_force_word(state));
        wlk_nation_note(nation, WLK_ENTRY_ALARM, now, words);
    }
    watch_key(nation, now);
}

wlk_status wlk_nation_statement(struct wlk_nation *nation, enum wlk_statement_kind kind,
                                const uint8_t *bytes, size_t size, struct wlk_moment now,
                                struct wlk_fault *fault)
{
    wlk_status status = wlk_post_statement(nation->post, kind, bytes, size, now, fault);
    wlk_nation_follow_force(nation, now.utc);
    return status;
}

/* ---- deliveries ---------------------------------------------------------------------- */

static void trace(struct wlk_nation *nation, const struct wlk_header *header)
{
    if (nation->trace_in - nation->trace_out == WLK_NATION_TRACES_MAX ||
        header->type == WLK_TYPE_TRACK)
        return;
    struct wlk_trace *slot = &nation->trace[nation->trace_in++ % WLK_NATION_TRACES_MAX];
    *slot = (struct wlk_trace){
        .originator = header->originator, .lane = header->lane, .seq = header->seq};
}

static void check_double(struct wlk_nation *nation, const struct wlk_delivery *delivery,
                         wlk_utc now)
{
    const struct wlk_header *header = &delivery->record->claim.header;
    if (!wlk_doubles_note(&nation->doubles, header) || delivery->is_replayed)
        return;
    char words[128];
    nation->counts.records_doubled++;
    snprintf(words, sizeof words, WLK_DOUBLED_WORDS " %s %s %" PRIu64, header->originator.text,
             wlk_class_word(header->lane.record_class), header->seq);
    wlk_nation_note(nation, WLK_ENTRY_ALARM, now, words);
}

/* Numbers that do not add up, and words that are not kept: ours, a partner's or a hub's. */
static void tell_odd(struct wlk_nation *nation, const struct wlk_delivery *delivery,
                       wlk_utc now)
{
    char words[256];
    enum wlk_entry_kind kind = WLK_ENTRY_ALARM;
    const char *class_word = wlk_class_word(delivery->lane.record_class);
    switch (delivery->kind) {
    case WLK_DELIVERY_GAP:
        kind = WLK_ENTRY_GAP;
        snprintf(words, sizeof words, "%s %s %" PRIu64 "-%" PRIu64, delivery->nation.text,
                 class_word, delivery->first_seq, delivery->last_seq);
        break;
    case WLK_DELIVERY_RENUMBERED:
        snprintf(words, sizeof words,
                 "%s has records of ours that our journal lacks: restored from a backup? "
                 "Numbers start anew", nation->options.hub[delivery->hub].text);
        break;
    case WLK_DELIVERY_DIVERGED:
        snprintf(words, sizeof words, "%s contradicts itself under %s", delivery->nation.text,
                 delivery->arrangement.text);
        break;
    case WLK_DELIVERY_UNCONFIRMED:
        snprintf(words, sizeof words,
                 "%s" WLK_UNCONFIRMED_WORDS " %" PRIu64 "-%" PRIu64 " under %s",
                 delivery->nation.text, delivery->first_seq, delivery->last_seq,
                 delivery->arrangement.text);
        break;
    case WLK_DELIVERY_CONFIRMED:
        snprintf(words, sizeof words, "%s" WLK_CONFIRMED_WORDS " under %s",
                 delivery->nation.text, delivery->arrangement.text);
        break;
    default:
        snprintf(words, sizeof words, "%s %s: %s of %s %" PRIu64 "-%" PRIu64
                 " under %s; evidence is kept", delivery->nation.text,
                 wlk_evidence_sentence(delivery->accusation), class_word,
                 delivery->originator.text, delivery->first_seq, delivery->last_seq,
                 delivery->arrangement.text);
        break;
    }
    wlk_nation_note(nation, kind, now, words);
}

static void take_record(struct wlk_nation *nation, const struct wlk_delivery *delivery,
                        wlk_utc now)
{
    wlk_publish_heard(nation->publisher, &delivery->record->claim.header, now);
    trace(nation, &delivery->record->claim.header);
    check_double(nation, delivery, now);
    if (nation->options.pedigree)
        wlk_pedigree_take(nation->options.pedigree, delivery, wlk_post_force(nation->post),
                          nation->options.name, now);
    if (wlk_receive_record(nation->fusion, delivery->record) == WLK_OK) {
        nation->counts.records_taken++;
        /* the picture that the operator watches is made of it next */
        wlk_post_shown(nation->post, delivery->nation, &delivery->lane,
                       delivery->record->claim.header.seq);
        wlk_outlook_changed(nation->outlook);
    } else {
        nation->counts.records_unusable++;
    }
}

static void take_delivery(struct wlk_nation *nation, const struct wlk_delivery *delivery,
                          wlk_utc now)
{
    char words[256];
    switch (delivery->kind) {
    case WLK_DELIVERY_RECORD:
        take_record(nation, delivery, now);
        break;
    case WLK_DELIVERY_NOTICE:
        snprintf(words, sizeof words, "%s to %s, %s %" PRIu64 "-%" PRIu64 ": %s, %s",
                 delivery->refused->originator.text, delivery->refused->recipient.text,
                 wlk_class_word(delivery->refused->lane.record_class),
                 delivery->refused->first_seq, delivery->refused->last_seq,
                 delivery->refused->clause, delivery->refused->reason);
        wlk_nation_note(nation, WLK_ENTRY_REFUSED, now, words);
        break;
    case WLK_DELIVERY_PARTNER_LOST:
        wlk_nation_note(nation, WLK_ENTRY_PARTNER_LOST, now, delivery->nation.text);
        break;
    case WLK_DELIVERY_PARTNER_BACK:
        wlk_nation_note(nation, WLK_ENTRY_PARTNER_BACK, now, delivery->nation.text);
        break;
    case WLK_DELIVERY_HUB_LOST:
        wlk_nation_note(nation, WLK_ENTRY_HUB_LOST, now,
                        nation->options.hub[delivery->hub].text);
        break;
    case WLK_DELIVERY_HUB_BACK:
        wlk_nation_note(nation, WLK_ENTRY_HUB_BACK, now,
                        nation->options.hub[delivery->hub].text);
        break;
    case WLK_DELIVERY_STATEMENT:
        wlk_nation_follow_force(nation, now);
        break;
    case WLK_DELIVERY_SUSPECT:
        snprintf(words, sizeof words, "%s has ended a key: %zu of its estimates are dropped",
                 delivery->nation.text, wlk_fusion_forget(nation->fusion, delivery->nation));
        wlk_nation_note(nation, WLK_ENTRY_ALARM, now, words);
        wlk_outlook_changed(nation->outlook);
        break;
    case WLK_DELIVERY_GAP:
    case WLK_DELIVERY_DIVERGED:
    case WLK_DELIVERY_RENUMBERED:
    case WLK_DELIVERY_UNCONFIRMED:
    case WLK_DELIVERY_CONFIRMED:
    case WLK_DELIVERY_ACCUSED:
        tell_odd(nation, delivery, now);
        break;
    case WLK_DELIVERY_RECEIPT:
        break;
    }
}

void wlk_nation_take_deliveries(struct wlk_nation *nation, wlk_utc now)
{
    struct wlk_delivery delivery;
    while (wlk_post_delivered(nation->post, &delivery))
        take_delivery(nation, &delivery, now);
}

static bool next_trace(struct wlk_nation *nation, struct wlk_trace *out)
{
    if (wlk_publish_trace(nation->publisher, out))
        return true;
    if (nation->trace_in == nation->trace_out)
        return false;
    *out = nation->trace[nation->trace_out++ % WLK_NATION_TRACES_MAX];
    return true;
}

void wlk_nation_write_traces(struct wlk_nation *nation, FILE *file, wlk_mono now)
{
    struct wlk_trace trace;
    while (next_trace(nation, &trace))
        if (file)
            fprintf(file, "%s %s %s %" PRIu64 " %" PRIu64 " %" PRId64 "\n",
                    trace.read_at.ns ? "left" : "came", trace.originator.text,
                    trace.lane.arrangement.text, trace.lane.generation, trace.seq,
                    trace.read_at.ns ? trace.read_at.ns : now.ns);
}
