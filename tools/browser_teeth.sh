#!/bin/sh
# browser_teeth.sh -- plants the defects of tools/browser/teeth.txt, one after the other, in a
# copy of the page's sources, builds the page, and expects the named test to turn red for each.
# The last line is "N passed, N failed".
# usage: tools/browser_teeth.sh BUILD [NAME]
# SPDX-License-Identifier: Apache-2.0
set -eu
build=$(readlink -f "$1")
only=${2:-}
cd "$(dirname "$(readlink -f "$0")")/.."
LC_ALL=C.UTF-8
export LC_ALL
tools/prepare.sh browser
tools/page.sh check >/dev/null # installs its packages
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
tree=$work/tree
passed=0
failed=0

mkdir -p "$tree/build/web" "$tree/display" "$tree/tools"
cp -a display/web display/page display/server.c "$tree/display/"
cp -a tools/browser "$tree/tools/"
ln -s "$PWD/build/web/node_modules" "$tree/build/web/node_modules"
"$build/tools/flight_vectors" >"$work/vectors.json"

build_page() {
    cp -r "$tree"/display/web/* "$tree/build/web/"
    (cd "$tree/build/web" && node build.mjs ../../display/page) >"$work/out" 2>&1
}

run_test() { # TEST
    case $1 in
    units) set -- units.mjs "$work/vectors.json" ;;
    golden) set -- golden.mjs ;;
    short) set -- short.mjs "${CHROMIUM:-/usr/bin/chromium}" ;;
    page:*) set -- page.mjs "${1#page:}" ;;
    esac
    script=$1
    shift
    timeout -k 5 300 node "$tree/tools/browser/$script" "$@" >"$work/out" 2>&1
}

plant() { # NAME FILE TEST EXPRESSION
    cp "$tree/display/web/$2" "$work/kept"
    sed -i -E "$4" "$tree/display/web/$2"
    wrong=
    if cmp -s "$tree/display/web/$2" "$work/kept"; then
        wrong="nothing was planted: the expression meets no line of $2"
    elif ! build_page; then
        wrong="the page does not build: $(tail -n 1 "$work/out")"
    elif run_test "$3"; then
        wrong="the test stays green"
    elif ! grep -q '^not ok' "$work/out"; then
        wrong="the test broke off: $(tail -n 1 "$work/out")"
    fi
    if [ -z "$wrong" ]; then
        passed=$((passed + 1))
        echo "ok   $1: $3 says: $(grep -m 1 '^not ok' "$work/out")"
    else
        failed=$((failed + 1))
        echo "FAIL $1: $wrong ($3)"
    fi
    cp "$work/kept" "$tree/display/web/$2"
}

grep -E '^(defect|    s/)' tools/browser/teeth.txt >"$work/list"
while read -r _ name file test; do
    read -r expression
    [ -z "$only" ] || [ "$only" = "$name" ] || continue
    plant "$name" "$file" "$test" "$expression"
done <"$work/list"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
