#!/bin/sh
# Runs the tests that need a provisioned account, in the Windows JVM on the enforcing Wine:
#
#   run-account.sh CLASS_PATH REPORT_DIR TEST_CLASS...
#
# CLASS_PATH is that of Linux and holds junit-platform-console. An administrator provisions in a first start of the prefix,
# by the library's command line. Then each of the classes runs as an ordinary user, in a start of its own: when the tree of
# a broker has ended, this Wine sometimes tells nothing of volumes or network adapters any more, until it is started anew.
# Skipping and exit codes are those of run-tests.sh. REPORT_DIR receives the reports and the prefix.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 3 ] || { sed -n 2,10p "$0" >&2; exit 2; }
classpath=$1 directory=$2
shift 2
status=0
"$here/find-wine.sh" enforcing > /dev/null || status=$?
case $status in
0) ;;
77) exit 0 ;;
*) exit $status ;;
esac

rm -rf "$directory"
mkdir -p "$directory"
reports=$(cd "$directory" && pwd)
# 1: something is left out, which on Wine is the case: it keeps no denied logons.
WINESEC_TOKEN=admin "$here/wine-java.sh" enforcing "$reports/prefix" "$classpath" \
    -Dcordon.wine.enforcing=true io.cordon.sandbox.windows.CordonWindows provision --yes \
    > "$reports/provision.txt" 2>&1 || status=$?
[ $status -le 1 ] || {
    tr -d '\r' < "$reports/provision.txt" >&2
    exit $status
}
for class in "$@"; do
    CORDON_PREFIX=$reports/prefix "$here/run-tests.sh" enforcing "$classpath" "$reports/${class##*.}" \
        --include-engine=junit-jupiter "--select-class=$class"
done
rm -rf "$reports/prefix"
