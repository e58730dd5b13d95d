#!/bin/sh
# salvos.sh -- a few salvos through the pictures of three nations: do the claims hold?
# usage: tools/salvos.sh SALVOS
# SPDX-License-Identifier: Apache-2.0
set -eu
told=$("$1" --salvos 1 | grep -E '^FAIL|passed') || true
case $told in
*' 0 failed') echo "ok 1 - names agree: $told" ;;
*) echo "not ok 1 - names agree: $(echo "$told" | tr '\n' ';')" ;;
esac
echo 1..1
