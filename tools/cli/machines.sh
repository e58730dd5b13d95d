# machines.sh -- nodes and hubs with wrong files, ports in use, a full disk, Ctrl-C. Part of
# tools/cli_test.sh.
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # work, top, warnlink: of cli_test.sh

refuses 2 "--config" "a node without its file is refused" node
refuses 1 "nothere" "a missing file of a node is named" node --config nothere
refuses 1 "nothere" "a missing file of a hub is named" hub --config nothere
refuses 2 "a file of what was shown" "a replay of nothing is refused" serve
refuses 1 "nothere" "a missing file to be shown again is named" serve nothere
refuses 2 "--port N is needed" "a watch over no port is refused" watch
refuses 2 "not an IPv4 address" "a watch over a name is refused" watch --port 9 --host home
refuses 2 "--display goes with neither" "a display of the virtual clock is refused" \
    demo --fast --display

# A demo that is interrupted leaves whole journals, no process, and the folders for the rest.
"$warnlink" demo --out "$work/kept" >"$work/out" 2>"$work/err" &
demo=$!
waited=0
while [ ! -s "$work/kept/live/US/journal.db" ] && [ "$waited" -lt 200 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
sleep 2
# ... and, for the replay below, decisions of its hub.
decided() {
    python3 - "$work/kept/live/HON-A/journal.db" 2>/dev/null <<'PYTHON'
import sqlite3
import sys

count = sqlite3.connect(sys.argv[1]).execute("select count(*) from records").fetchone()[0]
sys.exit(count < 20)
PYTHON
}
waited=0
while ! decided && [ "$waited" -lt 100 ]; do
    sleep 0.3
    waited=$((waited + 1))
done
# A shell's background job ignores INT, which the demo inherits or not; TERM means the same.
kill -TERM "$demo"
waited=0
while kill -0 "$demo" 2>/dev/null && [ "$waited" -lt 100 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
wrong=
[ "$waited" -lt 100 ] || wrong="still there after 10 s"
wait "$demo" 2>/dev/null || true
verdict "$wrong" "an interrupted demo stops"
: >"$work/err"
left=$(grep -l "$work/kept" /proc/[0-9]*/cmdline 2>/dev/null || true)
verdict "$left" "an interrupted demo leaves no process behind"
live=$work/kept/live
whole=$(python3 - "$live"/*/journal.db <<'PYTHON' 2>&1 || true
import sqlite3
import sys

if len(sys.argv) != 5:
    print("%d journals, not 4" % (len(sys.argv) - 1))
for name in sys.argv[1:]:
    verdict = sqlite3.connect(name).execute("pragma integrity_check").fetchone()[0]
    if verdict != "ok":
        print(name, verdict)
PYTHON
)
verdict "$whole" "an interrupted demo leaves four whole journals"

# A copy of that coalition with one line of a configuration changed.
changed() { # FILE SED-EXPRESSION
    rm -rf "$work/bad"
    cp -r "$live" "$work/bad"
    sed -i "$2" "$work/bad/$1"
}
node_refuses() { # SED-EXPRESSION WORDS SENTENCE
    changed JP/node.conf "$1"
    refuses 1 "$2" "$3" node --config "$work/bad/JP/node.conf"
}
hub_refuses() {
    changed HON-A/hub.conf "$1"
    refuses 1 "$2" "$3" hub --config "$work/bad/HON-A/hub.conf"
}
node_refuses '3s/.*/speed 9/' "node.conf:3: " "an unknown statement is named with its line"
node_refuses 's/^nation.*/nation JP KR/' "node.conf:1: " "a node serves one nation"
node_refuses 's/^journal .*//' "journal" "a missing statement is named"
node_refuses 's/^plots.*/plots 127.0.0.1 99999/' "node.conf:" "a port out of range is refused"
node_refuses 's/^plots.*/plots 300.0.0.1 999/' "300.0.0.1" "an address that is none is named"
node_refuses 's/^nature.*/nature real/' "clock" "real life runs at its own speed"
node_refuses 's/certificate node.crt/certificate hub.crt/' "node.key" \
    "a key of another certificate is refused"
node_refuses 's/ca.crt/node.key/' "certificate" "a key is no certificate"
node_refuses 's/roots.txt/node.conf/' "node.conf:1: " "a configuration is no list of roots"
node_refuses 's/journal.db/node.conf/' "not a journal" "a text is no journal"
hub_refuses '2s/.*/speed 9/' "hub.conf:2: " "a hub names an unknown statement"
hub_refuses 's/^listen JP.*//; s/^listen KR.*//; s/^listen US.*//' "listen" \
    "a hub without ports is refused"
hub_refuses 's/journal.db/hub.conf/' "not a journal" "a hub's journal is a journal"

changed JP/node.conf ''
chmod 644 "$work/bad/JP/record.key"
refuses 1 "record.key" "a node's key that others may read is refused" \
    node --config "$work/bad/JP/node.conf"
head -c 20 "$live/JP/record.key" >"$work/bad/JP/record.key"
chmod 600 "$work/bad/JP/record.key"
refuses 1 "record.key" "a key that was cut is refused" node --config "$work/bad/JP/node.conf"
changed JP/node.conf ''
head -c 4000 "$live/JP/journal.db" >"$work/bad/JP/journal.db"
rm -f "$work/bad/JP/journal.db-wal" "$work/bad/JP/journal.db-shm"
refuses 1 "journal.db" "a journal that was cut is refused" \
    node --config "$work/bad/JP/node.conf"

# The doctor of a folder: what is wrong is said, and the exit code tells.
doctor_says() { # EXIT-CODE WORDS SENTENCE FOLDER
    code=0
    timeout 20 "$warnlink" doctor "$4" >"$work/out" 2>"$work/err" || code=$?
    wrong=
    [ "$code" -eq "$1" ] || wrong="exit code $code, not $1"
    [ ! -s "$work/err" ] || wrong="$wrong; something on stderr"
    grep -qF -e "$2" "$work/out" || wrong="$wrong; no line says \"$2\""
    verdict "$wrong" "$3"
}
refuses 2 "FOLDER" "a doctor without a patient is refused" doctor
refuses 1 "neither node.conf nor hub.conf" "a folder that is nobody's is named" doctor "$work"
doctor_says 0 "nation JP: 0 wrong" "a nation's folder as it was left has nothing wrong" \
    "$live/JP"
doctor_says 0 "hub HON-A: 0 wrong" "nor has a hub's" "$live/HON-A"
changed JP/node.conf ''
chmod 640 "$work/bad/JP/node.key"
doctor_says 1 "node.key may be read or written by others (mode 640)" \
    "the doctor sees a key that others may read" "$work/bad/JP"
changed JP/node.conf ''
rm -f "$work/bad/JP/journal.db"* "$work/bad/JP/statements"/*
doctor_says 1 "no arrangement with JP is in force" "and that nothing is in force" "$work/bad/JP"
changed JP/node.conf ''
cp "$work/bad/KR/node.crt" "$work/bad/JP/node.crt"
doctor_says 1 "no arrangement in force pins its key: HON-A will refuse it" \
    "and a certificate that no arrangement pins" "$work/bad/JP"
changed JP/node.conf ''
cp "$work/bad/KR/record.key" "$work/bad/JP/record.key"
doctor_says 1 "own key signs nothing under" "and a key that is another's" "$work/bad/JP"
changed JP/node.conf ''
head -c 9000 "$live/JP/journal.db" >"$work/bad/JP/journal.db"
rm -f "$work/bad/JP"/journal.db-*
doctor_says 1 "journal" "and a journal that is damaged" "$work/bad/JP"
changed JP/node.conf 's/^clock \([0-9]*\) \([0-9]*\) .*/clock 0 \2 10/'
doctor_says 1 "no arrangement with JP is in force" "and a term that is over" "$work/bad/JP"

# A hub's decisions, made again.
replay_says() { # EXIT-CODE WORDS SENTENCE JOURNAL
    code=0
    timeout 60 "$warnlink" replay --roots "$live/HON-A/roots.txt" "$4" >"$work/out" \
        2>"$work/err" || code=$?
    wrong=
    [ "$code" -eq "$1" ] || wrong="exit code $code, not $1"
    grep -qF -e "$2" "$work/out" || wrong="$wrong; no line says \"$2\""
    verdict "$wrong" "$3"
}
refuses 2 "--roots FILE" "decisions are not made again without roots" replay journal.db
replay_says 0 "decisions made again as then, 0 otherwise" \
    "a hub's decisions made again are the same" "$live/HON-A/journal.db"
replay_says 0 "own ones hold, 0 otherwise" "what a nation took is taken again" \
    "$live/JP/journal.db"
changed HON-A/hub.conf ''
python3 - "$work/bad/HON-A/journal.db" <<'PYTHON'
import sqlite3
import sys

journal = sqlite3.connect(sys.argv[1])
journal.execute("delete from statements")
journal.commit()
PYTHON
replay_says 1 "not taken now" "decisions of a hub that forgot its arrangements are said" \
    "$work/bad/HON-A/journal.db"

# Ports in use.
cat >"$work/hold.py" <<'PYTHON'
import socket
import sys
import time

plots = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
plots.bind(("127.0.0.1", int(sys.argv[1])))
link = socket.socket()
link.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
link.bind(("127.0.0.1", int(sys.argv[2])))
link.listen()
open(sys.argv[3], "w").close()
time.sleep(60)
PYTHON
plots_port=$(sed -n 's/^plots 127.0.0.1 //p' "$live/JP/node.conf")
link_port=$(sed -n 's/^listen JP 127.0.0.1 \([0-9]*\).*/\1/p' "$live/HON-A/hub.conf")
python3 "$work/hold.py" "$plots_port" "$link_port" "$work/held" &
holder=$!
waited=0
while [ ! -f "$work/held" ] && [ "$waited" -lt 100 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
doctor_says 1 "port $plots_port: Address already in use" \
    "the doctor names a port that another program has" "$live/JP"
refuses 1 "$plots_port" "a node names a port in use" node --config "$live/JP/node.conf"
refuses 1 "$link_port" "a hub names a port in use" hub --config "$live/HON-A/hub.conf"
kill "$holder" 2>/dev/null || true
wait "$holder" 2>/dev/null || true

# A disk that takes no more than 4 KiB a file.
(
    trap '' XFSZ
    ulimit -f 8
    code=0
    timeout 60 "$warnlink" demo 2017-08-29 --fast --out "$work/full" >"$work/out" \
        2>"$work/err" || code=$?
    echo "$code" >"$work/code"
) || true
wrong=
[ "$(cat "$work/code")" = 1 ] || wrong="exit code $(cat "$work/code"), not 1"
[ "$(wc -l <"$work/err")" -eq 1 ] || wrong="$wrong; $(wc -l <"$work/err") lines on stderr"
verdict "$wrong" "a full disk is said in one line"
