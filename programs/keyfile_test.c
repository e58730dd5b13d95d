/* keyfile_test.c -- a key comes back as it went, and only from a file of its owner alone.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/keyfile.h"

#include "base/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/warnlink-keyfile-XXXXXX";
static struct wlk_secret_key untouched;

static const char *path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_text(const char *name, const char *text, size_t size, mode_t mode)
{
    FILE *file = fopen(path_of(name), "wb");
    if (!file || fwrite(text, 1, size, file) != size || fclose(file) != 0 ||
        chmod(path_of(name), mode) != 0)
        abort();
}

/* Reading gives this status and rule, names the file and leaves the output alone. */
static bool refuses(const char *name, wlk_status wanted, const char *rule)
{
    struct wlk_secret_key key = untouched;
    struct wlk_fault fault = {0};
    return wlk_keyfile_read(path_of(name), &key, &fault) == wanted && fault.rule &&
           strstr(fault.rule, rule) && strstr(fault.where, name) &&
           memcmp(&key, &untouched, sizeof key) == 0;
}

static void check_round_trip(char line[81])
{
    uint8_t seed[WLK_SEED_SIZE], other[WLK_SEED_SIZE];
    struct wlk_secret_key key, back, other_key;
    struct wlk_fault fault = {0};
    struct stat file;
    wlk_key_generate(seed, &key);
    wlk_key_generate(other, &other_key);
    umask(0);
    wlk_check(wlk_keyfile_write(path_of("a"), seed, &fault) == WLK_OK, "a key is written");
    wlk_check(stat(path_of("a"), &file) == 0 && (file.st_mode & 0777) == 0600,
              "for its owner alone, whatever the umask");
    wlk_check(wlk_keyfile_read(path_of("a"), &back, &fault) == WLK_OK &&
                  memcmp(&back, &key, sizeof key) == 0,
              "and comes back the same");
    wlk_check(wlk_keyfile_write(path_of("a"), other, &fault) == WLK_IO &&
                  strstr(fault.where, "/a"),
              "a key that is there is never written over");
    wlk_check(wlk_keyfile_read(path_of("a"), &back, &fault) == WLK_OK &&
                  memcmp(&back, &key, sizeof key) == 0,
              "it is still the old one");
    FILE *in = fopen(path_of("a"), "rb");
    size_t size = in ? fread(line, 1, 81, in) : 0;
    if (in)
        fclose(in);
    wlk_check(size == 80 && memcmp(line, "warnlink-key 1 ", 15) == 0 && line[79] == '\n',
              "it is the one line that keyfile.h describes");
}

static void check_forms(const char *good)
{
    char bad[90];
    static const struct {
        size_t at;
        char byte;
        const char *what;
    } wrong[] = {{0, 'W', "another word"},      {13, '2', "another version"},
                 {15, 'g', "a digit that is none"}, {20, 'A', "a capital digit"},
                 {78, 0, "a zero byte"},        {79, ' ', "no end of line"}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        memcpy(bad, good, 80);
        bad[wrong[i].at] = wrong[i].byte;
        write_text("bad", bad, 80, 0600);
        wlk_check(refuses("bad", WLK_BAD_INPUT, "not a key file"), "%s is refused",
                  wrong[i].what);
    }
    memcpy(bad, good, 80);
    memcpy(bad + 80, "x", 1);
    write_text("bad", bad, 81, 0600);
    wlk_check(refuses("bad", WLK_BAD_INPUT, "not a key file"), "a byte too many is refused");
    bool all = true;
    for (size_t size = 0; size < 80; size++) {
        write_text("bad", good, size, 0600);
        all &= refuses("bad", WLK_BAD_INPUT, "not a key file");
    }
    wlk_check(all, "a file cut anywhere is refused");
}

static void check_places(const char *good)
{
    static const mode_t open_modes[] = {0640, 0604, 0660, 0644, 0610, 0601, 0777};
    bool all = true;
    for (size_t i = 0; i < sizeof open_modes / sizeof open_modes[0]; i++) {
        write_text("open", good, 80, open_modes[i]);
        all &= refuses("open", WLK_BAD_INPUT, "chmod 600");
    }
    wlk_check(all, "a file that others may touch in any way is refused");
    wlk_check(refuses("nothere", WLK_IO, "cannot be read"),
              "a file that is not there is named");
    char target[128];
    snprintf(target, sizeof target, "%s", path_of("a"));
    wlk_check(symlink(target, path_of("link")) == 0 &&
                  refuses("link", WLK_IO, "cannot be read"),
              "a link is refused, even to a good key");
    uint8_t seed[WLK_SEED_SIZE] = {0};
    struct wlk_fault fault = {0};
    snprintf(target, sizeof target, "%s", path_of("elsewhere"));
    wlk_check(symlink(target, path_of("trap")) == 0 &&
                  wlk_keyfile_write(path_of("trap"), seed, &fault) == WLK_IO &&
                  access(target, F_OK) != 0,
              "no key is written through a link");
    wlk_check(mkfifo(path_of("pipe"), 0600) == 0 &&
                  refuses("pipe", WLK_BAD_INPUT, "not a key file"),
              "a pipe is refused without waiting");
    wlk_check(mkdir(path_of("folder"), 0700) == 0 &&
                  refuses("folder", WLK_BAD_INPUT, "not a key file"),
              "a folder is refused");
}

int main(void)
{
    static const char *const made[] = {"a", "bad", "open", "link", "trap", "pipe", "folder"};
    char line[81];
    memset(&untouched, 0x5a, sizeof untouched);
    if (!wlk_check(mkdtemp(folder) && wlk_seal_init() == WLK_OK, "a folder to work in"))
        return wlk_tap_done();
    check_round_trip(line);
    check_forms(line);
    check_places(line);
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
        remove(path_of(made[i]));
    wlk_check(rmdir(folder) == 0, "nothing else was made");
    return wlk_tap_done();
}
