#!/bin/sh
# browser_short.sh -- a short look at the page through chromium, where chromium and node are
# installed; it installs nothing. TAP. All of it: tools/browser.sh.
# usage: tools/browser_short.sh [TOP]
# SPDX-License-Identifier: Apache-2.0
set -eu
top=$(readlink -f "${1:-$(dirname "$0")/..}")
LC_ALL=C.UTF-8
export LC_ALL
chromium=${CHROMIUM:-$(command -v chromium || true)}
missing=
[ -n "$chromium" ] || missing="chromium is not installed"
command -v node >/dev/null || missing="node is not installed"
if [ -n "$missing" ]; then
    echo "ok 1 - the page in a browser # SKIP $missing"
    echo "1..1"
    exit 0
fi
exec node "$top/tools/browser/short.mjs" "$chromium"
