#!/bin/sh
# prove.sh -- proves the annotated files with Frama-C/WP and compares the number of goals with
# proofs/expected.txt; then plants each fault of proofs/faults.txt in a copy and expects the
# proof of that function to fail. Frama-C's exit code says nothing about goals; counts do.
# usage: tools/prove.sh [--faults | --goals] [FILE]
# SPDX-License-Identifier: Apache-2.0
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd -P)
cd "$top"
LC_ALL=C.UTF-8
export LC_ALL
part=all
case ${1:-} in
--faults | --goals)
    part=${1#--}
    shift
    ;;
esac
only=${1:-}
if [ "$part" = all ]; then
    # Side by side: Frama-C thinks in one thread.
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    tools/prove.sh --goals ${only:+"$only"} >"$work/goals" 2>&1 &
    tools/prove.sh --faults ${only:+"$only"} >"$work/faults" 2>&1 || true
    wait
    cat "$work/goals" "$work/faults" | awk '
        /^[0-9]+ passed, [0-9]+ failed$/ { passed += $1; failed += $3; ended++; next }
        { print }
        END { failed += 2 - ended
              print passed + 0 " passed, " failed + 0 " failed"; exit failed > 0 }'
    exit
fi
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Where Why3 notes which provers there are: here, not in somebody's home.
WHY3CONFIG=$work/why3.conf
export WHY3CONFIG
why3 config detect >"$work/why3.log" 2>&1 || true
for prover in Z3 CVC4; do
    if ! grep -q "prover $prover version.*OK" "$work/why3.log"; then
        echo "FAIL why3 finds no $prover"
        failed=$((failed + 1))
    fi
done

verdict() { # STATUS WORDS
    if [ "$1" -eq 0 ]; then
        echo "ok   $2"
        passed=$((passed + 1))
    else
        echo "FAIL $2"
        failed=$((failed + 1))
    fi
}

# Proves FILE of the tree in the current folder; the time limit of a goal is processor time.
prove() { # FILE SECONDS LOG ARGUMENTS...
    file=$1
    seconds=$2
    log=$3
    shift 3
    frama-c -c11 -machdep gcc_x86_64 -cpp-extra-args="-I. -D_GNU_SOURCE -DWLK_PROOF" \
        -wp -wp-rte -wp-cache none -wp-prover z3,cvc4 -wp-par 2 -wp-timeout "$seconds" \
        "$@" "$file" >"$log" 2>&1 || true
    sed -n 's|^\[wp\] Proved goals: *\([0-9]*\) / \([0-9]*\).*|\1 \2|p' "$log"
}

# Lines: FILE GOALS ARGUMENTS...
prove_files() {
    while read -r file goals arguments; do
        case $file in '#'* | '') continue ;; esac
        [ -z "$only" ] || [ "$only" = "$file" ] || continue
        # shellcheck disable=SC2086 # arguments are words
        counts=$(prove "$file" 30 "$work/log" $arguments)
        right=0
        [ "$counts" = "$goals $goals" ] || right=1
        verdict "$right" "$file: ${counts% *} of ${counts#* } goals proved, $goals expected"
        [ "$right" -eq 0 ] ||
            grep -A 2 -E '^\[wp\] \[(Failed|Timeout)|error' "$work/log" | head -n 30 || true
    done <proofs/expected.txt
}

# Lines: FILE|FUNCTION|SED SCRIPT|WORDS
plant_faults() {
    mkdir "$work/copy"
    cp -R base earth record release "$work/copy/"
    while IFS='|' read -r file function script words; do
        case $file in '#'* | '') continue ;; esac
        [ -z "$only" ] || [ "$only" = "$file" ] || continue
        cp "$file" "$work/copy/$file"
        sed -i "$script" "$work/copy/$file"
        red=1
        if ! cmp -s "$file" "$work/copy/$file"; then
            arguments=$(awk -v file="$file" '$1 == file { $1 = $2 = ""; print }' \
                proofs/expected.txt)
            # shellcheck disable=SC2086 # arguments are words
            counts=$(cd "$work/copy" &&
                prove "$file" 1 "$work/log" $arguments -wp-fct "$function")
            [ -n "$counts" ] && [ "${counts% *}" -lt "${counts#* }" ] && red=0
        fi
        verdict "$red" "no proof when $words (${counts:-not planted})"
        cp "$file" "$work/copy/$file"
    done <proofs/faults.txt
}

case $part in
goals) prove_files ;;
faults) plant_faults ;;
esac
[ $((passed + failed)) -gt 0 ] || failed=1
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
