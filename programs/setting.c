/* setting.c -- folders, keys, certificates and configuration files of a coalition on loopback.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/setting.h"

#include "base/assert.h"
#include "exchange/certificates.h"
#include "programs/decoys.h"
#include "programs/keyfile.h"
#include "programs/pact.h"
#include "programs/share.h"
#include "programs/wall.h"
#include "sensors/sites.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const NAMES[WLK_SETTING_NATIONS] = {"JP", "KR", "US"};
static const char HUB[] = "HON-A";
static const double DAY_S = 86400;
enum { PORT_MIN = 20000, PORTS = 12000 };

struct making {
    const struct wlk_setting_order *order;
    struct wlk_setting *setting;
    struct wlk_pact *pact;
    wlk_digest node_pin[WLK_SETTING_NATIONS], hub_pin[WLK_SETTING_NATIONS];
    struct wlk_fault *fault;
    unsigned next_port; /* from PORT_MIN on; begins elsewhere in each process */
};

static wlk_status fail(struct wlk_fault *fault, const char *path, const char *rule)
{
    wlk_fault_where(fault, path);
    wlk_fault_set(fault, rule, "%s", strerror(errno));
    return WLK_IO;
}

static wlk_status make_folder(const char *path, struct wlk_fault *fault)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST ? WLK_OK
                                                     : fail(fault, path, "folder not made");
}

wlk_status wlk_setting_folder(const char *kept, char out[WLK_PATH_SIZE],
                              struct wlk_fault *fault)
{
    if (!kept) {
        const char *top = getenv("TMPDIR");
        snprintf(out, WLK_PATH_SIZE, "%s/warnlink-XXXXXX", top && *top ? top : "/tmp");
        return mkdtemp(out) ? WLK_OK : fail(fault, out, "folder not made");
    }
    snprintf(out, WLK_PATH_SIZE, "%s/live", kept);
    wlk_setting_remove(out); /* of an earlier run into the same folder */
    return make_folder(out, fault);
}

static int remove_one(const char *path, const struct stat *file, int kind, struct FTW *place)
{
    (void)file;
    (void)kind;
    (void)place;
    return remove(path);
}

static int give_one(const char *path, const struct stat *file, int kind, struct FTW *place)
{
    (void)file;
    (void)kind;
    (void)place;
    return lchown(path, WLK_WALL_GUARD_USER, WLK_WALL_GUARD_USER);
}

void wlk_setting_remove(const char *folder)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A port of loopback that is free now, and not one of those (32768 and more) that the system
 * lends to outgoing connections: those may be taken while a hub is down. */
static wlk_status free_port(struct making *making, int kind, char out[8])
{
    for (int tries = 0; tries < PORTS; tries++) {
        making->next_port = (making->next_port + 1) % PORTS;
        unsigned port = PORT_MIN + making->next_port;
        struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_port = htons((uint16_t)port),
                                      .sin_addr = {htonl(INADDR_LOOPBACK)}};
        int descriptor = socket(AF_INET, kind | SOCK_CLOEXEC, 0);
        bool is_free = descriptor >= 0 &&
                       bind(descriptor, (struct sockaddr *)&address, sizeof address) == 0;
        if (descriptor >= 0)
            close(descriptor);
        if (is_free) {
            snprintf(out, 8, "%u", port);
            return WLK_OK;
        }
    }
    return fail(making->fault, "127.0.0.1", "no free port");
}

/* CA, node and listener certificate of one enclave. */
static wlk_status make_certificates(struct making *making, size_t nation)
{
    wlk_utc wall = wlk_clock_wall();
    char hub_name[32];
    snprintf(hub_name, sizeof hub_name, "%s for %s", HUB, NAMES[nation]);
    struct wlk_certificate_order order = {.directory = making->setting->folder[nation],
                                          .name = "ca",
                                          .common_name = NAMES[nation],
                                          .not_before = wlk_utc_add(wall, -DAY_S),
                                          .not_after = wlk_utc_add(wall, 30 * DAY_S)};
    WLK_TRY(wlk_certificate_make(&order, NULL, making->fault));
    order.name = "node";
    WLK_TRY(wlk_certificate_make(&order, &making->node_pin[nation], making->fault));
    order.name = "hub";
    order.common_name = hub_name;
    order.is_server = true;
    return wlk_certificate_make(&order, &making->hub_pin[nation], making->fault);
}

/* "the certificate's key hash is pinned in the arrangement" (DESIGN.md 3, Keys) */
static void pin_certificates(struct making *making)
{
    struct wlk_pact_owner *hub = wlk_pact_owner(making->pact, wlk_name_of(HUB));
    for (size_t i = 0; i < WLK_SETTING_NATIONS; i++) {
        struct wlk_pact_owner *node = wlk_pact_owner(making->pact, making->setting->nation[i]);
        node->pin[node->pin_count++] = making->node_pin[i];
        hub->pin[hub->pin_count++] = making->hub_pin[i];
    }
}

