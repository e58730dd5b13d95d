#!/bin/sh
# leak.sh -- what releases give away about radars: real nations release many launches in three
# ways, an attacker looks for the radars, and the promises of docs/leak.md are checked (TAP).
#   tools/leak.sh WARNLINK ATTACKER GEOMETRIES LAUNCHES [DOCUMENT]
# One process for each half of the geometries; 24 x 10 need 600 MB for their files for a while.
# With a document, the tables between its marks are replaced by those of this run.
# SPDX-License-Identifier: Apache-2.0
set -eu
warnlink=$1
attacker=$2
count=$3
launches=$4
document=${5:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
half=$((count / 2))
"$warnlink" leak --geometries "$half" --launches "$launches" >"$work/first" &
first=$!
"$warnlink" leak --first "$half" --geometries "$((count - half))" --launches "$launches" \
    >"$work/second"
wait "$first"
code=0
"$attacker" "$work/first" "$work/second" >"$work/out" || code=$?
cat "$work/out"
if [ -n "$document" ] && [ "$code" -eq 0 ]; then
    {
        echo "$count places of a radar, $launches launches each:"
        # all channels of all launches; of fewer launches only what they tell together
        awk -v all="| $launches |" '/^\|/ && (index($0, all) || / all \|/ || /^\|---/ ||
            /^\| release/ || !/^\| `[a-z]*` \| [0-9]+ \| [a-z]/)' "$work/out" |
            sed 's/^| release/\n&/'
        echo
        sed -n 's/^NEES of 6: /Mean squared error of free states told, of 6: /p' "$work/out"
    } >"$work/table"
    awk -v table="$work/table" '/make leak: end/ { inside = 0 } !inside
        /make leak: begin/ { inside = 1; while ((getline line < table) > 0) print line }' \
        "$document" >"$work/document"
    cp "$work/document" "$document"
fi
exit "$code"
