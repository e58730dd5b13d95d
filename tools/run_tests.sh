#!/bin/sh
# run_tests.sh -- runs the tests of a build folder and counts their checks one by one.
# usage: tools/run_tests.sh BUILD [TIMES THE USUAL TIME LIMIT [OPTIONS OF meson test...]]
# SPDX-License-Identifier: Apache-2.0
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd -P)
LC_ALL=C.UTF-8
export LC_ALL
build=$1
times=${2:-4}
shift $(($# < 2 ? $# : 2))
log=$build/meson-logs/testlog.json
rm -f "$log"
# Meson's exit code is lost in the pipe, and not needed: tally.py judges from the log alone,
# and a log that is not there is a failure.
meson test -C "$build" --no-rebuild --timeout-multiplier "$times" "$@" 2>"$build/test.err" |
    grep --line-buffered -E '^ *[0-9]+/[0-9]+ ' || true
wanted=$(meson test -C "$build" --no-rebuild --list "$@" 2>/dev/null | grep -c . || true)
exec python3 "$top/tools/tally.py" "$log" "$wanted"
