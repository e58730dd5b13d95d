/* evidence.c -- makes evidence, and checks it without trusting who made it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/evidence.h"

#include "base/assert.h"
#include "record/cbor.h"

enum { VERSION = 1, ITEMS = 13 };

/* "an originator that has no receipt within 2 s": also how old a denied record must be. */
static const int64_t DENIED_NS = INT64_C(2000000000);

static const struct {
    const char *word, *sentence;
} KINDS[WLK_EVIDENCE_END] = {
    [WLK_EVIDENCE_WITHHELD] = {"withheld", "says that it has a record, and does not bring it"},
    [WLK_EVIDENCE_DENIED] = {"denied", "says that it has not what it was sent"},
    [WLK_EVIDENCE_REORDERED] = {"reordered", "brought an earlier record behind a later one"},
    [WLK_EVIDENCE_DOUBLED] = {"doubled", "brought one record twice, unasked"},
    [WLK_EVIDENCE_TWO_FACES] = {"two-faces", "signed two different things under one number"},
    [WLK_EVIDENCE_LOG_BEHIND] = {"log-behind",
                                 "shows a shorter log than it showed a partner before"},
    [WLK_EVIDENCE_VERDICTS] = {"verdicts", "refused by notice what was passed"},
    [WLK_EVIDENCE_SIGNED_TWICE] = {"signed-twice", "signed two records with one number"},
    [WLK_EVIDENCE_BROKEN_CHAIN] = {"broken-chain", "signed a record behind another than stands "
                                                   "before it"},
};

static bool is_kind(enum wlk_evidence_kind kind)
{
    return (unsigned)kind > 0 && (unsigned)kind < WLK_EVIDENCE_END;
}

const char *wlk_evidence_word(enum wlk_evidence_kind kind)
{
    return is_kind(kind) ? KINDS[kind].word : "?";
}

const char *wlk_evidence_sentence(enum wlk_evidence_kind kind)
{
    return is_kind(kind) ? KINDS[kind].sentence : "?";
}

/* ---- bytes ---- */

static wlk_status write_lane(struct wlk_writer *out, const struct wlk_evidence *e)
{
    WLK_TRY(wlk_cbor_write_text(out, e->lane.arrangement.text));
    WLK_TRY(wlk_cbor_write_text(out, e->originator.text));
    WLK_TRY(wlk_cbor_write_uint(out, e->lane.record_class));
    WLK_TRY(wlk_cbor_write_uint(out, e->lane.nature));
    return wlk_cbor_write_uint(out, e->lane.generation);
}

static wlk_status write_payload(struct wlk_writer *out, const struct wlk_evidence *e)
{
    WLK_TRY(wlk_cbor_write_array(out, ITEMS));
    WLK_TRY(wlk_cbor_write_uint(out, VERSION));
    WLK_TRY(wlk_cbor_write_uint(out, e->kind));
    WLK_TRY(wlk_cbor_write_int(out, e->time.ns));
    WLK_TRY(wlk_cbor_write_text(out, e->witness.text));
    WLK_TRY(wlk_cbor_write_text(out, e->accused.text));
    WLK_TRY(write_lane(out, e));
    WLK_TRY(wlk_cbor_write_uint(out, e->first));
    WLK_TRY(wlk_cbor_write_uint(out, e->last));
    WLK_TRY(wlk_cbor_write_array(out, e->object_count));
    for (size_t i = 0; i < e->object_count; i++)
        WLK_TRY(wlk_cbor_write_bytes(out, e->object[i], e->size[i]));
    return WLK_OK;
}

wlk_status wlk_evidence_sign(const struct wlk_evidence *evidence,
                             const struct wlk_secret_key *key, uint8_t *out, size_t room,
                             size_t *size)
{
    uint8_t payload[WLK_EVIDENCE_SIZE_MAX];
    struct wlk_writer to = {payload, sizeof payload, 0};
    if (!is_kind(evidence->kind) || evidence->object_count > WLK_EVIDENCE_OBJECTS_MAX)
        return WLK_BAD_INPUT;
    WLK_TRY(write_payload(&to, evidence));
    struct wlk_object object = {
        .kind = WLK_EVIDENCE_KIND, .payload = payload, .payload_size = to.at};
    return wlk_sign_object(&object, key, out, room, size);
}

