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

/* For the prover (proofs/README.md): the reader stands within its bytes, apart from the check;
 * of the innermost open array or map something is still to come. */
/*@ predicate check_holds(struct check *c) =
      \valid(c) && cbor_holds(&c->reader) && c->depth <= WLK_RECORD_DEPTH_MAX &&
      \separated(c, c->reader.from.bytes + (0 .. c->reader.from.size - 1));
    predicate same_bytes{A,B}(struct check *c) =
      \at(c->reader.from.bytes, A) == \at(c->reader.from.bytes, B) &&
      \at(c->reader.from.size, A) == \at(c->reader.from.size, B);
    predicate awaits(struct check *c) = c->depth > 0 ==> c->level[c->depth - 1].left > 0;
    predicate head_fits(struct check *c, struct wlk_cbor_head *h) =
      \valid_read(h) && \separated(h, c) && cbor_shortest(h) && h->major < 8 &&
      h->size <= c->reader.from.size - c->reader.from.at;
*/

/*@ requires \valid(check); assigns check->reader.rule; ensures \result == WLK_BAD_INPUT; */
static wlk_status broken(struct check *check, const char *rule)
{
    check->reader.rule = rule;
    return WLK_BAD_INPUT;
}

/*@ requires check_holds(check); assigns \nothing;
    ensures \result == check->reader.from.size - check->reader.from.at; */
static size_t bytes_left(const struct check *check)
{
    return check->reader.from.size - check->reader.from.at;
}

/* Keys and values alternate, so an even number left means that a key is next. */
/*@ requires check_holds(check); assigns \nothing; ensures \result ==> check->depth > 0; */
static bool is_at_key(const struct check *check)
{
    if (check->depth == 0)
        return false;
    const struct level *level = &check->level[check->depth - 1];
    return level->is_map && level->left % 2 == 0;
}

/* A map key: an unsigned number greater than the one before. */
/*@ requires check_holds(check) && check->depth > 0 && head_fits(check, head);
    assigns check->level[check->depth - 1].has_last, check->level[check->depth - 1].last_key,
            check->reader.rule;
    ensures cbor_judged(\result);
    ensures \result == WLK_OK ==> head->major == WLK_CBOR_UINT &&
            check->level[check->depth - 1].has_last &&
            check->level[check->depth - 1].last_key == head->value;
    ensures \result == WLK_OK && \old(check->level[check->depth - 1].has_last) ==>
            \old(check->level[check->depth - 1].last_key) < head->value; */
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
/*@ requires check_holds(check) && head_fits(check, head);
    assigns check->reader.from.at, check->reader.rule;
    ensures same_bytes{Pre,Post}(check) && check_holds(check) && cbor_judged(\result);
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(&check->reader);
    ensures \result != WLK_OK ==> cbor_stayed{Pre,Post}(&check->reader); */
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
/*@ requires check_holds(check) && head_fits(check, head);
    assigns check->level[0 .. WLK_RECORD_DEPTH_MAX - 1], check->depth,
            check->reader.from.at, check->reader.rule;
    ensures same_bytes{Pre,Post}(check) && check_holds(check) && cbor_judged(\result);
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(&check->reader) &&
            check->depth == \old(check->depth) + 1;
    ensures \result != WLK_OK ==> cbor_stayed{Pre,Post}(&check->reader) &&
            check->depth == \old(check->depth); */
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

/*@ requires check_holds(check) && head_fits(check, head);
    assigns check->reader.from.at, check->reader.rule;
    ensures same_bytes{Pre,Post}(check) && check_holds(check) && cbor_judged(\result);
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(&check->reader) &&
            head->value == WLK_CBOR_COSE_SIGN1 && !check->is_tagged;
    ensures \result != WLK_OK ==> cbor_stayed{Pre,Post}(&check->reader); */
static wlk_status check_tag(struct check *check, const struct wlk_cbor_head *head)
{
    bool is_here = check->tag18_at_depth == (int)check->depth;
    if (head->value != WLK_CBOR_COSE_SIGN1 || check->is_tagged || !is_here || is_at_key(check))
        return broken(check, "no tag but 18, and only where it belongs");
    check->reader.from.at += head->size;
    return WLK_OK;
}

/*@ requires check_holds(check) && head_fits(check, head);
    assigns check->reader.from.at, check->reader.rule;
    ensures same_bytes{Pre,Post}(check) && check_holds(check) && cbor_judged(\result);
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(&check->reader) &&
            head->value <= INT64_MAX;
    ensures \result != WLK_OK ==> cbor_stayed{Pre,Post}(&check->reader); */
static wlk_status check_number(struct check *check, const struct wlk_cbor_head *head)
{
    if (head->value > INT64_MAX)
        return broken(check, "number out of range");
    check->reader.from.at += head->size;
    return WLK_OK;
}

