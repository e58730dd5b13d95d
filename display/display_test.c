/* display_test.c -- JSON that no text can break, a feed that loses nothing it may not lose,
 * alarms that are few and are answered, passwords.
 * SPDX-License-Identifier: Apache-2.0 */
#include "display/alarms.h"
#include "display/feed.h"
#include "display/operators.h"

#include "base/tap.h"

#include <crypt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static wlk_utc at(double seconds)
{
    return wlk_utc_add((wlk_utc){INT64_C(1795392000000000000)}, seconds);
}

static void must(wlk_status status)
{
    if (status != WLK_OK)
        exit(1);
}

/* ---- JSON ---------------------------------------------------------------------------- */

static void check_json(void)
{
    static const char *const hostile[] = {
        "<script>alert(1)</script>", "\"},{\"", "\\u003c\\", "a\nb\r\tc", "\x01\x1f\x7f",
        "\xff\xfe", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe6\x97",
        "\xe2\x80\xa8", "&amp;", "日本 한국", "\xf0\x9f\x9a\x80"};
    char bytes[512];
    size_t wrong = 0, raw = 0;
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        struct wlk_json json;
        json_error_t error;
        wlk_json_start(&json, bytes, sizeof bytes);
        wlk_json_open(&json, NULL, '{');
        wlk_json_text(&json, "a", hostile[i]);
        wlk_json_number(&json, "b", 1.0 / 0.0, 3);
        wlk_json_time(&json, "t", at(0.0015));
        wlk_json_close(&json, '}');
        json_t *read = json_loads(bytes, JSON_REJECT_DUPLICATES, &error);
        wrong += !read || json_object_size(read) != 3 ||
                 !json_is_null(json_object_get(read, "b")) || json.is_full;
        raw += strpbrk(bytes, "<>&\n\r") != NULL;
        json_decref(read);
    }
    wlk_check(wrong == 0, "whatever a text holds, one member comes out of it");
    wlk_check(raw == 0, "no text brings markup or a line end into an event");
    size_t cut = 0;
    for (size_t room = 1; room < 40; room++) {
        struct wlk_json json;
        memset(bytes, 'x', sizeof bytes);
        wlk_json_start(&json, bytes, room);
        wlk_json_open(&json, NULL, '{');
        wlk_json_text(&json, "member", "twelve bytes and more, too many");
        wlk_json_close(&json, '}');
        cut += !json.is_full || strlen(bytes) >= room || bytes[room] != 'x';
    }
    wlk_check(cut == 0, "what does not fit is told, and writes nothing beyond its room");
}

/* ---- the feed ------------------------------------------------------------------------ */

static size_t count_from(const struct wlk_feed *feed, uint64_t after, const char *kind)
{
    struct wlk_feed_event event;
    char wanted[64];
    size_t count = 0;
    snprintf(wanted, sizeof wanted, "\nevent: %s\n", kind);
    while (wlk_feed_next(feed, after, &event)) {
        count += memmem(event.frame, event.size, wanted, strlen(wanted)) != NULL;
        after = event.id;
    }
    return count;
}

