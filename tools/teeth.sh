#!/bin/sh
# teeth.sh -- plants one violation after the other in a scratch copy and expects the house
# rules to turn red, each by the check that is meant for it. TAP.
# usage: tools/teeth.sh [TOP]
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "${1:-$(dirname "$0")/..}"
LC_ALL=C
export LC_ALL

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0
failures=0

verdict() { # STATUS SENTENCE
    if [ "$1" -eq 0 ]; then
        printf 'ok %d - %s\n' "$number" "$2"
    else
        failures=$((failures + 1))
        printf 'not ok %d - %s\n' "$number" "$2"
    fi
}

# A small house of its own, so that what stands in the tree today cannot hide a tooth.
build_house() {
    rm -rf "$work/house"
    for folder in tools base release tracking rehearsal; do
        mkdir -p "$work/house/$folder"
    done
    cp layers.txt libraries.txt "$work/house/"
    echo "# none" >"$work/house/tools/allowed.txt"
    cat >"$work/house/base/plain.h" <<'C'
/* plain.h -- a header as it should be.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_BASE_PLAIN_H
#define WLK_BASE_PLAIN_H

/* Adds one to count. */
int wlk_plain_add(int count);

#endif
C
    cat >"$work/house/base/plain.c" <<'C'
/* plain.c -- a file as it should be.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/plain.h"

int wlk_plain_add(int count)
{
    return count + 1; /* says "malloc(1)" and data, but only in a comment */
}
C
}

plant() { # FILE WORDS...: a file with a proper head and then the given text
    file=$work/house/$1
    mkdir -p "$(dirname "$file")"
    printf '/* %s -- planted.\n * SPDX-License-Identifier: Apache-2.0 */\n' \
        "$(basename "$file")" >"$file"
    shift
    printf '%b\n' "$*" >>"$file"
}

expect_red() { # TOOL SENTENCE WHAT: tool turns red by the check with this sentence
    number=$((number + 1))
    red=0
    if "tools/$1.sh" "$work/house" >"$work/out" 2>&1; then
        red=1
    fi
    grep -q "^not ok [0-9]* - .*$2" "$work/out" || red=1
    verdict "$red" "$1 catches $3"
    [ "$red" -eq 0 ] || sed 's/^/# /' "$work/out"
    build_house
}

expect_green() { # TOOL WHAT
    number=$((number + 1))
    green=0
    "tools/$1.sh" "$work/house" >"$work/out" 2>&1 || green=1
    verdict "$green" "$1 $2"
    [ "$green" -eq 0 ] || sed 's/^/# /' "$work/out"
}

build_house
for tool in layers tidy names; do
    expect_green "$tool" "leaves a proper house alone"
done

plant tracking/x.c '#include "release/decide.h"'
expect_red layers 'tracking/ includes' "a stage that includes a stage"
plant base/x.c '#include "record/name.h"'
expect_red layers 'base/ includes' "a floor that includes what stands on it"
plant tracking/x.c '#  include "rehearsal/truth.h"'
expect_red layers 'tracking/ includes' "an estimator that includes the truth"
plant tracking/x.c '#include "x.h"'
expect_red layers 'tracking/ includes' "a header that is not named from the top"
plant tracking/x.c '#include <sqlite3.h>'
expect_red layers 'sqlite is seen only' "a second file that sees a library"
plant kitchen/x.c 'int x;'
expect_red layers 'has its line' "a folder that layers.txt does not know"
plant tracking/x_test.c '#include "rehearsal/truth.h"'
expect_green layers "lets a test play a rehearsal"
build_house

for call in 'strcpy(a, b)' 'sprintf(a, "x")' 'atoi(a)' 'strtok (a, b)' 'rand()'; do
    plant base/x.c "void f(void)\n{\n    $call;\n}"
    expect_red tidy 'without a bound' "$call"
done
plant base/x.c 'void f(void)\n{\n    clock_gettime(0, 0);\n}'
expect_red tidy 'reads a clock' "a second reader of the clock"
plant base/x.c 'void f(void)\n{\n    g = malloc(1);\n}'
expect_red tidy 'memory is taken' "malloc after the start"
plant base/x.c 'int wlk_x_open(void)\n{\n    g = malloc(1);\n}'
expect_green tidy "lets an _open take memory"
build_house
plant base/x.c 'void f(void *p)\n{\n    g((const struct wlk_released *)p);\n}'
expect_red tidy 'struct wlk_released' "a cast to a cleared record"
plant base/x.c 'struct wlk_released {\n    int x;\n};'
expect_red tidy 'struct wlk_released' "a second definition of a cleared record"
plant release/decide.c 'static double share;'
expect_red tidy 'floating point' "floating point in the decision"
plant base/x.c 'static int packet_data;'
expect_red tidy 'says nothing' "a name with a word that says nothing"
plant base/x.c 'static int do_it;'
expect_red tidy 'says nothing' "a name that begins with do_"
plant base/x.c "/* TO""DO later */"
expect_red tidy 'left for later' "a note for later"
plant base/x.c "$(awk 'BEGIN { while (i++ < 501) printf "int x%d;\\n", i }')"
expect_red tidy 'longer than 500' "a file that is too long"
plant base/x.c "void f(void)\n{\n$(awk 'BEGIN { while (i++ < 61) printf "    g();\\n" }')}"
expect_red tidy 'longer than 60' "a function that is too long"
plant base/x.c "static int $(awk 'BEGIN { while (i++ < 97) printf "x" }');"
expect_red tidy 'wider than 96' "a line that is too wide"
plant base/x.c '\tint x;'
expect_red tidy 'no tabs' "a tab"
plant base/x.c 'int x;'
sed -i 1d "$work/house/base/x.c"
expect_red tidy 'begins with its name' "a file that does not say what it is for"
plant base/x.c 'int x;'
sed -i 2d "$work/house/base/x.c"
expect_red tidy 'licence' "a file without its licence"
echo 'length base/plain.c it has grown' >"$work/house/tools/allowed.txt"
expect_red tidy 'still needed' "an exception that excuses nothing"
echo 'length base/plain.c' >"$work/house/tools/allowed.txt"
expect_red tidy 'has a reason' "an exception without a reason"

