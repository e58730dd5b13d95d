#!/bin/sh
# headers.sh -- each header compiles by itself, twice: who includes it need not know what it
# needs. TAP.
# usage: tools/headers.sh TOP COMPILER...
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "$1"
shift
number=0
failures=0
# shellcheck disable=SC2013 # folders are single words
for folder in $(sed -n 's/^\([a-z]*\):.*/\1/p' layers.txt); do
    found=
    count=0
    for header in "$folder"/*.h; do
        [ -f "$header" ] || continue
        count=$((count + 1))
        printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
            "$@" -std=c11 -D_GNU_SOURCE -I. -fsyntax-only -Wall -Wextra -Werror -x c - \
                >/dev/null 2>&1 || found="$found $header"
    done
    [ "$count" -gt 0 ] || continue
    number=$((number + 1))
    if [ -z "$found" ]; then
        printf 'ok %d - each of the %d headers of %s/ stands by itself\n' "$number" \
            "$count" "$folder"
    else
        failures=$((failures + 1))
        printf 'not ok %d - a header of %s/ does not stand by itself\n' "$number" "$folder"
        printf '#%s\n' "$found"
    fi
done
printf '1..%d\n' "$number"
[ "$failures" -eq 0 ]
