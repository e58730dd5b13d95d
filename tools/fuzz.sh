#!/bin/sh
# fuzz.sh -- each *_fuzz.c under libFuzzer with address and undefined-behaviour checks, from
# its corpus, for some seconds. A finding is kept beside the build and named.
# usage: tools/fuzz.sh [SECONDS]
# SPDX-License-Identifier: Apache-2.0
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd -P)
cd "$top"
LC_ALL=C.UTF-8
export LC_ALL
seconds=${1:-60}
build="build-fuzz"

if ! TARGETS=fuzzers tools/build_with.sh "$build" clang -Dfuzz=true \
    -Db_sanitize=address,undefined -Db_lundef=false; then
    echo "0 passed, 1 failed"
    exit 1
fi
passed=0
failed=0
for target in "$build"/tools/*_fuzz; do
    [ -x "$target" ] || continue
    name=$(basename "$target" _fuzz)
    mkdir -p "$build/found/$name"
    seeds=
    for folder in "$build/tools/seeds/$name" "corpus/fuzz/$name"; do
        [ ! -d "$folder" ] || seeds="$seeds $folder"
    done
    log=$build/found/$name.log
    # shellcheck disable=SC2086 # seeds is a list of folders
    if "$target" -max_total_time="$seconds" -max_len=70000 -timeout=10 -rss_limit_mb=1024 \
        -print_final_stats=1 -artifact_prefix="$build/found/$name-" \
        "$build/found/$name" $seeds >"$log" 2>&1; then
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
        echo "ok   $name: $runs inputs in $seconds s, nothing found"
        passed=$((passed + 1))
    else
        echo "FAIL $name: see $log"
        grep -m 3 -E 'ERROR|SUMMARY|assert|Test unit written' "$log" || tail -n 3 "$log"
        failed=$((failed + 1))
    fi
done
if [ $((passed + failed)) -eq 0 ]; then
    echo "no fuzz target was built"
    failed=1
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
