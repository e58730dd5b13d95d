/* language.c -- the plain-words text of an arrangement, read.
 *
 * One function for each kind of line and each phrase. Grammar: docs/formats/arrangement.md.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/arrangement.h"

#include "release/hex.h"
#include "release/reading.h"

static wlk_status read_head(struct wlk_reading *r)
{
    int64_t version = 0;
    if (r->out->version)
        return WLK_COMPLAIN(r, "one arrangement in a file", "\"%s\"", wlk_reading_peek(r));
    WLK_TRY(wlk_reading_name(r, &r->out->name));
    WLK_TRY(wlk_reading_expect(r, "version", "arrangement NAME version N"));
    WLK_TRY(wlk_reading_number(r, INT32_MAX, &version));
    r->out->version = (uint64_t)version;
    if (wlk_reading_accept(r, "replaces")) {
        WLK_TRY(wlk_reading_digest(r, &r->out->replaces));
        r->out->has_replaces = 1;
    }
    return wlk_reading_expect_end(r);
}

static wlk_status read_parties(struct wlk_reading *r)
{
    struct wlk_arrangement *out = r->out;
    if (r->has_parties)
        return WLK_COMPLAIN(r, "one parties line", "\"%s\"", wlk_reading_peek(r));
    while (!wlk_reading_is_end(r) && strcmp(wlk_reading_peek(r), "hubs") != 0) {
        if (out->party_count == WLK_PARTIES_MAX)
            return WLK_COMPLAIN(r, "2-8 parties and 1-2 hubs", "\"%s\"", wlk_reading_peek(r));
        WLK_TRY(wlk_reading_name(r, &out->party[out->party_count]));
        out->party_count++;
    }
    WLK_TRY(wlk_reading_expect(r, "hubs", "parties A B hubs C"));
    while (!wlk_reading_is_end(r)) {
        if (out->hub_count == WLK_HUBS_MAX)
            return WLK_COMPLAIN(r, "2-8 parties and 1-2 hubs", "\"%s\"", wlk_reading_peek(r));
        WLK_TRY(wlk_reading_name(r, &out->hub[out->hub_count]));
        out->hub_count++;
    }
    r->has_parties = true;
    return WLK_OK;
}

static wlk_status read_term(struct wlk_reading *r)
{
    if (r->has_term)
        return WLK_COMPLAIN(r, "one effective line", "\"%s\"", wlk_reading_peek(r));
    WLK_TRY(wlk_reading_time(r, &r->out->effective));
    WLK_TRY(wlk_reading_expect(r, "until", "effective TIME until TIME"));
    WLK_TRY(wlk_reading_time(r, &r->out->until));
    r->has_term = true;
    return wlk_reading_expect_end(r);
}

/* From the lexer's own word: a purpose may hold commas. */
static wlk_status read_purpose(struct wlk_reading *r)
{
    if (r->has_purpose)
        return WLK_COMPLAIN(r, "one purpose line", "\"%.40s\"", wlk_reading_peek(r));
    if (r->words.count != 2 || strlen(r->words.word[1]) >= WLK_ARRANGEMENT_PURPOSE_SIZE)
        return WLK_COMPLAIN(r, "a purpose is 1-255 bytes in quotes", "%zu words",
                            r->words.count - 1);
    memcpy(r->out->purpose, r->words.word[1], strlen(r->words.word[1]) + 1);
    r->has_purpose = true;
    return WLK_OK;
}

static wlk_status read_uses(struct wlk_reading *r, struct wlk_arrangement_key *key)
{
    do {
        unsigned use = WLK_KEY_ROOT;
        while (use < WLK_KEY_USE_END && strcmp(wlk_key_use_word(use), wlk_reading_peek(r)) != 0)
            use++;
        if (use == WLK_KEY_USE_END || key->use[use])
            return WLK_COMPLAIN(r, "a use is root, record, receipt or notice, once", "\"%s\"",
                                wlk_reading_peek(r));
        key->use[use] = 1;
        r->at++;
    } while (wlk_reading_accept(r, ","));
    return WLK_OK;
}

