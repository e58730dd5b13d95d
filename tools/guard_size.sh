#!/bin/sh
# guard_size.sh -- how many lines of C are the guard? Lines with code: no blanks, no comments,
# no tests, no headers. TAP.
# usage: tools/guard_size.sh [TOP]
# SPDX-License-Identifier: Apache-2.0
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
cd "${1:-$here/..}"
LC_ALL=C
export LC_ALL

# The ports, the guard process, the decision and the codec: what DESIGN.md bounds by 2,500.
ports="programs/port.c"
guard="programs/guard.c programs/hub.c programs/hub_guard.c programs/hub_out.c"
guard="$guard programs/hub_verdict.c"
decision="release/decide.c"
codec="record/cbor.c record/cbor_check.c record/codec.c"
# What the decision is asked about, and the form of header and envelope: as much to be trusted,
# counted beside it so that nothing grows unseen.
around="release/question.c record/codec_header.c record/envelope.c record/pass.c"
# Start, walls and configuration: they meet no bytes of a nation.
apart="programs/hub_main.c programs/hub_config.c programs/wall.c"

count() { # FILE...
    awk '
        FNR == 1 { inside = 0 }
        {
            left = $0
            code = ""
            while (left != "") {
                if (inside) {
                    end = index(left, "*/")
                    if (!end)
                        break
                    left = substr(left, end + 2)
                    inside = 0
                } else {
                    start = index(left, "/*")
                    code = code (start ? substr(left, 1, start - 1) : left)
                    left = start ? substr(left, start + 2) : ""
                    inside = start > 0
                }
            }
            lines += code ~ /[^ \t]/
        }
        END { print lines + 0 }' "$@"
}
number=0
failures=0
at_most() { # LIMIT WORDS FILE...
    limit=$1
    words=$2
    shift 2
    lines=$(count "$@")
    number=$((number + 1))
    if [ "$lines" -le "$limit" ]; then
        printf 'ok %d - %s: %d lines, at most %d\n' "$number" "$words" "$lines" "$limit"
    else
        failures=$((failures + 1))
        printf 'not ok %d - %s: %d lines, more than %d\n' "$number" "$words" "$lines" "$limit"
    fi
}
# shellcheck disable=SC2086 # lists of files
{
    at_most 400 "the decision" $decision
    at_most 2500 "ports, guard process, decision and codec" $ports $guard $decision $codec
    at_most 3300 "the same with question, header and envelope" \
        $ports $guard $decision $codec $around
    at_most 600 "keeper and walls" programs/hub_main.c programs/wall.c
}
number=$((number + 1))
missed=
for file in programs/hub*.c programs/guard*.c programs/port*.c programs/wall*.c; do
    case " $ports $guard $apart " in
    *" $file "*) ;;
    *) case $file in *_test.c) ;; *) missed="$missed $file" ;; esac ;;
    esac
done
if [ -z "$missed" ]; then
    printf 'ok %d - each file of the hub is counted, or stands apart with a reason\n' "$number"
else
    failures=$((failures + 1))
    printf 'not ok %d - not counted:%s\n' "$number" "$missed"
fi
printf '1..%d\n' "$number"
[ "$failures" -eq 0 ]
