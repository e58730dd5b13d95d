/* operators.h -- who may act at a display: names with hashed passwords, from a file.
 *
 *   operator "Sato Hanako" $y$j9T$...     the hash as crypt(3) makes it (mkpasswd -m yescrypt)
 *   operator "Kato Jiro" certificate      no password: a proxy checks a certificate
 *
 * Read by: display/server.c, programs/serve.c. Held by: display_test.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_DISPLAY_OPERATORS_H
#define WLK_DISPLAY_OPERATORS_H

#include "display/alarms.h"

enum { WLK_OPERATORS_MAX = 64, WLK_PASSWORD_HASH_SIZE = 160 };

struct wlk_operators {
    size_t count;
    struct wlk_operator {
        char name[WLK_OPERATOR_SIZE];
        char hash[WLK_PASSWORD_HASH_SIZE];
    } operator[WLK_OPERATORS_MAX];
};

/* file is for complaints. WLK_BAD_INPUT with file, line, rule: another statement, a name twice
 * or too long, a hash that crypt(3) does not know, too many. */
wlk_status wlk_operators_parse(const char *file, const char *text, struct wlk_operators *out,
                               struct wlk_fault *fault) WLK_MUST_USE;

/* Is it that person's password? Takes as long for a name that is not there. About 20 ms of
 * work by intent: the caller limits how often it is asked. */
bool wlk_operators_check(const struct wlk_operators *operators, const char *name,
                         const char *password);

/* The operator whom the common name of a client certificate means, as a proxy passes it on:
 * value is UTF-8, or what RFC 4514 (2.4) makes of it, with "\\2C" or "\\," for a comma. False:
 * malformed, longer than a name, no plain text, or none of ours; name is untouched then. */
bool wlk_operators_named(const struct wlk_operators *operators, const char *value,
                         char name[WLK_OPERATOR_SIZE]);

#endif