static wlk_status read_natures(struct wlk_reading *r, uint8_t nature[WLK_NATURE_END])
{
    do {
        enum wlk_nature one;
        if (wlk_nature_parse(wlk_reading_peek(r), &one) != WLK_OK || nature[one])
            return WLK_COMPLAIN(r, "a nature is exercise, real or test, once", "\"%s\"",
                                wlk_reading_peek(r));
        nature[one] = 1;
        r->at++;
    } while (wlk_reading_accept(r, "or"));
    return WLK_OK;
}

/* key JP 3b6a... use record, receipt nature real from TIME until TIME */
static wlk_status read_key(struct wlk_reading *r)
{
    uint8_t bytes[WLK_PUBLIC_KEY_SIZE];
    if (r->out->key_count == WLK_ARRANGEMENT_KEYS_MAX)
        return WLK_COMPLAIN(r, "too many lines of one kind", "over %d keys",
                            WLK_ARRANGEMENT_KEYS_MAX);
    struct wlk_arrangement_key *key = &r->out->key[r->out->key_count];
    WLK_TRY(wlk_reading_owner(r, &key->owner));
    if (wlk_hex_read(wlk_reading_peek(r), bytes, sizeof bytes) != WLK_OK)
        return WLK_COMPLAIN(r, "a public key is 64 hex digits", "\"%.40s\"",
                            wlk_reading_peek(r));
    if (wlk_public_key_read(bytes, &key->public_key) != WLK_OK)
        return WLK_COMPLAIN(r, "not a public key that can be trusted", "\"%.40s\"",
                            wlk_reading_peek(r));
    r->at++;
    WLK_TRY(wlk_reading_expect(r, "use", "key OWNER HEX use ..."));
    WLK_TRY(read_uses(r, key));
    if (wlk_reading_accept(r, "nature"))
        WLK_TRY(read_natures(r, key->nature));
    WLK_TRY(wlk_reading_expect(r, "from", "key ... from TIME until TIME"));
    WLK_TRY(wlk_reading_time(r, &key->not_before));
    WLK_TRY(wlk_reading_expect(r, "until", "key ... from TIME until TIME"));
    WLK_TRY(wlk_reading_time(r, &key->not_after));
    r->out->key_count++;
    return wlk_reading_expect_end(r);
}

static wlk_status read_pin(struct wlk_reading *r)
{
    if (r->out->pin_count == WLK_ARRANGEMENT_PINS_MAX)
        return WLK_COMPLAIN(r, "too many lines of one kind", "over %d certificates",
                            WLK_ARRANGEMENT_PINS_MAX);
    struct wlk_arrangement_pin *pin = &r->out->pin[r->out->pin_count];
    WLK_TRY(wlk_reading_owner(r, &pin->owner));
    WLK_TRY(wlk_reading_digest(r, &pin->key_hash));
    r->out->pin_count++;
    return wlk_reading_expect_end(r);
}

static wlk_status read_clause_name(struct wlk_reading *r, char name[WLK_NAME_SIZE])
{
    wlk_name text;
    WLK_TRY(wlk_reading_name(r, &text));
    memcpy(name, text.text, WLK_NAME_SIZE);
    return wlk_reading_expect(r, ":", "a clause begins with its name and a colon");
}

static wlk_status read_types(struct wlk_reading *r, struct wlk_clause *clause)
{
    do {
        enum wlk_type type;
        if (wlk_type_parse(wlk_reading_peek(r), &type) != WLK_OK || clause->type[type])
            return WLK_COMPLAIN(r, "a clause names launch, impact, cancel, track or plot, once",
                                "\"%s\"", wlk_reading_peek(r));
        clause->type[type] = 1;
        r->at++;
    } while (wlk_reading_accept(r, ","));
    return WLK_OK;
}

static wlk_status read_nations(struct wlk_reading *r, uint8_t set[WLK_PARTIES_MAX])
{
    do {
        uint8_t party = 0;
        WLK_TRY(wlk_reading_party(r, &party));
        if (set[party])
            return WLK_COMPLAIN(r, "a nation stands once", "%s", r->out->party[party].text);
        set[party] = 1;
    } while (wlk_reading_accept(r, ","));
    return WLK_OK;
}

