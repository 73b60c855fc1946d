package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.win32.Handles.own;
import static io.cordon.sandbox.windows.win32.Kernel32Functions.KERNEL32;

import java.util.UUID;

/**
 * Pipes with an overlapped end for the host, which an anonymous pipe cannot have: a synchronous read that is blocked
 * can be neither closed nor reliably cancelled by another thread. The end for the child is synchronous, as C runtimes
 * expect it.
 */
final class JnaPipeCalls implements PipeCalls {
    private static final int PIPE_ACCESS_INBOUND = 0x1;
    private static final int PIPE_ACCESS_OUTBOUND = 0x2;
    private static final int FILE_FLAG_FIRST_PIPE_INSTANCE = 0x00080000;
    private static final int FILE_FLAG_OVERLAPPED = 0x40000000;
    private static final int PIPE_REJECT_REMOTE_CLIENTS = 0x8;

    private static final int GENERIC_READ = 0x80000000;
    private static final int GENERIC_WRITE = 0x40000000;
    private static final int FILE_READ_ATTRIBUTES = 0x80;
    private static final int FILE_WRITE_ATTRIBUTES = 0x100;
    private static final int OPEN_EXISTING = 3;

    private static final int BUFFER = 64 << 10;

    @Override
    public Pipe fromChild() throws WindowsFailure {
        return pipe(PIPE_ACCESS_INBOUND, GENERIC_WRITE | FILE_READ_ATTRIBUTES);
    }

    @Override
    public Pipe toChild() throws WindowsFailure {
        return pipe(PIPE_ACCESS_OUTBOUND, GENERIC_READ | FILE_WRITE_ATTRIBUTES);
    }

    /**
     * The name cannot be guessed, there is one instance only, and we connect to it at once: whoever were faster would
     * make our own connect fail, and with it the launch.
     */
    private static Pipe pipe(int direction, int childAccess) throws WindowsFailure {
        String name = "\\\\.\\pipe\\cordon-" + UUID.randomUUID();
        try (ResourceScope scope = new ResourceScope()) {
            OwnedHandle host = scope.own(own(
                    "CreateNamedPipeW",
                    KERNEL32.CreateNamedPipe(
                            name,
                            direction | FILE_FLAG_FIRST_PIPE_INSTANCE | FILE_FLAG_OVERLAPPED,
                            PIPE_REJECT_REMOTE_CLIENTS,
                            1,
                            BUFFER,
                            BUFFER,
                            0,
                            null)));
            OwnedHandle child = scope.own(
                    own("CreateFileW", KERNEL32.CreateFile(name, childAccess, 0, null, OPEN_EXISTING, 0, null)));
            HostPipe hostPipe = JnaHostPipe.own(host);
            scope.release();
            return new Pipe(hostPipe, child);
        }
    }
}
