/* tap.c -- test output.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/tap.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static unsigned made, failed;

static void sentence_line(bool is_true, const char *sentence, va_list args)
{
    made++;
    failed += !is_true;
    printf("%s %u - ", is_true ? "ok" : "not ok", made);
    vprintf(sentence, args);
}

bool wlk_check(bool is_true, const char *sentence, ...)
{
    va_list args;
    va_start(args, sentence);
    sentence_line(is_true, sentence, args);
    va_end(args);
    printf("\n");
    fflush(stdout);
    return is_true;
}

bool wlk_check_near(double a, double b, double tolerance, const char *sentence, ...)
{
    bool is_true = fabs(a - b) <= tolerance;
    va_list args;
    va_start(args, sentence);
    sentence_line(is_true, sentence, args);
    va_end(args);
    printf("\n");
    if (!is_true)
        printf("#   %.12g against %.12g, apart %.3g, allowed %.3g\n", a, b, fabs(a - b),
               tolerance);
    fflush(stdout);
    return is_true;
}

void wlk_skip(const char *reason, ...)
{
    va_list args;
    va_start(args, reason);
    made++;
    printf("ok %u # SKIP ", made);
    vprintf(reason, args);
    va_end(args);
    printf("\n");
    fflush(stdout);
}

void wlk_note(const char *text, ...)
{
    va_list args;
    va_start(args, text);
    printf("# ");
    vprintf(text, args);
    va_end(args);
    printf("\n");
    fflush(stdout);
}

int wlk_tap_done(void)
{
    printf("1..%u\n", made);
    if (failed)
        printf("# %u of %u failed\n", failed, made);
    return made == 0 || failed != 0;
}

const char *wlk_tap_data(const char *name)
{
    static char path[512];
    const char *folder = getenv("WARNLINK_DATA");
    const char *top = getenv("WARNLINK_SOURCE");
    if (folder)
        snprintf(path, sizeof path, "%s/%s", folder, name);
    else
        snprintf(path, sizeof path, "%s/../shared/data/%s", top ? top : ".", name);
    return access(path, R_OK) == 0 ? path : NULL;
}