/* Index of a word in a table, put there if it is new. */
static wlk_status enter_word(struct wlk_reading *r, char table[][WLK_TEXT_SIZE], size_t *count,
                             uint8_t *index_out)
{
    const char *word = wlk_reading_peek(r);
    size_t i = 0, length = strlen(word);
    if (length == 0 || length >= WLK_TEXT_SIZE)
        return WLK_COMPLAIN(r, "exercise ids and caveats are 1-63 bytes", "\"%.40s\"", word);
    while (i < *count && strcmp(table[i], word) != 0)
        i++;
    if (i == WLK_ARRANGEMENT_WORDS_MAX)
        return WLK_COMPLAIN(r, "too many different exercise ids or caveats", "over %d",
                            WLK_ARRANGEMENT_WORDS_MAX);
    if (i == *count) {
        memset(table[i], 0, WLK_TEXT_SIZE);
        memcpy(table[i], word, length);
        (*count)++;
    }
    *index_out = (uint8_t)i;
    r->at++;
    return WLK_OK;
}

static wlk_status read_regions(struct wlk_reading *r, struct wlk_clause *clause)
{
    do {
        enum wlk_region region;
        if (wlk_region_parse(wlk_reading_peek(r), &region) != WLK_OK || clause->region[region])
            return WLK_COMPLAIN(r, "a region is DPRK or OTHER, once", "\"%s\"",
                                wlk_reading_peek(r));
        clause->region[region] = 1;
        r->at++;
    } while (wlk_reading_accept(r, "or"));
    clause->has_region = 1;
    return WLK_OK;
}

static wlk_status read_caveats(struct wlk_reading *r, struct wlk_clause *clause)
{
    do {
        uint8_t index = 0;
        WLK_TRY(enter_word(r, r->out->caveat, &r->out->caveat_count, &index));
        if (clause->caveat[index])
            return WLK_COMPLAIN(r, "a caveat stands once", "\"%s\"", r->out->caveat[index]);
        clause->caveat[index] = 1;
    } while (wlk_reading_accept(r, "or"));
    clause->has_caveat = 1;
    return WLK_OK;
}

static wlk_status read_class(struct wlk_reading *r, struct wlk_clause *clause)
{
    enum wlk_classification most;
    WLK_TRY(wlk_reading_expect(r, "at", "class at most CLASSIFICATION"));
    WLK_TRY(wlk_reading_expect(r, "most", "class at most CLASSIFICATION"));
    if (wlk_classification_parse(wlk_reading_peek(r), &most) != WLK_OK)
        return WLK_COMPLAIN(r, "class at most CLASSIFICATION", "\"%s\"", wlk_reading_peek(r));
    clause->class_most = (uint8_t)most;
    r->at++;
    return WLK_OK;
}

static wlk_status read_exercise(struct wlk_reading *r, struct wlk_clause *clause)
{
    uint8_t index = 0;
    WLK_TRY(wlk_reading_expect(r, "id", "exercise id \"NAME\""));
    WLK_TRY(enter_word(r, r->out->exercise, &r->out->exercise_count, &index));
    clause->exercise = (uint8_t)(index + 1);
    return WLK_OK;
}

/* One condition behind "when"; each at most once. */
static wlk_status read_condition(struct wlk_reading *r, struct wlk_clause *clause)
{
    if (!clause->needs_event && wlk_reading_accept(r, "event")) {
        clause->needs_event = 1;
        return wlk_reading_expect(r, "open", "event open");
    }
    if (!clause->has_region && wlk_reading_accept(r, "region"))
        return read_regions(r, clause);
    if (!clause->has_nature && wlk_reading_accept(r, "nature")) {
        clause->has_nature = 1;
        return read_natures(r, clause->nature);
    }
    if (!clause->class_most && wlk_reading_accept(r, "class"))
        return read_class(r, clause);
    if (!clause->exercise && wlk_reading_accept(r, "exercise"))
        return read_exercise(r, clause);
    if (!clause->has_caveat && wlk_reading_accept(r, "caveats"))
        return read_caveats(r, clause);
    return WLK_COMPLAIN(r, "event open, region, nature, class, exercise id or caveats, once",
                        "\"%s\"", wlk_reading_peek(r));
}

