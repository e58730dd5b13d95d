/* wording.c -- texts of warnings.
 *
 * Never "will fall" or "has passed" without track: LAUNCH and TAKE_COVER say "is expected",
 * the ends of a flight are told only by kinds that alert.c gives for what was seen.
 * SPDX-License-Identifier: Apache-2.0 */
#include "warning/wording.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { WAYS = 16, KINDS = WLK_WARNING_KIND_END };
_Static_assert((int)WLK_LANGUAGE_END == WLK_SAID_LANGUAGES, "words in each language");

static const char *const WAY[WLK_LANGUAGE_END][WAYS] = {
    {"north", "north-northeast", "northeast", "east-northeast", "east", "east-southeast",
     "southeast", "south-southeast", "south", "south-southwest", "southwest", "west-southwest",
     "west", "west-northwest", "northwest", "north-northwest"},
    {"北", "北北東", "北東", "東北東", "東", "東南東", "南東", "南南東", "南", "南南西", "南西",
     "西南西", "西", "西北西", "北西", "北北西"},
    {"북", "북북동", "북동", "동북동", "동", "동남동", "남동", "남남동", "남", "남남서", "남서",
     "서남서", "서", "서북서", "북서", "북북서"}};

static const char *const EVENT[WLK_LANGUAGE_END][KINDS] = {
    {"", "Missile launch", "Missile: take cover", "Missile passed over", "Missile impact",
     "Missile fell outside", "All clear", "Missile warning: correction"},
    {"", "ミサイル発射情報", "ミサイル:直ちに避難", "ミサイル通過情報", "ミサイル落下情報",
     "ミサイル落下情報(区域外)", "避難の呼びかけの解除", "ミサイル情報の訂正"},
    {"", "미사일 발사 경보", "미사일 공습경보", "미사일 통과 알림", "미사일 낙하 알림",
     "미사일 지역 밖 낙하 알림", "경보 해제", "미사일 경보 정정"}};

static const char *const ACTION[WLK_LANGUAGE_END][KINDS] = {
    {"",
     "Go into a building or underground now. Ships: keep watch and stay away from anything "
     "that has fallen.",
     "Take cover now: go into a building or underground, away from windows. If outdoors, lie "
     "down behind something solid and protect your head. Ships: stay clear of the place.",
     "If you find something suspicious, keep away and call the police, the fire service or the "
     "coast guard.",
     "Stay inside. Keep away from anything that has fallen and follow the authorities.",
     "If you find something suspicious, keep away and call the police, the fire service or the "
     "coast guard.",
     "You may leave shelter. Keep away from anything that has fallen.",
     "Stay sheltered and wait for the next message."},
    {"",
     "建物の中、又は地下に避難して下さい。船舶は今後の情報に留意し、落下物を認めた場合は近づか"
     "な"
     "いで下さい。",
     "直ちに避難。直ちに建物の中、又は地下に避難して下さい。屋外では物陰に身を隠すか、地面に伏"
     "せて"
     "頭部を守って下さい。船舶は付近の海域から離れて下さい。",
     "不審な物を発見した場合には、決して近寄らず、直ちに警察、消防や海上保安庁に連絡して下さい"
     "。",
     "引き続き屋内に避難して下さい。落下物には決して近寄らないで下さい。",
     "不審な物を発見した場合には、決して近寄らず、直ちに警察、消防や海上保安庁に連絡して下さい"
     "。",
     "避難の必要はなくなりました。落下物には決して近寄らないで下さい。",
     "引き続き避難し、次の情報をお待ち下さい。"},
    {"",
     "즉시 건물 안이나 지하로 대피하십시오. 선박은 추가 정보에 유의하고 낙하물에 접근하지 "
     "마십시오.",
     "즉시 지하대피시설이나 건물 안으로 대피하고 창문에서 떨어지십시오. 실외에서는 견고한 물체 "
     "뒤에 엎드려 머리를 보호하십시오. 선박은 해당 해역에서 벗어나십시오.",
     "의심스러운 물체를 발견하면 접근하지 말고 경찰, 소방 또는 해양경찰에 신고하십시오.",
     "실내에 머무르고 낙하물에 접근하지 말며 당국의 안내에 따르십시오.",
     "의심스러운 물체를 발견하면 접근하지 말고 경찰, 소방 또는 해양경찰에 신고하십시오.",
     "대피를 마쳐도 됩니다. 낙하물에는 접근하지 마십시오.",
     "계속 대피하고 다음 안내를 기다리십시오."}};

static const char *const WITHDRAWN[WLK_LANGUAGE_END] = {
    "The warning was withdrawn by those who gave it. No shelter is needed because of it.",
    "先の情報は発表元により取り消されました。この情報による避難の必要はありません。",
    "앞선 경보는 발령 기관이 취소하였습니다. 이 경보로 대피할 필요는 없습니다."};