static wlk_status read_name(struct wlk_cbor_reader *in, wlk_name *out)
{
    char text[WLK_NAME_SIZE];
    WLK_TRY(wlk_cbor_read_text(in, text, sizeof text));
    return wlk_name_parse(text, out);
}

static wlk_status read_lane(struct wlk_cbor_reader *in, struct wlk_evidence *out)
{
    uint64_t number;
    WLK_TRY(read_name(in, &out->lane.arrangement));
    WLK_TRY(read_name(in, &out->originator));
    WLK_TRY(wlk_cbor_read_uint(in, 1, WLK_CLASS_END - 1, &number));
    out->lane.record_class = (enum wlk_class)number;
    WLK_TRY(wlk_cbor_read_uint(in, 1, WLK_NATURE_END - 1, &number));
    out->lane.nature = (enum wlk_nature)number;
    return wlk_cbor_read_uint(in, 0, UINT64_MAX, &out->lane.generation);
}

static wlk_status read_payload(struct wlk_cbor_reader *in, struct wlk_evidence *out)
{
    uint64_t number, count;
    WLK_TRY(wlk_cbor_read_array(in, ITEMS, ITEMS, &count));
    WLK_TRY(wlk_cbor_read_uint(in, VERSION, VERSION, &number));
    WLK_TRY(wlk_cbor_read_uint(in, 1, WLK_EVIDENCE_END - 1, &number));
    out->kind = (enum wlk_evidence_kind)number;
    WLK_TRY(wlk_cbor_read_int(in, 0, INT64_MAX, &out->time.ns));
    WLK_TRY(read_name(in, &out->witness));
    WLK_TRY(read_name(in, &out->accused));
    WLK_TRY(read_lane(in, out));
    WLK_TRY(wlk_cbor_read_uint(in, 0, UINT64_MAX, &out->first));
    WLK_TRY(wlk_cbor_read_uint(in, out->first, UINT64_MAX, &out->last));
    WLK_TRY(wlk_cbor_read_array(in, 0, WLK_EVIDENCE_OBJECTS_MAX, &count));
    out->object_count = (size_t)count;
    for (size_t i = 0; i < out->object_count; i++)
        WLK_TRY(wlk_cbor_read_bytes(in, 1, WLK_RECORD_SIZE_MAX, &out->object[i],
                                    &out->size[i]));
    return wlk_cbor_end(in);
}

wlk_status wlk_evidence_decode(const uint8_t *bytes, size_t size, struct wlk_evidence *out,
                               struct wlk_fault *fault)
{
    struct wlk_object_claim claim;
    struct wlk_evidence evidence;
    struct wlk_cbor_reader in;
    WLK_TRY(wlk_object_decode(bytes, size, &claim, fault));
    memset(&evidence, 0, sizeof evidence);
    wlk_cbor_init(&in, claim.payload, claim.payload_size);
    if (claim.is_detached || read_payload(&in, &evidence) != WLK_OK) {
        wlk_fault_set(fault, "evidence has another form", "%s", in.rule ? in.rule : "");
        return WLK_BAD_INPUT;
    }
    *out = evidence;
    return WLK_OK;
}

/* ---- what the objects show ---- */

/* The objects of one piece of evidence, verified. */
struct shown {
    struct wlk_record record[WLK_EVIDENCE_OBJECTS_MAX];
    wlk_digest digest[WLK_EVIDENCE_OBJECTS_MAX];
    union wlk_content content[WLK_EVIDENCE_OBJECTS_MAX]; /* of status and refused */
};

static const struct wlk_header *header_of(const struct shown *shown, size_t i)
{
    return &shown->record[i].claim.header;
}

static bool is_lane(const struct wlk_lane *a, const struct wlk_lane *b)
{
    return a->record_class == b->record_class && a->nature == b->nature &&
           a->generation == b->generation && wlk_name_equal(a->arrangement, b->arrangement);
}

/* Object i is a record of the lane in question with this seq. */
static bool is_record(const struct wlk_evidence *e, const struct shown *shown, size_t i,
                      uint64_t seq)
{
    const struct wlk_header *header = header_of(shown, i);
    return header->has_seq && header->seq == seq && is_lane(&header->lane, &e->lane) &&
           wlk_name_equal(header->originator, e->originator);
}

