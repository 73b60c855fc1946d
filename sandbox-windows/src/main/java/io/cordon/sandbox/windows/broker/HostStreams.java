package io.cordon.sandbox.windows.broker;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.windows.broker.Message.Stream;
import io.cordon.sandbox.windows.launch.PipeInputStream;
import io.cordon.sandbox.windows.launch.PipeOutputStream;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.win32.BrokerCalls;
import io.cordon.sandbox.windows.win32.BrokerCalls.Direction;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.ResourceScope;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The host's ends of the standard streams of a child: a pipe of one instance for each, which the broker opens. Nothing
 * that is written into one passes through the broker.
 */
final class HostStreams implements AutoCloseable {
    /** One stream; without a pipe it is nothing to read, or nowhere to write. */
    private record Channel(Stream named, @Nullable OwnedHandle pipe) implements AutoCloseable {
        @Override
        public void close() {
            if (pipe != null) {
                pipe.close();
            }
        }
    }

    private final BrokerCalls calls;
    private final Channel input;
    private final Channel output;
    private final Channel errors;
    private @Nullable OutputStream stdin;
    private @Nullable InputStream stdout;
    private @Nullable InputStream stderr;

    private HostStreams(BrokerCalls calls, Channel input, Channel output, Channel errors) {
        this.calls = calls;
        this.input = input;
        this.output = output;
        this.errors = errors;
    }

    /** Makes the pipes. */
    static HostStreams open(BrokerCalls calls, LaunchRequest request, SecurityDescriptor access)
            throws SandboxException {
        if (request.terminal().isPresent()) {
            throw new SandboxException(
                    SandboxErrorCode.TERMINAL_UNAVAILABLE, "a process of a sandbox account has no terminal yet");
        }
        try (ResourceScope scope = new ResourceScope()) {
            Channel input = scope.own(channel(calls, request.stdin(), Direction.OUTBOUND, access));
            Channel output = scope.own(channel(calls, request.stdout(), Direction.INBOUND, access));
            Channel errors = request.mergeStderr()
                    ? new Channel(output.named, null)
                    : scope.own(channel(calls, request.stderr(), Direction.INBOUND, access));
            scope.release();
            return new HostStreams(calls, input, output, errors);
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.LAUNCH_FAILED, "a standard stream");
        }
    }

    private static Channel channel(BrokerCalls calls, Redirect redirect, Direction direction, SecurityDescriptor access)
            throws WindowsFailure, SandboxException {
        if (redirect.equals(Redirect.DISCARD)) {
            return new Channel(Stream.NOTHING, null);
        }
        if (!redirect.equals(Redirect.PIPE)) {
            throw new SandboxException(
                    SandboxErrorCode.REDIRECT_FAILED,
                    redirect + ": a process of a sandbox account takes PIPE and DISCARD only; copy the stream");
        }
        String name = PipeAccess.newName();
        return new Channel(new Stream(name), calls.createPipe(name, direction, access));
    }

    Stream inputName() {
        return input.named;
    }

    Stream outputName() {
        return output.named;
    }

    Stream errorsName() {
        return errors.named;
    }

    /**
     * The child runs: takes the ends into use, if it was the broker that opened the others.
     *
     * @throws SandboxException if somebody else did
     */
    void connected(int brokerPid) throws SandboxException {
        try {
            for (Channel channel : new Channel[] {input, output, errors}) {
                if (channel.pipe != null && calls.clientOf(channel.pipe) != brokerPid) {
                    throw new SandboxException(
                            SandboxErrorCode.LAUNCH_FAILED, "a process other than the broker has opened a pipe");
                }
            }
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.LAUNCH_FAILED, "a standard stream");
        }
        stdin = input.pipe == null ? closed() : new PipeOutputStream(calls.end(input.pipe));
        stdout = output.pipe == null ? InputStream.nullInputStream() : new PipeInputStream(calls.end(output.pipe));
        stderr = errors.pipe == null ? InputStream.nullInputStream() : new PipeInputStream(calls.end(errors.pipe));
    }

    private static OutputStream closed() {
        OutputStream stream = OutputStream.nullOutputStream();
        try {
            stream.close();
        } catch (IOException e) {
            throw new AssertionError("closing a stream to nowhere", e);
        }
        return stream;
    }

    OutputStream stdin() {
        return Objects.requireNonNull(stdin);
    }

    InputStream stdout() {
        return Objects.requireNonNull(stdout);
    }

    InputStream stderr() {
        return Objects.requireNonNull(stderr);
    }

    /** Closes what was not taken into use; for a launch that failed. */
    @Override
    public void close() {
        input.close();
        output.close();
        errors.close();
    }
}
