#!/bin/sh
# safe.sh -- the tests again under the address and undefined-behaviour sanitizers: without the
# house rules, which run no C of ours, and without those that judge figures over many flights,
# which are the same and whose code the tests of each folder run.
# usage: tools/safe.sh
# SPDX-License-Identifier: Apache-2.0
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd -P)
cd "$top"
# Undefined behaviour must abort, or its test would stay green.
UBSAN_OPTIONS=halt_on_error=1:abort_on_error=1:print_stacktrace=1
ASAN_OPTIONS=abort_on_error=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS ASAN_OPTIONS
# Warnings are judged by the plain builds; with sanitizers gcc adds false ones.
if ! tools/build_with.sh build-safe gcc -Db_sanitize=address,undefined -Doptimization=1 \
    -Dwerror=false; then
    echo "0 passed, 1 failed"
    exit 1
fi
exec tools/run_tests.sh build-safe 10 --no-suite house --no-suite figures
