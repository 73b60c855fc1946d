#!/bin/sh
# Runs the tests of the broker as another user, in the Windows JVM on the enforcing Wine:
#
#   run-broker.sh CLASS_PATH REPORT_DIR
#
# CLASS_PATH is that of Linux and holds junit-platform-console. An account is made by an administrator in a first start of
# the prefix; the second start, as an ordinary user, runs the tests. REPORT_DIR receives the reports and the prefix.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -eq 2 ] || { sed -n 2,7p "$0" >&2; exit 2; }
classpath=$1
rm -rf "$2"
mkdir -p "$2"
reports=$(cd "$2" && pwd)
# For this prefix only.
account=cordon-box
password=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')Aa1!

# wineserver stops with an assertion after it has made an account; what it stored is kept (README.md).
WINESEC_TOKEN=admin "$here/wine-java.sh" enforcing "$reports/prefix" "$classpath" \
    io.cordon.sandbox.windows.AccountMain "$account" "$password" > "$reports/account.txt" 2>&1 || {
    cat "$reports/account.txt" >&2
    exit 1
}
"$here/wine-java.sh" enforcing "$reports/prefix" "$classpath" -ea -Dcordon.test.wine=enforcing \
    "-Dcordon.test.account=$account" "-Dcordon.test.password=$password" \
    org.junit.platform.console.ConsoleLauncher execute \
    --select-class=io.cordon.sandbox.windows.BrokerEndToEndTest \
    --reports-dir="Z:$(printf %s "$reports" | tr / '\\')" \
    --details=tree --details-theme=ascii --disable-ansi-colors --disable-banner
