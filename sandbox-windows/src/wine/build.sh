#!/bin/sh
# Build Debian 12's Wine 8.0 with wine-security.patch into a private runtime tree.
#
#   build.sh DIR            on Debian 12 amd64 with the packages below; any user
#   build.sh --packages     print the packages that it needs, for apt-get install
#   build.sh --inputs       print the versions of the packages that the tree depends on
#   WORK=dir                where to unpack and build (default: a temporary directory, removed at the end)
#   SRC=dir                 an unpacked, Debian-patched source tree to copy instead of downloading one
#
# Nothing is installed and no list of the system is changed. Exit 77: this machine cannot build it; the last line says why.
#
# Only wineserver, ntdll.so and the DLLS below are built; everything else is linked (or copied) from the
# installed wine64 package, which has to be exactly the version of the source.
set -e
VERSION=8.0~repack-4
DLLS="advapi32 kernelbase userenv netapi32 fwpuclnt powrprof"
PACKAGES="wine64 libwine libwine-dev wine64-tools gcc libc6-dev perl patch dpkg-dev xz-utils libunwind-dev
    gcc-mingw-w64-x86-64-win32"
here=$(cd "$(dirname "$0")" && pwd)
unavailable() { echo "$1"; exit 77; }

case ${1-} in
"") sed -n 2,14p "$0"; exit 2 ;;
--packages) echo $PACKAGES; exit ;;
--inputs) dpkg-query -W wine64 libwine libwine-dev 2>/dev/null; exit ;;
esac
command -v dpkg-query > /dev/null || unavailable "it can be built on Debian 12 only"
[ "$(dpkg --print-architecture)" = amd64 ] || unavailable "it can be built on amd64 only"
missing=
for package in $PACKAGES; do
    dpkg-query -W -f '${Status}' $package 2>/dev/null | grep -q ' ok installed' || missing="$missing $package"
done
[ -z "$missing" ] || unavailable "to build it, apt-get install --no-install-recommends$missing"
for package in wine64 libwine libwine-dev; do
    have=$(dpkg-query -W -f '${Version}' $package)
    [ "$have" = "$VERSION" ] || unavailable "$package is $have, the patch is for $VERSION (Debian 12)"
done

mkdir -p "$1"; dest=$(cd "$1" && pwd)
start=$(date +%s)
if [ -n "$WORK" ]; then mkdir -p "$WORK"; work=$(cd "$WORK" && pwd); else work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; fi

cd "$work"
if [ -n "$SRC" ]; then cp -a "$SRC" src
else
    # source entries of our own, made from the system's binary ones, so that the system's lists are left alone
    mkdir -p lists/partial parts cache/archives/partial
    for f in /etc/apt/sources.list.d/*.sources; do [ -f "$f" ] && grep -q debian "$f" && sed 's/^Types:.*/Types: deb-src/' "$f" > "parts/$(basename "$f")" || true; done
    for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do [ -f "$f" ] && sed -n 's/^deb /deb-src /p' "$f" | grep debian > "parts/$(basename "$f" .list).list" || true; done
    opts="-o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=$work/parts -o Dir::State::Lists=$work/lists
        -o Dir::Cache=$work/cache -o APT::Sandbox::User=$(id -un)"
    apt-get -q $opts update > apt.log 2>&1 || true
    apt-get -q $opts source --download-only wine=$VERSION >> apt.log 2>&1 ||
        apt-get -q source --download-only wine=$VERSION >> apt.log 2>&1 ||
        unavailable "apt-get cannot fetch the source of wine $VERSION"
    dpkg-source --no-check -x wine_$VERSION.dsc src >> apt.log 2>&1
fi
echo "source: $(($(date +%s) - start)) s"

cd src
patch -p1 -s < "$here/wine-security.patch"
# what debian/rules generates
./debian/scripts/generate server/trace.generated make_requests
./debian/scripts/generate server/request.generated make_requests
perl tools/make_requests > /dev/null
# config.h is what configure finds on Debian 12 amd64 with the packages above; the Makefile is not needed
mkdir -p ../conf/include ../ws ../nt
cp "$here/config.h" ../conf/include/
echo "static const char wine_build[] = \"wine-8.0 (Debian $VERSION + wine-security)\";" > ../conf/include/version.h
jobs=$(nproc)

