#!/bin/sh
# walls.sh -- a hub and three nations, each in a network of its own that reaches nothing but its
# own port. Is there another way? Does anything cross while the guard stands still? Who gets
# in? Which descriptors does each process hold?
# usage: tools/walls.sh WARNLINK   (root; Linux network namespaces, ss, openssl, python3)
# The last line is "N passed, N failed[, N skipped]".
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2317 # functions are called by await and trap
set -eu
warnlink=$(readlink -f "$1")
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd -P)
LC_ALL=C.UTF-8
export LC_ALL
work=$(mktemp -d)
chmod 711 "$work"
tag=wlk$$
nations="JP KR US"
children=
passed=0
failed=0

clean_up() {
    for child in $children; do
        kill "$child" 2>/dev/null || true
    done
    wait 2>/dev/null || true
    for nation in $nations; do
        ip netns del "$tag-$nation" 2>/dev/null || true
        ip netns del "$tag-$nation-port" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

finish() { # [SKIPPED]
    echo "$passed passed, $failed failed${1:+, $1 skipped}"
    [ "$failed" -eq 0 ]
    exit
}

verdict() { # WRONG SENTENCE
    if [ -z "$1" ]; then
        passed=$((passed + 1))
        echo "ok   $2"
    else
        failed=$((failed + 1))
        echo "FAIL $2"
        printf '%s\n' "$1" | sed 's/^/     /'
    fi
}

skip() { # WHY
    echo "skip walls in network namespaces: $1"
    finish 1
}

await() { # TENTHS COMMAND...
    left=$1
    shift
    while ! "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        sleep 0.1
    done
}

[ "$(id -u)" -eq 0 ] || skip "not root"
command -v ip >/dev/null || skip "no iproute2"
ip netns add "$tag-JP" 2>/dev/null || skip "no namespace can be made here"

# ---- a coalition, moved from loopback into networks of its own ----

live=$work/kept/live
"$warnlink" demo --out "$work/kept" >"$work/demo.txt" 2>&1 &
demo=$!
await 300 test -s "$live/US/journal.db" || true
kill -TERM "$demo" 2>/dev/null || true
wait "$demo" 2>/dev/null || true
[ -s "$live/HON-A/hub.conf" ] || { verdict "no coalition made" "a coalition"; finish; }

inside() { # NATION COMMAND...
    where=$tag-$1
    shift
    ip netns exec "$where" "$@"
}

number=0
for nation in $nations; do
    number=$((number + 1))
    [ "$nation" = JP ] || ip netns add "$tag-$nation"
    ip netns add "$tag-$nation-port"
    ip -n "$tag-$nation" link add to-port type veth peer name to-node \
        netns "$tag-$nation-port"
    ip -n "$tag-$nation" addr add "10.77.$number.2/30" dev to-port
    ip -n "$tag-$nation-port" addr add "10.77.$number.1/30" dev to-node
    for network in "$tag-$nation" "$tag-$nation-port"; do
        ip -n "$network" link set lo up
    done
    ip -n "$tag-$nation" link set to-port up
    ip -n "$tag-$nation-port" link set to-node up
    sed -i "s/^\(listen $nation\) 127.0.0.1/\1 10.77.$number.1/" "$live/HON-A/hub.conf"
    sed -i "s/^\(hub HON-A\) 127.0.0.1/\1 10.77.$number.1/" "$live/$nation/node.conf"
    echo "network $nation $tag-$nation-port" >>"$live/HON-A/hub.conf"
done
port_of() { # NATION
    sed -n "s/^listen $1 [0-9.]* \([0-9]*\).*/\1/p" "$live/HON-A/hub.conf"
}

start_hub() {
    "$warnlink" hub --config "$live/HON-A/hub.conf" >"$work/hub.out" 2>"$work/hub.err" \
        </dev/null &
    hub=$!
    children="$children $hub"
}
start_hub
for nation in $nations; do
    ip netns exec "$tag-$nation" "$warnlink" node --config "$live/$nation/node.conf" \
        >"$work/$nation.out" 2>"$work/$nation.err" </dev/null &
    eval "node_$nation=$!"
    children="$children $!"
done
wrong=
for nation in $nations; do
    await 200 grep -q '^ready' "$work/$nation.out" || wrong="$wrong $nation is not ready;"
done
verdict "$wrong" "hub and three nodes come up, each node in a network with its port only"
[ -z "$wrong" ] || { cat "$work"/*.err; finish; }
# shellcheck disable=SC2046 # one number a word: ports in the order of hub.conf, then the guard
set -- $(cat "/proc/$hub/task/$hub/children")
guard=$4

# ---- no other way ----

wrong=
number=0
for nation in $nations; do
    number=$((number + 1))
    other=0
    for partner in $nations; do
        other=$((other + 1))
        [ "$partner" != "$nation" ] || continue
        for network in "$tag-$nation" "$tag-$nation-port"; do
            for host in 1 2; do
                ! ip -n "$network" route get "10.77.$other.$host" >/dev/null 2>&1 ||
                    wrong="$wrong $network has a route to 10.77.$other.$host;"
            done
        done
    done
    reached=$(inside "$nation" timeout 2 openssl s_client -connect \
        "10.77.$number.1:$(port_of "$nation")" </dev/null 2>&1 | grep -c 'CONNECTED' || true)
    [ "$reached" -ge 1 ] || wrong="$wrong $nation does not reach its own port;"
done
verdict "$wrong" "no network has a way to another; each node reaches its own port"

# ---- descriptors and sockets of every process ----

pids() {
    echo "keeper $hub"
    # shellcheck disable=SC2046
    set -- $(cat "/proc/$hub/task/$hub/children")
    printf 'port-JP %s\nport-KR %s\nport-US %s\nguard %s\n' "$1" "$2" "$3" "$4"
    for nation in $nations; do
        eval "echo node-$nation \$node_$nation"
    done
}

# One line a kind: how many, whose, what, with whom.
census() {
    pids | while read -r name pid; do
        for fd in "/proc/$pid/fd"/*; do
            printf 'fd %s %s %s\n' "$name" "${fd##*/}" "$(readlink "$fd" || echo gone)"
        done
    done >"$work/fds"
    ss -xaH 2>/dev/null | awk '{ print "pair", $6, $8 }' >"$work/sockets"
    for nation in $nations; do
        for network in "$nation" "$nation-port"; do
            inside "$network" ss -tnaeH 2>/dev/null |
                awk 'match($0, /ino:[0-9]+/) {
                    print "tcp", substr($0, RSTART + 4, RLENGTH - 4), $1, $5, $4 }'
            inside "$network" ss -unaeH 2>/dev/null |
                awk 'match($0, /ino:[0-9]+/) {
                    print "udp", substr($0, RSTART + 4, RLENGTH - 4) }'
        done
    done >>"$work/sockets"
    awk '
        $1 == "fd" && $4 ~ /^socket:/ {
            inode = $4
            gsub(/[^0-9]/, "", inode)
            owner[inode] = owner[inode] " " $2
        }
        FILENAME ~ /sockets$/ && $1 == "pair" { peer[$2] = $3 }
        $1 == "tcp" && $3 != "LISTEN" { kind[$2] = "tcp, other end: " at($4) }
        $1 == "tcp" && $3 == "LISTEN" {
            place = $5
            sub(/^127.*/, "loopback", place)
            sub(/^10\.77.*/, "its network", place)
            kind[$2] = "tcp listener on " place
        }
        $1 == "udp" { kind[$2] = "udp socket" }
        { row[++rows] = $0 }
        function at(address,    part, nation) { # 10.77.N.1 is the port of the Nth, .2 its node
            split("JP KR US", nation, " ")
            split(address, part, /[.:]/)
            return (part[4] == 1 ? "port-" : "node-") nation[part[3]]
        }
        function who(inode,    part, n, i, out) {
            n = split(owner[inode], part, " ")
            for (i = 1; i <= n; i++)
                if (part[i] != "keeper" || n == 1)
                    out = out (out ? "+" : "") part[i]
            return out ? out : "nobody here"
        }
        END {
            for (i = 1; i <= rows; i++) {
                split(row[i], f, " ")
                if (f[1] != "fd")
                    continue
                what = f[4]
                if (what ~ /^socket:/) {
                    gsub(/[^0-9]/, "", what)
                    what = what in peer ? "pipe end, other end: " who(peer[what]) : kind[what]
                } else if (f[3] == 1 || f[3] == 2) {
                    what = what == "/dev/null" ? what : "output"
                } else
                    sub(/.*\//, "", what)
                print f[2] ": " what
            }
        }' "$work/fds" "$work/sockets" | sort | uniq -c | sed 's/^ *//'
}
golden=$top/corpus/walls/census.txt
census >"$work/census"
grep -v '^#' "$golden" >"$work/golden" || true
verdict "$(diff "$work/golden" "$work/census" || true)" \
    "each process holds the descriptors of $(basename "$golden"), and no other"
