/* desk.h -- what people do to warnings: release, add words, correct, cancel.
 *
 *   alert --machine's word--> desk --> told at once, or waits for a person
 *   a person --act--> desk --> told, waits for a second person, or refused with a reason
 *
 * The rules, each held by desk_test.c:
 *  - Words that a person wrote are proposed by one and released by another; the same name
 *    twice is refused and counted. In life both names must be proved.
 *  - A person corrects or cancels what was told of an object with prepared text, alone: that
 *    must be quick. The message goes to all who stand warned, and refers to all that they
 *    were told.
 *  - From then on the object is in a person's hand: what the machine has to say of it is
 *    never told by itself, and never lost either. It waits and asks until a person releases
 *    or rejects it. A release gives the object back to the policy. What the machine had said
 *    last waits too, without asking: a cancel by mistake is undone by one act.
 *  - A message refers only to what was told: a proposal that was never released is no
 *    predecessor of anything.
 *  - Persons warn where the machine does not, by an object number of its own: one writes,
 *    another releases. Only persons end it; until they do, no end that the machine tells of a
 *    flight goes to its areas by itself: it waits, and asks.
 *  - What persons wrote and what they have warned of outlives the node (keep, take_up).
 *  - Nothing of another nature is taken.
 *
 * Pure: time and numbers are arguments. Read by: programs/serve_acts.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_WARNING_DESK_H
#define WLK_WARNING_DESK_H

#include "base/limits.h"
#include "record/warning.h"

enum {
    WLK_DESK_WAITING_MAX = 64,  /* warnings that wait for a person */
    WLK_DESK_TEXTS_MAX = 16,    /* of them words of persons */
    WLK_DESK_CHANGES_MAX = 192, /* that wait to be pulled: one act makes at most three */
    WLK_DESK_NAME_SIZE = 48,    /* UTF-8 bytes of a person's name, with NUL */
    WLK_DESK_OWN_OBJECTS = 0x20000000, /* objects of persons' warnings; others are below */
    WLK_DESK_OWN_MAX = 16,             /* of them in force at once */
    WLK_DESK_KEPT_MAX = WLK_DESK_TEXTS_MAX + WLK_DESK_OWN_MAX,
};

struct wlk_desk; /* opaque, about 10 MiB */

struct wlk_desk_setup {
    enum wlk_nature nature;
    bool is_named; /* each warning waits for a person */
};

/* WLK_OK; WLK_IO out of memory. */
wlk_status wlk_desk_open(const struct wlk_desk_setup *setup,
                         struct wlk_desk **out) WLK_MUST_USE;
void wlk_desk_close(struct wlk_desk *desk); /* NULL is allowed */

/* What became of an act. */
enum wlk_desk_outcome {
    WLK_DESK_DONE = 0,
    WLK_DESK_NOTHING_WAITS, /* no such warning waits */
    WLK_DESK_SAME_PERSON,   /* who proposed words may not release them */
    WLK_DESK_NOT_PROVED,    /* in life two names count only if both are proved */
    WLK_DESK_NOT_IN_FORCE,  /* nothing that was told of it is in force */
    WLK_DESK_NO_GROUND,     /* no such reason for this act */
    WLK_DESK_NO_WORDS,      /* no words, or not text */
    WLK_DESK_CROWDED,       /* too many texts wait */
    WLK_DESK_NO_AREAS,      /* no area, or no kind that persons may give */
    WLK_DESK_STANDS,        /* an end, where persons keep people warned: theirs goes first */
    WLK_DESK_OUTCOME_END
};

/* "same-person" and so on, as pages translate them; "?" for no such outcome. */
const char *wlk_desk_outcome_word(enum wlk_desk_outcome outcome);

/* The machine's next word about an object. True: to be told at once; replaces and the person's
 * words that still stand are filled in. False: it waits for a person, or there is nobody left
 * to whom it could be told; the changes say which. */
bool wlk_desk_take(struct wlk_desk *desk, struct wlk_warning *warning, wlk_utc now);

/* A person releases what waits under this number: the machine's, or another person's words.
 * by: 1 to 47 bytes; is_proved: by a password or a certificate. */
enum wlk_desk_outcome wlk_desk_release(struct wlk_desk *desk, int64_t number, const char *by,
                                       bool is_proved, wlk_utc now) WLK_MUST_USE;

/* A person takes what waits under this number off the desk, untold. */
enum wlk_desk_outcome wlk_desk_reject(struct wlk_desk *desk, int64_t number, const char *by,
                                      wlk_utc now) WLK_MUST_USE;

/* Words to those who stand warned of the object of warning about: wait for a second person.
 * said: in English, Japanese, Korean; at least one of them. next_number:
 * as wlk_alert_number; used only if it is done, so that numbers have no gaps. */
