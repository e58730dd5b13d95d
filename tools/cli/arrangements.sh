# arrangements.sh -- arrangements and keys that do not fit. Part of tools/cli_test.sh.
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # work, top: of cli_test.sh

says() { # WORDS SENTENCE: the last output holds these words
    wrong=
    grep -qF -e "$1" "$work/out" || wrong="the output does not say \"$1\""
    verdict "$wrong" "$2"
}

refuses 2 "verb" "arrange without a verb is refused" arrange
refuses 2 "unknown verb: seal" "an unknown verb is named" arrange seal
refuses 2 "--dir and --party" "keys for nobody are refused" arrange keys
refuses 2 "jp" "a party in small letters is refused" arrange keys --dir "$work/k" --party jp
refuses 2 "yesterday" "a time in words is refused" \
    arrange keys --dir "$work/k" --party JP --from yesterday
accepts "keys are made" arrange keys --dir "$work/k" --party JP
wrong=
[ -f "$work/k/offline/JP.root.key" ] || wrong="no root key"
[ ! -f "$work/k/JP.root.key" ] || wrong="$wrong; root not apart"
[ -s "$work/k/offline/READ-THIS" ] || wrong="$wrong; nothing says that it stays offline"
modes=$(stat -c %a "$work/k/offline" "$work/k/offline/JP.root.key" | tr '\n' ' ')
[ "$modes" = "700 600 " ] || wrong="$wrong; others may read it"
[ "$(wc -l <"$work/k/JP.keys")" -eq 3 ] || wrong="$wrong; not three lines for the arrangement"
verdict "$wrong" "the root key lies apart, marked, for its owner only"
refuses 1 "never overwritten" "keys are never overwritten" \
    arrange keys --dir "$work/k" --party JP
root=$work/k/offline/JP.root.key
accepts "the next keys are made" arrange rotate --dir "$work/k" --party JP --root "$root"
says "adds key" "what the root signs is shown"
accepts "and the next" arrange rotate --dir "$work/k" --party JP --root "$root"
accepts "a statement is shown" arrange show "$work/k/JP.3.keystatement"
says "key statement of JP" "by what it does"
refuses 2 "--root" "keys are not rotated without the root" \
    arrange rotate --dir "$work/k" --party JP
accepts "a key is ended" arrange revoke --party JP --root "$root" \
    --since 2026-11-20T00:00:00Z --out "$work/k/end.keystatement" "$work/k/JP.real.key"
says "for ever, suspect since 2026-11-20T00:00:00Z" "with the time since which it is suspect"
refuses 1 "never overwritten" "a statement is never overwritten" \
    arrange revoke --party JP --root "$root" --since 2026-11-20T00:00:00Z \
    --out "$work/k/end.keystatement" "$work/k/JP.real.key"
refuses 2 "--since" "a key is not ended without that time" \
    arrange revoke --party JP --root "$root" --out "$work/k/e2" "$work/k/JP.real.key"
refuses 1 "stands twice" "a key is not ended twice in one breath" \
    arrange revoke --party JP --root "$root" --since 2026-11-20T00:00:00Z \
    --out "$work/k/e2" "$work/k/JP.real.key" "$work/k/JP.real.key"
head -c 50 "$work/k/end.keystatement" >"$work/cut.keystatement"
refuses 1 "cut.keystatement" "a cut statement is named" arrange show "$work/cut.keystatement"
template=$top/arrangements/tmw.txt
accepts "a template can be looked at" arrange check "$template"
says "0 faults" "and holds"
accepts "paths that must not exist do not" arrange check "$template" \
    --never "plot from JP to KR" --never "fine from any to any"
refuses 1 "2 faults" "one that exists is a fault" \
    arrange check "$template" --never "track from JP to KR"
says "HOLE: track from JP to KR (real): this path must not exist" "and named"
refuses 1 "from NATION to NATION" "a path in other words is refused" \
    arrange check "$template" --never "no plots please"
accepts "what passes is a table" arrange table "$template"
says "real     track  JP  KR  SECRET        c---  c---  c---  ----  ----  ----" \
    "with a line for each nature, type, direction and label"
sed 's/nature real, class at most SECRET; groups coarse; age/nature real; groups coarse; age/' \
    "$template" >"$work/wide.txt"
accepts "two arrangements are compared" arrange diff "$template" "$work/wide.txt"
says "KR: launch coarse from JP CHANGES: launches in region DPRK, no older than 600 s (was: up \
to SECRET, launches in region DPRK, no older than 600 s)" "by what changes for whom"
accepts "an arrangement and itself too" arrange diff "$template" "$template"
says "the same, to the last byte" "and are the same"
sed 's/^permit W1/permit W7/' "$template" >"$work/named.txt"
accepts "another name of a clause" arrange diff "$template" "$work/named.txt"
says "Nothing changes for anybody" "changes nothing for anybody"
refuses 1 "arrange sign: " "a template without keys is not signed" \
    arrange sign --key "$root" "$template"
refuses 1 "nothere" "a missing key is named" arrange sign --key nothere "$template"
refuses 1 "arrange sign: " "a text is no key" arrange sign --key "$template" "$template"
refuses 1 "README.md:" "a text that is no arrangement is named with its line" \
    arrange show "$top/README.md"
refuses 1 "/dev/null" "an empty arrangement is refused" arrange show /dev/null
refuses 1 "not a text" "a program is no arrangement" arrange show "$warnlink"
refuses 1 "directory" "a folder is no arrangement" arrange check /
refuses 2 "missing" "one arrangement does not differ" arrange diff "$template"
sed 's/^permit X/permut X/' "$template" >"$work/a.txt"
refuses 1 "a.txt:" "an unknown kind of clause is named with its line" \
    arrange show "$work/a.txt"
sed 's/groups coarse/groups gold/' "$template" >"$work/a.txt"
refuses 1 "a.txt:" "an unknown group is named with its line" arrange show "$work/a.txt"
cp "$root" "$work/open.key"
chmod 644 "$work/open.key"
refuses 1 "open.key" "a key that others may read is not used" \
    arrange withdraw --key "$work/open.key" "$template"
