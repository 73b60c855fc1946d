#!/bin/sh
# Prints the directory that holds the wine64 and wineserver of one kind of Wine:
#
#   find-wine.sh stock        Debian's
#   find-wine.sh enforcing    Debian's with wine-security.patch; built on first use, then kept in the cache
#
# Where there is none and none can be built, it says so in one line on standard error and exits with 77 for "skip",
# or with 1 if CORDON_TEST_REQUIRE (comma separated) contains "wine" (stock) or "wine-enforcing".
# CORDON_WINE_PURPOSE: what is skipped, for that line. CORDON_CACHE: another place for the cache.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
stock=/usr/lib/wine
kind=${1-}
case $kind in
stock) required=wine ;;
enforcing) required=wine-enforcing ;;
*) sed -n 2,9p "$0" >&2; exit 2 ;;
esac

unavailable() {
    purpose="${CORDON_WINE_PURPOSE:-Windows tests} on the $kind Wine"
    case ,$(printf %s "${CORDON_TEST_REQUIRE-}" | tr -d ' '), in
    *,"$required",*) echo "[cordon] $purpose are required and cannot run: $1" >&2; exit 1 ;;
    *) echo "[cordon] $purpose skipped: $1" >&2; exit 77 ;;
    esac
}

[ -x $stock/wine64 ] || unavailable "Wine is not installed (apt-get install wine64)"
version=$($stock/wine64 --version)
case $version in
wine-8.*) ;;
*) unavailable "$version is installed, and the Windows JVM of these tests is known to run on Wine 8 only (Debian 12)" ;;
esac

if [ "$kind" = stock ]; then echo $stock; exit; fi

if [ -n "${CORDON_CACHE-}" ]; then cache=$CORDON_CACHE
elif [ -n "${XDG_CACHE_HOME-}" ]; then cache=$XDG_CACHE_HOME/cordon
else cache=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}/.cache/cordon
fi
# The tree is made of Debian's binaries and ours, so the key is all that goes into it.
key=$({ "$here/build.sh" --inputs || true; cat "$here/build.sh" "$here/config.h" "$here/wine-security.patch"; } |
    sha256sum | cut -c1-16)
dir=$cache/wine-enforcing-$key
if [ ! -d "$dir" ]; then
    mkdir -p "$cache"
    # Built aside and renamed, so that an interrupted build is never taken for a tree.
    building=$(mktemp -d "$cache/building-XXXXXX")
    trap 'rm -rf "$building"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' HUP TERM
    status=0 start=$(date +%s)
    timeout -k 10 900 "$here/build.sh" "$building/tree" > "$building/log" 2>&1 < /dev/null || status=$?
    case $status in
    0) ;;
    77) unavailable "$(tail -n 1 "$building/log")" ;;
    *) tail -n 30 "$building/log" >&2; echo "[cordon] build.sh failed with $status" >&2; exit 1 ;;
    esac
    # Another build may have been faster: then its tree is as good.
    mv -T "$building/tree" "$dir" 2>/dev/null || [ -d "$dir" ]
    echo "[cordon] The enforcing Wine was built into $dir in $(($(date +%s) - start)) s; it is kept there" >&2
fi
echo "$dir/usr/lib/wine"
