# tidy.awk -- finds what the house does not want, one line per finding:
#     RULE SUBJECT PLACE WORDS
# where SUBJECT is what tools/allowed.txt may allow for that RULE. Read by tidy.sh.
# SPDX-License-Identifier: Apache-2.0

function found(rule, subject, words) {
    print rule, subject, FILENAME ":" FNR ":", words
}

# The code of a line: comments gone, strings and characters emptied.
function code_of(line,    out, c, i, two) {
    out = ""
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        two = substr(line, i, 2)
        if (in_comment) {
            if (two == "*/") {
                in_comment = 0
                i++
            }
        } else if (quote != "") {
            if (c == "\\")
                i++
            else if (c == quote) {
                quote = ""
                out = out c
            }
        } else if (two == "/*") {
            in_comment = 1
            i++
            out = out " "
        } else if (two == "//") {
            break
        } else {
            if (c == "\"" || c == "'")
                quote = c
            out = out c
        }
    }
    quote = ""
    return out
}

function check_calls(code,    rest, name) {
    rest = code
    while (match(rest, /[A-Za-z_][A-Za-z_0-9]*[ ]*\(/)) {
        name = substr(rest, RSTART, RLENGTH)
        rest = substr(rest, RSTART + RLENGTH)
        gsub(/[ (]/, "", name)
        if (name in banned && !(is_test && name == "system"))
            found("calls", FILENAME, name "() is banned: " banned[name])
        if (name in clocks && FILENAME != "base/clock.c")
            found("clock", FILENAME, name "() outside base/clock.c; time is an argument")
        if (name in heap && !is_test && within !~ /_open$/)
            found("heap", FILENAME, name "() outside an _open: memory is taken at start")
    }
}

function check_words(code,    rest, name, n, part, i) {
    if (code ~ /^[ \t]*#[ \t]*include/)
        return
    rest = code
    gsub(/(->|\.)data\.(fd|ptr|u32|u64)/, "", rest) # epoll's own member
    while (match(rest, /[A-Za-z_][A-Za-z_0-9]*/)) {
        name = substr(rest, RSTART, RLENGTH)
        rest = substr(rest, RSTART + RLENGTH)
        if (name ~ /[A-Z]/)
            continue
        if (name ~ /^(do|my)_/)
            found("words", name, "a name says what, not do_ or my_: " name)
        n = split(name, part, "_")
        for (i = 1; i <= n; i++)
            if (part[i] in forbidden)
                found("words", name, "\"" part[i] "\" says nothing in " name)
    }
}

function check_length() {
    if (lines > 500)
        print "length", last, last ":" lines ":", "more than 500 lines"
}

BEGIN {
    n = split("strcpy strcat stpcpy sprintf vsprintf gets alloca", list)
    for (i = 1; i <= n; i++)
        banned[list[i]] = "no bound"
    n = split("atoi atol atoll atof", list)
    for (i = 1; i <= n; i++)
        banned[list[i]] = "no error; use wlk_word_integer or wlk_word_number"
    banned["strtok"] = "hidden state; use strtok_r or base/words"
    n = split("rand srand random srandom drand48", list)
    for (i = 1; i <= n; i++)
        banned[list[i]] = "hidden state; use base/random"
    n = split("setjmp longjmp system popen", list)
    for (i = 1; i <= n; i++)
        banned[list[i]] = "not in this house"
    n = split("clock_gettime gettimeofday time ftime clock", list)
    for (i = 1; i <= n; i++)
        clocks[list[i]] = 1
    n = split("malloc calloc realloc reallocarray strdup strndup asprintf", list)
    for (i = 1; i <= n; i++)
        heap[list[i]] = 1
    n = split("data info manager handler process util helper tmp flag", list)
    for (i = 1; i <= n; i++)
        forbidden[list[i]] = 1
}

FNR == 1 {
    if (last != "")
        check_length()
    last = FILENAME
    in_comment = 0
    quote = ""
    function_from = 0
    within = ""
    is_c = FILENAME ~ /\.[ch]$/
    is_test = FILENAME ~ /_(test|fuzz)\.c$/
    folder = FILENAME
    sub(/\/.*/, "", folder)
    base = FILENAME
    sub(/.*\//, "", base)
    if (is_c && index($0, "/* " base " -- ") != 1)
        found("head", FILENAME, "the first line is not \"/* " base " -- what it is for\"")
}

{
    lines = FNR
    text = $0
    gsub(/[\200-\277]/, "", text) # columns, not bytes, of UTF-8
    if (length(text) > 96 && FILENAME !~ /meson.build$/)
        found("columns", FILENAME, length(text) " columns")
    if ($0 ~ /TO[D]O|FI[X]ME|(^|[^X])XX[X]([^X]|$)/)
        found("leftover", FILENAME, "an issue, or it is done")
    if ($0 ~ /\t/ && FILENAME !~ /Makefile$/)
        found("blanks", FILENAME, "a tab")
    if ($0 ~ /[ \t]$/)
        found("blanks", FILENAME, "a blank at the end")
}

is_c {
    code = code_of($0)
    if (code ~ /^[a-z]/ && match(code, /[a-z_0-9]+\(/)) # a function begins, or its prototype
        within = substr(code, RSTART, RLENGTH - 1)
    check_calls(code)
    check_words(code)
    if (folder != "release") {
        if (code ~ /\( *(const +)?struct +wlk_released( +const)? *\*+ *\) *[A-Za-z_&(]/)
            found("cast", FILENAME, "a cast to struct wlk_released, which only release/ makes")
        if (code ~ /struct +wlk_released *\{/)
            found("cast", FILENAME, "struct wlk_released is completed outside release/")
    }
    if (FILENAME ~ /^release\/decide\.[ch]$/ && code ~ /(^|[^a-z_])(float|double)([^a-z_]|$)/)
        found("float", FILENAME, "the decision uses integers and sets only")
    if (code ~ /^\{/ && !function_from)
        function_from = FNR
    if (code ~ /^\}/) {
        if (function_from && FNR - function_from - 1 > 60)
            found("function", FILENAME, "a function of " FNR - function_from - 1 " lines")
        function_from = 0
    }
}

END {
    check_length()
}
