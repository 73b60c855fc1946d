package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.win32.Advapi32Functions.ADVAPI32;
import static io.cordon.sandbox.windows.win32.Handles.check;
import static io.cordon.sandbox.windows.win32.Handles.own;
import static io.cordon.sandbox.windows.win32.Handles.pointer;
import static io.cordon.sandbox.windows.win32.Kernel32Functions.KERNEL32;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.cordon.sandbox.windows.win32.Structures.PROCESS_INFORMATION;
import io.cordon.sandbox.windows.win32.Structures.STARTUPINFOEXW;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

final class JnaProcessCalls implements ProcessCalls {
    private static final int CREATE_SUSPENDED = 0x00000004;
    private static final int CREATE_UNICODE_ENVIRONMENT = 0x00000400;
    private static final int EXTENDED_STARTUPINFO_PRESENT = 0x00080000;
    private static final int CREATE_NO_WINDOW = 0x08000000;
    private static final int STARTF_USESTDHANDLES = 0x00000100;
    private static final int HANDLE_FLAG_INHERIT = 1;
    /** Output and errors follow downwards. */
    private static final int STD_INPUT_HANDLE = -10;

    private static final int DUPLICATE_SAME_ACCESS = 2;
    private static final int FILE_TYPE_UNKNOWN = 0;
    private static final int WAIT_OBJECT_0 = 0;
    private static final int WAIT_FAILED = -1;

    /**
     * While a handle is inheritable, every process that anything else in the JVM starts inherits it. The lock keeps our
     * own launches apart; those of {@link ProcessBuilder} cannot be kept out, so the time is kept short.
     */
    private static final ReentrantLock INHERITANCE = new ReentrantLock();

    @Override
    public Suspended create(OwnedHandle token, OwnedHandle job, Start start) throws WindowsFailure {
        // Errors often go where the output goes, and a handle must not be listed twice.
        ImmutableList<OwnedHandle> inherited =
                ImmutableSet.copyOf(start.standardHandles()).asList();
        STARTUPINFOEXW startup = new STARTUPINFOEXW();
        startup.StartupInfo.cb = startup.size();
        Surroundings surroundings = start.surroundings();
        // Also without any: else a program in a console that is not new is given copies of the JVM's own, inherited or
        // not, and speaks with whoever the JVM speaks with (github.com/microsoft/terminal/issues/11276).
        startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
        if (!inherited.isEmpty()) {
            startup.StartupInfo.hStdInput = pointer(start.standardHandles().get(0));
            startup.StartupInfo.hStdOutput = pointer(start.standardHandles().get(1));
            startup.StartupInfo.hStdError = pointer(start.standardHandles().get(2));
        }
        try (ProcessAttributes attributes =
                        ProcessAttributes.of(job, inherited, surroundings.terminal(), start.container());
                Memory desktop = wide(surroundings.desktop().orElse(""));
                Memory commandLine = wide(start.commandLine());
                Memory environment = wide(start.environment())) {
            startup.lpAttributeList = attributes.list();
            startup.StartupInfo.lpDesktop = surroundings.desktop().isPresent() ? desktop : null;
            PROCESS_INFORMATION created = new PROCESS_INFORMATION();
            INHERITANCE.lock();
            try {
                makeInheritable(inherited);
                check(
                        "CreateProcessAsUserW",
                        ADVAPI32.CreateProcessAsUser(
                                pointer(token),
                                start.image(),
                                commandLine,
                                null,
                                null,
                                !inherited.isEmpty(),
                                CREATE_SUSPENDED
                                        | CREATE_UNICODE_ENVIRONMENT
                                        | EXTENDED_STARTUPINFO_PRESENT
                                        | console(surroundings),
                                environment,
                                start.directory(),
                                startup.written(),
                                created.written()));
            } finally {
                makePrivate(inherited);
                INHERITANCE.unlock();
            }
            created.read();
            return new Suspended(
                    own("CreateProcessAsUserW", created.hProcess),
                    own("CreateProcessAsUserW", created.hThread),
                    created.dwProcessId);
        }
    }

