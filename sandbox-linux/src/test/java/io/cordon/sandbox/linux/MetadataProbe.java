package io.cordon.sandbox.linux;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.cordon.sandbox.linux.plan.Architecture;
import io.cordon.sandbox.linux.plan.Syscall;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A program that runs confined and unconfined: it makes every call that changes metadata on a file, named in every way
 * that the call has, and prints for each its name and the {@code errno}, 0 for success.
 */
public final class MetadataProbe {
    private static final Architecture ARCHITECTURE =
            Architecture.of(System.getProperty("os.arch")).orElseThrow();
    private static final C C_LIBRARY = Native.load("c", C.class);
    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int O_PATH = 010000000;

    private MetadataProbe() {}

    interface C extends Library {
        int open(String path, int flags);

        int ioctl(int descriptor, long request, Pointer argument);

        long syscall(long number, long first, long second, long third, long fourth, long fifth, long sixth);
    }

    /** The first argument is a directory with a file named {@code file} in it; with a second one, a race is run. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        if (arguments.length > 1) {
            race(directory, Path.of(arguments[1]));
            return;
        }
        String path = directory.resolve("file").toString();
        modes(directory, path);
        owners(directory, path);
        times(directory, path);
        attributes(path);
        newerForms(path);
        wrongArguments(path);
    }

    private static void modes(Path directory, String path) {
        int reading = C_LIBRARY.open(path, 0);
        int place = C_LIBRARY.open(path, O_PATH);
        int base = C_LIBRARY.open(directory.toString(), 0);
        call("chmod", Syscall.CHMOD, text(path), 0600);
        call("fchmod", Syscall.FCHMOD, reading, 0601);
        call("fchmodat", Syscall.FCHMODAT, AT_FDCWD, text(path), 0602);
        call("fchmodat-relative", Syscall.FCHMODAT, base, text("file"), 0603);
        call("fchmodat-parent", Syscall.FCHMODAT, base, text("../" + directory.getFileName() + "//./file"), 0604);
        call("fchmodat2-empty", Syscall.FCHMODAT2, place, text(""), 0605, AT_EMPTY_PATH);
        call("fchmodat2-nofollow", Syscall.FCHMODAT2, base, text("file"), 0606, AT_SYMLINK_NOFOLLOW);
        for (String link : new String[] {"/proc/self/fd/", "/proc/thread-self/fd/", "/dev/fd/"}) {
            call("fchmodat-" + link, Syscall.FCHMODAT, AT_FDCWD, text(link + place), 0607);
        }
        call("fchmodat-/proc/self/cwd", Syscall.FCHMODAT, AT_FDCWD, text("/proc/self/root" + path), 0610);
    }

    private static void owners(Path directory, String path) {
        int reading = C_LIBRARY.open(path, 0);
        int base = C_LIBRARY.open(directory.toString(), 0);
        call("chown", Syscall.CHOWN, text(path), -1, -1);
        call("lchown", Syscall.LCHOWN, text(path), -1, -1);
        call("fchown", Syscall.FCHOWN, reading, -1, -1);
        call("fchownat", Syscall.FCHOWNAT, base, text("file"), -1, -1, 0);
        call("fchownat-empty", Syscall.FCHOWNAT, reading, text(""), -1, -1, AT_EMPTY_PATH);
    }

    private static void times(Path directory, String path) {
        int reading = C_LIBRARY.open(path, 0);
        int base = C_LIBRARY.open(directory.toString(), 0);
        long times = longs(1_100_000_000, 5, 1_200_000_000, 7);
        call("utime", Syscall.UTIME, text(path), longs(1_100_000_000, 1_100_000_000));
        call("utimes", Syscall.UTIMES, text(path), times);
        call("futimesat", Syscall.FUTIMESAT, base, text("file"), times);
        call("futimesat-descriptor", Syscall.FUTIMESAT, reading, 0, times);
        call("utimensat-now", Syscall.UTIMENSAT, base, text("file"), 0, 0);
        call("utimensat-descriptor", Syscall.UTIMENSAT, reading, 0, times, 0);
        call("utimensat-nofollow", Syscall.UTIMENSAT, AT_FDCWD, text(path), times, AT_SYMLINK_NOFOLLOW);
    }

    private static void attributes(String path) {
        int reading = C_LIBRARY.open(path, 0);
        long name = text("user.cordon");
        long value = text("value");
        call("setxattr", Syscall.SETXATTR, text(path), name, value, 5, 0);
        call("removexattr", Syscall.REMOVEXATTR, text(path), name);
        call("lsetxattr", Syscall.LSETXATTR, text(path), name, value, 5, 0);
        call("lremovexattr", Syscall.LREMOVEXATTR, text(path), name);
        call("fsetxattr", Syscall.FSETXATTR, reading, name, 0, 0, 0);
        call("fremovexattr", Syscall.FREMOVEXATTR, reading, name);
    }

    private static void newerForms(String path) {
        Memory flags = new Memory(8);
        int reading = C_LIBRARY.open(path, 0);
        if (C_LIBRARY.ioctl(reading, 0x80086601L /* FS_IOC_GETFLAGS */, flags) == 0) {
            answer("FS_IOC_SETFLAGS", C_LIBRARY.ioctl(reading, 0x40086602L, flags));
        }
        Memory attribute = new Memory(24); // struct fsxattr_args of file_setattr: not valid, so that nothing changes
        attribute.clear();
        call("file_setattr", Syscall.FILE_SETATTR, AT_FDCWD, text(path), Pointer.nativeValue(keep(attribute)), 1, 0);
    }

    /** What the kernel refuses is refused with the same error by a supervisor. */
    private static void wrongArguments(String path) {
        call("wrong-none", Syscall.FCHMODAT, AT_FDCWD, text(path + "-none"), 0600);
        call("wrong-empty", Syscall.FCHMODAT, AT_FDCWD, text(""), 0600);
        call("wrong-null", Syscall.FCHMODAT, AT_FDCWD, 0, 0600);
        call("wrong-address", Syscall.FCHMODAT, AT_FDCWD, 8, 0600);
        call("wrong-descriptor", Syscall.FCHMOD, 12345, 0600);
        call("wrong-negative", Syscall.FCHMOD, -1, 0600);
        call("wrong-directory", Syscall.FCHMODAT, 12345, text("file"), 0600);
        call("wrong-file-as-directory", Syscall.FCHMODAT, AT_FDCWD, text(path + "/x"), 0600);
        call("wrong-slash", Syscall.FCHMODAT, AT_FDCWD, text(path + "/"), 0600);
        call("wrong-long", Syscall.FCHMODAT, AT_FDCWD, text("/x".repeat(3000)), 0600);
        call("wrong-flags", Syscall.FCHOWNAT, AT_FDCWD, text(path), -1, -1, 0x8000);
        call("wrong-attribute-long", Syscall.SETXATTR, text(path), text("user." + "x".repeat(300)), 0, 0, 0);
        call("wrong-attribute-large", Syscall.SETXATTR, text(path), text("user.x"), text(""), 1 << 20, 0);
        call("wrong-attribute-none", Syscall.REMOVEXATTR, text(path), text("user.none"));
        call("wrong-nanos", Syscall.UTIMENSAT, AT_FDCWD, text(path), longs(1, 2_000_000_000, 1, 1), 0);
    }

    /** One thread puts a link and a file in each other's place, another changes what it finds under that name. */
    private static void race(Path workspace, Path victim) throws Exception {
        Path link = Files.createSymbolicLink(workspace.resolve("race-link"), victim);
        Path file = Files.writeString(workspace.resolve("race-file"), "");
        Thread swap = new Thread(() -> {
            while (!Thread.interrupted()) {
                // RENAME_EXCHANGE: at every moment the name is there
                long number = ARCHITECTURE == Architecture.X86_64 ? 316 : 276;
                C_LIBRARY.syscall(number, AT_FDCWD, text(link.toString()), AT_FDCWD, text(file.toString()), 2, 0);
            }
        });
        swap.start();
        long name = text(link.toString());
        int changed = 0;
        for (int i = 0; i < 5000; i++) {
            long result = C_LIBRARY.syscall(Syscall.FCHMODAT.number(ARCHITECTURE), AT_FDCWD, name, 0640, 0, 0, 0);
            changed += result == 0 ? 1 : 0;
        }
        swap.interrupt();
        swap.join();
        System.out.println("changed " + changed);
    }

    private static void call(String name, Syscall call, long... arguments) {
        int number = call.number(ARCHITECTURE);
        if (number >= 0) {
            long[] six = java.util.Arrays.copyOf(arguments, 6);
            answer(name, C_LIBRARY.syscall(number, six[0], six[1], six[2], six[3], six[4], six[5]));
        }
    }

    private static void answer(String name, long result) {
        System.out.println(name + " " + (result < 0 ? Native.getLastError() : 0));
    }

    private static final java.util.List<Memory> KEPT =
            java.util.Collections.synchronizedList(new java.util.ArrayList<>());

    private static Memory keep(Memory memory) {
        KEPT.add(memory);
        return memory;
    }

    private static long text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Memory memory = keep(new Memory(bytes.length + 1L));
        memory.write(0, bytes, 0, bytes.length);
        memory.setByte(bytes.length, (byte) 0);
        return Pointer.nativeValue(memory);
    }

    private static long longs(long... values) {
        Memory memory = keep(new Memory(8L * values.length));
        memory.write(0, values, 0, values.length);
        return Pointer.nativeValue(memory);
    }
}
