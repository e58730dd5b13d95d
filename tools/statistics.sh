#!/bin/sh
# statistics.sh -- the statistics can see: honest sigmas pass, and sigmas told too small or too
# great fail; and a run that was stopped is gone on with.
# usage: tools/statistics.sh STATISTICS
# SPDX-License-Identifier: Apache-2.0
set -eu
program=$(readlink -f "$1")
cd "$WARNLINK_SOURCE"
number=0
check() { # WORDS CONDITION
    number=$((number + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $number - $1"
    else
        echo "not ok $number - $1"
    fi
}
claims() { # TOLD: how many claims failed of free flight and its innovations
    "$program" --flights 6 --class 1 --told "$1" | grep -cE '^FAIL (free|NIS)' || true
}
honest=$(claims 1)
small=$(claims 0.7)
great=$(claims 1.4)
check "honest sigmas pass" "$honest"
check "sigmas told too small are seen ($small claims fail)" "$((small > 0 ? 0 : 1))"
check "sigmas told too great are seen ($great claims fail)" "$((great > 0 ? 0 : 1))"
sums=$(mktemp)
trap 'rm -f "$sums"' EXIT
"$program" --flights 1 --class 4 --sums "$sums" >/dev/null || true
size=$(stat -c %s "$sums")
stopped=$("$program" --flights 2 --class 4 --sums "$sums" || true)
whole=$("$program" --flights 2 --class 4 || true)
check "a run is gone on with ($size bytes kept)" "$([ "$stopped" = "$whole" ]; echo $?)"
echo "1..$number"
