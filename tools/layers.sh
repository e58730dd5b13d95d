#!/bin/sh
# layers.sh -- a folder includes itself and what layers.txt grants it, nothing else. TAP.
# usage: tools/layers.sh [TOP]
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "${1:-$(dirname "$0")/..}"
LC_ALL=C
export LC_ALL

# Tests may also play a rehearsal: they compare an estimate with a truth made elsewhere.
sources() {
    find "$@" \( -name '*.c' -o -name '*.h' \) -type f | sort
}

number=0
failures=0
# shellcheck disable=SC2013 # folders are single words
for folder in $(sed -n 's/^\([a-z]*\):.*/\1/p' layers.txt); do
    [ -d "$folder" ] || continue
    number=$((number + 1))
    granted=$(sed -n "s/^$folder: *//p" layers.txt)
    found=$(sources "$folder" | while read -r file; do
        case $file in
        *_test.c) may=" $folder $granted rehearsal " ;;
        *) may=" $folder $granted " ;;
        esac
        awk -v may="$may" -v folder="$folder" '
            /^[ \t]*#[ \t]*include[ \t]*"/ {
                split($0, part, "\"")
                into = part[2]
                if (into !~ /\// || into ~ /\.\./)
                    printf "# %s:%d: %s: name headers from the top\n", FILENAME, FNR, into
                sub(/\/.*/, "", into)
                if (part[2] ~ /\// && index(may, " " into " ") == 0)
                    printf "# %s:%d: %s/ may not include %s/\n", FILENAME, FNR, folder, into
            }' "$file"
    done)
    verdict=ok
    if [ -n "$found" ]; then
        verdict="not ok"
        failures=$((failures + 1))
    fi
    printf '%s %d - %s/ includes only: %s\n' "$verdict" "$number" "$folder" "$folder $granted"
    [ -z "$found" ] || printf '%s\n' "$found"
done

# A folder of C files without a line in layers.txt would be free to include anything.
number=$((number + 1))
found=$(find . -name '.?*' -prune -o -name 'build*' -prune -o -name '*.[ch]' -type f -print |
    sed -n 's|^\./\([^/]*\)/.*|\1|p' | sort -u | while read -r folder; do
    grep -q "^$folder:" layers.txt || echo "# $folder/ holds C files but is not in layers.txt"
done)
verdict=ok
if [ -n "$found" ]; then
    verdict="not ok"
    failures=$((failures + 1))
fi
printf '%s %d - every folder with C files has its line in layers.txt\n' "$verdict" "$number"
[ -z "$found" ] || printf '%s\n' "$found"
printf '1..%d\n' "$number"
[ "$failures" -eq 0 ]
