#!/bin/sh
# browser.sh -- the display through a browser: the page is what its sources give, its arithmetic
# is the C's, and it stands cuts, floods, poison and people with a keyboard.
# The last line is "N passed, N failed".
# usage: tools/browser.sh BUILD [bench|lighthouse]
#     bench: figures instead, and Lighthouse, of which alone it is judged (at least 95)
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
    timeout -k 5 240 "$@" >"$work/part" 2>"$work/err" || code=$? # 124: it hung
    cat "$work/part"
    sed 's/^/# /' "$work/err" | head -n 20
    # A part that broke off, or has no plan, failed beside what it said.
    if [ "$code" -ne 0 ] && ! grep -q '^not ok' "$work/part"; then
        echo "not ok - it broke off with exit code $code"
        echo "not ok" >>"$work/all"
    fi
    cat "$work/part" >>"$work/all"
}

# Lighthouse is large, so it is installed only where it is asked for.
lighthouse() {
    packages=$top/build/lighthouse
    mkdir -p "$packages"
    cp "$top"/tools/browser/lighthouse/* "$packages/"
    (
        cd "$packages"
        cmp -s package-lock.json installed.json && exit 0
        npm ci --no-audit --no-fund --ignore-scripts >npm.log 2>&1 || {
            tail -n 20 npm.log >&2
            exit 1
        }
        cp package-lock.json installed.json
    )
    node "$top/tools/browser/lighthouse.mjs" "$build/programs/warnlink" "$packages"
}

case ${2:-} in
bench)
    "$top/tools/page.sh" check
    node "$top/tools/browser/bench.mjs" "$build/programs/warnlink"
    node "$top/tools/browser/bench.mjs" "$build/programs/warnlink" 0
    lighthouse
    exit
    ;;
lighthouse)
    lighthouse
    exit
    ;;
esac
: >"$work/all"
part "the page and its sources" "$top/tools/page.sh" check
"$build/tools/flight_vectors" >"$work/vectors.json"
part "its arithmetic" node "$top/tools/browser/units.mjs" "$work/vectors.json"
part "before a node that says anything" node "$top/tools/browser/page.mjs"
part "pictures that were looked at" node "$top/tools/browser/golden.mjs"
part "processes that break" node "$top/tools/browser/alarms.mjs" "$build/programs/warnlink"
part "behind nginx" node "$top/tools/browser/nginx.mjs" "$build/programs/warnlink"
part "before true nodes" node "$top/tools/browser/real.mjs" "$build/programs/warnlink"
passed=$(grep -c '^ok' "$work/all" || true)
failed=$(grep -c '^not ok' "$work/all" || true)
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