static wlk_status write_file(const char *folder, const char *name, const void *bytes,
                             size_t size, struct wlk_fault *fault)
{
    char path[WLK_PATH_SIZE + 64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(bytes, 1, size, file) == size;
    if (file && fclose(file) != 0)
        written = false;
    return written ? WLK_OK : fail(fault, path, "file not written");
}

static wlk_status write_roots(struct making *making, const char *folder)
{
    char text[1024];
    size_t used = 0;
    const struct wlk_roots *roots = &making->pact->roots;
    for (size_t i = 0; i < roots->count; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "root %s ",
                                 roots->root[i].party.text);
        for (size_t k = 0; k < WLK_PUBLIC_KEY_SIZE; k++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%02x",
                                     roots->root[i].public_key.bytes[k]);
        used += (size_t)snprintf(text + used, sizeof text - used, "\n");
    }
    return write_file(folder, "roots.txt", text, used, making->fault);
}

/* The bundles of a party (NULL: all, for the hub) into its folder of statements. */
static wlk_status write_bundles(struct making *making, const char *folder,
                                const wlk_name *party)
{
    char path[WLK_PATH_SIZE + 32], name[48];
    snprintf(path, sizeof path, "%s/statements", folder);
    WLK_TRY(make_folder(path, making->fault));
    struct wlk_agreement *agreement = calloc(1, sizeof *agreement);
    wlk_status status = agreement ? WLK_OK : WLK_IO;
    for (size_t i = 0; status == WLK_OK && i < making->pact->bundle_count; i++) {
        const struct wlk_pact_bundle *bundle = &making->pact->bundle[i];
        uint8_t index;
        status = wlk_force_read(bundle->bytes, bundle->size, &making->pact->roots, agreement,
                                making->fault);
        if (status != WLK_OK ||
            (party && !wlk_arrangement_party(&agreement->arrangement, *party, &index)))
            continue;
        snprintf(name, sizeof name, "%s.bundle", bundle->name.text);
        status = write_file(path, name, bundle->bytes, bundle->size, making->fault);
    }
    free(agreement);
    return status;
}

static wlk_status write_key(struct making *making, const char *folder, wlk_name owner)
{
    char path[WLK_PATH_SIZE + 32];
    snprintf(path, sizeof path, "%s/record.key", folder);
    return wlk_keyfile_write(path, wlk_pact_owner(making->pact, owner)->exercise.bytes,
                             making->fault);
}

/* The root key, apart: with it the nation can withdraw in the middle of a rehearsal. */
static wlk_status write_root(struct making *making, const char *folder, wlk_name owner)
{
    char path[WLK_PATH_SIZE + 32];
    snprintf(path, sizeof path, "%s/offline", folder);
    WLK_TRY(make_folder(path, making->fault));
    snprintf(path, sizeof path, "%s/offline/root.key", folder);
    return wlk_keyfile_write(path, wlk_pact_owner(making->pact, owner)->root.bytes,
                             making->fault);
}

/* Decoys of the nation's radars, drawn by the system's randomness. */
static wlk_status write_decoys(struct making *making, size_t nation)
{
    static struct wlk_sites sites;
    static struct wlk_decoys decoys;
    char path[WLK_PATH_SIZE + 32];
    struct wlk_areas *land;
    uint64_t seed;
    wlk_random_secure((uint8_t *)&seed, sizeof seed);
    WLK_TRY(wlk_share_path("sensors/sites.txt", path, sizeof path));
    WLK_TRY(wlk_sites_read(path, &sites, making->fault));
    WLK_TRY(wlk_share_path("areas", path, sizeof path));
    WLK_TRY(wlk_areas_open(making->setting->nation[nation], path, &land, making->fault));
    wlk_status status = wlk_decoys_draw_all(&sites, making->setting->nation[nation], land, seed,
                                            &decoys);
    wlk_areas_close(land);
    WLK_TRY(status);
    snprintf(path, sizeof path, "%s/decoys.txt", making->setting->folder[nation]);
    FILE *file = fopen(path, "w");
    if (!file)
        return fail(making->fault, path, "decoys cannot be written");
    wlk_decoys_write(file, &decoys);
    return fclose(file) == 0 ? WLK_OK : fail(making->fault, path, "decoys cannot be written");
}

/* KR and JP: the radars of the US stand at published places, in another nation's land. */
static bool has_decoys(const struct making *making, size_t nation)
{
    return making->order->is_shielded && strcmp(NAMES[nation], "US") != 0;
}

