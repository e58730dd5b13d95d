/* fusion_names.h -- a salvo as two or three nations see it and tell each other of it over a
 * poor link: do their operators mean the same missile by the same name?
 *
 * Missiles fly side by side in free flight. Each nation begins its tracks in an order of its
 * own and numbers them so; its tracks are off by an error of their own, by its radars' bias,
 * common to all of them, and by its clock. A nation tells each track when it is new (as often
 * as it takes, in order: the link is a journal) and then every 10 s, of which 3 in 10 are lost.
 * Each nation's picture is the real one (fusion/picture). SPDX-License-Identifier: Apache-2.0
 */
#ifndef WLK_PROGRAMS_STATISTICS_FUSION_NAMES_H
#define WLK_PROGRAMS_STATISTICS_FUSION_NAMES_H

#include <stdbool.h>
#include <stdint.h>

enum { WLK_NAMES_MISSILES_MAX = 18, WLK_NAMES_NATIONS_MAX = 3 };

enum wlk_names_bias {
    WLK_NAMES_NO_BIAS,
    WLK_NAMES_REGISTERED, /* 0.005 deg at 1,000 km, and said */
    WLK_NAMES_SAID,       /* 0.05 deg, and said: nobody has registered */
    WLK_NAMES_UNSAID,     /* 0.05 deg, and nobody says so */
    WLK_NAMES_BIASES
};

struct wlk_names_salvo {
    int missiles, nations;
    double spacing_m;
    enum wlk_names_bias bias;
    bool is_one_wrong; /* the second nation tells the third missile 20 km beside where it is */
    bool is_split;     /* a body comes off the first missile */
};

/* Sums over salvos; all doubles. */
struct wlk_names_cell {
    double salvos;
    double pairs, same;     /* two operators with own tracks of a missile; one name for it */
    double confused;        /* pairs of operators and missiles: one name, two missiles */
    double salvos_same;     /* salvos in which all pairs are the same at the end */
    double partners, right; /* partners' tracks; those that stand with the own one */
    double counted;         /* pictures that have as many objects as there are */
    double pictures;
    double objects, switches; /* own objects; changes of the name of one, once it had one */
    double joined, parted;    /* objects found to be one; pairings given up */
    double to_join;           /* so many partners' tracks belong to an own one */
    /* of is_one_wrong, the missile: pictures; those in which it is shown as disagreeing or as
     * two objects; those in which it is 2 km beside the truth. The others: in how many a
     * disagreement is shown */
    double wrong, wrong_shown, wrong_averaged, others, beside;
};

/* Plays one salvo to its end and adds what became of it. */
void wlk_fusion_names_play(const struct wlk_names_salvo *salvo, uint64_t number,
                           struct wlk_names_cell *cell);

#endif
