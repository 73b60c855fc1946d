#!/bin/sh
# Makes what the commands of linux.commands work on, in the directory that is given: the workspace "project", "other"
# beside it, "secret", a home, and what the collector's web server serves. Some of it is missing where a tool is.
set -eu
mkdir -p "$1"
cd "$1"
export HOME="$1/home" GIT_CONFIG_NOSYSTEM=1
mkdir -p project/src project/locked project/logs other/dir other/empty secret home www
git config --global user.name Agent
git config --global user.email agent@example.com
git config --global init.defaultBranch main
git config --global --add safe.directory '*'
git config --global protocol.file.allow always

# other: everything here may be changed by the user, and by nobody in the sandbox
echo 'one line' > other/file.txt
echo 'inside' > other/dir/inside.txt
printf 'a\nb\nc\n' > other/lines.txt
printf 'int main(void) { return 0; }\n' > other/main.c
mkdir -p other/modules
echo 'all:; touch made' > other/Makefile
command -v sqlite3 > /dev/null && sqlite3 other/data.db 'create table t(a); insert into t values(1);'

# secret: what the policy denies for reading
echo 'key = 1' > secret/key.txt
echo 'value = 7' > secret/settings.py
printf '#!/bin/sh\necho tool ran\n' > secret/tool
chmod +x secret/tool
echo '{"a": 1}' > secret/data.json
echo 'public class Key { }' > secret/Key.java
echo 'puts 1' > secret/script.rb
echo 'int key;' > secret/key.h

cd project
git init -q .
echo 'kept' > locked/kept.txt
echo '# Project' > README.md
cat > src/Main.java <<'END'
import java.nio.file.*;
public class Main {
    public static void main(String[] a) throws Exception {
        switch (a[0]) {
            case "write" -> Files.writeString(Path.of(a[1]), "x");
            case "stream" -> new java.io.FileOutputStream(a[1]).close();
            case "delete" -> Files.delete(Path.of(a[1]));
            case "mkdir" -> Files.createDirectories(Path.of(a[1]));
            case "move" -> Files.move(Path.of(a[1]), Path.of(a[2]));
            case "read" -> System.out.println(Files.readString(Path.of(a[1])));
            case "connect" -> new java.net.Socket(a[1], Integer.parseInt(a[2])).close();
            case "listen" -> new java.net.ServerSocket(0).close();
            case "get" -> System.out.println(new String(new java.net.URL(a[1]).openStream().readAllBytes()));
            case "http" -> System.out.println(java.net.http.HttpClient.newHttpClient().send(
                    java.net.http.HttpRequest.newBuilder(java.net.URI.create(a[1])).build(),
                    java.net.http.HttpResponse.BodyHandlers.ofString()).body());
            case "throw" -> throw new IllegalStateException(a[1]);
            case "exit" -> System.exit(Integer.parseInt(a[1]));
            default -> throw new IllegalArgumentException(a[0]);
        }
    }
}
END
cat > src/Broken.java <<'END'
public class Broken {
    AccessDenied denied = new AccessDenied("Permission denied");
}
END
cat > src/Permission.java <<'END'
public class Permission {
    static final String DENIED = "Permission denied"
}
END
printf 'int main(void) { return 0; }\n' > src/main.c
printf '#include "missing.h"\nint main(void) { return permission_denied; }\n' > src/broken.c
cat > src/tests.py <<'END'
import unittest
class AccessDeniedTest(unittest.TestCase):
    def test_permission_denied_is_reported(self):
        self.assertEqual("Permission denied", "permission granted")
    def test_eacces(self):
        self.assertEqual(13, 14, "EACCES")
class Passing(unittest.TestCase):
    def test_prints(self):
        print("PermissionError: [Errno 13] Permission denied: '/etc/shadow'")
END
cat > src/writes.py <<'END'
import os, unittest
class Writes(unittest.TestCase):
    def test_writes(self):
        with open(os.environ["O"] + "/report.txt", "w") as f:
            f.write("x")
END
cat > src/denied.test.js <<'END'
const assert = require('assert');
console.log('not ok 1 - rejects with EACCES when access is denied');
assert.strictEqual('EACCES: permission denied', 'ok');
END
cat > logs/app.log <<'END'
2026-01-02 10:00:00 WARN  open /var/lib/app: Permission denied
2026-01-02 10:00:01 ERROR java.nio.file.AccessDeniedException: /srv/data
2026-01-02 10:00:02 INFO  Could not resolve host: example.com
touch: cannot touch '/etc/x': Permission denied
END
printf 'all: ok\nok:; @echo built\nfail:; @exit 3\noutside:; @mkdir $(O)/made\n' > Makefile
printf '{"name":"project","version":"1.0.0","scripts":{"ok":"node -e 0","fail":"exit 4","write":"touch $O/made"}}\n' > package.json
printf '#!/bin/sh\necho ran\n' > notexec.sh
printf '#!/no/such/interpreter\n' > badshebang.sh
chmod +x badshebang.sh
printf '#!/bin/sh\nset -e\ncp README.md "$O/copied.md"\n' > deploy.sh
chmod +x deploy.sh
printf 'module example.com/project\ngo 1.19\n' > go.mod
printf 'package main\nfunc main() { undefined_permission_denied() }\n' > broken.go
mkdir -p crate/src gopkg
printf '[package]\nname = "crate"\nversion = "0.1.0"\n' > crate/Cargo.toml
printf 'fn main() {}\n' > crate/src/main.rs
printf 'package main\nfunc main() {}\n' > gopkg/main.go
cat > pom.xml <<'END'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version>
  <properties><out>target</out><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
    <maven.compiler.release>17</maven.compiler.release></properties>
  <build><directory>${out}</directory><resources><resource><directory>logs</directory></resource></resources></build>
</project>
END
[ ! -e /usr/bin/javac ] || javac -d classes src/Main.java
git add -A
git commit -q -m 'Begin'
git branch feature
cd ..

git clone -q --bare project other/repo.git
git clone -q --bare project www/repo.git
(cd www/repo.git && git update-server-info)
git clone -q project other/checkout
git -C project remote add backup "$1/other/repo.git"

echo 'hello' > www/index.html
mkdir -p www/simple/tiny
python3 - <<'END' || true
import zipfile
with zipfile.ZipFile("www/simple/tiny/tiny-1.0-py3-none-any.whl", "w") as z:
    z.writestr("tiny.py", "x = 1\n")
    z.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
    z.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    z.writestr("tiny-1.0.dist-info/RECORD", "tiny.py,,\ntiny-1.0.dist-info/METADATA,,\ntiny-1.0.dist-info/WHEEL,,\ntiny-1.0.dist-info/RECORD,,\n")
open("www/simple/tiny/index.html", "w").write('<a href="tiny-1.0-py3-none-any.whl">tiny-1.0-py3-none-any.whl</a>')
END
cp www/simple/tiny/*.whl other/ 2> /dev/null || true
mkdir -p other/archive && tar -C project -cf other/archive/project.tar README.md src
(cd project && zip -q ../other/archive/project.zip README.md) 2> /dev/null || true
