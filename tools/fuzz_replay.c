/* fuzz_replay.c -- runs a fuzz target without a fuzzer: over the inputs of its corpus and over
 * seeded damage to them. So each target is compiled and tried in every check; finding new
 * paths is tools/fuzz.sh's part.
 *
 * usage: x_replay ROUNDS FOLDER... A folder may be absent. A fault in the target aborts, which
 * the test run counts.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"
#include "base/tap.h"
#include "base/words.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_SIZE_MAX = 70000, INPUTS_MAX = 256 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct {
    uint8_t *bytes;
    size_t size;
} input[INPUTS_MAX];
static size_t input_count;

/* Keeps one file of the corpus, whole. */
static void keep_file(const char *folder, const char *name)
{
    static uint8_t bytes[INPUT_SIZE_MAX];
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file || input_count == INPUTS_MAX) {
        wlk_check(false, "%s is read", path);
        if (file)
            fclose(file);
        return;
    }
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    input[input_count].bytes = malloc(size + 1);
    if (!input[input_count].bytes)
        abort();
    memcpy(input[input_count].bytes, bytes, size);
    input[input_count++].size = size;
}

static int is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && strcmp(entry->d_name, "README") != 0;
}

static void keep_folder(const char *folder)
{
    struct dirent **entry = NULL;
    int count = scandir(folder, &entry, is_input, alphasort);
    for (int i = 0; i < count; i++) {
        keep_file(folder, entry[i]->d_name);
        free(entry[i]);
    }
    free(entry);
}

/* One to four bytes are overwritten, a stretch is moved, or the end is cut or lengthened. */
static size_t damage(struct wlk_random *random, uint8_t *bytes, size_t size)
{
    for (uint64_t n = 1 + wlk_random_below(random, 4); n && size; n--)
        bytes[wlk_random_below(random, size)] = (uint8_t)wlk_random_below(random, 256);
    switch (wlk_random_below(random, 4)) {
    case 0:
        return (size_t)wlk_random_below(random, size + 1);
    case 1: {
        size_t from = (size_t)wlk_random_below(random, size + 1);
        size_t to = (size_t)wlk_random_below(random, size + 1);
        memmove(bytes + to, bytes + from, size - (from > to ? from : to));
        return size;
    }
    case 2: {
        size_t more = (size_t)wlk_random_below(random, 16);
        memset(bytes + size, (int)wlk_random_below(random, 256), more);
        return size + more;
    }
    default:
        return size;
    }
}

/* An exact copy on the heap, so that a read past the end is seen by a sanitizer. */
static void try_bytes(const uint8_t *bytes, size_t size)
{
    uint8_t *exact = malloc(size ? size : 1);
    if (!exact)
        abort();
    memcpy(exact, bytes, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

int main(int argc, char *argv[])
{
    static uint8_t bytes[INPUT_SIZE_MAX + 16];
    int64_t rounds = 0;
    if (argc < 2 || wlk_word_integer(argv[1], 1, 100000000, &rounds) != WLK_OK)
        return 2;
    for (int i = 2; i < argc; i++)
        keep_folder(argv[i]);
    for (size_t i = 0; i < input_count; i++)
        try_bytes(input[i].bytes, input[i].size);
    wlk_check(input_count > 0, "%zu inputs of the corpus pass through", input_count);

    struct wlk_random random = wlk_random_seeded(1, 0);
    for (int64_t round = 0; round < rounds; round++) {
        size_t size = (size_t)wlk_random_below(&random, 300);
        if (input_count && round % 8) {
            size_t i = (size_t)wlk_random_below(&random, input_count);
            size = input[i].size;
            memcpy(bytes, input[i].bytes, size);
        } else {
            for (size_t i = 0; i < size; i++)
                bytes[i] = (uint8_t)wlk_random_below(&random, 256);
        }
        size = damage(&random, bytes, size);
        try_bytes(bytes, size);
    }
    wlk_check(true, "%lld damaged inputs pass through", (long long)rounds);
    for (size_t i = 0; i < input_count; i++)
        free(input[i].bytes);
    return wlk_tap_done();
}
