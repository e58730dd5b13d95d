#!/bin/sh
# lint.sh -- what a second pair of eyes finds: shell scripts by shellcheck, C by clang-tidy.
# usage: tools/lint.sh
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$(readlink -f "$0")")/.."
shellcheck check demo .ci/run tools/*.sh
tools/build_with.sh build-clang clang
folders="base earth record sensors tracking release exchange fusion warning display rehearsal"
folders="$folders programs tools"
# shellcheck disable=SC2086 # a list of words
find $folders -name '*.c' ! -name '*_fuzz.c' ! -name fuzz_replay.c ! -name '*_test.c' -print0 |
    xargs -0 -n 8 -P "$(nproc)" clang-tidy --quiet -p build-clang
# Tests read what we wrote ourselves: numbers that scanf cannot tell from errors do not occur.
# shellcheck disable=SC2086
find $folders -name '*_test.c' -print0 |
    xargs -0 -n 8 -P "$(nproc)" clang-tidy --quiet -p build-clang --checks=-cert-err34-c