enum wlk_desk_outcome wlk_desk_propose(struct wlk_desk *desk, int64_t about,
                                       const char *const said[WLK_SAID_LANGUAGES],
                                       const char *by, bool is_proved, uint32_t *next_number,
                                       wlk_utc now) WLK_MUST_USE;

/* A warning where the machine has none: waits for a second person.
 * draft: nation, nature, exercise, kind (LAUNCH or TAKE_COVER), areas, words (may be empty),
 * and of a flight that it is about the event, launch and impact; the rest is filled in.
 * next_number: as above. */
enum wlk_desk_outcome wlk_desk_warn(struct wlk_desk *desk, const struct wlk_warning *draft,
                                    const char *by, bool is_proved, uint32_t *next_number,
                                    wlk_utc now) WLK_MUST_USE;

/* Corrects or cancels, as the ground says, what was told of the object of warning about.
 * next_number: as above; one or two are used. */
enum wlk_desk_outcome wlk_desk_revise(struct wlk_desk *desk, int64_t about,
                                      enum wlk_ground ground, const char *by,
                                      uint32_t *next_number, wlk_utc now) WLK_MUST_USE;

enum wlk_desk_state {
    WLK_DESK_PROPOSED = 1, /* waits */
    WLK_DESK_RELEASED,     /* told: to be sent */
    WLK_DESK_REJECTED,
    WLK_DESK_SUPERSEDED, /* a newer word, or an act, took its place before it was told */
};

struct wlk_desk_change {
    struct wlk_warning warning;
    enum wlk_desk_state state;
    char by[WLK_DESK_NAME_SIZE]; /* who did it; empty: the machine */
    bool is_again;               /* told in an earlier life: to be shown, not to be sent */
};

/* The next change to show, and to send where it is a release. False: none. */
bool wlk_desk_change(struct wlk_desk *desk, struct wlk_desk_change *out);

/* Objects about which something waits and asks for a person: fills out with at most room
 * numbers, each once; returns how many there are. */
size_t wlk_desk_asking(const struct wlk_desk *desk, uint32_t out[], size_t room);

/* What is kept of an object in a person's hand, so that a node that starts anew does not tell
 * of it again by itself: numbers of objects end with a node, events and launch times do not. */
struct wlk_desk_hand {
    wlk_event event;
    int64_t launch_ns; /* estimated launch time; 0: not known */
    int64_t taken_ns;  /* when the person acted */
    bool has_event;
};

enum { WLK_DESK_HANDS_MAX = 32 };

/* Objects in hand, newest acts first: fills out with at most room, the rest of it with zeros;
 * returns how many were filled. */
size_t wlk_desk_hands(const struct wlk_desk *desk, struct wlk_desk_hand out[], size_t room);

/* Right after open, with what was kept: an object of that event, or launched within a minute
 * of it, is in hand from its first word on. Acts longer ago than two hours no longer count. */
void wlk_desk_restore(struct wlk_desk *desk, const struct wlk_desk_hand hand[], size_t count,
                      wlk_utc now);

/* What persons wrote that waits for a second one, and what they have warned of that nobody has
 * ended: a node that starts anew takes it up again. Numbers of areas are those of one table. */
struct wlk_desk_kept {
    enum { WLK_DESK_KEPT_TEXT = 1, WLK_DESK_KEPT_OWN, WLK_DESK_KEPT_TOLD } what;
    bool is_proved;
    char by[WLK_DESK_NAME_SIZE]; /* who wrote it; TOLD: who released it */
    struct wlk_warning warning;
};

/* Fills out, WLK_DESK_KEPT_MAX of them, the rest with zeros; returns how many there are. */
size_t wlk_desk_keep(const struct wlk_desk *desk, struct wlk_desk_kept out[]);

/* Right after open. A text waits on, unseen, until the machine tells of the same event or of a
 * launch within a minute again (then it asks); two hours at most. What is no text, of another
 * nature or of areas beyond area_count is counted (refused) and left out. next_number: goes
 * past all that is taken up. */
void wlk_desk_take_up(struct wlk_desk *desk, const struct wlk_desk_kept kept[], size_t count,
                      size_t area_count, uint32_t *next_number, wlk_utc now);

/* Is an object in a person's hand? */
bool wlk_desk_is_in_hand(const struct wlk_desk *desk, uint32_t object);

struct wlk_desk_counts {
    uint64_t told;         /* to be sent, by policy or by a person */
    uint64_t same_person;  /* refused: one person is not two */
    uint64_t not_proved;   /* refused: a name that nobody proved */
    uint64_t refused;      /* for another reason */
    uint64_t other_nature; /* of another nature, not taken */
    uint64_t moot;         /* an end that nobody was left to hear */
    uint64_t unheld;       /* told by itself, because no room was left to wait in */
    uint64_t withheld;     /* an end without room to wait: who is warned by persons stays so */
};

/* What happened so far. */
struct wlk_desk_counts wlk_desk_count(const struct wlk_desk *desk);

#endif
