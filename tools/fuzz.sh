#!/bin/sh
# fuzz.sh -- each *_fuzz.c under libFuzzer with address and undefined-behaviour checks, from
# its corpus, for some seconds. A finding is kept beside the build and named.
# With NAME, that target runs for its own time beside the others.
# usage: tools/fuzz.sh [SECONDS] [NAME SECONDS]
# SPDX-License-Identifier: Apache-2.0
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd -P)
cd "$top"
LC_ALL=C.UTF-8
export LC_ALL
seconds=${1:-60}
beside=${2:-}
build="build-fuzz"

if ! TARGETS=fuzzers tools/build_with.sh "$build" clang -Dfuzz=true \
    -Db_sanitize=address,undefined -Db_lundef=false; then
    echo "0 passed, 1 failed"
    exit 1
fi
passed=0
failed=0

run() { # NAME SECONDS: what libFuzzer says goes to found/NAME.log, its end to found/NAME.rc
    mkdir -p "$build/found/$1"
    seeds=
    for folder in "$build/tools/seeds/$1" "corpus/fuzz/$1"; do
        [ ! -d "$folder" ] || seeds="$seeds $folder"
    done
    code=0
    # shellcheck disable=SC2086 # seeds is a list of folders
    "$build/tools/$1_fuzz" -max_total_time="$2" -max_len=70000 -timeout=10 \
        -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="$build/found/$1-" \
        "$build/found/$1" $seeds >"$build/found/$1.log" 2>&1 || code=$?
    echo "$code" >"$build/found/$1.rc"
}

tell() { # NAME SECONDS
    log=$build/found/$1.log
    if [ "$(cat "$build/found/$1.rc")" = 0 ]; then
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
        echo "ok   $1: $runs inputs in $2 s, nothing found"
        passed=$((passed + 1))
    else
        echo "FAIL $1: see $log"
        grep -m 3 -E 'ERROR|SUMMARY|assert|Test unit written' "$log" || tail -n 3 "$log"
        failed=$((failed + 1))
    fi
}

mkdir -p "$build/found"
rm -f "$build"/found/*.rc
if [ -n "$beside" ]; then
    run "$beside" "$3" &
fi
for target in "$build"/tools/*_fuzz; do
    [ -x "$target" ] || continue
    name=$(basename "$target" _fuzz)
    [ "$name" != "$beside" ] || continue
    run "$name" "$seconds"
    tell "$name" "$seconds"
done
if [ -n "$beside" ]; then
    wait
    tell "$beside" "$3"
fi
if [ $((passed + failed)) -eq 0 ]; then
    echo "no fuzz target was built"
    failed=1
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