static void check_feed(void)
{
    struct wlk_feed *feed = NULL;
    struct wlk_feed_event event = {0};
    if (wlk_feed_open(100, &feed) != WLK_OK)
        exit(1);
    wlk_check(!wlk_feed_next(feed, 0, &event) && wlk_feed_newest(feed) == 99,
                  "an empty feed has no event");
    for (int i = 0; i < 50; i++) {
        must(wlk_feed_add(feed, WLK_FEED_NEWEST, "picture", "{\"p\":1}"));
        must(wlk_feed_add(feed, WLK_FEED_KEPT, "entry", "{\"e\":1}"));
    }
    wlk_check(count_from(feed, 0, "entry") == 50 && count_from(feed, 0, "picture") == 1,
                  "all that happened is there, and of states only the newest");
    wlk_check(count_from(feed, 149, "entry") == 25,
                  "after a number come exactly the events behind it");
    wlk_check(wlk_feed_find(feed, 100, &event) && event.id == 100 &&
                      !wlk_feed_find(feed, 99, &event),
                  "an event being sent is found, counting or not");
    char *large = malloc(WLK_FEED_TEXT_MAX + 2);
    memset(large, 'x', WLK_FEED_TEXT_MAX + 1);
    large[WLK_FEED_TEXT_MAX + 1] = 0;
    wlk_check(wlk_feed_add(feed, WLK_FEED_KEPT, "entry", large) == WLK_FULL,
                  "an event that is too long is refused");
    large[WLK_FEED_TEXT_MAX] = 0;
    size_t wrong = 0;
    uint64_t first = wlk_feed_newest(feed);
    for (size_t i = 0; i < 120; i++) { /* many times round, long and short ones mixed */
        size_t length = 1000 + i * 777773 % 1000000;
        large[length] = 0;
        wrong += wlk_feed_add(feed, WLK_FEED_KEPT, "entry", large) != WLK_OK;
        large[length] = 'x';
        uint64_t after = 0;
        while (wlk_feed_next(feed, after, &event)) {
            char head[32];
            int size = snprintf(head, sizeof head, "id: %llu\n", (unsigned long long)event.id);
            wrong += strncmp(event.frame, head, (size_t)size) != 0 || event.id <= after ||
                     memcmp(event.frame + event.size - 2, "\n\n", 2) != 0;
            after = event.id;
        }
        wrong += after != wlk_feed_newest(feed);
    }
    wlk_check(wrong == 0, "round and round its memory, each event that stands is whole");
    wlk_check(wlk_feed_is_lost(feed, first) && !wlk_feed_is_lost(feed, first + 119),
                  "who stopped before what has given way is told so, others are not");
    free(large);
    wlk_feed_close(feed);
}

/* ---- alarms -------------------------------------------------------------------------- */

static struct wlk_alarms alarms;

static size_t unacknowledged(void)
{
    size_t count = 0;
    for (size_t i = 0; i < alarms.count; i++)
        count += !alarms.alarm[i].is_acknowledged;
    return count;
}

static void check_salvo(void)
{
    memset(&alarms, 0, sizeof alarms);
    for (uint32_t i = 1; i <= 30; i++)
        wlk_alarms_launch(&alarms, i, at(i / 3.0));
    wlk_check(alarms.count == 1 && alarms.alarm[0].object_count == 30 &&
                      unacknowledged() == 1,
                  "thirty launches in ten seconds are one alarm that counts thirty");
    wlk_check(wlk_alarms_acknowledge(&alarms, 1, "Sato", at(20)) == WLK_OK &&
                      unacknowledged() == 0 && alarms.count == 1,
                  "an acknowledged alarm stands, quietly");
    wlk_check(wlk_alarms_acknowledge(&alarms, 1, "Kim", at(21)) == WLK_STALE &&
                      strcmp(alarms.alarm[0].by, "Sato") == 0,
                  "who answers second changes nothing");
    wlk_alarms_warning(&alarms, 7, "LAUNCH", false, at(22));
    wlk_check(unacknowledged() == 0, "a warning that is no worse does not ask again");
    wlk_alarms_warning(&alarms, 7, "TAKE_COVER", true, at(23));
    wlk_check(unacknowledged() == 1, "a worse warning asks again");
    must(wlk_alarms_acknowledge(&alarms, 1, "Sato", at(24)));
    wlk_alarms_launch(&alarms, 31, at(60));
    wlk_check(alarms.count == 1 && unacknowledged() == 1,
                  "one more launch of the salvo asks again");
    wlk_alarms_launch(&alarms, 32, at(400));
    wlk_check(alarms.count == 2, "a launch much later is an alarm of its own");
    for (uint32_t i = 1; i <= 31; i++)
        wlk_alarms_ended(&alarms, i, at(500));
    wlk_check(alarms.count == 2 && alarms.alarm[0].is_gone,
                  "an alarm whose cause is gone waits for a person");
    must(wlk_alarms_acknowledge(&alarms, 1, "Sato", at(501)));
    wlk_check(alarms.count == 1 && alarms.alarm[0].object[0] == 32,
                  "and leaves when it is acknowledged");
}

