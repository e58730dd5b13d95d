/* groups.h -- estimates into the groups of a record, and back at the recipient.
 *
 * fine says everything the own-only estimate holds; coarse says it so that no sensor stands
 * in it: diagonal covariance in the velocity frame, d_i = C_ii sum_j |rho_ij| + q^2/12, sigmas
 * rounded up to powers of two with hysteresis, whole-second epochs (DESIGN.md 3). Every value
 * of a coarse launch or impact comes from the coarse track: for the impact, predict from
 * wlk_groups_track_state(coarse content) with tracking/impact and give it to
 * wlk_groups_impact. docs/release.md has the derivation.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RELEASE_GROUPS_H
#define WLK_RELEASE_GROUPS_H

#include "record/contents.h"
#include "record/track.h"

/* Grids of the coarse groups. ASSUMPTION: a tenth of the error of a radar at 1,000 km
 * (0.05 deg is 870 m), so that rounding costs the recipient nothing he would notice. */
enum {
    WLK_COARSE_POSITION_MM = 64000,
    WLK_COARSE_VELOCITY_MMPS = 1000,
    WLK_COARSE_PLACE_MM = 1000000, /* launch and impact point */
    WLK_FINE_PLACE_MM = 10000
};
static const int64_t WLK_COARSE_TIME_NS = 1000000000;
static const int64_t WLK_FINE_TIME_NS = 1000000;

/* What the coarse form of one object remembers. All zeros at birth; one per object and
 * arrangement is not needed: the coarse form is the same for all. */
struct wlk_coarse {
    bool has_track, has_launch;
    uint8_t track_log2[6];
    uint8_t launch_log2[3]; /* east, north (mm), time (us) */
};

/* The own-only track as fine content. clock_error_s >= 0 widens it along the velocity by
 * speed x clock error. WLK_NO_SOLUTION a value does not fit the wire; *out untouched. */
wlk_status wlk_groups_track_fine(const struct wlk_track *track, double clock_error_s,
                                 struct wlk_track_content *out) WLK_MUST_USE;

/* The own-only track as coarse content. In coast and re-entry it is carried to the whole
 * second at or before at; in boost it stays at its epoch (thrust cannot be predicted).
 * memory is changed only on WLK_OK. WLK_NO_SOLUTION as above, or the carrying failed. */
wlk_status wlk_groups_track_coarse(const struct wlk_track *track, double clock_error_s,
                                   wlk_utc at, struct wlk_coarse *memory,
                                   struct wlk_track_content *out) WLK_MUST_USE;

/* The state a content speaks of; for partners, and for the originator's own coarse impact.
 * Position and velocity come from the content; in boost thrust is unknown (0 +- 100 m/s^2
 * each axis), in re-entry ln(1/beta) is ln(1/4000) +- 1: both ASSUMPTIONS.
 * WLK_BAD_INPUT the content gives no valid state. */
wlk_status wlk_groups_track_state(const struct wlk_track_content *content,
                                  struct wlk_state *out) WLK_MUST_USE;

/* A launch as fine content, and as coarse content: covariance made diagonal and enlarged the
 * same way, azimuth sigma rounded up to a power of two of 1e-7 deg. */
wlk_status wlk_groups_launch_fine(const struct wlk_launch *launch, double clock_error_s,
                                  struct wlk_launch_content *out) WLK_MUST_USE;
wlk_status wlk_groups_launch_coarse(const struct wlk_launch *launch, double clock_error_s,
                                    struct wlk_coarse *memory,
                                    struct wlk_launch_content *out) WLK_MUST_USE;
wlk_status wlk_groups_launch_estimate(const struct wlk_launch_content *content,
                                      struct wlk_launch *out) WLK_MUST_USE;

/* An impact on a grid: WLK_FINE_* for the fine group; WLK_COARSE_* for an impact that was
 * predicted from the coarse state. Quantisation is added to the covariance. With a coarse
 * grid data age, track length and condition are those the coarse track can show: ages are
 * rounded up to whole seconds. */
wlk_status wlk_groups_impact(const struct wlk_impact *impact, uint64_t quantum_mm,
                             int64_t quantum_ns, struct wlk_impact_content *out) WLK_MUST_USE;
wlk_status wlk_groups_impact_estimate(const struct wlk_impact_content *content,
                                      struct wlk_impact *out) WLK_MUST_USE;

/* Changed by more than its quantisation (or in status, condition, count, doubt): send again. */
bool wlk_groups_launch_changed(const struct wlk_launch_content *before,
                               const struct wlk_launch_content *after);
bool wlk_groups_impact_changed(const struct wlk_impact_content *before,
                               const struct wlk_impact_content *after);

#endif
