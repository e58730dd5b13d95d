# files.sh -- shipped files that somebody damaged: each complaint names file and line.
# Part of tools/cli_test.sh.
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # work, top: of cli_test.sh

# A fresh copy of the shipped files in $work/share.
fresh_share() {
    rm -rf "$work/share"
    mkdir -p "$work/share/rehearsal" "$work/share/sensors"
    cp "$top"/rehearsal/*.txt "$work/share/rehearsal/"
    cp "$top"/sensors/*.txt "$work/share/sensors/"
    cp -r "$top/areas" "$top/arrangements" "$work/share/"
}

# Replaces line N of a shipped file.
damage_line() { # FILE N TEXT
    sed "$2s/.*/$3/" "$top/$1" >"$work/share/$1"
}

WARNLINK_SHARE=$work/share
export WARNLINK_SHARE

fresh_share
damage_line rehearsal/history.txt 20 "nonsense line"
refuses 1 "history.txt:20: " "a damaged table of launches is named with its line" \
    rehearse --list
refuses 1 "history.txt:20: " "the demo names it too" demo --fast --out "$work/o"
fresh_share
printf 'launch \377\n' >>"$work/share/rehearsal/history.txt"
refuses 1 "not UTF-8" "a table of launches with a stray byte is refused" rehearse --list
head -c 2000000 /dev/zero | tr '\0' '#' >"$work/share/rehearsal/history.txt"
refuses 1 "history.txt" "a table of launches without end is refused" rehearse --list
rm "$work/share/rehearsal/history.txt"
refuses 1 "history.txt: file cannot be read" "a missing table of launches is named" \
    rehearse --list
fresh_share
damage_line sensors/sites.txt 15 "site"
refuses 1 "sites.txt:15: " "a damaged table of radars is named with its line" \
    demo --fast --out "$work/o"
fresh_share
head -c 5000 "$top/areas/JP.json" >"$work/share/areas/JP.json"
refuses 1 "JP.json" "an area file that was cut is named" demo --fast --out "$work/o"
fresh_share
echo "what is this" >>"$work/share/areas/names.txt"
refuses 1 "names.txt:" "a damaged table of area names is named with its line" \
    demo --fast --out "$work/o"
fresh_share
damage_line arrangements/tmw.txt 3 "permit"
refuses 1 "tmw.txt:3: " "a damaged arrangement is named with its line" \
    demo --fast --out "$work/o"
unset WARNLINK_SHARE

refuses 1 "1999-01-01" "a launch that is not in the table is named" demo 1999-01-01 --fast
refuses 2 "--seeds" "a number of seeds out of range is refused" demo --fast --seeds 0
refuses 2 "--speed" "a speed that is no number is refused" demo --speed fast
refuses 2 "exclude" "ways of the demo that exclude each other are refused" \
    demo --fast --measure
: >"$work/file"
refuses 1 "file" "results do not go into a file" demo --fast --out "$work/file"
refuses 1 "cannot be made" "results do not go where no folder can be" \
    demo --fast --out /proc/nothing
