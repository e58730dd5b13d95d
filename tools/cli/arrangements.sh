# arrangements.sh -- arrangements and keys that do not fit. Part of tools/cli_test.sh.
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # work, top: of cli_test.sh

refuses 2 "verb" "arrange without a verb is refused" arrange
refuses 2 "unknown verb: seal" "an unknown verb is named" arrange seal
refuses 2 "--dir and --party" "keys for nobody are refused" arrange keys
refuses 2 "jp" "a party in small letters is refused" arrange keys --dir "$work/k" --party jp
refuses 2 "yesterday" "a time in words is refused" \
    arrange keys --dir "$work/k" --party JP --from yesterday
accepts "keys are made" arrange keys --dir "$work/k" --party JP
refuses 1 "never overwritten" "keys are never overwritten" \
    arrange keys --dir "$work/k" --party JP
template=$top/arrangements/tmw.txt
accepts "a template can be looked at" arrange check "$template"
refuses 1 "arrange sign: " "a template without keys is not signed" \
    arrange sign --key "$work/k/JP.root.key" "$template"
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
cp "$work/k/JP.root.key" "$work/open.key"
chmod 644 "$work/open.key"
refuses 1 "open.key" "a key that others may read is not used" \
    arrange withdraw --key "$work/open.key" "$template"
