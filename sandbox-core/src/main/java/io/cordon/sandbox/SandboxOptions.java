package io.cordon.sandbox;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.cordon.sandbox.spi.NetworkProxyProvider;
import io.cordon.sandbox.spi.SandboxBackend;
import java.util.Optional;

/**
 * How a sandbox is opened, apart from what it enforces, which is the policy's. Immutable.
 *
 * @param backend the backend; empty for the one that works on this machine
 * @param proxies what makes the proxy if the policy names hosts; empty for the one that is there
 * @param listener is told what happens
 */
public record SandboxOptions(
        Optional<SandboxBackend> backend, Optional<NetworkProxyProvider> proxies, SandboxListener listener) {
    /** Those of {@link Sandbox#open(SandboxPolicy)}. */
    public static final SandboxOptions DEFAULT = builder().build();

    /** A builder that begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Makes options. Not safe for use by several threads. */
    public static final class Builder {
        private Optional<SandboxBackend> backend = Optional.empty();
        private Optional<NetworkProxyProvider> proxies = Optional.empty();
        private SandboxListener listener = SandboxListener.NONE;

        private Builder() {}

        /** Takes this backend. */
        @CanIgnoreReturnValue
        public Builder backend(SandboxBackend chosen) {
            backend = Optional.of(chosen);
            return this;
        }

        /** Takes this proxy for policies that name hosts. */
        @CanIgnoreReturnValue
        public Builder proxies(NetworkProxyProvider chosen) {
            proxies = Optional.of(chosen);
            return this;
        }

        /** Tells this listener what happens, instead of one that was named before. */
        @CanIgnoreReturnValue
        public Builder listener(SandboxListener told) {
            listener = told;
            return this;
        }

        /** The options. */
        public SandboxOptions build() {
            return new SandboxOptions(backend, proxies, listener);
        }
    }
}
