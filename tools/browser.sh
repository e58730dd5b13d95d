#!/bin/sh
# browser.sh -- the display through a browser: the page is what its sources give, its arithmetic
# is the C's, and it stands cuts, floods, poison and people with a keyboard.
# The last line is "N passed, N failed".
# usage: tools/browser.sh BUILD [bench]     (bench: figures instead, nothing is judged)
# SPDX-License-Identifier: Apache-2.0
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd -P)
build=$(cd "$1" && pwd -P)
LC_ALL=C.UTF-8
export LC_ALL
"$top/tools/prepare.sh" browser
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

part() { # WORDS COMMAND...
    echo "-- $1"
    shift
    code=0
    "$@" >"$work/part" 2>"$work/err" || code=$?
    cat "$work/part"
    sed 's/^/# /' "$work/err" | head -n 20
    # A part that broke off, or has no plan, failed beside what it said.
    if [ "$code" -ne 0 ] && ! grep -q '^not ok' "$work/part"; then
        echo "not ok - it broke off with exit code $code"
        echo "not ok" >>"$work/all"
    fi
    cat "$work/part" >>"$work/all"
}

if [ "${2:-}" = bench ]; then
    "$top/tools/page.sh" check
    exec node "$top/tools/browser/bench.mjs" "$build/programs/warnlink"
fi
: >"$work/all"
part "the page and its sources" "$top/tools/page.sh" check
"$build/tools/flight_vectors" >"$work/vectors.json"
part "its arithmetic" node "$top/tools/browser/units.mjs" "$work/vectors.json"
part "before a node that says anything" node "$top/tools/browser/page.mjs"
part "pictures that were looked at" node "$top/tools/browser/golden.mjs"
part "processes that break" node "$top/tools/browser/alarms.mjs" "$build/programs/warnlink"
part "before true nodes" node "$top/tools/browser/real.mjs" "$build/programs/warnlink"
passed=$(grep -c '^ok' "$work/all" || true)
failed=$(grep -c '^not ok' "$work/all" || true)
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
