#!/bin/sh
# watch_test.sh -- the alarm path without a browser: it rings for an alarm, names it, runs the
# hook once, and rings again when the node falls silent. TAP.
# usage: tools/watch_test.sh PATH_OF_WARNLINK
# SPDX-License-Identifier: Apache-2.0
set -eu
warnlink=$(readlink -f "$1")
LC_ALL=C.UTF-8
export LC_ALL
work=$(mktemp -d)
watch=
node=
trap 'kill $watch $node 2>/dev/null || true; rm -rf "$work"' EXIT
number=0
failures=0
verdict() { # IS_GOOD SENTENCE
    number=$((number + 1))
    if [ "$1" = yes ]; then
        printf 'ok %d - %s\n' "$number" "$2"
    else
        failures=$((failures + 1))
        printf 'not ok %d - %s\n' "$number" "$2"
        sed 's/^/# /' "$work/out"
    fi
}
holds() { # WORDS SENTENCE -- sooner or later the output has them
    good=no
    for _ in $(seq 300); do
        if grep -qF -e "$1" "$work/out"; then
            good=yes
            break
        fi
        sleep 0.1
    done
    verdict $good "$2"
}

# A node that says two alarms, one answered, with control characters in a text; then nothing.
cat >"$work/node.py" <<'NODE'
import socket, sys, time
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen(4)
print(server.getsockname()[1], flush=True)
alarm = ('{"number":%d,"kind":"%s","key":"KR","words":"a\\u001b[2Jb","acknowledged":%s,'
         '"count":3}')
event = ('id: 1\nevent: alarms\ndata: {"alarms":[' + alarm % (1, "LAUNCH", "false") + ',' +
         alarm % (2, "PARTNER", "true") + ']}\n\n')
line, _ = server.accept()
line.recv(4096)
line.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + event.encode())
for _ in range(3):
    time.sleep(0.5)
    line.sendall(event.encode())
time.sleep(600)
NODE
python3 "$work/node.py" >"$work/port" &
node=$!
while [ ! -s "$work/port" ]; do sleep 0.1; done
: >"$work/out"
"$warnlink" watch --port "$(cat "$work/port")" \
    --hook "echo \"\$WARNLINK_KIND \$WARNLINK_ABOUT \$WARNLINK_COUNT\" >>$work/hook" \
    >"$work/out" 2>&1 &
watch=$!
holds "ALARM LAUNCH x3 KR" "an alarm that asks is named, with its count"
good=no
! grep -q "PARTNER" "$work/out" && good=yes
verdict $good "one that has been answered is not"
good=no
! LC_ALL=C grep -q "$(printf '\033')\[2J" "$work/out" && good=yes
verdict $good "control characters of a partner do not reach the terminal"
holds "nothing is heard from the node" "a node that falls silent rings"
good=no
[ "$(grep -c '^LAUNCH KR 3$' "$work/hook")" -eq 1 ] && grep -q '^DATA' "$work/hook" && good=yes
verdict $good "the hook runs once for each alarm"
good=no
LC_ALL=C grep -q "$(printf '\007')" "$work/out" && good=yes
verdict $good "the bell rings"
kill "$watch"
wait "$watch" 2>/dev/null || true
printf '1..%d\n' "$number"
[ "$failures" -eq 0 ]
