#!/bin/sh
# build_with.sh -- a second build of the tree in a folder of its own, with another compiler or
# other options.
# usage: [TARGETS="a b"] tools/build_with.sh FOLDER COMPILER [MESON OPTIONS...]
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$(readlink -f "$0")")/.."
LC_ALL=C.UTF-8
export LC_ALL
build=$1
compiler=$2
shift 2
if ! command -v "$compiler" >/dev/null; then
    echo "build_with: $compiler is not installed (tools/prepare.sh heavy installs it)" >&2
    exit 1
fi
mkdir -p "$build"
made="$(pwd -P) $compiler $*"
if [ ! -f "$build/build.ninja" ] || [ "$(cat "$build/made_in" 2>/dev/null)" != "$made" ]; then
    rm -rf "$build"
    mkdir -p "$build"
    CC=$compiler meson setup "$build" "$@" >"$build/setup.log" 2>&1 || {
        tail -n 20 "$build/setup.log" >&2
        exit 1
    }
    printf '%s\n' "$made" >"$build/made_in"
fi
echo "Building with $compiler $*"
# shellcheck disable=SC2086 # TARGETS is a list of words, all if empty
if ! ninja -C "$build" ${TARGETS:-} >"$build/build.log" 2>&1; then
    grep -E -A 6 ' (error|warning): |^FAILED|undefined reference' "$build/build.log" |
        head -n 60 >&2
    echo "build_with: the build with $compiler failed (whole output: $build/build.log)" >&2
    exit 1
fi
