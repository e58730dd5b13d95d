#!/bin/sh
# leak.sh -- what releases give away about radars: real nations release many launches in three
# ways, an attacker looks for the radars, and the promises of docs/leak.md are checked (TAP).
#   tools/leak.sh WARNLINK ATTACKER GEOMETRIES LAUNCHES
# One process for each half of the geometries; their files are several hundred MB for 24 x 10.
# SPDX-License-Identifier: Apache-2.0
set -eu
warnlink=$1
attacker=$2
count=$3
launches=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
half=$((count / 2))
"$warnlink" leak --geometries "$half" --launches "$launches" >"$work/first" &
first=$!
"$warnlink" leak --first "$half" --geometries "$((count - half))" --launches "$launches" \
    >"$work/second"
wait "$first"
"$attacker" "$work/first" "$work/second"
