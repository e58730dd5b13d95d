#!/bin/sh
# evidence.sh -- runs the commands of docs/evidence.md and prints one page of figures.
# usage: tools/evidence.sh [LINE...]: only these lines of the table
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$(readlink -f "$0")")/.."
LC_ALL=C.UTF-8
export LC_ALL
WARNLINK_SOURCE=$(pwd -P)
export WARNLINK_SOURCE
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
missing=0

# Is the command there? A target of make, a script, a program.
is_there() { # COMMAND
    case $1 in
    make\ *) make -n "$(echo "$1" | cut -d ' ' -f 2)" >/dev/null 2>&1 ;;
    meson\ *)
        for test in $(echo "$1" | sed 's/^meson test -C build //'); do
            grep -qx "warnlink / $test" "$work/tests" || return 1
        done
        ;;
    for\ *) return 0 ;;
    *) [ -x "$(echo "$1" | cut -d ' ' -f 1)" ] ;;
    esac
}

meson test -C build --list 2>/dev/null >"$work/tests" || true
printf 'Evidence of %s, %s\n\n' "$(git describe --always --dirty 2>/dev/null || echo '?')" \
    "$(date -u +%Y-%m-%dT%H:%MZ)"
grep -E '^\| ([0-9]+|-) \|' docs/evidence.md >"$work/rows"
while read -r row; do
    line=$(echo "$row" | cut -d '|' -f 2 | tr -d ' ')
    claim=$(echo "$row" | cut -d '|' -f 3 | sed 's/^ //; s/ $//')
    # shellcheck disable=SC2016 # backquotes of the page, not of the shell
    command=$(echo "$row" | cut -d '|' -f 4 | sed 's/^ `//; s/` $//')
    # shellcheck disable=SC2016
    figure=$(echo "$row" | cut -d '|' -f 5 | sed 's/^ `//; s/` $//')
    case " $* " in
    '  ' | *" $line "*) ;;
    *) continue ;;
    esac
    printf '%2s  %s\n    $ %s\n' "$line" "$claim" "$command"
    if ! is_there "$command"; then
        missing=$((missing + 1))
        printf '    not there\n'
        continue
    fi
    started=$(date +%s)
    if sh -ec "$command" >"$work/out" 2>&1 </dev/null; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '    FAILED: %s\n' "$(grep -m 1 -E '^not ok|error|FAIL' "$work/out" ||
            tail -n 1 "$work/out")"
    fi
    grep -F -e "$figure" "$work/out" | tail -n 4 | sed 's/^ */    /' | cut -c 1-110
    printf '    (%d s)\n' "$(($(date +%s) - started))"
done <"$work/rows"
printf '\n%d shown, %d failed, %d not there\n' "$passed" "$failed" "$missing"
[ "$failed" -eq 0 ]
