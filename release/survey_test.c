/* survey_test.c -- does the enumeration find what is wrong with an arrangement, and nothing
 * where nothing is? SPDX-License-Identifier: Apache-2.0 */
#include "release/survey.h"

#include "base/tap.h"
#include "release/sample.h"

#include <stdio.h>
#include <string.h>

static struct wlk_arrangement made;
static struct wlk_survey survey;

#define HEAD                                                                                   \
    "arrangement T version 1\nparties JP KR US hubs HON-A\n"                                   \
    "effective 2026-12-01T00:00:00Z until 2027-11-30T00:00:00Z\npurpose \"p\"\n"

static bool read(const char *text)
{
    struct wlk_fault fault = {.rule = "none"};
    if (wlk_arrangement_parse("test", text, &made, &fault) == WLK_OK)
        return true;
    wlk_note("line %zu: %s: %s", fault.line, fault.rule, fault.detail);
    return false;
}

static bool finds(bool is_fault, const char *words)
{
    for (size_t i = 0; i < survey.count; i++)
        if (survey.finding[i].is_fault == is_fault && strstr(survey.finding[i].text, words))
            return true;
    for (size_t i = 0; i < survey.count; i++)
        wlk_note("%s %s", survey.finding[i].is_fault ? "fault" : "remark",
                 survey.finding[i].text);
    return false;
}

static void expect(const char *text, bool is_fault, const char *words, const char *sentence)
{
    bool is_read = read(text);
    if (is_read)
        wlk_survey_make(&made, NULL, 0, &survey);
    wlk_check(is_read && finds(is_fault, words), "%s", sentence);
}

static void test_shipped(const char *file)
{
    bool is_read = wlk_sample_shipped(file, &made);
    wlk_survey_make(&made, NULL, 0, &survey);
    wlk_check(is_read && survey.faults == 0 && survey.passed > 100,
              "%s: %llu questions, %llu pass, none that should not (%s)", file,
              (unsigned long long)survey.asked, (unsigned long long)survey.passed,
              survey.count ? survey.finding[0].text : "-");
}

static void test_never(void)
{
    struct wlk_never never[2];
    bool is_read = wlk_sample_shipped("tmw.txt", &made);
    is_read = is_read &&
              wlk_never_parse(&made, "plot from JP to KR", &never[0], NULL) == WLK_OK &&
              wlk_never_parse(&made, "fine from any to any", &never[1], NULL) == WLK_OK;
    wlk_survey_make(&made, never, 2, &survey);
    wlk_check(is_read && survey.faults == 0,
              "no plot from JP to KR, and nothing fine from anybody to anybody");
    is_read = wlk_never_parse(&made, "launch coarse from JP to KR", &never[0], NULL) == WLK_OK;
    wlk_survey_make(&made, never, 1, &survey);
    wlk_check(is_read && finds(true, "HOLE: launch from JP to KR (real): this path must not"),
              "a path that must not exist is found where it does");
    wlk_check(wlk_never_parse(&made, "launch from JP to CN", &never[0], NULL) ==
                      WLK_BAD_INPUT &&
                  wlk_never_parse(&made, "launch JP KR", &never[0], NULL) == WLK_BAD_INPUT,
              "a path in other words is refused");
}

static void test_clauses(void)
{
    expect(HEAD "permit W1: launch from JP to KR when nature real; groups coarse\n"
                "forbid N1: launch from JP to KR, US\n",
           true, "permit W1: DEAD", "a permit that a forbid covers is dead");
    wlk_check(finds(false, "forbid N1 takes all of permit W1"), "and the forbid is named");
    expect(HEAD "permit W1: launch from JP to KR when nature real; groups coarse\n"
                "forbid N1: launch from JP to KR when region OTHER\n",
           false, "forbid N1 takes part of permit W1", "a part that a forbid takes is told");
    expect(HEAD "permit W1: launch from JP to KR when nature real; groups coarse\n"
                "permit W2: launch from JP to KR when nature real, class at most SECRET; "
                "groups coarse\n",
           false, "permit W2: nothing needs it", "a permit that says nothing new is told");
    expect(HEAD "permit W1: launch from JP to KR when nature real; groups coarse\n"
                "forbid N1: plot from JP to KR\n",
           false, "forbid N1: nothing permits this anyway",
           "a forbid of what nothing permits is a remark, no fault");
    expect(HEAD "permit W1: launch from JP to KR when nature real or exercise; groups coarse\n",
           true, "permit W1: MIXED", "one clause for real and exercise is a fault");
    expect(HEAD "permit W1: launch from JP to KR when nature real; groups coarse\n"
                "permit X1: launch from JP to KR when nature exercise; groups fine\n",
           false, "exercise gives more than real: launch fine from JP to KR",
           "an exercise that gives away more than life is told");
}

