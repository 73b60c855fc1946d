#!/bin/sh
# Runs the tests that need a provisioned account, in the Windows JVM on the enforcing Wine:
#
#   run-account.sh CLASS_PATH REPORT_DIR
#
# CLASS_PATH is that of Linux and holds junit-platform-console. An administrator provisions in a first start of the prefix,
# by the library's command line. The second start, as an ordinary user, runs the tests that are tagged "windows-account".
# Skipping and exit codes are those of run-tests.sh. REPORT_DIR receives the reports and the prefix.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -eq 2 ] || { sed -n 2,9p "$0" >&2; exit 2; }
classpath=$1
status=0
"$here/find-wine.sh" enforcing > /dev/null || status=$?
case $status in
0) ;;
77) exit 0 ;;
*) exit $status ;;
esac

rm -rf "$2"
mkdir -p "$2"
reports=$(cd "$2" && pwd)
# 1: something is left out, which on Wine is the case: it keeps no denied logons.
WINESEC_TOKEN=admin "$here/wine-java.sh" enforcing "$reports/prefix" "$classpath" \
    -Dcordon.wine.enforcing=true io.cordon.sandbox.windows.CordonWindows provision --yes \
    > "$reports/provision.txt" 2>&1 || status=$?
[ $status -le 1 ] || {
    tr -d '\r' < "$reports/provision.txt" >&2
    exit $status
}
CORDON_PREFIX=$reports/prefix exec "$here/run-tests.sh" enforcing "$classpath" "$reports/tests" \
    --scan-classpath --include-engine=junit-jupiter --include-tag=windows-account "--include-classname=.*"
