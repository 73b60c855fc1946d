#!/bin/sh
# Runs JUnit tests in the Windows JVM on a Wine, and ends with a line in Surefire's form:
#
#   run-tests.sh stock|enforcing CLASS_PATH REPORT_DIR [CONSOLE_LAUNCHER_OPTION...]
#
# CLASS_PATH is that of Linux and holds junit-platform-console. REPORT_DIR receives the XML reports and the prefix.
# Without options all tests of the class path that are tagged "windows" run.
# Exits with 0 when all passed, or when find-wine.sh allowed to skip them; a run without a test is a failure.
# The tests find the kind of Wine in the system property cordon.test.wine, CORDON_TEST_REQUIRE in cordon.test.require,
# CORDON_TEST_SEED in cordon.test.seed. WINESEC_TOKEN=admin runs them as an administrator (enforcing only, see README.md).
# CORDON_PREFIX names a prefix to run in, instead of a fresh one in REPORT_DIR.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 3 ] || { sed -n 2,9p "$0" >&2; exit 2; }
kind=$1 classpath=$2 reports=$3
shift 3
[ $# -gt 0 ] || set -- --scan-classpath --include-classname='.*' --include-tag=windows
require=$(printf %s "${CORDON_TEST_REQUIRE-}" | tr -d ' ')

status=0
"$here/find-wine.sh" "$kind" > /dev/null || status=$?
case $status in
0) ;;
77) exit 0 ;;
*) exit $status ;;
esac

# A fresh prefix for each run, so that no test lives on what an earlier one left.
rm -rf "$reports"
mkdir -p "$reports"
reports=$(cd "$reports" && pwd)
log=$reports/console.txt
echo "[cordon] Windows tests on the $kind Wine"
# All tests of one Wine take five to ten minutes on two cores.
WINE_RUN_TIMEOUT=${WINE_RUN_TIMEOUT:-1800}
export WINE_RUN_TIMEOUT
# Where the shell was told to stop, wine-java.sh is too; it takes its processes along.
java=
trap 'kill $java 2>/dev/null; wait $java; exit 143' HUP INT TERM
"$here/wine-java.sh" "$kind" "${CORDON_PREFIX:-$reports/prefix}" "$classpath" \
    -ea "-Dcordon.test.wine=$kind" "-Dcordon.wine.enforcing=$([ "$kind" = enforcing ] && echo true || echo false)" "-Dcordon.test.require=$require" "-Dcordon.test.seed=${CORDON_TEST_SEED-}" \
    org.junit.platform.console.ConsoleLauncher execute "$@" \
    --reports-dir="Z:$(printf %s "$reports" | tr / '\\')" \
    --details=tree --details-theme=ascii --disable-ansi-colors --disable-banner > "$log" 2>&1 &
java=$!
wait $java || status=$?
tr -d '\r' < "$log"

# One report for each test engine; the attributes of its root element are the counts.
counts=$(cat "$reports"/TEST-*.xml 2>/dev/null | tr -d '\r' | awk '
    function count(name) {
        return match($0, " " name "=\"[0-9]+") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3) : 0
    }
    /^<testsuite / {
        run += count("tests"); failed += count("failures"); errors += count("errors"); skipped += count("skipped")
    }
    END { print run + 0, failed + 0, errors + 0, skipped + 0 }')
# shellcheck disable=SC2086 # four numbers
set -- $counts
echo "Tests run: $1, Failures: $2, Errors: $3, Skipped: $4 -- in the Windows JVM on the $kind Wine"

# The reports tell more than the exit code in one case: a run that skipped every test proves nothing.
if [ $status -ne 0 ] || [ $(($2 + $3)) -gt 0 ] || [ "$1" -eq "$4" ]; then
    case $status in
    0) echo "[cordon] No test ran to its end on the $kind Wine" ;;
    124 | 137) echo "[cordon] The Windows JVM on the $kind Wine was ended: its time was up" ;;
    *) echo "[cordon] The Windows JVM on the $kind Wine ended with $status" ;;
    esac
    echo "[cordon] Reports and prefix are in $reports"
    exit 1
fi
rm -rf "$reports/prefix"
