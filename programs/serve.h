/* serve.h -- a node's display: what the nation knows, as events for the page, and what people
 * do at it, as acts of the node.
 *
 *   nation --picture, entries, warnings--> serve --JSON--> display/feed --> display/server
 *   display/server --commands--> serve --> alarms, journal, receipts, release of warnings
 *
 * A second nation runs here on own radars alone, without an exchange: what sharing changes is
 * the difference of the two. Everything shown is also written to a file, line by line
 * (docs/display.md), which `warnlink serve` shows again.
 * Read by: programs/node.c. Held by: serve_test.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_SERVE_H
#define WLK_PROGRAMS_SERVE_H

#include "programs/nation.h"
#include "programs/node_config.h"
#include "programs/pedigree.h"

struct wlk_serve;

struct wlk_serve_options {
    const struct wlk_node_config *config; /* must outlive it */
    const struct wlk_sites *sites;        /* must outlive it */
    const struct wlk_references *known_view; /* must outlive it; NULL: none */
    struct wlk_nation *nation;            /* stays the caller's, as all below */
    struct wlk_journal *journal;          /* acts of people are noted there */
    const struct wlk_pedigree *pedigree;
    const struct wlk_secret_key *key;     /* the second nation signs nothing with it */
    const struct wlk_roots *roots;
    struct wlk_moment now;
};

/* WLK_IO, WLK_BAD_INPUT: fault says what (port taken, page or account file unreadable). */
wlk_status wlk_serve_open(const struct wlk_serve_options *options, struct wlk_serve **out,
                          struct wlk_fault *fault) WLK_MUST_USE;

/* Below, NULL is a node without a display: nothing happens. */
void wlk_serve_close(struct wlk_serve *serve);

/* To be polled for POLLIN; -1 without a display. */
int wlk_serve_descriptor(const struct wlk_serve *serve);
int wlk_serve_port(const struct wlk_serve *serve);

/* A datagram of an own sensor, after the nation has had it. */
void wlk_serve_datagram(struct wlk_serve *serve, const uint8_t *bytes, size_t size,
                        struct wlk_moment now);

/* What the nation said, before its next call. True: the warning is to be sent, with what the
 * desk (warning/desk.h) has put into it; false: it waits for a person, or nobody is left to
 * hear it. */
void wlk_serve_entry(struct wlk_serve *serve, const struct wlk_entry *entry);
bool wlk_serve_warning(struct wlk_serve *serve, struct wlk_warning *warning);

/* A warning that has been released or made by a person since. False: none. */
bool wlk_serve_released(struct wlk_serve *serve, struct wlk_warning *out);

/* Shows what is new, serves the pages, does what people asked for. Once a turn of the loop.
 * True: it is not through, call again soon. */
bool wlk_serve_turn(struct wlk_serve *serve, struct wlk_moment now);

#endif
