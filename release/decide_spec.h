/* decide_spec.h -- what the decision must be: the agreement as predicates, for the prover.
 *
 * Read by Frama-C only (proofs/README.md); to a compiler this file is empty. passes() is the
 * whole rule; release/decide.c is proved to let a group through exactly when it holds.
 * Written from DESIGN.md 4 and docs/formats/arrangement.md, not from decide.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RELEASE_DECIDE_SPEC_H
#define WLK_RELEASE_DECIDE_SPEC_H

#include "release/decide.h"

/* Numbers that belong together. 2^62 ns is the year 2116: no sum of times overflows. */
/*@ predicate estimate(integer type) =
      type == WLK_TYPE_LAUNCH || type == WLK_TYPE_IMPACT || type == WLK_TYPE_TRACK;

    predicate class_of(integer type, integer class) =
      (type == WLK_TYPE_LAUNCH && class == WLK_CLASS_WARN) ||
      (type == WLK_TYPE_IMPACT && class == WLK_CLASS_WARN) ||
      (type == WLK_TYPE_CANCEL && class == WLK_CLASS_WARN) ||
      (type == WLK_TYPE_TRACK && class == WLK_CLASS_TRACK) ||
      (type == WLK_TYPE_PLOT && class == WLK_CLASS_PLOT) ||
      (type == WLK_TYPE_STATUS && class == WLK_CLASS_STATUS) ||
      (type == WLK_TYPE_RECEIPT && class == WLK_CLASS_STATUS) ||
      (type == WLK_TYPE_REFUSED && class == WLK_CLASS_NOTICE);

    predicate a_time(integer ns) = 0 <= ns <= 4611686018427387904;

    predicate group_form(struct wlk_question *q, integer g) =
      (q->group[g] != 0 ==> q->signed_group[g] != 0) &&
      (q->signed_group[g] != 0 ==>
        g != 0 && (g == WLK_GROUP_BODY <==> !estimate(q->type)) &&
        WLK_UNCLASSIFIED <= q->classification[g] <= WLK_TOP_SECRET);

    predicate shown(struct wlk_question *q) =
      \exists integer g; 0 <= g < WLK_GROUP_END && q->group[g] != 0;

    predicate groups_form(struct wlk_question *q) =
      (\forall integer g; 0 <= g < WLK_GROUP_END ==> group_form(q, g)) &&
      (q->signed_group[WLK_GROUP_SHIELDED] != 0 ==>
        q->signed_group[WLK_GROUP_COARSE] == 0 && q->signed_group[WLK_GROUP_FINE] == 0);

    predicate form(struct wlk_rules *r, struct wlk_question *q) =
      2 <= r->party_count <= WLK_PARTIES_MAX && r->rule_count <= WLK_RULES_MAX &&
      class_of(q->type, q->record_class) &&
      WLK_NATURE_EXERCISE <= q->nature <= WLK_NATURE_TEST && q->region <= WLK_REGION_OTHER &&
      a_time(q->time_ns) && a_time(q->now_ns) && a_time(q->valid_until_ns) &&
      a_time(q->clock_errors_ns) && q->time_ns <= q->valid_until_ns && groups_form(q);
*/

/* What a record needs whatever the clauses say. */
/*@ predicate notice(struct wlk_question *q) = q->record_class == WLK_CLASS_NOTICE;
    predicate without_clause(struct wlk_question *q) =
      notice(q) || q->record_class == WLK_CLASS_STATUS;

    predicate between_parties(struct wlk_rules *r, struct wlk_question *q) =
      q->recipient < r->party_count &&
      (q->is_from_hub != 0
         ? notice(q) || q->type == WLK_TYPE_STATUS
         : !notice(q) && q->originator < r->party_count && q->originator != q->recipient);

    predicate in_force(struct wlk_question *q) =
      q->is_in_force != 0 || (notice(q) && q->recipient == q->subject);

    predicate labelled(struct wlk_question *q) = q->releasable[q->recipient] != 0;

    predicate lineage_of_originator(struct wlk_question *q) =
      \forall integer n; 0 <= n < WLK_PARTIES_MAX ==>
        (q->lineage[n] != 0 <==> n == q->originator);
    predicate own_only(struct wlk_question *q) =
      estimate(q->type) ==> q->has_other_lineage == 0 && lineage_of_originator(q);

    predicate bilateral_plot(struct wlk_rules *r, struct wlk_question *q) =
      q->type == WLK_TYPE_PLOT ==> r->party_count == 2;

    predicate not_ahead(struct wlk_question *q) =
      q->time_ns <= q->now_ns + 1000000000 + q->clock_errors_ns;

    predicate standing(struct wlk_rules *r, struct wlk_question *q) =
      form(r, q) && between_parties(r, q) && in_force(q) && labelled(q) && own_only(q) &&
      bilateral_plot(r, q) && not_ahead(q);
*/

