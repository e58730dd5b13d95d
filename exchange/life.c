/* life.c -- for tests: begins, ends and restores the lives of a node.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/life.h"

#include "base/assert.h"
#include "release/sample.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64] = "/tmp/wlk-life-XXXXXX";
enum { FOLDER_COUNT = 4 };
static const char *const FOLDERS[FOLDER_COUNT] = {"node", "saved", "backup", "nothing"};
static struct wlk_arrangement tmw;
static struct wlk_roots roots;
static uint8_t bundle[WLK_BUNDLE_SIZE_MAX];
static size_t bundle_size;

struct wlk_arrangement *wlk_life_pact(void)
{
    return &tmw;
}

const struct wlk_roots *wlk_life_roots(void)
{
    return &roots;
}

void wlk_life_path(char path[256], const char *where, const char *name)
{
    snprintf(path, 256, "%s/%s/%s", folder, where, name);
}

void wlk_life_copy(const char *from, const char *to)
{
    char buffer[65536];
    ssize_t count;
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    while (in >= 0 && out >= 0 && (count = read(in, buffer, sizeof buffer)) > 0)
        if (write(out, buffer, (size_t)count) != count)
            break;
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
}

void wlk_life_restore(const char *from, const char *to)
{
    static const char *const NAMES[] = {"node.db", "node.db-wal", "node.db-shm"};
    char old[256], now[256];
    for (size_t i = 0; i < 3; i++) {
        wlk_life_path(old, from, NAMES[i]);
        wlk_life_path(now, to, NAMES[i]);
        unlink(now);
        if (access(old, R_OK) == 0 && i < 2) /* the shared memory is gone in any case */
            wlk_life_copy(old, now);
    }
}

static void draw(void *context, uint8_t salt[WLK_SALT_SIZE])
{
    static uint64_t count;
    (void)context;
    memset(salt, 0, WLK_SALT_SIZE);
    count++;
    memcpy(salt, &count, sizeof count);
}

bool wlk_life_begin(struct wlk_life *life, int64_t utc_s)
{
    char path[256];
    wlk_life_path(path, "node", "node.db");
    memset(life, 0, sizeof *life);
    life->now.utc.ns = utc_s * 1000000000;
    life->now.mono.ns = 1;
    if (wlk_journal_open(path, wlk_name_of("JP"), &life->journal, NULL) != WLK_OK)
        return false;
    struct wlk_post_options options = {.nation = wlk_name_of("JP"),
                                       .hub_count = 1,
                                       .hub = {wlk_name_of("HON-A")},
                                       .journal = life->journal,
                                       .key = wlk_sample_key(1),
                                       .key_nature = WLK_NATURE_REAL,
                                       .salts = {draw, NULL},
                                       .roots = &roots,
                                       .now = life->now};
    if (wlk_post_open(&options, &life->post, NULL) != WLK_OK)
        return false;
    wlk_status status = wlk_post_statement(life->post, WLK_STATEMENT_BUNDLE, bundle,
                                           bundle_size, life->now, NULL);
    return status == WLK_OK || status == WLK_KNOWN;
}

void wlk_life_end(struct wlk_life *life)
{
    wlk_post_close(life->post);
    wlk_journal_close(life->journal);
}

static void fill(struct wlk_header *header, wlk_utc now)
{
    header->time = now;
    header->type = WLK_TYPE_CANCEL;
    header->nature = WLK_NATURE_REAL;
    snprintf(header->label.policy, sizeof header->label.policy, "warnlink");
    header->label.releasable_count = 2;
    header->label.releasable[0] = tmw.party[1];
    header->label.releasable[1] = tmw.party[2];
    header->has_event = header->has_object = header->has_region = true;
    header->object = 1;
    header->region = WLK_REGION_DPRK;
    header->valid_until = wlk_utc_add(now, 60);
    header->group_count = 1;
    header->group[0].group = WLK_GROUP_BODY;
    header->group[0].classification = WLK_SECRET;
    header->sensor_nation_count = 1;
    header->sensor_nation[0] = tmw.party[0];
    header->has_replaced = true;
    header->replaced_generation = header->replaced_seq = 1;
}

