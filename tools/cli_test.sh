#!/bin/sh
# cli_test.sh -- what a person can get wrong on the command line or in a file is answered by
# exactly one clear line and a non-zero exit, never by a crash or a hang. TAP.
# usage: tools/cli_test.sh PATH_OF_WARNLINK
# SPDX-License-Identifier: Apache-2.0
set -eu
warnlink=$(readlink -f "$1")
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd -P)
LC_ALL=C.UTF-8
export LC_ALL
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
number=0
failures=0

verdict() { # IS_WRONG SENTENCE
    number=$((number + 1))
    if [ -z "$1" ]; then
        printf 'ok %d - %s\n' "$number" "$2"
    else
        failures=$((failures + 1))
        printf 'not ok %d - %s\n' "$number" "$2"
        printf '# %s\n' "$1"
        sed 's/^/# stderr: /' "$work/err"
    fi
}

# Runs warnlink ARGS and expects this exit code, one line on stderr, and WORDS in it.
refuses() { # EXIT_CODE WORDS SENTENCE ARGS...
    wanted=$1
    words=$2
    sentence=$3
    shift 3
    code=0
    timeout -k 5 20 "$warnlink" "$@" >"$work/out" 2>"$work/err" </dev/null || code=$?
    lines=$(wc -l <"$work/err")
    wrong=
    [ "$code" -eq "$wanted" ] || wrong="exit code $code, not $wanted"
    [ "$lines" -eq 1 ] || wrong="$wrong; $lines lines on stderr"
    grep -qF -e "$words" "$work/err" || wrong="$wrong; the line does not say \"$words\""
    verdict "$wrong" "$sentence"
}

accepts() { # SENTENCE ARGS...
    sentence=$1
    shift
    code=0
    timeout -k 5 60 "$warnlink" "$@" >"$work/out" 2>"$work/err" </dev/null || code=$?
    wrong=
    [ "$code" -eq 0 ] || wrong="exit code $code"
    [ -s "$work/out" ] || wrong="$wrong; nothing on stdout"
    [ ! -s "$work/err" ] || wrong="$wrong; something on stderr"
    verdict "$wrong" "$sentence"
}

refuses 2 "subcommand is missing" "no subcommand is refused"
refuses 2 "unknown subcommand: lauch" "an unknown subcommand is named" lauch
refuses 2 "unknown option: --fast" "an option before the subcommand is named" --fast
refuses 2 "unknown subcommand: a?b" "control bytes in a complaint stay harmless" \
    "$(printf 'a\nb')"
accepts "--help lists the subcommands" --help
"$warnlink" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p' >"$work/subcommands"
accepts "--version tells the version" --version

while read -r subcommand; do
    accepts "$subcommand --help explains itself" "$subcommand" --help
    refuses 2 "--nonsense" "$subcommand names an unknown option" "$subcommand" --nonsense
    refuses 2 "-x" "$subcommand knows no short options" "$subcommand" -x
    many=$(awk 'BEGIN { while (i++ < 40) printf " %d", i }')
    # shellcheck disable=SC2086 # forty operands
    refuses 2 "$subcommand" "$subcommand refuses forty operands" "$subcommand" $many
done <"$work/subcommands"

# Each subject has its own file; they use refuses, accepts, verdict and $top.
for subject in "$top"/tools/cli/*.sh; do
    [ -f "$subject" ] || continue
    # shellcheck source=/dev/null
    . "$subject"
done

printf '1..%d\n' "$number"
[ "$failures" -eq 0 ]
