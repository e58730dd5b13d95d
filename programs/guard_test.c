/* guard_test.c -- the hub as it runs in life: guard and ports as processes, TLS on loopback.
 * Do records come through, does a kill lose or double nothing, does no process stay behind?
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"
#include "base/tap.h"
#include "base/words.h"
#include "exchange/certificates.h"
#include "exchange/frame.h"
#include "exchange/journal.h"
#include "exchange/post.h"
#include "exchange/transport_tls.h"
#include "programs/hub_for_test.h"
#include "programs/keyfile.h"
#include "programs/statements.h"

#include <poll.h>
#include <sys/wait.h>
#include <time.h>

enum { JP, KR, US, NATIONS = WLK_SETTING_NATIONS, RECORDS_MAX = 4096 };

struct node {
    struct wlk_node_config config;
    struct wlk_secret_key key;
    struct wlk_roots roots;
    struct wlk_journal *journal;
    struct wlk_post *post;
    struct wlk_tls *tls;
    struct wlk_transport *transport[WLK_LINK_CLASSES];
    bool is_up[WLK_LINK_CLASSES];
    wlk_mono dial_at[WLK_LINK_CLASSES];
    uint64_t come, doubles;
    uint8_t has[RECORDS_MAX];
};

static struct wlk_setting setting;
static struct node node[NATIONS];
static pid_t hub;
static struct wlk_released *released;
static wlk_mono sent_at[RECORDS_MAX];
static double delay_ms[RECORDS_MAX];
static size_t delay_count;

static struct wlk_moment now(void)
{
    return (struct wlk_moment){wlk_clock_wall(), wlk_clock_mono()};
}

static void draw_salt(void *context, uint8_t salt[WLK_SALT_SIZE])
{
    (void)context;
    wlk_random_secure(salt, WLK_SALT_SIZE);
}

/* ---- the hub as a child ---- */

static bool start_hub(void)
{
    bool is_ready;
    hub = hub_start(&setting, NULL, &is_ready);
    return is_ready;
}

/* The exit code; -1 killed, -2 still running after 5 s. */
static int await_hub(void)
{
    for (int i = 0; i < 500; i++) {
        int result = 0;
        if (waitpid(hub, &result, WNOHANG) == hub)
            return WIFEXITED(result) ? WEXITSTATUS(result) : -1;
        poll(NULL, 0, 10);
    }
    return -2;
}

/* ---- three posts over TLS, in this process ---- */

static wlk_status open_node(size_t n, struct wlk_fault *fault)
{
    struct node *self = &node[n];
    char path[WLK_PATH_SIZE + 32], *text;
    snprintf(path, sizeof path, "%s/node.conf", setting.folder[n]);
    WLK_TRY(wlk_node_config_read(path, &self->config, fault));
    WLK_TRY(wlk_keyfile_read(self->config.record_key, &self->key, fault));
    WLK_TRY(wlk_words_read_file(self->config.roots, &text, fault));
    wlk_status status = wlk_roots_parse(self->config.roots, text, &self->roots, fault);
    free(text);
    WLK_TRY(status);
    WLK_TRY(wlk_journal_open(self->config.journal, self->config.nation, &self->journal, fault));
    struct wlk_post_options options = {.nation = self->config.nation,
                                       .hub_count = 1,
                                       .hub = {self->config.hub[0].name},
                                       .journal = self->journal,
                                       .key = &self->key,
                                       .key_nature = WLK_NATURE_EXERCISE,
                                       .salts = {draw_salt, NULL},
                                       .roots = &self->roots,
                                       .now = now()};
    WLK_TRY(wlk_post_open(&options, &self->post, fault));
    const struct wlk_endpoint *to = &self->config.hub[0].at;
    struct wlk_tls_options tls = {.authority_path = to->authority,
                                  .certificate_path = to->certificate,
                                  .key_path = to->key,
                                  .connections_max = WLK_LINK_CLASSES};
    WLK_TRY(wlk_tls_open(&tls, &self->tls, fault));
    static struct wlk_statement statement;
    struct wlk_statements statements = {0};
    while (wlk_statements_next(&statements, self->config.statements, &statement))
        WLK_TRY(wlk_post_statement(self->post, statement.kind, statement.bytes, statement.size,
                                   now(), fault));
    return WLK_OK;
}

