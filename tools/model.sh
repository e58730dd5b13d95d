#!/bin/sh
# model.sh -- compares the decision with the second model of the rule, case by case: two whole
# cross products of critical points and a million random cases.
# usage: tools/model.sh BUILD [RANDOM CASES]
# SPDX-License-Identifier: Apache-2.0
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd -P)
random=${2:-1000000}
"$1/tools/decide_cases" "$random" | node "$top/proofs/rule.mjs" $((random + 9000000))