static bool is_heartbeat(const struct wlk_evidence *e, const struct shown *shown, size_t i,
                         bool is_of_accused)
{
    const struct wlk_header *header = header_of(shown, i);
    return header->type == WLK_TYPE_STATUS &&
           wlk_name_equal(header->lane.arrangement, e->lane.arrangement) &&
           wlk_name_equal(header->originator, e->accused) == is_of_accused;
}

/* What heartbeat i says of the lane in question; NULL nothing. */
static const struct wlk_head *head_in(const struct wlk_evidence *e, const struct shown *shown,
                                      size_t i)
{
    const struct wlk_status_content *status = &shown->content[i].status;
    for (size_t k = 0; k < status->head_count; k++)
        if (wlk_name_equal(status->head[k].originator, e->originator) &&
            is_lane(&status->head[k].lane, &e->lane))
            return &status->head[k];
    return NULL;
}

static bool shows_withheld(const struct wlk_evidence *e, const struct shown *shown)
{
    const struct wlk_head *head = head_in(e, shown, 0);
    return e->object_count == 1 && is_heartbeat(e, shown, 0, true) && head &&
           head->seq >= e->last;
}

static bool shows_denied(const struct wlk_evidence *e, const struct shown *shown)
{
    if (e->object_count != 2 || !is_record(e, shown, 0, e->first) ||
        !is_heartbeat(e, shown, 1, true) ||
        header_of(shown, 1)->time.ns < header_of(shown, 0)->time.ns + DENIED_NS)
        return false;
    const struct wlk_head *head = head_in(e, shown, 1);
    return (!head && shown->content[1].status.head_count < WLK_HEADS_MAX) ||
           (head && head->seq < e->first);
}

/* The word of object i on the number in question: digest of a record, a head, or the log. */
static const wlk_digest *word_on(const struct wlk_evidence *e, const struct shown *shown,
                                 size_t i)
{
    const struct wlk_status_content *status = &shown->content[i].status;
    if (is_record(e, shown, i, e->first))
        return &shown->digest[i];
    if (header_of(shown, i)->type != WLK_TYPE_STATUS)
        return NULL;
    if (e->lane.record_class == WLK_CLASS_STATUS && is_heartbeat(e, shown, i, true))
        return status->has_log && status->log_count == e->first ? &status->log_digest : NULL;
    const struct wlk_head *head = head_in(e, shown, i);
    return head && head->seq == e->first ? &head->digest : NULL;
}

static bool shows_two_faces(const struct wlk_evidence *e, const struct shown *shown)
{
    if (e->object_count != 2 || !wlk_name_equal(e->accused, e->originator))
        return false;
    const wlk_digest *a = word_on(e, shown, 0), *b = word_on(e, shown, 1);
    return a && b && !wlk_digest_equal(a, b);
}

static bool shows_log_behind(const struct wlk_evidence *e, const struct shown *shown)
{
    if (e->object_count != 2 || !is_heartbeat(e, shown, 0, false) ||
        !is_heartbeat(e, shown, 1, true))
        return false;
    const struct wlk_head *head = head_in(e, shown, 0);
    const struct wlk_status_content *status = &shown->content[1].status;
    return head && head->seq == e->last && status->has_log && status->log_count < e->last;
}

static bool shows_verdicts(const struct wlk_evidence *e, const struct shown *shown)
{
    const struct wlk_refused_content *refused = &shown->content[1].refused;
    return e->object_count == 2 && is_record(e, shown, 0, e->first) &&
           header_of(shown, 1)->type == WLK_TYPE_REFUSED &&
           wlk_name_equal(header_of(shown, 1)->originator, e->accused) &&
           wlk_name_equal(refused->recipient, e->witness) &&
           wlk_name_equal(refused->originator, e->originator) &&
           is_lane(&refused->lane, &e->lane) && refused->first_seq <= e->first &&
           e->first <= refused->last_seq;
}

static bool shows_signed_twice(const struct wlk_evidence *e, const struct shown *shown)
{
    return e->object_count == 2 && wlk_name_equal(e->accused, e->originator) &&
           is_record(e, shown, 0, e->first) && is_record(e, shown, 1, e->first) &&
           !wlk_digest_equal(&shown->digest[0], &shown->digest[1]);
}

static bool shows_broken_chain(const struct wlk_evidence *e, const struct shown *shown)
{
    return e->object_count == 2 && wlk_name_equal(e->accused, e->originator) &&
           is_record(e, shown, 0, e->first) && is_record(e, shown, 1, e->first + 1) &&
           !wlk_digest_equal(&shown->digest[0], &header_of(shown, 1)->prev);
}

