#!/bin/sh
# bench.sh -- all figures of speed into docs/performance.md, and how a scan grows into
# docs/performance.svg (make bench). Nothing is written there by hand.
# usage: tools/bench.sh BUILD [SECONDS]
# SPDX-License-Identifier: Apache-2.0
set -eu
build=$(readlink -f "$1")
seconds=${2:-20}
cd "$(dirname "$(readlink -f "$0")")/.."
page=docs/performance.md
new=$(mktemp)
trap 'rm -f "$new"' EXIT
{
    cat <<'END'
# How fast the parts are

Written by `make bench` (`tools/bench.sh`). Medians, with the middle half of the rounds; all
measures of a round in turn, so that a machine that slows down slows all; CPU time of one
thread; house flags (`-O2`, tracking `-O3`, no `-ffast-math`, no `-march`).

A scan is one look of a radar at all objects, each with a track: looks made ready, gates,
assignment, filters, what is shown. In free flight: over a minute after burnout, when one
explanation is left of each. An impact point is made anew each one or two seconds of a track.

Eight tracks at once (`tracking/batch.h`): the states stay in lanes. The book still takes plots
one by one, so a scan does not use them yet.

A book's memory is touched before the first plot, as a node does when it starts: where a scan
is the first to use its pages, the system's finding them takes as long again. Each object of a
scan here has a radar of its own, turned with it, so that where it stands is worked out for each
plot, which in one radar's scan is done once. Laying patterns is done once a second for each
pair of nations, when a salvo hangs together.

END
    WARNLINK_SOURCE=. "$build/tools/bench" "$seconds" docs/performance.svg
    printf '\n![CPU time of a scan by the number of objects](performance.svg)\n'
    printf '\n## A whole guard\n\n'
    "$build/programs/bench_guard"
} >"$new"
cat "$new"
cp "$new" "$page"
