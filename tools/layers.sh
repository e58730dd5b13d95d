#!/bin/sh
# layers.sh -- a folder includes itself and what layers.txt grants it, nothing else; a library
# is seen by the files that libraries.txt names, no others. TAP.
# usage: tools/layers.sh [TOP]
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2013,SC2086 # folders are single words
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
verdict() { # FINDINGS SENTENCE
    number=$((number + 1))
    if [ -z "$1" ]; then
        printf 'ok %d - %s\n' "$number" "$2"
    else
        failures=$((failures + 1))
        printf 'not ok %d - %s\n%s\n' "$number" "$2" "$1"
    fi
}

folders=
for folder in $(sed -n 's/^\([a-z]*\):.*/\1/p' layers.txt); do
    [ -d "$folder" ] || continue
    folders="$folders $folder"
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
    verdict "$found" "$folder/ includes only: $folder $granted"
done

# A folder of C files without a line in layers.txt would be free to include anything.
found=$(find . -name '.?*' -prune -o -name 'build*' -prune -o -name '*.[ch]' -type f -print |
    sed -n 's|^\./\([^/]*\)/.*|\1|p' | sort -u | while read -r folder; do
    grep -q "^$folder:" layers.txt || echo "# $folder/ holds C files but is not in layers.txt"
done)
verdict "$found" "every folder with C files has its line in layers.txt"

while IFS=: read -r names files; do
    case $names in
    '#'* | '') continue ;;
    esac
    library=${names%% *}
    headers=$(echo "${names#* }" | tr ' ' '|')
    found=$(grep -rlE --include='*.[ch]' "^ *# *include *<($headers)(\.h|/)" $folders | sort |
        while read -r file; do
            case $file in
            *_test.c) continue ;; # a judge
            esac
            case " $files " in
            *" $file "*) ;;
            *) echo "# $file sees $library, but libraries.txt does not name it" ;;
            esac
        done)
    verdict "$found" "$library is seen only by$files"
done <libraries.txt
printf '1..%d\n' "$number"
[ "$failures" -eq 0 ]
