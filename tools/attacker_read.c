/* attacker_read.c -- the file of `warnlink leak` into what a partner has seen.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tools/attacker.h"

#include "record/codec.h"
#include "release/groups.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 1 << 18 };

const char *const PROFILE_WORD[PROFILES] = {"fine", "coarse", "shielded"};

static bool read_class(const char *line, struct wlk_site *site)
{
    site->sector_width_rad = 2 * WLK_PI;
    return sscanf(line, "class %lf %lf %lf %lf %lf %lf %lf %lf %lf %lf %lf",
                  &site->reference_range_m, &site->range_max_m, &site->snr_reference,
                  &site->range_sigma_m, &site->angle_sigma_rad, &site->range_resolution_m,
                  &site->beamwidth_rad, &site->revisit_s, &site->mask_rad,
                  &site->range_bias_sigma_m, &site->angle_bias_sigma_rad) == 11;
}

static bool read_place(const char *numbers, wlk_geodetic *out)
{
    double latitude, longitude, height;
    if (sscanf(numbers, "%lf %lf %lf", &latitude, &longitude, &height) != 3)
        return false;
    *out = (wlk_geodetic){latitude * WLK_DEG, longitude * WLK_DEG, height};
    return true;
}

static bool read_launch(const char *line, struct geometry *geometry)
{
    size_t number;
    if (geometry->launch_count == LAUNCHES_MAX)
        return false;
    struct launch *launch = &geometry->launch[geometry->launch_count++];
    launch->truth_count = 0;
    for (int i = 0; i < PROFILES; i++) {
        launch->stream[i].has_any = false;
        launch->stream[i].count = launch->stream[i].impact_count = 0;
    }
    return sscanf(line, "launch %zu %" SCNd64 " %lf", &number, &launch->at.ns,
                  &launch->burnout_s) == 3;
}

static bool read_truth(const char *line, struct geometry *geometry)
{
    if (geometry->launch_count == 0)
        return false;
    struct launch *launch = &geometry->launch[geometry->launch_count - 1];
    if (launch->truth_count == TRUTH_MAX)
        return false;
    double second, *x = launch->truth[launch->truth_count++];
    return sscanf(line, "truth %lf %lf %lf %lf %lf %lf %lf", &second, &x[0], &x[1], &x[2],
                  &x[3], &x[4], &x[5]) == 7;
}

/* The launch that a record is about: the latest before it. */
static struct launch *launch_of(struct geometry *geometry, wlk_utc time)
{
    struct launch *found = NULL;
    for (size_t i = 0; i < geometry->launch_count; i++)
        if (geometry->launch[i].at.ns <= time.ns)
            found = &geometry->launch[i];
    return found;
}

static bool take_track(const struct wlk_claim *claim, const union wlk_content *content,
                       struct stream *stream)
{
    struct seen *seen = &stream->track[stream->count];
    if (stream->count == TRACKS_MAX ||
        wlk_groups_track_state(&content->track, &seen->state) != WLK_OK)
        return false;
    seen->sealed = claim->header.time;
    seen->object = claim->header.object;
    seen->condition = content->track.condition;
    memcpy(seen->sigma_log2, content->track.sigma_log2, sizeof seen->sigma_log2);
    stream->count++;
    return true;
}

static bool take_impact(const struct wlk_claim *claim, const union wlk_content *content,
                        struct stream *stream)
{
    struct wlk_impact impact;
    if (stream->impact_count == IMPACTS_MAX ||
        wlk_groups_impact_estimate(&content->impact, &impact) != WLK_OK)
        return false;
    double(*c)[3] = impact.point.covariance;
    struct wlk_ellipse ellipse = wlk_ellipse_from_covariance(c[0][0], c[0][1], c[1][1], 0.95);
    stream->impact[stream->impact_count++] =
        (struct seen_impact){claim->header.time, ellipse.major_m};
    return true;
}

