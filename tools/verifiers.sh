#!/bin/sh
# verifiers.sh -- two verifiers of other makes judge every record of the journals of a rehearsal
# and damaged copies of them; each must say what ours says.
# usage: tools/verifiers.sh BUILD [DAMAGED RECORDS]
# SPDX-License-Identifier: Apache-2.0
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd -P)
build=$(cd "$1" && pwd -P)
damaged=${2:-100000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Beside the build, so that no foreign file lies among ours.
home=$build/verifiers
mkdir -p "$home"
if ! cmp -s "$top/tools/verifiers/package-lock.json" "$home/package-lock.json" ||
    [ ! -d "$home/node_modules" ]; then
    cp "$top"/tools/verifiers/package*.json "$home/"
    if ! npm ci --prefix "$home" --ignore-scripts --no-audit --no-fund >"$work/log" 2>&1; then
        tail -n 5 "$work/log"
        echo "0 passed, 1 failed"
        exit 1
    fi
fi
cp "$top"/tools/verifiers/*.mjs "$top/docs/formats/record.cddl" "$home/"
if ! "$build/programs/warnlink" demo --speed 60 --out "$work/demo" >"$work/demo.log" 2>&1; then
    tail -n 3 "$work/demo.log"
    echo "0 passed, 1 failed"
    exit 1
fi
cd "$work/demo/live"
journals=
for owner in *; do
    [ ! -f "$owner/journal.db" ] || journals="$journals $owner $owner/journal.db"
done
# shellcheck disable=SC2086 # owners and paths, no blanks in them
"$build/tools/record_cases" "$damaged" $journals >"$work/cases"
parts=$(nproc)
for part in $(seq 0 $((parts - 1))); do
    node "$home/verify.mjs" $(((damaged + 1000) / parts)) "$part" "$parts" <"$work/cases" \
        >"$work/verdict.$part" 2>&1 &
done
wait
cat "$work"/verdict.* | cut -c 1-200 | grep -v '^[0-9]* passed'
cat "$work"/verdict.* | awk -v parts="$parts" '
    /^[0-9]+ passed, [0-9]+ failed$/ { passed += $1; failed += $3; ended++ }
    END { failed += parts - ended; print passed + 0 " passed, " failed + 0 " failed"
          exit failed > 0 }'