# A stranger with the right certificate that says nothing is kept for 5 s.
inside KR sh -c "sleep 4 | openssl s_client -connect 10.77.2.1:$(port_of KR) \
    -cert '$live/KR/node.crt' -key '$live/KR/node.key'" >/dev/null 2>&1 &
sees_more() {
    census >"$work/census"
    ! diff -q "$work/golden" "$work/census" >/dev/null
}
wrong=
await 20 sees_more || wrong="the census did not see it"
verdict "$wrong" "one connection more turns the census red"
wait $! || true

# ---- the guard stands still ----

records() { # JOURNAL ORIGINATOR [JOURNAL ORIGINATOR]: a number for each, in one line
    (cd "$live" && python3 - "$@") <<'PYTHON'
import sqlite3
import sys

for name, originator in zip(sys.argv[1::2], sys.argv[2::2]):
    journal = sqlite3.connect("file:%s/journal.db?mode=ro" % name, uri=True, timeout=10)
    print(journal.execute("select count(*) from records join lanes on lanes.id = lane "
                          "where originator = ? and arrangement = 'TMW-1'",
                          (originator,)).fetchone()[0], end=" ")
PYTHON
}
has_more() { # JOURNAL ORIGINATOR THAN
    [ "$(records "$1" "$2")" -gt "$3" ]
}

