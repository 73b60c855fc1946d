#!/bin/sh
# Runs a Windows program on a Wine:
#
#   wine-run.sh stock|enforcing PREFIX PROGRAM [ARG...]
#
# PREFIX is the Wine prefix, made if it is missing (4 to 8 s, 700 MB). PROGRAM is one that Wine knows (cmd) or the path of
# one; standard input is empty. When it ends, every other process of the prefix is ended too.
# The exit code is the program's, 124 or 137 when the time is up, or that of find-wine.sh when there is no such Wine (77: skip).
# WINE_RUN_TIMEOUT: seconds, 600 without it.
# CORDON_WINE_LOCALE: the locale of Linux that gives the Windows programs their language, C.UTF-8 without it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 3 ] || { sed -n 2,9p "$0" >&2; exit 2; }
kind=$1 prefix=$2
shift 2
wine=$("$here/find-wine.sh" "$kind")

mkdir -p "$prefix/home"
WINEPREFIX=$(cd "$prefix" && pwd)
# Wine links the user's Documents, Desktop and so on into the prefix: nothing here may reach the real ones.
HOME=$WINEPREFIX/home
# Without a code page of its own Wine cannot see file names beyond ASCII.
LC_ALL=C.UTF-8
WINEDEBUG=${WINEDEBUG:--all}
# No offer to download Mono and Gecko. (Not winemenubuilder.exe too: with it a JVM in an AppContainer never starts.)
WINEDLLOVERRIDES='mscoree=;mshtml='
export WINEPREFIX HOME LC_ALL WINEDEBUG WINEDLLOVERRIDES
# What would pick another Wine, a display, or another place for menu entries than HOME.
unset WINESERVER WINELOADER WINEDLLPATH WINEARCH DISPLAY XDG_DATA_HOME XDG_CONFIG_HOME

# wineserver lives as long as a process of the prefix does. Killing it is what ends a process that the program left behind.
trap '"$wine/wineserver" -k || true' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Wine needs the page at 0x7ffe0000 in each process. Newer kernels (seen on 6.18) put the heap of a program that is linked to
# a fixed address, as Wine's is, anywhere in the gigabyte behind it: about one start in 2,000 then fails with 1359, "failed to
# map the shared user data". Without randomization the heap is right behind the program.
fixed=
if setarch -R true 2>/dev/null; then
    fixed='setarch -R'
else
    echo "[cordon] Addresses cannot be fixed here (personality is refused): some process starts on Wine may fail with 1359" >&2
fi

# In the background, because a shell handles a signal only after its foreground command.
bounded() {
    seconds=$1
    shift
    # shellcheck disable=SC2086 # nothing or two words
    timeout -k 10 "$seconds" $fixed "$wine/wine64" "$@" < /dev/null &
    wait $!
}

if [ ! -f "$WINEPREFIX/system.reg" ]; then
    bounded 180 wineboot --init > "$WINEPREFIX/wineboot.txt" 2>&1 || {
        cat "$WINEPREFIX/wineboot.txt" >&2
        echo "[cordon] wineboot could not make the prefix $WINEPREFIX" >&2
        exit 1
    }
fi

# The driver that tells of volumes starts beside the first program, which on a busy machine is asked too early: then
# GetVolumeInformation is 1, "Invalid function". With the first program gone, Wine keeps its drivers for three seconds.
tries=0
until bounded 20 cmd /c 'vol C:' 2> /dev/null | grep -q 'Serial Number'; do
    tries=$((tries + 1))
    [ $tries -lt 30 ] || {
        echo "[cordon] The volumes of $WINEPREFIX do not answer, after $tries tries" >&2
        exit 1
    }
    sleep 0.5
done
# Not before: what is looked for above is English.
LC_ALL=${CORDON_WINE_LOCALE:-C.UTF-8}
bounded "${WINE_RUN_TIMEOUT:-600}" "$@"
