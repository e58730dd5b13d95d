#!/bin/sh
# teeth_bank.sh -- plants the defects of tools/teeth/bank.txt, one after the other, in a copy of
# the tree, and expects the named test to turn red for each: a test that cannot fail is a
# defect. Where there is no time for all, it begins each day at another place; what was not
# tried counts as skipped. The last line is "N passed, N failed, N skipped".
# usage: tools/teeth_bank.sh BUILD [SECONDS [NAME]]
# SPDX-License-Identifier: Apache-2.0
set -eu
build=$(readlink -f "$1")
seconds=${2:-100000}
only=${3:-}
cd "$(dirname "$(readlink -f "$0")")/.."
LC_ALL=C.UTF-8
export LC_ALL
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
bank=tools/teeth/bank.txt
passed=0
failed=0
tried=0
tree=$work/tree

# Sources and build folder with their times, so that ninja has nothing to do.
mkdir "$tree"
{ git ls-files -z --cached --others --exclude-standard 2>/dev/null ||
    find . -type f -not -path './build*' -not -path './.git/*' -printf '%P\0'; } |
    xargs -0 cp -a --parents -t "$tree"
cp -a "$build" "$tree/build"
WARNLINK_SOURCE=$tree
export WARNLINK_SOURCE

say() { # IS_WRONG NAME WORDS
    if [ -z "$1" ]; then
        passed=$((passed + 1))
        echo "ok   $2: $3"
    else
        failed=$((failed + 1))
        echo "FAIL $2: $1 ($3)"
    fi
}

# Plants one, builds the test, runs it, takes the defect out again.
plant() { # NAME FILE TEST EXPRESSION
    cp -p "$tree/$2" "$work/kept"
    sed -i -E "$4" "$tree/$2"
    wrong=
    words="$3"
    if cmp -s "$tree/$2" "$work/kept"; then
        wrong="nothing was planted: the expression meets no line of $2"
    elif ! ninja -C "$tree/build" "$3" >"$work/out" 2>&1; then
        wrong="it does not compile: $(grep -m 1 'error:' "$work/out" || tail -n 1 "$work/out")"
    elif timeout -k 5 120 "$tree/build/$3" >"$work/out" 2>&1; then
        wrong="the test stays green"
    else
        words="$3 says: $(grep -m 1 '^not ok' "$work/out" || tail -n 1 "$work/out")"
    fi
    say "$wrong" "$1" "$words"
    cp "$work/kept" "$tree/$2" # with a new time: the next build must see it
}

grep -c '^defect ' "$bank" >"$work/count"
count=$(cat "$work/count")
days=$(($(date +%s) / 86400))
first=$((days * 17 % count))
[ "$seconds" -lt 100000 ] || first=0
started=$(date +%s)
# The bank from its first entry of today to the end, then from the beginning.
awk -v first="$first" '/^defect / { n++ }
    /^(defect|    )/ { print (n > first ? 1 : 2) "\t" $0 }' "$bank" >"$work/marked"
{ sed -n 's/^1\t//p' "$work/marked" && sed -n 's/^2\t//p' "$work/marked"; } >"$work/list"
while read -r _ name file test; do
    read -r expression
    [ -z "$only" ] || [ "$only" = "$name" ] || continue
    [ $(($(date +%s) - started)) -lt "$seconds" ] || break
    tried=$((tried + 1))
    plant "$name" "$file" "$test" "$expression"
done <"$work/list"

[ -n "$only" ] || [ "$count" -ge 40 ] || say "a bank of $count" "bank" "at least 40 defects"
if [ -z "$only" ] && [ "$tried" -lt "$count" ]; then
    echo "$passed passed, $failed failed, $((count - tried)) skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