static void drop(struct node *self, size_t c)
{
    wlk_transport_close(self->transport[c]);
    self->transport[c] = NULL;
    self->dial_at[c].ns = wlk_clock_mono().ns + 100000000;
    if (self->is_up[c])
        wlk_post_disconnected(self->post, 0, wlk_post_classes[c], now());
    self->is_up[c] = false;
}

static void drain(struct node *self)
{
    struct wlk_delivery delivery;
    while (wlk_post_delivered(self->post, &delivery)) {
        if (delivery.kind != WLK_DELIVERY_RECORD)
            continue;
        uint32_t object = delivery.record->claim.header.object - 1;
        if (object >= RECORDS_MAX || delivery.nation.text[0] != 'J')
            continue;
        self->doubles += self->has[object];
        self->come += !self->has[object];
        self->has[object] = 1;
        if (self == &node[KR] && delay_count < RECORDS_MAX)
            delay_ms[delay_count++] = (double)(wlk_clock_mono().ns - sent_at[object].ns) * 1e-6;
    }
}

static void serve_link(struct node *self, size_t c)
{
    const struct wlk_endpoint *to = &self->config.hub[0].at;
    const uint8_t *bytes;
    size_t size;
    wlk_status status;
    if (!self->transport[c] && wlk_clock_mono().ns >= self->dial_at[c].ns &&
        wlk_tls_dial(self->tls, to->host, to->port, &self->transport[c], NULL) != WLK_OK)
        self->transport[c] = NULL;
    if (!self->transport[c])
        return;
    enum wlk_transport_state state = wlk_transport_state(self->transport[c]);
    if (state == WLK_TRANSPORT_OPEN && !self->is_up[c]) {
        self->is_up[c] = true;
        wlk_post_connected(self->post, 0, wlk_post_classes[c], now());
    }
    while ((status = wlk_transport_receive(self->transport[c], &bytes, &size)) == WLK_OK) {
        if (wlk_post_frame(self->post, 0, wlk_post_classes[c], bytes, size, now()) != WLK_OK) {
            status = WLK_IO;
            break;
        }
        drain(self);
    }
    if (status != WLK_NOT_YET)
        drop(self, c);
}

static void send_out(struct node *self)
{
    const uint8_t *bytes;
    size_t size;
    for (size_t c = 0; c < WLK_LINK_CLASSES; c++)
        while (self->is_up[c] && wlk_transport_has_room(self->transport[c]) &&
               wlk_post_outgoing(self->post, 0, wlk_post_classes[c], &bytes, &size))
            if (wlk_transport_send(self->transport[c], bytes, size) != WLK_OK)
                drop(self, c);
}

static void turn(int wait_ms)
{
    static wlk_mono tick_at;
    struct pollfd wait[NATIONS * WLK_LINK_CLASSES];
    nfds_t count = 0;
    for (size_t n = 0; n < NATIONS; n++)
        for (size_t c = 0; c < WLK_LINK_CLASSES; c++)
            if (node[n].transport[c])
                wait[count++] = (struct pollfd){wlk_tls_descriptor(node[n].transport[c]),
                                                wlk_tls_wanted(node[n].transport[c]), 0};
    poll(wait, count, wait_ms);
    bool is_tick = wlk_clock_mono().ns >= tick_at.ns;
    if (is_tick)
        tick_at.ns = wlk_clock_mono().ns + 50000000;
    for (size_t n = 0; n < NATIONS; n++) {
        for (size_t c = 0; c < WLK_LINK_CLASSES; c++)
            serve_link(&node[n], c);
        if (is_tick)
            wlk_post_tick(node[n].post, now());
        drain(&node[n]);
        send_out(&node[n]);
    }
}