static bool take_record(struct geometry *geometry, enum profile profile, const uint8_t *bytes,
                        size_t size)
{
    static struct wlk_claim claim;
    union wlk_content content;
    if (wlk_claim_decode(bytes, size, &claim, NULL) != WLK_OK || claim.header.group_count != 1)
        return false;
    if (claim.header.type != WLK_TYPE_LAUNCH && claim.header.type != WLK_TYPE_IMPACT &&
        claim.header.type != WLK_TYPE_TRACK)
        return true; /* heartbeats and the like tell nothing of a radar */
    static const enum wlk_group GROUP[PROFILES] = {WLK_GROUP_FINE, WLK_GROUP_COARSE,
                                                   WLK_GROUP_SHIELDED};
    struct launch *launch = launch_of(geometry, claim.header.time);
    if (!launch || claim.header.group[0].group != GROUP[profile] ||
        wlk_content_decode(&claim.disclosure[0], &content, NULL) != WLK_OK)
        return false;
    struct stream *stream = &launch->stream[profile];
    if (!stream->has_any || claim.header.time.ns < stream->first.ns)
        stream->first = claim.header.time;
    stream->has_any = true;
    if (claim.header.type == WLK_TYPE_TRACK)
        return take_track(&claim, &content, stream);
    if (claim.header.type == WLK_TYPE_IMPACT)
        return take_impact(&claim, &content, stream);
    return true;
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_record(const char *line, struct geometry *geometry)
{
    static uint8_t bytes[LINE_SIZE / 2];
    char word[16];
    int used = 0;
    size_t size = 0;
    if (sscanf(line, "record %15s %n", word, &used) != 1)
        return false;
    for (const char *hex = line + used; digit(hex[0]) >= 0 && digit(hex[1]) >= 0; hex += 2)
        bytes[size++] = (uint8_t)(digit(hex[0]) << 4 | digit(hex[1]));
    for (int i = 0; i < PROFILES; i++)
        if (strcmp(word, PROFILE_WORD[i]) == 0) {
            geometry->unread += !take_record(geometry, (enum profile)i, bytes, size);
            return true;
        }
    return false;
}

static bool begins(const char *line, const char *word)
{
    return strncmp(line, word, strlen(word)) == 0;
}

static bool read_line(const char *line, struct geometry *out)
{
    struct wlk_decoy_set *set = &out->decoys;
    if (begins(line, "geometry "))
        return sscanf(line, "geometry %" SCNu64 " %15s", &out->number, out->nation) == 2;
    if (begins(line, "class "))
        return read_class(line, &set->site);
    if (begins(line, "decoy "))
        return set->count < WLK_DECOYS_MAX && read_place(line + 6, &set->place[set->count++]);
    if (begins(line, "site "))
        return read_place(line + 5, &set->site.place);
    if (begins(line, "launch "))
        return read_launch(line, out);
    if (begins(line, "truth "))
        return read_truth(line, out);
    return begins(line, "record ") && read_record(line, out);
}

/* Of the objects that were told of, the one told of most often is the missile. */
static void keep_main(struct stream *stream)
{
    uint32_t best = 0;
    size_t most = 0, kept = 0;
    for (size_t i = 0; i < stream->count; i++) {
        size_t same = 0;
        for (size_t k = 0; k < stream->count; k++)
            same += stream->track[k].object == stream->track[i].object;
        if (same > most) {
            most = same;
            best = stream->track[i].object;
        }
    }
    for (size_t i = 0; i < stream->count; i++)
        if (stream->track[i].object == best)
            stream->track[kept++] = stream->track[i];
    stream->count = kept;
}

static void finish(struct geometry *geometry)
{
    for (size_t i = 0; i < geometry->launch_count; i++)
        for (int k = 0; k < PROFILES; k++)
            keep_main(&geometry->launch[i].stream[k]);
}

bool read_geometry(FILE *file, struct geometry *out, bool *is_broken)
{
    static char line[LINE_SIZE];
    bool has_any = false;
    *is_broken = false;
    memset(&out->decoys, 0, sizeof out->decoys);
    out->launch_count = 0;
    out->unread = 0;
    while (fgets(line, sizeof line, file)) {
        if (begins(line, "end")) {
            finish(out);
            return true;
        }
        has_any = true;
        if (!read_line(line, out)) {
            *is_broken = true;
            return false;
        }
    }
    *is_broken = has_any;
    return false;
}

bool truth_at(const struct launch *launch, wlk_utc time, double x[6])
{
    double t = wlk_utc_seconds(time, launch->at), u = t - floor(t);
    if (!(t >= 0) || !(t < (double)launch->truth_count - 1))
        return false;
    const double *a = launch->truth[(size_t)t], *b = launch->truth[(size_t)t + 1];
    double u2 = u * u, u3 = u2 * u;
    for (int i = 0; i < 3; i++) {
        x[i] = (2 * u3 - 3 * u2 + 1) * a[i] + (u3 - 2 * u2 + u) * a[i + 3] +
               (3 * u2 - 2 * u3) * b[i] + (u3 - u2) * b[i + 3];
        x[i + 3] = (6 * u2 - 6 * u) * (a[i] - b[i]) + (3 * u2 - 4 * u + 1) * a[i + 3] +
                   (3 * u2 - 2 * u) * b[i + 3];
    }
    return true;
}
