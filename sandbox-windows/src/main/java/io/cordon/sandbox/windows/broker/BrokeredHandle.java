package io.cordon.sandbox.windows.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * A process of another user, which this JVM may not open: {@link ProcessHandle#of} does not find it. It knows what the
 * broker tells, so that its tree is not to be seen.
 */
final class BrokeredHandle implements ProcessHandle {
    private final BrokeredProcess process;

    BrokeredHandle(BrokeredProcess process) {
        this.process = process;
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public Optional<ProcessHandle> parent() {
        return Optional.empty();
    }

    @Override
    public Stream<ProcessHandle> children() {
        return Stream.empty();
    }

    @Override
    public Stream<ProcessHandle> descendants() {
        return Stream.empty();
    }

    @Override
    public Info info() {
        return new Unknown();
    }

    @Override
    public CompletableFuture<ProcessHandle> onExit() {
        return process.exit().handle((code, failure) -> this);
    }

    @Override
    public boolean supportsNormalTermination() {
        return false;
    }

    @Override
    public boolean destroy() {
        return destroyForcibly();
    }

    @Override
    public boolean destroyForcibly() {
        process.kill();
        return true;
    }

    @Override
    public boolean isAlive() {
        return !process.exit().isDone();
    }

    @Override
    public int compareTo(ProcessHandle other) {
        return Long.compare(pid(), other.pid());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BrokeredHandle handle && handle.process == process;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(pid());
    }

    @Override
    public String toString() {
        return Long.toString(pid());
    }

    private static final class Unknown implements Info {
        @Override
        public Optional<String> command() {
            return Optional.empty();
        }

        @Override
        public Optional<String> commandLine() {
            return Optional.empty();
        }

        @Override
        public Optional<String[]> arguments() {
            return Optional.empty();
        }

        @Override
        public Optional<Instant> startInstant() {
            return Optional.empty();
        }

        @Override
        public Optional<Duration> totalCpuDuration() {
            return Optional.empty();
        }

        @Override
        public Optional<String> user() {
            return Optional.empty();
        }
    }
}
