package io.cordon.sandbox.linux.launch;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.linux.syscall.OwnedFd;
import io.cordon.sandbox.linux.syscall.Pipe;
import io.cordon.sandbox.linux.syscall.SystemCalls;
import io.cordon.sandbox.spi.LaunchRequest;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The three standard streams of a child: the descriptors that it gets, and the JVM's ends of those that are pipes.
 *
 * <p>Files are opened here, by the unconfined JVM: the caller may redirect to a file that the child could not open.
 * Closing this closes the child's descriptors, which the JVM has no use for, and, unless the child was started, the
 * JVM's ends too.
 */
final class ChildStreams implements AutoCloseable {
    /** fcntl.h; x86_64 and aarch64 agree on these. */
    private static final int O_RDONLY = 0;

    private static final int O_WRITE_NEW = 1 /* O_WRONLY */ | 0100 /* O_CREAT */ | 01000 /* O_TRUNC */;
    private static final int O_WRITE_APPEND = 1 | 0100 | 02000 /* O_APPEND */;
    private static final int NEW_FILE_MODE = 0666;

    private final SystemCalls calls;
    private final ImmutableSet<Path> writableRoots;
    private final List<OwnedFd> descriptors = new ArrayList<>();
    private OutputStream toStdin = closedOutput();
    private InputStream fromStdout = InputStream.nullInputStream();
    private InputStream fromStderr = InputStream.nullInputStream();
    private int stdin;
    private int stdout;
    private int stderr;
    private boolean started;

    private ChildStreams(SystemCalls calls, ImmutableSet<Path> writableRoots) {
        this.calls = calls;
        this.writableRoots = writableRoots;
    }

    static ChildStreams open(SystemCalls calls, ImmutableSet<Path> writableRoots, LaunchRequest request)
            throws SandboxException {
        ChildStreams streams = new ChildStreams(calls, writableRoots);
        try {
            streams.openInput(request.stdin());
            streams.openOutput(request.stdout());
            streams.openErrors(request);
            return streams;
        } catch (SandboxException | RuntimeException e) {
            streams.close();
            throw e;
        }
    }

    private void openInput(Redirect source) throws SandboxException {
        switch (source.type()) {
            case PIPE -> {
                Pipe pipe = pipe();
                stdin = pipe.readEnd().number();
                toStdin = stream(
                        pipe.writeEnd(),
                        end -> new BufferedOutputStream(new FileOutputStream("/proc/self/fd/" + end.number())));
            }
            case INHERIT -> stdin = 0;
            default -> stdin = file(source, O_RDONLY);
        }
    }

    private void openOutput(Redirect destination) throws SandboxException {
        switch (destination.type()) {
            case PIPE -> {
                Pipe pipe = pipe();
                stdout = pipe.writeEnd().number();
                fromStdout = stream(pipe.readEnd(), PipeInput::of);
            }
            case INHERIT -> stdout = 1;
            default -> stdout = file(destination, flags(destination));
        }
    }

    private void openErrors(LaunchRequest request) throws SandboxException {
        if (request.mergeStderr()) {
            stderr = stdout;
            return;
        }
        switch (request.stderr().type()) {
            case PIPE -> {
                Pipe pipe = pipe();
                stderr = pipe.writeEnd().number();
                fromStderr = stream(pipe.readEnd(), PipeInput::of);
            }
            case INHERIT -> stderr = 2;
            default -> stderr = file(request.stderr(), flags(request.stderr()));
        }
    }

    private static int flags(Redirect destination) {
        return destination.type() == Redirect.Type.APPEND ? O_WRITE_APPEND : O_WRITE_NEW;
    }

    private Pipe pipe() throws NativeStepException {
        Pipe pipe = calls.pipe();
        descriptors.add(pipe.readEnd());
        descriptors.add(pipe.writeEnd());
        return pipe;
    }

    private int file(Redirect redirect, int flags) throws SandboxException {
        try {
            OwnedFd descriptor =
                    openFile(redirect.file().toPath().toAbsolutePath().normalize(), flags);
            descriptors.add(descriptor);
            return descriptor.number();
        } catch (NativeStepException e) {
            throw new SandboxException(
                    SandboxErrorCode.REDIRECT_FAILED,
                    redirect + " cannot be opened: " + e.getMessage() + "; choose another file",
                    e);
        }
    }

    /**
     * Beneath a writable root, a child can have put a link in the place of the file or of a directory above it, and the
     * JVM, which may write anywhere, would follow that. So no link is followed there.
     */
    private OwnedFd openFile(Path file, int flags) throws SandboxException {
        for (int names = 1; names < file.getNameCount(); names++) {
            Path ancestor = file.getRoot().resolve(file.subpath(0, names));
            Path real;
            try {
                real = ancestor.toRealPath();
            } catch (IOException e) {
                break; // opening says what is wrong with it
            }
            if (writableRoots.stream().anyMatch(real::startsWith)) {
                return calls.openWithoutLinks(real.resolve(ancestor.relativize(file)), flags, NEW_FILE_MODE);
            }
        }
        return calls.open(file, flags, NEW_FILE_MODE);
    }

    /** Makes a stream of a descriptor. */
    private interface StreamOpening<T> {
        T open(OwnedFd descriptor) throws IOException;
    }

    private static <T> T stream(OwnedFd descriptor, StreamOpening<T> opening) throws SandboxException {
        try {
            return opening.open(descriptor);
        } catch (IOException e) {
            throw new SandboxException(
                    SandboxErrorCode.LAUNCH_FAILED, "opening a pipe through /proc/self/fd failed: " + e, e);
        }
    }

    private static OutputStream closedOutput() {
        OutputStream closed = OutputStream.nullOutputStream();
        try {
            closed.close();
        } catch (IOException e) {
            throw new AssertionError("the null stream does not fail to close", e);
        }
        return closed;
    }

    int stdin() {
        return stdin;
    }

    int stdout() {
        return stdout;
    }

    int stderr() {
        return stderr;
    }

    /** The child was started: from now on its process owns the JVM's ends. */
    void started() {
        started = true;
    }

    OutputStream toStdin() {
        return toStdin;
    }

    InputStream fromStdout() {
        return fromStdout;
    }

    InputStream fromStderr() {
        return fromStderr;
    }

    @Override
    public void close() {
        descriptors.forEach(OwnedFd::close);
        if (!started) {
            closeQuietly(toStdin);
            closeQuietly(fromStdout);
            closeQuietly(fromStderr);
        }
    }

    private static void closeQuietly(AutoCloseable stream) {
        try {
            stream.close();
        } catch (Exception e) {
            // Nothing was written to it, so that nothing is lost.
        }
    }
}