bool wlk_life_sign(struct wlk_life *life, struct wlk_life_number *out)
{
    static struct wlk_released *released;
    static union wlk_content content;
    static uint32_t words;
    uint8_t salt[1][WLK_SALT_SIZE];
    struct wlk_lane_head head;
    wlk_digest digest = wlk_arrangement_digest(&tmw);
    if (!released)
        released = wlk_released_open();
    memset(&content, 0, sizeof content);
    snprintf(content.cancel.reason, sizeof content.cancel.reason, "%u", (unsigned)words++);
    draw(NULL, salt[0]);
    struct wlk_draft draft = {.content = &content,
                              .salt = (const uint8_t(*)[WLK_SALT_SIZE])salt};
    struct wlk_egress egress = {.arrangement = &tmw,
                                .digest = &digest,
                                .is_in_force = true,
                                .originator = tmw.party[0],
                                .key = wlk_sample_key(1),
                                .now = life->now.utc,
                                .is_event_open = true};
    fill(&draft.header, life->now.utc);
    if (wlk_post_lane(life->post, tmw.name, WLK_CLASS_WARN, WLK_NATURE_REAL, &head) !=
            WLK_OK ||
        wlk_release_seal(&egress, &draft, &head, released, NULL) != WLK_OK)
        return false;
    *out = (struct wlk_life_number){head.lane.generation, head.seq,
                                    *wlk_released_digest(released)};
    return wlk_post_put(life->post, released, life->now) == WLK_OK;
}

size_t wlk_life_heartbeat(const struct wlk_arrangement *arrangement, const char *sender,
                          unsigned key, wlk_utc now, const struct wlk_status_content *says,
                          uint8_t *bytes)
{
    static struct wlk_released *released;
    static union wlk_content content;
    const uint8_t salt[1][WLK_SALT_SIZE] = {{1}};
    wlk_digest digest = wlk_arrangement_digest(arrangement);
    struct wlk_draft draft = {.content = &content, .salt = salt};
    struct wlk_lane_head head = {
        .lane = {arrangement->name, WLK_CLASS_STATUS, WLK_NATURE_REAL, 1}};
    struct wlk_egress egress = {.arrangement = arrangement,
                                .digest = &digest,
                                .is_in_force = true,
                                .originator = wlk_name_of(sender),
                                .key = wlk_sample_key(key),
                                .now = now};
    if (!released)
        released = wlk_released_open();
    content.status = *says;
    struct wlk_header *header = &draft.header;
    header->time = now;
    header->type = WLK_TYPE_STATUS;
    header->nature = WLK_NATURE_REAL;
    snprintf(header->label.policy, sizeof header->label.policy, "warnlink");
    header->label.releasable_count = 1;
    header->label.releasable[0] = wlk_name_of("JP");
    header->valid_until = wlk_utc_add(now, 3);
    header->group_count = 1;
    header->group[0].group = WLK_GROUP_BODY;
    header->group[0].classification = WLK_UNCLASSIFIED;
    if (wlk_release_seal(&egress, &draft, &head, released, NULL) != WLK_OK)
        return 0;
    memcpy(bytes, wlk_released_bytes(released), wlk_released_size(released));
    return wlk_released_size(released);
}

bool wlk_life_bundle(const struct wlk_arrangement *arrangement, uint8_t *bytes, size_t room,
                     size_t *size)
{
    static uint8_t made[WLK_PARTIES_MAX][WLK_PARTY_SIGNATURE_MAX];
    struct wlk_signature signature[WLK_PARTIES_MAX] = {{0}};
    for (unsigned p = 0; p < 3; p++) {
        signature[p].bytes = made[p];
        if (wlk_force_sign(arrangement, arrangement->party[p], wlk_sample_key(3 * p), made[p],
                           sizeof made[p], &signature[p].size) != WLK_OK)
            return false;
    }
    return wlk_force_bundle(arrangement, signature, bytes, room, size) == WLK_OK;
}

bool wlk_life_set_up(void)
{
    if (wlk_seal_init() != WLK_OK || !mkdtemp(folder) || !wlk_sample_shipped("tmw.txt", &tmw))
        return false;
    tmw.until.ns = INT64_C(1900000000) * 1000000000; /* the lives are in 2027 */
    for (size_t i = 0; i < tmw.key_count; i++)
        tmw.key[i].not_after = tmw.until;
    for (unsigned p = 0; p < 3; p++)
        roots.root[roots.count++] =
            (struct wlk_root){tmw.party[p], wlk_sample_key(3 * p)->public_key};
    for (size_t i = 0; i < FOLDER_COUNT; i++) {
        char path[256];
        wlk_life_path(path, FOLDERS[i], "");
        if (mkdir(path, 0700))
            return false;
    }
    return wlk_life_bundle(&tmw, bundle, sizeof bundle, &bundle_size);
}

void wlk_life_clear(void)
{
    static const char *const NAMES[] = {"node.db", "node.db-wal", "node.db-shm",
                                        "node.db-journal", "half", ""};
    char path[256];
    for (size_t i = 0; i < FOLDER_COUNT; i++)
        for (size_t k = 0; k < sizeof NAMES / sizeof NAMES[0]; k++) {
            wlk_life_path(path, FOLDERS[i], NAMES[k]);
            (void)!(NAMES[k][0] ? unlink(path) : rmdir(path));
        }
    (void)!rmdir(folder);
}
