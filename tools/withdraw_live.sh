#!/bin/sh
# withdraw_live.sh -- hub and nodes as processes, a launch under way: the US withdraws from the
# trilateral arrangement. What do the journals say? Nothing is judged by the clock: from the
# moment each process says that it knows, no record more of that arrangement may come to its
# journal, while those of the bilateral ones go on.
# The last line is "N passed, N failed".
# usage: tools/withdraw_live.sh PATH_OF_WARNLINK
# SPDX-License-Identifier: Apache-2.0
set -eu
warnlink=$(readlink -f "$1")
work=$(mktemp -d)
demo=
finish() {
    [ -z "$demo" ] || kill -TERM "$demo" 2>/dev/null || true
    [ -z "$demo" ] || wait "$demo" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
passed=0
failed=0
live=$work/demo/live

verdict() { # IS_WRONG SENTENCE
    if [ -z "$1" ]; then
        passed=$((passed + 1))
        echo "ok   $2"
    else
        failed=$((failed + 1))
        echo "FAIL $2 ($1)"
    fi
}

# Records in a journal: "newest row, how many" of an originator under an arrangement, beyond a
# row. At the hub only those that it passed to somebody count.
cat >"$work/count.py" <<'PYTHON'
import sqlite3
import sys

place, originator, arrangement, beyond, at_hub = sys.argv[1:6]
base = sqlite3.connect("file:%s?mode=ro" % place, uri=True, timeout=10)
rows = base.execute(
    "select records.rowid, verdict from records join lanes on lanes.id = lane "
    "where originator = ? and arrangement = ? and records.rowid > ?",
    (originator, arrangement, int(beyond)))
newest = count = 0
for row, verdict in rows:
    if at_hub == "1" and not any((verdict or b"")[::2]):
        continue
    newest = max(newest, row)
    count += 1
print(newest, count)
PYTHON
count() { # PLACE ORIGINATOR ARRANGEMENT BEYOND AT_HUB
    python3 "$work/count.py" "$live/$1/journal.db" "$2" "$3" "$4" "$5" 2>/dev/null || echo "0 0"
}

# Waits until a command is true, at most so many seconds.
await() { # SECONDS COMMAND...
    left=$(($1 * 5))
    shift
    while [ "$left" -gt 0 ]; do
        if "$@"; then
            return 0
        fi
        left=$((left - 1))
        sleep 0.2
    done
    return 1
}
flows() {
    [ "$(count KR JP TMW-1 0 0 | cut -d ' ' -f 2)" -gt 30 ] &&
        [ "$(count JP KR TMW-1 0 0 | cut -d ' ' -f 2)" -gt 30 ]
}
knows() { # NATION
    grep -q "arrangement TMW-1 is no longer in force: withdrawn" "$live/$1/shown.txt"
}
goes_on() { # from the row noted at KR, of the bilateral arrangement
    [ "$(count KR US KR-US "$bilateral" 0 | cut -d ' ' -f 2)" -gt 20 ]
}

"$warnlink" demo --out "$work/demo" >"$work/out" 2>&1 &
demo=$!
wrong=
await 120 flows || wrong="no flow: $(tail -n 1 "$work/out")"
verdict "$wrong" "records flow between JP and KR under the trilateral arrangement"

wrong=
"$warnlink" arrange withdraw --key "$live/US/offline/root.key" \
    "$live/US/statements/TMW-1.bundle" >"$work/said" 2>&1 || wrong=$(cat "$work/said")
verdict "$wrong" "the US withdraws: one file, in the folder of its node"
wrong=
for nation in US JP KR; do
    await 30 knows "$nation" || wrong="$wrong $nation does not know"
done
verdict "$wrong" "each node says that it is no longer in force"

kr=$(count KR JP TMW-1 0 0 | cut -d ' ' -f 1)
jp=$(count JP KR TMW-1 0 0 | cut -d ' ' -f 1)
us=$(count US JP TMW-1 0 0 | cut -d ' ' -f 1)
hub=$(count HON-A JP TMW-1 0 1 | cut -d ' ' -f 1)
bilateral=$(count KR US KR-US 0 0 | cut -d ' ' -f 1)
wrong=
await 60 goes_on || wrong="nothing more under KR-US"
verdict "$wrong" "the bilateral arrangements go on"
more=$(count KR JP TMW-1 "$kr" 0 | cut -d ' ' -f 2)
more="$more $(count JP KR TMW-1 "$jp" 0 | cut -d ' ' -f 2)"
more="$more $(count US JP TMW-1 "$us" 0 | cut -d ' ' -f 2)"
wrong=
[ "$more" = "0 0 0" ] || wrong="$more records came to KR, JP and US"
verdict "$wrong" "by the journals of KR, JP and US 0 records came since each knew"
more=$(count HON-A JP TMW-1 "$hub" 1 | cut -d ' ' -f 2)
wrong=
[ "$more" = 0 ] || wrong="$more records"
verdict "$wrong" "by the journal of the hub 0 records passed"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
