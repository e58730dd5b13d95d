#!/bin/sh
# prepare.sh -- brings a fresh Debian 12 to the point where build/ is built: installs what is
# missing, configures, builds. Run again, it installs nothing and ends at once.
# usage: tools/prepare.sh run|check|heavy|proofs|verifiers|lint|page|browser
# SPDX-License-Identifier: Apache-2.0
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd -P)
cd "$top"
LC_ALL=C.UTF-8
export LC_ALL

# What the program needs, then what its tests need as judges, then the second compiler.
wanted="gcc libc6-dev meson ninja-build pkg-config libsodium-dev libssl-dev libsqlite3-dev
    libsundials-dev liberfa-dev libproj-dev libxml2-dev libjansson-dev
    libmicrohttpd-dev"
case ${1:-} in
run) ;;
check) wanted="$wanted libxml2-utils openssl" ;;
heavy) wanted="$wanted libxml2-utils openssl iproute2 clang libclang-rt-14-dev" ;;
proofs) wanted="$wanted frama-c-base why3 z3 cvc4 clang-19 llvm-19 libclang-rt-19-dev" ;;
verifiers) # a newer node will do, too
    command -v npm >/dev/null && command -v node >/dev/null || wanted="$wanted nodejs npm"
    ;;
page | browser) # what builds the page, and what looks at it; a newer node will do, too
    command -v npm >/dev/null && command -v node >/dev/null || wanted="$wanted nodejs npm"
    [ "$1" = page ] || wanted="$wanted chromium fonts-noto-cjk"
    ;;
lint) wanted="$wanted clang clang-tidy shellcheck" ;;
*)
    echo "prepare: usage: tools/prepare.sh" \
        "run|check|heavy|proofs|verifiers|lint|page|browser" >&2
    exit 2
    ;;
esac

# Says every ten seconds that a long step is alive, with the newest step of its log.
ticker=
start_ticker() { # LOG WORDS
    (
        seconds=0
        while sleep 10; do
            seconds=$((seconds + 10))
            step=$(tail -n 1 "$1" | cut -c 1-60)
            echo "  still $2 ($seconds s): $step"
        done
    ) &
    ticker=$!
}
stop_ticker() {
    [ -z "$ticker" ] || kill "$ticker" 2>/dev/null || true
    ticker=
}
trap stop_ticker EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() { # LOG WORDS
    stop_ticker
    tail -n 40 "$1" >&2
    echo "prepare: $2 (whole output: $1)" >&2
    exit 1
}

install_packages() {
    missing=
    # shellcheck disable=SC2086 # a list of words
    for package in $wanted; do
        state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$state" = installed ] || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    root=
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "prepare: neither root nor sudo; as root: apt-get install$missing" >&2
            exit 1
        fi
        root=sudo
    fi
    log=$top/build/install.log
    mkdir -p "$top/build"
    echo "Installing from Debian:$missing"
    [ -z "$root" ] || sudo -v || exit 1
    : >"$log"
    start_ticker "$log" installing
    # Without lists (a fresh root) or with old ones, install would fail: update first.
    $root env DEBIAN_FRONTEND=noninteractive apt-get -q update >>"$log" 2>&1 </dev/null ||
        fail "$log" "apt-get update failed"
    # shellcheck disable=SC2086
    $root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 \
        --no-install-recommends install $missing >>"$log" 2>&1 </dev/null ||
        fail "$log" "apt-get install failed"
    stop_ticker
}

if command -v dpkg-query >/dev/null; then
    install_packages
else
    echo "This is not Debian; going on in the hope that all is here."
fi

# A build folder remembers where it was made; after a move it must be made anew.
mkdir -p build
if [ ! -f build/build.ninja ] || [ "$(cat build/made_in 2>/dev/null)" != "$top" ]; then
    echo "Configuring build/"
    rm -rf build/meson-private build/meson-info build/build.ninja
    meson setup build >build/setup.log 2>&1 || fail build/setup.log "meson setup failed"
    printf '%s\n' "$top" >build/made_in
fi
if ! ninja -C build -n 2>/dev/null | grep -q 'no work to do'; then
    echo "Building"
fi
: >build/build.log
start_ticker build/build.log building
ninja -C build >build/build.log 2>&1 || fail build/build.log "the build failed"
stop_ticker