static bool shows_it(const struct wlk_evidence *e, const struct shown *shown)
{
    switch (e->kind) {
    case WLK_EVIDENCE_WITHHELD:
        return shows_withheld(e, shown);
    case WLK_EVIDENCE_DENIED:
        return shows_denied(e, shown);
    case WLK_EVIDENCE_REORDERED:
        return e->object_count == 2 && e->first < e->last && is_record(e, shown, 0, e->last) &&
               is_record(e, shown, 1, e->first);
    case WLK_EVIDENCE_DOUBLED:
        return e->object_count == 1 && is_record(e, shown, 0, e->first);
    case WLK_EVIDENCE_TWO_FACES:
        return shows_two_faces(e, shown);
    case WLK_EVIDENCE_LOG_BEHIND:
        return shows_log_behind(e, shown);
    case WLK_EVIDENCE_VERDICTS:
        return shows_verdicts(e, shown);
    case WLK_EVIDENCE_SIGNED_TWICE:
        return shows_signed_twice(e, shown);
    case WLK_EVIDENCE_BROKEN_CHAIN:
        return shows_broken_chain(e, shown);
    case WLK_EVIDENCE_END:
        break;
    }
    return false;
}

/* ---- checking ---- */

static wlk_status verify_object(const struct wlk_evidence *e, size_t i,
                                struct wlk_standing *standing, struct shown *shown,
                                const struct wlk_agreement **agreement)
{
    struct wlk_claim claim;
    WLK_TRY(wlk_claim_decode(e->object[i], e->size[i], &claim, NULL));
    wlk_utc time = claim.header.time;
    if (wlk_standing_verify_kept(standing, &claim, time, &shown->record[i], agreement) ==
        WLK_BAD_SIGNATURE)
        return WLK_BAD_SIGNATURE;
    shown->digest[i] = claim.digest;
    if (claim.header.type == WLK_TYPE_STATUS)
        return wlk_status_content_decode(&claim.disclosure[0], &shown->content[i].status, NULL);
    if (claim.header.type == WLK_TYPE_REFUSED)
        return wlk_refused_content_decode(&claim.disclosure[0], &shown->content[i].refused,
                                          NULL);
    return WLK_OK;
}

static wlk_status verify_witness(const uint8_t *bytes, size_t size,
                                 const struct wlk_evidence *e,
                                 const struct wlk_standing *standing,
                                 const struct wlk_agreement *agreement)
{
    struct wlk_object_claim claim;
    WLK_TRY(wlk_object_decode(bytes, size, &claim, NULL));
    struct wlk_key_question question = {
        .originator = e->witness, .kid = claim.kid, .use = WLK_KEY_RECORD, .time = e->time};
    const struct wlk_public_key *key =
        wlk_standing_key(standing, agreement, &question);
    return key ? wlk_verify_object(WLK_EVIDENCE_KIND, &claim, key) : WLK_BAD_SIGNATURE;
}

wlk_status wlk_evidence_check(const uint8_t *bytes, size_t size, struct wlk_standing *standing,
                              struct wlk_evidence *out, struct wlk_fault *fault)
{
    struct wlk_evidence evidence;
    struct shown shown;
    const struct wlk_agreement *agreement = NULL;
    WLK_TRY(wlk_evidence_decode(bytes, size, &evidence, fault));
    memset(&shown, 0, sizeof shown);
    for (size_t i = 0; i < evidence.object_count; i++) {
        wlk_status status = verify_object(&evidence, i, standing, &shown, &agreement);
        if (status != WLK_OK) {
            wlk_fault_set(fault, "an object of the evidence does not verify", "object %zu", i);
            return status;
        }
    }
    if (!agreement ||
        verify_witness(bytes, size, &evidence, standing, agreement) != WLK_OK) {
        wlk_fault_set(fault, "the witness's signature does not verify", "%s",
                      evidence.witness.text);
        return WLK_BAD_SIGNATURE;
    }
    if (!shows_it(&evidence, &shown)) {
        wlk_fault_set(fault, "the objects do not show it", "%s",
                      wlk_evidence_word(evidence.kind));
        return WLK_BAD_INPUT;
    }
    *out = evidence;
    return WLK_OK;
}