header='#ifndef WLK_BASE_X_H\n#define WLK_BASE_X_H\n'
plant base/x.h "$header\n/* Adds. */\nint wlk_y_add(int x);\n\n#endif"
expect_red names 'name of its file' "a function that is named after another file"
plant base/x.h "$header\nint wlk_x_add(int x);\n\n#endif"
expect_red names 'comment stands above' "a prototype without a comment"
plant base/x.h '#ifndef WLK_X_H\n#define WLK_X_H\n#endif'
expect_red names 'its own name' "a header guard with another name"

plant base/x.h "$header\n/* Adds. */\nsize_t wlk_x_add(size_t x);\n\n#endif"
number=$((number + 1))
alone=1
tools/headers.sh "$work/house" cc >"$work/out" 2>&1 || alone=0
grep -q '^not ok .*base/ does not stand' "$work/out" || alone=1
verdict "$alone" "headers catches a header that needs another before it"
build_house

# Threats that name tests.
mkdir -p "$work/house/docs"
echo "test('base/plain', files: 'plain_test.c')" >"$work/house/base/meson.build"
plant base/plain_test.c 'const char *words = "one and one are two";'
awk 'BEGIN { while (i++ < 40)
    printf "| %d | S | a | b | `base/plain_test.c` \"one and one are two\" |\n", i }' \
    >"$work/threats.md"
expect_threats() { # SED-EXPRESSION SENTENCE WHAT
    number=$((number + 1))
    red=0
    sed "$1" "$work/threats.md" >"$work/house/docs/threats.md"
    tools/threats.sh "$work/house" >"$work/out" 2>&1 && red=1
    grep -q "^not ok [0-9]* - .*$2" "$work/out" || red=1
    [ "$2" != - ] || { tools/threats.sh "$work/house" >"$work/out" 2>&1 && red=0; }
    verdict "$red" "threats $3"
    [ "$red" -eq 0 ] || sed 's/^/# /' "$work/out"
}
expect_threats '' - "leaves a proper page alone"
expect_threats '7s/two" |$/three" |/' 'names a test' "catches a check that is not there"
expect_threats '7s/plain_test/other_test/' 'names a test' "catches a test that is not there"
expect_threats '7s/`.*//' 'names a test' "catches a threat without a test"
expect_threats '30,40d' 'at least 35' "catches a page that is too short"
echo "# nothing is run here" >"$work/house/base/meson.build"
expect_threats '' 'names a test' "catches a test that nobody runs"
build_house

# The count itself: a log with one test in it, and what tally.py must say about it.
expect_tally() { # CLOSING LINE, RESULT, EXIT CODE, OUTPUT, WHAT
    number=$((number + 1))
    printf '{"name": "x", "result": "%s", "returncode": %s, "stdout": "%s"}\n' "$2" "$3" "$4" \
        >"$work/log.json"
    wrong=0
    python3 tools/tally.py "$work/log.json" 1 >"$work/out" 2>&1 || wrong=1
    case $1 in
    *' 0 failed'*) ;;
    *) wrong=$((1 - wrong)) ;; # a failure must show in the exit code too
    esac
    [ "$(tail -n 1 "$work/out")" = "$1" ] || wrong=1
    verdict "$wrong" "tally counts $5"
    [ "$wrong" -eq 0 ] || sed 's/^/# /' "$work/out"
}
expect_tally '2 passed, 0 failed' OK 0 'ok 1 - a\nok 2 - b\n1..2\n' "two that hold"
expect_tally '1 passed, 0 failed, 1 skipped' OK 0 'ok 1 - a\nok 2 # SKIP b\n1..2\n' "a skip"
expect_tally '1 passed, 1 failed' FAIL 1 'ok 1 - a\nnot ok 2 - b\n1..2\n' "one that does not"
expect_tally '1 passed, 1 failed' ERROR -6 'ok 1 - a\n' "a crash"
expect_tally '1 passed, 1 failed' ERROR -11 'ok 1 - a\n1..1\n' "a crash behind the plan"
expect_tally '1 passed, 1 failed' TIMEOUT -9 'ok 1 - a\n' "a test that ran out of time"
expect_tally '1 passed, 1 failed' OK 0 'ok 1 - a\n' "a missing plan"
expect_tally '1 passed, 1 failed' OK 0 'ok 1 - a\n1..2\n' "a check that was lost"
expect_tally '1 passed, 1 failed' ERROR 1 'ok 1 - a\n1..1\n' "a bad exit code"
number=$((number + 1))
: >"$work/log.json"
missing=0
python3 tools/tally.py "$work/log.json" 1 >"$work/out" 2>&1 && missing=1
[ "$(tail -n 1 "$work/out")" = '0 passed, 1 failed' ] || missing=1
verdict "$missing" "tally counts a test that never ran"

printf '1..%d\n' "$number"
[ "$failures" -eq 0 ]
