package io.cordon.sandbox.windows.launch;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.windows.win32.HostPipe;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.PipeCalls.Pipe;
import io.cordon.sandbox.windows.win32.ResourceScope;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Input, output and errors of a child: the handles that it inherits, and the pipes that the host keeps. */
final class StandardStreams implements ChildStreams {
    private static final int GENERIC_READ = 0x80000000;
    private static final int GENERIC_WRITE = 0x40000000;
    /** FILE_GENERIC_WRITE without FILE_WRITE_DATA: the system then puts every write at the end. */
    private static final int APPEND = 0x00120116 & ~0x2;

    private static final int FILE_SHARE_READ_WRITE = 0x3;
    private static final int CREATE_ALWAYS = 2;
    private static final int OPEN_EXISTING = 3;
    private static final int OPEN_ALWAYS = 4;
    private static final int FILE_ATTRIBUTE_NORMAL = 0x80;

    private static final ImmutableList<String> NAMES = ImmutableList.of("input", "output", "errors");

    /** One stream; {@code host} is null unless it is a pipe. */
    private record Channel(@Nullable HostPipe host, OwnedHandle child) implements AutoCloseable {
        @Override
        public void close() {
            child.close();
            if (host != null) {
                host.close();
            }
        }
    }

    private final Channel input;
    private final Channel output;
    /** With the child's handle of {@link #output} when errors go there. */
    private final Channel errors;

    private StandardStreams(Channel input, Channel output, Channel errors) {
        this.input = input;
        this.output = output;
        this.errors = errors;
    }

    /** Makes the pipes and opens the files. */
    static StandardStreams open(NativeCalls calls, LaunchRequest request) throws SandboxException {
        try (ResourceScope scope = new ResourceScope()) {
            Channel input = scope.own(channel(calls, 0, request.stdin()));
            Channel output = scope.own(channel(calls, 1, request.stdout()));
            Channel errors = request.mergeStderr()
                    ? new Channel(null, output.child)
                    : scope.own(channel(calls, 2, request.stderr()));
            scope.release();
            return new StandardStreams(input, output, errors);
        }
    }

    private static Channel channel(NativeCalls calls, int number, Redirect redirect) throws SandboxException {
        try {
            if (redirect.equals(Redirect.PIPE)) {
                Pipe pipe =
                        number == 0 ? calls.pipes().toChild() : calls.pipes().fromChild();
                return new Channel(pipe.host(), pipe.child());
            }
            if (redirect.equals(Redirect.INHERIT)) {
                return new Channel(null, inherited(calls, number));
            }
            return new Channel(null, file(calls, redirect));
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.LAUNCH_FAILED, "standard " + NAMES.get(number));
        }
    }

    private static OwnedHandle inherited(NativeCalls calls, int number) throws SandboxException, WindowsFailure {
        return calls.processes()
                .standardHandle(number)
                .orElseThrow(() -> new SandboxException(
                        SandboxErrorCode.REDIRECT_FAILED,
                        "INHERIT for standard " + NAMES.get(number)
                                + ": the JVM has none, or it is a console, which a process without that console cannot "
                                + "use; use PIPE and copy the stream"));
    }

    private static OwnedHandle file(NativeCalls calls, Redirect redirect) throws SandboxException {
        String path = redirect.equals(Redirect.DISCARD)
                ? "NUL"
                : Objects.requireNonNull(redirect.file()).getAbsolutePath();
        try {
            return switch (redirect.type()) {
                case READ -> open(calls, path, GENERIC_READ, OPEN_EXISTING);
                case APPEND -> open(calls, path, APPEND, OPEN_ALWAYS);
                default -> open(calls, path, GENERIC_WRITE, path.equals("NUL") ? OPEN_EXISTING : CREATE_ALWAYS);
            };
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.REDIRECT_FAILED, path);
        }
    }

    private static OwnedHandle open(NativeCalls calls, String path, int access, int disposition) throws WindowsFailure {
        return calls.files().open(path, access, FILE_SHARE_READ_WRITE, disposition, FILE_ATTRIBUTE_NORMAL);
    }

    @Override
    public ImmutableList<OwnedHandle> childHandles() {
        return ImmutableList.of(input.child, output.child, errors.child);
    }

    @Override
    public Optional<OwnedHandle> terminal() {
        return Optional.empty();
    }

    @Override
    public void closeChildHandles() {
        childHandles().forEach(OwnedHandle::close);
    }

    @Override
    public void ended() {
        // the pipes end with the processes
    }

    @Override
    public OutputStream stdin() {
        return input.host == null ? closedOutput() : new PipeOutputStream(input.host);
    }

    private static OutputStream closedOutput() {
        OutputStream stream = OutputStream.nullOutputStream();
        try {
            stream.close();
        } catch (IOException e) {
            throw new AssertionError("closing a stream to nowhere", e);
        }
        return stream;
    }

    @Override
    public InputStream stdout() {
        return output.host == null ? InputStream.nullInputStream() : new PipeInputStream(output.host);
    }

    @Override
    public InputStream stderr() {
        return errors.host == null ? InputStream.nullInputStream() : new PipeInputStream(errors.host);
    }

    @Override
    public void close() {
        input.close();
        output.close();
        errors.close();
    }
}
