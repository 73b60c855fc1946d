package io.cordon.sandbox;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.immutables.value.Value;

/**
 * How much a process tree may use. Memory, processes and processor share are enforced by the operating system and are
 * therefore {@linkplain Capability capabilities}; time and output are kept by Cordon itself. Immutable.
 */
@Value.Immutable
public abstract class ResourceLimits {
    /** What is kept of each output stream unless the policy says otherwise: 1 MiB. */
    static final int DEFAULT_OUTPUT = 1 << 20;

    /** What a timer can count. */
    private static final Duration LONGEST_TIMEOUT = Duration.ofNanos(Long.MAX_VALUE);

    ResourceLimits() {}

    /** The most processes that the tree may have at once, the first one included. */
    public abstract OptionalInt processes();

    /** The most memory that the tree may commit, in bytes. */
    public abstract OptionalLong memory();

    /** The most processor time that the tree may use, in percent of one processor. */
    public abstract OptionalInt cpuPercent();

    /** The time after which the tree is ended. */
    public abstract Optional<Duration> timeout();

    /** How many bytes of each of the two output streams are kept in a result; half from the head, half from the tail. */
    @Value.Default
    public int output() {
        return DEFAULT_OUTPUT;
    }

    /** A builder without limits, apart from the default for output. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that holds these limits. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.values.from(this);
        return builder;
    }

    /** Collects {@link ResourceLimits}. Not safe for use by several threads. */
    public static final class Builder {
        private final ImmutableResourceLimits.Builder values = new ImmutableResourceLimits.Builder();

        Builder() {}

        /**
         * Limits the processes of the tree.
         *
         * @throws InvalidPolicyException if {@code count} is not positive
         */
        @CanIgnoreReturnValue
        public Builder processes(int count) {
            checkPositive("processes", count);
            values.processes(count);
            return this;
        }

        /**
         * Limits the memory of the tree, in bytes; see {@link Bytes}.
         *
         * @throws InvalidPolicyException if {@code bytes} is not positive
         */
        @CanIgnoreReturnValue
        public Builder memory(long bytes) {
            checkPositive("memory", bytes);
            values.memory(bytes);
            return this;
        }

        /**
         * Limits the processor time of the tree, in percent of one processor: 150 is one and a half.
         *
         * @throws InvalidPolicyException if {@code percent} is not positive
         */
        @CanIgnoreReturnValue
        public Builder cpuPercent(int percent) {
            checkPositive("cpuPercent", percent);
            values.cpuPercent(percent);
            return this;
        }

        /**
         * Ends the tree after this time.
         *
         * @throws InvalidPolicyException if {@code timeout} is not positive, or longer than {@code Long.MAX_VALUE}
         *     nanoseconds (292 years)
         */
        @CanIgnoreReturnValue
        public Builder timeout(Duration timeout) {
            if (timeout.isZero() || timeout.isNegative() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
                throw invalid("timeout", timeout);
            }
            values.timeout(timeout);
            return this;
        }

        /**
         * Limits how many bytes of each output stream a result keeps.
         *
         * @throws InvalidPolicyException if {@code bytes} is not positive
         */
        @CanIgnoreReturnValue
        public Builder output(int bytes) {
            checkPositive("output", bytes);
            values.output(bytes);
            return this;
        }

        /** The limits. */
        public ResourceLimits build() {
            return values.build();
        }

        private static void checkPositive(String limit, long value) {
            if (value <= 0) {
                throw invalid(limit, value);
            }
        }

        private static InvalidPolicyException invalid(String limit, Object value) {
            return new InvalidPolicyException(
                    SandboxErrorCode.POLICY_LIMIT_INVALID,
                    limit + "(" + value
                            + "): a limit is positive and not beyond what can be counted; leave the call out for no limit");
        }
    }
}
