# names.awk -- one line per public prototype that does not carry the name of its file or of a
# type declared in its folder, or has no comment: RULE SUBJECT PLACE WORDS. Read by names.sh.
# A prototype has a comment if one stands on its line, or if the block of lines without a gap
# that it belongs to begins with one.
# SPDX-License-Identifier: Apache-2.0

# The types of a folder, from all its headers, before the prototypes are judged.
function learn_types(header,    line, name, folder) {
    folder = header
    sub(/\/[^\/]*$/, "", folder)
    while ((getline line < header) > 0) {
        if (match(line, /^(typedef )?(struct|enum|union) wlk_[a-z0-9_]+/)) {
            name = substr(line, RSTART, RLENGTH)
            sub(/.*wlk_/, "wlk_", name)
            type[folder, name] = 1
        }
        if (line ~ /^(typedef|\})/ && match(line, /wlk_[a-z0-9_]+;/))
            type[folder, substr(line, RSTART, RLENGTH - 1)] = 1
    }
    close(header)
}

function check_name(name,    singular, stem, part, noun, n, i) {
    singular = stem = module
    sub(/s$/, "", singular)
    sub(/_.*/, "", stem) # a module in several files: soak_world.h holds wlk_soak_...
    if (name == "wlk_" module || index(name, "wlk_" module "_") == 1 ||
        index(name, "wlk_" singular "_") == 1 || index(name, "wlk_" stem "_") == 1)
        return
    n = split(name, part, "_")
    noun = part[1]
    for (i = 2; i < n; i++) {
        noun = noun "_" part[i]
        if ((folder, noun) in type)
            return
    }
    print "names", FILENAME, FILENAME ":" FNR ":", name " is not of " module
}

BEGIN {
    for (i = 1; i < ARGC; i++)
        learn_types(ARGV[i])
}

FNR == 1 {
    module = FILENAME
    sub(/.*\//, "", module)
    sub(/\.h$/, "", module)
    folder = FILENAME
    sub(/\/[^\/]*$/, "", folder)
    in_comment = has_comment = depth = 0
}

/^[ \t]*$/ {
    has_comment = 0
    next
}

{
    line = $0
    if (in_comment) {
        if (line !~ /\*\//)
            next
        sub(/.*\*\//, "", line)
        in_comment = 0
        has_comment = 1
    }
    while (match(line, /\/\*/)) {
        if (substr(line, RSTART) ~ /\*\//) {
            sub(/\/\*.*\*\//, "", line)
            has_comment = 1
        } else {
            sub(/\/\*.*/, "", line)
            in_comment = 1
        }
    }
    if (line ~ /^[ \t]*#/ || line ~ /^[ \t]*$/)
        next
    if (depth == 0 && line ~ /^[a-z_]/ && line !~ /^typedef/ &&
        match(line, /[^a-z0-9_]wlk_[a-z0-9_]+\(/)) {
        name = substr(line, RSTART + 1, RLENGTH - 2)
        check_name(name)
        if (!has_comment)
            print "comment", FILENAME, FILENAME ":" FNR ":", "no comment above " name
    }
    depth += gsub(/\{/, "{", line) - gsub(/\}/, "}", line)
}
