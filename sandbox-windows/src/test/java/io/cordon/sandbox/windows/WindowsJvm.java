package io.cordon.sandbox.windows;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.primitives.Bytes;
import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.Advapi32;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import com.sun.jna.win32.StdCallLibrary;
import com.sun.jna.win32.W32APIOptions;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What the tests of the backend need of the Windows JVM that they run in. */
final class WindowsJvm {
    private static final int SYSTEM_EXTENDED_HANDLE_INFORMATION = 64;
    private static final int STATUS_INFO_LENGTH_MISMATCH = 0xC0000004;
    private static final int HANDLE_LIST = 16;
    private static final int HANDLE_ENTRY = 40;
    private static final int UNIQUE_PROCESS_ID = 8;
    private static final int SE_FILE_OBJECT = 1;
    private static final int OWNER_GROUP_DACL = 0x7;
    private static final int READ_CONTROL = 0x00020000;

    private WindowsJvm() {}

    /** JNA-Platform leaves these out. */
    interface Advapi32More extends StdCallLibrary {
        Advapi32More INSTANCE = Native.load("advapi32", Advapi32More.class, W32APIOptions.UNICODE_OPTIONS);

        int GetSecurityDescriptorLength(Pointer descriptor);
    }

    static boolean isStockWine() {
        return "stock".equals(System.getProperty("cordon.test.wine"));
    }

    static void assumeEnforcing() {
        assumeTrue(!isStockWine(), "stock Wine enforces no integrity levels");
    }

    /** A policy that this backend can enforce, as far as a level goes. */
    static SandboxPolicy.Builder policy(Path root) {
        return SandboxPolicy.builder()
                .allowWrite(root)
                .network(NetworkAccess.ALLOWED)
                .environment(environment -> environment.inheritCore())
                // A child can end processes of its user, and LocalLow is writable on Windows itself.
                .acceptPartial(Capability.FILE_WRITE, Capability.PROCESS_TREE);
    }

    /** The command that runs {@link AttemptsMain}. */
    static ImmutableList<String> attempts(String... arguments) {
        return ImmutableList.<String>builder()
                .add(Path.of(System.getProperty("java.home"), "bin", "java.exe").toString())
                .add("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp", classPath())
                .add(AttemptsMain.class.getName())
                .add(arguments)
                .build();
    }

    /** The command that runs a main class with the class path of the tests. */
    static ImmutableList<String> java(Class<?> main, String... arguments) {
        return ImmutableList.<String>builder()
                .add(Path.of(System.getProperty("java.home"), "bin", "java.exe").toString())
                .add("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Xmx64m")
                .add("-cp", System.getProperty("java.class.path"))
                .add(main.getName())
                .add(arguments)
                .build();
    }

    /** What a command prints without a sandbox: the control of what it prints in one. */
    static String unconfined(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.replace("\r", "");
    }

    static String classPath() {
        try {
            return Path.of(AttemptsMain.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * The open handles of this JVM, counted in the list of all handles: on Wine, GetProcessHandleCount answers 0, and
     * the list of processes has the size of the table. The offsets are those of SYSTEM_HANDLE_INFORMATION_EX for 64 bits.
     */
    static int handleCount() {
        Function query = NativeLibrary.getInstance("ntdll").getFunction("NtQuerySystemInformation");
        long self = ProcessHandle.current().pid();
        for (int size = 1 << 20; ; size *= 2) {
            try (Memory list = new Memory(size)) {
                int status = query.invokeInt(
                        new Object[] {SYSTEM_EXTENDED_HANDLE_INFORMATION, list, size, new IntByReference()});
                if (status == STATUS_INFO_LENGTH_MISMATCH) {
                    continue;
                }
                if (status != 0) {
                    throw new AssertionError("NtQuerySystemInformation: 0x" + Integer.toHexString(status));
                }
                return (int) LongStream.range(0, list.getLong(0))
                        .filter(i -> list.getLong(HANDLE_LIST + i * HANDLE_ENTRY + UNIQUE_PROCESS_ID) == self)
                        .count();
            }
        }
    }

    /** Owner, group and DACL byte for byte with their control bits, and the label. */
    record Security(ImmutableList<Byte> descriptor, Optional<LabelAce> label) {}

    static Security security(Path file) {
        PointerByReference descriptor = new PointerByReference();
        int error = Advapi32.INSTANCE.GetNamedSecurityInfo(
                file.toString(), SE_FILE_OBJECT, OWNER_GROUP_DACL, null, null, null, null, descriptor);
        if (error != 0) {
            throw new AssertionError("GetNamedSecurityInfo(" + file + "): " + error);
        }
        Pointer pointer = descriptor.getValue();
        byte[] bytes = pointer.getByteArray(0, Advapi32More.INSTANCE.GetSecurityDescriptorLength(pointer));
        Kernel32.INSTANCE.LocalFree(pointer);
        // Withdrawing a label leaves a SACL without entry where there was none: SE_SACL_PRESENT,
        // SE_SACL_AUTO_INHERITED.
        bytes[2] &= ~0x10;
        bytes[3] &= ~0x08;
        return new Security(ImmutableList.copyOf(Bytes.asList(bytes)), label(file));
    }

    /** Those of a directory and of all that is in it. */
    static ImmutableMap<Path, Security> securities(Path top) throws IOException {
        try (Stream<Path> files = Files.walk(top)) {
            return files.collect(ImmutableMap.toImmutableMap(file -> file, WindowsJvm::security));
        }
    }

    /** An access list without entry, which withdrawing leaves on Windows too, is no label. */
    private static Optional<LabelAce> label(Path file) {
        FileCalls files = NativeCalls.windows().files();
        try (FileTree.Entry entry = new FileTree(files).open(FileTree.extended(file.toRealPath()), READ_CONTROL)) {
            return Optional.ofNullable(MandatoryLabel.aceOf(files.descriptor(entry.handle())));
        } catch (WindowsFailure | IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The private directories of sandboxes that are open, or that were not deleted. */
    static ImmutableSortedSet<Path> privateDirectories() throws IOException {
        Path sandboxes = WindowsPlaces.ofThisJvm().home().resolve("sandboxes");
        if (Files.notExists(sandboxes)) {
            return ImmutableSortedSet.of();
        }
        try (Stream<Path> list = Files.list(sandboxes)) {
            return list.collect(ImmutableSortedSet.toImmutableSortedSet(Path::compareTo));
        }
    }
}
