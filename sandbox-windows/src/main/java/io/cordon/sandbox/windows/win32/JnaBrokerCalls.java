package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.win32.Advapi32Functions.ADVAPI32;
import static io.cordon.sandbox.windows.win32.Handles.check;
import static io.cordon.sandbox.windows.win32.Handles.failure;
import static io.cordon.sandbox.windows.win32.Handles.own;
import static io.cordon.sandbox.windows.win32.Handles.pointer;
import static io.cordon.sandbox.windows.win32.Kernel32Functions.KERNEL32;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.SecurityDescriptorCodec;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.ProcessCalls.Suspended;
import io.cordon.sandbox.windows.win32.Structures.OVERLAPPED;
import io.cordon.sandbox.windows.win32.Structures.PROCESS_INFORMATION;
import io.cordon.sandbox.windows.win32.Structures.SECURITY_ATTRIBUTES;
import io.cordon.sandbox.windows.win32.Structures.STARTUPINFOEXW;

final class JnaBrokerCalls implements BrokerCalls {
    private static final int PIPE_ACCESS_DUPLEX = 0x3;
    private static final int FILE_FLAG_FIRST_PIPE_INSTANCE = 0x00080000;
    private static final int FILE_FLAG_OVERLAPPED = 0x40000000;
    private static final int PIPE_REJECT_REMOTE_CLIENTS = 0x8;
    private static final int BUFFER = 64 << 10;

    private static final int GENERIC_READ = 0x80000000;
    private static final int FILE_WRITE_DATA = 0x2;
    private static final int FILE_WRITE_ATTRIBUTES = 0x100;
    private static final int READ_CONTROL = 0x00020000;

    /**
     * Not GENERIC_WRITE, which has FILE_APPEND_DATA in it: of a pipe that is the right to make another instance, which the
     * host keeps for itself.
     *
     * @see <a href="https://learn.microsoft.com/windows/win32/ipc/named-pipe-security-and-access-rights">Named Pipe
     *     Security and Access Rights</a>
     */
    private static final int PIPE_WRITE = FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES | READ_CONTROL;

    private static final int OPEN_EXISTING = 3;
    private static final int SECURITY_SQOS_PRESENT = 0x00100000;
    private static final int SECURITY_IDENTIFICATION = 0x00010000;

    private static final int CREATE_SUSPENDED = 0x00000004;
    private static final int CREATE_UNICODE_ENVIRONMENT = 0x00000400;
    private static final int CREATE_NO_WINDOW = 0x08000000;
    private static final int LOGON_WITH_PROFILE = 0x1;

    private static final int DUPLICATE_CLOSE_SOURCE = 1;
    private static final int DUPLICATE_SAME_ACCESS = 2;
    private static final int ERROR_PIPE_CONNECTED = 535;
    private static final int ERROR_IO_PENDING = 997;
    private static final int WAIT_OBJECT_0 = 0;
    private static final int WAIT_FAILED = -1;

    @Override
    public OwnedHandle createPipe(String name, SecurityDescriptor descriptor) throws WindowsFailure {
        try (Memory memory = Handles.memoryOf(SecurityDescriptorCodec.encode(descriptor))) {
            SECURITY_ATTRIBUTES attributes = new SECURITY_ATTRIBUTES();
            attributes.nLength = attributes.size();
            attributes.lpSecurityDescriptor = memory;
            return own(
                    "CreateNamedPipeW",
                    KERNEL32.CreateNamedPipe(
                            name,
                            PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE | FILE_FLAG_OVERLAPPED,
                            PIPE_REJECT_REMOTE_CLIENTS,
                            1,
                            BUFFER,
                            BUFFER,
                            0,
                            attributes.written()));
        }
    }

    @Override
    public void awaitClient(OwnedHandle pipe, OwnedHandle process, int milliseconds) throws WindowsFailure {
        String function = "ConnectNamedPipe";
        try (OwnedHandle done = own("CreateEventW", KERNEL32.CreateEvent(null, true, false, null))) {
            OVERLAPPED overlapped = new OVERLAPPED();
            overlapped.hEvent = pointer(done);
            Pointer request = overlapped.written();
            if (KERNEL32.ConnectNamedPipe(pointer(pipe), request)) {
                return;
            }
            int error = Native.getLastError();
            if (error == ERROR_PIPE_CONNECTED) {
                return;
            }
            if (error != ERROR_IO_PENDING) {
                throw failure(function, error);
            }
            int signalled = KERNEL32.WaitForMultipleObjects(
                    2, new Pointer[] {pointer(done), pointer(process)}, false, milliseconds);
            int reason = signalled == WAIT_FAILED ? Native.getLastError() : 0;
            if (signalled != WAIT_OBJECT_0) {
                KERNEL32.CancelIoEx(pointer(pipe), request);
            }
            // Also after cancelling: until it says so, the system may still write into the structure.
            boolean connected = KERNEL32.GetOverlappedResult(pointer(pipe), request, new IntByReference(), true);
            int result = connected ? 0 : Native.getLastError();
            if (!connected) {
                throw failure(
                        function,
                        switch (signalled) {
                            case WAIT_OBJECT_0 -> result;
                            case WAIT_OBJECT_0 + 1 -> ERROR_PROCESS_ABORTED;
                            case WAIT_FAILED -> reason;
                            default -> WAIT_TIMEOUT;
                        });
            }
        }
    }

    @Override
    public int clientOf(OwnedHandle pipe) throws WindowsFailure {
        IntByReference id = new IntByReference();
        check("GetNamedPipeClientProcessId", KERNEL32.GetNamedPipeClientProcessId(pointer(pipe), id));
        return id.getValue();
    }

