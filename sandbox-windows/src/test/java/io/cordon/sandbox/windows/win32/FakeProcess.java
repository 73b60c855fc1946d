package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.win32.ProcessCalls.Start;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** A process, which runs its {@link FakeProgram} on a thread once it is resumed. Guarded by its FakeWindows. */
public final class FakeProcess extends FakeObject {
    private enum State {
        SUSPENDED,
        RUNNING,
        ENDED
    }

    private final FakeWindows windows;
    private final FakeToken token;
    private final FakeProgram program;
    private final Start start;
    /** Input, output and errors, or nothing. */
    private final ImmutableList<FakeStream> streams;

    final FirstThread firstThread = new FirstThread();

    private State state = State.SUSPENDED;
    private boolean ran;
    private int exitCode;
    private @Nullable Thread thread;
    private Runnable whenEnded = () -> {};

    FakeProcess(
            FakeWindows windows, FakeToken token, FakeProgram program, Start start, ImmutableList<FakeStream> streams) {
        this.windows = windows;
        this.token = token;
        this.program = program;
        this.start = start;
        this.streams = streams;
        ImmutableSet.copyOf(streams).forEach(FakeObject::retain);
    }

    FakeToken token() {
        return token;
    }

    /** The integrity level of its token. */
    public int level() {
        synchronized (windows) {
            return token.level();
        }
    }

    /** The label of its token as an object, as an ACL. */
    public byte[] tokenLabel() {
        synchronized (windows) {
            return token.label();
        }
    }

    /** The access list of what it creates without naming one. */
    public byte[] defaultDacl() {
        synchronized (windows) {
            return token.defaultDacl();
        }
    }

    /** Whether it ran its first instruction. */
    public boolean hasRun() {
        synchronized (windows) {
            return ran;
        }
    }

    /** Whether it has ended. */
    public boolean isEnded() {
        synchronized (windows) {
            return state == State.ENDED;
        }
    }

    int exitCode() {
        return exitCode;
    }

    /** What the system does for it when it has ended. */
    void whenEnded(Runnable action) {
        whenEnded = action;
    }

    void resume() throws WindowsFailure {
        switch (state) {
            case SUSPENDED -> {
                state = State.RUNNING;
                ran = true;
                Thread started = new Thread(this::run, "fake " + start.image());
                started.setDaemon(true);
                thread = started;
                started.start();
            }
            case RUNNING -> windows.misused("a process was resumed that runs already");
            case ENDED -> {
                windows.misused("a process was resumed that had ended");
                throw FakeWindows.failure("ResumeThread", WindowsFailure.ERROR_ACCESS_DENIED);
            }
        }
    }

    private void run() {
        int code = -1;
        try {
            code = program.run(new FakeProgram.Child(start, new Input(), new Output(1), new Output(2)));
        } catch (Exception | AssertionError e) {
            if (!isEnded()) {
                windows.misused("the program of a fake process failed: " + e);
            }
        }
        synchronized (windows) {
            end(code);
        }
    }

    /** Ends it; nothing happens if it has ended already. */
    void end(int code) {
        if (state == State.ENDED) {
            return;
        }
        state = State.ENDED;
        exitCode = code;
        if (thread != null) {
            thread.interrupt();
        }
        ImmutableSet.copyOf(streams).forEach(FakeObject::release);
        whenEnded.run();
        windows.notifyAll();
    }

    @Override
    String kind() {
        return "a process";
    }

    @Override
    public String toString() {
        synchronized (windows) {
            return "a process that " + (ran ? "ran" : "never ran") + " and is " + state;
        }
    }

    /** Its first thread, to which there are handles of their own. */
    final class FirstThread extends FakeObject {
        FakeProcess process() {
            return FakeProcess.this;
        }

        @Override
        String kind() {
            return "a thread";
        }
    }

    private static IOException ended(InterruptedException e) {
        Thread.currentThread().interrupt();
        InterruptedIOException ended = new InterruptedIOException("the process was ended");
        ended.initCause(e);
        return ended;
    }

    private final class Input extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return streams.isEmpty() ? -1 : streams.get(0).read(bytes, offset, length);
            } catch (InterruptedException e) {
                throw ended(e);
            }
        }
    }

    private final class Output extends OutputStream {
        private final int number;

        private Output(int number) {
            this.number = number;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                if (!streams.isEmpty()) {
                    streams.get(number).write(bytes, offset, length);
                }
            } catch (InterruptedException e) {
                throw ended(e);
            }
        }
    }
}
