package io.cordon.sandbox.testkit.contract;

import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.spi.NetworkProxyProvider;
import io.cordon.sandbox.spi.SandboxBackend;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every sandbox backend has to keep, as tests. Who writes a backend extends this class, and JUnit runs the rules;
 * {@code docs/contract.md} is their text.
 *
 * <pre>{@code
 * class MyBackendTest extends SandboxBackendContract {
 *     protected SandboxBackend backend() {
 *         return new MyBackend();
 *     }
 *
 *     protected Declarations declared() {
 *         return Declarations.NONE.partial(Capability.PROCESS_TREE, "a daemon that hides outlives the sandbox");
 *     }
 * }
 * }</pre>
 *
 * <p>Rules have a number and a level: {@code required_N01_...} has to hold, or to be {@linkplain Declarations declared}
 * and not claimed; {@code optional_...} has to hold or to be declared. Each denial has a positive control: the same program
 * does the same thing unconfined, and succeeds. A child is a small Java program that ends with OK, DENIED or OTHER.
 *
 * <p>Children are run by the Java of this JVM, which the backend's policy has to let them read. Opens sandboxes, and sockets
 * on loopback, for the time of a rule. Rules may be run in parallel if the backend can.
 */
public abstract class SandboxBackendContract {
    /** The host that policies of the contract allow. The {@linkplain #proxies() proxy} finds it at 127.0.0.1. */
    public static final String ALLOWED_HOST = "allowed.cordon.test";

    /** A host that is found at 127.0.0.1 too, and that policies name only for the positive control. */
    public static final String UNLISTED_HOST = "unlisted.cordon.test";

    @TempDir
    Path directory;

    /** For subclasses. */
    protected SandboxBackendContract() {}

    /** The backend under test. */
    protected abstract SandboxBackend backend();

    /**
     * Adds to a policy what this backend needs so that the Java of this JVM runs as a child: for most, nothing. May not
     * allow more than that.
     *
     * @param policy has a workspace, its network, core variables, and accepts the declared gaps
     * @param network the network of that policy
     */
    protected void prepare(SandboxPolicy.Builder policy, NetworkAccess network) {}

    /** The network of policies for rules that are about something else: none, unless the backend cannot close it. */
    protected NetworkAccess network() {
        return NetworkAccess.NONE;
    }

    /** What this backend admits not to do. */
    protected Declarations declared() {
        return Declarations.NONE;
    }

    /**
     * The proxy for policies that name hosts; it finds {@link #ALLOWED_HOST} and {@link #UNLISTED_HOST} at 127.0.0.1.
     * Nothing opens it where the rules about hosts are declared as not kept.
     */
    protected NetworkProxyProvider proxies() {
        return (access, decisions) -> {
            throw new AssertionError("the rules about allowed hosts need a proxy: override proxies()");
        };
    }

    @Nested
    final class Network extends NetworkRules {
        @Override
        SandboxBackendContract contract() {
            return SandboxBackendContract.this;
        }
    }

    @Nested
    final class AllowedHosts extends AllowedHostRules {
        @Override
        SandboxBackendContract contract() {
            return SandboxBackendContract.this;
        }
    }

    @Nested
    final class FilesOutside extends FileRules {
        @Override
        SandboxBackendContract contract() {
            return SandboxBackendContract.this;
        }
    }

    @Nested
    final class ProtectedPlaces extends ProtectedPlaceRules {
        @Override
        SandboxBackendContract contract() {
            return SandboxBackendContract.this;
        }
    }

    @Nested
    final class Processes extends ProcessRules {
        @Override
        SandboxBackendContract contract() {
            return SandboxBackendContract.this;
        }
    }

    @Nested
    final class Trees extends TreeRules {
        @Override
        SandboxBackendContract contract() {
            return SandboxBackendContract.this;
        }
    }
}