    @Override
    public int serverOf(OwnedHandle pipe) throws WindowsFailure {
        IntByReference id = new IntByReference();
        check("GetNamedPipeServerProcessId", KERNEL32.GetNamedPipeServerProcessId(pointer(pipe), id));
        return id.getValue();
    }

    @Override
    public Sid ownerOf(OwnedHandle pipe) throws WindowsFailure {
        Sid owner = KernelObjectSecurity.get(pipe).owner();
        if (owner == null) {
            throw failure("GetKernelObjectSecurity", WindowsFailure.ERROR_INVALID_SECURITY_DESCR);
        }
        return owner;
    }

    @Override
    public OwnedHandle openPipe(String name) throws WindowsFailure {
        return own(
                "CreateFileW",
                KERNEL32.CreateFile(
                        name,
                        GENERIC_READ | PIPE_WRITE,
                        0,
                        null,
                        OPEN_EXISTING,
                        FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION,
                        null));
    }

    /** A {@link JnaHostPipe} makes one transfer at a time, and here one waits for what the other end may never write. */
    @Override
    public Ends ends(OwnedHandle pipe) throws WindowsFailure {
        try (OwnedHandle in = pipe.release()) {
            OwnedHandle out = own("DuplicateHandle", copyFor(KERNEL32.GetCurrentProcess(), pointer(in)));
            return new Ends(JnaHostPipe.own(in), JnaHostPipe.own(out));
        }
    }

    private static Pointer copyFor(Pointer process, Pointer handle) throws WindowsFailure {
        PointerByReference copy = new PointerByReference();
        Pointer self = KERNEL32.GetCurrentProcess();
        check(
                "DuplicateHandle",
                KERNEL32.DuplicateHandle(self, handle, process, copy, 0, false, DUPLICATE_SAME_ACCESS));
        return copy.getValue();
    }

    @Override
    public Suspended createWithLogon(LogonStart start, char[] password) throws WindowsFailure {
        STARTUPINFOEXW startup = new STARTUPINFOEXW();
        // The function takes no extended structure. Without a desktop named, the logon is let onto the caller's.
        startup.StartupInfo.cb = startup.StartupInfo.size();
        PROCESS_INFORMATION created = new PROCESS_INFORMATION();
        try (Memory user = wide(start.user());
                Memory domain = wide(".");
                Memory secret = secret(password);
                Memory image = wide(start.image());
                Memory commandLine = wide(start.commandLine());
                Memory environment = wide(start.environment());
                Memory directory = wide(start.directory())) {
            boolean succeeded;
            int error;
            try {
                succeeded = ADVAPI32.CreateProcessWithLogonW(
                        user,
                        domain,
                        secret,
                        LOGON_WITH_PROFILE,
                        image,
                        commandLine,
                        CREATE_SUSPENDED | CREATE_UNICODE_ENVIRONMENT | CREATE_NO_WINDOW,
                        environment,
                        directory,
                        startup.written(),
                        created.written());
                error = succeeded ? 0 : Native.getLastError();
            } finally {
                secret.clear();
            }
            if (!succeeded) {
                throw failure("CreateProcessWithLogonW", error);
            }
        }
        created.read();
        return new Suspended(
                own("CreateProcessWithLogonW", created.hProcess),
                own("CreateProcessWithLogonW", created.hThread),
                created.dwProcessId);
    }

    /** Without a String or an array in between, which would stay on the heap. */
    private static Memory secret(char[] password) {
        Memory memory = new Memory((password.length + 1L) * Character.BYTES);
        memory.clear();
        memory.write(0, password, 0, password.length);
        return memory;
    }

    private static Memory wide(String text) {
        Memory memory = new Memory((text.length() + 1L) * Character.BYTES);
        memory.clear();
        memory.write(0, text.toCharArray(), 0, text.length());
        return memory;
    }

    @Override
    public void assign(OwnedHandle job, OwnedHandle process) throws WindowsFailure {
        check("AssignProcessToJobObject", KERNEL32.AssignProcessToJobObject(pointer(job), pointer(process)));
    }

    @Override
    public long give(OwnedHandle process, OwnedHandle handle) throws WindowsFailure {
        return Pointer.nativeValue(copyFor(pointer(process), pointer(handle)));
    }

    @Override
    public void takeBack(OwnedHandle process, long handle) throws WindowsFailure {
        check(
                "DuplicateHandle",
                KERNEL32.DuplicateHandle(
                        pointer(process), new Pointer(handle), null, null, 0, false, DUPLICATE_CLOSE_SOURCE));
    }

    @Override
    public OwnedHandle adopt(long handle) throws WindowsFailure {
        Pointer given = new Pointer(handle);
        check("GetHandleInformation", KERNEL32.GetHandleInformation(given, new IntByReference()));
        return own("DuplicateHandle", given);
    }

    @Override
    public boolean awaitEnd(OwnedHandle process, int milliseconds) throws WindowsFailure {
        int signalled = KERNEL32.WaitForMultipleObjects(1, new Pointer[] {pointer(process)}, false, milliseconds);
        check("WaitForMultipleObjects", signalled != WAIT_FAILED);
        return signalled == WAIT_OBJECT_0;
    }

    @Override
    public void protectOwnProcess(SecurityDescriptor descriptor) throws WindowsFailure {
        Pointer self = KERNEL32.GetCurrentProcess();
        try (OwnedHandle process = own("DuplicateHandle", copyFor(self, self))) {
            KernelObjectSecurity.replaceDacl(process, descriptor);
        }
    }
}
