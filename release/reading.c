/* reading.c -- words of an arrangement's line, one by one.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/reading.h"

#include "release/hex.h"

static bool put_token(struct wlk_reading *r, const char *text, size_t length)
{
    if (r->count == WLK_TOKENS_MAX || r->used + length + 1 > sizeof r->room)
        return false;
    char *copy = r->room + r->used;
    memcpy(copy, text, length);
    copy[length] = 0;
    r->used += length + 1;
    r->token[r->count++] = copy;
    r->token[r->count] = "";
    return true;
}

/* A trailing colon counts in the second word only, a clause's name: labels may end in one. */
static bool split_word(struct wlk_reading *r, const char *word, bool is_name)
{
    if (!*word) /* "" in quotes */
        return put_token(r, word, 0);
    while (*word) {
        size_t length = strcspn(word, ",;");
        if (length == 0)
            length = 1;
        else if (is_name && word[length] == 0 && length > 1 && word[length - 1] == ':')
            length--;
        if (!put_token(r, word, length))
            return false;
        word += length;
    }
    return true;
}

wlk_status wlk_reading_split(struct wlk_reading *r)
{
    r->count = r->at = r->used = 0;
    r->token[0] = "";
    for (size_t i = 0; i < r->words.count; i++)
        if (!split_word(r, r->words.word[i], i == 1))
            return WLK_COMPLAIN(r, "too many words in a line", "over %d", WLK_TOKENS_MAX);
    return WLK_OK;
}

const char *wlk_reading_peek(const struct wlk_reading *r)
{
    return r->token[r->at];
}

bool wlk_reading_is_end(const struct wlk_reading *r)
{
    return r->at == r->count;
}

bool wlk_reading_accept(struct wlk_reading *r, const char *word)
{
    if (wlk_reading_is_end(r) || strcmp(wlk_reading_peek(r), word) != 0)
        return false;
    r->at++;
    return true;
}

wlk_status wlk_reading_expect(struct wlk_reading *r, const char *word, const char *rule)
{
    if (wlk_reading_accept(r, word))
        return WLK_OK;
    return WLK_COMPLAIN(r, rule, "\"%s\" where \"%s\" belongs", wlk_reading_peek(r), word);
}

wlk_status wlk_reading_expect_end(struct wlk_reading *r)
{
    return wlk_reading_is_end(r)
               ? WLK_OK
               : WLK_COMPLAIN(r, "nothing may follow here", "\"%s\"", wlk_reading_peek(r));
}

wlk_status wlk_reading_name(struct wlk_reading *r, wlk_name *out)
{
    if (wlk_name_parse(wlk_reading_peek(r), out) != WLK_OK)
        return WLK_COMPLAIN(r, "a name is 1-15 of A-Z 0-9 -", "\"%s\"", wlk_reading_peek(r));
    r->at++;
    return WLK_OK;
}

wlk_status wlk_reading_number(struct wlk_reading *r, int64_t high, int64_t *out)
{
    const char *word = wlk_reading_peek(r);
    if (word[0] < '0' || word[0] > '9' || wlk_word_integer(word, 1, high, out) != WLK_OK)
        return WLK_COMPLAIN(r, "a whole number from 1", "\"%s\", at most %lld", word,
                            (long long)high);
    r->at++;
    return WLK_OK;
}

wlk_status wlk_reading_time(struct wlk_reading *r, wlk_utc *out)
{
    if (wlk_utc_parse(wlk_reading_peek(r), out) != WLK_OK)
        return WLK_COMPLAIN(r, "a time is written 2026-12-01T00:00:00Z", "\"%s\"",
                            wlk_reading_peek(r));
    r->at++;
    return WLK_OK;
}

wlk_status wlk_reading_digest(struct wlk_reading *r, wlk_digest *out)
{
    const char *word = wlk_reading_peek(r);
    if (strncmp(word, "sha256:", 7) != 0 || wlk_hex_read(word + 7, out->bytes, 32) != WLK_OK)
        return WLK_COMPLAIN(r, "a digest is sha256: and 64 hex digits", "\"%.40s\"", word);
    r->at++;
    return WLK_OK;
}

wlk_status wlk_reading_party(struct wlk_reading *r, uint8_t *out)
{
    wlk_name name;
    WLK_TRY(wlk_reading_name(r, &name));
    if (!wlk_arrangement_party(r->out, name, out))
        return WLK_COMPLAIN(r, "a nation of the parties line", "%s", name.text);
    return WLK_OK;
}

wlk_status wlk_reading_owner(struct wlk_reading *r, uint8_t *out)
{
    wlk_name name;
    WLK_TRY(wlk_reading_name(r, &name));
    if (!wlk_arrangement_owner(r->out, name, out))
        return WLK_COMPLAIN(r, "a nation or hub of the parties line", "%s", name.text);
    return WLK_OK;
}
