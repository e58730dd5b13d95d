/* record_cases.c -- every record of some journals, samples of every type, and damaged ones of
 * both, each with the key that must have signed it and our verdict: what the foreign verifiers
 * are asked (make verifiers).
 *
 *     record_cases MUTANTS OWNER JOURNAL [OWNER JOURNAL]...
 *
 * Written, for each: one byte, 1 accepted or 0; 32 bytes of key; the size in four bytes,
 * big-endian; the record.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"
#include "base/words.h"
#include "exchange/journal.h"
#include "exchange/standing.h"
#include "record/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STORE_SIZE = 64 << 20, RECORDS_MAX = 65536, ROOM = WLK_RECORD_SIZE_MAX + 64,
       SAMPLES = 400 };

struct kept {
    const uint8_t *bytes;
    size_t size;
    const uint8_t *key;
};

static uint8_t store[STORE_SIZE];
static size_t stored;
static struct kept kept[RECORDS_MAX];
static size_t kept_count;
static struct wlk_arrangement arrangement[WLK_ARRANGEMENTS_MAX];
static wlk_digest digest[WLK_ARRANGEMENTS_MAX];
static size_t arrangement_count;

static int complain(const char *words, const struct wlk_fault *fault)
{
    char line[512] = "";
    wlk_fault_line(fault, line, sizeof line);
    fprintf(stderr, "record_cases: %s: %s\n", words, line);
    return 1;
}

static bool is_accepted(const uint8_t *bytes, size_t size, const struct wlk_public_key *key)
{
    struct wlk_claim claim;
    static struct wlk_record verified;
    return wlk_claim_decode(bytes, size, &claim, NULL) == WLK_OK &&
           wlk_record_verify(&claim, key, &verified) == WLK_OK;
}

static void write_case(const uint8_t *bytes, size_t size, const uint8_t key_bytes[32])
{
    struct wlk_public_key key;
    bool is_ours = wlk_public_key_read(key_bytes, &key) == WLK_OK &&
                   is_accepted(bytes, size, &key);
    const uint8_t length[] = {(uint8_t)(size >> 24), (uint8_t)(size >> 16),
                              (uint8_t)(size >> 8), (uint8_t)size};
    if (putchar(is_ours) == EOF || fwrite(key_bytes, 1, 32, stdout) != 32 ||
        fwrite(length, 1, 4, stdout) != 4 || fwrite(bytes, 1, size, stdout) != size)
        exit(1);
}

static void read_arrangements(struct wlk_journal *journal)
{
    uint8_t kind;
    const uint8_t *bytes;
    size_t size;
    for (size_t i = 0; wlk_journal_statement_at(journal, i, &kind, &bytes, &size) == WLK_OK;
         i++) {
        if (kind != WLK_STATEMENT_BUNDLE || arrangement_count == WLK_ARRANGEMENTS_MAX ||
            wlk_force_peek(bytes, size, &arrangement[arrangement_count], NULL) != WLK_OK)
            continue;
        digest[arrangement_count] = wlk_arrangement_digest(&arrangement[arrangement_count]);
        arrangement_count++;
    }
}

static const struct wlk_public_key *find_key(const struct wlk_claim *claim)
{
    for (size_t i = 0; i < arrangement_count; i++)
        if (wlk_digest_equal(&digest[i], &claim->header.arrangement))
            return wlk_arrangement_key_of(&arrangement[i], claim);
    return NULL;
}

static void read_records(struct wlk_journal *journal)
{
    struct wlk_journal_row row = {.row = 0};
    while (wlk_journal_since(journal, row.row, 0, &row) == WLK_OK) {
        struct wlk_claim claim;
        const struct wlk_public_key *key =
            wlk_claim_decode(row.bytes, row.size, &claim, NULL) == WLK_OK ? find_key(&claim)
                                                                          : NULL;
        if (!key || kept_count == RECORDS_MAX || stored + row.size > STORE_SIZE)
            continue;
        memcpy(store + stored, row.bytes, row.size);
        kept[kept_count++] = (struct kept){store + stored, row.size, key->bytes};
        stored += row.size;
    }
}

/* What journals have not: records of every type, with all that may stand in them. */
static void make_samples(struct wlk_random *random)
{
    static const uint8_t seed[WLK_SEED_SIZE] = {20};
    static struct wlk_secret_key key;
    wlk_key_from_seed(seed, &key);
    for (unsigned i = 0; i < SAMPLES && kept_count < RECORDS_MAX; i++) {
        struct wlk_sample sample;
        struct wlk_sealed sealed;
        wlk_sample_make(random, (enum wlk_type)(1 + i / 8 % (WLK_TYPE_END - 1)), &sample);
        struct wlk_sealing what = wlk_sample_sealing(&sample);
        if (wlk_seal(&what, &key, store + stored, STORE_SIZE - stored, &sealed) != WLK_OK)
            continue;
        kept[kept_count++] =
            (struct kept){store + stored, sealed.size, key.public_key.bytes};
        stored += sealed.size;
    }
}