before=$(($(records JP KR)))
inside KR "$warnlink" rehearse 2017-08-29 --node "$live/KR/node.conf" \
    >"$work/rehearse.out" 2>&1 &
rehearsal=$!
children="$children $rehearsal"
wrong=
await 400 has_more JP KR $((before + 20)) || wrong="no records of KR at JP"
verdict "$wrong" "records of KR reach JP through the guard"

# Nodes dial anew after 5 s of silence: a window in which they did, on a busy machine, says
# nothing, and another is tried. One process does all of it, so that it stays short.
inside JP python3 - "$guard" "$live" >"$work/still" <<'PYTHON' || true
import os
import signal
import sqlite3
import subprocess
import sys
import time

guard, live = int(sys.argv[1]), sys.argv[2]
journals = [sqlite3.connect("file:%s/%s/journal.db?mode=ro" % (live, name), uri=True)
            for name in ("JP", "KR")]


def links():  # the TCP connections of JP's node, and the bytes that came over them
    out = subprocess.run(["ss", "-tinOH", "state", "established"], capture_output=True,
                         text=True, check=True).stdout
    received = sum(int(word[15:]) for word in out.split() if word.startswith("bytes_received:"))
    return sorted(line.split()[2] for line in out.splitlines()), received


def records():  # of KR, at JP and at KR
    return [journal.execute("select count(*) from records join lanes on lanes.id = lane where "
                            "originator = 'KR' and arrangement = 'TMW-1'").fetchone()[0]
            for journal in journals]


for _ in range(10):
    os.kill(guard, signal.SIGSTOP)
    time.sleep(0.5)
    had = records()
    links_before, received = links()
    time.sleep(1)
    links_after, received_after = links()
    have = records()
    os.kill(guard, signal.SIGCONT)
    if len(links_before) == 4 and links_before == links_after:
        print(received_after - received, have[0] - had[0], have[1] - had[1])
        break
    time.sleep(3)
PYTHON
kill -CONT "$guard"
more='?' came='?' made=0
read -r more came made <"$work/still" || true
wrong=
[ "$more" != '?' ] || wrong="the links of JP never stood still"
[ "$more" = 0 ] || wrong="$wrong $more bytes came to JP;"
[ "$came" = 0 ] || wrong="$wrong $came records came to JP;"
[ "$made" -gt 0 ] || wrong="$wrong KR made no records meanwhile"
echo "     meanwhile $more bytes and $came records came to JP, KR made $made"
verdict "$wrong" "with the guard stopped 0 bytes cross"
kill -TERM "$rehearsal" 2>/dev/null || true
wait "$rehearsal" 2>/dev/null || true
wrong=
own=$(records KR KR)
await 300 has_more JP KR $((own - 1)) || wrong="$own records made, $(records JP KR) there"
verdict "$wrong" "when it goes on, all that was made meanwhile arrives"

# ---- who gets in ----

