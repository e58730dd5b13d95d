#!/bin/sh
# faults.sh -- the walls in networks of their own, and kills of hub and ports under load.
# usage: tools/faults.sh BUILD [KILLS]
# The last line is "N passed, N failed[, N skipped]".
# SPDX-License-Identifier: Apache-2.0
set -eu
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd -P)
build=$(readlink -f "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

"$here/walls.sh" "$build/programs/warnlink" >"$work/walls" 2>&1 || true
cat "$work/walls"
"$build/programs/programs_guard_test" "${2:-60}" >"$work/kills" 2>"$work/said" || true
cat "$work/kills"
echo "# the keeper said $(grep -c 'another starts in' "$work/said" || true) times that it" \
    "starts something anew"
awk '
    /^[0-9]+ passed, [0-9]+ failed/ { passed += $1; failed += $3; skipped += $5; walls = 1 }
    /^ok [0-9]+ - / { passed++ }
    /^not ok / { failed++ }
    /^1\.\.[0-9]+$/ { kills = 1 }
    END {
        if (!walls || !kills)
            failed++
        printf "%d passed, %d failed%s\n", passed, failed,
            skipped ? ", " skipped " skipped" : ""
        exit failed > 0
    }' "$work/walls" "$work/kills"
