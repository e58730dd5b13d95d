#!/bin/sh
# threats.sh -- does every threat of docs/threats.md name a test that exists? Each row ends in
# a file and words of one of its checks; the file must be part of what ./check or .ci/run runs,
# and hold the words. TAP.
# usage: tools/threats.sh [TOP]
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "${1:-$(dirname "$0")/..}"
LC_ALL=C.UTF-8
export LC_ALL
page=docs/threats.md
work=$(mktemp)
trap 'rm -f "$work"' EXIT
failures=0
number=0

verdict() { # SENTENCE: holds if nothing stands in $work
    number=$((number + 1))
    if [ -s "$work" ]; then
        failures=$((failures + 1))
        printf 'not ok %d - %s\n' "$number" "$1"
        sed 's/^/# /' "$work"
    else
        printf 'ok %d - %s\n' "$number" "$1"
    fi
}

# Is this file run? A test beside what it tests stands in its folder's meson.build.
is_run() { # FILE
    name=${1##*/}
    case $1 in
    tools/cli/*) return 0 ;; # cli_test.sh takes all of them
    tools/*) grep -q "$name" tools/meson.build .ci/run tools/faults.sh 2>/dev/null ;;
    *_test.c) grep -q -e "'${name%_test.c}'" -e "'$name'" "${1%/*}/meson.build" ;;
    *) return 1 ;;
    esac
}

: >"$work"
# Number, file and words of each row, separated by "|".
awk -F'`' '/^\| [0-9]/ {
    split($1, cell, "|")
    words = $NF
    sub(/^ "/, "", words)
    sub(/" \|$/, "", words)
    print cell[2] + 0 "|" (NF > 2 ? $(NF - 1) : "") "|" (NF > 2 ? words : "")
}' "$page" | while IFS='|' read -r n file words; do
    if [ -z "$file" ] || [ -z "$words" ]; then
        echo "threat $n names no test"
    elif [ ! -f "$file" ]; then
        echo "threat $n: $file is not there"
    elif ! grep -qF -e "$words" "$file"; then
        echo "threat $n: $file has no check with \"$words\""
    elif ! is_run "$file"; then
        echo "threat $n: nothing runs $file"
    fi
done >"$work"
verdict "each threat names a test that exists and is run"

grep -c '^| [0-9]' "$page" >"$work.count" || true
count=$(cat "$work.count")
rm -f "$work.count"
: >"$work"
[ "$count" -ge 35 ] || echo "$count" >"$work"
verdict "there are at least 35 threats"

grep '^| [0-9]' "$page" | sed 's/^| \([0-9]*\) .*/\1/' | awk '$1 != NR { print $1 }' >"$work"
verdict "they are numbered without a gap"

printf '1..%d\n' "$number"
[ "$failures" -eq 0 ]
