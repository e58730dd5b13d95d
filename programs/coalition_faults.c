/* coalition_faults.c -- links that are cut, lossy or slow; hub and nations killed and started
 * again, as a script says.
 *
 * What a link should be like follows from the time alone, so windows may overlap. A kill
 * leaves the journal and nothing else. SPDX-License-Identifier: Apache-2.0 */
#include "programs/coalition_private.h"

#include "base/assert.h"

/* ASSUMPTION: 60 ms one way and 10 ms of jitter between a nation and a hub across the
 * Pacific; the distances are 6,000-7,500 km, light in fibre takes 30-37 ms. A lost packet is
 * sent again after a round trip and the 200 ms that Linux waits at least (TCP_RTO_MIN). */
static const struct wlk_loopback_path PATH = {
    .delay_ns = 60000000, .jitter_ns = 10000000, .loss = 0, .resend_ns = 320000000};

bool wlk_coalition_has_link(const struct wlk_script_link *link)
{
    wlk_name hub = wlk_coalition_hub();
    size_t length = strlen(link->hub.text);
    return wlk_coalition_has_nation(link->nation) &&
           !strncmp(hub.text, link->hub.text, length) &&
           (!hub.text[length] || hub.text[length] == '-');
}

static wlk_utc after(const struct wlk_coalition *coalition, double seconds)
{
    return wlk_utc_add(coalition->now, seconds);
}

static void unlink_member(struct wlk_coalition *coalition, struct member *member)
{
    struct wlk_moment now = wlk_coalition_moment(coalition);
    for (size_t k = 0; member->is_linked && k < WLK_LINK_CLASSES; k++) {
        if (member->nation)
            wlk_nation_disconnected(member->nation, 0, wlk_post_classes[k], now);
        if (coalition->hub)
            wlk_hub_disconnected(coalition->hub, member->name, wlk_post_classes[k], now);
        wlk_transport_close(member->near[k]);
        wlk_transport_close(member->far[k]);
    }
    member->is_linked = false;
    coalition->is_hub_stirred = true;
    member->dial_at = after(coalition, WLK_COALITION_REDIAL_S);
}

static wlk_status link_member(struct wlk_coalition *coalition, struct member *member)
{
    struct wlk_moment now = wlk_coalition_moment(coalition);
    for (size_t k = 0; k < WLK_LINK_CLASSES; k++) {
        struct wlk_transport *end[2];
        WLK_TRY(wlk_loopback_join(coalition->loopback, end));
        wlk_loopback_set_path(end[0], &member->path);
        member->near[k] = end[0];
        member->far[k] = end[1];
        wlk_hub_connected(coalition->hub, member->name, wlk_post_classes[k], now);
        wlk_nation_connected(member->nation, 0, wlk_post_classes[k], now);
    }
    member->is_linked = coalition->is_hub_stirred = true;
    return WLK_OK;
}

/* What the script says of this member's link at this time. */
static bool is_cut(const struct wlk_coalition *coalition, const struct member *member,
                   struct wlk_loopback_path *path)
{
    const struct wlk_script *script = coalition->setup.script_view;
    double at_s = wlk_utc_seconds(coalition->now, coalition->setup.origin);
    bool cut = false;
    *path = PATH;
    for (size_t i = 0; script && i < script->link_count; i++) {
        const struct wlk_script_link *link = &script->link[i];
        if (!wlk_name_equal(link->nation, member->name) || !wlk_coalition_has_link(link) ||
            at_s < link->from_s || at_s >= link->to_s)
            continue;
        if (link->kind == WLK_SCRIPT_CUT)
            cut = true;
        else if (link->kind == WLK_SCRIPT_LOSS)
            path->loss = link->loss;
        else
            path->delay_ns = (int64_t)(link->delay_s * 1e9);
    }
    return cut;
}

static wlk_status follow_link(struct wlk_coalition *coalition, struct member *member)
{
    struct wlk_loopback_path path;
    if (is_cut(coalition, member, &path)) {
        unlink_member(coalition, member);
        return WLK_OK;
    }
    bool is_new = memcmp(&path, &member->path, sizeof path) != 0;
    member->path = path;
    if (!member->is_linked && member->nation && coalition->hub &&
        coalition->now.ns >= member->dial_at.ns)
        return link_member(coalition, member);
    for (size_t k = 0; is_new && member->is_linked && k < WLK_LINK_CLASSES; k++)
        wlk_loopback_set_path(member->near[k], &path);
    return WLK_OK;
}

static void kill_nation(struct wlk_coalition *coalition, struct member *member)
{
    if (!member->nation)
        return;
    unlink_member(coalition, member);
    member->doubled += wlk_nation_count(member->nation).records_doubled;
    wlk_nation_abandon(member->nation);
    member->nation = NULL;
    member->up_at = after(coalition, WLK_COALITION_DOWN_S);
}

static void kill_hub(struct wlk_coalition *coalition)
{
    if (!coalition->hub)
        return;
    for (size_t i = 0; i < coalition->count; i++)
        unlink_member(coalition, &coalition->member[i]);
    wlk_hub_close(coalition->hub);
    coalition->hub = NULL;
    coalition->hub_up_at = after(coalition, WLK_COALITION_DOWN_S);
}

static void kill_due(struct wlk_coalition *coalition)
{
    const struct wlk_script *script = coalition->setup.script_view;
    double at_s = wlk_utc_seconds(coalition->now, coalition->setup.origin);
    for (size_t i = 0; script && i < script->restart_count; i++) {
        const struct wlk_script_restart *restart = &script->restart[i];
        if (coalition->is_restarted[i] || at_s < restart->at_s)
            continue;
        coalition->is_restarted[i] = true;
        if (restart->is_hub && wlk_name_equal(restart->party, wlk_coalition_hub()))
            kill_hub(coalition);
        for (size_t k = 0; k < coalition->count; k++)
            if (!restart->is_hub &&
                wlk_name_equal(coalition->member[k].name, restart->party))
                kill_nation(coalition, &coalition->member[k]);
    }
}

static wlk_status start_due(struct wlk_coalition *coalition)
{
    if (!coalition->hub && coalition->now.ns >= coalition->hub_up_at.ns)
        WLK_TRY(wlk_coalition_open_hub(coalition, NULL));
    for (size_t i = 0; i < coalition->count; i++) {
        struct member *member = &coalition->member[i];
        if (!member->nation && coalition->now.ns >= member->up_at.ns)
            WLK_TRY(wlk_coalition_open_nation(coalition, member, NULL));
    }
    return WLK_OK;
}

wlk_status wlk_coalition_follow_script(struct wlk_coalition *coalition)
{
    kill_due(coalition);
    WLK_TRY(start_due(coalition));
    for (size_t i = 0; coalition->loopback && i < coalition->count; i++)
        WLK_TRY(follow_link(coalition, &coalition->member[i]));
    return WLK_OK;
}