static bool all_up(void)
{
    for (size_t n = 0; n < NATIONS; n++)
        for (size_t c = 0; c < WLK_LINK_CLASSES; c++)
            if (!node[n].is_up[c])
                return false;
    return wlk_post_partner_alive(node[KR].post, wlk_name_of("TMW-1"), node[JP].config.nation);
}

static bool await_up(void)
{
    for (int i = 0; i < 1000 && !all_up(); i++)
        turn(10);
    return all_up();
}

/* ---- records ---- */

static void say(uint32_t object)
{
    struct node *self = &node[JP];
    wlk_name name = wlk_name_of("TMW-1");
    const struct wlk_agreement *agreement =
        wlk_force_named(wlk_post_force(self->post), name, wlk_clock_wall());
    uint8_t salt[1][WLK_SALT_SIZE];
    static union wlk_content content;
    struct wlk_lane_head head;
    WLK_ASSERT(agreement);
    struct wlk_egress egress = {.arrangement = &agreement->arrangement,
                                .digest = &agreement->digest,
                                .is_in_force = true,
                                .originator = self->config.nation,
                                .key = &self->key,
                                .now = wlk_clock_wall(),
                                .is_event_open = true};
    struct wlk_draft draft = {.content = &content,
                              .salt = (const uint8_t(*)[WLK_SALT_SIZE])salt};
    struct wlk_header *header = &draft.header;
    header->time = wlk_clock_wall();
    header->type = WLK_TYPE_LAUNCH;
    header->nature = WLK_NATURE_EXERCISE;
    snprintf(header->label.policy, sizeof header->label.policy, "warnlink");
    header->label.releasable_count = 2;
    header->label.releasable[0] = node[KR].config.nation;
    header->label.releasable[1] = node[US].config.nation;
    header->has_event = header->has_object = true;
    header->valid_until = wlk_utc_add(header->time, 60);
    header->group_count = 1;
    header->group[0].group = WLK_GROUP_COARSE;
    header->group[0].classification = WLK_SECRET;
    header->sensor_nation_count = 1;
    header->sensor_nation[0] = self->config.nation;
    header->object = object + 1; /* from 1 */
    memset(&content, 0, sizeof content);
    content.launch.status = WLK_LAUNCH_CONFIRMED;
    content.launch.point.covariance[0] = content.launch.point.covariance[2] = 1;
    content.launch.point.covariance[5] = 1;
    content.launch.count_min = content.launch.count_max = 1;
    sent_at[object] = wlk_clock_mono();
    draw_salt(NULL, salt[0]);
    wlk_status status =
        wlk_post_lane(self->post, name, WLK_CLASS_WARN, WLK_NATURE_EXERCISE, &head);
    if (status == WLK_OK)
        status = wlk_release_seal(&egress, &draft, &head, released, NULL);
    if (status == WLK_OK)
        status = wlk_post_put(self->post, released, now());
    WLK_ASSERT(status == WLK_OK);
    send_out(self);
}

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void say_many(uint32_t first, uint32_t last)
{
    for (uint32_t object = first; object < last; object++) {
        say(object);
        wlk_mono until = {wlk_clock_mono().ns + 2000000};
        while (wlk_clock_mono().ns < until.ns)
            turn(1);
    }
}

static void await_arrival(uint64_t expected)
{
    for (int i = 0; i < 1000 && (node[KR].come < expected || node[US].come < expected); i++)
        turn(10);
}

/* ---- the tests ---- */

static bool set_up(char *folder)
{
    struct wlk_fault fault = {0};
    struct wlk_setting_order order = {.folder = folder, .clock = wlk_clock_life()};
    wlk_status status = wlk_seal_init();
    released = wlk_released_open();
    if (status == WLK_OK)
        status = wlk_setting_make(&order, &setting, &fault);
    bool is_set = wlk_check(status == WLK_OK && start_hub(), "a hub starts and says ready");
    for (size_t n = 0; n < NATIONS && status == WLK_OK; n++)
        status = open_node(n, &fault);
    char line[400];
    wlk_fault_line(&fault, line, sizeof line);
    return wlk_check(is_set && status == WLK_OK, "three posts open: %s",
                     status == WLK_OK ? "" : line);
}

