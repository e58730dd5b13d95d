#!/bin/sh
# lint.sh -- what a second pair of eyes finds: shell scripts by shellcheck, C by clang-tidy.
# usage: tools/lint.sh
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$(readlink -f "$0")")/.."
shellcheck check demo .ci/run tools/*.sh
tools/build_with.sh build-clang clang
find base earth record sensors tracking release exchange fusion warning rehearsal programs \
    tools -name '*.c' ! -name '*_fuzz.c' ! -name fuzz_replay.c -print0 |
    xargs -0 -n 8 -P "$(nproc)" clang-tidy --quiet -p build-clang
