#!/bin/sh
# run_tests.sh -- runs the tests of a build folder and counts their checks one by one.
# usage: tools/run_tests.sh BUILD [TIMES THE USUAL TIME LIMIT]
# SPDX-License-Identifier: Apache-2.0
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd -P)
LC_ALL=C.UTF-8
export LC_ALL
log=$1/meson-logs/testlog.json
rm -f "$log"
# Meson's exit code is lost in the pipe, and not needed: tally.py judges from the log alone,
# and a log that is not there is a failure.
meson test -C "$1" --no-rebuild --timeout-multiplier "${2:-4}" 2>"$1/test.err" |
    grep --line-buffered -E '^ *[0-9]+/[0-9]+ ' || true
wanted=$(meson test -C "$1" --no-rebuild --list 2>/dev/null | grep -c . || true)
exec python3 "$top/tools/tally.py" "$log" "$wanted"