static wlk_status read_groups(struct wlk_reading *r, struct wlk_clause *clause)
{
    do {
        enum wlk_group group;
        if (wlk_group_parse(wlk_reading_peek(r), &group) != WLK_OK || clause->group[group])
            return WLK_COMPLAIN(r, "a group is coarse, shielded or fine, once", "\"%s\"",
                                wlk_reading_peek(r));
        clause->group[group] = 1;
        r->at++;
    } while (wlk_reading_accept(r, ","));
    clause->has_group = 1;
    return WLK_OK;
}

static wlk_status read_rate(struct wlk_reading *r, struct wlk_clause *clause)
{
    char digits[16];
    int64_t rate = 0;
    size_t length = strlen(wlk_reading_peek(r));
    if (length < 3 || length > sizeof digits ||
        strcmp(wlk_reading_peek(r) + length - 2, "/s") != 0)
        return WLK_COMPLAIN(r, "rate at most N/s", "\"%s\"", wlk_reading_peek(r));
    memcpy(digits, wlk_reading_peek(r), length - 2);
    digits[length - 2] = 0;
    if (digits[0] < '0' || digits[0] > '9' ||
        wlk_word_integer(digits, 1, 100000, &rate) != WLK_OK)
        return WLK_COMPLAIN(r, "rate at most N/s", "\"%s\"", wlk_reading_peek(r));
    clause->rate_most_per_s = (uint32_t)rate;
    r->at++;
    return WLK_OK;
}

/* One limit behind a semicolon; each at most once. */
static wlk_status read_limit(struct wlk_reading *r, struct wlk_clause *clause)
{
    int64_t seconds = 0;
    if (!clause->has_group && wlk_reading_accept(r, "groups"))
        return read_groups(r, clause);
    bool is_age = !clause->age_most_s && wlk_reading_accept(r, "age");
    if (!is_age && (clause->rate_most_per_s || !wlk_reading_accept(r, "rate")))
        return WLK_COMPLAIN(r, "groups, age at most or rate at most, once", "\"%s\"",
                            wlk_reading_peek(r));
    WLK_TRY(wlk_reading_expect(r, "at", is_age ? "age at most N s" : "rate at most N/s"));
    WLK_TRY(wlk_reading_expect(r, "most", is_age ? "age at most N s" : "rate at most N/s"));
    if (!is_age)
        return read_rate(r, clause);
    WLK_TRY(wlk_reading_number(r, 31536000, &seconds));
    clause->age_most_s = (uint32_t)seconds;
    return wlk_reading_expect(r, "s", "age at most N s");
}

static wlk_status read_clause(struct wlk_reading *r, bool is_forbid)
{
    if (r->out->clause_count == WLK_ARRANGEMENT_CLAUSES_MAX)
        return WLK_COMPLAIN(r, "too many lines of one kind", "over %d clauses",
                            WLK_ARRANGEMENT_CLAUSES_MAX);
    struct wlk_clause *clause = &r->out->clause[r->out->clause_count];
    clause->is_forbid = is_forbid;
    WLK_TRY(read_clause_name(r, clause->name));
    WLK_TRY(read_types(r, clause));
    WLK_TRY(wlk_reading_expect(r, "from", "permit NAME: TYPES from NATIONS to NATIONS"));
    WLK_TRY(read_nations(r, clause->from));
    WLK_TRY(wlk_reading_expect(r, "to", "permit NAME: TYPES from NATIONS to NATIONS"));
    WLK_TRY(read_nations(r, clause->to));
    if (wlk_reading_accept(r, "when"))
        do
            WLK_TRY(read_condition(r, clause));
        while (wlk_reading_accept(r, ","));
    while (wlk_reading_accept(r, ";"))
        WLK_TRY(read_limit(r, clause));
    WLK_TRY(wlk_reading_expect_end(r));
    const char *rule = wlk_clause_fault(clause);
    if (rule)
        return WLK_COMPLAIN(r, rule, "%s", clause->name);
    r->out->clause_count++;
    return WLK_OK;
}

