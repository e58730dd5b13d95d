#!/bin/sh
# page.sh -- the page of the display: builds it from display/web and compares it with the built
# one in display/page, or puts the new one there. TAP. Needs node and npm (class page).
# usage: tools/page.sh check|update
# SPDX-License-Identifier: Apache-2.0
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd -P)
LC_ALL=C.UTF-8
export LC_ALL
what=${1:-}
case $what in
check | update) ;;
*)
    echo "page: usage: tools/page.sh check|update" >&2
    exit 2
    ;;
esac

# The sources are copied, so that no package ever lies between them.
web=$top/build/web
mkdir -p "$web"
rm -rf "$web/src" "$web/out"
cp -r "$top"/display/web/* "$web/"
cd "$web"
if ! cmp -s package-lock.json installed.json; then
    npm ci --no-audit --no-fund --ignore-scripts >npm.log 2>&1 || {
        tail -n 20 npm.log >&2
        exit 1
    }
    cp package-lock.json installed.json
fi
number=0
failures=0
verdict() { # IS_GOOD SENTENCE
    number=$((number + 1))
    if [ "$1" = yes ]; then
        printf 'ok %d - %s\n' "$number" "$2"
    else
        failures=$((failures + 1))
        printf 'not ok %d - %s\n' "$number" "$2"
    fi
}
good=yes
node build.mjs out >build.log 2>&1 || { sed 's/^/# /' build.log; good=no; }
verdict $good "the page builds"
good=yes
node_modules/.bin/tsc --noEmit >types.log 2>&1 || { sed 's/^/# /' types.log; good=no; }
verdict $good "its types hold"
if [ "$what" = update ]; then
    mkdir -p "$top/display/page"
    cp out/* "$top/display/page/"
    cp src/symbols.ts "$top/display/web/src/"
fi
good=yes
cmp src/symbols.ts "$top/display/web/src/symbols.ts" || good=no
for file in out/*; do
    cmp "$file" "$top/display/page/${file#out/}" || good=no
done
verdict $good "the page in display/page is what its sources give, byte by byte"
printf '1..%d\n' "$number"
[ "$failures" -eq 0 ]
