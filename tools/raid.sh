#!/bin/sh
# raid.sh -- raids of many objects, each row measured and kept in the build folder, so that a
# run that was stopped goes on; then docs/raids.md (make raid): nothing there is by hand.
# usage: tools/raid.sh BUILD [SEEDS [LIMIT]]     (of thirty and more: a fifth, a tenth of the
# seeds; a row that takes longer than LIMIT seconds is left out, which the page says)
# SPDX-License-Identifier: Apache-2.0
set -eu
build=$(readlink -f "$1")
seeds=${2:-20}
limit=${3:-0}
cd "$(dirname "$(readlink -f "$0")")/.."
raid=$build/tools/raid
kept=$build/raids
mkdir -p "$kept"
rows=$("$raid" rehearsal/history.txt)
row=1
while [ "$row" -le "$rows" ]; do
    own=$seeds
    [ "$row" -le $((rows - 4)) ] || own=$(((seeds + 4) / 5))
    [ "$row" -le $((rows - 2)) ] || own=$(((seeds + 9) / 10))
    if [ ! -s "$kept/$row-$own" ] || [ "$raid" -nt "$kept/$row-$own" ]; then
        timeout "$limit" "$raid" rehearsal/history.txt "$row" "$own" >"$kept/new-$row" ||
            echo "| row $row of the tool: not measured within $limit s | | | | | | | | |" \
                >"$kept/new-$row"
        mv "$kept/new-$row" "$kept/$row-$own"
    fi
    cp "$kept/$row-$own" "$kept/row-$row"
    row=$((row + 1))
done
{
    cat <<'END'
# Raids: how well many objects are kept apart, and counted

Written by `make raid` (`tools/raid.sh`, `tools/raid.c`): one documented flight, flown once
and turned about the Earth's axis for each object; two radars of South Korea that look each 2
s, with a chance of detection of 0.9 unless said; one nation's tracker. GOSPA with p 2, cut-
off 5 km, alpha 2; missed and ghosts: mean numbers at a moment. Counted: least and most of
what the nation tells of the salvo half a minute after the last object was first seen. Right:
least is the truth, with the interval of its rate at 0.95; seeds from 1. Within: the truth
lies between least and most.

| raid | objects | GOSPA m | located to m | missed | ghosts | counted | right | within |
|---|---|---|---|---|---|---|---|---|
END
    row=1
    while [ "$row" -le "$rows" ]; do
        cat "$kept/row-$row"
        row=$((row + 1))
    done
    cat <<'END'

The radars' errors across the line of sight (0.05 deg) are 300 m at 350 km. Where objects rise
closer to each other than about three times that, tracks are made of several objects' plots
for ten seconds and more; each plot goes to one track, by the least sum of costs over a scan,
and tracks swap. In such a crowd the count rests on what the sensors saw at once of late, and
not on the tracks alone (`tracking/salvo.h`): a sensor sees an object once in its revisit
time, or not. That two objects may be one to a radar is not modelled: closer than its
resolution they would be one plot, and the count too low; rows of 300 m and less say how the
tracker fares if they are not.

A count rests on tracks that are confirmed and have not starved. What may be an object, and is
not sure, is in the most.
END
} >docs/raids.md
cat docs/raids.md