# wineserver
cflags="-O2 -w -Iinclude -I../conf/include -Iserver -D__WINESRC__ -DWINE_UNIX_LIB"
ls server/*.c | xargs -P "$jobs" -I{} sh -e -c 'gcc '"$cflags"' -DNLSDIR="\"/usr/share/wine/nls\"" \
    -DBIN_TO_NLSDIR="\"../../share/wine/nls\"" -DBINDIR="\"/usr/lib/wine\"" -DDATADIR="\"/usr/share/wine\"" \
    -c {} -o ../ws/$(basename {} .c).o'
gcc -o ../ws/wineserver ../ws/*.o -lrt

# ntdll.so
cflags="-O2 -w -fPIC -fno-strict-aliasing -fasynchronous-unwind-tables -fcf-protection=none -Iinclude -I../conf/include \
    -Idlls/ntdll -Idlls/ntdll/unix -D__WINESRC__ -DWINE_UNIX_LIB -D_NTSYSTEM_ -D_ACRTIMP= -DWINBASEAPI="
ls dlls/ntdll/unix/*.c | xargs -P "$jobs" -I{} sh -e -c 'gcc '"$cflags"' -DBINDIR="\"/usr/lib/wine\"" -DSYSTEMDLLPATH="\"\"" \
    -DDLL_TO_BINDIR="\"../../wine\"" -DBIN_TO_DATADIR="\"../../share/wine\"" -c {} -o ../nt/$(basename {} .c).o'
gcc -shared -Wl,-Bsymbolic -Wl,-soname,ntdll.so -Wl,-z,defs -o ../nt/ntdll.so ../nt/*.o -lunwind -lm -ldl -lpthread -lrt

# the resources of Debian's dlls are kept
cat > "$work/pe2res.pl" <<'P'
#!/usr/bin/perl
# pe2res.pl in.dll out.res: take the resources out of a PE file
use strict;
local $/; open( my $f, '<:raw', $ARGV[0] ) or die; my $d = <$f>; close $f;
my $pe = unpack( 'V', substr( $d, 60, 4 )); my ($n, $opt) = (unpack( 'v', substr( $d, $pe + 6, 2 )), unpack( 'v', substr( $d, $pe + 20, 2 )));
my ($va, $off);
for my $i (0 .. $n - 1)
{
    my $s = substr( $d, $pe + 24 + $opt + 40 * $i, 40 );
    ($va, $off) = (unpack( 'V', substr( $s, 12, 4 )), unpack( 'V', substr( $s, 20, 4 ))) if substr( $s, 0, 6 ) eq ".rsrc\0";
}
exit unless $off;
sub id { my $v = shift; return pack( 'vv', 0xffff, $v ) unless $v & 0x80000000; my $p = $off + ($v & 0x7fffffff);
         return substr( $d, $p + 2, 2 * unpack( 'v', substr( $d, $p, 2 ))) . "\0\0"; }
my $out = pack( 'VVvvvvVvvVV', 0, 32, 0xffff, 0, 0xffff, 0, 0, 0, 0, 0, 0 );
sub walk
{
    my ($pos, @path) = @_;
    my ($a, $b) = unpack( 'vv', substr( $d, $off + $pos + 12, 4 ));
    for my $i (0 .. $a + $b - 1)
    {
        my ($name, $next) = unpack( 'VV', substr( $d, $off + $pos + 16 + 8 * $i, 8 ));
        if ($next & 0x80000000) { walk( $next & 0x7fffffff, @path, $name ); next; }
        my ($rva, $size) = unpack( 'VV', substr( $d, $off + $next, 8 ));
        my $ids = id( $path[0] ) . id( $path[1] ); $ids .= "\0\0" if length( $ids ) % 4;
        $out .= pack( 'VV', $size, 8 + length( $ids ) + 16 ) . $ids . pack( 'VvvVV', 0, 0x30, $name, 0, 0 );
        $out .= substr( $d, $off + $rva - $va, $size ); $out .= "\0" while length( $out ) % 4;
    }
}
walk( 0 );
open( $f, '>:raw', $ARGV[1] ) or die; print $f $out; close $f;
P

# the dlls, with the headers and import libraries of the development packages
W=/usr/include/wine/wine
L=/usr/lib/x86_64-linux-gnu/wine/x86_64-windows
crt="-lmsvcrt -lntdll -lwinecrt0 -lkernel32 -lmsvcrt -lntdll"
for dll in $DLLS
do
    out=$work/dll/$dll
    mkdir -p "$out"
    cd "$work/src/dlls/$dll"
    defs= libs="-ladvapi32 $crt" flags=
    case $dll in
    advapi32)   defs=-DWINADVAPI= libs="-lkernelbase -lsechost $crt" ;;
    kernelbase) defs="-DWINBASEAPI= -DWINADVAPI= -DWINUSERAPI= -DWINSHLWAPI="
                libs="-luuid -lntdll -lwinecrt0" flags="-nostartfiles -Wl,--image-base,0x7b000000" ;;
    userenv)    libs="-ladvapi32 -lole32 $crt" flags=-Wb,--prefer-native ;;
    netapi32)   libs="-lrpcrt4 -liphlpapi -lws2_32 -ldnsapi -ladvapi32 $crt" ;;
    fwpuclnt)   libs="-lole32 -ladvapi32 $crt" ;;
    esac
    for f in *.idl; do
        [ -f $f ] || continue
        widl-stable -b x86_64-w64-mingw32 --nostdinc -I. -I../../include -I$W/windows -h -o ${f%.idl}.h $f
        widl-stable -b x86_64-w64-mingw32 --nostdinc -I. -I../../include -I$W/windows -c -o ${f%.idl}_c.c $f
    done
    ls *.c | grep -v "^unixlib.c" | xargs -P "$jobs" -I{} sh -e -c 'f={}; x86_64-w64-mingw32-gcc -c -O2 -w -I. -I../../include -I../../include/msvcrt \
        -I'$W'/windows -I'$W'/msvcrt -D__WINESRC__ -D__WINE_PE_BUILD '"$defs"' -D_MSVCR_VER=0 -fno-strict-aliasing -mcx16 \
        -o "'"$out"'/${f%.c}.o" $f'
    perl "$work/pe2res.pl" $L/$dll.dll "$out/$dll.res"
    # rpcrt4 is a delayed import in Debian's advapi32; only UuidCreate is used
    if [ $dll = advapi32 ]; then
        cat > "$out/shim.c" <<'E'
#include <windows.h>
static long WINAPI uuid_create( void *uuid )
{
    long (WINAPI *func)( void * ) = (void *)GetProcAddress( LoadLibraryA( "rpcrt4.dll" ), "UuidCreate" );
    return func( uuid );
}
void *__imp_UuidCreate = uuid_create;
E
        x86_64-w64-mingw32-gcc -c -O2 -o "$out/shim.obj" "$out/shim.c"
    fi
    winegcc-stable -b x86_64-w64-mingw32 -L$L -shared -o "$out/$dll.dll" -Wl,--wine-builtin $flags $dll.spec "$out"/*.o \
        $(ls "$out"/*.res "$out"/*.obj 2>/dev/null || true) $libs -nodefaultlibs
    x86_64-w64-mingw32-strip -g "$out/$dll.dll"
done
cd "$work"
echo "built: $(($(date +%s) - start)) s"

# the runtime tree: same relative layout as /usr, our files put in
rm -rf "$dest/usr"
mkdir -p "$dest/usr/lib/x86_64-linux-gnu" "$dest/usr/share"
link() { cp -al "$1" "$2" 2>/dev/null || { rm -rf "$2/$(basename "$1")"; cp -a "$1" "$2"; }; }
link /usr/lib/wine "$dest/usr/lib"
link /usr/lib/x86_64-linux-gnu/wine "$dest/usr/lib/x86_64-linux-gnu"
link /usr/share/wine "$dest/usr/share"
lib=$dest/usr/lib/x86_64-linux-gnu/wine
strip ws/wineserver; strip --strip-unneeded nt/ntdll.so
rm -f "$dest/usr/lib/wine/wineserver" "$dest/usr/lib/wine/wineserver64" $lib/x86_64-unix/ntdll.so
cp ws/wineserver "$dest/usr/lib/wine/wineserver"
ln -s wineserver "$dest/usr/lib/wine/wineserver64"
cp nt/ntdll.so $lib/x86_64-unix/
for dll in $DLLS; do rm -f $lib/x86_64-windows/$dll.dll; cp dll/$dll/$dll.dll $lib/x86_64-windows/; done
cat > "$dest/wine" <<'E'
#!/bin/sh
d=$(dirname "$(readlink -f "$0")")
unset WINESERVER WINELOADER WINEDLLPATH
exec "$d/usr/lib/wine/wine64" "$@"
E
cat > "$dest/wineserver" <<'E'
#!/bin/sh
d=$(dirname "$(readlink -f "$0")")
exec "$d/usr/lib/wine/wineserver" "$@"
E
chmod 755 "$dest/wine" "$dest/wineserver"
echo "done: $(($(date +%s) - start)) s, $dest/wine"
