/* desk_form.h -- what persons took in hand, wrote and warned of, as bytes that outlive the node
 * and the build: deterministic CBOR, version first, areas by their keys.
 *
 * One walk over the fields serves both ways (desk_form.c), so what is written is what is read.
 * Another version, another layout, or damage is refused whole, and the caller says so.
 * Read by: programs/serve_desk.c. Held by: desk_form_test.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_DESK_FORM_H
#define WLK_PROGRAMS_DESK_FORM_H

#include "warning/area.h"
#include "warning/desk.h"

/* VERSION rises when a field is added, taken away or means something else. */
enum { WLK_DESK_FORM_VERSION = 1, WLK_DESK_FORM_SIZE = 256 * 1024 };

/* Objects in hand, count of them at most WLK_DESK_HANDS_MAX. WLK_FULL they do not fit. */
wlk_status wlk_desk_form_write_hands(const struct wlk_desk_hand hand[], size_t count,
                                     uint8_t *bytes, size_t room, size_t *size) WLK_MUST_USE;

/* Into out, WLK_DESK_HANDS_MAX of them, the rest zeros. WLK_BAD_INPUT all zeros; fault says
 * why. */
wlk_status wlk_desk_form_read_hands(const uint8_t *bytes, size_t size,
                                    struct wlk_desk_hand out[],
                                    struct wlk_fault *fault) WLK_MUST_USE;

/* The same for words and warnings of persons, WLK_DESK_KEPT_MAX at most. An area whose key the
 * table no longer has becomes areas->count, which wlk_desk_take_up refuses. */
wlk_status wlk_desk_form_write_kept(const struct wlk_desk_kept kept[], size_t count,
                                    const struct wlk_areas *areas, uint8_t *bytes, size_t room,
                                    size_t *size) WLK_MUST_USE;
wlk_status wlk_desk_form_read_kept(const uint8_t *bytes, size_t size,
                                   const struct wlk_areas *areas, struct wlk_desk_kept out[],
                                   size_t *count, struct wlk_fault *fault) WLK_MUST_USE;

#endif
