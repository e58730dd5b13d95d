/* cbor_check.c -- is a string of bytes one deterministic item? One pass, whatever it means.
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/cbor.h"

#include "base/assert.h"
#include "base/limits.h"

/* One open array or map while bytes are checked. */
struct level {
    uint64_t left; /* items (in a map: keys and values) still to come */
    bool is_map;
    bool has_last; /* a key was read: the next must be greater */
    uint64_t last_key;
};

struct check {
    struct wlk_cbor_reader reader;
    struct level level[WLK_RECORD_DEPTH_MAX];
    size_t depth;
    bool is_tagged; /* the item before this one was tag 18 */
    int tag18_at_depth;
};

static wlk_status broken(struct check *check, const char *rule)
{
    check->reader.rule = rule;
    return WLK_BAD_INPUT;
}

static size_t bytes_left(const struct check *check)
{
    return check->reader.from.size - check->reader.from.at;
}

/* Keys and values alternate, so an even number left means that a key is next. */
static bool is_at_key(const struct check *check)
{
    if (check->depth == 0)
        return false;
    const struct level *level = &check->level[check->depth - 1];
    return level->is_map && level->left % 2 == 0;
}

/* A map key: an unsigned number greater than the one before. */
static wlk_status check_key(struct check *check, const struct wlk_cbor_head *head)
{
    struct level *level = &check->level[check->depth - 1];
    if (head->major != WLK_CBOR_UINT)
        return broken(check, "keys are unsigned numbers");
    if (level->has_last && head->value == level->last_key)
        return broken(check, "no key twice");
    if (level->has_last && head->value < level->last_key)
        return broken(check, "keys ascending");
    level->has_last = true;
    level->last_key = head->value;
    return WLK_OK;
}

/* A byte or text string. */
static wlk_status check_string(struct check *check, const struct wlk_cbor_head *head)
{
    struct wlk_reader *from = &check->reader.from;
    if (head->value > bytes_left(check) - head->size)
        return broken(check, "bytes end early");
    if (head->major == WLK_CBOR_TEXT &&
        !wlk_cbor_is_clean_text(from->bytes + from->at + head->size, (size_t)head->value))
        return broken(check, "clean UTF-8 text");
    from->at += head->size + (size_t)head->value;
    return WLK_OK;
}

/* Opens an array or map; an empty one is closed at once by the caller. */
static wlk_status check_open(struct check *check, const struct wlk_cbor_head *head)
{
    size_t room = bytes_left(check) - head->size;
    bool is_map = head->major == WLK_CBOR_MAP;
    /* Each item takes a byte at least, so a length that is a lie is found before any work. */
    if (head->value > (is_map ? room / 2 : room))
        return broken(check, "bytes end early");
    if (check->depth == WLK_RECORD_DEPTH_MAX)
        return broken(check, "nesting too deep");
    check->level[check->depth] =
        (struct level){is_map ? head->value * 2 : head->value, is_map, false, 0};
    check->depth += 1;
    check->reader.from.at += head->size;
    return WLK_OK;
}

static wlk_status check_tag(struct check *check, const struct wlk_cbor_head *head)
{
    bool is_here = check->tag18_at_depth == (int)check->depth;
    if (head->value != WLK_CBOR_COSE_SIGN1 || check->is_tagged || !is_here || is_at_key(check))
        return broken(check, "no tag but 18, and only where it belongs");
    check->reader.from.at += head->size;
    return WLK_OK;
}

static wlk_status check_number(struct check *check, const struct wlk_cbor_head *head)
{
    if (head->value > INT64_MAX)
        return broken(check, "number out of range");
    check->reader.from.at += head->size;
    return WLK_OK;
}

static wlk_status check_simple(struct check *check, const struct wlk_cbor_head *head)
{
    if (head->value < WLK_CBOR_FALSE || head->value > WLK_CBOR_NULL)
        return broken(check, "no floats, no simple values but false, true, null");
    check->reader.from.at += head->size;
    return WLK_OK;
}

/* The next item, without what is nested in it. */
static wlk_status check_item(struct check *check)
{
    struct wlk_cbor_head head;
    WLK_TRY(wlk_cbor_peek(&check->reader, &head));
    if (head.major == WLK_CBOR_TAG) {
        WLK_TRY(check_tag(check, &head));
        check->is_tagged = true;
        return WLK_OK;
    }
    check->is_tagged = false;
    if (is_at_key(check))
        WLK_TRY(check_key(check, &head));
    if (check->depth > 0)
        check->level[check->depth - 1].left -= 1;
    if (head.major == WLK_CBOR_ARRAY || head.major == WLK_CBOR_MAP)
        return check_open(check, &head);
    if (head.major == WLK_CBOR_BYTES || head.major == WLK_CBOR_TEXT)
        return check_string(check, &head);
    if (head.major == WLK_CBOR_SIMPLE)
        return check_simple(check, &head);
    return check_number(check, &head);
}

static wlk_status check_all(struct check *check, size_t *items)
{
    do {
        if (*items == 0)
            return broken(check, "too many items");
        *items -= 1;
        WLK_TRY(check_item(check));
        while (check->depth > 0 && check->level[check->depth - 1].left == 0)
            check->depth -= 1;
    } while (check->depth > 0 || check->is_tagged);
    return wlk_cbor_end(&check->reader);
}

wlk_status wlk_cbor_check(const uint8_t *bytes, size_t size, int tag18_at_depth, size_t *items,
                          struct wlk_fault *fault)
{
    struct check check = {.tag18_at_depth = tag18_at_depth};
    size_t left = *items;
    wlk_cbor_init(&check.reader, bytes, size);
    wlk_status status = check_all(&check, &left);
    if (status == WLK_OK) {
        *items = left;
        return WLK_OK;
    }
    wlk_fault_set(fault, check.reader.rule, "%s", "");
    if (fault)
        fault->offset = check.reader.from.at;
    return status;
}
