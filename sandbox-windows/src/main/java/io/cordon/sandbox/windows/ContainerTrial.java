package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.launch.ConfinedThread;
import io.cordon.sandbox.windows.plan.ContainerShape;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tries an AppContainer: reads the token of a child that never runs, and acts with it on a thread.
 *
 * <p>What that shows of the network is that a thread with this token is refused a connection to a listener of the JVM that
 * it has without the token. It is not a process of its own that tries, because no program that could is on every Windows
 * and readable in every container; that other addresses and protocols are refused for the same reason, the missing
 * capability, is Windows' documented behaviour and is not tried at each opening.
 */
final class ContainerTrial {
    /**
     * What it showed.
     *
     * @param findings of the container and the network
     * @param denied of files and processes
     */
    record Seen(ContainerFindings findings, Canary.Seen denied) {}

    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private final NativeCalls calls;
    private final ProbeProcess probe;
    private final ContainerShape container;

    ContainerTrial(NativeCalls calls, WindowsPlaces places, ContainerShape container) {
        this.calls = calls;
        this.probe = new ProbeProcess(calls, places, Optional.of(container));
        this.container = container;
    }

    /** @param token the one that children are created with */
    Seen examine(OwnedHandle token, PrivateDirectory directory, Canary.Places tried)
            throws SandboxException, WindowsFailure {
        return look(
                token,
                its -> new Seen(found(its), new Canary(calls).examine(its, Canary.Reading.NOTHING, directory, tried)));
    }

    /** The same without files and processes. */
    ContainerFindings container(OwnedHandle token) throws SandboxException, WindowsFailure {
        return look(token, this::found);
    }

    private <T> T look(OwnedHandle token, ProbeProcess.Look<T> look) throws SandboxException, WindowsFailure {
        return probe.look(token, process -> {
            try (OwnedHandle its = calls.tokens().actingTokenOf(process)) {
                return look.at(its);
            }
        });
    }

    private ContainerFindings found(OwnedHandle token) throws SandboxException, WindowsFailure {
        ImmutableList<String> notContained = notContained(token);
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByAddress(LOOPBACK))) {
            return network(token, listener.getLocalPort(), notContained);
        } catch (IOException e) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    "attestation: listening on a port of the loopback interface failed: " + e
                            + "; without that nothing shows whether a child is kept from the network",
                    e);
        }
    }

    private ImmutableList<String> notContained(OwnedHandle token) throws WindowsFailure {
        ImmutableList.Builder<String> gaps = ImmutableList.builder();
        Optional<Sid> its = calls.containers().containerOf(token);
        if (!its.equals(Optional.of(container.packageSid()))) {
            gaps.add("a child that was created in the AppContainer " + container.packageSid() + " is in "
                    + its.map(Sid::toString).orElse("none"));
        }
        Set<Sid> capabilities = calls.containers().capabilities(token);
        if (!capabilities.isEmpty()) {
            gaps.add("a child that was created without capabilities has " + capabilities);
        }
        return gaps.build();
    }

    private ContainerFindings network(OwnedHandle token, int port, List<String> notContained)
            throws SandboxException, WindowsFailure {
        Optional<String> control = calls.containers().connectionRefused(port);
        if (control.isPresent()) {
            return found(
                    notContained,
                    Optional.of("the JVM cannot connect to its own listener (" + control.get()
                            + "), so that nothing shows whether a child is kept from it"),
                    "");
        }
        ImmutableList.Builder<Optional<String>> outcome = ImmutableList.builder();
        ConfinedThread.run(calls, token, () -> outcome.add(calls.containers().connectionRefused(port)));
        Optional<String> refused = outcome.build().get(0);
        return found(
                notContained,
                refused.isPresent()
                        ? Optional.empty()
                        : Optional.of("a thread with the token of the AppContainer connected to a listener of the JVM"),
                refused.orElse(""));
    }

    private ContainerFindings found(List<String> notContained, Optional<String> networkOpen, String refusal) {
        return new ContainerFindings(container, ImmutableList.copyOf(notContained), networkOpen, refusal);
    }
}
