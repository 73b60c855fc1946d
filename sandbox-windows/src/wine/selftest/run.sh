#!/bin/sh
# Builds the self-tests and runs them on the enforcing Wine: selftest/run.sh [WORK_DIR]
# Not part of the Maven build; for who changes the patch. Exits with 1 when a row differs from what it expects.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=${1:-$(mktemp -d)}
mkdir -p "$work"
cd "$work"
jre=$(cd "$here"/../../../target/windows-jre/flyway-*/jre && pwd)
x86_64-w64-mingw32-gcc -O1 -w -o sectest.exe "$here/sectest.c" -ladvapi32
x86_64-w64-mingw32-gcc -O1 -w -o sectest2.exe "$here/sectest2.c" -ladvapi32 -lws2_32 -lnetapi32

failed=
run() {
    name=$1
    shift
    if "$here/../wine-run.sh" enforcing "$work/prefix" "$@" > "$name.txt" 2>&1; then
        echo "ok      $name"
    else
        echo "DIFFERS $name: $work/$name.txt"
        failed=1
    fi
}
rm -rf "$work/prefix"
run run ./sectest.exe run 'C:\wstest' "Z:$(printf %s "$jre/bin/java.exe" | tr / '\\')"
run unit ./sectest.exe unit
# The administrator makes the accounts that the user's run logs on with.
export WINESEC_TOKEN=admin
run 2-admin-account ./sectest2.exe run 'C:\wstest2' account
run 2-admin-wfp ./sectest2.exe run 'C:\wstest2' wfp
unset WINESEC_TOKEN
# A container reads Program Files, and not the drive that the JRE is on.
mkdir -p "$work/prefix/drive_c/Program Files"
cp -r "$jre" "$work/prefix/drive_c/Program Files/jre"
export SECTEST_JAVA='C:\Program Files\jre\bin\java.exe'
run 2 ./sectest2.exe run
[ -z "$failed" ]