/* Of a person; the others are told by what was seen. */
static const char *const GROUND[WLK_LANGUAGE_END][WLK_GROUND_END] = {
    {"", "It was sent by mistake. ", "There was no missile. ",
     "The missile is no danger to these areas. ", "The areas named in it were not right. ",
     "The times named in it were not right. ", "What it said is being checked. "},
    {"", "誤って発信されたものです。", "ミサイルの発射はありませんでした。",
     "ミサイルによるこれらの地域への危険はありません。", "対象地域に誤りがありました。",
     "時刻に誤りがありました。", "内容を確認中です。"},
    {"", "잘못 발송된 것입니다. ", "미사일 발사는 없었습니다. ",
     "미사일로 인한 해당 지역의 위험은 없습니다. ", "대상 지역에 오류가 있었습니다. ",
     "시각에 오류가 있었습니다. ", "내용을 확인하고 있습니다. "}};

struct text {
    char *bytes;
    size_t size, at;
};

static void say(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(struct text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int more = vsnprintf(text->bytes + text->at, text->size - text->at, format, args);
    va_end(args);
    if (more < 0)
        return;
    if ((size_t)more < text->size - text->at) {
        text->at += (size_t)more;
        return;
    }
    text->at = text->size - 1; /* full: cut back to a whole character */
    while (text->at > 0 && ((unsigned char)text->bytes[text->at - 1] & 0xc0) == 0x80)
        text->at--;
    if (text->at > 0 && (unsigned char)text->bytes[text->at - 1] >= 0xc0)
        text->at--;
    text->bytes[text->at] = 0;
}

/* "20:58 UTC (05:58 in Japan and Korea)", "5時58分頃", "5시 58분경". Both are UTC+9. */
static void say_time(struct text *text, wlk_utc time, enum wlk_language language)
{
    int64_t minute = time.ns / 60000000000;
    int utc = (int)(minute % 1440), local = (int)((minute + 540) % 1440);
    if (language == WLK_ENGLISH)
        say(text, "%02d:%02d UTC (%02d:%02d in Japan and Korea)", utc / 60, utc % 60,
            local / 60, local % 60);
    else if (language == WLK_JAPANESE)
        say(text, "%d時%d分頃", local / 60, local % 60);
    else
        say(text, "%d시 %d분경", local / 60, local % 60);
}

static const char *sea_words(const struct wlk_warning *warning, enum wlk_language language)
{
    return language == WLK_ENGLISH    ? warning->sea_en
           : language == WLK_JAPANESE ? warning->sea_ja
                                      : warning->sea_ko;
}

void wlk_wording_area(const struct wlk_warning *warning, const struct wlk_areas *areas,
                      size_t area, enum wlk_language language, char *text)
{
    static const char *const sea[WLK_LANGUAGE_END] = {"ships at sea", "周辺海域の船舶",
                                                      "인근 해상의 선박"};
    struct text out = {text, WLK_WORDING_AREA_SIZE, 0};
    const char *place = sea_words(warning, language);
    if (area != WLK_AREA_SEA) {
        const struct wlk_area *named = &areas->area[area];
        say(&out, "%s",
            language == WLK_ENGLISH    ? named->en
            : language == WLK_JAPANESE ? named->ja
                                       : named->ko);
    } else if (!warning->is_at_sea || !*place)
        say(&out, "%s", sea[language]);
    else if (language == WLK_ENGLISH)
        say(&out, "ships %s", place);
    else
        say(&out, "%s%s", place, language == WLK_JAPANESE ? "の船舶" : " 해상의 선박");
}

static void say_areas(struct text *text, const struct wlk_warning *warning,
                      const struct wlk_areas *areas, enum wlk_language language)
{
    char name[WLK_WORDING_AREA_SIZE];
    for (size_t i = 0; i < warning->area_count; i++) {
        wlk_wording_area(warning, areas, warning->area[i].area, language, name);
        say(text, "%s%s", i == 0 ? "" : language == WLK_JAPANESE ? "、" : ", ", name);
    }
}

static void say_launch(struct text *text, const struct wlk_warning *warning,
                       enum wlk_language language)
{
    static const char *const before[WLK_LANGUAGE_END] = {"A missile was launched", "", ""};
    static const char *const after[WLK_LANGUAGE_END] = {
        ". ", "、ミサイルが発射されたものとみられます。", " 미사일이 발사된 것으로 보입니다. "};
    say(text, "%s", before[language]);
    if (warning->has_launch) {
        say(text, "%s", language == WLK_ENGLISH ? " at " : "");
        say_time(text, warning->launch.time, language);
    }
    if (warning->has_heading) {
        int way = (int)lround(warning->heading_rad / (2 * WLK_PI) * WAYS) % WAYS;
        const char *towards = WAY[language][way < 0 ? way + WAYS : way];
        if (language == WLK_ENGLISH)
            say(text, " towards the %s", towards);
        else if (language == WLK_JAPANESE)
            say(text, "、%s方向へ", towards);
        else
            say(text, " %s 방향으로", towards);
    }
    say(text, "%s", after[language]);
}

static void say_place(struct text *text, const struct wlk_warning *warning,
                      enum wlk_language language)
{
    double latitude = warning->impact.point.place.latitude_rad / WLK_DEG;
    double longitude = warning->impact.point.place.longitude_rad / WLK_DEG;
    const char *words = sea_words(warning, language);
    bool is_inside = warning->is_inside_200nm;
    if (!warning->is_at_sea) {
        say(text, "%.1f%s, %.1f%s", fabs(latitude), latitude < 0 ? "S" : "N", fabs(longitude),
            longitude < 0 ? "W" : "E");
        return;
    }
    if (language == WLK_ENGLISH)
        say(text, "at sea, %s (%s 200 nautical miles of the coast)", words,
            is_inside ? "inside" : "outside");
    else if (language == WLK_JAPANESE)
        say(text, "%sの海上(沿岸から200海里の%s)", words, is_inside ? "内側" : "外側");
    else
        say(text, "%s 해상(연안 200해리 %s)", words, is_inside ? "이내" : "밖");
}

/* Where and when, in words that do not claim more than the kind. */
static void say_impact(struct text *text, const struct wlk_warning *warning,
                       enum wlk_language language)
{
    bool is_told =
        warning->kind == WLK_WARNING_IMPACTED || warning->kind == WLK_WARNING_FELL_OUTSIDE;
    if (!warning->has_impact || warning->kind == WLK_WARNING_LAUNCH ||
        warning->kind == WLK_WARNING_CORRECTION ||
        (warning->kind == WLK_WARNING_ALL_CLEAR && warning->is_final))
        return;
    if (language == WLK_ENGLISH)
        say(text, "%s",
            is_told ? "It is believed to have fallen at about "
                    : "It is expected to fall at about ");
    say_time(text, warning->impact.point.time, language);
    say(text, "%s", language == WLK_JAPANESE ? "、" : " ");
    if (language == WLK_ENGLISH && !warning->is_at_sea)
        say(text, "near ");
    say_place(text, warning, language);
    if (language == WLK_ENGLISH)
        say(text, ". ");
    else if (language == WLK_JAPANESE)
        say(text, "%s",
            is_told ? "に落下したものとみられます。" : "に落下するものとみられます。");
    else
        say(text, "%s",
            is_told ? "에 낙하한 것으로 보입니다. " : "에 낙하할 것으로 보입니다. ");
}

/* "predicted from N s of track, lost at T+x". */
static void say_basis(struct text *text, const struct wlk_warning *warning,
                      enum wlk_language language)
{
    double track_s = warning->track_s, lost_s = warning->lost_at_s;
    if (!warning->is_predicted || track_s <= 0)
        return;
    if (language == WLK_ENGLISH)
        say(text, "This is predicted from %.0f s of track, lost at T+%.0f s. ", track_s,
            lost_s);
    else if (language == WLK_JAPANESE)
        say(text, "これは%.0f秒間の航跡に基づく予測で、発射後%.0f秒に探知が途絶えています。",
            track_s, lost_s);
    else
        say(text, "이는 %.0f초간의 항적에 근거한 예측이며 발사 후 %.0f초에 탐지가 끊겼습니다. ",
            track_s, lost_s);
}

static void say_state(struct text *text, const struct wlk_warning *warning,
                      const struct wlk_areas *areas, enum wlk_language language)
{
    static const char *const passed[WLK_LANGUAGE_END] = {
        "It has passed over, as seen by track: ",
        "ミサイルは、次の地域の上空を通過したものとみられます:",
        "미사일이 다음 지역 상공을 통과한 것으로 보입니다: "};
    static const char *const lost[WLK_LANGUAGE_END] = {
        ("Its track was lost. Neither a fall nor a passage has been seen; this is being "
         "assessed. "),
        "ミサイルは探知できなくなりました。落下も通過も確認されておらず、状況を確認中です。",
        "미사일 탐지가 끊겼습니다. 낙하도 통과도 확인되지 않았으며 분석 중입니다. "};
    static const char *const twice[WLK_LANGUAGE_END] = {
        "This was a second report of a missile already warned of; that warning stands. ",
        "これは既にお知らせしたミサイルの重複した情報でした。先の情報は有効です。",
        "이미 알려 드린 미사일에 대한 중복 정보였습니다. 해당 경보는 유효합니다. "};
    static const char *const revised[WLK_LANGUAGE_END] = {
        "The earlier message is corrected. ", "先の情報を訂正します。",
        "앞선 경보를 정정합니다. "};
    static const char *const clear[WLK_LANGUAGE_END] = {
        "The warning is lifted for: ", "次の地域について、避難の呼びかけを解除します:",
        "다음 지역의 경보를 해제합니다: "};
    static const char *const area[WLK_LANGUAGE_END] = {"Area: ", "対象地域:", "대상 지역: "};
    static const char *const reason[WLK_LANGUAGE_END] = {
        "Reason: it may fly over or fall there.",
        "理由:上空を通過し、又は落下する可能性があります。",
        "이유: 해당 지역 상공을 통과하거나 낙하할 가능성이 있습니다."};
    bool is_withdrawn = warning->correction == WLK_CORRECTION_CANCELLED;
    if (warning->kind == WLK_WARNING_CORRECTION)
        say(text, "%s%s%s",
            warning->correction == WLK_CORRECTION_LOST      ? lost[language]
            : warning->correction == WLK_CORRECTION_DOUBLE  ? twice[language]
            : warning->correction == WLK_CORRECTION_REVISED ? revised[language]
                                                            : WITHDRAWN[language],
            is_withdrawn && language != WLK_JAPANESE ? " " : "",
            (unsigned)warning->ground < WLK_GROUND_END ? GROUND[language][warning->ground]
                                                       : "");
    say(text, "%s",
        warning->kind == WLK_WARNING_PASSED      ? passed[language]
        : warning->kind == WLK_WARNING_ALL_CLEAR ? clear[language]
                                                 : area[language]);
    say_areas(text, warning, areas, language);
    say(text, "%s", language == WLK_JAPANESE ? "。" : ". ");
    if (warning->kind == WLK_WARNING_LAUNCH || warning->kind == WLK_WARNING_TAKE_COVER)
        say(text, "%s", reason[language]);
}

/* A person's words, as of when they were released; those of another language rather than none:
 * who reads them may know somebody who can. */
static void say_said(struct text *text, const struct wlk_warning *warning,
                     enum wlk_language language)
{
    const char *words = warning->said[language];
    for (size_t i = 0; !*words && i < WLK_SAID_LANGUAGES; i++)
        words = warning->said[i];
    if (!*words)
        return;
    say(text, "%s", language == WLK_ENGLISH ? " The authorities say, as of " : " ");
    say_time(text, warning->said_at, language);
    say(text, "%s%s",
        language == WLK_ENGLISH    ? ": "
        : language == WLK_JAPANESE ? "現在の当局の発表:"
                                   : " 현재 당국 발표: ",
        words);
}

static void say_headline(struct text *text, const struct wlk_warning *warning,
                         const struct wlk_areas *areas, enum wlk_language language)
{
    static const char *const drill[WLK_LANGUAGE_END] = {"EXERCISE - ", "【訓練】", "[훈련] "};
    static const char *const test[WLK_LANGUAGE_END] = {"TEST - ", "【試験】", "[시험] "};
    say(text, "%s",
        warning->nature == WLK_NATURE_EXERCISE ? drill[language]
        : warning->nature == WLK_NATURE_TEST   ? test[language]
                                               : "");
    say(text, "%s: ", EVENT[language][warning->kind]);
    say_areas(text, warning, areas, language);
}

void wlk_wording_of(const struct wlk_warning *warning, const struct wlk_areas *areas,
                    enum wlk_language language, struct wlk_wording *out)
{
    memset(out, 0, sizeof *out);
    struct text headline = {out->headline, sizeof out->headline, 0};
    struct text description = {out->description, sizeof out->description, 0};
    struct text instruction = {out->instruction, sizeof out->instruction, 0};
    bool is_withdrawn = warning->kind == WLK_WARNING_CORRECTION &&
                        warning->correction == WLK_CORRECTION_CANCELLED;
    snprintf(out->event, sizeof out->event, "%s", EVENT[language][warning->kind]);
    say_headline(&headline, warning, areas, language);
    /* A person takes back or corrects what was said: it is not said once more. */
    if (!warning->is_by_person || warning->kind != WLK_WARNING_CORRECTION) {
        say_launch(&description, warning, language);
        say_impact(&description, warning, language);
        say_basis(&description, warning, language);
    }
    say_state(&description, warning, areas, language);
    say_said(&description, warning, language);
    say(&instruction, "%s",
        is_withdrawn ? WITHDRAWN[language] : ACTION[language][warning->kind]);
}
