#!/bin/sh
# soak_long.sh -- the soak at the figures of the house, in two processes: 200 simulated hours in
# 1,000 seeds with a keyed hash, 5 hours with Ed25519, and 1,000 seeds of hubs that break their
# word. Honest hubs under every fault must be accused of nothing, the others each time. The
# last line is "N passed, N failed". A smaller share of it: SHARE in percent.
# usage: tools/soak_long.sh WARNLINK [SHARE]
# SPDX-License-Identifier: Apache-2.0
set -eu
warnlink=$1
share=${2:-100}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# One check: both halves of the seeds hold.
part() { # WORDS SEEDS FIRST OPTIONS...
    words=$1
    half=$((($2 * share / 100 + 1) / 2))
    [ "$half" -gt 0 ] || half=1
    first=$3
    shift 3
    started=$(date +%s)
    "$warnlink" soak --seeds "$half" --first "$first" "$@" >"$work/a" 2>&1 &
    one=$!
    code=0
    "$warnlink" soak --seeds "$half" --first $((first + half)) "$@" >"$work/b" 2>&1 || code=$?
    wait "$one" || code=$?
    tail -n 12 "$work/a" "$work/b"
    if [ "$code" -eq 0 ]; then
        passed=$((passed + 1))
        echo "ok   $words ($((2 * half)) seeds, $(($(date +%s) - started)) s)"
    else
        failed=$((failed + 1))
        echo "FAIL $words"
    fi
}

part "200 hours under all faults: nothing lost, doubled, let through, nobody accused" \
    1000 1 --duration 720 --quiet 20000
part "5 hours with real signatures" 26 5001 --duration 720 --quiet 20000 --signed
part "busy: many launches at a time" 120 7001
for misdeed in drop delay reorder double two-faces; do
    part "a hub that does '$misdeed' is caught in each seed" 200 10001 --hub "$misdeed" \
        --duration 30
done
# Seeds that failed once: an honest hub accused of notices that were pruned here, and of an
# answer that came behind two pings; a key whose statement a full disk did not keep; an alarm
# after 3.3 s; a swap that looked like an answer.
again() { # SEED OPTIONS...
    seed=$1
    shift
    if "$warnlink" soak --first "$seed" --seeds 1 "$@" >"$work/a" 2>&1; then
        passed=$((passed + 1))
        echo "ok   seed $seed, which failed once"
    else
        failed=$((failed + 1))
        tail -n 4 "$work/a"
        echo "FAIL seed $seed, which failed once"
    fi
}
again 480 --duration 720 --quiet 20000
again 20 --duration 720 --quiet 20000
again 761 --duration 720 --quiet 20000
again 10176 --duration 30 --hub delay
again 10062 --duration 30 --hub reorder
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