knock() { # KEY AND CERTIFICATE OF... (none for none)
    : >"$work/knock.err"
    : >"$work/hub.err"
    sleep 1.1 # a port says refusals at most once a second
    if [ -n "$1" ]; then
        set -- -cert "$1.crt" -key "$1.key"
    else
        set --
    fi
    (sleep 1 | inside JP openssl s_client -connect "10.77.1.1:$(port_of JP)" -tls1_3 \
        -CAfile "$live/JP/ca.crt" "$@" >"$work/knock.out" 2>&1) || true
    sleep 0.3
}
refused() { # WORDS SENTENCE
    wrong=
    grep "the port of JP refused a connection: .*$1.*so far" "$work/hub.err" >/dev/null ||
        wrong="hub said: $(cat "$work/hub.err")"
    verdict "$wrong" "$2"
}
mkdir "$work/ca"
: >"$work/ca/index"
echo 01 >"$work/ca/serial"
cat >"$work/ca/conf" <<CONF
[ca]
default_ca = old
[old]
database = $work/ca/index
serial = $work/ca/serial
new_certs_dir = $work/ca
certificate = $live/JP/ca.crt
private_key = $live/JP/ca.key
default_md = default
policy = any
[any]
commonName = supplied
CONF
# A certificate of JP's own CA, made by it and by nobody's arrangement.
make_certificate() { # NAME clientAuth|serverAuth FROM UNTIL
    openssl genpkey -algorithm ed25519 -out "$work/$1.key" 2>/dev/null
    chmod 600 "$work/$1.key"
    openssl req -new -key "$work/$1.key" -subj "/CN=$1" -out "$work/ca/csr" 2>/dev/null
    printf 'extendedKeyUsage=%s\nkeyUsage=critical,digitalSignature\n' "$2" >"$work/ca/ext"
    openssl ca -batch -config "$work/ca/conf" -in "$work/ca/csr" -out "$work/$1.crt" -notext \
        -startdate "$3" -enddate "$4" -extfile "$work/ca/ext" 2>"$work/ca/err" ||
        cat "$work/ca/err"
}
make_certificate old clientAuth 20200101000000Z 20200102000000Z
knock "$live/KR/node"
refused "certificate" "the certificate of another nation is refused, said and counted"
knock ""
refused "did not return a certificate" "no certificate is refused, said and counted"
knock "$work/old"
refused "expired" "an expired certificate is refused, said and counted"
knock "$live/JP/node"
refused "closed by the peer" "the right certificate gets in, and without a word is not kept"

# ---- a certificate that no arrangement pins ----

kill -TERM "$hub"
wait "$hub" 2>/dev/null || true
make_certificate new serverAuth "$(date -u -d yesterday +%Y%m%d%H%M%SZ)" \
    "$(date -u -d tomorrow +%Y%m%d%H%M%SZ)"
cp "$live/JP/hub.crt" "$work/kept.crt"
cp "$live/JP/hub.key" "$work/kept.key"
cp "$work/new.crt" "$live/JP/hub.crt"
cp "$work/new.key" "$live/JP/hub.key"
start_hub
wrong=
await 100 grep -q "HON-A refused: no arrangement in force pins the key" "$work/JP.err" ||
    wrong="JP said: $(cat "$work/JP.err")"
verdict "$wrong" "a node does not talk to a hub whose key no arrangement pins, and says so"
kill -TERM "$hub"
wait "$hub" 2>/dev/null || true
cp "$work/kept.crt" "$live/JP/hub.crt"
cp "$work/kept.key" "$live/JP/hub.key"
start_hub

# ---- two nations in one process ----

cp -r "$live/HON-A" "$live/HON-X"
sed -i 's|\.\./KR/ca.crt|../KR/../JP/ca.crt|' "$live/HON-X/hub.conf"
wrong=
timeout 10 "$warnlink" hub --config "$live/HON-X/hub.conf" >"$work/out" 2>&1 &&
    wrong="it started"
grep -q "two nations never share a CA or a key: JP and KR" "$work/out" ||
    wrong="$wrong; said: $(cat "$work/out")"
verdict "$wrong" "a hub with one CA for two nations, however it is spelt, does not start"
wrong=
cat "$live/JP/node.conf" "$live/KR/node.conf" >"$live/JP/both.conf"
timeout 10 "$warnlink" node --config "$live/JP/both.conf" >"$work/out" 2>&1 &&
    wrong="it started"
grep -q "one node serves one nation" "$work/out" || wrong="$wrong; said: $(cat "$work/out")"
verdict "$wrong" "a node given two nations' configurations does not start"

# ---- the end ----

kill -TERM "$hub"
wait "$hub" 2>/dev/null || true
wrong=$(grep -l "$live/HON-A" /proc/[0-9]*/cmdline 2>/dev/null || true)
verdict "$wrong" "no process of the hub stays behind"
finish