    /** With a pseudo console, any of the flags for consoles would take it away again. */
    private static int console(Surroundings surroundings) {
        return surroundings.terminal().isPresent() || surroundings.hostConsole() ? 0 : CREATE_NO_WINDOW;
    }

    private static void makeInheritable(ImmutableList<OwnedHandle> handles) throws WindowsFailure {
        for (OwnedHandle handle : handles) {
            check(
                    "SetHandleInformation",
                    KERNEL32.SetHandleInformation(pointer(handle), HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
        }
    }

    /** A failure does not matter: the caller closes these handles next. */
    private static void makePrivate(ImmutableList<OwnedHandle> handles) {
        for (OwnedHandle handle : handles) {
            KERNEL32.SetHandleInformation(pointer(handle), HANDLE_FLAG_INHERIT, 0);
        }
    }

    /** With a NUL at its end; an environment block brings the second one that it needs. */
    private static Memory wide(String text) {
        byte[] bytes = (text + "\0").getBytes(StandardCharsets.UTF_16LE);
        Memory memory = new Memory(bytes.length);
        memory.write(0, bytes, 0, bytes.length);
        return memory;
    }

    @Override
    public void resume(OwnedHandle thread) throws WindowsFailure {
        check("ResumeThread", KERNEL32.ResumeThread(pointer(thread)) != -1);
    }

    @Override
    public void terminate(OwnedHandle process, int exitCode) throws WindowsFailure {
        check("TerminateProcess", KERNEL32.TerminateProcess(pointer(process), exitCode));
    }

    @Override
    public OwnedHandle bell() throws WindowsFailure {
        return own("CreateEventW", KERNEL32.CreateEvent(null, false, false, null));
    }

    @Override
    public void ring(OwnedHandle bell) throws WindowsFailure {
        check("SetEvent", KERNEL32.SetEvent(pointer(bell)));
    }

    @Override
    public int awaitAny(OwnedHandle bell, ImmutableList<OwnedHandle> processes, int milliseconds)
            throws WindowsFailure {
        // The bell is the last one: of several that are signalled the first counts.
        Pointer[] handles = Stream.concat(processes.stream(), Stream.of(bell))
                .map(Handles::pointer)
                .toArray(Pointer[]::new);
        int signalled = KERNEL32.WaitForMultipleObjects(handles.length, handles, false, milliseconds);
        check("WaitForMultipleObjects", signalled != WAIT_FAILED);
        return signalled >= WAIT_OBJECT_0 && signalled < processes.size() ? signalled : -1;
    }

    @Override
    public int exitCode(OwnedHandle process) throws WindowsFailure {
        IntByReference code = new IntByReference();
        check("GetExitCodeProcess", KERNEL32.GetExitCodeProcess(pointer(process), code));
        return code.getValue();
    }

    @Override
    public int attemptOpen(long pid, int access) {
        Pointer process = Handles.valid(KERNEL32.OpenProcess(access, false, (int) pid));
        if (process == null) {
            return Native.getLastError();
        }
        KERNEL32.CloseHandle(process);
        return 0;
    }

    @Override
    public Optional<OwnedHandle> standardHandle(int number) throws WindowsFailure {
        Pointer handle = Handles.valid(KERNEL32.GetStdHandle(STD_INPUT_HANDLE - number));
        if (handle == null
                || KERNEL32.GetFileType(handle) == FILE_TYPE_UNKNOWN
                || KERNEL32.GetConsoleMode(handle, new IntByReference())) {
            return Optional.empty();
        }
        PointerByReference copy = new PointerByReference();
        Pointer self = KERNEL32.GetCurrentProcess();
        check("DuplicateHandle", KERNEL32.DuplicateHandle(self, handle, self, copy, 0, false, DUPLICATE_SAME_ACCESS));
        return Optional.of(own("DuplicateHandle", copy.getValue()));
    }
}