/*@ requires check_holds(check) && head_fits(check, head);
    assigns check->reader.from.at, check->reader.rule;
    ensures same_bytes{Pre,Post}(check) && check_holds(check) && cbor_judged(\result);
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(&check->reader) &&
            WLK_CBOR_FALSE <= head->value <= WLK_CBOR_NULL;
    ensures \result != WLK_OK ==> cbor_stayed{Pre,Post}(&check->reader); */
static wlk_status check_simple(struct check *check, const struct wlk_cbor_head *head)
{
    if (head->value < WLK_CBOR_FALSE || head->value > WLK_CBOR_NULL)
        return broken(check, "no floats, no simple values but false, true, null");
    check->reader.from.at += head->size;
    return WLK_OK;
}

/*@ requires check_holds(check) && awaits(check) && head_fits(check, head);
    assigns check->level[0 .. WLK_RECORD_DEPTH_MAX - 1], check->reader.rule;
    ensures same_bytes{Pre,Post}(check) && check_holds(check) && cbor_judged(\result); */
static wlk_status count_item(struct check *check, const struct wlk_cbor_head *head)
{
    if (is_at_key(check))
        WLK_TRY(check_key(check, head));
    if (check->depth > 0)
        check->level[check->depth - 1].left -= 1;
    return WLK_OK;
}

/* By its type; nothing is read of what is nested in it. */
/*@ requires check_holds(check) && head_fits(check, head) && head->major != WLK_CBOR_TAG;
    assigns check->level[0 .. WLK_RECORD_DEPTH_MAX - 1], check->depth,
            check->reader.from.at, check->reader.rule;
    ensures same_bytes{Pre,Post}(check) && check_holds(check) && cbor_judged(\result);
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(&check->reader); */
static wlk_status check_content(struct check *check, const struct wlk_cbor_head *head)
{
    if (head->major == WLK_CBOR_ARRAY || head->major == WLK_CBOR_MAP)
        return check_open(check, head);
    if (head->major == WLK_CBOR_BYTES || head->major == WLK_CBOR_TEXT)
        return check_string(check, head);
    if (head->major == WLK_CBOR_SIMPLE)
        return check_simple(check, head);
    return check_number(check, head);
}

/* The next item, without what is nested in it. */
/*@ requires check_holds(check) && awaits(check);
    assigns check->level[0 .. WLK_RECORD_DEPTH_MAX - 1], check->depth, check->is_tagged,
            check->reader.from.at, check->reader.rule;
    ensures same_bytes{Pre,Post}(check) && check_holds(check) && cbor_judged(\result);
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(&check->reader); */
static wlk_status check_item(struct check *check)
{
    struct wlk_cbor_head head;
    WLK_TRY(wlk_cbor_peek(&check->reader, &head));
    /*@ assert same_bytes{Pre,Here}(check) && check_holds(check); */
    if (head.major == WLK_CBOR_TAG) {
        WLK_TRY(check_tag(check, &head));
        /*@ assert same_bytes{Pre,Here}(check) && check_holds(check); */
        check->is_tagged = true;
        return WLK_OK;
    }
    check->is_tagged = false;
    WLK_TRY(count_item(check, &head));
    /*@ assert same_bytes{Pre,Here}(check) && check_holds(check); */
    return check_content(check, &head);
}

/*@ requires check_holds(check) && check->depth == 0 && \valid(items) &&
             \separated(items, check,
                        check->reader.from.bytes + (0 .. check->reader.from.size - 1));
    assigns *items, check->level[0 .. WLK_RECORD_DEPTH_MAX - 1], check->depth,
            check->is_tagged, check->reader.from.at, check->reader.rule;
    ensures cbor_judged(\result) && *items <= \old(*items);
    ensures \result == WLK_OK ==> check->reader.from.at == check->reader.from.size &&
            check->depth == 0; */
static wlk_status check_all(struct check *check, size_t *items)
{
    /*@ loop invariant same_bytes{Pre,Here}(check);
        loop invariant check_holds(check);
        loop invariant awaits(check);
        loop invariant 0 <= *items <= \at(*items, Pre);
        loop invariant check->reader.from.at - \at(check->reader.from.at, Pre) >=
                       \at(*items, Pre) - *items;
        loop assigns *items, check->level[0 .. WLK_RECORD_DEPTH_MAX - 1], check->depth,
                     check->is_tagged, check->reader.from.at, check->reader.rule;
        loop variant *items; */
    do {
        if (*items == 0)
            return broken(check, "too many items");
        *items -= 1;
        WLK_TRY(check_item(check));
        /*@ assert same_bytes{Pre,Here}(check) && check_holds(check); */
        /*@ loop invariant 0 <= check->depth <= WLK_RECORD_DEPTH_MAX;
            loop assigns check->depth; loop variant check->depth; */
        while (check->depth > 0 && check->level[check->depth - 1].left == 0)
            check->depth -= 1;
        /*@ assert awaits(check); */
        /*@ assert same_bytes{Pre,Here}(check) && check_holds(check); */
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
