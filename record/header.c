/* header.c -- words for the numbers of a header.
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/header.h"

static const char *const CLASS_WORDS[] = {"?", "warn", "track", "plot", "status", "notice"};
static const char *const TYPE_WORDS[] = {"?",    "launch", "impact",  "cancel", "track",
                                         "plot", "status", "receipt", "refused"};
static const char *const NATURE_WORDS[] = {"?", "exercise", "real", "test"};
static const char *const GROUP_WORDS[] = {"?", "coarse", "shielded", "fine", "body"};
static const char *const CLASSIFICATION_WORDS[] = {"?",      "UNCLASSIFIED", "RESTRICTED",
                                                   "CONFIDENTIAL", "SECRET", "TOP-SECRET"};
static const char *const REGION_WORDS[] = {"?", "DPRK", "OTHER"};

#define COUNT(words) (sizeof(words) / sizeof(words)[0])
_Static_assert(COUNT(CLASS_WORDS) == WLK_CLASS_END, "each class has a word");
_Static_assert(COUNT(TYPE_WORDS) == WLK_TYPE_END, "each type has a word");
_Static_assert(COUNT(NATURE_WORDS) == WLK_NATURE_END, "each nature has a word");
_Static_assert(COUNT(GROUP_WORDS) == WLK_GROUP_END, "each group has a word");
_Static_assert(COUNT(CLASSIFICATION_WORDS) == WLK_CLASSIFICATION_END, "each has a word");
_Static_assert(COUNT(REGION_WORDS) == WLK_REGION_END, "each region has a word");

enum wlk_class wlk_type_class(enum wlk_type type)
{
    switch (type) {
    case WLK_TYPE_LAUNCH:
    case WLK_TYPE_IMPACT:
    case WLK_TYPE_CANCEL:
        return WLK_CLASS_WARN;
    case WLK_TYPE_TRACK:
        return WLK_CLASS_TRACK;
    case WLK_TYPE_PLOT:
        return WLK_CLASS_PLOT;
    case WLK_TYPE_REFUSED:
        return WLK_CLASS_NOTICE;
    case WLK_TYPE_STATUS:
    case WLK_TYPE_RECEIPT:
    case WLK_TYPE_END:
        break;
    }
    return WLK_CLASS_STATUS;
}

static wlk_status find_word(const char *const *words, size_t count, const char *word,
                            unsigned *out)
{
    for (unsigned i = 1; i < count; i++)
        if (strcmp(words[i], word) == 0) {
            *out = i;
            return WLK_OK;
        }
    return WLK_BAD_INPUT;
}

#define WORD_FUNCTIONS(kind, words)                                                            \
    const char *wlk_##kind##_word(enum wlk_##kind value)                                       \
    {                                                                                          \
        return (unsigned)value < COUNT(words) ? (words)[value] : (words)[0];                   \
    }                                                                                          \
    wlk_status wlk_##kind##_parse(const char *word, enum wlk_##kind *out)                      \
    {                                                                                          \
        unsigned value;                                                                        \
        wlk_status status = find_word(words, COUNT(words), word, &value);                      \
        if (status == WLK_OK)                                                                  \
            *out = (enum wlk_##kind)value;                                                     \
        return status;                                                                         \
    }

WORD_FUNCTIONS(class, CLASS_WORDS)
WORD_FUNCTIONS(type, TYPE_WORDS)
WORD_FUNCTIONS(nature, NATURE_WORDS)
WORD_FUNCTIONS(group, GROUP_WORDS)
WORD_FUNCTIONS(classification, CLASSIFICATION_WORDS)
WORD_FUNCTIONS(region, REGION_WORDS)
