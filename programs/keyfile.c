/* keyfile.c -- keys on disk.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/keyfile.h"

#include "base/assert.h"
#include "base/words.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char HEAD[] = "warnlink-key 1 ";
enum { LINE_SIZE = sizeof HEAD - 1 + 2 * WLK_SEED_SIZE + 1 };

static wlk_status refuse(struct wlk_fault *fault, const char *path, const char *rule,
                         wlk_status status)
{
    wlk_fault_where(fault, path);
    wlk_fault_set(fault, rule, "%s", status == WLK_IO ? strerror(errno) : "");
    return status;
}

static bool parse(const char *line, uint8_t seed[WLK_SEED_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    if (memcmp(line, HEAD, sizeof HEAD - 1) != 0 || line[LINE_SIZE - 1] != '\n')
        return false;
    for (size_t i = 0; i < WLK_SEED_SIZE; i++) {
        const char *pair = line + sizeof HEAD - 1 + 2 * i;
        const char *high = memchr(digits, pair[0], 16), *low = memchr(digits, pair[1], 16);
        if (!high || !low)
            return false;
        seed[i] = (uint8_t)((high - digits) << 4 | (low - digits));
    }
    return true;
}

wlk_status wlk_keyfile_read(const char *path, struct wlk_secret_key *out,
                            struct wlk_fault *fault)
{
    char line[LINE_SIZE + 1];
    uint8_t seed[WLK_SEED_SIZE];
    struct stat file;
    /* O_NONBLOCK: a pipe of that name must not make us wait for somebody to write */
    int descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0)
        return refuse(fault, path, "key file cannot be read", WLK_IO);
    bool is_known = fstat(descriptor, &file) == 0;
    bool is_private = is_known && !(file.st_mode & 077);
    bool is_file = is_known && S_ISREG(file.st_mode);
    ssize_t size = is_file ? read(descriptor, line, sizeof line) : -1;
    close(descriptor);
    if (is_file && !is_private)
        return refuse(fault, path, "others may read this key file: chmod 600", WLK_BAD_INPUT);
    if (size != LINE_SIZE || !parse(line, seed)) {
        explicit_bzero(line, sizeof line);
        return refuse(fault, path, "not a key file (warnlink-key 1 and 64 digits)",
                      WLK_BAD_INPUT);
    }
    wlk_key_from_seed(seed, out);
    explicit_bzero(seed, sizeof seed);
    explicit_bzero(line, sizeof line);
    return WLK_OK;
}

wlk_status wlk_keyfile_write(const char *path, const uint8_t seed[WLK_SEED_SIZE],
                             struct wlk_fault *fault)
{
    char line[LINE_SIZE + 1];
    memcpy(line, HEAD, sizeof HEAD);
    for (size_t i = 0; i < WLK_SEED_SIZE; i++)
        snprintf(line + sizeof HEAD - 1 + 2 * i, 3, "%02x", seed[i]);
    line[LINE_SIZE - 1] = '\n';
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return refuse(fault, path, "key file cannot be made", WLK_IO);
    bool written = write(descriptor, line, LINE_SIZE) == LINE_SIZE && fsync(descriptor) == 0;
    close(descriptor);
    explicit_bzero(line, sizeof line);
    return written ? WLK_OK : refuse(fault, path, "key file cannot be written", WLK_IO);
}

wlk_status wlk_keyfile_roots(const char *path, struct wlk_roots *out, struct wlk_fault *fault)
{
    char *text;
    WLK_TRY(wlk_words_read_file(path, &text, fault));
    wlk_status status = wlk_roots_parse(path, text, out, fault);
    free(text);
    return status;
}
