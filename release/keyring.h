/* keyring.h -- operational keys that a party adds or ends between two arrangements.
 *
 * A key statement is signed by the party's offline root key. It adds keys (rotation: the terms
 * of old and new overlap) and ends keys, each end with the time since which the key is
 * suspect. Statements add up, in any order, any number of times: an end beats an addition and
 * cannot be taken back. So a statement that comes late, twice or from an old backup changes
 * nothing for the worse. Hubs have no root: their keys stand in the arrangement.
 *
 * The text of a statement (warnlink arrange show) is what its bytes say, line by line.
 * Format: docs/formats/arrangement.md. Read by: exchange/standing.c, programs/arrange_keys.c.
 * Held by: keyring_test.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RELEASE_KEYRING_H
#define WLK_RELEASE_KEYRING_H

#include "release/force.h"

/* The external_aad of a key statement. */
#define WLK_KEY_STATEMENT_KIND "warnlink/keys/1"

enum {
    WLK_KEY_STATEMENT_LINES_MAX = 8,     /* keys added, and keys ended, in one statement */
    WLK_KEY_STATEMENT_SIZE_MAX = 2048,
    WLK_KEY_STATEMENT_TEXT_MAX = 4096,
    WLK_KEYRING_PARTIES_MAX = 2 * WLK_PARTIES_MAX,
    WLK_KEYRING_KEYS_MAX = 32,           /* added by one party: quarterly for four years */
    WLK_KEYRING_ENDS_MAX = 64            /* ended by one party; full: WLK_FULL, an alarm */
};

/* From the moment it is known, what an ended key signed is taken from nobody. What came before
 * that is believed if its time is before suspect_since, and marked otherwise. */
struct wlk_key_end {
    uint8_t bytes[WLK_PUBLIC_KEY_SIZE];
    wlk_utc suspect_since; /* whole seconds */
};

struct wlk_key_statement {
    wlk_name party;
    wlk_utc time; /* when it was signed, for people; decides nothing */
    size_t key_count;
    struct wlk_arrangement_key key[WLK_KEY_STATEMENT_LINES_MAX]; /* owner is 0, unused */
    size_t end_count;
    struct wlk_key_end end[WLK_KEY_STATEMENT_LINES_MAX];
};

/* The rule a statement breaks, NULL if none: it says something; keys have use record or
 * receipt, a nature (real alone) and a term; no key stands twice. */
const char *wlk_key_statement_fault(const struct wlk_key_statement *statement);

/* WLK_BAD_INPUT it breaks a rule; WLK_FULL no room. */
wlk_status wlk_key_statement_sign(const struct wlk_key_statement *statement,
                                  const struct wlk_secret_key *root, uint8_t *bytes,
                                  size_t size, size_t *size_out) WLK_MUST_USE;

/* Reads and verifies. WLK_BAD_INPUT form; WLK_BAD_SIGNATURE not by a root that is trusted here
 * for that party. *out untouched then. */
wlk_status wlk_key_statement_read(const uint8_t *bytes, size_t size,
                                  const struct wlk_roots *roots,
                                  struct wlk_key_statement *out,
                                  struct wlk_fault *fault) WLK_MUST_USE;

/* What it says, its signature unseen: for showing it, never for obeying it. */
wlk_status wlk_key_statement_peek(const uint8_t *bytes, size_t size,
                                  struct wlk_key_statement *out,
                                  struct wlk_fault *fault) WLK_MUST_USE;

/* Its text, NUL-terminated; size >= WLK_KEY_STATEMENT_TEXT_MAX always suffices. */
wlk_status wlk_key_statement_print(const struct wlk_key_statement *statement, char *text,
                                   size_t size) WLK_MUST_USE;

/* All that statements added and ended at one place. About 70 kB. All zeros: empty. */
struct wlk_keyring_party {
    wlk_name name;
    size_t key_count;
    struct wlk_arrangement_key key[WLK_KEYRING_KEYS_MAX];
    size_t end_count;
    struct wlk_key_end end[WLK_KEYRING_ENDS_MAX];
    uint8_t end_kid[WLK_KEYRING_ENDS_MAX][WLK_KID_SIZE];
};
struct wlk_keyring {
    size_t party_count;
    struct wlk_keyring_party party[WLK_KEYRING_PARTIES_MAX];
};

/* Adds a verified statement, whole or not at all.
 * WLK_KNOWN nothing new; WLK_FULL no room for all of it. */
wlk_status wlk_keyring_put(struct wlk_keyring *ring,
                           const struct wlk_key_statement *statement) WLK_MUST_USE;

/* The public key that may speak so under this arrangement: of its own lines, or added by a
 * statement of a party of it. Ended keys are found too: ask wlk_keyring_doubt. NULL: none. */
const struct wlk_public_key *wlk_keyring_find(const struct wlk_keyring *ring,
                                              const struct wlk_arrangement *arrangement,
                                              const struct wlk_key_question *question);

enum wlk_key_doubt {
    WLK_KEY_GOOD = 0,
    WLK_KEY_ENDED,  /* ended since; the record is from before it became suspect */
    WLK_KEY_SUSPECT /* ended, and the record's time is not before suspect_since */
};

/* What is to be thought of a record of that originator, under that key, of that time. */
enum wlk_key_doubt wlk_keyring_doubt(const struct wlk_keyring *ring, wlk_name originator,
                                     const uint8_t kid[WLK_KID_SIZE], wlk_utc time);

#endif
