/* lone.h -- a hub by itself under the shipped arrangements, and warnings of KR for it: what
 * tests and benches of one hub begin with. Keys of a seed, time by hand.
 * Read by: alarm_test.c, head_test.c, nature_test.c, bench_guard.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_LONE_H
#define WLK_PROGRAMS_LONE_H

#include "base/random.h"
#include "exchange/frame.h"
#include "programs/hub.h"
#include "programs/pact.h"

struct wlk_lone {
    struct wlk_pact *pact;          /* of JP, KR, US and HON-A */
    struct wlk_agreement agreement; /* TMW-1 */
    struct wlk_journal *journal;    /* NULL: no hub is open */
    struct wlk_hub *hub;
    struct wlk_random salts;
};

/* Second 0 is WLK_LONE_ORIGIN; monotonic time is then 1,000 s. */
extern const wlk_utc WLK_LONE_ORIGIN;
struct wlk_moment wlk_lone_moment(double at_s);

/* Salts from the struct wlk_random that is their context. */
struct wlk_salts wlk_lone_salts(struct wlk_random *random);

/* Draws keys and signs the shipped arrangements; end wipes them. WLK_IO, WLK_BAD_INPUT. */
wlk_status wlk_lone_keys_open(struct wlk_lone *lone, struct wlk_fault *fault) WLK_MUST_USE;
void wlk_lone_keys_close(struct wlk_lone *lone);

/* A hub of that nature on a journal (":memory:" or a file), with the arrangements; no nation is
 * there. After close another can be opened. Statuses of journal and hub. */
wlk_status wlk_lone_open(struct wlk_lone *lone, const char *path, enum wlk_nature nature,
                         wlk_utc now, struct wlk_fault *fault) WLK_MUST_USE;
void wlk_lone_close(struct wlk_lone *lone);

/* An owner's key for records of that nature; the exercise key signs tests too. */
const struct wlk_secret_key *wlk_lone_key(const struct wlk_lone *lone, const char *owner,
                                          enum wlk_nature nature);

/* The header of the first warning in KR's lane of that nature: a launch, for JP and US, coarse;
 * and of any at another second, valid for a minute. */
void wlk_lone_header(const struct wlk_lone *lone, enum wlk_nature nature, double at_s,
                     struct wlk_header *out);
void wlk_lone_retime(struct wlk_header *header, double at_s);

/* Seals it and moves it on to be the next of its lane. Asserts that it can be. Bytes used. */
size_t wlk_lone_seal(struct wlk_header *header, const struct wlk_secret_key *key,
                     uint8_t *record, size_t room);

/* A frame of a nation, on its connection for warnings or for status; join makes that, and says
 * HELLO. next: the next record that waits for a nation, a view until the hub's next call; take:
 * how many wait. */
wlk_status wlk_lone_give(struct wlk_lone *lone, const char *nation, enum wlk_class link,
                         const struct wlk_frame *frame, double at_s) WLK_MUST_USE;
void wlk_lone_join(struct wlk_lone *lone, const char *nation, enum wlk_class link, double at_s);
bool wlk_lone_next(struct wlk_lone *lone, const char *nation, enum wlk_class link, double at_s,
                   struct wlk_frame *out);
unsigned wlk_lone_take(struct wlk_lone *lone, const char *nation, enum wlk_class link,
                       double at_s);

#endif
