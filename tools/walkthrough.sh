#!/bin/sh
# walkthrough.sh -- does a manual's walk-through work? Runs its command lines ("    $ command",
# with lines that end in a backslash going on), in one empty folder, one after the other. Each
# must succeed ("    $ ! command": must fail), and its output must hold the lines that stand
# below it in the manual; "..." stands for any. TAP.
# usage: tools/walkthrough.sh PATH_OF_WARNLINK MANUAL
# SPDX-License-Identifier: Apache-2.0
set -eu
warnlink=$(readlink -f "$1")
manual=$(readlink -f "$2")
SHARE=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd -P)
export SHARE
LC_ALL=C.UTF-8
export LC_ALL
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/desk" "$work/bin"
ln -s "$warnlink" "$work/bin/warnlink"
PATH=$work/bin:$PATH
number=0
failures=0
command=
: >"$work/expected"

# The command that was read, and what must stand in its output.
settle() {
    [ -n "$command" ] || return 0
    number=$((number + 1))
    wanted=0
    run=${command#! }
    [ "$run" = "$command" ] || wanted=1
    code=0
    (cd "$work/desk" && timeout -k 5 60 sh -c "$run") >"$work/out" 2>&1 </dev/null || code=1
    : >"$work/wrong"
    [ "$code" -eq "$wanted" ] || echo "exit code $code, not $wanted" >"$work/wrong"
    while IFS= read -r words; do
        grep -qF -e "$words" "$work/out" || echo "not in its output: $words" >>"$work/wrong"
    done <"$work/expected"
    if [ -s "$work/wrong" ]; then
        failures=$((failures + 1))
        printf 'not ok %d - %s\n' "$number" "$run"
        sed 's/^/# /' "$work/wrong"
        tail -n 20 "$work/out" | sed 's/^/# output: /'
    else
        printf 'ok %d - as the manual says: %s\n' "$number" "$(echo "$run" | cut -c 1-60)"
    fi
    command=
    : >"$work/expected"
}

# Lines that go on are joined first.
sed -e ':a' -e '/^    .*\\$/{N;s/\\\n *//;ba' -e '}' "$manual" >"$work/manual"
while IFS= read -r line; do
    case $line in
    '    $ '*)
        settle
        command=${line#'    $ '}
        ;;
    '    ...') ;;
    '    '*) [ -z "$command" ] || printf '%s\n' "${line#'    '}" >>"$work/expected" ;;
    *) settle ;;
    esac
done <"$work/manual"
settle
number=$((number + 1))
if [ "$number" -gt 5 ]; then
    printf 'ok %d - the manual has command lines\n' "$number"
else
    failures=$((failures + 1))
    printf 'not ok %d - the manual has command lines\n' "$number"
fi
printf '1..%d\n' "$number"
[ "$failures" -eq 0 ]
