#!/bin/sh
# cover.sh -- lines, branches and MC/DC of the decision under its own tests (clang 19).
# Anything below 100 % is a failure and is shown with its lines.
# usage: tools/cover.sh
# SPDX-License-Identifier: Apache-2.0
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd -P)
cd "$top"
LC_ALL=C.UTF-8
export LC_ALL
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags="-std=c11 -D_GNU_SOURCE -I. -fprofile-instr-generate"
# -Werror: a decision too tangled for MC/DC is a warning, and would be left out of the count.
# shellcheck disable=SC2086 # flags are words
clang-19 $flags -Werror -O0 -fcoverage-mapping -fcoverage-mcdc -c -o "$work/decide.o" \
    release/decide.c
# shellcheck disable=SC2086
clang-19 $flags -O1 -w -o "$work/test" "$work/decide.o" release/decide_test.c \
    release/decide_sample.c release/verdict.c base/tap.c base/random.c base/assert.c -lm
LLVM_PROFILE_FILE=$work/raw "$work/test" >"$work/tap"
llvm-profdata-19 merge -o "$work/profile" "$work/raw"
llvm-cov-19 export --summary-only "$work/test" -instr-profile "$work/profile" \
    release/decide.c >"$work/summary"

passed=0
failed=0
for kind in lines branches mcdc; do
    # {"count":96,"covered":96,...} of the totals, which come last
    counts=$(sed "s/.*\"totals\"//; s/.*\"$kind\":{//
        s/^\"count\":\([0-9]*\),\"covered\":\([0-9]*\).*/\2 \1/" "$work/summary")
    if [ "${counts% *}" = "${counts#* }" ] && [ "${counts% *}" -gt 0 ]; then
        echo "ok   release/decide.c: ${counts% *} of ${counts#* } $kind"
        passed=$((passed + 1))
    else
        echo "FAIL release/decide.c: ${counts% *} of ${counts#* } $kind"
        failed=$((failed + 1))
    fi
done
[ "$failed" -eq 0 ] || llvm-cov-19 show --show-branches=count --show-mcdc "$work/test" \
    -instr-profile "$work/profile" release/decide.c
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
