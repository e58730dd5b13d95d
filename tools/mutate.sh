#!/bin/sh
# mutate.sh -- every mutant of the decision against its own tests. A mutant that survives is a
# failure unless tools/mutants_equivalent.txt has it, with the reason why no test can tell it
# from the original. So is a line of that list which excuses nothing.
# usage: tools/mutate.sh
# SPDX-License-Identifier: Apache-2.0
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd -P)
cd "$top"
LC_ALL=C.UTF-8
export LC_ALL
flags="-std=c11 -D_GNU_SOURCE -I. -fsanitize=undefined -fno-sanitize-recover=all"

# One mutant: builds it, runs the examples, then, if they pass, the whole test.
if [ "${1:-}" = --one ]; then
    number=$2
    work=$3
    mutant=$work/$number
    "$work/mutate" release/decide.c "$number" >"$mutant.c"
    # shellcheck disable=SC2086 # flags are words
    if ! gcc $flags -O0 -w -c -o "$mutant.o" "$mutant.c" 2>/dev/null ||
        ! gcc $flags -o "$mutant" "$mutant.o" "$work/tests.o" -lm 2>/dev/null; then
        echo "$number unborn"
    elif ! timeout 10 "$mutant" examples >/dev/null 2>&1 ||
        ! timeout 120 "$mutant" >/dev/null 2>&1; then
        echo "$number killed"
    else
        echo "$number survived"
    fi
    rm -f "$mutant" "$mutant.c" "$mutant.o"
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gcc -std=c11 -D_GNU_SOURCE -I. -O1 -o "$work/mutate" tools/mutate.c base/assert.c
for file in release/decide_test release/decide_sample release/verdict base/tap base/random \
    base/assert; do
    # shellcheck disable=SC2086
    gcc $flags -O1 -c -o "$work/$(basename "$file").o" "$file.c"
done
ld -r -o "$work/tests.o" "$work/decide_test.o" "$work/decide_sample.o" \
    "$work/verdict.o" "$work/tap.o" "$work/random.o" "$work/assert.o"
"$work/mutate" release/decide.c >"$work/list"
cut -f 1 "$work/list" |
    xargs -P "$(nproc)" -I @NUMBER@ tools/mutate.sh --one @NUMBER@ "$work" >"$work/fates"
sort -n "$work/fates" >"$work/sorted"

# Lines of the list of equivalents: "KEY -- REASON", the key as mutate prints it.
grep -v '^#' tools/mutants_equivalent.txt | sed -n 's/ -- [^|]*$//p' | sort >"$work/excused"
grep survived "$work/sorted" | cut -d ' ' -f 1 | while read -r number; do
    awk -F "\t" -v n="$number" '$1 == n { print $2 }' "$work/list"
done | sort >"$work/survivors"
comm -23 "$work/survivors" "$work/excused" | sed 's/^/FAIL survives: /' >"$work/bad"
comm -13 "$work/survivors" "$work/excused" |
    sed 's/^/FAIL excused, but it does not survive: /' >>"$work/bad"
cat "$work/bad"
total=$(wc -l <"$work/list")
born=$(grep -vc unborn "$work/sorted" || true)
killed=$(grep -c killed "$work/sorted" || true)
lived=$(wc -l <"$work/survivors")
echo "$total mutants: $((total - born)) do not compile, $killed killed, $lived survive"
if [ -s "$work/bad" ] || [ "$killed" -lt 300 ] ||
    [ "$(wc -l <"$work/sorted")" -ne "$total" ]; then
    echo "0 passed, 1 failed"
    exit 1
fi
echo "ok   every mutant of release/decide.c is killed or known to be the same"
echo "1 passed, 0 failed"
