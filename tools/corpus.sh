#!/bin/sh
# corpus.sh -- is what the shipped arrangements let through what corpus/release/ says? A change
# of policy is a readable difference of a table, and is announced in CHANGES.md by the first
# twelve digits of the new table's SHA-256. TAP; with --update the tables are written anew, but
# only if CHANGES.md announces them.
# usage: tools/corpus.sh PATH_OF_WARNLINK [--update]
# SPDX-License-Identifier: Apache-2.0
set -eu
warnlink=$(readlink -f "$1")
cd "$(dirname "$(readlink -f "$0")")/.."
LC_ALL=C.UTF-8
export LC_ALL
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0
failures=0

holds() { # SENTENCE COMMAND...
    number=$((number + 1))
    sentence=$1
    shift
    if "$@" >"$work/out" 2>&1; then
        printf 'ok %d - %s\n' "$number" "$sentence"
    else
        failures=$((failures + 1))
        printf 'not ok %d - %s\n' "$number" "$sentence"
        head -n 20 "$work/out" | sed 's/^/# /'
    fi
}

announced() { # TABLE: CHANGES.md names the digest of its contents
    digest=$(sha256sum "$1" | cut -c 1-12)
    grep -q "corpus/release/$(basename "$1").*$digest" CHANGES.md && return 0
    echo "CHANGES.md does not say: corpus/release/$(basename "$1") is now $digest"
    return 1
}

for arrangement in arrangements/*.txt; do
    name=$(basename "$arrangement")
    table=$work/$name
    if ! "$warnlink" arrange table "$arrangement" >"$table"; then
        echo "Bail out! no table of $arrangement"
        exit 1
    fi
    if [ "${2:-}" = --update ]; then
        if cmp -s "$table" "corpus/release/$name"; then
            echo "$name stays as it is"
        elif announced "$table"; then
            mkdir -p corpus/release
            cp "$table" "corpus/release/$name"
            echo "$name is written"
        else
            failures=$((failures + 1))
        fi
        continue
    fi
    holds "what $name lets through is what corpus/release/$name says" \
        diff -u "corpus/release/$name" "$table"
    holds "CHANGES.md announces that table" announced "corpus/release/$name"
done
if [ "${2:-}" != --update ]; then
    for table in corpus/release/*.txt; do
        holds "$table is of a shipped arrangement" test -f "arrangements/$(basename "$table")"
    done
    printf '1..%d\n' "$number"
fi
[ "$failures" -eq 0 ]
