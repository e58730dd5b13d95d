#!/bin/sh
# names.sh -- who reads a call knows where to look, and finds there what it does. TAP.
# usage: tools/names.sh [TOP]
# SPDX-License-Identifier: Apache-2.0
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
cd "${1:-$here/..}"
LC_ALL=C
export LC_ALL

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folders=$(sed -n 's/^\([a-z]*\):.*/\1/p' layers.txt)
for folder in $folders; do
    [ ! -d "$folder" ] || find "$folder" -name '*.h' -type f
done | sort >"$work/headers"

tr '\n' '\0' <"$work/headers" | xargs -0 awk -f "$here/names.awk" >"$work/all"
sed -n 's/^\(names\|comment\) \([^ ]*\) .*/\1 \2/p' tools/allowed.txt >"$work/allowed"
awk -v allowed="$work/allowed" '
    BEGIN { while ((getline line < allowed) > 0) excuse[line] = 0 }
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
rule names "a public function carries the name of its file or of a type of its folder"
rule comment "a comment stands above each public prototype"
rule allowed "each exception for names is still needed"

# A header that guards itself with another file's name hides that file.
number=$((number + 1))
bad=$(while read -r header; do
    guard=$(echo "WLK_${header%.h}_H" | tr 'a-z/' 'A-Z_')
    grep -q "^#ifndef $guard\$" "$header" || echo "# $header: the guard is not $guard"
done <"$work/headers")
if [ -n "$bad" ]; then
    failures=$((failures + 1))
    printf 'not ok %d - each header guards itself with its own name\n%s\n' "$number" "$bad"
else
    printf 'ok %d - each header guards itself with its own name\n' "$number"
fi
printf '1..%d\n' "$number"
[ "$failures" -eq 0 ]
