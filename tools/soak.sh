#!/bin/sh
# soak.sh -- hubs and nations on the virtual clock under seeded faults, as one TAP check. The
# line that fails names its seed.
# usage: tools/soak.sh WARNLINK SEEDS [OPTIONS of warnlink soak]
# SPDX-License-Identifier: Apache-2.0
set -eu
warnlink=$1
seeds=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
code=0
"$warnlink" soak --seeds "$seeds" "$@" >"$work/out" 2>&1 || code=$?
sed 's/^/# /' "$work/out"
if [ "$code" -eq 0 ]; then
    echo "ok 1 - $seeds seeds $*: nothing lost or doubled unseen, nothing that was not agreed"
else
    echo "not ok 1 - $seeds seeds of soak (exit code $code)"
fi
echo 1..1
[ "$code" -eq 0 ]