static void check_causes(void)
{
    memset(&alarms, 0, sizeof alarms);
    wlk_alarms_raise(&alarms, WLK_ALARM_PARTNER, "KR", "", false, at(0));
    wlk_alarms_raise(&alarms, WLK_ALARM_PARTNER, "KR", "", false, at(1));
    wlk_check(alarms.count == 1 && alarms.raised == 1, "the same cause is one alarm");
    must(wlk_alarms_acknowledge(&alarms, 1, "Sato", at(2)));
    wlk_alarms_clear(&alarms, WLK_ALARM_PARTNER, "KR", at(3));
    wlk_check(alarms.count == 0, "a cause that is gone takes its answered alarm along");
    wlk_alarms_raise(&alarms, WLK_ALARM_PARTNER, "KR", "", false, at(4));
    wlk_alarms_clear(&alarms, WLK_ALARM_PARTNER, "KR", at(5));
    wlk_alarms_raise(&alarms, WLK_ALARM_PARTNER, "KR", "", false, at(6));
    wlk_check(alarms.count == 1 && !alarms.alarm[0].is_gone && unacknowledged() == 1,
                  "one that comes back is the same alarm, not answered");
    for (int i = 0; i < 3 * WLK_ALARMS_MAX; i++) {
        char key[WLK_NAME_SIZE];
        snprintf(key, sizeof key, "K%d", i);
        if (i == 5)
            wlk_alarms_launch(&alarms, 1, at(7));
        wlk_alarms_raise(&alarms, WLK_ALARM_EXCHANGE, key, "日本日本", false, at(8 + i));
    }
    size_t launches = 0;
    for (size_t i = 0; i < alarms.count; i++)
        launches += alarms.alarm[i].kind == WLK_ALARM_LAUNCH;
    wlk_check(alarms.count == WLK_ALARMS_MAX && launches == 1 && alarms.dropped > 0,
                  "a flood of small alarms is bounded, counted, and never drops a launch");
    static char bytes[65536];
    struct wlk_json json;
    json_error_t error;
    wlk_json_start(&json, bytes, sizeof bytes);
    wlk_alarms_show(&alarms, &json);
    json_t *read = json_loads(bytes, 0, &error);
    wlk_check(json_array_size(json_object_get(read, "alarms")) == WLK_ALARMS_MAX,
                  "all that stand are shown");
    json_decref(read);
}

/* ---- operators ----------------------------------------------------------------------- */

static void check_operators(void)
{
    static struct wlk_operators operators;
    static struct crypt_data work;
    char text[512];
    struct wlk_fault fault = {0};
    const char *hash = crypt_r("correct horse", "$6$saltsalt$", &work);
    snprintf(text, sizeof text, "# who may act\noperator \"佐藤 花子\" %s\n", hash);
    wlk_check(wlk_operators_parse("o", text, &operators, &fault) == WLK_OK &&
                      operators.count == 1,
                  "an account file is read");
    wlk_check(wlk_operators_check(&operators, "佐藤 花子", "correct horse"),
                  "the right password is taken");
    wlk_check(!wlk_operators_check(&operators, "佐藤 花子", "correct hors") &&
                      !wlk_operators_check(&operators, "佐藤 花子", "") &&
                      !wlk_operators_check(&operators, "nobody", "correct horse"),
                  "a wrong one, none, and another name are not");
    static const char *const bad[] = {"operator A\n", "operator A plaintext\n",
                                      "user A $6$x$y\n", "operator \" A\" certificate\n",
                                      "operator \"A\xff\" certificate\n",
                                      "operator A certificates\n",
                                      "operator \"\" $6$saltsalt$abc\n"};
    size_t taken = 0;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        taken += wlk_operators_parse("o", bad[i], &operators, &fault) == WLK_OK;
    wlk_check(taken == 0 && operators.count == 1,
                  "a password in clear, or another statement, is refused; nothing is changed");
}

int main(void)
{
    check_json();
    check_feed();
    check_salvo();
    check_causes();
    check_operators();
    return wlk_tap_done();
}