static size_t any(struct wlk_random *random, size_t below)
{
    return (size_t)wlk_random_below(random, below);
}

/* Puts count bytes at place, moving what stands behind. */
static size_t insert(uint8_t *bytes, size_t size, size_t place, size_t count)
{
    memmove(bytes + place + count, bytes + place, size - place);
    return size + count;
}

/* A string head of one length byte, 58 LL, written with two: 59 00 LL. */
static size_t lengthen_head(uint8_t *bytes, size_t size, size_t from)
{
    for (size_t i = from; i + 1 < size; i++)
        if (bytes[i] == 0x58 || bytes[i] == 0x78) {
            size = insert(bytes, size, i + 1, 1);
            bytes[i]++;
            bytes[i + 1] = 0;
            return size;
        }
    return size;
}

static size_t damage(struct wlk_random *random, const struct kept *from, uint8_t *bytes)
{
    size_t size = from->size, at = any(random, size);
    const struct kept *other = &kept[any(random, kept_count)];
    memcpy(bytes, from->bytes, size);
    switch (any(random, 8)) {
    case 0:
        bytes[at] ^= (uint8_t)(1u << any(random, 8));
        return size;
    case 1:
        bytes[at] = (uint8_t)any(random, 256);
        return size;
    case 2:
        size = insert(bytes, size, at, 1);
        bytes[at] = (uint8_t)any(random, 256);
        return size;
    case 3:
        memmove(bytes + at, bytes + at + 1, size - at - 1);
        return size - 1;
    case 4:
        return at;
    case 5:
        return lengthen_head(bytes, size, any(random, 2) ? 0 : at);
    case 6: /* the end of another record behind the beginning of this one */
        at = at < other->size ? at : other->size;
        memcpy(bytes + at, other->bytes + at, other->size - at);
        return other->size;
    default: { /* some groups withheld: still a record */
        struct wlk_claim claim;
        bool withheld[WLK_GROUPS_MAX] = {any(random, 2), any(random, 2)};
        if (wlk_claim_decode(from->bytes, from->size, &claim, NULL) != WLK_OK ||
            wlk_record_withhold(&claim, withheld, bytes, ROOM, &size) != WLK_OK)
            return from->size;
        return size;
    }
    }
}

int main(int count, char **words)
{
    static uint8_t bytes[ROOM];
    int64_t mutants = 0;
    struct wlk_fault fault = {0};
    struct wlk_random random = wlk_random_seeded(20261126, 3);
    if (count < 4 || count % 2 || wlk_word_integer(words[1], 0, 100000000, &mutants) != WLK_OK)
        return complain("usage: record_cases MUTANTS OWNER JOURNAL...", &fault);
    if (wlk_seal_init() != WLK_OK)
        return complain("no libraries", &fault);
    for (int i = 2; i < count; i += 2) {
        struct wlk_journal *journal;
        wlk_name owner;
        if (wlk_name_parse(words[i], &owner) != WLK_OK ||
            wlk_journal_open(words[i + 1], owner, &journal, &fault) != WLK_OK)
            return complain(words[i + 1], &fault);
        read_arrangements(journal);
        read_records(journal);
        wlk_journal_close(journal);
    }
    if (kept_count == 0)
        return complain("no records", &fault);
    make_samples(&random);
    for (size_t i = 0; i < kept_count; i++)
        write_case(kept[i].bytes, kept[i].size, kept[i].key);
    for (int64_t i = 0; i < mutants; i++) {
        const struct kept *from = &kept[any(&random, kept_count)];
        write_case(bytes, damage(&random, from, bytes), from->key);
    }
    fprintf(stderr, "%zu records, %lld damaged\n", kept_count, (long long)mutants);
    return 0;
}