static void test_flow(void)
{
    wlk_check(await_up(), "all twelve connections open, heartbeats flow");
    say_many(0, 300);
    await_arrival(300);
    wlk_check(node[KR].come == 300 && node[US].come == 300, "300 records reach both partners");
    qsort(delay_ms, delay_count, sizeof delay_ms[0], by_size);
    wlk_note("seal -> verified at the partner: p50 %.3f ms, p99 %.3f ms",
             delay_ms[delay_count / 2], delay_ms[delay_count * 99 / 100]);
    for (int i = 0; i < 500 && wlk_post_backlog(node[JP].post, 0); i++)
        turn(10);
    wlk_check(wlk_post_backlog(node[JP].post, 0) == 0, "the hub acknowledges all as durable");
}

/* A certificate that the nation's CA signed, but no arrangement names: a CA that was taken. */
static void test_unpinned(void)
{
    struct wlk_certificate_order order = {.directory = setting.folder[KR],
                                          .name = "other",
                                          .common_name = "KR",
                                          .not_before = wlk_utc_add(wlk_clock_wall(), -60),
                                          .not_after = wlk_utc_add(wlk_clock_wall(), 600)};
    char certificate[WLK_PATH_SIZE + 16], key[WLK_PATH_SIZE + 16];
    uint8_t hello[128];
    const uint8_t *bytes;
    size_t size;
    const struct wlk_endpoint *to = &node[KR].config.hub[0].at;
    struct wlk_transport *transport;
    struct wlk_tls *tls;
    struct wlk_writer out = {hello, sizeof hello, 0};
    struct wlk_frame frame = {
        .kind = WLK_FRAME_HELLO, .sender = node[KR].config.nation, .link = WLK_CLASS_PLOT};
    snprintf(certificate, sizeof certificate, "%s/other.crt", setting.folder[KR]);
    snprintf(key, sizeof key, "%s/other.key", setting.folder[KR]);
    struct wlk_tls_options options = {.authority_path = to->authority,
                                      .certificate_path = certificate,
                                      .key_path = key,
                                      .connections_max = 1};
    wlk_status status = wlk_certificate_make(&order, NULL, NULL);
    if (status == WLK_OK)
        status = wlk_tls_open(&options, &tls, NULL);
    if (status == WLK_OK)
        status = wlk_tls_dial(tls, to->host, to->port, &transport, NULL);
    if (status == WLK_OK)
        status = wlk_frame_encode(&frame, NULL, &out);
    wlk_check(status == WLK_OK, "a second certificate of KR's own CA");
    bool was_open = false, is_answered = false;
    enum wlk_transport_state state = WLK_TRANSPORT_OPENING;
    for (int i = 0; i < 300 && state != WLK_TRANSPORT_CLOSED; i++) {
        turn(10);
        state = wlk_transport_state(transport);
        if (state == WLK_TRANSPORT_OPEN && !was_open)
            was_open = wlk_transport_send(transport, hello, out.at) == WLK_OK;
        is_answered = is_answered || wlk_transport_receive(transport, &bytes, &size) == WLK_OK;
    }
    wlk_check(was_open && !is_answered && state == WLK_TRANSPORT_CLOSED,
              "is cut without an answer: no arrangement pins its key");
    wlk_transport_close(transport);
    wlk_tls_close(tls);
    wlk_check(await_up(), "and KR itself is back on that link");
}

static void test_kill(void)
{
    say_many(300, 320);
    kill(hub, SIGKILL);
    wlk_check(await_hub() == -1, "the keeper is killed");
    for (uint32_t object = 320; object < 350; object++)
        say(object);
    for (int i = 0; i < 20; i++)
        turn(10);
    wlk_check(start_hub(), "a hub starts again at once: all went with the keeper");
    wlk_check(await_up(), "the nodes find it again");
    say_many(350, 360);
    await_arrival(360);
    wlk_check(node[KR].come == 360 && node[US].come == 360, "nothing was lost");
    wlk_check(node[KR].doubles == 0 && node[US].doubles == 0, "nothing came twice");
}

