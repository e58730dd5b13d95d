#!/bin/sh
# tidy.sh -- the style as a test: one TAP check per rule. What is allowed nevertheless stands
# in tools/allowed.txt with its reason.
# usage: tools/tidy.sh [TOP]
# SPDX-License-Identifier: Apache-2.0
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
cd "${1:-$here/..}"
LC_ALL=C
export LC_ALL

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

folders=$(sed -n 's/^\([a-z]*\):.*/\1/p' layers.txt)
for folder in $folders docs; do
    [ ! -d "$folder" ] || find "$folder" -type f \( -name '*.[ch]' -o -name '*.sh' \
        -o -name '*.awk' -o -name meson.build -o -name '*.cddl' \)
done | sort >"$work/files"
ls check demo Makefile meson.build meson_options.txt .ci/run >>"$work/files" 2>/dev/null || true
tr '\n' '\0' <"$work/files" | xargs -0 awk -f "$here/tidy.awk" >"$work/all"
grep -v '^#' tools/allowed.txt | grep . >"$work/allowed" || true

# Drops the findings that allowed.txt excuses; a line of it that excuses nothing is a finding.
awk -v allowed="$work/allowed" '
    BEGIN {
        while ((getline line < allowed) > 0) {
            n = split(line, part, " ")
            if (n < 4)
                print "allowed", line, "tools/allowed.txt:", "no reason: " line
            if (part[1] != "names")
                excuse[part[1] " " part[2]] = 0
        }
    }
    { key = $1 " " $2; if (key in excuse) excuse[key]++; else print }
    END {
        for (key in excuse)
            if (!excuse[key])
                print "allowed", key, "tools/allowed.txt:", "excuses nothing: " key
    }' "$work/all" >"$work/left"

number=0
failures=0
rule() {
    number=$((number + 1))
    if grep -q "^$1 " "$work/left"; then
        failures=$((failures + 1))
        printf 'not ok %d - %s\n' "$number" "$2"
        sed -n "s/^$1 [^ ]* /# /p" "$work/left"
    else
        printf 'ok %d - %s\n' "$number" "$2"
    fi
}

rule calls "no call without a bound, an error or a seed"
rule clock "only base/clock.c reads a clock"
rule heap "memory is taken at start, in functions that end in _open"
rule cast "only release/ makes a struct wlk_released"
rule float "the decision knows no floating point"
rule words "no name holds a word that says nothing"
rule leftover "nothing is left for later in the tree"
rule head "each C file begins with its name and what it is for"
rule length "no file is longer than 500 lines"
rule function "no function is longer than 60 lines"
rule columns "no line is wider than 96 columns"
rule blanks "no tabs, no blanks at line ends"
rule allowed "each exception has a reason and is still needed"

number=$((number + 1))
bare=$(tr '\n' '\0' <"$work/files" | xargs -0 grep -L 'SPDX-License-Identifier: Apache-2.0' |
    grep -v -e 'meson' -e Makefile -e '\.cddl$' || true)
if [ -n "$bare" ]; then
    failures=$((failures + 1))
    printf 'not ok %d - each file names its licence\n' "$number"
    printf '%s\n' "$bare" | sed 's/^/# /'
else
    printf 'ok %d - each file names its licence\n' "$number"
fi
printf '1..%d\n' "$number"
[ "$failures" -eq 0 ]