static void test_requires(void)
{
    expect(HEAD "permit W1: launch from JP to KR when nature real; groups coarse\n"
                "require R1: launch fine from JP reaches KR\n",
           true, "require R1: CANNOT HOLD, no clause lets launch fine from JP reach KR",
           "a require that no clause serves cannot hold");
    expect(HEAD "permit T1: track from JP to KR when event open, nature real; groups coarse\n"
                "require R1: track coarse from JP reaches KR\n",
           true, "it needs an open event and no launch can open one",
           "tracks of events that nobody can open cannot come");
    bool is_read = wlk_sample_shipped("tmw.txt", &made);
    for (size_t i = 0; is_read && i < made.key_count; i++)
        if (made.key[i].owner == 1 && made.key[i].use[WLK_KEY_RECORD] &&
            made.key[i].nature[WLK_NATURE_REAL])
            made.key[i].not_after.ns -= INT64_C(86400000000000);
    wlk_survey_make(&made, NULL, 0, &survey);
    wlk_check(finds(true, "CANNOT HOLD: KR has no record key for nature real at 2027-11-22"),
              "a key that ends a day before the term breaks a require at that instant");
    struct wlk_arrangement_key next = made.key[4];
    next.public_key = wlk_sample_key(50)->public_key;
    next.not_before = made.effective;
    next.not_after = made.until;
    made.key[made.key_count++] = next;
    wlk_survey_make(&made, NULL, 0, &survey);
    wlk_check(survey.faults == 0, "a second key with an overlap mends it (%s)",
              survey.count ? survey.finding[0].text : "-");
    is_read = wlk_sample_shipped("tmw.txt", &made);
    for (size_t i = 0; i < made.key_count; i++)
        if (made.key[i].owner >= WLK_PARTIES_MAX)
            made.key[i].not_before.ns += INT64_C(1000000000);
    wlk_survey_make(&made, NULL, 0, &survey);
    wlk_check(is_read && finds(true, "no hub has keys for the whole term"),
              "a hub whose keys begin a second late is found");
}

/* The decision and the second reading agree on arrangements nobody wrote. */
static void test_random(void)
{
    struct wlk_random random = wlk_random_seeded(11, 1);
    uint64_t asked = 0;
    unsigned tried = 0, wrong = 0;
    while (tried < 15) {
        wlk_sample_arrangement(&random, &made);
        if (made.party_count > 3 || made.exercise_count + made.caveat_count > 4)
            continue;
        unsigned ages = 0;
        for (size_t i = 0; i < made.clause_count; i++)
            ages += made.clause[i].age_most_s != 0;
        if (ages > 4)
            continue;
        tried++;
        wlk_survey_make(&made, NULL, 0, &survey);
        asked += survey.asked;
        for (size_t i = 0; i < survey.count; i++)
            wrong += strncmp(survey.finding[i].text, "HOLE", 4) == 0;
    }
    wlk_check(wrong == 0,
              "decision and clauses agree on %llu questions about 15 random arrangements",
              (unsigned long long)asked);
}

static void test_words(void)
{
    struct wlk_rules rules;
    struct wlk_terms terms;
    char text[WLK_TERMS_TEXT_SIZE];
    struct wlk_path_question path = {0, 1, WLK_TYPE_TRACK, WLK_NATURE_REAL, WLK_GROUP_COARSE};
    bool is_read = wlk_sample_shipped("tmw.txt", &made);
    wlk_rules_make(&made, &rules);
    wlk_terms_find(&made, &rules, &path, &terms);
    wlk_terms_words(&made, &terms, text);
    wlk_check(is_read && terms.may &&
                  strcmp(text, "up to SECRET, while an event is open, at most 50/s") == 0,
              "terms are words: %s", text);
    path.type = WLK_TYPE_LAUNCH;
    wlk_terms_find(&made, &rules, &path, &terms);
    wlk_terms_words(&made, &terms, text);
    wlk_check(strcmp(text, "up to SECRET, launches in region DPRK, no older than 600 s") == 0,
              "of launches too: %s", text);
}

int main(void)
{
    if (wlk_seal_init() != WLK_OK)
        return 1;
    test_shipped("tmw.txt");
    test_shipped("jp-us.txt");
    test_shipped("kr-us.txt");
    test_never();
    test_clauses();
    test_requires();
    test_random();
    test_words();
    return wlk_tap_done();
}