/* What a record that stands may be used to index with. */
/*@ predicate indexable(struct wlk_question *q) =
      q->type < WLK_TYPE_END && q->nature < WLK_NATURE_END && q->region < WLK_REGION_END &&
      q->originator < WLK_PARTIES_MAX && q->recipient < WLK_PARTIES_MAX &&
      a_time(q->time_ns) && a_time(q->now_ns);
    predicate answerable(struct wlk_rules *r, struct wlk_question *q) =
      \valid_read(r) && \valid_read(q) && r->rule_count <= WLK_RULES_MAX && indexable(q);
*/

/* One clause: c and the token left for it, or 0. */
/*@ predicate concerned(struct wlk_rule *c, struct wlk_question *q) =
      c->type[q->type] != 0 && c->from[q->originator] != 0 && c->to[q->recipient] != 0 &&
      (c->has_nature != 0 ==> c->nature[q->nature] != 0) &&
      (c->exercise != 0 ==> c->exercise == q->exercise);

    predicate caveats_named(struct wlk_rule *c, struct wlk_question *q) =
      q->has_other_caveat == 0 &&
      \forall integer i; 0 <= i < WLK_RULE_WORDS_MAX ==>
        (q->caveat[i] != 0 ==> c->has_caveat != 0 && c->caveat[i] != 0);
    predicate a_caveat_named(struct wlk_rule *c, struct wlk_question *q) =
      c->has_caveat != 0 ==>
        \exists integer i; 0 <= i < WLK_RULE_WORDS_MAX &&
          q->caveat[i] != 0 && c->caveat[i] != 0;

    predicate permits(struct wlk_rule *c, struct wlk_question *q, integer token, integer g) =
      c->is_forbid == 0 && concerned(c, q) && caveats_named(c, q) &&
      (g == WLK_GROUP_BODY || c->group[g] != 0) &&
      (c->has_region != 0 ==> q->region != 0 && c->region[q->region] != 0) &&
      (c->needs_event != 0 ==> q->is_event_open != 0) &&
      (c->has_age != 0 ==> q->now_ns - q->time_ns <= c->age_most_ns) &&
      (c->has_rate != 0 ==> token != 0) &&
      (c->class_most != 0 ==> q->classification[g] <= c->class_most);

    predicate forbids(struct wlk_rule *c, struct wlk_question *q, integer g) =
      c->is_forbid != 0 && concerned(c, q) && a_caveat_named(c, q) &&
      (c->has_region != 0 ==> q->region == 0 || c->region[q->region] != 0) &&
      (c->has_group != 0 ==> c->group[g] != 0);
*/

/* Default deny; a forbid beats any permit; order has no place in it. */
/*@ predicate permitted(struct wlk_rules *r, struct wlk_question *q, integer g) =
      \exists integer i; 0 <= i < r->rule_count && permits(&r->rule[i], q, q->token[i], g);
    predicate forbidden(struct wlk_rules *r, struct wlk_question *q, integer g) =
      \exists integer i; 0 <= i < r->rule_count && forbids(&r->rule[i], q, g);

    predicate allowed(struct wlk_rules *r, struct wlk_question *q, integer g) =
      q->group[g] != 0 &&
      (without_clause(q) || (permitted(r, q, g) && !forbidden(r, q, g)));
    predicate passes(struct wlk_rules *r, struct wlk_question *q, integer g) =
      standing(r, q) && allowed(r, q, g);
*/

/* What a verdict says beside the groups: all, some or none; the permits that let one through,
 * which lose a token; the clause that is its reason. */
/*@ predicate kind_of(struct wlk_rules *r, struct wlk_question *q, integer kind) =
      (kind == WLK_REFUSE || kind == WLK_TRIM || kind == WLK_PASS) &&
      (kind == WLK_REFUSE <==>
        \forall integer g; 0 <= g < WLK_GROUP_END ==> !allowed(r, q, g)) &&
      (kind != WLK_REFUSE ==> (kind == WLK_PASS <==>
        \forall integer g; 0 <= g < WLK_GROUP_END ==> q->group[g] != 0 ==> allowed(r, q, g)));

    predicate spent(struct wlk_rules *r, struct wlk_question *q, integer i) =
      0 <= i < r->rule_count && !without_clause(q) &&
      \exists integer g; 0 <= g < WLK_GROUP_END && allowed(r, q, g) &&
        permits(&r->rule[i], q, q->token[i], g);

    predicate named(struct wlk_rules *r, integer kind, integer reason, integer rule) =
      reason == WLK_BECAUSE_CLAUSE ==>
        rule < r->rule_count && (kind == WLK_REFUSE <==> r->rule[rule].is_forbid != 0);
*/

#endif
