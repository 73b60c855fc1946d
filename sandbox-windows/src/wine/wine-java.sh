#!/bin/sh
# Runs a main class in the Windows JVM on a Wine:
#
#   wine-java.sh stock|enforcing PREFIX CLASS_PATH [JAVA_OPTION...] MAIN_CLASS [ARG...]
#
# CLASS_PATH is that of Linux: absolute paths and colons, as Maven gives it. Everything else is as in wine-run.sh.
# CORDON_WINDOWS_JRE: another JRE than the one that Maven unpacks.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 4 ] || { sed -n 2,7p "$0" >&2; exit 2; }
kind=$1 prefix=$2
classpath=$(printf %s "$3" | sed 's|:|;Z:|g; s|^|Z:|; s|/|\\|g')
shift 3

# First, so that a machine without Wine says so, not that it has no JRE.
"$here/find-wine.sh" "$kind" > /dev/null

jre=${CORDON_WINDOWS_JRE:-$(echo "$here"/../../target/windows-jre/flyway-*/jre)}
[ -f "$jre/bin/java.exe" ] || {
    echo "[cordon] No Windows JRE in $jre: ./mvnw -pl sandbox-windows -am pre-integration-test unpacks it" >&2
    exit 1
}
# Options and a class path that the environment means for the JVM on Linux.
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS CLASSPATH
exec "$here/wine-run.sh" "$kind" "$prefix" "$(cd "$jre" && pwd)/bin/java.exe" -cp "$classpath" "$@"
