#!/bin/sh
# races.sh -- what has a thread (the journal's, the display's) under the thread sanitizer.
# usage: tools/races.sh
# The last line is "N passed, N failed".
# SPDX-License-Identifier: Apache-2.0
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd -P)
cd "$top"
# A report must end the test, or it would stay green. programs/guard is not among them: it forks
# while it has threads, which this sanitizer does not bear.
TSAN_OPTIONS=halt_on_error=1
WARNLINK_SOURCE=$top
TARGETS="exchange/exchange_journal_test exchange/exchange_numbers_test
    exchange/exchange_rollback_test display/display_server_test"
export TSAN_OPTIONS WARNLINK_SOURCE TARGETS
if ! tools/build_with.sh build-races gcc -Db_sanitize=thread -Doptimization=1 -Dwerror=false
then
    echo "0 passed, 1 failed"
    exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
for test in $TARGETS; do
    if timeout -k 5 240 "build-races/$test" >"$work/out" 2>"$work/err"; then
        echo "ok   $test: $(grep -c '^ok ' "$work/out") checks"
        passed=$((passed + $(grep -c '^ok ' "$work/out")))
    else
        failed=$((failed + 1))
        echo "FAIL $test"
        grep '^not ok ' "$work/out" || true
        sed -n '/ThreadSanitizer/,$p' "$work/err" | head -n 30
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