static wlk_status write_node(struct making *making, size_t nation)
{
    const struct wlk_clock *clock = &making->order->clock;
    const char *folder = making->setting->folder[nation];
    char text[2048], path[WLK_PATH_SIZE + 32];
    int used =
        snprintf(text, sizeof text,
                 "nation %s\nnature exercise \"REHEARSAL\"\n"
                 "clock %" PRId64 " %" PRId64 " %.6g\n"
                 "plots 127.0.0.1 %s\n"
                 "hub %s 127.0.0.1 %s authority ca.crt certificate node.crt key node.key\n"
                 "record-key record.key\nroots roots.txt\nstatements statements\n"
                 "journal journal.db\ncap cap\n%s",
                 NAMES[nation], clock->origin_wall.ns, clock->origin_scenario.ns, clock->rate,
                 making->setting->plots_port[nation], HUB, making->setting->link_port[nation],
                 making->order->has_trace ? "trace trace.txt\n" : "");
    if (making->order->has_display)
        used += snprintf(text + used, sizeof text - (size_t)used,
                         "display 127.0.0.1 %s\ndisplay-shown shown.txt\n",
                         making->setting->display_port[nation]);
    if (has_decoys(making, nation)) {
        used += snprintf(text + used, sizeof text - (size_t)used, "decoys decoys.txt\n");
        WLK_TRY(write_decoys(making, nation));
    }
    snprintf(path, sizeof path, "%s/cap", folder);
    WLK_TRY(make_folder(path, making->fault));
    WLK_TRY(write_key(making, folder, making->setting->nation[nation]));
    WLK_TRY(write_root(making, folder, making->setting->nation[nation]));
    WLK_TRY(write_roots(making, folder));
    WLK_TRY(write_bundles(making, folder, &making->setting->nation[nation]));
    return write_file(folder, "node.conf", text, (size_t)used, making->fault);
}

static wlk_status write_hub(struct making *making)
{
    const struct wlk_clock *clock = &making->order->clock;
    const char *folder = making->setting->hub_folder;
    char text[4096];
    int used = snprintf(text, sizeof text,
                        "hub %s\nnature exercise\nclock %" PRId64 " %" PRId64 " %.6g\n"
                        "record-key record.key\nroots roots.txt\n"
                        "statements statements\njournal journal.db\n",
                        HUB, clock->origin_wall.ns, clock->origin_scenario.ns, clock->rate);
    for (size_t i = 0; i < WLK_SETTING_NATIONS; i++)
        used += snprintf(text + used, sizeof text - (size_t)used,
                         "listen %s 127.0.0.1 %s authority ../%s/ca.crt certificate "
                         "../%s/hub.crt key ../%s/hub.key\n",
                         NAMES[i], making->setting->link_port[i], NAMES[i], NAMES[i], NAMES[i]);
    WLK_TRY(write_key(making, folder, wlk_name_of(HUB)));
    WLK_TRY(write_roots(making, folder));
    WLK_TRY(write_bundles(making, folder, NULL));
    return write_file(folder, "hub.conf", text, (size_t)used, making->fault);
}

static wlk_status make_all(struct making *making)
{
    struct wlk_setting *setting = making->setting;
    char shipped[1024];
    WLK_TRY(wlk_share_path("arrangements", shipped, sizeof shipped));
    for (size_t i = 0; i < WLK_SETTING_NATIONS; i++) {
        setting->nation[i] = wlk_name_of(NAMES[i]);
        snprintf(setting->folder[i], sizeof setting->folder[i], "%s/%s", making->order->folder,
                 NAMES[i]);
        WLK_TRY(make_folder(setting->folder[i], making->fault));
        WLK_TRY(free_port(making, SOCK_DGRAM, setting->plots_port[i]));
        WLK_TRY(free_port(making, SOCK_STREAM, setting->link_port[i]));
        if (making->order->has_display)
            WLK_TRY(free_port(making, SOCK_STREAM, setting->display_port[i]));
        WLK_TRY(make_certificates(making, i));
    }
    snprintf(setting->hub_folder, sizeof setting->hub_folder, "%s/%s", making->order->folder,
             HUB);
    WLK_TRY(make_folder(setting->hub_folder, making->fault));
    wlk_pact_keys(setting->nation, WLK_SETTING_NATIONS, wlk_name_of(HUB), NULL, making->pact);
    pin_certificates(making);
    if (making->order->is_shielded)
        making->pact->trilateral = WLK_PACT_SHIELDED;
    WLK_TRY(wlk_pact_sign(making->pact, shipped, making->order->clock.origin_scenario,
                          making->order->without, making->fault));
    for (size_t i = 0; i < WLK_SETTING_NATIONS; i++)
        WLK_TRY(write_node(making, i));
    WLK_TRY(write_hub(making));
    /* the guard becomes the owner of its folder */
    if (geteuid() == 0 && nftw(setting->hub_folder, give_one, 16, FTW_PHYS))
        return fail(making->fault, setting->hub_folder, "folder not given to the guard");
    return WLK_OK;
}

wlk_status wlk_setting_make(const struct wlk_setting_order *order, struct wlk_setting *out,
                            struct wlk_fault *fault)
{
    struct making making = {
        .order = order, .fault = fault, .next_port = (unsigned)getpid() * 20 % PORTS};
    making.setting = calloc(1, sizeof *making.setting);
    making.pact = calloc(1, sizeof *making.pact);
    wlk_status status = making.setting && making.pact ? make_all(&making) : WLK_IO;
    if (status == WLK_OK)
        *out = *making.setting;
    if (making.pact)
        wlk_pact_clear(making.pact);
    free(making.pact);
    free(making.setting);
    return status;
}
