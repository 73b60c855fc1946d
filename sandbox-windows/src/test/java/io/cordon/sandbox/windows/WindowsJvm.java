package io.cordon.sandbox.windows;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.primitives.Bytes;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.Advapi32;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.platform.win32.WinNT.HANDLE;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import com.sun.jna.win32.StdCallLibrary;
import com.sun.jna.win32.W32APIOptions;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.IntegrityLabel;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the tests of the backend need of the Windows JVM that they run in. */
final class WindowsJvm {
    private static final int SE_FILE_OBJECT = 1;
    private static final int SE_KERNEL_OBJECT = 6;
    private static final int OWNER_GROUP_DACL = 0x7;
    private static final int LABEL_SECURITY_INFORMATION = 0x10;
    private static final int READ_CONTROL = 0x00020000;
    private static final int WRITE_OWNER = 0x00080000;

    private WindowsJvm() {}

    /** JNA-Platform leaves these out. */
    interface Kernel32More extends StdCallLibrary {
        Kernel32More INSTANCE = Native.load("kernel32", Kernel32More.class, W32APIOptions.UNICODE_OPTIONS);

        boolean GetProcessHandleCount(Pointer process, IntByReference count);

        @Nullable
        Pointer OpenSemaphore(int access, boolean inherit, String name);
    }

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
                .bestEffort(Capability.PROCESS_TREE);
    }

    /**
     * Wine's powrprof.dll, which every JVM loads, makes a named semaphore when it is loaded. The one of the JVM that runs
     * the tests has no label, so that a JVM below Medium could not open it, and would not start. Windows has none.
     */
    private static void letConfinedJvmsStart() {
        Pointer semaphore =
                Kernel32More.INSTANCE.OpenSemaphore(READ_CONTROL | WRITE_OWNER, false, "PowerProfileRegistrySemaphore");
        if (semaphore != null) {
            byte[] acl = IntegrityLabel.of(ConfinedToken.LEVEL).encode();
            Memory memory = new Memory(acl.length);
            memory.write(0, acl, 0, acl.length);
            Advapi32.INSTANCE.SetSecurityInfo(
                    new HANDLE(semaphore), SE_KERNEL_OBJECT, LABEL_SECURITY_INFORMATION, null, null, null, memory);
            Kernel32.INSTANCE.CloseHandle(new HANDLE(semaphore));
        }
    }

    /** The command that runs {@link AttemptsMain}. */
    static ImmutableList<String> attempts(String... arguments) {
        letConfinedJvmsStart();
        return ImmutableList.<String>builder()
                .add(Path.of(System.getProperty("java.home"), "bin", "java.exe").toString())
                .add("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp", classPath())
                .add(AttemptsMain.class.getName())
                .add(arguments)
                .build();
    }

    private static String classPath() {
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

    static int handleCount() {
        IntByReference count = new IntByReference();
        Kernel32More.INSTANCE.GetProcessHandleCount(
                Kernel32.INSTANCE.GetCurrentProcess().getPointer(), count);
        return count.getValue();
    }

    /** Owner, group and DACL byte for byte with their control bits, and the label. */
    record Security(ImmutableList<Byte> descriptor, Optional<IntegrityLabel> label) {}

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

    /** An access list without entry, which withdrawing leaves on Windows too, is no label. */
    private static Optional<IntegrityLabel> label(Path file) {
        FileCalls files = NativeCalls.windows().files();
        try (FileTree.Entry entry = new FileTree(files).open(FileTree.extended(file.toRealPath()), READ_CONTROL)) {
            return IntegrityLabel.decode(files.label(entry.handle()));
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