/* Kills or stops the keeper's child at index and waits for another in its place. */
static bool break_child(size_t index, int how)
{
    pid_t before[NATIONS + 1], after[NATIONS + 1];
    if (hub_children(hub, before, NATIONS + 1) != NATIONS + 1)
        return false;
    kill(before[index], how);
    for (int i = 0; i < 2000; i++) {
        turn(10);
        if (hub_children(hub, after, NATIONS + 1) == NATIONS + 1 &&
            after[NATIONS] != before[NATIONS])
            return true;
    }
    return false;
}

/* What the keeper keeps, in order of start (KR, US, guard, new JP), while records flow. */
static void test_parts(void)
{
    say_many(360, 365);
    wlk_check(break_child(JP, SIGKILL), "a port is killed: the keeper starts another");
    say_many(365, 370);
    wlk_check(break_child(0, SIGSTOP), "a port lives and does nothing: it is killed, too");
    say_many(370, 380);
    await_arrival(380);
    wlk_check(node[KR].come == 380 && node[US].come == 380, "and nothing was lost with them");
    say_many(380, 390);
    wlk_check(break_child(1, SIGKILL), "the guard is killed: the keeper starts all anew");
    say_many(390, 400);
    await_arrival(400);
    wlk_check(node[KR].come == 400 && node[US].come == 400, "and nothing was lost with it");
    wlk_check(node[KR].doubles == 0 && node[US].doubles == 0, "nor came anything twice");
}

/* Kills one thing after the other while records flow; a new keeper makes waits short again. */
static void test_many(uint32_t rounds)
{
    uint32_t object = 400, done = 0;
    for (; done < rounds; done++) {
        bool is_back;
        say_many(object, object + 5);
        if (done % 3 == 2) {
            kill(hub, SIGKILL);
            is_back = await_hub() == -1 && start_hub();
        } else {
            is_back = break_child(done % 3 == 1 ? NATIONS - 1 : 0, SIGKILL);
        }
        say_many(object + 5, object + 10);
        object += 10;
        if (!is_back)
            break;
    }
    wlk_check(done == rounds, "%u kills of port, guard and keeper, each time back", done);
    await_arrival(object);
    wlk_check(node[KR].come == object && node[US].come == object, "of %u records none is lost",
              object);
    wlk_check(node[KR].doubles == 0 && node[US].doubles == 0, "and none came twice");
}

static void test_second_hub(void)
{
    pid_t first = hub;
    wlk_check(!start_hub() && await_hub() == 1,
              "a second hub on the same ports says so and exits with 1");
    hub = first;
}

static void test_stop(void)
{
    kill(hub, SIGTERM);
    wlk_check(await_hub() == 0, "SIGTERM: the hub exits with 0");
    for (int i = 0; i < 20; i++)
        turn(10);
    bool is_any_up = false;
    for (size_t c = 0; c < WLK_LINK_CLASSES; c++)
        is_any_up = is_any_up || node[JP].is_up[c];
    wlk_check(!is_any_up, "and no port stays behind");
    for (size_t n = 0; n < NATIONS; n++) {
        for (size_t c = 0; c < WLK_LINK_CLASSES; c++)
            if (node[n].transport[c])
                drop(&node[n], c);
        wlk_post_close(node[n].post);
        wlk_journal_close(node[n].journal);
        wlk_tls_close(node[n].tls);
    }
    wlk_released_close(released);
}

/* argument: how many kills more, for the long run (tools/faults.sh) */
int main(int argc, char *argv[])
{
    char folder[] = "/tmp/wlk-guard-XXXXXX", command[64];
    unsigned long more = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    if (!mkdtemp(folder))
        return 1;
    if (set_up(folder)) {
        test_flow();
        test_unpinned();
        test_kill();
        test_parts();
        if (more && more < 300)
            test_many((uint32_t)more);
        test_second_hub();
        test_stop();
    }
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) ? 1 : wlk_tap_done();
}
