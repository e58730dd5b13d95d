/* operators.c -- reads the account file and checks a password.
 * SPDX-License-Identifier: Apache-2.0 */
#include "display/operators.h"

#include "base/assert.h"
#include "base/words.h"
#include "record/warning.h"

#include <crypt.h>
#include <stdio.h>
#include <string.h>

static const char CERTIFICATE[] = "certificate"; /* crypt(3) makes no such hash */

static wlk_status take(const struct wlk_words *words, struct wlk_operators *out,
                       struct wlk_fault *fault)
{
    if (words->count != 3 || strcmp(words->word[0], "operator") != 0)
        return wlk_words_fault(words, fault, "expected: operator \"NAME\" HASH", "%.40s",
                               words->word[0]);
    const char *name = words->word[1], *hash = words->word[2];
    if (!name[0] || strlen(name) >= WLK_OPERATOR_SIZE)
        return wlk_words_fault(words, fault, "a name has 1 to 47 bytes", "%.60s", name);
    if (!wlk_warning_is_text(name, WLK_OPERATOR_SIZE) || name[0] == ' ' ||
        name[strlen(name) - 1] == ' ')
        return wlk_words_fault(words, fault, "a name is plain text without blanks around it",
                               "%.60s", name);
    bool has_hash = strcmp(hash, CERTIFICATE) != 0;
    if (has_hash &&
        (strlen(hash) >= WLK_PASSWORD_HASH_SIZE || crypt_checksalt(hash) != CRYPT_SALT_OK))
        return wlk_words_fault(words, fault, "the hash is none of crypt(3), or a weak one",
                               "of %.60s", name);
    for (size_t i = 0; i < out->count; i++)
        if (strcmp(out->operator[i].name, name) == 0)
            return wlk_words_fault(words, fault, "name stands twice", "%.60s", name);
    if (out->count == WLK_OPERATORS_MAX)
        return wlk_words_fault(words, fault, "too many operators", "%d at most",
                               WLK_OPERATORS_MAX);
    struct wlk_operator *slot = &out->operator[out->count++];
    snprintf(slot->name, sizeof slot->name, "%s", name);
    snprintf(slot->hash, sizeof slot->hash, "%s", hash);
    return WLK_OK;
}

wlk_status wlk_operators_parse(const char *file, const char *text, struct wlk_operators *out,
                               struct wlk_fault *fault)
{
    static struct wlk_operators read; /* out is untouched unless all is well */
    struct wlk_words words;
    wlk_status status;
    memset(&read, 0, sizeof read);
    wlk_words_init(&words, file, text);
    while ((status = wlk_words_next(&words, fault)) == WLK_OK)
        WLK_TRY(take(&words, &read, fault));
    if (status != WLK_NOT_YET)
        return status;
    *out = read;
    return WLK_OK;
}

bool wlk_operators_check(const struct wlk_operators *operators, const char *name,
                         const char *password)
{
    static struct crypt_data work;
    const struct wlk_operator *found = NULL;
    for (size_t i = 0; i < operators->count; i++)
        if (strcmp(operators->operator[i].name, name) == 0)
            found = &operators->operator[i];
    /* An unknown name costs the same: another person's hash is computed, and does not count. */
    const struct wlk_operator *used = found;
    for (size_t i = 0; !used && i < operators->count; i++)
        if (strcmp(operators->operator[i].hash, CERTIFICATE) != 0)
            used = &operators->operator[i];
    if (!used || strcmp(used->hash, CERTIFICATE) == 0)
        return false;
    memset(&work, 0, sizeof work);
    const char *made = crypt_r(password, used->hash, &work);
    unsigned differs = !made || strlen(made) != strlen(used->hash);
    for (size_t i = 0; !differs && used->hash[i]; i++)
        differs |= (unsigned char)(made[i] ^ used->hash[i]);
    memset(&work, 0, sizeof work);
    return found && !differs;
}

/* The next byte of what RFC 4514 escapes; false: the end, or malformed (*at is then NULL). */
static bool next_byte(const char **at, char *out)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *text = *at;
    if (!*text)
        return false;
    *at = text + 1;
    *out = *text;
    if (*text != '\\')
        return true;
    const char *high = text[1] ? strchr(digits, text[1]) : NULL;
    const char *low = high && text[2] ? strchr(digits, text[2]) : NULL;
    if (high && low) {
        *out = (char)((high - digits) % 16 * 16 + (low - digits) % 16);
        *at = *out ? text + 3 : NULL;
        return *at != NULL;
    }
    *at = text[1] && !high ? text + 2 : NULL;
    *out = text[1];
    return *at != NULL;
}

bool wlk_operators_named(const struct wlk_operators *operators, const char *value,
                         char name[WLK_OPERATOR_SIZE])
{
    char read[WLK_OPERATOR_SIZE];
    size_t size = 0;
    const char *at = value;
    while (at && size < sizeof read && next_byte(&at, &read[size]))
        size++;
    if (!at || *at || size == sizeof read)
        return false;
    read[size] = 0;
    for (size_t i = 0; i < operators->count; i++)
        if (strcmp(operators->operator[i].name, read) == 0) {
            memcpy(name, read, size + 1);
            return true;
        }
    return false;
}
