#!/bin/sh
# evidence.sh -- runs the commands of docs/evidence.md and prints one page of figures. What was
# shown of the same commit is kept in build/evidence/ and not run again, so a run that was cut
# goes on where it stopped, and one command under two lines runs once. With --page it only
# prints the page again and runs nothing.
# usage: tools/evidence.sh [--page] [LINE...]: only these lines of the table
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$(readlink -f "$0")")/.."
LC_ALL=C.UTF-8
export LC_ALL
WARNLINK_SOURCE=$(pwd -P)
export WARNLINK_SOURCE
is_page=
if [ "${1:-}" = --page ]; then
    is_page=yes
    shift
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
# What is changed and not committed cannot be told apart: then nothing is kept from before.
commit=$(git describe --always --dirty 2>/dev/null || echo '?')
kept=build/evidence
case $commit in
*-dirty | '?') [ -n "$is_page" ] || rm -rf "$kept" ;;
*) [ "$(cat "$kept/commit" 2>/dev/null)" = "$commit" ] || [ -n "$is_page" ] || rm -rf "$kept" ;;
esac
mkdir -p "$kept"
[ -n "$is_page" ] || echo "$commit" >"$kept/commit"
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

# Runs a command and keeps what it says, its code and its seconds, unless it is kept already.
run() { # COMMAND
    name=$kept/$(printf '%s' "$1" | sha256sum | cut -c 1-16)
    [ -z "$is_page" ] || return 0
    [ "$(cat "$name.code" 2>/dev/null)" != 0 ] || return 0 # shown already
    started=$(date +%s)
    code=0
    timeout -k 30 7200 sh -ec "$1" >"$name.out" 2>&1 </dev/null || code=$?
    echo $(($(date +%s) - started)) >"$name.seconds"
    echo "$code" >"$name.code"
}

meson test -C build --list 2>/dev/null >"$work/tests" || true
printf 'Evidence of %s, %s, %s cores\n\n' "$(cat "$kept/commit")" \
    "$(date -u +%Y-%m-%dT%H:%MZ)" "$(nproc)"
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
    run "$command"
    if [ ! -f "$name.code" ]; then
        missing=$((missing + 1))
        printf '    not run\n'
        continue
    fi
    if [ "$(cat "$name.code")" -ne 0 ]; then
        failed=$((failed + 1))
        printf '    FAILED: %s\n' "$(grep -m 1 -E '^not ok|error|FAIL' "$name.out" ||
            tail -n 1 "$name.out")"
    elif ! grep -qF -e "$figure" "$name.out"; then
        failed=$((failed + 1))
        printf '    FAILED: it does not say "%s"\n' "$figure"
    else
        passed=$((passed + 1))
    fi
    grep -F -e "$figure" "$name.out" | tail -n 4 | sed 's/^ */    /' | cut -c 1-110
    printf '    (%s s)\n' "$(cat "$name.seconds")"
done <"$work/rows"
printf '\n%d shown, %d failed, %d not there or not run\n' "$passed" "$failed" "$missing"
[ "$failed" -eq 0 ]
