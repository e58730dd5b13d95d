/* template.h -- a generic boost: vertical rise, then an even tilt towards the target, thrust
 * acceleration that grows as propellant burns, drag. One burn stands for all stages.
 * Read by: tracking/launch.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_TEMPLATE_H
#define WLK_TRACKING_TEMPLATE_H

#include "earth/frames.h"

/* The unknowns, as offsets and logarithms so that each is about normal. */
enum wlk_template_unknown {
    WLK_TEMPLATE_EAST, /* m, of the launch from a reference place */
    WLK_TEMPLATE_NORTH,
    WLK_TEMPLATE_TIME,    /* s, of the launch from a reference time */
    WLK_TEMPLATE_AZIMUTH, /* rad, clockwise from north */
    WLK_TEMPLATE_LIFT,    /* ln of the thrust acceleration at lift-off, m/s^2 */
    WLK_TEMPLATE_GROWTH,  /* ln of the time s in which all mass would burn: a = lift / (1 - t/s)
                           */
    WLK_TEMPLATE_PITCH,   /* rad, final elevation of the thrust */
    WLK_TEMPLATE_BEND,    /* ln of how long it tilts, s */
    WLK_TEMPLATE_BURN,    /* ln of the burn time, s */
    WLK_TEMPLATE_UNKNOWNS
};

struct wlk_template {
    double unknown[WLK_TEMPLATE_UNKNOWNS];
    double burn_s; /* burn time in use; HUGE_VAL while thrusting */
};

/* A flight of a template, on its way. */
struct wlk_template_flight {
    double x[6];                     /* ECEF, m and m/s */
    double seconds;                  /* since launch */
    double east[3], north[3], up[3]; /* axes at the launch, ECEF */
    double ahead[3];                 /* horizontal, along the azimuth */
    double lift, growth_s, pitch, rise_s, bend_s, burn_s;
};

/* At rest at the launch point. */
void wlk_template_begin(const struct wlk_template *boost, wlk_geodetic reference,
                        struct wlk_template_flight *out);

/* Flies until seconds since launch; not back. Before the launch it stands still. */
void wlk_template_fly(struct wlk_template_flight *flight, double seconds);

#endif
