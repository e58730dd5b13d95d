#!/bin/sh
# page_source.sh -- what can be known of the page without building it: it was made from these
# sources, it is small, and nothing in it takes text for markup or code. TAP.
# usage: tools/page_source.sh TOP
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "${1:-$(dirname "$0")/..}"
LC_ALL=C.UTF-8
export LC_ALL
number=0
failures=0
verdict() { # FINDINGS SENTENCE
    number=$((number + 1))
    if [ -z "$1" ]; then
        printf 'ok %d - %s\n' "$number" "$2"
    else
        failures=$((failures + 1))
        printf 'not ok %d - %s\n' "$number" "$2"
        printf '%s\n' "$1" | sed 's/^/# /'
    fi
}

found=$(sha256sum --quiet -c display/page/made_from.txt 2>&1 || true)
verdict "$found" "the page was made from these sources (else: make page)"
found=$(for file in display/web/src/*; do
    grep -qF "  $file" display/page/made_from.txt || echo "$file"
done)
verdict "$found" "and from all of them"
size=$(for file in index.html page.js page.css map.json; do
    gzip -9c "display/page/$file" | wc -c
done | awk '{ sum += $1 } END { print sum }')
verdict "$([ "$size" -le 122880 ] || echo "$size bytes")" \
    "compressed it is at most 120 kB"
banned='innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|new Function|srcdoc'
found=$(grep -nE "$banned" display/web/src/*.ts display/web/index.html || true)
verdict "$found" "no text is ever taken for markup or code"
banned='<script>|<style|style="|[ "]on[a-z]+="|https?://'
found=$(grep -nE "$banned" display/web/index.html || true)
verdict "$found" "the page has no inline script or style, and names no other place"
found=$(grep -noE 'https?://[a-zA-Z0-9.-]+' display/page/page.js |
    grep -vE 'www\.w3\.org' || true)
verdict "$found" "nor does its script"
found=$({
    grep -nE '^.{97,}' display/web/src/*.ts display/web/*.mjs display/web/*.css \
        display/web/index.html | grep -v 'symbols\.ts:' | cut -c 1-60
    grep -nP ' $|\t' display/web/src/*.ts display/web/*.mjs display/web/*.css
    awk 'FNR == 501 { print FILENAME ": more than 500 lines" }' display/web/src/*.ts \
        display/web/*.mjs display/web/*.css
} || true)
verdict "$found" "its sources keep to 96 columns and 500 lines"
printf '1..%d\n' "$number"
[ "$failures" -eq 0 ]
