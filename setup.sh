#!/bin/sh
# Installs what is missing to build sagalab on Debian 12 or Ubuntu 24.04, as root or through sudo.
#
#   ./setup.sh           what the program and its tests need
#   ./setup.sh --dev     also what .ci/run needs: Clang, its sanitizers, format and tidy
#
# Nothing is called that needs the network or a password when nothing is missing, and no package
# is ever removed.
set -eu

packages="build-essential cmake ninja-build ccache python3 catch2 nlohmann-json3-dev libfmt-dev
    libboost-dev libboost-program-options-dev libxxhash-dev"
case "${1-}" in
    "") ;;
    --dev) packages="$packages clang clang-format clang-tidy libclang-rt-dev libxml2-utils git
        python3-jsonschema python3-junitparser python3-yaml parallel" ;;
    *) echo "usage: $0 [--dev]" >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null; then
    echo "$0: no Debian or Ubuntu; please install the equivalents of:" $packages >&2
    exit 1
fi

# True of a package that is installed, or that one installed stands for: another version of Boost
# must not be pushed out by the default one.
is_there() {
    case "$1" in
        libboost-dev) set -- libboost-dev 'libboost1.*-dev' ;;
        libboost-program-options-dev)
            set -- libboost-program-options-dev 'libboost-program-options1.*-dev' ;;
        libclang-rt-dev) set -- libclang-rt-dev 'libclang-rt-[0-9]*-dev' ;;
    esac
    dpkg-query -W -f '${db:Status-Status}\n' "$@" 2>/dev/null | grep -qx installed
}

missing=""
for package in $packages; do
    is_there "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "$0: run as root:$missing" >&2; exit 1; }
    as_root="sudo"
fi
echo "installing:$missing"
$as_root apt-get update -q
$as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-remove --no-install-recommends $missing
