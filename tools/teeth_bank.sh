#!/bin/sh
# teeth_bank.sh -- plants the defects of tools/teeth/bank.txt, one after the other, in each of
# two copies of the tree, and expects the named test to turn red for each: a test that cannot
# fail is a defect. The order is the same each time. Where time ends before the bank, what was
# not tried counts as skipped; that each expression meets a line is always looked at, of all.
# The last line is "N passed, N failed[, N skipped]".
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
started=$(date +%s)
tab=$(printf '\t')

# Sources and build folder with their times, so that ninja has nothing to do.
copy_tree() { # TREE
    mkdir "$1"
    { git ls-files -z --cached --others --exclude-standard 2>/dev/null ||
        find . -type f -not -path './build*' -not -path './.git/*' -printf '%P\0'; } |
        xargs -0 cp -a --parents -t "$1"
    cp -a "$build" "$1/build"
}

say() { # IS_WRONG NAME WORDS
    if [ -z "$1" ]; then
        echo "ok   $2: $3"
    else
        echo "FAIL $2: $1 ($3)"
    fi | tee -a "$work/said"
}

# Plants one, builds the test, runs it, takes the defect out again.
plant() { # TREE NAME FILE TEST EXPRESSION
    out=$1.out
    cp -p "$1/$3" "$1.kept"
    sed -i -E "$5" "$1/$3"
    wrong=
    words="$4"
    if ! ninja -C "$1/build" "$4" >"$out" 2>&1 </dev/null; then
        wrong="it does not compile: $(grep -m 1 'error:' "$out" || tail -n 1 "$out")"
    elif WARNLINK_SOURCE=$1 timeout -k 5 120 "$1/build/$4" >"$out" 2>&1 </dev/null; then
        wrong="the test stays green"
    else
        words="$4 says: $(grep -m 1 '^not ok' "$out" || tail -n 1 "$out")"
    fi
    say "$wrong" "$2" "$words"
    cp "$1.kept" "$1/$3" # with a new time: the next build must see it
}

# The defects of each test that the other tree has not taken: no test runs twice at once.
plant_all() { # TREE
    copy_tree "$1"
    mine=
    while IFS="$tab" read -r name file test expression; do
        [ $(($(date +%s) - started)) -lt "$seconds" ] || break
        if [ "$test" != "$mine" ]; then
            mkdir "$work/taken.$(echo "$test" | tr / .)" 2>/dev/null || continue
            mine=$test
        fi
        plant "$1" "$name" "$file" "$test" "$expression"
    done <"$work/list"
}

# One a line, by test, then file: what is compiled for one serves the next.
awk -v only="$only" '$1 == "defect" { name = $2; line = $2 "\t" $3 "\t" $4; next }
    line && (!only || name == only) { sub(/^ +/, ""); print line "\t" $0 }
    { line = "" }' tools/teeth/bank.txt | sort -s -t "$tab" -k 3,3 -k 2,2 >"$work/all"
while IFS="$tab" read -r name file test expression; do
    if [ -f "$file" ] && ! sed -E "$expression" "$file" | cmp -s - "$file"; then
        printf '%s\t%s\t%s\t%s\n' "$name" "$file" "$test" "$expression"
    else
        say "nothing was planted: the expression meets no line of $file" "$name" "$test" >&2
    fi
done <"$work/all" >"$work/list"
[ -n "$only" ] || [ "$(wc -l <"$work/all")" -ge 40 ] || say "a small bank" "bank" "at least 40"

if [ -z "$only" ]; then
    plant_all "$work/one" &
else
    true & # one defect needs one tree
fi
plant_all "$work/two"
wait $! || say "it ended early" "the first tree" "its words above"

passed=$(grep -c '^ok' "$work/said" || true)
failed=$(grep -c '^FAIL' "$work/said" || true)
skipped=$(($(wc -l <"$work/all") - passed - failed))
[ -s "$work/all" ] || failed=1
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