/* require R1: launch coarse from KR reaches JP */
static wlk_status read_require(struct wlk_reading *r)
{
    if (r->out->require_count == WLK_ARRANGEMENT_REQUIRES_MAX)
        return WLK_COMPLAIN(r, "too many lines of one kind", "over %d requires",
                            WLK_ARRANGEMENT_REQUIRES_MAX);
    struct wlk_require *require = &r->out->require[r->out->require_count];
    WLK_TRY(read_clause_name(r, require->name));
    if (wlk_type_parse(wlk_reading_peek(r), &require->type) != WLK_OK)
        return WLK_COMPLAIN(r, "require NAME: TYPE GROUP from NATION reaches NATION", "\"%s\"",
                            wlk_reading_peek(r));
    r->at++;
    if (wlk_group_parse(wlk_reading_peek(r), &require->group) != WLK_OK)
        return WLK_COMPLAIN(r, "require NAME: TYPE GROUP from NATION reaches NATION", "\"%s\"",
                            wlk_reading_peek(r));
    r->at++;
    WLK_TRY(
        wlk_reading_expect(r, "from", "require NAME: TYPE GROUP from NATION reaches NATION"));
    WLK_TRY(wlk_reading_party(r, &require->from));
    WLK_TRY(wlk_reading_expect(r, "reaches",
                               "require NAME: TYPE GROUP from NATION reaches NATION"));
    WLK_TRY(wlk_reading_party(r, &require->to));
    r->out->require_count++;
    return wlk_reading_expect_end(r);
}

static wlk_status read_line(struct wlk_reading *r)
{
    WLK_TRY(wlk_reading_split(r));
    if (wlk_reading_accept(r, "arrangement"))
        return read_head(r);
    if (!r->out->version)
        return WLK_COMPLAIN(r, "the first line is: arrangement NAME version N", "\"%.40s\"",
                            wlk_reading_peek(r));
    if (wlk_reading_accept(r, "parties"))
        return read_parties(r);
    if (wlk_reading_accept(r, "effective"))
        return read_term(r);
    if (wlk_reading_accept(r, "purpose"))
        return read_purpose(r);
    if (!r->has_parties)
        return WLK_COMPLAIN(r, "the parties line comes before what names parties", "\"%.40s\"",
                            wlk_reading_peek(r));
    if (wlk_reading_accept(r, "key"))
        return read_key(r);
    if (wlk_reading_accept(r, "certificate"))
        return read_pin(r);
    if (wlk_reading_accept(r, "permit"))
        return read_clause(r, false);
    if (wlk_reading_accept(r, "forbid"))
        return read_clause(r, true);
    if (wlk_reading_accept(r, "require"))
        return read_require(r);
    return WLK_COMPLAIN(r,
                        "a line begins with arrangement, parties, effective, purpose, key, "
                        "certificate, permit, forbid or require",
                        "\"%.40s\"", wlk_reading_peek(r));
}

wlk_status wlk_arrangement_parse(const char *file, const char *text,
                                 struct wlk_arrangement *out, struct wlk_fault *fault)
{
    struct wlk_arrangement arrangement;
    struct wlk_reading r = {.fault = fault, .out = &arrangement};
    wlk_status status;
    memset(&arrangement, 0, sizeof arrangement);
    wlk_words_init(&r.words, file, text);
    while ((status = wlk_words_next(&r.words, fault)) == WLK_OK)
        WLK_TRY(read_line(&r));
    if (status != WLK_NOT_YET)
        return status;
    if (!arrangement.version || !r.has_parties || !r.has_term || !r.has_purpose)
        return WLK_COMPLAIN(&r, "arrangement, parties, effective and purpose are all needed",
                            "%s", "the file ends without one of them");
    const char *rule = wlk_arrangement_fault(&arrangement);
    if (rule)
        return WLK_COMPLAIN(&r, rule, "%s", arrangement.name.text);
    *out = arrangement;
    return WLK_OK;
}
